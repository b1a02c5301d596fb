/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-standard.h"

#include <math.h>
#include <string.h>

static gboolean is_sorted(const CelStandard *standard)
{
    for (gsize i = 1; i < standard->n_lines; i++)
        if (standard->lines[i].value <= standard->lines[i - 1].value)
            return FALSE;
    return standard->n_lines > 0;
}

static void every_standard_says_what_it_is_and_how_sure(void)
{
    gsize n = 0;
    const CelStandard *const *all = cel_standard_list(&n);
    g_assert_cmpuint(n, >=, 11);
    for (gsize i = 0; i < n; i++) {
        g_test_message("%s", all[i]->id);
        g_assert_true(cel_standard_find(all[i]->id) == all[i]);
        g_assert_true(is_sorted(all[i]));
        g_assert_true(g_utf8_validate(all[i]->name_zh, -1, NULL));
        g_assert_cmpuint(strlen(all[i]->source), >, 20);
        for (gsize k = 0; k < all[i]->n_lines; k++)
            g_assert_cmpfloat(cel_standard_u(all[i], &all[i]->lines[k]), >, 0);
    }
}

static void they_come_in_order_of_kind_and_id(void)
{
    gsize n = 0;
    const CelStandard *const *all = cel_standard_list(&n);
    for (gsize i = 1; i < n; i++) {
        g_assert_cmpint(all[i - 1]->kind, <=, all[i]->kind);
        if (all[i - 1]->kind == all[i]->kind)
            g_assert_cmpstr(all[i - 1]->id, <, all[i]->id);
    }
}

static void the_kind_fixes_the_unit(void)
{
    gsize n = 0;
    const CelStandard *const *all = cel_standard_list(&n);
    for (gsize i = 0; i < n; i++)
        g_assert_cmpint(all[i]->unit, ==,
                        all[i]->kind == CEL_STANDARD_LAMP ? CEL_UNIT_NM_AIR : CEL_UNIT_SHIFT_CM1);
}

static void an_unknown_name_is_no_standard(void)
{
    g_assert_null(cel_standard_find("polystyrol"));
    g_assert_null(cel_standard_find(""));
}

static void a_standard_has_a_name_in_either_language(void)
{
    const CelStandard *polystyrene = cel_standard_find("polystyrene");
    g_assert_cmpstr(cel_standard_name("polystyrene", TRUE), ==, polystyrene->name_zh);
    g_assert_cmpstr(cel_standard_name("polystyrene", FALSE), ==, polystyrene->name_en);
    g_assert_cmpstr(cel_standard_name("our-own", TRUE), ==, "our-own");
}

static void a_stated_uncertainty_goes_before_the_default(void)
{
    const CelStandard *polystyrene = cel_standard_find("polystyrene");
    g_assert_cmpfloat_with_epsilon(polystyrene->lines[2].value, 1001.4, 1e-9);
    g_assert_cmpfloat_with_epsilon(cel_standard_u(polystyrene, &polystyrene->lines[2]), 0.54, 1e-9);
    const CelStandard *silicon = cel_standard_find("silicon");
    g_assert_cmpfloat_with_epsilon(silicon->lines[0].value, 520.45, 1e-9);
    g_assert_cmpfloat_with_epsilon(cel_standard_u(silicon, &silicon->lines[0]), silicon->u_default,
                                   1e-12);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/standard/all/says_what_it_is", every_standard_says_what_it_is_and_how_sure);
    g_test_add_func("/standard/list/ordered", they_come_in_order_of_kind_and_id);
    g_test_add_func("/standard/kind/fixes_the_unit", the_kind_fixes_the_unit);
    g_test_add_func("/standard/find/unknown", an_unknown_name_is_no_standard);
    g_test_add_func("/standard/name", a_standard_has_a_name_in_either_language);
    g_test_add_func("/standard/u/line_before_default",
                    a_stated_uncertainty_goes_before_the_default);
    return g_test_run();
}
