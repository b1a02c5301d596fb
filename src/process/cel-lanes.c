/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-lanes.h"

static CelLanesForm supported(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return CEL_LANES_AVX512;
    if (__builtin_cpu_supports("avx2"))
        return CEL_LANES_AVX2;
#endif
    return CEL_LANES_PLAIN;
}

static CelLanesForm allowed(void)
{
    const char *text = g_getenv("CELADON_LANES");
    if (g_strcmp0(text, "plain") == 0)
        return CEL_LANES_PLAIN;
    return g_strcmp0(text, "avx2") == 0 ? CEL_LANES_AVX2 : CEL_LANES_AVX512;
}

CelLanesForm cel_lanes_form(void)
{
    static gsize form = 0; /* + 1 */
    if (g_once_init_enter(&form)) {
        const gsize best = (gsize)MIN(supported(), allowed()) + 1;
        g_once_init_leave(&form, best);
    }
    return (CelLanesForm)(form - 1);
}
