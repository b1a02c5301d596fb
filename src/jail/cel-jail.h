/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"

G_BEGIN_DECLS

/*
 * A jail: work on bytes from outside is done in a process that has no open file, may open none
 * (every system call but those of memory, time and exit fails with EPERM), gets no new privileges,
 * and has limits on memory and time. Its only way out is one block of memory that it shares with
 * the parent, who looks at it once the process is gone.
 *
 * The processes are forked by a warden, a small process that is itself forked before the program
 * has threads, files or secrets: so work in a jail may use any of GLib without fear of a lock that
 * some thread held at the fork, and there is nothing in its memory but the program and the file.
 */

/** cel_jail_start: starts the warden. To be called once by every program, after the language is
 * set and before threads are made, files opened and keys unlocked; else the first cel_jail_run()
 * does it, which is safe only in a process of one thread. Thread-safe: yes. */
void cel_jail_start(void);

/** CelJailLimits: what the work may use. */
typedef struct {
    gsize result_bytes; /* largest result; pages that are not used cost nothing */
    gsize memory_bytes; /* on top of program, input and result */
    guint cpu_seconds;
    guint wall_seconds;
} CelJailLimits;

/** CelJailInput: bytes from outside, held so that the work sees them without a copy. */
typedef struct CelJailInput CelJailInput;

/** cel_jail_input_new: Returns: (transfer full): a copy of @bytes, or NULL with CEL_ERROR_SYSTEM.
 */
CelJailInput *cel_jail_input_new(GBytes *bytes, GError **error);

/** cel_jail_input_read: the content of the file @path, as cel_file_read(): same limits and errors.
 */
CelJailInput *cel_jail_input_read(const char *path, gsize max_bytes, GError **error);

/** cel_jail_input_bytes: Returns: (transfer full): the bytes, which outlive @input. */
GBytes *cel_jail_input_bytes(const CelJailInput *input);

/** cel_jail_input_free: @input: (nullable) */
void cel_jail_input_free(CelJailInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelJailInput, cel_jail_input_free)

enum { CEL_JAIL_MAX_PARAMS = 64 * 1024 };

/** CelJailTask: what the work gets, inside the jail. */
typedef struct {
    const guint8 *input;
    gsize input_size;
    const guint8 *params; /* a copy of what the caller gave, 64-byte aligned */
    gsize params_size;
    guint8 *result; /* zeroed, 64-byte aligned */
    gsize capacity;
    volatile guint64 *progress; /* done and total, shown by the parent */
} CelJailTask;

/** CelJailWork: runs in the jail; any code that needs no file, thread or environment. Returns: how
 * many bytes of the result it used. */
typedef gsize (*CelJailWork)(const CelJailTask *task);

/** CelJailCall: what is to be done. */
typedef struct {
    CelJailLimits limits;
    CelJailWork work;
    const CelJailInput *input; /* (nullable) */
    const void *params;        /* (nullable): copied */
    gsize params_size;         /* at most CEL_JAIL_MAX_PARAMS */
    const char *what;          /* for messages: the file that is read */
} CelJailCall;

/**
 * cel_jail_run:
 * Does @call in a jail and waits for it; @job shows its progress, is polled and can cancel.
 * Returns: (transfer full): the result, which is as hostile as the input; NULL with CEL_ERROR_INPUT
 *   when the process died or went over a limit, CEL_ERROR_SYSTEM when there can be no jail here,
 *   CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
GBytes *cel_jail_run(const CelJailCall *call, CelJob *job, GError **error);

G_END_DECLS
