/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What an act of the journal means. Nothing else changes the state of a path. */

/* ---- reading an act ---- */

static const char *text_of(JsonObject *act, const char *member)
{
    JsonNode *node = json_object_get_member(act, member);
    const gboolean is_text = node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                             json_node_get_value_type(node) == G_TYPE_STRING;
    return is_text ? json_node_get_string(node) : "";
}

static gint64 number_of(JsonObject *act, const char *member)
{
    JsonNode *node = json_object_get_member(act, member);
    if (node == NULL || !JSON_NODE_HOLDS_VALUE(node))
        return 0;
    if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
        return json_node_get_boolean(node) ? 1 : 0;
    return json_node_get_value_type(node) == G_TYPE_INT64 ? json_node_get_int(node) : 0;
}

/* For texts that are "" when not known. */
static void take_text(char **where, JsonObject *act, const char *member)
{
    g_free(*where);
    *where = g_strdup(text_of(act, member));
}

/* For texts that are NULL when not known; what is not said stays. */
static void take_said(char **where, JsonObject *act, const char *member)
{
    if (*text_of(act, member) == '\0')
        return;
    g_free(*where);
    *where = g_strdup(text_of(act, member));
}

/* ---- making one ---- */

void cel_path_text(JsonObject *object, const char *member, const char *text)
{
    if (text != NULL && *text != '\0')
        json_object_set_string_member(object, member, text);
}

JsonObject *cel_path_act(const CelPath *path, const char *name)
{
    JsonObject *act = json_object_new();
    JsonArray *touches = json_array_new();
    json_object_set_string_member(act, "act", name);
    json_object_set_int_member(act, "t", cel_clock_wall_us(path->clock));
    for (guint i = 0; i < CEL_N_PATH_TOUCHES; i++)
        json_array_add_int_element(touches, path->touches[i]);
    json_object_set_array_member(act, "touches", touches);
    return act;
}

gboolean cel_path_add(CelPath *path, JsonObject *act, GError **error)
{
    const gboolean ok =
        cel_journal_add(path->journal, act, error) && cel_path_apply(path, act, error);
    json_object_unref(act);
    return ok;
}

/* ---- the acts ---- */

static void begin(CelPath *path, JsonObject *act)
{
    cel_path_way_from_id(text_of(act, "way"), &path->way);
    take_text(&path->case_id, act, "case");
    take_text(&path->place, act, "place");
    take_text(&path->environment, act, "environment");
    take_text(&path->description, act, "description");
    take_text(&path->witness, act, "witness");
    take_text(&path->standard, act, "standard");
    take_text(&path->lot, act, "lot");
    path->planned = (guint)number_of(act, "spots");
    path->frames = (guint)number_of(act, "frames");
    path->start_delay_ms = (guint)number_of(act, "start_delay_ms");
    path->hazard_policy =
        number_of(act, "refuse_hazard") != 0 ? CEL_HAZARD_REFUSE : CEL_HAZARD_RAMP;
    path->started_us = path->last_us = number_of(act, "t");
}

/* The time in which it was closed is not attended. */
static void resume(CelPath *path, JsonObject *act)
{
    path->last_us = number_of(act, "t");
}

static void step(CelPath *path, JsonObject *act)
{
    const gint64 at = number_of(act, "at");
    if (at >= 0 && at < cel_path_way_def(path->way)->n_steps)
        path->at = (guint)at;
}

static void item(CelPath *path, JsonObject *act)
{
    take_text(&path->case_id, act, "case");
    take_text(&path->item_id, act, "item");
    path->is_new = number_of(act, "new") != 0;
}

static void picture_free(gpointer data)
{
    CelPathPicture *picture = data;
    g_free(picture->moment);
    g_free(picture);
}

static void photo(CelPath *path, JsonObject *act)
{
    CelPathPicture *picture = g_new0(CelPathPicture, 1);
    picture->moment = g_strdup(text_of(act, "moment"));
    g_strlcpy(picture->digests.sha256, text_of(act, "sha256"), sizeof picture->digests.sha256);
    g_strlcpy(picture->digests.sm3, text_of(act, "sm3"), sizeof picture->digests.sm3);
    picture->bytes = number_of(act, "bytes");
    g_ptr_array_add(path->pictures, picture);
}

static void answer(CelPath *path, JsonObject *act)
{
    const char *what = text_of(act, "what"), *value = text_of(act, "value");
    gint64 n = 0;
    g_hash_table_insert(path->answers, g_strdup(what), g_strdup(value));
    if (strcmp(what, "witness") == 0)
        take_text(&path->witness, act, "value");
    else if (strcmp(what, "environment") == 0)
        take_text(&path->environment, act, "value");
    else if (strcmp(what, "place") == 0)
        take_text(&path->place, act, "value");
    else if (strcmp(what, "spots") == 0 && g_ascii_string_to_signed(value, 10, CEL_PATH_LEAST_SPOTS,
                                                                    CEL_PATH_MOST_SPOTS, &n, NULL))
        path->planned = (guint)n;
}

static void instrument(CelPath *path, JsonObject *act)
{
    take_text(&path->serial, act, "serial");
    take_text(&path->model, act, "model");
    path->simulated = number_of(act, "simulated") != 0;
    path->lowest_mw = (double)number_of(act, "lowest_uw") / 1e3;
}

static void hold(CelPath *path, JsonObject *act)
{
    if (!cel_path_shot_from_id(text_of(act, "kind"), &path->holding))
        path->holding = CEL_PATH_SHOT_DUE;
}

static void judged(CelPath *path, JsonObject *act)
{
    CelPathShot *shot = cel_path_shot_at(path, (guint64)number_of(act, "seq"));
    if (shot == NULL)
        return;
    take_said(&shot->judged, act, "outcome");
    take_said(&shot->judged_as, act, "first");
    take_said(&path->cap_why, act, "cap");
}

static void answered(CelPath *path, JsonObject *act)
{
    path->answered = TRUE;
    take_said(&path->outcome, act, "outcome");
    take_said(&path->basis, act, "basis");
    take_said(&path->exploratory, act, "exploratory");
}

static void seal_number(CelPath *path, JsonObject *act)
{
    take_text(&path->seal_no, act, "no");
}

static void end(CelPath *path, JsonObject *act)
{
    (void)act;
    path->over = TRUE;
}

/* ---- what went into the ledger ---- */

static void intent(CelPath *path, JsonObject *act)
{
    g_clear_pointer(&path->pending, json_object_unref);
    path->pending = json_object_ref(act);
}

static void drop(CelPath *path, JsonObject *act)
{
    (void)act;
    g_clear_pointer(&path->pending, json_object_unref);
}

void cel_path_shot_free(CelPathShot *shot)
{
    if (shot == NULL)
        return;
    char *const texts[] = {shot->where,   shot->state,  shot->problem,  shot->set_aside,
                           shot->verdict, shot->judged, shot->judged_as};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(shot);
}

static void forget_answer(CelPath *path)
{
    path->answered = FALSE;
    g_clear_pointer(&path->work, cel_work_free);
}

static guint next_spot(const CelPath *path)
{
    guint n = 1;
    for (guint i = 0; i < path->shots->len; i++)
        n += ((CelPathShot *)g_ptr_array_index(path->shots, i))->kind == CEL_PATH_SHOT_SPOT;
    return n;
}

static void shot_taken(CelPath *path, JsonObject *facts, guint64 seq)
{
    CelPathShot *shot = g_new0(CelPathShot, 1);
    if (!cel_path_shot_from_id(text_of(facts, "kind"), &shot->kind))
        shot->kind = CEL_PATH_SHOT_CLEANING; /* counts for nothing */
    shot->seq = seq;
    shot->spot = shot->kind == CEL_PATH_SHOT_SPOT ? next_spot(path) : 0;
    shot->state = g_strdup(text_of(facts, "state"));
    take_said(&shot->where, facts, "where");
    take_said(&shot->problem, facts, "problem");
    g_strlcpy(shot->sha256, text_of(facts, "sha256"), sizeof shot->sha256);
    shot->wall_us = number_of(facts, "wall_us");
    shot->laser_us = number_of(facts, "laser_us");
    path->laser_us += shot->laser_us;
    g_ptr_array_add(path->shots, shot);
    path->holding = CEL_PATH_SHOT_DUE;
    g_hash_table_remove(path->answers, "spot");
    g_hash_table_remove(path->answers, "enough");
    forget_answer(path);
}

static void set_aside(CelPath *path, JsonObject *facts)
{
    CelPathShot *shot = cel_path_shot_at(path, (guint64)number_of(facts, "shot"));
    if (shot == NULL)
        return;
    take_said(&shot->set_aside, facts, "why");
    forget_answer(path);
}

static void checked(CelPath *path, JsonObject *facts, JsonObject *act)
{
    CelPathShot *shot = cel_path_shot_at(path, (guint64)number_of(facts, "shot"));
    if (shot != NULL)
        take_said(&shot->verdict, act, "verdict");
}

/* Events of the exhibit take the photos that wait with them. */
static void photos_on_record(CelPath *path)
{
    for (guint i = 0; i < path->pictures->len; i++)
        ((CelPathPicture *)g_ptr_array_index(path->pictures, i))->on_record = TRUE;
}

static void recorded(CelPath *path, JsonObject *act)
{
    const char *what = text_of(act, "what");
    JsonNode *node = path->pending != NULL ? json_object_get_member(path->pending, "facts") : NULL;
    g_autoptr(JsonObject) facts = node != NULL && JSON_NODE_HOLDS_OBJECT(node)
                                      ? json_object_ref(json_node_get_object(node))
                                      : json_object_new();
    g_clear_pointer(&path->pending, json_object_unref);
    if (number_of(facts, "photos") != 0)
        photos_on_record(path);
    if (strcmp(what, "collect") == 0 || strcmp(what, "receive") == 0)
        path->is_new = FALSE;
    else if (strcmp(what, "part") == 0)
        take_text(&path->part, facts, "item");
    else if (strcmp(what, "shot") == 0)
        shot_taken(path, facts, (guint64)number_of(act, "seq"));
    else if (strcmp(what, "check") == 0)
        checked(path, facts, act);
    else if (strcmp(what, "aside") == 0)
        set_aside(path, facts);
    else if (strcmp(what, "file") == 0)
        take_text(&path->fid, act, "fid");
    else if (strcmp(what, "part-bag") == 0)
        path->part_sealed = TRUE;
    else if (strcmp(what, "bag") == 0)
        path->bag_sealed = TRUE;
    else if (strcmp(what, "transfer") == 0)
        path->handed_over = TRUE;
}

static const struct {
    const char *name;
    void (*apply)(CelPath *path, JsonObject *act);
} acts[] = {
    {"begin", begin},
    {"resume", resume},
    {"step", step},
    {"item", item},
    {"photo", photo},
    {"answer", answer},
    {"instrument", instrument},
    {"hold", hold},
    {"judged", judged},
    {"answered", answered},
    {"seal-number", seal_number},
    {"intent", intent},
    {"recorded", recorded},
    {"drop", drop},
    {"end", end},
};

static void count_time(CelPath *path, JsonObject *act)
{
    const gint64 now_us = number_of(act, "t");
    if (path->last_us > 0 && now_us > path->last_us && strcmp(text_of(act, "act"), "resume") != 0)
        path->attended_us += now_us - path->last_us;
    path->last_us = MAX(path->last_us, now_us);
    JsonNode *node = json_object_get_member(act, "touches");
    JsonArray *list =
        node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; list != NULL && i < MIN(json_array_get_length(list), CEL_N_PATH_TOUCHES);
         i++) {
        JsonNode *one = json_array_get_element(list, i);
        const gint64 n = JSON_NODE_HOLDS_VALUE(one) ? json_node_get_int(one) : 0;
        path->touches[i] = MAX(path->touches[i], (guint)CLAMP(n, 0, G_MAXINT32));
    }
}

gboolean cel_path_apply(CelPath *path, JsonObject *act, GError **error)
{
    const char *name = text_of(act, "act");
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(acts[i].name, name) != 0)
            continue;
        count_time(path, act);
        acts[i].apply(path, act);
        return TRUE;
    }
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_INPUT,
        _("the journal speaks of \"%s\", which this version does not know; open it with the "
          "version that wrote it"),
        name);
    return FALSE;
}

/* ---- asked of the state ---- */

const char *cel_path_reply(const CelPath *path, const char *what)
{
    return g_hash_table_lookup(path->answers, what);
}

CelPathShot *cel_path_shot_at(const CelPath *path, guint64 seq)
{
    for (guint i = 0; seq > 0 && i < path->shots->len; i++) {
        CelPathShot *shot = g_ptr_array_index(path->shots, i);
        if (shot->seq == seq)
            return shot;
    }
    return NULL;
}

const char *cel_path_measured(const CelPath *path)
{
    return *path->part != '\0' ? path->part : path->item_id;
}

gboolean cel_path_shot_is_good(const CelPathShot *shot)
{
    return shot->set_aside == NULL && strcmp(shot->state, "valid") == 0;
}

gboolean cel_path_shot_counts(const CelPathShot *shot)
{
    return shot->kind == CEL_PATH_SHOT_SPOT && cel_path_shot_is_good(shot);
}

/* How many good spots point to the same as @one. */
static guint like(const CelPath *path, const CelPathShot *one)
{
    guint n = 0;
    for (guint i = 0; i < path->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(path->shots, i);
        n += cel_path_shot_counts(shot) && g_strcmp0(shot->judged_as, one->judged_as) == 0;
    }
    return n;
}

CelPathSpots cel_path_spots(const CelPath *path)
{
    CelPathSpots out = {0};
    for (guint i = 0; i < path->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(path->shots, i);
        const gboolean counts = cel_path_shot_counts(shot);
        out.tried += shot->kind == CEL_PATH_SHOT_SPOT && shot->set_aside == NULL ? 1 : 0;
        out.valid += counts ? 1 : 0;
        if (counts && shot->judged_as != NULL)
            out.agree = MAX(out.agree, like(path, shot));
    }
    return out;
}

/* ---- its life in memory ---- */

CelPath *cel_path_new(CelLab *lab, const char *id, CelClock clock)
{
    CelPath *path = g_new0(CelPath, 1);
    path->lab = lab;
    path->clock = clock;
    path->id = g_strdup(id);
    char **const texts[] = {&path->case_id, &path->place,    &path->environment, &path->description,
                            &path->witness, &path->standard, &path->lot,         &path->item_id,
                            &path->part,    &path->serial,   &path->model,       &path->seal_no,
                            &path->fid};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    path->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    path->pictures = g_ptr_array_new_with_free_func(picture_free);
    path->shots = g_ptr_array_new_with_free_func((GDestroyNotify)cel_path_shot_free);
    return path;
}

void cel_path_close(CelPath *path)
{
    if (path == NULL)
        return;
    char *const texts[] = {path->id,          path->case_id,    path->place,    path->environment,
                           path->description, path->witness,    path->standard, path->lot,
                           path->item_id,     path->part,       path->serial,   path->model,
                           path->seal_no,     path->fid,        path->cap_why,  path->outcome,
                           path->basis,       path->exploratory};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    cel_journal_close(path->journal);
    cel_work_free(path->work);
    g_clear_pointer(&path->pending, json_object_unref);
    g_hash_table_unref(path->answers);
    g_ptr_array_unref(path->pictures);
    g_ptr_array_unref(path->shots);
    g_free(path);
}
