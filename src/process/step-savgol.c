/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smooth.savgol, derivative.savgol, smooth.boxcar: linear moving windows. The variance is carried
 * as that of independent samples (afterwards neighbours are correlated, which the result cannot
 * say). A result is marked when a marked sample took part in it (cel_step_mask_spread()); with
 * edges=interp the results of the outermost half window come from the whole first or last one. */
#include "process/cel-filter.h"
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const char *const edge_names[] = {"interp", "nearest", "mirror", NULL};

enum { WINDOW, POLYNOMIAL, EDGES, N_SMOOTH_PARAMS };
enum { SPACING = N_SMOOTH_PARAMS, ORDER, N_DERIVATIVE_PARAMS };
enum { PER_AXIS, PER_SAMPLE };
static const char *const spacing_names[] = {"axis", "sample", NULL};

#define WINDOW_PARAM(first)                                                                        \
    {                                                                                              \
        .key = "window", .label = N_("Window"), .unit = "samples", .type = CEL_PARAM_INT,          \
        .min = 3, .max = 999, .initial = first                                                     \
    }
#define POLYNOMIAL_PARAM(first, lowest)                                                            \
    {                                                                                              \
        .key = "polynomial", .label = N_("Degree"), .unit = "1", .type = CEL_PARAM_INT,            \
        .min = lowest, .max = 9, .initial = first                                                  \
    }
#define EDGES_PARAM(first)                                                                         \
    {                                                                                              \
        .key = "edges", .label = N_("At the ends"), .unit = "1", .type = CEL_PARAM_CHOICE,         \
        .min = CEL_EDGES_INTERP, .max = CEL_EDGES_MIRROR, .initial = first, .choices = edge_names  \
    }

static const CelParamDef smooth_params[] = {
    [WINDOW] = WINDOW_PARAM(7),
    [POLYNOMIAL] = POLYNOMIAL_PARAM(2, 0),
    [EDGES] = EDGES_PARAM(CEL_EDGES_INTERP),
};
G_STATIC_ASSERT(G_N_ELEMENTS(smooth_params) == N_SMOOTH_PARAMS);

static const CelParamDef derivative_params[] = {
    [WINDOW] = WINDOW_PARAM(11),
    [POLYNOMIAL] = POLYNOMIAL_PARAM(3, 1),
    [EDGES] = EDGES_PARAM(CEL_EDGES_INTERP),
    [SPACING] = {.key = "spacing",
                 .label = N_("Derivative per"),
                 .unit = "1",
                 .type = CEL_PARAM_CHOICE,
                 .min = PER_AXIS,
                 .max = PER_SAMPLE,
                 .initial = PER_AXIS,
                 .choices = spacing_names},
    [ORDER] = {.key = "order",
               .label = N_("Order of the derivative"),
               .unit = "1",
               .type = CEL_PARAM_INT,
               .min = 1,
               .max = 2,
               .initial = 1},
};
G_STATIC_ASSERT(G_N_ELEMENTS(derivative_params) == N_DERIVATIVE_PARAMS);

static const CelParamDef boxcar_params[] = {
    {.key = "window",
     .label = N_("Window"),
     .unit = "samples",
     .type = CEL_PARAM_INT,
     .min = 3,
     .max = 999,
     .initial = 7},
    {.key = "edges",
     .label = N_("At the ends"),
     .unit = "1",
     .type = CEL_PARAM_CHOICE,
     .min = CEL_EDGES_INTERP,
     .max = CEL_EDGES_MIRROR,
     .initial = CEL_EDGES_NEAREST,
     .choices = edge_names},
};

/* Axes read from tables are rounded: spacings that differ by less than this share from the usual
 * one still count as even. It bounds the relative error of a first derivative. */
static const double EVEN_SPACING = 0.01;

static gboolean check(const CelSpectrum *in, gsize window, guint polynomial, GError **error)
{
    if (!cel_step_require_odd(window, error) ||
        !cel_step_window_fits(cel_spectrum_length(in), window, error))
        return FALSE;
    if (polynomial < window)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("A polynomial of degree %u needs a window of more than %u samples"), polynomial,
                polynomial);
    return FALSE;
}

/* The first @half results are read off the curve of the first full window. */
static void mark_ends(const guint8 *mask, gsize n, gsize half, guint8 *out)
{
    guint8 first = 0, last = 0;
    for (gsize k = 0; k <= 2 * half; k++) {
        first |= mask[k];
        last |= mask[n - 1 - k];
    }
    for (gsize k = 0; k < half; k++) {
        out[k] |= (guint8)(first & ~CEL_MASK_COSMIC);
        out[n - 1 - k] |= (guint8)(last & ~CEL_MASK_COSMIC);
    }
}

static CelSpectrum *filter(const CelSpectrum *in, const CelFilter *f, double scale, GError **error)
{
    const gsize n = cel_spectrum_length(in);
    const double *variance = cel_spectrum_variance(in);
    double *y = g_new(double, n), *out_variance = variance != NULL ? g_new(double, n) : NULL;
    cel_filter_apply(f, cel_spectrum_y(in), variance, n, y, out_variance);
    for (gsize i = 0; i < n; i++) {
        y[i] *= scale;
        if (out_variance != NULL)
            out_variance[i] *= scale * scale;
    }
    guint8 *mask = cel_step_mask_spread(cel_spectrum_mask(in), n, f->half);
    if (mask != NULL && f->edges == CEL_EDGES_INTERP)
        mark_ends(cel_spectrum_mask(in), n, f->half, mask);
    return cel_spectrum_derive(in, cel_spectrum_axis(in), y, out_variance, mask, error);
}

static CelSpectrum *run_smooth(const CelSpectrum *in, const CelParams *params,
                               const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    const gsize window = cel_params_get_size(params, WINDOW);
    const CelFilter f = {.half = window / 2,
                         .polynomial = (guint)cel_params_get_size(params, POLYNOMIAL),
                         .edges = (CelEdges)cel_params_get_size(params, EDGES)};
    return check(in, window, f.polynomial, error) ? filter(in, &f, 1.0, error) : NULL;
}

static gboolean even_step(const CelAxis *axis, double *out_step, GError **error)
{
    const double *x = cel_axis_values(axis);
    const gsize n = cel_axis_length(axis);
    const double mean = (x[n - 1] - x[0]) / (double)(n - 1);
    for (gsize i = 0; i + 1 < n; i++) {
        if (fabs(x[i + 1] - x[i] - mean) > EVEN_SPACING * mean) {
            g_set_error(
                error, CEL_ERROR, CEL_ERROR_UNIT,
                _("The axis is not evenly spaced (%g beside %g on average), so a derivative "
                  "per %s would be wrong; resample first, or ask for spacing=sample"),
                x[i + 1] - x[i], mean, cel_unit_name(cel_axis_unit(axis)));
            return FALSE;
        }
    }
    *out_step = mean;
    return TRUE;
}

static CelSpectrum *run_derivative(const CelSpectrum *in, const CelParams *params,
                                   const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    const gsize window = cel_params_get_size(params, WINDOW);
    const CelFilter f = {.half = window / 2,
                         .polynomial = (guint)cel_params_get_size(params, POLYNOMIAL),
                         .derivative = (guint)cel_params_get_size(params, ORDER),
                         .edges = (CelEdges)cel_params_get_size(params, EDGES)};
    double step = 1.0;
    if (!check(in, window, f.polynomial, error))
        return NULL;
    if (f.derivative > f.polynomial) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The derivative of order %u of a polynomial of degree %u is zero everywhere"),
                    f.derivative, f.polynomial);
        return NULL;
    }
    if (cel_params_get(params, SPACING) == PER_AXIS &&
        !even_step(cel_spectrum_axis(in), &step, error))
        return NULL;
    return filter(in, &f, pow(step, -(double)f.derivative), error);
}

static CelSpectrum *run_boxcar(const CelSpectrum *in, const CelParams *params,
                               const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    const gsize window = cel_params_get_size(params, 0);
    const CelFilter f = {.half = window / 2, .edges = (CelEdges)cel_params_get_size(params, 1)};
    return check(in, window, 0, error) ? filter(in, &f, 1.0, error) : NULL;
}

const CelStepDef cel_step_smooth_savgol = {
    .id = "smooth.savgol",
    .version = 1,
    .title = N_("Smooth (Savitzky-Golay)"),
    .reference =
        "Savitzky, Golay 1964, Anal. Chem. 36, 1627; ends: Gorry 1990, Anal. Chem. 62, 570",
    .params = smooth_params,
    .n_params = N_SMOOTH_PARAMS,
    .run = run_smooth,
};

const CelStepDef cel_step_smooth_boxcar = {
    .id = "smooth.boxcar",
    .version = 1,
    .title = N_("Smooth (moving mean)"),
    .reference = "definition: mean of the window",
    .params = boxcar_params,
    .n_params = G_N_ELEMENTS(boxcar_params),
    .run = run_boxcar,
};

const CelStepDef cel_step_derivative_savgol = {
    .id = "derivative.savgol",
    .version = 1,
    .title = N_("Derivative (Savitzky-Golay)"),
    .reference =
        "Savitzky, Golay 1964, Anal. Chem. 36, 1627; ends: Gorry 1990, Anal. Chem. 62, 570",
    .params = derivative_params,
    .n_params = N_DERIVATIVE_PARAMS,
    .run = run_derivative,
};
