/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "evidence/cel-verify-private.h"

#include <string.h>

/* ---- what the file shows of itself ---- */

static JsonNode *read_json(GBytes *bytes)
{
    gsize n = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    g_autoptr(JsonNode) root = text != NULL ? cel_canon_read(text, n, NULL) : NULL;
    return root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? g_steal_pointer(&root) : NULL;
}

gboolean cel_check_has_place(const CelCheck *check)
{
    JsonNode *ledger = check->record != NULL ? cel_record_member(check->record, "ledger") : NULL;
    return ledger != NULL && !JSON_NODE_HOLDS_NULL(ledger);
}

static gboolean same_text(JsonObject *a, const char *path_a, JsonObject *b, const char *path_b)
{
    return g_strcmp0(cel_record_text(a, path_a), cel_record_text(b, path_b)) == 0;
}

/* The event is of this file: the record's own words again. */
static gboolean event_is_of_file(const CelCheck *check, JsonObject *event)
{
    JsonObject *record = check->record;
    return same_text(event, "fid", record, "fid") &&
           same_text(event, "manifest/sha256", record, "manifest/sha256") &&
           same_text(event, "manifest/sm3", record, "manifest/sm3") &&
           same_text(event, "ledger", record, "ledger/id") &&
           same_text(event, "op/cert_sm2/sha256", record, "op/cert_sm2/sha256") &&
           same_text(event, "op/cert_ed25519/sha256", record, "op/cert_ed25519/sha256") &&
           same_text(event, "case", record, "case") && same_text(event, "item", record, "item") &&
           cel_record_number(event, "seq") == cel_record_number(record, "ledger/seq");
}

static gboolean event_is_signed(const CelCheck *check)
{
    GBytes *const *parts = check->custody.parts;
    gboolean good = TRUE;
    for (guint s = 0; good && s < CEL_N_SIGNERS; s++)
        good = parts[CEL_PART_EVENT_SIGNATURE + s] != NULL &&
               parts[CEL_PART_CERTIFICATE + s] != NULL &&
               cel_signature_verify(s, parts[CEL_PART_CERTIFICATE + s], parts[CEL_PART_EVENT],
                                    parts[CEL_PART_EVENT_SIGNATURE + s], NULL, NULL);
    return good;
}

static gboolean proof_is_stated(const CelCheck *check, const CelProof *proof)
{
    g_autofree char *sha256 = cel_merkle_hex(&proof->root[CEL_MERKLE_SHA256]);
    g_autofree char *sm3 = cel_merkle_hex(&proof->root[CEL_MERKLE_SM3]);
    JsonObject *record = check->record;
    return g_strcmp0(cel_record_text(record, "ledger/id"), proof->ledger_id) == 0 &&
           cel_record_number(record, "ledger/seq") == (gint64)proof->seq &&
           cel_record_number(record, "ledger/size") == (gint64)proof->size &&
           g_strcmp0(cel_record_text(record, "ledger/root/sha256"), sha256) == 0 &&
           g_strcmp0(cel_record_text(record, "ledger/root/sm3"), sm3) == 0;
}

/* A part that the record names must be there with its digests, another one must not. */
static gboolean part_is_stated(const CelCheck *check, guint part, const char *member)
{
    const gboolean named = cel_record_member(check->record, member) != NULL;
    GBytes *bytes = check->custody.parts[part];
    return named ? cel_check_digests(check->record, member, bytes) : bytes == NULL;
}

static CelPlaceFinding judge_file(const CelCheck *check, CelProof *proof)
{
    GBytes *const *parts = check->custody.parts;
    if (!part_is_stated(check, CEL_PART_EVENT, "ledger/event"))
        return CEL_PLACE_OTHER_EVENT;
    if (!part_is_stated(check, CEL_PART_HEAD, "ledger/head") ||
        !part_is_stated(check, CEL_PART_ROOTS, "ledger/roots"))
        return CEL_PLACE_UNNAMED_PART;
    if (!cel_check_has_place(check))
        return parts[CEL_PART_PROOF] != NULL ? CEL_PLACE_UNNAMED_PART : CEL_PLACE_HOLDS;
    g_autoptr(JsonNode) node = read_json(parts[CEL_PART_EVENT]);
    if (node == NULL || !event_is_of_file(check, json_node_get_object(node)))
        return CEL_PLACE_OTHER_FILE;
    if (!event_is_signed(check))
        return CEL_PLACE_NOT_SIGNED;
    if (parts[CEL_PART_PROOF] == NULL || !cel_proof_read(parts[CEL_PART_PROOF], proof, NULL) ||
        !proof_is_stated(check, proof))
        return CEL_PLACE_NO_PROOF;
    return cel_proof_holds(proof, parts[CEL_PART_EVENT]) ? CEL_PLACE_HOLDS : CEL_PLACE_PROOF_FAILS;
}

/* ---- the head ---- */

static gboolean head_is_of_tree(const CelCheck *check, const CelProof *proof)
{
    CelHead head = {.size = 0};
    return cel_head_read(check->custody.parts[CEL_PART_HEAD], &head, NULL) &&
           head.size == proof->size && strcmp(head.ledger_id, proof->ledger_id) == 0 &&
           memcmp(head.root, proof->root, sizeof head.root) == 0;
}

static gboolean ledger_is_vouched(const CelCheck *check, CelSigner signer, guint64 seq)
{
    CelCertificate about = {0};
    const CelTrustQuestion question = {
        .signer = signer,
        .certificate = check->custody.parts[CEL_PART_HEAD_CERTIFICATE + signer],
        .seq = seq,
    };
    const CelTrustState state = cel_trust_judge(check->options->trust, &question, &about);
    const gboolean good = state == CEL_TRUST_VOUCHED && about.role == CEL_ROLE_LEDGER;
    cel_certificate_clear(&about);
    return good;
}

/* A head that is there must be signed by every signer of its certificates; it confirms the place
 * once the lab vouches for the ledger's key. */
static CelPlaceFinding judge_head(CelCheck *check, const CelProof *proof)
{
    GBytes *const *parts = check->custody.parts;
    guint signers = 0, vouched = 0;
    if (parts[CEL_PART_HEAD] == NULL)
        return CEL_PLACE_HOLDS;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        GBytes *signature = parts[CEL_PART_HEAD_SIGNATURE + s],
               *certificate = parts[CEL_PART_HEAD_CERTIFICATE + s];
        if (signature == NULL && certificate == NULL)
            continue;
        if (signature == NULL || certificate == NULL ||
            !cel_signature_verify(s, certificate, parts[CEL_PART_HEAD], signature, NULL, NULL))
            return CEL_PLACE_HEAD_FAILS;
        signers++;
        vouched += ledger_is_vouched(check, s, proof->size) ? 1 : 0;
    }
    if (signers == 0 || !head_is_of_tree(check, proof) ||
        (check->options->trust != NULL && vouched < signers))
        return CEL_PLACE_HEAD_FAILS;
    check->by_head = vouched == signers;
    return CEL_PLACE_HOLDS;
}

/* ---- the ledger at hand, heads kept elsewhere ---- */

static const CelWitnessEvent *event_at(const CelWitness *witness, guint64 seq)
{
    for (guint i = 0; i < witness->events->len; i++) {
        const CelWitnessEvent *event = g_ptr_array_index(witness->events, i);
        if (event->seq == seq)
            return event;
    }
    return NULL;
}

static gboolean is_in_tree(const CelWitness *witness, const CelWitnessEvent *event)
{
    const CelMerkleHash leaf = cel_merkle_leaf(CEL_MERKLE_SHA256, event->record);
    return event->seq > 0 &&
           cel_merkle_check_inclusion(CEL_MERKLE_SHA256, &leaf, event->seq - 1, witness->size,
                                      &event->path, &witness->root[CEL_MERKLE_SHA256]);
}

static gboolean goes_on(const CelWitness *witness, const CelProof *proof)
{
    gboolean good = witness->from_size == proof->size;
    for (guint k = 0; good && k < CEL_N_MERKLE; k++) {
        const CelMerkleHead then = {proof->size, proof->root[k]};
        const CelMerkleHead now = {witness->size, witness->root[k]};
        good = cel_merkle_check_consistency(k, &then, &now, &witness->consistency[k]);
    }
    return good;
}

static gboolean names_file(const CelCheck *check, const CelWitnessEvent *event)
{
    g_autoptr(JsonNode) node = read_json(event->record);
    return node != NULL && same_text(json_node_get_object(node), "fid", check->record, "fid");
}

static gboolean ledger_knows_file(const CelCheck *check, const CelWitness *witness)
{
    for (guint i = 0; i < witness->events->len; i++)
        if (names_file(check, g_ptr_array_index(witness->events, i)))
            return TRUE;
    return FALSE;
}

JsonNode *cel_check_witnessed(const CelCheck *check, guint index)
{
    const CelWitness *witness = check->options->witness;
    const CelWitnessEvent *event = g_ptr_array_index(witness->events, index);
    return is_in_tree(witness, event) ? read_json(event->record) : NULL;
}

JsonNode *cel_check_later(const CelCheck *check, const char *act)
{
    const CelWitness *witness = check->options->witness;
    for (guint i = 0; witness != NULL && check->by_ledger && i < witness->events->len; i++) {
        g_autoptr(JsonNode) node = cel_check_witnessed(check, i);
        JsonObject *event = node != NULL ? json_node_get_object(node) : NULL;
        if (event != NULL && g_strcmp0(cel_record_text(event, "act"), act) == 0 &&
            cel_record_number(event, "refers") == (gint64)check->seq)
            return g_steal_pointer(&node);
    }
    return NULL;
}

static CelPlaceFinding judge_ledger(CelCheck *check, const CelProof *proof)
{
    const CelWitness *witness = check->options->witness;
    if (witness == NULL || witness->ledger_id[0] == '\0')
        return CEL_PLACE_HOLDS;
    if (!cel_check_has_place(check))
        return ledger_knows_file(check, witness) ? CEL_PLACE_LEDGER_KNOWS : CEL_PLACE_NOT_IN_LEDGER;
    if (strcmp(witness->ledger_id, proof->ledger_id) != 0)
        return CEL_PLACE_OTHER_LEDGER;
    if (witness->size < proof->size)
        return CEL_PLACE_LEDGER_CUT;
    if (!goes_on(witness, proof))
        return CEL_PLACE_LEDGER_CHANGED;
    const CelWitnessEvent *event = event_at(witness, proof->seq);
    if (event == NULL || !g_bytes_equal(event->record, check->custody.parts[CEL_PART_EVENT]))
        return CEL_PLACE_NOT_IN_LEDGER;
    check->by_ledger = TRUE;
    return CEL_PLACE_HOLDS;
}

/* A head that others keep must be of a state the ledger at hand went through; without a ledger it
 * can only be compared with the file's own tree. */
static CelPlaceFinding judge_kept(CelCheck *check, const CelProof *proof, const CelKeptHead *kept)
{
    const CelWitness *witness = check->options->witness;
    const gboolean ledger = witness->ledger_id[0] != '\0';
    const CelMerkleHead then = {kept->size, kept->root};
    const CelMerkleHead now = {witness->size, witness->root[CEL_MERKLE_SHA256]};
    if (ledger && kept->size > witness->size)
        return CEL_PLACE_KEPT_CUT;
    if (ledger && (!kept->has_path ||
                   !cel_merkle_check_consistency(CEL_MERKLE_SHA256, &then, &now, &kept->path)))
        return CEL_PLACE_KEPT_CHANGED;
    const gboolean same_tree = proof->seq > 0 && kept->size == proof->size;
    if (same_tree && memcmp(&kept->root, &proof->root[CEL_MERKLE_SHA256], sizeof kept->root) != 0)
        return CEL_PLACE_KEPT_CHANGED;
    check->by_kept |= same_tree || (ledger && proof->seq > 0 && kept->size >= proof->seq);
    return CEL_PLACE_HOLDS;
}

void cel_check_place(CelCheck *check)
{
    CelProof proof = {.seq = 0};
    if (check->record == NULL)
        return;
    check->place = judge_file(check, &proof);
    if (check->place != CEL_PLACE_HOLDS)
        return;
    check->seq = proof.seq;
    check->place = judge_head(check, &proof);
    if (check->place == CEL_PLACE_HOLDS)
        check->place = judge_ledger(check, &proof);
    const GArray *kept = check->options->witness != NULL ? check->options->witness->kept : NULL;
    for (guint i = 0; kept != NULL && check->place == CEL_PLACE_HOLDS && i < kept->len; i++)
        check->place = judge_kept(check, &proof, &g_array_index(kept, CelKeptHead, i));
}
