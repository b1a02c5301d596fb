/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_STATUS_STRIP (cel_status_strip_get_type())
/** CelStatusStrip: what holds now: instrument, laser as read back, last check and its age, who
 * works, clock, disk; above it what runs, each with a button that stops it. */
G_DECLARE_FINAL_TYPE(CelStatusStrip, cel_status_strip, CEL, STATUS_STRIP, AdwBin)

/** cel_status_strip_new: @desk: (transfer none). Returns: (transfer floating). */
GtkWidget *cel_status_strip_new(CelDesk *desk);

/** cel_status_strip_lend: shows what holds now at the end of @to, a box that outlives the strip or
 * lends it back before; @to: (nullable): NULL: in the strip again. What runs stays in the strip. */
void cel_status_strip_lend(CelStatusStrip *strip, GtkBox *to);

G_END_DECLS
