/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-case-paper.h"
#include "cli/cli-case.h"

#include "base/cel-file.h"

#include <stdio.h>
#include <string.h>

void cli_case_row_json(CelJsonWriter *json, const char *key, CelRowKind kind, JsonObject *row)
{
    gsize n = 0;
    const CelRowColumn *columns = cel_row_columns(kind, &n);
    cel_json_open(json, key, '{');
    for (gsize i = 0; i < n; i++) {
        if (columns[i].number)
            cel_json_int(json, columns[i].name, cel_row_number(row, columns[i].name));
        else
            cel_json_text(json, columns[i].name, cel_row_text(row, columns[i].name));
    }
    cel_json_close(json);
}

static char *when(gint64 wall_us)
{
    return wall_us > 0 ? cel_clock_iso8601(wall_us) : g_strdup("-");
}

static const char *state_words(const Cli *cli, JsonObject *exhibit)
{
    const CelExhibitStateDef *def = cel_exhibit_state_def(cel_exhibit_state(exhibit));
    return cli->chinese ? def->title_zh : def->title_en;
}

static void print_row_json(CelRowKind kind, JsonObject *row)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cli_case_row_json(json, NULL, kind, row);
    cli_print_json(json);
}

/* ---- lists ---- */

static void print_case(const Cli *cli, JsonObject *row)
{
    g_autofree char *received = when(cel_row_number(row, "received_us"));
    cli_print(cli, "%-20s %s  %s %s  %s\n", cel_row_text(row, "case_id"), received,
              cel_row_text(row, "customer_dept"), cel_row_text(row, "customer_person"),
              cel_row_text(row, "title"));
}

static void print_exhibit(const Cli *cli, JsonObject *row)
{
    g_autofree char *last = when(cel_row_number(row, "last_us"));
    g_autofree char *name =
        g_strdup_printf("%s/%s", cel_row_text(row, "case_id"), cel_row_text(row, "item_id"));
    cli_print(cli, "%-24s %s  %s  %s  %s\n", name, last, state_words(cli, row),
              cel_row_text(row, "holder_person"), cel_row_text(row, "description"));
}

static void fill_query(const CaseWords *words, CelRowQuery *query)
{
    gsize n = 0;
    if (words->case_id != NULL)
        query->match[n++] = (CelRowMatch){"case_id", words->case_id, 0};
    if (words->items != NULL)
        query->match[n++] = (CelRowMatch){"item_id", words->items[0], 0};
    if (words->state != NULL)
        query->match[n++] = (CelRowMatch){"state", words->state, 0};
}

int cli_case_list(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    CelRowQuery query = {0};
    const gboolean exhibits = words->case_id != NULL || words->state != NULL;
    const CelRowKind kind = exhibits ? CEL_ROW_EXHIBIT : CEL_ROW_CASE;
    (void)verb;
    fill_query(words, &query);
    if (!cli_sign_read(cli, &words->sign, &sign, error))
        return 4;
    g_autoptr(GPtrArray) rows = cel_register_rows(cel_lab_register(sign.lab), kind, &query, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        if (cli->json)
            print_row_json(kind, row);
        else if (exhibits)
            print_exhibit(cli, row);
        else
            print_case(cli, row);
    }
    return rows != NULL ? 0 : 4;
}

/* ---- one exhibit ---- */

/* By scanned code, or by case and item. */
static JsonObject *find_exhibit(CelLab *lab, const CaseWords *words, GError **error)
{
    if (words->code != NULL)
        return cel_case_find(lab, words->code, error);
    if (words->case_id == NULL || words->items == NULL) {
        cli_usage(error, _("Name the exhibit: --code TEXT, or --case C --item E"));
        return NULL;
    }
    g_autofree char *name = g_strconcat(words->case_id, "/", words->items[0], NULL);
    return cel_case_find(lab, name, error);
}

static GPtrArray *rows_of(CelLab *lab, CelRowKind kind, JsonObject *exhibit, GError **error)
{
    const CelRowQuery query = {.match = {{"case_id", cel_row_text(exhibit, "case_id"), 0},
                                         {"item_id", cel_row_text(exhibit, "item_id"), 0}}};
    return cel_register_rows(cel_lab_register(lab), kind, &query, error);
}

static const CelRowKind shown_kinds[] = {CEL_ROW_PHOTO,  CEL_ROW_ACQUISITION, CEL_ROW_FILE,
                                         CEL_ROW_REVIEW, CEL_ROW_RELEASE,     CEL_ROW_NONCONFORM,
                                         CEL_ROW_HOLD};

static gboolean show_json(CelLab *lab, JsonObject *exhibit, GError **error)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_bool(json, "training", cel_lab_is_training(lab));
    cli_case_row_json(json, "exhibit", CEL_ROW_EXHIBIT, exhibit);
    for (gsize k = 0; k < G_N_ELEMENTS(shown_kinds); k++) {
        g_autoptr(GPtrArray) rows = rows_of(lab, shown_kinds[k], exhibit, error);
        if (rows == NULL)
            return FALSE;
        cel_json_open(json, cel_row_kind_name(shown_kinds[k]), '[');
        for (guint i = 0; i < rows->len; i++)
            cli_case_row_json(json, NULL, shown_kinds[k], g_ptr_array_index(rows, i));
        cel_json_close(json);
    }
    cel_json_close(json);
    cli_print_json(json);
    return TRUE;
}

static void print_columns(const Cli *cli, CelRowKind kind, JsonObject *row)
{
    gsize n = 0;
    const CelRowColumn *columns = cel_row_columns(kind, &n);
    for (gsize i = 0; i < n; i++) {
        const char *name = columns[i].name;
        if (columns[i].number && g_str_has_suffix(name, "_us") && cel_row_number(row, name) > 0) {
            g_autofree char *text = when(cel_row_number(row, name));
            cli_print(cli, "  %-16s %s\n", name, text);
        } else if (columns[i].number && cel_row_number(row, name) != 0)
            cli_print(cli, "  %-16s %" G_GINT64_FORMAT "\n", name, cel_row_number(row, name));
        else if (!columns[i].number && *cel_row_text(row, name) != '\0' &&
                 strcmp(name, "ledger") != 0)
            cli_print(cli, "  %-16s %s\n", name, cel_row_text(row, name));
    }
}

static gboolean show_text(const Cli *cli, CelLab *lab, JsonObject *exhibit, GError **error)
{
    cli_print(cli, "%s/%s  %s\n", cel_row_text(exhibit, "case_id"),
              cel_row_text(exhibit, "item_id"), state_words(cli, exhibit));
    print_columns(cli, CEL_ROW_EXHIBIT, exhibit);
    for (gsize k = 0; k < G_N_ELEMENTS(shown_kinds); k++) {
        g_autoptr(GPtrArray) rows = rows_of(lab, shown_kinds[k], exhibit, error);
        if (rows == NULL)
            return FALSE;
        for (guint i = 0; i < rows->len; i++) {
            cli_print(cli, "%s %u\n", cel_row_kind_name(shown_kinds[k]), i + 1);
            print_columns(cli, shown_kinds[k], g_ptr_array_index(rows, i));
        }
    }
    return TRUE;
}

int cli_case_show(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    (void)verb;
    if (!cli_sign_read(cli, &words->sign, &sign, error))
        return 4;
    g_autoptr(JsonObject) exhibit = find_exhibit(sign.lab, words, error);
    if (exhibit == NULL)
        return 2;
    return (cli->json ? show_json(sign.lab, exhibit, error)
                      : show_text(cli, sign.lab, exhibit, error))
               ? 0
               : 4;
}

static void print_event(const Cli *cli, JsonObject *row)
{
    CelAct act;
    g_autofree char *at = when(cel_row_number(row, "t_wall_us"));
    const char *id = cel_row_text(row, "act");
    const char *title = !cel_act_from_id(id, &act) ? id
                        : cli->chinese             ? cel_act_def(act)->title_zh
                                                   : _(cel_act_def(act)->title_en);
    const char *second = cel_row_text(row, "second_name");
    const char *to = cel_row_text(row, "to_person"), *why = cel_row_text(row, "why");
    cli_print(cli, "%6" G_GINT64_FORMAT "  %s  %s  %s%s%s%s%s%s%s\n", cel_row_number(row, "seq"),
              at, title, cel_row_text(row, "op_name"), *second != '\0' ? " + " : "", second,
              *to != '\0' ? "  -> " : "", to, *why != '\0' ? "  " : "", why);
}

int cli_case_history(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    (void)verb;
    if (!cli_sign_read(cli, &words->sign, &sign, error))
        return 4;
    g_autoptr(JsonObject) exhibit = find_exhibit(sign.lab, words, error);
    g_autoptr(GPtrArray) rows =
        exhibit != NULL ? rows_of(sign.lab, CEL_ROW_EVENT, exhibit, error) : NULL;
    if (rows == NULL)
        return 2;
    for (guint i = 0; i < rows->len; i++) {
        if (cli->json)
            print_row_json(CEL_ROW_EVENT, g_ptr_array_index(rows, i));
        else
            print_event(cli, g_ptr_array_index(rows, i));
    }
    return 0;
}

static gboolean write_label(const Cli *cli, CelLab *lab, JsonObject *exhibit, const char *out,
                            GError **error)
{
    g_autoptr(GBytes) pdf = cel_case_label(lab, exhibit, cli->chinese, error);
    return pdf != NULL && cel_file_write(out, pdf, 0644, error);
}

int cli_case_label(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    (void)verb;
    if (!cli_sign_read(cli, &words->sign, &sign, error))
        return 4;
    g_autoptr(JsonObject) exhibit = find_exhibit(sign.lab, words, error);
    if (exhibit == NULL)
        return 2;
    if (words->out != NULL && !write_label(cli, sign.lab, exhibit, words->out, error))
        return 4;
    if (!cli->json) {
        cli_print(cli, "%s\n", cel_row_text(exhibit, "code"));
        return 0;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "case", cel_row_text(exhibit, "case_id"));
    cel_json_text(json, "item", cel_row_text(exhibit, "item_id"));
    cel_json_text(json, "code", cel_row_text(exhibit, "code"));
    cel_json_close(json);
    cli_print_json(json);
    return 0;
}

/* ---- the gate and the figures ---- */

int cli_case_gate(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    (void)verb;
    if (words->fid == NULL)
        return cli_usage(error, _("Name the sealed file: --fid ID"));
    if (!cli_sign_read(cli, &words->sign, &sign, error))
        return 4;
    g_autoptr(GPtrArray) blocks = cel_gate_release(cel_lab_register(sign.lab), words->fid,
                                                   &cel_lab_rules(sign.lab)->limits, error);
    if (blocks == NULL)
        return 2;
    for (guint i = 0; i < blocks->len; i++) {
        const CelGateBlock *block = g_ptr_array_index(blocks, i);
        if (!cli->json) {
            cli_print(cli, "  %-16s %s\n", block->id, cli->chinese ? block->zh : block->en);
            continue;
        }
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "id", block->id);
        cel_json_text(json, "en", block->en);
        cel_json_text(json, "zh_CN", block->zh);
        cel_json_close(json);
        cli_print_json(json);
    }
    if (blocks->len == 0 && !cli->json)
        cli_print(cli, "%s\n", _("Nothing blocks the release"));
    return blocks->len == 0 ? 0 : 1;
}

int cli_case_figures(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    CelCaseFigures f;
    (void)verb;
    if (!cli_sign_read(cli, &words->sign, &sign, error) || !cel_case_figures(sign.lab, &f, error))
        return 4;
    const struct {
        const char *id, *title;
        guint64 value;
    } rows[] = {
        {"cases", N_("Cases"), f.cases},
        {"exhibits", N_("Exhibits"), f.exhibits},
        {"acquisitions", N_("Measurements"), f.acquisitions},
        {"set_aside", N_("Measurements set aside"), f.set_aside},
        {"files", N_("Sealed files"), f.files},
        {"not_completed", N_("Seals not completed"), f.not_completed},
        {"checks_passed", N_("Checks passed"), f.checks_passed},
        {"checks_failed", N_("Checks failed"), f.checks_failed},
        {"nonconforming_open", N_("Nonconforming work, open"), f.nonconforming_open},
        {"holds", N_("Holds"), f.holds},
        {"disagreements", N_("Reviews that disagreed"), f.disagreements},
        {"released", N_("Reports released"), f.released},
        {"turnaround_s", N_("Median time from receipt to release, s"),
         (guint64)(f.turnaround_us / G_USEC_PER_SEC)},
    };
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_bool(json, "training", cel_lab_is_training(sign.lab));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        cel_json_int(json, rows[i].id, (gint64)rows[i].value);
        if (!cli->json)
            cli_print(cli, "%8" G_GUINT64_FORMAT "  %s\n", rows[i].value, _(rows[i].title));
    }
    cel_json_close(json);
    if (cli->json)
        cli_print_json(json);
    return 0;
}
