/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_WINDOW (cel_window_get_type())
/** CelWindow: sidebar, pages, status strip, what runs. */
G_DECLARE_FINAL_TYPE(CelWindow, cel_window, CEL, WINDOW, AdwApplicationWindow)

/** cel_window_new: @desk: (transfer none). Returns: (transfer floating): shows the page that fits:
 * welcome without a lab, sign-in with one. */
CelWindow *cel_window_new(GtkApplication *application, CelDesk *desk);

/** cel_window_desk: Returns: (transfer none) */
CelDesk *cel_window_desk(CelWindow *window);

/** cel_window_mode, cel_window_set_mode: what the window looks like and which pages it offers; set
 * by the role of who signs in and by the settings. */
CelMode cel_window_mode(CelWindow *window);
void cel_window_set_mode(CelWindow *window, CelMode mode);

/** cel_window_show: see cel_page_show(). Returns: FALSE when there is no such page or the present
 * one may not be left. */
gboolean cel_window_show(CelWindow *window, const char *id, const char *what, GObject *thing);

/** cel_window_home: the first page of the mode, or sign-in while nobody is. */
void cel_window_home(CelWindow *window);

/** cel_window_back: see cel_page_back(). */
void cel_window_back(CelWindow *window);

/** cel_window_page: Returns: (transfer none) (nullable): the page in view; @out_id: (optional). */
CelPage *cel_window_page(CelWindow *window, const char **out_id);

/** cel_window_open_file: a file that was dropped or double-clicked: goes to the page for its kind
 * (a sealed file: the archive; a library: the libraries; anything else: the import). */
void cel_window_open_file(CelWindow *window, const char *path);

/** cel_window_open_files: several: the import takes them together. @paths: (element-type filename).
 */
void cel_window_open_files(CelWindow *window, const GPtrArray *paths);

/** cel_window_say, cel_window_fail: see cel_page_say(), cel_page_fail(). */
void cel_window_say(CelWindow *window, const char *text);
void cel_window_fail(CelWindow *window, const GError *error);

G_END_DECLS
