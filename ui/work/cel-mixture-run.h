/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-answer.h"
#include "cel-desk.h"
#include "plot/cel-plot-trace.h"
#include "work/cel-work-item.h"

G_BEGIN_DECLS

/** CelMixtureRun: one spectrum identified with the method's own recipe, and what a fit of several
 * references makes of it, on a worker. */
typedef struct {
    CelDesk *desk;     /* owned */
    CelWorkItem *item; /* owned */
    CelAnswer *answer; /* what came out */
    GPtrArray *traces; /* CelPlotTrace: sample, components as the fit draws them, what is left */
} CelMixtureRun;

/** cel_mixture_run_new: Returns: (transfer full). */
CelMixtureRun *cel_mixture_run_new(CelDesk *desk, CelWorkItem *item);

/** cel_mixture_run_free: @run: (nullable) */
void cel_mixture_run_free(gpointer run);

/** cel_mixture_run: a CelTaskRun; waits for the libraries. */
gboolean cel_mixture_run(gpointer run, CelJob *job, GError **error);

/** cel_mixture_part_name: Returns: (transfer full): what a component is called. */
char *cel_mixture_part_name(const CelMixturePart *part);

G_END_DECLS
