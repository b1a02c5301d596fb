/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crash-log.h"
#include "crash-player.h"

/* One operation as it was recorded. */
typedef struct {
    CrashHead head;
    char *bytes; /* with a NUL behind */
} Step;

struct CrashPlay {
    GArray *steps; /* Step */
};

static inline const Step *step_at(const CrashPlay *play, gsize i)
{
    return &g_array_index(play->steps, Step, i);
}
