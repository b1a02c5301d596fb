/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-identify.h"
#include "match/cel-residual.h"
#include "report/cel-report-text.h"

#include <math.h>

enum { N = 400 };

static double band(double x, double at)
{
    const double u = (x - at) / 6;
    return 1 / (1 + u * u);
}

/* A band at @at between @from and @from + N - 1, times @height. */
static void fill(double *x, double *y, double from, const double at_height[2])
{
    for (int i = 0; i < N; i++) {
        x[i] = from + i;
        y[i] = at_height[1] * band(x[i], at_height[0]);
    }
}

static void a_scaled_and_shifted_copy_leaves_nothing(void)
{
    double x[N], y[N], rx[N], ry[N];
    fill(x, y, 300, (const double[]){500, 3});
    fill(rx, ry, 300, (const double[]){507, 1});
    g_auto(CelResidual) residual = {0};
    g_assert_true(cel_residual_init(&residual, &(CelSamples){.x = x, .y = y, .n = N},
                                    &(CelSamples){.x = rx, .y = ry, .n = N}, 7));
    g_assert_cmpfloat_with_epsilon(residual.scale, 3, 1e-9);
    g_assert_cmpfloat(residual.rms, <, 1e-9);
    g_assert_cmpuint(residual.n, ==, N - 7);
}

static void what_the_reference_lacks_is_left(void)
{
    double x[N], y[N], rx[N], ry[N];
    fill(x, y, 300, (const double[]){400, 1});
    for (int i = 0; i < N; i++)
        y[i] += 0.5 * band(x[i], 600);
    fill(rx, ry, 300, (const double[]){400, 1});
    g_auto(CelResidual) residual = {0};
    g_assert_true(cel_residual_init(&residual, &(CelSamples){.x = x, .y = y, .n = N},
                                    &(CelSamples){.x = rx, .y = ry, .n = N}, 0));
    g_assert_cmpfloat_with_epsilon(residual.y[300], 0.5, 0.02);
    g_assert_cmpfloat_with_epsilon(residual.y[100], 0, 0.02);
}

static void curves_without_a_common_range_have_no_residual(void)
{
    double x[N], y[N], rx[N], ry[N];
    fill(x, y, 300, (const double[]){400, 1});
    fill(rx, ry, 2000, (const double[]){2100, 1});
    g_auto(CelResidual) residual = {0};
    g_assert_false(cel_residual_init(&residual, &(CelSamples){.x = x, .y = y, .n = N},
                                     &(CelSamples){.x = rx, .y = ry, .n = N}, 0));
    g_assert_cmpuint(residual.n, ==, 0);
}

/* ---- what follows ---- */

static void every_outcome_has_a_next_step(void)
{
    for (int i = 0; i < CEL_N_OUTCOMES; i++)
        g_assert_cmpint(cel_report_next_step(cel_outcome_name((CelOutcome)i)), !=, CEL_N_WORDS);
    g_assert_cmpint(cel_report_next_step("none of them"), ==, CEL_N_WORDS);
    g_assert_cmpint(cel_report_next_step(NULL), ==, CEL_N_WORDS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/residual/copy", a_scaled_and_shifted_copy_leaves_nothing);
    g_test_add_func("/residual/extra", what_the_reference_lacks_is_left);
    g_test_add_func("/residual/apart", curves_without_a_common_range_have_no_residual);
    g_test_add_func("/report/next-step", every_outcome_has_a_next_step);
    return g_test_run();
}
