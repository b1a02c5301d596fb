/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "process/cel-recipe.h"
#include "work/cel-work-item.h"

G_BEGIN_DECLS

/** CelRecipePreview: a recipe run over one spectrum to look at it, on a worker. */
typedef struct {
    CelWorkItem *item; /* owned */
    CelRecipe *recipe; /* owned */
    int stage;         /* the step whose before and after are wanted; -1: first and last */
    /* what came out */
    CelSpectrum *before, *after; /* (nullable) */
} CelRecipePreview;

/** cel_recipe_preview_new: @item: a reference is taken; @recipe: (transfer full). Returns:
 * (transfer full). */
CelRecipePreview *cel_recipe_preview_new(CelWorkItem *item, CelRecipe *recipe, int stage);

/** cel_recipe_preview_free: @preview: (nullable) */
void cel_recipe_preview_free(gpointer preview);

/** cel_recipe_preview_run: a CelTaskRun; @preview: CelRecipePreview. Returns: FALSE with the step's
 * error or CEL_ERROR_CANCELLED. */
gboolean cel_recipe_preview_run(gpointer preview, CelJob *job, GError **error);

/** cel_recipe_process_item: @recipe over @item with its dark and frames. A worker. Returns:
 * (transfer full), or NULL with the error. */
CelSpectrum *cel_recipe_process_item(CelWorkItem *item, const CelRecipe *recipe,
                                     GPtrArray **out_stages, CelJob *job, GError **error);

G_END_DECLS
