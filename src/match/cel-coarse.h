/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-scan-kernel.h"

G_BEGIN_DECLS

/*
 * A short code of every row of a matrix, from which an upper bound of the row's dot product with
 * any query follows. Rows whose bound is too low need not be looked at: nothing is lost by it.
 *
 * The code is made of the row's coefficients on a few axes (the directions in which the rows of
 * this matrix vary most), rounded to bytes. For a row x, let P be the matrix of the axes, c the
 * rounded coefficients (code times scale) and x' = x - P'c what the code does not show. For a query
 * q and any vector a let q' = q - P'a. Then
 *
 *     <q,x> = <q,P'c> + <q,x'>
 *           = <Pq,c> + <P'a,x'> + <q',x'>
 *           = <Pq,c> + <a,Px'>  + <q',x'>  <=  <Pq,c> + |a| |Px'| + |q'| |x'|   (Cauchy, Schwarz)
 *
 * whatever P and a are: axes that are not quite orthonormal, or a poor choice of them, cost speed
 * and nothing else. a is Pq as computed. Replacing Pq by the query's code adds at most
 * (|a - code| + |Pq - a|) |c|. |x'| ("rest") and |Px'| ("slip") are stored with each row, computed
 * in double precision from the row itself and rounded up.
 *
 * What is compared in the end is not <q,x> but the sum that the scan computes in single precision.
 * It differs from <q,x> by at most (n / 16 + 5) 2^-24 |q| |x| in its 16 lanes (Higham 2002,
 * Accuracy and Stability of Numerical Algorithms, section 3.1), which the bound includes, doubled.
 */
typedef struct CelCoarse CelCoarse;

enum { CEL_COARSE_AXES = 64 }; /* one line of cache a row; 96 and more gained nothing (README) */

/** CelRows: a matrix by rows, borrowed. */
typedef struct {
    const float *values;
    gsize n_rows;
    gsize n_cols; /* multiple of CEL_SCAN_LANES; the filling is 0 */
    gsize stride; /* floats from row to row, >= n_cols */
} CelRows;

/** CelCoarsePart: one of the arrays a CelCoarse is made of. */
typedef struct {
    const void *data;
    gsize n_bytes;
} CelCoarsePart;

enum { CEL_COARSE_PARTS = 6 }; /* axes, codes, scale, rest, slip, size */

/**
 * cel_coarse_new:
 * @rows: any finite values; only read during the call
 * @n_axes: multiple of 4, 4..CEL_SCAN_AXES_MAX
 * Finds the axes by subspace iteration over at most 2,048 of the rows and codes every row. The same
 * rows give the same code on every processor.
 * Returns: (transfer full): immutable, so thread-safe.
 */
CelCoarse *cel_coarse_new(const CelRows *rows, gsize n_axes);

/** cel_coarse_part: array @part of 0..CEL_COARSE_PARTS - 1, to be stored. Borrowed from @coarse. */
CelCoarsePart cel_coarse_part(const CelCoarse *coarse, gsize part);

/** cel_coarse_part_size: bytes of array @part for a matrix of that shape, for cel_coarse_map(). */
gsize cel_coarse_part_size(gsize n_rows, gsize n_cols, gsize n_axes, gsize part);

/**
 * cel_coarse_map:
 * @parts: the arrays as cel_coarse_part() gave them for a matrix of this shape, borrowed for the
 *   life of the result; their sizes must be those of cel_coarse_part_size()
 * Whoever stored them answers for their being unchanged: a wrong number makes a wrong bound.
 * Returns: (transfer full).
 */
CelCoarse *cel_coarse_map(gsize n_rows, gsize n_cols, gsize n_axes,
                          const CelCoarsePart parts[CEL_COARSE_PARTS]);

/** cel_coarse_free: @coarse: (nullable) */
void cel_coarse_free(CelCoarse *coarse);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelCoarse, cel_coarse_free)

/** cel_coarse_n_rows: rows, filled up to whole groups: the length of the array of bounds. */
gsize cel_coarse_n_rows(const CelCoarse *coarse);

/**
 * cel_coarse_probe:
 * @query: n_cols values as the rows have them
 * @out: what cel_coarse_bounds() needs of it
 * Nothing is allocated. Thread-safe: yes.
 */
void cel_coarse_probe(const CelCoarse *coarse, const CelScanKernel *kernel, const float *query,
                      CelScanProbe *out);

/**
 * cel_coarse_bounds:
 * @from, @to: groups of CEL_SCAN_GROUP rows, @to exclusive
 * @out: (array): bounds of the rows of these groups; rows that are only filling get at most 0
 *   beyond rounding
 * Thread-safe: yes.
 */
void cel_coarse_bounds(const CelCoarse *coarse, const CelScanKernel *kernel,
                       const CelScanProbe *probe, gsize from, gsize to, float *out);

G_END_DECLS
