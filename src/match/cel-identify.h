/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-alike.h"
#include "match/cel-library.h"
#include "match/cel-peakmatch.h"
#include "match/cel-unmix.h"
#include "process/cel-recipe.h"

G_BEGIN_DECLS

typedef enum {
    CEL_OUTCOME_FOUND,
    CEL_OUTCOME_MIXTURE,
    CEL_OUTCOME_CLASS_ONLY,
    CEL_OUTCOME_INCONCLUSIVE,
    CEL_OUTCOME_NOTHING_CLAIMED,
    CEL_OUTCOME_REFUSED,
    CEL_N_OUTCOMES,
} CelOutcome;

/** cel_outcome_name: "found", "mixture", "class-only", "inconclusive", "nothing-claimed",
 * "refused". */
const char *cel_outcome_name(CelOutcome outcome);
/** cel_outcome_label: the short label on paper; @chinese: else English. */
const char *cel_outcome_label(CelOutcome outcome, gboolean chinese);

typedef enum { CEL_POLICY_EVIDENCE, CEL_POLICY_DEVELOPMENT } CelPolicy;
/** cel_policy_name: "evidence", "development"; the latter is for measuring accuracy only. */
const char *cel_policy_name(CelPolicy policy);

/** CelHit: one substance, its best reference. */
typedef struct {
    guint rank;                    /* from 1 */
    const CelSubstance *substance; /* borrowed from the library, which must outlive the result */
    const CelReference *reference; /* (nullable): the measured reference; NULL: band table */
    CelGrade grade;
    double score;                       /* 0..1, what ranks */
    double hqi;                         /* squared Pearson correlation on the common range, 0..1 */
    double peak_score;                  /* 0..1, of the three that follow */
    double found, explained, closeness; /* 0..1, see CelPeakMatch */
    double views[CEL_N_VIEWS];          /* score of each view; NAN: not scored for this hit */
    double shift_applied_cm1;           /* to the sample's axis to reach this score */
    double common_cm1[2];               /* the range in which both have data */
    GArray *matched;                    /* CelPeakPair */
    GArray *missing;                    /* CelPeakPair, reference bands the sample should show */
    GArray *extra;                      /* double cm-1, sample peaks no reference band explains */
    GArray *unexplained;                /* (nullable) CelPeakExtra: @extra with its heights */
    GArray *outside;    /* (nullable) CelPeakPair, reference bands out of the common range */
    double evidence;    /* of the first hit: what the decision rule weighs, else 0 */
    double likeness;    /* 0..1: of its reference and those of the first hit (cel-alike.h); 0: not
                           compared */
    gboolean resembles; /* that is as much as within one substance: not told from the first hit */
} CelHit;

/* A shift of more standard uncertainties of the axis than this is a fault of the axis: nothing is
 * claimed above a lead (rule 1.5). */
#define CEL_AXIS_LIMIT_U 3.0

typedef struct {
    double snr;                /* strongest band over the noise of the raw samples */
    guint saturated;           /* samples */
    guint cosmic_rays;         /* samples replaced */
    double fluorescence_ratio; /* background over strongest band */
    const char *axis_check;    /* "ok", "failed", "expired", "none": never checked */
    double axis_u_cm1;         /* as used, see CelSampleState; 0: not known */
    double axis_shift_cm1;     /* to be added to the sample's axis, as the best candidates say */
    gboolean axis_fault;       /* that is more than CEL_AXIS_LIMIT_U uncertainties */
    double resolution_cm1;     /* to which sharper references were broadened; 0: none was */
} CelQuality;

/** CelStability: "try to break it": recalculations of this same measurement, each slightly
 * disturbed (cel-disturb.h). How often the answer stayed, not how likely it is to be right. */
typedef struct {
    guint runs;       /* 0: not asked for, or there was nothing to compare */
    guint same;       /* of them with the same outcome and ceiling */
    guint same_first; /* of them with the same substance first */
} CelStability;

enum {
    CEL_STABILITY_RUNS = 200, /* 95 % of 200 has an exact interval of +-4 points */
    CEL_STABILITY_MAX_RUNS = 10000,
};

typedef struct {
    guint planned, valid, agree;
    guint best;            /* index of the one whose hits and spectrum the answer carries */
    GPtrArray *reasons;    /* texts: why a replicate is not valid or disagrees */
    GPtrArray *reasons_zh; /* the same in Chinese, as many */
} CelReplicates;

typedef struct {
    const CelLibrary *const *libraries;
    gsize n_libraries;
    const CelRecipe *recipe; /* (nullable): NULL: the default for the spectrum's laser */
    CelPolicy policy;
    guint top;             /* hits to list, 0: 10 */
    double resolution_cm1; /* FWHM of the sample's instrument, 0: not known. Known: references of
                              sharper instruments are broadened to it before they are compared */
    double reference_resolution_cm1; /* of references that do not state theirs; 0: not known, then
                                        they are compared as they are */
    CelBandDrop drop;                /* for validation */
    CelViewSet without;              /* for validation: views that do not count; 0: all do */
    guint threads;                   /* 0, 1: the caller's own thread only */
    guint stability_runs;            /* 0: none; see CelStability */
    gboolean stability_whole;        /* every run searches the whole library, for checking that the
                                        candidates suffice */
} CelIdentifyOptions;

/** CelSampleState: what is known of the instrument that measured a sample; all 0: nothing. */
typedef struct {
    double axis_u_cm1;      /* standard uncertainty of the axis; 0: 1 cm-1 assumed */
    const char *axis_check; /* bench's verdict of the day: "ok", "failed", "expired"; NULL: none.
                               Under the evidence policy failed and expired refuse a result */
} CelSampleState;

/** CelSample: what is to be identified; all borrowed. */
typedef struct {
    const CelSpectrum *raw;      /* on a Raman shift axis (see cel_spectrum_to_shift()) */
    const CelStepInputs *inputs; /* (nullable): dark and single frames for the recipe */
    CelSampleState state;
    const char *const *exclude; /* (nullable) NULL-ended ids, for validation: as if no library had
                                   them */
    const CelSpectrum *const *barriers; /* (nullable): recorded blanks of what was measured through,
                                           on the sample's own axis and instrument */
    gsize n_barriers;                   /* at most CEL_UNMIX_MAX_BLANKS */
    guint stability_runs; /* recalculations of this one sample; 0: as the matcher's options say */
} CelSample;

/** CelRates: see cel-record-card.h. */
typedef struct CelRates CelRates;

/** CelIdentification: hits, outcome and claim for one sample. */
typedef struct {
    CelOutcome outcome;
    char *claim_en, *claim_zh;
    char *ceiling;       /* "substance:pe", "group:…", "class:polymer", "lead:pe", "none" */
    char *lead_id;       /* (nullable): substance that is only a lead */
    GPtrArray *hits;     /* CelHit, always listed; with recorded blanks: of what they leave */
    CelMixture *mixture; /* (nullable): fit of several references, made where one does not explain
                            the spectrum or a blank was recorded; a claim only when outcome says so
                          */
    CelQuality quality;
    double extra_height, extra_cm1; /* strongest band of the sample that the first hit lacks */
    CelReplicates replicates;
    CelStability stability;
    CelRates *rates; /* (nullable): no records were asked */
    CelPolicy policy;
    GPtrArray *why_en, *why_zh; /* texts, same length */
    guint basis;                /* which of them, from 1, stands for the claim; 0: none */
    gint64 elapsed_us;
    CelSpectrum *processed; /* the processed spectrum the hits were made on */
    GArray *peaks;          /* CelPeak of @processed */
    gboolean simulated;
} CelIdentification;

/** cel_identification_free: @identification: (nullable) */
void cel_identification_free(CelIdentification *identification);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelIdentification, cel_identification_free)

/** CelMatcher: libraries made ready for search with one recipe state; built once, then used for
 * many samples and from several threads. */
typedef struct CelMatcher CelMatcher;
/** cel_matcher_new: @options: (borrowed during the call); the libraries must outlive the matcher.
 * */
CelMatcher *cel_matcher_new(const CelIdentifyOptions *options, CelJob *job, GError **error);
/** cel_matcher_is_whole: Returns: whether everything that matcher and libraries are mapped from has
 * its digest now: to be asked before an answer becomes evidence. Reads all of it. Thread-safe: yes.
 */
gboolean cel_matcher_is_whole(const CelMatcher *matcher);
/** cel_matcher_free: @matcher: (nullable) */
void cel_matcher_free(CelMatcher *matcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelMatcher, cel_matcher_free)

/** CelMatcherAlike: two substances that a library does not tell apart. */
typedef struct {
    const CelSubstance *substances[2];
    double similarity;
} CelMatcherAlike;

/** cel_matcher_alikes: the look-alike map of the measured references (cel_alike_map()).
 * @out_limit: from which similarity on two substances count
 * Returns: (transfer full) (element-type CelMatcherAlike): best first. Takes seconds for thousands
 * of references. Thread-safe: yes. */
GArray *cel_matcher_alikes(const CelMatcher *matcher, double *out_limit);

/**
 * cel_matcher_identify:
 * Returns: (transfer full): the answer; a poor measurement is an answer ("inconclusive", with why),
 *   only an unusable one is an error. NULL with CEL_ERROR_UNIT, _INPUT, _NUMERIC, _CANCELLED.
 * Thread-safe: yes.
 */
CelIdentification *cel_matcher_identify(const CelMatcher *matcher, const CelSample *sample,
                                        CelJob *job, GError **error);

/**
 * cel_identification_combine:
 * @singles: the answers for the planned replicates of one exhibit, at least one; a NULL entry is a
 *   replicate that could not be evaluated, with its reason in @problems at the same index
 * Applies the rule of replicates: found only when all valid ones (at least three) make the same
 * claim, or four of five; else inconclusive as heterogeneous. Never averages.
 * Returns: (transfer full): an answer that carries hits and spectrum of the best replicate.
 */
CelIdentification *cel_identification_combine(GPtrArray *singles, GPtrArray *problems);

/** cel_identification_cap_for_blank: a blank of the session shows a band of the first hit:
 * whatever was
 * claimed becomes inconclusive ("possible contamination or carry-over"); once is enough. */
void cel_identification_cap_for_blank(CelIdentification *identification);

/** cel_identification_to_json: @file: as shown. Returns: (transfer full): one line as the command
 * line contract shows it. */
char *cel_identification_to_json(const CelIdentification *identification, const char *file);

G_END_DECLS
