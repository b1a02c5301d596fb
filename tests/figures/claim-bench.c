/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the time from a raw frame to a claim goes: claim-bench LIBRARY [REPEATS]. Frames of 2,048
 * pixels are made of references of the library: fluorescence, noise of 15 counts and a cosmic ray
 * are added. The first stages are measured apart, the rest of the whole is search, reasons and
 * decision. Processor time of this thread: what others do on the machine does not count. */
#include "base/cel-error.h"
#include "match/cel-identify.h"
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
    CelRecipe *recipe;
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
    const CelSample sample = {.raw = bench->raw[k]};
    g_autoptr(GError) error = NULL;
    G_GNUC_UNUSED g_autoptr(CelIdentification) answer =
        cel_matcher_identify(bench->matcher, &sample, NULL, &error);
    g_assert_no_error(error);
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
    {"whole", run_all},
};

static gint compare_doubles(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median_us(const Bench *bench, gsize stage, gsize repeats)
{
    const gsize n = repeats * N_FRAMES;
    g_autofree double *us = g_new(double, n);
    stages[stage].run(bench, 0);
    for (gsize i = 0; i < n; i++) {
        const double start = cpu_us();
        stages[stage].run(bench, i % N_FRAMES);
        us[i] = cpu_us() - start;
    }
    qsort(us, n, sizeof *us, compare_doubles);
    return us[n / 2];
}

/* One step of the recipe, on what the steps before it leave of the first frame. */
static double step_us(const Bench *bench, gsize at, gsize repeats)
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
    qsort(us, repeats, sizeof *us, compare_doubles);
    return us[repeats / 2];
}

int main(int argc, char **argv)
{
    cel_init();
    if (argc < 2) {
        fprintf(stderr, "Usage: claim-bench LIBRARY [REPEATS]\n");
        return 2;
    }
    Bench bench = {0};
    const gsize repeats =
        argc > 2 ? (gsize)g_ascii_strtoull(argv[2], NULL, 10) : (gsize)DEFAULT_REPEATS;
    bench_init(&bench, argv[1]);
    printf("| stage | median, us |\n|---|---|\n");
    for (gsize s = 0; s < G_N_ELEMENTS(stages); s++)
        printf("| %s | %.0f |\n", stages[s].title, median_us(&bench, s, repeats));
    for (gsize i = 0; i < cel_recipe_length(bench.recipe); i++)
        printf("| of the recipe: %s | %.0f |\n", cel_recipe_step(bench.recipe, i)->id,
               step_us(&bench, i, repeats * N_FRAMES));
    bench_clear(&bench);
    return 0;
}
