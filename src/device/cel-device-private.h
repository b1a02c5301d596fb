/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-lock.h"
#include "device/cel-device.h"
#include "device/cel-guard-ops.h"
#include "device/cel-laser.h"

G_BEGIN_DECLS

/* Inside of this folder only. */

struct CelDevice {
    CelDriverTable table;
    const CelDriver *driver;
    char *settings;                   /* (nullable): as given to open */
    CelDeviceDescription description; /* constant after open, but for the calibration in force */
    CelCalibration own_calibration;   /* as the unit describes itself */
    GThread *worker;
    GCancellable *closing; /* ends the wait for a late frame */
    guint watch;           /* of the bus; 0: none */

    /* the worker's own */
    CelSession *session;   /* NULL while the unit is gone for good */
    CelUsbPresent present; /* where it is now */
    CelLaserMachine laser_machine;
    gpointer guard; /* (nullable): of table.guard */
    gint64 last_exposure_us;
    gboolean has_last; /* of the last frame ever read in this session */
    guint64 last_number;
    double *last_counts;

    CelLock lock; /* guards what follows and the state of every command */
    CelSignal done, wanted, woken;
    gboolean is_woken; /* a cancel ended the worker's wait */
    GQueue commands;
    guint n_acquiring; /* acquisitions running or waiting */
    gboolean must_drain, draining, gone;
    CelUsbPresent watched; /* a copy of @present for the bus's thread */
    CelLaserState laser;
};

/** cel_device_run: @func in the worker thread; waits for it. @cancel: (nullable): gives up while
 * the command still waits in the queue. Returns: FALSE when given up; then @func never ran. */
gboolean cel_device_run(CelDevice *device, void (*func)(CelDevice *device, gpointer data),
                        gpointer data, GCancellable *cancel);

/** cel_device_count: an acquisition begins or ends, so that the instrument is busy. */
void cel_device_count(CelDevice *device, gboolean begins);

/** cel_device_set_laser: what cel_device_laser() says while the instrument is busy. Worker only. */
void cel_device_set_laser(CelDevice *device, CelLaserState state);

/** CelSwitchOff: why, and what ends the trying on a bus that does not answer. */
typedef struct {
    const char *cause; /* a constant text, for the log */
    CelClock clock;
    GCancellable *cancel; /* (nullable) */
} CelSwitchOff;

/** cel_device_switch_off: commands off, logs the cause when it was not known to be off, remembers
 * and returns the state after. Worker only. */
CelLaserState cel_device_switch_off(CelDevice *device, const CelSwitchOff *how);

/** cel_device_want_drain: the last exposure ended without its frame: the worker waits for that one
 * as soon as the caller has been answered. Worker only. */
void cel_device_want_drain(CelDevice *device);

/** cel_device_drain: waits for a late frame and throws it away when there may be one. Worker only.
 * Returns: FALSE with CEL_ERROR_DEVICE, CEL_ERROR_CANCELLED; it is then still wanted. */
gboolean cel_device_drain(CelDevice *device, GCancellable *cancel, GError **error);

/** cel_device_look_whether_gone: asks the driver. Worker only. Returns: whether it is gone. */
gboolean cel_device_look_whether_gone(CelDevice *device);

/** cel_device_is_gone: as last seen. */
gboolean cel_device_is_gone(CelDevice *device);

/** cel_device_fail_gone: Returns: FALSE with CEL_ERROR_DEVICE that says what to do. */
gboolean cel_device_fail_gone(GError **error);

/** cel_device_wait: lets @ms pass. Worker only. Returns: FALSE when @cancel (nullable) ended it. */
gboolean cel_device_wait(CelDevice *device, guint ms, GCancellable *cancel);

/** cel_device_read_description: asks the open @session and checks what it says; @info: from the
 * scan. Returns: FALSE with CEL_ERROR_DEVICE. */
gboolean cel_device_read_description(const CelDriver *driver, CelSession *session,
                                     const CelDeviceInfo *info, CelDeviceDescription *out,
                                     GError **error);

/** cel_device_open_session: Returns: (transfer full): or NULL with the driver's error. @settings,
 * @cancel: (nullable). */
CelSession *cel_device_open_session(const CelDevice *device, const CelDeviceInfo *info,
                                    GCancellable *cancel, GError **error);

/** cel_device_scan_driver: what @driver finds on @bus. Returns: (transfer full). */
GArray *cel_device_scan_driver(const CelDriver *driver, CelBus *bus);

/** cel_device_adopt: @session (transfer full) is the device's from now on; the laser of it is
 * commanded off and the log of it begins. Worker, or before there is one. */
void cel_device_adopt(CelDevice *device, CelSession *session, const CelUsbPresent *present);

/** cel_device_start: the worker begins; departures of the unit are noted from now on, where the bus
 * tells them. */
void cel_device_start(CelDevice *device);

/** cel_device_drop_session: laser off, guard ended, session closed; nothing without one. Worker
 * only. */
void cel_device_drop_session(CelDevice *device);

G_END_DECLS
