/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search that leaves entries out against the one that compares with every entry. */
#include "long-check.h"
#include "match/cel-first.h"
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

/* The definition: no score above its bound, whatever the search makes of it. */
static void no_bound_is_below_the_score(void)
{
    enum { N = 200 };
    const CelFirstLimits limits = {125, 0.3};
    g_autoptr(GRand) random = g_rand_new_with_seed(8);
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)cel_view_free);
    for (guint i = 0; i < N; i++) {
        const Made made = entry_of(i, random);
        CelView *view = view_of(&made, random);
        if (view != NULL)
            g_ptr_array_add(views, view);
    }
    g_autoptr(CelFirst) first = cel_first_new((const CelView *const *)views->pdata, views->len);
    float bounds[N];
    guint compared = 0, useful = 0;
    for (guint i = 0; i < long_count(40); i++) {
        const Made made = {i % 40, 150 + 5.0 * (i % 60), 1900 - 7.0 * (i % 90), 0.02, i % 3};
        g_autoptr(CelView) sample = view_of(&made, random);
        cel_first_bounds(first, sample, 0, &limits, bounds);
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
    ADD(noise_finds_the_same);
    ADD(a_library_of_equal_entries_gives_the_same);
    ADD(an_empty_library_gives_nothing);
    ADD(no_bound_is_below_the_score);
    return g_test_run();
}
