/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "evidence/cel-place.h"
#include "register/cel-ledger-batch.h"
#include "register/cel-ledger-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { RECEIPT_VERSION = 1, MOST_RECEIPT = 1024 * 1024, MOST_BASE64 = 32 * 1024 };

static gboolean refuse(GError **error, int code, const char *why)
{
    g_set_error(error, CEL_ERROR, code, _("The receipt is not usable: %s"), why);
    return FALSE;
}

/* ---- giving ---- */

static void put_bytes(JsonObject *object, const char *name, GBytes *bytes)
{
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    json_object_set_string_member(object, name, text);
}

static void put_base64(JsonObject *object, const char *name, GBytes *bytes)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    g_autofree char *text = g_base64_encode(data, n);
    json_object_set_string_member(object, name, text);
}

static JsonObject *describe_signatures(const CelLedgerHead *head)
{
    JsonObject *all = json_object_new();
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (head->signatures[s] == NULL)
            continue;
        JsonObject *one = json_object_new();
        put_base64(one, "signature", head->signatures[s]);
        put_base64(one, "certificate", head->certificates[s]);
        json_object_set_object_member(all, cel_signer_name(s), one);
    }
    return all;
}

static gboolean prove(CelLedger *ledger, guint64 seq, guint64 size, CelProof *out, GError **error)
{
    *out = (CelProof){.seq = seq, .size = size};
    g_strlcpy(out->ledger_id, ledger->id, sizeof out->ledger_id);
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        if (!cel_ledger_root(ledger, k, size, &out->root[k], error) ||
            !cel_ledger_inclusion(ledger, k, seq, size, &out->path[k], error))
            return FALSE;
    return TRUE;
}

static gboolean is_batch(JsonObject *event, CelBatchRange *out, GError **error)
{
    return strcmp(json_object_get_string_member(event, "act"), cel_act_def(CEL_ACT_BATCH)->id) == 0
               ? cel_batch_range(event, out, error)
               : refuse(error, CEL_ERROR_USAGE, _("this event is no batch"));
}

GBytes *cel_ledger_receipt(CelLedger *ledger, guint64 seq, const CelLedgerHead *head,
                           GError **error)
{
    CelProof proof;
    CelBatchRange range;
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(ledger, seq, error);
    g_autoptr(JsonNode) event = entry != NULL ? cel_event_read(entry->record, error) : NULL;
    if (event == NULL || !is_batch(json_node_get_object(event), &range, error) ||
        !prove(ledger, seq, head->size, &proof, error))
        return NULL;
    g_autofree char *line = cel_entry_write(entry, error);
    g_autoptr(GBytes) proof_text = cel_proof_write(&proof);
    if (line == NULL)
        return NULL;
    JsonObject *receipt = json_object_new();
    json_object_set_int_member(receipt, "v", RECEIPT_VERSION);
    json_object_set_string_member(receipt, "kind", "receipt");
    json_object_set_string_member(receipt, "entry", line);
    put_bytes(receipt, "proof", proof_text);
    put_bytes(receipt, "head", head->record);
    json_object_set_object_member(receipt, "signatures", describe_signatures(head));
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, receipt);
    char *text = cel_canon_write(node, error);
    return text != NULL ? g_bytes_new_take(text, strlen(text)) : NULL;
}

/* ---- checking ---- */

/* A receipt taken apart. */
typedef struct {
    CelLedgerEntry *entry;
    JsonNode *event;
    CelProof proof;
    CelHead head;
    GBytes *head_record;
    JsonObject *signatures; /* borrowed */
} Receipt;

static void receipt_clear(Receipt *receipt)
{
    g_clear_pointer(&receipt->entry, cel_ledger_entry_free);
    g_clear_pointer(&receipt->event, json_node_unref);
    g_clear_pointer(&receipt->head_record, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Receipt, receipt_clear)

static const char *text_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                   json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : "";
}

static GBytes *get_base64(JsonObject *object, const char *name)
{
    const char *text = text_of(object, name);
    gsize n = 0;
    if (*text == '\0' || strlen(text) > MOST_BASE64)
        return NULL;
    guint8 *data = g_base64_decode(text, &n);
    return g_bytes_new_take(data, n);
}

static JsonObject *read_form(GBytes *bytes, JsonNode **out_node, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    g_autoptr(JsonNode) node = n <= MOST_RECEIPT ? cel_canon_read(text, n, NULL) : NULL;
    JsonObject *object =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    JsonNode *signatures = object != NULL ? json_object_get_member(object, "signatures") : NULL;
    if (object == NULL || strcmp(text_of(object, "kind"), "receipt") != 0 || signatures == NULL ||
        !JSON_NODE_HOLDS_OBJECT(signatures)) {
        refuse(error, CEL_ERROR_INPUT, _("it is no receipt of a known version"));
        return NULL;
    }
    *out_node = g_steal_pointer(&node);
    return object;
}

static gboolean read_parts(JsonObject *object, Receipt *out, GError **error)
{
    const char *line = text_of(object, "entry"), *head = text_of(object, "head");
    const char *proof = text_of(object, "proof");
    g_autoptr(GBytes) proof_bytes = g_bytes_new(proof, strlen(proof));
    out->head_record = g_bytes_new(head, strlen(head));
    out->signatures = json_object_get_object_member(object, "signatures");
    out->entry = cel_entry_read(line, strlen(line), error);
    out->event = out->entry != NULL ? cel_event_read(out->entry->record, error) : NULL;
    return out->event != NULL && cel_proof_read(proof_bytes, &out->proof, error) &&
           cel_head_read(out->head_record, &out->head, error);
}

/* The head signs the very tree that the proof leads to, and is the ledger's. */
static gboolean check_head(const Receipt *receipt, const CelTrust *trust, GError **error)
{
    guint n = 0;
    if (strcmp(receipt->head.ledger_id, receipt->proof.ledger_id) != 0 ||
        receipt->head.size != receipt->proof.size ||
        memcmp(receipt->head.root, receipt->proof.root, sizeof receipt->head.root) != 0)
        return refuse(error, CEL_ERROR_INPUT, _("its head is of another tree"));
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        JsonNode *node = json_object_get_member(receipt->signatures, cel_signer_name(s));
        if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
            continue;
        g_autoptr(GBytes) signature = get_base64(json_node_get_object(node), "signature");
        g_autoptr(GBytes) certificate = get_base64(json_node_get_object(node), "certificate");
        if (signature == NULL || certificate == NULL ||
            !cel_signature_verify(s, certificate, receipt->head_record, signature, NULL, NULL))
            return refuse(error, CEL_ERROR_INPUT, _("the signature of its head does not hold"));
        const CelTrustQuestion question = {s, certificate, receipt->head.size,
                                           receipt->head.wall_us};
        if (trust != NULL && cel_trust_judge(trust, &question, NULL) != CEL_TRUST_VOUCHED)
            return refuse(error, CEL_ERROR_INPUT,
                          _("no known laboratory vouches for the signer of its head"));
        n++;
    }
    return n > 0 || refuse(error, CEL_ERROR_INPUT, _("its head is not signed"));
}

static gboolean check_event(const Receipt *receipt, const CelTrust *trust, GError **error)
{
    JsonObject *event = json_node_get_object(receipt->event);
    return cel_entry_check(receipt->entry, event, trust, error) &&
           ((strcmp(text_of(event, "ledger"), receipt->proof.ledger_id) == 0 &&
             receipt->entry->seq == receipt->proof.seq &&
             cel_proof_holds(&receipt->proof, receipt->entry->record)) ||
            refuse(error, CEL_ERROR_INPUT, _("its event is not in the tree that the head signs")));
}

/* The batch names this ledger's own tree. */
static gboolean check_range(CelLedger *ledger, const Receipt *receipt, guint64 *out_to,
                            GError **error)
{
    CelBatchRange range;
    if (!is_batch(json_node_get_object(receipt->event), &range, NULL) ||
        strcmp(range.ledger_id, ledger->id) != 0)
        return refuse(error, CEL_ERROR_INPUT, _("it is for another ledger"));
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        CelMerkleHash root;
        if (!cel_ledger_root(ledger, k, range.to, &root, NULL) ||
            memcmp(root.bytes, range.root[k].bytes, CEL_MERKLE_HASH) != 0)
            return refuse(error, CEL_ERROR_INPUT,
                          _("the lab took over other events than those of this ledger"));
    }
    *out_to = range.to;
    return TRUE;
}

gboolean cel_ledger_check_receipt(CelLedger *ledger, GBytes *receipt, const CelTrust *trust,
                                  guint64 *out_to, GError **error)
{
    g_autoptr(JsonNode) node = NULL;
    g_auto(Receipt) parts = {.entry = NULL};
    JsonObject *object = read_form(receipt, &node, error);
    return object != NULL && read_parts(object, &parts, error) &&
           check_event(&parts, trust, error) && check_head(&parts, trust, error) &&
           check_range(ledger, &parts, out_to, error);
}
