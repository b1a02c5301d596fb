/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-file.h"

#include "base/cel-error.h"
#include "base/cel-file.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <pango/pangocairo.h>

/* Points: 1/72 inch. */
static const double WIDTH = 680.0, HEIGHT = 425.0, MARGIN = 28.0, TITLE = 20.0, DOTS = 150.0 / 72.0;
static const double FONT_SIZE = 10.0;

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static void draw_title(cairo_t *cr, const char *title)
{
    g_autoptr(PangoLayout) layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string("sans");
    pango_font_description_set_absolute_size(font, FONT_SIZE * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, title, -1);
    cairo_set_source_rgb(cr, 0.0, 0.0, 0.0);
    cairo_move_to(cr, MARGIN, 0.5 * MARGIN);
    pango_cairo_show_layout(cr, layout);
}

static void paint(cairo_t *cr, const CelPlot *plot, const char *title)
{
    const double top = MARGIN + (title != NULL ? TITLE : 0.0);
    cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
    cairo_paint(cr);
    if (title != NULL)
        draw_title(cr, title);
    cel_draw_plot(cr, plot, MARGIN, top, WIDTH - 2.0 * MARGIN, HEIGHT - MARGIN - top);
}

static cairo_status_t to_pdf(const CelPlot *plot, const char *title, GByteArray *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, out, WIDTH, HEIGHT);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    cairo_t *cr = cairo_create(surface);
    paint(cr, plot, title);
    cairo_show_page(cr);
    cairo_surface_finish(surface);
    const cairo_status_t status = cairo_surface_status(surface);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return status;
}

static cairo_status_t to_png(const CelPlot *plot, const char *title, GByteArray *out)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(WIDTH * DOTS), (int)(HEIGHT * DOTS));
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, DOTS, DOTS);
    paint(cr, plot, title);
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface, append, out);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return status;
}

gboolean cel_draw_save(const CelPlot *plot, const char *title, const char *path, GError **error)
{
    g_autofree char *small = g_ascii_strdown(path, -1);
    const gboolean pdf = g_str_has_suffix(small, ".pdf");
    if (!pdf && !g_str_has_suffix(small, ".png")) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s: plots are written as .pdf or .png; name one of these"), path);
        return FALSE;
    }
    GByteArray *data = g_byte_array_new();
    const cairo_status_t status = pdf ? to_pdf(plot, title, data) : to_png(plot, title, data);
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(data);
    if (status != CAIRO_STATUS_SUCCESS) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s: the plot could not be drawn: %s"),
                    path, cairo_status_to_string(status));
        return FALSE;
    }
    return cel_file_write(path, bytes, 0644, error);
}
