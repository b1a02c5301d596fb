/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include "base/cel-error.h"
#include "base/cel-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The bag in the laboratory: taken in or refused, opened by two, a part taken. */

static gboolean needs_text(const char *text, const char *why, GError **error)
{
    if (cel_text_is_plain(text, CEL_EVENT_MAX_TEXT))
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE, why);
    return FALSE;
}

/** Bag: a receipt or an opening, and who agrees. */
typedef struct {
    const CelPathReceipt *receipt;
    const CelLabPerson *second;
    const char *seal_no, *why;
    const char *item, *description;
} Bag;

static JsonObject *receipt_data(const CelPath *path, const CelPathReceipt *receipt)
{
    JsonObject *data = cel_path_data(path);
    cel_path_text(data, "condition", receipt->condition);
    if (path->is_new)
        cel_path_text(data, "description", path->description);
    cel_path_text(data, "amount", cel_path_reply(path, "amount"));
    cel_path_text(data, "environment", path->environment);
    cel_path_text(data, "place", path->place);
    if (!receipt->accepted)
        return data;
    cel_path_text(data, "colour", cel_path_reply(path, "colour"));
    json_object_set_string_member(data, "compared", receipt->differs ? "differs" : "agrees");
    cel_path_text(data, "request", receipt->submission.request);
    cel_path_text(data, "contact", receipt->submission.contact);
    cel_path_text(data, "population", receipt->submission.population);
    cel_path_text(data, "sampling", receipt->submission.sampling);
    cel_path_text(data, "units_tested", receipt->submission.units_tested);
    return data;
}

static gboolean record_receipt(CelPath *path, JsonObject *facts, gpointer data,
                               CelLedgerPlace *out_place, GError **error)
{
    const CelPathReceipt *receipt = ((const Bag *)data)->receipt;
    (void)facts;
    g_autoptr(JsonObject) event = receipt_data(path, receipt);
    const gboolean sealed = receipt->seal_no != NULL && *receipt->seal_no != '\0';
    const CelEventRequest request = {.act = receipt->accepted ? CEL_ACT_RECEIVE : CEL_ACT_REFUSE,
                                     .case_id = path->case_id,
                                     .item_id = path->item_id,
                                     .seal_no = sealed ? receipt->seal_no : NULL,
                                     .seal_state = sealed ? "intact" : "none",
                                     .from = receipt->from,
                                     .to = receipt->to,
                                     .why = receipt->why,
                                     .data = event,
                                     .clock = path->clock};
    return cel_lab_record(path->lab, &request, NULL, out_place, error);
}

static gboolean check_receipt(CelPath *path, const CelPathReceipt *receipt, GError **error)
{
    guint bits = 0;
    if (!cel_path_missing_bits(path, CEL_PATH_STEP_RECEIVE, &bits, error))
        return FALSE;
    if ((bits & (1U << CEL_PATH_NEED_ITEM)) != 0)
        return cel_path_refuse(error, _("Scan the bag first"));
    if ((bits & (1U << CEL_PATH_NEED_RECEIPT)) == 0)
        return cel_path_refuse(error, _("The laboratory took this exhibit in before"));
    if ((bits & (1U << CEL_PATH_NEED_PACKAGE_PHOTO)) != 0)
        return cel_path_refuse(error, _("Photograph the bag first, as it came"));
    if (receipt->accepted &&
        !needs_text(receipt->condition, _("Say in which condition the bag came"), error))
        return FALSE;
    return (receipt->accepted && !receipt->differs) ||
           needs_text(receipt->why, _("Say why, so that everybody can see it later"), error);
}

gboolean cel_path_receive(CelPath *path, const CelPathReceipt *receipt, GError **error)
{
    Bag bag = {.receipt = receipt};
    if (!cel_path_ready(path, error) || !cel_path_at_step(path, CEL_PATH_STEP_RECEIVE, error) ||
        !check_receipt(path, receipt, error))
        return FALSE;
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_boolean_member(facts, "photos", TRUE);
    cel_path_touch(path, CEL_PATH_TOUCH_NAVIGATION);
    if (!cel_path_record(path, receipt->accepted ? "receive" : "refuse", facts, record_receipt,
                         &bag, error))
        return FALSE;
    return receipt->accepted || cel_path_end(path, "refused", error);
}

/* ---- opening ---- */

static gboolean record_opening(CelPath *path, JsonObject *facts, gpointer data,
                               CelLedgerPlace *out_place, GError **error)
{
    const Bag *bag = data;
    (void)facts;
    g_autoptr(JsonObject) event = cel_path_data(path);
    if (bag->why != NULL && *bag->why != '\0')
        json_object_set_string_member(event, "compared", "differs");
    const CelEventRequest request = {.act = CEL_ACT_OPEN_SEAL,
                                     .case_id = path->case_id,
                                     .item_id = path->item_id,
                                     .seal_no = bag->seal_no,
                                     .seal_state = "broken",
                                     .why = bag->why,
                                     .data = event,
                                     .clock = path->clock};
    return cel_lab_record(path->lab, &request, bag->second, out_place, error);
}

gboolean cel_path_open_bag(CelPath *path, const CelLabPerson *second, const char *seal_no,
                           const char *why, GError **error)
{
    Bag bag = {.second = second, .seal_no = seal_no, .why = why};
    if (!cel_path_ready(path, error) || !cel_path_at_step(path, CEL_PATH_STEP_OPEN, error))
        return FALSE;
    if (second == NULL)
        return cel_path_refuse(error,
                               _("A bag is opened by two persons; the second one signs too"));
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_boolean_member(facts, "photos", TRUE);
    return cel_path_record(path, "open", facts, record_opening, &bag, error);
}

/* ---- parts ---- */

static gboolean record_part(CelPath *path, JsonObject *facts, gpointer data,
                            CelLedgerPlace *out_place, GError **error)
{
    const Bag *bag = data;
    (void)facts;
    g_autoptr(JsonObject) event = cel_path_data(path);
    JsonArray *parts = json_array_new();
    JsonObject *part = json_object_new();
    json_object_set_string_member(part, "item", bag->item);
    json_object_set_string_member(part, "description", bag->description);
    json_array_add_object_element(parts, part);
    json_object_set_array_member(event, "parts", parts);
    const CelEventRequest request = {.act = CEL_ACT_SPLIT,
                                     .case_id = path->case_id,
                                     .item_id = path->item_id,
                                     .data = event,
                                     .clock = path->clock};
    return cel_lab_record(path->lab, &request, NULL, out_place, error);
}

gboolean cel_path_take_part(CelPath *path, const char *item, const char *description,
                            GError **error)
{
    Bag bag = {.item = item, .description = description};
    if (!cel_path_ready(path, error) || !cel_path_at_step(path, CEL_PATH_STEP_EXAMINE, error) ||
        !needs_text(item, _("A part has a number, such as 1-1"), error) ||
        !needs_text(description, _("Say what the part is"), error))
        return FALSE;
    if (*path->part != '\0')
        return cel_path_refuse(
            error, _("Part %s is measured here; another part is work of its own"), path->part);
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_boolean_member(facts, "photos", TRUE);
    json_object_set_string_member(facts, "item", item);
    return cel_path_record(path, "part", facts, record_part, &bag, error);
}
