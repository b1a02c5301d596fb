/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/cel-exhibit-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** CelQueueLayout: where the columns stand, shared by all rows of a list. */
typedef struct {
    int widths[CEL_N_EXHIBIT_COLUMNS]; /* logical pixels; 0: not shown */
    int height;                        /* of a row; 0: to be found */
} CelQueueLayout;

enum { CEL_QUEUE_PAD = 12 }; /* at both sides of a cell */

#define CEL_TYPE_QUEUE_ROW (cel_queue_row_get_type())
/** CelQueueRow: one exhibit, painted by itself: GTK keeps two hundred rows alive, and six labels in
 * each would take a second to fill. Out of view nothing is painted. Its accessible name says the
 * whole row. */
G_DECLARE_FINAL_TYPE(CelQueueRow, cel_queue_row, CEL, QUEUE_ROW, GtkWidget)

/** cel_queue_row_new: @layout: lives longer than the row. Returns: (transfer floating) */
GtkWidget *cel_queue_row_new(CelQueueLayout *layout);

/** cel_queue_row_show: @item: (nullable): a reference is taken; the row follows what stands there.
 */
void cel_queue_row_show(CelQueueRow *row, CelExhibitItem *item);

/** cel_queue_row_scrolled: what was out of view may come into it. */
void cel_queue_row_scrolled(CelQueueRow *row);

G_END_DECLS
