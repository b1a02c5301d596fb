/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "bench/cel-work.h"
#include "cel-drivers.h"
#include "device/cel-acquire.h"
#include "report/cel-report.h"

#include <stdio.h>

enum { DEMO_SPOTS = 3, FIRST_SEED = 1 };

/* An empty holder has no signal to choose a time by. */
static const double BLANK_MS = 1000.0;

/** Demo: one run of the whole work. */
typedef struct {
    Cli *cli;
    const char *folder, *sample;
    gint64 started_us;
} Demo;

static void say(const Demo *demo, const char *what)
{
    if (!demo->cli->json)
        cli_print(demo->cli, "[%5.2f s] %s\n",
                  (double)(g_get_monotonic_time() - demo->started_us) / 1e6, what);
}

static CelMeasurement *measure(const Demo *demo, const char *sample, int seed,
                               double integration_ms, GError **error)
{
    const CelDriverTable table = cel_drivers(NULL);
    g_autofree char *settings = g_strdup_printf("sample=%s,seed=%d", sample, seed);
    g_autoptr(CelDevice) device = cel_device_open(&table, "simulated:785", settings, error);
    if (device == NULL)
        return NULL;
    const CelAcquireOptions options = {.integration_ms = integration_ms,
                                       .clock = cel_clock_system()};
    return cel_device_acquire(device, &options, demo->cli->job, error);
}

static gboolean measure_all(const Demo *demo, CelWork *work, GError **error)
{
    say(demo, _("Measuring the empty holder (instrument blank)"));
    CelMeasurement *blank = measure(demo, "empty", FIRST_SEED, BLANK_MS, error);
    if (blank == NULL)
        return FALSE;
    cel_work_add_blank(work, CEL_BLANK_INSTRUMENT, blank);
    for (int spot = 1; spot <= DEMO_SPOTS; spot++) {
        g_autofree char *what = g_strdup_printf(_("Measuring spot %d of %d"), spot, DEMO_SPOTS);
        say(demo, what);
        CelMeasurement *measurement = measure(demo, demo->sample, FIRST_SEED + spot, 0.0, error);
        if (measurement == NULL)
            return FALSE;
        cel_work_add(work, measurement);
    }
    return TRUE;
}

static char *seal(const Demo *demo, CelWork *work, GError **error)
{
    g_autoptr(CelKey) key = cel_key_generate("Training operator", TRUE, error);
    if (key == NULL)
        return NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *stamp = g_date_time_format(now, "%Y%m%d-%H%M%S");
    g_autofree char *path = g_strdup_printf("%s/training-%s-%06d.cel.h5", demo->folder, stamp,
                                            g_date_time_get_microsecond(now));
    const CelWorkSeal request = {
        .case_id = "TRAINING", .exhibit_id = "T-1", .training = TRUE, .clock = cel_clock_system()};
    if (!cel_work_seal(work, &request, key, path, demo->cli->job, error))
        return NULL;
    return g_steal_pointer(&path);
}

static gboolean check_and_print(const Demo *demo, const char *file, GError **error)
{
    g_autoptr(GPtrArray) lines = NULL;
    if (!cel_verify(file, NULL, &lines, demo->cli->job, error))
        return FALSE;
    guint contradicted = 0, proven = 0;
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        contradicted += line->state == CEL_VERDICT_CONTRADICTED;
        proven += line->state == CEL_VERDICT_PROVEN;
    }
    g_autofree char *what =
        g_strdup_printf(_("Verified: %u lines proven, %u contradicted, %u not proven"), proven,
                        contradicted, lines->len - proven - contradicted);
    say(demo, what);
    if (contradicted == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s does not verify"), file);
    return FALSE;
}

static gboolean write_papers(const Demo *demo, const char *file, char **out_pdf, GError **error)
{
    g_autofree char *stem = g_strndup(file, strlen(file) - strlen(".cel.h5"));
    g_autofree char *english = g_strconcat(stem, ".en.pdf", NULL);
    *out_pdf = g_strconcat(stem, ".zh_CN.pdf", NULL);
    const CliReportWords zh = {.file = file, .out = *out_pdf, .chinese = TRUE};
    const CliReportWords en = {.file = file, .out = english};
    return cli_write_report(demo->cli, &zh, error) && cli_write_report(demo->cli, &en, error);
}

static void print_result(const Demo *demo, const CelIdentification *answer, const char *file,
                         const char *pdf)
{
    if (demo->cli->json) {
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "file", file);
        cel_json_text(json, "report", pdf);
        g_autofree char *identified = cel_identification_to_json(answer, file);
        cel_json_raw(json, "answer", identified);
        cel_json_number(json, "elapsed_ms",
                        (double)(g_get_monotonic_time() - demo->started_us) / 1e3, 6);
        cel_json_close(json);
        cli_print_json(json);
        return;
    }
    say(demo, _("Done"));
    cli_print(demo->cli, "\n%s: %s\n%s\n\n", _("Result"),
              cel_outcome_label(answer->outcome, demo->cli->chinese),
              demo->cli->chinese ? answer->claim_zh : answer->claim_en);
    cli_print(demo->cli, "%s\n", _("SIMULATED / TRAINING DATA, NOT TO BE USED AS EVIDENCE"));
    cli_print(demo->cli, "%-14s %s\n%-14s %s\n", _("Sealed file:"), file, _("Report:"), pdf);
}

static gboolean run(const Demo *demo, const CelBench *bench, GError **error)
{
    g_autoptr(CelWork) work = cel_work_new(bench);
    if (!measure_all(demo, work, error))
        return FALSE;
    say(demo, _("Correcting and identifying"));
    if (!cel_work_identify(work, demo->cli->job, error))
        return FALSE;
    say(demo, _("Sealing as a training record"));
    g_autofree char *file = seal(demo, work, error);
    g_autofree char *pdf = NULL;
    if (file == NULL || !check_and_print(demo, file, error) ||
        !write_papers(demo, file, &pdf, error))
        return FALSE;
    print_result(demo, cel_work_answer(work), file, pdf);
    return TRUE;
}

int cli_demo(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *folder = NULL;
    g_autofree char *sample = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_("where the files go (celadon-demo)"),
         "DIR"},
        {"sample", 0, 0, G_OPTION_ARG_STRING, &sample,
         N_("what the simulated instrument looks at (polystyrene)"), "NAME"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, NULL,
                   N_("Does the whole work on the simulated instrument: a blank, three spots, "
                      "correction, identification, a training seal, verification, the paper in "
                      "both languages."),
                   &rest, error))
        return 2;
    if (rest[0] != NULL)
        return cli_usage(error, _("demo takes no words: \"%s\""), rest[0]);
    const Demo demo = {.cli = cli,
                       .folder = folder != NULL ? folder : "celadon-demo",
                       .sample = sample != NULL ? sample : "polystyrene",
                       .started_us = g_get_monotonic_time()};
    if (!cli_make_folder(demo.folder, error))
        return 4;
    const CelBenchOptions options = {.policy = CEL_POLICY_EVIDENCE};
    g_autoptr(CelBench) bench = cel_bench_open(&options, cli->job, error);
    if (bench == NULL || !run(&demo, bench, error))
        return 4;
    return 0;
}
