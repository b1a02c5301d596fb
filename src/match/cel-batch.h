/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-scan.h"

G_BEGIN_DECLS

/*
 * Many queries against a matrix that comes in chunks, for rescreening an archive. A chunk's dot
 * products come from BLAS as one product of matrices. BLAS adds up in an order of its own, so its
 * values only say which rows may be among the best: those are computed again in the scan's order.
 * The answer is that of cel_scan_all() for every query, to the bit, whatever BLAS, chunks and order
 * of chunks.
 *
 * A sum of n products in any order differs from the true one by at most n 2^-24 |q| |x| / (1 - n
 * 2^-24) (Higham 2002, section 3.1); twice that and the scan's own are allowed for.
 */
typedef struct CelBatch CelBatch;

enum { CEL_BATCH_CHUNK = 1024 }; /* rows that are multiplied at a time */

/**
 * cel_batch_new:
 * @queries: (borrowed) for the life of the batch; fewer than 2^30 values
 * @most: hits to keep of each query, 1..10000
 * Returns: (transfer full): for one thread at a time.
 */
CelBatch *cel_batch_new(const CelRows *queries, guint most);

/** cel_batch_free: @batch: (nullable) */
void cel_batch_free(CelBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelBatch, cel_batch_free)

/**
 * cel_batch_feed:
 * @rows: more of the matrix, usable (cel_rows_are_usable()), as wide as the queries
 * @first: number of the first of them in the whole matrix; no row may come twice
 */
void cel_batch_feed(CelBatch *batch, const CelRows *rows, guint64 first);

/** cel_batch_n_queries: */
gsize cel_batch_n_queries(const CelBatch *batch);

/** cel_batch_top: @query: its number. Returns: (transfer none): its best hits so far, unsorted. */
const CelTop *cel_batch_top(const CelBatch *batch, gsize query);

/** cel_batch_looked_at: dot products computed again in the scan's order so far, all queries. */
guint64 cel_batch_looked_at(const CelBatch *batch);

/** cel_batch_offer: hits of @query found elsewhere, in other rows of the same matrix: how parts of
 * the work are put together. The order of parts leaves no trace in what is sorted. */
void cel_batch_offer(CelBatch *batch, gsize query, const CelScanHit *hits, guint n);

G_END_DECLS
