/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-witness.h"
#include "register/cel-ledger.h"

G_BEGIN_DECLS

/* Between the ledger and the sealed file: what a seal takes from it, and what a verification asks
 * it. */

/** CelLedgerSeal: the place of one event with all that proves it. One owner. */
typedef struct {
    CelSealPlace place; /* borrows from the rest */
    CelLedgerEntry *entry;
    CelLedgerHead *head;
    GBytes *roots;
} CelLedgerSeal;

/**
 * cel_ledger_seal:
 * @seq: of the event that was appended for this seal
 * @head: (transfer full) (nullable): a signed head of at least @seq events, from
 *   cel_ledger_sign_head(); without it the proof leads to the tree of @seq events
 * @roots: (nullable): PEM of the lab's roots
 * Returns: (transfer full): what cel_seal_finish() takes, or NULL with the ledger's error.
 */
CelLedgerSeal *cel_ledger_seal(CelLedger *ledger, guint64 seq, CelLedgerHead *head, GBytes *roots,
                               GError **error);
/** cel_ledger_seal_free: @seal: (nullable) */
void cel_ledger_seal_free(CelLedgerSeal *seal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLedgerSeal, cel_ledger_seal_free)

/**
 * cel_ledger_witness:
 * @record: the file's custody record, see cel_sealed_record() and cel_record_read(); not trusted
 * @kept: (nullable): heads kept elsewhere: "SIZE:ROOT", NULL-ended
 * What the ledger holds of the file: its events and what refers to them, other seals of its
 * exhibit, what became of the keys of who sealed it, and whether the tree of its proof goes on.
 * Returns: (transfer full), or NULL with CEL_ERROR_USAGE (a kept head is none) or the ledger's
 *   error. O(events).
 */
CelWitness *cel_ledger_witness(CelLedger *ledger, JsonObject *record, const char *const *kept,
                               GError **error);

G_END_DECLS
