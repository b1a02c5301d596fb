/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-claims.h"
#include "match/cel-identify.h"
#include "match/cel-search.h"
#include "match/cel-validate.h"
#include "process/cel-transfer.h"
#include "made-substance.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

enum { N = 1200 };

typedef struct {
    const char *id;
    double cm1[5];
    CelGrade grade;
} Made;

/* Five bands each, far apart between substances. */
static const Made alpha = {"alpha", {320, 540, 760, 980, 1190}, CEL_GRADE_A};
static const Made beta = {"beta", {270, 455, 655, 870, 1100}, CEL_GRADE_B};
static const Made gamma_c = {"gamma", {400, 600, 700, 1040, 1250}, CEL_GRADE_C};
static const Made stranger = {"stranger", {295, 505, 720, 930, 1145}, CEL_GRADE_A};
static const double heights[5] = {0.5, 0.8, 0.35, 1.0, 0.6};

static void make_curve(const Made *made, double shift, double noise, guint32 seed, double *x,
                       double *y)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (int i = 0; i < N; i++) {
        x[i] = 160 + i;
        y[i] = noise * (g_rand_double(rand) + g_rand_double(rand) - 1);
        for (int b = 0; b < 5; b++) {
            const double u = (x[i] - made->cm1[b] - shift) / 5;
            y[i] += 1000 * heights[b] / (1 + u * u);
        }
    }
}

static CelSpectrum *make_sample(const Made *made, double shift, double noise, guint32 seed)
{
    double x[N], y[N];
    make_curve(made, shift, noise, seed, x, y);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    CelSpectrum *sample = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta(sample, CEL_META_BASELINE, "removed");
    cel_spectrum_set_meta_number(sample, CEL_META_LASER_NM, 785);
    return sample;
}

static CelSubstance texts_of(const Made *made)
{
    return made_substance(made->id, "mineral");
}

static void add(CelLibraryBuilder *builder, const Made *made)
{
    double x[N], y[N];
    float single[N];
    make_curve(made, 0, 0, 1, x, y);
    for (int i = 0; i < N; i++)
        single[i] = (float)y[i];
    const CelReference reference = {
        .name = made->id,
        .laser_nm = 785,
        .grade = made->grade,
        .source = "made",
        .licence = "",
        .extra = "",
        .baseline_removed = TRUE,
        .n = N,
        .x = x,
        .y = single,
    };
    const CelSubstance substance = texts_of(made);
    g_autoptr(GError) error = NULL;
    cel_library_builder_add_reference(builder, &substance, &reference, &error);
    g_assert_no_error(error);
}

static CelLibrary *make_library(void)
{
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    g_autoptr(GError) error = NULL;
    add(builder, &alpha);
    add(builder, &beta);
    add(builder, &gamma_c);
    CelLibrary *library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    return library;
}

typedef struct {
    CelPolicy policy;
    const char *axis_check;
    double u;
} Setting;

static CelIdentification *identify(const CelSpectrum *sample, Setting setting)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibrary) library = make_library();
    const CelLibrary *libraries[] = {library};
    const CelIdentifyOptions options = {
        .libraries = libraries,
        .n_libraries = 1,
        .policy = setting.policy,
    };
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, &error);
    g_assert_no_error(error);
    const CelSample asked = {.raw = sample, .state = {setting.u, setting.axis_check}};
    CelIdentification *answer = cel_matcher_identify(matcher, &asked, NULL, &error);
    g_assert_no_error(error);
    /* what the tests look at afterwards are copies or numbers; substances go with the library */
    g_ptr_array_set_size(answer->hits, 0);
    return answer;
}

static CelIdentification *identify_made(const Made *made, Setting setting)
{
    g_autoptr(CelSpectrum) sample = make_sample(made, 0, 5, 7);
    return identify(sample, setting);
}

static const Setting evidence = {CEL_POLICY_EVIDENCE, "ok", 1};
static const Setting development = {CEL_POLICY_DEVELOPMENT, NULL, 1};

static void grade_a_is_found_under_evidence(void)
{
    g_autoptr(CelIdentification) answer = identify_made(&alpha, evidence);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
    g_assert_cmpstr(answer->ceiling, ==, "substance:alpha");
    g_assert_null(answer->lead_id);
    g_assert_nonnull(strstr(answer->claim_zh, "相符"));
}

static void grade_b_is_class_only_under_evidence_and_found_under_development(void)
{
    g_autoptr(CelIdentification) strict = identify_made(&beta, evidence);
    g_autoptr(CelIdentification) loose = identify_made(&beta, development);
    g_assert_cmpstr(cel_outcome_name(strict->outcome), ==, "class-only");
    g_assert_cmpstr(strict->ceiling, ==, "class:mineral");
    g_assert_cmpstr(cel_outcome_name(loose->outcome), ==, "found");
    g_assert_nonnull(strstr(loose->claim_en, "development policy"));
}

static void grade_c_is_a_lead_under_evidence(void)
{
    g_autoptr(CelIdentification) answer = identify_made(&gamma_c, evidence);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "inconclusive");
    g_assert_cmpstr(answer->ceiling, ==, "lead:gamma");
    g_assert_cmpstr(answer->lead_id, ==, "gamma");
    g_assert_nonnull(strstr(answer->claim_zh, "线索(待核实),不得写入结论"));
}

static void without_a_check_there_is_a_lead_after_a_failed_one_nothing(void)
{
    const Setting none = {CEL_POLICY_EVIDENCE, NULL, 1},
                  failed = {CEL_POLICY_EVIDENCE, "failed", 1};
    g_autoptr(CelIdentification) unchecked = identify_made(&alpha, none);
    g_autoptr(CelIdentification) wrong = identify_made(&alpha, failed);
    g_assert_cmpstr(unchecked->ceiling, ==, "lead:alpha");
    g_assert_cmpstr(unchecked->quality.axis_check, ==, "none");
    g_assert_cmpint(wrong->outcome, ==, CEL_OUTCOME_REFUSED);
    g_assert_cmpstr(wrong->ceiling, ==, "none");
    g_assert_cmpstr(wrong->quality.axis_check, ==, "failed");
}

static void a_shift_above_three_uncertainties_is_only_a_lead(void)
{
    const Setting tight = {CEL_POLICY_EVIDENCE, "ok", 1}, loose = {CEL_POLICY_EVIDENCE, "ok", 2};
    g_autoptr(CelSpectrum) sample = make_sample(&alpha, -4, 5, 3);
    g_autoptr(CelIdentification) far = identify(sample, tight);
    g_autoptr(CelIdentification) near = identify(sample, loose);
    g_assert_cmpstr(far->ceiling, ==, "lead:alpha");
    g_assert_cmpstr(near->ceiling, ==, "substance:alpha");
}

static void a_substance_that_the_library_lacks_gets_no_name(void)
{
    g_autoptr(CelIdentification) answer = identify_made(&stranger, development);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "nothing-claimed");
    g_assert_cmpstr(answer->ceiling, ==, "none");
    g_assert_null(answer->lead_id);
    g_assert_cmpuint(answer->why_en->len, >, 0);
}

static void noise_alone_is_inconclusive_with_a_reason(void)
{
    const Made nothing = {"nothing", {-5000, -5000, -5000, -5000, -5000}, CEL_GRADE_A};
    g_autoptr(CelIdentification) answer = identify_made(&nothing, development);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "inconclusive");
    g_assert_null(answer->lead_id);
    g_assert_cmpuint(answer->why_zh->len, ==, answer->why_en->len);
    g_assert_cmpuint(answer->why_en->len, >, 0);
}

static void simulated_data_say_so_in_the_claim(void)
{
    g_autoptr(CelSpectrum) sample = make_sample(&alpha, 0, 5, 7);
    cel_spectrum_mark_simulated(sample);
    g_autoptr(CelIdentification) answer = identify(sample, evidence);
    g_assert_true(answer->simulated);
    g_assert_nonnull(strstr(answer->claim_zh, cel_claim(CEL_CLAIM_TRAINING)->zh));
}

static void a_flat_line_has_no_signal(void)
{
    double x[600], y[600];
    for (guint i = 0; i < 600; i++) {
        x[i] = 300 + 2.0 * i;
        y[i] = 5;
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 600, NULL);
    g_autoptr(CelSpectrum) sample = cel_spectrum_new(axis, y, NULL);
    g_autoptr(CelIdentification) answer = identify(sample, development);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "inconclusive");
    g_assert_cmpfloat(answer->quality.snr, <, 1);
}

static void wavelengths_are_refused(void)
{
    const double nm[] = {800, 810, 820}, y[] = {1, 2, 3};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibrary) library = make_library();
    const CelLibrary *libraries[] = {library};
    const CelIdentifyOptions options = {.libraries = libraries, .n_libraries = 1};
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, NULL);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_NM_AIR, nm, 3, NULL);
    g_autoptr(CelSpectrum) sample = cel_spectrum_new(axis, y, NULL);
    g_assert_null(cel_matcher_identify(matcher, &(CelSample){.raw = sample}, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
}

static void what_is_not_raman_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibrary) library = make_library();
    const CelLibrary *libraries[] = {library};
    const CelIdentifyOptions options = {.libraries = libraries, .n_libraries = 1};
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, NULL);
    g_autoptr(CelSpectrum) sample = make_sample(&alpha, 0, 0, 1);
    g_autoptr(CelIdentification) answer =
        cel_matcher_identify(matcher, &(CelSample){.raw = sample}, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(answer);
    cel_spectrum_set_meta(sample, CEL_META_FOREIGN_KIND, "infrared");
    g_assert_null(cel_matcher_identify(matcher, &(CelSample){.raw = sample}, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void no_generated_claim_says_a_forbidden_word(void)
{
    static const Made *const all[] = {&alpha, &beta, &gamma_c, &stranger};
    for (guint i = 0; i < 24; i++) {
        const Setting setting = {i % 2 == 0 ? CEL_POLICY_EVIDENCE : CEL_POLICY_DEVELOPMENT,
                                 i % 3 == 0 ? "ok" : NULL, 1};
        g_autoptr(CelSpectrum) sample = make_sample(all[i % 4], (double)(i % 5) - 2, 20.0 * i, i);
        g_autoptr(CelIdentification) answer = identify(sample, setting);
        g_assert_cmpstr(cel_claim_forbidden(answer->claim_en), ==, NULL);
        g_assert_cmpstr(cel_claim_forbidden(answer->claim_zh), ==, NULL);
        g_assert_null(strchr(answer->claim_zh, '{'));
        for (guint w = 0; w < answer->why_zh->len; w++)
            g_assert_cmpstr(cel_claim_forbidden(g_ptr_array_index(answer->why_zh, w)), ==, NULL);
    }
}

static void json_is_one_valid_line_with_the_contract_s_fields(void)
{
    static const char *const fields[] = {"file",    "outcome",   "claim",      "hits",
                                         "mixture", "stability", "replicates", "policy",
                                         "quality", "why",       "elapsed_ms", "label"};
    g_autoptr(CelIdentification) answer = identify_made(&alpha, evidence);
    g_autofree char *text = cel_identification_to_json(answer, "a \"b\".csv");
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;
    g_assert_null(strchr(text, '\n'));
    json_parser_load_from_data(parser, text, -1, &error);
    g_assert_no_error(error);
    JsonObject *object = json_node_get_object(json_parser_get_root(parser));
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        g_assert_true(json_object_has_member(object, fields[i]));
    g_assert_cmpstr(json_object_get_string_member(object, "file"), ==, "a \"b\".csv");
    g_assert_cmpstr(json_object_get_string_member(object, "outcome"), ==, "found");
}

/* ---- replicates ---- */

static GPtrArray *replicates_of(const Made *const *made, guint n)
{
    GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)cel_identification_free);
    for (guint i = 0; i < n; i++) {
        g_autoptr(CelSpectrum) sample = made[i] != NULL ? make_sample(made[i], 0, 5, 20 + i) : NULL;
        g_ptr_array_add(out, sample != NULL ? identify(sample, evidence) : NULL);
    }
    return out;
}

static CelIdentification *combined(const Made *const *made, guint n)
{
    g_autoptr(GPtrArray) singles = replicates_of(made, n);
    g_autoptr(GPtrArray) problems = g_ptr_array_new();
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(problems, made[i] != NULL ? NULL : (gpointer) "lid was open");
    return cel_identification_combine(singles, problems);
}

static void three_that_agree_are_found(void)
{
    const Made *const made[] = {&alpha, &alpha, &alpha};
    g_autoptr(CelIdentification) answer = combined(made, 3);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
    g_assert_cmpuint(answer->replicates.planned, ==, 3);
    g_assert_cmpuint(answer->replicates.agree, ==, 3);
    g_assert_cmpuint(answer->replicates.reasons->len, ==, 0);
}

static void two_valid_ones_are_not_enough(void)
{
    const Made *const made[] = {&alpha, NULL, &alpha};
    g_autoptr(CelIdentification) answer = combined(made, 3);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "inconclusive");
    g_assert_cmpuint(answer->replicates.valid, ==, 2);
    g_assert_cmpuint(answer->replicates.reasons->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(answer->replicates.reasons, 0), "lid was open"));
}

static void four_of_five_are_found_and_two_of_three_are_not(void)
{
    const Made *const five[] = {&alpha, &alpha, &stranger, &alpha, &alpha};
    const Made *const three[] = {&alpha, &stranger, &alpha};
    g_autoptr(CelIdentification) yes = combined(five, 5);
    g_autoptr(CelIdentification) no = combined(three, 3);
    g_assert_cmpstr(cel_outcome_name(yes->outcome), ==, "found");
    g_assert_cmpuint(yes->replicates.agree, ==, 4);
    g_assert_cmpstr(cel_outcome_name(no->outcome), ==, "inconclusive");
    g_assert_cmpstr(no->ceiling, ==, "none");
    g_assert_nonnull(strstr(no->claim_zh, "不均匀"));
}

static void nothing_usable_is_inconclusive(void)
{
    const Made *const made[] = {NULL, NULL};
    g_autoptr(CelIdentification) answer = combined(made, 2);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "inconclusive");
    g_assert_cmpuint(answer->replicates.valid, ==, 0);
    g_assert_cmpuint(answer->replicates.reasons->len, ==, 2);
}

static void a_copy_is_no_second_replicate(void)
{
    g_autoptr(GPtrArray) singles =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_identification_free);
    g_autoptr(CelSpectrum) sample = make_sample(&alpha, 0, 5, 20);
    const gsize n = cel_spectrum_length(sample);
    for (guint i = 0; i < 3; i++) { /* the same data, at another scale and with fewer digits */
        double *y = g_new(double, n);
        for (gsize k = 0; k < n; k++)
            y[k] = round(cel_spectrum_y(sample)[k] * (i + 1) * 1e4) / 1e4;
        g_autoptr(CelSpectrum) copy =
            cel_spectrum_derive(sample, cel_spectrum_axis(sample), y, NULL, NULL, NULL);
        g_ptr_array_add(singles, identify(copy, evidence));
    }
    g_autoptr(CelIdentification) answer = cel_identification_combine(singles, NULL);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "inconclusive");
    g_assert_cmpuint(answer->replicates.planned, ==, 3);
    g_assert_cmpuint(answer->replicates.valid, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(answer->replicates.reasons, 1), "of replicate 1"));
}

/* ---- views and search ---- */

static CelView *view_of(const Made *made, double shift)
{
    g_autoptr(CelSpectrum) sample = make_sample(made, shift, 0, 1);
    return cel_view_of(sample);
}

/* The sample as an instrument of 14 cm-1 draws what one of 4 cm-1 measured for the library. */
static double score_of_blunt(double told_cm1, double reference_cm1)
{
    g_autoptr(CelLibrary) library = make_library();
    g_autoptr(CelSpectrum) sharp = make_sample(&alpha, 0, 0, 7);
    g_autofree double *y = g_memdup2(cel_spectrum_y(sharp), N * sizeof(double));
    cel_broaden(cel_spectrum_x(sharp), y, N, cel_broaden_by(4, 14));
    g_autoptr(CelSpectrum) blunt =
        cel_spectrum_derive(sharp, cel_spectrum_axis(sharp), g_steal_pointer(&y), NULL, NULL, NULL);
    const CelLibrary *libraries[] = {library};
    const CelIdentifyOptions options = {.libraries = libraries,
                                        .n_libraries = 1,
                                        .policy = CEL_POLICY_DEVELOPMENT,
                                        .resolution_cm1 = told_cm1,
                                        .reference_resolution_cm1 = reference_cm1};
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, NULL);
    g_autoptr(CelIdentification) answer =
        cel_matcher_identify(matcher, &(CelSample){.raw = blunt}, NULL, NULL);
    const CelHit *first = g_ptr_array_index(answer->hits, 0);
    g_assert_cmpstr(first->substance->id, ==, "alpha");
    return first->score;
}

static void a_known_resolution_brings_sharper_references_to_it(void)
{
    const double plain = score_of_blunt(0, 0), matched = score_of_blunt(14, 4);
    g_assert_cmpfloat(plain, <, 0.97);
    g_assert_cmpfloat(matched, >, 0.999);
    /* one of the two unknown, or the reference the blunter one: nothing changes, to the last bit */
    const double same[] = {score_of_blunt(14, 0), score_of_blunt(0, 4), score_of_blunt(14, 20)};
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
        g_assert_true(memcmp(&same[i], &plain, sizeof plain) == 0);
}

static void a_reference_may_state_its_resolution(void)
{
    static const struct {
        const char *extra;
        double cm1;
    } stated[] = {
        {"", 0},
        {"{\"resolution_cm1\":\"4.5\"}", 4.5},
        {"{\"objective\":\"20x\",\"resolution_cm1\":\"12\"}", 12},
        {"{\"resolution_cm1\":\"0\"}", 0},
        {"{\"resolution_cm1\":\"nan\"}", 0},
        {"{\"resolution_cm1\":\"1e3\"}", 0},
        {"{\"resolution_cm1\":4}", 0},
        {"[4]", 0},
        {"{", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(stated); i++) {
        const CelReference reference = {.extra = stated[i].extra};
        g_assert_cmpfloat_with_epsilon(cel_reference_resolution_cm1(&reference), stated[i].cm1,
                                       1e-12);
    }
}

static void masked_samples_carry_no_weight(void)
{
    g_autoptr(CelSpectrum) clean = make_sample(&alpha, 0, 0, 1);
    g_autoptr(CelSpectrum) spiked = make_sample(&alpha, 0, 0, 1);
    double y[N];
    guint8 mask[N] = {0};
    for (int i = 0; i < N; i++)
        y[i] = cel_spectrum_y(spiked)[i] + (i == 500 ? 1e5 : 0);
    mask[500] = CEL_MASK_SATURATED;
    g_autoptr(CelSpectrum) masked = cel_spectrum_new(cel_spectrum_axis(spiked), y, NULL);
    g_autoptr(CelView) a = cel_view_of(clean), wrong = cel_view_of(masked);
    cel_spectrum_set_mask(masked, mask);
    g_autoptr(CelView) right = cel_view_of(masked);
    CelOverlap overlap;
    g_assert_true(cel_view_overlap(right, a, 0, &overlap));
    double scores[CEL_N_VIEWS];
    cel_view_scores(wrong, a, 0, &overlap, scores);
    g_assert_cmpfloat(cel_views_fuse(scores, 0), <, 0.9);
    cel_view_scores(right, a, 0, &overlap, scores);
    g_assert_cmpfloat(cel_views_fuse(scores, 0), >, 0.999);
    g_assert_cmpfloat(cel_view_hqi(right, a), >, 0.999);
}

static void the_range_of_a_view_is_what_was_measured(void)
{
    g_autoptr(CelView) view = view_of(&alpha, 0);
    g_assert_cmpuint(view->first, ==, 81); /* 162: 160..162 holds no whole channel below */
    g_assert_cmpuint(view->first + view->n - 1, ==, 679);
}

static GArray *entries_of(const Made *const *made, guint n)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    for (guint i = 0; i < n; i++) {
        const CelEntry entry = {i, view_of(made[i], 0)};
        g_array_append_val(entries, entry);
    }
    return entries;
}

static void a_shifted_sample_is_found_and_its_shift_told(void)
{
    const Made *const made[] = {&alpha, &beta, &gamma_c};
    g_autoptr(CelSearch) search = cel_search_new(entries_of(made, 3));
    for (int shift = -8; shift <= 8; shift += 4) {
        g_autoptr(CelView) sample = view_of(&beta, shift);
        const CelSearchOptions options = {.axis_u_cm1 = 2};
        g_autoptr(GArray) ranked = cel_search_run(search, sample, &options);
        const CelCandidate *first = &g_array_index(ranked, CelCandidate, 0);
        g_assert_cmpuint(first->slot, ==, 1);
        g_assert_cmpfloat_with_epsilon(first->shift_cm1, -shift, 0.3);
    }
}

/* What an axis that is off by 8 cm-1 makes of alpha resembles the first of these. */
static void one_shift_is_common_to_all_candidates(void)
{
    const Made near_alpha = {"near", {328, 548, 768, 1010, 1225}, CEL_GRADE_A};
    const Made *const made[] = {&near_alpha, &alpha, &beta};
    g_autoptr(CelSearch) search = cel_search_new(entries_of(made, 3));
    g_autoptr(CelView) right = view_of(&alpha, 0), off = view_of(&alpha, 8);
    g_autoptr(GArray) straight = cel_search_run(search, right, &(CelSearchOptions){.threads = 1});
    g_autoptr(GArray) moved = cel_search_run(search, off, &(CelSearchOptions){.threads = 1});
    const CelCandidate *first = &g_array_index(straight, CelCandidate, 0);
    g_assert_cmpuint(first->slot, ==, 1);
    g_assert_cmpfloat_with_epsilon(cel_search_axis_shift(straight), 0, 0.2);
    first = &g_array_index(moved, CelCandidate, 0);
    g_assert_cmpuint(first->slot, ==, 1);
    g_assert_cmpfloat_with_epsilon(cel_search_axis_shift(moved), -8, 0.3);
    /* the shift that all share has no price */
    g_assert_cmpfloat(first->score, >, 0.99);
}

static void an_axis_that_is_off_is_a_fault_and_names_nothing(void)
{
    for (int off = -8; off <= 8; off += 4) {
        g_autoptr(CelSpectrum) sample = make_sample(&alpha, off, 5, 7);
        g_autoptr(CelIdentification) answer = identify(sample, evidence);
        g_assert_cmpint(answer->quality.axis_fault, ==, off != 0);
        g_assert_cmpfloat_with_epsilon(answer->quality.axis_shift_cm1, -off, 0.4);
        g_assert_cmpint(answer->outcome == CEL_OUTCOME_FOUND, ==, off == 0);
    }
}

static void an_uncertain_axis_may_be_off(void)
{
    const Setting uncertain = {CEL_POLICY_EVIDENCE, "ok", 3};
    g_autoptr(CelSpectrum) sample = make_sample(&alpha, 6, 5, 7);
    g_autoptr(CelIdentification) answer = identify(sample, uncertain);
    g_assert_false(answer->quality.axis_fault);
    g_assert_cmpint(answer->outcome, ==, CEL_OUTCOME_FOUND);
}

static void threads_do_not_change_a_bit_of_the_answer(void)
{
    enum { COPIES = 2500 };
    const Made *const made[] = {&alpha, &beta, &gamma_c};
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    for (guint i = 0; i < COPIES; i++) {
        const CelEntry entry = {i, view_of(made[i % 3], 0.002 * i)};
        g_array_append_val(entries, entry);
    }
    g_autoptr(CelSearch) search = cel_search_new(entries);
    g_autoptr(CelView) sample = view_of(&alpha, 1);
    g_autoptr(GArray) one =
        cel_search_run(search, sample, &(CelSearchOptions){.axis_u_cm1 = 1, .threads = 1});
    g_autoptr(GArray) four =
        cel_search_run(search, sample, &(CelSearchOptions){.axis_u_cm1 = 1, .threads = 4});
    g_assert_cmpuint(one->len, ==, four->len);
    g_assert_cmpint(memcmp(one->data, four->data, one->len * sizeof(CelCandidate)), ==, 0);
}

static void a_reference_that_shares_too_little_range_is_not_compared(void)
{
    const Made *const made[] = {&alpha};
    g_autoptr(CelSearch) search = cel_search_new(entries_of(made, 1));
    double x[200], y[200];
    for (int i = 0; i < 200; i++) {
        x[i] = 1300 + 5.0 * i;
        y[i] = 1 + (i % 20);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 200, NULL);
    g_autoptr(CelSpectrum) sample = cel_spectrum_new(axis, y, NULL);
    g_autoptr(CelView) view = cel_view_of(sample);
    g_autoptr(GArray) ranked =
        cel_search_run(search, view, &(CelSearchOptions){.axis_u_cm1 = 1, .threads = 1});
    g_assert_cmpuint(ranked->len, ==, 0);
}

/* ---- validation ---- */

static CelSpectrum *load_made(const CelValidateCase *one, gpointer user_data, GError **error)
{
    (void)user_data;
    if (strcmp(one->file, "broken") == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "no numbers in it");
        return NULL;
    }
    return make_sample(strcmp(one->file, "alpha") == 0 ? &alpha : &stranger, 0, 5, 9);
}

static void validation_counts_right_wrong_and_unusable(void)
{
    static const CelValidateCase cases[] = {
        {.file = "alpha", .truth_id = "alpha", .family = NULL, .group = "g", .laser_nm = 785},
        {.file = "alpha", .truth_id = "beta", .family = "alpha", .group = "g", .laser_nm = 785},
        {.file = "stranger", .truth_id = "", .family = NULL, .group = "g", .laser_nm = 785},
        {.file = "broken", .truth_id = "alpha", .family = NULL, .group = "h", .laser_nm = 785},
    };
    g_autoptr(CelLibrary) library = make_library();
    const CelLibrary *libraries[] = {library};
    const CelIdentifyOptions options = {
        .libraries = libraries, .n_libraries = 1, .policy = CEL_POLICY_DEVELOPMENT};
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, NULL);
    g_autoptr(CelValidation) v =
        cel_validate(matcher, cases, G_N_ELEMENTS(cases), load_made, NULL, NULL, NULL);
    const CelValidateGroup *g = g_ptr_array_index(v->groups, 0),
                           *h = g_ptr_array_index(v->groups, 1);
    g_assert_cmpuint(v->groups->len, ==, 3);
    g_assert_cmpuint(g->n, ==, 3);
    g_assert_cmpuint(g->top1, ==, 1);
    g_assert_cmpuint(g->family1, ==, 2);
    g_assert_cmpuint(g->right[CEL_OUTCOME_FOUND], ==, 1);
    g_assert_cmpuint(g->wrong[CEL_OUTCOME_FOUND], ==, 1);
    g_assert_cmpuint(g->right[CEL_OUTCOME_NOTHING_CLAIMED], ==, 1);
    g_assert_cmpuint(h->unusable, ==, 1);
    g_autofree char *records = cel_validation_records(v, NULL);
    g_assert_nonnull(strstr(records, "no numbers in it"));
    g_autofree char *json = cel_validation_to_json(v);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_assert_true(json_parser_load_from_data(parser, json, -1, NULL));
}

static void intervals_are_those_of_clopper_and_pearson(void)
{
    double low, high;
    cel_validate_interval(0, 100, 0.95, &low, &high); /* 1 - 0.025^(1/100) */
    g_assert_cmpfloat_with_epsilon(low, 0, 1e-12);
    g_assert_cmpfloat_with_epsilon(high, 1 - pow(0.025, 0.01), 1e-9);
    cel_validate_interval(5, 10, 0.95, &low, &high); /* table value 0.1871..0.8129 */
    g_assert_cmpfloat_with_epsilon(low, 0.1871, 5e-5);
    g_assert_cmpfloat_with_epsilon(high, 0.8129, 5e-5);
    cel_validate_interval(10, 10, 0.95, &low, &high);
    g_assert_cmpfloat_with_epsilon(low, pow(0.025, 0.1), 1e-9);
    g_assert_cmpfloat_with_epsilon(high, 1, 1e-12);
}

static void every_interval_holds_its_proportion(void)
{
    enum { TRIALS = 746 };
    double before = -1;
    for (guint k = 0; k <= TRIALS; k++) {
        double low, high;
        cel_validate_interval(k, TRIALS, 0.95, &low, &high);
        g_assert_true(low <= (double)k / TRIALS && (double)k / TRIALS <= high);
        g_assert_true(low >= before && high <= 1);
        before = low;
    }
}

/* ---- leaving out, and what the library does not tell apart ---- */

/* Two substances of one curve, and gamma. */
static CelMatcher *matcher_with_a_twin(CelLibrary **out_library)
{
    static const Made twin = {"twin", {320, 540, 760, 980, 1190}, CEL_GRADE_A};
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    g_autoptr(GError) error = NULL;
    add(builder, &alpha);
    add(builder, &twin);
    add(builder, &gamma_c);
    *out_library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    const CelLibrary *libraries[] = {*out_library};
    const CelIdentifyOptions options = {
        .libraries = libraries, .n_libraries = 1, .policy = CEL_POLICY_EVIDENCE};
    CelMatcher *matcher = cel_matcher_new(&options, NULL, &error);
    g_assert_no_error(error);
    return matcher;
}

static CelIdentification *identify_without(const CelMatcher *matcher, const char *const *exclude)
{
    g_autoptr(CelSpectrum) raw = make_sample(&alpha, 0, 5, 7);
    g_autoptr(GError) error = NULL;
    const CelSample sample = {.raw = raw, .state = {1, "ok"}, .exclude = exclude};
    CelIdentification *answer = cel_matcher_identify(matcher, &sample, NULL, &error);
    g_assert_no_error(error);
    return answer;
}

static void substances_of_one_curve_are_not_told_apart_so_no_name_is_given(void)
{
    g_autoptr(CelLibrary) library = NULL;
    g_autoptr(CelMatcher) matcher = matcher_with_a_twin(&library);
    g_autoptr(CelIdentification) answer = identify_without(matcher, NULL);
    const CelHit *second = g_ptr_array_index(answer->hits, 1);
    g_assert_true(second->resembles);
    g_assert_cmpfloat_with_epsilon(second->likeness, 1, 1e-6);
    g_assert_false(((const CelHit *)g_ptr_array_index(answer->hits, 2))->resembles);
    g_assert_cmpint(answer->outcome, ==, CEL_OUTCOME_NOTHING_CLAIMED);
    g_ptr_array_set_size(answer->hits, 0);
}

static void a_substance_left_out_is_as_if_no_library_had_it(void)
{
    static const char *const twin[] = {"twin", NULL}, *const both[] = {"alpha", "twin", NULL};
    g_autoptr(CelLibrary) library = NULL;
    g_autoptr(CelMatcher) matcher = matcher_with_a_twin(&library);
    g_autoptr(CelIdentification) one = identify_without(matcher, twin);
    g_assert_cmpuint(one->hits->len, ==, 2);
    g_assert_cmpint(one->outcome, ==, CEL_OUTCOME_FOUND);
    g_assert_cmpstr(one->ceiling, ==, "substance:alpha");
    g_autoptr(CelIdentification) neither = identify_without(matcher, both);
    g_assert_cmpuint(neither->hits->len, ==, 1);
    g_assert_cmpint(neither->outcome, ==, CEL_OUTCOME_NOTHING_CLAIMED);
    g_ptr_array_set_size(one->hits, 0);
    g_ptr_array_set_size(neither->hits, 0);
}

static void the_map_of_a_library_names_the_pair_of_one_curve(void)
{
    g_autoptr(CelLibrary) library = NULL;
    g_autoptr(CelMatcher) matcher = matcher_with_a_twin(&library);
    double limit;
    g_autoptr(GArray) map = cel_matcher_alikes(matcher, &limit);
    g_assert_cmpfloat(limit, ==, CEL_ALIKE_DEFAULT);
    g_assert_cmpuint(map->len, ==, 1);
    const CelMatcherAlike *pair = &g_array_index(map, CelMatcherAlike, 0);
    g_assert_cmpstr(pair->substances[0]->id, ==, "alpha");
    g_assert_cmpstr(pair->substances[1]->id, ==, "twin");
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/match/grade/a", grade_a_is_found_under_evidence);
    g_test_add_func("/match/grade/b",
                    grade_b_is_class_only_under_evidence_and_found_under_development);
    g_test_add_func("/match/grade/c", grade_c_is_a_lead_under_evidence);
    g_test_add_func("/match/axis/check",
                    without_a_check_there_is_a_lead_after_a_failed_one_nothing);
    g_test_add_func("/match/axis/shift", a_shift_above_three_uncertainties_is_only_a_lead);
    g_test_add_func("/match/open-world", a_substance_that_the_library_lacks_gets_no_name);
    g_test_add_func("/match/noise", noise_alone_is_inconclusive_with_a_reason);
    g_test_add_func("/match/simulated", simulated_data_say_so_in_the_claim);
    g_test_add_func("/match/unit", wavelengths_are_refused);
    g_test_add_func("/match/kind", what_is_not_raman_is_refused);
    g_test_add_func("/match/flat", a_flat_line_has_no_signal);
    g_test_add_func("/match/forbidden", no_generated_claim_says_a_forbidden_word);
    g_test_add_func("/match/json", json_is_one_valid_line_with_the_contract_s_fields);
    g_test_add_func("/match/replicates/agree", three_that_agree_are_found);
    g_test_add_func("/match/replicates/few", two_valid_ones_are_not_enough);
    g_test_add_func("/match/replicates/four-of-five",
                    four_of_five_are_found_and_two_of_three_are_not);
    g_test_add_func("/match/replicates/copies", a_copy_is_no_second_replicate);
    g_test_add_func("/match/replicates/none", nothing_usable_is_inconclusive);
    g_test_add_func("/match/resolution/known", a_known_resolution_brings_sharper_references_to_it);
    g_test_add_func("/match/resolution/stated", a_reference_may_state_its_resolution);
    g_test_add_func("/match/view/mask", masked_samples_carry_no_weight);
    g_test_add_func("/match/view/range", the_range_of_a_view_is_what_was_measured);
    g_test_add_func("/match/search/shift", a_shifted_sample_is_found_and_its_shift_told);
    g_test_add_func("/match/search/common-shift", one_shift_is_common_to_all_candidates);
    g_test_add_func("/match/axis/fault", an_axis_that_is_off_is_a_fault_and_names_nothing);
    g_test_add_func("/match/axis/uncertain", an_uncertain_axis_may_be_off);
    g_test_add_func("/match/search/threads", threads_do_not_change_a_bit_of_the_answer);
    g_test_add_func("/match/search/overlap",
                    a_reference_that_shares_too_little_range_is_not_compared);
    g_test_add_func("/match/validate/counts", validation_counts_right_wrong_and_unusable);
    g_test_add_func("/match/validate/intervals", intervals_are_those_of_clopper_and_pearson);
    g_test_add_func("/match/alike/twins",
                    substances_of_one_curve_are_not_told_apart_so_no_name_is_given);
    g_test_add_func("/match/alike/left-out", a_substance_left_out_is_as_if_no_library_had_it);
    g_test_add_func("/match/alike/map", the_map_of_a_library_names_the_pair_of_one_curve);
    g_test_add_func("/match/validate/every-interval", every_interval_holds_its_proportion);
    return g_test_run();
}
