/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-search-private.h"

#include <string.h>

enum { FINE_AT = CEL_FIRST_PARTS + CEL_LAGS_PARTS };

/* The slope first: of its short codes least is known. */
const CelViewId cel_search_telling[CEL_SEARCH_FINE] = {CEL_VIEW_SLOPE, CEL_VIEW_CONTRAST,
                                                       CEL_VIEW_ROOT};

static void clear_entry(gpointer data)
{
    cel_view_free(((CelEntry *)data)->view);
}

static const CelView **views_of(const CelSearch *search)
{
    const CelView **views = g_new(const CelView *, search->entries->len + 1);
    for (guint i = 0; i < search->entries->len; i++)
        views[i] = g_array_index(search->entries, CelEntry, i).view;
    return views;
}

static CelSearch *search_of(GArray *entries)
{
    CelSearch *search = g_new0(CelSearch, 1);
    g_array_set_clear_func(entries, clear_entry);
    search->entries = entries;
    search->slots = g_new(guint, entries->len + 1);
    for (guint i = 0; i < entries->len; i++) {
        search->slots[i] = g_array_index(entries, CelEntry, i).slot;
        search->n_slots = MAX(search->n_slots, search->slots[i] + 1);
    }
    return search;
}

CelSearch *cel_search_new(GArray *entries)
{
    CelSearch *search = search_of(entries);
    g_autofree const CelView **views = views_of(search);
    search->lags = cel_lags_new(views, entries->len);
    return search;
}

static void refine(CelSearch *search, const CelView *const *views)
{
    for (guint f = 0; f < CEL_SEARCH_FINE; f++)
        search->fine[f] = cel_fine_new(views, search->entries->len, cel_search_telling[f]);
}

void cel_search_hasten(CelSearch *search)
{
    g_autofree const CelView **views = views_of(search);
    g_return_if_fail(search->first == NULL);
    search->first = cel_first_new(views, search->entries->len);
    cel_lags_hasten(search->lags);
    refine(search, views);
}

CelSearch *cel_search_map(GArray *entries, const CelCoarsePart *parts)
{
    g_autoptr(CelSearch) search = search_of(entries);
    g_autofree const CelView **views = views_of(search);
    search->first = cel_first_map(views, entries->len, parts);
    search->lags = cel_lags_map(views, entries->len, parts + CEL_FIRST_PARTS);
    gboolean all = search->first != NULL && search->lags != NULL;
    for (guint f = 0; f < CEL_SEARCH_FINE; f++) {
        const CelCoarsePart *own = parts + FINE_AT + f * CEL_FINE_PARTS;
        search->fine[f] = cel_fine_map(views, entries->len, cel_search_telling[f], own);
        all = all && search->fine[f] != NULL;
    }
    return all ? g_steal_pointer(&search) : NULL;
}

CelCoarsePart cel_search_part(const CelSearch *search, guint part)
{
    if (search->first == NULL)
        return (CelCoarsePart){NULL, 0};
    if (part >= FINE_AT)
        return cel_fine_part(search->fine[(part - FINE_AT) / CEL_FINE_PARTS],
                             (part - FINE_AT) % CEL_FINE_PARTS);
    return part >= CEL_FIRST_PARTS ? cel_lags_part(search->lags, part - CEL_FIRST_PARTS)
                                   : cel_first_part(search->first, part);
}

void cel_search_free(CelSearch *search)
{
    if (search == NULL)
        return;
    cel_first_free(search->first);
    for (guint f = 0; f < CEL_SEARCH_FINE; f++)
        cel_fine_free(search->fine[f]);
    cel_lags_free(search->lags);
    g_array_unref(search->entries);
    g_free(search->slots);
    g_free(search);
}

guint cel_search_size(const CelSearch *search)
{
    return search->entries->len;
}

guint cel_search_slot(const CelSearch *search, guint entry)
{
    return cel_search_entry(search, entry)->slot;
}

const CelView *cel_search_view(const CelSearch *search, guint entry)
{
    return cel_search_entry(search, entry)->view;
}

guint cel_search_siblings(const CelSearch *search, guint entry, guint *out_n)
{
    const guint slot = cel_search_entry(search, entry)->slot;
    guint from = entry, to = entry + 1;
    while (from > 0 && cel_search_entry(search, from - 1)->slot == slot)
        from--;
    while (to < search->entries->len && cel_search_entry(search, to)->slot == slot)
        to++;
    *out_n = to - from;
    return from;
}

static double part_inside(const CelView *view, guint from, guint to)
{
    const double *sum = cel_view_sums(view, CEL_VIEW_ROOT);
    return (sum[to - view->first] - sum[from - view->first]) / sum[view->n];
}

gboolean cel_query_comparable(const CelView *sample, const CelView *reference, CelOverlap *overlap)
{
    return cel_view_overlap(sample, reference, 0, overlap) &&
           overlap->to - overlap->from >= CEL_QUERY_MIN_COMMON &&
           part_inside(sample, overlap->from, overlap->to) >= CEL_QUERY_MIN_ENERGY &&
           part_inside(reference, overlap->from, overlap->to) >= CEL_QUERY_MIN_ENERGY;
}

void cel_query_score_entry(const CelQuery *q, guint i)
{
    const CelView *reference = cel_search_entry(q->search, i)->view;
    CelOverlap overlap;
    q->scores[i] = -1;
    if (!cel_query_comparable(q->sample, reference, &overlap))
        return;
    cel_view_scores(q->sample, reference, 0, &overlap, q->views[i]);
    q->scores[i] = MAX(0, cel_views_fuse(q->views[i], q->without));
}

void cel_query_expect(const CelQuery *q, guint i)
{
    cel_scan_fetch(cel_search_entry(q->search, i)->view, sizeof(CelView));
}

void cel_query_fetch(const CelQuery *q, guint i, guint reach)
{
    cel_view_fetch(q->sample, cel_search_entry(q->search, i)->view, reach);
}

typedef struct {
    const CelQuery *query;
    guint from, to;
} Share;

static gpointer score_share(gpointer data)
{
    const Share *share = data;
    for (guint i = share->from; i < share->to; i++)
        cel_query_score_entry(share->query, i);
    return NULL;
}

static void score_all(const CelQuery *query, guint threads)
{
    enum { MAX_THREADS = 16, WORTH_A_THREAD = 1000 };
    const guint n = query->search->entries->len;
    const guint shares = CLAMP(MIN(threads, n / WORTH_A_THREAD), 1, MAX_THREADS);
    Share share[MAX_THREADS];
    GThread *thread[MAX_THREADS] = {NULL};
    for (guint t = 0; t < shares; t++) {
        share[t] = (Share){query, n * t / shares, n * (t + 1) / shares};
        if (t > 0)
            thread[t] = g_thread_new("search", score_share, &share[t]);
    }
    score_share(&share[0]);
    for (guint t = 1; t < shares; t++)
        g_thread_join(thread[t]);
}

void cel_candidate_rescore(CelCandidate *candidate, CelViewSet without)
{
    candidate->score = MAX(0, cel_views_fuse(candidate->views, without) - candidate->price);
}

static int by_score(gconstpointer a, gconstpointer b, gpointer scores)
{
    const guint i = *(const guint *)a, j = *(const guint *)b;
    const double x = ((const double *)scores)[i], y = ((const double *)scores)[j];
    return x > y ? -1 : x < y ? 1 : i < j ? -1 : i > j;
}

static int by_candidate(gconstpointer a, gconstpointer b)
{
    const CelCandidate *x = a, *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score > y->score ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

void cel_search_sort(GArray *candidates)
{
    g_array_sort(candidates, by_candidate);
}

GArray *cel_query_pool(const CelQuery *q, guint *order, guint n)
{
    g_qsort_with_data(order, (gint)n, sizeof *order, by_score, q->scores);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(CelCandidate));
    g_autofree guint *place = g_new0(guint, q->search->n_slots); /* index in out + 1 */
    for (guint r = 0; r < n && q->scores[order[r]] >= 0; r++) {
        const guint i = order[r];
        if (r + 1 < MIN(n, CEL_QUERY_SHIFTED))
            cel_query_fetch(q, order[r + 1], CEL_LAG_MOST + 1);
        const CelCandidate c =
            r < CEL_QUERY_SHIFTED ? cel_query_shifted(q, i) : cel_query_as_it_stands(q, i);
        guint *at = &place[c.slot];
        if (*at == 0) {
            g_array_append_val(out, c);
            *at = out->len;
        } else if (c.score > g_array_index(out, CelCandidate, *at - 1).score) {
            g_array_index(out, CelCandidate, *at - 1) = c;
        }
    }
    cel_search_sort(out);
    return out;
}

static GArray *run_whole(const CelQuery *query, guint threads, guint *order)
{
    const guint n = query->search->entries->len;
    score_all(query, threads);
    for (guint i = 0; i < n; i++)
        order[i] = i;
    return cel_query_pool(query, order, n);
}

GArray *cel_search_run(const CelSearch *search, const CelView *sample,
                       const CelSearchOptions *options)
{
    const guint n = search->entries->len;
    g_autofree double *scores = g_new(double, n + 1);
    g_autofree guint *order = g_new(guint, n + 1);
    g_autofree double(*views)[CEL_N_VIEWS] = g_malloc((n + 1) * sizeof *views);
    CelView moved = *sample;
    CelQuery query;
    cel_query_init(&query, search, sample, options);
    query.views = views;
    query.scores = scores;
    query.common = cel_query_common_lag(&query);
    moved.first = (guint)((int)sample->first + query.common);
    query.sample = &moved;
    GArray *out = search->first != NULL && options->most > 0
                      ? cel_query_run_bounded(&query, options->most, order)
                      : NULL;
    return out != NULL ? out : run_whole(&query, options->threads, order);
}
