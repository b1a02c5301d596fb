/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "evidence/cel-event.h"
#include "evidence/cel-merkle.h"
#include "evidence/cel-trust.h"

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

/** CelLedgerSignature: one signature over an event's bytes. */
typedef struct {
    gboolean second; /* the second person's, else the operator's */
    CelSigner signer;
    GBytes *signature, *certificate; /* DER or raw; DER */
} CelLedgerSignature;

/** CelLedgerEntry: one event as stored. */
typedef struct {
    guint64 seq;
    GBytes *record;
    GPtrArray *signatures; /* (element-type CelLedgerSignature) */
} CelLedgerEntry;

/** cel_ledger_entry_free: @entry: (nullable) */
void cel_ledger_entry_free(CelLedgerEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLedgerEntry, cel_ledger_entry_free)

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

/**
 * cel_ledger_check:
 * @trust: (nullable): see evidence/cel-trust.h; without it certificates are only self-consistent
 * Recomputes everything: chain, records, signatures, both trees, heads; O(size).
 * @out_problems: (transfer full) (element-type utf8): one line a problem, translated; empty: sound
 * Returns: FALSE with CEL_ERROR_SYSTEM or CEL_ERROR_CANCELLED.
 */
gboolean cel_ledger_check(CelLedger *ledger, const CelTrust *trust, GPtrArray **out_problems,
                          CelJob *job, GError **error);

G_END_DECLS
