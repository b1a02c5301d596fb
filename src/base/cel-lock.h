/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Our locks. GLib's are futexes that neither ThreadSanitizer nor helgrind can see, so that every
 * use of one looks like a race; these say what they do. In an ordinary build they are GLib's and
 * cost nothing more. Whatever threads share is guarded by one of these; nothing else in the tree
 * names GMutex or GCond.
 *
 * -Db_sanitize=thread switches the words for ThreadSanitizer on, -Dc_args=-DCEL_HELGRIND those for
 * helgrind ("tools/soak tsan", "tools/soak helgrind").
 */
#if defined(__SANITIZE_THREAD__)
#define CEL_LOCK_TSAN
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CEL_LOCK_TSAN
#endif
#endif

#if defined(CEL_LOCK_TSAN)
#include <sanitizer/tsan_interface.h>
#define CEL_LOCK_TAKES(lock)    __tsan_mutex_pre_lock((lock), __tsan_mutex_linker_init)
#define CEL_LOCK_TAKEN(lock)    __tsan_mutex_post_lock((lock), __tsan_mutex_linker_init, 0)
#define CEL_LOCK_GIVES(lock)    ((void)__tsan_mutex_pre_unlock((lock), 0))
#define CEL_LOCK_GIVEN(lock)    __tsan_mutex_post_unlock((lock), 0)
#define CEL_LOCK_FORGET(lock)   __tsan_mutex_destroy((lock), __tsan_mutex_linker_init)
#define CEL_LOCK_BEFORE(memory) __tsan_release(memory)
#define CEL_LOCK_AFTER(memory)  __tsan_acquire(memory)
#elif defined(CEL_HELGRIND)
#include <valgrind/helgrind.h>
#define CEL_LOCK_TAKES(lock)    ((void)(lock))
#define CEL_LOCK_TAKEN(lock)    ANNOTATE_HAPPENS_AFTER(lock)
#define CEL_LOCK_GIVES(lock)    ANNOTATE_HAPPENS_BEFORE(lock)
#define CEL_LOCK_GIVEN(lock)    ((void)(lock))
#define CEL_LOCK_FORGET(lock)   ANNOTATE_HAPPENS_BEFORE_FORGET_ALL(lock)
#define CEL_LOCK_BEFORE(memory) ANNOTATE_HAPPENS_BEFORE(memory)
#define CEL_LOCK_AFTER(memory)  ANNOTATE_HAPPENS_AFTER(memory)
#else
#define CEL_LOCK_TAKES(lock)    ((void)(lock))
#define CEL_LOCK_TAKEN(lock)    ((void)(lock))
#define CEL_LOCK_GIVES(lock)    ((void)(lock))
#define CEL_LOCK_GIVEN(lock)    ((void)(lock))
#define CEL_LOCK_FORGET(lock)   ((void)(lock))
#define CEL_LOCK_BEFORE(memory) ((void)(memory))
#define CEL_LOCK_AFTER(memory)  ((void)(memory))
#endif

G_BEGIN_DECLS

/** CelLock: a lock, not recursive; zeroed memory is a free one. */
typedef struct {
    GMutex mutex;
} CelLock;

/** CelSignal: what threads wait for; zeroed memory is a ready one. Used with the one lock that
 * guards the condition. */
typedef struct {
    GCond cond;
} CelSignal;

/** cel_lock_take: waits until no other thread has @lock. */
static inline void cel_lock_take(CelLock *lock)
{
    CEL_LOCK_TAKES(lock);
    g_mutex_lock(&lock->mutex);
    CEL_LOCK_TAKEN(lock);
}

/** cel_lock_give: @lock: taken by this thread. */
static inline void cel_lock_give(CelLock *lock)
{
    CEL_LOCK_GIVES(lock);
    g_mutex_unlock(&lock->mutex);
    CEL_LOCK_GIVEN(lock);
}

/** cel_lock_clear: @lock: free, not used any more. */
static inline void cel_lock_clear(CelLock *lock)
{
    CEL_LOCK_FORGET(lock);
    g_mutex_clear(&lock->mutex);
}

/** cel_signal_wait: gives @lock, waits for the signal (or for nothing: look at the condition
 * again), takes @lock. */
static inline void cel_signal_wait(CelSignal *signal, CelLock *lock)
{
    CEL_LOCK_GIVES(lock);
    CEL_LOCK_GIVEN(lock);
    g_cond_wait(&signal->cond, &lock->mutex);
    CEL_LOCK_TAKES(lock);
    CEL_LOCK_TAKEN(lock);
}

/** cel_signal_wait_until: the same, not beyond @end_us of g_get_monotonic_time(). Returns: FALSE
 * when that time has come. */
static inline gboolean cel_signal_wait_until(CelSignal *signal, CelLock *lock, gint64 end_us)
{
    CEL_LOCK_GIVES(lock);
    CEL_LOCK_GIVEN(lock);
    const gboolean in_time = g_cond_wait_until(&signal->cond, &lock->mutex, end_us);
    CEL_LOCK_TAKES(lock);
    CEL_LOCK_TAKEN(lock);
    return in_time;
}

/** cel_signal_send: wakes every thread that waits. */
static inline void cel_signal_send(CelSignal *signal)
{
    g_cond_broadcast(&signal->cond);
}

/** cel_signal_clear: @signal: nobody waits any more. */
static inline void cel_signal_clear(CelSignal *signal)
{
    g_cond_clear(&signal->cond);
}

/** cel_hand_over: @memory goes to another thread through a library whose own order the tools do not
 * see, such as the handler of a GCancellable; that thread calls cel_take_over() first. */
static inline void cel_hand_over(gpointer memory)
{
    CEL_LOCK_BEFORE(memory);
}

/** cel_take_over: see cel_hand_over(). */
static inline void cel_take_over(gpointer memory)
{
    CEL_LOCK_AFTER(memory);
}

/** CelLocker: has a lock until the end of the scope: "g_autoptr(CelLocker) locker =
 * cel_locker_new(&lock);". */
typedef struct CelLocker CelLocker;

/** cel_locker_new: takes @lock. */
static inline CelLocker *cel_locker_new(CelLock *lock)
{
    cel_lock_take(lock);
    return (CelLocker *)lock;
}

/** cel_locker_free: gives it. */
static inline void cel_locker_free(CelLocker *locker)
{
    cel_lock_give((CelLock *)locker);
}
typedef CelLocker *CelLocker_autoptr G_GNUC_UNUSED; /* it is there to end; clang would complain */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLocker, cel_locker_free)

G_END_DECLS
