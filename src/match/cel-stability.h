/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-disturb.h"
#include "match/cel-identify.h"
#include "match/cel-search.h"

G_BEGIN_DECLS

/*
 * "Try to break it": the same measurement again and again, each time slightly disturbed
 * (cel-disturb.h), judged by the same rule. Internal to this room.
 *
 * A run is not compared with the whole library but with the candidates that can win: the best
 * CEL_STABILITY_CANDIDATES of the undisturbed search, and the look-alikes of the first behind them.
 * Why that suffices: every score is a mean of cosines between curves of length 1, so a disturbance
 * which turns the sample's curve by d (length of the difference) moves no score by more than d. The
 * sixty-first of a library stands 0.2 to 0.4 behind the first where anything is claimed at all, and
 * to change the answer it would have to gain that over the first, which is disturbed in the same
 * way; candidates between would change the answer before it. It is an argument and no proof (the
 * common range and the shift move too), so tests and "tools/figures stability --whole" run a whole
 * search beside it. The reference of each substance stays the one that fitted best: that can only
 * make a substance look worse.
 *
 * The background is fitted anew for each choice of its stiffness, not in every run; noise goes
 * through the recipe's smoothing, which is linear, and is added to what is left. A mixture's
 * components are not searched again in a run, so a mixture is not recalculated.
 */
enum { CEL_STABILITY_CANDIDATES = 60, CEL_STABILITY_ALIKE = 40, CEL_STABILITY_LEAST = 15 };
/* Of the candidates after the first CEL_STABILITY_LEAST those this far behind in score are left
 * out too: more than any of the disturbances takes from a first that could be found. */
#define CEL_STABILITY_BEHIND 0.3

/** CelStabilityJudge: makes hits and outcome of @ranked (owned by the caller) as for the sample
 * itself. @answer: empty. */
typedef void (*CelStabilityJudge)(gpointer data, CelView *view, GArray *ranked,
                                  CelIdentification *answer);

/** CelStabilityInput: all borrowed. */
typedef struct {
    const CelSearch *search;
    CelSearchOptions options;
    CelDisturbInput disturb;
    const GArray *candidates; /* CelCandidate of the undisturbed sample, with which runs compare */
    gboolean whole;           /* the whole library instead */
    const CelIdentification *answer; /* to the undisturbed sample */
    guint runs;
    CelStabilityJudge judge;
    gpointer data;
} CelStabilityInput;

/** cel_stability_run: @out: how often the answer stayed. @job: (nullable): told of every run.
 * Returns: FALSE with CEL_ERROR_CANCELLED, then @out is all 0. Thread-safe: yes. */
gboolean cel_stability_run(const CelStabilityInput *input, CelStability *out, CelJob *job,
                           GError **error);

/**
 * cel_stability_bases:
 * @done: what @recipe made of @raw, (borrowed)
 * Returns: (transfer full) (element-type CelSpectrum): a copy of @done, and the same with every
 *   baseline step's stiffness varied as cel_disturbance_sizes says; only the first where no step
 *   has a stiffness.
 */
GPtrArray *cel_stability_bases(const CelRecipe *recipe, const CelSample *sample,
                               const CelSpectrum *done);

/** cel_stability_smoothing: @out_reach: samples to either side. Returns: (transfer full)
 * (nullable): what the smoothing steps of @recipe make of a single sample of 1: 2 @out_reach + 1
 * values; NULL when there is none. */
double *cel_stability_smoothing(const CelRecipe *recipe, guint *out_reach);

G_END_DECLS
