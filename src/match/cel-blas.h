/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * OpenBLAS where it is installed, loaded when it is first asked for: loading it starts threads and
 * takes as long as starting Celadon, and only work on thousands of spectra gains by it. Nothing
 * that it computes is ever a result: products only say what must be computed in our own order.
 */

/** CelSgemm: single-precision product of matrices, Fortran's calling convention. */
typedef void (*CelSgemm)(const char *trans_a, const char *trans_b, const int *m, const int *n,
                         const int *k, const float *alpha, const float *a, const int *lda,
                         const float *b, const int *ldb, const float *beta, float *c,
                         const int *ldc);

/** cel_blas_sgemm: Returns: (nullable): NULL when there is no OpenBLAS; it computes in the
 * caller's thread. Thread-safe: yes. */
CelSgemm cel_blas_sgemm(void);

G_END_DECLS
