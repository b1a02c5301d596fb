/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelPlotRange: what is seen of a plot, in its own units. */
typedef struct {
    double x_min, x_max, y_min, y_max;
} CelPlotRange;

/** CelPlotZoom: by how much and where; factor 2 shows half as much, 1 leaves it. */
typedef struct {
    double x, y; /* stays where it is */
    double x_factor, y_factor;
} CelPlotZoom;

/** cel_plot_range_zoom: Returns: @range enlarged around a point, never beyond @whole along x, never
 * to less than a 100,000th of it. Thread-safe: yes. */
CelPlotRange cel_plot_range_zoom(const CelPlotRange *range, const CelPlotRange *whole,
                                 const CelPlotZoom *zoom);

/** cel_plot_range_pan: Returns: @range moved by @dx and @dy in its units; along x it stops at the
 * ends of @whole, along y half of it stays in sight. Thread-safe: yes. */
CelPlotRange cel_plot_range_pan(const CelPlotRange *range, const CelPlotRange *whole, double dx,
                                double dy);

/** cel_plot_range_clamp: Returns: @range put in order and into the limits of both above.
 * Thread-safe: yes. */
CelPlotRange cel_plot_range_clamp(const CelPlotRange *range, const CelPlotRange *whole);

/** cel_plot_range_pinch: Returns: what a pinch makes of @begin, the range when the fingers came
 * down with @from between them: @scale times as large, with what was between them now at @to.
 * All in units of the plot as @begin shows them. Thread-safe: yes. */
CelPlotRange cel_plot_range_pinch(const CelPlotRange *begin, const CelPlotRange *whole,
                                  double scale, const double from[2], const double to[2]);

/** cel_plot_range_equal: Returns: TRUE when both show the same. Thread-safe: yes. */
gboolean cel_plot_range_equal(const CelPlotRange *a, const CelPlotRange *b);

/** cel_plot_nice_height: Returns: the least of 1, 1.5, 2, 3, 5, 7, 10 times a power of ten that is
 * not below @value; 1 for 0 and less. Thread-safe: yes. */
double cel_plot_nice_height(double value);

G_END_DECLS
