/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/cel-plot-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_PLOT_VIEW (cel_plot_view_get_type())
/**
 * CelPlotView: a plot to look at, zoom into and step through. Main loop only.
 *
 * Wheel: zoom at the pointer; with Ctrl: height only. Drag: move; with Shift: zoom to a rectangle.
 * Pinch: zoom. Double click: everything. Keys: + - 0, up and down: height, left and right: cursor
 * by samples, with Shift by marks or bands, Home, End, Enter: the mark at the cursor, Backspace:
 * zoom before. Right click, long press, Menu key: a menu with all of it, copies and export.
 * Each is an action too: plot.zoom-in, .zoom-out, .fit, .back, .taller, .lower, .copy-picture,
 * .copy-values, .export, .menu, .cursor-left, .cursor-right, .previous-mark, .next-mark,
 * .activate-mark.
 *
 * Colours follow the theme (light, dark; class "day" of the window or high contrast); copies and
 * exports are on white. Its accessible description says in words what it shows.
 *
 * Signals: "cursor-moved" (double x; NaN: gone), "mark-activated" (guint index), "range-selected"
 * (double from, double to), "exported" (char *path).
 */
G_DECLARE_FINAL_TYPE(CelPlotView, cel_plot_view, CEL, PLOT_VIEW, GtkWidget)

/** cel_plot_view_new: Returns: (transfer floating): an empty plot. */
GtkWidget *cel_plot_view_new(void);

/** cel_plot_view_set_traces: @traces: (nullable) (element-type CelPlotTrace): references are taken;
 * see cel_plot_model_set_traces(). */
void cel_plot_view_set_traces(CelPlotView *view, GPtrArray *traces);

/** cel_plot_view_set_live: @trace: (nullable): a reference is taken; painted over the others as
 * often as it is set, at most once a frame. */
void cel_plot_view_set_live(CelPlotView *view, CelPlotTrace *trace);

/** cel_plot_view_set_marks: @marks: (nullable): @n of them, copied; "mark-activated" tells their
 * index. Nothing is highlighted then. */
void cel_plot_view_set_marks(CelPlotView *view, const CelPlotMark *marks, gsize n);

/** cel_plot_view_set_mark_label: @text: (nullable): translated; what a kind of marks is called in
 * the legend and when spoken. */
void cel_plot_view_set_mark_label(CelPlotView *view, CelMarkKind kind, const char *text);

/** cel_plot_view_highlight_mark: @index: -1 for none. */
void cel_plot_view_highlight_mark(CelPlotView *view, int index);

/** cel_plot_view_set_bands: @bands: (nullable): @n ranges, copied. */
void cel_plot_view_set_bands(CelPlotView *view, const CelPlotBand *bands, gsize n);

/** cel_plot_view_set_title: @title: (nullable): translated; the accessible name, and the line above
 * an export. */
void cel_plot_view_set_title(CelPlotView *view, const char *title);

/** cel_plot_view_set_axis_titles: @x_title: (nullable): NULL: from the data's own unit; @y_title:
 * (nullable): translated. */
void cel_plot_view_set_axis_titles(CelPlotView *view, const char *x_title, const char *y_title);

/** cel_plot_view_set_y_ticks: numbers beside the y axis; on by default. */
void cel_plot_view_set_y_ticks(CelPlotView *view, gboolean y_ticks);

/** cel_plot_view_set_spread: see cel_plot_model_set_spread(). */
void cel_plot_view_set_spread(CelPlotView *view, double spread, gboolean normalised);

/** cel_plot_view_set_spoken: @text: (nullable): translated words that end the spoken summary. */
void cel_plot_view_set_spoken(CelPlotView *view, const char *text);

/** cel_plot_view_set_controls: the buttons beside the plot; on by default. Everything they do is in
 * the menu and on keys too. */
void cel_plot_view_set_controls(CelPlotView *view, gboolean controls);

/** cel_plot_view_set_selecting: while TRUE a drag selects a range ("range-selected") instead of
 * moving the plot. */
void cel_plot_view_set_selecting(CelPlotView *view, gboolean selecting);

/** cel_plot_view_set_cursor: @x: NaN: none; goes to the nearest sample and is told to nobody. */
void cel_plot_view_set_cursor(CelPlotView *view, double x);

/** cel_plot_view_link: @below: a plot that stands under @view and shares its x axis, such as a
 * residual: zoom, cursor and the left edge go together, exports show both. */
void cel_plot_view_link(CelPlotView *view, CelPlotView *below);

/** cel_plot_view_model: Returns: (transfer none): what it shows; to be looked at, not changed. */
const CelPlotModel *cel_plot_view_model(CelPlotView *view);

/** cel_plot_view_frame: @out_frame: where numbers land in the widget. Returns: FALSE before it was
 * painted, or without data. */
gboolean cel_plot_view_frame(CelPlotView *view, CelDrawFrame *out_frame);

/** cel_plot_view_zoom_at: zooms around the widget's point @x, @y. */
void cel_plot_view_zoom_at(CelPlotView *view, double x, double y, double x_factor, double y_factor);

/** cel_plot_view_save: writes picture or values to @path, whose ending decides, on a worker and on
 * white; "exported" tells when it is there, a dialog when it failed. */
void cel_plot_view_save(CelPlotView *view, const char *path);

/** cel_plot_view_summary: Returns: (transfer full): what is spoken of it. */
char *cel_plot_view_summary(CelPlotView *view);

G_END_DECLS
