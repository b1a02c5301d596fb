/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include "base/cel-json.h"

#include <string.h>

/* The snapshot. */

/* ---- photos and shots ---- */

static void photo_free(gpointer data)
{
    CelPathPhoto *photo = data;
    g_free(photo->moment);
    g_free(photo->path);
    g_free(photo);
}

static gpointer photo_copy(gconstpointer data, gpointer unused)
{
    const CelPathPhoto *from = data;
    CelPathPhoto *to = g_new0(CelPathPhoto, 1);
    (void)unused;
    *to = *from;
    to->moment = g_strdup(from->moment);
    to->path = g_strdup(from->path);
    return to;
}

static gpointer shot_copy(gconstpointer data, gpointer unused)
{
    CelPathShot *to = g_new0(CelPathShot, 1);
    (void)unused;
    *to = *(const CelPathShot *)data;
    char **const texts[] = {&to->where,   &to->state,  &to->problem,  &to->set_aside,
                            &to->verdict, &to->judged, &to->judged_as};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup(*texts[i]);
    return to;
}

static GPtrArray *photos_of(const CelPath *path)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(photo_free);
    for (guint i = 0; i < path->pictures->len; i++) {
        const CelPathPicture *picture = g_ptr_array_index(path->pictures, i);
        CelPathPhoto *photo = g_new0(CelPathPhoto, 1);
        photo->moment = g_strdup(picture->moment);
        g_strlcpy(photo->sha256, picture->digests.sha256, sizeof photo->sha256);
        photo->path = cel_lab_path(path->lab, CEL_LAB_PHOTOS, photo->sha256);
        g_ptr_array_add(out, photo);
    }
    return out;
}

/* ---- its texts, in one list for copying and freeing ---- */

enum { N_TEXTS = 21 };

static void texts_of(CelPathView *view, char **out[N_TEXTS])
{
    char **const texts[N_TEXTS] = {&view->id,
                                   &view->case_id,
                                   &view->item_id,
                                   &view->code,
                                   &view->measured_item,
                                   &view->description,
                                   &view->exhibit_state,
                                   &view->old_seal_no,
                                   &view->holder,
                                   &view->witness,
                                   &view->condition,
                                   &view->colour,
                                   &view->amount,
                                   &view->environment,
                                   &view->place,
                                   &view->instrument,
                                   &view->cap_why,
                                   &view->outcome,
                                   &view->exploratory,
                                   &view->seal_no,
                                   &view->fid};
    memcpy(out, texts, sizeof texts);
}

void cel_path_view_free(CelPathView *view)
{
    char **texts[N_TEXTS];
    if (view == NULL)
        return;
    texts_of(view, texts);
    for (gsize i = 0; i < N_TEXTS; i++)
        g_free(*texts[i]);
    g_clear_pointer(&view->missing, g_ptr_array_unref);
    g_clear_pointer(&view->photos, g_ptr_array_unref);
    g_clear_pointer(&view->shots, g_ptr_array_unref);
    g_free(view);
}

CelPathView *cel_path_view_copy(const CelPathView *view)
{
    char **texts[N_TEXTS];
    CelPathView *out = g_new0(CelPathView, 1);
    *out = *view;
    texts_of(out, texts);
    for (gsize i = 0; i < N_TEXTS; i++)
        *texts[i] = g_strdup(*texts[i]);
    out->missing = g_ptr_array_copy(view->missing, NULL, NULL);
    out->photos = g_ptr_array_new_with_free_func(photo_free);
    out->shots = g_ptr_array_new_with_free_func((GDestroyNotify)cel_path_shot_free);
    for (guint i = 0; i < view->photos->len; i++)
        g_ptr_array_add(out->photos, photo_copy(g_ptr_array_index(view->photos, i), NULL));
    for (guint i = 0; i < view->shots->len; i++)
        g_ptr_array_add(out->shots, shot_copy(g_ptr_array_index(view->shots, i), NULL));
    return out;
}

const CelPathShot *cel_path_view_last_shot(const CelPathView *view)
{
    return view->shots->len > 0 ? g_ptr_array_index(view->shots, view->shots->len - 1) : NULL;
}

/* ---- making it ---- */

static char *reply(const CelPath *path, const char *what)
{
    const char *said = cel_path_reply(path, what);
    return g_strdup(said != NULL ? said : "");
}

static void take_exhibit(CelPathView *view, const CelPath *path, JsonObject *row)
{
    view->case_id = g_strdup(path->case_id);
    view->item_id = g_strdup(path->item_id);
    view->code =
        *path->item_id != '\0' ? cel_exhibit_code(path->case_id, path->item_id) : g_strdup("");
    view->measured_item = g_strdup(cel_path_measured(path));
    view->is_new = path->is_new;
    view->description =
        g_strdup(row != NULL ? cel_row_text(row, "description") : path->description);
    view->exhibit_state = g_strdup(cel_exhibit_state_def(cel_exhibit_state(row))->id);
    view->old_seal_no = g_strdup(cel_row_text(row, "seal_no"));
    view->holder = g_strdup(cel_row_text(row, "holder_person"));
}

static CelHazard hazard_of(const CelPath *path)
{
    const char *said = cel_path_reply(path, "hazard");
    return said == NULL               ? CEL_HAZARD_UNANSWERED
           : strcmp(said, "no") == 0  ? CEL_HAZARD_NO
           : strcmp(said, "yes") == 0 ? CEL_HAZARD_YES
                                      : CEL_HAZARD_UNKNOWN;
}

static void take_answers(CelPathView *view, const CelPath *path)
{
    const char *through = cel_path_reply(path, "through");
    view->witness = g_strdup(path->witness);
    view->condition = reply(path, "condition");
    view->colour = reply(path, "colour");
    view->amount = reply(path, "amount");
    view->environment = g_strdup(path->environment);
    view->place = g_strdup(path->place);
    view->hazard = hazard_of(path);
    view->through = through == NULL ? -1 : strcmp(through, "yes") == 0;
    view->closing_later = g_strcmp0(cel_path_reply(path, "closing"), "later") == 0;
}

static void take_shots(CelPathView *view, const CelPath *path)
{
    const CelPathSpots spots = cel_path_spots(path);
    view->shots = g_ptr_array_new_with_free_func((GDestroyNotify)cel_path_shot_free);
    for (guint i = 0; i < path->shots->len; i++)
        g_ptr_array_add(view->shots, shot_copy(g_ptr_array_index(path->shots, i), NULL));
    view->planned = path->planned;
    view->taken = spots.tried;
    view->valid = spots.valid;
    view->agree = spots.agree;
    view->holding = path->holding != CEL_PATH_SHOT_DUE;
    view->interrupted = path->interrupted && path->shots->len > 0;
    view->instrument = g_strdup(path->serial);
    view->simulated = path->simulated;
    view->capped = path->cap_why != NULL;
    view->cap_why = g_strdup(path->cap_why);
}

static void take_end(CelPathView *view, const CelPath *path)
{
    const gint64 since_us = cel_clock_wall_us(path->clock) - path->last_us;
    view->outcome = g_strdup(path->outcome);
    view->exploratory = g_strdup(path->exploratory);
    view->seal_no = g_strdup(path->seal_no);
    view->fid = g_strdup(path->fid);
    memcpy(view->touches, path->touches, sizeof view->touches);
    view->started_us = path->started_us;
    view->laser_us = path->laser_us;
    view->attended_us =
        MAX(0, path->attended_us + (path->over ? 0 : MAX(0, since_us)) - path->laser_us);
}

static gboolean take_check(CelPathView *view, CelPath *path, GError **error)
{
    CelDayVerdict day;
    if (!cel_path_day(path, &day, error))
        return FALSE;
    view->check = day.state;
    view->check_expires_us = day.expires_us;
    const CelRowQuery query = {.match = {{"seq", NULL, (gint64)day.check_seq}}};
    g_autoptr(JsonObject) row = day.check_seq > 0 ? cel_register_row(cel_lab_register(path->lab),
                                                                     CEL_ROW_CHECK, &query, NULL)
                                                  : NULL;
    view->check_us = cel_row_number(row, "t_wall_us");
    return TRUE;
}

static gboolean take_exhibit_row(CelPathView *view, CelPath *path, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(JsonObject) row =
        *path->item_id != '\0' ? cel_path_exhibit(path, path->item_id, &failure) : NULL;
    take_exhibit(view, path, row);
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

CelPathView *cel_path_view(CelPath *path, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(CelPathView) view = g_new0(CelPathView, 1);
    view->id = g_strdup(path->id);
    view->way = path->way;
    view->step = cel_path_step(path);
    view->index = path->at;
    view->n_steps = cel_path_way_def(path->way)->n_steps;
    view->over = path->over;
    view->photos = photos_of(path);
    take_answers(view, path);
    take_shots(view, path);
    take_end(view, path);
    view->missing = cel_path_missing(path, error);
    if (view->missing == NULL || !take_check(view, path, error) ||
        !take_exhibit_row(view, path, error))
        return NULL;
    view->has_due = !view->holding && cel_path_due(path, &view->due, &failure);
    if (failure == NULL)
        return g_steal_pointer(&view);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

/* ---- as JSON ---- */

static void write_missing(CelJsonWriter *json, const CelPathView *view)
{
    cel_json_open(json, "missing", '[');
    for (guint i = 0; i < view->missing->len; i++) {
        const CelPathNeedDef *need = g_ptr_array_index(view->missing, i);
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "id", need->id);
        cel_json_text(json, "en", need->en);
        cel_json_text(json, "zh", need->zh);
        cel_json_close(json);
    }
    cel_json_close(json);
}

static void write_shots(CelJsonWriter *json, const CelPathView *view)
{
    cel_json_open(json, "shots", '[');
    for (guint i = 0; i < view->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(view->shots, i);
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "kind", cel_path_shot_def(shot->kind)->id);
        cel_json_int(json, "seq", (gint64)shot->seq);
        cel_json_int(json, "spot", shot->spot);
        cel_json_text(json, "where", shot->where);
        cel_json_text(json, "state", shot->state);
        cel_json_text(json, "problem", shot->problem);
        cel_json_text(json, "set_aside", shot->set_aside);
        cel_json_text(json, "verdict", shot->verdict);
        cel_json_text(json, "judged", shot->judged);
        cel_json_text(json, "judged_as", shot->judged_as);
        cel_json_text(json, "sha256", shot->sha256);
        cel_json_close(json);
    }
    cel_json_close(json);
}

static void write_photos(CelJsonWriter *json, const CelPathView *view)
{
    cel_json_open(json, "photos", '[');
    for (guint i = 0; i < view->photos->len; i++) {
        const CelPathPhoto *photo = g_ptr_array_index(view->photos, i);
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "moment", photo->moment);
        cel_json_text(json, "sha256", photo->sha256);
        cel_json_close(json);
    }
    cel_json_close(json);
}

static void write_work(CelJsonWriter *json, const CelPathView *view)
{
    cel_json_text(json, "due", view->has_due ? cel_path_shot_def(view->due.kind)->id : NULL);
    cel_json_open(json, "spots", '{');
    cel_json_int(json, "planned", view->planned);
    cel_json_int(json, "tried", view->taken);
    cel_json_int(json, "valid", view->valid);
    cel_json_int(json, "agree", view->agree);
    cel_json_close(json);
    cel_json_text(json, "instrument", view->instrument);
    cel_json_bool(json, "simulated", view->simulated);
    cel_json_text(json, "check", cel_day_state_def(view->check)->id);
    cel_json_bool(json, "closing_later", view->closing_later);
    cel_json_text(json, "cap", view->cap_why);
    cel_json_text(json, "outcome", view->outcome);
    cel_json_text(json, "exploratory", view->exploratory);
    cel_json_text(json, "seal_no", view->seal_no);
    cel_json_text(json, "fid", view->fid);
}

static void write_time(CelJsonWriter *json, const CelPathView *view)
{
    static const char *const names[CEL_N_PATH_TOUCHES] = {"navigation", "hold", "photo"};
    cel_json_open(json, "touches", '{');
    for (guint i = 0; i < CEL_N_PATH_TOUCHES; i++)
        cel_json_int(json, names[i], view->touches[i]);
    cel_json_close(json);
    cel_json_int(json, "attended_ms", view->attended_us / 1000);
    cel_json_int(json, "laser_ms", view->laser_us / 1000);
}

char *cel_path_view_json(const CelPathView *view)
{
    const char *const texts[][2] = {
        {"id", view->id},
        {"way", cel_path_way_def(view->way)->id},
        {"step", cel_path_step_def(view->step)->id},
        {"case", view->case_id},
        {"item", view->item_id},
        {"code", view->code},
        {"measured", view->measured_item},
        {"state", view->exhibit_state},
        {"witness", view->witness},
    };
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        cel_json_text(json, texts[i][0], texts[i][1]);
    cel_json_bool(json, "over", view->over);
    write_missing(json, view);
    write_photos(json, view);
    write_shots(json, view);
    write_work(json, view);
    write_time(json, view);
    cel_json_close(json);
    return cel_json_finish(json);
}
