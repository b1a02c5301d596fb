/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab-check.h"
#include "cel-desk.h"
#include "device/cel-laser-plan.h"
#include "plot/cel-plot-trace.h"

G_BEGIN_DECLS

/** CelCheckShot: one measured standard on its way: the instrument's lane measures it, the lab's
 * lane judges and records it. Counted; one thread at a time. */
typedef struct {
    CelDesk *desk;
    const CelStandard *standard;
    char *lot;
    gboolean closing;
    CelLaserConfirmation confirmation;
    /* what came of it */
    CelMeasurement *measurement;
    CelQualification *qualification;
    CelPlotTrace *trace; /* as it is judged */
    guint n_in_doubt;    /* results that a check that did not pass recalls */
} CelCheckShot;

/** cel_check_shot_new: Returns: (transfer full) */
CelCheckShot *cel_check_shot_new(CelDesk *desk, const CelStandard *standard);
/** cel_check_shot_ref: Returns: (transfer full): the same. */
CelCheckShot *cel_check_shot_ref(CelCheckShot *shot);
/** cel_check_shot_unref: @shot: a CelCheckShot. */
void cel_check_shot_unref(gpointer shot);

/** cel_check_shot_measure, cel_check_shot_judge: CelTaskRun for CEL_LANE_INSTRUMENT, then
 * CEL_LANE_LAB. */
gboolean cel_check_shot_measure(gpointer shot, CelJob *job, GError **error);
gboolean cel_check_shot_judge(gpointer shot, CelJob *job, GError **error);

G_END_DECLS
