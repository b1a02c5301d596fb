/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-line-match.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <string.h>

/* Where spectrographs for this work look at all, and how much of it they see. */
static const double LOWEST_NM = 200.0, HIGHEST_NM = 1100.0;
static const double NARROWEST_NM = 30.0, WIDEST_NM = 900.0;
static const double GRID_NM = 0.01;
/* With t = -1..1 over the detector, wavelength = c0 + c1 (t + a t^2 + b t^3 + ...). The grating
 * equation on a flat detector of half width u focal lengths gives a = -tan(beta) u / 2 and
 * b = -u^2 / 2; u is 0.03 (bench) to 0.25 (handheld), and tilted detectors add to a. */
static const double LARGEST_A = 0.16;
static const double CUBIC[] = {-0.002, -0.007, -0.013, -0.022};
static const double PRIOR_A = 0.12, PRIOR_B = 0.02, PRIOR_FOURTH = 0.002;

static const double VOTE_PX = 2.0; /* what the coarse steps of CUBIC leave undone */
static const double HIT_RATE = 0.8;
enum { PER_PART = 5, MAX_ANCHORS = 48, KEPT = 240, CHECK_FIRST = 6 };

/** Grid: of one lamp, for every GRID_NM: the nearest line and how dense lines are. */
typedef struct {
    gint16 *nearest; /* index into the lamp's lines; the lamp must have some */
    float *per_nm;   /* lines per nm within +-10 nm */
} Grid;

/** Hypothesis: a curve over t of the lines, and its score. */
typedef struct {
    double c[CEL_LINE_MATCH_DEGREE + 1];
    double score;
} Hypothesis;

typedef struct {
    const CelMatchProblem *problem;
    const CelMatchLine *line; /* rising pixel */
    guint n;
    double centre_px, half_px; /* of the lines, not of the detector */
    double reach;              /* half width of the lines over that of the detector, <= 1 */
    double *t;                 /* of the lines */
    guint by_strength[CEL_LINE_MATCH_MAX_LINES];
    Grid *grid;   /* one a lamp */
    GArray *kept; /* Hypothesis, a heap: the worst first */
} Search;

void cel_match_free(CelMatch *match)
{
    if (match == NULL)
        return;
    g_free(match->reference);
    g_free(match);
}

static double curve(const double *c, double t)
{
    return c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * c[4])));
}

static double slope(const double *c, double t)
{
    return c[1] + t * (2.0 * c[2] + t * (3.0 * c[3] + t * 4.0 * c[4]));
}

double cel_match_nm(const CelMatch *match, double pixel)
{
    return curve(match->c, (pixel - match->centre_px) / match->half_px);
}

/* ---- tables ---- */

static gsize grid_size(void)
{
    return (gsize)((HIGHEST_NM - LOWEST_NM) / GRID_NM) + 1;
}

static Grid grid_new(const CelStandard *lamp)
{
    const gsize n = grid_size();
    const double window_nm = 10.0;
    Grid grid = {g_new(gint16, n), g_new(float, n)};
    gsize at = 0, first = 0, end = 0;
    for (gsize i = 0; i < n; i++) {
        const double nm = LOWEST_NM + GRID_NM * (double)i;
        while (at + 1 < lamp->n_lines &&
               fabs(lamp->lines[at + 1].value - nm) <= fabs(lamp->lines[at].value - nm))
            at++;
        while (first < lamp->n_lines && lamp->lines[first].value < nm - window_nm)
            first++;
        while (end < lamp->n_lines && lamp->lines[end].value <= nm + window_nm)
            end++;
        grid.nearest[i] = (gint16)at;
        grid.per_nm[i] = (float)((double)MAX(end - first, 1) / (2.0 * window_nm));
    }
    return grid;
}

static gsize grid_index(double nm)
{
    return (gsize)((nm - LOWEST_NM) / GRID_NM + 0.5);
}

static gboolean in_range(double nm)
{
    return nm >= LOWEST_NM && nm <= HIGHEST_NM;
}

/* ---- votes ---- */

/* Monotonic over the detector, a width and a bend that optics allow. */
static gboolean is_physical(const Search *s, const double *c)
{
    const double edge =
        1.0 / s->reach; /* t at the ends of a detector whose lines lie in its middle */
    const double width_nm = 2.0 * c[1] * edge;
    return width_nm > NARROWEST_NM && width_nm < WIDEST_NM && slope(c, -1.0) > 0.4 * c[1] &&
           slope(c, 1.0) > 0.4 * c[1] && fabs(c[2]) < LARGEST_A * s->reach * c[1] * 1.3 &&
           in_range(curve(c, -1.0)) && in_range(curve(c, 1.0));
}

/* Log likelihood of hits against chance for one line. */
static double vote(const Search *s, const double *c, guint i)
{
    const CelMatchLine *line = &s->line[i];
    const double nm = curve(c, s->t[i]);
    if (!in_range(nm))
        return log(1.0 - HIT_RATE);
    const Grid *grid = &s->grid[line->lamp];
    const gsize at = grid_index(nm);
    const double reach_nm = VOTE_PX * slope(c, s->t[i]) / s->half_px;
    const double off = s->problem->lamps[line->lamp]->lines[grid->nearest[at]].value - nm;
    const double chance = MIN(0.9, 2.0 * reach_nm * (double)grid->per_nm[at]);
    return fabs(off) <= reach_nm ? log(HIT_RATE / chance) : log((1.0 - HIT_RATE) / (1.0 - chance));
}

static gboolean hits(const Search *s, const double *c, guint i)
{
    const CelMatchLine *line = &s->line[i];
    const double nm = curve(c, s->t[i]);
    if (!in_range(nm))
        return FALSE;
    const double off =
        s->problem->lamps[line->lamp]->lines[s->grid[line->lamp].nearest[grid_index(nm)]].value -
        nm;
    return fabs(off) * s->half_px <= VOTE_PX * slope(c, s->t[i]);
}

/* The strongest lines first: most hypotheses end here. */
static gboolean is_promising(const Search *s, const double *c)
{
    guint hit = 0, missed = 0;
    for (guint k = 0; k < s->n; k++) {
        if (hits(s, c, s->by_strength[k]))
            hit++;
        else
            missed++;
        if (k + 1 >= CHECK_FIRST && missed > hit)
            return FALSE;
    }
    return TRUE;
}

static void sift(GArray *heap)
{
    Hypothesis *h = (Hypothesis *)(void *)heap->data;
    for (guint at = 0;;) {
        guint least = at;
        for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < heap->len; child++) {
            if (h[child].score < h[least].score)
                least = child;
        }
        if (least == at)
            return;
        const Hypothesis swap = h[at];
        h[at] = h[least];
        h[least] = swap;
        at = least;
    }
}

/* Keeps the KEPT best. */
static void keep(GArray *heap, const Hypothesis *one)
{
    Hypothesis *h = (Hypothesis *)(void *)heap->data;
    if (heap->len == KEPT) {
        if (one->score <= h[0].score)
            return;
        h[0] = *one;
        sift(heap);
        return;
    }
    g_array_append_vals(heap, one, 1);
    h = (Hypothesis *)(void *)heap->data;
    for (guint at = heap->len - 1; at > 0 && h[at].score < h[(at - 1) / 2].score;) {
        const Hypothesis swap = h[at];
        h[at] = h[(at - 1) / 2];
        h[(at - 1) / 2] = swap;
        at = (at - 1) / 2;
    }
}

static void try_curve(Search *s, const double *c)
{
    Hypothesis one = {.score = 0.0};
    if (!is_physical(s, c) || !is_promising(s, c))
        return;
    memcpy(one.c, c, sizeof one.c);
    for (guint i = 0; i < s->n; i++)
        one.score += vote(s, c, i);
    if (one.score > 0.0)
        keep(s->kept, &one);
}

/* ---- hypotheses ---- */

typedef struct {
    guint low, mid, high; /* measured lines */
} Anchor;

/* The curve of given third-order share through three points. */
static void through(const double *t, const double *nm, double share, double *c)
{
    double b = 0.0;
    /* c3 = share c1, and c1 follows from the points once c3 is known: two rounds settle it */
    c[4] = 0.0;
    for (int round = 0; round < 3; round++) {
        double y[3];
        for (int k = 0; k < 3; k++)
            y[k] = nm[k] - b * t[k] * t[k] * t[k];
        const double d01 = (y[1] - y[0]) / (t[1] - t[0]), d12 = (y[2] - y[1]) / (t[2] - t[1]);
        c[2] = (d12 - d01) / (t[2] - t[0]);
        c[1] = d01 - c[2] * (t[0] + t[1]);
        c[0] = y[0] - t[0] * (c[1] + t[0] * c[2]);
        c[3] = b;
        b = share * c[1];
    }
}

static void try_middle(Search *s, const Anchor *a, const double *ends_nm)
{
    const CelStandard *lamp = s->problem->lamps[s->line[a->mid].lamp];
    const double t[] = {s->t[a->low], s->t[a->mid], s->t[a->high]};
    const double share = (t[1] - t[0]) / (t[2] - t[0]), width = ends_nm[1] - ends_nm[0];
    const double straight = ends_nm[0] + share * width;
    const double c1 = width / (t[2] - t[0]);
    const double bend = LARGEST_A * s->reach * c1 * (t[1] - t[0]) * (t[2] - t[1]) + 0.03 * c1;
    const double first = straight - bend, last = straight + bend;
    for (gsize b = 0; b < lamp->n_lines && lamp->lines[b].value <= last; b++) {
        if (lamp->lines[b].value < first)
            continue;
        const double nm[] = {ends_nm[0], lamp->lines[b].value, ends_nm[1]};
        double c[CEL_LINE_MATCH_DEGREE + 1];
        for (gsize k = 0; k < G_N_ELEMENTS(CUBIC); k++) {
            through(t, nm, CUBIC[k] * s->reach * s->reach, c);
            try_curve(s, c);
        }
    }
}

static void try_anchor(Search *s, const Anchor *a)
{
    const CelStandard *low = s->problem->lamps[s->line[a->low].lamp];
    const CelStandard *high = s->problem->lamps[s->line[a->high].lamp];
    const double pixels = s->line[a->high].pixel - s->line[a->low].pixel;
    const double share = pixels / (double)(s->problem->n_pixels - 1);
    for (gsize i = 0; i < low->n_lines; i++) {
        for (gsize k = 0; k < high->n_lines; k++) {
            const double ends_nm[] = {low->lines[i].value, high->lines[k].value};
            const double width_nm = ends_nm[1] - ends_nm[0];
            if (width_nm > NARROWEST_NM * share && width_nm < WIDEST_NM * share)
                try_middle(s, a, ends_nm);
        }
    }
}

/* The strongest lines of a third of the range; @out: PER_PART indices. */
static guint strongest_of(const Search *s, double from, double to, guint *out)
{
    guint n = 0;
    for (guint k = 0; k < s->n && n < PER_PART; k++) {
        const guint i = s->by_strength[k];
        if (s->t[i] >= from && s->t[i] <= to)
            out[n++] = i;
    }
    return n;
}

/* Triples of strong lines, wide apart; the strongest first. */
static guint choose_anchors(const Search *s, Anchor *out)
{
    guint low[PER_PART], mid[PER_PART], high[PER_PART], n = 0;
    const guint n_low = strongest_of(s, -1.0, -0.35, low);
    const guint n_mid = strongest_of(s, -0.35, 0.35, mid);
    const guint n_high = strongest_of(s, 0.35, 1.0, high);
    for (guint sum = 0; sum <= 3 * (PER_PART - 1); sum++) {
        for (guint a = 0; a < n_low && a <= sum; a++) {
            for (guint b = 0; b < n_mid && a + b <= sum; b++) {
                const guint c = sum - a - b;
                if (c < n_high && n < MAX_ANCHORS)
                    out[n++] = (Anchor){low[a], mid[b], high[c]};
            }
        }
    }
    return n;
}

/* ---- refinement ---- */

enum { N_COEFFICIENTS = CEL_LINE_MATCH_DEGREE + 1 };

/* Least squares over the lines that have a reference, the higher orders held by what optics allow.
 * @in_out_c: the start gives the scale of the priors. Returns: FALSE when singular. */
static gboolean fit_curve(const Search *s, const gint *reference, double sigma_px, double *in_out_c)
{
    double normal[N_COEFFICIENTS * N_COEFFICIENTS] = {0}, right[N_COEFFICIENTS] = {0};
    const double c1 = in_out_c[1], sigma_nm = sigma_px * c1 / s->half_px;
    const double prior[N_COEFFICIENTS] = {0.0, 0.0, PRIOR_A * s->reach * c1,
                                          PRIOR_B * s->reach * s->reach * c1,
                                          PRIOR_FOURTH * s->reach * s->reach * s->reach * c1};
    for (guint i = 0; i < s->n; i++) {
        if (reference[i] < 0)
            continue;
        const double nm = s->problem->lamps[s->line[i].lamp]->lines[reference[i]].value;
        const double w = 1.0 / (sigma_nm * sigma_nm);
        double power[N_COEFFICIENTS] = {1.0};
        for (int k = 1; k < N_COEFFICIENTS; k++)
            power[k] = power[k - 1] * s->t[i];
        for (int a = 0; a < N_COEFFICIENTS; a++) {
            right[a] += w * power[a] * nm;
            for (int b = 0; b < N_COEFFICIENTS; b++)
                normal[a * N_COEFFICIENTS + b] += w * power[a] * power[b];
        }
    }
    for (int a = 2; a < N_COEFFICIENTS; a++)
        normal[a * N_COEFFICIENTS + a] += 1.0 / (prior[a] * prior[a]);
    gsl_matrix_view m = gsl_matrix_view_array(normal, N_COEFFICIENTS, N_COEFFICIENTS);
    gsl_vector_view b = gsl_vector_view_array(right, N_COEFFICIENTS);
    gsl_vector_view x = gsl_vector_view_array(in_out_c, N_COEFFICIENTS);
    return gsl_linalg_cholesky_decomp1(&m.matrix) == 0 &&
           gsl_linalg_cholesky_solve(&m.matrix, &b.vector, &x.vector) == 0;
}

/* Nearest table lines within @reach_px (coarse lines: twice that), each given once.
 * Returns: how many. */
static guint assign(const Search *s, const double *c, double reach_px, gint *out)
{
    guint n = 0;
    for (guint i = 0; i < s->n; i++) {
        const CelMatchLine *line = &s->line[i];
        const double nm = curve(c, s->t[i]), px_nm = slope(c, s->t[i]) / s->half_px;
        const double most = (line->coarse ? 2.0 : 1.0) * reach_px * px_nm;
        out[i] = -1;
        if (!in_range(nm))
            continue;
        const gint16 at = s->grid[line->lamp].nearest[grid_index(nm)];
        const CelStandardLine *table = s->problem->lamps[line->lamp]->lines;
        if (fabs(table[at].value - nm) > most)
            continue;
        const gboolean taken = i > 0 && out[i - 1] == at && s->line[i - 1].lamp == line->lamp;
        const double other = taken ? fabs(curve(c, s->t[i - 1]) - table[at].value) : INFINITY;
        if (taken && other <= fabs(table[at].value - nm))
            continue;
        if (taken) {
            out[i - 1] = -1;
            n--;
        }
        out[i] = at;
        n++;
    }
    return n;
}

static gboolean refine(const Search *s, Hypothesis *h, gint *reference)
{
    static const double reach_px[] = {3.0, 2.5, 2.0, 1.5, 1.2, 1.0, 1.0};
    for (gsize k = 0; k < G_N_ELEMENTS(reach_px); k++) {
        if (assign(s, h->c, reach_px[k], reference) < 4 ||
            !fit_curve(s, reference, MAX(0.15, 0.3 * reach_px[k]), h->c) || !is_physical(s, h->c))
            return FALSE;
    }
    return TRUE;
}

/* ---- what chance can do ---- */

static double choose_log10(guint n, guint k)
{
    return k > n ? 0.0 : gsl_sf_lnchoose(n, k) / G_LN10;
}

/* Share of the lines' range (in nm) that lies within @reach_px of some table line of any lamp that
 * has measured lines. Sampled at the middle between pixels of half a unit. */
static double covered_share(const Search *s, const double *c, guint lamp, double reach_px)
{
    const CelStandard *table = s->problem->lamps[lamp];
    double covered = 0.0, end = curve(c, -1.0);
    const double first = end, last = curve(c, 1.0);
    for (gsize i = 0; i < table->n_lines; i++) {
        const double nm = table->lines[i].value;
        if (nm < first || nm > last)
            continue;
        const double t = CLAMP((nm - c[0]) / c[1], -1.0, 1.0);
        const double reach_nm = reach_px * slope(c, t) / s->half_px;
        const double low = MAX(end, nm - reach_nm), high = MIN(last, nm + reach_nm);
        if (high > low)
            covered += high - low;
        end = MAX(end, high);
    }
    return CLAMP(covered / (last - first), 1e-6, 1.0);
}

static int compare_doubles(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Distances of the assigned, not coarse lines, sorted. Returns: how many. */
static guint distances(const Search *s, const double *c, const gint *reference, double *out)
{
    guint n = 0;
    for (guint i = 0; i < s->n; i++) {
        if (reference[i] < 0 || s->line[i].coarse)
            continue;
        const double nm = s->problem->lamps[s->line[i].lamp]->lines[reference[i]].value;
        out[n++] = fabs(nm - curve(c, s->t[i])) * s->half_px / slope(c, s->t[i]);
    }
    qsort(out, n, sizeof *out, compare_doubles);
    return n;
}

/* Mean over the lamps, weighted by their lines. */
static double chance_of_hit(const Search *s, const double *c, double reach_px)
{
    double sum = 0.0;
    guint n = 0;
    for (guint l = 0; l < s->problem->n_lamps; l++) {
        guint own = 0;
        for (guint i = 0; i < s->n; i++)
            own += s->line[i].lamp == l && !s->line[i].coarse;
        sum += own > 0 ? own * covered_share(s, c, l, reach_px) : 0.0;
        n += own;
    }
    return n > 0 ? sum / n : 1.0;
}

/* log10 of the expected number of chance patterns at least as good, the best over how many lines
 * are counted as belonging to it. @out_residual_px: of the worst of these. */
static double false_alarms(const Search *s, const double *c, const gint *reference,
                           double *out_residual_px)
{
    enum { FREE = 4 }; /* orders 0 to 3 follow the lines, higher ones hardly */
    double distance[CEL_LINE_MATCH_MAX_LINES], best = INFINITY;
    guint n_table = 0, n_lines = 0;
    const guint n = distances(s, c, reference, distance);
    for (guint l = 0; l < s->problem->n_lamps; l++)
        n_table += (guint)s->problem->lamps[l]->n_lines;
    for (guint i = 0; i < s->n; i++)
        n_lines += !s->line[i].coarse;
    const double tests = choose_log10(n_table, FREE) + choose_log10(n_lines, FREE);
    *out_residual_px = INFINITY;
    for (guint k = FREE + 1; k <= n; k++) {
        const double reach_px = MAX(distance[k - 1], 0.1);
        const double alarms = tests + log10((double)n_lines - FREE) + choose_log10(n_lines, k) +
                              (double)(k - FREE) * log10(chance_of_hit(s, c, reach_px));
        if (alarms < best) {
            best = alarms;
            *out_residual_px = reach_px;
        }
    }
    return best;
}

/* Two curves that put some line more than this apart are two solutions. */
static gboolean same_solution(const Search *s, const double *a, const double *b)
{
    const double apart_px = 1.5;
    for (guint i = 0; i < s->n; i++) {
        const double off = fabs(curve(a, s->t[i]) - curve(b, s->t[i]));
        if (off * s->half_px > apart_px * slope(a, s->t[i]))
            return FALSE;
    }
    return TRUE;
}

typedef struct {
    Hypothesis h;
    gint reference[CEL_LINE_MATCH_MAX_LINES];
    double alarms, residual_px;
} Solution;

static int compare_solutions(gconstpointer a, gconstpointer b)
{
    const Solution *x = a, *y = b;
    return x->alarms < y->alarms ? -1 : x->alarms > y->alarms;
}

static GArray *refine_all(const Search *s)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(Solution));
    for (guint k = 0; k < s->kept->len; k++) {
        Solution one = {.h = g_array_index(s->kept, Hypothesis, k)};
        if (!refine(s, &one.h, one.reference))
            continue;
        one.alarms = false_alarms(s, one.h.c, one.reference, &one.residual_px);
        if (isfinite(one.alarms))
            g_array_append_val(out, one);
    }
    g_array_sort(out, compare_solutions);
    return out;
}

/* ---- the door ---- */

static gint compare_strength(gconstpointer a, gconstpointer b, gpointer lines)
{
    const CelMatchLine *line = lines;
    const double x = line[*(const guint *)a].strength, y = line[*(const guint *)b].strength;
    return x > y ? -1 : x < y;
}

static void search_init(Search *s, const CelMatchProblem *problem)
{
    *s = (Search){.problem = problem, .line = problem->lines, .n = problem->n_lines};
    const double first = s->line[0].pixel, last = s->line[s->n - 1].pixel;
    s->centre_px = 0.5 * (first + last);
    s->half_px = 0.5 * (last - first);
    s->reach = 2.0 * s->half_px / (double)(problem->n_pixels - 1);
    s->t = g_new(double, s->n);
    for (guint i = 0; i < s->n; i++) {
        s->t[i] = (s->line[i].pixel - s->centre_px) / s->half_px;
        s->by_strength[i] = i;
    }
    g_qsort_with_data(s->by_strength, (gint)s->n, sizeof *s->by_strength, compare_strength,
                      (gpointer)(guintptr)s->line);
    s->grid = g_new0(Grid, problem->n_lamps);
    for (guint l = 0; l < problem->n_lamps; l++)
        s->grid[l] = grid_new(problem->lamps[l]);
    s->kept = g_array_sized_new(FALSE, FALSE, sizeof(Hypothesis), KEPT);
}

static void search_clear(Search *s)
{
    for (guint l = 0; l < s->problem->n_lamps; l++) {
        g_free(s->grid[l].nearest);
        g_free(s->grid[l].per_nm);
    }
    g_free(s->grid);
    g_free(s->t);
    g_array_unref(s->kept);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static CelMatch *to_match(const Search *s, const GArray *solutions)
{
    const Solution *best = &g_array_index(solutions, Solution, 0);
    CelMatch *match = g_new0(CelMatch, 1);
    match->reference = g_memdup2(best->reference, s->n * sizeof *best->reference);
    match->centre_px = s->centre_px;
    match->half_px = s->half_px;
    memcpy(match->c, best->h.c, sizeof match->c);
    match->residual_px = best->residual_px;
    match->false_alarms_log10 = best->alarms;
    match->runner_up_log10 = INFINITY;
    for (guint i = 0; i < s->n; i++)
        match->n_matched += best->reference[i] >= 0 && !s->line[i].coarse;
    for (guint k = 1; k < solutions->len; k++) {
        const Solution *other = &g_array_index(solutions, Solution, k);
        if (!same_solution(s, best->h.c, other->h.c)) {
            match->runner_up_log10 = other->alarms;
            break;
        }
    }
    return match;
}

CelMatch *cel_line_match(const CelMatchProblem *problem, CelJob *job, GError **error)
{
    g_return_val_if_fail(problem->n_lines >= 4 && problem->n_lines <= CEL_LINE_MATCH_MAX_LINES,
                         NULL);
    g_auto(Search) s = {0};
    Anchor anchors[MAX_ANCHORS];
    search_init(&s, problem);
    const guint n_anchors = choose_anchors(&s, anchors);
    for (guint k = 0; k < n_anchors; k++) {
        if (!cel_job_step(job, N_("Assigning lines"), k, n_anchors, error))
            return NULL;
        try_anchor(&s, &anchors[k]);
    }
    g_autoptr(GArray) solutions = refine_all(&s);
    if (solutions->len > 0)
        return to_match(&s, solutions);
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("no curve through the lines agrees with the table of the lamp"));
    return NULL;
}
