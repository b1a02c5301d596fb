/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-baseline.h"

#include "base/cel-error.h"
#include "process/baseline-extend.h"

#include <glib/gi18n-lib.h>

/* > 0: c lies left of the line from a to b, so b is a corner of the lower hull. */
static double turn(const double *x, const double *y, gsize a, gsize b, gsize c)
{
    return (x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a]);
}

/* Andrew's monotone chain (1979, Inf. Process. Lett. 9, 216) over first .. end - 1; appends. */
static void lower_hull(const CelBaselineData *data, const double *y, gsize first, gsize end,
                       GArray *corners)
{
    const guint start = corners->len;
    for (gsize i = first; i < end; i++) {
        if (data->mask != NULL && data->mask[i] != 0)
            continue;
        while (corners->len >= start + 2 &&
               !(turn(data->x, y, g_array_index(corners, gsize, corners->len - 2),
                      g_array_index(corners, gsize, corners->len - 1), i) > 0.0))
            g_array_set_size(corners, corners->len - 1);
        g_array_append_val(corners, i);
    }
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
static void interpolate(const double *x, const double *y, const GArray *corners, gsize n,
                        double *out)
{
    guint k = 0;
    for (gsize i = 0; i < n; i++) {
        while (k + 2 < corners->len && i > g_array_index(corners, gsize, k + 1))
            k++;
        const gsize a = g_array_index(corners, gsize, k), b = g_array_index(corners, gsize, k + 1);
        const double t = (x[i] - x[a]) / (x[b] - x[a]);
        out[i] = i == b ? y[b] : y[a] + t * (y[b] - y[a]);
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
    g_autoptr(GArray) corners = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (gsize s = 0; y != NULL && s < segments; s++)
        lower_hull(data, y, s * data->n / segments, (s + 1) * data->n / segments, corners);
    if (corners->len < 2) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("Fewer than two samples are usable, so there is no background to find."));
        return FALSE;
    }
    interpolate(data->x, y, corners, data->n, out);
    return TRUE;
}
