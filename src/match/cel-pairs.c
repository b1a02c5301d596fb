/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-pairs.h"

#include "match/cel-blas.h"

#include <math.h>
#include <string.h>

enum { WORTH = 100 }; /* views: below, loading BLAS takes longer */

#define ROUNDING 0x1p-24
/* What cel_score_dot() loses of a cosine, see cel-first.c, and more than all that is computed in
 * double precision. */
#define SCORE_LOSS 9e-6

struct CelPairs {
    const CelView *const *views;
    guint n, low, n_cols;       /* @low: channel of the first column */
    float *rows[CEL_N_VIEWS];   /* n x n_cols; NULL where the view makes no curve */
    double *norms[CEL_N_VIEWS]; /* n */
    double loss;                /* of a product, as a part of both norms */
    CelSgemm sgemm;
};

struct CelPairsBlock {
    const CelPairs *pairs;
    guint first, n_rows;
    float *products[CEL_N_VIEWS]; /* row by row, of the entries from @first on */
    float *slice;
};

/* ---- the matrices ---- */

static guint note_columns(CelPairs *pairs)
{
    guint low = CEL_VIEW_LAST, high = 0, there = 0;
    for (guint i = 0; i < pairs->n; i++) {
        const CelView *view = pairs->views[i];
        if (view == NULL)
            continue;
        low = MIN(low, view->first);
        high = MAX(high, view->first + view->n);
        there++;
    }
    pairs->low = low;
    pairs->n_cols = high > low ? high - low : 0;
    const guint slices = (pairs->n_cols + CEL_PAIRS_SLICE - 1) / CEL_PAIRS_SLICE;
    pairs->loss = 1.01 * (CEL_PAIRS_SLICE + slices + 2) * ROUNDING;
    return there;
}

static void fill_rows(CelPairs *pairs, guint v)
{
    pairs->rows[v] = g_new0(float, (gsize)pairs->n * pairs->n_cols);
    pairs->norms[v] = g_new0(double, pairs->n);
    for (guint i = 0; i < pairs->n; i++) {
        const CelView *view = pairs->views[i];
        if (view == NULL)
            continue;
        memcpy(pairs->rows[v] + (gsize)i * pairs->n_cols + (view->first - pairs->low),
               view->curve[v], view->n * sizeof(float));
        pairs->norms[v][i] = sqrt(cel_view_sums(view, v)[view->n]);
    }
}

CelPairs *cel_pairs_new(const CelView *const *views, guint n)
{
    g_autoptr(CelPairs) pairs = g_new0(CelPairs, 1);
    pairs->views = views;
    pairs->n = n;
    const guint there = note_columns(pairs);
    const gsize bytes = (gsize)n * (pairs->n_cols + CEL_PAIRS_BLOCK) * CEL_N_VIEWS * sizeof(float);
    if (there < WORTH || bytes > CEL_PAIRS_BYTES)
        return NULL;
    pairs->sgemm = cel_blas_sgemm();
    if (pairs->sgemm == NULL)
        return NULL;
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        if (cel_views[v].make != NULL)
            fill_rows(pairs, v);
    return g_steal_pointer(&pairs);
}

void cel_pairs_free(CelPairs *pairs)
{
    if (pairs == NULL)
        return;
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        g_free(pairs->rows[v]);
        g_free(pairs->norms[v]);
    }
    g_free(pairs);
}

/* ---- products ---- */

CelPairsBlock *cel_pairs_block_new(const CelPairs *pairs)
{
    CelPairsBlock *block = g_new0(CelPairsBlock, 1);
    const gsize room = (gsize)CEL_PAIRS_BLOCK * pairs->n;
    block->pairs = pairs;
    block->slice = g_new(float, room);
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        block->products[v] = pairs->rows[v] != NULL ? g_new(float, room) : NULL;
    return block;
}

void cel_pairs_block_free(CelPairsBlock *block)
{
    if (block == NULL)
        return;
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        g_free(block->products[v]);
    g_free(block->slice);
    g_free(block);
}

/* By columns, as Fortran sees it: @out (m x n) = later rows' (m x k) rows of the block (k x n). */
static void multiply(const CelPairsBlock *block, guint v, guint from, guint n_channels, float *out)
{
    const CelPairs *p = block->pairs;
    const float *at = p->rows[v] + (gsize)block->first * p->n_cols + from;
    const int m = (int)(p->n - block->first), n = (int)block->n_rows, k = (int)n_channels;
    const int stride = (int)p->n_cols;
    const float one = 1, zero = 0;
    p->sgemm("T", "N", &m, &n, &k, &one, at, &stride, at, &stride, &zero, out, &m);
}

void cel_pairs_block_fill(CelPairsBlock *block, guint first)
{
    const CelPairs *p = block->pairs;
    block->first = first;
    block->n_rows = MIN(CEL_PAIRS_BLOCK, p->n - first);
    const gsize n = (gsize)block->n_rows * (p->n - first);
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        float *products = block->products[v];
        for (guint from = 0; products != NULL && from < p->n_cols; from += CEL_PAIRS_SLICE) {
            float *out = from == 0 ? products : block->slice;
            multiply(block, v, from, MIN(CEL_PAIRS_SLICE, p->n_cols - from), out);
            for (gsize i = 0; from > 0 && i < n; i++)
                products[i] += out[i];
        }
    }
}

/* ---- pairs ---- */

static double energy(const CelView *view, guint v, const CelOverlap *overlap)
{
    const double *sums = cel_view_sums(view, v);
    return sums[overlap->to - view->first] - sums[overlap->from - view->first];
}

CelPairsRange cel_pairs_range(const CelPairsBlock *block, guint i, guint j)
{
    const CelPairs *p = block->pairs;
    const CelView *a = p->views[i], *b = p->views[j];
    const gsize at = (gsize)(i - block->first) * (p->n - block->first) + (j - block->first);
    double scores[CEL_N_VIEWS], losses[CEL_N_VIEWS];
    CelOverlap overlap;
    if (!cel_view_overlap(a, b, 0, &overlap) || overlap.to - overlap.from < CEL_SIMILAR_MIN)
        return (CelPairsRange){0, 0};
    if (a->n_masked > 0) /* whose channels lose their weight in the other one too */
        return (CelPairsRange){0, 1};
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        scores[v] = losses[v] = NAN;
        if (block->products[v] == NULL)
            continue;
        const double aa = energy(a, v, &overlap), bb = energy(b, v, &overlap);
        const gboolean some = aa > 0 && bb > 0; /* as cel_view_scores() asks */
        const double both = some ? sqrt(aa * bb) : 1;
        scores[v] = some ? (double)block->products[v][at] / both : 0;
        losses[v] = some ? p->loss * p->norms[v][i] * p->norms[v][j] / both + SCORE_LOSS : 0;
    }
    const double score = cel_views_fuse(scores, 0), loss = cel_views_fuse(losses, 0);
    return (CelPairsRange){CLAMP(score - loss, 0, 1), CLAMP(score + loss, 0, 1)};
}
