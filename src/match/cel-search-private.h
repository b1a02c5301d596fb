/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-lags.h"
#include "match/cel-search.h"

G_BEGIN_DECLS

/* What the files of the search share. */

enum {
    CEL_QUERY_SHIFTED = 60, /* entries that may shift */
    /* channels (250 cm-1) in common, else no comparison */
    CEL_QUERY_MIN_COMMON = 125,
};

/* Both views must keep this part of their energy inside the common range, else the comparison says
 * little: a short overlap would win by chance. */
#define CEL_QUERY_MIN_ENERGY 0.3

/* Scores this near the best one say where the axis is. */
#define CEL_QUERY_NEAR_BEST 0.05

struct CelSearch {
    GArray *entries; /* CelEntry */
    guint *slots;    /* of each, side by side */
    guint n_slots;
    CelFirst *first;                /* (nullable) */
    CelFine *fine[CEL_SEARCH_FINE]; /* with @first: of cel_search_telling[] */
    CelLags *lags;
};

/** cel_search_telling: views that tell most, in that order: of these there are bytes. */
extern const CelViewId cel_search_telling[CEL_SEARCH_FINE];

/** cel_search_entry: */
static inline const CelEntry *cel_search_entry(const CelSearch *search, guint i)
{
    return &g_array_index(search->entries, CelEntry, i);
}

/** CelQuery: everything one query needs, allocated once. */
typedef struct {
    const CelSearch *search;
    const CelView *asked;  /* the sample on its own axis */
    const CelView *sample; /* the same, moved by @common channels */
    int common;            /* the shift that all candidates share */
    CelViewSet without;
    double (*views)[CEL_N_VIEWS]; /* of each entry, unshifted */
    double *scores;               /* one an entry; < 0: not comparable */
    double price;                 /* of a shift by one channel */
} CelQuery;

/** cel_query_init: @sample: (borrowed) */
void cel_query_init(CelQuery *query, const CelSearch *search, const CelView *sample,
                    const CelSearchOptions *options);

/** cel_query_comparable: Returns: whether the two share enough where they lie; @overlap: where. */
gboolean cel_query_comparable(const CelView *sample, const CelView *reference, CelOverlap *overlap);

/** cel_query_score_entry: fills in views and score of entry @i, unshifted. */
void cel_query_score_entry(const CelQuery *query, guint i);

/** cel_query_expect: has the processor read what cel_query_fetch() needs of entry @i, which would
 * wait for it. */
void cel_query_expect(const CelQuery *query, guint i);

/** cel_query_fetch: has the processor read what is compared of entry @i within @reach channels from
 * where it lies. */
void cel_query_fetch(const CelQuery *query, guint i, guint reach);

/** cel_query_pool: Returns: (transfer full): the best candidate of each slot among the @n entries
 * in @order, which is sorted here, best first; the first of them may shift. */
GArray *cel_query_pool(const CelQuery *query, guint *order, guint n);

/* ---- shifts ---- */

/** cel_query_price: what a shift by @lag channels costs. */
double cel_query_price(const CelQuery *query, double lag);

/** cel_query_score: Returns: the score at @lag, 0 where nothing is common; then @views is not
 * touched. */
double cel_query_score(const CelQuery *query, const CelView *reference, int lag,
                       double views[CEL_N_VIEWS]);

/** cel_query_as_it_stands: Returns: entry @i, which was scored, unshifted. */
CelCandidate cel_query_as_it_stands(const CelQuery *query, guint i);

/** cel_query_shifted: Returns: the same at the lag whose score, less the price of shifting, is
 * highest. */
CelCandidate cel_query_shifted(const CelQuery *query, guint i);

/** cel_query_common_lag: Returns: the lag at which the library fits best, less the price of an axis
 * that is off. */
int cel_query_common_lag(const CelQuery *query);

/** CelPodium: the three best scores at one lag, best first. */
typedef struct {
    double score[3];
} CelPodium;

/** cel_podium_climb: */
void cel_podium_climb(CelPodium *podium, double score);

/** cel_query_gain: Returns: what speaks for @lag as the one that all share, its price taken off. */
double cel_query_gain(const CelQuery *query, const CelPodium *podium, int lag);

/* Scores of one candidate at every lag, and at one more on either side. */
enum { CEL_QUERY_SCORES = 2 * CEL_LAG_MOST + 3 };

/** cel_query_peak_cm1: Returns: the shift of the top at index @at, finer than channels. */
double cel_query_peak_cm1(const double score[CEL_QUERY_SCORES], int at);

/* ---- leaving entries out ---- */

/** cel_query_run_bounded: as the whole search, of a search that was hastened.
 * @order: room for one an entry. Returns: (transfer full) (nullable): NULL when ties make the list
 * shorter than @most. */
GArray *cel_query_run_bounded(const CelQuery *query, guint most, guint *order);

G_END_DECLS
