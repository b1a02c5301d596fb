/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows count in samples. Masked samples are bridged before clipping; variance and mask are
 * carried unchanged. */
#include "process/step-baseline.h"

#include <glib/gi18n-lib.h>

enum { HALF_WINDOW, SMOOTH, ORDER, DIRECTION, N_PARAMS };

static const char *const orders[] = {"2", "4", NULL};
static const char *const directions[] = {"decreasing", "increasing", NULL};

static const CelParamDef params_table[] = {
    [HALF_WINDOW] = {.key = "max_half_window",
                     .label = N_("Largest half window"),
                     .unit = "samples",
                     .type = CEL_PARAM_INT,
                     .min = 1.0,
                     .max = 10000.0,
                     .initial = 40.0,
                     .scale = CEL_SCALE_LOG},
    [SMOOTH] = {.key = "smooth_half_window",
                .label = N_("Smoothing half window"),
                .unit = "samples",
                .type = CEL_PARAM_INT,
                .min = 0.0,
                .max = 1000.0,
                .initial = 0.0},
    [ORDER] = {.key = "order",
               .label = N_("Filter order"),
               .unit = "1",
               .type = CEL_PARAM_CHOICE,
               .min = 0.0,
               .max = 1.0,
               .initial = 0.0,
               .choices = orders},
    [DIRECTION] = {.key = "direction",
                   .label = N_("Order of the windows"),
                   .unit = "1",
                   .type = CEL_PARAM_CHOICE,
                   .min = 0.0,
                   .max = 1.0,
                   .initial = 0.0,
                   .choices = directions},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error)
{
    (void)inputs;
    const CelSnipOptions options = {
        .max_half_window = cel_params_get_size(params, HALF_WINDOW),
        .increasing = cel_params_get_size(params, DIRECTION) == 1,
        .smooth_half_window = cel_params_get_size(params, SMOOTH),
        .order = cel_params_get_size(params, ORDER) == 1 ? 4 : 2,
    };
    const CelBaselineData data = cel_baseline_data(in);
    g_autofree double *baseline = g_new(double, data.n);
    if (!cel_baseline_snip(&data, &options, baseline, error))
        return NULL;
    return cel_baseline_subtract(in, g_steal_pointer(&baseline), error);
}

const CelStepDef cel_step_baseline_snip = {
    .id = "baseline.snip",
    .version = 1,
    .title = N_("Baseline (peak clipping)"),
    .reference = "Ryan et al. 1988, Nucl. Instrum. Meth. B 34, 396; Morhac et al. 1997, A 401, 113",
    .params = params_table,
    .n_params = G_N_ELEMENTS(params_table),
    .run = run,
};
