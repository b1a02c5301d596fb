/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-baseline.h"

#include "base/cel-error.h"
#include "process/baseline-extend.h"

#include <glib/gi18n-lib.h>

/* Indices of the corners so far. */
typedef struct {
    gsize *at, n;
} Corners;

/* > 0: c lies left of the line from a to b, so b is a corner of the lower hull. */
static double turn(const double *x, const double *y, gsize a, gsize b, gsize c)
{
    return (x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a]);
}

/* Andrew's monotone chain (1979, Inf. Process. Lett. 9, 216) over first .. end - 1; appends. */
static void lower_hull(const CelBaselineData *data, const double *y, gsize first, gsize end,
                       Corners *corners)
{
    gsize *at = corners->at + corners->n, n = 0;
    for (gsize i = first; i < end; i++) {
        if (data->mask != NULL && data->mask[i] != 0)
            continue;
        while (n >= 2 && !(turn(data->x, y, at[n - 2], at[n - 1], i) > 0.0))
            n--;
        at[n++] = i;
    }
    corners->n += n;
}

static double *moving_mean(const double *y, gsize n, gsize s)
{
    g_autofree double *wide = cel_baseline_extend(y, n, s);
    double *out = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        double sum = 0.0;
        for (gsize k = 0; k <= 2 * s; k++)
            sum += wide[i + k];
        out[i] = sum / (double)(2 * s + 1);
    }
    return out;
}

/* What the hull is taken of: NULL when every sample is masked. A masked value has no part in the
 * mean of its neighbours either. */
static double *hull_data(const CelBaselineData *data, gsize s)
{
    g_autofree double *y = g_memdup2(data->y, data->n * sizeof *y);
    if (s == 0)
        return g_steal_pointer(&y);
    return cel_baseline_bridge(data->mask, y, data->n) ? moving_mean(y, data->n, s) : NULL;
}

/* Straight between the corners, and straight on beyond the first and last one. */
static void interpolate(const CelBaselineData *data, const double *y, const Corners *corners,
                        double *restrict out)
{
    const double *x = data->x;
    gsize i = 0;
    for (gsize k = 0; k + 1 < corners->n; k++) {
        const gsize a = corners->at[k], b = corners->at[k + 1];
        const gsize end = k + 2 < corners->n ? b + 1 : data->n;
        const double rise = y[b] - y[a], width = x[b] - x[a], from = x[a], base = y[a];
        for (; i < end; i++)
            out[i] = base + (x[i] - from) / width * rise;
        out[b] = y[b];
    }
}

static gboolean check(const CelBaselineData *data, gsize segments, gsize s, GError **error)
{
    if (segments >= 1 && data->n / segments >= 2 && 2 * s + 1 <= data->n)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("%" G_GSIZE_FORMAT " samples cannot be cut into %" G_GSIZE_FORMAT " parts and "
                  "smoothed over %" G_GSIZE_FORMAT ". Choose fewer parts or less smoothing."),
                data->n, segments, 2 * s + 1);
    return FALSE;
}

gboolean cel_baseline_rubberband(const CelBaselineData *data, gsize segments,
                                 gsize smooth_half_window, double *out, GError **error)
{
    if (!check(data, segments, smooth_half_window, error))
        return FALSE;
    g_autofree double *y = hull_data(data, smooth_half_window);
    g_autofree gsize *at = g_new(gsize, data->n);
    Corners corners = {.at = at};
    for (gsize s = 0; y != NULL && s < segments; s++)
        lower_hull(data, y, s * data->n / segments, (s + 1) * data->n / segments, &corners);
    if (corners.n < 2) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("Fewer than two samples are usable, so there is no background to find."));
        return FALSE;
    }
    interpolate(data, y, &corners, out);
    return TRUE;
}
