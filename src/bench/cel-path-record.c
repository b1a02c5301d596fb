/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include "base/cel-error.h"
#include "base/cel-text.h"
#include "formats/cel-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Before an event goes into the ledger the journal says that it will, and after it that it did. A
 * program that ended in between finds the event by the sample's id, which stands in it as
 * "session", or finds that there is none. */

/** Intent: one row: the act by which its event is known again. */
typedef struct {
    const char *what;
    CelAct act;
} Intent;

static const Intent intents[] = {
    {"collect", CEL_ACT_COLLECT},   {"receive", CEL_ACT_RECEIVE},
    {"refuse", CEL_ACT_REFUSE},     {"open", CEL_ACT_OPEN_SEAL},
    {"part", CEL_ACT_SPLIT},        {"shot", CEL_ACT_ACQUIRE},
    {"check", CEL_ACT_CHECK},       {"aside", CEL_ACT_DISCARD_ACQUISITION},
    {"file", CEL_ACT_VERIFY}, /* its seal is done once it was read back */
    {"bag", CEL_ACT_SEAL},          {"part-bag", CEL_ACT_SEAL},
    {"transfer", CEL_ACT_TRANSFER}, {"abandon", CEL_ACT_NONCONFORM},
};

static const Intent *intent_of(const char *what)
{
    for (gsize i = 0; i < G_N_ELEMENTS(intents); i++)
        if (strcmp(intents[i].what, what) == 0)
            return &intents[i];
    return NULL;
}

gboolean cel_path_refuse(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY, why);
    return FALSE;
}

/* ---- data of events ---- */

JsonArray *cel_path_pictures(const CelPath *path)
{
    JsonArray *photos = json_array_new();
    for (guint i = 0; i < path->pictures->len; i++) {
        const CelPathPicture *picture = g_ptr_array_index(path->pictures, i);
        if (picture->on_record)
            continue;
        JsonObject *photo = json_object_new();
        json_object_set_string_member(photo, "moment", picture->moment);
        json_object_set_string_member(photo, "sha256", picture->digests.sha256);
        json_object_set_string_member(photo, "sm3", picture->digests.sm3);
        json_object_set_int_member(photo, "bytes", picture->bytes);
        json_array_add_object_element(photos, photo);
    }
    return photos;
}

JsonObject *cel_path_data(const CelPath *path)
{
    JsonObject *data = json_object_new();
    JsonArray *photos = cel_path_pictures(path);
    json_object_set_string_member(data, "session", path->id);
    if (json_array_get_length(photos) > 0)
        json_object_set_array_member(data, "photos", photos);
    else
        json_array_unref(photos);
    return data;
}

/* ---- the bracket ---- */

static gboolean add_recorded(CelPath *path, const char *what, JsonObject *event, guint64 seq,
                             GError **error)
{
    JsonObject *act = cel_path_act(path, "recorded");
    json_object_set_string_member(act, "what", what);
    json_object_set_int_member(act, "seq", (gint64)seq);
    JsonNode *data = json_object_get_member(event, "data");
    JsonObject *facts =
        data != NULL && JSON_NODE_HOLDS_OBJECT(data) ? json_node_get_object(data) : NULL;
    cel_path_text(act, "fid", cel_row_text(event, "fid"));
    cel_path_text(act, "verdict", cel_row_text(facts, "verdict"));
    return cel_path_add(path, act, error);
}

static JsonObject *event_at(CelPath *path, guint64 seq, GError **error)
{
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(cel_lab_ledger(path->lab), seq, error);
    g_autoptr(JsonNode) node = entry != NULL ? cel_event_read(entry->record, error) : NULL;
    return node != NULL ? json_object_ref(json_node_get_object(node)) : NULL;
}

static gboolean add_intent(CelPath *path, const char *what, JsonObject *facts, GError **error)
{
    guint64 size = 0;
    if (!cel_ledger_size(cel_lab_ledger(path->lab), &size, error))
        return FALSE;
    JsonObject *act = cel_path_act(path, "intent");
    json_object_set_string_member(act, "what", what);
    json_object_set_int_member(act, "after", (gint64)size);
    if (facts != NULL)
        json_object_set_object_member(act, "facts", json_object_ref(facts));
    return cel_path_add(path, act, error);
}

gboolean cel_path_record(CelPath *path, const char *what, JsonObject *facts,
                         CelPathRecorder recorder, gpointer data, GError **error)
{
    CelLedgerPlace place = {0};
    if (!add_intent(path, what, facts, error))
        return FALSE;
    if (!recorder(path, facts, data, &place, error)) {
        cel_path_add(path, cel_path_act(path, "drop"), NULL); /* else cel_path_settle() finds out */
        return FALSE;
    }
    g_autoptr(JsonObject) event = event_at(path, place.seq, error);
    return event != NULL && add_recorded(path, what, event, place.seq, error);
}

/* ---- after a crash, or a disk that was full between the two ---- */

static gboolean is_ours(CelPath *path, JsonObject *event, const Intent *intent, const char *fid)
{
    JsonNode *node = json_object_get_member(event, "data");
    JsonObject *data =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    if (strcmp(cel_row_text(event, "act"), cel_act_def(intent->act)->id) != 0)
        return FALSE;
    return intent->act == CEL_ACT_VERIFY
               ? *fid != '\0' && strcmp(cel_row_text(event, "fid"), fid) == 0
               : strcmp(cel_row_text(data, "session"), path->id) == 0;
}

/* A seal of ours says which file it is; its verification is what counts. */
static void note_seal(CelPath *path, JsonObject *event, char *fid, gsize size)
{
    const Intent seal = {"", CEL_ACT_SEAL};
    if (is_ours(path, event, &seal, "") && *cel_row_text(event, "fid") != '\0')
        g_strlcpy(fid, cel_row_text(event, "fid"), size);
}

static gboolean find_event(CelPath *path, const Intent *intent, guint64 after, JsonObject **out,
                           GError **error)
{
    guint64 size = 0;
    char fid[CEL_EVENT_MAX_ID * 4] = "";
    if (!cel_ledger_size(cel_lab_ledger(path->lab), &size, error))
        return FALSE;
    for (guint64 seq = after + 1; *out == NULL && seq <= size; seq++) {
        g_autoptr(JsonObject) event = event_at(path, seq, error);
        if (event == NULL)
            return FALSE;
        if (intent->act == CEL_ACT_VERIFY)
            note_seal(path, event, fid, sizeof fid);
        if (is_ours(path, event, intent, fid))
            *out = g_steal_pointer(&event);
    }
    return TRUE;
}

/* A shot that was kept is not made twice: the sample had its light. */
static gboolean finish_shot(CelPath *path, JsonObject *facts, GError **error)
{
    g_autoptr(JsonObject) held = json_object_ref(facts);
    CelLedgerPlace place = {0};
    if (!cel_path_record_shot(path, held, NULL, &place, error))
        return FALSE;
    g_autoptr(JsonObject) event = event_at(path, place.seq, error);
    return event != NULL && add_recorded(path, "shot", event, place.seq, error);
}

static gboolean recover_seals(CelPath *path, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) notes = NULL;
    return cel_lab_recover(path->lab, &notes, job, error);
}

gboolean cel_path_settle(CelPath *path, CelJob *job, GError **error)
{
    if (path->pending == NULL)
        return TRUE;
    g_autoptr(JsonObject) pending = json_object_ref(path->pending);
    const char *what = cel_row_text(pending, "what");
    const Intent *intent = intent_of(what);
    if (intent == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("the journal speaks of \"%s\", which this version does not know; open it "
                      "with the version that wrote it"),
                    what);
        return FALSE;
    }
    g_autoptr(JsonObject) event = NULL;
    if (strcmp(what, "file") == 0 && !recover_seals(path, job, error))
        return FALSE;
    if (!find_event(path, intent, (guint64)cel_row_number(pending, "after"), &event, error))
        return FALSE;
    if (event != NULL)
        return add_recorded(path, what, event, (guint64)cel_row_number(event, "seq"), error);
    JsonNode *facts = json_object_get_member(pending, "facts");
    if (strcmp(what, "shot") == 0 && facts != NULL && JSON_NODE_HOLDS_OBJECT(facts))
        return finish_shot(path, json_node_get_object(facts), error);
    return cel_path_add(path, cel_path_act(path, "drop"), error);
}

gboolean cel_path_ready(CelPath *path, GError **error)
{
    if (path->over)
        return cel_path_refuse(error, _("The work on this exhibit is over; begin with the next"));
    if (!cel_path_settle(path, NULL, error))
        return FALSE;
    return path->holding == CEL_PATH_SHOT_DUE ||
           cel_path_refuse(error, _("A measurement is under way; wait for it, or stop it"));
}

gboolean cel_path_at_step(const CelPath *path, CelPathStep step, GError **error)
{
    if (cel_path_step(path) == step)
        return TRUE;
    return cel_path_refuse(error, _("This belongs to the step \"%s\"; the work stands at \"%s\""),
                           _(cel_path_step_def(step)->title),
                           _(cel_path_step_def(cel_path_step(path))->title));
}

/* ---- shots ---- */

static CelMeasurement *read_back(CelPath *path, const char *sha256, CelReadOut *out, CelJob *job,
                                 GError **error)
{
    g_autofree char *file = cel_lab_path(path->lab, CEL_LAB_RAW, sha256);
    const CelReadOptions options = {0};
    if (!cel_reader_load_only(file, &options, job, out, error))
        return NULL;
    gsize size = 0;
    const void *data = g_bytes_get_data(out->source, &size);
    g_autofree char *found = cel_digest_hex("sha256", data, size);
    if (g_strcmp0(found, sha256) == 0)
        return out->measurement;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The measurement %.12s in the lab's folder was changed; set the spot aside and "
                  "measure again"),
                sha256);
    return NULL;
}

CelMeasurement *cel_path_measurement(CelPath *path, guint64 seq, CelJob *job, GError **error)
{
    g_auto(CelReadOut) out = {0};
    const CelPathShot *shot = cel_path_shot_at(path, seq);
    if (shot == NULL || *shot->sha256 == '\0') {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("There is no such measurement of this exhibit"));
        return NULL;
    }
    return read_back(path, shot->sha256, &out, job, error) != NULL
               ? g_steal_pointer(&out.measurement)
               : NULL;
}

static char *remarks_of(const CelPath *path)
{
    static const char *const members[] = {"condition", "colour", "amount"};
    g_autoptr(GString) out = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const char *said = cel_path_reply(path, members[i]);
        if (said != NULL && *said != '\0')
            g_string_append_printf(out, "%s%s: %s", out->len > 0 ? "; " : "", members[i], said);
    }
    return out->len > 0 ? g_strdup(out->str) : NULL;
}

gboolean cel_path_record_shot(CelPath *path, JsonObject *facts, gpointer data,
                              CelLedgerPlace *out_place, GError **error)
{
    g_auto(CelReadOut) out = {0};
    CelPathShotKind kind = CEL_PATH_SHOT_CLEANING;
    const char *sha256 = cel_row_text(facts, "sha256"), *problem = cel_row_text(facts, "problem");
    const CelMeasurement *measurement = data;
    cel_path_shot_from_id(cel_row_text(facts, "kind"), &kind);
    if (*sha256 != '\0') {
        CelMeasurement *kept = read_back(path, sha256, &out, NULL, error);
        if (kept == NULL)
            return FALSE;
        measurement = measurement != NULL ? measurement : kept;
    }
    const gboolean of_exhibit = kind == CEL_PATH_SHOT_SPOT;
    g_autoptr(JsonArray) photos = of_exhibit ? cel_path_pictures(path) : NULL;
    g_autofree char *note = of_exhibit ? remarks_of(path) : NULL;
    const CelLabShot shot = {.case_id = of_exhibit ? path->case_id : NULL,
                             .item_id = of_exhibit ? cel_path_measured(path) : NULL,
                             .kind = cel_path_shot_def(kind)->kind,
                             .measurement = *sha256 != '\0' ? measurement : NULL,
                             .problem = *problem != '\0' ? problem : NULL,
                             .file = out.source,
                             .spot = cel_row_text(facts, "where"),
                             .place = path->place,
                             .environment = path->environment,
                             .photos = photos,
                             .serial = path->serial,
                             .simulated = path->simulated,
                             .session = path->id,
                             .note = note,
                             .clock = path->clock};
    return cel_lab_record_shot(path->lab, &shot, out_place, error);
}

gboolean cel_path_interrupted(CelPath *path, GError **error)
{
    if (path->holding == CEL_PATH_SHOT_DUE)
        return TRUE;
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_string_member(facts, "kind", cel_path_shot_def(path->holding)->id);
    json_object_set_string_member(facts, "state", "failed");
    json_object_set_string_member(facts, "problem",
                                  _("The program ended before this measurement was written. What "
                                    "was measured then is not kept and does not count. Measure "
                                    "this again."));
    json_object_set_int_member(facts, "wall_us", cel_clock_wall_us(path->clock));
    path->interrupted = cel_path_record(path, "shot", facts, cel_path_record_shot, NULL, error);
    return path->interrupted;
}

gboolean cel_path_end(CelPath *path, const char *what, GError **error)
{
    JsonObject *act = cel_path_act(path, "end");
    json_object_set_string_member(act, "what", what);
    if (!cel_path_add(path, act, error))
        return FALSE;
    /* What is over is cleared away by whoever lists next, should this fail. */
    cel_journal_remove(g_steal_pointer(&path->journal), NULL);
    return TRUE;
}
