/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_PATH_STOP (cel_path_stop_get_type())
/** CelPathStop: the bar with STOP, below a page and never scrolled away: seen exactly while light
 * can be on or is about to be. In field mode, where targets are high, it covers the task of the
 * shot (cel_task_cover()) as long as it is mapped. */
G_DECLARE_FINAL_TYPE(CelPathStop, cel_path_stop, CEL, PATH_STOP, GtkBox)

/** cel_path_stop_new: Returns: (transfer floating): a bar that is not seen. */
GtkWidget *cel_path_stop_new(void);

/** cel_path_stop_show: shows what @session does; @session is held weakly. */
void cel_path_stop_show(CelPathStop *bar, CelPathSession *session);

G_END_DECLS
