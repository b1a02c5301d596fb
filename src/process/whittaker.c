/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/whittaker.h"

#include <float.h>

struct CelWhittaker {
    gsize n;
    double far;            /* every entry of the second off-diagonal of D'D */
    double *diagonal;      /* D'D */
    double *off;           /* D'D, first off-diagonal: entry i couples i and i + 1 */
    double *l1, *l2, *sum; /* the eliminated rows: z_i = sum_i - l1_i z' - l2_i z'' */
    double *ones;
};

/* Adds the outer product of every row of the difference matrix. */
static void build_penalty(CelWhittaker *ws, guint order)
{
    static const double rows[2][3] = {{-1.0, 1.0, 0.0}, {1.0, -2.0, 1.0}};
    const double *d = rows[order - 1];
    for (gsize r = 0; r + order < ws->n; r++) {
        for (gsize k = 0; k <= order; k++)
            ws->diagonal[r + k] += d[k] * d[k];
        for (gsize k = 0; k < order; k++)
            ws->off[r + k] += d[k] * d[k + 1];
    }
    ws->far = d[0] * d[2];
}

CelWhittaker *cel_whittaker_new(gsize n, guint order)
{
    g_return_val_if_fail(order == 1 || order == 2, NULL);
    g_return_val_if_fail(n > order, NULL);
    CelWhittaker *ws = g_new0(CelWhittaker, 1);
    ws->n = n;
    ws->diagonal = g_new0(double, n);
    ws->off = g_new0(double, n);
    ws->l1 = g_new(double, n);
    ws->l2 = g_new(double, n);
    ws->sum = g_new(double, n);
    ws->ones = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        ws->ones[i] = 1.0;
    build_penalty(ws, order);
    return ws;
}

void cel_whittaker_free(CelWhittaker *ws)
{
    if (ws == NULL)
        return;
    g_free(ws->diagonal);
    g_free(ws->off);
    g_free(ws->l1);
    g_free(ws->l2);
    g_free(ws->sum);
    g_free(ws->ones);
    g_free(ws);
}

/* One direction of elimination: what the last two rows pass on to the next ones. */
typedef struct {
    double u1;       /* entry between the last row and the next, after elimination */
    double l1;       /* the same over the last pivot */
    double l2, l2b;  /* second entry over the pivot: of the last row, of the one before */
    double b1, b2;   /* right side: of the last row, of the one before */
    double smallest; /* pivot so far */
} Side;

/* The row after @s: its pivot, entry to the next row and right side are what the twisted
 * factorisation LDL' of a band of two needs (Golub & Van Loan, section 4.3). */
static inline void eliminate(Side *s, double diagonal, double off, double far, double right,
                             double *l1, double *l2, double *sum)
{
    const double pivot = (diagonal - s->l2b * far) - s->l1 * s->u1;
    const double u1 = off - s->l1 * far;
    const double b = (right - s->l2b * s->b2) - s->l1 * s->b1;
    const double inverse = 1.0 / pivot;
    s->smallest = pivot < s->smallest ? pivot : s->smallest;
    s->u1 = u1;
    s->l1 = u1 * inverse;
    s->l2b = s->l2;
    s->l2 = far * inverse;
    s->b2 = s->b1;
    s->b1 = b;
    *l1 = s->l1;
    *l2 = s->l2;
    *sum = b * inverse;
}

typedef struct {
    const double *y, *w;
    double lambda;
} Problem;

static inline void eliminate_top(CelWhittaker *ws, const Problem *q, Side *s, gsize i)
{
    eliminate(s, q->w[i] + q->lambda * ws->diagonal[i], q->lambda * ws->off[i], q->lambda * ws->far,
              q->w[i] * q->y[i], &ws->l1[i], &ws->l2[i], &ws->sum[i]);
}

static inline void eliminate_bottom(CelWhittaker *ws, const Problem *q, Side *s, gsize i)
{
    eliminate(s, q->w[i] + q->lambda * ws->diagonal[i], q->lambda * ws->off[i - 1],
              q->lambda * ws->far, q->w[i] * q->y[i], &ws->l1[i], &ws->l2[i], &ws->sum[i]);
}

/* The two rows that neither side has eliminated. */
static gboolean solve_middle(const CelWhittaker *ws, const Problem *q, gsize p, const Side *top,
                             const Side *bottom, double *out)
{
    const double far = q->lambda * ws->far;
    const double d0 = q->w[p] + q->lambda * ws->diagonal[p] - top->l2b * far - top->l1 * top->u1 -
                      bottom->l2 * far;
    const double d1 = q->w[p + 1] + q->lambda * ws->diagonal[p + 1] - bottom->l2b * far -
                      bottom->l1 * bottom->u1 - top->l2 * far;
    const double off = q->lambda * ws->off[p] - top->l1 * far - bottom->l1 * far;
    const double r0 =
        q->w[p] * q->y[p] - top->l2b * top->b2 - top->l1 * top->b1 - bottom->l2 * bottom->b1;
    const double r1 = q->w[p + 1] * q->y[p + 1] - bottom->l2b * bottom->b2 -
                      bottom->l1 * bottom->b1 - top->l2 * top->b1;
    const double last = d1 - off * off / d0;
    const double right = r1 - r0 * off / d0;
    out[p + 1] = right / last;
    out[p] = (r0 - off * out[p + 1]) / d0;
    /* Without weights the last pivot is rounding alone, which was seen to grow like 30 p in units
     * of DBL_EPSILON lambda (p up to 2500). */
    const double rounding = 64.0 * (double)(p + 1) * DBL_EPSILON * q->lambda;
    return d0 > 0.0 && last > rounding;
}

static void substitute(const CelWhittaker *ws, gsize p, double *z)
{
    const gsize n = ws->n;
    double up1 = z[p], up2 = z[p + 1], down1 = z[p + 1], down2 = z[p];
    gsize low = p, high = p + 2;
    while (low > 0 && high < n) {
        low--;
        const double up = (ws->sum[low] - ws->l2[low] * up2) - ws->l1[low] * up1;
        const double down = (ws->sum[high] - ws->l2[high] * down2) - ws->l1[high] * down1;
        z[low] = up;
        z[high] = down;
        up2 = up1;
        up1 = up;
        down2 = down1;
        down1 = down;
        high++;
    }
    if (high < n)
        z[high] = (ws->sum[high] - ws->l2[high] * down2) - ws->l1[high] * down1;
}

gboolean cel_whittaker_solve(CelWhittaker *ws, const double *y, const double *w, double lambda,
                             double *out)
{
    const gsize n = ws->n, p = (n - 2) / 2;
    const Problem q = {y, w != NULL ? w : ws->ones, lambda};
    Side top = {.smallest = lambda}, bottom = {.smallest = lambda};
    /* an odd number of samples: the bottom has one row more */
    gsize high = n - 1;
    if (n % 2 != 0)
        eliminate_bottom(ws, &q, &bottom, high--);
    for (gsize low = 0; low < p; low++, high--) {
        eliminate_top(ws, &q, &top, low);
        eliminate_bottom(ws, &q, &bottom, high);
    }
    if (!solve_middle(ws, &q, p, &top, &bottom, out))
        return FALSE;
    substitute(ws, p, out);
    return top.smallest > 0.0 && bottom.smallest > 0.0;
}
