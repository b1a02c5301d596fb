/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-trend.h"

#include <gsl/gsl_multifit.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

enum { MAX_TERMS = CEL_TREND_MAX_TERMS };
static const double OUTLIER = 4.0, GOOD_ENOUGH = 1.05, MAD_TO_SD = 1.4826;

typedef struct {
    gsl_matrix *design, *covariance;
    gsl_vector *y, *weights, *c, *residuals;
    gsl_multifit_linear_workspace *work;
} System;

static void system_clear(System *s)
{
    gsl_matrix_free(s->design);
    gsl_matrix_free(s->covariance);
    gsl_vector_free(s->y);
    gsl_vector_free(s->weights);
    gsl_vector_free(s->c);
    gsl_vector_free(s->residuals);
    gsl_multifit_linear_free(s->work);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(System, system_clear)

static System system_new(gsize n, gsize terms)
{
    return (System){.design = gsl_matrix_alloc(n, terms),
                    .covariance = gsl_matrix_alloc(terms, terms),
                    .y = gsl_vector_alloc(n),
                    .weights = gsl_vector_alloc(n),
                    .c = gsl_vector_alloc(terms),
                    .residuals = gsl_vector_alloc(n),
                    .work = gsl_multifit_linear_alloc(n, terms)};
}

/* Legendre polynomials on the range: nearly independent, so that the sums stay well conditioned. */
static void terms_at(const CelTrend *t, guint order, double x, double *out)
{
    const double half = 0.5 * (t->x_max - t->x_min), mid = 0.5 * (t->x_max + t->x_min);
    const double z = half > 0.0 ? (x - mid) / half : 0.0;
    out[0] = 1.0;
    if (order >= 1)
        out[1] = z;
    for (guint k = 2; k <= order; k++)
        out[k] = ((2.0 * k - 1.0) * z * out[k - 1] - (k - 1.0) * out[k - 2]) / k;
}

static double curve(const CelTrend *t, double x)
{
    double term[MAX_TERMS], sum = 0.0;
    terms_at(t, t->order, x, term);
    for (guint k = 0; k <= t->order; k++)
        sum += t->c[k] * term[k];
    return sum;
}

static double variance_at(const CelTrend *t, double x)
{
    double term[MAX_TERMS], sum = 0.0;
    terms_at(t, t->u_order, x, term);
    for (guint a = 0; a <= t->u_order; a++)
        for (guint b = 0; b <= t->u_order; b++)
            sum += term[a] * t->covariance[a][b] * term[b];
    return fmax(sum, 0.0);
}

static gsize set_range(CelTrend *t, const CelTrendPoint *points, gsize n, const gboolean *used)
{
    gsize n_used = 0;
    for (gsize i = 0; i < n; i++) {
        if (!used[i])
            continue;
        t->x_min = n_used == 0 ? points[i].x : fmin(t->x_min, points[i].x);
        t->x_max = n_used == 0 ? points[i].x : fmax(t->x_max, points[i].x);
        n_used++;
    }
    return n_used;
}

static void fill(System *s, const CelTrend *t, const CelTrendPoint *points, gsize n,
                 const gboolean *used)
{
    gsize row = 0;
    for (gsize i = 0; i < n; i++) {
        if (!used[i])
            continue;
        double term[MAX_TERMS];
        terms_at(t, t->order, points[i].x, term);
        for (guint k = 0; k <= t->order; k++)
            gsl_matrix_set(s->design, row, k, term[k]);
        gsl_vector_set(s->y, row, points[i].y);
        gsl_vector_set(s->weights, row++, 1.0 / (points[i].u * points[i].u));
    }
}

/* Squared errors of every point as the others predict it: r / (1 - h), h its own share. */
static void summarise(const System *s, CelTrend *t, gsize n_used)
{
    double sum = 0.0, predicted = 0.0, weights = 0.0;
    for (gsize i = 0; i < n_used; i++) {
        double share = 0.0;
        const double w = gsl_vector_get(s->weights, i), r = gsl_vector_get(s->residuals, i);
        for (guint a = 0; a <= t->order; a++)
            for (guint b = 0; b <= t->order; b++)
                share += w * gsl_matrix_get(s->design, i, a) * t->covariance[a][b] *
                         gsl_matrix_get(s->design, i, b);
        const double without = r / fmax(1.0 - share, 1e-3);
        sum += w * r * r;
        predicted += w * without * without;
        weights += w;
    }
    t->rms = sqrt(sum / weights);
    t->rms_predicted = sqrt(predicted / weights);
    const double freedom = (double)n_used - t->order - 1.0;
    const double birge = freedom > 0.0 ? fmax(1.0, sum / freedom) : 1.0;
    for (guint a = 0; a <= t->order; a++)
        for (guint b = 0; b <= t->order; b++)
            t->covariance[a][b] *= birge;
}

static gboolean fit_order(const CelTrendPoint *points, gsize n, const gboolean *used, guint order,
                          CelTrend *out)
{
    CelTrend t = {.order = order, .u_order = order};
    t.n_used = set_range(&t, points, n, used);
    if (t.n_used <= order)
        return FALSE;
    double chi2 = 0.0;
    g_auto(System) s = system_new(t.n_used, order + 1);
    fill(&s, &t, points, n, used);
    if (gsl_multifit_wlinear(s.design, s.weights, s.y, s.c, s.covariance, &chi2, s.work) != 0)
        return FALSE;
    gsl_multifit_linear_residuals(s.design, s.y, s.c, s.residuals);
    for (guint a = 0; a <= order; a++) {
        t.c[a] = gsl_vector_get(s.c, a);
        for (guint b = 0; b <= order; b++)
            t.covariance[a][b] = gsl_matrix_get(s.covariance, a, b);
    }
    summarise(&s, &t, t.n_used);
    *out = t;
    return TRUE;
}

/* Fits of rising order, each with at least two points an unknown. Returns: how many. */
static guint fit_orders(const CelTrendPoint *points, gsize n, const gboolean *used, guint last,
                        CelTrend *out)
{
    guint n_fits = 0;
    gsize n_used = 0;
    for (gsize i = 0; i < n; i++)
        n_used += used[i] ? 1 : 0;
    while (n_fits <= last && (n_fits == 0 || n_used >= 2 * (gsize)(n_fits + 1) + 1) &&
           fit_order(points, n, used, n_fits, &out[n_fits]))
        n_fits++;
    return n_fits;
}

/* Mean uncertainty of the points: what is smaller is no reason to bend. */
static double mean_u(const CelTrendPoint *points, gsize n, const gboolean *used)
{
    double weights = 0.0, n_used = 0.0;
    for (gsize i = 0; i < n; i++) {
        weights += used[i] ? 1.0 / (points[i].u * points[i].u) : 0.0;
        n_used += used[i] ? 1.0 : 0.0;
    }
    return sqrt(n_used / weights);
}

static gboolean fit_best(const CelTrendPoint *points, gsize n, const gboolean *used,
                         guint max_order, CelTrend *out)
{
    CelTrend fits[MAX_TERMS];
    const guint n_fits = fit_orders(points, n, used, max_order + 1, fits);
    const double u = mean_u(points, n, used);
    double best = HUGE_VAL;
    for (guint k = 0; k < MIN(n_fits, max_order + 1); k++)
        best = fmin(best, hypot(fits[k].rms_predicted, u));
    for (guint k = 0; k < MIN(n_fits, max_order + 1); k++) {
        if (hypot(fits[k].rms_predicted, u) > GOOD_ENOUGH * best)
            continue;
        *out = fits[k];
        out->u_order = MIN(k + 1, n_fits - 1);
        memcpy(out->covariance, fits[out->u_order].covariance, sizeof out->covariance);
        return TRUE;
    }
    return FALSE;
}

/* Common scatter: from the median of the residuals over their uncertainties, at least these. */
static double scatter(const CelTrendPoint *points, gsize n, const gboolean *used, const CelTrend *t)
{
    gsize m = 0;
    g_autofree double *off = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        if (used[i])
            off[m++] = fabs(points[i].y - curve(t, points[i].x)) / points[i].u;
    return fmax(1.0, MAD_TO_SD * gsl_stats_median(off, 1, m));
}

/* Returns: the worst point that is no part of the curve, or @n. */
static gsize find_outlier(const CelTrendPoint *points, gsize n, const gboolean *used,
                          const CelTrend *t)
{
    const double common = scatter(points, n, used, t);
    double worst = OUTLIER;
    gsize at = n;
    for (gsize i = 0; i < n; i++) {
        const double off = fabs(points[i].y - curve(t, points[i].x)) / (common * points[i].u);
        if (used[i] && off > worst) {
            worst = off;
            at = i;
        }
    }
    return at;
}

gboolean cel_trend_fit(const CelTrendPoint *points, gsize n, guint max_order, gboolean *out_used,
                       CelTrend *out)
{
    g_return_val_if_fail(max_order <= CEL_TREND_MAX_ORDER, FALSE);
    for (gsize i = 0; i < n; i++)
        out_used[i] = TRUE;
    for (gsize dropped = 0; fit_best(points, n, out_used, max_order, out); dropped++) {
        const gsize at = find_outlier(points, n, out_used, out);
        if (at == n || dropped >= n / 4)
            return TRUE;
        out_used[at] = FALSE;
    }
    return FALSE;
}

static double steepest(const CelTrend *t)
{
    enum { STEPS = 16 };
    const double step = (t->x_max - t->x_min) / STEPS;
    double most = 0.0;
    for (guint i = 0; step > 0.0 && i < STEPS; i++) {
        const double x = t->x_min + step * i;
        most = fmax(most, fabs(curve(t, x + step) - curve(t, x)) / step);
    }
    return most;
}

double cel_trend_value(const CelTrend *t, double x, double *out_u)
{
    const double at = CLAMP(x, t->x_min, t->x_max);
    const double u = sqrt(variance_at(t, at)), half = 0.5 * (t->x_max - t->x_min);
    if (out_u != NULL)
        *out_u = half > 0.0 ? hypot(u, fabs(x - at) * (steepest(t) + u / half)) : u;
    return curve(t, at);
}
