/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks for words that no result may say in every output for every known sample, and in texts taken
 * from papers:
 *
 *   celadon-wording [--import MANIFEST] VALIDATION.tsv...      answers, both policies and languages
 *   celadon-wording --text NAME...                             files of text
 *
 * Prints "n outputs, k with a forbidden word" for each, and the first of these. Exit 1 when k > 0.
 */
#include "base/cel-error.h"
#include "devset.h"
#include "jail/cel-jail.h"
#include "match/cel-claims.h"
#include "match/cel-record-card.h"
#include "match/cel-why.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static char *import_manifest;
static gboolean of_text;

static const GOptionEntry entries[] = {
    {"import", 0, 0, G_OPTION_ARG_FILENAME, &import_manifest, "import references", "MANIFEST"},
    {"text", 0, 0, G_OPTION_ARG_NONE, &of_text, "the arguments are files of text", NULL},
    G_OPTION_ENTRY_NULL,
};

typedef struct {
    guint n, bad;
} Count;

static void look(Count *count, const char *where, const char *text)
{
    enum { SHOWN = 10 };
    const char *word = cel_claim_forbidden(text);
    count->n++;
    if (word == NULL)
        return;
    if (count->bad++ < SHOWN)
        printf("  %s: \"%s\"\n", where, word);
}

static void look_at_lines(Count *count, const char *where, const GPtrArray *lines)
{
    for (guint i = 0; i < lines->len; i++)
        look(count, where, g_ptr_array_index(lines, i));
}

/* Everything that screen, paper and JSON print of an answer. */
static void look_at_answer(Count *count, const char *file, CelIdentification *answer)
{
    static const guint specimens[] = {0, 40, 120};
    for (gsize i = 0; i < G_N_ELEMENTS(specimens); i++) {
        CelRates *rates = g_new0(CelRates, 1);
        *rates = (CelRates){.n = specimens[i],
                            .right = specimens[i],
                            .laser_nm = 785,
                            .class_id = g_strdup("c"),
                            .instrument = g_strdup(""),
                            .condition = g_strdup(""),
                            .who = g_strdup(""),
                            .when = g_strdup(""),
                            .records_sha256 = g_strdup("")};
        cel_identification_set_rates(answer, rates);
        g_autofree char *json = cel_identification_to_json(answer, "");
        look(count, file, json);
    }
    for (int chinese = 0; chinese < 2; chinese++) {
        g_autoptr(GPtrArray) lines = cel_why_lines(answer, chinese);
        g_autofree char *rates = cel_rates_text(answer->rates, chinese);
        g_autofree char *stability =
            cel_claim_stability(answer->stability.same, answer->stability.runs, chinese);
        look_at_lines(count, file, lines);
        look_at_lines(count, file, chinese ? answer->why_zh : answer->why_en);
        look_at_lines(count, file,
                      chinese ? answer->replicates.reasons_zh : answer->replicates.reasons);
        look(count, file, chinese ? answer->claim_zh : answer->claim_en);
        look(count, file, cel_outcome_label(answer->outcome, chinese));
        look(count, file, rates);
        look(count, file, stability);
    }
}

static void look_at_sample(Count *count, const CelMatcher *matcher, const DevCase *dev)
{
    static const char *const checks[] = {NULL, "ok"};
    g_autoptr(CelSpectrum) spectrum = dev_spectrum(dev, NULL);
    g_autoptr(GPtrArray) singles =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_identification_free);
    for (gsize c = 0; spectrum != NULL && c < G_N_ELEMENTS(checks); c++) {
        const CelSample sample = {.raw = spectrum, .state.axis_check = checks[c]};
        CelIdentification *answer = cel_matcher_identify(matcher, &sample, NULL, NULL);
        if (answer != NULL)
            g_ptr_array_add(singles, answer);
    }
    if (singles->len == 0)
        return;
    g_autoptr(CelIdentification) together = cel_identification_combine(singles, NULL);
    look_at_answer(count, dev->file, together);
    cel_identification_cap_for_blank(together);
    look_at_answer(count, dev->file, together);
    for (guint i = 0; i < singles->len; i++)
        look_at_answer(count, dev->file, g_ptr_array_index(singles, i));
}

static guint look_at_set(const char *manifest, const CelLibrary *const *libraries, gsize n,
                         GError **error)
{
    Count count = {0, 0};
    g_autoptr(GPtrArray) cases = dev_cases(manifest, error);
    for (int policy = 0; cases != NULL && policy < 2; policy++) {
        const CelIdentifyOptions options = {.libraries = libraries,
                                            .n_libraries = n,
                                            .policy = (CelPolicy)policy,
                                            .stability_runs = 2};
        g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, error);
        for (guint i = 0; matcher != NULL && i < cases->len; i++)
            look_at_sample(&count, matcher, g_ptr_array_index(cases, i));
    }
    printf("%s: %u samples, %u outputs, %u with a forbidden word\n", manifest,
           cases != NULL ? cases->len : 0, count.n, count.bad);
    return count.bad;
}

/* Chinese is set without blanks, so a word may stand over the end of a line. */
static guint look_at_text(const char *path, GError **error)
{
    Count count = {0, 0};
    g_autofree char *text = NULL;
    gsize size = 0;
    if (!g_file_get_contents(path, &text, &size, error))
        return 0;
    g_strdelimit(text, "\n\r\f", ' ');
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_autofree char *joined = g_strjoinv("", words);
    look(&count, path, text);
    look(&count, path, joined);
    return count.bad;
}

static CelLibrary *import(GError **error)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "celadon-wording.library.h5", NULL);
    CelImportReport report = {0};
    const gboolean ok = cel_library_import(import_manifest, path, &report, NULL, error);
    cel_import_report_clear(&report);
    CelLibrary *library = ok ? cel_library_open(path, NULL, error) : NULL;
    g_unlink(path);
    return library;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("VALIDATION.tsv...");
    const CelLibrary *libraries[2];
    gsize n = 0;
    guint bad = 0;
    cel_init();
    cel_jail_start();
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        g_error("%s", error->message);
    g_autoptr(CelLibrary) own = of_text ? NULL : cel_library_open_builtin(&error);
    g_autoptr(CelLibrary) imported =
        error == NULL && import_manifest != NULL ? import(&error) : NULL;
    if (own != NULL)
        libraries[n++] = own;
    if (imported != NULL)
        libraries[n++] = imported;
    for (int i = 1; i < argc && error == NULL; i++)
        bad += of_text ? look_at_text(argv[i], &error) : look_at_set(argv[i], libraries, n, &error);
    if (of_text)
        printf("%d texts of papers, %u times a forbidden word\n", argc - 1, bad);
    if (error != NULL)
        g_error("%s", error->message);
    return bad > 0 ? 1 : 0;
}
