/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dark.subtract: takes the mean dark off. The variances of both are added, because the two are
 * measured independently; when one of them has none the result has none. The masks are joined. */
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { WHEN_ABSENT, N_PARAMS };
enum { REFUSE, PASS };
static const char *const when_absent[] = {"refuse", "pass", NULL};
static const CelParamDef params_table[] = {
    [WHEN_ABSENT] = {.key = "when_absent",
                     .label = N_("Without a dark"),
                     .unit = "1",
                     .type = CEL_PARAM_CHOICE,
                     .min = REFUSE,
                     .max = PASS,
                     .initial = REFUSE,
                     .choices = when_absent},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

static CelSpectrum *run_without(const CelSpectrum *in, gboolean pass, GError **error)
{
    if (!pass) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("There is no dark spectrum, so the detector's own signal would be taken for "
                      "the sample's; measure a dark with the shutter closed at the same "
                      "integration time, or set when_absent=pass for spectra that are free of it"));
        return NULL;
    }
    CelSpectrum *out = cel_spectrum_copy(in);
    if (cel_spectrum_meta(out, CEL_META_DARK) == NULL)
        cel_spectrum_set_meta(out, CEL_META_DARK, "absent");
    return out;
}

static gboolean check_dark(const CelSpectrum *in, const CelSpectrum *dark, GError **error)
{
    if (g_strcmp0(cel_spectrum_meta(in, CEL_META_DARK), "subtracted") == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The dark was subtracted before; a second time would falsify the counts. "
                      "Take one of the two steps out of the recipe"));
        return FALSE;
    }
    if (!cel_axis_equal(cel_spectrum_axis(in), cel_spectrum_axis(dark))) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("Dark and spectrum stand on different axes, so their samples do not belong "
                      "to the same pixels; use the dark of this measurement, before resampling"));
        return FALSE;
    }
    return TRUE;
}

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error)
{
    const CelSpectrum *dark = inputs->dark;
    if (dark == NULL)
        return run_without(in, cel_params_get(params, WHEN_ABSENT) == PASS, error);
    if (!check_dark(in, dark, error))
        return NULL;
    const gsize n = cel_spectrum_length(in);
    const double *dark_y = cel_spectrum_y(dark), *dark_variance = cel_spectrum_variance(dark);
    const guint8 *dark_mask = cel_spectrum_mask(dark);
    double *y = cel_step_y(in);
    double *variance = dark_variance != NULL ? cel_step_variance(in) : NULL;
    guint8 *mask = dark_mask != NULL ? cel_step_mask_new(in) : cel_step_mask(in);
    for (gsize i = 0; i < n; i++) {
        y[i] -= dark_y[i];
        if (variance != NULL)
            variance[i] += dark_variance[i];
        if (dark_mask != NULL)
            mask[i] |= dark_mask[i];
    }
    CelSpectrum *out = cel_spectrum_derive(in, cel_spectrum_axis(in), y, variance, mask, error);
    if (out != NULL)
        cel_spectrum_set_meta(out, CEL_META_DARK, "subtracted");
    return out;
}

const CelStepDef cel_step_dark_subtract = {
    .id = "dark.subtract",
    .version = 1,
    .title = N_("Subtract the dark"),
    .reference = "JCGM 100:2008 (GUM), 5.1.2: difference of independent quantities",
    .params = params_table,
    .n_params = N_PARAMS,
    .run = run,
};
