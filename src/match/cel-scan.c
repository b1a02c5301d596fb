/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK = 64,            /* rows whose highest value is kept apart, to skip them by */
    WORTH_A_THREAD = 4096, /* rows */
    MAX_THREADS = 16,
    N_WAITING = 4, /* rows asked of memory before they are needed */
    FETCHED = 256, /* columns of each; the rest follows by itself */
};
G_STATIC_ASSERT(CHUNK % CEL_SCAN_GROUP == 0);

/* ---- the best so far ---- */

static gboolean better(const CelScanHit *a, const CelScanHit *b)
{
    return a->score > b->score || (a->score >= b->score && a->row < b->row);
}

static void sink(CelTop *top, guint at)
{
    const CelScanHit hit = top->hits[at];
    for (guint child = 2 * at + 1; child < top->n; child = 2 * at + 1) {
        if (child + 1 < top->n && better(&top->hits[child], &top->hits[child + 1]))
            child++;
        if (!better(&hit, &top->hits[child]))
            break;
        top->hits[at] = top->hits[child];
        at = child;
    }
    top->hits[at] = hit;
}

void cel_top_offer(CelTop *top, CelScanHit hit)
{
    if (top->most == 0)
        return;
    if (top->n == top->most) {
        if (better(&hit, &top->hits[0])) {
            top->hits[0] = hit;
            sink(top, 0);
        }
        return;
    }
    guint at = top->n++;
    for (; at > 0 && better(&top->hits[(at - 1) / 2], &hit); at = (at - 1) / 2)
        top->hits[at] = top->hits[(at - 1) / 2];
    top->hits[at] = hit;
}

float cel_top_least(const CelTop *top)
{
    return top->n < top->most || top->n == 0 ? -INFINITY : top->hits[0].score;
}

static int by_rank(const void *a, const void *b)
{
    return better(a, b) ? -1 : better(b, a);
}

void cel_top_sort(CelTop *top)
{
    if (top->n > 1)
        qsort(top->hits, top->n, sizeof *top->hits, by_rank);
}

/* ---- the scan ---- */

struct CelScan {
    CelRows rows;
    CelCoarse *coarse; /* (nullable) */
};

struct CelScanWork {
    const CelScan *scan;
    float *values;  /* one a row, filled up to whole chunks: bounds or dots */
    float *highest; /* of each chunk */
    guint8 *seeded; /* rows that were looked at before the others */
    CelScanHit *seeds;
    guint n_seeds;
};

CelScan *cel_scan_new(const CelRows *rows, CelCoarse *coarse)
{
    g_return_val_if_fail(rows->n_cols % CEL_SCAN_LANES == 0 && rows->stride >= rows->n_cols, NULL);
    CelScan *scan = g_new0(CelScan, 1);
    *scan = (CelScan){*rows, coarse};
    return scan;
}

void cel_scan_free(CelScan *scan)
{
    if (scan == NULL)
        return;
    cel_coarse_free(scan->coarse);
    g_free(scan);
}

static gsize n_chunks(const CelScan *scan)
{
    return (scan->rows.n_rows + CHUNK - 1) / CHUNK;
}

CelScanWork *cel_scan_work_new(const CelScan *scan)
{
    CelScanWork *work = g_new0(CelScanWork, 1);
    work->scan = scan;
    work->values = g_new0(float, n_chunks(scan) * CHUNK + 1);
    work->highest = g_new0(float, n_chunks(scan) + 1);
    work->seeded = g_malloc0(scan->rows.n_rows + 1);
    return work;
}

void cel_scan_work_free(CelScanWork *work)
{
    if (work == NULL)
        return;
    g_free(work->values);
    g_free(work->highest);
    g_free(work->seeded);
    g_free(work->seeds);
    g_free(work);
}

/* ---- values of all rows, by several threads ---- */

typedef struct {
    CelScanWork *work;
    const CelScanKernel *kernel;
    const float *query;
    const CelScanProbe *probe; /* NULL: dots, else bounds */
    gsize from, to;            /* chunks */
} Share;

static void one_chunk(const Share *s, gsize chunk)
{
    const CelScan *scan = s->work->scan;
    const gsize first = chunk * CHUNK, n = MIN(CHUNK, scan->rows.n_rows - first);
    float *values = s->work->values + first;
    if (s->probe != NULL)
        cel_coarse_bounds(scan->coarse, s->kernel, s->probe, first / CEL_SCAN_GROUP,
                          (first + n + CEL_SCAN_GROUP - 1) / CEL_SCAN_GROUP, values);
    else
        s->kernel->dots(s->query, scan->rows.values + first * scan->rows.stride, scan->rows.stride,
                        scan->rows.n_cols, n, values);
    float highest[4] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
    for (gsize i = n; i < CHUNK; i++)
        values[i] = -INFINITY;
    for (gsize i = 0; i < CHUNK; i += 4)
        for (gsize k = 0; k < 4; k++)
            highest[k] = highest[k] > values[i + k] ? highest[k] : values[i + k];
    s->work->highest[chunk] = MAX(MAX(highest[0], highest[1]), MAX(highest[2], highest[3]));
}

static gpointer run_share(gpointer data)
{
    const Share *share = data;
    for (gsize c = share->from; c < share->to; c++)
        one_chunk(share, c);
    return NULL;
}

/* Every value has its place, so the number of threads leaves no trace. */
static void run_all(const Share *all, guint threads)
{
    const gsize n = all->to;
    const guint most = (guint)MIN(n * CHUNK / WORTH_A_THREAD, MAX_THREADS);
    const guint shares = CLAMP(threads, 1, MAX(most, 1));
    Share share[MAX_THREADS];
    GThread *thread[MAX_THREADS] = {NULL};
    for (guint t = 0; t < shares; t++) {
        share[t] = *all;
        share[t].from = n * t / shares;
        share[t].to = n * (t + 1) / shares;
        if (t > 0)
            thread[t] = g_thread_new("scan", run_share, &share[t]);
    }
    run_share(&share[0]);
    for (guint t = 1; t < shares; t++)
        g_thread_join(thread[t]);
}

static const CelScanKernel *kernel_of(const CelScanOptions *options)
{
    return options->kernel != NULL ? options->kernel : cel_scan_kernel();
}

/* Offers every value that may still be among the best. */
static void select_best(const CelScanWork *work, CelTop *top)
{
    const gsize chunks = n_chunks(work->scan), n_rows = work->scan->rows.n_rows;
    for (gsize c = 0; c < chunks; c++) {
        if (work->highest[c] < cel_top_least(top))
            continue;
        for (gsize i = c * CHUNK; i < MIN((c + 1) * CHUNK, n_rows); i++)
            if (work->values[i] >= cel_top_least(top))
                cel_top_offer(top, (CelScanHit){i, work->values[i]});
    }
}

void cel_scan_all(CelScanWork *work, const float *query, const CelScanOptions *options, CelTop *top)
{
    const Share all = {work, kernel_of(options), query, NULL, 0, n_chunks(work->scan)};
    run_all(&all, options->threads);
    select_best(work, top);
    cel_top_sort(top);
}

const float *cel_scan_bounds(CelScanWork *work, const float *query, const CelScanOptions *options)
{
    CelScanProbe probe;
    const Share all = {work, kernel_of(options), query, &probe, 0, n_chunks(work->scan)};
    g_return_val_if_fail(work->scan->coarse != NULL, NULL);
    cel_coarse_probe(work->scan->coarse, all.kernel, query, &probe);
    run_all(&all, options->threads);
    return work->values;
}

/* ---- exact dots of single rows ---- */

/* Rows to be looked at, a few behind those already asked of memory. */
typedef struct {
    const CelRows *rows;
    const CelScanKernel *kernel;
    const float *query;
    CelTop *top;
    guint64 waiting[N_WAITING];
    guint64 n_in, n_out; /* rows that came in, and that were looked at */
} Looker;

static void look_now(Looker *l)
{
    const guint64 row = l->waiting[l->n_out++ % N_WAITING];
    float score;
    l->kernel->dots(l->query, l->rows->values + row * l->rows->stride, l->rows->stride,
                    l->rows->n_cols, 1, &score);
    cel_top_offer(l->top, (CelScanHit){row, score});
}

static void look_at(Looker *l, guint64 row)
{
    const float *values = l->rows->values + row * l->rows->stride;
    for (gsize i = 0; i < MIN(l->rows->n_cols, FETCHED); i += CEL_SCAN_LANES)
        __builtin_prefetch(values + i);
    l->waiting[l->n_in++ % N_WAITING] = row;
    if (l->n_in - l->n_out == N_WAITING)
        look_now(l);
}

static void look_at_rest(Looker *l)
{
    while (l->n_out < l->n_in)
        look_now(l);
}

/* The rows with the highest bounds first: they give a score that rules out nearly all others.
 * Returns: how many; they are marked. */
static guint look_at_seeds(CelScanWork *work, Looker *l)
{
    if (work->n_seeds < l->top->most) {
        work->n_seeds = l->top->most;
        g_free(work->seeds);
        work->seeds = g_new(CelScanHit, work->n_seeds);
    }
    CelTop seeds = {work->seeds, 0, l->top->most};
    select_best(work, &seeds);
    for (guint i = 0; i < seeds.n; i++) {
        work->seeded[seeds.hits[i].row] = 1;
        look_at(l, seeds.hits[i].row);
    }
    look_at_rest(l);
    return seeds.n;
}

gsize cel_scan_top(CelScanWork *work, const float *query, const CelScanOptions *options,
                   CelTop *top)
{
    const CelScan *scan = work->scan;
    if (scan->coarse == NULL) {
        cel_scan_all(work, query, options, top);
        return scan->rows.n_rows;
    }
    const float *bounds = cel_scan_bounds(work, query, options);
    Looker looker = {.rows = &scan->rows, .kernel = kernel_of(options), .query = query, .top = top};
    const guint n_seeds = look_at_seeds(work, &looker);
    for (gsize c = 0; c < n_chunks(scan); c++) {
        /* a bound equal to the least score may hide an equal score in a lower row */
        if (work->highest[c] < cel_top_least(top))
            continue;
        for (gsize i = c * CHUNK; i < MIN((c + 1) * CHUNK, scan->rows.n_rows); i++)
            if (bounds[i] >= cel_top_least(top) && !work->seeded[i])
                look_at(&looker, i);
    }
    look_at_rest(&looker);
    for (guint i = 0; i < n_seeds; i++)
        work->seeded[work->seeds[i].row] = 0;
    cel_top_sort(top);
    return looker.n_out;
}
