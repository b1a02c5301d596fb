/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport-replay.h"

#include "base/cel-lock.h"
#include "recording.h"

#include <string.h>

enum {
    FIRST_US = 1000000, /* no recorded time is 0, which a driver may take for "never" */
    MAX_QUOTE = 90,     /* characters of a line that are quoted */
};

typedef struct {
    CelBus parent;
    CelRecording *recording;
    CelLock lock; /* guards what follows */
    guint at;     /* the next event */
    gint64 now_us;
    guint n_open;
    char *failure; /* (nullable) */
} ReplayBus;

typedef struct {
    CelTransport parent;
    ReplayBus *bus;
} ReplayTransport;

/* ---- the script; all of it needs the lock ---- */

static const CelRecordEvent *event_at(const ReplayBus *bus, guint at)
{
    GArray *events = bus->recording->events;
    return at < events->len ? &g_array_index(events, CelRecordEvent, at) : NULL;
}

static void pass_time(ReplayBus *bus, const CelRecordEvent *event)
{
    if (event->kind == CEL_RECORD_TIME)
        bus->now_us = MAX(bus->now_us, FIRST_US + event->time_us);
}

/* The clock as it was when the event before had happened. */
static void take_time(ReplayBus *bus)
{
    const CelRecordEvent *event = event_at(bus, bus->at);
    if (event != NULL && event->kind == CEL_RECORD_TIME) {
        pass_time(bus, event);
        bus->at++;
    }
}

/* What may be asked for more or less often than in the recording. */
static gboolean is_optional(const CelRecordEvent *event)
{
    const gboolean opened = event->kind == CEL_RECORD_OPEN && event->code == CEL_RECORD_OK;
    return opened || event->kind == CEL_RECORD_TIME || event->kind == CEL_RECORD_WAIT ||
           event->kind == CEL_RECORD_RANDOM || event->kind == CEL_RECORD_CLOSE;
}

static const CelRecordEvent *next_request(ReplayBus *bus)
{
    const CelRecordEvent *event = event_at(bus, bus->at);
    while (event != NULL && is_optional(event)) {
        pass_time(bus, event);
        event = event_at(bus, ++bus->at);
    }
    return event;
}

/* The next event when it is of @kind, times aside; it is taken. */
static const CelRecordEvent *take_optional(ReplayBus *bus, CelRecordKind kind)
{
    guint at = bus->at;
    const CelRecordEvent *event = event_at(bus, at);
    while (event != NULL && event->kind == CEL_RECORD_TIME && kind != CEL_RECORD_TIME)
        event = event_at(bus, ++at);
    if (event == NULL || event->kind != kind)
        return NULL;
    bus->at = at + 1;
    return event;
}

static char *quote(const CelRecordEvent *event, const guint8 *bytes)
{
    if (event == NULL)
        return g_strdup("the end");
    g_autoptr(GString) text = g_string_new(NULL);
    cel_recording_print(text, event, bytes);
    g_string_truncate(text, MIN(strcspn(text->str, "\n"), MAX_QUOTE));
    return g_strdup(text->str);
}

static gboolean leave_script(ReplayBus *bus, const CelRecordEvent *expected,
                             const CelRecordEvent *asked, const guint8 *data, GError **error)
{
    if (bus->failure == NULL) {
        g_autofree char *then = quote(expected, bus->recording->bytes->data);
        g_autofree char *now = quote(asked, data);
        bus->failure = g_strdup_printf("line %u: expected \"%s\", got \"%s\"",
                                       expected != NULL ? expected->line : 0, then, now);
    }
    g_set_error_literal(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OFF_SCRIPT, bus->failure);
    return FALSE;
}

static gboolean is_same_control(const CelControl *a, const CelControl *b)
{
    return a->request_type == b->request_type && a->request == b->request && a->value == b->value &&
           a->index == b->index;
}

static gboolean is_same(const ReplayBus *bus, const CelRecordEvent *expected,
                        const CelRecordEvent *asked, const guint8 *data)
{
    return expected != NULL && bus->failure == NULL && expected->kind == asked->kind &&
           expected->endpoint == asked->endpoint && expected->n == asked->n &&
           is_same_control(&expected->setup, &asked->setup) &&
           (!cel_recording_sends(asked) || asked->n == 0 ||
            memcmp(bus->recording->bytes->data + expected->sent, data, asked->n) == 0);
}

/* Takes the event that @asked must be. @data: what is sent. Returns: NULL with the error. */
static const CelRecordEvent *take_request(ReplayBus *bus, const CelRecordEvent *asked,
                                          const guint8 *data, GCancellable *cancel, GError **error)
{
    const CelRecordEvent *expected = next_request(bus);
    const gboolean same = is_same(bus, expected, asked, data);
    const gboolean recorded_cancel = same && expected->code == CEL_TRANSPORT_ERROR_CANCELLED;
    if (g_cancellable_is_cancelled(cancel) && !recorded_cancel) {
        g_set_error_literal(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED, "cancelled");
        return NULL;
    }
    if (!same) {
        leave_script(bus, expected, asked, data, error);
        return NULL;
    }
    bus->at++;
    take_time(bus);
    return expected;
}

static gboolean end_as(int code, GError **error)
{
    if (code != CEL_RECORD_OK)
        g_set_error(error, CEL_TRANSPORT_ERROR, code, "recorded: %s",
                    cel_recording_code_word(code));
    return code == CEL_RECORD_OK;
}

/* ---- the transport ---- */

static gboolean play(CelTransport *transport, const CelRecordEvent *asked, guint8 *data,
                     GCancellable *cancel, gsize *out_n, GError **error)
{
    ReplayBus *bus = ((ReplayTransport *)transport)->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    const CelRecordEvent *event = take_request(bus, asked, data, cancel, error);
    if (event == NULL)
        return FALSE;
    if (cel_recording_sends(asked)) {
        *out_n = event->code == CEL_RECORD_OK ? asked->n : 0;
        return end_as(event->code, error);
    }
    *out_n = MIN(event->n_reply, asked->n);
    if (*out_n > 0)
        memcpy(data, bus->recording->bytes->data + event->reply, *out_n);
    const gboolean too_long = event->code == CEL_RECORD_OK && event->n_reply > asked->n;
    return end_as(too_long ? (int)CEL_TRANSPORT_ERROR_OVERFLOW : event->code, error);
}

static gboolean replay_control(CelTransport *transport, const CelControl *setup, guint8 *data,
                               gsize n, const CelTransfer *limits, gsize *out_n, GError **error)
{
    const CelRecordEvent asked = {
        .kind = CEL_RECORD_CONTROL, .setup = *setup, .n = n, .code = CEL_RECORD_OK};
    return play(transport, &asked, data, limits->cancel, out_n, error);
}

static gboolean replay_bulk(CelTransport *transport, guint8 endpoint, guint8 *data, gsize n,
                            const CelTransfer *limits, gsize *out_n, GError **error)
{
    const CelRecordEvent asked = {
        .kind = CEL_RECORD_BULK, .endpoint = endpoint, .n = n, .code = CEL_RECORD_OK};
    return play(transport, &asked, data, limits->cancel, out_n, error);
}

static gboolean replay_clear_halt(CelTransport *transport, guint8 endpoint, GError **error)
{
    gsize n;
    const CelRecordEvent asked = {
        .kind = CEL_RECORD_CLEAR, .endpoint = endpoint, .code = CEL_RECORD_OK};
    return play(transport, &asked, NULL, NULL, &n, error);
}

static gboolean replay_reset(CelTransport *transport, GError **error)
{
    gsize n;
    const CelRecordEvent asked = {.kind = CEL_RECORD_RESET, .code = CEL_RECORD_OK};
    return play(transport, &asked, NULL, NULL, &n, error);
}

static gsize replay_packet_bytes(CelTransport *transport, guint8 endpoint)
{
    return ((ReplayTransport *)transport)->bus->recording->packet_bytes[endpoint];
}

static gboolean replay_is_high_speed(CelTransport *transport)
{
    return ((ReplayTransport *)transport)->bus->recording->high_speed;
}

static guint replay_n_open(CelTransport *transport)
{
    ReplayBus *bus = ((ReplayTransport *)transport)->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    return bus->n_open;
}

static gint64 replay_now_us(CelTransport *transport)
{
    ReplayBus *bus = ((ReplayTransport *)transport)->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    take_time(bus);
    return bus->now_us;
}

static gboolean replay_wait(CelTransport *transport, guint ms, GCancellable *cancel)
{
    ReplayBus *bus = ((ReplayTransport *)transport)->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    const CelRecordEvent *event = take_optional(bus, CEL_RECORD_WAIT);
    bus->now_us += (gint64)ms * 1000;
    if (event != NULL)
        take_time(bus);
    const gboolean cut = event != NULL && event->code != CEL_RECORD_OK;
    return !cut && !g_cancellable_is_cancelled(cancel);
}

static guint32 replay_random(CelTransport *transport)
{
    ReplayBus *bus = ((ReplayTransport *)transport)->bus;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    const CelRecordEvent *event = take_optional(bus, CEL_RECORD_RANDOM);
    return event != NULL ? event->random : 0;
}

static void replay_close(CelTransport *transport)
{
    ReplayTransport *self = (ReplayTransport *)transport;
    cel_lock_take(&self->bus->lock);
    self->bus->n_open--;
    cel_lock_give(&self->bus->lock);
    g_free(self);
}

static const CelTransportOps transport_ops = {
    .control = replay_control,
    .bulk = replay_bulk,
    .clear_halt = replay_clear_halt,
    .reset = replay_reset,
    .packet_bytes = replay_packet_bytes,
    .is_high_speed = replay_is_high_speed,
    .n_open = replay_n_open,
    .now_us = replay_now_us,
    .wait = replay_wait,
    .random = replay_random,
    .close = replay_close,
};

/* ---- the bus ---- */

static GArray *replay_list(CelBus *parent, GError **error)
{
    (void)error;
    const CelRecording *recording = ((ReplayBus *)parent)->recording;
    const CelUsbPresent present = {.vendor = recording->vendor,
                                   .product = recording->product,
                                   .bus = 1,
                                   .address = 1,
                                   .may_open = TRUE};
    GArray *list = g_array_new(FALSE, TRUE, sizeof(CelUsbPresent));
    return g_array_append_val(list, present);
}

static CelTransport *replay_open(CelBus *parent, const CelUsbPresent *present, gboolean claim,
                                 GError **error)
{
    (void)present;
    (void)claim;
    ReplayBus *bus = (ReplayBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    guint at = bus->at;
    const CelRecordEvent *event = event_at(bus, at);
    while (event != NULL && is_optional(event) && event->kind != CEL_RECORD_OPEN)
        event = event_at(bus, ++at);
    if (event != NULL && event->kind == CEL_RECORD_OPEN) {
        bus->at = at + 1;
        take_time(bus);
        if (!end_as(event->code, error))
            return NULL;
    }
    ReplayTransport *self = g_new0(ReplayTransport, 1);
    *self = (ReplayTransport){.parent.ops = &transport_ops, .bus = bus};
    bus->n_open++;
    return &self->parent;
}

static void replay_free(CelBus *parent)
{
    ReplayBus *bus = (ReplayBus *)parent;
    cel_recording_free(bus->recording);
    cel_lock_clear(&bus->lock);
    g_free(bus->failure);
    g_free(bus);
}

static const CelBusOps bus_ops = {.list = replay_list, .open = replay_open, .free = replay_free};

CelBus *cel_bus_replay_new(const char *text, gsize n, GError **error)
{
    CelRecording *recording = cel_recording_parse(text, n, error);
    if (recording == NULL)
        return NULL;
    ReplayBus *bus = g_new0(ReplayBus, 1);
    *bus = (ReplayBus){.parent.ops = &bus_ops, .recording = recording, .now_us = FIRST_US};
    return &bus->parent;
}

char *cel_bus_replay_failure(CelBus *parent)
{
    ReplayBus *bus = (ReplayBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    return g_strdup(bus->failure);
}

guint cel_bus_replay_left(CelBus *parent)
{
    ReplayBus *bus = (ReplayBus *)parent;
    g_autoptr(CelLocker) locker = cel_locker_new(&bus->lock);
    const CelRecordEvent *event = next_request(bus);
    return event != NULL ? event->line : 0;
}
