/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-place.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "evidence/cel-record.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { PLACE_VERSION = 1 };
static const char *const algorithms[CEL_N_MERKLE] = {"sha256", "sm3"};

/* ---- writing ---- */

static void put_hash(JsonBuilder *b, const char *key, const CelMerkleHash *hash)
{
    g_autofree char *hex = cel_merkle_hex(hash);
    if (key != NULL)
        json_builder_set_member_name(b, key);
    json_builder_add_string_value(b, hex);
}

static void put_paths(JsonBuilder *b, const CelProof *proof)
{
    json_builder_set_member_name(b, "path");
    json_builder_begin_object(b);
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        json_builder_set_member_name(b, algorithms[k]);
        json_builder_begin_array(b);
        for (guint i = 0; i < proof->path[k].n; i++)
            put_hash(b, NULL, &proof->path[k].hashes[i]);
        json_builder_end_array(b);
    }
    json_builder_end_object(b);
}

static void put_member(JsonBuilder *b, const char *key, gint64 value)
{
    json_builder_set_member_name(b, key);
    json_builder_add_int_value(b, value);
}

GBytes *cel_proof_write(const CelProof *proof)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    put_member(b, "v", PLACE_VERSION);
    json_builder_set_member_name(b, "kind");
    json_builder_add_string_value(b, "proof");
    json_builder_set_member_name(b, "ledger");
    json_builder_add_string_value(b, proof->ledger_id);
    put_member(b, "seq", (gint64)proof->seq);
    put_member(b, "size", (gint64)proof->size);
    put_paths(b, proof);
    json_builder_set_member_name(b, "root");
    json_builder_begin_object(b);
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        put_hash(b, algorithms[k], &proof->root[k]);
    json_builder_end_object(b);
    json_builder_end_object(b);
    g_autoptr(JsonNode) root = json_builder_get_root(b);
    char *text = cel_canon_write(root, NULL);
    g_assert(text != NULL); /* integers of a ledger and hex digits always can be written */
    return g_bytes_new_take(text, strlen(text));
}

/* ---- reading ---- */

static gboolean refuse(GError **error, const char *what)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The %s is not usable"), what);
    return FALSE;
}

static JsonNode *read_object(GBytes *bytes, const char *kind)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    g_autoptr(JsonNode) root = cel_canon_read(text, n, NULL);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root))
        return NULL;
    JsonObject *object = json_node_get_object(root);
    return g_strcmp0(cel_record_text(object, "kind"), kind) == 0 &&
                   cel_record_number(object, "v") == PLACE_VERSION
               ? g_steal_pointer(&root)
               : NULL;
}

static gboolean read_id(JsonObject *object, char *out)
{
    const char *id = cel_record_text(object, "ledger");
    if (!cel_fid_valid(id))
        return FALSE;
    g_strlcpy(out, id, CEL_FID_LENGTH + 1);
    return TRUE;
}

static gboolean read_roots(JsonObject *object, CelMerkleHash *out)
{
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        g_autofree char *path = g_strconcat("root/", algorithms[k], NULL);
        const char *hex = cel_record_text(object, path);
        if (hex == NULL || !cel_merkle_from_hex(hex, &out[k]))
            return FALSE;
    }
    return TRUE;
}

gboolean cel_merkle_proof_read(JsonObject *object, const char *path, CelMerkleProof *out)
{
    JsonNode *node = cel_record_member(object, path);
    if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
        return FALSE;
    JsonArray *array = json_node_get_array(node);
    if (json_array_get_length(array) > CEL_MERKLE_MAX_PROOF)
        return FALSE;
    out->n = json_array_get_length(array);
    for (guint i = 0; i < out->n; i++) {
        JsonNode *element = json_array_get_element(array, i);
        if (!JSON_NODE_HOLDS_VALUE(element) || json_node_get_value_type(element) != G_TYPE_STRING ||
            !cel_merkle_from_hex(json_node_get_string(element), &out->hashes[i]))
            return FALSE;
    }
    return TRUE;
}

gboolean cel_proof_read(GBytes *bytes, CelProof *out, GError **error)
{
    g_autoptr(JsonNode) root = read_object(bytes, "proof");
    JsonObject *object = root != NULL ? json_node_get_object(root) : NULL;
    CelProof proof = {.seq = 0};
    gboolean good =
        object != NULL && read_id(object, proof.ledger_id) && read_roots(object, proof.root);
    for (guint k = 0; good && k < CEL_N_MERKLE; k++) {
        g_autofree char *path = g_strconcat("path/", algorithms[k], NULL);
        good = cel_merkle_proof_read(object, path, &proof.path[k]);
    }
    const gint64 seq = cel_record_number(object, "seq"), size = cel_record_number(object, "size");
    if (!good || seq < 1 || size < seq)
        return refuse(error, _("proof of the place in the ledger"));
    proof.seq = (guint64)seq;
    proof.size = (guint64)size;
    *out = proof;
    return TRUE;
}

gboolean cel_proof_holds(const CelProof *proof, GBytes *event)
{
    gboolean holds = TRUE;
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        const CelMerkleHash leaf = cel_merkle_leaf(k, event);
        holds = holds && cel_merkle_check_inclusion(k, &leaf, proof->seq - 1, proof->size,
                                                    &proof->path[k], &proof->root[k]);
    }
    return holds;
}

gboolean cel_head_read(GBytes *bytes, CelHead *out, GError **error)
{
    g_autoptr(JsonNode) root = read_object(bytes, "head");
    JsonObject *object = root != NULL ? json_node_get_object(root) : NULL;
    CelHead head = {.size = 0};
    const gint64 size = cel_record_number(object, "size");
    if (object == NULL || size < 1 || !read_id(object, head.ledger_id) ||
        !read_roots(object, head.root))
        return refuse(error, _("head of the ledger"));
    head.size = (guint64)size;
    head.wall_us = cel_record_number(object, "t_wall_us");
    *out = head;
    return TRUE;
}

/* ---- what may be put into a seal ---- */

static gboolean event_names(GBytes *event, const char *fid, const CelDigestPair *manifest)
{
    g_autoptr(JsonNode) root = read_object(event, "event");
    JsonObject *object = root != NULL ? json_node_get_object(root) : NULL;
    return object != NULL && g_strcmp0(cel_record_text(object, "fid"), fid) == 0 &&
           g_strcmp0(cel_record_text(object, "manifest/sha256"), manifest->sha256) == 0 &&
           g_strcmp0(cel_record_text(object, "manifest/sm3"), manifest->sm3) == 0;
}

static gboolean head_fits(const CelSealPlace *place)
{
    CelHead head = {.size = 0};
    return place->head == NULL ||
           (cel_head_read(place->head, &head, NULL) && head.size == place->proof.size &&
            strcmp(head.ledger_id, place->proof.ledger_id) == 0 &&
            memcmp(head.root, place->proof.root, sizeof head.root) == 0);
}

gboolean cel_seal_place_check(const CelSealPlace *place, const char *fid,
                              const CelDigestPair *manifest, GError **error)
{
    if (cel_fid_valid(place->proof.ledger_id) && place->event != NULL && place->proof.seq > 0 &&
        event_names(place->event, fid, manifest) && cel_proof_holds(&place->proof, place->event) &&
        head_fits(place))
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                        _("The ledger's event, proof and head do not belong to this seal; nothing "
                          "was sealed. Check the ledger"));
    return FALSE;
}
