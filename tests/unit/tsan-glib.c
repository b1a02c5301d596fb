/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * GLib's locks are futexes that ThreadSanitizer does not see, so that every use of a lock looks
 * like a race. Linked into tests of a -Db_sanitize=thread build only, these take GLib's place and
 * are pthread ones, which it does see.
 */
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t *get_mutex(GMutex *mutex)
{
    pthread_mutex_t *known = g_atomic_pointer_get(&mutex->p);
    if (known != NULL)
        return known;
    pthread_mutex_t *fresh = calloc(1, sizeof *fresh);
    pthread_mutex_init(fresh, NULL);
    if (g_atomic_pointer_compare_and_exchange(&mutex->p, NULL, fresh))
        return fresh;
    free(fresh);
    return g_atomic_pointer_get(&mutex->p);
}

static pthread_cond_t *get_cond(GCond *cond)
{
    pthread_cond_t *known = g_atomic_pointer_get(&cond->p);
    if (known != NULL)
        return known;
    pthread_cond_t *fresh = calloc(1, sizeof *fresh);
    pthread_cond_init(fresh, NULL);
    if (g_atomic_pointer_compare_and_exchange(&cond->p, NULL, fresh))
        return fresh;
    free(fresh);
    return g_atomic_pointer_get(&cond->p);
}

void g_mutex_init(GMutex *mutex)
{
    mutex->p = NULL;
    get_mutex(mutex);
}

void g_mutex_clear(GMutex *mutex)
{
    pthread_mutex_destroy(get_mutex(mutex));
    free(mutex->p);
    mutex->p = NULL;
}

void g_mutex_lock(GMutex *mutex)
{
    pthread_mutex_lock(get_mutex(mutex));
}

void g_mutex_unlock(GMutex *mutex)
{
    pthread_mutex_unlock(get_mutex(mutex));
}

gboolean g_mutex_trylock(GMutex *mutex)
{
    return pthread_mutex_trylock(get_mutex(mutex)) == 0;
}

void g_cond_init(GCond *cond)
{
    cond->p = NULL;
    get_cond(cond);
}

void g_cond_clear(GCond *cond)
{
    pthread_cond_destroy(get_cond(cond));
    free(cond->p);
    cond->p = NULL;
}

void g_cond_wait(GCond *cond, GMutex *mutex)
{
    pthread_cond_wait(get_cond(cond), get_mutex(mutex));
}

gboolean g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_us)
{
    const struct timespec end = { .tv_sec = end_us / G_USEC_PER_SEC,
                                  .tv_nsec = (end_us % G_USEC_PER_SEC) * 1000 };
    return pthread_cond_clockwait(get_cond(cond), get_mutex(mutex), CLOCK_MONOTONIC, &end) == 0;
}

void g_cond_signal(GCond *cond)
{
    pthread_cond_signal(get_cond(cond));
}

void g_cond_broadcast(GCond *cond)
{
    pthread_cond_broadcast(get_cond(cond));
}
