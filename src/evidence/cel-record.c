/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-record.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-hash.h"
#include "evidence/cel-keys.h"

#include <glib/gi18n-lib.h>
#include <openssl/rand.h>
#include <string.h>

char *cel_fid_new(GError **error)
{
    guint8 bytes[CEL_FID_LENGTH / 2];
    if (RAND_bytes(bytes, sizeof bytes) != 1) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                            _("The system gives no random numbers; nothing was sealed"));
        return NULL;
    }
    GString *fid = g_string_new(NULL);
    for (gsize i = 0; i < sizeof bytes; i++)
        g_string_append_printf(fid, "%02x", bytes[i]);
    return g_string_free(fid, FALSE);
}

gboolean cel_fid_valid(const char *fid)
{
    return fid != NULL && strlen(fid) == CEL_FID_LENGTH &&
           strspn(fid, "0123456789abcdef") == CEL_FID_LENGTH;
}

char *cel_record_genesis(const char *algorithm, const char *fid)
{
    g_autofree char *text = g_strconcat(CEL_RECORD_GENESIS, fid, NULL);
    return cel_digest_hex(algorithm, text, strlen(text));
}

JsonNode *cel_record_member(JsonObject *record, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    JsonNode *node = NULL;
    JsonObject *object = record;
    for (gsize i = 0; names[i] != NULL; i++) {
        node = object != NULL ? json_object_get_member(object, names[i]) : NULL;
        object = node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    }
    return node;
}

const char *cel_record_text(JsonObject *record, const char *path)
{
    JsonNode *node = cel_record_member(record, path);
    const gboolean text = node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                          json_node_get_value_type(node) == G_TYPE_STRING;
    return text ? json_node_get_string(node) : NULL;
}

static gboolean is_type(JsonObject *record, const char *path, GType type)
{
    JsonNode *node = cel_record_member(record, path);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

gint64 cel_record_number(JsonObject *record, const char *path)
{
    return record != NULL && is_type(record, path, G_TYPE_INT64)
               ? json_node_get_int(cel_record_member(record, path))
               : 0;
}

static gboolean is_int(JsonObject *record, const char *path, gint64 expected)
{
    return is_type(record, path, G_TYPE_INT64) &&
           json_node_get_int(cel_record_member(record, path)) == expected;
}

gboolean cel_record_truth(JsonObject *record, const char *path)
{
    return is_type(record, path, G_TYPE_BOOLEAN) &&
           json_node_get_boolean(cel_record_member(record, path));
}

gboolean cel_record_is_object(JsonObject *record)
{
    return json_object_has_member(record, "subject");
}

static const char *first_missing(JsonObject *record, const char *const *texts)
{
    for (gsize i = 0; texts[i] != NULL; i++)
        if (cel_record_text(record, texts[i]) == NULL)
            return texts[i];
    return NULL;
}

static const char *missing_field(JsonObject *record)
{
    static const char *const always[] = {
        "fid",
        "act",
        "op/id",
        "op/name",
        "op/cert_sm2/sha256",
        "op/cert_sm2/sm3",
        "op/cert_ed25519/sha256",
        "op/cert_ed25519/sm3",
        "prev/sha256",
        "prev/sm3",
        "manifest/sha256",
        "manifest/sm3",
        "t_wall",
        "t_zone",
        "distid",
        NULL,
    };
    static const char *const measured[] = {"case", "item", "outcome", NULL};
    static const char *const object[] = {"subject/kind", "subject/id", NULL};
    const char *missing = first_missing(record, always);
    if (missing == NULL)
        missing = first_missing(record, cel_record_is_object(record) ? object : measured);
    if (missing != NULL)
        return missing;
    if (!is_type(record, "training", G_TYPE_BOOLEAN))
        return "training";
    if (!is_type(record, "simulated", G_TYPE_BOOLEAN))
        return "simulated";
    return is_type(record, "t_wall_us", G_TYPE_INT64) ? NULL : "t_wall_us";
}

static gboolean refuse(GError **error, const char *why)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The custody record is not usable: %s"), why);
    return FALSE;
}

static gboolean starts_chain(JsonObject *record, GError **error)
{
    const char *fid = cel_record_text(record, "fid");
    if (!cel_fid_valid(fid))
        return refuse(error, _("its file id is not 32 hexadecimal digits"));
    g_autofree char *sha256 = cel_record_genesis("sha256", fid);
    g_autofree char *sm3 = cel_record_genesis("sm3", fid);
    if (!is_int(record, "seq", 1) || g_strcmp0(cel_record_text(record, "act"), "seal") != 0 ||
        g_strcmp0(cel_record_text(record, "prev/sha256"), sha256) != 0 ||
        g_strcmp0(cel_record_text(record, "prev/sm3"), sm3) != 0)
        return refuse(error, _("it is not the first record of this file"));
    return TRUE;
}

/* "ledger" is null when none had a part in the seal; else it names the whole place. */
static gboolean place_is_whole(JsonObject *record, GError **error)
{
    static const char *const texts[] = {
        "ledger/id",           "ledger/root/sha256", "ledger/root/sm3",
        "ledger/event/sha256", "ledger/event/sm3",   NULL,
    };
    JsonNode *ledger = cel_record_member(record, "ledger");
    if (ledger == NULL || JSON_NODE_HOLDS_NULL(ledger))
        return TRUE;
    return (first_missing(record, texts) == NULL && cel_record_number(record, "ledger/seq") > 0 &&
            cel_record_number(record, "ledger/size") >= cel_record_number(record, "ledger/seq")) ||
           refuse(error, _("its place in the ledger is not whole"));
}

static gboolean check(JsonObject *record, GError **error)
{
    if (!is_int(record, "v", CEL_RECORD_VERSION))
        return refuse(error, _("its version is not known to this program"));
    const char *missing = missing_field(record);
    if (missing != NULL) {
        g_autofree char *why = g_strdup_printf(_("the field \"%s\" is missing"), missing);
        return refuse(error, why);
    }
    if (g_strcmp0(cel_record_text(record, "distid"), CEL_SM2_DEFAULT_ID) != 0)
        return refuse(error, _("its signer ID is not known to this program"));
    if (json_object_get_boolean_member(record, "simulated") &&
        !json_object_get_boolean_member(record, "training"))
        return refuse(error, _("it seals simulated data as if they were real"));
    return place_is_whole(record, error) && starts_chain(record, error);
}

JsonNode *cel_record_read(GBytes *bytes, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    g_autoptr(JsonNode) root = cel_canon_read(text, n, error);
    if (root == NULL)
        return NULL;
    if (!JSON_NODE_HOLDS_OBJECT(root)) {
        refuse(error, _("it is not a JSON object"));
        return NULL;
    }
    return check(json_node_get_object(root), error) ? g_steal_pointer(&root) : NULL;
}
