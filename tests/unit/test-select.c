/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranks and medians against sorting. */
#include "base/cel-error.h"
#include "process/cel-select.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void the_median_of_an_even_number_is_the_mean_of_the_middle_two(void)
{
    double four[] = {9.0, 1.0, 4.0, 2.0}, one[] = {-3.0}, two[] = {5.0, 8.0};
    double five[] = {5.0, 5.0, -1e300, 1e300, 6.0};
    g_assert_cmpfloat(cel_median(four, 4), ==, 3.0);
    g_assert_cmpfloat(cel_median(one, 1), ==, -3.0);
    g_assert_cmpfloat(cel_median(two, 2), ==, 6.5);
    g_assert_cmpfloat(cel_median(five, 5), ==, 5.0);
}

/* Of every kind of array: noise, few different values, sorted up and down, all equal. */
static void selection_gives_what_stands_at_the_rank_after_sorting(void)
{
    enum { LONGEST = 700, KINDS = 5 };
    g_autoptr(GRand) random = g_rand_new_with_seed(31);
    for (guint round = 0; round < 600; round++) {
        double values[LONGEST] = {0.0}, sorted[LONGEST], copy[LONGEST];
        const gsize n = 1 + (gsize)g_rand_int_range(random, 0, round < 500 ? 40 : LONGEST - 1);
        for (gsize i = 0; i < n; i++) {
            const double kinds[KINDS] = {g_rand_double(random), floor(4.0 * g_rand_double(random)),
                                         (double)i, -(double)i, 7.0};
            values[i] = kinds[round % KINDS];
        }
        memcpy(sorted, values, sizeof sorted);
        qsort(sorted, n, sizeof *sorted, by_size);
        for (gsize rank = 0; rank < n; rank += 1 + n / 20) {
            memcpy(copy, values, sizeof copy);
            g_assert_cmpfloat(cel_select(copy, n, rank), ==, sorted[rank]);
        }
        memcpy(copy, values, sizeof copy);
        g_assert_cmpfloat(cel_median(copy, n), ==,
                          n % 2 != 0 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0);
    }
}

static void selection_ends_on_what_cannot_be_compared(void)
{
    double values[100];
    for (gsize rank = 0; rank < 100; rank += 9) {
        for (gsize i = 0; i < 100; i++)
            values[i] = i % 3 == 0 ? NAN : (double)i;
        cel_select(values, 100, rank);
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/select/median", the_median_of_an_even_number_is_the_mean_of_the_middle_two);
    g_test_add_func("/select/rank", selection_gives_what_stands_at_the_rank_after_sorting);
    g_test_add_func("/select/nan", selection_ends_on_what_cannot_be_compared);
    return g_test_run();
}
