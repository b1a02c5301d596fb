/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-statement.h"

#include "base/cel-canon.h"

#include <string.h>

static GBytes *canonical(JsonNode *node, GError **error)
{
    char *text = cel_canon_write(node, error);
    return text != NULL ? g_bytes_new_take(text, strlen(text)) : NULL;
}

/** Signed: the signatures of one key. */
typedef struct {
    GBytes *signatures[CEL_N_SIGNERS], *certificates[CEL_N_SIGNERS];
} Signed;

static void signed_clear(Signed *all)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_clear_pointer(&all->signatures[s], g_bytes_unref);
        g_clear_pointer(&all->certificates[s], g_bytes_unref);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Signed, signed_clear)

static gboolean sign(GBytes *body, CelKey *key, Signed *out, GError **error)
{
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        if (!cel_key_holds(key, s))
            continue;
        out->signatures[s] = cel_key_sign(key, s, body, error);
        out->certificates[s] =
            out->signatures[s] != NULL ? cel_key_certificate(key, s, error) : NULL;
        if (out->certificates[s] == NULL)
            return FALSE;
    }
    return TRUE;
}

GBytes *cel_statement_sign(JsonObject *body, const char *kind, CelKey *key, GError **error)
{
    g_auto(Signed) all = {{NULL}, {NULL}};
    json_object_set_string_member(body, "kind", kind);
    json_object_set_int_member(body, "v", CEL_STATEMENT_VERSION);
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), body);
    g_autoptr(GBytes) bytes = canonical(node, error);
    if (bytes == NULL || !sign(bytes, key, &all, error))
        return NULL;
    g_autoptr(JsonNode) root = cel_statement_join(bytes, all.signatures, all.certificates, error);
    return root != NULL ? canonical(root, error) : NULL;
}
