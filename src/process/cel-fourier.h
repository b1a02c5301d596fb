/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelApodise: how the weight falls with u = frequency / cutoff, from 1 at 0; 0 from u = 1 on.
 * Triangle 1 - u, Hann (1 + cos pi u)/2, Blackman 0.42 + 0.5 cos pi u + 0.08 cos 2 pi u, Gauss
 * exp(-ln 2 (2 u)^2), which is 1/2 at half the cutoff and 1/16 before it ends. */
typedef enum {
    CEL_APODISE_BOXCAR,
    CEL_APODISE_TRIANGLE,
    CEL_APODISE_HANN,
    CEL_APODISE_BLACKMAN,
    CEL_APODISE_GAUSS,
} CelApodise;

/** cel_fourier_weight: @u: >= 0, frequency over cutoff. Returns: 0..1. Thread-safe: yes. */
double cel_fourier_weight(CelApodise window, double u);

/**
 * cel_fourier_smooth:
 * @y: (inout): @n samples, evenly spaced as far as the filter knows, mirrored at both ends
 * @cutoff: over 0..1, in units of the Nyquist frequency
 * Thread-safe: yes (planning is locked, FFTW_ESTIMATE: the same numbers every time).
 */
void cel_fourier_smooth(double *y, gsize n, CelApodise window, double cutoff);

/**
 * cel_fourier_smooth_variance:
 * @variance: (inout): @n variances of independent samples; becomes those of the smoothed ones, the
 *   squared weights of the same map summed. n^2 operations. Thread-safe: yes.
 */
void cel_fourier_smooth_variance(double *variance, gsize n, CelApodise window, double cutoff);

G_END_DECLS
