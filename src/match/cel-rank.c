/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-inquiry.h"
#include "match/cel-weigh.h"

#include <math.h>
#include <string.h>

enum {
    DEFAULT_TOP = 10,
    N_RECONSIDERED = 100, /* best candidates whose bands are compared before the final order */
    LEAST_AGAIN = 3,    /* hits that the rule needs: the first, and what its margins are taken to */
    MIN_OBSERVABLE = 3, /* bands of a table inside the measured range, else it is not ranked */
};

/* A table's bands stand as sticks: shape says less than position, so bands decide most of its
 * score. */
#define TABLE_FLOOR 0.4
/* Below, the source took its background off without saying so, or there was none: the late view
 * costs minerals two points of a hundred there. */
#define CARRIES_BACKGROUND 0.1

const CelItem *cel_inquiry_item(const CelInquiry *s, guint entry)
{
    return &g_array_index(s->matcher->items, CelItem, entry);
}

/* The lines of @entry. Those of a measured reference are found when they are first asked for, and
 * kept: the same few references stand behind most samples of a day. */
static GArray *lines_of(const CelInquiry *s, guint entry)
{
    CelItem *item = &g_array_index(s->matcher->items, CelItem, entry);
    GArray *known = item->lines != NULL ? item->lines : g_atomic_pointer_get(&item->found);
    if (known != NULL)
        return known;
    GArray *found =
        cel_lines_of_view(cel_search_view(s->matcher->search, entry), CEL_REFERENCE_U_CM1);
    if (g_atomic_pointer_compare_and_exchange(&item->found, NULL, found))
        return found;
    g_array_unref(found); /* another thread was faster */
    return g_atomic_pointer_get(&item->found);
}

/* Compares the bands of the sample with those of candidate @c. */
static void match_bands(const CelInquiry *s, const CelCandidate *c, CelPeakMatch *out)
{
    const CelView *reference = cel_search_view(s->matcher->search, c->entry);
    const CelItem *item = cel_inquiry_item(s, c->entry);
    CelOverlap overlap = {s->view->first, s->view->first + s->view->n};
    if (item->lines == NULL)
        cel_view_overlap(s->view, reference, 0, &overlap);
    const CelPeakMatchInput input = {
        .reference = lines_of(s, c->entry),
        .sample = s->lines,
        .range_cm1 = {overlap.from * CEL_VIEW_STEP_CM1, (overlap.to - 1) * CEL_VIEW_STEP_CM1},
        .shift_cm1 = c->shift_cm1,
        .view = s->view,
        .unweighed = item->reference == NULL && !item->choice.one_source,
    };
    cel_peakmatch(&input, out);
}

static int by_score(gconstpointer a, gconstpointer b)
{
    const CelCandidate *x = a, *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score > y->score ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* The score of a band table is that of its made-up spectrum times how well the bands fit. */
static void weigh_tables(CelInquiry *s)
{
    const guint n = MIN(s->ranked->len, N_RECONSIDERED);
    for (guint i = 0; i < s->ranked->len; i++) {
        CelCandidate *c = &g_array_index(s->ranked, CelCandidate, i);
        if (cel_inquiry_item(s, c->entry)->reference != NULL)
            continue;
        g_auto(CelPeakMatch) match = {0};
        if (i < n)
            match_bands(s, c, &match);
        c->score *= i < n && match.observable >= MIN_OBSERVABLE
                        ? TABLE_FLOOR + (1 - TABLE_FLOOR) * match.score
                        : 0;
    }
    g_array_sort(s->ranked, by_score);
}

static CelHit *make_hit(const CelInquiry *s, guint i)
{
    const CelCandidate *c = &g_array_index(s->ranked, CelCandidate, i);
    const CelView *reference = cel_search_view(s->matcher->search, c->entry);
    const CelItem *item = cel_inquiry_item(s, c->entry);
    g_auto(CelPeakMatch) match = {0};
    match_bands(s, c, &match);
    CelOverlap overlap = {0, 0};
    cel_view_overlap(s->view, reference, 0, &overlap);
    CelHit *hit = g_new0(CelHit, 1);
    *hit = (CelHit){
        .rank = i + 1,
        .substance = item->substance,
        .reference = item->reference,
        .grade = item->reference != NULL ? item->reference->grade : CEL_GRADE_D,
        .score = CLAMP(c->score, 0, 1),
        .hqi = s->again ? 0 : cel_view_hqi(s->view, reference),
        .peak_score = match.score,
        .found = match.found,
        .explained = match.explained,
        .closeness = match.closeness,
        .likeness = i < CEL_ALIKE_DEPTH ? s->likeness[i] : 0,
        .shift_applied_cm1 = c->shift_cm1,
        .common_cm1 = {overlap.from * CEL_VIEW_STEP_CM1, (overlap.to - 1) * CEL_VIEW_STEP_CM1},
        .matched = g_array_ref(match.matched),
        .missing = g_array_ref(match.missing),
        .extra = g_array_ref(match.extra),
        .unexplained = g_array_ref(match.unexplained),
        .outside = g_array_ref(match.outside),
    };
    hit->resembles = i > 0 && hit->likeness >= s->matcher->alike_limit;
    memcpy(hit->views, c->views, sizeof hit->views);
    return hit;
}

static void compare_candidates(CelInquiry *s)
{
    cel_alike_likeness_known(s->matcher->search, s->ranked, s->matcher->is_measured,
                             s->known_likeness, s->likeness);
}

/* For validation: what the library would have said had it lacked these. */
static void leave_out(CelInquiry *s)
{
    for (guint i = s->exclude != NULL ? s->ranked->len : 0; i > 0; i--) {
        const guint entry = g_array_index(s->ranked, CelCandidate, i - 1).entry;
        if (g_strv_contains(s->exclude, cel_inquiry_item(s, entry)->substance->id))
            g_array_remove_index(s->ranked, i - 1);
    }
}

static guint wanted_hits(const CelInquiry *s)
{
    return s->matcher->options.top > 0 ? s->matcher->options.top : DEFAULT_TOP;
}

/* What is decided must not hang on how many hits the caller wants to see: the rule gets at least
 * the usual number, and goes on to the first that is no look-alike, which the margin is measured
 * to. cel_inquiry_trim() takes off what was not asked for.
 * Returns: whether the list came to its end by itself, not because the ranking was over. */
static gboolean list_hits(CelInquiry *s)
{
    const guint least = s->again ? LEAST_AGAIN : MAX(wanted_hits(s), DEFAULT_TOP);
    gboolean has_other = FALSE;
    for (guint i = 0; i < s->ranked->len && (i < least || !has_other); i++) {
        if (g_array_index(s->ranked, CelCandidate, i).score <= 0)
            break;
        CelHit *hit = make_hit(s, i);
        g_ptr_array_add(s->answer->hits, hit);
        const CelHit *first = g_ptr_array_index(s->answer->hits, 0);
        has_other =
            has_other || !(hit->resembles || cel_outcome_alike(first->substance, hit->substance));
    }
    return has_other && s->answer->hits->len >= least;
}

void cel_inquiry_trim(const CelInquiry *s)
{
    const guint top = wanted_hits(s);
    if (s->answer->hits->len > top)
        g_ptr_array_set_size(s->answer->hits, (gint)top);
}

gboolean cel_inquiry_rerank(CelInquiry *s)
{
    leave_out(s);
    weigh_tables(s);
    compare_candidates(s);
    return list_hits(s);
}

/* A table's made-up spectrum has heights of many sources: nothing to fit a measured one with. */
static gboolean fits_jointly(const CelInquiry *s)
{
    const CelCandidate *first = &g_array_index(s->ranked, CelCandidate, 0);
    return s->carrying != NULL && cel_inquiry_item(s, first->entry)->reference != NULL &&
           s->answer->quality.fluorescence_ratio >= CARRIES_BACKGROUND;
}

/* Ranks and lists. @most: candidates to ask the search for, 0: all.
 * Returns: FALSE: candidates that were not asked for might belong into the list. */
static gboolean rank(CelInquiry *s, guint most)
{
    const CelSearchOptions options = {.axis_u_cm1 = s->state.axis_u_cm1,
                                      .without = s->matcher->options.without,
                                      .threads = s->matcher->options.threads,
                                      .most = most};
    g_clear_pointer(&s->ranked, g_array_unref);
    g_ptr_array_set_size(s->answer->hits, 0);
    s->ranked = cel_search_run(s->matcher->search, s->view, &options);
    const guint n = s->ranked->len;
    double least = n > 0 ? g_array_index(s->ranked, CelCandidate, n - 1).score : 0;
    if (n > 0 && fits_jointly(s) &&
        cel_late_score(s->ranked, s->matcher->search, s->carrying, s->matcher->options.without,
                       NULL))
        least = cel_late_floor(least, s->matcher->options.without);
    if (!cel_inquiry_rerank(s))
        return most == 0;
    /* whatever is not in the ranking scores less than its last, and weighing adds to no score */
    const CelHit *last = g_ptr_array_index(s->answer->hits, s->answer->hits->len - 1);
    return most == 0 || last->score >= least;
}

/* Recalculations go on with the candidates of this search. */
static guint wanted_candidates(const CelInquiry *s)
{
    const guint for_runs =
        s->matcher->options.stability_runs > 0 ? CEL_STABILITY_CANDIDATES + CEL_STABILITY_ALIKE : 0;
    return MAX(MAX(wanted_hits(s), DEFAULT_TOP) + 2, MAX(for_runs, CEL_LATE_N));
}

void cel_inquiry_judge_axis(const CelInquiry *s)
{
    CelQuality *q = &s->answer->quality;
    const double u = s->state.axis_u_cm1 > 0 ? s->state.axis_u_cm1 : 1.0,
                 most = CEL_AXIS_LIMIT_U * u;
    const double first =
        s->ranked->len > 0 ? g_array_index(s->ranked, CelCandidate, 0).stands_cm1 : 0;
    q->axis_shift_cm1 = cel_search_axis_shift(s->ranked);
    if (fabs(q->axis_shift_cm1) <= most && fabs(first) > most)
        q->axis_shift_cm1 =
            first; /* what the first hit asks for is too much, whoever else agrees */
    q->axis_fault = fabs(q->axis_shift_cm1) > most;
}

void cel_inquiry_search(CelInquiry *s)
{
    s->lines = cel_lines_of_view(s->view, s->state.axis_u_cm1 > 0 ? s->state.axis_u_cm1 : 1.0);
    const gboolean part = s->matcher->prepared != NULL && s->exclude == NULL;
    if (!part || !rank(s, wanted_candidates(s)))
        rank(s, 0);
    cel_inquiry_judge_axis(s);
}
