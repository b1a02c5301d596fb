/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-writers-private.h"

#include "base/cel-number.h"
#include "formats/jcamp.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/*
 * JCAMP-DX 5.01 in plain digits, as many as a double needs, so that it reads back equal: XYDATA
 * where the axis is exactly what a reader computes from FIRSTX, LASTX and NPOINTS, else in pairs.
 * Several spectra stand in a LINK block. What the standard has no label for is said in labels that
 * begin with "$", as it asks for.
 */

enum { MAX_SPECTRA = 1000, LINE_BYTES = 80 /* longest line that the standard allows */ };

/* --- texts -------------------------------------------------------------------------------------
 */

/* A text on one line, without what would end a value or begin a comment. */
static char *plain_text(const char *text)
{
    GString *out = g_string_new(text);
    g_string_replace(out, "$$", "$ $", 0);
    g_strdelimit(out->str, "\r\n\t\v\f", ' ');
    for (char *c = out->str; *c != '\0'; c++)
        *c = *c > 0 && *c < ' ' ? ' ' : *c;
    g_strstrip(out->str);
    return g_string_free(out, FALSE);
}

static char *plain_key(const char *key)
{
    g_autofree char *text = plain_text(key);
    return g_steal_pointer(&text);
}

static gboolean is_own_label(const char *key, const CelWriteItem *item)
{
    return g_str_equal(key, CEL_META_TITLE) || g_str_equal(key, "simulated") ||
           (item->source_sha256 != NULL && g_str_equal(key, CEL_META_SOURCE_SHA256));
}

static gboolean fits(const char *key, const char *value)
{
    g_autofree char *plain = plain_text(value);
    g_autofree char *label = plain_key(key);
    return g_str_equal(plain, value) && g_str_equal(label, key) && strchr(key, '=') == NULL &&
           *key != '\0';
}

static guint jcamp_losses(const CelWriteInput *in)
{
    guint lost = cel_write_common_losses(in);
    for (gsize i = 0; i < in->n; i++) {
        g_autofree const char **keys = cel_spectrum_meta_keys(in->items[i].spectrum);
        for (gsize k = 0; keys[k] != NULL; k++) {
            if (!fits(keys[k], cel_spectrum_meta(in->items[i].spectrum, keys[k])))
                lost |= CEL_LOSS_NOTES;
        }
    }
    return lost;
}

static void append_label(GString *out, const char *label, const char *value)
{
    g_autofree char *plain = plain_text(value != NULL ? value : "");
    g_string_append_printf(out, "##%s= %s\n", label, plain);
}

static void append_own(GString *out, const char *key, const char *value)
{
    g_autofree char *label = plain_key(key);
    g_strdelimit(label, "=", '-');
    g_autofree char *own = g_strconcat("$", label, NULL);
    if (value != NULL && *label != '\0')
        append_label(out, own, value);
}

static void append_number(GString *out, const char *label, double value)
{
    g_autofree char *text = cel_number_format(value);
    append_label(out, label, text);
}

static void append_head(GString *out, const CelWriteItem *item)
{
    static const char *const units[CEL_N_UNITS] = {
        [CEL_UNIT_PIXEL] = "ARBITRARY UNITS", [CEL_UNIT_NM_AIR] = "NANOMETERS",
        [CEL_UNIT_NM_VACUUM] = "NANOMETERS",  [CEL_UNIT_NM_UNSTATED] = "NANOMETERS",
        [CEL_UNIT_SHIFT_CM1] = "1/CM",
    };
    const CelSpectrum *spectrum = item->spectrum;
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(spectrum));
    append_label(out, "TITLE", cel_spectrum_meta(spectrum, CEL_META_TITLE));
    append_label(out, "JCAMP-DX", "5.01");
    append_label(out, "DATA TYPE", "RAMAN SPECTRUM");
    append_label(out, "ORIGIN", "Celadon");
    append_label(out, "OWNER", "");
    append_own(out, "celadon", "1");
    append_own(out, "celadon_axis_unit", cel_unit_name(unit));
    append_own(out, "simulated", cel_spectrum_is_simulated(spectrum) ? "yes" : NULL);
    append_own(out, CEL_META_SOURCE_SHA256, item->source_sha256);
    append_own(out, "source_name", item->source_name);
    g_autofree const char **keys = cel_spectrum_meta_keys(spectrum);
    for (gsize i = 0; keys[i] != NULL; i++) {
        if (!is_own_label(keys[i], item))
            append_own(out, keys[i], cel_spectrum_meta(spectrum, keys[i]));
    }
    append_label(out, "XUNITS", units[unit]);
    append_label(out, "YUNITS", "ARBITRARY UNITS");
}

/* --- numbers -----------------------------------------------------------------------------------
 */

/* The place of point @i in the file. */
static gsize place(gsize i, gsize n, CelEven even)
{
    return even == CEL_EVEN_FALLING ? n - 1 - i : i;
}

static void append_limits(GString *out, const CelSpectrum *spectrum, CelEven even)
{
    const gsize n = cel_spectrum_length(spectrum);
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    double highest = y[0], lowest = y[0];
    for (gsize i = 1; i < n; i++) {
        highest = fmax(highest, y[i]);
        lowest = fmin(lowest, y[i]);
    }
    append_label(out, "XFACTOR", "1");
    append_label(out, "YFACTOR", "1");
    append_number(out, "FIRSTX", x[place(0, n, even)]);
    append_number(out, "LASTX", x[place(n - 1, n, even)]);
    append_number(out, "NPOINTS", (double)n);
    append_number(out, "FIRSTY", y[place(0, n, even)]);
    append_number(out, "MAXY", highest);
    append_number(out, "MINY", lowest);
}

static void append_pairs(GString *out, const CelSpectrum *spectrum)
{
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    append_label(out, "XYDATA", "(XY..XY)"); /* more programs know this label than XYPOINTS */
    for (gsize i = 0; i < cel_spectrum_length(spectrum); i++) {
        cel_number_append(out, x[i]);
        g_string_append(out, ", ");
        cel_number_append(out, y[i]);
        g_string_append_c(out, '\n');
    }
}

static void append_lines(GString *out, const CelSpectrum *spectrum, CelEven even)
{
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    const gsize n = cel_spectrum_length(spectrum);
    gsize length = 0;
    const double first = x[place(0, n, even)], last = x[place(n - 1, n, even)];
    append_number(out, "DELTAX", (last - first) / (double)(n - 1));
    append_label(out, "XYDATA", "(X++(Y..Y))");
    for (gsize i = 0; i < n; i++) {
        g_autofree char *number = cel_number_format(y[place(i, n, even)]);
        if (length == 0 || length + strlen(number) + 1 > LINE_BYTES) {
            const gsize before = out->len;
            g_string_append(out, i > 0 ? "\n" : "");
            cel_number_append(out, x[place(i, n, even)]);
            length = out->len - before;
        }
        g_string_append_printf(out, " %s", number);
        length += strlen(number) + 1;
    }
    g_string_append_c(out, '\n');
}

/* In lines of packed intensities an "E" can also be a squeezed digit, and there are programs that
 * take it so: pairs are read rightly everywhere. */
static gboolean needs_exponent(const CelSpectrum *spectrum)
{
    g_autoptr(GString) number = g_string_new(NULL);
    for (gsize i = 0; i < cel_spectrum_length(spectrum); i++) {
        g_string_truncate(number, 0);
        cel_number_append(number, cel_spectrum_y(spectrum)[i]);
        if (strchr(number->str, 'e') != NULL)
            return TRUE;
    }
    return FALSE;
}

static void append_item(GString *out, const CelWriteItem *item)
{
    append_head(out, item);
    const CelEven even =
        needs_exponent(item->spectrum) ? CEL_UNEVEN : cel_write_evenness(item->spectrum);
    append_limits(out, item->spectrum, even);
    if (even != CEL_UNEVEN)
        append_lines(out, item->spectrum, even);
    else
        append_pairs(out, item->spectrum);
    g_string_append(out, "##END=\n");
}

static GBytes *write_jcamp(const CelWriteInput *in, GError **error)
{
    (void)error;
    GString *out = g_string_new(NULL);
    if (in->n > 1)
        g_string_append_printf(out,
                               "##TITLE= \n##JCAMP-DX= 5.01\n##DATA TYPE= LINK\n##ORIGIN= "
                               "Celadon\n##OWNER= \n##BLOCKS= %" G_GSIZE_FORMAT "\n",
                               in->n);
    for (gsize i = 0; i < in->n; i++)
        append_item(out, &in->items[i]);
    if (in->n > 1)
        g_string_append(out, "##END=\n");
    return g_string_free_to_bytes(out);
}

static const char *const endings[] = {"jdx", "dx", "jcm", NULL};

const CelWriter cel_writer_jcamp = {
    .id = "jcamp",
    .title = N_("JCAMP-DX"),
    .endings = endings,
    .max_spectra = MAX_SPECTRA,
    .losses = jcamp_losses,
    .write = write_jcamp,
};
