/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Everything an identification may say, in both languages: one table (cel-claims.c). Outcome logic
 * picks rows, screen, paper and JSON print them. The Chinese sentences of the outcomes are fixed by
 * the rules of the bench and may not be reworded here alone.
 */

/** CelSentence: texts with {placeholders}; the id is stable, it stands in records. */
typedef struct {
    const char *id;
    const char *en, *zh;
} CelSentence;

/** CelClaimId: rows of the table. */
typedef enum {
    /* outcomes, in the order of CelOutcome: label, then sentence */
    CEL_CLAIM_LABEL_FOUND,
    CEL_CLAIM_LABEL_MIXTURE,
    CEL_CLAIM_LABEL_CLASS_ONLY,
    CEL_CLAIM_LABEL_INCONCLUSIVE,
    CEL_CLAIM_LABEL_NOTHING_CLAIMED,
    CEL_CLAIM_LABEL_REFUSED,
    CEL_CLAIM_FOUND,
    CEL_CLAIM_MIXTURE,
    CEL_CLAIM_CLASS_ONLY,
    CEL_CLAIM_INCONCLUSIVE,
    CEL_CLAIM_NOTHING_CLAIMED,
    CEL_CLAIM_REFUSED,
    /* what goes with them */
    CEL_CLAIM_ENDING,
    CEL_CLAIM_LEAD,
    CEL_CLAIM_NOT_VALIDATED,
    CEL_CLAIM_TRAINING,
    CEL_CLAIM_STABILITY,
    CEL_CLAIM_SCOPE,
    CEL_CLAIM_DEVELOPMENT,
    CEL_CLAIM_NO_LOOKALIKES,
    CEL_CLAIM_WATCH, /* see match/cel-alarm.h */
    /* limits that must be printed (rules 1.10, 1.13); most stand in the library's groups */
    CEL_CLAIM_SEND_TO,
    CEL_CLAIM_LIMIT_PIGMENT,
    CEL_CLAIM_LIMIT_LASER_MADE,
    /* why, each with its advice */
    CEL_WHY_WEAK,
    CEL_WHY_SATURATED,
    CEL_WHY_FLUORESCENCE,
    CEL_WHY_FEW_BANDS,
    CEL_WHY_FEW_LINES, /* of the sample itself, whatever the reference */
    CEL_WHY_NO_REFERENCE,
    CEL_WHY_LOW_SCORE,
    CEL_WHY_CLOSE_SECOND,
    CEL_WHY_LITTLE_EVIDENCE,
    CEL_WHY_MISSING_BANDS,
    CEL_WHY_EXTRA_BANDS,
    CEL_WHY_AXIS_NONE,
    CEL_WHY_AXIS_FAILED,
    CEL_WHY_AXIS_EXPIRED,
    CEL_WHY_AXIS_SHIFT,
    CEL_WHY_READER_UNVALIDATED,
    CEL_WHY_GRADE_B,
    CEL_WHY_GRADE_C,
    CEL_WHY_GRADE_D,
    CEL_WHY_RECALLED,
    CEL_WHY_CEILING_LEAD,
    CEL_WHY_NO_LEAD,
    CEL_WHY_BASELINE_BY_SOURCE,
    CEL_WHY_REFERENCE_CORRECTED,
    CEL_WHY_LASER_UNKNOWN,
    CEL_WHY_SIMULATED,
    CEL_WHY_BLANK,
    CEL_WHY_REPLICATE_FEW,
    CEL_WHY_REPLICATE_DISAGREE,
    CEL_WHY_REPLICATE_INVALID,
    CEL_WHY_REPLICATE_OTHER,
    CEL_WHY_REPLICATE_COPY,
    CEL_WHY_FOUND_BASIS,
    /* why with numbers: of the first hit */
    CEL_EXPLAIN_MATCHED,
    CEL_EXPLAIN_PAIR,
    CEL_EXPLAIN_MISSING,
    CEL_EXPLAIN_ABSENT,
    CEL_EXPLAIN_UNWEIGHED, /* in the place of a reference's relative intensity */
    CEL_EXPLAIN_EXTRA,
    CEL_EXPLAIN_SURPLUS,
    CEL_EXPLAIN_OUTSIDE,
    CEL_EXPLAIN_MARGIN,
    CEL_EXPLAIN_ALIKE,
    CEL_EXPLAIN_VIEW,
    CEL_EXPLAIN_VIEW_ALONE,
    /* how often the method was right on the laboratory's own specimens */
    CEL_RATES_COUNTS,
    CEL_RATES_FEW,
    CEL_RATES_NONE,
    CEL_RATES_DOMAIN,
    CEL_RATES_UNKNOWN,

    CEL_WHY_MIXTURE_BASIS,
    CEL_WHY_MIXTURE_CEILING,
    CEL_WHY_NOT_ALONE,
    CEL_WHY_RESIDUAL,
    CEL_WHY_PACKAGING,
    CEL_WHY_BARRIER,
    CEL_WHY_BARRIER_ONLY,
    /* advice */
    CEL_ADVICE_REMEASURE,
    CEL_ADVICE_LESS_LIGHT,
    CEL_ADVICE_OTHER_LASER,
    CEL_ADVICE_CHECK_AXIS,
    CEL_ADVICE_OWN_REFERENCE,
    CEL_ADVICE_OTHER_METHOD,
    CEL_ADVICE_CLEAN,
    CEL_ADVICE_MORE_REPLICATES,
    CEL_N_CLAIMS,
} CelClaimId;

/** cel_claim: Returns: (transfer none): row @id of the table. */
const CelSentence *cel_claim(CelClaimId id);

/**
 * cel_claim_fill:
 * @template: a text of the table
 * @first: name of a placeholder without its brackets, then its value, and so on, ended by NULL
 * Returns: (transfer full): the text with every placeholder replaced. A value that is missing stays
 *   visible as "{name}", so that a gap is seen and not read over. Thread-safe: yes.
 */
char *cel_claim_fill(const char *template, const char *first, ...) G_GNUC_NULL_TERMINATED;

/** cel_claim_stability: Returns: (transfer full): the only sentence about recalculations, in the
 * wording of the rules (1.8): for JSON and expert annex, never on a card. */
char *cel_claim_stability(guint same, guint runs, gboolean chinese);

/**
 * cel_claim_forbidden:
 * @text: a finished claim, reason or report line
 * Looks for the words that no result may say. The sentences that the rules themselves prescribe are
 * let through where they stand whole.
 * Returns: (transfer none) (nullable): the first forbidden word found, NULL when there is none.
 *   Thread-safe: yes.
 */
const char *cel_claim_forbidden(const char *text);

/** cel_claim_notes: rows that must stand beside any mention of the substance @id, besides the
 * limits of its look-alike group and class, which the library carries.
 * @out: at least CEL_CLAIM_MAX_NOTES entries. Returns: how many. */
enum { CEL_CLAIM_MAX_NOTES = 2 };
guint cel_claim_notes(const char *id, CelClaimId out[CEL_CLAIM_MAX_NOTES]);

G_END_DECLS
