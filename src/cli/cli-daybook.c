/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-daybook-plot.h"
#include "bench/cel-lab-calibration.h"
#include "bench/cel-lab-check.h"
#include "cli/cli-case.h"

#include <stdio.h>
#include <string.h>

/** DaybookWords: every option of `celadon daybook`. */
typedef struct {
    CliSignWords sign;
    char *serial, *standard, *quantity, *operator_id, *why, *plot, *asset;
    int check;
} DaybookWords;

static void daybook_words_clear(DaybookWords *words)
{
    cli_sign_words_clear(&words->sign);
    g_free(words->serial);
    g_free(words->standard);
    g_free(words->quantity);
    g_free(words->operator_id);
    g_free(words->why);
    g_free(words->plot);
    g_free(words->asset);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DaybookWords, daybook_words_clear)

static gboolean need(const char *text, const char *option, GError **error)
{
    if (text == NULL)
        cli_usage(error, _("%s is needed here"), option);
    return text != NULL;
}

/* ---- list ---- */

static void print_check(const Cli *cli, JsonObject *row)
{
    if (cli->json) {
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cli_case_row_json(json, NULL, CEL_ROW_CHECK, row);
        cli_print_json(json);
        return;
    }
    g_autofree char *when = cel_clock_iso8601(cel_row_number(row, "t_wall_us"));
    cli_print(cli, "%6" G_GINT64_FORMAT "  %s  %-16s %-12s %-14s %-14s %s  %s\n",
              cel_row_number(row, "seq"), when, cel_row_text(row, "instrument"),
              cel_row_text(row, "kind"), cel_row_text(row, "standard"),
              cel_row_text(row, "verdict"), cel_row_text(row, "op_name"),
              cel_row_text(row, "why_not"));
}

static int list(Cli *cli, const DaybookWords *words, CelLab *lab, GError **error)
{
    const CelRowQuery query = {
        .match = {{words->serial != NULL ? "instrument" : NULL, words->serial, 0}}};
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(lab), CEL_ROW_CHECK, &query, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        print_check(cli, g_ptr_array_index(rows, i));
    return rows != NULL ? 0 : 4;
}

/* ---- state ---- */

static int state(Cli *cli, const DaybookWords *words, CelLab *lab, GError **error)
{
    CelDayVerdict verdict;
    if (!need(words->serial, "--serial", error))
        return 2;
    if (!cel_daybook_judge(cel_lab_register(lab), words->serial,
                           cel_clock_wall_us(cel_clock_system()), &verdict, error))
        return 4;
    const CelDayStateDef *def = cel_day_state_def(verdict.state);
    g_autofree char *until =
        verdict.expires_us > 0 ? cel_clock_iso8601(verdict.expires_us) : g_strdup("-");
    if (cli->json) {
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "instrument", words->serial);
        cel_json_text(json, "state", def->id);
        cel_json_int(json, "check", (gint64)verdict.check_seq);
        cel_json_text(json, "expires", until);
        cel_json_number(json, "u_axis_cm1", verdict.u_axis_cm1, 4);
        cel_json_close(json);
        cli_print_json(json);
    } else {
        cli_print(cli, _("%s: %s (valid until %s)\n"), words->serial, _(def->title), until);
    }
    return verdict.state == CEL_DAY_OK ? 0 : 1;
}

/* ---- recall ---- */

static void print_affected(const Cli *cli, JsonObject *file)
{
    const gboolean released = json_object_get_int_member_with_default(file, "released", 0) != 0;
    if (cli->json) {
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "fid", cel_row_text(file, "fid"));
        cel_json_text(json, "case", cel_row_text(file, "case_id"));
        cel_json_text(json, "exhibit", cel_row_text(file, "item_id"));
        cel_json_text(json, "outcome", cel_row_text(file, "outcome"));
        cel_json_bool(json, "released", released);
        cel_json_close(json);
        cli_print_json(json);
        return;
    }
    cli_print(cli, "%s/%s  %s  %s  %s\n", cel_row_text(file, "case_id"),
              cel_row_text(file, "item_id"), cel_row_text(file, "fid"),
              cel_row_text(file, "outcome"), released ? _("REPORT RELEASED") : "");
}

static int recall(Cli *cli, const DaybookWords *words, CelLab *lab, GError **error)
{
    g_autoptr(GPtrArray) files = NULL;
    if (words->check <= 0)
        return cli_usage(error, _("%s is needed here"), "--check");
    if (!cel_daybook_recall(cel_lab_register(lab), (guint64)words->check, &files, error))
        return 4;
    for (guint i = 0; i < files->len; i++)
        print_affected(cli, g_ptr_array_index(files, i));
    return 0;
}

/* ---- chart ---- */

static gboolean find_quantity(const char *id, CelChartQuantity *out, GError **error)
{
    for (guint i = 0; i < CEL_N_CHART_QUANTITIES; i++)
        if (id == NULL || strcmp(cel_chart_quantity_def(i)->id, id) == 0) {
            *out = (CelChartQuantity)i;
            return TRUE;
        }
    cli_usage(error, _("There is no quantity \"%s\""), id);
    return FALSE;
}

static char *broken_rules(guint broken)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < CEL_CHART_N_RULES; i++)
        if ((broken & cel_chart_rules()[i].rule) != 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", cel_chart_rules()[i].id);
    return g_string_free(text, FALSE);
}

static void print_chart(const Cli *cli, const CelChart *chart)
{
    for (guint i = 0; i < chart->points->len; i++) {
        const CelChartPoint *point = &g_array_index(chart->points, CelChartPoint, i);
        g_autofree char *rules = broken_rules(point->broken);
        g_autofree char *when = cel_clock_iso8601(point->wall_us);
        if (!cli->json) {
            cli_print(cli, "%6" G_GUINT64_FORMAT "  %s  %+9.3f  %s%s\n", point->seq, when,
                      point->value, rules, i < chart->base.n ? _("(base)") : "");
            continue;
        }
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_int(json, "check", (gint64)point->seq);
        cel_json_text(json, "time", when);
        cel_json_number(json, "value", point->value, 0);
        cel_json_bool(json, "base", i < chart->base.n);
        cel_json_text(json, "rules", rules);
        cel_json_close(json);
        cli_print_json(json);
    }
}

static int chart(Cli *cli, const DaybookWords *words, CelLab *lab, GError **error)
{
    CelChartQuestion question = {
        .serial = words->serial, .standard = words->standard, .operator_id = words->operator_id};
    g_auto(CelChart) shown = {0};
    if (!need(words->serial, "--serial", error) || !need(words->standard, "--standard", error) ||
        !find_quantity(words->quantity, &question.quantity, error))
        return 2;
    if (!cel_daybook_chart(cel_lab_register(lab), &question, &shown, error) ||
        (words->plot != NULL &&
         !cel_daybook_plot(&shown, &question, cli->chinese, words->plot, error)))
        return 4;
    print_chart(cli, &shown);
    if (shown.base.n == 0 && !cli->json)
        cli_print(cli, _("Fewer than %d checks since the last calibration: shown, not judged\n"),
                  CEL_CHART_MIN_BASE);
    const guint n = shown.points->len;
    return n > 0 && cel_chart_rejects(g_array_index(shown.points, CelChartPoint, n - 1).broken) ? 1
                                                                                                : 0;
}

static int disturb(Cli *cli, const DaybookWords *words, CelLab *lab, GError **error)
{
    if (!need(words->serial, "--serial", error) || !need(words->why, "--why", error))
        return 2;
    if (!cel_lab_disturb(lab, words->serial, words->why, cel_clock_system(), error))
        return 4;
    cli_print(cli, _("%s: no claim until the next passed check\n"), words->serial);
    return 0;
}

static int take_stock(Cli *cli, const DaybookWords *words, CelLab *lab, GError **error)
{
    if (!need(words->serial, "--serial", error) || !need(words->asset, "--asset", error))
        return 2;
    if (!cel_lab_inventory(lab, words->serial, words->asset, cel_clock_system(), error))
        return 4;
    cli_print(cli, _("%s: asset number %s\n"), words->serial, words->asset);
    return 0;
}

static int go_back(Cli *cli, const DaybookWords *words, CelLab *lab, GError **error)
{
    if (!need(words->serial, "--serial", error) || !need(words->why, "--why", error))
        return 2;
    const CelWayBack back = {words->serial, words->why, cel_clock_system()};
    if (!cel_lab_way_back(lab, &back, error))
        return 4;
    cli_print(cli, _("%s: its own calibration is in force; no claim until the next passed check\n"),
              words->serial);
    return 0;
}

/** DaybookVerb: one word behind `celadon daybook`. */
typedef struct {
    const char *name;
    gboolean writes;
    int (*run)(Cli *cli, const DaybookWords *words, CelLab *lab, GError **error);
} DaybookVerb;

static const DaybookVerb verbs[] = {
    {"list", FALSE, list},
    {"state", FALSE, state},
    {"recall", FALSE, recall},
    {"chart", FALSE, chart},
    {"disturb", TRUE, disturb},
    {"asset", TRUE, take_stock},
    {"own-calibration", TRUE, go_back},
};

static int run(Cli *cli, const DaybookWords *words, const DaybookVerb *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    const gboolean open = verb->writes ? cli_sign_open(cli, &words->sign, &sign, error)
                                       : cli_sign_read(cli, &words->sign, &sign, error);
    return open ? verb->run(cli, words, sign.lab, error) : 4;
}

#define WORDS "list|state|recall|chart|disturb|asset|own-calibration"

int cli_daybook(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(DaybookWords) words = {0};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"serial", 0, 0, G_OPTION_ARG_STRING, &words.serial, N_("the instrument"), "TEXT"},
        {"check", 0, 0, G_OPTION_ARG_INT, &words.check,
         N_("recall: position of the check that did not pass"), "N"},
        {"standard", 0, 0, G_OPTION_ARG_STRING, &words.standard, N_("chart: the standard"), "NAME"},
        {"quantity", 0, 0, G_OPTION_ARG_STRING, &words.quantity, N_("chart: what is shown"),
         "mean|worst|fwhm|intensity"},
        {"operator", 0, 0, G_OPTION_ARG_STRING, &words.operator_id,
         N_("chart: this person's checks only"), "ID"},
        {"plot", 0, 0, G_OPTION_ARG_FILENAME, &words.plot, N_("chart: draw it too"), "PDF|PNG|SVG"},
        {"why", 0, 0, G_OPTION_ARG_STRING, &words.why,
         N_("disturb: what happened; own-calibration: the reason"), "TEXT"},
        {"asset", 0, 0, G_OPTION_ARG_STRING, &words.asset,
         N_("asset: the number in the inventory; a court page names it"), "TEXT"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words.sign, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), WORDS,
                   N_("The day-book of the instruments: their checks; what they allow now; which "
                      "results a failed one puts in doubt; control charts; a note that an "
                      "instrument was restarted, dropped or changed and needs a new check; its "
                      "number in the inventory (asset); the way back to its own calibration "
                      "(own-calibration)."),
                   &rest, error))
        return 2;
    for (gsize i = 0; rest[0] != NULL && rest[1] == NULL && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].name, rest[0]) == 0)
            return run(cli, &words, &verbs[i], error);
    return cli_usage(error, _("Use: celadon daybook %s"), WORDS);
}
