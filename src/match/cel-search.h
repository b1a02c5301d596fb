/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-fine.h"
#include "match/cel-lags.h"

G_BEGIN_DECLS

/* Ranked search of a whole library: nothing that could be among the best is left out. */

/** CelEntry: one reference in the search state. */
typedef struct {
    guint slot;    /* which substance; entries of one substance share it */
    CelView *view; /* owned by the search once given to it */
} CelEntry;

/** CelCandidate: a substance and how well its best reference fits. */
typedef struct {
    guint slot;
    guint entry;       /* index of the best reference */
    double score;      /* 0..1, after the axis shift and its price */
    double shift_cm1;  /* to be added to the sample's axis */
    double stands_cm1; /* where it fits best nearby whatever that costs: what the axis is off
                                  by if this is the substance; @shift_cm1 leans towards 0 */
    double price;      /* what the shift cost: @score is the fused score less this */
    double views[CEL_N_VIEWS]; /* at that shift; NAN: not scored */
} CelCandidate;

/** CelSearchOptions: */
typedef struct {
    double axis_u_cm1;  /* standard uncertainty of the sample's axis; 0: 1 cm-1 */
    CelViewSet without; /* views that do not count; 0: all do */
    guint threads;      /* 0, 1: none but the caller's; the answer does not depend on it */
    guint most;         /* candidates that are enough, see cel_search_run(); 0: all */
} CelSearchOptions;

typedef struct CelSearch CelSearch;

/** cel_search_new: @entries: (element-type CelEntry) (transfer full): with their views.
 * Returns: (transfer full): immutable, so thread-safe. */
CelSearch *cel_search_new(GArray *entries);

/**
 * cel_search_hasten:
 * Prepares the first pass (cel-first.h), with which cel_search_run() leaves out entries that cannot
 * be among those asked for. Worth its time (0.1 ms an entry) and memory for thousands of entries.
 * To be called before the first search.
 */
void cel_search_hasten(CelSearch *search);

/** Arrays that a hastened search is made of besides its views. */
enum {
    CEL_SEARCH_FINE = 3, /* views of which there are bytes */
    CEL_SEARCH_PARTS = CEL_FIRST_PARTS + CEL_LAGS_PARTS + CEL_SEARCH_FINE * CEL_FINE_PARTS,
};

/** cel_search_map: as cel_search_new() and cel_search_hasten(), from what another one of the same
 * entries stored; looks into neither @parts nor views.
 * @parts: CEL_SEARCH_PARTS arrays of cel_search_part(), borrowed for the life of the search
 * Returns: (transfer full) (nullable): NULL: they do not fit; @entries are gone all the same. */
CelSearch *cel_search_map(GArray *entries, const CelCoarsePart *parts);

/** cel_search_part: array @part of CEL_SEARCH_PARTS, to be stored; empty before
 * cel_search_hasten(). Borrowed from @search. */
CelCoarsePart cel_search_part(const CelSearch *search, guint part);

/** cel_search_free: @search: (nullable) */
void cel_search_free(CelSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelSearch, cel_search_free)

/** cel_search_size: how many entries there are. */
guint cel_search_size(const CelSearch *search);

/** cel_search_slot: which substance entry @entry belongs to. */
guint cel_search_slot(const CelSearch *search, guint entry);

/** cel_search_view: Returns: (transfer none): the view of entry @entry. */
const CelView *cel_search_view(const CelSearch *search, guint entry);

/** cel_search_siblings: Returns: the first of the entries next to @entry that are of the same slot;
 * @out_n: how many. References of one substance in one library stand side by side. */
guint cel_search_siblings(const CelSearch *search, guint entry, guint *out_n);

/** cel_candidate_rescore: the score anew after a late view was scored. @without: as in the options
 */
void cel_candidate_rescore(CelCandidate *candidate, CelViewSet without);

/** cel_search_sort: @candidates: (element-type CelCandidate): best first again after rescoring. */
void cel_search_sort(GArray *candidates);

/**
 * cel_search_run:
 * @sample: in the same state as the references
 * First asks at which shift of the sample's axis the library fits best: all candidates share it,
 * and it is 0 unless the best ones gain clearly. Then compares with every entry at that shift, and
 * lets the best of them shift a little more, each at a price that grows with the square in units
 * of the axis's uncertainty.
 * With @options->most and after cel_search_hasten(), entries are left out whose bound shows that
 * they do not matter: the result is then the beginning of the whole list, the same to the bit, and
 * at least that long unless the whole list is shorter. What is not in it scores less than its last.
 * Returns: (transfer full) (element-type CelCandidate): best first, one a substance; ties in the
 *   order of slots. Empty when no entry shares enough range with the sample. Thread-safe: yes.
 */
GArray *cel_search_run(const CelSearch *search, const CelView *sample,
                       const CelSearchOptions *options);

/**
 * cel_search_axis_shift:
 * @ranked: (element-type CelCandidate): as cel_search_run() gives them
 * Returns: cm-1 to be added to the sample's axis as the best candidates say: the median of the
 *   shifts of those within 0.05 of the best score, ten at most; 0 when there are none.
 *   Thread-safe: yes.
 */
double cel_search_axis_shift(const GArray *ranked);

/** CelSearchAgain: what a slightly disturbed copy of a sample is compared with; all borrowed. */
typedef struct {
    const CelCandidate *known;        /* @n candidates of the undisturbed sample */
    const CelView *const *references; /* (nullable) as many: in place of the entries' own views */
    guint n;
    double axis_cm1;  /* cel_search_axis_shift() of the undisturbed sample */
    double shift_cm1; /* what the copy's axis was moved by */
} CelSearchAgain;

/**
 * cel_search_again:
 * As cel_search_run(), but only with the entries of @again, at the shift that each had for the
 * undisturbed sample, moved by the copy's; the best few also at the channels beside it. Late views
 * keep the score they had. Returns: (transfer full) (element-type CelCandidate): best first.
 * Thread-safe: yes.
 */
GArray *cel_search_again(const CelSearch *search, const CelView *sample,
                         const CelSearchOptions *options, const CelSearchAgain *again);

G_END_DECLS
