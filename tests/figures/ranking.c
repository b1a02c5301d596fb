/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often the right mineral stands first, from the folder that tools/unpack-development-data
 * makes; for tools/figures ranking|axis|ablation:
 *
 *   celadon-ranking --import MANIFEST [--ablation] [--offset CM1]... [--axis-u CM1] VALIDATION.tsv
 *
 * One line for each set and half: n, first, among the first five, first by group (look-alikes by
 * the tables count as right), and the plain matcher (plain.h) on the same spectra. --offset moves
 * every sample's axis. Samples whose substance the library lacks are left out.
 */
#include "base/cel-error.h"
#include "base/cel-number.h"
#include "devset.h"
#include "jail/cel-jail.h"
#include "match/cel-alike.h"
#include "match/cel-validate.h"
#include "plain.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static char *import_manifest;
static GStrv offsets;
static gboolean ablation;
static double axis_u_cm1;
static const GOptionEntry entries[] = {
    {"import", 0, 0, G_OPTION_ARG_FILENAME, &import_manifest, "import references", "MANIFEST"},
    {"ablation", 0, 0, G_OPTION_ARG_NONE, &ablation, "also without each view", NULL},
    {"offset", 0, 0, G_OPTION_ARG_STRING_ARRAY, &offsets, "put every axis off", "CM1"},
    {"axis-u", 0, 0, G_OPTION_ARG_DOUBLE, &axis_u_cm1, "uncertainty told, 0: none", "CM1"},
    G_OPTION_ENTRY_NULL,
};

typedef struct {
    const DevCase *dev;
    CelSpectrum *spectrum;
    const CelSubstance *truth;
    guint slot;
} Sample;

typedef struct {
    CelLibrary *library;
    GArray *plain, *samples; /* Sample */
} Setup;

typedef struct {
    guint n, first, five, group, plain_first, plain_five, moved, claimed;
} Tally;

enum { ALL, HARD, N_SETS };
static const char *const set_names[N_SETS] = {"all", "hard"};
static const char *const halves[] = {"development", "validation"};

static void add_references(Setup *setup)
{
    for (gsize i = 0; i < cel_library_size(setup->library); i++) {
        const CelSubstance *substance = cel_library_substance(setup->library, i);
        for (gsize r = 0; r < substance->n_references; r++) {
            const CelReference *one = &substance->references[r];
            CelView *view = cel_view_new(&(CelCurve){.x = one->x, .y_single = one->y, .n = one->n});
            if (view != NULL)
                plain_add(setup->plain, (guint)i, view);
        }
    }
}

static void add_samples(Setup *setup, const GPtrArray *cases)
{
    for (guint i = 0; i < cases->len; i++) {
        Sample sample = {.dev = g_ptr_array_index(cases, i)};
        sample.truth = cel_library_find(setup->library, sample.dev->truth_id);
        sample.spectrum = sample.truth != NULL ? dev_spectrum(sample.dev, NULL) : NULL;
        if (sample.spectrum == NULL)
            continue;
        while (cel_library_substance(setup->library, sample.slot) != sample.truth)
            sample.slot++;
        g_array_append_val(setup->samples, sample);
    }
}

static CelSpectrum *moved(const CelSpectrum *spectrum, double by_cm1)
{
    const gsize n = cel_spectrum_length(spectrum);
    g_autofree double *x = g_new(double, n);
    for (gsize k = 0; k < n; k++)
        x[k] = cel_spectrum_x(spectrum)[k] + by_cm1;
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, n, NULL);
    CelSpectrum *out = cel_spectrum_copy(spectrum);
    cel_spectrum_set_axis(out, axis, NULL);
    return out;
}

static guint rank_of(const CelIdentification *answer, const CelSubstance *truth)
{
    guint rank = 0;
    while (rank < answer->hits->len &&
           ((const CelHit *)g_ptr_array_index(answer->hits, rank))->substance != truth)
        rank++;
    return rank;
}

static void count(Tally *tally, const CelIdentification *answer, const Sample *sample,
                  guint plain_rank_of_it)
{
    const guint rank = rank_of(answer, sample->truth);
    const CelHit *first = answer->hits->len > 0 ? g_ptr_array_index(answer->hits, 0) : NULL;
    tally->n++;
    tally->first += rank == 0;
    tally->five += rank < 5 && rank < answer->hits->len;
    tally->group +=
        first != NULL && (rank == 0 || cel_outcome_alike(first->substance, sample->truth));
    tally->plain_first += plain_rank_of_it == 0;
    tally->plain_five += plain_rank_of_it < 5;
    tally->moved += answer->quality.axis_fault ? 1 : 0;
    tally->claimed += answer->outcome == CEL_OUTCOME_FOUND;
}

static void measure(const Setup *setup, const CelMatcher *matcher, double offset,
                    Tally tallies[N_SETS][2])
{
    const guint n_slots = (guint)cel_library_size(setup->library);
    g_autofree double *scores = g_new(double, n_slots + 1);
    for (guint i = 0; i < setup->samples->len; i++) {
        const Sample *sample = &g_array_index(setup->samples, Sample, i);
        g_autoptr(CelSpectrum) spectrum = moved(sample->spectrum, offset);
        g_autoptr(CelView) view = cel_view_of(spectrum);
        const CelSample asked = {.raw = spectrum, .state = {.axis_u_cm1 = axis_u_cm1}};
        g_autoptr(CelIdentification) answer = cel_matcher_identify(matcher, &asked, NULL, NULL);
        if (answer == NULL || view == NULL)
            g_error("%s cannot be used", sample->dev->file);
        plain_scores(setup->plain, view, scores, n_slots);
        const guint plain = plain_rank(scores, n_slots, sample->slot);
        const guint half = strcmp(sample->dev->split, halves[0]) != 0;
        count(&tallies[ALL][half], answer, sample, plain);
        if (strcmp(sample->dev->group, "other sample") == 0)
            count(&tallies[HARD][half], answer, sample, plain);
    }
}

static void print_share(guint k, guint n)
{
    double low, high;
    cel_validate_interval(k, n, 0.95, &low, &high);
    printf(" %.1f (%.1f..%.1f) |", 100.0 * k / MAX(n, 1), 100 * low, 100 * high);
}

static void print_rows(const char *what, Tally tallies[N_SETS][2])
{
    for (guint set = 0; set < N_SETS; set++) {
        for (guint half = 0; half < 2; half++) {
            const Tally *t = &tallies[set][half];
            if (t->n == 0)
                continue;
            printf("| %s | %s | %s | %u |", what, set_names[set], halves[half], t->n);
            print_share(t->first, t->n);
            print_share(t->five, t->n);
            print_share(t->group, t->n);
            print_share(t->plain_first, t->n);
            print_share(t->plain_five, t->n);
            printf(" %u | %u |\n", t->moved, t->claimed);
        }
    }
    fflush(stdout);
}

/* @without: CEL_N_VIEWS: every view counts. */
static void run(const Setup *setup, guint without, double offset)
{
    const CelLibrary *libraries[] = {setup->library};
    const CelIdentifyOptions options = {
        .libraries = libraries,
        .n_libraries = 1,
        .policy = CEL_POLICY_DEVELOPMENT,
        .without = without < CEL_N_VIEWS ? 1u << without : 0,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, &error);
    if (matcher == NULL)
        g_error("%s", error->message);
    Tally tallies[N_SETS][2] = {0};
    g_autofree char *what = without < CEL_N_VIEWS
                                ? g_strdup_printf("without %s", cel_views[without].id)
                                : g_strdup_printf("axis off by %g cm-1", offset);
    measure(setup, matcher, offset, tallies);
    print_rows(what, tallies);
}

static double number(const char *text)
{
    double value;
    if (!cel_number_parse(text, strlen(text), '.', &value))
        g_error("%s is no number", text);
    return value;
}

static void run_all(const Setup *setup)
{
    printf(
        "| | set | half | n | first %% | of first five %% | first by group %% | plain first %% | "
        "plain first five %% | axis faults | found |\n|---|---|---|---|---|---|---|---|---|---|---"
        "|\n");
    if (offsets == NULL)
        run(setup, CEL_N_VIEWS, 0);
    for (guint i = 0; offsets != NULL && offsets[i] != NULL; i++)
        run(setup, CEL_N_VIEWS, number(offsets[i]));
    for (guint v = 0; ablation && v < CEL_N_VIEWS; v++)
        run(setup, v, 0);
}

static CelLibrary *import(GError **error)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "celadon-ranking.XXXXXX", NULL);
    const int fd = g_mkstemp(path);
    CelImportReport report = {0};
    const gboolean ok = fd >= 0 && g_close(fd, error) && g_unlink(path) == 0 &&
                        cel_library_import(import_manifest, path, &report, NULL, error);
    CelLibrary *library = ok ? cel_library_open(path, NULL, error) : NULL;
    printf("%zu references of %zu substances\n", report.n_imported, report.n_substances);
    cel_import_report_clear(&report);
    g_unlink(path);
    return library;
}

static void clear_sample(gpointer data)
{
    cel_spectrum_free(((Sample *)data)->spectrum);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("VALIDATION.tsv");
    cel_init();
    cel_jail_start();
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        g_error("%s", error->message);
    if (import_manifest == NULL || argc != 2)
        g_error("--import and one table of known samples are needed");
    g_autoptr(GPtrArray) cases = dev_cases(argv[1], &error);
    g_autoptr(CelLibrary) library = cases != NULL ? import(&error) : NULL;
    if (library == NULL)
        g_error("%s", error->message);
    g_autoptr(GArray) plain = plain_new();
    g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(Sample));
    g_array_set_clear_func(samples, clear_sample);
    Setup setup = {library, plain, samples};
    add_references(&setup);
    add_samples(&setup, cases);
    run_all(&setup);
    return 0;
}
