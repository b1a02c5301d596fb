/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-late.h"
#include "match/cel-outcome.h"
#include "match/cel-prepared.h"
#include "match/cel-stability.h"

G_BEGIN_DECLS

/* One sample on its way through the matcher: what the steps of an identification share. Internal to
 * this room. */

#define CEL_REFERENCE_U_CM1 1.0 /* of the axis of a reference: nobody states it */

/** CelItem: one searchable thing: a measured reference, or the band table of a substance. */
typedef struct {
    const CelSubstance *substance;
    const CelReference *reference; /* NULL: band table */
    GArray *lines;                 /* CelLine of a table; NULL for a measured reference */
    GArray *found; /* CelLine of a measured reference once asked for; NULL until then */
    CelBandChoice choice;
} CelItem;

struct CelMatcher {
    CelIdentifyOptions options; /* texts below are our own */
    char *drop_source, *library_names;
    CelRecipe *recipe;
    GPtrArray *libraries; /* borrowed */
    GArray *items;        /* CelItem; same index as the search's entries */
    CelSearch *search;
    CelPrepared *prepared; /* (nullable): of a large library only: the search is hastened */
    guint8 *is_measured;   /* one an item */
    double alike_limit;    /* cel_alike_limit() */
};

/** CelInquiry: one sample. */
typedef struct {
    const CelMatcher *matcher;
    const CelSpectrum *raw;
    CelSampleState state;
    CelIdentification *answer;
    CelView *view;         /* of the processed sample; NULL when there is nothing to compare */
    GArray *lines;         /* CelLine of the sample */
    GArray *ranked;        /* CelCandidate */
    CelSpectrum *carrying; /* the sample with its background; NULL when its source took that off */
    CelView *blanks[CEL_UNMIX_MAX_BLANKS]; /* of the packaging, processed like the sample */
    gsize n_blanks;
    CelClaimId behind;             /* what recorded blanks did; CEL_N_CLAIMS: nothing */
    double left;                   /* strongest band that they leave, 0..1 of the sample's */
    CelAlikeKnown *known_likeness; /* (nullable) */
    gboolean again;                /* a disturbed copy: what only people read is left out */
    gboolean baseline_removed;
    double laser_nm;
    const char *const *exclude;
    double likeness[CEL_ALIKE_DEPTH]; /* of each ranked candidate with the first */
} CelInquiry;

/** cel_inquiry_clear: */
void cel_inquiry_clear(CelInquiry *inquiry);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelInquiry, cel_inquiry_clear)

/** cel_matcher_recipe: Returns: (transfer full) (nullable): what spectra of @laser_nm go through;
 * @baseline_removed: without the steps that take a background off. */
CelRecipe *cel_matcher_recipe(const CelMatcher *matcher, double laser_nm,
                              gboolean baseline_removed);

/** cel_inquiry_item: Returns: (transfer none): what entry @entry of the search stands for. */
const CelItem *cel_inquiry_item(const CelInquiry *s, guint entry);

/** cel_inquiry_search: finds lines, candidates and hits of the sample's view, and judges the axis.
 */
void cel_inquiry_search(CelInquiry *s);

/** cel_inquiry_rerank: hits from candidates that are there already. Returns: whether the list is
 * as long as the decision needs. */
gboolean cel_inquiry_rerank(CelInquiry *s);

/** cel_inquiry_judge_axis: An axis that is off moves all candidates alike: said of the measurement,
 * not of one hit. */
void cel_inquiry_judge_axis(const CelInquiry *s);

/** cel_inquiry_trim: leaves the hits that the caller asked for. */
void cel_inquiry_trim(const CelInquiry *s);

/** cel_inquiry_decide: from hits and quality to the claim. */
void cel_inquiry_decide(CelInquiry *s);

/** cel_inquiry_check: Returns: FALSE with CEL_ERROR_UNIT or _INPUT when @raw cannot be compared
 * with Raman spectra at all. */
gboolean cel_inquiry_check(const CelSpectrum *raw, GError **error);

/** cel_inquiry_read_blanks: views of the recorded blanks of @sample. Returns: FALSE with the error
 * of the one that cannot be used. */
gboolean cel_inquiry_read_blanks(CelInquiry *s, const CelSample *sample, CelJob *job,
                                 GError **error);

/** cel_inquiry_look_behind: the recorded blanks explain what they can; the hits are made anew on
 * what they leave. */
void cel_inquiry_look_behind(CelInquiry *s);

/** cel_inquiry_fit_together: fits several references where one does not explain the sample, and
 * claims them together where that holds. */
void cel_inquiry_fit_together(CelInquiry *s, const CelDecisionInput *input);

/** cel_inquiry_recalculate: asks how often the answer stays when the data are disturbed, as often
 * as @sample or the matcher's options say. Returns: FALSE with CEL_ERROR_CANCELLED. */
gboolean cel_inquiry_recalculate(CelInquiry *s, const CelSample *sample, CelJob *job,
                                 GError **error);

G_END_DECLS
