/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jail/cel-jail-private.h"

#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
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

static gboolean enter_jail(const CelJailLimits *limits, gsize mapped_bytes, int warden)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == warden &&
           prctl(PR_SET_DUMPABLE, 0) == 0 && close_range(0, ~0U, 0) == 0 &&
           limit_child(limits, mapped_bytes) && allow_only_memory_and_time();
}

gsize cel_jail_result_offset(gsize params_bytes)
{
    const gsize page = CEL_JAIL_HEADER_BYTES;
    return page + (params_bytes + page - 1) / page * page;
}

void cel_jail_enter_and_work(const CelJailRequest *request, gsize mapped_bytes, int warden)
{
    guint8 *block = shmat(request->block_id, NULL, 0);
    const guint8 *input =
        request->input_id >= 0 ? shmat(request->input_id, NULL, SHM_RDONLY) : NULL;
    const gsize offset = cel_jail_result_offset(request->params_bytes);
    if (block == MAP_FAILED || input == MAP_FAILED)
        _exit(1);
    CelJailHeader *header = (CelJailHeader *)(void *)block;
    const gsize mapped = mapped_bytes + request->block_bytes + request->input_bytes;
    if (!enter_jail(&request->limits, mapped, warden)) {
        header->state = CEL_JAIL_REFUSED;
        _exit(1);
    }
    header->state = CEL_JAIL_ENTERED;
    const CelJailTask task = {.input = input,
                              .input_size = request->input_bytes,
                              .params = block + CEL_JAIL_HEADER_BYTES,
                              .params_size = request->params_bytes,
                              .result = block + offset,
                              .capacity = request->block_bytes - offset,
                              .progress = header->progress};
    header->used = request->work(&task);
    header->state = CEL_JAIL_DONE;
    _exit(0);
}
