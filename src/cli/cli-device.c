/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-file.h"
#include "base/cel-number.h"
#include "device/cel-acquire.h"
#include "h5/cel-nxraman.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *device, *out, *integration, *settings, *laser_ok;
    int frames, start_delay_ms, interval_ms;
    double laser_mw, laser_cap_mw;
    gboolean no_dark, dark_after, ramp, burst;
} AcquireWords;

static void acquire_words_clear(AcquireWords *words)
{
    g_free(words->device);
    g_free(words->out);
    g_free(words->integration);
    g_free(words->settings);
    g_free(words->laser_ok);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AcquireWords, acquire_words_clear)

static gboolean acquire_options(AcquireWords *words, CelAcquireOptions *options, GError **error)
{
    if (!cli_count(&words->frames, "--frames", error))
        return FALSE;
    *options = (CelAcquireOptions){.frames = (guint)words->frames,
                                   .no_dark = words->no_dark,
                                   .dark_after = words->dark_after,
                                   .burst = words->burst,
                                   .interval_ms = (guint)words->interval_ms,
                                   .laser_mw = words->laser_mw,
                                   .laser_cap_mw = words->laser_cap_mw,
                                   .ramp = words->ramp,
                                   .start_delay_ms = (guint)words->start_delay_ms,
                                   .clock = cel_clock_system()};
    if (words->device == NULL || words->out == NULL) {
        cli_usage(error, _("acquire needs --device ID and --out FILE; \"celadon devices\" lists "
                           "the instruments"));
        return FALSE;
    }
    if (words->laser_mw < 0.0 || words->laser_cap_mw < 0.0 || words->start_delay_ms < 0 ||
        words->interval_ms < 0) {
        cli_usage(error, _("--laser-mw, --laser-cap-mw, --start-delay-ms and --interval-ms are not "
                           "negative"));
        return FALSE;
    }
    if (words->integration == NULL || strcmp(words->integration, "auto") == 0)
        return TRUE;
    if (cel_number_parse(words->integration, strlen(words->integration), '.',
                         &options->integration_ms) &&
        options->integration_ms > 0.0)
        return TRUE;
    cli_usage(error, _("--integration-ms is \"auto\" or a number above 0"));
    return FALSE;
}

static void print_measurement(const Cli *cli, const CelMeasurement *m, const char *path)
{
    if (!cli->json) {
        cli_print(cli, _("%s: %zu frames of %g ms, %zu dark frames, %u discarded%s\n"), path,
                  m->n_frames, m->integration_ms, m->n_dark_frames, m->discarded_frames,
                  m->simulated ? _(", SIMULATED") : "");
        return;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", path);
    cel_json_number(json, "integration_ms", m->integration_ms, 6);
    cel_json_int(json, "frames", (gint64)m->n_frames);
    cel_json_int(json, "dark_frames", (gint64)m->n_dark_frames);
    cel_json_int(json, "discarded_frames", m->discarded_frames);
    cel_json_bool(json, "simulated", m->simulated);
    cel_json_close(json);
    cli_print_json(json);
}

/* Returns: (transfer full) (element-type GOptionEntry). */
static GArray *acquire_entries(AcquireWords *words)
{
    const GOptionEntry entries[] = {
        {"device", 0, 0, G_OPTION_ARG_STRING, &words->device, N_("which instrument"), "ID"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words->out, N_("the file to write"), "FILE"},
        {"integration-ms", 0, 0, G_OPTION_ARG_STRING, &words->integration,
         N_("integration time, or auto (default)"), "N|auto"},
        {"frames", 0, 0, G_OPTION_ARG_INT, &words->frames, N_("frames to take (5)"), "N"},
        {"laser-mw", 0, 0, G_OPTION_ARG_DOUBLE, &words->laser_mw, N_("laser power"), "N"},
        {"laser-cap-mw", 0, 0, G_OPTION_ARG_DOUBLE, &words->laser_cap_mw,
         N_("never more laser power than this"), "N"},
        {"laser-ok", 0, 0, G_OPTION_ARG_STRING, &words->laser_ok,
         N_("the answers before real laser light: eyewear on, beam blocked, nobody in line, what "
            "the sample is"),
         CLI_LASER_WORDS},
        {"ramp", 0, 0, G_OPTION_ARG_NONE, &words->ramp,
         N_("look for the laser power from the lowest upwards"), NULL},
        {"start-delay-ms", 0, 0, G_OPTION_ARG_INT, &words->start_delay_ms,
         N_("wait before the laser goes on"), "N"},
        {"no-dark", 0, 0, G_OPTION_ARG_NONE, &words->no_dark, N_("take no dark frames"), NULL},
        {"dark-after", 0, 0, G_OPTION_ARG_NONE, &words->dark_after,
         N_("take dark frames once more at the end"), NULL},
        {"burst", 0, 0, G_OPTION_ARG_NONE, &words->burst,
         N_("a kinetic series: go on when the sample changes"), NULL},
        {"interval-ms", 0, 0, G_OPTION_ARG_INT, &words->interval_ms,
         N_("from frame to frame of a burst"), "N"},
        {"settings", 0, 0, G_OPTION_ARG_STRING, &words->settings, N_("settings of the driver"),
         "KEY=VALUE,..."},
        G_OPTION_ENTRY_NULL,
    };
    GArray *all = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    return g_array_append_vals(all, entries, G_N_ELEMENTS(entries) - 1);
}

static CelMeasurement *measure(const Cli *cli, const AcquireWords *words,
                               CelAcquireOptions *options, GError **error)
{
    g_auto(CliInstruments) instruments = {0};
    cli_instruments_open(&instruments);
    g_autoptr(CelDevice) device =
        cel_device_open(&instruments.table, words->device, words->settings, error);
    if (device == NULL ||
        !cli_laser_answers(cli, words->laser_ok, &cel_device_describe(device)->capabilities,
                           &options->confirmation, error))
        return NULL;
    const CelCapabilities *capabilities = &cel_device_describe(device)->capabilities;
    const gboolean asks = capabilities->laser == CEL_LASER_BUILT_IN && !capabilities->no_light;
    CelMeasurement *measurement = cel_device_acquire(device, options, cli->job, error);
    if (measurement == NULL && asks && words->laser_ok == NULL &&
        g_error_matches(*error, CEL_ERROR, CEL_ERROR_POLICY))
        g_prefix_error(error, "--laser-ok %s: ", CLI_LASER_WORDS);
    return measurement;
}

int cli_acquire(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(AcquireWords) words = {.frames = CLI_NO_COUNT};
    g_auto(GStrv) rest = NULL;
    g_autoptr(GArray) entries = acquire_entries(&words);
    CelAcquireOptions options;
    if (!cli_parse(cli, argc, argv, (const GOptionEntry *)(gpointer)entries->data, NULL,
                   N_("Takes raw frames and dark frames; nothing is corrected. An instrument with "
                      "a real laser asks four questions first, on the terminal or with --laser-ok. "
                      "Example:\n"
                      "  celadon acquire --device simulated:785 --out sample.h5"),
                   &rest, error) ||
        !acquire_options(&words, &options, error))
        return 2;
    if (rest[0] != NULL)
        return cli_usage(error, _("acquire takes no words: \"%s\""), rest[0]);
    if (!cel_file_may_be_written(words.out, error))
        return 4;
    g_autoptr(CelMeasurement) measurement = measure(cli, &words, &options, error);
    if (measurement == NULL || !cel_nxraman_save(measurement, words.out, TRUE, error))
        return 4;
    print_measurement(cli, measurement, words.out);
    return 0;
}
