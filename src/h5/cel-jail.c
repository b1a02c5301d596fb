/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "h5/cel-jail.h"

#include "base/cel-error.h"
#include "h5/cel-h5-node.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
/* The sanitizers map terabytes of shadow memory: an address space limit would end them at once. */
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) ||                           \
    defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer) ||                             \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

typedef enum { STATE_BORN, STATE_NO_JAIL, STATE_JAILED, STATE_DONE } State;

/* The first page of the shared memory. */
typedef struct {
    volatile guint32 state;
    volatile guint64 used;
} Header;

enum {
    HEADER_BYTES = 4096,
    POLL_MS = 50, /* how soon a cancel is seen */
    NO_PIDFD_POLL_MS = 2,
};

typedef struct {
    guint8 *memory;
    gsize size;
    gsize used; /* of the result, once the child is gone */
} Shared;

static void free_shared(gpointer data)
{
    Shared *shared = data;
    if (shared->memory != MAP_FAILED)
        munmap(shared->memory, shared->size);
    g_free(shared);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shared, free_shared)

static gboolean set_limit(__rlimit_resource_t resource, gsize value)
{
    const struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &limit) == 0;
}

static gboolean limit_child(const CelJailLimits *limits, gsize mapped_bytes)
{
    gsize memory = 0;
    return set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_FSIZE, 0) && set_limit(RLIMIT_NOFILE, 0) &&
           set_limit(RLIMIT_CPU, limits->cpu_seconds) &&
           g_size_checked_add(&memory, mapped_bytes, limits->memory_bytes) &&
           (SANITIZED || set_limit(RLIMIT_AS, memory));
}

/* Memory may be had but never made executable. */
static gboolean allow_memory(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp no_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_exec) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_exec) == 0;
}

static gboolean allow_only_memory_and_time(void)
{
    static const int allowed[] = {
        SCMP_SYS(brk),
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(madvise),
        SCMP_SYS(futex),
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
        SCMP_SYS(clock_gettime),
        SCMP_SYS(clock_getres),
        SCMP_SYS(gettimeofday),
        SCMP_SYS(time),
        SCMP_SYS(getrandom),
        SCMP_SYS(sched_yield),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(restart_syscall),
#if SANITIZED
        SCMP_SYS(sigaltstack),
        SCMP_SYS(gettid), /* the sanitizers ask before the process ends */
#endif
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    gboolean ok = filter != NULL && allow_memory(filter);
    for (gsize i = 0; ok && i < G_N_ELEMENTS(allowed); i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    return ok && seccomp_load(filter) == 0; /* also sets no_new_privs */
}

/* A handler of the parent must not run here: it could touch what the child shares. */
static void forget_handlers(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static gboolean enter_jail(const CelJailLimits *limits, gsize mapped_bytes, pid_t parent)
{
    forget_handlers();
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
           prctl(PR_SET_DUMPABLE, 0) == 0 && close_range(0, ~0U, 0) == 0 &&
           limit_child(limits, mapped_bytes) && allow_only_memory_and_time();
}

typedef struct {
    const CelJailLimits *limits;
    CelJailWork work;
    gpointer user_data;
    gsize mapped_bytes;
    pid_t parent;
    const Shared *shared;
} Child;

static void run_child(const Child *child)
{
    Header *header = (Header *)child->shared->memory;
    if (!enter_jail(child->limits, child->mapped_bytes, child->parent)) {
        header->state = STATE_NO_JAIL;
        _exit(1);
    }
    header->state = STATE_JAILED;
    header->used = child->work(child->shared->memory + HEADER_BYTES,
                               child->shared->size - HEADER_BYTES, child->user_data);
    header->state = STATE_DONE;
    _exit(0);
}

/* Bytes that this process has mapped, which the child inherits. */
static gsize mapped_now(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
        return 0;
    return (gsize)g_ascii_strtoull(text, NULL, 10) * (gsize)sysconf(_SC_PAGESIZE);
}

static Shared *new_shared(gsize result_bytes)
{
    g_autoptr(Shared) shared = g_new0(Shared, 1);
    shared->memory = MAP_FAILED;
    const gsize page = HEADER_BYTES;
    if (result_bytes > G_MAXSSIZE / 2)
        return NULL;
    shared->size = (HEADER_BYTES + result_bytes + page - 1) / page * page;
    shared->memory = mmap(NULL, shared->size, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return shared->memory != MAP_FAILED ? g_steal_pointer(&shared) : NULL;
}

/* Forks under the lock of HDF5, so that the child finds the library at rest, and takes the shared
 * memory away from any jail that starts later. All signals wait until the child has no handlers. */
static pid_t start(const Child *child)
{
    sigset_t all, before;
    sigfillset(&all);
    cel_h5_lock();
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = fork();
    if (pid == 0)
        run_child(child);
    madvise(child->shared->memory, child->shared->size, MADV_DONTFORK);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    cel_h5_unlock();
    return pid;
}

static void reap(pid_t pid)
{
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static gboolean wait_for(pid_t pid, guint wall_seconds, int *out_status, CelJob *job,
                         GError **error)
{
    const gint64 deadline_us = g_get_monotonic_time() + (gint64)wall_seconds * G_USEC_PER_SEC;
    struct pollfd end = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    const int slice_ms = end.fd >= 0 ? POLL_MS : NO_PIDFD_POLL_MS;
    gboolean ok = TRUE;
    pid_t gone = 0;
    while (ok && gone == 0) {
        poll(&end, 1, slice_ms);
        gone = waitpid(pid, out_status, WNOHANG);
        if (gone != 0)
            break;
        ok = cel_job_step(job, N_("Reading the file"), 0, 0, error);
        if (ok && g_get_monotonic_time() > deadline_us) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("reading took more than %u s and was stopped"), wall_seconds);
            ok = FALSE;
        }
    }
    if (!ok)
        reap(pid);
    if (end.fd >= 0)
        close(end.fd);
    if (gone < 0)
        *out_status = -1; /* somebody else has collected it: not known how it ended */
    return ok;
}

static gboolean check_end(const Header *header, int status, const char *what, GError **error)
{
    if (header->state == STATE_DONE && (status == 0 || status == -1))
        return TRUE;
    if (header->state < STATE_JAILED) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_SYSTEM,
            _("%s: this system offers no jail (seccomp) for reading files from outside; the "
              "file was not opened"),
            what);
        return FALSE;
    }
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_INPUT,
        _("%s: the file made its reader fail (%s) and is refused; it is damaged or was made "
          "to do harm. Ask for another copy"),
        what, status >= 0 && WIFSIGNALED(status) ? g_strsignal(WTERMSIG(status)) : _("stopped"));
    return FALSE;
}

/* Nobody else maps these pages any more: from here on they do not change. What lies behind the
 * result is given back. */
static void keep_result(Shared *shared, gsize claimed_bytes)
{
    shared->used = MIN(claimed_bytes, shared->size - HEADER_BYTES);
    const gsize pages = (HEADER_BYTES + shared->used + HEADER_BYTES - 1) / HEADER_BYTES;
    const gsize kept = pages * HEADER_BYTES;
    if (kept < shared->size && munmap(shared->memory + kept, shared->size - kept) == 0)
        shared->size = kept;
    mprotect(shared->memory, shared->size, PROT_READ);
}

GBytes *cel_jail_run(const CelJailLimits *limits, CelJailWork work, gpointer user_data,
                     const char *what, CelJob *job, GError **error)
{
    g_autoptr(Shared) shared = new_shared(limits->result_bytes);
    Child child = {.limits = limits,
                   .work = work,
                   .user_data = user_data,
                   .parent = getpid(),
                   .shared = shared,
                   .mapped_bytes = mapped_now()};
    const pid_t pid = shared != NULL && child.mapped_bytes > 0 ? start(&child) : -1;
    if (pid < 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                    _("%s: no process could be started to read it (%s)"), what, g_strerror(errno));
        return NULL;
    }
    int status = 0;
    if (!wait_for(pid, limits->wall_seconds, &status, job, error)) {
        g_prefix_error(error, "%s: ", what);
        return NULL;
    }
    const Header *header = (const Header *)shared->memory;
    if (!check_end(header, status, what, error))
        return NULL;
    keep_result(shared, (gsize)header->used);
    const gsize n = shared->used;
    const guint8 *result = shared->memory + HEADER_BYTES;
    return g_bytes_new_with_free_func(result, n, free_shared, g_steal_pointer(&shared));
}
