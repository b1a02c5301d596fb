/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-text.h"
#include "bench/cel-lab-check.h"
#include "cel-calibration-object.h"
#include "cli/cli-sign.h"

#include <math.h>

static const char *const verdict_words[CEL_N_CHECK_VERDICTS] = {
    [CEL_CHECK_PASS] = N_("passed"),
    [CEL_CHECK_FAIL] = N_("FAILED"),
    [CEL_CHECK_NOT_CHECKABLE] = N_("NOT CHECKABLE"),
};

static void print_lines(const Cli *cli, const CelQualification *q)
{
    g_autofree char *accepted = cel_text_cell(_("accepted"), 10);
    g_autofree char *measured = cel_text_cell(_("measured"), 10);
    g_autofree char *deviation = cel_text_cell(_("deviation"), 10);
    g_autofree char *limit = cel_text_cell(_("limit"), 8);
    cli_print(cli, "%s %s %s %8s %s  %s\n", accepted, measured, deviation, "U", limit, "cm-1");
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

/** QualifyWords: the options. */
typedef struct {
    CliSignWords sign;
    char *standard, *lot, *serial, *calibration;
    double laser_nm;
    gboolean closing;
} QualifyWords;

static void qualify_words_clear(QualifyWords *words)
{
    cli_sign_words_clear(&words->sign);
    g_free(words->standard);
    g_free(words->lot);
    g_free(words->serial);
    g_free(words->calibration);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(QualifyWords, qualify_words_clear)

/* What a check that did not pass puts in doubt is said at once. */
static gboolean tell_recall(const Cli *cli, CelLab *lab, guint64 seq, GError **error)
{
    g_autoptr(GPtrArray) files = NULL;
    if (!cel_daybook_recall(cel_lab_register(lab), seq, &files, error))
        return FALSE;
    if (!cli->json)
        cli_print(cli,
                  _("In doubt since the last passed check: %u results; list them with \"celadon "
                    "daybook recall --check %" G_GUINT64_FORMAT "\"\n"),
                  files->len, seq);
    return TRUE;
}

static CelQualification *qualify_in_lab(const Cli *cli, const QualifyWords *words,
                                        const CelReadOut *in, const CelCalibration *calibration,
                                        GError **error)
{
    g_auto(CliSign) sign = {0};
    CelLedgerPlace place;
    if (!cli_sign_open(cli, &words->sign, &sign, error))
        return NULL;
    const CelLabCheck check = {.measurement = in->measurement,
                               .file = in->source,
                               .standard = words->standard,
                               .lot = words->lot,
                               .calibration = calibration,
                               .serial = words->serial,
                               .closing = words->closing,
                               .clock = cel_clock_system()};
    g_autoptr(CelQualification) q = cel_lab_check(sign.lab, &check, cli->job, &place, error);
    if (q == NULL ||
        (q->verdict != CEL_CHECK_PASS && !tell_recall(cli, sign.lab, place.seq, error)))
        return NULL;
    return g_steal_pointer(&q);
}

static CelQualification *qualify(const Cli *cli, const QualifyWords *words, const CelReadOut *in,
                                 GError **error)
{
    g_autoptr(CelCalibrationObject) object = NULL;
    if (words->calibration != NULL) {
        object = cel_calibration_object_load(words->calibration, error);
        if (object == NULL)
            return NULL;
    }
    const CelCalibration *calibration = object != NULL ? &object->calibration : NULL;
    if (words->sign.lab != NULL)
        return qualify_in_lab(cli, words, in, calibration, error);
    const CelCheckRequest request = {
        .measurement = in->measurement, .standard = words->standard, .calibration = calibration};
    return cel_check_run(&request, cli->job, error);
}

int cli_qualify(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(QualifyWords) words = {.laser_nm = CLI_NO_LASER};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"standard", 0, 0, G_OPTION_ARG_STRING, &words.standard, N_("what was measured"), "NAME"},
        {"lot", 0, 0, G_OPTION_ARG_STRING, &words.lot, N_("lot of the standard"), "TEXT"},
        {"calibration", 0, 0, G_OPTION_ARG_FILENAME, &words.calibration,
         N_("judge this calibration in place of the instrument's own"), "CAL"},
        {"serial", 0, 0, G_OPTION_ARG_STRING, &words.serial,
         N_("instrument, of a file that does not name it"), "TEXT"},
        {"closing", 0, 0, G_OPTION_ARG_NONE, &words.closing,
         N_("ends a series; with --lab, where every check is recorded"), NULL},
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &words.laser_nm,
         N_("excitation wavelength of a file that does not carry it"), "X"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words.sign, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "IN",
                   N_("Checks an instrument: compares the measurement of a standard with its "
                      "accepted values, line by line. With --lab and --key the check is recorded "
                      "in the day-book, passed or not. Exit status 1: it did not pass."),
                   &rest, error))
        return 2;
    if (words.standard == NULL || rest[0] == NULL || rest[1] != NULL)
        return cli_usage(error, _("Use: celadon qualify --standard NAME IN"));
    if (!cli_laser(&words.laser_nm, error))
        return 2;
    const CelReadOptions options = {.laser_nm = words.laser_nm};
    g_auto(CelReadOut) out = {0};
    if (!cel_reader_load_only(rest[0], &options, cli->job, &out, error))
        return 3;
    g_autoptr(CelQualification) q = qualify(cli, &words, &out, error);
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
