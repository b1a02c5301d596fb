/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cel_cwt_mexican_hat:
 * @y: @n finite samples (borrowed), n >= 2
 * @scales: @n_scales values, 0.8 sample or more: half the distance of the hat's zeros
 * @out: @n_scales rows of @n coefficients, written
 * C(a, b) = a^-1/2 sum y(t) psi((t - b) / a), psi(t) = 2 / (sqrt(3) pi^1/4) (1 - t^2) exp(-t^2 /
 * 2): white noise of standard deviation s gives coefficients of standard deviation s at every
 * scale. Beyond its ends the data are reflected (half-sample symmetric); the hat is cut at 8
 * scales, where it has fallen below 1e-12. Computed through FFTW. Thread-safe: yes.
 */
void cel_cwt_mexican_hat(const double *y, gsize n, const double *scales, gsize n_scales,
                         double *out);

G_END_DECLS
