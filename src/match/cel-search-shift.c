/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the sample's axis stands, and how far the best candidates may shift. */
#include "match/cel-search-private.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LAG = CEL_LAG_MOST, N_LAGS = 2 * MAX_LAG + 1 };

/* Price of a shift by one channel at an axis uncertainty of 1 cm-1, and what it costs at most to
 * take all candidates as shifted together: an axis that is off is rare, but when it is, by how much
 * says little. Found on the development half of RRUFF as those that cost least when the axis is
 * right (see README). */
#define SHIFT_PRICE      0.01
#define COMMON_PRICE_MAX 0.03

static double price_per_channel(const CelSearchOptions *options)
{
    const double u = CLAMP(options->axis_u_cm1 > 0 ? options->axis_u_cm1 : 1.0, 0.5, 4.0);
    return SHIFT_PRICE / (u * u);
}

void cel_query_init(CelQuery *query, const CelSearch *search, const CelView *sample,
                    const CelSearchOptions *options)
{
    *query = (CelQuery){.search = search,
                        .asked = sample,
                        .sample = sample,
                        .without = options->without,
                        .price = price_per_channel(options)};
}

double cel_query_price(const CelQuery *query, double lag)
{
    return query->price * lag * lag;
}

double cel_query_score(const CelQuery *q, const CelView *reference, int lag,
                       double views[CEL_N_VIEWS])
{
    CelOverlap overlap;
    if (!cel_view_overlap(q->sample, reference, lag, &overlap))
        return 0;
    cel_view_scores(q->sample, reference, lag, &overlap, views);
    return MAX(0, cel_views_fuse(views, q->without));
}

/* As cel_query_score() for @n lags from @from on. */
static void score_along(const CelQuery *q, const CelView *reference, int from, guint n,
                        double *scores, double (*views)[CEL_N_VIEWS])
{
    cel_view_scores_along(q->sample, reference, from, n, views);
    for (guint k = 0; k < n; k++)
        scores[k] = MAX(0, cel_views_fuse(views[k], q->without));
}

/* Vertex of the parabola through three scores, in channels from the middle one. */
static double vertex(double left, double middle, double right)
{
    const double bend = left - 2 * middle + right;
    return bend < 0 ? CLAMP(0.5 * (left - right) / bend, -0.5, 0.5) : 0;
}

/* The top next to @at that rises from there; not the two ends, beyond which it may go on. */
static int uphill(const double score[CEL_QUERY_SCORES], int at)
{
    while (at > 1 && score[at - 1] > score[at])
        at--;
    while (at < CEL_QUERY_SCORES - 2 && score[at + 1] > score[at])
        at++;
    return at;
}

double cel_query_peak_cm1(const double score[CEL_QUERY_SCORES], int at)
{
    const double off = vertex(score[at - 1], score[at], score[at + 1]);
    return (at - MAX_LAG - 1 + off) * CEL_VIEW_STEP_CM1;
}

CelCandidate cel_query_as_it_stands(const CelQuery *q, guint i)
{
    CelCandidate c = {.slot = cel_search_entry(q->search, i)->slot,
                      .entry = i,
                      .score = q->scores[i],
                      .shift_cm1 = q->common * CEL_VIEW_STEP_CM1,
                      .stands_cm1 = q->common * CEL_VIEW_STEP_CM1};
    memcpy(c.views, q->views[i], sizeof c.views);
    return c;
}

/* For so few lags dot products cost less than a transform. */
CelCandidate cel_query_shifted(const CelQuery *q, guint i)
{
    const CelView *reference = cel_search_entry(q->search, i)->view;
    CelCandidate c = cel_query_as_it_stands(q, i);
    double score[CEL_QUERY_SCORES], views[CEL_QUERY_SCORES][CEL_N_VIEWS];
    int best = MAX_LAG + 1;
    score_along(q, reference, -MAX_LAG - 1, CEL_QUERY_SCORES, score, views);
    for (int k = 1; k < CEL_QUERY_SCORES - 1; k++)
        if (score[k] - cel_query_price(q, k - MAX_LAG - 1) >
            score[best] - cel_query_price(q, best - MAX_LAG - 1))
            best = k;
    c.shift_cm1 += cel_query_peak_cm1(score, best);
    c.stands_cm1 += cel_query_peak_cm1(score, uphill(score, best));
    c.price = cel_query_price(q, best - MAX_LAG - 1);
    c.score = score[best] - c.price;
    memcpy(c.views, views[best], sizeof c.views);
    return c;
}

/* ---- the axis ---- */

void cel_podium_climb(CelPodium *podium, double score)
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
static double height(const CelPodium *podium)
{
    const double *s = podium->score;
    return 0.5 * s[0] + (s[0] + s[1] + s[2]) / 6;
}

double cel_query_gain(const CelQuery *q, const CelPodium *podium, int lag)
{
    return height(podium) - MIN(cel_query_price(q, lag), COMMON_PRICE_MAX);
}

int cel_query_common_lag(const CelQuery *q)
{
    CelPodium podiums[N_LAGS] = {{{0}}};
    g_autoptr(GArray) promising =
        cel_lags_promising(q->search->lags, q->asked, CEL_QUERY_MIN_COMMON);
    for (guint i = 0; i < promising->len; i++)
        cel_query_expect(q, g_array_index(promising, guint, i));
    for (guint i = 0; i < promising->len; i++) {
        const guint entry = g_array_index(promising, guint, i);
        const CelView *reference = cel_search_entry(q->search, entry)->view;
        CelOverlap overlap;
        double views[N_LAGS][CEL_N_VIEWS], scores[N_LAGS];
        if (i + 1 < promising->len)
            cel_query_fetch(q, g_array_index(promising, guint, i + 1), MAX_LAG);
        if (!cel_query_comparable(q->asked, reference, &overlap))
            continue;
        score_along(q, reference, -MAX_LAG, N_LAGS, scores, views);
        for (guint k = 0; k < N_LAGS; k++)
            cel_podium_climb(&podiums[k], scores[k]);
    }
    int best = 0;
    for (int k = -MAX_LAG; k <= MAX_LAG; k++)
        if (cel_query_gain(q, &podiums[k + MAX_LAG], k) >
            cel_query_gain(q, &podiums[best + MAX_LAG], best))
            best = k;
    return best;
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
        if (c->score >= g_array_index(ranked, CelCandidate, 0).score - CEL_QUERY_NEAR_BEST)
            shifts[n++] = c->stands_cm1;
    }
    qsort(shifts, n, sizeof *shifts, by_value);
    return n == 0 ? 0 : 0.5 * (shifts[(n - 1) / 2] + shifts[n / 2]);
}
