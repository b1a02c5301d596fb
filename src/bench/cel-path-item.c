/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include "base/cel-error.h"
#include "base/cel-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* What comes from people: a scanned number, photos, answers, the instrument on the table. */

enum { LONGEST_SCAN = 160 };
#define CODE_PREFIX "CELX"

static gboolean unusable(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean unusable(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE, why);
    return FALSE;
}

/* ---- the number ---- */

/** Found: what was scanned. */
typedef struct {
    char *case_id, *item_id;
    gboolean is_new;
    CelExhibitState state;
} Found;

static void found_clear(Found *found)
{
    g_free(found->case_id);
    g_free(found->item_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

static gboolean is_number(const char *text)
{
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        if (!g_unichar_isgraph(g_utf8_get_char(at)) || *at == '/')
            return FALSE;
    return cel_text_is_plain(text, CEL_EVENT_MAX_ID);
}

/* A number that is not registered: a new exhibit of the open case, or in the lab one that comes
 * from outside and is named whole. */
static gboolean take_new(const CelPath *path, const char *text, const GError *why, Found *out,
                         GError **error)
{
    const char *slash = strrchr(text, '/');
    if (g_ascii_strncasecmp(text, CODE_PREFIX, strlen(CODE_PREFIX)) == 0 ||
        (slash == NULL && path->way == CEL_PATH_LAB)) {
        g_propagate_error(error, g_error_copy(why));
        return FALSE;
    }
    out->case_id = slash != NULL ? g_strndup(text, (gsize)(slash - text)) : g_strdup(path->case_id);
    out->item_id = g_strdup(slash != NULL ? slash + 1 : text);
    out->is_new = TRUE;
    out->state = CEL_EXHIBIT_UNKNOWN;
    return (is_number(out->item_id) && cel_text_is_plain(out->case_id, CEL_EVENT_MAX_ID)) ||
           unusable(error, _("\"%s\" is no number of an exhibit; scan again"), text);
}

/* In the field a bare number is one of the case that is open. */
static JsonObject *look_up(const CelPath *path, const char *text, GError **error)
{
    g_autoptr(GError) failure = NULL;
    JsonObject *row = cel_case_find(path->lab, text, &failure);
    if (row == NULL && path->way == CEL_PATH_FIELD && strchr(text, '/') == NULL &&
        g_error_matches(failure, CEL_ERROR, CEL_ERROR_USAGE)) {
        g_autofree char *whole = g_strconcat(path->case_id, "/", text, NULL);
        row = cel_case_find(path->lab, whole, NULL);
    }
    if (row == NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return row;
}

static gboolean find(const CelPath *path, const char *text, Found *out, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(JsonObject) row = look_up(path, text, &failure);
    if (row != NULL) {
        out->case_id = g_strdup(cel_row_text(row, "case_id"));
        out->item_id = g_strdup(cel_row_text(row, "item_id"));
        out->state = cel_exhibit_state(row);
        return TRUE;
    }
    if (g_error_matches(failure, CEL_ERROR, CEL_ERROR_USAGE))
        return take_new(path, text, failure, out, error);
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean check_case(const CelPath *path, const Found *found, GError **error)
{
    if (*path->case_id == '\0' || strcmp(path->case_id, found->case_id) == 0)
        return TRUE;
    return cel_path_refuse(error,
                           _("This exhibit is of case %s; the case that is open here is %s. Open "
                             "the right case, or scan the right bag"),
                           found->case_id, path->case_id);
}

static gboolean check_state(const CelPath *path, const Found *found, GError **error)
{
    const guint field = 1U << CEL_EXHIBIT_UNKNOWN | 1U << CEL_EXHIBIT_COLLECTED;
    const guint lab = field | 1U << CEL_EXHIBIT_PACKED | 1U << CEL_EXHIBIT_SUBMITTED |
                      1U << CEL_EXHIBIT_RECEIVED | 1U << CEL_EXHIBIT_OPEN |
                      1U << CEL_EXHIBIT_CLOSED | 1U << CEL_EXHIBIT_RETURNED;
    if (((path->way == CEL_PATH_FIELD ? field : lab) & (1U << found->state)) != 0)
        return TRUE;
    return cel_path_refuse(error, _("Exhibit %s of case %s is \"%s\" and is not measured here"),
                           found->item_id, found->case_id, cel_exhibit_state_def(found->state)->id);
}

/* Two open samples of one exhibit would each miss what the other measured. */
static gboolean check_elsewhere(const CelPath *path, const Found *found, GError **error)
{
    g_autoptr(GPtrArray) open = cel_path_list(path->lab, error);
    if (open == NULL)
        return FALSE;
    for (guint i = 0; i < open->len; i++) {
        const CelPathOpen *other = g_ptr_array_index(open, i);
        if (strcmp(other->id, path->id) != 0 && g_strcmp0(other->case_id, found->case_id) == 0 &&
            g_strcmp0(other->item_id, found->item_id) == 0)
            return cel_path_refuse(error,
                                   _("Exhibit %s of case %s is being worked on already (sample "
                                     "%s); go on with that one, or give it up first"),
                                   found->item_id, found->case_id, other->id);
    }
    return TRUE;
}

gboolean cel_path_scan(CelPath *path, const char *typed, GError **error)
{
    g_auto(Found) found = {0};
    if (!cel_path_ready(path, error))
        return FALSE;
    if (!cel_text_is_plain(typed, LONGEST_SCAN))
        return unusable(error, _("The scan is empty or not readable; scan again"));
    g_autofree char *text = g_strstrip(g_strdup(typed));
    if (!find(path, text, &found, error))
        return FALSE;
    const gboolean same =
        strcmp(path->item_id, found.item_id) == 0 && strcmp(path->case_id, found.case_id) == 0;
    if (same)
        return TRUE;
    if (*path->item_id != '\0')
        return cel_path_refuse(error,
                               _("Exhibit %s was scanned before, this one is %s; finish that one "
                                 "or give it up, then begin with the next"),
                               path->item_id, found.item_id);
    if (!check_case(path, &found, error) || !check_state(path, &found, error) ||
        !check_elsewhere(path, &found, error))
        return FALSE;
    JsonObject *act = cel_path_act(path, "item");
    json_object_set_string_member(act, "case", found.case_id);
    json_object_set_string_member(act, "item", found.item_id);
    json_object_set_boolean_member(act, "new", found.is_new);
    return cel_path_add(path, act, error);
}

/* ---- photos ---- */

/* Which moment a need for a photo asks for. */
static const struct {
    CelPathNeed need;
    const char *moment;
} asked[] = {
    {CEL_PATH_NEED_SCENE_PHOTO, "scene"},
    {CEL_PATH_NEED_ITEM_PHOTO, "item"},
    {CEL_PATH_NEED_PACKAGE_PHOTO, "package"},
    {CEL_PATH_NEED_AFTER_PHOTO, "after"},
};

static gboolean choose_moment(CelPath *path, const char **moment, GError **error)
{
    guint bits = 0;
    if (*moment != NULL)
        return TRUE;
    if (!cel_path_missing_bits(path, cel_path_step(path), &bits, error))
        return FALSE;
    for (gsize i = 0; *moment == NULL && i < G_N_ELEMENTS(asked); i++)
        if ((bits & (1U << asked[i].need)) != 0)
            *moment = asked[i].moment;
    if (*moment == NULL)
        *moment = cel_path_step_def(cel_path_step(path))->moment;
    return *moment != NULL || cel_path_refuse(error, _("No photo belongs to this step"));
}

static gboolean has_picture(const CelPath *path, const char *moment, const char *sha256)
{
    for (guint i = 0; i < path->pictures->len; i++) {
        const CelPathPicture *picture = g_ptr_array_index(path->pictures, i);
        if (strcmp(picture->moment, moment) == 0 && strcmp(picture->digests.sha256, sha256) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean cel_path_photo(CelPath *path, const char *file, const char *moment, GError **error)
{
    g_autoptr(JsonArray) kept = json_array_new();
    char sha256[65] = "";
    if (!cel_path_ready(path, error) || !choose_moment(path, &moment, error) ||
        !cel_case_add_photo(path->lab, file, moment, kept, sha256, error))
        return FALSE;
    if (has_picture(path, moment, sha256))
        return TRUE;
    cel_path_touch(path, CEL_PATH_TOUCH_PHOTO);
    JsonObject *photo = json_array_get_object_element(kept, 0);
    JsonObject *act = cel_path_act(path, "photo");
    json_object_set_string_member(act, "moment", moment);
    json_object_set_string_member(act, "sha256", sha256);
    json_object_set_string_member(act, "sm3", cel_row_text(photo, "sm3"));
    json_object_set_int_member(act, "bytes", cel_row_number(photo, "bytes"));
    return cel_path_add(path, act, error);
}

/* ---- answers ---- */

static gboolean has_shot(const CelPath *path, CelPathShotKind kind)
{
    for (guint i = 0; i < path->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(path->shots, i);
        if (shot->kind == kind && shot->set_aside == NULL)
            return TRUE;
    }
    return FALSE;
}

/* What was acted upon stays; the number of spots is planned before the first is measured. */
static gboolean may_change(const CelPath *path, const char *what, GError **error)
{
    static const char *const before_spots[] = {"hazard", "through", "spots", NULL};
    if (g_strv_contains(before_spots, what) && has_shot(path, CEL_PATH_SHOT_SPOT))
        return cel_path_refuse(error, _("The first spot was measured by that answer; it stays"));
    if (strcmp(what, "enough") == 0 && cel_path_spots(path).tried < path->planned)
        return cel_path_refuse(error, _("Not all of the planned spots were tried yet"));
    if (strcmp(what, "witness") == 0 && *path->item_id != '\0' && !path->is_new)
        return cel_path_refuse(error, _("The exhibit is on record with its witness already"));
    return TRUE;
}

/* Fewer spots than the lab's rules ask for are none of its method. */
static gboolean check_value(const CelPath *path, const CelPathAnswerDef *def, const char *value,
                            GError **error)
{
    gint64 n = 0;
    if (def->values != NULL && !g_strv_contains(def->values, value)) {
        g_autofree char *allowed = g_strjoinv(", ", (char **)(gsize)def->values);
        return unusable(error, _("\"%s\" is no answer to \"%s\"; the answers are: %s"), value,
                        def->id, allowed);
    }
    if (!cel_text_is_plain(value, CEL_EVENT_MAX_TEXT / 4))
        return unusable(error, _("The text for \"%s\" is empty, too long or not readable"),
                        def->id);
    const guint least = cel_lab_rules(path->lab)->limits.least_replicates;
    if (strcmp(def->id, "spots") == 0 &&
        g_ascii_string_to_signed(value, 10, 0, CEL_PATH_MOST_SPOTS, &n, NULL) && n < (gint64)least)
        return cel_path_refuse(error, _("The laboratory's rules ask for at least %u spots"), least);
    return TRUE;
}

gboolean cel_path_answer(CelPath *path, const char *what, const char *value, GError **error)
{
    const CelPathAnswerDef *def = cel_path_answer_def(what);
    value = value != NULL ? value : "";
    if (!cel_path_ready(path, error))
        return FALSE;
    if (def == NULL)
        return unusable(error, _("There is no question \"%s\""), what);
    if (!check_value(path, def, value, error))
        return FALSE;
    if (g_strcmp0(cel_path_reply(path, what), value) == 0)
        return TRUE;
    if (!may_change(path, what, error))
        return FALSE;
    if (def->touch)
        cel_path_touch(path, CEL_PATH_TOUCH_NAVIGATION);
    JsonObject *act = cel_path_act(path, "answer");
    json_object_set_string_member(act, "what", what);
    json_object_set_string_member(act, "value", value);
    return cel_path_add(path, act, error) && cel_path_go_on(path, error);
}

/* ---- the instrument ---- */

/* The power that explosives and the like get: the least there is. */
static gint64 lowest_uw(const CelCapabilities *capabilities)
{
    static const gint64 unknown_uw = 1000;
    const gboolean known = capabilities->laser_mw_settable && capabilities->laser_mw_min > 0.0;
    return known ? llround(capabilities->laser_mw_min * 1e3) : unknown_uw;
}

gboolean cel_path_use_instrument(CelPath *path, const CelDeviceDescription *instrument,
                                 GError **error)
{
    const CelInstrument *is = &instrument->instrument;
    if (!cel_path_ready(path, error))
        return FALSE;
    if (strcmp(path->serial, is->serial) == 0 && *is->serial != '\0')
        return cel_path_go_on(path, error);
    if (*is->serial == '\0')
        return cel_path_refuse(error, _("The instrument does not say its serial number; without "
                                        "one no check counts for it"));
    if (path->shots->len > 0)
        return cel_path_refuse(error,
                               _("All shots of an exhibit are of one instrument, here %s; connect "
                                 "that one again"),
                               path->serial);
    if (is->simulated && !cel_lab_is_training(path->lab))
        return cel_path_refuse(error, _("Simulated measurements belong into a training lab only"));
    JsonObject *act = cel_path_act(path, "instrument");
    json_object_set_string_member(act, "serial", is->serial);
    json_object_set_string_member(act, "model", is->model);
    json_object_set_boolean_member(act, "simulated", is->simulated);
    json_object_set_int_member(act, "lowest_uw", lowest_uw(&instrument->capabilities));
    return cel_path_add(path, act, error) && cel_path_go_on(path, error);
}
