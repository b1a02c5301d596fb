/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smooth.whittaker: one solve of (W + lambda D'D) z = W y. The axis is not used: lambda belongs to
 * a spacing of samples. W is 1, or 0 for samples marked with anything but CEL_MASK_COSMIC, which
 * are thereby bridged smoothly; they stay marked. The variance is the diagonal of A^-1 W V W A^-1,
 * exact for independent samples. */
#include "process/cel-band-solve.h"
#include "process/step-util.h"
#include "process/whittaker.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

enum { LAMBDA, DIFFERENCES, N_PARAMS };
static const CelParamDef params_table[] = {
    [LAMBDA] = {.key = "lambda",
                .label = N_("Stiffness"),
                .unit = "1",
                .type = CEL_PARAM_REAL,
                .min = 1e-3,
                .max = 1e9,
                .initial = 10.0,
                .scale = CEL_SCALE_LOG},
    [DIFFERENCES] = {.key = "differences",
                     .label = N_("Order of differences"),
                     .unit = "1",
                     .type = CEL_PARAM_INT,
                     .min = 1,
                     .max = CEL_BAND_MAX,
                     .initial = 2},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

/* Returns how many samples have a weight. */
static gsize fill_weights(const guint8 *mask, gsize n, double *w)
{
    gsize good = 0;
    for (gsize i = 0; i < n; i++) {
        w[i] = mask == NULL || (mask[i] & ~CEL_MASK_COSMIC) == 0 ? 1.0 : 0.0;
        good += w[i] > 0.0 ? 1 : 0;
    }
    return good;
}

/* The room's one fast solver knows differences of order 1 and 2; the band factorisation is for the
 * third and for the variance. */
static gboolean smooth(double *y, const double *w, double *variance, gsize n, double lambda,
                       guint order)
{
    if (order > 2)
        return cel_band_whittaker(y, w, variance, n, lambda, order);
    g_autoptr(CelWhittaker) workspace = cel_whittaker_new(n, order);
    if (variance != NULL && !cel_band_whittaker(NULL, w, variance, n, lambda, order))
        return FALSE;
    return cel_whittaker_solve(workspace, y, w, lambda, y);
}

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error)
{
    (void)inputs;
    const gsize n = cel_spectrum_length(in);
    const guint order = (guint)cel_params_get_size(params, DIFFERENCES);
    if (!cel_step_window_fits(n, order + 2, error))
        return NULL;
    g_autofree double *w = g_new(double, n), *y = cel_step_y(in);
    if (fill_weights(cel_spectrum_mask(in), n, w) <= order) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("Nearly every sample is marked as unusable; there is nothing to smooth. "
                      "Measure again"));
        return NULL;
    }
    g_autofree double *variance = cel_step_variance(in);
    if (!smooth(y, w, variance, n, cel_params_get(params, LAMBDA), order)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("The smoothing equations are too ill-conditioned; choose a smaller lambda"));
        return NULL;
    }
    return cel_spectrum_derive(in, cel_spectrum_axis(in), g_steal_pointer(&y),
                               g_steal_pointer(&variance), cel_step_mask(in), error);
}

const CelStepDef cel_step_smooth_whittaker = {
    .id = "smooth.whittaker",
    .version = 1,
    .title = N_("Smooth (Whittaker)"),
    .reference = "Eilers 2003, Anal. Chem. 75, 3631",
    .params = params_table,
    .n_params = N_PARAMS,
    .run = run,
};
