/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_PATH_ASIDE (cel_path_aside_get_type())
/** CelPathAside: a measured spot is set aside: which one, why (one of a short list), who agrees.
 * Folded away behind a button until it is wanted. Signal "folded": it was unfolded or folded by
 * hand. */
G_DECLARE_FINAL_TYPE(CelPathAside, cel_path_aside, CEL, PATH_ASIDE, AdwBin)

/** cel_path_aside_new: @session: (transfer none). Returns: (transfer floating). */
GtkWidget *cel_path_aside_new(CelPathSession *session);

/** cel_path_aside_show: @view: borrowed; invisible while no good spot is there to be set aside. */
void cel_path_aside_show(CelPathAside *aside, const CelPathView *view);

/** cel_path_aside_is_open: Returns: whether the questions are in view. */
gboolean cel_path_aside_is_open(CelPathAside *aside);

G_END_DECLS
