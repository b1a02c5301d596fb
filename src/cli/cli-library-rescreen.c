/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-library.h"

#include "base/cel-file.h"
#include "bench/cel-rescreen.h"
#include "cli/cli-sign.h"
#include "evidence/cel-record.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    CliSignWords sign;
    char *previous, *out, *why;
    char **libraries;
    gboolean only;
    int threads;
} RescreenWords;

static void rescreen_words_clear(RescreenWords *words)
{
    cli_sign_words_clear(&words->sign);
    g_free(words->previous);
    g_free(words->out);
    g_free(words->why);
    g_strfreev(words->libraries);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RescreenWords, rescreen_words_clear)

/* ---- what is shown ---- */

static const char *text_or(JsonObject *object, const char *path, const char *other)
{
    const char *text = object != NULL ? cel_record_text(object, path) : NULL;
    return text != NULL ? text : other;
}

static void print_reasons(JsonObject *line, gboolean chinese)
{
    JsonNode *node = cel_record_member(line, chinese ? "why_zh_CN" : "why");
    JsonArray *why = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; why != NULL && i < json_array_get_length(why); i++)
        printf("  - %s\n", json_array_get_string_element(why, i));
}

static const char *outcome_label(const Cli *cli, JsonObject *line, const char *path)
{
    const char *name = text_or(line, path, "?");
    for (guint outcome = 0; outcome < CEL_N_OUTCOMES; outcome++)
        if (strcmp(name, cel_outcome_name(outcome)) == 0)
            return cel_outcome_label(outcome, cli->chinese);
    return name;
}

static const char *cause_label(JsonObject *line)
{
    const char *cause = text_or(line, "cause", "unknown");
    return strcmp(cause, "library") == 0   ? _("the library")
           : strcmp(cause, "program") == 0 ? _("the program, not the library")
                                           : _("unknown: the recorded libraries are not here");
}

static void print_changed(const Cli *cli, JsonObject *line)
{
    g_autofree char *file = cli_printable(text_or(line, "file", "?"));
    g_autofree char *case_id = cli_printable(text_or(line, "case", "?"));
    g_autofree char *exhibit = cli_printable(text_or(line, "exhibit", "?"));
    printf(_("%s: case %s, exhibit %s: %s (%s) -> %s (%s); cause: %s\n"), file, case_id, exhibit,
           outcome_label(cli, line, "before/outcome"), text_or(line, "before/ceiling", "-"),
           outcome_label(cli, line, "after/outcome"), text_or(line, "after/ceiling", "-"),
           cause_label(line));
    print_reasons(line, cli->chinese);
}

static void print_link(const Cli *cli, JsonObject *line)
{
    JsonArray *sides = json_object_get_array_member(line, "link");
    JsonObject *a = json_array_get_object_element(sides, 0);
    JsonObject *b = json_array_get_object_element(sides, 1);
    g_autofree char *one = cli_printable(text_or(a, "case", "?"));
    g_autofree char *two = cli_printable(text_or(b, "case", "?"));
    printf("%s / %s: %.3f: %s\n", one, two,
           json_object_get_double_member_with_default(line, "similarity", 0),
           text_or(line, cli->chinese ? "note_zh_CN" : "note", ""));
}

static void print_line(const Cli *cli, const char *text)
{
    g_autoptr(JsonNode) node = cel_json_read(text, strlen(text), NULL);
    JsonObject *line =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    const char *state = text_or(line, "state", "");
    if (strcmp(state, "changed") == 0) {
        print_changed(cli, line);
    } else if (strcmp(state, "not-done") == 0) {
        g_autofree char *file = cli_printable(text_or(line, "file", "?"));
        printf(_("%s: not done: %s\n"), file, text_or(line, "problem", "?"));
    } else if (line != NULL && json_object_has_member(line, "link")) {
        print_link(cli, line);
    }
}

static void show(const Cli *cli, const RescreenWords *words, GBytes *result,
                 const CelRescreenSummary *sum)
{
    gsize n = 0;
    const char *data = g_bytes_get_data(result, &n);
    g_autofree char *text = g_strndup(data, n);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    if (cli->json)
        fputs(text, stdout);
    for (gsize i = 0; !cli->json && !cli->quiet && lines[i] != NULL; i++)
        print_line(cli, lines[i]);
    if (!cli->json)
        cli_print(cli,
                  _("%s: %u files (%u from an earlier run): %u unchanged, %u changed, %u not done; "
                    "%u pairs without a match resemble each other\n"),
                  words->out, sum->files, sum->resumed, sum->same, sum->changed, sum->not_done,
                  sum->links);
}

/* ---- the ledger ---- */

/* The result is kept by its digest before the event speaks of it. */
static gboolean record(const RescreenWords *words, CliSign *sign, const char *library_path,
                       GBytes *result, const CelRescreenSummary *sum, GError **error)
{
    CelDigestPair digests;
    CelLedgerPlace place;
    g_autoptr(CelLibrary) library = cel_library_open(library_path, NULL, error);
    if (library == NULL || !cel_lab_keep(sign->lab, CEL_LAB_PAPERS, result, &digests, error))
        return FALSE;
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "what", "rescreened");
    json_object_set_string_member(data, "name", cel_library_name(library));
    json_object_set_string_member(data, "version", cel_library_version(library));
    json_object_set_string_member(data, "sha256", cel_library_sha256(library));
    json_object_set_string_member(data, "result", digests.sha256);
    json_object_set_int_member(data, "files", sum->files);
    json_object_set_int_member(data, "changed", sum->changed);
    json_object_set_int_member(data, "links", sum->links);
    const CelEventRequest request = {
        .act = CEL_ACT_LIBRARY, .why = words->why, .data = data, .clock = cel_clock_system()};
    return cel_lab_record(sign->lab, &request, cli_sign_second(sign), &place, error);
}

/* ---- the command ---- */

static gboolean open_lab(const Cli *cli, const RescreenWords *words, CliSign *sign, GError **error)
{
    if (words->sign.lab == NULL)
        return TRUE;
    return words->sign.key != NULL ? cli_sign_open(cli, &words->sign, sign, error)
                                   : cli_sign_read(cli, &words->sign, sign, error);
}

/* Those that were named, else all that the lab sealed. */
static GPtrArray *files_of(CliSign *sign, char *const *named, GError **error)
{
    if (named[0] == NULL && sign->lab != NULL)
        return cel_lab_sealed_files(sign->lab, error);
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; named[i] != NULL; i++)
        g_ptr_array_add(files, g_strdup(named[i]));
    return files;
}

static int rescreen(Cli *cli, const RescreenWords *words, char *const *rest, GError **error)
{
    g_auto(CliSign) sign = {.lab = NULL};
    CelRescreenSummary sum;
    if (!open_lab(cli, words, &sign, error))
        return 4;
    g_autoptr(GPtrArray) files = files_of(&sign, rest + 1, error);
    if (files == NULL)
        return 4;
    g_ptr_array_add(files, NULL);
    if (!cli_keep_input(words->out, (const char *const *)rest, error) ||
        !cli_keep_input(words->out, (const char *const *)files->pdata, error))
        return 2;
    const CelRescreenOptions options = {
        .library_path = rest[0],
        .previous_path = words->previous,
        .library_paths = (const char *const *)words->libraries,
        .only = words->only,
        .threads = (guint)words->threads,
        .trust = sign.lab != NULL ? cel_lab_trust(sign.lab) : NULL,
        .result_path = words->out,
    };
    if (!cel_rescreen_run(&options, (const char *const *)files->pdata, &sum, cli->job, error))
        return 3;
    g_autoptr(GBytes) result = cel_file_read(words->out, CEL_RESCREEN_MAX_BYTES, error);
    if (result == NULL ||
        (words->sign.key != NULL && !record(words, &sign, rest[0], result, &sum, error)))
        return 4;
    show(cli, words, result, &sum);
    return sum.not_done > 0 ? 3 : sum.changed > 0 ? 1 : 0;
}

int cli_library_rescreen(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(RescreenWords) words = {.threads = CLI_NO_COUNT};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words.out,
         N_("the result, JSON Lines; one that was interrupted goes on"), "FILE"},
        {"previous", 0, 0, G_OPTION_ARG_FILENAME, &words.previous,
         N_("the version before, to tell the library's changes from the program's"), "FILE"},
        {"library", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words.libraries,
         N_("where another recorded library may be found"), "FILE"},
        {"only", 0, 0, G_OPTION_ARG_NONE, &words.only, N_("search the new version alone"), NULL},
        {"threads", 0, 0, G_OPTION_ARG_INT, &words.threads, N_("threads to use"), "N"},
        {"why", 0, 0, G_OPTION_ARG_STRING, &words.why, N_("why, for the ledger"), "TEXT"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words.sign, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "NEW [FILE...]",
                   N_("Identifies sealed measurements again with a new version of a library and "
                      "lists every conclusion that would be another one. Sealed files are only "
                      "read. With --lab and no FILE all that the lab sealed; with --key, "
                      "--second-key and --why it is recorded there. Exit status 1 when a "
                      "conclusion would change, 3 when a file could not be done."),
                   &rest, error) ||
        !cli_count(&words.threads, "--threads", error))
        return 2;
    if (rest[0] == NULL || words.out == NULL || (rest[1] == NULL && words.sign.lab == NULL))
        return cli_usage(error, _("Use: celadon library rescreen NEW --out RESULT FILE... or "
                                  "--lab DIR"));
    if (words.sign.key != NULL && (words.sign.lab == NULL || words.why == NULL))
        return cli_usage(error, _("A record of a rescreen needs --lab, --key, --second-key and "
                                  "--why"));
    return rescreen(cli, &words, rest, error);
}
