/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-cpu.h"

#include <string.h>

#if defined(__x86_64__)
static guint level(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return 3;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return 2;
    return __builtin_cpu_supports("avx") ? 1 : 0;
}

const char *cel_cpu_path(void)
{
    static const char *const names[][2] = {
        {"x86-64", "x86-64 tuned"},
        {"x86-64 avx", "x86-64 avx tuned"},
        {"x86-64 avx2 fma", "x86-64 avx2 fma tuned"},
        {"x86-64 avx512", "x86-64 avx512 tuned"},
    };
    const char *tunables = g_getenv("GLIBC_TUNABLES");
    return names[level()][tunables != NULL && strstr(tunables, "hwcaps") != NULL ? 1 : 0];
}
#else
const char *cel_cpu_path(void)
{
    return "other";
}
#endif
