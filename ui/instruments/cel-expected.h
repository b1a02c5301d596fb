/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-standard.h"
#include "plot/cel-plot-view.h"

G_BEGIN_DECLS

/* What a good scan of a standard looks like: its accepted bands at their places, each as wide as a
 * handheld shows them. A picture to compare with, no data. */

/* A handheld's own width, about 8 to 10 cm-1 (makers' data sheets), on top of narrow bands. */
#define CEL_EXPECTED_FWHM_CM1 9.0

/** CelExpectedBand: a band of the picture. */
typedef struct {
    double shift_cm1, height;
} CelExpectedBand;

/** cel_expected_curve: @bands: @n of them, at least one, by position. Returns: (transfer full):
 * what a handheld would show of them, as a curve. */
CelPlotTrace *cel_expected_curve(const CelExpectedBand *bands, gsize n, const char *label);

/** cel_expected_trace: @standard: of kind CEL_STANDARD_SHIFT. Returns: (transfer full): the picture
 * as a curve of height 1. */
CelPlotTrace *cel_expected_trace(const CelStandard *standard);

/** cel_expected_add_plot: Returns: (transfer none): an empty plot of a dialog's size, put
 * into @box. */
CelPlotView *cel_expected_add_plot(GtkBox *box, const char *title);

/** cel_expected_show: puts the picture and, when there is one, @scan (nullable) over it, into
 * @view, with the accepted places of the check as marks. */
void cel_expected_show(CelPlotView *view, const CelStandard *standard, CelPlotTrace *scan);

G_END_DECLS
