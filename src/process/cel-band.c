/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-band.h"

<<<<<<< HEAD
/* A value and its derivative by t. */
typedef struct {
    double value, slope;
} Pair;

/* Upper band of a symmetric matrix: rows[i][k] is the element (i, i + k). */
typedef struct {
    Pair (*rows)[CEL_BAND_MAX + 1];
    gsize n;
    guint order;
} Band;

static Pair minus_product(Pair a, Pair b, Pair c)
{
    return (Pair){ a.value - b.value * c.value,
                   a.slope - b.slope * c.value - b.value * c.slope };
}

static Pair quotient(Pair a, Pair b)
{
    const double value = a.value / b.value;
    return (Pair){ value, (a.slope - value * b.slope) / b.value };
}

/* Binomial coefficients with alternating signs: the differences of @order. */
static void differences(guint order, double *out_c)
{
    out_c[0] = 1.0;
    for (guint k = 1; k <= order; k++)
        out_c[k] = -out_c[k - 1] * (double)(order + 1 - k) / (double)k;
}

static void add_penalty(Band *a, double lambda)
{
    double c[CEL_BAND_MAX + 1];
    differences(a->order, c);
    for (gsize row = 0; row + a->order < a->n; row++) {
        for (guint i = 0; i <= a->order; i++) {
            for (guint k = 0; i + k <= a->order; k++)
                a->rows[row + i][k].value += lambda * c[i] * c[i + k];
        }
    }
}

/* In place: rows[i][0] becomes D, rows[i][k] the element (i + k, i) of L. */
static gboolean factor(Band *a)
{
    for (gsize i = 0; i < a->n; i++) {
        Pair *row = a->rows[i];
        if (!(row[0].value > 0.0))
            return FALSE;
        const guint reach = (guint)MIN((gsize)a->order, a->n - 1 - i);
        for (guint k = 1; k <= reach; k++) {
            const Pair l = quotient(row[k], row[0]);
            for (guint m = k; m <= reach; m++)
                a->rows[i + k][m - k] = minus_product(a->rows[i + k][m - k], l, row[m]);
        }
        for (guint k = 1; k <= reach; k++)
            row[k] = quotient(row[k], row[0]);
    }
    return TRUE;
}

static void solve(const Band *l, double *y)
{
    for (gsize i = 0; i < l->n; i++) {
        for (guint k = 1; k <= l->order && i + k < l->n; k++)
            y[i + k] -= l->rows[i][k].value * y[i];
    }
    for (gsize i = l->n; i-- > 0;) {
        y[i] /= l->rows[i][0].value;
        for (guint k = 1; k <= l->order && i + k < l->n; k++)
            y[i] -= l->rows[i][k].value * y[i + k];
    }
}

/* Overwrites the factors by the band of the inverse, from the last row up. */
static void invert_band(Band *l)
{
    for (gsize i = l->n; i-- > 0;) {
        const guint reach = (guint)MIN((gsize)l->order, l->n - 1 - i);
        Pair z[CEL_BAND_MAX + 1] = { { 0.0, 0.0 } };
        for (guint k = 1; k <= reach; k++) {
            for (guint m = 1; m <= reach; m++) {
                const gsize low = i + MIN(k, m);
                const guint apart = MAX(k, m) - MIN(k, m);
                z[k] = minus_product(z[k], l->rows[i][m], l->rows[low][apart]);
            }
        }
        z[0] = quotient((Pair){ 1.0, 0.0 }, l->rows[i][0]);
        for (guint m = 1; m <= reach; m++)
            z[0] = minus_product(z[0], l->rows[i][m], z[m]);
        for (guint k = 0; k <= reach; k++)
            l->rows[i][k] = z[k];
    }
}

gboolean cel_band_whittaker(double *y, const double *weights, double *variance, gsize n,
                            double lambda, guint order)
{
    g_return_val_if_fail(order >= 1 && order <= CEL_BAND_MAX && n > order, FALSE);
    g_autofree Pair *storage = g_new0(Pair, n * (CEL_BAND_MAX + 1));
    Band a = { .rows = (Pair(*)[CEL_BAND_MAX + 1])storage, .n = n, .order = order };
    add_penalty(&a, lambda);
    for (gsize i = 0; i < n; i++) {
        a.rows[i][0].value += weights[i];
        if (variance != NULL)
            a.rows[i][0].slope = -weights[i] * weights[i] * variance[i];
        if (y != NULL)
            y[i] *= weights[i];
    }
    if (!factor(&a))
        return FALSE;
    if (y != NULL)
        solve(&a, y);
    if (variance == NULL)
        return TRUE;
    invert_band(&a);
    for (gsize i = 0; i < n; i++)
        variance[i] = MAX(a.rows[i][0].slope, 0.0);
    return TRUE;
=======
#include "process/cel-voigt.h"

#include <float.h>
#include <math.h>

gsize cel_band_n_params(CelBandShape shape)
{
    return shape == CEL_BAND_GAUSS || shape == CEL_BAND_LORENTZ ? 3 : 4;
}

/* Gauss and Lorentz are the pseudo-Voigt with a share of 0 or 1 that is not a parameter. */
static double pseudo_voigt(const double *p, double share, double x, double *out_gradient)
{
    const double u = (x - p[1]) / p[2];
    const double lorentz = share != 0.0 ? 1.0 / (1.0 + u * u) : 0.0;
    const double gauss = share != 1.0 ? exp(-G_LN2 * u * u) : 0.0;
    const double shape = share * lorentz + (1.0 - share) * gauss;
    if (out_gradient != NULL) {
        const double along =
            -2.0 * u * p[0] *
            (share * lorentz * lorentz + (1.0 - share) * G_LN2 * gauss);
        out_gradient[0] = shape;
        out_gradient[1] = -along / p[2];
        out_gradient[2] = -u * along / p[2];
    }
    return p[0] * shape;
}

static double share_derivative(const double *p, double x)
{
    const double u = (x - p[1]) / p[2];
    return p[0] * (1.0 / (1.0 + u * u) - exp(-G_LN2 * u * u));
}

/* V = Re w(z) / (s sqrt(2 pi)), z = (t + i g) / (s sqrt 2), w' = -2 z w + 2 i / sqrt(pi). */
static double voigt(const double *p, double x, double *out_gradient)
{
    const double s = fmax(fabs(p[2]), DBL_MIN), g = fabs(p[3]), t = x - p[1];
    const double scale = s * G_SQRT2, norm = 1.0 / (s * sqrt(2.0 * G_PI));
    const double zx = t / scale, zy = g / scale;
    const CelComplex w = cel_faddeeva(zx, zy);
    const double value = norm * w.re;
    if (out_gradient != NULL) {
        const double re = -2.0 * (zx * w.re - zy * w.im);
        const double im = -2.0 * (zx * w.im + zy * w.re) + 2.0 / sqrt(G_PI);
        out_gradient[0] = value;
        out_gradient[1] = -p[0] * norm * re / scale;
        out_gradient[2] = -p[0] * (value + norm * (re * zx - im * zy)) / s;
        out_gradient[3] = -p[0] * norm * im / scale;
        out_gradient[2] = p[2] < 0.0 ? -out_gradient[2] : out_gradient[2];
        out_gradient[3] = p[3] < 0.0 ? -out_gradient[3] : out_gradient[3];
    }
    return p[0] * value;
}

double cel_band_value(CelBandShape shape, const double *p, double x, double *out_gradient)
{
    switch (shape) {
    case CEL_BAND_GAUSS:
        return pseudo_voigt(p, 0.0, x, out_gradient);
    case CEL_BAND_LORENTZ:
        return pseudo_voigt(p, 1.0, x, out_gradient);
    case CEL_BAND_PSEUDO_VOIGT:
        if (out_gradient != NULL)
            out_gradient[3] = share_derivative(p, x);
        return pseudo_voigt(p, p[3], x, out_gradient);
    case CEL_BAND_VOIGT:
        return voigt(p, x, out_gradient);
    }
    g_return_val_if_reached(0.0);
>>>>>>> baseline
}
