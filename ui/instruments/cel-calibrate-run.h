/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-shift-calibration.h"
#include "instruments/cel-check-shot.h"

G_BEGIN_DECLS

/** CelCalibrateRun: scans on their way to a sealed calibration: derived on CEL_LANE_COMPUTE, sealed
 * and recorded on CEL_LANE_LAB. Counted; one thread at a time. */
typedef struct {
    CelDesk *desk;
    GPtrArray *shots; /* of CelCheckShot, measured */
    char *author;
    /* what came of it */
    GPtrArray *scans; /* of CelStandardScan */
    CelCalibrationObject *object;
    CelShiftFit *fit;
    gboolean in_force; /* it can be, so sealing puts it there */
    char *path;        /* sealed */
} CelCalibrateRun;

/** cel_calibrate_run_new: @shots: (element-type CelCheckShot): at least one; they stay as they are.
 * Returns: (transfer full) */
CelCalibrateRun *cel_calibrate_run_new(CelDesk *desk, const GPtrArray *shots);
/** cel_calibrate_run_ref: Returns: (transfer full): the same. */
CelCalibrateRun *cel_calibrate_run_ref(CelCalibrateRun *run);
/** cel_calibrate_run_unref: @run: a CelCalibrateRun. */
void cel_calibrate_run_unref(gpointer run);

/** cel_calibrate_run_derive, cel_calibrate_run_seal: CelTaskRun for CEL_LANE_COMPUTE, then
 * CEL_LANE_LAB. */
gboolean cel_calibrate_run_derive(gpointer run, CelJob *job, GError **error);
gboolean cel_calibrate_run_seal(gpointer run, CelJob *job, GError **error);

G_END_DECLS
