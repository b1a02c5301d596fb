/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normalise.*: out = (y - offset) / scale. Marked samples take no part in offset and scale. The
 * variance is divided by the square of the scale: offset and scale count as exact, which leaves out
 * their small, common uncertainty. The mask is kept. Counts are lost: not for the method's
 * recipe. */
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct {
    double offset, scale;
} Map;

typedef struct {
    const double *x, *y;
    const guint8 *mask;
    gsize n;
} Samples;

typedef Map (*MapFunc)(const Samples *s);

static gboolean counts(const Samples *s, gsize i)
{
    return s->mask == NULL || s->mask[i] == 0;
}

static Map map_minmax(const Samples *s)
{
    double low = INFINITY, high = -INFINITY;
    for (gsize i = 0; i < s->n; i++) {
        if (counts(s, i)) {
            low = MIN(low, s->y[i]);
            high = MAX(high, s->y[i]);
        }
    }
    return (Map){.offset = low, .scale = high - low};
}

static Map map_max(const Samples *s)
{
    const Map range = map_minmax(s);
    return (Map){.offset = 0.0, .scale = range.offset + range.scale};
}

/* Trapezoids of |y| between neighbours that both count; the area is in intensity x axis unit. */
static Map map_area(const Samples *s)
{
    double area = 0.0;
    for (gsize i = 0; i + 1 < s->n; i++) {
        if (counts(s, i) && counts(s, i + 1))
            area += 0.5 * (fabs(s->y[i]) + fabs(s->y[i + 1])) * (s->x[i + 1] - s->x[i]);
    }
    return (Map){.offset = 0.0, .scale = area};
}

static Map map_vector(const Samples *s)
{
    double sum = 0.0;
    for (gsize i = 0; i < s->n; i++)
        sum += counts(s, i) ? s->y[i] * s->y[i] : 0.0;
    return (Map){.offset = 0.0, .scale = sqrt(sum)};
}

static Map map_snv(const Samples *s)
{
    double sum = 0.0, squares = 0.0;
    gsize n = 0;
    for (gsize i = 0; i < s->n; i++) {
        sum += counts(s, i) ? s->y[i] : 0.0;
        n += counts(s, i) ? 1 : 0;
    }
    const double mean = sum / (double)n;
    for (gsize i = 0; i < s->n; i++)
        squares += counts(s, i) ? (s->y[i] - mean) * (s->y[i] - mean) : 0.0;
    return (Map){.offset = mean, .scale = sqrt(squares / ((double)n - 1.0))};
}

static CelSpectrum *apply(const CelSpectrum *in, MapFunc map_func, GError **error)
{
    const Samples s = {.x = cel_spectrum_x(in),
                       .y = cel_spectrum_y(in),
                       .mask = cel_spectrum_mask(in),
                       .n = cel_spectrum_length(in)};
    const Map map = map_func(&s);
    /* written so that NaN, infinity and denormals fail it */
    if (!(map.scale > 1e-300 && map.scale < 1e300)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("The unmarked samples give the scale %g, by which nothing can be divided: "
                      "the spectrum is flat, negative or wholly marked. Look at the steps before"),
                    map.scale);
        return NULL;
    }
    double *y = cel_step_y(in), *variance = cel_step_variance(in);
    for (gsize i = 0; i < s.n; i++) {
        y[i] = (y[i] - map.offset) / map.scale;
        if (variance != NULL)
            variance[i] = variance[i] / map.scale / map.scale;
    }
    return cel_spectrum_derive(in, cel_spectrum_axis(in), y, variance, cel_step_mask(in), error);
}

#define NORMALISE(name, words, source)                                                             \
    static CelSpectrum *run_##name(const CelSpectrum *in, const CelParams *params,                 \
                                   const CelStepInputs *inputs, GError **error)                    \
    {                                                                                              \
        (void)params;                                                                              \
        (void)inputs;                                                                              \
        return apply(in, map_##name, error);                                                       \
    }                                                                                              \
    const CelStepDef cel_step_normalise_##name = {                                                 \
        .id = "normalise." #name,                                                                  \
        .version = 1,                                                                              \
        .title = words,                                                                            \
        .reference = source,                                                                       \
        .run = run_##name,                                                                         \
    }

NORMALISE(max, N_("Highest sample to 1"), "definition: y / max(y)");
NORMALISE(area, N_("Area to 1"), "definition: y / integral of |y| dx by trapezoids");
NORMALISE(vector, N_("Length to 1"), "definition: y / Euclidean norm");
NORMALISE(snv, N_("Standard normal variate"),
          "Barnes, Dhanoa, Lister 1989, Appl. Spectrosc. 43, 772");
NORMALISE(minmax, N_("Lowest sample to 0, highest to 1"), "definition: (y - min) / (max - min)");
