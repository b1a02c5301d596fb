/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-guard-protocol.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* ---- writing ---- */

static void print_control(GString *text, const CelControl *setup)
{
    g_string_append_printf(text, " %02x %02x %04x %04x", setup->request_type, setup->request,
                           setup->value, setup->index);
}

static void print_gate(GString *text, const CelLaserGate *gate)
{
    if (!gate->is_bulk) {
        g_string_append(text, "gate control");
        print_control(text, &gate->control);
        g_string_append_printf(text, " %zu\n", gate->n);
        return;
    }
    g_string_append_printf(text, "gate bulk %02x ", gate->endpoint);
    for (gsize i = 0; i < gate->n && i < sizeof gate->data; i++)
        g_string_append_printf(text, "%02x", gate->data[i]);
    g_string_append_c(text, '\n');
}

char *cel_guard_print_order(const CelGuardOrder *order)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "unit %04x %04x %u %u\n", order->usb.vendor, order->usb.product,
                           order->usb.bus, order->usb.address);
    print_gate(text, &order->gate);
    if (order->gate.read_back.request_type != 0) {
        g_string_append(text, "read");
        print_control(text, &order->gate.read_back);
        g_string_append_c(text, '\n');
    }
    g_string_append(text, "watch\n");
    return g_string_free(text, FALSE);
}

/* ---- reading ---- */

typedef struct {
    const char *at, *end;
} Cursor;

static gboolean take_word(Cursor *cursor, const char *word)
{
    const gsize n = strlen(word);
    if ((gsize)(cursor->end - cursor->at) < n || memcmp(cursor->at, word, n) != 0)
        return FALSE;
    if (cursor->at + n < cursor->end && cursor->at[n] != ' ')
        return FALSE;
    cursor->at += n;
    return TRUE;
}

/* " NUMBER" in @base 10 or 16, up to @max. */
static gboolean take_number(Cursor *cursor, guint base, guint64 max, guint64 *out_value)
{
    guint64 value = 0;
    guint n = 0;
    if (cursor->at >= cursor->end || *cursor->at++ != ' ')
        return FALSE;
    for (; cursor->at < cursor->end && *cursor->at != ' '; cursor->at++, n++) {
        const int digit = g_ascii_xdigit_value(*cursor->at);
        if (digit < 0 || (guint)digit >= base || value > (max - (guint64)digit) / base)
            return FALSE;
        value = value * base + (guint64)digit;
    }
    *out_value = value;
    return n > 0;
}

static gboolean take_control(Cursor *cursor, CelControl *out_setup)
{
    guint64 type, request, value, index;
    if (!take_number(cursor, 16, G_MAXUINT8, &type) ||
        !take_number(cursor, 16, G_MAXUINT8, &request) ||
        !take_number(cursor, 16, G_MAXUINT16, &value) ||
        !take_number(cursor, 16, G_MAXUINT16, &index))
        return FALSE;
    *out_setup = (CelControl){(guint8)type, (guint8)request, (guint16)value, (guint16)index};
    return TRUE;
}

static gboolean parse_unit(Cursor *cursor, CelUsbPresent *out_usb)
{
    guint64 vendor, product, bus, address;
    if (!take_number(cursor, 16, G_MAXUINT16, &vendor) ||
        !take_number(cursor, 16, G_MAXUINT16, &product) ||
        !take_number(cursor, 10, G_MAXUINT8, &bus) ||
        !take_number(cursor, 10, G_MAXUINT8, &address))
        return FALSE;
    *out_usb = (CelUsbPresent){.vendor = (guint16)vendor,
                               .product = (guint16)product,
                               .bus = (guint8)bus,
                               .address = (guint8)address,
                               .may_open = TRUE};
    return TRUE;
}

static gboolean take_data(Cursor *cursor, CelLaserGate *gate)
{
    if (cursor->at >= cursor->end || *cursor->at++ != ' ')
        return FALSE;
    for (gate->n = 0; cursor->end - cursor->at >= 2; cursor->at += 2) {
        const int high = g_ascii_xdigit_value(cursor->at[0]);
        const int low = g_ascii_xdigit_value(cursor->at[1]);
        if (high < 0 || low < 0 || gate->n >= sizeof gate->data)
            return FALSE;
        gate->data[gate->n++] = (guint8)(high << 4 | low);
    }
    return gate->n > 0;
}

static gboolean parse_gate(Cursor *cursor, CelLaserGate *gate)
{
    guint64 n = 0, endpoint = 0;
    if (cursor->at < cursor->end && *cursor->at == ' ')
        cursor->at++;
    gate->is_bulk = take_word(cursor, "bulk");
    if (gate->is_bulk) {
        if (!take_number(cursor, 16, 0x0F, &endpoint)) /* to the device */
            return FALSE;
        gate->endpoint = (guint8)endpoint;
        return take_data(cursor, gate);
    }
    if (!take_word(cursor, "control") || !take_control(cursor, &gate->control) ||
        (gate->control.request_type & 0x80) != 0 || !take_number(cursor, 10, sizeof gate->data, &n))
        return FALSE;
    gate->n = (gsize)n;
    return TRUE;
}

static gboolean parse_text(Cursor *cursor, CelGuardLine *line)
{
    if (cursor->at >= cursor->end || *cursor->at++ != ' ')
        return FALSE;
    gsize n = 0;
    for (; cursor->at < cursor->end && n + 1 < sizeof line->text; cursor->at++)
        line->text[n++] = g_ascii_isprint(*cursor->at) ? *cursor->at : '?';
    line->text[n] = '\0';
    cursor->at = cursor->end;
    return n > 0;
}

static gboolean parse_beat(Cursor *cursor, CelGuardLine *line)
{
    guint64 deadline = 0;
    if (!take_number(cursor, 10, G_MAXUINT64, &line->number) ||
        !take_number(cursor, 10, G_MAXINT64, &deadline))
        return FALSE;
    line->deadline_us = (gint64)deadline;
    return TRUE;
}

/* What stands behind the word. */
static gboolean parse_rest(Cursor *cursor, CelGuardOrder *order, CelGuardLine *line)
{
    switch (line->word) {
    case CEL_GUARD_UNIT:
        return parse_unit(cursor, &order->usb);
    case CEL_GUARD_GATE:
        return parse_gate(cursor, &order->gate);
    case CEL_GUARD_READ:
        return take_control(cursor, &order->gate.read_back) &&
               (order->gate.read_back.request_type & 0x80) != 0;
    case CEL_GUARD_BEAT:
        return parse_beat(cursor, line);
    case CEL_GUARD_OK:
        return take_number(cursor, 10, G_MAXUINT64, &line->number);
    case CEL_GUARD_FAILED:
    case CEL_GUARD_LOST:
        return parse_text(cursor, line);
    case CEL_GUARD_WATCH:
    case CEL_GUARD_HELP:
    case CEL_GUARD_END:
    case CEL_GUARD_READY:
    default:
        return TRUE;
    }
}

gboolean cel_guard_parse(const char *text, gsize n, CelGuardOrder *order, CelGuardLine *out_line)
{
    static const char *const words[] = {
        [CEL_GUARD_UNIT] = "unit",   [CEL_GUARD_GATE] = "gate", [CEL_GUARD_READ] = "read",
        [CEL_GUARD_WATCH] = "watch", [CEL_GUARD_BEAT] = "beat", [CEL_GUARD_END] = "end",
        [CEL_GUARD_READY] = "ready", [CEL_GUARD_OK] = "ok",     [CEL_GUARD_FAILED] = "failed",
        [CEL_GUARD_LOST] = "lost",   [CEL_GUARD_HELP] = "help",
    };
    CelGuardOrder filled = order != NULL ? *order : (CelGuardOrder){0};
    Cursor cursor = {text, text + n};
    *out_line = (CelGuardLine){0};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (!take_word(&cursor, words[i]))
            continue;
        out_line->word = (CelGuardWord)i;
        if (!parse_rest(&cursor, &filled, out_line) || cursor.at != cursor.end)
            return FALSE;
        if (order != NULL)
            *order = filled;
        return TRUE;
    }
    return FALSE;
}

/* ---- the socket ---- */

gssize cel_guard_next_line(CelGuardReader *reader, char *out_line)
{
    const char *end = memchr(reader->bytes, '\n', reader->n);
    if (end == NULL)
        return -1;
    const gsize n = (gsize)(end - reader->bytes);
    memcpy(out_line, reader->bytes, n);
    out_line[n] = '\0';
    reader->n -= n + 1;
    memmove(reader->bytes, end + 1, reader->n);
    return (gssize)n;
}

int cel_guard_receive(CelGuardReader *reader, int fd)
{
    const gsize room = sizeof reader->bytes - reader->n;
    if (room == 0) /* a whole buffer without a line feed */
        return -1;
    const gssize n = recv(fd, reader->bytes + reader->n, room, MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
    reader->n += (gsize)n;
    return n > 0 ? 1 : -1;
}

gboolean cel_guard_send(int fd, const char *text)
{
    const gsize n = strlen(text);
    return send(fd, text, n, MSG_DONTWAIT | MSG_NOSIGNAL) == (gssize)n;
}
