/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-recipe.h"

G_BEGIN_DECLS

/** CelRecipeDraft: a recipe while somebody works on it, with what it was before. Every change can
 * be taken back to the letter: the past is kept as canonical texts. One thread at a time. */
typedef struct CelRecipeDraft CelRecipeDraft;

enum { CEL_RECIPE_DRAFT_MAX_PAST = 200 };

/** cel_recipe_draft_new: @recipe: (transfer full): where the work begins. Returns: (transfer full).
 */
CelRecipeDraft *cel_recipe_draft_new(CelRecipe *recipe);

/** cel_recipe_draft_free: @draft: (nullable) */
void cel_recipe_draft_free(CelRecipeDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelRecipeDraft, cel_recipe_draft_free)

/** cel_recipe_draft_get: Returns: (transfer none): the recipe as it is now, until the next change.
 */
const CelRecipe *cel_recipe_draft_get(const CelRecipeDraft *draft);

/** cel_recipe_draft_replace: @recipe: (transfer full): another one, loaded or shipped. */
void cel_recipe_draft_replace(CelRecipeDraft *draft, CelRecipe *recipe);

/** cel_recipe_draft_insert: @step with its initial values stands at @index then, 0..length. */
void cel_recipe_draft_insert(CelRecipeDraft *draft, gsize index, const CelStepDef *step);

/** cel_recipe_draft_remove: step @index. */
void cel_recipe_draft_remove(CelRecipeDraft *draft, gsize index);

/** cel_recipe_draft_move: step @from stands at @to then. */
void cel_recipe_draft_move(CelRecipeDraft *draft, gsize from, gsize to);

/**
 * cel_recipe_draft_set:
 * @key, @text: as for cel_params_set_text(), of step @index
 * Changes of one parameter that follow each other are taken back together, until
 * cel_recipe_draft_settle(). A change of a recipe that ships, here and above, takes its name away:
 * "custom".
 * Returns: FALSE with CEL_ERROR_USAGE; then nothing changed.
 */
gboolean cel_recipe_draft_set(CelRecipeDraft *draft, gsize index, const char *key, const char *text,
                              GError **error);

/** cel_recipe_draft_settle: the next change can be taken back alone. */
void cel_recipe_draft_settle(CelRecipeDraft *draft);

/** cel_recipe_draft_can_undo, cel_recipe_draft_can_redo: Returns: whether there is something. */
gboolean cel_recipe_draft_can_undo(const CelRecipeDraft *draft);
gboolean cel_recipe_draft_can_redo(const CelRecipeDraft *draft);

/** cel_recipe_draft_undo, cel_recipe_draft_redo: Returns: FALSE when there was nothing. */
gboolean cel_recipe_draft_undo(CelRecipeDraft *draft);
gboolean cel_recipe_draft_redo(CelRecipeDraft *draft);

G_END_DECLS
