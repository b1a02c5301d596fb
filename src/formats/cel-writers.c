/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-writers-private.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "formats/cel-reader.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const CelWriter *const table[] = {&cel_writer_csv, &cel_writer_jcamp, &cel_writer_nxraman,
                                         &cel_writer_spc};

static const char *const losses[CEL_N_LOSSES] = {
    N_("the single frames and darks (only their mean difference is kept)"),
    N_("the standard deviations"),
    N_("the marks of bad samples"),
    N_("digits of the positions"),
    N_("digits of the intensities"),
    N_("whether the wavelengths are in air or vacuum"),
    N_("parts of the notes"),
};

const CelWriter *const *cel_writers(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(table);
    return table;
}

const CelWriter *cel_writer_for(const char *path)
{
    g_autofree char *small = g_ascii_strdown(path, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        for (const char *const *ending = table[i]->endings; *ending != NULL; ending++) {
            g_autofree char *dotted = g_strconcat(".", *ending, NULL);
            if (g_str_has_suffix(small, dotted))
                return table[i];
        }
    }
    return NULL;
}

const char *cel_loss_text(guint loss)
{
    for (guint bit = 0; bit < CEL_N_LOSSES; bit++) {
        if (loss == 1U << bit)
            return losses[bit];
    }
    return "";
}

gboolean cel_write_is_marked(const CelSpectrum *spectrum)
{
    const guint8 *mask = cel_spectrum_mask(spectrum);
    for (gsize i = 0; mask != NULL && i < cel_spectrum_length(spectrum); i++) {
        if (mask[i] != 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_even(const double *x, gsize n, gboolean falling)
{
    const double start = falling ? x[n - 1] : x[0], end = falling ? x[0] : x[n - 1];
    const double step = (end - start) / (double)(n - 1);
    for (gsize i = 1; i + 1 < n; i++) {
        if (fabs(start + step * (double)i - x[falling ? n - 1 - i : i]) > 0.0)
            return FALSE;
    }
    return TRUE;
}

CelEven cel_write_evenness(const CelSpectrum *spectrum)
{
    const gsize n = cel_spectrum_length(spectrum);
    const double *x = cel_spectrum_x(spectrum);
    if (is_even(x, n, FALSE))
        return CEL_EVEN_RISING;
    return is_even(x, n, TRUE) ? CEL_EVEN_FALLING : CEL_UNEVEN;
}

guint cel_write_common_losses(const CelWriteInput *in)
{
    guint lost = 0;
    for (gsize i = 0; i < in->n; i++) {
        const CelMeasurement *m = in->items[i].measurement;
        const CelSpectrum *spectrum = in->items[i].spectrum;
        if (m != NULL && (m->n_frames > 1 || m->n_dark_frames > 0))
            lost |= CEL_LOSS_FRAMES;
        if (cel_spectrum_variance(spectrum) != NULL)
            lost |= CEL_LOSS_VARIANCE;
        if (cel_write_is_marked(spectrum))
            lost |= CEL_LOSS_MASK;
    }
    return lost;
}

static gboolean accept_losses(const CelWriter *writer, guint lost, const char *path, GError **error)
{
    if (lost == 0)
        return TRUE;
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint bit = 0; bit < CEL_N_LOSSES; bit++) {
        if ((lost & 1U << bit) != 0)
            g_string_append_printf(list, "%s%s", list->len > 0 ? "; " : "", _(losses[bit]));
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("%s: %s has no place for: %s. Nothing was written; choose a format that keeps "
                  "it (.h5), or accept the loss with --lossy"),
                path, _(writer->title), list->str);
    return FALSE;
}

static gboolean is_near(const double *a, const double *b, gsize n, double precision)
{
    double largest = 0.0;
    for (gsize i = 0; i < n; i++)
        largest = MAX(largest, fabs(a[i]));
    for (gsize i = 0; i < n; i++) {
        if (!(fabs(a[i] - b[i]) <= precision * largest))
            return FALSE;
    }
    return TRUE;
}

static gboolean reads_back(const CelWriter *writer, const CelWriteInput *in, guint index,
                           GBytes *bytes, const char *path)
{
    const CelReadOptions options = {.spectrum = in->n > 1 ? index + 1 : 0};
    g_auto(CelReadOut) out = {0};
    const CelSpectrum *a = in->items[index].spectrum;
    if (!cel_reader_load_bytes(bytes, path, &options, NULL, &out, NULL))
        return FALSE;
    g_autoptr(CelSpectrum) b = cel_read_out_spectrum(&out, NULL);
    const gsize n = cel_spectrum_length(a);
    return b != NULL && cel_spectrum_length(b) == n && out.n_spectra == in->n &&
           cel_spectrum_is_simulated(a) == cel_spectrum_is_simulated(b) &&
           is_near(cel_spectrum_x(a), cel_spectrum_x(b), n, writer->axis_precision) &&
           is_near(cel_spectrum_y(a), cel_spectrum_y(b), n, writer->intensity_precision);
}

static gboolean check(const CelWriter *writer, const CelWriteInput *in, GBytes *bytes,
                      const char *path, GError **error)
{
    for (gsize i = 0; i < in->n; i++) {
        if (reads_back(writer, in, (guint)i, bytes, path))
            continue;
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_SYSTEM,
            _("%s: what would be written does not read back equal (spectrum %" G_GSIZE_FORMAT
              "); nothing was written. Choose another format"),
            path, i + 1);
        return FALSE;
    }
    return TRUE;
}

/* Every format says, or lets a reader think, that it holds a Raman spectrum. */
static gboolean refuse_foreign(const CelWriteInput *in, const char *path, GError **error)
{
    for (gsize i = 0; i < in->n; i++) {
        const char *kind = cel_spectrum_meta(in->items[i].spectrum, CEL_META_FOREIGN_KIND);
        if (kind == NULL)
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("%s: this is no Raman spectrum (%s) and is not written as one; keep the file "
                      "it came from"),
                    path, kind);
        return FALSE;
    }
    return TRUE;
}

gboolean cel_writer_save(const CelWriter *writer, const CelWriteInput *in, const char *path,
                         gboolean lossy, GError **error)
{
    g_return_val_if_fail(in->n >= 1, FALSE);
    if (in->n > writer->max_spectra) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s: %s holds %" G_GSIZE_FORMAT " spectra at most, not %" G_GSIZE_FORMAT),
                    path, _(writer->title), writer->max_spectra, in->n);
        return FALSE;
    }
    if (!refuse_foreign(in, path, error))
        return FALSE;
    if (!lossy && !accept_losses(writer, writer->losses(in), path, error))
        return FALSE;
    g_autoptr(GBytes) bytes = writer->write(in, error);
    return bytes != NULL && check(writer, in, bytes, path, error) &&
           cel_file_write(path, bytes, 0644, error);
}
