/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smooth.fft: low-pass by apodisation. The spectrum is continued by its mirror image (half-sample
 * symmetric, so there is no jump at the ends), whose discrete Fourier transform is the DCT-II; its
 * coefficients are multiplied by a window that falls to zero at the cutoff, and transformed back.
 * Samples marked with anything but CEL_MASK_COSMIC are bridged by straight lines first, because one
 * saturated sample would ring through the whole result; they stay marked. The variance is carried
 * exactly for independent samples. */
#include "process/cel-fourier.h"
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

enum { CUTOFF, WINDOW, N_PARAMS };
static const char *const window_names[] = {"boxcar", "triangle", "hann", "blackman", "gauss", NULL};
static const CelParamDef params_table[] = {
    [CUTOFF] = {.key = "cutoff",
                .label = N_("Cutoff"),
                .unit = "of Nyquist",
                .type = CEL_PARAM_REAL,
                .min = 0.001,
                .max = 1.0,
                .initial = 0.5},
    [WINDOW] = {.key = "window",
                .label = N_("Apodisation"),
                .unit = "1",
                .type = CEL_PARAM_CHOICE,
                .min = CEL_APODISE_BOXCAR,
                .max = CEL_APODISE_GAUSS,
                .initial = CEL_APODISE_HANN,
                .choices = window_names},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

/* The variance costs n^2 operations; detectors have some thousand pixels. */
enum { MAX_SAMPLES = 16384 };

/* Straight lines over marked samples; beyond the outermost good one its value is repeated. Returns
 * FALSE when all are marked. */
static gboolean bridge(double *y, const guint8 *mask, gsize n)
{
    gsize good = n; /* the last unmarked sample before i; n: none yet */
    for (gsize i = 0; i < n; i++) {
        if ((mask[i] & ~CEL_MASK_COSMIC) != 0)
            continue;
        for (gsize k = good == n ? 0 : good + 1; k < i; k++) {
            const double t = good == n ? 1.0 : (double)(k - good) / (double)(i - good);
            y[k] = t * y[i] + (good == n ? 0.0 : (1.0 - t) * y[good]);
        }
        good = i;
    }
    for (gsize k = good; good != n && k < n; k++)
        y[k] = y[good];
    return good != n;
}

static gboolean prepare(const CelSpectrum *in, double *y, GError **error)
{
    const gsize n = cel_spectrum_length(in);
    const guint8 *mask = cel_spectrum_mask(in);
    if (n > MAX_SAMPLES) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The spectrum has more than %d samples; crop or resample it first"),
                    MAX_SAMPLES);
        return FALSE;
    }
    if (mask == NULL || bridge(y, mask, n))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("Every sample is marked as unusable; there is nothing to smooth. Measure again"));
    return FALSE;
}

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error)
{
    (void)inputs;
    const gsize n = cel_spectrum_length(in);
    const double cutoff = cel_params_get(params, CUTOFF);
    const CelApodise window = (CelApodise)cel_params_get_size(params, WINDOW);
    g_autofree double *y = cel_step_y(in);
    if (!prepare(in, y, error))
        return NULL;
    double *variance = cel_step_variance(in);
    cel_fourier_smooth(y, n, window, cutoff);
    if (variance != NULL)
        cel_fourier_smooth_variance(variance, n, window, cutoff);
    return cel_spectrum_derive(in, cel_spectrum_axis(in), g_steal_pointer(&y), variance,
                               cel_step_mask(in), error);
}

const CelStepDef cel_step_smooth_fft = {
    .id = "smooth.fft",
    .version = 1,
    .title = N_("Smooth (Fourier apodisation)"),
    .reference =
        "Kauppinen et al. 1981, Appl. Opt. 20, 1866; windows: Harris 1978, Proc. IEEE 66, 51",
    .params = params_table,
    .n_params = N_PARAMS,
    .run = run,
};
