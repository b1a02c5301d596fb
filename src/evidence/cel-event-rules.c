/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-event-rules.h"

#include "base/cel-error.h"
#include "base/cel-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { DIGEST_DIGITS = 64, ID_DIGITS = 32, MOST_DEPTH = 6, MOST_MEMBERS = 4096 };
/* Year 9999: what ISO 8601 writes with four digits. */
static const gint64 LAST_US = G_GINT64_CONSTANT(253402300799) * G_USEC_PER_SEC;

typedef enum {
    KIND_INT,    /* not negative */
    KIND_TEXT,   /* plain, at most CEL_EVENT_MAX_TEXT characters */
    KIND_ID,     /* plain, at most CEL_EVENT_MAX_ID characters */
    KIND_HEX32,  /* 32 hex digits */
    KIND_HEX64,  /* 64 hex digits */
    KIND_OBJECT, /* of the members in fields */
    KIND_DATA,   /* the act's own */
} Kind;

typedef struct Field {
    const char *name;
    Kind kind;
    gboolean needed;
    const struct Field *fields; /* of KIND_OBJECT; ends with a NULL name */
} Field;

/* clang-format off */
static const Field digest_fields[] = {
    { "sha256", KIND_HEX64, TRUE, NULL }, { "sm3", KIND_HEX64, TRUE, NULL }, { 0 } };
static const Field seal_fields[] = {
    { "no", KIND_ID, FALSE, NULL }, { "state", KIND_TEXT, TRUE, NULL },
    { "photo", KIND_HEX64, FALSE, NULL }, { 0 } };
static const Field party_fields[] = {
    { "dept", KIND_TEXT, FALSE, NULL }, { "person", KIND_TEXT, FALSE, NULL },
    { "id", KIND_ID, FALSE, NULL }, { 0 } };
static const Field person_fields[] = {
    { "id", KIND_ID, TRUE, NULL }, { "name", KIND_TEXT, TRUE, NULL },
    { "role", KIND_ID, TRUE, NULL },
    { "cert_sm2", KIND_OBJECT, FALSE, digest_fields },
    { "cert_ed25519", KIND_OBJECT, FALSE, digest_fields }, { 0 } };
static const Field software_fields[] = {
    { "program", KIND_ID, TRUE, NULL }, { "version", KIND_ID, TRUE, NULL }, { 0 } };
static const Field event_fields[] = {
    { "v", KIND_INT, TRUE, NULL },
    { "kind", KIND_ID, TRUE, NULL },
    { "ledger", KIND_HEX32, TRUE, NULL },
    { "seq", KIND_INT, TRUE, NULL },
    { "prev", KIND_OBJECT, TRUE, digest_fields },
    { "act", KIND_ID, TRUE, NULL },
    { "case", KIND_ID, FALSE, NULL },
    { "item", KIND_ID, FALSE, NULL },
    { "sample", KIND_ID, FALSE, NULL },
    { "fid", KIND_HEX32, FALSE, NULL },
    { "file", KIND_OBJECT, FALSE, digest_fields },
    { "manifest", KIND_OBJECT, FALSE, digest_fields },
    { "seal", KIND_OBJECT, FALSE, seal_fields },
    { "from", KIND_OBJECT, FALSE, party_fields },
    { "to", KIND_OBJECT, FALSE, party_fields },
    { "why", KIND_TEXT, FALSE, NULL },
    { "authority", KIND_TEXT, FALSE, NULL },
    { "refers", KIND_INT, FALSE, NULL },
    { "op", KIND_OBJECT, TRUE, person_fields },
    { "second", KIND_OBJECT, FALSE, person_fields },
    { "t_wall", KIND_ID, TRUE, NULL },
    { "t_wall_us", KIND_INT, TRUE, NULL },
    { "t_zone", KIND_ID, TRUE, NULL },
    { "t_mono_us", KIND_INT, TRUE, NULL },
    { "t_src", KIND_TEXT, TRUE, NULL },
    { "boot_id", KIND_ID, TRUE, NULL },
    { "clock", KIND_ID, FALSE, NULL },
    { "clock_behind_us", KIND_INT, FALSE, NULL },
    { "distid", KIND_ID, TRUE, NULL },
    { "sw", KIND_OBJECT, TRUE, software_fields },
    { "data", KIND_DATA, TRUE, NULL },
    { 0 },
};
/* clang-format on */

/* One check: the error's code and place stay together. */
typedef struct {
    int code;
    GError **error;
} Check;

static gboolean refuse(const Check *check, const char *field, const char *why)
{
    g_set_error(check->error, CEL_ERROR, check->code,
                _("The event is not usable: \"%s\": %s. Nothing is proven by it"), field, why);
    return FALSE;
}

static gboolean is_hex(const char *text, gsize digits)
{
    return strlen(text) == digits && strspn(text, "0123456789abcdef") == digits;
}

static gboolean text_fits(const char *text, Kind kind)
{
    switch (kind) {
    case KIND_TEXT:
        return cel_text_is_plain(text, CEL_EVENT_MAX_TEXT);
    case KIND_ID:
        return cel_text_is_plain(text, CEL_EVENT_MAX_ID);
    case KIND_HEX32:
        return is_hex(text, ID_DIGITS);
    case KIND_HEX64:
        return is_hex(text, DIGEST_DIGITS);
    default:
        return FALSE;
    }
}

/* The members of the act's own data are free in shape, within bounds. */
static gboolean data_fits(JsonNode *node, guint depth)
{
    if (depth > MOST_DEPTH)
        return FALSE;
    if (JSON_NODE_HOLDS_OBJECT(node)) {
        g_autoptr(GList) members = json_object_get_values(json_node_get_object(node));
        for (const GList *l = members; l != NULL; l = l->next)
            if (!data_fits(l->data, depth + 1))
                return FALSE;
        return g_list_length(members) <= MOST_MEMBERS;
    }
    if (JSON_NODE_HOLDS_ARRAY(node)) {
        JsonArray *array = json_node_get_array(node);
        for (guint i = 0; i < json_array_get_length(array); i++)
            if (!data_fits(json_array_get_element(array, i), depth + 1))
                return FALSE;
        return json_array_get_length(array) <= MOST_MEMBERS;
    }
    const GType type = json_node_get_value_type(node);
    return type == G_TYPE_INT64 || type == G_TYPE_BOOLEAN ||
           (type == G_TYPE_STRING &&
            cel_text_is_plain(json_node_get_string(node), CEL_EVENT_MAX_TEXT));
}

static gboolean check_fields(const Check *check, JsonObject *object, const Field *fields);

static gboolean check_value(const Check *check, JsonNode *node, const Field *field)
{
    const GType type = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_NONE;
    gboolean ok = FALSE;
    if (field->kind == KIND_INT)
        ok = type == G_TYPE_INT64 && json_node_get_int(node) >= 0;
    else if (field->kind == KIND_DATA)
        ok = JSON_NODE_HOLDS_OBJECT(node) && data_fits(node, 0);
    else if (field->kind == KIND_OBJECT)
        return JSON_NODE_HOLDS_OBJECT(node)
                   ? check_fields(check, json_node_get_object(node), field->fields)
                   : refuse(check, field->name, _("it has another type"));
    else
        ok = type == G_TYPE_STRING && text_fits(json_node_get_string(node), field->kind);
    return ok || refuse(check, field->name,
                        _("its value is of another kind, too long, or holds invisible "
                          "characters"));
}

static const Field *find(const Field *fields, const char *name)
{
    for (; fields->name != NULL; fields++)
        if (g_str_equal(fields->name, name))
            return fields;
    return NULL;
}

static gboolean check_fields(const Check *check, JsonObject *object, const Field *fields)
{
    g_autoptr(GList) members = json_object_get_members(object);
    for (const GList *l = members; l != NULL; l = l->next) {
        const Field *field = find(fields, l->data);
        if (field == NULL)
            return refuse(check, l->data, _("this field is not known"));
        if (!check_value(check, json_object_get_member(object, l->data), field))
            return FALSE;
    }
    for (; fields->name != NULL; fields++)
        if (fields->needed && !json_object_has_member(object, fields->name))
            return refuse(check, fields->name, _("it is missing"));
    return members != NULL || refuse(check, "{}", _("it is empty"));
}

/* ---- what belongs together ---- */

/* "" when there is no text of that name. */
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
    return json_object_get_int_member_with_default(object, name, 0);
}

static gboolean check_place(const Check *check, JsonObject *event)
{
    if (number_of(event, "v") != CEL_EVENT_VERSION)
        return refuse(check, "v", _("this version is not known"));
    if (!g_str_equal(text_of(event, "kind"), "event"))
        return refuse(check, "kind", _("it is no event"));
    if (!g_str_equal(text_of(event, "distid"), CEL_SM2_DEFAULT_ID))
        return refuse(check, "distid", _("this signer ID is not known"));
    const gint64 seq = number_of(event, "seq");
    if (seq < 1)
        return refuse(check, "seq", _("positions begin with 1"));
    if (number_of(event, "refers") >= seq ||
        (json_object_has_member(event, "refers") && number_of(event, "refers") == 0))
        return refuse(check, "refers", _("it names no earlier event"));
    JsonObject *previous = json_object_get_object_member(event, "prev");
    const CelDigestPair start = cel_event_genesis(text_of(event, "ledger"));
    if (seq == 1 && (!g_str_equal(text_of(previous, "sha256"), start.sha256) ||
                     !g_str_equal(text_of(previous, "sm3"), start.sm3)))
        return refuse(check, "prev", _("it is not the beginning of this ledger"));
    return TRUE;
}

static gboolean check_time(const Check *check, JsonObject *event)
{
    const gint64 wall_us = number_of(event, "t_wall_us");
    g_autofree char *text = wall_us <= LAST_US ? cel_clock_iso8601(wall_us) : NULL;
    if (g_strcmp0(text, text_of(event, "t_wall")) != 0)
        return refuse(check, "t_wall", _("both forms of the time differ"));
    const gboolean behind = g_str_equal(text_of(event, "clock"), "behind");
    if (json_object_has_member(event, "clock") && !behind)
        return refuse(check, "clock", _("its value is not known"));
    if (behind != (number_of(event, "clock_behind_us") > 0) ||
        behind != json_object_has_member(event, "clock_behind_us"))
        return refuse(check, "clock_behind_us", _("it contradicts the field \"clock\""));
    return TRUE;
}

static gboolean check_seal(const Check *check, JsonObject *event)
{
    static const char *const states[] = {"intact", "broken", "none", NULL};
    JsonObject *seal =
        json_object_has_member(event, "seal") ? json_object_get_object_member(event, "seal") : NULL;
    if (seal != NULL && !g_strv_contains(states, text_of(seal, "state")))
        return refuse(check, "seal", _("its state is intact, broken or none"));
    if (seal != NULL && g_str_equal(text_of(seal, "state"), "intact") &&
        !json_object_has_member(seal, "no"))
        return refuse(check, "seal", _("a seal that is there has a number"));
    return TRUE;
}

static gboolean same_certificate(JsonObject *a, JsonObject *b, const char *name)
{
    return json_object_has_member(a, name) && json_object_has_member(b, name) &&
           g_str_equal(text_of(json_object_get_object_member(a, name), "sha256"),
                       text_of(json_object_get_object_member(b, name), "sha256"));
}

static gboolean check_persons(const Check *check, JsonObject *event)
{
    static const char *const sides[] = {"op", "second"};
    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        if (!json_object_has_member(event, sides[i]))
            continue;
        JsonObject *person = json_object_get_object_member(event, sides[i]);
        if (!json_object_has_member(person, "cert_sm2") &&
            !json_object_has_member(person, "cert_ed25519"))
            return refuse(check, sides[i], _("it names no certificate"));
    }
    if (!json_object_has_member(event, "second"))
        return TRUE;
    JsonObject *first = json_object_get_object_member(event, "op");
    JsonObject *second = json_object_get_object_member(event, "second");
    return (!g_str_equal(text_of(first, "id"), text_of(second, "id")) &&
            !same_certificate(first, second, "cert_sm2") &&
            !same_certificate(first, second, "cert_ed25519")) ||
           refuse(check, "second", _("it is the same person"));
}

/* See the comment above cel_event_write(). */
gboolean cel_event_needs_second(CelAct act, JsonObject *event)
{
    JsonObject *data = json_object_get_object_member(event, "data");
    if (act == CEL_ACT_KEY_EVENT && number_of(event, "seq") == 1)
        return FALSE;
    if (act == CEL_ACT_CORRECT && g_str_equal(text_of(data, "what"), "not-completed"))
        return FALSE;
    return cel_act_def(act)->second_person;
}

static gboolean check_data(const Check *check, CelAct act, JsonObject *data)
{
    const char *const *needs = cel_act_def(act)->needs;
    for (gsize i = 0; needs != NULL && needs[i] != NULL; i++)
        if (!json_object_has_member(data, needs[i]))
            return refuse(check, needs[i], _("this act needs it"));
    g_autoptr(GList) members = json_object_get_members(data);
    for (const GList *l = members; l != NULL; l = l->next)
        if (!cel_act_allows(act, l->data))
            return refuse(check, l->data, _("this act does not know it"));
    return TRUE;
}

/* A bag, the file of an exhibit, or the file of another object such as a calibration. */
static gboolean check_sealed(const Check *check, JsonObject *event)
{
    const gboolean bag = json_object_has_member(event, "seal");
    const gboolean file =
        json_object_has_member(event, "fid") && json_object_has_member(event, "manifest");
    const gboolean object =
        json_object_has_member(json_object_get_object_member(event, "data"), "object");
    if (!bag && !file)
        return refuse(check, "seal", _("neither a bag nor a file is sealed"));
    if ((bag || !object) &&
        !(json_object_has_member(event, "case") && json_object_has_member(event, "item")))
        return refuse(check, "item", _("this act needs it"));
    return TRUE;
}

static gboolean check_act(const Check *check, JsonObject *event)
{
    CelAct act;
    if (!cel_act_from_id(text_of(event, "act"), &act))
        return refuse(check, "act", _("this act is not known"));
    const CelActDef *def = cel_act_def(act);
    const struct {
        gboolean needed;
        const char *field;
    } asked[] = {
        {def->exhibit, "case"},
        {def->exhibit, "item"},
        {def->parties, "from"},
        {def->parties, "to"},
        {def->reason, "why"},
        {def->refers, "refers"},
        {cel_event_needs_second(act, event), "second"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++)
        if (asked[i].needed && !json_object_has_member(event, asked[i].field))
            return refuse(check, asked[i].field, _("this act needs it"));
    return check_data(check, act, json_object_get_object_member(event, "data")) &&
           (act != CEL_ACT_SEAL || check_sealed(check, event));
}

gboolean cel_event_check(JsonObject *event, int code, GError **error)
{
    const Check check = {code, error};
    return check_fields(&check, event, event_fields) && check_place(&check, event) &&
           check_time(&check, event) && check_seal(&check, event) && check_persons(&check, event) &&
           check_act(&check, event);
}
