/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-joint.h"
#include "match/cel-late.h"

#include <math.h>
#include <string.h>

enum { FIRST = 100, N = 1500 }; /* 200 to 3198 cm-1 */

/* Bands in cm-1, width as standard deviation. */
typedef struct {
    double at[5], height[5], sd;
} Made;

static const Made polymer = {{620, 1000, 1300, 1600, 2900}, {0.4, 1, 0.5, 0.7, 0.8}, 6};
static const Made other = {{700, 1060, 1300, 1450, 2850}, {0.5, 0.8, 1, 0.6, 0.9}, 6};

static double x_of(int k)
{
    return (FIRST + k) * CEL_JOINT_GRID_CM1;
}

static void make(const Made *made, double shift, double sd, double *out)
{
    for (int k = 0; k < N; k++) {
        out[k] = 0;
        for (int b = 0; b < 5; b++) {
            const double u = (x_of(k) - made->at[b] - shift) / sd;
            out[k] += made->height[b] * made->sd / sd * exp(-0.5 * u * u);
        }
    }
}

/* Fluorescence twenty times the strongest band, and noise of a twentieth of it. */
static void bury(double *y)
{
    GRand *rand = g_rand_new_with_seed(3);
    for (int k = 0; k < N; k++) {
        const double u = (x_of(k) - 1400) / 900;
        y[k] = 100 * y[k] + 2000 * exp(-0.5 * u * u) + 18 * (g_rand_double(rand) - 0.5);
    }
    g_rand_free(rand);
}

static CelJointCurve curve(const double *y)
{
    return (CelJointCurve){.first = FIRST, .n = N, .y = y};
}

/* Scores of polymer and of the other for the sample @y. */
static void score_both(const double *y, double out[2], CelJointFit *fit)
{
    static double a[N], b[N];
    make(&polymer, 0, polymer.sd, a);
    make(&other, 0, other.sd, b);
    const CelJointCurve sample = curve(y), references[2] = {curve(a), curve(b)};
    g_assert_true(cel_joint_scores(&sample, references, 2, out, fit));
}

static void a_reference_is_found_below_its_background(void)
{
    double y[N], score[2];
    make(&polymer, 0, polymer.sd, y);
    bury(y);
    score_both(y, score, NULL);
    g_assert_cmpfloat(score[0], >, 0.9);
    g_assert_cmpfloat(score[1], <, 0.5);
}

static void a_cubic_background_and_a_factor_change_nothing(void)
{
    double y[N], score[2], changed[2];
    make(&polymer, 0, polymer.sd, y);
    for (int k = 0; k < N; k++)
        y[k] += 0.01 * sin(1.7 * k);
    score_both(y, score, NULL);
    for (int k = 0; k < N; k++) {
        const double u = x_of(k) / 1000;
        y[k] = 7 * (y[k] + 3 + 2 * u - u * u + 0.2 * u * u * u);
    }
    score_both(y, changed, NULL);
    g_assert_cmpfloat_with_epsilon(score[0], changed[0], 1e-3);
    g_assert_cmpfloat_with_epsilon(score[1], changed[1], 1e-3);
}

static void the_background_of_a_reference_does_not_matter(void)
{
    double y[N], a[N], b[N], score[2];
    make(&polymer, 0, polymer.sd, y);
    bury(y);
    make(&polymer, 0, polymer.sd, a);
    for (int k = 0; k < N; k++)
        b[k] = a[k] + 5 + x_of(k) / 1000;
    const CelJointCurve sample = curve(y), references[2] = {curve(a), curve(b)};
    g_assert_true(cel_joint_scores(&sample, references, 2, score, NULL));
    g_assert_cmpfloat_with_epsilon(score[0], score[1], 1e-3);
}

static void a_blunter_instrument_broadens_every_reference(void)
{
    double y[N], score[2];
    CelJointFit sharp, blunt;
    make(&polymer, 0, 6, y);
    bury(y);
    score_both(y, score, &sharp);
    make(&polymer, 0, 10, y);
    bury(y);
    score_both(y, score, &blunt);
    g_assert_cmpfloat(blunt.broadened_cm1, >, sharp.broadened_cm1);
    g_assert_cmpfloat(score[0], >, 0.9);
}

static void a_detector_that_hardly_sees_high_shifts_is_allowed_for(void)
{
    double y[N], score[2];
    CelJointFit fit;
    make(&polymer, 0, polymer.sd, y);
    for (int k = 0; k < N; k++)
        y[k] *= exp(-1.4 * (x_of(k) - 1000) / 1000);
    bury(y);
    score_both(y, score, &fit);
    g_assert_cmpfloat_with_epsilon(fit.tilt, 1.4, 1e-9);
    g_assert_cmpfloat(score[0], >, 0.9);
}

static void a_shift_of_eight_wavenumbers_costs_its_price_only(void)
{
    double y[N], straight[2], shifted[2];
    make(&polymer, 0, polymer.sd, y);
    bury(y);
    score_both(y, straight, NULL);
    make(&polymer, 8, polymer.sd, y);
    bury(y);
    score_both(y, shifted, NULL);
    g_assert_cmpfloat_with_epsilon(shifted[0], straight[0] - 0.008 * 4, 0.01);
}

static void carotenoid_bands_above_the_polymer_carry_no_weight(void)
{
    static const Made pigment = {{1005, 1156, 1520, 1190, 2300}, {0, 4, 4.5, 0.5, 0}, 6};
    double y[N], film[N], score[2];
    CelJointFit fit;
    make(&polymer, 0, polymer.sd, y);
    make(&pigment, 0, pigment.sd, film);
    for (int k = 0; k < N; k++)
        y[k] += film[k];
    bury(y);
    score_both(y, score, &fit);
    g_assert_true(fit.carotenoid);
    g_assert_cmpfloat(score[0], >, 0.9);
}

static void without_both_bands_there_is_no_carotenoid(void)
{
    static const Made one = {{1005, 1156, 1520, 1190, 2300}, {0, 4, 0, 0, 0}, 6};
    double y[N], film[N], score[2];
    CelJointFit fit;
    make(&polymer, 0, polymer.sd, y);
    make(&one, 0, one.sd, film);
    for (int k = 0; k < N; k++)
        y[k] += film[k];
    bury(y);
    score_both(y, score, &fit);
    g_assert_false(fit.carotenoid);
}

static void a_masked_spike_carries_no_weight(void)
{
    double y[N], a[N], clean = 0, masked = 0, unmasked = 0;
    guint8 mask[N] = {0};
    make(&polymer, 0, polymer.sd, y);
    make(&polymer, 0, polymer.sd, a);
    bury(y);
    CelJointCurve sample = curve(y);
    const CelJointCurve reference = curve(a);
    g_assert_true(cel_joint_scores(&sample, &reference, 1, &clean, NULL));
    for (int k = 300; k < 310; k++) {
        y[k] += 3000;
        mask[k] = 1;
    }
    g_assert_true(cel_joint_scores(&sample, &reference, 1, &unmasked, NULL));
    for (int k = 296; k < 314; k++)
        mask[k] = 1;
    sample.mask = mask;
    g_assert_true(cel_joint_scores(&sample, &reference, 1, &masked, NULL));
    g_assert_cmpfloat(unmasked, <, clean - 0.2);
    g_assert_cmpfloat_with_epsilon(masked, clean, 0.03);
}

static void a_reference_with_too_little_in_common_is_not_scored(void)
{
    double y[N], a[N], score[2] = {0, 0};
    make(&polymer, 0, polymer.sd, y);
    make(&polymer, 0, polymer.sd, a);
    bury(y);
    const CelJointCurve sample = curve(y);
    const CelJointCurve references[2] = {{.first = FIRST, .n = 120, .y = a}, curve(a)};
    g_assert_true(cel_joint_scores(&sample, references, 2, score, NULL));
    g_assert_true(isnan(score[0]));
    g_assert_cmpfloat(score[1], >, 0.9);
}

static void a_sample_without_anything_scores_nothing(void)
{
    double y[N] = {0}, score[2];
    score_both(y, score, NULL);
    g_assert_cmpfloat_with_epsilon(score[0], 0, 1e-12);
    const CelJointCurve brief = {.first = FIRST, .n = 100, .y = y}, reference = curve(y);
    g_assert_false(cel_joint_scores(&brief, &reference, 1, score, NULL));
    g_assert_true(isnan(score[0]));
}

/* ---- in the search ---- */

static CelView *view_of(const Made *made)
{
    static double x[N], y[N];
    make(made, 0, made->sd, y);
    for (int k = 0; k < N; k++)
        x[k] = x_of(k);
    const CelCurve as_measured = {.x = x, .y = y, .n = N};
    return cel_view_new(&as_measured);
}

static CelSearch *search_of_three(void)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    const CelEntry all[3] = {{0, view_of(&other)}, {1, view_of(&other)}, {1, view_of(&polymer)}};
    g_array_append_vals(entries, all, 3);
    return cel_search_new(entries);
}

static CelSpectrum *buried_polymer(void)
{
    double x[N], y[N];
    make(&polymer, 0, polymer.sd, y);
    bury(y);
    for (int k = 0; k < N; k++)
        x[k] = x_of(k);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

/* Both slots start alike; the second has a reference of the polymer beside the other. */
static GArray *candidates_of_two(void)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(CelCandidate));
    for (guint slot = 0; slot < 2; slot++) {
        CelCandidate c = {.slot = slot, .entry = slot, .score = 0.5};
        for (guint v = 0; v < CEL_N_VIEWS; v++)
            c.views[v] = cel_views[v].stage == CEL_STAGE_EARLY ? 0.5 : NAN;
        g_array_append_val(out, c);
    }
    return out;
}

static void all_references_of_a_substance_are_tried_late(void)
{
    g_autoptr(CelSearch) search = search_of_three();
    g_autoptr(CelSpectrum) sample = buried_polymer();
    g_autoptr(GArray) candidates = candidates_of_two();
    g_assert_true(cel_late_score(candidates, search, sample, 0, NULL));
    const CelCandidate *first = &g_array_index(candidates, CelCandidate, 0);
    g_assert_cmpuint(first->slot, ==, 1);
    g_assert_cmpfloat(first->views[CEL_VIEW_JOINT], >, 0.9);
    g_assert_cmpfloat(first->score, >, 0.5);
}

static void a_late_view_left_out_changes_nothing(void)
{
    g_autoptr(CelSearch) search = search_of_three();
    g_autoptr(CelSpectrum) sample = buried_polymer();
    g_autoptr(GArray) candidates = candidates_of_two();
    g_assert_false(cel_late_score(candidates, search, sample, 1u << CEL_VIEW_JOINT, NULL));
    g_assert_cmpfloat_with_epsilon(g_array_index(candidates, CelCandidate, 0).score, 0.5, 1e-12);
}

static void who_is_not_looked_at_again_cannot_gain(void)
{
    g_autoptr(CelSearch) search = search_of_three();
    g_autoptr(CelSpectrum) sample = buried_polymer();
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(CelCandidate));
    for (guint i = 0; i < CEL_LATE_N + 5; i++) {
        g_autoptr(GArray) two = candidates_of_two();
        g_array_append_vals(candidates, two->data, 1);
    }
    g_assert_true(cel_late_score(candidates, search, sample, 0, NULL));
    const CelCandidate *last = &g_array_index(candidates, CelCandidate, candidates->len - 1);
    g_assert_cmpfloat_with_epsilon(last->score, cel_late_floor(0.5, 0), 1e-9);
    g_assert_cmpfloat(last->score, <, 0.5);
}

static void siblings_stand_side_by_side(void)
{
    g_autoptr(CelSearch) search = search_of_three();
    guint n = 0;
    g_assert_cmpuint(cel_search_siblings(search, 2, &n), ==, 1);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpuint(cel_search_siblings(search, 0, &n), ==, 0);
    g_assert_cmpuint(n, ==, 1);
}

static void the_late_sample_keeps_its_background(void)
{
    g_autoptr(CelSpectrum) raw = buried_polymer();
    g_autoptr(CelRecipe) recipe = cel_recipe_default(532);
    g_autoptr(CelSpectrum) late = cel_late_sample(recipe, raw, NULL, NULL);
    g_assert_nonnull(late);
    const gsize n = cel_spectrum_length(late), n_raw = cel_spectrum_length(raw);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_y(late)[n / 2],
                                   cel_spectrum_y(raw)[n_raw - n + n / 2], 1e-9);
}

static void a_stage_of_the_recipe_is_the_late_sample(void)
{
    g_autoptr(CelSpectrum) raw = buried_polymer();
    g_autoptr(CelRecipe) recipe = cel_recipe_default(532);
    g_autoptr(CelSpectrum) late = cel_late_sample(recipe, raw, NULL, NULL);
    g_autoptr(GPtrArray) stages = NULL;
    g_autoptr(CelSpectrum) done = cel_recipe_run(recipe, raw, NULL, &stages, NULL, NULL);
    g_autoptr(CelSpectrum) stage = cel_late_stage(recipe, raw, stages);
    const gsize n = cel_spectrum_length(late);
    g_assert_nonnull(done);
    g_assert_cmpuint(cel_spectrum_length(stage), ==, n);
    g_assert_true(memcmp(cel_spectrum_y(late), cel_spectrum_y(stage), n * sizeof(double)) == 0);
    g_assert_true(memcmp(cel_spectrum_x(late), cel_spectrum_x(stage), n * sizeof(double)) == 0);
    cel_recipe_append_text(recipe, "crop.range", NULL); /* after what bends the curve */
    g_assert_null(cel_late_stage(recipe, raw, stages));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/joint/buried", a_reference_is_found_below_its_background);
    g_test_add_func("/joint/cubic", a_cubic_background_and_a_factor_change_nothing);
    g_test_add_func("/joint/reference", the_background_of_a_reference_does_not_matter);
    g_test_add_func("/joint/broadened", a_blunter_instrument_broadens_every_reference);
    g_test_add_func("/joint/tilt", a_detector_that_hardly_sees_high_shifts_is_allowed_for);
    g_test_add_func("/joint/shift", a_shift_of_eight_wavenumbers_costs_its_price_only);
    g_test_add_func("/joint/carotenoid", carotenoid_bands_above_the_polymer_carry_no_weight);
    g_test_add_func("/joint/no-carotenoid", without_both_bands_there_is_no_carotenoid);
    g_test_add_func("/joint/masked", a_masked_spike_carries_no_weight);
    g_test_add_func("/joint/little", a_reference_with_too_little_in_common_is_not_scored);
    g_test_add_func("/joint/nothing", a_sample_without_anything_scores_nothing);
    g_test_add_func("/late/siblings", all_references_of_a_substance_are_tried_late);
    g_test_add_func("/late/without", a_late_view_left_out_changes_nothing);
    g_test_add_func("/late/rest", who_is_not_looked_at_again_cannot_gain);
    g_test_add_func("/late/side-by-side", siblings_stand_side_by_side);
    g_test_add_func("/late/sample", the_late_sample_keeps_its_background);
    g_test_add_func("/late/stage", a_stage_of_the_recipe_is_the_late_sample);
    return g_test_run();
}
