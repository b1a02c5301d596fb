/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Non-negative least squares: x >= 0 that makes |A x - b| smallest. Only A'A and A'b are asked for,
 * so a Gram matrix that stands beside a library is used for every sample again. Active set of
 * Lawson, Hanson 1974 ("Solving Least Squares Problems", chapter 23) on the normal equations (Bro,
 * de Jong 1997, J. Chemometrics 11, 393), the Cholesky factor of the free columns kept up to date.
 */

/** CelNnls: room for problems of up to a stated number of columns; used again and again by one
 * thread, nothing is allocated while solving. */
typedef struct CelNnls CelNnls;

/** cel_nnls_new: @max_columns: at least 1. Returns: (transfer full). */
CelNnls *cel_nnls_new(gsize max_columns);

/** cel_nnls_free: @nnls: (nullable) */
void cel_nnls_free(CelNnls *nnls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelNnls, cel_nnls_free)

/** CelNnlsProblem: borrowed. */
typedef struct {
    const double *gram; /* A'A: row i begins at i * @stride */
    gsize stride;       /* at least @n */
    const double *atb;  /* A'b */
    gsize n;            /* columns; at most what cel_nnls_new() was told */
} CelNnlsProblem;

/**
 * cel_nnls_solve:
 * @out_x: n values
 * A column that the free ones already span (1e-10 of its square or less is its own) stays at 0, so
 * that of equal columns one carries the weight.
 * Returns: FALSE when the search for the free columns did not end within 3 n exchanges (input that
 *   is not finite, or no Gram matrix); @out_x then holds the last feasible point. Thread-safe: one
 *   thread a CelNnls.
 */
gboolean cel_nnls_solve(CelNnls *nnls, const CelNnlsProblem *problem, double *out_x);

/**
 * cel_nnls_covariance:
 * After cel_nnls_solve() on the same @problem: the diagonal of the inverse Gram matrix of the free
 * columns; times the variance of the noise it is the variance of each x.
 * @out_variance: n values, 0 for columns at 0
 */
void cel_nnls_covariance(const CelNnls *nnls, const CelNnlsProblem *problem, double *out_variance);

G_END_DECLS
