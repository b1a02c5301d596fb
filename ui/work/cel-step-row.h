/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-step.h"
#include "work/cel-param-editor.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_STEP_ROW (cel_step_row_get_type())
/**
 * CelStepRow: one step of a recipe: its reference, a control a parameter, its place.
 *
 * Signals: "value" (guint: which parameter, const char *: its text), "settled", "move" (guint:
 * from, guint: to; by button or drag), "remove".
 */
G_DECLARE_FINAL_TYPE(CelStepRow, cel_step_row, CEL, STEP_ROW, AdwExpanderRow)

/** cel_step_row_new: @index: its place among @n. Returns: (transfer floating): at the initial
 * values.
 */
GtkWidget *cel_step_row_new(const CelStepDef *step, guint index, guint n);

/** cel_step_row_set_values: @params: of this step. */
void cel_step_row_set_values(CelStepRow *row, const CelParams *params);

/** cel_step_row_step: Returns: (transfer none) */
const CelStepDef *cel_step_row_step(CelStepRow *row);

/** cel_step_row_editor: @param: row of the step's table. Returns: (transfer none): its control. */
CelParamEditor *cel_step_row_editor(CelStepRow *row, guint param);

G_END_DECLS
