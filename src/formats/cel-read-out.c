/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-read-out.h"

#include "formats/cel-readers.h"

#include <string.h>

enum { MAX_TEXT = 4000 };

static const char *const kinds[CEL_N_KINDS] = {
    [CEL_KIND_UNKNOWN] = "unknown",
    [CEL_KIND_RAMAN] = "raman",
    [CEL_KIND_INFRARED] = "infrared",
    [CEL_KIND_OTHER] = "other",
};

const char *cel_kind_name(CelSpectrumKind kind)
{
    return kinds[kind];
}

static void free_warning(gpointer data)
{
    CelReadWarning *warning = data;
    g_free(warning->text);
    g_free(warning);
}

void cel_read_out_clear(CelReadOut *out)
{
    g_clear_pointer(&out->measurement, cel_measurement_free);
    g_clear_pointer(&out->variance, g_free);
    g_clear_pointer(&out->mask, g_free);
    g_clear_pointer(&out->kind_text, g_free);
    g_clear_pointer(&out->titles, g_ptr_array_unref);
    g_clear_pointer(&out->warnings, g_ptr_array_unref);
    g_clear_pointer(&out->source, g_bytes_unref);
}

static char *place_text(CelPlace place, guint64 at)
{
    if (place == CEL_PLACE_LINE)
        return g_strdup_printf(_("line %" G_GUINT64_FORMAT ": "), at);
    if (place == CEL_PLACE_BYTE)
        return g_strdup_printf(_("byte %" G_GUINT64_FORMAT ": "), at);
    return g_strdup("");
}

gboolean cel_read_refuse(const CelReadInput *in, CelPlace place, guint64 at, GError **error,
                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *where = place_text(place, at);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "%s: %s%s", in->name, where, text);
    return FALSE;
}

void cel_read_warn(CelReadOut *out, CelPlace place, guint64 at, const char *format, ...)
{
    if (out->warnings == NULL)
        out->warnings = g_ptr_array_new_with_free_func(free_warning);
    if (out->warnings->len >= CEL_READER_MAX_WARNINGS)
        return;
    CelReadWarning *warning = g_new(CelReadWarning, 1);
    va_list arguments;
    va_start(arguments, format);
    *warning = (CelReadWarning){place, at, g_strdup_vprintf(format, arguments)};
    va_end(arguments);
    g_ptr_array_add(out->warnings, warning);
}

/* @text as UTF-8 of bounded length. */
static char *safe_text(const char *text)
{
    return g_utf8_make_valid(text, (gssize)strnlen(text, MAX_TEXT));
}

gboolean cel_read_set_kind(const CelReadInput *in, CelReadOut *out, CelSpectrumKind kind,
                           const char *text, GError **error)
{
    out->kind = kind;
    g_free(out->kind_text);
    out->kind_text = text != NULL ? safe_text(text) : NULL;
    if (kind <= CEL_KIND_RAMAN || in->options->any_kind)
        return TRUE;
    if (kind == CEL_KIND_INFRARED)
        return cel_read_refuse(in, CEL_PLACE_NONE, 0, error,
                               _("this is an infrared or absorption spectrum, not Raman; its "
                                 "bands have other strengths and must not be compared with Raman "
                                 "spectra"));
    return cel_read_refuse(in, CEL_PLACE_NONE, 0, error,
                           _("this is no Raman spectrum but \"%s\"; it cannot be compared with "
                             "Raman spectra"),
                           out->kind_text != NULL ? out->kind_text : "?");
}

gboolean cel_read_choose(const CelReadInput *in, CelReadOut *out, guint64 n, guint *out_index,
                         GError **error)
{
    const guint wanted = in->options->spectrum;
    if (n == 0)
        return cel_read_refuse(in, CEL_PLACE_NONE, 0, error, _("the file holds no spectrum"));
    if (n > CEL_READER_MAX_SPECTRA)
        return cel_read_refuse(
            in, CEL_PLACE_NONE, 0, error,
            _("the file says that it holds %" G_GUINT64_FORMAT " spectra; at most %d are read"), n,
            CEL_READER_MAX_SPECTRA);
    if (wanted > n) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s: there is no spectrum %u; the file holds %" G_GUINT64_FORMAT), in->name,
                    wanted, n);
        return FALSE;
    }
    out->n_spectra = (guint)n;
    out->spectrum = MAX(wanted, 1);
    *out_index = out->spectrum - 1;
    return TRUE;
}

void cel_read_add_title(CelReadOut *out, const char *title)
{
    if (out->titles == NULL)
        out->titles = g_ptr_array_new_with_free_func(g_free);
    if (out->titles->len < CEL_READER_MAX_TITLES)
        g_ptr_array_add(out->titles, safe_text(title));
}

void cel_read_check_simulated(CelMeasurement *m, gboolean said)
{
    m->simulated = m->instrument.simulated =
        m->simulated || said || cel_reader_names_simulated(m->instrument.model);
}

/* @light minus @dark; the variance is that of the difference, and not known unless both are. */
static CelSpectrum *subtract(const CelSpectrum *light, const CelSpectrum *dark, GError **error)
{
    const gsize n = cel_spectrum_length(light);
    const double *a = cel_spectrum_variance(light), *b = cel_spectrum_variance(dark);
    double *y = g_memdup2(cel_spectrum_y(light), n * sizeof *y);
    double *variance = a != NULL && b != NULL ? g_memdup2(a, n * sizeof *a) : NULL;
    for (gsize i = 0; i < n; i++) {
        y[i] -= cel_spectrum_y(dark)[i];
        if (variance != NULL)
            variance[i] += b[i];
    }
    const guint8 *mask = cel_spectrum_mask(light);
    CelSpectrum *result = cel_spectrum_derive(light, cel_spectrum_axis(light), y, variance,
                                              g_memdup2(mask, mask != NULL ? n : 0), error);
    if (result != NULL)
        cel_spectrum_set_meta(result, "dark", "subtracted");
    return result;
}

CelSpectrum *cel_read_out_spectrum(const CelReadOut *out, GError **error)
{
    const CelMeasurement *m = out->measurement;
    g_autoptr(CelSpectrum) light = cel_measurement_spectrum(m, -1, error);
    if (light == NULL)
        return NULL;
    const char *frames = g_tree_lookup(m->notes, CEL_META_FRAMES);
    if (m->imported_axis != NULL && frames != NULL) /* averaged before it reached us */
        cel_spectrum_set_meta(light, CEL_META_FRAMES, frames);
    GError *local = NULL;
    g_autoptr(CelSpectrum) dark = cel_measurement_dark(m, &local);
    if (local != NULL) {
        g_propagate_error(error, local);
        return NULL;
    }
    if (dark != NULL)
        return subtract(light, dark, error);
    if (out->variance != NULL && !cel_spectrum_set_variance(light, out->variance, error))
        return NULL;
    if (out->mask != NULL)
        cel_spectrum_set_mask(light, out->mask);
    return g_steal_pointer(&light);
}
