/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-transport.h"

G_BEGIN_DECLS

/**
 * cel_bus_replay_new:
 * @text: a recording, @n bytes (docs/drivers.md tells the format); hostile
 * A bus with the one recorded device on it, at bus 1 address 1. What the driver asks of the device
 * must be what was asked then, in the same order and with the same bytes; the first request that is
 * not fails with CEL_TRANSPORT_ERROR_OFF_SCRIPT, and so does every later one. Time stands at the
 * recorded times and waits pass at once; chance is the recorded one. Both may be asked for more or
 * less often than then.
 * Returns: (transfer full), or NULL with CEL_ERROR_INPUT that names the line.
 */
CelBus *cel_bus_replay_new(const char *text, gsize n, GError **error);

/** cel_bus_replay_failure: Returns: (transfer full) (nullable): how the driver first left the
 * script: line, what was expected, what was asked. */
char *cel_bus_replay_failure(CelBus *bus);

/** cel_bus_replay_left: Returns: the line of the first request that was not asked for yet; 0: all
 * were. */
guint cel_bus_replay_left(CelBus *bus);

G_END_DECLS
