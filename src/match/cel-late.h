/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-joint.h"
#include "match/cel-search.h"
#include "process/cel-recipe.h"

G_BEGIN_DECLS

/**
 * cel_late_sample:
 * @recipe: of the sample
 * Runs the steps of @recipe that neither take off a background nor smooth.
 * Returns: (transfer full) (nullable): @raw as the late views want it, or NULL with the step's
 *   error.
 */
CelSpectrum *cel_late_sample(const CelRecipe *recipe, const CelSpectrum *raw,
                             const CelStepInputs *inputs, GError **error);

/**
 * cel_late_stage:
 * @stages: (element-type CelSpectrum): of cel_recipe_run() with @recipe
 * Returns: (transfer full) (nullable): what cel_late_sample() would give, taken from what was
 *   computed already; NULL when it is not among it.
 */
CelSpectrum *cel_late_stage(const CelRecipe *recipe, const CelSpectrum *raw,
                            const GPtrArray *stages);

enum { CEL_LATE_N = 60 }; /* candidates that are looked at again */

/** cel_late_floor: Returns: the highest score that a candidate which was not looked at again can
 * still have when its early views gave it @early. */
double cel_late_floor(double early, CelViewSet without);

/**
 * cel_late_score:
 * @candidates: (element-type CelCandidate) (inout): of cel_search_run(), best first; scored anew
 *   and sorted
 * @raw: of cel_late_sample(), on a shift axis
 * @without: views that do not count
 * Scores the late views: "joint" (cel-joint.h) for the best CEL_LATE_N, as the best of all
 * references of that substance; what is not among them gets 0 there, for it had its chance. Nothing
 * changes when @raw has too little range for the fit.
 * Returns: whether there was anything to score. Thread-safe: yes.
 */
gboolean cel_late_score(GArray *candidates, const CelSearch *search, const CelSpectrum *raw,
                        CelViewSet without, CelJointFit *out_fit);

G_END_DECLS
