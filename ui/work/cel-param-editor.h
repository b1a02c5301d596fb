/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-param.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_PARAM_EDITOR (cel_param_editor_get_type())
/**
 * CelParamEditor: the control of one parameter, made from its definition: numbers by a slider
 * (logarithmic where the definition says so) and an entry, choices by a list, yes or no by a
 * switch; unit and range shown, a button puts the initial value back.
 *
 * Signals: "changed" (the value is another one), "settled" (the person is done with it: a slide has
 * ended, an entry was confirmed).
 */
G_DECLARE_FINAL_TYPE(CelParamEditor, cel_param_editor, CEL, PARAM_EDITOR, GtkBox)

/** cel_param_editor_new: @def: must outlive the editor. Returns: (transfer floating): at the
 * initial value. */
GtkWidget *cel_param_editor_new(const CelParamDef *def);

/** cel_param_editor_def: Returns: (transfer none): what it edits. */
const CelParamDef *cel_param_editor_def(CelParamEditor *editor);

/** cel_param_editor_value: Returns: as cel_params_get() would. */
double cel_param_editor_value(CelParamEditor *editor);

/** cel_param_editor_text: Returns: (transfer full): as cel_params_set_text() wants it; reads back
 * to the very value. */
char *cel_param_editor_text(CelParamEditor *editor);

/** cel_param_editor_set_value: shows @value, in the definition's range; tells nobody. */
void cel_param_editor_set_value(CelParamEditor *editor, double value);

/** cel_param_editor_type: as a person who types @text and confirms it. Returns: FALSE when it is no
 * value of this parameter: then it is marked and the old value stands. */
gboolean cel_param_editor_type(CelParamEditor *editor, const char *text);

G_END_DECLS
