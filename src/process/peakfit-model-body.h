/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudo-Voigt bands over many samples; see cel-lanes-forms.h and cel-band.h. */
#include "process/cel-exp-body.h"

typedef struct {
    V u, lorentz, gauss;
} FORM(Parts);

/* Two vectors of samples from element @i on. */
CEL_LANES_INLINE void FORM(parts_of)(const Band *b, gsize i, FORM(Parts) * out)
{
    V gauss[2];
#pragma GCC unroll 2
    for (gsize v = 0; v < 2; v++) {
        const V u = (AT(b->model->x, i + v * W) - b->p[1]) * (1.0 / b->p[2]);
        out[v].u = u;
        out[v].lorentz = 1.0 / (1.0 + u * u);
        gauss[v] = -G_LN2 * u * u;
    }
    FORM(exponential_two)(gauss);
    out[0].gauss = gauss[0];
    out[1].gauss = gauss[1];
}

/* Derivatives in their columns, the value added to the last one; all times the weight. */
TARGET void FORM(pseudo_voigt)(Band *b)
{
    const double height = b->p[0], share = b->share, rest = 1.0 - share, per_width = 1.0 / b->p[2];
    for (gsize i = 0; i < b->model->rows; i += 2 * W) {
        FORM(Parts) parts[2];
        FORM(parts_of)(b, i, parts);
#pragma GCC unroll 2
        for (gsize v = 0; v < 2; v++) {
            const V w = AT(b->model->w, i + v * W), u = parts[v].u;
            const V lorentz = parts[v].lorentz, gauss = parts[v].gauss;
            const V shape = (share * lorentz + rest * gauss) * w;
            const V along =
                (2.0 * height) * u * (share * lorentz * lorentz + (rest * G_LN2) * gauss) * w;
            AT(b->columns[0], i + v * W) = shape;
            AT(b->columns[1], i + v * W) = along * per_width;
            AT(b->columns[2], i + v * W) = u * along * per_width;
            if (b->has_share)
                AT(b->columns[3], i + v * W) = height * (lorentz - gauss) * w;
            AT(b->residuals, i + v * W) += height * shape;
        }
    }
}
