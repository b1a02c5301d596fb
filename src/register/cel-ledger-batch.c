/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-ledger-batch.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "register/cel-ledger-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { BATCH_VERSION = 1 };

static gboolean refuse(GError **error, int code, const char *why)
{
    g_set_error(error, CEL_ERROR, code, _("The batch is not taken over: %s. Nothing was changed"),
                why);
    return FALSE;
}

static const char *text_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                   json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : "";
}

static gint64 number_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                   json_node_get_value_type(node) == G_TYPE_INT64
               ? json_node_get_int(node)
               : 0;
}

gboolean cel_batch_range(JsonObject *event, CelBatchRange *out_range, GError **error)
{
    static const char *const names[CEL_N_MERKLE] = {"sha256", "sm3"};
    JsonObject *data = json_object_get_object_member(event, "data");
    const gint64 from = number_of(data, "from"), to = number_of(data, "to");
    guint8 id[CEL_LEDGER_ID / 2];
    if (!cel_hex_read(text_of(data, "ledger"), id, sizeof id) || from < 1 || to < from)
        return refuse(error, CEL_ERROR_INPUT, _("it does not say which events it brings"));
    g_strlcpy(out_range->ledger_id, text_of(data, "ledger"), sizeof out_range->ledger_id);
    out_range->from = (guint64)from;
    out_range->to = (guint64)to;
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        if (!cel_merkle_from_hex(text_of(data, names[k]), &out_range->root[k]))
            return refuse(error, CEL_ERROR_INPUT, _("it does not name the root of its tree"));
    return TRUE;
}

/* ---- as a text ---- */

void cel_ledger_batch_free(CelLedgerBatch *batch)
{
    if (batch == NULL)
        return;
    g_ptr_array_unref(batch->entries);
    g_free(batch);
}

static void free_entry(gpointer entry)
{
    cel_ledger_entry_free(entry);
}

static CelLedgerBatch *new_batch(const char *ledger_id)
{
    CelLedgerBatch *batch = g_new0(CelLedgerBatch, 1);
    g_strlcpy(batch->ledger_id, ledger_id, sizeof batch->ledger_id);
    batch->entries = g_ptr_array_new_with_free_func(free_entry);
    return batch;
}

static guint64 first_of(const CelLedgerBatch *batch)
{
    return ((const CelLedgerEntry *)g_ptr_array_index(batch->entries, 0))->seq;
}

static guint64 last_of(const CelLedgerBatch *batch)
{
    return first_of(batch) + batch->entries->len - 1;
}

CelLedgerBatch *cel_ledger_batch_take(CelLedger *ledger, guint64 from, GError **error)
{
    guint64 size = 0;
    if (!cel_ledger_size(ledger, &size, error))
        return NULL;
    if (from < 1 || from > size) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("The ledger holds no event from there on"));
        return NULL;
    }
    g_autoptr(CelLedgerBatch) batch = new_batch(ledger->id);
    for (guint64 seq = from; seq <= size && batch->entries->len < CEL_BATCH_MAX_EVENTS; seq++) {
        CelLedgerEntry *entry = cel_ledger_entry(ledger, seq, error);
        if (entry == NULL)
            return NULL;
        g_ptr_array_add(batch->entries, entry);
    }
    return g_steal_pointer(&batch);
}

static char *first_line(const CelLedgerBatch *batch, GError **error)
{
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    JsonObject *line = json_object_new();
    json_object_set_int_member(line, "v", BATCH_VERSION);
    json_object_set_string_member(line, "kind", "batch");
    json_object_set_string_member(line, "ledger", batch->ledger_id);
    json_object_set_int_member(line, "from", (gint64)first_of(batch));
    json_object_set_int_member(line, "to", (gint64)last_of(batch));
    json_node_take_object(node, line);
    return cel_canon_write(node, error);
}

GBytes *cel_ledger_batch_write(const CelLedgerBatch *batch, GError **error)
{
    g_autofree char *first = first_line(batch, error);
    g_autoptr(GString) text = g_string_new(first);
    for (guint i = 0; first != NULL && i < batch->entries->len; i++) {
        g_autofree char *line = cel_entry_write(g_ptr_array_index(batch->entries, i), error);
        if (line == NULL)
            return NULL;
        g_string_append_printf(text, "\n%s", line);
    }
    if (first == NULL)
        return NULL;
    g_string_append_c(text, '\n');
    return g_string_free_to_bytes(g_steal_pointer(&text));
}

/* The next line of @text at @at, without its end; NULL at the end or when the end is missing. */
static const char *next_line(const char *text, gsize n, gsize *at, gsize *out_length)
{
    const char *start = text + *at;
    const char *end = *at < n ? memchr(start, '\n', n - *at) : NULL;
    if (end == NULL)
        return NULL;
    *out_length = (gsize)(end - start);
    *at += *out_length + 1;
    return start;
}

/* Returns: (nullable): an empty batch of that ledger. */
static CelLedgerBatch *read_first(const char *line, gsize length, gint64 *out_from, gint64 *out_to)
{
    g_autoptr(JsonNode) node = cel_canon_read(line, length, NULL);
    JsonObject *object =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    guint8 id[CEL_LEDGER_ID / 2];
    if (object == NULL || json_object_get_size(object) != 5 ||
        strcmp(text_of(object, "kind"), "batch") != 0 || number_of(object, "v") != BATCH_VERSION ||
        !cel_hex_read(text_of(object, "ledger"), id, sizeof id))
        return NULL;
    *out_from = number_of(object, "from");
    *out_to = number_of(object, "to");
    return *out_from >= 1 && *out_to >= *out_from && *out_to - *out_from < CEL_BATCH_MAX_EVENTS
               ? new_batch(text_of(object, "ledger"))
               : NULL;
}

CelLedgerBatch *cel_ledger_batch_read(GBytes *bytes, GError **error)
{
    gsize n = 0, at = 0, length = 0;
    gint64 from = 0, to = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    const char *line = n <= CEL_BATCH_MAX_BYTES ? next_line(text, n, &at, &length) : NULL;
    g_autoptr(CelLedgerBatch) batch = line != NULL ? read_first(line, length, &from, &to) : NULL;
    if (batch == NULL) {
        refuse(error, CEL_ERROR_INPUT, _("it is no batch of a known version"));
        return NULL;
    }
    for (gint64 seq = from; seq <= to; seq++) {
        line = next_line(text, n, &at, &length);
        CelLedgerEntry *entry = line != NULL ? cel_entry_read(line, length, error) : NULL;
        if (entry != NULL)
            g_ptr_array_add(batch->entries, entry);
        if (entry == NULL || entry->seq != (guint64)seq) {
            if (line == NULL || entry != NULL)
                refuse(error, CEL_ERROR_INPUT, _("its events are not in a row"));
            return NULL;
        }
    }
    if (at == n)
        return g_steal_pointer(&batch);
    refuse(error, CEL_ERROR_INPUT, _("something stands behind its last event"));
    return NULL;
}

/* ---- taking over ---- */

/* One batch on its way in. */
typedef struct {
    CelLedger *ledger;
    const CelLedgerTakeOver *what;
    gint64 source;
    CelStoreTail tail;
    guint64 from, place; /* first new event; position of the batch's event here */
} Intake;

gboolean cel_ledger_foreign_size(CelLedger *ledger, const char *ledger_id, guint64 *out_size,
                                 GError **error)
{
    gint64 source = 0;
    *out_size = 0;
    return cel_store_source(ledger->db, ledger_id, &source, error) &&
           (source == 0 || cel_store_size(ledger->db, source, out_size, error));
}

static gboolean open_source(Intake *in, GError **error)
{
    const char *id = in->what->batch->ledger_id;
    if (strcmp(id, in->ledger->id) == 0)
        return refuse(error, CEL_ERROR_POLICY, _("these are this ledger's own events"));
    if (!cel_store_source(in->ledger->db, id, &in->source, error))
        return FALSE;
    if (in->source != 0)
        return TRUE;
    g_autoptr(sqlite3_stmt) put =
        cel_sql_prepare(in->ledger->db, "INSERT INTO source(ledger) VALUES(?1)", error);
    if (put == NULL)
        return FALSE;
    sqlite3_bind_text(put, 1, id, -1, SQLITE_TRANSIENT);
    if (!cel_sql_done(put, error))
        return FALSE;
    in->source = sqlite3_last_insert_rowid(in->ledger->db);
    return TRUE;
}

/* An event that is here already: the very same. */
static gboolean check_known(Intake *in, const CelLedgerEntry *entry, GError **error)
{
    g_autoptr(CelLedgerEntry) mine = cel_store_get(in->ledger->db, in->source, entry->seq, error);
    if (mine == NULL)
        return FALSE;
    return g_bytes_equal(mine->record, entry->record) ||
           refuse(error, CEL_ERROR_POLICY,
                  _("other events were taken over from that ledger before: it was rewritten. Keep "
                    "both and show them to an expert"));
}

static gboolean check_next(const Intake *in, const CelLedgerEntry *entry, JsonObject *event,
                           GError **error)
{
    const CelDigestPair start = cel_event_genesis(in->what->batch->ledger_id);
    const CelDigestPair *wanted = in->tail.seq > 0 ? &in->tail.record : &start;
    JsonObject *previous = json_object_get_object_member(event, "prev");
    if (entry->seq != in->tail.seq + 1 || number_of(event, "seq") != (gint64)entry->seq)
        return refuse(error, CEL_ERROR_INPUT, _("events are missing before it"));
    if (strcmp(text_of(event, "ledger"), in->what->batch->ledger_id) != 0 ||
        strcmp(text_of(previous, "sha256"), wanted->sha256) != 0 ||
        strcmp(text_of(previous, "sm3"), wanted->sm3) != 0)
        return refuse(error, CEL_ERROR_INPUT, _("an event does not follow the one before it"));
    return cel_entry_check(entry, event, NULL, error) &&
           (in->what->trust == NULL ||
            cel_entry_vouched(entry, event, in->what->trust, in->place, error));
}

static gboolean take_entry(Intake *in, const CelLedgerEntry *entry, GError **error)
{
    if (entry->seq <= in->tail.seq)
        return check_known(in, entry, error);
    g_autoptr(JsonNode) node = cel_event_read(entry->record, error);
    if (node == NULL || !check_next(in, entry, json_node_get_object(node), error) ||
        !cel_store_put(in->ledger->db, in->source, entry, error))
        return FALSE;
    gsize n = 0;
    const void *bytes = g_bytes_get_data(entry->record, &n);
    in->tail.seq = entry->seq;
    in->tail.record = cel_digest_pair(bytes, n);
    return TRUE;
}

static gboolean foreign_root(CelLedger *ledger, gint64 source, CelMerkleKind kind, guint64 size,
                             CelMerkleHash *out, GError **error)
{
    g_auto(CelStoreTree) tree = {ledger->db, source, kind, NULL};
    const CelMerkleSource from = {kind, cel_store_fetch, &tree};
    return cel_merkle_root(&from, size, out, error);
}

static gboolean record_batch(Intake *in, CelLedgerPlace *out_place, GError **error)
{
    static const char *const names[CEL_N_MERKLE] = {"sha256", "sm3"};
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "ledger", in->what->batch->ledger_id);
    json_object_set_int_member(data, "from", (gint64)in->from);
    json_object_set_int_member(data, "to", (gint64)in->tail.seq);
    if (in->what->place != NULL)
        json_object_set_string_member(data, "place", in->what->place);
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        CelMerkleHash root;
        if (!foreign_root(in->ledger, in->source, k, in->tail.seq, &root, error))
            return FALSE;
        g_autofree char *hex = cel_merkle_hex(&root);
        json_object_set_string_member(data, names[k], hex);
    }
    const CelEventRequest request = {.act = CEL_ACT_BATCH, .data = data, .clock = in->what->clock};
    return cel_ledger_append_inside(in->ledger, &request, in->what->signers, out_place, error);
}

static gboolean apply_one(gpointer data, const CelLedgerEntry *entry, JsonObject *event,
                          GError **error)
{
    CelLedger *ledger = data;
    (void)entry;
    return ledger->hooks.apply(ledger->hooks.data, ledger->db, event, error);
}

/* Inside the transaction. */
static gboolean take_over(Intake *in, CelLedgerPlace *out_place, GError **error)
{
    guint64 size = 0;
    const GPtrArray *entries = in->what->batch->entries;
    if (!open_source(in, error) || !cel_ledger_size(in->ledger, &size, error) ||
        !cel_store_tail(in->ledger->db, in->source, &in->tail, error))
        return FALSE;
    in->place = size + 1;
    in->from = in->tail.seq + 1;
    for (guint i = 0; i < entries->len; i++)
        if (!take_entry(in, g_ptr_array_index(entries, i), error))
            return FALSE;
    if (in->tail.seq < in->from)
        return refuse(error, CEL_ERROR_USAGE, _("every event of it is here already"));
    return record_batch(in, out_place, error) &&
           (in->ledger->hooks.apply == NULL ||
            cel_store_walk(in->ledger, in->source, in->from, in->tail.seq, apply_one, in->ledger,
                           error));
}

gboolean cel_ledger_take_over(CelLedger *ledger, const CelLedgerTakeOver *what,
                              CelLedgerPlace *out_place, GError **error)
{
    Intake in = {.ledger = ledger, .what = what};
    CelLedgerPlace place;
    g_return_val_if_fail(what->batch->entries->len > 0, FALSE);
    if (!cel_sql_begin(ledger->db, error))
        return FALSE;
    const gboolean ok = take_over(&in, &place, error);
    if (!cel_sql_end(ledger->db, ok, error))
        return FALSE;
    if (out_place != NULL)
        *out_place = place;
    return TRUE;
}

const char *cel_batch_problem(CelLedger *ledger, const CelBatchRange *range, guint64 next)
{
    gint64 source = 0;
    guint64 size = 0;
    if (!cel_store_source(ledger->db, range->ledger_id, &source, NULL) || source == 0 ||
        !cel_store_size(ledger->db, source, &size, NULL) || size < range->to)
        return _("events that this batch brought are missing");
    if (range->from != next)
        return _("this batch does not follow the one before it");
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        CelMerkleHash root;
        if (!foreign_root(ledger, source, k, range->to, &root, NULL) ||
            memcmp(root.bytes, range->root[k].bytes, CEL_MERKLE_HASH) != 0)
            return _("the events that this batch brought are others");
    }
    return NULL;
}
