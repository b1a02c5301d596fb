/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/* Lines found in a measured lamp or standard, each fitted with its own uncertainty: the common
 * input of wavelength, shift and qualification. */

/** CelMeasuredLine: one fitted line, in the unit of the spectrum's axis. */
typedef struct {
    double position, u_position; /* fit, standard error; never 0 */
    double fwhm, u_fwhm;
    double height, snr;
    double asymmetry;   /* area above the background within one fwhm on the right, less that on the
                           left, over both; 0: symmetric */
    gboolean saturated; /* a masked sample or a flat top at the height of the spectrum's highest:
                           not usable */
    gboolean blended;   /* a neighbour nearer than one fwhm, or no fit could be made: the position
                           is not that of one line */
} CelMeasuredLine;

/**
 * cel_lines_measure:
 * @spectrum: dark-subtracted, with its variance where known; any unit, pixels included
 * @min_snr: lines below are not listed
 * Finds lines above the local background and fits each (groups of overlapping ones jointly) with a
 * pseudo-Voigt on a line, a Gaussian where the samples are too few for that. u_position holds the
 * fit's standard error, scaled up when the fit's chi square says that the model or the noise is not
 * right. Without a variance the noise is taken to be the same everywhere.
 * Returns: (transfer full) (element-type CelMeasuredLine): in order of position, maybe empty; NULL
 *   with CEL_ERROR_INPUT (too short, no noise to be estimated) or CEL_ERROR_CANCELLED.
 *   Thread-safe: yes.
 */
GArray *cel_lines_measure(const CelSpectrum *spectrum, double min_snr, CelJob *job, GError **error);

G_END_DECLS
