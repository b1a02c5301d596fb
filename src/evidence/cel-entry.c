/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-entry.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { ENTRY_VERSION = 1, MOST_SIGNATURES = 2 * CEL_N_SIGNERS, MOST_BASE64 = 32 * 1024 };
static const char *const sides[] = {"op", "second"}; /* by CelLedgerSignature.second */

static void free_signature(gpointer memory)
{
    CelLedgerSignature *signature = memory;
    g_bytes_unref(signature->signature);
    g_bytes_unref(signature->certificate);
    g_free(signature);
}

CelLedgerEntry *cel_ledger_entry_new(GBytes *record, guint64 seq)
{
    CelLedgerEntry *entry = g_new0(CelLedgerEntry, 1);
    entry->seq = seq;
    entry->record = g_bytes_ref(record);
    entry->signatures = g_ptr_array_new_with_free_func(free_signature);
    return entry;
}

void cel_ledger_entry_free(CelLedgerEntry *entry)
{
    if (entry == NULL)
        return;
    g_bytes_unref(entry->record);
    g_ptr_array_unref(entry->signatures);
    g_free(entry);
}

void cel_entry_add(CelLedgerEntry *entry, const CelLedgerSignature *signature)
{
    CelLedgerSignature *copy = g_new(CelLedgerSignature, 1);
    *copy = *signature;
    g_bytes_ref(copy->signature);
    g_bytes_ref(copy->certificate);
    g_ptr_array_add(entry->signatures, copy);
}

/* ---- signing ---- */

static gboolean sign_with(CelLedgerEntry *entry, CelKey *key, gboolean second, GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (!cel_key_holds(key, s))
            continue;
        g_autoptr(GBytes) certificate = cel_key_certificate(key, s, error);
        g_autoptr(GBytes) signature =
            certificate != NULL ? cel_key_sign(key, s, entry->record, error) : NULL;
        if (signature == NULL)
            return FALSE;
        cel_entry_add(entry, &(CelLedgerSignature){second, s, signature, certificate});
    }
    return TRUE;
}

CelLedgerEntry *cel_entry_sign(GBytes *record, guint64 seq, const CelEventSigners *signers,
                               GError **error)
{
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry_new(record, seq);
    if (!sign_with(entry, signers->operator_key, FALSE, error) ||
        (signers->second_key != NULL && !sign_with(entry, signers->second_key, TRUE, error)))
        return NULL;
    return g_steal_pointer(&entry);
}

/* ---- one line of text ---- */

static void put_base64(JsonObject *object, const char *name, GBytes *bytes)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    g_autofree char *text = g_base64_encode(data, n);
    json_object_set_string_member(object, name, text);
}

char *cel_entry_write(const CelLedgerEntry *entry, GError **error)
{
    gsize n = 0;
    const char *record = g_bytes_get_data(entry->record, &n);
    g_autofree char *text = g_strndup(record, n);
    JsonArray *signatures = json_array_new();
    for (guint i = 0; i < entry->signatures->len; i++) {
        const CelLedgerSignature *signature = g_ptr_array_index(entry->signatures, i);
        JsonObject *object = json_object_new();
        json_object_set_string_member(object, "by", sides[signature->second ? 1 : 0]);
        json_object_set_string_member(object, "signer", cel_signer_name(signature->signer));
        put_base64(object, "signature", signature->signature);
        put_base64(object, "certificate", signature->certificate);
        json_array_add_object_element(signatures, object);
    }
    JsonObject *line = json_object_new();
    json_object_set_int_member(line, "v", ENTRY_VERSION);
    json_object_set_string_member(line, "kind", "entry");
    json_object_set_string_member(line, "record", text);
    json_object_set_array_member(line, "signatures", signatures);
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, line);
    return cel_canon_write(node, error);
}

static gboolean refuse(GError **error, const char *why)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The line of the ledger is not usable: %s"),
                why);
    return FALSE;
}

/* NULL when there is no text of that name. */
static const char *text_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                   json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

/* Decoding forgives much, so that the text must be what encoding gives. */
static GBytes *get_base64(JsonObject *object, const char *name)
{
    const char *text = text_of(object, name);
    if (text == NULL || *text == '\0' || strlen(text) > MOST_BASE64)
        return NULL;
    gsize n = 0;
    g_autofree guint8 *data = g_base64_decode(text, &n);
    g_autofree char *again = g_base64_encode(data, n);
    return g_str_equal(again, text) ? g_bytes_new_take(g_steal_pointer(&data), n) : NULL;
}

static gboolean read_signature(CelLedgerEntry *entry, JsonNode *node, GError **error)
{
    JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    if (object == NULL || json_object_get_size(object) != 4)
        return refuse(error, _("a signature is no object of four members"));
    const char *by = text_of(object, "by"), *name = text_of(object, "signer");
    g_autoptr(GBytes) signature = get_base64(object, "signature");
    g_autoptr(GBytes) certificate = get_base64(object, "certificate");
    const gboolean second = g_strcmp0(by, sides[1]) == 0;
    if ((!second && g_strcmp0(by, sides[0]) != 0) || signature == NULL || certificate == NULL)
        return refuse(error, _("a signature is not complete"));
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (g_strcmp0(name, cel_signer_name(s)) == 0) {
            cel_entry_add(entry, &(CelLedgerSignature){second, s, signature, certificate});
            return TRUE;
        }
    return refuse(error, _("its kind of signature is not known"));
}

static gboolean read_signatures(CelLedgerEntry *entry, JsonObject *line, GError **error)
{
    JsonNode *node = json_object_get_member(line, "signatures");
    if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
        return refuse(error, _("it has no signatures"));
    JsonArray *array = json_node_get_array(node);
    if (json_array_get_length(array) > MOST_SIGNATURES)
        return refuse(error, _("it has too many signatures"));
    for (guint i = 0; i < json_array_get_length(array); i++)
        if (!read_signature(entry, json_array_get_element(array, i), error))
            return FALSE;
    return TRUE;
}

CelLedgerEntry *cel_entry_read(const char *text, gsize length, GError **error)
{
    g_autoptr(JsonNode) node = cel_canon_read(text, length, error);
    if (node == NULL)
        return NULL;
    JsonObject *line = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    if (line == NULL || json_object_get_size(line) != 4 ||
        g_strcmp0(text_of(line, "kind"), "entry") != 0 || text_of(line, "record") == NULL ||
        json_object_get_int_member_with_default(line, "v", 0) != ENTRY_VERSION) {
        refuse(error, _("it is no entry of a version that is known"));
        return NULL;
    }
    const char *record = text_of(line, "record");
    g_autoptr(GBytes) bytes = g_bytes_new(record, strlen(record));
    g_autoptr(JsonNode) event = cel_event_read(bytes, error);
    if (event == NULL)
        return NULL;
    const gint64 seq = json_object_get_int_member(json_node_get_object(event), "seq");
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry_new(bytes, (guint64)seq);
    return read_signatures(entry, line, error) ? g_steal_pointer(&entry) : NULL;
}

/* ---- checking ---- */

static const CelLedgerSignature *find(const CelLedgerEntry *entry, gboolean second,
                                      CelSigner signer)
{
    for (guint i = 0; i < entry->signatures->len; i++) {
        const CelLedgerSignature *signature = g_ptr_array_index(entry->signatures, i);
        if (signature->second == second && signature->signer == signer)
            return signature;
    }
    return NULL;
}

static gboolean is_named(GBytes *certificate, JsonObject *digests)
{
    gsize n = 0;
    const void *der = g_bytes_get_data(certificate, &n);
    const CelDigestPair pair = cel_digest_pair(der, n);
    return g_strcmp0(text_of(digests, "sha256"), pair.sha256) == 0 &&
           g_strcmp0(text_of(digests, "sm3"), pair.sm3) == 0;
}

static gboolean is_vouched(const CelTrust *trust, const CelTrustQuestion *question, GError **error)
{
    switch (cel_trust_judge(trust, question, NULL)) {
    case CEL_TRUST_VOUCHED:
        return TRUE;
    case CEL_TRUST_REVOKED:
        return refuse(error, _("its signer's certificate was revoked before"));
    case CEL_TRUST_OUT_OF_TIME:
        return refuse(error, _("its signer's certificate was not valid at that time"));
    case CEL_TRUST_SELF_SIGNED:
    case CEL_TRUST_UNKNOWN_LAB:
        return refuse(error, _("no known laboratory vouches for its signer"));
    default:
        return refuse(error, _("its signer's certificate does not hold"));
    }
}

/* @digests: (nullable): what the record names for this signer. */
static gboolean check_one(const CelLedgerEntry *entry, const CelLedgerSignature *signature,
                          JsonObject *digests, GError **error)
{
    if ((digests == NULL) != (signature == NULL))
        return refuse(error, digests == NULL ? _("it has a signature that it does not name")
                                             : _("a signature is missing"));
    if (digests == NULL)
        return TRUE;
    if (!is_named(signature->certificate, digests))
        return refuse(error, _("a certificate is not the one that it names"));
    return cel_signature_fits(signature->signer, signature->certificate, entry->record,
                              signature->signature, error);
}

gboolean cel_entry_check_signatures(const CelLedgerEntry *entry, JsonObject *event, GError **error)
{
    static const char *const names[CEL_N_SIGNERS] = {"cert_sm2", "cert_ed25519"};
    guint n = 0;
    for (guint side = 0; side < G_N_ELEMENTS(sides); side++) {
        JsonObject *person = json_object_has_member(event, sides[side])
                                 ? json_object_get_object_member(event, sides[side])
                                 : NULL;
        for (guint s = 0; s < CEL_N_SIGNERS; s++) {
            const CelLedgerSignature *signature = find(entry, side == 1, s);
            JsonObject *digests = person != NULL && json_object_has_member(person, names[s])
                                      ? json_object_get_object_member(person, names[s])
                                      : NULL;
            if (!check_one(entry, signature, digests, error))
                return FALSE;
            n += signature != NULL ? 1 : 0;
        }
    }
    return n == entry->signatures->len || refuse(error, _("a signature stands there twice"));
}

gboolean cel_entry_vouched(const CelLedgerEntry *entry, JsonObject *event, const CelTrust *trust,
                           guint64 seq, GError **error)
{
    for (guint i = 0; i < entry->signatures->len; i++) {
        const CelLedgerSignature *signature = g_ptr_array_index(entry->signatures, i);
        const CelTrustQuestion question = {
            .signer = signature->signer,
            .certificate = signature->certificate,
            .seq = seq,
            .wall_us = json_object_get_int_member(event, "t_wall_us"),
        };
        if (!is_vouched(trust, &question, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean inspect(const CelLedgerEntry *entry, GError **error)
{
    for (guint i = 0; i < entry->signatures->len; i++) {
        const CelLedgerSignature *signature = g_ptr_array_index(entry->signatures, i);
        CelCertificate about = {0};
        if (!cel_certificate_inspect(signature->signer, signature->certificate, &about, error))
            return FALSE;
        cel_certificate_clear(&about);
    }
    return TRUE;
}

gboolean cel_entry_check(const CelLedgerEntry *entry, JsonObject *event, const CelTrust *trust,
                         GError **error)
{
    const guint64 seq = (guint64)json_object_get_int_member(event, "seq");
    return cel_entry_check_signatures(entry, event, error) && inspect(entry, error) &&
           (trust == NULL || cel_entry_vouched(entry, event, trust, seq, error));
}
