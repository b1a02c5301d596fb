/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-acquire.h"

G_BEGIN_DECLS

/** cel_driver_simulated: the virtual instruments; every record of theirs is marked simulated. */
extern const CelDriver cel_driver_simulated;

/** CelSimBand: one band of a simulated sample. */
typedef struct {
    double position;  /* Raman shift in cm-1, 0..5000; of lamps: wavelength in air in nm */
    double intensity; /* area relative to the strongest band, > 0 */
    double fwhm_cm1;  /* natural (Lorentzian) width, 0..500; of lamps: 0 */
} CelSimBand;

enum { CEL_SIM_MAX_BANDS = 1000 };

/**
 * cel_sim_set_bands:
 * @device: opened through cel_driver_simulated
 * @bands: @n bands (copied), 0..CEL_SIM_MAX_BANDS, in any order; intensities are scaled so that the
 *   strongest is 1
 * @fluorescence: of the sample, 0..1000, times the setting of the same name
 * What lies before the instrument from the next frame on, instead of the setting `sample`; for
 * callers that have a library.
 * Returns: FALSE with CEL_ERROR_USAGE (another driver's device, a band out of range; then the
 * sample is as before). Thread-safe: yes.
 */
gboolean cel_sim_set_bands(CelDevice *device, const CelSimBand *bands, gsize n, double fluorescence,
                           GError **error);

G_END_DECLS
