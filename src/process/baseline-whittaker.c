/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/baseline-whittaker.h"

#include "base/cel-error.h"
#include "process/cel-exp.h"
#include "process/whittaker.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* Methods that sharpen with every pass: without a bound their factors overflow. */
static const gsize AIRPLS_MAX_FACTOR = 50, SHARPEST_PASS = 100;
/* Residuals times it stay in range. */
static const double MAX_SCALE = 1e300;

gboolean cel_baseline_undetermined(double lambda, GError **error)
{
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_NUMERIC,
        _("The background is not determined: too few samples carry weight beside a stiffness "
          "of %g. Lower the stiffness or measure without saturation."),
        lambda);
    return FALSE;
}

gboolean cel_baseline_enough(gsize n, guint order, GError **error)
{
    if (n > order)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("%" G_GSIZE_FORMAT " samples are too few for a background."), n);
    return FALSE;
}

/* exp(pass) by our own function: the same digits on every processor. */
static double sharpness(gsize pass)
{
    double t[CEL_LANES] CEL_LANES_ALIGNED = {(double)MIN(pass, SHARPEST_PASS)};
    cel_exp_all(t, 1);
    return t[0];
}

static gboolean airpls_coefficients(const CelWhittakerOptions *options, const CelPass *pass,
                                    CelCoefficients *out, CelBaselineInfo *info)
{
    info->change = fabs(pass->negatives.sum) / fmax(pass->total, DBL_MIN);
    out->scale = (double)MIN(pass->pass, AIRPLS_MAX_FACTOR) / pass->negatives.sum;
    out->centre = 0.0;
    return pass->negatives.count >= 2.0 && !(info->change < options->tolerance);
}

gboolean cel_pass_coefficients(CelBaselineMethod method, const CelWhittakerOptions *options,
                               const CelPass *pass, CelCoefficients *out, CelBaselineInfo *info)
{
    const double m = pass->negatives.mean, s = pass->negatives.deviation;
    switch (method) {
    case CEL_BASELINE_ASLS:
        *out = (CelCoefficients){options->asymmetry, 1.0 - options->asymmetry};
        return TRUE;
    case CEL_BASELINE_AIRPLS:
        return airpls_coefficients(options, pass, out, info);
    case CEL_BASELINE_ARPLS:
        *out = (CelCoefficients){2.0 / s, 2.0 * s - m};
        break;
    case CEL_BASELINE_IARPLS:
        *out = (CelCoefficients){fmin(sharpness(pass->pass) / s, MAX_SCALE), 2.0 * s};
        break;
    case CEL_BASELINE_DRPLS:
        *out = (CelCoefficients){fmin(sharpness(pass->pass) / s, MAX_SCALE), 2.0 * s - m};
        break;
    }
    return pass->negatives.count >= 2.0;
}

gboolean cel_pass_converged(CelBaselineMethod method, const CelWhittakerOptions *options,
                            double change, double length, CelBaselineInfo *info)
{
    if (method == CEL_BASELINE_AIRPLS)
        return FALSE;
    /* Euclidean length of the change over that of the old weights */
    info->change = sqrt(change) / fmax(sqrt(length), DBL_MIN);
    return info->change < options->tolerance;
}

/* The arrays of one spectrum, whole vectors long. */
typedef struct {
    CelBaselineMethod method;
    const CelWhittakerOptions *options;
    gsize n, padded;
    double *memory, *y, *w, *z, *alive, *scratch; /* alive: NULL when all are */
    CelWhittaker *solver;                         /* NULL for drPLS */
    double total;
} Work;

static void work_clear(Work *work)
{
    cel_lanes_free(work->memory);
    cel_whittaker_free(work->solver);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static void work_init(Work *work, const CelBaselineData *data)
{
    enum { ARRAYS = 4, SCRATCH = 3 };
    const gsize pitch = cel_lanes_pitch(data->n);
    const gboolean drpls = work->method == CEL_BASELINE_DRPLS;
    work->n = data->n;
    work->padded = cel_lanes_padded(data->n);

    work->memory = cel_lanes_new((gsize)(ARRAYS + (drpls ? SCRATCH : 0)) * pitch);
    work->y = work->memory;
    work->w = work->y + pitch;
    work->z = work->w + pitch;
    work->alive = data->mask != NULL || work->padded != data->n ? work->z + pitch : NULL;
    work->scratch = work->memory + ARRAYS * pitch;
    for (gsize i = 0; i < data->n; i++) {
        const gboolean alive = data->mask == NULL || data->mask[i] == 0;
        work->y[i] = data->y[i];
        work->w[i] = alive ? 1.0 : 0.0;
        if (work->alive != NULL)
            work->alive[i] = work->w[i];
        work->total += alive ? fabs(data->y[i]) : 0.0;
    }
    work->solver = drpls ? NULL : cel_whittaker_new(data->n, work->options->order);
}

static gboolean solve(const Work *work, GError **error)
{
    const double lambda = work->options->lambda;
    const gboolean determined =
        work->solver != NULL
            ? cel_whittaker_solve(work->solver, work->y, work->w, lambda, work->z)
            : cel_drpls_solve(work->y, work->w, work->n, lambda, work->scratch, work->z);
    return determined || cel_baseline_undetermined(lambda, error);
}

/* Weighs anew; the curve that is kept is the one of the last solve, made with the weights before
 * those that met the tolerance. Returns: whether that was the last pass. */
static gboolean reweight(Work *work, CelBaselineInfo *info)
{
    const CelResiduals residuals = {work->y, work->z, work->alive, work->padded};
    CelPass pass = {.pass = info->iterations, .total = work->total};
    CelCoefficients c = {0};
    cel_negatives(&residuals, &pass.negatives);
    if (!cel_pass_coefficients(work->method, work->options, &pass, &c, info))
        return TRUE;
    CelWeigh w = {.method = work->method,
                  .res = &residuals,
                  .w = work->w,
                  .scale = {c.scale},
                  .centre = {c.centre}};
    cel_weigh_one(&w);
    return cel_pass_converged(work->method, work->options, cel_lanes_sum(w.change),
                              cel_lanes_sum(w.length), info);
}

gboolean cel_baseline_whittaker(CelBaselineMethod method, const CelBaselineData *data,
                                const CelWhittakerOptions *options, double *out,
                                CelBaselineInfo *out_info, GError **error)
{
    g_return_val_if_fail(method != CEL_BASELINE_DRPLS || options->order == 2, FALSE);
    CelBaselineInfo info = {0};
    g_auto(Work) work = {.method = method, .options = options};
    if (!cel_baseline_enough(data->n, options->order, error))
        return FALSE;
    work_init(&work, data);
    while (info.iterations <= options->max_iter && !info.converged) {
        if (!solve(&work, error))
            return FALSE;
        info.iterations++;
        info.converged = reweight(&work, &info);
    }
    for (gsize i = 0; i < data->n; i++)
        out[i] = work.z[i];
    if (out_info != NULL)
        *out_info = info;
    return TRUE;
}
