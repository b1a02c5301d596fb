/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-guard-ops.h"

G_BEGIN_DECLS

/**
 * cel_guard_process: the application's end of celadon-laserguard, a process of its own that has the
 * unit open and turns its laser off when this process dies, hangs, or lets the permitted time pass
 * (drivers/laserguard/README.md). A thread of its own sends the heartbeat every 100 ms.
 *
 * start: waits at most 5 s for the guard to say that it has the unit.
 * permit: waits at most 500 ms for its confirmation.
 * is_alive: FALSE once the guard has ended, has acted, or has not answered a heartbeat for 1 s.
 * stop: when light is still permitted (the laser could not be confirmed off) the guard is left as
 *   by a death of this process and acts; it is waited for, at most 5 s.
 */
extern const CelGuardOps cel_guard_process;

G_END_DECLS
