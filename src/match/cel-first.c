/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-first.h"

#include <math.h>
#include <string.h>

enum {
    BLOCK = 8,    /* channels between two edges at which energies are kept */
    CHUNK = 1024, /* entries whose bounds are made at a time */
    N_COLS_MAX =
        (CEL_VIEW_LAST - CEL_VIEW_FIRST + CEL_SCAN_LANES) / CEL_SCAN_LANES * CEL_SCAN_LANES,
    MAX_EDGES = N_COLS_MAX / BLOCK + 1,
};
G_STATIC_ASSERT(CHUNK % CEL_SCAN_GROUP == 0);

/* What single precision may lose of an energy, as a part of the whole; of a score. */
#define ENERGY_LOSS 1e-5
#define SCORE_LOSS  CEL_FIRST_SCORE_LOSS
/* What a cosine may be as cel_view_scores() computes it. With masked channels it takes their energy
 * off a sum that has lost up to 8e-6 of the whole, when at least 2e-5 of it are left. */
#define COSINE_MAX        1.0001
#define COSINE_MAX_MASKED 1.3

/* Bounds of an entry that nothing is known of, and of one that is surely not comparable; the latter
 * outweighs what other views add. */
#define NO_BOUND  1e3F
#define NOT_THERE -1e6F

/* Entries of one range. */
typedef struct {
    guint first, n;
} Range;

typedef struct {
    CelCoarse *coarse;
    float *energy; /* by edge, then by entry: of all channels below the edge */
    gboolean borrowed;
} Side;

struct CelFirst {
    gsize n, n_filled;  /* entries, whole groups of them */
    guint low, n_edges; /* channel of the first column */
    gsize n_cols;
    Side sides[CEL_N_CURVES]; /* coarse is NULL where the view has no curve */
    GArray *ranges;           /* Range */
    guint *range_of;          /* of each entry */
};

/* ---- preparation ---- */

/* @known: range -> its index + 1 */
static guint range_index(GArray *ranges, GHashTable *known, const CelView *view)
{
    G_STATIC_ASSERT(CEL_VIEW_LAST < 1 << 15);
    const gpointer key = GUINT_TO_POINTER(view->first << 16 | view->n);
    const guint there = GPOINTER_TO_UINT(g_hash_table_lookup(known, key));
    if (there > 0)
        return there - 1;
    const Range range = {view->first, view->n};
    g_array_append_val(ranges, range);
    g_hash_table_insert(known, key, GUINT_TO_POINTER(ranges->len));
    return ranges->len - 1;
}

static void note_ranges(CelFirst *first, const CelView *const *views)
{
    guint low = CEL_VIEW_LAST, high = CEL_VIEW_FIRST;
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
    for (gsize i = 0; i < first->n; i++) {
        low = MIN(low, views[i]->first);
        high = MAX(high, views[i]->first + views[i]->n);
        first->range_of[i] = range_index(first->ranges, known, views[i]);
    }
    first->low = MIN(low, high);
    first->n_cols = (high - first->low + CEL_SCAN_LANES - 1) / CEL_SCAN_LANES * CEL_SCAN_LANES;
    first->n_edges = (guint)first->n_cols / BLOCK + 1;
}

static void note_energy(const CelFirst *first, const float *row, gsize entry, float *energy)
{
    double sum = 0;
    for (gsize k = 0; k < first->n_cols; k++) {
        if (k % BLOCK == 0)
            energy[k / BLOCK * first->n_filled + entry] = (float)sum;
        sum += (double)row[k] * (double)row[k];
    }
    energy[(first->n_edges - 1) * first->n_filled + entry] = (float)sum;
}

static gsize energy_size(const CelFirst *first)
{
    return first->n_edges * first->n_filled * sizeof(float);
}

static void make_side(CelFirst *first, const CelView *const *views, CelViewId v)
{
    g_autofree float *matrix = g_new0(float, first->n * first->n_cols + 1);
    Side *side = &first->sides[v];
    side->energy = g_new0(float, first->n_edges * first->n_filled + 1);
    for (gsize i = 0; i < first->n; i++) {
        float *row = matrix + i * first->n_cols;
        memcpy(row + (views[i]->first - first->low), views[i]->curve[v], views[i]->n * sizeof *row);
        note_energy(first, row, i, side->energy);
    }
    const CelRows rows = {matrix, first->n, first->n_cols, first->n_cols};
    side->coarse = cel_coarse_new(&rows, CEL_COARSE_AXES);
}

static CelFirst *new_first(const CelView *const *views, gsize n)
{
    CelFirst *first = g_new0(CelFirst, 1);
    first->n = n;
    first->n_filled = (n + CEL_SCAN_GROUP - 1) / CEL_SCAN_GROUP * CEL_SCAN_GROUP;
    first->ranges = g_array_new(FALSE, FALSE, sizeof(Range));
    first->range_of = g_new0(guint, first->n_filled + 1);
    note_ranges(first, views);
    return first;
}

CelFirst *cel_first_new(const CelView *const *views, gsize n)
{
    CelFirst *first = new_first(views, n);
    for (guint v = 0; v < CEL_N_CURVES; v++)
        if (n > 0 && views[0]->curve[v] != NULL)
            make_side(first, views, v);
    return first;
}

enum { SIDE_PARTS = CEL_COARSE_PARTS + 1 }; /* the last is the energy */

CelCoarsePart cel_first_part(const CelFirst *first, guint part)
{
    const Side *side = &first->sides[part / SIDE_PARTS];
    g_return_val_if_fail(part < CEL_FIRST_PARTS, ((CelCoarsePart){NULL, 0}));
    if (side->coarse == NULL)
        return (CelCoarsePart){NULL, 0};
    if (part % SIDE_PARTS == CEL_COARSE_PARTS)
        return (CelCoarsePart){side->energy, energy_size(first)};
    return cel_coarse_part(side->coarse, part % SIDE_PARTS);
}

static gboolean map_side(CelFirst *first, Side *side, const CelCoarsePart *parts)
{
    for (guint p = 0; p < CEL_COARSE_PARTS; p++)
        if (parts[p].n_bytes != cel_coarse_part_size(first->n, first->n_cols, CEL_COARSE_AXES, p))
            return FALSE;
    if (parts[CEL_COARSE_PARTS].n_bytes != energy_size(first))
        return FALSE;
    side->borrowed = TRUE;
    side->energy = (float *)(guintptr)parts[CEL_COARSE_PARTS].data;
    side->coarse = cel_coarse_map(first->n, first->n_cols, CEL_COARSE_AXES, parts);
    return TRUE;
}

CelFirst *cel_first_map(const CelView *const *views, gsize n,
                        const CelCoarsePart parts[CEL_FIRST_PARTS])
{
    g_autoptr(CelFirst) first = new_first(views, n);
    for (guint v = 0; v < CEL_N_CURVES; v++)
        if (n > 0 && views[0]->curve[v] != NULL &&
            !map_side(first, &first->sides[v], parts + v * SIDE_PARTS))
            return NULL;
    return g_steal_pointer(&first);
}

void cel_first_free(CelFirst *first)
{
    if (first == NULL)
        return;
    for (guint v = 0; v < CEL_N_CURVES; v++) {
        cel_coarse_free(first->sides[v].coarse);
        if (!first->sides[v].borrowed)
            g_free(first->sides[v].energy);
    }
    g_array_unref(first->ranges);
    g_free(first->range_of);
    g_free(first);
}

/* ---- a sample ---- */

/* Edges between which the sample has data: the inner ones enclose nothing else, the outer ones
 * everything. */
typedef struct {
    guint inner[2], outer[2];
    guint8 masked[MAX_EDGES]; /* blocks that hold a masked channel */
} Extent;

typedef struct {
    const CelFirst *first;
    const CelView *sample;
    CelViewSet without;
    const CelFirstLimits *limits;
    const CelFirstAsked *asked;
    Extent extent;
    float share[CEL_N_CURVES]; /* of each view in the score */
    float *by_norm;            /* by view, by range: share / |s| */
    guint8 *comparable;        /* by range: as far as the sample goes */
    gboolean all_comparable;
    CelScanProbe probes[CEL_N_CURVES];
} Pass;

static Extent extent_of(const CelFirst *first, const CelView *sample)
{
    const int last = (int)first->n_edges - 1;
    const int from = (int)sample->first - (int)first->low;
    const int to = from + (int)sample->n;
    Extent e = {.inner = {(guint)CLAMP((from + BLOCK - 1) / BLOCK, 0, last),
                          (guint)CLAMP(to / BLOCK, 0, last)},
                .outer = {(guint)CLAMP(from / BLOCK, 0, last),
                          (guint)CLAMP((to + BLOCK - 1) / BLOCK, 0, last)}};
    if (from <= 0)
        e.inner[0] = e.outer[0] = 0;
    if (to <= 0)
        e.inner[1] = e.outer[1] = 0;
    e.inner[1] = MAX(e.inner[1], e.inner[0]);
    for (guint m = 0; m < sample->n_masked; m++) {
        const int block = (from + (int)sample->masked[m]) / BLOCK;
        if (from + (int)sample->masked[m] >= 0 && block < last)
            e.masked[block] = 1;
    }
    return e;
}

static gboolean counts(const Pass *p, CelViewId v)
{
    return p->first->sides[v].coarse != NULL && (p->without & (1U << v)) == 0;
}

static void note_shares(Pass *p)
{
    double weights = 0;
    for (guint v = 0; v < CEL_N_CURVES; v++)
        weights += counts(p, v) ? cel_views[v].weight : 0;
    for (guint v = 0; v < CEL_N_CURVES; v++)
        p->share[v] = counts(p, v) ? (float)(cel_views[v].weight / weights) : 0;
}

/* Norms of the sample over each range, and whether it can be compared with entries of it: exactly
 * as cel_view_scores() and the search have it. */
static void note_norms(Pass *p)
{
    const CelView *s = p->sample;
    const guint n_ranges = p->first->ranges->len;
    p->all_comparable = TRUE;
    for (guint r = 0; r < n_ranges; r++) {
        const Range *range = &g_array_index(p->first->ranges, Range, r);
        const guint from = MAX(s->first, range->first) - s->first;
        const guint end = MIN(s->first + s->n, range->first + range->n);
        const guint to = MIN(MAX(from, end > s->first ? end - s->first : 0), s->n);
        const double *root = cel_view_sums(s, CEL_VIEW_ROOT);
        p->comparable[r] = to > from && to - from >= p->limits->min_common &&
                           (root[to] - root[from]) / root[s->n] >= p->limits->min_energy;
        p->all_comparable = p->all_comparable && p->comparable[r];
        for (guint v = 0; v < CEL_N_CURVES && p->comparable[r]; v++) {
            const double *sums = counts(p, v) ? cel_view_sums(s, v) : NULL;
            const double norm = sums != NULL ? sums[to] - sums[from] : 0;
            /* a view without energy scores 0 */
            p->by_norm[v * n_ranges + r] = norm > 0 ? (float)((double)p->share[v] / sqrt(norm)) : 0;
        }
    }
}

/* Energies of entries @at.. in the sample's range, at least. */
static void least_energies(const Pass *p, CelViewId v, gsize at, gsize n, float *least)
{
    const Extent *e = &p->extent;
    const float *energy = p->first->sides[v].energy + at;
    const gsize step = p->first->n_filled;
    const float *all = energy + (p->first->n_edges - 1) * step;
    const float *from = energy + e->inner[0] * step, *to = energy + e->inner[1] * step;
    for (gsize i = 0; i < n; i++)
        least[i] = to[i] - from[i] - (float)ENERGY_LOSS * all[i];
    for (guint b = e->inner[0]; b < e->inner[1]; b++) {
        if (!e->masked[b])
            continue;
        const float *a = energy + b * step, *z = energy + (b + 1) * step;
        for (gsize i = 0; i < n; i++)
            least[i] -= z[i] - a[i] + (float)ENERGY_LOSS * all[i];
    }
}

/* Shares over the sample's norms, over the range of each entry. */
static void norms_of(const Pass *p, CelViewId v, gsize at, gsize n, float *out)
{
    const guint n_ranges = p->first->ranges->len;
    const float *by_norm = p->by_norm + v * n_ranges;
    for (gsize i = 0; i < n && n_ranges == 1; i++)
        out[i] = by_norm[0];
    for (gsize i = 0; i < n && n_ranges > 1; i++)
        out[i] = by_norm[p->first->range_of[at + i]];
}

/* What view @v may give the scores of entries @at... */
static void bound_view(const Pass *p, CelViewId v, gsize at, gsize n, float *out)
{
    const CelFirst *first = p->first;
    const CelScanKernel *kernel = cel_scan_kernel();
    const gboolean masked = p->sample->n_masked > 0;
    const float highest = p->share[v] * (float)(masked ? COSINE_MAX_MASKED : COSINE_MAX);
    float dots[CHUNK], least[CHUNK], norm[CHUNK];
    cel_coarse_bounds(first->sides[v].coarse, kernel, &p->probes[v], at / CEL_SCAN_GROUP,
                      (at + n + CEL_SCAN_GROUP - 1) / CEL_SCAN_GROUP, dots);
    least_energies(p, v, at, n, least);
    norms_of(p, v, at, n, norm);
    const CelScanCosines cosines = {.dots = dots,
                                    .norm = norm,
                                    .least = least,
                                    .all = first->sides[v].energy +
                                           (first->n_edges - 1) * first->n_filled + at,
                                    .tiny = (float)ENERGY_LOSS,
                                    .highest = highest,
                                    .unknown = masked ? NO_BOUND : highest};
    kernel->cosines(&cosines, n, out);
}

/* Takes out the entries of which the sample's range holds too little. */
static void leave_out(const Pass *p, gsize at, gsize n, float *out)
{
    const CelFirst *first = p->first;
    const gsize step = first->n_filled;
    const float *energy = first->sides[CEL_VIEW_ROOT].energy + at;
    const float *all = energy + (first->n_edges - 1) * step;
    const float *low = energy + p->extent.outer[0] * step;
    const float *high = energy + p->extent.outer[1] * step;
    const float part = (float)(p->limits->min_energy - ENERGY_LOSS);
    for (gsize i = 0; i < n; i++) {
        const float most = high[i] - low[i] + (float)ENERGY_LOSS * all[i];
        out[i] = most < part * all[i] ? NOT_THERE : out[i];
    }
}

static void fill_probe(Pass *p, CelViewId v)
{
    const CelFirst *first = p->first;
    const CelView *s = p->sample;
    float query[N_COLS_MAX + CEL_SCAN_LANES] = {0};
    const guint end = first->low + (guint)first->n_cols;
    const guint from = MAX(s->first, first->low), to = MIN(s->first + s->n, end);
    if (to > from)
        memcpy(query + (from - first->low), s->curve[v] + (from - s->first),
               (to - from) * sizeof *query);
    cel_coarse_probe(first->sides[v].coarse, cel_scan_kernel(), query, &p->probes[v]);
}

/* Adds what each view may give; keeps it where there is room for that. */
static void add_views(const Pass *p, gsize at, gsize n)
{
    float part[CHUNK], *out = p->asked->out + at;
    memset(out, 0, n * sizeof *out);
    for (guint v = 0; v < CEL_N_CURVES; v++) {
        if (!counts(p, v))
            continue;
        float *here = p->asked->by_view[v] != NULL ? p->asked->by_view[v] + at : part;
        bound_view(p, v, at, n, here);
        for (gsize i = 0; i < n; i++)
            out[i] += here[i];
    }
    if (counts(p, CEL_VIEW_ROOT))
        leave_out(p, at, n, out);
    for (gsize i = 0; i < n && !p->all_comparable; i++)
        out[i] = p->comparable[p->first->range_of[at + i]] ? out[i] : NOT_THERE;
    for (gsize i = 0; i < n; i++) {
        const float bound = out[i] * (float)(1 + SCORE_LOSS) + (float)SCORE_LOSS;
        out[i] = out[i] >= 0 ? bound : -1;
    }
}

double cel_first_refine(const double known[CEL_N_VIEWS], const double by_view[CEL_N_VIEWS],
                        CelViewSet without)
{
    double weights = 0, exact = 0, bound = 0;
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        if (cel_views[v].make == NULL || (without & (1U << v)) != 0)
            continue;
        weights += cel_views[v].weight;
        if (isnan(known[v]))
            bound += by_view[v];
        else
            exact += cel_views[v].weight * known[v];
    }
    const double sum = weights > 0 ? MAX(exact / weights + bound, 0) : 0; /* no score is below 0 */
    return sum * (1 + SCORE_LOSS) + SCORE_LOSS;
}

static void pass_init(Pass *p, const CelFirst *first, const CelFirstAsked *asked)
{
    const guint n_ranges = first->ranges->len;
    *p = (Pass){.first = first,
                .sample = asked->sample,
                .without = asked->without,
                .limits = &asked->limits,
                .asked = asked,
                .extent = extent_of(first, asked->sample),
                .by_norm = g_new0(float, CEL_N_CURVES *n_ranges + 1),
                .comparable = g_malloc0(n_ranges + 1)};
    note_shares(p);
    note_norms(p);
    for (guint v = 0; v < CEL_N_CURVES; v++)
        if (counts(p, v))
            fill_probe(p, v);
}

static void pass_clear(Pass *p)
{
    g_free(p->by_norm);
    g_free(p->comparable);
}

void cel_first_bounds(const CelFirst *first, const CelFirstAsked *asked, guint n_asked)
{
    g_autofree Pass *passes = g_new(Pass, n_asked);
    for (guint a = 0; a < n_asked; a++)
        pass_init(&passes[a], first, &asked[a]);
    for (gsize at = 0; at < first->n; at += CHUNK)
        for (guint a = 0; a < n_asked; a++)
            add_views(&passes[a], at, MIN(CHUNK, first->n - at));
    for (guint a = 0; a < n_asked; a++)
        pass_clear(&passes[a]);
}
