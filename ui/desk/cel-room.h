/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

/* Small pieces that the pages of the desk share. */

/** cel_room_heading, cel_room_note: Returns: (transfer floating): a wrapped label; a note is dim.
 */
GtkWidget *cel_room_heading(const char *text);
GtkWidget *cel_room_note(const char *text);

/** cel_room_row: @subtitle: (nullable). Returns: (transfer floating): an AdwActionRow whose texts
 * are no markup, of any length. */
GtkWidget *cel_room_row(const char *title, const char *subtitle);

/** cel_room_icon_button: Returns: (transfer floating): a flat button that shows @icon and is called
 * @label to everybody who does not see it. */
GtkWidget *cel_room_icon_button(const char *icon, const char *label);

/** cel_room_back_button: Returns: (transfer floating): leads from a thing back to the list of all,
 * where the two do not fit beside each other. */
GtkWidget *cel_room_back_button(const char *label);

/** cel_room_list: @label: (nullable): its accessible name. Returns: (transfer floating): a boxed
 * GtkListBox. */
GtkWidget *cel_room_list(const char *label);
/** cel_room_clear: takes every row out. */
void cel_room_clear(GtkListBox *list);
/** cel_room_empty: takes every child out of @box. */
void cel_room_empty(GtkBox *box);

/** cel_room_scrolled: Returns: (transfer floating): @child, clamped to @width, in a window that
 * scrolls down only. */
GtkWidget *cel_room_scrolled(GtkWidget *child, int width);

/** cel_room_show_over: gives @window its size, @width x @height or what the window of @widget has,
 * and shows it over that. */
void cel_room_show_over(GtkWindow *window, GtkWidget *widget, int width, int height);

/** cel_room_line: Returns: (transfer floating): a line of buttons that scrolls sideways where it
 * does not fit; @out_box: where they go. */
GtkWidget *cel_room_line(GtkBox **out_box);

/** CelRoomDrop: @paths: (transfer none) (element-type filename): what was dropped. */
typedef void (*CelRoomDrop)(gpointer owner, GPtrArray *paths);
/** cel_room_take_drops: files that are dropped on @widget go to @drop. */
void cel_room_take_drops(GtkWidget *widget, CelRoomDrop drop, gpointer owner);

/** CelRoomChosen: @path: (transfer none): what the user chose. Not called when nothing was. */
typedef void (*CelRoomChosen)(gpointer owner, const char *path);
/** CelRoomChoice: what a file dialog asks for. */
typedef struct {
    const char *title;  /* translated */
    const char *accept; /* translated: the button's word */
    GtkFileChooserAction action;
    const char *name; /* (nullable): of a file to be written */
    CelRoomChosen chosen;
} CelRoomChoice;
/** cel_room_choose: shows the dialog over the window of @owner, a widget. */
void cel_room_choose(GtkWidget *owner, const CelRoomChoice *choice);

G_END_DECLS
