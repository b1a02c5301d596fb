/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/** CelDevice: an open instrument with its one worker thread. */
typedef struct CelDevice CelDevice;

/** cel_device_scan: @table: (borrowed). Returns: (transfer full) (element-type CelDeviceInfo):
 * every instrument present. */
GArray *cel_device_scan(const CelDriverTable *table);

/** cel_device_open: @table: what it names must outlive the device; @id: from the scan, or the
 * driver's id alone when one is present; @settings: (nullable): "key=value,..." for the driver.
 * Returns: (transfer full), or NULL with CEL_ERROR_USAGE, CEL_ERROR_DEVICE. */
CelDevice *cel_device_open(const CelDriverTable *table, const char *id, const char *settings,
                           GError **error);
/** cel_device_close: @device: (nullable): laser off, worker ended; a late frame is not waited for.
 * No other call on @device may be under way: cancel and await an acquisition first. */
void cel_device_close(CelDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelDevice, cel_device_close)

/** CelDeviceDescription: what an open instrument is; checked when it was opened. A calibration that
 * was unusable as stored has 0 coefficients and its reason in @calibration_refused. */
typedef struct {
    CelDeviceInfo info;
    CelInstrument instrument;
    CelCalibration calibration; /* in force: its own, or as cel_device_set_calibration() set it */
    gboolean calibration_replaced;
    char calibration_refused[160];
    CelCapabilities capabilities;
    gsize n_pixels;
    double integration_min_ms, integration_max_ms;
} CelDeviceDescription;

/** cel_device_describe: Returns: (transfer none): lives as long as @device, constant also over
 * cel_device_reopen(); only cel_device_set_calibration() changes it. Thread-safe: yes, but for
 * that. */
const CelDeviceDescription *cel_device_describe(const CelDevice *device);

/**
 * cel_device_set_calibration:
 * @calibration: (nullable): what every measurement from now on carries in place of the instrument's
 *   own, which its note "calibration.replaced" names; NULL: its own again
 * For the thread that measures with @device, while nobody else reads its description.
 * Returns: FALSE with CEL_ERROR_USAGE (of another instrument) or the errors of
 *   cel_calibration_axis(); nothing changed then.
 */
gboolean cel_device_set_calibration(CelDevice *device, const CelCalibration *calibration,
                                    GError **error);

/** cel_device_laser: read back as far as the hardware can; while the instrument is busy what the
 * last exchange with it gave, and ON from the moment light was asked for. Thread-safe: yes. */
CelLaserState cel_device_laser(CelDevice *device);

/** CelDeviceState: what can be done with an instrument now. */
typedef enum {
    CEL_DEVICE_READY,
    CEL_DEVICE_BUSY,     /* measuring, or a measurement waits */
    CEL_DEVICE_DRAINING, /* a late frame is awaited, to be thrown away; a measurement can be asked
                            for and begins after it */
    CEL_DEVICE_GONE,     /* left the bus: cel_device_reopen() */
} CelDeviceState;

/** cel_device_state: does not wait for the instrument. Thread-safe: yes. */
CelDeviceState cel_device_state(CelDevice *device);

/**
 * cel_device_reopen:
 * @timeout_ms: how long to wait for it to come back; 0: it is there or not
 * @job: (nullable): its cancellable ends the wait
 * Opens the same unit again, wherever on the bus it is now: the one whose driver, model and serial
 * number are those of @device, never another one, and only when it describes itself as before. Who
 * holds @device, and the sample that is open with it, go on. Laser and frames begin anew.
 * Returns: FALSE with CEL_ERROR_DEVICE (not back, or not the same; @device stays GONE and this can
 * be called again), CEL_ERROR_POLICY (it has no serial number, so that it cannot be known again),
 * CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
gboolean cel_device_reopen(CelDevice *device, guint timeout_ms, CelJob *job, GError **error);

/** CelDeviceFunc: runs in the worker thread of a device. */
typedef void (*CelDeviceFunc)(const CelDriver *driver, CelSession *session, gpointer user_data);

/** cel_device_call: runs @func in the worker thread, between acquisitions, and waits for it: for
 * what only one driver knows (its header offers a typed function over this). Not called while the
 * instrument is gone. Returns: whether @func ran. Thread-safe: yes. */
gboolean cel_device_call(CelDevice *device, CelDeviceFunc func, gpointer user_data);

G_END_DECLS
