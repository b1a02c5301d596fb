/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-profile-draft.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_PROFILE_LIMITS (cel_profile_limits_get_type())
/** CelProfileLimits: the limits of the performance check and of a series, to be written. Signal
 * "changed". */
G_DECLARE_FINAL_TYPE(CelProfileLimits, cel_profile_limits, CEL, PROFILE_LIMITS, AdwBin)

/** cel_profile_limits_new: Returns: (transfer floating): empty ones. */
GtkWidget *cel_profile_limits_new(void);

/** cel_profile_limits_fill: shows what @draft states. */
void cel_profile_limits_fill(CelProfileLimits *limits, JsonNode *draft);

/** cel_profile_limits_write: puts what stands in the fields into @draft. */
void cel_profile_limits_write(CelProfileLimits *limits, JsonNode *draft);

/** cel_profile_limits_tell: @faults: of cel_profile_faults(): those of limits, at their fields.
 * Returns: whether there are any. */
gboolean cel_profile_limits_tell(CelProfileLimits *limits, const GPtrArray *faults);

/** cel_profile_limits_have: Returns: whether @key of "checks" has a field here. */
gboolean cel_profile_limits_have(const char *key);

G_END_DECLS
