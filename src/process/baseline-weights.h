/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-baseline.h"
#include "process/cel-lanes.h"

G_BEGIN_DECLS

/* The weights of penalised least squares, from the residuals. Arrays are of cel_lanes_new(): of one
 * spectrum @n samples, a multiple of CEL_LANES; of several side by side cel_lanes_width() values
 * for each of the @n samples in turn. Samples added to make up the multiple are not alive. */

/** CelResiduals: what one pass looks at: y - z, 0 where a sample is not alive. */
typedef struct {
    const double *y, *z;
    const double *alive; /* 1, or 0 for samples without weight; NULL: all are alive */
    gsize n;
} CelResiduals;

/** CelNegatives: the residuals below 0, of one spectrum. */
typedef struct {
    double count, sum, mean;
    double deviation; /* with count - 1; at least DBL_MIN, so that it can be divided by */
} CelNegatives;

/**
 * cel_negatives, cel_negatives_many:
 * @out: of the spectrum, or of each of those side by side
 * Mean and deviation are 0 where fewer than two residuals are negative.
 * Both give a spectrum the same bits. Thread-safe: yes.
 */
void cel_negatives(const CelResiduals *res, CelNegatives *out);
void cel_negatives_many(const CelResiduals *res, CelNegatives out[CEL_LANES]);

/** CelWeigh: from residual to weight. Both coefficients are what cel_pass_coefficients() makes of
 * the negative residuals; of one spectrum the first counts. */
typedef struct {
    CelBaselineMethod method;
    const CelResiduals *res;
    double *w; /* inout */
    double scale[CEL_LANES] CEL_LANES_ALIGNED, centre[CEL_LANES] CEL_LANES_ALIGNED;
    /* out: see below */
    double change[CEL_LANES] CEL_LANES_ALIGNED, length[CEL_LANES] CEL_LANES_ALIGNED;
} CelWeigh;

/**
 * cel_weigh_one, cel_weigh_many:
 * Replaces the weights by those that belong to the residuals, 0 where a sample is not alive. Both
 * give a spectrum the same bits; afterwards change and length hold the sums of the squares of
 * (new - old) and of old: eight parts of one spectrum's, for cel_lanes_sum(), or one for each
 * spectrum. Thread-safe: yes.
 */
void cel_weigh_one(CelWeigh *w);
void cel_weigh_many(CelWeigh *w);

G_END_DECLS
