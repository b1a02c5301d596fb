/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-fields.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { DIGEST_DIGITS = 64, DATE_LENGTH = 10 };
#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

/** Place: where a value goes and what it is called. */
typedef struct {
    const CelField *field;
    gpointer slot;
    const char *name; /* with the names of what it lies in */
} Place;

static gboolean refuse(const Place *place, GError **error, const char *what)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The field \"%s\" %s"), place->name, what);
    return FALSE;
}

/* ---- single values ---- */

static const char *text_of(JsonNode *node)
{
    return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

/* Nothing that is not seen: it could make two texts look alike, or a line another. */
static gboolean is_printable(const char *text)
{
    gboolean seen = FALSE;
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
        const gunichar u = g_utf8_get_char(c);
        if (!g_unichar_isprint(u) || g_unichar_type(u) == G_UNICODE_FORMAT)
            return FALSE;
        seen = seen || !g_unichar_isspace(u);
    }
    return seen;
}

static gboolean read_text(const Place *place, JsonNode *node, GError **error)
{
    const char *text = text_of(node);
    if (text == NULL || g_utf8_strlen(text, -1) > place->field->max || !is_printable(text))
        return refuse(place, error, _("is no text of the allowed length and characters"));
    *(char **)place->slot = g_strdup(text);
    return TRUE;
}

static gboolean read_word(const Place *place, JsonNode *node, GError **error)
{
    const char *text = text_of(node);
    if (text == NULL || !g_strv_contains(place->field->words, text))
        return refuse(place, error, _("is none of the words that may stand there"));
    *(char **)place->slot = g_strdup(text);
    return TRUE;
}

static gboolean read_digest(const Place *place, JsonNode *node, GError **error)
{
    const char *text = text_of(node);
    if (text == NULL || strlen(text) != DIGEST_DIGITS ||
        strspn(text, "0123456789abcdef") != DIGEST_DIGITS)
        return refuse(place, error, _("is no digest of 64 hexadecimal digits"));
    *(char **)place->slot = g_strdup(text);
    return TRUE;
}

static gboolean parse_date(const char *text, gint64 *out_start_us)
{
    if (text == NULL || strlen(text) != DATE_LENGTH || text[4] != '-' || text[7] != '-')
        return FALSE;
    g_autofree char *whole = g_strconcat(text, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) start = g_date_time_new_from_iso8601(whole, NULL);
    g_autofree char *again = start != NULL ? g_date_time_format(start, "%Y-%m-%d") : NULL;
    if (g_strcmp0(again, text) != 0)
        return FALSE;
    *out_start_us = g_date_time_to_unix(start) * G_USEC_PER_SEC;
    return TRUE;
}

static gboolean read_date(const Place *place, JsonNode *node, GError **error)
{
    const char *text = text_of(node);
    gint64 start_us = 0;
    if (!parse_date(text, &start_us))
        return refuse(place, error, _("is no date like 2026-12-31"));
    if (place->field->type == CEL_FIELD_DATE)
        *(char **)place->slot = g_strdup(text);
    else
        *(gint64 *)place->slot = start_us + DAY_US - 1;
    return TRUE;
}

static gboolean read_integer(const Place *place, JsonNode *node, GError **error)
{
    const gboolean integer =
        JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64;
    const gint64 value = integer ? json_node_get_int(node) : 0;
    if (!integer || value < place->field->min || value > place->field->max)
        return refuse(place, error, _("is no whole number in its range"));
    if (place->field->type == CEL_FIELD_COUNT)
        *(guint *)place->slot = (guint)value;
    else
        *(double *)place->slot =
            (double)value / (place->field->type == CEL_FIELD_MILLI ? 1000.0 : 1.0);
    return TRUE;
}

static gboolean read_bool(const Place *place, JsonNode *node, GError **error)
{
    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_BOOLEAN)
        return refuse(place, error, _("is neither true nor false"));
    *(gboolean *)place->slot = json_node_get_boolean(node);
    return TRUE;
}

static gboolean read_words(const Place *place, JsonNode *node, GError **error)
{
    JsonArray *array = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    const guint n = array != NULL ? json_array_get_length(array) : 0;
    gboolean *set = place->slot;
    for (guint i = 0; i < n; i++) {
        const char *text = text_of(json_array_get_element(array, i));
        guint w = 0;
        while (place->field->words[w] != NULL && g_strcmp0(place->field->words[w], text) != 0)
            w++;
        if (place->field->words[w] == NULL || set[w])
            return refuse(place, error, _("is none of the words that may stand there"));
        set[w] = TRUE;
    }
    return n > 0 || refuse(place, error, _("names nothing"));
}

/* ---- what holds others ---- */

static gboolean read_object(const Place *place, JsonNode *node, GError **error)
{
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return refuse(place, error, _("is no object"));
    return cel_fields_read(json_node_get_object(node), place->field->fields, place->slot,
                           place->name, error);
}

static gboolean read_list(const Place *place, JsonNode *node, GError **error)
{
    JsonArray *array = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    GPtrArray *list = *(GPtrArray **)place->slot;
    if (array == NULL || json_array_get_length(array) > place->field->max)
        return refuse(place, error, _("is no list of the allowed length"));
    for (guint i = 0; i < json_array_get_length(array); i++) {
        g_autofree char *name = g_strdup_printf("%s[%u]", place->name, i);
        gpointer element = g_malloc0(place->field->element_size);
        const Place one = {place->field, element, name};
        g_ptr_array_add(list, element);
        if (!read_object(&one, json_array_get_element(array, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_ignored(const Place *place, JsonNode *node, GError **error)
{
    (void)place;
    (void)node;
    (void)error;
    return TRUE;
}

static gboolean read_value(const Place *place, JsonNode *node, GError **error)
{
    static gboolean (*const readers[])(const Place *, JsonNode *, GError **) = {
        [CEL_FIELD_IGNORED] = read_ignored, [CEL_FIELD_TEXT] = read_text,
        [CEL_FIELD_WORD] = read_word,       [CEL_FIELD_DIGEST] = read_digest,
        [CEL_FIELD_DATE] = read_date,       [CEL_FIELD_UNTIL] = read_date,
        [CEL_FIELD_COUNT] = read_integer,   [CEL_FIELD_WHOLE] = read_integer,
        [CEL_FIELD_MILLI] = read_integer,   [CEL_FIELD_BOOL] = read_bool,
        [CEL_FIELD_WORDS] = read_words,     [CEL_FIELD_OBJECT] = read_object,
        [CEL_FIELD_LIST] = read_list,
    };
    return readers[place->field->type](place, node, error);
}

static char *join(const char *where, const char *key)
{
    return *where != '\0' ? g_strconcat(where, ".", key, NULL) : g_strdup(key);
}

static gboolean knows(const CelField *fields, const char *key)
{
    for (; fields->key != NULL; fields++)
        if (strcmp(fields->key, key) == 0)
            return TRUE;
    return FALSE;
}

static gboolean check_keys(JsonObject *object, const CelField *fields, const char *where,
                           GError **error)
{
    g_autoptr(GList) keys = json_object_get_members(object);
    for (const GList *l = keys; l != NULL; l = l->next) {
        if (knows(fields, l->data))
            continue;
        g_autofree char *plain = g_str_to_ascii(l->data, "C");
        g_autofree char *name = join(where, plain);
        const Place place = {NULL, NULL, name};
        return refuse(&place, error, _("is not known to this program"));
    }
    return TRUE;
}

gboolean cel_fields_read(JsonObject *object, const CelField *fields, gpointer out,
                         const char *where, GError **error)
{
    for (const CelField *f = fields; f->key != NULL;
         f++) /* first, so that a failure leaves no NULL */
        if (f->type == CEL_FIELD_LIST)
            G_STRUCT_MEMBER(GPtrArray *, out, f->offset) = g_ptr_array_new_with_free_func(g_free);
    if (!check_keys(object, fields, where, error))
        return FALSE;
    for (const CelField *f = fields; f->key != NULL; f++) {
        g_autofree char *name = join(where, f->key);
        JsonNode *node = json_object_get_member(object, f->key);
        const Place place = {f, G_STRUCT_MEMBER_P(out, f->offset), name};
        if (node == NULL && f->needed)
            return refuse(&place, error, _("is missing"));
        if (node != NULL && !read_value(&place, node, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- everything that is wrong ---- */

static gboolean takes(const CelField *field, JsonNode *node)
{
    gsize n = 1;
    while (field->type == CEL_FIELD_WORDS && field->words[n - 1] != NULL)
        n++;
    CelField alone[] = {*field, {.key = NULL}};
    g_autofree gpointer room = g_malloc0(MAX(n * sizeof(gboolean), sizeof(gint64)));
    alone[0].offset = 0;
    const Place place = {alone, room, ""};
    const gboolean taken = read_value(&place, node, NULL);
    cel_fields_clear(alone, room);
    return taken;
}

static void walk_list(const CelField *field, JsonNode *node, const char *name,
                      const CelFieldListener *listener)
{
    JsonArray *array = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    if (array == NULL || json_array_get_length(array) > field->max) {
        listener->fault(field, name, node, listener->data);
        return;
    }
    for (guint i = 0; i < json_array_get_length(array); i++) {
        g_autofree char *one = g_strdup_printf("%s[%u]", name, i);
        JsonNode *element = json_array_get_element(array, i);
        if (JSON_NODE_HOLDS_OBJECT(element))
            cel_fields_faults(json_node_get_object(element), field->fields, one, listener);
        else
            listener->fault(field, one, element, listener->data);
    }
}

static void walk_value(const CelField *field, JsonNode *node, const char *name,
                       const CelFieldListener *listener)
{
    if (field->type == CEL_FIELD_OBJECT && JSON_NODE_HOLDS_OBJECT(node))
        cel_fields_faults(json_node_get_object(node), field->fields, name, listener);
    else if (field->type == CEL_FIELD_LIST)
        walk_list(field, node, name, listener);
    else if (field->type == CEL_FIELD_OBJECT || !takes(field, node))
        listener->fault(field, name, node, listener->data);
}

void cel_fields_faults(JsonObject *object, const CelField *fields, const char *where,
                       const CelFieldListener *listener)
{
    g_autoptr(GList) keys = json_object_get_members(object);
    for (const GList *l = keys; l != NULL; l = l->next) {
        g_autofree char *name = join(where, l->data);
        if (!knows(fields, l->data))
            listener->fault(NULL, name, json_object_get_member(object, l->data), listener->data);
    }
    for (const CelField *f = fields; f->key != NULL; f++) {
        g_autofree char *name = join(where, f->key);
        JsonNode *node = json_object_get_member(object, f->key);
        if (node != NULL)
            walk_value(f, node, name, listener);
        else if (f->needed)
            listener->fault(f, name, NULL, listener->data);
    }
}

/* ---- letting go ---- */

static void clear_list(const CelField *field, GPtrArray **list)
{
    for (guint i = 0; *list != NULL && i < (*list)->len; i++)
        cel_fields_clear(field->fields, g_ptr_array_index(*list, i));
    g_clear_pointer(list, g_ptr_array_unref);
}

void cel_fields_clear(const CelField *fields, gpointer data)
{
    for (const CelField *f = fields; f->key != NULL; f++) {
        gpointer slot = G_STRUCT_MEMBER_P(data, f->offset);
        switch (f->type) {
        case CEL_FIELD_TEXT:
        case CEL_FIELD_WORD:
        case CEL_FIELD_DIGEST:
        case CEL_FIELD_DATE:
            g_clear_pointer((char **)slot, g_free);
            break;
        case CEL_FIELD_OBJECT:
            cel_fields_clear(f->fields, slot);
            break;
        case CEL_FIELD_LIST:
            clear_list(f, slot);
            break;
        default:
            break;
        }
    }
}
