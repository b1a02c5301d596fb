/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/step-baseline.h"

CelBaselineData cel_baseline_data(const CelSpectrum *in)
{
    return (CelBaselineData){.x = cel_spectrum_x(in),
                             .y = cel_spectrum_y(in),
                             .mask = cel_spectrum_mask(in),
                             .n = cel_spectrum_length(in)};
}

CelSpectrum *cel_baseline_subtract(const CelSpectrum *in, double *baseline, GError **error)
{
    const gsize n = cel_spectrum_length(in);
    const double *y = cel_spectrum_y(in), *variance = cel_spectrum_variance(in);
    const guint8 *mask = cel_spectrum_mask(in);
    for (gsize i = 0; i < n; i++)
        baseline[i] = y[i] - baseline[i];
    return cel_spectrum_derive(in, cel_spectrum_axis(in), baseline,
                               variance != NULL ? g_memdup2(variance, n * sizeof(double)) : NULL,
                               mask != NULL ? g_memdup2(mask, n) : NULL, error);
}
