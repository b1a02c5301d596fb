/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_PREVIEW_VIEW (cel_preview_view_get_type())
/** CelPreviewView: what a file is, before anybody decides what to do with it: format, kind, axis
 * and unit, number of points, laser, what was guessed, warnings, first rows, the curve. */
G_DECLARE_FINAL_TYPE(CelPreviewView, cel_preview_view, CEL, PREVIEW_VIEW, AdwBin)

/** cel_preview_view_new: Returns: (transfer floating): empty. */
GtkWidget *cel_preview_view_new(void);

/** cel_preview_view_look: reads the file (in the jail, off the main loop) and shows what it is;
 * what was asked for before is forgotten. @path: (nullable): nothing; @laser_nm: 0: as the file
 * says. */
void cel_preview_view_look(CelPreviewView *view, CelDesk *desk, const char *path, double laser_nm);

G_END_DECLS
