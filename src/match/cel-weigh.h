/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-identify.h"

G_BEGIN_DECLS

/*
 * What speaks for the best hit and against it, as numbers, and their weighted sum: the evidence
 * that the decision rule asks for. The weights are fitted by tools/fit-decision on development
 * data.
 */

/** CelTermId: rows of the table of terms. */
typedef enum {
    CEL_TERM_SCORE,     /* of the first hit */
    CEL_TERM_MARGIN,    /* score to the next different substance, at most 0.30 */
    CEL_TERM_FOUND,     /* weight of the reference's bands that the sample shows, 0..1 */
    CEL_TERM_EXPLAINED, /* weight of the sample's bands that the reference has, 0..1 */
    CEL_TERM_CLOSENESS, /* how near the matched bands are, 0..1 */
    CEL_N_TERMS,
} CelTermId;

/** CelTermDef: one term. */
typedef struct {
    const char *id;
    double weight; /* of the term as it is */
} CelTermDef;

extern const CelTermDef cel_terms[CEL_N_TERMS];

/** cel_weigh_terms: @answer: with hits; @out: 0 for all without hits.
 * Thread-safe: yes. */
void cel_weigh_terms(const CelIdentification *answer, double out[CEL_N_TERMS]);

/** cel_weigh: Returns: the evidence for the first hit: of a measured reference the weighted sum of
 * the terms (log odds in the fit, no probability), of a band table score, margin and bands; 0
 * without hits. Thread-safe: yes. */
double cel_weigh(const CelIdentification *answer);

/** cel_weigh_level: Returns: the evidence that a name needs, as the fit chose it. */
double cel_weigh_level(void);

/** cel_weigh_alike: Returns: TRUE when hit @i cannot be told from the first: by the tables, or
 * because their references resemble each other too much. */
gboolean cel_weigh_alike(const GPtrArray *hits, guint i);

/** cel_weigh_next: Returns: index of the best hit that is (not) a look-alike of the first; 0: none.
 */
guint cel_weigh_next(const GPtrArray *hits, gboolean alike);

/** cel_weigh_margin: @alike: to the next look-alike instead of the next different substance.
 * Returns: the distance in score from the first hit; its own score when there is no other. */
double cel_weigh_margin(const GPtrArray *hits, gboolean alike);

G_END_DECLS
