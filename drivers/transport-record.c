/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport-record.h"

#include "base/cel-lock.h"
#include "recording.h"

typedef struct {
    CelBus parent;
    CelBus *inner; /* (borrowed) */
    CelLock lock;  /* guards what follows */
    CelRecordTo to;
    gboolean has_head, has_start;
    gint64 start_us;
    gboolean known_endpoints[256];
} RecordBus;

typedef struct {
    CelTransport parent;
    RecordBus *bus;
    CelTransport *inner;
} RecordTransport;

static int code_of(const GError *failure)
{
    if (failure == NULL)
        return CEL_RECORD_OK;
    return failure->domain == CEL_TRANSPORT_ERROR ? failure->code : (int)CEL_TRANSPORT_ERROR_IO;
}

/* Needs the lock, like all print_ functions. */
static void print_time(RecordBus *bus, gint64 now_us)
{
    if (!bus->has_start)
        bus->start_us = now_us;
    bus->has_start = TRUE;
    const CelRecordEvent event = {.kind = CEL_RECORD_TIME, .time_us = now_us - bus->start_us};
    cel_recording_print(bus->to.text, &event, NULL);
}

static void print_event(RecordTransport *self, const CelRecordEvent *event, const guint8 *bytes)
{
    cel_recording_print(self->bus->to.text, event, bytes);
    print_time(self->bus, cel_transport_now_us(self->inner));
}

static gboolean end(GError *failure, GError **error)
{
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

/* @data: what was sent, or what came: that is copied, and blanked for the text. */
static void note_transfer(RecordTransport *self, CelRecordEvent *event, const guint8 *data,
                          gsize n_done)
{
    RecordBus *bus = self->bus;
    g_autofree guint8 *copy = NULL;
    const guint8 *shown = data;
    if (!cel_recording_sends(event) && n_done > 0) {
        event->n_reply = n_done;
        shown = copy = g_memdup2(data, n_done);
        if (bus->to.driver != NULL && bus->to.driver->blank_serial != NULL)
            bus->to.driver->blank_serial(event->kind == CEL_RECORD_CONTROL ? &event->setup : NULL,
                                         event->endpoint, copy, n_done);
    }
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    print_event(self, event, shown);
}

static gboolean record_control(CelTransport *transport, const CelControl *setup, guint8 *data,
                               gsize n, const CelTransfer *limits, gsize *out_n, GError **error)
{
    RecordTransport *self = (RecordTransport *)transport;
    GError *failure = NULL;
    cel_transport_control(self->inner, setup, data, n, limits, out_n, &failure);
    CelRecordEvent event = {
        .kind = CEL_RECORD_CONTROL, .setup = *setup, .n = n, .code = code_of(failure)};
    note_transfer(self, &event, data, *out_n);
    return end(failure, error);
}

static void note_endpoint(RecordTransport *self, guint8 endpoint)
{
    RecordBus *bus = self->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    if (bus->known_endpoints[endpoint])
        return;
    bus->known_endpoints[endpoint] = TRUE;
    cel_recording_print_endpoint(bus->to.text, endpoint,
                                 cel_transport_packet_bytes(self->inner, endpoint));
}

static gboolean record_bulk(CelTransport *transport, guint8 endpoint, guint8 *data, gsize n,
                            const CelTransfer *limits, gsize *out_n, GError **error)
{
    RecordTransport *self = (RecordTransport *)transport;
    GError *failure = NULL;
    note_endpoint(self, endpoint);
    cel_transport_bulk(self->inner, endpoint, data, n, limits, out_n, &failure);
    CelRecordEvent event = {
        .kind = CEL_RECORD_BULK, .endpoint = endpoint, .n = n, .code = code_of(failure)};
    note_transfer(self, &event, data, *out_n);
    return end(failure, error);
}

static void note_event(RecordTransport *self, const CelRecordEvent *event)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&self->bus->lock);
    print_event(self, event, NULL);
}

static gboolean record_clear_halt(CelTransport *transport, guint8 endpoint, GError **error)
{
    RecordTransport *self = (RecordTransport *)transport;
    GError *failure = NULL;
    cel_transport_clear_halt(self->inner, endpoint, &failure);
    note_event(self, &(CelRecordEvent){
                         .kind = CEL_RECORD_CLEAR, .endpoint = endpoint, .code = code_of(failure)});
    return end(failure, error);
}

static gboolean record_reset(CelTransport *transport, GError **error)
{
    RecordTransport *self = (RecordTransport *)transport;
    GError *failure = NULL;
    cel_transport_reset(self->inner, &failure);
    note_event(self, &(CelRecordEvent){.kind = CEL_RECORD_RESET, .code = code_of(failure)});
    return end(failure, error);
}

static gsize record_packet_bytes(CelTransport *transport, guint8 endpoint)
{
    RecordTransport *self = (RecordTransport *)transport;
    note_endpoint(self, endpoint);
    return cel_transport_packet_bytes(self->inner, endpoint);
}

static gboolean record_is_high_speed(CelTransport *transport)
{
    return cel_transport_is_high_speed(((RecordTransport *)transport)->inner);
}

static guint record_n_open(CelTransport *transport)
{
    return cel_transport_n_open(((RecordTransport *)transport)->inner);
}

static gint64 record_now_us(CelTransport *transport)
{
    RecordTransport *self = (RecordTransport *)transport;
    const gint64 now_us = cel_transport_now_us(self->inner);
    g_autoptr(CelLocker) locker = cel_locker_new(&self->bus->lock);
    print_time(self->bus, now_us);
    return now_us;
}

static gboolean record_wait(CelTransport *transport, guint ms, GCancellable *cancel)
{
    RecordTransport *self = (RecordTransport *)transport;
    const gboolean whole = cel_transport_wait(self->inner, ms, cancel);
    const int code = whole ? (int)CEL_RECORD_OK : (int)CEL_TRANSPORT_ERROR_CANCELLED;
    note_event(self, &(CelRecordEvent){.kind = CEL_RECORD_WAIT, .n = ms, .code = code});
    return whole;
}

static guint32 record_random(CelTransport *transport)
{
    RecordTransport *self = (RecordTransport *)transport;
    const guint32 value = cel_transport_random(self->inner);
    const CelRecordEvent event = {.kind = CEL_RECORD_RANDOM, .random = value};
    g_autoptr(CelLocker) locker = cel_locker_new(&self->bus->lock);
    cel_recording_print(self->bus->to.text, &event, NULL);
    return value;
}

static void record_close(CelTransport *transport)
{
    RecordTransport *self = (RecordTransport *)transport;
    note_event(self, &(CelRecordEvent){.kind = CEL_RECORD_CLOSE});
    cel_transport_close(self->inner);
    g_free(self);
}

static const CelTransportOps transport_ops = {
    .control = record_control,
    .bulk = record_bulk,
    .clear_halt = record_clear_halt,
    .reset = record_reset,
    .packet_bytes = record_packet_bytes,
    .is_high_speed = record_is_high_speed,
    .n_open = record_n_open,
    .now_us = record_now_us,
    .wait = record_wait,
    .random = record_random,
    .close = record_close,
};

/* ---- the bus ---- */

static GArray *record_list(CelBus *parent, GError **error)
{
    return cel_bus_list(((RecordBus *)parent)->inner, error);
}

static void note_open(RecordBus *bus, const CelUsbPresent *present, CelTransport *inner,
                      const GError *failure)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    if (!bus->has_head)
        cel_recording_print_head(bus->to.text, present,
                                 inner == NULL || cel_transport_is_high_speed(inner));
    bus->has_head = TRUE;
    const CelRecordEvent event = {.kind = CEL_RECORD_OPEN, .code = code_of(failure)};
    cel_recording_print(bus->to.text, &event, NULL);
    if (inner != NULL)
        print_time(bus, cel_transport_now_us(inner));
}

static CelTransport *record_open(CelBus *parent, const CelUsbPresent *present, gboolean claim,
                                 GError **error)
{
    RecordBus *bus = (RecordBus *)parent;
    GError *failure = NULL;
    CelTransport *inner = cel_bus_open(bus->inner, present, claim, &failure);
    note_open(bus, present, inner, failure);
    if (inner == NULL) {
        end(failure, error);
        return NULL;
    }
    RecordTransport *self = g_new0(RecordTransport, 1);
    *self = (RecordTransport){.parent.ops = &transport_ops, .bus = bus, .inner = inner};
    return &self->parent;
}

static guint record_watch(CelBus *parent, CelBusFunc func, gpointer user_data)
{
    return cel_bus_watch(((RecordBus *)parent)->inner, func, user_data);
}

static void record_unwatch(CelBus *parent, guint id)
{
    cel_bus_unwatch(((RecordBus *)parent)->inner, id);
}

static void record_free(CelBus *parent)
{
    RecordBus *bus = (RecordBus *)parent;
    cel_lock_clear(&bus->lock);
    g_free(bus);
}

static const CelBusOps bus_ops = {record_list, record_open, record_watch, record_unwatch,
                                  record_free};

CelBus *cel_bus_record_new(CelBus *inner, const CelRecordTo *to)
{
    RecordBus *bus = g_new0(RecordBus, 1);
    *bus = (RecordBus){.parent.ops = &bus_ops, .inner = inner, .to = *to};
    return &bus->parent;
}
