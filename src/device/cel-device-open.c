/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-device-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MAX_PIXELS = 1 << 20 };

static void scan_driver(const CelDriver *driver, CelBus *bus, GArray *out_infos)
{
    if (driver->scan != NULL)
        driver->scan(bus, out_infos);
    else
        cel_usb_scan(driver, bus, out_infos);
}

GArray *cel_device_scan_driver(const CelDriver *driver, CelBus *bus)
{
    GArray *infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    scan_driver(driver, bus, infos);
    return infos;
}

GArray *cel_device_scan(const CelDriverTable *table)
{
    GArray *infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    for (gsize i = 0; i < table->n; i++)
        scan_driver(table->drivers[i], table->bus, infos);
    return infos;
}

/* ---- open: nothing the instrument says of itself is believed unchecked ---- */

static void clean_text(char *text, gsize size)
{
    text[size - 1] = '\0';
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_strlcpy(text, valid, size);
    const char *end = NULL;
    if (!g_utf8_validate(text, -1, &end)) /* the cut may have split a character */
        text[end - text] = '\0';
}

static void clean_texts(CelDeviceDescription *d)
{
    clean_text(d->instrument.vendor, sizeof d->instrument.vendor);
    clean_text(d->instrument.model, sizeof d->instrument.model);
    clean_text(d->instrument.serial, sizeof d->instrument.serial);
    clean_text(d->instrument.firmware, sizeof d->instrument.firmware);
    clean_text(d->instrument.driver, sizeof d->instrument.driver);
    clean_text(d->instrument.detector, sizeof d->instrument.detector);
    clean_text(d->calibration.id, sizeof d->calibration.id);
    clean_text(d->calibration.serial, sizeof d->calibration.serial);
    clean_text(d->capabilities.laser_class, sizeof d->capabilities.laser_class);
    clean_text(d->capabilities.eyewear, sizeof d->capabilities.eyewear);
}

/* Figures that are no figures become "not known", which is 0 in the record. */
static void clean_figure(double *value)
{
    if (!(isfinite(*value) && *value >= 0.0))
        *value = 0.0;
}

static void clean_figures(CelDeviceDescription *d)
{
    CelInstrument *instrument = &d->instrument;
    CelCapabilities *capabilities = &d->capabilities;
    double *const figures[] = {
        &instrument->range_cm1[0],       &instrument->range_cm1[1],
        &instrument->resolution_cm1,     &instrument->read_noise_counts,
        &instrument->gain_e_per_count,   &d->calibration.u_axis_cm1,
        &capabilities->laser_mw_min,     &capabilities->laser_mw_max,
        &capabilities->laser_mw_default,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++)
        clean_figure(figures[i]);
}

/* A stored calibration that gives no axis is not used, and the record says why. */
static void check_calibration(CelDeviceDescription *d)
{
    CelCalibration *calibration = &d->calibration;
    g_autoptr(GError) error = NULL;
    if (!(isfinite(calibration->laser_nm) && calibration->laser_nm >= 0.0))
        calibration->laser_nm = 0.0;
    if (calibration->n_coefficients == 0)
        return;
    g_autoptr(CelAxis) axis = cel_calibration_axis(calibration, d->n_pixels, &error);
    if (axis != NULL)
        return;
    g_strlcpy(d->calibration_refused, error->message, sizeof d->calibration_refused);
    clean_text(d->calibration_refused, sizeof d->calibration_refused);
    calibration->n_coefficients = 0;
}

static gboolean check_limits(const CelDeviceDescription *d, GError **error)
{
    const gboolean pixels_ok = d->n_pixels >= 2 && d->n_pixels <= MAX_PIXELS;
    const gboolean times_ok = d->integration_min_ms > 0.0 && isfinite(d->integration_max_ms) &&
                              d->integration_max_ms >= d->integration_min_ms;
    if (pixels_ok && times_ok)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument %s says of itself what cannot be (%zu pixels, %g to %g ms). "
                  "Nothing was measured. Unplug it, plug it in again; if that does not help, have "
                  "its stored settings checked."),
                d->info.id, d->n_pixels, d->integration_min_ms, d->integration_max_ms);
    return FALSE;
}

gboolean cel_device_read_description(const CelDriver *driver, CelSession *session,
                                     const CelDeviceInfo *info, CelDeviceDescription *d,
                                     GError **error)
{
    *d = (CelDeviceDescription){.info = *info};
    driver->describe(session, &d->instrument, &d->calibration);
    g_strlcpy(d->instrument.driver_validation,
              driver->validation != NULL ? driver->validation : "not stated",
              sizeof d->instrument.driver_validation);
    if (driver->capabilities != NULL)
        driver->capabilities(session, &d->capabilities);
    d->n_pixels = driver->n_pixels(session);
    driver->integration_range(session, &d->integration_min_ms, &d->integration_max_ms);
    /* either source is enough, neither can take it off */
    d->instrument.simulated = d->instrument.simulated || d->info.instrument.simulated;
    if (!check_limits(d, error))
        return FALSE;
    clean_texts(d);
    clean_figures(d);
    check_calibration(d);
    return TRUE;
}

typedef struct {
    const CelDriver *driver;
    CelDeviceInfo info;
} Match;

/* The instruments @id may mean: the one of that id, else all of the driver of that id. */
static GArray *find_matches(const CelDriverTable *table, const char *id)
{
    const CelDriver *const *drivers = table->drivers;
    GArray *matches = g_array_new(FALSE, TRUE, sizeof(Match));
    for (gsize i = 0; i < table->n; i++) {
        g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
        scan_driver(drivers[i], table->bus, infos);
        for (guint j = 0; j < infos->len; j++) {
            const Match match = {drivers[i], g_array_index(infos, CelDeviceInfo, j)};
            if (strcmp(match.info.id, id) == 0) {
                g_array_set_size(matches, 0);
                return g_array_append_val(matches, match);
            }
            if (strcmp(drivers[i]->id, id) == 0)
                g_array_append_val(matches, match);
        }
    }
    return matches;
}

static gboolean find_one(const CelDriverTable *table, const char *id, Match *out_match,
                         GError **error)
{
    g_autoptr(GArray) matches = find_matches(table, id);
    if (matches->len == 0) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_DEVICE,
            _("No instrument \"%s\" is present. Nothing was measured. Check cable and power, "
              "then look at the list of instruments."),
            id);
        return FALSE;
    }
    if (matches->len > 1) {
        g_autoptr(GString) ids = g_string_new(NULL);
        for (guint i = 0; i < matches->len; i++)
            g_string_append_printf(ids, "%s%s", i > 0 ? ", " : "",
                                   g_array_index(matches, Match, i).info.id);
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("\"%s\" may mean several instruments. Choose one of %s."), id, ids->str);
        return FALSE;
    }
    *out_match = g_array_index(matches, Match, 0);
    if (!out_match->info.may_open) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The instrument %s may not be opened: %s"), id, out_match->info.why_not);
        return FALSE;
    }
    return TRUE;
}

CelSession *cel_device_open_session(const CelDevice *device, const CelDeviceInfo *info,
                                    GCancellable *cancel, GError **error)
{
    const CelDriver *driver = device->driver;
    g_autoptr(CelParams) params = cel_params_new(driver->params, driver->n_params);
    if (device->settings != NULL && !cel_params_parse(params, device->settings, error))
        return NULL;
    const CelOpening opening = {
        .info = info, .params = params, .bus = device->table.bus, .cancel = cancel};
    return driver->open(&opening, error);
}

void cel_device_adopt(CelDevice *device, CelSession *session, const CelUsbPresent *present)
{
    device->session = session;
    device->present = *present;
    device->has_last = FALSE;
    device->last_exposure_us = 0;
    device->laser_machine = (CelLaserMachine){0};
    cel_lock_take(&device->lock);
    device->watched = *present;
    device->gone = device->must_drain = FALSE;
    cel_lock_give(&device->lock);
    cel_device_switch_off(
        device, &(CelSwitchOff){.cause = "the instrument was opened", .clock = cel_clock_system()});
}

static CelDevice *make_device(const CelDriverTable *table, const Match *match, const char *settings)
{
    CelDevice *device = g_new0(CelDevice, 1);
    device->table = *table;
    device->driver = match->driver;
    device->settings = g_strdup(settings);
    return device;
}

CelDevice *cel_device_open(const CelDriverTable *table, const char *id, const char *settings,
                           GError **error)
{
    g_return_val_if_fail(id != NULL, NULL);
    Match match;
    if (!find_one(table, id, &match, error))
        return NULL;
    CelDevice *device = make_device(table, &match, settings);
    CelSession *session = cel_device_open_session(device, &match.info, NULL, error);
    if (session == NULL || !cel_device_read_description(match.driver, session, &match.info,
                                                        &device->description, error)) {
        if (session != NULL)
            match.driver->close(session);
        g_free(device->settings);
        g_free(device);
        return NULL;
    }
    device->own_calibration = device->description.calibration;
    device->last_counts = g_new0(double, device->description.n_pixels);
    cel_device_adopt(device, session, &match.info.usb);
    cel_device_start(device);
    return device;
}
