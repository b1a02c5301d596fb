/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masked samples carry no weight; variance and mask are carried unchanged. */
#include "process/step-baseline.h"

#include <glib/gi18n-lib.h>

enum { ORDER, MAX_ITER, TOLERANCE, MASK_PEAKS, USE_ORIGINAL, N_PARAMS };

static const CelParamDef params_table[] = {
    [ORDER] = {.key = "poly_order",
               .label = N_("Polynomial order"),
               .unit = "1",
               .type = CEL_PARAM_INT,
               .min = 0.0,
               .max = 20.0,
               .initial = 5.0},
    [MAX_ITER] = {.key = "max_iter",
                  .label = N_("Most iterations"),
                  .unit = "1",
                  .type = CEL_PARAM_INT,
                  .min = 1.0,
                  .max = 10000.0,
                  .initial = 250.0},
    [TOLERANCE] = {.key = "tolerance",
                   .label = N_("Tolerance"),
                   .unit = "1",
                   .type = CEL_PARAM_REAL,
                   .min = 1e-9,
                   .max = 1.0,
                   .initial = 1e-3,
                   .scale = CEL_SCALE_LOG},
    [MASK_PEAKS] = {.key = "mask_initial_peaks",
                    .label = N_("Leave major peaks out"),
                    .unit = "1",
                    .type = CEL_PARAM_BOOL,
                    .min = 0.0,
                    .max = 1.0,
                    .initial = 1.0},
    [USE_ORIGINAL] = {.key = "use_original",
                      .label = N_("Clip the original data each time"),
                      .unit = "1",
                      .type = CEL_PARAM_BOOL,
                      .min = 0.0,
                      .max = 1.0,
                      .initial = 0.0},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error)
{
    (void)inputs;
    const CelPolynomialOptions options = {
        .order = cel_params_get_size(params, ORDER),
        .max_iter = cel_params_get_size(params, MAX_ITER),
        .tolerance = cel_params_get(params, TOLERANCE),
        .mask_initial_peaks = cel_params_get_bool(params, MASK_PEAKS),
        .use_original = cel_params_get_bool(params, USE_ORIGINAL),
    };
    const CelBaselineData data = cel_baseline_data(in);
    g_autofree double *baseline = g_new(double, data.n);
    if (!cel_baseline_imodpoly(&data, &options, baseline, NULL, error))
        return NULL;
    return cel_baseline_subtract(in, g_steal_pointer(&baseline), error);
}

const CelStepDef cel_step_baseline_imodpoly = {
    .id = "baseline.imodpoly",
    .version = 1,
    .title = N_("Baseline (improved modified polynomial)"),
    .reference = "Zhao, Lui, McLean, Zeng 2007, Appl. Spectrosc. 61, 1225",
    .params = params_table,
    .n_params = G_N_ELEMENTS(params_table),
    .run = run,
};
