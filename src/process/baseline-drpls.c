/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/baseline-whittaker.h"

#include <float.h>
#include <math.h>

static const double ETA = 0.5; /* share of a sample's weight that its stiffness loses */

/* Diagonal and neighbours of D1'D1 (1, 2, .., 2, 1; -1) and of D2'D2 (1, 5, 6, .., 6, 5, 1;
 * -2, -4, .., -4, -2; 1), natural boundaries. */
static double diagonal_1(gsize i, gsize n)
{
    return i == 0 || i == n - 1 ? 1.0 : 2.0;
}

static double diagonal_2(gsize i, gsize n)
{
    const gsize edge = MIN(i, n - 1 - i);
    if (n < 4) /* three samples have one second difference: 1, -2, 1 */
        return edge == 0 ? 1.0 : 4.0;
    return edge == 0 ? 1.0 : edge == 1 ? 5.0 : 6.0;
}

static double beside_2(gsize i, gsize n) /* couples i and i + 1 */
{
    return i == 0 || i + 2 == n ? -2.0 : -4.0;
}

/* A row in the direction of elimination: the two entries behind, its own, the two ahead. */
typedef struct {
    double behind2, behind1, own, ahead1, ahead2, right;
} Line;

typedef struct {
    const double *y, *w;
    gsize n;
    double lambda;
    double *l1, *l2, *sum; /* eliminated rows: z_i = sum_i - l1_i z' - l2_i z'' */
} Problem;

/* A row whose neighbours within two are no ends. */
static inline Line inner_line(const Problem *q, gsize i)
{
    const double stiff = q->lambda * (1.0 - ETA * q->w[i]), beside = -4.0 * stiff - 1.0;
    return (Line){stiff, beside, q->w[i] + 2.0 + 6.0 * stiff, beside, stiff, q->w[i] * q->y[i]};
}

static Line line_of(const Problem *q, gsize i, gboolean from_top)
{
    const gsize n = q->n;
    if (i >= 2 && i + 2 < n)
        return inner_line(q, i);
    const double stiff = q->lambda * (1.0 - ETA * q->w[i]);
    const double before = i > 0 ? stiff * beside_2(i - 1, n) - 1.0 : 0.0;
    const double after = i + 1 < n ? stiff * beside_2(i, n) - 1.0 : 0.0;
    const double before2 = i > 1 ? stiff : 0.0, after2 = i + 2 < n ? stiff : 0.0;
    const double own = q->w[i] + diagonal_1(i, n) + stiff * diagonal_2(i, n);
    const double right = q->w[i] * q->y[i];
    return from_top ? (Line){before2, before, own, after, after2, right}
                    : (Line){after2, after, own, before, before2, right};
}

/* An eliminated row: its unknown in terms of the next two. */
typedef struct {
    double l1, l2, sum;
} Done;

/* Puts the last two eliminated rows into the next one. */
static inline void put_in(const Done *two, const Done *one, Line *line)
{
    line->behind1 -= line->behind2 * two->l1;
    line->own -= line->behind2 * two->l2;
    line->right -= line->behind2 * two->sum;
    line->own -= line->behind1 * one->l1;
    line->ahead1 -= line->behind1 * one->l2;
    line->right -= line->behind1 * one->sum;
}

typedef struct {
    Done two, one; /* the rows before the last, and the last */
    gboolean sound;
} Side;

static inline void eliminate(const Problem *q, Side *s, gsize i, gboolean from_top)
{
    Line line = line_of(q, i, from_top);
    put_in(&s->two, &s->one, &line);
    const double inverse = 1.0 / line.own;
    s->two = s->one;
    s->one = (Done){line.ahead1 * inverse, line.ahead2 * inverse, line.right * inverse};
    s->sound = s->sound && line.own > 0.0;
    q->l1[i] = s->one.l1;
    q->l2[i] = s->one.l2;
    q->sum[i] = s->one.sum;
}

/* Rows p and p + 1, each with what both sides have made of its neighbours. */
static gboolean middle(const Problem *q, gsize p, const Side *top, const Side *bottom, double *z)
{
    Line a = line_of(q, p, TRUE), b = line_of(q, p + 1, FALSE);
    put_in(&top->two, &top->one, &a);
    put_in(&bottom->two, &bottom->one, &b);
    /* the second neighbour ahead is the last row of the other side */
    a.own -= a.ahead2 * bottom->one.l2;
    a.ahead1 -= a.ahead2 * bottom->one.l1;
    a.right -= a.ahead2 * bottom->one.sum;
    b.own -= b.ahead2 * top->one.l2;
    b.ahead1 -= b.ahead2 * top->one.l1;
    b.right -= b.ahead2 * top->one.sum;
    const double last = b.own - b.ahead1 * a.ahead1 / a.own;
    z[p + 1] = (b.right - b.ahead1 * a.right / a.own) / last;
    z[p] = (a.right - a.ahead1 * z[p + 1]) / a.own;
    const double rounding = 64.0 * (double)(p + 1) * DBL_EPSILON * q->lambda;
    return a.own > 0.0 && last > rounding;
}

static void substitute(const Problem *q, gsize p, double *z)
{
    gsize low = p, high = p + 2;
    for (; low > 0; high++) {
        low--;
        z[low] = (q->sum[low] - q->l2[low] * z[low + 2]) - q->l1[low] * z[low + 1];
        z[high] = (q->sum[high] - q->l2[high] * z[high - 2]) - q->l1[high] * z[high - 1];
    }
    if (high < q->n)
        z[high] = (q->sum[high] - q->l2[high] * z[high - 2]) - q->l1[high] * z[high - 1];
}

gboolean cel_drpls_solve(const double *y, const double *w, gsize n, double lambda, double *memory,
                         double *out)
{
    const Problem q = {y, w, n, lambda, memory, memory + n, memory + 2 * n};
    const gsize p = (n - 2) / 2;
    Side top = {.sound = TRUE}, bottom = {.sound = TRUE};
    gsize high = n - 1;
    if (n % 2 != 0)
        eliminate(&q, &bottom, high--, FALSE);
    for (gsize low = 0; low < p; low++, high--) {
        eliminate(&q, &top, low, TRUE);
        eliminate(&q, &bottom, high, FALSE);
    }
    if (!middle(&q, p, &top, &bottom, out))
        return FALSE;
    substitute(&q, p, out);
    return top.sound && bottom.sound;
}
