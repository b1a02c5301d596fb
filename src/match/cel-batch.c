/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-batch.h"

#include <math.h>

#define ROUNDING 0x1p-24

/* BLAS's own entry (Fortran's calling convention), so that a second cblas in the program, such as
 * GSL's, cannot stand in for it. */
void sgemm_(const char *trans_a, const char *trans_b, const int *m, const int *n, const int *k,
            const float *alpha, const float *a, const int *lda, const float *b, const int *ldb,
            const float *beta, float *c, const int *ldc);

struct CelBatch {
    CelRows queries;
    CelTop *tops; /* one a query */
    CelScanHit *hits;
    float *margins;  /* of each query for rows of norm 1 */
    float *products; /* queries x CEL_BATCH_CHUNK */
    guint64 looked_at;
};

static double norm_of(const float *values, gsize n)
{
    double sum[4] = {0};
    for (gsize i = 0; i < n; i += 4)
        for (gsize k = 0; k < 4; k++)
            sum[k] += (double)values[i + k] * (double)values[i + k];
    return sqrt((sum[0] + sum[2]) + (sum[1] + sum[3]));
}

static const float *row_of(const CelRows *rows, gsize i)
{
    return rows->values + i * rows->stride;
}

CelBatch *cel_batch_new(const CelRows *queries, guint most)
{
    CelBatch *batch = g_new0(CelBatch, 1);
    const double n = (double)queries->n_cols;
    const double per_norm = 2 * (n + n / CEL_SCAN_LANES + 8) * ROUNDING;
    batch->queries = *queries;
    batch->tops = g_new0(CelTop, queries->n_rows + 1);
    batch->hits = g_new0(CelScanHit, queries->n_rows * most + 1);
    batch->margins = g_new0(float, queries->n_rows + 1);
    batch->products = g_new(float, queries->n_rows *CEL_BATCH_CHUNK + 1);
    for (gsize q = 0; q < queries->n_rows; q++) {
        batch->tops[q] = (CelTop){batch->hits + q * most, 0, most};
        batch->margins[q] = (float)(per_norm * norm_of(row_of(queries, q), queries->n_cols));
    }
    return batch;
}

void cel_batch_free(CelBatch *batch)
{
    if (batch == NULL)
        return;
    g_free(batch->tops);
    g_free(batch->hits);
    g_free(batch->margins);
    g_free(batch->products);
    g_free(batch);
}

static void multiply(const CelBatch *batch, const CelRows *rows)
{
    const CelRows *q = &batch->queries;
    const int m = (int)rows->n_rows, n = (int)q->n_rows, k = (int)q->n_cols;
    const int lda = (int)rows->stride, ldb = (int)q->stride, ldc = CEL_BATCH_CHUNK;
    const float one = 1, zero = 0;
    /* by columns, as Fortran sees it: products (m x n) = rows' (m x k) queries (k x n) */
    sgemm_("T", "N", &m, &n, &k, &one, rows->values, &lda, q->values, &ldb, &zero, batch->products,
           &ldc);
}

static float highest_of(const float *values, gsize n)
{
    float highest[8];
    for (gsize k = 0; k < 8; k++)
        highest[k] = -INFINITY;
    gsize i = 0;
    for (; i + 8 <= n; i += 8)
        for (gsize k = 0; k < 8; k++)
            highest[k] = highest[k] > values[i + k] ? highest[k] : values[i + k];
    for (; i < n; i++)
        highest[0] = MAX(highest[0], values[i]);
    for (gsize k = 1; k < 8; k++)
        highest[0] = MAX(highest[0], highest[k]);
    return highest[0];
}

/* @margin: how far a product may lie below the scan's value. */
static void take(CelBatch *batch, gsize query, const CelRows *rows, guint64 first, float margin)
{
    enum { STRETCH = 64 };
    const float *products = batch->products + query * CEL_BATCH_CHUNK;
    CelTop *top = &batch->tops[query];
    for (gsize from = 0; from < rows->n_rows; from += STRETCH) {
        const gsize to = MIN(from + STRETCH, rows->n_rows);
        if (highest_of(products + from, to - from) + margin < cel_top_least(top))
            continue;
        for (gsize i = from; i < to; i++) {
            float score;
            if (products[i] + margin < cel_top_least(top))
                continue;
            cel_scan_kernel()->dots(row_of(&batch->queries, query), row_of(rows, i), rows->stride,
                                    rows->n_cols, 1, &score);
            batch->looked_at++;
            cel_top_offer(top, (CelScanHit){first + i, score});
        }
    }
}

static void feed_chunk(CelBatch *batch, const CelRows *rows, guint64 first)
{
    double largest = 0;
    for (gsize i = 0; i < rows->n_rows; i++)
        largest = MAX(largest, norm_of(row_of(rows, i), rows->n_cols));
    multiply(batch, rows);
    for (gsize q = 0; q < batch->queries.n_rows; q++)
        take(batch, q, rows, first, (float)((double)batch->margins[q] * largest * 1.001));
}

void cel_batch_feed(CelBatch *batch, const CelRows *rows, guint64 first)
{
    g_return_if_fail(rows->n_cols == batch->queries.n_cols);
    for (gsize at = 0; at < rows->n_rows; at += CEL_BATCH_CHUNK) {
        const CelRows chunk = {row_of(rows, at), MIN(CEL_BATCH_CHUNK, rows->n_rows - at),
                               rows->n_cols, rows->stride};
        if (batch->queries.n_rows > 0)
            feed_chunk(batch, &chunk, first + at);
    }
}

gsize cel_batch_n_queries(const CelBatch *batch)
{
    return batch->queries.n_rows;
}

const CelTop *cel_batch_top(const CelBatch *batch, gsize query)
{
    return &batch->tops[query];
}

guint64 cel_batch_looked_at(const CelBatch *batch)
{
    return batch->looked_at;
}

void cel_batch_offer(CelBatch *batch, gsize query, const CelScanHit *hits, guint n)
{
    for (guint i = 0; i < n; i++)
        cel_top_offer(&batch->tops[query], hits[i]);
}
