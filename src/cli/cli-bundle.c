/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-sign.h"

#include "base/cel-file.h"
#include "bench/cel-bundle.h"
#include "evidence/cel-record.h"
#include "evidence/cel-sealed.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MOST_ROOTS = 1 << 20 };

/* ---- export ---- */

int cli_export(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CliSignWords) words = {.lab = NULL};
    g_auto(CliSign) sign = {.lab = NULL};
    g_autofree char *out = NULL;
    g_autofree char *recipient = NULL;
    g_auto(GStrv) rest = NULL;
    char digest[65];
    const GOptionEntry own[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the bundle to write"), "DIR|FILE.zip"},
        {"recipient", 0, 0, G_OPTION_ARG_STRING, &recipient, N_("who gets it"), "TEXT"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "CASE",
                   N_("Writes everything of one case into a folder or a zip file: sealed files, "
                      "custody with proofs, certificates, photos, papers, and how to check them "
                      "without this program. With --ledger-key the ledger's head in it is signed "
                      "now. The export is an event."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL || out == NULL)
        return cli_usage(error, _("Use: celadon export CASE --out DIR|FILE.zip --lab DIR --key K"));
    const CelBundleOrder order = {.case_id = rest[0], .recipient = recipient, .path = out};
    if (!cli_sign_open(cli, &words, &sign, error) ||
        !cel_bundle_export(sign.lab, &order, digest, cli->job, error))
        return 4;
    if (!cli->json) {
        cli_print(cli, _("%s: case %s, bundle %s\n"), out, rest[0], digest);
        return 0;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", out);
    cel_json_text(json, "case", rest[0]);
    cel_json_text(json, "bundle", digest);
    cel_json_close(json);
    cli_print_json(json);
    return 0;
}

/* ---- import ---- */

static gboolean take_roots(char **files, const CelLab *lab, CelTrust **out, GError **error)
{
    if (files == NULL)
        return TRUE;
    (void)lab;
    *out = cel_trust_new();
    for (gsize i = 0; files[i] != NULL; i++) {
        g_autoptr(GBytes) pem = cel_file_read(files[i], MOST_ROOTS, error);
        if (pem == NULL || !cel_trust_add_roots(*out, pem, error))
            return FALSE;
    }
    return TRUE;
}

static void tell_bundle(const Cli *cli, const char *path, const CelBundleAbout *about,
                        const GPtrArray *lines)
{
    g_autofree char *shown = cli_printable(path);
    g_autofree char *case_id = cli_printable(about->case_id);
    g_autofree char *lab = cli_printable(about->lab);
    g_autofree char *json = cli->json ? cel_verdict_json(lines, path) : NULL;
    if (json != NULL) {
        printf("%s\n", json);
        return;
    }
    if (about->training)
        cli_print(cli, "%s\n", _("TRAINING: nothing in this bundle is evidence"));
    cli_print(cli, _("%s: case %s %s, %u events, %u sealed files, bundle %s\n"), shown, case_id,
              lab, about->n_events, about->n_files, about->digest);
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        g_autofree char *text = cli_printable(cli->chinese ? line->text_zh : line->text_en);
        cli_print(cli, "  %-14s %-14s %s\n", line->id,
                  cel_verdict_state_label(line->state, cli->chinese), text);
    }
}

/* Returns: the exit status: 1 when the bundle contradicts itself; then nothing was taken over. */
static int import(Cli *cli, const CliSignWords *words, const char *path, char **roots,
                  GError **error)
{
    g_auto(CliSign) sign = {.lab = NULL};
    g_auto(CelBundleAbout) about = {.size = 0};
    g_autoptr(CelTrust) trust = NULL;
    g_autoptr(GPtrArray) lines = NULL;
    if ((words->lab != NULL && !cli_sign_open(cli, words, &sign, error)) ||
        !take_roots(roots, sign.lab, &trust, error))
        return 4;
    g_autoptr(CelBundleFiles) files = cel_bundle_read(path, cli->job, error);
    if (files == NULL || !cel_bundle_check(files, trust, &about, &lines, cli->job, error))
        return 3;
    tell_bundle(cli, path, &about, lines);
    if (cel_verdict_any_contradicted(lines))
        return 1;
    return sign.lab == NULL || cel_bundle_accept(sign.lab, files, &about, lines, cli->job, error)
               ? 0
               : 5;
}

int cli_import_bundle(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CliSignWords) words = {.lab = NULL};
    g_auto(GStrv) roots = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"trust", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &roots,
         N_("root certificates of the other lab, which came to you another way"), "PEM"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "PATH",
                   N_("Checks a case bundle, a folder or a zip file: every statement is a line of "
                      "its own. With --lab and --key a bundle without contradiction is kept in "
                      "that lab, and its ledger says so."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL)
        return cli_usage(error, _("Use: celadon import-bundle PATH [--trust PEM] [--lab DIR --key "
                                  "K]"));
    return import(cli, &words, rest[0], roots, error);
}

/* ---- custody of one file ---- */

static char *fid_of(const char *path, CelJob *job, GError **error)
{
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, job, error);
    return sealed != NULL ? g_strdup(cel_record_text(cel_sealed_record(sealed), "fid")) : NULL;
}

static int custody_show(Cli *cli, const CliSignWords *words, const char *path, GError **error)
{
    g_auto(CliSign) sign = {.lab = NULL};
    g_autofree char *fid = fid_of(path, cli->job, error);
    if (fid == NULL || !cli_sign_read(cli, words, &sign, error))
        return 3;
    const CelRowQuery query = {.match = {{"fid", fid, 0}}};
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(sign.lab), CEL_ROW_EVENT, &query, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        g_autofree char *when = cel_clock_iso8601(cel_row_number(row, "t_wall_us"));
        if (!cli->json) {
            cli_print(cli, "%6" G_GINT64_FORMAT "  %s  %-16s %s  %s\n", cel_row_number(row, "seq"),
                      when, cel_row_text(row, "act"), cel_row_text(row, "op_name"),
                      cel_row_text(row, "why"));
            continue;
        }
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_int(json, "seq", cel_row_number(row, "seq"));
        cel_json_text(json, "act", cel_row_text(row, "act"));
        cel_json_text(json, "when", when);
        cel_json_text(json, "op", cel_row_text(row, "op_name"));
        cel_json_text(json, "why", cel_row_text(row, "why"));
        cel_json_close(json);
        cli_print_json(json);
    }
    return rows == NULL ? 4 : rows->len > 0 ? 0 : 1;
}

static int custody_add(Cli *cli, const CliSignWords *words, const char *path, const char *why,
                       GError **error)
{
    g_auto(CliSign) sign = {.lab = NULL};
    CelFileCustody custody = {.path = path, .why = why};
    CelLedgerPlace place;
    if (!cli_sign_open(cli, words, &sign, error) ||
        !cel_lab_add_custody(sign.lab, &custody, &place, cli->job, error))
        return 4;
    cli_print(cli, _("%s: %s, event %ju\n"), path, custody.intact ? _("intact") : _("NOT INTACT"),
              (uintmax_t)place.seq);
    return custody.intact ? 0 : 1;
}

int cli_custody(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CliSignWords) words = {.lab = NULL};
    g_autofree char *why = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("what the file was looked at for"), "TEXT"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "add|show FILE",
                   N_("show: the events of the lab's ledger that name the sealed file. add: checks "
                      "it and writes an event that names its digests; the file is not touched."),
                   &rest, error))
        return 2;
    const gboolean add = rest[0] != NULL && strcmp(rest[0], "add") == 0;
    const gboolean show = rest[0] != NULL && strcmp(rest[0], "show") == 0;
    if ((!add && !show) || rest[1] == NULL || rest[2] != NULL)
        return cli_usage(error, _("Use: celadon custody add|show FILE --lab DIR"));
    return add ? custody_add(cli, &words, rest[1], why, error)
               : custody_show(cli, &words, rest[1], error);
}
