/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-search.h"

#include "match/cel-library.h"

G_BEGIN_DECLS

/*
 * Which substances a Raman spectrum does not tell apart: those the tables say (series, groups, stated
 * look-alikes), and those whose references resemble each other as much as two references of one
 * substance usually do. The second is read from the prepared library itself; no sample is needed.
 */

/** cel_outcome_alike: Returns: TRUE when @a and @b are one substance, of one look-alike group, or one
 * lists the other. Thread-safe: yes. */
gboolean cel_outcome_alike(const CelSubstance *a, const CelSubstance *b);

/**
 * cel_alike_similarity:
 * @a, @b: entries of @search
 * Returns: 0..1: the fused score of the early views of two references, their axes as they are; 0
 *   when they have too little range in common. Thread-safe: yes.
 */
double cel_alike_similarity(const CelSearch *search, guint a, guint b);

/**
 * cel_alike_limit:
 * @is_measured: one an entry of @search: band tables do not count
 * The median of the similarities within a substance: from there on, two references may as well be
 * of one substance. At most CEL_ALIKE_PAIRS pairs spread over the library are looked at.
 * Returns: 0..1; CEL_ALIKE_DEFAULT when fewer than CEL_ALIKE_LEAST substances have two references.
 * Thread-safe: yes.
 */
double cel_alike_limit(const CelSearch *search, const guint8 *is_measured);

enum { CEL_ALIKE_PAIRS = 2000, CEL_ALIKE_LEAST = 20 };
/* That of the RRUFF library at 532 nm, rounded up. */
#define CEL_ALIKE_DEFAULT 0.90

/** CelCohort: how the best candidate stands among all others that are not its look-alikes. */
typedef struct {
    guint n;        /* different substances looked at; below 10 the rest says little and is 0 */
    double nearest; /* 0..1: similarity of the candidate's references to the nearest of them */
    double mean;    /* of the sample's scores with the best 20 of them */
    double sd;      /* the same, at least 0.01 */
    double profile; /* -1..1: correlation of the sample's scores with all of them and of the
                       candidate's: a sample of this substance resembles the others as it does */
} CelCohort;

/** CelAlikeInput: what cel_alike_cohort() looks at; borrowed. */
typedef struct {
    const CelSearch *search;
    const GArray *ranked; /* CelCandidate, best first */
    double limit;         /* cel_alike_limit() */
    /* whether candidates 0 and @i are look-alikes by the tables */
    gboolean (*stated)(gconstpointer user_data, guint i);
    gboolean (*measured)(gconstpointer user_data, guint i);
    gconstpointer user_data;
    GHashTable *known; /* (nullable): likenesses that were computed for this sample before, from
                          cel_alike_known_new(); filled */
} CelAlikeInput;

/** cel_alike_known_new: Returns: (transfer full): an empty table for CelAlikeInput.known. */
GHashTable *cel_alike_known_new(void);

/**
 * cel_alike_cohort:
 * @out_likeness: one for each of the first CEL_ALIKE_DEPTH candidates: 0..1, similarity of its
 *   reference to those of the first; 1 for the first itself
 * Returns: the candidate's place among the different ones. Thread-safe: yes.
 */
CelCohort cel_alike_cohort(const CelAlikeInput *input, double *out_likeness);

enum { CEL_ALIKE_DEPTH = 60 };

G_END_DECLS
