/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport-libusb.h"

#include "device/cel-bus-watchers.h"

#include <libusb.h>
#include <string.h>
#include <unistd.h>

enum {
    INTERFACE = 0, /* every instrument we know has one interface */
    MAX_ENDPOINTS = 16,
    PACKET_MASK = 0x07FF,    /* wMaxPacketSize without the bits of additional transactions */
    TAKE_BACK_US = 1000000,  /* how long the kernel may take to give a transfer back */
    EVENT_WAIT_S = 60,       /* the event thread sleeps until something happens; this is a rest */
    EVENT_FAILED_US = 10000, /* so that an error that stays does not become a busy loop */
};

/* Between attempts at a busy device (Wasatch.PY FeatureIdentificationDevice.connect). */
static const guint busy_waits_ms[] = {1, 10, 100, 1000};

typedef struct {
    CelBusEvent event;
    CelUsbPresent present;
} News;

typedef struct {
    CelBus parent;
    libusb_context *context;
    libusb_hotplug_callback_handle hotplug;
    gboolean has_hotplug;
    GThread *thread;

    CelLock lock; /* guards what follows and every flight and transport's marked fields */
    CelSignal tidied;
    GPtrArray *transports; /* (element-type LibusbTransport): open, not owned */
    GPtrArray *lost;       /* (element-type Flight): the kernel still has them */
    GPtrArray *found;      /* (element-type Flight): lost, and now given back */
    GArray *news;          /* (element-type News) */
    guint n_lost;
    gboolean quit;

    CelBusWatchers watchers;
} LibusbBus;

typedef struct {
    guint8 address;
    gsize packet_bytes;
} Endpoint;

typedef struct {
    CelTransport parent;
    LibusbBus *bus;
    libusb_device_handle *handle;
    gboolean claimed;
    Endpoint endpoints[MAX_ENDPOINTS];
    guint n_endpoints;

    gboolean gone;    /* bus lock: the hot-plug event came */
    gboolean closing; /* bus lock: goes when its last lost flight is back, or the device left */
    guint n_lost;     /* bus lock */
} LibusbTransport;

/* One transfer, from submit until the kernel has given it back. */
typedef struct {
    LibusbTransport *owner;
    struct libusb_transfer *usb;
    guint8 *buffer;
    CelSignal landed;
    gboolean is_down; /* bus lock: the kernel is done with it */
    gboolean is_lost; /* bus lock: nobody waits any more */
} Flight;

/* ---- errors ---- */

static const int code_of_error[][2] = {
    {LIBUSB_ERROR_ACCESS, CEL_TRANSPORT_ERROR_ACCESS},
    {LIBUSB_ERROR_NO_DEVICE, CEL_TRANSPORT_ERROR_GONE},
    {LIBUSB_ERROR_NOT_FOUND, CEL_TRANSPORT_ERROR_GONE},
    {LIBUSB_ERROR_BUSY, CEL_TRANSPORT_ERROR_BUSY},
    {LIBUSB_ERROR_TIMEOUT, CEL_TRANSPORT_ERROR_TIMEOUT},
    {LIBUSB_ERROR_OVERFLOW, CEL_TRANSPORT_ERROR_OVERFLOW},
    {LIBUSB_ERROR_PIPE, CEL_TRANSPORT_ERROR_STALL},
};

/* FALSE, for "return fail(...)". */
static gboolean fail(int usb_error, const char *doing, GError **error)
{
    int code = CEL_TRANSPORT_ERROR_IO;
    for (gsize i = 0; i < G_N_ELEMENTS(code_of_error); i++)
        if (code_of_error[i][0] == usb_error)
            code = code_of_error[i][1];
    g_set_error(error, CEL_TRANSPORT_ERROR, code, "%s: %s", doing, libusb_error_name(usb_error));
    return FALSE;
}

/* -1: completed. Suspend gives -EPROTO, which libusb calls ERROR, or -ESHUTDOWN: NO_DEVICE. */
static int code_of_status(enum libusb_transfer_status status, int taken_back_for)
{
    switch (status) {
    case LIBUSB_TRANSFER_COMPLETED:
        return -1;
    case LIBUSB_TRANSFER_TIMED_OUT:
        return CEL_TRANSPORT_ERROR_TIMEOUT;
    case LIBUSB_TRANSFER_CANCELLED:
        return taken_back_for >= 0 ? taken_back_for : (int)CEL_TRANSPORT_ERROR_IO;
    case LIBUSB_TRANSFER_STALL:
        return CEL_TRANSPORT_ERROR_STALL;
    case LIBUSB_TRANSFER_NO_DEVICE:
        return CEL_TRANSPORT_ERROR_GONE;
    case LIBUSB_TRANSFER_OVERFLOW:
        return CEL_TRANSPORT_ERROR_OVERFLOW;
    case LIBUSB_TRANSFER_ERROR:
    default:
        return CEL_TRANSPORT_ERROR_IO;
    }
}

/* ---- flights ---- */

static void flight_free(Flight *flight)
{
    libusb_free_transfer(flight->usb);
    g_free(flight->buffer);
    cel_signal_clear(&flight->landed);
    g_free(flight);
}

/* On the event thread. A flight that is waited for may be freed as soon as the lock is given. */
static void LIBUSB_CALL on_landed(struct libusb_transfer *usb)
{
    Flight *flight = usb->user_data;
    LibusbBus *bus = flight->owner->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    flight->is_down = TRUE;
    if (flight->is_lost && g_ptr_array_remove_fast(bus->lost, flight))
        g_ptr_array_add(bus->found, flight);
    else
        cel_signal_send(&flight->landed);
}

static void on_cancelled(GCancellable *cancel, gpointer user_data)
{
    (void)cancel;
    Flight *flight = user_data;
    g_autoptr(CelLocker) locker = cel_locker_new(&flight->owner->bus->lock);
    cel_signal_send(&flight->landed);
}

/* Waits for the end of @flight. Returns: -1, or what came first: CEL_TRANSPORT_ERROR_TIMEOUT,
 * CEL_TRANSPORT_ERROR_CANCELLED. */
static int await(Flight *flight, const CelTransfer *limits)
{
    CelLock *lock = &flight->owner->bus->lock;
    const gint64 end_us = g_get_monotonic_time() + (gint64)limits->timeout_ms * 1000;
    const gulong id =
        limits->cancel != NULL
            ? g_cancellable_connect(limits->cancel, G_CALLBACK(on_cancelled), flight, NULL)
            : 0;
    int reason = -1;
    cel_lock_take(lock);
    for (gboolean in_time = TRUE; !flight->is_down && reason < 0;) {
        if (g_cancellable_is_cancelled(limits->cancel))
            reason = CEL_TRANSPORT_ERROR_CANCELLED;
        else if (!in_time)
            reason = CEL_TRANSPORT_ERROR_TIMEOUT;
        else
            in_time = cel_signal_wait_until(&flight->landed, lock, end_us);
    }
    cel_lock_give(lock);
    g_cancellable_disconnect(limits->cancel, id);
    return reason;
}

/* Returns: FALSE when the kernel did not give it back in time: then the flight is lost, and no
 * longer the caller's. */
static gboolean take_back(Flight *flight)
{
    LibusbTransport *owner = flight->owner;
    libusb_cancel_transfer(flight->usb);
    const gint64 end_us = g_get_monotonic_time() + TAKE_BACK_US;
    g_autoptr(CelLocker) locker = cel_locker_new(&owner->bus->lock);
    gboolean in_time = TRUE;
    while (!flight->is_down && in_time)
        in_time = cel_signal_wait_until(&flight->landed, &owner->bus->lock, end_us);
    if (flight->is_down)
        return TRUE;
    flight->is_lost = TRUE;
    g_ptr_array_add(owner->bus->lost, flight);
    owner->n_lost++;
    owner->bus->n_lost++;
    return FALSE;
}

static gboolean is_gone(LibusbTransport *self)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&self->bus->lock);
    return self->gone;
}

/* What of the flight's buffer goes where when it is down. */
typedef struct {
    const char *doing;
    const guint8 *from; /* in the buffer */
    guint8 *to;         /* (nullable): NULL: to the device */
    gsize room;
} Landing;

/* Submits @flight (owned) and waits for its end. */
static gboolean fly(Flight *flight, const Landing *landing, const CelTransfer *limits, gsize *out_n,
                    GError **error)
{
    int status = g_cancellable_is_cancelled(limits->cancel) ? LIBUSB_ERROR_INTERRUPTED : 0;
    if (status == 0)
        status =
            is_gone(flight->owner) ? LIBUSB_ERROR_NO_DEVICE : libusb_submit_transfer(flight->usb);
    if (status != 0) {
        flight_free(flight);
        if (status != LIBUSB_ERROR_INTERRUPTED)
            return fail(status, landing->doing, error);
        g_set_error_literal(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED, "cancelled");
        return FALSE;
    }
    const int reason = await(flight, limits);
    int code = reason;
    if (reason < 0 || take_back(flight)) {
        const gsize n = (gsize)flight->usb->actual_length;
        code = code_of_status(flight->usb->status, reason);
        *out_n = MIN(n, landing->room);
        if (landing->to != NULL)
            memcpy(landing->to, landing->from, *out_n);
        if (code < 0 && n > landing->room)
            code = CEL_TRANSPORT_ERROR_OVERFLOW;
        flight_free(flight);
    }
    if (code >= 0)
        g_set_error(error, CEL_TRANSPORT_ERROR, code, "%s failed (%d)", landing->doing, code);
    return code < 0;
}

static Flight *flight_new(LibusbTransport *owner, gsize n_buffer)
{
    Flight *flight = g_new0(Flight, 1);
    flight->owner = owner;
    flight->usb = libusb_alloc_transfer(0);
    flight->buffer = g_malloc0(n_buffer);
    g_assert(flight->usb != NULL); /* like GLib: out of memory ends the program */
    return flight;
}

static gboolean usb_control(CelTransport *transport, const CelControl *setup, guint8 *data, gsize n,
                            const CelTransfer *limits, gsize *out_n, GError **error)
{
    LibusbTransport *self = (LibusbTransport *)transport;
    const gboolean from_device = (setup->request_type & LIBUSB_ENDPOINT_IN) != 0;
    Flight *flight = flight_new(self, LIBUSB_CONTROL_SETUP_SIZE + n);
    guint8 *payload = flight->buffer + LIBUSB_CONTROL_SETUP_SIZE;
    libusb_fill_control_setup(flight->buffer, setup->request_type, setup->request, setup->value,
                              setup->index, (guint16)n);
    if (!from_device && n > 0)
        memcpy(payload, data, n);
    libusb_fill_control_transfer(flight->usb, self->handle, flight->buffer, on_landed, flight, 0);
    const Landing landing = {"control transfer", payload, from_device && n > 0 ? data : NULL, n};
    return fly(flight, &landing, limits, out_n, error);
}

static gsize usb_packet_bytes(CelTransport *transport, guint8 endpoint)
{
    const LibusbTransport *self = (LibusbTransport *)transport;
    for (guint i = 0; i < self->n_endpoints; i++)
        if (self->endpoints[i].address == endpoint)
            return self->endpoints[i].packet_bytes;
    return 0;
}

static gboolean usb_bulk(CelTransport *transport, guint8 endpoint, guint8 *data, gsize n,
                         const CelTransfer *limits, gsize *out_n, GError **error)
{
    LibusbTransport *self = (LibusbTransport *)transport;
    const gboolean from_device = (endpoint & LIBUSB_ENDPOINT_IN) != 0;
    const gsize packet = usb_packet_bytes(transport, endpoint);
    if (packet == 0) {
        g_set_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_IO,
                    "the device has no endpoint %02x", endpoint);
        return FALSE;
    }
    /* A buffer that ends within a packet loses that packet's rest: room for whole ones. */
    const gsize n_buffer = from_device ? (n + packet - 1) / packet * packet : n;
    Flight *flight = flight_new(self, n_buffer);
    if (!from_device)
        memcpy(flight->buffer, data, n);
    libusb_fill_bulk_transfer(flight->usb, self->handle, endpoint, flight->buffer, (int)n_buffer,
                              on_landed, flight, 0);
    const Landing landing = {"bulk transfer", flight->buffer, from_device ? data : NULL, n};
    return fly(flight, &landing, limits, out_n, error);
}

/* ---- the rest of a transport ---- */

static gboolean usb_clear_halt(CelTransport *transport, guint8 endpoint, GError **error)
{
    LibusbTransport *self = (LibusbTransport *)transport;
    const int status = libusb_clear_halt(self->handle, endpoint);
    return status == 0 || fail(status, "clearing an endpoint", error);
}

static gboolean usb_reset(CelTransport *transport, GError **error)
{
    LibusbTransport *self = (LibusbTransport *)transport;
    const int status = libusb_reset_device(self->handle);
    return status == 0 || fail(status, "resetting the port", error);
}

static gboolean usb_is_high_speed(CelTransport *transport)
{
    const LibusbTransport *self = (LibusbTransport *)transport;
    return libusb_get_device_speed(libusb_get_device(self->handle)) >= LIBUSB_SPEED_HIGH;
}

static guint usb_n_open(CelTransport *transport)
{
    LibusbBus *bus = ((LibusbTransport *)transport)->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    return bus->transports->len;
}

static gint64 usb_now_us(CelTransport *transport)
{
    (void)transport;
    return g_get_monotonic_time();
}

static gboolean usb_wait(CelTransport *transport, guint ms, GCancellable *cancel)
{
    (void)transport;
    return cel_transport_sleep(ms, cancel);
}

static guint32 usb_random(CelTransport *transport)
{
    (void)transport;
    return g_random_int();
}

/* No flight of it is up any more. */
static void dispose(LibusbTransport *self)
{
    if (self->claimed)
        libusb_release_interface(self->handle, INTERFACE);
    libusb_close(self->handle);
    g_free(self);
}

static void usb_close(CelTransport *transport)
{
    LibusbTransport *self = (LibusbTransport *)transport;
    cel_lock_take(&self->bus->lock);
    g_ptr_array_remove(self->bus->transports, self);
    const gboolean later = self->n_lost > 0;
    self->closing = later;
    cel_lock_give(&self->bus->lock);
    if (later)
        libusb_interrupt_event_handler(self->bus->context); /* it may have left already */
    else
        dispose(self);
}

static const CelTransportOps transport_ops = {
    .control = usb_control,
    .bulk = usb_bulk,
    .clear_halt = usb_clear_halt,
    .reset = usb_reset,
    .packet_bytes = usb_packet_bytes,
    .is_high_speed = usb_is_high_speed,
    .n_open = usb_n_open,
    .now_us = usb_now_us,
    .wait = usb_wait,
    .random = usb_random,
    .close = usb_close,
};

/* ---- list ---- */

static gboolean describe(libusb_device *device, CelUsbPresent *out_present)
{
    struct libusb_device_descriptor descriptor;
    if (libusb_get_device_descriptor(device, &descriptor) != 0)
        return FALSE;
    *out_present = (CelUsbPresent){.vendor = descriptor.idVendor,
                                   .product = descriptor.idProduct,
                                   .bus = libusb_get_bus_number(device),
                                   .address = libusb_get_device_address(device)};
    char path[32];
    cel_bus_libusb_node(out_present, path, sizeof path);
    out_present->may_open = access(path, R_OK | W_OK) == 0;
    return TRUE;
}

void cel_bus_libusb_node(const CelUsbPresent *present, char *out_path, gsize size)
{
    g_snprintf(out_path, (gulong)size, "/dev/bus/usb/%03u/%03u", present->bus, present->address);
}

static GArray *usb_list(CelBus *parent, GError **error)
{
    LibusbBus *bus = (LibusbBus *)parent;
    libusb_device **devices = NULL;
    const gssize n = libusb_get_device_list(bus->context, &devices);
    if (n < 0) {
        fail((int)n, "listing the devices", error);
        return NULL;
    }
    GArray *list = g_array_new(FALSE, TRUE, sizeof(CelUsbPresent));
    for (gssize i = 0; i < n; i++) {
        CelUsbPresent present;
        if (describe(devices[i], &present))
            g_array_append_val(list, present);
    }
    libusb_free_device_list(devices, 1);
    return list;
}

/* ---- open ---- */

static gboolean is_same(libusb_device *device, const CelUsbPresent *wanted)
{
    CelUsbPresent present;
    return describe(device, &present) && present.vendor == wanted->vendor &&
           present.product == wanted->product && present.bus == wanted->bus &&
           present.address == wanted->address;
}

static int open_handle(LibusbBus *bus, const CelUsbPresent *wanted,
                       libusb_device_handle **out_handle)
{
    libusb_device **devices = NULL;
    const gssize n = libusb_get_device_list(bus->context, &devices);
    if (n < 0)
        return (int)n;
    int status = LIBUSB_ERROR_NO_DEVICE;
    for (gssize i = 0; i < n && *out_handle == NULL; i++)
        if (is_same(devices[i], wanted))
            status = libusb_open(devices[i], out_handle);
    libusb_free_device_list(devices, 1);
    return status;
}

static void note_endpoints(LibusbTransport *self, const struct libusb_interface_descriptor *setting)
{
    for (guint i = 0; i < setting->bNumEndpoints && self->n_endpoints < MAX_ENDPOINTS; i++) {
        const struct libusb_endpoint_descriptor *endpoint = &setting->endpoint[i];
        self->endpoints[self->n_endpoints++] =
            (Endpoint){endpoint->bEndpointAddress, endpoint->wMaxPacketSize & PACKET_MASK};
    }
}

static void read_endpoints(LibusbTransport *self)
{
    struct libusb_config_descriptor *config = NULL;
    if (libusb_get_active_config_descriptor(libusb_get_device(self->handle), &config) != 0)
        return;
    if (config->bNumInterfaces > INTERFACE && config->interface[INTERFACE].num_altsetting > 0)
        note_endpoints(self, &config->interface[INTERFACE].altsetting[0]);
    libusb_free_config_descriptor(config);
}

/* A device that has its configuration keeps it: setting it again would be a light reset. */
static int configure(libusb_device_handle *handle)
{
    int current = 0;
    int status = libusb_get_configuration(handle, &current);
    if (status != 0 || current != 0)
        return status;
    struct libusb_config_descriptor *config = NULL;
    status = libusb_get_config_descriptor(libusb_get_device(handle), 0, &config);
    if (status != 0)
        return status;
    const int value = config->bConfigurationValue;
    libusb_free_config_descriptor(config);
    status = libusb_set_configuration(handle, value);
    if (status != LIBUSB_ERROR_BUSY)
        return status;
    libusb_reset_device(handle);
    return libusb_set_configuration(handle, value);
}

/* A driver of the kernel lets go of the interface when asked (and gets it back at release); another
 * process does not. */
static int claim(libusb_device_handle *handle)
{
    int status = configure(handle);
    if (status == 0)
        status = libusb_claim_interface(handle, INTERFACE);
    if (status != LIBUSB_ERROR_BUSY || libusb_kernel_driver_active(handle, INTERFACE) != 1)
        return status;
    libusb_set_auto_detach_kernel_driver(handle, 1);
    return libusb_claim_interface(handle, INTERFACE);
}

static int claim_patiently(libusb_device_handle *handle)
{
    int status = claim(handle);
    for (gsize i = 0; i < G_N_ELEMENTS(busy_waits_ms) && status == LIBUSB_ERROR_BUSY; i++) {
        cel_transport_sleep(busy_waits_ms[i], NULL);
        status = claim(handle);
    }
    return status;
}

static CelTransport *usb_open(CelBus *parent, const CelUsbPresent *present, gboolean claimed,
                              GError **error)
{
    LibusbBus *bus = (LibusbBus *)parent;
    libusb_device_handle *handle = NULL;
    int status = open_handle(bus, present, &handle);
    if (status == 0 && claimed)
        status = claim_patiently(handle);
    if (status != 0) {
        if (handle != NULL)
            libusb_close(handle);
        fail(status, "opening the device", error);
        return NULL;
    }
    LibusbTransport *self = g_new0(LibusbTransport, 1);
    *self = (LibusbTransport){
        .parent.ops = &transport_ops, .bus = bus, .handle = handle, .claimed = claimed};
    read_endpoints(self);
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    g_ptr_array_add(bus->transports, self);
    return &self->parent;
}

/* ---- the event thread ---- */

/* Inside libusb's handling of events: only notes. NO_DEVICE on transfers may come before or after
 * it. */
static int LIBUSB_CALL on_hotplug(libusb_context *context, libusb_device *device,
                                  libusb_hotplug_event event, void *user_data)
{
    (void)context;
    LibusbBus *bus = user_data;
    News news = {.event =
                     event == LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT ? CEL_BUS_LEFT : CEL_BUS_ARRIVED};
    if (!describe(device, &news.present))
        return 0;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    g_array_append_val(bus->news, news);
    for (guint i = 0; news.event == CEL_BUS_LEFT && i < bus->transports->len; i++) {
        LibusbTransport *transport = g_ptr_array_index(bus->transports, i);
        if (libusb_get_device(transport->handle) == device)
            transport->gone = TRUE;
    }
    for (guint i = 0; news.event == CEL_BUS_LEFT && i < bus->lost->len; i++) {
        LibusbTransport *owner = ((Flight *)g_ptr_array_index(bus->lost, i))->owner;
        if (libusb_get_device(owner->handle) == device)
            owner->gone = TRUE;
    }
    return 0;
}

static GArray *take_news(LibusbBus *bus)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    GArray *news = bus->news;
    bus->news = g_array_new(FALSE, TRUE, sizeof(News));
    return news;
}

static void tell_watchers(LibusbBus *bus)
{
    g_autoptr(GArray) news = take_news(bus);
    for (guint i = 0; i < news->len; i++) {
        const News *one = &g_array_index(news, News, i);
        cel_bus_watchers_tell(&bus->watchers, one->event, &one->present);
    }
}

/* A lost flight that is back: its memory goes, and its device when it waited for that. */
static LibusbTransport *settle(LibusbBus *bus)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    if (bus->found->len == 0)
        return NULL;
    Flight *flight = g_ptr_array_steal_index_fast(bus->found, 0);
    LibusbTransport *owner = flight->owner;
    flight_free(flight);
    bus->n_lost--;
    owner->n_lost--;
    cel_signal_send(&bus->tidied);
    return owner;
}

static LibusbTransport *find_forsaken(LibusbBus *bus)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    for (guint i = 0; i < bus->lost->len; i++) {
        LibusbTransport *owner = ((Flight *)g_ptr_array_index(bus->lost, i))->owner;
        if (owner->closing && owner->gone)
            return owner;
    }
    return NULL;
}

static void forget_lost(LibusbTransport *owner)
{
    LibusbBus *bus = owner->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    for (guint i = bus->lost->len; i > 0; i--) {
        if (((Flight *)g_ptr_array_index(bus->lost, i - 1))->owner != owner)
            continue;
        flight_free(g_ptr_array_steal_index_fast(bus->lost, i - 1));
        bus->n_lost--;
    }
    cel_signal_send(&bus->tidied);
}

/* libusb 1.0.26 forgets a transfer that is submitted while it learns that the device left. Closing
 * the handle makes the kernel end all it has, so that the buffers are ours again. */
static void dispose_forsaken(LibusbTransport *owner)
{
    libusb_close(owner->handle);
    forget_lost(owner);
    g_free(owner);
}

static void tidy(LibusbBus *bus)
{
    for (LibusbTransport *owner = find_forsaken(bus); owner != NULL; owner = find_forsaken(bus))
        dispose_forsaken(owner);
    for (LibusbTransport *owner = settle(bus); owner != NULL; owner = settle(bus)) {
        cel_lock_take(&bus->lock);
        const gboolean last = owner->closing && owner->n_lost == 0;
        cel_lock_give(&bus->lock);
        if (last)
            dispose(owner);
    }
}

static gboolean has_to_quit(LibusbBus *bus)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    return bus->quit;
}

static gpointer handle_events(gpointer data)
{
    LibusbBus *bus = data;
    while (!has_to_quit(bus)) {
        struct timeval wait = {.tv_sec = EVENT_WAIT_S};
        const int status = libusb_handle_events_timeout_completed(bus->context, &wait, NULL);
        if (status != 0 && status != LIBUSB_ERROR_INTERRUPTED)
            g_usleep(EVENT_FAILED_US);
        tell_watchers(bus);
        tidy(bus);
    }
    return NULL;
}

/* ---- the bus ---- */

static guint usb_watch(CelBus *parent, CelBusFunc func, gpointer user_data)
{
    LibusbBus *bus = (LibusbBus *)parent;
    return bus->has_hotplug ? cel_bus_watchers_add(&bus->watchers, func, user_data) : 0;
}

static void usb_unwatch(CelBus *parent, guint id)
{
    cel_bus_watchers_remove(&((LibusbBus *)parent)->watchers, id);
}

/* FALSE: the kernel still has a transfer. */
static gboolean await_lost(LibusbBus *bus)
{
    const gint64 end_us = g_get_monotonic_time() + TAKE_BACK_US;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    gboolean in_time = TRUE;
    while (bus->n_lost > 0 && in_time)
        in_time = cel_signal_wait_until(&bus->tidied, &bus->lock, end_us);
    bus->quit = bus->n_lost == 0;
    return bus->quit;
}

static void usb_free(CelBus *parent)
{
    LibusbBus *bus = (LibusbBus *)parent;
    if (bus->has_hotplug)
        libusb_hotplug_deregister_callback(bus->context, bus->hotplug);
    if (!await_lost(bus))
        return; /* the kernel still writes into our memory: thread and memory stay */
    libusb_interrupt_event_handler(bus->context);
    g_thread_join(bus->thread);
    libusb_exit(bus->context);
    g_ptr_array_unref(bus->transports);
    g_ptr_array_unref(bus->lost);
    g_ptr_array_unref(bus->found);
    g_array_unref(bus->news);
    cel_signal_clear(&bus->tidied);
    cel_lock_clear(&bus->lock);
    cel_bus_watchers_clear(&bus->watchers);
    g_free(bus);
}

static const CelBusOps bus_ops = {usb_list, usb_open, usb_watch, usb_unwatch, usb_free};

static void start_hotplug(LibusbBus *bus)
{
    const int events = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
    bus->has_hotplug =
        libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) != 0 &&
        libusb_hotplug_register_callback(bus->context, events, 0, LIBUSB_HOTPLUG_MATCH_ANY,
                                         LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                                         on_hotplug, bus, &bus->hotplug) == 0;
}

CelBus *cel_bus_libusb_new(GError **error)
{
    libusb_context *context = NULL;
    const int status = libusb_init(&context);
    if (status != 0) {
        g_set_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_IO, "starting libusb: %s",
                    libusb_error_name(status));
        return NULL;
    }
    LibusbBus *bus = g_new0(LibusbBus, 1);
    bus->parent.ops = &bus_ops;
    bus->context = context;
    bus->transports = g_ptr_array_new();
    bus->lost = g_ptr_array_new();
    bus->found = g_ptr_array_new();
    bus->news = g_array_new(FALSE, TRUE, sizeof(News));
    start_hotplug(bus);
    bus->thread = g_thread_new("cel-usb", handle_events, bus);
    return &bus->parent;
}
