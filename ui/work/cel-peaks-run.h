/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "process/cel-peakfit.h"
#include "process/cel-recipe.h"
#include "work/cel-work-item.h"

G_BEGIN_DECLS

/** CelPeaksRun: one spectrum corrected and its bands fitted, on a worker. */
typedef struct {
    CelWorkItem *item;      /* owned */
    CelRecipe *recipe;      /* owned */
    double from, to;        /* equal: everywhere */
    CelSpectrum *corrected; /* what came out, owned */
    GArray *peaks;          /* CelPeak */
    gsize unfitted;
    double *model; /* the bands' sum at the samples of @corrected; NaN outside of the range */
} CelPeaksRun;

/** cel_peaks_run_new: @recipe: (transfer full). Returns: (transfer full). */
CelPeaksRun *cel_peaks_run_new(CelWorkItem *item, CelRecipe *recipe, double from, double to);

/** cel_peaks_run_free: @run: (nullable) */
void cel_peaks_run_free(gpointer run);

/** cel_peaks_run: a CelTaskRun. */
gboolean cel_peaks_run(gpointer run, CelJob *job, GError **error);

G_END_DECLS
