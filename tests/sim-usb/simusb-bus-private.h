/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simusb-bus.h"

#include <umockdev.h>

G_BEGIN_DECLS

/* Shared by simusb-bus.c (units, time), simusb-plug.c (nodes, sysfs) and simusb-urb.c (ioctls). */

typedef struct SimUsbSlot SimUsbSlot;

/** SimUsbNode: one stay of a unit on the bus: a device node and what is in flight on it. Lives
 * until the bus goes, as clients may hold it open after the unit left. Guarded by the bus's
 * lock. */
typedef struct {
    SimUsbBus *bus;
    SimUsbSlot *slot;
    guint number, address;
    char *path, *sysfs, *backing; /* "/dev/bus/usb/001/005"; the same inside the testbed */
    UMockdevIoctlBase *io;
    int fifo;       /* -1: closed */
    gboolean awake; /* the pipe is empty, so that poll() says writable */
    gint64 nag_us;  /* when to wake again, as another client does not reap; MAX: no */
    gboolean gone, suspended;
    GHashTable *clients; /* UMockdevIoctlClient* -> SimUsbClient */
    gpointer claimer;    /* (nullable): the client that holds interface 0 */
    GQueue pending;      /* of SimUsbUrb */
} SimUsbNode;

/** SimUsbSlot: one unit, plugged or not. */
struct SimUsbSlot {
    SimUsbUnit *unit;
    SimUsbNode *node; /* NULL: not plugged */
    gboolean denied;  /* nobody may open it */
    guint busy;
    gint64 leave_us, return_us; /* of a suspension; MAX: none */
};

/** SimUsbBus: */
struct SimUsbBus {
    UMockdevTestbed *bed;
    char *root;
    GMutex topology; /* plugging; taken before the lock */
    GMutex lock;     /* all below, and all of units and nodes */
    GCond changed;   /* anything happened */
    guint waiters;
    GCond clock_wake;
    gint64 clock_us; /* until when the clock sleeps */
    gboolean stop;
    GThread *clock;
    GPtrArray *slots, *nodes;
    guint next_address, next_number;
};

/** simusb_now_us: Returns: CLOCK_MONOTONIC. */
gint64 simusb_now_us(void);

/** simusb_bus_touched: something changed: tells waiters, and the clock when it sleeps too long. */
void simusb_bus_touched(SimUsbBus *bus, SimUsbSlot *slot);

/** simusb_node_new: makes node, sysfs and udev event; the "add" event has gone out. Called without
 * the lock. Returns: NULL with an error. */
SimUsbNode *simusb_node_new(SimUsbBus *bus, SimUsbSlot *slot, guint address, GError **error);

/** simusb_node_leave: node, sysfs and udev event go; clients keep what they hold open. Called
 * without the lock. */
void simusb_node_leave(SimUsbNode *node);

/** simusb_node_free: after all clients. */
void simusb_node_free(gpointer node);

/** simusb_node_permit: opens the node to all, or to nobody, root included where possible. */
void simusb_node_permit(SimUsbNode *node, gboolean allowed);

/** simusb_node_wake: @awake: poll() on the node says writable. */
void simusb_node_wake(SimUsbNode *node, gboolean awake);

/** simusb_node_attach: answers ioctls from now on. */
void simusb_node_attach(SimUsbNode *node);

/** simusb_node_close_unused: the pipe of a node that has left and that nobody holds open. */
void simusb_node_close_unused(SimUsbNode *node);

/** simusb_node_forget_clients: after umockdev's thread has ended. */
void simusb_node_forget_clients(SimUsbNode *node);

/** simusb_node_serve: ends what can end by now. */
void simusb_node_serve(SimUsbNode *node, gint64 now_us);

/** simusb_node_kill: every transfer in flight ends with @status, a negative errno. */
void simusb_node_kill(SimUsbNode *node, int status);

/** simusb_node_due_us: Returns: when a delayed transfer ends. */
gint64 simusb_node_due_us(const SimUsbNode *node);

G_END_DECLS
