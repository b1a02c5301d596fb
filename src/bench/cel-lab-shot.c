/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-seal.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

const char *const *cel_shot_kinds(void)
{
    static const char *const kinds[] = {
        "replicate", "dark", "instrument-blank", "packaging-blank", "cleaning-blank", "check",
        "other",     NULL};
    return kinds;
}

static gboolean is_blank(const char *kind)
{
    return g_str_has_suffix(kind, "-blank") || g_str_equal(kind, "dark");
}

static guint count_saturated(const CelMeasurement *m)
{
    guint n = 0;
    for (gsize i = 0; m->pixel_flags != NULL && i < m->n_pixels; i++)
        n += (m->pixel_flags[i] & CEL_PIXEL_SATURATED) != 0;
    return n;
}

/* What came of the shot. A saturated one stays a measurement; the sample's change or missing light
 * makes it none of the planned ones. A blank may well look like the dark. */
const char *cel_lab_shot_state(const CelLabShot *shot)
{
    const CelMeasurement *m = shot->measurement;
    if (m == NULL)
        return "failed";
    if (g_tree_lookup(m->notes, "sample.altered") != NULL)
        return "altered";
    if (!is_blank(shot->kind) && g_tree_lookup(m->notes, "laser.no_difference") != NULL)
        return "no-light";
    return count_saturated(m) > 0 ? "saturated" : "valid";
}

static JsonObject *instrument_of(const CelLabShot *shot)
{
    if (shot->measurement != NULL)
        return cel_instrument_facts(shot->measurement);
    JsonObject *out = json_object_new();
    if (shot->serial != NULL)
        json_object_set_string_member(out, "serial", shot->serial);
    json_object_set_boolean_member(out, "simulated", shot->simulated);
    return out;
}

static void add_text(JsonObject *data, const char *name, const char *text)
{
    if (text != NULL && *text != '\0')
        json_object_set_string_member(data, name, text);
}

static JsonObject *facts_of(const CelLabShot *shot)
{
    const CelMeasurement *m = shot->measurement;
    JsonObject *data = json_object_new();
    json_object_set_string_member(data, "kind", shot->kind);
    json_object_set_string_member(data, "state", cel_lab_shot_state(shot));
    json_object_set_object_member(data, "instrument", instrument_of(shot));
    add_text(data, "spot", shot->spot);
    add_text(data, "place", shot->place);
    add_text(data, "environment", shot->environment);
    add_text(data, "problem", shot->problem);
    add_text(data, "session", shot->session);
    add_text(data, "note", shot->note);
    if (shot->photos != NULL && json_array_get_length(shot->photos) > 0)
        json_object_set_array_member(data, "photos", json_array_ref(shot->photos));
    if (m == NULL)
        return data;
    json_object_set_int_member(data, "frames", (gint64)m->n_frames);
    json_object_set_int_member(data, "integration_us", llround(m->integration_ms * 1e3));
    json_object_set_int_member(data, "laser_pm", llround(m->calibration.laser_nm * 1e3));
    json_object_set_int_member(data, "power_uw", llround(m->laser_mw * 1e3));
    json_object_set_int_member(data, "saturated", count_saturated(m));
    return data;
}

static gboolean check_kind(const CelLabShot *shot, GError **error)
{
    if (g_strv_contains(cel_shot_kinds(), shot->kind))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("There is no kind of measurement \"%s\""),
                shot->kind);
    return FALSE;
}

gboolean cel_lab_may_shoot(CelLab *lab, const CelLabShot *shot, GError **error)
{
    g_autoptr(JsonObject) data = facts_of(shot);
    const CelEventRequest request = {
        .act = CEL_ACT_ACQUIRE, .case_id = shot->case_id, .item_id = shot->item_id, .data = data};
    return check_kind(shot, error) && cel_lab_may(lab, &request, error);
}

gboolean cel_lab_record_shot(CelLab *lab, const CelLabShot *shot, CelLedgerPlace *out_place,
                             GError **error)
{
    CelDigestPair digests;
    if (!check_kind(shot, error))
        return FALSE;
    if (shot->file != NULL && !cel_lab_keep(lab, CEL_LAB_RAW, shot->file, &digests, error))
        return FALSE;
    g_autoptr(JsonObject) data = facts_of(shot);
    const CelEventRequest request = {.act = CEL_ACT_ACQUIRE,
                                     .case_id = shot->case_id,
                                     .item_id = shot->item_id,
                                     .file = shot->file != NULL ? &digests : NULL,
                                     .data = data,
                                     .clock = shot->clock};
    return cel_lab_record(lab, &request, NULL, out_place, error);
}
