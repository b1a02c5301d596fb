/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_WORK_PICKER (cel_work_picker_get_type())
/** CelWorkPicker: a button that opens a list, of which one is picked: for more than a menu
 * holds. */
G_DECLARE_FINAL_TYPE(CelWorkPicker, cel_work_picker, CEL, WORK_PICKER, GtkWidget)

/** CelWorkPicked: @index: in the order they were added. */
typedef void (*CelWorkPicked)(gpointer owner, guint index);

/** cel_work_picker_new: @icon: (nullable); @owner: held weakly. Returns: (transfer floating). */
GtkWidget *cel_work_picker_new(const char *label, const char *icon, CelWorkPicked picked,
                               GObject *owner);

/** cel_work_picker_add: a row; @detail: under it. */
void cel_work_picker_add(CelWorkPicker *picker, const char *title, const char *detail);

/** CelWorkChosen: @path: a file. */
typedef void (*CelWorkChosen)(gpointer owner, const char *path);

/** cel_work_choose_file: asks for a file to open, or with @save for one to write; @name:
 * (nullable): suggested. @owner: a widget; @chosen is not called when it is gone or nothing was
 * chosen. */
void cel_work_choose_file(GtkWidget *owner, gboolean save, const char *name, CelWorkChosen chosen);

G_END_DECLS
