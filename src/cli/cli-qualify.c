/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "bench/cel-check.h"

#include <math.h>

static const char *const verdict_words[CEL_N_CHECK_VERDICTS] = {
    [CEL_CHECK_PASS] = N_("passed"),
    [CEL_CHECK_FAIL] = N_("FAILED"),
    [CEL_CHECK_NOT_CHECKABLE] = N_("NOT CHECKABLE"),
};

static void print_lines(const Cli *cli, const CelQualification *q)
{
    cli_print(cli, "%10s %10s %10s %8s %8s  %s\n", _("accepted"), _("measured"), _("deviation"),
              "U", _("limit"), "cm-1");
    for (guint i = 0; i < q->lines->len; i++) {
        const CelCheckedLine *line = &g_array_index(q->lines, CelCheckedLine, i);
        if (isnan(line->measured))
            cli_print(cli, "%10.2f %10s %10s %8s %8.2f  %s\n", line->accepted, "-", "-", "-",
                      line->limit, _(line->reason));
        else
            cli_print(cli, "%10.2f %10.2f %+10.2f %8.2f %8.2f  %s\n", line->accepted,
                      line->measured, line->deviation, line->expanded_u, line->limit,
                      line->reason != NULL ? _(line->reason) : _(verdict_words[line->verdict]));
    }
}

static void print_qualification(const Cli *cli, const char *file, const CelQualification *q)
{
    g_autofree char *shown = cli_printable(file);
    cli_print(cli, "%s: %s\n", shown, cli->chinese ? q->standard->name_zh : q->standard->name_en);
    print_lines(cli, q);
    cli_print(cli,
              _("mean deviation %+.2f cm-1, largest %+.2f cm-1, narrowest line %.1f cm-1 "
                "wide, SNR %.0f\n"),
              q->mean_deviation_cm1, q->worst_deviation_cm1, q->fwhm_cm1, q->snr);
    for (guint i = 0; i < q->reasons->len; i++)
        cli_print(cli, "  %s\n", (const char *)g_ptr_array_index(q->reasons, i));
    cli_print(cli, _("limits: %s\n"), q->limits.source);
    cli_print(cli, _("verdict: %s\n"), _(verdict_words[q->verdict]));
}

static void write_line_json(CelJsonWriter *json, const CelCheckedLine *line)
{
    cel_json_open(json, NULL, '{');
    cel_json_number(json, "accepted_cm1", line->accepted, 0);
    cel_json_number(json, "u_accepted_cm1", line->u_accepted, 4);
    if (!isnan(line->measured)) {
        cel_json_number(json, "measured_cm1", line->measured, 0);
        cel_json_number(json, "u_measured_cm1", line->u_measured, 4);
        cel_json_number(json, "deviation_cm1", line->deviation, 5);
        cel_json_number(json, "expanded_u_cm1", line->expanded_u, 4);
    }
    cel_json_number(json, "limit_cm1", line->limit, 0);
    cel_json_text(json, "verdict", cel_check_verdict_name(line->verdict));
    if (line->reason != NULL)
        cel_json_text(json, "reason", _(line->reason));
    cel_json_close(json);
}

static void print_qualification_json(const char *file, const CelQualification *q)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file);
    cel_json_text(json, "standard", q->standard->id);
    cel_json_text(json, "verdict", cel_check_verdict_name(q->verdict));
    cel_json_open(json, "lines", '[');
    for (guint i = 0; i < q->lines->len; i++)
        write_line_json(json, &g_array_index(q->lines, CelCheckedLine, i));
    cel_json_close(json);
    cel_json_int(json, "checked", q->n_checked);
    if (q->n_checked > 0) {
        cel_json_number(json, "mean_deviation_cm1", q->mean_deviation_cm1, 5);
        cel_json_number(json, "worst_deviation_cm1", q->worst_deviation_cm1, 5);
        cel_json_number(json, "u_axis_cm1", q->u_axis_cm1, 4);
    }
    cel_json_number(json, "fwhm_cm1", q->fwhm_cm1, 5);
    cel_json_number(json, "u_fwhm_cm1", q->u_fwhm_cm1, 4);
    cel_json_number(json, "snr", q->snr, 4);
    cel_json_open(json, "reasons", '[');
    for (guint i = 0; i < q->reasons->len; i++)
        cel_json_text(json, NULL, g_ptr_array_index(q->reasons, i));
    cel_json_close(json);
    cel_json_text(json, "limits_source", q->limits.source);
    cel_json_close(json);
    cli_print_json(json);
}

int cli_qualify(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *standard = NULL;
    double laser_nm = CLI_NO_LASER;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"standard", 0, 0, G_OPTION_ARG_STRING, &standard, N_("what was measured"), "NAME"},
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &laser_nm,
         N_("excitation wavelength of a file that does not carry it"), "X"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "IN",
                   N_("Checks an instrument: compares the measurement of a standard with its "
                      "accepted values, line by line. Exit status 1: it did not pass."),
                   &rest, error))
        return 2;
    if (standard == NULL || rest[0] == NULL || rest[1] != NULL)
        return cli_usage(error, _("Use: celadon qualify --standard NAME IN"));
    if (!cli_laser(&laser_nm, error))
        return 2;
    const CelReadOptions options = {.laser_nm = laser_nm};
    g_auto(CelReadOut) out = {0};
    if (!cel_reader_load_only(rest[0], &options, cli->job, &out, error))
        return 3;
    const CelCheckRequest request = {.measurement = out.measurement, .standard = standard};
    g_autoptr(CelQualification) q = cel_check_run(&request, cli->job, error);
    if (q == NULL) {
        g_prefix_error(error, "%s: ", rest[0]);
        return 3;
    }
    if (cli->json)
        print_qualification_json(rest[0], q);
    else
        print_qualification(cli, rest[0], q);
    return q->verdict == CEL_CHECK_PASS ? 0 : 1;
}
