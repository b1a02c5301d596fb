/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-path-view.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_SPOTS (cel_spots_get_type())
/** CelSpots: the spots of an exhibit: a large disc a spot, good, not good or to come, told apart by
 * mark and not by colour; below, how many agree, in words. */
G_DECLARE_FINAL_TYPE(CelSpots, cel_spots, CEL, SPOTS, GtkWidget)

/** cel_spots_new: Returns: (transfer floating) */
GtkWidget *cel_spots_new(void);

/** cel_spots_show: @view: borrowed for the call. */
void cel_spots_show(CelSpots *spots, const CelPathView *view);

G_END_DECLS
