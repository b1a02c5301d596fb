/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/** CelDevice: an open instrument with its one worker thread. */
typedef struct CelDevice CelDevice;

/** cel_device_scan: @drivers: @n drivers (borrowed). Returns: (transfer full) (element-type
 * CelDeviceInfo): every instrument present. */
GArray *cel_device_scan(const CelDriver *const *drivers, gsize n);

/** cel_device_open: @id: from the scan, or the driver's id alone when one is present; @settings:
 * (nullable): "key=value,..." for the driver. Returns: (transfer full), or NULL with
 * CEL_ERROR_USAGE, CEL_ERROR_DEVICE. */
CelDevice *cel_device_open(const CelDriver *const *drivers, gsize n, const char *id,
                           const char *settings, GError **error);
/** cel_device_close: @device: (nullable): laser off, worker ended. */
void cel_device_close(CelDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelDevice, cel_device_close)

/** cel_device_laser: read back as far as the hardware can. Thread-safe: yes. */
CelLaserState cel_device_laser(CelDevice *device);

typedef struct {
    double integration_ms; /* 0: chosen so that the fullest pixel reaches @target_fill */
    double target_fill;    /* of saturation, 0: 0.7 */
    guint frames;          /* 0: 5 */
    guint dark_frames;     /* 0: as many as frames */
    gboolean no_dark;
    double laser_mw;       /* 0: the instrument's default */
    CelClock clock;
} CelAcquireOptions;

/**
 * cel_device_acquire:
 * Dark frames with the laser off, then frames with the laser on, in the worker thread; the first
 * frame after every change of settings is discarded, a frame with the number of its predecessor or
 * equal in every count (stale) is discarded and taken again. The laser is off on every way out.
 * Returns: (transfer full): the measurement with everything that was discarded noted, or NULL with
 * CEL_ERROR_DEVICE, CEL_ERROR_CANCELLED, CEL_ERROR_USAGE. Thread-safe: one acquisition a device at a
 * time, others wait.
 */
CelMeasurement *cel_device_acquire(CelDevice *device, const CelAcquireOptions *options, CelJob *job,
                                   GError **error);

G_END_DECLS
