/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/cel-draw-frame.h"
#include "draw/cel-draw-palette.h"
#include "spectrum/cel-spectrum.h"

#include <cairo.h>

G_BEGIN_DECLS

/** CelTrace: one curve. */
typedef struct {
    const double *x, *y; /* @n points, x increasing; NaN in y breaks the line */
    gsize n;
    const guint8 *mask; /* (nullable): bits of CelMask; saturated samples are painted as such */
    const char *label;
    double red, green, blue, width; /* CEL_TRACE_OWN: colour 0..1, width in units of the context */
    gboolean dashed;                /* likewise */
    gboolean fill_below;            /* likewise: light fill down to y = 0 */
    CelTraceRole role;
    double scale, offset; /* painted is scale * y + offset; scale 0 is 1 */
} CelTrace;

typedef enum {
    CEL_MARK_MATCHED, /* filled triangle */
    CEL_MARK_MISSING, /* open circle */
    CEL_MARK_EXTRA,   /* cross */
    CEL_MARK_PEAK,    /* filled diamond */
    CEL_MARK_LINE,    /* upright stroke: a line of a standard */
    CEL_MARK_UNSEEN,  /* open square: outside what was measured or masked */
    CEL_N_MARKS,
} CelMarkKind;

/** CelMark: a symbol with its position in numbers, above the curves. */
typedef struct {
    double x;
    CelMarkKind kind;
    const char *label;    /* (nullable): instead of the position */
    gboolean highlighted; /* larger, with a line down through the curves */
} CelMark;

/** CelPoint: a symbol in the plane of the curves, with a bar of its uncertainty. */
typedef struct {
    double x, y, u; /* bar from y - u to y + u; u 0: none */
    CelMarkKind kind;
} CelPoint;

typedef enum {
    CEL_BAND_SELECTED, /* tinted, with lines at its ends */
    CEL_BAND_MASKED,   /* hatched: carries no weight */
    CEL_N_BANDS,
} CelDrawBandKind;

/** CelDrawBand: a range of x, over the whole height. */
typedef struct {
    double from, to;
    CelDrawBandKind kind;
    const char *label; /* (nullable) */
} CelDrawBand;

/** CelDrawCursor: a line at @x, a ring at @y (NaN: none), @text in a box beside the line. */
typedef struct {
    double x, y;
    const char *text; /* (nullable) */
} CelDrawCursor;

/** CelPlot: everything that is painted; all borrowed. Zero is a sound value for each field. */
typedef struct CelPlot CelPlot;
struct CelPlot {
    const CelTrace *traces;
    gsize n_traces;
    const CelMark *marks; /* by x, increasing */
    gsize n_marks;
    const CelPoint *points;
    gsize n_points;
    const CelDrawBand *bands;
    gsize n_bands;
    const CelDrawCursor *cursor; /* (nullable) */
    const CelPlot *below;        /* (nullable): a second, lower panel on the same x axis */
    const char *title;           /* (nullable): a line above the marks */
    gboolean y_ticks;            /* numbers beside the y axis: where its values say something */
    gboolean label_curves;       /* words stand at the curves' right ends, not in the legend */
    gboolean grid;               /* thin lines at the ticks */
    gboolean ground;             /* the palette's paper is painted behind the curves */
    gboolean fast;   /* coarser edges, noisy curves as columns: for what is redrawn all the time */
    gboolean coarse; /* every curve as columns: while many of them move */
    const char *x_label, *y_label;
    const char *mark_labels[CEL_N_MARKS]; /* (nullable) entries: words for the legend */
    const char *saturated_label;          /* (nullable): likewise, shown where there are such */
    double x_min, x_max;                  /* equal: from traces and points */
    double y_min, y_max;                  /* equal: from what lies between x_min and x_max */
    CelPaletteId palette;
    const char *font;     /* (nullable): Pango family list */
    double font_size;     /* units of the context, 0: 8 */
    double mark_size;     /* half a symbol in units of the context, 0: 2.6 */
    const char *language; /* (nullable): "zh-cn", "en": decides which shapes of characters */
};

/** Bits: the parts of a plot, from the ground up. */
typedef enum {
    CEL_LAYER_GROUND = 1 << 0, /* paper, grid, bands, axes with their words */
    CEL_LAYER_CURVES = 1 << 1, /* all but those of CEL_TRACE_LIVE, and the points */
    CEL_LAYER_MARKS = 1 << 2,
    CEL_LAYER_LEGEND = 1 << 3,
    CEL_LAYER_LIVE = 1 << 4, /* curves of CEL_TRACE_LIVE */
    CEL_LAYER_CURSOR = 1 << 5,
    CEL_LAYER_ALL = (1 << 6) - 1,
} CelDrawLayer;

/**
 * cel_draw_plot:
 * Paints @plot into the rectangle, in the context's units (points on paper). Line styles and marker
 * shapes differ, so that it reads in grey. Long curves keep every extreme: each column of half a
 * unit shows its minimum and maximum. The legend stands where it covers no curve, if there is such
 * a place. The one painter of window, PNG, SVG and PDF.
 * Thread-safe: per @cr.
 */
void cel_draw_plot(cairo_t *cr, const CelPlot *plot, double x, double y, double width,
                   double height);

/**
 * cel_draw_layout:
 * @cr: nothing is painted; words are measured with its font settings
 * @rect: where the plot shall stand; @plot's lower panel is not counted
 * Returns: TRUE and @out_frame: ranges and area as cel_draw_layers() takes them; FALSE when there
 *   is no range of x to show. Thread-safe: per @cr.
 */
gboolean cel_draw_layout(cairo_t *cr, const CelPlot *plot, const CelDrawRect *rect,
                         CelDrawFrame *out_frame);

/** cel_draw_layers: paints the parts @layers (bits of CelDrawLayer) of @plot on @frame, which
 * cel_draw_layout() gave; the lower panel is not painted. Thread-safe: per @cr. */
void cel_draw_layers(cairo_t *cr, const CelPlot *plot, const CelDrawFrame *frame, guint layers);

/** cel_draw_y_range: what cel_draw_layout() takes for the height when the plot does not say: the
 * extremes between @x_min and @x_max, 0, and a little room above. Returns: FALSE when nothing lies
 * there; the range is then 0..1. Thread-safe: yes. */
gboolean cel_draw_y_range(const CelPlot *plot, double x_min, double x_max, double *out_min,
                          double *out_max);

G_END_DECLS
