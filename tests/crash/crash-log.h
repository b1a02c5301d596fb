/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/* What the recorder writes and the player reads: one CrashHead and its bytes an operation, in the
 * order in which the program made them. Names are relative to the folder that is watched. */

typedef enum {
    CRASH_CREATE,   /* name: an empty file of that number is there */
    CRASH_NAMELESS, /* a file of that number without a name (O_TMPFILE) */
    CRASH_WRITE,    /* bytes at offset */
    CRASH_TRUNCATE, /* to offset bytes */
    CRASH_SYNC,     /* the file's content is durable */
    CRASH_LINK,     /* name: one more for the file */
    CRASH_RENAME,   /* old name, NUL, new name */
    CRASH_UNLINK,   /* name */
    CRASH_FOLDER,   /* name: made */
    CRASH_SYNC_DIR, /* name of the folder, "" for the watched one: its names are durable */
    CRASH_ACK,      /* text: the program told somebody that this is done */
    CRASH_N_OPS,
} CrashOp;

typedef struct {
    uint32_t op, file;
    uint64_t offset, length; /* bytes that follow */
    int64_t at_us, cpu_us;   /* of the monotonic clock; of the processor for this program */
} CrashHead;

/* The environment of the recorder. */
#define CRASH_ENV_FOLDER "CRASH_FOLDER" /* absolute: what is watched */
#define CRASH_ENV_LOG    "CRASH_LOG"    /* where operations go */
#define CRASH_ENV_FAULT  "CRASH_FAULT"  /* "full:N", "kill:N": at the N-th operation, from 1 */

/* A file of this name is none of the state: what is written to it is CRASH_ACK. */
#define CRASH_ACK_NAME "ACK"
