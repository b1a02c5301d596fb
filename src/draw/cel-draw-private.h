/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of the painter; nobody else includes it. */
#pragma once

#include "draw/cel-draw-spectrum.h"

G_BEGIN_DECLS

/** CelPainter: one plot being painted. */
typedef struct {
    cairo_t *cr;
    const CelPlot *plot;
    const CelDrawPalette *palette;
    CelDrawFrame f;
    GString *texts; /* (nullable): words go here as SVG elements instead of onto @cr */
} CelPainter;

typedef enum { CEL_ALIGN_LEFT, CEL_ALIGN_CENTRE, CEL_ALIGN_RIGHT } CelAlign;

/** CelDrawWords: where words stand and how much room they have. */
typedef struct {
    double x, y;
    CelAlign align;
    double room;      /* 0: as much as they need; else they end in an ellipsis */
    gboolean upright; /* turned by a quarter: read from below; @x, @y is where they start */
} CelDrawWords;

/** cel_painter_font_size, cel_painter_mark_size, cel_painter_width: sizes in units of the context:
 * of the font, of half a symbol, of @text as it would be painted. */
double cel_painter_font_size(const CelPlot *plot);
double cel_painter_mark_size(const CelPlot *plot);
double cel_painter_width(const CelPainter *p, const char *text);

/** cel_painter_colour: sets the source. */
void cel_painter_colour(const CelPainter *p, const CelDrawColour *colour);

/** cel_painter_words: paints @text in the colour of words. */
void cel_painter_words(const CelPainter *p, const char *text, const CelDrawWords *at);

/** cel_painter_axes: frame, ticks, numbers and titles; cel_painter_grid: thin lines at the ticks.
 */
void cel_painter_axes(const CelPainter *p);
void cel_painter_grid(const CelPainter *p);

/** cel_painter_tick_counts: Returns: at most how many ticks go along x and along y. */
guint cel_painter_x_ticks(const CelPainter *p);
guint cel_painter_y_ticks(const CelPainter *p);

/** cel_painter_trace: one curve; cel_painter_trace_y: what is painted of sample @i. */
void cel_painter_trace(const CelPainter *p, const CelTrace *trace);
double cel_painter_trace_y(const CelTrace *trace, gsize i);
/** cel_painter_visible: the samples @out_first..@out_end - 1 make what is seen of @trace between
 * @x_min and @x_max, with one more at either side. Returns: FALSE when there is none. */
gboolean cel_painter_visible(const CelTrace *trace, double x_min, double x_max, gsize *out_first,
                             gsize *out_end);

/** cel_painter_symbol: the shape of a mark, half as wide as @size; cel_painter_overlay_symbol: of
 * an overlay, 1..10, in the current source. */
void cel_painter_symbol(const CelPainter *p, CelMarkKind kind, double x, double y);
void cel_painter_overlay_symbol(cairo_t *cr, guint symbol, double x, double y, double size);

/** cel_painter_marks, cel_painter_points, cel_painter_bands, cel_painter_cursor,
 * cel_painter_legend: these parts of the plot. */
void cel_painter_marks(const CelPainter *p);
void cel_painter_points(const CelPainter *p);
void cel_painter_bands(const CelPainter *p);
void cel_painter_cursor(const CelPainter *p);
void cel_painter_legend(const CelPainter *p);
/** cel_painter_legend_box: Returns: whether there is a legend, and where. */
gboolean cel_painter_legend_box(const CelPainter *p, CelDrawRect *out_box);
/** cel_painter_curve_labels: the words of curves at their ends, where the plot asks for it. */
void cel_painter_curve_labels(const CelPainter *p);

/** cel_painter_marks_room: Returns: the height above the curves that marks need. */
double cel_painter_marks_room(const CelPainter *p);

/** cel_painter_plot: cel_draw_plot() into @rect; with @texts words become SVG elements there. */
void cel_painter_plot(cairo_t *cr, const CelPlot *plot, const CelDrawRect *rect, GString *texts);

/** cel_painter_title: a line of words at the top left of a page. */
void cel_painter_title(cairo_t *cr, const CelPlot *plot, const char *title, const CelDrawRect *page,
                       GString *texts);

G_END_DECLS
