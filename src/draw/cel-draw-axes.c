/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-private.h"

enum { MOST_TICKS = 10, LEAST_TICKS = 2 };

/* Room that the number at one tick needs, in heights of the font. */
static const double TICK_WIDE = 4.2, TICK_HIGH = 1.7;

static guint ticks_in(double room, double each)
{
    return (guint)CLAMP(room / each, LEAST_TICKS, MOST_TICKS);
}

guint cel_painter_x_ticks(const CelPainter *p)
{
    return ticks_in(p->f.width, TICK_WIDE * cel_painter_font_size(p->plot));
}

guint cel_painter_y_ticks(const CelPainter *p)
{
    return ticks_in(p->f.height, TICK_HIGH * cel_painter_font_size(p->plot));
}

static void draw_y_ticks(const CelPainter *p)
{
    double first = 0.0;
    const guint most = cel_painter_y_ticks(p);
    const double size = cel_painter_font_size(p->plot);
    const double step = cel_draw_ticks(p->f.y_min, p->f.y_max, most, &first);
    for (guint k = 0; k <= most; k++) {
        const double tick = first + k * step;
        if (tick > p->f.y_max)
            break;
        const double y = cel_draw_frame_y(&p->f, tick);
        cel_painter_colour(p, &p->palette->axis);
        cairo_move_to(p->cr, p->f.left, y);
        cairo_line_to(p->cr, p->f.left - 3.0, y);
        cairo_stroke(p->cr);
        g_autofree char *text = cel_draw_tick_text(tick, step);
        cel_painter_words(
            p, text,
            &(CelDrawWords){.x = p->f.left - 5.0, .y = y - 0.7 * size, .align = CEL_ALIGN_RIGHT});
    }
}

static void draw_x_ticks(const CelPainter *p)
{
    double first = 0.0;
    const guint most = cel_painter_x_ticks(p);
    const double step = cel_draw_ticks(p->f.x_min, p->f.x_max, most, &first);
    const double bottom = p->f.top + p->f.height;
    /* by number: a sum would miss 0 by its rounding, or on a far axis never get on */
    for (guint k = 0; k <= most; k++) {
        const double tick = first + k * step;
        if (tick > p->f.x_max)
            break;
        const double x = cel_draw_frame_x(&p->f, tick);
        cel_painter_colour(p, &p->palette->axis);
        cairo_move_to(p->cr, x, bottom);
        cairo_line_to(p->cr, x, bottom + 3.0);
        cairo_stroke(p->cr);
        g_autofree char *text = cel_draw_tick_text(tick, step);
        cel_painter_words(p, text,
                          &(CelDrawWords){.x = x, .y = bottom + 4.0, .align = CEL_ALIGN_CENTRE});
    }
}

void cel_painter_axes(const CelPainter *p)
{
    const CelPlot *plot = p->plot;
    const double size = cel_painter_font_size(plot);
    cel_painter_colour(p, &p->palette->axis);
    cairo_set_line_width(p->cr, 0.6);
    cairo_rectangle(p->cr, p->f.left, p->f.top, p->f.width, p->f.height);
    cairo_stroke(p->cr);
    draw_x_ticks(p);
    if (plot->x_label != NULL)
        cel_painter_words(p, plot->x_label,
                          &(CelDrawWords){.x = p->f.left + p->f.width / 2.0,
                                          .y = p->f.top + p->f.height + 5.0 + 1.4 * size,
                                          .align = CEL_ALIGN_CENTRE,
                                          .room = p->f.outer.width});
    if (plot->y_label != NULL)
        cel_painter_words(p, plot->y_label,
                          &(CelDrawWords){.x = p->f.outer.x + MIN(0.3 * size, 4.0),
                                          .y = p->f.top + p->f.height / 2.0,
                                          .align = CEL_ALIGN_CENTRE,
                                          .room = p->f.height + 2.0 * size,
                                          .upright = TRUE});
    if (plot->y_ticks)
        draw_y_ticks(p);
}

static void add_grid(const CelPainter *p, gboolean along_x)
{
    const double min = along_x ? p->f.x_min : p->f.y_min, max = along_x ? p->f.x_max : p->f.y_max;
    const guint most = along_x ? cel_painter_x_ticks(p) : cel_painter_y_ticks(p);
    double first = 0.0;
    const double step = cel_draw_ticks(min, max, most, &first);
    for (guint k = 0; k <= most && first + k * step <= max; k++) {
        const double tick = first + k * step;
        const double x = along_x ? cel_draw_frame_x(&p->f, tick) : p->f.left;
        const double y = along_x ? p->f.top : cel_draw_frame_y(&p->f, tick);
        cairo_move_to(p->cr, x, y);
        cairo_line_to(p->cr, along_x ? x : x + p->f.width, along_x ? y + p->f.height : y);
    }
}

void cel_painter_grid(const CelPainter *p)
{
    add_grid(p, TRUE);
    if (p->plot->y_ticks)
        add_grid(p, FALSE);
    cel_painter_colour(p, &p->palette->grid);
    cairo_set_line_width(p->cr, 0.8);
    cairo_stroke(p->cr);
}
