/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-ledger-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

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
