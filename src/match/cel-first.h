/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-coarse.h"
#include "match/cel-view.h"

G_BEGIN_DECLS

/*
 * The first pass of a large library: an upper bound of the score that cel_view_scores() and
 * cel_views_fuse() give each entry on the axes as they are, from a short code of each of its curves
 * (cel-coarse.h). An entry whose bound is too low need not be scored.
 *
 * The score of a view is <s,x> / sqrt(|s|^2 |x|^2), both norms over the common range, masked
 * channels left out. Outside its range a curve counts as 0, so <s,x> needs no range; its bound
 * comes from the codes. |s|^2 follows from the sample's running sums, once for each range that
 * entries have. |x|^2 is bounded from below by the energies at block edges inside the sample's
 * range, less the blocks that hold a masked channel. What is lost in single precision is allowed
 * for.
 */
typedef struct CelFirst CelFirst;

/**
 * cel_first_new:
 * @views: (array length=n): of the entries; only read during the call
 * Takes about 0.1 ms an entry.
 * Returns: (transfer full): immutable, so thread-safe.
 */
CelFirst *cel_first_new(const CelView *const *views, gsize n);

/** CelFirstParts: the arrays a first pass is made of, some of them empty. */
enum { CEL_FIRST_PARTS = CEL_N_CURVES * (CEL_COARSE_PARTS + 1) };

/** cel_first_part: array @part of CEL_FIRST_PARTS, to be stored. Borrowed from @first. */
CelCoarsePart cel_first_part(const CelFirst *first, guint part);

/** cel_first_map: @parts: as cel_first_part() gave them for the same @views, borrowed for the life
 * of the result. Returns: (transfer full) (nullable): NULL when their sizes do not fit. */
CelFirst *cel_first_map(const CelView *const *views, gsize n,
                        const CelCoarsePart parts[CEL_FIRST_PARTS]);

/** cel_first_free: @first: (nullable) */
void cel_first_free(CelFirst *first);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelFirst, cel_first_free)

/* What single precision may lose of a score. The sums of cel_score_dot() have at most 2048 / 16
 * steps of 2^-24, that is 8e-6. */
#define CEL_FIRST_SCORE_LOSS 2e-5

/** CelFirstLimits: what makes an entry not comparable, see cel_search_run(). */
typedef struct {
    guint min_common;  /* channels */
    double min_energy; /* part of either's energy in the root view, 0..1 */
} CelFirstLimits;

/** CelFirstAsked: a sample whose bounds are wanted, and room for them; borrowed. */
typedef struct {
    const CelView *sample;
    CelViewSet without; /* views that do not count */
    CelFirstLimits limits;
    float *out;                   /* one an entry */
    float *by_view[CEL_N_CURVES]; /* (nullable each): what each view adds to the bounds */
} CelFirstAsked;

/**
 * cel_first_bounds:
 * @asked: @n_asked of them; all in one walk, so that what is known of the entries is read once.
 *   out: no entry's score is above its bound; -1 where the entry is certainly not comparable with
 *   the sample. An entry with another bound may still not be. by_view: nothing is written for views
 *   that do not count
 * Thread-safe: yes.
 */
void cel_first_bounds(const CelFirst *first, const CelFirstAsked *asked, guint n_asked);

/**
 * cel_first_refine:
 * @known: of each view its cosine, as cel_view_score() computes it, or what that cannot be above
 *   (cel_fine_bound()); NAN where nothing is known
 * @by_view: what each view adds to the bound of the entry, see CelFirstAsked
 * Known views add what they are and the others their bounds, so with cosines this is never above
 * the bound of the entry by more than rounding; the score is never above this.
 * Returns: an upper bound of the score. Thread-safe: yes.
 */
double cel_first_refine(const double known[CEL_N_VIEWS], const double by_view[CEL_N_VIEWS],
                        CelViewSet without);

G_END_DECLS
