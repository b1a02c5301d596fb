/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-page.h"

#include <pango/pangocairo.h>
#include <qrencode.h>

static const double LABEL_WIDTH = 82.0, COLUMN_GAP = 14.0, SMALL = 7.6, MONO = 6.4, PADDING = 3.0;

enum { QUIET_MODULES = 4 }; /* ISO/IEC 18004: white around a code, without which it is not found */

static PangoLayout *make_layout(const CelPage *page, const char *text, const char *font,
                                double size, double width)
{
    PangoLayout *layout = pango_cairo_create_layout(page->cr);
    PangoFontDescription *description = pango_font_description_from_string(font);
    pango_font_description_set_absolute_size(description, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, description);
    pango_font_description_free(description);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_spacing(layout, (int)(0.15 * size * PANGO_SCALE));
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static PangoLayout *make_words(const CelPage *page, const char *text, double size, double width,
                               gboolean bold)
{
    g_autofree char *font = g_strconcat(page->font, bold ? " bold" : "", NULL);
    return make_layout(page, text, font, size, width);
}

static double height_of(PangoLayout *layout)
{
    PangoRectangle extent;
    pango_layout_get_extents(layout, NULL, &extent);
    return (double)extent.height / PANGO_SCALE;
}

static double show(const CelPage *page, PangoLayout *layout, double x, double y)
{
    cairo_move_to(page->cr, x, y);
    pango_cairo_show_layout(page->cr, layout);
    return height_of(layout);
}

void cel_page_need(CelPage *page, double height)
{
    if (page->turn != NULL && page->y + height > page->bottom)
        page->turn(page, page->turn_data);
}

/* Line by line from @x on, so that a paragraph may go on overleaf. */
static void flow(CelPage *page, PangoLayout *layout, double x)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        int top = 0, bottom = 0;
        PangoRectangle line;
        pango_layout_iter_get_line_yrange(iter, &top, &bottom);
        pango_layout_iter_get_line_extents(iter, NULL, &line);
        cel_page_need(page, (double)(bottom - top) / PANGO_SCALE);
        cairo_move_to(page->cr, x + (double)line.x / PANGO_SCALE,
                      page->y + (double)(pango_layout_iter_get_baseline(iter) - top) / PANGO_SCALE);
        pango_cairo_show_layout_line(page->cr, pango_layout_iter_get_line_readonly(iter));
        page->y += (double)(bottom - top) / PANGO_SCALE;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

void cel_page_text(CelPage *page, const char *text, double size, gboolean bold)
{
    g_autoptr(PangoLayout) layout = make_words(page, text, size, page->right - page->left, bold);
    flow(page, layout, page->left);
    page->y += 0.2 * size;
}

void cel_page_centred(CelPage *page, const char *text, double size, gboolean bold)
{
    g_autoptr(PangoLayout) layout = make_words(page, text, size, page->right - page->left, bold);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    flow(page, layout, page->left);
    page->y += 0.2 * size;
}

double cel_page_at(CelPage *page, const char *text, double size, double x, double y, double align)
{
    g_autoptr(PangoLayout) layout = make_words(page, text, size, CEL_PAGE_WIDTH, FALSE);
    PangoRectangle extent;
    pango_layout_get_extents(layout, NULL, &extent);
    const double width = (double)extent.width / PANGO_SCALE;
    show(page, layout, x - align * width, y);
    return width;
}

void cel_page_heading(CelPage *page, const char *text)
{
    cel_page_need(page, 40.0);
    page->y += 5.0;
    cel_page_text(page, text, 9.5, TRUE);
    cairo_set_line_width(page->cr, 0.5);
    cairo_move_to(page->cr, page->left, page->y);
    cairo_line_to(page->cr, page->right, page->y);
    cairo_stroke(page->cr);
    page->y += 2.5;
}

double cel_page_pair(CelPage *page, int column, const char *label, const char *value)
{
    const double half = (page->right - page->left - COLUMN_GAP) / 2.0;
    const double x = page->left + column * (half + COLUMN_GAP);
    g_autoptr(PangoLayout) name = make_words(page, label, SMALL, LABEL_WIDTH - 4.0, TRUE);
    g_autoptr(PangoLayout) text = make_words(page, value, SMALL, half - LABEL_WIDTH, FALSE);
    const double left = show(page, name, x, page->y);
    return MAX(left, show(page, text, x + LABEL_WIDTH, page->y)) + 1.5;
}

static PangoLayout *cell_layout(const CelPage *page, const CelPageCell *cell)
{
    const double width = cell->share * (page->right - page->left) - 2.0 * PADDING;
    if (cell->kind != CEL_CELL_MONO)
        return make_words(page, cell->text, SMALL, width, cell->kind == CEL_CELL_LABEL);
    PangoLayout *layout = make_layout(page, cell->text, CEL_PAGE_MONO, MONO, width);
    pango_layout_set_wrap(layout, PANGO_WRAP_CHAR);
    return layout;
}

/* A label, then its text under it, as long as they are. */
static void flow_row(CelPage *page, const CelPageCell *cells, guint n)
{
    for (guint i = 0; i < n; i++)
        cel_page_text(page, cells[i].text, SMALL, cells[i].kind == CEL_CELL_LABEL);
}

void cel_page_row(CelPage *page, const CelPageCell *cells, guint n, double least)
{
    g_autoptr(GPtrArray) layouts = g_ptr_array_new_with_free_func(g_object_unref);
    double height = least, x = page->left;
    for (guint i = 0; i < n; i++) {
        g_ptr_array_add(layouts, cell_layout(page, &cells[i]));
        height = MAX(height, height_of(g_ptr_array_index(layouts, i)) + 2.0 * PADDING);
    }
    cel_page_need(page, height);
    if (page->turn != NULL && page->y + height > page->bottom) {
        flow_row(page, cells, n);
        return;
    }
    cairo_set_line_width(page->cr, 0.5);
    for (guint i = 0; i < n; i++) {
        const double width = cells[i].share * (page->right - page->left);
        show(page, g_ptr_array_index(layouts, i), x + PADDING, page->y + PADDING);
        cairo_rectangle(page->cr, x, page->y, width, height);
        cairo_stroke(page->cr);
        x += width;
    }
    page->y += height;
}

void cel_page_bullet(CelPage *page, const char *text, double size)
{
    g_autoptr(PangoLayout) dash = make_layout(page, "\u2013", page->font, size, 20.0);
    g_autoptr(PangoLayout) layout =
        make_layout(page, text, page->font, size, page->right - page->left - 10.0);
    cel_page_need(page, 1.4 * size);
    show(page, dash, page->left, page->y);
    flow(page, layout, page->left + 10.0);
    page->y += 0.15 * size;
}

void cel_page_mono(CelPage *page, const char *text, double width)
{
    g_autoptr(PangoLayout) layout = make_layout(page, text, CEL_PAGE_MONO, MONO, width);
    pango_layout_set_wrap(layout, PANGO_WRAP_CHAR);
    flow(page, layout, page->left);
    page->y += 0.5;
}

void cel_page_watermark(CelPage *page, const char *text)
{
    g_autofree char *font = g_strconcat(page->font, " bold", NULL);
    g_autoptr(PangoLayout) layout = make_layout(page, text, font, 34.0, 800.0);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    cairo_save(page->cr);
    cairo_translate(page->cr, CEL_PAGE_WIDTH / 2.0, CEL_PAGE_HEIGHT / 2.0);
    cairo_rotate(page->cr, -G_PI / 4.0);
    cairo_set_source_rgb(page->cr, 0.88, 0.88, 0.88);
    show(page, layout, -400.0, -40.0);
    cairo_restore(page->cr);
}

gboolean cel_page_qr(CelPage *page, const char *text, double x, double y, double size)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return FALSE;
    const double module = size / (code->width + 2 * QUIET_MODULES);
    x += QUIET_MODULES * module;
    y += QUIET_MODULES * module;
    for (int row = 0; row < code->width; row++) {
        for (int column = 0; column < code->width; column++) {
            if (code->data[row * code->width + column] & 1)
                cairo_rectangle(page->cr, x + column * module, y + row * module, module, module);
        }
    }
    cairo_fill(page->cr);
    QRcode_free(code);
    return TRUE;
}
