/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As many spectra side by side as the processor's vectors are wide. A spectrum that has converged
 * makes room for the next one at once, so no lane waits for the slowest. */
#include "process/baseline-whittaker.h"
#include "process/whittaker.h"

#include <math.h>

enum { NOBODY = -1 };

typedef struct {
    const CelBaselineMany *many;
    gsize n, padded;
    gsize width; /* spectra side by side */
    gsize next;  /* spectrum that waits */
    gssize who[CEL_LANES];
    double total[CEL_LANES];
    CelBaselineInfo info[CEL_LANES];
    double *memory;
    double *y, *w, *z, *alive; /* of sample i of spectrum k: [i * width + k]; alive may be NULL */
    CelWhittaker *solver;
} Lanes;

static void lanes_clear(Lanes *lanes)
{
    cel_lanes_free(lanes->memory);
    cel_whittaker_free(lanes->solver);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lanes, lanes_clear)

static void lanes_init(Lanes *lanes, const CelBaselineMany *many)
{
    enum { ARRAYS = 4 };
    lanes->many = many;
    lanes->n = many->data[0].n;
    lanes->padded = cel_lanes_padded(lanes->n);
    lanes->width = cel_lanes_width();
    const gsize pitch = cel_lanes_pitch(lanes->padded * lanes->width);
    gboolean all_alive = lanes->padded == lanes->n;
    for (gsize s = 0; s < many->count; s++)
        all_alive = all_alive && many->data[s].mask == NULL;
    lanes->memory = cel_lanes_new(ARRAYS * pitch);
    lanes->y = lanes->memory;
    lanes->w = lanes->y + pitch;
    lanes->z = lanes->w + pitch;
    lanes->alive = all_alive ? NULL : lanes->z + pitch;
    lanes->solver = cel_whittaker_new_beside(lanes->n, many->options->order);
}

/* The next spectrum that waits takes lane @k; with none left, a flat one without noise that nobody
 * asks about. */
static void seat_next(Lanes *lanes, guint k)
{
    const gboolean somebody = lanes->next < lanes->many->count;
    const CelBaselineData *data = &lanes->many->data[somebody ? lanes->next : 0];
    lanes->who[k] = somebody ? (gssize)lanes->next++ : NOBODY;
    lanes->info[k] = (CelBaselineInfo){0};
    lanes->total[k] = 0.0;
    for (gsize i = 0; i < lanes->n; i++) {
        const gboolean alive = !somebody || data->mask == NULL || data->mask[i] == 0;
        const gsize at = i * lanes->width + k;
        lanes->y[at] = somebody ? data->y[i] : 0.0;
        lanes->w[at] = alive ? 1.0 : 0.0;
        if (lanes->alive != NULL)
            lanes->alive[at] = lanes->w[at];
        lanes->total[k] += alive ? fabs(lanes->y[at]) : 0.0;
    }
}

static void hand_out(Lanes *lanes, guint k)
{
    double *out = lanes->many->out[lanes->who[k]];
    for (gsize i = 0; i < lanes->n; i++)
        out[i] = lanes->z[i * lanes->width + k];
    if (lanes->many->out_infos != NULL)
        lanes->many->out_infos[lanes->who[k]] = lanes->info[k];
    seat_next(lanes, k);
}

static gboolean solve(Lanes *lanes, GError **error)
{
    const double lambda = lanes->many->options->lambda;
    const guint8 determined =
        cel_whittaker_solve_beside(lanes->solver, lanes->y, lanes->w, lambda, lanes->z);
    for (guint k = 0; k < lanes->width; k++) {
        if (lanes->who[k] != NOBODY && (determined & (1U << k)) == 0)
            return cel_baseline_undetermined(lambda, error);
        lanes->info[k].iterations++;
    }
    return TRUE;
}

/* Bit k: lane k's curve stands before any new weights. */
static guint coefficients(Lanes *lanes, CelWeigh *w)
{
    CelNegatives negatives[CEL_LANES];
    guint finished = 0;
    cel_negatives_many(w->res, negatives);
    for (guint k = 0; k < lanes->width; k++) {
        const CelPass pass = {negatives[k], lanes->info[k].iterations, lanes->total[k]};
        CelCoefficients c = {0};
        if (!cel_pass_coefficients(w->method, lanes->many->options, &pass, &c, &lanes->info[k])) {
            finished |= 1U << k;
            c = (CelCoefficients){0}; /* what it divided by may be 0 */
        }
        w->scale[k] = c.scale;
        w->centre[k] = c.centre;
    }
    return finished;
}

static void reweight(Lanes *lanes)
{
    const CelResiduals residuals = {lanes->y, lanes->z, lanes->alive, lanes->padded};
    CelWeigh w = {.method = lanes->many->method, .res = &residuals, .w = lanes->w};
    const guint finished = coefficients(lanes, &w);
    cel_weigh_many(&w);
    for (guint k = 0; k < lanes->width; k++) {
        CelBaselineInfo *info = &lanes->info[k];
        if (lanes->who[k] == NOBODY)
            continue;
        info->converged =
            (finished & (1U << k)) != 0 ||
            cel_pass_converged(w.method, lanes->many->options, w.change[k], w.length[k], info);
        if (info->converged || info->iterations > lanes->many->options->max_iter)
            hand_out(lanes, k);
    }
}

static gboolean is_busy(const Lanes *lanes)
{
    gboolean busy = FALSE;
    for (guint k = 0; k < lanes->width; k++)
        busy = busy || lanes->who[k] != NOBODY;
    return busy;
}

gboolean cel_baseline_whittaker_many(const CelBaselineMany *many, GError **error)
{
    g_return_val_if_fail(many->method != CEL_BASELINE_DRPLS, FALSE);
    if (many->count == 0)
        return TRUE;
    for (gsize s = 1; s < many->count; s++)
        g_return_val_if_fail(many->data[s].n == many->data[0].n, FALSE);
    if (!cel_baseline_enough(many->data[0].n, many->options->order, error))
        return FALSE;
    g_auto(Lanes) lanes = {0};
    lanes_init(&lanes, many);
    for (guint k = 0; k < lanes.width; k++)
        seat_next(&lanes, k);
    while (is_busy(&lanes)) {
        if (!solve(&lanes, error))
            return FALSE;
        reweight(&lanes);
    }
    return TRUE;
}
