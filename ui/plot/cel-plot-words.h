/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/cel-plot-model.h"

G_BEGIN_DECLS

/** cel_plot_unit_title, cel_plot_unit_short: Returns: (transfer none): the axis in words, "Raman
 * shift (cm⁻¹)", and the unit alone, "cm⁻¹"; translated. Thread-safe: yes. */
const char *cel_plot_unit_title(CelUnit unit);
const char *cel_plot_unit_short(CelUnit unit);

/** cel_plot_x_text: Returns: (transfer full): a position with its unit and as many digits as make
 * sense, "1001.3 cm⁻¹". Thread-safe: yes. */
char *cel_plot_x_text(CelUnit unit, double x);
/** cel_plot_y_text: Returns: (transfer full): an intensity with five digits. Thread-safe: yes. */
char *cel_plot_y_text(double y);

/** cel_plot_read_out: Returns: (transfer full) (nullable): what stands beside the cursor; NULL
 * without one. */
char *cel_plot_read_out(const CelPlotModel *model);

/** cel_plot_summary: @extra: (nullable): further words at the end. Returns: (transfer full): the
 * plot as one says it: what, from where to where, strongest band, marks, cursor. */
char *cel_plot_summary(const CelPlotModel *model, const char *extra);

/** cel_plot_language: Returns: (transfer none): the language of the words, for the painter: "zh-cn"
 * or "en". Thread-safe: yes. */
const char *cel_plot_language(void);

G_END_DECLS
