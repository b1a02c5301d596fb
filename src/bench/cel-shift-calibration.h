/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-standard-scan.h"
#include "cel-shift.h"

G_BEGIN_DECLS

/* The calibration of a Raman shift axis out of recordings, the same for everybody who asks. */

/** CelShiftRequest: all borrowed. */
typedef struct {
    const GPtrArray
        *recordings; /* (element-type CelStandardScan): one or more, each with its standard
                                    */
    const CelCalibration *base; /* (nullable): with the wavelengths of pixels that the axes rest on;
                                   NULL: what the instrument itself stated */
    double laser_nm;            /* 0: as stated */
} CelShiftRequest;

/**
 * cel_shift_calibrate:
 * A recording of several frames is given as its two halves, so that a laser that drifts while they
 * are taken is seen as one that drifts between recordings.
 * @out_fit: (out) (transfer full): line by line, for people
 * Returns: (transfer full): the object with its numbers, residuals and notes, still without what
 *   cel_calibration_complete() sets; NULL with the errors of cel_shift_fit() or CEL_ERROR_UNIT (no
 *   wavelength of the laser, @base for an axis of another program). Thread-safe: yes.
 */
CelCalibrationObject *cel_shift_calibrate(const CelShiftRequest *request, CelShiftFit **out_fit,
                                          CelJob *job, GError **error);

/** cel_shift_line_state: Returns: (transfer none): what is to be said of the line, translated: that
 * it had no part and why, or lies beyond its limit; "" for nothing. */
const char *cel_shift_line_state(const CelShiftLine *line);

G_END_DECLS
