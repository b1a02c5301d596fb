/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-band-solve.h"

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
    return (Pair){a.value - b.value * c.value, a.slope - b.slope * c.value - b.value * c.slope};
}

static Pair quotient(Pair a, Pair b)
{
    const double value = a.value / b.value;
    return (Pair){value, (a.slope - value * b.slope) / b.value};
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
        Pair z[CEL_BAND_MAX + 1] = {{0.0, 0.0}};
        for (guint k = 1; k <= reach; k++) {
            for (guint m = 1; m <= reach; m++) {
                const gsize low = i + MIN(k, m);
                const guint apart = MAX(k, m) - MIN(k, m);
                z[k] = minus_product(z[k], l->rows[i][m], l->rows[low][apart]);
            }
        }
        z[0] = quotient((Pair){1.0, 0.0}, l->rows[i][0]);
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
    Band a = {.rows = (Pair(*)[CEL_BAND_MAX + 1]) storage, .n = n, .order = order};
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
}
