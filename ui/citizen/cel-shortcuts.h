/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** CelShortcut: one row of THE list of keys, cel-shortcuts.def. */
typedef struct {
    const char *group, *keys, *title; /* group, title: N_() */
} CelShortcut;

/** cel_shortcuts: @out_n: how many. Returns: (transfer none): the list. */
const CelShortcut *cel_shortcuts(gsize *out_n);

/** cel_shortcuts_window_new: Returns: (transfer none): the window that shows them, over @parent
 * (nullable). Main loop only. */
GtkWidget *cel_shortcuts_window_new(GtkWindow *parent);

G_END_DECLS
