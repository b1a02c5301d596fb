/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-spectrum.h"

#include <math.h>
#include <pango/pangocairo.h>

static const double MARK_BAND = 34.0, MARK_SIZE = 2.6, COLUMN = 0.5, HEADROOM = 1.06;

enum { TICKS = 10 };

/** Frame: where data coordinates land. */
typedef struct {
    cairo_t *cr;
    const CelPlot *plot;
    double left, top, width, height; /* of the plotting area */
    double x_min, x_max, y_min, y_max;
} Frame;

static double to_x(const Frame *f, double x)
{
    return f->left + (x - f->x_min) / (f->x_max - f->x_min) * f->width;
}

static double to_y(const Frame *f, double y)
{
    return f->top + f->height - (y - f->y_min) / (f->y_max - f->y_min) * f->height;
}

typedef enum { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } Align;

static double font_size(const CelPlot *plot)
{
    return plot->font_size > 0.0 ? plot->font_size : 8.0;
}

static PangoLayout *layout_of(const Frame *f, const char *text, double *out_width)
{
    PangoLayout *layout = pango_cairo_create_layout(f->cr);
    PangoFontDescription *font =
        pango_font_description_from_string(f->plot->font != NULL ? f->plot->font : "sans");
    pango_font_description_set_absolute_size(font, font_size(f->plot) * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text, -1);
    PangoRectangle extent;
    pango_layout_get_extents(layout, NULL, &extent);
    *out_width = (double)extent.width / PANGO_SCALE;
    return layout;
}

static double width_of(const Frame *f, const char *text)
{
    double width = 0.0;
    g_object_unref(layout_of(f, text, &width));
    return width;
}

static void draw_text(const Frame *f, const char *text, double x, double y, Align align)
{
    double width = 0.0;
    g_autoptr(PangoLayout) layout = layout_of(f, text, &width);
    cairo_move_to(f->cr, x - width * (double)align / 2.0, y);
    pango_cairo_show_layout(f->cr, layout);
}

/* The same, turned by a quarter: reads from below, centred on @y. */
static void draw_text_upright(const Frame *f, const char *text, double x, double y, Align align)
{
    cairo_save(f->cr);
    cairo_translate(f->cr, x, y);
    cairo_rotate(f->cr, -G_PI / 2.0);
    draw_text(f, text, 0.0, 0.0, align);
    cairo_restore(f->cr);
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

static void find_x_range(Frame *f)
{
    const CelPlot *plot = f->plot;
    f->x_min = plot->x_min;
    f->x_max = plot->x_max;
    if (f->x_min < f->x_max)
        return;
    f->x_min = INFINITY;
    f->x_max = -INFINITY;
    for (gsize t = 0; t < plot->n_traces; t++) {
        if (plot->traces[t].n == 0)
            continue;
        f->x_min = fmin(f->x_min, plot->traces[t].x[0]);
        f->x_max = fmax(f->x_max, plot->traces[t].x[plot->traces[t].n - 1]);
    }
    for (gsize i = 0; i < plot->n_points; i++) {
        f->x_min = fmin(f->x_min, plot->points[i].x);
        f->x_max = fmax(f->x_max, plot->points[i].x);
    }
}

static void find_y_range(Frame *f)
{
    f->y_min = 0.0;
    f->y_max = 0.0;
    for (gsize t = 0; t < f->plot->n_traces; t++) {
        const CelTrace *trace = &f->plot->traces[t];
        for (gsize i = 0; i < trace->n; i++) {
            if (trace->x[i] < f->x_min || trace->x[i] > f->x_max || !isfinite(trace->y[i]))
                continue;
            f->y_min = fmin(f->y_min, trace->y[i]);
            f->y_max = fmax(f->y_max, trace->y[i]);
        }
    }
    for (gsize i = 0; i < f->plot->n_points; i++) {
        const CelPoint *point = &f->plot->points[i];
        if (point->x < f->x_min || point->x > f->x_max)
            continue;
        f->y_min = fmin(f->y_min, point->y - point->u);
        f->y_max = fmax(f->y_max, point->y + point->u);
    }
    f->y_max *= HEADROOM;
    f->y_min *= f->plot->n_points > 0 ? HEADROOM : 1.0;
    if (!(f->y_max > f->y_min))
        f->y_max = f->y_min + 1.0;
}

static void draw_y_ticks(const Frame *f)
{
    double first = 0.0;
    const double step = cel_draw_ticks(f->y_min, f->y_max, TICKS, &first);
    for (guint k = 0; k <= TICKS; k++) {
        const double tick = first + k * step;
        if (tick > f->y_max)
            break;
        const double y = to_y(f, tick);
        cairo_move_to(f->cr, f->left, y);
        cairo_line_to(f->cr, f->left - 3.0, y);
        cairo_stroke(f->cr);
        /* what rounding leaves of 0 would be written in full */
        g_autofree char *text = g_strdup_printf("%g", fabs(tick) < 1e-9 * step ? 0.0 : tick);
        draw_text(f, text, f->left - 5.0, y - 0.7 * font_size(f->plot), ALIGN_RIGHT);
    }
}

static double y_label_room(const CelPlot *plot)
{
    return (plot->y_label != NULL ? 1.9 : 0.0) * font_size(plot) +
           (plot->y_ticks ? 3.2 * font_size(plot) : 0.0);
}

static void draw_frame(const Frame *f)
{
    cairo_set_source_rgb(f->cr, 0.25, 0.25, 0.25);
    cairo_set_line_width(f->cr, 0.6);
    cairo_rectangle(f->cr, f->left, f->top, f->width, f->height);
    cairo_stroke(f->cr);
    double first = 0.0;
    const double step = cel_draw_ticks(f->x_min, f->x_max, TICKS, &first);
    /* by number: a sum would miss 0 by its rounding, or on a far axis never get on */
    for (guint k = 0; k <= TICKS; k++) {
        const double tick = first + k * step;
        if (tick > f->x_max)
            break;
        const double x = to_x(f, tick), bottom = f->top + f->height;
        cairo_move_to(f->cr, x, bottom);
        cairo_line_to(f->cr, x, bottom + 3.0);
        cairo_stroke(f->cr);
        g_autofree char *text = g_strdup_printf("%g", tick);
        draw_text(f, text, x, bottom + 4.0, ALIGN_CENTRE);
    }
    if (f->plot->x_label != NULL)
        draw_text(f, f->plot->x_label, f->left + f->width / 2.0,
                  f->top + f->height + 5.0 + 1.4 * font_size(f->plot), ALIGN_CENTRE);
    if (f->plot->y_label != NULL)
        draw_text_upright(f, f->plot->y_label, f->left - y_label_room(f->plot),
                          f->top + f->height / 2.0, ALIGN_CENTRE);
    if (f->plot->y_ticks)
        draw_y_ticks(f);
}

/* Adds the points of one column: its lowest and its highest in the order they came. */
static void column_to(const Frame *f, const CelTrace *trace, gsize low, gsize high, gboolean move)
{
    const gsize first = MIN(low, high), second = MAX(low, high);
    if (move)
        cairo_move_to(f->cr, to_x(f, trace->x[first]), to_y(f, trace->y[first]));
    else
        cairo_line_to(f->cr, to_x(f, trace->x[first]), to_y(f, trace->y[first]));
    if (second != first)
        cairo_line_to(f->cr, to_x(f, trace->x[second]), to_y(f, trace->y[second]));
}

static void trace_path(const Frame *f, const CelTrace *trace)
{
    gboolean move = TRUE;
    for (gsize i = 0; i < trace->n;) {
        if (!isfinite(trace->y[i])) {
            move = TRUE;
            i++;
            continue;
        }
        const double column = floor(to_x(f, trace->x[i]) / COLUMN);
        gsize low = i, high = i, next = i + 1;
        while (next < trace->n && isfinite(trace->y[next]) &&
               floor(to_x(f, trace->x[next]) / COLUMN) == column) {
            low = trace->y[next] < trace->y[low] ? next : low;
            high = trace->y[next] > trace->y[high] ? next : high;
            next++;
        }
        column_to(f, trace, low, high, move);
        move = FALSE;
        i = next;
    }
}

static void draw_trace(const Frame *f, const CelTrace *trace)
{
    const double dashes[] = {4.0, 2.5};
    if (trace->n == 0)
        return;
    if (trace->fill_below) {
        trace_path(f, trace);
        cairo_line_to(f->cr, to_x(f, trace->x[trace->n - 1]), to_y(f, 0.0));
        cairo_line_to(f->cr, to_x(f, trace->x[0]), to_y(f, 0.0));
        cairo_close_path(f->cr);
        cairo_set_source_rgba(f->cr, trace->red, trace->green, trace->blue, 0.18);
        cairo_fill(f->cr);
    }
    trace_path(f, trace);
    cairo_set_source_rgb(f->cr, trace->red, trace->green, trace->blue);
    cairo_set_line_width(f->cr, trace->width);
    cairo_set_dash(f->cr, dashes, trace->dashed ? 2 : 0, 0.0);
    cairo_set_line_join(f->cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(f->cr);
    cairo_set_dash(f->cr, NULL, 0, 0.0);
}

static void draw_symbol(cairo_t *cr, CelMarkKind kind, double x, double y)
{
    const double s = MARK_SIZE;
    cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
    cairo_set_line_width(cr, 0.8);
    cairo_new_sub_path(cr);
    switch (kind) {
    case CEL_MARK_MATCHED:
        cairo_move_to(cr, x - s, y - s);
        cairo_line_to(cr, x + s, y - s);
        cairo_line_to(cr, x, y + s);
        cairo_close_path(cr);
        cairo_fill(cr);
        break;
    case CEL_MARK_MISSING:
        cairo_arc(cr, x, y, s, 0.0, 2.0 * G_PI);
        cairo_stroke(cr);
        break;
    case CEL_MARK_EXTRA:
    case CEL_N_MARKS:
        cairo_move_to(cr, x - s, y - s);
        cairo_line_to(cr, x + s, y + s);
        cairo_move_to(cr, x - s, y + s);
        cairo_line_to(cr, x + s, y - s);
        cairo_stroke(cr);
        break;
    }
}

static void draw_points(const Frame *f)
{
    for (gsize i = 0; i < f->plot->n_points; i++) {
        const CelPoint *point = &f->plot->points[i];
        if (point->x < f->x_min || point->x > f->x_max)
            continue;
        const double x = to_x(f, point->x);
        cairo_set_source_rgb(f->cr, 0.45, 0.45, 0.45);
        cairo_set_line_width(f->cr, 0.6);
        cairo_move_to(f->cr, x, to_y(f, point->y - point->u));
        cairo_line_to(f->cr, x, to_y(f, point->y + point->u));
        cairo_stroke(f->cr);
        draw_symbol(f->cr, point->kind, x, to_y(f, point->y));
    }
}

/* Symbols stand right above the area, their numbers upright above them where there is room. */
static void draw_marks(const Frame *f)
{
    double last_label = -INFINITY;
    for (gsize i = 0; i < f->plot->n_marks; i++) {
        const CelMark *mark = &f->plot->marks[i];
        if (mark->x < f->x_min || mark->x > f->x_max)
            continue;
        const double x = to_x(f, mark->x);
        draw_symbol(f->cr, mark->kind, x, f->top - 2.0 * MARK_SIZE);
        if (x - last_label < 1.1 * font_size(f->plot))
            continue;
        last_label = x;
        g_autofree char *text = g_strdup_printf("%.0f", mark->x);
        draw_text_upright(f, text, x - 0.6 * font_size(f->plot), f->top - 4.5 * MARK_SIZE,
                          ALIGN_LEFT);
    }
}

static double legend_entry(const Frame *f, const char *text, double y)
{
    draw_text(f, text, f->left + f->width - 26.0, y, ALIGN_RIGHT);
    return y + 1.45 * font_size(f->plot);
}

/* A curve that runs under the words would make them hard to read. */
static void draw_legend_ground(const Frame *f)
{
    double widest = 0.0;
    guint n = 0;
    for (gsize i = 0; i < f->plot->n_traces + CEL_N_MARKS; i++) {
        const char *text = i < f->plot->n_traces ? f->plot->traces[i].label
                                                 : f->plot->mark_labels[i - f->plot->n_traces];
        widest = MAX(widest, text != NULL ? width_of(f, text) : 0.0);
        n += text != NULL;
    }
    if (n == 0)
        return;
    cairo_set_source_rgba(f->cr, 1.0, 1.0, 1.0, 0.85);
    cairo_rectangle(f->cr, f->left + f->width - 29.0 - widest, f->top + 2.0, widest + 27.0,
                    1.45 * font_size(f->plot) * n + 2.0);
    cairo_fill(f->cr);
}

static void draw_legend(const Frame *f)
{
    draw_legend_ground(f);
    const double x = f->left + f->width - 22.0, half = 0.75 * font_size(f->plot);
    double y = f->top + 4.0;
    for (gsize t = 0; t < f->plot->n_traces; t++) {
        const CelTrace *trace = &f->plot->traces[t];
        if (trace->label == NULL)
            continue;
        const double ends[] = {0.0, 1.0}, level[] = {0.0, 0.0};
        CelTrace sample = *trace;
        sample.x = ends;
        sample.y = level;
        sample.n = 2;
        sample.fill_below = FALSE;
        Frame box = *f;
        box.left = x;
        box.width = 18.0;
        box.top = y + half;
        box.height = 0.0;
        box.x_min = 0.0;
        box.x_max = 1.0;
        draw_trace(&box, &sample);
        y = legend_entry(f, trace->label, y);
    }
    for (guint kind = 0; kind < CEL_N_MARKS; kind++) {
        if (f->plot->mark_labels[kind] == NULL)
            continue;
        draw_symbol(f->cr, (CelMarkKind)kind, x + 9.0, y + half);
        y = legend_entry(f, f->plot->mark_labels[kind], y);
    }
}

void cel_draw_plot(cairo_t *cr, const CelPlot *plot, double x, double y, double width,
                   double height)
{
    const double size = font_size(plot), marks = plot->n_marks > 0 ? MARK_BAND : 4.0;
    const double left = MAX(y_label_room(plot) + 0.3 * size, 4.0);
    Frame frame = {.cr = cr,
                   .plot = plot,
                   .left = x + left,
                   .top = y + marks,
                   .width = width - left - 4.0,
                   .height = height - marks - 3.4 * size - 4.0};
    find_x_range(&frame);
    if (!(frame.x_min < frame.x_max))
        return;
    find_y_range(&frame);
    cairo_save(cr);
    draw_frame(&frame);
    cairo_save(cr);
    cairo_rectangle(cr, frame.left, frame.top, frame.width, frame.height);
    cairo_clip(cr);
    for (gsize t = 0; t < plot->n_traces; t++)
        draw_trace(&frame, &plot->traces[t]);
    draw_points(&frame);
    cairo_restore(cr);
    draw_marks(&frame);
    draw_legend(&frame);
    cairo_restore(cr);
}
