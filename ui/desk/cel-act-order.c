/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-act-order.h"

#include "base/cel-error.h"
#include "bench/cel-case.h"

#include <glib/gi18n-lib.h>
#include <string.h>

CelActExhibit *cel_act_exhibit_new(const CelExhibitFacts *facts)
{
    CelActExhibit *exhibit = g_new0(CelActExhibit, 1);
    exhibit->case_id = g_strdup(facts->case_id);
    exhibit->item_id = g_strdup(facts->item_id);
    exhibit->description = g_strdup(facts->description);
    exhibit->known_seal = g_strdup(facts->seal_no);
    return exhibit;
}

void cel_act_exhibit_free(gpointer data)
{
    CelActExhibit *exhibit = data;
    if (exhibit == NULL)
        return;
    g_free(exhibit->case_id);
    g_free(exhibit->item_id);
    g_free(exhibit->description);
    g_free(exhibit->known_seal);
    g_free(exhibit->read_seal);
    g_free(exhibit);
}

static gboolean has_text(const char *text)
{
    return text != NULL && *text != '\0';
}

gboolean cel_act_exhibit_differs(const CelActExhibit *exhibit)
{
    return has_text(exhibit->known_seal) && has_text(exhibit->read_seal) &&
           strcmp(exhibit->known_seal, exhibit->read_seal) != 0;
}

CelActOrder *cel_act_order_new(CelDesk *desk, const CelDeskAct *act, GPtrArray *exhibits)
{
    CelActOrder *order = g_new0(CelActOrder, 1);
    order->desk = g_object_ref(desk);
    order->act = act;
    order->exhibits = exhibits;
    order->data = json_object_new();
    order->photos = g_ptr_array_new_with_free_func(g_free);
    if (act->member != NULL)
        json_object_set_string_member(order->data, act->member, act->text);
    return order;
}

void cel_act_order_free(gpointer data)
{
    CelActOrder *order = data;
    if (order == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(order->from); i++) {
        g_free(order->from[i]);
        g_free(order->to[i]);
    }
    g_free(order->why);
    g_free(order->authority);
    g_free(order->seal_state);
    g_ptr_array_unref(order->exhibits);
    g_ptr_array_unref(order->photos);
    json_object_unref(order->data);
    cel_key_free(order->second);
    g_object_unref(order->desk);
    g_free(order);
}

/* ---- recording ---- */

static gboolean keep_photos(const CelActOrder *order, CelLab *lab, GError **error)
{
    if (order->photos->len == 0)
        return TRUE;
    JsonArray *photos = json_array_new();
    json_object_set_array_member(order->data, "photos", photos);
    const char *moment = order->act->photo != NULL ? order->act->photo : "item";
    for (guint i = 0; i < order->photos->len; i++)
        if (!cel_case_add_photo(lab, g_ptr_array_index(order->photos, i), moment, photos, NULL,
                                error))
            return FALSE;
    return TRUE;
}

static JsonObject *data_of(const CelActOrder *order, const CelActExhibit *exhibit)
{
    JsonNode *whole = json_node_init_object(json_node_alloc(), order->data);
    JsonNode *copy = json_node_copy(whole);
    JsonObject *data = json_node_dup_object(copy);
    const gboolean compares = cel_act_allows(order->act->act, "compared");
    if (compares && has_text(exhibit->read_seal) && has_text(exhibit->known_seal) &&
        (order->differs_seen || !cel_act_exhibit_differs(exhibit)))
        json_object_set_string_member(data, "compared",
                                      cel_act_exhibit_differs(exhibit) ? "differs" : "same");
    json_node_unref(whole);
    json_node_unref(copy);
    return data;
}

static gboolean record_one(const CelActOrder *order, CelLab *lab, const CelActExhibit *exhibit,
                           GError **error)
{
    const CelLabPerson second = {.key = order->second};
    const gboolean has_seal = has_text(exhibit->read_seal) || has_text(order->seal_state);
    g_autoptr(JsonObject) data = data_of(order, exhibit);
    const CelEventRequest request = {
        .act = order->act->act,
        .case_id = exhibit->case_id,
        .item_id = exhibit->item_id,
        .seal_no = exhibit->read_seal,
        .seal_state = has_seal ? order->seal_state : NULL,
        .from = {order->from[0], order->from[1], order->from[2]},
        .to = {order->to[0], order->to[1], order->to[2]},
        .why = order->why,
        .authority = order->authority,
        .data = data,
        .clock = cel_clock_system(),
    };
    return cel_lab_record(lab, &request, order->second != NULL ? &second : NULL, NULL, error);
}

gboolean cel_act_order_record(gpointer data, CelJob *job, GError **error)
{
    CelActOrder *order = data;
    CelLab *lab = cel_desk_need_lab(order->desk, error);
    const guint n = order->exhibits->len;
    if (lab == NULL)
        return FALSE;
    if (!keep_photos(order, lab, error))
        return FALSE;
    for (; order->n_recorded < n; order->n_recorded++)
        if (!cel_job_step(job, N_("Recording"), order->n_recorded, n, error) ||
            !record_one(order, lab, g_ptr_array_index(order->exhibits, order->n_recorded), error))
            return FALSE;
    return TRUE;
}
