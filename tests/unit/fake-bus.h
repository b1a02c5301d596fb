/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-transport.h"

G_BEGIN_DECLS

/*
 * A bus in memory for tests: each device on it is one function that answers transfers. Delays,
 * failures, unplugging and missing permission can be ordered; what was asked is logged. Its
 * functions may be called from any thread; every CelBus * here is one of fake_bus_new().
 */

/** FakeRequest: one transfer, as the device sees it. */
typedef struct {
    gboolean is_bulk;
    CelControl setup;  /* of a control transfer */
    guint8 endpoint;   /* of a bulk one */
    const guint8 *out; /* what is sent, NULL from the device */
    guint8 *in;        /* room for the answer, NULL to the device */
    gsize n;           /* bytes sent, or of room */
    guint timeout_ms;
    gint64 now_us; /* the bus's clock */
} FakeRequest;

/** FakeAnswer: {.code = FAKE_OK, .n = bytes transferred}; a failure is {.code =
 * CEL_TRANSPORT_ERROR_STALL}. */
enum { FAKE_OK = -1 };
typedef struct {
    int code;       /* FAKE_OK or a CelTransportError */
    gsize n;        /* bytes transferred, also with a failure; beyond the room: OVERFLOW */
    guint delay_ms; /* until the answer is there; the request's timeout and a cancel come first */
} FakeAnswer;

/** FakeDevice: how a device behaves. Functions are called on the thread of the transfer, with no
 * lock held. */
typedef struct {
    guint16 vendor, product;
    gboolean full_speed;    /* packets of 64 bytes; else 512 */
    gboolean no_permission; /* listed, but open() says _ACCESS */
    guint n_busy;           /* so many open() with a claim say _BUSY */
    FakeAnswer (*answer)(const FakeRequest *request, gpointer user_data);
    /** taken_back: (nullable): the answer to @request came not in time and was not delivered. */
    void (*taken_back)(const FakeRequest *request, gpointer user_data);
    gpointer user_data;
} FakeDevice;

/** fake_bus_new: Returns: (transfer full): an empty bus with a clock of its own that stands at 1 s
 * and moves by the delays and waits asked for, at once. */
CelBus *fake_bus_new(void);

/** fake_bus_use_real_time: delays and waits take their time; before any transfer. */
void fake_bus_use_real_time(CelBus *bus);

/** fake_bus_advance: moves the bus's own clock. */
void fake_bus_advance(CelBus *bus, guint ms);

/** fake_bus_plug: @device is copied. Returns: its address, from 1 on bus 1. Watchers are told. */
guint8 fake_bus_plug(CelBus *bus, const FakeDevice *device);

/** fake_bus_unplug: pending and later transfers are _GONE. Watchers are told. */
void fake_bus_unplug(CelBus *bus, guint8 address);

/** fake_bus_fail: transfer number @nth from now (1: the next) to transfer number @nth + @count - 1
 * fail with @code; the device does not see them. Takes the place of an earlier order. */
void fake_bus_fail(CelBus *bus, guint nth, guint count, CelTransportError code);

/** fake_bus_n_open: Returns: open transports of all devices. */
guint fake_bus_n_open(CelBus *bus);

/** fake_bus_n_transfers: Returns: how many were asked for since the start. */
guint fake_bus_n_transfers(CelBus *bus);

/** fake_bus_take_log: Returns: (transfer full): what happened since the last call, a line each:
 * "control 40 b2 0064 0000 n 0", "bulk 82 n 2048", "reset", "clear 82", "open", "look", "close";
 * failures as " -> stall". */
char *fake_bus_take_log(CelBus *bus);

G_END_DECLS
