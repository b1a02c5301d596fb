/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-baseline.h"

#include "base/cel-error.h"
#include "process/cel-lanes.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { FOUR = 4 };

/* Rows of polynomials and what is done with them. Arrays are cel_lanes_pitch(n) apart, 0 beyond the
 * samples. */
typedef struct {
    gsize n, pitch, terms; /* n: padded */
    const double *q;       /* terms rows */
    const double *y, *alive;
    double *c; /* terms numbers */
    const double *from;
    double *out;
} Rows;

typedef struct {
    gsize n;
    const double *y, *p, *alive;
    double mean;
    double *out;
    double sum[CEL_LANES] CEL_LANES_ALIGNED, squares[CEL_LANES] CEL_LANES_ALIGNED;
} Spread;

#define CEL_LANES_BODY "process/baseline-polynomial-body.h"
#include "process/cel-lanes-forms.h"
CEL_LANES_DISPATCH(project, const Rows *)
CEL_LANES_DISPATCH(combine, const Rows *)
CEL_LANES_DISPATCH(spread, Spread *)
CEL_LANES_DISPATCH(clip, Spread *)

/* Polynomials that are orthonormal over the samples that carry weight. */
typedef struct {
    gsize n, padded, pitch, terms;
    double *memory, *q, *c;
    double *weight;   /* 1, or 0 for masked samples and those left out */
    double *unmasked; /* 1, or 0 for masked samples */
    double *original, *y, *p;
    double used;
} Basis;

static void basis_clear(Basis *basis)
{
    cel_lanes_free(basis->memory);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Basis, basis_clear)

static void basis_init(Basis *basis, const CelBaselineData *data, gsize terms)
{
    enum { OTHERS = 6 };
    *basis = (Basis){.n = data->n, .padded = cel_lanes_padded(data->n), .terms = terms};
    basis->pitch = cel_lanes_pitch(MAX(data->n, terms));
    basis->memory = cel_lanes_new((terms + OTHERS) * basis->pitch);
    basis->q = basis->memory;
    double **const others[] = {&basis->c,        &basis->weight, &basis->unmasked,
                               &basis->original, &basis->y,      &basis->p};
    for (gsize k = 0; k < OTHERS; k++)
        *others[k] = basis->memory + (terms + k) * basis->pitch;
    for (gsize i = 0; i < data->n; i++) {
        const gboolean masked = data->mask != NULL && data->mask[i] != 0;
        basis->original[i] = basis->y[i] = data->y[i];
        basis->weight[i] = basis->unmasked[i] = masked ? 0.0 : 1.0;
        basis->used += basis->unmasked[i];
    }
}

/* Subtracts from row @k what it shares with the rows before it, twice: once leaves rounding behind
 * (Giraud, Langou, Rozloznik 2005, Numer. Math. 101, 87), then scales it to length 1. */
static gboolean orthonormalise(Basis *b, gsize k)
{
    double *row = b->q + k * b->pitch, length = 0.0;
    Rows rows = {b->padded, b->pitch, k, b->q, row, b->weight, b->c, row, row};
    for (gsize pass = 0; pass < 2 && k > 0; pass++) {
        project(&rows);
        combine(&rows);
    }
    const Rows itself = {b->padded, b->pitch, 1, row, row, b->weight, &length, NULL, NULL};
    project(&itself);
    if (!(length > 0.0))
        return FALSE;
    for (gsize i = 0; i < b->n; i++)
        row[i] /= sqrt(length);
    return TRUE;
}

/* Each polynomial starts as x times the last one, which keeps it far from the earlier ones. */
static gboolean basis_build(Basis *b, const double *x)
{
    const gsize n = b->n;
    const double middle = 0.5 * (x[0] + x[n - 1]), half = 0.5 * (x[n - 1] - x[0]);
    double weighted = 0.0;
    for (gsize i = 0; i < n; i++)
        weighted += b->weight[i];
    if (weighted < (double)b->terms)
        return FALSE;
    for (gsize k = 0; k < b->terms; k++) {
        double *row = b->q + k * b->pitch;
        const double *last = k > 0 ? row - b->pitch : row;
        for (gsize i = 0; i < n; i++)
            row[i] = k == 0 ? 1.0 : (x[i] - middle) / half * last[i];
        if (!orthonormalise(b, k))
            return FALSE;
    }
    return TRUE;
}

/* p becomes the fit to y. */
static void basis_fit(Basis *b)
{
    const Rows rows = {b->padded, b->pitch, b->terms, b->q, b->y, b->weight, b->c, NULL, b->p};
    project(&rows);
    combine(&rows);
}

/* Standard deviation, divided by n, of y - p over all samples that are not masked. */
static double deviation(const Basis *b)
{
    Spread s = {.n = b->padded, .y = b->y, .p = b->p, .alive = b->unmasked};
    spread(&s);
    s.mean = cel_lanes_sum(s.sum) / b->used;
    spread(&s);
    return sqrt(cel_lanes_sum(s.squares) / b->used);
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

static gboolean leave_peaks_out(Basis *b, const double *x, double d)
{
    for (gsize i = 0; i < b->n; i++)
        b->weight[i] = b->y[i] > b->p[i] + d ? 0.0 : b->weight[i];
    return basis_build(b, x);
}

static void iterate(Basis *b, const CelPolynomialOptions *options, CelBaselineInfo *info)
{
    double d = deviation(b);
    while (info->iterations <= options->max_iter && !info->converged) {
        clip(&(Spread){.n = b->padded,
                       .y = options->use_original ? b->original : b->y,
                       .p = b->p,
                       .mean = d,
                       .out = b->y});
        basis_fit(b);
        info->iterations++;
        const double now = deviation(b);
        /* written so that a deviation of 0, an exact polynomial, ends it */
        info->change = now > 0.0 ? fabs(now - d) / now : 0.0;
        info->converged = info->change < options->tolerance;
        d = now;
    }
}

gboolean cel_baseline_imodpoly(const CelBaselineData *data, const CelPolynomialOptions *options,
                               double *out, CelBaselineInfo *out_info, GError **error)
{
    g_auto(Basis) basis = {0};
    CelBaselineInfo info = {0};
    basis_init(&basis, data, options->order + 1);
    if (data->n < 2 || !basis_build(&basis, data->x))
        return set_too_few(basis.terms, error);
    basis_fit(&basis);
    const double d = deviation(&basis);
    info.converged = is_exact(data, d);
    if (!info.converged && options->mask_initial_peaks && !leave_peaks_out(&basis, data->x, d))
        return set_too_few(basis.terms, error);
    iterate(&basis, options, &info);
    for (gsize i = 0; i < data->n; i++)
        out[i] = basis.p[i];
    if (out_info != NULL)
        *out_info = info;
    return TRUE;
}
