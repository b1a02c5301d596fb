/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper-cases.h"
#include "pdf-tools.h"

#include "evidence/cel-record.h"
#include "evidence/cel-verify-text.h"
#include "report/cel-paper.h"

static int development_marker;
#define DEVELOPMENT (&development_marker)

static const CelReportForm all_forms[] = {CEL_REPORT_CARD, CEL_REPORT_COURT, CEL_REPORT_EXPERT};

/* ---- helpers ---- */

static const PaperCase *case_named(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(paper_cases); i++)
        if (strcmp(paper_cases[i].name, name) == 0)
            return &paper_cases[i];
    g_error("no case %s", name);
}

static GBytes *must_print(const PaperOrder *order)
{
    g_autoptr(GError) error = NULL;
    GBytes *pdf = paper_of(order, &error);
    g_assert_no_error(error);
    return pdf;
}

static Opened seal_case(Desk *desk, const char *name)
{
    case_seal(case_named(name), desk->bench, desk->path);
    return opened_read(desk->path);
}

static void expect_refused(const PaperOrder *order, const char *named)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = paper_of(order, &error);
    g_assert_null(pdf);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    if (strstr(error->message, named) == NULL)
        g_error("\"%s\" is not named: %s", named, error->message);
}

/* ---- what may be issued ---- */

static void a_court_page_without_facts_is_refused_and_names_what_is_missing(Desk *desk,
                                                                            gconstpointer data)
{
    (void)data;
    g_auto(Opened) file = seal_case(desk, "found");
    const PaperOrder order = {.file = &file, .form = CEL_REPORT_COURT, .chinese = TRUE};
    static const char *const named[] = {"第二检验人", "复核人", "授权签字人", "编号",
                                        "实验室名称", "送检人", "结束核查",   "受理日期"};
    for (gsize i = 0; i < G_N_ELEMENTS(named); i++)
        expect_refused(&order, named[i]);
}

static void an_expert_annex_is_issued_without_facts_and_says_what_it_lacks(Desk *desk,
                                                                           gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "found");
    const PaperOrder order = {.file = &file, .form = CEL_REPORT_EXPERT};
    g_autoptr(GBytes) pdf = must_print(&order);
    g_autofree char *page = page_text(pdf);
    expect_words(page, cel_report_word(CEL_WORD_LEDGER_NONE, FALSE));
    expect_words(page, cel_report_word(CEL_WORD_NOT_STATED, FALSE));
}

static void forbidden_words_in_a_finding_are_refused_and_in_a_quotation_not(Desk *desk,
                                                                            gconstpointer data)
{
    (void)data;
    g_auto(Opened) file = seal_case(desk, "found");
    for (gsize form = 0; form < G_N_ELEMENTS(all_forms); form++) {
        g_autoptr(JsonObject) facts = facts_complete();
        const PaperOrder order = {.file = &file, .form = all_forms[form], .facts = facts};
        facts_set(facts, "process/text", "测量后检出目标物质");
        expect_refused(&order, "检出");
        facts_set(facts, "process/text", "按方法测量");
        facts_add(facts, "advice", "to be reported as positive");
        expect_refused(&order, "positive");
        facts_remove(facts, "advice");
        facts_set(facts, "request/text", "请确认是否同一物质"); /* the client's words */
        g_autoptr(GBytes) pdf = must_print(&order);
        g_assert_nonnull(pdf);
    }
}

static void amended_reports_name_what_they_replace(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "found");
    g_autoptr(JsonObject) facts = facts_complete();
    g_autofree char *digest = g_strnfill(64, 'a');
    const PaperOrder order = {.file = &file, .form = CEL_REPORT_COURT, .facts = facts};
    facts_set(facts, "report/replaces/number", "XSLK-2026-0041-9");
    expect_refused(&order, "report/replaces/why");
    facts_set(facts, "report/replaces/sha256", digest);
    facts_set(facts, "report/replaces/why", "封签编号更正");
    g_autoptr(GBytes) pdf = must_print(&order);
    g_autofree char *page = page_text(pdf);
    expect_words(page, "XSLK-2026-0041-9");
    expect_words(page, digest);
    expect_words(page, "封签编号更正");
}

/* ---- reserved words and the signed profile ---- */

static CelProfile *new_profile(const char *title_zh, gboolean is_signed)
{
    g_autoptr(GError) error = NULL;
    CelProfile *profile = cel_profile_default();
    CelProfileText *text = g_ptr_array_index(profile->titles, 0);
    g_free(text->zh);
    text->zh = g_strdup(title_zh);
    g_autofree char *json = g_strdup_printf("{\"titles\":[\"%s\"]}", title_zh);
    g_clear_pointer(&profile->json, json_node_unref);
    profile->json = json_from_string(json, &error);
    g_assert_no_error(error);
    profile->is_signed = is_signed;
    return profile;
}

static void reserved_words_need_the_signed_profile(Desk *desk, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *text, *word;
    } rows[] = {{"某市物证鉴定所", "鉴定"},    {"检验报告附后", "检验报告"},
                {"CNAS L0000 实验室", "cnas"}, {"an accredited laboratory", "accredit"},
                {"CMA 20260001", "cma"},       {"鉴定意见书", "鉴定"}};
    g_auto(Opened) file = seal_case(desk, "found");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(JsonObject) facts = facts_complete();
        facts_set(facts, "lab/name", rows[i].text);
        g_autoptr(CelProfile) none = new_profile(rows[i].text, FALSE);
        g_autoptr(CelProfile) own = new_profile(rows[i].text, TRUE);
        for (gsize form = 0; form < G_N_ELEMENTS(all_forms); form++) {
            PaperOrder order = {.file = &file, .form = all_forms[form], .facts = facts};
            expect_refused(&order, rows[i].word);
            order.profile = none;
            expect_refused(&order, rows[i].word);
            order.profile = own;
            g_autoptr(GBytes) pdf = must_print(&order);
            g_assert_nonnull(pdf);
        }
    }
}

static void a_mark_is_a_whole_word(void)
{
    g_assert_null(cel_report_reserved("McMaster, Turbocnast", NULL));
    g_assert_cmpstr(cel_report_reserved("某室(CMA)", NULL), ==, "cma");
    g_assert_cmpstr(cel_report_reserved("cmax CMA", NULL), ==, "cma");
    g_assert_cmpstr(cel_report_reserved("unaccredited", NULL), ==, "accredit");
}

static void a_title_comes_from_the_signed_profile_only(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "found");
    g_autoptr(CelProfile) none = new_profile("示例检验报告", FALSE);
    g_autoptr(CelProfile) own = new_profile("示例检验报告", TRUE);
    g_autoptr(JsonObject) facts = facts_complete();
    PaperOrder order = {.file = &file, .form = CEL_REPORT_COURT, .chinese = TRUE, .facts = facts};
    for (int i = 0; i < 3; i++) {
        order.profile = i == 0 ? NULL : i == 1 ? none : own;
        g_autoptr(GBytes) pdf = must_print(&order);
        g_autofree char *page = page_text(pdf);
        g_assert_true(shows(page, "示例检验报告") == (i == 2));
        g_assert_true(shows(page, "拉曼光谱快速筛查记录") == (i != 2));
    }
    facts_set(facts, "report/title", "另一标题");
    expect_refused(&order, "另一标题");
}

/* ---- what stands on the pages ---- */

static const CelReportWord court_order[] = {
    CEL_WORD_TITLE,
    CEL_WORD_NUMBER,
    CEL_WORD_SECTION_METHOD,
    CEL_WORD_SECTION_QUALITY,
    CEL_WORD_SECTION_PROCESS,
    CEL_WORD_SECTION_OBSERVED,
    CEL_WORD_SECTION_RESULT,
    CEL_WORD_SECTION_LIMITS,
    CEL_WORD_SECTION_PERSONS,
    CEL_WORD_SECTION_ANNEXES,
    CEL_WORD_END,
};

static const char *after(const char *at, const char *words)
{
    g_autofree char *wanted = squeeze(words);
    const char *found = strstr(at, wanted);
    if (found == NULL)
        g_error("not in its order: %s", words);
    return found + strlen(wanted);
}

static void a_court_page_has_every_fact_in_the_order_of_the_rules(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "found");
    g_autoptr(JsonObject) facts = facts_complete();
    for (int chinese = 0; chinese < 2; chinese++) {
        const PaperOrder order = {
            .file = &file, .form = CEL_REPORT_COURT, .chinese = chinese, .facts = facts};
        g_autoptr(GBytes) pdf = must_print(&order);
        g_autofree char *page = page_text(pdf);
        const char *at = page;
        for (gsize i = 0; i < G_N_ELEMENTS(court_order); i++)
            at = after(at, cel_report_word(court_order[i], chinese));
        for (gsize i = 0; i < G_N_ELEMENTS(complete_facts); i++)
            if (!g_str_has_suffix(complete_facts[i][0], "/state") &&
                !g_str_has_suffix(complete_facts[i][0], "/verdict") &&
                !g_str_has_suffix(complete_facts[i][0], "/after"))
                expect_words(page, complete_facts[i][1]);
        expect_words(page, chinese ? "完好" : "intact");
        expect_words(page, chinese ? "未改变" : "unchanged");
        expect_words(page, cel_report_word(CEL_WORD_ENDING, chinese));
        expect_words(page, cel_report_word(CEL_WORD_SCOPE, chinese));
    }
}

static void every_page_has_its_number_of_how_many_and_the_record_s(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "mixture");
    g_autoptr(JsonObject) facts = facts_complete();
    for (gsize form = 1; form < G_N_ELEMENTS(all_forms); form++) {
        const PaperOrder order = {
            .file = &file, .form = all_forms[form], .chinese = TRUE, .facts = facts};
        g_autoptr(GBytes) pdf = must_print(&order);
        g_autofree char *raw = raw_text(pdf);
        g_auto(GStrv) pages = g_strsplit(raw, "\f", -1); /* one after each page */
        const guint n = g_strv_length(pages) - 1;
        g_assert_cmpuint(n, >, 1);
        for (guint i = 0; i < n; i++) {
            g_autofree char *page = squeeze(pages[i]);
            g_autofree char *of = g_strdup_printf("第%u页共%u页", i + 1, n);
            expect_words(page, of);
            expect_words(page, "XSLK-2026-0042-1");
            expect_words(page, FACTS_FID);
            g_assert_true(shows(page, "以下空白") == (i + 1 == n));
        }
    }
}

static void an_expert_annex_holds_every_digest_and_line(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "mixture");
    JsonObject *record = cel_sealed_record(file.sealed);
    g_autoptr(JsonObject) facts = facts_complete();
    static const char *const digests[] = {
        "manifest/sha256", "manifest/sm3", "op/cert_sm2/sha256", "op/cert_ed25519/sha256",
        "recipe/sha256",   "recipe/sm3",   "prev/sha256"};
    static const char *const words[] = {"dark.subtract@1", "smooth.savgol@1", "198 of 200",
                                        "spectral weight", "0.600",           "content.sha256",
                                        "not proven",      "h5dump",          "openssl dgst"};
    const PaperOrder order = {.file = &file, .form = CEL_REPORT_EXPERT, .facts = facts};
    g_autoptr(GBytes) pdf = must_print(&order);
    g_autofree char *page = page_text(pdf);
    g_autofree char *lower = g_utf8_strdown(page, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(digests); i++)
        expect_words(page, cel_record_text(record, digests[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        expect_words(lower, words[i]);
}

/* That they hold is shown where the table is tested; here, that a reader gets them whole. */
static void every_command_of_the_verification_is_printed_whole(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "found");
    const PaperOrder order = {.file = &file, .form = CEL_REPORT_EXPERT};
    g_autoptr(GBytes) pdf = must_print(&order);
    g_autofree char *page = page_text(pdf);
    gsize n = 0;
    const CelVerifyStep *steps = cel_verify_steps(&n);
    for (gsize i = 0; i < n; i++) {
        g_auto(GStrv) lines = g_strsplit(steps[i].commands, "\n", -1);
        expect_words(page, steps[i].title_en);
        for (gsize k = 0; lines[k] != NULL && *lines[k] != '\0'; k++)
            expect_words(page, lines[k]);
    }
}

static void stability_and_weights_stand_in_the_expert_annex_alone(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "mixture");
    g_autoptr(JsonObject) facts = facts_complete();
    for (gsize form = 0; form < G_N_ELEMENTS(all_forms); form++) {
        const PaperOrder order = {.file = &file, .form = all_forms[form], .facts = facts};
        g_autoptr(GBytes) pdf = must_print(&order);
        g_autofree char *page = page_text(pdf);
        const gboolean expert = all_forms[form] == CEL_REPORT_EXPERT;
        g_assert_true(shows(page, "198 of 200") == expert);
        g_assert_true(shows(page, "Spectral weight") == expert);
    }
}

/* The annex prints the engine's own lines, the other papers stay short. */
static void reasons_with_numbers_stand_in_the_expert_annex_alone(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "found");
    g_autoptr(JsonObject) facts = facts_complete();
    JsonArray *lines = json_object_get_array_member(
        json_object_get_object_member(cel_sealed_answer(file.sealed), "explanation"), "en");
    g_assert_cmpuint(json_array_get_length(lines), >, 1);
    for (gsize form = 0; form < G_N_ELEMENTS(all_forms); form++) {
        const PaperOrder order = {.file = &file, .form = all_forms[form], .facts = facts};
        g_autoptr(GBytes) pdf = must_print(&order);
        g_autofree char *page = page_text(pdf);
        const gboolean expert = all_forms[form] == CEL_REPORT_EXPERT;
        for (guint i = 0; expert && i < json_array_get_length(lines); i++)
            expect_words(page, json_array_get_string_element(lines, i));
        g_assert_true(shows(page, "Bands that agree") == expert);
        g_assert_true(shows(page, cel_report_word(CEL_WORD_SECTION_VALIDATION, FALSE)) == expert);
    }
}

static void peaks_carry_the_uncertainty_of_fit_and_axis(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file =
        seal_case(desk, "training"); /* the simulated instrument states that of its axis */
    g_autoptr(JsonObject) facts = facts_complete();
    const PaperOrder order = {.file = &file, .form = CEL_REPORT_COURT, .facts = facts};
    g_autoptr(GBytes) pdf = must_print(&order);
    g_autofree char *page = page_text(pdf);
    g_autoptr(GRegex) row = g_regex_new("(?:979|980)\\.[0-9]+±([0-9.]+)", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    g_assert_true(g_regex_match(row, page, 0, &match));
    g_autofree char *u = g_match_info_fetch(match, 1);
    g_assert_cmpfloat(g_ascii_strtod(u, NULL), >=, 0.3);
    g_assert_cmpfloat(g_ascii_strtod(u, NULL), <, 2.0);
    g_assert_false(shows(page, cel_report_word(CEL_WORD_BANDS_NO_AXIS, FALSE)));
}

static void long_facts_go_on_overleaf_and_nothing_is_cut(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "found");
    g_autoptr(JsonObject) facts = facts_complete();
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 390; i++)
        g_string_append_printf(text, "段%04u", i);
    facts_set(facts, "case/summary", text->str);
    facts_set(facts, "exam/place", text->str); /* half as wide: higher than a page */
    facts_set(facts, "process/text", text->str);
    for (guint i = 0; i < 150; i++) {
        g_autofree char *photo = g_strdup_printf("%04u-%060u", i, i);
        facts_add(facts, "exhibit/photos", photo);
    }
    const PaperOrder order = {
        .file = &file, .form = CEL_REPORT_COURT, .chinese = TRUE, .facts = facts};
    g_autoptr(GBytes) pdf = must_print(&order);
    g_autofree char *page = page_text(pdf);
    for (guint i = 0; i < 390; i += 13) {
        g_autofree char *part = g_strdup_printf("段%04u", i);
        g_assert_cmpuint(count(page, part), ==, 3);
    }
    for (guint i = 0; i < 150; i++) {
        g_autofree char *photo = g_strdup_printf("%04u-%060u", i, i);
        expect_words(page, photo);
    }
    expect_words(page, "以下空白");
}

/* ---- bytes, fonts, codes ---- */

static void the_same_request_gives_the_same_bytes(Desk *desk, gconstpointer data)
{
    (void)data;
    g_auto(Opened) file = seal_case(desk, "found");
    g_autoptr(JsonObject) facts = facts_complete();
    for (gsize form = 1; form < G_N_ELEMENTS(all_forms); form++) {
        const PaperOrder order = {
            .file = &file, .form = all_forms[form], .chinese = TRUE, .facts = facts};
        g_autoptr(GBytes) first = must_print(&order);
        g_usleep(1100000); /* another second on the clock */
        g_autoptr(GBytes) again = must_print(&order);
        g_assert_true(g_bytes_equal(first, again));
    }
}

/* Bold letters are WenQuanYi's outlines made stronger, which cairo calls a font of its own. */
static void every_font_is_wenquanyi_and_embedded(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdffonts"))
        return;
    g_auto(Opened) file = seal_case(desk, "mixture");
    g_autoptr(JsonObject) facts = facts_complete();
    for (gsize form = 0; form < G_N_ELEMENTS(all_forms); form++) {
        for (int chinese = 0; chinese < 2; chinese++) {
            const char *argv[] = {"pdffonts", NULL, NULL};
            const PaperOrder order = {
                .file = &file, .form = all_forms[form], .chinese = chinese, .facts = facts};
            g_autoptr(GBytes) pdf = must_print(&order);
            g_autofree char *out = run_on(pdf, argv, 1);
            g_auto(GStrv) rows = g_strsplit(g_strchomp(out), "\n", -1);
            g_assert_cmpuint(g_strv_length(rows), >, 2);
            for (guint i = 2; rows[i] != NULL; i++) {
                g_autoptr(GRegex) row = g_regex_new(
                    "(WenQuanYi|CairoFont).* yes +(yes|no) +(yes|no) +[0-9]+ +[0-9]+$", 0, 0, NULL);
                if (!g_regex_match(row, rows[i], 0, NULL))
                    g_error("not embedded or another font: %s", rows[i]);
            }
        }
    }
}

/* The field @at of the code's text. */
static char *code_field(const char *code, guint at)
{
    g_auto(GStrv) fields = g_strsplit(code, "|", -1);
    g_assert_cmpuint(g_strv_length(fields), ==, 6);
    return g_strdup(fields[at]);
}

static char *unpack(const char *base64)
{
    gsize n = 0;
    g_autofree guchar *bytes = g_base64_decode(base64, &n);
    GString *hex = g_string_new(NULL);
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(hex, "%02x", bytes[i]);
    return g_string_free(hex, FALSE);
}

static void the_code_on_a_court_page_reads_back_what_binds_it(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftoppm") || !have_tool("zbarimg"))
        return;
    g_auto(Opened) file = seal_case(desk, "found");
    g_autoptr(JsonObject) facts = facts_complete();
    const PaperOrder order = {
        .file = &file, .form = CEL_REPORT_COURT, .chinese = TRUE, .facts = facts};
    g_autoptr(GBytes) pdf = must_print(&order);
    g_autofree char *raw = raw_text(pdf);
    g_auto(GStrv) pages = g_strsplit(raw, "\f", -1); /* one after each page */
    g_autofree char *code = code_on(pdf, g_strv_length(pages) - 1);
    g_test_message("code: %s", code);
    g_assert_true(g_str_has_prefix(code, "CEL1|XSLK-2026-0042-1|" FACTS_FID "|"));
    g_autofree char *digest = code_field(code, 3), *size = code_field(code, 4),
                    *root = code_field(code, 5);
    g_autofree char *file_hex = unpack(digest), *root_hex = unpack(root);
    g_autofree char *wanted = cel_report_fact(facts, "ledger.root.sha256", FALSE);
    g_assert_cmpstr(file_hex, ==, file.sm3);
    g_assert_cmpstr(size, ==, "4711");
    g_assert_cmpstr(root_hex, ==, wanted);
}

static void the_code_on_a_card_reads_back_too(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftoppm") || !have_tool("zbarimg"))
        return;
    g_auto(Opened) file = seal_case(desk, "training");
    const PaperOrder order = {.file = &file, .form = CEL_REPORT_CARD, .chinese = TRUE};
    g_autoptr(GBytes) pdf = must_print(&order);
    g_autofree char *code = code_on(pdf, 1);
    g_assert_true(g_str_has_prefix(code, "CEL1|1-1|" FACTS_FID "|"));
}

static void a_code_is_short_ascii_and_holds_no_person_whatever_the_number(Desk *desk,
                                                                          gconstpointer data)
{
    (void)data;
    g_auto(Opened) file = seal_case(desk, "found");
    g_autoptr(JsonObject) facts = facts_complete();
    g_autofree char *digest = g_strnfill(64, '7');
    g_autofree char *longest = g_strnfill(CEL_FACTS_MAX_TEXT, 'x');
    const char *const numbers[] = {"示公快检〔2026〕42号", longest, "A|B", "42"};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const CelReportRequest request = {
            .sealed = file.sealed, .file_sm3 = digest, .facts = facts};
        const CelPaper paper = {.request = &request,
                                .record = cel_sealed_record(file.sealed),
                                .number = (char *)numbers[i]};
        g_autofree char *code = cel_paper_qr_text(&paper);
        g_assert_cmpuint(strlen(code), <=, 300);
        g_assert_true(g_str_is_ascii(code));
        g_assert_null(strstr(code, "P0017"));
        g_autofree char *size = code_field(code, 4); /* six fields, none torn by the number */
        g_assert_cmpstr(size, ==, "4711");
    }
}

/* ---- what no page may say ---- */

static void expect_nothing_forbidden(GBytes *pdf, const char *name)
{
    g_autofree char *raw = raw_text(pdf);
    g_autofree char *page = squeeze(raw);
    g_strdelimit(raw, "\n\r\f", ' '); /* English words keep their blanks */
    const char *word = cel_claim_forbidden(page);
    word = word != NULL ? word : cel_claim_forbidden(raw);
    if (word != NULL)
        g_error("%s says \"%s\"", name, word);
    /* the ending alone speaks of opinions, and of laboratories that have the standing for them */
    g_autoptr(GString) rest = g_string_new(page);
    for (int chinese = 0; chinese < 2; chinese++) {
        g_autofree char *ending = squeeze(cel_report_word(CEL_WORD_ENDING, chinese));
        g_string_replace(rest, ending, "", 0);
    }
    g_assert_null(strstr(page, "±0.00")); /* nor a band without uncertainty */
    word = cel_report_reserved(rest->str, NULL);
    if (word != NULL)
        g_error("%s says \"%s\" without a profile", name, word);
}

static void no_word_of_the_papers_is_a_forbidden_one(void)
{
    for (guint word = 0; word < CEL_N_WORDS; word++) {
        g_assert_cmpstr(cel_claim_forbidden(cel_report_word((CelReportWord)word, TRUE)), ==, NULL);
        g_assert_cmpstr(cel_claim_forbidden(cel_report_word((CelReportWord)word, FALSE)), ==, NULL);
    }
}

static void no_paper_of_any_outcome_says_a_forbidden_word(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    gboolean seen[CEL_N_OUTCOMES] = {FALSE};
    g_autoptr(JsonObject) facts = facts_complete();
    for (gsize i = 0; i < G_N_ELEMENTS(paper_cases); i++) {
        g_autofree char *path = g_strdup_printf("%s/case-%zu.cel.h5", desk->folder, i);
        case_seal(&paper_cases[i], desk->bench, path);
        g_auto(Opened) file = opened_read(path);
        seen[paper_cases[i].outcome] = TRUE;
        for (gsize form = 0; form < G_N_ELEMENTS(all_forms); form++) {
            for (int chinese = 0; chinese < 2; chinese++) {
                const PaperOrder order = {
                    .file = &file, .form = all_forms[form], .chinese = chinese, .facts = facts};
                g_autoptr(GBytes) pdf = must_print(&order);
                expect_nothing_forbidden(pdf, paper_cases[i].name);
            }
        }
    }
    for (guint outcome = 0; outcome < CEL_N_OUTCOMES; outcome++)
        g_assert_true(seen[outcome]);
}

static void every_training_page_bears_its_mark(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    g_auto(Opened) file = seal_case(desk, "training");
    g_autoptr(JsonObject) facts = facts_complete();
    for (gsize form = 0; form < G_N_ELEMENTS(all_forms); form++) {
        const PaperOrder order = {
            .file = &file, .form = all_forms[form], .chinese = TRUE, .facts = facts};
        g_autoptr(GBytes) pdf = must_print(&order);
        g_autofree char *raw = raw_text(pdf);
        g_auto(GStrv) pages = g_strsplit(raw, "\f", -1);
        for (guint i = 0; pages[i + 1] != NULL; i++) {
            g_autofree char *page = squeeze(pages[i]);
            expect_words(page, cel_report_word(CEL_WORD_TRAINING, TRUE));
        }
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add("/papers/" #name, Desk, DEVELOPMENT, desk_set_up, name, desk_tear_down)
    ADD(a_court_page_without_facts_is_refused_and_names_what_is_missing);
    ADD(an_expert_annex_is_issued_without_facts_and_says_what_it_lacks);
    ADD(forbidden_words_in_a_finding_are_refused_and_in_a_quotation_not);
    ADD(amended_reports_name_what_they_replace);
    ADD(reserved_words_need_the_signed_profile);
    g_test_add_func("/papers/a_mark_is_a_whole_word", a_mark_is_a_whole_word);
    ADD(a_title_comes_from_the_signed_profile_only);
    ADD(a_court_page_has_every_fact_in_the_order_of_the_rules);
    ADD(every_page_has_its_number_of_how_many_and_the_record_s);
    ADD(an_expert_annex_holds_every_digest_and_line);
    ADD(every_command_of_the_verification_is_printed_whole);
    ADD(stability_and_weights_stand_in_the_expert_annex_alone);
    ADD(reasons_with_numbers_stand_in_the_expert_annex_alone);
    ADD(peaks_carry_the_uncertainty_of_fit_and_axis);
    ADD(long_facts_go_on_overleaf_and_nothing_is_cut);
    ADD(the_same_request_gives_the_same_bytes);
    ADD(every_font_is_wenquanyi_and_embedded);
    ADD(the_code_on_a_court_page_reads_back_what_binds_it);
    ADD(the_code_on_a_card_reads_back_too);
    ADD(a_code_is_short_ascii_and_holds_no_person_whatever_the_number);
    g_test_add_func("/papers/no_word_of_the_papers_is_a_forbidden_one",
                    no_word_of_the_papers_is_a_forbidden_one);
    ADD(no_paper_of_any_outcome_says_a_forbidden_word);
    ADD(every_training_page_bears_its_mark);
    return g_test_run();
}
