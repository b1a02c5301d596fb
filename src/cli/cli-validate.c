/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-sign.h"

#include "base/cel-clock.h"
#include "base/cel-file.h"
#include "base/cel-number.h"
#include "formats/cel-reader.h"
#include "match/cel-validate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_MANIFEST_BYTES = 256 * 1024 * 1024 };

typedef enum {
    COLUMN_FILE,
    COLUMN_TRUTH,
    COLUMN_LASER,
    COLUMN_GROUP,
    COLUMN_FAMILY,
    COLUMN_SPECIMEN,
    COLUMN_INSTRUMENT,
    COLUMN_CLASS,
    COLUMN_CONDITION,
    COLUMN_AXIS_CHECK,
    COLUMN_BASELINE,
    N_COLUMNS
} Column;

static const char *const column_names[N_COLUMNS] = {
    "file",       "truth_id", "laser_nm",  "group",      "family",  "specimen",
    "instrument", "class",    "condition", "axis_check", "baseline"};

/** Manifest: the known samples; texts live in @lines and @names. */
typedef struct {
    GPtrArray *lines; /* GStrv, the cells of a row */
    GPtrArray *names; /* file names made absolute */
    GArray *cases;    /* CelValidateCase */
} Manifest;

static void manifest_clear(Manifest *manifest)
{
    g_clear_pointer(&manifest->lines, g_ptr_array_unref);
    g_clear_pointer(&manifest->names, g_ptr_array_unref);
    g_clear_pointer(&manifest->cases, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Manifest, manifest_clear)

static gboolean find_columns(char **header, int *out_columns, const char *path, GError **error)
{
    for (guint c = 0; c < N_COLUMNS; c++) {
        out_columns[c] = -1;
        for (int i = 0; header[i] != NULL; i++) {
            if (strcmp(header[i], column_names[c]) == 0)
                out_columns[c] = i;
        }
        if (out_columns[c] < 0 && c <= COLUMN_TRUTH) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("%s: line 1: the column \"%s\" is missing; the header names file, "
                          "truth_id, laser_nm, group"),
                        path, column_names[c]);
            return FALSE;
        }
    }
    return TRUE;
}

static const char *cell(char **cells, int column)
{
    const guint n = g_strv_length(cells);
    return column >= 0 && (guint)column < n ? cells[column] : "";
}

static gboolean add_case(Manifest *manifest, char **cells, const int *columns, const char *folder,
                         GError **error)
{
    const char *file = cell(cells, columns[COLUMN_FILE]);
    const char *laser = cell(cells, columns[COLUMN_LASER]);
    const char *family = cell(cells, columns[COLUMN_FAMILY]);
    CelValidateCase one = {.truth_id = cell(cells, columns[COLUMN_TRUTH]),
                           .group = cell(cells, columns[COLUMN_GROUP]),
                           .family = *family != '\0' ? family : NULL,
                           .specimen = cell(cells, columns[COLUMN_SPECIMEN]),
                           .instrument = cell(cells, columns[COLUMN_INSTRUMENT]),
                           .class_id = cell(cells, columns[COLUMN_CLASS]),
                           .condition = cell(cells, columns[COLUMN_CONDITION]),
                           .axis_check = cell(cells, columns[COLUMN_AXIS_CHECK]),
                           .baseline_removed =
                               strcmp(cell(cells, columns[COLUMN_BASELINE]), "removed") == 0};
    if (*file == '\0') {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("the cell \"file\" is empty"));
        return FALSE;
    }
    if (*laser != '\0' && (!cel_number_parse(laser, strlen(laser), '.', &one.laser_nm) ||
                           !isfinite(one.laser_nm) || one.laser_nm < 0.0)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("\"%s\" is no laser wavelength in nm; leave it empty when unknown"), laser);
        return FALSE;
    }
    char *name = g_path_is_absolute(file) ? g_strdup(file) : g_build_filename(folder, file, NULL);
    g_ptr_array_add(manifest->names, name);
    one.file = name;
    if (*one.group == '\0')
        one.group = "samples";
    g_array_append_val(manifest->cases, one);
    return TRUE;
}

static gboolean read_rows(Manifest *manifest, char **rows, const char *path, GError **error)
{
    int columns[N_COLUMNS];
    g_autofree char *folder = g_path_get_dirname(path);
    for (guint i = 0; rows[i] != NULL; i++) {
        if (*g_strchomp(rows[i]) == '\0' && i > 0)
            continue;
        char **cells = g_strsplit(rows[i], "\t", -1);
        g_ptr_array_add(manifest->lines, cells);
        if (i == 0) {
            if (!find_columns(cells, columns, path, error))
                return FALSE;
        } else if (!add_case(manifest, cells, columns, folder, error)) {
            g_prefix_error(error, _("%s: line %u: "), path, i + 1);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean read_manifest(Manifest *manifest, const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, MAX_MANIFEST_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    if (!g_utf8_validate(data, (gssize)size, NULL)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: the manifest is not text in UTF-8; save it so"), path);
        return FALSE;
    }
    g_autofree char *text = g_strndup(data, size); /* the file's bytes end in no NUL */
    const char *start = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text;
    g_auto(GStrv) rows = g_strsplit(start, "\n", -1);
    manifest->lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    manifest->names = g_ptr_array_new_with_free_func(g_free);
    manifest->cases = g_array_new(FALSE, TRUE, sizeof(CelValidateCase));
    if (!read_rows(manifest, rows, path, error))
        return FALSE;
    if (manifest->cases->len > 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("%s: the manifest names no sample"), path);
    return FALSE;
}

static CelSpectrum *load(const CelValidateCase *one, gpointer job, GError **error)
{
    const CelReadOptions options = {.laser_nm = one->laser_nm};
    g_autoptr(CelSpectrum) spectrum = cel_reader_load_spectrum(one->file, &options, job, error);
    CelSpectrum *shifted =
        spectrum != NULL ? cel_spectrum_to_shift(spectrum, one->laser_nm, error) : NULL;
    if (shifted != NULL && one->baseline_removed)
        cel_spectrum_set_meta(shifted, CEL_META_BASELINE, "removed");
    return shifted;
}

/** RecordWords: who keeps records, and where. */
typedef struct {
    CliSignWords sign;
    char *path, *who, *why;
} RecordWords;

static void record_words_clear(RecordWords *words)
{
    cli_sign_words_clear(&words->sign);
    g_free(words->why);
    g_free(words->path);
    g_free(words->who);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RecordWords, record_words_clear)

/* The lab's ledger takes note of the records: from then on they count. */
static gboolean record_in_ledger(const Cli *cli, const RecordWords *words, CliSign *sign,
                                 CelLabValidation *validation, GError **error)
{
    CelLedgerPlace place;
    if (words->sign.key == NULL)
        return TRUE;
    g_autofree char *thresholds = cel_record_thresholds();
    validation->name = words->path;
    validation->why = words->why;
    validation->thresholds = thresholds;
    if (!cel_lab_record_validation(sign->lab, validation, cli_sign_second(sign), &place, error))
        return FALSE;
    if (!cli->json)
        cli_print(cli, _("Recorded in the ledger at position %u\n"), (guint)place.seq);
    return TRUE;
}

static gboolean write_records(const Cli *cli, const CelValidation *validation,
                              const CelBench *bench, const RecordWords *words, CliSign *sign,
                              const char *policy, GError **error)
{
    if (words->path == NULL)
        return TRUE;
    gsize n = 0;
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n);
    g_autofree char *when = cel_clock_iso8601(cel_clock_wall_us(cel_clock_system()));
    const CelValidateSource source = {
        .who = words->who != NULL ? words->who : g_get_user_name(),
        .when = when,
        .policy = policy != NULL ? policy : cel_policy_name(CEL_POLICY_EVIDENCE),
        .libraries = libraries,
        .n_libraries = n,
    };
    char *text = cel_validation_records(validation, &source);
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
    g_autofree char *digests = cel_record_libraries(libraries, n);
    CelLabValidation recorded = {.records = bytes, .policy = source.policy, .libraries = digests};
    return cel_file_write(words->path, bytes, 0644, error) &&
           record_in_ledger(cli, words, sign, &recorded, error);
}

/* Returns: FALSE: the words do not go together. */
static gboolean check_words(const RecordWords *words, const char *manifest, GError **error)
{
    const gboolean signing = words->sign.key != NULL || words->sign.lab != NULL;
    const char *const inputs[] = {manifest, NULL};
    if (signing && (words->path == NULL || words->sign.key == NULL || words->sign.lab == NULL ||
                    words->why == NULL)) {
        cli_usage(error, _("To record a validation in the ledger name --records, --lab, --key, "
                           "--second-key and --why"));
        return FALSE;
    }
    return words->path == NULL || cli_keep_input(words->path, inputs, error);
}

int cli_validate(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CliBenchOptions) options = {0};
    g_autofree char *manifest_path = NULL;
    g_auto(RecordWords) records = {0};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"manifest", 0, 0, G_OPTION_ARG_FILENAME, &manifest_path, N_("table of known samples"),
         "TSV"},
        {"records", 0, 0, G_OPTION_ARG_FILENAME, &records.path,
         N_("keep a line for every sample here"), "FILE"},
        {"who", 0, 0, G_OPTION_ARG_STRING, &records.who,
         N_("who answers for these records; else the user's name"), "NAME"},
        {"why", 0, 0, G_OPTION_ARG_STRING, &records.why, N_("why, for the ledger"), "TEXT"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) signing = cli_sign_entries(&records.sign, own);
    g_autoptr(GArray) entries =
        cli_bench_entries(&options, &g_array_index(signing, GOptionEntry, 0));
    if (!cli_parse(
            cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), NULL,
            N_("Tries the method on known samples. The manifest is a table with tabs and a "
               "header line: file, truth_id (empty: in no library), laser_nm, group; for records "
               "that count on an error-rate card also specimen, and where they are known "
               "instrument, class, condition and axis_check; baseline is \"removed\" where the "
               "source took the background off. With --lab, --key, --second-key and --why the "
               "records go into the lab's ledger: only those count on an error-rate card."),
            &rest, error))
        return 2;
    if (manifest_path == NULL || rest[0] != NULL)
        return cli_usage(error, _("validate needs --manifest TSV and no other words"));
    if (!check_words(&records, manifest_path, error))
        return 2;
    g_auto(Manifest) manifest = {0};
    g_auto(CliSign) sign = {.lab = NULL};
    if (!read_manifest(&manifest, manifest_path, error))
        return 3;
    if (records.sign.key != NULL && !cli_sign_open(cli, &records.sign, &sign, error))
        return 4;
    g_autoptr(CelBench) bench = cli_bench_open(cli, &options, error);
    if (bench == NULL)
        return 3;
    g_autoptr(CelValidation) validation =
        cel_validate(cel_bench_matcher(bench), &g_array_index(manifest.cases, CelValidateCase, 0),
                     manifest.cases->len, load, cli->job, cli->job, error);
    if (validation == NULL ||
        !write_records(cli, validation, bench, &records, &sign, options.policy, error))
        return 4;
    g_autofree char *text =
        cli->json ? cel_validation_to_json(validation) : cel_validation_report(validation);
    if (cli->json || !cli->quiet)
        printf("%s\n", text);
    return 0;
}
