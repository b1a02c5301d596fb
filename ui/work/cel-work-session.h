/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-recipe-draft.h"
#include "work/cel-work-item.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CEL_TYPE_WORK_SESSION (cel_work_session_get_type())
/**
 * CelWorkSession: what lies on the bench now: the spectra, the one that is worked on, the recipe.
 * Main loop only.
 *
 * Signals: "changed": spectra, which are shown, or the current one; "recipe-changed".
 */
G_DECLARE_FINAL_TYPE(CelWorkSession, cel_work_session, CEL, WORK_SESSION, GObject)

/** cel_work_session_new: Returns: (transfer full): an empty bench with the default recipe. */
CelWorkSession *cel_work_session_new(void);

/** cel_work_session_items: Returns: (transfer none) (element-type CelWorkItem) */
GListModel *cel_work_session_items(CelWorkSession *session);

/** cel_work_session_add: @item: (transfer none): becomes the current one, unless it is a reference
 * and there is another. */
void cel_work_session_add(CelWorkSession *session, CelWorkItem *item);

/** cel_work_session_remove: @item: which is on the bench. */
void cel_work_session_remove(CelWorkSession *session, CelWorkItem *item);

/** cel_work_session_current: Returns: (transfer none) (nullable): the one that is worked on. */
CelWorkItem *cel_work_session_current(CelWorkSession *session);

/** cel_work_session_set_current: @item: (nullable): on the bench. A recipe that nobody touched
 * becomes the default one of its excitation. */
void cel_work_session_set_current(CelWorkSession *session, CelWorkItem *item);

/** cel_work_session_draft: Returns: (transfer none): the recipe; after a change call
 * cel_work_session_recipe_changed(). */
CelRecipeDraft *cel_work_session_draft(CelWorkSession *session);

/** cel_work_session_recipe_changed: tells by "recipe-changed". */
void cel_work_session_recipe_changed(CelWorkSession *session);

/** cel_work_session_recipe: Returns: (transfer full): a copy of the recipe as it is now. */
CelRecipe *cel_work_session_recipe(CelWorkSession *session);

G_END_DECLS
