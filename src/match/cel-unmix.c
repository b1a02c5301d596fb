/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-unmix.h"

#include "match/cel-frame.h"
#include "match/cel-peakmatch.h"
#include "match/cel-scan-kernel.h"
#include "match/cel-unmix-private.h"

#include <math.h>
#include <string.h>

enum {
    N_RANKED = 30,   /* of the search's list that are tried together */
    N_RESIDUAL = 12, /* entries that resemble a residual most, added to them, each time */
    N_ROUNDS = 2,
    MAX_LAG = 6, /* channels, as in the search */
    N_HITS = 5,  /* of the residual */
};

/* A reference must cover this part of what the fit's range still has of the sample, else it would
 * narrow the range for all the others. */
#define COVER 0.85
/* Channels in common, as in the search: 250 cm-1. */
#define MIN_COMMON 125
/* A weight below this part of the pool's largest is not looked at further. */
#define SMALL 0.005

/* Part of the sample's intensity inside @from..@to. */
static double inside(const CelView *sample, guint from, guint to)
{
    double all = 0, part = 0;
    for (guint k = 0; k < sample->n; k++) {
        all += (double)sample->level[k];
        if (sample->first + k >= from && sample->first + k < to)
            part += (double)sample->level[k];
    }
    return all > 0 ? part / all : 0;
}

/* ---- the pool ---- */

static gboolean is_in_pool(const CelUnmix *u, guint entry)
{
    for (guint i = 0; i < u->n; i++)
        if (!u->column[i].is_blank && u->column[i].entry == entry)
            return TRUE;
    return FALSE;
}

static void add_column(CelUnmix *u, const CelView *view, guint entry, gboolean is_blank)
{
    const guint i = u->n++;
    CelColumn *c = &u->column[i];
    *c = (CelColumn){view, entry, is_blank, u->lag, u->room + (gsize)i * u->frame->n};
    cel_frame_draw(u->frame, view, c->lag, c->values);
    cel_frame_project(u->frame, c->values);
    for (guint j = 0; j <= i; j++)
        u->gram[i * CEL_UNMIX_POOL + j] = u->gram[j * CEL_UNMIX_POOL + i] =
            cel_frame_dot(u->frame, c->values, u->column[j].values);
    u->atb[i] = cel_frame_dot(u->frame, c->values, u->frame->y);
}

static void redraw(CelUnmix *u)
{
    const guint n = u->n;
    u->n = 0;
    for (guint i = 0; i < n; i++)
        add_column(u, u->column[i].view, u->column[i].entry, u->column[i].is_blank);
}

static double solve_pool(CelUnmix *u, const double *atb)
{
    const CelNnlsProblem problem = {u->gram, CEL_UNMIX_POOL, atb, u->n};
    cel_nnls_solve(u->nnls, &problem, u->x);
    double explained = 0;
    for (guint i = 0; i < u->n; i++)
        explained += u->x[i] * atb[i];
    return MAX(0, u->frame->yy - explained);
}

/* y without background is at right angles to any background, so references are taken as drawn. */
static double dot_at(const CelUnmix *u, const CelView *view, int lag)
{
    const int low = MAX((int)u->frame->from, (int)view->first - lag);
    const int high = MIN((int)(u->frame->from + u->frame->n), (int)(view->first + view->n) - lag);
    double sum = 0;
    for (int k = low; k < high; k++)
        sum +=
            u->frame->y[k - (int)u->frame->from] * (double)view->level[k + lag - (int)view->first];
    return sum;
}

/* The lag of the whole sample at which the pool explains most. A Gram matrix hardly changes when
 * all its columns move together, so one serves all lags. */
static void find_lag(CelUnmix *u)
{
    double best = G_MAXDOUBLE, rss[2 * MAX_LAG + 1];
    int at = 0;
    for (int lag = -MAX_LAG; lag <= MAX_LAG; lag++) {
        double atb[CEL_UNMIX_POOL];
        for (guint i = 0; i < u->n; i++)
            atb[i] = dot_at(u, u->column[i].view, lag);
        const double price = lag * u->frame->noise / u->lag_sd;
        rss[lag + MAX_LAG] = solve_pool(u, atb) + price * price;
        if (rss[lag + MAX_LAG] < best) {
            best = rss[lag + MAX_LAG];
            at = lag;
        }
    }
    u->lag = at;
    if (abs(at) < MAX_LAG) {
        const double left = rss[at + MAX_LAG - 1], right = rss[at + MAX_LAG + 1];
        const double bend = left - 2 * best + right;
        u->lag += bend > 0 ? CLAMP(0.5 * (left - right) / bend, -0.5, 0.5) : 0;
    }
    redraw(u);
}

/* What the pool's weights leave. */
static void residual_of(const CelUnmix *u, const CelColumn *column, const double *x, guint n,
                        double *out)
{
    memcpy(out, u->frame->y, u->frame->n * sizeof *out);
    for (guint i = 0; i < n; i++)
        for (guint k = 0; x[i] > 0 && k < u->frame->n; k++)
            out[k] -= x[i] * column[i].values[k];
}

/* An entry under a residual, as drawn at the whole lag nearest to the sample's. */
typedef struct {
    guint entry, skip, n; /* channels of the residual before those in common, and these */
    const float *level;
} Laid;

/* Returns: FALSE: they have too little in common. */
static gboolean lay(const CelUnmix *u, guint entry, Laid *out)
{
    const CelView *view = cel_search_view(u->in->search, entry);
    const int lag = (int)lround(u->lag), from = (int)u->frame->from;
    const int low = MAX(from, (int)view->first - lag);
    const int high = MIN(from + (int)u->frame->n, (int)(view->first + view->n) - lag);
    if (high - low < MIN_COMMON || high - low < (int)(COVER * u->frame->n))
        return FALSE;
    *out = (Laid){entry, (guint)(low - from), (guint)(high - low),
                  view->level + (low + lag - (int)view->first)};
    return TRUE;
}

enum { BESIDE = 2 }; /* entries; two sums each */

/* The next BESIDE entries from @entry on that can be compared, on their way from memory. Returns:
 * how many. */
static guint lay_next(const CelUnmix *u, guint *entry, Laid out[BESIDE])
{
    guint n = 0;
    for (; *entry < cel_search_size(u->in->search) && n < BESIDE; (*entry)++) {
        if (!u->in->is_usable[*entry] || !lay(u, *entry, &out[n]))
            continue;
        cel_scan_fetch(out[n].level, out[n].n * sizeof(float));
        n++;
    }
    return n;
}

/* Cosines of @residual with the entries, times its length. */
static void resemblances(const float *residual, const Laid laid[BESIDE], guint n,
                         double out[BESIDE])
{
    CelScanPair pairs[2 * BESIDE];
    double sums[2 * BESIDE];
    for (guint i = 0; i < n; i++) {
        pairs[2 * i] = (CelScanPair){residual + laid[i].skip, laid[i].level, laid[i].n};
        pairs[2 * i + 1] = (CelScanPair){laid[i].level, laid[i].level, laid[i].n};
    }
    cel_scan_kernel()->sums(pairs, 2 * n, sums);
    for (guint i = 0; i < n; i++)
        out[i] = sums[2 * i + 1] > 0 ? sums[2 * i] / sqrt(sums[2 * i + 1]) : 0;
}

/* Puts @one into its place among the best. Returns: how many there are then. */
static guint offer(CelLikeness one, CelLikeness *best, guint n, guint n_best)
{
    guint at = n < n_best ? n++ : n - 1;
    for (; at > 0 && best[at - 1].value < one.value; at--)
        best[at] = best[at - 1];
    best[at] = one;
    return n;
}

/* The entries that resemble @residual most, best first. @skip_pool: not those of the pool. */
static guint look_through(const CelUnmix *u, const double *residual, gboolean skip_pool,
                          CelLikeness *best, guint n_best)
{
    g_autofree float *single = g_new(float, u->frame->n);
    Laid now[BESIDE], next[BESIDE];
    guint n = 0, entry = 0, n_next = lay_next(u, &entry, next);
    for (guint k = 0; k < u->frame->n; k++)
        single[k] = (float)residual[k];
    while (n_next > 0) {
        const guint n_now = n_next;
        double values[BESIDE];
        memcpy(now, next, sizeof now);
        n_next = lay_next(u, &entry, next);
        resemblances(single, now, n_now, values);
        for (guint i = 0; i < n_now; i++)
            if (values[i] > 0 && (n < n_best || values[i] > best[n - 1].value) &&
                !(skip_pool && is_in_pool(u, now[i].entry)))
                n = offer((CelLikeness){now[i].entry, values[i]}, best, n, n_best);
    }
    return n;
}

static void widen_pool(CelUnmix *u)
{
    g_autofree double *residual = g_new(double, u->frame->n);
    for (guint round = 0; round < N_ROUNDS; round++) {
        CelLikeness best[N_RESIDUAL];
        solve_pool(u, u->atb);
        residual_of(u, u->column, u->x, u->n, residual);
        const guint n = look_through(u, residual, TRUE, best, N_RESIDUAL);
        for (guint i = 0; i < n && u->n < CEL_UNMIX_POOL; i++)
            add_column(u, cel_search_view(u->in->search, best[i].entry), best[i].entry, FALSE);
    }
}

/* ---- range and first candidates ---- */

typedef struct {
    guint from, to, n;
    guint entry[N_RANKED];
} Start;

static gboolean narrow(const CelUnmixInput *in, const CelView *view, int lag, double cover,
                       Start *start)
{
    const int low = MAX((int)start->from, (int)view->first - lag);
    const int high = MIN((int)start->to, (int)(view->first + view->n) - lag);
    if (high - low < MIN_COMMON || inside(in->sample, (guint)low, (guint)high) <
                                       cover * inside(in->sample, start->from, start->to))
        return FALSE;
    start->from = (guint)low;
    start->to = (guint)high;
    return TRUE;
}

/* The best of the search, and the range that they and the blanks have in common. */
static gboolean find_start(const CelUnmixInput *in, Start *start)
{
    *start = (Start){in->sample->first, in->sample->first + in->sample->n, 0, {0}};
    for (gsize b = 0; b < MIN(in->n_blanks, CEL_UNMIX_MAX_BLANKS); b++)
        if (!narrow(in, in->blanks[b], 0, COVER, start))
            return FALSE;
    for (gsize i = 0; i < in->n_only && start->n < N_RANKED; i++)
        if (narrow(in, cel_search_view(in->search, in->only[i]), 0, 0.3, start))
            start->entry[start->n++] = in->only[i];
    for (guint i = 0; in->n_only == 0 && i < in->ranked->len && start->n < N_RANKED; i++) {
        const CelCandidate *c = &g_array_index(in->ranked, CelCandidate, i);
        const CelView *view = cel_search_view(in->search, c->entry);
        const int lag = (int)lround(c->shift_cm1 / CEL_VIEW_STEP_CM1);
        /* the first may cut the range to what it knows; like the search, not below 30 % */
        if (in->is_usable[c->entry] && narrow(in, view, lag, start->n == 0 ? 0.3 : COVER, start))
            start->entry[start->n++] = c->entry;
    }
    return start->n > 0 || in->n_blanks > 0; /* a blank alone explains too */
}

static void unmix_init(CelUnmix *u, const CelUnmixInput *in, const Start *start)
{
    const double axis_u = CLAMP(in->axis_u_cm1 > 0 ? in->axis_u_cm1 : 1.0, 0.5, 4.0);
    u->in = in;
    u->frame = cel_frame_new(in->sample, in->raw, start->from, start->to);
    u->lag_sd = axis_u / CEL_VIEW_STEP_CM1;
    u->nnls = cel_nnls_new(CEL_UNMIX_POOL);
    u->room = g_new(double, (gsize)CEL_UNMIX_POOL * u->frame->n);
    for (gsize b = 0; b < MIN(in->n_blanks, CEL_UNMIX_MAX_BLANKS); b++)
        add_column(u, in->blanks[b], (guint)b, TRUE);
    for (guint i = 0; i < start->n; i++)
        add_column(u, cel_search_view(in->search, start->entry[i]), start->entry[i], FALSE);
}

static void unmix_clear(CelUnmix *u)
{
    cel_frame_free(u->frame);
    cel_nnls_free(u->nnls);
    g_free(u->room);
}

/* The heaviest of the pool by what they draw, blanks in any case. */
static void choose_parts(CelUnmix *u)
{
    double size[CEL_UNMIX_POOL], top = 0;
    for (guint i = 0; i < u->n; i++) {
        size[i] = u->x[i] * sqrt(u->gram[i * CEL_UNMIX_POOL + i]);
        top = MAX(top, size[i]);
    }
    u->n_parts = 0;
    while (u->n_parts < CEL_UNMIX_MAX_PARTS) {
        guint best = u->n;
        for (guint i = 0; i < u->n; i++)
            if (size[i] >= SMALL * top && size[i] > 0 && (best == u->n || size[i] > size[best]))
                best = i;
        if (best == u->n)
            break;
        u->part[u->n_parts++] = u->column[best];
        size[best] = 0;
    }
}

/* ---- the answer ---- */

static double area_of(const CelUnmix *u, const CelView *view, double lag)
{
    g_autofree double *drawn = g_new(double, u->frame->n);
    double sum = 0;
    cel_frame_draw(u->frame, view, lag, drawn);
    for (guint k = 0; k < u->frame->n; k++)
        sum += drawn[k];
    return MAX(sum, 0);
}

static int by_weight(gconstpointer a, gconstpointer b)
{
    const double x = ((const CelMixturePart *)a)->spectral_weight;
    const double y = ((const CelMixturePart *)b)->spectral_weight;
    return (x < y) - (x > y);
}

static void list_parts(const CelUnmix *u, CelMixture *out)
{
    double area[CEL_UNMIX_MAX_PARTS], all = 0;
    for (guint i = 0; i < u->n_parts; i++) {
        area[i] = area_of(u, u->part[i].view, u->part[i].lag);
        all += area[i] * u->part_x[i];
    }
    for (guint i = 0; all > 0 && i < u->n_parts; i++) {
        const CelColumn *c = &u->part[i];
        if (!(u->part_x[i] > 0))
            continue;
        const CelEntryName name =
            c->is_blank ? (CelEntryName){NULL, NULL} : u->in->name(c->entry, u->in->user_data);
        const CelMixturePart part = {
            .kind = c->is_blank ? CEL_COMPONENT_BLANK : CEL_COMPONENT_SUBSTANCE,
            .substance = name.substance,
            .reference = name.reference,
            .entry = c->entry,
            .height = u->part_x[i],
            .spectral_weight = u->part_x[i] * area[i] / all,
            .spectral_weight_se = sqrt(u->part_variance[i] * u->sigma2) * area[i] / all,
            .shift_cm1 = c->lag * CEL_VIEW_STEP_CM1,
            .unshared = cel_unmix_unshared(u, i),
        };
        g_array_append_val(out->parts, part);
    }
    g_array_sort(out->parts, by_weight);
}

/* Strongest band of the residual that stands out of the noise: the mean of five channels, which no
 * band is narrower than. */
static void find_unexplained(const CelUnmix *u, const double *residual, CelMixture *out)
{
    const double least = 4 * u->frame->noise / sqrt(5);
    for (guint k = 2; k + 2 < u->frame->n; k++) {
        const double mean =
            (residual[k - 2] + residual[k - 1] + residual[k] + residual[k + 1] + residual[k + 2]) /
            5;
        if (mean > least && mean > out->unexplained) {
            out->unexplained = mean;
            out->unexplained_cm1 = (u->frame->from + k) * CEL_VIEW_STEP_CM1;
        }
    }
}

static void list_residual(const CelUnmix *u, CelMixture *out)
{
    g_autofree double *residual = g_new(double, u->frame->n);
    CelLikeness best[N_HITS];
    residual_of(u, u->part, u->part_x, u->n_parts, residual);
    const double rss = cel_frame_dot(u->frame, residual, residual);
    out->residual = u->frame->yy > 0 ? rss / u->frame->yy : 0;
    out->noise =
        u->frame->yy > 0 ? u->frame->n * u->frame->noise * u->frame->noise / u->frame->yy : 0;
    out->first_cm1 = u->frame->from * CEL_VIEW_STEP_CM1;
    for (guint k = 0; k < u->frame->n; k++) {
        const float value = (float)residual[k];
        g_array_append_val(out->curve, value);
    }
    find_unexplained(u, residual, out);
    const guint n = look_through(u, residual, FALSE, best, N_HITS);
    for (guint i = 0; i < n && rss > 0; i++) {
        const CelEntryName name = u->in->name(best[i].entry, u->in->user_data);
        const CelResidualHit hit = {name.substance, name.reference, best[i].entry,
                                    best[i].value / sqrt(rss)};
        g_array_append_val(out->residual_hits, hit);
    }
}

CelMixture *cel_unmix(const CelUnmixInput *in)
{
    Start start;
    if (!find_start(in, &start))
        return NULL;
    CelUnmix *u = g_new0(CelUnmix, 1);
    unmix_init(u, in, &start);
    find_lag(u);
    if (in->n_only == 0)
        widen_pool(u);
    solve_pool(u, u->atb);
    choose_parts(u);
    cel_unmix_reduce(u);
    CelMixture *out = g_new0(CelMixture, 1);
    out->parts = g_array_new(FALSE, FALSE, sizeof(CelMixturePart));
    out->curve = g_array_new(FALSE, FALSE, sizeof(float));
    out->residual_hits = g_array_new(FALSE, FALSE, sizeof(CelResidualHit));
    out->shift_cm1 = u->lag * CEL_VIEW_STEP_CM1;
    list_parts(u, out);
    list_residual(u, out);
    unmix_clear(u);
    g_free(u);
    return out;
}

CelMixture *cel_mixture_copy(const CelMixture *mixture)
{
    CelMixture *out = mixture != NULL ? g_memdup2(mixture, sizeof *mixture) : NULL;
    if (out != NULL) {
        g_array_ref(out->parts);
        g_array_ref(out->curve);
        g_array_ref(out->residual_hits);
    }
    return out;
}

void cel_mixture_free(CelMixture *mixture)
{
    if (mixture == NULL)
        return;
    g_array_unref(mixture->parts);
    g_array_unref(mixture->curve);
    g_array_unref(mixture->residual_hits);
    g_free(mixture);
}
