/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/ocean-obp.h"

#include "base/cel-bytes.h"
#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
    START = 0xC0C1,
    VERSION = 0x1100,
    FOOTER = 0xC2C3C4C5,
    CHECKSUM_NONE = 0,
    CHECKSUM_MD5 = 1,
    CHECKSUM_BYTES = 16,
    TRAILER_BYTES = 20, /* checksum and footer */
    AT_TYPE = 8,
    AT_CHECKSUM_TYPE = 22,
    AT_IMMEDIATE_BYTES = 23,
    AT_IMMEDIATE = 24,
    AT_REMAINING = 40,
};

/* ---- writing ---- */

gsize cel_obp_write(const CelObpMessage *message, guint8 *out, gsize capacity)
{
    const gboolean fits = message->n <= CEL_OBP_IMMEDIATE_BYTES;
    const gsize n_immediate = fits ? message->n : 0, n_payload = fits ? 0 : message->n;
    CelBytesOut bytes = cel_bytes_out(out, capacity, CEL_LITTLE_ENDIAN);
    cel_bytes_put_u16(&bytes, START);
    cel_bytes_put_u16(&bytes, VERSION);
    cel_bytes_put_u16(&bytes, message->flags);
    cel_bytes_put_u16(&bytes, 0);
    cel_bytes_put_u32(&bytes, message->type);
    cel_bytes_put_u32(&bytes, message->regarding);
    cel_bytes_put_zeros(&bytes, 6);
    cel_bytes_put_u8(&bytes, CHECKSUM_NONE);
    cel_bytes_put_u8(&bytes, (guint8)n_immediate);
    cel_bytes_put(&bytes, message->data, n_immediate);
    cel_bytes_put_zeros(&bytes, CEL_OBP_IMMEDIATE_BYTES - n_immediate);
    cel_bytes_put_u32(&bytes, (guint32)(n_payload + TRAILER_BYTES));
    cel_bytes_put(&bytes, message->data, n_payload);
    cel_bytes_put_zeros(&bytes, CHECKSUM_BYTES);
    cel_bytes_put_u32(&bytes, FOOTER);
    return bytes.failed ? 0 : bytes.used;
}

/* ---- reading ---- */

static gboolean fail(GError **error, const char *what)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument sent what is no message of its protocol: %s. The measurement is "
                  "not usable. Repeat it; if that does not help, unplug the instrument and plug "
                  "it in again."),
                what);
    return FALSE;
}

static CelBytes cursor_at(const guint8 *bytes, gsize n, gsize at)
{
    CelBytes cursor = cel_bytes_of(bytes, n, CEL_LITTLE_ENDIAN);
    cel_bytes_seek(&cursor, at);
    return cursor;
}

gboolean cel_obp_total(const guint8 *bytes, gsize n, gsize most, gsize *out_total, GError **error)
{
    CelBytes start = cursor_at(bytes, n, 0), rest = cursor_at(bytes, n, AT_REMAINING);
    const gboolean starts = cel_bytes_u16(&start) == START;
    const gsize remaining = cel_bytes_u32(&rest);
    if (rest.failed)
        return fail(error, _("it is cut off"));
    if (!starts)
        return fail(error, _("it does not start like one"));
    if (remaining < TRAILER_BYTES || remaining > most - CEL_OBP_HEADER_BYTES)
        return fail(error, _("its length is impossible"));
    *out_total = CEL_OBP_HEADER_BYTES + remaining;
    return TRUE;
}

static gboolean check_checksum(const guint8 *bytes, gsize n, GError **error)
{
    const guint8 type = bytes[AT_CHECKSUM_TYPE];
    if (type == CHECKSUM_NONE)
        return TRUE;
    if (type != CHECKSUM_MD5)
        return fail(error, _("its kind of checksum is unknown"));
    guint8 digest[CHECKSUM_BYTES];
    gsize n_digest = sizeof digest;
    g_autoptr(GChecksum) md5 = g_checksum_new(G_CHECKSUM_MD5);
    g_checksum_update(md5, bytes, (gssize)(n - TRAILER_BYTES));
    g_checksum_get_digest(md5, digest, &n_digest);
    if (memcmp(digest, bytes + n - TRAILER_BYTES, sizeof digest) == 0)
        return TRUE;
    return fail(error, _("its checksum is wrong"));
}

static gboolean check_frame(const guint8 *bytes, gsize n, GError **error)
{
    gsize total = 0;
    if (!cel_obp_total(bytes, n, G_MAXUINT32, &total, error))
        return FALSE;
    if (total != n)
        return fail(error, _("its length is not the one it states"));
    CelBytes footer = cursor_at(bytes, n, n - 4);
    if (cel_bytes_u32(&footer) != FOOTER)
        return fail(error, _("it does not end like one"));
    const gsize n_immediate = bytes[AT_IMMEDIATE_BYTES];
    if (n_immediate > CEL_OBP_IMMEDIATE_BYTES || (n_immediate > 0 && n > CEL_OBP_LEAST_BYTES))
        return fail(error, _("it has its data in two places"));
    return check_checksum(bytes, n, error);
}

gboolean cel_obp_read(const guint8 *bytes, gsize n, CelObpMessage *out_message, GError **error)
{
    if (!check_frame(bytes, n, error))
        return FALSE;
    const gsize n_immediate = bytes[AT_IMMEDIATE_BYTES];
    CelBytes header = cursor_at(bytes, n, 4);
    out_message->flags = cel_bytes_u16(&header);
    out_message->error = cel_bytes_u16(&header);
    out_message->type = cel_bytes_u32(&header);
    out_message->regarding = cel_bytes_u32(&header);
    out_message->data = bytes + (n_immediate > 0 ? AT_IMMEDIATE : CEL_OBP_HEADER_BYTES);
    out_message->n = n_immediate > 0 ? n_immediate : n - CEL_OBP_LEAST_BYTES;
    return TRUE;
}

gboolean cel_obp_is_refusal(const CelObpMessage *message)
{
    if (message->error == CEL_OBP_DEFERRED)
        return FALSE;
    return message->error != 0 || (message->flags & (CEL_OBP_NACK | CEL_OBP_EXCEPTION)) != 0;
}

static const char *const error_texts[] = {
    [0] = N_("no reason given"),
    [1] = N_("protocol not supported"),
    [2] = N_("unknown kind of message"),
    [3] = N_("wrong checksum"),
    [4] = N_("message too large"),
    [5] = N_("wrong length of the data"),
    [6] = N_("wrong data"),
    [CEL_OBP_NOT_READY] = N_("not ready"),
    [8] = N_("unknown kind of checksum"),
    [9] = N_("it was reset meanwhile"),
    [10] = N_("too many connections at once"),
    [11] = N_("out of memory"),
    [CEL_OBP_NO_SUCH_VALUE] = N_("it does not have this"),
    [13] = N_("internal error"),
    [100] = N_("it could not decrypt its firmware"),
    [101] = N_("its firmware has the wrong layout"),
    [102] = N_("its firmware has the wrong size"),
    [103] = N_("its firmware is for another instrument"),
    [104] = N_("its firmware could not be written"),
};

const char *cel_obp_error_text(guint16 error)
{
    if (error == CEL_OBP_DEFERRED)
        return N_("not yet");
    const char *text = error < G_N_ELEMENTS(error_texts) ? error_texts[error] : NULL;
    return text != NULL ? text : N_("unknown error code");
}

/* ---- values ---- */

static gboolean has_bytes(const CelObpMessage *message, gsize n, CelBytes *out_bytes)
{
    *out_bytes = cel_bytes_of(message->data, message->n, CEL_LITTLE_ENDIAN);
    return message->n == n;
}

gboolean cel_obp_u8(const CelObpMessage *message, guint8 *out_value)
{
    CelBytes bytes;
    const gboolean ok = has_bytes(message, 1, &bytes);
    *out_value = ok ? cel_bytes_u8(&bytes) : 0;
    return ok;
}

gboolean cel_obp_u16(const CelObpMessage *message, guint16 *out_value)
{
    CelBytes bytes;
    const gboolean ok = has_bytes(message, 2, &bytes);
    *out_value = ok ? cel_bytes_u16(&bytes) : 0;
    return ok;
}

gboolean cel_obp_u32(const CelObpMessage *message, guint32 *out_value)
{
    CelBytes bytes;
    const gboolean ok = has_bytes(message, 4, &bytes);
    *out_value = ok ? cel_bytes_u32(&bytes) : 0;
    return ok;
}

gboolean cel_obp_f32(const CelObpMessage *message, double *out_value)
{
    CelBytes bytes;
    const double value = has_bytes(message, 4, &bytes) ? (double)cel_bytes_f32(&bytes) : NAN;
    *out_value = isfinite(value) ? value : 0.0;
    return isfinite(value);
}

void cel_obp_text(const CelObpMessage *message, char *out, gsize out_size)
{
    gsize length = 0;
    while (length < message->n && length + 1 < out_size &&
           g_ascii_isprint((char)message->data[length])) {
        out[length] = (char)message->data[length];
        length++;
    }
    out[length] = '\0';
    g_strstrip(out);
}

/* ---- frames ---- */

gboolean cel_obp_frame(const CelObpMessage *message, const CelOceanModel *model, double *out_counts,
                       CelObpMetadata *out_metadata, GError **error)
{
    *out_metadata = (CelObpMetadata){0};
    const gsize expected = cel_ocean_frame_bytes(model);
    if (message->n != expected) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The instrument sent a frame of %zu bytes instead of %zu. The measurement "
                      "is not usable. Repeat it."),
                    message->n, expected);
        return FALSE;
    }
    CelBytes bytes = cel_bytes_of(message->data, message->n, CEL_LITTLE_ENDIAN);
    if (model->metadata_bytes > 0) {
        out_metadata->count = cel_bytes_u32(&bytes);
        out_metadata->ticks_us = cel_bytes_u64(&bytes);
        out_metadata->integration_us = cel_bytes_u32(&bytes);
    }
    cel_bytes_seek(&bytes, model->metadata_bytes);
    for (gsize i = 0; i < model->n_pixels; i++) {
        const guint32 raw =
            model->bytes_per_pixel == 4 ? cel_bytes_u32(&bytes) : cel_bytes_u16(&bytes);
        out_counts[i] = MIN(raw, model->full_scale);
    }
    return TRUE;
}

/* A serial number of more than a packet comes in two pieces; the second has no header. */
static gboolean is_tail(const guint8 *data, gsize n)
{
    if (n <= TRAILER_BYTES || n >= 2 * CEL_OBP_LEAST_BYTES)
        return FALSE;
    CelBytes footer = cursor_at(data, n, n - 4);
    return cel_bytes_u32(&footer) == FOOTER;
}

static void blank(guint8 *data, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++)
        data[i] = data[i] != '\0' ? 'X' : '\0';
}

void cel_obp_blank_serial(guint8 *data, gsize n)
{
    CelBytes start = cursor_at(data, n, 0), type = cursor_at(data, n, AT_TYPE);
    CelBytes rest = cursor_at(data, n, AT_REMAINING);
    const gboolean starts = cel_bytes_u16(&start) == START;
    const gboolean is_serial = cel_bytes_u32(&type) == CEL_OBP_SERIAL;
    const gsize remaining = cel_bytes_u32(&rest);
    if (!starts && is_tail(data, n))
        blank(data, 0, n - TRAILER_BYTES);
    if (!starts || !is_serial || rest.failed)
        return;
    data[AT_CHECKSUM_TYPE] = CHECKSUM_NONE;
    blank(data, AT_IMMEDIATE, AT_REMAINING);
    const gsize n_payload = remaining > TRAILER_BYTES ? remaining - TRAILER_BYTES : 0;
    blank(data, CEL_OBP_HEADER_BYTES, MIN(n, CEL_OBP_HEADER_BYTES + n_payload));
}
