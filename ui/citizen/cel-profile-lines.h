/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-profile-draft.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_PROFILE_LINES (cel_profile_lines_get_type())
/** CelProfileLines: the titles or the citations of a profile, in their order: added, changed,
 * moved, taken out and put back. Signal "changed". */
G_DECLARE_FINAL_TYPE(CelProfileLines, cel_profile_lines, CEL, PROFILE_LINES, GtkBox)

/** cel_profile_lines_new: Returns: (transfer floating): none yet. */
GtkWidget *cel_profile_lines_new(CelProfileList list);

/** cel_profile_lines_fill: shows what @draft lists; what was taken out before cannot be put back
 * any more. */
void cel_profile_lines_fill(CelProfileLines *lines, JsonNode *draft);

/** cel_profile_lines_write: puts what is shown into @draft. */
void cel_profile_lines_write(CelProfileLines *lines, JsonNode *draft);

/** cel_profile_lines_tell: @faults: of cel_profile_faults(): those of this list, at their fields.
 * Returns: whether there are any. */
gboolean cel_profile_lines_tell(CelProfileLines *lines, const GPtrArray *faults);

G_END_DECLS
