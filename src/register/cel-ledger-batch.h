/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "register/cel-ledger.h"

G_BEGIN_DECLS

/* A tablet without a network keeps a ledger of its own. When it comes back, the lab's ledger takes
 * its events over as a batch: they keep their bytes, signatures and positions, one event of the lab
 * (act "batch") names their tree's root, and the tablet gets a receipt. */

enum { CEL_BATCH_MAX_EVENTS = 100000 };
#define CEL_BATCH_MAX_BYTES ((gsize)512 * 1024 * 1024)

/** CelLedgerBatch: events of one ledger in a row. One owner. */
typedef struct {
    char ledger_id[33];
    GPtrArray *entries; /* (element-type CelLedgerEntry): positions without a gap, 1 or more */
} CelLedgerBatch;

/** cel_ledger_batch_free: @batch: (nullable) */
void cel_ledger_batch_free(CelLedgerBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLedgerBatch, cel_ledger_batch_free)

/** cel_ledger_batch_take: Returns: (transfer full): the events of @ledger (the tablet's) from
 * position @from on, at most CEL_BATCH_MAX_EVENTS; NULL with CEL_ERROR_USAGE (there are none) or
 * the ledger's error. */
CelLedgerBatch *cel_ledger_batch_take(CelLedger *ledger, guint64 from, GError **error);

/** cel_ledger_batch_write: Returns: (transfer full): JSON Lines: first {"kind":"batch","ledger":ID,
 * "from":N,"to":N,"v":1}, then each entry as cel_entry_write() gives it. NULL with the error. */
GBytes *cel_ledger_batch_write(const CelLedgerBatch *batch, GError **error);

/** cel_ledger_batch_read: @bytes: untrusted. Returns: (transfer full), or NULL with
 * CEL_ERROR_INPUT: not a batch, or its events are not in a row. Signatures are not looked at. */
CelLedgerBatch *cel_ledger_batch_read(GBytes *bytes, GError **error);

/** CelLedgerTakeOver: all borrowed. */
typedef struct {
    const CelLedgerBatch *batch;
    const CelTrust *trust; /* (nullable): whose events are taken; judged at the position that the
                            * batch gets here: a key revoked before brings nothing in */
    const CelEventSigners *signers; /* who takes over */
    const char *place;              /* (nullable): where */
    CelClock clock;
} CelLedgerTakeOver;

/**
 * cel_ledger_take_over:
 * Verifies every event, its signatures and its chain from what is here already, then stores them
 * and the batch's event in one transaction. Events that are here already must be the same.
 * Returns: FALSE with CEL_ERROR_INPUT (an event does not hold, there is a gap), CEL_ERROR_POLICY
 *   (other events stand here at these positions: that ledger was rewritten; or this ledger's own),
 *   CEL_ERROR_USAGE (nothing in it is new) or the errors of cel_ledger_append(); then nothing is
 *   changed.
 */
gboolean cel_ledger_take_over(CelLedger *ledger, const CelLedgerTakeOver *what,
                              CelLedgerPlace *out_place, GError **error);

/** cel_ledger_foreign_size: @out_size: how many events of the ledger @ledger_id are here, 0 for
 * none. Returns: FALSE with the error. */
gboolean cel_ledger_foreign_size(CelLedger *ledger, const char *ledger_id, guint64 *out_size,
                                 GError **error);

/**
 * cel_ledger_receipt:
 * @seq: of a batch's event; @head: of at least @seq events
 * Returns: (transfer full): for the tablet to keep: canonical JSON {"kind":"receipt","v":1,"entry",
 *   "proof","head","signatures"} with the texts of the event's line, of cel_proof_write() and of
 *   the head; NULL with CEL_ERROR_USAGE (no batch at @seq, head too small) or the ledger's error.
 */
GBytes *cel_ledger_receipt(CelLedger *ledger, guint64 seq, const CelLedgerHead *head,
                           GError **error);

/**
 * cel_ledger_check_receipt:
 * @ledger: the tablet's
 * @receipt: untrusted
 * @trust: (nullable): as in cel_entry_check()
 * @out_to: events of @ledger up to here are with the lab
 * Returns: FALSE with CEL_ERROR_INPUT unless event, proof, head and signatures hold and name this
 *   ledger's own tree.
 */
gboolean cel_ledger_check_receipt(CelLedger *ledger, GBytes *receipt, const CelTrust *trust,
                                  guint64 *out_to, GError **error);

G_END_DECLS
