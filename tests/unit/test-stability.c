/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-claims.h"
#include "match/cel-stability.h"
#include "process/cel-peaks.h"
#include "made-substance.h"

#include <math.h>
#include <string.h>

/* "Try to break it", on a made library: some hundred substances of six bands each. */

enum { N = 1100, BANDS = 6, SUBSTANCES = 120, COPIES = 60 };

typedef struct {
    char id[16];
    double cm1[BANDS], height[BANDS];
} Made;

static Made made(guint number)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1000 + number);
    Made out;
    g_snprintf(out.id, sizeof out.id, "s%u", number);
    for (int b = 0; b < BANDS; b++) {
        out.cm1[b] = 220 + 160 * b + g_rand_double_range(rand, 0, 120);
        out.height[b] = g_rand_double_range(rand, 0.2, 1);
    }
    return out;
}

static void curve(const Made *m, double shift, double noise, double *x, double *y)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int i = 0; i < N; i++) {
        x[i] = 160 + i;
        y[i] = noise * (g_rand_double(rand) + g_rand_double(rand) - 1);
        for (int b = 0; b < BANDS; b++) {
            const double u = (x[i] - m->cm1[b] - shift) / 5;
            y[i] += 1000 * m->height[b] / (1 + u * u);
        }
    }
}

static CelSpectrum *sample_of(const Made *m, double shift, double noise)
{
    double x[N], y[N];
    curve(m, shift, noise, x, y);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    CelSpectrum *out = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta(out, CEL_META_BASELINE, "removed");
    cel_spectrum_set_meta_number(out, CEL_META_LASER_NM, 785);
    return out;
}

static void add(CelLibraryBuilder *builder, const Made *m)
{
    double x[N], y[N];
    float single[N];
    curve(m, 0, 0, x, y);
    for (int i = 0; i < N; i++)
        single[i] = (float)y[i];
    const CelSubstance substance = made_substance(m->id, "salt");
    const CelReference reference = {.name = m->id,
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

static CelLibrary *library;

static void make_library(void)
{
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    for (guint s = 0; s < SUBSTANCES; s++) {
        const Made m = made(s);
        add(builder, &m);
    }
    library = cel_library_builder_finish(builder, NULL);
}

/* Frees @sample. */
static CelIdentification *ask(CelSpectrum *sample, guint runs, gboolean whole)
{
    g_autoptr(GError) error = NULL;
    const CelLibrary *libraries[] = {library};
    const CelIdentifyOptions options = {.libraries = libraries,
                                        .n_libraries = 1,
                                        .policy = CEL_POLICY_DEVELOPMENT,
                                        .stability_runs = runs,
                                        .stability_whole = whole};
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, &error);
    const CelSample asked = {.raw = sample, .state = {1, "ok"}};
    CelIdentification *answer = cel_matcher_identify(matcher, &asked, NULL, &error);
    g_assert_no_error(error);
    cel_spectrum_free(sample);
    return answer;
}

static void a_clear_answer_stays(void)
{
    const Made m = made(3);
    g_autoptr(CelIdentification) answer = ask(sample_of(&m, 0, 5), CEL_STABILITY_RUNS, FALSE);
    g_assert_cmpint((int)answer->outcome, ==, CEL_OUTCOME_FOUND);
    g_assert_cmpuint(answer->stability.runs, ==, CEL_STABILITY_RUNS);
    g_assert_cmpuint(answer->stability.same, >=, 195);
    g_assert_cmpuint(answer->stability.same_first, ==, CEL_STABILITY_RUNS);
}

/* 2.8 cm-1 off at u 1: the rule takes 3 as its limit, so copies fall on either side. */
static void an_answer_at_the_edge_of_the_rule_does_not(void)
{
    const Made m = made(3);
    g_autoptr(CelIdentification) answer = ask(sample_of(&m, 2.8, 5), 100, FALSE);
    g_assert_cmpuint(answer->stability.same, >, 20);
    g_assert_cmpuint(answer->stability.same, <, 95);
    g_assert_cmpuint(answer->stability.same_first, ==, 100);
}

static void the_same_data_give_the_same_share(void)
{
    const Made m = made(5);
    g_autoptr(CelIdentification) a = ask(sample_of(&m, 2.6, 20), 50, FALSE);
    g_autoptr(CelIdentification) b = ask(sample_of(&m, 2.6, 20), 50, FALSE);
    g_assert_cmpuint(a->stability.same, ==, b->stability.same);
    g_assert_cmpuint(a->stability.same_first, ==, b->stability.same_first);
}

static void the_candidates_suffice(void)
{
    static const double shifts[] = {0, 2.8}, noises[] = {5, 60, 120};
    for (guint s = 0; s < 3; s++) {
        const Made m = made(10 + s);
        for (gsize k = 0; k < G_N_ELEMENTS(shifts) * G_N_ELEMENTS(noises); k++) {
            const double shift = shifts[k % 2], noise = noises[k / 2];
            g_autoptr(CelIdentification) few = ask(sample_of(&m, shift, noise), 40, FALSE);
            g_autoptr(CelIdentification) all = ask(sample_of(&m, shift, noise), 40, TRUE);
            g_assert_cmpuint(all->stability.runs, ==, 40);
            /* a shift is refined otherwise, so a copy on the very edge may fall differently */
            g_assert_cmpint(ABS((int)few->stability.same - (int)all->stability.same), <=, 2);
            g_assert_cmpuint(few->stability.same_first, ==, all->stability.same_first);
        }
    }
}

static void nobody_asked_and_nothing_to_compare_give_none(void)
{
    const Made m = made(3);
    Made flat = m;
    memset(flat.height, 0, sizeof flat.height);
    g_autoptr(CelIdentification) not_asked = ask(sample_of(&m, 0, 5), 0, FALSE);
    g_autoptr(CelIdentification) nothing = ask(sample_of(&flat, 0, 0), 50, FALSE);
    g_autofree char *json = cel_identification_to_json(not_asked, "f");
    g_assert_cmpuint(not_asked->stability.runs, ==, 0);
    g_assert_cmpuint(nothing->stability.runs, ==, 0);
    g_assert_nonnull(strstr(json, "\"stability\":null"));
}

static void json_words_it_only_as_the_rules_do(void)
{
    const Made m = made(3);
    g_autoptr(CelIdentification) answer = ask(sample_of(&m, 0, 5), 10, FALSE);
    answer->stability = (CelStability){.runs = 200, .same = 198, .same_first = 200};
    g_autofree char *json = cel_identification_to_json(answer, "f");
    g_assert_nonnull(strstr(json, "\"stability\":{\"runs\":200,\"same_answer\":0.99,"));
    g_autofree char *zh = cel_claim_stability(198, 200, TRUE);
    g_autofree char *en = cel_claim_stability(198, 200, FALSE);
    g_assert_cmpstr(zh, ==, "对同一次测量数据复算200次,198次结论不变;该数不代表结论正确的概率。");
    g_assert_nonnull(strstr(en, "this is not the probability that it is right"));
    g_assert_cmpstr(cel_claim_forbidden(zh), ==, NULL);
    g_assert_cmpstr(cel_claim_forbidden(json), ==, NULL);
}

static void replicates_carry_that_of_the_one_that_stands_for_them(void)
{
    const Made m = made(3);
    g_autoptr(GPtrArray) singles =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_identification_free);
    for (guint i = 0; i < 3; i++)
        g_ptr_array_add(singles, ask(sample_of(&m, 0, 5 + i), 20, FALSE));
    g_autoptr(CelIdentification) answer = cel_identification_combine(singles, NULL);
    g_assert_cmpuint(answer->stability.runs, ==, 20);
}

/* ---- the copies ---- */

typedef struct {
    CelSpectrum *raw;
    GArray *peaks;
    CelDisturber *disturber;
} Room;

static void room_init(Room *room, const Made *m, double noise)
{
    const CelPeakOptions options = {.noise_factor = 5};
    room->raw = sample_of(m, 0, noise);
    room->peaks = cel_peaks_find(room->raw, &options);
    const CelDisturbInput input = {.raw = room->raw,
                                   .bases = (const CelSpectrum *const *)&room->raw,
                                   .n_bases = 1,
                                   .peaks = room->peaks,
                                   .axis_u_cm1 = 2};
    room->disturber = cel_disturber_new(&input);
}

static void room_clear(Room *room)
{
    cel_disturber_free(room->disturber);
    g_array_unref(room->peaks);
    cel_spectrum_free(room->raw);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Room, room_clear)

static void copies_are_the_same_bit_for_bit(void)
{
    const Made m = made(3);
    g_auto(Room) a = {0}, b = {0};
    room_init(&a, &m, 5);
    room_init(&b, &m, 5);
    for (int i = 0; i < COPIES; i++) {
        CelDisturbance one, two;
        g_autoptr(CelView) x = cel_disturber_next(a.disturber, &one);
        g_autoptr(CelView) y = cel_disturber_next(b.disturber, &two);
        g_assert_cmpint(memcmp(&one, &two, sizeof(double)), ==, 0); /* the shift */
        g_assert_cmpuint(x->n, ==, y->n);
        g_assert_cmpint(memcmp(x->level, y->level, x->n * sizeof(float)), ==, 0);
    }
}

static void other_data_give_other_copies(void)
{
    const Made m = made(3);
    g_auto(Room) a = {0}, b = {0};
    CelDisturbance one, two;
    room_init(&a, &m, 5);
    room_init(&b, &m, 6);
    G_GNUC_UNUSED g_autoptr(CelView) x = cel_disturber_next(a.disturber, &one);
    G_GNUC_UNUSED g_autoptr(CelView) y = cel_disturber_next(b.disturber, &two);
    g_assert_cmpfloat(fabs(one.shift_cm1 - two.shift_cm1), >, 1e-9);
}

static void copies_are_disturbed_as_far_as_the_table_says(void)
{
    enum { MANY = 2000 };
    const Made m = made(3);
    g_auto(Room) room = {0};
    double sum = 0, squares = 0;
    guint widths[3] = {0}, dropped = 0;
    room_init(&room, &m, 5);
    for (int i = 0; i < MANY; i++) {
        CelDisturbance how;
        G_GNUC_UNUSED g_autoptr(CelView) view = cel_disturber_next(room.disturber, &how);
        sum += how.shift_cm1;
        squares += how.shift_cm1 * how.shift_cm1;
        widths[how.width + 1]++;
        dropped += how.dropped_cm1 > 0;
    }
    /* five standard deviations of what is counted */
    g_assert_cmpfloat(fabs(sum / MANY), <, 5 * 2 / sqrt(MANY));
    g_assert_cmpfloat(fabs(sqrt(squares / MANY) - 2), <, 5 * 2 / sqrt(2.0 * MANY));
    for (int w = 0; w < 3; w++)
        g_assert_cmpfloat(fabs(widths[w] - MANY / 3.0), <, 5 * sqrt(MANY * 2 / 9.0));
    g_assert_cmpfloat(fabs(dropped - MANY / 2.0), <, 5 * sqrt(MANY / 4.0));
}

static void only_bands_below_half_of_the_strongest_are_dropped(void)
{
    Made m = made(3);
    const double height[BANDS] = {1, 0.9, 0.45, 0.8, 0.3, 0.7};
    g_auto(Room) room = {0};
    memcpy(m.height, height, sizeof height);
    room_init(&room, &m, 5);
    for (int i = 0; i < COPIES; i++) {
        CelDisturbance how;
        g_autoptr(CelView) view = cel_disturber_next(room.disturber, &how);
        if (!(how.dropped_cm1 > 0))
            continue;
        g_assert_true(fabs(how.dropped_cm1 - m.cm1[2]) < 3 || fabs(how.dropped_cm1 - m.cm1[4]) < 3);
        const guint at = (guint)lround((how.dropped_cm1 + how.shift_cm1) / CEL_VIEW_STEP_CM1);
        g_assert_cmpfloat((double)view->level[at - view->first], <, 0.2);
    }
}

/* Noise of the size of this spectrum's own comes on top of it. */
static void noise_is_added_as_measured(void)
{
    Made m = made(3);
    g_auto(Room) room = {0};
    double x[N], y[N], sum = 0;
    room_init(&room, &m, 60);
    curve(&m, 0, 60, x, y);
    const double own = cel_peaks_noise(y, N), sampled = own * sqrt(0.5); /* two samples a channel */
    for (int i = 0; i < COPIES; i++) {
        CelDisturbance how;
        double level[N];
        g_autoptr(CelView) view = cel_disturber_next(room.disturber, &how);
        for (guint k = 0; k < view->n; k++)
            level[k] = (double)view->level[k];
        sum += cel_peaks_noise(level, view->n);
    }
    /* the strongest band, about 1,000, is 1; both noises together are root 2 of one; where negative
     * values are cut off there is none */
    g_assert_cmpfloat(sum / COPIES, >, 0.5 * sampled / 1000);
    g_assert_cmpfloat(sum / COPIES, <, 1.8 * sampled / 1000);
}

static void the_smoothing_of_the_recipe_is_known_by_one_sample(void)
{
    guint reach = 0;
    double sum = 0;
    g_autoptr(CelRecipe) recipe = cel_recipe_default(785);
    g_autofree double *smoothing = cel_stability_smoothing(recipe, &reach);
    g_autoptr(CelRecipe) none = cel_recipe_new("none");
    g_assert_cmpuint(reach, ==, 2);
    for (guint i = 0; i < 5; i++)
        sum += smoothing[i];
    g_assert_cmpfloat_with_epsilon(sum, 1, 1e-12);
    g_assert_cmpfloat_with_epsilon(smoothing[2], 17.0 / 35, 1e-12); /* Savitzky, Golay 1964 */
    g_assert_null(cel_stability_smoothing(none, &reach));
}

static void a_background_is_fitted_stiffer_and_softer(void)
{
    const Made m = made(3);
    g_autoptr(CelSpectrum) raw = sample_of(&m, 0, 5);
    g_autoptr(CelRecipe) recipe = cel_recipe_default(785);
    g_autoptr(CelSpectrum) done = cel_recipe_run(recipe, raw, NULL, NULL, NULL, NULL);
    const CelSample sample = {.raw = raw};
    g_autoptr(GPtrArray) bases = cel_stability_bases(recipe, &sample, done);
    const gsize bytes = cel_spectrum_length(done) * sizeof(double);
    g_assert_cmpuint(bases->len, ==, 3);
    g_assert_cmpint(memcmp(cel_spectrum_y(done), cel_spectrum_y(bases->pdata[0]), bytes), ==, 0);
    g_assert_cmpint(memcmp(cel_spectrum_y(bases->pdata[1]), cel_spectrum_y(bases->pdata[2]), bytes),
                    !=, 0);
}

static void the_table_of_sizes_gives_its_reasons(void)
{
    for (guint k = 0; k < CEL_N_DISTURBANCES; k++) {
        g_assert_cmpfloat(cel_disturbance_sizes[k].size, >, 0);
        g_assert_cmpuint(strlen(cel_disturbance_sizes[k].reason), >, 0);
        g_assert_cmpuint(strlen(cel_disturbance_sizes[k].unit), >, 0);
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    make_library();
#define T(name) g_test_add_func("/stability/" #name, name)
    T(a_clear_answer_stays);
    T(an_answer_at_the_edge_of_the_rule_does_not);
    T(the_same_data_give_the_same_share);
    T(the_candidates_suffice);
    T(nobody_asked_and_nothing_to_compare_give_none);
    T(json_words_it_only_as_the_rules_do);
    T(replicates_carry_that_of_the_one_that_stands_for_them);
    T(copies_are_the_same_bit_for_bit);
    T(other_data_give_other_copies);
    T(copies_are_disturbed_as_far_as_the_table_says);
    T(only_bands_below_half_of_the_strongest_are_dropped);
    T(noise_is_added_as_measured);
    T(the_smoothing_of_the_recipe_is_known_by_one_sample);
    T(a_background_is_fitted_stiffer_and_softer);
    T(the_table_of_sizes_gives_its_reasons);
#undef T
    const int status = g_test_run();
    cel_library_free(library);
    return status;
}
