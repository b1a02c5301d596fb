/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* GTK 4.8 tells those who listen of widgets that nobody sees: the other pages of a stack, a closed
 * flap. Here they are left out. */

/** cel_heard_stack: from now on only the visible page of @stack is told of. */
void cel_heard_stack(GtkStack *stack);

/** cel_heard_flap: from now on the flap of @flap is told of only while it is open. */
void cel_heard_flap(AdwFlap *flap);

/** cel_heard_name: @name: translated: what @widget is called instead of the label or title that it
 * shows; GTK would say both, one after the other. */
void cel_heard_name(GtkWidget *widget, const char *name);

/** cel_heard_row: @child: what a row of a list view holds: the row is called @name from now on; GTK
 * leaves it without a name. */
void cel_heard_row(GtkWidget *child, const char *name);

/** cel_heard_dialog: before it is shown, when all answers were added: each of them is said once. */
void cel_heard_dialog(AdwMessageDialog *dialog);

/** cel_heard_drop_down: names @drop_down and the button in it, which GTK leaves without. */
void cel_heard_drop_down(GtkWidget *drop_down, const char *name);

G_END_DECLS
