/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-spectrum.h"

#include <cairo.h>

G_BEGIN_DECLS

/** CelTrace: one curve. */
typedef struct {
    const double *x, *y; /* @n points, x increasing; NaN in y breaks the line */
    gsize n;
    const char *label;
    double red, green, blue, width; /* colour 0..1; line width in units of the context */
    gboolean dashed;
    gboolean fill_below; /* light fill down to y = 0 */
} CelTrace;

typedef enum {
    CEL_MARK_MATCHED, /* filled triangle */
    CEL_MARK_MISSING, /* open circle */
    CEL_MARK_EXTRA,   /* cross */
    CEL_N_MARKS,
} CelMarkKind;

/** CelMark: a tick with its position in numbers, above the curves. */
typedef struct {
    double x;
    CelMarkKind kind;
} CelMark;

/** CelPoint: a symbol in the plane of the curves, with a bar of its uncertainty. */
typedef struct {
    double x, y, u; /* bar from y - u to y + u; u 0: none */
    CelMarkKind kind;
} CelPoint;

/** CelPlot: everything that is painted; all borrowed. */
typedef struct {
    const CelTrace *traces;
    gsize n_traces;
    const CelMark *marks;
    gsize n_marks;
    const CelPoint *points;
    gsize n_points;
    gboolean y_ticks; /* numbers beside the y axis: where its values say something */
    const char *x_label, *y_label;
    const char *mark_labels[CEL_N_MARKS]; /* (nullable) entries: words for the legend */
    double x_min, x_max;                  /* equal: from traces and points */
    const char *font;                     /* (nullable): Pango family list */
    double font_size;                     /* units of the context, 0: 8 */
} CelPlot;

/**
 * cel_draw_plot:
 * Paints @plot into the rectangle, in the context's units (points on paper). Line styles and marker
 * shapes differ, so that it reads in grey. Long curves keep every extreme: each column of half a
 * unit shows its minimum and maximum. The one painter of window, PNG, SVG and PDF.
 * Thread-safe: per @cr.
 */
void cel_draw_plot(cairo_t *cr, const CelPlot *plot, double x, double y, double width,
                   double height);

/**
 * cel_draw_ticks:
 * @min, @max: finite, @min < @max
 * @wanted: about how many ticks, 2..20
 * @out_first: the first tick at or above @min
 * Returns: the spacing: 1, 2 or 5 times a power of ten, so that @min..@max holds at most @wanted
 *   and at least a fifth as many. Thread-safe: yes.
 */
double cel_draw_ticks(double min, double max, guint wanted, double *out_first);

G_END_DECLS
