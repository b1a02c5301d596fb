/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* A TrueType font: cairo 1.16 loses glyphs of OpenType fonts with CFF outlines (Noto CJK) when it
 * makes its subset, and a sentence of law with a character missing is another sentence. */
#define CEL_PAGE_FONT "WenQuanYi Micro Hei"
#define CEL_PAGE_MONO "WenQuanYi Micro Hei Mono"

/** CelPage: a page in points that is filled from top to bottom. */
typedef struct CelPage CelPage;
struct CelPage {
    cairo_t *cr;
    const char *font;
    double left, right, y; /* y: where the next thing goes */
    double bottom;         /* where the page ends; 0: never */
    /** turn: (nullable): begins the next page and sets @y; without it a page has no next one */
    void (*turn)(CelPage *page, gpointer data);
    gpointer turn_data;
};

enum { CEL_PAGE_WIDTH = 595, CEL_PAGE_HEIGHT = 842, CEL_PAGE_MARGIN = 42 }; /* A4 */

/** cel_page_need: turns the page when less than @height is left on it. */
void cel_page_need(CelPage *page, double height);

/** cel_page_text: a paragraph in @size points over the page's width; moves on below it, over as
 * many pages as it takes. */
void cel_page_text(CelPage *page, const char *text, double size, gboolean bold);

/** cel_page_centred: likewise, each line in the middle. */
void cel_page_centred(CelPage *page, const char *text, double size, gboolean bold);

/** cel_page_at: @text on one line at @x, @y; @align: 0 begins, 0.5 is centred, 1 ends there.
 * Nothing moves. Returns: its width. */
double cel_page_at(CelPage *page, const char *text, double size, double x, double y, double align);

/** cel_page_heading: a section's heading with a rule under it, never alone at a page's end. */
void cel_page_heading(CelPage *page, const char *text);

/** cel_page_pair: @label at the left of column @column (0 or 1), @value beside it, wrapped; the
 * caller moves on after both columns. Returns: the height used. */
double cel_page_pair(CelPage *page, int column, const char *label, const char *value);

/** CelPageCell: one cell of a table's row. */
typedef struct {
    const char *text;
    double share; /* of the page's width; those of a row add up to 1 */
    enum { CEL_CELL_VALUE, CEL_CELL_LABEL, CEL_CELL_MONO } kind;
} CelPageCell;

/**
 * cel_page_row:
 * A row with a frame around every cell, as high as its highest cell and @least points at least.
 * A row that does not fit goes onto the next page; one that fits on none is set as paragraphs.
 */
void cel_page_row(CelPage *page, const CelPageCell *cells, guint n, double least);

/** cel_page_bullet: a paragraph with a dash before it. */
void cel_page_bullet(CelPage *page, const char *text, double size);

/** cel_page_mono: digests: small, fixed width, broken anywhere. @width: points. */
void cel_page_mono(CelPage *page, const char *text, double width);

/** cel_page_watermark: @text across the page, behind what follows. */
void cel_page_watermark(CelPage *page, const char *text);

/** cel_page_qr: @text as a QR code of error level M with the white that it needs around it, @size
 * points wide together, at @x, @y. Returns: FALSE when it does not fit into a code. */
gboolean cel_page_qr(CelPage *page, const char *text, double x, double y, double size);

G_END_DECLS
