/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-file.h"
#include "bench/cel-work.h"
#include "formats/cel-reader.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_PASSPHRASE = 1024 };

static void wipe(char **passphrase)
{
    if (*passphrase != NULL)
        explicit_bzero(*passphrase, strlen(*passphrase));
    g_free(*passphrase);
}
#define AUTO_SECRET __attribute__((cleanup(wipe))) char *

/* Asks on the terminal, without showing what is typed. */
static char *ask_passphrase(CelJob *job, GError **error)
{
    struct termios shown, hidden;
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &shown) != 0) {
        cli_usage(error, _("A passphrase is needed: name a file with --passphrase-file"));
        return NULL;
    }
    fprintf(stderr, "%s: ", _("Passphrase"));
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    char *line = g_malloc0(MAX_PASSPHRASE);
    const gboolean there = cli_wait_for_line(job, N_("Asking for the passphrase"), error);
    const gboolean read = there && fgets(line, MAX_PASSPHRASE, stdin) != NULL;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fputc('\n', stderr);
    if (!there) {
        g_free(line);
        return NULL;
    }
    line[read ? strcspn(line, "\r\n") : 0] = '\0';
    return line;
}

static char *get_passphrase(const char *file, CelJob *job, GError **error)
{
    if (file == NULL)
        return ask_passphrase(job, error);
    g_autoptr(GBytes) bytes = cel_file_read(file, MAX_PASSPHRASE, error);
    if (bytes == NULL)
        return NULL;
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    char *line = g_strndup(data, size);
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

int cli_key(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *name = NULL;
    g_autofree char *out = NULL;
    g_autofree char *passphrase_file = NULL;
    gboolean training = FALSE;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"name", 0, 0, G_OPTION_ARG_STRING, &name, N_("the person the key belongs to"), "NAME"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the key file to write"), "FILE"},
        {"training", 0, 0, G_OPTION_ARG_NONE, &training, N_("a key for training records only"),
         NULL},
        {"passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file,
         N_("read the passphrase from the first line of this file"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "new",
                   N_("new: makes a person's signing keys (SM2 and Ed25519) with self-signed "
                      "certificates, protected by a passphrase."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || strcmp(rest[0], "new") != 0 || name == NULL || out == NULL)
        return cli_usage(error, _("Use: celadon key new --name NAME --out FILE"));
    if (g_file_test(out, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("%s: a key is not overwritten; choose another name"), out);
        return 5;
    }
    AUTO_SECRET passphrase = get_passphrase(passphrase_file, cli->job, error);
    if (passphrase == NULL)
        return 2;
    g_autoptr(CelKey) key = cel_key_generate(name, training, error);
    if (key == NULL || !cel_key_save(key, out, passphrase, error))
        return 4;
    cli_print(cli, _("%s: keys of %s%s\n"), out, cel_key_person(key),
              training ? _(" (TRAINING)") : "");
    return 0;
}

typedef struct {
    CliBenchOptions bench;
    char *case_id, *exhibit_id, *key, *out, *passphrase_file, *packaging, *instrument_blank;
    double laser_nm;
    gboolean training;
} SealWords;

static void seal_words_clear(SealWords *words)
{
    cli_bench_options_clear(&words->bench);
    g_free(words->case_id);
    g_free(words->exhibit_id);
    g_free(words->key);
    g_free(words->out);
    g_free(words->passphrase_file);
    g_free(words->packaging);
    g_free(words->instrument_blank);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SealWords, seal_words_clear)

static CelMeasurement *load_only(Cli *cli, const char *file, const CelReadOptions *options,
                                 GError **error)
{
    g_auto(CelReadOut) out = {0};
    return cel_reader_load_only(file, options, cli->job, &out, error)
               ? g_steal_pointer(&out.measurement)
               : NULL;
}

static gboolean add_blank(Cli *cli, CelWork *work, CelBlankKind kind, const char *file,
                          const CelReadOptions *options, GError **error)
{
    if (file == NULL)
        return TRUE;
    CelMeasurement *blank = load_only(cli, file, options, error);
    if (blank == NULL)
        return FALSE;
    cel_work_add_blank(work, kind, blank);
    return TRUE;
}

static gboolean fill_work(Cli *cli, CelWork *work, const SealWords *words, char **files,
                          GError **error)
{
    const CelReadOptions options = {.laser_nm = words->laser_nm};
    for (gsize i = 0; files[i] != NULL; i++) {
        CelMeasurement *measurement = load_only(cli, files[i], &options, error);
        if (measurement == NULL)
            return FALSE;
        cel_work_add(work, measurement);
    }
    return add_blank(cli, work, CEL_BLANK_INSTRUMENT, words->instrument_blank, &options, error) &&
           add_blank(cli, work, CEL_BLANK_PACKAGING, words->packaging, &options, error);
}

/* Neither what is measured nor what signs may be written over. */
static gboolean keep_inputs(const SealWords *words, char **files, GError **error)
{
    const char *const others[] = {words->key, words->passphrase_file, words->instrument_blank,
                                  words->packaging};
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        const char *const one[] = {others[i], NULL};
        if (!cli_keep_input(words->out, one, error))
            return FALSE;
    }
    return cli_keep_input(words->out, (const char *const *)files, error);
}

static int seal_files(Cli *cli, SealWords *words, char **files, GError **error)
{
    AUTO_SECRET passphrase = get_passphrase(words->passphrase_file, cli->job, error);
    if (passphrase == NULL)
        return 2;
    g_autoptr(CelKey) key = cel_key_load(words->key, passphrase, error);
    if (key == NULL)
        return 5;
    g_autoptr(CelBench) bench = cli_bench_open(cli, &words->bench, error);
    if (bench == NULL)
        return 3;
    g_autoptr(CelWork) work = cel_work_new(bench);
    const CelWorkSeal seal = {.case_id = words->case_id,
                              .exhibit_id = words->exhibit_id,
                              .training = words->training,
                              .clock = cel_clock_system()};
    if (!fill_work(cli, work, words, files, error) || !cel_work_identify(work, cli->job, error) ||
        !cel_work_seal(work, &seal, key, words->out, cli->job, error))
        return 4;
    cli_print(cli, _("%s: sealed by %s; result: %s\n"), words->out, cel_key_person(key),
              cel_outcome_label(cel_work_answer(work)->outcome, cli->chinese));
    return 0;
}

int cli_seal(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(SealWords) words = {.laser_nm = CLI_NO_LASER};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"case", 0, 0, G_OPTION_ARG_STRING, &words.case_id, N_("case number"), "C"},
        {"exhibit", 0, 0, G_OPTION_ARG_STRING, &words.exhibit_id, N_("exhibit number"), "E"},
        {"key", 0, 0, G_OPTION_ARG_FILENAME, &words.key, N_("the operator's key file"), "K"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words.out, N_("the file to write"), "FILE.cel.h5"},
        {"passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &words.passphrase_file,
         N_("read the passphrase from the first line of this file"), "FILE"},
        {"instrument-blank", 0, 0, G_OPTION_ARG_FILENAME, &words.instrument_blank,
         N_("measurement of the empty holder"), "FILE"},
        {"packaging-blank", 0, 0, G_OPTION_ARG_FILENAME, &words.packaging,
         N_("measurement of the bag or substrate alone"), "FILE"},
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &words.laser_nm,
         N_("excitation wavelength of files that do not carry it"), "X"},
        {"training", 0, 0, G_OPTION_ARG_NONE, &words.training,
         N_("a training record; the only seal of simulated data"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_bench_entries(&words.bench, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "IN...",
                   N_("Identifies the measurements of one exhibit (its replicates) and seals them "
                      "with the answer into one file that is never edited again."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || words.case_id == NULL || words.exhibit_id == NULL || words.key == NULL ||
        words.out == NULL)
        return cli_usage(error, _("seal needs IN... --case C --exhibit E --key K --out FILE"));
    if (!cli_laser(&words.laser_nm, error) || !keep_inputs(&words, rest, error))
        return 2;
    return seal_files(cli, &words, rest, error);
}

static const char *const verdict_states[] = {
    [CEL_VERDICT_PROVEN] = N_("proven"),
    [CEL_VERDICT_CONTRADICTED] = N_("CONTRADICTED"),
    [CEL_VERDICT_NOT_PROVEN] = N_("not proven"),
};

static void print_verdict(const Cli *cli, const char *file, const GPtrArray *lines)
{
    g_autofree char *shown = cli_printable(file);
    cli_print(cli, "%s\n", shown);
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        cli_print(cli, "  %-22s %-14s %s\n", line->id, _(verdict_states[line->state]),
                  cli->chinese ? line->text_zh : line->text_en);
    }
}

static void print_verdict_json(const char *file, const GPtrArray *lines)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file);
    cel_json_bool(json, "contradicted", cel_verdict_any_contradicted(lines));
    cel_json_open(json, "lines", '[');
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "id", line->id);
        cel_json_text(json, "state", cel_verdict_state_name(line->state));
        cel_json_text(json, "en", line->text_en);
        cel_json_text(json, "zh_CN", line->text_zh);
        cel_json_close(json);
    }
    cel_json_close(json);
    cel_json_close(json);
    cli_print_json(json);
}

/* Whether the line @id is there and proven; an empty word asks for nothing. */
static gboolean is_proven(const GPtrArray *lines, const char *id)
{
    gboolean proven = *id == '\0';
    for (guint i = 0; !proven && i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        proven = strcmp(line->id, id) == 0 && line->state == CEL_VERDICT_PROVEN;
    }
    return proven;
}

/* Returns: whether no line is contradicted and every required one is there and proven. */
static gboolean satisfies(const GPtrArray *lines, char **required)
{
    gboolean good = TRUE;
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        good = good && line->state != CEL_VERDICT_CONTRADICTED;
    }
    for (gsize i = 0; required != NULL && required[i] != NULL; i++)
        good = good && is_proven(lines, required[i]);
    return good;
}

/* A file that cannot be judged has its line of JSON too. */
static void print_failure_json(const char *file, const GError *error)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file);
    cel_json_text(json, "error", error->message);
    cel_json_int(json, "exit", cel_error_exit_status(error));
    cel_json_close(json);
    cli_print_json(json);
}

int cli_verify(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *require = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"require", 0, 0, G_OPTION_ARG_STRING, &require,
         N_("lines that must be proven, e.g. time,ledger,replay"), "LINES"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "FILE...",
                   N_("Checks sealed files. Each question has its own line; exit status 1 when "
                      "one is contradicted."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL)
        return cli_usage(error, _("Name the files to verify"));
    g_auto(GStrv) required = require != NULL ? g_strsplit(require, ",", -1) : NULL;
    for (gsize i = 0; required != NULL && required[i] != NULL; i++)
        g_strstrip(required[i]);
    int worst = 0;
    for (gsize i = 0; rest[i] != NULL; i++) {
        g_autoptr(GPtrArray) lines = NULL;
        g_autoptr(GError) failure = NULL;
        if (!cel_verify(rest[i], &lines, cli->job, &failure)) {
            cli_report_error(failure);
            if (cli->json)
                print_failure_json(rest[i], failure);
            worst = MAX(worst, cel_error_exit_status(failure));
            continue;
        }
        const gboolean good = satisfies(lines, required);
        if (cli->json)
            print_verdict_json(rest[i], lines);
        else
            print_verdict(cli, rest[i], lines);
        worst = MAX(worst, good ? 0 : 1);
    }
    return worst;
}
