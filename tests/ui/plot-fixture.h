/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/cel-plot-view.h"

G_BEGIN_DECLS

/* Plots with made spectra, the same every time. */

enum { PLOT_FIXTURE_N = 2048 };

/** plot_fixture_styles: loads the window's style sheets without an application. */
void plot_fixture_styles(void);

/** plot_fixture_trace: Returns: (transfer full): polystyrene-like bands, @variant moves and mixes
 * them; @noise in counts of 20,000; in @unit. */
CelPlotTrace *plot_fixture_trace(CelTraceRole role, guint variant, double noise, CelUnit unit);

/** plot_fixture_live: Returns: (transfer full): frame number @frame of a live curve. */
CelPlotTrace *plot_fixture_live(guint frame, double noise);

/** plot_fixture_many: ten overlays. */
void plot_fixture_many(CelPlotView *view);

/** plot_fixture_sample: sample with saturated samples over its reference, marks and bands. */
void plot_fixture_sample(CelPlotView *view);

/** plot_fixture_pair: Returns: (transfer floating): plot_fixture_sample() with its residual under
 * it, linked; plot_fixture_view(): Returns: (transfer none): the upper plot of either. */
GtkWidget *plot_fixture_pair(void);
GtkWidget *plot_fixture_view(GtkWidget *content);

G_END_DECLS
