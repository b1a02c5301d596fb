/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-peakfit.h"

G_BEGIN_DECLS

/** CelPeakfitModel: the samples of a problem, laid out for the kernels. */
typedef struct {
    const CelPeakfitProblem *problem;
    gsize rows;     /* padded to CEL_LM_ROWS */
    double *memory; /* of the three below */
    double *x, *y;  /* the last sample again in the padding */
    double *w;      /* 1, or over the standard deviation; 0 in the padding */
} CelPeakfitModel;

/** cel_peakfit_model_init: borrows @problem. */
void cel_peakfit_model_init(CelPeakfitModel *model, const CelPeakfitProblem *problem);

/** cel_peakfit_model_clear: frees what cel_peakfit_model_init() made. */
void cel_peakfit_model_clear(CelPeakfitModel *model);

/** cel_peakfit_columns: a CelLmModel; @data: a CelPeakfitModel. The same bits on every processor
 * but for Voigt profiles. Thread-safe: yes. */
void cel_peakfit_columns(const double *p, double *const *columns, gpointer data);

G_END_DECLS
