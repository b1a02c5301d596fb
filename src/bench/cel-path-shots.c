/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include "base/cel-error.h"
#include "base/cel-text.h"
#include "bench/cel-lab-check.h"
#include "h5/cel-nxraman.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is measured when, with which answers and powers, and what becomes of it. */

enum { LEAST_FRAMES = 3, MOST_SPOT_TRIES = 12 };

/* ---- what is due ---- */

/* Which shot answers a need. */
static const struct {
    CelPathNeed need;
    CelPathShotKind kind;
} answers[] = {
    {CEL_PATH_NEED_CHECK, CEL_PATH_SHOT_CHECK},
    {CEL_PATH_NEED_BLANK, CEL_PATH_SHOT_BLANK},
    {CEL_PATH_NEED_PACKAGING_BLANK, CEL_PATH_SHOT_PACKAGING},
    {CEL_PATH_NEED_SPOTS, CEL_PATH_SHOT_SPOT},
    {CEL_PATH_NEED_CLOSING, CEL_PATH_SHOT_CLOSING},
};

gboolean cel_path_due(CelPath *path, CelPathDue *out, GError **error)
{
    guint bits = 0;
    const CelPathSpots spots = cel_path_spots(path);
    *out = (CelPathDue){.planned = path->planned, .valid = spots.valid};
    if (path->over || !cel_path_missing_bits(path, cel_path_step(path), &bits, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
        if ((bits & (1U << answers[i].need)) == 0)
            continue;
        out->kind = answers[i].kind;
        out->spot = out->kind == CEL_PATH_SHOT_SPOT ? spots.tried + 1 : 0;
        return TRUE;
    }
    return FALSE;
}

/* ---- before the light ---- */

static gboolean confirmed(const CelLaserConfirmation *held, GError **error)
{
    if (held->eyewear_on && held->beam_blocked && held->nobody_in_line)
        return TRUE;
    return cel_path_refuse(error,
                           _("Before the laser: eyewear on, beam blocked by the sample or "
                             "the cap, nobody in line. Press and hold to confirm all three"));
}

static gboolean choose_kind(CelPath *path, CelPathShotKind *kind, GError **error)
{
    CelPathDue due;
    g_autoptr(GError) failure = NULL;
    if (*kind == CEL_PATH_SHOT_DUE) {
        if (!cel_path_due(path, &due, &failure)) {
            if (failure == NULL)
                return cel_path_refuse(error, _("Nothing is to be measured at this step"));
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        *kind = due.kind;
    }
    if ((cel_path_step_def(cel_path_step(path))->shots & (1U << *kind)) != 0)
        return TRUE;
    return cel_path_refuse(error, _("\"%s\" is not measured at the step \"%s\""),
                           _(cel_path_shot_def(*kind)->title),
                           _(cel_path_step_def(cel_path_step(path))->title));
}

/* The series stands on a check that is still good, and on answers that were given. */
static gboolean may_measure_spot(CelPath *path, GError **error)
{
    CelDayVerdict day;
    const CelPathSpots spots = cel_path_spots(path);
    if (cel_path_reply(path, "hazard") == NULL)
        return cel_path_refuse(
            error, _("Answer first: is the sample dark, black, flammable or possibly explosive?"));
    if (spots.valid >= CEL_PATH_MOST_SPOTS || spots.tried >= MOST_SPOT_TRIES)
        return cel_path_refuse(error, _("No more spots: %u good ones of %u tried"), spots.valid,
                               spots.tried);
    if (!cel_path_day(path, &day, error))
        return FALSE;
    return day.state == CEL_DAY_OK ||
           cel_path_refuse(error, _("The instrument needs a check now (%s); go back to it"),
                           _(cel_day_state_def(day.state)->title));
}

static gboolean lab_allows(CelPath *path, CelPathShotKind kind, GError **error)
{
    const gboolean of_exhibit = kind == CEL_PATH_SHOT_SPOT;
    const CelLabShot shot = {.case_id = of_exhibit ? path->case_id : NULL,
                             .item_id = of_exhibit ? cel_path_measured(path) : NULL,
                             .kind = cel_path_shot_def(kind)->kind,
                             .serial = path->serial,
                             .simulated = path->simulated,
                             .clock = path->clock};
    return cel_lab_may_shoot(path->lab, &shot, error);
}

static CelHazard hazard_of(const CelPath *path, CelPathShotKind kind)
{
    const char *said = cel_path_reply(path, "hazard");
    if (kind != CEL_PATH_SHOT_SPOT || g_strcmp0(said, "no") == 0)
        return CEL_HAZARD_NO; /* nothing but air, an empty bag, the standard */
    return g_strcmp0(said, "yes") == 0       ? CEL_HAZARD_YES
           : g_strcmp0(said, "unknown") == 0 ? CEL_HAZARD_UNKNOWN
                                             : CEL_HAZARD_UNANSWERED;
}

static CelAcquireOptions options_for(const CelPath *path, CelPathShotKind kind,
                                     const CelLaserConfirmation *held)
{
    const gboolean careful = kind == CEL_PATH_SHOT_SPOT && path->cap_why != NULL;
    CelAcquireOptions options = {.frames = path->frames,
                                 .confirmation = *held,
                                 .hazard_policy = path->hazard_policy,
                                 .ramp = careful,
                                 .laser_cap_mw = careful ? path->lowest_mw : 0.0,
                                 .start_delay_ms = path->start_delay_ms,
                                 .clock = path->clock};
    options.confirmation.sample_hazard = hazard_of(path, kind);
    return options;
}

gboolean cel_path_hold(CelPath *path, CelPathShotKind kind, const CelLaserConfirmation *held,
                       CelAcquireOptions *out, GError **error)
{
    if (!cel_path_ready(path, error) || !confirmed(held, error))
        return FALSE;
    if (*path->serial == '\0')
        return cel_path_refuse(error, _("Connect the instrument first"));
    if (path->shots->len >= CEL_PATH_MOST_SHOTS)
        return cel_path_refuse(error, _("Too many shots for one exhibit; finish it or give it up"));
    if (!choose_kind(path, &kind, error) ||
        (kind == CEL_PATH_SHOT_SPOT && !may_measure_spot(path, error)) ||
        !lab_allows(path, kind, error))
        return FALSE;
    cel_path_touch(path, CEL_PATH_TOUCH_HOLD);
    path->interrupted = FALSE;
    *out = options_for(path, kind, held);
    JsonObject *act = cel_path_act(path, "hold");
    json_object_set_string_member(act, "kind", cel_path_shot_def(kind)->id);
    return cel_path_add(path, act, error);
}

/* ---- after it ---- */

static gboolean is_held(const CelPath *path, GError **error)
{
    if (path->over)
        return cel_path_refuse(error, _("The work on this exhibit is over; begin with the next"));
    return path->holding != CEL_PATH_SHOT_DUE ||
           cel_path_refuse(error, _("No shot was allowed; press and hold first"));
}

/* Kept before the journal speaks of it: a crash after that does not cost the exposure. */
static JsonObject *keep(CelPath *path, const CelMeasurement *measurement, GError **error)
{
    CelDigestPair digests;
    g_autoptr(GBytes) bytes = cel_nxraman_bytes(measurement, error);
    if (bytes == NULL || !cel_lab_keep(path->lab, CEL_LAB_RAW, bytes, &digests, error))
        return NULL;
    const CelLabShot shot = {.kind = cel_path_shot_def(path->holding)->kind,
                             .measurement = measurement};
    JsonObject *facts = json_object_new();
    json_object_set_string_member(facts, "kind", cel_path_shot_def(path->holding)->id);
    json_object_set_string_member(facts, "state", cel_lab_shot_state(&shot));
    json_object_set_string_member(facts, "sha256", digests.sha256);
    json_object_set_int_member(facts, "wall_us", measurement->started_wall_us);
    json_object_set_int_member(facts, "laser_us",
                               MAX(0, measurement->ended_wall_us - measurement->started_wall_us));
    json_object_set_boolean_member(facts, "photos", path->holding == CEL_PATH_SHOT_SPOT);
    cel_path_text(facts, "where", cel_path_reply(path, "spot"));
    return facts;
}

/** Checked: a shot of the standard that is judged. */
typedef struct {
    const CelMeasurement *measurement;
    gboolean closing;
    CelJob *job;
} Checked;

static gboolean record_check(CelPath *path, JsonObject *facts, gpointer data,
                             CelLedgerPlace *out_place, GError **error)
{
    const Checked *checked = data;
    (void)facts;
    g_autoptr(GBytes) bytes = cel_nxraman_bytes(checked->measurement, error);
    if (bytes == NULL)
        return FALSE;
    const CelLabCheck check = {.measurement = checked->measurement,
                               .file = bytes,
                               .standard = path->standard,
                               .lot = *path->lot != '\0' ? path->lot : NULL,
                               .closing = checked->closing,
                               .session = path->id,
                               .clock = path->clock};
    g_autoptr(CelQualification) found =
        cel_lab_check(path->lab, &check, checked->job, out_place, error);
    return found != NULL;
}

/* A shot that no check can be judged by stays on record, and the check stays due. */
static gboolean judge_check(CelPath *path, const CelMeasurement *measurement, gboolean closing,
                            CelJob *job, GError **error)
{
    Checked checked = {.measurement = measurement, .closing = closing, .job = job};
    const CelPathShot *shot = g_ptr_array_index(path->shots, path->shots->len - 1);
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_int_member(facts, "shot", (gint64)shot->seq);
    return cel_path_record(path, "check", facts, record_check, &checked, error);
}

gboolean cel_path_take(CelPath *path, const CelMeasurement *measurement, CelJob *job,
                       GError **error)
{
    if (!is_held(path, error) || !cel_path_settle(path, job, error))
        return FALSE;
    if (path->holding == CEL_PATH_SHOT_DUE) /* it was half on record, and is whole now */
        return cel_path_go_on(path, error);
    if (strcmp(measurement->instrument.serial, path->serial) != 0)
        return cel_path_refuse(error, _("This measurement is of another instrument (%s, not %s)"),
                               measurement->instrument.serial, path->serial);
    const CelPathShotKind kind = path->holding;
    g_autoptr(JsonObject) facts = keep(path, measurement, error);
    if (facts == NULL || !cel_path_record(path, "shot", facts, cel_path_record_shot,
                                          (gpointer)(gsize)measurement, error))
        return FALSE;
    if ((kind == CEL_PATH_SHOT_CHECK || kind == CEL_PATH_SHOT_CLOSING) &&
        !judge_check(path, measurement, kind == CEL_PATH_SHOT_CLOSING, job, error))
        return FALSE;
    return cel_path_go_on(path, error);
}

gboolean cel_path_fail(CelPath *path, const char *why, GError **error)
{
    if (!is_held(path, error) || !cel_path_settle(path, NULL, error))
        return FALSE;
    if (path->holding == CEL_PATH_SHOT_DUE)
        return TRUE; /* a call before this one put it on record after all */
    g_autofree char *shown = cel_text_printable(why != NULL && *why != '\0' ? why : "failed");
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_string_member(facts, "kind", cel_path_shot_def(path->holding)->id);
    json_object_set_string_member(facts, "state", "failed");
    json_object_set_string_member(facts, "problem", shown);
    json_object_set_int_member(facts, "wall_us", cel_clock_wall_us(path->clock));
    json_object_set_boolean_member(facts, "photos", path->holding == CEL_PATH_SHOT_SPOT);
    cel_path_text(facts, "where", cel_path_reply(path, "spot"));
    return cel_path_record(path, "shot", facts, cel_path_record_shot, NULL, error);
}

/* ---- set aside ---- */

/** Aside: who agrees. */
typedef struct {
    const CelPathShot *shot;
    const CelLabPerson *second;
    const char *why;
} Aside;

static gboolean record_aside(CelPath *path, JsonObject *facts, gpointer data,
                             CelLedgerPlace *out_place, GError **error)
{
    const Aside *aside = data;
    const gboolean of_exhibit = aside->shot->kind == CEL_PATH_SHOT_SPOT;
    (void)facts;
    g_autoptr(JsonObject) event = json_object_new();
    json_object_set_string_member(event, "session", path->id);
    const CelEventRequest request = {.act = CEL_ACT_DISCARD_ACQUISITION,
                                     .case_id = of_exhibit ? path->case_id : NULL,
                                     .item_id = of_exhibit ? cel_path_measured(path) : NULL,
                                     .why = aside->why,
                                     .refers = aside->shot->seq,
                                     .data = event,
                                     .clock = path->clock};
    return cel_lab_record(path->lab, &request, aside->second, out_place, error);
}

/* What stands in the record for a reason of the short list; any other text stands as it is. */
static const char *words_of_reason(const char *why)
{
    gsize n = 0;
    const CelPathReasonDef *reasons = cel_path_reasons(&n);
    for (gsize i = 0; i < n; i++)
        if (g_strcmp0(reasons[i].id, why) == 0)
            return _(reasons[i].words);
    return why;
}

gboolean cel_path_set_aside(CelPath *path, guint64 seq, const char *why, const CelLabPerson *second,
                            GError **error)
{
    why = words_of_reason(why);
    Aside aside = {.shot = cel_path_shot_at(path, seq), .second = second, .why = why};
    if (!cel_path_ready(path, error))
        return FALSE;
    if (aside.shot == NULL || aside.shot->set_aside != NULL)
        return cel_path_refuse(error,
                               _("There is no such measurement, or it was set aside before"));
    if (*path->fid != '\0')
        return cel_path_refuse(error, _("The file is sealed; nothing is taken out of it any more"));
    if (second == NULL || !cel_text_is_plain(why, CEL_EVENT_MAX_TEXT))
        return cel_path_refuse(error, _("A measurement is set aside with a reason, and a second "
                                        "person agrees"));
    g_autoptr(JsonObject) facts = json_object_new();
    json_object_set_int_member(facts, "shot", (gint64)seq);
    json_object_set_string_member(facts, "why", why);
    return cel_path_record(path, "aside", facts, record_aside, &aside, error);
}

/* ---- what one shot points to ---- */

/* Light makes these burn or worse: from the first sign on, the least power there is. */
static gboolean is_touchy(const CelSubstance *substance)
{
    static const char *const ids[] = {"celluloid", "nitrocellulose", NULL};
    return g_strcmp0(substance->class_id, "explosive") == 0 || g_strv_contains(ids, substance->id);
}

gboolean cel_path_judged(CelPath *path, guint64 seq, const CelIdentification *single,
                         GError **error)
{
    const CelPathShot *shot = cel_path_shot_at(path, seq);
    if (!cel_path_ready(path, error))
        return FALSE;
    if (shot == NULL || shot->kind != CEL_PATH_SHOT_SPOT)
        return cel_path_refuse(error, _("There is no such measurement of this exhibit"));
    const CelHit *first = single->hits->len > 0 ? g_ptr_array_index(single->hits, 0) : NULL;
    const gboolean named = first != NULL && strcmp(single->ceiling, "none") != 0;
    JsonObject *act = cel_path_act(path, "judged");
    json_object_set_int_member(act, "seq", (gint64)seq);
    json_object_set_string_member(act, "outcome", cel_outcome_name(single->outcome));
    json_object_set_string_member(act, "first", named ? first->substance->id : "none");
    if (first != NULL && is_touchy(first->substance) && path->cap_why == NULL)
        cel_path_text(act, "cap", first->substance->id);
    return cel_path_add(path, act, error);
}
