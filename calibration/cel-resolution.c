/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-resolution.h"

#include "cel-lines.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const double CALCITE_CM1 = 1085.91, NEAR_CM1 = 15.0; /* CWA 18133 */
static const double MIN_SNR = 8.0, MAX_BACKGROUND = 0.2, MIN_SAMPLES_ACROSS = 2.0;
/* Natural width of the band at room temperature. Recalled, not verified, from the literature: hence
 * the wide uncertainty. */
static const double NATURAL_CM1 = 1.2, U_NATURAL_CM1 = 0.4;
/* VAMAS TWA 42: FWHM = 0.684 (resolution + 1.029) at 785 nm. */
static const double E2529_SLOPE = 0.684, E2529_OFFSET_CM1 = 1.029;
/* Olivero, Longbothum 1977: V = a L + sqrt(b L^2 + G^2), a + sqrt(b) = 1. */
static const double VOIGT_A = 0.5346, VOIGT_B = 0.2166;

double cel_width_of_slit(double fwhm, double natural_fwhm)
{
    const double rest = fwhm - VOIGT_A * natural_fwhm;
    const double square = rest * rest - VOIGT_B * natural_fwhm * natural_fwhm;
    return rest >= 0.0 && square >= 0.0 ? sqrt(square) : NAN;
}

double cel_width_without_slit(double fwhm, double instrument_fwhm)
{
    if (!(fwhm > instrument_fwhm))
        return 0.0;
    /* (V - a L)^2 = b L^2 + G^2, the smaller root */
    const double p = VOIGT_A * fwhm, q = VOIGT_A * VOIGT_A - VOIGT_B;
    const double c = fwhm * fwhm - instrument_fwhm * instrument_fwhm;
    return c / (p + sqrt(p * p - q * c));
}

static gboolean refuse(const char *why, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("No resolution from this scan of calcite: %s. Measure calcite again"), why);
    return FALSE;
}

static const CelMeasuredLine *find_band(const GArray *lines)
{
    const CelMeasuredLine *best = NULL;
    for (guint i = 0; i < lines->len; i++) {
        const CelMeasuredLine *line = &g_array_index(lines, CelMeasuredLine, i);
        if (fabs(line->position - CALCITE_CM1) <= NEAR_CM1 &&
            (best == NULL || line->height > best->height))
            best = line;
    }
    return best;
}

/* Light under the band: what is left of the counts at its place. */
static double background(const CelSpectrum *calcite, const CelMeasuredLine *band)
{
    const gsize at = cel_axis_nearest(cel_spectrum_axis(calcite), band->position);
    return MAX(cel_spectrum_y(calcite)[at] - band->height, 0.0);
}

static gboolean judge(const CelMeasuredLine *band, const CelResolution *r, GError **error)
{
    if (band->saturated)
        return refuse(_("its band is saturated"), error);
    if (band->blended)
        return refuse(_("its band is not one line: another thing is in the beam, or it is no "
                        "calcite"),
                      error);
    if (r->snr < MIN_SNR)
        return refuse(_("its band is less than 8 times the noise"), error);
    if (r->background_share > MAX_BACKGROUND)
        return refuse(_("the light under its band is more than a fifth of it"), error);
    if (r->samples_per_fwhm < MIN_SAMPLES_ACROSS)
        return refuse(_("fewer than two samples of the detector lie across its band"), error);
    return TRUE;
}

static void fill(const CelSpectrum *calcite, const CelMeasuredLine *band, CelResolution *out)
{
    const CelAxis *axis = cel_spectrum_axis(calcite);
    const double *x = cel_spectrum_x(calcite);
    const gsize n = cel_spectrum_length(calcite), at = cel_axis_nearest(axis, band->position);
    const gsize low = at > 0 ? at - 1 : 0, high = MIN(at + 1, n - 1);
    const double step = (x[high] - x[low]) / (double)(high - low);
    const double more = cel_width_of_slit(band->fwhm + 1e-3, NATURAL_CM1);
    const double other = cel_width_of_slit(band->fwhm, NATURAL_CM1 - U_NATURAL_CM1);
    *out = (CelResolution){
        .position_cm1 = band->position,
        .u_position_cm1 = band->u_position,
        .fwhm_cm1 = band->fwhm,
        .u_fwhm_cm1 = band->u_fwhm,
        .instrument_cm1 = cel_width_of_slit(band->fwhm, NATURAL_CM1),
        .e2529_cm1 = band->fwhm / E2529_SLOPE - E2529_OFFSET_CM1,
        .snr = band->snr,
        .background_share = background(calcite, band) / band->height,
        .samples_per_fwhm = band->fwhm / step,
    };
    out->u_instrument_cm1 =
        hypot((more - out->instrument_cm1) / 1e-3 * band->u_fwhm, other - out->instrument_cm1);
}

gboolean cel_resolution_from_calcite(const CelSpectrum *calcite, CelResolution *out, CelJob *job,
                                     GError **error)
{
    *out = (CelResolution){.fwhm_cm1 = 0.0};
    if (cel_axis_unit(cel_spectrum_axis(calcite)) != CEL_UNIT_SHIFT_CM1) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The scan of calcite stands on %s; calibrate its axis to Raman shifts first"),
                    cel_unit_name(cel_axis_unit(cel_spectrum_axis(calcite))));
        return FALSE;
    }
    g_autoptr(GArray) lines = cel_lines_measure(calcite, 3.0, job, error);
    if (lines == NULL)
        return FALSE;
    const CelMeasuredLine *band = find_band(lines);
    if (band == NULL)
        return refuse(_("it has no band within 15 cm-1 of 1085.91"), error);
    fill(calcite, band, out);
    if (!judge(band, out, error))
        return FALSE;
    if (out->instrument_cm1 > 0.0 && isfinite(out->u_instrument_cm1))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("The band of calcite is %.2f cm-1 wide, narrower than calcite's own; the axis is "
                  "wrong, or it is another line"),
                out->fwhm_cm1);
    return FALSE;
}
