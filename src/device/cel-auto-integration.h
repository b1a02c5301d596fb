/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The choice of an integration time from a few probe frames. Pure: knows no device. */

enum { CEL_AUTO_MAX_PROBES = 8 };

/** CelAutoIntegration: zeroed, then the first six set by the caller. */
typedef struct {
    double target_counts;     /* what the fullest pixel shall reach */
    double saturation_counts; /* first value that means "full" */
    double min_ms, max_ms;    /* 0 < min <= max */
    double step_ms;           /* times are multiples of it, min_ms is one; 0: any time */
    double next_ms;           /* the time to probe next, at last the answer; starts at a guess */
    guint n_probes;
    double previous_ms, previous_level; /* last probe that was not saturated; 0 ms: none */
    double best_ms, best_level;         /* nearest to the target; 0 ms: none */
    double full_ms;                     /* shortest time that saturated; 0: none */
} CelAutoIntegration;

typedef enum {
    CEL_AUTO_PROBE,     /* take another frame at next_ms */
    CEL_AUTO_DONE,      /* next_ms is the answer */
    CEL_AUTO_TOO_LIGHT, /* saturated even at the shortest time, or at each probe */
} CelAutoVerdict;

/**
 * cel_auto_integration_level:
 * @counts: @n values, @n >= 2
 * The fullest place of a frame: the largest value that two neighbours both reach, so that single
 * hot pixels and cosmic rays do not count, while a line, being wider than a pixel, does.
 * @out_floor: the smallest value, an estimate of the offset.
 * Returns: counts. Thread-safe: yes.
 */
double cel_auto_integration_level(const double *counts, gsize n, double *out_floor);

/**
 * cel_auto_integration_next:
 * @level: of the frame taken at @state->next_ms; @floor: its offset, both counts
 * Counts are taken as offset + rate * time; the line through the last two probes gives the next
 * time, at most 8 times longer or shorter, so that noise is never extrapolated far.
 * Returns: what to do next. Thread-safe: one thread a @state.
 */
CelAutoVerdict cel_auto_integration_next(CelAutoIntegration *state, double level, double floor);

G_END_DECLS
