/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-alike.h"

#include <math.h>
#include <string.h>

enum { N = 1200 };

/* Two Lorentzian bands; the second moves from substance to substance. */
static CelView *make_view(double second_cm1, double height)
{
    double x[N], y[N];
    for (int i = 0; i < N; i++) {
        const double a = (160 + i - 400.0) / 5, b = (160 + i - second_cm1) / 5;
        x[i] = 160 + i;
        y[i] = 0.6 / (1 + a * a) + height / (1 + b * b);
    }
    const CelCurve curve = {.x = x, .y = y, .n = N};
    return cel_view_new(&curve);
}

static void add(GArray *entries, guint slot, double second_cm1, double height)
{
    const CelEntry entry = {slot, make_view(second_cm1, height)};
    g_array_append_val(entries, entry);
}

/* Slots 0 and 1 are the same to the eye, 2 and 3 are not like them nor each other. */
static CelSearch *make_search(void)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    add(entries, 0, 900, 1.0);
    add(entries, 0, 900, 0.9);
    add(entries, 1, 900, 0.95);
    add(entries, 2, 700, 1.0);
    add(entries, 3, 1100, 1.0);
    return cel_search_new(entries);
}

static const guint8 all_measured[] = {1, 1, 1, 1, 1};

static void a_reference_resembles_itself_and_its_like_but_not_another(void)
{
    g_autoptr(CelSearch) search = make_search();
    g_assert_cmpfloat_with_epsilon(cel_alike_similarity(search, 0, 0), 1, 1e-6);
    g_assert_cmpfloat(cel_alike_similarity(search, 0, 2), >, 0.98);
    g_assert_cmpfloat(cel_alike_similarity(search, 0, 3), <, 0.8);
    g_assert_cmpfloat_with_epsilon(cel_alike_similarity(search, 0, 3),
                                   cel_alike_similarity(search, 3, 0), 1e-9);
}

static void few_pairs_within_substances_leave_the_usual_limit(void)
{
    g_autoptr(CelSearch) search = make_search();
    g_assert_cmpfloat(cel_alike_limit(search, all_measured), ==, CEL_ALIKE_DEFAULT);
}

static void the_limit_is_the_median_within_substances(void)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    guint8 measured[2 * (CEL_ALIKE_LEAST + 1)];
    memset(measured, 1, sizeof measured);
    /* all substances but a few have two like references; a few have two quite unlike */
    for (guint s = 0; s <= CEL_ALIKE_LEAST; s++) {
        add(entries, s, 600 + 10 * s, 1.0);
        add(entries, s, s < 5 ? 1200 : 600 + 10 * s, 1.0);
    }
    g_autoptr(CelSearch) search = cel_search_new(entries);
    g_assert_cmpfloat_with_epsilon(cel_alike_limit(search, measured), 1, 1e-6);
    measured[1] = 0;
    g_assert_cmpfloat_with_epsilon(cel_alike_limit(search, measured), 1, 1e-6);
    memset(measured, 0, sizeof measured);
    g_assert_cmpfloat(cel_alike_limit(search, measured), ==, CEL_ALIKE_DEFAULT);
}

static void the_map_lists_each_pair_of_substances_once_with_its_nearest_references(void)
{
    g_autoptr(CelSearch) search = make_search();
    g_autoptr(GArray) map = cel_alike_map(search, all_measured, 0.95);
    g_assert_cmpuint(map->len, ==, 1);
    const CelAlikePair *pair = &g_array_index(map, CelAlikePair, 0);
    g_assert_cmpuint(pair->slots[0], ==, 0);
    g_assert_cmpuint(pair->slots[1], ==, 1);
    g_assert_cmpfloat_with_epsilon(
        pair->similarity,
        MAX(cel_alike_similarity(search, 0, 2), cel_alike_similarity(search, 1, 2)), 1e-12);
    g_autoptr(GArray) wide = cel_alike_map(search, all_measured, 0);
    g_assert_cmpuint(wide->len, ==, 6);
}

static void the_map_leaves_band_tables_out(void)
{
    g_autoptr(CelSearch) search = make_search();
    const guint8 measured[] = {1, 1, 0, 1, 1};
    g_autoptr(GArray) map = cel_alike_map(search, measured, 0.95);
    g_assert_cmpuint(map->len, ==, 0);
}

static void candidates_are_compared_with_all_references_of_the_first(void)
{
    g_autoptr(CelSearch) search = make_search();
    const CelCandidate ranked[] = {{.slot = 0, .entry = 0, .score = 0.99},
                                   {.slot = 1, .entry = 2, .score = 0.97},
                                   {.slot = 2, .entry = 3, .score = 0.60}};
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(CelCandidate));
    g_array_append_vals(list, ranked, 3);
    double likeness[CEL_ALIKE_DEPTH];
    cel_alike_likeness(search, list, all_measured, likeness);
    g_assert_cmpfloat(likeness[0], ==, 1);
    g_assert_cmpfloat_with_epsilon(
        likeness[1], MAX(cel_alike_similarity(search, 0, 2), cel_alike_similarity(search, 1, 2)),
        1e-12);
    g_assert_cmpfloat(likeness[2], <, 0.8);
}

static void a_band_table_resembles_nothing(void)
{
    g_autoptr(CelSearch) search = make_search();
    const CelCandidate ranked[] = {{.slot = 0, .entry = 0}, {.slot = 1, .entry = 2}};
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(CelCandidate));
    g_array_append_vals(list, ranked, 2);
    double likeness[CEL_ALIKE_DEPTH];
    cel_alike_likeness(search, list, (const guint8[]){1, 1, 0, 1, 1}, likeness);
    g_assert_cmpfloat(likeness[1], ==, 0);
    cel_alike_likeness(search, list, (const guint8[]){0, 0, 1, 1, 1}, likeness);
    g_assert_cmpfloat(likeness[1], ==, 0);
}

static CelSubstance substance(const char *id, const char *const *lookalikes)
{
    return (CelSubstance){.id = id, .group_id = "", .lookalikes = lookalikes};
}

static void names_are_compared_by_letters_and_digits(void)
{
    static const char *const likes[] = {"chabaziteca", NULL};
    const CelSubstance a = substance("gmelinite", likes);
    const CelSubstance b = substance("Chabazite-(Ca)", NULL), c = substance("chabazite_na", NULL);
    g_assert_true(cel_outcome_alike(&a, &b));
    g_assert_true(cel_outcome_alike(&b, &a));
    g_assert_false(cel_outcome_alike(&a, &c));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(f) g_test_add_func("/alike/" #f, f)
    ADD(a_reference_resembles_itself_and_its_like_but_not_another);
    ADD(few_pairs_within_substances_leave_the_usual_limit);
    ADD(the_limit_is_the_median_within_substances);
    ADD(the_map_lists_each_pair_of_substances_once_with_its_nearest_references);
    ADD(the_map_leaves_band_tables_out);
    ADD(candidates_are_compared_with_all_references_of_the_first);
    ADD(a_band_table_resembles_nothing);
    ADD(names_are_compared_by_letters_and_digits);
    return g_test_run();
}
