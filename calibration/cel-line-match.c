/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-line-match.h"

#include "base/cel-error.h"
#include "cel-line-search.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <string.h>

static const double MOST_ALARMS_LOG10 = -3.0, LEAST_LEAD_LOG10 = 6.0;
/* Past this, more triples of measured lines teach nothing. */
static const double PLAIN_ALARMS_LOG10 = -14.0;
/* What a saturated line may be off and count as hit. */
static const double COARSE_PX = 1.0;
static const double FINEST_PX = 0.1; /* closer hits are no better evidence: fits err by as much */
static const double LAST_REACH_PX = 1.0;
/* Solutions with this share of lines in common are one pattern that differs in places. */
static const double COMMON_SHARE = 0.6;
enum { FREE = 4 }; /* orders 0 to 3 follow the lines, higher ones hardly */
enum { FIRST_ANCHORS = 6, MORE_ANCHORS = 6 };
/* The strongest lines of a table that are tried when all of them decide nothing. */
static const gsize levels[] = {0, 60, 30};

/** Solution: a refined curve. */
typedef struct {
    double c[CEL_LINE_MATCH_TERMS];
    gint reference[CEL_LINE_MATCH_MAX_LINES];
    double alarms;
} Solution;

void cel_match_free(CelMatch *match)
{
    if (match == NULL)
        return;
    g_free(match->reference);
    g_free(match);
}

double cel_match_nm(const CelMatch *match, double pixel)
{
    return cel_line_curve(match->c, (pixel - match->centre_px) / match->half_px);
}

/* ---- what chance can do ---- */

static double choose_log10(guint n, guint k)
{
    return k > n ? 0.0 : gsl_sf_lnchoose(n, k) / G_LN10;
}

/* Share of the lines' range in nm that lies within @reach_px of some line of the table. */
static double covered_share(const CelLineSearch *s, const double *c, guint lamp, double reach_px)
{
    const CelStandard *table = s->problem->lamps[lamp];
    double covered = 0.0, end = cel_line_curve(c, -1.0);
    const double first = end, last = cel_line_curve(c, 1.0);
    for (gsize i = 0; i < table->n_lines; i++) {
        const double nm = table->lines[i].value;
        if (nm < first || nm > last)
            continue;
        const double t = CLAMP((nm - c[0]) / c[1], -1.0, 1.0);
        const double reach_nm = reach_px * cel_line_slope(c, t) / s->half_px;
        const double low = MAX(end, nm - reach_nm), high = MIN(last, nm + reach_nm);
        covered += MAX(high - low, 0.0);
        end = MAX(end, high);
    }
    return CLAMP(covered / (last - first), 1e-6, 1.0);
}

/* The chance that a line somewhere hits: mean over the lamps, weighted by their lines. */
static double chance_of_hit(const CelLineSearch *s, const double *c, double reach_px)
{
    double sum = 0.0;
    for (guint l = 0; l < s->problem->n_lamps; l++) {
        guint own = 0;
        for (guint i = 0; i < s->n; i++)
            own += s->line[i].lamp == l;
        sum += own > 0 ? own * covered_share(s, c, l, reach_px) : 0.0;
    }
    return sum / s->n;
}

static int compare_doubles(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Distances of assigned lines of one sort in pixels, rising. @out_all: of that sort, assigned or
 * not. Returns: how many. */
static guint distances(const CelLineSearch *s, const Solution *one, gboolean coarse, double *out,
                       guint *out_all)
{
    guint n = 0;
    *out_all = 0;
    for (guint i = 0; i < s->n; i++) {
        if (s->line[i].coarse != coarse)
            continue;
        (*out_all)++;
        if (one->reference[i] < 0)
            continue;
        const double off = cel_line_nm(s, i, one->reference[i]) - cel_line_curve(one->c, s->t[i]);
        out[n++] = fabs(off) * s->half_px / cel_line_slope(one->c, s->t[i]);
    }
    qsort(out, n, sizeof *out, compare_doubles);
    return n;
}

/* Patterns that were tried: curves through a triple, times the triples there are, times the sets of
 * table lines. */
static double tests_log10(const CelLineSearch *s)
{
    const double curves = (double)s->n_tried / MAX(s->n_anchors, 1u);
    return log10(MAX(curves, 1.0)) + choose_log10(s->n, 3) + log10(G_N_ELEMENTS(levels));
}

/* log10 of the expected number of chance patterns at least as good, the best over how many lines
 * are counted as belonging to it. */
static double false_alarms(const CelLineSearch *s, const Solution *one)
{
    double fine[CEL_LINE_MATCH_MAX_LINES], coarse[CEL_LINE_MATCH_MAX_LINES], best = INFINITY;
    guint n_fine = 0, n_coarse = 0, hit = 0;
    const guint n = distances(s, one, FALSE, fine, &n_fine);
    const guint n_near = distances(s, one, TRUE, coarse, &n_coarse);
    while (hit < n_near && coarse[hit] <= COARSE_PX)
        hit++;
    const double from_coarse = choose_log10(n_coarse, hit) + log10(n_coarse + 1.0) +
                               hit * log10(chance_of_hit(s, one->c, COARSE_PX));
    const double tests = tests_log10(s) + fmin(from_coarse, 0.0);
    for (guint k = FREE; k <= n; k++) {
        const double reach_px = fmax(fine[k - 1], FINEST_PX);
        const double chance = log10(chance_of_hit(s, one->c, reach_px));
        best = fmin(best, tests + log10(n_fine) + choose_log10(n_fine, k) + (k - FREE) * chance);
    }
    return best;
}

/* ---- refinement ---- */

static gboolean refine_by(const CelLineSearch *s, const double *reach_px, gsize n, Solution *one)
{
    for (gsize k = 0; k < n; k++) {
        if (cel_line_assign(s, one->c, reach_px[k], one->reference) < FREE ||
            !cel_line_fit(s, one->reference, fmax(0.15, 0.3 * reach_px[k]), one->c) ||
            !cel_line_physical(s, one->c))
            return FALSE;
    }
    cel_line_assign(s, one->c, LAST_REACH_PX, one->reference);
    one->alarms = false_alarms(s, one);
    return isfinite(one->alarms);
}

/* From far, which finds back lines at the ends, and from near, which is not led astray where lines
 * stand close: the better of the two. */
static gboolean refine(const CelLineSearch *s, const CelLineCurve *from, Solution *out)
{
    static const double far[] = {3.0, 2.5, 2.0, 1.5, 1.2, 1.0, 1.0};
    static const double near[] = {1.2, 0.8, 0.6, 0.6, 0.6};
    Solution a = {0}, b = {0};
    memcpy(a.c, from->c, sizeof a.c);
    memcpy(b.c, from->c, sizeof b.c);
    const gboolean good_a = refine_by(s, far, G_N_ELEMENTS(far), &a);
    const gboolean good_b = refine_by(s, near, G_N_ELEMENTS(near), &b);
    *out = good_b && (!good_a || b.alarms < a.alarms) ? b : a;
    return good_a || good_b;
}

static int compare_solutions(gconstpointer a, gconstpointer b)
{
    const Solution *x = a, *y = b;
    return x->alarms < y->alarms ? -1 : x->alarms > y->alarms;
}

/* Returns: (element-type Solution): the best first. */
static GArray *refine_all(const CelLineSearch *s)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(Solution));
    for (guint k = 0; k < s->kept->len; k++) {
        Solution one;
        if (refine(s, &g_array_index(s->kept, CelLineCurve, k), &one))
            g_array_append_val(out, one);
    }
    g_array_sort(out, compare_solutions);
    return out;
}

/* ---- other solutions ---- */

/* Whether the two put line @i at places that are two. */
static gboolean differ_at(const CelLineSearch *s, const Solution *a, const Solution *b, guint i)
{
    const double apart_px = 1.5;
    const double off = cel_line_curve(a->c, s->t[i]) - cel_line_curve(b->c, s->t[i]);
    return fabs(off) * s->half_px > apart_px * cel_line_slope(a->c, s->t[i]) ||
           (a->reference[i] >= 0 && b->reference[i] >= 0 && a->reference[i] != b->reference[i]);
}

static double common_share(const CelLineSearch *s, const Solution *a, const Solution *b)
{
    guint same = 0, all = 0;
    for (guint i = 0; i < s->n; i++) {
        all += a->reference[i] >= 0;
        same += a->reference[i] >= 0 && !differ_at(s, a, b, i);
    }
    return all > 0 ? (double)same / all : 0.0;
}

/* Takes back what a solution nearly as good says otherwise, and finds the best one that is another
 * pattern altogether. */
static void compare_with_others(const CelLineSearch *s, const GArray *solutions, CelMatch *match)
{
    const Solution *best = &g_array_index(solutions, Solution, 0);
    match->runner_up_log10 = INFINITY;
    for (guint k = 1; k < solutions->len; k++) {
        const Solution *other = &g_array_index(solutions, Solution, k);
        if (common_share(s, best, other) < COMMON_SHARE) {
            match->runner_up_log10 = fmin(match->runner_up_log10, other->alarms);
            continue;
        }
        if (other->alarms - best->alarms > LEAST_LEAD_LOG10)
            continue;
        for (guint i = 0; i < s->n; i++) {
            if (match->reference[i] < 0 || !differ_at(s, best, other, i))
                continue;
            match->reference[i] = -1;
            match->n_uncertain++;
        }
    }
}

static CelMatch *to_match(const CelLineSearch *s, const GArray *solutions)
{
    const Solution *best = &g_array_index(solutions, Solution, 0);
    CelMatch *match = g_new0(CelMatch, 1);
    match->reference = g_memdup2(best->reference, s->n * sizeof *best->reference);
    match->centre_px = s->centre_px;
    match->half_px = s->half_px;
    memcpy(match->c, best->c, sizeof match->c);
    match->false_alarms_log10 = best->alarms;
    compare_with_others(s, solutions, match);
    match->certain = best->alarms < MOST_ALARMS_LOG10 &&
                     match->runner_up_log10 - best->alarms > LEAST_LEAD_LOG10;
    return match;
}

/* ---- the strongest lines of a table ---- */

static int compare_weights(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x > y ? -1 : x < y;
}

/* Returns: (transfer full) (nullable): @lamp with its @n strongest lines (more where the last ones
 * weigh the same), in an array that g_free() frees; NULL when that is nearly all of them. */
static CelStandardLine *strongest_lines(const CelStandard *lamp, gsize n, gsize *out_n)
{
    if (n == 0 || lamp->n_lines < n + n / 4)
        return NULL;
    g_autofree double *weights = g_new(double, lamp->n_lines);
    for (gsize i = 0; i < lamp->n_lines; i++)
        weights[i] = lamp->lines[i].weight;
    qsort(weights, lamp->n_lines, sizeof *weights, compare_weights);
    CelStandardLine *out = g_new(CelStandardLine, lamp->n_lines);
    *out_n = 0;
    for (gsize i = 0; i < lamp->n_lines; i++) {
        if (lamp->lines[i].weight >= weights[n - 1])
            out[(*out_n)++] = lamp->lines[i];
    }
    return out;
}

/** Reduced: a problem whose tables hold their strongest lines only. */
typedef struct {
    CelMatchProblem problem;
    CelStandard *lamp;
    const CelStandard **lamps;
    CelStandardLine **lines;
} Reduced;

static void reduced_clear(Reduced *r)
{
    for (guint l = 0; l < r->problem.n_lamps; l++)
        g_free(r->lines[l]);
    g_free(r->lines);
    g_free(r->lamps);
    g_free(r->lamp);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reduced, reduced_clear)

/* Returns: whether any table became shorter. */
static gboolean reduce(const CelMatchProblem *problem, gsize n, Reduced *out)
{
    gboolean shorter = FALSE;
    out->problem = *problem;
    out->lamp = g_new(CelStandard, problem->n_lamps);
    out->lamps = g_new(const CelStandard *, problem->n_lamps);
    out->lines = g_new0(CelStandardLine *, problem->n_lamps);
    for (guint l = 0; l < problem->n_lamps; l++) {
        gsize kept = 0;
        out->lamp[l] = *problem->lamps[l];
        out->lamps[l] = &out->lamp[l];
        out->lines[l] = strongest_lines(problem->lamps[l], n, &kept);
        if (out->lines[l] == NULL)
            continue;
        out->lamp[l].lines = out->lines[l];
        out->lamp[l].n_lines = kept;
        shorter = TRUE;
    }
    out->problem.lamps = out->lamps;
    return shorter;
}

/* ---- the door ---- */

/* @out: NULL when nothing fits. Returns: FALSE with CEL_ERROR_CANCELLED. */
static gboolean match_at(CelLineSearch *s, CelMatch **out, CelJob *job, GError **error)
{
    CelLineAnchor anchors[CEL_LINE_MAX_ANCHORS];
    const guint all = cel_line_anchors(s, anchors);
    const guint n = s->problem->quick ? MIN(all, (guint)FIRST_ANCHORS) : all;
    *out = NULL;
    for (guint k = 0; k < n; k++) {
        if (!cel_job_step(job, N_("Assigning lines"), k, n, error)) {
            cel_match_free(*out);
            *out = NULL;
            return FALSE;
        }
        cel_line_search(s, &anchors[k]);
        const gboolean look = k + 1 >= FIRST_ANCHORS && (k + 1 - FIRST_ANCHORS) % MORE_ANCHORS == 0;
        if (!look && k + 1 < n)
            continue;
        g_autoptr(GArray) solutions = refine_all(s);
        cel_match_free(*out);
        *out = solutions->len > 0 ? to_match(s, solutions) : NULL;
        if (*out != NULL && (*out)->certain && (*out)->false_alarms_log10 < PLAIN_ALARMS_LOG10)
            return TRUE;
    }
    return TRUE;
}

/* From references into the short tables to those into the whole ones, where more lines fit. */
static void back_to_whole(const CelMatchProblem *problem, CelMatch *match)
{
    g_auto(CelLineSearch) s = {0};
    g_autofree gint *whole = g_new(gint, problem->n_lines);
    cel_line_search_init(&s, problem);
    cel_line_assign(&s, match->c, LAST_REACH_PX, whole);
    for (guint round = 0; round < 3; round++) {
        double c[CEL_LINE_MATCH_TERMS];
        memcpy(c, match->c, sizeof c);
        if (cel_line_fit(&s, whole, 0.2, c) && cel_line_physical(&s, c))
            memcpy(match->c, c, sizeof c);
        cel_line_assign(&s, match->c, LAST_REACH_PX, whole);
    }
    memcpy(match->reference, whole, problem->n_lines * sizeof *whole);
}

static gboolean match_level(const CelMatchProblem *problem, gsize level, CelMatch **out,
                            CelJob *job, GError **error)
{
    g_auto(Reduced) reduced = {0};
    g_auto(CelLineSearch) s = {0};
    *out = NULL;
    const gboolean shorter = reduce(problem, level, &reduced);
    cel_line_search_init(&s, &reduced.problem);
    if (level > 0 && !shorter)
        return TRUE;
    if (!match_at(&s, out, job, error))
        return FALSE;
    if (*out != NULL && shorter)
        back_to_whole(problem, *out);
    return TRUE;
}

CelMatch *cel_line_match(const CelMatchProblem *problem, CelJob *job, GError **error)
{
    g_return_val_if_fail(problem->n_lines > FREE && problem->n_lines <= CEL_LINE_MATCH_MAX_LINES,
                         NULL);
    g_autoptr(CelMatch) best = NULL;
    for (gsize k = 0; k < G_N_ELEMENTS(levels); k++) {
        CelMatch *match = NULL;
        if (!match_level(problem, levels[k], &match, job, error))
            return NULL;
        const gboolean better =
            match != NULL && (best == NULL || match->certain ||
                              match->false_alarms_log10 < best->false_alarms_log10);
        CelMatch *worse = better ? best : match;
        if (better)
            best = match;
        cel_match_free(worse);
        if (problem->quick || (best != NULL && best->certain))
            break;
    }
    if (best == NULL)
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("no curve through the lines agrees with the table of the lamp"));
    return g_steal_pointer(&best);
}
