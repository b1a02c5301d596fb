/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-blas.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libopenblas.so.0"

/* ISO C has no cast from an object's address to a function's. */
static void take_symbol(void *handle, const char *name, void *out_function)
{
    void *symbol = dlsym(handle, name);
    memcpy(out_function, &symbol, sizeof symbol);
}

CelSgemm cel_blas_sgemm(void)
{
    static gsize loaded;
    static CelSgemm sgemm;
    if (g_once_init_enter(&loaded)) {
        void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
        void (*set_threads)(int) = NULL;
        if (handle != NULL) {
            take_symbol(handle, "openblas_set_num_threads", &set_threads);
            take_symbol(handle, "sgemm_", &sgemm);
        }
        if (set_threads != NULL)
            set_threads(1); /* whoever asks has threads of its own */
        else
            sgemm = NULL;
        g_once_init_leave(&loaded, 1);
    }
    return sgemm;
}
