/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-page.h"

#include <pango/pangocairo.h>
#include <qrencode.h>

static const double LABEL_WIDTH = 82.0, COLUMN_GAP = 14.0, SMALL = 7.6;

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

static double show(const CelPage *page, PangoLayout *layout, double x, double y)
{
    PangoRectangle extent;
    pango_layout_get_extents(layout, NULL, &extent);
    cairo_move_to(page->cr, x, y);
    pango_cairo_show_layout(page->cr, layout);
    return (double)extent.height / PANGO_SCALE;
}

void cel_page_text(CelPage *page, const char *text, double size, gboolean bold)
{
    g_autofree char *font = g_strconcat(page->font, bold ? " bold" : "", NULL);
    g_autoptr(PangoLayout) layout = make_layout(page, text, font, size, page->right - page->left);
    page->y += show(page, layout, page->left, page->y) + 0.2 * size;
}

void cel_page_heading(CelPage *page, const char *text)
{
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
    g_autofree char *bold = g_strconcat(page->font, " bold", NULL);
    g_autoptr(PangoLayout) name = make_layout(page, label, bold, SMALL, LABEL_WIDTH - 4.0);
    g_autoptr(PangoLayout) text = make_layout(page, value, page->font, SMALL, half - LABEL_WIDTH);
    const double left = show(page, name, x, page->y);
    return MAX(left, show(page, text, x + LABEL_WIDTH, page->y)) + 1.5;
}

void cel_page_bullet(CelPage *page, const char *text, double size)
{
    g_autoptr(PangoLayout) dash = make_layout(page, "\u2013", page->font, size, 20.0);
    g_autoptr(PangoLayout) layout =
        make_layout(page, text, page->font, size, page->right - page->left - 10.0);
    show(page, dash, page->left, page->y);
    page->y += show(page, layout, page->left + 10.0, page->y) + 0.15 * size;
}

void cel_page_mono(CelPage *page, const char *text, double width)
{
    g_autoptr(PangoLayout) layout = make_layout(page, text, "monospace", 6.4, width);
    pango_layout_set_wrap(layout, PANGO_WRAP_CHAR);
    page->y += show(page, layout, page->left, page->y) + 0.5;
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
    const double module = size / code->width;
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
