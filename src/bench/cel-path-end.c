/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include "base/cel-error.h"
#include "base/cel-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How it ends: packed and signed by two, or given up. */

/* ---- the new seal ---- */

/* No two bags of a lab bear one number: a slip of the scanner, or the old seal read again. */
static gboolean check_free(CelPath *path, const char *seal_no, GError **error)
{
    const CelRowQuery query = {.match = {{"seal_no", seal_no, 0}}};
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(path->lab), CEL_ROW_EXHIBIT, &query, error);
    if (rows == NULL)
        return FALSE;
    if (rows->len == 0)
        return TRUE;
    JsonObject *row = g_ptr_array_index(rows, 0);
    return cel_path_refuse(error,
                           _("Seal %s is on record for exhibit %s of case %s already; a new seal "
                             "has a new number"),
                           seal_no, cel_row_text(row, "item_id"), cel_row_text(row, "case_id"));
}

gboolean cel_path_pack(CelPath *path, const char *seal_no, GError **error)
{
    if (!cel_path_ready(path, error))
        return FALSE;
    if ((cel_path_step_def(cel_path_step(path))->needs & (1U << CEL_PATH_NEED_SEAL_NUMBER)) == 0)
        return cel_path_at_step(
            path, path->way == CEL_PATH_FIELD ? CEL_PATH_STEP_PACK : CEL_PATH_STEP_RESEAL, error);
    g_autofree char *no = g_strstrip(g_strdup(seal_no != NULL ? seal_no : ""));
    if (!cel_text_is_plain(no, CEL_EVENT_MAX_ID)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("The number of the seal is empty, too long or not readable; scan "
                              "it again"));
        return FALSE;
    }
    if (path->bag_sealed)
        return cel_path_refuse(error, _("The bag is on record as sealed already"));
    if (!check_free(path, no, error))
        return FALSE;
    JsonObject *act = cel_path_act(path, "seal-number");
    json_object_set_string_member(act, "no", no);
    return cel_path_add(path, act, error);
}

/* ---- the events of the end ---- */

static void add_digests(const CelPath *path, gboolean blanks, GPtrArray *out)
{
    for (guint i = 0; i < path->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(path->shots, i);
        const gboolean spot = shot->kind == CEL_PATH_SHOT_SPOT;
        const gboolean blank = shot->kind == CEL_PATH_SHOT_BLANK ||
                               shot->kind == CEL_PATH_SHOT_PACKAGING ||
                               shot->kind == CEL_PATH_SHOT_CLEANING;
        const gboolean used =
            strcmp(shot->state, "valid") == 0 || strcmp(shot->state, "saturated") == 0;
        if (*shot->sha256 != '\0' && shot->set_aside == NULL && used && (blanks ? blank : spot))
            g_ptr_array_add(out, (gpointer)shot->sha256);
    }
}

static gboolean event_of_seal(CelPath *path, const char *fid, CelLedgerPlace *out_place,
                              GError **error)
{
    g_autoptr(JsonObject) file = cel_case_file(path->lab, fid, error);
    out_place->seq = (guint64)cel_row_number(file, "verify_seq");
    return file != NULL;
}

/** Ending: what cel_path_finish() was given. */
typedef struct {
    const CelPathFinish *finish;
    CelJob *job;
    const char *item, *why;
} Ending;

static gboolean record_file(CelPath *path, JsonObject *facts, gpointer data,
                            CelLedgerPlace *out_place, GError **error)
{
    const Ending *ending = data;
    (void)facts;
    g_autofree char *fid = NULL;
    g_autoptr(GPtrArray) inputs = g_ptr_array_new();
    g_autoptr(GPtrArray) blanks = g_ptr_array_new();
    add_digests(path, FALSE, inputs);
    add_digests(path, TRUE, blanks);
    const CelLabSeal seal = {.work = path->work,
                             .case_id = path->case_id,
                             .item_id = cel_path_measured(path),
                             .inputs = inputs,
                             .blanks = blanks,
                             .exploratory = path->exploratory,
                             .session = path->id,
                             .clock = path->clock};
    return cel_lab_seal(path->lab, &seal, &fid, ending->job, error) &&
           event_of_seal(path, fid, out_place, error);
}

static gboolean record_bag(CelPath *path, JsonObject *facts, gpointer data,
                           CelLedgerPlace *out_place, GError **error)
{
    const Ending *ending = data;
    (void)facts;
    g_autoptr(JsonObject) event = cel_path_data(path);
    json_object_set_string_member(event, "what", "bag");
    cel_path_text(event, "amount", cel_path_reply(path, "amount"));
    cel_path_text(event, "condition", cel_path_reply(path, "condition"));
    const CelEventRequest request = {.act = CEL_ACT_SEAL,
                                     .case_id = path->case_id,
                                     .item_id = ending->item,
                                     .seal_no = path->seal_no,
                                     .seal_state = "intact",
                                     .data = event,
                                     .clock = path->clock};
    return cel_lab_record(path->lab, &request, ending->finish->second, out_place, error);
}

static gboolean record_transfer(CelPath *path, JsonObject *facts, gpointer data,
                                CelLedgerPlace *out_place, GError **error)
{
    const Ending *ending = data;
    const CelLabPerson *person = cel_lab_person(path->lab);
    (void)facts;
    g_autoptr(JsonObject) event = json_object_new();
    json_object_set_string_member(event, "session", path->id);
    cel_path_text(event, "storage", ending->finish->storage);
    const CelEventRequest request = {
        .act = CEL_ACT_TRANSFER,
        .case_id = path->case_id,
        .item_id = path->item_id,
        .seal_no = path->seal_no,
        .seal_state = "intact",
        .from = {.person = cel_key_person(person->key), .id = cel_key_person_id(person->key)},
        .to = *ending->finish->to,
        .data = event,
        .clock = path->clock};
    return cel_lab_record(path->lab, &request, ending->finish->second, out_place, error);
}

/* ---- finishing ---- */

static gboolean check_last(CelPath *path, const CelPathFinish *finish, GError **error)
{
    guint bits = 0;
    const CelPathWayDef *way = cel_path_way_def(path->way);
    if (path->at + 1 != way->n_steps)
        return cel_path_at_step(path, way->steps[way->n_steps - 1], error);
    if (!cel_path_missing_bits(path, cel_path_step(path), &bits, error))
        return FALSE;
    if ((bits & ~(1U << CEL_PATH_NEED_SECOND)) != 0)
        return cel_path_refuse(error, _("Not yet: %s"),
                               _(cel_path_need_def(CEL_PATH_NEED_ANSWER)->en));
    return finish->second != NULL ||
           cel_path_refuse(error, _("Two persons sign; the second key is missing"));
}

/* A colleague whose key cannot sign here is told so before anything is sealed. */
static gboolean check_second(CelPath *path, const CelPathFinish *finish, GError **error)
{
    CelEventSigners signers;
    const CelLabPerson *first = cel_lab_person(path->lab);
    if (!cel_lab_signers(path->lab, CEL_ACT_SEAL, finish->second, &signers, error))
        return FALSE;
    const char *one = cel_key_person_id(first->key),
               *other = cel_key_person_id(finish->second->key);
    const gboolean same =
        one != NULL && other != NULL
            ? strcmp(one, other) == 0
            : strcmp(cel_key_person(first->key), cel_key_person(finish->second->key)) == 0;
    return !same || cel_path_refuse(error, _("The second signature is another person's"));
}

/* A part goes back into the bag that it came from. */
static gboolean seal_bags(CelPath *path, Ending *ending, GError **error)
{
    g_autoptr(JsonObject) facts = json_object_new();
    ending->item = path->part;
    if (*path->part != '\0' && !path->part_sealed &&
        !cel_path_record(path, "part-bag", NULL, record_bag, ending, error))
        return FALSE;
    json_object_set_boolean_member(facts, "photos", TRUE);
    ending->item = path->item_id;
    return path->bag_sealed || cel_path_record(path, "bag", facts, record_bag, ending, error);
}

gboolean cel_path_finish(CelPath *path, const CelPathFinish *finish, char **out_fid, CelJob *job,
                         GError **error)
{
    Ending ending = {.finish = finish, .job = job};
    if (!cel_path_ready(path, error) || !check_last(path, finish, error) ||
        !check_second(path, finish, error))
        return FALSE;
    if (*path->fid == '\0' && !cel_path_record(path, "file", NULL, record_file, &ending, error))
        return FALSE;
    if (!seal_bags(path, &ending, error))
        return FALSE;
    if (finish->to != NULL && !path->handed_over &&
        !cel_path_record(path, "transfer", NULL, record_transfer, &ending, error))
        return FALSE;
    if (!cel_path_end(path, "finished", error))
        return FALSE;
    if (out_fid != NULL)
        *out_fid = g_strdup(path->fid);
    return TRUE;
}

/* ---- giving up ---- */

/* On record with its reason, and closed at once: it asks nobody to do anything. What asks is a good
 * shot that stands in no file. */
static gboolean record_abandoned(CelPath *path, JsonObject *facts, gpointer data,
                                 CelLedgerPlace *out_place, GError **error)
{
    const Ending *ending = data;
    g_autoptr(GError) failure = NULL;
    g_autoptr(JsonObject) row =
        *path->item_id != '\0' ? cel_path_exhibit(path, path->item_id, &failure) : NULL;
    (void)facts;
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    g_autoptr(JsonObject) event = cel_path_data(path);
    json_object_set_string_member(event, "what", "work abandoned");
    json_object_set_boolean_member(event, "closed", TRUE);
    const CelEventRequest request = {.act = CEL_ACT_NONCONFORM,
                                     .case_id = *path->case_id != '\0' ? path->case_id : NULL,
                                     .item_id = row != NULL ? path->item_id : NULL,
                                     .why = ending->why,
                                     .data = event,
                                     .clock = path->clock};
    return cel_lab_record(path->lab, &request, NULL, out_place, error);
}

gboolean cel_path_abandon(CelPath *path, const char *why, GError **error)
{
    Ending ending = {.why = why};
    if (!cel_path_ready(path, error))
        return FALSE;
    if (!cel_text_is_plain(why, CEL_EVENT_MAX_TEXT)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("Say why the work is given up; it goes on record"));
        return FALSE;
    }
    if (*path->fid != '\0')
        return cel_path_refuse(error, _("The file is sealed already; finish with two signatures"));
    return cel_path_record(path, "abandon", NULL, record_abandoned, &ending, error) &&
           cel_path_end(path, "abandoned", error);
}
