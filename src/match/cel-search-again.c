/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disturbed copy of a sample, compared with what the sample itself was compared with. */
#include "match/cel-search-private.h"

#include <math.h>
#include <string.h>

/* Of so many of the best the neighbouring channels are looked at too. */
enum { N_TRIED_BESIDE = 8 };

/* Lets @c stand @lag channels off when that is better than what it has. */
static void try_lag(const CelQuery *q, const CelView *reference, int lag, CelCandidate *c)
{
    double views[CEL_N_VIEWS];
    CelOverlap overlap;
    if (ABS(lag) > CEL_LAG_MOST || !cel_view_overlap(q->sample, reference, lag, &overlap))
        return;
    cel_view_scores(q->sample, reference, lag, &overlap, views);
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        if (isnan(views[v])) /* a late view stays what it was */
            views[v] = c->views[v];
    const double price = cel_query_price(q, lag);
    const double score = MAX(0, cel_views_fuse(views, q->without)) - price;
    if (score <= c->score)
        return;
    c->score = score;
    c->price = price;
    c->shift_cm1 = CLAMP(c->shift_cm1, (q->common + lag - 0.5) * CEL_VIEW_STEP_CM1,
                         (q->common + lag + 0.5) * CEL_VIEW_STEP_CM1); /* finer than channels */
    memcpy(c->views, views, sizeof c->views);
}

static const CelView *reference_of(const CelQuery *q, const CelSearchAgain *again, guint i)
{
    return again->references != NULL ? again->references[i]
                                     : cel_search_entry(q->search, again->known[i].entry)->view;
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
    return CLAMP((int)lround(shift_cm1 / CEL_VIEW_STEP_CM1), -CEL_LAG_MOST, CEL_LAG_MOST);
}

/* Beyond that of @c which all candidates share. */
static int own_lag(const CelQuery *q, const CelCandidate *c)
{
    return lag_of(c->shift_cm1 - q->common * CEL_VIEW_STEP_CM1);
}

/* As cel_query_common_lag(), from the best candidates and at the lags next to where the axis stood.
 */
static int common_lag_again(const CelQuery *q, const CelSearchAgain *again)
{
    enum { ASKED = 4, AROUND = 1 };
    int best = 0;
    double most = -G_MAXDOUBLE;
    for (int k = -CEL_LAG_MOST; k <= CEL_LAG_MOST; k++) {
        CelPodium podium = {{0}};
        double views[CEL_N_VIEWS];
        if (k != 0 && ABS(k - lag_of(again->axis_cm1 - again->shift_cm1)) > AROUND)
            continue;
        for (guint i = 0; i < MIN(again->n, ASKED); i++)
            cel_podium_climb(&podium, cel_query_score(q, reference_of(q, again, i), k, views));
        const double value = cel_query_gain(q, &podium, k);
        if (value > most) {
            most = value;
            best = k;
        }
    }
    return best;
}

/* As cel_query_uphill() for @c, from where it stood. */
static void find_stand(const CelQuery *q, const CelView *reference, CelCandidate *c)
{
    double score[CEL_QUERY_SCORES], views[CEL_N_VIEWS];
    gboolean known[CEL_QUERY_SCORES] = {FALSE};
    int at = lag_of(c->stands_cm1 - q->common * CEL_VIEW_STEP_CM1) + CEL_LAG_MOST + 1;
    for (int top = -1; top != at;) {
        top = at;
        for (int k = MAX(at - 1, 0); k <= MIN(at + 1, CEL_QUERY_SCORES - 1); k++) {
            score[k] =
                known[k] ? score[k] : cel_query_score(q, reference, k - CEL_LAG_MOST - 1, views);
            known[k] = TRUE;
        }
        if (at > 1 && score[at - 1] > score[at])
            at--;
        else if (at < CEL_QUERY_SCORES - 2 && score[at + 1] > score[at])
            at++;
    }
    c->stands_cm1 = q->common * CEL_VIEW_STEP_CM1 + cel_query_peak_cm1(score, at);
}

GArray *cel_search_again(const CelSearch *search, const CelView *sample,
                         const CelSearchOptions *options, const CelSearchAgain *again)
{
    CelView moved = *sample;
    CelQuery query;
    GArray *out = g_array_sized_new(FALSE, FALSE, sizeof(CelCandidate), again->n);
    cel_query_init(&query, search, sample, options);
    query.common = common_lag_again(&query, again);
    moved.first = (guint)((int)sample->first + query.common);
    query.sample = &moved;
    for (guint i = 0; i < again->n; i++) {
        CelCandidate c = again->known[i];
        const CelView *reference = reference_of(&query, again, i);
        CelOverlap overlap;
        c.score = -1;
        if (!cel_query_comparable(query.sample, reference, &overlap))
            continue;
        c.shift_cm1 -= again->shift_cm1;
        c.stands_cm1 -= again->shift_cm1;
        try_lag(&query, reference, own_lag(&query, &c), &c);
        if (c.score >= 0)
            g_array_append_val(out, c);
    }
    cel_search_sort(out);
    for (guint i = 0; i < MIN(out->len, N_TRIED_BESIDE); i++) {
        CelCandidate *c = &g_array_index(out, CelCandidate, i);
        const CelView *reference = reference_of(&query, again, known_index(again, c));
        const int lag = own_lag(&query, c);
        try_lag(&query, reference, lag - 1, c);
        try_lag(&query, reference, lag + 1, c);
    }
    cel_search_sort(out);
    for (guint i = 0; i < MIN(out->len, N_TRIED_BESIDE); i++) {
        CelCandidate *c = &g_array_index(out, CelCandidate, i);
        if (c->score >= g_array_index(out, CelCandidate, 0).score - CEL_QUERY_NEAR_BEST)
            find_stand(&query, reference_of(&query, again, known_index(again, c)), c);
    }
    return out;
}
