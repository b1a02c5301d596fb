/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-supervisor.h"

#include "base/cel-lock.h"

enum { LOOK_US = 100000 }; /* how often the guard and the clocks are looked at */

struct CelSupervisor {
    CelSupervised what;
    gint64 deadline_us;
    GThread *thread;
    CelLock lock; /* guards what follows */
    CelSignal ended;
    gboolean is_ended;
    CelStopCause cause;
};

static CelStopCause find_cause(const CelSupervisor *s)
{
    if (cel_clock_has_slept(s->what.clock, s->what.slept_us))
        return CEL_STOPPED_BY_SLEEP;
    if (g_get_monotonic_time() >= s->deadline_us)
        return CEL_STOPPED_BY_DEADLINE;
    if (s->what.guard_ops != NULL && !s->what.guard_ops->is_alive(s->what.guard))
        return CEL_STOPPED_BY_GUARD;
    return CEL_STOPPED_BY_NOBODY;
}

/* With the lock. Returns: FALSE when there is nothing left to watch. */
static gboolean wait_a_while(CelSupervisor *s)
{
    const gint64 until_us = MIN(s->deadline_us, g_get_monotonic_time() + LOOK_US);
    while (!s->is_ended && cel_signal_wait_until(&s->ended, &s->lock, until_us))
        ;
    s->cause = s->is_ended ? CEL_STOPPED_BY_NOBODY : find_cause(s);
    return !s->is_ended && s->cause == CEL_STOPPED_BY_NOBODY;
}

static gpointer watch(gpointer data)
{
    CelSupervisor *s = data;
    cel_lock_take(&s->lock);
    while (wait_a_while(s))
        ;
    const gboolean must_stop = s->cause != CEL_STOPPED_BY_NOBODY;
    cel_lock_give(&s->lock);
    if (must_stop)
        g_cancellable_cancel(s->what.stop);
    return NULL;
}

CelSupervisor *cel_supervisor_begin(const CelSupervised *what)
{
    CelSupervisor *s = g_new0(CelSupervisor, 1);
    s->what = *what;
    s->deadline_us = g_get_monotonic_time() + (gint64)what->longest_ms * 1000;
    s->thread = g_thread_new("cel-laser", watch, s);
    return s;
}

CelStopCause cel_supervisor_cause(CelSupervisor *s)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&s->lock);
    return s->cause;
}

CelStopCause cel_supervisor_end(CelSupervisor *s)
{
    cel_lock_take(&s->lock);
    s->is_ended = TRUE;
    cel_signal_send(&s->ended);
    cel_lock_give(&s->lock);
    g_thread_join(s->thread);
    const CelStopCause cause = s->cause;
    cel_lock_clear(&s->lock);
    cel_signal_clear(&s->ended);
    g_free(s);
    return cause;
}
