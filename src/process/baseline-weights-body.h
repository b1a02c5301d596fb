/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops of baseline-weights.c; see cel-lanes-forms.h. */
#include "process/cel-exp-body.h"

/* ---- residuals ---- */

CEL_LANES_INLINE void FORM(residual)(const CelResiduals *res, gsize i, V *r)
{
    *r = AT(res->y, i) - AT(res->z, i);
    if (res->alive != NULL)
        *r *= AT(res->alive, i);
}

/* A vector of residuals into the sums of the negative ones and of their number. */
CEL_LANES_INLINE void FORM(take_residual)(const CelResiduals *res, gsize i, V *sum, V *count)
{
    const V zero = SPLAT(0.0);
    V r;
    FORM(residual)(res, i, &r);
    *sum += CHOOSE(r < zero, r, zero);
    *count += CHOOSE(r < zero, SPLAT(1.0), zero);
}

CEL_LANES_INLINE void FORM(take_square)(const CelResiduals *res, gsize i, const V *mean, V *squares)
{
    const V zero = SPLAT(0.0);
    V r;
    FORM(residual)(res, i, &r);
    const V off = r - *mean;
    *squares += CHOOSE(r < zero, off * off, zero);
}

TARGET void FORM(sum_one)(Moments *m)
{
    V sum[CEL_LANES / W] = {{0}}, count[CEL_LANES / W] = {{0}};
    for (gsize i = 0; i < m->res->n; i += CEL_LANES) {
#pragma GCC unroll 4
        for (gsize k = 0; k < CEL_LANES / W; k++)
            FORM(take_residual)(m->res, i + k * W, &sum[k], &count[k]);
    }
    for (gsize k = 0; k < CEL_LANES / W; k++) {
        AT(m->sum, k * W) = sum[k];
        AT(m->count, k * W) = count[k];
    }
}

TARGET void FORM(square_one)(Moments *m)
{
    V squares[CEL_LANES / W] = {{0}};
    const V mean = SPLAT(m->mean[0]);
    for (gsize i = 0; i < m->res->n; i += CEL_LANES) {
#pragma GCC unroll 4
        for (gsize k = 0; k < CEL_LANES / W; k++)
            FORM(take_square)(m->res, i + k * W, &mean, &squares[k]);
    }
    for (gsize k = 0; k < CEL_LANES / W; k++)
        AT(m->squares, k * W) = squares[k];
}

/* Eight parts of W sums, added up as cel_lanes_sum() does. */
CEL_LANES_INLINE void FORM(add_up)(const V *s, V *out)
{
    *out = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

TARGET void FORM(sum_many)(Moments *m)
{
    V sum[CEL_LANES] = {{0}}, count[CEL_LANES] = {{0}};
    for (gsize i = 0; i < m->res->n; i += CEL_LANES) {
#pragma GCC unroll 8
        for (gsize k = 0; k < CEL_LANES; k++)
            FORM(take_residual)(m->res, (i + k) * W, &sum[k], &count[k]);
    }
    FORM(add_up)(sum, &AT(m->sum, 0));
    FORM(add_up)(count, &AT(m->count, 0));
}

TARGET void FORM(square_many)(Moments *m)
{
    V squares[CEL_LANES] = {{0}};
    const V mean = AT(m->mean, 0);
    for (gsize i = 0; i < m->res->n; i += CEL_LANES) {
#pragma GCC unroll 8
        for (gsize k = 0; k < CEL_LANES; k++)
            FORM(take_square)(m->res, (i + k) * W, &mean, &squares[k]);
    }
    FORM(add_up)(squares, &AT(m->squares, 0));
}

/* ---- weights ---- */

/* Weights are made for a strip of CEL_LANES vectors at a time, one operation after the other over
 * the whole strip: so many that wait for nothing keep the processor busy. */
#define STRIP for (gsize k = 0; k < CEL_LANES; k++)

CEL_LANES_INLINE void FORM(root_of)(V *v)
{
    for (gsize k = 0; k < W; k++)
        (*v)[k] = sqrt((*v)[k]);
}

/* t becomes 1 / (1 + exp(t)). */
CEL_LANES_INLINE void FORM(fall)(V *t)
{
    STRIP t[k] = LESSER(t[k], SPLAT(ARPLS_MAX_ARGUMENT));
    FORM(exponential)(t);
    STRIP t[k] = 1.0 / (1.0 + t[k]);
}

/* t becomes (1 - t / sqrt(1 + t^2)) / 2. */
CEL_LANES_INLINE void FORM(fall_by_root)(V *t)
{
    V size[CEL_LANES];
    STRIP size[k] = 1.0 + t[k] * t[k];
    STRIP FORM(root_of)(&size[k]);
    STRIP t[k] = 0.5 * (1.0 - t[k] / size[k]);
}

CEL_LANES_INLINE void FORM(bound)(V *t)
{
    STRIP t[k] = GREATER(LESSER(t[k], SPLAT(MAX_ARGUMENT)), SPLAT(-MAX_ARGUMENT));
}

typedef struct {
    V scale, centre;
} FORM(Coefficients);

/* Residuals become weights. */
CEL_LANES_INLINE void FORM(weigh)(CelBaselineMethod method, const FORM(Coefficients) * c, V *r)
{
    const V zero = SPLAT(0.0);
    V t[CEL_LANES];
    STRIP t[k] = (r[k] - c->centre) * c->scale;
    switch (method) {
    case CEL_BASELINE_ASLS: /* these are the weights above and below */
        STRIP t[k] = CHOOSE(r[k] > zero, c->scale, c->centre);
        break;
    case CEL_BASELINE_ARPLS:
        FORM(fall)(t);
        break;
    case CEL_BASELINE_AIRPLS:
        FORM(exponential)(t);
        STRIP t[k] = CHOOSE(r[k] < zero, t[k], zero);
        break;
    case CEL_BASELINE_IARPLS:
        FORM(bound)(t);
        FORM(fall_by_root)(t);
        break;
    case CEL_BASELINE_DRPLS:
        FORM(bound)(t);
        STRIP t[k] = 0.5 * (1.0 - t[k] / (1.0 + GREATER(t[k], -t[k])));
        break;
    }
    STRIP r[k] = t[k];
}

typedef struct {
    V change[CEL_LANES], length[CEL_LANES];
} FORM(Sums);

/* @n_vectors from element @i on get their weights; vector k counts into sum k mod @n_sums. */
CEL_LANES_INLINE void FORM(weigh_strip)(const CelWeigh *w, gsize i, gsize n_vectors, gsize n_sums,
                                        FORM(Sums) * sums)
{
    const FORM(Coefficients) c = {AT(w->scale, 0), AT(w->centre, 0)};
    const CelResiduals *res = w->res;
    double *weights = w->w;
    V now[CEL_LANES] = {{0}};
    for (gsize k = 0; k < n_vectors; k++)
        FORM(residual)(res, i + k * W, &now[k]);
    FORM(weigh)(w->method, &c, now);
    for (gsize k = 0; k < n_vectors; k++) {
        if (res->alive != NULL)
            now[k] *= AT(res->alive, i + k * W);
        const V old = AT(weights, i + k * W), off = now[k] - old;
        AT(weights, i + k * W) = now[k];
        sums->change[k % n_sums] += off * off;
        sums->length[k % n_sums] += old * old;
    }
}

TARGET void FORM(weigh_one)(CelWeigh *w)
{
    FORM(Sums) sums = {0};
    const gsize n_vectors = w->res->n / W;
    gsize v = 0;
    for (; v + CEL_LANES <= n_vectors; v += CEL_LANES)
        FORM(weigh_strip)(w, v * W, CEL_LANES, CEL_LANES / W, &sums);
    if (v < n_vectors)
        FORM(weigh_strip)(w, v * W, n_vectors - v, CEL_LANES / W, &sums);
    for (gsize k = 0; k < CEL_LANES / W; k++) {
        AT(w->change, k * W) = sums.change[k];
        AT(w->length, k * W) = sums.length[k];
    }
}

TARGET void FORM(weigh_beside)(CelWeigh *w)
{
    FORM(Sums) sums = {0};
    for (gsize i = 0; i < w->res->n; i += CEL_LANES)
        FORM(weigh_strip)(w, i * W, CEL_LANES, CEL_LANES, &sums);
    FORM(add_up)(sums.change, &AT(w->change, 0));
    FORM(add_up)(sums.length, &AT(w->length, 0));
}
#undef STRIP
