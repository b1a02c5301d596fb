/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-text.h"

#include "base/cel-error.h"
#include "base/cel-number.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct CelText {
    GBytes *utf8;
    char *name;
    const char *encoding;
    const char *start, *end, *at; /* @start is behind the byte order mark */
    guint64 line;                 /* number of the line at @at */
};

enum { PROBE_BYTES = 4096 };

/* What a scan over all bytes finds. */
typedef struct {
    gboolean high;       /* a byte from 0x80 */
    gsize first_control; /* index, or the length */
} Scan;

static gboolean is_control(guint8 c)
{
    return c < 0x09 || (c >= 0x0e && c < 0x20 && c != 0x1a);
}

static Scan scan_bytes(const guint8 *data, gsize n)
{
    guint8 all = 0;
    gsize i = 0;
    while (i < n && !is_control(data[i]))
        all |= data[i++];
    for (gsize rest = i; rest < n; rest++)
        all |= data[rest];
    return (Scan){.high = (all & 0x80) != 0, .first_control = i};
}

static guint64 line_of(const guint8 *data, gsize index)
{
    guint64 line = 1;
    for (gsize i = 0; i < index; i++)
        line += data[i] == '\n';
    return line;
}

/* UTF-16 without a mark: Latin text then has a zero in nearly every second byte. */
static const char *guess_utf16(const guint8 *data, gsize n)
{
    const gsize probe = MIN(n, PROBE_BYTES) & ~(gsize)1;
    gsize even = 0, odd = 0;
    for (gsize i = 0; i < probe; i += 2) {
        even += data[i] == 0;
        odd += data[i + 1] == 0;
    }
    if (probe < 8)
        return NULL;
    if (odd > probe * 2 / 5 && even == 0)
        return "utf-16le";
    return even > probe * 2 / 5 && odd == 0 ? "utf-16be" : NULL;
}

/* Latin-1 letters stand singly among ASCII; GB 2312, the core of GB18030, is pairs of high bytes.
 */
static gboolean looks_gb18030(const guint8 *data, gsize n)
{
    gsize pairs = 0, singles = 0;
    for (gsize i = 0; i < n; i++) {
        if (data[i] < 0x80)
            continue;
        if (i + 1 < n && data[i] >= 0xa1 && data[i + 1] >= 0xa1) {
            pairs++;
            i++;
        } else {
            singles++;
        }
    }
    return pairs > singles;
}

static gboolean convert(CelText *text, const char *from, GError **error)
{
    const gsize length = (gsize)(text->end - text->start);
    if (length > CEL_TEXT_MAX_CONVERTED) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: a file this large must be in UTF-8; save it as UTF-8 text"), text->name);
        return FALSE;
    }
    gsize written = 0;
    char *utf8 = g_convert(text->start, (gssize)length, "UTF-8", from, NULL, &written, NULL);
    if (utf8 == NULL)
        return FALSE;
    g_bytes_unref(text->utf8);
    text->utf8 = g_bytes_new_take(utf8, written);
    text->start = text->at = utf8;
    text->end = utf8 + written;
    return TRUE;
}

static gboolean refuse_binary(const CelText *text, gsize index, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: line %" G_GUINT64_FORMAT ": this is not a text spectrum (byte 0x%02x at "
                  "position %" G_GSIZE_FORMAT "); export the spectrum as text or CSV"),
                text->name, line_of((const guint8 *)text->start, index),
                (guint)(guint8)text->start[index], index + 1);
    return FALSE;
}

/* Sets .encoding from a byte order mark, which is skipped, or from UTF-16's zeros. */
static void find_mark(CelText *text)
{
    const guint8 *data = (const guint8 *)text->start;
    const gsize n = (gsize)(text->end - text->start);
    if (n >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        text->start += 3;
    } else if (n >= 2 && data[0] == 0xff && data[1] == 0xfe) {
        text->encoding = "utf-16le";
        text->start += 2;
    } else if (n >= 2 && data[0] == 0xfe && data[1] == 0xff) {
        text->encoding = "utf-16be";
        text->start += 2;
    } else {
        text->encoding = guess_utf16(data, n);
    }
    text->at = text->start;
}

static gboolean decode_bytes(CelText *text, Scan scan, GError **error)
{
    const gsize n = (gsize)(text->end - text->start);
    text->encoding = "utf-8";
    if (!scan.high || g_utf8_validate_len(text->start, n, NULL))
        return TRUE;
    g_autoptr(GError) too_large = NULL;
    text->encoding = "gb18030";
    if (looks_gb18030((const guint8 *)text->start, n) && convert(text, "GB18030", &too_large))
        return TRUE;
    text->encoding = "latin-1";
    if (too_large == NULL && convert(text, "ISO-8859-1", &too_large))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&too_large));
    return FALSE;
}

static gboolean decode(CelText *text, GError **error)
{
    find_mark(text);
    if (text->encoding != NULL) {
        g_autoptr(GError) too_large = NULL;
        const char *from = g_str_equal(text->encoding, "utf-16le") ? "UTF-16LE" : "UTF-16BE";
        if (!convert(text, from, &too_large)) {
            if (too_large == NULL)
                return refuse_binary(text, 0, error);
            g_propagate_error(error, g_steal_pointer(&too_large));
            return FALSE;
        }
    }
    const gsize n = (gsize)(text->end - text->start);
    const Scan scan = scan_bytes((const guint8 *)text->start, n);
    if (scan.first_control < n)
        return refuse_binary(text, scan.first_control, error);
    return text->encoding != NULL || decode_bytes(text, scan, error);
}

CelText *cel_text_open(GBytes *bytes, const char *name, GError **error)
{
    g_autoptr(CelText) text = g_new0(CelText, 1);
    gsize n = 0;
    text->start = text->at = g_bytes_get_data(bytes, &n);
    text->utf8 = g_bytes_ref(bytes);
    text->name = g_strdup(name);
    text->line = 1;
    if (n == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: line 1: the file is empty; export it again from the instrument"), name);
        return NULL;
    }
    text->end = text->start + n;
    return decode(text, error) ? g_steal_pointer(&text) : NULL;
}

void cel_text_free(CelText *text)
{
    if (text == NULL)
        return;
    g_bytes_unref(text->utf8);
    g_free(text->name);
    g_free(text);
}

const char *cel_text_encoding(const CelText *text)
{
    return text->encoding;
}

const char *cel_text_name(const CelText *text)
{
    return text->name;
}

gsize cel_text_size(const CelText *text)
{
    return (gsize)(text->end - text->start);
}

gboolean cel_text_next(CelText *text, CelLine *out, GError **error)
{
    const char *p = text->at;
    if (p >= text->end)
        return FALSE;
    while (p < text->end && *p != '\n' && *p != '\r')
        p++;
    *out = (CelLine){text->at, (gsize)(p - text->at), text->line, (gsize)(text->at - text->start)};
    if (out->length > CEL_TEXT_MAX_LINE) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: line %" G_GUINT64_FORMAT " has more than %d bytes: this is not a text "
                      "spectrum with one point a line"),
                    text->name, text->line, CEL_TEXT_MAX_LINE);
        return FALSE;
    }
    if (p + 1 < text->end && p[0] == '\r' && p[1] == '\n')
        p++;
    text->at = p < text->end ? p + 1 : p;
    text->line++;
    return TRUE;
}

void cel_text_seek(CelText *text, const CelLine *line)
{
    text->at = text->start + line->position;
    text->line = line->number;
}

void cel_text_rewind(CelText *text)
{
    text->at = text->start;
    text->line = 1;
}

/* A decimal number as digits times a power of ten. */
typedef struct {
    guint64 digits;
    int exponent;
    gboolean negative;
} Decimal;

enum { EXACT_DIGITS = 18, EXACT_POWER = 22, EXPONENT_DIGITS = 3 };

static gboolean is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *read_sign(const char *p, const char *end, gboolean *out_negative)
{
    *out_negative = p < end && *p == '-';
    return p < end && (*p == '-' || *p == '+') ? p + 1 : p;
}

static const char *read_digits(const char *p, const char *end, Decimal *number, int *out_count)
{
    const char *start = p;
    while (p < end && is_digit(*p) && p - start <= EXACT_DIGITS)
        number->digits = number->digits * 10 + (guint64)(*p++ - '0');
    *out_count += (int)(p - start);
    return p;
}

static const char *read_exponent(const char *p, const char *end, Decimal *number)
{
    gboolean negative = FALSE;
    const char *start = read_sign(p + 1, end, &negative);
    int value = 0;
    for (p = start; p < end && is_digit(*p) && p - start < EXPONENT_DIGITS; p++)
        value = value * 10 + (*p - '0');
    number->exponent += negative ? -value : value;
    return p == start ? NULL : p;
}

/* FALSE: not of the simple form; the slow way decides. */
static gboolean read_simple(const char *p, const char *end, char decimal, Decimal *number)
{
    int digits = 0;
    *number = (Decimal){0};
    p = read_digits(read_sign(p, end, &number->negative), end, number, &digits);
    if (p < end && *p == decimal) {
        const int before = digits;
        p = digits > EXACT_DIGITS ? p : read_digits(p + 1, end, number, &digits);
        number->exponent = before - digits;
    }
    if (digits == 0 || digits > EXACT_DIGITS)
        return FALSE;
    if (p < end && (*p == 'e' || *p == 'E'))
        p = read_exponent(p, end, number);
    return p == end;
}

static const double POWERS[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

gboolean cel_text_number(const char *cell, gsize length, char decimal, double *out_value)
{
    Decimal number;
    if (!read_simple(cell, cell + length, decimal, &number) ||
        number.digits > (G_GUINT64_CONSTANT(1) << 53) || number.exponent > EXACT_POWER ||
        number.exponent < -EXACT_POWER)
        return cel_number_parse(cell, length, decimal, out_value);
    const double digits = (double)number.digits;
    const double value =
        number.exponent < 0 ? digits / POWERS[-number.exponent] : digits * POWERS[number.exponent];
    *out_value = number.negative ? -value : value;
    return TRUE;
}
