/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/cel-calibration.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_interp.h>
#include <gsl/gsl_poly.h>
#include <math.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(gsl_interp, gsl_interp_free)

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

/* ---- the correction ---- */

/** The knots, ready to be evaluated. */
typedef struct {
    const CelCalibration *c;
    gsl_interp *cubic; /* NULL with fewer than three knots: straight, or constant */
    double steepest;   /* largest slope between neighbouring knots */
} Correction;

static void correction_clear(Correction *k)
{
    gsl_interp_free(k->cubic);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Correction, correction_clear)

static gboolean knots_are_usable(const CelCalibration *c)
{
    gboolean good = c->n_knots <= CEL_CALIBRATION_MAX_KNOTS;
    for (guint i = 0; good && i < c->n_knots; i++) {
        good = isfinite(c->knot_cm1[i]) && isfinite(c->correction_cm1[i]) &&
               isfinite(c->u_correction_cm1[i]) && c->u_correction_cm1[i] >= 0.0 &&
               (i == 0 || c->knot_cm1[i] > c->knot_cm1[i - 1]);
    }
    return good;
}

static gboolean correction_init(Correction *k, const CelCalibration *c, GError **error)
{
    *k = (Correction){.c = c};
    if (!knots_are_usable(c)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The shift correction \"%s\" is damaged: its points do not rise or are no "
                      "numbers. No shift can be stated with it; calibrate again"),
                    c->id);
        return FALSE;
    }
    for (guint i = 1; i < c->n_knots; i++) {
        const double slope = (c->correction_cm1[i] - c->correction_cm1[i - 1]) /
                             (c->knot_cm1[i] - c->knot_cm1[i - 1]);
        k->steepest = fmax(k->steepest, fabs(slope));
    }
    if (c->n_knots >= gsl_interp_type_min_size(gsl_interp_steffen)) {
        k->cubic = gsl_interp_alloc(gsl_interp_steffen, c->n_knots);
        gsl_interp_init(k->cubic, c->knot_cm1, c->correction_cm1, c->n_knots);
    }
    return TRUE;
}

/* Straight lines through the knots, constant outside. */
static double straight(const CelCalibration *c, const double *values, double at)
{
    guint i = 1;
    while (i < c->n_knots && c->knot_cm1[i] < at)
        i++;
    if (at <= c->knot_cm1[0] || i == c->n_knots)
        return values[at <= c->knot_cm1[0] ? 0 : c->n_knots - 1];
    const double t = (at - c->knot_cm1[i - 1]) / (c->knot_cm1[i] - c->knot_cm1[i - 1]);
    return values[i - 1] + t * (values[i] - values[i - 1]);
}

static double correction_at(const Correction *k, double shift)
{
    const CelCalibration *c = k->c;
    if (c->n_knots == 0)
        return 0.0;
    if (k->cubic == NULL)
        return straight(c, c->correction_cm1, shift);
    const double at = CLAMP(shift, c->knot_cm1[0], c->knot_cm1[c->n_knots - 1]);
    return gsl_interp_eval(k->cubic, c->knot_cm1, c->correction_cm1, at, NULL);
}

static double u_correction_at(const CelCalibration *c, double shift)
{
    return c->n_knots > 0 ? straight(c, c->u_correction_cm1, shift) : 0.0;
}

gboolean cel_calibration_correction(const CelCalibration *calibration, double shift_cm1,
                                    double *out_cm1, double *out_u_cm1, GError **error)
{
    g_auto(Correction) correction = {0};
    if (!correction_init(&correction, calibration, error))
        return FALSE;
    *out_cm1 = correction_at(&correction, shift_cm1);
    if (out_u_cm1 != NULL)
        *out_u_cm1 = u_correction_at(calibration, shift_cm1);
    return TRUE;
}

/* ---- the shift axis ---- */

/* Variance of the polynomial at @pixel: j' C j, j = 1, i, i^2, ... */
static double variance_nm(const CelCalibration *c, double pixel)
{
    double sum = 0.0, left = 1.0;
    for (guint a = 0; a < c->n_coefficients; a++, left *= pixel)
        sum += left * gsl_poly_eval(c->covariance[a], (int)c->n_coefficients, pixel);
    return fmax(sum, 0.0);
}

/* Uncertainty without the part for what lies outside the supported range. */
static double plain_u(const CelCalibration *c, double pixel, double nm, double shift)
{
    /* d shift / d wavelength = 1e7 / wavelength^2; the index of air alters it by 3e-4 */
    const double from_axis = 1e7 / (nm * nm) * sqrt(variance_nm(c, pixel));
    const double from_laser = 1e7 / (c->laser_nm * c->laser_nm) * c->u_laser_nm;
    const double u = hypot(hypot(from_axis, from_laser), u_correction_at(c, shift));
    return u > 0.0 ? u : c->u_axis_cm1;
}

static gsize nearest(const double *values, gsize n, double value)
{
    gsize i = 0;
    while (i + 1 < n && fabs(values[i + 1] - value) < fabs(values[i] - value))
        i++;
    return i;
}

static void grow_outside(const Correction *k, const double *shift, gsize n, double *u)
{
    const double *range = k->c->supported_cm1, half = 0.5 * (range[1] - range[0]);
    if (!(half > 0.0))
        return;
    const double u_end[] = {u[nearest(shift, n, range[0])], u[nearest(shift, n, range[1])]};
    for (gsize i = 0; i < n; i++) {
        const int end = shift[i] > range[0] ? 1 : 0;
        const double beyond = fmax(range[0] - shift[i], shift[i] - range[1]);
        if (beyond > 0.0)
            u[i] = hypot(u[i], beyond * (k->steepest + u_end[end] / half));
    }
}

CelAxis *cel_calibration_shift_axis(const CelCalibration *c, gsize n, double *out_u_cm1,
                                    GError **error)
{
    g_auto(Correction) correction = {0};
    g_autoptr(CelAxis) nm = cel_calibration_axis(c, n, error);
    if (nm == NULL)
        return NULL;
    g_autoptr(CelAxis) plain = cel_axis_raman_shift(nm, c->laser_nm, error);
    if (plain == NULL || !correction_init(&correction, c, error))
        return NULL;
    const double *shift = cel_axis_values(plain);
    g_autofree double *corrected = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        corrected[i] = shift[i] + correction_at(&correction, shift[i]);
        if (out_u_cm1 != NULL)
            out_u_cm1[i] = plain_u(c, (double)i, cel_axis_values(nm)[i], shift[i]);
    }
    if (out_u_cm1 != NULL)
        grow_outside(&correction, corrected, n, out_u_cm1);
    return cel_axis_new(CEL_UNIT_SHIFT_CM1, corrected, n, error);
}
