/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CEL_BAND_MAX: highest order of differences. */
enum { CEL_BAND_MAX = 3 };

/**
 * cel_band_whittaker:
 * @y: (inout) (nullable): @n samples; becomes z with (W + lambda D'D) z = W y
 * @weights: @n numbers >= 0
 * @variance: (inout) (nullable): of independent samples; becomes that of z, the diagonal of
 *   A^-1 W V W A^-1
 * @order: of the differences D, 1..CEL_BAND_MAX, unit spacing; @n > @order
 * The matrix is factored as L D L' in its band. With t a small number,
 * d/dt (A - t U)^-1 = A^-1 U A^-1 at t = 0: the factorisation and the recursion for the central
 * band of the inverse (Hutchinson, de Hoog 1985, Numer. Math. 47, 99) are carried out on pairs
 * (value, derivative by t) with U = W V W, so that the exact variance costs as little as the
 * solution.
 * Returns: FALSE when the matrix is not positive definite in double precision. Thread-safe: yes.
 */
gboolean cel_band_whittaker(double *y, const double *weights, double *variance, gsize n,
                            double lambda, guint order);

G_END_DECLS
