/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-lags.h"

enum { N = 60, CHANNELS = 600, MIN_COMMON = 125 };

/* Six bands at places that only @seed has, all moved by @off_cm1. */
static CelView *made(guint32 seed, double off_cm1, guint n)
{
    g_autofree double *x = g_new(double, 2 * n);
    double *y = x + n;
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    double at[6];
    for (int b = 0; b < 6; b++)
        at[b] = g_rand_double_range(rand, 200, 1300);
    for (guint k = 0; k < n; k++) {
        x[k] = 160 + 2.0 * k;
        y[k] = 0.01;
        for (int b = 0; b < 6; b++) {
            const double u = (x[k] - at[b] - off_cm1) / 8;
            y[k] += 1 / (1 + u * u);
        }
    }
    return cel_view_new(&(CelCurve){.x = x, .y = y, .n = n});
}

static gboolean has(const GArray *entries, guint entry)
{
    for (guint i = 0; i < entries->len; i++)
        if (g_array_index(entries, guint, i) == entry)
            return TRUE;
    return FALSE;
}

static CelLags *made_lags(CelView **views)
{
    for (guint i = 0; i < N; i++)
        views[i] = made(i + 1, 0, CHANNELS);
    return cel_lags_new((const CelView *const *)views, N);
}

static void free_views(CelView **views)
{
    for (guint i = 0; i < N; i++)
        cel_view_free(views[i]);
}

static void the_right_entry_is_promising_wherever_the_axis_is(void)
{
    CelView *views[N];
    g_autoptr(CelLags) lags = made_lags(views);
    for (guint entry = 0; entry < N; entry += 7) {
        for (int off = -12; off <= 12; off++) {
            g_autoptr(CelView) sample = made(entry + 1, off, CHANNELS);
            g_autoptr(GArray) found = cel_lags_promising(lags, sample, MIN_COMMON);
            g_assert_true(has(found, entry));
        }
    }
    free_views(views);
}

static void each_entry_is_named_once_in_order(void)
{
    CelView *views[N];
    g_autoptr(CelLags) lags = made_lags(views);
    g_autoptr(CelView) sample = made(5, 3, CHANNELS);
    g_autoptr(GArray) found = cel_lags_promising(lags, sample, MIN_COMMON);
    g_assert_cmpuint(found->len, >=, CEL_LAGS_KEPT);
    for (guint i = 1; i < found->len; i++)
        g_assert_cmpuint(g_array_index(found, guint, i - 1), <, g_array_index(found, guint, i));
    free_views(views);
}

static void a_short_common_range_promises_nothing(void)
{
    CelView *views[N];
    g_autoptr(CelLags) lags = made_lags(views);
    g_autoptr(CelView) sample = made(5, 0, 100);
    g_autoptr(GArray) found = cel_lags_promising(lags, sample, MIN_COMMON);
    g_assert_cmpuint(found->len, ==, 0);
    free_views(views);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lags/right-entry", the_right_entry_is_promising_wherever_the_axis_is);
    g_test_add_func("/lags/once", each_entry_is_named_once_in_order);
    g_test_add_func("/lags/range", a_short_common_range_promises_nothing);
    return g_test_run();
}
