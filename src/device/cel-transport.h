/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * What a bus must implement: list, open, control, bulk, cancel, clock. Drivers see instruments only
 * through this; libusb, the player of recordings and the tests' in-memory bus fill it. Time and
 * chance come from the transport too, so that playing a recording is exact.
 *
 * Calls block. A transport is used by one thread at a time (the worker of its device); a bus may be
 * used by any. Every call ends at its own deadline, or within 10 ms of a cancel.
 */

/** CelTransportError: what went wrong on the bus. Drivers turn it into CEL_ERROR_DEVICE with
 * cel_transport_explain(). */
typedef enum {
    CEL_TRANSPORT_ERROR_TIMEOUT,    /* the deadline passed; @out_n bytes may still have arrived */
    CEL_TRANSPORT_ERROR_STALL,      /* the device refused the request */
    CEL_TRANSPORT_ERROR_GONE,       /* unplugged */
    CEL_TRANSPORT_ERROR_BUSY,       /* another process has the interface */
    CEL_TRANSPORT_ERROR_ACCESS,     /* no permission */
    CEL_TRANSPORT_ERROR_OVERFLOW,   /* the device sent more than was asked for */
    CEL_TRANSPORT_ERROR_CANCELLED,  /* the caller's cancellable */
    CEL_TRANSPORT_ERROR_IO,         /* anything else on the wire */
    CEL_TRANSPORT_ERROR_OFF_SCRIPT, /* a player was asked for what its recording does not hold */
} CelTransportError;

#define CEL_TRANSPORT_ERROR (cel_transport_error_quark())

/** cel_transport_error_quark: Returns: the error domain. Thread-safe: yes. */
GQuark cel_transport_error_quark(void);

/** CelUsbId: a kind of device, as a driver's table of models names it. */
typedef struct {
    guint16 vendor, product;
    const char *title; /* for people and for the udev rules: "Wasatch Photonics FX2 silicon" */
} CelUsbId;

/** CelUsbPresent: one device on the bus, not opened. */
typedef struct {
    guint16 vendor, product;
    guint8 bus, address;
    gboolean may_open; /* as far as can be told without opening */
} CelUsbPresent;

/** CelControl: the set-up of a control transfer on endpoint 0; the direction is bit 7 of
 * @request_type. */
typedef struct {
    guint8 request_type, request;
    guint16 value, index;
} CelControl;

/** CelTransfer: the limits of one transfer. */
typedef struct {
    guint timeout_ms;     /* > 0 */
    GCancellable *cancel; /* (nullable) (borrowed) */
} CelTransfer;

typedef struct CelTransport CelTransport;
typedef struct CelBus CelBus;

/** CelTransportOps: see the functions below for what each does; none is nullable. */
typedef struct {
    gboolean (*control)(CelTransport *self, const CelControl *setup, guint8 *data, gsize n,
                        const CelTransfer *limits, gsize *out_n, GError **error);
    gboolean (*bulk)(CelTransport *self, guint8 endpoint, guint8 *data, gsize n,
                     const CelTransfer *limits, gsize *out_n, GError **error);
    gboolean (*clear_halt)(CelTransport *self, guint8 endpoint, GError **error);
    gboolean (*reset)(CelTransport *self, GError **error);
    gsize (*packet_bytes)(CelTransport *self, guint8 endpoint);
    gboolean (*is_high_speed)(CelTransport *self);
    guint (*n_open)(CelTransport *self);
    gint64 (*now_us)(CelTransport *self);
    gboolean (*wait)(CelTransport *self, guint ms, GCancellable *cancel);
    guint32 (*random)(CelTransport *self);
    void (*close)(CelTransport *self);
} CelTransportOps;

/** CelTransport: an open device; implementations embed this as their first field. */
struct CelTransport {
    const CelTransportOps *ops;
};

/**
 * cel_transport_control:
 * @data: (nullable when @n is 0): what is sent, or room for the answer
 * @n: 0..4096; wLength
 * @out_n: (nullable): bytes transferred, set also on failure; a shorter answer is success
 * Returns: FALSE with CEL_TRANSPORT_ERROR.
 */
gboolean cel_transport_control(CelTransport *transport, const CelControl *setup, guint8 *data,
                               gsize n, const CelTransfer *limits, gsize *out_n, GError **error);

/**
 * cel_transport_bulk:
 * @endpoint: bit 7 set: from the device
 * @n: 1..1 MiB; from the device it is rounded up to whole packets inside, a surplus beyond @n is
 *   CEL_TRANSPORT_ERROR_OVERFLOW
 * @out_n: (nullable): bytes transferred, set also on failure; a short packet ends the transfer and
 *   is success
 * On a cancel the transfer is taken back from the device before this returns.
 * Returns: FALSE with CEL_TRANSPORT_ERROR.
 */
gboolean cel_transport_bulk(CelTransport *transport, guint8 endpoint, guint8 *data, gsize n,
                            const CelTransfer *limits, gsize *out_n, GError **error);

/** cel_transport_clear_halt: Returns: FALSE with CEL_TRANSPORT_ERROR. */
gboolean cel_transport_clear_halt(CelTransport *transport, guint8 endpoint, GError **error);

/** cel_transport_reset: a port reset; the device keeps its address or is GONE. */
gboolean cel_transport_reset(CelTransport *transport, GError **error);

/** cel_transport_packet_bytes: wMaxPacketSize of @endpoint, 0 when the device has no such one. */
gsize cel_transport_packet_bytes(CelTransport *transport, guint8 endpoint);

/** cel_transport_is_high_speed: FALSE for a full-speed connection. */
gboolean cel_transport_is_high_speed(CelTransport *transport);

/** cel_transport_n_open: devices that are open on the same bus, this one included: several units on
 * one hub slow each other. */
guint cel_transport_n_open(CelTransport *transport);

/** cel_transport_now_us: monotonic microseconds; a player gives the recorded ones. */
gint64 cel_transport_now_us(CelTransport *transport);

/** cel_transport_wait: @ms pass (in a player at once). Returns: FALSE when @cancel (nullable) ended
 * it. */
gboolean cel_transport_wait(CelTransport *transport, guint ms, GCancellable *cancel);

/** cel_transport_random: 32 random bits; a player gives the recorded ones. */
guint32 cel_transport_random(CelTransport *transport);

/** cel_transport_close: @transport: (nullable) (transfer full): releases the device. */
void cel_transport_close(CelTransport *transport);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelTransport, cel_transport_close)

/** cel_transport_sleep: for implementations whose time is the machine's: @ms pass. Returns: FALSE
 * when @cancel (nullable) ended it, within a millisecond. Thread-safe: yes. */
gboolean cel_transport_sleep(guint ms, GCancellable *cancel);

/**
 * cel_transport_explain:
 * @failure: (transfer full): of CEL_TRANSPORT_ERROR or any other domain
 * @doing: translated: what was under way: "Reading the spectrum"
 * Puts a CEL_ERROR_DEVICE (CEL_ERROR_CANCELLED for a cancel; foreign errors as they are) into
 * @error: what happened, what it means for this sample, what to do.
 * Returns: FALSE, for "return cel_transport_explain(...)".
 */
gboolean cel_transport_explain(GError *failure, const char *doing, GError **error);

/** CelBusEvent: hot-plug. */
typedef enum { CEL_BUS_ARRIVED, CEL_BUS_LEFT } CelBusEvent;

/** CelBusFunc: on the bus's own thread; must not do I/O, only post. */
typedef void (*CelBusFunc)(CelBusEvent event, const CelUsbPresent *present, gpointer user_data);

/** CelBusOps: none is nullable but watch. */
typedef struct {
    GArray *(*list)(CelBus *self, GError **error);
    CelTransport *(*open)(CelBus *self, const CelUsbPresent *present, gboolean claim,
                          GError **error);
    guint (*watch)(CelBus *self, CelBusFunc func, gpointer user_data);
    void (*unwatch)(CelBus *self, guint id);
    void (*free)(CelBus *self);
} CelBusOps;

/** CelBus: implementations embed this as their first field. */
struct CelBus {
    const CelBusOps *ops;
};

/** cel_bus_list: Returns: (transfer full) (element-type CelUsbPresent): what is plugged in, or NULL
 * with CEL_TRANSPORT_ERROR. Thread-safe: yes. */
GArray *cel_bus_list(CelBus *bus, GError **error);

/**
 * cel_bus_open:
 * @claim: take interface 0 for this process (kernel driver detached, configuration set, busy ones
 *   retried with growing waits); FALSE: only control transfers, beside another process that has it
 * Returns: (transfer full), or NULL with CEL_TRANSPORT_ERROR _ACCESS, _BUSY, _GONE, _IO.
 */
CelTransport *cel_bus_open(CelBus *bus, const CelUsbPresent *present, gboolean claim,
                           GError **error);

/** cel_bus_watch: tells @func of arrivals and departures until cel_bus_unwatch(); 0: this bus
 * cannot tell. Thread-safe: yes. */
guint cel_bus_watch(CelBus *bus, CelBusFunc func, gpointer user_data);

/** cel_bus_unwatch: @id: not 0; @func is not called any more once this returns. */
void cel_bus_unwatch(CelBus *bus, guint id);

/** cel_bus_free: @bus: (nullable) (transfer full): no transport of it may be open. */
void cel_bus_free(CelBus *bus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelBus, cel_bus_free)

G_END_DECLS
