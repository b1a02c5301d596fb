/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-validate.h"
#include "made-substance.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* Counting, with records made by a tiny library: what is right, what is wrong, what is shown. */

enum { N = 1000 };

static const double bands_one[] = {320, 540, 760, 980}, bands_two[] = {270, 455, 655, 870};

static void make_curve(const double *bands, double *x, double *y, guint32 seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (int i = 0; i < N; i++) {
        x[i] = 160 + i;
        y[i] = seed > 0 ? 4 * g_rand_double(rand) : 0;
        for (int b = 0; b < 4; b++) {
            const double u = (x[i] - bands[b]) / 5;
            y[i] += (400 + 200 * b) / (1 + u * u);
        }
    }
}

static void add(CelLibraryBuilder *builder, const char *id, const double *bands)
{
    double x[N], y[N];
    float single[N];
    make_curve(bands, x, y, 0);
    for (int i = 0; i < N; i++)
        single[i] = (float)y[i];
    const CelSubstance substance = made_substance(id, "salt");
    const CelReference reference = {.name = id,
                                    .laser_nm = 785,
                                    .grade = CEL_GRADE_A,
                                    .source = "made",
                                    .licence = "",
                                    .extra = "",
                                    .baseline_removed = TRUE,
                                    .n = N,
                                    .x = x,
                                    .y = single};
    g_autoptr(GError) error = NULL;
    cel_library_builder_add_reference(builder, &substance, &reference, &error);
    g_assert_no_error(error);
}

static CelSpectrum *load(const CelValidateCase *one, gpointer user_data, GError **error)
{
    double x[N], y[N];
    (void)user_data;
    if (g_str_has_prefix(one->file, "bad")) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "tab\tand\nline");
        return NULL;
    }
    make_curve(strcmp(one->file, "two") == 0 ? bands_two : bands_one, x, y, 5);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    CelSpectrum *sample = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta(sample, CEL_META_BASELINE, "removed");
    cel_spectrum_set_meta_number(sample, CEL_META_LASER_NM, 785);
    return sample;
}

static CelValidation *validate_with(const CelValidateCase *cases, gsize n, CelJob *job,
                                    GError **error)
{
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    add(builder, "one", bands_one);
    add(builder, "two", bands_two);
    g_autoptr(CelLibrary) library = cel_library_builder_finish(builder, NULL);
    const CelLibrary *libraries[] = {library};
    const CelIdentifyOptions options = {
        .libraries = libraries, .n_libraries = 1, .policy = CEL_POLICY_DEVELOPMENT};
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, NULL);
    return cel_validate(matcher, cases, n, load, NULL, job, error);
}

static CelValidation *validate(const CelValidateCase *cases, gsize n)
{
    g_autoptr(GError) error = NULL;
    CelValidation *out = validate_with(cases, n, NULL, &error);
    g_assert_no_error(error);
    return out;
}

static const CelValidateGroup *group_at(const CelValidation *validation, guint i)
{
    return g_ptr_array_index(validation->groups, i);
}

static const CelValidateRecord *record_at(const CelValidation *validation, guint i)
{
    return g_ptr_array_index(validation->records, i);
}

static void a_found_truth_is_right(void)
{
    const CelValidateCase one = {
        .file = "one", .truth_id = "one", .family = NULL, .group = "g", .laser_nm = 785};
    g_autoptr(CelValidation) v = validate(&one, 1);
    const CelValidateRecord *r = record_at(v, 0);
    g_assert_cmpint((int)r->outcome, ==, CEL_OUTCOME_FOUND);
    g_assert_true(r->right);
    g_assert_true(r->family);
    g_assert_false(r->lead);
    g_assert_cmpuint(r->rank, ==, 1);
    g_assert_cmpstr(r->ceiling, ==, "substance:one");
}

static void a_family_member_that_is_found_is_wrong_all_the_same(void)
{
    const CelValidateCase one = {
        .file = "one", .truth_id = "two", .family = "x one y", .group = "g", .laser_nm = 785};
    g_autoptr(CelValidation) v = validate(&one, 1);
    const CelValidateRecord *r = record_at(v, 0);
    g_assert_true(r->family);
    g_assert_false(r->right);
    g_assert_cmpuint(r->rank, ==, 2);
    g_assert_cmpuint(group_at(v, 0)->wrong[CEL_OUTCOME_FOUND], ==, 1);
    g_assert_cmpuint(group_at(v, 0)->top5, ==, 1);
    g_assert_cmpuint(group_at(v, 0)->top1, ==, 0);
}

static void a_family_is_of_whole_ids(void)
{
    const CelValidateCase one = {.file = "one",
                                 .truth_id = "two",
                                 .family = "onetwo none one_",
                                 .group = "g",
                                 .laser_nm = 785};
    g_autoptr(CelValidation) v = validate(&one, 1);
    g_assert_false(record_at(v, 0)->family);
    g_assert_cmpuint(group_at(v, 0)->family1, ==, 0);
}

static void a_name_for_what_no_library_has_is_wrong(void)
{
    const CelValidateCase one = {
        .file = "one", .truth_id = "", .family = "one", .group = "g", .laser_nm = 785};
    g_autoptr(CelValidation) v = validate(&one, 1);
    g_assert_false(record_at(v, 0)->right);
    g_assert_false(record_at(v, 0)->family); /* nothing is of the family of nothing */
    g_assert_cmpuint(group_at(v, 0)->n, ==, 1);
    g_assert_cmpuint(group_at(v, 0)->n_known, ==, 0);
}

static void the_last_group_counts_them_all(void)
{
    static const CelValidateCase cases[] = {
        {.file = "one", .truth_id = "one", .family = NULL, .group = "b", .laser_nm = 785},
        {.file = "two", .truth_id = "two", .family = NULL, .group = "a", .laser_nm = 785},
        {.file = "bad", .truth_id = "two", .family = NULL, .group = "a", .laser_nm = 785},
        {.file = "two", .truth_id = "one", .family = NULL, .group = "b", .laser_nm = 785}};
    g_autoptr(CelValidation) v = validate(cases, G_N_ELEMENTS(cases));
    g_assert_cmpuint(v->groups->len, ==, 3);
    g_assert_cmpstr(group_at(v, 0)->group, ==, "b");
    g_assert_cmpstr(group_at(v, 1)->group, ==, "a");
    g_assert_cmpstr(group_at(v, 2)->group, ==, "all");
    g_assert_cmpuint(group_at(v, 0)->n + group_at(v, 1)->n, ==, group_at(v, 2)->n);
    g_assert_cmpuint(group_at(v, 2)->top1, ==, 2);
    g_assert_cmpuint(group_at(v, 2)->unusable, ==, 1);
}

static void an_unusable_sample_is_in_no_bin(void)
{
    static const CelValidateCase cases[] = {
        {.file = "one", .truth_id = "one", .family = NULL, .group = "g", .laser_nm = 785},
        {.file = "two", .truth_id = "one", .family = NULL, .group = "g", .laser_nm = 785},
        {.file = "bad", .truth_id = "one", .family = NULL, .group = "g", .laser_nm = 785}};
    g_autoptr(CelValidation) v = validate(cases, G_N_ELEMENTS(cases));
    guint n = 0, right = 0;
    for (guint b = 0; b < CEL_VALIDATE_BINS; b++) {
        n += v->bins[b].n;
        right += v->bins[b].right;
        g_assert_cmpint(b == 0 || v->bins[b].from > v->bins[b - 1].from, ==, TRUE);
    }
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpuint(right, ==, 1);
    guint b = CEL_VALIDATE_BINS - 1; /* the first sample's own bin */
    while (b > 0 && record_at(v, 0)->evidence < v->bins[b].from)
        b--;
    g_assert_cmpuint(v->bins[b].right, ==, 1);
}

static void a_record_stays_one_line_whatever_stands_in_it(void)
{
    static const CelValidateCase cases[] = {{.file = "bad\tname\r\n",
                                             .truth_id = "t\tt",
                                             .family = NULL,
                                             .group = "g\ng",
                                             .laser_nm = 785}};
    g_autoptr(CelValidation) v = validate(cases, 1);
    g_autofree char *text = cel_validation_records(v, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 3); /* header, record, the end */
    g_auto(GStrv) names = g_strsplit(lines[0], "\t", -1), cells = g_strsplit(lines[1], "\t", -1);
    g_assert_cmpuint(g_strv_length(names), ==, g_strv_length(cells));
    g_assert_cmpstr(cells[0], ==, "bad name  ");
    g_assert_cmpstr(cells[3], ==, "unusable");
    g_assert_cmpstr(cells[17], ==, "tab and line"); /* problem */
}

/* Near normal there: 1.96 standard deviations of 0.00064 to either side of 0.9584. */
static void intervals_of_many_samples_are_numbers(void)
{
    double low = 0, high = 0;
    cel_validate_interval(94498, 98600, 0.95, &low, &high);
    g_assert_cmpfloat_with_epsilon(low, 0.9571, 1e-4);
    g_assert_cmpfloat_with_epsilon(high, 0.9596, 1e-4);
    cel_validate_interval(103555, 103600, 0.95, &low, &high);
    g_assert_cmpfloat(low, <, 103555.0 / 103600);
    g_assert_cmpfloat(high, >, 103555.0 / 103600);
}

static void a_cancelled_validation_gives_nothing(void)
{
    const CelValidateCase one = {
        .file = "one", .truth_id = "one", .family = NULL, .group = "g", .laser_nm = 785};
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_cancellable_cancel(cancel);
    g_assert_null(validate_with(&one, 1, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

static void the_report_shows_counts_and_intervals(void)
{
    static const CelValidateCase cases[] = {
        {.file = "one", .truth_id = "one", .family = NULL, .group = "g", .laser_nm = 785},
        {.file = "one", .truth_id = "two", .family = NULL, .group = "g", .laser_nm = 785},
        {.file = "one", .truth_id = "", .family = NULL, .group = "g", .laser_nm = 785}};
    g_autoptr(CelValidation) v = validate(cases, G_N_ELEMENTS(cases));
    g_autofree char *text = cel_validation_report(v);
    g_assert_nonnull(strstr(text, "g: n 3 (1 not in a library, 0 unusable)\n"));
    g_assert_nonnull(strstr(text, "top 1 1/2 (50.0 %, 1.3..98.7)"));
    g_assert_nonnull(strstr(text, "found wrong 2/3 (66.7 %"));
    g_assert_nonnull(strstr(text, "nothing named 0/3"));
}

static void json_has_every_outcome_with_its_interval(void)
{
    const CelValidateCase one = {
        .file = "one", .truth_id = "one", .family = NULL, .group = "g", .laser_nm = 785};
    g_autoptr(CelValidation) v = validate(&one, 1);
    g_autofree char *text = cel_validation_to_json(v);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_assert_true(json_parser_load_from_data(parser, text, -1, NULL));
    JsonObject *root = json_node_get_object(json_parser_get_root(parser));
    JsonObject *group =
        json_array_get_object_element(json_object_get_array_member(root, "groups"), 0);
    JsonObject *outcomes = json_object_get_object_member(group, "outcomes");
    g_assert_cmpuint(json_object_get_size(outcomes), ==, CEL_N_OUTCOMES);
    JsonObject *found =
        json_object_get_object_member(json_object_get_object_member(outcomes, "found"), "right");
    g_assert_cmpint(json_object_get_int_member(found, "k"), ==, 1);
    g_assert_cmpfloat_with_epsilon(json_object_get_double_member(found, "low"), 0.025, 1e-9);
    g_assert_cmpfloat_with_epsilon(json_object_get_double_member(found, "high"), 1, 1e-9);
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(root, "reliability")), ==,
                     CEL_VALIDATE_BINS);
}

static void nothing_tried_says_nothing(void)
{
    double low = -1, high = -1;
    cel_validate_interval(0, 0, 0.95, &low, &high);
    g_assert_cmpfloat(low, ==, 0);
    g_assert_cmpfloat(high, ==, 1);
}

static void a_higher_level_makes_a_wider_interval(void)
{
    double low = 0, high = 0, wide_low = 0, wide_high = 0;
    cel_validate_interval(3, 20, 0.90, &low, &high);
    cel_validate_interval(3, 20, 0.99, &wide_low, &wide_high);
    g_assert_cmpfloat(wide_low, <, low);
    g_assert_cmpfloat(wide_high, >, high);
    /* of 20 - 3 the mirror image */
    double mirror_low = 0, mirror_high = 0;
    cel_validate_interval(17, 20, 0.90, &mirror_low, &mirror_high);
    g_assert_cmpfloat_with_epsilon(mirror_low, 1 - high, 1e-12);
    g_assert_cmpfloat_with_epsilon(mirror_high, 1 - low, 1e-12);
}

#define ADD(test) g_test_add_func("/validate/" #test, test)

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    ADD(a_found_truth_is_right);
    ADD(a_family_member_that_is_found_is_wrong_all_the_same);
    ADD(a_family_is_of_whole_ids);
    ADD(a_name_for_what_no_library_has_is_wrong);
    ADD(the_last_group_counts_them_all);
    ADD(an_unusable_sample_is_in_no_bin);
    ADD(a_record_stays_one_line_whatever_stands_in_it);
    ADD(intervals_of_many_samples_are_numbers);
    ADD(a_cancelled_validation_gives_nothing);
    ADD(the_report_shows_counts_and_intervals);
    ADD(json_has_every_outcome_with_its_interval);
    ADD(nothing_tried_says_nothing);
    ADD(a_higher_level_makes_a_wider_interval);
    return g_test_run();
}
