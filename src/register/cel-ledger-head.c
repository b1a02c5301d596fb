/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "register/cel-ledger-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { HEAD_VERSION = 1 };

void cel_ledger_head_free(CelLedgerHead *head)
{
    if (head == NULL)
        return;
    g_clear_pointer(&head->record, g_bytes_unref);
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_clear_pointer(&head->signatures[s], g_bytes_unref);
        g_clear_pointer(&head->certificates[s], g_bytes_unref);
    }
    g_free(head);
}

/* ---- stored heads ---- */

static gboolean get_signatures(sqlite3 *db, gint64 source, CelLedgerHead *head, GError **error)
{
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(db,
                        "SELECT signer, signature, der FROM head_signature JOIN certificate "
                        "ON certificate.id = head_signature.certificate "
                        "WHERE source = ?1 AND size = ?2",
                        error);
    if (get == NULL)
        return FALSE;
    sqlite3_bind_int64(get, 1, source);
    sqlite3_bind_int64(get, 2, (gint64)head->size);
    gboolean row = TRUE;
    while (cel_sql_step(get, &row, error) && row) {
        const int signer = sqlite3_column_int(get, 0);
        if (signer < 0 || signer >= CEL_N_SIGNERS || head->signatures[signer] != NULL)
            continue; /* cel_ledger_check() says so */
        head->signatures[signer] = cel_sql_column_bytes(get, 1);
        head->certificates[signer] = cel_sql_column_bytes(get, 2);
    }
    return !row;
}

/* The head at which @get stands, NULL without error when it gives no row. */
static CelLedgerHead *get_head(sqlite3 *db, gint64 source, sqlite3_stmt *get, GError **error)
{
    gboolean row = FALSE;
    if (!cel_sql_step(get, &row, error) || !row)
        return NULL;
    g_autoptr(CelLedgerHead) head = g_new0(CelLedgerHead, 1);
    head->size = (guint64)sqlite3_column_int64(get, 0);
    head->record = cel_sql_column_bytes(get, 1);
    return get_signatures(db, source, head, error) ? g_steal_pointer(&head) : NULL;
}

static CelLedgerHead *query_head(sqlite3 *db, gint64 source, guint64 size, const char *sql,
                                 GError **error)
{
    g_autoptr(sqlite3_stmt) get = cel_sql_prepare(db, sql, error);
    if (get == NULL)
        return NULL;
    sqlite3_bind_int64(get, 1, source);
    sqlite3_bind_int64(get, 2, (gint64)MIN(size, (guint64)G_MAXINT64));
    return get_head(db, source, get, error);
}

CelLedgerHead *cel_store_head_at(sqlite3 *db, gint64 source, guint64 size, GError **error)
{
    return query_head(db, source, size,
                      "SELECT size, record FROM head WHERE source = ?1 AND size = ?2", error);
}

CelLedgerHead *cel_ledger_last_head(CelLedger *ledger, guint64 min_size, GError **error)
{
    return query_head(ledger->db, CEL_SOURCE_OWN, min_size,
                      "SELECT size, record FROM head WHERE source = ?1 AND size >= ?2 "
                      "ORDER BY size DESC LIMIT 1",
                      error);
}

static gboolean put_signature(sqlite3 *db, gint64 source, const CelLedgerHead *head, guint signer,
                              GError **error)
{
    gint64 certificate = 0;
    if (!cel_store_certificate(db, head->certificates[signer], &certificate, error))
        return FALSE;
    g_autoptr(sqlite3_stmt) put =
        cel_sql_prepare(db,
                        "INSERT INTO head_signature(source, size, signer, signature, certificate) "
                        "VALUES(?1, ?2, ?3, ?4, ?5)",
                        error);
    if (put == NULL)
        return FALSE;
    sqlite3_bind_int64(put, 1, source);
    sqlite3_bind_int64(put, 2, (gint64)head->size);
    sqlite3_bind_int(put, 3, (int)signer);
    cel_sql_bind_bytes(put, 4, head->signatures[signer]);
    sqlite3_bind_int64(put, 5, certificate);
    return cel_sql_done(put, error);
}

gboolean cel_store_put_head(sqlite3 *db, gint64 source, const CelLedgerHead *head, GError **error)
{
    g_autoptr(sqlite3_stmt) put =
        cel_sql_prepare(db, "INSERT INTO head(source, size, record) VALUES(?1, ?2, ?3)", error);
    if (put == NULL)
        return FALSE;
    sqlite3_bind_int64(put, 1, source);
    sqlite3_bind_int64(put, 2, (gint64)head->size);
    cel_sql_bind_bytes(put, 3, head->record);
    if (!cel_sql_done(put, error))
        return FALSE;
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (head->signatures[s] != NULL && !put_signature(db, source, head, s, error))
            return FALSE;
    return TRUE;
}

/* ---- signing ---- */

static JsonObject *describe(CelLedger *ledger, guint64 size, CelClock clock, GError **error)
{
    static const char *const names[CEL_N_MERKLE] = {"sha256", "sm3"};
    const gint64 now_us = cel_clock_wall_us(clock);
    g_autofree char *wall = cel_clock_iso8601(now_us);
    g_autoptr(JsonObject) roots = json_object_new();
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        CelMerkleHash root;
        if (!cel_ledger_root(ledger, k, size, &root, error))
            return NULL;
        g_autofree char *hex = cel_merkle_hex(&root);
        json_object_set_string_member(roots, names[k], hex);
    }
    JsonObject *head = json_object_new();
    json_object_set_int_member(head, "v", HEAD_VERSION);
    json_object_set_string_member(head, "kind", "head");
    json_object_set_string_member(head, "ledger", ledger->id);
    json_object_set_int_member(head, "size", (gint64)size);
    json_object_set_object_member(head, "root", g_steal_pointer(&roots));
    json_object_set_string_member(head, "t_wall", wall);
    json_object_set_int_member(head, "t_wall_us", now_us);
    json_object_set_string_member(head, "distid", CEL_SM2_DEFAULT_ID);
    return head;
}

static gboolean sign(CelLedgerHead *head, CelKey *key, GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (!cel_key_holds(key, s))
            continue;
        head->certificates[s] = cel_key_certificate(key, s, error);
        head->signatures[s] =
            head->certificates[s] != NULL ? cel_key_sign(key, s, head->record, error) : NULL;
        if (head->signatures[s] == NULL)
            return FALSE;
    }
    return TRUE;
}

static CelLedgerHead *make_head(CelLedger *ledger, guint64 size, CelKey *key, CelClock clock,
                                GError **error)
{
    g_autoptr(JsonObject) object = describe(ledger, size, clock, error);
    if (object == NULL)
        return NULL;
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_set_object(node, object);
    char *text = cel_canon_write(node, error);
    if (text == NULL)
        return NULL;
    g_autoptr(CelLedgerHead) head = g_new0(CelLedgerHead, 1);
    head->size = size;
    head->record = g_bytes_new_take(text, strlen(text));
    return sign(head, key, error) && cel_store_put_head(ledger->db, CEL_SOURCE_OWN, head, error)
               ? g_steal_pointer(&head)
               : NULL;
}

/* Inside the transaction. */
static CelLedgerHead *present_head(CelLedger *ledger, CelKey *key, CelClock clock, GError **error)
{
    guint64 size = 0;
    GError *why = NULL;
    if (!cel_ledger_size(ledger, &size, error))
        return NULL;
    if (size == 0) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("The ledger is empty: there is nothing to sign yet"));
        return NULL;
    }
    CelLedgerHead *head = cel_ledger_last_head(ledger, size, &why);
    if (why != NULL)
        g_propagate_error(error, why);
    else if (head == NULL)
        head = make_head(ledger, size, key, clock, error);
    return head;
}

CelLedgerHead *cel_ledger_sign_head(CelLedger *ledger, CelKey *key, CelClock clock, GError **error)
{
    if (!cel_sql_begin(ledger->db, error))
        return NULL;
    g_autoptr(CelLedgerHead) head = present_head(ledger, key, clock, error);
    return cel_sql_end(ledger->db, head != NULL, error) ? g_steal_pointer(&head) : NULL;
}

/* ---- heads that somebody else kept ---- */

const char *cel_head_verdict_text(CelHeadVerdict verdict)
{
    switch (verdict) {
    case CEL_HEAD_CONTINUED:
        return _("The ledger holds everything that the kept head signs");
    case CEL_HEAD_ROLLED_BACK:
        return _(
            "The ledger is older than the kept head: events were lost or taken away. Keep this "
            "file, restore the newest backup and write down what is missing");
    case CEL_HEAD_REWRITTEN:
        return _("The ledger holds other events than those that the kept head signs: it was "
                 "rewritten. Keep this file and show both to an expert");
    default:
        return _("The kept head belongs to another ledger: this one was replaced, or it is another "
                 "lab's");
    }
}

gboolean cel_ledger_judge_head(CelLedger *ledger, const char *ledger_id, CelMerkleKind kind,
                               const CelMerkleHead *head, CelHeadVerdict *out_verdict,
                               GError **error)
{
    guint64 size = 0;
    CelMerkleHash root;
    if (!cel_ledger_size(ledger, &size, error))
        return FALSE;
    if (ledger_id != NULL && strcmp(ledger_id, ledger->id) != 0)
        *out_verdict = CEL_HEAD_OTHER_LEDGER;
    else if (head->size > size)
        *out_verdict = CEL_HEAD_ROLLED_BACK;
    else if (!cel_ledger_root(ledger, kind, head->size, &root, error))
        return FALSE;
    else
        *out_verdict = memcmp(root.bytes, head->root.bytes, CEL_MERKLE_HASH) == 0
                           ? CEL_HEAD_CONTINUED
                           : CEL_HEAD_REWRITTEN;
    return TRUE;
}
