/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-peaks.h"

#include "process/cel-peakfind.h"
#include "process/cel-select.h"

#include <math.h>

/* 1 / Phi^-1(3/4): turns the median absolute value of normal deviates into their standard
 * deviation. */
static const double SD_OF_MEDIAN_ABSOLUTE = 1.482602218505602;

double cel_peaks_noise(const double *y, gsize n)
{
    if (n < 3)
        return 0.0;
    g_autofree double *second = g_new(double, n - 2);
    for (gsize i = 0; i + 2 < n; i++)
        second[i] = fabs(y[i] - 2.0 * y[i + 1] + y[i + 2]);
    double median = cel_median(second, n - 2);
    if (!(median > 0.0)) {
        /* more than half are exactly zero (padding, coarse quantisation): the others tell */
        gsize kept = 0;
        for (gsize i = 0; i + 2 < n; i++) {
            const double value = fabs(y[i] - 2.0 * y[i + 1] + y[i + 2]);
            if (value > 0.0)
                second[kept++] = value;
        }
        median = kept > 0 ? cel_median(second, kept) : 0.0;
    }
    /* the variance of a second difference of white noise is 1 + 4 + 1 times that of a sample */
    return SD_OF_MEDIAN_ABSOLUTE * median / sqrt(6.0);
}

static double x_at(const double *x, gsize n, double sample)
{
    const gsize i = MIN((gsize)sample, n - 2);
    return x[i] + (sample - (double)i) * (x[i + 1] - x[i]);
}

/* Vertex of the parabola through three samples of any spacing; never further than the neighbours.
 */
static double refine_position(const double *x, const double *y, gsize i)
{
    const double left = x[i - 1] - x[i], right = x[i + 1] - x[i];
    const double rise_left = (y[i - 1] - y[i]) / left, rise_right = (y[i + 1] - y[i]) / right;
    const double curvature = (rise_right - rise_left) / (right - left);
    if (!(curvature < 0.0))
        return x[i];
    const double slope = rise_left - curvature * left;
    return x[i] + CLAMP(-0.5 * slope / curvature, left, right);
}

static gboolean has_clean_neighbours(const guint8 *mask, gsize i)
{
    return mask == NULL || (mask[i - 1] == 0 && mask[i + 1] == 0);
}

static CelPeak describe(const CelSpectrum *spectrum, const CelPeakShape *shape, double noise)
{
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    const double *variance = cel_spectrum_variance(spectrum);
    const gsize n = cel_spectrum_length(spectrum), i = shape->index;
    CelPeak peak = {.index = i, .height = shape->height, .prominence = shape->prominence};
    const gboolean refine = has_clean_neighbours(cel_spectrum_mask(spectrum), i);
    peak.position = refine ? refine_position(x, y, i) : x[i];
    peak.fwhm = x_at(x, n, shape->right_crossing) - x_at(x, n, shape->left_crossing);
    peak.noise = variance != NULL && variance[i] > 0.0 ? sqrt(variance[i]) : noise;
    peak.u_height = peak.noise;
    return peak;
}

GArray *cel_peaks_find(const CelSpectrum *spectrum, const CelPeakOptions *options)
{
    const double *y = cel_spectrum_y(spectrum);
    const gsize n = cel_spectrum_length(spectrum);
    const double noise = cel_peaks_noise(y, n);
    CelPeakOptions asked = *options;
    asked.min_prominence = MAX(asked.min_prominence, options->noise_factor * noise);
    g_autoptr(GArray) shapes = cel_peakfind(y, cel_spectrum_mask(spectrum), n, &asked);
    GArray *peaks = g_array_sized_new(FALSE, TRUE, sizeof(CelPeak), shapes->len);
    for (guint i = 0; i < shapes->len; i++) {
        const CelPeak peak = describe(spectrum, &g_array_index(shapes, CelPeakShape, i), noise);
        g_array_append_val(peaks, peak);
    }
    return peaks;
}
