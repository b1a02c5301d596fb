/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resample.*: samples at from, from + step, .. up to to, on the unit of the axis; nothing is ever
 * extrapolated: range=refuse wants the whole grid measured, range=crop leaves out what was not. All
 * spectra resampled with the same from and step stand on the same places. The variance is carried
 * (cel-interpolate.h); neighbours are correlated afterwards. A new sample is marked when one of the
 * samples it rests on is: the two around it, for the curved kinds also their neighbours. */
#include "process/cel-interpolate.h"
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { FROM, TO, STEP, RANGE, ENDS, N_PARAMS }; /* ENDS only for cubic */
enum { CROP, REFUSE };
enum { NOT_A_KNOT, NATURAL };
enum { MIN_SAMPLES = 4 };
static const char *const range_names[] = {"crop", "refuse", NULL};
static const char *const end_names[] = {"not-a-knot", "natural", NULL};
static const CelParamDef params_table[] = {
    [FROM] = {.key = "from",
              .label = N_("From"),
              .unit = "axis",
              .type = CEL_PARAM_REAL,
              .min = -2e7,
              .max = 2e7,
              .initial = 100.0},
    [TO] = {.key = "to",
            .label = N_("To"),
            .unit = "axis",
            .type = CEL_PARAM_REAL,
            .min = -2e7,
            .max = 2e7,
            .initial = 4000.0},
    [STEP] = {.key = "step",
              .label = N_("Spacing"),
              .unit = "axis",
              .type = CEL_PARAM_REAL,
              .min = 1e-3,
              .max = 1e4,
              .initial = 2.0,
              .scale = CEL_SCALE_LOG},
    [RANGE] = {.key = "range",
               .label = N_("Where nothing was measured"),
               .unit = "1",
               .type = CEL_PARAM_CHOICE,
               .min = CROP,
               .max = REFUSE,
               .initial = CROP,
               .choices = range_names},
    [ENDS] = {.key = "ends",
              .label = N_("Condition at the ends"),
              .unit = "1",
              .type = CEL_PARAM_CHOICE,
              .min = NOT_A_KNOT,
              .max = NATURAL,
              .initial = NOT_A_KNOT,
              .choices = end_names},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

static gboolean check_grid(const CelSpectrum *in, double from, double to, double step,
                           GError **error)
{
    if (cel_spectrum_length(in) < MIN_SAMPLES)
        return cel_step_window_fits(cel_spectrum_length(in), MIN_SAMPLES, error);
    if (from < to && (to - from) / step < (double)CEL_AXIS_MAX_POINTS)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("From %g to %g by %g is no grid of at most %d samples"), from, to, step,
                CEL_AXIS_MAX_POINTS);
    return FALSE;
}

/* @margin: how much beyond a place must have been measured. */
static CelAxis *make_grid(const CelSpectrum *in, const CelParams *params, double margin,
                          GError **error)
{
    const double from = cel_params_get(params, FROM), to = cel_params_get(params, TO);
    const double step = cel_params_get(params, STEP);
    if (!check_grid(in, from, to, step, error))
        return NULL;
    const double *x = cel_spectrum_x(in);
    const double low = x[0] + margin, high = x[cel_spectrum_length(in) - 1] - margin;
    /* a last place that misses "to" by rounding is still meant */
    const gsize n = (gsize)floor((to - from) / step + 1e-9) + 1;
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(double));
    for (gsize k = 0; k < n; k++) {
        const double place = from + (double)k * step;
        if (place >= low && place <= high)
            g_array_append_val(places, place);
    }
    if (places->len < 2 || (places->len < n && cel_params_get(params, RANGE) == REFUSE)) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_INPUT,
            _("The grid from %g to %g is not covered by the spectrum (%g to %g), and values "
              "that were not measured are not made up; choose a narrower grid"),
            from, to, x[0], x[cel_spectrum_length(in) - 1]);
        return NULL;
    }
    return cel_axis_new(cel_axis_unit(cel_spectrum_axis(in)),
                        (const double *)(gpointer)places->data, places->len, error);
}

/* Joins the bits of the samples that lie around @low..@high, and of @more on either side. */
static guint8 joined_mask(const CelSpectrum *in, double low, double high, gsize more)
{
    const guint8 *mask = cel_spectrum_mask(in);
    const double *x = cel_spectrum_x(in);
    const gsize n = cel_spectrum_length(in);
    gsize first = cel_interval(x, n, low), last = cel_interval(x, n, high) + 1;
    if (x[last - 1] == high) /* stands on a sample: the next has no part */
        last--;
    if (x[first + 1] == low)
        first++;
    const gboolean on_sample = first == last;
    first = on_sample || first < more ? (on_sample ? first : 0) : first - more;
    last = on_sample ? last : MIN(last + more, n - 1);
    guint8 bits = 0;
    for (gsize i = first; i <= last; i++)
        bits |= mask[i];
    return bits;
}

static guint8 *grid_mask(const CelSpectrum *in, const CelAxis *axis, double half, gsize more)
{
    if (cel_spectrum_mask(in) == NULL)
        return NULL;
    const gsize n = cel_axis_length(axis);
    guint8 *mask = g_malloc(n);
    for (gsize k = 0; k < n; k++) {
        const double at = cel_axis_values(axis)[k];
        mask[k] = joined_mask(in, at - half, at + half, more);
    }
    return mask;
}

static CelSamples samples_of(const CelSpectrum *in)
{
    return (CelSamples){.x = cel_spectrum_x(in),
                        .y = cel_spectrum_y(in),
                        .variance = cel_spectrum_variance(in),
                        .n = cel_spectrum_length(in)};
}

static CelSpectrum *interpolate(const CelSpectrum *in, const CelParams *params,
                                CelInterpolation kind, GError **error)
{
    g_autoptr(CelAxis) axis = make_grid(in, params, 0.0, error);
    if (axis == NULL)
        return NULL;
    const CelSamples samples = samples_of(in);
    const gsize n = cel_axis_length(axis);
    double *y = g_new(double, n), *variance = samples.variance != NULL ? g_new(double, n) : NULL;
    cel_interpolate(kind, &samples, cel_axis_values(axis), n, y, variance);
    guint8 *mask = grid_mask(in, axis, 0.0, kind == CEL_INTERPOLATE_LINEAR ? 0 : 1);
    return cel_spectrum_derive(in, axis, y, variance, mask, error);
}

static CelSpectrum *run_linear(const CelSpectrum *in, const CelParams *params,
                               const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    return interpolate(in, params, CEL_INTERPOLATE_LINEAR, error);
}

static CelSpectrum *run_pchip(const CelSpectrum *in, const CelParams *params,
                              const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    return interpolate(in, params, CEL_INTERPOLATE_PCHIP, error);
}

static CelSpectrum *run_akima(const CelSpectrum *in, const CelParams *params,
                              const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    return interpolate(in, params, CEL_INTERPOLATE_AKIMA, error);
}

static CelSpectrum *run_cubic(const CelSpectrum *in, const CelParams *params,
                              const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    const gboolean natural = cel_params_get(params, ENDS) == NATURAL;
    return interpolate(in, params, natural ? CEL_INTERPOLATE_NATURAL : CEL_INTERPOLATE_NOT_A_KNOT,
                       error);
}

static CelSpectrum *run_mean(const CelSpectrum *in, const CelParams *params,
                             const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    const double half = 0.5 * cel_params_get(params, STEP);
    g_autoptr(CelAxis) axis = make_grid(in, params, half, error);
    if (axis == NULL)
        return NULL;
    const CelSamples samples = samples_of(in);
    const gsize n = cel_axis_length(axis);
    double *y = g_new(double, n), *variance = samples.variance != NULL ? g_new(double, n) : NULL;
    cel_interpolate_mean(&samples, half, cel_axis_values(axis), n, y, variance);
    return cel_spectrum_derive(in, axis, y, variance, grid_mask(in, axis, half, 0), error);
}

#define RESAMPLE(name, words, source, n_used)                                                      \
    const CelStepDef cel_step_resample_##name = {                                                  \
        .id = "resample." #name,                                                                   \
        .version = 1,                                                                              \
        .title = words,                                                                            \
        .reference = source,                                                                       \
        .params = params_table,                                                                    \
        .n_params = n_used,                                                                        \
        .run = run_##name,                                                                         \
    }

RESAMPLE(linear, N_("Resample (straight lines)"), "definition: linear interpolation", ENDS);
RESAMPLE(pchip, N_("Resample (monotone cubic)"),
         "Fritsch, Butland 1984, SIAM J. Sci. Stat. Comput. 5, 300", ENDS);
RESAMPLE(cubic, N_("Resample (cubic spline)"), "de Boor 1978, A Practical Guide to Splines, ch. IV",
         N_PARAMS);
RESAMPLE(akima, N_("Resample (Akima)"), "Akima 1970, J. ACM 17, 589", ENDS);
RESAMPLE(mean, N_("Resample (mean of cells, for coarser grids)"),
         "definition: cell means of the polygon through the samples", ENDS);
