/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_KEYPAD (cel_keypad_get_type())
/** CelKeypad: large digits for gloved fingers, beside the keyboard; types into an editable. */
G_DECLARE_FINAL_TYPE(CelKeypad, cel_keypad, CEL, KEYPAD, GtkWidget)

/** cel_keypad_new: @into: (transfer none): lives as long as the keypad. Returns: (transfer
 * floating). */
GtkWidget *cel_keypad_new(GtkEditable *into);

G_END_DECLS
