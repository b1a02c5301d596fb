/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "process/cel-recipe.h"

G_BEGIN_DECLS

/** CelRecipeFile: a recipe's canonical text read from a file or written into one, on a worker. */
typedef struct {
    char *path, *text; /* @text: (nullable): NULL: it is read */
    CelRecipe *recipe; /* (nullable): what was read */
} CelRecipeFile;

/** cel_recipe_file_new: @text: (nullable): to be written. Returns: (transfer full). */
CelRecipeFile *cel_recipe_file_new(const char *path, const char *text);

/** cel_recipe_file_free: @file: (nullable): a CelRecipeFile. */
void cel_recipe_file_free(gpointer file);

/** cel_recipe_file_run: a CelTaskRun. Returns: FALSE with CEL_ERROR_INPUT (no recipe, or one of
 * another version of a step) or CEL_ERROR_SYSTEM; a file is written whole or not at all. */
gboolean cel_recipe_file_run(gpointer file, CelJob *job, GError **error);

G_END_DECLS
