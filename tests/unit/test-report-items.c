/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report-fixture.h"

#include "base/cel-error.h"
#include "match/cel-claims.h"

#include <string.h>

/* ---- the table ---- */

static void every_item_of_the_standard_is_served(void)
{
    gsize n = 0;
    const CelReportItem *items = cel_report_items(&n);
    for (const char *letter = "abcdefghijklmnop"; *letter != '\0'; letter++) {
        gboolean served = FALSE;
        for (gsize i = 0; i < n; i++)
            served |= strchr(items[i].letters, *letter) != NULL &&
                      (items[i].court || items[i].source == CEL_ITEM_FIXED || *letter == 'n' ||
                       *letter == 'p'); /* these two: only where there are any */
        if (!served)
            g_error("no row serves item %c", *letter);
    }
}

static void ids_and_paths_stand_once_and_rows_are_whole(void)
{
    gsize n = 0;
    const CelReportItem *items = cel_report_items(&n);
    for (gsize i = 0; i < n; i++) {
        g_assert_true(cel_report_item(items[i].id) == &items[i]);
        g_assert_cmpstr(items[i].en, !=, "");
        g_assert_cmpstr(items[i].zh, !=, "");
        g_assert_cmpstr(items[i].filled_from, !=, "");
        g_assert_cmpstr(cel_claim_forbidden(items[i].zh), ==, NULL);
        g_assert_cmpstr(cel_claim_forbidden(items[i].en), ==, NULL);
        for (gsize k = 0; k < i; k++)
            g_assert_false(items[i].source == CEL_ITEM_FACT && items[k].source == CEL_ITEM_FACT &&
                           strcmp(items[i].path, items[k].path) == 0);
    }
    g_assert_null(cel_report_item("no such row"));
}

/* ---- reading facts from outside ---- */

static void expect_refused(const char *json, const char *named)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));
    g_assert_null(cel_report_facts_read(bytes, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    if (strstr(error->message, named) == NULL)
        g_error("\"%s\" is not named: %s", named, error->message);
}

static void facts_that_are_none_are_refused_by_name(void)
{
    static const struct {
        const char *json, *named;
    } rows[] = {
        {"", "JSON"},
        {"[]", "/"},
        {"{\"lab\":{\"nmae\":\"x\"}}", "lab/nmae"},
        {"{\"lab\":\"x\"}", "lab"},
        {"{\"lab\":{\"name\":7}}", "lab/name"},
        {"{\"lab\":{\"name\":\"\"}}", "lab/name"},
        {"{\"lab\":{\"name\":{\"x\":\"y\"}}}", "lab/name"},
        {"{\"lab\":{\"name\":\"1\\u202e2\"}}", "lab/name"},
        {"{\"ledger\":{\"size\":0}}", "ledger/size"},
        {"{\"ledger\":{\"size\":1.5}}", "ledger/size"},
        {"{\"ledger\":{\"root\":{\"sm3\":\"abc\"}}}", "ledger/root/sm3"},
        {"{\"exhibit\":{\"seal\":{\"state\":\"fine\"}}}", "exhibit/seal/state"},
        {"{\"annexes\":\"x\"}", "annexes"},
        {"{\"annexes\":[\"x\",3]}", "annexes"},
        {"{\"a\":{\"b\":{\"c\":{\"d\":1}}}}", "a"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        expect_refused(rows[i].json, rows[i].named);
}

static void facts_within_bounds_are_read_and_beyond_refused(void)
{
    g_autofree char *longest = g_strnfill(CEL_FACTS_MAX_TEXT, 'x');
    g_autofree char *good = g_strdup_printf("{\"lab\":{\"name\":\"%s\"}}", longest);
    g_autofree char *long_text = g_strdup_printf("{\"lab\":{\"name\":\"%sx\"}}", longest);
    g_autofree char *large = g_strnfill(CEL_FACTS_MAX_BYTES + 1, ' ');
    g_autoptr(GBytes) bytes = g_bytes_new(good, strlen(good));
    g_autoptr(JsonObject) facts = cel_report_facts_read(bytes, NULL);
    g_assert_nonnull(facts);
    g_autofree char *name = cel_report_fact(facts, "lab.name", TRUE);
    g_assert_cmpstr(name, ==, longest);
    expect_refused(long_text, "lab/name");
    expect_refused(large, "256 KiB");
}

static void facts_are_told_in_the_language_of_the_paper(void)
{
    g_autoptr(JsonObject) facts = facts_complete();
    static const struct {
        const char *id, *en, *zh;
    } rows[] = {
        {"exhibit.seal.state", "intact", "完好"},
        {"checks.opening.verdict", "pass", "通过"},
        {"ledger.size", "4711", "4711"},
        {"annexes", "annex 1; annex 2", "annex 1; annex 2"},
        {"case.summary", NULL, NULL},
        {"no such row", NULL, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *en = cel_report_fact(facts, rows[i].id, FALSE);
        g_autofree char *zh = cel_report_fact(facts, rows[i].id, TRUE);
        g_assert_cmpstr(en, ==, rows[i].en);
        g_assert_cmpstr(zh, ==, rows[i].zh);
    }
    g_assert_null(cel_report_fact(NULL, "lab.name", TRUE));
}

/* ---- whether a court page may be made ---- */

static void complete_facts_allow_a_court_page(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) facts = facts_complete();
    g_autoptr(JsonObject) record = fixture_record();
    cel_report_facts_check(facts, &error);
    g_assert_no_error(error);
    cel_report_facts_allow_court(facts, record, TRUE, &error);
    g_assert_no_error(error);
}

static void expect_blocked(JsonObject *facts, const char *named)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) record = fixture_record();
    g_assert_false(cel_report_facts_allow_court(facts, record, TRUE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    if (strstr(error->message, named) == NULL)
        g_error("\"%s\" is not named: %s", named, error->message);
}

static void every_missing_item_is_named_by_itself_and_together(void)
{
    gsize n = 0, mandatory = 0;
    const CelReportItem *items = cel_report_items(&n);
    for (gsize i = 0; i < n; i++) {
        if (items[i].source != CEL_ITEM_FACT || !items[i].court)
            continue;
        g_autoptr(JsonObject) facts = facts_complete();
        facts_remove(facts, items[i].path);
        expect_blocked(facts, items[i].path);
        expect_blocked(facts, items[i].zh);
        expect_blocked(NULL, items[i].path);
        mandatory++;
    }
    g_assert_cmpuint(mandatory, >=, 40);
}

static void what_the_file_should_say_is_missed_too(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) facts = facts_complete();
    g_autoptr(JsonObject) record = fixture_record();
    json_object_remove_member(record, "method");
    g_assert_false(cel_report_facts_allow_court(facts, record, FALSE, &error));
    g_assert_nonnull(strstr(error->message, "method/id"));
}

static void facts_in_the_way_of_a_release_are_named(void)
{
    static const struct {
        const char *path, *value, *named;
    } rows[] = {
        {"persons/second/id", "P0017", "第二检验人"},
        {"persons/reviewer/id", "P0017", "复核人"},
        {"checks/opening/verdict", "fail", "checks/opening"},
        {"checks/closing/verdict", "fail", "checks/closing"},
        {"case/number", "2026-0043", "2026-0043"},
        {"exhibit/number", "1-2", "1-2"},
        {"file/fid", "ffffffffffffffffffffffffffffffff", "ffffffff"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(JsonObject) facts = facts_complete();
        facts_set(facts, rows[i].path, rows[i].value);
        expect_blocked(facts, rows[i].named);
    }
    g_autoptr(JsonObject) facts = facts_complete();
    facts_add(facts, "release/blocked", "awaiting closing check");
    expect_blocked(facts, "awaiting closing check");
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/report-items/" #name, name)
    ADD(every_item_of_the_standard_is_served);
    ADD(ids_and_paths_stand_once_and_rows_are_whole);
    ADD(facts_that_are_none_are_refused_by_name);
    ADD(facts_within_bounds_are_read_and_beyond_refused);
    ADD(facts_are_told_in_the_language_of_the_paper);
    ADD(complete_facts_allow_a_court_page);
    ADD(every_missing_item_is_named_by_itself_and_together);
    ADD(what_the_file_should_say_is_missed_too);
    ADD(facts_in_the_way_of_a_release_are_named);
    return g_test_run();
}
