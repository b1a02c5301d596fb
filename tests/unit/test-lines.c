/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-lines.h"

#include <math.h>

typedef struct {
    double position, fwhm, height;
} Line;

enum { N = 400 };
static const double NOISE = 10.0;

static double deviate(GRand *random)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += g_rand_double(random);
    return sum;
}

static double gaussian(const Line *line, double x)
{
    const double u = 2.0 * (x - line->position) / line->fwhm;
    return line->height * exp(-G_LN2 * u * u);
}

static void fill(double *y, const Line *lines, gsize n_lines, GRand *random)
{
    for (gsize i = 0; i < N; i++) {
        y[i] = 500.0 + 0.3 * (double)i + NOISE * deviate(random);
        for (gsize l = 0; l < n_lines; l++)
            y[i] += gaussian(&lines[l], (double)i);
    }
}

static CelSpectrum *on_pixels(const double *y)
{
    g_autoptr(CelAxis) axis = cel_axis_new_pixels(N, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

static GArray *measure(const Line *lines, gsize n_lines, guint32 seed)
{
    double y[N];
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    fill(y, lines, n_lines, random);
    g_autoptr(CelSpectrum) spectrum = on_pixels(y);
    g_autoptr(GError) error = NULL;
    GArray *found = cel_lines_measure(spectrum, 8.0, NULL, &error);
    g_assert_no_error(error);
    return found;
}

static const CelMeasuredLine *nth(const GArray *lines, guint i)
{
    g_assert_cmpuint(i, <, lines->len);
    return &g_array_index(lines, CelMeasuredLine, i);
}

static void lines_are_found_in_order_on_a_sloping_background(void)
{
    const Line lines[] = {{80.3, 4.0, 3000.0}, {150.0, 3.0, 400.0}, {300.7, 6.0, 900.0}};
    g_autoptr(GArray) found = measure(lines, 3, 1);
    g_assert_cmpuint(found->len, ==, 3);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpfloat(fabs(nth(found, i)->position - lines[i].position), <, 0.1);
        g_assert_cmpfloat(fabs(nth(found, i)->fwhm - lines[i].fwhm), <, 0.5);
        g_assert_false(nth(found, i)->saturated);
        g_assert_false(nth(found, i)->blended);
    }
}

static void the_stated_uncertainty_covers_the_error_of_the_position(void)
{
    enum { RUNS = 300 };
    guint inside = 0;
    for (guint seed = 0; seed < RUNS; seed++) {
        const Line line = {200.0 + seed / (double)RUNS, 4.0, 600.0};
        g_autoptr(GArray) found = measure(&line, 1, 100 + seed);
        g_assert_cmpuint(found->len, ==, 1);
        inside += fabs(nth(found, 0)->position - line.position) < 1.96 * nth(found, 0)->u_position;
    }
    g_test_message("%u of %d positions within 1.96 standard errors", inside, RUNS);
    g_assert_cmpuint(inside, >=, (guint)(0.92 * RUNS));
    g_assert_cmpuint(inside, <=, (guint)(0.995 * RUNS));
}

static void overlapping_lines_are_fitted_together(void)
{
    const Line lines[] = {{200.0, 5.0, 2000.0}, {207.5, 5.0, 1000.0}};
    g_autoptr(GArray) found = measure(lines, 2, 3);
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpfloat(fabs(nth(found, 0)->position - 200.0), <, 0.1);
    g_assert_cmpfloat(fabs(nth(found, 1)->position - 207.5), <, 0.2);
}

static void a_clipped_line_is_marked_saturated(void)
{
    const Line lines[] = {{100.0, 6.0, 20000.0}, {250.0, 6.0, 3000.0}};
    double y[N];
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    fill(y, lines, 2, random);
    for (gsize i = 0; i < N; i++)
        y[i] = MIN(y[i], 8000.0);
    g_autoptr(CelSpectrum) spectrum = on_pixels(y);
    g_autoptr(GArray) found = cel_lines_measure(spectrum, 8.0, NULL, NULL);
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_true(nth(found, 0)->saturated);
    g_assert_false(nth(found, 1)->saturated);
}

static void a_masked_line_is_listed_as_saturated(void)
{
    const Line line = {100.0, 6.0, 5000.0};
    double y[N];
    guint8 mask[N] = {0};
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    fill(y, &line, 1, random);
    mask[100] = CEL_MASK_SATURATED;
    g_autoptr(CelSpectrum) spectrum = on_pixels(y);
    cel_spectrum_set_mask(spectrum, mask);
    g_autoptr(GArray) found = cel_lines_measure(spectrum, 8.0, NULL, NULL);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_true(nth(found, 0)->saturated);
}

static void a_shoulder_shows_as_asymmetry(void)
{
    const Line plain = {200.0, 5.0, 2000.0};
    const Line lines[] = {{200.0, 5.0, 2000.0}, {203.0, 5.0, 700.0}};
    g_autoptr(GArray) alone = measure(&plain, 1, 6);
    g_autoptr(GArray) found = measure(lines, 2, 6);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpfloat(fabs(nth(alone, 0)->asymmetry), <, 0.01);
    g_assert_cmpfloat(nth(found, 0)->asymmetry, >, 0.01);
    g_assert_cmpfloat(nth(found, 0)->u_position, >, 2.0 * nth(alone, 0)->u_position);
}

static void noise_alone_has_no_lines(void)
{
    g_autoptr(GArray) found = measure(NULL, 0, 7);
    g_assert_cmpuint(found->len, ==, 0);
}

static void a_spectrum_without_noise_is_refused(void)
{
    double y[N] = {0};
    g_autoptr(CelSpectrum) spectrum = on_pixels(y);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_lines_measure(spectrum, 8.0, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_cancelled_job_stops(void)
{
    const Line line = {100.0, 6.0, 5000.0};
    double y[N];
    g_autoptr(GRand) random = g_rand_new_with_seed(8);
    fill(y, &line, 1, random);
    g_autoptr(CelSpectrum) spectrum = on_pixels(y);
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_cancellable_cancel(cancel);
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_lines_measure(spectrum, 8.0, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/lines/found", lines_are_found_in_order_on_a_sloping_background);
    g_test_add_func("/lines/uncertainty", the_stated_uncertainty_covers_the_error_of_the_position);
    g_test_add_func("/lines/overlapping", overlapping_lines_are_fitted_together);
    g_test_add_func("/lines/clipped", a_clipped_line_is_marked_saturated);
    g_test_add_func("/lines/masked", a_masked_line_is_listed_as_saturated);
    g_test_add_func("/lines/shoulder", a_shoulder_shows_as_asymmetry);
    g_test_add_func("/lines/noise", noise_alone_has_no_lines);
    g_test_add_func("/lines/no-noise", a_spectrum_without_noise_is_refused);
    g_test_add_func("/lines/cancel", a_cancelled_job_stops);
    return g_test_run();
}
