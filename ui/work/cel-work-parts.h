/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Small widgets that the panels of the bench share. All return floating references. */

/** cel_work_panel: Returns: a scrolled column for a panel; @out_box: where its parts go. */
GtkWidget *cel_work_panel(GtkBox **out_box);

/** cel_work_heading: Returns: a heading inside a panel. */
GtkWidget *cel_work_heading(const char *text);

/** cel_work_text: Returns: a paragraph that wraps; @css: (nullable): a class. */
GtkWidget *cel_work_text(const char *text, const char *css);

/** cel_work_list: Returns: an empty boxed list; @name: accessible. */
GtkWidget *cel_work_list(const char *name);

/** cel_work_list_clear: takes all rows out. */
void cel_work_list_clear(GtkListBox *list);

/** cel_work_row: Returns: a row of a list, texts as they are (no markup); @subtitle: (nullable). */
GtkWidget *cel_work_row(const char *title, const char *subtitle);

/** cel_work_switch_row: Returns: a row with a switch, which a press anywhere turns. */
GtkWidget *cel_work_switch_row(const char *title, const char *subtitle, GtkSwitch **out_toggle);

/** cel_work_button: Returns: a button that starts @action; @keys: (nullable): an accelerator, shown
 * in its tooltip. */
GtkWidget *cel_work_button(const char *label, const char *action, const char *keys);

/** cel_work_icon_button: Returns: a flat button of an icon that says @name. */
GtkWidget *cel_work_icon_button(const char *icon, const char *name);

G_END_DECLS
