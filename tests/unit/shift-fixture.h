/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-shift.h"

#include <math.h>

/** SimScan: a scan of a standard on an axis with known errors. */
typedef struct {
    const char *id;
    double laser_nm;      /* as recorded, air; 0: 785 */
    double laser_off_cm1; /* true 1e7 / laser minus that of laser_nm: moves bands, not lamps */
    double offset_cm1, slope,
        curve;                    /* axis error at x: offset + slope t + curve t^2, t = x / 1000 */
    double step_at_cm1, step_cm1; /* from there on the axis is off by that more */
    double first, last, sampling, fwhm; /* cm-1; 0: 100, 3300, 1.5, 6 */
    double height, noise;               /* 0: 10000, 20 */
    double full;                        /* counts at which the detector is full; 0: never */
    double
        reference_u; /* how many of its uncertainties an accepted value may be wrong: 1; 0: none */
    guint32 seed;
} SimScan;

static inline double sim_or(double value, double fallback)
{
    return value > 0.0 || value < 0.0 ? value : fallback;
}

/* What the axis shows more than is true at the true shift @x. */
static inline double sim_error(const SimScan *s, double x)
{
    const double t = x / 1000.0;
    const double step = s->step_cm1 != 0.0 && x > s->step_at_cm1 ? s->step_cm1 : 0.0;
    return s->offset_cm1 + s->slope * t + s->curve * t * t + step;
}

/* Where the scan shows @line. */
static inline double sim_position(const SimScan *s, const CelStandard *standard,
                                  const CelStandardLine *line)
{
    const double laser = cel_air_to_vacuum_nm(sim_or(s->laser_nm, 785.0));
    const double x = standard->kind == CEL_STANDARD_LAMP
                         ? 1e7 / laser - 1e7 / cel_air_to_vacuum_nm(line->value)
                         : line->value - s->laser_off_cm1;
    return x + sim_error(s, x);
}

static inline double sim_normal(GRand *rand)
{
    const double u = 1.0 - g_rand_double(rand);
    return sqrt(-2.0 * log(u)) * cos(2.0 * G_PI * g_rand_double(rand));
}

static inline CelSpectrum *sim_scan(const SimScan *s)
{
    const CelStandard *standard = cel_standard_find(s->id);
    const double first = sim_or(s->first, 100.0), step = sim_or(s->sampling, 1.5);
    const gsize n = (gsize)((sim_or(s->last, 3300.0) - first) / step);
    g_autofree double *x = g_new(double, n), *y = g_new(double, n);
    g_autofree guint8 *mask = g_new0(guint8, n);
    g_autoptr(GRand) rand = g_rand_new_with_seed(s->seed);
    for (gsize i = 0; i < n; i++) {
        x[i] = first + step * (double)i;
        y[i] = 500.0 + sim_or(s->noise, 20.0) * sim_normal(rand);
    }
    for (gsize k = 0; k < standard->n_lines; k++) {
        const CelStandardLine *line = &standard->lines[k];
        const double wrong = s->reference_u * cel_standard_u(standard, line) * sim_normal(rand);
        const double at = sim_position(s, standard, line) + wrong,
                     half = 0.5 * sim_or(s->fwhm, 6.0);
        const double height = sim_or(s->height, 10000.0) * sim_or(line->weight, 0.3);
        for (gsize i = 0; i < n; i++)
            y[i] += height * exp(-G_LN2 * (x[i] - at) * (x[i] - at) / (half * half));
    }
    for (gsize i = 0; s->full > 0.0 && i < n; i++) {
        mask[i] = y[i] >= s->full ? CEL_MASK_SATURATED : 0;
        y[i] = fmin(y[i], s->full);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, n, NULL);
    CelSpectrum *spectrum = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, sim_or(s->laser_nm, 785.0));
    if (s->full > 0.0)
        cel_spectrum_set_mask(spectrum, mask);
    return spectrum;
}
