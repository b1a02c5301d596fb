/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jail/cel-jail.h"

G_BEGIN_DECLS

/* Between the program and its warden, for the files of this folder only. */

typedef enum { CEL_JAIL_BORN, CEL_JAIL_REFUSED, CEL_JAIL_ENTERED, CEL_JAIL_DONE } CelJailState;

/** CelJailHeader: the first page of the shared memory. */
typedef struct {
    volatile guint32 state; /* CelJailState */
    volatile guint64 used;
    volatile guint64 progress[2];
} CelJailHeader;

enum { CEL_JAIL_HEADER_BYTES = 4096 };

/** CelJailRequest: the message to the warden, with one end of a socket. The block holds the
 * header, the parameters, the result. */
typedef struct {
    CelJailLimits limits;
    CelJailWork work;       /* warden and program are the same image */
    int block_id, input_id; /* segments of shared memory; -1: no input */
    gsize input_bytes, params_bytes, block_bytes;
} CelJailRequest;

/** cel_jail_result_offset: Returns: where the result begins in a block. */
gsize cel_jail_result_offset(gsize params_bytes);

/** cel_jail_warden: serves requests from @control until its other end is closed; never returns. */
G_NORETURN void cel_jail_warden(int control);

/** cel_jail_enter_and_work: what the child of the warden does: maps the segments, locks itself in,
 * does the work; never returns. @mapped_bytes: what it has mapped already. */
G_NORETURN void cel_jail_enter_and_work(const CelJailRequest *request, gsize mapped_bytes,
                                        int warden_pid);

G_END_DECLS
