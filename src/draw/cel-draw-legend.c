/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-private.h"

#include <math.h>
#include <string.h>

enum { CELLS_X = 64, CELLS_Y = 32, PLACES_X = 24, PLACES_Y = 12, MOST_WALKED = 8192 };

static const double ROW = 1.45, SAMPLE = 29.0, SIDE = 4.0;

/** Taken: which cells of the area curves run through. */
typedef struct {
    guint8 cell[CELLS_Y][CELLS_X];
} Taken;

static int cell_of(double at, double length, int cells)
{
    return (int)CLAMP(floor(at / length * cells), 0.0, cells - 1.0);
}

/* All cells between two corners of a curve, column by column. */
static void take_line(const CelPainter *p, Taken *taken, const double from[2], const double to[2])
{
    const double rise = to[0] > from[0] ? (to[1] - from[1]) / (to[0] - from[0]) : 0.0;
    const double wide = p->f.width / CELLS_X;
    const int first = cell_of(from[0], p->f.width, CELLS_X);
    const int last = cell_of(to[0], p->f.width, CELLS_X);
    for (int c = first; c <= last; c++) {
        const double a =
            first == last ? from[1] : from[1] + (fmax(c * wide, from[0]) - from[0]) * rise;
        const double b =
            first == last ? to[1] : from[1] + (fmin((c + 1) * wide, to[0]) - from[0]) * rise;
        const int top = cell_of(fmin(a, b), p->f.height, CELLS_Y);
        const int bottom = cell_of(fmax(a, b), p->f.height, CELLS_Y);
        if (fmax(a, b) < 0.0 || fmin(a, b) > p->f.height)
            continue;
        for (int r = top; r <= bottom; r++)
            taken->cell[r][c] = 1;
    }
}

static void take_trace(const CelPainter *p, Taken *taken, const CelTrace *trace)
{
    gsize first = 0, end = 0;
    double last[2] = {NAN, NAN};
    if (!cel_painter_visible(trace, p->f.x_min, p->f.x_max, &first, &end))
        return;
    for (gsize i = first; i < end; i++) {
        const double here[] = {
            CLAMP(cel_draw_frame_x(&p->f, trace->x[i]) - p->f.left, 0.0, p->f.width),
            cel_draw_frame_y(&p->f, cel_painter_trace_y(trace, i)) - p->f.top};
        if (isfinite(here[1]))
            take_line(p, taken, isfinite(last[1]) ? last : here, here);
        last[0] = here[0];
        last[1] = here[1];
    }
}

static void take_points(const CelPainter *p, Taken *taken)
{
    for (gsize i = 0; i < p->plot->n_points; i++) {
        const CelPoint *point = &p->plot->points[i];
        const double x = cel_draw_frame_x(&p->f, point->x) - p->f.left;
        const double low[] = {x, cel_draw_frame_y(&p->f, point->y - point->u) - p->f.top};
        const double high[] = {x, cel_draw_frame_y(&p->f, point->y + point->u) - p->f.top};
        if (point->x >= p->f.x_min && point->x <= p->f.x_max)
            take_line(p, taken, low, high);
    }
}

static void take_highlights(const CelPainter *p, Taken *taken)
{
    for (gsize i = 0; i < p->plot->n_marks; i++) {
        const CelMark *mark = &p->plot->marks[i];
        const double x = cel_draw_frame_x(&p->f, mark->x) - p->f.left;
        if (mark->highlighted && mark->x >= p->f.x_min && mark->x <= p->f.x_max)
            take_line(p, taken, (const double[]){x, 0.0}, (const double[]){x, p->f.height});
    }
}

static guint count_taken(const CelPainter *p, const Taken *taken, const CelDrawRect *box)
{
    const double x = box->x - p->f.left, y = box->y - p->f.top;
    const int left = cell_of(x, p->f.width, CELLS_X);
    const int right = cell_of(x + box->width, p->f.width, CELLS_X);
    const int top = cell_of(y, p->f.height, CELLS_Y);
    const int bottom = cell_of(y + box->height, p->f.height, CELLS_Y);
    guint n = 0;
    for (int r = top; r <= bottom; r++)
        for (int c = left; c <= right; c++)
            n += taken->cell[r][c];
    return n;
}

/* The first place without a curve, from the top right to the left and then down; else the one that
 * covers least. */
static void find_place(const CelPainter *p, CelDrawRect *box)
{
    Taken taken;
    memset(&taken, 0, sizeof taken);
    for (gsize t = 0; t < p->plot->n_traces; t++)
        take_trace(p, &taken, &p->plot->traces[t]);
    take_points(p, &taken);
    take_highlights(p, &taken);
    const double right = box->x, top = box->y, wide = right - p->f.left - SIDE;
    const double high = p->f.height - box->height - 2.0 * (top - p->f.top);
    guint least = G_MAXUINT;
    CelDrawRect best = *box;
    for (guint row = 0; row <= PLACES_Y && least > 0 && (row == 0 || high > 0.0); row++) {
        for (guint column = 0; column <= PLACES_X && least > 0; column++) {
            CelDrawRect at = *box;
            at.x = right - MAX(wide, 0.0) * column / PLACES_X;
            at.y = top + MAX(high, 0.0) * row / PLACES_Y;
            const guint n = count_taken(p, &taken, &at);
            if (n < least) {
                least = n;
                best = at;
            }
        }
    }
    *box = best;
}

static gboolean any_saturated(const CelPlot *plot)
{
    for (gsize t = 0; t < plot->n_traces; t++)
        for (gsize i = 0; plot->traces[t].mask != NULL && i < plot->traces[t].n; i++)
            if ((plot->traces[t].mask[i] & CEL_MASK_SATURATED) != 0)
                return TRUE;
    return FALSE;
}

/* The words of entry @i: curves first, then kinds of marks, then saturation. */
static const char *entry(const CelPlot *plot, gsize i)
{
    if (i < plot->n_traces)
        return plot->label_curves ? NULL : plot->traces[i].label;
    i -= plot->n_traces;
    if (i < CEL_N_MARKS)
        return plot->mark_labels[i];
    return plot->saturated_label != NULL && any_saturated(plot) ? plot->saturated_label : NULL;
}

/** Line: where the sample of an entry stands. */
typedef struct {
    double x, y;
} Line;

static void draw_curve_sample(const CelPainter *p, const CelTrace *trace, const Line *at)
{
    const double ends[] = {0.0, 1.0}, level[] = {0.0, 0.0};
    CelPlot plain = *p->plot;
    plain.fast = plain.coarse = FALSE;
    CelPainter box = *p;
    box.plot = &plain;
    CelTrace sample = {.x = ends, .y = level, .n = 2, .role = trace->role, .offset = 1e-300};
    sample.red = trace->red;
    sample.green = trace->green;
    sample.blue = trace->blue;
    sample.width = trace->width;
    sample.dashed = trace->dashed;
    box.f.left = at->x;
    box.f.width = 18.0;
    box.f.top = at->y;
    box.f.height = 0.0;
    box.f.x_min = 0.0;
    box.f.x_max = 1.0;
    cel_painter_trace(&box, &sample);
    const guint symbol = cel_draw_role_style(trace->role)->symbol;
    if (symbol == 0)
        return;
    cel_painter_colour(p, &p->palette->roles[trace->role]);
    cel_painter_overlay_symbol(p->cr, symbol, at->x + 9.0, at->y,
                               1.35 * cel_painter_mark_size(p->plot));
}

static void draw_sample(const CelPainter *p, gsize i, const Line *at)
{
    if (i < p->plot->n_traces) {
        draw_curve_sample(p, &p->plot->traces[i], at);
    } else if (i < p->plot->n_traces + CEL_N_MARKS) {
        cel_painter_symbol(p, (CelMarkKind)(i - p->plot->n_traces), at->x + 9.0, at->y);
    } else {
        cel_painter_colour(p, &p->palette->saturated);
        cairo_rectangle(p->cr, at->x, at->y - 2.5, 18.0, 5.0);
        cairo_fill(p->cr);
    }
}

/* Widest words and how many rows find room. */
static gsize measure_rows(const CelPainter *p, double *out_widest)
{
    const gsize n_entries = p->plot->n_traces + CEL_N_MARKS + 1;
    const gsize most =
        (gsize)MAX((p->f.height - 8.0) / (ROW * cel_painter_font_size(p->plot)), 1.0);
    double widest = 0.0;
    gsize n = 0;
    for (gsize i = 0; i < n_entries; i++) {
        const char *text = entry(p->plot, i);
        widest = MAX(widest, text != NULL ? cel_painter_width(p, text) : 0.0);
        n += text != NULL;
    }
    *out_widest = MIN(widest, p->f.width - SAMPLE - 2.0 * SIDE);
    return MIN(n, most);
}

gboolean cel_painter_legend_box(const CelPainter *p, CelDrawRect *out_box)
{
    double widest = 0.0;
    const gsize n = measure_rows(p, &widest);
    *out_box = (CelDrawRect){.x = p->f.left + p->f.width - SAMPLE - widest,
                             .y = p->f.top + 2.0,
                             .width = widest + SAMPLE - 2.0,
                             .height = ROW * cel_painter_font_size(p->plot) * (double)n + 2.0};
    if (n > 0)
        find_place(p, out_box);
    return n > 0;
}

void cel_painter_legend(const CelPainter *p)
{
    const double size = cel_painter_font_size(p->plot);
    CelDrawRect box = {0};
    if (!cel_painter_legend_box(p, &box))
        return;
    cel_painter_colour(p, &p->palette->legend);
    cairo_rectangle(p->cr, box.x, box.y, box.width, box.height);
    cairo_fill(p->cr);
    double y = box.y + 2.0;
    const double right = box.x + box.width + 2.0;
    for (gsize i = 0; i <= p->plot->n_traces + CEL_N_MARKS; i++) {
        const char *text = entry(p->plot, i);
        if (text == NULL || y + ROW * size > box.y + box.height + 1.0)
            continue;
        draw_sample(p, i, &(Line){right - 22.0, y + 0.75 * size});
        cel_painter_words(p, text,
                          &(CelDrawWords){.x = right - 26.0,
                                          .y = y,
                                          .align = CEL_ALIGN_RIGHT,
                                          .room = box.width - SAMPLE + 3.0});
        y += ROW * size;
    }
}

/* Highest place of a curve to the right of @from. */
static double top_from(const CelPainter *p, const CelTrace *trace, double from)
{
    gsize first = 0, end = 0;
    double top = INFINITY;
    const double x = cel_draw_frame_data_x(&p->f, from);
    if (!cel_painter_visible(trace, x, p->f.x_max, &first, &end))
        return top;
    for (gsize i = first; i < end; i++)
        if (isfinite(trace->y[i]))
            top = fmin(top, cel_draw_frame_y(&p->f, cel_painter_trace_y(trace, i)));
    return top;
}

void cel_painter_curve_labels(const CelPainter *p)
{
    const double size = cel_painter_font_size(p->plot), right = p->f.left + p->f.width - 6.0;
    for (gsize t = 0; p->plot->label_curves && t < p->plot->n_traces; t++) {
        const CelTrace *trace = &p->plot->traces[t];
        if (trace->label == NULL)
            continue;
        const double room = fmin(cel_painter_width(p, trace->label) + 1.0, 0.5 * p->f.width);
        const double top = top_from(p, trace, right - room) - 1.6 * size;
        if (top < p->f.top || top > p->f.top + p->f.height)
            continue;
        cel_painter_words(
            p, trace->label,
            &(CelDrawWords){.x = right, .y = top, .align = CEL_ALIGN_RIGHT, .room = room});
    }
}
