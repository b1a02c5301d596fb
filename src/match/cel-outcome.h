/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-claims.h"
#include "match/cel-identify.h"

G_BEGIN_DECLS

/* The decision rule: from hits and quality to what may be said. Internal to this room. */

/** CelDecisionLimits: the fixed thresholds; how they were found stands beside their values. */
typedef struct {
    double min_score;    /* of the best hit */
    double min_margin;   /* to the next different substance */
    double min_alike;    /* to the next look-alike */
    double min_evidence; /* of a band table; of a reference cel_weigh_level() */
    guint min_bands;     /* matched diagnostic bands */
    double max_absent; /* height of a reference band that may be missing, of a sample band that may
                            be unexplained; 0..1 of the strongest */
    double min_snr;
    double max_fluorescence;
    double max_saturated; /* part of the samples */
} CelDecisionLimits;

/** cel_outcome_limits: @band_table: for entries without a measured reference. */
const CelDecisionLimits *cel_outcome_limits(gboolean band_table);

/** CelDecisionInput: everything the rule looks at; borrowed. */
typedef struct {
    CelSampleState state;
    const char *method, *library_en; /* as the sentence names them */
    gboolean baseline_removed;       /* by the sample's source */
    gboolean reader_unvalidated;     /* CEL_META_UNVALIDATED */
    gboolean laser_known;
    gboolean recalled; /* best hit rests on recalled rows only */
    gsize n_samples;   /* of the spectrum */
    guint n_lines;     /* bands seen in the sample */
    const CelLibrary *const *libraries;
    gsize n_libraries;
} CelDecisionInput;

/** cel_outcome_quality_reason: Returns: the row that says why @quality does not carry a result, or
 * CEL_N_CLAIMS when it does. */
CelClaimId cel_outcome_quality_reason(const CelQuality *quality, gsize n_samples);

/** cel_outcome_decide: fills outcome, claim, ceiling, lead and reasons of @answer, which holds hits
 * and quality. */
void cel_outcome_decide(CelIdentification *answer, const CelDecisionInput *input);

/** cel_outcome_why: adds one reason in both languages; takes both texts. */
void cel_outcome_why(CelIdentification *answer, char *en, char *zh);

/** cel_outcome_drop_basis: takes out of the reasons what stood for a claim that is no longer made.
 */
void cel_outcome_drop_basis(CelIdentification *answer);

/** cel_outcome_set: sets outcome, ceiling and lead; frees what was there. @ceiling, @lead_id:
 * copied, @lead_id (nullable). */
void cel_outcome_set(CelIdentification *answer, CelOutcome outcome, const char *ceiling,
                     const char *lead_id);

/** cel_outcome_append_limits: adds to the claim what must stand beside any mention of @substance:
 * limits of its group, of its class, and its own. */
void cel_outcome_append_limits(CelIdentification *answer, const CelDecisionInput *input,
                               const CelSubstance *substance);

/** cel_outcome_not_alone: takes back what was claimed of the first hit, which stays as a lead:
 * several substances explain the spectrum to its noise, and the first alone does not. */
void cel_outcome_not_alone(CelIdentification *answer, const CelDecisionInput *input);

/** cel_outcome_finish: adds to a new claim what stands beside every claim: not validated, policy,
 * training. */
void cel_outcome_finish(CelIdentification *answer, const CelDecisionInput *input);

/** cel_outcome_inconclusive: the claim for "inconclusive" from the reasons @answer holds, with
 * @advice and, if there is one, the lead named @lead_en, @lead_zh (nullable). */
void cel_outcome_inconclusive(CelIdentification *answer, CelClaimId advice, const char *lead_en,
                              const char *lead_zh);

/** cel_identification_new: Returns: (transfer full): empty, with its arrays. */
CelIdentification *cel_identification_new(void);

/** cel_hit_copy, cel_hit_free: the arrays are shared by reference. */
CelHit *cel_hit_copy(const CelHit *hit);
void cel_hit_free(CelHit *hit);

G_END_DECLS
