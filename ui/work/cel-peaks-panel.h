/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-peaks.h"
#include "work/cel-work-tool.h"

G_BEGIN_DECLS

#define CEL_TYPE_PEAKS_PANEL (cel_peaks_panel_get_type())
/** CelPeaksPanel: the bands of the current spectrum, after the recipe, fitted: the numbers of
 * `celadon peaks`. */
G_DECLARE_FINAL_TYPE(CelPeaksPanel, cel_peaks_panel, CEL, PEAKS_PANEL, CelWorkTool)

/** cel_peaks_panel_fit: on a worker; in the range that was chosen, else everywhere. */
void cel_peaks_panel_fit(CelPeaksPanel *panel);

/** cel_peaks_panel_set_range: @from, @to: in the spectrum's unit; equal: everywhere. Fits anew. */
void cel_peaks_panel_set_range(CelPeaksPanel *panel, double from, double to);

/** cel_peaks_panel_peaks: Returns: (transfer none) (nullable) (element-type CelPeak): as fitted. */
const GArray *cel_peaks_panel_peaks(CelPeaksPanel *panel);

/** cel_peaks_panel_table: Returns: (transfer full): all numbers, tab between, a line a band, as it
 * is copied. */
char *cel_peaks_panel_table(CelPeaksPanel *panel);

G_END_DECLS
