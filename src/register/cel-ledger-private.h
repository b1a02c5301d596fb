/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "register/cel-ledger.h"
#include "register/cel-sql.h"

G_BEGIN_DECLS

/* What the files of this room share about a ledger; nobody else includes it. */

enum { CEL_LEDGER_ID = 32 };

/** CelLedgerGuard: looks at an event of this ledger before it is signed, inside the append's
 * transaction. Returns: FALSE with the error to refuse it. */
typedef gboolean (*CelLedgerGuard)(gpointer data, JsonObject *event, GError **error);

/** CelLedgerApply: writes what follows from an event, in the transaction that records it. Events of
 * ledgers taken over come too, behind the batch that brings them: their "ledger" is another one.
 * Returns: FALSE with the error; then the event is not recorded. */
typedef gboolean (*CelLedgerApply)(gpointer data, sqlite3 *db, JsonObject *event, GError **error);

/** CelLedgerHooks: each may be NULL. */
typedef struct {
    CelLedgerGuard guard;
    CelLedgerApply apply;
    gpointer data;
} CelLedgerHooks;

struct CelLedger {
    sqlite3 *db;
    char id[CEL_LEDGER_ID + 1];
    CelLedgerHooks hooks;
};

/** cel_ledger_set_hooks: from now on; @hooks is copied. */
void cel_ledger_set_hooks(CelLedger *ledger, const CelLedgerHooks *hooks);

/** cel_ledger_append_inside: cel_ledger_append() for a caller that holds the transaction. */
gboolean cel_ledger_append_inside(CelLedger *ledger, const CelEventRequest *request,
                                  const CelEventSigners *signers, CelLedgerPlace *out,
                                  GError **error);

/** cel_ledger_replay: calls the apply of @hooks for every event in the order in which it was
 * recorded, those of ledgers taken over behind their batch, all in one transaction. Returns: FALSE
 * with its error, CEL_ERROR_INPUT (damaged) or CEL_ERROR_CANCELLED; then nothing is changed. */
gboolean cel_ledger_replay(CelLedger *ledger, const CelLedgerHooks *hooks, CelJob *job,
                           GError **error);

/** CelStoreVisit: told of each event, oldest first. @event: read from @entry, which is borrowed.
 * Returns: FALSE with the error to stop. */
typedef gboolean (*CelStoreVisit)(gpointer data, const CelLedgerEntry *entry, JsonObject *event,
                                  GError **error);

/** CelBatchRange: which events of which ledger a batch brought. */
typedef struct {
    char ledger_id[CEL_LEDGER_ID + 1];
    guint64 from, to;
    CelMerkleHash root[CEL_N_MERKLE]; /* of the foreign ledger's tree of size @to */
} CelBatchRange;

/** cel_batch_range: @event: of act batch, read. Returns: FALSE with CEL_ERROR_INPUT. */
gboolean cel_batch_range(JsonObject *event, CelBatchRange *out_range, GError **error);

/** cel_batch_problem: @next: the first event that it should bring. Returns: (transfer none)
 * (nullable): what does not agree with the events that are here, translated; NULL when all does. */
const char *cel_batch_problem(CelLedger *ledger, const CelBatchRange *range, guint64 next);

/** cel_store_source: @out_source: the number of a ledger in this database, 0 when it is not here.
 * Returns: FALSE with the error. */
gboolean cel_store_source(sqlite3 *db, const char *ledger_id, gint64 *out_source, GError **error);

/** cel_store_walk: @from, @to: positions, both included. Signatures are not read. Returns: FALSE
 * with the error. */
gboolean cel_store_walk(CelLedger *ledger, gint64 source, guint64 from, guint64 to,
                        CelStoreVisit visit, gpointer data, GError **error);

/* ---- storage: cel-ledger-store.c ---- */

enum { CEL_SOURCE_OWN = 1 };

/** CelStoreTail: the end of a source. */
typedef struct {
    guint64 seq; /* 0: empty */
    CelDigestPair record;
    gint64 wall_us;
} CelStoreTail;

/** cel_store_tail: Returns: FALSE with the error. */
gboolean cel_store_tail(sqlite3 *db, gint64 source, CelStoreTail *out_tail, GError **error);

/** cel_store_size: Returns: FALSE with the error. */
gboolean cel_store_size(sqlite3 *db, gint64 source, guint64 *out_size, GError **error);

/** cel_store_put: adds @entry, which must be the next one, and the subtrees it completes; inside a
 * transaction. Returns: FALSE with the error. */
gboolean cel_store_put(sqlite3 *db, gint64 source, const CelLedgerEntry *entry, GError **error);

/** cel_store_get: Returns: (transfer full): as cel_ledger_entry(). */
CelLedgerEntry *cel_store_get(sqlite3 *db, gint64 source, guint64 seq, GError **error);

/** CelStoreTree: where cel_store_fetch() reads; to be cleared. */
typedef struct {
    sqlite3 *db;
    gint64 source;
    CelMerkleKind kind;
    sqlite3_stmt *get; /* kept between the nodes of one proof */
} CelStoreTree;
/** cel_store_tree_clear: drops what @tree keeps; it can be used again. */
void cel_store_tree_clear(CelStoreTree *tree);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelStoreTree, cel_store_tree_clear)

/** cel_store_fetch: CelMerkleFetch over a CelStoreTree. */
gboolean cel_store_fetch(gpointer tree, guint level, guint64 index, CelMerkleHash *out_hash,
                         GError **error);

/** cel_store_head_at: Returns: (transfer full) (nullable): the head of exactly @size; NULL without
 * error when there is none. */
CelLedgerHead *cel_store_head_at(sqlite3 *db, gint64 source, guint64 size, GError **error);
/** cel_store_put_head: stores @head; inside a transaction. Returns: FALSE with the error. */
gboolean cel_store_put_head(sqlite3 *db, gint64 source, const CelLedgerHead *head, GError **error);

/** cel_store_certificate: stores @der once. @out_id: of its row. Returns: FALSE with the error. */
gboolean cel_store_certificate(sqlite3 *db, GBytes *der, gint64 *out_id, GError **error);

/** cel_ledger_node_place: Returns: the row of the complete subtree of @level that is the @index-th
 * of its level: as many nodes are complete before it. */
guint64 cel_ledger_node_place(guint level, guint64 index);

G_END_DECLS
