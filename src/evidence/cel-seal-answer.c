/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-json.h"
#include "evidence/cel-seal-tree.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static JsonNode *parse(const char *text, GError **error)
{
    g_autoptr(GError) detail = NULL;
    g_autoptr(JsonNode) root = cel_json_read(text, strlen(text), &detail);
    if (root != NULL && JSON_NODE_HOLDS_OBJECT(root))
        return g_steal_pointer(&root);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The answer is not a JSON object (%s); nothing was sealed"),
                detail != NULL ? detail->message : _("another value"));
    return NULL;
}

static char *list_libraries(const CelSealRequest *r)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < r->n_libraries; i++)
        g_string_append_printf(out, "%s%s %s (SHA-256 %s)", i > 0 ? "; " : "",
                               cel_library_name(r->libraries[i]),
                               cel_library_version(r->libraries[i]),
                               cel_library_sha256(r->libraries[i]));
    return g_string_free(out, FALSE);
}

static JsonNode *text_node(const char *text)
{
    return json_node_init_string(json_node_alloc(), text);
}

static JsonNode *texts_node(const GPtrArray *texts)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; texts != NULL && i < texts->len; i++)
        json_array_add_string_element(array, g_ptr_array_index(texts, i));
    return json_node_init_array(json_node_alloc(), array);
}

static void put_result_words(JsonObject *extra, const CelIdentification *answer)
{
    json_object_set_member(extra, "why_zh", texts_node(answer->why_zh));
    json_object_set_member(extra, "label_en", text_node(cel_outcome_label(answer->outcome, FALSE)));
    json_object_set_member(extra, "label_zh", text_node(cel_outcome_label(answer->outcome, TRUE)));
}

/* What the caller's object has already stays as it is. */
static void drop_known(JsonObject *extra, JsonObject *given)
{
    g_autoptr(GList) names = json_object_get_members(extra);
    for (const GList *l = names; l != NULL; l = l->next)
        if (json_object_has_member(given, l->data))
            json_object_remove_member(extra, l->data);
}

/* The caller's text is kept byte for byte, so that its numbers keep their digits: the new members
 * are put in before its last brace. */
static char *splice(const char *given, gboolean given_empty, JsonObject *extra)
{
    g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), extra);
    g_autofree char *more = json_to_string(root, FALSE);
    const char *brace = strrchr(given, '}');
    g_autofree char *head = g_strndup(given, (gsize)(brace - given));
    return g_strconcat(head, given_empty ? "" : ",", more + 1, NULL);
}

char *cel_seal_answer(const CelSealRequest *r, GError **error)
{
    g_autoptr(JsonNode) root = parse(r->answer_json, error);
    if (root == NULL)
        return NULL;
    JsonObject *given = json_node_get_object(root);
    g_autoptr(JsonObject) extra = json_object_new();
    g_autofree char *libraries = list_libraries(r);
    g_autofree char *digest = cel_recipe_sha256(r->recipe);
    g_autofree char *recipe =
        g_strdup_printf("%s (SHA-256 %s)", cel_recipe_name(r->recipe), digest);
    put_result_words(extra, r->answer);
    json_object_set_member(extra, "library", text_node(libraries));
    json_object_set_member(extra, "recipe", text_node(recipe));
    drop_known(extra, given);
    if (json_object_get_size(extra) == 0)
        return g_strdup(r->answer_json);
    g_autofree char *whole = splice(r->answer_json, json_object_get_size(given) == 0, extra);
    g_autoptr(JsonNode) again = parse(whole, error);
    return again != NULL ? g_steal_pointer(&whole) : NULL;
}
