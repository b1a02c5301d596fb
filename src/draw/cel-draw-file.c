/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/cel-draw-file.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "draw/cel-draw-private.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* Points: 1/72 inch. */
static const double WIDTH = 680.0, HEIGHT = 425.0, MARGIN = 28.0, TITLE = 20.0, DOTS = 150.0 / 72.0;
static const double FONT_SIZE = 10.0;

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static void paint(cairo_t *cr, const CelPlot *plot, const char *title, GString *texts)
{
    const double top = MARGIN + (title != NULL ? TITLE : 0.0);
    CelPlot page = *plot;
    page.palette = CEL_PALETTE_PRINT;
    page.fast = page.coarse = FALSE;
    cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
    cairo_paint(cr);
    if (title != NULL) {
        page.font_size = FONT_SIZE;
        cel_painter_title(cr, &page, title,
                          &(CelDrawRect){MARGIN, 0.5 * MARGIN, WIDTH - 2.0 * MARGIN, TITLE}, texts);
        page.font_size = plot->font_size;
    }
    cel_painter_plot(
        cr, &page, &(CelDrawRect){MARGIN, top, WIDTH - 2.0 * MARGIN, HEIGHT - MARGIN - top}, texts);
}

static cairo_status_t finish(cairo_t *cr, cairo_surface_t *surface)
{
    cairo_show_page(cr);
    cairo_surface_finish(surface);
    const cairo_status_t status = cairo_surface_status(surface);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return status;
}

static cairo_status_t to_pdf(const CelPlot *plot, const char *title, GByteArray *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, out, WIDTH, HEIGHT);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    cairo_t *cr = cairo_create(surface);
    paint(cr, plot, title, NULL);
    return finish(cr, surface);
}

static cairo_status_t to_png(const CelPlot *plot, const char *title, GByteArray *out)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(WIDTH * DOTS), (int)(HEIGHT * DOTS));
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, DOTS, DOTS);
    paint(cr, plot, title, NULL);
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface, append, out);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return status;
}

/* cairo draws, the words come after as elements of their own, before the closing tag. It numbers
 * its surfaces through the life of the program: that name is taken off. */
static gboolean compose_svg(const char *drawn, const GString *texts, GByteArray *out)
{
    const char *group = strstr(drawn, "<g id=\"surface");
    const char *inside = group != NULL ? strchr(group, '>') : NULL;
    const char *end = inside != NULL ? g_strrstr(inside, "</svg>") : NULL;
    if (end == NULL)
        return FALSE;
    g_byte_array_append(out, (const guint8 *)drawn, (guint)(group - drawn));
    g_byte_array_append(out, (const guint8 *)"<g", 2);
    g_byte_array_append(out, (const guint8 *)inside, (guint)(end - inside));
    g_byte_array_append(out, (const guint8 *)texts->str, (guint)texts->len);
    g_byte_array_append(out, (const guint8 *)end, (guint)strlen(end));
    return TRUE;
}

static cairo_status_t to_svg(const CelPlot *plot, const char *title, GByteArray *out)
{
    g_autoptr(GString) texts = g_string_new(NULL);
    g_autoptr(GByteArray) drawn = g_byte_array_new();
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(append, drawn, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    paint(cr, plot, title, texts);
    const cairo_status_t status = finish(cr, surface);
    g_byte_array_append(drawn, (const guint8 *)"", 1);
    if (status == CAIRO_STATUS_SUCCESS && !compose_svg((const char *)drawn->data, texts, out))
        return CAIRO_STATUS_WRITE_ERROR;
    return status;
}

/** Kind: an ending and what writes it. */
typedef struct {
    const char *ending;
    cairo_status_t (*write)(const CelPlot *plot, const char *title, GByteArray *out);
} Kind;

static const Kind kinds[CEL_N_DRAW_KINDS] = {
    [CEL_DRAW_PDF] = {".pdf", to_pdf},
    [CEL_DRAW_PNG] = {".png", to_png},
    [CEL_DRAW_SVG] = {".svg", to_svg},
};

gboolean cel_draw_kind_of(const char *path, CelDrawKind *out_kind)
{
    g_autofree char *small = g_ascii_strdown(path, -1);
    for (guint kind = 0; kind < CEL_N_DRAW_KINDS; kind++) {
        if (!g_str_has_suffix(small, kinds[kind].ending))
            continue;
        *out_kind = (CelDrawKind)kind;
        return TRUE;
    }
    return FALSE;
}

GBytes *cel_draw_to_bytes(const CelPlot *plot, const char *title, CelDrawKind kind, GError **error)
{
    g_return_val_if_fail(kind < CEL_N_DRAW_KINDS, NULL);
    GByteArray *data = g_byte_array_new();
    const cairo_status_t status = kinds[kind].write(plot, title, data);
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(data);
    if (status != CAIRO_STATUS_SUCCESS) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("The plot could not be drawn: %s"),
                    cairo_status_to_string(status));
        return NULL;
    }
    return g_steal_pointer(&bytes);
}

gboolean cel_draw_save(const CelPlot *plot, const char *title, const char *path, GError **error)
{
    CelDrawKind kind = CEL_DRAW_PDF;
    if (!cel_draw_kind_of(path, &kind)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s: plots are written as .pdf, .png or .svg; name one of these"), path);
        return FALSE;
    }
    g_autoptr(GBytes) bytes = cel_draw_to_bytes(plot, title, kind, error);
    if (bytes == NULL) {
        g_prefix_error(error, "%s: ", path);
        return FALSE;
    }
    return cel_file_write(path, bytes, 0644, error);
}
