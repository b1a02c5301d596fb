/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-check.h"

#include "base/cel-clock.h"
#include "base/cel-error.h"
#include "bench/cel-bench.h"

#include <glib/gi18n-lib.h>
#include <string.h>

CelSpectrum *cel_check_spectrum(const CelMeasurement *measurement, CelJob *job, GError **error)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new("check");
    if (!cel_recipe_append_text(recipe, "dark.subtract:when_absent=pass", error))
        return NULL;
    return cel_bench_process(measurement, recipe, NULL, job, error);
}

static const CelStandard *find_standard(const char *id, GError **error)
{
    const CelStandard *standard = cel_standard_find(id);
    if (standard != NULL)
        return standard;
    gsize n = 0;
    const CelStandard *const *all = cel_standard_list(&n);
    g_autoptr(GString) known = g_string_new(NULL);
    for (gsize i = 0; i < n; i++)
        if (all[i]->kind == CEL_STANDARD_SHIFT)
            g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", all[i]->id);
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("There is no standard \"%s\"; known are: %s"),
                id, known->str);
    return NULL;
}

gboolean cel_calibration_may_be_in_force(const CelCalibration *calibration, gint64 at_us,
                                         GError **error)
{
    if (calibration->n_coefficients == 0) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("The calibration holds no wavelengths; derive it with --base, on the "
                              "instrument's pixels"));
        return FALSE;
    }
    if (calibration->valid_until_wall_us > 0 && at_us > calibration->valid_until_wall_us) {
        g_autofree char *until = cel_clock_iso8601(calibration->valid_until_wall_us);
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("The calibration %s was valid until %s; calibrate the instrument again"),
                    calibration->id, until);
        return FALSE;
    }
    return TRUE;
}

gboolean cel_calibration_put_in_force(CelMeasurement *measurement,
                                      const CelCalibration *calibration, GError **error)
{
    const char *serial = measurement->instrument.serial;
    if (measurement->imported_axis != NULL || strcmp(serial, calibration->serial) != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The calibration belongs to instrument \"%s\" and to raw pixels; this "
                      "measurement is of \"%s\""),
                    calibration->serial, serial);
        return FALSE;
    }
    if (!cel_calibration_may_be_in_force(calibration, measurement->started_wall_us, error))
        return FALSE;
    cel_measurement_note(measurement, "calibration.replaced", measurement->calibration.id);
    measurement->calibration = *calibration;
    return TRUE;
}

CelQualification *cel_check_run(const CelCheckRequest *request, CelJob *job, GError **error)
{
    const CelStandard *standard = find_standard(request->standard, error);
    if (standard == NULL)
        return NULL;
    g_autoptr(CelMeasurement) other = NULL;
    const CelMeasurement *m = request->measurement;
    if (request->calibration != NULL) {
        other = cel_measurement_copy(m);
        if (!cel_calibration_put_in_force(other, request->calibration, error))
            return NULL;
        m = other;
    }
    g_autoptr(CelSpectrum) spectrum = cel_check_spectrum(m, job, error);
    if (spectrum == NULL)
        return NULL;
    const CelQualifyRequest question = {.standard = standard,
                                        .spectrum = spectrum,
                                        .limits = request->limits,
                                        .exposure_ms_mw = m->integration_ms * m->laser_mw};
    return cel_qualify(&question, job, error);
}
