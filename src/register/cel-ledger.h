/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "evidence/cel-entry.h"
#include "evidence/cel-merkle.h"

G_BEGIN_DECLS

/* The ledger: an append-only list of signed events under two Merkle trees, in SQLite (WAL,
 * synchronous=FULL, one writer at a time, BEGIN IMMEDIATE). What it acknowledges is durable. */

/** CelLedger: an open ledger; one thread at a time (the owner locks), any number of processes. */
typedef struct CelLedger CelLedger;

/** CelLedgerPlace: what an append gives back. */
typedef struct {
    guint64 seq;                      /* of the event */
    guint64 size;                     /* of the tree with it: equal to seq */
    CelMerkleHash root[CEL_N_MERKLE]; /* of that tree */
    CelDigestPair record;             /* of the event's bytes */
    gboolean clock_behind;            /* this clock is behind the event before */
} CelLedgerPlace;

/**
 * cel_ledger_open:
 * @path: of the database; made when it is missing and @create is set
 * Checks the schema's version, its shape and the last rows; a ledger that was cut, is of another
 * program or cannot be locked within 10 s is refused.
 * Returns: (transfer full), or NULL with CEL_ERROR_INPUT (damaged, not a ledger) or
 *   CEL_ERROR_SYSTEM (permission, disk full, busy).
 */
CelLedger *cel_ledger_open(const char *path, gboolean create, GError **error);

/** cel_ledger_close: @ledger: (nullable) */
void cel_ledger_close(CelLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLedger, cel_ledger_close)

/** cel_ledger_id: Returns: (transfer none): 32 hex digits. */
const char *cel_ledger_id(const CelLedger *ledger);

/** cel_ledger_size: Returns: FALSE with CEL_ERROR_SYSTEM. @out_size: events acknowledged now. */
gboolean cel_ledger_size(CelLedger *ledger, guint64 *out_size, GError **error);

/**
 * cel_ledger_append:
 * Writes and signs the record (every signer the keys hold), stores it with the subtrees that it
 * completes, and returns when it is durable. Another process's events in between are no fault.
 * Returns: FALSE with the errors of cel_event_write() or CEL_ERROR_SYSTEM (disk full, read-only,
 *   busy for 10 s); then the event is not in the ledger.
 */
gboolean cel_ledger_append(CelLedger *ledger, const CelEventRequest *request,
                           const CelEventSigners *signers, CelLedgerPlace *out_place,
                           GError **error);

/** cel_ledger_entry: Returns: (transfer full): the event at @seq, or NULL with CEL_ERROR_USAGE (no
 * such position) or CEL_ERROR_SYSTEM. Not verified. */
CelLedgerEntry *cel_ledger_entry(CelLedger *ledger, guint64 seq, GError **error);

/** cel_ledger_inclusion: @seq: of the event; @size: of the tree. Returns: FALSE with the error. */
gboolean cel_ledger_inclusion(CelLedger *ledger, CelMerkleKind kind, guint64 seq, guint64 size,
                              CelMerkleProof *out_proof, GError **error);
/** cel_ledger_consistency: from the tree of @old_size to that of @size. */
gboolean cel_ledger_consistency(CelLedger *ledger, CelMerkleKind kind, guint64 old_size,
                                guint64 size, CelMerkleProof *out_proof, GError **error);
/** cel_ledger_root: @size: 0..the ledger's. */
gboolean cel_ledger_root(CelLedger *ledger, CelMerkleKind kind, guint64 size,
                         CelMerkleHash *out_root, GError **error);

/** CelLedgerHead: a signed head: canonical JSON and signatures of the ledger's key. */
typedef struct {
    guint64 size;
    GBytes *record;
    GBytes *signatures[CEL_N_SIGNERS], *certificates[CEL_N_SIGNERS];
} CelLedgerHead;

/** cel_ledger_head_free: @head: (nullable) */
void cel_ledger_head_free(CelLedgerHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLedgerHead, cel_ledger_head_free)

/**
 * cel_ledger_sign_head:
 * @key: the ledger's own key
 * Returns: (transfer full): the signed head of the present tree, stored too; the stored one when
 *   there is one of this size. NULL with the error.
 */
CelLedgerHead *cel_ledger_sign_head(CelLedger *ledger, CelKey *key, CelClock clock, GError **error);

/** cel_ledger_last_head: Returns: (transfer full) (nullable): the newest stored head of at least
 * @min_size; NULL without error when there is none. */
CelLedgerHead *cel_ledger_last_head(CelLedger *ledger, guint64 min_size, GError **error);

/** CelHeadVerdict: what a ledger is to a head that somebody else kept: a paper's QR code, a day
 * sheet, another machine's file. */
typedef enum {
    CEL_HEAD_CONTINUED,    /* the ledger is that tree, or has grown out of it */
    CEL_HEAD_ROLLED_BACK,  /* shorter than the head: events are missing at the end */
    CEL_HEAD_REWRITTEN,    /* as long, and other events in it */
    CEL_HEAD_OTHER_LEDGER, /* another name: deleted and begun anew, or another lab's */
} CelHeadVerdict;

/** cel_head_verdict_text: Returns: (transfer none): what it means and what to do, translated. */
const char *cel_head_verdict_text(CelHeadVerdict verdict);

/**
 * cel_ledger_judge_head:
 * @ledger_id: (nullable): of the head, NULL where it is not known
 * @head: of the tree over @kind; its signature is not looked at here
 * Says; never repairs. Returns: FALSE with CEL_ERROR_SYSTEM or CEL_ERROR_INPUT (damaged).
 */
gboolean cel_ledger_judge_head(CelLedger *ledger, const char *ledger_id, CelMerkleKind kind,
                               const CelMerkleHead *head, CelHeadVerdict *out_verdict,
                               GError **error);

/**
 * cel_ledger_check:
 * @trust: (nullable): see evidence/cel-trust.h; without it certificates are only self-consistent
 * Recomputes everything: the database's own structure, chain, records, signatures, both trees,
 * heads, and the ledgers that were taken over; O(size), about 1 ms an event.
 * @out_problems: (transfer full) (element-type utf8): one line a problem, translated; empty: sound
 * Returns: FALSE with CEL_ERROR_SYSTEM or CEL_ERROR_CANCELLED.
 */
gboolean cel_ledger_check(CelLedger *ledger, const CelTrust *trust, GPtrArray **out_problems,
                          CelJob *job, GError **error);

G_END_DECLS
