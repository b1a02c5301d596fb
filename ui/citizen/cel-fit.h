/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** cel_citizen_fit: @parent: (nullable). Gives @window its first size, no larger than @parent, and
 * makes it a window of @parent's application that closes with it and looks as it does: large
 * targets in field mode, day mode. Main loop only. */
void cel_citizen_fit(GtkWindow *window, GtkWindow *parent, int width, int height);

/** cel_citizen_dress_all: as long as @owner lives, every window that is set before another one
 * looks as that one does, whoever made it: the toolkit's own dialogs too. Main loop only. */
void cel_citizen_dress_all(GObject *owner);

G_END_DECLS
