/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-file.h"
#include "base/cel-number.h"
#include "cel-drivers.h"
#include "device/cel-acquire.h"
#include "h5/cel-nxraman.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *device, *out, *integration, *settings;
    int frames;
    double laser_mw;
    gboolean no_dark;
} AcquireWords;

static void acquire_words_clear(AcquireWords *words)
{
    g_free(words->device);
    g_free(words->out);
    g_free(words->integration);
    g_free(words->settings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AcquireWords, acquire_words_clear)

static gboolean acquire_options(AcquireWords *words, CelAcquireOptions *options, GError **error)
{
    if (!cli_count(&words->frames, "--frames", error))
        return FALSE;
    *options = (CelAcquireOptions){.frames = (guint)words->frames,
                                   .no_dark = words->no_dark,
                                   .laser_mw = words->laser_mw,
                                   .clock = cel_clock_system()};
    if (words->device == NULL || words->out == NULL) {
        cli_usage(error, _("acquire needs --device ID and --out FILE; \"celadon devices\" lists "
                           "the instruments"));
        return FALSE;
    }
    if (words->laser_mw < 0.0) {
        cli_usage(error, _("--laser-mw is not negative"));
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

static gboolean write_measurement(const CelMeasurement *measurement, const char *path,
                                  GError **error)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    if (!cel_nxraman_write(root, measurement, NULL, NULL, error))
        return FALSE;
    g_autoptr(GBytes) bytes = cel_h5_to_bytes(root, error);
    return bytes != NULL && cel_file_write(path, bytes, 0644, error);
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

int cli_acquire(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(AcquireWords) words = {.frames = CLI_NO_COUNT};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"device", 0, 0, G_OPTION_ARG_STRING, &words.device, N_("which instrument"), "ID"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words.out, N_("the file to write"), "FILE"},
        {"integration-ms", 0, 0, G_OPTION_ARG_STRING, &words.integration,
         N_("integration time, or auto (default)"), "N|auto"},
        {"frames", 0, 0, G_OPTION_ARG_INT, &words.frames, N_("frames to take (5)"), "N"},
        {"laser-mw", 0, 0, G_OPTION_ARG_DOUBLE, &words.laser_mw, N_("laser power"), "N"},
        {"no-dark", 0, 0, G_OPTION_ARG_NONE, &words.no_dark, N_("take no dark frames"), NULL},
        {"settings", 0, 0, G_OPTION_ARG_STRING, &words.settings, N_("settings of the driver"),
         "KEY=VALUE,..."},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, NULL,
                   N_("Takes raw frames and dark frames; nothing is corrected. Example:\n"
                      "  celadon acquire --device simulated:785 --out sample.h5"),
                   &rest, error))
        return 2;
    CelAcquireOptions options;
    if (!acquire_options(&words, &options, error))
        return 2;
    const CelDriverTable table = cel_drivers(NULL);
    g_autoptr(CelDevice) device = cel_device_open(&table, words.device, words.settings, error);
    if (device == NULL)
        return 4;
    g_autoptr(CelMeasurement) measurement = cel_device_acquire(device, &options, cli->job, error);
    if (measurement == NULL || !write_measurement(measurement, words.out, error))
        return 4;
    print_measurement(cli, measurement, words.out);
    return 0;
}
