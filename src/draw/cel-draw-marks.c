/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-private.h"

#include <math.h>

static const double BAND_ROOM = 34.0, HATCH = 7.0, MOST_LABEL_ROOM = 0.3, CHOSEN = 1.6;

static void polygon(cairo_t *cr, const double (*corners)[2], guint n)
{
    cairo_new_sub_path(cr);
    for (guint i = 0; i < n; i++)
        cairo_line_to(cr, corners[i][0], corners[i][1]);
    cairo_close_path(cr);
}

static void cross(cairo_t *cr, double x, double y, double s)
{
    cairo_move_to(cr, x - s, y - s);
    cairo_line_to(cr, x + s, y + s);
    cairo_move_to(cr, x - s, y + s);
    cairo_line_to(cr, x + s, y - s);
    cairo_stroke(cr);
}

static void ring(cairo_t *cr, double x, double y, double s)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, s, 0.0, 2.0 * G_PI);
}

static void mark_shape(cairo_t *cr, CelMarkKind kind, const double at[2], double s)
{
    const double x = at[0], y = at[1];
    const double triangle[][2] = {{x - s, y - s}, {x + s, y - s}, {x, y + s}};
    const double diamond[][2] = {{x, y - 1.2 * s}, {x + s, y}, {x, y + 1.2 * s}, {x - s, y}};
    switch (kind) {
    case CEL_MARK_MATCHED:
        polygon(cr, triangle, 3);
        cairo_fill(cr);
        break;
    case CEL_MARK_MISSING:
        ring(cr, x, y, s);
        cairo_stroke(cr);
        break;
    case CEL_MARK_PEAK:
        polygon(cr, diamond, 4);
        cairo_fill(cr);
        break;
    case CEL_MARK_LINE:
        cairo_rectangle(cr, x - 0.35 * s, y - 1.2 * s, 0.7 * s, 2.4 * s);
        cairo_fill(cr);
        break;
    case CEL_MARK_UNSEEN:
        cairo_rectangle(cr, x - 0.9 * s, y - 0.9 * s, 1.8 * s, 1.8 * s);
        cairo_stroke(cr);
        break;
    case CEL_MARK_EXTRA:
    case CEL_N_MARKS:
        cross(cr, x, y, s);
        break;
    }
}

void cel_painter_symbol(const CelPainter *p, CelMarkKind kind, double x, double y)
{
    cel_painter_colour(p, &p->palette->mark);
    cairo_set_line_width(p->cr, 0.8 * MAX(cel_painter_mark_size(p->plot) / 2.6, 1.0));
    mark_shape(p->cr, kind, (const double[]){x, y}, cel_painter_mark_size(p->plot));
}

void cel_painter_overlay_symbol(cairo_t *cr, guint symbol, double x, double y, double size)
{
    enum { SHAPES = 5 };
    const double s = size;
    const double up[][2] = {{x - s, y + 0.8 * s}, {x + s, y + 0.8 * s}, {x, y - s}};
    const double diamond[][2] = {{x, y - 1.2 * s}, {x + s, y}, {x, y + 1.2 * s}, {x - s, y}};
    switch ((symbol - 1) % SHAPES) {
    case 0:
        ring(cr, x, y, 0.9 * s);
        break;
    case 1:
        cairo_rectangle(cr, x - 0.85 * s, y - 0.85 * s, 1.7 * s, 1.7 * s);
        break;
    case 2:
        polygon(cr, up, 3);
        break;
    case 3:
        polygon(cr, diamond, 4);
        break;
    default:
        cairo_set_line_width(cr, 0.5 * s);
        cross(cr, x, y, s);
        if (symbol > SHAPES)
            ring(cr, x, y, 1.2 * s);
    }
    cairo_set_line_width(cr, 0.4 * s);
    if (symbol > SHAPES || (symbol - 1) % SHAPES == SHAPES - 1)
        cairo_stroke(cr);
    else
        cairo_fill(cr);
}

void cel_painter_points(const CelPainter *p)
{
    for (gsize i = 0; i < p->plot->n_points; i++) {
        const CelPoint *point = &p->plot->points[i];
        if (point->x < p->f.x_min || point->x > p->f.x_max)
            continue;
        const double x = cel_draw_frame_x(&p->f, point->x);
        cel_painter_colour(p, &p->palette->bar);
        cairo_set_line_width(p->cr, 0.6);
        cairo_move_to(p->cr, x, cel_draw_frame_y(&p->f, point->y - point->u));
        cairo_line_to(p->cr, x, cel_draw_frame_y(&p->f, point->y + point->u));
        cairo_stroke(p->cr);
        cel_painter_symbol(p, point->kind, x, cel_draw_frame_y(&p->f, point->y));
    }
}

double cel_painter_marks_room(const CelPainter *p)
{
    if (p->plot->n_marks == 0)
        return 4.0;
    const double size = cel_painter_font_size(p->plot), symbol = cel_painter_mark_size(p->plot);
    double words = 3.2 * size;
    for (gsize i = 0; i < p->plot->n_marks; i++)
        if (p->plot->marks[i].label != NULL)
            words = fmax(words, cel_painter_width(p, p->plot->marks[i].label));
    words = fmin(words, fmax(MOST_LABEL_ROOM * p->f.outer.height, 3.2 * size));
    return fmax(BAND_ROOM, 4.5 * symbol + words);
}

static void highlight(const CelPainter *p, const CelMark *mark, double x)
{
    const double s = cel_painter_mark_size(p->plot);
    cel_painter_colour(p, &p->palette->chosen);
    cairo_set_line_width(p->cr, 1.2);
    cairo_move_to(p->cr, x, p->f.top);
    cairo_line_to(p->cr, x, p->f.top + p->f.height);
    cairo_stroke(p->cr);
    mark_shape(p->cr, mark->kind, (const double[]){x, p->f.top - 2.0 * s}, CHOSEN * s);
}

static void label_mark(const CelPainter *p, const CelMark *mark, double x)
{
    const double s = cel_painter_mark_size(p->plot), size = cel_painter_font_size(p->plot);
    g_autofree char *number = g_strdup_printf("%.0f", mark->x);
    cel_painter_words(p, mark->label != NULL ? mark->label : number,
                      &(CelDrawWords){.x = x - 0.6 * size,
                                      .y = p->f.top - 4.5 * s,
                                      .room = cel_painter_marks_room(p) - 4.5 * s,
                                      .upright = TRUE});
}

/* The highlighted mark keeps its words; others give way. */
static double chosen_place(const CelPainter *p)
{
    for (gsize i = 0; i < p->plot->n_marks; i++)
        if (p->plot->marks[i].highlighted)
            return cel_draw_frame_x(&p->f, p->plot->marks[i].x);
    return -INFINITY;
}

/* Symbols stand right above the area, their words upright above them where there is room. */
void cel_painter_marks(const CelPainter *p)
{
    const double apart = 1.1 * cel_painter_font_size(p->plot), chosen = chosen_place(p);
    double last_label = -INFINITY;
    for (gsize i = 0; i < p->plot->n_marks; i++) {
        const CelMark *mark = &p->plot->marks[i];
        if (mark->x < p->f.x_min || mark->x > p->f.x_max)
            continue;
        const double x = cel_draw_frame_x(&p->f, mark->x);
        if (mark->highlighted)
            highlight(p, mark, x);
        else
            cel_painter_symbol(p, mark->kind, x, p->f.top - 2.0 * cel_painter_mark_size(p->plot));
        if (!mark->highlighted && (x - last_label < apart || fabs(x - chosen) < apart))
            continue;
        last_label = x;
        label_mark(p, mark, x);
    }
}

static void hatch(const CelPainter *p, double from, double to)
{
    const double top = p->f.top, height = p->f.height;
    cairo_save(p->cr);
    cairo_rectangle(p->cr, from, top, to - from, height);
    cairo_clip(p->cr);
    for (double at = from - height; at < to; at += HATCH) {
        cairo_move_to(p->cr, at, top + height);
        cairo_line_to(p->cr, at + height, top);
    }
    cel_painter_colour(p, &p->palette->masked);
    cairo_set_line_width(p->cr, 0.7);
    cairo_stroke(p->cr);
    cairo_restore(p->cr);
}

static void tint(const CelPainter *p, double from, double to)
{
    cel_painter_colour(p, &p->palette->selected);
    cairo_rectangle(p->cr, from, p->f.top, to - from, p->f.height);
    cairo_fill(p->cr);
    cel_painter_colour(p, &p->palette->chosen);
    cairo_set_line_width(p->cr, 1.0);
    for (guint end = 0; end < 2; end++) {
        cairo_move_to(p->cr, end == 0 ? from : to, p->f.top);
        cairo_line_to(p->cr, end == 0 ? from : to, p->f.top + p->f.height);
    }
    cairo_stroke(p->cr);
}

void cel_painter_bands(const CelPainter *p)
{
    for (gsize i = 0; i < p->plot->n_bands; i++) {
        const CelDrawBand *band = &p->plot->bands[i];
        const double low = fmax(fmin(band->from, band->to), p->f.x_min);
        const double high = fmin(fmax(band->from, band->to), p->f.x_max);
        if (!(low < high))
            continue;
        const double from = cel_draw_frame_x(&p->f, low), to = cel_draw_frame_x(&p->f, high);
        if (band->kind == CEL_BAND_MASKED)
            hatch(p, from, to);
        else
            tint(p, from, to);
        if (band->label != NULL && to - from > 2.0 * cel_painter_font_size(p->plot))
            cel_painter_words(
                p, band->label,
                &(CelDrawWords){.x = from + 3.0, .y = p->f.top + 2.0, .room = to - from - 6.0});
    }
}

static gboolean overlap(const CelDrawRect *a, const CelDrawRect *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

/* At the end of the area that the curve is farther from, on the side of the line where there is
 * room and no legend. */
static CelDrawRect place_read_out(const CelPainter *p, double x, double y, double width)
{
    const double height = 1.9 * cel_painter_font_size(p->plot);
    const double top = p->f.top + 8.0, bottom = p->f.top + p->f.height - height - 6.0;
    const gboolean high = isfinite(y) && y < p->f.top + 0.5 * p->f.height;
    const double right = p->f.left + p->f.width;
    CelDrawRect legend = {0}, first = {0};
    const gboolean any = cel_painter_legend_box(p, &legend);
    for (guint i = 0; i < 4; i++) {
        CelDrawRect at = {.x = i % 2 == 0 ? x + 6.0 : x - 6.0 - width,
                          .y = (i < 2) == high ? bottom : top,
                          .width = width,
                          .height = height};
        const gboolean inside = at.x >= p->f.left && at.x + width <= right;
        at.x = CLAMP(at.x, p->f.left, fmax(right - width, p->f.left));
        if (i == 0 || (i == 1 && first.x != x + 6.0))
            first = at;
        if (inside && !(any && overlap(&at, &legend)))
            return at;
    }
    return first;
}

static void read_out(const CelPainter *p, const char *text, double x, double y)
{
    const double size = cel_painter_font_size(p->plot);
    const double width = fmin(cel_painter_width(p, text), p->f.width - size) + size;
    const CelDrawRect at = place_read_out(p, x, y, width);
    cairo_rectangle(p->cr, at.x, at.y, at.width, at.height);
    cel_painter_colour(p, &p->palette->paper);
    cairo_fill_preserve(p->cr);
    cel_painter_colour(p, &p->palette->axis);
    cairo_set_line_width(p->cr, 0.8);
    cairo_stroke(p->cr);
    cel_painter_words(p, text,
                      &(CelDrawWords){.x = at.x + 0.5 * size,
                                      .y = at.y + 0.25 * size,
                                      .room = width - 0.9 * size});
}

void cel_painter_cursor(const CelPainter *p)
{
    const CelDrawCursor *cursor = p->plot->cursor;
    if (cursor == NULL || !(cursor->x >= p->f.x_min && cursor->x <= p->f.x_max))
        return;
    const double x = cel_draw_frame_x(&p->f, cursor->x);
    cel_painter_colour(p, &p->palette->cursor);
    cairo_set_line_width(p->cr, 1.0);
    cairo_move_to(p->cr, x, p->f.top);
    cairo_line_to(p->cr, x, p->f.top + p->f.height);
    cairo_stroke(p->cr);
    if (isfinite(cursor->y)) {
        const double y = cel_draw_frame_y(&p->f, cursor->y);
        if (cel_draw_frame_contains(&p->f, x, y)) {
            cairo_set_line_width(p->cr, 1.8);
            ring(p->cr, x, y, 1.6 * cel_painter_mark_size(p->plot));
            cairo_stroke(p->cr);
        }
    }
    if (cursor->text != NULL)
        read_out(p, cursor->text, x, cel_draw_frame_y(&p->f, cursor->y));
}
