/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-event.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "config.h"
#include "evidence/cel-event-rules.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char GENESIS[] = "celadon-ledger";

CelDigestPair cel_event_genesis(const char *ledger_id)
{
    g_autofree char *text = g_strconcat(GENESIS, ledger_id, NULL);
    return cel_digest_pair(text, strlen(text));
}

/* ---- writing ---- */

/* Leaves the member out when there is nothing to state. */
static void put_text(JsonObject *object, const char *name, const char *text)
{
    if (text != NULL && *text != '\0')
        json_object_set_string_member(object, name, text);
}

static void put_digests(JsonObject *object, const char *name, const CelDigestPair *pair)
{
    if (pair == NULL)
        return;
    JsonObject *digests = json_object_new();
    json_object_set_string_member(digests, "sha256", pair->sha256);
    json_object_set_string_member(digests, "sm3", pair->sm3);
    json_object_set_object_member(object, name, digests);
}

/* Takes @part; an empty one is left out. */
static void put_part(JsonObject *object, const char *name, JsonObject *part)
{
    if (json_object_get_size(part) > 0)
        json_object_set_object_member(object, name, part);
    else
        json_object_unref(part);
}

static void put_place(JsonObject *event, const CelEventPlace *place)
{
    json_object_set_int_member(event, "v", CEL_EVENT_VERSION);
    json_object_set_string_member(event, "kind", "event");
    json_object_set_string_member(event, "ledger", place->ledger_id);
    json_object_set_int_member(event, "seq", (gint64)place->seq);
    put_digests(event, "prev", &place->previous);
}

static void put_party(JsonObject *event, const char *name, const CelParty *party)
{
    JsonObject *part = json_object_new();
    put_text(part, "dept", party->department);
    put_text(part, "person", party->person);
    put_text(part, "id", party->id);
    put_part(event, name, part);
}

static void put_matter(JsonObject *event, const CelEventRequest *r)
{
    put_text(event, "act", cel_act_def(r->act)->id);
    put_text(event, "case", r->case_id);
    put_text(event, "item", r->item_id);
    put_text(event, "sample", r->sample_id);
    put_text(event, "fid", r->fid);
    put_digests(event, "file", r->file);
    put_digests(event, "manifest", r->manifest);
    JsonObject *seal = json_object_new();
    put_text(seal, "no", r->seal_no);
    put_text(seal, "state", r->seal_state);
    put_text(seal, "photo", r->seal_photo_sha256);
    put_part(event, "seal", seal);
    put_party(event, "from", &r->from);
    put_party(event, "to", &r->to);
    put_text(event, "why", r->why);
    put_text(event, "authority", r->authority);
    if (r->refers > 0)
        json_object_set_int_member(event, "refers", (gint64)r->refers);
    if (r->data != NULL)
        json_object_set_object_member(event, "data", json_object_ref(r->data));
    else
        json_object_set_object_member(event, "data", json_object_new());
}

/* What the lab certified goes before what is said now. */
static const char *person_id(const CelKey *key, const char *said)
{
    const char *certified = cel_key_person_id(key);
    if (certified != NULL)
        return certified;
    return said != NULL ? said : cel_key_person(key);
}

static gboolean put_person(JsonObject *event, const char *name, CelKey *key, const char *id,
                           GError **error)
{
    static const char *const names[CEL_N_SIGNERS] = {"cert_sm2", "cert_ed25519"};
    JsonObject *person = json_object_new();
    json_object_set_object_member(event, name, person);
    put_text(person, "id", person_id(key, id));
    put_text(person, "name", cel_key_person(key));
    put_text(person, "role", cel_role_id(cel_key_role(key)));
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (!cel_key_holds(key, s))
            continue;
        g_autoptr(GBytes) der = cel_key_certificate(key, s, error);
        if (der == NULL)
            return FALSE;
        gsize n = 0;
        const void *bytes = g_bytes_get_data(der, &n);
        const CelDigestPair pair = cel_digest_pair(bytes, n);
        put_digests(person, names[s], &pair);
    }
    return TRUE;
}

static void put_time(JsonObject *event, const CelEventRequest *r, gint64 previous_wall_us)
{
    const gint64 now_us = cel_clock_wall_us(r->clock);
    g_autofree char *wall = cel_clock_iso8601(now_us);
    g_autofree char *zone = cel_clock_zone(r->clock);
    g_autofree char *boot = cel_clock_boot_id(r->clock);
    const char *usual = r->clock.fixed_wall_us != 0 ? "fixed" : "system clock, not checked";
    put_text(event, "t_wall", wall);
    json_object_set_int_member(event, "t_wall_us", now_us);
    put_text(event, "t_zone", zone);
    json_object_set_int_member(event, "t_mono_us", cel_clock_mono_us(r->clock));
    put_text(event, "t_src", r->time_source != NULL ? r->time_source : usual);
    put_text(event, "boot_id", boot);
    if (now_us < previous_wall_us) {
        put_text(event, "clock", "behind");
        json_object_set_int_member(event, "clock_behind_us", previous_wall_us - now_us);
    }
}

static void put_software(JsonObject *event)
{
    JsonObject *software = json_object_new();
    put_text(software, "program", "celadon");
    put_text(software, "version", CEL_VERSION);
    json_object_set_object_member(event, "sw", software);
    put_text(event, "distid", CEL_SM2_DEFAULT_ID);
}

static gboolean same_person(const CelEventSigners *signers)
{
    if (signers->operator_key == signers->second_key)
        return TRUE;
    if (g_str_equal(person_id(signers->operator_key, signers->operator_id),
                    person_id(signers->second_key, signers->second_id)))
        return TRUE;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) one = cel_key_certificate(signers->operator_key, s, NULL);
        g_autoptr(GBytes) other = cel_key_certificate(signers->second_key, s, NULL);
        if (one != NULL && other != NULL && g_bytes_equal(one, other))
            return TRUE;
    }
    return FALSE;
}

static gboolean check_signers(CelAct act, const CelEventSigners *signers, JsonObject *event,
                              GError **error)
{
    const gboolean second = signers->second_key != NULL;
    if (!second && cel_event_needs_second(act, event)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("\"%s\" needs a second person's key over the same record; nothing was "
                      "recorded"),
                    _(cel_act_def(act)->title_en));
        return FALSE;
    }
    if (second && same_person(signers)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                            _("The second person must be another one than the first; nothing was "
                              "recorded"));
        return FALSE;
    }
    return TRUE;
}

static GBytes *to_bytes(JsonObject *event, GError **error)
{
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_set_object(node, event);
    char *text = cel_canon_write(node, error);
    if (text == NULL)
        return NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
    if (g_bytes_get_size(bytes) <= CEL_EVENT_MAX_BYTES)
        return g_steal_pointer(&bytes);
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("The event is longer than %d bytes; nothing was recorded"), CEL_EVENT_MAX_BYTES);
    return NULL;
}

GBytes *cel_event_write(const CelEventRequest *request, const CelEventPlace *place,
                        const CelEventSigners *signers, GError **error)
{
    g_return_val_if_fail((guint)request->act < CEL_N_ACTS, NULL);
    g_return_val_if_fail(signers->operator_key != NULL, NULL);
    g_autoptr(JsonObject) event = json_object_new();
    put_place(event, place);
    put_matter(event, request);
    put_time(event, request, place->previous_wall_us);
    put_software(event);
    if (!check_signers(request->act, signers, event, error) ||
        !put_person(event, "op", signers->operator_key, signers->operator_id, error) ||
        (signers->second_key != NULL &&
         !put_person(event, "second", signers->second_key, signers->second_id, error)) ||
        !cel_event_check(event, CEL_ERROR_USAGE, error))
        return NULL;
    return to_bytes(event, error);
}

/* ---- reading ---- */

JsonNode *cel_event_read(GBytes *record, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(record, &n);
    if (n > CEL_EVENT_MAX_BYTES) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The event is longer than %d bytes"),
                    CEL_EVENT_MAX_BYTES);
        return NULL;
    }
    g_autoptr(JsonNode) node = cel_canon_read(text, n, error);
    if (node == NULL)
        return NULL;
    if (!JSON_NODE_HOLDS_OBJECT(node)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT, _("The event is no JSON object"));
        return NULL;
    }
    return cel_event_check(json_node_get_object(node), CEL_ERROR_INPUT, error)
               ? g_steal_pointer(&node)
               : NULL;
}
