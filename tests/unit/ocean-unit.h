/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-error.h"
#include "fake-bus.h"
#include "ocean/cel-ocean.h"

#include <string.h>

/* A unit on the bus in memory: what its firmware answers lies in pipes until the host reads it.
 * The test of each protocol supplies the firmware. */

enum { N_PIPES = 3, NEVER_MS = 1000000000 };

typedef struct {
    GBytes *bytes;
    gint64 due_us;
} Chunk;

typedef struct {
    guint8 endpoint;
    GQueue chunks; /* of Chunk */
} Pipe;

typedef struct Unit Unit;
struct Unit {
    CelBus *bus;
    CelSession *session;
    CelParams *params;
    CelDeviceInfo info;
    Pipe pipe[N_PIPES];
    void (*command)(Unit *unit, const guint8 *bytes, gsize n);
    gint64 now_us;
    GString *log; /* commands as hex, one a line; frames are "frame" */
    guint packet_bytes;
    gboolean full_speed;
    guint n_mute; /* so many reads time out first */

    gboolean gate;
    guint32 integration_us;
    guint n_frames;
    double frame_late_ms; /* a frame comes so much after its integration time */
};

static void chunk_free(gpointer data)
{
    Chunk *chunk = data;
    g_bytes_unref(chunk->bytes);
    g_free(chunk);
}

static Pipe *unit_pipe(Unit *unit, guint8 endpoint)
{
    for (gsize i = 0; i < N_PIPES; i++) {
        if (unit->pipe[i].endpoint == endpoint || unit->pipe[i].endpoint == 0) {
            unit->pipe[i].endpoint = endpoint;
            return &unit->pipe[i];
        }
    }
    g_assert_not_reached();
}

static void unit_send(Unit *unit, guint8 endpoint, const void *bytes, gsize n, gint64 due_us)
{
    Chunk *chunk = g_new(Chunk, 1);
    *chunk = (Chunk){g_bytes_new(bytes, n), due_us};
    g_queue_push_tail(&unit_pipe(unit, endpoint)->chunks, chunk);
}

static FakeAnswer unit_take_command(Unit *unit, const FakeRequest *request)
{
    for (gsize i = 0; i < request->n; i++)
        g_string_append_printf(unit->log, "%02x", request->out[i]);
    g_string_append_c(unit->log, '\n');
    unit->command(unit, request->out, request->n);
    return (FakeAnswer){.code = FAKE_OK, .n = request->n};
}

/* The next bytes of the pipe; a request for whole packets leaves the rest for the next one. */
static FakeAnswer unit_give(Unit *unit, const FakeRequest *request)
{
    Pipe *pipe = unit_pipe(unit, request->endpoint);
    Chunk *chunk = g_queue_peek_head(&pipe->chunks);
    if (chunk == NULL || unit->n_mute > 0) {
        unit->n_mute -= unit->n_mute > 0;
        return (FakeAnswer){.code = FAKE_OK, .delay_ms = NEVER_MS};
    }
    const gint64 wait_us = chunk->due_us - request->now_us;
    const guint delay_ms = wait_us <= 0 ? 0 : (guint)((wait_us + 999) / 1000);
    if (delay_ms > request->timeout_ms)
        return (FakeAnswer){.code = FAKE_OK, .delay_ms = delay_ms};
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(chunk->bytes, &n);
    const gboolean leaves = n > request->n && request->n % unit->packet_bytes == 0;
    const gsize n_now = leaves ? request->n : n;
    for (gsize i = 0; i < MIN(n_now, request->n); i++)
        request->in[i] = bytes[i];
    g_queue_pop_head(&pipe->chunks);
    if (leaves) {
        Chunk *rest = g_new(Chunk, 1);
        *rest = (Chunk){g_bytes_new(bytes + n_now, n - n_now), chunk->due_us};
        g_queue_push_head(&pipe->chunks, rest);
    }
    chunk_free(chunk);
    return (FakeAnswer){.code = FAKE_OK, .n = n_now, .delay_ms = delay_ms};
}

static FakeAnswer unit_answer(const FakeRequest *request, gpointer user_data)
{
    Unit *unit = user_data;
    unit->now_us = request->now_us;
    g_assert_true(request->is_bulk);
    return request->out != NULL ? unit_take_command(unit, request) : unit_give(unit, request);
}

static void unit_init(Unit *unit, guint16 product, gboolean full_speed)
{
    unit->bus = fake_bus_new();
    unit->log = g_string_new(NULL);
    unit->full_speed = full_speed;
    unit->packet_bytes = full_speed ? 64 : 512;
    unit->integration_us = 10000;
    unit->params = cel_params_new(cel_driver_ocean.params, cel_driver_ocean.n_params);
    const FakeDevice device = {.vendor = 0x2457,
                               .product = product,
                               .full_speed = full_speed,
                               .answer = unit_answer,
                               .user_data = unit};
    unit->info.usb = (CelUsbPresent){.vendor = 0x2457, .product = product, .bus = 1};
    unit->info.usb.address = fake_bus_plug(unit->bus, &device);
}

static void unit_set(Unit *unit, const char *settings)
{
    g_assert_true(cel_params_parse(unit->params, settings, NULL));
}

static gboolean unit_try_open(Unit *unit, GError **error)
{
    const CelOpening opening = {.info = &unit->info, .params = unit->params, .bus = unit->bus};
    unit->session = cel_driver_ocean.open(&opening, error);
    return unit->session != NULL;
}

static void unit_open(Unit *unit)
{
    g_autoptr(GError) error = NULL;
    unit_try_open(unit, &error);
    g_assert_no_error(error);
}

static void unit_close(Unit *unit)
{
    if (unit->session != NULL)
        cel_driver_ocean.close(unit->session);
    unit->session = NULL;
}

static void unit_clear(Unit *unit)
{
    unit_close(unit);
    for (gsize i = 0; i < N_PIPES; i++)
        g_queue_clear_full(&unit->pipe[i].chunks, chunk_free);
    g_assert_cmpuint(fake_bus_n_open(unit->bus), ==, 0);
    cel_bus_free(unit->bus);
    cel_params_free(unit->params);
    g_string_free(unit->log, TRUE);
}

static gboolean unit_expose(Unit *unit, double ms, double *out_counts, GCancellable *cancel,
                            GError **error)
{
    guint64 number = 0;
    return cel_driver_ocean.expose(unit->session, &(CelExposure){.integration_ms = ms}, out_counts,
                                   &number, cancel, error);
}

static void unit_forget(Unit *unit)
{
    g_string_truncate(unit->log, 0);
    g_free(fake_bus_take_log(unit->bus));
}

typedef struct {
    GCancellable *cancel;
    gint64 at_us; /* (out): when it was cancelled */
} Canceller;

static gpointer cancel_soon(gpointer data)
{
    Canceller *canceller = data;
    g_usleep(60000);
    canceller->at_us = g_get_monotonic_time();
    g_cancellable_cancel(canceller->cancel);
    return NULL;
}
