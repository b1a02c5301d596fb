/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/baseline-extend.h"

typedef struct {
    double mean, slope; /* at the middle of the samples, per sample */
} Line;

static Line fit_line(const double *y, gsize n)
{
    Line line = {0};
    double moment = 0.0, squares = 0.0;
    for (gsize i = 0; i < n; i++)
        line.mean += y[i] / (double)n;
    for (gsize i = 0; i < n; i++) {
        const double t = (double)i - 0.5 * (double)(n - 1);
        moment += t * (y[i] - line.mean);
        squares += t * t;
    }
    line.slope = squares > 0.0 ? moment / squares : 0.0;
    return line;
}

double *cel_baseline_extend(const double *y, gsize n, gsize pad)
{
    double *out = g_new(double, n + 2 * pad);
    const Line left = fit_line(y, pad), right = fit_line(y + n - pad, pad);
    const double middle = 0.5 * ((double)pad - 1.0);
    for (gsize i = 0; i < pad; i++) {
        out[i] = left.mean + left.slope * ((double)i - (double)pad - middle);
        out[pad + n + i] = right.mean + right.slope * ((double)pad + (double)i - middle);
    }
    for (gsize i = 0; i < n; i++)
        out[pad + i] = y[i];
    return out;
}

static void fill(double *y, gsize n, gsize first, gsize end)
{
    const gboolean has_left = first > 0, has_right = end < n;
    for (gsize i = first; i < end; i++) {
        if (has_left && has_right) {
            const double t = (double)(i - first + 1) / (double)(end - first + 1);
            y[i] = y[first - 1] + t * (y[end] - y[first - 1]);
        } else {
            y[i] = has_left ? y[first - 1] : y[end];
        }
    }
}

gboolean cel_baseline_bridge(const guint8 *mask, double *y, gsize n)
{
    for (gsize i = 0; mask != NULL && i < n; i++) {
        gsize end = i;
        while (end < n && mask[end] != 0)
            end++;
        if (end == i)
            continue;
        if (i == 0 && end == n)
            return FALSE;
        fill(y, n, i, end);
        i = end;
    }
    return TRUE;
}
