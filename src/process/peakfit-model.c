/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/peakfit-model.h"

#include "process/cel-lm.h"

#include <math.h>

/* One band and where its columns are. */
typedef struct {
    const CelPeakfitModel *model;
    const double *p;
    double share;
    gboolean has_share; /* the share is a parameter */
    double *const *columns;
    double *residuals;
} Band;

#define CEL_LANES_BODY "process/peakfit-model-body.h"
#include "process/cel-lanes-forms.h"
CEL_LANES_DISPATCH(pseudo_voigt, Band *)

void cel_peakfit_model_init(CelPeakfitModel *model, const CelPeakfitProblem *problem)
{
    enum { ARRAYS = 3 };
    const gsize n = problem->n, rows = (n + CEL_LM_ROWS - 1) / CEL_LM_ROWS * CEL_LM_ROWS;
    const gsize pitch = cel_lanes_pitch(rows);
    *model = (CelPeakfitModel){.problem = problem, .rows = rows};
    model->memory = cel_lanes_new(ARRAYS * pitch);
    model->x = model->memory;
    model->y = model->x + pitch;
    model->w = model->y + pitch;
    for (gsize i = 0; i < rows; i++) {
        model->x[i] = problem->x[MIN(i, n - 1)];
        model->y[i] = problem->y[MIN(i, n - 1)];
        if (i < n)
            model->w[i] = problem->variance != NULL ? sqrt(1.0 / problem->variance[i]) : 1.0;
    }
}

void cel_peakfit_model_clear(CelPeakfitModel *model)
{
    cel_lanes_free(model->memory);
}

/* The straight line less the data, and the line's two columns. */
static void fill_line(const CelPeakfitModel *m, const double *line, double *const *columns)
{
    const double x0 = m->problem->x0;
    for (gsize i = 0; i < m->rows; i++) {
        const double off = m->x[i] - x0;
        columns[0][i] = m->w[i];
        columns[1][i] = off * m->w[i];
        columns[2][i] = (line[0] + line[1] * off - m->y[i]) * m->w[i];
    }
}

static void fill_voigt(const Band *b)
{
    const CelPeakfitModel *m = b->model;
    for (gsize i = 0; i < m->rows; i++) {
        double gradient[CEL_BAND_MAX_PARAMS] = {0};
        b->residuals[i] += cel_band_value(CEL_BAND_VOIGT, b->p, m->x[i], gradient) * m->w[i];
        for (gsize k = 0; k < CEL_BAND_MAX_PARAMS; k++)
            b->columns[k][i] = gradient[k] * m->w[i];
    }
}

void cel_peakfit_columns(const double *p, double *const *columns, gpointer data)
{
    const CelPeakfitModel *m = data;
    const CelBandShape shape = m->problem->shape;
    const gsize each = cel_band_n_params(shape), line = m->problem->n_bands * each;
    fill_line(m, p + line, columns + line);
    for (gsize k = 0; k < line; k += each) {
        Band band = {.model = m,
                     .p = p + k,
                     .has_share = shape == CEL_BAND_PSEUDO_VOIGT,
                     .columns = columns + k,
                     .residuals = columns[line + 2]};
        band.share = band.has_share ? p[k + 3] : shape == CEL_BAND_LORENTZ ? 1.0 : 0.0;
        if (shape == CEL_BAND_VOIGT)
            fill_voigt(&band);
        else
            pseudo_voigt(&band);
    }
}
