/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-transport.h"

G_BEGIN_DECLS

/** GuardPlace: what the guard stands on. */
typedef struct {
    CelBus *bus;   /* (borrowed) */
    int fd;        /* the socket to the application */
    int parent_fd; /* becomes readable when the parent dies; -1: only the socket tells */
    int parent;    /* its process number, 0: never killed */
    guint seek_ms; /* how long a unit that left with its light on is waited for */
} GuardPlace;

/**
 * guard_run: guards one unit as the application at the socket says, until it says that all is well
 * or is gone and the laser is off. A unit that left the bus, or could not be turned off, while
 * light was permitted is sought for seek_ms: whatever arrives under its ids is turned off.
 * Returns: 0: the laser is off or the unit gone; 1: it could not be turned off; 2: nothing was
 *   guarded (no unit, no permission, no application).
 */
int guard_run(const GuardPlace *place);

G_END_DECLS
