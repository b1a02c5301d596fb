/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-transfer.h"

#include "base/cel-error.h"
#include "process/cel-interpolate.h"
#include "spectrum/cel-spectrum.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The kernel of k implicit steps has the variance asked for and an excess of 3/k. */
enum { STEPS = 16, MIN_SAMPLES = 4 };

/* One implicit step (W - s L) y' = W y without flux over the ends, by elimination without pivots,
 * which a diagonally dominant matrix does not need. */
static void diffuse(const double *x, double *y, gsize n, double s, double *upper)
{
    double before = 0.0; /* s over the gap to the left */
    for (gsize i = 0; i < n; i++) {
        const double left = i > 0 ? x[i] - x[i - 1] : 0.0,
                     right = i + 1 < n ? x[i + 1] - x[i] : 0.0;
        const double width = 0.5 * (left + right), after = i + 1 < n ? s / right : 0.0;
        const double pivot = width + before + after - (i > 0 ? before * upper[i - 1] : 0.0);
        y[i] = (width * y[i] + (i > 0 ? before * y[i - 1] : 0.0)) / pivot;
        upper[i] = after / pivot;
        before = after;
    }
    for (gsize i = n - 1; i-- > 0;)
        y[i] += upper[i] * y[i + 1];
}

void cel_broaden(const double *x, double *y, gsize n, double fwhm)
{
    if (!(fwhm > 0.0) || n < 2)
        return;
    const double sigma = fwhm / (2.0 * sqrt(2.0 * M_LN2));
    g_autofree double *upper = g_new(double, n);
    for (int k = 0; k < STEPS; k++)
        diffuse(x, y, n, sigma * sigma / (2.0 * STEPS), upper);
}

double cel_broaden_by(double from, double to)
{
    return from > 0.0 && to > from ? sqrt(to * to - from * from) : 0.0;
}

void cel_transferred_clear(CelTransferred *transferred)
{
    g_clear_pointer(&transferred->y, g_free);
    g_clear_pointer(&transferred->mask, g_free);
}

static gboolean check(const CelTransferFrom *from, const CelTransferTo *to, GError **error)
{
    gboolean rises = from->n >= MIN_SAMPLES;
    for (gsize i = 1; rises && i < from->n; i++)
        rises = from->x[i] > from->x[i - 1];
    for (gsize i = 1; rises && i < to->n; i++)
        rises = to->x[i] > to->x[i - 1];
    if (rises)
        return TRUE;
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_INPUT,
        _("A reference of fewer than %d samples, or one whose axis does not rise, cannot be "
          "brought to another instrument; take another reference"),
        MIN_SAMPLES);
    return FALSE;
}

/* Whether place @at is seen by both; @out_factor: how the instrument weighs it. */
static gboolean observable(const CelTransferFrom *from, const CelTransferTo *to, double at,
                           double *out_factor)
{
    double u = 0.0;
    *out_factor = 1.0;
    return at >= from->x[0] && at <= from->x[from->n - 1] &&
           (to->response == NULL || cel_response_at(to->response, at, out_factor, &u));
}

gboolean cel_transfer(const CelTransferFrom *from, const CelTransferTo *to, CelTransferred *out,
                      GError **error)
{
    *out = (CelTransferred){
        .broadened_cm1 = cel_broaden_by(from->resolution_cm1, to->resolution_cm1),
        .sample_lacks_cm1 = cel_broaden_by(to->resolution_cm1, from->resolution_cm1),
        .u_axis_cm1 = hypot(from->u_axis_cm1 > 0.0 ? from->u_axis_cm1 : 1.0,
                            to->u_axis_cm1 > 0.0 ? to->u_axis_cm1 : 1.0)};
    if (!check(from, to, error))
        return FALSE;
    g_autofree double *y = g_memdup2(from->y, from->n * sizeof(double));
    g_autofree double *at = g_new(double, to->n);
    cel_broaden(from->x, y, from->n, out->broadened_cm1);
    out->y = g_new0(double, to->n);
    out->mask = g_new0(guint8, to->n);
    /* places that are not observable are asked for at the reference's end, and left out after */
    for (gsize i = 0; i < to->n; i++)
        at[i] = CLAMP(to->x[i], from->x[0], from->x[from->n - 1]);
    const CelSamples samples = {.x = from->x, .y = y, .n = from->n};
    cel_interpolate(CEL_INTERPOLATE_PCHIP, &samples, at, to->n, out->y, NULL);
    gsize n_seen = 0;
    for (gsize i = 0; i < to->n; i++) {
        double factor = 1.0;
        const gboolean seen = observable(from, to, to->x[i], &factor);
        out->mask[i] = seen ? 0 : CEL_MASK_OUT_OF_RANGE;
        out->y[i] = seen ? out->y[i] / factor : 0.0;
        if (seen)
            out->common_cm1[n_seen++ == 0 ? 0 : 1] = to->x[i];
    }
    if (n_seen == 1)
        out->common_cm1[1] = out->common_cm1[0];
    return TRUE;
}
