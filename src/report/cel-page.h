/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* A TrueType font: cairo 1.16 loses glyphs of OpenType fonts with CFF outlines (Noto CJK) when it
 * makes its subset, and a sentence of law with a character missing is another sentence. */
#define CEL_PAGE_FONT "WenQuanYi Micro Hei"

/** CelPage: an A4 page in points that is filled from top to bottom. */
typedef struct {
    cairo_t *cr;
    const char *font;
    double left, right, y; /* y: where the next thing goes */
} CelPage;

enum { CEL_PAGE_WIDTH = 595, CEL_PAGE_HEIGHT = 842, CEL_PAGE_MARGIN = 42 };

/** cel_page_text: a paragraph in @size points over the page's width; moves on below it. */
void cel_page_text(CelPage *page, const char *text, double size, gboolean bold);

/** cel_page_heading: a section's heading with a rule under it. */
void cel_page_heading(CelPage *page, const char *text);

/** cel_page_pair: @label at the left of column @column (0 or 1), @value beside it, wrapped; the
 * caller moves on after both columns. Returns: the height used. */
double cel_page_pair(CelPage *page, int column, const char *label, const char *value);

/** cel_page_bullet: a paragraph with a dash before it. */
void cel_page_bullet(CelPage *page, const char *text, double size);

/** cel_page_mono: digests: small, fixed width, broken anywhere. @width: points. */
void cel_page_mono(CelPage *page, const char *text, double width);

/** cel_page_watermark: @text across the page, behind what follows. */
void cel_page_watermark(CelPage *page, const char *text);

/** cel_page_qr: @text as a QR code of error level M, @size points wide, at @x, @y. Returns: FALSE
 * when it
 * does not fit into a code. */
gboolean cel_page_qr(CelPage *page, const char *text, double x, double y, double size);

G_END_DECLS
