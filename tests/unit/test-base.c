/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-clock.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "base/cel-job.h"
#include "base/cel-json.h"
#include "base/cel-number.h"
#include "base/cel-param.h"
#include "base/cel-text.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void numbers_read_back_equal(void)
{
    const double values[] = {0.0,
                             -0.0,
                             1.0,
                             0.1,
                             1.0 / 3.0,
                             6.02214076e23,
                             -2.2250738585072014e-308,
                             1e300,
                             520.45,
                             123456789.123456789};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autofree char *text = cel_number_format(values[i]);
        double back = NAN;
        g_assert_true(cel_number_parse(text, strlen(text), '.', &back));
        g_assert_true(memcmp(&back, &values[i], sizeof back) == 0);
    }
}

static void numbers_of_everyday_size_have_no_exponent(void)
{
    const struct {
        double value;
        const char *text;
    } rows[] = {{200.0, "200"},  {-0.5, "-0.5"},         {1e-4, "0.0001"},
                {1e-6, "1e-06"}, {1234567.0, "1234567"}, {1e14, "100000000000000"},
                {1e15, "1e+15"}, {785.0, "785"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = cel_number_format(rows[i].value);
        g_assert_cmpstr(text, ==, rows[i].text);
    }
}

static void numbers_need_the_whole_text(void)
{
    static const char *const bad[] = {"", " ", "1,5", "0x10", "1e", "1 2", "--1", "five"};
    double value = 7.0;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(cel_number_parse(bad[i], strlen(bad[i]), '.', &value));
    g_assert_cmpfloat(value, ==, 7.0);
    g_assert_true(cel_number_parse(" 1,5 ", 5, ',', &value));
    g_assert_cmpfloat(value, ==, 1.5);
    g_assert_false(cel_number_parse("1.5", 3, ',', &value));
}

static const char *const choices[] = {"low", "high", NULL};
static const CelParamDef defs[] = {
    {.key = "lambda", .unit = "1", .type = CEL_PARAM_REAL, .min = 1, .max = 1e9, .initial = 1e5},
    {.key = "window", .unit = "samples", .type = CEL_PARAM_INT, .min = 1, .max = 99, .initial = 7},
    {.key = "edge", .unit = "1", .type = CEL_PARAM_CHOICE, .max = 1, .choices = choices},
    {.key = "on", .unit = "1", .type = CEL_PARAM_BOOL, .max = 1, .initial = 1},
};

static void params_round_trip_as_text(void)
{
    g_autoptr(CelParams) params = cel_params_new(defs, G_N_ELEMENTS(defs));
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_params_parse(params, "lambda=2.5e6,edge=high,on=no", &error));
    g_assert_no_error(error);
    g_autofree char *text = cel_params_to_text(params);
    g_assert_cmpstr(text, ==, "lambda=2500000,window=7,edge=high,on=no");
    g_autoptr(CelParams) again = cel_params_new(defs, G_N_ELEMENTS(defs));
    g_assert_true(cel_params_parse(again, text, &error));
    for (gsize i = 0; i < G_N_ELEMENTS(defs); i++)
        g_assert_cmpfloat(cel_params_get(again, i), ==, cel_params_get(params, i));
}

static void params_refuse_what_is_out_of_range(void)
{
    static const char *const bad[] = {"lambda=0.5", "lambda=nan", "lambda=1e10", "window=1.5",
                                      "window=0",   "edge=mid",   "on=maybe",    "unknown=1",
                                      "lambda",     "lambda="};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(CelParams) params = cel_params_new(defs, G_N_ELEMENTS(defs));
        g_autoptr(GError) error = NULL;
        g_assert_false(cel_params_parse(params, bad[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
        g_assert_cmpfloat(cel_params_get(params, 0), ==, 1e5);
    }
}

static void canonical_json_has_one_form(void)
{
    static const char *const good = "{\"a\":[1,-2,true,null],\"b\":{\"x\":\"\\n\\\"海关\"}}";
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = cel_canon_read(good, strlen(good), &error);
    g_assert_no_error(error);
    g_autofree char *again = cel_canon_write(node, &error);
    g_assert_cmpstr(again, ==, good);
}

static void canonical_json_refuses_other_forms(void)
{
    static const char *const bad[] = {"{\"b\":1,\"a\":2}",
                                      "{\"a\": 1}",
                                      "{\"a\":1.5}",
                                      "{\"a\":1,\"a\":2}",
                                      "{\"a\":9007199254740994}",
                                      "{\"a\":\"e\u0301\"}",
                                      "",
                                      "{",
                                      "{\"\u00e4\":1}"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) node = cel_canon_read(bad[i], strlen(bad[i]), &error);
        g_assert_null(node);
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

static void json_that_would_use_up_the_stack_is_refused(void)
{
    static const gsize depths[] = {CEL_JSON_MAX_DEPTH, CEL_JSON_MAX_DEPTH + 1, 2000000};
    for (gsize i = 0; i < G_N_ELEMENTS(depths); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) text = g_string_new(NULL);
        for (gsize k = 0; k < 2 * depths[i]; k++)
            g_string_append_c(text, k < depths[i] ? '[' : ']');
        g_autoptr(JsonNode) node = cel_json_read(text->str, text->len, &error);
        g_assert_cmpint(node != NULL, ==, depths[i] <= CEL_JSON_MAX_DEPTH);
        if (node == NULL)
            g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_null(cel_canon_read(text->str, text->len, NULL)); /* takes fewer still */
    }
}

/* Each hides a bracket from a count of levels that takes it for JSON. */
static void json_with_comments_or_other_quotation_marks_is_refused(void)
{
    static const char *const bad[] = {"/* \" */ [1]", "// \"\n[1]", "['a']", "[1] # x", "[\\\"]"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_null(cel_json_read(bad[i], strlen(bad[i]), NULL));
    const char *const good = "{\"a\\\"[\\\\\":[\"[[[[/*\",-1.5e+3,true,null]}";
    g_autoptr(JsonNode) node = cel_json_read(good, strlen(good), NULL);
    g_assert_nonnull(node);
}

static void json_escapes_that_are_no_text_are_refused(void)
{
    static const char *const bad[] = {
        "{\"a\":\"\\333\"}", "[\"\\ud800\"]", "{\"\\377\":1}", "[\"a\\", "\xff", "[\"\xc3\"]"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_json_read(bad[i], strlen(bad[i]), &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
    }
}

static void json_is_written_as_asked(void)
{
    g_autoptr(CelJsonWriter) writer = cel_json_writer_new();
    cel_json_open(writer, NULL, '{');
    cel_json_text(writer, "a", "x\"\n\x01\u6d77");
    cel_json_text(writer, "b", NULL);
    cel_json_open(writer, "c", '[');
    cel_json_number(writer, NULL, 0.1, 0);
    cel_json_number(writer, NULL, 2.0 / 3.0, 3);
    cel_json_number(writer, NULL, NAN, 3);
    cel_json_close(writer);
    cel_json_open(writer, "d", '{');
    cel_json_close(writer);
    cel_json_bool(writer, "e", TRUE);
    cel_json_int(writer, "f", -7);
    cel_json_close(writer);
    g_autofree char *text = cel_json_finish(writer);
    g_assert_cmpstr(text, ==,
                    "{\"a\":\"x\\\"\\n\\u0001\u6d77\",\"b\":null,\"c\":[0.1,0.667,null],"
                    "\"d\":{},\"e\":true,\"f\":-7}");
}

static void files_are_written_whole(void)
{
    g_autofree char *folder = g_dir_make_tmp("celadon-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "海关 1.h5", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) first = g_bytes_new_static("first", 5);
    g_autoptr(GBytes) second = g_bytes_new_static("2nd", 3);
    g_assert_true(cel_file_write(path, first, 0644, &error));
    g_assert_true(cel_file_write(path, second, 0440, &error));
    g_assert_no_error(error);
    g_autoptr(GBytes) back = cel_file_read(path, 100, &error);
    g_assert_true(g_bytes_equal(back, second));
    g_assert_false(cel_file_create(path, first, 0600, NULL));
    g_assert_false(cel_file_write(path, first, 0644, &error)); /* evidence is not replaced */
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(g_dir_read_name(dir));
    g_assert_null(g_dir_read_name(dir)); /* no temporary left */
    g_unlink(path);
    g_rmdir(folder);
}

static void files_are_read_within_bounds(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_file_read("/proc/self/no-such-file", 10, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_null(cel_file_read("/", 10, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_null(cel_file_read("/proc/self/exe", 10, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_cancelled_job_stops(void)
{
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_job_step(job, "Reading", 0, 2, &error));
    g_cancellable_cancel(cancel);
    g_assert_false(cel_job_step(job, "Reading", 1, 2, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpint(cel_error_exit_status(error), ==, 130);
}

static void a_fixed_clock_stands_still(void)
{
    const CelClock clock = cel_clock_fixed(G_GINT64_CONSTANT(1700000000000000));
    g_autofree char *text = cel_clock_iso8601(cel_clock_wall_us(clock));
    g_assert_cmpstr(text, ==, "2023-11-14T22:13:20Z");
    g_assert_cmpint(cel_clock_mono_us(clock), ==, 0);
    g_assert_cmpint(cel_clock_mono_us(cel_clock_system()), >, 0);
}

static void numbers_bear_the_longest_text_and_no_longer(void)
{
    char text[65];
    double value = NAN;
    memset(text, '1', sizeof text);
    g_assert_true(cel_number_parse(text, 63, '.', &value));
    g_assert_cmpfloat_with_epsilon(value / 1.1111111111111111e62, 1.0, 1e-15);
    g_assert_false(cel_number_parse(text, 64, '.', &value));
}

static void numbers_stop_at_the_length_given(void)
{
    double value = NAN;
    g_assert_true(cel_number_parse("12345", 3, '.', &value));
    g_assert_cmpfloat(value, ==, 123.0);
    g_assert_false(cel_number_parse("12\0003", 4, '.', &value)); /* a NUL is no part of a number */
    g_assert_true(cel_number_parse("\t-1e-3\r\n", 8, '.', &value));
    g_assert_cmpfloat(value, ==, -1e-3);
}

static void a_decimal_comma_leaves_no_place_for_a_point(void)
{
    static const char *const bad[] = {"1.000,5", "1.5", "1,2,3", ",", "1 000,5"};
    double value = NAN;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(cel_number_parse(bad[i], strlen(bad[i]), ',', &value));
    g_assert_true(cel_number_parse("-0,25e2", 7, ',', &value));
    g_assert_cmpfloat(value, ==, -25.0);
    g_assert_false(cel_number_parse("1,5", 3, '.', &value));
}

static void random_bit_patterns_survive_as_text(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(8);
    for (gsize i = 0; i < 20000; i++) {
        const guint64 bits = (guint64)g_rand_int(random) << 32 | g_rand_int(random);
        double value = 0.0, back = NAN;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        g_autofree char *text = cel_number_format(value);
        g_assert_true(cel_number_parse(text, strlen(text), '.', &back));
        g_assert_true(memcmp(&back, &value, sizeof back) == 0);
    }
}

static void the_shortest_text_is_taken(void)
{
    /* one digit less reads back as another number */
    g_autoptr(GRand) random = g_rand_new_with_seed(9);
    for (gsize i = 0; i < 2000; i++) {
        const double value = g_rand_double_range(random, 1.0, 9.0);
        g_autofree char *text = cel_number_format(value);
        const gsize digits = strlen(text) - 1;
        g_assert_cmpuint(digits, <=, 17);
        g_autofree char *shorter = g_strdup_printf("%.*f", (int)digits - 2, value);
        double back = NAN;
        g_assert_true(cel_number_parse(shorter, strlen(shorter), '.', &back));
        g_assert_true(digits <= 15 || back != value);
    }
}

static void both_ends_of_a_range_belong_to_it(void)
{
    static const char *const good[] = {"lambda=1", "lambda=1e9", "window=1", "window=99"};
    static const char *const bad[] = {"lambda=0.999999999", "lambda=1000000001", "window=100",
                                      "window=-1",          "window=inf",        "lambda=-inf"};
    g_autoptr(CelParams) params = cel_params_new(defs, G_N_ELEMENTS(defs));
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(cel_params_parse(params, good[i], NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(cel_params_parse(params, bad[i], NULL));
    g_assert_cmpfloat(cel_params_get(params, 0), ==, 1e9);
    g_assert_cmpuint(cel_params_get_size(params, 1), ==, 99);
}

static void refused_parameters_are_told_what_is_known(void)
{
    static const struct {
        const char *text, *words[4];
    } rows[] = {{"lamda=2", {"\"lamda\"", "lambda, window, edge, on", NULL}},
                {"edge=middle", {"edge=middle", "low, high", NULL}},
                {"lambda=0", {"lambda=0", "from 1 to 1000000000", NULL}},
                {"window=200", {"window=200", "1 to 99", "samples", NULL}},
                {"on=1", {"on=1", "no", "yes", NULL}},
                {"window", {"\"window\"", "key=value", NULL}}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(CelParams) params = cel_params_new(defs, G_N_ELEMENTS(defs));
        g_autoptr(GError) error = NULL;
        g_assert_false(cel_params_parse(params, rows[i].text, &error));
        for (gsize k = 0; rows[i].words[k] != NULL; k++)
            g_assert_nonnull(strstr(error->message, rows[i].words[k]));
    }
}

static void a_copy_of_parameters_is_independent(void)
{
    g_autoptr(CelParams) params = cel_params_new(defs, G_N_ELEMENTS(defs));
    g_assert_true(cel_params_parse(params, " window=9 , ,on=no,", NULL));
    g_autoptr(CelParams) copy = cel_params_copy(params);
    g_assert_true(cel_params_set_text(params, "window", "11", NULL));
    g_assert_cmpuint(cel_params_get_size(copy, 1), ==, 9);
    g_assert_false(cel_params_get_bool(copy, 3));
    g_assert_cmpuint(cel_params_get_size(params, 1), ==, 11);
}

static void minus_zero_is_written_as_zero(void)
{
    static const CelParamDef zero = {
        .key = "x", .unit = "1", .type = CEL_PARAM_REAL, .min = -1, .max = 1, .initial = 1};
    g_autoptr(CelParams) params = cel_params_new(&zero, 1);
    g_assert_true(cel_params_set_text(params, "x", "-0", NULL));
    g_autofree char *text = cel_params_to_text(params);
    g_assert_cmpstr(text, ==, "x=0");
}

/* @n brackets around a number. */
static char *nested(gsize n)
{
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < n; i++)
        g_string_append_c(text, '[');
    g_string_append_c(text, '1');
    for (gsize i = 0; i < n; i++)
        g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

static void canonical_json_nests_as_deep_as_promised(void)
{
    g_autofree char *deepest = nested(32), *deeper = nested(33);
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = cel_canon_read(deepest, strlen(deepest), &error);
    g_assert_no_error(error);
    g_assert_nonnull(node);
    g_assert_null(cel_canon_read(deeper, strlen(deeper), &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "nested too deeply"));
}

/* A parser that calls itself for every bracket would leave the stack. */
static void a_million_brackets_are_refused_whatever_hides_them(void)
{
    static const char *const before[] = {"", "/*\"*/", "#\"\n", "'\"'", "{\"a\\\\\":", "[\"\\\""};
    enum { N = 1000000 };
    for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
        g_autofree char *brackets = g_strnfill(N, '[');
        g_autofree char *text = g_strconcat(before[i], i == 5 ? "\"," : "", brackets, NULL);
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_canon_read(text, strlen(text), &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

static void brackets_in_a_text_are_no_nesting(void)
{
    g_autofree char *brackets = g_strnfill(100, '[');
    g_autofree char *text = g_strdup_printf("{\"a\":\"\\\\\\\"%s#/*\"}", brackets);
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = cel_canon_read(text, strlen(text), &error);
    g_assert_no_error(error);
    g_assert_nonnull(node);
}

static void canonical_integers_end_at_two_to_the_53(void)
{
    static const char *const good[] = {"[9007199254740992]", "[-9007199254740992]", "[0]"};
    static const char *const bad[] = {"[9007199254740993]",
                                      "[-9007199254740993]",
                                      "[-0]",
                                      "[01]",
                                      "[1e3]",
                                      "[9223372036854775808]",
                                      "[0x10]",
                                      "[+1]"};
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(JsonNode) node = cel_canon_read(good[i], strlen(good[i]), NULL);
        g_assert_nonnull(node);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_null(cel_canon_read(bad[i], strlen(bad[i]), NULL));
}

static void canonical_json_sorts_and_normalises_what_it_is_given(void)
{
    g_autoptr(JsonObject) object = json_object_new();
    json_object_set_string_member(object, "b", "e\u0301"); /* e and a combining accent */
    json_object_set_int_member(object, "a", -5);
    json_object_set_null_member(object, "B");
    json_object_set_boolean_member(object, "aa", FALSE);
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    g_autofree char *text = cel_canon_write(node, NULL);
    g_assert_cmpstr(text, ==, "{\"B\":null,\"a\":-5,\"aa\":false,\"b\":\"\u00e9\"}");
}

static void canonical_json_says_what_it_cannot_write(void)
{
    g_autoptr(JsonObject) object = json_object_new();
    json_object_set_double_member(object, "a", 1.5);
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_canon_write(node, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "floating-point"));
}

static void json_numbers_have_the_digits_asked_for(void)
{
    static const struct {
        double value;
        int digits;
        const char *text;
    } rows[] = {{2.0 / 3.0, 1, "0.7"},
                {1234.5, 2, "1.2e+03"},
                {100.0, 3, "100"},
                {-0.0, 0, "-0"},
                {1e-7, 6, "1e-07"},
                {INFINITY, 0, "null"},
                {1.0 / 3.0, 17, "0.33333333333333331"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(CelJsonWriter) writer = cel_json_writer_new();
        cel_json_number(writer, NULL, rows[i].value, rows[i].digits);
        g_autofree char *text = cel_json_finish(writer);
        g_assert_cmpstr(text, ==, rows[i].text);
    }
}

static void json_quotes_every_control_character(void)
{
    for (char c = 1; c < 0x20; c++) {
        const char text[] = {'a', c, 'b', '\0'};
        g_autoptr(GString) out = g_string_new(NULL);
        cel_json_append_quoted(out, text);
        g_autoptr(JsonParser) parser = json_parser_new();
        g_assert_true(json_parser_load_from_data(parser, out->str, -1, NULL));
        g_assert_cmpstr(json_node_get_string(json_parser_get_root(parser)), ==, text);
        g_assert_null(strchr(out->str, c));
    }
}

static void json_of_a_broken_text_is_still_utf_8(void)
{
    g_autoptr(CelJsonWriter) writer = cel_json_writer_new();
    cel_json_text(writer, NULL, "a\xff\xc3z");
    g_autofree char *text = cel_json_finish(writer);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_true(g_str_has_prefix(text, "\"a") && g_str_has_suffix(text, "z\""));
}

static void json_brackets_close_in_their_order(void)
{
    g_autoptr(CelJsonWriter) writer = cel_json_writer_new();
    cel_json_open(writer, NULL, '[');
    cel_json_open(writer, NULL, '{');
    cel_json_raw(writer, "r", "[1,2]");
    cel_json_open(writer, "k", '[');
    cel_json_close(writer);
    cel_json_close(writer);
    cel_json_int(writer, NULL, G_MININT64);
    cel_json_close(writer);
    g_autofree char *text = cel_json_finish(writer);
    g_assert_cmpstr(text, ==, "[{\"r\":[1,2],\"k\":[]},-9223372036854775808]");
}

/* The examples of FIPS 180-4 and of GB/T 32905-2016. */
static void digests_are_those_of_the_standards(void)
{
    static const struct {
        const char *algorithm, *text, *digest;
    } rows[] = {
        {"sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"sm3", "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
        {"sm3", "", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *digest =
            cel_digest_hex(rows[i].algorithm, rows[i].text, strlen(rows[i].text));
        g_assert_cmpstr(digest, ==, rows[i].digest);
    }
    g_autofree char *nothing = cel_digest_hex("sha256", NULL, 0);
    g_assert_cmpstr(nothing, ==, rows[1].digest);
    g_assert_null(cel_digest_hex("no-such-digest", "abc", 3));
}

static void every_code_has_the_exit_status_of_the_contract(void)
{
    static const struct {
        int code, status;
    } rows[] = {{CEL_ERROR_USAGE, 2},   {CEL_ERROR_INPUT, 3},      {CEL_ERROR_UNIT, 3},
                {CEL_ERROR_NUMERIC, 3}, {CEL_ERROR_SYSTEM, 4},     {CEL_ERROR_DEVICE, 4},
                {CEL_ERROR_POLICY, 5},  {CEL_ERROR_CANCELLED, 130}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = g_error_new_literal(CEL_ERROR, rows[i].code, "x");
        g_assert_cmpint(cel_error_exit_status(error), ==, rows[i].status);
    }
    g_autoptr(GError) foreign = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");
    g_assert_cmpint(cel_error_exit_status(foreign), ==, 4);
    g_assert_cmpint(cel_error_exit_status(NULL), ==, 0);
}

static void times_are_written_in_utc(void)
{
    static const struct {
        gint64 seconds;
        const char *text;
    } rows[] = {{0, "1970-01-01T00:00:00Z"},
                {951782400, "2000-02-29T00:00:00Z"},
                {4102444799, "2099-12-31T23:59:59Z"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = cel_clock_iso8601(rows[i].seconds * G_USEC_PER_SEC + 999999);
        g_assert_cmpstr(text, ==, rows[i].text);
    }
}

static void the_system_clock_goes_on(void)
{
    const CelClock clock = cel_clock_system();
    const gint64 wall = cel_clock_wall_us(clock), mono = cel_clock_mono_us(clock);
    g_usleep(2000);
    g_assert_cmpint(cel_clock_wall_us(clock) - wall, >=, 1000);
    g_assert_cmpint(cel_clock_mono_us(clock) - mono, >=, 2000);
    g_assert_cmpint(cel_clock_mono_us(clock) - mono, <, 60 * G_USEC_PER_SEC);
}

/* A test runs on a machine that is awake. */
static void what_was_slept_stands_still_while_the_machine_is_awake(void)
{
    const CelClock clock = cel_clock_system();
    const gint64 before_us = cel_clock_slept_us(clock);
    g_usleep(2000);
    g_assert_cmpint(ABS(cel_clock_slept_us(clock) - before_us), <, 50000);
    g_assert_false(cel_clock_has_slept(clock, before_us));
    g_assert_cmpint(cel_clock_slept_us(cel_clock_fixed(1)), ==, 0);
}

static void a_sleep_is_longer_than_two_readings_can_differ_awake(void)
{
    static const struct {
        gint slept_ms;
        gboolean is_sleep;
    } rows[] = {{1000, FALSE}, {1099, FALSE}, {1100, TRUE}, {1000 + 8 * 3600 * 1000, TRUE}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const CelClock clock = {.made_up_sleep_ms = &rows[i].slept_ms};
        g_assert_cmpint(cel_clock_has_slept(clock, G_USEC_PER_SEC), ==, rows[i].is_sleep);
    }
}

typedef struct {
    guint calls;
    guint64 done, total;
    const char *stage;
} Heard;

static void hear(const char *stage, guint64 done, guint64 total, gpointer user_data)
{
    Heard *heard = user_data;
    *heard = (Heard){heard->calls + 1, done, total, stage};
}

static void progress_is_told_rarely_but_at_every_stage_and_end(void)
{
    Heard heard = {0};
    g_autoptr(CelJob) job = cel_job_new(NULL, hear, &heard);
    for (guint64 i = 0; i < 1000; i++)
        g_assert_true(cel_job_step(job, "Reading", i, 100000, NULL));
    g_assert_cmpuint(heard.calls, <, 20);
    const guint before = heard.calls;
    g_assert_true(cel_job_step(job, "Searching", 0, 5, NULL));
    g_assert_cmpuint(heard.calls, ==, before + 1);
    g_assert_cmpstr(heard.stage, ==, "Searching");
    g_assert_true(cel_job_step(job, "Searching", 5, 5, NULL));
    g_assert_cmpuint(heard.calls, ==, before + 2);
    g_assert_cmpuint(heard.done, ==, 5);
    g_assert_cmpuint(heard.total, ==, 5);
}

static void work_without_a_job_is_never_stopped(void)
{
    g_assert_true(cel_job_step(NULL, "Reading", 0, 0, NULL));
    g_assert_null(cel_job_cancellable(NULL));
    g_autoptr(CelJob) job = cel_job_new(NULL, NULL, NULL);
    g_assert_true(cel_job_step(job, "Reading", 0, 0, NULL));
    g_assert_null(cel_job_cancellable(job));
}

static void a_cancelled_job_says_where_it_stopped(void)
{
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    Heard heard = {0};
    g_autoptr(CelJob) job = cel_job_new(cancel, hear, &heard);
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_job_cancellable(job) == cancel);
    g_cancellable_cancel(cancel);
    g_assert_false(cel_job_step(job, "Comparing", 0, 2, &error));
    g_assert_nonnull(strstr(error->message, "Comparing"));
    g_assert_cmpuint(heard.calls, ==, 0);
}

/* A folder of its own for one test. */
static char *scratch(void)
{
    char *folder = g_dir_make_tmp("celadon-XXXXXX", NULL);
    g_assert_nonnull(folder);
    return folder;
}

static void a_file_as_large_as_the_limit_is_read(void)
{
    g_autofree char *folder = scratch();
    g_autofree char *path = g_build_filename(folder, "a", NULL);
    g_assert_true(g_file_set_contents(path, "12345", 5, NULL));
    g_autoptr(GBytes) whole = cel_file_read(path, 5, NULL);
    g_assert_cmpuint(g_bytes_get_size(whole), ==, 5);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_file_read(path, 4, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "5 bytes"));
    g_assert_nonnull(strstr(error->message, path));
    g_clear_error(&error);
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    g_assert_null(cel_file_read(path, 4, &error));
    g_assert_nonnull(strstr(error->message, "empty"));
    g_unlink(path);
    g_rmdir(folder);
}

static void a_pipe_does_not_hold_the_reader(void)
{
    g_autofree char *folder = scratch();
    g_autofree char *path = g_build_filename(folder, "pipe", NULL);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_file_read(path, 100, &error)); /* would wait for ever for a writer */
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    g_clear_error(&error);
    g_assert_false(cel_file_write(path, bytes, 0644, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_unlink(path);
    g_rmdir(folder);
}

static void a_file_has_the_mode_asked_for(void)
{
    g_autofree char *folder = scratch();
    static const guint modes[] = {0644, 0600, 0440};
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_autofree char *path = g_build_filename(folder, "f", NULL);
        g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
        GStatBuf info;
        g_assert_true(cel_file_create(path, bytes, modes[i], NULL));
        g_assert_cmpint(g_stat(path, &info), ==, 0);
        g_assert_cmpuint(info.st_mode & 0777, ==, modes[i]);
        g_unlink(path);
    }
    g_rmdir(folder);
}

static void a_folder_that_is_not_there_is_named(void)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_file_write("/nowhere-at-all/a.h5", bytes, 0644, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_assert_nonnull(strstr(error->message, "/nowhere-at-all/a.h5"));
}

static void one_file_is_the_same_by_any_of_its_names(void)
{
    g_autofree char *folder = scratch();
    g_autofree char *a = g_build_filename(folder, "a", NULL);
    g_autofree char *b = g_build_filename(folder, "b", NULL);
    g_autofree char *c = g_build_filename(folder, "c", NULL);
    g_autofree char *winding = g_build_filename(folder, ".", "a", NULL);
    g_assert_true(g_file_set_contents(a, "x", 1, NULL) && g_file_set_contents(c, "x", 1, NULL));
    g_assert_cmpint(symlink(a, b), ==, 0);
    g_assert_true(cel_file_same(a, b) && cel_file_same(winding, a));
    g_assert_false(cel_file_same(a, c)); /* equal content is another matter */
    g_unlink(a);
    g_assert_false(cel_file_same(a, b));
    g_unlink(b);
    g_unlink(c);
    g_rmdir(folder);
}

static void a_text_is_plain_when_every_character_is_seen(void)
{
    static const char *const plain[] = {"1-21", "检材 1-1", "a", "é"};
    static const char *const other[] = {
        "",         " \t",   "a\nb",   "1\u202e2", "a\u200bb",
        "a\u2028b", "a\xff", "\u3000", "a\x7f",    "soft\u00adhyphen"};
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++)
        g_assert_true(cel_text_is_plain(plain[i], 8));
    for (gsize i = 0; i < G_N_ELEMENTS(other); i++)
        g_assert_false(cel_text_is_plain(other[i], 99));
    g_assert_false(cel_text_is_plain(NULL, 8));
    g_assert_true(cel_text_is_plain("检材检材", 4));
    g_assert_false(cel_text_is_plain("检材检材1", 4));
}

static void what_is_shown_holds_no_character_that_is_not_seen(void)
{
    g_autofree char *shown = cel_text_printable("a\tb\n\x1b[31m\u202ec\u200bd\u2028é检\xff");
    g_assert_cmpstr(shown, ==, "a\tb??[31m?c?d?é检\ufffd");
}

static void a_cell_is_as_wide_as_it_looks(void)
{
    static const struct {
        const char *text, *left, *right;
    } rows[] = {{"ab", "ab    ", "    ab"},
                {"检材", "检材  ", "  检材"},
                {"检材检材", "检材检材", "检材检材"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *left = cel_text_cell(rows[i].text, -6),
                        *right = cel_text_cell(rows[i].text, 6);
        g_assert_cmpstr(left, ==, rows[i].left);
        g_assert_cmpstr(right, ==, rows[i].right);
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/number/reads-back-equal", numbers_read_back_equal);
    g_test_add_func("/base/number/everyday", numbers_of_everyday_size_have_no_exponent);
    g_test_add_func("/base/number/needs-the-whole-text", numbers_need_the_whole_text);
    g_test_add_func("/base/param/round-trip", params_round_trip_as_text);
    g_test_add_func("/base/param/refuses-out-of-range", params_refuse_what_is_out_of_range);
    g_test_add_func("/base/canon/one-form", canonical_json_has_one_form);
    g_test_add_func("/base/canon/refuses-other-forms", canonical_json_refuses_other_forms);
    g_test_add_func("/base/json/bounded", json_that_would_use_up_the_stack_is_refused);
    g_test_add_func("/base/json/comments", json_with_comments_or_other_quotation_marks_is_refused);
    g_test_add_func("/base/json/escapes", json_escapes_that_are_no_text_are_refused);
    g_test_add_func("/base/json/written-as-asked", json_is_written_as_asked);
    g_test_add_func("/base/file/written-whole", files_are_written_whole);
    g_test_add_func("/base/file/read-within-bounds", files_are_read_within_bounds);
    g_test_add_func("/base/job/cancelled-job-stops", a_cancelled_job_stops);
    g_test_add_func("/base/clock/fixed", a_fixed_clock_stands_still);
#define ADD(name) g_test_add_func("/base/" #name, name)
    ADD(numbers_bear_the_longest_text_and_no_longer);
    ADD(numbers_stop_at_the_length_given);
    ADD(a_decimal_comma_leaves_no_place_for_a_point);
    ADD(random_bit_patterns_survive_as_text);
    ADD(the_shortest_text_is_taken);
    ADD(both_ends_of_a_range_belong_to_it);
    ADD(refused_parameters_are_told_what_is_known);
    ADD(a_copy_of_parameters_is_independent);
    ADD(minus_zero_is_written_as_zero);
    ADD(canonical_json_nests_as_deep_as_promised);
    ADD(a_million_brackets_are_refused_whatever_hides_them);
    ADD(brackets_in_a_text_are_no_nesting);
    ADD(canonical_integers_end_at_two_to_the_53);
    ADD(canonical_json_sorts_and_normalises_what_it_is_given);
    ADD(canonical_json_says_what_it_cannot_write);
    ADD(json_numbers_have_the_digits_asked_for);
    ADD(json_quotes_every_control_character);
    ADD(json_of_a_broken_text_is_still_utf_8);
    ADD(json_brackets_close_in_their_order);
    ADD(digests_are_those_of_the_standards);
    ADD(every_code_has_the_exit_status_of_the_contract);
    ADD(times_are_written_in_utc);
    ADD(the_system_clock_goes_on);
    ADD(what_was_slept_stands_still_while_the_machine_is_awake);
    ADD(a_sleep_is_longer_than_two_readings_can_differ_awake);
    ADD(progress_is_told_rarely_but_at_every_stage_and_end);
    ADD(work_without_a_job_is_never_stopped);
    ADD(a_cancelled_job_says_where_it_stopped);
    ADD(a_file_as_large_as_the_limit_is_read);
    ADD(a_pipe_does_not_hold_the_reader);
    ADD(a_file_has_the_mode_asked_for);
    ADD(a_folder_that_is_not_there_is_named);
    ADD(one_file_is_the_same_by_any_of_its_names);
    ADD(a_text_is_plain_when_every_character_is_seen);
    ADD(what_is_shown_holds_no_character_that_is_not_seen);
    ADD(a_cell_is_as_wide_as_it_looks);
    return g_test_run();
}
