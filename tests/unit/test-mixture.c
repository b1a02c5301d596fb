/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several substances under one spectrum, and packaging in front of one. */
#include "base/cel-error.h"
#include "match/cel-frame.h"
#include "match/cel-mixture.h"
#include "made-substance.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

enum { N = 1400, MOST_BANDS = 5 };

typedef struct {
    const char *id;
    double cm1[MOST_BANDS]; /* 0: no more */
    CelGrade grade;
    const char *extra; /* manifest columns */
} Made;

static const Made alpha = {"alpha", {320, 540, 760, 980, 1190}, CEL_GRADE_A, ""};
static const Made beta = {"beta", {270, 455, 655, 870, 1100}, CEL_GRADE_A, ""};
static const Made leaden = {"leaden", {400, 600, 705, 1040, 1250}, CEL_GRADE_B, ""};
static const Made single = {"single", {820}, CEL_GRADE_A, ""};
static const Made bag = {
    "bag", {430, 640, 930, 1150, 1330}, CEL_GRADE_A, "{\"packaging\":\"yes\"}"};
static const Made stranger = {"stranger", {295, 505, 720, 910, 1370}, CEL_GRADE_A, ""};
static const double heights[MOST_BANDS] = {0.5, 0.8, 0.35, 1.0, 0.6};

typedef struct {
    const Made *made;
    double part;
} Share;

/* @shares ended by a NULL; @background: height of a smooth one, which only a fit takes away. */
typedef struct {
    Share shares[4];
    double shift, noise, background;
} Recipe;

static void draw(const Recipe *recipe, double *x, double *y)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int i = 0; i < N; i++) {
        x[i] = 160 + i;
        y[i] = recipe->noise * (g_rand_double(rand) + g_rand_double(rand) - 1) +
               recipe->background * exp(-pow((x[i] - 900) / 600, 2));
        for (const Share *s = recipe->shares; s->made != NULL; s++)
            for (int b = 0; b < MOST_BANDS && s->made->cm1[b] > 0; b++) {
                const double u = (x[i] - s->made->cm1[b] - recipe->shift) / 5;
                y[i] += 1000 * s->part * (s->made == &single ? 1 : heights[b]) / (1 + u * u);
            }
    }
}

static CelSpectrum *measure(const Recipe *recipe)
{
    double x[N], y[N];
    draw(recipe, x, y);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    CelSpectrum *sample = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta_number(sample, CEL_META_LASER_NM, 785);
    if (!(recipe->background > 0))
        cel_spectrum_set_meta(sample, CEL_META_BASELINE, "removed");
    return sample;
}

static void add(CelLibraryBuilder *builder, const Made *made)
{
    const Recipe pure = {.shares = {{made, 1}}};
    double x[N], y[N];
    float values[N];
    draw(&pure, x, y);
    for (int i = 0; i < N; i++)
        values[i] = (float)y[i];
    const CelReference reference = {.name = made->id,
                                    .laser_nm = 785,
                                    .grade = made->grade,
                                    .source = "made",
                                    .licence = "",
                                    .extra = made->extra,
                                    .baseline_removed = TRUE,
                                    .n = N,
                                    .x = x,
                                    .y = values};
    const CelSubstance substance = made_substance(made->id, "mineral");
    g_autoptr(GError) error = NULL;
    cel_library_builder_add_reference(builder, &substance, &reference, &error);
    g_assert_no_error(error);
}

/* One library and matcher a policy for all tests; they outlive every answer. */
typedef struct {
    CelLibrary *library;
    CelMatcher *matcher[2];
} Desk;

static Desk desk;

static void desk_open(void)
{
    const Made *const all[] = {&alpha, &beta, &leaden, &single, &bag};
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    g_autoptr(GError) error = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        add(builder, all[i]);
    desk.library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    const CelLibrary *libraries[] = {desk.library};
    CelIdentifyOptions options = {.libraries = libraries, .n_libraries = 1};
    for (int policy = 0; policy < 2; policy++) {
        options.policy = (CelPolicy)policy;
        desk.matcher[policy] = cel_matcher_new(&options, NULL, &error);
        g_assert_no_error(error);
    }
}

static void desk_close(void)
{
    for (int policy = 0; policy < 2; policy++)
        cel_matcher_free(desk.matcher[policy]);
    cel_library_free(desk.library);
}

static CelIdentification *identify(const Recipe *recipe, const Recipe *blank, CelPolicy policy)
{
    g_autoptr(CelSpectrum) sample = measure(recipe);
    g_autoptr(CelSpectrum) barrier = blank != NULL ? measure(blank) : NULL;
    const CelSpectrum *barriers[] = {barrier};
    const CelSample asked = {.raw = sample,
                             .state = {.axis_u_cm1 = 1, .axis_check = "ok"},
                             .barriers = barriers,
                             .n_barriers = blank != NULL};
    g_autoptr(GError) error = NULL;
    CelIdentification *answer = cel_matcher_identify(desk.matcher[policy], &asked, NULL, &error);
    g_assert_no_error(error);
    return answer;
}

static const CelMixturePart *part_named(const CelIdentification *answer, const char *id)
{
    for (guint i = 0; answer->mixture != NULL && i < answer->mixture->parts->len; i++) {
        const CelMixturePart *part = &g_array_index(answer->mixture->parts, CelMixturePart, i);
        if (g_strcmp0(part->substance != NULL ? part->substance->id : "blank", id) == 0)
            return part;
    }
    return NULL;
}

static gboolean says(const GPtrArray *texts, const char *word)
{
    for (guint i = 0; i < texts->len; i++)
        if (strstr(g_ptr_array_index(texts, i), word) != NULL)
            return TRUE;
    return FALSE;
}

static const Recipe two = {.shares = {{&alpha, 0.6}, {&beta, 0.4}}, .noise = 15};

static void two_substances_explain_what_one_does_not(void)
{
    g_autoptr(CelIdentification) answer = identify(&two, NULL, CEL_POLICY_EVIDENCE);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "mixture");
    g_assert_cmpstr(answer->ceiling, ==, "mixture:alpha+beta");
    g_assert_nonnull(strstr(answer->claim_en, "alpha and beta together"));
    g_assert_nonnull(strstr(answer->claim_zh, "不排除其他组分;不表示含量或比例"));
    g_assert_true(says(answer->why_en, "minor components may be missed"));
    g_assert_null(cel_claim_forbidden(answer->claim_en));
    g_assert_null(cel_claim_forbidden(answer->claim_zh));
}

/* Both draw the same area for the same height, so the shares are those of the recipe. */
static void weights_are_right_within_their_standard_errors(void)
{
    g_autoptr(CelIdentification) answer = identify(&two, NULL, CEL_POLICY_EVIDENCE);
    const CelMixturePart *a = part_named(answer, "alpha"), *b = part_named(answer, "beta");
    g_assert_cmpuint(answer->mixture->parts->len, ==, 2);
    g_assert_cmpfloat(fabs(a->spectral_weight - 0.6), <, 4 * a->spectral_weight_se);
    g_assert_cmpfloat(fabs(b->spectral_weight - 0.4), <, 4 * b->spectral_weight_se);
    g_assert_cmpfloat(a->spectral_weight_se, <, 0.02);
    g_assert_cmpfloat_with_epsilon(a->spectral_weight + b->spectral_weight, 1, 1e-9);
}

static void a_smooth_background_is_fitted_and_an_axis_shift_is_told(void)
{
    Recipe recipe = two;
    recipe.shift = 2;
    recipe.background = 2000;
    g_autoptr(CelIdentification) answer = identify(&recipe, NULL, CEL_POLICY_EVIDENCE);
    g_assert_cmpuint(answer->mixture->parts->len, ==, 2);
    g_assert_cmpfloat_with_epsilon(answer->mixture->shift_cm1, -2, 0.3);
    g_assert_cmpfloat(answer->mixture->residual, <, 2 * answer->mixture->noise + 0.01);
}

static void beyond_three_axis_uncertainties_nothing_is_claimed(void)
{
    Recipe recipe = two;
    recipe.shift = 5;
    g_autoptr(CelIdentification) answer = identify(&recipe, NULL, CEL_POLICY_DEVELOPMENT);
    g_assert_cmpuint(answer->mixture->parts->len, ==, 2);
    g_assert_cmpint(answer->outcome, !=, CEL_OUTCOME_MIXTURE);
    g_assert_cmpint(answer->outcome, !=, CEL_OUTCOME_FOUND);
}

static void one_substance_alone_is_no_mixture(void)
{
    const Recipe pure = {.shares = {{&alpha, 1}}, .noise = 15};
    g_autoptr(CelIdentification) answer = identify(&pure, NULL, CEL_POLICY_EVIDENCE);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
    g_assert_null(answer->mixture);
}

static void a_component_of_one_band_is_fitted_and_not_claimed(void)
{
    const Recipe recipe = {.shares = {{&alpha, 0.5}, {&single, 0.5}}, .noise = 10};
    g_autoptr(CelIdentification) answer = identify(&recipe, NULL, CEL_POLICY_DEVELOPMENT);
    g_assert_cmpuint(part_named(answer, "single")->unshared, ==, 1);
    g_assert_cmpint(answer->outcome, !=, CEL_OUTCOME_MIXTURE);
}

static void a_name_falls_to_a_lead_beside_a_part_that_cannot_be_named(void)
{
    const Recipe much = {.shares = {{&alpha, 0.75}, {&single, 0.3}}, .noise = 10};
    const Recipe little = {.shares = {{&alpha, 0.95}, {&single, 0.05}}, .noise = 10};
    g_autoptr(CelIdentification) lead = identify(&much, NULL, CEL_POLICY_DEVELOPMENT);
    g_autoptr(CelIdentification) found = identify(&little, NULL, CEL_POLICY_DEVELOPMENT);
    g_assert_cmpint(lead->outcome, ==, CEL_OUTCOME_INCONCLUSIVE);
    g_assert_cmpstr(lead->ceiling, ==, "lead:alpha");
    g_assert_nonnull(strstr(lead->claim_en, "alpha alone does not explain the spectrum"));
    g_assert_nonnull(strstr(lead->claim_zh, "仅alpha不足以解释所测光谱"));
    g_assert_cmpint(found->outcome, ==, CEL_OUTCOME_FOUND);
}

static void bands_left_over_are_shown_and_nothing_is_claimed(void)
{
    const Recipe recipe = {.shares = {{&alpha, 0.4}, {&beta, 0.3}, {&stranger, 0.3}}, .noise = 10};
    g_autoptr(CelIdentification) answer = identify(&recipe, NULL, CEL_POLICY_DEVELOPMENT);
    const CelMixture *mixture = answer->mixture;
    g_assert_cmpint(answer->outcome, !=, CEL_OUTCOME_MIXTURE);
    g_assert_cmpint(answer->outcome, !=, CEL_OUTCOME_FOUND);
    g_assert_cmpfloat(mixture->unexplained, >, cel_mixture_limits()->max_unexplained);
    g_assert_null(part_named(answer, "stranger"));
    g_assert_cmpfloat(mixture->residual, >, 5 * mixture->noise);
    double nearest = G_MAXDOUBLE; /* of what is not fitted */
    for (int b = 0; b < MOST_BANDS; b++) {
        nearest = MIN(nearest, fabs(mixture->unexplained_cm1 - stranger.cm1[b]));
        if (part_named(answer, "beta") == NULL)
            nearest = MIN(nearest, fabs(mixture->unexplained_cm1 - beta.cm1[b]));
    }
    g_assert_cmpfloat(nearest, <=, 4);
    g_assert_cmpuint(mixture->curve->len, >, 500);
}

static void under_evidence_every_reference_must_carry_a_name(void)
{
    const Recipe recipe = {.shares = {{&alpha, 0.5}, {&leaden, 0.5}}, .noise = 10};
    g_autoptr(CelIdentification) strict = identify(&recipe, NULL, CEL_POLICY_EVIDENCE);
    g_autoptr(CelIdentification) loose = identify(&recipe, NULL, CEL_POLICY_DEVELOPMENT);
    g_assert_cmpint(strict->outcome, !=, CEL_OUTCOME_MIXTURE);
    g_assert_true(says(strict->why_en, "do not allow that to be claimed"));
    g_assert_cmpstr(cel_outcome_name(loose->outcome), ==, "mixture");
    g_assert_nonnull(strstr(loose->claim_en, "development policy"));
}

/* ---- packaging ---- */

static const Recipe bagged = {.shares = {{&bag, 0.6}, {&alpha, 0.4}}, .noise = 8};
static const Recipe empty = {.shares = {{&bag, 1}}, .noise = 8};

static void a_recorded_blank_explains_and_the_rest_is_found(void)
{
    g_autoptr(CelIdentification) answer = identify(&bagged, &empty, CEL_POLICY_EVIDENCE);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
    g_assert_cmpstr(answer->ceiling, ==, "substance:alpha");
    g_assert_nonnull(part_named(answer, "blank"));
    g_assert_true(says(answer->why_en, "recorded blank"));
    g_assert_true(says(answer->why_zh, "包装空白"));
}

static void behind_a_blank_that_explains_all_nothing_is_found(void)
{
    const Recipe only = {.shares = {{&bag, 0.8}}, .noise = 8};
    g_autoptr(CelIdentification) answer = identify(&only, &empty, CEL_POLICY_DEVELOPMENT);
    g_assert_cmpint(answer->outcome, !=, CEL_OUTCOME_FOUND);
    g_assert_cmpint(answer->outcome, !=, CEL_OUTCOME_MIXTURE);
    g_assert_cmpuint(answer->hits->len, ==, 0);
    g_assert_true(says(answer->why_en, "too little to compare"));
}

static void a_blank_of_something_else_changes_nothing(void)
{
    const Recipe pure = {.shares = {{&alpha, 1}}, .noise = 8};
    g_autoptr(CelIdentification) answer = identify(&pure, &empty, CEL_POLICY_EVIDENCE);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
    g_assert_cmpstr(answer->ceiling, ==, "substance:alpha");
    g_assert_false(says(answer->why_en, "recorded blank"));
}

static void without_a_blank_packaging_is_named_as_such(void)
{
    g_autoptr(CelIdentification) answer = identify(&bagged, NULL, CEL_POLICY_EVIDENCE);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "mixture");
    g_assert_cmpint(part_named(answer, "bag")->kind, ==, CEL_COMPONENT_PACKAGING);
    g_assert_true(says(answer->why_en, "bag may be the packaging"));
    g_assert_true(says(answer->why_zh, "包装"));
}

/* ---- what goes out ---- */

static void json_names_parts_residual_and_what_it_resembles(void)
{
    g_autoptr(CelIdentification) answer = identify(&two, NULL, CEL_POLICY_EVIDENCE);
    g_autofree char *line = cel_identification_to_json(answer, "two.txt");
    g_autoptr(JsonParser) parser = json_parser_new();
    g_assert_true(json_parser_load_from_data(parser, line, -1, NULL));
    JsonObject *mixture = json_object_get_object_member(
        json_node_get_object(json_parser_get_root(parser)), "mixture");
    JsonArray *parts = json_object_get_array_member(mixture, "components");
    g_assert_cmpuint(json_array_get_length(parts), ==, 2);
    JsonObject *first = json_array_get_object_element(parts, 0);
    g_assert_cmpstr(json_object_get_string_member(first, "id"), ==, "alpha");
    g_assert_cmpstr(json_object_get_string_member(first, "kind"), ==, "substance");
    g_assert_cmpfloat(json_object_get_double_member(first, "spectral_weight_se"), >, 0);
    g_assert_cmpfloat(json_object_get_double_member(mixture, "residual"), <, 0.1);
    g_assert_true(json_object_has_member(mixture, "residual_hits"));
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(mixture, "residual_curve")),
                     >, 500);
    g_assert_null(strstr(line, "content of"));
}

static void replicates_of_one_mixture_agree_and_one_alone_is_not_enough(void)
{
    g_autoptr(GPtrArray) singles =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_identification_free);
    g_autoptr(GPtrArray) problems = g_ptr_array_new();
    for (int i = 0; i < 3; i++) {
        Recipe recipe = two;
        recipe.noise = 12 + i;
        g_ptr_array_add(singles, identify(&recipe, NULL, CEL_POLICY_EVIDENCE));
        g_ptr_array_add(problems, NULL);
    }
    g_autoptr(CelIdentification) three = cel_identification_combine(singles, problems);
    g_assert_cmpstr(cel_outcome_name(three->outcome), ==, "mixture");
    g_assert_cmpuint(three->mixture->parts->len, ==, 2);
    g_ptr_array_set_size(singles, 1);
    g_ptr_array_set_size(problems, 1);
    g_autoptr(CelIdentification) one = cel_identification_combine(singles, problems);
    g_assert_cmpstr(cel_outcome_name(one->outcome), ==, "inconclusive");
}

static void a_frame_takes_a_smooth_curve_away_and_leaves_bands(void)
{
    const Recipe recipe = {.shares = {{&alpha, 1}}, .background = 3000};
    g_autoptr(CelSpectrum) sample = measure(&recipe);
    g_autoptr(CelView) view = cel_view_of(sample);
    g_autoptr(CelFrame) frame = cel_frame_new(view, NULL, view->first, view->first + view->n);
    g_autofree double *smooth = g_new(double, frame->n), *band = g_new(double, frame->n);
    for (guint k = 0; k < frame->n; k++) {
        smooth[k] = 5 + exp(-pow((k - 300.0) / 300, 2));
        band[k] = exp(-pow((k - 300.0) / 4, 2));
    }
    const double before = cel_frame_dot(frame, smooth, smooth);
    const double height = cel_frame_dot(frame, band, band);
    cel_frame_project(frame, smooth);
    cel_frame_project(frame, band);
    g_assert_cmpfloat(cel_frame_dot(frame, smooth, smooth), <, 1e-5 * before);
    g_assert_cmpfloat(cel_frame_dot(frame, band, band), >, 0.85 * height);
}

#define TEST(name, function) g_test_add_func("/mixture/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_open();
    TEST("two", two_substances_explain_what_one_does_not);
    TEST("weights", weights_are_right_within_their_standard_errors);
    TEST("shift", a_smooth_background_is_fitted_and_an_axis_shift_is_told);
    TEST("far-shift", beyond_three_axis_uncertainties_nothing_is_claimed);
    TEST("alone", one_substance_alone_is_no_mixture);
    TEST("one-band", a_component_of_one_band_is_fitted_and_not_claimed);
    TEST("not-alone", a_name_falls_to_a_lead_beside_a_part_that_cannot_be_named);
    TEST("left-over", bands_left_over_are_shown_and_nothing_is_claimed);
    TEST("evidence", under_evidence_every_reference_must_carry_a_name);
    TEST("blank", a_recorded_blank_explains_and_the_rest_is_found);
    TEST("blank-only", behind_a_blank_that_explains_all_nothing_is_found);
    TEST("other-blank", a_blank_of_something_else_changes_nothing);
    TEST("packaging", without_a_blank_packaging_is_named_as_such);
    TEST("json", json_names_parts_residual_and_what_it_resembles);
    TEST("replicates", replicates_of_one_mixture_agree_and_one_alone_is_not_enough);
    TEST("frame", a_frame_takes_a_smooth_curve_away_and_leaves_bands);
    const int status = g_test_run();
    desk_close();
    return status;
}
