/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Penalised least squares counts in samples, not in the axis's unit: the same lambda is another
 * smoothness on another sampling. lambda_step_cm1 states the spacing lambda was chosen for, and the
 * step then uses lambda (lambda_step / median spacing)^(2 order), which keeps the smoothness in
 * cm-1. Masked samples carry no weight; variance and mask are carried unchanged. */
#include "process/step-baseline.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { LAMBDA, LAMBDA_STEP, ORDER, MAX_ITER, TOLERANCE, ASYMMETRY, N_PARAMS };

/* beyond this the solution drowns in rounding: the condition number is about 16 lambda */
#define WHITTAKER_PARAMS(initial_lambda, lowest)                                                   \
    [LAMBDA] = {.key = "lambda",                                                                   \
                .label = N_("Stiffness"),                                                          \
                .unit = "1",                                                                       \
                .type = CEL_PARAM_REAL,                                                            \
                .min = 1.0,                                                                        \
                .max = 1e10,                                                                       \
                .initial = (initial_lambda),                                                       \
                .scale = CEL_SCALE_LOG},                                                           \
    [LAMBDA_STEP] = {.key = "lambda_step_cm1",                                                     \
                     .label = N_("Spacing the stiffness is meant for"),                            \
                     .unit = "cm-1",                                                               \
                     .type = CEL_PARAM_REAL,                                                       \
                     .min = 0.0,                                                                   \
                     .max = 100.0,                                                                 \
                     .initial = 0.0},                                                              \
    [ORDER] = {.key = "order",                                                                     \
               .label = N_("Order of differences"),                                                \
               .unit = "1",                                                                        \
               .type = CEL_PARAM_INT,                                                              \
               .min = (lowest),                                                                    \
               .max = 2.0,                                                                         \
               .initial = 2.0},                                                                    \
    [MAX_ITER] = {.key = "max_iter",                                                               \
                  .label = N_("Most iterations"),                                                  \
                  .unit = "1",                                                                     \
                  .type = CEL_PARAM_INT,                                                           \
                  .min = 1.0,                                                                      \
                  .max = 1000.0,                                                                   \
                  .initial = 50.0},                                                                \
    [TOLERANCE] = {.key = "tolerance",                                                             \
                   .label = N_("Tolerance"),                                                       \
                   .unit = "1",                                                                    \
                   .type = CEL_PARAM_REAL,                                                         \
                   .min = 1e-9,                                                                    \
                   .max = 1.0,                                                                     \
                   .initial = 1e-3,                                                                \
                   .scale = CEL_SCALE_LOG}

static const CelParamDef asls_params[] = {
    WHITTAKER_PARAMS(1e6, 1.0),
    [ASYMMETRY] = {.key = "p",
                   .label = N_("Asymmetry"),
                   .unit = "1",
                   .type = CEL_PARAM_REAL,
                   .min = 1e-6,
                   .max = 0.5,
                   .initial = 0.01,
                   .scale = CEL_SCALE_LOG},
};
G_STATIC_ASSERT(G_N_ELEMENTS(asls_params) == N_PARAMS);

static const CelParamDef arpls_params[] = {WHITTAKER_PARAMS(1e5, 1.0)};
static const CelParamDef airpls_params[] = {WHITTAKER_PARAMS(1e6, 1.0)};
static const CelParamDef iarpls_params[] = {WHITTAKER_PARAMS(1e5, 1.0)};
static const CelParamDef drpls_params[] = {WHITTAKER_PARAMS(1e5, 2.0)};
G_STATIC_ASSERT(G_N_ELEMENTS(arpls_params) == ASYMMETRY);

static gboolean find_lambda(const CelSpectrum *in, const CelParams *params, double *out_lambda,
                            GError **error)
{
    const CelAxis *axis = cel_spectrum_axis(in);
    const double stated = cel_params_get(params, LAMBDA_STEP);
    *out_lambda = cel_params_get(params, LAMBDA);
    if (!(stated > 0.0))
        return TRUE;
    if (cel_axis_unit(axis) != CEL_UNIT_SHIFT_CM1) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_UNIT,
            _("The stiffness is stated for a spacing in cm-1, but the axis is in %s. Calibrate "
              "first or set lambda_step_cm1=0."),
            cel_unit_name(cel_axis_unit(axis)));
        return FALSE;
    }
    *out_lambda *= pow(stated / cel_axis_step(axis), 2.0 * cel_params_get(params, ORDER));
    return TRUE;
}

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, CelBaselineMethod method,
                        double asymmetry, GError **error)
{
    CelWhittakerOptions options = {.order = (guint)cel_params_get_size(params, ORDER),
                                   .asymmetry = asymmetry,
                                   .max_iter = cel_params_get_size(params, MAX_ITER),
                                   .tolerance = cel_params_get(params, TOLERANCE)};
    if (!find_lambda(in, params, &options.lambda, error))
        return NULL;
    const CelBaselineData data = cel_baseline_data(in);
    g_autofree double *baseline = g_new(double, data.n);
    if (!cel_baseline_whittaker(method, &data, &options, baseline, NULL, error))
        return NULL;
    return cel_baseline_subtract(in, g_steal_pointer(&baseline), error);
}

static CelSpectrum *run_asls(const CelSpectrum *in, const CelParams *params,
                             const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    return run(in, params, CEL_BASELINE_ASLS, cel_params_get(params, ASYMMETRY), error);
}

static CelSpectrum *run_arpls(const CelSpectrum *in, const CelParams *params,
                              const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    return run(in, params, CEL_BASELINE_ARPLS, 0.0, error);
}

static CelSpectrum *run_airpls(const CelSpectrum *in, const CelParams *params,
                               const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    return run(in, params, CEL_BASELINE_AIRPLS, 0.0, error);
}

static CelSpectrum *run_iarpls(const CelSpectrum *in, const CelParams *params,
                               const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    return run(in, params, CEL_BASELINE_IARPLS, 0.0, error);
}

static CelSpectrum *run_drpls(const CelSpectrum *in, const CelParams *params,
                              const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    return run(in, params, CEL_BASELINE_DRPLS, 0.0, error);
}

const CelStepDef cel_step_baseline_asls = {
    .id = "baseline.asls",
    .version = 1,
    .title = N_("Baseline (asymmetric least squares)"),
    .reference = "Eilers, Boelens 2005, Leiden University Medical Centre report",
    .params = asls_params,
    .n_params = G_N_ELEMENTS(asls_params),
    .run = run_asls,
};

const CelStepDef cel_step_baseline_arpls = {
    .id = "baseline.arpls",
    .version = 1,
    .title = N_("Baseline (asymmetrically reweighted)"),
    .reference = "Baek, Park, Ahn, Choo 2015, Analyst 140, 250",
    .params = arpls_params,
    .n_params = G_N_ELEMENTS(arpls_params),
    .run = run_arpls,
};

const CelStepDef cel_step_baseline_airpls = {
    .id = "baseline.airpls",
    .version = 1,
    .title = N_("Baseline (adaptively reweighted)"),
    .reference = "Zhang, Chen, Liang 2010, Analyst 135, 1138",
    .params = airpls_params,
    .n_params = G_N_ELEMENTS(airpls_params),
    .run = run_airpls,
};

const CelStepDef cel_step_baseline_iarpls = {
    .id = "baseline.iarpls",
    .version = 1,
    .title = N_("Baseline (improved asymmetrically reweighted)"),
    .reference = "Ye et al. 2020, Appl. Opt. 59, 10933",
    .params = iarpls_params,
    .n_params = G_N_ELEMENTS(iarpls_params),
    .run = run_iarpls,
};

const CelStepDef cel_step_baseline_drpls = {
    .id = "baseline.drpls",
    .version = 1,
    .title = N_("Baseline (doubly reweighted)"),
    .reference = "Xu et al. 2019, Appl. Opt. 58, 3913",
    .params = drpls_params,
    .n_params = G_N_ELEMENTS(drpls_params),
    .run = run_drpls,
};
