/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/* Spectral resolution from the 1085.91 cm-1 band of calcite (ASTM E2529, CWA 18133). */

/** CelResolution: what the band says. */
typedef struct {
    double position_cm1, u_position_cm1;
    double fwhm_cm1, u_fwhm_cm1; /* of the band as measured */
    /* full width at half maximum of the instrument's own (Gaussian) profile: the natural width of
     * the band taken out of its Voigt profile; u holds the fit's and the natural width's part */
    double instrument_cm1, u_instrument_cm1;
    double e2529_cm1;        /* fwhm / 0.684 - 1.029, +-20 %: what the VAMAS TWA 42 code reports for
                               dispersive instruments at 785 nm; its own scale, larger */
    double snr;              /* of the band */
    double background_share; /* light under the band over its height */
    double samples_per_fwhm;
} CelResolution;

/**
 * cel_resolution_from_calcite:
 * @calcite: dark off, baseline as measured, on Raman shifts
 * CWA 18133 asks for a signal to noise of at least 8, no saturation and a fluorescence below 20 %
 * of the band; a band with fewer than two samples across its width is not sampled (Nyquist).
 * Returns: FALSE with CEL_ERROR_UNIT (no shifts), CEL_ERROR_INPUT (no such band within 15 cm-1, or
 *   one of these conditions not met), CEL_ERROR_NUMERIC (narrower than calcite can be),
 *   CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
gboolean cel_resolution_from_calcite(const CelSpectrum *calcite, CelResolution *out, CelJob *job,
                                     GError **error);

/**
 * cel_width_without_slit:
 * @fwhm: measured; @instrument_fwhm: of the instrument's Gaussian profile, same unit
 * Returns: the Lorentzian width of a band whose Voigt profile is @fwhm wide (Olivero, Longbothum
 *   1977, J. Quant. Spectrosc. Radiat. Transfer 17, 233, to 0.02 %): the slit's broadening removed;
 *   0 when the instrument alone explains it. Thread-safe: yes.
 */
double cel_width_without_slit(double fwhm, double instrument_fwhm);

/** cel_width_of_slit: the other way round: @natural_fwhm: of the Lorentzian band. Returns: the
 * width of the instrument's Gaussian profile, NAN when @fwhm is below @natural_fwhm. Thread-safe:
 * yes. */
double cel_width_of_slit(double fwhm, double natural_fwhm);

G_END_DECLS
