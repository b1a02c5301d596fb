/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the time from a raw frame to a claim goes: claim-bench LIBRARY [REPEATS [RUNS]]. Frames of
 * 2,048 pixels are made of references of the library: fluorescence, noise of 15 counts and a cosmic
 * ray are added. Each stage is measured apart, on what the stages before it made of the frame;
 * RUNS: recalculations of each frame, measured too. Processor time of this thread: what others do
 * on the machine does not count. */
#include "base/cel-error.h"
#include "match/cel-inquiry.h"
#include "match/cel-mixture.h"
#include "process/cel-peaks.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

enum { N_PIXELS = 2048, N_FRAMES = 12, N_REFERENCES = 10, DEFAULT_REPEATS = 15 };

static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e6 * (double)now.tv_sec + 1e-3 * (double)now.tv_nsec;
}

typedef struct {
    CelLibrary *library;
    CelMatcher *matcher;
    CelSpectrum *raw[N_FRAMES], *processed[N_FRAMES];
    CelView *view[N_FRAMES], *reference[N_FRAMES];
    CelIdentification *answer[N_FRAMES];
    CelRecipe *recipe;
    guint runs; /* recalculations of the last row */
} Bench;

static const CelReference *some_reference(const CelLibrary *library, gsize k)
{
    const gsize n = cel_library_size(library);
    for (gsize i = (k + 1) * n / (N_FRAMES + 2); i < 2 * n; i++) {
        const CelSubstance *substance = cel_library_substance(library, i % n);
        if (substance->n_references > 0)
            return &substance->references[0];
    }
    g_error("the library has no measured references");
}

static double value_at(const CelReference *r, double x)
{
    gsize i = 0;
    if (x < r->x[0] || x > r->x[r->n - 1])
        return 0.0;
    while (i + 2 < r->n && r->x[i + 1] < x)
        i++;
    const double t = (x - r->x[i]) / (r->x[i + 1] - r->x[i]);
    return (double)r->y[i] + t * (double)(r->y[i + 1] - r->y[i]);
}

static double normal(GRand *random)
{
    double sum = -6.0;
    for (guint i = 0; i < 12; i++)
        sum += g_rand_double(random);
    return sum;
}

static CelSpectrum *make_frame(const CelReference *r, GRand *random)
{
    double x[N_PIXELS], y[N_PIXELS], top = 0.0;
    for (gsize i = 0; i < r->n; i++)
        top = fmax(top, (double)r->y[i]);
    for (gsize i = 0; i < N_PIXELS; i++) {
        x[i] = 120.0 + 0.82 * (double)i;
        const double u = (x[i] - 1100.0) / 900.0;
        y[i] =
            4000.0 * value_at(r, x[i]) / top + 900.0 + 3000.0 * exp(-u * u) + 15.0 * normal(random);
    }
    y[g_rand_int_range(random, 100, N_PIXELS - 100)] += 9000.0;
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N_PIXELS, NULL);
    CelSpectrum *frame = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta(frame, CEL_META_LASER_NM, "532");
    return frame;
}

static CelView *view_of_reference(const CelReference *r)
{
    const CelCurve curve = {.x = r->x, .y_single = r->y, .n = r->n};
    return cel_view_new(&curve);
}

static CelIdentification *identify(const Bench *bench, gsize k, guint runs)
{
    const CelSample sample = {.raw = bench->raw[k], .stability_runs = runs};
    g_autoptr(GError) error = NULL;
    CelIdentification *answer = cel_matcher_identify(bench->matcher, &sample, NULL, &error);
    g_assert_no_error(error);
    return answer;
}

static void bench_init(Bench *bench, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    bench->library = cel_library_open(path, NULL, &error);
    const CelIdentifyOptions options = {.libraries = (const CelLibrary *const *)&bench->library,
                                        .n_libraries = 1,
                                        .policy = CEL_POLICY_DEVELOPMENT};
    if (error == NULL)
        bench->matcher = cel_matcher_new(&options, NULL, &error);
    if (error != NULL)
        g_error("%s", error->message);
    bench->recipe = cel_recipe_default(532.0);
    for (gsize k = 0; k < N_FRAMES; k++) {
        const CelReference *r = some_reference(bench->library, k);
        bench->raw[k] = make_frame(r, random);
        bench->processed[k] = cel_recipe_run(bench->recipe, bench->raw[k], NULL, NULL, NULL, NULL);
        bench->view[k] = cel_view_of(bench->processed[k]);
        bench->answer[k] = identify(bench, k, 0);
        bench->reference[k] = view_of_reference(r);
        g_assert_nonnull(bench->view[k]);
        g_assert_nonnull(bench->reference[k]);
    }
}

static void bench_clear(Bench *bench)
{
    for (gsize k = 0; k < N_FRAMES; k++) {
        cel_spectrum_free(bench->raw[k]);
        cel_spectrum_free(bench->processed[k]);
        cel_view_free(bench->view[k]);
        cel_identification_free(bench->answer[k]);
        cel_view_free(bench->reference[k]);
    }
    cel_recipe_free(bench->recipe);
    cel_matcher_free(bench->matcher);
    cel_library_free(bench->library);
}

static void run_recipe(const Bench *bench, gsize k)
{
    G_GNUC_UNUSED g_autoptr(CelSpectrum) done =
        cel_recipe_run(bench->recipe, bench->raw[k], NULL, NULL, NULL, NULL);
}

static void run_quality(const Bench *bench, gsize k)
{
    cel_peaks_noise(cel_spectrum_y(bench->raw[k]), N_PIXELS);
}

static void run_peaks(const Bench *bench, gsize k)
{
    const CelPeakOptions options = {.noise_factor = 5};
    G_GNUC_UNUSED g_autoptr(GArray) peaks = cel_peaks_find(bench->processed[k], &options);
}

static void run_view(const Bench *bench, gsize k)
{
    G_GNUC_UNUSED g_autoptr(CelView) view = cel_view_of(bench->processed[k]);
}

static void run_lines(const Bench *bench, gsize k)
{
    G_GNUC_UNUSED g_autoptr(GArray) lines = cel_lines_of_view(bench->view[k], 1.0);
}

static void run_reference_lines(const Bench *bench, gsize k)
{
    for (gsize r = 0; r < N_REFERENCES; r++) {
        G_GNUC_UNUSED g_autoptr(GArray) lines =
            cel_lines_of_view(bench->reference[(k + r) % N_FRAMES], 1.0);
    }
}

static void run_all(const Bench *bench, gsize k)
{
    cel_identification_free(identify(bench, k, 0));
}

static void run_json(const Bench *bench, gsize k)
{
    g_free(cel_identification_to_json(bench->answer[k], "frame"));
}

static void run_recalculated(const Bench *bench, gsize k)
{
    cel_identification_free(identify(bench, k, bench->runs));
}

static const struct {
    const char *title;
    void (*run)(const Bench *bench, gsize k);
} stages[] = {
    {"recipe", run_recipe},
    {"noise of the raw frame", run_quality},
    {"peaks", run_peaks},
    {"views", run_view},
    {"lines of the sample", run_lines},
    {"(lines of ten references, as if made for each sample)", run_reference_lines},
    {"JSON with all reasons", run_json},
    {"whole, without JSON", run_all},
    {"whole with recalculations", run_recalculated},
};
enum { N_STAGES = G_N_ELEMENTS(stages) };

/* ---- what follows the views, each step on what the one before it left ---- */

enum { LAP_LATE, LAP_SEARCH, LAP_ALL, LAP_JOINT, LAP_HITS, LAP_DECISION, LAP_FIT, N_LAPS };
static const char *const laps[N_LAPS] = {
    "sample with its background", "search", "(search of the whole library)",
    "fit with the background",    "hits",   "decision",
    "fits of several substances",
};

static double lap(double *since)
{
    const double now = cpu_us(), took = now - *since;
    *since = cpu_us();
    return took;
}

static CelInquiry inquiry_of(const Bench *bench, gsize k)
{
    CelInquiry s = {.matcher = bench->matcher,
                    .raw = bench->raw[k],
                    .behind = CEL_N_CLAIMS,
                    .laser_nm = 532,
                    .answer = cel_identification_new()};
    s.answer->processed = cel_spectrum_copy(bench->processed[k]);
    s.answer->policy = CEL_POLICY_DEVELOPMENT;
    s.answer->quality = bench->answer[k]->quality;
    s.view = cel_view_of(bench->processed[k]);
    s.lines = cel_lines_of_view(s.view, 1.0);
    return s;
}

static void run_laps(const Bench *bench, gsize k, double us[N_LAPS])
{
    CelSearchOptions options = {.most = CEL_LATE_N};
    const CelSearch *search = bench->matcher->search;
    g_auto(CelInquiry) s = inquiry_of(bench, k);
    G_GNUC_UNUSED g_autoptr(CelIdentification) answer = s.answer;
    double since = cpu_us();
    s.carrying = cel_late_sample(bench->recipe, s.raw, NULL, NULL);
    us[LAP_LATE] = lap(&since);
    s.ranked = cel_search_run(search, s.view, &options);
    us[LAP_SEARCH] = lap(&since);
    options.most = 0;
    g_array_unref(cel_search_run(search, s.view, &options));
    us[LAP_ALL] = lap(&since);
    cel_late_score(s.ranked, search, s.carrying, 0, NULL);
    us[LAP_JOINT] = lap(&since);
    cel_inquiry_rerank(&s);
    cel_inquiry_judge_axis(&s);
    us[LAP_HITS] = lap(&since);
    s.again = TRUE;
    cel_inquiry_decide(&s);
    us[LAP_DECISION] = lap(&since);
    s.again = FALSE;
    cel_inquiry_decide(&s);
    us[LAP_FIT] = lap(&since) - us[LAP_DECISION];
}

static gint compare_doubles(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Prints median and least of the @n times in @us, and sorts them. */
static void print_row(const char *title, double *us, gsize n)
{
    qsort(us, n, sizeof *us, compare_doubles);
    printf("| %s | %.0f | %.0f |\n", title, us[n / 2], us[0]);
}

static void print_stage(const Bench *bench, gsize stage, gsize repeats)
{
    const gsize n = repeats * N_FRAMES;
    g_autofree double *us = g_new(double, n);
    stages[stage].run(bench, 0);
    for (gsize i = 0; i < n; i++) {
        const double start = cpu_us();
        stages[stage].run(bench, i % N_FRAMES);
        us[i] = cpu_us() - start;
    }
    print_row(stages[stage].title, us, n);
}

static void print_laps(const Bench *bench, gsize repeats)
{
    const gsize n = repeats * N_FRAMES;
    g_autofree double *us = g_new(double, n *N_LAPS);
    for (gsize i = 0; i < n; i++) {
        double one[N_LAPS];
        run_laps(bench, i % N_FRAMES, one);
        for (gsize l = 0; l < N_LAPS; l++)
            us[l * n + i] = one[l];
    }
    for (gsize l = 0; l < N_LAPS; l++)
        print_row(laps[l], us + l * n, n);
}

/* One step of the recipe, on what the steps before it leave of the first frame. */
static void print_step(const Bench *bench, gsize at, gsize repeats)
{
    const CelStepInputs none = {0};
    g_autoptr(GPtrArray) before = NULL;
    g_autofree double *us = g_new(double, repeats);
    G_GNUC_UNUSED g_autoptr(CelSpectrum) all =
        cel_recipe_run(bench->recipe, bench->raw[0], NULL, &before, NULL, NULL);
    const CelSpectrum *in = at > 0 ? g_ptr_array_index(before, at - 1) : bench->raw[0];
    for (gsize i = 0; i < repeats; i++) {
        const double start = cpu_us();
        G_GNUC_UNUSED g_autoptr(CelSpectrum) out =
            cel_recipe_step(bench->recipe, at)
                ->run(in, cel_recipe_params(bench->recipe, at), &none, NULL);
        us[i] = cpu_us() - start;
    }
    g_autofree char *title =
        g_strconcat("of the recipe: ", cel_recipe_step(bench->recipe, at)->id, NULL);
    print_row(title, us, repeats);
}

int main(int argc, char **argv)
{
    cel_init();
    if (argc < 2) {
        fprintf(stderr, "Usage: claim-bench LIBRARY [REPEATS [RUNS]]\n");
        return 2;
    }
    Bench bench = {.runs = argc > 3 ? (guint)g_ascii_strtoull(argv[3], NULL, 10) : 0};
    const gsize repeats =
        argc > 2 ? (gsize)g_ascii_strtoull(argv[2], NULL, 10) : (gsize)DEFAULT_REPEATS;
    bench_init(&bench, argv[1]);
    printf("| stage | median, us | least, us |\n|---|---|---|\n");
    for (gsize s = 0; s < N_STAGES; s++)
        if (stages[s].run != run_recalculated || bench.runs > 0)
            print_stage(&bench, s, repeats);
    print_laps(&bench, repeats);
    for (gsize i = 0; i < cel_recipe_length(bench.recipe); i++)
        print_step(&bench, i, repeats * N_FRAMES);
    bench_clear(&bench);
    return 0;
}
