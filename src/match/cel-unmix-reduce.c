/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-peakmatch.h"
#include "match/cel-unmix-private.h"

#include <math.h>
#include <string.h>

/* References of one instrument agree to about this; a part may lie so far from the others. */
#define OWN_SHIFT_SD 0.5  /* channels: 1 cm-1 */
#define MOST_OWN     2.0  /* channels */
#define STEP         0.25 /* channels: half the difference the slope along the axis is taken from */

/* A band counts as seen when its shape stands so many standard errors out of the noise and the
 * sample shows at least half of what the fit expects there. */
#define SEEN_NOISE 3.0
#define SEEN_PART  0.5
/* Bands below this part of the sample's strongest are not counted, nor those where the other parts
 * draw something more than half as strong. */
#define SEEN_LEAST   0.02
#define UNSHARED_MAX 0.5

/* Price of a part where all that the fit leaves goes beyond the noise, in those of white noise. */
#define UNLIKE 2.0

enum {
    MAX_CORRELATED = 10, /* channels: no residual of a band reaches further */
    MAX_REACH = 16,      /* channels to either side of a band that are looked at: broad bands */
    MIN_REACH = 4,       /* and narrow ones */
};

static gsize at(guint i, guint j)
{
    return (gsize)i * CEL_UNMIX_POOL + j;
}

static double *column_of(const CelUnmix *u, guint i)
{
    return u->room + (gsize)i * u->frame->n;
}

/* Row and column @i of the Gram matrix of what stands in the room. */
static void multiply(CelUnmix *u, guint i, guint n)
{
    for (guint j = 0; j < n; j++)
        u->gram[at(i, j)] = u->gram[at(j, i)] =
            cel_frame_dot(u->frame, column_of(u, i), column_of(u, j));
    u->atb[i] = cel_frame_dot(u->frame, column_of(u, i), u->frame->y);
}

static void draw_parts(CelUnmix *u)
{
    for (guint i = 0; i < u->n_parts; i++) {
        CelColumn *c = &u->part[i];
        c->values = column_of(u, i);
        cel_frame_draw(u->frame, c->view, c->lag, c->values);
        cel_frame_project(u->frame, c->values);
        multiply(u, i, i + 1);
    }
}

/* Weights of the parts, part @skip left out; u->n_parts: none is. Returns: the sum of squares left.
 */
static double solve_parts(CelUnmix *u, guint skip, double *x, double *variance)
{
    double gram[CEL_UNMIX_MAX_PARTS * CEL_UNMIX_MAX_PARTS], atb[CEL_UNMIX_MAX_PARTS];
    guint n = 0;
    for (guint i = 0; i < u->n_parts; i++) {
        if (i == skip)
            continue;
        guint m = 0;
        for (guint j = 0; j < u->n_parts; j++)
            if (j != skip)
                gram[n * CEL_UNMIX_MAX_PARTS + m++] = u->gram[at(i, j)];
        atb[n++] = u->atb[i];
    }
    const CelNnlsProblem problem = {gram, CEL_UNMIX_MAX_PARTS, atb, n};
    cel_nnls_solve(u->nnls, &problem, x);
    if (variance != NULL)
        cel_nnls_covariance(u->nnls, &problem, variance);
    double left = u->frame->yy;
    for (guint i = 0; i < n; i++)
        left -= x[i] * atb[i];
    return MAX(left, 0);
}

static void weigh(CelUnmix *u)
{
    u->rss = solve_parts(u, u->n_parts, u->part_x, u->part_variance);
}

static void residual_of(const CelUnmix *u, double *out)
{
    memcpy(out, u->frame->y, u->frame->n * sizeof *out);
    for (guint i = 0; i < u->n_parts; i++)
        for (guint k = 0; k < u->frame->n; k++)
            out[k] -= u->part_x[i] * u->part[i].values[k];
}

/* By how much neighbouring channels of the residual go together: 1 for white noise; what two
 * instruments draw differently goes on over a band's width, and counts as fewer channels. */
static double correlated(const CelUnmix *u, const double *residual)
{
    double sum = 1;
    for (guint lag = 1; lag <= MAX_CORRELATED && lag < u->frame->n; lag++) {
        double product = 0;
        for (guint k = lag; k < u->frame->n; k++)
            product += residual[k] * residual[k - lag];
        if (!(product > 0.05 * u->rss))
            break;
        sum += 2 * product / u->rss;
    }
    return sum;
}

/* The variance that a chance part is measured with: the noise, or what the fit leaves. */
static double chance(const CelUnmix *u)
{
    g_autofree double *residual = g_new(double, u->frame->n);
    residual_of(u, residual);
    const double freedom = MAX(u->frame->n - (double)u->frame->n_basis - u->n_parts, 1);
    const double noise2 = u->frame->noise * u->frame->noise;
    const double left2 = u->rss / freedom * correlated(u, residual);
    /* what goes beyond the noise is no chance but another piece or instrument, and among thousands
     * of references some resemble it */
    const double beyond = left2 > noise2 ? 1 - noise2 / left2 : 0;
    return MAX(noise2, left2) * (1 + (UNLIKE - 1) * beyond);
}

/* ---- shifts: Gauss-Newton, a step to either side as a column of its own ---- */

/* What part @i changes when it moves by one channel. */
static void draw_slope(const CelUnmix *u, guint i, double *out)
{
    const CelColumn *c = &u->part[i];
    g_autofree double *low = g_new(double, u->frame->n);
    cel_frame_draw(u->frame, c->view, c->lag + STEP, out);
    cel_frame_draw(u->frame, c->view, c->lag - STEP, low);
    for (guint k = 0; k < u->frame->n; k++)
        out[k] = (out[k] - low[k]) / (2 * STEP) * u->part_x[i];
    cel_frame_project(u->frame, out);
}

/* Column @i pulled back to 0 by a prior: an observation of -@off with deviation @sd. */
static void add_prior(CelUnmix *u, guint i, double off, double sd)
{
    const double weight = u->sigma2 / (sd * sd);
    u->gram[at(i, i)] += weight;
    u->atb[i] -= weight * off;
}

/* Solves for the steps in columns n_parts.. (each may be negative: its mirror image follows). */
static void solve_steps(CelUnmix *u, guint n_steps, double *out)
{
    const guint first = u->n_parts, mirror = first + n_steps, n = mirror + n_steps;
    double x[CEL_UNMIX_POOL];
    for (guint s = 0; s < n_steps; s++) {
        u->atb[mirror + s] = -u->atb[first + s];
        for (guint j = 0; j < mirror; j++)
            u->gram[at(mirror + s, j)] = u->gram[at(j, mirror + s)] = -u->gram[at(first + s, j)];
        for (guint t = 0; t < n_steps; t++)
            u->gram[at(mirror + s, mirror + t)] = u->gram[at(first + s, first + t)];
    }
    const CelNnlsProblem problem = {u->gram, CEL_UNMIX_POOL, u->atb, n};
    cel_nnls_solve(u->nnls, &problem, x);
    for (guint s = 0; s < n_steps; s++)
        out[s] = CLAMP(x[first + s] - x[mirror + s], -1, 1);
}

static void shift_together(CelUnmix *u)
{
    g_autofree double *slope = g_new(double, u->frame->n);
    double *sum = column_of(u, u->n_parts), step = 0;
    memset(sum, 0, u->frame->n * sizeof *sum);
    for (guint i = 0; i < u->n_parts; i++) {
        if (u->part[i].is_blank) /* measured on the sample's own axis */
            continue;
        draw_slope(u, i, slope);
        for (guint k = 0; k < u->frame->n; k++)
            sum[k] += slope[k];
    }
    multiply(u, u->n_parts, u->n_parts + 1);
    add_prior(u, u->n_parts, u->lag, u->lag_sd);
    solve_steps(u, 1, &step);
    u->lag += step;
    for (guint i = 0; i < u->n_parts; i++)
        u->part[i].lag += u->part[i].is_blank ? 0 : step;
    draw_parts(u);
    weigh(u);
}

static void shift_each(CelUnmix *u)
{
    double step[CEL_UNMIX_MAX_PARTS];
    for (guint i = 0; i < u->n_parts; i++) {
        draw_slope(u, i, column_of(u, u->n_parts + i));
        multiply(u, u->n_parts + i, u->n_parts + i + 1);
    }
    for (guint i = 0; i < u->n_parts; i++) {
        const double home = u->part[i].is_blank ? 0 : u->lag;
        add_prior(u, u->n_parts + i, u->part[i].lag - home, OWN_SHIFT_SD);
    }
    solve_steps(u, u->n_parts, step);
    for (guint i = 0; i < u->n_parts; i++) {
        const double home = u->part[i].is_blank ? 0 : u->lag;
        u->part[i].lag = CLAMP(u->part[i].lag + step[i], home - MOST_OWN, home + MOST_OWN);
    }
    draw_parts(u);
    weigh(u);
}

static void refine(CelUnmix *u, guint rounds)
{
    for (guint round = 0; round < rounds && u->n_parts > 0; round++) {
        u->sigma2 = chance(u);
        shift_together(u);
    }
    u->sigma2 = chance(u);
}

/* ---- which parts are needed ---- */

static void drop(CelUnmix *u, guint i)
{
    for (guint k = i; k + 1 < u->n_parts; k++)
        u->part[k] = u->part[k + 1];
    u->n_parts--;
    draw_parts(u);
    weigh(u);
}

/* The lighter of two parts that stand for the same, or n_parts. */
static guint find_double(const CelUnmix *u)
{
    for (guint i = 0; i < u->n_parts; i++)
        for (guint j = 0; j < i; j++) {
            if (u->part[i].is_blank || u->part[j].is_blank)
                continue;
            const CelEntryName a = u->in->name(u->part[i].entry, u->in->user_data);
            const CelEntryName b = u->in->name(u->part[j].entry, u->in->user_data);
            if (u->in->is_same(&a, &b))
                return u->part_x[i] < u->part_x[j] ? i : j;
        }
    return u->n_parts;
}

/* The part whose loss costs least, if that is no more than chance, or n_parts. */
static guint find_idle(CelUnmix *u)
{
    const double n_entries = MAX(cel_search_size(u->in->search), 2);
    const double price = log(u->frame->n) + 2 * log(n_entries);
    guint best = u->n_parts;
    double least = price * u->sigma2;
    for (guint i = 0; i < u->n_parts; i++) {
        double x[CEL_UNMIX_MAX_PARTS];
        const gboolean is_blank = u->part[i].is_blank;
        if (is_blank && u->part_x[i] > 0)
            continue;
        const double loss = is_blank ? 0 : solve_parts(u, i, x, NULL) - u->rss;
        if (loss < least) {
            least = loss;
            best = i;
        }
    }
    return best;
}

void cel_unmix_reduce(CelUnmix *u)
{
    draw_parts(u);
    weigh(u);
    refine(u, 2);
    for (int pass = 0; pass < 2; pass++) {
        for (guint i; u->n_parts > 0; drop(u, i), refine(u, 1)) {
            i = find_idle(u);
            if (i == u->n_parts)
                i = find_double(u);
            if (i == u->n_parts)
                break;
        }
        if (pass == 0 && u->n_parts > 0) {
            refine(u, 1);
            for (int round = 0; round < 3; round++)
                shift_each(u);
            u->sigma2 = chance(u);
        }
    }
}

/* ---- bands of one part alone ---- */

/* Takes the mean off the 2 @reach + 1 values around @k. Returns: their sum of squares then. */
static double local(const double *values, int k, int reach, double out[2 * MAX_REACH + 1])
{
    double mean = 0, square = 0;
    for (int j = 0; j <= 2 * reach; j++)
        mean += values[k - reach + j] / (2 * reach + 1);
    for (int j = 0; j <= 2 * reach; j++) {
        out[j] = values[k - reach + j] - mean;
        square += out[j] * out[j];
    }
    return square;
}

/* Three curves around a band: what its part draws, what the others draw, what the sample shows when
 * the others are taken off. */
typedef struct {
    double *own, *others, *alone;
} Curves;

/* Whether the sample has the part's band at channel @k: its shape, at least half as high as the fit
 * says, clear of the noise, and nothing as strong in the others. */
static gboolean is_seen(const CelUnmix *u, const Curves *c, int k, int reach)
{
    double shape[2 * MAX_REACH + 1], other[2 * MAX_REACH + 1], shown[2 * MAX_REACH + 1];
    double product = 0;
    if (k < reach || k + reach >= (int)u->frame->n)
        return FALSE;
    const double square = local(c->own, k, reach, shape);
    if (!(square > 0) || local(c->others, k, reach, other) > UNSHARED_MAX * UNSHARED_MAX * square)
        return FALSE;
    local(c->alone, k, reach, shown);
    for (int j = 0; j <= 2 * reach; j++)
        product += shape[j] * shown[j];
    return product >= SEEN_PART * square && product >= SEEN_NOISE * u->frame->noise * sqrt(square);
}

/* How far from line @l nothing taller of the same reference stands, which would be taken for it. */
static int free_reach(const GArray *lines, guint l)
{
    const CelLine *line = &g_array_index(lines, CelLine, l);
    double nearest = MAX_REACH + 1;
    for (guint i = 0; i < lines->len; i++) {
        const CelLine *other = &g_array_index(lines, CelLine, i);
        if (other->height > line->height)
            nearest =
                MIN(nearest, fabs(other->position_cm1 - line->position_cm1) / CEL_VIEW_STEP_CM1);
    }
    return (int)nearest - 1;
}

guint cel_unmix_unshared(const CelUnmix *u, guint i)
{
    const CelColumn *c = &u->part[i];
    const guint n = u->frame->n;
    g_autofree double *room = g_new0(double, 3 * (gsize)n);
    const Curves curves = {room, room + n, room + 2 * (gsize)n};
    g_autoptr(GArray) lines = cel_lines_of_view(c->view, 1.0);
    guint count = 0;
    residual_of(u, curves.alone);
    for (guint k = 0; k < n; k++) {
        curves.own[k] = u->part_x[i] * c->values[k];
        curves.alone[k] += curves.own[k];
    }
    for (guint j = 0; j < u->n_parts; j++)
        for (guint k = 0; j != i && k < n; k++)
            curves.others[k] += u->part_x[j] * u->part[j].values[k];
    for (guint l = 0; l < lines->len; l++) {
        const CelLine *line = &g_array_index(lines, CelLine, l);
        const double channel = line->position_cm1 / CEL_VIEW_STEP_CM1 - c->lag;
        const int k = (int)lround(channel) - (int)u->frame->from, widest = free_reach(lines, l);
        gboolean seen = FALSE;
        for (int reach = MIN_REACH; reach <= widest; reach *= 2)
            seen = seen || is_seen(u, &curves, k, reach);
        count += seen && u->part_x[i] * line->height >= SEEN_LEAST;
    }
    return count;
}
