/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-lock.h"

enum { N_THREADS = 4, N_ROUNDS = 2000 };

typedef struct {
    CelLock lock;
    CelSignal signal;
    guint count, n_ready;
    gboolean go;
} Shared;

static gpointer count_up(gpointer data)
{
    Shared *shared = data;
    for (guint i = 0; i < N_ROUNDS; i++) {
        g_autoptr(CelLocker) locker = cel_locker_new(&shared->lock);
        shared->count++;
    }
    return NULL;
}

static void threads_that_share_a_lock_lose_no_count(void)
{
    Shared shared = {0};
    GThread *threads[N_THREADS];
    for (guint i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new("count", count_up, &shared);
    for (guint i = 0; i < N_THREADS; i++)
        g_thread_join(threads[i]);
    g_assert_cmpuint(shared.count, ==, N_THREADS * N_ROUNDS);
    cel_lock_clear(&shared.lock);
}

static gpointer wait_for_go(gpointer data)
{
    Shared *shared = data;
    g_autoptr(CelLocker) locker = cel_locker_new(&shared->lock);
    shared->n_ready++;
    cel_signal_send(&shared->signal);
    while (!shared->go)
        cel_signal_wait(&shared->signal, &shared->lock);
    shared->count++;
    return NULL;
}

static void one_signal_wakes_every_thread_that_waits(void)
{
    Shared shared = {0};
    GThread *threads[N_THREADS];
    for (guint i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new("wait", wait_for_go, &shared);
    cel_lock_take(&shared.lock);
    while (shared.n_ready < N_THREADS)
        cel_signal_wait(&shared.signal, &shared.lock);
    g_assert_cmpuint(shared.count, ==, 0);
    shared.go = TRUE;
    cel_signal_send(&shared.signal);
    cel_lock_give(&shared.lock);
    for (guint i = 0; i < N_THREADS; i++)
        g_thread_join(threads[i]);
    g_assert_cmpuint(shared.count, ==, N_THREADS);
    cel_signal_clear(&shared.signal);
    cel_lock_clear(&shared.lock);
}

static void waiting_until_a_time_ends_at_that_time(void)
{
    CelLock lock = {0};
    CelSignal signal = {0};
    const gint64 end_us = g_get_monotonic_time() + 5000;
    cel_lock_take(&lock);
    while (cel_signal_wait_until(&signal, &lock, end_us))
        continue;
    cel_lock_give(&lock);
    g_assert_cmpint(g_get_monotonic_time(), >=, end_us);
    cel_signal_clear(&signal);
    cel_lock_clear(&lock);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lock/threads-that-share-a-lock-lose-no-count",
                    threads_that_share_a_lock_lose_no_count);
    g_test_add_func("/lock/one-signal-wakes-every-thread-that-waits",
                    one_signal_wakes_every_thread_that_waits);
    g_test_add_func("/lock/waiting-until-a-time-ends-at-that-time",
                    waiting_until_a_time_ends_at_that_time);
    return g_test_run();
}
