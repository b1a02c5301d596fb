/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-line-search.h"

#include <gsl/gsl_linalg.h>
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

static const double ROUGH_PX = 2.0; /* what the coarse steps of CUBIC leave undone */
static const double STRICT_PX = 0.8;
static const double HIT_RATE = 0.8;
enum { STRONGEST = 12, KEPT = 100, PARDONED = 2, TERMS = CEL_LINE_MATCH_TERMS };

double cel_line_curve(const double *c, double t)
{
    return c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * c[4])));
}

double cel_line_slope(const double *c, double t)
{
    return c[1] + t * (2.0 * c[2] + t * (3.0 * c[3] + t * 4.0 * c[4]));
}

/* ---- tables ---- */

static gsize grid_size(void)
{
    return (gsize)((HIGHEST_NM - LOWEST_NM) / GRID_NM) + 1;
}

static CelLineGrid grid_new(const CelStandard *lamp)
{
    const gsize n = grid_size();
    const double window_nm = 10.0;
    CelLineGrid grid = {g_new(gint16, n), g_new(float, n)};
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

/* ---- curves ---- */

double cel_line_nm(const CelLineSearch *s, guint i, gint reference)
{
    return s->problem->lamps[s->line[i].lamp]->lines[reference].value;
}

/* Monotonic over the detector, a width and a bend that optics allow. */
gboolean cel_line_physical(const CelLineSearch *s, const double *c)
{
    const double edge =
        1.0 / s->reach; /* t at the ends of a detector whose lines lie in its middle */
    const double width_nm = 2.0 * c[1] * edge;
    return width_nm > NARROWEST_NM && width_nm < WIDEST_NM &&
           cel_line_slope(c, -1.0) > 0.4 * c[1] && cel_line_slope(c, 1.0) > 0.4 * c[1] &&
           fabs(c[2]) < LARGEST_A * s->reach * c[1] * 1.3 && in_range(cel_line_curve(c, -1.0)) &&
           in_range(cel_line_curve(c, 1.0));
}

gboolean cel_line_fit(const CelLineSearch *s, const gint *reference, double sigma_px, double *c)
{
    double normal[TERMS * TERMS] = {0}, right[TERMS] = {0};
    const double c1 = c[1], sigma_nm = sigma_px * c1 / s->half_px;
    const double prior[TERMS] = {0.0, 0.0, PRIOR_A * s->reach * c1,
                                 PRIOR_B * s->reach * s->reach * c1,
                                 PRIOR_FOURTH * s->reach * s->reach * s->reach * c1};
    for (guint i = 0; i < s->n; i++) {
        if (reference[i] < 0)
            continue;
        const double nm = cel_line_nm(s, i, reference[i]);
        const double w = 1.0 / (sigma_nm * sigma_nm);
        double power[TERMS] = {1.0};
        for (int k = 1; k < TERMS; k++)
            power[k] = power[k - 1] * s->t[i];
        for (int a = 0; a < TERMS; a++) {
            right[a] += w * power[a] * nm;
            for (int b = 0; b < TERMS; b++)
                normal[a * TERMS + b] += w * power[a] * power[b];
        }
    }
    for (int a = 2; a < TERMS; a++)
        normal[a * TERMS + a] += 1.0 / (prior[a] * prior[a]);
    gsl_matrix_view m = gsl_matrix_view_array(normal, TERMS, TERMS);
    gsl_vector_view b = gsl_vector_view_array(right, TERMS);
    gsl_vector_view x = gsl_vector_view_array(c, TERMS);
    return gsl_linalg_cholesky_decomp1(&m.matrix) == 0 &&
           gsl_linalg_cholesky_solve(&m.matrix, &b.vector, &x.vector) == 0;
}

guint cel_line_assign(const CelLineSearch *s, const double *c, double reach_px, gint *out)
{
    guint n = 0;
    for (guint i = 0; i < s->n; i++) {
        const CelMatchLine *line = &s->line[i];
        const double nm = cel_line_curve(c, s->t[i]),
                     px_nm = cel_line_slope(c, s->t[i]) / s->half_px;
        const double most = (line->coarse ? 2.0 : 1.0) * reach_px * px_nm;
        out[i] = -1;
        if (!in_range(nm))
            continue;
        const gint16 at = s->grid[line->lamp].nearest[grid_index(nm)];
        const CelStandardLine *table = s->problem->lamps[line->lamp]->lines;
        if (fabs(table[at].value - nm) > most)
            continue;
        const gboolean taken = i > 0 && out[i - 1] == at && s->line[i - 1].lamp == line->lamp;
        const double other =
            taken ? fabs(cel_line_curve(c, s->t[i - 1]) - table[at].value) : INFINITY;
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

/* ---- votes ---- */

/* Log likelihood of hits against chance for one line. */
static double vote(const CelLineSearch *s, const double *c, double reach_px, guint i)
{
    const CelMatchLine *line = &s->line[i];
    const double nm = cel_line_curve(c, s->t[i]);
    if (!in_range(nm))
        return log(1.0 - HIT_RATE);
    const CelLineGrid *grid = &s->grid[line->lamp];
    const gsize at = grid_index(nm);
    const double reach_nm = reach_px * cel_line_slope(c, s->t[i]) / s->half_px;
    const double off = s->problem->lamps[line->lamp]->lines[grid->nearest[at]].value - nm;
    const double chance = MIN(0.9, 2.0 * reach_nm * (double)grid->per_nm[at]);
    return fabs(off) <= reach_nm ? log(HIT_RATE / chance) : log((1.0 - HIT_RATE) / (1.0 - chance));
}

static gboolean hits(const CelLineSearch *s, const double *c, guint i)
{
    const CelMatchLine *line = &s->line[i];
    const double nm = cel_line_curve(c, s->t[i]);
    if (!in_range(nm))
        return FALSE;
    const double off =
        s->problem->lamps[line->lamp]->lines[s->grid[line->lamp].nearest[grid_index(nm)]].value -
        nm;
    return fabs(off) * s->half_px <= ROUGH_PX * cel_line_slope(c, s->t[i]);
}

/* The strongest lines first: most hypotheses end here, after a few. A true one hits four of five,
 * two of three where strange lines shine. */
static gboolean is_promising(const CelLineSearch *s, const double *c)
{
    guint missed = 0;
    for (guint k = 0; k < s->n; k++) {
        const guint i = s->by_strength[k];
        if (i == s->through.low || i == s->through.mid || i == s->through.high)
            continue;
        missed += hits(s, c, i) ? 0 : 1;
        if (missed > PARDONED && 3 * (missed - PARDONED) > k + 1)
            return FALSE;
    }
    return TRUE;
}

static void sift(GArray *heap)
{
    CelLineCurve *h = (CelLineCurve *)(void *)heap->data;
    for (guint at = 0;;) {
        guint least = at;
        for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < heap->len; child++) {
            if (h[child].score < h[least].score)
                least = child;
        }
        if (least == at)
            return;
        const CelLineCurve swap = h[at];
        h[at] = h[least];
        h[least] = swap;
        at = least;
    }
}

/* Keeps the KEPT best. */
static void keep(GArray *heap, const CelLineCurve *one)
{
    CelLineCurve *h = (CelLineCurve *)(void *)heap->data;
    if (heap->len == KEPT) {
        if (one->score <= h[0].score)
            return;
        h[0] = *one;
        sift(heap);
        return;
    }
    g_array_append_vals(heap, one, 1);
    h = (CelLineCurve *)(void *)heap->data;
    for (guint at = heap->len - 1; at > 0 && h[at].score < h[(at - 1) / 2].score;) {
        const CelLineCurve swap = h[at];
        h[at] = h[(at - 1) / 2];
        h[(at - 1) / 2] = swap;
        at = (at - 1) / 2;
    }
}

static double votes(const CelLineSearch *s, const double *c, double reach_px)
{
    double sum = 0.0;
    for (guint i = 0; i < s->n; i++)
        sum += vote(s, c, reach_px, i);
    return sum;
}

/* Many triples lead to one curve; it is kept once. */
static gboolean is_kept(const CelLineSearch *s, const double *c)
{
    for (guint k = 0; k < s->kept->len; k++) {
        const double *other = g_array_index(s->kept, CelLineCurve, k).c;
        const double px_nm = c[1] / s->half_px;
        if (fabs(other[0] - c[0]) < 0.1 * px_nm && fabs(other[1] - c[1]) < 0.2 * px_nm &&
            fabs(other[2] - c[2]) < 0.3 * px_nm)
            return TRUE;
    }
    return FALSE;
}

/* A rough vote, one fit to what voted for it, and a strict vote on that. */
static void try_curve(CelLineSearch *s, const double *c)
{
    CelLineCurve one = {.score = 0.0};
    gint reference[CEL_LINE_MATCH_MAX_LINES];
    if (!cel_line_physical(s, c))
        return;
    s->n_tried++;
    if (!is_promising(s, c) || votes(s, c, ROUGH_PX) <= 0.0)
        return;
    memcpy(one.c, c, sizeof one.c);
    if (cel_line_assign(s, one.c, ROUGH_PX, reference) < 4 ||
        !cel_line_fit(s, reference, 0.6, one.c) || !cel_line_physical(s, one.c))
        return;
    one.score = votes(s, one.c, STRICT_PX);
    if (one.score > 0.0 && !is_kept(s, one.c))
        keep(s->kept, &one);
}

/* ---- hypotheses ---- */

/* The parabola through three points, by divided differences. */
static void through(const double *t, const double *y, double *c)
{
    const double d01 = (y[1] - y[0]) / (t[1] - t[0]), d12 = (y[2] - y[1]) / (t[2] - t[1]);
    c[2] = (d12 - d01) / (t[2] - t[0]);
    c[1] = d01 - c[2] * (t[0] + t[1]);
    c[0] = y[0] - t[0] * (c[1] + t[0] * c[2]);
}

/* Curves through three points, one for each share of CUBIC: with c3 = b the parabola changes by
 * b times that through -t^3, and b = share c1 follows. */
static void try_cubics(CelLineSearch *s, const double *t, const double *nm, const double *bent)
{
    double plain[3];
    through(t, nm, plain);
    for (gsize k = 0; k < G_N_ELEMENTS(CUBIC); k++) {
        const double share = CUBIC[k] * s->reach * s->reach;
        const double b = share * plain[1] / (1.0 - share * bent[1]);
        const double c[TERMS] = {plain[0] + b * bent[0], plain[1] + b * bent[1],
                                 plain[2] + b * bent[2], b, 0.0};
        try_curve(s, c);
    }
}

static void try_middle(CelLineSearch *s, const CelLineAnchor *a, const double *ends_nm)
{
    const CelStandard *lamp = s->problem->lamps[s->line[a->mid].lamp];
    const double t[] = {s->t[a->low], s->t[a->mid], s->t[a->high]};
    const double share = (t[1] - t[0]) / (t[2] - t[0]), width = ends_nm[1] - ends_nm[0];
    const double straight = ends_nm[0] + share * width;
    const double c1 = width / (t[2] - t[0]);
    const double bend = LARGEST_A * s->reach * c1 * (t[1] - t[0]) * (t[2] - t[1]) + 0.03 * c1;
    const double first = straight - bend, last = straight + bend;
    const double minus_cubes[] = {-t[0] * t[0] * t[0], -t[1] * t[1] * t[1], -t[2] * t[2] * t[2]};
    double bent[3];
    through(t, minus_cubes, bent);
    for (gsize b = 0; b < lamp->n_lines && lamp->lines[b].value <= last; b++) {
        if (lamp->lines[b].value < first)
            continue;
        const double nm[] = {ends_nm[0], lamp->lines[b].value, ends_nm[1]};
        try_cubics(s, t, nm, bent);
    }
}

void cel_line_search(CelLineSearch *s, const CelLineAnchor *a)
{
    s->n_anchors++;
    s->through = *a;
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

/** Ranked: one triple and how good it is to start from. */
typedef struct {
    CelLineAnchor anchor;
    double merit;
} Ranked;

static int compare_ranked(gconstpointer a, gconstpointer b)
{
    const Ranked *x = a, *y = b;
    return x->merit > y->merit ? -1 : x->merit < y->merit;
}

/* Wide apart with the middle one near the middle is best; weak lines are extra ones more often. */
static double merit_of(const CelLineSearch *s, const CelLineAnchor *a, guint rank_sum)
{
    const double width = 0.5 * (s->t[a->high] - s->t[a->low]);
    const double lever = MIN(s->t[a->mid] - s->t[a->low], s->t[a->high] - s->t[a->mid]);
    return width * sqrt(lever) / (10.0 + rank_sum);
}

guint cel_line_anchors(const CelLineSearch *s, CelLineAnchor *out)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Ranked));
    const guint k = MIN(s->n, STRONGEST);
    for (guint a = 0; a < k; a++) {
        for (guint b = 0; b < k; b++) {
            for (guint c = 0; c < k; c++) {
                const CelLineAnchor one = {s->by_strength[a], s->by_strength[b], s->by_strength[c]};
                if (one.low >= one.mid || one.mid >= one.high)
                    continue;
                const Ranked ranked = {one, merit_of(s, &one, a + b + c)};
                if (s->t[one.high] - s->t[one.low] > 0.6)
                    g_array_append_val(all, ranked);
            }
        }
    }
    g_array_sort(all, compare_ranked);
    const guint n = MIN(all->len, CEL_LINE_MAX_ANCHORS);
    for (guint i = 0; i < n; i++)
        out[i] = g_array_index(all, Ranked, i).anchor;
    return n;
}

/* ---- the state ---- */

static gint compare_strength(gconstpointer a, gconstpointer b, gpointer lines)
{
    const CelMatchLine *line = lines;
    const double x = line[*(const guint *)a].strength, y = line[*(const guint *)b].strength;
    return x > y ? -1 : x < y;
}

void cel_line_search_init(CelLineSearch *s, const CelMatchProblem *problem)
{
    *s = (CelLineSearch){.problem = problem, .line = problem->lines, .n = problem->n_lines};
    const double first = s->line[0].pixel, last = s->line[s->n - 1].pixel;
    s->centre_px = 0.5 * (first + last);
    s->half_px = 0.5 * (last - first);
    s->reach = 2.0 * s->half_px / (double)(problem->n_pixels - 1);
    for (guint i = 0; i < s->n; i++) {
        s->t[i] = (s->line[i].pixel - s->centre_px) / s->half_px;
        s->by_strength[i] = i;
    }
    g_qsort_with_data(s->by_strength, (gint)s->n, sizeof *s->by_strength, compare_strength,
                      (gpointer)(guintptr)s->line);
    s->grid = g_new0(CelLineGrid, problem->n_lamps);
    for (guint l = 0; l < problem->n_lamps; l++)
        s->grid[l] = grid_new(problem->lamps[l]);
    s->kept = g_array_sized_new(FALSE, FALSE, sizeof(CelLineCurve), KEPT);
}

void cel_line_search_clear(CelLineSearch *s)
{
    for (guint l = 0; l < s->problem->n_lamps; l++) {
        g_free(s->grid[l].nearest);
        g_free(s->grid[l].per_nm);
    }
    g_free(s->grid);
    g_array_unref(s->kept);
}
