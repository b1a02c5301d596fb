/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crop.range: keeps the samples with from <= x <= to, less those at either end that are marked out
 * of range (there the instrument's laser filter or grating lets nothing through, and a background
 * fitted over its edge bends far into the spectrum). Variance and mask go with their samples. A
 * spectrum narrower than the range is kept whole. */
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

enum { FROM, TO, UNIT, N_PARAMS };
enum { SHIFT, NM, PIXEL };
static const char *const units[] = {"cm-1", "nm", "pixel", NULL};
static const CelParamDef params_table[] = {
    [FROM] = {.key = "from",
              .label = N_("From"),
              .unit = "axis",
              .type = CEL_PARAM_REAL,
              .min = -2e7,
              .max = 2e7,
              .initial = 150.0},
    [TO] = {.key = "to",
            .label = N_("To"),
            .unit = "axis",
            .type = CEL_PARAM_REAL,
            .min = -2e7,
            .max = 2e7,
            .initial = 3400.0},
    [UNIT] = {.key = "unit",
              .label = N_("Unit of the axis"),
              .unit = "1",
              .type = CEL_PARAM_CHOICE,
              .min = SHIFT,
              .max = PIXEL,
              .initial = SHIFT,
              .choices = units},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

static gboolean unit_fits(CelUnit axis_unit, gsize wanted)
{
    switch (axis_unit) {
    case CEL_UNIT_SHIFT_CM1:
        return wanted == SHIFT;
    case CEL_UNIT_PIXEL:
        return wanted == PIXEL;
    default:
        return wanted == NM;
    }
}

static gboolean check(const CelSpectrum *in, const CelParams *params, GError **error)
{
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(in));
    const gsize wanted = cel_params_get_size(params, UNIT);
    if (!unit_fits(unit, wanted)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The range is given in %s, the axis is in %s; state the laser wavelength to "
                      "get shifts, or give the range in the unit of the axis"),
                    units[wanted], cel_unit_name(unit));
        return FALSE;
    }
    if (cel_params_get(params, FROM) < cel_params_get(params, TO))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("The range ends before it begins"));
    return FALSE;
}

static gboolean is_outside(const guint8 *mask, gsize i)
{
    return mask != NULL && (mask[i] & CEL_MASK_OUT_OF_RANGE) != 0;
}

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error)
{
    (void)inputs;
    if (!check(in, params, error))
        return NULL;
    const double *x = cel_spectrum_x(in);
    const guint8 *mask = cel_spectrum_mask(in);
    const gsize n = cel_spectrum_length(in);
    gsize first = 0, end = n;
    while (first < n && (x[first] < cel_params_get(params, FROM) || is_outside(mask, first)))
        first++;
    while (end > first && (x[end - 1] > cel_params_get(params, TO) || is_outside(mask, end - 1)))
        end--;
    if (end - first < 2) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The spectrum (%g to %g) has fewer than two samples in the range %g to %g; "
                      "there is nothing to work on. Choose a range that was measured"),
                    x[0], x[n - 1], cel_params_get(params, FROM), cel_params_get(params, TO));
        return NULL;
    }
    g_autoptr(CelAxis) axis = cel_axis_crop(cel_spectrum_axis(in), first, end - first, error);
    if (axis == NULL)
        return NULL;
    const double *variance = cel_spectrum_variance(in);
    const gsize size = (end - first) * sizeof(double);
    return cel_spectrum_derive(in, axis, g_memdup2(cel_spectrum_y(in) + first, size),
                               variance != NULL ? g_memdup2(variance + first, size) : NULL,
                               mask != NULL ? g_memdup2(mask + first, end - first) : NULL, error);
}

const CelStepDef cel_step_crop_range = {
    .id = "crop.range",
    .version = 1,
    .title = N_("Keep a range"),
    .reference = "selection of samples, no formula",
    .params = params_table,
    .n_params = N_PARAMS,
    .run = run,
};
