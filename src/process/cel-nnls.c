/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-nnls.h"

#include <math.h>
#include <string.h>

/* A gradient below this part of the largest |A'b| is rounding. */
#define FLAT 1e-12
/* Part of a column's square that must be its own before it may become free. */
#define OWN 1e-10

struct CelNnls {
    gsize max, m;     /* @m free columns */
    gsize *free;      /* their numbers, in the order of the factor's rows */
    guint8 *is_free;  /* of all columns */
    guint8 *is_shut;  /* spanned by the free ones: not asked again until one of them leaves */
    double *factor;   /* lower triangle L of the free columns' Gram matrix, rows of @max */
    double *halfway;  /* L^-1 A'b of the free columns */
    double *z;        /* their unconstrained weights */
    double *gradient; /* of all columns */
};

CelNnls *cel_nnls_new(gsize max_columns)
{
    CelNnls *s = g_new0(CelNnls, 1);
    s->max = MAX(max_columns, 1);
    s->free = g_new(gsize, s->max);
    s->is_free = g_new(guint8, s->max);
    s->is_shut = g_new(guint8, s->max);
    s->factor = g_new(double, s->max * s->max);
    s->halfway = g_new(double, s->max);
    s->z = g_new(double, s->max);
    s->gradient = g_new(double, s->max);
    return s;
}

void cel_nnls_free(CelNnls *s)
{
    if (s == NULL)
        return;
    g_free(s->free);
    g_free(s->is_free);
    g_free(s->is_shut);
    g_free(s->factor);
    g_free(s->halfway);
    g_free(s->z);
    g_free(s->gradient);
    g_free(s);
}

static double *row_of(const CelNnls *s, gsize i)
{
    return s->factor + i * s->max;
}

static double dot(const double *a, const double *b, gsize n)
{
    double even = 0, odd = 0;
    gsize i = 0;
    for (; i + 1 < n; i += 2) {
        even += a[i] * b[i];
        odd += a[i + 1] * b[i + 1];
    }
    return even + odd + (i < n ? a[i] * b[i] : 0);
}

/* Makes column @j free: one more row of the factor. FALSE when it has nothing of its own. */
static gboolean set_free(CelNnls *s, const CelNnlsProblem *p, gsize j)
{
    double *row = row_of(s, s->m);
    const double *gram = p->gram + j * p->stride;
    for (gsize i = 0; i < s->m; i++)
        row[i] = (gram[s->free[i]] - dot(row_of(s, i), row, i)) / row_of(s, i)[i];
    const double own = gram[j] - dot(row, row, s->m);
    if (!(own > OWN * gram[j]))
        return FALSE;
    row[s->m] = sqrt(own);
    s->halfway[s->m] = (p->atb[j] - dot(row, s->halfway, s->m)) / row[s->m];
    s->free[s->m++] = j;
    s->is_free[j] = TRUE;
    return TRUE;
}

/* Turns the elements (a, b) so that b is gone. */
static void turn(double *a, double *b, double cosine, double sine)
{
    const double kept = cosine * *a + sine * *b;
    *b = cosine * *b - sine * *a;
    *a = kept;
}

/* Takes row @r out of the factor; what then stands right of the diagonal is turned away. */
static void set_bound(CelNnls *s, gsize r)
{
    s->is_free[s->free[r]] = FALSE;
    s->m--;
    for (gsize i = r; i < s->m; i++) {
        s->free[i] = s->free[i + 1];
        memcpy(row_of(s, i), row_of(s, i + 1), (i + 2) * sizeof(double));
    }
    for (gsize k = r; k < s->m; k++) {
        double *row = row_of(s, k);
        const double length = hypot(row[k], row[k + 1]);
        const double cosine = row[k] / length, sine = row[k + 1] / length;
        for (gsize i = k; i < s->m; i++)
            turn(&row_of(s, i)[k], &row_of(s, i)[k + 1], cosine, sine);
        turn(&s->halfway[k], &s->halfway[k + 1], cosine, sine);
    }
}

/* Unconstrained weights of the free columns: L' z = L^-1 A'b. */
static void solve_free(CelNnls *s)
{
    memcpy(s->z, s->halfway, s->m * sizeof(double));
    for (gsize i = s->m; i-- > 0;) {
        const double *row = row_of(s, i);
        s->z[i] /= row[i];
        for (gsize k = 0; k < i; k++)
            s->z[k] -= row[k] * s->z[i];
    }
}

/* Goes from @x towards the unconstrained weights as far as none becomes negative; columns that
 * reach 0 leave. Returns: TRUE when it got all the way. */
static gboolean step(CelNnls *s, double *x)
{
    double part = 2;
    gsize first = 0;
    for (gsize i = 0; i < s->m; i++) {
        const double at = x[s->free[i]];
        if (!(s->z[i] > 0) && at / (at - s->z[i]) < part) {
            part = at / (at - s->z[i]);
            first = i;
        }
    }
    if (part > 1) {
        for (gsize i = 0; i < s->m; i++)
            x[s->free[i]] = s->z[i];
        return TRUE;
    }
    for (gsize i = 0; i < s->m; i++)
        x[s->free[i]] += part * (s->z[i] - x[s->free[i]]);
    x[s->free[first]] = 0;
    for (gsize i = s->m; i-- > 0;) {
        if (x[s->free[i]] <= 0) {
            x[s->free[i]] = 0;
            set_bound(s, i);
        }
    }
    memset(s->is_shut, 0, s->max);
    return FALSE;
}

/* The column whose weight is most worth raising from 0, or n. */
static gsize steepest(CelNnls *s, const CelNnlsProblem *p, double least)
{
    gsize best = p->n;
    memcpy(s->gradient, p->atb, p->n * sizeof(double));
    for (gsize i = 0; i < s->m; i++) {
        const double *gram = p->gram + s->free[i] * p->stride, weight = s->z[i];
        for (gsize j = 0; j < p->n; j++)
            s->gradient[j] -= weight * gram[j];
    }
    for (gsize j = 0; j < p->n; j++)
        if (!s->is_free[j] && !s->is_shut[j] && s->gradient[j] > least) {
            least = s->gradient[j];
            best = j;
        }
    return best;
}

gboolean cel_nnls_solve(CelNnls *s, const CelNnlsProblem *p, double *x)
{
    g_return_val_if_fail(p->n <= s->max && p->stride >= p->n, FALSE);
    double top = 0;
    s->m = 0;
    memset(s->is_free, 0, s->max);
    memset(s->is_shut, 0, s->max);
    for (gsize j = 0; j < p->n; j++) {
        x[j] = 0;
        top = MAX(top, fabs(p->atb[j]));
    }
    for (gsize exchanges = 0; exchanges < 3 * p->n + 3; exchanges++) {
        const gsize j = steepest(s, p, FLAT * top);
        if (j == p->n)
            return TRUE;
        if (!set_free(s, p, j)) {
            s->is_shut[j] = TRUE;
            continue;
        }
        solve_free(s);
        /* rounding alone can turn the newcomer away: then it is left out until something changes */
        const gboolean is_refused = !(s->z[s->m - 1] > 0);
        while (s->m > 0 && !step(s, x))
            solve_free(s);
        if (is_refused)
            s->is_shut[j] = TRUE;
    }
    return FALSE;
}

void cel_nnls_covariance(const CelNnls *s, const CelNnlsProblem *p, double *out)
{
    for (gsize j = 0; j < p->n; j++)
        out[j] = 0;
    for (gsize c = 0; c < s->m;
         c++) { /* column c of L^-1, whose squares add up along a row of it */
        double *column = s->gradient;
        for (gsize i = c; i < s->m; i++)
            column[i] = ((i == c) - dot(row_of(s, i) + c, column + c, i - c)) / row_of(s, i)[i];
        double sum = 0;
        for (gsize i = c; i < s->m; i++)
            sum += column[i] * column[i];
        out[s->free[c]] = sum;
    }
}
