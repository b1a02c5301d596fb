/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-detector.h"

#include "base/cel-error.h"
#include "process/cel-select.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

enum { MIN_DARKS = 5, MIN_FRAMES = 3, MIN_PIXELS = 64, HALF_WINDOW = 15, HALF_BAND = 2 };
static const double HOT_SIGMAS = 6.0, HOT_NOISES = 2.0, ROBUST = 1.4826;
static const double DEAD_SHARE = 0.1, DEAD_LIGHT = 50.0;
/* One in 10 million of the normal distribution. */
static const double NOISY_SIGMAS = 5.2;

void cel_pixel_map_clear(CelPixelMap *map)
{
    g_clear_pointer(&map->flags, g_free);
}

/* ---- the map ---- */

static double median_of(const double *values, gsize n)
{
    g_autofree double *copy = g_memdup2(values, n * sizeof(double));
    return cel_median(copy, n);
}

static void mean_and_variance(const double *rows, gsize n, gsize n_pixels, double *mean,
                              double *variance)
{
    for (gsize p = 0; p < n_pixels; p++) {
        mean[p] = gsl_stats_mean(rows + p, n_pixels, n);
        if (variance != NULL)
            variance[p] = gsl_stats_variance_m(rows + p, n_pixels, n, mean[p]);
    }
}

/* Median of the pixels around @p, itself among them. */
static double around(const double *values, gsize n, gsize p)
{
    const gsize first = p > HALF_WINDOW ? p - HALF_WINDOW : 0;
    const gsize last = MIN(p + HALF_WINDOW + 1, n);
    return median_of(values + first, last - first);
}

static void flag(CelPixelMap *map, gsize p, guint *count)
{
    *count += map->flags[p] == 0 ? 1 : 0;
    map->flags[p] = CEL_PIXEL_BAD;
}

static void flag_hot(const double *dark, CelPixelMap *map)
{
    const gsize n = map->n_pixels;
    g_autofree double *above = g_new(double, n), *size = g_new(double, n);
    for (gsize p = 0; p < n; p++) {
        above[p] = dark[p] - around(dark, n, p);
        size[p] = fabs(above[p]);
    }
    const double sigma = ROBUST * cel_median(size, n);
    for (gsize p = 0; p < n; p++) {
        if (above[p] > HOT_SIGMAS * sigma && above[p] > HOT_NOISES * map->read_noise_counts)
            flag(map, p, &map->n_hot);
    }
}

static void flag_noisy(const double *variance, gsize n_frames, CelPixelMap *map)
{
    const double freedom = (double)(n_frames - 1), t = 2.0 / (9.0 * freedom);
    const double top = pow(1.0 - t + NOISY_SIGMAS * sqrt(t), 3.0), middle = pow(1.0 - t, 3.0);
    const double limit = median_of(variance, map->n_pixels) * top / middle;
    for (gsize p = 0; p < map->n_pixels && limit > 0.0; p++) {
        if (variance[p] > limit)
            flag(map, p, &map->n_noisy);
    }
}

static void flag_dead(const CelMeasurement *m, const double *dark, CelPixelMap *map)
{
    const gsize n = map->n_pixels;
    g_autofree double *light = g_new(double, n);
    if (m->n_frames == 0)
        return;
    mean_and_variance(m->frames, m->n_frames, n, light, NULL);
    for (gsize p = 0; p < n; p++)
        light[p] -= dark[p];
    for (gsize p = 0; p < n; p++) {
        const double level = around(light, n, p);
        if (level > DEAD_LIGHT * map->read_noise_counts && light[p] < DEAD_SHARE * level)
            flag(map, p, &map->n_dead);
    }
}

gboolean cel_pixel_map_make(const CelMeasurement *m, CelPixelMap *out, GError **error)
{
    *out = (CelPixelMap){.n_pixels = m->n_pixels};
    if (m->n_dark_frames < MIN_DARKS || m->n_pixels < MIN_PIXELS) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("A map of bad pixels needs at least %d dark frames of at least %d pixels; "
                      "take more darks"),
                    MIN_DARKS, MIN_PIXELS);
        return FALSE;
    }
    g_autofree double *dark = g_new(double, m->n_pixels), *variance = g_new(double, m->n_pixels);
    mean_and_variance(m->dark_frames, m->n_dark_frames, m->n_pixels, dark, variance);
    out->flags = g_new0(guint8, m->n_pixels);
    out->dark_counts = median_of(dark, m->n_pixels);
    out->read_noise_counts = sqrt(median_of(variance, m->n_pixels));
    flag_hot(dark, out);
    flag_noisy(variance, m->n_dark_frames, out);
    flag_dead(m, dark, out);
    return TRUE;
}

/* ---- signal to noise ---- */

static double frame_noise(const CelMeasurement *m, gsize at)
{
    const gsize first = at > HALF_BAND ? at - HALF_BAND : 0;
    const gsize last = MIN(at + HALF_BAND + 1, m->n_pixels);
    double squares = 0.0;
    for (gsize p = first; p < last; p++) {
        for (gsize f = 1; f < m->n_frames; f++) {
            const double d = m->frames[f * m->n_pixels + p] - m->frames[(f - 1) * m->n_pixels + p];
            squares += d * d;
        }
    }
    return sqrt(squares / (2.0 * (double)((m->n_frames - 1) * (last - first))));
}

gboolean cel_signal_to_noise(const CelMeasurement *m, double low_cm1, double high_cm1,
                             double *out_snr, GError **error)
{
    g_autoptr(CelSpectrum) mean = cel_measurement_spectrum(m, -1, error);
    if (mean == NULL)
        return FALSE;
    const CelAxis *axis = cel_spectrum_axis(mean);
    const double *x = cel_spectrum_x(mean), *y = cel_spectrum_y(mean);
    const guint8 *mask = cel_spectrum_mask(mean);
    const gsize first = cel_axis_nearest(axis, low_cm1), last = cel_axis_nearest(axis, high_cm1);
    gsize at = first;
    double height = 0.0;
    gboolean clean = TRUE;
    for (gsize i = first; i <= last && last > first; i++) {
        const double t = (x[i] - x[first]) / (x[last] - x[first]);
        const double above = y[i] - (y[first] + t * (y[last] - y[first]));
        clean = clean && (mask == NULL || (mask[i] & CEL_MASK_SATURATED) == 0);
        at = above > height ? i : at;
        height = MAX(height, above);
    }
    const double noise = m->n_frames >= MIN_FRAMES ? frame_noise(m, at) : 0.0;
    if (cel_axis_unit(axis) == CEL_UNIT_SHIFT_CM1 && last > first + 2 && clean && noise > 0.0) {
        *out_snr = height / noise;
        return TRUE;
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("Signal to noise needs at least %d frames on Raman shifts that are not saturated "
                  "between %g and %g cm-1; measure again"),
                MIN_FRAMES, low_cm1, high_cm1);
    return FALSE;
}
