/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"

G_BEGIN_DECLS

/*
 * A jail: work on bytes from outside is done in a child process that has no open file, may open
 * none (every system call but those of memory, time and exit fails with EPERM), gets no new
 * privileges, and has limits on memory and time. Its only way out is one block of memory that it
 * shares with the parent, who looks at it once the child is gone.
 */

/** CelJailLimits: what the child may use. */
typedef struct {
    gsize result_bytes; /* largest result; pages that are not used cost nothing */
    gsize memory_bytes; /* on top of what the parent has mapped and the result */
    guint cpu_seconds;
    guint wall_seconds;
} CelJailLimits;

/**
 * CelJailWork: runs in the child.
 * @result: zeroed memory of @capacity bytes, 64-byte aligned
 * It must not wait for anything another thread of the parent could hold (so no GError, no quark, no
 * translation: plain C, malloc and what is held by cel_h5_lock()).
 * Returns: how many bytes of @result it used.
 */
typedef gsize (*CelJailWork)(guint8 *result, gsize capacity, gpointer user_data);

/**
 * cel_jail_run:
 * @what: for messages: the file that is read
 * Runs @work with @user_data in a jail and waits for it; @job is polled and can cancel.
 * Returns: (transfer full): the result, which is as hostile as the input; NULL with CEL_ERROR_INPUT
 *   when the child died or went over a limit, CEL_ERROR_SYSTEM when there can be no jail here,
 *   CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
GBytes *cel_jail_run(const CelJailLimits *limits, CelJailWork work, gpointer user_data,
                     const char *what, CelJob *job, GError **error);

G_END_DECLS
