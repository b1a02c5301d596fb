/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scan by bounds against the exhaustive one, on sets made to break it. */
#include "long-check.h"
#include "match/cel-scan.h"

#include <math.h>
#include <string.h>

enum { N_COLS = 176, N_ROWS = 1500, N_TOP = 10 };

typedef struct {
    float *values;
    CelRows rows;
    GRand *random;
} Set;

static Set new_set(gsize n_rows, gsize n_cols, guint32 seed)
{
    Set set = {.values = g_new0(float, n_rows *n_cols + 1), .random = g_rand_new_with_seed(seed)};
    set.rows = (CelRows){set.values, n_rows, n_cols, n_cols};
    return set;
}

static void clear_set(Set *set)
{
    g_free(set->values);
    g_rand_free(set->random);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Set, clear_set)

static float *row_of(const Set *set, gsize i)
{
    return set->values + i * set->rows.stride;
}

static void scale_to_unit(float *row, gsize n)
{
    double sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += (double)row[i] * (double)row[i];
    for (gsize i = 0; i < n && sum > 0; i++)
        row[i] = (float)((double)row[i] / sqrt(sum));
}

/* Bands at a dozen places of a family, moved and weighted a little differently in every row. */
static void put_spectrum(const Set *set, gsize i, guint32 family, double noise)
{
    g_autoptr(GRand) bands = g_rand_new_with_seed(family);
    float *row = row_of(set, i);
    for (int b = 0; b < 12; b++) {
        const double at = g_rand_double_range(bands, 0, (double)set->rows.n_cols) +
                          g_rand_double_range(set->random, -0.3, 0.3);
        const double height =
            g_rand_double_range(bands, 0.1, 1) + g_rand_double_range(set->random, -0.05, 0.05);
        for (gsize k = 0; k < set->rows.n_cols; k++)
            row[k] += (float)(height / (1 + pow(((double)k - at) / 2.5, 2)));
    }
    for (gsize k = 0; k < set->rows.n_cols; k++)
        row[k] += (float)(noise * g_rand_double_range(set->random, -1, 1));
    scale_to_unit(row, set->rows.n_cols);
}

static void fill(Set *set, guint n_families, double noise)
{
    for (gsize i = 0; i < set->rows.n_rows; i++)
        put_spectrum(set, i, (guint32)(i % n_families), noise);
}

static void assert_same_bits(const float *a, const float *b, gsize n)
{
    g_assert_cmpint(memcmp(a, b, n * sizeof *a), ==, 0);
}

static void assert_same_hits(const CelTop *a, const CelTop *b)
{
    g_assert_cmpuint(a->n, ==, b->n);
    for (guint i = 0; i < a->n; i++) {
        g_assert_cmpuint(a->hits[i].row, ==, b->hits[i].row);
        assert_same_bits(&a->hits[i].score, &b->hits[i].score, 1);
    }
}

/* Returns: rows looked at. */
static gsize assert_both_ways_agree(CelScanWork *work, const float *query,
                                    const CelScanOptions *options, guint most)
{
    CelScanHit all[64], fast[64];
    CelTop top_all = {all, 0, most}, top_fast = {fast, 0, most};
    cel_scan_all(work, query, options, &top_all);
    const gsize looked_at = cel_scan_top(work, query, options, &top_fast);
    assert_same_hits(&top_all, &top_fast);
    return looked_at;
}

static CelScan *scan_of(const Set *set)
{
    return cel_scan_new(&set->rows, cel_coarse_new(&set->rows, CEL_COARSE_AXES));
}

static void query_all_of(const Set *set, gsize step)
{
    g_autoptr(CelScan) scan = scan_of(set);
    g_autoptr(CelScanWork) work = cel_scan_work_new(scan);
    const CelScanOptions options = {0};
    for (gsize i = 0; i < set->rows.n_rows; i += step)
        assert_both_ways_agree(work, row_of(set, i), &options, N_TOP);
}

static void bounds_and_exhaustive_search_give_the_same_hits(void)
{
    g_auto(Set) set = new_set(N_ROWS, N_COLS, 1);
    fill(&set, 40, 0.02);
    query_all_of(&set, 7);
}

static void most_rows_are_not_looked_at(void)
{
    g_auto(Set) set = new_set(N_ROWS, N_COLS, 2);
    fill(&set, 60, 0.01);
    g_autoptr(CelScan) scan = scan_of(&set);
    g_autoptr(CelScanWork) work = cel_scan_work_new(scan);
    const CelScanOptions options = {0};
    gsize sum = 0;
    for (gsize i = 0; i < N_ROWS; i += 50)
        sum += assert_both_ways_agree(work, row_of(&set, i), &options, N_TOP);
    g_assert_cmpuint(sum / (N_ROWS / 50), <, N_ROWS / 10);
}

static void equal_rows_come_in_their_order(void)
{
    g_auto(Set) set = new_set(300, N_COLS, 3);
    put_spectrum(&set, 0, 5, 0);
    for (gsize i = 1; i < 300; i++)
        memcpy(row_of(&set, i), row_of(&set, 0), N_COLS * sizeof(float));
    g_autoptr(CelScan) scan = scan_of(&set);
    g_autoptr(CelScanWork) work = cel_scan_work_new(scan);
    const CelScanOptions options = {0};
    CelScanHit hits[N_TOP];
    CelTop top = {hits, 0, N_TOP};
    cel_scan_top(work, row_of(&set, 17), &options, &top);
    for (guint i = 0; i < N_TOP; i++)
        g_assert_cmpuint(hits[i].row, ==, i);
}

/* Differences in the last digits, below what a code can show. */
static void near_duplicates_are_told_apart(void)
{
    g_auto(Set) set = new_set(600, N_COLS, 4);
    put_spectrum(&set, 0, 6, 0.01);
    for (gsize i = 1; i < 600; i++) {
        memcpy(row_of(&set, i), row_of(&set, 0), N_COLS * sizeof(float));
        const gsize k = (gsize)g_rand_int_range(set.random, 0, N_COLS);
        row_of(&set, i)[k] += (float)g_rand_double_range(set.random, -1e-6, 1e-6);
    }
    query_all_of(&set, 11);
}

static void zero_rows_and_zero_queries_are_allowed(void)
{
    g_auto(Set) set = new_set(200, N_COLS, 5);
    for (gsize i = 0; i < 200; i += 3)
        put_spectrum(&set, i, (guint32)i % 7, 0.02);
    query_all_of(&set, 1);
}

/* Rows that are 0 outside a short range, and queries that are. */
static void short_ranges_are_allowed(void)
{
    g_auto(Set) set = new_set(800, N_COLS, 6);
    fill(&set, 20, 0.02);
    for (gsize i = 0; i < 800; i += 2) {
        const gsize from = (gsize)g_rand_int_range(set.random, 0, N_COLS - 20);
        float *row = row_of(&set, i);
        memset(row, 0, from * sizeof *row);
        memset(row + from + 20, 0, (N_COLS - from - 20) * sizeof *row);
    }
    query_all_of(&set, 5);
}

static void rows_need_not_be_normalised_or_positive(void)
{
    g_auto(Set) set = new_set(N_ROWS, N_COLS, 7);
    for (gsize i = 0; i < N_ROWS; i++) {
        const double size = pow(10, g_rand_double_range(set.random, -6, 6));
        for (gsize k = 0; k < N_COLS; k++)
            row_of(&set, i)[k] = (float)(size * g_rand_double_range(set.random, -1, 1));
    }
    query_all_of(&set, 13);
}

static void fewer_rows_than_asked_for_are_all_given(void)
{
    for (gsize n = 0; n < 40; n += n < 5 ? 1 : 7) {
        g_auto(Set) set = new_set(n, N_COLS, 8);
        fill(&set, 3, 0.1);
        g_autoptr(CelScan) scan = scan_of(&set);
        g_autoptr(CelScanWork) work = cel_scan_work_new(scan);
        const CelScanOptions options = {0};
        const float query[N_COLS] = {1, 2, 3};
        CelScanHit hits[50];
        CelTop top = {hits, 0, 50};
        g_assert_cmpuint(cel_scan_top(work, query, &options, &top), ==, n);
        g_assert_cmpuint(top.n, ==, n);
        assert_both_ways_agree(work, query, &options, 50);
    }
}

static void every_kernel_gives_the_same_bits(void)
{
    g_auto(Set) set = new_set(333, N_COLS, 9);
    fill(&set, 11, 0.3);
    g_autoptr(CelCoarse) coarse = cel_coarse_new(&set.rows, 32);
    const gsize groups = cel_coarse_n_rows(coarse) / CEL_SCAN_GROUP;
    const CelScanKernel *const *last = cel_scan_kernels;
    while (last[1] != NULL)
        last++;
    float expected[333], dots[333], bounds[336], expected_bounds[336];
    CelScanProbe probe;
    cel_coarse_probe(coarse, *last, row_of(&set, 5), &probe);
    cel_coarse_bounds(coarse, *last, &probe, 0, groups, expected_bounds);
    (*last)->dots(row_of(&set, 5), set.values, N_COLS, N_COLS, 333, expected);
    for (const CelScanKernel *const *k = cel_scan_kernels; *k != NULL; k++) {
        if (!(*k)->usable()) {
            g_test_message("this processor has no %s", (*k)->name);
            continue;
        }
        CelScanProbe same;
        memset(&same, 0, sizeof same);
        cel_coarse_probe(coarse, *k, row_of(&set, 5), &same);
        cel_coarse_bounds(coarse, *k, &same, 0, groups, bounds);
        (*k)->dots(row_of(&set, 5), set.values, N_COLS, N_COLS, 333, dots);
        assert_same_bits(dots, expected, 333);
        for (gsize n = 0; n <= N_COLS; n++) {
            const float *a = row_of(&set, n), *b = row_of(&set, 7) + (N_COLS - n);
            const double one = (*last)->sum(a, b, n), other = (*k)->sum(a, b, n);
            g_assert_cmpint(memcmp(&one, &other, sizeof one), ==, 0);
        }
        assert_same_bits(bounds, expected_bounds, 336);
    }
}

static void the_number_of_threads_leaves_no_trace(void)
{
    g_auto(Set) set = new_set(20000, 48, 10);
    for (gsize i = 0; i < 20000 * 48; i++)
        set.values[i] = (float)g_rand_double_range(set.random, -1, 1);
    g_autoptr(CelScan) scan = scan_of(&set);
    g_autoptr(CelScanWork) work = cel_scan_work_new(scan);
    for (guint i = 0; i < 20; i++) {
        CelScanHit one[N_TOP], many[N_TOP];
        CelTop top_one = {one, 0, N_TOP}, top_many = {many, 0, N_TOP};
        const CelScanOptions alone = {.threads = 1}, together = {.threads = 3};
        cel_scan_all(work, row_of(&set, i), &alone, &top_one);
        cel_scan_all(work, row_of(&set, i), &together, &top_many);
        assert_same_hits(&top_one, &top_many);
        assert_both_ways_agree(work, row_of(&set, i), &together, N_TOP);
    }
}

/* The definition, in double precision, over many random pairs. */
static void no_bound_is_below_the_dot_product(void)
{
    const guint rounds = long_count(20);
    guint64 pairs = 0;
    for (guint round = 0; round < rounds; round++) {
        g_auto(Set) set = new_set(256, N_COLS, round);
        fill(&set, 1 + round % 30, round % 2 == 0 ? 0.001 : 0.3);
        g_autoptr(CelCoarse) coarse = cel_coarse_new(&set.rows, 4 + 4 * (round % 24));
        g_autofree float *bounds = g_new(float, cel_coarse_n_rows(coarse));
        for (gsize q = 0; q < 256; q += 5) {
            CelScanProbe probe;
            cel_coarse_probe(coarse, cel_scan_kernel(), row_of(&set, q), &probe);
            cel_coarse_bounds(coarse, cel_scan_kernel(), &probe, 0,
                              cel_coarse_n_rows(coarse) / CEL_SCAN_GROUP, bounds);
            for (gsize i = 0; i < 256; i++, pairs++) {
                double dot = 0;
                for (gsize k = 0; k < N_COLS; k++)
                    dot += (double)row_of(&set, q)[k] * (double)row_of(&set, i)[k];
                g_assert_cmpfloat(dot, <=, (double)bounds[i]);
            }
        }
    }
    g_test_message("%" G_GUINT64_FORMAT " pairs: no bound too low", pairs);
}

/* Rows that their codes show wholly, so that only what the query's own code misses is left. */
static void what_the_code_of_a_query_misses_is_allowed_for(void)
{
    enum { N = CEL_SCAN_GROUP, COLS = 16, AXES = 4 };
    float axes[AXES * COLS] = {0}, scale[N], nothing[N] = {0}, size[N], bounds[N];
    guint8 codes[N * AXES];
    g_autoptr(GRand) random = g_rand_new_with_seed(14);
    for (gsize i = 0; i < N * AXES; i++)
        codes[i] = (guint8)g_rand_int_range(random, 1, 256);
    for (gsize a = 0; a < AXES; a++)
        axes[a * COLS + a] = 1;
    for (gsize i = 0; i < N; i++) {
        scale[i] = 0.0078125F;
        size[i] = 2;
    }
    const CelCoarsePart parts[CEL_COARSE_PARTS] = {
        {axes, sizeof axes},       {codes, sizeof codes},     {scale, sizeof scale},
        {nothing, sizeof nothing}, {nothing, sizeof nothing}, {size, sizeof size}};
    g_autoptr(CelCoarse) coarse = cel_coarse_map(N, COLS, AXES, parts);
    for (guint round = 0; round < 200; round++) {
        float query[COLS] = {0};
        CelScanProbe probe;
        for (gsize a = 0; a < AXES; a++)
            query[a] = (float)g_rand_double_range(random, -1, 1);
        cel_coarse_probe(coarse, cel_scan_kernel(), query, &probe);
        cel_coarse_bounds(coarse, cel_scan_kernel(), &probe, 0, 1, bounds);
        for (gsize i = 0; i < N; i++) {
            double dot = 0;
            for (gsize a = 0; a < AXES; a++)
                dot += (double)query[a] * (double)scale[i] * (codes[i * AXES + a] - 128);
            g_assert_cmpfloat(dot, <=, (double)bounds[i]);
            g_assert_cmpfloat((double)bounds[i], <, dot + 0.001);
        }
    }
}

static void stored_codes_give_the_same_bounds(void)
{
    g_auto(Set) set = new_set(100, N_COLS, 12);
    fill(&set, 9, 0.1);
    g_autoptr(CelCoarse) coarse = cel_coarse_new(&set.rows, 16);
    CelCoarsePart parts[CEL_COARSE_PARTS];
    for (gsize p = 0; p < CEL_COARSE_PARTS; p++)
        parts[p] = cel_coarse_part(coarse, p);
    g_autoptr(CelCoarse) mapped = cel_coarse_map(100, N_COLS, 16, parts);
    CelScanProbe probe;
    float a[112], b[112];
    cel_coarse_probe(coarse, cel_scan_kernel(), row_of(&set, 3), &probe);
    cel_coarse_bounds(coarse, cel_scan_kernel(), &probe, 0, 7, a);
    cel_coarse_probe(mapped, cel_scan_kernel(), row_of(&set, 3), &probe);
    cel_coarse_bounds(mapped, cel_scan_kernel(), &probe, 0, 7, b);
    assert_same_bits(a, b, 112);
}

static void the_best_are_kept_in_any_order_of_arrival(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(13);
    for (guint most = 0; most < 9; most++) {
        CelScanHit hits[9];
        CelTop top = {hits, 0, most};
        gboolean met[50] = {FALSE};
        for (guint i = 0; i < 400; i++) {
            const guint row = (guint)g_rand_int_range(random, 0, 50);
            if (!met[row])
                cel_top_offer(&top, (CelScanHit){row, (float)(row / 2)});
            met[row] = TRUE;
        }
        cel_top_sort(&top);
        g_assert_cmpuint(top.n, ==, most);
        for (guint i = 0; i < most; i++)
            g_assert_cmpuint(top.hits[i].row, ==, 48 - i / 2 * 2 + i % 2);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_message("kernel: %s", cel_scan_kernel()->name);
#define ADD(name) g_test_add_func("/scan/" #name, name)
    ADD(bounds_and_exhaustive_search_give_the_same_hits);
    ADD(most_rows_are_not_looked_at);
    ADD(equal_rows_come_in_their_order);
    ADD(near_duplicates_are_told_apart);
    ADD(zero_rows_and_zero_queries_are_allowed);
    ADD(short_ranges_are_allowed);
    ADD(rows_need_not_be_normalised_or_positive);
    ADD(fewer_rows_than_asked_for_are_all_given);
    ADD(every_kernel_gives_the_same_bits);
    ADD(the_number_of_threads_leaves_no_trace);
    ADD(no_bound_is_below_the_dot_product);
    ADD(what_the_code_of_a_query_misses_is_allowed_for);
    ADD(stored_codes_give_the_same_bounds);
    ADD(the_best_are_kept_in_any_order_of_arrival);
    return g_test_run();
}
