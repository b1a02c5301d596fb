/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What a step still misses: one function a need. */

/** Facts: what the register knows beside the path. */
typedef struct {
    const CelPath *path;
    CelPathStep step;
    CelExhibitState state;
    CelDayVerdict day;
} Facts;

JsonObject *cel_path_exhibit(CelPath *path, const char *item_id, GError **error)
{
    const CelRowQuery query = {.match = {{"case_id", path->case_id, 0}, {"item_id", item_id, 0}}};
    return cel_register_row(cel_lab_register(path->lab), CEL_ROW_EXHIBIT, &query, error);
}

gboolean cel_path_day(CelPath *path, CelDayVerdict *out, GError **error)
{
    *out = (CelDayVerdict){.state = CEL_DAY_UNCHECKED};
    return *path->serial == '\0' || cel_daybook_judge(cel_lab_register(path->lab), path->serial,
                                                      cel_clock_wall_us(path->clock), out, error);
}

static gboolean said_yes(const CelPath *path, const char *what)
{
    return g_strcmp0(cel_path_reply(path, what), "yes") == 0;
}

static gboolean has_photo(const CelPath *path, const char *moment)
{
    for (guint i = 0; i < path->pictures->len; i++)
        if (strcmp(((CelPathPicture *)g_ptr_array_index(path->pictures, i))->moment, moment) == 0)
            return TRUE;
    return FALSE;
}

static gboolean has_good(const CelPath *path, CelPathShotKind kind)
{
    for (guint i = 0; i < path->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(path->shots, i);
        if (shot->kind == kind && cel_path_shot_is_good(shot))
            return TRUE;
    }
    return FALSE;
}

static gboolean has_closing(const CelPath *path)
{
    guint64 last_spot = 0, closing = 0;
    for (guint i = 0; i < path->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(path->shots, i);
        if (shot->kind == CEL_PATH_SHOT_SPOT)
            last_spot = shot->seq;
        else if (shot->kind == CEL_PATH_SHOT_CLOSING && shot->verdict != NULL)
            closing = shot->seq;
    }
    return closing > last_spot;
}

static gboolean safety(const Facts *f)
{
    return said_yes(f->path, "safety");
}

static gboolean scene_photo(const Facts *f)
{
    return has_photo(f->path, "scene");
}

static gboolean item(const Facts *f)
{
    return *f->path->item_id != '\0';
}

static gboolean item_photo(const Facts *f)
{
    return has_photo(f->path, "item");
}

static gboolean witness(const Facts *f)
{
    return *f->path->witness != '\0';
}

/* What the lab took in before was compared then. */
static gboolean receipt(const Facts *f)
{
    return f->state == CEL_EXHIBIT_RECEIVED || f->state == CEL_EXHIBIT_OPEN ||
           f->state == CEL_EXHIBIT_CLOSED;
}

static gboolean package_photo(const Facts *f)
{
    return has_photo(f->path, "package") || receipt(f);
}

static gboolean opened(const Facts *f)
{
    return f->state == CEL_EXHIBIT_OPEN;
}

static gboolean instrument(const Facts *f)
{
    return *f->path->serial != '\0';
}

static gboolean check(const Facts *f)
{
    return f->day.state == CEL_DAY_OK;
}

static gboolean through(const Facts *f)
{
    return cel_path_reply(f->path, "through") != NULL;
}

static gboolean blank(const Facts *f)
{
    return has_good(f->path, CEL_PATH_SHOT_BLANK);
}

static gboolean packaging_blank(const Facts *f)
{
    return !said_yes(f->path, "through") || has_good(f->path, CEL_PATH_SHOT_PACKAGING);
}

static gboolean hazard(const Facts *f)
{
    return cel_path_reply(f->path, "hazard") != NULL;
}

/* Whoever cannot get more good spots goes on with what there is, and says so; the result then says
 * it too. */
static gboolean spots(const Facts *f)
{
    const CelPathSpots count = cel_path_spots(f->path);
    return count.valid >= f->path->planned ||
           (count.tried >= f->path->planned && said_yes(f->path, "enough"));
}

static gboolean closing(const Facts *f)
{
    return has_closing(f->path) || g_strcmp0(cel_path_reply(f->path, "closing"), "later") == 0;
}

/* What is signed is made anew in this program, so that it is what the seal holds; to read it and to
 * pack, the word that it was made is enough. */
static gboolean answer(const Facts *f)
{
    const gboolean signing = f->step == CEL_PATH_STEP_SIGN || f->step == CEL_PATH_STEP_REVIEW;
    return f->path->work != NULL || *f->path->fid != '\0' || (!signing && f->path->answered);
}

static gboolean after_photo(const Facts *f)
{
    return has_photo(f->path, "after");
}

static gboolean seal_number(const Facts *f)
{
    return *f->path->seal_no != '\0';
}

static gboolean second(const Facts *f)
{
    return f->path->bag_sealed;
}

static gboolean (*const has[CEL_N_PATH_NEEDS])(const Facts *) = {
    [CEL_PATH_NEED_SAFETY] = safety,
    [CEL_PATH_NEED_SCENE_PHOTO] = scene_photo,
    [CEL_PATH_NEED_ITEM] = item,
    [CEL_PATH_NEED_ITEM_PHOTO] = item_photo,
    [CEL_PATH_NEED_WITNESS] = witness,
    [CEL_PATH_NEED_PACKAGE_PHOTO] = package_photo,
    [CEL_PATH_NEED_RECEIPT] = receipt,
    [CEL_PATH_NEED_OPENED] = opened,
    [CEL_PATH_NEED_INSTRUMENT] = instrument,
    [CEL_PATH_NEED_CHECK] = check,
    [CEL_PATH_NEED_THROUGH] = through,
    [CEL_PATH_NEED_BLANK] = blank,
    [CEL_PATH_NEED_PACKAGING_BLANK] = packaging_blank,
    [CEL_PATH_NEED_HAZARD] = hazard,
    [CEL_PATH_NEED_SPOTS] = spots,
    [CEL_PATH_NEED_CLOSING] = closing,
    [CEL_PATH_NEED_ANSWER] = answer,
    [CEL_PATH_NEED_AFTER_PHOTO] = after_photo,
    [CEL_PATH_NEED_SEAL_NUMBER] = seal_number,
    [CEL_PATH_NEED_SECOND] = second,
};

gboolean cel_path_missing_bits(CelPath *path, CelPathStep step, guint *out, GError **error)
{
    Facts facts = {.path = path, .step = step};
    g_autoptr(GError) failure = NULL;
    g_autoptr(JsonObject) row =
        *path->item_id != '\0' ? cel_path_exhibit(path, path->item_id, &failure) : NULL;
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (!cel_path_day(path, &facts.day, error))
        return FALSE;
    facts.state = cel_exhibit_state(row);
    *out = 0;
    for (guint need = 0; need < CEL_N_PATH_NEEDS; need++)
        if ((cel_path_step_def(step)->needs & (1U << need)) != 0 && !has[need](&facts))
            *out |= 1U << need;
    return TRUE;
}

GPtrArray *cel_path_missing(CelPath *path, GError **error)
{
    guint bits = 0;
    g_autoptr(GPtrArray) out = g_ptr_array_new();
    if (!path->over && !cel_path_missing_bits(path, cel_path_step(path), &bits, error))
        return NULL;
    for (guint need = 0; need < CEL_N_PATH_NEEDS; need++)
        if ((bits & (1U << need)) != 0)
            g_ptr_array_add(out, (gpointer)cel_path_need_def(need));
    return g_steal_pointer(&out);
}

static gboolean go_to(CelPath *path, guint at, GError **error)
{
    JsonObject *act = cel_path_act(path, "step");
    json_object_set_int_member(act, "at", at);
    return cel_path_add(path, act, error);
}

gboolean cel_path_go_on(CelPath *path, GError **error)
{
    const guint last = cel_path_way_def(path->way)->n_steps - 1;
    while (path->at < last && cel_path_step_def(cel_path_step(path))->goes_on) {
        guint bits = 0;
        if (!cel_path_missing_bits(path, cel_path_step(path), &bits, error))
            return FALSE;
        if (bits != 0)
            return TRUE;
        if (!go_to(path, path->at + 1, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- next and back ---- */

static char *missing_text(guint bits)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint need = 0; need < CEL_N_PATH_NEEDS; need++)
        if ((bits & (1U << need)) != 0)
            g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "",
                                   _(cel_path_need_def(need)->en));
    return g_strdup(out->str);
}

static gboolean record_collect(CelPath *path, JsonObject *facts, gpointer data,
                               CelLedgerPlace *out_place, GError **error)
{
    static const char *const members[] = {"condition", "colour", "amount"};
    (void)facts;
    (void)data;
    g_autoptr(JsonObject) event = cel_path_data(path);
    cel_path_text(event, "description", path->description);
    cel_path_text(event, "witness", path->witness);
    cel_path_text(event, "place", *path->place != '\0' ? path->place : "not available");
    cel_path_text(event, "environment", path->environment);
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
        cel_path_text(event, members[i], cel_path_reply(path, members[i]));
    const CelEventRequest request = {.act = CEL_ACT_COLLECT,
                                     .case_id = path->case_id,
                                     .item_id = path->item_id,
                                     .data = event,
                                     .clock = path->clock};
    return cel_lab_record(path->lab, &request, NULL, out_place, error);
}

static gboolean collect(CelPath *path, GError **error)
{
    if (cel_path_step(path) != CEL_PATH_STEP_SCAN || !path->is_new)
        return TRUE;
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_boolean_member(facts, "photos", TRUE);
    return cel_path_record(path, "collect", facts, record_collect, NULL, error);
}

gboolean cel_path_next(CelPath *path, GError **error)
{
    guint bits = 0;
    if (!cel_path_ready(path, error) ||
        !cel_path_missing_bits(path, cel_path_step(path), &bits, error))
        return FALSE;
    if (bits != 0) {
        g_autofree char *missing = missing_text(bits);
        return cel_path_refuse(error, _("Not yet: %s"), missing);
    }
    if (path->at + 1 == cel_path_way_def(path->way)->n_steps)
        return cel_path_refuse(error, _("This is the last step; sign to finish"));
    cel_path_touch(path, CEL_PATH_TOUCH_NAVIGATION);
    return collect(path, error) && go_to(path, path->at + 1, error) && cel_path_go_on(path, error);
}

gboolean cel_path_back(CelPath *path, GError **error)
{
    if (!cel_path_ready(path, error))
        return FALSE;
    if (path->at == 0)
        return cel_path_refuse(error, _("This is the first step"));
    cel_path_touch(path, CEL_PATH_TOUCH_NAVIGATION);
    return go_to(path, path->at - 1, error);
}
