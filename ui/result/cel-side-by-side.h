/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_SIDE_BY_SIDE (cel_side_by_side_get_type())
/**
 * CelSideBySide: two columns that scroll as one page. Where there is room the first stands still at
 * the left while the second scrolls; on a narrow screen the second follows under the first.
 */
G_DECLARE_FINAL_TYPE(CelSideBySide, cel_side_by_side, CEL, SIDE_BY_SIDE, GtkWidget)

/** cel_side_by_side_new: @first, @second: (transfer floating). Returns: (transfer floating): to be
 * the child of @scrolled, a GtkScrolledWindow, by cel_side_by_side_put(). */
GtkWidget *cel_side_by_side_new(GtkWidget *first, GtkWidget *second);

/** cel_side_by_side_put: makes @side the scrolled content of @scrolled. */
void cel_side_by_side_put(CelSideBySide *side, GtkScrolledWindow *scrolled);

/** cel_side_by_side_is_wide: Returns: whether the columns stand side by side now. */
gboolean cel_side_by_side_is_wide(CelSideBySide *side);

G_END_DECLS
