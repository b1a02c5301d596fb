/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-claims.h"
#include "match/cel-outcome.h"
#include "match/cel-record-card.h"
#include "match/cel-validate.h"

#include <string.h>

/* The error-rate card: what counts, what does not, and what is said of it. */

static const char header[] =
    "outcome\tright\tspecimen\tlaser_nm\tinstrument\tclass\tfirst_class\tcondition\tpolicy\t"
    "libraries\tthresholds\twho\twhen\n";

static const CelRecordDomain asked = {.policy = "evidence",
                                      .libraries = "L",
                                      .thresholds = "T",
                                      .laser_nm = 785,
                                      .instrument = "M1",
                                      .condition = "clean",
                                      .class_id = "polymer"};

typedef struct {
    const char *outcome, *right, *specimen, *class_id, *first_class;
} Row;

static void append(GString *text, const Row *row, const char *rest)
{
    g_string_append_printf(text, "%s\t%s\t%s\t785\tM1\t%s\t%s\t%s\n", row->outcome, row->right,
                           row->specimen, row->class_id, row->first_class, rest);
}

#define REST "clean\tevidence\tL\tT\tLi Lei\t2026-01-02T03:04:05Z"

static CelRates *rates_of(const char *text, const CelRecordDomain *domain)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_autoptr(CelRecords) records = cel_records_read(bytes, "r.tsv", &error);
    g_assert_no_error(error);
    cel_records_vouch(records, 1);
    return cel_records_rates(records, domain);
}

static CelRates *rates_of_rows(const Row *rows, gsize n)
{
    g_autoptr(GString) text = g_string_new(header);
    for (gsize i = 0; i < n; i++)
        append(text, &rows[i], REST);
    return rates_of(text->str, &asked);
}

static void counts_are(const CelRates *rates, guint right, guint wrong, guint silent)
{
    g_assert_cmpuint(rates->right, ==, right);
    g_assert_cmpuint(rates->wrong, ==, wrong);
    g_assert_cmpuint(rates->silent, ==, silent);
    g_assert_cmpuint(rates->n, ==, right + wrong + silent);
}

static void a_specimen_counts_once_and_as_its_worst_spectrum(void)
{
    static const Row rows[] = {{"found", "1", "S1", "polymer", "polymer"},
                               {"nothing-claimed", "0", "S1", "polymer", "polymer"},
                               {"found", "1", "S2", "polymer", "polymer"},
                               {"found", "0", "S2", "polymer", "polymer"},
                               {"inconclusive", "0", "S3", "polymer", "mineral"}};
    g_autoptr(CelRates) rates = rates_of_rows(rows, G_N_ELEMENTS(rows));
    counts_are(rates, 1, 1, 1);
    g_assert_cmpstr(rates->who, ==, "Li Lei");
}

static void a_stranger_taken_for_the_class_counts_against_it(void)
{
    static const Row rows[] = {{"found", "0", "S1", "mineral", "polymer"},
                               {"nothing-claimed", "1", "S2", "mineral", "polymer"},
                               {"class-only", "0", "S3", "", "polymer"}};
    g_autoptr(CelRates) rates = rates_of_rows(rows, G_N_ELEMENTS(rows));
    counts_are(rates, 0, 2, 0);
}

static void spectra_without_a_specimen_and_unusable_ones_do_not_count(void)
{
    static const Row rows[] = {{"found", "1", "", "polymer", "polymer"},
                               {"unusable", "0", "S1", "polymer", ""}};
    g_autoptr(CelRates) rates = rates_of_rows(rows, G_N_ELEMENTS(rows));
    counts_are(rates, 0, 0, 0);
}

static void records_of_another_domain_say_nothing(void)
{
    static const Row row = {"found", "1", "S1", "polymer", "polymer"};
    static const char *const others[] = {
        "worn\tevidence\tL\tT\tW\t1", "clean\tdevelopment\tL\tT\tW\t1",
        "clean\tevidence\tL2\tT\tW\t1", "clean\tevidence\tL\tT2\tW\t1"};
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(GString) text = g_string_new(header);
        append(text, &row, others[i]);
        g_autoptr(CelRates) rates = rates_of(text->str, &asked);
        counts_are(rates, 0, 0, 0);
    }
    CelRecordDomain domain = asked;
    g_autoptr(GString) text = g_string_new(header);
    append(text, &row, REST);
    domain.laser_nm = 532;
    g_autoptr(CelRates) laser = rates_of(text->str, &domain);
    domain.laser_nm = 0;
    g_autoptr(CelRates) unknown = rates_of(text->str, &domain);
    domain.laser_nm = 785.4;
    g_autoptr(CelRates) near = rates_of(text->str, &domain);
    domain.instrument = "M2";
    g_autoptr(CelRates) instrument = rates_of(text->str, &domain);
    g_assert_cmpuint(laser->n + unknown->n + instrument->n, ==, 0);
    g_assert_cmpuint(near->n, ==, 1);
}

/* @wrong of @n specimens are named wrong, as many named nothing, the rest right. */
static CelRates *many(guint n, guint wrong)
{
    g_autoptr(GString) text = g_string_new(header);
    for (guint i = 0; i < n; i++) {
        g_autofree char *specimen = g_strdup_printf("S%u", i);
        const Row row = {i < 2 * wrong && i >= wrong ? "nothing-claimed" : "found",
                         i < wrong ? "0" : "1", specimen, "polymer", "polymer"};
        append(text, &row, REST);
    }
    return rates_of(text->str, &asked);
}

/* The sentences stand whole, in both languages, and say no forbidden word. */
static void text_has(const CelRates *rates, const char *en, const char *zh)
{
    g_autofree char *text_en = cel_rates_text(rates, FALSE);
    g_autofree char *text_zh = cel_rates_text(rates, TRUE);
    g_test_message("%s / %s", text_en, text_zh);
    g_assert_nonnull(strstr(text_en, en));
    g_assert_nonnull(strstr(text_zh, zh));
    g_assert_null(strchr(text_en, '{'));
    g_assert_null(strchr(text_zh, '{'));
    g_assert_cmpstr(cel_claim_forbidden(text_en), ==, NULL);
    g_assert_cmpstr(cel_claim_forbidden(text_zh), ==, NULL);
}

static void below_a_hundred_specimens_there_is_no_rate(void)
{
    g_autoptr(CelRates) none = many(0, 0), few = many(99, 1);
    text_has(none, "has not validated this method", "本实验室尚未对此类检材验证本方法");
    text_has(few, "(99 specimens; at least 100 are asked)", "已有99件,要求不少于100件");
    g_assert_false(cel_rates_suffice(few));
    g_autofree char *text = cel_rates_text(few, FALSE);
    g_assert_null(strstr(text, "%"));
}

/* Clopper, Pearson: 1 of 100 has the 95 % interval 0.0253..5.4459 %. */
static void from_a_hundred_on_counts_stand_with_exact_intervals(void)
{
    g_autoptr(CelRates) enough = many(100, 1);
    g_assert_true(cel_rates_suffice(enough));
    text_has(enough,
             "100. Named right: 98 (93.0..99.8 %); named wrong: 1 (0.0..5.4 %); nothing "
             "named: 1 (0.0..5.4 %)",
             "100件。指向正确:98 (93.0..99.8 %);指向错误:1 (0.0..5.4 %)");
    text_has(enough, "class polymer, laser 785 nm, instrument M1, condition clean; made by Li Lei",
             "记录人Li Lei");
}

static void the_claim_says_what_the_records_say(void)
{
    const CelSentence *row = cel_claim(CEL_CLAIM_NOT_VALIDATED);
    CelRates *const rates[] = {many(99, 0), many(100, 0)};
    for (int i = 0; i < 2; i++) {
        g_autoptr(CelIdentification) answer = cel_identification_new();
        g_free(answer->claim_en);
        g_free(answer->claim_zh);
        answer->claim_en = g_strconcat("A claim. ", row->en, " More.", NULL);
        answer->claim_zh = g_strconcat("结论。", row->zh, "其他。", NULL);
        cel_identification_set_rates(answer, rates[i]);
        g_autofree char *json = cel_identification_to_json(answer, "f");
        g_assert_cmpint(strstr(answer->claim_en, row->en) != NULL, ==, i == 0);
        g_assert_cmpint(strstr(answer->claim_zh, row->zh) != NULL, ==, i == 0);
        g_assert_nonnull(strstr(json, i == 0 ? "\"validation\":{\"status\":\"not-validated\""
                                             : "\"validation\":{\"status\":\"recorded\""));
        g_assert_cmpint(strstr(json, "\"wrong\":{\"k\":0,\"low\":0,\"high\":0.03622}") != NULL, ==,
                        i == 1);
        if (i == 1)
            g_assert_cmpstr(answer->claim_en, ==, "A claim. More.");
    }
}

static void what_validate_writes_is_read(void)
{
    CelValidateRecord record = {.file = (char *)"a\tb.csv",
                                .group = (char *)"g",
                                .truth_id = (char *)"pe",
                                .first_id = (char *)"pe",
                                .ceiling = (char *)"substance:pe",
                                .outcome = CEL_OUTCOME_FOUND,
                                .right = TRUE,
                                .laser_nm = 785,
                                .specimen = (char *)"S1",
                                .instrument = (char *)"M1",
                                .class_id = (char *)"polymer",
                                .condition = (char *)"clean",
                                .first_class = (char *)"polymer"};
    const CelValidation validation = {.records = g_ptr_array_new()};
    const CelValidateSource source = {.who = "Li Lei", .when = "2026", .policy = "evidence"};
    g_ptr_array_add(validation.records, &record);
    g_autofree char *text = cel_validation_records(&validation, &source);
    g_autofree char *unsigned_text = cel_validation_records(&validation, NULL);
    g_autofree char *thresholds = cel_record_thresholds();
    CelRecordDomain domain = asked;
    domain.libraries = "";
    domain.thresholds = thresholds;
    g_autoptr(CelRates) rates = rates_of(text, &domain);
    g_autoptr(CelRates) none = rates_of(unsigned_text, &domain);
    counts_are(rates, 1, 0, 0);
    counts_are(none, 0, 0, 0);
    g_assert_cmpuint(strlen(thresholds), ==, 64);
    g_ptr_array_unref(validation.records);
}

static void what_is_no_record_is_refused_with_its_line(void)
{
    g_autofree char *width = g_strconcat(header, "found\t1\n", NULL);
    g_autofree char *outcome =
        g_strconcat(header, "sure\t1\tS\t785\tM\tc\tc\t\tp\tL\tT\tw\t1\n", NULL);
    g_autofree char *laser =
        g_strconcat(header, "found\t1\tS\tred\tM\tc\tc\t\tp\tL\tT\tw\t1\n", NULL);
    const struct {
        const char *text, *says;
    } rows[] = {{"", "\"outcome\""},      {"file\tgroup\n", "\"outcome\""}, {width, "line 2"},
                {outcome, "\"outcome\""}, {laser, "\"laser_nm\""},          {"\xff\xfe", "UTF-8"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = g_bytes_new(rows[i].text, strlen(rows[i].text));
        g_assert_null(cel_records_read(bytes, "r.tsv", &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, rows[i].says));
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
#define T(name) g_test_add_func("/record-card/" #name, name)
    T(a_specimen_counts_once_and_as_its_worst_spectrum);
    T(a_stranger_taken_for_the_class_counts_against_it);
    T(spectra_without_a_specimen_and_unusable_ones_do_not_count);
    T(records_of_another_domain_say_nothing);
    T(below_a_hundred_specimens_there_is_no_rate);
    T(from_a_hundred_on_counts_stand_with_exact_intervals);
    T(the_claim_says_what_the_records_say);
    T(what_validate_writes_is_read);
    T(what_is_no_record_is_refused_with_its_line);
#undef T
    return g_test_run();
}
