/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-noise.h"

#include "process/cel-select.h"

#include <math.h>
#include <string.h>

/* A region without light reads the same value again and again: it must not outweigh all others. */
#define LEAST_OF_MEDIAN 0.03

static double median(const double *values, gsize n)
{
    g_autofree double *room = g_memdup2(values, n * sizeof *values);
    return cel_select(room, n, n / 2);
}

/* Mean over 2 * half + 1 samples, fewer at the ends. */
static void box(double *y, gsize n, gsize half)
{
    g_autofree double *sum = g_new(double, n + 1);
    sum[0] = 0;
    for (gsize i = 0; i < n; i++)
        sum[i + 1] = sum[i] + y[i];
    for (gsize i = 0; i < n; i++) {
        const gsize from = i > half ? i - half : 0, to = MIN(i + half + 1, n);
        y[i] = (sum[to] - sum[from]) / (double)(to - from);
    }
}

/* Three boxes are a bell to a few per cent, at a cost that does not grow with its width: the
 * variance of one is half (half + 1) / 3. */
static void smooth_widely(double *y, gsize n, double sigma)
{
    const gsize half = (gsize)(0.5 * (sqrt(1 + 4 * sigma * sigma) - 1) + 0.5);
    for (int pass = 0; pass < 3; pass++)
        box(y, n, half);
}

void cel_noise_variance(const double *y, const guint8 *mask, gsize n, double reach, double *out)
{
    g_autofree double *known = g_new0(double, n + 1);
    memset(out, 0, n * sizeof *out);
    for (gsize i = 1; i + 1 < n; i++) {
        if (mask != NULL && (mask[i - 1] | mask[i] | mask[i + 1]) != 0)
            continue;
        const double bend = y[i - 1] - 2 * y[i] + y[i + 1];
        out[i] = bend * bend / 6;
        known[i] = 1;
    }
    smooth_widely(out, n, reach);
    smooth_widely(known, n, reach);
    for (gsize i = 0; i < n; i++)
        out[i] = known[i] > 1e-6 ? out[i] / known[i] : 0;
    const double least = n > 0 ? LEAST_OF_MEDIAN * median(out, n) : 0;
    for (gsize i = 0; i < n; i++)
        out[i] = least > 0 ? MAX(out[i], least) : 1;
}

CelNoiseBell cel_noise_bell(double sigma)
{
    CelNoiseBell bell = {
        .weight = {1}, .whole = 1, .reach = (gsize)MIN(ceil(3.5 * sigma), CEL_NOISE_REACH)};
    for (gsize k = 1; k <= bell.reach; k++) {
        bell.weight[k] = exp(-0.5 * (double)(k * k) / (sigma * sigma));
        bell.whole += 2 * bell.weight[k];
    }
    return bell;
}

/* Mean about sample @i where the bell reaches over an end. */
static double near_end(const CelNoiseBell *bell, const double *in, gsize n, gsize i)
{
    double sum = in[i], weight = 1;
    for (gsize k = 1; k <= bell->reach; k++) {
        if (i >= k) {
            sum += bell->weight[k] * in[i - k];
            weight += bell->weight[k];
        }
        if (i + k < n) {
            sum += bell->weight[k] * in[i + k];
            weight += bell->weight[k];
        }
    }
    return sum / weight;
}

void cel_noise_smooth(double *y, gsize n, double sigma)
{
    if (!(sigma >= 0.1) || n == 0)
        return;
    const CelNoiseBell bell = cel_noise_bell(sigma);
    g_autofree double *in = g_memdup2(y, n * sizeof *y);
    const gsize from = MIN(bell.reach, n), to = MAX(n - from, from);
    for (gsize i = 0; i < from; i++)
        y[i] = near_end(&bell, in, n, i);
    for (gsize i = to; i < n; i++)
        y[i] = near_end(&bell, in, n, i);
    /* weight by weight: neighbours side by side in the processor's registers */
    for (gsize k = 1; k <= bell.reach; k++)
        for (gsize i = from; i < to; i++)
            y[i] += bell.weight[k] * (in[i - k] + in[i + k]);
    for (gsize i = from; i < to; i++)
        y[i] /= bell.whole;
}
