/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-reader.h"

G_BEGIN_DECLS

/*
 * A watched folder: what a closed instrument leaves there (its storage when it is plugged in, a
 * folder that a phone or server fills) becomes a measurement here, marked as imported from an
 * instrument that nobody verified. The folder is only read.
 */

#define CEL_WATCH_PROVENANCE "imported: instrument unverified"

enum {
    CEL_WATCH_MAX_BYTES = 64 << 20, /* of one file */
    CEL_WATCH_MAX_FILES = 100000,   /* looked at in one folder, subfolders included */
    CEL_WATCH_MAX_DEPTH = 8,        /* of subfolders */
};

typedef enum {
    CEL_WATCH_IMPORTED,
    CEL_WATCH_KNOWN,   /* the same bytes were imported before, under whatever name */
    CEL_WATCH_REFUSED, /* not readable, or no measurement; left where it is, tried again when it
                          changes */
    CEL_N_WATCH_OUTCOMES,
} CelWatchOutcome;

/** cel_watch_outcome_name: Returns: "imported", "known", "refused". */
const char *cel_watch_outcome_name(CelWatchOutcome outcome);

/** CelWatchEvent: what became of one file; valid during the call. */
typedef struct {
    CelWatchOutcome outcome;
    const char *name;   /* below the folder, in the file system's encoding: may be hostile */
    const char *sha256; /* (nullable): of its bytes */
    const char *out;    /* (nullable): the measurement that was written, or is there already */
    const char *reason; /* (nullable): why it was refused */
} CelWatchEvent;

/** CelWatchSink: told of every file once, and again when it changed; on the caller's thread. */
typedef void (*CelWatchSink)(const CelWatchEvent *event, gpointer user_data);

/** CelWatchOptions: all borrowed. */
typedef struct {
    const char *folder;         /* what is watched; it may disappear and come back meanwhile */
    const char *out;            /* where measurements go: "import-DIGEST.h5"; is made; not within
                                   @folder */
    gboolean once;              /* ends when every file that is there has been dealt with */
    guint settle_ms;            /* a file is complete when nothing about it changed for so long;
                                   0: 2000 */
    const CelReadOptions *read; /* (nullable) */
    CelWatchSink sink;
    gpointer user_data;
} CelWatchOptions;

/**
 * cel_watch_run:
 * Returns: TRUE when @once is done; FALSE with CEL_ERROR_CANCELLED, CEL_ERROR_INPUT (no such
 *   folder), CEL_ERROR_USAGE (@out within @folder), CEL_ERROR_SYSTEM (@out cannot be written).
 *   Thread-safe: yes, one run an @out.
 */
gboolean cel_watch_run(const CelWatchOptions *options, CelJob *job, GError **error);

G_END_DECLS
