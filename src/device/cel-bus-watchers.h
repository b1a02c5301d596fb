/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-lock.h"
#include "device/cel-transport.h"

G_BEGIN_DECLS

/* For implementations of a bus: who wants to hear of arrivals and departures. */

/** CelBusWatchers: zeroed is empty. */
typedef struct {
    CelLock lock; /* held while watchers are told: none is called any more once it was removed */
    GArray *watches;
    guint last;
} CelBusWatchers;

/** cel_bus_watchers_add: as cel_bus_watch(). Returns: its number, not 0. Thread-safe: yes. */
guint cel_bus_watchers_add(CelBusWatchers *watchers, CelBusFunc func, gpointer user_data);

/** cel_bus_watchers_remove: as cel_bus_unwatch(); not from within a watcher. Thread-safe: yes. */
void cel_bus_watchers_remove(CelBusWatchers *watchers, guint id);

/** cel_bus_watchers_tell: calls them all on this thread. Thread-safe: yes. */
void cel_bus_watchers_tell(CelBusWatchers *watchers, CelBusEvent event,
                           const CelUsbPresent *present);

/** cel_bus_watchers_clear: frees what is in it; nobody uses it any more. */
void cel_bus_watchers_clear(CelBusWatchers *watchers);

G_END_DECLS
