/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-task.h"

#include "base/cel-clock.h"

G_BEGIN_DECLS

#define CEL_TYPE_SLEEP (cel_sleep_get_type())
/**
 * CelSleep: no computer sleeps with the laser on. While an order with light runs, the session and
 * logind are asked not to sleep; when it happens nevertheless (lid, battery), logind waits until
 * the light is off, and each such order ends with a sentence that says why. Without a system bus
 * only the session is asked, and a sleep is seen by the clocks after it, within a fifth of a
 * second: orders with light end then, those that still waited too. Main loop only.
 */
G_DECLARE_FINAL_TYPE(CelSleep, cel_sleep, CEL, SLEEP, GObject)

/** cel_sleep_new: @application: outlives it; @clock: the system's, but for a test. Returns:
 * (transfer full): finds logind by itself. */
CelSleep *cel_sleep_new(GtkApplication *application, CelLanes *lanes, CelClock clock);

G_END_DECLS
