/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-lm.h"

#include <math.h>
#include <string.h>

enum { FOUR = 4, MAX_BAD_STEPS = 15 };
/* First damping, of the largest squared column in units of the scale, which is 1. */
static const double FIRST_DAMPING = 1e-3;

/* Columns, and their products: lower triangle of n rows of n. */
typedef struct {
    const double *const *columns;
    gsize n, rows;
    double *out;
} Products;

#define CEL_LANES_BODY "process/cel-lm-body.h"
#include "process/cel-lanes-forms.h"
CEL_LANES_DISPATCH(products, Products *)

/* Parameters with the residuals and derivatives there. */
typedef struct {
    double *p;
    double **columns;    /* n_params + 1, into the block */
    const double **used; /* those of the free parameters, then the residuals */
    double chi2;
} Place;

struct CelLm {
    CelLmProblem problem;
    gsize n, rows; /* free columns and residuals; padded length of each */
    double *block; /* columns of both places */
    Place here, there;
    double *normal;                /* n rows of n, lower triangle */
    double *scale, *step, *factor; /* factor: n_free rows of n_free */
    double damping, growth;
};

static void place_init(CelLm *lm, Place *place, double *block, const double *p)
{
    const CelLmProblem *q = &lm->problem;
    const gsize pitch = cel_lanes_pitch(lm->rows);
    place->p = g_memdup2(p, q->n_params * sizeof(double));
    place->columns = g_new(double *, q->n_params + 1);
    place->used = g_new(const double *, lm->n);
    for (gsize k = 0; k <= q->n_params; k++)
        place->columns[k] = block + k * pitch;
    for (gsize k = 0; k < q->n_free; k++)
        place->used[k] = place->columns[q->free[k]];
    place->used[q->n_free] = place->columns[q->n_params];
}

static void place_clear(Place *place)
{
    g_free(place->p);
    g_free(place->columns);
    g_free(place->used);
}

static double squares(const double *f, gsize n)
{
    double parts[CEL_LANES] = {0};
    for (gsize i = 0; i < n; i += CEL_LANES)
        for (gsize k = 0; k < CEL_LANES; k++)
            parts[k] += f[i + k] * f[i + k];
    return cel_lanes_sum(parts);
}

static void look(CelLm *lm, Place *place)
{
    const CelLmProblem *q = &lm->problem;
    q->model(place->p, place->columns, q->data);
    place->chi2 = squares(place->columns[q->n_params], lm->rows);
}

/* Products of the columns here, and Moré's scale: the longest that each column has been. */
static void survey(CelLm *lm)
{
    Products q = {lm->here.used, lm->n, lm->rows, lm->normal};
    products(&q);
    for (gsize k = 0; k < lm->problem.n_free; k++) {
        const double length = sqrt(lm->normal[k * lm->n + k]);
        /* a column of 0 moves nothing: any scale does */
        lm->scale[k] = fmax(lm->scale[k], length > 0.0 ? length : 1e-300);
    }
}

CelLm *cel_lm_new(const CelLmProblem *problem, const double *p)
{
    CelLm *lm = g_new0(CelLm, 1);
    const gsize padded = (problem->n_rows + CEL_LM_ROWS - 1) / CEL_LM_ROWS * CEL_LM_ROWS;
    const gsize length = cel_lanes_pitch(padded) * (problem->n_params + 1);
    lm->problem = *problem;
    lm->n = problem->n_free + 1;
    lm->rows = padded;
    lm->block = cel_lanes_new(2 * length);
    place_init(lm, &lm->here, lm->block, p);
    place_init(lm, &lm->there, lm->block + length, p);
    lm->normal = g_new0(double, lm->n * lm->n);
    lm->factor = g_new0(double, lm->n * lm->n);
    lm->scale = g_new0(double, lm->n);
    lm->step = g_new0(double, lm->n);
    lm->damping = FIRST_DAMPING;
    lm->growth = 2.0;
    look(lm, &lm->here);
    survey(lm);
    return lm;
}

void cel_lm_free(CelLm *lm)
{
    if (lm == NULL)
        return;
    place_clear(&lm->here);
    place_clear(&lm->there);
    cel_lanes_free(lm->block);
    g_free(lm->normal);
    g_free(lm->factor);
    g_free(lm->scale);
    g_free(lm->step);
    g_free(lm);
}

/* In place, the lower triangle of @n rows of @n. Returns: FALSE when it is not positive. */
static gboolean cholesky(double *a, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        for (gsize k = 0; k <= i; k++) {
            double sum = a[i * n + k];
            for (gsize m = 0; m < k; m++)
                sum -= a[i * n + m] * a[k * n + m];
            if (i == k && !(sum > 0.0))
                return FALSE;
            a[i * n + k] = i == k ? sqrt(sum) : sum / a[k * n + k];
        }
    }
    return TRUE;
}

static void substitute(const double *l, gsize n, double *b)
{
    for (gsize i = 0; i < n; i++) {
        for (gsize k = 0; k < i; k++)
            b[i] -= l[i * n + k] * b[k];
        b[i] /= l[i * n + i];
    }
    for (gsize i = n; i-- > 0;) {
        b[i] /= l[i * n + i];
        for (gsize k = 0; k < i; k++)
            b[k] -= l[i * n + k] * b[i];
    }
}

/* (J'J + damping scale^2) step = -J'f, in units of the scale. */
static gboolean find_step(CelLm *lm)
{
    const gsize m = lm->problem.n_free;
    const double *scale = lm->scale, *gradient = lm->normal + m * lm->n;
    for (gsize a = 0; a < m; a++) {
        for (gsize b = 0; b <= a; b++)
            lm->factor[a * m + b] = lm->normal[a * lm->n + b] / (scale[a] * scale[b]);
        lm->factor[a * m + a] += lm->damping;
        lm->step[a] = -gradient[a] / scale[a];
    }
    if (!cholesky(lm->factor, m))
        return FALSE;
    substitute(lm->factor, m, lm->step);
    for (gsize a = 0; a < m; a++)
        lm->step[a] /= scale[a];
    return TRUE;
}

/* How much smaller the sum of squares becomes if the residuals are straight:
 * -2 step'J'f - step'J'J step = step' (J'J + 2 damping scale^2) step. */
static double promised(const CelLm *lm)
{
    const gsize m = lm->problem.n_free;
    double sum = 0.0;
    for (gsize a = 0; a < m; a++) {
        const double scaled = lm->scale[a] * lm->step[a];
        sum += (lm->normal[a * lm->n + a] * lm->step[a]) * lm->step[a] +
               2.0 * lm->damping * scaled * scaled;
        for (gsize b = 0; b < a; b++)
            sum += 2.0 * (lm->normal[a * lm->n + b] * lm->step[a]) * lm->step[b];
    }
    return sum;
}

static gboolean try_step(CelLm *lm)
{
    const CelLmProblem *q = &lm->problem;
    if (!find_step(lm))
        return FALSE;
    for (gsize k = 0; k < q->n_free; k++)
        lm->there.p[q->free[k]] = lm->here.p[q->free[k]] + lm->step[k];
    look(lm, &lm->there);
    const double gain = (lm->here.chi2 - lm->there.chi2) / promised(lm);
    if (!(gain > 0.0))
        return FALSE;
    const double b = 2.0 * gain - 1.0;
    lm->damping *= fmax(1.0 / 3.0, 1.0 - b * b * b);
    lm->growth = 2.0;
    return TRUE;
}

static gboolean is_settled(const CelLm *lm)
{
    const CelLmProblem *q = &lm->problem;
    gboolean small = TRUE;
    double steepest = 0.0;
    for (gsize k = 0; k < q->n_free; k++) {
        const double at = fabs(lm->here.p[q->free[k]]);
        small = small && fabs(lm->step[k]) < q->xtol * (at + q->xtol);
        steepest = fmax(steepest, fabs(lm->normal[q->n_free * lm->n + k]) * fmax(at, 1.0));
    }
    return small || steepest <= q->gtol * fmax(0.5 * lm->here.chi2, 1.0);
}

CelLmState cel_lm_iterate(CelLm *lm)
{
    for (guint bad = 0; !try_step(lm); bad++) {
        lm->damping *= lm->growth;
        lm->growth *= 2.0;
        if (bad == MAX_BAD_STEPS)
            return CEL_LM_NO_STEP;
    }
    const Place left = lm->here;
    lm->here = lm->there;
    lm->there = left;
    survey(lm);
    return is_settled(lm) ? CEL_LM_SETTLED : CEL_LM_GOES_ON;
}

const double *cel_lm_p(const CelLm *lm)
{
    return lm->here.p;
}

double cel_lm_chi2(const CelLm *lm)
{
    return lm->here.chi2;
}

double cel_lm_normal(const CelLm *lm, gsize a, gsize b)
{
    return lm->normal[MAX(a, b) * lm->n + MIN(a, b)];
}
