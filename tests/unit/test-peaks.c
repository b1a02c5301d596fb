/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "process/cel-cwt.h"
#include "process/cel-peakfind.h"
#include "process/cel-peakfit.h"

#include <math.h>

typedef struct {
    double position, fwhm, height;
} Band;

/* Reproducible normal deviates: sum of twelve uniform ones. */
static double deviate(GRand *random)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += g_rand_double(random);
    return sum;
}

static CelSpectrum *make_spectrum(const Band *bands, gsize n_bands, gsize n, double noise)
{
    g_autofree double *x = g_new(double, n);
    g_autofree double *y = g_new0(double, n);
    g_autoptr(GRand) random = g_rand_new_with_seed(20);
    for (gsize i = 0; i < n; i++) {
        x[i] = 200.0 + 2.0 * (double)i;
        y[i] = noise * deviate(random);
        for (gsize b = 0; b < n_bands; b++) {
            const double u = 2.0 * (x[i] - bands[b].position) / bands[b].fwhm;
            y[i] += bands[b].height * exp(-G_LN2 * u * u);
        }
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, n, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

static void a_plateau_counts_once_at_the_floor_of_its_middle(void)
{
    const double y[] = {0, 1, 3, 3, 3, 3, 1, 2, 2, 5};
    const CelPeakOptions options = {0};
    g_autoptr(GArray) peaks = cel_peakfind(y, NULL, G_N_ELEMENTS(y), &options);
    g_assert_cmpuint(peaks->len, ==, 1);
    g_assert_cmpuint(g_array_index(peaks, CelPeakShape, 0).index, ==, 3);
    g_assert_cmpfloat(g_array_index(peaks, CelPeakShape, 0).prominence, ==, 2.0);
}

static void ends_are_no_peaks(void)
{
    const double y[] = {5, 5, 1, 0, 1, 5, 5};
    const CelPeakOptions options = {0};
    g_autoptr(GArray) peaks = cel_peakfind(y, NULL, G_N_ELEMENTS(y), &options);
    g_assert_cmpuint(peaks->len, ==, 0);
    g_autoptr(GArray) none = cel_peakfind(y, NULL, 1, &options);
    g_assert_cmpuint(none->len, ==, 0);
}

static void the_higher_of_two_near_peaks_wins(void)
{
    const double y[] = {0, 4, 0, 5, 0, 4, 0, 0, 3, 0};
    const CelPeakOptions options = {.min_distance = 3};
    g_autoptr(GArray) peaks = cel_peakfind(y, NULL, G_N_ELEMENTS(y), &options);
    g_assert_cmpuint(peaks->len, ==, 2);
    g_assert_cmpuint(g_array_index(peaks, CelPeakShape, 0).index, ==, 3);
    g_assert_cmpuint(g_array_index(peaks, CelPeakShape, 1).index, ==, 8);
}

static void widths_bound_from_both_sides(void)
{
    const double y[] = {0, 4, 0, 1, 2, 3, 4, 3, 2, 1, 0};
    const CelPeakOptions wide = {.min_width = 3.0}, narrow = {.max_width = 3.0};
    g_autoptr(GArray) a = cel_peakfind(y, NULL, G_N_ELEMENTS(y), &wide);
    g_autoptr(GArray) b = cel_peakfind(y, NULL, G_N_ELEMENTS(y), &narrow);
    g_assert_cmpuint(a->len, ==, 1);
    g_assert_cmpuint(b->len, ==, 1);
    g_assert_cmpfloat(g_array_index(a, CelPeakShape, 0).width, ==, 4.0);
    g_assert_cmpfloat(g_array_index(b, CelPeakShape, 0).width, ==, 1.0);
}

static void masked_samples_are_no_maxima(void)
{
    const Band bands[] = {{400.0, 20.0, 100.0}, {600.0, 20.0, 50.0}};
    g_autoptr(CelSpectrum) spectrum = make_spectrum(bands, 2, 400, 0.0);
    g_autofree guint8 *mask = g_new0(guint8, 400);
    mask[100] = CEL_MASK_SATURATED;
    cel_spectrum_set_mask(spectrum, mask);
    const CelPeakOptions options = {.min_prominence = 10.0};
    g_autoptr(GArray) peaks = cel_peaks_find(spectrum, &options);
    g_assert_cmpuint(peaks->len, ==, 1);
    g_assert_cmpuint(g_array_index(peaks, CelPeak, 0).index, ==, 200);
    g_autoptr(GArray) ridges = cel_peaks_find_cwt(spectrum, 4.0, 30.0, 3.0, NULL);
    g_assert_cmpuint(ridges->len, ==, 1);
}

static void positions_are_refined_between_samples(void)
{
    const Band bands[] = {{400.7, 16.0, 100.0}, {600.3, 24.0, 50.0}};
    g_autoptr(CelSpectrum) spectrum = make_spectrum(bands, 2, 400, 0.0);
    const CelPeakOptions options = {.min_prominence = 10.0};
    g_autoptr(GArray) peaks = cel_peaks_find(spectrum, &options);
    g_assert_cmpuint(peaks->len, ==, 2);
    for (guint i = 0; i < 2; i++) {
        const CelPeak *peak = &g_array_index(peaks, CelPeak, i);
        g_assert_cmpfloat_with_epsilon(peak->position, bands[i].position, 0.02);
        g_assert_cmpfloat_with_epsilon(peak->fwhm, bands[i].fwhm, 0.2);
    }
}

static void noise_is_found_under_bands(void)
{
    const Band bands[] = {{400.0, 16.0, 500.0}, {600.0, 24.0, 300.0}, {800.0, 9.0, 900.0}};
    g_autoptr(CelSpectrum) spectrum = make_spectrum(bands, 3, 1024, 4.0);
    const double noise = cel_peaks_noise(cel_spectrum_y(spectrum), 1024);
    /* relative standard error of the estimate: about 1.2 / sqrt(1024) = 4 % */
    g_assert_cmpfloat_with_epsilon(noise, 4.0, 0.6);
    const double line[] = {1.0, 2.0, 3.0, 4.0, 5.0};
    g_assert_cmpfloat(cel_peaks_noise(line, 5), ==, 0.0);
}

static void noise_of_padded_data_is_not_zero(void)
{
    double y[100] = {0.0};
    for (gsize i = 0; i < 20; i++)
        y[i] = i % 2 == 0 ? 1.0 : -1.0;
    g_assert_cmpfloat(cel_peaks_noise(y, 100), >, 0.0);
}

static void noise_factor_sets_the_least_prominence(void)
{
    const Band bands[] = {{400.0, 16.0, 500.0}, {600.0, 24.0, 8.0}};
    g_autoptr(CelSpectrum) spectrum = make_spectrum(bands, 2, 400, 4.0);
    const CelPeakOptions options = {.noise_factor = 10.0};
    g_autoptr(GArray) peaks = cel_peaks_find(spectrum, &options);
    g_assert_cmpuint(peaks->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(g_array_index(peaks, CelPeak, 0).noise, 4.0, 1.0);
}

static gsize mirrored(gssize i, gsize n)
{
    while (i < 0 || i >= (gssize)n)
        i = i < 0 ? -1 - i : 2 * (gssize)n - 1 - i;
    return (gsize)i;
}

static void the_transform_equals_the_direct_sum(void)
{
    enum { N = 150 };
    const double scales[] = {1.5, 4.0, 30.0};
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    double y[N], out[3 * N];
    for (gsize i = 0; i < N; i++)
        y[i] = g_rand_double(random) + 3.0 * (double)i / N;
    cel_cwt_mexican_hat(y, N, scales, 3, out);
    for (gsize s = 0; s < 3; s++) {
        const gssize far = (gssize)ceil(8.0 * scales[s]);
        for (gssize b = 0; b < N; b++) {
            double sum = 0.0;
            for (gssize k = -far; k <= far; k++) {
                const double t = (double)k / scales[s];
                sum += y[mirrored(b + k, N)] * (1.0 - t * t) * exp(-0.5 * t * t);
            }
            sum *= 2.0 / (sqrt(3.0 * scales[s]) * pow(G_PI, 0.25));
            g_assert_cmpfloat_with_epsilon(out[s * N + (gsize)b], sum, 1e-12);
        }
    }
}

static void ridges_find_bands_of_known_place_and_width(void)
{
    const Band bands[] = {
        {400.7, 16.0, 100.0}, {600.3, 40.0, 60.0}, {900.0, 20.0, 80.0}, {1400.0, 30.0, 40.0}};
    g_autoptr(CelSpectrum) spectrum = make_spectrum(bands, 4, 800, 2.0);
    g_autoptr(GArray) peaks = cel_peaks_find_cwt(spectrum, 5.0, 40.0, 10.0, NULL);
    g_assert_cmpuint(peaks->len, ==, 4);
    for (guint i = 0; i < 4; i++) {
        const CelPeak *peak = &g_array_index(peaks, CelPeak, i);
        g_assert_cmpfloat_with_epsilon(peak->position, bands[i].position, 1.0);
        g_assert_cmpfloat_with_epsilon(peak->fwhm, bands[i].fwhm, 0.12 * bands[i].fwhm);
        g_assert_cmpfloat_with_epsilon(peak->prominence, bands[i].height, 0.1 * bands[i].height);
    }
}

static void ridges_ignore_a_background_and_a_spike(void)
{
    const Band bands[] = {{700.0, 20.0, 100.0}, {900.0, 1500.0, 5000.0}, {1200.0, 2.5, 900.0}};
    g_autoptr(CelSpectrum) spectrum = make_spectrum(bands, 3, 800, 1.0);
    g_autoptr(GArray) peaks = cel_peaks_find_cwt(spectrum, 5.0, 40.0, 10.0, NULL);
    g_assert_cmpuint(peaks->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(g_array_index(peaks, CelPeak, 0).position, 700.0, 0.5);
}

static void ridges_of_pure_noise_are_few(void)
{
    g_autoptr(CelSpectrum) spectrum = make_spectrum(NULL, 0, 1024, 3.0);
    g_autoptr(GArray) peaks = cel_peaks_find_cwt(spectrum, 4.0, 40.0, 5.0, NULL);
    g_assert_cmpuint(peaks->len, ==, 0);
    g_autoptr(CelSpectrum) flat = make_spectrum(NULL, 0, 100, 0.0);
    g_autoptr(GArray) none = cel_peaks_find_cwt(flat, 4.0, 40.0, 3.0, NULL);
    g_assert_cmpuint(none->len, ==, 0);
}

static void refuses_widths_outside_the_data(void)
{
    g_autoptr(CelSpectrum) spectrum = make_spectrum(NULL, 0, 50, 1.0);
    const double widths[][2] = {{1.0, 5.0}, {6.0, 5.0}, {4.0, 51.0}, {NAN, 5.0}};
    for (gsize i = 0; i < G_N_ELEMENTS(widths); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_peaks_find_cwt(spectrum, widths[i][0], widths[i][1], 3.0, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    }
}

static void a_fitted_peak_is_drawn_with_its_height_width_and_area(void)
{
    const double gauss = sqrt(G_PI / G_LN2), shares[] = {0.0, 0.35, 1.0};
    for (gsize s = 0; s < G_N_ELEMENTS(shares); s++) {
        const double form = shares[s] * G_PI + (1.0 - shares[s]) * gauss;
        const CelPeak peak = {.position = 1000.0,
                              .u_position = 0.1,
                              .height = 50.0,
                              .fwhm = 8.0,
                              .area = 50.0 * 4.0 * form};
        double area = 0.0;
        for (int i = -400000; i <= 400000; i++)
            area += 0.01 * cel_peakfit_peak_value(&peak, 1000.0 + 0.01 * i);
        g_assert_cmpfloat_with_epsilon(cel_peakfit_peak_value(&peak, 1000.0), 50.0, 1e-9);
        g_assert_cmpfloat_with_epsilon(cel_peakfit_peak_value(&peak, 1004.0), 25.0, 1e-9);
        g_assert_cmpfloat_with_epsilon(area / peak.area, 1.0, 2e-3);
    }
}

static void a_peak_that_no_fit_describes_is_not_drawn(void)
{
    const CelPeak peak = {.position = 1000.0, .height = 50.0, .fwhm = 8.0};
    g_assert_cmpfloat(cel_peakfit_peak_value(&peak, 1000.0), ==, 0.0);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/peaks/drawn/fitted", a_fitted_peak_is_drawn_with_its_height_width_and_area);
    g_test_add_func("/peaks/drawn/unfitted", a_peak_that_no_fit_describes_is_not_drawn);
    g_test_add_func("/peaks/find/plateau", a_plateau_counts_once_at_the_floor_of_its_middle);
    g_test_add_func("/peaks/find/ends", ends_are_no_peaks);
    g_test_add_func("/peaks/find/distance", the_higher_of_two_near_peaks_wins);
    g_test_add_func("/peaks/find/widths", widths_bound_from_both_sides);
    g_test_add_func("/peaks/find/masked", masked_samples_are_no_maxima);
    g_test_add_func("/peaks/find/refined", positions_are_refined_between_samples);
    g_test_add_func("/peaks/find/noise-factor", noise_factor_sets_the_least_prominence);
    g_test_add_func("/peaks/noise/under-bands", noise_is_found_under_bands);
    g_test_add_func("/peaks/noise/padded", noise_of_padded_data_is_not_zero);
    g_test_add_func("/peaks/cwt/direct-sum", the_transform_equals_the_direct_sum);
    g_test_add_func("/peaks/cwt/known-bands", ridges_find_bands_of_known_place_and_width);
    g_test_add_func("/peaks/cwt/background-and-spike", ridges_ignore_a_background_and_a_spike);
    g_test_add_func("/peaks/cwt/pure-noise", ridges_of_pure_noise_are_few);
    g_test_add_func("/peaks/cwt/refuses-widths", refuses_widths_outside_the_data);
    return g_test_run();
}
