/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-spectrum.h"

#include <cairo.h>

G_BEGIN_DECLS

/** CelTrace: one curve. */
typedef struct {
    const double *x, *y; /* @n points, x increasing */
    gsize n;
    const char *label;
    double red, green, blue, width; /* 0..1, points */
    gboolean dashed, fill_below;
} CelTrace;

/** CelMark: a tick with a number at a position. */
typedef struct {
    double x;
    enum { CEL_MARK_MATCHED, CEL_MARK_MISSING, CEL_MARK_EXTRA } kind;
} CelMark;

typedef struct {
    const CelTrace *traces;
    gsize n_traces;
    const CelMark *marks;
    gsize n_marks;
    const char *x_label, *y_label;
    double x_min, x_max; /* equal: from the traces */
    const char *font;    /* (nullable): Pango family list */
} CelPlot;

/**
 * cel_draw_plot:
 * Paints @plot into the rectangle, in the context's units (points on paper). Line styles and marker
 * shapes differ, so that it reads in grey. Peak-preserving decimation. The one painter of window,
 * PNG, SVG and PDF. Thread-safe: per @cr.
 */
void cel_draw_plot(cairo_t *cr, const CelPlot *plot, double x, double y, double width,
                   double height);

G_END_DECLS
