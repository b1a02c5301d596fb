/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-auto-integration.h"

#include <math.h>

/* Good enough: a tenth of the target more or less changes shot noise by 5 %. */
static const double TOLERANCE = 0.07;
static const double MAX_FACTOR = 8.0;

double cel_auto_integration_level(const double *counts, gsize n, double *out_floor)
{
    g_return_val_if_fail(n >= 2, 0.0);
    double level = MIN(counts[0], counts[1]);
    *out_floor = counts[0];
    for (gsize i = 1; i < n; i++) {
        level = MAX(level, MIN(counts[i - 1], counts[i]));
        *out_floor = MIN(*out_floor, counts[i]);
    }
    return level;
}

static double limit(const CelAutoIntegration *s, double ms, double from_ms)
{
    const double near_ms = CLAMP(ms, from_ms / MAX_FACTOR, from_ms * MAX_FACTOR);
    return CLAMP(near_ms, s->min_ms, s->max_ms);
}

/* Saturated counts say only "shorter". */
static CelAutoVerdict after_full(CelAutoIntegration *s)
{
    const double ms = s->next_ms;
    s->full_ms = s->full_ms > 0.0 ? MIN(s->full_ms, ms) : ms;
    if (ms <= s->min_ms)
        return CEL_AUTO_TOO_LIGHT;
    const double shorter = s->best_ms > 0.0 ? 0.5 * (s->best_ms + ms) : ms / MAX_FACTOR;
    s->next_ms = limit(s, shorter, ms);
    return CEL_AUTO_PROBE;
}

static double rate_per_ms(const CelAutoIntegration *s, double level, double floor)
{
    const double step_ms = s->next_ms - s->previous_ms;
    if (s->previous_ms > 0.0 && fabs(step_ms) > 0.01 * s->next_ms)
        return (level - s->previous_level) / step_ms;
    return (level - floor) / s->next_ms;
}

static void remember(CelAutoIntegration *s, double level)
{
    const double error = fabs(level - s->target_counts);
    if (s->best_ms <= 0.0 || error < fabs(s->best_level - s->target_counts)) {
        s->best_ms = s->next_ms;
        s->best_level = level;
    }
    s->previous_ms = s->next_ms;
    s->previous_level = level;
}

static gboolean is_good(const CelAutoIntegration *s, double level)
{
    const gboolean near = fabs(level - s->target_counts) <= TOLERANCE * s->target_counts;
    const gboolean at_longest = s->next_ms >= s->max_ms && level < s->target_counts;
    const gboolean at_shortest = s->next_ms <= s->min_ms && level > s->target_counts;
    return near || at_longest || at_shortest;
}

static CelAutoVerdict after_level(CelAutoIntegration *s, double level, double floor)
{
    if (is_good(s, level)) {
        s->best_ms = s->next_ms;
        s->best_level = level;
        return CEL_AUTO_DONE;
    }
    const double ms = s->next_ms;
    const double rate = rate_per_ms(s, level, floor);
    const double wanted = rate > 0.0
                              ? ms + (s->target_counts - level) / rate
                              : (level < s->target_counts ? ms * MAX_FACTOR : ms / MAX_FACTOR);
    remember(s, level);
    s->next_ms = limit(s, wanted, ms);
    if (s->full_ms > 0.0 && s->next_ms >= s->full_ms)
        s->next_ms = 0.5 * (ms + s->full_ms);
    return CEL_AUTO_PROBE;
}

/* The longest time on the instrument's steps that is not longer. */
static double on_step(const CelAutoIntegration *s, double ms)
{
    if (s->step_ms <= 0.0)
        return ms;
    return MAX(floor(ms / s->step_ms * (1.0 + 1e-9)) * s->step_ms, s->min_ms);
}

/* Between the time that was probed and the one that is wanted there may be no step. */
static CelAutoVerdict keep_to_steps(CelAutoIntegration *s, double probed_ms)
{
    s->next_ms = on_step(s, s->next_ms);
    if (s->next_ms < probed_ms || s->next_ms > probed_ms)
        return CEL_AUTO_PROBE;
    s->next_ms = s->best_ms;
    return CEL_AUTO_DONE;
}

CelAutoVerdict cel_auto_integration_next(CelAutoIntegration *state, double level, double floor)
{
    const double probed_ms = state->next_ms;
    state->n_probes++;
    CelAutoVerdict verdict =
        level >= state->saturation_counts ? after_full(state) : after_level(state, level, floor);
    if (verdict == CEL_AUTO_PROBE)
        verdict = keep_to_steps(state, probed_ms);
    if (verdict != CEL_AUTO_PROBE || state->n_probes < CEL_AUTO_MAX_PROBES)
        return verdict;
    if (state->best_ms <= 0.0)
        return CEL_AUTO_TOO_LIGHT;
    state->next_ms = state->best_ms;
    return CEL_AUTO_DONE;
}
