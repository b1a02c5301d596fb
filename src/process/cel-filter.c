/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-filter.h"

#include "process/step-util.h"

#include <math.h>

/* One degree of the orthogonal polynomials: value at every sample and @derivative at one place. */
typedef struct {
    double *p, *previous;     /* at the samples */
    double *at, *at_previous; /* derivatives 0..d at the place */
    double norm, previous_norm;
} Gram;

/* P[k+1](x) = x P[k](x) - (|P[k]|^2 / |P[k-1]|^2) P[k-1](x): three-term recursion of monic
 * polynomials orthogonal on symmetric points; differentiated term by term. */
static void gram_next(Gram *g, gsize half, guint derivative, double at, guint degree)
{
    const double b = degree == 0 ? 0.0 : g->norm / g->previous_norm;
    const double scale = 1.0 / (double)half;
    for (gsize i = 0; i <= 2 * half; i++) {
        const double x = ((double)i - (double)half) * scale;
        const double next = x * g->p[i] - b * g->previous[i];
        g->previous[i] = g->p[i];
        g->p[i] = next;
    }
    for (guint j = derivative + 1; j-- > 0;) {
        const double lower = j > 0 ? (double)j * g->at[j - 1] : 0.0;
        const double next = at * scale * g->at[j] + lower - b * g->at_previous[j];
        g->at_previous[j] = g->at[j];
        g->at[j] = next;
    }
}

static double squares(const double *p, gsize n)
{
    double sum = 0.0;
    for (gsize i = 0; i < n; i++)
        sum += p[i] * p[i];
    return sum;
}

void cel_savgol_weights(gsize half, guint polynomial, guint derivative, double at,
                        double *out_weights)
{
    const gsize n = 2 * half + 1;
    g_autofree double *p = g_new(double, n), *previous = g_new0(double, n);
    g_autofree double *derivatives = g_new0(double, derivative + 1);
    g_autofree double *before = g_new0(double, derivative + 1);
    Gram g = {.p = p,
              .previous = previous,
              .at = derivatives,
              .at_previous = before,
              .previous_norm = 1.0};
    derivatives[0] = 1.0;
    for (gsize i = 0; i < n; i++) {
        p[i] = 1.0;
        out_weights[i] = 0.0;
    }
    const double per_sample = pow((double)half, -(double)derivative);
    for (guint degree = 0; degree <= polynomial; degree++) {
        g.norm = squares(p, n);
        for (gsize i = 0; i < n; i++)
            out_weights[i] += p[i] * derivatives[derivative] / g.norm * per_sample;
        gram_next(&g, half, derivative, at, degree);
        g.previous_norm = g.norm;
    }
}

/* Where sample @i (may lie outside) is taken from. */
static gsize edge_index(gssize i, gsize n, CelEdges edges)
{
    const gssize last = (gssize)n - 1;
    if (i >= 0 && i <= last)
        return (gsize)i;
    if (edges == CEL_EDGES_MIRROR)
        return (gsize)(i < 0 ? -i : 2 * last - i);
    return (gsize)(i < 0 ? 0 : last);
}

typedef struct {
    gsize first;
    double *weights; /* of first, first + 1, .. */
} Row;

/* The weights of output @i near an end. @centre: the weights of a full window. */
static void edge_row(const CelFilter *f, const double *centre, gsize i, gsize n, Row *row)
{
    const gsize window = 2 * f->half + 1;
    row->first = i < f->half ? 0 : n - window;
    if (f->edges == CEL_EDGES_INTERP) {
        const double at = (double)i - (double)(row->first + f->half);
        cel_savgol_weights(f->half, f->polynomial, f->derivative, at, row->weights);
        return;
    }
    for (gsize k = 0; k < window; k++)
        row->weights[k] = 0.0;
    for (gsize k = 0; k < window; k++) {
        const gssize from = (gssize)i + (gssize)k - (gssize)f->half;
        row->weights[edge_index(from, n, f->edges) - row->first] += centre[k];
    }
}

void cel_filter_apply(const CelFilter *filter, const double *y, const double *variance, gsize n,
                      double *out_y, double *out_variance)
{
    const gsize half = filter->half, window = 2 * half + 1;
    g_return_if_fail(half >= 1 && n >= window);
    g_autofree double *centre = g_new(double, window), *edge = g_new(double, window);
    cel_savgol_weights(half, filter->polynomial, filter->derivative, 0.0, centre);
    for (gsize i = 0; i < n; i++) {
        Row row = {.first = i - half, .weights = centre};
        if (i < half || i + half >= n) {
            row.weights = edge;
            edge_row(filter, centre, i, n, &row);
        }
        double sum = 0.0, spread = 0.0;
        for (gsize k = 0; k < window; k++) {
            sum += row.weights[k] * y[row.first + k];
            if (variance != NULL)
                spread += row.weights[k] * row.weights[k] * variance[row.first + k];
        }
        out_y[i] = sum;
        if (out_variance != NULL)
            out_variance[i] = spread;
    }
}

void cel_filter_median(const double *y, gsize n, gsize half, gboolean zero_pad, double *out_y)
{
    const gsize window = 2 * half + 1;
    g_autofree double *values = g_new(double, window);
    for (gsize i = 0; i < n; i++) {
        for (gsize k = 0; k < window; k++) {
            const gssize from = (gssize)i + (gssize)k - (gssize)half;
            const gboolean outside = from < 0 || from >= (gssize)n;
            values[k] = outside && zero_pad ? 0.0 : y[edge_index(from, n, CEL_EDGES_NEAREST)];
        }
        out_y[i] = cel_median(values, window);
    }
}
