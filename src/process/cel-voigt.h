/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelComplex: re + i im. */
typedef struct {
    double re, im;
} CelComplex;

/**
 * cel_faddeeva:
 * @x, @y: z = x + i y, @y >= 0
 * Returns: w(z) = exp(-z^2) erfc(-i z), both parts to better than 1e-12 of |w|, the real part also
 *   relative to itself in the wings. Thread-safe: yes.
 */
CelComplex cel_faddeeva(double x, double y);

/**
 * cel_voigt:
 * @x: distance from the centre
 * @sigma: > 0: standard deviation of the Gaussian part
 * @gamma: >= 0: half width at half maximum of the Lorentzian part
 * Returns: the profile of area 1 (DLMF 7.19). Thread-safe: yes.
 */
double cel_voigt(double x, double sigma, double gamma);

G_END_DECLS
