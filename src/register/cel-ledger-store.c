/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-ledger-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean damaged(GError **error, const char *what)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The ledger is damaged: %s. Keep this file as it is and restore a backup beside "
                  "it"),
                what);
    return FALSE;
}

static void bind(sqlite3_stmt *statement, int index, guint64 value)
{
    sqlite3_bind_int64(statement, index, (gint64)value);
}

/* ---- the trees ---- */

/* Behind n leaves stand 2 n - (ones of n) complete subtrees: each one-bit is a subtree that still
 * waits for its sibling. */
static guint64 nodes_of(guint64 leaves)
{
    guint64 ones = 0;
    for (guint64 n = leaves; n > 0; n &= n - 1)
        ones++;
    return 2 * leaves - ones;
}

guint64 cel_ledger_node_place(guint level, guint64 index)
{
    const guint64 last_leaf = ((index + 1) << level) - 1;
    return nodes_of(last_leaf) + level;
}

typedef struct {
    CelMerkleHash hashes[CEL_N_MERKLE];
} Node;

void cel_store_tree_clear(CelStoreTree *tree)
{
    g_clear_pointer(&tree->get, sqlite3_finalize);
}

static gboolean get_node(CelStoreTree *tree, guint64 place, Node *out, GError **error)
{
    gboolean row = FALSE;
    if (tree->get == NULL)
        tree->get = cel_sql_prepare(
            tree->db, "SELECT sha256, sm3 FROM node WHERE source = ?1 AND place = ?2", error);
    if (tree->get == NULL)
        return FALSE;
    sqlite3_bind_int64(tree->get, 1, tree->source);
    bind(tree->get, 2, place);
    gboolean ok = cel_sql_step(tree->get, &row, error);
    for (int k = 0; ok && k < CEL_N_MERKLE; k++) {
        const void *hash = row ? sqlite3_column_blob(tree->get, k) : NULL;
        if (hash == NULL || sqlite3_column_bytes(tree->get, k) != CEL_MERKLE_HASH)
            ok = damaged(error, _("a node of its trees is missing"));
        else
            memcpy(out->hashes[k].bytes, hash, CEL_MERKLE_HASH);
    }
    sqlite3_reset(tree->get);
    return ok;
}

gboolean cel_store_fetch(gpointer data, guint level, guint64 index, CelMerkleHash *out_hash,
                         GError **error)
{
    CelStoreTree *tree = data;
    Node node;
    if (!get_node(tree, cel_ledger_node_place(level, index), &node, error))
        return FALSE;
    *out_hash = node.hashes[tree->kind];
    return TRUE;
}

static gboolean put_node(sqlite3_stmt *put, guint64 place, const Node *node, GError **error)
{
    bind(put, 2, place);
    for (int k = 0; k < CEL_N_MERKLE; k++)
        sqlite3_bind_blob(put, 3 + k, node->hashes[k].bytes, CEL_MERKLE_HASH, SQLITE_TRANSIENT);
    const gboolean ok = cel_sql_done(put, error);
    sqlite3_reset(put);
    return ok;
}

/* The leaf @index and every subtree that it closes. */
static gboolean put_nodes(sqlite3 *db, gint64 source, guint64 index, GBytes *record, GError **error)
{
    g_autoptr(sqlite3_stmt) put = cel_sql_prepare(
        db, "INSERT INTO node(source, place, sha256, sm3) VALUES(?1, ?2, ?3, ?4)", error);
    g_auto(CelStoreTree) tree = {.db = db, .source = source};
    if (put == NULL)
        return FALSE;
    sqlite3_bind_int64(put, 1, source);
    Node node;
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        node.hashes[k] = cel_merkle_leaf(k, record);
    if (!put_node(put, cel_ledger_node_place(0, index), &node, error))
        return FALSE;
    guint level = 0;
    for (guint64 at = index; (at & 1) == 1; at >>= 1, level++) {
        Node left;
        if (!get_node(&tree, cel_ledger_node_place(level, at - 1), &left, error))
            return FALSE;
        for (guint k = 0; k < CEL_N_MERKLE; k++)
            node.hashes[k] = cel_merkle_node(k, &left.hashes[k], &node.hashes[k]);
        if (!put_node(put, cel_ledger_node_place(level + 1, at >> 1), &node, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- events ---- */

gboolean cel_store_size(sqlite3 *db, gint64 source, guint64 *out_size, GError **error)
{
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(db, "SELECT max(seq) FROM event WHERE source = ?1", error);
    gboolean row = FALSE;
    if (get == NULL)
        return FALSE;
    sqlite3_bind_int64(get, 1, source);
    if (!cel_sql_step(get, &row, error))
        return FALSE;
    const gint64 size = row ? sqlite3_column_int64(get, 0) : 0;
    *out_size = size > 0 ? (guint64)size : 0;
    return TRUE;
}

gboolean cel_store_certificate(sqlite3 *db, GBytes *der, gint64 *out_id, GError **error)
{
    gsize n = 0;
    gboolean row = FALSE;
    const void *bytes = g_bytes_get_data(der, &n);
    g_autofree char *sha256 = cel_digest_hex("sha256", bytes, n);
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(db, "SELECT id FROM certificate WHERE sha256 = ?1", error);
    if (get == NULL)
        return FALSE;
    sqlite3_bind_text(get, 1, sha256, -1, SQLITE_TRANSIENT);
    if (!cel_sql_step(get, &row, error))
        return FALSE;
    if (row) {
        *out_id = sqlite3_column_int64(get, 0);
        return TRUE;
    }
    g_autoptr(sqlite3_stmt) put =
        cel_sql_prepare(db, "INSERT INTO certificate(sha256, der) VALUES(?1, ?2)", error);
    if (put == NULL)
        return FALSE;
    sqlite3_bind_text(put, 1, sha256, -1, SQLITE_TRANSIENT);
    cel_sql_bind_bytes(put, 2, der);
    if (!cel_sql_done(put, error))
        return FALSE;
    *out_id = sqlite3_last_insert_rowid(db);
    return TRUE;
}

static gboolean put_signature(sqlite3 *db, gint64 source, guint64 seq,
                              const CelLedgerSignature *signature, GError **error)
{
    gint64 certificate = 0;
    if (!cel_store_certificate(db, signature->certificate, &certificate, error))
        return FALSE;
    g_autoptr(sqlite3_stmt) put =
        cel_sql_prepare(db,
                        "INSERT INTO signature(source, seq, second, signer, signature, "
                        "certificate) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                        error);
    if (put == NULL)
        return FALSE;
    sqlite3_bind_int64(put, 1, source);
    bind(put, 2, seq);
    sqlite3_bind_int(put, 3, signature->second ? 1 : 0);
    sqlite3_bind_int(put, 4, (int)signature->signer);
    cel_sql_bind_bytes(put, 5, signature->signature);
    sqlite3_bind_int64(put, 6, certificate);
    return cel_sql_done(put, error);
}

gboolean cel_store_put(sqlite3 *db, gint64 source, const CelLedgerEntry *entry, GError **error)
{
    g_autoptr(sqlite3_stmt) put =
        cel_sql_prepare(db, "INSERT INTO event(source, seq, record) VALUES(?1, ?2, ?3)", error);
    if (put == NULL)
        return FALSE;
    sqlite3_bind_int64(put, 1, source);
    bind(put, 2, entry->seq);
    cel_sql_bind_bytes(put, 3, entry->record);
    if (!cel_sql_done(put, error))
        return FALSE;
    for (guint i = 0; i < entry->signatures->len; i++)
        if (!put_signature(db, source, entry->seq, g_ptr_array_index(entry->signatures, i), error))
            return FALSE;
    return put_nodes(db, source, entry->seq - 1, entry->record, error);
}

static gboolean get_signatures(sqlite3 *db, gint64 source, CelLedgerEntry *entry, GError **error)
{
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(db,
                        "SELECT second, signer, signature, der FROM signature JOIN certificate "
                        "ON certificate.id = signature.certificate WHERE source = ?1 AND seq = ?2 "
                        "ORDER BY second, signer",
                        error);
    if (get == NULL)
        return FALSE;
    sqlite3_bind_int64(get, 1, source);
    bind(get, 2, entry->seq);
    gboolean row = TRUE;
    while (cel_sql_step(get, &row, error) && row) {
        g_autoptr(GBytes) signature = cel_sql_column_bytes(get, 2);
        g_autoptr(GBytes) certificate = cel_sql_column_bytes(get, 3);
        const int signer = sqlite3_column_int(get, 1);
        if (signer < 0 || signer >= CEL_N_SIGNERS)
            return damaged(error, _("it holds a signature of an unknown kind"));
        cel_entry_add(entry, &(CelLedgerSignature){sqlite3_column_int(get, 0) != 0,
                                                   (CelSigner)signer, signature, certificate});
    }
    return !row;
}

CelLedgerEntry *cel_store_get(sqlite3 *db, gint64 source, guint64 seq, GError **error)
{
    gboolean row = FALSE;
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(db, "SELECT record FROM event WHERE source = ?1 AND seq = ?2", error);
    if (get == NULL)
        return NULL;
    sqlite3_bind_int64(get, 1, source);
    bind(get, 2, seq);
    if (!cel_sql_step(get, &row, error))
        return NULL;
    if (!row) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("There is no such position in the ledger"));
        return NULL;
    }
    g_autoptr(GBytes) record = cel_sql_column_bytes(get, 0);
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry_new(record, seq);
    return get_signatures(db, source, entry, error) ? g_steal_pointer(&entry) : NULL;
}

gboolean cel_store_tail(sqlite3 *db, gint64 source, CelStoreTail *out_tail, GError **error)
{
    *out_tail = (CelStoreTail){0};
    if (!cel_store_size(db, source, &out_tail->seq, error))
        return FALSE;
    if (out_tail->seq == 0)
        return TRUE;
    g_autoptr(CelLedgerEntry) last = cel_store_get(db, source, out_tail->seq, error);
    g_autoptr(JsonNode) event = last != NULL ? cel_event_read(last->record, error) : NULL;
    if (event == NULL)
        return FALSE;
    gsize n = 0;
    const void *bytes = g_bytes_get_data(last->record, &n);
    out_tail->record = cel_digest_pair(bytes, n);
    out_tail->wall_us = json_object_get_int_member(json_node_get_object(event), "t_wall_us");
    return TRUE;
}
