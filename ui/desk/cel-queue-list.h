/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/cel-exhibit-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_QUEUE_LIST (cel_queue_list_get_type())
/**
 * CelQueueList: the exhibits in columns; any number of them can be selected. Sorted by its owner: a
 * click on a title is told by "sort-wanted"(column, descending).
 *
 * Signals: "sort-wanted"(guint column, gboolean descending), "opened"(guint position): a row was
 * activated; "chosen": the selection is another.
 */
G_DECLARE_FINAL_TYPE(CelQueueList, cel_queue_list, CEL, QUEUE_LIST, GtkWidget)

/** cel_queue_list_new: Returns: (transfer floating) */
GtkWidget *cel_queue_list_new(CelExhibitModel *model);

/** cel_queue_list_selected: Returns: (transfer full): positions that are selected now. */
GtkBitset *cel_queue_list_selected(CelQueueList *list);
/** cel_queue_list_select: @positions: these and no others. */
void cel_queue_list_select(CelQueueList *list, GtkBitset *positions);

/** cel_queue_list_show_sort: what the titles show; tells nobody. */
void cel_queue_list_show_sort(CelQueueList *list, CelExhibitColumn column, gboolean descending);

/** cel_exhibit_column_title: Returns: (transfer none): translated. */
const char *cel_exhibit_column_title(CelExhibitColumn column);

G_END_DECLS
