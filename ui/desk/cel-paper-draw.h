/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

/** CelPaperDraw: one page of a PDF as a picture: asked and answered. */
typedef struct {
    GBytes *pdf;
    guint page;          /* from 0 */
    double scale;        /* pixels a point */
    guint n_pages;       /* out */
    GdkTexture *picture; /* out */
} CelPaperDraw;

/** cel_paper_draw_new: Returns: (transfer full): holds a reference to @pdf. */
CelPaperDraw *cel_paper_draw_new(GBytes *pdf, guint page, double scale);
/** cel_paper_draw_free: @draw: (nullable): a CelPaperDraw. */
void cel_paper_draw_free(gpointer draw);
/** cel_paper_draw_run: a CelTaskRun; any worker. Returns: FALSE with CEL_ERROR_INPUT. */
gboolean cel_paper_draw_run(gpointer draw, CelJob *job, GError **error);

/** cel_paper_print_page: draws a page for the printer, in points. Returns: FALSE when it is none.
 */
gboolean cel_paper_print_page(GBytes *pdf, guint page, cairo_t *cr);

G_END_DECLS
