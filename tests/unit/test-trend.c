/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-apex.h"
#include "cel-trend.h"

#include <math.h>

enum { N = 24 };

/* y = a + b x + c x^2 with a ripple of @noise that no polynomial follows. */
static void fill(CelTrendPoint *points, double a, double b, double c, double noise)
{
    for (gsize i = 0; i < N; i++) {
        const double x = (double)i;
        points[i] = (CelTrendPoint){x, a + b * x + c * x * x + noise * sin(2.4 * x * x), 0.1};
    }
}

static void a_constant_stays_one(void)
{
    CelTrendPoint points[N];
    gboolean used[N];
    CelTrend t;
    fill(points, 3.0, 0.0, 0.0, 0.05);
    g_assert_true(cel_trend_fit(points, N, 4, used, &t));
    g_assert_cmpuint(t.order, ==, 0);
    g_assert_cmpfloat_with_epsilon(cel_trend_value(&t, 7.0, NULL), 3.0, 0.05);
}

static void a_bend_is_followed_and_not_more(void)
{
    CelTrendPoint points[N];
    gboolean used[N];
    CelTrend t;
    fill(points, 1.0, -0.3, 0.05, 0.05);
    g_assert_true(cel_trend_fit(points, N, 4, used, &t));
    g_assert_cmpuint(t.order, ==, 2);
    for (double x = 0.0; x < N; x += 1.5)
        g_assert_cmpfloat_with_epsilon(cel_trend_value(&t, x, NULL), 1.0 - 0.3 * x + 0.05 * x * x,
                                       0.1);
}

static void the_highest_order_is_a_limit(void)
{
    CelTrendPoint points[N];
    gboolean used[N];
    CelTrend t;
    fill(points, 1.0, -0.3, 0.05, 0.05);
    g_assert_true(cel_trend_fit(points, N, 1, used, &t));
    g_assert_cmpuint(t.order, ==, 1);
}

static void a_point_far_off_is_left_out(void)
{
    CelTrendPoint points[N];
    gboolean used[N];
    CelTrend t;
    fill(points, 2.0, 0.1, 0.0, 0.05);
    points[9].y += 6.0;
    g_assert_true(cel_trend_fit(points, N, 3, used, &t));
    for (gsize i = 0; i < N; i++)
        g_assert_cmpint(used[i], ==, i != 9);
    g_assert_cmpfloat_with_epsilon(cel_trend_value(&t, 9.0, NULL), 2.9, 0.1);
}

static void more_scatter_than_stated_makes_it_less_certain(void)
{
    CelTrendPoint points[N];
    gboolean used[N];
    CelTrend quiet, loud;
    double u_quiet = 0.0, u_loud = 0.0;
    fill(points, 0.0, 0.0, 0.0, 0.05);
    cel_trend_fit(points, N, 1, used, &quiet);
    fill(points, 0.0, 0.0, 0.0, 0.8);
    cel_trend_fit(points, N, 1, used, &loud);
    cel_trend_value(&quiet, 10.0, &u_quiet);
    cel_trend_value(&loud, 10.0, &u_loud);
    g_assert_cmpfloat(u_loud, >, 3.0 * u_quiet);
    g_assert_cmpfloat(u_quiet, >=, 0.1 / sqrt(N)); /* never below what is stated */
}

static void outside_it_is_constant_and_less_certain(void)
{
    CelTrendPoint points[N];
    gboolean used[N];
    CelTrend t;
    double u_end = 0.0, u_far = 0.0;
    fill(points, 0.0, 0.2, 0.0, 0.05);
    cel_trend_fit(points, N, 2, used, &t);
    const double end = cel_trend_value(&t, N - 1, &u_end);
    g_assert_cmpfloat_with_epsilon(cel_trend_value(&t, N + 20, &u_far), end, 1e-12);
    g_assert_cmpfloat(u_far, >, 0.2 * 20); /* it could have gone on */
    g_assert_cmpfloat(u_end, <, 0.2);
}

static void few_points_give_a_constant(void)
{
    const CelTrendPoint points[] = {{1.0, 2.0, 0.1}, {2.0, 4.0, 0.1}};
    gboolean used[2];
    CelTrend t;
    g_assert_true(cel_trend_fit(points, 2, 4, used, &t));
    g_assert_cmpuint(t.order, ==, 0);
    g_assert_false(cel_trend_fit(points, 0, 4, used, &t));
}

/* ---- apex ---- */

/* A narrow band on the flank of a broad one, as polystyrene at 1450 cm-1. */
static CelSpectrum *shouldered(double fwhm)
{
    enum { POINTS = 200 };
    double x[POINTS], y[POINTS];
    for (gsize i = 0; i < POINTS; i++) {
        x[i] = 1350.0 + (double)i;
        const double a = (x[i] - 1452.0) / (0.5 * fwhm), b = (x[i] - 1440.0) / fwhm;
        y[i] = 10.0 + 1000.0 * exp(-G_LN2 * a * a) + 450.0 * exp(-G_LN2 * b * b);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, POINTS, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

static double top_of(const CelSpectrum *spectrum)
{
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    gsize top = 0;
    for (gsize i = 0; i < cel_spectrum_length(spectrum); i++)
        top = y[i] > y[top] ? i : top;
    return x[top];
}

static void a_band_is_read_at_its_maximum(void)
{
    g_autoptr(CelSpectrum) spectrum = shouldered(12.0);
    CelMeasuredLine line = {.position = 1447.0, .u_position = 0.1, .fwhm = 22.0, .height = 1100.0};
    g_assert_true(cel_apex_refine(spectrum, &line));
    g_assert_cmpfloat_with_epsilon(line.position, top_of(spectrum), 0.6);
    g_assert_cmpfloat(line.u_position, >, 0.8); /* a quarter of the way it moved */
}

static void a_full_band_has_no_maximum(void)
{
    g_autoptr(CelSpectrum) spectrum = shouldered(12.0);
    CelMeasuredLine line = {.position = 1447.0, .fwhm = 22.0, .height = 1100.0, .saturated = TRUE};
    g_assert_false(cel_apex_refine(spectrum, &line));
    g_assert_cmpfloat_with_epsilon(line.position, 1447.0, 1e-12);
}

static void a_masked_top_is_not_read(void)
{
    g_autoptr(CelSpectrum) spectrum = shouldered(12.0);
    g_autofree guint8 *mask = g_new0(guint8, cel_spectrum_length(spectrum));
    mask[101] = CEL_MASK_COSMIC;
    cel_spectrum_set_mask(spectrum, mask);
    CelMeasuredLine line = {.position = 1447.0, .fwhm = 22.0, .height = 1100.0};
    g_assert_false(cel_apex_refine(spectrum, &line));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/trend/order/constant", a_constant_stays_one);
    g_test_add_func("/trend/order/bend", a_bend_is_followed_and_not_more);
    g_test_add_func("/trend/order/limit", the_highest_order_is_a_limit);
    g_test_add_func("/trend/outlier/left_out", a_point_far_off_is_left_out);
    g_test_add_func("/trend/u/scatter", more_scatter_than_stated_makes_it_less_certain);
    g_test_add_func("/trend/u/outside", outside_it_is_constant_and_less_certain);
    g_test_add_func("/trend/few/constant", few_points_give_a_constant);
    g_test_add_func("/apex/maximum", a_band_is_read_at_its_maximum);
    g_test_add_func("/apex/saturated", a_full_band_has_no_maximum);
    g_test_add_func("/apex/masked", a_masked_top_is_not_read);
    return g_test_run();
}
