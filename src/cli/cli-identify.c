/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-sign.h"

#include "base/cel-file.h"
#include "base/cel-text.h"
#include "formats/cel-reader.h"
#include "match/cel-claims.h"
#include "match/cel-why.h"

#include <stdio.h>
#include <string.h>

enum { MAX_LIST_BYTES = 64 * 1024 * 1024 };

typedef struct {
    CliBenchOptions bench;
    CliSignWords sign;
    char *expect, *files_from, *axis_unit, **blanks;
    double laser_nm;
    int spectrum, column;
    gboolean replicates;
} IdentifyWords;

static void identify_words_clear(IdentifyWords *words)
{
    cli_bench_options_clear(&words->bench);
    cli_sign_words_clear(&words->sign);
    g_free(words->expect);
    g_free(words->files_from);
    g_free(words->axis_unit);
    g_strfreev(words->blanks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IdentifyWords, identify_words_clear)

static void print_hit(const CelHit *hit, gboolean chinese)
{
    const CelSubstance *substance = hit->substance;
    const char *name =
        chinese && *substance->name_zh != '\0' ? substance->name_zh : substance->name_en;
    g_autofree char *cell = cel_text_cell(*name != '\0' ? name : substance->id, -40);
    printf("  %2u. %s %-18s %.3f  HQI %.3f  %c  %u/%u\n", hit->rank, cell, substance->id,
           hit->score, hit->hqi, "ABCD"[hit->grade], hit -> matched -> len,
           hit -> matched -> len + hit -> missing -> len);
}

static void print_explanation(const Cli *cli, const CelIdentification *answer)
{
    g_autoptr(GPtrArray) lines = cel_why_lines(answer, cli->chinese);
    if (lines->len > 0)
        printf("  %s\n", _("Why the first hit stands first:"));
    for (guint i = 0; i < lines->len; i++)
        printf("    %s\n", (const char *)g_ptr_array_index(lines, i));
    if (answer->stability.runs == 0)
        return;
    g_autofree char *stability =
        cel_claim_stability(answer->stability.same, answer->stability.runs, cli->chinese);
    printf("    %s\n", stability);
}

static void print_answer(const Cli *cli, const CelIdentification *answer, const char *file)
{
    const GPtrArray *why = cli->chinese ? answer->why_zh : answer->why_en;
    g_autofree char *shown = cli_printable(file);
    printf("%s: %s\n", shown, cel_outcome_label(answer->outcome, cli->chinese));
    if (answer->simulated)
        printf("  %s\n", _("SIMULATED / TRAINING DATA, NOT TO BE USED AS EVIDENCE"));
    printf("  %s\n", cli->chinese ? answer->claim_zh : answer->claim_en);
    for (guint i = 0; i < why->len; i++)
        printf("  - %s\n", (const char *)g_ptr_array_index(why, i));
    if (answer->hits->len > 0)
        printf("  %s\n", _("Hits (score, squared correlation, grade of the reference, bands "
                           "matched; a list, no result):"));
    for (guint i = 0; i < answer->hits->len; i++)
        print_hit(g_ptr_array_index(answer->hits, i), cli->chinese);
    print_explanation(cli, answer);
    if (answer->rates == NULL)
        return;
    g_autofree char *rates = cel_rates_text(answer->rates, cli->chinese);
    printf("  %s\n", rates);
}

static void show(const Cli *cli, const CelBench *bench, const CelIdentification *answer,
                 const char *file)
{
    if (cli->json) {
        g_autofree char *plain = cel_identification_to_json(answer, file);
        g_autofree char *line = cli_with_libraries(bench, plain);
        printf("%s\n", line);
        fflush(stdout);
    } else if (!cli->quiet) {
        print_answer(cli, answer, file);
    }
}

/* The claim is @expected: found, and nothing but it ranks first. */
static gboolean is_expected(const CelIdentification *answer, const char *expected)
{
    if (answer->outcome != CEL_OUTCOME_FOUND || answer->hits->len == 0)
        return FALSE;
    const CelHit *first = g_ptr_array_index(answer->hits, 0);
    return strcmp(first->substance->id, expected) == 0;
}

static int exit_status(const CelIdentification *answer, const IdentifyWords *words)
{
    if (answer->outcome == CEL_OUTCOME_REFUSED)
        return 5;
    return words->expect != NULL && !is_expected(answer, words->expect) ? 1 : 0;
}

static CelReadOptions read_options(const IdentifyWords *words)
{
    return (CelReadOptions){.laser_nm = words->laser_nm,
                            .axis_unit = words->axis_unit,
                            .column = words->column,
                            .spectrum = (guint)words->spectrum};
}

static gboolean add_blanks(Cli *cli, CelBench *bench, const IdentifyWords *words, GError **error)
{
    const CelReadOptions options = read_options(words);
    for (gsize i = 0; words->blanks != NULL && words->blanks[i] != NULL; i++) {
        g_autoptr(CelMeasurement) blank =
            cel_reader_load(words->blanks[i], &options, cli->job, error);
        if (blank == NULL) /* the message names the file */
            return FALSE;
        if (!cel_bench_add_barrier(bench, blank, error)) {
            g_prefix_error(error, "%s: ", words->blanks[i]);
            return FALSE;
        }
    }
    return TRUE;
}

static CelIdentification *identify_file(Cli *cli, const CelBench *bench, const IdentifyWords *words,
                                        const char *file, GError **error)
{
    const CelReadOptions options = read_options(words);
    g_autoptr(CelMeasurement) measurement = cel_reader_load(file, &options, cli->job, error);
    if (measurement == NULL)
        return NULL;
    cli_tell_choice(cli, measurement, file, &options);
    CelIdentification *answer = words->replicates
                                    ? cel_bench_identify(bench, measurement, cli->job, error)
                                    : cel_bench_answer(bench, measurement, cli->job, error);
    if (answer == NULL)
        g_prefix_error(error, "%s: ", file);
    return answer;
}

/* Every file alone. Returns: the worst exit status; a bad file does not stop the others. */
static int identify_each(Cli *cli, const CelBench *bench, const IdentifyWords *words,
                         const GPtrArray *files, GError **error)
{
    int worst = 0;
    for (guint i = 0; i < files->len; i++) {
        const char *file = g_ptr_array_index(files, i);
        g_autoptr(GError) failure = NULL;
        g_autoptr(CelIdentification) answer = identify_file(cli, bench, words, file, &failure);
        if (g_error_matches(failure, CEL_ERROR, CEL_ERROR_CANCELLED)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return 130;
        }
        if (answer == NULL)
            cli_show_failure(cli, file, failure);
        else
            show(cli, bench, answer, file);
        worst = MAX(worst,
                    answer == NULL ? cel_error_exit_status(failure) : exit_status(answer, words));
    }
    return worst;
}

/* All files are planned replicates of one exhibit. */
static int identify_together(Cli *cli, const CelBench *bench, const IdentifyWords *words,
                             const GPtrArray *files, GError **error)
{
    g_autoptr(GPtrArray) singles =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_identification_free);
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    guint usable = 0;
    int worst = 0;
    for (guint i = 0; i < files->len; i++) {
        g_autoptr(GError) failure = NULL;
        CelIdentification *single =
            identify_file(cli, bench, words, g_ptr_array_index(files, i), &failure);
        if (g_error_matches(failure, CEL_ERROR, CEL_ERROR_CANCELLED)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return 130;
        }
        if (single == NULL) {
            cli_report_error(failure);
            worst = MAX(worst, cel_error_exit_status(failure));
        }
        usable += single != NULL ? 1 : 0;
        g_ptr_array_add(singles, single);
        g_ptr_array_add(problems, g_strdup(failure != NULL ? failure->message : NULL));
    }
    g_autoptr(CelIdentification) answer = cel_identification_combine(singles, problems);
    show(cli, bench, answer, g_ptr_array_index(files, 0));
    /* An invalid replicate is part of the answer; without any valid one there is none. */
    return usable > 0 ? exit_status(answer, words) : worst;
}

static gboolean collect_files(const IdentifyWords *words, char **rest, GPtrArray *files,
                              GError **error)
{
    for (gsize i = 0; rest[i] != NULL; i++)
        g_ptr_array_add(files, g_strdup(rest[i]));
    if (words->files_from != NULL) {
        g_autoptr(GBytes) bytes = cel_file_read(words->files_from, MAX_LIST_BYTES, error);
        if (bytes == NULL)
            return FALSE;
        gsize size = 0;
        const char *data = g_bytes_get_data(bytes, &size);
        if (memchr(data, '\0', size) != NULL) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("%s: this is no list of file names, one a line, but something binary"),
                        words->files_from);
            return FALSE;
        }
        g_autofree char *text = g_strndup(data, size);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (gsize i = 0; lines[i] != NULL; i++) {
            /* A name may end in blanks; the line of another system ends in a carriage return. */
            if (g_str_has_suffix(lines[i], "\r"))
                lines[i][strlen(lines[i]) - 1] = '\0';
            if (*lines[i] != '\0')
                g_ptr_array_add(files, g_strdup(lines[i]));
        }
    }
    if (files->len > 0)
        return TRUE;
    cli_usage(error, _("Name the files to identify"));
    return FALSE;
}

/* An id that no library knows is never the answer: a slip of the pen, most likely. */
static void tell_unknown(const CelBench *bench, const char *expected)
{
    gsize n = 0;
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n);
    gboolean known = expected == NULL;
    for (gsize i = 0; !known && i < n; i++)
        known = cel_library_find(libraries[i], expected) != NULL;
    g_autofree char *shown = cli_printable(known ? "" : expected);
    if (!known)
        fprintf(stderr,
                _("celadon: no library in use has a substance \"%s\", so it can never be the "
                  "answer; look at the id after --expect\n"),
                shown);
}

int cli_identify(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(IdentifyWords) words = {.laser_nm = CLI_NO_LASER, .spectrum = CLI_NO_COUNT};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &words.laser_nm,
         N_("excitation wavelength of files that do not carry it"), "X"},
        {"axis-unit", 0, 0, G_OPTION_ARG_STRING, &words.axis_unit, N_("unit of the files' axis"),
         "cm-1|nm_air|nm_vacuum|nm_unstated"},
        {"column", 0, 0, G_OPTION_ARG_INT, &words.column, N_("intensity column"), "N"},
        {"spectrum", 0, 0, G_OPTION_ARG_INT, &words.spectrum,
         N_("which spectrum of a file that holds several (1: the first)"), "N"},
        {"blank", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words.blanks,
         N_("recorded blank of the packaging that was measured through; may be repeated"), "FILE"},
        {"replicates", 0, 0, G_OPTION_ARG_NONE, &words.replicates,
         N_("the files are replicates of one exhibit: one answer for all"), NULL},
        {"expect", 0, 0, G_OPTION_ARG_STRING, &words.expect,
         N_("exit with 1 unless this substance is found"), "ID"},
        {"lab", 0, 0, G_OPTION_ARG_FILENAME, &words.sign.lab,
         N_("ask this laboratory's day-book whether the instrument was checked"), "DIR"},
        {"files-from", 0, 0, G_OPTION_ARG_FILENAME, &words.files_from,
         N_("read file names from this list, one a line"), "LIST"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) with_records = cli_records_entries(&words.bench, own);
    g_autoptr(GArray) entries =
        cli_bench_entries(&words.bench, &g_array_index(with_records, GOptionEntry, 0));
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "FILE...",
                   N_("Compares spectra with the reference libraries. A result is a screening "
                      "result; what it rests on and what it cannot tell is printed with it."),
                   &rest, error))
        return 2;
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    if (!cli_laser(&words.laser_nm, error) || !cli_count(&words.spectrum, "--spectrum", error))
        return 2;
    if (!collect_files(&words, rest, files, error))
        return 2;
    g_auto(CliSign) sign = {0};
    if (words.sign.lab != NULL && !cli_sign_read(cli, &words.sign, &sign, error))
        return 4;
    G_GNUC_UNUSED g_autoptr(CelDaybook) book = cli_sign_daybook(sign.lab, &words.bench);
    cli_records_of_lab(&words.bench, words.sign.lab);
    g_autoptr(CelBench) bench = cli_bench_open(cli, &words.bench, error);
    if (bench == NULL)
        return 3;
    cli_tell_libraries(cli, bench);
    tell_unknown(bench, words.expect);
    if (!add_blanks(cli, bench, &words, error))
        return cel_error_exit_status(*error);
    return words.replicates ? identify_together(cli, bench, &words, files, error)
                            : identify_each(cli, bench, &words, files, error);
}
