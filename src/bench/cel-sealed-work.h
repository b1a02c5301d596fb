/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-work.h"
#include "evidence/cel-sealed.h"

G_BEGIN_DECLS

/* What a sealed file says of how its answer was made, so that it can be made again. */

/** cel_sealed_hits: Returns: how many hits were listed. */
guint cel_sealed_hits(const CelSealed *sealed);

/** cel_sealed_policy: Returns: the policy of the answer; evidence when it is not known. */
CelPolicy cel_sealed_policy(const CelSealed *sealed);

/** cel_sealed_state: Returns: what was known of the instrument then; borrows from @sealed. Today's
 * day-book has no part in it. */
CelSampleState cel_sealed_state(const CelSealed *sealed);

/** cel_sealed_resolution_cm1: Returns: to which references were broadened; 0: none was. */
double cel_sealed_resolution_cm1(const CelSealed *sealed);

/** cel_sealed_libraries: Returns: (transfer none) (nullable): the record's list: objects of name,
 * version and sha256. */
JsonArray *cel_sealed_libraries(const CelSealed *sealed);

/** cel_sealed_fill: adds the replicates and blanks of @sealed to @work, also the replicates that
 * gave no measurement. Returns: FALSE with CEL_ERROR_INPUT. */
gboolean cel_sealed_fill(CelWork *work, const CelSealed *sealed, GError **error);

G_END_DECLS
