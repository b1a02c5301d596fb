/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-bus.h"

#include "device/cel-bus-watchers.h"

enum { FIRST_US = 1000000, BUS_NUMBER = 1 };

typedef struct {
    FakeDevice device;
    guint8 address;
    gboolean gone;
} Unit;

typedef struct {
    CelBus parent;
    CelBusWatchers watchers;
    CelLock lock; /* guards all below */
    CelSignal changed;
    GPtrArray *units;
    GString *log;
    gboolean real_time;
    gint64 now_us; /* of the bus's own clock */
    guint n_open, n_transfers;
    guint fail_from, fail_until; /* numbers of transfers, [from, until) */
    int fail_code;
    guint32 random;
} FakeBus;

typedef struct {
    CelTransport parent;
    FakeBus *bus;
    Unit *unit; /* (borrowed): of the bus */
} FakeTransport;

static const char *const code_words[] = {
    [CEL_TRANSPORT_ERROR_TIMEOUT] = "timeout",
    [CEL_TRANSPORT_ERROR_STALL] = "stall",
    [CEL_TRANSPORT_ERROR_GONE] = "gone",
    [CEL_TRANSPORT_ERROR_BUSY] = "busy",
    [CEL_TRANSPORT_ERROR_ACCESS] = "access",
    [CEL_TRANSPORT_ERROR_OVERFLOW] = "overflow",
    [CEL_TRANSPORT_ERROR_CANCELLED] = "cancelled",
    [CEL_TRANSPORT_ERROR_IO] = "io",
    [CEL_TRANSPORT_ERROR_OFF_SCRIPT] = "off-script",
};

static gboolean fail(int code, GError **error)
{
    g_set_error(error, CEL_TRANSPORT_ERROR, code, "fake: %s", code_words[code]);
    return FALSE;
}

static gint64 bus_now_us(const FakeBus *bus)
{
    return bus->real_time ? g_get_monotonic_time() : bus->now_us;
}

/* ---- waiting ---- */

static void wake(GCancellable *cancel, gpointer user_data)
{
    (void)cancel;
    FakeBus *bus = user_data;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    cel_signal_send(&bus->changed);
}

/* @ms pass, or a cancel or the departure of @unit (nullable) ends it. */
static void pass(FakeBus *bus, const Unit *unit, guint ms, GCancellable *cancel)
{
    const gulong id =
        cancel != NULL ? g_cancellable_connect(cancel, G_CALLBACK(wake), bus, NULL) : 0;
    cel_lock_take(&bus->lock);
    const gint64 end_us = bus_now_us(bus) + (gint64)ms * 1000;
    gboolean more = bus->real_time;
    while (more && !g_cancellable_is_cancelled(cancel) && !(unit != NULL && unit->gone))
        more = cel_signal_wait_until(&bus->changed, &bus->lock, end_us);
    if (!bus->real_time)
        bus->now_us = end_us;
    cel_lock_give(&bus->lock);
    g_cancellable_disconnect(cancel, id);
}

/* ---- transfers ---- */

static void log_request(FakeBus *bus, const FakeRequest *request)
{
    if (request->is_bulk)
        g_string_append_printf(bus->log, "bulk %02x n %zu", request->endpoint, request->n);
    else
        g_string_append_printf(bus->log, "control %02x %02x %04x %04x n %zu",
                               request->setup.request_type, request->setup.request,
                               request->setup.value, request->setup.index, request->n);
}

/* What goes wrong before the device sees the transfer: FAKE_OK or a code. */
static int begin(FakeTransport *self, FakeRequest *request, GCancellable *cancel)
{
    FakeBus *bus = self->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    log_request(bus, request);
    request->now_us = bus_now_us(bus);
    const guint number = ++bus->n_transfers;
    if (self->unit->gone)
        return CEL_TRANSPORT_ERROR_GONE;
    if (g_cancellable_is_cancelled(cancel))
        return CEL_TRANSPORT_ERROR_CANCELLED;
    return number >= bus->fail_from && number < bus->fail_until ? bus->fail_code : FAKE_OK;
}

/* Lets the delay pass. FAKE_OK, or what came first. */
static int await(FakeTransport *self, const FakeRequest *request, const FakeAnswer *answer,
                 GCancellable *cancel)
{
    if (answer->delay_ms > 0)
        pass(self->bus, self->unit, MIN(answer->delay_ms, request->timeout_ms), cancel);
    g_autoptr(CelLocker) locker = cel_locker_new(&self->bus->lock);
    if (self->unit->gone)
        return CEL_TRANSPORT_ERROR_GONE;
    if (answer->delay_ms > 0 && g_cancellable_is_cancelled(cancel))
        return CEL_TRANSPORT_ERROR_CANCELLED;
    return answer->delay_ms > request->timeout_ms ? CEL_TRANSPORT_ERROR_TIMEOUT : FAKE_OK;
}

static int ask_device(FakeTransport *self, FakeRequest *request, GCancellable *cancel, gsize *out_n)
{
    const FakeDevice *device = &self->unit->device;
    FakeAnswer answer = device->answer(request, device->user_data);
    const int code = await(self, request, &answer, cancel);
    if (code != FAKE_OK) {
        if (device->taken_back != NULL)
            device->taken_back(request, device->user_data);
        return code;
    }
    *out_n = MIN(answer.n, request->n);
    return answer.n > request->n ? CEL_TRANSPORT_ERROR_OVERFLOW : answer.code;
}

static gboolean transfer(FakeTransport *self, FakeRequest *request, GCancellable *cancel,
                         gsize *out_n, GError **error)
{
    int code = begin(self, request, cancel);
    if (code == FAKE_OK)
        code = ask_device(self, request, cancel, out_n);
    cel_lock_take(&self->bus->lock);
    g_string_append_printf(self->bus->log, "%s%s\n", code == FAKE_OK ? "" : " -> ",
                           code == FAKE_OK ? "" : code_words[code]);
    cel_lock_give(&self->bus->lock);
    return code == FAKE_OK || fail(code, error);
}

static gboolean fake_control(CelTransport *transport, const CelControl *setup, guint8 *data,
                             gsize n, const CelTransfer *limits, gsize *out_n, GError **error)
{
    const gboolean from_device = (setup->request_type & 0x80) != 0;
    FakeRequest request = {.setup = *setup,
                           .out = from_device ? NULL : data,
                           .in = from_device ? data : NULL,
                           .n = n,
                           .timeout_ms = limits->timeout_ms};
    return transfer((FakeTransport *)transport, &request, limits->cancel, out_n, error);
}

static gboolean fake_bulk(CelTransport *transport, guint8 endpoint, guint8 *data, gsize n,
                          const CelTransfer *limits, gsize *out_n, GError **error)
{
    const gboolean from_device = (endpoint & 0x80) != 0;
    FakeRequest request = {.is_bulk = TRUE,
                           .endpoint = endpoint,
                           .out = from_device ? NULL : data,
                           .in = from_device ? data : NULL,
                           .n = n,
                           .timeout_ms = limits->timeout_ms};
    return transfer((FakeTransport *)transport, &request, limits->cancel, out_n, error);
}

/* ---- the rest of a transport ---- */

static gboolean note(FakeTransport *self, const char *line, GError **error)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&self->bus->lock);
    g_string_append(self->bus->log, line);
    return !self->unit->gone || fail(CEL_TRANSPORT_ERROR_GONE, error);
}

static gboolean fake_clear_halt(CelTransport *transport, guint8 endpoint, GError **error)
{
    char line[16];
    g_snprintf(line, sizeof line, "clear %02x\n", endpoint);
    return note((FakeTransport *)transport, line, error);
}

static gboolean fake_reset(CelTransport *transport, GError **error)
{
    return note((FakeTransport *)transport, "reset\n", error);
}

static gboolean fake_is_high_speed(CelTransport *transport)
{
    return !((FakeTransport *)transport)->unit->device.full_speed;
}

static gsize fake_packet_bytes(CelTransport *transport, guint8 endpoint)
{
    (void)endpoint;
    return fake_is_high_speed(transport) ? 512 : 64;
}

static guint fake_n_open(CelTransport *transport)
{
    return fake_bus_n_open(&((FakeTransport *)transport)->bus->parent);
}

static gint64 fake_now_us(CelTransport *transport)
{
    FakeBus *bus = ((FakeTransport *)transport)->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    return bus_now_us(bus);
}

static gboolean fake_wait(CelTransport *transport, guint ms, GCancellable *cancel)
{
    pass(((FakeTransport *)transport)->bus, NULL, ms, cancel);
    return !g_cancellable_is_cancelled(cancel);
}

static guint32 fake_random(CelTransport *transport)
{
    FakeBus *bus = ((FakeTransport *)transport)->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    return ++bus->random;
}

static void fake_close(CelTransport *transport)
{
    FakeTransport *self = (FakeTransport *)transport;
    cel_lock_take(&self->bus->lock);
    g_assert_cmpuint(self->bus->n_open, >, 0);
    self->bus->n_open--;
    g_string_append(self->bus->log, "close\n");
    cel_lock_give(&self->bus->lock);
    g_free(self);
}

static const CelTransportOps transport_ops = {
    .control = fake_control,
    .bulk = fake_bulk,
    .clear_halt = fake_clear_halt,
    .reset = fake_reset,
    .packet_bytes = fake_packet_bytes,
    .is_high_speed = fake_is_high_speed,
    .n_open = fake_n_open,
    .now_us = fake_now_us,
    .wait = fake_wait,
    .random = fake_random,
    .close = fake_close,
};

/* ---- the bus ---- */

static CelUsbPresent present_of(const Unit *unit)
{
    return (CelUsbPresent){.vendor = unit->device.vendor,
                           .product = unit->device.product,
                           .bus = BUS_NUMBER,
                           .address = unit->address,
                           .may_open = !unit->device.no_permission};
}

static GArray *fake_list(CelBus *parent, GError **error)
{
    (void)error;
    FakeBus *bus = (FakeBus *)parent;
    GArray *list = g_array_new(FALSE, TRUE, sizeof(CelUsbPresent));
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    for (guint i = 0; i < bus->units->len; i++) {
        const Unit *unit = g_ptr_array_index(bus->units, i);
        const CelUsbPresent present = present_of(unit);
        if (!unit->gone)
            g_array_append_val(list, present);
    }
    return list;
}

/* Needs the lock. */
static Unit *find_unit(FakeBus *bus, guint8 address)
{
    for (guint i = 0; i < bus->units->len; i++) {
        Unit *unit = g_ptr_array_index(bus->units, i);
        if (unit->address == address)
            return unit;
    }
    return NULL;
}

static CelTransport *fake_open(CelBus *parent, const CelUsbPresent *present, gboolean claim,
                               GError **error)
{
    FakeBus *bus = (FakeBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    Unit *unit = find_unit(bus, present->address);
    int code = FAKE_OK;
    if (unit == NULL || unit->gone)
        code = CEL_TRANSPORT_ERROR_GONE;
    else if (unit->device.no_permission)
        code = CEL_TRANSPORT_ERROR_ACCESS;
    else if (claim && unit->device.n_busy > 0) {
        unit->device.n_busy--;
        code = CEL_TRANSPORT_ERROR_BUSY;
    }
    if (code != FAKE_OK) {
        fail(code, error);
        return NULL;
    }
    FakeTransport *self = g_new0(FakeTransport, 1);
    *self = (FakeTransport){.parent.ops = &transport_ops, .bus = bus, .unit = unit};
    bus->n_open++;
    g_string_append(bus->log, claim ? "open\n" : "look\n");
    return &self->parent;
}

static guint fake_watch(CelBus *parent, CelBusFunc func, gpointer user_data)
{
    return cel_bus_watchers_add(&((FakeBus *)parent)->watchers, func, user_data);
}

static void fake_unwatch(CelBus *parent, guint id)
{
    cel_bus_watchers_remove(&((FakeBus *)parent)->watchers, id);
}

static void fake_free(CelBus *parent)
{
    FakeBus *bus = (FakeBus *)parent;
    g_assert_cmpuint(bus->n_open, ==, 0);
    g_ptr_array_unref(bus->units);
    cel_bus_watchers_clear(&bus->watchers);
    g_string_free(bus->log, TRUE);
    cel_signal_clear(&bus->changed);
    cel_lock_clear(&bus->lock);
    g_free(bus);
}

static const CelBusOps bus_ops = {fake_list, fake_open, fake_watch, fake_unwatch, fake_free};

CelBus *fake_bus_new(void)
{
    FakeBus *bus = g_new0(FakeBus, 1);
    bus->parent.ops = &bus_ops;
    bus->units = g_ptr_array_new_with_free_func(g_free);
    bus->log = g_string_new(NULL);
    bus->now_us = FIRST_US;
    return &bus->parent;
}

/* ---- what tests order ---- */

void fake_bus_use_real_time(CelBus *parent)
{
    FakeBus *bus = (FakeBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    bus->real_time = TRUE;
}

void fake_bus_advance(CelBus *parent, guint ms)
{
    FakeBus *bus = (FakeBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    bus->now_us += (gint64)ms * 1000;
}

guint8 fake_bus_plug(CelBus *parent, const FakeDevice *device)
{
    FakeBus *bus = (FakeBus *)parent;
    Unit *unit = g_new0(Unit, 1);
    unit->device = *device;
    cel_lock_take(&bus->lock);
    unit->address = (guint8)(bus->units->len + 1);
    g_ptr_array_add(bus->units, unit);
    const CelUsbPresent present = present_of(unit);
    cel_lock_give(&bus->lock);
    cel_bus_watchers_tell(&bus->watchers, CEL_BUS_ARRIVED, &present);
    return present.address;
}

void fake_bus_unplug(CelBus *parent, guint8 address)
{
    FakeBus *bus = (FakeBus *)parent;
    cel_lock_take(&bus->lock);
    Unit *unit = find_unit(bus, address);
    g_assert_nonnull(unit);
    unit->gone = TRUE;
    const CelUsbPresent present = present_of(unit);
    cel_signal_send(&bus->changed);
    cel_lock_give(&bus->lock);
    cel_bus_watchers_tell(&bus->watchers, CEL_BUS_LEFT, &present);
}

void fake_bus_fail(CelBus *parent, guint nth, guint count, CelTransportError code)
{
    FakeBus *bus = (FakeBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    bus->fail_from = bus->n_transfers + nth;
    bus->fail_until = bus->fail_from + count;
    bus->fail_code = (int)code;
}

guint fake_bus_n_open(CelBus *parent)
{
    FakeBus *bus = (FakeBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    return bus->n_open;
}

guint fake_bus_n_transfers(CelBus *parent)
{
    FakeBus *bus = (FakeBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    return bus->n_transfers;
}

char *fake_bus_take_log(CelBus *parent)
{
    FakeBus *bus = (FakeBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    char *log = g_strdup(bus->log->str);
    g_string_truncate(bus->log, 0);
    return log;
}
