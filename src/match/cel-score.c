/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-score.h"

#include <math.h>
#include <string.h>

double cel_score_cosine(const double *a, const double *b, gsize n)
{
    double ab = 0, aa = 0, bb = 0;
    for (gsize i = 0; i < n; i++) {
        ab += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

static double mean(const double *values, gsize n)
{
    double sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += values[i];
    return n > 0 ? sum / (double)n : 0;
}

double cel_score_pearson(const double *a, const double *b, gsize n)
{
    const double mean_a = mean(a, n), mean_b = mean(b, n);
    double ab = 0, aa = 0, bb = 0;
    for (gsize i = 0; i < n; i++) {
        const double da = a[i] - mean_a, db = b[i] - mean_b;
        ab += da * db;
        aa += da * da;
        bb += db * db;
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

enum { WINDOW = 2 * CEL_SCORE_SLOPE_MOST + 1 };

/* The derivative at offset @at of the least-squares cubic through 2 @half + 1 samples, as weights
 * of the samples. Gram polynomials 1, x, x^2 - m(m+1)/3, x^3 - (3m^2+3m-1)/5 x are orthogonal over
 * -m..m (Gorry 1990, Anal. Chem. 62, 570). */
static void slope_weights(int half, double at, double weights[WINDOW])
{
    const double m = half, b = m * (m + 1) / 3, c = (3 * m * m + 3 * m - 1) / 5;
    double norm[3] = {0, 0, 0};
    for (int k = -half; k <= half; k++) {
        const double x = k, p[3] = {x, x * x - b, x * x * x - c * x};
        for (int j = 0; j < 3; j++)
            norm[j] += p[j] * p[j];
    }
    const double slope[3] = {1, 2 * at, 3 * at * at - c};
    for (int k = -half; k <= half; k++) {
        const double x = k, p[3] = {x, x * x - b, x * x * x - c * x};
        weights[k + half] =
            slope[0] * p[0] / norm[0] + slope[1] * p[1] / norm[1] + slope[2] * p[2] / norm[2];
    }
}

static double weighted(const double weights[WINDOW], guint n, const double *y)
{
    double sum = 0;
    for (guint k = 0; k < n; k++)
        sum += weights[k] * y[k];
    return sum;
}

void cel_score_slope(const double *y, gsize n, guint half, double *out)
{
    const guint window = 2 * half + 1;
    g_return_if_fail(half >= 2 && half <= CEL_SCORE_SLOPE_MOST && n >= window);
    double weights[WINDOW];
    slope_weights((int)half, 0, weights);
    for (gsize i = half; i + half < n; i++)
        out[i] = weighted(weights, window, y + i - half);
    for (guint k = 0; k < half; k++) {
        slope_weights((int)half, (double)k - half, weights);
        out[k] = weighted(weights, window, y);
        slope_weights((int)half, (double)k + 1, weights);
        out[n - half + k] = weighted(weights, window, y + n - window);
    }
}

/* Sums over 2 @half + 1 samples around each; nothing beyond the ends. */
static void running_sums(const double *y, gsize n, guint half, double *out)
{
    double sum = 0;
    for (gsize i = 0; i < n && i < half; i++)
        sum += y[i];
    for (gsize i = 0; i < n; i++) {
        if (i + half < n)
            sum += y[i + half];
        if (i > half)
            sum -= y[i - half - 1];
        out[i] = sum;
    }
}

void cel_score_local_mean(double *y, gsize n, guint half)
{
    g_autofree double *room = g_new(double, 3 * n);
    double *weight = room + n, *other = room + 2 * n;
    for (gsize i = 0; i < n; i++)
        weight[i] = 1;
    for (int pass = 0; pass < 3; pass++) {
        running_sums(y, n, half, room);
        running_sums(weight, n, half, other);
        memcpy(y, room, n * sizeof *y);
        memcpy(weight, other, n * sizeof *y);
    }
    for (gsize i = 0; i < n; i++)
        y[i] /= weight[i];
}

/* Four sums side by side: the compiler may not reorder float sums by itself, and GCC's and clang's
 * vector type says the order we mean. */
typedef float Lanes __attribute__((vector_size(16)));
enum { LANES = 4, UNROLL = 4 };

static inline Lanes load(const float *values)
{
    Lanes lanes;
    memcpy(&lanes, values, sizeof lanes);
    return lanes;
}

static double total(const Lanes sums[UNROLL])
{
    double sum = 0;
    for (int u = 0; u < UNROLL; u++)
        for (int lane = 0; lane < LANES; lane++)
            sum += (double)sums[u][lane];
    return sum;
}

double cel_score_dot(const float *a, const float *b, gsize n)
{
    Lanes ab[UNROLL] = {{0}};
    gsize i = 0;
    for (; i + LANES * UNROLL <= n; i += LANES * UNROLL)
        for (gsize u = 0; u < UNROLL; u++)
            ab[u] += load(a + i + u * LANES) * load(b + i + u * LANES);
    double rest = 0;
    for (; i < n; i++)
        rest += (double)a[i] * (double)b[i];
    return total(ab) + rest;
}
