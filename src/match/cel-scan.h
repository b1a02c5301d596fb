/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-coarse.h"

G_BEGIN_DECLS

/*
 * Search of a matrix for the rows with the highest dot products with a query: exhaustively, or by
 * bounds first (cel-coarse.h) with the same answer. The dot product meant is the one that
 * CelScanKernel computes in its fixed order, so answers do not depend on processor, threads or way.
 */

/** CelScanHit: a row and its dot product. Hits are ordered by falling score, ties by rising row. */
typedef struct {
    guint64 row;
    float score;
} CelScanHit;

/** CelTop: the best hits met so far; room for them belongs to the caller. */
typedef struct {
    CelScanHit *hits; /* @most; a heap, the worst first, until cel_top_sort() */
    guint n, most;
} CelTop;

/** cel_top_offer: takes @hit if it is among the best so far. */
void cel_top_offer(CelTop *top, CelScanHit hit);

/** cel_top_least: Returns: the score that a hit must reach to be taken; -infinity while there is
 * room. One of equal score is taken only if its row is lower. */
float cel_top_least(const CelTop *top);

/** cel_top_sort: puts the hits in order, best first; nothing may be offered afterwards. */
void cel_top_sort(CelTop *top);

/** CelScan: a matrix with its codes. */
typedef struct CelScan CelScan;

/**
 * cel_scan_new:
 * @rows: the matrix; its values are borrowed for the life of the scan; any finite values below
 *   1e15. Rows that start on lines of the cache (64 bytes) are read fastest
 * @coarse: (nullable) (transfer full): its codes; NULL: cel_scan_top() is exhaustive too
 * Returns: (transfer full): immutable, so thread-safe.
 */
CelScan *cel_scan_new(const CelRows *rows, CelCoarse *coarse);

/** cel_scan_free: @scan: (nullable) */
void cel_scan_free(CelScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelScan, cel_scan_free)

/** CelScanWork: room for one query at a time, made once, so that a query allocates nothing. */
typedef struct CelScanWork CelScanWork;

/** cel_scan_work_new: @scan: must outlive the result. Returns: (transfer full): for one thread. */
CelScanWork *cel_scan_work_new(const CelScan *scan);

/** cel_scan_work_free: @work: (nullable) */
void cel_scan_work_free(CelScanWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelScanWork, cel_scan_work_free)

/** CelScanOptions: how; never what comes out. All 0 is fine. */
typedef struct {
    const CelScanKernel *kernel; /* (nullable): NULL: the best one that is usable */
    guint threads;               /* 0, 1: the caller's only */
} CelScanOptions;

/**
 * cel_scan_all:
 * @query: n_cols values, aligned as floats
 * @top: empty, with room for the hits wanted; comes out sorted
 * Compares the query with every row.
 */
void cel_scan_all(CelScanWork *work, const float *query, const CelScanOptions *options,
                  CelTop *top);

/**
 * cel_scan_top:
 * As cel_scan_all(), with the same hits and scores to the bit, but looks at those rows only whose
 * bound lets them be among the best.
 * Returns: how many rows were looked at.
 */
gsize cel_scan_top(CelScanWork *work, const float *query, const CelScanOptions *options,
                   CelTop *top);

/**
 * cel_scan_bounds:
 * Upper bounds of the dot products of @query with every row, for a caller that has his own score
 * made of them; the scan must have codes.
 * Returns: (transfer none): n_rows bounds, valid until the next call with @work.
 */
const float *cel_scan_bounds(CelScanWork *work, const float *query, const CelScanOptions *options);

G_END_DECLS
