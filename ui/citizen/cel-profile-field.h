/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* An entry of the profile's form, and under it what is wrong with it. */

/** cel_profile_field_add: Returns: (transfer none): an AdwEntryRow at the end of @group. */
GtkWidget *cel_profile_field_add(AdwPreferencesGroup *group, const char *title);

/** cel_profile_field_tell: @field: what cel_profile_field_add() gave; @why: (nullable): what is
 * wrong with it, translated; NULL: nothing. */
void cel_profile_field_tell(GtkWidget *field, const char *why);

/** cel_profile_field_text: Returns: (transfer none): what stands in it. */
const char *cel_profile_field_text(GtkWidget *field);

G_END_DECLS
