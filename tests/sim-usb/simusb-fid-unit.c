/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-fid.h"

#include "base/cel-number.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

/* Life of a FID unit: made, powered, given other properties, loaded from recordings. */

static void power(SimUsbFirmware *firmware, gboolean on)
{
    SimFid *fid = (SimFid *)firmware;
    const SimFidFields *m = &fid->details->memory;
    simusb_camera_abort(fid->camera);
    memset(fid->reg, 0, sizeof fid->reg);
    fid->enabled = FALSE;
    fid->quirks.deaf = FALSE;
    fid->watchdog_us = G_MAXINT64;
    fid->last_frame_us = 0;
    fid->reg[SIMFID_GAIN] = (guint64)lrint(m->gain * 256.0);
    fid->reg[SIMFID_GAIN_ODD] = (guint64)lrint(m->gain_odd * 256.0);
    fid->reg[SIMFID_OFFSET] = (guint16)m->offset;
    fid->reg[SIMFID_ATTENUATOR] = 40;
    fid->reg[SIMFID_WATCHDOG_S] = m->watchdog_s;
    fid->reg[SIMFID_LASER_TEC_SETPOINT] = 800;
    fid->cooler_from_celsius = fid->ambient_celsius;
    fid->cooler_from_us = fid->board->now_us;
    fid->board->truth.enabled = FALSE;
    simusb_camera_set_integration(fid->camera, m->startup_ms * 1000);
    if (on)
        simfid_laser_update(fid);
}

static void write_memory(SimFid *fid, guint8 format)
{
    SimFidFields fields = fid->details->memory;
    fields.format = format;
    simusb_camera_coefficients(fid->camera, fields.wavelength);
    fields.laser_nm = simusb_camera_laser_nm(fid->camera);
    fields.pixels = (guint16)fid->details->optics.n_pixels;
    fields.roi_start = 10;
    fields.roi_end = (guint16)(fields.pixels - 10);
    simfid_memory_write(&fields, fid->memory);
}

static void read_cooler(SimFid *fid)
{
    for (guint i = 0; i < 3; i++) {
        fid->celsius_to_dac[i] = simfid_memory_f32(fid->memory, 1, 16 + 4 * i);
        fid->adc_to_celsius[i] = simfid_memory_f32(fid->memory, 1, 32 + 4 * i);
    }
}

static SimUsbFirmware *create(const SimUsbModel *model, SimUsbBoard *board)
{
    SimFid *fid = g_new0(SimFid, 1);
    fid->board = board;
    fid->details = model->details;
    fid->camera = simusb_camera_new(&fid->details->optics, board);
    write_memory(fid, fid->details->memory.format);
    read_cooler(fid);
    fid->pixels = (guint)fid->details->optics.n_pixels;
    fid->mw_max = fid->details->memory.laser ? fid->details->memory.mw_max : 0.0;
    fid->ambient_celsius = 22.0;
    fid->battery_percent = 87;
    power((SimUsbFirmware *)fid, TRUE);
    return (SimUsbFirmware *)fid;
}

static void destroy(SimUsbFirmware *firmware)
{
    SimFid *fid = (SimFid *)firmware;
    simusb_camera_free(fid->camera);
    g_free(fid);
}

static gboolean corrupt(SimUsbFirmware *firmware, const char *how)
{
    return simfid_memory_corrupt(((SimFid *)firmware)->memory, how);
}

/* ---- properties of the unit ---- */

static gboolean set_text(SimFid *fid, const char *key, const char *value)
{
    if (strcmp(key, "serial") == 0 || strcmp(key, "model") == 0) {
        guint8 *at = fid->memory[0] + (*key == 's' ? 16 : 0);
        memset(at, 0, 16);
        memcpy(at, value, MIN(strlen(value), 16));
        return TRUE;
    }
    return FALSE;
}

/* Who it is stays. */
static void change_format(SimFid *fid, guint8 format)
{
    guint8 names[32];
    memcpy(names, fid->memory[0], sizeof names);
    write_memory(fid, format);
    memcpy(fid->memory[0], names, sizeof names);
}

static gboolean set_number(SimFid *fid, const char *key, double number)
{
    const gboolean on = number > 0.0;
    if (strcmp(key, "inverted") == 0)
        fid->quirks.inverted = on;
    else if (strcmp(key, "enable-unreadable") == 0)
        fid->quirks.enable_unreadable = on;
    else if (strcmp(key, "watchdog-swapped") == 0)
        fid->quirks.watchdog_swapped = on;
    else if (strcmp(key, "watchdog-msb-first") == 0)
        fid->quirks.watchdog_msb_first = on;
    else if (strcmp(key, "battery") == 0)
        fid->battery_percent = (guint)CLAMP(number, 0.0, 100.0);
    else if (strcmp(key, "ambient") == 0)
        fid->ambient_celsius = number;
    else if (strcmp(key, "trigger") == 0)
        simusb_camera_expose(fid->camera, 0.0);
    else if (strcmp(key, "format") == 0)
        change_format(fid, (guint8)CLAMP(number, 3.0, 19.0));
    else
        return simfid_laser_set(fid, key, on);
    return TRUE;
}

static gboolean set(SimUsbFirmware *firmware, const char *key, const char *value)
{
    SimFid *fid = (SimFid *)firmware;
    double number = 0.0;
    if (simusb_camera_set(fid->camera, key, value))
        return TRUE;
    return set_text(fid, key, value) ||
           (cel_number_parse(value, strlen(value), '.', &number) && set_number(fid, key, number));
}

static gboolean load(SimUsbFirmware *firmware, const char *folder, const char *prefix,
                     GError **error)
{
    SimFid *fid = (SimFid *)firmware;
    g_autofree char *name = g_strconcat(prefix, "-eeprom.bin", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *data = NULL;
    gsize n = 0;
    if (!g_file_get_contents(path, &data, &n, error))
        return FALSE;
    memcpy(fid->memory, data, MIN(n, sizeof fid->memory));
    if (simfid_memory_u16(fid->memory, 2, 16) != fid->pixels) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "%s is of a unit with another number of pixels", path);
        return FALSE;
    }
    read_cooler(fid);
    fid->mw_max = simfid_memory_f32(fid->memory, 3, 28);
    return simusb_camera_use_recordings(fid->camera, folder, prefix, error);
}

const SimUsbFamily simusb_family_fid = {
    .name = "fid",
    .serial_prefix = "SIM-",
    .serial_digits = 4,
    .create = create,
    .destroy = destroy,
    .classify = simfid_classify,
    .perform = simfid_perform,
    .due_us = simfid_due_us,
    .advance = simfid_advance,
    .power = power,
    .set = set,
    .corrupt = corrupt,
    .load = load,
};
