/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "bench/cel-work.h"
#include "formats/cel-reader.h"
#include "report/cel-report.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_PASSPHRASE = 1024, MAX_SEALED_BYTES = 1 << 30 };

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

static gboolean parse_form(const char *text, CelReportForm *out_form)
{
    static const char *const forms[] = {"card", "court", "expert"};
    *out_form = CEL_REPORT_CARD;
    for (guint i = 0; text != NULL && i < G_N_ELEMENTS(forms); i++) {
        *out_form = (CelReportForm)i;
        if (strcmp(text, forms[i]) == 0)
            return TRUE;
    }
    return text == NULL;
}

gboolean cli_write_report(Cli *cli, const char *file, const char *out, CelReportForm form,
                          gboolean chinese, GError **error)
{
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(GBytes) bytes = cel_file_read(file, MAX_SEALED_BYTES, error);
    if (bytes == NULL || !cel_verify(file, NULL, &lines, cli->job, error))
        return FALSE;
    if (cel_verdict_any_contradicted(lines)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("%s: the file contradicts its seal (see \"celadon verify\"); no paper is "
                      "made from it"),
                    file);
        return FALSE;
    }
    g_autoptr(CelSealed) sealed = cel_sealed_open(file, cli->job, error);
    if (sealed == NULL)
        return FALSE;
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autofree char *sha256 = cel_digest_hex("sha256", data, size);
    g_autofree char *sm3 = cel_digest_hex("sm3", data, size);
    g_autofree char *name = g_path_get_basename(file);
    const CelReportRequest request = {.sealed = sealed,
                                      .file_name = name,
                                      .file_sha256 = sha256,
                                      .file_sm3 = sm3,
                                      .verdict = lines,
                                      .form = form,
                                      .chinese = chinese};
    g_autoptr(GBytes) pdf = cel_report_pdf(&request, error);
    return pdf != NULL && cel_file_write(out, pdf, 0644, error);
}

int cli_report(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *form_text = NULL;
    g_autofree char *out = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"form", 0, 0, G_OPTION_ARG_STRING, &form_text, N_("which paper"), "card|court|expert"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the file to write"), "PDF"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "FILE",
                   N_("Makes the paper for a sealed file, in the language of --lang. A file that "
                      "contradicts its seal gets none."),
                   &rest, error))
        return 2;
    CelReportForm form;
    if (rest[0] == NULL || rest[1] != NULL || out == NULL || !parse_form(form_text, &form))
        return cli_usage(error, _("Use: celadon report FILE --form card|court|expert --out PDF"));
    if (!cli_write_report(cli, rest[0], out, form, cli->chinese, error))
        return 3;
    cli_print(cli, _("%s written\n"), out);
    return 0;
}
