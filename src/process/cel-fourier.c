/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-fourier.h"

#include "base/cel-error.h"

#include <fftw3.h>
#include <math.h>

double cel_fourier_weight(CelApodise window, double u)
{
    if (u >= 1.0)
        return 0.0;
    switch (window) {
    case CEL_APODISE_BOXCAR:
        return 1.0;
    case CEL_APODISE_TRIANGLE:
        return 1.0 - u;
    case CEL_APODISE_HANN:
        return 0.5 + 0.5 * cos(G_PI * u);
    case CEL_APODISE_BLACKMAN:
        return 0.42 + 0.5 * cos(G_PI * u) + 0.08 * cos(2.0 * G_PI * u);
    case CEL_APODISE_GAUSS:
        return exp(-G_LN2 * 4.0 * u * u);
    }
    g_return_val_if_reached(0.0);
}

static void transform(double *values, gsize n, fftw_r2r_kind kind)
{
    cel_fftw_lock();
    fftw_plan plan = fftw_plan_r2r_1d((int)n, values, values, kind, FFTW_ESTIMATE);
    cel_fftw_unlock();
    fftw_execute(plan);
    cel_fftw_lock();
    fftw_destroy_plan(plan);
    cel_fftw_unlock();
}

/* DCT-II coefficient k has the frequency k/n of Nyquist; the pair of transforms multiplies by
 * 2n. */
void cel_fourier_smooth(double *y, gsize n, CelApodise window, double cutoff)
{
    transform(y, n, FFTW_REDFT10);
    for (gsize k = 0; k < n; k++)
        y[k] *= cel_fourier_weight(window, (double)k / (double)n / cutoff) / (2.0 * (double)n);
    transform(y, n, FFTW_REDFT01);
}

/* The filter is a circular convolution of the mirrored sequence of period 2n, so that sample j acts
 * on i with the weight h(i - j) + h(i + j + 1), where h is even and
 * h(m) = 1/(2n) (w0 + 2 sum over k of w_k cos(pi k m / n)): a DCT-I of the weights. */
static double *impulse(gsize n, CelApodise window, double cutoff)
{
    double *h = g_new(double, n + 1);
    for (gsize k = 0; k <= n; k++)
        h[k] = k < n ? cel_fourier_weight(window, (double)k / (double)n / cutoff) : 0.0;
    transform(h, n + 1, FFTW_REDFT00);
    for (gsize m = 0; m <= n; m++)
        h[m] /= 2.0 * (double)n;
    return h;
}

void cel_fourier_smooth_variance(double *variance, gsize n, CelApodise window, double cutoff)
{
    g_autofree double *h = impulse(n, window, cutoff);
    g_autofree double *in = g_memdup2(variance, n * sizeof *in);
    for (gsize i = 0; i < n; i++) {
        double sum = 0.0;
        for (gsize j = 0; j < n; j++) {
            const gsize mirrored = i + j + 1; /* 1 .. 2n - 1; h has period 2n and is even */
            const double weight =
                h[i > j ? i - j : j - i] + h[mirrored <= n ? mirrored : 2 * n - mirrored];
            sum += weight * weight * in[j];
        }
        variance[i] = sum;
    }
}
