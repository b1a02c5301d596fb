/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numeric kernels against their definitions computed another way. */
#include "base/cel-error.h"
#include "process/baseline-extend.h"
#include "process/cel-band-solve.h"
#include "process/cel-band.h"
#include "process/cel-cwt.h"
#include "process/cel-filter.h"
#include "process/cel-fourier.h"
#include "process/cel-interpolate.h"
#include "process/cel-voigt.h"
#include "process/step-util.h"
#include "process/whittaker.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_spline.h>
#include <math.h>
#include <string.h>

static const CelInterpolation all_kinds[] = {CEL_INTERPOLATE_LINEAR, CEL_INTERPOLATE_PCHIP,
                                             CEL_INTERPOLATE_NOT_A_KNOT, CEL_INTERPOLATE_NATURAL,
                                             CEL_INTERPOLATE_AKIMA};

/* An axis whose spacings differ by up to a factor of 9, and noise on it. */
static void uneven(gsize n, guint32 seed, double *x, double *y)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    double at = 100.0;
    for (gsize i = 0; i < n; i++) {
        x[i] = at;
        y[i] = g_rand_double_range(random, -5.0, 5.0);
        at += g_rand_double_range(random, 0.2, 1.8);
    }
}

static double value_at(CelInterpolation kind, const double *x, const double *y, gsize n, double at)
{
    const CelSamples samples = {.x = x, .y = y, .n = n};
    double out = NAN;
    cel_interpolate(kind, &samples, &at, 1, &out, NULL);
    return out;
}

static void the_interval_holds_the_place_at_every_length(void)
{
    for (gsize n = 2; n < 9; n++) {
        double x[9], y[9];
        uneven(n, (guint32)n, x, y);
        for (gsize i = 0; i + 1 < n; i++) {
            g_assert_cmpuint(cel_interval(x, n, x[i]), ==, i);
            g_assert_cmpuint(cel_interval(x, n, 0.5 * (x[i] + x[i + 1])), ==, i);
        }
        g_assert_cmpuint(cel_interval(x, n, x[n - 1]), ==, n - 2);
        g_assert_cmpuint(cel_interval(x, n, x[0] - 1.0), ==, 0);
    }
}

static void every_interpolation_passes_through_its_samples(void)
{
    double x[12], y[12];
    uneven(12, 5, x, y);
    for (gsize k = 0; k < G_N_ELEMENTS(all_kinds); k++) {
        for (gsize n = 4; n <= 12; n++) {
            for (gsize i = 0; i < n; i++)
                g_assert_cmpfloat_with_epsilon(value_at(all_kinds[k], x, y, n, x[i]), y[i], 1e-12);
        }
    }
}

static void every_interpolation_is_continuous_at_its_samples(void)
{
    double x[12], y[12];
    uneven(12, 6, x, y);
    for (gsize k = 0; k < G_N_ELEMENTS(all_kinds); k++) {
        for (gsize i = 1; i < 11; i++) {
            const double before = value_at(all_kinds[k], x, y, 12, x[i] - 1e-9);
            g_assert_cmpfloat_with_epsilon(before, y[i], 1e-7);
        }
    }
}

/* Central slope on either side of every sample. */
static void the_curved_interpolations_have_no_kinks(void)
{
    double x[12], y[12];
    uneven(12, 7, x, y);
    for (gsize k = 1; k < G_N_ELEMENTS(all_kinds); k++) {
        for (gsize i = 1; i < 11; i++) {
            const double h = 1e-5, middle = value_at(all_kinds[k], x, y, 12, x[i]);
            const double left = (middle - value_at(all_kinds[k], x, y, 12, x[i] - h)) / h;
            const double right = (value_at(all_kinds[k], x, y, 12, x[i] + h) - middle) / h;
            g_assert_cmpfloat_with_epsilon(left, right, 1e-2);
        }
    }
}

static void every_interpolation_reproduces_a_straight_line(void)
{
    double x[9], y[9];
    uneven(9, 8, x, y);
    for (gsize i = 0; i < 9; i++)
        y[i] = 3.0 - 0.7 * x[i];
    for (gsize k = 0; k < G_N_ELEMENTS(all_kinds); k++) {
        for (double at = x[0]; at < x[8]; at += 0.13)
            g_assert_cmpfloat_with_epsilon(value_at(all_kinds[k], x, y, 9, at), 3.0 - 0.7 * at,
                                           1e-11);
    }
}

static void every_interpolation_mirrors_with_its_data(void)
{
    double x[10], y[10], mirrored_x[10], mirrored_y[10];
    uneven(10, 9, x, y);
    for (gsize i = 0; i < 10; i++) {
        mirrored_x[i] = -x[9 - i];
        mirrored_y[i] = y[9 - i];
    }
    for (gsize k = 0; k < G_N_ELEMENTS(all_kinds); k++) {
        for (double at = x[0] + 0.01; at < x[9]; at += 0.17)
            g_assert_cmpfloat_with_epsilon(value_at(all_kinds[k], x, y, 10, at),
                                           value_at(all_kinds[k], mirrored_x, mirrored_y, 10, -at),
                                           1e-10);
    }
}

static void every_interpolation_scales_with_its_data(void)
{
    static const double factors[] = {-2.0, 1e-12, 1e12};
    double x[10], y[10], scaled[10];
    uneven(10, 10, x, y);
    for (gsize f = 0; f < G_N_ELEMENTS(factors); f++) {
        for (gsize i = 0; i < 10; i++)
            scaled[i] = factors[f] * y[i];
        for (gsize k = 0; k < G_N_ELEMENTS(all_kinds); k++) {
            for (double at = x[0]; at < x[9]; at += 0.31)
                g_assert_cmpfloat_with_epsilon(value_at(all_kinds[k], x, scaled, 10, at) /
                                                   factors[f],
                                               value_at(all_kinds[k], x, y, 10, at), 1e-10);
        }
    }
}

static void not_a_knot_reproduces_cubics_on_uneven_axes(void)
{
    double x[11], y[11];
    for (gsize n = 4; n <= 11; n++) {
        uneven(n, 11, x, y);
        for (gsize i = 0; i < n; i++) {
            const double u = x[i] - 103.0;
            y[i] = 1.0 + u * (2.0 - u * (0.5 - 0.25 * u));
        }
        for (double at = x[0]; at < x[n - 1]; at += 0.07) {
            const double u = at - 103.0, exact = 1.0 + u * (2.0 - u * (0.5 - 0.25 * u));
            g_assert_cmpfloat_with_epsilon(value_at(CEL_INTERPOLATE_NOT_A_KNOT, x, y, n, at), exact,
                                           1e-9);
        }
    }
}

static void the_natural_spline_equals_that_of_another_library(void)
{
    double x[30], y[30];
    uneven(30, 12, x, y);
    gsl_spline *spline = gsl_spline_alloc(gsl_interp_cspline, 30);
    gsl_spline_init(spline, x, y, 30);
    for (double at = x[0]; at < x[29]; at += 0.11)
        g_assert_cmpfloat_with_epsilon(value_at(CEL_INTERPOLATE_NATURAL, x, y, 30, at),
                                       gsl_spline_eval(spline, at, NULL), 1e-10);
    gsl_spline_free(spline);
}

static void akima_equals_that_of_another_library(void)
{
    double x[30], y[30];
    uneven(30, 13, x, y);
    gsl_spline *spline = gsl_spline_alloc(gsl_interp_akima, 30);
    gsl_spline_init(spline, x, y, 30);
    for (double at = x[3]; at < x[26]; at += 0.11) /* the ends are continued in other ways */
        g_assert_cmpfloat_with_epsilon(value_at(CEL_INTERPOLATE_AKIMA, x, y, 30, at),
                                       gsl_spline_eval(spline, at, NULL), 1e-10);
    gsl_spline_free(spline);
}

static void akima_keeps_a_step_between_two_flat_parts_flat(void)
{
    const double x[] = {0, 1, 2, 3, 4, 5, 6, 7}, y[] = {2, 2, 2, 2, 9, 9, 9, 9};
    for (double at = 0.0; at <= 2.99; at += 0.1)
        g_assert_cmpfloat_with_epsilon(value_at(CEL_INTERPOLATE_AKIMA, x, y, 8, at), 2.0, 1e-12);
    for (double at = 4.0; at <= 7.0; at += 0.1)
        g_assert_cmpfloat_with_epsilon(value_at(CEL_INTERPOLATE_AKIMA, x, y, 8, at), 9.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(value_at(CEL_INTERPOLATE_AKIMA, x, y, 8, 3.5), 5.5, 1e-12);
}

static void pchip_never_leaves_the_range_of_its_two_samples(void)
{
    for (guint32 seed = 0; seed < 20; seed++) {
        double x[9], y[9];
        uneven(9, 100 + seed, x, y);
        for (double at = x[0]; at < x[8]; at += 0.03) {
            const gsize i = cel_interval(x, 9, at);
            const double value = value_at(CEL_INTERPOLATE_PCHIP, x, y, 9, at);
            g_assert_cmpfloat(value, >=, MIN(y[i], y[i + 1]) - 1e-12);
            g_assert_cmpfloat(value, <=, MAX(y[i], y[i + 1]) + 1e-12);
        }
    }
}

static void pchip_rises_wherever_its_data_rise(void)
{
    const double x[] = {0, 0.5, 2, 2.1, 5, 9}, y[] = {0, 1e-3, 0.5, 3, 3.001, 100};
    double last = -1.0;
    for (double at = 0.0; at <= 9.0; at += 0.01) {
        const double value = value_at(CEL_INTERPOLATE_PCHIP, x, y, 6, at);
        g_assert_cmpfloat(value, >=, last - 1e-12);
        last = value;
    }
}

/* The harmonic mean of Fritsch and Butland by hand: chords 1 and 3 over intervals 1 and 2, weights
 * 5 and 4, so the slope at x = 1 is 9 / (5 / 1 + 4 / 3) = 27 / 19. */
static void pchip_has_the_weighted_harmonic_slope(void)
{
    const double x[] = {0, 1, 3, 4}, y[] = {0, 1, 7, 8}, h = 1e-6;
    const double slope = (value_at(CEL_INTERPOLATE_PCHIP, x, y, 4, 1.0 + h) -
                          value_at(CEL_INTERPOLATE_PCHIP, x, y, 4, 1.0 - h)) /
                         (2.0 * h);
    g_assert_cmpfloat_with_epsilon(slope, 27.0 / 19.0, 1e-5);
}

/* The variance of a linear map from the response to every single unit sample. */
static void variance_of_linear_kinds_equals_the_sum_over_unit_samples(void)
{
    enum { N = 150, AT = 97 };
    static const CelInterpolation linear[] = {CEL_INTERPOLATE_LINEAR, CEL_INTERPOLATE_NOT_A_KNOT,
                                              CEL_INTERPOLATE_NATURAL};
    double x[N], y[N], variance[N], at[AT];
    uneven(N, 14, x, y);
    for (gsize i = 0; i < N; i++)
        variance[i] = 0.5 + 0.5 * fabs(y[i]);
    for (gsize k = 0; k < AT; k++)
        at[k] = x[0] + (x[N - 1] - x[0]) * (double)k / (AT - 1.0 + 1e-9);
    for (gsize t = 0; t < G_N_ELEMENTS(linear); t++) {
        double sum[AT] = {0.0}, out[AT], out_variance[AT];
        for (gsize j = 0; j < N; j++) {
            double unit[N] = {0.0};
            unit[j] = 1.0;
            const CelSamples one = {.x = x, .y = unit, .n = N};
            cel_interpolate(linear[t], &one, at, AT, out, NULL);
            for (gsize k = 0; k < AT; k++)
                sum[k] += out[k] * out[k] * variance[j];
        }
        const CelSamples samples = {.x = x, .y = y, .variance = variance, .n = N};
        cel_interpolate(linear[t], &samples, at, AT, out, out_variance);
        for (gsize k = 0; k < AT; k++)
            g_assert_cmpfloat_with_epsilon(out_variance[k], sum[k], 1e-12 * sum[k]);
    }
}

/* Samples disturbed by small noise again and again: what spreads is what the variance must say. */
static void variance_of_the_other_kinds_is_that_of_disturbed_samples(void)
{
    enum { N = 12, RUNS = 20000 };
    static const CelInterpolation local[] = {CEL_INTERPOLATE_PCHIP, CEL_INTERPOLATE_AKIMA};
    double x[N], y[N], noisy[N], variance[N];
    uneven(N, 15, x, y);
    for (gsize i = 0; i < N; i++) {
        y[i] = 0.1 * (x[i] - 100.0) * (x[i] - 95.0); /* rising: no kink of the limiter is near */
        variance[i] = 1e-6 * (1.0 + (double)i);
    }
    const double at = 0.3 * x[5] + 0.7 * x[6];
    for (gsize k = 0; k < G_N_ELEMENTS(local); k++) {
        g_autoptr(GRand) random = g_rand_new_with_seed(3);
        double sum = 0.0, squares = 0.0, mean = NAN, said = NAN;
        const CelSamples samples = {.x = x, .y = y, .variance = variance, .n = N};
        cel_interpolate(local[k], &samples, &at, 1, &mean, &said);
        for (gsize run = 0; run < RUNS; run++) {
            for (gsize i = 0; i < N; i++) /* uniform with the same variance */
                noisy[i] = y[i] + sqrt(12.0 * variance[i]) * (g_rand_double(random) - 0.5);
            const double off = value_at(local[k], x, noisy, N, at) - mean;
            sum += off;
            squares += off * off;
        }
        const double seen = (squares - sum * sum / RUNS) / (RUNS - 1.0);
        g_assert_cmpfloat_with_epsilon(said / seen, 1.0, 0.06);
    }
}

static void a_cell_mean_of_a_line_is_the_line(void)
{
    double x[9], y[9], out[5], at[5];
    uneven(9, 16, x, y);
    for (gsize i = 0; i < 9; i++)
        y[i] = 5.0 + 2.0 * x[i];
    for (gsize k = 0; k < 5; k++)
        at[k] = x[0] + 0.6 + 0.8 * (double)k;
    const CelSamples samples = {.x = x, .y = y, .n = 9};
    for (double half = 1e-4; half < 0.6; half *= 3.0) {
        cel_interpolate_mean(&samples, half, at, 5, out, NULL);
        for (gsize k = 0; k < 5; k++)
            g_assert_cmpfloat_with_epsilon(out[k], 5.0 + 2.0 * at[k], 1e-8);
    }
}

static void a_narrow_cell_is_linear_interpolation(void)
{
    double x[9], y[9];
    uneven(9, 17, x, y);
    const CelSamples samples = {.x = x, .y = y, .n = 9};
    for (double at = x[0] + 0.05; at < x[8] - 0.05; at += 0.093) {
        double mean = NAN;
        cel_interpolate_mean(&samples, 1e-6, &at, 1, &mean, NULL);
        g_assert_cmpfloat_with_epsilon(mean, value_at(CEL_INTERPOLATE_LINEAR, x, y, 9, at), 1e-4);
    }
}

static void variance_of_cell_means_equals_the_sum_over_unit_samples(void)
{
    double x[20], y[20], variance[20], at[4], out[4], said[4], sum[4] = {0.0};
    uneven(20, 18, x, y);
    for (gsize k = 0; k < 4; k++)
        at[k] = x[0] + 2.0 + 3.0 * (double)k;
    for (gsize i = 0; i < 20; i++)
        variance[i] = 1.0 + y[i] * y[i];
    for (gsize j = 0; j < 20; j++) {
        double unit[20] = {0.0};
        unit[j] = 1.0;
        const CelSamples one = {.x = x, .y = unit, .n = 20};
        cel_interpolate_mean(&one, 1.5, at, 4, out, NULL);
        for (gsize k = 0; k < 4; k++)
            sum[k] += out[k] * out[k] * variance[j];
    }
    const CelSamples samples = {.x = x, .y = y, .variance = variance, .n = 20};
    cel_interpolate_mean(&samples, 1.5, at, 4, out, said);
    for (gsize k = 0; k < 4; k++)
        g_assert_cmpfloat_with_epsilon(said[k], sum[k], 1e-12 * sum[k]);
}

/* Printed in Savitzky and Golay's paper and its corrections. */
static void savgol_weights_are_those_of_the_printed_tables(void)
{
    static const struct {
        gsize half;
        guint polynomial, derivative;
        double divisor, weights[9];
    } rows[] = {
        {2, 2, 0, 35, {-3, 12, 17, 12, -3}},
        {3, 2, 0, 21, {-2, 3, 6, 7, 6, 3, -2}},
        {4, 2, 0, 231, {-21, 14, 39, 54, 59, 54, 39, 14, -21}},
        {3, 4, 0, 231, {5, -30, 75, 131, 75, -30, 5}},
        {2, 2, 1, 10, {-2, -1, 0, 1, 2}},
        {2, 3, 1, 12, {1, -8, 0, 8, -1}},
        {2, 2, 2, 7, {2, -1, -2, -1, 2}},
        {3, 2, 2, 42, {5, 0, -3, -4, -3, 0, 5}},
        {2, 3, 3, 2, {-1, 2, 0, -2, 1}},
    };
    for (gsize r = 0; r < G_N_ELEMENTS(rows); r++) {
        double out[9];
        cel_savgol_weights(rows[r].half, rows[r].polynomial, rows[r].derivative, 0.0, out);
        for (gsize i = 0; i <= 2 * rows[r].half; i++)
            g_assert_cmpfloat_with_epsilon(out[i], rows[r].weights[i] / rows[r].divisor, 1e-13);
    }
}

/* The same least squares by the normal equations' textbook way: QR of the Vandermonde matrix. */
static void savgol_weights_equal_a_fit_by_qr(void)
{
    enum { HALF = 5, N = 11, TERMS = 4 };
    for (double at = -5.0; at <= 5.0; at += 2.5) {
        double out[N];
        cel_savgol_weights(HALF, TERMS - 1, 0, at, out);
        for (gsize j = 0; j < N; j++) {
            gsl_matrix *a = gsl_matrix_alloc(N, TERMS);
            gsl_vector *b = gsl_vector_calloc(N), *tau = gsl_vector_alloc(TERMS);
            gsl_vector *c = gsl_vector_alloc(TERMS), *residual = gsl_vector_alloc(N);
            for (gsize i = 0; i < N; i++)
                for (gsize k = 0; k < TERMS; k++)
                    gsl_matrix_set(a, i, k, pow((double)i - HALF, (double)k));
            gsl_vector_set(b, j, 1.0);
            gsl_linalg_QR_decomp(a, tau);
            gsl_linalg_QR_lssolve(a, tau, b, c, residual);
            double value = 0.0;
            for (gsize k = 0; k < TERMS; k++)
                value += gsl_vector_get(c, k) * pow(at, (double)k);
            g_assert_cmpfloat_with_epsilon(out[j], value, 1e-11);
            gsl_matrix_free(a);
            gsl_vector_free(b);
            gsl_vector_free(tau);
            gsl_vector_free(c);
            gsl_vector_free(residual);
        }
    }
}

static void a_polynomial_through_every_sample_of_the_window_returns_it(void)
{
    double weights[7];
    cel_savgol_weights(3, 6, 0, 1.0, weights);
    for (gsize i = 0; i < 7; i++)
        g_assert_cmpfloat_with_epsilon(weights[i], i == 4 ? 1.0 : 0.0, 1e-10);
}

/* The window of every output written out, ends and all. */
static double padded(const double *y, gssize i, gssize n, CelEdges edges)
{
    if (edges == CEL_EDGES_MIRROR)
        return y[i < 0 ? -i : i >= n ? 2 * n - 2 - i : i];
    return y[CLAMP(i, 0, n - 1)];
}

static void the_edges_are_those_of_a_padded_array(void)
{
    static const CelEdges edges[] = {CEL_EDGES_NEAREST, CEL_EDGES_MIRROR};
    double x[11], y[11], out[11], weights[7];
    uneven(11, 19, x, y);
    cel_savgol_weights(3, 2, 1, 0.0, weights);
    for (gsize e = 0; e < G_N_ELEMENTS(edges); e++) {
        const CelFilter f = {.half = 3, .polynomial = 2, .derivative = 1, .edges = edges[e]};
        for (gsize n = 7; n <= 11; n++) {
            cel_filter_apply(&f, y, NULL, n, out, NULL);
            for (gssize i = 0; i < (gssize)n; i++) {
                double sum = 0.0;
                for (gssize k = 0; k < 7; k++)
                    sum += weights[k] * padded(y, i + k - 3, (gssize)n, edges[e]);
                g_assert_cmpfloat_with_epsilon(out[i], sum, 1e-13);
            }
        }
    }
}

static void a_filter_moves_with_its_data(void)
{
    double x[40], y[40], moved[40], a[40], b[40];
    uneven(40, 20, x, y);
    for (gsize i = 0; i < 40; i++)
        moved[i] = y[i > 0 ? i - 1 : 0];
    const CelFilter f = {.half = 4, .polynomial = 3, .edges = CEL_EDGES_NEAREST};
    cel_filter_apply(&f, y, NULL, 40, a, NULL);
    cel_filter_apply(&f, moved, NULL, 40, b, NULL);
    for (gsize i = 5; i < 36; i++)
        g_assert_cmpfloat_with_epsilon(b[i], a[i - 1], 1e-13);
}

static void a_derivative_changes_its_sign_when_the_data_are_reversed(void)
{
    for (CelEdges edges = CEL_EDGES_INTERP; edges <= CEL_EDGES_MIRROR; edges++) {
        double x[20], y[20], back[20], a[20], b[20];
        uneven(20, 21, x, y);
        for (gsize i = 0; i < 20; i++)
            back[i] = y[19 - i];
        const CelFilter f = {.half = 3, .polynomial = 3, .derivative = 1, .edges = edges};
        cel_filter_apply(&f, y, NULL, 20, a, NULL);
        cel_filter_apply(&f, back, NULL, 20, b, NULL);
        for (gsize i = 0; i < 20; i++)
            g_assert_cmpfloat_with_epsilon(b[19 - i], -a[i], 1e-12);
    }
}

static int by_size(gconstpointer a, gconstpointer b)
{
    const double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static void the_moving_median_is_the_middle_of_the_sorted_window(void)
{
    double x[15], y[15], out[15], window[9];
    uneven(15, 22, x, y);
    for (int zero = 0; zero <= 1; zero++) {
        for (gssize half = 0; half <= 4; half++) {
            cel_filter_median(y, 15, (gsize)half, zero, out);
            for (gssize i = 0; i < 15; i++) {
                for (gssize k = -half; k <= half; k++)
                    window[k + half] =
                        zero && (i + k < 0 || i + k > 14) ? 0.0 : y[CLAMP(i + k, 0, 14)];
                qsort(window, (gsize)(2 * half + 1), sizeof *window, by_size);
                g_assert_cmpfloat(out[i], ==, window[half]);
            }
        }
    }
}

static void apodisation_falls_from_one_to_its_end(void)
{
    static const struct {
        double at_half, near_end; /* u = 1/2 and u -> 1 */
    } rows[] = {[CEL_APODISE_BOXCAR] = {1.0, 1.0},
                [CEL_APODISE_TRIANGLE] = {0.5, 0.0},
                [CEL_APODISE_HANN] = {0.5, 0.0},
                [CEL_APODISE_BLACKMAN] = {0.34, 0.0},
                [CEL_APODISE_GAUSS] = {0.5, 0.0625}};
    for (guint w = CEL_APODISE_BOXCAR; w <= CEL_APODISE_GAUSS; w++) {
        const CelApodise window = (CelApodise)w;
        g_assert_cmpfloat_with_epsilon(cel_fourier_weight(window, 0.0), 1.0, 1e-15);
        g_assert_cmpfloat_with_epsilon(cel_fourier_weight(window, 0.5), rows[w].at_half, 1e-15);
        g_assert_cmpfloat_with_epsilon(cel_fourier_weight(window, 1.0 - 1e-9), rows[w].near_end,
                                       1e-8);
        g_assert_cmpfloat(cel_fourier_weight(window, 1.0), ==, 0.0);
        g_assert_cmpfloat(cel_fourier_weight(window, 7.0), ==, 0.0);
        double last = 1.0;
        for (double u = 0.0; u < 1.0; u += 0.01) {
            g_assert_cmpfloat(cel_fourier_weight(window, u), <=, last + 1e-15);
            last = cel_fourier_weight(window, u);
        }
    }
}

static void fourier_smoothing_keeps_a_constant_and_the_sum(void)
{
    for (gsize n = 2; n < 12; n++) {
        double x[12], y[12], flat[12], sum = 0.0, after = 0.0;
        uneven(n, (guint32)(30 + n), x, y);
        for (gsize i = 0; i < n; i++) {
            flat[i] = 7.0;
            sum += y[i];
        }
        cel_fourier_smooth(flat, n, CEL_APODISE_HANN, 0.4);
        cel_fourier_smooth(y, n, CEL_APODISE_GAUSS, 0.6);
        for (gsize i = 0; i < n; i++) {
            g_assert_cmpfloat_with_epsilon(flat[i], 7.0, 1e-12);
            after += y[i];
        }
        g_assert_cmpfloat_with_epsilon(after, sum, 1e-12);
    }
}

static void a_boxcar_over_all_frequencies_changes_nothing(void)
{
    double x[33], y[33], out[33];
    uneven(33, 31, x, y);
    memcpy(out, y, sizeof y);
    cel_fourier_smooth(out, 33, CEL_APODISE_BOXCAR, 1.0);
    for (gsize i = 0; i < 33; i++)
        g_assert_cmpfloat_with_epsilon(out[i], y[i], 1e-13);
}

static void a_boxcar_is_a_projection(void)
{
    double x[32], once[32], twice[32];
    uneven(32, 32, x, once);
    cel_fourier_smooth(once, 32, CEL_APODISE_BOXCAR, 0.37);
    memcpy(twice, once, sizeof once);
    cel_fourier_smooth(twice, 32, CEL_APODISE_BOXCAR, 0.37);
    for (gsize i = 0; i < 32; i++)
        g_assert_cmpfloat_with_epsilon(twice[i], once[i], 1e-13);
}

static void fourier_variance_of_a_tiny_cutoff_is_that_of_the_mean(void)
{
    double variance[10], sum = 0.0;
    for (gsize i = 0; i < 10; i++)
        sum += variance[i] = 1.0 + (double)i;
    cel_fourier_smooth_variance(variance, 10, CEL_APODISE_BOXCAR, 0.05);
    for (gsize i = 0; i < 10; i++)
        g_assert_cmpfloat_with_epsilon(variance[i], sum / 100.0, 1e-14);
}

/* (W + lambda D'D)^-1 W as a full matrix, by LU. */
static gsl_matrix *dense_map(const double *w, gsize n, double lambda, guint order)
{
    static const double rows[][4] = {{-1, 1, 0, 0}, {1, -2, 1, 0}, {-1, 3, -3, 1}};
    gsl_matrix *a = gsl_matrix_calloc(n, n), *inverse = gsl_matrix_alloc(n, n);
    for (gsize i = 0; i < n; i++)
        gsl_matrix_set(a, i, i, w[i]);
    for (gsize r = 0; r + order < n; r++)
        for (gsize i = 0; i <= order; i++)
            for (gsize k = 0; k <= order; k++)
                *gsl_matrix_ptr(a, r + i, r + k) +=
                    lambda * rows[order - 1][i] * rows[order - 1][k];
    gsl_permutation *p = gsl_permutation_alloc(n);
    int sign = 0;
    gsl_linalg_LU_decomp(a, p, &sign);
    gsl_linalg_LU_invert(a, p, inverse);
    for (gsize i = 0; i < n; i++)
        for (gsize j = 0; j < n; j++)
            *gsl_matrix_ptr(inverse, i, j) *= w[j];
    gsl_permutation_free(p);
    gsl_matrix_free(a);
    return inverse;
}

static void the_band_solution_and_its_variance_are_those_of_the_full_matrix(void)
{
    for (guint order = 1; order <= CEL_BAND_MAX; order++) {
        for (gsize n = order + 1; n <= 14; n += n < 7 ? 1 : 7) {
            double x[14], y[14], z[14], w[14], variance[14], out[14];
            uneven(n, (guint32)(40 + n), x, y);
            for (gsize i = 0; i < n; i++) {
                w[i] = i == 3 && n > 7 ? 0.0 : 0.3 + 0.1 * (double)i;
                out[i] = variance[i] = 2.0 + y[i] * y[i];
                z[i] = y[i];
            }
            gsl_matrix *map = dense_map(w, n, 12.5, order);
            g_assert_true(cel_band_whittaker(z, w, out, n, 12.5, order));
            for (gsize i = 0; i < n; i++) {
                double value = 0.0, spread = 0.0;
                for (gsize j = 0; j < n; j++) {
                    const double weight = gsl_matrix_get(map, i, j);
                    value += weight * y[j];
                    spread += weight * weight * variance[j];
                }
                g_assert_cmpfloat_with_epsilon(z[i], value, 1e-9);
                g_assert_cmpfloat_with_epsilon(out[i], spread, 1e-9 * spread);
            }
            gsl_matrix_free(map);
        }
    }
}

static void the_band_solver_refuses_what_nothing_determines(void)
{
    double y[6] = {1, 2, 3, 4, 5, 6}, w[6] = {0.0};
    g_assert_false(cel_band_whittaker(y, w, NULL, 6, 1.0, 1));
}

static void the_fast_solver_equals_the_full_matrix_at_the_smallest_sizes(void)
{
    for (guint order = 1; order <= 2; order++) {
        for (gsize n = order + 1; n <= 9; n++) {
            double x[9], y[9], z[9], w[9];
            uneven(n, (guint32)(60 + n), x, y);
            for (gsize i = 0; i < n; i++)
                w[i] = 0.2 + 0.3 * (double)(i % 3);
            gsl_matrix *map = dense_map(w, n, 3.0, order);
            g_autoptr(CelWhittaker) ws = cel_whittaker_new(n, order);
            g_assert_true(cel_whittaker_solve(ws, y, w, 3.0, z));
            for (gsize i = 0; i < n; i++) {
                double value = 0.0;
                for (gsize j = 0; j < n; j++)
                    value += gsl_matrix_get(map, i, j) * y[j];
                g_assert_cmpfloat_with_epsilon(z[i], value, 1e-11);
            }
            gsl_matrix_free(map);
        }
    }
}

static void a_very_stiff_curve_is_the_mean_or_the_regression_line(void)
{
    double x[50], y[50], z[50], mean = 0.0, moment = 0.0, squares = 0.0;
    uneven(50, 70, x, y);
    for (gsize i = 0; i < 50; i++)
        mean += y[i] / 50.0;
    for (gsize i = 0; i < 50; i++) {
        const double t = (double)i - 24.5;
        moment += t * y[i];
        squares += t * t;
    }
    g_autoptr(CelWhittaker) first = cel_whittaker_new(50, 1);
    g_autoptr(CelWhittaker) second = cel_whittaker_new(50, 2);
    g_assert_true(cel_whittaker_solve(first, y, NULL, 1e9, z));
    for (gsize i = 0; i < 50; i++)
        g_assert_cmpfloat_with_epsilon(z[i], mean, 1e-4);
    g_assert_true(cel_whittaker_solve(second, y, NULL, 1e9, z));
    for (gsize i = 0; i < 50; i++)
        g_assert_cmpfloat_with_epsilon(z[i], mean + moment / squares * ((double)i - 24.5), 1e-3);
}

static void a_workspace_gives_the_same_answer_again(void)
{
    double x[21], y[21], other[21], first[21], again[21];
    uneven(21, 71, x, y);
    g_autoptr(CelWhittaker) ws = cel_whittaker_new(21, 2);
    g_assert_true(cel_whittaker_solve(ws, y, NULL, 50.0, first));
    g_assert_true(cel_whittaker_solve(ws, x, NULL, 7e6, other));
    g_assert_true(cel_whittaker_solve(ws, y, NULL, 50.0, again));
    g_assert_true(memcmp(first, again, sizeof first) == 0);
}

static void data_are_extended_by_their_own_lines(void)
{
    const double y[] = {1, 3, 5, 100, 20, 10, 0};
    g_autofree double *wide = cel_baseline_extend(y, 7, 3);
    const double expected[] = {-5, -3, -1, 1, 3, 5, 100, 20, 10, 0, -10, -20, -30};
    for (gsize i = 0; i < 13; i++)
        g_assert_cmpfloat_with_epsilon(wide[i], expected[i], 1e-12);
    g_autofree double *one = cel_baseline_extend(y, 7, 1);
    g_assert_cmpfloat(one[0], ==, 1.0); /* of one sample: no slope */
    g_assert_cmpfloat(one[8], ==, 0.0);
}

static void masked_runs_are_bridged_wherever_they_lie(void)
{
    static const struct {
        guint8 mask[6];
        double expected[6];
    } rows[] = {
        {{0, 0, 0, 0, 0, 0}, {1, 9, 4, 7, 0, 6}}, {{1, 1, 0, 0, 0, 0}, {4, 4, 4, 7, 0, 6}},
        {{0, 0, 0, 0, 1, 1}, {1, 9, 4, 7, 7, 7}}, {{0, 1, 1, 0, 1, 0}, {1, 3, 5, 7, 6.5, 6}},
        {{1, 1, 1, 1, 1, 0}, {6, 6, 6, 6, 6, 6}}, {{0, 1, 1, 1, 1, 0}, {1, 2, 3, 4, 5, 6}}};
    for (gsize r = 0; r < G_N_ELEMENTS(rows); r++) {
        double y[] = {1, 9, 4, 7, 0, 6};
        g_assert_true(cel_baseline_bridge(rows[r].mask, y, 6));
        for (gsize i = 0; i < 6; i++)
            g_assert_cmpfloat_with_epsilon(y[i], rows[r].expected[i], 1e-12);
    }
    double y[] = {1, 2};
    const guint8 all[] = {1, 4};
    g_assert_false(cel_baseline_bridge(all, y, 2));
    g_assert_true(cel_baseline_bridge(NULL, y, 2));
}

static void marks_spread_over_the_window_but_cosmic_ones_do_not(void)
{
    const guint8 mask[] = {
        CEL_MASK_SATURATED, 0, 0, CEL_MASK_COSMIC, 0, 0, CEL_MASK_BAD_PIXEL | CEL_MASK_COSMIC};
    const guint8 expected[] = {1, 1, 1, 2, 8, 8, 10};
    g_autofree guint8 *out = cel_step_mask_spread(mask, 7, 2);
    g_assert_true(memcmp(out, expected, sizeof expected) == 0);
    g_autofree guint8 *same = cel_step_mask_spread(mask, 7, 0);
    g_assert_true(memcmp(same, mask, sizeof mask) == 0);
    g_assert_null(cel_step_mask_spread(NULL, 7, 2));
}

static double mexican_hat(double t)
{
    return 2.0 / (sqrt(3.0) * pow(G_PI, 0.25)) * (1.0 - t * t) * exp(-0.5 * t * t);
}

/* Reflected as often as the hat reaches, of data shorter than the hat. */
static void the_wavelet_transform_of_few_samples_is_the_reflected_sum(void)
{
    const double scales[] = {0.8, 3.0};
    for (gsize n = 2; n <= 6; n++) {
        double x[6], y[6], out[12];
        uneven(n, (guint32)(80 + n), x, y);
        cel_cwt_mexican_hat(y, n, scales, 2, out);
        for (gsize s = 0; s < 2; s++) {
            const int far = (int)ceil(8.0 * scales[s]);
            for (int b = 0; b < (int)n; b++) {
                double sum = 0.0;
                for (int t = b - far; t <= b + far; t++) {
                    const int period = 2 * (int)n, at = ((t % period) + period) % period;
                    sum += y[at < (int)n ? at : period - 1 - at] *
                           mexican_hat((t - b) / scales[s]) / sqrt(scales[s]);
                }
                g_assert_cmpfloat_with_epsilon(out[s * n + (gsize)b], sum, 1e-11);
            }
        }
    }
}

static void white_noise_keeps_its_deviation_at_every_scale(void)
{
    enum { N = 20000 };
    const double scales[] = {1.0, 2.0, 5.0, 12.0};
    g_autofree double *y = g_new(double, N), *out = g_new(double, 4 * N);
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    for (gsize i = 0; i < N; i++)
        y[i] = sqrt(12.0) * (g_rand_double(random) - 0.5);
    cel_cwt_mexican_hat(y, N, scales, 4, out);
    for (gsize s = 0; s < 4; s++) {
        double squares = 0.0;
        for (gsize i = 0; i < N; i++)
            squares += out[s * N + i] * out[s * N + i];
        g_assert_cmpfloat_with_epsilon(sqrt(squares / N), 1.0, 0.06);
    }
}

/* w(z) = i / pi times the integral of exp(-t^2) / (z - t), by Simpson's rule. */
static CelComplex faddeeva_by_integration(double x, double y)
{
    enum { STEPS = 40000 };
    const double low = -9.0, h = 18.0 / STEPS;
    CelComplex sum = {0.0, 0.0};
    for (int k = 0; k <= STEPS; k++) {
        const double t = low + h * k, weight = k == 0 || k == STEPS ? 1.0 : k % 2 == 1 ? 4.0 : 2.0;
        const double f = weight * exp(-t * t) / ((x - t) * (x - t) + y * y);
        sum.re += f * y;
        sum.im += f * (x - t);
    }
    return (CelComplex){sum.re * h / 3.0 / G_PI, sum.im * h / 3.0 / G_PI};
}

static void the_faddeeva_function_is_its_integral(void)
{
    static const double xs[] = {0.0, 0.13, 0.256, 0.5, 1.0, 3.3, 6.2, -2.0, 40.0};
    static const double ys[] = {0.05, 0.5, 1.0, 3.0, 6.1, 6.2, 25.0};
    for (gsize i = 0; i < G_N_ELEMENTS(xs); i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(ys); k++) {
            const CelComplex w = cel_faddeeva(xs[i], ys[k]);
            const CelComplex exact = faddeeva_by_integration(xs[i], ys[k]);
            const double size = hypot(exact.re, exact.im);
            g_assert_cmpfloat_with_epsilon(w.re, exact.re, 1e-12 * size);
            g_assert_cmpfloat_with_epsilon(w.im, exact.im, 1e-12 * size);
        }
    }
}

static void on_the_real_axis_the_faddeeva_function_is_a_gaussian(void)
{
    for (double x = -6.0; x <= 6.0; x += 0.0371)
        g_assert_cmpfloat_with_epsilon(cel_faddeeva(x, 0.0).re, exp(-x * x), 1e-13);
}

static void the_faddeeva_function_is_smooth_where_its_rules_meet(void)
{
    for (double x = 0.1; x < 1e9; x *= 1.7) {
        for (double y = 0.1; y < 1e9; y *= 1.9) {
            const double step = 1e-9, here = cel_faddeeva(x, y).re;
            g_assert_cmpfloat_with_epsilon(cel_faddeeva(x * (1.0 + step), y).re / here, 1.0, 1e-7);
            g_assert_cmpfloat_with_epsilon(cel_faddeeva(x, y * (1.0 + step)).re / here, 1.0, 1e-7);
        }
    }
}

static void a_voigt_profile_without_a_gaussian_part_is_lorentzian(void)
{
    for (double sigma = 1e-5; sigma > 1e-290; sigma *= 1e-15) {
        for (double x = -30.0; x <= 30.0; x += 3.7) {
            const double lorentz = 2.0 / (G_PI * (x * x + 4.0));
            g_assert_cmpfloat_with_epsilon(cel_voigt(x, sigma, 2.0) / lorentz, 1.0, 1e-9);
        }
    }
}

static void a_voigt_profile_without_a_lorentzian_part_is_gaussian(void)
{
    for (double x = -9.0; x <= 9.0; x += 0.37)
        g_assert_cmpfloat_with_epsilon(cel_voigt(x, 2.5, 0.0),
                                       exp(-x * x / 12.5) / (2.5 * sqrt(2.0 * G_PI)), 1e-14);
}

static void a_voigt_profile_scales_with_its_widths_and_is_even(void)
{
    for (double x = 0.0; x < 20.0; x += 1.3) {
        const double value = cel_voigt(x, 1.1, 0.7);
        g_assert_cmpfloat_with_epsilon(cel_voigt(-x, 1.1, 0.7), value, 1e-15);
        g_assert_cmpfloat_with_epsilon(1e6 * cel_voigt(1e6 * x, 1.1e6, 0.7e6), value, 1e-14);
    }
}

/* Shapes with parameters of no special kind. */
static const struct {
    CelBandShape shape;
    double p[CEL_BAND_MAX_PARAMS];
} bands[] = {{CEL_BAND_GAUSS, {3.0, 1.5, 0.8, 0}},
             {CEL_BAND_LORENTZ, {3.0, 1.5, 0.8, 0}},
             {CEL_BAND_PSEUDO_VOIGT, {3.0, 1.5, 0.8, 0.3}},
             {CEL_BAND_VOIGT, {3.0, 1.5, 0.8, 0.4}}};

static void bands_are_at_half_their_height_a_half_width_away(void)
{
    for (gsize b = 0; b < 3; b++) {
        const double *p = bands[b].p;
        g_assert_cmpfloat_with_epsilon(cel_band_value(bands[b].shape, p, p[1], NULL), 3.0, 1e-14);
        g_assert_cmpfloat_with_epsilon(cel_band_value(bands[b].shape, p, p[1] + p[2], NULL), 1.5,
                                       1e-14);
        g_assert_cmpfloat_with_epsilon(cel_band_value(bands[b].shape, p, p[1] - p[2], NULL), 1.5,
                                       1e-14);
    }
}

static void gradients_of_bands_are_their_difference_quotients(void)
{
    for (gsize b = 0; b < G_N_ELEMENTS(bands); b++) {
        for (double x = -3.0; x < 6.0; x += 0.7) {
            double gradient[CEL_BAND_MAX_PARAMS] = {0.0};
            cel_band_value(bands[b].shape, bands[b].p, x, gradient);
            for (gsize k = 0; k < cel_band_n_params(bands[b].shape); k++) {
                double above[CEL_BAND_MAX_PARAMS], below[CEL_BAND_MAX_PARAMS];
                memcpy(above, bands[b].p, sizeof above);
                memcpy(below, bands[b].p, sizeof below);
                above[k] += 1e-5;
                below[k] -= 1e-5;
                const double quotient = (cel_band_value(bands[b].shape, above, x, NULL) -
                                         cel_band_value(bands[b].shape, below, x, NULL)) /
                                        2e-5;
                g_assert_cmpfloat_with_epsilon(gradient[k], quotient, 1e-8);
            }
        }
    }
}

static void the_sign_of_a_width_changes_the_band_only_in_its_gradient(void)
{
    for (gsize b = 0; b < G_N_ELEMENTS(bands); b++) {
        double p[CEL_BAND_MAX_PARAMS], gradient[CEL_BAND_MAX_PARAMS] = {0.0},
                                       turned[CEL_BAND_MAX_PARAMS] = {0.0};
        memcpy(p, bands[b].p, sizeof p);
        p[2] = -p[2];
        const double value = cel_band_value(bands[b].shape, bands[b].p, 2.0, gradient);
        g_assert_cmpfloat_with_epsilon(cel_band_value(bands[b].shape, p, 2.0, turned), value,
                                       1e-15);
        g_assert_cmpfloat_with_epsilon(turned[0], gradient[0], 1e-15);
        g_assert_cmpfloat_with_epsilon(turned[1], gradient[1], 1e-14);
        g_assert_cmpfloat_with_epsilon(turned[2], -gradient[2], 1e-14);
    }
}

static void the_area_of_a_voigt_band_is_its_first_parameter(void)
{
    double sum = 0.0;
    for (double x = -20000.0; x < 20000.0; x += 0.1)
        sum += 0.1 * cel_band_value(CEL_BAND_VOIGT, bands[3].p, x, NULL);
    /* less the Lorentzian tails outside, 2 A g / (pi 20000) */
    g_assert_cmpfloat_with_epsilon(sum, 3.0 * (1.0 - 0.8 / (G_PI * 20000.0)), 1e-7);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/kernels/" #name, name)
    ADD(the_interval_holds_the_place_at_every_length);
    ADD(every_interpolation_passes_through_its_samples);
    ADD(every_interpolation_is_continuous_at_its_samples);
    ADD(the_curved_interpolations_have_no_kinks);
    ADD(every_interpolation_reproduces_a_straight_line);
    ADD(every_interpolation_mirrors_with_its_data);
    ADD(every_interpolation_scales_with_its_data);
    ADD(not_a_knot_reproduces_cubics_on_uneven_axes);
    ADD(the_natural_spline_equals_that_of_another_library);
    ADD(akima_equals_that_of_another_library);
    ADD(akima_keeps_a_step_between_two_flat_parts_flat);
    ADD(pchip_never_leaves_the_range_of_its_two_samples);
    ADD(pchip_rises_wherever_its_data_rise);
    ADD(pchip_has_the_weighted_harmonic_slope);
    ADD(variance_of_linear_kinds_equals_the_sum_over_unit_samples);
    ADD(variance_of_the_other_kinds_is_that_of_disturbed_samples);
    ADD(a_cell_mean_of_a_line_is_the_line);
    ADD(a_narrow_cell_is_linear_interpolation);
    ADD(variance_of_cell_means_equals_the_sum_over_unit_samples);
    ADD(savgol_weights_are_those_of_the_printed_tables);
    ADD(savgol_weights_equal_a_fit_by_qr);
    ADD(a_polynomial_through_every_sample_of_the_window_returns_it);
    ADD(the_edges_are_those_of_a_padded_array);
    ADD(a_filter_moves_with_its_data);
    ADD(a_derivative_changes_its_sign_when_the_data_are_reversed);
    ADD(the_moving_median_is_the_middle_of_the_sorted_window);
    ADD(apodisation_falls_from_one_to_its_end);
    ADD(fourier_smoothing_keeps_a_constant_and_the_sum);
    ADD(a_boxcar_over_all_frequencies_changes_nothing);
    ADD(a_boxcar_is_a_projection);
    ADD(fourier_variance_of_a_tiny_cutoff_is_that_of_the_mean);
    ADD(the_band_solution_and_its_variance_are_those_of_the_full_matrix);
    ADD(the_band_solver_refuses_what_nothing_determines);
    ADD(the_fast_solver_equals_the_full_matrix_at_the_smallest_sizes);
    ADD(a_very_stiff_curve_is_the_mean_or_the_regression_line);
    ADD(a_workspace_gives_the_same_answer_again);
    ADD(data_are_extended_by_their_own_lines);
    ADD(masked_runs_are_bridged_wherever_they_lie);
    ADD(marks_spread_over_the_window_but_cosmic_ones_do_not);
    ADD(the_wavelet_transform_of_few_samples_is_the_reflected_sum);
    ADD(white_noise_keeps_its_deviation_at_every_scale);
    ADD(the_faddeeva_function_is_its_integral);
    ADD(on_the_real_axis_the_faddeeva_function_is_a_gaussian);
    ADD(the_faddeeva_function_is_smooth_where_its_rules_meet);
    ADD(a_voigt_profile_without_a_gaussian_part_is_lorentzian);
    ADD(a_voigt_profile_without_a_lorentzian_part_is_gaussian);
    ADD(a_voigt_profile_scales_with_its_widths_and_is_even);
    ADD(bands_are_at_half_their_height_a_half_width_away);
    ADD(gradients_of_bands_are_their_difference_quotients);
    ADD(the_sign_of_a_width_changes_the_band_only_in_its_gradient);
    ADD(the_area_of_a_voigt_band_is_its_first_parameter);
    return g_test_run();
}
