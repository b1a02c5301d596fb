/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-noise.h"

#include <math.h>

enum { N = 2000 };

/* Sum of twelve even ones less their mean: variance 1, seeded. */
static double normal(GRand *rand)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += g_rand_double(rand);
    return sum;
}

static void fill(double *y, double sd_first, double sd_last)
{
    GRand *rand = g_rand_new_with_seed(7);
    for (int i = 0; i < N; i++)
        y[i] = 500 + 0.3 * i + (sd_first + (sd_last - sd_first) * i / N) * normal(rand);
    g_rand_free(rand);
}

static void the_variance_of_even_noise_is_found_on_a_slope(void)
{
    double y[N], variance[N];
    fill(y, 3, 3);
    cel_noise_variance(y, NULL, N, 200, variance);
    for (int i = 0; i < N; i++) {
        g_assert_cmpfloat(variance[i], >, 9 * 0.6);
        g_assert_cmpfloat(variance[i], <, 9 * 1.5);
    }
}

static void the_variance_follows_noise_that_grows(void)
{
    double y[N], variance[N];
    fill(y, 1, 10);
    cel_noise_variance(y, NULL, N, 75, variance);
    g_assert_cmpfloat(variance[N - 100], >, 20 * variance[100]);
}

static void a_masked_spike_is_no_noise(void)
{
    double y[N], clean[N], variance[N];
    guint8 mask[N] = {0};
    fill(y, 2, 2);
    cel_noise_variance(y, NULL, N, 75, clean);
    y[1000] += 1e4;
    mask[1000] = 1;
    cel_noise_variance(y, mask, N, 75, variance);
    g_assert_cmpfloat_with_epsilon(variance[1000], clean[1000], 0.1 * clean[1000]);
}

static void a_region_without_light_does_not_outweigh_the_others(void)
{
    double y[N], variance[N];
    fill(y, 2, 2);
    for (int i = 1200; i < N; i++)
        y[i] = 860;
    cel_noise_variance(y, NULL, N, 20, variance);
    g_assert_cmpfloat(variance[1900], >, 0.02 * variance[500]);
}

static void what_does_not_vary_gets_equal_weights(void)
{
    double y[N] = {0}, variance[N];
    cel_noise_variance(y, NULL, N, 75, variance);
    for (int i = 0; i < N; i++)
        g_assert_cmpfloat_with_epsilon(variance[i], 1, 1e-12);
}

static void smoothing_keeps_a_constant_and_the_area_of_a_band(void)
{
    double flat[N], band[N] = {0};
    for (int i = 0; i < N; i++)
        flat[i] = 42;
    band[1000] = 1;
    cel_noise_smooth(flat, N, 3);
    cel_noise_smooth(band, N, 3);
    double area = 0, second = 0;
    for (int i = 0; i < N; i++) {
        g_assert_cmpfloat_with_epsilon(flat[i], 42, 1e-9);
        area += band[i];
        second += band[i] * (i - 1000) * (i - 1000);
    }
    g_assert_cmpfloat_with_epsilon(area, 1, 1e-9);
    g_assert_cmpfloat_with_epsilon(sqrt(second), 3, 0.05);
}

static void no_width_changes_nothing(void)
{
    double y[3] = {1, 5, 2};
    cel_noise_smooth(y, 3, 0);
    g_assert_cmpfloat_with_epsilon(y[1], 5, 1e-12);
    cel_noise_smooth(y, 0, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/noise/even", the_variance_of_even_noise_is_found_on_a_slope);
    g_test_add_func("/noise/growing", the_variance_follows_noise_that_grows);
    g_test_add_func("/noise/masked", a_masked_spike_is_no_noise);
    g_test_add_func("/noise/dark", a_region_without_light_does_not_outweigh_the_others);
    g_test_add_func("/noise/none", what_does_not_vary_gets_equal_weights);
    g_test_add_func("/noise/smooth", smoothing_keeps_a_constant_and_the_area_of_a_band);
    g_test_add_func("/noise/no-width", no_width_changes_nothing);
    return g_test_run();
}
