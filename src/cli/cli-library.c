/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-library.h"

#include "evidence/cel-library-sign.h"
#include "evidence/cel-verdict.h"

#include <stdio.h>
#include <string.h>

enum { MAX_PROBLEMS = 20 };

/* The first problems tell what is wrong; thousands of the same would hide it. */
static void print_problems(const GPtrArray *problems)
{
    const guint n = problems != NULL ? problems->len : 0;
    for (guint i = 0; i < MIN(n, MAX_PROBLEMS); i++)
        fprintf(stderr, "celadon: %s\n", (const char *)g_ptr_array_index(problems, i));
    if (n > MAX_PROBLEMS)
        fprintf(stderr, _("celadon: and %u more rows; --json lists all\n"), n - MAX_PROBLEMS);
}

static void print_import(const Cli *cli, const CelImportReport *report, const char *out)
{
    print_problems(report->problems);
    if (!cli->json) {
        cli_print(cli, _("%s: %zu of %zu rows imported, %zu substances\n"), out, report->n_imported,
                  report->n_rows, report->n_substances);
        return;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", out);
    cel_json_int(json, "rows", (gint64)report->n_rows);
    cel_json_int(json, "imported", (gint64)report->n_imported);
    cel_json_int(json, "substances", (gint64)report->n_substances);
    cel_json_open(json, "problems", '[');
    for (guint i = 0; i < report->problems->len; i++)
        cel_json_text(json, NULL, g_ptr_array_index(report->problems, i));
    cel_json_close(json);
    cel_json_close(json);
    cli_print_json(json);
}

static int run_import(Cli *cli, const char *manifest, const char *out, GError **error)
{
    if (manifest == NULL || out == NULL)
        return cli_usage(error, _("library import needs --manifest TSV and --out FILE"));
    const char *const inputs[] = {manifest, NULL};
    if (!cli_keep_input(out, inputs, error))
        return 2;
    CelImportReport report = {0};
    const gboolean ok = cel_library_import(manifest, out, &report, cli->job, error);
    if (ok)
        print_import(cli, &report, out);
    else
        print_problems(report.problems);
    const gboolean complete = ok && report.problems->len == 0;
    cel_import_report_clear(&report);
    return complete ? 0 : 3;
}

/** LibraryCounts: what `library info` tells. */
typedef struct {
    gsize substances, references, bands, with_data;
} LibraryCounts;

static LibraryCounts count(const CelLibrary *library)
{
    LibraryCounts counts = {.substances = cel_library_size(library)};
    for (gsize i = 0; i < counts.substances; i++) {
        const CelSubstance *substance = cel_library_substance(library, i);
        counts.references += substance->n_references;
        counts.bands += substance->n_bands;
        counts.with_data += substance->n_references > 0 || substance->n_bands > 0;
    }
    return counts;
}

/* Nobody is asked whom he trusts here: `library verify` is. */
static const char *signature_of(const Cli *cli, const CelLibrary *library, const char *path)
{
    CelLibraryState state = CEL_LIBRARY_BUILT_IN;
    if (path != NULL && !cel_library_state(library, path, NULL, &state, NULL))
        return cli->json ? "contradicted"
                         : cel_verdict_state_label(CEL_VERDICT_CONTRADICTED, cli->chinese);
    return cli->json ? cel_library_state_name(state) : cel_library_state_label(state, cli->chinese);
}

static int run_info(Cli *cli, const char *path, GError **error)
{
    g_autoptr(CelLibrary) library =
        path != NULL ? cel_library_open(path, cli->job, error) : cel_library_open_builtin(error);
    if (library == NULL)
        return 3;
    const LibraryCounts counts = count(library);
    const char *signature = signature_of(cli, library, path);
    if (!cli->json) {
        cli_print(cli,
                  _("%s %s\n  SHA-256 %s\n  %zu substances (%zu with data), %zu measured "
                    "references, %zu bands\n"),
                  cel_library_name(library), cel_library_version(library),
                  cel_library_sha256(library), counts.substances, counts.with_data,
                  counts.references, counts.bands);
        cli_print(cli, _("  signature: %s\n"), signature);
        return 0;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "name", cel_library_name(library));
    cel_json_text(json, "version", cel_library_version(library));
    cel_json_text(json, "sha256", cel_library_sha256(library));
    cel_json_int(json, "substances", (gint64)counts.substances);
    cel_json_int(json, "with_data", (gint64)counts.with_data);
    cel_json_int(json, "references", (gint64)counts.references);
    cel_json_int(json, "bands", (gint64)counts.bands);
    cel_json_text(json, "signature", signature);
    cel_json_close(json);
    cli_print_json(json);
    return 0;
}

static int run_own(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *manifest = NULL;
    g_autofree char *out = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"manifest", 0, 0, G_OPTION_ARG_FILENAME, &manifest, N_("table of the spectra to import"),
         "TSV"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the library to write"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "import|info|lint|sign|verify|diff|rescreen",
                   N_("import: makes a library from measured spectra. The manifest is a table with "
                      "tabs and a header line: file, id, name_en, name_zh, class, laser_nm, "
                      "source, licence; then any others (grade A to D and baseline raw or removed "
                      "are read, the rest is kept).\n"
                      "info: what is in a library; without FILE in the built-in one.\n"
                      "lint, sign, verify, diff, rescreen: each has --help."),
                   &rest, error))
        return 2;
    if (rest[0] != NULL && strcmp(rest[0], "import") == 0 && rest[1] == NULL)
        return run_import(cli, manifest, out, error);
    if (rest[0] != NULL && strcmp(rest[0], "info") == 0 && (rest[1] == NULL || rest[2] == NULL))
        return run_info(cli, rest[1], error);
    return cli_usage(error, _("Use: celadon library import|info|lint|sign|verify|diff|rescreen; "
                              "see \"celadon library --help\""));
}

int cli_library(Cli *cli, int argc, char **argv, GError **error)
{
    static const struct {
        const char *name, *full;
        int (*run)(Cli *cli, int argc, char **argv, GError **error);
    } verbs[] = {{"lint", "library lint", cli_library_lint},
                 {"sign", "library sign", cli_library_sign},
                 {"verify", "library verify", cli_library_verify},
                 {"diff", "library diff", cli_library_diff},
                 {"rescreen", "library rescreen", cli_library_rescreen}};
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0) {
            argv[1] = (char *)(gsize)verbs[i].full;
            return verbs[i].run(cli, argc - 1, argv + 1, error);
        }
    return run_own(cli, argc, argv, error);
}
