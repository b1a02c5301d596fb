/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges of similarities from products of matrices: the true one lies in each; they are narrow. */
#include "match/cel-blas.h"
#include "match/cel-pairs.h"

#include <math.h>

enum { N = 150, NARROW_PPM = 200 };

/* Every kind: short and long ranges, masked samples, near copies of the one before. */
static CelView *made(guint i)
{
    enum { MOST = 1500 };
    const guint n = i % 5 == 0 ? 400 : 700 + 13 * (i % 50);
    const double from = 160 + 37 * (i % 11);
    g_autoptr(GRand) random = g_rand_new_with_seed(i % 3 == 2 ? i - 1 : i);
    g_autofree double *x = g_new(double, 2 * MOST);
    guint8 mask[MOST] = {0};
    double *y = x + MOST, at[6];
    for (guint b = 0; b < 6; b++)
        at[b] = g_rand_double_range(random, 200, 1400);
    for (guint k = 0; k < n; k++) {
        x[k] = from + 1.7 * k;
        y[k] = 0.02 + 0.01 * g_rand_double(random);
        for (guint b = 0; b < 6; b++)
            y[k] += 1 / (1 + pow((x[k] - at[b]) / 7, 2));
    }
    mask[n / 2] = i % 7 == 0 ? 1 : 0;
    return cel_view_new(&(CelCurve){.x = x, .y = y, .mask = mask, .n = n});
}

typedef struct {
    CelView *views[N];
    CelPairs *pairs;
} Desk;

static void desk_init(Desk *desk)
{
    for (guint i = 0; i < N; i++)
        desk->views[i] = i == 17 ? NULL : made(i);
    desk->pairs = cel_pairs_new((const CelView *const *)desk->views, N);
}

static void desk_clear(Desk *desk)
{
    cel_pairs_free(desk->pairs);
    for (guint i = 0; i < N; i++)
        cel_view_free(desk->views[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static void the_similarity_lies_in_its_range(void)
{
    g_auto(Desk) desk;
    guint narrow = 0, near = 0;
    desk_init(&desk);
    if (cel_blas_sgemm() == NULL) {
        g_test_skip("OpenBLAS is not installed");
        return;
    }
    g_autoptr(CelPairsBlock) block = cel_pairs_block_new(desk.pairs);
    for (guint i = 0; i < N; i++) {
        if (i % CEL_PAIRS_BLOCK == 0)
            cel_pairs_block_fill(block, i);
        for (guint j = i + 1; j < N; j++) {
            if (desk.views[i] == NULL || desk.views[j] == NULL)
                continue;
            const CelPairsRange range = cel_pairs_range(block, i, j);
            const double true_one = cel_similar(desk.views[i], desk.views[j], 0);
            g_assert_cmpfloat(range.low, <=, true_one);
            g_assert_cmpfloat(range.high, >=, true_one);
            narrow += range.high - range.low < NARROW_PPM * 1e-6 ? 1 : 0;
            near += true_one > 0.9 ? 1 : 0;
        }
    }
    g_assert_cmpuint(near, >, 20);
    g_assert_cmpuint(narrow, >, N * (N - 1) / 2 * 7 / 10);
}

static void a_few_spectra_are_compared_without(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    g_assert_null(cel_pairs_new((const CelView *const *)desk.views, 5));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pairs/the-similarity-lies-in-its-range", the_similarity_lies_in_its_range);
    g_test_add_func("/pairs/a-few-spectra-are-compared-without",
                    a_few_spectra_are_compared_without);
    return g_test_run();
}
