/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ridge lines after Du, Kibbe, Lin 2006, Bioinformatics 22, 2059. */
#include "process/cel-peaks.h"

#include "base/cel-error.h"
#include "process/cel-cwt.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum {
    SCALES_PER_OCTAVE = 8,
    MARGIN_SCALES =
        4,       /* beyond either end of the asked range, so that a best scale can be inside */
    MAX_GAP = 2, /* scales that a ridge may be lost for */
    NOISE_HALF_WINDOW = 128,
};

/* The best scale of a band is where C / sqrt(a) is largest, for a Gaussian of standard deviation s
 * at a = sqrt(2) s (from its closed form a^2 s / (a^2 + s^2)^(3/2)). C itself has its maximum at
 * sqrt(5) s, but a curved background adds a^(5/2) to it and hides that maximum much sooner. */
static const double SD_PER_FWHM = 1.0 / 2.3548200450309493;
static const double SCALE_PER_FWHM = 1.4142135623730951 / 2.3548200450309493;

typedef struct {
    gsize n, n_scales;
    double *scales;
    double *c; /* n_scales rows of n */
} Cwt;

typedef struct {
    gsize at;       /* sample, at the last scale it was seen at */
    guint gap;      /* scales since then */
    GArray *points; /* of Point, from the largest scale down */
} Ridge;

typedef struct {
    gsize scale, sample;
} Point;

static void ridge_free(gpointer data)
{
    Ridge *ridge = data;
    g_array_unref(ridge->points);
    g_free(ridge);
}

static void cwt_init(Cwt *cwt, const CelSpectrum *spectrum, double min_width, double max_width)
{
    const double octaves = log2(max_width / min_width);
    cwt->n = cel_spectrum_length(spectrum);
    cwt->n_scales = (gsize)ceil(octaves * SCALES_PER_OCTAVE) + 1 + 2 * MARGIN_SCALES;
    cwt->scales = g_new(double, cwt->n_scales);
    for (gsize s = 0; s < cwt->n_scales; s++) {
        const double step = ((double)s - MARGIN_SCALES) / SCALES_PER_OCTAVE;
        cwt->scales[s] = SCALE_PER_FWHM * min_width * exp2(step);
    }
    cwt->c = g_new(double, cwt->n * cwt->n_scales);
    cel_cwt_mexican_hat(cel_spectrum_y(spectrum), cwt->n, cwt->scales, cwt->n_scales, cwt->c);
}

static gboolean is_maximum(const double *row, gsize n, gsize i)
{
    return row[i] > 0.0 && (i == 0 || row[i - 1] < row[i]) && (i + 1 == n || row[i + 1] <= row[i]);
}

static GArray *row_maxima(const Cwt *cwt, gsize scale)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(gsize));
    const double *row = cwt->c + scale * cwt->n;
    for (gsize i = 0; i < cwt->n; i++) {
        if (is_maximum(row, cwt->n, i))
            g_array_append_val(out, i);
    }
    return out;
}

static void ridge_add(Ridge *ridge, gsize scale, gsize sample)
{
    const Point point = {scale, sample};
    g_array_append_val(ridge->points, point);
    ridge->at = sample;
    ridge->gap = 0;
}

static void ridge_start(GPtrArray *ridges, gsize scale, gsize sample)
{
    Ridge *ridge = g_new0(Ridge, 1);
    ridge->points = g_array_new(FALSE, FALSE, sizeof(Point));
    ridge_add(ridge, scale, sample);
    g_ptr_array_add(ridges, ridge);
}

static gsize distance(gsize a, gsize b)
{
    return a > b ? a - b : b - a;
}

/* Takes the nearest maximum that no ridge has yet; a maximum moves by less than the scale between
 * two rows. */
static void ridge_extend(Ridge *ridge, const Cwt *cwt, gsize scale, const GArray *maxima,
                         gboolean *taken)
{
    gsize best = maxima->len;
    gsize nearest = MAX(1, (gsize)(0.5 * cwt->scales[scale])) + 1;
    for (gsize k = 0; k < maxima->len; k++) {
        const gsize off = distance(g_array_index(maxima, gsize, k), ridge->at);
        if (!taken[k] && off < nearest) {
            nearest = off;
            best = k;
        }
    }
    if (best == maxima->len) {
        ridge->gap++;
        return;
    }
    taken[best] = TRUE;
    ridge_add(ridge, scale, g_array_index(maxima, gsize, best));
}

static GPtrArray *trace_ridges(const Cwt *cwt)
{
    GPtrArray *ridges = g_ptr_array_new_with_free_func(ridge_free);
    for (gsize scale = cwt->n_scales; scale-- > 0;) {
        g_autoptr(GArray) maxima = row_maxima(cwt, scale);
        g_autofree gboolean *taken = g_new0(gboolean, maxima->len + 1);
        for (guint r = 0; r < ridges->len; r++) {
            Ridge *ridge = ridges->pdata[r];
            if (ridge->gap <= MAX_GAP)
                ridge_extend(ridge, cwt, scale, maxima, taken);
        }
        for (gsize k = 0; k < maxima->len; k++) {
            if (!taken[k])
                ridge_start(ridges, scale, g_array_index(maxima, gsize, k));
        }
    }
    return ridges;
}

static double coefficient(const Cwt *cwt, const Point *point)
{
    return cwt->c[point->scale * cwt->n + point->sample];
}

static double answer(const Cwt *cwt, const Point *point)
{
    return coefficient(cwt, point) / sqrt(cwt->scales[point->scale]);
}

/* The highest maximum along the ridge; its ends do not count: a line that only grows towards them
 * belongs to something broader or narrower than was asked for. */
static const Point *ridge_best(const Ridge *ridge, const Cwt *cwt)
{
    const Point *p = (const Point *)(const void *)ridge->points->data, *best = NULL;
    for (guint i = 1; i + 1 < ridge->points->len; i++) {
        const double a = answer(cwt, &p[i]);
        if (a >= answer(cwt, &p[i - 1]) && a > answer(cwt, &p[i + 1]) &&
            (best == NULL || a > answer(cwt, best)))
            best = &p[i];
    }
    return best;
}

static double local_noise(const CelSpectrum *spectrum, gsize i)
{
    const double *variance = cel_spectrum_variance(spectrum);
    if (variance != NULL && variance[i] > 0.0)
        return sqrt(variance[i]);
    const gsize n = cel_spectrum_length(spectrum);
    const gsize first = i > NOISE_HALF_WINDOW ? i - NOISE_HALF_WINDOW : 0;
    const gsize last = MIN(n, i + NOISE_HALF_WINDOW + 1);
    return cel_peaks_noise(cel_spectrum_y(spectrum) + first, last - first);
}

/* Offset, in steps, of the vertex of the parabola through three equally spaced values. */
static double vertex(double left, double middle, double right)
{
    const double curvature = left - 2.0 * middle + right;
    return curvature < 0.0 ? CLAMP(0.5 * (left - right) / curvature, -0.5, 0.5) : 0.0;
}

/* C of a Gaussian of height 1 and standard deviation s: norm h sqrt(2 pi a) s a^2 / (a^2 +
 * s^2)^(3/2), at a = sqrt(2) s. */
static double unit_coefficient(double fwhm_samples)
{
    const double norm = 2.0 / (sqrt(3.0) * pow(G_PI, 0.25));
    const double scale = SCALE_PER_FWHM * fwhm_samples, s = SD_PER_FWHM * fwhm_samples;
    return norm * sqrt(2.0 * G_PI * scale) * s * scale * scale / pow(scale * scale + s * s, 1.5);
}

static double x_at(const CelSpectrum *spectrum, double sample)
{
    const double *x = cel_spectrum_x(spectrum);
    const gsize i = MIN((gsize)MAX(sample, 0.0), cel_spectrum_length(spectrum) - 2);
    return x[i] + (sample - (double)i) * (x[i + 1] - x[i]);
}

static CelPeak describe(const CelSpectrum *spectrum, const Cwt *cwt, const Point *best)
{
    const gsize i = best->sample, n = cwt->n;
    const double *row = cwt->c + best->scale * n + i;
    const gboolean inside = i > 0 && i + 1 < n;
    const double sample = (double)i + (inside ? vertex(row[-1], row[0], row[1]) : 0.0);
    const double root = exp2(0.5 / SCALES_PER_OCTAVE);
    const double step = vertex(row[-(gssize)n] * root, row[0], row[n] / root) / SCALES_PER_OCTAVE;
    const double width = cwt->scales[best->scale] * exp2(step) / SCALE_PER_FWHM;
    CelPeak peak = {.index = i, .height = cel_spectrum_y(spectrum)[i]};
    peak.position = x_at(spectrum, sample);
    peak.fwhm = x_at(spectrum, sample + 0.5 * width) - x_at(spectrum, sample - 0.5 * width);
    peak.noise = local_noise(spectrum, i);
    peak.u_height = peak.noise;
    peak.prominence = row[0] / unit_coefficient(width);
    return peak;
}

typedef struct {
    double min_snr, floor;
    double min_scale, max_scale;
} Wanted;

static gboolean is_wanted(const CelSpectrum *spectrum, const Cwt *cwt, const Point *best,
                          const Wanted *wanted)
{
    const guint8 *mask = cel_spectrum_mask(spectrum);
    const double scale = cwt->scales[best->scale], c = coefficient(cwt, best);
    if (mask != NULL && mask[best->sample] != 0)
        return FALSE;
    return c > wanted->floor && c >= wanted->min_snr * local_noise(spectrum, best->sample) &&
           scale >= wanted->min_scale && scale <= wanted->max_scale;
}

static gint compare_positions(gconstpointer left, gconstpointer right)
{
    const CelPeak *a = left, *b = right;
    return a->position < b->position ? -1 : a->position > b->position;
}

static gboolean check_widths(const CelSpectrum *spectrum, double min_width, double max_width,
                             GError **error)
{
    if (min_width >= 2.0 && max_width >= min_width &&
        max_width <= (double)cel_spectrum_length(spectrum))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("Peaks from %g to %g samples wide cannot be looked for in this spectrum: give "
                  "widths from 2 samples up to its length of %" G_GSIZE_FORMAT "."),
                min_width, max_width, cel_spectrum_length(spectrum));
    return FALSE;
}

GArray *cel_peaks_find_cwt(const CelSpectrum *spectrum, double min_width, double max_width,
                           double min_snr, GError **error)
{
    if (!check_widths(spectrum, min_width, max_width, error))
        return NULL;
    Cwt cwt = {0};
    cwt_init(&cwt, spectrum, min_width, max_width);
    g_autoptr(GPtrArray) ridges = trace_ridges(&cwt);
    double largest = 0.0;
    for (gsize i = 0; i < cwt.n; i++)
        largest = MAX(largest, fabs(cel_spectrum_y(spectrum)[i]));
    /* half a scale of room at either end; below the floor there is only rounding of the transform
     */
    const double room = exp2(0.5 / SCALES_PER_OCTAVE);
    const Wanted wanted = {min_snr, 1e-10 * largest, SCALE_PER_FWHM * min_width / room,
                           SCALE_PER_FWHM * max_width * room};
    GArray *peaks = g_array_new(FALSE, TRUE, sizeof(CelPeak));
    for (guint r = 0; r < ridges->len; r++) {
        const Point *best = ridge_best(ridges->pdata[r], &cwt);
        if (best == NULL || !is_wanted(spectrum, &cwt, best, &wanted))
            continue;
        const CelPeak peak = describe(spectrum, &cwt, best);
        g_array_append_val(peaks, peak);
    }
    g_array_sort(peaks, compare_positions);
    g_free(cwt.scales);
    g_free(cwt.c);
    return peaks;
}
