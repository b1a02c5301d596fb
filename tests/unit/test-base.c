/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-clock.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-job.h"
#include "base/cel-json.h"
#include "base/cel-number.h"
#include "base/cel-param.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

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
    return g_test_run();
}
