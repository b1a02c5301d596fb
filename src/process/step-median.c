/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smooth.median. A result is marked when a marked sample lies in its window. The variance is that
 * of the median of Gaussian samples, pi/2 that of their mean (Kendall, Stuart, Advanced Theory of
 * Statistics, 10.10): for windows of 3 and 5 it is 17 and 10 % too large. */
#include "process/cel-filter.h"
#include "process/step-util.h"

#include <glib/gi18n-lib.h>

enum { WINDOW, EDGES, N_PARAMS };
enum { NEAREST, ZERO };
static const char *const edge_names[] = {"nearest", "zero", NULL};
static const CelParamDef params_table[] = {
    [WINDOW] = {.key = "window",
                .label = N_("Window"),
                .unit = "samples",
                .type = CEL_PARAM_INT,
                .min = 3,
                .max = 999,
                .initial = 5},
    [EDGES] = {.key = "edges",
               .label = N_("At the ends"),
               .unit = "1",
               .type = CEL_PARAM_CHOICE,
               .min = NEAREST,
               .max = ZERO,
               .initial = NEAREST,
               .choices = edge_names},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

static double *median_variance(const CelSpectrum *in, gsize half)
{
    const double *variance = cel_spectrum_variance(in);
    if (variance == NULL)
        return NULL;
    const gsize n = cel_spectrum_length(in);
    const CelFilter mean = {.half = half, .edges = CEL_EDGES_NEAREST};
    double *out = g_new(double, n);
    cel_filter_apply(&mean, variance, NULL, n, out, NULL);
    for (gsize i = 0; i < n; i++)
        out[i] *= G_PI_2 / (double)(2 * half + 1);
    return out;
}

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error)
{
    (void)inputs;
    const gsize n = cel_spectrum_length(in), window = cel_params_get_size(params, WINDOW);
    if (!cel_step_require_odd(window, error) || !cel_step_window_fits(n, window, error))
        return NULL;
    double *y = g_new(double, n);
    cel_filter_median(cel_spectrum_y(in), n, window / 2, cel_params_get(params, EDGES) == ZERO, y);
    guint8 *mask = cel_step_mask_spread(cel_spectrum_mask(in), n, window / 2);
    return cel_spectrum_derive(in, cel_spectrum_axis(in), y, median_variance(in, window / 2), mask,
                               error);
}

const CelStepDef cel_step_smooth_median = {
    .id = "smooth.median",
    .version = 1,
    .title = N_("Smooth (moving median)"),
    .reference = "Tukey 1977, Exploratory Data Analysis",
    .params = params_table,
    .n_params = N_PARAMS,
    .run = run,
};
