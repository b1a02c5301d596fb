/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-residual.h"

#include <math.h>

void cel_residual_clear(CelResidual *residual)
{
    g_clear_pointer(&residual->x, g_free);
    g_clear_pointer(&residual->y, g_free);
    residual->n = 0;
}

static double best_scale(const double *sample, const double *reference, gsize n)
{
    double top = 0.0, bottom = 0.0;
    for (gsize i = 0; i < n; i++) {
        top += sample[i] * reference[i];
        bottom += reference[i] * reference[i];
    }
    return bottom > 0.0 ? top / bottom : 0.0;
}

gboolean cel_residual_init(CelResidual *out, const CelSamples *sample, const CelSamples *reference,
                           double shift_cm1)
{
    double sum = 0.0;
    gsize first = 0, last = sample->n;
    *out = (CelResidual){0};
    while (first < last && sample->x[first] + shift_cm1 < reference->x[0])
        first++;
    while (last > first && sample->x[last - 1] + shift_cm1 > reference->x[reference->n - 1])
        last--;
    const gsize n = last - first;
    if (n < 2)
        return FALSE;
    g_autofree double *at = g_new(double, n);
    g_autofree double *there = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        at[i] = sample->x[first + i] + shift_cm1;
    cel_interpolate(CEL_INTERPOLATE_LINEAR, reference, at, n, there, NULL);
    out->scale = best_scale(sample->y + first, there, n);
    out->x = g_memdup2(sample->x + first, n * sizeof *out->x);
    out->y = g_new(double, n);
    out->n = n;
    for (gsize i = 0; i < n; i++) {
        out->y[i] = sample->y[first + i] - out->scale * there[i];
        sum += out->y[i] * out->y[i];
    }
    out->rms = sqrt(sum / (double)n);
    return TRUE;
}
