/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-ledger-witness.h"

#include "base/cel-canon.h"
#include "evidence/cel-record.h"
#include "register/cel-ledger-private.h"

#include <string.h>

/* ---- for a seal ---- */

void cel_ledger_seal_free(CelLedgerSeal *seal)
{
    if (seal == NULL)
        return;
    cel_ledger_entry_free(seal->entry);
    cel_ledger_head_free(seal->head);
    g_clear_pointer(&seal->roots, g_bytes_unref);
    g_free(seal);
}

static void borrow(CelLedgerSeal *seal)
{
    CelSealPlace *place = &seal->place;
    place->event = seal->entry->record;
    place->roots = seal->roots;
    for (guint i = 0; i < seal->entry->signatures->len; i++) {
        const CelLedgerSignature *signature = g_ptr_array_index(seal->entry->signatures, i);
        if (!signature->second)
            place->event_signatures[signature->signer] = signature->signature;
    }
    if (seal->head == NULL)
        return;
    place->head = seal->head->record;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        place->head_signatures[s] = seal->head->signatures[s];
        place->head_certificates[s] = seal->head->certificates[s];
    }
}

static gboolean fill_proof(CelLedger *ledger, guint64 seq, guint64 size, CelProof *out,
                           GError **error)
{
    g_strlcpy(out->ledger_id, cel_ledger_id(ledger), sizeof out->ledger_id);
    out->seq = seq;
    out->size = size;
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        if (!cel_ledger_root(ledger, k, size, &out->root[k], error) ||
            !cel_ledger_inclusion(ledger, k, seq, size, &out->path[k], error))
            return FALSE;
    return TRUE;
}

CelLedgerSeal *cel_ledger_seal(CelLedger *ledger, guint64 seq, CelLedgerHead *head, GBytes *roots,
                               GError **error)
{
    g_autoptr(CelLedgerSeal) seal = g_new0(CelLedgerSeal, 1);
    seal->head = head;
    seal->roots = roots != NULL ? g_bytes_ref(roots) : NULL;
    seal->entry = cel_ledger_entry(ledger, seq, error);
    if (seal->entry == NULL ||
        !fill_proof(ledger, seq, head != NULL ? head->size : seq, &seal->place.proof, error))
        return NULL;
    borrow(seal);
    return g_steal_pointer(&seal);
}

/* ---- for a verification ---- */

static gboolean add_event(CelLedger *ledger, CelWitness *witness, guint64 seq, GError **error)
{
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(ledger, seq, error);
    CelWitnessEvent event = {.seq = seq};
    if (entry == NULL ||
        !cel_ledger_inclusion(ledger, CEL_MERKLE_SHA256, seq, witness->size, &event.path, error))
        return FALSE;
    event.record = entry->record;
    cel_witness_add_event(witness, &event);
    return TRUE;
}

/* Events that name the file or refer to its seal, what was done with the keys of who sealed it,
 * other seals of the same exhibit. Records are canonical JSON, so that a member has one spelling;
 * they are blobs, and only a blob is found in them. */
static const char find_events[] =
    "SELECT seq FROM event WHERE source = ?1 AND seq <= ?2 AND (instr(record, ?3) > 0 OR "
    "instr(record, ?10) > 0 OR "
    "((instr(record, ?4) > 0 OR instr(record, ?5) > 0) AND instr(record, ?6) > 0) OR "
    "(instr(record, ?7) > 0 AND instr(record, ?8) > 0 AND instr(record, ?9) > 0)) ORDER BY seq";

static void bind_words(sqlite3_stmt *statement, int index, const char *words)
{
    g_autoptr(GBytes) bytes = g_bytes_new(words, words != NULL ? strlen(words) : 0);
    if (words != NULL) /* else it stays NULL, and nothing is found */
        cel_sql_bind_bytes(statement, index, bytes);
}

static void bind_member(sqlite3_stmt *statement, int index, const char *key, const char *text)
{
    g_autoptr(JsonNode) node = text != NULL ? json_node_init_string(json_node_alloc(), text) : NULL;
    g_autofree char *value = node != NULL ? cel_canon_write(node, NULL) : NULL;
    g_autofree char *member = value != NULL ? g_strconcat("\"", key, "\":", value, NULL) : NULL;
    bind_words(statement, index, member);
}

static gboolean add_events(CelLedger *ledger, CelWitness *witness, JsonObject *record,
                           GError **error)
{
    g_autoptr(sqlite3_stmt) find = cel_sql_prepare(ledger->db, find_events, error);
    gboolean row = FALSE;
    if (find == NULL)
        return FALSE;
    sqlite3_bind_int64(find, 1, CEL_SOURCE_OWN);
    sqlite3_bind_int64(find, 2, (gint64)witness->size);
    bind_words(find, 3, cel_record_text(record, "fid"));
    bind_words(find, 4, cel_record_text(record, "op/cert_sm2/sha256"));
    bind_words(find, 5, cel_record_text(record, "op/cert_ed25519/sha256"));
    bind_member(find, 6, "act", "key_event");
    bind_member(find, 7, "act", "seal");
    bind_member(find, 8, "case", cel_record_text(record, "case"));
    bind_member(find, 9, "item", cel_record_text(record, "item"));
    const gint64 seq = cel_record_number(record, "ledger/seq");
    g_autofree char *refers = g_strdup_printf("\"refers\":%" G_GINT64_FORMAT ",", seq);
    bind_words(find, 10, seq > 0 ? refers : NULL); /* "seq" always stands behind it */
    while (cel_sql_step(find, &row, error)) {
        if (!row)
            return TRUE;
        if (!add_event(ledger, witness, (guint64)sqlite3_column_int64(find, 0), error))
            return FALSE;
    }
    return FALSE;
}

static gboolean add_tree(CelLedger *ledger, CelWitness *witness, guint64 from, GError **error)
{
    const gboolean goes_on = from > 0 && from <= witness->size;
    witness->from_size = goes_on ? from : 0;
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        if (!cel_ledger_root(ledger, k, witness->size, &witness->root[k], error) ||
            (goes_on && !cel_ledger_consistency(ledger, k, from, witness->size,
                                                &witness->consistency[k], error)))
            return FALSE;
    return TRUE;
}

static gboolean add_kept(CelLedger *ledger, CelWitness *witness, const char *text, GError **error)
{
    if (!cel_witness_keep(witness, text, error))
        return FALSE;
    CelKeptHead *head = &g_array_index(witness->kept, CelKeptHead, witness->kept->len - 1);
    head->has_path = head->size <= witness->size;
    return !head->has_path || cel_ledger_consistency(ledger, CEL_MERKLE_SHA256, head->size,
                                                     witness->size, &head->path, error);
}

CelWitness *cel_ledger_witness(CelLedger *ledger, JsonObject *record, const char *const *kept,
                               GError **error)
{
    g_autoptr(CelWitness) witness = cel_witness_new();
    const gint64 proof_size = cel_record_number(record, "ledger/size");
    g_strlcpy(witness->ledger_id, cel_ledger_id(ledger), sizeof witness->ledger_id);
    if (!cel_ledger_size(ledger, &witness->size, error) ||
        !add_tree(ledger, witness, proof_size > 0 ? (guint64)proof_size : 0, error) ||
        !add_events(ledger, witness, record, error))
        return NULL;
    for (gsize i = 0; kept != NULL && kept[i] != NULL; i++)
        if (!add_kept(ledger, witness, kept[i], error))
            return NULL;
    return g_steal_pointer(&witness);
}
