/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "long-check.h"
#include "process/cel-transfer.h"
#include "spectrum/cel-spectrum.h"

#include <math.h>
#include <string.h>

/* Rounding of the sums, relative to the highest value: not a band. */
#define ROUNDING 1e-12

static double gauss(double x, double centre, double fwhm)
{
    return exp(-4.0 * M_LN2 * pow((x - centre) / fwhm, 2.0));
}

/* Local maxima that stand above both sides by more than rounding; a plateau counts once. */
static guint maxima(const double *y, gsize n)
{
    double top = 0.0;
    guint count = 0;
    for (gsize i = 0; i < n; i++)
        top = MAX(top, fabs(y[i]));
    double level = y[0];
    gboolean rising = TRUE;
    for (gsize i = 1; i < n; i++) {
        if (rising && y[i] < level - ROUNDING * top) {
            count++;
            rising = FALSE;
            level = y[i];
        } else if (!rising && y[i] > level + ROUNDING * top) {
            rising = TRUE;
            level = y[i];
        } else {
            level = rising ? MAX(level, y[i]) : MIN(level, y[i]);
        }
    }
    return count + (rising ? 1 : 0);
}

typedef struct {
    gsize n;
    double *x, *y;
} Curve;

static void curve_clear(Curve *curve)
{
    g_free(curve->x);
    g_free(curve->y);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Curve, curve_clear)

/* Samples at uneven places: bands, noise, single spikes, plateaus of exact zeros. */
static Curve random_curve(GRand *rand)
{
    Curve c = {.n = (gsize)g_rand_int_range(rand, 4, 400)};
    c.x = g_new(double, c.n);
    c.y = g_new(double, c.n);
    const int kind = g_rand_int_range(rand, 0, 4);
    double x = g_rand_double_range(rand, 50.0, 400.0);
    for (gsize i = 0; i < c.n; i++) {
        x += pow(10.0, g_rand_double_range(rand, -1.5, 1.0));
        c.x[i] = x;
        const double band = 3.0 * gauss(x, 600.0, 15.0) + gauss(x, 640.0, 4.0);
        c.y[i] = kind == 0   ? band
                 : kind == 1 ? g_rand_double(rand)
                 : kind == 2 ? (g_rand_int_range(rand, 0, 10) == 0 ? g_rand_double(rand) : 0.0)
                             : fmax(band + g_rand_double_range(rand, -0.1, 0.1), 0.0);
    }
    return c;
}

static Curve random_axis(GRand *rand)
{
    Curve c = {.n = (gsize)g_rand_int_range(rand, 4, 600)};
    c.x = g_new(double, c.n);
    double x = g_rand_double_range(rand, 0.0, 500.0);
    for (gsize i = 0; i < c.n; i++)
        c.x[i] = x += g_rand_double_range(rand, 0.05, 5.0);
    return c;
}

static void no_maximum_is_invented_and_nothing_goes_negative(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2026);
    const guint n = long_count(3000);
    guint fewer = 0;
    for (guint run = 0; run < n; run++) {
        g_auto(Curve) c = random_curve(rand);
        g_auto(Curve) axis = random_axis(rand);
        const CelTransferFrom from = {.x = c.x, .y = c.y, .n = c.n, .resolution_cm1 = 3.0};
        const CelTransferTo to = {
            .x = axis.x, .n = axis.n, .resolution_cm1 = g_rand_double_range(rand, 1.0, 40.0)};
        g_auto(CelTransferred) t = {0};
        g_assert_true(cel_transfer(&from, &to, &t, NULL));
        double top = 0.0;
        for (gsize i = 0; i < c.n; i++)
            top = MAX(top, c.y[i]);
        if (top < 1e-290) /* tails of a band so far off that doubles have no digits left */
            continue;
        gsize first = 0, last = axis.n;
        for (gsize i = 0; i < axis.n; i++) {
            g_assert_cmpfloat(t.y[i], >=, 0.0);
            g_assert_cmpfloat(t.y[i], <=, top * (1.0 + ROUNDING));
        }
        while (first < last && t.mask[first] != 0)
            first++;
        while (last > first && t.mask[last - 1] != 0)
            last--;
        if (last - first < 2)
            continue;
        const guint before = maxima(c.y, c.n), after = maxima(t.y + first, last - first);
        g_assert_cmpuint(after, <=, before);
        fewer += after < before ? 1 : 0;
    }
    g_test_message("%u transfers: %u with fewer maxima, none with more, none negative", n, fewer);
    g_assert_cmpuint(fewer, >, n / 4);
}

static void a_band_gets_the_width_that_was_asked_for(void)
{
    enum { N = 1200 };
    static const double wanted[] = {5.0, 8.0, 15.0, 30.0};
    double x[N], y[N];
    for (gsize k = 0; k < G_N_ELEMENTS(wanted); k++) {
        double area = 0.0, second = 0.0;
        for (gsize i = 0; i < N; i++) {
            x[i] = 700.0 + 0.5 * (double)i + 0.1 * sin((double)i);
            y[i] = gauss(x[i], 1000.0, 4.0);
        }
        cel_broaden(x, y, N, cel_broaden_by(4.0, wanted[k]));
        gsize top = 0;
        for (gsize i = 1; i < N; i++) {
            top = y[i] > y[top] ? i : top;
            area += 0.5 * (y[i] + y[i - 1]) * (x[i] - x[i - 1]);
            second += y[i] * pow(x[i] - 1000.0, 2.0) * (x[i] - x[i - 1]);
        }
        gsize left = top, right = top;
        while (y[left] > 0.5 * y[top])
            left--;
        while (y[right] > 0.5 * y[top])
            right++;
        g_assert_cmpfloat_with_epsilon(x[top], 1000.0, 0.5);
        g_assert_cmpfloat_with_epsilon((x[right] - x[left]) / wanted[k], 1.0,
                                       0.02 + 1.0 / wanted[k]);
        g_assert_cmpfloat_with_epsilon(area, 4.0 * sqrt(G_PI / M_LN2) / 2.0, 1e-3);
        g_assert_cmpfloat_with_epsilon(sqrt(second / area) * 2.0 * sqrt(2.0 * M_LN2) / wanted[k],
                                       1.0, 5e-3);
    }
}

static void a_constant_stays_one(void)
{
    double x[50], y[50];
    for (gsize i = 0; i < 50; i++) {
        x[i] = (double)(i * i);
        y[i] = 7.25;
    }
    cel_broaden(x, y, 50, 300.0);
    for (gsize i = 0; i < 50; i++)
        g_assert_cmpfloat_with_epsilon(y[i], 7.25, 1e-12);
}

static void only_the_sharper_one_is_broadened(void)
{
    double x[200], y[200];
    for (gsize i = 0; i < 200; i++) {
        x[i] = 900.0 + (double)i;
        y[i] = gauss(x[i], 1000.0, 10.0);
    }
    const CelTransferFrom sharp = {.x = x, .y = y, .n = 200, .resolution_cm1 = 4.0};
    const CelTransferFrom blunt = {.x = x, .y = y, .n = 200, .resolution_cm1 = 12.0};
    const CelTransferFrom unknown = {.x = x, .y = y, .n = 200};
    const CelTransferTo to = {.x = x, .n = 200, .resolution_cm1 = 8.0, .u_axis_cm1 = 2.0};
    g_auto(CelTransferred) a = {0}, b = {0}, c = {0};
    g_assert_true(cel_transfer(&sharp, &to, &a, NULL));
    g_assert_true(cel_transfer(&blunt, &to, &b, NULL));
    g_assert_true(cel_transfer(&unknown, &to, &c, NULL));
    g_assert_cmpfloat_with_epsilon(a.broadened_cm1, sqrt(48.0), 1e-12);
    g_assert_cmpfloat_with_epsilon(a.sample_lacks_cm1, 0.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(b.sample_lacks_cm1, sqrt(80.0), 1e-12);
    g_assert_cmpfloat_with_epsilon(a.u_axis_cm1, sqrt(5.0), 1e-12);
    for (gsize i = 0; i < 200; i++) {
        g_assert_cmpfloat_with_epsilon(b.y[i], y[i], 1e-15);
        g_assert_cmpfloat_with_epsilon(c.y[i], y[i], 1e-15);
    }
    g_assert_cmpfloat(a.y[100], <, 0.9);
}

static void what_was_not_measured_is_not_observable(void)
{
    double x[100], y[100], at[300];
    for (gsize i = 0; i < 100; i++) {
        x[i] = 500.0 + 2.0 * (double)i;
        y[i] = 1.0 + (double)(i % 7);
    }
    for (gsize i = 0; i < 300; i++)
        at[i] = 400.0 + 1.5 * (double)i;
    g_autoptr(CelResponse) response = cel_response_new(4);
    for (gsize i = 0; i < 4; i++) {
        response->shift_cm1[i] = 550.0 + 30.0 * (double)i;
        response->factor[i] = 2.0;
    }
    const CelTransferFrom from = {.x = x, .y = y, .n = 100};
    const CelTransferTo plain = {.x = at, .n = 300},
                        seen = {.x = at, .n = 300, .response = response};
    g_auto(CelTransferred) a = {0}, b = {0};
    g_assert_true(cel_transfer(&from, &plain, &a, NULL));
    g_assert_true(cel_transfer(&from, &seen, &b, NULL));
    g_assert_cmpfloat_with_epsilon(a.common_cm1[0], 500.5, 1e-9);
    g_assert_cmpfloat_with_epsilon(a.common_cm1[1], 697.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(b.common_cm1[0], 550.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(b.common_cm1[1], 640.0, 1e-9);
    for (gsize i = 0; i < 300; i++) {
        const gboolean outside = at[i] < 500.0 || at[i] > 698.0;
        g_assert_cmpint(a.mask[i] == CEL_MASK_OUT_OF_RANGE, ==, outside);
        g_assert_true(!outside || (a.y[i] >= 0.0 && a.y[i] <= 0.0));
        if (b.mask[i] == 0)
            g_assert_cmpfloat_with_epsilon(b.y[i], a.y[i] / 2.0, 1e-12);
    }
}

static void a_reference_that_is_none_is_refused(void)
{
    const double x[] = {1.0, 2.0, 3.0, 3.0}, y[] = {0.0, 1.0, 0.0, 0.0};
    const CelTransferTo to = {.x = x, .n = 3};
    const CelTransferFrom few = {.x = x, .y = y, .n = 3}, level = {.x = x, .y = y, .n = 4};
    const CelTransferFrom *const bad[] = {&few, &level};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(CelTransferred) t = {0};
        g_autoptr(GError) error = NULL;
        g_assert_false(cel_transfer(bad[i], &to, &t, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/transfer/no-maximum-is-invented-and-nothing-goes-negative",
                    no_maximum_is_invented_and_nothing_goes_negative);
    g_test_add_func("/transfer/a-band-gets-the-width-that-was-asked-for",
                    a_band_gets_the_width_that_was_asked_for);
    g_test_add_func("/transfer/a-constant-stays-one", a_constant_stays_one);
    g_test_add_func("/transfer/only-the-sharper-one-is-broadened",
                    only_the_sharper_one_is_broadened);
    g_test_add_func("/transfer/what-was-not-measured-is-not-observable",
                    what_was_not_measured_is_not_observable);
    g_test_add_func("/transfer/a-reference-that-is-none-is-refused",
                    a_reference_that_is_none_is_refused);
    return g_test_run();
}
