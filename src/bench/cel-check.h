/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-qualify.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/* The performance check of an instrument: from the measurement of a standard to a verdict. */

/**
 * cel_check_spectrum:
 * Returns: (transfer full): the measurement of a standard as it is judged: dark subtracted, nothing
 *   smoothed and no background taken away, on the Raman shift axis in use; NULL with the error.
 */
CelSpectrum *cel_check_spectrum(const CelMeasurement *measurement, CelJob *job, GError **error);

/** cel_calibration_may_be_in_force: @at_us: when it would be measured with. Returns: FALSE with
 * CEL_ERROR_USAGE (it corrects recorded shifts and has no wavelengths of pixels) or
 * CEL_ERROR_POLICY (no longer valid). */
gboolean cel_calibration_may_be_in_force(const CelCalibration *calibration, gint64 at_us,
                                         GError **error);

/**
 * cel_calibration_put_in_force:
 * @measurement: raw frames, not yet judged; its calibration is replaced, which its note says
 * Returns: FALSE with CEL_ERROR_USAGE (another instrument's, an imported axis, a calibration
 * without wavelengths) or CEL_ERROR_POLICY (it was no longer valid when the measurement was made).
 */
gboolean cel_calibration_put_in_force(CelMeasurement *measurement,
                                      const CelCalibration *calibration, GError **error);

/** CelCheckRequest: all borrowed. */
typedef struct {
    const CelMeasurement *measurement;
    const char *standard;              /* id: the person's word for what was measured */
    const CelCheckLimits *limits;      /* (nullable): cel_check_limits_default() */
    const CelCalibration *calibration; /* (nullable): judged in place of the measurement's own */
} CelCheckRequest;

/**
 * cel_check_run:
 * Returns: (transfer full): the qualification; NULL with CEL_ERROR_USAGE (no such standard, the
 *   calibration is of another instrument) or the errors of cel_qualify().
 */
CelQualification *cel_check_run(const CelCheckRequest *request, CelJob *job, GError **error);

G_END_DECLS
