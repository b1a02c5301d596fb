/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/cel-draw-spectrum.h"
#include "plot/cel-plot-trace.h"
#include "plot/cel-plot-zoom.h"

G_BEGIN_DECLS

/** CelPlotMark: a band to be seen and pressed. Copied when handed over. */
typedef struct {
    double x;
    CelMarkKind kind;
    const char *label;  /* (nullable): shown instead of the position */
    const char *spoken; /* (nullable): translated words for it: "carbonate, matched" */
} CelPlotMark;

/** CelPlotBand: a range of x. Copied when handed over. */
typedef struct {
    double from, to;
    CelDrawBandKind kind;
    const char *label; /* (nullable): translated */
} CelPlotBand;

/** CelPlotModel: what a plot shows and which part of it; knows no widget. Thread-safe: no. */
typedef struct CelPlotModel CelPlotModel;

/** cel_plot_model_new: Returns: (transfer full): an empty plot. */
CelPlotModel *cel_plot_model_new(void);
/** cel_plot_model_copy: Returns: (transfer full): the same, sharing the curves' numbers, so that
 * another thread may write it to a file. */
CelPlotModel *cel_plot_model_copy(const CelPlotModel *model);
/** cel_plot_model_free: @model: (nullable) */
void cel_plot_model_free(CelPlotModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPlotModel, cel_plot_model_free)

/** cel_plot_model_set_traces: @traces: (nullable) (element-type CelPlotTrace): references are
 * taken. The unit of the first decides; curves on another axis are left out, never converted. What
 * was zoomed stays when the new curves lie on the same range. */
void cel_plot_model_set_traces(CelPlotModel *model, GPtrArray *traces);
/** cel_plot_model_set_live: @trace: (nullable): a reference is taken; its role is taken as live. */
void cel_plot_model_set_live(CelPlotModel *model, CelPlotTrace *trace);
/** cel_plot_model_set_marks: @marks: (nullable): @n of them, in any order; indices stay theirs. */
void cel_plot_model_set_marks(CelPlotModel *model, const CelPlotMark *marks, gsize n);
/** cel_plot_model_set_bands: @bands: (nullable): @n of them. */
void cel_plot_model_set_bands(CelPlotModel *model, const CelPlotBand *bands, gsize n);
/** cel_plot_model_set_title: @title: (nullable): translated. */
void cel_plot_model_set_title(CelPlotModel *model, const char *title);
/** cel_plot_model_set_axis_titles: @x_title, @y_title: (nullable): translated; no @x_title: from
 * the data's unit. */
void cel_plot_model_set_axis_titles(CelPlotModel *model, const char *x_title, const char *y_title);
/** cel_plot_model_set_mark_label: @text: (nullable): what a kind of marks is called in the legend
 * and when spoken. */
void cel_plot_model_set_mark_label(CelPlotModel *model, CelMarkKind kind, const char *text);
/** cel_plot_model_set_spread: each curve stands @spread heights above the one before; 0: all on one
 * ground. @normalised: each is brought to the height 1 first. */
void cel_plot_model_set_spread(CelPlotModel *model, double spread, gboolean normalised);
/** cel_plot_model_set_y_ticks: numbers beside the y axis; on in a new plot. */
void cel_plot_model_set_y_ticks(CelPlotModel *model, gboolean y_ticks);
/** cel_plot_model_highlight: @mark: an index, or -1 for none. */
void cel_plot_model_highlight(CelPlotModel *model, int mark);

/** What it holds. */
CelUnit cel_plot_model_unit(const CelPlotModel *model);
const char *cel_plot_model_title(const CelPlotModel *model);
/** cel_plot_model_x_title: Returns: (transfer none): the title of the x axis. */
const char *cel_plot_model_x_title(const CelPlotModel *model);
/** cel_plot_model_traces: (element-type CelPlotTrace): Returns: (transfer none): those shown,
 * without the live one. */
const GPtrArray *cel_plot_model_traces(const CelPlotModel *model);
/** cel_plot_model_live: Returns: (transfer none) (nullable) */
CelPlotTrace *cel_plot_model_live(const CelPlotModel *model);
/** cel_plot_model_front: Returns: (transfer none) (nullable): the curve that the cursor follows:
 * sample, else live, else the first. */
CelPlotTrace *cel_plot_model_front(const CelPlotModel *model);
/** cel_plot_model_n_left_out: Returns: how many curves have another axis. */
guint cel_plot_model_n_left_out(const CelPlotModel *model);
gsize cel_plot_model_n_marks(const CelPlotModel *model);
/** cel_plot_model_mark: Returns: (transfer none): mark @i as it was handed over. */
const CelPlotMark *cel_plot_model_mark(const CelPlotModel *model, gsize i);
/** cel_plot_model_mark_label: Returns: (transfer none) (nullable): see set_mark_label. */
const char *cel_plot_model_mark_label(const CelPlotModel *model, CelMarkKind kind);
/** cel_plot_model_mark_near: Returns: the index of the mark nearest to @x, within @within, or -1.
 */
int cel_plot_model_mark_near(const CelPlotModel *model, double x, double within);

/** cel_plot_model_shown, cel_plot_model_whole: Returns: what is seen now; what is seen when nothing
 * is zoomed. Both 0..1 without data. */
CelPlotRange cel_plot_model_shown(const CelPlotModel *model);
CelPlotRange cel_plot_model_whole(const CelPlotModel *model);
/** cel_plot_model_is_zoomed: Returns: whether they differ. */
gboolean cel_plot_model_is_zoomed(const CelPlotModel *model);
/** cel_plot_model_show: shows @range, within the limits. */
void cel_plot_model_show(CelPlotModel *model, const CelPlotRange *range);
/** cel_plot_model_remember: what is seen now can be come back to; called before a zoom or at the
 * begin of a gesture. */
void cel_plot_model_remember(CelPlotModel *model);
/** cel_plot_model_back: Returns: FALSE when nothing was remembered. */
gboolean cel_plot_model_back(CelPlotModel *model);
/** cel_plot_model_fit: shows everything. */
void cel_plot_model_fit(CelPlotModel *model);

/** CelPlotStep: where a cursor goes. */
typedef enum {
    CEL_STEP_SAMPLE,
    CEL_STEP_PEAK, /* to the next mark, or to the next band where there are no marks */
    CEL_STEP_END,
} CelPlotStep;

/** cel_plot_model_move_cursor: @direction: -1 or 1. The cursor comes up in the middle of what is
 * seen; what is seen follows it. Returns: FALSE when there is no sample or no way on. */
gboolean cel_plot_model_move_cursor(CelPlotModel *model, CelPlotStep step, int direction);
/** cel_plot_model_set_cursor: @x: NaN: none. It goes to the nearest sample of the front curve. */
void cel_plot_model_set_cursor(CelPlotModel *model, double x);
/** cel_plot_model_cursor: Returns: FALSE when there is none; else the sample's numbers. */
gboolean cel_plot_model_cursor(const CelPlotModel *model, double *out_x, double *out_y);

/** CelPlotPicture: a CelPlot with what it borrows. */
typedef struct {
    CelPlot plot;
    CelTrace *traces;
    CelMark *marks;
    CelDrawBand *bands;
    CelDrawCursor cursor;
    char *words[2]; /* owned texts */
} CelPlotPicture;

/** cel_plot_model_picture: fills @out, which borrows from @model; to be cleared with
 * cel_plot_picture_clear(). The palette is print and nothing is fast until the caller says so. */
void cel_plot_model_picture(const CelPlotModel *model, CelPlotPicture *out);
/** cel_plot_picture_clear: frees what the picture owns. */
void cel_plot_picture_clear(CelPlotPicture *picture);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelPlotPicture, cel_plot_picture_clear)

G_END_DECLS
