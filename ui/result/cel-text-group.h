/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Sentences and pairs of words as boxed lists that wrap; texts are never markup. */

/** cel_text_row: @subtitle: (nullable). Returns: (transfer floating): a row that wraps. */
GtkWidget *cel_text_row(const char *title, const char *subtitle);

/** cel_text_group: @title: (nullable): translated; @texts: (element-type utf8). Returns: (transfer
 * floating): a row a text; not visible without any. */
GtkWidget *cel_text_group(const char *title, const GPtrArray *texts);

/** cel_text_group_new: Returns: (transfer floating): an empty group for cel_text_group_add(). */
GtkWidget *cel_text_group_new(const char *title, const char *description);

/** cel_text_group_add: adds @title with @value at its end (nullable) and @meaning under it
 * (nullable). Returns: (transfer none): the row. */
GtkWidget *cel_text_group_add(GtkWidget *group, const char *title, const char *value,
                              const char *meaning);

/** cel_text_label: Returns: (transfer floating): a label that wraps, at the start of its line. */
GtkWidget *cel_text_label(const char *text, const char *style);

/** cel_box_clear: takes every child out of a GtkBox. */
void cel_box_clear(GtkWidget *box);

G_END_DECLS
