/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-search.h"

#include "match/cel-library.h"

G_BEGIN_DECLS

/*
 * Which substances a Raman spectrum does not tell apart: those the tables say (series, groups,
 * stated look-alikes), and those whose references resemble each other as much as two references of
 * one substance usually do. The second is read from the prepared library itself; no sample is
 * needed.
 */

/** cel_outcome_alike: Returns: TRUE when @a and @b are one substance, of one look-alike group, or
 * one lists the other. Thread-safe: yes. */
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

/** CelAlikePair: two slots of the search, @similarity of the two references nearest to each other.
 */
typedef struct {
    guint slots[2], entries[2];
    double similarity;
} CelAlikePair;

/** cel_alike_map: Returns: (transfer full) (element-type CelAlikePair): every pair of different
 * slots that resembles each other by @limit or more, best first: each entry is compared with each,
 * so it takes the square of the library's size. Thread-safe: yes. */
GArray *cel_alike_map(const CelSearch *search, const guint8 *is_measured, double limit);

/**
 * cel_alike_likeness:
 * @ranked: (element-type CelCandidate): best first
 * @is_measured: one an entry of @search: band tables resemble nothing
 * @out: CEL_ALIKE_DEPTH values, one for each of the first candidates: 0..1, similarity of its best
 *   reference to the nearest of up to four references of the first candidate, 1 for that one
 *   itself, 0 where not compared. Thread-safe: yes.
 */
void cel_alike_likeness(const CelSearch *search, const GArray *ranked, const guint8 *is_measured,
                        double *out);

enum { CEL_ALIKE_DEPTH = 60 };

G_END_DECLS
