/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-guard.h"

#include "base/cel-error.h"
#include "base/cel-lock.h"
#include "device/cel-guard-protocol.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    START_US = 5000000, /* opening a unit that is busy takes up to 1.2 s */
    PERMIT_US = 500000,
    MUTE_US = 1000000, /* a guard that has not answered for so long is as good as dead */
    END_US = 5000000,  /* of a guard that was told to leave */
    PART_US = 1000000, /* of one that is still turning the laser off: it goes on without us */
    CANCEL_POLL_US = 20000,
};

typedef struct {
    int fd;
    GPid pid;
    GThread *beater, *reaper;
    CelGuardReader reader; /* the beater's own */
    CelLock lock;          /* guards what follows */
    CelSignal news;
    gint64 deadline_us;         /* 0: no light is permitted */
    guint64 number, n_answered; /* of the last beat sent, and answered */
    gint64 answered_us;
    gboolean ready, lost, quit, exited;
    char why[96]; /* it was lost */
} Guard;

/* ---- with the lock ---- */

static void lose(Guard *guard, const char *why)
{
    if (guard->lost)
        return;
    guard->lost = TRUE;
    g_strlcpy(guard->why, why, sizeof guard->why);
    cel_signal_send(&guard->news);
}

static void beat(Guard *guard)
{
    char line[64];
    g_snprintf(line, sizeof line, "beat %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT "\n",
               ++guard->number, guard->deadline_us);
    if (!cel_guard_send(guard->fd, line))
        lose(guard, "it does not listen");
}

static void hear(Guard *guard, const char *text, gsize n)
{
    CelGuardLine line;
    const gboolean known = cel_guard_parse(text, n, NULL, &line);
    if (known && line.word == CEL_GUARD_READY)
        guard->ready = TRUE;
    else if (known && line.word == CEL_GUARD_OK && line.number <= guard->number)
        guard->n_answered = line.number;
    else
        lose(guard, known && line.text[0] != '\0' ? line.text : "it says what it must not");
    guard->answered_us = g_get_monotonic_time();
    cel_signal_send(&guard->news);
}

/* ---- the threads ---- */

static void listen_to_it(Guard *guard)
{
    char line[CEL_GUARD_MAX_LINE + 1];
    const int state = cel_guard_receive(&guard->reader, guard->fd);
    g_autoptr(CelLocker) locker = cel_locker_new(&guard->lock);
    for (gssize n = cel_guard_next_line(&guard->reader, line); n >= 0;
         n = cel_guard_next_line(&guard->reader, line))
        hear(guard, line, (gsize)n);
    if (state < 0)
        lose(guard, "it has ended");
}

/* Returns: FALSE when there is nothing more to do. */
static gboolean keep_beating(Guard *guard, gint64 *next_us)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&guard->lock);
    const gint64 now_us = g_get_monotonic_time();
    if (guard->ready && !guard->quit && now_us >= *next_us) {
        beat(guard);
        *next_us = now_us + CEL_GUARD_BEAT_MS * 1000;
    }
    if (guard->ready && !guard->quit && now_us - guard->answered_us > MUTE_US)
        lose(guard, "it does not answer");
    return !guard->lost && !guard->quit;
}

static gpointer beat_on(gpointer data)
{
    Guard *guard = data;
    gint64 next_us = 0;
    while (keep_beating(guard, &next_us)) {
        struct pollfd wait = {.fd = guard->fd, .events = POLLIN};
        const gint64 left_us = MAX(next_us - g_get_monotonic_time(), 0);
        poll(&wait, 1, next_us == 0 ? CEL_GUARD_BEAT_MS : (int)(left_us / 1000) + 1);
        if (wait.revents != 0)
            listen_to_it(guard);
    }
    return NULL;
}

/* The process is reaped only after everybody knows that it has ended: nobody signals its number
 * when that is another's. */
static gpointer reap(gpointer data)
{
    Guard *guard = data;
    siginfo_t info;
    while (waitid(P_PID, (id_t)guard->pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR)
        continue;
    cel_lock_take(&guard->lock);
    guard->exited = TRUE;
    lose(guard, "it has ended");
    cel_signal_send(&guard->news);
    cel_lock_give(&guard->lock);
    waitpid(guard->pid, NULL, 0);
    return NULL;
}

/* ---- the end ---- */

/* A guard that still tries to turn the laser off is left to it. Returns: whether it has ended. */
static gboolean await_exit(Guard *guard)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&guard->lock);
    const gint64 end_us = g_get_monotonic_time() + (guard->deadline_us == 0 ? END_US : PART_US);
    gboolean in_time = TRUE;
    while (!guard->exited && in_time)
        in_time = cel_signal_wait_until(&guard->news, &guard->lock, end_us);
    if (!guard->exited && guard->deadline_us == 0)
        kill(guard->pid, SIGKILL);
    return guard->exited || guard->deadline_us == 0;
}

static void guard_stop(gpointer data)
{
    Guard *guard = data;
    cel_lock_take(&guard->lock);
    guard->quit = TRUE;
    if (guard->deadline_us == 0)
        cel_guard_send(guard->fd, "end\n");
    cel_lock_give(&guard->lock);
    shutdown(guard->fd, SHUT_RDWR);
    g_thread_join(guard->beater);
    close(guard->fd);
    if (!await_exit(guard))
        return; /* the reaper still uses it */
    g_thread_join(guard->reaper);
    cel_signal_clear(&guard->news);
    cel_lock_clear(&guard->lock);
    g_free(guard);
}

/* ---- the start ---- */

static gboolean fail(const char *why, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                _("The guard that turns the laser off when this program fails is not there: %s. "
                  "The laser stays off; nothing was measured. Plug the instrument in again; if "
                  "that does not help, have Celadon installed anew."),
                why);
    return FALSE;
}

/* Returns: the application's end of the socket, or -1. */
static int spawn(const char *program, GPid *out_pid, GError **error)
{
    int ends[2];
    const char *const argv[] = {program, NULL};
    g_autoptr(GError) failure = NULL;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        fail(g_strerror(errno), error);
        return -1;
    }
    const gboolean spawned = g_spawn_async_with_pipes_and_fds(
        NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, ends[1], ends[1], -1, NULL, NULL,
        0, out_pid, NULL, NULL, NULL, &failure);
    close(ends[1]);
    if (spawned)
        return ends[0];
    close(ends[0]);
    fail(failure->message, error);
    return -1;
}

static gboolean await_ready(Guard *guard, GCancellable *cancel, GError **error)
{
    const gint64 end_us = g_get_monotonic_time() + START_US;
    g_autoptr(CelLocker) locker = cel_locker_new(&guard->lock);
    while (!guard->ready && !guard->lost && g_get_monotonic_time() < end_us &&
           !g_cancellable_is_cancelled(cancel))
        cel_signal_wait_until(&guard->news, &guard->lock, g_get_monotonic_time() + CANCEL_POLL_US);
    if (guard->ready && !guard->lost)
        return TRUE;
    if (!g_cancellable_is_cancelled(cancel))
        return fail(guard->lost ? guard->why : "it does not get ready", error);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_CANCELLED, _("stopped. Nothing was written."));
    return FALSE;
}

static gboolean has_gate(const CelLaserGate *gate)
{
    return gate->is_bulk ? gate->n > 0 : gate->control.request_type != 0;
}

static gpointer guard_start(const CelGuardStart *what, GError **error)
{
    GPid pid = 0;
    if (what->program == NULL || !has_gate(what->gate)) {
        fail(_("it is not installed, or nothing tells it how to reach the laser"), error);
        return NULL;
    }
    const int fd = spawn(what->program, &pid, error);
    if (fd < 0)
        return NULL;
    Guard *guard = g_new0(Guard, 1);
    guard->fd = fd;
    guard->pid = pid;
    guard->answered_us = g_get_monotonic_time();
    g_autofree char *order =
        cel_guard_print_order(&(CelGuardOrder){.usb = *what->usb, .gate = *what->gate});
    cel_guard_send(fd, order); /* a failure is seen as an end */
    guard->reaper = g_thread_new("cel-guard-end", reap, guard);
    guard->beater = g_thread_new("cel-guard", beat_on, guard);
    if (await_ready(guard, what->cancel, error))
        return guard;
    guard_stop(guard);
    return NULL;
}

/* ---- light ---- */

/* With the lock. */
static gboolean fail_permit(const Guard *guard, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The guard that turns the laser off when this program fails does not confirm "
                  "(%s). The laser stays off; nothing was measured. Repeat it."),
                guard->lost ? guard->why : "it does not answer");
    return FALSE;
}

static gboolean guard_permit(gpointer data, guint longest_ms, GError **error)
{
    Guard *guard = data;
    const gint64 now_us = g_get_monotonic_time();
    g_autoptr(CelLocker) locker = cel_locker_new(&guard->lock);
    guard->deadline_us = longest_ms > 0 ? now_us + (gint64)longest_ms * 1000 : 0;
    beat(guard);
    const guint64 number = guard->number;
    gboolean in_time = TRUE;
    if (longest_ms == 0) /* a later permit waits for its own number: nothing is confused */
        return !guard->lost || fail_permit(guard, error);
    while (!guard->lost && guard->n_answered < number && in_time)
        in_time = cel_signal_wait_until(&guard->news, &guard->lock, now_us + PERMIT_US);
    if (!guard->lost && guard->n_answered >= number)
        return TRUE;
    guard->deadline_us = 0; /* no light comes of it; the guard may end */
    return fail_permit(guard, error);
}

static void guard_help(gpointer data)
{
    Guard *guard = data;
    g_autoptr(CelLocker) locker = cel_locker_new(&guard->lock);
    if (!guard->lost)
        cel_guard_send(guard->fd, "help\n"); /* a failure is seen as an end */
}

static gboolean guard_is_alive(gpointer data)
{
    Guard *guard = data;
    g_autoptr(CelLocker) locker = cel_locker_new(&guard->lock);
    return !guard->lost;
}

const CelGuardOps cel_guard_process = {
    .start = guard_start,
    .permit = guard_permit,
    .is_alive = guard_is_alive,
    .help = guard_help,
    .stop = guard_stop,
};
