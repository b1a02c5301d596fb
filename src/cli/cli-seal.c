/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-sign.h"

#include "base/cel-file.h"
#include "formats/cel-reader.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    CliBenchOptions bench;
    CliSignWords sign;
    char *case_id, *exhibit_id, *out, *packaging, *instrument_blank, *exploratory;
    double laser_nm;
    gboolean training;
} SealWords;

static void seal_words_clear(SealWords *words)
{
    cli_bench_options_clear(&words->bench);
    cli_sign_words_clear(&words->sign);
    g_free(words->case_id);
    g_free(words->exhibit_id);
    g_free(words->out);
    g_free(words->packaging);
    g_free(words->instrument_blank);
    g_free(words->exploratory);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SealWords, seal_words_clear)

/** Inputs: the work with the digests of the files it came from, and who does it. */
typedef struct {
    CliSign *sign;
    CelWork *work;
    GPtrArray *files, *blanks; /* SHA-256, hex */
} Inputs;

static void inputs_clear(Inputs *inputs)
{
    g_clear_pointer(&inputs->work, cel_work_free);
    g_clear_pointer(&inputs->files, g_ptr_array_unref);
    g_clear_pointer(&inputs->blanks, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Inputs, inputs_clear)

/* The digest is of the very bytes that were read. */
static CelMeasurement *load_only(Cli *cli, const char *file, const CelReadOptions *options,
                                 GPtrArray *digests, GError **error)
{
    g_auto(CelReadOut) out = {0};
    if (!cel_reader_load_only(file, options, cli->job, &out, error))
        return NULL;
    gsize size = 0;
    const void *data = g_bytes_get_data(out.source, &size);
    g_ptr_array_add(digests, cel_digest_hex("sha256", data, size));
    return g_steal_pointer(&out.measurement);
}

static gboolean add_blank(Cli *cli, Inputs *inputs, CelBlankKind kind, const char *file,
                          const CelReadOptions *options, GError **error)
{
    if (file == NULL)
        return TRUE;
    CelMeasurement *blank = load_only(cli, file, options, inputs->blanks, error);
    if (blank == NULL)
        return FALSE;
    cel_work_add_blank(inputs->work, kind, blank);
    return TRUE;
}

static gboolean fill_work(Cli *cli, Inputs *inputs, const SealWords *words, char **files,
                          GError **error)
{
    const CelReadOptions options = {.laser_nm = words->laser_nm};
    inputs->files = g_ptr_array_new_with_free_func(g_free);
    inputs->blanks = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; files[i] != NULL; i++) {
        CelMeasurement *measurement = load_only(cli, files[i], &options, inputs->files, error);
        if (measurement == NULL)
            return FALSE;
        cel_work_add(inputs->work, measurement);
    }
    return add_blank(cli, inputs, CEL_BLANK_INSTRUMENT, words->instrument_blank, &options, error) &&
           add_blank(cli, inputs, CEL_BLANK_PACKAGING, words->packaging, &options, error) &&
           cel_work_identify(inputs->work, cli->job, error);
}

/* Neither what is measured nor what signs may be written over. */
static gboolean keep_inputs(const SealWords *words, char **files, GError **error)
{
    const char *const others[] = {words->sign.key, words->sign.passphrase_file,
                                  words->instrument_blank, words->packaging};
    for (gsize i = 0; i < G_N_ELEMENTS(others) && words->out != NULL; i++) {
        const char *const one[] = {others[i], NULL};
        if (!cli_keep_input(words->out, one, error))
            return FALSE;
    }
    return words->out == NULL || cli_keep_input(words->out, (const char *const *)files, error);
}

static void tell(const Cli *cli, const Inputs *inputs, const char *path, CelKey *key,
                 const char *fid)
{
    const CelIdentification *answer = cel_work_answer(inputs->work);
    if (!cli->json) {
        cli_print(cli, _("%s: sealed by %s; result: %s\n"), path, cel_key_person(key),
                  cel_outcome_label(answer->outcome, cli->chinese));
        return;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", path);
    cel_json_text(json, "fid", fid);
    cel_json_text(json, "outcome", cel_outcome_name(answer->outcome));
    cel_json_close(json);
    cli_print_json(json);
}

/* ---- without a lab: the file alone ---- */

static int seal_alone(Cli *cli, SealWords *words, Inputs *inputs, char **files, GError **error)
{
    CEL_AUTO_SECRET passphrase = cli_passphrase(words->sign.passphrase_file, NULL, cli->job, error);
    if (passphrase == NULL)
        return 2;
    g_autoptr(CelKey) key = cel_key_load(words->sign.key, passphrase, error);
    if (key == NULL)
        return 5;
    const CelWorkSeal seal = {.case_id = words->case_id,
                              .exhibit_id = words->exhibit_id,
                              .training = words->training,
                              .clock = cel_clock_system()};
    if (!fill_work(cli, inputs, words, files, error) ||
        !cel_work_seal(inputs->work, &seal, key, words->out, cli->job, error))
        return 4;
    tell(cli, inputs, words->out, key, NULL);
    return 0;
}

/* ---- with a lab: the ledger knows ---- */

static gboolean copy_out(const char *from, const char *to, GError **error)
{
    if (to == NULL)
        return TRUE;
    g_autoptr(GBytes) bytes = cel_file_read(from, CEL_SEAL_MAX_BYTES, error);
    return bytes != NULL && cel_file_create(to, bytes, 0440, error);
}

static int seal_in_lab(Cli *cli, SealWords *words, Inputs *inputs, char **files, GError **error)
{
    CelLab *lab = inputs->sign->lab;
    g_autofree char *fid = NULL;
    if (!fill_work(cli, inputs, words, files, error))
        return 4;
    const CelLabSeal seal = {.work = inputs->work,
                             .case_id = words->case_id,
                             .item_id = words->exhibit_id,
                             .inputs = inputs->files,
                             .blanks = inputs->blanks,
                             .exploratory = words->exploratory,
                             .training = words->training,
                             .clock = cel_clock_system()};
    if (!cel_lab_seal(lab, &seal, &fid, cli->job, error))
        return 4;
    g_autofree char *path = cel_lab_sealed_path(lab, fid);
    if (!copy_out(path, words->out, error))
        return 4;
    tell(cli, inputs, words->out != NULL ? words->out : path, inputs->sign->key, fid);
    return 0;
}

static int seal_files(Cli *cli, SealWords *words, char **files, GError **error)
{
    g_auto(CliSign) sign = {0};
    if (words->sign.lab != NULL && !cli_sign_open(cli, &words->sign, &sign, error))
        return 4;
    G_GNUC_UNUSED g_autoptr(CelDaybook) book = cli_sign_daybook(sign.lab, &words->bench);
    cli_records_of_lab(&words->bench, words->sign.lab);
    g_autoptr(CelBench) bench = cli_bench_open(cli, &words->bench, error);
    if (bench == NULL)
        return 3;
    g_auto(Inputs) inputs = {.sign = &sign, .work = cel_work_new(bench)};
    return words->sign.lab != NULL ? seal_in_lab(cli, words, &inputs, files, error)
                                   : seal_alone(cli, words, &inputs, files, error);
}

/* Returns: (transfer full) (element-type GOptionEntry). */
static GArray *seal_entries(SealWords *words)
{
    const GOptionEntry own[] = {
        {"case", 0, 0, G_OPTION_ARG_STRING, &words->case_id, N_("case number"), "C"},
        {"exhibit", 0, 0, G_OPTION_ARG_STRING, &words->exhibit_id, N_("exhibit number"), "E"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words->out, N_("the file to write"), "FILE.cel.h5"},
        {"instrument-blank", 0, 0, G_OPTION_ARG_FILENAME, &words->instrument_blank,
         N_("measurement of the empty holder"), "FILE"},
        {"packaging-blank", 0, 0, G_OPTION_ARG_FILENAME, &words->packaging,
         N_("measurement of the bag or substrate alone"), "FILE"},
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &words->laser_nm,
         N_("excitation wavelength of files that do not carry it"), "X"},
        {"training", 0, 0, G_OPTION_ARG_NONE, &words->training,
         N_("a training record; the only seal of simulated data"), NULL},
        {"exploratory", 0, 0, G_OPTION_ARG_STRING, &words->exploratory,
         N_("not the method's result (in a lab): the recipe was changed after hits were seen"),
         "WHY"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) with_records = cli_records_entries(&words->bench, own);
    g_autoptr(GArray) signed_entries =
        cli_sign_entries(&words->sign, &g_array_index(with_records, GOptionEntry, 0));
    return cli_bench_entries(&words->bench, &g_array_index(signed_entries, GOptionEntry, 0));
}

int cli_seal(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(SealWords) words = {.laser_nm = CLI_NO_LASER};
    g_auto(GStrv) rest = NULL;
    g_autoptr(GArray) entries = seal_entries(&words);
    if (!cli_parse(cli, argc, argv, (const GOptionEntry *)(gpointer)entries->data, "IN...",
                   N_("Identifies the measurements of one exhibit (its replicates) and seals them "
                      "with the answer into one file that is never edited again. With --lab the "
                      "seal is an event of the lab's ledger and the file stands in its archive."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || words.case_id == NULL || words.exhibit_id == NULL ||
        words.sign.key == NULL || (words.out == NULL && words.sign.lab == NULL))
        return cli_usage(error, _("seal needs IN... --case C --exhibit E --key K --out FILE"));
    if (!cli_laser(&words.laser_nm, error) || !keep_inputs(&words, rest, error))
        return 2;
    return seal_files(cli, &words, rest, error);
}
