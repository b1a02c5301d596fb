/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-paper-draw.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <poppler.h>

/* Poppler 22 has none of its own. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)

enum { MOST_PIXELS = 6000 };

CelPaperDraw *cel_paper_draw_new(GBytes *pdf, guint page, double scale)
{
    CelPaperDraw *draw = g_new0(CelPaperDraw, 1);
    draw->pdf = g_bytes_ref(pdf);
    draw->page = page;
    draw->scale = scale;
    return draw;
}

void cel_paper_draw_free(gpointer data)
{
    CelPaperDraw *draw = data;
    if (draw == NULL)
        return;
    g_bytes_unref(draw->pdf);
    g_clear_object(&draw->picture);
    g_free(draw);
}

static GdkTexture *paint(PopplerPage *page, double scale)
{
    double width = 0, height = 0;
    poppler_page_get_size(page, &width, &height);
    scale = MIN(scale, MOST_PIXELS / MAX(MAX(width, height), 1.0));
    const int w = MAX(1, (int)(width * scale)), h = MAX(1, (int)(height * scale));
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    poppler_page_render(page, cr);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    g_autoptr(GBytes) pixels =
        g_bytes_new(cairo_image_surface_get_data(surface), (gsize)stride * (gsize)h);
    cairo_surface_destroy(surface);
    return gdk_memory_texture_new(w, h, GDK_MEMORY_DEFAULT, pixels, (gsize)stride);
}

gboolean cel_paper_draw_run(gpointer data, CelJob *job, GError **error)
{
    CelPaperDraw *draw = data;
    g_autoptr(PopplerDocument) document = poppler_document_new_from_bytes(draw->pdf, NULL, NULL);
    if (!cel_job_step(job, N_("Drawing the page"), 0, 0, error))
        return FALSE;
    draw->n_pages = document != NULL ? (guint)poppler_document_get_n_pages(document) : 0;
    g_autoptr(PopplerPage) page =
        draw->page < draw->n_pages ? poppler_document_get_page(document, (int)draw->page) : NULL;
    if (page == NULL) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("The paper cannot be shown. Save it and open it with another "
                              "program."));
        return FALSE;
    }
    draw->picture = paint(page, draw->scale);
    return TRUE;
}

gboolean cel_paper_print_page(GBytes *pdf, guint number, cairo_t *cr)
{
    g_autoptr(PopplerDocument) document = poppler_document_new_from_bytes(pdf, NULL, NULL);
    g_autoptr(PopplerPage) page =
        document != NULL ? poppler_document_get_page(document, (int)number) : NULL;
    if (page != NULL)
        poppler_page_render_for_printing(page, cr);
    return page != NULL;
}
