/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-filter.h"

#include "process/cel-select.h"

#include <math.h>
#include <string.h>

/* Monic polynomials orthogonal on the points of a window, spaced 1 / half: values at every point,
 * squared lengths. P[k+1](x) = x P[k](x) - (|P[k]|^2 / |P[k-1]|^2) P[k-1](x). */
typedef struct {
    gsize half, n;
    guint polynomial;
    double *p, *norms; /* polynomial + 1 rows of n; as many lengths */
} Gram;

static void gram_clear(Gram *g)
{
    g_free(g->p);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gram, gram_clear)

static double squares(const double *p, gsize n)
{
    double sum = 0.0;
    for (gsize i = 0; i < n; i++)
        sum += p[i] * p[i];
    return sum;
}

static double ratio(const Gram *g, guint degree)
{
    return degree == 0 ? 0.0 : g->norms[degree] / g->norms[degree - 1];
}

static void gram_build(Gram *g, gsize half, guint polynomial)
{
    const gsize n = 2 * half + 1;
    const double scale = 1.0 / (double)half;
    *g = (Gram){.half = half, .n = n, .polynomial = polynomial};
    g->p = g_new(double, (polynomial + 1) * (n + 1));
    g->norms = g->p + (polynomial + 1) * n;
    for (gsize i = 0; i < n; i++)
        g->p[i] = 1.0;
    for (guint k = 0;; k++) {
        const double *p = g->p + k * n, *previous = k > 0 ? p - n : NULL;
        double *next = g->p + (k + 1) * n;
        g->norms[k] = squares(p, n);
        if (k == polynomial)
            return;
        const double b = ratio(g, k);
        for (gsize i = 0; i < n; i++) {
            const double x = ((double)i - (double)half) * scale;
            next[i] = x * p[i] - (previous != NULL ? b * previous[i] : 0.0);
        }
    }
}

/* The same recursion for the derivatives 0..d at one place, differentiated term by term. */
static void gram_step(const Gram *g, guint derivative, double at, guint degree, double *now,
                      double *before)
{
    const double b = ratio(g, degree), scale = 1.0 / (double)g->half;
    for (guint j = derivative + 1; j-- > 0;) {
        const double lower = j > 0 ? (double)j * now[j - 1] : 0.0;
        const double next = at * scale * now[j] + lower - b * before[j];
        before[j] = now[j];
        now[j] = next;
    }
}

/* Weights that give the @derivative, a few orders at most, at @at of the polynomial fitted to a
 * window. */
static void gram_weights(const Gram *g, guint derivative, double at, double *out)
{
    enum { MAX_DERIVATIVE = 16 };
    double now[MAX_DERIVATIVE + 1] = {1.0}, before[MAX_DERIVATIVE + 1] = {0.0};
    g_return_if_fail(derivative <= MAX_DERIVATIVE);
    const double per_sample = pow((double)g->half, -(double)derivative);
    for (gsize i = 0; i < g->n; i++)
        out[i] = 0.0;
    for (guint k = 0; k <= g->polynomial; k++) {
        const double *p = g->p + k * g->n, factor = now[derivative];
        for (gsize i = 0; i < g->n; i++)
            out[i] += p[i] * factor / g->norms[k] * per_sample;
        gram_step(g, derivative, at, k, now, before);
    }
}

void cel_savgol_weights(gsize half, guint polynomial, guint derivative, double at,
                        double *out_weights)
{
    g_auto(Gram) g = {0};
    gram_build(&g, half, polynomial);
    gram_weights(&g, derivative, at, out_weights);
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
    gsize n; /* samples */
    gsize first;
    double *weights; /* of first, first + 1, .. */
} Row;

/* The weights of output @i near an end. @centre: the weights of a full window. */
static void edge_row(const CelFilter *f, const Gram *gram, const double *centre, gsize i, Row *row)
{
    const gsize window = 2 * f->half + 1;
    row->first = i < f->half ? 0 : row->n - window;
    if (f->edges == CEL_EDGES_INTERP) {
        gram_weights(gram, f->derivative, (double)i - (double)(row->first + f->half), row->weights);
        return;
    }
    for (gsize k = 0; k < window; k++)
        row->weights[k] = 0.0;
    for (gsize k = 0; k < window; k++) {
        const gssize from = (gssize)i + (gssize)k - (gssize)f->half;
        row->weights[edge_index(from, row->n, f->edges) - row->first] += centre[k];
    }
}

static double weighted(const double *weights, const double *y, gsize n)
{
    double sum = 0.0;
    for (gsize k = 0; k < n; k++)
        sum += weights[k] * y[k];
    return sum;
}

/* @count outputs, each the sum of @window inputs from its own place on. */
typedef struct {
    const double *weights, *y;
    gsize window, count;
    double *out;
} Slide;

#define CEL_LANES_BODY "process/cel-filter-body.h"
#include "process/cel-lanes-forms.h"
CEL_LANES_DISPATCH(slide, Slide *)

/* One array through the filter, or (@squared) its variance. */
static void apply(const CelFilter *f, const Gram *gram, gboolean squared, const double *y, gsize n,
                  double *out)
{
    const gsize half = f->half, window = 2 * half + 1;
    g_autofree double *memory = g_new(double, 3 * window);
    double *centre = memory, *used = memory + window;
    Row row = {.n = n, .weights = memory + 2 * window};
    gram_weights(gram, f->derivative, 0.0, centre);
    for (gsize k = 0; k < window; k++)
        used[k] = squared ? centre[k] * centre[k] : centre[k];
    slide(&(Slide){used, y, window, n - 2 * half, out + half});
    for (gsize e = 0; e < 2 * half; e++) {
        const gsize i = e < half ? e : n - 2 * half + e;
        edge_row(f, gram, centre, i, &row);
        for (gsize k = 0; k < window && squared; k++)
            row.weights[k] *= row.weights[k];
        out[i] = weighted(row.weights, y + row.first, window);
    }
}

void cel_filter_apply(const CelFilter *filter, const double *y, const double *variance, gsize n,
                      double *out_y, double *out_variance)
{
    const gsize half = filter->half, window = 2 * half + 1;
    g_return_if_fail(half >= 1 && n >= window);
    g_auto(Gram) gram = {0};
    gram_build(&gram, half, filter->polynomial);
    apply(filter, &gram, FALSE, y, n, out_y);
    if (out_variance != NULL && variance != NULL)
        apply(filter, &gram, TRUE, variance, n, out_variance);
    else if (out_variance != NULL)
        memset(out_variance, 0, n * sizeof *out_variance);
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
