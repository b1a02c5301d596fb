/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-private.h"

#include <pango/pangocairo.h>

static const double DEFAULT_FONT = 8.0, DEFAULT_MARK = 2.6;

double cel_painter_font_size(const CelPlot *plot)
{
    return plot->font_size > 0.0 ? plot->font_size : DEFAULT_FONT;
}

double cel_painter_mark_size(const CelPlot *plot)
{
    return plot->mark_size > 0.0 ? plot->mark_size : DEFAULT_MARK;
}

void cel_painter_colour(const CelPainter *p, const CelDrawColour *colour)
{
    cairo_set_source_rgba(p->cr, colour->red, colour->green, colour->blue, colour->alpha);
}

static PangoLayout *layout_of(const CelPainter *p, const char *text, double room)
{
    PangoLayout *layout = pango_cairo_create_layout(p->cr);
    PangoFontDescription *font =
        pango_font_description_from_string(p->plot->font != NULL ? p->plot->font : "sans");
    pango_font_description_set_absolute_size(font, cel_painter_font_size(p->plot) * PANGO_SCALE);
    if (p->plot->language != NULL) {
        pango_context_set_language(pango_layout_get_context(layout),
                                   pango_language_from_string(p->plot->language));
        pango_layout_context_changed(layout);
    }
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text, -1);
    if (room > 0.0) {
        pango_layout_set_width(layout, (int)(room * PANGO_SCALE));
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_single_paragraph_mode(layout, TRUE);
    }
    return layout;
}

/* With a width set, the extents would say where an aligned line stands and not how wide it is. */
static double layout_width(PangoLayout *layout)
{
    PangoRectangle extent;
    pango_layout_get_extents(layout, NULL, &extent);
    return (double)extent.width / PANGO_SCALE;
}

double cel_painter_width(const CelPainter *p, const char *text)
{
    g_autoptr(PangoLayout) layout = layout_of(p, text, 0.0);
    return layout_width(layout);
}

/* SVG has words of its own, which a reader can search and copy; cairo would write outlines. */
static void append_svg(const CelPainter *p, const char *text, const CelDrawWords *at,
                       PangoLayout *layout)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_autofree char *font =
        g_markup_escape_text(p->plot->font != NULL ? p->plot->font : "sans", -1);
    char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE], size[G_ASCII_DTOSTR_BUF_SIZE];
    const double down = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
    g_ascii_formatd(x, sizeof x, "%.2f", at->upright ? at->x + down : at->x);
    g_ascii_formatd(y, sizeof y, "%.2f", at->upright ? at->y : at->y + down);
    g_ascii_formatd(size, sizeof size, "%.2f", cel_painter_font_size(p->plot));
    g_string_append_printf(p->texts, "<text x=\"%s\" y=\"%s\" font-family=\"%s, sans-serif\"", x, y,
                           font);
    g_string_append_printf(p->texts, " font-size=\"%s\" text-anchor=\"%s\" fill=\"#%02x%02x%02x\"",
                           size, anchors[at->align], (guint)(p->palette->text.red * 255.0),
                           (guint)(p->palette->text.green * 255.0),
                           (guint)(p->palette->text.blue * 255.0));
    if (p->plot->language != NULL)
        g_string_append_printf(p->texts, " xml:lang=\"%s\"", p->plot->language);
    if (at->upright)
        g_string_append_printf(p->texts, " transform=\"rotate(-90 %s %s)\"", x, y);
    g_string_append_printf(p->texts, ">%s</text>\n", escaped);
}

void cel_painter_words(const CelPainter *p, const char *text, const CelDrawWords *at)
{
    g_autoptr(PangoLayout) layout = layout_of(p, text, at->room);
    if (p->texts != NULL) {
        append_svg(p, text, at, layout);
        return;
    }
    const double back = layout_width(layout) * (double)at->align / 2.0;
    cel_painter_colour(p, &p->palette->text);
    cairo_save(p->cr);
    cairo_translate(p->cr, at->x, at->y);
    if (at->upright)
        cairo_rotate(p->cr, -G_PI / 2.0);
    cairo_move_to(p->cr, -back, 0.0);
    pango_cairo_show_layout(p->cr, layout);
    cairo_restore(p->cr);
}

void cel_painter_title(cairo_t *cr, const CelPlot *plot, const char *title, const CelDrawRect *page,
                       GString *texts)
{
    const CelPainter p = {
        .cr = cr, .plot = plot, .palette = cel_draw_palette(plot->palette), .texts = texts};
    cel_painter_words(&p, title, &(CelDrawWords){.x = page->x, .y = page->y, .room = page->width});
}
