/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelDrawRect: a rectangle in units of the context. */
typedef struct {
    double x, y, width, height;
} CelDrawRect;

/** CelDrawFrame: where the numbers of a plot land; what hits are tested with. */
typedef struct {
    CelDrawRect outer;               /* all of the plot, with its axes */
    double left, top, width, height; /* the area of the curves */
    double x_min, x_max, y_min, y_max;
} CelDrawFrame;

/** cel_draw_frame_x, cel_draw_frame_y: Returns: the place of a value, which may lie outside the
 * area. Thread-safe: yes. */
double cel_draw_frame_x(const CelDrawFrame *frame, double x);
double cel_draw_frame_y(const CelDrawFrame *frame, double y);

/** cel_draw_frame_data_x, cel_draw_frame_data_y: Returns: the value at a place; the inverse of
 * cel_draw_frame_x() and cel_draw_frame_y(). Thread-safe: yes. */
double cel_draw_frame_data_x(const CelDrawFrame *frame, double place);
double cel_draw_frame_data_y(const CelDrawFrame *frame, double place);

/** cel_draw_frame_contains: Returns: TRUE when the place lies in the area of the curves.
 * Thread-safe: yes. */
gboolean cel_draw_frame_contains(const CelDrawFrame *frame, double x, double y);

/**
 * cel_draw_ticks:
 * @min, @max: finite, @min < @max
 * @wanted: about how many ticks, 2..20
 * @out_first: the first tick at or above @min
 * Returns: the spacing: 1, 2 or 5 times a power of ten, so that @min..@max holds at most @wanted
 *   and at least a fifth as many. Thread-safe: yes.
 */
double cel_draw_ticks(double min, double max, guint wanted, double *out_first);

/**
 * cel_draw_tick_text:
 * @tick: a multiple of @step
 * Returns: (transfer full): @tick with as many digits as tell it from its neighbours; what rounding
 *   leaves of 0 is "0". Thread-safe: yes.
 */
char *cel_draw_tick_text(double tick, double step);

G_END_DECLS
