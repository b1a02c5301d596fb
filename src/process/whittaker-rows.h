/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elimination of cel_whittaker_solve(), written once for one spectrum and for several side by
 * side: so a spectrum gives the same bits alone and among others. Whoever includes it defines REAL
 * (double or a vector), ROW(array, i) (sample i), PICK(condition, yes, no) and WS(name), which
 * makes names unique; no #pragma once for that reason. */

/* One direction of elimination: what the last two rows pass on to the next ones. */
typedef struct {
    REAL take;     /* from the next pivot: (entry between the last row and the next)^2 / pivot */
    REAL l1;       /* that entry over the last pivot */
    REAL l2, l2b;  /* second entry over the pivot: of the last row, of the one before */
    REAL b1, b2;   /* right side: of the last row, of the one before */
    REAL smallest; /* pivot so far */
} WS(Side);

typedef struct {
    const double *diagonal, *off; /* D'D */
    gsize n;
    double far, lambda;
    const double *y, *w;
    double *l1, *l2; /* the eliminated rows: z_i = out_i - l1_i z' - l2_i z'' */
    double *out;     /* their right sides, then z; may be y, which is read before it is written */
    double *determined; /* > 0 where the weights determine the curve */
} WS(Problem);

/* The row after @s: its pivot, entry to the next row and right side are what the twisted
 * factorisation LDL' of a band of two needs (Golub & Van Loan, section 4.3). Each row waits for the
 * division of the last one and for as little besides it as there can be: a product and a sum. */
CEL_LANES_INLINE void WS(eliminate)(WS(Problem) * q, WS(Side) * s, gsize i, double off)
{
    const double far = q->lambda * q->far;
    const REAL pivot = ((ROW(q->w, i) + q->lambda * q->diagonal[i]) - s->l2b * far) - s->take;
    const REAL inverse = 1.0 / pivot;
    const REAL u1 = q->lambda * off - s->l1 * far;
    const REAL b = (ROW(q->w, i) * ROW(q->y, i) - s->l2b * s->b2) - s->l1 * s->b1;
    s->smallest = PICK(pivot < s->smallest, pivot, s->smallest);
    s->take = (u1 * u1) * inverse;
    s->l1 = u1 * inverse;
    s->l2b = s->l2;
    s->l2 = far * inverse;
    s->b2 = s->b1;
    s->b1 = b;
    ROW(q->l1, i) = s->l1;
    ROW(q->l2, i) = s->l2;
    ROW(q->out, i) = b * inverse;
}

/* The two rows that neither side has eliminated. */
CEL_LANES_INLINE void WS(middle)(WS(Problem) * q, gsize p, const WS(Side) * top,
                                 const WS(Side) * bottom)
{
    const double far = q->lambda * q->far;
    const REAL d0 =
        ROW(q->w, p) + q->lambda * q->diagonal[p] - top->l2b * far - top->take - bottom->l2 * far;
    const REAL d1 = ROW(q->w, p + 1) + q->lambda * q->diagonal[p + 1] - bottom->l2b * far -
                    bottom->take - top->l2 * far;
    const REAL off = q->lambda * q->off[p] - top->l1 * far - bottom->l1 * far;
    const REAL r0 = ROW(q->w, p) * ROW(q->y, p) - top->l2b * top->b2 - top->l1 * top->b1 -
                    bottom->l2 * bottom->b1;
    const REAL r1 = ROW(q->w, p + 1) * ROW(q->y, p + 1) - bottom->l2b * bottom->b2 -
                    bottom->l1 * bottom->b1 - top->l2 * top->b1;
    const REAL last = d1 - off * off / d0;
    const REAL right = r1 - r0 * off / d0;
    ROW(q->out, p + 1) = right / last;
    ROW(q->out, p) = (r0 - off * ROW(q->out, p + 1)) / d0;
    /* Without weights the last pivot is rounding alone, which was seen to grow like 30 p in units
     * of DBL_EPSILON lambda (p up to 2500). */
    const double rounding = 64.0 * (double)(p + 1) * DBL_EPSILON * q->lambda;
    const REAL side = PICK(top->smallest < bottom->smallest, top->smallest, bottom->smallest);
    const REAL least = PICK(d0 < side, d0, side);
    /* so written that no number, which a pivot of 0 leaves in the last one, is not above 0 */
    ROW(q->determined, 0) = PICK(least > (REAL){0}, last - rounding, least);
}

CEL_LANES_INLINE void WS(substitute)(WS(Problem) * q, gsize p)
{
    REAL up1 = ROW(q->out, p), up2 = ROW(q->out, p + 1), down1 = up2, down2 = up1;
    gsize low = p, high = p + 2;
    for (; low > 0; high++) {
        low--;
        const REAL up = (ROW(q->out, low) - ROW(q->l2, low) * up2) - ROW(q->l1, low) * up1;
        const REAL down = (ROW(q->out, high) - ROW(q->l2, high) * down2) - ROW(q->l1, high) * down1;
        ROW(q->out, low) = up;
        ROW(q->out, high) = down;
        up2 = up1;
        up1 = up;
        down2 = down1;
        down1 = down;
    }
    if (high < q->n)
        ROW(q->out, high) =
            (ROW(q->out, high) - ROW(q->l2, high) * down2) - ROW(q->l1, high) * down1;
}

CEL_LANES_INLINE void WS(solve)(WS(Problem) * q)
{
    const gsize p = (q->n - 2) / 2;
    const REAL start = (REAL){0} + q->lambda;
    WS(Side) top = {.smallest = start}, bottom = {.smallest = start};
    /* an odd number of samples: the bottom has one row more */
    gsize high = q->n - 1;
    if (q->n % 2 != 0) {
        WS(eliminate)(q, &bottom, high, q->off[high - 1]);
        high--;
    }
    for (gsize low = 0; low < p; low++, high--) {
        WS(eliminate)(q, &top, low, q->off[low]);
        WS(eliminate)(q, &bottom, high, q->off[high - 1]);
    }
    WS(middle)(q, p, &top, &bottom);
    WS(substitute)(q, p);
}
