/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-lags.h"

#include "match/cel-scan.h"
#include "match/cel-score.h"

#include <math.h>

enum { STRIDE = 2 }; /* channels in one of ours */

/* The means of pairs of channels; ours number k holds the channels 2k and 2k + 1. */
typedef struct {
    guint first, n;
    gsize at; /* in the values */
} Row;

struct CelLags {
    Row *rows;
    float *values;
    double *sum_values; /* n + 1 running sums of each row's squares */
    gsize n, n_values;
    gboolean borrowed; /* @values, @sum_values */
    CelFirst *first;   /* (nullable): bounds of the rows */
    CelFine *fine;     /* with @first: closer ones */
};

static Row row_of(const CelView *view, gsize at)
{
    const guint first = (view->first + STRIDE - 1) / STRIDE;
    return (Row){first, (view->first + view->n) / STRIDE - first, at};
}

static void halve(const CelView *view, const Row *row, float *values, double *sums)
{
    const float *curve = view->curve[CEL_VIEW_CONTRAST] + (row->first * STRIDE - view->first);
    sums[0] = 0;
    for (guint k = 0; k < row->n; k++) {
        values[k] = 0.5F * (curve[STRIDE * k] + curve[STRIDE * k + 1]);
        sums[k + 1] = sums[k] + (double)values[k] * (double)values[k];
    }
}

static CelLags *lags_of(const CelView *const *views, gsize n)
{
    CelLags *lags = g_new0(CelLags, 1);
    lags->n = n;
    lags->rows = g_new(Row, n + 1);
    for (gsize i = 0; i < n; i++) {
        lags->rows[i] = row_of(views[i], lags->n_values);
        lags->n_values += lags->rows[i].n;
    }
    return lags;
}

static double *sums_of(const CelLags *lags, gsize i)
{
    return lags->sum_values + lags->rows[i].at + i;
}

CelLags *cel_lags_new(const CelView *const *views, gsize n)
{
    CelLags *lags = lags_of(views, n);
    lags->values = g_new(float, lags->n_values + 1);
    lags->sum_values = g_new(double, lags->n_values + n + 1);
    for (gsize i = 0; i < n; i++)
        halve(views[i], &lags->rows[i], lags->values + lags->rows[i].at, sums_of(lags, i));
    return lags;
}

/* A row as a view with one curve, for its bounds. */
static CelView as_view(const Row *row, const float *values, const double *sums)
{
    CelView view = {.first = row->first, .n = row->n};
    view.curve[CEL_VIEW_CONTRAST] = (float *)(guintptr)values;
    view.sum[CEL_VIEW_CONTRAST] = view.sum[CEL_VIEW_ROOT] = (double *)(guintptr)sums;
    return view;
}

/* @parts: (nullable): what another one of the same entries stored. Returns: FALSE: it does not fit.
 */
static gboolean make_bounds(CelLags *lags, const CelCoarsePart *parts)
{
    g_autofree CelView *rows = g_new(CelView, lags->n + 1);
    g_autofree const CelView **views = g_new(const CelView *, lags->n + 1);
    for (gsize i = 0; i < lags->n; i++) {
        rows[i] = as_view(&lags->rows[i], lags->values + lags->rows[i].at, sums_of(lags, i));
        views[i] = &rows[i];
    }
    lags->first =
        parts != NULL ? cel_first_map(views, lags->n, parts) : cel_first_new(views, lags->n);
    lags->fine = parts != NULL
                     ? cel_fine_map(views, lags->n, CEL_VIEW_CONTRAST, parts + CEL_FIRST_PARTS)
                     : cel_fine_new(views, lags->n, CEL_VIEW_CONTRAST);
    return lags->first != NULL && lags->fine != NULL;
}

void cel_lags_hasten(CelLags *lags)
{
    g_return_if_fail(lags->first == NULL);
    make_bounds(lags, NULL);
}

static gsize own_size(const CelLags *lags, guint part)
{
    return part == 0 ? lags->n_values * sizeof(float) : (lags->n_values + lags->n) * sizeof(double);
}

CelLags *cel_lags_map(const CelView *const *views, gsize n, const CelCoarsePart *parts)
{
    const CelCoarsePart *own = parts + CEL_LAGS_BOUNDS;
    g_autoptr(CelLags) lags = lags_of(views, n);
    lags->borrowed = TRUE;
    if (own[0].n_bytes != own_size(lags, 0) || own[1].n_bytes != own_size(lags, 1))
        return NULL;
    lags->values = (float *)(guintptr)own[0].data;
    lags->sum_values = (double *)(guintptr)own[1].data;
    return make_bounds(lags, parts) ? g_steal_pointer(&lags) : NULL;
}

CelCoarsePart cel_lags_part(const CelLags *lags, guint part)
{
    if (part == CEL_LAGS_BOUNDS)
        return (CelCoarsePart){lags->values, own_size(lags, 0)};
    if (part > CEL_LAGS_BOUNDS)
        return (CelCoarsePart){lags->sum_values, own_size(lags, 1)};
    if (lags->first == NULL)
        return (CelCoarsePart){NULL, 0};
    return part < CEL_FIRST_PARTS ? cel_first_part(lags->first, part)
                                  : cel_fine_part(lags->fine, part - CEL_FIRST_PARTS);
}

void cel_lags_free(CelLags *lags)
{
    if (lags == NULL)
        return;
    cel_first_free(lags->first);
    cel_fine_free(lags->fine);
    g_free(lags->rows);
    if (!lags->borrowed) {
        g_free(lags->values);
        g_free(lags->sum_values);
    }
    g_free(lags);
}

typedef struct {
    Row row;
    const float *values;
    const double *sums;
    guint min_common; /* in our channels */
} Sample;

/* What an entry and the sample have in common at a lag. */
typedef struct {
    guint n, sample, entry; /* our channels; where they begin in either */
} Common;

/* Returns: FALSE: too little. */
static gboolean common_of(const CelLags *lags, const Sample *sample, gsize i, int lag, Common *out)
{
    const Row *row = &lags->rows[i];
    const int from = MAX((int)sample->row.first, (int)row->first - lag);
    const int end = MIN((int)(sample->row.first + sample->row.n), (int)(row->first + row->n) - lag);
    *out = (Common){(guint)(end - from), (guint)from - sample->row.first,
                    (guint)(from + lag - (int)row->first)};
    return end - from >= (int)sample->min_common;
}

static float cosine(const CelLags *lags, const Sample *sample, gsize i, int lag)
{
    Common c;
    if (!common_of(lags, sample, i, lag, &c))
        return -1;
    const double aa = sample->sums[c.sample + c.n] - sample->sums[c.sample];
    const double *sums = sums_of(lags, i);
    const double bb = sums[c.entry + c.n] - sums[c.entry];
    if (!(aa > 0 && bb > 0))
        return -1;
    const float *values = lags->values + lags->rows[i].at;
    return (float)(cel_score_dot(sample->values + c.sample, values + c.entry, c.n) / sqrt(aa * bb));
}

static void fetch(const CelLags *lags, const Sample *sample, gsize i, int lag)
{
    const float *values = lags->values + lags->rows[i].at;
    const double *sums = sums_of(lags, i);
    Common c;
    if (!common_of(lags, sample, i, lag, &c))
        return;
    cel_scan_fetch(values + c.entry, c.n * sizeof *values);
    __builtin_prefetch(sums + c.entry);
    __builtin_prefetch(sums + c.entry + c.n);
}

static int by_number(gconstpointer a, gconstpointer b)
{
    const guint x = *(const guint *)a, y = *(const guint *)b;
    return x < y ? -1 : x > y;
}

static void drop_repeated(GArray *sorted)
{
    guint kept = 0;
    for (guint i = 0; i < sorted->len; i++) {
        const guint entry = g_array_index(sorted, guint, i);
        if (kept == 0 || g_array_index(sorted, guint, kept - 1) != entry)
            g_array_index(sorted, guint, kept++) = entry;
    }
    g_array_set_size(sorted, kept);
}

/* ---- one lag ---- */

enum {
    MOST = CEL_LAG_MOST / STRIDE, /* of our channels */
    N_LAGS = 2 * MOST + 1,
    BATCH = 32, /* entries that go through the close bounds together */
    AHEAD = 3,  /* entries that are on their way from memory meanwhile */
};

typedef struct {
    const CelLags *lags;
    const Sample *sample;
    int lag;
    float *bounds; /* of each entry; -1: settled. NULL: there are none */
    CelFineProbe probe;
    CelTop top; /* the best entries */
} AtLag;

static void look_at(AtLag *at, gsize i)
{
    const float score = cosine(at->lags, at->sample, i, at->lag);
    if (score > 0)
        cel_top_offer(&at->top, (CelScanHit){i, score});
}

/* Those that promise most first: what the others have to reach is then known nearly. */
static void look_at_likely(AtLag *at)
{
    const CelScanKernel *kernel = cel_scan_kernel();
    const gsize n = at->lags->n;
    CelScanHit hits[CEL_LAGS_KEPT];
    CelTop likely = {hits, 0, CEL_LAGS_KEPT};
    float least = 0;
    for (gsize i = kernel->next(at->bounds, 0, n, least); i < n;
         i = kernel->next(at->bounds, i + 1, n, least)) {
        cel_top_offer(&likely, (CelScanHit){i, at->bounds[i]});
        least = MAX(0, cel_top_least(&likely));
    }
    for (guint k = 0; k < likely.n; k++)
        fetch(at->lags, at->sample, likely.hits[k].row, at->lag);
    for (guint k = 0; k < likely.n; k++) {
        look_at(at, likely.hits[k].row);
        at->bounds[likely.hits[k].row] = -1;
    }
}

/* What the score of entry @i cannot be above. */
static double close_bound(const AtLag *at, gsize i)
{
    static const double others[CEL_N_VIEWS] = {0};
    const CelViewSet without = ~(1U << CEL_VIEW_CONTRAST);
    double known[CEL_N_VIEWS] = {0};
    known[CEL_VIEW_CONTRAST] = cel_fine_bound(at->lags->fine, &at->probe, i, NULL);
    return cel_first_refine(known, others, without);
}

static void look_at_batch(AtLag *at, const gsize *batch, guint n)
{
    gsize left[BATCH];
    guint n_left = 0;
    for (guint k = 0; k < MIN(n, AHEAD); k++)
        cel_fine_fetch(at->lags->fine, batch[k]);
    for (guint k = 0; k < n; k++) {
        if (k + AHEAD < n)
            cel_fine_fetch(at->lags->fine, batch[k + AHEAD]);
        if (close_bound(at, batch[k]) < (double)cel_top_least(&at->top))
            continue;
        fetch(at->lags, at->sample, batch[k], at->lag);
        left[n_left++] = batch[k];
    }
    for (guint k = 0; k < n_left; k++)
        look_at(at, left[k]);
}

static void look_at_others(AtLag *at)
{
    const CelScanKernel *kernel = cel_scan_kernel();
    const gsize n = at->lags->n;
    for (gsize i = 0; i < n;) {
        gsize batch[BATCH];
        guint n_batch = 0;
        const float least = MAX(0, cel_top_least(&at->top));
        for (i = kernel->next(at->bounds, i, n, least); i < n && n_batch < BATCH;
             i = kernel->next(at->bounds, i + 1, n, least)) {
            cel_fine_expect(at->lags->fine, i);
            batch[n_batch++] = i;
        }
        look_at_batch(at, batch, n_batch);
    }
}

static void look_at_all(AtLag *at)
{
    for (gsize i = 0; i < at->lags->n && at->bounds == NULL; i++)
        look_at(at, i);
    if (at->bounds == NULL)
        return;
    look_at_likely(at);
    look_at_others(at);
}

/* ---- all lags ---- */

/* Bounds at every lag, in one walk over the entries. */
static void find_bounds(const CelLags *lags, const Sample *sample, CelView moved[N_LAGS],
                        float *bounds)
{
    CelFirstAsked asked[N_LAGS];
    for (int k = 0; k < N_LAGS; k++) {
        moved[k] = as_view(&sample->row, sample->values, sample->sums);
        moved[k].first = (guint)((int)sample->row.first + k - MOST);
        asked[k] = (CelFirstAsked){.sample = &moved[k],
                                   .limits = {sample->min_common, 0},
                                   .out = bounds + (gsize)k * lags->n};
    }
    cel_first_bounds(lags->first, asked, N_LAGS);
}

static void find_best(const CelLags *lags, const Sample *sample, GArray *out)
{
    const gboolean bounded = lags->first != NULL;
    g_autofree float *bounds = bounded ? g_new(float, N_LAGS * lags->n + 1) : NULL;
    g_auto(CelFineProbe) probe = {0};
    CelView moved[N_LAGS];
    if (bounded) {
        find_bounds(lags, sample, moved, bounds);
        cel_fine_probe_init(lags->fine, &moved[0], &probe);
    }
    for (int k = 0; k < N_LAGS; k++) {
        CelScanHit hits[CEL_LAGS_KEPT];
        AtLag at = {.lags = lags,
                    .sample = sample,
                    .lag = k - MOST,
                    .bounds = bounded ? bounds + (gsize)k * lags->n : NULL,
                    .probe = probe,
                    .top = {hits, 0, CEL_LAGS_KEPT}};
        at.probe.sample = &moved[k]; /* the bytes are the same at every lag */
        look_at_all(&at);
        for (guint h = 0; h < at.top.n; h++) {
            const guint entry = (guint)hits[h].row;
            g_array_append_val(out, entry);
        }
    }
}

GArray *cel_lags_promising(const CelLags *lags, const CelView *sample, guint min_common)
{
    const Row row = row_of(sample, 0);
    g_autofree float *values = g_new(float, row.n + 1);
    g_autofree double *sums = g_new(double, row.n + 1);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(guint));
    halve(sample, &row, values, sums);
    const Sample asked = {row, values, sums, min_common / STRIDE};
    find_best(lags, &asked, out);
    g_array_sort(out, by_number);
    drop_repeated(out);
    return out;
}
