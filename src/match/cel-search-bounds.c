/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search that leaves entries out. An entry matters if it is among the best that may shift, or if
 * it is the best of one of the best substances: so it does not if its bound is below the score that
 * both take. First the likeliest entry of each likely substance is scored, so that this score
 * stands nearly where it ends. The others come by falling bounds, some at a time: bounds by bytes
 * leave out most of them, and what they are made of is on its way from memory before it is asked
 * for. */
#include "match/cel-scan.h"
#include "match/cel-search-private.h"

#include <math.h>
#include <string.h>

enum {
    N_LEVELS = 64,
    BATCH = 32, /* entries that go through the bounds by bytes together */
    AHEAD = 3,  /* entries that are on their way from memory meanwhile */
    NONE = -1,
};

/* An entry on its way through the bounds by bytes. */
typedef struct {
    guint entry;
    double at_most[CEL_N_VIEWS]; /* see cel_first_refine() */
    double at_least[CEL_N_VIEWS];
    double inside; /* part of its energy that lies where the sample has data, at least */
    double bound;  /* of the score */
} Waiting;

typedef struct {
    const CelQuery *query;
    CelFirstAsked asked;   /* bounds of all entries; -1 in its out: settled */
    CelTop best;           /* entries, by what they score at least */
    CelTop left;           /* entries that may matter, by bound: scored in the end */
    CelTop best_slots;     /* room for find_threshold() */
    float *slot_scores;    /* what each substance scores at least, rounded down; < 0: unknown */
    gint *likely;          /* entry of each substance with the highest bound */
    guint *sorted;         /* entries level by level, the highest first */
    guint ends[N_LEVELS];  /* of each level in @sorted */
    guint *order, n_order; /* entries that were scored */
    float least;           /* what matters scores at least that; -infinity: not known yet */
    gboolean left_out;     /* whether anything was, for its bound alone */
    CelFineProbe probes[CEL_SEARCH_FINE];
} Bounded;

static guint slot_of(const Bounded *b, guint entry)
{
    return b->query->search->slots[entry];
}

/* Level of a bound: equal parts of 0..1.05. */
static guint level_of(float bound)
{
    const float at = bound * (N_LEVELS / 1.05F);
    return at < N_LEVELS - 1 ? (guint)at : N_LEVELS - 1;
}

/* Entries whose bounds are not below @least. */
static void sort_into_levels(Bounded *b, float least)
{
    const CelScanKernel *kernel = cel_scan_kernel();
    const float *bounds = b->asked.out;
    const gsize n = b->query->search->entries->len;
    guint at[N_LEVELS] = {0}, sum = 0;
    for (gsize i = kernel->next(bounds, 0, n, least); i < n;
         i = kernel->next(bounds, i + 1, n, least))
        at[level_of(bounds[i])]++;
    for (guint l = N_LEVELS; l-- > 0;) {
        const guint count = at[l];
        at[l] = sum;
        sum += count;
        b->ends[l] = sum;
    }
    for (gsize i = kernel->next(bounds, 0, n, least); i < n;
         i = kernel->next(bounds, i + 1, n, least))
        b->sorted[at[level_of(bounds[i])]++] = (guint)i;
}

static void find_threshold(Bounded *b)
{
    const CelScanKernel *kernel = cel_scan_kernel();
    const gsize n = b->query->search->n_slots;
    float least = 0;
    b->best_slots.n = 0;
    for (gsize s = kernel->next(b->slot_scores, 0, n, least); s < n;
         s = kernel->next(b->slot_scores, s + 1, n, least)) {
        cel_top_offer(&b->best_slots, (CelScanHit){s, b->slot_scores[s]});
        least = MAX(0, cel_top_least(&b->best_slots));
    }
    b->least = MIN(cel_top_least(&b->best), cel_top_least(&b->best_slots));
}

/* A float that is not above @score. */
static float down(double score)
{
    const float near = (float)score;
    return (double)near > score ? nextafterf(near, -INFINITY) : near;
}

/* Whether entry @i, of which no more is known than that it scores @bound at most, does not matter.
 */
static gboolean is_out(Bounded *b, guint i, double bound)
{
    if (bound < (double)b->least) {
        b->left_out = TRUE;
        return TRUE;
    }
    /* neither among those that may shift nor the best of its substance */
    return bound < (double)cel_top_least(&b->best) && bound < (double)b->slot_scores[slot_of(b, i)];
}

/* Entry @i scores @least at least. */
static void note(Bounded *b, guint i, float least)
{
    float *slot = &b->slot_scores[slot_of(b, i)];
    *slot = MAX(*slot, least);
    cel_top_offer(&b->best, (CelScanHit){i, least});
}

/* Returns: FALSE: the entry is not comparable. */
static gboolean score(Bounded *b, guint i)
{
    const CelQuery *q = b->query;
    cel_query_score_entry(q, i);
    if (q->scores[i] < 0)
        return FALSE;
    b->order[b->n_order++] = i;
    return TRUE;
}

static void score_and_note(Bounded *b, guint i)
{
    if (score(b, i))
        note(b, i, down(b->query->scores[i]));
}

/* ---- the likeliest of each substance ---- */

static void find_likely(Bounded *b)
{
    const CelSearch *search = b->query->search;
    const float *bounds = b->asked.out;
    for (guint s = 0; s < search->n_slots; s++)
        b->likely[s] = NONE;
    for (guint i = 0; i < search->entries->len; i++) {
        gint *likely = &b->likely[slot_of(b, i)];
        if (bounds[i] >= 0 && (*likely == NONE || bounds[i] > bounds[*likely]))
            *likely = (gint)i;
    }
}

/* A few more than the threshold needs: some promise more than they hold. */
static void score_likely(Bounded *b, guint most)
{
    const guint n = most + most / 4 + 2;
    g_autofree CelScanHit *hits = g_new(CelScanHit, n);
    CelTop top = {hits, 0, n};
    find_likely(b);
    for (guint s = 0; s < b->query->search->n_slots; s++)
        if (b->likely[s] != NONE && b->asked.out[b->likely[s]] >= cel_top_least(&top))
            cel_top_offer(&top, (CelScanHit){(guint)b->likely[s], b->asked.out[b->likely[s]]});
    cel_top_sort(&top);
    for (guint k = 0; k < top.n; k++)
        cel_query_expect(b->query, (guint)hits[k].row);
    for (guint k = 0; k < top.n; k++) {
        const guint entry = (guint)hits[k].row;
        if (k + 1 < top.n)
            cel_query_fetch(b->query, (guint)hits[k + 1].row, 0);
        score_and_note(b, entry);
        b->asked.out[entry] = -1;
    }
    find_threshold(b);
}

/* ---- the others ---- */

/* Those of @waiting that more than their bounds, view by view, does not settle. Returns: how many.
 */
static guint refine(Bounded *b, guint f, Waiting *waiting, guint n)
{
    const CelQuery *q = b->query;
    const CelViewId view = cel_search_telling[f];
    const CelFine *fine = q->search->fine[f];
    guint kept = 0;
    for (guint k = 0; k < MIN(n, AHEAD); k++)
        cel_fine_fetch(fine, waiting[k].entry);
    for (guint k = 0; k < n; k++) {
        Waiting *w = &waiting[k];
        double by_view[CEL_N_VIEWS] = {0};
        CelFineLeast least;
        if (k + AHEAD < n)
            cel_fine_fetch(fine, waiting[k + AHEAD].entry);
        for (guint v = 0; v < CEL_N_CURVES; v++)
            by_view[v] = (double)b->asked.by_view[v][w->entry];
        w->at_most[view] = cel_fine_bound(fine, &b->probes[f], w->entry, &least);
        w->at_least[view] = least.cosine;
        if (view == CEL_VIEW_ROOT)
            w->inside = least.inside;
        w->bound = cel_first_refine(w->at_most, by_view, q->without);
        if (is_out(b, w->entry, w->bound))
            continue;
        if (f + 1 < CEL_SEARCH_FINE)
            cel_fine_expect(q->search->fine[f + 1], w->entry);
        waiting[kept++] = *w;
    }
    return kept;
}

/* Up to BATCH of the entries from @at on that their bounds do not settle. Returns: where the next
 * ones begin. */
static guint take(Bounded *b, guint at, guint end, Waiting *waiting, guint *out_n)
{
    guint n = 0;
    for (; at < end && n < BATCH; at++) {
        const guint entry = b->sorted[at];
        if (is_out(b, entry, (double)b->asked.out[entry]))
            continue;
        cel_fine_expect(b->query->search->fine[0], entry);
        waiting[n] = (Waiting){.entry = entry};
        for (guint v = 0; v < CEL_N_VIEWS; v++)
            waiting[n].at_most[v] = waiting[n].at_least[v] = NAN;
        n++;
    }
    *out_n = n;
    return at;
}

/* What the bytes say that it scores at least; not above 0: nothing. An entry that has a bound has
 * enough of the sample to be compared with it, see cel_first_bounds(). */
static double least_score(const Bounded *b, const Waiting *w)
{
    for (guint v = 0; v < CEL_N_CURVES; v++)
        if (w->at_least[v] < 0)
            return -1;
    if (!(w->inside > CEL_QUERY_MIN_ENERGY + CEL_FIRST_SCORE_LOSS))
        return -1;
    return cel_views_fuse(w->at_least, b->query->without) - 2 * CEL_FIRST_SCORE_LOSS;
}

/* An entry of which the bytes tell enough is scored in the end, when fewer are left. */
static void put_off(Bounded *b, const Waiting *w)
{
    const double least = least_score(b, w);
    if (!(least > 0)) {
        score_and_note(b, w->entry);
        return;
    }
    note(b, w->entry, down(least));
    b->left.hits[b->left.n++] = (CelScanHit){w->entry, nextafterf((float)w->bound, INFINITY)};
}

static void look_at_level(Bounded *b, guint from, guint end)
{
    Waiting waiting[BATCH];
    while (from < end) {
        guint n = 0;
        from = take(b, from, end, waiting, &n);
        for (guint f = 0; f < CEL_SEARCH_FINE; f++)
            n = refine(b, f, waiting, n);
        for (guint k = 0; k < n; k++)
            put_off(b, &waiting[k]);
    }
}

/* By falling bounds: what is scored settles most of those that follow. */
static void score_left(Bounded *b)
{
    enum { SOON = 2, LATER = 8 };
    cel_top_sort(&b->left);
    for (guint k = 0; k < b->left.n; k++) {
        const CelScanHit *hit = &b->left.hits[k], *soon = hit + SOON;
        if (k + LATER < b->left.n)
            cel_query_expect(b->query, (guint)hit[LATER].row);
        if (k + SOON < b->left.n && !is_out(b, (guint)soon->row, (double)soon->score))
            cel_query_fetch(b->query, (guint)soon->row, 0);
        if (is_out(b, (guint)hit->row, (double)hit->score) || !score(b, (guint)hit->row))
            continue;
        float *slot = &b->slot_scores[slot_of(b, (guint)hit->row)];
        *slot = MAX(*slot, down(b->query->scores[hit->row]));
    }
}

/* No bound of level @l is above this. */
static double top_of_level(guint l)
{
    return l < N_LEVELS - 1 ? (l + 1) * (1.05 / N_LEVELS) * (1 + 1e-6) : INFINITY;
}

/* What is below the threshold that is known by then is never sorted. */
static void look_at_all(Bounded *b)
{
    guint at = 0;
    sort_into_levels(b, MAX(0, b->least));
    b->left_out = b->least > 0;
    for (guint l = N_LEVELS; l-- > 0;) {
        if (top_of_level(l) < (double)b->least) {
            b->left_out = TRUE;
            return;
        }
        look_at_level(b, at, b->ends[l]);
        at = b->ends[l];
        find_threshold(b);
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

static GArray *run(Bounded *b, guint most)
{
    const CelSearch *search = b->query->search;
    for (guint s = 0; s < search->n_slots; s++)
        b->slot_scores[s] = -1;
    cel_first_bounds(search->first, &b->asked, 1);
    for (guint f = 0; f < CEL_SEARCH_FINE; f++)
        cel_fine_probe_init(search->fine[f], b->query->sample, &b->probes[f]);
    score_likely(b, most);
    look_at_all(b);
    score_left(b);
    for (guint f = 0; f < CEL_SEARCH_FINE; f++)
        cel_fine_probe_clear(&b->probes[f]);
    GArray *out = cel_query_pool(b->query, b->order, b->n_order);
    if (b->left_out)
        cut_below(out, (double)b->least);
    if (!b->left_out || out->len >= most)
        return out;
    g_array_unref(out);
    return NULL;
}

GArray *cel_query_run_bounded(const CelQuery *q, guint most, guint *order)
{
    const gsize n = q->search->entries->len, n_slots = q->search->n_slots;
    g_autofree float *bounds = g_new(float, (1 + CEL_N_CURVES) * (n + 1));
    g_autofree float *slot_scores = g_new(float, n_slots + 1);
    g_autofree gint *likely = g_new(gint, n_slots + 1);
    g_autofree guint *sorted = g_new(guint, n + 1);
    g_autofree CelScanHit *hits = g_new(CelScanHit, CEL_QUERY_SHIFTED + (gsize)most + 1 + n);
    Bounded b = {.query = q,
                 .asked = {.sample = q->sample,
                           .without = q->without,
                           .limits = {CEL_QUERY_MIN_COMMON, CEL_QUERY_MIN_ENERGY},
                           .out = bounds},
                 .best = {hits, 0, CEL_QUERY_SHIFTED},
                 .best_slots = {hits + CEL_QUERY_SHIFTED, 0, most + 1},
                 .left = {hits + CEL_QUERY_SHIFTED + most + 1, 0, (guint)n},
                 .slot_scores = slot_scores,
                 .likely = likely,
                 .sorted = sorted,
                 .order = order,
                 .least = -INFINITY};
    for (guint v = 0; v < CEL_N_CURVES; v++)
        b.asked.by_view[v] = bounds + (v + 1) * (n + 1);
    return run(&b, most);
}
