/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Control charts: every rule alone, at its limit, and how often each cries on pure chance. */
#include "base/cel-error.h"
#include "cel-control-chart.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>

static const CelChartBase standard_base = {.centre = 0.0, .sd = 1.0, .n = 20};

typedef struct {
    const char *about;
    double values[12];
    gsize n;
    guint broken;
} RuleCase;

static const RuleCase rule_cases[] = {
    {"within two sd", {0.5, -1.9}, 2, 0},
    {"no value", {0}, 0, 0},
    {"on the limit", {2.0}, 1, 0},
    {"a warning alone", {2.1}, 1, CEL_CHART_1_2S},
    {"three sd", {-3.1}, 1, CEL_CHART_1_2S | CEL_CHART_1_3S},
    {"twice on one side", {2.1, 2.2}, 2, CEL_CHART_1_2S | CEL_CHART_2_2S},
    {"twice on both sides", {2.1, -2.2}, 2, CEL_CHART_1_2S | CEL_CHART_R_4S},
    {"an old alarm is over", {2.1, 2.2, 0.3}, 3, 0},
    {"four outside one sd", {-1.1, -1.2, -1.3, -1.4}, 4, CEL_CHART_4_1S},
    {"three are not four", {-1.2, -1.3, -1.4}, 3, 0},
    {"ten on one side", {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 10, CEL_CHART_10X},
    {"nine are not ten", {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 9, 0},
    {"not a number", {NAN}, 1, CEL_CHART_1_2S | CEL_CHART_1_3S},
};

static void test_each_rule_alone(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rule_cases); i++) {
        const RuleCase *c = &rule_cases[i];
        g_test_message("%s", c->about);
        g_assert_cmphex(cel_chart_judge(&standard_base, c->values, c->n), ==, c->broken);
    }
}

static void test_the_table_names_every_rule_once(void)
{
    guint all = 0;
    for (gsize i = 0; i < CEL_CHART_N_RULES; i++) {
        g_assert_cmphex(all & cel_chart_rules()[i].rule, ==, 0);
        all |= cel_chart_rules()[i].rule;
        g_assert_cmpint(cel_chart_rejects(cel_chart_rules()[i].rule), ==,
                        !cel_chart_rules()[i].warning_only);
    }
    g_assert_cmphex(all, ==, 0x3f);
    g_assert_false(cel_chart_rejects(0));
}

static void test_a_base_needs_ten_finite_values(void)
{
    double values[CEL_CHART_MIN_BASE] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    CelChartBase base = {0};
    g_autoptr(GError) few = NULL, odd = NULL;
    g_assert_true(cel_chart_base(values, G_N_ELEMENTS(values), 0.01, &base, NULL));
    g_assert_cmpfloat_with_epsilon(base.centre, 5.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(base.sd, 3.0276503540974917, 1e-12);
    g_assert_false(cel_chart_base(values, 9, 0.01, &base, &few));
    g_assert_error(few, CEL_ERROR, CEL_ERROR_INPUT);
    values[3] = INFINITY;
    g_assert_false(cel_chart_base(values, G_N_ELEMENTS(values), 0.01, &base, &odd));
    g_assert_error(odd, CEL_ERROR, CEL_ERROR_INPUT);
}

static void test_equal_values_do_not_make_everything_an_alarm(void)
{
    const double equal[CEL_CHART_MIN_BASE] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
    const double next[] = {7.0199};
    CelChartBase base = {0};
    g_assert_true(cel_chart_base(equal, G_N_ELEMENTS(equal), 0.01, &base, NULL));
    g_assert_cmphex(cel_chart_judge(&base, next, 1), ==, 0);
}

/* Of independent normal values the rejecting rules must stay silent nearly always, and a shift of
 * one and a half standard deviations must show within ten checks nearly always. */
static void test_chance_is_silent_and_drift_is_seen(void)
{
    enum { N = 20000 };
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(random, 11);
    g_autofree double *values = g_new(double, N);
    guint rejected = 0, seen = 0;
    for (gsize i = 0; i < N; i++) {
        values[i] = gsl_ran_gaussian(random, 1.0);
        rejected += cel_chart_rejects(cel_chart_judge(&standard_base, values, i + 1)) ? 1U : 0U;
    }
    for (gsize run = 0; run < 1000; run++) {
        double shifted[10];
        gboolean alarm = FALSE;
        for (gsize i = 0; i < 10; i++) {
            shifted[i] = 1.5 + gsl_ran_gaussian(random, 1.0);
            alarm = alarm || cel_chart_rejects(cel_chart_judge(&standard_base, shifted, i + 1));
        }
        seen += alarm ? 1U : 0U;
    }
    gsl_rng_free(random);
    g_assert_cmpfloat(rejected / (double)N, <, 0.01);
    g_assert_cmpuint(seen, >, 900);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/control-chart/each-rule", test_each_rule_alone);
    g_test_add_func("/control-chart/table", test_the_table_names_every_rule_once);
    g_test_add_func("/control-chart/base", test_a_base_needs_ten_finite_values);
    g_test_add_func("/control-chart/equal-values",
                    test_equal_values_do_not_make_everything_an_alarm);
    g_test_add_func("/control-chart/chance-and-drift", test_chance_is_silent_and_drift_is_seen);
    return g_test_run();
}
