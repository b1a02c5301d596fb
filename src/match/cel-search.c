/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-search.h"

#include "match/cel-lags.h"
#include "match/cel-scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_LAG = CEL_LAG_MOST,
    N_SHIFTED = 60,   /* entries that may shift */
    MIN_COMMON = 125, /* channels (250 cm-1) in common, else no comparison */
};

/* Price of a shift by one channel at an axis uncertainty of 1 cm-1, and what it costs at most to
 * take all candidates as shifted together: an axis that is off is rare, but when it is, by how much
 * says little. Found on the development half of RRUFF as those that cost least when the axis is
 * right (see README). */
#define SHIFT_PRICE      0.01
#define COMMON_PRICE_MAX 0.03

/* Scores this near the best one say where the axis is. */
#define NEAR_BEST 0.05

/* Both views must keep this part of their energy inside the common range, else the comparison says
 * little: a short overlap would win by chance. */
#define MIN_ENERGY 0.3

/* Views that tell most, in that order: of these there are bytes (cel-fine.h). */
enum { N_FINE = CEL_SEARCH_FINE, FINE_AT = CEL_FIRST_PARTS + CEL_LAGS_PARTS };
static const CelViewId telling[N_FINE] = {CEL_VIEW_CONTRAST, CEL_VIEW_SLOPE};

struct CelSearch {
    GArray *entries; /* CelEntry */
    guint n_slots;
    CelFirst *first;       /* (nullable) */
    CelFine *fine[N_FINE]; /* with @first: of the views in telling[] */
    CelLags *lags;
};

/* Everything one query needs, allocated once. */
typedef struct {
    const CelSearch *search;
    const CelView *asked;  /* the sample on its own axis */
    const CelView *sample; /* the same, moved by @common channels */
    int common;            /* the shift that all candidates share */
    CelViewSet without;
    double (*views)[CEL_N_VIEWS]; /* of each entry, unshifted */
    double *scores;               /* one an entry; < 0: not comparable */
    double price;                 /* of a shift by one channel */
} Query;

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
    for (guint i = 0; i < entries->len; i++)
        search->n_slots = MAX(search->n_slots, g_array_index(entries, CelEntry, i).slot + 1);
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
    for (guint f = 0; f < N_FINE; f++)
        search->fine[f] = cel_fine_new(views, search->entries->len, telling[f]);
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
    for (guint f = 0; f < N_FINE; f++) {
        const CelCoarsePart *own = parts + FINE_AT + f * CEL_FINE_PARTS;
        search->fine[f] = cel_fine_map(views, entries->len, telling[f], own);
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
    for (guint f = 0; f < N_FINE; f++)
        cel_fine_free(search->fine[f]);
    cel_lags_free(search->lags);
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

guint cel_search_slot(const CelSearch *search, guint entry)
{
    return entry_at(search, entry)->slot;
}

const CelView *cel_search_view(const CelSearch *search, guint entry)
{
    return entry_at(search, entry)->view;
}

guint cel_search_siblings(const CelSearch *search, guint entry, guint *out_n)
{
    const guint slot = entry_at(search, entry)->slot;
    guint from = entry, to = entry + 1;
    while (from > 0 && entry_at(search, from - 1)->slot == slot)
        from--;
    while (to < search->entries->len && entry_at(search, to)->slot == slot)
        to++;
    *out_n = to - from;
    return from;
}

static double part_inside(const CelView *view, guint from, guint to)
{
    const double *sum = cel_view_sums(view, CEL_VIEW_ROOT);
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

static void score_entry(const Query *q, guint i)
{
    const CelView *reference = entry_at(q->search, i)->view;
    CelOverlap overlap;
    q->scores[i] = -1;
    if (!comparable(q->sample, reference, &overlap))
        return;
    cel_view_scores(q->sample, reference, 0, &overlap, q->views[i]);
    q->scores[i] = MAX(0, cel_views_fuse(q->views[i], q->without));
}

static gpointer score_share(gpointer data)
{
    const Share *share = data;
    for (guint i = share->from; i < share->to; i++)
        score_entry(share->query, i);
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

/* Scores of one candidate at every lag from -MAX_LAG - 1 to MAX_LAG + 1. */
enum { N_SCORES = 2 * MAX_LAG + 3 };

/* The top next to @at that rises from there; not the two ends, beyond which it may go on. */
static int uphill(const double score[N_SCORES], int at)
{
    while (at > 1 && score[at - 1] > score[at])
        at--;
    while (at < N_SCORES - 2 && score[at + 1] > score[at])
        at++;
    return at;
}

/* The shift of the top at @at, finer than channels. */
static double peak_cm1(const double score[N_SCORES], int at)
{
    const double off = vertex(score[at - 1], score[at], score[at + 1]);
    return (at - MAX_LAG - 1 + off) * CEL_VIEW_STEP_CM1;
}

static CelCandidate as_it_stands(const Query *q, guint i)
{
    CelCandidate c = {.slot = entry_at(q->search, i)->slot,
                      .entry = i,
                      .score = q->scores[i],
                      .shift_cm1 = q->common * CEL_VIEW_STEP_CM1,
                      .stands_cm1 = q->common * CEL_VIEW_STEP_CM1};
    memcpy(c.views, q->views[i], sizeof c.views);
    return c;
}

/* The lag whose score, less the price of shifting, is highest. For so few lags dot products cost
 * less than a transform. */
static CelCandidate shifted(const Query *q, guint i)
{
    const CelView *reference = entry_at(q->search, i)->view;
    CelCandidate c = as_it_stands(q, i);
    double score[N_SCORES], views[N_SCORES][CEL_N_VIEWS];
    int best = MAX_LAG + 1;
    for (int k = 0; k < N_SCORES; k++)
        score[k] = score_at(q, reference, k - MAX_LAG - 1, views[k]);
    for (int k = 1; k < N_SCORES - 1; k++)
        if (score[k] - price_of(q, k - MAX_LAG - 1) > score[best] - price_of(q, best - MAX_LAG - 1))
            best = k;
    c.shift_cm1 += peak_cm1(score, best);
    c.stands_cm1 += peak_cm1(score, uphill(score, best));
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

void cel_search_sort(GArray *candidates)
{
    g_array_sort(candidates, by_candidate);
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
    cel_search_sort(out);
    return out;
}

static double price_per_channel(const CelSearchOptions *options)
{
    const double u = CLAMP(options->axis_u_cm1 > 0 ? options->axis_u_cm1 : 1.0, 0.5, 4.0);
    return SHIFT_PRICE / (u * u);
}

static guint order_all(const Query *query, guint threads, guint *order)
{
    const guint n = query->search->entries->len;
    score_all(query, threads);
    for (guint i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)n, sizeof *order, by_score, query->scores);
    return n;
}

enum { N_LEVELS = 64 };

/* A search that leaves entries out. An entry matters if it is among the N_SHIFTED best, or if it is
 * the best of one of the best substances: so it does not if its bound is below the score that both
 * take. Entries come by falling bounds, sorted into levels, so that this score rises soon. */
typedef struct {
    const Query *query;
    const float *bounds;
    CelTop best;        /* entries */
    CelTop best_slots;  /* room for find_threshold() */
    float *slot_scores; /* best score of each substance so far, rounded down; < 0: none */
    CelFineProbe probes[N_FINE];
    guint *sorted;               /* entries level by level, the highest first */
    guint ends[N_LEVELS];        /* of each level in @sorted */
    float *by_view[CEL_N_VIEWS]; /* of @bounds, see cel_first_bounds_by_view() */
    guint *order, n_order;       /* entries that were scored */
    float least;                 /* what matters scores at least that; -infinity: not known yet */
    gboolean left_out;           /* whether anything was, for its bound alone */
} Hastened;

/* Level of a bound: equal parts of 0..1.05. */
static guint level_of(float bound)
{
    const float at = bound * (N_LEVELS / 1.05F);
    return at < N_LEVELS - 1 ? (guint)at : N_LEVELS - 1;
}

static void sort_into_levels(Hastened *h)
{
    const guint n = h->query->search->entries->len;
    guint at[N_LEVELS] = {0}, sum = 0;
    for (guint i = 0; i < n; i++)
        if (h->bounds[i] >= 0)
            at[level_of(h->bounds[i])]++;
    for (guint l = N_LEVELS; l-- > 0;) {
        const guint count = at[l];
        at[l] = sum;
        sum += count;
        h->ends[l] = sum;
    }
    for (guint i = 0; i < n; i++)
        if (h->bounds[i] >= 0)
            h->sorted[at[level_of(h->bounds[i])]++] = i;
}

static void find_threshold(Hastened *h)
{
    float least = 0;
    h->best_slots.n = 0;
    for (guint s = 0; s < h->query->search->n_slots; s++) {
        if (h->slot_scores[s] < least)
            continue;
        cel_top_offer(&h->best_slots, (CelScanHit){s, h->slot_scores[s]});
        least = MAX(0, cel_top_least(&h->best_slots));
    }
    h->least = MIN(cel_top_least(&h->best), cel_top_least(&h->best_slots));
}

/* A float that is not above @score. */
static float down(double score)
{
    const float near = (float)score;
    return (double)near > score ? nextafterf(near, -INFINITY) : near;
}

/* Whether an entry of which no more is known than that it scores @bound at most does not matter. */
static gboolean is_out(Hastened *h, double bound, float of_slot)
{
    if (bound < (double)h->least) {
        h->left_out = TRUE;
        return TRUE;
    }
    /* neither among those that may shift nor the best of its substance */
    return bound < (double)cel_top_least(&h->best) && bound < (double)of_slot;
}

/* Whether more than the bound of entry @i, view by view, says that it does not matter. */
static gboolean is_out_after_all(Hastened *h, guint i, float of_slot)
{
    const Query *q = h->query;
    double by_view[CEL_N_VIEWS], at_most[CEL_N_VIEWS];
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        by_view[v] = (double)h->by_view[v][i];
        at_most[v] = NAN;
    }
    for (guint f = 0; f < N_FINE; f++) {
        at_most[telling[f]] = cel_fine_bound(q->search->fine[f], &h->probes[f], i);
        if (is_out(h, cel_first_refine(at_most, by_view, q->without), of_slot))
            return TRUE;
    }
    return FALSE;
}

static void look_at(Hastened *h, guint i)
{
    const Query *q = h->query;
    float *slot = &h->slot_scores[entry_at(q->search, i)->slot];
    if (is_out(h, (double)h->bounds[i], *slot) || is_out_after_all(h, i, *slot))
        return;
    score_entry(q, i);
    if (q->scores[i] < 0)
        return;
    const float score = down(q->scores[i]);
    h->order[h->n_order++] = i;
    *slot = MAX(*slot, score);
    cel_top_offer(&h->best, (CelScanHit){i, score});
}

/* No bound of level @l is above this. */
static double top_of_level(guint l)
{
    return l < N_LEVELS - 1 ? (l + 1) * (1.05 / N_LEVELS) * (1 + 1e-6) : INFINITY;
}

static void look_at_all(Hastened *h)
{
    enum { AHEAD = 6 };
    guint at = 0;
    sort_into_levels(h);
    for (guint l = N_LEVELS; l-- > 0 && !is_out(h, top_of_level(l), -INFINITY);) {
        for (; at < h->ends[l]; at++) {
            if (at + AHEAD < h->ends[l] && h->bounds[h->sorted[at + AHEAD]] >= h->least)
                cel_fine_fetch(h->query->search->fine[0], h->sorted[at + AHEAD]);
            look_at(h, h->sorted[at]);
        }
        find_threshold(h);
    }
}

/* What was left out scores less than @least: the list is sure from there on. */
static void cut_below(GArray *candidates, double least)
{
    guint n = candidates->len;
    while (n > 0 && g_array_index(candidates, CelCandidate, n - 1).score <= least)
        n--;
    g_array_set_size(candidates, n);
}

/* Returns: (nullable): NULL when ties make the list shorter than wanted. */
static GArray *run_hastened(const Query *q, guint most, guint *order)
{
    const guint n = q->search->entries->len, n_slots = q->search->n_slots;
    const CelFirstLimits limits = {MIN_COMMON, MIN_ENERGY};
    g_autofree float *bounds = g_new(float, n + 1), *slot_scores = g_new(float, n_slots + 1);
    g_autofree guint *sorted = g_new(guint, n + 1);
    g_autofree float *by_view = g_new(float, CEL_N_VIEWS *((gsize)n + 1));
    g_autofree CelScanHit *hits = g_new(CelScanHit, N_SHIFTED + (gsize)most + 1);
    Hastened h = {.query = q,
                  .bounds = bounds,
                  .best = {hits, 0, N_SHIFTED},
                  .best_slots = {hits + N_SHIFTED, 0, most + 1},
                  .slot_scores = slot_scores,
                  .sorted = sorted,
                  .order = order,
                  .least = -INFINITY};
    for (guint s = 0; s < n_slots; s++)
        slot_scores[s] = -1;
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        h.by_view[v] = by_view + v * (gsize)(n + 1);
    cel_first_bounds_by_view(q->search->first, q->sample, q->without, &limits, bounds, h.by_view);
    for (guint f = 0; f < N_FINE; f++)
        cel_fine_probe_init(q->search->fine[f], q->sample, &h.probes[f]);
    look_at_all(&h);
    for (guint f = 0; f < N_FINE; f++)
        cel_fine_probe_clear(&h.probes[f]);
    g_qsort_with_data(order, (gint)h.n_order, sizeof *order, by_score, q->scores);
    GArray *out = pooled(q, order, h.n_order);
    if (h.left_out)
        cut_below(out, (double)h.least);
    if (!h.left_out || out->len >= most)
        return out;
    g_array_unref(out);
    return NULL;
}

/* ---- the axis ---- */

/* The three best scores at one lag, best first. */
typedef struct {
    double score[3];
} Podium;

static void climb(Podium *podium, double score)
{
    for (int place = 0; place < 3; place++) {
        if (!(score > podium->score[place]))
            continue;
        const double pushed = podium->score[place];
        podium->score[place] = score;
        score = pushed;
    }
}

/* Half the best score, half the mean of the best three: an axis that is off moves them all. */
static double height(const Podium *podium)
{
    const double *s = podium->score;
    return 0.5 * s[0] + (s[0] + s[1] + s[2]) / 6;
}

/* The lag at which the library fits best, less the price of an axis that is off. */
static int common_lag(const Query *q)
{
    Podium podiums[2 * MAX_LAG + 1] = {{{0}}};
    g_autoptr(GArray) promising = cel_lags_promising(q->search->lags, q->asked, MIN_COMMON);
    for (guint i = 0; i < promising->len; i++) {
        const CelView *reference = entry_at(q->search, g_array_index(promising, guint, i))->view;
        CelOverlap overlap;
        double views[CEL_N_VIEWS];
        if (comparable(q->asked, reference, &overlap))
            for (int k = -MAX_LAG; k <= MAX_LAG; k++)
                climb(&podiums[k + MAX_LAG], score_at(q, reference, k, views));
    }
    int best = 0;
    for (int k = -MAX_LAG; k <= MAX_LAG; k++)
        if (height(&podiums[k + MAX_LAG]) - MIN(price_of(q, k), COMMON_PRICE_MAX) >
            height(&podiums[best + MAX_LAG]) - MIN(price_of(q, best), COMMON_PRICE_MAX))
            best = k;
    return best;
}

GArray *cel_search_run(const CelSearch *search, const CelView *sample,
                       const CelSearchOptions *options)
{
    const guint n = search->entries->len;
    g_autofree double *scores = g_new(double, n + 1);
    g_autofree guint *order = g_new(guint, n + 1);
    g_autofree double(*views)[CEL_N_VIEWS] = g_malloc((n + 1) * sizeof *views);
    CelView moved = *sample;
    Query query = {.search = search,
                   .asked = sample,
                   .sample = sample,
                   .without = options->without,
                   .views = views,
                   .scores = scores,
                   .price = price_per_channel(options)};

    query.common = common_lag(&query);
    moved.first = (guint)((int)sample->first + query.common);
    query.sample = &moved;
    GArray *out = search->first != NULL && options->most > 0
                      ? run_hastened(&query, options->most, order)
                      : NULL;
    return out != NULL ? out : pooled(&query, order, order_all(&query, options->threads, order));
}

static int by_value(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double cel_search_axis_shift(const GArray *ranked)
{
    enum { MOST = 10 };
    double shifts[MOST];
    guint n = 0;
    for (guint i = 0; i < MIN(ranked->len, MOST); i++) {
        const CelCandidate *c = &g_array_index(ranked, CelCandidate, i);
        if (c->score >= g_array_index(ranked, CelCandidate, 0).score - NEAR_BEST)
            shifts[n++] = c->stands_cm1;
    }
    qsort(shifts, n, sizeof *shifts, by_value);
    return n == 0 ? 0 : 0.5 * (shifts[(n - 1) / 2] + shifts[n / 2]);
}

/* ---- a disturbed copy ---- */

/* Of so many of the best the neighbouring channels are looked at too. */
enum { N_TRIED_BESIDE = 8 };

/* Lets @c stand @lag channels off when that is better than what it has. */
static void try_lag(const Query *q, const CelView *reference, int lag, CelCandidate *c)
{
    double views[CEL_N_VIEWS];
    CelOverlap overlap;
    if (ABS(lag) > MAX_LAG || !cel_view_overlap(q->sample, reference, lag, &overlap))
        return;
    cel_view_scores(q->sample, reference, lag, &overlap, views);
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        if (isnan(views[v])) /* a late view stays what it was */
            views[v] = c->views[v];
    const double price = price_of(q, lag);
    const double score = MAX(0, cel_views_fuse(views, q->without)) - price;
    if (score <= c->score)
        return;
    c->score = score;
    c->price = price;
    c->shift_cm1 = CLAMP(c->shift_cm1, (q->common + lag - 0.5) * CEL_VIEW_STEP_CM1,
                         (q->common + lag + 0.5) * CEL_VIEW_STEP_CM1); /* finer than channels */
    memcpy(c->views, views, sizeof c->views);
}

static const CelView *reference_of(const Query *q, const CelSearchAgain *again, guint i)
{
    return again->references != NULL ? again->references[i]
                                     : entry_at(q->search, again->known[i].entry)->view;
}

/* Index in again->known of @c, whose entry is unique there. */
static guint known_index(const CelSearchAgain *again, const CelCandidate *c)
{
    guint i = 0;
    while (again->known[i].entry != c->entry)
        i++;
    return i;
}

static int lag_of(double shift_cm1)
{
    return CLAMP((int)lround(shift_cm1 / CEL_VIEW_STEP_CM1), -MAX_LAG, MAX_LAG);
}

/* Beyond that of @c which all candidates share. */
static int own_lag(const Query *q, const CelCandidate *c)
{
    return lag_of(c->shift_cm1 - q->common * CEL_VIEW_STEP_CM1);
}

/* As common_lag(), from the best candidates and at the lags next to where the axis stood. */
static int common_lag_again(const Query *q, const CelSearchAgain *again)
{
    enum { ASKED = 4, AROUND = 1 };
    int best = 0;
    double most = -G_MAXDOUBLE;
    for (int k = -MAX_LAG; k <= MAX_LAG; k++) {
        Podium podium = {{0}};
        double views[CEL_N_VIEWS];
        if (k != 0 && ABS(k - lag_of(again->axis_cm1 - again->shift_cm1)) > AROUND)
            continue;
        for (guint i = 0; i < MIN(again->n, ASKED); i++)
            climb(&podium, score_at(q, reference_of(q, again, i), k, views));
        const double value = height(&podium) - MIN(price_of(q, k), COMMON_PRICE_MAX);
        if (value > most) {
            most = value;
            best = k;
        }
    }
    return best;
}

/* As uphill() for @c, from where it stood. */
static void find_stand(const Query *q, const CelView *reference, CelCandidate *c)
{
    double score[N_SCORES], views[CEL_N_VIEWS];
    gboolean known[N_SCORES] = {FALSE};
    int at = lag_of(c->stands_cm1 - q->common * CEL_VIEW_STEP_CM1) + MAX_LAG + 1;
    for (int top = -1; top != at;) {
        top = at;
        for (int k = MAX(at - 1, 0); k <= MIN(at + 1, N_SCORES - 1); k++) {
            score[k] = known[k] ? score[k] : score_at(q, reference, k - MAX_LAG - 1, views);
            known[k] = TRUE;
        }
        if (at > 1 && score[at - 1] > score[at])
            at--;
        else if (at < N_SCORES - 2 && score[at + 1] > score[at])
            at++;
    }
    c->stands_cm1 = q->common * CEL_VIEW_STEP_CM1 + peak_cm1(score, at);
}

GArray *cel_search_again(const CelSearch *search, const CelView *sample,
                         const CelSearchOptions *options, const CelSearchAgain *again)
{
    CelView moved = *sample;
    Query query = {.search = search,
                   .asked = sample,
                   .sample = sample,
                   .without = options->without,
                   .price = price_per_channel(options)};
    GArray *out = g_array_sized_new(FALSE, FALSE, sizeof(CelCandidate), again->n);
    query.common = common_lag_again(&query, again);
    moved.first = (guint)((int)sample->first + query.common);
    query.sample = &moved;
    for (guint i = 0; i < again->n; i++) {
        CelCandidate c = again->known[i];
        const CelView *reference = reference_of(&query, again, i);
        CelOverlap overlap;
        c.score = -1;
        if (!comparable(query.sample, reference, &overlap))
            continue;
        c.shift_cm1 -= again->shift_cm1;
        c.stands_cm1 -= again->shift_cm1;
        try_lag(&query, reference, own_lag(&query, &c), &c);
        if (c.score >= 0)
            g_array_append_val(out, c);
    }
    g_array_sort(out, by_candidate);
    for (guint i = 0; i < MIN(out->len, N_TRIED_BESIDE); i++) {
        CelCandidate *c = &g_array_index(out, CelCandidate, i);
        const CelView *reference = reference_of(&query, again, known_index(again, c));
        const int lag = own_lag(&query, c);
        try_lag(&query, reference, lag - 1, c);
        try_lag(&query, reference, lag + 1, c);
    }
    g_array_sort(out, by_candidate);
    for (guint i = 0; i < MIN(out->len, N_TRIED_BESIDE); i++) {
        CelCandidate *c = &g_array_index(out, CelCandidate, i);
        if (c->score >= g_array_index(out, CelCandidate, 0).score - NEAR_BEST)
            find_stand(&query, reference_of(&query, again, known_index(again, c)), c);
    }
    return out;
}
