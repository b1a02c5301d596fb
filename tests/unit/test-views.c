/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-views.h"

#include <math.h>
#include <string.h>

static void every_view_has_an_own_name_a_title_and_a_weight(void)
{
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        g_assert_nonnull(cel_views[v].id);
        g_assert_nonnull(cel_views[v].title);
        g_assert_cmpfloat(cel_views[v].weight, >, 0);
        g_assert_cmpuint(cel_views_find(cel_views[v].id), ==, v);
    }
    g_assert_cmpuint(cel_views_find("no such view"), ==, CEL_N_VIEWS);
}

static void early_views_make_a_curve(void)
{
    double level[64], made[64];
    for (int k = 0; k < 64; k++)
        level[k] = exp(-0.02 * (k - 30) * (k - 30));
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        if (cel_views[v].stage != CEL_STAGE_EARLY)
            continue;
        double energy = 0;
        g_assert_nonnull(cel_views[v].make);
        cel_views[v].make(level, 64, made);
        for (int k = 0; k < 64; k++)
            energy += made[k] * made[k];
        g_assert_true(isfinite(energy));
        g_assert_cmpfloat(energy, >, 0);
    }
}

static void the_fused_score_is_the_weighted_mean_of_what_was_scored(void)
{
    double scores[CEL_N_VIEWS], sum = 0, weights = 0;
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        scores[v] = NAN;
    g_assert_cmpfloat(fabs(cel_views_fuse(scores, 0)), <=, 0);
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        scores[v] = 0.9 - 0.1 * v;
        sum += cel_views[v].weight * scores[v];
        weights += cel_views[v].weight;
        g_assert_cmpfloat_with_epsilon(cel_views_fuse(scores, 0), sum / weights, 1e-12);
    }
}

static void a_view_left_out_does_not_count(void)
{
    double scores[CEL_N_VIEWS];
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        scores[v] = v == CEL_VIEW_SLOPE ? -1 : 0.5;
    g_assert_cmpfloat(cel_views_fuse(scores, 0), <, 0.5);
    g_assert_cmpfloat_with_epsilon(cel_views_fuse(scores, 1u << CEL_VIEW_SLOPE), 0.5, 1e-12);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/views/table", every_view_has_an_own_name_a_title_and_a_weight);
    g_test_add_func("/views/early", early_views_make_a_curve);
    g_test_add_func("/views/fuse", the_fused_score_is_the_weighted_mean_of_what_was_scored);
    g_test_add_func("/views/without", a_view_left_out_does_not_count);
    return g_test_run();
}
