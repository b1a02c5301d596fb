/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fitted bands against least-squares optima, certified values and synthetic truth. */
#include "base/cel-error.h"
#include "process/cel-peakfit.h"
#include "process/cel-voigt.h"

#include "oracle.h"

#include <gsl/gsl_sf_dawson.h>
#include <gsl/gsl_sf_erf.h>
#include <json-glib/json-glib.h>
#include <math.h>

static double *read_vector(JsonObject *object, const char *name, gsize *out_n)
{
    JsonArray *array = json_object_get_array_member(object, name);
    *out_n = json_array_get_length(array);
    double *out = g_new(double, *out_n);
    for (guint i = 0; i < *out_n; i++)
        out[i] = json_array_get_double_element(array, i);
    return out;
}

static CelBandShape shape_of(const char *name)
{
    return g_str_has_prefix(name, "gauss")     ? CEL_BAND_GAUSS
           : g_str_has_prefix(name, "lorentz") ? CEL_BAND_LORENTZ
           : g_str_has_prefix(name, "voigt")   ? CEL_BAND_VOIGT
                                               : CEL_BAND_PSEUDO_VOIGT;
}

static void compare_fit(const char *shared, JsonObject *entry)
{
    const char *name = json_object_get_string_member(entry, "name");
    gsize n = 0, n_start = 0;
    g_autofree double *start = read_vector(entry, "start", &n_start);
    g_autofree double *expected = read_vector(entry, "fit", &n);
    g_autofree double *stderrs = read_vector(entry, "stderr", &n);
    g_autoptr(Table) data = table_load(shared, "fit", name);
    CelPeakfitProblem problem = {.x = table_column(data, "shift"),
                                 .y = table_column(data, "intensity"),
                                 .n = data->n,
                                 .shape = shape_of(name),
                                 .x0 = json_object_get_double_member(entry, "x0")};
    problem.n_bands = (n - 2) / cel_band_n_params(problem.shape);
    g_assert_cmpuint(cel_peakfit_n_params(&problem), ==, n_start);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelPeakfit) fit = cel_peakfit(&problem, start, NULL, &error);
    g_assert_no_error(error);
    double in_stderrs = 0.0, of_stderrs = 0.0, curve = 0.0;
    for (gsize k = 0; k < n; k++) {
        const double off = fabs(fit->p[k] - expected[k]);
        g_assert_true(off <= 1e-6 * fabs(expected[k]) || off <= 1e-3 * stderrs[k]);
        in_stderrs = fmax(in_stderrs, off / stderrs[k]);
        of_stderrs = fmax(of_stderrs, fabs(fit->u[k] / stderrs[k] - 1.0));
    }
    for (gsize i = 0; i < data->n; i++)
        curve = fmax(curve, fabs(cel_peakfit_value(&problem, fit->p, problem.x[i]) -
                                 table_column(data, "fit")[i]));
    const double chi2 = json_object_get_double_member(entry, "chi2");
    g_test_message("oracle fit/%s max_dev=%.2g standard errors, standard errors differ by %.2g, "
                   "chi2 by %.2g, curve by %.2g, %" G_GSIZE_FORMAT " iterations",
                   name, in_stderrs, of_stderrs, fit->chi2 / chi2 - 1.0, curve, fit->iterations);
    g_assert_cmpfloat(of_stderrs, <=, 1e-3);
    g_assert_cmpfloat(fabs(fit->chi2 / chi2 - 1.0), <=, 1e-9);
}

static void every_reference_fit_is_met(void)
{
    const char *shared = oracle_folder();
    if (shared == NULL)
        return;
    g_autofree char *path = g_build_filename(shared, "oracles", "fit", "fits.json", NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;
    json_parser_load_from_file(parser, path, &error);
    g_assert_no_error(error);
    JsonArray *entries = json_node_get_array(json_parser_get_root(parser));
    g_assert_cmpuint(json_array_get_length(entries), ==, 6);
    for (guint i = 0; i < json_array_get_length(entries); i++)
        compare_fit(shared, json_array_get_object_element(entries, i));
}

static void the_voigt_profile_equals_the_reference(void)
{
    const char *shared = oracle_folder();
    if (shared == NULL)
        return;
    g_autoptr(Table) table = table_load(shared, "fit", "voigt_profile");
    double worst = 0.0;
    for (gsize i = 0; i < table->n; i++) {
        const double expected = table_column(table, "V")[i];
        const double got = cel_voigt(table_column(table, "x")[i], table_column(table, "sigma")[i],
                                     table_column(table, "gamma")[i]);
        worst = fmax(worst, fabs(got / expected - 1.0));
    }
    g_test_message("oracle fit/voigt_profile max_dev=%.2g relative, %" G_GSIZE_FORMAT " values",
                   worst, table->n);
    g_assert_cmpfloat(worst, <=, 1e-13);
}

/* w(x) = exp(-x^2) + 2 i / sqrt(pi) Dawson(x); w(iy) = exp(y^2) erfc(y). */
static void the_faddeeva_function_is_right_on_both_axes(void)
{
    for (double t = 0.0; t < 12.0; t += 0.013) {
        const CelComplex real = cel_faddeeva(t, 0.0), imaginary = cel_faddeeva(0.0, t);
        const double dawson = 2.0 / sqrt(G_PI) * gsl_sf_dawson(t);
        g_assert_cmpfloat_with_epsilon(real.re, exp(-t * t), 1e-14);
        g_assert_cmpfloat_with_epsilon(real.im, dawson, 1e-14);
        const double scaled = exp(gsl_sf_log_erfc(t) + t * t);
        g_assert_cmpfloat_with_epsilon(imaginary.re / scaled, 1.0, 1e-12);
        g_assert_cmpfloat_with_epsilon(imaginary.im, 0.0, 1e-15);
    }
}

/* Both rules must agree where one takes over from the other. */
static void the_faddeeva_function_has_no_seams(void)
{
    const double step = 1e-7;
    for (double y = 0.0; y < 8.0; y += 0.11) {
        CelComplex last = cel_faddeeva(0.0, y), before = last;
        for (gsize i = 1; i < 400; i++) {
            const double x = 0.02 * (double)i + 3.1e-5;
            last = cel_faddeeva(x - step, y);
            before = cel_faddeeva(x + step, y);
            /* w' = -2 z w + 2 i / sqrt(pi) */
            const double slope = -2.0 * (x * last.re - y * last.im);
            g_assert_cmpfloat_with_epsilon(before.re - last.re, 2.0 * step * slope, 1e-12);
        }
    }
}

/* The rules switch at odd quarters of the spacing, which is met here from both sides. */
static void the_rules_agree_at_their_limits(void)
{
    const double h = sqrt(G_PI / 12.0);
    for (gsize k = 0; k < 40; k++) {
        const double x = 0.25 * h * (double)k;
        for (double y = 0.0; y < 7.0; y += 0.07) {
            const CelComplex a = cel_faddeeva(x * (1.0 + 1e-15), y);
            const CelComplex b = cel_faddeeva(x * (1.0 - 1e-15), y);
            g_assert_cmpfloat_with_epsilon(a.re, b.re, 1e-13);
            g_assert_cmpfloat_with_epsilon(a.im, b.im, 1e-13);
        }
    }
}

static void gradients_equal_differences(void)
{
    static const double rows[][4] = {{100.0, 500.0, 6.0, 0.3}, {80.0, 510.0, 2.5, 1.7}};
    for (gsize r = 0; r < 2; r++) {
        for (int shape = CEL_BAND_GAUSS; shape <= CEL_BAND_VOIGT; shape++) {
            for (double x = 480.0; x < 530.0; x += 1.3) {
                double gradient[CEL_BAND_MAX_PARAMS], p[4];
                memcpy(p, rows[r], sizeof p);
                cel_band_value((CelBandShape)shape, p, x, gradient);
                for (gsize k = 0; k < cel_band_n_params((CelBandShape)shape); k++) {
                    const double at = p[k], step = k == 1 ? 1e-4 : 1e-5 * fabs(at);
                    p[k] = at + step;
                    const double up = cel_band_value((CelBandShape)shape, p, x, NULL);
                    p[k] = at - step;
                    const double down = cel_band_value((CelBandShape)shape, p, x, NULL);
                    p[k] = at;
                    const double difference = (up - down) / (2.0 * step);
                    g_assert_cmpfloat_with_epsilon(gradient[k], difference,
                                                   1e-6 * fmax(1.0, fabs(difference)));
                }
            }
        }
    }
}

static double deviate(GRand *random)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += g_rand_double(random);
    return sum;
}

/* One standard uncertainty must hold the truth in 683 of 1000 repeats (binomial standard deviation
 * 15). */
static void standard_uncertainties_cover_the_truth(void)
{
    enum { N = 81, REPEATS = 1000, PARAMS = 6 };
    const double truth[PARAMS] = {100.0, 1000.3, 6.0, 0.5, 10.0, 0.05};
    const double start[PARAMS] = {80.0, 1002.0, 4.0, 0.4, 0.0, 0.0};
    g_autoptr(GRand) random = g_rand_new_with_seed(77);
    double x[N], y[N];
    guint inside[PARAMS] = {0};
    CelPeakfitProblem problem = {
        .x = x, .y = y, .n = N, .shape = CEL_BAND_PSEUDO_VOIGT, .n_bands = 1, .x0 = 1000.0};
    for (gsize r = 0; r < REPEATS; r++) {
        for (gsize i = 0; i < N; i++) {
            x[i] = 960.0 + (double)i;
            y[i] = cel_peakfit_value(&problem, truth, x[i]) + deviate(random);
        }
        g_autoptr(CelPeakfit) fit = cel_peakfit(&problem, start, NULL, NULL);
        g_assert_nonnull(fit);
        for (gsize k = 0; k < PARAMS; k++)
            inside[k] += fabs(fit->p[k] - truth[k]) <= fit->u[k];
    }
    for (gsize k = 0; k < PARAMS; k++) {
        g_test_message("parameter %" G_GSIZE_FORMAT ": %u of %d inside one u", k, inside[k],
                       REPEATS);
        g_assert_cmpuint(inside[k], >=, 638);
        g_assert_cmpuint(inside[k], <=, 728);
    }
}

static void variance_weighs_the_samples(void)
{
    enum { N = 60 };
    double x[N], y[N], variance[N];
    for (gsize i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = 3.0 + 0.5 * x[i] + (i < 30 ? 0.01 : 5.0) * (i % 2 == 0 ? 1.0 : -1.0) +
               (i >= 30 ? 8.0 : 0.0);
        variance[i] = i < 30 ? 1e-4 : 1e4;
    }
    CelPeakfitProblem problem = {.x = x, .y = y, .variance = variance, .n = N};
    const double start[2] = {0.0, 0.0};
    g_autoptr(CelPeakfit) weighted = cel_peakfit(&problem, start, NULL, NULL);
    problem.variance = NULL;
    g_autoptr(CelPeakfit) plain = cel_peakfit(&problem, start, NULL, NULL);
    g_assert_cmpfloat_with_epsilon(weighted->p[1], 0.5, 1e-3);
    g_assert_cmpfloat(fabs(plain->p[1] - 0.5), >, 0.05);
}

static void exact_data_give_the_exact_band(void)
{
    enum { N = 101 };
    const double truth[] = {50.0, 500.4, 5.0, 0.25, 2.0, 0.01};
    const double start[] = {30.0, 498.0, 8.0, 0.5, 0.0, 0.0};
    double x[N], y[N];
    CelPeakfitProblem problem = {
        .x = x, .y = y, .n = N, .shape = CEL_BAND_PSEUDO_VOIGT, .n_bands = 1, .x0 = 500.0};
    for (gsize i = 0; i < N; i++) {
        x[i] = 450.0 + (double)i;
        y[i] = cel_peakfit_value(&problem, truth, x[i]);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(CelPeakfit) fit = cel_peakfit(&problem, start, NULL, &error);
    g_assert_no_error(error);
    for (gsize k = 0; k < 6; k++)
        g_assert_cmpfloat_with_epsilon(fit->p[k], truth[k], 1e-8);
}

static void refuses_what_the_data_do_not_determine(void)
{
    enum { N = 40 };
    double x[N], y[N];
    for (gsize i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = 4.0 + (i % 3 == 0 ? 0.5 : -0.25);
    }
    /* two bands on the same place, of height 0: nothing tells them apart */
    const double start[] = {0.0, 20.0, 3.0, 0.0, 20.0, 3.0, 4.0, 0.0};
    CelPeakfitProblem problem = {.x = x, .y = y, .n = N, .shape = CEL_BAND_GAUSS, .n_bands = 2};
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_peakfit(&problem, start, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_NUMERIC);
    g_clear_error(&error);
    problem.n = 8;
    g_assert_null(cel_peakfit(&problem, start, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_NUMERIC);
    g_clear_error(&error);
    const double bad[] = {NAN, 20.0, 3.0, 0.0, 20.0, 3.0, 4.0, 0.0};
    problem.n = N;
    g_assert_null(cel_peakfit(&problem, bad, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void a_bounded_number_of_iterations_is_kept(void)
{
    enum { N = 60 };
    double x[N], y[N];
    const double truth[] = {50.0, 30.0, 5.0, 2.0, 0.0}, start[] = {1.0, 15.0, 1.0, 0.0, 0.0};
    CelPeakfitProblem problem = {
        .x = x, .y = y, .n = N, .shape = CEL_BAND_LORENTZ, .n_bands = 1, .max_iter = 1};
    for (gsize i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = cel_peakfit_value(&problem, truth, x[i]) + (i % 2 == 0 ? 1.0 : -1.0);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_peakfit(&problem, start, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_NUMERIC);
}

static void a_cancelled_job_stops_the_fit(void)
{
    const double x[] = {0, 1, 2, 3, 4}, y[] = {0, 1, 2, 3, 5}, start[] = {0.0, 0.0};
    const CelPeakfitProblem problem = {.x = x, .y = y, .n = 5};
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_cancellable_cancel(cancel);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_peakfit(&problem, start, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

static const double bands_truth[] = {200.0, 300.4, 8.0, 0.3,  150.0, 325.0, 9.0, 0.6, 400.0,
                                     600.7, 10.0,  0.5, 90.0, 801.2, 7.0,   0.9, 0.0, 0.0};

static CelSpectrum *make_spectrum(double noise)
{
    enum { N = 500 };
    double x[N], y[N];
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    const CelPeakfitProblem model = {.shape = CEL_BAND_PSEUDO_VOIGT, .n_bands = 4};
    for (gsize i = 0; i < N; i++) {
        x[i] = 100.0 + 2.0 * (double)i;
        y[i] = cel_peakfit_value(&model, bands_truth, x[i]) + noise * deviate(random);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

static double true_area(const double *p)
{
    return p[0] * p[2] * (p[3] * G_PI + (1.0 - p[3]) * sqrt(G_PI / G_LN2));
}

static void the_bands_of_a_spectrum_are_fitted_within_their_uncertainties(void)
{
    g_autoptr(CelSpectrum) spectrum = make_spectrum(1.0);
    const CelPeakOptions options = {.min_prominence = 20.0, .min_width = 2.0};
    gsize unfitted = 99;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) peaks = cel_peakfit_spectrum(spectrum, &options, &unfitted, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(peaks->len, ==, 4);
    g_assert_cmpuint(unfitted, ==, 0);
    for (guint i = 0; i < 4; i++) {
        const CelPeak *peak = &g_array_index(peaks, CelPeak, i);
        const double *p = bands_truth + 4 * i;
        g_assert_cmpfloat(peak->u_position, >, 0.0);
        g_assert_cmpfloat(peak->u_position, <, 0.2);
        g_assert_cmpfloat(fabs(peak->position - p[1]), <, 4.0 * peak->u_position);
        g_assert_cmpfloat(fabs(peak->height - p[0]), <, 4.0 * peak->u_height);
        g_assert_cmpfloat(fabs(peak->fwhm - 2.0 * p[2]), <, 4.0 * peak->u_fwhm);
        g_assert_cmpfloat(fabs(peak->area - true_area(p)), <, 4.0 * peak->u_area);
        g_assert_cmpfloat(peak->u_area, <, 0.2 * peak->area);
    }
}

static void a_masked_flank_is_left_out_of_the_fit(void)
{
    g_autoptr(CelSpectrum) clean = make_spectrum(1.0);
    g_autofree double *y = g_memdup2(cel_spectrum_y(clean), 500 * sizeof(double));
    g_autofree guint8 *mask = g_new0(guint8, 500);
    y[254] = 5000.0; /* a spike on the flank of the band at 600.7 */
    mask[254] = CEL_MASK_COSMIC;
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(cel_spectrum_axis(clean), y, NULL);
    cel_spectrum_set_mask(spectrum, mask);
    const CelPeakOptions options = {.min_prominence = 20.0, .min_width = 2.0, .window = 31};
    g_autoptr(GArray) peaks = cel_peakfit_spectrum(spectrum, &options, NULL, NULL, NULL);
    gboolean found = FALSE;
    for (guint i = 0; i < peaks->len; i++)
        found = found || fabs(g_array_index(peaks, CelPeak, i).position - 600.7) < 0.2;
    g_assert_true(found);
}

static void a_peak_that_is_not_fitted_says_so(void)
{
    /* a triangle of five samples: fewer than a band and a line have parameters */
    const double x[] = {0, 1, 2, 3, 4}, y[] = {0, 1, 2, 1, 0};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 5, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    const CelPeakOptions options = {.min_prominence = 1.0};
    gsize unfitted = 0;
    g_autoptr(GArray) peaks = cel_peakfit_spectrum(spectrum, &options, &unfitted, NULL, NULL);
    g_assert_cmpuint(peaks->len, ==, 1);
    g_assert_cmpuint(unfitted, ==, 1);
    g_assert_cmpfloat(g_array_index(peaks, CelPeak, 0).area, ==, 0.0);
    g_assert_cmpfloat(g_array_index(peaks, CelPeak, 0).u_position, ==, 0.0);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fit/reference", every_reference_fit_is_met);
    g_test_add_func("/fit/voigt-profile", the_voigt_profile_equals_the_reference);
    g_test_add_func("/fit/faddeeva-axes", the_faddeeva_function_is_right_on_both_axes);
    g_test_add_func("/fit/faddeeva-slope", the_faddeeva_function_has_no_seams);
    g_test_add_func("/fit/faddeeva-limits", the_rules_agree_at_their_limits);
    g_test_add_func("/fit/gradients", gradients_equal_differences);
    g_test_add_func("/fit/coverage", standard_uncertainties_cover_the_truth);
    g_test_add_func("/fit/weights", variance_weighs_the_samples);
    g_test_add_func("/fit/exact-data", exact_data_give_the_exact_band);
    g_test_add_func("/fit/refuses", refuses_what_the_data_do_not_determine);
    g_test_add_func("/fit/bounded", a_bounded_number_of_iterations_is_kept);
    g_test_add_func("/fit/cancelled", a_cancelled_job_stops_the_fit);
    g_test_add_func("/fit/spectrum/bands",
                    the_bands_of_a_spectrum_are_fitted_within_their_uncertainties);
    g_test_add_func("/fit/spectrum/masked", a_masked_flank_is_left_out_of_the_fit);
    g_test_add_func("/fit/spectrum/not-fitted", a_peak_that_is_not_fitted_says_so);
    return g_test_run();
}
