/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-baseline.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Polynomials that are orthonormal over the samples of weight 1, with values at every sample. */
typedef struct {
    gsize n, terms;
    double *q;        /* terms rows of n */
    double *weighted; /* the same, 0 where the weight is */
} Basis;

/* Four sums side by side: one alone waits for each of its additions. */
static double dot(const double *a, const double *b, gsize n)
{
    double s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
    gsize i = 0;
    for (; i + 4 <= n; i += 4) {
        s0 += a[i] * b[i];
        s1 += a[i + 1] * b[i + 1];
        s2 += a[i + 2] * b[i + 2];
        s3 += a[i + 3] * b[i + 3];
    }
    for (; i < n; i++)
        s0 += a[i] * b[i];
    return (s0 + s1) + (s2 + s3);
}

static void weigh(Basis *basis, gsize k, const guint8 *left_out)
{
    for (gsize i = 0; i < basis->n; i++)
        basis->weighted[k * basis->n + i] = left_out[i] != 0 ? 0.0 : basis->q[k * basis->n + i];
}

/* Subtracts from row @k what it shares with the rows before it, twice: once leaves rounding behind
 * (Bjorck 1967, BIT 7, 1), then scales it to length 1. */
static gboolean orthonormalise(Basis *basis, gsize k, const guint8 *left_out)
{
    double *row = basis->q + k * basis->n;
    for (gsize pass = 0; pass < 2; pass++) {
        for (gsize j = 0; j < k; j++) {
            const double shared = dot(row, basis->weighted + j * basis->n, basis->n);
            for (gsize i = 0; i < basis->n; i++)
                row[i] -= shared * basis->q[j * basis->n + i];
        }
    }
    weigh(basis, k, left_out);
    const double length = sqrt(dot(row, basis->weighted + k * basis->n, basis->n));
    if (!(length > 0.0))
        return FALSE;
    for (gsize i = 0; i < basis->n; i++)
        row[i] /= length;
    weigh(basis, k, left_out);
    return TRUE;
}

/* Each polynomial starts as x times the last one, which keeps it far from the earlier ones. */
static gboolean basis_build(Basis *basis, const double *x, const guint8 *left_out)
{
    const gsize n = basis->n;
    const double middle = 0.5 * (x[0] + x[n - 1]), half = 0.5 * (x[n - 1] - x[0]);
    gsize weighted = 0;
    for (gsize i = 0; i < n; i++)
        weighted += left_out[i] == 0;
    if (weighted < basis->terms)
        return FALSE;
    for (gsize k = 0; k < basis->terms; k++) {
        for (gsize i = 0; i < n; i++) {
            const double u = (x[i] - middle) / half;
            basis->q[k * n + i] = k == 0 ? 1.0 : u * basis->q[(k - 1) * n + i];
        }
        if (!orthonormalise(basis, k, left_out))
            return FALSE;
    }
    return TRUE;
}

static void basis_fit(const Basis *basis, const double *y, double *out)
{
    for (gsize i = 0; i < basis->n; i++)
        out[i] = 0.0;
    for (gsize k = 0; k < basis->terms; k++) {
        const double *row = basis->q + k * basis->n;
        const double c = dot(y, basis->weighted + k * basis->n, basis->n);
        for (gsize i = 0; i < basis->n; i++)
            out[i] += c * row[i];
    }
}

/* Standard deviation, divided by n, of y - p over all samples that are not masked. */
static double deviation(const double *y, const double *p, const guint8 *mask, gsize n)
{
    double sum = 0.0, squares = 0.0;
    gsize used = 0;
    for (gsize i = 0; i < n; i++) {
        const gboolean use = mask == NULL || mask[i] == 0;
        sum += use ? y[i] - p[i] : 0.0;
        used += use ? 1 : 0;
    }
    const double mean = sum / (double)used;
    for (gsize i = 0; i < n; i++) {
        const double off = y[i] - p[i] - mean;
        squares += mask == NULL || mask[i] == 0 ? off * off : 0.0;
    }
    return sqrt(squares / (double)used);
}

static void clip(const double *from, const double *p, double d, gsize n, double *y)
{
    for (gsize i = 0; i < n; i++)
        y[i] = MIN(from[i], p[i] + d);
}

static gboolean set_too_few(gsize terms, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("A background polynomial of %" G_GSIZE_FORMAT " terms is not determined by the "
                  "samples that carry weight. Lower the order."),
                terms);
    return FALSE;
}

/* TRUE when the deviation is the rounding of an exact fit: then there are no peaks to clip. */
static gboolean is_exact(const CelBaselineData *data, double d)
{
    double largest = 0.0;
    for (gsize i = 0; i < data->n; i++)
        largest =
            data->mask == NULL || data->mask[i] == 0 ? fmax(largest, fabs(data->y[i])) : largest;
    return d <= 1e-13 * largest;
}

static gboolean leave_peaks_out(Basis *basis, const CelBaselineData *data, const double *p,
                                double d, guint8 *left_out)
{
    for (gsize i = 0; i < data->n; i++)
        left_out[i] |= data->y[i] > p[i] + d;
    return basis_build(basis, data->x, left_out);
}

static void iterate(const Basis *basis, const CelBaselineData *data,
                    const CelPolynomialOptions *options, double *p, CelBaselineInfo *info)
{
    g_autofree double *y = g_memdup2(data->y, data->n * sizeof(double));
    double d = deviation(y, p, data->mask, data->n);
    while (info->iterations <= options->max_iter && !info->converged) {
        clip(options->use_original ? data->y : y, p, d, data->n, y);
        basis_fit(basis, y, p);
        info->iterations++;
        const double now = deviation(y, p, data->mask, data->n);
        /* written so that a deviation of 0, an exact polynomial, ends it */
        info->change = now > 0.0 ? fabs(now - d) / now : 0.0;
        info->converged = info->change < options->tolerance;
        d = now;
    }
}

gboolean cel_baseline_imodpoly(const CelBaselineData *data, const CelPolynomialOptions *options,
                               double *out, CelBaselineInfo *out_info, GError **error)
{
    Basis basis = {.n = data->n, .terms = options->order + 1};
    g_autofree double *q = g_new(double, 2 * basis.terms * basis.n);
    g_autofree guint8 *left_out = g_new0(guint8, data->n);
    CelBaselineInfo info = {0};
    basis.q = q;
    basis.weighted = q + basis.terms * basis.n;
    for (gsize i = 0; i < data->n && data->mask != NULL; i++)
        left_out[i] = data->mask[i] != 0;
    if (data->n < 2 || !basis_build(&basis, data->x, left_out))
        return set_too_few(basis.terms, error);
    basis_fit(&basis, data->y, out);
    const double d = deviation(data->y, out, data->mask, data->n);
    info.converged = is_exact(data, d);
    if (!info.converged && options->mask_initial_peaks &&
        !leave_peaks_out(&basis, data, out, d, left_out))
        return set_too_few(basis.terms, error);
    iterate(&basis, data, options, out, &info);
    if (out_info != NULL)
        *out_info = info;
    return TRUE;
}
