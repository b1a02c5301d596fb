/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-device-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { RESCAN_MS = 250 };

typedef enum { NOT_IT, FOUND, REFUSED } Verdict;

typedef struct {
    CelDevice *device;
    guint timeout_ms;
    CelJob *job;
    GError *error;
} Reopen;

static gboolean same_number(double a, double b)
{
    return !(a < b || a > b);
}

static gboolean same_calibration(const CelCalibration *a, const CelCalibration *b)
{
    gboolean same = a->n_coefficients == b->n_coefficients && a->medium == b->medium &&
                    same_number(a->laser_nm, b->laser_nm);
    for (guint i = 0; same && i < MIN(a->n_coefficients, CEL_CALIBRATION_MAX_COEFFICIENTS); i++)
        same = same_number(a->coefficients[i], b->coefficients[i]);
    return same;
}

static gboolean same_laser(const CelCapabilities *a, const CelCapabilities *b)
{
    return a->laser == b->laser && a->no_light == b->no_light &&
           a->watchdog_max_s == b->watchdog_max_s &&
           same_number(a->laser_mw_min, b->laser_mw_min) &&
           same_number(a->laser_mw_max, b->laser_mw_max) &&
           same_number(a->laser_mw_default, b->laser_mw_default);
}

/* What the record of an open sample relies on must not change under it. */
static gboolean describes_itself_as_before(const CelDeviceDescription *a, const CelDevice *device)
{
    const CelDeviceDescription *b = &device->description;
    return a->n_pixels == b->n_pixels &&
           same_calibration(&a->calibration, &device->own_calibration) &&
           same_laser(&a->capabilities, &b->capabilities) &&
           same_number(a->integration_min_ms, b->integration_min_ms) &&
           same_number(a->integration_max_ms, b->integration_max_ms) &&
           a->instrument.saturation_counts == b->instrument.saturation_counts &&
           a->instrument.simulated == b->instrument.simulated;
}

static gboolean same_unit(const CelInstrument *a, const CelInstrument *b)
{
    return strcmp(a->serial, b->serial) == 0 && strcmp(a->model, b->model) == 0;
}

/* Without opening: another kind of device, or a scan that already knows the serial number. */
static gboolean may_be_it(const CelDevice *device, const CelDeviceInfo *info)
{
    const CelDeviceInfo *before = &device->description.info;
    return info->may_open && info->usb.vendor == before->usb.vendor &&
           info->usb.product == before->usb.product &&
           (info->instrument.serial[0] == '\0' ||
            same_unit(&info->instrument, &device->description.instrument));
}

static Verdict judge(CelDevice *device, CelSession *session, const CelDeviceInfo *info,
                     GError **error)
{
    CelDeviceDescription now;
    if (!cel_device_read_description(device->driver, session, info, &now, error) ||
        !same_unit(&now.instrument, &device->description.instrument))
        return NOT_IT;
    if (describes_itself_as_before(&now, device))
        return FOUND;
    g_clear_error(error);
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument %s is back but describes itself otherwise than before. The open "
                  "sample cannot go on with it. Close it and connect anew."),
                now.instrument.serial);
    return REFUSED;
}

static Verdict try_info(Reopen *r, const CelDeviceInfo *info)
{
    CelDevice *device = r->device;
    g_autoptr(GError) error = NULL;
    CelSession *session =
        cel_device_open_session(device, info, cel_job_cancellable(r->job), &error);
    if (session == NULL)
        return NOT_IT; /* busy, or not ready yet: it is tried again */
    const Verdict verdict = judge(device, session, info, &error);
    if (verdict == FOUND) {
        cel_device_adopt(device, session, &info->usb);
        return FOUND;
    }
    device->driver->laser_off(session, NULL);
    device->driver->close(session);
    if (verdict == REFUSED)
        g_propagate_error(&r->error, g_steal_pointer(&error));
    return verdict;
}

static Verdict look(Reopen *r)
{
    CelDevice *device = r->device;
    g_autoptr(GArray) infos = cel_device_scan_driver(device->driver, device->table.bus);
    Verdict verdict = NOT_IT;
    for (guint i = 0; i < infos->len && verdict == NOT_IT; i++) {
        const CelDeviceInfo *info = &g_array_index(infos, CelDeviceInfo, i);
        if (may_be_it(device, info))
            verdict = try_info(r, info);
    }
    return verdict;
}

static void fail_absent(Reopen *r)
{
    g_set_error(&r->error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument with the serial number %s is not back. The sample stays open. "
                  "Plug in that instrument, no other one, and connect again."),
                r->device->description.instrument.serial);
}

static void reopen_in_worker(CelDevice *device, gpointer data)
{
    Reopen *r = data;
    const gint64 end_us = g_get_monotonic_time() + (gint64)r->timeout_ms * 1000;
    cel_lock_take(&device->lock);
    device->gone = TRUE;
    cel_lock_give(&device->lock);
    cel_device_drop_session(device);
    while (cel_job_step(r->job, N_("Waiting for the instrument"), 0, 0, &r->error)) {
        if (look(r) != NOT_IT)
            return;
        const gint64 left_ms = (end_us - g_get_monotonic_time() + 999) / 1000;
        if (left_ms <= 0) {
            fail_absent(r);
            return;
        }
        cel_device_wait(device, (guint)MIN(left_ms, RESCAN_MS), cel_job_cancellable(r->job));
    }
}

gboolean cel_device_reopen(CelDevice *device, guint timeout_ms, CelJob *job, GError **error)
{
    g_return_val_if_fail(device != NULL, FALSE);
    Reopen r = {.device = device, .timeout_ms = timeout_ms, .job = job};
    if (device->description.instrument.serial[0] == '\0') {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("The instrument has no serial number, so it cannot be known again. The "
                      "sample stays open. Close the instrument and connect anew."));
        return FALSE;
    }
    if (!cel_device_run(device, reopen_in_worker, &r, cel_job_cancellable(job))) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_CANCELLED,
                            _("Stopped before the instrument was looked for."));
        return FALSE;
    }
    if (r.error == NULL)
        return TRUE;
    g_propagate_error(error, r.error);
    return FALSE;
}
