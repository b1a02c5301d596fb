/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

#include "base/cel-error.h"
#include "match/cel-claims.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const double PLOT_HIGHEST = 250.0, PLOT_LOWEST = 120.0, QR_SIZE = 72.0, BODY = 8.6;

static void pair_row(CelPaper *paper, CelReportWord left, const char *left_text,
                     CelReportWord right, const char *right_text)
{
    const double a = cel_page_pair(&paper->page, 0, cel_paper_word(paper, left), left_text);
    const double b = cel_page_pair(&paper->page, 1, cel_paper_word(paper, right), right_text);
    paper->page.y += MAX(a, b);
}

static void draw_head(CelPaper *paper)
{
    CelPage *page = &paper->page;
    if (paper->training)
        cel_page_watermark(page, cel_paper_word(paper, CEL_WORD_TRAINING));
    cairo_set_source_rgb(page->cr, 0.0, 0.0, 0.0);
    cel_page_text(page, paper->title, 16.0, TRUE);
    if (paper->training)
        cel_page_text(page, cel_paper_word(paper, CEL_WORD_TRAINING), 11.0, TRUE);
    page->y += 3.0;
}

static void draw_facts(CelPaper *paper)
{
    JsonObject *record = paper->record;
    g_autofree char *instrument = cel_paper_instrument(paper);
    g_autofree char *library = cel_paper_library(paper);
    g_autofree char *replicates = cel_paper_replicates(paper);
    g_autofree char *laser = cel_paper_laser(paper);
    g_autofree char *time = cel_paper_acquisition(paper);
    g_autofree char *laser_after = cel_paper_laser_after(paper);
    g_autofree char *validation = cel_paper_validation(paper);
    g_autofree char *method = cel_paper_method(paper);
    pair_row(paper, CEL_WORD_CASE, cel_paper_stated(paper, cel_json_words(record, "case")),
             CEL_WORD_EXHIBIT, cel_paper_stated(paper, cel_json_words(record, "item")));
    pair_row(paper, CEL_WORD_OPERATOR,
             cel_paper_stated(paper, cel_json_words(cel_json_child(record, "op"), "id")),
             CEL_WORD_TIME, cel_paper_stated(paper, cel_json_words(record, "t_wall")));
    pair_row(paper, CEL_WORD_INSTRUMENT, instrument, CEL_WORD_LASER, laser);
    pair_row(paper, CEL_WORD_DRIVER_PROVEN, validation, CEL_WORD_LASER_AFTER, laser_after);
    pair_row(paper, CEL_WORD_METHOD, method, CEL_WORD_LIBRARY, library);
    pair_row(paper, CEL_WORD_ACQUISITION, time, CEL_WORD_REPLICATES, replicates);
}

static void draw_next(CelPaper *paper)
{
    CelPage *page = &paper->page;
    const CelReportWord next = cel_report_next_step(cel_json_words(paper->record, "outcome"));
    cel_page_heading(page, cel_paper_word(paper, CEL_WORD_SECTION_NEXT));
    if (next != CEL_N_WORDS)
        cel_page_bullet(page, cel_paper_word(paper, next), BODY);
    cel_page_bullet(page, cel_paper_word(paper, CEL_WORD_NEXT_SEAL), BODY);
}

static void draw_integrity(CelPaper *paper)
{
    CelPage *page = &paper->page;
    const CelReportRequest *request = paper->request;
    cel_page_heading(page, cel_paper_word(paper, CEL_WORD_SECTION_INTEGRITY));
    const double top = page->y, width = page->right - page->left - QR_SIZE - 8.0;
    g_autofree char *qr = cel_paper_qr_text(paper);
    cel_page_qr(page, qr, page->right - QR_SIZE, top, QR_SIZE);
    g_autofree char *lines = g_strdup_printf("%s\nSHA-256 %s\nSM3     %s", request->file_name,
                                             request->file_sha256, request->file_sm3);
    cel_page_mono(page, lines, width);
    const double right = page->right;
    page->right -= QR_SIZE + 8.0;
    cel_paper_verdict_names(paper, CEL_VERDICT_PROVEN, CEL_WORD_PROVEN);
    cel_paper_verdict_names(paper, CEL_VERDICT_NOT_PROVEN, CEL_WORD_NOT_PROVEN);
    page->right = right;
    page->y = MAX(page->y, top + QR_SIZE);
}

static void draw_foot(CelPaper *paper)
{
    CelPage *page = &paper->page;
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_END), 7.5, FALSE);
    page->y = CEL_PAGE_HEIGHT - CEL_PAGE_MARGIN + 4.0;
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_SIGNATURES), 8.0, FALSE);
    g_autofree char *of =
        cel_claim_fill(cel_paper_word(paper, CEL_WORD_PAGE_OF), "N", "1", "T", "1", NULL);
    g_autofree char *foot = g_strdup_printf(
        "%s  %s  %s", cel_paper_stated(paper, cel_json_words(paper->record, "item")),
        cel_paper_stated(paper, cel_json_words(paper->record, "fid")), of);
    cel_page_text(page, foot, 7.0, FALSE);
}

/* Returns: FALSE on an error; what does not fit is in @out_excess, in points. */
static gboolean draw_body(CelPaper *paper, double *out_excess, GError **error)
{
    draw_head(paper);
    draw_facts(paper);
    cel_page_heading(&paper->page, cel_paper_word(paper, CEL_WORD_SECTION_SPECTRUM));
    if (!cel_paper_plot(paper, error))
        return FALSE;
    cel_paper_result(paper);
    draw_next(paper);
    cel_paper_reasons(paper);
    cel_paper_deviations(paper);
    cel_paper_limits(paper);
    draw_integrity(paper);
    *out_excess = paper->page.y - (CEL_PAGE_HEIGHT - CEL_PAGE_MARGIN - 10.0);
    return TRUE;
}

/* Without a next page: what does not fit runs over the end and is measured. */
static CelPage new_page(cairo_surface_t *surface)
{
    return (CelPage){.cr = cairo_create(surface),
                     .font = CEL_PAGE_FONT,
                     .left = CEL_PAGE_MARGIN,
                     .right = CEL_PAGE_WIDTH - CEL_PAGE_MARGIN,
                     .y = CEL_PAGE_MARGIN - 8.0};
}

/* The words come first: the plot gets the height that they leave. */
static gboolean fit_plot(CelPaper *paper, GError **error)
{
    double excess = 0.0;
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    paper->plot_height = PLOT_HIGHEST;
    paper->page = new_page(surface);
    const gboolean ok = draw_body(paper, &excess, error);
    cairo_destroy(paper->page.cr);
    cairo_surface_destroy(surface);
    if (!ok)
        return FALSE;
    paper->plot_height = MIN(PLOT_HIGHEST, PLOT_HIGHEST - excess);
    if (paper->plot_height >= PLOT_LOWEST)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                _("The record does not fit on one page (%.0f points too long); nothing was "
                  "printed, because a page with a line missing would mislead"),
                PLOT_LOWEST - paper->plot_height);
    return FALSE;
}

GBytes *cel_report_card(CelPaper *paper, GError **error)
{
    double excess = 0.0;
    CelPaperSurface surface;
    if (!fit_plot(paper, error))
        return NULL;
    cel_paper_surface(&surface, paper->title, cel_json_words(paper->record, "t_wall"),
                      CEL_PAGE_WIDTH, CEL_PAGE_HEIGHT);
    paper->page = new_page(surface.surface);
    const gboolean ok = draw_body(paper, &excess, error);
    if (ok)
        draw_foot(paper);
    cairo_destroy(paper->page.cr);
    g_autoptr(GBytes) bytes = cel_paper_surface_end(&surface, ok ? error : NULL);
    return ok ? g_steal_pointer(&bytes) : NULL;
}
