/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/baseline-weights.h"

G_BEGIN_DECLS

/** CelPass: where one spectrum stands after a solve. */
typedef struct {
    CelNegatives negatives;
    gsize pass;   /* solves made, from 1 */
    double total; /* sum of |y|, only airPLS needs it */
} CelPass;

/** CelCoefficients: what a method makes of it: the scale and centre of CelWeigh. */
typedef struct {
    double scale, centre;
} CelCoefficients;

/**
 * cel_pass_coefficients:
 * Returns: FALSE when the residuals give no further weights, or (airPLS) when they meet the
 * tolerance: the curve of this pass stands. Fills the method's own @info.change where it has one.
 */
gboolean cel_pass_coefficients(CelBaselineMethod method, const CelWhittakerOptions *options,
                               const CelPass *pass, CelCoefficients *out, CelBaselineInfo *info);

/**
 * cel_pass_converged:
 * @change, @length: sums of squares, of new less old weights and of old ones
 * Fills @info.change. Returns: whether the tolerance is met; airPLS never is here.
 */
gboolean cel_pass_converged(CelBaselineMethod method, const CelWhittakerOptions *options,
                            double change, double length, CelBaselineInfo *info);

/** cel_baseline_undetermined: sets CEL_ERROR_NUMERIC: too little weight. Returns: FALSE. */
gboolean cel_baseline_undetermined(double lambda, GError **error);

/** cel_baseline_enough: Returns: FALSE with CEL_ERROR_NUMERIC when @n samples are too few. */
gboolean cel_baseline_enough(gsize n, guint order, GError **error);

/**
 * cel_drpls_solve:
 * @memory: 3 n doubles of scratch
 * Solves (W + D1'D1 + lambda (I - W / 2) D2'D2) z = W y (Xu et al. 2019): a band of two that is not
 * symmetric, by elimination from both ends as in cel_whittaker_solve().
 * Returns: FALSE when the weights do not determine the curve.
 */
gboolean cel_drpls_solve(const double *y, const double *w, gsize n, double lambda, double *memory,
                         double *out);

G_END_DECLS
