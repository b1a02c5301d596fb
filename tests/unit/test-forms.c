/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form-facts.h"
#include "pdf-tools.h"

#include "base/cel-error.h"
#include "match/cel-claims.h"

static GBytes *must_print(CelForm form, gboolean chinese)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) facts = form_facts(form);
    GBytes *pdf = cel_form_pdf(&(CelFormRequest){form, chinese, facts, NULL}, &error);
    g_assert_no_error(error);
    return pdf;
}

static void every_sheet_has_its_title_its_labels_and_its_facts(void)
{
    if (!have_tool("pdftotext"))
        return;
    for (guint form = 0; form < CEL_N_FORMS; form++) {
        const CelFormDef *def = cel_form_def((CelForm)form);
        g_autoptr(JsonObject) facts = form_facts((CelForm)form);
        for (int chinese = 0; chinese < 2; chinese++) {
            g_autoptr(GBytes) pdf = must_print((CelForm)form, chinese);
            g_autofree char *page = page_text(pdf);
            expect_words(page, chinese ? def->title_zh : def->title_en);
            for (const CelFormField *f = def->fields; f->path != NULL; f++) {
                if (strcmp(f->path, "code") != 0)
                    expect_words(page, chinese ? f->zh : f->en);
                if (facts != NULL && strchr(f->path, '/') == NULL &&
                    json_object_has_member(facts, f->path))
                    expect_words(page, json_object_get_string_member(facts, f->path));
            }
            for (const CelFormField *f = def->columns; f->path != NULL; f++)
                expect_words(page, chinese ? f->zh : f->en);
            for (const CelFormField *f = def->signatures; f->path != NULL; f++)
                expect_words(page, chinese ? f->zh : f->en);
            g_assert_cmpstr(cel_claim_forbidden(page), ==, NULL);
        }
    }
}

static void a_sheet_is_the_same_for_the_same_facts(void)
{
    for (guint form = 0; form < CEL_N_FORMS; form++) {
        g_autoptr(GBytes) first = must_print((CelForm)form, TRUE);
        g_autoptr(GBytes) again = must_print((CelForm)form, TRUE);
        g_assert_true(g_bytes_equal(first, again));
    }
}

static void the_code_of_a_label_reads_back_as_a_scanner_types_it(void)
{
    if (!have_tool("pdftoppm") || !have_tool("zbarimg"))
        return;
    g_autoptr(GBytes) pdf = must_print(CEL_FORM_LABEL, TRUE);
    g_autofree char *code = code_on(pdf, 1);
    g_assert_cmpstr(code, ==, "CELX-7F3A21C09B");
}

static void the_code_of_a_day_sheet_is_the_ledger_s_head(void)
{
    if (!have_tool("pdftoppm") || !have_tool("zbarimg"))
        return;
    g_autoptr(GBytes) pdf = must_print(CEL_FORM_DAY, TRUE);
    g_autofree char *code = code_on(pdf, 1);
    g_assert_cmpstr(code, ==,
                    "CELH1|0f1e2d3c4b5a69788796a5b4c3d2e1f0|4711|"
                    "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9|"
                    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

static void expect_refused(CelForm form, const char *json, int code, const char *named)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = json_from_string(json, NULL);
    g_autoptr(GBytes) pdf =
        cel_form_pdf(&(CelFormRequest){form, TRUE, json_node_get_object(node), NULL}, &error);
    g_assert_null(pdf);
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, named) == NULL)
        g_error("\"%s\" is not named: %s", named, error->message);
}

#define LABEL(code, name, more)                                                                    \
    "{\"code\":\"" code "\",\"case\":\"1\",\"exhibit\":\"1-1\",\"name\":\"" name                   \
    "\",\"seal_no\":\"F\",\"packed_at\":\"2026\",\"packer\":\"W\"" more "}"

static void facts_that_are_not_usable_are_named(void)
{
    static const struct {
        const char *json, *named;
    } rows[] = {
        {"{}", "code"},
        {LABEL("", "x", ""), "code"},
        {LABEL("检材", "x", ""), "code"},
        {LABEL("a b", "x", ""), "code"},
        {LABEL("A", "", ""), "name"},
        {LABEL("A", "1\\u202e2", ""), "name"},
        {LABEL("A", "x", ",\"colour\":\"red\""), "colour"},
        {LABEL("A", "x", ",\"amount\":3"), "amount"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        expect_refused(CEL_FORM_LABEL, rows[i].json, CEL_ERROR_INPUT, rows[i].named);
    expect_refused(CEL_FORM_LABEL, LABEL("A", "鉴定检材", ""), CEL_ERROR_POLICY, "鉴定");
    expect_refused(CEL_FORM_DAY, "{\"heads\":[3]}", CEL_ERROR_INPUT, "date");
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_form_pdf(&(CelFormRequest){CEL_FORM_DAY, TRUE, NULL, NULL}, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_signed_profile_allows_its_own_words(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelProfile) profile = cel_profile_default();
    g_autoptr(JsonObject) facts = form_facts(CEL_FORM_LABEL);
    json_object_set_string_member(facts, "department", "示例市物证鉴定所");
    g_clear_pointer(&profile->json, json_node_unref);
    profile->json = json_from_string("{\"lab\":\"示例市物证鉴定所\"}", NULL);
    const CelFormRequest request = {CEL_FORM_LABEL, TRUE, facts, profile};
    g_assert_null(cel_form_pdf(&request, &error)); /* it is not signed */
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_clear_error(&error);
    profile->is_signed = TRUE;
    g_autoptr(GBytes) pdf = cel_form_pdf(&request, &error);
    g_assert_no_error(error);
    g_assert_nonnull(pdf);
}

static void texts_too_long_for_a_label_are_refused_and_never_cut(void)
{
    g_autofree char *name = g_strnfill(CEL_FORM_MAX_TEXT, 'w');
    g_autoptr(JsonObject) facts = form_facts(CEL_FORM_LABEL);
    json_object_set_string_member(facts, "name", name);
    json_object_set_string_member(facts, "amount", name);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_form_pdf(&(CelFormRequest){CEL_FORM_LABEL, TRUE, facts, NULL}, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "label"));
}

static void a_long_list_goes_on_overleaf_whole(void)
{
    if (!have_tool("pdftotext"))
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) facts = form_facts(CEL_FORM_HANDOVER);
    JsonArray *rows = json_object_get_array_member(facts, "exhibits");
    for (guint i = 0; i < 120; i++) {
        g_autofree char *seal = g_strdup_printf("Z-%05u", i);
        JsonObject *row = json_object_new();
        json_object_set_string_member(row, "case", "2026");
        json_object_set_string_member(row, "exhibit", "2-1");
        json_object_set_string_member(row, "name", "x");
        json_object_set_string_member(row, "seal_no", seal);
        json_object_set_string_member(row, "seal_state", "完好");
        json_array_add_object_element(rows, row);
    }
    g_autoptr(GBytes) pdf =
        cel_form_pdf(&(CelFormRequest){CEL_FORM_HANDOVER, TRUE, facts, NULL}, &error);
    g_assert_no_error(error);
    g_autofree char *raw = raw_text(pdf);
    g_autofree char *page = squeeze(raw);
    g_auto(GStrv) pages = g_strsplit(raw, "\f", -1); /* one after each page */
    g_autofree char *of = g_strdup_printf("第2页共%u页", g_strv_length(pages) - 1);
    for (guint i = 0; i < 120; i++) {
        g_autofree char *seal = g_strdup_printf("Z-%05u", i);
        expect_words(page, seal);
    }
    expect_words(page, of);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/forms/" #name, name)
    ADD(every_sheet_has_its_title_its_labels_and_its_facts);
    ADD(a_sheet_is_the_same_for_the_same_facts);
    ADD(the_code_of_a_label_reads_back_as_a_scanner_types_it);
    ADD(the_code_of_a_day_sheet_is_the_ledger_s_head);
    ADD(facts_that_are_not_usable_are_named);
    ADD(a_signed_profile_allows_its_own_words);
    ADD(texts_too_long_for_a_label_are_refused_and_never_cut);
    ADD(a_long_list_goes_on_overleaf_whole);
    return g_test_run();
}
