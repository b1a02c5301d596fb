/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-profile.h"

#include "base/cel-json.h"
#include "bench/cel-work.h"

#include <string.h>

/* A method that nobody validated says so. */
static const char method_title[] = "{\"en\":\"Raman rapid screening\",\"zh\":\"拉曼光谱快速筛查\"}";
static const char method_scope[] =
    "{\"en\":\"not validated for any material yet\",\"zh\":\"尚未对任何检材验证\"}";

static JsonObject *child(JsonObject *object, const char *member)
{
    JsonNode *node = json_object_get_member(object, member);
    if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
        json_object_set_object_member(object, member, json_object_new());
    return json_object_get_object_member(object, member);
}

static void set_both(JsonObject *lab, const char *member, const char *zh, const char *en)
{
    JsonObject *both = child(lab, member);
    cel_profile_set_text(both, "zh", zh);
    cel_profile_set_text(both, "en", en);
}

static void set_lab(JsonObject *body, const CelProfileWords *words)
{
    JsonObject *lab = child(body, "lab");
    set_both(lab, "name", words->name_zh, words->name_en);
    set_both(lab, "address", words->address_zh, words->address_en);
    cel_profile_set_text(lab, "phone", words->phone);
    cel_profile_set_text(lab, "registration_no", words->registration_no);
}

/* ---- who may apply the method ---- */

static const char *text_of(JsonNode *node, const char *member)
{
    JsonObject *object =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    return object != NULL ? json_object_get_string_member_with_default(object, member, "") : "";
}

static JsonObject *new_method(const CelProfileWords *words)
{
    JsonObject *method = json_object_new();
    json_object_set_string_member(method, "id", CEL_WORK_METHOD_ID);
    json_object_set_string_member(method, "version", CEL_WORK_METHOD_VERSION);
    json_object_set_member(method, "title", json_from_string(method_title, NULL));
    json_object_set_member(method, "scope", json_from_string(method_scope, NULL));
    json_object_set_string_member(method, "validation", "not-validated");
    json_object_set_string_member(method, "until", words->until);
    json_object_set_array_member(method, "operators", json_array_new());
    return method;
}

/* Returns: (transfer none) (nullable): the method of that id in the list. */
static JsonObject *method_in(JsonArray *methods)
{
    for (guint i = 0; i < json_array_get_length(methods); i++) {
        JsonNode *node = json_array_get_element(methods, i);
        if (strcmp(text_of(node, "id"), CEL_WORK_METHOD_ID) == 0)
            return json_node_get_object(node);
    }
    return NULL;
}

static gboolean is_asked_about(const CelProfileWords *words, const char *id)
{
    for (gsize i = 0; i < words->n_persons; i++)
        if (strcmp(words->persons[i].id, id) == 0)
            return TRUE;
    return FALSE;
}

/* Until when somebody was authorised already; else as long as the profile holds. */
static const char *until_of(JsonArray *operators, const CelProfileWords *words, const char *id)
{
    for (guint i = 0; operators != NULL && i < json_array_get_length(operators); i++) {
        JsonNode *node = json_array_get_element(operators, i);
        if (strcmp(text_of(node, "id"), id) == 0 &&
            strcmp(text_of(node, "until"), words->issued) >= 0)
            return text_of(node, "until");
    }
    return words->until;
}

static void set_operators(JsonObject *method, const CelProfileWords *words)
{
    JsonArray *before = json_object_get_array_member(method, "operators");
    JsonArray *after = json_array_new();
    for (guint i = 0; before != NULL && i < json_array_get_length(before); i++) {
        JsonNode *node = json_array_get_element(before, i);
        if (!is_asked_about(words, text_of(node, "id")))
            json_array_add_element(after, json_node_copy(node));
    }
    for (gsize i = 0; i < words->n_persons; i++) {
        const CelProfilePerson *person = &words->persons[i];
        JsonObject *one = json_object_new();
        json_object_set_string_member(one, "id", person->id);
        json_object_set_string_member(one, "until", until_of(before, words, person->id));
        if (person->may)
            json_array_add_object_element(after, one);
        else
            json_object_unref(one);
    }
    json_object_set_array_member(method, "operators", after);
}

static void set_method(JsonObject *body, const CelProfileWords *words)
{
    gboolean anybody = FALSE;
    for (gsize i = 0; i < words->n_persons; i++)
        anybody = anybody || words->persons[i].may;
    JsonNode *node = json_object_get_member(body, "methods");
    if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
        json_object_set_array_member(body, "methods", json_array_new());
    JsonArray *methods = json_object_get_array_member(body, "methods");
    JsonObject *method = method_in(methods);
    if (method == NULL && anybody) {
        method = new_method(words);
        json_array_add_object_element(methods, method);
    }
    if (method == NULL)
        return;
    if (strcmp(json_object_get_string_member_with_default(method, "until", ""), words->issued) < 0)
        json_object_set_string_member(method, "until", words->until);
    set_operators(method, words);
}

/* ---- the draft ---- */

static JsonNode *with_words(JsonNode *from, const CelProfileWords *words)
{
    JsonNode *node = json_node_copy(from);
    JsonObject *body = json_node_get_object(node);
    set_lab(body, words);
    json_object_set_string_member(body, "issued", words->issued);
    json_object_set_string_member(body, "until", words->until);
    set_method(body, words);
    return node;
}

GPtrArray *cel_lab_profile_faults(JsonNode *from, const CelProfileWords *words)
{
    g_autoptr(JsonNode) node = with_words(from, words);
    return cel_profile_faults(node);
}

GBytes *cel_lab_profile_draft(JsonNode *from, const CelProfileWords *words, GError **error)
{
    g_autoptr(JsonNode) node = with_words(from, words);
    char *text = json_to_string(node, FALSE);
    g_autoptr(GBytes) draft = g_bytes_new_take(text, strlen(text));
    return cel_profile_check_draft(draft, error) ? g_steal_pointer(&draft) : NULL;
}

JsonNode *cel_lab_profile_read_draft(GBytes *bytes, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    return cel_profile_check_draft(bytes, error) ? cel_json_read(text, n, error) : NULL;
}

gboolean cel_lab_profile_may(JsonNode *profile, const char *person_id)
{
    JsonObject *body = json_node_get_object(profile);
    JsonArray *methods = json_object_has_member(body, "methods")
                             ? json_object_get_array_member(body, "methods")
                             : NULL;
    JsonObject *method = methods != NULL ? method_in(methods) : NULL;
    JsonArray *all = method != NULL ? json_object_get_array_member(method, "operators") : NULL;
    for (guint i = 0; all != NULL && i < json_array_get_length(all); i++)
        if (strcmp(text_of(json_array_get_element(all, i), "id"), person_id) == 0)
            return TRUE;
    return FALSE;
}

gboolean cel_lab_sign_profile(CelLab *lab, const CelProfileSigning *signing,
                              CelLedgerPlace *out_place, GError **error)
{
    g_autoptr(GBytes) made = cel_profile_sign(signing->draft, signing->root, error);
    const CelLabInstall install = {made, signing->second, signing->clock};
    return made != NULL && cel_lab_install_profile(lab, &install, out_place, error);
}
