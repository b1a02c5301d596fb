/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "register/cel-ledger-private.h"

#include <glib/gi18n-lib.h>

const char *cel_ledger_id(const CelLedger *ledger)
{
    return ledger->id;
}

gboolean cel_ledger_size(CelLedger *ledger, guint64 *out_size, GError **error)
{
    return cel_store_size(ledger->db, CEL_SOURCE_OWN, out_size, error);
}

void cel_ledger_set_hooks(CelLedger *ledger, const CelLedgerHooks *hooks)
{
    ledger->hooks = *hooks;
}

/* ---- appending ---- */

static gboolean run_hooks(CelLedger *ledger, JsonObject *event, gboolean before, GError **error)
{
    const CelLedgerHooks *hooks = &ledger->hooks;
    if (before)
        return hooks->guard == NULL || hooks->guard(hooks->data, event, error);
    return hooks->apply == NULL || hooks->apply(hooks->data, ledger->db, event, error);
}

/* What the caller of an append learns of the event. */
static gboolean tell(CelLedger *ledger, const CelLedgerEntry *entry, JsonObject *event,
                     CelLedgerPlace *out, GError **error)
{
    gsize n = 0;
    const void *bytes = g_bytes_get_data(entry->record, &n);
    *out = (CelLedgerPlace){
        .seq = entry->seq,
        .size = entry->seq,
        .record = cel_digest_pair(bytes, n),
        .clock_behind = json_object_has_member(event, "clock"),
    };
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        if (!cel_ledger_root(ledger, k, out->size, &out->root[k], error))
            return FALSE;
    return TRUE;
}

/* Inside the transaction. A person may take time to enter a token's PIN: keys are opened before. */
gboolean cel_ledger_append_inside(CelLedger *ledger, const CelEventRequest *request,
                                  const CelEventSigners *signers, CelLedgerPlace *out,
                                  GError **error)
{
    CelStoreTail tail;
    if (!cel_store_tail(ledger->db, CEL_SOURCE_OWN, &tail, error))
        return FALSE;
    const CelEventPlace place = {
        .ledger_id = ledger->id,
        .seq = tail.seq + 1,
        .previous = tail.seq > 0 ? tail.record : cel_event_genesis(ledger->id),
        .previous_wall_us = tail.wall_us,
    };
    g_autoptr(GBytes) record = cel_event_write(request, &place, signers, error);
    g_autoptr(JsonNode) node = record != NULL ? cel_event_read(record, error) : NULL;
    if (node == NULL)
        return FALSE;
    JsonObject *event = json_node_get_object(node);
    if (!run_hooks(ledger, event, TRUE, error))
        return FALSE;
    g_autoptr(CelLedgerEntry) entry = cel_entry_sign(record, place.seq, signers, error);
    return entry != NULL && cel_store_put(ledger->db, CEL_SOURCE_OWN, entry, error) &&
           run_hooks(ledger, event, FALSE, error) && tell(ledger, entry, event, out, error);
}

gboolean cel_ledger_append(CelLedger *ledger, const CelEventRequest *request,
                           const CelEventSigners *signers, CelLedgerPlace *out_place,
                           GError **error)
{
    CelLedgerPlace place;
    if (!cel_sql_begin(ledger->db, error))
        return FALSE;
    const gboolean ok = cel_ledger_append_inside(ledger, request, signers, &place, error);
    if (!cel_sql_end(ledger->db, ok, error))
        return FALSE;
    if (out_place != NULL)
        *out_place = place;
    return TRUE;
}

/* ---- reading ---- */

CelLedgerEntry *cel_ledger_entry(CelLedger *ledger, guint64 seq, GError **error)
{
    return cel_store_get(ledger->db, CEL_SOURCE_OWN, seq, error);
}

static gboolean check_size(CelLedger *ledger, guint64 size, GError **error)
{
    guint64 now = 0;
    if (!cel_ledger_size(ledger, &now, error))
        return FALSE;
    if (size <= now)
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                        _("There is no such position in the ledger"));
    return FALSE;
}

gboolean cel_ledger_root(CelLedger *ledger, CelMerkleKind kind, guint64 size,
                         CelMerkleHash *out_root, GError **error)
{
    g_auto(CelStoreTree) tree = {ledger->db, CEL_SOURCE_OWN, kind, NULL};
    const CelMerkleSource source = {kind, cel_store_fetch, &tree};
    return check_size(ledger, size, error) && cel_merkle_root(&source, size, out_root, error);
}

gboolean cel_ledger_inclusion(CelLedger *ledger, CelMerkleKind kind, guint64 seq, guint64 size,
                              CelMerkleProof *out_proof, GError **error)
{
    g_auto(CelStoreTree) tree = {ledger->db, CEL_SOURCE_OWN, kind, NULL};
    const CelMerkleSource source = {kind, cel_store_fetch, &tree};
    /* seq 0 wraps to an index that no tree has */
    return check_size(ledger, size, error) &&
           cel_merkle_inclusion(&source, seq - 1, size, out_proof, error);
}

gboolean cel_ledger_consistency(CelLedger *ledger, CelMerkleKind kind, guint64 old_size,
                                guint64 size, CelMerkleProof *out_proof, GError **error)
{
    g_auto(CelStoreTree) tree = {ledger->db, CEL_SOURCE_OWN, kind, NULL};
    const CelMerkleSource source = {kind, cel_store_fetch, &tree};
    return check_size(ledger, size, error) &&
           cel_merkle_consistency(&source, old_size, size, out_proof, error);
}
