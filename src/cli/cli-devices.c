/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-file.h"
#include "cel-drivers.h"
#include "device/cel-acquire.h"
#include "transport-libusb.h"
#include "transport-record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RECORD_MS = 100 }; /* a short dark frame */

void cli_instruments_open(CliInstruments *out)
{
    g_autoptr(GError) error = NULL;
    out->bus = cel_bus_libusb_new(&error);
    out->failure = error != NULL ? g_strdup(error->message) : NULL;
    out->table = cel_drivers(out->bus);
}

void cli_instruments_clear(CliInstruments *instruments)
{
    g_clear_pointer(&instruments->bus, cel_bus_free);
    g_clear_pointer(&instruments->failure, g_free);
}

/* ---- the list ---- */

/* One instrument as far as it lets itself be known. */
typedef struct {
    CelDeviceInfo info; /* what it says of itself, once it was opened */
    const CelDriver *driver;
    char *why_not; /* (nullable): why it was not opened */
} Seen;

static const CelDriver *driver_of(const CelDriverTable *table, const CelDeviceInfo *info)
{
    for (gsize i = 0; i < table->n; i++)
        if (strcmp(table->drivers[i]->id, info->instrument.driver) == 0)
            return table->drivers[i];
    return NULL;
}

/* Opens it for a moment: only then serial number, laser and range are known. */
static void look_closer(const CelDriverTable *table, Seen *seen)
{
    g_autoptr(GError) error = NULL;
    if (!seen->info.may_open) {
        seen->why_not = g_strdup(seen->info.why_not);
        return;
    }
    g_autoptr(CelDevice) device = cel_device_open(table, seen->info.id, NULL, &error);
    if (device == NULL) {
        seen->why_not = g_strdup(error->message);
        return;
    }
    const CelDeviceDescription *description = cel_device_describe(device);
    const gboolean own_laser = description->capabilities.laser == CEL_LASER_BUILT_IN;
    seen->info.instrument = description->instrument;
    if (description->calibration.laser_nm > 0.0)
        seen->info.laser_nm = description->calibration.laser_nm;
    else if (!own_laser)
        seen->info.laser_nm = 0.0;
}

static void print_optics(const Seen *seen)
{
    const double *range_cm1 = seen->info.instrument.range_cm1;
    if (seen->info.laser_nm > 0.0)
        printf(", %s %g nm", _("laser"), seen->info.laser_nm);
    else
        printf(", %s", _("laser not stated"));
    if (range_cm1[1] > range_cm1[0])
        printf(", %s %.0f..%.0f cm-1", _("range"), range_cm1[0], range_cm1[1]);
}

static void print_seen(const Seen *seen)
{
    const CelInstrument *instrument = &seen->info.instrument;
    printf("%-20s %s %s", seen->info.id, instrument->vendor, instrument->model);
    print_optics(seen);
    printf("%s\n", instrument->simulated ? _(", SIMULATED") : "");
    if (instrument->serial[0] != '\0' || instrument->firmware[0] != '\0')
        printf(_("%-20s serial number %s, firmware %s, driver proven on: %s\n"), "",
               instrument->serial, instrument->firmware, seen->driver->validation);
    if (seen->why_not != NULL)
        printf("%-20s %s\n", "", seen->why_not);
}

static void print_seen_json(const Seen *seen)
{
    const CelInstrument *instrument = &seen->info.instrument;
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "id", seen->info.id);
    cel_json_text(json, "driver", seen->driver->id);
    cel_json_text(json, "driver_validation", seen->driver->validation);
    cel_json_text(json, "vendor", instrument->vendor);
    cel_json_text(json, "model", instrument->model);
    cel_json_text(json, "serial", instrument->serial);
    const gboolean ranged = instrument->range_cm1[1] > instrument->range_cm1[0];
    cel_json_number(json, "laser_nm", seen->info.laser_nm > 0.0 ? seen->info.laser_nm : NAN, 0);
    cel_json_open(json, "range_cm1", '[');
    for (gsize i = 0; i < 2; i++) /* null: what is not known is not zero */
        cel_json_number(json, NULL, ranged ? instrument->range_cm1[i] : NAN, 6);
    cel_json_close(json);
    cel_json_text(json, "firmware", instrument->firmware);
    cel_json_bool(json, "permission", seen->info.may_open);
    cel_json_bool(json, "simulated", instrument->simulated);
    if (seen->why_not != NULL)
        cel_json_text(json, "why_not", seen->why_not);
    cel_json_close(json);
    cli_print_json(json);
}

static void list_devices(const Cli *cli, const CelDriverTable *table)
{
    g_autoptr(GArray) infos = cel_device_scan(table);
    for (guint i = 0; i < infos->len; i++) {
        Seen seen = {.info = g_array_index(infos, CelDeviceInfo, i)};
        seen.driver = driver_of(table, &seen.info);
        look_closer(table, &seen);
        if (cli->json)
            print_seen_json(&seen);
        else if (!cli->quiet)
            print_seen(&seen);
        g_free(seen.why_not);
    }
}

/* ---- a recording ---- */

/* The one that is meant: @id, or the only one on the bus. */
static gboolean choose_device(const CelDriverTable *table, const char *id, CelDeviceInfo *out_info,
                              GError **error)
{
    guint n = 0;
    g_autoptr(GArray) infos = cel_device_scan(table);
    for (guint i = 0; i < infos->len; i++) {
        const CelDeviceInfo *info = &g_array_index(infos, CelDeviceInfo, i);
        if (info->usb.vendor == 0 || (id != NULL && strcmp(id, info->id) != 0))
            continue;
        *out_info = *info;
        n++;
    }
    if (n == 1)
        return TRUE;
    if (n == 0)
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("There is no such instrument on USB. Nothing was recorded. \"celadon "
                      "devices\" lists what is connected."));
    else
        cli_usage(error, _("several instruments are connected; choose one with --device ID"));
    return FALSE;
}

/* The driver's own work: what is recorded is what it asks when it opens and takes one frame. */
static gboolean exercise(const Cli *cli, const CelDriverTable *table, const char *id, GString *text,
                         GError **error)
{
    g_autoptr(CelDevice) device = cel_device_open(table, id, NULL, error);
    if (device == NULL)
        return FALSE;
    const CelDeviceDescription *description = cel_device_describe(device);
    const CelAcquireOptions options = {
        .frames = 1,
        .laser_off = TRUE,
        .integration_ms =
            CLAMP(RECORD_MS, description->integration_min_ms, description->integration_max_ms),
        .clock = cel_clock_system(),
    };
    g_string_append_printf(text, "# model %s, firmware %s\n", description->instrument.model,
                           description->instrument.firmware);
    g_autoptr(CelMeasurement) measurement = cel_device_acquire(device, &options, cli->job, error);
    return measurement != NULL;
}

/* What went wrong is worth a recording too: it is written all the same. */
static int record_device(const Cli *cli, const CliInstruments *instruments, const char *id,
                         const char *path, GError **error)
{
    CelDeviceInfo info;
    if (!choose_device(&instruments->table, id, &info, error))
        return 4;
    g_autoptr(GString) exchange = g_string_new(NULL);
    g_autoptr(GString) head = g_string_new(NULL);
    const CelDriver *driver = driver_of(&instruments->table, &info);
    g_autoptr(CelBus) recorder =
        cel_bus_record_new(instruments->bus, &(CelRecordTo){.text = exchange, .driver = driver});
    CelDriverTable table = instruments->table;
    table.bus = recorder;
    g_string_append_printf(
        head, "# recorded from an instrument by driver %s; serial numbers blanked\n", driver->id);
    GError *failure = NULL;
    if (!exercise(cli, &table, info.id, head, &failure))
        g_string_append_printf(head, "# ended with: %s\n", failure->message);
    g_string_append(head, exchange->str);
    g_autoptr(GBytes) bytes = g_bytes_new(head->str, head->len);
    if (!cel_file_write(path, bytes, 0644, failure == NULL ? error : NULL) || failure != NULL) {
        if (failure != NULL)
            g_propagate_error(error, failure);
        return 4;
    }
    cli_print(cli, _("%s: %zu bytes; read it before you send it\n"), path, head->len);
    return 0;
}

typedef struct {
    char *record, *device;
} DevicesWords;

static void devices_words_clear(DevicesWords *words)
{
    g_free(words->record);
    g_free(words->device);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DevicesWords, devices_words_clear)

int cli_devices(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(DevicesWords) words = {0};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"record", 0, 0, G_OPTION_ARG_FILENAME, &words.record,
         N_("write down what passes while one instrument is opened and takes a dark frame"),
         "FILE"},
        {"device", 0, 0, G_OPTION_ARG_STRING, &words.device, N_("which instrument is recorded"),
         "ID"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, NULL,
                   N_("Lists the instruments that are connected, and why one may not be opened. "
                      "Each is opened for a moment, with its laser off."),
                   &rest, error))
        return 2;
    if (rest[0] != NULL)
        return cli_usage(error, _("devices takes no words: \"%s\""), rest[0]);
    g_auto(CliInstruments) instruments = {0};
    cli_instruments_open(&instruments);
    if (words.record != NULL)
        return record_device(cli, &instruments, words.device, words.record, error);
    list_devices(cli, &instruments.table);
    return 0;
}
