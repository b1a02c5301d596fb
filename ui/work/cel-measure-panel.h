/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "work/cel-work-tool.h"

G_BEGIN_DECLS

#define CEL_TYPE_MEASURE_PANEL (cel_measure_panel_get_type())
/** CelMeasurePanel: the instrument at the bench: live view, its settings, a measurement into the
 * session. Nothing here becomes evidence: that is the measuring path. */
G_DECLARE_FINAL_TYPE(CelMeasurePanel, cel_measure_panel, CEL, MEASURE_PANEL, CelWorkTool)

/** cel_measure_panel_toggle_live: starts the live view, or ends it. */
void cel_measure_panel_toggle_live(CelMeasurePanel *panel);

/** cel_measure_panel_measure: takes a measurement, after the live view ended. */
void cel_measure_panel_measure(CelMeasurePanel *panel);

/** cel_measure_panel_stop: Returns: whether something ran; then the laser goes off at once. */
gboolean cel_measure_panel_stop(CelMeasurePanel *panel);

/** cel_measure_panel_is_live: Returns: whether frames come. */
gboolean cel_measure_panel_is_live(CelMeasurePanel *panel);

/** cel_measure_panel_seen: Returns: the number of the frame that was shown last, 0: none. */
guint64 cel_measure_panel_seen(CelMeasurePanel *panel);

G_END_DECLS
