/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-json.h"
#include "match/cel-outcome.h"

G_BEGIN_DECLS

/* What may be said of a fit of several substances, and how it is written down. */

/** CelMixtureLimits: when a fit may be claimed; how the values were found stands beside them. */
typedef struct {
    guint max_parts;        /* more explain anything */
    guint min_unshared;     /* bands of each that no other part has (rule 1.9) */
    double min_height;      /* of each part's strongest band, 0..1 of the sample's */
    double min_precision;   /* of each part: weight over its standard error */
    double max_residual;    /* part of the variance that neither parts nor noise explain */
    double min_score;       /* of a part that was named by the search behind packaging */
    double max_unexplained; /* height of the strongest band that no part has */
} CelMixtureLimits;

/** cel_mixture_limits: Returns: (transfer none): the fixed values. */
const CelMixtureLimits *cel_mixture_limits(void);

/** cel_mixture_fit: cel_unmix() with look-alikes as one and packaging told apart. Thread-safe:
 * yes. */
CelMixture *cel_mixture_fit(const CelUnmixInput *input);

/** cel_mixture_has: @mixture: (nullable). Whether a part of that kind explains some of it. */
gboolean cel_mixture_has(const CelMixture *mixture, CelMixtureKind kind);

/**
 * cel_mixture_rename:
 * @free: (transfer full): the fit so far
 * @behind: (element-type CelCandidate): what the search finds in what these leave; in the sample
 *   where there are none
 * A fit of many references to another piece of a substance than theirs may name several where one
 * is meant; the search's views bear such differences better. So where the free fit neither holds
 * nor leaves only noise, its parts other than packaging are replaced by the best of @behind, and
 * all are fitted anew.
 * Returns: (transfer full): the fit that stands. Thread-safe: yes.
 */
CelMixture *cel_mixture_rename(const CelUnmixInput *input, CelMixture *free, const GArray *behind);

/** cel_mixture_tell_blanks: adds reason @id; @left: how high what the blanks leave stands, 0..1. */
void cel_mixture_tell_blanks(CelIdentification *answer, CelClaimId id, double left);

/** cel_mixture_explains: whether @mixture leaves hardly more than the noise. */
gboolean cel_mixture_explains(const CelMixture *mixture);

/** cel_mixture_holds: whether @mixture passes cel_mixture_limits(): at least two parts, one of them
 * neither packaging nor blank, every one with bands of its own, and no strong band left over. */
gboolean cel_mixture_holds(const CelMixture *mixture);

/** cel_mixture_outweighs: whether several substances explain the spectrum to its noise and the
 * first hit leaves a clear band, so that it may not be named alone. */
gboolean cel_mixture_outweighs(const CelIdentification *answer);

/**
 * cel_mixture_claim:
 * @answer: decided already: nothing claimed, or found with bands left over; holds a mixture
 * Makes it the outcome "mixture" when the fit holds and when references, axis and the substances'
 * own ceilings allow it (as for "found"); else leaves the outcome as it is, but for a name whose
 * spectrum several explain to its noise: that falls to a lead. Never an outcome for one part of a
 * fit. Adds the reasons.
 */
void cel_mixture_claim(CelIdentification *answer, const CelDecisionInput *input);

/** cel_mixture_write: the value of "mixture" in the answer's JSON; null for NULL. */
void cel_mixture_write(CelJsonWriter *json, const CelMixture *mixture);

G_END_DECLS
