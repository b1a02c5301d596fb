/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "process/baseline-weights.h"
#include "process/baseline-whittaker.h"
#include "process/cel-exp.h"
#include "process/cel-filter.h"
#include "process/cel-peakfit.h"
#include "process/cel-step.h"
#include "process/whittaker.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

/* The same system through GSL's solver for symmetric bands of any width. */
static void solve_by_gsl(const double *y, const double *w, gsize n, guint order, double lambda,
                         gsl_vector *out)
{
    static const double rows[2][3] = {{-1.0, 1.0, 0.0}, {1.0, -2.0, 1.0}};
    const double *d = rows[order - 1];
    gsl_matrix *band = gsl_matrix_calloc(n, order + 1);
    gsl_vector *right = gsl_vector_alloc(n);
    for (gsize i = 0; i < n; i++) {
        gsl_matrix_set(band, i, 0, w[i]);
        gsl_vector_set(right, i, w[i] * y[i]);
    }
    for (gsize r = 0; r + order < n; r++) {
        for (gsize a = 0; a <= order; a++) {
            for (gsize b = a; b <= order; b++)
                *gsl_matrix_ptr(band, r + a, b - a) += lambda * d[a] * d[b];
        }
    }
    g_assert_cmpint(gsl_linalg_ldlt_band_decomp(band), ==, 0);
    g_assert_cmpint(gsl_linalg_ldlt_band_solve(band, right, out), ==, 0);
    gsl_matrix_free(band);
    gsl_vector_free(right);
}

static void the_solver_equals_a_general_band_solver(void)
{
    static const gsize lengths[] = {3, 4, 5, 6, 7, 50, 51, 500};
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    for (gsize k = 0; k < 2 * G_N_ELEMENTS(lengths); k++) {
        const gsize n = lengths[k / 2];
        const guint order = 1 + k % 2;
        const double lambda = pow(10.0, g_rand_double_range(random, 0.0, 4.0));
        g_autofree double *y = g_new(double, n);
        g_autofree double *w = g_new(double, n);
        g_autofree double *z = g_new(double, n);
        for (gsize i = 0; i < n; i++) {
            y[i] = g_rand_double_range(random, -10.0, 10.0);
            w[i] = g_rand_double_range(random, 0.05, 1.0);
        }
        gsl_vector *expected = gsl_vector_alloc(n);
        solve_by_gsl(y, w, n, order, lambda, expected);
        g_autoptr(CelWhittaker) ws = cel_whittaker_new(n, order);
        g_assert_true(cel_whittaker_solve(ws, y, w, lambda, z));
        for (gsize i = 0; i < n; i++)
            g_assert_cmpfloat_with_epsilon(z[i], gsl_vector_get(expected, i), 1e-9);
        gsl_vector_free(expected);
    }
}

static void a_straight_line_is_left_alone_by_second_differences(void)
{
    double y[101], z[101];
    for (gsize i = 0; i < 101; i++)
        y[i] = 5.0 - 0.25 * (double)i;
    g_autoptr(CelWhittaker) ws = cel_whittaker_new(101, 2);
    g_assert_true(cel_whittaker_solve(ws, y, NULL, 1e4, z));
    for (gsize i = 0; i < 101; i++)
        g_assert_cmpfloat_with_epsilon(z[i], y[i], 1e-9);
}

static void mirrored_data_give_the_mirrored_curve(void)
{
    double y[64], z[64], mirrored[64];
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    for (gsize i = 0; i < 64; i++)
        y[i] = g_rand_double(random);
    g_autoptr(CelWhittaker) ws = cel_whittaker_new(64, 2);
    g_assert_true(cel_whittaker_solve(ws, y, NULL, 100.0, z));
    for (gsize i = 0; i < 64; i++)
        mirrored[i] = y[63 - i];
    g_assert_true(cel_whittaker_solve(ws, mirrored, NULL, 100.0, mirrored));
    for (gsize i = 0; i < 64; i++)
        g_assert_cmpfloat_with_epsilon(mirrored[63 - i], z[i], 1e-13);
}

static void weights_that_do_not_determine_a_curve_are_refused(void)
{
    static const gsize lengths[] = {3, 20, 333, 1024, 5000};
    for (gsize k = 0; k < G_N_ELEMENTS(lengths); k++) {
        const gsize n = lengths[k];
        g_autofree double *y = g_new0(double, n);
        g_autofree double *w = g_new0(double, n);
        g_autofree double *z = g_new(double, n);
        g_autoptr(CelWhittaker) ws = cel_whittaker_new(n, 2);
        g_assert_false(cel_whittaker_solve(ws, y, w, 1e5 / 3.0, z));
        w[n / 3] = 1.0;
        g_assert_false(cel_whittaker_solve(ws, y, w, 1e5 / 3.0, z));
        w[n - 1] = 1.0;
        g_assert_true(cel_whittaker_solve(ws, y, w, 1e5 / 3.0, z));
    }
}

/* Two weighted samples determine the straight line through them, however stiff the curve. */
static void two_weights_give_the_line_through_them(void)
{
    double y[300] = {0.0}, w[300] = {0.0}, z[300];
    y[40] = 4.0;
    y[240] = 24.0;
    w[40] = w[240] = 1.0;
    g_autoptr(CelWhittaker) ws = cel_whittaker_new(300, 2);
    g_assert_true(cel_whittaker_solve(ws, y, w, 1e4, z));
    for (gsize i = 0; i < 300; i++)
        g_assert_cmpfloat_with_epsilon(z[i], 0.1 * (double)i, 1e-4);
}

/* Units in the last place between @value and the correctly rounded exp(t). */
static double ulps_of_exp(double t, double value)
{
    const long double exact = expl((long double)CLAMP(t, -700.0, 700.0));
    const double step = nextafter((double)exact, INFINITY) - (double)exact;
    return (double)(fabsl((long double)value - exact) / (long double)step);
}

static void the_exponential_is_right_to_a_unit_in_every_lane(void)
{
    static const double extremes[] = {0.0,    -0.0, 1e-300, 699.9,   -699.9,  1e308,
                                      -1e308, 37.0, -37.0,  0.34657, 0.34658, 700.0};
    double worst = 0.0, v[CEL_LANES] CEL_LANES_ALIGNED;
    for (double t = -699.0; t < 699.0; t += 0.0137) {
        for (guint k = 0; k < CEL_LANES; k++)
            v[k] = t + 0.1 * (double)k;
        cel_exp_all(v, CEL_LANES);
        for (guint k = 0; k < CEL_LANES; k++)
            worst = fmax(worst, ulps_of_exp(t + 0.1 * (double)k, v[k]));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(extremes); i++) {
        v[0] = extremes[i];
        cel_exp_all(v, 1);
        worst = fmax(worst, ulps_of_exp(extremes[i], v[0]));
    }
    g_test_message("largest error of exp: %.2f units in the last place", worst);
    g_assert_cmpfloat(worst, <=, 1.0);
}

static void the_weights_of_arpls_are_the_logistic_function(void)
{
    enum { SAMPLES = 24, MASKED = 5 };
    double y[SAMPLES] CEL_LANES_ALIGNED, z[SAMPLES] CEL_LANES_ALIGNED;
    double alive[SAMPLES] CEL_LANES_ALIGNED, out[SAMPLES] CEL_LANES_ALIGNED = {0};
    for (gsize i = 0; i < SAMPLES; i++) {
        y[i] = 4.0 * (double)i;
        z[i] = (double)i + 30.0;
        alive[i] = i == MASKED ? 0.0 : 1.0;
    }
    const CelResiduals residuals = {y, z, alive, SAMPLES};
    CelWeigh w = {CEL_BASELINE_ARPLS, &residuals, out, {0.25}, {7.0}, {0}, {0}};
    cel_weigh_one(&w);
    for (gsize i = 0; i < SAMPLES; i++) {
        const double expected = i == MASKED ? 0.0 : 1.0 / (1.0 + exp(0.25 * (y[i] - z[i] - 7.0)));
        g_assert_cmpfloat_with_epsilon(out[i], expected, 1e-15);
    }
}

/* The same equations, written out as a matrix, by GSL's general solver. */
static void drpls_by_gsl(const double *y, const double *w, gsize n, double lambda, gsl_vector *out)
{
    gsl_matrix *a = gsl_matrix_calloc(n, n);
    gsl_vector *right = gsl_vector_alloc(n);
    gsl_permutation *order = gsl_permutation_alloc(n);
    static const double first[] = {-1.0, 1.0}, second[] = {1.0, -2.0, 1.0};
    int sign = 0;
    for (gsize r = 0; r + 1 < n; r++)
        for (gsize k = 0; k < 4; k++)
            *gsl_matrix_ptr(a, r + k / 2, r + k % 2) += first[k / 2] * first[k % 2];
    for (gsize r = 0; r + 2 < n; r++)
        for (gsize k = 0; k < 9; k++)
            *gsl_matrix_ptr(a, r + k / 3, r + k % 3) +=
                lambda * (1.0 - 0.5 * w[r + k / 3]) * second[k / 3] * second[k % 3];
    for (gsize i = 0; i < n; i++) {
        *gsl_matrix_ptr(a, i, i) += w[i];
        gsl_vector_set(right, i, w[i] * y[i]);
    }
    g_assert_cmpint(gsl_linalg_LU_decomp(a, order, &sign), ==, 0);
    g_assert_cmpint(gsl_linalg_LU_solve(a, order, right, out), ==, 0);
    gsl_matrix_free(a);
    gsl_vector_free(right);
    gsl_permutation_free(order);
}

static void the_doubly_weighted_equations_are_solved_at_every_length(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(12);
    for (gsize n = 3; n < 60; n++) {
        double y[60], w[60], z[60], memory[180];
        for (gsize i = 0; i < n; i++) {
            y[i] = g_rand_double_range(random, -10.0, 10.0);
            w[i] = g_rand_double(random);
        }
        gsl_vector *expected = gsl_vector_alloc(n);
        drpls_by_gsl(y, w, n, 300.0, expected);
        g_assert_true(cel_drpls_solve(y, w, n, 300.0, memory, z));
        for (gsize i = 0; i < n; i++)
            g_assert_cmpfloat_with_epsilon(z[i], gsl_vector_get(expected, i), 1e-9);
        gsl_vector_free(expected);
    }
}

/* ---- several at once, and every form of the kernels ---- */

enum { MAP = 21, LONGEST = 131 };

/* Spectra that take from few to many passes; every third one has masked samples. */
typedef struct {
    gsize n;
    double x[LONGEST], y[MAP][LONGEST], curve[MAP][LONGEST];
    guint8 mask[LONGEST];
    CelBaselineData data[MAP];
    CelBaselineInfo infos[MAP];
    double *out[MAP];
} Map;

static void fill_map(Map *map, gsize n)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)n);
    map->n = n;
    for (gsize i = 0; i < n; i++) {
        map->x[i] = (double)i;
        map->mask[i] = i % 17 == 5 ? CEL_MASK_BAD_PIXEL : 0;
    }
    for (gsize s = 0; s < MAP; s++) {
        const gboolean masked = s % 3 == 2;
        for (gsize i = 0; i < n; i++) {
            const double u = ((double)i - 40.0 - 2.0 * (double)s) / 3.0;
            map->y[s][i] = 50.0 * (double)s + 0.02 * (double)(s * i) + 90.0 * exp(-u * u) +
                           g_rand_double_range(random, -1.0, 1.0) * (double)(s % 5);
        }
        map->data[s] = (CelBaselineData){map->x, map->y[s], masked ? map->mask : NULL, n};
        map->out[s] = map->curve[s];
    }
}

static void spectra_side_by_side_get_the_bits_they_get_alone(void)
{
    static const gsize lengths[] = {3, 8, 9, 64, 100, 131};
    const CelWhittakerOptions options = {
        .lambda = 300.0, .order = 2, .asymmetry = 0.02, .max_iter = 30, .tolerance = 1e-4};
    g_autofree Map *map = g_new0(Map, 1);
    for (gsize t = 0; t < 4 * G_N_ELEMENTS(lengths); t++) {
        const CelBaselineMethod method = CEL_BASELINE_ASLS + t % 4;
        fill_map(map, lengths[t / 4]);
        const CelBaselineMany many = {method, &options, map->data, MAP, map->out, map->infos};
        g_assert_true(cel_baseline_whittaker_many(&many, NULL));
        for (gsize s = 0; s < MAP; s++) {
            double alone[LONGEST];
            CelBaselineInfo info = {0};
            g_assert_true(
                cel_baseline_whittaker(method, &map->data[s], &options, alone, &info, NULL));
            g_assert_cmpuint(map->infos[s].iterations, ==, info.iterations);
            g_assert_cmpfloat(map->infos[s].change, ==, info.change);
            g_assert_cmpint(map->infos[s].converged, ==, info.converged);
            g_assert_cmpint(memcmp(map->curve[s], alone, map->n * sizeof(double)), ==, 0);
        }
    }
}

static void one_of_many_without_weight_is_refused(void)
{
    const CelWhittakerOptions options = {
        .lambda = 300.0, .order = 2, .max_iter = 30, .tolerance = 1e-4};
    g_autofree Map *map = g_new0(Map, 1);
    g_autoptr(GError) error = NULL;
    guint8 all[LONGEST];
    memset(all, CEL_MASK_SATURATED, sizeof all);
    fill_map(map, 100);
    map->data[13].mask = all;
    const CelBaselineMany many = {CEL_BASELINE_ARPLS, &options, map->data, MAP, map->out, NULL};
    g_assert_false(cel_baseline_whittaker_many(&many, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_NUMERIC);
}

static void add_numbers(GChecksum *digest, const double *values, gsize n)
{
    g_checksum_update(digest, (const guchar *)values, (gssize)(n * sizeof *values));
}

static void add_penalised(GChecksum *digest, Map *map)
{
    const CelWhittakerOptions options = {
        .lambda = 300.0, .order = 2, .asymmetry = 0.02, .max_iter = 30, .tolerance = 1e-4};
    for (guint m = 0; m < 5 * MAP; m++) {
        const CelBaselineMethod method = CEL_BASELINE_ASLS + m % 5;
        g_assert_true(
            cel_baseline_whittaker(method, &map->data[m / 5], &options, map->curve[0], NULL, NULL));
        add_numbers(digest, map->curve[0], LONGEST);
    }
}

static void add_others(GChecksum *digest, Map *map)
{
    const CelPolynomialOptions polynomial = {
        .order = 5, .max_iter = 50, .tolerance = 1e-3, .mask_initial_peaks = TRUE};
    const CelSnipOptions snip = {.max_half_window = 20, .order = 2};
    const CelFilter filter = {.half = 5, .polynomial = 3, .edges = CEL_EDGES_INTERP};
    for (gsize s = 0; s < MAP; s++) {
        g_assert_true(cel_baseline_imodpoly(&map->data[s], &polynomial, map->curve[0], NULL, NULL));
        add_numbers(digest, map->curve[0], LONGEST);
        g_assert_true(cel_baseline_snip(&map->data[s], &snip, map->curve[0], NULL));
        add_numbers(digest, map->curve[0], LONGEST);
        cel_filter_apply(&filter, map->y[s], map->y[s], LONGEST, map->curve[0], map->curve[1]);
        add_numbers(digest, map->curve[0], 2 * LONGEST);
    }
}

static void add_fit(GChecksum *digest, const Map *map)
{
    static const double start[] = {80.0, 41.5, 4.0, 0.5, 0.0, 0.0};
    const CelPeakfitProblem problem = {.x = map->x + 20,
                                       .y = map->y[1] + 20,
                                       .n = 45,
                                       .shape = CEL_BAND_PSEUDO_VOIGT,
                                       .n_bands = 1,
                                       .x0 = 40.0};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelPeakfit) fit = cel_peakfit(&problem, start, NULL, &error);
    g_assert_no_error(error);
    add_numbers(digest, fit->p, fit->n_params);
    add_numbers(digest, fit->u, fit->n_params);
}

/* Prints the digest of what the kernels make; the test below compares it between forms. */
static void print_digest_of_kernels(void)
{
    g_autoptr(GChecksum) digest = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree Map *map = g_new0(Map, 1);
    double values[CEL_LANES * 5] CEL_LANES_ALIGNED;
    fill_map(map, LONGEST);
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        values[i] = -50.0 + 2.7 * (double)i;
    cel_exp_all(values, G_N_ELEMENTS(values));
    add_numbers(digest, values, G_N_ELEMENTS(values));
    add_penalised(digest, map);
    add_others(digest, map);
    add_fit(digest, map);
    g_print("form %d digest %s\n", cel_lanes_form(), g_checksum_get_string(digest));
}

static char *digest_of_form(const char *form)
{
    g_autofree char *out = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "CELADON_LANES", form, TRUE);
    g_autofree char *self = g_file_read_link("/proc/self/exe", &error);
    char *const program[] = {(char *)self, (char *)"--print-digest", NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)program, environment, G_SPAWN_DEFAULT, NULL, NULL,
                               &out, NULL, NULL, &error));
    g_assert_no_error(error);
    g_test_message("%s: %s", form, g_strstrip(out));
    const char *digest = strstr(out, "digest ");
    g_assert_nonnull(digest);
    return g_strdup(digest);
}

static void every_form_of_the_kernels_gives_the_same_bits(void)
{
    g_autofree char *plain = digest_of_form("plain"), *avx2 = digest_of_form("avx2");
    g_autofree char *best = digest_of_form("best");
    g_assert_cmpstr(plain, ==, avx2);
    g_assert_cmpstr(plain, ==, best);
}

enum { N = 400 };

/* A band of height 100 at sample 200 on a slope, on an axis of the given spacing. */
static CelSpectrum *make_spectrum(double spacing, double noise)
{
    double x[N], y[N];
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (gsize i = 0; i < N; i++) {
        const double u = ((double)i - 200.0) / 6.0;
        x[i] = 200.0 + spacing * (double)i;
        y[i] = 1000.0 + 0.5 * (double)i + 100.0 * exp(-0.5 * u * u) +
               noise * g_rand_double_range(random, -1.0, 1.0);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

static CelSpectrum *run_step(const char *id, const char *text, const CelSpectrum *in,
                             GError **error)
{
    const CelStepDef *step = cel_step_find(id, error);
    g_assert_nonnull(step);
    g_autoptr(CelParams) params = cel_params_new(step->params, step->n_params);
    g_assert_true(cel_params_parse(params, text, error));
    const CelStepInputs inputs = {0};
    return step->run(in, params, &inputs, error);
}

static const char *const all_steps[] = {
    "baseline.asls",  "baseline.arpls",    "baseline.airpls", "baseline.iarpls",
    "baseline.drpls", "baseline.imodpoly", "baseline.snip",   "baseline.rubberband"};

static void every_step_removes_a_slope_and_keeps_the_band(void)
{
    g_autoptr(CelSpectrum) in = make_spectrum(2.0, 0.5);
    for (gsize s = 0; s < G_N_ELEMENTS(all_steps); s++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CelSpectrum) out = run_step(all_steps[s], "", in, &error);
        g_assert_no_error(error);
        const double *y = cel_spectrum_y(out);
        g_assert_cmpfloat_with_epsilon(y[200], 100.0, 8.0);
        g_assert_cmpfloat_with_epsilon(y[50], 0.0, 4.0);
        g_assert_cmpfloat_with_epsilon(y[350], 0.0, 4.0);
    }
}

static void every_step_carries_variance_and_mask(void)
{
    g_autoptr(CelSpectrum) in = make_spectrum(2.0, 0.5);
    double variance[N];
    guint8 mask[N] = {0};
    for (gsize i = 0; i < N; i++)
        variance[i] = 1.0 + (double)i;
    mask[17] = CEL_MASK_COSMIC;
    g_assert_true(cel_spectrum_set_variance(in, variance, NULL));
    cel_spectrum_set_mask(in, mask);
    for (gsize s = 0; s < G_N_ELEMENTS(all_steps); s++) {
        g_autoptr(CelSpectrum) out = run_step(all_steps[s], "", in, NULL);
        g_assert_cmpint(memcmp(cel_spectrum_variance(out), variance, sizeof variance), ==, 0);
        g_assert_cmpint(memcmp(cel_spectrum_mask(out), mask, sizeof mask), ==, 0);
        g_assert_true(cel_axis_equal(cel_spectrum_axis(out), cel_spectrum_axis(in)));
    }
}

/* A dead pixel (value 0) would pull every one of these backgrounds down. */
static void a_masked_sample_does_not_move_the_background(void)
{
    g_autoptr(CelSpectrum) clean = make_spectrum(2.0, 0.5);
    double y[N];
    guint8 mask[N] = {0};
    for (gsize i = 0; i < N; i++)
        y[i] = cel_spectrum_y(clean)[i];
    y[100] = 0.0;
    mask[100] = CEL_MASK_BAD_PIXEL;
    g_autoptr(CelSpectrum) bad = cel_spectrum_new(cel_spectrum_axis(clean), y, NULL);
    cel_spectrum_set_mask(bad, mask);
    for (gsize s = 0; s < G_N_ELEMENTS(all_steps); s++) {
        g_autoptr(CelSpectrum) a = run_step(all_steps[s], "", clean, NULL);
        g_autoptr(CelSpectrum) b = run_step(all_steps[s], "", bad, NULL);
        for (gsize i = 0; i < N; i++) {
            if (i != 100)
                g_assert_cmpfloat_with_epsilon(cel_spectrum_y(a)[i], cel_spectrum_y(b)[i], 1.5);
        }
    }
}

static void the_background_scales_with_the_data(void)
{
    g_autoptr(CelSpectrum) in = make_spectrum(2.0, 0.5);
    double y[N];
    for (gsize i = 0; i < N; i++)
        y[i] = 1024.0 * cel_spectrum_y(in)[i];
    g_autoptr(CelSpectrum) scaled = cel_spectrum_new(cel_spectrum_axis(in), y, NULL);
    for (gsize s = 0; s < G_N_ELEMENTS(all_steps); s++) {
        g_autoptr(CelSpectrum) a = run_step(all_steps[s], "", in, NULL);
        g_autoptr(CelSpectrum) b = run_step(all_steps[s], "", scaled, NULL);
        for (gsize i = 0; i < N; i++)
            g_assert_cmpfloat_with_epsilon(1024.0 * cel_spectrum_y(a)[i], cel_spectrum_y(b)[i],
                                           1e-3);
    }
}

static void stiffness_can_be_stated_for_a_spacing(void)
{
    g_autoptr(CelSpectrum) in = make_spectrum(2.0, 0.5);
    g_autoptr(CelSpectrum) a =
        run_step("baseline.arpls", "lambda=1.6e5,lambda_step_cm1=1", in, NULL);
    g_autoptr(CelSpectrum) b = run_step("baseline.arpls", "lambda=1e4", in, NULL);
    for (gsize i = 0; i < N; i++)
        g_assert_cmpfloat_with_epsilon(cel_spectrum_y(a)[i], cel_spectrum_y(b)[i], 1e-6);
    g_autoptr(CelAxis) pixels = cel_axis_new_pixels(N, NULL);
    g_assert_true(cel_spectrum_set_axis(in, pixels, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(run_step("baseline.arpls", "lambda_step_cm1=2", in, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
}

static void a_spectrum_without_a_usable_sample_is_refused(void)
{
    g_autoptr(CelSpectrum) in = make_spectrum(2.0, 0.5);
    guint8 mask[N];
    for (gsize i = 0; i < N; i++)
        mask[i] = CEL_MASK_SATURATED;
    cel_spectrum_set_mask(in, mask);
    for (gsize s = 0; s < G_N_ELEMENTS(all_steps); s++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(run_step(all_steps[s], "", in, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_NUMERIC);
    }
}

static void windows_and_parts_that_do_not_fit_are_refused(void)
{
    g_autoptr(CelSpectrum) in = make_spectrum(2.0, 0.5);
    g_autoptr(GError) error = NULL;
    g_assert_null(run_step("baseline.snip", "max_half_window=200", in, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_clear_error(&error);
    g_assert_null(run_step("baseline.rubberband", "segments=201", in, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void constant_data_have_a_constant_background(void)
{
    double x[50], y[50];
    for (gsize i = 0; i < 50; i++) {
        x[i] = (double)i;
        y[i] = 7.0;
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 50, NULL);
    g_autoptr(CelSpectrum) in = cel_spectrum_new(axis, y, NULL);
    for (gsize s = 0; s < G_N_ELEMENTS(all_steps); s++) {
        const char *text = g_str_equal(all_steps[s], "baseline.snip") ? "max_half_window=10" : "";
        g_autoptr(GError) error = NULL;
        g_autoptr(CelSpectrum) out = run_step(all_steps[s], text, in, &error);
        g_assert_no_error(error);
        for (gsize i = 0; i < 50; i++)
            g_assert_cmpfloat_with_epsilon(cel_spectrum_y(out)[i], 0.0, 1e-6);
    }
}

/* Not a limit: the time of one solve, for the reader of the log. */
static void time_of_a_solve_is_reported(void)
{
    enum { POINTS = 1024, REPEATS = 2000 };
    g_autofree double *y = g_new0(double, POINTS);
    g_autofree double *z = g_new0(double, POINTS);
    g_autoptr(CelWhittaker) ws = cel_whittaker_new(POINTS, 2);
    y[512] = 1.0;
    const gint64 start = g_get_monotonic_time();
    for (gsize i = 0; i < REPEATS; i++)
        g_assert_true(cel_whittaker_solve(ws, y, NULL, 1e5, z));
    const double us = (double)(g_get_monotonic_time() - start) / REPEATS;
    g_test_message("one solve of 1024 points: %.1f us", us);
}

int main(int argc, char **argv)
{
    cel_init();
    if (argc == 2 && g_str_equal(argv[1], "--print-digest")) {
        print_digest_of_kernels();
        return 0;
    }
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/whittaker/equals-gsl", the_solver_equals_a_general_band_solver);
    g_test_add_func("/whittaker/straight-line",
                    a_straight_line_is_left_alone_by_second_differences);
    g_test_add_func("/whittaker/mirrored", mirrored_data_give_the_mirrored_curve);
    g_test_add_func("/whittaker/singular", weights_that_do_not_determine_a_curve_are_refused);
    g_test_add_func("/whittaker/two-weights", two_weights_give_the_line_through_them);
    g_test_add_func("/whittaker/time", time_of_a_solve_is_reported);
    g_test_add_func("/baseline/exponential", the_exponential_is_right_to_a_unit_in_every_lane);
    g_test_add_func("/baseline/logistic", the_weights_of_arpls_are_the_logistic_function);
    g_test_add_func("/baseline/drpls-equals-gsl",
                    the_doubly_weighted_equations_are_solved_at_every_length);
    g_test_add_func("/baseline/many", spectra_side_by_side_get_the_bits_they_get_alone);
    g_test_add_func("/baseline/many-refused", one_of_many_without_weight_is_refused);
    g_test_add_func("/baseline/forms", every_form_of_the_kernels_gives_the_same_bits);
    g_test_add_func("/baseline/keeps-the-band", every_step_removes_a_slope_and_keeps_the_band);
    g_test_add_func("/baseline/carries", every_step_carries_variance_and_mask);
    g_test_add_func("/baseline/masked", a_masked_sample_does_not_move_the_background);
    g_test_add_func("/baseline/scales", the_background_scales_with_the_data);
    g_test_add_func("/baseline/stiffness-in-cm1", stiffness_can_be_stated_for_a_spacing);
    g_test_add_func("/baseline/nothing-usable", a_spectrum_without_a_usable_sample_is_refused);
    g_test_add_func("/baseline/does-not-fit", windows_and_parts_that_do_not_fit_are_refused);
    g_test_add_func("/baseline/constant", constant_data_have_a_constant_background);
    return g_test_run();
}
