/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-private.h"

#include <math.h>

static const double HEADROOM = 1.06, LOWER_SHARE = 0.32;

static void find_x_range(const CelPlot *plot, CelDrawFrame *f)
{
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

/** Extent: lowest and highest so far. */
typedef struct {
    double low, high;
    gboolean any;
} Extent;

static void extend(Extent *extent, double low, double high)
{
    extent->low = fmin(extent->low, low);
    extent->high = fmax(extent->high, high);
    extent->any = TRUE;
}

static void extend_by_trace(Extent *extent, const CelTrace *trace, double x_min, double x_max)
{
    gsize first = 0, end = 0;
    if (!cel_painter_visible(trace, x_min, x_max, &first, &end))
        return;
    for (gsize i = first; i < end; i++) {
        if (trace->x[i] < x_min || trace->x[i] > x_max || !isfinite(trace->y[i]))
            continue;
        const double y = cel_painter_trace_y(trace, i);
        extend(extent, y, y);
    }
}

gboolean cel_draw_y_range(const CelPlot *plot, double x_min, double x_max, double *out_min,
                          double *out_max)
{
    Extent extent = {0.0, 0.0, FALSE};
    for (gsize t = 0; t < plot->n_traces; t++)
        extend_by_trace(&extent, &plot->traces[t], x_min, x_max);
    for (gsize i = 0; i < plot->n_points; i++) {
        const CelPoint *point = &plot->points[i];
        if (point->x >= x_min && point->x <= x_max)
            extend(&extent, point->y - point->u, point->y + point->u);
    }
    *out_max = extent.high * HEADROOM;
    *out_min = extent.low * (plot->n_points > 0 ? HEADROOM : 1.0);
    if (!(*out_max > *out_min))
        *out_max = *out_min + 1.0;
    return extent.any;
}

/* Numbers may need more room than most do: measured, once the area's height is known. */
static double widest_number(const CelPainter *p)
{
    double first = 0.0, widest = 0.0;
    const guint most = cel_painter_y_ticks(p);
    const double step = cel_draw_ticks(p->f.y_min, p->f.y_max, most, &first);
    for (guint k = 0; k <= most && first + k * step <= p->f.y_max; k++) {
        g_autofree char *text = cel_draw_tick_text(first + k * step, step);
        widest = fmax(widest, cel_painter_width(p, text));
    }
    return widest;
}

static double y_label_room(const CelPainter *p)
{
    const double size = cel_painter_font_size(p->plot);
    double room = p->plot->y_label != NULL ? 1.9 * size : 0.0;
    if (p->plot->y_ticks)
        room += fmax(3.2 * size, widest_number(p) + 5.0);
    return room;
}

gboolean cel_draw_layout(cairo_t *cr, const CelPlot *plot, const CelDrawRect *rect,
                         CelDrawFrame *out_frame)
{
    CelPainter p = {.cr = cr, .plot = plot, .palette = cel_draw_palette(plot->palette)};
    CelDrawFrame *f = &p.f;
    const double size = cel_painter_font_size(plot);
    find_x_range(plot, f);
    if (!(f->x_min < f->x_max))
        return FALSE;
    f->y_min = plot->y_min;
    f->y_max = plot->y_max;
    if (!(f->y_min < f->y_max))
        cel_draw_y_range(plot, f->x_min, f->x_max, &f->y_min, &f->y_max);
    f->outer = *rect;
    const double title = plot->title != NULL ? 1.8 * size : 0.0;
    const double marks = cel_painter_marks_room(&p) + title;
    f->top = rect->y + marks;
    f->height = rect->height - marks - (plot->x_label != NULL ? 3.4 : 1.9) * size - 4.0;
    const double left = MAX(y_label_room(&p) + 0.3 * size, 4.0);
    f->left = rect->x + left;
    f->width = rect->width - left - 4.0;
    *out_frame = *f;
    return f->width > 0.0 && f->height > 0.0;
}

static void paint_ground(const CelPainter *p)
{
    if (p->plot->ground) {
        cel_painter_colour(p, &p->palette->paper);
        cairo_rectangle(p->cr, p->f.left, p->f.top, p->f.width, p->f.height);
        cairo_fill(p->cr);
    }
    if (p->plot->grid)
        cel_painter_grid(p);
    cel_painter_bands(p);
    cel_painter_axes(p);
    if (p->plot->title != NULL)
        cel_painter_words(
            p, p->plot->title,
            &(CelDrawWords){.x = p->f.left, .y = p->f.outer.y + 1.0, .room = p->f.width});
}

static void paint_curves(const CelPainter *p, gboolean live)
{
    cairo_save(p->cr);
    cairo_rectangle(p->cr, p->f.left, p->f.top, p->f.width, p->f.height);
    /* a clip along whole pixels is a region; one with soft edges is a mask for every stroke */
    cairo_set_antialias(p->cr, CAIRO_ANTIALIAS_NONE);
    cairo_clip(p->cr);
    cairo_set_antialias(p->cr, CAIRO_ANTIALIAS_DEFAULT);
    for (gsize t = 0; t < p->plot->n_traces; t++)
        if ((p->plot->traces[t].role == CEL_TRACE_LIVE) == live)
            cel_painter_trace(p, &p->plot->traces[t]);
    if (!live)
        cel_painter_points(p);
    cairo_restore(p->cr);
}

static void paint_layers(const CelPainter *p, guint layers)
{
    cairo_save(p->cr);
    if (layers & CEL_LAYER_GROUND)
        paint_ground(p);
    if (layers & CEL_LAYER_CURVES)
        paint_curves(p, FALSE);
    if (layers & CEL_LAYER_LIVE)
        paint_curves(p, TRUE);
    if (layers & CEL_LAYER_MARKS)
        cel_painter_marks(p);
    if (layers & CEL_LAYER_LEGEND) {
        cel_painter_curve_labels(p);
        cel_painter_legend(p);
    }
    if (layers & CEL_LAYER_CURSOR)
        cel_painter_cursor(p);
    cairo_restore(p->cr);
}

void cel_draw_layers(cairo_t *cr, const CelPlot *plot, const CelDrawFrame *frame, guint layers)
{
    const CelPainter p = {
        .cr = cr, .plot = plot, .palette = cel_draw_palette(plot->palette), .f = *frame};
    paint_layers(&p, layers);
}

static void paint_one(cairo_t *cr, const CelPlot *plot, const CelDrawFrame *frame, GString *texts)
{
    const CelPainter p = {.cr = cr,
                          .plot = plot,
                          .palette = cel_draw_palette(plot->palette),
                          .f = *frame,
                          .texts = texts};
    paint_layers(&p, CEL_LAYER_ALL);
}

/* Both panels stand under one another: the wider room for numbers decides where both begin. */
static void paint_two(cairo_t *cr, const CelPlot *plot, const CelDrawRect *rect, GString *texts)
{
    CelPlot upper = *plot, lower = *plot->below;
    CelDrawRect part = *rect;
    CelDrawFrame a, b;
    upper.x_label = NULL;
    lower.palette = upper.palette;
    lower.ground = FALSE;
    part.height = rect->height * (1.0 - LOWER_SHARE);
    if (!cel_draw_layout(cr, &upper, &part, &a))
        return;
    lower.x_min = a.x_min;
    lower.x_max = a.x_max;
    part.y += part.height;
    part.height = rect->height * LOWER_SHARE;
    const gboolean both = cel_draw_layout(cr, &lower, &part, &b);
    if (both) {
        const double right = a.left + a.width;
        a.left = b.left = fmax(a.left, b.left);
        a.width = b.width = right - a.left;
    }
    a.outer = *rect;
    paint_one(cr, &upper, &a, texts);
    if (both)
        paint_one(cr, &lower, &b, texts);
}

void cel_painter_plot(cairo_t *cr, const CelPlot *plot, const CelDrawRect *rect, GString *texts)
{
    CelDrawFrame frame;
    if (plot->below != NULL)
        paint_two(cr, plot, rect, texts);
    else if (cel_draw_layout(cr, plot, rect, &frame))
        paint_one(cr, plot, &frame, texts);
}

void cel_draw_plot(cairo_t *cr, const CelPlot *plot, double x, double y, double width,
                   double height)
{
    cel_painter_plot(cr, plot, &(CelDrawRect){x, y, width, height}, NULL);
}
