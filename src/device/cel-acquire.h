/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/** CelDevice: an open instrument with its one worker thread. */
typedef struct CelDevice CelDevice;

/** cel_device_scan: @table: (borrowed). Returns: (transfer full) (element-type CelDeviceInfo):
 * every instrument present. */
GArray *cel_device_scan(const CelDriverTable *table);

/** cel_device_open: @table: its bus must outlive the device; @id: from the scan, or the driver's id
 * alone when one is present; @settings: (nullable): "key=value,..." for the driver. Returns:
 * (transfer full), or NULL with CEL_ERROR_USAGE, CEL_ERROR_DEVICE. */
CelDevice *cel_device_open(const CelDriverTable *table, const char *id, const char *settings,
                           GError **error);
/** cel_device_close: @device: (nullable): laser off, worker ended. No other call on @device may be
 * under way: cancel and await an acquisition first. */
void cel_device_close(CelDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelDevice, cel_device_close)

/** CelDeviceDescription: what an open instrument is; checked when it was opened. A calibration that
 * was unusable as stored has 0 coefficients and its reason in @calibration_refused. */
typedef struct {
    CelDeviceInfo info;
    CelInstrument instrument;
    CelCalibration calibration;
    char calibration_refused[160];
    CelCapabilities capabilities;
    gsize n_pixels;
    double integration_min_ms, integration_max_ms;
} CelDeviceDescription;

/** cel_device_describe: Returns: (transfer none): lives as long as @device. Thread-safe: yes. */
const CelDeviceDescription *cel_device_describe(const CelDevice *device);

/** cel_device_laser: read back as far as the hardware can; during an acquisition what the last
 * exchange with the instrument gave, and ON from the moment light was asked for. Thread-safe: yes.
 */
CelLaserState cel_device_laser(CelDevice *device);

/** CelDeviceFunc: runs in the worker thread of a device. */
typedef void (*CelDeviceFunc)(const CelDriver *driver, CelSession *session, gpointer user_data);

/** cel_device_call: runs @func in the worker thread, between acquisitions, and waits for it: for
 * what only one driver knows (its header offers a typed function over this). Thread-safe: yes. */
void cel_device_call(CelDevice *device, CelDeviceFunc func, gpointer user_data);

/** CelFrameSink: told of every frame that is kept, for a live view: @n counts, valid during the
 * call, on the worker's thread. */
typedef void (*CelFrameSink)(const double *counts, gsize n, gboolean dark, gpointer user_data);

enum { CEL_ACQUIRE_MAX_FRAMES = 10000 };

/** CelAcquireOptions: zeroed is a sensible default. */
typedef struct {
    double integration_ms; /* 0: chosen so that the fullest pixel reaches @target_fill; isolated
                              single pixels (hot ones, cosmic rays) do not count for that */
    double target_fill;    /* of saturation, 0.05..0.95, 0: 0.7 */
    double auto_max_ms;    /* longest time the choice may take, 0: 10000 */
    guint frames;          /* 1..CEL_ACQUIRE_MAX_FRAMES, 0: 5 */
    guint dark_frames;     /* likewise, 0: as many as frames */
    gboolean no_dark;
    gboolean laser_off; /* all frames without laser: a lamp, room light, the closed shutter; no
                           separate dark frames are taken then */
    double laser_mw;    /* 0: the instrument's default */
    CelClock clock;
    CelFrameSink on_frame; /* (nullable) */
    gpointer on_frame_data;
} CelAcquireOptions;

/**
 * cel_device_acquire:
 * @options: (nullable): NULL for the defaults
 * @job: (nullable): progress in frames; its cancellable stops the exposure that is under way
 * The integration time is chosen with the laser on (at most 8 probes), then dark frames with the
 * laser off, then frames with the laser on, in the worker thread. The first frame after every
 * change of settings is discarded; a frame with the number of its predecessor, an earlier number or
 * equal counts throughout is discarded and taken again, at most 3 times in a row. Frames are never
 * averaged or altered. The laser is off on every way out: success, error, cancel; a built-in laser
 * that does not go off is an error, whatever else happened.
 *
 * Notes: "probe.N", "discarded.N", "saturated.light", "saturated.dark", "integration.fill",
 * "detector.start_celsius", "laser.after", "laser.on_ms" (light on the sample in all, probes
 * included), "calibration.refused".
 * Returns: (transfer full): the measurement, or NULL with CEL_ERROR_DEVICE, CEL_ERROR_CANCELLED,
 * CEL_ERROR_USAGE. Thread-safe: one acquisition a device at a time, others wait (and can be
 * cancelled while they wait).
 */
CelMeasurement *cel_device_acquire(CelDevice *device, const CelAcquireOptions *options, CelJob *job,
                                   GError **error);

G_END_DECLS
