/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

#include "base/cel-error.h"
#include "match/cel-claims.h"
#include "report/cel-report-items.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* ---- reading ---- */

static JsonNode *member(JsonObject *object, const char *key)
{
    return object != NULL ? json_object_get_member(object, key) : NULL;
}

static const char *node_words(JsonNode *node)
{
    if (node == NULL || !JSON_NODE_HOLDS_VALUE(node) ||
        json_node_get_value_type(node) != G_TYPE_STRING)
        return NULL;
    const char *text = json_node_get_string(node);
    return *text != '\0' ? text : NULL;
}

static double node_real(JsonNode *node)
{
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                   json_node_get_value_type(node) != G_TYPE_STRING
               ? json_node_get_double(node)
               : NAN;
}

JsonObject *cel_json_child(JsonObject *object, const char *key)
{
    JsonNode *node = member(object, key);
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

JsonArray *cel_json_list(JsonObject *object, const char *key)
{
    JsonNode *node = member(object, key);
    return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

const char *cel_json_words(JsonObject *object, const char *key)
{
    return node_words(member(object, key));
}

double cel_json_real(JsonObject *object, const char *key)
{
    return node_real(member(object, key));
}

guint cel_json_length(JsonArray *array)
{
    return array != NULL ? json_array_get_length(array) : 0;
}

JsonObject *cel_json_at_object(JsonArray *array, guint i)
{
    JsonNode *node = json_array_get_element(array, i);
    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

const char *cel_json_at_words(JsonArray *array, guint i)
{
    return node_words(json_array_get_element(array, i));
}

double cel_json_at_real(JsonArray *array, guint i)
{
    return node_real(json_array_get_element(array, i));
}

const char *cel_paper_word(const CelPaper *paper, CelReportWord which)
{
    return cel_report_word(which, paper->chinese);
}

const char *cel_paper_stated(const CelPaper *paper, const char *text)
{
    return text != NULL ? text : cel_paper_word(paper, CEL_WORD_NOT_STATED);
}

char *cel_paper_fact(const CelPaper *paper, const char *id)
{
    char *text = cel_report_fact(paper->request->facts, id, paper->chinese);
    return text != NULL ? text : g_strdup(cel_paper_word(paper, CEL_WORD_NOT_STATED));
}

/* ---- pages ---- */

/* Left is the binding; at the right the seals across the edges of the pages need room. */
static const double LEFT = 56.0, RIGHT = 62.0, TOP = 50.0, BOTTOM = 60.0, EDGE = 34.0, SMALL = 7.0;

static void draw_edge(const CelPaper *paper)
{
    cairo_t *cr = paper->page.cr;
    const double dots[] = {0.6, 2.4}, x = CEL_PAGE_WIDTH - EDGE;
    cairo_save(cr);
    cairo_set_source_rgb(cr, 0.6, 0.6, 0.6);
    cairo_set_line_width(cr, 0.5);
    cairo_set_dash(cr, dots, 2, 0.0);
    cairo_move_to(cr, x, TOP);
    cairo_line_to(cr, x, CEL_PAGE_HEIGHT - BOTTOM);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0.0);
    cairo_translate(cr, x + 4.0, CEL_PAGE_HEIGHT / 2.0);
    cairo_rotate(cr, -G_PI / 2.0);
    CelPage page = paper->page;
    cel_page_at(&page, cel_paper_word(paper, CEL_WORD_EDGE_SEAL), SMALL, 0.0, 0.0, 0.5);
    cairo_restore(cr);
}

static void draw_foot(CelPaper *paper)
{
    CelPage *page = &paper->page;
    const double y = CEL_PAGE_HEIGHT - 44.0;
    g_autofree char *n = g_strdup_printf("%u", paper->at_page);
    g_autofree char *total = g_strdup_printf("%u", paper->pages);
    g_autofree char *foot =
        cel_claim_fill(cel_paper_word(paper, CEL_WORD_PAGE_OF), "N", n, "T", total, NULL);
    g_autofree char *left =
        g_strdup_printf("%s  %s", cel_paper_stated(paper, cel_json_words(paper->record, "item")),
                        cel_paper_stated(paper, cel_json_words(paper->record, "fid")));
    cairo_set_line_width(page->cr, 0.5);
    cairo_move_to(page->cr, page->left, y - 3.0);
    cairo_line_to(page->cr, page->right, y - 3.0);
    cairo_stroke(page->cr);
    cel_page_at(page, left, SMALL, page->left, y, 0.0);
    cel_page_at(page, foot, SMALL + 1.0, page->right, y, 1.0);
}

/* Number and mark stand on every page; the first one has its title instead of the running head. */
static void draw_top(CelPaper *paper)
{
    CelPage *page = &paper->page;
    if (paper->training)
        cel_page_watermark(page, cel_paper_word(paper, CEL_WORD_TRAINING));
    cairo_set_source_rgb(page->cr, 0.0, 0.0, 0.0);
    draw_edge(paper);
    page->y = TOP;
    if (paper->at_page == 1)
        return;
    g_autofree char *number = g_strdup_printf("%s: %s", cel_paper_word(paper, CEL_WORD_NUMBER),
                                              cel_paper_stated(paper, paper->number));
    cel_page_at(page, paper->title, SMALL + 0.5, page->left, TOP - 18.0, 0.0);
    cel_page_at(page, number, SMALL + 0.5, page->right, TOP - 18.0, 1.0);
    cairo_set_line_width(page->cr, 0.5);
    cairo_move_to(page->cr, page->left, TOP - 6.0);
    cairo_line_to(page->cr, page->right, TOP - 6.0);
    cairo_stroke(page->cr);
}

static void turn(CelPage *page, gpointer data)
{
    CelPaper *paper = data;
    draw_foot(paper);
    cairo_show_page(page->cr);
    paper->at_page++;
    draw_top(paper);
}

static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned int n)
{
    g_byte_array_append(closure, data, n);
    return CAIRO_STATUS_SUCCESS;
}

void cel_paper_surface(CelPaperSurface *out, const char *title, const char *when, double width,
                       double height)
{
    out->bytes = g_byte_array_new();
    out->surface = cairo_pdf_surface_create_for_stream(append_bytes, out->bytes, width, height);
    cairo_pdf_surface_set_metadata(out->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   when != NULL ? when : "2000-01-01T00:00:00Z");
    cairo_pdf_surface_set_metadata(out->surface, CAIRO_PDF_METADATA_TITLE, title);
}

GBytes *cel_paper_surface_end(CelPaperSurface *surface, GError **error)
{
    cairo_surface_finish(surface->surface);
    const cairo_status_t status = cairo_surface_status(surface->surface);
    cairo_surface_destroy(surface->surface);
    GBytes *bytes = g_byte_array_free_to_bytes(surface->bytes);
    if (status == CAIRO_STATUS_SUCCESS)
        return bytes;
    g_bytes_unref(bytes);
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("The PDF cannot be made: %s"),
                cairo_status_to_string(status));
    return NULL;
}

static GBytes *draw_once(CelPaper *paper, CelPaperDraw draw, GError **error)
{
    CelPaperSurface surface;
    cel_paper_surface(&surface, paper->title, cel_json_words(paper->record, "t_wall"),
                      CEL_PAGE_WIDTH, CEL_PAGE_HEIGHT);
    paper->at_page = 1;
    paper->page = (CelPage){.cr = cairo_create(surface.surface),
                            .font = CEL_PAGE_FONT,
                            .left = LEFT,
                            .right = CEL_PAGE_WIDTH - RIGHT,
                            .bottom = CEL_PAGE_HEIGHT - BOTTOM,
                            .turn = turn,
                            .turn_data = paper};
    draw_top(paper);
    const gboolean ok = draw(paper, error);
    draw_foot(paper);
    cairo_destroy(paper->page.cr);
    g_autoptr(GBytes) bytes = cel_paper_surface_end(&surface, ok ? error : NULL);
    return ok ? g_steal_pointer(&bytes) : NULL;
}

GBytes *cel_paper_pdf(CelPaper *paper, CelPaperDraw draw, GError **error)
{
    paper->pages = 0;
    g_autoptr(GBytes) counted = draw_once(paper, draw, error);
    if (counted == NULL)
        return NULL;
    paper->pages = paper->at_page;
    return draw_once(paper, draw, error);
}
