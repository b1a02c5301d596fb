/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelInterpolation: how values between samples are made.
 * PCHIP: Fritsch, Butland 1984, SIAM J. Sci. Stat. Comput. 5, 300 (monotone, C1); NOT_A_KNOT and
 * NATURAL: cubic splines (de Boor 1978, A Practical Guide to Splines, ch. IV); AKIMA: Akima 1970,
 * J. ACM 17, 589. */
typedef enum {
    CEL_INTERPOLATE_LINEAR,
    CEL_INTERPOLATE_PCHIP,
    CEL_INTERPOLATE_NOT_A_KNOT,
    CEL_INTERPOLATE_NATURAL,
    CEL_INTERPOLATE_AKIMA,
} CelInterpolation;

/** CelSamples: what is interpolated: @n >= 4 samples at strictly increasing @x; all borrowed. */
typedef struct {
    const double *x, *y;
    const double *variance; /* (nullable): of independent samples */
    gsize n;
} CelSamples;

/** cel_interval: Returns: i with x[i] <= @at <= x[i + 1], i <= @n - 2. Thread-safe: yes. */
gsize cel_interval(const double *x, gsize n, double at);

/**
 * cel_interpolate:
 * @at: @n_at places inside x[0]..x[n - 1]; never extrapolates
 * @out_y: (out caller-allocates): @n_at values
 * @out_variance: (out caller-allocates) (nullable): NULL exactly when there is no variance. Exact
 *   for the linear maps; PCHIP and Akima are linearised about the samples by central differences
 *   one standard deviation wide.
 * Thread-safe: yes.
 */
void cel_interpolate(CelInterpolation kind, const CelSamples *samples, const double *at, gsize n_at,
                     double *out_y, double *out_variance);

/**
 * cel_interpolate_mean:
 * @half: half of the width of a cell
 * Means of the polygon through the samples over the cells @at - @half .. @at + @half, which must
 * lie inside x[0]..x[n - 1]; the integral is kept, nothing is aliased. Thread-safe: yes.
 */
void cel_interpolate_mean(const CelSamples *samples, double half, const double *at, gsize n_at,
                          double *out_y, double *out_variance);

G_END_DECLS
