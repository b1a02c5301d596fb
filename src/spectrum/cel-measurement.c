/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/cel-measurement.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static int compare_keys(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    return strcmp(a, b);
}

CelMeasurement *cel_measurement_new(gsize n_pixels, gsize n_frames, gsize n_dark_frames)
{
    CelMeasurement *m = g_new0(CelMeasurement, 1);
    m->n_pixels = n_pixels;
    m->n_frames = n_frames;
    m->n_dark_frames = n_dark_frames;
    m->frames = g_new0(double, n_pixels *n_frames);
    if (n_dark_frames > 0)
        m->dark_frames = g_new0(double, n_pixels *n_dark_frames);
    m->notes = g_tree_new_full(compare_keys, NULL, g_free, g_free);
    return m;
}

void cel_measurement_free(CelMeasurement *m)
{
    if (m == NULL)
        return;
    g_free(m->frames);
    g_free(m->dark_frames);
    g_free(m->frame_us);
    g_free(m->pixel_flags);
    cel_response_free(m->response);
    cel_axis_unref(m->imported_axis);
    g_tree_unref(m->notes);
    g_free(m);
}

void cel_measurement_note(CelMeasurement *m, const char *key, const char *text)
{
    g_tree_insert(m->notes, g_strdup(key), g_strdup(text));
}

static gboolean copy_note(gpointer key, gpointer value, gpointer to)
{
    cel_measurement_note(to, key, value);
    return FALSE;
}

CelMeasurement *cel_measurement_copy(const CelMeasurement *from)
{
    CelMeasurement *m = cel_measurement_new(from->n_pixels, from->n_frames, from->n_dark_frames);
    double *frames = m->frames, *dark_frames = m->dark_frames;
    GTree *notes = m->notes;
    *m = *from;
    m->frames = frames;
    m->dark_frames = dark_frames;
    m->notes = notes;
    memcpy(frames, from->frames, from->n_pixels * from->n_frames * sizeof *frames);
    if (dark_frames != NULL)
        memcpy(dark_frames, from->dark_frames,
               from->n_pixels * from->n_dark_frames * sizeof *dark_frames);
    m->frame_us = g_memdup2(from->frame_us, from->n_frames * sizeof *from->frame_us);
    m->pixel_flags = g_memdup2(from->pixel_flags, from->n_pixels);
    m->response = cel_response_copy(from->response);
    m->imported_axis = from->imported_axis != NULL ? cel_axis_ref(from->imported_axis) : NULL;
    g_tree_foreach(from->notes, copy_note, m);
    return m;
}

CelMeasurement *cel_measurement_from_spectrum(const CelSpectrum *spectrum)
{
    const gsize n = cel_spectrum_length(spectrum);
    CelMeasurement *m = cel_measurement_new(n, 1, 0);
    memcpy(m->frames, cel_spectrum_y(spectrum), n * sizeof *m->frames);
    m->imported_axis = cel_axis_ref(cel_spectrum_axis(spectrum));
    m->simulated = m->instrument.simulated = cel_spectrum_is_simulated(spectrum);
    g_strlcpy(m->instrument.driver, "import", sizeof m->instrument.driver);
    cel_spectrum_meta_number(spectrum, CEL_META_LASER_NM, &m->calibration.laser_nm);
    cel_spectrum_meta_number(spectrum, CEL_META_INTEGRATION_MS, &m->integration_ms);
    cel_spectrum_meta_number(spectrum, CEL_META_LASER_MW, &m->laser_mw);
    m->laser_mw_nominal = TRUE;
    const char *model = cel_spectrum_meta(spectrum, CEL_META_INSTRUMENT);
    const char *serial = cel_spectrum_meta(spectrum, CEL_META_SERIAL);
    g_strlcpy(m->instrument.model, model != NULL ? model : "", sizeof m->instrument.model);
    g_strlcpy(m->instrument.serial, serial != NULL ? serial : "", sizeof m->instrument.serial);
    g_autofree const char **keys = cel_spectrum_meta_keys(spectrum);
    for (gsize i = 0; keys[i] != NULL; i++)
        cel_measurement_note(m, keys[i], cel_spectrum_meta(spectrum, keys[i]));
    return m;
}

static CelAxis *make_axis(const CelMeasurement *m, GError **error)
{
    if (m->imported_axis != NULL)
        return cel_axis_ref(m->imported_axis);
    if (m->calibration.n_coefficients == 0)
        return cel_axis_new_pixels(m->n_pixels, error);
    if (m->calibration.laser_nm <= 0.0)
        return cel_calibration_axis(&m->calibration, m->n_pixels, error);
    return cel_calibration_shift_axis(&m->calibration, m->n_pixels, NULL, error);
}

/* Mean of @n rows and the variance of that mean; a single row has no variance estimate. */
static void average(const double *rows, gsize n, gsize n_pixels, double *mean, double *variance)
{
    for (gsize p = 0; p < n_pixels; p++) {
        double sum = 0.0, squares = 0.0;
        for (gsize f = 0; f < n; f++)
            sum += rows[f * n_pixels + p];
        mean[p] = sum / (double)n;
        for (gsize f = 0; variance != NULL && f < n; f++) {
            const double d = rows[f * n_pixels + p] - mean[p];
            squares += d * d;
        }
        if (variance != NULL)
            variance[p] = squares / (double)(n - 1) / (double)n;
    }
}

static CelSpectrum *spectrum_of_rows(const CelMeasurement *m, const double *rows, gsize n,
                                     GError **error)
{
    g_autoptr(CelAxis) axis = make_axis(m, error);
    if (axis == NULL)
        return NULL;
    g_autofree double *mean = g_new(double, m->n_pixels);
    g_autofree double *variance = n > 1 ? g_new(double, m->n_pixels) : NULL;
    average(rows, n, m->n_pixels, mean, variance);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, mean, error);
    if (spectrum == NULL || !cel_spectrum_set_variance(spectrum, variance, error))
        return NULL;
    if (m->simulated)
        cel_spectrum_mark_simulated(spectrum);
    return g_steal_pointer(&spectrum);
}

static void mask_saturated(const CelMeasurement *m, const double *rows, gsize n,
                           CelSpectrum *spectrum)
{
    if (m->instrument.saturation_counts == 0)
        return;
    g_autofree guint8 *mask = g_new0(guint8, m->n_pixels);
    for (gsize i = 0; i < n * m->n_pixels; i++) {
        if (rows[i] >= m->instrument.saturation_counts)
            mask[i % m->n_pixels] |= CEL_MASK_SATURATED;
    }
    cel_spectrum_set_mask(spectrum, mask);
}

static guint8 mask_of_flags(guint8 flags)
{
    return (guint8)(((flags & CEL_PIXEL_BAD) != 0 ? CEL_MASK_BAD_PIXEL : 0) |
                    ((flags & CEL_PIXEL_COVERED) != 0 ? CEL_MASK_OUT_OF_RANGE : 0) |
                    ((flags & CEL_PIXEL_NONLINEAR) != 0 ? CEL_MASK_NONLINEAR : 0));
}

/* Saturation is of the frames used; everything else holds for all of them. */
static void mask_flagged(const CelMeasurement *m, CelSpectrum *spectrum)
{
    if (m->pixel_flags == NULL)
        return;
    const guint8 *old = cel_spectrum_mask(spectrum);
    g_autofree guint8 *mask = g_new0(guint8, m->n_pixels);
    guint8 any = 0;
    for (gsize i = 0; i < m->n_pixels; i++) {
        mask[i] = (guint8)((old != NULL ? old[i] : 0) | mask_of_flags(m->pixel_flags[i]));
        any |= mask[i];
    }
    if (any != 0)
        cel_spectrum_set_mask(spectrum, mask);
}

/* Beyond the instrument's stated range its filter or grating lets nothing through. */
static void mask_out_of_range(const CelMeasurement *m, CelSpectrum *spectrum)
{
    const double *range = m->instrument.range_cm1, *x = cel_spectrum_x(spectrum);
    if (cel_axis_unit(cel_spectrum_axis(spectrum)) != CEL_UNIT_SHIFT_CM1 || !(range[0] < range[1]))
        return;
    const guint8 *old = cel_spectrum_mask(spectrum);
    g_autofree guint8 *mask = g_new0(guint8, m->n_pixels);
    for (gsize i = 0; i < m->n_pixels; i++) {
        mask[i] = old != NULL ? old[i] : 0;
        if (x[i] < range[0] || x[i] > range[1])
            mask[i] |= CEL_MASK_OUT_OF_RANGE;
    }
    cel_spectrum_set_mask(spectrum, mask);
}

static gboolean copy_to_meta(gpointer key, gpointer value, gpointer spectrum)
{
    cel_spectrum_set_meta(spectrum, key, value);
    return FALSE;
}

static void set_meta(const CelMeasurement *m, gsize n, CelSpectrum *spectrum)
{
    g_tree_foreach(m->notes, copy_to_meta, spectrum);
    if (m->calibration.laser_nm > 0.0)
        cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, m->calibration.laser_nm);
    if (m->integration_ms > 0.0)
        cel_spectrum_set_meta_number(spectrum, CEL_META_INTEGRATION_MS, m->integration_ms);
    if (m->laser_mw > 0.0)
        cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_MW, m->laser_mw);
    if (m->has_temperature)
        cel_spectrum_set_meta_number(spectrum, CEL_META_TEMPERATURE_C, m->detector_celsius);
    cel_spectrum_set_meta_number(spectrum, CEL_META_FRAMES, (double)n);
    if (m->instrument.model[0] != '\0')
        cel_spectrum_set_meta(spectrum, CEL_META_INSTRUMENT, m->instrument.model);
    if (m->instrument.serial[0] != '\0')
        cel_spectrum_set_meta(spectrum, CEL_META_SERIAL, m->instrument.serial);
    if (m->calibration.n_coefficients > 0 && m->calibration.medium == CEL_UNIT_NM_UNSTATED)
        cel_spectrum_set_meta(spectrum, CEL_META_MEDIUM_NOTE, "unstated");
}

CelSpectrum *cel_measurement_spectrum(const CelMeasurement *m, gssize frame, GError **error)
{
    if (m->n_frames == 0 || frame >= (gssize)m->n_frames) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The measurement has no frame %zd"),
                    frame);
        return NULL;
    }
    const gsize n = frame < 0 ? m->n_frames : 1;
    const double *rows = m->frames + (frame < 0 ? 0 : (gsize)frame * m->n_pixels);
    CelSpectrum *spectrum = spectrum_of_rows(m, rows, n, error);
    if (spectrum == NULL)
        return NULL;
    mask_saturated(m, rows, n, spectrum);
    mask_flagged(m, spectrum);
    mask_out_of_range(m, spectrum);
    set_meta(m, n, spectrum);
    return spectrum;
}

CelSpectrum *cel_measurement_dark(const CelMeasurement *m, GError **error)
{
    if (m->n_dark_frames == 0)
        return NULL;
    return spectrum_of_rows(m, m->dark_frames, m->n_dark_frames, error);
}
