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

static CelFirst *make_first(const CelLags *lags, const CelCoarsePart *parts)
{
    g_autofree CelView *rows = g_new(CelView, lags->n + 1);
    g_autofree const CelView **views = g_new(const CelView *, lags->n + 1);
    for (gsize i = 0; i < lags->n; i++) {
        rows[i] = as_view(&lags->rows[i], lags->values + lags->rows[i].at, sums_of(lags, i));
        views[i] = &rows[i];
    }
    return parts != NULL ? cel_first_map(views, lags->n, parts) : cel_first_new(views, lags->n);
}

void cel_lags_hasten(CelLags *lags)
{
    g_return_if_fail(lags->first == NULL);
    lags->first = make_first(lags, NULL);
}

static gsize own_size(const CelLags *lags, guint part)
{
    return part == 0 ? lags->n_values * sizeof(float) : (lags->n_values + lags->n) * sizeof(double);
}

CelLags *cel_lags_map(const CelView *const *views, gsize n, const CelCoarsePart *parts)
{
    const CelCoarsePart *own = parts + CEL_FIRST_PARTS;
    g_autoptr(CelLags) lags = lags_of(views, n);
    lags->borrowed = TRUE;
    if (own[0].n_bytes != own_size(lags, 0) || own[1].n_bytes != own_size(lags, 1))
        return NULL;
    lags->values = (float *)(guintptr)own[0].data;
    lags->sum_values = (double *)(guintptr)own[1].data;
    lags->first = make_first(lags, parts);
    return lags->first != NULL ? g_steal_pointer(&lags) : NULL;
}

CelCoarsePart cel_lags_part(const CelLags *lags, guint part)
{
    if (part == CEL_FIRST_PARTS)
        return (CelCoarsePart){lags->values, own_size(lags, 0)};
    if (part > CEL_FIRST_PARTS)
        return (CelCoarsePart){lags->sum_values, own_size(lags, 1)};
    return lags->first != NULL ? cel_first_part(lags->first, part) : (CelCoarsePart){NULL, 0};
}

void cel_lags_free(CelLags *lags)
{
    if (lags == NULL)
        return;
    cel_first_free(lags->first);
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

static float cosine(const CelLags *lags, const Sample *sample, gsize i, int lag)
{
    const Row *row = &lags->rows[i];
    const int from = MAX((int)sample->row.first, (int)row->first - lag);
    const int end = MIN((int)(sample->row.first + sample->row.n), (int)(row->first + row->n) - lag);
    if (end - from < (int)sample->min_common)
        return -1;
    const guint n = (guint)(end - from), a = (guint)from - sample->row.first;
    const guint b = (guint)(from + lag - (int)row->first);
    const double aa = sample->sums[a + n] - sample->sums[a];
    const double *sums = sums_of(lags, i);
    const double bb = sums[b + n] - sums[b];
    if (!(aa > 0 && bb > 0))
        return -1;
    return (float)(cel_score_dot(sample->values + a, lags->values + row->at + b, n) /
                   sqrt(aa * bb));
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

static void look_at(const CelLags *lags, const Sample *sample, gsize i, int lag, CelTop *top)
{
    const float score = cosine(lags, sample, i, lag);
    if (score > 0)
        cel_top_offer(top, (CelScanHit){i, score});
}

/* The best entries at @lag. @bounds: room for one an entry; used with the bounds only. */
static void look_at_lag(const CelLags *lags, const Sample *sample, int lag, float *bounds,
                        CelTop *top)
{
    if (lags->first == NULL) {
        for (gsize i = 0; i < lags->n; i++)
            look_at(lags, sample, i, lag, top);
        return;
    }
    CelView moved = as_view(&sample->row, sample->values, sample->sums);
    moved.first = (guint)((int)moved.first + lag);
    cel_first_bounds(lags->first, &moved, 0, &(CelFirstLimits){sample->min_common, 0}, bounds);
    CelScanHit hits[CEL_LAGS_KEPT];
    CelTop likely = {hits, 0, CEL_LAGS_KEPT};
    float least = cel_top_least(&likely);
    for (gsize i = 0; i < lags->n; i++) {
        if (bounds[i] < least)
            continue;
        cel_top_offer(&likely, (CelScanHit){i, bounds[i]});
        least = cel_top_least(&likely);
    }
    for (guint k = 0; k < likely.n; k++) {
        look_at(lags, sample, likely.hits[k].row, lag, top);
        bounds[likely.hits[k].row] = -1;
    }
    least = MAX(0, cel_top_least(top));
    for (gsize i = 0; i < lags->n; i++) {
        if (bounds[i] < least)
            continue;
        look_at(lags, sample, i, lag, top);
        least = MAX(0, cel_top_least(top));
    }
}

GArray *cel_lags_promising(const CelLags *lags, const CelView *sample, guint min_common)
{
    enum { MOST = CEL_LAG_MOST / STRIDE };
    const Row row = row_of(sample, 0);
    g_autofree float *values = g_new(float, row.n + 1);
    g_autofree double *sums = g_new(double, row.n + 1);
    g_autofree float *bounds = g_new(float, lags->n + 1);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(guint));
    halve(sample, &row, values, sums);
    const Sample asked = {row, values, sums, min_common / STRIDE};
    for (int lag = -MOST; lag <= MOST; lag++) {
        CelScanHit hits[CEL_LAGS_KEPT];
        CelTop top = {hits, 0, CEL_LAGS_KEPT};
        look_at_lag(lags, &asked, lag, bounds, &top);
        for (guint k = 0; k < top.n; k++) {
            const guint entry = (guint)hits[k].row;
            g_array_append_val(out, entry);
        }
    }
    g_array_sort(out, by_number);
    drop_repeated(out);
    return out;
}
