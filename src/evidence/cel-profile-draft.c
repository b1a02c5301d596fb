/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-profile-draft.h"

#include "evidence/cel-profile-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MILLI = 1000, MOST_DIGITS = 12 };

/** List: how one of them is called and judged. */
static const struct {
    const char *name;
    CelProfileRule rule;
} lists[CEL_N_PROFILE_LISTS] = {
    [CEL_PROFILE_TITLES] = {"titles", cel_profile_title_rule},
    [CEL_PROFILE_CITATIONS] = {"citations", cel_profile_citation_rule},
};

static const CelField *field_of(const CelField *fields, const char *key)
{
    while (fields->key != NULL && strcmp(fields->key, key) != 0)
        fields++;
    return fields->key != NULL ? fields : NULL;
}

/* ---- what is wrong ---- */

static void fault_free(gpointer data)
{
    CelProfileFault *fault = data;
    g_free(fault->field);
    g_free(fault->why);
    g_free(fault);
}

/* @why: (transfer full) */
static void add_fault(GPtrArray *faults, const char *field, char *why)
{
    CelProfileFault *fault = g_new0(CelProfileFault, 1);
    fault->field = g_strdup(field);
    fault->why = why;
    g_ptr_array_add(faults, fault);
}

/* @scale: units of the file in a unit that is typed. */
static char *number_text(gint64 value, gint64 scale)
{
    const gint64 rest = ABS(value % scale);
    if (rest == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT, value / scale);
    char *text = g_strdup_printf("%s%" G_GINT64_FORMAT ".%03" G_GINT64_FORMAT, value < 0 ? "-" : "",
                                 ABS(value / scale), rest);
    for (gsize n = strlen(text); text[n - 1] == '0'; n--)
        text[n - 1] = '\0';
    return text;
}

static char *range_words(const CelField *field)
{
    const gboolean milli = field->type == CEL_FIELD_MILLI;
    g_autofree char *least = number_text(field->min, milli ? MILLI : 1);
    g_autofree char *most = number_text(field->max, milli ? MILLI : 1);
    return milli ? g_strdup_printf(_("A number from %s to %s, with at most three decimals."), least,
                                   most)
                 : g_strdup_printf(_("A whole number from %s to %s."), least, most);
}

static char *words_of(const CelField *field, JsonNode *node)
{
    if (field == NULL)
        return g_strdup(_("This program does not know this field."));
    if (node == NULL)
        return g_strdup(_("This is needed."));
    switch (field->type) {
    case CEL_FIELD_TEXT:
        return g_strdup_printf(_("One line of at most %d characters."), (int)field->max);
    case CEL_FIELD_COUNT:
    case CEL_FIELD_WHOLE:
    case CEL_FIELD_MILLI:
        return range_words(field);
    case CEL_FIELD_DATE:
    case CEL_FIELD_UNTIL:
        return g_strdup(_("A date like 2026-12-31."));
    case CEL_FIELD_LIST:
        return g_strdup_printf(_("At most %d of them."), (int)field->max);
    default:
        return g_strdup(_("This cannot stand here."));
    }
}

static void told(const CelField *field, const char *name, JsonNode *node, gpointer faults)
{
    add_fault(faults, name, words_of(field, node));
}

/* What is readable alone is judged alone: a fault elsewhere does not hide it. */
static void judge_line(JsonNode *node, CelProfileList list, guint at, GPtrArray *faults)
{
    const CelField *field = field_of(cel_profile_fields, lists[list].name);
    g_autofree gpointer element = g_malloc0(field->element_size);
    const char *member = NULL, *why = NULL;
    if (JSON_NODE_HOLDS_OBJECT(node) &&
        cel_fields_read(json_node_get_object(node), field->fields, element, "", NULL))
        why = lists[list].rule(element, &member);
    if (why != NULL) {
        g_autofree char *name = g_strdup_printf("%s[%u].%s", lists[list].name, at, member);
        add_fault(faults, name, g_strdup(why));
    }
    cel_fields_clear(field->fields, element);
}

static JsonArray *array_in(JsonNode *draft, const char *name)
{
    JsonNode *node = json_object_get_member(json_node_get_object(draft), name);
    return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static void judge_lists(JsonNode *draft, GPtrArray *faults)
{
    for (guint l = 0; l < CEL_N_PROFILE_LISTS; l++) {
        JsonArray *array = array_in(draft, lists[l].name);
        const guint n = array != NULL ? json_array_get_length(array) : 0;
        if (l == CEL_PROFILE_TITLES && array != NULL && n == 0)
            add_fault(faults, lists[l].name, g_strdup(_("There is one title at least.")));
        for (guint i = 0; i < n; i++)
            judge_line(json_array_get_element(array, i), l, i, faults);
    }
}

/* The lab's name and address are needed of it, in whichever language. */
static void judge_lab(JsonNode *draft, GPtrArray *faults)
{
    static const char *const needed[] = {"name", "address"};
    JsonNode *node = json_object_get_member(json_node_get_object(draft), "lab");
    JsonObject *lab =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    for (gsize i = 0; lab != NULL && i < G_N_ELEMENTS(needed); i++) {
        JsonNode *both = json_object_get_member(lab, needed[i]);
        g_autofree char *name = g_strdup_printf("lab.%s.zh", needed[i]);
        if (both != NULL && JSON_NODE_HOLDS_OBJECT(both) &&
            json_object_get_size(json_node_get_object(both)) == 0)
            add_fault(faults, name, g_strdup(_("This is needed, in Chinese or English.")));
    }
}

GPtrArray *cel_profile_faults(JsonNode *draft)
{
    GPtrArray *faults = g_ptr_array_new_with_free_func(fault_free);
    g_autoptr(GError) error = NULL;
    if (JSON_NODE_HOLDS_OBJECT(draft)) {
        const CelFieldListener listener = {told, faults};
        cel_fields_faults(json_node_get_object(draft), cel_profile_fields, "", &listener);
        judge_lists(draft, faults);
        judge_lab(draft, faults);
    }
    if (faults->len == 0 && !cel_profile_check_body(draft, &error))
        add_fault(faults, "", g_strdup(error->message));
    return faults;
}

const char *cel_profile_fault_at(const GPtrArray *faults, const char *field)
{
    for (guint i = 0; i < faults->len; i++) {
        const CelProfileFault *fault = g_ptr_array_index(faults, i);
        if (strcmp(fault->field, field) == 0)
            return fault->why;
    }
    return NULL;
}

/* ---- lists ---- */

void cel_profile_set_text(JsonObject *object, const char *member, const char *text)
{
    g_autofree char *plain = g_strstrip(g_strdup(text != NULL ? text : ""));
    if (*plain != '\0')
        json_object_set_string_member(object, member, plain);
    else if (json_object_has_member(object, member))
        json_object_remove_member(object, member);
}

const char *cel_profile_list_name(CelProfileList list)
{
    return lists[list].name;
}

guint cel_profile_n_lines(JsonNode *draft, CelProfileList list)
{
    JsonArray *array = array_in(draft, lists[list].name);
    return array != NULL ? json_array_get_length(array) : 0;
}

static const char *text_in(JsonObject *object, const char *member)
{
    return json_object_get_string_member_with_default(object, member, NULL);
}

CelProfileLine cel_profile_line(JsonNode *draft, CelProfileList list, guint i)
{
    JsonObject *one = json_array_get_object_element(array_in(draft, lists[list].name), i);
    JsonObject *text =
        list == CEL_PROFILE_CITATIONS ? json_object_get_object_member(one, "text") : one;
    CelProfileLine line = {.zh = text_in(text, "zh"), .en = text_in(text, "en")};
    if (list == CEL_PROFILE_CITATIONS) {
        line.basis = json_object_get_boolean_member_with_default(one, "basis", FALSE);
        line.approval = text_in(one, "approval");
    }
    return line;
}

void cel_profile_clear_lines(JsonNode *draft, CelProfileList list)
{
    json_object_set_array_member(json_node_get_object(draft), lists[list].name, json_array_new());
}

void cel_profile_add_line(JsonNode *draft, CelProfileList list, const CelProfileLine *line)
{
    JsonObject *text = json_object_new(), *one = text;
    cel_profile_set_text(text, "zh", line->zh);
    cel_profile_set_text(text, "en", line->en);
    if (list == CEL_PROFILE_CITATIONS) {
        one = json_object_new();
        json_object_set_object_member(one, "text", text);
        json_object_set_boolean_member(one, "basis", line->basis);
        cel_profile_set_text(one, "approval", line->approval);
    }
    json_array_add_object_element(array_in(draft, lists[list].name), one);
}

/* ---- limits ---- */

static const CelField *limit_field(const char *key)
{
    return field_of(field_of(cel_profile_fields, "checks")->fields, key);
}

static JsonObject *checks_of(JsonNode *draft)
{
    return json_object_get_object_member(json_node_get_object(draft), "checks");
}

char *cel_profile_limit(JsonNode *draft, const char *key)
{
    const CelField *field = limit_field(key);
    JsonNode *node = json_object_get_member(checks_of(draft), key);
    if (node == NULL)
        return g_strdup("");
    if (field->type == CEL_FIELD_TEXT)
        return g_strdup(json_node_get_string(node));
    return number_text(json_node_get_int(node), field->type == CEL_FIELD_MILLI ? MILLI : 1);
}

/* Digits, and as many decimals as the scale has; nothing else, so that nothing is read that was
 * not meant. */
static gboolean read_number(const char *text, gint64 scale, gint64 *out)
{
    gint64 value = 0;
    const char *at = text;
    for (; g_ascii_isdigit(*at) && at - text < MOST_DIGITS; at++)
        value = 10 * value + g_ascii_digit_value(*at);
    if (at == text)
        return FALSE;
    const gboolean decimals = *at == '.' && g_ascii_isdigit(at[1]);
    at += decimals ? 1 : 0;
    for (; scale > 1; scale /= 10) {
        const gboolean digit = decimals && g_ascii_isdigit(*at);
        value = 10 * value + (digit ? g_ascii_digit_value(*at) : 0);
        at += digit ? 1 : 0;
    }
    *out = value;
    return *at == '\0';
}

void cel_profile_set_limit(JsonNode *draft, const char *key, const char *text)
{
    const CelField *field = limit_field(key);
    g_autofree char *plain = g_strstrip(g_strdup(text));
    gint64 value = 0;
    if (field->type != CEL_FIELD_TEXT &&
        read_number(plain, field->type == CEL_FIELD_MILLI ? MILLI : 1, &value))
        json_object_set_int_member(checks_of(draft), key, value);
    else
        cel_profile_set_text(checks_of(draft), key, plain);
}
