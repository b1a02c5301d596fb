/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-baseline.h"

#include "base/cel-error.h"
#include "process/baseline-extend.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What a sample is compared with: the mean of its neighbours at distance w; for order 4 also the
 * parabola's prediction (Morhac et al. 1997), the larger of the two. */
static double candidate(const double *z, gsize i, gsize w, guint order)
{
    const double outer = z[i - w] + z[i + w];
    const double second = 0.5 * outer;
    if (order < 4)
        return second;
    const double inner = z[i - w / 2] + z[i + w / 2];
    return fmax(second, (4.0 * inner - outer) / 6.0);
}

/* Moving mean of 2 s + 1 samples, reflected at the ends. */
static double mean_around(const double *z, gsize n, gsize i, gsize s)
{
    double sum = 0.0;
    for (gsize k = 0; k <= 2 * s; k++) {
        const gsize at = i + k; /* s too far to the right */
        const gsize left = at < s ? s - at - 1 : at - s;
        sum += z[left < n ? left : 2 * n - 1 - left];
    }
    return sum / (double)(2 * s + 1);
}

/* One window, all samples at once: the new values are made from the old ones only. */
static void pass(const double *z, gsize n, gsize w, const CelSnipOptions *options, double *out)
{
    const gsize smooth = options->smooth_half_window;
    for (gsize i = w; i + w < n; i++) {
        const double limit = candidate(z, i, w, options->order);
        if (z[i] > limit)
            out[i] = limit;
        else
            out[i] = smooth > 0 ? mean_around(z, n, i, smooth) : z[i];
    }
}

/* One window of the usual case: n samples z give out. */
typedef struct {
    const double *z;
    gsize n, w;
    double *out;
} Pass;

#define CEL_LANES_BODY "process/baseline-snip-body.h"
#include "process/cel-lanes-forms.h"
CEL_LANES_DISPATCH(plain_pass, Pass *)

/* Returns: the one of @z and @other that holds the result. */
static double *clip_all(double *z, double *other, gsize n, const CelSnipOptions *options)
{
    const gsize largest = options->max_half_window;
    for (gsize k = 1; k <= largest; k++) {
        const gsize w = options->increasing ? k : largest + 1 - k;
        if (options->order == 2 && options->smooth_half_window == 0)
            plain_pass(&(Pass){z, n, w, other});
        else
            pass(z, n, w, options, other);
        for (gsize i = 0; i < w; i++) {
            other[i] = z[i];
            other[n - 1 - i] = z[n - 1 - i];
        }
        double *old = z;
        z = other;
        other = old;
    }
    return z;
}

gboolean cel_baseline_snip(const CelBaselineData *data, const CelSnipOptions *options, double *out,
                           GError **error)
{
    const gsize w = options->max_half_window;
    if (w < 1 || 2 * w + 1 > data->n || 2 * options->smooth_half_window + 1 > data->n) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("A clipping window of %" G_GSIZE_FORMAT
                      " samples to either side does not fit "
                      "into %" G_GSIZE_FORMAT " samples. Choose a smaller one."),
                    w, data->n);
        return FALSE;
    }
    g_autofree double *y = g_memdup2(data->y, data->n * sizeof(double));
    if (!cel_baseline_bridge(data->mask, y, data->n)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("Every sample is marked as unusable, so there is no background to find."));
        return FALSE;
    }
    g_autofree double *z = cel_baseline_extend(y, data->n, w);
    g_autofree double *other = g_new(double, data->n + 2 * w);
    const double *clipped = clip_all(z, other, data->n + 2 * w, options);
    for (gsize i = 0; i < data->n; i++)
        out[i] = clipped[w + i];
    return TRUE;
}
