/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-answer.h"

#include "evidence/cel-sealed.h"

G_BEGIN_DECLS

/** CelResultFacts: what a result says, in the window's language, as plain texts. Made on any thread
 * and never changed afterwards; every sentence comes from the tables that the papers use. */
typedef struct {
    CelOutcome outcome;
    gboolean is_lead; /* a substance is pointed to, and may not be written into a conclusion */
    gboolean is_training, is_development;
    char *label;                  /* of the outcome, as on paper */
    char *title;                  /* what was measured */
    char *claim;                  /* the whole claim, as it stands in the record */
    GPtrArray *sentences;         /* the claim in sentences; the first one is the statement */
    char *lead;                   /* "": none; the sentence of the lead, one of @sentences */
    GPtrArray *next;              /* what to do now */
    GPtrArray *why;               /* what it rests on */
    GPtrArray *deviations;        /* from the method */
    char *alarm;                  /* "": none; what the watch list says beside it */
    char *replicates;             /* "3 / 3 / 3": planned, valid, agreeing */
    GPtrArray *replicate_reasons; /* why one is not valid or differs */
    GPtrArray *marks;             /* training, development policy: sentences of the table */
    GPtrArray *limits;            /* what stands under every result */
    char *validation;             /* what the laboratory's own records say */
} CelResultFacts;

/** cel_result_facts_of_answer: Returns: (transfer full). Thread-safe: yes. */
CelResultFacts *cel_result_facts_of_answer(CelAnswer *answer);

/** cel_result_facts_of_sealed: the record as it was sealed, nothing is computed anew. @title: what
 * is shown as its name. Returns: (transfer full), or NULL with CEL_ERROR_INPUT when the file names
 * no outcome. Thread-safe: yes. */
CelResultFacts *cel_result_facts_of_sealed(const CelSealed *sealed, const char *title,
                                           GError **error);

/** cel_result_facts_free: @facts: (nullable) */
void cel_result_facts_free(CelResultFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelResultFacts, cel_result_facts_free)

/** cel_result_sentences: Returns: (transfer full) (element-type utf8): @text cut at the ends of its
 * sentences, nothing left out. Thread-safe: yes. */
GPtrArray *cel_result_sentences(const char *text);

/** cel_result_spoken: Returns: (transfer full): what a screen reader says first: outcome, then
 * claim. */
char *cel_result_spoken(const CelResultFacts *facts);

G_END_DECLS
