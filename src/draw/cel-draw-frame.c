/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-frame.h"

#include <math.h>

enum { LEAST_DIGITS = 6, MOST_DIGITS = 15 };

double cel_draw_frame_x(const CelDrawFrame *frame, double x)
{
    return frame->left + (x - frame->x_min) / (frame->x_max - frame->x_min) * frame->width;
}

double cel_draw_frame_y(const CelDrawFrame *frame, double y)
{
    return frame->top + frame->height -
           (y - frame->y_min) / (frame->y_max - frame->y_min) * frame->height;
}

double cel_draw_frame_data_x(const CelDrawFrame *frame, double place)
{
    return frame->x_min + (place - frame->left) / frame->width * (frame->x_max - frame->x_min);
}

double cel_draw_frame_data_y(const CelDrawFrame *frame, double place)
{
    return frame->y_min +
           (frame->top + frame->height - place) / frame->height * (frame->y_max - frame->y_min);
}

gboolean cel_draw_frame_contains(const CelDrawFrame *frame, double x, double y)
{
    return x >= frame->left && x <= frame->left + frame->width && y >= frame->top &&
           y <= frame->top + frame->height;
}

double cel_draw_ticks(double min, double max, guint wanted, double *out_first)
{
    const double rough = (max - min) / (double)wanted;
    const double decade = pow(10.0, floor(log10(rough)));
    double step = decade;
    if (step < rough)
        step = 2.0 * decade;
    if (step < rough)
        step = 5.0 * decade;
    if (step < rough)
        step = 10.0 * decade;
    *out_first = ceil(min / step) * step + 0.0; /* minus zero would be written "-0" */
    return step;
}

char *cel_draw_tick_text(double tick, double step)
{
    /* what rounding leaves of 0 would be written in full */
    if (fabs(tick) < 1e-9 * step)
        return g_strdup("0");
    const double digits = floor(log10(fabs(tick) / step) + 1e-9) + 2.0;
    return g_strdup_printf("%.*g", (int)CLAMP(digits, LEAST_DIGITS, MOST_DIGITS), tick);
}
