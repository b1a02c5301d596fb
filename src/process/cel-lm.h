/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-lanes.h"

G_BEGIN_DECLS

/** CEL_LM_ROWS: residuals are padded to a multiple of it, by rows of 0. */
enum { CEL_LM_ROWS = 2 * CEL_LANES };

/**
 * CelLmModel:
 * Fills the columns that belong to the parameters @p: @columns[k] the derivatives of the residuals
 * by parameter k, @columns[n_params] the residuals themselves; CEL_LM_ROWS-padded, the padding 0.
 */
typedef void (*CelLmModel)(const double *p, double *const *columns, gpointer data);

/** CelLmProblem: least squares in the parameters that are free. */
typedef struct {
    gsize n_rows, n_params; /* residuals; all parameters */
    const gsize *free;      /* indices of the @n_free free ones, rising */
    gsize n_free;
    CelLmModel model;
    gpointer data;
    double xtol, gtol; /* a step below xtol of every parameter ends it; a gradient below gtol too */
} CelLmProblem;

/** CelLm: the state of an iteration. */
typedef struct CelLm CelLm;

/** cel_lm_new: @p: the start, n_params values (copied). Returns: (transfer full). */
CelLm *cel_lm_new(const CelLmProblem *problem, const double *p);

/** cel_lm_free: @lm: (nullable) */
void cel_lm_free(CelLm *lm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLm, cel_lm_free)

/** CelLmState: what one iteration came to. */
typedef enum {
    CEL_LM_GOES_ON,
    CEL_LM_SETTLED, /* by step or gradient */
    CEL_LM_NO_STEP, /* no step makes the sum of squares smaller: an optimum, or lost */
} CelLmState;

/**
 * cel_lm_iterate:
 * One step that makes the sum of squares smaller: Levenberg-Marquardt with Moré's scaling (1978)
 * and Nielsen's rule for the damping (1999, report IMM-REP-1999-05), the normal equations by
 * Cholesky. Thread-safe: one thread a state.
 */
CelLmState cel_lm_iterate(CelLm *lm);

/** cel_lm_p: Returns: (transfer none): all parameters. */
const double *cel_lm_p(const CelLm *lm);

/** cel_lm_chi2: Returns: the sum of squared residuals there. */
double cel_lm_chi2(const CelLm *lm);

/**
 * cel_lm_normal:
 * @a, @b: below n_free, or n_free for the residuals
 * Returns: the product of two columns at the present parameters, J'J and J'f.
 */
double cel_lm_normal(const CelLm *lm, gsize a, gsize b);

G_END_DECLS
