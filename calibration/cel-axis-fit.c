/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-axis-fit.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

enum { MAX_TERMS = CEL_CALIBRATION_MAX_COEFFICIENTS };
static const double NORMAL_95 = 1.959964; /* of a normal deviate, both sides */
static const double OUTLIER_SIGMA = 4.5, LARGEST_SCATTER_PX = 2.0;
/* How much better a bend beyond what optics allow must predict before it is believed. */
static const double WORTH_FREEING = 0.75;
enum { WORTH_POINTS = 30 }; /* and from how many points on */
/* Standard deviations of the Legendre coefficients over that of order 1. With u = half the detector
 * over the focal length, grating equation and flat detector give order 2: tan(beta) u / 3, 3:
 * u^2 / 5, 4 and 5: about u^4 / 12; u up to 0.25, the rest for tilt. Order 6 is for imaging errors:
 * some hundredths of a pixel of a thousand. */
static const double PRIOR[] = {0.0, 0.0, 0.15, 0.02, 3e-4, 3e-4, 7e-5};
static const double FREE_PRIOR = 2e-3; /* of freed orders: two pixels of a thousand */

/** Model: how many terms, and which are held. */
typedef struct {
    guint n_terms;
    gboolean held;
} Model;

typedef struct {
    const CelAxisPoint *points; /* used ones only */
    guint n;
    double half_px; /* of the detector: t = pixel / half - 1 */
    double scatter_px;
    Model model;
    double c[MAX_TERMS];
    double inverse[MAX_TERMS * MAX_TERMS]; /* covariance of c before scaling */
    double hat[CEL_AXIS_FIT_MAX_POINTS];
    double residual[CEL_AXIS_FIT_MAX_POINTS]; /* nm, model minus line */
    double sigma[CEL_AXIS_FIT_MAX_POINTS];    /* nm */
} Fit;

/* P_0 .. P_(n-1) at t by their recurrence. */
static void legendre(double t, guint n, double *out)
{
    out[0] = 1.0;
    if (n > 1)
        out[1] = t;
    for (guint k = 2; k < n; k++)
        out[k] = ((2.0 * k - 1.0) * t * out[k - 1] - (k - 1.0) * out[k - 2]) / k;
}

static double t_of(const Fit *f, double pixel)
{
    return pixel / f->half_px - 1.0;
}

static double value(const Fit *f, double pixel)
{
    double basis[MAX_TERMS], sum = 0.0;
    legendre(t_of(f, pixel), f->model.n_terms, basis);
    for (guint k = 0; k < f->model.n_terms; k++)
        sum += f->c[k] * basis[k];
    return sum;
}

static double nm_per_px(const Fit *f, double pixel)
{
    return value(f, pixel + 0.5) - value(f, pixel - 0.5);
}

static double variance_at(const Fit *f, double pixel)
{
    double basis[MAX_TERMS], sum = 0.0;
    const guint n = f->model.n_terms;
    legendre(t_of(f, pixel), n, basis);
    for (guint a = 0; a < n; a++) {
        for (guint b = 0; b < n; b++)
            sum += basis[a] * basis[b] * f->inverse[a * n + b];
    }
    return fmax(sum, 0.0);
}

/* The scale of priors and of pixel errors; a first look may know nothing better than the ends. */
static void set_sigmas(Fit *f)
{
    const CelAxisPoint *first = &f->points[0], *last = &f->points[f->n - 1];
    const double plain = (last->nm - first->nm) / (last->pixel - first->pixel);
    for (guint i = 0; i < f->n; i++) {
        const CelAxisPoint *p = &f->points[i];
        const double slope = f->c[1] > 0.0 ? nm_per_px(f, p->pixel) : plain;
        f->sigma[i] = hypot(slope * hypot(p->u_pixel, f->scatter_px), p->u_nm);
    }
}

static gboolean invert(double *matrix, guint n)
{
    gsl_matrix_view m = gsl_matrix_view_array(matrix, n, n);
    return gsl_linalg_cholesky_decomp1(&m.matrix) == 0 &&
           gsl_linalg_cholesky_invert(&m.matrix) == 0;
}

static gboolean solve(Fit *f)
{
    const guint n = f->model.n_terms;
    const CelAxisPoint *first = &f->points[0], *last = &f->points[f->n - 1];
    const double c1 = (last->nm - first->nm) / (last->pixel - first->pixel) * f->half_px;
    double right[MAX_TERMS] = {0}, basis[MAX_TERMS];
    set_sigmas(f);
    memset(f->inverse, 0, sizeof f->inverse);
    for (guint i = 0; i < f->n; i++) {
        const double w = 1.0 / (f->sigma[i] * f->sigma[i]);
        legendre(t_of(f, f->points[i].pixel), n, basis);
        for (guint a = 0; a < n; a++) {
            right[a] += w * basis[a] * f->points[i].nm;
            for (guint b = 0; b < n; b++)
                f->inverse[a * n + b] += w * basis[a] * basis[b];
        }
    }
    for (guint a = 2; a < n; a++) {
        const gboolean held = a < 4 || f->model.held;
        const double sd = c1 * (held && a < G_N_ELEMENTS(PRIOR) ? PRIOR[a] : FREE_PRIOR);
        f->inverse[a * n + a] += 1.0 / (sd * sd);
    }
    if (!(c1 > 0.0) || !invert(f->inverse, n))
        return FALSE;
    for (guint a = 0; a < n; a++) {
        f->c[a] = 0.0;
        for (guint b = 0; b < n; b++)
            f->c[a] += f->inverse[a * n + b] * right[b];
    }
    return TRUE;
}

/* Residuals and their leverages. Returns: degrees of freedom. */
static double judge(Fit *f)
{
    double trace = 0.0;
    for (guint i = 0; i < f->n; i++) {
        const CelAxisPoint *p = &f->points[i];
        f->residual[i] = value(f, p->pixel) - p->nm;
        f->hat[i] = MIN(0.999, variance_at(f, p->pixel) / (f->sigma[i] * f->sigma[i]));
        trace += f->hat[i];
    }
    return (double)f->n - trace;
}

/* Chi square less the degrees of freedom, at the present scatter. */
static gboolean excess(Fit *f, double *out)
{
    if (!solve(f) || !solve(f)) /* the second time with the slopes of the first */
        return FALSE;
    const double degrees = judge(f);
    double chi2 = 0.0;
    for (guint i = 0; i < f->n; i++)
        chi2 += f->residual[i] * f->residual[i] / (f->sigma[i] * f->sigma[i]);
    *out = chi2 - degrees;
    return TRUE;
}

/* The scatter at which chi square is what it should be, by halving; 0 when it is less already. */
static gboolean settle(Fit *f)
{
    enum { HALVINGS = 24 };
    double low = 0.0, high = LARGEST_SCATTER_PX, over = 0.0;
    f->scatter_px = 0.0;
    memset(f->c, 0, sizeof f->c);
    if (!excess(f, &over))
        return FALSE;
    for (guint k = 0; over > 0.0 && k < HALVINGS; k++) {
        double left = 0.0;
        f->scatter_px = 0.5 * (low + high);
        if (!excess(f, &left))
            return FALSE;
        if (left > 0.0)
            low = f->scatter_px;
        else
            high = f->scatter_px;
    }
    return TRUE;
}

/* RMS of each point left out in turn, robust against the worst tenth: one bad line must not choose
 * the model. */
static double cross_validated(const Fit *f)
{
    double sum = 0.0;
    for (guint i = 0; i < f->n; i++) {
        const double left_out = f->residual[i] / (1.0 - f->hat[i]);
        sum += left_out * left_out;
    }
    return sqrt(sum / (double)f->n);
}

static gboolean choose(Fit *f)
{
    static const Model models[] = {{7, TRUE}, {7, FALSE}};
    gboolean any = FALSE;
    Fit best = *f;
    double best_nm = INFINITY;
    for (gsize k = 0; k < G_N_ELEMENTS(models); k++) {
        f->model = models[k];
        if (!models[k].held && f->n < WORTH_POINTS)
            continue;
        if (!settle(f))
            continue;
        const double nm = cross_validated(f);
        if (any && nm > WORTH_FREEING * best_nm)
            continue;
        best = *f;
        best_nm = nm;
        any = TRUE;
    }
    *f = best;
    return any;
}

/* ---- outliers ---- */

static guint take_used(const CelAxisPoint *points, guint n, CelAxisPoint *out)
{
    guint kept = 0;
    for (guint i = 0; i < n; i++) {
        if (points[i].used)
            out[kept++] = points[i];
    }
    return kept;
}

/* The typical deviation, so that a few bad lines do not hide behind the scatter they cause. */
static double typical(const Fit *f, guint at)
{
    double absolute[CEL_AXIS_FIT_MAX_POINTS];
    for (guint i = 0; i < f->n; i++)
        absolute[i] =
            fabs(f->residual[i]) / sqrt(1.0 - f->hat[i]) / nm_per_px(f, f->points[i].pixel);
    const double px = 1.4826 * gsl_stats_median(absolute, 1, f->n);
    const CelAxisPoint *p = &f->points[at];
    const double slope = nm_per_px(f, p->pixel);
    return hypot(slope * hypot(p->u_pixel, px), p->u_nm);
}

/* Takes the worst point out. Returns: whether there was one that bad. */
static gboolean drop_worst(const Fit *f, CelAxisPoint *points, guint n)
{
    guint worst = 0, at = 0;
    double most = 0.0;
    for (guint i = 0; i < f->n; i++) {
        const double z = fabs(f->residual[i]) / (typical(f, i) * sqrt(1.0 - f->hat[i]));
        if (z > most) {
            most = z;
            worst = i;
        }
    }
    if (most < OUTLIER_SIGMA)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        if (points[i].used && at++ == worst) {
            points[i].used = FALSE;
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- result ---- */

/* Legendre over t to powers of the pixel: t = pixel / half - 1, P_k by their recurrence. */
static void to_pixels(const Fit *f, double scale, CelAxisFit *out)
{
    const guint n = f->model.n_terms;
    double p[MAX_TERMS][MAX_TERMS] = {{0}}; /* p[k][j]: pixel^j in P_k */
    p[0][0] = 1.0;
    p[1][0] = -1.0;
    p[1][1] = 1.0 / f->half_px;
    for (guint k = 2; k < n; k++) {
        for (guint j = 0; j <= k; j++) {
            const double times_t = (j > 0 ? p[k - 1][j - 1] / f->half_px : 0.0) - p[k - 1][j];
            p[k][j] = ((2.0 * k - 1.0) * times_t - (k - 1.0) * p[k - 2][j]) / k;
        }
    }
    for (guint a = 0; a < n; a++) {
        for (guint k = 0; k < n; k++)
            out->coefficients[a] += f->c[k] * p[k][a];
        for (guint b = 0; b < n; b++) {
            for (guint k = 0; k < n; k++) {
                for (guint l = 0; l < n; l++)
                    out->covariance[a][b] += scale * p[k][a] * p[l][b] * f->inverse[k * n + l];
            }
        }
    }
}

/* Where scatter had to be estimated from the lines, their number says how well; the uncertainties
 * of the fits alone are known. */
static double student_scale(double scatter_px, double degrees)
{
    if (!(scatter_px > 0.0))
        return 1.0;
    const double t = gsl_cdf_tdist_Pinv(0.975, fmax(degrees, 1.0));
    return t * t / (NORMAL_95 * NORMAL_95);
}

static void describe(const Fit *f, double scale, CelAxisPoint *points, guint n)
{
    guint at = 0;
    for (guint i = 0; i < n; i++) {
        CelAxisPoint *p = &points[i];
        const double slope = nm_per_px(f, p->pixel);
        const double line = hypot(slope * hypot(p->u_pixel, f->scatter_px), p->u_nm);
        p->deviation_nm = value(f, p->pixel) - p->nm;
        p->u_deviation_nm = hypot(line, sqrt(scale * variance_at(f, p->pixel)));
        p->leverage = p->used ? f->hat[at++] : 0.0;
        p->others_nm = p->nm + p->deviation_nm / (1.0 - p->leverage);
        p->u_others_nm = line * sqrt(p->leverage / (1.0 - p->leverage));
    }
}

static void summarise(const Fit *f, CelAxisFit *out)
{
    double sum = 0.0;
    for (guint i = 0; i < f->n; i++) {
        sum += f->residual[i] * f->residual[i];
        out->worst_nm = fmax(out->worst_nm, fabs(f->residual[i]));
    }
    out->n_used = f->n;
    out->rms_nm = sqrt(sum / (double)f->n);
    out->cross_validated_nm = cross_validated(f);
    out->degree = f->model.n_terms - 1;
    out->held = f->model.held;
    out->scatter_px = f->scatter_px;
}

gboolean cel_axis_fit(CelAxisPoint *points, guint n, gsize n_pixels, CelAxisFit *out,
                      GError **error)
{
    g_return_val_if_fail(n <= CEL_AXIS_FIT_MAX_POINTS && n_pixels >= 2, FALSE);
    CelAxisPoint used[CEL_AXIS_FIT_MAX_POINTS];
    g_autofree Fit *f = g_new0(Fit, 1);
    *out = (CelAxisFit){0};
    f->points = used;
    f->half_px = 0.5 * (double)(n_pixels - 1);
    for (;;) {
        f->n = take_used(points, n, used);
        if (f->n < CEL_AXIS_FIT_MIN_POINTS || !choose(f)) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                        _("no smooth axis goes through the lines (%u of %u left)"), f->n, n);
            return FALSE;
        }
        if (!drop_worst(f, points, n))
            break;
    }
    const double scale = student_scale(f->scatter_px, judge(f));
    to_pixels(f, scale, out);
    describe(f, scale, points, n);
    summarise(f, out);
    return TRUE;
}
