/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times the kernels of processing for tools/figures process, which asks for one row at a time on
 * standard input, so that its other programs can be timed in between:
 *
 *   ROW REPEATS INPUT OUTPUT
 *
 * INPUT is a file of doubles: samples, then what the row's function says. OUTPUT gets the result as
 * doubles. The answer is one line: microseconds (median of the repeats), iterations. */
#include "base/cel-error.h"
#include "process/cel-baseline.h"
#include "process/cel-filter.h"
#include "process/cel-peakfind.h"
#include "process/cel-peakfit.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* One call is timed often enough that asking the clock does not count. */
static const double LEAST_US = 200.0;

typedef struct {
    const double *in;
    gsize n;
    double *x, *out; /* x: an even axis for rows that look at one */
    gsize n_out, iterations;
} Task;

static CelBaselineData data_of(const Task *t)
{
    return (CelBaselineData){.x = t->x, .y = t->in, .n = t->n};
}

static CelWhittakerOptions whittaker(double lambda)
{
    return (CelWhittakerOptions){
        .lambda = lambda, .order = 2, .asymmetry = 0.01, .max_iter = 50, .tolerance = 1e-3};
}

static void run_whittaker(Task *t, CelBaselineMethod method, double lambda)
{
    const CelBaselineData data = data_of(t);
    const CelWhittakerOptions options = whittaker(lambda);
    CelBaselineInfo info = {0};
    g_autoptr(GError) error = NULL;
    if (!cel_baseline_whittaker(method, &data, &options, t->out, &info, &error))
        g_error("%s", error->message);
    t->n_out = t->n;
    t->iterations = info.iterations;
}

static void run_asls(Task *t)
{
    run_whittaker(t, CEL_BASELINE_ASLS, 1e6);
}

static void run_arpls(Task *t)
{
    run_whittaker(t, CEL_BASELINE_ARPLS, 1e5);
}

static void run_airpls(Task *t)
{
    run_whittaker(t, CEL_BASELINE_AIRPLS, 1e6);
}

static void run_iarpls(Task *t)
{
    run_whittaker(t, CEL_BASELINE_IARPLS, 1e5);
}

static void run_drpls(Task *t)
{
    run_whittaker(t, CEL_BASELINE_DRPLS, 1e5);
}

/* As many spectra as stand in a map's row, INPUT holds one after the other; the time is of all. */
static void run_arpls_many(Task *t)
{
    enum { COUNT = 64 };
    const CelWhittakerOptions options = whittaker(1e5);
    CelBaselineData data[COUNT];
    double *out[COUNT];
    CelBaselineInfo infos[COUNT];
    for (gsize s = 0; s < COUNT; s++) {
        data[s] = (CelBaselineData){.x = t->x, .y = t->in + s * (t->n / COUNT), .n = t->n / COUNT};
        out[s] = t->out + s * (t->n / COUNT);
    }
    const CelBaselineMany many = {CEL_BASELINE_ARPLS, &options, data, COUNT, out, infos};
    g_assert_true(cel_baseline_whittaker_many(&many, NULL));
    t->n_out = t->n;
    t->iterations = 0;
    for (gsize s = 0; s < COUNT; s++)
        t->iterations += infos[s].iterations;
}

static void run_imodpoly(Task *t)
{
    const CelBaselineData data = data_of(t);
    const CelPolynomialOptions options = {
        .order = 6, .max_iter = 250, .tolerance = 1e-3, .mask_initial_peaks = TRUE};
    CelBaselineInfo info = {0};
    g_assert_true(cel_baseline_imodpoly(&data, &options, t->out, &info, NULL));
    t->n_out = t->n;
    t->iterations = info.iterations;
}

static void run_snip(Task *t)
{
    const CelBaselineData data = data_of(t);
    const CelSnipOptions options = {.max_half_window = 40, .order = 2};
    g_assert_true(cel_baseline_snip(&data, &options, t->out, NULL));
    t->n_out = t->n;
}

static void run_hull(Task *t)
{
    const CelBaselineData data = data_of(t);
    g_assert_true(cel_baseline_rubberband(&data, 1, 0, t->out, NULL));
    t->n_out = t->n;
}

static void run_savgol(Task *t)
{
    const CelFilter f = {.half = 5, .polynomial = 3, .edges = CEL_EDGES_INTERP};
    cel_filter_apply(&f, t->in, NULL, t->n, t->out, NULL);
    t->n_out = t->n;
}

/* The output is index, prominence and width of each peak in turn. */
static void run_peaks(Task *t)
{
    const CelPeakOptions options = {.min_prominence = 30.0, .min_width = 2.0};
    g_autoptr(GArray) peaks = cel_peakfind(t->in, NULL, t->n, &options);
    for (guint i = 0; i < peaks->len; i++) {
        const CelPeakShape *p = &g_array_index(peaks, CelPeakShape, i);
        t->out[3 * i] = (double)p->index;
        t->out[3 * i + 1] = p->prominence;
        t->out[3 * i + 2] = p->width;
    }
    t->n_out = 3 * peaks->len;
}

/* INPUT: number of bands, x0, samples, their x, their y, the start. The output: optimum, standard
 * uncertainties. */
static void run_fit(Task *t)
{
    const gsize n = (gsize)t->in[2];
    const CelPeakfitProblem problem = {.x = t->in + 3,
                                       .y = t->in + 3 + n,
                                       .n = n,
                                       .shape = CEL_BAND_PSEUDO_VOIGT,
                                       .n_bands = (gsize)t->in[0],
                                       .x0 = t->in[1]};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelPeakfit) fit = cel_peakfit(&problem, t->in + 3 + 2 * n, NULL, &error);
    if (fit == NULL)
        g_error("%s", error->message);
    memcpy(t->out, fit->p, fit->n_params * sizeof(double));
    memcpy(t->out + fit->n_params, fit->u, fit->n_params * sizeof(double));
    t->n_out = 2 * fit->n_params;
    t->iterations = fit->iterations;
}

static const struct {
    const char *name;
    void (*run)(Task *t);
} rows[] = {
    {"asls", run_asls},         {"arpls", run_arpls}, {"airpls", run_airpls},
    {"iarpls", run_iarpls},     {"drpls", run_drpls}, {"arpls-many", run_arpls_many},
    {"imodpoly", run_imodpoly}, {"snip", run_snip},   {"hull", run_hull},
    {"savgol", run_savgol},     {"peaks", run_peaks}, {"pvoigt", run_fit},
};

static gint compare_doubles(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Processor time of this thread: what others do on the machine does not count. */
static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e6 * (double)now.tv_sec + 1e-3 * (double)now.tv_nsec;
}

static double us_of(Task *t, void (*run)(Task *t), gsize calls)
{
    const double start = cpu_us();
    for (gsize i = 0; i < calls; i++)
        run(t);
    return (cpu_us() - start) / (double)calls;
}

static double median_us(Task *t, void (*run)(Task *t), gsize repeats)
{
    gsize calls = 1;
    while (us_of(t, run, calls) * (double)calls < LEAST_US)
        calls *= 2;
    g_autofree double *us = g_new(double, repeats);
    for (gsize i = 0; i < repeats; i++)
        us[i] = us_of(t, run, calls);
    qsort(us, repeats, sizeof *us, compare_doubles);
    return us[repeats / 2];
}

static void answer(gsize row, gsize repeats, const char *input, const char *output)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(input, &bytes, &length, &error))
        g_error("%s", error->message);
    const gsize n = length / sizeof(double);
    g_autofree double *x = g_new(double, n), *out = g_new(double, 4 * n + 64);
    for (gsize i = 0; i < n; i++)
        x[i] = 200.0 + 1.5 * (double)i;
    Task t = {.in = (const double *)(const void *)bytes, .n = n, .x = x, .out = out};
    const double us = median_us(&t, rows[row].run, repeats);
    if (!g_file_set_contents(output, (const char *)out, (gssize)(t.n_out * sizeof(double)), &error))
        g_error("%s", error->message);
    printf("%.4f %" G_GSIZE_FORMAT "\n", us, t.iterations);
    fflush(stdout);
}

int main(void)
{
    cel_init();
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        g_auto(GStrv) words = g_strsplit(g_strstrip(line), " ", 4);
        gsize row = 0;
        while (row < G_N_ELEMENTS(rows) && g_strcmp0(words[0], rows[row].name) != 0)
            row++;
        if (row == G_N_ELEMENTS(rows) || g_strv_length(words) != 4) {
            fprintf(stderr, "ROW REPEATS INPUT OUTPUT is asked for, not \"%s\"\n", line);
            return 2;
        }
        answer(row, (gsize)g_ascii_strtoull(words[1], NULL, 10), words[2], words[3]);
    }
    return 0;
}
