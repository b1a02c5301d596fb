/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often a "found" stays "found" when its own measurement is slightly disturbed, from the folder
 * that tools/unpack-development-data makes:
 *
 *   celadon-stability --import MANIFEST [--runs N] [--whole] [--most N] VALIDATION.tsv...
 *
 * --whole compares every run with the whole library too and prints where the two differ. Only
 * samples that are found are disturbed; development policy.
 */
#include "base/cel-error.h"
#include "devset.h"
#include "jail/cel-jail.h"
#include "match/cel-outcome.h"
#include "match/cel-validate.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static char *import_manifest;
static int runs = CEL_STABILITY_RUNS, most = G_MAXINT;
static gboolean whole;

static const GOptionEntry entries[] = {
    {"import", 0, 0, G_OPTION_ARG_FILENAME, &import_manifest, "import references", "MANIFEST"},
    {"runs", 0, 0, G_OPTION_ARG_INT, &runs, "recalculations of a sample", "N"},
    {"most", 0, 0, G_OPTION_ARG_INT, &most, "stop after so many found samples of a file", "N"},
    {"whole", 0, 0, G_OPTION_ARG_NONE, &whole, "search the whole library in every run too", NULL},
    G_OPTION_ENTRY_NULL,
};

static CelLibrary *import(GError **error)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "celadon-stability.library.h5", NULL);
    CelImportReport report = {0};
    const gboolean ok = cel_library_import(import_manifest, path, &report, NULL, error);
    cel_import_report_clear(&report);
    CelLibrary *library = ok ? cel_library_open(path, NULL, error) : NULL;
    g_unlink(path);
    return library;
}

/* One substance: its samples are no independent ones. */
typedef struct {
    guint runs, same;
} Cluster;

typedef struct {
    GHashTable *clusters;               /* id of the truth -> Cluster */
    CelMatcher *plain, *steady, *whole; /* whole: NULL unless asked for */
    guint n, found, right;              /* samples */
    guint steady95;                     /* found samples of which at least 95 % of the runs agree */
    guint runs, same, same_first;
    guint differ; /* runs in which candidates and whole library count differently */
    clock_t plain_time, steady_time; /* of the processor: the machine may be busy */
} Sum;

static CelIdentification *identify(const CelMatcher *matcher, const CelSpectrum *spectrum)
{
    return cel_matcher_identify(matcher, &(CelSample){.raw = spectrum}, NULL, NULL);
}

static Cluster *cluster_of(Sum *sum, const char *id)
{
    Cluster *cluster = g_hash_table_lookup(sum->clusters, id);
    if (cluster == NULL) {
        cluster = g_new0(Cluster, 1);
        g_hash_table_insert(sum->clusters, g_strdup(id), cluster);
    }
    return cluster;
}

static void disturb(Sum *sum, const CelSpectrum *spectrum, const char *id)
{
    const clock_t start = clock();
    g_autoptr(CelIdentification) steady = identify(sum->steady, spectrum);
    sum->steady_time += clock() - start;
    g_autoptr(CelIdentification) all = sum->whole != NULL ? identify(sum->whole, spectrum) : NULL;
    sum->runs += steady->stability.runs;
    sum->same += steady->stability.same;
    sum->same_first += steady->stability.same_first;
    Cluster *cluster = cluster_of(sum, id);
    cluster->runs += steady->stability.runs;
    cluster->same += steady->stability.same;
    sum->steady95 += 20 * steady->stability.same >= 19 * steady->stability.runs;
    if (all != NULL)
        sum->differ += (guint)ABS((int)all->stability.same - (int)steady->stability.same);
}

static void one(Sum *sum, const DevCase *dev)
{
    g_autoptr(CelSpectrum) spectrum = dev_spectrum(dev, NULL);
    const clock_t start = clock();
    g_autoptr(CelIdentification) answer = spectrum != NULL ? identify(sum->plain, spectrum) : NULL;
    const clock_t used = clock() - start;
    if (answer == NULL || sum->found >= (guint)most)
        return;
    sum->n++;
    if (answer->outcome != CEL_OUTCOME_FOUND)
        return;
    const CelHit *first = g_ptr_array_index(answer->hits, 0);
    sum->found++;
    sum->right += g_strcmp0(first->substance->id, dev->truth_id) == 0;
    sum->plain_time += used;
    disturb(sum, spectrum, dev->truth_id);
}

static void print_part(const char *what, guint k, guint n)
{
    double low = 0, high = 1;
    cel_validate_interval(k, n, 0.95, &low, &high);
    printf("  %s %u/%u (%.2f %%, %.2f..%.2f)\n", what, k, n, 100.0 * k / MAX(n, 1), 100 * low,
           100 * high);
}

static int by_value(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* 95 % interval of the share by drawing whole substances anew (percentile bootstrap, seeded). */
static void print_bootstrap(const Sum *sum)
{
    enum { DRAWS = 2000 };
    double shares[DRAWS];
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    guint n = 0;
    g_autofree gpointer *clusters = NULL;
    g_autoptr(GList) values = g_hash_table_get_values(sum->clusters);
    clusters = g_new(gpointer, g_list_length(values) + 1);
    for (const GList *l = values; l != NULL; l = l->next)
        clusters[n++] = l->data;
    if (n == 0)
        return;
    for (int d = 0; d < DRAWS; d++) {
        guint drawn = 0, same = 0;
        for (guint i = 0; i < n; i++) {
            const Cluster *c = clusters[g_rand_int_range(rand, 0, (gint32)n)];
            drawn += c->runs;
            same += c->same;
        }
        shares[d] = 100.0 * same / drawn;
    }
    qsort(shares, DRAWS, sizeof *shares, by_value);
    printf("    by substances drawn anew (%u): %.2f..%.2f\n", n, shares[DRAWS / 40],
           shares[DRAWS - 1 - DRAWS / 40]);
}

static void report(const Sum *sum, const char *manifest)
{
    printf("== %s: n %u, found %u (%u right), %d runs each\n", manifest, sum->n, sum->found,
           sum->right, runs);
    print_part("runs with the same answer", sum->same, sum->runs);
    print_bootstrap(sum);
    print_part("runs with the same substance first", sum->same_first, sum->runs);
    print_part("found samples of which at least 95 % of the runs agree", sum->steady95, sum->found);
    if (sum->whole != NULL)
        print_part("runs counted otherwise by the whole library", sum->differ, sum->runs);
    printf("  %.2f ms of processor time a sample without, %.2f ms with them\n",
           1000.0 * (double)sum->plain_time / CLOCKS_PER_SEC / MAX(sum->found, 1),
           1000.0 * (double)sum->steady_time / CLOCKS_PER_SEC / MAX(sum->found, 1));
}

static gboolean run(Sum *sum, const char *manifest, GError **error)
{
    g_autoptr(GPtrArray) cases = dev_cases(manifest, error);
    if (cases == NULL)
        return FALSE;
    for (guint i = 0; i < cases->len; i++)
        one(sum, g_ptr_array_index(cases, i));
    report(sum, manifest);
    return TRUE;
}

static CelMatcher *matcher_of(const CelLibrary *library, int n_runs, gboolean all, GError **error)
{
    const CelIdentifyOptions options = {
        .libraries = &library,
        .n_libraries = 1,
        .policy = CEL_POLICY_DEVELOPMENT,
        .stability_runs = (guint)n_runs,
        .stability_whole = all,
    };
    return cel_matcher_new(&options, NULL, error);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("VALIDATION.tsv...");
    cel_init();
    cel_jail_start();
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || import_manifest == NULL)
        g_error("%s", error != NULL ? error->message : "--import MANIFEST is needed");
    g_autoptr(CelLibrary) library = import(&error);
    if (library == NULL)
        g_error("%s", error->message);
    g_autoptr(CelMatcher) plain = matcher_of(library, 0, FALSE, &error);
    g_autoptr(CelMatcher) steady = matcher_of(library, runs, FALSE, &error);
    g_autoptr(CelMatcher) all = whole ? matcher_of(library, runs, TRUE, &error) : NULL;
    for (int i = 1; i < argc && error == NULL; i++) {
        g_autoptr(GHashTable) clusters =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        Sum sum = {.clusters = clusters, .plain = plain, .steady = steady, .whole = all};
        run(&sum, argv[i], &error);
    }
    if (error != NULL)
        g_error("%s", error->message);
    return 0;
}
