/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-writers-private.h"

#include "base/cel-error.h"
#include "formats/spc.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/*
 * SPC, new format, little-endian, one spectrum: intensities in 32-bit floating point, positions as
 * first and last value where the axis is exactly what a reader computes from them, else in 32-bit
 * floating point too. The log holds all notes as "key=value" lines, with the mark of simulated data
 * and the digest of the source. Layout: spc.h.
 */

enum {
    HEADER = 512,
    SUBFILE_HEADER = 32,
    LOG_HEADER = 64,
    LOG_MEMORY = 4096, /* GRAMS asks for the log's size in memory in whole pages */
    COMMENT = 130,
    SOURCE = 9,
    FLOATING = 0x80,
};

static gboolean is_float(double value)
{
    return !(fabs((double)(float)value - value) > 0.0);
}

static gboolean are_floats(const double *values, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (!is_float(values[i]))
            return FALSE;
    }
    return TRUE;
}

/* --- the log -----------------------------------------------------------------------------------
 */

static char *plain_text(const char *text)
{
    char *plain = g_strdup(text);
    for (char *c = plain; *c != '\0'; c++)
        *c = *c > 0 && *c < ' ' ? ' ' : *c;
    return g_strstrip(plain);
}

static gboolean fits(const char *key, const char *value)
{
    g_autofree char *plain = plain_text(value);
    g_autofree char *plain_key = plain_text(key);
    return g_str_equal(plain, value) && g_str_equal(plain_key, key) && *key != '\0' &&
           strchr(key, '=') == NULL;
}

static void append_line(GString *out, const char *key, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *plain_key = plain_text(key);
    g_autofree char *plain = plain_text(value);
    g_strdelimit(plain_key, "=", '-');
    if (*plain_key != '\0')
        g_string_append_printf(out, "%s=%s\r\n", plain_key, plain);
}

static GString *make_log(const CelWriteItem *item)
{
    GString *out = g_string_new(NULL);
    const CelSpectrum *spectrum = item->spectrum;
    g_autofree const char **keys = cel_spectrum_meta_keys(spectrum);
    append_line(out, "celadon_axis_unit",
                cel_unit_name(cel_axis_unit(cel_spectrum_axis(spectrum))));
    append_line(out, "simulated", cel_spectrum_is_simulated(spectrum) ? "yes" : NULL);
    append_line(out, CEL_META_SOURCE_SHA256, item->source_sha256);
    append_line(out, "source_name", item->source_name);
    for (gsize i = 0; keys[i] != NULL; i++) {
        if (!g_str_equal(keys[i], "simulated") &&
            !(item->source_sha256 != NULL && g_str_equal(keys[i], CEL_META_SOURCE_SHA256)))
            append_line(out, keys[i], cel_spectrum_meta(spectrum, keys[i]));
    }
    return out;
}

static guint spc_losses(const CelWriteInput *in)
{
    const CelSpectrum *spectrum = in->items[0].spectrum;
    const gsize n = cel_spectrum_length(spectrum);
    g_autofree const char **keys = cel_spectrum_meta_keys(spectrum);
    g_autoptr(GString) log = make_log(&in->items[0]);
    guint lost = cel_write_common_losses(in);
    if (cel_write_evenness(spectrum) == CEL_UNEVEN && !are_floats(cel_spectrum_x(spectrum), n))
        lost |= CEL_LOSS_AXIS;
    if (!are_floats(cel_spectrum_y(spectrum), n))
        lost |= CEL_LOSS_INTENSITY;
    for (gsize k = 0; keys[k] != NULL; k++) {
        if (!fits(keys[k], cel_spectrum_meta(spectrum, keys[k])))
            lost |= CEL_LOSS_NOTES;
    }
    return log->len > CEL_SPC_MAX_LOG ? lost | CEL_LOSS_NOTES : lost;
}

/* --- the file ----------------------------------------------------------------------------------
 */

static gboolean check(const CelSpectrum *spectrum, CelEven even, GError **error)
{
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    double largest = 0.0;
    for (gsize i = 0; i < cel_spectrum_length(spectrum); i++) {
        largest = fmax(largest, fabs(y[i]));
        if (even == CEL_UNEVEN && i > 0 && !((float)x[i] > (float)x[i - 1])) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("SPC cannot tell the positions %.10g and %.10g apart; choose another "
                          "format"),
                        x[i - 1], x[i]);
            return FALSE;
        }
    }
    if (largest > (double)FLT_MAX || (largest > 0.0 && largest < (double)FLT_MIN)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("SPC cannot hold intensities of %.3g; choose another format"), largest);
        return FALSE;
    }
    return TRUE;
}

/* As much of the text as the field holds, whole characters only. */
static void put_text(CelBytesOut *out, const char *text, gsize width)
{
    g_autofree char *plain = plain_text(text != NULL ? text : "");
    const gsize length = strlen(plain);
    char *end = length <= width ? plain + length : g_utf8_find_prev_char(plain, plain + width + 1);
    if (end != NULL)
        *end = '\0';
    cel_bytes_put_text(out, end != NULL ? plain : "", width);
}

static void put_header(CelBytesOut *out, const CelSpectrum *spectrum, CelEven even, gsize log)
{
    const gsize n = cel_spectrum_length(spectrum);
    const double *x = cel_spectrum_x(spectrum);
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(spectrum));
    cel_bytes_put_u8(out, even == CEL_UNEVEN ? CEL_SPC_X_VALUES : 0);
    cel_bytes_put_u8(out, CEL_SPC_NEW_LITTLE);
    cel_bytes_put_u8(out, CEL_SPC_RAMAN);
    cel_bytes_put_u8(out, FLOATING);
    cel_bytes_put_u32(out, (guint32)n);
    cel_bytes_put_f64(out, x[even == CEL_EVEN_FALLING ? n - 1 : 0]);
    cel_bytes_put_f64(out, x[even == CEL_EVEN_FALLING ? 0 : n - 1]);
    cel_bytes_put_u32(out, 1);
    cel_bytes_put_u8(out, unit == CEL_UNIT_SHIFT_CM1 ? CEL_SPC_X_RAMAN_CM1
                          : unit == CEL_UNIT_PIXEL   ? CEL_SPC_X_ARBITRARY
                                                     : CEL_SPC_X_NM);
    cel_bytes_put_zeros(out, 3 + 4 + 9); /* fytype, fztype, fpost, fdate, fres */
    cel_bytes_put_text(out, "Celadon", SOURCE);
    cel_bytes_put_zeros(out, 2 + 32); /* fpeakpt, fspare */
    put_text(out, cel_spectrum_meta(spectrum, CEL_META_TITLE), COMMENT);
    cel_bytes_put_zeros(out, 30); /* fcatxt */
    cel_bytes_put_u32(out, (guint32)log);
    cel_bytes_put_zeros(out, HEADER - out->used);
}

static void put_numbers(CelBytesOut *out, const CelSpectrum *spectrum, CelEven even)
{
    const gsize n = cel_spectrum_length(spectrum);
    const double *y = cel_spectrum_y(spectrum);
    for (gsize i = 0; even == CEL_UNEVEN && i < n; i++)
        cel_bytes_put_f32(out, (float)cel_spectrum_x(spectrum)[i]);
    cel_bytes_put_u8(out, 0); /* subflgs */
    cel_bytes_put_u8(out, FLOATING);
    cel_bytes_put_zeros(out, SUBFILE_HEADER - 2);
    for (gsize i = 0; i < n; i++)
        cel_bytes_put_f32(out, (float)y[even == CEL_EVEN_FALLING ? n - 1 - i : i]);
}

static void put_log(CelBytesOut *out, const GString *log)
{
    const guint32 size = (guint32)(LOG_HEADER + log->len + 1);
    cel_bytes_put_u32(out, size);
    cel_bytes_put_u32(out, (size + LOG_MEMORY - 1) / LOG_MEMORY * LOG_MEMORY);
    cel_bytes_put_u32(out, LOG_HEADER);
    cel_bytes_put_zeros(out, LOG_HEADER - 12);
    cel_bytes_put(out, log->str, log->len + 1);
}

static GBytes *write_spc(const CelWriteInput *in, GError **error)
{
    const CelSpectrum *spectrum = in->items[0].spectrum;
    const CelEven even = cel_write_evenness(spectrum);
    if (!check(spectrum, even, error))
        return NULL;
    g_autoptr(GString) log = make_log(&in->items[0]);
    if (log->len > CEL_SPC_MAX_LOG - 1) /* the marks stand first */
        g_string_truncate(log, CEL_SPC_MAX_LOG - 1);
    const gsize n = cel_spectrum_length(spectrum);
    const gsize log_at = HEADER + SUBFILE_HEADER + n * (even == CEL_UNEVEN ? 2 : 1) * sizeof(float);
    const gsize size = log_at + LOG_HEADER + log->len + 1;
    g_autofree guint8 *data = g_malloc(size);
    CelBytesOut out = cel_bytes_out(data, size, CEL_LITTLE_ENDIAN);
    put_header(&out, spectrum, even, log_at);
    put_numbers(&out, spectrum, even);
    put_log(&out, log);
    g_assert(!out.failed && out.used == size);
    return g_bytes_new_take(g_steal_pointer(&data), size);
}

static const char *const endings[] = {"spc", NULL};

const CelWriter cel_writer_spc = {
    .id = "spc",
    .title = N_("SPC (Galactic GRAMS)"),
    .endings = endings,
    .max_spectra = 1,
    .axis_precision = FLT_EPSILON,
    .intensity_precision = FLT_EPSILON,
    .losses = spc_losses,
    .write = write_spc,
};
