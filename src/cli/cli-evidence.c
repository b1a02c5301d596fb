/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-sign.h"

#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "formats/cel-reader.h"
#include "report/cel-report.h"

#include <stdio.h>
#include <string.h>

enum { MAX_SEALED_BYTES = 1 << 30 };

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
