/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

#include "base/cel-error.h"
#include "evidence/cel-record.h"
#include "match/cel-claims.h"
#include "report/cel-report-items.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The court page: the order of its parts is fixed by the rules of the bench, section 3. */

static const double PLOT_HIGHEST = 190.0, PLOT_LOWEST = 125.0, HEADING = 26.0, QR_SIZE = 96.0,
                    END_MARK = 24.0, SIGNATURE_HEIGHT = 30.0, BODY = 8.6;
enum { MAX_BANDS = 40 };

static void draw_amendment(CelPaper *paper)
{
    JsonObject *facts = paper->request->facts;
    g_autofree char *old = cel_report_fact(facts, "report.replaces", paper->chinese);
    if (old == NULL)
        return;
    g_autofree char *digest = cel_paper_fact(paper, "report.replaces.sha256");
    g_autofree char *why = cel_paper_fact(paper, "report.replaces.why");
    g_autofree char *text = cel_claim_fill(cel_paper_word(paper, CEL_WORD_REPLACES), "N", old, "D",
                                           digest, "W", why, NULL);
    cel_page_text(&paper->page, text, BODY, TRUE);
}

static void draw_marks(CelPaper *paper)
{
    if (paper->training)
        cel_page_centred(&paper->page, cel_paper_word(paper, CEL_WORD_TRAINING), 11.0, TRUE);
    const CelSentence *development = cel_claim(CEL_CLAIM_DEVELOPMENT);
    if (g_strcmp0(cel_json_words(paper->record, "policy"), "development") == 0)
        cel_page_centred(&paper->page, paper->chinese ? development->zh : development->en, 9.0,
                         TRUE);
}

/* What the laboratory says of itself under its signature; nothing without one. */
static void draw_profile(CelPaper *paper)
{
    const CelProfile *profile = paper->request->profile;
    const gint64 sealed_us = cel_record_number(paper->record, "t_wall_us");
    if (profile == NULL || !profile->is_signed)
        return;
    if (profile->lab.registration_no != NULL)
        cel_paper_row1(paper, cel_paper_label(paper, "lab.registration"),
                       profile->lab.registration_no);
    const CelProfileAccreditation *accreditation = &profile->accreditation;
    if (accreditation->body == NULL || accreditation->until_us < sealed_us)
        return;
    const char *scope = cel_paper_profile_text(paper, &accreditation->scope);
    g_autofree char *text = g_strdup_printf("%s %s", accreditation->body,
                                            cel_paper_stated(paper, accreditation->number));
    cel_paper_row1(paper, cel_paper_label(paper, "lab.accreditation"), text);
    if (scope != NULL)
        cel_paper_row1(paper, cel_paper_label(paper, "lab.scope"), scope);
}

static void draw_head(CelPaper *paper)
{
    CelPage *page = &paper->page;
    g_autofree char *name = cel_paper_fact(paper, "lab.name");
    g_autofree char *address = cel_paper_fact(paper, "lab.address");
    g_autofree char *number = g_strdup_printf("%s: %s", cel_paper_word(paper, CEL_WORD_NUMBER),
                                              cel_paper_stated(paper, paper->number));
    cel_page_centred(page, name, 12.0, FALSE);
    cel_page_centred(page, paper->title, 18.0, TRUE);
    cel_page_centred(page, address, 7.6, FALSE);
    draw_marks(paper);
    page->y += 2.0;
    cel_page_at(page, number, 9.5, page->right, page->y, 1.0);
    page->y += 15.0;
    draw_profile(paper);
    draw_amendment(paper);
}

static void draw_order(CelPaper *paper)
{
    g_autofree char *summary = cel_report_fact(paper->request->facts, "case.summary", TRUE);
    const char *const numbers[] = {cel_paper_word(paper, CEL_WORD_CASE),
                                   cel_paper_stated(paper, cel_json_words(paper->record, "case")),
                                   cel_paper_word(paper, CEL_WORD_EXHIBIT),
                                   cel_paper_stated(paper, cel_json_words(paper->record, "item"))};
    cel_paper_fact_row(paper, "customer.department", "customer.person");
    cel_paper_fact_row(paper, "customer.contact", "received.date");
    cel_paper_row2(paper, numbers);
    cel_paper_row1(paper, cel_paper_label(paper, "case.summary"),
                   summary != NULL ? summary : cel_paper_word(paper, CEL_WORD_OMITTED));
    cel_paper_fact_row(paper, "exhibit.description", NULL);
    cel_paper_fact_row(paper, "exhibit.amount", "collected.date");
    cel_paper_fact_row(paper, "exhibit.condition", "exhibit.after");
    cel_paper_fact_row(paper, "exhibit.seal.no", "exhibit.seal.state");
}

static void draw_photos(CelPaper *paper)
{
    JsonArray *photos = cel_report_fact_list(paper->request->facts, "exhibit.photos");
    const char *label = cel_paper_label(paper, "exhibit.photos");
    for (guint i = 0; i < cel_json_length(photos); i++) {
        const CelPageCell cells[] = {{i == 0 ? label : "", 0.18, CEL_CELL_LABEL},
                                     {cel_json_at_words(photos, i), 0.82, CEL_CELL_MONO}};
        cel_page_row(&paper->page, cells, G_N_ELEMENTS(cells), 0.0);
    }
    if (cel_json_length(photos) == 0)
        cel_paper_row1(paper, label, cel_paper_word(paper, CEL_WORD_NONE));
}

static void draw_exam(CelPaper *paper)
{
    cel_paper_fact_row(paper, "request.text", NULL);
    cel_paper_fact_row(paper, "sampling.population", "sampling.tested");
    cel_paper_fact_row(paper, "sampling.rule", "sampling.homogeneity");
    cel_paper_fact_row(paper, "exam.started", "exam.ended");
    cel_paper_fact_row(paper, "exam.place", "exam.environment");
}

static void row_of(CelPaper *paper, CelReportWord left, const char *a, CelReportWord right,
                   const char *b)
{
    const char *const texts[] = {cel_paper_word(paper, left), a, cel_paper_word(paper, right), b};
    cel_paper_row2(paper, texts);
}

static char *rule_text(const CelPaper *paper)
{
    const char *method = cel_record_text(paper->record, "method/id");
    const char *version = cel_record_text(paper->record, "sw/version");
    return cel_claim_fill(cel_paper_word(paper, CEL_WORD_RULE_TEXT), "M",
                          cel_paper_stated(paper, method), "V", cel_paper_stated(paper, version),
                          NULL);
}

/* 依据 only for what the method follows; 参照 with the approval it rests on. */
static void draw_citations(CelPaper *paper)
{
    const CelProfile *profile = paper->request->profile;
    for (guint i = 0; profile != NULL && profile->is_signed && i < profile->citations->len; i++) {
        const CelProfileCitation *citation = g_ptr_array_index(profile->citations, i);
        const char *text = cel_paper_profile_text(paper, &citation->text);
        g_autofree char *approved =
            citation->basis
                ? g_strdup(text)
                : g_strdup_printf("%s (%s: %s)", text, cel_paper_word(paper, CEL_WORD_APPROVAL),
                                  cel_paper_stated(paper, citation->approval));
        cel_paper_row1(
            paper,
            cel_paper_word(paper, citation->basis ? CEL_WORD_BASIS : CEL_WORD_WITH_REFERENCE_TO),
            approved);
    }
}

static char *recipe_text(const CelPaper *paper)
{
    return g_strdup_printf(
        "%s (SHA-256 %.16s\u2026)",
        cel_paper_stated(paper, cel_json_words(paper->record, "recipe_name")),
        cel_paper_stated(paper, cel_record_text(paper->record, "recipe/sha256")));
}

static void draw_method(CelPaper *paper)
{
    g_autofree char *method = cel_paper_method(paper);
    g_autofree char *rule = rule_text(paper);
    g_autofree char *library = cel_paper_library(paper);
    g_autofree char *recipe = recipe_text(paper);
    const char *const names[] = {
        cel_paper_word(paper, CEL_WORD_METHOD), method, cel_paper_label(paper, "method.validation"),
        cel_paper_word(paper, cel_paper_is_validated(paper) ? CEL_WORD_VALIDATED
                                                            : CEL_WORD_NOT_VALIDATED_SHORT)};
    cel_page_heading(&paper->page, cel_paper_word(paper, CEL_WORD_SECTION_METHOD));
    cel_paper_row2(paper, names);
    draw_citations(paper);
    row_of(paper, CEL_WORD_LIBRARY, library, CEL_WORD_RECIPE, recipe);
    cel_paper_row1(paper, cel_paper_word(paper, CEL_WORD_RULE), rule);
    cel_paper_fact_row(paper, "examiner.authorised", NULL);
}

static void draw_instrument(CelPaper *paper)
{
    g_autofree char *instrument = cel_paper_instrument(paper);
    g_autofree char *validation = cel_paper_validation(paper);
    g_autofree char *laser = cel_paper_laser(paper);
    g_autofree char *after = cel_paper_laser_after(paper);
    g_autofree char *time = cel_paper_acquisition(paper);
    g_autofree char *replicates = cel_paper_replicates(paper);
    g_autofree char *power = cel_paper_fact(paper, "instrument.laser_power");
    row_of(paper, CEL_WORD_INSTRUMENT, instrument, CEL_WORD_DRIVER_PROVEN, validation);
    cel_paper_fact_row(paper, "instrument.asset", "instrument.calibration");
    const char *const light[] = {cel_paper_word(paper, CEL_WORD_LASER), laser,
                                 cel_paper_label(paper, "instrument.laser_power"), power};
    cel_paper_row2(paper, light);
    row_of(paper, CEL_WORD_LASER_AFTER, after, CEL_WORD_ACQUISITION, time);
    cel_paper_row1(paper, cel_paper_word(paper, CEL_WORD_REPLICATES), replicates);
}

/* A check: its verdict in words, then what it rests on. */
static void draw_check(CelPaper *paper, const char *id, const char *verdict_id)
{
    g_autofree char *verdict = cel_paper_fact(paper, verdict_id);
    g_autofree char *text = cel_paper_fact(paper, id);
    g_autofree char *both = g_strdup_printf("%s: %s", verdict, text);
    cel_paper_row1(paper, cel_paper_label(paper, id), both);
}

static void draw_quality(CelPaper *paper)
{
    g_autofree char *blanks = cel_paper_blanks(paper);
    cel_page_heading(&paper->page, cel_paper_word(paper, CEL_WORD_SECTION_QUALITY));
    cel_paper_fact_row(paper, "checks.standard", NULL);
    draw_check(paper, "checks.opening", "checks.opening.verdict");
    draw_check(paper, "checks.closing", "checks.closing.verdict");
    cel_paper_row1(paper, cel_paper_word(paper, CEL_WORD_BLANKS), blanks);
}

static void draw_process(CelPaper *paper)
{
    JsonArray *reasons = cel_paper_replicate_reasons(paper);
    g_autofree char *text = cel_paper_fact(paper, "process.text");
    cel_page_heading(&paper->page, cel_paper_word(paper, CEL_WORD_SECTION_PROCESS));
    cel_page_text(&paper->page, text, BODY, FALSE);
    if (cel_json_length(reasons) > 0)
        cel_paper_list(paper, CEL_WORD_INVALID_REPLICATES, reasons);
}

static char *bands_text(const CelPaper *paper, const CelPaperPeaks *bands)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < bands->peaks->len; i++) {
        const CelPeak *peak = &g_array_index(bands->peaks, CelPeak, i);
        const char *mark = cel_paper_is_matched(paper, peak->position) ? "▼" : "";
        const double u = hypot(peak->u_position, bands->u_axis_cm1);
        g_string_append(out, i > 0 ? "; " : "");
        g_autofree char *value = cel_paper_value(peak->position, peak->u_position > 0.0 ? u : 0.0);
        g_string_append_printf(out, "%s%s", mark, value);
    }
    return g_string_free(out, FALSE);
}

static gboolean draw_bands(CelPaper *paper, GError **error)
{
    CelPaperPeaks bands = {0};
    CelPage *page = &paper->page;
    if (!cel_paper_peaks(paper, MAX_BANDS, &bands, error))
        return FALSE;
    g_autoptr(GArray) peaks = bands.peaks;
    g_autofree char *text = bands_text(paper, &bands);
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_BANDS), BODY, TRUE);
    cel_page_text(page, peaks->len > 0 ? text : cel_paper_word(paper, CEL_WORD_NO_BANDS), BODY,
                  FALSE);
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_BANDS_NOTE), 7.6, FALSE);
    if (!(bands.u_axis_cm1 > 0.0))
        cel_page_text(page, cel_paper_word(paper, CEL_WORD_BANDS_NO_AXIS), 7.6, FALSE);
    if (cel_paper_any_unfitted(&bands))
        cel_page_text(page, cel_paper_word(paper, CEL_WORD_BANDS_UNFITTED), 7.6, FALSE);
    if (bands.n_left_out > 0) {
        g_autofree char *n = g_strdup_printf("%u", bands.n_left_out);
        g_autofree char *more =
            cel_claim_fill(cel_paper_word(paper, CEL_WORD_BANDS_MORE), "N", n, NULL);
        cel_page_text(page, more, 7.6, FALSE);
    }
    return TRUE;
}

static gboolean draw_observed(CelPaper *paper, GError **error)
{
    CelPage *page = &paper->page;
    g_autofree char *quality = cel_paper_quality(paper);
    cel_page_need(page, PLOT_LOWEST + HEADING);
    paper->plot_height = CLAMP(page->bottom - page->y - HEADING, PLOT_LOWEST, PLOT_HIGHEST);
    cel_page_heading(page, cel_paper_word(paper, CEL_WORD_SECTION_OBSERVED));
    if (!cel_paper_plot(paper, error) || !draw_bands(paper, error))
        return FALSE;
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_DATA_QUALITY), BODY, TRUE);
    cel_page_text(page, quality, BODY, FALSE);
    return TRUE;
}

static void draw_person(CelPaper *paper, const char *who)
{
    g_autofree char *name_id = g_strdup_printf("%s.name", who);
    g_autofree char *id_id = g_strdup_printf("%s.id", who);
    g_autofree char *name = cel_paper_fact(paper, name_id);
    g_autofree char *id = cel_paper_fact(paper, id_id);
    g_autofree char *both = g_strdup_printf("%s (%s)", name, id);
    const CelPageCell cells[] = {
        {cel_paper_label(paper, name_id), 0.2, CEL_CELL_LABEL},
        {both, 0.3, CEL_CELL_VALUE},
        {"", 0.28, CEL_CELL_VALUE},
        {"", 0.22, CEL_CELL_VALUE},
    };
    cel_page_row(&paper->page, cells, G_N_ELEMENTS(cells), SIGNATURE_HEIGHT);
}

static void draw_persons(CelPaper *paper)
{
    static const char *const persons[] = {"examiner", "second", "reviewer", "signatory"};
    CelPage *page = &paper->page;
    const CelPageCell head[] = {
        {cel_paper_word(paper, CEL_WORD_SIGN_ROLE), 0.2, CEL_CELL_LABEL},
        {cel_paper_word(paper, CEL_WORD_SIGN_NAME), 0.3, CEL_CELL_LABEL},
        {cel_paper_word(paper, CEL_WORD_SIGN_HAND), 0.28, CEL_CELL_LABEL},
        {cel_paper_word(paper, CEL_WORD_SIGN_DATE), 0.22, CEL_CELL_LABEL},
    };
    g_autofree char *issued = cel_paper_fact(paper, "report.issued");
    const CelPageCell seal[] = {
        {cel_paper_word(paper, CEL_WORD_SIGN_SEAL), 0.2, CEL_CELL_LABEL},
        {"", 0.3, CEL_CELL_VALUE},
        {cel_paper_word(paper, CEL_WORD_ISSUED), 0.28, CEL_CELL_LABEL},
        {issued, 0.22, CEL_CELL_VALUE},
    };
    cel_page_need(page, 6.5 * SIGNATURE_HEIGHT + 30.0); /* signatures stand together */
    cel_page_heading(page, cel_paper_word(paper, CEL_WORD_SECTION_PERSONS));
    cel_page_row(page, head, G_N_ELEMENTS(head), 0.0);
    for (gsize i = 0; i < G_N_ELEMENTS(persons); i++)
        draw_person(paper, persons[i]);
    cel_page_row(page, seal, G_N_ELEMENTS(seal), 1.6 * SIGNATURE_HEIGHT);
}

static void draw_digests(CelPaper *paper)
{
    const CelReportRequest *request = paper->request;
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_FILE), request->file_name);
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_FILE_SHA256), request->file_sha256);
    cel_paper_digest_row(paper, cel_paper_word(paper, CEL_WORD_FILE_SM3), request->file_sm3);
    cel_paper_digest_fact(paper, "ledger.root.sha256");
    cel_paper_digest_fact(paper, "ledger.root.sm3");
    cel_paper_ledger_row(paper);
}

static void draw_integrity(CelPaper *paper)
{
    CelPage *page = &paper->page;
    JsonArray *annexes = cel_report_fact_list(paper->request->facts, "annexes");
    JsonArray *external = cel_report_fact_list(paper->request->facts, "external");
    g_autofree char *qr = cel_paper_qr_text(paper);
    cel_paper_list(paper, CEL_WORD_EXTERNAL, external);
    cel_paper_list(paper, CEL_WORD_SECTION_ANNEXES, annexes);
    draw_digests(paper);
    page->y += 4.0;
    cel_page_need(page, QR_SIZE + END_MARK); /* which does not stand on a page alone */
    const double top = page->y, right = page->right;
    cel_page_qr(page, qr, right - QR_SIZE, top, QR_SIZE);
    page->right -= QR_SIZE + 10.0;
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_QR_NOTE), 7.6, FALSE);
    cel_paper_verdict_names(paper, CEL_VERDICT_PROVEN, CEL_WORD_PROVEN);
    cel_paper_verdict_names(paper, CEL_VERDICT_NOT_PROVEN, CEL_WORD_NOT_PROVEN);
    page->right = right;
    page->y = MAX(page->y, top + QR_SIZE) + 6.0;
}

static gboolean draw(CelPaper *paper, GError **error)
{
    draw_head(paper);
    draw_order(paper);
    draw_photos(paper);
    draw_exam(paper);
    draw_method(paper);
    draw_instrument(paper);
    draw_quality(paper);
    draw_process(paper);
    if (!draw_observed(paper, error))
        return FALSE;
    cel_paper_result(paper);
    cel_paper_reasons(paper);
    cel_paper_deviations(paper);
    cel_paper_limits(paper);
    draw_persons(paper);
    draw_integrity(paper);
    cel_page_need(&paper->page, 12.0);
    cel_page_centred(&paper->page, cel_paper_word(paper, CEL_WORD_END), 8.6, FALSE);
    return TRUE;
}

/* Titles come from the profile: the one asked for, else its usual one. */
static gboolean choose_title(CelPaper *paper, GError **error)
{
    const CelProfile *profile = paper->request->profile;
    g_autofree char *wanted = cel_report_fact(paper->request->facts, "report.title", TRUE);
    const gboolean is_signed = profile != NULL && profile->is_signed;
    const char *title = NULL;
    for (guint i = 0; is_signed && i < profile->titles->len && title == NULL; i++) {
        const CelProfileText *text = g_ptr_array_index(profile->titles, i);
        if (wanted == NULL || g_strcmp0(wanted, text->zh) == 0)
            title = cel_paper_profile_text(paper, text);
    }
    if (title == NULL && wanted != NULL && g_strcmp0(wanted, paper->title) != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("The title \"%s\" is none that the laboratory's signed profile allows"),
                    wanted);
        return FALSE;
    }
    paper->title = title != NULL ? title : paper->title;
    return TRUE;
}

GBytes *cel_report_court(CelPaper *paper, GError **error)
{
    if (!cel_report_facts_allow_court(paper->request->facts, paper->record, paper->chinese,
                                      error) ||
        !choose_title(paper, error))
        return NULL;
    return cel_paper_pdf(paper, draw, error);
}
