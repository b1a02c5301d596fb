/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-linearity.h"

#include "base/cel-error.h"
#include "process/cel-select.h"
#include "process/step-util.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

enum { MAX_ORDER = 5, MAX_SAMPLES = 400, N_PLACES = 200 };
static const double MIN_SPAN = 8.0, DIM = 0.1, CONSTANT = 0.01;

/* Counts of the samples that take part: row e holds those of exposure e, divided by @top. */
typedef struct {
    gsize n, n_samples; /* exposures; samples */
    double time[CEL_LINEARITY_MAX_EXPOSURES];
    double *counts, *weight;
    double top, least;
} Data;

static void data_clear(Data *data)
{
    g_free(data->counts);
    g_free(data->weight);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Data, data_clear)

/* ---- what is given ---- */

static gboolean check_times(const CelExposure *exposures, gsize n, GError **error)
{
    double low = G_MAXDOUBLE, high = 0.0;
    guint different = 0;
    for (gsize e = 0; e < n && n <= CEL_LINEARITY_MAX_EXPOSURES; e++) {
        gboolean seen = FALSE;
        for (gsize f = 0; f < e; f++)
            seen =
                seen || fabs(exposures[f].integration_ms / exposures[e].integration_ms - 1) < 0.01;
        different += seen ? 0 : 1;
        low = MIN(low, exposures[e].integration_ms);
        high = MAX(high, exposures[e].integration_ms);
    }
    if (different >= CEL_LINEARITY_MIN_EXPOSURES && low > 0.0 && high >= MIN_SPAN * low)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("Linearity needs %d to %d exposures of at least %d different integration times, "
                  "the longest %g times the shortest; take more of them"),
                CEL_LINEARITY_MIN_EXPOSURES, CEL_LINEARITY_MAX_EXPOSURES,
                CEL_LINEARITY_MIN_EXPOSURES, MIN_SPAN);
    return FALSE;
}

static gboolean check_exposure(const CelExposure *exposure, const CelExposure *first,
                               GError **error)
{
    const CelSpectrum *light = exposure->light;
    const guint8 *mask = cel_spectrum_mask(light);
    guint full = 0;
    if (!cel_axis_equal(cel_spectrum_axis(light), cel_spectrum_axis(first->light))) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The exposures stand on different axes, so they are not of one instrument "
                      "state; take all of them in one session"));
        return FALSE;
    }
    if (g_strcmp0(cel_spectrum_meta(light, CEL_META_DARK), "subtracted") != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The dark of the exposure of %g ms was not subtracted, and the detector's "
                      "offset would be taken for light; take a dark of the same time"),
                    exposure->integration_ms);
        return FALSE;
    }
    for (gsize i = 0; mask != NULL && i < cel_spectrum_length(light); i++)
        full += (mask[i] & CEL_MASK_SATURATED) != 0 ? 1 : 0;
    if (full == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The exposure of %g ms is saturated at %u samples, which says nothing about how "
                  "counts follow the light; leave it out or take less light"),
                exposure->integration_ms, full);
    return FALSE;
}

static gsize longest(const CelExposure *exposures, gsize n)
{
    gsize at = 0;
    for (gsize e = 1; e < n; e++)
        at = exposures[e].integration_ms > exposures[at].integration_ms ? e : at;
    return at;
}

/* Takes evenly many of the samples that are bright and unmasked in every exposure. */
static GArray *choose(const CelExposure *exposures, gsize n)
{
    const CelSpectrum *bright = exposures[longest(exposures, n)].light;
    const double *y = cel_spectrum_y(bright);
    const gsize length = cel_spectrum_length(bright);
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(gsize));
    double top = 0.0;
    for (gsize i = 0; i < length; i++)
        top = MAX(top, y[i]);
    for (gsize i = 0; i < length; i++) {
        gboolean good = y[i] > DIM * top;
        for (gsize e = 0; good && e < n; e++) {
            const guint8 *mask = cel_spectrum_mask(exposures[e].light);
            good = (mask == NULL || mask[i] == 0) && cel_spectrum_y(exposures[e].light)[i] > 0.0;
        }
        if (good)
            g_array_append_val(chosen, i);
    }
    const gsize every = chosen->len / MAX_SAMPLES + 1;
    guint kept = 0;
    for (guint k = 0; k < chosen->len; k += (guint)every)
        g_array_index(chosen, gsize, kept++) = g_array_index(chosen, gsize, k);
    return g_array_set_size(chosen, kept);
}

static gboolean fill(Data *d, const CelExposure *exposures, gsize n, GError **error)
{
    g_autoptr(GArray) chosen = choose(exposures, n);
    d->n = n;
    d->n_samples = chosen->len;
    d->counts = g_new(double, n *(chosen->len + 1));
    d->weight = g_new(double, n *(chosen->len + 1));
    d->least = G_MAXDOUBLE;
    for (gsize e = 0; e < n; e++) {
        d->time[e] = exposures[e].integration_ms;
        for (guint k = 0; k < chosen->len; k++) {
            const double c = cel_spectrum_y(exposures[e].light)[g_array_index(chosen, gsize, k)];
            d->counts[e * chosen->len + k] = c;
            d->weight[e * chosen->len + k] = 1.0 / c; /* shot noise rules where it matters */
            d->top = MAX(d->top, c);
            d->least = MIN(d->least, c);
        }
    }
    for (gsize i = 0; i < n * chosen->len; i++)
        d->counts[i] /= d->top;
    if (chosen->len >= 2)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("Fewer than two samples see light in every exposure; use a broad, brighter "
                  "source"));
    return FALSE;
}

/* ---- the fit ---- */

/* Q(u) = 1 + q[0] u + .. */
static double q_value(const double *q, guint order, double u)
{
    double value = 0.0;
    for (guint k = order; k-- > 0;)
        value = (value + q[k]) * u;
    return 1.0 + value;
}

/* Adds what sample @s says to the normal equations: its rate is projected out. */
static void add_sample(const Data *d, gsize s, guint order, gsize without, gsl_matrix *a,
                       gsl_vector *b)
{
    double along[MAX_ORDER + 1] = {0.0}, tt = 0.0;
    for (gsize e = 0; e < d->n; e++) {
        const double u = d->counts[e * d->n_samples + s], w = d->weight[e * d->n_samples + s];
        if (e == without)
            continue;
        double power = u;
        for (guint k = 0; k <= order; k++, power *= u)
            along[k] += w * d->time[e] * power;
        tt += w * d->time[e] * d->time[e];
    }
    for (gsize e = 0; e < d->n; e++) {
        const double u = d->counts[e * d->n_samples + s], w = d->weight[e * d->n_samples + s];
        double left[MAX_ORDER + 1], power = u;
        if (e == without)
            continue;
        for (guint k = 0; k <= order; k++, power *= u)
            left[k] = power - along[k] / tt * d->time[e];
        for (guint k = 0; k < order; k++) {
            *gsl_vector_ptr(b, k) -= w * left[k + 1] * left[0];
            for (guint l = 0; l < order; l++)
                *gsl_matrix_ptr(a, k, l) += w * left[k + 1] * left[l + 1];
        }
    }
}

static gboolean solve(const Data *d, guint order, gsize without, double *out_q)
{
    gsl_matrix *a = gsl_matrix_calloc(order, order);
    gsl_vector *b = gsl_vector_calloc(order);
    for (gsize s = 0; s < d->n_samples; s++)
        add_sample(d, s, order, without, a, b);
    gboolean ok = gsl_linalg_cholesky_decomp1(a) == 0 && gsl_linalg_cholesky_svx(a, b) == 0;
    for (guint k = 0; k < order; k++) {
        out_q[k] = gsl_vector_get(b, k);
        ok = ok && isfinite(out_q[k]);
    }
    gsl_matrix_free(a);
    gsl_vector_free(b);
    return ok;
}

/* Median over samples of how far exposure @e is from rate x time, the rates from the exposures
 * other than @without. */
static double deviation(const Data *d, const double *q, guint order, gsize e, gsize without)
{
    g_autofree double *off = g_new(double, d->n_samples);
    for (gsize s = 0; s < d->n_samples; s++) {
        double along = 0.0, tt = 0.0;
        for (gsize f = 0; f < d->n; f++) {
            const double u = d->counts[f * d->n_samples + s], w = d->weight[f * d->n_samples + s];
            along += f == without ? 0.0 : w * d->time[f] * u * q_value(q, order, u);
            tt += f == without ? 0.0 : w * d->time[f] * d->time[f];
        }
        const double u = d->counts[e * d->n_samples + s];
        off[s] = u * q_value(q, order, u) / (along / tt * d->time[e]) - 1.0;
    }
    return cel_median(off, d->n_samples);
}

static double worst(const Data *d, const double *q, guint order)
{
    double out = 0.0;
    for (gsize e = 0; e < d->n; e++)
        out = MAX(out, fabs(deviation(d, q, order, e, d->n)));
    return out;
}

/* The longest and the shortest are not left out: nothing is judged by extrapolation. */
static double cross_validate(const Data *d, guint order)
{
    double squares = 0.0, used = 0.0, low = G_MAXDOUBLE, high = 0.0;
    for (gsize e = 0; e < d->n; e++) {
        low = MIN(low, d->time[e]);
        high = MAX(high, d->time[e]);
    }
    for (gsize e = 0; e < d->n; e++) {
        double q[MAX_ORDER] = {0.0};
        if (d->time[e] <= low || d->time[e] >= high)
            continue;
        if (order > 0 && !solve(d, order, e, q))
            return G_MAXDOUBLE;
        const double off = deviation(d, q, order, e, e);
        squares += off * off;
        used += 1.0;
    }
    return used > 0.0 ? sqrt(squares / used) : G_MAXDOUBLE;
}

/* The polynomial that is nearest to 1/Q up to the highest counts, its constant 1. */
static gboolean invert(const double *q, guint order, double top, CelLinearity *out)
{
    const guint n = order == 0 ? 0 : MIN(order + 2, CEL_MEASUREMENT_MAX_NONLINEARITY - 1);
    gsl_matrix *a = gsl_matrix_calloc(n + 1, n + 1);
    gsl_vector *b = gsl_vector_calloc(n + 1);
    gboolean ok = TRUE;
    gsl_matrix_set(a, n, n, 1.0); /* keeps the size above 0 */
    for (guint i = 1; i <= N_PLACES; i++) {
        const double u = (double)i / N_PLACES, value = q_value(q, order, u);
        ok = ok && value > 0.0;
        for (guint k = 0; k < n; k++) {
            *gsl_vector_ptr(b, k) += pow(u, k + 1.0) * (1.0 / value - 1.0);
            for (guint l = 0; l < n; l++)
                *gsl_matrix_ptr(a, k, l) += pow(u, k + l + 2.0);
        }
    }
    ok = ok && gsl_linalg_cholesky_decomp1(a) == 0 && gsl_linalg_cholesky_svx(a, b) == 0;
    out->n_coefficients = n + 1;
    out->coefficients[0] = 1.0;
    for (guint k = 0; k < n; k++)
        out->coefficients[k + 1] = gsl_vector_get(b, k) / pow(top, k + 1.0);
    gsl_matrix_free(a);
    gsl_vector_free(b);
    return ok;
}

static gboolean check_constant(const CelLinearity *out, GError **error)
{
    if (out->worst_after <= CONSTANT)
        return TRUE;
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_INPUT,
        _("An exposure is %.1f %% off whatever curve is laid through them: the light was "
          "not constant, or a time is not what it says. Nothing was derived; let the source "
          "warm up and take them again"),
        100.0 * out->worst_after);
    return FALSE;
}

gboolean cel_linearity_fit(const CelExposure *exposures, gsize n, CelLinearity *out, GError **error)
{
    g_auto(Data) d = {.n = 0};
    double q[MAX_ORDER] = {0.0};
    guint order = 0;
    memset(out, 0, sizeof *out);
    if (!check_times(exposures, n, error))
        return FALSE;
    for (gsize e = 0; e < n; e++) {
        if (!check_exposure(&exposures[e], &exposures[0], error))
            return FALSE;
    }
    if (!fill(&d, exposures, n, error))
        return FALSE;
    out->cross_validated = G_MAXDOUBLE;
    for (guint k = 0; k <= MAX_ORDER && k + 2 < n; k++) {
        const double off = cross_validate(&d, k);
        if (off < out->cross_validated) {
            out->cross_validated = off;
            order = k;
        }
    }
    out->worst_before = worst(&d, q, 0);
    if ((order > 0 && !solve(&d, order, d.n, q)) || !invert(q, order, d.top, out)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("The exposures do not determine how counts follow the light; take more, "
                      "evenly spread from few counts to nearly full"));
        return FALSE;
    }
    out->worst_after = worst(&d, q, order);
    out->counts[0] = d.least;
    out->counts[1] = d.top;
    out->n_samples = (guint)d.n_samples;
    return check_constant(out, error);
}
