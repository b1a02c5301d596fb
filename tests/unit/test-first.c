/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search that leaves entries out against the one that compares with every entry. */
#include "long-check.h"
#include "match/cel-fine.h"
#include "match/cel-first.h"
#include "match/cel-lags.h"
#include "match/cel-scan-kernel.h"
#include "match/cel-search.h"

#include <math.h>
#include <string.h>

enum { N_ENTRIES = 900, N_FAMILIES = 30, PER_SLOT = 3, MOST = 12 };

typedef struct {
    guint32 family;
    double first_cm1, last_cm1; /* measured range */
    double noise;
    guint n_masked; /* runs of masked samples, one of them on the strongest band */
} Made;

/* Bands of a family, moved and weighted a little differently for every @random. */
static CelView *view_of(const Made *made, GRand *random)
{
    enum { N_BANDS = 9 };
    const gsize n = (gsize)(made->last_cm1 - made->first_cm1);
    g_autofree double *x = g_new(double, n), *y = g_new0(double, n);
    g_autofree guint8 *mask = g_malloc0(n);
    g_autoptr(GRand) bands = g_rand_new_with_seed(made->family);
    double at[N_BANDS];
    for (gsize i = 0; i < n; i++)
        x[i] = made->first_cm1 + (double)i;
    for (int b = 0; b < N_BANDS; b++) {
        at[b] = g_rand_double_range(bands, 160, 1900) + g_rand_double_range(random, -1, 1);
        const double height =
            g_rand_double_range(bands, 0.1, 1) * g_rand_double_range(random, 0.9, 1.1);
        for (gsize i = 0; i < n; i++)
            y[i] += height / (1 + pow((x[i] - at[b]) / 6, 2));
    }
    for (gsize i = 0; i < n; i++)
        y[i] += made->noise * g_rand_double_range(random, -1, 1);
    for (guint m = 0; m < made->n_masked; m++) {
        const double centre = m == 0 ? at[0] : g_rand_double_range(random, 160, 1900);
        for (gsize i = 0; i < n; i++)
            if (fabs(x[i] - centre) < 7)
                mask[i] = 1;
    }
    const CelCurve curve = {.x = x, .y = y, .mask = made->n_masked > 0 ? mask : NULL, .n = n};
    return cel_view_new(&curve);
}

/* Every third entry covers less than the others. */
static Made entry_of(guint i, GRand *random)
{
    Made made = {i % N_FAMILIES, 160, 1900, 0.02, 0};
    if (i % 3 == 1)
        made.last_cm1 = g_rand_double_range(random, 600, 1900);
    if (i % 7 == 2)
        made.first_cm1 = g_rand_double_range(random, 160, 900);
    if (made.last_cm1 - made.first_cm1 < 150)
        made.last_cm1 = made.first_cm1 + 150;
    return made;
}

static CelSearch *new_search(guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    for (guint i = 0; i < N_ENTRIES; i++) {
        const Made made = entry_of(i, random);
        const CelEntry entry = {i / PER_SLOT, view_of(&made, random)};
        if (entry.view != NULL)
            g_array_append_val(entries, entry);
    }
    return cel_search_new(entries);
}

static void assert_beginning(const GArray *part, const GArray *whole, guint most)
{
    g_assert_cmpuint(part->len, >=, MIN(most, whole->len));
    g_assert_cmpuint(part->len, <=, whole->len);
    for (guint i = 0; i < part->len; i++) {
        const CelCandidate *a = &g_array_index(part, CelCandidate, i);
        const CelCandidate *b = &g_array_index(whole, CelCandidate, i);
        g_assert_cmpint(memcmp(a, b, sizeof *a), ==, 0);
    }
    if (part->len > 0 && part->len < whole->len)
        g_assert_cmpfloat(g_array_index(whole, CelCandidate, part->len).score, <,
                          g_array_index(part, CelCandidate, part->len - 1).score);
}

static void assert_same_answers(const CelSearch *hastened, const Made *made, GRand *random)
{
    g_autoptr(CelView) sample = view_of(made, random);
    if (sample == NULL)
        return;
    for (CelViewSet without = 0; without < (1U << CEL_VIEW_SLOPE) + 1; without++) {
        CelSearchOptions options = {.axis_u_cm1 = 1, .without = without};
        g_autoptr(GArray) whole = cel_search_run(hastened, sample, &options);
        options.most = MOST;
        g_autoptr(GArray) part = cel_search_run(hastened, sample, &options);
        assert_beginning(part, whole, MOST);
    }
}

static void try_samples(guint n, const Made *like)
{
    g_autoptr(CelSearch) search = new_search(1);
    g_autoptr(GRand) random = g_rand_new_with_seed(2);
    cel_search_hasten(search);
    for (guint i = 0; i < n; i++) {
        Made made = *like;
        made.family = i;
        if (like->last_cm1 <= 0) {
            made.first_cm1 = g_rand_double_range(random, 150, 1000);
            made.last_cm1 = made.first_cm1 + g_rand_double_range(random, 150, 900);
        }
        assert_same_answers(search, &made, random);
    }
}

static void samples_of_the_whole_range_find_the_same(void)
{
    try_samples(long_count(40), &(Made){0, 150, 1910, 0.02, 0});
}

static void samples_of_any_range_find_the_same(void)
{
    try_samples(long_count(60), &(Made){.noise = 0.02});
}

static void masked_samples_find_the_same(void)
{
    try_samples(40, &(Made){0, 170, 1850, 0.02, 1});
    try_samples(10, &(Made){0, 170, 1850, 0.02, 30});
    try_samples(20, &(Made){.noise = 0.05, .n_masked = 5});
}

/* What the search takes as shared shift follows from these entries. */
static void the_same_entries_promise_at_any_lag(void)
{
    g_autoptr(CelSearch) search = new_search(3); /* keeps the views alive */
    g_autofree const CelView **views = g_new(const CelView *, N_ENTRIES);
    for (guint i = 0; i < N_ENTRIES; i++)
        views[i] = cel_search_view(search, i);
    g_autoptr(CelLags) plain = cel_lags_new(views, N_ENTRIES);
    g_autoptr(CelLags) hastened = cel_lags_new(views, N_ENTRIES);
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    cel_lags_hasten(hastened);
    for (guint i = 0; i < 60; i++) {
        const Made made = {i, 150 + 11.0 * i, 1900 - 4.0 * i, 0.02, i % 4};
        g_autoptr(CelView) sample = view_of(&made, random);
        g_autoptr(GArray) all = cel_lags_promising(plain, sample, 125);
        g_autoptr(GArray) some = cel_lags_promising(hastened, sample, 125);
        g_assert_cmpuint(all->len, ==, some->len);
        g_assert_cmpint(memcmp(all->data, some->data, all->len * sizeof(guint)), ==, 0);
    }
}

static void noise_finds_the_same(void)
{
    try_samples(15, &(Made){0, 170, 1850, 3, 0});
}

static void a_library_of_equal_entries_gives_the_same(void)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    const Made made = {4, 160, 1900, 0.01, 0};
    for (guint i = 0; i < 700; i++) {
        g_autoptr(GRand) random = g_rand_new_with_seed(i % 2);
        const CelEntry entry = {i, view_of(&made, random)};
        g_array_append_val(entries, entry);
    }
    g_autoptr(CelSearch) search = cel_search_new(entries);
    cel_search_hasten(search);
    g_autoptr(GRand) random = g_rand_new_with_seed(0);
    assert_same_answers(search, &made, random);
    assert_same_answers(search, &(Made){5, 160, 1900, 0.01, 0}, random);
}

static void an_empty_library_gives_nothing(void)
{
    g_autoptr(CelSearch) search = cel_search_new(g_array_new(FALSE, FALSE, sizeof(CelEntry)));
    cel_search_hasten(search);
    g_autoptr(GRand) random = g_rand_new_with_seed(0);
    assert_same_answers(search, &(Made){4, 160, 1900, 0.01, 0}, random);
}

static GPtrArray *some_views(guint n, GRand *random)
{
    GPtrArray *views = g_ptr_array_new_with_free_func((GDestroyNotify)cel_view_free);
    for (guint i = 0; i < n; i++) {
        const Made made = entry_of(i, random);
        CelView *view = view_of(&made, random);
        if (view != NULL)
            g_ptr_array_add(views, view);
    }
    return views;
}

/* Of the energy of @entry. */
static double part_inside(const CelView *sample, const CelView *entry, CelViewId view)
{
    const double *sum = cel_view_sums(entry, view);
    CelOverlap overlap;
    return cel_view_overlap(sample, entry, 0, &overlap)
               ? (sum[overlap.to - entry->first] - sum[overlap.from - entry->first]) / sum[entry->n]
               : 0;
}

static void no_bound_by_bytes_is_below_the_cosine(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(9);
    g_autoptr(GPtrArray) views = some_views(200, random);
    const CelViewId view = CEL_VIEW_CONTRAST;
    g_autoptr(CelFine) fine = cel_fine_new((const CelView *const *)views->pdata, views->len, view);
    guint compared = 0, near = 0, near_below = 0;
    for (guint i = 0; i < long_count(40); i++) {
        const Made made = {i % 40, 150 + 5.0 * (i % 20), 1900 - 7.0 * (i % 30), 0.02, i % 3};
        g_autoptr(CelView) sample = view_of(&made, random);
        g_auto(CelFineProbe) probe = {0};
        cel_fine_probe_init(fine, sample, &probe);
        for (guint k = 0; k < views->len; k++) {
            const CelView *entry = g_ptr_array_index(views, k);
            CelFineLeast least = {0, 0};
            const double bound = cel_fine_bound(fine, &probe, k, &least);
            CelOverlap overlap;
            if (isinf(bound) || !cel_view_overlap(sample, entry, 0, &overlap))
                continue;
            const double cosine = cel_view_score(sample, entry, view, 0, &overlap);
            g_assert_cmpfloat(cosine, <=, bound + 1e-5); /* what single precision may add */
            g_assert_cmpfloat(cosine, >=, least.cosine < 0 ? -1 : least.cosine - 1e-5);
            g_assert_cmpfloat(least.inside, <=, part_inside(sample, entry, view));
            near_below += least.cosine > cosine - 0.05 || cosine < 0.05;
            compared++;
            near += bound < MAX(cosine, 0) + 0.05;
        }
    }
    g_assert_cmpuint(compared, >, 500);
    g_assert_cmpuint(near, >, compared * 9 / 10);
    g_assert_cmpuint(near_below, >, compared * 9 / 10);
}

static void bytes_that_were_stored_give_the_same_bounds(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    g_autoptr(GPtrArray) views = some_views(50, random);
    const CelView *const *of = (const CelView *const *)views->pdata;
    g_autoptr(CelFine) fine = cel_fine_new(of, views->len, CEL_VIEW_SLOPE);
    CelCoarsePart parts[CEL_FINE_PARTS] = {cel_fine_part(fine, 0), cel_fine_part(fine, 1)};
    g_autoptr(CelFine) mapped = cel_fine_map(of, views->len, CEL_VIEW_SLOPE, parts);
    g_assert_nonnull(mapped);
    const Made made = {7, 150, 1900, 0.02, 0};
    g_autoptr(CelView) sample = view_of(&made, random);
    g_auto(CelFineProbe) probe = {0};
    cel_fine_probe_init(fine, sample, &probe);
    for (guint k = 0; k < views->len; k++)
        g_assert_cmpfloat(cel_fine_bound(mapped, &probe, k, NULL), ==,
                          cel_fine_bound(fine, &probe, k, NULL));
    g_assert_null(cel_fine_map(of, views->len - 1, CEL_VIEW_SLOPE, parts));
    parts[1].n_bytes--;
    g_assert_null(cel_fine_map(of, views->len, CEL_VIEW_SLOPE, parts));
}

/* One view after the other becomes known: the bound stays above the score and ends at it. */
static void no_refined_bound_is_below_the_score(void)
{
    enum { N = 200 };
    const CelFirstLimits limits = {125, 0.3};
    g_autoptr(GRand) random = g_rand_new_with_seed(10);
    g_autoptr(GPtrArray) views = some_views(N, random);
    g_autoptr(CelFirst) first = cel_first_new((const CelView *const *)views->pdata, views->len);
    float bounds[N], parts[CEL_N_VIEWS][N];
    guint compared = 0;
    for (guint i = 0; i < long_count(40); i++) {
        const Made made = {i % 40, 150 + 5.0 * (i % 60), 1900 - 7.0 * (i % 90), 0.02, i % 3};
        g_autoptr(CelView) sample = view_of(&made, random);
        CelFirstAsked asked = {.sample = sample, .limits = limits, .out = bounds};
        for (guint v = 0; v < CEL_N_CURVES; v++)
            asked.by_view[v] = parts[v];
        cel_first_bounds(first, &asked, 1);
        for (guint k = 0; k < views->len; k++) {
            double scores[CEL_N_VIEWS], known[CEL_N_VIEWS], adds[CEL_N_VIEWS];
            CelOverlap overlap;
            if (bounds[k] < 0 ||
                !cel_view_overlap(sample, g_ptr_array_index(views, k), 0, &overlap))
                continue;
            cel_view_scores(sample, g_ptr_array_index(views, k), 0, &overlap, scores);
            const double score = MAX(0, cel_views_fuse(scores, 0));
            for (guint v = 0; v < CEL_N_VIEWS; v++) {
                known[v] = NAN;
                adds[v] = cel_views[v].make != NULL ? (double)parts[v][k] : 0;
            }
            for (guint v = 0; v < CEL_N_VIEWS; v++) {
                g_assert_cmpfloat(score, <=, cel_first_refine(known, adds, 0));
                known[v] = scores[v];
            }
            g_assert_cmpfloat(cel_first_refine(known, adds, 0), <, score + 1e-4);
            compared++;
        }
    }
    g_assert_cmpuint(compared, >, 1000);
}

static void bytes_are_summed_alike_by_every_kernel(void)
{
    enum { N = 203 };
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    gint16 a[N];
    gint8 b[N];
    gint32 sum = 0;
    for (guint i = 0; i < N; i++) {
        a[i] = (gint16)g_rand_int_range(random, -8191, 8192);
        b[i] = (gint8)g_rand_int_range(random, -127, 128);
        sum += (gint32)a[i] * (gint32)b[i];
    }
    for (const CelScanKernel *const *kernel = cel_scan_kernels; *kernel != NULL; kernel++)
        if ((*kernel)->usable())
            g_assert_cmpint((*kernel)->bytes(a, b, N), ==, sum);
}

/* Pairs of any length, side by side or not. */
static void sums_side_by_side_are_those_of_each_alone(void)
{
    enum { N = 300, N_PAIRS = 11 };
    g_autoptr(GRand) random = g_rand_new_with_seed(12);
    float a[N], b[N];
    CelScanPair pairs[N_PAIRS];
    double alone[N_PAIRS], sums[N_PAIRS];
    for (guint i = 0; i < N; i++) {
        a[i] = (float)g_rand_double_range(random, -1, 1);
        b[i] = (float)g_rand_double_range(random, -1, 1);
    }
    for (guint p = 0; p < N_PAIRS; p++)
        pairs[p] = (CelScanPair){a + p, b + 2 * p, p == 4 ? 0 : N - 2 * p - p * p};
    for (const CelScanKernel *const *kernel = cel_scan_kernels; *kernel != NULL; kernel++) {
        if (!(*kernel)->usable())
            continue;
        for (guint n = 1; n <= N_PAIRS; n++) {
            for (guint p = 0; p < n; p++)
                alone[p] = cel_scan_kernel()->sum(pairs[p].a, pairs[p].b, pairs[p].n);
            (*kernel)->sums(pairs, n, sums);
            g_assert_cmpint(memcmp(sums, alone, n * sizeof *sums), ==, 0);
        }
    }
}

static void the_next_value_is_found_alike_by_every_kernel(void)
{
    enum { N = 61 };
    g_autoptr(GRand) random = g_rand_new_with_seed(13);
    float values[N];
    for (guint i = 0; i < N; i++)
        values[i] = (float)g_rand_double_range(random, 0, 1);
    for (const CelScanKernel *const *kernel = cel_scan_kernels; *kernel != NULL; kernel++) {
        gsize expected = 0;
        for (gsize i = 0; i < N && (*kernel)->usable(); i++) {
            for (expected = i; expected < N && values[expected] < values[40];)
                expected++;
            g_assert_cmpuint((*kernel)->next(values, i, N, values[40]), ==, expected);
        }
    }
}

/* All lags at once, and lags at which nothing is common. */
static void scores_along_are_those_of_each_lag(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(14);
    for (guint i = 0; i < 20; i++) {
        const Made made = {i, 150 + 20.0 * i, 700 + 60.0 * i, 0.02, i % 3};
        const Made other = {i + 1, 160, 600, 0.02, 0};
        g_autoptr(CelView) sample = view_of(&made, random);
        g_autoptr(CelView) reference = view_of(&other, random);
        double along[CEL_VIEW_LAGS_MAX][CEL_N_VIEWS];
        cel_view_scores_along(sample, reference, -7, 15, along);
        for (guint k = 0; k < 15; k++) {
            double scores[CEL_N_VIEWS] = {0, 0, 0, NAN};
            CelOverlap overlap;
            const int lag = (int)k - 7;
            if (cel_view_overlap(sample, reference, lag, &overlap))
                cel_view_scores(sample, reference, lag, &overlap, scores);
            g_assert_cmpint(memcmp(along[k], scores, CEL_N_CURVES * sizeof *scores), ==, 0);
        }
    }
}

/* The definition: no score above its bound, whatever the search makes of it. */
static void no_bound_is_below_the_score(void)
{
    enum { N = 200 };
    const CelFirstLimits limits = {125, 0.3};
    g_autoptr(GRand) random = g_rand_new_with_seed(8);
    g_autoptr(GPtrArray) views = some_views(N, random);
    g_autoptr(CelFirst) first = cel_first_new((const CelView *const *)views->pdata, views->len);
    float bounds[N];
    guint compared = 0, useful = 0;
    for (guint i = 0; i < long_count(40); i++) {
        const Made made = {i % 40, 150 + 5.0 * (i % 60), 1900 - 7.0 * (i % 90), 0.02, i % 3};
        g_autoptr(CelView) sample = view_of(&made, random);
        const CelFirstAsked asked = {.sample = sample, .limits = limits, .out = bounds};
        cel_first_bounds(first, &asked, 1);
        for (guint k = 0; k < views->len; k++) {
            const CelView *entry = g_ptr_array_index(views, k);
            CelOverlap overlap;
            double scores[CEL_N_VIEWS];
            if (bounds[k] < 0 || !cel_view_overlap(sample, entry, 0, &overlap))
                continue;
            cel_view_scores(sample, entry, 0, &overlap, scores);
            const double score = cel_views_fuse(scores, 0);
            g_assert_cmpfloat(score, <=, (double)bounds[k]);
            compared++;
            useful += (double)bounds[k] < score + 0.2;
        }
    }
    g_test_message("%u pairs: no bound too low", compared);
    g_assert_cmpuint(useful, >, compared / 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/first/" #name, name)
    ADD(samples_of_the_whole_range_find_the_same);
    ADD(samples_of_any_range_find_the_same);
    ADD(masked_samples_find_the_same);
    ADD(the_same_entries_promise_at_any_lag);
    ADD(noise_finds_the_same);
    ADD(a_library_of_equal_entries_gives_the_same);
    ADD(an_empty_library_gives_nothing);
    ADD(no_bound_is_below_the_score);
    ADD(no_bound_by_bytes_is_below_the_cosine);
    ADD(bytes_that_were_stored_give_the_same_bounds);
    ADD(no_refined_bound_is_below_the_score);
    ADD(bytes_are_summed_alike_by_every_kernel);
    ADD(sums_side_by_side_are_those_of_each_alone);
    ADD(the_next_value_is_found_alike_by_every_kernel);
    ADD(scores_along_are_those_of_each_lag);
    return g_test_run();
}
