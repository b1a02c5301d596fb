/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-profile-rest.h"

#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/** Word: of the file, and what it is called. One without is shown as it stands there. */
typedef struct {
    const char *word, *title;
} Word;

static const Word names[] = {
    {"accreditation", N_("Accreditation")},
    {"approval", N_("Approval")},
    {"blind_review", N_("The reviewer judges before seeing the operator's result")},
    {"body", N_("Accreditation body")},
    {"development", N_("Development rule: grades B and C may give “found”")},
    {"id", N_("Id")},
    {"lab", N_("Laboratory")},
    {"lock_minutes", N_("Minutes without input until the screen locks")},
    {"methods", N_("Method")},
    {"number", N_("Number")},
    {"offline_days", N_("Days a tablet works without the lab's ledger")},
    {"operators", N_("Authorised person, until")},
    {"recipe_sha256", N_("Digest of the recipe (SHA-256)")},
    {"replicates_4_of_5", N_("Four of five measurements suffice")},
    {"replicates_planned", N_("Measurements planned for an exhibit")},
    {"retention_source", N_("Where the time of keeping comes from")},
    {"retention_years", N_("Years that records are kept (0: for good)")},
    {"rules", N_("Rules of the work")},
    {"scope", N_("Scope")},
    {"signed_libraries", N_("Only signed or built-in libraries")},
    {"signers", N_("Signatures that every record needs")},
    {"title", N_("Title")},
    {"until", N_("Valid until")},
    {"validation", N_("Validation")},
    {"validation_ref", N_("Report of the validation")},
    {"version", N_("Version")},
};

static const Word values[] = {
    {"ed25519", N_("Ed25519")},     {"not-validated", N_("not validated")}, {"sm2", N_("SM2")},
    {"validated", N_("validated")}, {"verified", N_("verified")},
};

/** Rest: what is being shown. */
typedef struct {
    GtkBox *box;
    AdwPreferencesGroup *group; /* rows go here */
    CelProfileHas has;
} Rest;

static const char *look_up(const Word *table, gsize n, const char *word)
{
    for (gsize i = 0; i < n; i++)
        if (strcmp(table[i].word, word) == 0)
            return _(table[i].title);
    return word;
}

static const char *name_of(const char *key)
{
    return look_up(names, G_N_ELEMENTS(names), key);
}

/* ---- values ---- */

static char *value_text(JsonNode *node)
{
    const GType type = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_NONE;
    if (type == G_TYPE_BOOLEAN)
        return g_strdup(json_node_get_boolean(node) ? _("Yes") : _("No"));
    if (type == G_TYPE_STRING)
        return g_strdup(look_up(values, G_N_ELEMENTS(values), json_node_get_string(node)));
    return json_to_string(node, FALSE);
}

static void join_value(GString *text, JsonNode *node)
{
    g_autofree char *one = value_text(node);
    g_string_append_printf(text, "%s%s", text->len > 0 ? " · " : "", one);
}

/* Returns: (transfer full) (nullable): @node on a line; NULL: it holds more than values. */
static char *on_a_line(JsonNode *node)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GList) all = NULL;
    if (JSON_NODE_HOLDS_OBJECT(node))
        all = json_object_get_values(json_node_get_object(node));
    else if (JSON_NODE_HOLDS_ARRAY(node))
        all = json_array_get_elements(json_node_get_array(node));
    else
        return value_text(node);
    for (const GList *at = all; at != NULL; at = at->next) {
        if (JSON_NODE_HOLDS_OBJECT(at->data) || JSON_NODE_HOLDS_ARRAY(at->data))
            return NULL;
        join_value(text, at->data);
    }
    return g_strdup(text->str);
}

/* ---- rows ---- */

static void start_group(Rest *rest, const char *key)
{
    rest->group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
    adw_preferences_group_set_title(rest->group, name_of(key));
    gtk_box_append(rest->box, GTK_WIDGET(rest->group));
}

static void show_members(Rest *rest, JsonObject *object, const char *path);

static void show_elements(Rest *rest, JsonArray *array, const char *key)
{
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        g_autofree char *line = on_a_line(node);
        if (line != NULL)
            adw_preferences_group_add(rest->group, cel_room_row(name_of(key), line));
        else if (JSON_NODE_HOLDS_OBJECT(node))
            show_members(rest, json_node_get_object(node), key);
    }
}

static void show_value(Rest *rest, JsonNode *node, const char *key, const char *path)
{
    g_autofree char *line =
        JSON_NODE_HOLDS_ARRAY(node) && strcmp(key, "signers") != 0 ? NULL : on_a_line(node);
    if (line != NULL)
        adw_preferences_group_add(rest->group, cel_room_row(name_of(key), line));
    else if (JSON_NODE_HOLDS_ARRAY(node))
        show_elements(rest, json_node_get_array(node), key);
    else
        show_members(rest, json_node_get_object(node), path);
}

static void show_members(Rest *rest, JsonObject *object, const char *path)
{
    g_autoptr(GList) keys = json_object_get_members(object);
    for (const GList *at = keys; at != NULL; at = at->next) {
        g_autofree char *whole = g_strdup_printf("%s.%s", path, (const char *)at->data);
        if (!rest->has(whole))
            show_value(rest, json_object_get_member(object, at->data), at->data, whole);
    }
}

/* A group each: an object of the profile, or one of a list's. */
static void show_top(Rest *rest, JsonNode *node, const char *key)
{
    JsonArray *array = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; array != NULL && i < json_array_get_length(array); i++) {
        start_group(rest, key);
        show_members(rest, json_array_get_object_element(array, i), key);
    }
    if (array != NULL)
        return;
    start_group(rest, key);
    if (JSON_NODE_HOLDS_OBJECT(node))
        show_members(rest, json_node_get_object(node), key);
    else
        show_value(rest, node, key, key);
}

static gboolean is_shown_elsewhere(JsonNode *node, const char *key, CelProfileHas has)
{
    gboolean all = TRUE;
    if (has(key) || !JSON_NODE_HOLDS_OBJECT(node))
        return has(key);
    g_autoptr(GList) keys = json_object_get_members(json_node_get_object(node));
    for (const GList *at = keys; at != NULL; at = at->next) {
        g_autofree char *whole = g_strdup_printf("%s.%s", key, (const char *)at->data);
        all = all && has(whole);
    }
    return all;
}

void cel_profile_rest_fill(GtkBox *box, JsonNode *draft, CelProfileHas has)
{
    Rest rest = {.box = box, .has = has};
    JsonObject *body = json_node_get_object(draft);
    g_autoptr(GList) keys = json_object_get_members(body);
    cel_room_empty(box);
    for (const GList *at = keys; at != NULL; at = at->next) {
        JsonNode *node = json_object_get_member(body, at->data);
        if (!is_shown_elsewhere(node, at->data, has))
            show_top(&rest, node, at->data);
    }
}
