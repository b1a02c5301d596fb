/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-writers-private.h"

#include "base/cel-file.h"
#include "base/cel-number.h"
#include "formats/cel-import.h"
#include "formats/cel-import.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* All printable ASCII but "%", and in keys but what ends a key. */
static const char KEPT[] = "!\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~ ";
static const char KEPT_KEY[] = "!\"#$&'()*+-./<>?@[\\]^_`{|}~ ";

/* Blanks and quotes at either end would be taken off on reading. */
static char *escape(const char *text, const char *kept)
{
    const gsize n = strlen(text);
    const gboolean bare = n > 0 && !g_ascii_isspace(text[0]) && !g_ascii_isspace(text[n - 1]) &&
                          strchr("\"=:#$%", text[0]) == NULL && text[n - 1] != '"';
    return g_uri_escape_string(text, bare ? kept : "", TRUE);
}

static void append_meta(GString *out, const CelSpectrum *spectrum, const char *source)
{
    g_autofree const char **keys = cel_spectrum_meta_keys(spectrum);
    for (gsize i = 0; keys[i] != NULL; i++) {
        g_autofree char *key = escape(keys[i], KEPT_KEY);
        g_autofree char *value = escape(cel_spectrum_meta(spectrum, keys[i]), KEPT);
        if (*key == '\0' || g_str_equal(key, "simulated") || g_str_equal(key, "unit") ||
            (source != NULL && g_str_equal(key, CEL_META_SOURCE_SHA256)))
            continue;
        g_string_append_printf(out, "# %s: %s\n", key, value);
    }
}

static void append_rows(GString *out, const CelSpectrum *spectrum, gboolean marked)
{
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    const double *variance = cel_spectrum_variance(spectrum);
    for (gsize i = 0; i < cel_spectrum_length(spectrum); i++) {
        cel_number_append(out, x[i]);
        g_string_append_c(out, ',');
        cel_number_append(out, y[i]);
        if (variance != NULL) {
            g_string_append_c(out, ',');
            cel_number_append(out, sqrt(variance[i]));
        }
        if (marked)
            g_string_append_printf(out, ",%d", cel_spectrum_mask(spectrum)[i]);
        g_string_append_c(out, '\n');
    }
}

static void append_line(GString *out, const char *key, const char *value)
{
    g_autofree char *escaped = value != NULL ? escape(value, KEPT) : NULL;
    if (value != NULL)
        g_string_append_printf(out, "# %s: %s\n", key, escaped);
}

static GBytes *write_item(const CelWriteItem *item)
{
    static const char *const titles[CEL_N_UNITS] = {
        [CEL_UNIT_PIXEL] = "pixel",
        [CEL_UNIT_NM_AIR] = "wavelength in air (nm)",
        [CEL_UNIT_NM_VACUUM] = "wavelength in vacuum (nm)",
        [CEL_UNIT_NM_UNSTATED] = "wavelength (nm)",
        [CEL_UNIT_SHIFT_CM1] = "Raman shift (cm-1)",
    };
    const CelSpectrum *spectrum = item->spectrum;
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(spectrum));
    const gboolean marked = cel_write_is_marked(spectrum);
    GString *out = g_string_new("# " CEL_CSV_MARK "\n");
    if (cel_spectrum_is_simulated(spectrum))
        g_string_append(out, "# simulated: yes\n");
    g_string_append_printf(out, "# unit: %s\n", cel_unit_name(unit));
    append_line(out, CEL_META_SOURCE_SHA256, item->source_sha256);
    append_meta(out, spectrum, item->source_sha256);
    g_string_append_printf(out, "%s,intensity%s%s\n", titles[unit],
                           cel_spectrum_variance(spectrum) != NULL ? ",standard deviation" : "",
                           marked ? ",mask" : "");
    append_rows(out, spectrum, marked);
    return g_string_free_to_bytes(out);
}

gboolean cel_spectrum_write_csv(const CelSpectrum *spectrum, const char *path, GError **error)
{
    const CelWriteItem item = {.spectrum = spectrum};
    g_autoptr(GBytes) bytes = write_item(&item);
    return cel_file_write(path, bytes, 0644, error);
}

static guint csv_losses(const CelWriteInput *in)
{
    return cel_write_common_losses(in) & CEL_LOSS_FRAMES;
}

static GBytes *write_csv(const CelWriteInput *in, GError **error)
{
    (void)error;
    return write_item(&in->items[0]);
}

static const char *const endings[] = {"csv", NULL};

const CelWriter cel_writer_csv = {
    .id = "text",
    .title = N_("CSV of this program"),
    .endings = endings,
    .max_spectra = 1,
    .losses = csv_losses,
    .write = write_csv,
};
