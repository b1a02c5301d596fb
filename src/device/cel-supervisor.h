/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-guard-ops.h"

G_BEGIN_DECLS

/* A thread that lives as long as the laser burns and stops the work when it burns too long or the
 * guard is lost, and after the computer slept: the worker may be waiting for a frame meanwhile. */

typedef enum {
    CEL_STOPPED_BY_NOBODY,
    CEL_STOPPED_BY_DEADLINE,
    CEL_STOPPED_BY_GUARD, /* it died or gave up */
    CEL_STOPPED_BY_SLEEP, /* the computer slept, and the light burned on unwatched */
} CelStopCause;

/** CelSupervised: what is watched; all borrowed until cel_supervisor_end(). */
typedef struct {
    GCancellable *stop; /* cancelled when something is wrong */
    guint longest_ms;
    const CelGuardOps *guard_ops; /* (nullable): none to watch */
    gpointer guard;
    CelClock clock;
    gint64 slept_us; /* of @clock, before the light */
} CelSupervised;

typedef struct CelSupervisor CelSupervisor;

/** cel_supervisor_begin: Returns: (transfer full): one that watches from now on. */
CelSupervisor *cel_supervisor_begin(const CelSupervised *what);

/** cel_supervisor_cause: Returns: why it stopped the work, if it did. Thread-safe: yes. */
CelStopCause cel_supervisor_cause(CelSupervisor *supervisor);

/** cel_supervisor_end: @supervisor: (transfer full). Returns: likewise; nothing is stopped after
 * this. */
CelStopCause cel_supervisor_end(CelSupervisor *supervisor);

G_END_DECLS
