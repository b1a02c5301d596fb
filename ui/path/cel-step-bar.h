/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-path-view.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_STEP_BAR (cel_step_bar_get_type())
/** CelStepBar: where one is on the way: a dot a step, done, present or to come, and the present one
 * in words. */
G_DECLARE_FINAL_TYPE(CelStepBar, cel_step_bar, CEL, STEP_BAR, GtkWidget)

/** cel_step_bar_new: Returns: (transfer floating) */
GtkWidget *cel_step_bar_new(void);

/** cel_step_bar_show: @view: borrowed for the call. */
void cel_step_bar_show(CelStepBar *bar, const CelPathView *view);

G_END_DECLS
