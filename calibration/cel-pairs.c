/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-pairs.h"

#include "cel-lines.h"
#include "cel-trend.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

static const double RAYLEIGH_CM1 = 120.0; /* filter edges stand below, no lines */
static const double OFFSET_STEP_CM1 = 0.25;
static const double STRONG = 0.4, STRONG_LAMP = 0.25; /* of the strongest within the range */
static const double AROUND_SINGLE_CM1 =
    200.0; /* where a standard of one line must be the tallest */
/* What a pseudo-Voigt may miss of the centre of a real line, in full widths: a twentieth of a
 * sample at three samples a line. */
static const double U_SHAPE_FWHM = 0.02;

typedef struct {
    const CelPairTask *task;
    gsize n;
    double *at, *weight, *u; /* accepted lines within reach, cm-1, rising */
    const CelStandardLine **line;
    double fwhm, tallest;
} Reference;

static void reference_clear(Reference *r)
{
    g_free(r->at);
    g_free(r->weight);
    g_free(r->u);
    g_free(r->line);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reference, reference_clear)

static const CelMeasuredLine *measured(const CelPairTask *task, guint i)
{
    return &g_array_index(task->lines, CelMeasuredLine, i);
}

double cel_pairs_accepted_cm1(const CelStandard *standard, const CelStandardLine *line,
                              double laser_vacuum_nm)
{
    if (standard->kind != CEL_STANDARD_LAMP)
        return line->value;
    return 1e7 / laser_vacuum_nm - 1e7 / cel_air_to_vacuum_nm(line->value);
}

static double u_cm1(const CelStandard *standard, const CelStandardLine *line)
{
    const double u = cel_standard_u(standard, line);
    return standard->kind == CEL_STANDARD_LAMP ? 1e7 * u / (line->value * line->value) : u;
}

static double median_fwhm(const CelPairTask *task)
{
    if (task->lines->len == 0)
        return 1.0;
    g_autofree double *fwhm = g_new(double, task->lines->len);
    for (guint i = 0; i < task->lines->len; i++)
        fwhm[i] = measured(task, i)->fwhm;
    return gsl_stats_median(fwhm, 1, task->lines->len);
}

static Reference reference_new(const CelPairTask *task)
{
    const CelStandard *s = task->standard;
    Reference r = {.task = task,
                   .at = g_new(double, s->n_lines),
                   .weight = g_new(double, s->n_lines),
                   .u = g_new(double, s->n_lines),
                   .line = g_new(const CelStandardLine *, s->n_lines),
                   .fwhm = median_fwhm(task)};
    for (gsize i = 0; i < s->n_lines; i++) {
        const double at = cel_pairs_accepted_cm1(s, &s->lines[i], task->laser_vacuum_nm);
        if (at < task->first - task->max_offset_cm1 || at > task->last + task->max_offset_cm1)
            continue;
        r.at[r.n] = at;
        r.weight[r.n] = s->lines[i].weight > 0.0 ? s->lines[i].weight : 0.3;
        r.u[r.n] = u_cm1(s, &s->lines[i]);
        r.line[r.n++] = &s->lines[i];
    }
    for (guint i = 0; i < task->lines->len; i++)
        if (measured(task, i)->position >= RAYLEIGH_CM1)
            r.tallest = fmax(r.tallest, measured(task, i)->height);
    return r;
}

static double tolerance(const Reference *r)
{
    return fmax(2.5, 0.35 * r->fwhm);
}

/* The measured line nearest to @at, or -1. */
static int nearest_measured(const Reference *r, double at)
{
    int best = -1;
    double distance = HUGE_VAL;
    for (guint i = 0; i < r->task->lines->len; i++) {
        const double d = fabs(measured(r->task, i)->position - at);
        if (d < distance) {
            distance = d;
            best = (int)i;
        }
    }
    return best;
}

/* ---- the common offset ---- */

/* How well the lines meet under @offset: tall lines on strong ones count most, but a single one not
 * for everything, hence the fourth root. */
static double agreement(const Reference *r, double offset)
{
    const double within = tolerance(r);
    double sum = 0.0;
    for (gsize j = 0; j < r->n; j++) {
        const int i = nearest_measured(r, r->at[j] + offset);
        if (i < 0)
            continue;
        const CelMeasuredLine *line = measured(r->task, (guint)i);
        const double d = (line->position - r->at[j] - offset) / within;
        if (d * d < 1.0)
            sum += (1.0 - d * d) * pow(r->weight[j] * fmin(1.0, line->height / r->tallest), 0.25);
    }
    return sum;
}

/* With one accepted line there is no pattern: it is the tallest line within reach. */
static double offset_of_single(const Reference *r)
{
    double tallest = 0.0, offset = 0.0;
    for (guint i = 0; i < r->task->lines->len; i++) {
        const CelMeasuredLine *line = measured(r->task, i);
        if (fabs(line->position - r->at[0]) <= r->task->max_offset_cm1 && line->height > tallest) {
            tallest = line->height;
            offset = line->position - r->at[0];
        }
    }
    return offset;
}

static double find_offset(const Reference *r)
{
    if (r->n == 1)
        return offset_of_single(r);
    const int steps = (int)(r->task->max_offset_cm1 / OFFSET_STEP_CM1);
    double best = -1.0, offset = 0.0;
    for (int k = 0; k <= 2 * steps; k++) {
        /* 0, -1, +1, -2, ...: of equals the smallest offset wins */
        const double o = OFFSET_STEP_CM1 * (k % 2 == 0 ? k / 2 : -(k + 1) / 2);
        const double a = agreement(r, o);
        if (a > best + 1e-9) {
            best = a;
            offset = o;
        }
    }
    return offset;
}

/* ---- pairs ---- */

/* What neighbours that the instrument does not resolve could move the line by: the table's weights
 * are too rough to correct for it. */
static double u_of_blend(const Reference *r, gsize j, double fwhm)
{
    double pull = 0.0, weights = r->weight[j];
    for (gsize k = 0; k < r->n; k++) {
        const double d = r->at[k] - r->at[j];
        if (k == j || fabs(d) > fwhm)
            continue;
        const double weight = r->weight[k] * exp(-d * d / (fwhm * fwhm));
        pull += weight * d;
        weights += weight;
    }
    return fabs(pull) / weights;
}

static CelPair make_pair(const Reference *r, gsize j, const CelMeasuredLine *line)
{
    const double step_part = U_SHAPE_FWHM * line->fwhm * (1.0 + fabs(line->asymmetry));
    return (CelPair){.line = r->line[j],
                     .accepted_cm1 = r->at[j],
                     .u_accepted_cm1 = hypot(r->u[j], u_of_blend(r, j, line->fwhm)),
                     .measured_cm1 = line->position,
                     .u_measured_cm1 = hypot(line->u_position, step_part),
                     .fwhm_cm1 = line->fwhm,
                     .snr = line->snr,
                     .saturated = line->saturated};
}

static double expected_at(const Reference *r, gsize j, const CelTrend *trend)
{
    return r->at[j] + cel_trend_value(trend, r->at[j], NULL);
}

/* Is accepted line @j the one nearest to where @line was measured? */
static gboolean is_mutual(const Reference *r, gsize j, const CelMeasuredLine *line,
                          const CelTrend *trend)
{
    const double own = fabs(expected_at(r, j, trend) - line->position);
    for (gsize k = 0; k < r->n; k++)
        if (k != j && fabs(expected_at(r, k, trend) - line->position) < own &&
            r->weight[k] > 0.1 * r->weight[j])
            return FALSE;
    return TRUE;
}

static GArray *pair_around(const Reference *r, const CelTrend *trend, double within)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(CelPair));
    for (gsize j = 0; j < r->n; j++) {
        const double at = expected_at(r, j, trend);
        const int i = nearest_measured(r, at);
        if (i < 0)
            continue;
        const CelMeasuredLine *line = measured(r->task, (guint)i);
        if (fabs(line->position - at) > within || !is_mutual(r, j, line, trend))
            continue;
        const CelPair pair = make_pair(r, j, line);
        CelPair *last = out->len > 0 ? &g_array_index(out, CelPair, out->len - 1) : NULL;
        if (last != NULL && last->measured_cm1 >= pair.measured_cm1) {
            /* two accepted lines claim one: the stronger has it */
            if (last->line->weight < pair.line->weight)
                *last = pair;
            continue;
        }
        g_array_append_val(out, pair);
    }
    return out;
}

/* The trend of what was measured minus what is accepted. */
static gboolean trend_of(const GArray *pairs, CelTrend *out)
{
    g_autofree CelTrendPoint *points = g_new(CelTrendPoint, pairs->len + 1);
    g_autofree gboolean *used = g_new(gboolean, pairs->len + 1);
    for (guint i = 0; i < pairs->len; i++) {
        const CelPair *p = &g_array_index(pairs, CelPair, i);
        points[i] = (CelTrendPoint){p->accepted_cm1, p->measured_cm1 - p->accepted_cm1,
                                    hypot(p->u_accepted_cm1, p->u_measured_cm1)};
    }
    return pairs->len > 0 && cel_trend_fit(points, pairs->len, 2, used, out);
}

/* ---- how well it went ---- */

static gboolean is_paired(const GArray *pairs, const CelStandardLine *line)
{
    for (guint i = 0; i < pairs->len; i++)
        if (g_array_index(pairs, CelPair, i).line == line)
            return TRUE;
    return FALSE;
}

static gboolean belongs(const GArray *pairs, const CelMeasuredLine *line)
{
    for (guint i = 0; i < pairs->len; i++)
        if (fabs(g_array_index(pairs, CelPair, i).measured_cm1 - line->position) < 1e-9)
            return TRUE;
    return FALSE;
}

static gboolean is_within(const Reference *r, gsize j, double offset)
{
    const double at = r->at[j] + offset;
    return at >= r->task->first && at <= r->task->last;
}

static const CelPair *tallest_pair(const GArray *pairs)
{
    const CelPair *tallest = NULL;
    for (guint i = 0; i < pairs->len; i++) {
        const CelPair *p = &g_array_index(pairs, CelPair, i);
        if (tallest == NULL || p->snr > tallest->snr)
            tallest = p;
    }
    return tallest;
}

/* A ripple where the strongest band should be is not that band: compared with the tallest line,
 * less than 3 % of what the weights let expect. Of lamps the weights say too little. */
static gboolean is_tall_enough(const Reference *r, gsize j, const GArray *pairs)
{
    static const double share = 0.03;
    const CelPair *tallest = tallest_pair(pairs);
    for (guint i = 0; i < pairs->len; i++) {
        const CelPair *p = &g_array_index(pairs, CelPair, i);
        if (p->line == r->line[j])
            return r->task->standard->kind == CEL_STANDARD_LAMP ||
                   p->snr * tallest->line->weight >= share * tallest->snr * p->line->weight;
    }
    return FALSE;
}

static double share_found(const Reference *r, const CelPairing *pairing)
{
    const double of_strongest = r->task->standard->kind == CEL_STANDARD_LAMP ? STRONG_LAMP : STRONG;
    double strongest = 0.0, expected = 0.0, found = 0.0;
    for (gsize j = 0; j < r->n; j++)
        if (is_within(r, j, pairing->offset_cm1))
            strongest = fmax(strongest, r->weight[j]);
    for (gsize j = 0; j < r->n; j++) {
        if (r->weight[j] < of_strongest * strongest || !is_within(r, j, pairing->offset_cm1))
            continue;
        expected += 1.0;
        found += is_tall_enough(r, j, pairing->pairs) ? 1.0 : 0.0;
    }
    return expected > 0.0 ? found / expected : 0.0;
}

/* Of bands the squares count: a hundred ripples of smoothed noise must not outvote one. A lamp has
 * many lines and no ripples, and each part of them tells. */
static double share_explained(const Reference *r, const GArray *pairs)
{
    const gboolean lamp = r->task->standard->kind == CEL_STANDARD_LAMP;
    double all = 0.0, explained = 0.0;
    for (guint i = 0; i < r->task->lines->len; i++) {
        const CelMeasuredLine *line = measured(r->task, i);
        if (line->position < RAYLEIGH_CM1 ||
            (r->n == 1 && fabs(line->position - r->at[0]) > AROUND_SINGLE_CM1))
            continue;
        const double share = lamp ? line->height : line->height * line->height;
        all += share;
        explained += belongs(pairs, line) ? share : 0.0;
    }
    return all > 0.0 ? explained / all : 0.0;
}

/* ---- lines that stand elsewhere ---- */

/* Is @line free to be accepted line @j: not paired with one half as strong? */
static gboolean is_free(const Reference *r, gsize j, const CelMeasuredLine *line,
                        const GArray *pairs)
{
    for (guint i = 0; i < pairs->len; i++) {
        const CelPair *p = &g_array_index(pairs, CelPair, i);
        if (fabs(p->measured_cm1 - line->position) < 1e-9)
            return p->line->weight < 0.5 * r->weight[j];
    }
    return TRUE;
}

/* How many of the accepted lines @missing have a free line @offset from where they are expected. */
static guint count_at(const Reference *r, const GArray *missing, const CelTrend *trend,
                      const GArray *pairs, double offset)
{
    static const double close_cm1 = 0.75;
    guint n = 0;
    for (guint m = 0; m < missing->len; m++) {
        const gsize j = g_array_index(missing, gsize, m);
        const double at = expected_at(r, j, trend) + offset;
        const CelMeasuredLine *line = measured(r->task, (guint)nearest_measured(r, at));
        n += fabs(line->position - at) <= close_cm1 && is_free(r, j, line, pairs) ? 1 : 0;
    }
    return n;
}

/* Strong lines that are not where the others put them, but all as far from it: a piece of the axis
 * that is off by itself. */
static void find_displaced(const Reference *r, const CelTrend *trend, CelPairing *out)
{
    static const double strong = 0.08;
    g_autoptr(GArray) missing = g_array_new(FALSE, FALSE, sizeof(gsize));
    double strongest = 0.0;
    for (gsize j = 0; j < r->n; j++)
        strongest = fmax(strongest, r->weight[j]);
    for (gsize j = 0; j < r->n; j++)
        if (r->weight[j] >= strong * strongest && is_within(r, j, out->offset_cm1) &&
            !is_paired(out->pairs, r->line[j]))
            g_array_append_val(missing, j);
    const double reach = r->task->max_offset_cm1;
    for (double d = -reach; missing->len > 0 && d <= reach; d += OFFSET_STEP_CM1) {
        const guint n = count_at(r, missing, trend, out->pairs, d);
        if (n > out->n_displaced && 2 * n > missing->len) {
            out->n_displaced = n;
            out->displaced_cm1 = d;
        }
    }
}

/* How loosely the lines follow a smooth trend: RMS over 1.5 cm-1, of broad lines over 15 % of
 * their width. Chance pairs are as far off as they are allowed to be. */
static double looseness_of(const Reference *r, const GArray *pairs, const CelTrend *trend)
{
    double sum = 0.0;
    for (guint i = 0; i < pairs->len; i++) {
        const CelPair *p = &g_array_index(pairs, CelPair, i);
        const double off =
            p->measured_cm1 - p->accepted_cm1 - cel_trend_value(trend, p->accepted_cm1, NULL);
        sum += off * off;
    }
    return pairs->len > 0 ? sqrt(sum / pairs->len) / fmax(1.5, 0.15 * r->fwhm) : 0.0;
}

void cel_pairs_find(const CelPairTask *task, CelPairing *out)
{
    enum { ROUNDS = 3 };
    g_auto(Reference) r = reference_new(task);
    *out = (CelPairing){.pairs = g_array_new(FALSE, TRUE, sizeof(CelPair))};
    if (r.n == 0 || task->lines->len == 0)
        return;
    out->offset_cm1 = find_offset(&r);
    CelTrend trend = {.c = {out->offset_cm1}};
    double within = 1.5 * tolerance(&r);
    for (guint round = 0; round < ROUNDS; round++) {
        g_array_unref(out->pairs);
        out->pairs = pair_around(&r, &trend, within);
        if (!trend_of(out->pairs, &trend))
            break;
        within = tolerance(&r);
    }
    out->found = share_found(&r, out);
    out->explained = share_explained(&r, out->pairs);
    out->looseness = looseness_of(&r, out->pairs, &trend);
    if (task->standard->kind == CEL_STANDARD_LAMP)
        find_displaced(&r, &trend, out);
}

double cel_pairing_score(const CelPairing *pairing)
{
    return pairing->found * pairing->explained / (1.0 + pairing->looseness * pairing->looseness);
}

void cel_pairing_clear(CelPairing *pairing)
{
    if (pairing->pairs != NULL)
        g_array_unref(pairing->pairs);
    *pairing = (CelPairing){0};
}
