/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_SIDES (cel_sides_get_type())
/** CelSides: two children beside each other where there is room for both, else one above the
 * other. */
G_DECLARE_FINAL_TYPE(CelSides, cel_sides, CEL, SIDES, GtkWidget)

/** cel_sides_new: @first, @second: (transfer floating); @share: of the width for @first, 0..1;
 * @threshold: least width in pixels for both in a row. Returns: (transfer floating). */
GtkWidget *cel_sides_new(GtkWidget *first, GtkWidget *second, double share, int threshold);

G_END_DECLS
