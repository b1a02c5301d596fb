/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops of baseline-polynomial.c; see cel-lanes-forms.h. */

/* Products of y, where alive, with FOUR rows from @first on (the last one again where none is
 * left). */
CEL_LANES_INLINE void FORM(project_four)(const Rows *r, gsize first)
{
    V sum[FOUR][CEL_LANES / W] = {{{0}}};
    const double *q[FOUR];
    for (gsize c = 0; c < FOUR; c++)
        q[c] = r->q + MIN(first + c, r->terms - 1) * r->pitch;
    for (gsize i = 0; i < r->n; i += CEL_LANES) {
#pragma GCC unroll 4
        for (gsize k = 0; k < CEL_LANES / W; k++) {
            const V y = AT(r->y, i + k * W) * AT(r->alive, i + k * W);
#pragma GCC unroll 4
            for (gsize c = 0; c < FOUR; c++)
                sum[c][k] += y * AT(q[c], i + k * W);
        }
    }
    for (gsize c = 0; c < FOUR && first + c < r->terms; c++) {
        double parts[CEL_LANES] CEL_LANES_ALIGNED;
        for (gsize k = 0; k < CEL_LANES / W; k++)
            AT(parts, k * W) = sum[c][k];
        r->c[first + c] = cel_lanes_sum(parts);
    }
}

TARGET void FORM(project)(const Rows *r)
{
    for (gsize first = 0; first < r->terms; first += FOUR)
        FORM(project_four)(r, first);
}

/* out = the sum of the rows times c, or @from less that. */
TARGET void FORM(combine)(const Rows *r)
{
    enum { TOGETHER = CEL_LANES / W };
    const double *c = r->c;
    double *out = r->out;
    for (gsize i = 0; i < r->n; i += CEL_LANES) {
        V sum[TOGETHER] = {{0}};
        for (gsize k = 0; k < r->terms; k++) {
            const double *q = r->q + k * r->pitch + i;
#pragma GCC unroll 4
            for (gsize t = 0; t < TOGETHER; t++)
                sum[t] += c[k] * AT(q, t * W);
        }
#pragma GCC unroll 4
        for (gsize t = 0; t < TOGETHER; t++) {
            if (r->from != NULL)
                sum[t] = AT(r->from, i + t * W) - sum[t];
            AT(out, i + t * W) = sum[t];
        }
    }
}

/* Sums of (y - p - mean) and of its square over what is alive, in parts. */
TARGET void FORM(spread)(Spread *s)
{
    V sum[CEL_LANES / W] = {{0}}, squares[CEL_LANES / W] = {{0}};
    for (gsize i = 0; i < s->n; i += CEL_LANES) {
#pragma GCC unroll 4
        for (gsize k = 0; k < CEL_LANES / W; k++) {
            const gsize at = i + k * W;
            const V off = (AT(s->y, at) - AT(s->p, at) - s->mean) * AT(s->alive, at);
            sum[k] += off;
            squares[k] += off * off;
        }
    }
    for (gsize k = 0; k < CEL_LANES / W; k++) {
        AT(s->sum, k * W) = sum[k];
        AT(s->squares, k * W) = squares[k];
    }
}

/* out = the lower of y and p + mean. */
TARGET void FORM(clip)(Spread *s)
{
    double *out = s->out;
    for (gsize i = 0; i < s->n; i += W)
        AT(out, i) = LESSER(AT(s->y, i), AT(s->p, i) + s->mean);
}
