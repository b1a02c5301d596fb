/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-peakfit.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <string.h>

enum { DEFAULT_MAX_ITER = 200 };
static const double STEP_TOLERANCE = 1e-10, GRADIENT_TOLERANCE = 1e-14;
/* Largest cosine between the residuals and a column of the Jacobian that counts as an optimum
 * (More 1978): at the noise's size of residuals it moves a parameter by 1e-6 of its uncertainty. */
static const double MAX_COSINE = 1e-6;
/* Reciprocal condition of the matrix of correlations below which parameters are not told apart. */
static const double MIN_CONDITION = 1e-13;

typedef struct {
    const CelPeakfitProblem *problem;
    gsize n_params, n_free;
    gsize *free; /* index of each free parameter */
    double *p;   /* all parameters; the free ones are overwritten by each evaluation */
    double *gradient;
} Fit;

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

static double evaluate(const CelPeakfitProblem *problem, const double *p, double x,
                       double *out_gradient)
{
    const gsize each = cel_band_n_params(problem->shape), line = problem->n_bands * each;
    double value = p[line] + p[line + 1] * (x - problem->x0);
    for (gsize b = 0; b < problem->n_bands; b++)
        value += cel_band_value(problem->shape, p + b * each, x,
                                out_gradient != NULL ? out_gradient + b * each : NULL);
    if (out_gradient != NULL) {
        out_gradient[line] = 1.0;
        out_gradient[line + 1] = x - problem->x0;
    }
    return value;
}

double cel_peakfit_value(const CelPeakfitProblem *problem, const double *p, double x)
{
    return evaluate(problem, p, x, NULL);
}

static void fit_load(Fit *fit, const gsl_vector *free)
{
    for (gsize k = 0; k < fit->n_free; k++)
        fit->p[fit->free[k]] = gsl_vector_get(free, k);
}

static int residuals(const gsl_vector *free, void *data, gsl_vector *out)
{
    Fit *fit = data;
    fit_load(fit, free);
    for (gsize i = 0; i < fit->problem->n; i++) {
        const double r = evaluate(fit->problem, fit->p, fit->problem->x[i], NULL);
        gsl_vector_set(out, i, r - fit->problem->y[i]);
    }
    return GSL_SUCCESS;
}

static int jacobian(const gsl_vector *free, void *data, gsl_matrix *out)
{
    Fit *fit = data;
    fit_load(fit, free);
    for (gsize i = 0; i < fit->problem->n; i++) {
        double *row = gsl_matrix_ptr(out, i, 0);
        evaluate(fit->problem, fit->p, fit->problem->x[i], fit->gradient);
        for (gsize k = 0; k < fit->n_free; k++)
            row[k] = fit->gradient[fit->free[k]];
    }
    return GSL_SUCCESS;
}

/* The solver stops at small steps; that it stands at an optimum is checked on its own. */
static gboolean is_optimum(gsl_multifit_nlinear_workspace *w, const CelPeakfitProblem *problem)
{
    const gsl_vector *f = gsl_multifit_nlinear_residual(w);
    const gsl_matrix *j = gsl_multifit_nlinear_jac(w);
    const double length = gsl_blas_dnrm2(f);
    double scale = 0.0;
    for (gsize i = 0; i < problem->n; i++)
        scale = fmax(scale, fabs(problem->y[i]));
    if (!isfinite(length))
        return FALSE;
    if (problem->variance == NULL && length <= 1e-12 * scale)
        return TRUE; /* exact data: the residuals are rounding */
    for (gsize k = 0; k < j->size2; k++) {
        const gsl_vector_const_view column = gsl_matrix_const_column(j, k);
        double product = 0.0;
        gsl_blas_ddot(&column.vector, f, &product);
        if (!(fabs(product) <= MAX_COSINE * length * gsl_blas_dnrm2(&column.vector)))
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

static gboolean iterate(gsl_multifit_nlinear_workspace *w, const CelPeakfitProblem *problem,
                        gsize *out_iterations, CelJob *job, GError **error)
{
    const gsize limit = problem->max_iter > 0 ? problem->max_iter : DEFAULT_MAX_ITER;
    int info = 0;
    for (gsize i = 1; i <= limit; i++) {
        if (!cel_job_step(job, N_("Fitting bands"), i - 1, limit, error))
            return FALSE;
        *out_iterations = i;
        /* no progress is what a start at the optimum gives, too */
        if (gsl_multifit_nlinear_iterate(w) != GSL_SUCCESS)
            return is_optimum(w, problem) || set_no_convergence(i, error);
        if (gsl_multifit_nlinear_test(STEP_TOLERANCE, GRADIENT_TOLERANCE, 0.0, &info, w) ==
            GSL_SUCCESS)
            return is_optimum(w, problem) || set_no_convergence(i, error);
    }
    return set_no_convergence(limit, error);
}

/* Inverts J'J with its columns scaled to length 1: the inverse correlations of the parameters. */
static gboolean invert_normal(const gsl_matrix *j, gsl_matrix *out, double *lengths)
{
    const gsize p = j->size2;
    gsl_blas_dsyrk(CblasLower, CblasTrans, 1.0, j, 0.0, out);
    for (gsize k = 0; k < p; k++) {
        lengths[k] = sqrt(gsl_matrix_get(out, k, k));
        if (!(lengths[k] > 0.0) || !isfinite(lengths[k]))
            return FALSE;
    }
    for (gsize a = 0; a < p; a++) {
        for (gsize b = 0; b <= a; b++)
            *gsl_matrix_ptr(out, a, b) /= lengths[a] * lengths[b];
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

static gboolean fill_covariance(const Fit *fit, const gsl_matrix *j, CelPeakfit *result,
                                GError **error)
{
    gsl_matrix *inverse = gsl_matrix_alloc(fit->n_free, fit->n_free);
    g_autofree double *lengths = g_new(double, fit->n_free);
    const gboolean good = invert_normal(j, inverse, lengths);
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

static CelPeakfit *make_result(Fit *fit, gsl_multifit_nlinear_workspace *w, gsize iterations,
                               GError **error)
{
    const gsize n = fit->n_params, each = cel_band_n_params(fit->problem->shape);
    const gsl_vector *f = gsl_multifit_nlinear_residual(w);
    g_autoptr(CelPeakfit) result = g_new0(CelPeakfit, 1);
    fit_load(fit, gsl_multifit_nlinear_position(w));
    result->n_params = n;
    result->p = g_memdup2(fit->p, n * sizeof(double));
    result->u = g_new0(double, n);
    result->covariance = g_new0(double, n *n);
    result->iterations = iterations;
    gsl_blas_ddot(f, f, &result->chi2);
    result->reduced_chi2 = result->chi2 / (double)(fit->problem->n - fit->n_free);
    if (!fill_covariance(fit, gsl_multifit_nlinear_jac(w), result, error))
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
    fit->p = g_memdup2(start, fit->n_params * sizeof(double));
    fit->gradient = g_new(double, fit->n_params);
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

static int set_up(gsl_multifit_nlinear_workspace *w, Fit *fit, gsl_multifit_nlinear_fdf *functions)
{
    gsl_vector *start = gsl_vector_alloc(fit->n_free);
    for (gsize k = 0; k < fit->n_free; k++)
        gsl_vector_set(start, k, fit->p[fit->free[k]]);
    int status = GSL_SUCCESS;
    if (fit->problem->variance == NULL) {
        status = gsl_multifit_nlinear_init(start, functions, w);
    } else {
        gsl_vector *weights = gsl_vector_alloc(fit->problem->n);
        for (gsize i = 0; i < fit->problem->n; i++)
            gsl_vector_set(weights, i, 1.0 / fit->problem->variance[i]);
        status = gsl_multifit_nlinear_winit(start, weights, functions, w);
        gsl_vector_free(weights);
    }
    gsl_vector_free(start);
    return status;
}

static CelPeakfit *solve(Fit *fit, CelJob *job, GError **error)
{
    gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters();
    /* twice as fast as QR; that it ends at the optimum is checked by is_optimum() */
    parameters.solver = gsl_multifit_nlinear_solver_cholesky;
    gsl_multifit_nlinear_fdf functions = {
        .f = residuals, .df = jacobian, .n = fit->problem->n, .p = fit->n_free, .params = fit};
    gsl_multifit_nlinear_workspace *w = gsl_multifit_nlinear_alloc(
        gsl_multifit_nlinear_trust, &parameters, fit->problem->n, fit->n_free);
    CelPeakfit *result = NULL;
    gsize iterations = 0;
    if (set_up(w, fit, &functions) != GSL_SUCCESS)
        set_no_convergence(0, error);
    else if (iterate(w, fit->problem, &iterations, job, error))
        result = make_result(fit, w, iterations, error);
    gsl_multifit_nlinear_free(w);
    return result;
}

CelPeakfit *cel_peakfit(const CelPeakfitProblem *problem, const double *start, CelJob *job,
                        GError **error)
{
    Fit fit = {0};
    CelPeakfit *result = NULL;
    if (fit_init(&fit, problem, start, error))
        result = solve(&fit, job, error);
    g_free(fit.free);
    g_free(fit.p);
    g_free(fit.gradient);
    return result;
}
