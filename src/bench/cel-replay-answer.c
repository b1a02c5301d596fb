/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-replay-compare.h"

#include "base/cel-json.h"

#include <math.h>
#include <string.h>

static gboolean is_listed(const char *const *list, const char *name)
{
    return g_strv_contains(list, name);
}

/* Stated by the work or the clock, not computed from the data; "reasons" holds messages of failures
 * in the language of that day; "explanation" and "difference_cm1" follow from numbers that are
 * compared themselves; "reference_intensity" stands in the library, which its digest names;
 * "validation" is what the laboratory's records said on that day. What the seal adds to an answer
 * is listed behind. */
static const char *const left_out[] = {
    "file",
    "elapsed_ms",
    "deviations",
    "reasons",
    "reasons_zh_CN",
    "why_zh",
    "label_en",
    "label_zh",
    "library",
    "recipe",
    "explanation",
    "validation",
    "difference_cm1",
    "reference_intensity",
    NULL,
};

/* The digits that match/cel-identification.c writes a number with. */
static int digits_of(const char *key)
{
    static const char *const two[] = {"shift_applied_cm1", NULL};
    return is_listed(two, key) ? 2 : 4;
}

/* A share of recalculations moves by a whole run where one stands on the very edge of the rule; of
 * 200 runs two may. */
static const char *const shares[] = {"same_answer", "same_first", NULL};
#define SHARE_SLACK 0.0101

static gboolean numbers_agree(const char *key, double a, double b, gboolean *rounded)
{
    const double size = fmax(fabs(a), fabs(b));
    const double difference = fabs(a - b);
    if (!(difference > 0))
        return TRUE;
    *rounded = TRUE;
    if (is_listed(shares, key))
        return difference <= SHARE_SLACK;
    return difference <= 1.001 * pow(10.0, floor(log10(size)) - digits_of(key) + 1.0);
}

typedef struct {
    const char *key;
    gboolean *rounded;
} Where;

static gboolean nodes_agree(JsonNode *a, JsonNode *b, const Where *where);

static gboolean has_all(JsonObject *a, JsonObject *b)
{
    g_autoptr(GList) names = json_object_get_members(a);
    for (const GList *l = names; l != NULL; l = l->next)
        if (!is_listed(left_out, l->data) && !json_object_has_member(b, l->data))
            return FALSE;
    return TRUE;
}

static gboolean objects_agree(JsonObject *a, JsonObject *b, const Where *where)
{
    g_autoptr(GList) names = json_object_get_members(a);
    gboolean agree = has_all(a, b) && has_all(b, a);
    for (const GList *l = names; agree && l != NULL; l = l->next) {
        const Where below = {l->data, where->rounded};
        agree =
            is_listed(left_out, l->data) || nodes_agree(json_object_get_member(a, l->data),
                                                        json_object_get_member(b, l->data), &below);
    }
    return agree;
}

static gboolean arrays_agree(JsonArray *a, JsonArray *b, const Where *where)
{
    gboolean agree = json_array_get_length(a) == json_array_get_length(b);
    for (guint i = 0; agree && i < json_array_get_length(a); i++)
        agree = nodes_agree(json_array_get_element(a, i), json_array_get_element(b, i), where);
    return agree;
}

static gboolean is_number(JsonNode *node)
{
    const GType type = json_node_get_value_type(node);
    return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
}

static gboolean values_agree(JsonNode *a, JsonNode *b, const Where *where)
{
    if (is_number(a) && is_number(b)) /* 1 and 1.0 are one number of JSON */
        return numbers_agree(where->key, json_node_get_double(a), json_node_get_double(b),
                             where->rounded);
    return json_node_equal(a, b);
}

static gboolean nodes_agree(JsonNode *a, JsonNode *b, const Where *where)
{
    if (json_node_get_node_type(a) != json_node_get_node_type(b))
        return FALSE;
    if (JSON_NODE_HOLDS_OBJECT(a))
        return objects_agree(json_node_get_object(a), json_node_get_object(b), where);
    if (JSON_NODE_HOLDS_ARRAY(a))
        return arrays_agree(json_node_get_array(a), json_node_get_array(b), where);
    return JSON_NODE_HOLDS_NULL(a) || values_agree(a, b, where);
}

gboolean cel_replay_answers_agree(const char *a, gsize n_a, const char *b, gsize n_b,
                                  gboolean *rounded)
{
    const Where top = {"", rounded};
    g_autoptr(JsonNode) one = cel_json_read(a, n_a, NULL);
    g_autoptr(JsonNode) two = cel_json_read(b, n_b, NULL);
    *rounded = FALSE;
    return one != NULL && two != NULL && nodes_agree(one, two, &top);
}
