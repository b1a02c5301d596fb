/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/cel-calibration.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_poly.h>

CelAxis *cel_calibration_axis(const CelCalibration *calibration, gsize n, GError **error)
{
    const guint order = calibration->n_coefficients;
    if (order == 0 || order > CEL_CALIBRATION_MAX_COEFFICIENTS || n > CEL_AXIS_MAX_POINTS) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("This instrument has no wavelength calibration; its pixels stay pixels"));
        return NULL;
    }
    g_autofree double *nm = g_new(double, MAX(n, 1));
    for (gsize i = 0; i < n; i++)
        nm[i] = gsl_poly_eval(calibration->coefficients, (int)order, (double)i);
    return cel_axis_new(calibration->medium, nm, n, error);
}
