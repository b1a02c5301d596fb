/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab.h"
#include "evidence/cel-head-file.h"

G_BEGIN_DECLS

/* Heads that leave the lab, and the machine elsewhere that countersigns them. */

/**
 * cel_lab_head_file:
 * @since: size of the head that the other side keeps; 0: it keeps none
 * Returns: (transfer full): the newest signed head (signed now when the ledger's key is at hand)
 *   with the path from @since, or NULL with CEL_ERROR_POLICY (nobody signed one yet),
 *   CEL_ERROR_USAGE (@since is beyond it) or the ledger's error.
 */
GBytes *cel_lab_head_file(CelLab *lab, guint64 since, GError **error);

/** CelLabWitness: the machine that countersigns; borrowed. */
typedef struct {
    const char *folder; /* where it keeps the last head of each ledger; made when it is missing */
    CelKey *key;        /* of a device or of another ledger */
    CelClock clock;
} CelLabWitness;

/**
 * cel_lab_countersign:
 * @head_file: untrusted
 * @roots: (nullable): trust in the lab whose head it is; then it must be signed by its ledger
 * Keeps the head durably before the signature is given out, so that no later one can undo it.
 * Returns: (transfer full): the countersignature's text, or NULL with CEL_ERROR_INPUT,
 *   CEL_ERROR_POLICY (it does not continue the one that was kept) or CEL_ERROR_SYSTEM.
 */
GBytes *cel_lab_countersign(const CelLabWitness *witness, GBytes *head_file, const CelTrust *roots,
                            GError **error);

G_END_DECLS
