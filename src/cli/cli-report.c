/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "evidence/cel-verify.h"
#include "report/cel-forms.h"
#include "report/cel-report-items.h"

#include <string.h>

enum { MAX_SEALED_BYTES = 1 << 30, MAX_ROOTS_BYTES = 1 << 20 };

static JsonObject *read_facts(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_FACTS_MAX_BYTES, error);
    JsonObject *facts = bytes != NULL ? cel_report_facts_read(bytes, error) : NULL;
    if (facts == NULL && bytes != NULL) /* else the message names the file */
        g_prefix_error(error, "%s: ", path);
    return facts;
}

/** PaperLab: what a laboratory's folder says; empty without one. */
typedef struct {
    CelTrust *trust;
    CelProfile *profile; /* (nullable): a lab without a signed one has none */
} PaperLab;

static void paper_lab_clear(PaperLab *lab)
{
    cel_trust_free(lab->trust);
    cel_profile_free(lab->profile);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PaperLab, paper_lab_clear)

static gboolean read_lab(const char *folder, PaperLab *out, GError **error)
{
    if (folder == NULL)
        return TRUE;
    g_autofree char *path = g_build_filename(folder, "profile.json", NULL);
    g_autofree char *roots = g_build_filename(folder, "ca.pem", NULL);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        cli_usage(error, _("%s: there is no such folder"), folder);
        return FALSE;
    }
    out->trust = cel_trust_new();
    g_autoptr(GBytes) pem = cel_file_read(roots, MAX_ROOTS_BYTES, error);
    if (pem == NULL || !cel_trust_add_roots(out->trust, pem, error))
        return FALSE;
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    out->profile = cel_profile_open(path, out->trust, error);
    return out->profile != NULL;
}

/** PaperFile: a sealed file that does not contradict its seal. */
typedef struct {
    char *name, *sha256, *sm3;
    GPtrArray *verdict;
    CelSealed *sealed;
} PaperFile;

static void paper_file_clear(PaperFile *file)
{
    g_free(file->name);
    g_free(file->sha256);
    g_free(file->sm3);
    g_clear_pointer(&file->verdict, g_ptr_array_unref);
    cel_sealed_free(file->sealed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PaperFile, paper_file_clear)

/* Returns: (transfer full): the lines that are contradicted, as "celadon verify" names them. */
static char *contradicted(const GPtrArray *verdict)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < verdict->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(verdict, i);
        if (line->state == CEL_VERDICT_CONTRADICTED)
            g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", line->id);
    }
    return g_string_free(out, FALSE);
}

static gboolean read_sealed(Cli *cli, const char *path, const PaperLab *lab, PaperFile *out,
                            GError **error)
{
    const CelVerifyOptions options = {.trust = lab->trust};
    g_autoptr(GBytes) bytes = cel_file_read(path, MAX_SEALED_BYTES, error);
    if (bytes == NULL || !cel_verify(path, &options, &out->verdict, cli->job, error))
        return FALSE;
    if (cel_verdict_any_contradicted(out->verdict)) {
        g_autofree char *which = contradicted(out->verdict);
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("%s: the file contradicts its seal (%s; see \"celadon verify\"); no paper is "
                      "made from it"),
                    path, which);
        return FALSE;
    }
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    out->sha256 = cel_digest_hex("sha256", data, size);
    out->sm3 = cel_digest_hex("sm3", data, size);
    out->name = g_path_get_basename(path);
    out->sealed = cel_sealed_open(path, cli->job, error);
    return out->sealed != NULL;
}

gboolean cli_write_report(Cli *cli, const CliReportWords *words, GError **error)
{
    g_auto(PaperLab) lab = {0};
    g_auto(PaperFile) file = {0};
    g_autoptr(JsonObject) facts = NULL;
    if (!read_lab(words->lab, &lab, error) || !read_sealed(cli, words->file, &lab, &file, error))
        return FALSE;
    if (words->facts != NULL && (facts = read_facts(words->facts, error)) == NULL)
        return FALSE;
    const CelReportRequest request = {.sealed = file.sealed,
                                      .file_name = file.name,
                                      .file_sha256 = file.sha256,
                                      .file_sm3 = file.sm3,
                                      .verdict = file.verdict,
                                      .form = words->form,
                                      .chinese = words->chinese,
                                      .facts = facts,
                                      .profile = lab.profile};
    g_autoptr(GBytes) pdf = cel_report_pdf(&request, error);
    return pdf != NULL && cel_file_write(words->out, pdf, 0644, error);
}

/* ---- sheets: from facts alone ---- */

static gboolean write_sheet(const CelFormDef *def, const CliReportWords *words, GError **error)
{
    g_auto(PaperLab) lab = {0};
    g_autoptr(JsonNode) facts = NULL;
    const char *facts_path = words->facts;
    if (!read_lab(words->lab, &lab, error))
        return FALSE;
    if (facts_path != NULL) {
        g_autoptr(GBytes) bytes = cel_file_read(facts_path, CEL_FACTS_MAX_BYTES, error);
        gsize n = 0;
        const char *text = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
        facts = bytes != NULL ? cel_json_read(text != NULL ? text : "", n, error) : NULL;
        if (facts == NULL) {
            if (bytes != NULL)
                g_prefix_error(error, "%s: ", facts_path);
            return FALSE;
        }
    }
    JsonObject *object =
        facts != NULL && JSON_NODE_HOLDS_OBJECT(facts) ? json_node_get_object(facts) : NULL;
    const CelFormRequest request = {
        .form = def->form, .chinese = words->chinese, .facts = object, .profile = lab.profile};
    g_autoptr(GBytes) pdf = cel_form_pdf(&request, error);
    return pdf != NULL && cel_file_write(words->out, pdf, 0644, error);
}

/* ---- the list of facts ---- */

static void print_item(const Cli *cli, const CelReportItem *item)
{
    static const char *const kinds[] = {[CEL_ITEM_TEXT] = "text",
                                        [CEL_ITEM_LIST] = "list",
                                        [CEL_ITEM_CODE] = "code",
                                        [CEL_ITEM_NUMBER] = "number",
                                        [CEL_ITEM_DIGEST] = "digest"};
    if (!cli->json) {
        cli_print(cli, "%-30s %-7s %-3s %-4s %s\n", item->path, kinds[item->kind],
                  item->court ? "!" : "", item->letters, cli->chinese ? item->zh : item->en);
        return;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "id", item->id);
    cel_json_text(json, "path", item->path);
    cel_json_text(json, "kind", kinds[item->kind]);
    cel_json_bool(json, "court", item->court);
    cel_json_open(json, "codes", '[');
    for (guint i = 0; cel_report_code_at(item->id, i) != NULL; i++)
        cel_json_text(json, NULL, cel_report_code_at(item->id, i));
    cel_json_close(json);
    cel_json_text(json, "iso17025_7_8_2_1", item->letters);
    cel_json_text(json, "en", item->en);
    cel_json_text(json, "zh_CN", item->zh);
    cel_json_text(json, "filled_from", item->filled_from);
    cel_json_close(json);
    cli_print_json(json);
}

static int list_facts(const Cli *cli)
{
    gsize n = 0;
    const CelReportItem *items = cel_report_items(&n);
    if (!cli->json)
        cli_print(cli, "%s\n",
                  _("path in the facts, kind, ! needed for a court page, item of ISO/IEC 17025 "
                    "7.8.2.1, label"));
    for (gsize i = 0; i < n; i++)
        if (items[i].source == CEL_ITEM_FACT)
            print_item(cli, &items[i]);
    return 0;
}

/* ---- the command ---- */

/** ReportOptions: as parsed. */
typedef struct {
    char *form, *out, *facts, *lab;
    gboolean list;
} ReportOptions;

static void report_options_clear(ReportOptions *options)
{
    g_free(options->form);
    g_free(options->out);
    g_free(options->facts);
    g_free(options->lab);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReportOptions, report_options_clear)

static const char *const report_forms[] = {
    [CEL_REPORT_CARD] = "card", [CEL_REPORT_COURT] = "court", [CEL_REPORT_EXPERT] = "expert"};

static gboolean parse_form(const char *text, CelReportForm *out_form)
{
    *out_form = CEL_REPORT_CARD;
    for (guint i = 0; text != NULL && i < G_N_ELEMENTS(report_forms); i++) {
        *out_form = (CelReportForm)i;
        if (strcmp(text, report_forms[i]) == 0)
            return TRUE;
    }
    return text == NULL;
}

static void tell_paper(const Cli *cli, const ReportOptions *options, const CliReportWords *words,
                       const CelFormDef *sheet)
{
    if (!cli->json) {
        g_autofree char *shown = cli_printable(options->out);
        cli_print(cli, _("%s written\n"), shown);
        return;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", options->out);
    cel_json_text(json, "form", sheet != NULL ? options->form : report_forms[words->form]);
    cel_json_text(json, "lang", cli->chinese ? "zh_CN" : "en");
    cel_json_close(json);
    cli_print_json(json);
}

static int run(Cli *cli, const ReportOptions *options, char **files, GError **error)
{
    const CelFormDef *sheet = options->form != NULL ? cel_form_find(options->form) : NULL;
    CliReportWords words = {.file = files[0],
                            .out = options->out,
                            .chinese = cli->chinese,
                            .facts = options->facts,
                            .lab = options->lab};
    if (options->list)
        return list_facts(cli);
    const gboolean usable =
        options->out != NULL &&
        (sheet != NULL ? files[0] == NULL : files[0] != NULL && files[1] == NULL);
    if (!usable || (sheet == NULL && !parse_form(options->form, &words.form)))
        return cli_usage(error, _("Use: celadon report FILE --form card|court|expert --out PDF, or "
                                  "celadon report --form SHEET --facts JSON --out PDF"));
    const char *const input[] = {files[0], NULL}, *const facts[] = {options->facts, NULL};
    if (!cli_keep_input(options->out, input, error) || !cli_keep_input(options->out, facts, error))
        return 2;
    if (!(sheet != NULL ? write_sheet(sheet, &words, error) : cli_write_report(cli, &words, error)))
        return 3;
    tell_paper(cli, options, &words, sheet);
    return 0;
}

int cli_report(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(ReportOptions) options = {0};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"form", 0, 0, G_OPTION_ARG_STRING, &options.form,
         N_("which paper of a sealed file, or which sheet"),
         "card|court|expert|label|handover|day|blank-intake|blank-custody|blank-measurement"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, N_("the file to write"), "PDF"},
        {"facts", 0, 0, G_OPTION_ARG_FILENAME, &options.facts,
         N_("what the paper needs besides the file, as JSON"), "JSON"},
        {"lab", 0, 0, G_OPTION_ARG_FILENAME, &options.lab,
         N_("the laboratory's folder, for its signed profile"), "DIR"},
        {"list-facts", 0, 0, G_OPTION_ARG_NONE, &options.list,
         N_("say which facts there are and which of them a court page needs"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "[FILE]",
                   N_("Makes the paper for a sealed file, in the language of --lang. A file that "
                      "contradicts its seal gets none; a court page needs the facts of "
                      "--list-facts. Sheets (labels, hand-over, day sheet, blank forms) are made "
                      "from facts alone."),
                   &rest, error))
        return 2;
    return run(cli, &options, rest, error);
}
