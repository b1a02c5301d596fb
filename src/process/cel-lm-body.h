/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products of columns; see cel-lanes-forms.h. */

/* The sum of a's products with FOUR others, in CEL_LANES parts each. */
CEL_LANES_INLINE void FORM(product_four)(const Products *q, const double *a, const double *const *b,
                                         double *out)
{
    V sum[FOUR][CEL_LANES / W] = {{{0}}};
    for (gsize i = 0; i < q->rows; i += CEL_LANES) {
#pragma GCC unroll 4
        for (gsize k = 0; k < CEL_LANES / W; k++) {
            const V left = AT(a, i + k * W);
#pragma GCC unroll 4
            for (gsize c = 0; c < FOUR; c++)
                sum[c][k] += left * AT(b[c], i + k * W);
        }
    }
    for (gsize c = 0; c < FOUR; c++) {
        double parts[CEL_LANES] CEL_LANES_ALIGNED;
        for (gsize k = 0; k < CEL_LANES / W; k++)
            AT(parts, k * W) = sum[c][k];
        out[c] = cel_lanes_sum(parts);
    }
}

TARGET void FORM(products)(Products *q)
{
    for (gsize a = 0; a < q->n; a++) {
        for (gsize b = 0; b <= a; b += FOUR) {
            const double *others[FOUR];
            double out[FOUR];
            for (gsize c = 0; c < FOUR; c++)
                others[c] = q->columns[MIN(b + c, a)];
            FORM(product_four)(q, q->columns[a], others, out);
            for (gsize c = 0; c < FOUR && b + c <= a; c++)
                q->out[a * q->n + b + c] = out[c];
        }
    }
}
