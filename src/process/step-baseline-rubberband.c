/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masked samples are no corners of the hull; variance and mask are carried unchanged. */
#include "process/step-baseline.h"

#include <glib/gi18n-lib.h>

enum { SEGMENTS, SMOOTH, N_PARAMS };

static const CelParamDef params_table[] = {
    [SEGMENTS] = {.key = "segments",
                  .label = N_("Parts with their own hull"),
                  .unit = "1",
                  .type = CEL_PARAM_INT,
                  .min = 1.0,
                  .max = 1000.0,
                  .initial = 1.0},
    [SMOOTH] = {.key = "smooth_half_window",
                .label = N_("Smoothing half window"),
                .unit = "samples",
                .type = CEL_PARAM_INT,
                .min = 0.0,
                .max = 1000.0,
                .initial = 0.0},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error)
{
    (void)inputs;
    const CelBaselineData data = cel_baseline_data(in);
    g_autofree double *baseline = g_new(double, data.n);
    if (!cel_baseline_rubberband(&data, cel_params_get_size(params, SEGMENTS),
                                 cel_params_get_size(params, SMOOTH), baseline, error))
        return NULL;
    return cel_baseline_subtract(in, g_steal_pointer(&baseline), error);
}

const CelStepDef cel_step_baseline_rubberband = {
    .id = "baseline.rubberband",
    .version = 1,
    .title = N_("Baseline (rubber band)"),
    .reference = "Andrew 1979, Inf. Process. Lett. 9, 216 (the hull)",
    .params = params_table,
    .n_params = G_N_ELEMENTS(params_table),
    .run = run,
};
