/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-import-table.h"
#include "match/cel-outcome.h"
#include "match/cel-peakmatch.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* ---- pairing of bands: each constant just inside and just outside ---- */

static GArray *lines_new(const CelLine *lines, guint n)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(CelLine));
    g_array_append_vals(out, lines, n);
    return out;
}

/* One reference band at 1000 +- 0.8 against one sample band. */
static CelPeakMatch pair_one(CelLine reference, CelLine sample, double low, double high)
{
    g_autoptr(GArray) a = lines_new(&reference, 1), b = lines_new(&sample, 1);
    const CelPeakMatchInput input = {a, b, {low, high}, 0, NULL, FALSE};
    CelPeakMatch match;
    cel_peakmatch(&input, &match);
    return match;
}

static const CelLine strong = {1000, 0.8, 1, 1, FALSE};

static void bands_pair_within_three_combined_uncertainties(void)
{
    /* sqrt(0.8^2 + 0.6^2 + 1.2^2) = 1.562; three of them are 4.686 */
    const CelLine inside = {1004.68, 0.6, 1, 1, FALSE}, outside = {1004.69, 0.6, 1, 1, FALSE};
    g_auto(CelPeakMatch) near = pair_one(strong, inside, 100, 2000);
    g_auto(CelPeakMatch) far = pair_one(strong, outside, 100, 2000);
    g_assert_cmpuint(near.matched->len, ==, 1);
    g_assert_cmpuint(far.matched->len, ==, 0);
    g_assert_cmpuint(far.missing->len, ==, 1);
    g_assert_cmpuint(far.extra->len, ==, 1);
    g_assert_cmpfloat(far.score, ==, 0);
}

static void closeness_falls_as_a_gaussian(void)
{
    const CelLine off = {1000 + sqrt(0.64 + 0.36 + 1.44), 0.6, 1, 1, FALSE}; /* one combined u */
    g_auto(CelPeakMatch) match = pair_one(strong, off, 100, 2000);
    g_assert_cmpfloat_with_epsilon(match.closeness, exp(-0.5), 1e-9);
    g_assert_cmpfloat_with_epsilon(match.score, 0.5 + 0.5 * exp(-0.5), 1e-9);
}

static void a_reference_band_near_the_end_is_not_asked_for(void)
{
    /* three times 0.8 inside the range */
    g_auto(CelPeakMatch) in = pair_one(strong, (CelLine){300, 0.8, 1, 1, FALSE}, 997.6, 2000);
    g_auto(CelPeakMatch) out = pair_one(strong, (CelLine){300, 0.8, 1, 1, FALSE}, 997.7, 2000);
    g_auto(CelPeakMatch) high = pair_one(strong, (CelLine){300, 0.8, 1, 1, FALSE}, 100, 1002.3);
    g_assert_cmpuint(in.observable, ==, 1);
    g_assert_cmpuint(in.missing->len, ==, 1);
    g_assert_cmpuint(out.observable, ==, 0);
    g_assert_cmpuint(out.missing->len, ==, 0);
    g_assert_cmpuint(high.observable, ==, 0);
}

static void a_tenth_of_the_strongest_is_missed_or_unexplained(void)
{
    const CelLine weak = {1000, 0.8, 0.099, 0.099, FALSE}, tenth = {1000, 0.8, 0.1, 0.1, FALSE};
    const CelLine weak_off = {500, 0.8, 0.099, 0.099, FALSE}, off = {500, 0.8, 0.1, 0.1, FALSE};
    g_auto(CelPeakMatch) quiet = pair_one(weak, weak_off, 100, 2000);
    g_auto(CelPeakMatch) loud = pair_one(tenth, off, 100, 2000);
    g_assert_cmpuint(quiet.missing->len + quiet.extra->len, ==, 0);
    g_assert_cmpuint(loud.missing->len, ==, 1);
    g_assert_cmpuint(loud.extra->len, ==, 1);
}

static void an_optional_band_explains_but_is_not_missed(void)
{
    CelLine optional = strong;
    optional.optional = TRUE;
    g_auto(CelPeakMatch) there = pair_one(optional, strong, 100, 2000);
    g_auto(CelPeakMatch) away = pair_one(optional, (CelLine){500, 0.8, 1, 1, FALSE}, 100, 2000);
    g_assert_cmpfloat(there.explained, ==, 1);
    g_assert_true(g_array_index(there.matched, CelPeakPair, 0).unweighed);
    g_assert_cmpuint(there.n_matched, ==, 0);
    g_assert_cmpuint(there.observable, ==, 0);
    g_assert_cmpuint(away.missing->len, ==, 0);
    g_assert_cmpfloat(away.found, ==, 0);
}

static void the_strongest_reference_band_chooses_first(void)
{
    const CelLine reference[] = {{998, 0.8, 0.2, 0.2, FALSE}, {1001, 0.8, 1, 1, FALSE}};
    g_autoptr(GArray) a = lines_new(reference, 2), b = lines_new(&(CelLine){999, 0.8, 1, 1, 0}, 1);
    const CelPeakMatchInput input = {a, b, {100, 2000}, 0, NULL, FALSE};
    g_auto(CelPeakMatch) match = {0};
    cel_peakmatch(&input, &match);
    g_assert_cmpuint(match.matched->len, ==, 1);
    g_assert_cmpfloat(g_array_index(match.matched, CelPeakPair, 0).reference_cm1, ==, 1001);
    g_assert_cmpfloat_with_epsilon(match.found, 1 / (1 + sqrt(0.2)), 1e-12);
}

static void heights_weigh_by_their_square_root(void)
{
    const CelLine reference[] = {{500, 0.8, 0.25, 0.25, FALSE}, {1000, 0.8, 1, 1, FALSE}};
    const CelLine sample[] = {{700, 0.8, 0.16, 0.16, FALSE}, {1000, 0.8, 1, 1, FALSE}};
    g_autoptr(GArray) a = lines_new(reference, 2), b = lines_new(sample, 2);
    const CelPeakMatchInput input = {a, b, {100, 2000}, 0, NULL, FALSE};
    g_auto(CelPeakMatch) match = {0};
    cel_peakmatch(&input, &match);
    g_assert_cmpfloat_with_epsilon(match.found, 1 / 1.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(match.explained, 1 / 1.4, 1e-12);
    g_assert_cmpfloat_with_epsilon(match.score, sqrt(1 / 1.5 / 1.4), 1e-12);
}

static void weights_that_are_no_intensities_say_so(void)
{
    const CelLine reference[] = {{500, 0.8, 1, 1, FALSE}, {700, 0.8, 1, 1, FALSE}};
    g_autoptr(GArray) a = lines_new(reference, 2), b = lines_new(&(CelLine){500, 0.8, 1, 1, 0}, 1);
    for (gboolean unweighed = FALSE; unweighed <= TRUE; unweighed++) {
        const CelPeakMatchInput input = {a, b, {100, 2000}, 0, NULL, unweighed};
        g_auto(CelPeakMatch) match = {0};
        cel_peakmatch(&input, &match);
        g_assert_cmpint(g_array_index(match.matched, CelPeakPair, 0).unweighed, ==, unweighed);
        g_assert_cmpint(g_array_index(match.missing, CelPeakPair, 0).unweighed, ==, unweighed);
    }
}

/* A sample without a maximum at 700, but @level high there, against 700 and 1000. */
static CelPeakMatch with_shoulder(double level)
{
    const CelLine reference[] = {{700, 0.8, 0.6, 0.6, FALSE}, {1000, 0.8, 1, 1, FALSE}};
    const CelLine drawn[] = {{700, 0.8, level, level, FALSE}, {1000, 0.8, 1, 1, FALSE}};
    g_autoptr(GArray) a = lines_new(reference, 2), b = lines_new(&strong, 1);
    g_autoptr(GArray) shape = lines_new(drawn, 2);
    g_autoptr(CelView) view = cel_view_of_lines(shape, 10);
    const CelPeakMatchInput input = {a, b, {300, 1500}, 0, view, FALSE};
    CelPeakMatch match;
    cel_peakmatch(&input, &match);
    return match;
}

static void half_the_expected_height_is_a_shoulder_not_a_gap(void)
{
    g_auto(CelPeakMatch) high = with_shoulder(0.5), low = with_shoulder(0.1);
    g_assert_cmpuint(high.missing->len, ==, 0);
    g_assert_cmpuint(high.n_matched, ==, 1); /* it counts as no matched band either */
    g_assert_cmpuint(low.missing->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(high.found, (1 + 0.5 * sqrt(0.6)) / (1 + sqrt(0.6)), 1e-9);
}

static void nothing_to_compare_scores_nothing(void)
{
    g_autoptr(GArray) none = lines_new(NULL, 0), one = lines_new(&strong, 1);
    const CelPeakMatchInput inputs[] = {{none, one, {100, 2000}, 0, NULL, FALSE},
                                        {one, none, {100, 2000}, 0, NULL, FALSE},
                                        {none, none, {100, 2000}, 0, NULL, FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(inputs); i++) {
        g_auto(CelPeakMatch) match = {0};
        cel_peakmatch(&inputs[i], &match);
        g_assert_cmpfloat(match.score, ==, 0);
    }
}

/* ---- the answer as JSON ---- */

static const char *const no_look_alikes[] = {NULL};

static JsonObject *json_of(const CelIdentification *answer, const char *file, JsonParser *parser)
{
    g_autofree char *text = cel_identification_to_json(answer, file);
    g_autoptr(GError) error = NULL;
    g_assert_null(strchr(text, '\n'));
    json_parser_load_from_data(parser, text, -1, &error);
    g_assert_no_error(error);
    return json_node_get_object(json_parser_get_root(parser));
}

static CelHit *hit_new(const CelSubstance *substance)
{
    CelHit *hit = g_new0(CelHit, 1);
    hit->substance = substance;
    hit->rank = 1;
    hit->grade = CEL_GRADE_D;
    hit->score = 0.123456;
    hit->matched = g_array_new(FALSE, TRUE, sizeof(CelPeakPair));
    hit->missing = g_array_new(FALSE, TRUE, sizeof(CelPeakPair));
    hit->extra = g_array_new(FALSE, TRUE, sizeof(double));
    const CelPeakPair found = {1001.4, 1002.26, 1, 1, 5, FALSE},
                      gap = {621.04, 0, 0.5, 0, 0, FALSE};
    const double extra = 733.333;
    g_array_append_val(hit->matched, found);
    g_array_append_val(hit->missing, gap);
    g_array_append_val(hit->extra, extra);
    return hit;
}

static const CelSubstance quoted = {.id = "x",
                                    .name_en = "a \"b\" \\ \n\t\x01 c",
                                    .name_zh = "甲",
                                    .class_id = "polymer",
                                    .group_id = "",
                                    .ceiling = "lead",
                                    .library = "lib",
                                    .lookalikes = no_look_alikes};

static void texts_come_back_from_json_whatever_stands_in_them(void)
{
    g_autoptr(CelIdentification) answer = cel_identification_new();
    g_autoptr(JsonParser) parser = json_parser_new();
    g_ptr_array_add(answer->hits, hit_new(&quoted));
    cel_outcome_why(answer, g_strdup("line\none"), g_strdup("\"引\""));
    JsonObject *json = json_of(answer, "a\tb\"c.csv", parser);
    g_assert_cmpstr(json_object_get_string_member(json, "file"), ==, "a\tb\"c.csv");
    JsonObject *hit = json_array_get_object_element(json_object_get_array_member(json, "hits"), 0);
    g_assert_cmpstr(json_object_get_string_member(hit, "name_en"), ==, quoted.name_en);
    g_assert_cmpstr(json_array_get_string_element(json_object_get_array_member(json, "why"), 0), ==,
                    "line\none");
    g_assert_cmpstr(
        json_array_get_string_element(json_object_get_array_member(json, "why_zh_CN"), 0), ==,
        "\"引\"");
}

static double only_number(JsonObject *hit, const char *key)
{
    JsonArray *array = json_object_get_array_member(hit, key);
    g_assert_cmpuint(json_array_get_length(array), ==, 1);
    return json_array_get_double_element(array, 0);
}

static void positions_are_of_the_sample_where_it_has_them(void)
{
    g_autoptr(CelIdentification) answer = cel_identification_new();
    g_autoptr(JsonParser) parser = json_parser_new();
    g_ptr_array_add(answer->hits, hit_new(&quoted));
    JsonObject *json = json_of(answer, "f", parser);
    JsonObject *hit = json_array_get_object_element(json_object_get_array_member(json, "hits"), 0);
    g_assert_cmpfloat_with_epsilon(only_number(hit, "matched_cm1"), 1002.3, 1e-9);
    g_assert_cmpfloat_with_epsilon(only_number(hit, "missing_cm1"), 621.04, 1e-9);
    g_assert_cmpfloat_with_epsilon(only_number(hit, "extra_cm1"), 733.33, 1e-9);
    g_assert_cmpfloat_with_epsilon(json_object_get_double_member(hit, "score"), 0.1235, 1e-9);
    g_assert_cmpstr(json_object_get_string_member(hit, "kind"), ==, "band-table");
    g_assert_cmpstr(json_object_get_string_member(hit, "grade"), ==, "D");
}

static void a_lead_stands_in_json_only_when_there_is_one(void)
{
    g_autoptr(CelIdentification) answer = cel_identification_new();
    g_autoptr(JsonParser) first = json_parser_new(), second = json_parser_new();
    g_assert_false(json_object_has_member(json_of(answer, "f", first), "lead"));
    cel_outcome_set(answer, CEL_OUTCOME_INCONCLUSIVE, "lead:x", "x");
    JsonObject *json = json_of(answer, "f", second);
    g_assert_cmpstr(json_object_get_string_member(json, "lead"), ==, "x");
    g_assert_cmpstr(
        json_object_get_string_member(json_object_get_object_member(json, "claim"), "ceiling"), ==,
        "lead:x");
}

static void quality_and_replicates_are_told_as_they_are(void)
{
    g_autoptr(CelIdentification) answer = cel_identification_new();
    g_autoptr(JsonParser) parser = json_parser_new();
    answer->quality = (CelQuality){.snr = 12.345678,
                                   .saturated = 3,
                                   .cosmic_rays = 4,
                                   .fluorescence_ratio = 0.5,
                                   .axis_check = "failed",
                                   .axis_u_cm1 = 0.75,
                                   .axis_shift_cm1 = -6.25,
                                   .resolution_cm1 = 11.5};
    answer->replicates.planned = 5;
    answer->replicates.valid = 4;
    answer->replicates.agree = 3;
    answer->elapsed_us = 1500;
    answer->simulated = TRUE;
    JsonObject *json = json_of(answer, "f", parser);
    JsonObject *quality = json_object_get_object_member(json, "quality");
    JsonObject *replicates = json_object_get_object_member(json, "replicates");
    g_assert_cmpfloat_with_epsilon(json_object_get_double_member(quality, "snr"), 12.35, 1e-9);
    g_assert_cmpint(json_object_get_int_member(quality, "saturated"), ==, 3);
    g_assert_cmpint(json_object_get_int_member(quality, "cosmic_rays"), ==, 4);
    g_assert_cmpstr(json_object_get_string_member(quality, "axis_check"), ==, "failed");
    g_assert_cmpfloat(json_object_get_double_member(quality, "axis_u_cm1"), ==, 0.75);
    g_assert_cmpfloat_with_epsilon(json_object_get_double_member(quality, "axis_shift_cm1"), -6.25,
                                   1e-9);
    g_assert_cmpfloat_with_epsilon(json_object_get_double_member(quality, "resolution_cm1"), 11.5,
                                   1e-12);
    g_assert_cmpint(json_object_get_int_member(replicates, "planned"), ==, 5);
    g_assert_cmpint(json_object_get_int_member(replicates, "valid"), ==, 4);
    g_assert_cmpint(json_object_get_int_member(replicates, "agree"), ==, 3);
    g_assert_cmpfloat_with_epsilon(json_object_get_double_member(json, "elapsed_ms"), 1.5, 1e-12);
    g_assert_true(json_object_get_boolean_member(json, "simulated"));
    g_assert_true(json_object_get_null_member(json, "mixture"));
    g_assert_true(json_object_get_null_member(json, "stability"));
}

static void every_outcome_has_a_name_and_its_own_label(void)
{
    static const char *const names[CEL_N_OUTCOMES] = {
        "found", "mixture", "class-only", "inconclusive", "nothing-claimed", "refused"};
    static const char *const labels[CEL_N_OUTCOMES] = {
        "筛查相符", "疑似多组分", "仅提示类别", "无法判断", "不作指向性结论", "结果不予出具"};
    for (guint o = 0; o < CEL_N_OUTCOMES; o++) {
        g_assert_cmpstr(cel_outcome_name((CelOutcome)o), ==, names[o]);
        g_assert_cmpstr(cel_outcome_label((CelOutcome)o, TRUE), ==, labels[o]);
    }
}

/* ---- the manifest of an import ---- */

#define HEADER "file\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence"

static gboolean parse_header(CelImportTable *table, const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    return cel_import_table_parse(table, bytes, "m.tsv", error);
}

/* Parses @row under @header. @out_cells: what @out borrows from. */
static gboolean parse_row(const char *header, const char *row, char ***out_cells, CelImportRow *out,
                          GError **error)
{
    g_auto(CelImportTable) table = {0};
    g_assert_true(parse_header(&table, header, NULL));
    *out_cells = g_strsplit(row, "\t", -1);
    return cel_import_row_parse(&table, *out_cells, out, error);
}

static void a_header_must_name_every_column_once_in_ascii(void)
{
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "m.tsv:1:"},
        {"file\tid\n", "“name_en” is missing"},
        {HEADER "\tfile\n", "“file”"},
        {HEADER "\t\n", "column 9"},
        {HEADER "\t备注\n", "ASCII"},
        {"File\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence\n", "“file” is missing"},
        {HEADER "\n\xff\n", "UTF-8"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(CelImportTable) table = {0};
        g_autoptr(GError) error = NULL;
        g_assert_false(parse_header(&table, bad[i].text, &error));
        if (strstr(error->message, bad[i].message) == NULL)
            g_error("row %zu: %s", i, error->message);
    }
}

static void a_full_row_is_read_in_any_order_of_columns(void)
{
    g_auto(CelImportRow) row = {0};
    g_auto(GStrv) cells = NULL;
    g_autoptr(GError) error = NULL;
    const gboolean good = parse_row(
        "grade\tbaseline\tlicence\tsource\tlaser_nm\tclass\tname_zh\tname_en\tid\tfile\tlot\n",
        " A \tremoved\tCC0\tours\t532.1\tpolymer\t聚乙烯\tPE\tpe\tq.csv\t 7 ", &cells, &row,
        &error);
    g_assert_no_error(error);
    g_assert_true(good);
    g_assert_cmpstr(row.substance.id, ==, "pe");
    g_assert_cmpstr(row.substance.name_zh, ==, "聚乙烯");
    g_assert_cmpstr(row.substance.class_id, ==, "polymer");
    g_assert_cmpstr(row.reference.name, ==, "q.csv");
    g_assert_cmpstr(row.reference.source, ==, "ours");
    g_assert_cmpstr(row.reference.licence, ==, "CC0");
    g_assert_cmpfloat(row.reference.laser_nm, ==, 532.1);
    g_assert_cmpint((int)row.reference.grade, ==, CEL_GRADE_A);
    g_assert_true(row.reference.baseline_removed);
    g_assert_cmpstr(row.extra, ==, "{\"lot\":\"7\"}");
}

static void what_a_row_does_not_state_is_taken_at_its_least(void)
{
    g_auto(CelImportRow) row = {0};
    g_auto(GStrv) cells = NULL;
    g_assert_true(parse_row(HEADER "\n", "q.csv\tpe\t\t\t\t\t\t", &cells, &row, NULL));
    g_assert_cmpstr(row.substance.name_en, ==, "pe");
    g_assert_cmpint((int)row.reference.grade, ==, CEL_GRADE_C);
    g_assert_false(row.reference.baseline_removed);
    g_assert_cmpfloat(row.reference.laser_nm, ==, 0);
    g_assert_cmpstr(row.extra, ==, "");
}

static void a_bad_cell_is_refused_with_its_reason(void)
{
    static const char *const rows[][2] = {
        {"q.csv\tpe", "2 cells, the header 10"},
        {"\tpe\t\t\t\t\t\t\t\t", "file is not named"},
        {"q.csv\t \t\t\t\t\t\t\t\t", "id is empty"},
        {"q.csv\tpe\t\t\t\t199\t\t\t\t", "laser_nm"},
        {"q.csv\tpe\t\t\t\t2001\t\t\t\t", "laser_nm"},
        {"q.csv\tpe\t\t\t\tnan\t\t\t\t", "laser_nm"},
        {"q.csv\tpe\t\t\t\t785 nm\t\t\t\t", "laser_nm"},
        {"q.csv\tpe\t\t\t\t\t\t\tE\t", "grade"},
        {"q.csv\tpe\t\t\t\t\t\t\ta\t", "grade"},
        {"q.csv\tpe\t\t\t\t\t\t\tAB\t", "grade"},
        {"q.csv\tpe\t\t\t\t\t\t\t\tyes", "baseline"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(CelImportRow) row = {0};
        g_auto(GStrv) cells = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_false(parse_row(HEADER "\tgrade\tbaseline\n", rows[i][0], &cells, &row, &error));
        if (strstr(error->message, rows[i][1]) == NULL)
            g_error("row %zu: %s", i, error->message);
    }
}

static void the_outermost_lasers_are_allowed(void)
{
    static const char *const rows[] = {"q\tpe\t\t\t\t200\t\t", "q\tpe\t\t\t\t2000\t\t"};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(CelImportRow) row = {0};
        g_auto(GStrv) cells = NULL;
        g_assert_true(parse_row(HEADER "\n", rows[i], &cells, &row, NULL));
    }
}

#define ADD(test) g_test_add_func("/rules/" #test, test)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(bands_pair_within_three_combined_uncertainties);
    ADD(closeness_falls_as_a_gaussian);
    ADD(a_reference_band_near_the_end_is_not_asked_for);
    ADD(a_tenth_of_the_strongest_is_missed_or_unexplained);
    ADD(an_optional_band_explains_but_is_not_missed);
    ADD(the_strongest_reference_band_chooses_first);
    ADD(heights_weigh_by_their_square_root);
    ADD(weights_that_are_no_intensities_say_so);
    ADD(half_the_expected_height_is_a_shoulder_not_a_gap);
    ADD(nothing_to_compare_scores_nothing);
    ADD(texts_come_back_from_json_whatever_stands_in_them);
    ADD(positions_are_of_the_sample_where_it_has_them);
    ADD(a_lead_stands_in_json_only_when_there_is_one);
    ADD(quality_and_replicates_are_told_as_they_are);
    ADD(every_outcome_has_a_name_and_its_own_label);
    ADD(a_header_must_name_every_column_once_in_ascii);
    ADD(a_full_row_is_read_in_any_order_of_columns);
    ADD(what_a_row_does_not_state_is_taken_at_its_least);
    ADD(a_bad_cell_is_refused_with_its_reason);
    ADD(the_outermost_lasers_are_allowed);
    return g_test_run();
}
