/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recording.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <string.h>

enum {
    BYTES_A_LINE = 24, /* so that a line stays under 80 columns */
    SHORTEST_RUN = 4,  /* equal bytes from which on "00*64" is written */
    MAX_EVENTS = 1 << 20,
    MAX_WAIT_MS = 86400000,
};

static const char head_word[] = "celadon-recording";

static const char *const code_words[] = {
    [CEL_TRANSPORT_ERROR_TIMEOUT] = "timeout",     [CEL_TRANSPORT_ERROR_STALL] = "stall",
    [CEL_TRANSPORT_ERROR_GONE] = "gone",           [CEL_TRANSPORT_ERROR_BUSY] = "busy",
    [CEL_TRANSPORT_ERROR_ACCESS] = "access",       [CEL_TRANSPORT_ERROR_OVERFLOW] = "overflow",
    [CEL_TRANSPORT_ERROR_CANCELLED] = "cancelled", [CEL_TRANSPORT_ERROR_IO] = "io",
};

const char *cel_recording_code_word(int code)
{
    return code >= 0 && code < (int)G_N_ELEMENTS(code_words) ? code_words[code] : "ok";
}

gboolean cel_recording_sends(const CelRecordEvent *event)
{
    const guint8 direction =
        event->kind == CEL_RECORD_CONTROL ? event->setup.request_type : event->endpoint;
    return event->kind <= CEL_RECORD_BULK && (direction & 0x80) == 0;
}

void cel_recording_free(CelRecording *recording)
{
    if (recording == NULL)
        return;
    g_array_unref(recording->events);
    g_byte_array_unref(recording->bytes);
    g_free(recording);
}

/* ---- writing ---- */

static gsize run_length(const guint8 *data, gsize n)
{
    gsize length = 1;
    while (length < n && data[length] == data[0])
        length++;
    return length;
}

/* @first opens the first line, @more every further one. */
static void print_data(GString *text, const char *first, const char *more, const guint8 *data,
                       gsize n)
{
    g_string_append(text, first);
    gsize on_line = 0;
    for (gsize i = 0; i < n;) {
        if (on_line == BYTES_A_LINE) {
            g_string_append_printf(text, "\n%s", more);
            on_line = 0;
        }
        const gsize run = run_length(data + i, n - i);
        const gboolean is_run = run >= SHORTEST_RUN;
        g_string_append_printf(text, " %02x", data[i]);
        if (is_run)
            g_string_append_printf(text, "*%zu", run);
        i += is_run ? run : 1;
        on_line++;
    }
    g_string_append_c(text, '\n');
}

static void print_request(GString *text, const CelRecordEvent *event, const guint8 *bytes)
{
    const gboolean sends = cel_recording_sends(event);
    if (event->kind == CEL_RECORD_CONTROL)
        g_string_append_printf(text, "> %02x %02x %04x %04x", event->setup.request_type,
                               event->setup.request, event->setup.value, event->setup.index);
    else
        g_string_append_printf(text, "> %s %02x", sends ? "out" : "in", event->endpoint);
    if (sends)
        print_data(text, " :", ":", bytes + event->sent, event->n);
    else
        g_string_append_printf(text, " %zu\n", event->n);
}

static void print_reply(GString *text, const CelRecordEvent *event, const guint8 *bytes)
{
    g_autoptr(GString) first = g_string_new("<");
    if (event->code != CEL_RECORD_OK)
        g_string_append_printf(first, " %s%s", cel_recording_code_word(event->code),
                               event->n_reply > 0 ? " :" : "");
    print_data(text, first->str, "<", bytes + event->reply, event->n_reply);
}

static void print_code(GString *text, int code)
{
    if (code != CEL_RECORD_OK)
        g_string_append_printf(text, " %s", cel_recording_code_word(code));
    g_string_append_c(text, '\n');
}

void cel_recording_print_head(GString *text, const CelUsbPresent *present, gboolean high_speed)
{
    g_string_append_printf(text, "%s 1\ndevice %04x:%04x %s\n", head_word, present->vendor,
                           present->product, high_speed ? "high-speed" : "full-speed");
}

void cel_recording_print_endpoint(GString *text, guint8 endpoint, gsize packet_bytes)
{
    g_string_append_printf(text, "endpoint %02x %zu\n", endpoint, packet_bytes);
}

void cel_recording_print(GString *text, const CelRecordEvent *event, const guint8 *bytes)
{
    static const guint8 none[1] = {0};
    const guint8 *data = bytes != NULL ? bytes : none;
    switch (event->kind) {
    case CEL_RECORD_CONTROL:
    case CEL_RECORD_BULK:
        print_request(text, event, data);
        print_reply(text, event, data);
        break;
    case CEL_RECORD_CLEAR:
        g_string_append_printf(text, "clear %02x", event->endpoint);
        print_code(text, event->code);
        break;
    case CEL_RECORD_RESET:
        g_string_append(text, "reset");
        print_code(text, event->code);
        break;
    case CEL_RECORD_OPEN:
        g_string_append(text, "open");
        print_code(text, event->code);
        break;
    case CEL_RECORD_CLOSE:
        g_string_append(text, "close\n");
        break;
    case CEL_RECORD_WAIT:
        g_string_append_printf(text, "wait %zu", event->n);
        print_code(text, event->code);
        break;
    case CEL_RECORD_TIME:
        g_string_append_printf(text, "@ %" G_GINT64_FORMAT "\n", event->time_us);
        break;
    case CEL_RECORD_RANDOM:
        g_string_append_printf(text, "random %08x\n", event->random);
        break;
    }
}

/* ---- reading ---- */

typedef enum { AFTER_OTHER, AFTER_REQUEST, AFTER_REPLY } Place;

typedef struct {
    CelRecording *recording;
    const char *at, *end; /* the rest of the line */
    guint line;
    Place place;
    gboolean has_head, has_device;
    GError **error;
} Reader;

typedef struct {
    const char *text;
    gsize n;
} Word;

static gboolean refuse(const Reader *reader, const char *why)
{
    g_set_error(reader->error, CEL_ERROR, CEL_ERROR_INPUT,
                _("Line %u of the recording: %s. It cannot be played. Record it again, or mend "
                  "the line."),
                reader->line, why);
    return FALSE;
}

static gboolean next_word(Reader *reader, Word *out_word)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t'))
        reader->at++;
    const char *start = reader->at;
    while (reader->at < reader->end && *reader->at != ' ' && *reader->at != '\t')
        reader->at++;
    *out_word = (Word){start, (gsize)(reader->at - start)};
    return out_word->n > 0;
}

static gboolean is_word(Word word, const char *text)
{
    return strlen(text) == word.n && memcmp(word.text, text, word.n) == 0;
}

/* Exactly @digits of them, or 1 to 16 when 0. */
static gboolean read_hex(Word word, gsize digits, guint64 *out_value)
{
    if (word.n == 0 || word.n > 16 || (digits != 0 && word.n != digits))
        return FALSE;
    *out_value = 0;
    for (gsize i = 0; i < word.n; i++) {
        const int digit = g_ascii_xdigit_value(word.text[i]);
        if (digit < 0)
            return FALSE;
        *out_value = *out_value << 4 | (guint64)digit;
    }
    return TRUE;
}

static gboolean read_decimal(Word word, guint64 max, guint64 *out_value)
{
    if (word.n == 0 || word.n > 18)
        return FALSE;
    *out_value = 0;
    for (gsize i = 0; i < word.n; i++) {
        if (!g_ascii_isdigit(word.text[i]))
            return FALSE;
        *out_value = *out_value * 10 + (guint64)(word.text[i] - '0');
    }
    return *out_value <= max;
}

static gboolean next_hex(Reader *reader, gsize digits, guint64 *out_value)
{
    Word word;
    return next_word(reader, &word) && read_hex(word, digits, out_value);
}

static gboolean next_decimal(Reader *reader, guint64 max, guint64 *out_value)
{
    Word word;
    return next_word(reader, &word) && read_decimal(word, max, out_value);
}

static gboolean at_end(Reader *reader)
{
    Word word;
    return !next_word(reader, &word) || refuse(reader, _("there is more than belongs here"));
}

static gboolean read_code(Word word, int *out_code)
{
    *out_code = CEL_RECORD_OK;
    if (is_word(word, "ok"))
        return TRUE;
    for (int i = 0; i < (int)G_N_ELEMENTS(code_words); i++) {
        if (is_word(word, code_words[i])) {
            *out_code = i;
            return TRUE;
        }
    }
    return FALSE;
}

static CelRecordEvent *last_event(const Reader *reader)
{
    GArray *events = reader->recording->events;
    return &g_array_index(events, CelRecordEvent, events->len - 1);
}

/* "57", or "00*64" for 64 of them. */
static gboolean append_byte(Reader *reader, Word word, gsize *n)
{
    const char *star = memchr(word.text, '*', word.n);
    const gsize n_hex = star != NULL ? (gsize)(star - word.text) : word.n;
    guint64 value = 0, times = 1;
    if (!read_hex((Word){word.text, n_hex}, 2, &value))
        return refuse(reader, _("a byte is two hexadecimal digits"));
    if (star != NULL &&
        !read_decimal((Word){star + 1, word.n - n_hex - 1}, CEL_RECORDING_MAX_DATA, &times))
        return refuse(reader, _("a repetition is a number"));
    GByteArray *bytes = reader->recording->bytes;
    const guint start = bytes->len;
    if (*n + times > CEL_RECORDING_MAX_DATA || start + times > CEL_RECORDING_MAX_BYTES)
        return refuse(reader, _("more bytes than an exchange may have"));
    g_byte_array_set_size(bytes, start + (guint)times);
    memset(bytes->data + start, (int)value, (gsize)times);
    *n += (gsize)times;
    return TRUE;
}

static gboolean read_bytes(Reader *reader, gsize *n)
{
    Word word;
    while (next_word(reader, &word))
        if (!append_byte(reader, word, n))
            return FALSE;
    return TRUE;
}

static gboolean add_event(Reader *reader, CelRecordEvent event)
{
    if (reader->recording->events->len >= MAX_EVENTS)
        return refuse(reader, _("too many lines"));
    event.line = reader->line;
    g_array_append_val(reader->recording->events, event);
    return TRUE;
}

static gboolean read_control_setup(Reader *reader, Word first, CelRecordEvent *event)
{
    guint64 type, request, value, index;
    if (!read_hex(first, 2, &type) || !next_hex(reader, 2, &request) ||
        !next_hex(reader, 4, &value) || !next_hex(reader, 4, &index))
        return refuse(reader, _("a control request is \"> c0 ff 0001 0000 64\""));
    event->kind = CEL_RECORD_CONTROL;
    event->setup = (CelControl){(guint8)type, (guint8)request, (guint16)value, (guint16)index};
    return TRUE;
}

static gboolean read_bulk_setup(Reader *reader, gboolean from_device, CelRecordEvent *event)
{
    guint64 endpoint;
    if (!next_hex(reader, 2, &endpoint) || ((endpoint & 0x80) != 0) != from_device)
        return refuse(reader, _("a bulk request is \"> in 82 2048\" or \"> out 01 : 00\""));
    event->kind = CEL_RECORD_BULK;
    event->endpoint = (guint8)endpoint;
    return TRUE;
}

static gboolean read_request(Reader *reader)
{
    CelRecordEvent event = {.code = CEL_RECORD_OK, .sent = reader->recording->bytes->len};
    Word word;
    guint64 n;
    if (!next_word(reader, &word))
        return refuse(reader, _("a request has nothing in it"));
    const gboolean in = is_word(word, "in");
    const gboolean is_bulk = in || is_word(word, "out");
    if (is_bulk ? !read_bulk_setup(reader, in, &event) : !read_control_setup(reader, word, &event))
        return FALSE;
    reader->place = AFTER_REQUEST;
    if (!cel_recording_sends(&event)) {
        if (!next_decimal(reader, CEL_RECORDING_MAX_DATA, &n))
            return refuse(reader, _("a request from the device ends with a number of bytes"));
        event.n = (gsize)n;
        return at_end(reader) && add_event(reader, event);
    }
    if (!next_word(reader, &word) || !is_word(word, ":"))
        return refuse(reader, _("a request to the device ends with \":\" and its bytes"));
    return read_bytes(reader, &event.n) && add_event(reader, event);
}

static gboolean read_more_sent(Reader *reader)
{
    if (reader->place != AFTER_REQUEST || !cel_recording_sends(last_event(reader)))
        return refuse(reader, _("there is no request that these bytes belong to"));
    return read_bytes(reader, &last_event(reader)->n);
}

static gboolean read_reply(Reader *reader)
{
    if (reader->place == AFTER_OTHER)
        return refuse(reader, _("there is no request that this answers"));
    CelRecordEvent *event = last_event(reader);
    const gboolean first = reader->place == AFTER_REQUEST;
    reader->place = AFTER_REPLY;
    if (first)
        event->reply = reader->recording->bytes->len;
    const char *start = reader->at;
    Word word;
    if (first && next_word(reader, &word) && read_code(word, &event->code)) {
        if (next_word(reader, &word) && !is_word(word, ":"))
            return refuse(reader, _("bytes after a word stand behind \":\""));
    } else
        reader->at = start;
    return read_bytes(reader, &event->n_reply);
}

static gboolean read_device(Reader *reader)
{
    Word word;
    guint64 vendor, product;
    if (!next_word(reader, &word) || word.n != 9 || word.text[4] != ':' ||
        !read_hex((Word){word.text, 4}, 4, &vendor) ||
        !read_hex((Word){word.text + 5, 4}, 4, &product))
        return refuse(reader, _("a device is \"device 24aa:1000 high-speed\""));
    CelRecording *recording = reader->recording;
    recording->vendor = (guint16)vendor;
    recording->product = (guint16)product;
    if (!next_word(reader, &word))
        return refuse(reader, _("the device's speed is missing"));
    recording->high_speed = is_word(word, "high-speed");
    if (!recording->high_speed && !is_word(word, "full-speed"))
        return refuse(reader, _("the speed is high-speed or full-speed"));
    reader->has_device = TRUE;
    return at_end(reader);
}

static gboolean read_endpoint(Reader *reader)
{
    guint64 endpoint, n;
    if (!next_hex(reader, 2, &endpoint) || !next_decimal(reader, 1024, &n))
        return refuse(reader, _("an endpoint is \"endpoint 82 512\""));
    reader->recording->packet_bytes[endpoint] = (guint16)n;
    return at_end(reader);
}

/* What ends with an optional word of failure. */
static gboolean add_with_code(Reader *reader, CelRecordEvent event)
{
    Word word;
    event.code = CEL_RECORD_OK;
    if (next_word(reader, &word) && !read_code(word, &event.code))
        return refuse(reader, _("there is no such word for how it ended"));
    return at_end(reader) && add_event(reader, event);
}

static gboolean read_clear(Reader *reader)
{
    guint64 endpoint;
    if (!next_hex(reader, 2, &endpoint))
        return refuse(reader, _("clearing a halt is \"clear 82\""));
    return add_with_code(reader,
                         (CelRecordEvent){.kind = CEL_RECORD_CLEAR, .endpoint = (guint8)endpoint});
}

static gboolean read_reset(Reader *reader)
{
    return add_with_code(reader, (CelRecordEvent){.kind = CEL_RECORD_RESET});
}

static gboolean read_open(Reader *reader)
{
    return add_with_code(reader, (CelRecordEvent){.kind = CEL_RECORD_OPEN});
}

static gboolean read_close(Reader *reader)
{
    return at_end(reader) &&
           add_event(reader, (CelRecordEvent){.kind = CEL_RECORD_CLOSE, .code = CEL_RECORD_OK});
}

static gboolean read_wait(Reader *reader)
{
    guint64 ms;
    if (!next_decimal(reader, MAX_WAIT_MS, &ms))
        return refuse(reader, _("a wait is \"wait 100\""));
    return add_with_code(reader, (CelRecordEvent){.kind = CEL_RECORD_WAIT, .n = (gsize)ms});
}

static gboolean read_time(Reader *reader)
{
    guint64 us;
    if (!next_decimal(reader, G_MAXINT64 / 2, &us))
        return refuse(reader, _("a time is \"@ 1234567\", in microseconds"));
    return at_end(reader) && add_event(reader, (CelRecordEvent){.kind = CEL_RECORD_TIME,
                                                                .code = CEL_RECORD_OK,
                                                                .time_us = (gint64)us});
}

static gboolean read_random(Reader *reader)
{
    guint64 value;
    if (!next_hex(reader, 8, &value))
        return refuse(reader, _("chance is \"random 0123abcd\""));
    return at_end(reader) && add_event(reader, (CelRecordEvent){.kind = CEL_RECORD_RANDOM,
                                                                .code = CEL_RECORD_OK,
                                                                .random = (guint32)value});
}

static const struct {
    const char *word;
    gboolean (*read)(Reader *reader);
} lines[] = {
    {">", read_request},   {":", read_more_sent},       {"<", read_reply},
    {"@", read_time},      {"endpoint", read_endpoint}, {"clear", read_clear},
    {"reset", read_reset}, {"open", read_open},         {"close", read_close},
    {"wait", read_wait},   {"random", read_random},     {"device", read_device},
};

static gboolean read_head(Reader *reader, Word word)
{
    guint64 version;
    if (!is_word(word, head_word) || !next_decimal(reader, 1, &version) || version != 1)
        return refuse(reader, _("a recording begins with \"celadon-recording 1\""));
    reader->has_head = TRUE;
    return at_end(reader);
}

static gboolean read_line(Reader *reader)
{
    Word word;
    if (!next_word(reader, &word) || word.text[0] == '#')
        return TRUE;
    if (!reader->has_head)
        return read_head(reader, word);
    const gboolean goes_on = is_word(word, ":") || is_word(word, "<");
    if (reader->place == AFTER_REQUEST && !goes_on)
        return refuse(reader, _("the request before it has no answer"));
    if (!goes_on)
        reader->place = AFTER_OTHER;
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        if (is_word(word, lines[i].word))
            return lines[i].read(reader);
    return refuse(reader, _("nothing begins with this word"));
}

static gboolean read_all(Reader *reader, const char *text, gsize n)
{
    const char *end = text + n;
    for (const char *at = text; at < end;) {
        const char *stop = memchr(at, '\n', (gsize)(end - at));
        reader->line++;
        reader->at = at;
        reader->end = stop != NULL ? stop : end;
        if (reader->end > at && reader->end[-1] == '\r')
            reader->end--;
        if (!read_line(reader))
            return FALSE;
        at = stop != NULL ? stop + 1 : end;
    }
    if (reader->place == AFTER_REQUEST)
        return refuse(reader, _("the last request has no answer"));
    return (reader->has_head && reader->has_device) ||
           refuse(reader, _("it does not say which device it is of"));
}

CelRecording *cel_recording_parse(const char *text, gsize n, GError **error)
{
    g_autoptr(CelRecording) recording = g_new0(CelRecording, 1);
    recording->events = g_array_new(FALSE, TRUE, sizeof(CelRecordEvent));
    recording->bytes = g_byte_array_new();
    Reader reader = {.recording = recording, .error = error};
    if (n > CEL_RECORDING_MAX_BYTES) {
        refuse(&reader, _("the file is too large"));
        return NULL;
    }
    return read_all(&reader, text, n) ? g_steal_pointer(&recording) : NULL;
}
