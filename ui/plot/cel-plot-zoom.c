/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/cel-plot-zoom.h"

#include <math.h>

static const double DEEPEST = 1e-5, FARTHEST_Y = 4.0;

/* A span between the deepest zoom and @most; @out_min and @out_max keep their middle. */
static void limit_span(double *min, double *max, double whole, double most)
{
    if (*min > *max) {
        const double swap = *min;
        *min = *max;
        *max = swap;
    }
    const double middle = 0.5 * (*min + *max);
    const double span = CLAMP(*max - *min, DEEPEST * whole, most);
    if (span != *max - *min) { /* rounding must not move a range that is within its limits */
        *min = middle - 0.5 * span;
        *max = middle + 0.5 * span;
    }
}

static void keep_within(double *min, double *max, double low, double high)
{
    const double span = *max - *min;
    if (*min < low) {
        *min = low;
        *max = low + span;
    } else if (*max > high) {
        *max = high;
        *min = high - span;
    }
}

CelPlotRange cel_plot_range_clamp(const CelPlotRange *range, const CelPlotRange *whole)
{
    CelPlotRange out = *range;
    const double wide = whole->x_max - whole->x_min, high = whole->y_max - whole->y_min;
    limit_span(&out.x_min, &out.x_max, wide, wide);
    keep_within(&out.x_min, &out.x_max, whole->x_min, whole->x_max);
    limit_span(&out.y_min, &out.y_max, high, FARTHEST_Y * high);
    const double half = 0.5 * (out.y_max - out.y_min);
    keep_within(&out.y_min, &out.y_max, whole->y_min - half, whole->y_max + half);
    return out;
}

CelPlotRange cel_plot_range_zoom(const CelPlotRange *range, const CelPlotRange *whole,
                                 const CelPlotZoom *zoom)
{
    const CelPlotRange out = {
        .x_min = zoom->x - (zoom->x - range->x_min) / zoom->x_factor,
        .x_max = zoom->x + (range->x_max - zoom->x) / zoom->x_factor,
        .y_min = zoom->y - (zoom->y - range->y_min) / zoom->y_factor,
        .y_max = zoom->y + (range->y_max - zoom->y) / zoom->y_factor,
    };
    return cel_plot_range_clamp(&out, whole);
}

CelPlotRange cel_plot_range_pan(const CelPlotRange *range, const CelPlotRange *whole, double dx,
                                double dy)
{
    const CelPlotRange out = {range->x_min + dx, range->x_max + dx, range->y_min + dy,
                              range->y_max + dy};
    return cel_plot_range_clamp(&out, whole);
}

CelPlotRange cel_plot_range_pinch(const CelPlotRange *begin, const CelPlotRange *whole,
                                  double scale, const double from[2], const double to[2])
{
    const double s = isfinite(scale) && scale > 0.0 ? scale : 1.0;
    const CelPlotRange out = {
        .x_min = from[0] - (to[0] - begin->x_min) / s,
        .x_max = from[0] + (begin->x_max - to[0]) / s,
        .y_min = begin->y_min,
        .y_max = begin->y_max,
    };
    return cel_plot_range_clamp(&out, whole);
}

gboolean cel_plot_range_equal(const CelPlotRange *a, const CelPlotRange *b)
{
    const double x = 1e-9 * fabs(a->x_max - a->x_min), y = 1e-9 * fabs(a->y_max - a->y_min);
    return fabs(a->x_min - b->x_min) <= x && fabs(a->x_max - b->x_max) <= x &&
           fabs(a->y_min - b->y_min) <= y && fabs(a->y_max - b->y_max) <= y;
}

double cel_plot_nice_height(double value)
{
    static const double steps[] = {1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0};
    if (!(value > 0.0) || !isfinite(value))
        return 1.0;
    const double decade = pow(10.0, floor(log10(value)));
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        if (steps[i] * decade >= value * (1.0 - 1e-12))
            return steps[i] * decade;
    return 10.0 * decade;
}
