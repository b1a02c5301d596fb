/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "work/cel-step-row.h"
#include "work/cel-work-tool.h"

G_BEGIN_DECLS

#define CEL_TYPE_RECIPE_PANEL (cel_recipe_panel_get_type())
/** CelRecipePanel: the recipe, made from the table of steps, with its effect on the current
 * spectrum in the plot: the opened step's before and after, else the whole. */
G_DECLARE_FINAL_TYPE(CelRecipePanel, cel_recipe_panel, CEL, RECIPE_PANEL, CelWorkTool)

/** cel_recipe_panel_undo, cel_recipe_panel_redo: the last change. */
void cel_recipe_panel_undo(CelRecipePanel *panel);
void cel_recipe_panel_redo(CelRecipePanel *panel);

/** cel_recipe_panel_insert: @step at the end, or after the opened step. */
void cel_recipe_panel_insert(CelRecipePanel *panel, const CelStepDef *step);

/** cel_recipe_panel_row: Returns: (transfer none) (nullable): the row of step @index. */
CelStepRow *cel_recipe_panel_row(CelRecipePanel *panel, guint index);

/** cel_recipe_panel_load, cel_recipe_panel_save: a recipe's canonical text, on a worker. */
void cel_recipe_panel_load(CelRecipePanel *panel, const char *path);
void cel_recipe_panel_save(CelRecipePanel *panel, const char *path);

/** cel_recipe_panel_preview: Returns: (transfer none) (nullable): the run that is under way. */
CelTask *cel_recipe_panel_preview(CelRecipePanel *panel);

G_END_DECLS
