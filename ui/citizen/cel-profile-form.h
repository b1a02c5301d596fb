/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-window.h"

G_BEGIN_DECLS

#define CEL_TYPE_PROFILE_FORM (cel_profile_form_get_type())
/** CelProfileForm: what the laboratory says of itself and demands of its work: what papers name of
 * it, who may apply its method, titles, citations and limits to be written, all else to be seen.
 * The head signs it with the laboratory's root and a second person; then the lab is opened anew.
 * Everybody may look. */
G_DECLARE_FINAL_TYPE(CelProfileForm, cel_profile_form, CEL, PROFILE_FORM, AdwWindow)

/** cel_profile_form_new: @over: the window that it stands over. Returns: (transfer none): not shown
 * yet. */
CelProfileForm *cel_profile_form_new(CelWindow *window, GtkWindow *over);

/** cel_profile_form_set_root: @path: of the root's key file, as if it had been chosen. */
void cel_profile_form_set_root(CelProfileForm *form, const char *path);

/** cel_profile_form_take_draft: @path: of a draft, as if it had been chosen. */
void cel_profile_form_take_draft(CelProfileForm *form, const char *path);

G_END_DECLS
