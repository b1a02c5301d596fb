/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"

#include "base/cel-error.h"
#include "base/cel-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { DEEPEST = 32 };
#define LARGEST_INTEGER (G_GINT64_CONSTANT(1) << 53)

static gboolean write_node(GString *out, JsonNode *node, guint depth, GError **error);

static gboolean refuse(GError **error, const char *what)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("Not canonical JSON: %s"), what);
    return FALSE;
}

static gboolean write_string(GString *out, const char *text, GError **error)
{
    g_autofree char *nfc = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    if (nfc == NULL)
        return refuse(error, _("a text is not valid UTF-8"));
    cel_json_append_quoted(out, nfc);
    return TRUE;
}

static int compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

static gboolean write_object(GString *out, JsonObject *object, guint depth, GError **error)
{
    g_autoptr(GList) members = g_list_sort(json_object_get_members(object), compare_keys);
    g_string_append_c(out, '{');
    for (const GList *l = members; l != NULL; l = l->next) {
        if (!g_str_is_ascii(l->data))
            return refuse(error, _("a key is not ASCII"));
        if (l != members)
            g_string_append_c(out, ',');
        cel_json_append_quoted(out, l->data);
        g_string_append_c(out, ':');
        if (!write_node(out, json_object_get_member(object, l->data), depth + 1, error))
            return FALSE;
    }
    g_string_append_c(out, '}');
    return TRUE;
}

static gboolean write_array(GString *out, JsonArray *array, guint depth, GError **error)
{
    g_string_append_c(out, '[');
    for (guint i = 0; i < json_array_get_length(array); i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        if (!write_node(out, json_array_get_element(array, i), depth + 1, error))
            return FALSE;
    }
    g_string_append_c(out, ']');
    return TRUE;
}

static gboolean write_value(GString *out, JsonNode *node, GError **error)
{
    switch (json_node_get_value_type(node)) {
    case G_TYPE_STRING:
        return write_string(out, json_node_get_string(node), error);
    case G_TYPE_BOOLEAN:
        g_string_append(out, json_node_get_boolean(node) ? "true" : "false");
        return TRUE;
    case G_TYPE_INT64: {
        const gint64 value = json_node_get_int(node);
        if (value > LARGEST_INTEGER || value < -LARGEST_INTEGER)
            return refuse(error, _("an integer is beyond 2^53"));
        g_string_append_printf(out, "%" G_GINT64_FORMAT, value);
        return TRUE;
    }
    default:
        return refuse(error, _("records hold integers and texts, no floating-point numbers"));
    }
}

static gboolean write_node(GString *out, JsonNode *node, guint depth, GError **error)
{
    if (depth > DEEPEST)
        return refuse(error, _("nested too deeply"));
    switch (json_node_get_node_type(node)) {
    case JSON_NODE_OBJECT:
        return write_object(out, json_node_get_object(node), depth, error);
    case JSON_NODE_ARRAY:
        return write_array(out, json_node_get_array(node), depth, error);
    case JSON_NODE_VALUE:
        return write_value(out, node, error);
    case JSON_NODE_NULL:
        g_string_append(out, "null");
        return TRUE;
    }
    return FALSE;
}

char *cel_canon_write(JsonNode *node, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    if (!write_node(out, node, 0, error))
        return NULL;
    return g_string_free(g_steal_pointer(&out), FALSE);
}

JsonNode *cel_canon_read(const char *text, gsize length, GError **error)
{
    g_autoptr(GError) detail = NULL;
    g_autoptr(JsonNode) root = cel_json_read(text, length, &detail);
    if (root == NULL) {
        refuse(error, detail->message);
        return NULL;
    }
    g_autofree char *again = cel_canon_write(root, error);
    if (again == NULL)
        return NULL;
    if (strlen(again) != length || memcmp(again, text, length) != 0) {
        refuse(error, _("the bytes differ from the canonical form"));
        return NULL;
    }
    return g_steal_pointer(&root);
}
