/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "register/cel-ledger.h"

G_BEGIN_DECLS

/* Copies of a ledger for another disk, and bringing one back. */

/**
 * cel_ledger_backup:
 * @path: must not be there; better on another disk
 * Copies the ledger as it is at one moment, while others go on appending; one file, without a log
 * beside it. It is there whole or not at all.
 * @out_size: (out) (optional): events in it
 * Returns: FALSE with CEL_ERROR_POLICY (something is at @path), CEL_ERROR_SYSTEM (disk full, ...)
 *   or CEL_ERROR_CANCELLED.
 */
gboolean cel_ledger_backup(CelLedger *ledger, const char *path, guint64 *out_size, CelJob *job,
                           GError **error);

/** CelLedgerRestore: what is brought back; all borrowed. */
typedef struct {
    const char *backup;    /* untrusted; not changed */
    const char *path;      /* where the ledger shall stand; must not be there */
    const CelTrust *trust; /* (nullable): as for cel_ledger_check() */
} CelLedgerRestore;

/**
 * cel_ledger_restore:
 * Checks a copy of the backup whole before it stands at the ledger's place. What happened after the
 * backup is missing: compare with every head at hand (cel_ledger_judge_head()) and record it.
 * @out_problems: (out) (optional) (transfer full): what the check found; when it is not empty
 *   nothing was restored
 * Returns: FALSE with CEL_ERROR_INPUT (no ledger, or not sound), CEL_ERROR_POLICY (a ledger stands
 *   there: move it away, keep it), CEL_ERROR_SYSTEM or CEL_ERROR_CANCELLED.
 */
gboolean cel_ledger_restore(const CelLedgerRestore *restore, GPtrArray **out_problems, CelJob *job,
                            GError **error);

G_END_DECLS
