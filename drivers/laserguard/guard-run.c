/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guard-run.h"

#include "device/cel-guard-protocol.h"
#include "guard-rules.h"

#include <poll.h>
#include <signal.h>
#include <string.h>

enum {
    LOOK_MS = 50,      /* how soon silence and deadlines are seen */
    TRANSFER_MS = 250, /* of one attempt */
    MAX_ATTEMPTS = 100,
    BETWEEN_MS = 50,
    UNSEEN_ATTEMPTS = 2, /* commands to a laser that cannot be read back */
    SEEK_ATTEMPTS = 3,   /* at one look at a unit; the next look is soon */
    MAX_SETTLED = 128,   /* addresses of one bus */
};

/* Where a unit is plugged in. */
typedef struct {
    guint8 bus, address;
} Port;

/* How switching off ended. */
typedef enum { OFF_DONE, OFF_UNIT_GONE, OFF_FAILED } OffResult;

typedef struct {
    const GuardPlace *place;
    CelGuardOrder order;
    CelGuardReader reader;
    CelTransport *transport; /* (nullable) */
    gboolean claimed, watching;
    OffResult last;
    GuardState state;
    Port settled[MAX_SETTLED]; /* units of the same ids that are not ours, or are off */
    guint n_settled;
} Guard;

/* ---- the laser ---- */

static gboolean open_unit(Guard *guard, gboolean claim, GError **error)
{
    g_clear_pointer(&guard->transport, cel_transport_close);
    guard->transport = cel_bus_open(guard->place->bus, &guard->order.usb, claim, error);
    guard->claimed = claim && guard->transport != NULL;
    return guard->transport != NULL;
}

/* A bulk packet needs the interface, which is free once the parent is gone. */
static gboolean ready_for_gate(Guard *guard, GError **error)
{
    const gboolean claim = guard->order.gate.is_bulk;
    if (guard->transport != NULL && (guard->claimed || !claim))
        return TRUE;
    return open_unit(guard, claim, error);
}

static gboolean send_gate(Guard *guard, GError **error)
{
    CelLaserGate *gate = &guard->order.gate;
    const CelTransfer limits = {.timeout_ms = TRANSFER_MS};
    if (gate->is_bulk)
        return cel_transport_bulk(guard->transport, gate->endpoint, gate->data, gate->n, &limits,
                                  NULL, error);
    guint8 zeros[sizeof gate->data] = {0};
    return cel_transport_control(guard->transport, &gate->control, zeros, gate->n, &limits, NULL,
                                 error);
}

static gboolean can_read_back(const Guard *guard)
{
    return guard->order.gate.read_back.request_type != 0;
}

static gboolean reads_off(Guard *guard, gboolean *out_off, GError **error)
{
    guint8 data[8] = {0};
    gsize n = 0;
    const CelTransfer limits = {.timeout_ms = TRANSFER_MS};
    if (!cel_transport_control(guard->transport, &guard->order.gate.read_back, data, sizeof data,
                               &limits, &n, error))
        return FALSE;
    *out_off = n > 0 && data[0] == 0;
    return TRUE;
}

/* Returns: whether the laser is off for sure, or commanded off where it cannot be read. */
static gboolean attempt(Guard *guard, guint *n_sent, GError **error)
{
    gboolean off = FALSE;
    if (!ready_for_gate(guard, error) || !send_gate(guard, error))
        return FALSE;
    (*n_sent)++;
    if (!can_read_back(guard))
        return *n_sent >= UNSEEN_ATTEMPTS;
    return reads_off(guard, &off, error) && off;
}

static OffResult switch_off(Guard *guard, guint max_attempts)
{
    guint n_sent = 0;
    for (guint i = 0; i < max_attempts; i++) {
        g_autoptr(GError) error = NULL;
        if (attempt(guard, &n_sent, &error))
            return OFF_DONE;
        if (g_error_matches(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE))
            return OFF_UNIT_GONE;
        if (error != NULL)
            cel_transport_sleep(BETWEEN_MS, NULL);
    }
    return OFF_FAILED;
}

/* ---- a unit that left ---- */

/* Returns: (transfer full): where units of these ids are, other than @not_here (nullable). */
static GArray *list_kin(const Guard *guard, const CelUsbPresent *not_here)
{
    GArray *kin = g_array_new(FALSE, FALSE, sizeof(CelUsbPresent));
    g_autoptr(GArray) all = cel_bus_list(guard->place->bus, NULL);
    for (guint i = 0; all != NULL && i < all->len; i++) {
        const CelUsbPresent *usb = &g_array_index(all, CelUsbPresent, i);
        if (usb->vendor != guard->order.usb.vendor || usb->product != guard->order.usb.product)
            continue;
        if (not_here == NULL || usb->bus != not_here->bus || usb->address != not_here->address)
            g_array_append_val(kin, *usb);
    }
    return kin;
}

static gboolean is_settled(const Guard *guard, const CelUsbPresent *usb)
{
    for (guint i = 0; i < guard->n_settled; i++)
        if (guard->settled[i].bus == usb->bus && guard->settled[i].address == usb->address)
            return TRUE;
    return FALSE;
}

static void settle(Guard *guard, const CelUsbPresent *usb)
{
    if (guard->n_settled < MAX_SETTLED)
        guard->settled[guard->n_settled++] = (Port){usb->bus, usb->address};
}

static gboolean holds(const GArray *kin, Port port)
{
    for (guint i = 0; i < kin->len; i++) {
        const CelUsbPresent *usb = &g_array_index(kin, CelUsbPresent, i);
        if (usb->bus == port.bus && usb->address == port.address)
            return TRUE;
    }
    return FALSE;
}

/* What has left may come back as another unit at the same address. */
static void forget_departed(Guard *guard, const GArray *kin)
{
    guint n = 0;
    for (guint i = 0; i < guard->n_settled; i++)
        if (holds(kin, guard->settled[i]))
            guard->settled[n++] = guard->settled[i];
    guard->n_settled = n;
}

/* Nobody can tell by its address which unit has come, so each is turned off, once. Those that were
 * there from the beginning are other people's. */
static void seek(Guard *guard)
{
    g_autoptr(GArray) kin = list_kin(guard, NULL);
    forget_departed(guard, kin);
    for (guint i = 0; i < kin->len; i++) {
        const CelUsbPresent *usb = &g_array_index(kin, CelUsbPresent, i);
        if (is_settled(guard, usb))
            continue;
        guard->order.usb = *usb;
        g_clear_pointer(&guard->transport, cel_transport_close);
        const OffResult result = switch_off(guard, SEEK_ATTEMPTS);
        g_clear_pointer(&guard->transport, cel_transport_close);
        if (result == OFF_DONE)
            settle(guard, usb);
        if (result != OFF_UNIT_GONE)
            guard->last = result;
    }
    cel_transport_sleep(LOOK_MS, NULL);
}

static void note_others(Guard *guard)
{
    g_autoptr(GArray) others = list_kin(guard, &guard->order.usb);
    for (guint i = 0; i < others->len; i++)
        settle(guard, &g_array_index(others, CelUsbPresent, i));
}

/* Light that was permitted may burn on in a unit that was not reached. */
static void begin_to_seek(Guard *guard)
{
    if (guard->state.deadline_us == 0 || guard->state.seek_until_us != 0)
        return;
    guard->state.seek_until_us = g_get_monotonic_time() + (gint64)guard->place->seek_ms * 1000;
    g_clear_pointer(&guard->transport, cel_transport_close);
}

static gboolean has_left(const Guard *guard)
{
    const Port port = {guard->order.usb.bus, guard->order.usb.address};
    g_autoptr(GArray) kin = list_kin(guard, NULL);
    return !holds(kin, port);
}

/* ---- the application ---- */

G_GNUC_PRINTF(2, 3) static void say(const Guard *guard, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    cel_guard_send(guard->place->fd, text); /* to a dead parent: nothing to be done */
}

/* Reading back proves the way to the laser before light depends on it. */
static gboolean begin_watch(Guard *guard)
{
    g_autoptr(GError) error = NULL;
    gboolean off = FALSE;
    guard->state.needs_claim = guard->order.gate.is_bulk;
    if (!open_unit(guard, FALSE, &error) ||
        (can_read_back(guard) && !reads_off(guard, &off, &error))) {
        say(guard, "failed %s\n", error->message);
        return FALSE;
    }
    guard->watching = TRUE;
    note_others(guard);
    say(guard, "ready\n");
    return TRUE;
}

static void take_beat(Guard *guard, const CelGuardLine *line)
{
    guard->state.heard_us = g_get_monotonic_time();
    guard->state.deadline_us = line->deadline_us;
    guard->state.is_off = guard->state.is_off && line->deadline_us == 0;
    if (guard->state.acted) {
        say(guard, "lost the guard has acted\n");
        return;
    }
    say(guard, "ok %" G_GUINT64_FORMAT "\n", line->number);
}

/* Returns: FALSE when nothing can be guarded. */
static gboolean obey(Guard *guard, const char *text, gsize n)
{
    CelGuardLine line;
    if (!cel_guard_parse(text, n, guard->watching ? NULL : &guard->order, &line))
        return FALSE;
    switch (line.word) {
    case CEL_GUARD_WATCH:
        return guard->watching || begin_watch(guard);
    case CEL_GUARD_BEAT:
        if (guard->watching)
            take_beat(guard, &line);
        return guard->watching;
    case CEL_GUARD_HELP:
        guard->state.called = TRUE;
        return guard->watching;
    case CEL_GUARD_END:
        guard->state.ended = TRUE;
        return TRUE;
    case CEL_GUARD_UNIT:
    case CEL_GUARD_GATE:
    case CEL_GUARD_READ:
        return !guard->watching;
    case CEL_GUARD_READY:
    case CEL_GUARD_OK:
    case CEL_GUARD_FAILED:
    case CEL_GUARD_LOST:
    default:
        return FALSE;
    }
}

/* An application that talks nonsense is as good as gone: the laser goes off. */
static void listen_to_parent(Guard *guard)
{
    char line[CEL_GUARD_MAX_LINE + 1];
    const int state = cel_guard_receive(&guard->reader, guard->place->fd);
    gboolean sane = TRUE;
    for (gssize n = cel_guard_next_line(&guard->reader, line); n >= 0 && sane;
         n = cel_guard_next_line(&guard->reader, line))
        sane = obey(guard, line, (gsize)n);
    if (state < 0 || !sane)
        guard->state.parent_gone = TRUE;
}

static void wait_for_news(Guard *guard)
{
    struct pollfd fds[] = {{.fd = guard->place->fd, .events = POLLIN},
                           {.fd = guard->place->parent_fd, .events = POLLIN}};
    if (guard->state.parent_gone)
        return;
    poll(fds, 2, LOOK_MS);
    if (fds[0].revents != 0)
        listen_to_parent(guard);
    if (fds[1].revents != 0 && !guard->state.ended)
        guard->state.parent_gone = TRUE;
}

/* ---- what is done ---- */

static void act(Guard *guard, const char *cause)
{
    if (!guard->state.acted)
        say(guard, "lost %s\n", cause);
    guard->last = switch_off(guard, MAX_ATTEMPTS);
    guard->state.acted = guard->state.is_off = TRUE;
    guard->state.is_final = guard->state.parent_gone;
    if (guard->last != OFF_DONE)
        begin_to_seek(guard);
}

static void kill_parent(Guard *guard)
{
    if (guard->place->parent > 0)
        kill(guard->place->parent, SIGKILL);
    guard->state.parent_gone = TRUE;
}

static void do_deed(Guard *guard, GuardDeed deed, const char *cause)
{
    const GuardState *state = &guard->state;
    switch (deed) {
    case GUARD_SWITCH_OFF:
        act(guard, cause);
        break;
    case GUARD_SEEK:
        seek(guard);
        break;
    case GUARD_KILL_PARENT: /* a unit that left needs no interface: nobody is killed for it */
        if (has_left(guard))
            act(guard, cause);
        else
            kill_parent(guard);
        break;
    case GUARD_WAIT: /* for the deadline: a call about a unit that left is answered before it */
        if (state->needs_claim && state->called && !state->acted && has_left(guard))
            act(guard, "call of the application");
        break;
    case GUARD_LEAVE:
    default:
        break;
    }
}

int guard_run(const GuardPlace *place)
{
    Guard guard = {.place = place, .state.heard_us = g_get_monotonic_time()};
    for (GuardDeed deed = GUARD_WAIT; deed != GUARD_LEAVE;) {
        const char *cause = NULL;
        wait_for_news(&guard);
        if (guard.state.parent_gone && !guard.watching)
            return 2;
        deed = guard_decide(&guard.state, g_get_monotonic_time(), &cause);
        do_deed(&guard, deed, cause);
    }
    cel_transport_close(guard.transport);
    return guard.last == OFF_FAILED ? 1 : 0;
}
