/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The figures of the match room, from the folder that tools/unpack-development-data makes:
 *
 *   celadon-figures [--builtin] [--import MANIFEST] [--drop TEXT] [--shift CM1] [--leave-out]
 *                   [--evidence] [--without VIEW]... [--records FILE]
 *                   [--resolution CM1 [--unmatched]] VALIDATION.tsv...
 *
 * --leave-out also takes the truth out of every list of hits and decides again: what would have
 * been said had the library lacked the substance.
 */
#include "base/cel-error.h"
#include "devset.h"
#include "jail/cel-jail.h"
#include "match/cel-outcome.h"
#include "match/cel-validate.h"
#include "process/cel-transfer.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static gboolean builtin, leave_out, evidence, keep_literature;
static char *import_manifest, *drop, *records;
static double shift_cm1, resolution_cm1, reference_cm1 = 4, noise_share;
static gboolean unmatched;
static GStrv without;

static const GOptionEntry entries[] = {
    {"builtin", 0, 0, G_OPTION_ARG_NONE, &builtin, "use the library that ships", NULL},
    {"import", 0, 0, G_OPTION_ARG_FILENAME, &import_manifest, "import references", "MANIFEST"},
    {"drop", 0, 0, G_OPTION_ARG_STRING, &drop, "leave out band rows of a source", "TEXT"},
    {"drop-keeps-literature", 0, 0, G_OPTION_ARG_NONE, &keep_literature,
     "but keep the recalled positions that dropped rows name", NULL},
    {"shift", 0, 0, G_OPTION_ARG_DOUBLE, &shift_cm1, "put every axis off", "CM1"},
    {"resolution", 0, 0, G_OPTION_ARG_DOUBLE, &resolution_cm1, "broaden every sample to it", "CM1"},
    {"reference-resolution", 0, 0, G_OPTION_ARG_DOUBLE, &reference_cm1,
     "assumed of samples and references as they are (4)", "CM1"},
    {"noise", 0, 0, G_OPTION_ARG_DOUBLE, &noise_share, "then add noise, of the highest value", "X"},
    {"unmatched", 0, 0, G_OPTION_ARG_NONE, &unmatched, "do not tell the resolution", NULL},
    {"leave-out", 0, 0, G_OPTION_ARG_NONE, &leave_out, "decide again without the truth", NULL},
    {"without", 0, 0, G_OPTION_ARG_STRING_ARRAY, &without, "leave out a view", "VIEW"},
    {"evidence", 0, 0, G_OPTION_ARG_NONE, &evidence, "evidence policy", NULL},
    {"records", 0, 0, G_OPTION_ARG_FILENAME, &records, "write a line a sample", "FILE"},
    G_OPTION_ENTRY_NULL,
};

/* The sample as an instrument of @resolution_cm1 would have drawn it, its noise put on afterwards.
 * Seeded by the file's name: the same in every run. */
static CelSpectrum *made_blunt(const CelSpectrum *spectrum, const char *file, GError **error)
{
    const gsize n = cel_spectrum_length(spectrum);
    double *y = g_memdup2(cel_spectrum_y(spectrum), n * sizeof(double)), top = 0;
    g_autoptr(GRand) rand = g_rand_new_with_seed(g_str_hash(file));
    cel_broaden(cel_spectrum_x(spectrum), y, n, cel_broaden_by(reference_cm1, resolution_cm1));
    for (gsize i = 0; i < n; i++)
        top = MAX(top, y[i]);
    for (gsize i = 0; i < n; i++) {
        double sum = -6; /* Irwin, Hall: nearly normal */
        for (int k = 0; k < 12; k++)
            sum += g_rand_double(rand);
        y[i] += noise_share * top * sum;
    }
    return cel_spectrum_derive(spectrum, cel_spectrum_axis(spectrum), y, NULL, NULL, error);
}

static CelSpectrum *load(const CelValidateCase *one, gpointer user_data, GError **error)
{
    const GPtrArray *cases = user_data;
    for (guint i = 0; i < cases->len; i++) {
        const DevCase *dev = g_ptr_array_index(cases, i);
        if (strcmp(dev->file, one->file) != 0)
            continue;
        CelSpectrum *spectrum = dev_spectrum(dev, error);
        if (spectrum != NULL && resolution_cm1 > 0) {
            CelSpectrum *blunt = made_blunt(spectrum, one->file, error);
            cel_spectrum_free(spectrum);
            spectrum = blunt;
        }
        if (spectrum == NULL || !(shift_cm1 > 0 || shift_cm1 < 0))
            return spectrum;
        const gsize n = cel_spectrum_length(spectrum);
        g_autofree double *x = g_new(double, n);
        for (gsize k = 0; k < n; k++)
            x[k] = cel_spectrum_x(spectrum)[k] + shift_cm1;
        g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, n, error);
        cel_spectrum_set_axis(spectrum, axis, NULL);
        return spectrum;
    }
    return NULL;
}

static CelLibrary *import(GError **error)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "celadon-figures.library.h5", NULL);
    CelImportReport report = {0};
    const gboolean ok = cel_library_import(import_manifest, path, &report, NULL, error);
    printf("imported %zu of %zu rows, %zu substances\n", report.n_imported, report.n_rows,
           report.n_substances);
    for (guint i = 0; report.problems != NULL && i < report.problems->len && i < 5; i++)
        printf("  %s\n", (const char *)g_ptr_array_index(report.problems, i));
    cel_import_report_clear(&report);
    CelLibrary *library = ok ? cel_library_open(path, NULL, error) : NULL;
    g_unlink(path);
    return library;
}

static void without_truth(const CelMatcher *matcher, const GPtrArray *cases,
                          const CelDecisionInput *input)
{
    static const double levels[] = {1.80, 1.85, 1.90, 1.95, 2.00, 2.10};
    guint n = 0, found = 0, lead = 0, class_only = 0, above[G_N_ELEMENTS(levels)] = {0};
    for (guint i = 0; i < cases->len; i++) {
        const DevCase *dev = g_ptr_array_index(cases, i);
        const CelValidateCase one = {dev->file, dev->truth_id, dev->family, dev->group, 0};
        g_autoptr(CelSpectrum) spectrum = load(&one, (gpointer)cases, NULL);
        g_autoptr(CelIdentification) answer =
            spectrum != NULL && *dev->truth_id != '\0'
                ? cel_matcher_identify(matcher, &(CelSample){.raw = spectrum}, NULL, NULL)
                : NULL;
        if (answer == NULL)
            continue;
        for (guint h = 0; h < answer->hits->len;) {
            const CelHit *hit = g_ptr_array_index(answer->hits, h);
            if (strcmp(hit->substance->id, dev->truth_id) == 0)
                g_ptr_array_remove_index(answer->hits, h);
            else
                h++;
        }
        g_ptr_array_set_size(answer->why_en, 0);
        g_ptr_array_set_size(answer->why_zh, 0);
        CelDecisionInput again = *input;
        again.n_samples = cel_spectrum_length(spectrum);
        cel_outcome_decide(answer, &again);
        n++;
        found += answer->outcome == CEL_OUTCOME_FOUND;
        for (gsize l = 0; l < G_N_ELEMENTS(levels); l++)
            above[l] += answer->outcome == CEL_OUTCOME_FOUND &&
                        cel_outcome_evidence(answer->hits) >= levels[l];
        class_only += answer->outcome == CEL_OUTCOME_CLASS_ONLY;
        lead += answer->lead_id != NULL;
    }
    double low = 0, high = 1;
    cel_validate_interval(found, n, 0.95, &low, &high);
    printf("truth taken out: n %u  found (wrong) %u (%.1f %%, %.1f..%.1f)  class %u  lead %u\n", n,
           found, 100.0 * found / MAX(n, 1), 100 * low, 100 * high, class_only, lead);
    for (gsize l = 0; l < G_N_ELEMENTS(levels); l++)
        printf("  with evidence >= %.2f: found (wrong) %u\n", levels[l], above[l]);
}

static int run(const CelMatcher *matcher, const char *manifest, const CelDecisionInput *input,
               GError **error)
{
    g_autoptr(GPtrArray) cases = dev_cases(manifest, error);
    if (cases == NULL)
        return 3;
    g_autofree CelValidateCase *known = g_new0(CelValidateCase, cases->len + 1);
    for (guint i = 0; i < cases->len; i++) {
        const DevCase *dev = g_ptr_array_index(cases, i);
        known[i] =
            (CelValidateCase){dev->file, dev->truth_id, dev->family, dev->group, dev->laser_nm};
    }
    const gint64 start = g_get_monotonic_time();
    g_autoptr(CelValidation) validation =
        cel_validate(matcher, known, cases->len, load, cases, NULL, error);
    if (validation == NULL)
        return 3;
    g_autofree char *report = cel_validation_report(validation);
    printf("== %s\n%s", manifest, report);
    printf("%.1f ms a sample\n",
           (double)(g_get_monotonic_time() - start) / 1000 / MAX(cases->len, 1));
    if (leave_out)
        without_truth(matcher, cases, input);
    g_autofree char *table = cel_validation_records(validation);
    return records == NULL || g_file_set_contents(records, table, -1, error) ? 0 : 4;
}

static CelViewSet views_left_out(void)
{
    CelViewSet set = 0;
    for (guint i = 0; without != NULL && without[i] != NULL; i++) {
        const guint view = cel_views_find(without[i]);
        if (view == CEL_N_VIEWS)
            g_error("no view is called %s", without[i]);
        set |= 1u << view;
    }
    return set;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("VALIDATION.tsv...");
    cel_init();
    cel_jail_start();
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        g_error("%s", error->message);
    const CelLibrary *libraries[2];
    gsize n = 0;
    g_autoptr(CelLibrary) own = builtin ? cel_library_open_builtin(&error) : NULL;
    g_autoptr(CelLibrary) imported =
        error == NULL && import_manifest != NULL ? import(&error) : NULL;
    if (error != NULL)
        g_error("%s", error->message);
    if (own != NULL)
        libraries[n++] = own;
    if (imported != NULL)
        libraries[n++] = imported;
    const CelIdentifyOptions options = {
        .libraries = libraries,
        .n_libraries = n,
        .policy = evidence ? CEL_POLICY_EVIDENCE : CEL_POLICY_DEVELOPMENT,
        .top = 40,
        .resolution_cm1 = unmatched ? 0 : resolution_cm1,
        .reference_resolution_cm1 = reference_cm1,
        .drop = {drop, keep_literature},
        .without = views_left_out(),
    };
    const CelDecisionInput input = {
        .method = "figures",
        .library_en = "-",
        .laser_known = TRUE,
        .n_lines = 100,
        .libraries = libraries,
        .n_libraries = n,
    };
    const gint64 start = g_get_monotonic_time();
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, &error);
    printf("matcher ready in %.0f ms\n", (double)(g_get_monotonic_time() - start) / 1000);
    int status = 0;
    for (int i = 1; matcher != NULL && i < argc && status == 0; i++)
        status = run(matcher, argv[i], &input, &error);
    if (error != NULL)
        g_error("%s", error->message);
    return status;
}
