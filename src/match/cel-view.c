/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-view.h"

#include "match/cel-scan-kernel.h"
#include "match/cel-score.h"
#include "process/cel-transfer.h"

#include <math.h>

static double value_at(const CelCurve *curve, gsize i)
{
    return curve->y != NULL ? curve->y[i] : (double)curve->y_single[i];
}

/* The median is not needed: one coarse step in a fine spectrum does no harm either way. */
static double mean_step(const CelCurve *curve)
{
    return (curve->x[curve->n - 1] - curve->x[0]) / (double)(curve->n - 1);
}

/* Channels whose whole width (area averaging) or centre (interpolation) is inside the data. */
static gboolean covered(const CelCurve *curve, double reach, guint *out_first, guint *out_last)
{
    const double first = ceil((curve->x[0] + reach) / CEL_VIEW_STEP_CM1);
    const double last = floor((curve->x[curve->n - 1] - reach) / CEL_VIEW_STEP_CM1);
    const double low = MAX(first, CEL_VIEW_FIRST), high = MIN(last, CEL_VIEW_LAST);
    if (!(high - low + 1 >= CEL_VIEW_MIN))
        return FALSE;
    *out_first = (guint)low;
    *out_last = (guint)high;
    return TRUE;
}

typedef struct {
    const CelCurve *curve;
    gsize at;    /* x[at] <= the last position asked for */
    double area; /* from x[0] to x[at] */
} Walk;

static double walk_value(const Walk *walk, double x)
{
    const CelCurve *c = walk->curve;
    const gsize i = walk->at;
    const double t = (x - c->x[i]) / (c->x[i + 1] - c->x[i]);
    return value_at(c, i) + t * (value_at(c, i + 1) - value_at(c, i));
}

static void walk_to(Walk *walk, double x)
{
    const CelCurve *c = walk->curve;
    while (walk->at + 2 < c->n && c->x[walk->at + 1] <= x) {
        const gsize i = walk->at++;
        walk->area += 0.5 * (value_at(c, i) + value_at(c, i + 1)) * (c->x[i + 1] - c->x[i]);
    }
}

/* Integral of the straight lines between samples, from the first sample to @x. */
static double walk_area(Walk *walk, double x)
{
    walk_to(walk, x);
    const double from = walk->curve->x[walk->at];
    return walk->area + 0.5 * (value_at(walk->curve, walk->at) + walk_value(walk, x)) * (x - from);
}

static void resample(const CelCurve *curve, gboolean average, CelView *view, double *out)
{
    Walk walk = {curve, 0, 0};
    const double half = CEL_VIEW_STEP_CM1 / 2;
    double before = average ? walk_area(&walk, view->first * CEL_VIEW_STEP_CM1 - half) : 0;
    for (guint k = 0; k < view->n; k++) {
        const double centre = (view->first + k) * CEL_VIEW_STEP_CM1;
        if (average) {
            const double area = walk_area(&walk, centre + half);
            out[k] = (area - before) / CEL_VIEW_STEP_CM1;
            before = area;
        } else {
            walk_to(&walk, centre);
            out[k] = walk_value(&walk, centre);
        }
    }
}

/* A masked sample reaches as far as its neighbours, for so far its value goes into the lines. */
static void note_masked(const CelCurve *curve, CelView *view)
{
    g_autofree guint8 *hit = g_malloc0(view->n);
    for (gsize i = 0; curve->mask != NULL && i < curve->n; i++) {
        if (curve->mask[i] == 0)
            continue;
        const double low = curve->x[i > 0 ? i - 1 : 0], high = curve->x[MIN(i + 1, curve->n - 1)];
        const double from = floor(low / CEL_VIEW_STEP_CM1 + 0.5) - view->first;
        const double to = ceil(high / CEL_VIEW_STEP_CM1 - 0.5) - view->first;
        for (double k = MAX(from, 0); k <= to && k < view->n; k++)
            hit[(guint)k] = 1;
    }
    for (guint k = 0; k < view->n; k++)
        view->n_masked += hit[k];
    view->masked = g_new(guint, view->n_masked + 1);
    guint m = 0;
    for (guint k = 0; k < view->n; k++)
        if (hit[k])
            view->masked[m++] = k;
}

static double strongest(const double *level, const CelView *view)
{
    double top = 0;
    guint m = 0;
    for (guint k = 0; k < view->n; k++) {
        if (m < view->n_masked && view->masked[m] == k)
            m++;
        else
            top = MAX(top, level[k]);
    }
    return top;
}

/* Straight lines over the masked channels, so that no false edge goes into the slope. */
static void bridge(double *values, const CelView *view)
{
    for (guint m = 0; m < view->n_masked; m++) {
        guint end = m;
        while (end + 1 < view->n_masked && view->masked[end + 1] == view->masked[end] + 1)
            end++;
        const guint left = view->masked[m], right = view->masked[end];
        const double a = left > 0 ? values[left - 1] : right + 1 < view->n ? values[right + 1] : 0;
        const double b = right + 1 < view->n ? values[right + 1] : a;
        for (guint k = left; k <= right; k++)
            values[k] = a + (b - a) * (k - left + 1) / (right - left + 2.0);
        m = end;
    }
}

static void sum_up(const CelView *view, guint v, double *sum)
{
    sum[0] = 0;
    for (guint k = 0; k < view->n; k++) {
        const double value = (double)view->curve[v][k];
        sum[k + 1] = sum[k] + value * value;
    }
}

static double *new_sums(const CelView *view)
{
    return g_new(double, CEL_N_CURVES *((gsize)view->n + 1));
}

const double *cel_view_sum_up(const CelView *view, guint v)
{
    double **place = (double **)(guintptr)&view->sums;
    double *sums = g_atomic_pointer_get(place);
    if (sums == NULL) {
        double *made = new_sums(view);
        for (guint i = 0; i < CEL_N_CURVES; i++)
            if (view->curve[i] != NULL) /* a row of lags has one curve only */
                sum_up(view, i, made + i * ((gsize)view->n + 1));
        if (g_atomic_pointer_compare_and_exchange(place, NULL, made))
            sums = made;
        else
            g_free(made); /* another thread was quicker, with the same numbers */
        sums = sums != NULL ? sums : g_atomic_pointer_get(place);
    }
    return sums + v * ((gsize)view->n + 1);
}

static void fill(CelView *view, double *values, double top)
{
    g_autofree double *made = g_new(double, view->n);
    bridge(values, view);
    for (guint k = 0; k < view->n; k++) {
        values[k] = CLAMP(values[k] / top, 0, 1);
        view->level[k] = (float)values[k];
    }
    for (guint m = 0; m < view->n_masked; m++)
        view->level[view->masked[m]] = 0;
    for (guint v = 0; v < CEL_N_CURVES; v++) {
        cel_views[v].make(values, view->n, made);
        for (guint k = 0; k < view->n; k++)
            view->curve[v][k] = (float)made[k];
        for (guint m = 0; m < view->n_masked; m++)
            view->curve[v][view->masked[m]] = 0;
        sum_up(view, v, view->sum[v]);
    }
}

/* One block for level and curves. @borrowed: (nullable): that block; sums are then made later. */
static CelView *new_view(guint first, guint n, float *borrowed)
{
    CelView *view = g_new0(CelView, 1);
    view->first = first;
    view->n = n;
    view->borrowed = borrowed != NULL;
    view->level = borrowed != NULL ? borrowed : g_new0(float, CEL_VIEW_STORED *(gsize)n);
    view->sums = borrowed != NULL ? NULL : new_sums(view);
    float *curve = view->level;
    for (guint v = 0; v < CEL_N_CURVES; v++) {
        view->curve[v] = curve += n;
        view->sum[v] = view->sums != NULL ? view->sums + v * ((gsize)n + 1) : NULL;
    }
    return view;
}

CelView *cel_view_new(const CelCurve *curve)
{
    guint first = 0, last = 0;
    if (curve->n < 2)
        return NULL;
    const gboolean average = mean_step(curve) < CEL_VIEW_STEP_CM1;
    if (!covered(curve, average ? CEL_VIEW_STEP_CM1 / 2 : 0, &first, &last))
        return NULL;

    g_autoptr(CelView) view = new_view(first, last - first + 1, NULL);
    note_masked(curve, view);

    g_autofree double *values = g_new(double, view->n);
    resample(curve, average, view, values);
    const double top = strongest(values, view);
    if (!(top > 0) || view->n < view->n_masked + CEL_VIEW_MIN)
        return NULL;
    fill(view, values, top);
    return g_steal_pointer(&view);
}

gboolean cel_grid_init(CelGrid *grid, const CelCurve *curve)
{
    guint first = 0, last = 0;
    *grid = (CelGrid){0};
    const gboolean average = curve->n >= 2 && mean_step(curve) < CEL_VIEW_STEP_CM1;
    if (curve->n < 2 || !covered(curve, average ? CEL_VIEW_STEP_CM1 / 2 : 0, &first, &last))
        return FALSE;
    g_autoptr(CelView) view = new_view(first, last - first + 1, NULL);
    note_masked(curve, view);
    *grid = (CelGrid){first, view->n, g_new(double, view->n), g_malloc0(view->n)};
    resample(curve, average, view, grid->y);
    bridge(grid->y, view);
    for (guint m = 0; m < view->n_masked; m++)
        grid->mask[view->masked[m]] = 1;
    return TRUE;
}

void cel_grid_clear(CelGrid *grid)
{
    g_clear_pointer(&grid->y, g_free);
    g_clear_pointer(&grid->mask, g_free);
    grid->n = 0;
}

CelView *cel_view_new_broadened(const CelCurve *curve, double by_cm1)
{
    if (!(by_cm1 > 0.0) || curve->n < 2)
        return cel_view_new(curve);
    g_autofree double *y = g_new(double, curve->n);
    for (gsize i = 0; i < curve->n; i++)
        y[i] = value_at(curve, i);
    cel_broaden(curve->x, y, curve->n, by_cm1);
    const CelCurve broad = {.x = curve->x, .y = y, .mask = curve->mask, .n = curve->n};
    return cel_view_new(&broad);
}

CelView *cel_view_of(const CelSpectrum *spectrum)
{
    const CelCurve curve = {
        .x = cel_spectrum_x(spectrum),
        .y = cel_spectrum_y(spectrum),
        .mask = cel_spectrum_mask(spectrum),
        .n = cel_spectrum_length(spectrum),
    };
    g_return_val_if_fail(cel_axis_unit(cel_spectrum_axis(spectrum)) == CEL_UNIT_SHIFT_CM1, NULL);
    return cel_view_new(&curve);
}

CelViewStored cel_view_store(const CelView *view)
{
    return (CelViewStored){view->first, view->n, view->n_masked, view->level, view->masked};
}

CelView *cel_view_restore(const CelViewStored *stored)
{
    CelView *view = new_view(stored->first, stored->n, (float *)(guintptr)stored->curves);
    view->masked = (guint *)(guintptr)stored->masked;
    view->n_masked = stored->n_masked;
    return view;
}

void cel_view_free(CelView *view)
{
    if (view == NULL)
        return;
    g_free(view->sums);
    if (!view->borrowed) {
        g_free(view->level);
        g_free(view->masked);
    }
    g_free(view);
}

gboolean cel_view_overlap(const CelView *sample, const CelView *reference, int lag,
                          CelOverlap *out_overlap)
{
    const int first = MAX((int)sample->first, (int)reference->first - lag);
    const int end =
        MIN((int)(sample->first + sample->n), (int)(reference->first + reference->n) - lag);
    if (end <= first)
        return FALSE;
    *out_overlap = (CelOverlap){(guint)first, (guint)end};
    return TRUE;
}

void cel_view_fetch(const CelView *sample, const CelView *reference, guint reach)
{
    CelOverlap overlap;
    if (!cel_view_overlap(sample, reference, 0, &overlap))
        return;
    const guint from = overlap.from - reference->first, to = overlap.to - reference->first;
    const guint low = from - MIN(from, reach), high = MIN(to + reach, reference->n);
    double **place = (double **)(guintptr)&reference->sums;
    const double *sums = g_atomic_pointer_get(place);
    for (guint v = 0; v < CEL_N_CURVES; v++) {
        cel_scan_fetch(reference->curve[v] + low, (high - low) * sizeof(float));
        if (sums == NULL)
            continue;
        const double *own = sums + v * ((gsize)reference->n + 1);
        cel_scan_fetch(own + low, (MIN(from + reach, reference->n) + 1 - low) * sizeof *own);
        cel_scan_fetch(own + to - MIN(to, reach), (high + 1 - (to - MIN(to, reach))) * sizeof *own);
        __builtin_prefetch(own + reference->n);
    }
}

/* The reference's energy between two of its channels, without those that the sample masks. */
static double energy(const CelView *sample, const CelView *reference, guint v, guint from, guint at,
                     guint n)
{
    const double *sums = cel_view_sums(reference, v);
    double sum = sums[at + n] - sums[at];
    for (guint m = 0; m < sample->n_masked; m++) {
        const guint k = sample->masked[m];
        if (k < from || k >= from + n)
            continue;
        const double value = (double)reference->curve[v][at + k - from];
        sum -= value * value;
    }
    return sum;
}

/* Curves of view @v as they lie on each other. Returns: what their sum of products is divided by;
 * 0: nothing to compare. */
static double lay(const CelView *sample, const CelView *reference, guint v, int lag,
                  const CelOverlap *overlap, CelScanPair *out)
{
    const guint from = overlap->from - sample->first, n = overlap->to - overlap->from;
    const guint at = (guint)((int)overlap->from + lag - (int)reference->first);
    const double *sums = cel_view_sums(sample, v);
    const double aa = sums[from + n] - sums[from];
    const double bb = energy(sample, reference, v, from, at, n);
    *out = (CelScanPair){sample->curve[v] + from, reference->curve[v] + at, n};
    return aa > 0 && bb > 0 ? sqrt(aa * bb) : 0;
}

double cel_view_score(const CelView *sample, const CelView *reference, CelViewId view, int lag,
                      const CelOverlap *overlap)
{
    CelScanPair pair;
    if ((guint)view >= CEL_N_CURVES)
        return NAN;
    const double norm = lay(sample, reference, view, lag, overlap, &pair);
    return norm > 0 ? cel_score_dot(pair.a, pair.b, pair.n) / norm : 0;
}

/* Pairs that were laid, with what their sums are divided by, to @out[k] each. */
static void divide(const CelScanPair *pairs, const double *norms, guint n, double *out)
{
    cel_scan_kernel()->sums(pairs, n, out);
    for (guint k = 0; k < n; k++)
        out[k] = norms[k] > 0 ? out[k] / norms[k] : 0;
}

void cel_view_scores(const CelView *sample, const CelView *reference, int lag,
                     const CelOverlap *overlap, double out[CEL_N_VIEWS])
{
    CelScanPair pairs[CEL_N_CURVES];
    double norms[CEL_N_CURVES];
    for (guint v = 0; v < CEL_N_CURVES; v++)
        norms[v] = lay(sample, reference, v, lag, overlap, &pairs[v]);
    divide(pairs, norms, CEL_N_CURVES, out);
    for (guint v = CEL_N_CURVES; v < CEL_N_VIEWS; v++)
        out[v] = NAN;
}

void cel_view_scores_along(const CelView *sample, const CelView *reference, int from, guint n,
                           double (*out)[CEL_N_VIEWS])
{
    CelScanPair pairs[CEL_VIEW_LAGS_MAX * CEL_N_CURVES];
    double norms[G_N_ELEMENTS(pairs)], scores[G_N_ELEMENTS(pairs)];
    g_return_if_fail(n <= CEL_VIEW_LAGS_MAX);
    for (guint i = 0; i < n * CEL_N_CURVES; i++) {
        const guint v = i / n;
        const int lag = from + (int)(i % n);
        CelOverlap overlap;
        pairs[i] = (CelScanPair){sample->curve[v], reference->curve[v], 0};
        norms[i] = 0;
        if (cel_view_overlap(sample, reference, lag, &overlap))
            norms[i] = lay(sample, reference, v, lag, &overlap, &pairs[i]);
    }
    /* lags to one side of 0 mostly share where one of the curves begins: it is read once */
    const guint below = (guint)CLAMP(1 - from, 0, (int)n);
    for (guint i = 0; i < n * CEL_N_CURVES; i += n) {
        divide(pairs + i, norms + i, below, scores + i);
        divide(pairs + i + below, norms + i + below, n - below, scores + i + below);
    }
    for (guint k = 0; k < n; k++)
        for (guint v = 0; v < CEL_N_VIEWS; v++)
            out[k][v] = v < CEL_N_CURVES ? scores[v * n + k] : NAN;
}

double cel_view_hqi(const CelView *sample, const CelView *reference)
{
    CelOverlap overlap;
    if (!cel_view_overlap(sample, reference, 0, &overlap))
        return 0;
    const guint from = overlap.from - sample->first, n = overlap.to - overlap.from;
    g_autofree double *a = g_new(double, 2 * n);
    double *b = a + n;
    guint kept = 0, m = 0;
    for (guint k = 0; k < n; k++) {
        while (m < sample->n_masked && sample->masked[m] < from + k)
            m++;
        if (m < sample->n_masked && sample->masked[m] == from + k)
            continue;
        a[kept] = (double)sample->level[from + k];
        b[kept++] = (double)reference->level[overlap.from - reference->first + k];
    }
    const double r = cel_score_pearson(a, b, kept);
    return r > 0 ? r * r : 0;
}
