/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-acquire.h"

G_BEGIN_DECLS

/* Looking at what the instrument sees, frame after frame, to aim and to focus. Nothing of it is a
 * measurement; nothing is kept. */

/** CelLiveFrame: one frame, valid during the call. */
typedef struct {
    const double *counts; /* @n, as read */
    const double *dark;   /* (nullable): mean of the dark frames of this run, to be subtracted */
    gsize n;
    guint64 number; /* from 1 */
    double integration_ms;
} CelLiveFrame;

/** CelLiveSink: told of every frame, on the worker's thread; slow ones slow the instrument down. */
typedef void (*CelLiveSink)(const CelLiveFrame *frame, gpointer user_data);

/** CelLiveOptions: as in CelAcquireOptions. */
typedef struct {
    double integration_ms; /* 0: chosen once, at the begin */
    double laser_mw;       /* 0: the instrument's default */
    gboolean laser_off;    /* lamp, room light, dark */
    guint dark_frames;     /* taken first, laser off; only where the driver switches the laser */
    CelLaserConfirmation confirmation;
    CelClock clock;
    CelLiveSink on_frame;
    gpointer on_frame_data;
} CelLiveOptions;

/* Nobody looks at a sample for longer without looking up: the light goes off by itself. */
enum { CEL_LIVE_LIGHT_MS = 60000 };

/**
 * cel_live_run:
 * Frames until the job is cancelled; with laser light that is real no longer than
 * CEL_LIVE_LIGHT_MS of exposures. The rules of light are those of cel_device_acquire(), and a
 * sample that is, or may be, dark, flammable or explosive gets none: its ramp belongs to a
 * measurement.
 * Returns: TRUE when the light's time is over, else FALSE with the errors of cel_device_acquire();
 * CEL_ERROR_CANCELLED is the usual end.
 */
gboolean cel_live_run(CelDevice *device, const CelLiveOptions *options, CelJob *job,
                      GError **error);

G_END_DECLS
