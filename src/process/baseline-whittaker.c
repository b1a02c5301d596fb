/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-baseline.h"

#include "base/cel-error.h"
#include "process/cel-logistic.h"
#include "process/whittaker.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* Beyond it exp() leaves the range of a double. */
static const double MAX_EXPONENT = 700.0;
/* A weight of exp(-70) = 4e-31 is lost in rounding beside any lambda that is allowed; much smaller
 * ones have squares below the normal numbers, on which processors are a hundred times slower. */
static const double ARPLS_MAX_ARGUMENT = 70.0;
/* Zhang, Chen, Liang raise the exponent with every pass; without a bound it overflows. */
static const gsize AIRPLS_MAX_FACTOR = 50;

static gboolean is_masked(const CelBaselineData *data, gsize i)
{
    return data->mask != NULL && data->mask[i] != 0;
}

static void first_weights(const CelBaselineData *data, double *w)
{
    for (gsize i = 0; i < data->n; i++)
        w[i] = is_masked(data, i) ? 0.0 : 1.0;
}

static gboolean solve(CelWhittaker *ws, const CelBaselineData *data, const double *w, double lambda,
                      double *out, GError **error)
{
    if (cel_whittaker_solve(ws, data->y, w, lambda, out))
        return TRUE;
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_NUMERIC,
        _("The background is not determined: too few samples carry weight beside a stiffness "
          "of %g. Lower the stiffness or measure without saturation."),
        lambda);
    return FALSE;
}

/* Euclidean length of the change over that of the old weights. */
static double relative_change(const double *old, const double *now, gsize n)
{
    double change = 0.0, length = 0.0;
    for (gsize i = 0; i < n; i++) {
        change += (now[i] - old[i]) * (now[i] - old[i]);
        length += old[i] * old[i];
    }
    return sqrt(change) / fmax(sqrt(length), DBL_MIN);
}

/* Returns: FALSE when the residuals give no further weights (fewer than two are negative). */
typedef gboolean (*Reweight)(const CelBaselineData *data, const CelWhittakerOptions *options,
                             const double *z, double *out_w);

/* The loop of asls and arpls: the curve that is kept is the one of the last solve, made with the
 * weights before those that met the tolerance. */
static gboolean iterate(const CelBaselineData *data, const CelWhittakerOptions *options,
                        Reweight reweight, double *out, CelBaselineInfo *info, GError **error)
{
    g_autoptr(CelWhittaker) ws = cel_whittaker_new(data->n, options->order);
    g_autofree double *w = g_new(double, data->n);
    g_autofree double *next = g_new(double, data->n);
    first_weights(data, w);
    while (info->iterations <= options->max_iter) {
        if (!solve(ws, data, w, options->lambda, out, error))
            return FALSE;
        info->iterations++;
        if (!reweight(data, options, out, next)) {
            info->converged = TRUE;
            break;
        }
        info->change = relative_change(w, next, data->n);
        info->converged = info->change < options->tolerance;
        if (info->converged)
            break;
        double *old = w;
        w = next;
        next = old;
    }
    return TRUE;
}

static gboolean check_length(const CelBaselineData *data, guint order, GError **error)
{
    if (data->n > order)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("%" G_GSIZE_FORMAT " samples are too few for a background."), data->n);
    return FALSE;
}

static gboolean run(const CelBaselineData *data, const CelWhittakerOptions *options,
                    Reweight reweight, double *out, CelBaselineInfo *out_info, GError **error)
{
    CelBaselineInfo info = {0};
    if (!check_length(data, options->order, error) ||
        !iterate(data, options, reweight, out, &info, error))
        return FALSE;
    if (out_info != NULL)
        *out_info = info;
    return TRUE;
}

static void clear_masked(const CelBaselineData *data, double *values)
{
    for (gsize i = 0; data->mask != NULL && i < data->n; i++)
        values[i] = data->mask[i] != 0 ? 0.0 : values[i];
}

static gboolean reweight_asls(const CelBaselineData *data, const CelWhittakerOptions *options,
                              const double *z, double *out_w)
{
    const double above = options->asymmetry, below = 1.0 - options->asymmetry;
    for (gsize i = 0; i < data->n; i++)
        out_w[i] = data->y[i] > z[i] ? above : below;
    clear_masked(data, out_w);
    return TRUE;
}

gboolean cel_baseline_asls(const CelBaselineData *data, const CelWhittakerOptions *options,
                           double *out, CelBaselineInfo *out_info, GError **error)
{
    return run(data, options, reweight_asls, out, out_info, error);
}

typedef struct {
    gsize n;
    double mean, deviation; /* the latter with n - 1 */
} Negatives;

/* The signs of residuals are noise, so a branch on them is mispredicted half the time: they are
 * factors 0 and 1 here. */
static Negatives negative_residuals(const double *r, gsize n)
{
    Negatives out = {0};
    double sum = 0.0, count = 0.0, squares = 0.0;
    for (gsize i = 0; i < n; i++) {
        const double below = (double)(r[i] < 0.0);
        sum += below * r[i];
        count += below;
    }
    out.n = (gsize)count;
    if (out.n < 2)
        return out;
    out.mean = sum / count;
    for (gsize i = 0; i < n; i++) {
        const double off = (double)(r[i] < 0.0) * (r[i] - out.mean);
        squares += off * off;
    }
    /* equal residuals: the logistic becomes a step, without a division by zero */
    out.deviation = fmax(sqrt(squares / (count - 1.0)), DBL_MIN);
    return out;
}

static gboolean reweight_arpls(const CelBaselineData *data, const CelWhittakerOptions *options,
                               const double *z, double *out_w)
{
    (void)options;
    for (gsize i = 0; i < data->n; i++)
        out_w[i] = data->y[i] - z[i];
    clear_masked(data, out_w); /* a residual of 0 is not negative */
    const Negatives negatives = negative_residuals(out_w, data->n);
    if (negatives.n < 2)
        return FALSE;
    const double s = negatives.deviation, centre = 2.0 * s - negatives.mean;
    for (gsize i = 0; i < data->n; i++) {
        const double t = 2.0 * (out_w[i] - centre) / s;
        out_w[i] = MIN(t, ARPLS_MAX_ARGUMENT);
    }
    cel_logistic_falling(out_w, data->n);
    clear_masked(data, out_w);
    return TRUE;
}

gboolean cel_baseline_arpls(const CelBaselineData *data, const CelWhittakerOptions *options,
                            double *out, CelBaselineInfo *out_info, GError **error)
{
    return run(data, options, reweight_arpls, out, out_info, error);
}

static double sum_absolute(const CelBaselineData *data)
{
    double sum = 0.0;
    for (gsize i = 0; i < data->n; i++)
        sum += is_masked(data, i) ? 0.0 : fabs(data->y[i]);
    return sum;
}

/* Returns: the sum of the negative residuals, and how many they are. */
static double sum_negative(const CelBaselineData *data, const double *z, gsize *out_n)
{
    double sum = 0.0;
    *out_n = 0;
    for (gsize i = 0; i < data->n; i++) {
        const double r = data->y[i] - z[i];
        if (r < 0.0 && !is_masked(data, i)) {
            sum += r;
            (*out_n)++;
        }
    }
    return sum;
}

static void reweight_airpls(const CelBaselineData *data, const double *z, gsize pass, double sum,
                            double *w)
{
    const double factor = (double)MIN(pass, AIRPLS_MAX_FACTOR) / sum;
    for (gsize i = 0; i < data->n; i++) {
        const double r = data->y[i] - z[i];
        const gboolean below = r < 0.0 && !is_masked(data, i);
        w[i] = below ? exp(fmin(factor * r, MAX_EXPONENT)) : 0.0;
    }
}

static gboolean iterate_airpls(const CelBaselineData *data, const CelWhittakerOptions *options,
                               double *out, CelBaselineInfo *info, GError **error)
{
    g_autoptr(CelWhittaker) ws = cel_whittaker_new(data->n, options->order);
    g_autofree double *w = g_new(double, data->n);
    const double total = sum_absolute(data);
    first_weights(data, w);
    while (info->iterations <= options->max_iter && !info->converged) {
        if (!solve(ws, data, w, options->lambda, out, error))
            return FALSE;
        info->iterations++;
        gsize n_negative = 0;
        const double sum = sum_negative(data, out, &n_negative);
        info->change = fabs(sum) / fmax(total, DBL_MIN);
        info->converged = n_negative < 2 || info->change < options->tolerance;
        if (!info->converged)
            reweight_airpls(data, out, info->iterations, sum, w);
    }
    return TRUE;
}

gboolean cel_baseline_airpls(const CelBaselineData *data, const CelWhittakerOptions *options,
                             double *out, CelBaselineInfo *out_info, GError **error)
{
    CelBaselineInfo info = {0};
    if (!check_length(data, options->order, error) ||
        !iterate_airpls(data, options, out, &info, error))
        return FALSE;
    if (out_info != NULL)
        *out_info = info;
    return TRUE;
}
