/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-case.h"
#include "bench/cel-check.h"
#include "bench/cel-lab-calibration.h"
#include "cli/cli-sign.h"

#include "base/cel-file.h"
#include "base/cel-number.h"
#include "device/cel-acquire.h"
#include "h5/cel-nxraman.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *device, *out, *integration, *settings, *laser_ok, *calibration_file;
    CelCalibrationObject *calibration; /* (nullable): of that file */
    int frames, start_delay_ms, interval_ms;
    double laser_mw, laser_cap_mw;
    gboolean no_dark, dark_after, ramp, burst;
    CliSignWords sign; /* in a lab: whose shot, at what */
    char *case_id, *exhibit_id, *kind, *spot, *place, *environment, **photos;
} AcquireWords;

static void acquire_words_clear(AcquireWords *words)
{
    g_free(words->device);
    g_free(words->calibration_file);
    cel_calibration_object_free(words->calibration);
    g_free(words->out);
    g_free(words->integration);
    g_free(words->settings);
    g_free(words->laser_ok);
    cli_sign_words_clear(&words->sign);
    g_free(words->case_id);
    g_free(words->exhibit_id);
    g_free(words->kind);
    g_free(words->spot);
    g_free(words->place);
    g_free(words->environment);
    g_strfreev(words->photos);
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

/* What says whose shot it is, at what, in a lab. */
static GArray *lab_entries(AcquireWords *words)
{
    const GOptionEntry entries[] = {
        {"case", 0, 0, G_OPTION_ARG_STRING, &words->case_id, N_("case number"), "C"},
        {"exhibit", 0, 0, G_OPTION_ARG_STRING, &words->exhibit_id, N_("exhibit number"), "E"},
        {"kind", 0, 0, G_OPTION_ARG_STRING, &words->kind,
         N_("what is measured, in a lab (replicate)"),
         "replicate|instrument-blank|packaging-blank|cleaning-blank|dark|check|other"},
        {"spot", 0, 0, G_OPTION_ARG_STRING, &words->spot, N_("where on the exhibit"), "TEXT"},
        {"place", 0, 0, G_OPTION_ARG_STRING, &words->place, N_("where the work is done"), "TEXT"},
        {"environment", 0, 0, G_OPTION_ARG_STRING, &words->environment,
         N_("temperature, humidity, light"), "TEXT"},
        {"photo", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->photos,
         N_("a photo; hashed first, then kept"), "WHAT=FILE"},
        G_OPTION_ENTRY_NULL,
    };
    return cli_sign_entries(&words->sign, entries);
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
        {"calibration", 0, 0, G_OPTION_ARG_FILENAME, &words->calibration_file,
         N_("in force in place of the instrument's own"), "CAL"},
        {"settings", 0, 0, G_OPTION_ARG_STRING, &words->settings, N_("settings of the driver"),
         "KEY=VALUE,..."},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) of_lab = lab_entries(words);
    GArray *all = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    g_array_append_vals(all, entries, G_N_ELEMENTS(entries) - 1);
    return g_array_append_vals(all, of_lab->data, of_lab->len);
}

/** Seen: what is known of the instrument when it gives nothing. */
typedef struct {
    CelLab *lab; /* (nullable): whose calibration is in force */
    char serial[64];
    gboolean simulated;
} Seen;

/* Before any light: a shot whose calibration does not fit would be lost. */
static gboolean calibration_fits(const AcquireWords *words, const CelInstrument *instrument,
                                 gint64 now_us, GError **error)
{
    if (words->calibration == NULL)
        return TRUE;
    g_autoptr(CelMeasurement) tried = cel_measurement_new(1, 1, 0);
    tried->instrument = *instrument;
    tried->started_wall_us = now_us;
    return cel_calibration_put_in_force(tried, &words->calibration->calibration, error);
}

/* In a lab an instrument measures with what is in force there, unless --calibration is given. */
static gboolean take_in_force(const AcquireWords *words, CelLab *lab, CelDevice *device,
                              CelJob *job, GError **error)
{
    CelInForce in_force = {0};
    const char *serial = cel_device_describe(device)->instrument.serial;
    if (lab == NULL || words->calibration != NULL || *serial == '\0')
        return TRUE;
    return cel_lab_in_force(lab, serial, cel_clock_wall_us(cel_clock_system()), &in_force, job,
                            error) &&
           (in_force.seq == 0 || cel_device_set_calibration(device, &in_force.calibration, error));
}

static CelMeasurement *measure(const Cli *cli, const AcquireWords *words,
                               CelAcquireOptions *options, Seen *out_seen, GError **error)
{
    g_auto(CliInstruments) instruments = {0};
    cli_instruments_open(&instruments);
    g_autoptr(CelDevice) device =
        cel_device_open(&instruments.table, words->device, words->settings, error);
    if (device == NULL ||
        !cli_laser_answers(cli, words->laser_ok, &cel_device_describe(device)->capabilities,
                           &options->confirmation, error))
        return NULL;
    const CelInstrument *instrument = &cel_device_describe(device)->instrument;
    g_strlcpy(out_seen->serial, instrument->serial, sizeof out_seen->serial);
    out_seen->simulated = instrument->simulated;
    if (!calibration_fits(words, instrument, cel_clock_wall_us(options->clock), error) ||
        !take_in_force(words, out_seen->lab, device, cli->job, error))
        return NULL;
    const CelCapabilities *capabilities = &cel_device_describe(device)->capabilities;
    const gboolean asks = capabilities->laser == CEL_LASER_BUILT_IN && !capabilities->no_light;
    CelMeasurement *measurement = cel_device_acquire(device, options, cli->job, error);
    if (measurement == NULL && asks && words->laser_ok == NULL &&
        g_error_matches(*error, CEL_ERROR, CEL_ERROR_POLICY))
        g_prefix_error(error, "--laser-ok %s: ", CLI_LASER_WORDS);
    if (measurement != NULL && words->calibration != NULL)
        cel_calibration_put_in_force(measurement, &words->calibration->calibration, NULL);
    return measurement;
}

/* ---- in a lab: every shot is an event ---- */

static CelLabShot shot_of(const AcquireWords *words)
{
    return (CelLabShot){.case_id = words->case_id,
                        .item_id = words->exhibit_id,
                        .kind = words->kind != NULL ? words->kind : "replicate",
                        .spot = words->spot,
                        .place = words->place,
                        .environment = words->environment,
                        .clock = cel_clock_system()};
}

static gboolean enter_lab(const Cli *cli, const AcquireWords *words, CliSign *sign, GError **error)
{
    CelLabShot shot = shot_of(words);
    shot.simulated = g_str_has_prefix(words->device, "simulated");
    return words->sign.lab == NULL || (cli_sign_open(cli, &words->sign, sign, error) &&
                                       cel_lab_may_shoot(sign->lab, &shot, error));
}

static gboolean add_photos(CelLab *lab, const AcquireWords *words, JsonArray *photos,
                           GError **error)
{
    for (gsize i = 0; words->photos != NULL && words->photos[i] != NULL; i++) {
        const char *equal = strchr(words->photos[i], '=');
        if (equal == NULL) {
            cli_usage(error, _("--photo is WHAT=FILE, e.g. package=bag.jpg"));
            return FALSE;
        }
        g_autofree char *moment = g_strndup(words->photos[i], (gsize)(equal - words->photos[i]));
        if (!cel_case_add_photo(lab, equal + 1, moment, photos, NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean record_shot(CliSign *sign, const AcquireWords *words, CelMeasurement *measurement,
                            GError **error)
{
    if (sign->lab == NULL)
        return TRUE;
    g_autoptr(JsonArray) photos = json_array_new();
    g_autoptr(GBytes) file = cel_file_read(words->out, G_MAXINT32, error);
    if (file == NULL || !add_photos(sign->lab, words, photos, error))
        return FALSE;
    CelLabShot shot = shot_of(words);
    shot.measurement = measurement;
    shot.file = file;
    shot.photos = photos;
    return cel_lab_record_shot(sign->lab, &shot, NULL, error);
}

/* A shot that gave nothing is on record too, with the reason; what failed first is what is told. */
static void record_failure(CliSign *sign, const AcquireWords *words, const Seen *seen,
                           const GError *why)
{
    if (sign->lab == NULL || *seen->serial == '\0')
        return;
    g_autoptr(GError) failure = NULL;
    g_autofree char *problem = cli_printable(why->message);
    CelLabShot shot = shot_of(words);
    shot.problem = problem;
    shot.serial = seen->serial;
    shot.simulated = seen->simulated;
    if (!cel_lab_record_shot(sign->lab, &shot, NULL, &failure))
        cli_report_error(failure);
}

static int acquire(Cli *cli, const AcquireWords *words, CelAcquireOptions *options, GError **error)
{
    g_auto(CliSign) sign = {0};
    Seen seen = {0};
    g_autoptr(GError) failure = NULL;
    if (!enter_lab(cli, words, &sign, error))
        return 5;
    seen.lab = sign.lab;
    g_autoptr(CelMeasurement) measurement = measure(cli, words, options, &seen, &failure);
    if (measurement == NULL || !cel_nxraman_save(measurement, words->out, TRUE, &failure)) {
        record_failure(&sign, words, &seen, failure);
        g_propagate_error(error, g_steal_pointer(&failure));
        return 4;
    }
    if (!record_shot(&sign, words, measurement, error))
        return 4;
    print_measurement(cli, measurement, words->out);
    return 0;
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
                      "With --lab every shot is an event of the lab's ledger. Example:\n"
                      "  celadon acquire --device simulated:785 --out sample.h5"),
                   &rest, error) ||
        !acquire_options(&words, &options, error))
        return 2;
    if (rest[0] != NULL)
        return cli_usage(error, _("acquire takes no words: \"%s\""), rest[0]);
    if (!cel_file_may_be_written(words.out, error))
        return 4;
    if (words.calibration_file != NULL) {
        words.calibration = cel_calibration_object_load(words.calibration_file, error);
        if (words.calibration == NULL)
            return 3;
    }
    return acquire(cli, &words, &options, error);
}
