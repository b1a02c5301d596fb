/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-shift.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** cel_calibrate_table_new: Returns: (transfer floating): the lines of @fit with their deviations
 * before and after, limits, and what is to be said of each. */
GtkWidget *cel_calibrate_table_new(const CelShiftFit *fit);

/** cel_calibrate_words: Returns: (transfer full): what came of it in sentences: mean deviation
 * before and after, the laser, the uncertainty, where it holds and what it cannot tell. */
char *cel_calibrate_words(const CelShiftFit *fit);

G_END_DECLS
