/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-band.h"

#include "process/cel-voigt.h"

#include <float.h>
#include <math.h>

gsize cel_band_n_params(CelBandShape shape)
{
    return shape == CEL_BAND_GAUSS || shape == CEL_BAND_LORENTZ ? 3 : 4;
}

/* Gauss and Lorentz are the pseudo-Voigt with a share of 0 or 1 that is not a parameter. */
static double pseudo_voigt(const double *p, double share, double x, double *out_gradient)
{
    const double u = (x - p[1]) / p[2];
    const double lorentz = share != 0.0 ? 1.0 / (1.0 + u * u) : 0.0;
    const double gauss = share != 1.0 ? exp(-G_LN2 * u * u) : 0.0;
    const double shape = share * lorentz + (1.0 - share) * gauss;
    if (out_gradient != NULL) {
        const double along =
            -2.0 * u * p[0] * (share * lorentz * lorentz + (1.0 - share) * G_LN2 * gauss);
        out_gradient[0] = shape;
        out_gradient[1] = -along / p[2];
        out_gradient[2] = -u * along / p[2];
    }
    return p[0] * shape;
}

static double share_derivative(const double *p, double x)
{
    const double u = (x - p[1]) / p[2];
    return p[0] * (1.0 / (1.0 + u * u) - exp(-G_LN2 * u * u));
}

/* V = Re w(z) / (s sqrt(2 pi)), z = (t + i g) / (s sqrt 2), w' = -2 z w + 2 i / sqrt(pi). */
static double voigt(const double *p, double x, double *out_gradient)
{
    const double s = fmax(fabs(p[2]), DBL_MIN), g = fabs(p[3]), t = x - p[1];
    const double scale = s * G_SQRT2, norm = 1.0 / (s * sqrt(2.0 * G_PI));
    const double zx = t / scale, zy = g / scale;
    const CelComplex w = cel_faddeeva(zx, zy);
    const double value = norm * w.re;
    if (out_gradient != NULL) {
        const double re = -2.0 * (zx * w.re - zy * w.im);
        const double im = -2.0 * (zx * w.im + zy * w.re) + 2.0 / sqrt(G_PI);
        out_gradient[0] = value;
        out_gradient[1] = -p[0] * norm * re / scale;
        out_gradient[2] = -p[0] * (value + norm * (re * zx - im * zy)) / s;
        out_gradient[3] = -p[0] * norm * im / scale;
        out_gradient[2] = p[2] < 0.0 ? -out_gradient[2] : out_gradient[2];
        out_gradient[3] = p[3] < 0.0 ? -out_gradient[3] : out_gradient[3];
    }
    return p[0] * value;
}

double cel_band_value(CelBandShape shape, const double *p, double x, double *out_gradient)
{
    switch (shape) {
    case CEL_BAND_GAUSS:
        return pseudo_voigt(p, 0.0, x, out_gradient);
    case CEL_BAND_LORENTZ:
        return pseudo_voigt(p, 1.0, x, out_gradient);
    case CEL_BAND_PSEUDO_VOIGT:
        if (out_gradient != NULL)
            out_gradient[3] = share_derivative(p, x);
        return pseudo_voigt(p, p[3], x, out_gradient);
    case CEL_BAND_VOIGT:
        return voigt(p, x, out_gradient);
    }
    g_return_val_if_reached(0.0);
}
