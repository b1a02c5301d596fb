/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-view.h"

G_BEGIN_DECLS

/* Ranked search of a whole library: every entry is compared, nothing is left out beforehand. */

/** CelEntry: one reference in the search state. */
typedef struct {
    guint slot;    /* which substance; entries of one substance share it */
    CelView *view; /* owned by the search once given to it */
} CelEntry;

/** CelCandidate: a substance and how well its best reference fits. */
typedef struct {
    guint slot;
    guint entry;               /* index of the best reference */
    double score;              /* 0..1, after the axis shift and its price */
    double unshifted;          /* 0..1, on the axes as they are */
    double shift_cm1;          /* to be added to the sample's axis */
    double price;              /* what the shift cost: @score is the fused score less this */
    double views[CEL_N_VIEWS]; /* at that shift; NAN: not scored */
} CelCandidate;

/** CelSearchOptions: */
typedef struct {
    double axis_u_cm1;  /* standard uncertainty of the sample's axis; 0: 1 cm-1 */
    CelViewSet without; /* views that do not count; 0: all do */
    guint threads;      /* 0, 1: none but the caller's; the answer does not depend on it */
} CelSearchOptions;

typedef struct CelSearch CelSearch;

/** cel_search_new: @entries: (element-type CelEntry) (transfer full): with their views.
 * Returns: (transfer full): immutable, so thread-safe. */
CelSearch *cel_search_new(GArray *entries);

/** cel_search_free: @search: (nullable) */
void cel_search_free(CelSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelSearch, cel_search_free)

/** cel_search_size: Returns: how many entries there are. */
guint cel_search_size(const CelSearch *search);

/** cel_search_view: Returns: (transfer none): the view of entry @entry. */
const CelView *cel_search_view(const CelSearch *search, guint entry);

/** cel_candidate_rescore: the score anew after a late view was scored. @without: as in the options
 */
void cel_candidate_rescore(CelCandidate *candidate, CelViewSet without);

/**
 * cel_search_run:
 * @sample: in the same state as the references
 * Compares with every entry, then lets the best of them shift a little along the axis, each shift
 * at a price that grows with its square in units of the axis's uncertainty.
 * Returns: (transfer full) (element-type CelCandidate): best first, one a substance; ties in the
 *   order of slots. Empty when no entry shares enough range with the sample. Thread-safe: yes.
 */
GArray *cel_search_run(const CelSearch *search, const CelView *sample,
                       const CelSearchOptions *options);

G_END_DECLS
