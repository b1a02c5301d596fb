/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice of an integration time against made-up detectors that are exactly linear. */
#include "base/cel-error.h"
#include "device/cel-auto-integration.h"

#include <math.h>

static const double FULL = 65535.0, TARGET = 45000.0, MIN_MS = 1.0, MAX_MS = 60000.0;

static CelAutoIntegration start_at(double guess_ms)
{
    return (CelAutoIntegration){.target_counts = TARGET,
                                .saturation_counts = FULL,
                                .min_ms = MIN_MS,
                                .max_ms = MAX_MS,
                                .next_ms = guess_ms};
}

static double light(double offset, double rate, double ms)
{
    return fmin(offset + rate * ms, FULL);
}

/* Probes until there is an answer; checks every probe's time on the way. */
static CelAutoVerdict settle(CelAutoIntegration *s, double offset, double rate)
{
    for (;;) {
        const double ms = s->next_ms;
        const CelAutoVerdict verdict =
            cel_auto_integration_next(s, light(offset, rate, ms), offset);
        g_assert_true(s->next_ms >= s->min_ms && s->next_ms <= s->max_ms);
        if (verdict != CEL_AUTO_PROBE)
            return verdict;
        g_assert_cmpfloat(s->next_ms, <=, 8.0 * ms * (1.0 + 1e-12));
        g_assert_cmpfloat(s->next_ms, >=, ms / 8.0 * (1.0 - 1e-12));
        g_assert_true(s->next_ms != ms);
        g_assert_cmpuint(s->n_probes, <, CEL_AUTO_MAX_PROBES);
    }
}

static void any_light_within_reach_fills_the_detector_from_any_guess(void)
{
    for (double rate = 1.0; rate < 2000.0; rate *= 1.37) {
        for (double guess = 10.0; guess < 2000.0; guess *= 2.3) {
            CelAutoIntegration s = start_at(guess);
            g_assert_cmpint(settle(&s, 800.0, rate), ==, CEL_AUTO_DONE);
            g_assert_cmpfloat_with_epsilon(light(800.0, rate, s.next_ms), TARGET, 0.0701 * TARGET);
        }
    }
}

static void a_choice_lies_on_the_instruments_steps(void)
{
    for (double rate = 1.0; rate < 40000.0; rate *= 1.21) {
        CelAutoIntegration s = start_at(100.0);
        s.step_ms = 1.0;
        CelAutoVerdict verdict = CEL_AUTO_PROBE;
        while (verdict == CEL_AUTO_PROBE) {
            g_assert_cmpfloat_with_epsilon(s.next_ms, rint(s.next_ms), 1e-9);
            verdict = cel_auto_integration_next(&s, light(800.0, rate, s.next_ms), 800.0);
        }
        g_assert_cmpint(verdict, ==, CEL_AUTO_DONE);
        g_assert_cmpfloat_with_epsilon(s.next_ms, rint(s.next_ms), 1e-9);
        g_assert_cmpfloat(light(800.0, rate, s.next_ms), <, FULL);
        /* one step more would be too long */
        const double longer = 800.0 + rate * (s.next_ms + 1.0);
        g_assert_cmpfloat(longer, >, 0.929 * TARGET);
    }
}

static void a_first_probe_that_fits_is_the_answer(void)
{
    static const struct {
        double level;
        CelAutoVerdict verdict;
    } rows[] = {{45000.0 * (1.0 + 0.0), CEL_AUTO_DONE},
                {45000.0 * (1.0 + 0.069), CEL_AUTO_DONE},
                {45000.0 * (1.0 - 0.069), CEL_AUTO_DONE},
                {45000.0 * (1.0 + 0.071), CEL_AUTO_PROBE},
                {45000.0 * (1.0 - 0.071), CEL_AUTO_PROBE}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        CelAutoIntegration s = start_at(100.0);
        g_assert_cmpint(cel_auto_integration_next(&s, rows[i].level, 800.0), ==, rows[i].verdict);
        g_assert_true((s.next_ms == 100.0) == (rows[i].verdict == CEL_AUTO_DONE));
    }
}

/* Half the wanted signal in the first frame: twice the time, the offset not counted. */
static void the_offset_is_no_light(void)
{
    CelAutoIntegration s = start_at(100.0);
    const double offset = 5000.0, half = offset + 0.5 * (TARGET - offset);
    g_assert_cmpint(cel_auto_integration_next(&s, half, offset), ==, CEL_AUTO_PROBE);
    g_assert_cmpfloat_with_epsilon(s.next_ms, 200.0, 1e-9);
}

/* A floor that is not the offset (a background lies under all pixels) misleads the first step; the
 * line through two probes does not need it. */
static void two_probes_tell_the_rate_without_the_floor(void)
{
    CelAutoIntegration s = start_at(100.0);
    const double rate = 40.0; /* offset 1000: 45000 after 1100 ms */
    g_assert_cmpint(cel_auto_integration_next(&s, 1000.0 + rate * 100.0, 4000.0), ==,
                    CEL_AUTO_PROBE);
    g_assert_cmpfloat(s.next_ms, ==, 800.0);
    g_assert_cmpint(cel_auto_integration_next(&s, 1000.0 + rate * 800.0, 20000.0), ==,
                    CEL_AUTO_PROBE);
    g_assert_cmpfloat_with_epsilon(s.next_ms, 1100.0, 1e-6);
}

static void a_full_frame_says_only_shorter(void)
{
    CelAutoIntegration s = start_at(800.0);
    g_assert_cmpint(cel_auto_integration_next(&s, FULL, 800.0), ==, CEL_AUTO_PROBE);
    g_assert_cmpfloat(s.next_ms, ==, 100.0);
    g_assert_cmpfloat(s.full_ms, ==, 800.0);
    g_assert_cmpfloat(s.best_ms, ==, 0.0);
    /* far too dark: 8 times longer would be the time that was full */
    g_assert_cmpint(cel_auto_integration_next(&s, 2000.0, 800.0), ==, CEL_AUTO_PROBE);
    g_assert_cmpfloat(s.next_ms, ==, 450.0);
    /* full again: half-way back to what was not */
    g_assert_cmpint(cel_auto_integration_next(&s, FULL, 800.0), ==, CEL_AUTO_PROBE);
    g_assert_cmpfloat(s.next_ms, ==, 275.0);
    g_assert_cmpfloat(s.full_ms, ==, 450.0);
}

static void light_that_is_full_at_the_shortest_time_is_refused(void)
{
    CelAutoIntegration s = start_at(4.0);
    g_assert_cmpint(cel_auto_integration_next(&s, FULL + 1.0, 800.0), ==, CEL_AUTO_PROBE);
    g_assert_cmpfloat(s.next_ms, ==, MIN_MS);
    g_assert_cmpint(cel_auto_integration_next(&s, FULL, 800.0), ==, CEL_AUTO_TOO_LIGHT);
}

static void one_count_below_full_is_a_level(void)
{
    CelAutoIntegration s = start_at(MIN_MS);
    g_assert_cmpint(cel_auto_integration_next(&s, FULL - 1.0, 800.0), ==, CEL_AUTO_DONE);
    g_assert_cmpfloat(s.next_ms, ==, MIN_MS);
}

static void the_longest_time_is_taken_for_the_dark(void)
{
    CelAutoIntegration s = start_at(1000.0);
    g_assert_cmpint(settle(&s, 800.0, 1e-6), ==, CEL_AUTO_DONE);
    g_assert_cmpfloat(s.next_ms, ==, MAX_MS);
}

/* No line fits such levels: after the last probe the nearest one stands. */
static void the_nearest_probe_is_kept_when_nothing_settles(void)
{
    static const double levels[] = {20000, 60000, 21000, 60500, 30000, 61000, 22000, 62000};
    CelAutoIntegration s = start_at(100.0);
    double nearest_ms = 0.0, nearest = INFINITY;
    CelAutoVerdict verdict = CEL_AUTO_PROBE;
    for (gsize i = 0; i < G_N_ELEMENTS(levels) && verdict == CEL_AUTO_PROBE; i++) {
        if (fabs(levels[i] - TARGET) < nearest) {
            nearest = fabs(levels[i] - TARGET);
            nearest_ms = s.next_ms;
        }
        verdict = cel_auto_integration_next(&s, levels[i], 800.0);
    }
    g_assert_cmpint(verdict, ==, CEL_AUTO_DONE);
    g_assert_cmpuint(s.n_probes, ==, CEL_AUTO_MAX_PROBES);
    g_assert_cmpfloat(s.next_ms, ==, nearest_ms);
}

static void the_level_of_a_frame_is_that_of_its_highest_pair(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(6);
    for (gsize n = 2; n < 40; n++) {
        double counts[40], pair = -INFINITY, low = INFINITY, floor = NAN;
        for (gsize i = 0; i < n; i++) {
            counts[i] = g_rand_double_range(random, 0.0, FULL);
            low = fmin(low, counts[i]);
            if (i > 0)
                pair = fmax(pair, fmin(counts[i], counts[i - 1]));
        }
        g_assert_cmpfloat(cel_auto_integration_level(counts, n, &floor), ==, pair);
        g_assert_cmpfloat(floor, ==, low);
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/auto-integration/" #name, name)
    ADD(any_light_within_reach_fills_the_detector_from_any_guess);
    ADD(a_choice_lies_on_the_instruments_steps);
    ADD(a_first_probe_that_fits_is_the_answer);
    ADD(the_offset_is_no_light);
    ADD(two_probes_tell_the_rate_without_the_floor);
    ADD(a_full_frame_says_only_shorter);
    ADD(light_that_is_full_at_the_shortest_time_is_refused);
    ADD(one_count_below_full_is_a_level);
    ADD(the_longest_time_is_taken_for_the_dark);
    ADD(the_nearest_probe_is_kept_when_nothing_settles);
    ADD(the_level_of_a_frame_is_that_of_its_highest_pair);
    return g_test_run();
}
