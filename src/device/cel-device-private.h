/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-acquire.h"

G_BEGIN_DECLS

/* Shared by cel-device.c and cel-acquire.c only. */

struct CelDevice {
    const CelDriver *driver;
    CelSession *session;              /* used by the worker alone once it runs */
    CelDeviceDescription description; /* constant after open */
    GThread *worker;
    GAsyncQueue *commands;

    GMutex lock; /* guards what follows and the state of every command */
    GCond done;
    guint n_acquiring; /* acquisitions running or waiting */
    CelLaserState laser;

    /* of the last frame ever read in this session; the worker's own */
    gboolean has_last;
    guint64 last_number;
    double *last_counts;
};

/** cel_device_run: @func in the worker thread; waits for it. @cancel: (nullable): gives up while
 * the command still waits in the queue. Returns: FALSE when given up; then @func never ran. */
gboolean cel_device_run(CelDevice *device, void (*func)(CelDevice *device, gpointer data),
                        gpointer data, GCancellable *cancel);

/** cel_device_set_laser: what cel_device_laser() says during an acquisition. Worker only. */
void cel_device_set_laser(CelDevice *device, CelLaserState state);

/** cel_device_switch_off: commands off, remembers and returns the state after. Worker only. */
CelLaserState cel_device_switch_off(CelDevice *device);

G_END_DECLS
