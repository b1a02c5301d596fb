/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-sign.h"

#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "formats/cel-reader.h"
#include "report/cel-report.h"

#include <stdio.h>
#include <string.h>

enum { MAX_SEALED_BYTES = 1 << 30 };

static void print_verdict(const Cli *cli, const char *file, const GPtrArray *lines)
{
    g_autofree char *shown = cli_printable(file);
    cli_print(cli, "%s\n", shown);
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        cli_print(cli, "  %-22s %-14s %s\n", line->id,
                  cel_verdict_state_label(line->state, cli->chinese),
                  cli->chinese ? line->text_zh : line->text_en);
    }
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
    int worst = 0;
    for (gsize i = 0; rest[i] != NULL; i++) {
        g_autoptr(GPtrArray) lines = NULL;
        g_autoptr(GError) failure = NULL;
        if (!cel_verify(rest[i], NULL, &lines, cli->job, &failure)) {
            cli_report_error(failure);
            if (cli->json)
                print_failure_json(rest[i], failure);
            worst = MAX(worst, cel_error_exit_status(failure));
            continue;
        }
        const gboolean good = cel_verdict_satisfies(lines, (const char *const *)required);
        g_autofree char *json = cli->json ? cel_verdict_json(lines, rest[i]) : NULL;
        if (json != NULL)
            printf("%s\n", json);
        else
            print_verdict(cli, rest[i], lines);
        worst = MAX(worst, good ? 0 : 1);
    }
    return worst;
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
