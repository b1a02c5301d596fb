/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/whittaker.h"

#include "process/cel-lanes.h"

#include <float.h>

#define REAL                     double
#define ROW(array, i)            ((array)[i])
#define PICK(condition, yes, no) ((condition) ? (yes) : (no))
#define WS(name)                 one_##name
#include "process/whittaker-rows.h"
#undef REAL
#undef ROW
#undef PICK
#undef WS

/* As many spectra as the form has lanes. */
typedef struct {
    const CelWhittaker *ws;
    const double *y, *w;
    double *out, *determined;
    double lambda;
} Beside;

#define CEL_LANES_BODY "process/whittaker-beside-body.h"

struct CelWhittaker {
    gsize n, side_by_side;
    double *memory;
    double far;       /* every entry of the second off-diagonal of D'D */
    double *diagonal; /* D'D */
    double *off;      /* D'D, first off-diagonal: entry i couples i and i + 1 */
    double *l1, *l2;  /* the eliminated rows */
    double *ones;     /* NULL until they are needed */
};

/* D'D is the sum over the rows of D of their products with themselves; row r begins at column r.
 * @apart: 0 for the diagonal, 1 for the entries beside it. */
static double penalty_at(gsize i, gsize n, guint order, guint apart, const double *d)
{
    double sum = 0.0;
    for (gsize k = 0; k + apart <= order; k++)
        sum += i >= k && i - k + order < n ? d[k] * d[k + apart] : 0.0;
    return sum;
}

static void build_penalty(CelWhittaker *ws, guint order)
{
    static const double rows[2][3] = {{-1.0, 1.0, 0.0}, {1.0, -2.0, 1.0}};
    const double *d = rows[order - 1];
    const gsize n = ws->n;
    /* all rows but the outermost are alike */
    const double inner = penalty_at(n / 2, n, order, 0, d),
                 beside = penalty_at(n / 2, n, order, 1, d);
    for (gsize i = 0; i < n; i++) {
        const gboolean outer = i < order || i + order >= n || n < 3 * (gsize)order;
        ws->diagonal[i] = outer ? penalty_at(i, n, order, 0, d) : inner;
        ws->off[i] = outer ? penalty_at(i, n, order, 1, d) : beside;
    }
    ws->far = d[0] * d[2];
}

static CelWhittaker *new_for(gsize n, guint order, gsize side_by_side)
{
    g_return_val_if_fail(order == 1 || order == 2, NULL);
    g_return_val_if_fail(n > order, NULL);
    CelWhittaker *ws = g_new0(CelWhittaker, 1);
    ws->n = n;
    ws->side_by_side = side_by_side;
    /* the skew of the other arrays that a solve reads begins where this one ends */
    enum { OTHERS = 4 * 48 };
    const gsize each = cel_lanes_pitch(n * side_by_side), one = cel_lanes_pitch(n);
    ws->memory = cel_lanes_new(OTHERS + 2 * each + 2 * one);
    ws->l1 = ws->memory + OTHERS;
    ws->l2 = ws->l1 + each;
    ws->diagonal = ws->l2 + each;
    ws->off = ws->diagonal + one;
    build_penalty(ws, order);
    return ws;
}

CelWhittaker *cel_whittaker_new(gsize n, guint order)
{
    return new_for(n, order, 1);
}

CelWhittaker *cel_whittaker_new_beside(gsize n, guint order)
{
    return new_for(n, order, cel_lanes_width());
}

void cel_whittaker_free(CelWhittaker *ws)
{
    if (ws == NULL)
        return;
    cel_lanes_free(ws->memory);
    cel_lanes_free(ws->ones);
    g_free(ws);
}

static const double *ones_of(CelWhittaker *ws)
{
    if (ws->ones != NULL)
        return ws->ones;
    ws->ones = cel_lanes_new(ws->n);
    for (gsize i = 0; i < ws->n; i++)
        ws->ones[i] = 1.0;
    return ws->ones;
}

gboolean cel_whittaker_solve(CelWhittaker *ws, const double *y, const double *w, double lambda,
                             double *out)
{
    g_return_val_if_fail(ws->side_by_side == 1, FALSE);
    double determined = 0.0;
    one_Problem q = {.diagonal = ws->diagonal,
                     .off = ws->off,
                     .n = ws->n,
                     .far = ws->far,
                     .lambda = lambda,
                     .y = y,
                     .w = w != NULL ? w : ones_of(ws),
                     .l1 = ws->l1,
                     .l2 = ws->l2,
                     .out = out,
                     .determined = &determined};
    one_solve(&q);
    return determined > 0.0;
}

#include "process/cel-lanes-forms.h"
CEL_LANES_DISPATCH(solve_beside, Beside *)

guint8 cel_whittaker_solve_beside(CelWhittaker *ws, const double *y, const double *w, double lambda,
                                  double *out)
{
    g_return_val_if_fail(ws->side_by_side == cel_lanes_width(), 0);
    double determined[CEL_LANES] CEL_LANES_ALIGNED = {0};
    Beside beside = {ws, y, w, out, determined, lambda};
    guint8 bits = 0;
    solve_beside(&beside);
    for (guint k = 0; k < CEL_LANES; k++)
        bits |= (guint8)((determined[k] > 0.0) << k);
    return bits;
}
