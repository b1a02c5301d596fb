/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "register/cel-ledger-private.h"

#include <glib/gi18n-lib.h>

/* Everything that happened, in order, for those who make their tables anew. */

gboolean cel_store_walk(CelLedger *ledger, gint64 source, guint64 from, guint64 to,
                        CelStoreVisit visit, gpointer data, GError **error)
{
    g_autoptr(sqlite3_stmt) get = cel_sql_prepare(ledger->db,
                                                  "SELECT seq, record FROM event WHERE source = ?1 "
                                                  "AND seq BETWEEN ?2 AND ?3 ORDER BY seq",
                                                  error);
    if (get == NULL)
        return FALSE;
    sqlite3_bind_int64(get, 1, source);
    sqlite3_bind_int64(get, 2, (gint64)MIN(from, (guint64)G_MAXINT64));
    sqlite3_bind_int64(get, 3, (gint64)MIN(to, (guint64)G_MAXINT64));
    gboolean row = TRUE;
    while (cel_sql_step(get, &row, error) && row) {
        g_autoptr(GBytes) record = cel_sql_column_bytes(get, 1);
        g_autoptr(CelLedgerEntry) entry =
            cel_ledger_entry_new(record, (guint64)sqlite3_column_int64(get, 0));
        g_autoptr(JsonNode) event = cel_event_read(record, error);
        if (event == NULL || !visit(data, entry, json_node_get_object(event), error))
            return FALSE;
    }
    return !row;
}

typedef struct {
    CelLedger *ledger;
    const CelLedgerHooks *hooks;
    CelJob *job;
    guint64 size;
} Replay;

static gboolean apply_foreign(gpointer data, const CelLedgerEntry *entry, JsonObject *event,
                              GError **error)
{
    const Replay *replay = data;
    (void)entry;
    return replay->hooks->apply(replay->hooks->data, replay->ledger->db, event, error);
}

gboolean cel_store_source(sqlite3 *db, const char *ledger_id, gint64 *out_source, GError **error)
{
    gboolean row = FALSE;
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(db, "SELECT id FROM source WHERE ledger = ?1", error);
    if (get == NULL)
        return FALSE;
    sqlite3_bind_text(get, 1, ledger_id, -1, SQLITE_TRANSIENT);
    if (!cel_sql_step(get, &row, error))
        return FALSE;
    *out_source = row ? sqlite3_column_int64(get, 0) : 0;
    return TRUE;
}

/* What a batch brought. */
static gboolean apply_batch(Replay *replay, JsonObject *event, GError **error)
{
    CelBatchRange range;
    gint64 source = 0;
    return cel_batch_range(event, &range, error) &&
           cel_store_source(replay->ledger->db, range.ledger_id, &source, error) &&
           cel_store_walk(replay->ledger, source, range.from, range.to, apply_foreign, replay,
                          error);
}

static gboolean apply_own(gpointer data, const CelLedgerEntry *entry, JsonObject *event,
                          GError **error)
{
    Replay *replay = data;
    if (!cel_job_step(replay->job, N_("Reading the ledger"), entry->seq, replay->size, error) ||
        !apply_foreign(replay, entry, event, error))
        return FALSE;
    const char *act = json_object_get_string_member(event, "act");
    return !g_str_equal(act, cel_act_def(CEL_ACT_BATCH)->id) || apply_batch(replay, event, error);
}

gboolean cel_ledger_replay(CelLedger *ledger, const CelLedgerHooks *hooks, CelJob *job,
                           GError **error)
{
    Replay replay = {ledger, hooks, job, 0};
    if (!cel_sql_begin(ledger->db, error))
        return FALSE;
    const gboolean ok =
        cel_ledger_size(ledger, &replay.size, error) &&
        cel_store_walk(ledger, CEL_SOURCE_OWN, 1, replay.size, apply_own, &replay, error);
    return cel_sql_end(ledger->db, ok, error);
}
