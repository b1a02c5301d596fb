/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-calibration.h"

G_BEGIN_DECLS

/* A polynomial from pixel to wavelength through lines whose wavelengths are known. */

enum { CEL_AXIS_FIT_MIN_POINTS = 5, CEL_AXIS_FIT_MAX_POINTS = 256 };

/** CelAxisPoint: one line. */
typedef struct {
    double pixel, u_pixel; /* u: of the fit alone */
    double nm, u_nm;
    gboolean used;                 /* in: may be used; out: was used, no outlier */
    double deviation_nm;           /* out: axis minus .nm */
    double u_deviation_nm;         /* out: line, scatter, table and axis together */
    double leverage;               /* out: how far the axis here rests on this point alone, 0..1 */
    double others_nm, u_others_nm; /* out: what the other used points say about its place */
} CelAxisPoint;

/** CelAxisFit: the polynomial and how good it is. */
typedef struct {
    guint degree;
    gboolean held; /* orders 4 to 6 are held back by what optics allow; else they are free */
    double coefficients[CEL_CALIBRATION_MAX_COEFFICIENTS]; /* nm per pixel^k */
    double covariance[CEL_CALIBRATION_MAX_COEFFICIENTS][CEL_CALIBRATION_MAX_COEFFICIENTS];
    guint n_used;
    double scatter_px;         /* standard deviation beyond .u_pixel and .u_nm */
    double rms_nm, worst_nm;   /* of the used points */
    double cross_validated_nm; /* RMS of used points, each left out in turn */
} CelAxisFit;

/**
 * cel_axis_fit:
 * @points: rising pixel; .used says which may be used
 * @n_pixels: of the detector
 * Weighted least squares over Legendre polynomials to order 6, with priors for orders 2 to 6 that
 * hold every spectrograph of grating and flat detector (grating equation, detector up to 0.25 focal
 * lengths to either side, tilt, small imaging errors): they matter where lines are few and beyond
 * the last line. Orders 4 to 6 are set nearly free instead when leaving each line out in turn says
 * that this predicts clearly better.
 * Scatter that the lines' uncertainties do not explain is estimated and added to each (Paule &
 * Mandel 1982, J. Res. NBS 87, 377); lines beyond 4.5 of their standard deviations are left out.
 * The covariance is scaled by the square of Student's t over 1.96 where scatter was estimated.
 * Returns: FALSE with CEL_ERROR_NUMERIC: too few points, or no curve goes through them.
 *   Thread-safe: yes.
 */
gboolean cel_axis_fit(CelAxisPoint *points, guint n, gsize n_pixels, CelAxisFit *out,
                      GError **error);

G_END_DECLS
