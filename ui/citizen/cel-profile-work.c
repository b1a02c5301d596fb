/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-profile-work.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-secret.h"
#include "evidence/cel-statement.h"

#include <glib/gi18n-lib.h>

char *cel_profile_today(int years)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) then = g_date_time_add_years(now, years);
    return g_date_time_format(then, "%Y-%m-%d");
}

/* ---- reading ---- */

CelProfileReading *cel_profile_reading_new(CelDesk *desk, const char *path)
{
    CelProfileReading *reading = g_new0(CelProfileReading, 1);
    reading->desk = g_object_ref(desk);
    reading->path = g_strdup(path);
    return reading;
}

void cel_profile_reading_free(gpointer data)
{
    CelProfileReading *reading = data;
    g_object_unref(reading->desk);
    g_free(reading->path);
    g_clear_pointer(&reading->from, json_node_unref);
    g_clear_pointer(&reading->people, g_ptr_array_unref);
    g_free(reading);
}

static JsonNode *read_draft(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_STATEMENT_MAX_BYTES, error);
    return bytes != NULL ? cel_lab_profile_read_draft(bytes, error) : NULL;
}

gboolean cel_profile_reading_run(gpointer data, CelJob *job, GError **error)
{
    CelProfileReading *reading = data;
    CelLab *lab = cel_desk_need_lab(reading->desk, error);
    (void)job;
    if (lab == NULL)
        return FALSE;
    reading->from = reading->path != NULL ? read_draft(reading->path, error)
                                          : json_node_copy(cel_lab_profile(lab)->json);
    reading->people = cel_desk_people(reading->desk);
    for (guint i = reading->people->len; i > 0; i--) {
        const CelPersonCard *card = g_ptr_array_index(reading->people, i - 1);
        if (*card->person_id == '\0')
            g_ptr_array_remove_index(reading->people, i - 1);
    }
    return reading->from != NULL;
}

/* ---- signing ---- */

static void person_clear(gpointer data)
{
    g_free((char *)((CelProfilePerson *)data)->id);
}

CelProfileOrder *cel_profile_order_new(CelDesk *desk, JsonNode *from)
{
    CelProfileOrder *order = g_new0(CelProfileOrder, 1);
    order->desk = g_object_ref(desk);
    order->from = from;
    order->persons = g_array_new(FALSE, TRUE, sizeof(CelProfilePerson));
    g_array_set_clear_func(order->persons, person_clear);
    return order;
}

void cel_profile_order_free(gpointer data)
{
    CelProfileOrder *order = data;
    g_object_unref(order->desk);
    json_node_unref(order->from);
    for (gsize i = 0; i < CEL_N_PROFILE_TEXTS; i++)
        g_free(order->texts[i]);
    g_array_unref(order->persons);
    g_free(order->root_path);
    cel_secret_free(order->secret);
    cel_key_free(order->second);
    g_free(order);
}

void cel_profile_order_add(CelProfileOrder *order, const char *person_id, gboolean may)
{
    const CelProfilePerson person = {g_strdup(person_id), may};
    g_array_append_val(order->persons, person);
}

static CelProfileWords words_of(const CelProfileOrder *order, const char *today)
{
    return (CelProfileWords){
        .name_zh = order->texts[CEL_PROFILE_NAME_ZH],
        .name_en = order->texts[CEL_PROFILE_NAME_EN],
        .address_zh = order->texts[CEL_PROFILE_ADDRESS_ZH],
        .address_en = order->texts[CEL_PROFILE_ADDRESS_EN],
        .phone = order->texts[CEL_PROFILE_PHONE],
        .registration_no = order->texts[CEL_PROFILE_REGISTRATION],
        .issued = today,
        .until = order->texts[CEL_PROFILE_UNTIL],
        .persons = &g_array_index(order->persons, CelProfilePerson, 0),
        .n_persons = order->persons->len,
    };
}

GPtrArray *cel_profile_order_faults(const CelProfileOrder *order)
{
    g_autofree char *today = cel_profile_today(0);
    const CelProfileWords words = words_of(order, today);
    return cel_lab_profile_faults(order->from, &words);
}

static GBytes *draft_of(const CelProfileOrder *order, GError **error)
{
    g_autofree char *today = cel_profile_today(0);
    const CelProfileWords words = words_of(order, today);
    return cel_lab_profile_draft(order->from, &words, error);
}

/* The root is opened for this one signature. */
gboolean cel_profile_order_run(gpointer data, CelJob *job, GError **error)
{
    CelProfileOrder *order = data;
    CelLab *lab = cel_desk_need_lab(order->desk, error);
    CelLedgerPlace place;
    (void)job;
    g_autoptr(GBytes) draft = lab != NULL ? draft_of(order, error) : NULL;
    g_autoptr(CelKey) root =
        draft != NULL ? cel_key_load(order->root_path, order->secret, error) : NULL;
    const CelLabPerson second = {.key = order->second};
    const CelProfileSigning signing = {draft, root, &second, cel_clock_system()};
    return root != NULL && cel_lab_sign_profile(lab, &signing, &place, error);
}
