/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-pairs.h"
#include "cel-shift.h"

G_BEGIN_DECLS

/** CelShiftAxis: what all scans of a run have in common. */
typedef struct {
    double laser_nm, laser_vacuum_nm; /* 0: not stated */
    CelUnit medium; /* of laser_nm; unstated counts as air: makers state the wavelengths of the air
                       around an instrument */
} CelShiftAxis;

/** cel_shift_axis_common: refuses scans of two lasers, instruments or media, and axes of pixels.
 * Returns: FALSE with CEL_ERROR_UNIT. */
gboolean cel_shift_axis_common(const CelCalibration *base, const CelShiftScan *scans, gsize n,
                               CelShiftAxis *out, GError **error);

/**
 * cel_shift_scan_pairs:
 * @options: complete
 * Returns: FALSE with CEL_ERROR_INPUT (no lines, another substance, saturated) or CEL_ERROR_UNIT
 *   (the lines fit when the numbers are taken in another unit); @out is cleared then.
 */
gboolean cel_shift_scan_pairs(const CelShiftScan *scan, const CelShiftAxis *axis,
                              const CelShiftOptions *options, CelPairing *out, CelJob *job,
                              GError **error);

/** cel_shift_options: Returns: @options with the defaults filled in. */
CelShiftOptions cel_shift_options(const CelShiftOptions *options);

/** cel_shift_add_lines: appends the pairs of scan number @scan to @out, of CelShiftLine, as they
 * are before any correction. */
void cel_shift_add_lines(GArray *out, guint scan, const CelStandard *standard,
                         const CelPairing *pairing);

/** cel_shift_evaluate: @fit: (nullable): fills in what the correction makes of each line, and its
 * limit. */
void cel_shift_evaluate(const CelShiftFit *fit, GArray *lines);

G_END_DECLS
