/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelBandShape: of one band, with the order of its parameters. */
typedef enum {
    CEL_BAND_GAUSS,        /* height, centre, half width at half maximum */
    CEL_BAND_LORENTZ,      /* height, centre, half width at half maximum */
    CEL_BAND_PSEUDO_VOIGT, /* height, centre, half width at half maximum, Lorentzian share */
    CEL_BAND_VOIGT,        /* area, centre, Gaussian standard deviation, Lorentzian half width */
} CelBandShape;

enum { CEL_BAND_MAX_PARAMS = 4 };

/** cel_band_n_params: Returns: how many parameters a band of @shape has, 3 or 4. */
gsize cel_band_n_params(CelBandShape shape);

/**
 * cel_band_value:
 * @p: parameters in the order of CelBandShape; widths of either sign count as positive, not 0
 * @out_gradient: (nullable): derivatives after the parameters, in their order
 * Pseudo-Voigt: p0 [p3 / (1 + u^2) + (1 - p3) exp(-ln 2 u^2)], u = (x - p1) / p2.
 * Returns: the band's value at @x. Thread-safe: yes.
 */
double cel_band_value(CelBandShape shape, const double *p, double x, double *out_gradient);

G_END_DECLS
