/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-search.h"

#include <math.h>
#include <string.h>

enum {
    MAX_LAG = 6,      /* 12 cm-1 either way: beyond, the instrument needs calibrating */
    N_SHIFTED = 60,   /* entries that may shift */
    MIN_COMMON = 125, /* channels (250 cm-1) in common, else no comparison */
};

/* Price of a shift by one channel at an axis uncertainty of 1 cm-1. Found on the development half
 * of RRUFF as the one that costs nothing when the axis is right (see README). */
#define SHIFT_PRICE 0.01

/* Both views must keep this part of their energy inside the common range, else the comparison says
 * little: a short overlap would win by chance. */
#define MIN_ENERGY 0.3

struct CelSearch {
    GArray *entries; /* CelEntry */
    guint n_slots;
};

/* Everything one query needs, allocated once. */
typedef struct {
    const CelSearch *search;
    const CelView *sample;
    CelViewSet without;
    double (*views)[CEL_N_VIEWS]; /* of each entry, unshifted */
    double *scores;               /* one an entry; < 0: not comparable */
    double price;                 /* of a shift by one channel */
} Query;

static void clear_entry(gpointer data)
{
    cel_view_free(((CelEntry *)data)->view);
}

CelSearch *cel_search_new(GArray *entries)
{
    CelSearch *search = g_new0(CelSearch, 1);
    g_array_set_clear_func(entries, clear_entry);
    search->entries = entries;
    for (guint i = 0; i < entries->len; i++)
        search->n_slots = MAX(search->n_slots, g_array_index(entries, CelEntry, i).slot + 1);
    return search;
}

void cel_search_free(CelSearch *search)
{
    if (search == NULL)
        return;
    g_array_unref(search->entries);
    g_free(search);
}

static const CelEntry *entry_at(const CelSearch *search, guint i)
{
    return &g_array_index(search->entries, CelEntry, i);
}

guint cel_search_size(const CelSearch *search)
{
    return search->entries->len;
}

const CelView *cel_search_view(const CelSearch *search, guint entry)
{
    return entry_at(search, entry)->view;
}

static double part_inside(const CelView *view, guint from, guint to)
{
    const double *sum = view->sum[CEL_VIEW_ROOT];
    return (sum[to - view->first] - sum[from - view->first]) / sum[view->n];
}

static gboolean comparable(const CelView *sample, const CelView *reference, CelOverlap *overlap)
{
    return cel_view_overlap(sample, reference, 0, overlap) &&
           overlap->to - overlap->from >= MIN_COMMON &&
           part_inside(sample, overlap->from, overlap->to) >= MIN_ENERGY &&
           part_inside(reference, overlap->from, overlap->to) >= MIN_ENERGY;
}

typedef struct {
    const Query *query;
    guint from, to;
} Share;

static gpointer score_share(gpointer data)
{
    const Share *share = data;
    const Query *q = share->query;
    for (guint i = share->from; i < share->to; i++) {
        const CelView *reference = entry_at(q->search, i)->view;
        CelOverlap overlap;
        q->scores[i] = -1;
        if (!comparable(q->sample, reference, &overlap))
            continue;
        cel_view_scores(q->sample, reference, 0, &overlap, q->views[i]);
        q->scores[i] = MAX(0, cel_views_fuse(q->views[i], q->without));
    }
    return NULL;
}

static void score_all(const Query *query, guint threads)
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

static double price_of(const Query *query, double lag)
{
    return query->price * lag * lag;
}

static double score_at(const Query *q, const CelView *reference, int lag, double *views)
{
    CelOverlap overlap;
    if (!cel_view_overlap(q->sample, reference, lag, &overlap))
        return 0;
    cel_view_scores(q->sample, reference, lag, &overlap, views);
    return MAX(0, cel_views_fuse(views, q->without));
}

/* Vertex of the parabola through three scores, in channels from the middle one. */
static double vertex(double left, double middle, double right)
{
    const double bend = left - 2 * middle + right;
    return bend < 0 ? CLAMP(0.5 * (left - right) / bend, -0.5, 0.5) : 0;
}

static CelCandidate as_it_stands(const Query *q, guint i)
{
    CelCandidate c = {.slot = entry_at(q->search, i)->slot,
                      .entry = i,
                      .score = q->scores[i],
                      .unshifted = q->scores[i]};
    memcpy(c.views, q->views[i], sizeof c.views);
    return c;
}

/* The lag whose score, less the price of shifting, is highest. For so few lags dot products cost
 * less than a transform. */
static CelCandidate shifted(const Query *q, guint i)
{
    const CelView *reference = entry_at(q->search, i)->view;
    CelCandidate c = as_it_stands(q, i);
    double score[2 * MAX_LAG + 3], views[2 * MAX_LAG + 3][CEL_N_VIEWS];
    int best = MAX_LAG + 1;
    for (int k = 0; k < 2 * MAX_LAG + 3; k++)
        score[k] = score_at(q, reference, k - MAX_LAG - 1, views[k]);
    for (int k = 1; k < 2 * MAX_LAG + 2; k++)
        if (score[k] - price_of(q, k - MAX_LAG - 1) > score[best] - price_of(q, best - MAX_LAG - 1))
            best = k;
    const double off = vertex(score[best - 1], score[best], score[best + 1]);
    c.shift_cm1 = (best - MAX_LAG - 1 + off) * CEL_VIEW_STEP_CM1;
    c.price = price_of(q, best - MAX_LAG - 1);
    c.score = score[best] - c.price;
    memcpy(c.views, views[best], sizeof c.views);
    return c;
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

/* Best candidate of each slot among the entries in @order. */
static GArray *pooled(const Query *q, const guint *order, guint n)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(CelCandidate));
    g_autofree guint *place = g_new0(guint, q->search->n_slots); /* index in out + 1 */
    for (guint r = 0; r < n && q->scores[order[r]] >= 0; r++) {
        const guint i = order[r];
        const CelCandidate c = r < N_SHIFTED ? shifted(q, i) : as_it_stands(q, i);
        guint *at = &place[c.slot];
        if (*at == 0) {
            g_array_append_val(out, c);
            *at = out->len;
        } else if (c.score > g_array_index(out, CelCandidate, *at - 1).score) {
            g_array_index(out, CelCandidate, *at - 1) = c;
        }
    }
    g_array_sort(out, by_candidate);
    return out;
}

GArray *cel_search_run(const CelSearch *search, const CelView *sample,
                       const CelSearchOptions *options)
{
    const guint n = search->entries->len;
    const double u = CLAMP(options->axis_u_cm1 > 0 ? options->axis_u_cm1 : 1.0, 0.5, 4.0);
    g_autofree double *scores = g_new(double, n + 1);
    g_autofree guint *order = g_new(guint, n + 1);
    g_autofree double(*views)[CEL_N_VIEWS] = g_malloc((n + 1) * sizeof *views);
    const Query query = {
        search, sample, options->without, views, scores, SHIFT_PRICE / (u * u),
    };

    score_all(&query, options->threads);
    for (guint i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)n, sizeof *order, by_score, scores);
    GArray *out = pooled(&query, order, n);
    return out;
}
