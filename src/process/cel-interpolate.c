/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-interpolate.h"

#include <math.h>

gsize cel_interval(const double *x, gsize n, double at)
{
    gsize low = 0, high = n - 1;
    while (high - low > 1) {
        const gsize middle = low + (high - low) / 2;
        if (x[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Slope of the chord from sample i to i + 1. */
static double chord(const double *x, const double *y, gsize i)
{
    return (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
}

/* The cubic with values y[i], y[i + 1] and slopes @left, @right there. */
static double hermite(const double *x, const double *y, gsize i, double at, const double slopes[2])
{
    const double h = x[i + 1] - x[i], t = (at - x[i]) / h, u = 1.0 - t;
    return u * u * (1.0 + 2.0 * t) * y[i] + t * t * (1.0 + 2.0 * u) * y[i + 1] +
           h * t * u * (u * slopes[0] - t * slopes[1]);
}

/* One-sided three-point slope that keeps the shape; m0, h0 of the outermost interval. */
static double pchip_end(double h0, double h1, double m0, double m1)
{
    const double slope = ((2.0 * h0 + h1) * m0 - h0 * m1) / (h0 + h1);
    if (slope * m0 <= 0.0)
        return 0.0;
    if (m0 * m1 <= 0.0 && fabs(slope) > 3.0 * fabs(m0))
        return 3.0 * m0;
    return slope;
}

static double pchip_slope(const double *x, const double *y, gsize n, gsize i)
{
    if (i == 0)
        return pchip_end(x[1] - x[0], x[2] - x[1], chord(x, y, 0), chord(x, y, 1));
    if (i == n - 1)
        return pchip_end(x[n - 1] - x[n - 2], x[n - 2] - x[n - 3], chord(x, y, n - 2),
                         chord(x, y, n - 3));
    const double before = chord(x, y, i - 1), after = chord(x, y, i);
    if (before * after <= 0.0)
        return 0.0;
    const double h0 = x[i] - x[i - 1], h1 = x[i + 1] - x[i];
    const double w0 = 2.0 * h1 + h0, w1 = h1 + 2.0 * h0;
    return (w0 + w1) / (w0 / before + w1 / after);
}

/* Chord @k, continued beyond the ends so that its differences stay the same (Akima 1970, 2.3). */
static double akima_chord(const double *x, const double *y, gsize n, gssize k)
{
    const gssize last = (gssize)n - 2;
    if (k < 0)
        return (double)(1 - k) * chord(x, y, 0) + (double)k * chord(x, y, 1);
    if (k > last)
        return (double)(1 + k - last) * chord(x, y, (gsize)last) -
               (double)(k - last) * chord(x, y, (gsize)last - 1);
    return chord(x, y, (gsize)k);
}

/* @tie: weights up to this count as zero, and the slope is the mean of both neighbours. */
static double akima_slope(const CelSamples *s, const double *y, gsize i, double tie)
{
    double m[4];
    for (gssize k = 0; k < 4; k++)
        m[k] = akima_chord(s->x, y, s->n, (gssize)i - 2 + k);
    const double after = fabs(m[3] - m[2]), before = fabs(m[1] - m[0]);
    if (after + before <= tie)
        return 0.5 * (m[1] + m[2]);
    return (after * m[1] + before * m[2]) / (after + before);
}

/* Rounding of equal chords must not decide: a sum of weights below 1e-9 of the largest is a tie. */
static double akima_tie(const CelSamples *s)
{
    double largest = 0.0;
    for (gssize i = 0; i < (gssize)s->n; i++) {
        const double after =
            akima_chord(s->x, s->y, s->n, i + 1) - akima_chord(s->x, s->y, s->n, i);
        const double before =
            akima_chord(s->x, s->y, s->n, i - 1) - akima_chord(s->x, s->y, s->n, i - 2);
        largest = MAX(largest, fabs(after) + fabs(before));
    }
    return 1e-9 * largest;
}

typedef struct {
    CelInterpolation kind;
    double tie;
} Local;

static double local_value(const Local *local, const CelSamples *s, const double *y, gsize i,
                          double at)
{
    double slopes[2];
    for (gsize k = 0; k < 2; k++) {
        slopes[k] = local->kind == CEL_INTERPOLATE_PCHIP ? pchip_slope(s->x, y, s->n, i + k)
                                                         : akima_slope(s, y, i + k, local->tie);
    }
    return hermite(s->x, y, i, at, slopes);
}

/* Reach of the slopes: Akima's look two samples beyond the interval. */
static double local_variance(const Local *local, const CelSamples *s, double *y, gsize i, double at)
{
    double sum = 0.0;
    for (gsize j = i > 2 ? i - 2 : 0; j <= MIN(i + 3, s->n - 1); j++) {
        const double sd = sqrt(s->variance[j]), kept = y[j];
        y[j] = kept + sd;
        const double above = local_value(local, s, y, i, at);
        y[j] = kept - sd;
        const double below = local_value(local, s, y, i, at);
        y[j] = kept;
        sum += 0.25 * (above - below) * (above - below);
    }
    return sum;
}

static void interpolate_local(CelInterpolation kind, const CelSamples *s, const double *at,
                              gsize n_at, double *out_y, double *out_variance)
{
    const Local local = {.kind = kind, .tie = akima_tie(s)};
    g_autofree double *y = g_memdup2(s->y, s->n * sizeof *y);
    for (gsize k = 0; k < n_at; k++) {
        const gsize i = cel_interval(s->x, s->n, at[k]);
        out_y[k] = local_value(&local, s, y, i, at[k]);
        if (out_variance != NULL)
            out_variance[k] = local_variance(&local, s, y, i, at[k]);
    }
}

/* The equations of a cubic spline for its slopes at the samples: tridiagonal, no pivoting
 * needed. */
typedef struct {
    double *lower, *pivot, *upper; /* pivot and lower already eliminated */
    gboolean natural;
} Spline;

static void spline_rows(const CelSamples *s, Spline *spline)
{
    const double *x = s->x;
    const gsize n = s->n;
    for (gsize i = 1; i + 1 < n; i++) {
        spline->lower[i] = x[i + 1] - x[i];
        spline->pivot[i] = 2.0 * (x[i + 1] - x[i - 1]);
        spline->upper[i] = x[i] - x[i - 1];
    }
    spline->pivot[0] = spline->natural ? 2.0 : x[2] - x[1];
    spline->upper[0] = spline->natural ? 1.0 : x[2] - x[0];
    spline->pivot[n - 1] = spline->natural ? 2.0 : x[n - 2] - x[n - 3];
    spline->lower[n - 1] = spline->natural ? 1.0 : x[n - 1] - x[n - 3];
}

static void spline_factor(const CelSamples *s, Spline *spline)
{
    spline_rows(s, spline);
    for (gsize i = 1; i < s->n; i++) {
        spline->lower[i] /= spline->pivot[i - 1];
        spline->pivot[i] -= spline->lower[i] * spline->upper[i - 1];
    }
}

/* Not a knot: the third derivative does not jump at the second sample; @h0 is the outer
 * interval. */
static double not_a_knot_side(double h0, double h1, double m0, double m1)
{
    return ((h0 + 2.0 * (h0 + h1)) * h1 * m0 + h0 * h0 * m1) / (h0 + h1);
}

static double spline_side(const CelSamples *s, const Spline *spline, const double *y, gsize i)
{
    const double *x = s->x;
    const gsize n = s->n;
    if (i > 0 && i + 1 < n)
        return 3.0 * ((x[i + 1] - x[i]) * chord(x, y, i - 1) + (x[i] - x[i - 1]) * chord(x, y, i));
    const gsize outer = i == 0 ? 0 : n - 2, inner = i == 0 ? 1 : n - 3;
    if (spline->natural)
        return 3.0 * chord(x, y, outer);
    return not_a_knot_side(x[outer + 1] - x[outer], x[inner + 1] - x[inner], chord(x, y, outer),
                           chord(x, y, inner));
}

/* Slopes at the samples first..end - 1; outside, the right sides must be negligible. */
static void spline_slopes(const CelSamples *s, const Spline *spline, const double *y, gsize first,
                          gsize end, double *slopes)
{
    for (gsize i = first; i < end; i++) {
        slopes[i] = spline_side(s, spline, y, i);
        if (i > first)
            slopes[i] -= spline->lower[i] * slopes[i - 1];
    }
    slopes[end - 1] /= spline->pivot[end - 1];
    for (gsize i = end - 1; i-- > first;)
        slopes[i] = (slopes[i] - spline->upper[i] * slopes[i + 1]) / spline->pivot[i];
}

/* The rows are diagonally dominant by a factor of 2, so the influence of a sample at least halves
 * from one sample to the next (even spacing: 2 + sqrt 3); its square is below 1e-24 after this
 * many. */
enum { SPLINE_REACH = 40 };

/* Adds to @out_variance what the variance of sample @j does at the places @at[first_at..end_at). */
static void spline_add_variance(const CelSamples *s, const Spline *spline, double *unit,
                                double *slopes, gsize j, const double *at, gsize n_at,
                                gsize *first_at, double *out_variance)
{
    const gsize first = j > SPLINE_REACH ? j - SPLINE_REACH : 0;
    const gsize end = MIN(j + SPLINE_REACH + 1, s->n);
    unit[j] = 1.0;
    spline_slopes(s, spline, unit, first, end, slopes);
    while (*first_at < n_at && at[*first_at] < s->x[first])
        ++*first_at;
    for (gsize k = *first_at; k < n_at && at[k] <= s->x[end - 1]; k++) {
        const gsize i = MIN(cel_interval(s->x, s->n, at[k]), end - 2);
        const double weight = hermite(s->x, unit, i, at[k], &slopes[i]);
        out_variance[k] += weight * weight * s->variance[j];
    }
    unit[j] = 0.0;
}

static void interpolate_spline(gboolean natural, const CelSamples *s, const double *at, gsize n_at,
                               double *out_y, double *out_variance)
{
    g_autofree double *lower = g_new0(double, s->n), *pivot = g_new0(double, s->n);
    g_autofree double *upper = g_new0(double, s->n), *slopes = g_new0(double, s->n);
    Spline spline = {.lower = lower, .pivot = pivot, .upper = upper, .natural = natural};
    spline_factor(s, &spline);
    spline_slopes(s, &spline, s->y, 0, s->n, slopes);
    for (gsize k = 0; k < n_at; k++) {
        const gsize i = cel_interval(s->x, s->n, at[k]);
        out_y[k] = hermite(s->x, s->y, i, at[k], &slopes[i]);
        if (out_variance != NULL)
            out_variance[k] = 0.0;
    }
    g_autofree double *unit = g_new0(double, s->n);
    gsize first_at = 0;
    for (gsize j = 0; out_variance != NULL && j < s->n; j++)
        spline_add_variance(s, &spline, unit, slopes, j, at, n_at, &first_at, out_variance);
}

static void interpolate_linear(const CelSamples *s, const double *at, gsize n_at, double *out_y,
                               double *out_variance)
{
    for (gsize k = 0; k < n_at; k++) {
        const gsize i = cel_interval(s->x, s->n, at[k]);
        const double t = (at[k] - s->x[i]) / (s->x[i + 1] - s->x[i]), u = 1.0 - t;
        out_y[k] = u * s->y[i] + t * s->y[i + 1];
        if (out_variance != NULL)
            out_variance[k] = u * u * s->variance[i] + t * t * s->variance[i + 1];
    }
}

void cel_interpolate(CelInterpolation kind, const CelSamples *samples, const double *at, gsize n_at,
                     double *out_y, double *out_variance)
{
    g_return_if_fail(samples->n >= 4);
    switch (kind) {
    case CEL_INTERPOLATE_LINEAR:
        interpolate_linear(samples, at, n_at, out_y, out_variance);
        break;
    case CEL_INTERPOLATE_NOT_A_KNOT:
    case CEL_INTERPOLATE_NATURAL:
        interpolate_spline(kind == CEL_INTERPOLATE_NATURAL, samples, at, n_at, out_y, out_variance);
        break;
    case CEL_INTERPOLATE_PCHIP:
    case CEL_INTERPOLATE_AKIMA:
        interpolate_local(kind, samples, at, n_at, out_y, out_variance);
        break;
    }
}

/* Integral of the hat function of sample @j over @low..@high, one side: the part between sample @j
 * and its neighbour @other. */
static double hat_part(const double *x, gsize j, gsize other, double low, double high)
{
    const double a = MAX(low, MIN(x[j], x[other])), b = MIN(high, MAX(x[j], x[other]));
    if (b <= a)
        return 0.0;
    const double middle = 0.5 * (a + b);
    return (b - a) * (x[other] - middle) / (x[other] - x[j]);
}

void cel_interpolate_mean(const CelSamples *samples, double half, const double *at, gsize n_at,
                          double *out_y, double *out_variance)
{
    const double *x = samples->x;
    const gsize n = samples->n;
    for (gsize k = 0; k < n_at; k++) {
        const double low = at[k] - half, high = at[k] + half;
        double sum = 0.0, spread = 0.0;
        for (gsize j = cel_interval(x, n, low); j < n && (j == 0 || x[j - 1] < high); j++) {
            const double weight = ((j > 0 ? hat_part(x, j, j - 1, low, high) : 0.0) +
                                   (j + 1 < n ? hat_part(x, j, j + 1, low, high) : 0.0)) /
                                  (2.0 * half);
            sum += weight * samples->y[j];
            spread += samples->variance != NULL ? weight * weight * samples->variance[j] : 0.0;
        }
        out_y[k] = sum;
        if (out_variance != NULL)
            out_variance[k] = spread;
    }
}
