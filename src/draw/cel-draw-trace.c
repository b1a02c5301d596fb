/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-private.h"

#include <math.h>

/* A column of half a unit shows its extremes. A curve that runs up and down more than NOISY times
 * the width of the area is an area rather than a line: filled columns look the same and cost a
 * sixth. */
static const double COLUMN = 0.5, NOISY = 20.0, SYMBOL_EVERY = 90.0;

/* Long paths cost more than their length when edges are smoothed: in pieces they do not. */
enum { PIECE = 24, MOST_COLUMNS = 16384 };

double cel_painter_trace_y(const CelTrace *trace, gsize i)
{
    return (trace->scale != 0.0 ? trace->scale : 1.0) * trace->y[i] + trace->offset;
}

static gsize first_from(const CelTrace *trace, double x)
{
    gsize low = 0, high = trace->n;
    while (low < high) {
        const gsize middle = low + (high - low) / 2;
        if (trace->x[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

gboolean cel_painter_visible(const CelTrace *trace, double x_min, double x_max, gsize *out_first,
                             gsize *out_end)
{
    if (trace->n == 0 || trace->x[0] > x_max || trace->x[trace->n - 1] < x_min)
        return FALSE;
    const gsize first = first_from(trace, x_min), end = first_from(trace, x_max);
    *out_first = first > 0 ? first - 1 : 0;
    *out_end = MIN(end + 1, trace->n);
    return TRUE;
}

/** Walk: the corners of a curve, extremes of each column in the order they came. */
typedef struct {
    const CelPainter *p;
    const CelTrace *trace;
    gsize at, end;
    gboolean broken; /* the next corner does not go on from the last one */
} Walk;

static gboolean walk_begin(Walk *walk, const CelPainter *p, const CelTrace *trace)
{
    *walk = (Walk){.p = p, .trace = trace, .broken = TRUE};
    return cel_painter_visible(trace, p->f.x_min, p->f.x_max, &walk->at, &walk->end);
}

static double place_x(const Walk *walk, gsize i)
{
    return cel_draw_frame_x(&walk->p->f, walk->trace->x[i]);
}

static double place_y(const Walk *walk, gsize i)
{
    return cel_draw_frame_y(&walk->p->f, cel_painter_trace_y(walk->trace, i));
}

/* Gives the lowest and highest sample of the next column, in their order. */
static gboolean walk_next(Walk *walk, gsize *out_first, gsize *out_second, gboolean *out_broken)
{
    const CelTrace *trace = walk->trace;
    while (walk->at < walk->end && !isfinite(trace->y[walk->at])) {
        walk->broken = TRUE;
        walk->at++;
    }
    if (walk->at >= walk->end)
        return FALSE;
    const double column = floor(place_x(walk, walk->at) / COLUMN);
    gsize low = walk->at, high = walk->at, next = walk->at + 1;
    while (next < walk->end && isfinite(trace->y[next]) &&
           floor(place_x(walk, next) / COLUMN) == column) {
        low = trace->y[next] < trace->y[low] ? next : low;
        high = trace->y[next] > trace->y[high] ? next : high;
        next++;
    }
    walk->at = next;
    *out_first = MIN(low, high);
    *out_second = MAX(low, high);
    *out_broken = walk->broken;
    walk->broken = FALSE;
    return TRUE;
}

/* To the first of two samples and on to the second; from nowhere after a break. */
static void go_on(const CelPainter *p, const Walk *walk, const gsize at[2], gboolean broken)
{
    if (broken)
        cairo_move_to(p->cr, place_x(walk, at[0]), place_y(walk, at[0]));
    else
        cairo_line_to(p->cr, place_x(walk, at[0]), place_y(walk, at[0]));
    if (at[1] != at[0])
        cairo_line_to(p->cr, place_x(walk, at[1]), place_y(walk, at[1]));
}

static void whole_path(const CelPainter *p, const CelTrace *trace)
{
    Walk walk;
    gsize first = 0, second = 0;
    gboolean broken = TRUE;
    if (!walk_begin(&walk, p, trace))
        return;
    while (walk_next(&walk, &first, &second, &broken)) {
        go_on(p, &walk, (gsize[]){first, second}, broken);
    }
}

/* Strokes after every PIECE corners; each piece begins where the last one ended. */
static void stroke_in_pieces(const CelPainter *p, const CelTrace *trace)
{
    Walk walk;
    gsize first = 0, second = 0;
    gboolean broken = TRUE;
    guint corners = 0;
    if (!walk_begin(&walk, p, trace))
        return;
    while (walk_next(&walk, &first, &second, &broken)) {
        go_on(p, &walk, (gsize[]){first, second}, broken);
        if (++corners % PIECE == 0) {
            cairo_stroke(p->cr);
            cairo_move_to(p->cr, place_x(&walk, second), place_y(&walk, second));
        }
    }
    cairo_stroke(p->cr);
}

/* How far up and down the curve runs, in units of the context. */
static double travel(const CelPainter *p, const CelTrace *trace)
{
    Walk walk;
    gsize first = 0, second = 0;
    gboolean broken = TRUE;
    double sum = 0.0, last = 0.0;
    if (!walk_begin(&walk, p, trace))
        return 0.0;
    while (walk_next(&walk, &first, &second, &broken)) {
        const double y = place_y(&walk, first), end = place_y(&walk, second);
        sum += (broken ? 0.0 : fabs(y - last)) + fabs(end - y);
        last = end;
    }
    return sum;
}

/** Column: what a curve covers of one column of units. */
typedef struct {
    double low, high;
} Column;

static void cover(Column *columns, gsize n, double at, double y)
{
    if (!(at >= 0.0 && at < (double)n))
        return;
    Column *column = &columns[(gsize)at];
    column->low = fmin(column->low, y);
    column->high = fmax(column->high, y);
}

/* A line covers its columns from where it enters each to where it leaves it. */
static void cover_line(Column *columns, gsize n, const double from[2], const double to[2])
{
    const double start = floor(fmax(from[0], 0.0)), end = fmin(floor(to[0]), (double)n - 1.0);
    const double rise = to[0] > from[0] ? (to[1] - from[1]) / (to[0] - from[0]) : 0.0;
    for (double c = start; c <= end; c += 1.0) {
        const double enter = fmax(c, from[0]), leave = fmin(c + 1.0, to[0]);
        cover(columns, n, c, from[1] + (enter - from[0]) * rise);
        cover(columns, n, c, to[0] > from[0] ? from[1] + (leave - from[0]) * rise : to[1]);
    }
}

/** Look: colour and style of a curve, by its role or its own. */
typedef struct {
    CelDrawColour colour;
    double width;
    gboolean dashed, fill_below;
    guint symbol;
} Look;

static Look look_of(const CelPainter *p, const CelTrace *trace)
{
    if (trace->role == CEL_TRACE_OWN)
        return (Look){.colour = {trace->red, trace->green, trace->blue, 1.0},
                      .width = trace->width,
                      .dashed = trace->dashed,
                      .fill_below = trace->fill_below};
    const CelRoleStyle *style = cel_draw_role_style(trace->role);
    return (Look){.colour = p->palette->roles[trace->role],
                  .width = style->width * p->palette->line_scale,
                  .dashed = style->dashed,
                  .fill_below = style->fill_below && trace->offset == 0.0,
                  .symbol = style->symbol};
}

/* What the curve covers of each column of the area. */
static Column *find_columns(const CelPainter *p, const CelTrace *trace, gsize n)
{
    Walk walk;
    gsize pair[2] = {0, 0};
    gboolean broken = TRUE;
    double last[2] = {0.0, 0.0};
    if (!walk_begin(&walk, p, trace))
        return NULL;
    Column *columns = g_new(Column, n);
    for (gsize i = 0; i < n; i++)
        columns[i] = (Column){INFINITY, -INFINITY};
    while (walk_next(&walk, &pair[0], &pair[1], &broken)) {
        for (guint k = 0; k < 2; k++) {
            const double here[] = {place_x(&walk, pair[k]) - p->f.left, place_y(&walk, pair[k])};
            if (broken && k == 0)
                cover(columns, n, here[0], here[1]);
            else
                cover_line(columns, n, last, here);
            last[0] = here[0];
            last[1] = here[1];
        }
    }
    return columns;
}

/** Pixels: an image that is painted on, and where its context stands in it. */
typedef struct {
    guint32 *first;
    gsize stride; /* pixels */
    double scale[2], offset[2];
    double left, top, right, bottom; /* what the clip leaves of it, in pixels */
} Pixels;

/* A pixel belongs to what covers its centre, as cairo has it without smooth edges. */
static double edge(double at)
{
    return ceil(at - 0.5);
}

static gboolean find_pixels(const CelPainter *p, Pixels *pixels)
{
    cairo_surface_t *target = cairo_get_group_target(p->cr);
    cairo_matrix_t m;
    double x0 = 0.0, y0 = 0.0, x1 = 0.0, y1 = 0.0, origin[2] = {0.0, 0.0};
    if (cairo_surface_get_type(target) != CAIRO_SURFACE_TYPE_IMAGE ||
        cairo_image_surface_get_format(target) != CAIRO_FORMAT_ARGB32)
        return FALSE;
    cairo_get_matrix(p->cr, &m);
    cairo_surface_get_device_scale(target, &pixels->scale[0], &pixels->scale[1]);
    cairo_surface_get_device_offset(target, &origin[0], &origin[1]);
    if (m.xx != 1.0 || m.yy != 1.0 || m.xy != 0.0 || m.yx != 0.0)
        return FALSE;
    pixels->offset[0] = m.x0 * pixels->scale[0] + origin[0];
    pixels->offset[1] = m.y0 * pixels->scale[1] + origin[1];
    cairo_clip_extents(p->cr, &x0, &y0, &x1, &y1);
    pixels->left = fmax(edge(x0 * pixels->scale[0] + pixels->offset[0]), 0.0);
    pixels->top = fmax(edge(y0 * pixels->scale[1] + pixels->offset[1]), 0.0);
    pixels->right = fmin(edge(x1 * pixels->scale[0] + pixels->offset[0]),
                         cairo_image_surface_get_width(target));
    pixels->bottom = fmin(edge(y1 * pixels->scale[1] + pixels->offset[1]),
                          cairo_image_surface_get_height(target));
    cairo_surface_flush(target);
    pixels->first = (guint32 *)(gpointer)cairo_image_surface_get_data(target);
    pixels->stride = (gsize)cairo_image_surface_get_stride(target) / sizeof(guint32);
    return pixels->first != NULL;
}

static void set_pixels(const Pixels *pixels, const CelDrawRect *rect, guint32 colour)
{
    const double x = rect->x * pixels->scale[0] + pixels->offset[0];
    const double y = rect->y * pixels->scale[1] + pixels->offset[1];
    const double left = fmax(edge(x), pixels->left), top = fmax(edge(y), pixels->top);
    const double right = fmin(edge(x + rect->width * pixels->scale[0]), pixels->right);
    const double bottom = fmin(edge(y + rect->height * pixels->scale[1]), pixels->bottom);
    for (double row = top; row < bottom; row += 1.0)
        for (double column = left; column < right; column += 1.0)
            pixels->first[(gsize)row * pixels->stride + (gsize)column] = colour;
}

static guint32 pixel_of(const CelDrawColour *colour)
{
    const guint red = (guint)lround(255.0 * colour->red),
                blue = (guint)lround(255.0 * colour->blue);
    return 0xff000000U | red << 16 | (guint)lround(255.0 * colour->green) << 8 | blue;
}

/* Into an image without cairo, whose fill of a thousand rectangles takes a millisecond. */
static void fill_columns(const CelPainter *p, const CelTrace *trace, const Look *look)
{
    Pixels pixels = {.first = NULL};
    const gsize n = (gsize)CLAMP(ceil(p->f.width), 1.0, MOST_COLUMNS);
    const gboolean direct = look->colour.alpha >= 1.0 && find_pixels(p, &pixels);
    g_autofree Column *columns = find_columns(p, trace, n);
    for (gsize i = 0; columns != NULL && i < n; i++) {
        const CelDrawRect rect = {p->f.left + (double)i, columns[i].low - look->width / 2.0, 1.0,
                                  columns[i].high - columns[i].low + look->width};
        if (columns[i].low > columns[i].high)
            continue;
        if (direct)
            set_pixels(&pixels, &rect, pixel_of(&look->colour));
        else
            cairo_rectangle(p->cr, rect.x, rect.y, rect.width, rect.height);
    }
    if (direct)
        cairo_surface_mark_dirty(cairo_get_group_target(p->cr));
    cairo_set_antialias(p->cr, CAIRO_ANTIALIAS_NONE);
    cairo_fill(p->cr);
}

static void fill_below(const CelPainter *p, const CelTrace *trace, const CelDrawColour *colour)
{
    gsize first = 0, end = 0;
    if (!cel_painter_visible(trace, p->f.x_min, p->f.x_max, &first, &end))
        return;
    const double zero = cel_draw_frame_y(&p->f, 0.0);
    whole_path(p, trace);
    cairo_line_to(p->cr, cel_draw_frame_x(&p->f, trace->x[end - 1]), zero);
    cairo_line_to(p->cr, cel_draw_frame_x(&p->f, trace->x[first]), zero);
    cairo_close_path(p->cr);
    cairo_set_source_rgba(p->cr, colour->red, colour->green, colour->blue, 0.18);
    cairo_fill(p->cr);
}

/* Symbols of different curves are set at different places, so that they do not cover each other. */
static void set_symbols(const CelPainter *p, const CelTrace *trace, guint symbol)
{
    const double size = 1.35 * cel_painter_mark_size(p->plot);
    const double start = p->f.left + SYMBOL_EVERY * (0.25 + 0.073 * symbol);
    for (double at = start; at < p->f.left + p->f.width; at += SYMBOL_EVERY) {
        const double x = cel_draw_frame_data_x(&p->f, at);
        gsize i = first_from(trace, x);
        if (i >= trace->n || (i == 0 && trace->x[0] > x) || !isfinite(trace->y[i]))
            continue;
        cel_painter_overlay_symbol(p->cr, symbol, cel_draw_frame_x(&p->f, trace->x[i]),
                                   cel_draw_frame_y(&p->f, cel_painter_trace_y(trace, i)), size);
    }
}

/* Where the detector was full the curve is not what the light was: a thick piece, and a bar along
 * the top of the area that cannot be overlooked however high the curve stands. */
static void paint_saturated(const CelPainter *p, const CelTrace *trace, double width)
{
    gsize first = 0, end = 0;
    if (trace->mask == NULL || !cel_painter_visible(trace, p->f.x_min, p->f.x_max, &first, &end))
        return;
    cel_painter_colour(p, &p->palette->saturated);
    cairo_set_line_width(p->cr, 2.4 * width);
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_SQUARE);
    for (gsize i = first; i < end; i++) {
        if ((trace->mask[i] & CEL_MASK_SATURATED) == 0)
            continue;
        gsize last = i;
        while (last + 1 < end && (trace->mask[last + 1] & CEL_MASK_SATURATED) != 0)
            last++;
        const double from = cel_draw_frame_x(&p->f, trace->x[i]);
        const double to = fmax(cel_draw_frame_x(&p->f, trace->x[last]), from + 1.0);
        cairo_rectangle(p->cr, from - 1.0, p->f.top, to - from + 2.0, 6.0);
        cairo_fill(p->cr);
        for (gsize k = i; k <= last; k++) {
            const double y = cel_draw_frame_y(&p->f, cel_painter_trace_y(trace, k));
            cairo_line_to(p->cr, cel_draw_frame_x(&p->f, trace->x[k]), y);
            if (last == i)
                cairo_line_to(p->cr, to, y);
        }
        cairo_stroke(p->cr);
        i = last;
    }
}

static void stroke_line(const CelPainter *p, const CelTrace *trace, const Look *look)
{
    static const double dashes[] = {4.0, 2.5};
    const gboolean pixels =
        cairo_surface_get_type(cairo_get_target(p->cr)) == CAIRO_SURFACE_TYPE_IMAGE;
    cairo_set_line_width(p->cr, look->width);
    cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
    if (p->plot->coarse || (p->plot->fast && travel(p, trace) > NOISY * p->f.width)) {
        fill_columns(p, trace, look);
    } else if (!look->dashed && (p->plot->fast || pixels)) {
        cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
        stroke_in_pieces(p, trace);
    } else {
        cairo_set_dash(p->cr, dashes, look->dashed ? 2 : 0, 0.0);
        whole_path(p, trace);
        cairo_stroke(p->cr);
    }
}

void cel_painter_trace(const CelPainter *p, const CelTrace *trace)
{
    const Look look = look_of(p, trace);
    if (trace->n == 0)
        return;
    cairo_save(p->cr);
    if (p->plot->fast)
        cairo_set_antialias(p->cr, CAIRO_ANTIALIAS_FAST);
    if (look.fill_below)
        fill_below(p, trace, &look.colour);
    cel_painter_colour(p, &look.colour);
    stroke_line(p, trace, &look);
    if (look.symbol > 0)
        set_symbols(p, trace, look.symbol);
    paint_saturated(p, trace, look.width);
    cairo_restore(p->cr);
}
