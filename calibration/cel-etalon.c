/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-detector.h"

#include "base/cel-error.h"
#include "process/cel-band-solve.h"
#include "process/cel-interpolate.h"
#include "process/cel-select.h"

#include <fftw3.h>
#include <glib/gi18n-lib.h>
#include <math.h>

enum { MIN_SAMPLES = 128, ORDER = 2, MIN_PERIOD_SAMPLES = 4 };
static const double LASER_CM1 = 100.0, LIGHT_SHARE = 0.1, SMOOTH_CM1 = 300.0,
                    MAX_PERIOD_CM1 = 150.0;
static const double FALSE_ALARM = 1e-4, VISIBLE = 0.002;

/* An even grid with the logarithm of the light, its smooth part taken off. */
typedef struct {
    gsize n;
    double step_cm1;
    double *ripple;
} Grid;

static void grid_clear(Grid *grid)
{
    g_free(grid->ripple);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Grid, grid_clear)

/* The run of bright samples around the highest, the laser's line and its wings left out. */
static void find_light(const CelSpectrum *s, gsize *out_first, gsize *out_n)
{
    const double *y = cel_spectrum_y(s);
    const gsize n = cel_spectrum_length(s);
    gsize start = 0;
    while (start + 1 < n && cel_spectrum_x(s)[start] < LASER_CM1)
        start++;
    gsize top = start;
    for (gsize i = start; i < n; i++)
        top = y[i] > y[top] ? i : top;
    gsize first = top, last = top + 1;
    while (first > start && y[first - 1] > LIGHT_SHARE * y[top])
        first--;
    while (last < n && y[last] > LIGHT_SHARE * y[top])
        last++;
    *out_first = first;
    *out_n = y[top] > 0.0 ? last - first : 0;
}

static gboolean make_grid(const CelSpectrum *s, Grid *grid, GError **error)
{
    gsize first = 0, n = 0;
    if (cel_axis_unit(cel_spectrum_axis(s)) != CEL_UNIT_SHIFT_CM1) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("Ripples of interference are even in wavenumber, and the spectrum stands on "
                      "%s; calibrate its axis first"),
                    cel_unit_name(cel_axis_unit(cel_spectrum_axis(s))));
        return FALSE;
    }
    find_light(s, &first, &n);
    if (n < MIN_SAMPLES) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("Fewer than %d samples see light, too few to look for ripples; measure a "
                      "broad source (glass, lamp)"),
                    MIN_SAMPLES);
        return FALSE;
    }
    const double *x = cel_spectrum_x(s) + first;
    g_autofree double *at = g_new(double, n), *weights = g_new(double, n);
    grid->n = n;
    grid->step_cm1 = (x[n - 1] - x[0]) / (double)(n - 1);
    grid->ripple = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        at[i] = MIN(x[0] + grid->step_cm1 * (double)i, x[n - 1]);
        weights[i] = 1.0;
    }
    const CelSamples samples = {.x = x, .y = cel_spectrum_y(s) + first, .n = n};
    cel_interpolate(CEL_INTERPOLATE_LINEAR, &samples, at, n, grid->ripple, NULL);
    for (gsize i = 0; i < n; i++)
        at[i] = grid->ripple[i] = log(grid->ripple[i]);
    const double lambda = pow(SMOOTH_CM1 / grid->step_cm1 / (2.0 * G_PI), 2 * ORDER);
    if (cel_band_whittaker(at, weights, NULL, n, lambda, ORDER)) {
        for (gsize i = 0; i < n; i++)
            grid->ripple[i] -= at[i];
    }
    return TRUE;
}

/* Squared amplitudes of the windowed ripple at k / (n step); n / 2 + 1 values. */
static double *power_of(const Grid *grid)
{
    const gsize n = grid->n, n_out = n / 2 + 1;
    double *in = fftw_alloc_real(n), *power = g_new(double, n_out), sum = 0.0;
    fftw_complex *out = fftw_alloc_complex(n_out);
    cel_fftw_lock();
    fftw_plan plan = fftw_plan_dft_r2c_1d((int)n, in, out, FFTW_ESTIMATE);
    cel_fftw_unlock();
    for (gsize i = 0; i < n; i++) {
        const double w = 0.5 - 0.5 * cos(2.0 * G_PI * ((double)i + 0.5) / (double)n);
        in[i] = w * grid->ripple[i];
        sum += w;
    }
    fftw_execute(plan);
    for (gsize k = 0; k < n_out; k++)
        power[k] = 4.0 * (out[k][0] * out[k][0] + out[k][1] * out[k][1]) / (sum * sum);
    cel_fftw_lock();
    fftw_destroy_plan(plan);
    cel_fftw_unlock();
    fftw_free(in);
    fftw_free(out);
    return power;
}

/* Mean power of noise about @k, from the median of the octave around it: of an exponential
 * distribution the median is ln 2 times the mean. */
static double floor_at(const double *power, gsize k, gsize first, gsize last)
{
    const gsize low = MAX(first, k - k / 3), high = MIN(last, k + k / 3 + 1);
    g_autofree double *near = g_memdup2(power + low, (high - low) * sizeof(double));
    return cel_median(near, high - low) / M_LN2;
}

gboolean cel_etalon_measure(const CelSpectrum *broad, CelEtalon *out, GError **error)
{
    g_auto(Grid) grid = {.n = 0};
    *out = (CelEtalon){.false_alarm = 1.0};
    if (!make_grid(broad, &grid, error))
        return FALSE;
    g_autofree double *power = power_of(&grid);
    const double length_cm1 = (double)grid.n * grid.step_cm1;
    const gsize first = MAX((gsize)ceil(length_cm1 / MAX_PERIOD_CM1), 4);
    const gsize last = grid.n / MIN_PERIOD_SAMPLES;
    gsize best = first;
    double ratio = 0.0;
    for (gsize k = first; k < last; k++) {
        const double level = floor_at(power, k, first, last);
        if (level > 0.0 && power[k] / level > ratio) {
            ratio = power[k] / level;
            best = k;
        }
    }
    out->amplitude = sqrt(power[best]);
    out->period_cm1 = length_cm1 / (double)best;
    out->thickness_um = 1e4 / (2.0 * out->period_cm1);
    out->false_alarm = -expm1((double)(last - first) * log1p(-exp(-ratio)));
    out->present = out->false_alarm < FALSE_ALARM && out->amplitude >= VISIBLE;
    return TRUE;
}
