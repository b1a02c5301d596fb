/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simusb-unit.h"

G_BEGIN_DECLS

/* Simulated units on a simulated Linux USB bus: umockdev answers the usbfs ioctls of every process
 * that runs with UMOCKDEV_DIR and LD_PRELOAD=libumockdev-preload.so.0, so that the real libusb
 * meets them. All functions may be called from any thread. Units are numbered from 1. */

typedef struct SimUsbBus SimUsbBus;

/** simusb_bus_new: Returns: (transfer full): an empty bus; NULL with G_IO_ERROR_NOT_SUPPORTED when
 * this process does not run under umockdev's preload library. One a process. */
SimUsbBus *simusb_bus_new(GError **error);

/** simusb_bus_free: @bus: (nullable): all units vanish; clients should be closed before. */
void simusb_bus_free(SimUsbBus *bus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimUsbBus, simusb_bus_free)

/** simusb_bus_add: makes a unit as simusb_unit_new() does and plugs it in. @spec may also have
 * "plugged=0" (it waits outside) and "permission=0". Returns: its number, or 0 with an error. */
guint simusb_bus_add(SimUsbBus *bus, const char *spec, const char *folder, const char *prefix,
                     GError **error);

/** simusb_bus_n_units: Returns: how many were added. */
guint simusb_bus_n_units(SimUsbBus *bus);

/** simusb_bus_plug: @address: 1..127 or 0 for the next free one. Returns: FALSE with an error. */
gboolean simusb_bus_plug(SimUsbBus *bus, guint unit, guint address, GError **error);

/** simusb_bus_unplug: pending transfers end as the kernel ends them. FALSE: was not plugged. */
gboolean simusb_bus_unplug(SimUsbBus *bus, guint unit, GError **error);

/** simusb_bus_arm: @text: as simusb_fault_parse(). Returns: its number, 0 with an error. */
guint simusb_bus_arm(SimUsbBus *bus, guint unit, const char *text, GError **error);

/** simusb_bus_disarm: @fault: 0 for all. */
void simusb_bus_disarm(SimUsbBus *bus, guint unit, guint fault);

/** simusb_bus_faults: Returns: (transfer full): one line of all that are armed or spent. */
char *simusb_bus_faults(SimUsbBus *bus, guint unit);

/** simusb_bus_set: properties of simusb_unit_set(), and of the bus: permission (0, 1), busy (how
 * many claims and configurations still fail). */
gboolean simusb_bus_set(SimUsbBus *bus, guint unit, const char *key, const char *value,
                        GError **error);

/** simusb_bus_value: Returns: a counter of the truth, or of the bus: plugged, pending, address,
 * clients; NaN: no such name. */
double simusb_bus_value(SimUsbBus *bus, guint unit, const char *name);

/** simusb_bus_read: Returns: (transfer full): all counters, one line. */
char *simusb_bus_read(SimUsbBus *bus, guint unit);

/** simusb_bus_edges: Returns: (transfer full): the edges of the light, one line. */
char *simusb_bus_edges(SimUsbBus *bus, guint unit);

/** simusb_bus_wait: @condition: "NAME=VALUE", also != >= <= > <. Returns: FALSE with
 * G_IO_ERROR_TIMED_OUT or G_IO_ERROR_INVALID_ARGUMENT. */
gboolean simusb_bus_wait(SimUsbBus *bus, guint unit, const char *condition, guint timeout_ms,
                         GError **error);

/** simusb_bus_command: @line: of the control channel (README.md). Returns: (transfer full): one
 * line, beginning with "ok" or "error". */
char *simusb_bus_command(SimUsbBus *bus, const char *line);

G_END_DECLS
