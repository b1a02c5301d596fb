/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-peakfit.h"

#include "base/cel-error.h"
#include "process/cel-lm.h"
#include "process/peakfit-model.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_linalg.h>
#include <math.h>

enum { DEFAULT_MAX_ITER = 200 };
static const double STEP_TOLERANCE = 1e-10, GRADIENT_TOLERANCE = 1e-14;
/* Largest cosine between the residuals and a column of the Jacobian that counts as an optimum
 * (More 1978): at the noise's size of residuals it moves a parameter by 1e-6 of its uncertainty. */
static const double MAX_COSINE = 1e-6;
/* Reciprocal condition of the matrix of correlations below which parameters are not told apart. */
static const double MIN_CONDITION = 1e-13;

typedef struct {
    const CelPeakfitProblem *problem;
    CelPeakfitModel model;
    gsize n_params, n_free;
    gsize *free; /* index of each free parameter */
} Fit;

static void fit_clear(Fit *fit)
{
    cel_peakfit_model_clear(&fit->model);
    g_free(fit->free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fit, fit_clear)

void cel_peakfit_free(CelPeakfit *fit)
{
    if (fit == NULL)
        return;
    g_free(fit->p);
    g_free(fit->u);
    g_free(fit->covariance);
    g_free(fit);
}

gsize cel_peakfit_n_params(const CelPeakfitProblem *problem)
{
    return problem->n_bands * cel_band_n_params(problem->shape) + 2;
}

double cel_peakfit_value(const CelPeakfitProblem *problem, const double *p, double x)
{
    const gsize each = cel_band_n_params(problem->shape), line = problem->n_bands * each;
    double value = p[line] + p[line + 1] * (x - problem->x0);
    for (gsize b = 0; b < problem->n_bands; b++)
        value += cel_band_value(problem->shape, p + b * each, x, NULL);
    return value;
}

/* The solver stops at small steps; that it stands at an optimum is checked on its own. */
static gboolean is_optimum(const CelLm *lm, const Fit *fit)
{
    const CelPeakfitProblem *problem = fit->problem;
    const double length = sqrt(cel_lm_chi2(lm));
    double scale = 0.0;
    for (gsize i = 0; i < problem->n; i++)
        scale = fmax(scale, fabs(problem->y[i]));
    if (!isfinite(length))
        return FALSE;
    if (problem->variance == NULL && length <= 1e-12 * scale)
        return TRUE; /* exact data: the residuals are rounding */
    for (gsize k = 0; k < fit->n_free; k++) {
        const double product = cel_lm_normal(lm, k, fit->n_free);
        if (!(fabs(product) <= MAX_COSINE * length * sqrt(cel_lm_normal(lm, k, k))))
            return FALSE;
    }
    return TRUE;
}

static gboolean set_no_convergence(gsize iterations, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("The fit of the bands did not settle in %" G_GSIZE_FORMAT
                  " iterations, so it says "
                  "nothing about them. Fit fewer bands, a wider range or better starting values."),
                iterations);
    return FALSE;
}

static gboolean iterate(CelLm *lm, const Fit *fit, gsize *out_iterations, CelJob *job,
                        GError **error)
{
    const gsize limit = fit->problem->max_iter > 0 ? fit->problem->max_iter : DEFAULT_MAX_ITER;
    for (gsize i = 1; i <= limit; i++) {
        if (!cel_job_step(job, N_("Fitting bands"), i - 1, limit, error))
            return FALSE;
        *out_iterations = i;
        /* no progress is what a start at the optimum gives, too */
        if (cel_lm_iterate(lm) != CEL_LM_GOES_ON)
            return is_optimum(lm, fit) || set_no_convergence(i, error);
    }
    return set_no_convergence(limit, error);
}

/* Inverts J'J with its columns scaled to length 1: the inverse correlations of the parameters. */
static gboolean invert_normal(const CelLm *lm, gsl_matrix *out, double *lengths)
{
    const gsize p = out->size1;
    for (gsize k = 0; k < p; k++) {
        lengths[k] = sqrt(cel_lm_normal(lm, k, k));
        if (!(lengths[k] > 0.0) || !isfinite(lengths[k]))
            return FALSE;
    }
    for (gsize a = 0; a < p; a++) {
        for (gsize b = 0; b <= a; b++)
            gsl_matrix_set(out, a, b, cel_lm_normal(lm, a, b) / (lengths[a] * lengths[b]));
    }
    gsl_vector *work = gsl_vector_alloc(3 * p);
    double condition = 0.0;
    const gboolean good = gsl_linalg_cholesky_decomp1(out) == GSL_SUCCESS &&
                          gsl_linalg_cholesky_rcond(out, &condition, work) == GSL_SUCCESS &&
                          condition > MIN_CONDITION &&
                          gsl_linalg_cholesky_invert(out) == GSL_SUCCESS;
    gsl_vector_free(work);
    return good;
}

static gboolean fill_covariance(const Fit *fit, const CelLm *lm, CelPeakfit *result, GError **error)
{
    gsl_matrix *inverse = gsl_matrix_calloc(fit->n_free, fit->n_free);
    g_autofree double *lengths = g_new(double, fit->n_free);
    const gboolean good = invert_normal(lm, inverse, lengths);
    for (gsize a = 0; a < fit->n_free && good; a++) {
        for (gsize b = 0; b < fit->n_free; b++) {
            const double c = gsl_matrix_get(inverse, a, b) / (lengths[a] * lengths[b]);
            result->covariance[fit->free[a] * fit->n_params + fit->free[b]] =
                c * result->reduced_chi2;
        }
    }
    gsl_matrix_free(inverse);
    for (gsize k = 0; k < fit->n_params; k++)
        result->u[k] = sqrt(result->covariance[k * fit->n_params + k]);
    if (!good)
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("The data do not tell the fitted parameters apart (the matrix of their "
                      "uncertainties is singular). Fit fewer bands or a wider range."));
    return good;
}

/* A width has no sign; flipping it flips its covariances with it. */
static void make_positive(CelPeakfit *result, gsize k)
{
    if (!(result->p[k] < 0.0))
        return;
    result->p[k] = -result->p[k];
    for (gsize i = 0; i < result->n_params; i++) {
        result->covariance[k * result->n_params + i] *= -1.0;
        result->covariance[i * result->n_params + k] *= -1.0;
    }
}

static CelPeakfit *make_result(const Fit *fit, const CelLm *lm, gsize iterations, GError **error)
{
    const gsize n = fit->n_params, each = cel_band_n_params(fit->problem->shape);
    g_autoptr(CelPeakfit) result = g_new0(CelPeakfit, 1);
    result->n_params = n;
    result->p = g_memdup2(cel_lm_p(lm), n * sizeof(double));
    result->u = g_new0(double, n);
    result->covariance = g_new0(double, n *n);
    result->iterations = iterations;
    result->chi2 = cel_lm_chi2(lm);
    result->reduced_chi2 = result->chi2 / (double)(fit->problem->n - fit->n_free);
    if (!fill_covariance(fit, lm, result, error))
        return NULL;
    for (gsize b = 0; b < fit->problem->n_bands; b++) {
        make_positive(result, b * each + 2);
        if (fit->problem->shape == CEL_BAND_VOIGT)
            make_positive(result, b * each + 3);
    }
    return g_steal_pointer(&result);
}

static gboolean fit_init(Fit *fit, const CelPeakfitProblem *problem, const double *start,
                         GError **error)
{
    fit->problem = problem;
    fit->n_params = cel_peakfit_n_params(problem);
    fit->free = g_new(gsize, fit->n_params);
    gboolean finite = TRUE;
    for (gsize k = 0; k < fit->n_params; k++) {
        finite = finite && isfinite(start[k]);
        if (problem->fixed == NULL || problem->fixed[k] == 0)
            fit->free[fit->n_free++] = k;
    }
    for (gsize i = 0; i < problem->n && problem->variance != NULL; i++)
        finite = finite && problem->variance[i] > 0.0 && isfinite(problem->variance[i]);
    if (!finite) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("A starting value of the fit is not a number or a variance is not above 0."));
        return FALSE;
    }
    if (fit->n_free >= 1 && problem->n > fit->n_free)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("%" G_GSIZE_FORMAT " samples do not determine %" G_GSIZE_FORMAT
                  " parameters. Fit "
                  "a wider range or fewer bands."),
                problem->n, fit->n_free);
    return FALSE;
}

CelPeakfit *cel_peakfit(const CelPeakfitProblem *problem, const double *start, CelJob *job,
                        GError **error)
{
    g_auto(Fit) fit = {0};
    gsize iterations = 0;
    if (!fit_init(&fit, problem, start, error))
        return NULL;
    cel_peakfit_model_init(&fit.model, problem);
    const CelLmProblem squares = {.n_rows = problem->n,
                                  .n_params = fit.n_params,
                                  .free = fit.free,
                                  .n_free = fit.n_free,
                                  .model = cel_peakfit_columns,
                                  .data = &fit.model,
                                  .xtol = STEP_TOLERANCE,
                                  .gtol = GRADIENT_TOLERANCE};
    g_autoptr(CelLm) lm = cel_lm_new(&squares, start);
    return iterate(lm, &fit, &iterations, job, error) ? make_result(&fit, lm, iterations, error)
                                                      : NULL;
}
