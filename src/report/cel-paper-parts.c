/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

#include "evidence/cel-record.h"
#include "match/cel-claims.h"
#include "report/cel-report-items.h"

#include <math.h>
#include <string.h>

static const double BODY = 8.6;

/* Longest number that is put into the code as it is; with it the code stays below 300 bytes. */
enum { QR_NUMBER_BYTES = 96, MAX_PLACES = 2 };

/* ---- sections ---- */

void cel_paper_list(CelPaper *paper, CelReportWord heading, JsonArray *texts)
{
    const guint n = cel_json_length(texts);
    cel_page_heading(&paper->page, cel_paper_word(paper, heading));
    for (guint i = 0; i < n; i++) {
        const char *text = cel_json_at_words(texts, i);
        cel_page_bullet(&paper->page, text != NULL ? text : "", BODY);
    }
    if (n == 0)
        cel_page_bullet(&paper->page, cel_paper_word(paper, CEL_WORD_NONE), BODY);
}

void cel_paper_result(CelPaper *paper)
{
    CelPage *page = &paper->page;
    JsonObject *claim = cel_json_child(paper->answer, "claim");
    const char *label = cel_json_words(paper->answer, paper->chinese ? "label_zh" : "label_en");
    const char *words = cel_json_words(claim, paper->chinese ? "zh_CN" : "en");
    cel_page_need(page, 80.0);
    cel_page_heading(page, cel_paper_word(paper, CEL_WORD_SECTION_RESULT));
    cel_page_text(page, cel_paper_stated(paper, label), 11.5, TRUE);
    cel_page_text(page, cel_paper_stated(paper, words), 9.0, FALSE);
}

void cel_paper_reasons(CelPaper *paper)
{
    cel_paper_list(paper, CEL_WORD_SECTION_REASONS,
                   cel_json_list(paper->answer, paper->chinese ? "why_zh" : "why"));
}

void cel_paper_deviations(CelPaper *paper)
{
    JsonArray *rows = cel_json_list(paper->answer, "deviations");
    JsonArray *more = cel_report_fact_list(paper->request->facts, "method.deviations");
    g_autoptr(JsonArray) texts = json_array_new();
    for (guint i = 0; i < cel_json_length(rows); i++) {
        const char *text =
            cel_json_words(cel_json_at_object(rows, i), paper->chinese ? "zh" : "en");
        json_array_add_string_element(texts, cel_paper_stated(paper, text));
    }
    for (guint i = 0; i < cel_json_length(more); i++)
        json_array_add_string_element(texts, cel_json_at_words(more, i));
    cel_paper_list(paper, CEL_WORD_SECTION_DEVIATIONS, texts);
}

const char *cel_paper_profile_text(const CelPaper *paper, const CelProfileText *text)
{
    const char *first = paper->chinese ? text->zh : text->en;
    return first != NULL ? first : paper->chinese ? text->en : text->zh;
}

/* Validation is the laboratory's to state, for this version of the method and no other. */
gboolean cel_paper_is_validated(const CelPaper *paper)
{
    const CelProfile *profile = paper->request->profile;
    const CelProfileMethod *method =
        profile != NULL && profile->is_signed
            ? cel_profile_method(profile, cel_record_text(paper->record, "method/id"))
            : NULL;
    return method != NULL &&
           g_strcmp0(method->version, cel_record_text(paper->record, "method/version")) == 0 &&
           method->until_us >= cel_record_number(paper->record, "t_wall_us") &&
           g_strcmp0(method->validation, "validated") == 0;
}

void cel_paper_limits(CelPaper *paper)
{
    CelPage *page = &paper->page;
    JsonArray *advice = cel_report_fact_list(paper->request->facts, "advice");
    cel_page_heading(page, cel_paper_word(paper, CEL_WORD_SECTION_LIMITS));
    if (!cel_paper_is_validated(paper))
        cel_page_bullet(page, cel_paper_word(paper, CEL_WORD_NOT_VALIDATED), BODY);
    cel_page_bullet(page, cel_paper_word(paper, CEL_WORD_SCOPE), BODY);
    for (guint i = 0; i < cel_json_length(advice); i++)
        cel_page_bullet(page, cel_json_at_words(advice, i), BODY);
    cel_page_bullet(page, cel_paper_word(paper, CEL_WORD_ENDING), BODY);
}

/* ---- rows ---- */

void cel_paper_row1(CelPaper *paper, const char *label, const char *value)
{
    const CelPageCell cells[] = {{label, 0.18, CEL_CELL_LABEL}, {value, 0.82, CEL_CELL_VALUE}};
    cel_page_row(&paper->page, cells, G_N_ELEMENTS(cells), 0.0);
}

void cel_paper_row2(CelPaper *paper, const char *const texts[4])
{
    const CelPageCell cells[] = {{texts[0], 0.18, CEL_CELL_LABEL},
                                 {texts[1], 0.32, CEL_CELL_VALUE},
                                 {texts[2], 0.18, CEL_CELL_LABEL},
                                 {texts[3], 0.32, CEL_CELL_VALUE}};
    cel_page_row(&paper->page, cells, G_N_ELEMENTS(cells), 0.0);
}

const char *cel_paper_label(const CelPaper *paper, const char *id)
{
    const CelReportItem *item = cel_report_item(id);
    g_return_val_if_fail(item != NULL, "");
    return paper->chinese ? item->zh : item->en;
}

void cel_paper_fact_row(CelPaper *paper, const char *left, const char *right)
{
    g_autofree char *a = cel_paper_fact(paper, left);
    if (right == NULL) {
        cel_paper_row1(paper, cel_paper_label(paper, left), a);
        return;
    }
    g_autofree char *b = cel_paper_fact(paper, right);
    const char *const texts[] = {cel_paper_label(paper, left), a, cel_paper_label(paper, right), b};
    cel_paper_row2(paper, texts);
}

void cel_paper_digest_row(CelPaper *paper, const char *label, const char *hex)
{
    const CelPageCell cells[] = {{label, 0.27, CEL_CELL_LABEL}, {hex, 0.73, CEL_CELL_MONO}};
    if (hex != NULL)
        cel_page_row(&paper->page, cells, G_N_ELEMENTS(cells), 0.0);
}

void cel_paper_digest_fact(CelPaper *paper, const char *id)
{
    g_autofree char *hex = cel_report_fact(paper->request->facts, id, paper->chinese);
    cel_paper_digest_row(paper, cel_paper_label(paper, id), hex);
}

static char *ledger_text(const CelPaper *paper)
{
    JsonObject *facts = paper->request->facts;
    g_autofree char *ledger = cel_report_fact(facts, "ledger.id", FALSE);
    g_autofree char *seq = cel_paper_fact(paper, "release.seq");
    g_autofree char *size = cel_paper_fact(paper, "ledger.size");
    if (ledger == NULL)
        return g_strdup(cel_paper_word(paper, CEL_WORD_LEDGER_NONE));
    return cel_claim_fill(cel_paper_word(paper, CEL_WORD_LEDGER_TEXT), "L", ledger, "S", seq, "N",
                          size, NULL);
}

void cel_paper_ledger_row(CelPaper *paper)
{
    g_autofree char *text = ledger_text(paper);
    const CelPageCell cells[] = {
        {cel_paper_word(paper, CEL_WORD_LEDGER_PLACE), 0.27, CEL_CELL_LABEL},
        {text, 0.73, CEL_CELL_VALUE}};
    cel_page_row(&paper->page, cells, G_N_ELEMENTS(cells), 0.0);
}

/* ---- figures ---- */

/* As many places as show two digits of @u. */
static int places(double u)
{
    return u > 0.0 ? CLAMP(1 - (int)floor(log10(u)), 0, MAX_PLACES) : 1;
}

char *cel_paper_figure(double value, double u)
{
    return g_strdup_printf("%.*f", places(u), value);
}

char *cel_paper_value(double value, double u)
{
    if (!(u > 0.0))
        return cel_paper_figure(value, u);
    const double least = pow(10.0, -places(u)); /* never a band without uncertainty */
    return g_strdup_printf("%.*f \u00b1 %.*f", places(u), value, places(u), MAX(u, least));
}

/* ---- integrity ---- */

/* Hexadecimal digits as base64: a third shorter. Returns: "" for what is none. */
static char *base64_of(const char *hex)
{
    const gsize n = hex != NULL ? strlen(hex) / 2 : 0;
    g_autofree guchar *bytes = g_malloc(n + 1);
    for (gsize i = 0; i < n; i++) {
        const int high = g_ascii_xdigit_value(hex[2 * i]);
        const int low = g_ascii_xdigit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return g_strdup("");
        bytes[i] = (guchar)(high * 16 + low);
    }
    return g_base64_encode(bytes, n);
}

static char *qr_number(const CelPaper *paper)
{
    const char *number =
        paper->number != NULL ? paper->number : cel_json_words(paper->record, "item");
    g_autofree char *escaped = g_uri_escape_string(number != NULL ? number : "", " /()[]", FALSE);
    if (strlen(escaped) <= QR_NUMBER_BYTES)
        return g_steal_pointer(&escaped);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, number, -1);
    return g_strdup_printf("sha256:%s", digest);
}

char *cel_paper_qr_text(const CelPaper *paper)
{
    const CelReportRequest *request = paper->request;
    const char *fid = cel_json_words(paper->record, "fid");
    g_autofree char *number = qr_number(paper);
    g_autofree char *file = base64_of(request->file_sm3);
    g_autofree char *size = cel_report_fact(request->facts, "ledger.size", FALSE);
    g_autofree char *hex = cel_report_fact(request->facts, "ledger.root.sha256", FALSE);
    g_autofree char *head = base64_of(hex);
    return g_strdup_printf("CEL1|%s|%s|%s|%s|%s", number, fid != NULL ? fid : "", file,
                           size != NULL ? size : "", head);
}

void cel_paper_verdict_names(CelPaper *paper, CelVerdictState state, CelReportWord heading)
{
    const GPtrArray *verdict = paper->request->verdict;
    g_autoptr(GString) names = g_string_new(cel_paper_word(paper, heading));
    const char *separator = ": ";
    for (guint i = 0; i < verdict->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(verdict, i);
        if (line->state != state)
            continue;
        g_string_append_printf(names, "%s%s", separator, line->id);
        separator = ", ";
    }
    cel_page_text(&paper->page, names->str, 7.2, FALSE);
}
