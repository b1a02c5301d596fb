/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of a plot is seen, and where its cursor stands. */
#include "plot/cel-plot-model-private.h"

#include "process/cel-peaks.h"

#include <math.h>

enum { MOST_HISTORY = 64 };

/* A live curve changes all the time: its height may fall this far before the axis follows. */
static const double SHRINK_BELOW = 0.4, HEADROOM = 1.06;

static void take_ends(const CelPlotTrace *trace, CelPlotRange *range)
{
    const CelPlotCurve *curve = cel_plot_trace_curve(trace);
    if (curve->n == 0)
        return;
    range->x_min = fmin(range->x_min, curve->x[0]);
    range->x_max = fmax(range->x_max, curve->x[curve->n - 1]);
}

static gboolean find_ends(const CelPlotModel *model, CelPlotRange *range)
{
    range->x_min = INFINITY;
    range->x_max = -INFINITY;
    for (guint i = 0; i < model->traces->len; i++)
        take_ends(g_ptr_array_index(model->traces, i), range);
    if (model->live != NULL)
        take_ends(model->live, range);
    return range->x_min < range->x_max;
}

/* The height of a live plot goes by steps and comes down late: numbers beside the axis that change
 * with every frame cannot be read. */
static void settle_height(const CelPlotModel *model, CelPlotRange *range)
{
    const double high = range->y_max, old = model->whole.y_max;
    const double low = range->y_min < 0.0 ? -cel_plot_nice_height(-range->y_min) : 0.0;
    range->y_max = cel_plot_nice_height(high);
    if (old >= high && high > SHRINK_BELOW * old)
        range->y_max = old;
    range->y_min = low;
    if (model->whole.y_min <= low && low < SHRINK_BELOW * model->whole.y_min)
        range->y_min = model->whole.y_min;
}

void cel_plot_model_look_again(CelPlotModel *model)
{
    const CelPlotRange old = model->whole;
    CelPlotRange whole = {0.0, 1.0, 0.0, 1.0};
    if (find_ends(model, &whole)) {
        g_auto(CelPlotPicture) picture = {0};
        cel_plot_model_picture(model, &picture);
        cel_draw_y_range(&picture.plot, whole.x_min, whole.x_max, &whole.y_min, &whole.y_max);
        if (model->live != NULL)
            settle_height(model, &whole);
        else if (whole.y_min < 0.0) /* a curve that touches its frame looks cut off */
            whole.y_min -= (HEADROOM - 1.0) * (whole.y_max - whole.y_min);
    } else {
        whole = (CelPlotRange){0.0, 1.0, 0.0, 1.0};
    }
    model->whole = whole;
    if (old.x_min != whole.x_min || old.x_max != whole.x_max) {
        g_array_set_size(model->history, 0);
        model->zoomed = FALSE;
    }
    model->shown = model->zoomed ? cel_plot_range_clamp(&model->shown, &whole) : whole;
    if (isfinite(model->cursor_x))
        cel_plot_model_set_cursor(model, model->cursor_x);
}

CelPlotRange cel_plot_model_shown(const CelPlotModel *model)
{
    return model->shown;
}

CelPlotRange cel_plot_model_whole(const CelPlotModel *model)
{
    return model->whole;
}

gboolean cel_plot_model_is_zoomed(const CelPlotModel *model)
{
    return model->zoomed;
}

void cel_plot_model_show(CelPlotModel *model, const CelPlotRange *range)
{
    model->shown = cel_plot_range_clamp(range, &model->whole);
    model->zoomed = !cel_plot_range_equal(&model->shown, &model->whole);
}

void cel_plot_model_remember(CelPlotModel *model)
{
    const guint n = model->history->len;
    if (n > 0 &&
        cel_plot_range_equal(&g_array_index(model->history, CelPlotRange, n - 1), &model->shown))
        return;
    if (n == MOST_HISTORY)
        g_array_remove_index(model->history, 0);
    g_array_append_val(model->history, model->shown);
}

gboolean cel_plot_model_back(CelPlotModel *model)
{
    while (model->history->len > 0) {
        const CelPlotRange last =
            g_array_index(model->history, CelPlotRange, model->history->len - 1);
        g_array_set_size(model->history, model->history->len - 1);
        if (cel_plot_range_equal(&last, &model->shown))
            continue; /* a gesture that moved nothing */
        cel_plot_model_show(model, &last);
        return TRUE;
    }
    return FALSE;
}

void cel_plot_model_fit(CelPlotModel *model)
{
    if (model->zoomed)
        cel_plot_model_remember(model);
    model->shown = model->whole;
    model->zoomed = FALSE;
}

void cel_plot_model_set_cursor(CelPlotModel *model, double x)
{
    const CelPlotTrace *front = cel_plot_model_front(model);
    model->cursor_x = NAN;
    if (front == NULL || cel_plot_trace_curve(front)->n == 0 || !isfinite(x))
        return;
    model->cursor_x = cel_plot_trace_curve(front)->x[cel_plot_trace_nearest(front, x)];
}

gboolean cel_plot_model_cursor(const CelPlotModel *model, double *out_x, double *out_y)
{
    const CelPlotTrace *front = cel_plot_model_front(model);
    if (front == NULL || !isfinite(model->cursor_x) || cel_plot_trace_curve(front)->n == 0)
        return FALSE;
    const gsize i = cel_plot_trace_nearest(front, model->cursor_x);
    *out_x = cel_plot_trace_curve(front)->x[i];
    *out_y = cel_plot_trace_curve(front)->y[i];
    return TRUE;
}

/* The next mark in that direction, else the next band. */
static double next_place(const CelPlotModel *model, int direction)
{
    double best = NAN;
    CelPlotTrace *front = cel_plot_model_front(model);
    const GArray *peaks = model->marks->len == 0 ? cel_plot_trace_peaks(front) : NULL;
    const guint n = peaks != NULL ? peaks->len : model->marks->len;
    for (guint i = 0; i < n; i++) {
        const double at =
            peaks != NULL ? cel_plot_trace_curve(front)->x[g_array_index(peaks, CelPeak, i).index]
                          : cel_plot_model_mark(model, i)->x;
        const CelPlotCurve *curve = cel_plot_trace_curve(front);
        const double x = curve->x[cel_plot_trace_nearest(front, at)];
        if ((x - model->cursor_x) * direction <= 0.0)
            continue;
        if (!isfinite(best) || (best - x) * direction > 0.0)
            best = x;
    }
    return best;
}

static double next_sample(const CelPlotCurve *curve, gsize at, CelPlotStep step, int direction)
{
    if (step == CEL_STEP_END)
        return direction < 0 ? curve->x[0] : curve->x[curve->n - 1];
    if (direction < 0)
        return at > 0 ? curve->x[at - 1] : NAN;
    return at + 1 < curve->n ? curve->x[at + 1] : NAN;
}

/* What is seen goes along, so that the cursor is never lost from sight. */
static void follow_cursor(CelPlotModel *model)
{
    const double span = model->shown.x_max - model->shown.x_min, edge = 0.1 * span;
    double by = 0.0;
    if (model->cursor_x < model->shown.x_min)
        by = model->cursor_x - edge - model->shown.x_min;
    else if (model->cursor_x > model->shown.x_max)
        by = model->cursor_x + edge - model->shown.x_max;
    if (by == 0.0)
        return;
    const CelPlotRange moved = cel_plot_range_pan(&model->shown, &model->whole, by, 0.0);
    cel_plot_model_show(model, &moved);
}

gboolean cel_plot_model_move_cursor(CelPlotModel *model, CelPlotStep step, int direction)
{
    const CelPlotTrace *front = cel_plot_model_front(model);
    if (front == NULL || cel_plot_trace_curve(front)->n == 0)
        return FALSE;
    double x = NAN;
    if (!isfinite(model->cursor_x))
        cel_plot_model_set_cursor(model, 0.5 * (model->shown.x_min + model->shown.x_max));
    if (step == CEL_STEP_PEAK)
        x = next_place(model, direction);
    else
        x = next_sample(cel_plot_trace_curve(front), cel_plot_trace_nearest(front, model->cursor_x),
                        step, direction);
    if (!isfinite(x))
        return FALSE;
    cel_plot_model_set_cursor(model, x);
    follow_cursor(model);
    return TRUE;
}
