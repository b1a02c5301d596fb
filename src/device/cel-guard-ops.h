/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/* What the engine asks of a guard process: the one that turns the laser off when this process dies
 * or stalls, for instruments without a watchdog of their own. Tests fill it with a fake. */

/** CelGuardStart: what the guard must know; all borrowed. */
typedef struct {
    const char *program;      /* path of the guard */
    const CelUsbPresent *usb; /* the unit */
    const CelLaserGate *gate; /* how to turn its laser off */
    GCancellable *cancel;     /* (nullable) */
} CelGuardStart;

/** CelGuardOps: none is nullable. Called by one thread at a time, is_alive by another meanwhile. */
typedef struct CelGuardOps {
    /** start: Returns: (transfer full): a guard that has opened the unit and is ready, or NULL with
     * CEL_ERROR_DEVICE, CEL_ERROR_SYSTEM, CEL_ERROR_CANCELLED. */
    gpointer (*start)(const CelGuardStart *what, GError **error);
    /** permit: light may burn for @longest_ms from now; then, or when this process is silent, the
     * guard turns it off; waits up to 500 ms for the guard's word. 0: the light is off again; does
     * not wait. Returns: FALSE with CEL_ERROR_DEVICE when the guard does not confirm: no light
     * then. */
    gboolean (*permit)(gpointer guard, guint longest_ms, GError **error);
    /** is_alive: Returns: FALSE once the guard has died or given up. Does not block. */
    gboolean (*is_alive)(gpointer guard);
    /** help: the laser could not be turned off from here, or the unit is gone: the guard tries from
     * now on, also at units that come back, and is lost. Does not block. */
    void (*help)(gpointer guard);
    /** stop: ends the guard, which turns the laser off once more. */
    void (*stop)(gpointer guard);
} CelGuardOps;

G_END_DECLS
