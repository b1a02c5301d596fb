/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Small pieces that the screens of the path are put together from. */

/** cel_part_label: @css: (nullable): a class. Returns: (transfer floating): wraps, at the left. */
GtkWidget *cel_part_label(const char *text, const char *css);

/** cel_part_button: @icon: (nullable); @css: (nullable). Returns: (transfer floating): a button of
 * icon and words, named by its words. */
GtkWidget *cel_part_button(const char *text, const char *icon, const char *css);
/** cel_part_button_set_text: of a button of cel_part_button(). */
void cel_part_button_set_text(GtkWidget *button, const char *text);

/** cel_part_box: Returns: (transfer floating): vertical. */
GtkWidget *cel_part_box(int spacing);
/** cel_part_row: Returns: (transfer floating): children side by side, in further lines when there
 * is no room. */
GtkWidget *cel_part_row(void);
/** cel_part_row_add: @child: (transfer floating): not focusable by itself. */
void cel_part_row_add(GtkWidget *row, GtkWidget *child);
/** cel_part_row_clear: takes all children away. */
void cel_part_row_clear(GtkWidget *row);

/** cel_part_card: a framed group. @title: (nullable); @out_box: (out): for its content. Returns:
 * (transfer floating). */
GtkWidget *cel_part_card(const char *title, GtkWidget **out_box);

/** cel_part_text_entry: Returns: (transfer floating): takes what a person types; @name: accessible
 * name and placeholder. */
GtkWidget *cel_part_text_entry(const char *name);

/** cel_part_scan_entry: Returns: (transfer floating): one that also takes what a scanner types and
 * ends with Return, marked as such. */
GtkWidget *cel_part_scan_entry(const char *name);

/** cel_part_fact: Returns: (transfer floating): a small title over a value; @value: (nullable):
 * "-". */
GtkWidget *cel_part_fact(const char *title, const char *value);

/** cel_part_clear: takes all children of a box away. */
void cel_part_clear(GtkWidget *box);

/** cel_part_moment: Returns: the word for a photo's moment, translated. */
const char *cel_part_moment(const char *moment);

G_END_DECLS
