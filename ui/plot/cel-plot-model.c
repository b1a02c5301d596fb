/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/cel-plot-model-private.h"

#include "plot/cel-plot-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

static void clear_mark(gpointer data)
{
    CelPlotMark *mark = data;
    g_free((gpointer)mark->label);
    g_free((gpointer)mark->spoken);
}

static void clear_band(gpointer data)
{
    g_free((gpointer)((CelPlotBand *)data)->label);
}

static void release_trace(gpointer trace)
{
    cel_plot_trace_unref(trace);
}

CelPlotModel *cel_plot_model_new(void)
{
    CelPlotModel *model = g_new0(CelPlotModel, 1);
    model->traces = g_ptr_array_new_with_free_func(release_trace);
    model->marks = g_array_new(FALSE, TRUE, sizeof(CelPlotMark));
    g_array_set_clear_func(model->marks, clear_mark);
    model->bands = g_array_new(FALSE, TRUE, sizeof(CelPlotBand));
    g_array_set_clear_func(model->bands, clear_band);
    model->history = g_array_new(FALSE, FALSE, sizeof(CelPlotRange));
    model->y_ticks = TRUE;
    model->highlighted = -1;
    model->whole = model->shown = (CelPlotRange){0.0, 1.0, 0.0, 1.0};
    model->cursor_x = NAN;
    return model;
}

void cel_plot_model_free(CelPlotModel *model)
{
    if (model == NULL)
        return;
    g_ptr_array_unref(model->traces);
    cel_plot_trace_unref(model->live);
    g_array_unref(model->marks);
    g_array_unref(model->bands);
    g_array_unref(model->history);
    g_free(model->title);
    g_free(model->x_title);
    g_free(model->y_title);
    for (guint kind = 0; kind < CEL_N_MARKS; kind++)
        g_free(model->mark_labels[kind]);
    g_free(model);
}

CelPlotModel *cel_plot_model_copy(const CelPlotModel *model)
{
    CelPlotModel *copy = cel_plot_model_new();
    for (guint i = 0; i < model->traces->len; i++)
        g_ptr_array_add(copy->traces, cel_plot_trace_ref(g_ptr_array_index(model->traces, i)));
    copy->live = model->live != NULL ? cel_plot_trace_ref(model->live) : NULL;
    cel_plot_model_set_marks(copy, (const CelPlotMark *)(const void *)model->marks->data,
                             model->marks->len);
    cel_plot_model_set_bands(copy, (const CelPlotBand *)(const void *)model->bands->data,
                             model->bands->len);
    cel_plot_model_set_title(copy, model->title);
    cel_plot_model_set_axis_titles(copy, model->x_title, model->y_title);
    for (guint kind = 0; kind < CEL_N_MARKS; kind++)
        copy->mark_labels[kind] = g_strdup(model->mark_labels[kind]);
    copy->n_left_out = model->n_left_out;
    copy->spread = model->spread;
    copy->normalised = model->normalised;
    copy->y_ticks = model->y_ticks;
    copy->highlighted = model->highlighted;
    copy->whole = model->whole;
    copy->shown = model->shown;
    copy->zoomed = model->zoomed;
    copy->cursor_x = model->cursor_x;
    return copy;
}

void cel_plot_model_set_traces(CelPlotModel *model, GPtrArray *traces)
{
    GPtrArray *old = model->traces;
    model->traces = g_ptr_array_new_with_free_func(release_trace);
    model->n_left_out = 0;
    for (guint i = 0; traces != NULL && i < traces->len; i++) {
        CelPlotTrace *trace = g_ptr_array_index(traces, i);
        const CelPlotTrace *first = g_ptr_array_index(traces, 0);
        if (cel_plot_trace_curve(trace)->unit == cel_plot_trace_curve(first)->unit)
            g_ptr_array_add(model->traces, cel_plot_trace_ref(trace));
        else
            model->n_left_out++;
    }
    g_ptr_array_unref(old); /* last: what is handed over may stand in it */
    cel_plot_model_look_again(model);
}

void cel_plot_model_set_live(CelPlotModel *model, CelPlotTrace *trace)
{
    CelPlotTrace *old = model->live;
    model->live = trace != NULL ? cel_plot_trace_ref(trace) : NULL;
    cel_plot_trace_unref(old);
    cel_plot_model_look_again(model);
}

void cel_plot_model_set_marks(CelPlotModel *model, const CelPlotMark *marks, gsize n)
{
    g_array_set_size(model->marks, 0);
    for (gsize i = 0; i < n; i++) {
        const CelPlotMark mark = {.x = marks[i].x,
                                  .kind = marks[i].kind,
                                  .label = g_strdup(marks[i].label),
                                  .spoken = g_strdup(marks[i].spoken)};
        g_array_append_val(model->marks, mark);
    }
    model->highlighted = -1;
}

void cel_plot_model_set_bands(CelPlotModel *model, const CelPlotBand *bands, gsize n)
{
    g_array_set_size(model->bands, 0);
    for (gsize i = 0; i < n; i++) {
        const CelPlotBand band = {.from = bands[i].from,
                                  .to = bands[i].to,
                                  .kind = bands[i].kind,
                                  .label = g_strdup(bands[i].label)};
        g_array_append_val(model->bands, band);
    }
}

void cel_plot_model_set_title(CelPlotModel *model, const char *title)
{
    g_free(model->title);
    model->title = g_strdup(title);
}

void cel_plot_model_set_axis_titles(CelPlotModel *model, const char *x_title, const char *y_title)
{
    g_free(model->x_title);
    g_free(model->y_title);
    model->x_title = g_strdup(x_title);
    model->y_title = g_strdup(y_title);
}

void cel_plot_model_set_mark_label(CelPlotModel *model, CelMarkKind kind, const char *text)
{
    g_return_if_fail(kind < CEL_N_MARKS);
    g_free(model->mark_labels[kind]);
    model->mark_labels[kind] = g_strdup(text);
}

void cel_plot_model_set_spread(CelPlotModel *model, double spread, gboolean normalised)
{
    model->spread = spread;
    model->normalised = normalised;
    cel_plot_model_look_again(model);
}

void cel_plot_model_set_y_ticks(CelPlotModel *model, gboolean y_ticks)
{
    model->y_ticks = y_ticks;
}

void cel_plot_model_highlight(CelPlotModel *model, int mark)
{
    model->highlighted = mark;
}

CelUnit cel_plot_model_unit(const CelPlotModel *model)
{
    CelPlotTrace *front = cel_plot_model_front(model);
    return front != NULL ? cel_plot_trace_curve(front)->unit : CEL_UNIT_PIXEL;
}

const char *cel_plot_model_title(const CelPlotModel *model)
{
    return model->title;
}

const char *cel_plot_model_x_title(const CelPlotModel *model)
{
    return model->x_title != NULL ? model->x_title
                                  : cel_plot_unit_title(cel_plot_model_unit(model));
}

const GPtrArray *cel_plot_model_traces(const CelPlotModel *model)
{
    return model->traces;
}

CelPlotTrace *cel_plot_model_live(const CelPlotModel *model)
{
    return model->live;
}

CelPlotTrace *cel_plot_model_front(const CelPlotModel *model)
{
    for (guint i = 0; i < model->traces->len; i++) {
        CelPlotTrace *trace = g_ptr_array_index(model->traces, i);
        if (cel_plot_trace_curve(trace)->role == CEL_TRACE_SAMPLE)
            return trace;
    }
    if (model->live != NULL)
        return model->live;
    return model->traces->len > 0 ? g_ptr_array_index(model->traces, 0) : NULL;
}

guint cel_plot_model_n_left_out(const CelPlotModel *model)
{
    return model->n_left_out;
}

gsize cel_plot_model_n_marks(const CelPlotModel *model)
{
    return model->marks->len;
}

const CelPlotMark *cel_plot_model_mark(const CelPlotModel *model, gsize i)
{
    return &g_array_index(model->marks, CelPlotMark, i);
}

const char *cel_plot_model_mark_label(const CelPlotModel *model, CelMarkKind kind)
{
    return kind < CEL_N_MARKS ? model->mark_labels[kind] : NULL;
}

int cel_plot_model_mark_near(const CelPlotModel *model, double x, double within)
{
    int best = -1;
    for (guint i = 0; i < model->marks->len; i++) {
        const double away = fabs(cel_plot_model_mark(model, i)->x - x);
        if (away > within ||
            (best >= 0 && away >= fabs(cel_plot_model_mark(model, (gsize)best)->x - x)))
            continue;
        best = (int)i;
    }
    return best;
}

/* ---- the picture ---- */

static double height_of(const CelPlotCurve *curve)
{
    double high = 0.0;
    for (gsize i = 0; i < curve->n; i++)
        high = fabs(curve->y[i]) > high ? fabs(curve->y[i]) : high;
    return high > 0.0 ? high : 1.0;
}

double cel_plot_model_scale(const CelPlotModel *model, guint i, double *out_offset)
{
    double scale = 1.0, step = 1.0;
    *out_offset = 0.0;
    if (model->normalised) {
        const CelPlotTrace *trace =
            i < model->traces->len ? g_ptr_array_index(model->traces, i) : model->live;
        scale = 1.0 / height_of(cel_plot_trace_curve(trace));
    } else if (model->spread > 0.0) {
        step = 0.0;
        for (guint k = 0; k < model->traces->len; k++)
            step = fmax(step, height_of(cel_plot_trace_curve(g_ptr_array_index(model->traces, k))));
    }
    *out_offset = model->spread * step * i;
    return scale;
}

static CelTrace as_trace(const CelPlotModel *model, const CelPlotTrace *from, guint i)
{
    const CelPlotCurve *curve = cel_plot_trace_curve(from);
    CelTrace trace = {.x = curve->x,
                      .y = curve->y,
                      .n = curve->n,
                      .mask = curve->mask,
                      .label = curve->label,
                      .role = from == model->live ? CEL_TRACE_LIVE : curve->role};
    if (model->normalised || model->spread > 0.0)
        trace.scale = cel_plot_model_scale(model, i, &trace.offset);
    if (trace.role == CEL_TRACE_OWN)
        trace.role = CEL_TRACE_SAMPLE;
    return trace;
}

static int by_position(gconstpointer a, gconstpointer b)
{
    const double x = ((const CelMark *)a)->x, y = ((const CelMark *)b)->x;
    return (x > y) - (x < y);
}

static void picture_marks(const CelPlotModel *model, CelPlotPicture *out)
{
    const guint n = model->marks->len;
    out->marks = g_new0(CelMark, n);
    for (guint i = 0; i < n; i++) {
        const CelPlotMark *mark = cel_plot_model_mark(model, i);
        out->marks[i] = (CelMark){.x = mark->x,
                                  .kind = mark->kind,
                                  .label = mark->label,
                                  .highlighted = (int)i == model->highlighted};
        out->plot.mark_labels[mark->kind] = model->mark_labels[mark->kind];
    }
    if (n > 0)
        qsort(out->marks, n, sizeof *out->marks, by_position);
    out->plot.marks = out->marks;
    out->plot.n_marks = n;
}

static void picture_bands(const CelPlotModel *model, CelPlotPicture *out)
{
    out->bands = g_new0(CelDrawBand, model->bands->len);
    for (guint i = 0; i < model->bands->len; i++) {
        const CelPlotBand *band = &g_array_index(model->bands, CelPlotBand, i);
        out->bands[i] = (CelDrawBand){band->from, band->to, band->kind, band->label};
    }
    out->plot.bands = out->bands;
    out->plot.n_bands = model->bands->len;
}

static void picture_cursor(const CelPlotModel *model, CelPlotPicture *out)
{
    double x = NAN, y = NAN;
    if (!cel_plot_model_cursor(model, &x, &y))
        return;
    out->words[0] = cel_plot_read_out(model);
    guint front = 0;
    while (front < model->traces->len &&
           g_ptr_array_index(model->traces, front) != cel_plot_model_front(model))
        front++;
    double offset = 0.0;
    const double scale = cel_plot_model_scale(model, front, &offset);
    out->cursor = (CelDrawCursor){x, scale * y + offset, out->words[0]};
    out->plot.cursor = &out->cursor;
}

void cel_plot_model_picture(const CelPlotModel *model, CelPlotPicture *out)
{
    const guint n = model->traces->len;
    *out = (CelPlotPicture){0};
    out->traces = g_new0(CelTrace, n + 1);
    for (guint i = 0; i < n; i++)
        out->traces[i] = as_trace(model, g_ptr_array_index(model->traces, i), i);
    if (model->live != NULL)
        out->traces[n] = as_trace(model, model->live, n);
    out->plot = (CelPlot){.traces = out->traces,
                          .n_traces = n + (model->live != NULL ? 1 : 0),
                          /* raised curves have no common numbers */
                          .y_ticks = model->y_ticks && !(model->spread > 0.0),
                          .label_curves = model->spread > 0.0,
                          .grid = TRUE,
                          .x_label = cel_plot_model_x_title(model),
                          .y_label = model->y_title,
                          .saturated_label = _("saturated"),
                          .x_min = model->shown.x_min,
                          .x_max = model->shown.x_max,
                          .y_min = model->shown.y_min,
                          .y_max = model->shown.y_max,
                          .language = cel_plot_language()};
    if (cel_plot_model_front(model) == NULL)
        out->plot.x_min = out->plot.x_max = 0.0; /* no axis that says nothing */
    picture_marks(model, out);
    picture_bands(model, out);
    picture_cursor(model, out);
}

void cel_plot_picture_clear(CelPlotPicture *picture)
{
    g_free(picture->traces);
    g_free(picture->marks);
    g_free(picture->bands);
    g_free(picture->words[0]);
    g_free(picture->words[1]);
    *picture = (CelPlotPicture){0};
}
