/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-statement.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void cel_statement_free(CelStatement *statement)
{
    if (statement == NULL)
        return;
    g_clear_pointer(&statement->body, json_node_unref);
    g_clear_pointer(&statement->bytes, g_bytes_unref);
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_clear_pointer(&statement->signatures[s], g_bytes_unref);
        g_clear_pointer(&statement->certificates[s], g_bytes_unref);
    }
    cel_certificate_clear(&statement->signer);
    g_free(statement);
}

static GBytes *canonical(JsonNode *node, GError **error)
{
    char *text = cel_canon_write(node, error);
    return text != NULL ? g_bytes_new_take(text, strlen(text)) : NULL;
}

/* ---- putting together ---- */

static void put_base64(JsonObject *object, const char *key, GBytes *bytes)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    g_autofree char *text = g_base64_encode(data, n);
    json_object_set_string_member(object, key, text);
}

JsonNode *cel_statement_join(GBytes *body, GBytes *const *signatures, GBytes *const *certificates,
                             GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(body, &n);
    JsonNode *node = cel_canon_read(text, n, error);
    if (node == NULL)
        return NULL;
    JsonObject *by = json_object_new(), *whole = json_object_new();
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        if (signatures[s] == NULL || certificates[s] == NULL)
            continue;
        JsonObject *one = json_object_new();
        put_base64(one, "certificate", certificates[s]);
        put_base64(one, "signature", signatures[s]);
        json_object_set_object_member(by, cel_signer_name(s), one);
    }
    json_object_set_member(whole, "body", node);
    json_object_set_object_member(whole, "signatures", by);
    JsonNode *root = json_node_alloc();
    json_node_init_object(root, whole);
    json_object_unref(whole);
    return root;
}

/* ---- reading ---- */

static gboolean refuse(GError **error, const char *why)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The signed statement is not usable: %s"),
                why);
    return FALSE;
}

static JsonObject *object_member(JsonObject *object, const char *key)
{
    JsonNode *node = json_object_get_member(object, key);
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static const char *text_member(JsonObject *object, const char *key)
{
    JsonNode *node = object != NULL ? json_object_get_member(object, key) : NULL;
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                   json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

/* One way to write the bytes, so that a statement cannot be varied unseen; else NULL. */
static GBytes *base64_member(JsonObject *object, const char *key)
{
    const char *text = text_member(object, key);
    gsize n = 0;
    g_autofree guchar *data = text != NULL ? g_base64_decode(text, &n) : NULL;
    g_autofree char *again = data != NULL ? g_base64_encode(data, n) : NULL;
    if (n == 0 || g_strcmp0(again, text) != 0)
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&data), n);
}

static gboolean same_holder(CelStatement *statement, CelCertificate *about)
{
    CelCertificate *first = &statement->signer;
    if (first->person == NULL) {
        *first = *about;
        *about = (CelCertificate){0};
        return TRUE;
    }
    return g_strcmp0(first->person, about->person) == 0 &&
           g_strcmp0(first->person_id, about->person_id) == 0 &&
           g_strcmp0(first->lab, about->lab) == 0 && first->role == about->role &&
           first->training == about->training;
}

static gboolean read_signature(CelStatement *statement, CelSigner signer, JsonObject *one,
                               GError **error)
{
    CelCertificate about = {0};
    statement->certificates[signer] = base64_member(one, "certificate");
    statement->signatures[signer] = base64_member(one, "signature");
    if (json_object_get_size(one) != 2 || statement->certificates[signer] == NULL ||
        statement->signatures[signer] == NULL)
        return refuse(error, _("a signature is not complete"));
    if (!cel_signature_verify(signer, statement->certificates[signer], statement->bytes,
                              statement->signatures[signer], &about, error)) {
        g_prefix_error(error, _("The signed statement is not usable: %s"), "");
        return FALSE;
    }
    const gboolean same = same_holder(statement, &about);
    cel_certificate_clear(&about);
    return same || refuse(error, _("its signatures are of different holders"));
}

static gboolean read_signatures(CelStatement *statement, JsonObject *signatures, GError **error)
{
    guint n = 0;
    for (CelSigner s = 0; signatures != NULL && s < CEL_N_SIGNERS; s++) {
        JsonObject *one = object_member(signatures, cel_signer_name(s));
        if (one == NULL)
            continue;
        if (!read_signature(statement, s, one, error))
            return FALSE;
        n++;
    }
    if (n == 0 || n != json_object_get_size(signatures))
        return refuse(error, _("it is not signed in a way this program knows"));
    return TRUE;
}

static gboolean read_body(CelStatement *statement, JsonObject *whole, const char *kind,
                          GError **error)
{
    JsonObject *body = object_member(whole, "body");
    if (body == NULL || json_object_get_size(whole) != 2)
        return refuse(error, _("it is not of the expected form"));
    if (g_strcmp0(text_member(body, "kind"), kind) != 0)
        return refuse(error, _("it is of another kind"));
    JsonNode *version = json_object_get_member(body, "v");
    if (version == NULL || json_node_get_value_type(version) != G_TYPE_INT64 ||
        json_node_get_int(version) != CEL_STATEMENT_VERSION)
        return refuse(error, _("its version is not known to this program"));
    statement->body = json_node_copy(json_object_get_member(whole, "body"));
    statement->bytes = canonical(statement->body, error);
    return statement->bytes != NULL;
}

CelStatement *cel_statement_read(GBytes *bytes, const char *kind, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    if (n > CEL_STATEMENT_MAX_BYTES) {
        refuse(error, _("it is too long"));
        return NULL;
    }
    g_autoptr(JsonNode) root = cel_canon_read(text, n, error);
    if (root == NULL)
        return NULL;
    if (!JSON_NODE_HOLDS_OBJECT(root)) {
        refuse(error, _("it is not of the expected form"));
        return NULL;
    }
    JsonObject *whole = json_node_get_object(root);
    g_autoptr(CelStatement) statement = g_new0(CelStatement, 1);
    if (!read_body(statement, whole, kind, error) ||
        !read_signatures(statement, object_member(whole, "signatures"), error))
        return NULL;
    return g_steal_pointer(&statement);
}

CelTrustState cel_statement_judge(const CelStatement *statement, const CelTrust *trust, guint64 seq,
                                  gint64 wall_us)
{
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        if (statement->certificates[s] == NULL)
            continue;
        const CelTrustQuestion question = {s, statement->certificates[s], seq, wall_us};
        const CelTrustState state = cel_trust_judge(trust, &question, NULL);
        if (state != CEL_TRUST_VOUCHED)
            return state;
    }
    return CEL_TRUST_VOUCHED;
}
