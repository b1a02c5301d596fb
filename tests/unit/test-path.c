/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path-fixture.h"

#include "bench/cel-path-surroundings.h"
#include "bench/cel-replay.h"

#include <glib/gstdio.h>
#include <utime.h>

/* The order of the work in the field, and every refusal on the way. */

static void goes_the_field_way_with_six_touches(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    room_state_is(&scene->room, "1", CEL_EXHIBIT_COLLECTED);
    scene_check(scene);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_BLANK);
    scene_blank(scene);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_MEASURE);
    scene_spots(scene);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_RESULT);
    scene_result(scene);
    scene_pack(scene, "B1");
    g_autofree char *fid = scene_finish(scene, LI);
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_true(cel_path_is_over(scene->path));
    g_assert_cmpstr(view->fid, ==, fid);
    g_assert_cmpuint(view->touches[CEL_PATH_TOUCH_NAVIGATION], ==, 6);
    g_assert_cmpuint(view->touches[CEL_PATH_TOUCH_HOLD], ==, 5); /* check, blank, three spots */
    g_assert_cmpuint(view->touches[CEL_PATH_TOUCH_PHOTO], ==, 3);
    room_state_is(&scene->room, "1", CEL_EXHIBIT_PACKED);
}

/* The ids of what blocks the release of @fid. */
static char *gate_ids(Scene *scene, const char *fid)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) blocks = cel_gate_release(cel_lab_register(scene->room.lab), fid,
                                                   &cel_lab_rules(scene->room.lab)->limits, &error);
    g_assert_no_error(error);
    return cel_gate_ids(blocks);
}

static void leaves_to_the_gate_only_what_comes_later(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_SIGN);
    g_autofree char *fid = scene_finish(scene, LI);
    g_autofree char *ids = gate_ids(scene, fid);
    g_assert_null(strstr(ids, "acquisitions"));
    g_assert_null(strstr(ids, "left-out"));
    g_assert_null(strstr(ids, "blank"));
    g_assert_null(strstr(ids, "opening-check"));
    g_assert_nonnull(strstr(ids, "closing-check"));
    g_assert_nonnull(strstr(ids, "review"));
}

/* Two signatures stand under the seal of the bag, and the photos with their events. */
static void signs_the_bag_by_two_and_keeps_the_photos(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_SIGN);
    g_free(scene_finish(scene, LI));
    const CelRowQuery seals = {
        .match = {{"act", "seal", 0}, {"item_id", "1", 0}, {"seal_no", "B1", 0}}};
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(scene->room.lab), CEL_ROW_EVENT, &seals, NULL);
    g_assert_cmpuint(rows->len, ==, 1);
    g_assert_cmpstr(cel_row_text(g_ptr_array_index(rows, 0), "op_id"), ==, "P0017");
    g_assert_cmpstr(cel_row_text(g_ptr_array_index(rows, 0), "second_id"), ==, "P0018");
    const CelRowQuery photos = {.match = {{"item_id", "1", 0}}};
    g_autoptr(GPtrArray) pictures =
        cel_register_rows(cel_lab_register(scene->room.lab), CEL_ROW_PHOTO, &photos, NULL);
    g_assert_cmpuint(pictures->len, ==, 3);
    g_assert_cmpstr(cel_row_text(g_ptr_array_index(pictures, 0), "moment"), ==, "scene");
    g_assert_cmpstr(cel_row_text(g_ptr_array_index(pictures, 1), "moment"), ==, "item");
    g_assert_cmpstr(cel_row_text(g_ptr_array_index(pictures, 2), "moment"), ==, "after");
}

static void names_everything_the_scan_screen_misses(Scene *scene, gconstpointer data)
{
    (void)data;
    static const char *const ids[] = {"safety", "scene-photo", "item", "item-photo"};
    scene_begin(scene, CEL_PATH_FIELD);
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpuint(view->missing->len, ==, G_N_ELEMENTS(ids));
    for (guint i = 0; i < view->missing->len; i++) {
        const CelPathNeedDef *need = g_ptr_array_index(view->missing, i);
        g_assert_cmpstr(need->id, ==, ids[i]);
        g_assert_nonnull(need->zh);
    }
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "Take a photo of the scene");
    SCENE_REFUSED(cel_path_back(scene->path, &scene_error), "first step");
}

static void asks_for_a_witness_when_none_was_named_before(Scene *scene, gconstpointer data)
{
    (void)data;
    CelPathSetup setup = scene_setup(CEL_PATH_FIELD);
    setup.witness = NULL;
    scene->path = cel_path_begin(scene->room.lab, &setup, NULL);
    SCENE_OK(cel_path_answer(scene->path, "safety", "yes", &scene_error));
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_OK(cel_path_scan(scene->path, "1", &scene_error));
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "witness");
    SCENE_OK(cel_path_answer(scene->path, "witness", "孙八", &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    SCENE_REFUSED(cel_path_answer(scene->path, "witness", "周九", &scene_error), "on record");
}

static gboolean hold(Scene *scene, CelPathShotKind kind, const CelLaserConfirmation *held,
                     GError **error)
{
    CelAcquireOptions options;
    return cel_path_hold(scene->path, kind, held, &options, error);
}

static void gives_no_light_out_of_order(Scene *scene, gconstpointer data)
{
    (void)data;
    const CelLaserConfirmation no_eyewear = {.beam_blocked = TRUE, .nobody_in_line = TRUE};
    const CelLaserConfirmation somebody = {.eyewear_on = TRUE, .beam_blocked = TRUE};
    scene_begin(scene, CEL_PATH_FIELD);
    SCENE_REFUSED(hold(scene, CEL_PATH_SHOT_DUE, &all_held, &scene_error), "instrument");
    SCENE_OK(scene_connect(scene, &scene_error));
    SCENE_REFUSED(hold(scene, CEL_PATH_SHOT_DUE, &all_held, &scene_error), "Nothing is to be");
    SCENE_REFUSED(hold(scene, CEL_PATH_SHOT_SPOT, &all_held, &scene_error), "not measured at");
    scene_scan(scene, "1");
    SCENE_REFUSED(hold(scene, CEL_PATH_SHOT_SPOT, &all_held, &scene_error), "not measured at");
    SCENE_REFUSED(hold(scene, CEL_PATH_SHOT_DUE, &no_eyewear, &scene_error), "eyewear");
    SCENE_REFUSED(hold(scene, CEL_PATH_SHOT_DUE, &somebody, &scene_error), "nobody in line");
    scene_check(scene);
    scene_blank(scene);
    SCENE_REFUSED(hold(scene, CEL_PATH_SHOT_DUE, &all_held, &scene_error), "explosive");
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "spots");
    SCENE_REFUSED(cel_path_identify(scene->path, scene->desk.bench, NULL, &scene_error),
                  "not all measured");
    SCENE_REFUSED(cel_path_pack(scene->path, "B1", &scene_error), "This belongs to the step");
}

static void takes_one_shot_a_hold(Scene *scene, gconstpointer data)
{
    (void)data;
    g_autoptr(CelMeasurement) m = simulated(NULL, 5);
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    SCENE_OK(scene_connect(scene, &scene_error));
    SCENE_REFUSED(cel_path_take(scene->path, m, NULL, &scene_error), "press and hold");
    SCENE_REFUSED(cel_path_fail(scene->path, "x", &scene_error), "press and hold");
    SCENE_OK(hold(scene, CEL_PATH_SHOT_DUE, &all_held, &scene_error));
    SCENE_REFUSED(hold(scene, CEL_PATH_SHOT_DUE, &all_held, &scene_error), "under way");
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "under way");
    g_strlcpy(m->instrument.serial, "ANOTHER", sizeof m->instrument.serial);
    SCENE_REFUSED(cel_path_take(scene->path, m, NULL, &scene_error), "another instrument");
    SCENE_OK(cel_path_fail(scene->path, "USB unplugged", &scene_error));
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpuint(view->shots->len, ==, 1);
    g_assert_cmpstr(((CelPathShot *)g_ptr_array_index(view->shots, 0))->problem, ==,
                    "USB unplugged");
    g_assert_cmpint(view->due.kind, ==, CEL_PATH_SHOT_CHECK);
}

static void needs_no_second_check_on_the_same_day(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_abandon(scene->path, "下雨", &scene_error));
    cel_path_close(scene->path);
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "2");
    SCENE_OK(scene_connect(scene, &scene_error));
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_BLANK);
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpint(view->check, ==, CEL_DAY_OK);
    g_assert_cmpint(view->check_us, >, 0);
}

/* The laser has moved by 1 nm: the check does not pass and stays due. */
static void goes_on_only_with_a_check_that_passed(Scene *scene, gconstpointer data)
{
    (void)data;
    CelAcquireOptions options;
    const CelDriverTable table = cel_drivers(NULL);
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    SCENE_OK(scene_connect(scene, &scene_error));
    SCENE_OK(cel_path_hold(scene->path, CEL_PATH_SHOT_DUE, &all_held, &options, &scene_error));
    g_autoptr(CelDevice) device = cel_device_open(
        &table, "simulated:785", "sample=polystyrene,laser_drift_nm=1,speed=1e6", NULL);
    g_autoptr(CelMeasurement) m = cel_device_acquire(device, &options, NULL, NULL);
    SCENE_OK(cel_path_take(scene->path, m, NULL, &scene_error));
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_CHECK);
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpint(view->check, ==, CEL_DAY_FAILED);
    g_assert_cmpstr(((CelPathShot *)g_ptr_array_index(view->shots, 0))->verdict, ==, "fail");
    scene_check(scene);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_BLANK);
}

/* Computed again from the sealed file alone: the same to the last bit. */
static void replays_alike(Scene *scene, const char *fid)
{
    g_autoptr(GError) error = NULL;
    const char *const libraries[] = {scene->desk.library, NULL};
    g_autofree char *path = cel_lab_sealed_path(scene->room.lab, fid);
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelReplay) replay = cel_replay_run(sealed, libraries, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(replay->problem, ==, NULL);
    g_assert_cmpstr(replay->first, ==, NULL);
    g_assert_cmpint(replay->state, ==, CEL_REPLAY_IDENTICAL);
}

static void measures_through_a_bag_only_with_its_blank(Scene *scene, gconstpointer data)
{
    (void)data;
    scene->in_bag = TRUE;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_BLANK);
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_BLANK, &scene_error));
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_BLANK);
    SCENE_OK(cel_path_answer(scene->path, "through", "yes", &scene_error));
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpint(view->due.kind, ==, CEL_PATH_SHOT_PACKAGING);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_BLANK);
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_MEASURE);
    scene_spots(scene);
    SCENE_OK(cel_path_identify(scene->path, scene->desk.bench, NULL, &scene_error));
    const CelHit *first = g_ptr_array_index(cel_path_result(scene->path)->hits, 0);
    g_assert_cmpstr(first->substance->id, ==, "alpha");
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    scene_pack(scene, "B1");
    g_autofree char *fid = scene_finish(scene, LI);
    replays_alike(scene, fid);
}

static void refuses_codes_that_are_wrong_or_foreign(Scene *scene, gconstpointer data)
{
    (void)data;
    room_receive(&scene->room, "9"); /* of this case, in the lab already */
    room_sign_in(&scene->room, WANG);
    scene_begin(scene, CEL_PATH_FIELD);
    static const char *const cases[][2] = {
        {"CELX0123456789ABCDEF", "No exhibit of this lab carries"},
        {"2026-9999/1", "the case that is open here"},
        {"", "empty or not readable"},
        {" \t", "empty or not readable"},
        {"1\n2", "empty or not readable"},
        {"no 1", "no number of an exhibit"},
        {"9", "is \"received\""},
        {ROOM_CASE "/9", "is \"received\""},
        {"\xff\xfe", "empty or not readable"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        SCENE_REFUSED(cel_path_scan(scene->path, cases[i][0], &scene_error), cases[i][1]);
    SCENE_OK(cel_path_scan(scene->path, ROOM_CASE "/1-甲", &scene_error));
    SCENE_OK(cel_path_scan(scene->path, "1-甲", &scene_error)); /* once more is no fault */
    SCENE_REFUSED(cel_path_scan(scene->path, "2", &scene_error), "scanned before");
}

static void works_on_an_exhibit_in_one_place_only(Scene *scene, gconstpointer data)
{
    (void)data;
    const CelPathSetup setup = scene_setup(CEL_PATH_FIELD);
    scene_begin(scene, CEL_PATH_FIELD);
    SCENE_OK(cel_path_scan(scene->path, "1", &scene_error));
    g_autoptr(CelPath) other = cel_path_begin(scene->room.lab, &setup, NULL);
    SCENE_REFUSED(cel_path_scan(other, "1", &scene_error), "being worked on already");
    SCENE_OK(cel_path_scan(other, "2", &scene_error));
    SCENE_REFUSED(
        cel_path_resume(scene->room.lab, cel_path_id(scene->path), setup.clock, NULL, &scene_error),
        "another window");
}

static void takes_no_answer_that_is_none(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    static const char *const cases[][3] = {
        {"hazard", "perhaps", "the answers are"},
        {"spots", "2", "the answers are"},
        {"weather", "fine", "no question"},
        {"enough", "yes", "planned spots"},
        {"colour", "", "empty"},
        {"safety", "no", "the answers are"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        SCENE_REFUSED(cel_path_answer(scene->path, cases[i][0], cases[i][1], &scene_error),
                      cases[i][2]);
    SCENE_REFUSED(cel_path_answer(scene->path, "hazard", NULL, &scene_error), "the answers are");
}

static void keeps_an_answer_that_was_acted_upon(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_answer(scene->path, "hazard", "yes", &scene_error));
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    SCENE_OK(cel_path_answer(scene->path, "spots", "4", &scene_error));
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    SCENE_REFUSED(cel_path_answer(scene->path, "hazard", "yes", &scene_error), "stays");
    SCENE_REFUSED(cel_path_answer(scene->path, "spots", "3", &scene_error), "stays");
    SCENE_REFUSED(cel_path_answer(scene->path, "through", "yes", &scene_error), "stays");
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpuint(view->planned, ==, 4);
}

static void counts_a_failed_shot_as_planned(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    SCENE_OK(hold(scene, CEL_PATH_SHOT_DUE, &all_held, &scene_error));
    SCENE_OK(cel_path_fail(scene->path, "the operator stopped it", &scene_error));
    scene_spots(scene);
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpuint(view->taken, ==, 4);
    g_assert_cmpuint(view->valid, ==, 3);
    SCENE_OK(cel_path_identify(scene->path, scene->desk.bench, NULL, &scene_error));
    const CelIdentification *answer = cel_path_result(scene->path);
    g_assert_cmpuint(answer->replicates.planned, ==, 4);
    g_assert_cmpuint(answer->replicates.valid, ==, 3);
    gboolean listed = FALSE;
    for (guint i = 0; i < answer->replicates.reasons->len; i++)
        listed = listed || strstr(g_ptr_array_index(answer->replicates.reasons, i),
                                  "the operator stopped it") != NULL;
    g_assert_true(listed);
}

static void counts_good_spots_that_were_not_set_aside(Scene *scene, gconstpointer data)
{
    static const struct {
        CelPathShotKind kind;
        const char *state, *set_aside;
        gboolean good, counts;
    } rows[] = {
        {CEL_PATH_SHOT_SPOT, "valid", NULL, TRUE, TRUE},
        {CEL_PATH_SHOT_SPOT, "valid", "moved", FALSE, FALSE},
        {CEL_PATH_SHOT_SPOT, "saturated", NULL, FALSE, FALSE},
        {CEL_PATH_SHOT_SPOT, "altered", NULL, FALSE, FALSE},
        {CEL_PATH_SHOT_SPOT, "no-light", NULL, FALSE, FALSE},
        {CEL_PATH_SHOT_SPOT, "failed", NULL, FALSE, FALSE},
        {CEL_PATH_SHOT_CHECK, "valid", NULL, TRUE, FALSE},
        {CEL_PATH_SHOT_BLANK, "valid", NULL, TRUE, FALSE},
        {CEL_PATH_SHOT_CLOSING, "failed", NULL, FALSE, FALSE},
    };
    (void)scene;
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const CelPathShot shot = {.kind = rows[i].kind,
                                  .state = (char *)(gsize)rows[i].state,
                                  .set_aside = (char *)(gsize)rows[i].set_aside};
        g_assert_cmpint(cel_path_shot_is_good(&shot), ==, rows[i].good);
        g_assert_cmpint(cel_path_shot_counts(&shot), ==, rows[i].counts);
    }
}

static void fall_asleep(const char *stage, guint64 done, guint64 total, gpointer slept_ms)
{
    (void)done;
    (void)total;
    if (strstr(stage, "Measuring") != NULL)
        g_atomic_int_set((gint *)slept_ms, 8 * 3600 * 1000);
}

/* Nobody told that the computer would sleep: the clocks tell it afterwards. */
static void lists_a_shot_that_the_computer_slept_through_with_the_reason(Scene *scene,
                                                                         gconstpointer data)
{
    gint slept_ms = 0;
    CelAcquireOptions options = {0};
    CelPathSetup setup = scene_setup(CEL_PATH_FIELD);
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) why = NULL;
    (void)data;
    setup.clock.made_up_sleep_ms = &slept_ms;
    scene->path = cel_path_begin(scene->room.lab, &setup, &error);
    g_assert_no_error(error);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    SCENE_OK(cel_path_hold(scene->path, CEL_PATH_SHOT_DUE, &all_held, &options, &scene_error));
    g_autoptr(CelDevice) device = scene_device(scene, CEL_PATH_SHOT_SPOT, &error);
    g_autoptr(CelJob) job = cel_job_new(NULL, fall_asleep, &slept_ms);
    g_assert_null(cel_device_acquire(device, &options, job, &why));
    SCENE_OK(cel_path_fail(scene->path, why->message, &scene_error));
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpuint(view->valid, ==, 1); /* what was before is kept */
    g_assert_cmpstr(cel_path_view_last_shot(view)->state, ==, "failed");
    g_assert_nonnull(strstr(cel_path_view_last_shot(view)->problem, "went to sleep"));
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error)); /* awake, and goes on */
}

static void goes_on_with_too_few_spots_only_by_word(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    for (int i = 0; i < 2; i++) {
        SCENE_OK(hold(scene, CEL_PATH_SHOT_DUE, &all_held, &scene_error));
        SCENE_OK(cel_path_fail(scene->path, "no light", &scene_error));
    }
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "planned spots");
    SCENE_OK(cel_path_answer(scene->path, "enough", "yes", &scene_error));
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_RESULT);
    SCENE_OK(cel_path_identify(scene->path, scene->desk.bench, NULL, &scene_error));
    g_assert_cmpint(cel_path_result(scene->path)->outcome, !=, CEL_OUTCOME_FOUND);
}

static guint64 last_seq(Scene *scene)
{
    g_autoptr(CelPathView) view = scene_view(scene);
    return ((CelPathShot *)g_ptr_array_index(view->shots, view->shots->len - 1))->seq;
}

static void sets_a_shot_aside_with_a_reason_and_two_persons(Scene *scene, gconstpointer data)
{
    (void)data;
    const CelLabPerson second = scene_person(scene, LI), officer = scene_person(scene, ZHAO);
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_RESULT);
    const guint64 seq = last_seq(scene);
    SCENE_REFUSED(cel_path_set_aside(scene->path, seq, "", &second, &scene_error), "reason");
    SCENE_REFUSED(cel_path_set_aside(scene->path, seq, "样品移动", NULL, &scene_error), "second");
    SCENE_REFUSED(cel_path_set_aside(scene->path, seq, "样品移动", &officer, &scene_error),
                  "may not agree");
    SCENE_REFUSED(cel_path_set_aside(scene->path, 9999, "样品移动", &second, &scene_error),
                  "no such measurement");
    SCENE_OK(cel_path_set_aside(scene->path, seq, "样品移动", &second, &scene_error));
    SCENE_REFUSED(cel_path_set_aside(scene->path, seq, "样品移动", &second, &scene_error),
                  "set aside before");
    SCENE_OK(cel_path_back(scene->path, &scene_error));
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpuint(view->valid, ==, 2);
    g_assert_cmpint(view->due.kind, ==, CEL_PATH_SHOT_SPOT);
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    scene_result(scene);
    scene_pack(scene, "B1");
    g_autofree char *fid = scene_finish(scene, LI);
    g_autofree char *ids = gate_ids(scene, fid);
    g_assert_null(strstr(ids, "left-out"));
    g_assert_null(strstr(ids, "discarded"));
}

static void lets_an_officer_set_their_own_shot_aside(Scene *scene, gconstpointer data)
{
    (void)data;
    const CelLabPerson me = scene_person(scene, ZHAO), technician = scene_person(scene, WANG),
                       second = scene_person(scene, LI);
    CelPathSetup setup = scene_setup(CEL_PATH_FIELD);
    room_sign_in(&scene->room, ZHAO);
    SCENE_OK((scene->path = cel_path_begin(scene->room.lab, &setup, &scene_error)) != NULL);
    scene_go_to(scene, CEL_PATH_STEP_RESULT);
    const guint64 seq = last_seq(scene);
    SCENE_REFUSED(cel_path_set_aside(scene->path, seq, "moved", NULL, &scene_error), "second");
    SCENE_REFUSED(cel_path_set_aside(scene->path, seq, "moved", &me, &scene_error),
                  "must be another one");
    SCENE_REFUSED(cel_path_set_aside(scene->path, seq, "moved", &technician, &scene_error),
                  "may not agree");
    SCENE_OK(cel_path_set_aside(scene->path, seq, "moved", &second, &scene_error));
    const CelRowQuery query = {.match = {{"seq", NULL, (gint64)seq}}};
    g_autoptr(JsonObject) row =
        cel_register_row(cel_lab_register(scene->room.lab), CEL_ROW_ACQUISITION, &query, NULL);
    g_assert_cmpint(cel_row_number(row, "discarded_seq"), >, 0); /* on record, nothing deleted */
    const CelRowQuery event = {.match = {{"act", "discard_acquisition", 0}}};
    g_autoptr(JsonObject) why =
        cel_register_row(cel_lab_register(scene->room.lab), CEL_ROW_EVENT, &event, NULL);
    g_assert_cmpstr(cel_row_text(why, "why"), ==, "The sample or the instrument moved");
    g_assert_cmpstr(cel_row_text(why, "op_role"), ==, "officer");
}

static void hands_the_hazard_to_the_laser(Scene *scene, gconstpointer data)
{
    (void)data;
    CelAcquireOptions options = {0};
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_BLANK);
    SCENE_OK(cel_path_answer(scene->path, "through", "no", &scene_error));
    SCENE_OK(cel_path_hold(scene->path, CEL_PATH_SHOT_DUE, &all_held, &options, &scene_error));
    g_assert_cmpint(options.confirmation.sample_hazard, ==, CEL_HAZARD_NO); /* nothing but air */
    SCENE_OK(cel_path_fail(scene->path, "x", &scene_error));
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    SCENE_OK(cel_path_answer(scene->path, "hazard", "unknown", &scene_error));
    SCENE_OK(cel_path_hold(scene->path, CEL_PATH_SHOT_DUE, &all_held, &options, &scene_error));
    g_assert_cmpint(options.confirmation.sample_hazard, ==, CEL_HAZARD_UNKNOWN);
    g_assert_true(options.confirmation.eyewear_on);
    g_assert_cmpuint(options.frames, ==, 3);
    SCENE_OK(cel_path_fail(scene->path, "x", &scene_error));
}

static void caps_the_power_once_a_shot_points_to_an_explosive(Scene *scene, gconstpointer data)
{
    (void)data;
    CelAcquireOptions options = {0};
    CelSubstance tnt = made_substance("tnt", "explosive");
    CelHit hit = {.substance = &tnt};
    g_autoptr(GPtrArray) hits = g_ptr_array_new();
    g_ptr_array_add(hits, &hit);
    CelIdentification single = {.outcome = CEL_OUTCOME_INCONCLUSIVE, .hits = hits};
    single.ceiling = (char *)(gsize) "lead:tnt";
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    SCENE_OK(cel_path_judged(scene->path, last_seq(scene), &single, &scene_error));
    SCENE_OK(cel_path_hold(scene->path, CEL_PATH_SHOT_DUE, &all_held, &options, &scene_error));
    g_assert_true(options.ramp);
    g_assert_cmpfloat(options.laser_cap_mw, >, 0.0);
    SCENE_OK(cel_path_fail(scene->path, "x", &scene_error));
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_true(view->capped);
    g_assert_cmpstr(view->cap_why, ==, "tnt");
}

static void shows_how_the_spots_agree(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    for (guint i = 1; i <= 2; i++) {
        SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
        g_autoptr(CelWork) work =
            cel_path_work_of(scene->path, last_seq(scene), scene->desk.bench, NULL, NULL);
        SCENE_OK(cel_work_identify(work, NULL, &scene_error));
        SCENE_OK(
            cel_path_judged(scene->path, last_seq(scene), cel_work_answer(work), &scene_error));
        g_autoptr(CelPathView) view = scene_view(scene);
        g_assert_cmpuint(view->agree, ==, i);
        const CelPathShot *shot = g_ptr_array_index(view->shots, view->shots->len - 1);
        g_assert_cmpstr(shot->judged_as, ==, "alpha");
    }
}

static void gives_every_bag_its_own_number(Scene *scene, gconstpointer data)
{
    (void)data;
    room_receive(&scene->room, "7"); /* in a bag with seal A7 */
    room_sign_in(&scene->room, WANG);
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_PACK);
    SCENE_REFUSED(cel_path_pack(scene->path, "A7", &scene_error), "on record for exhibit 7");
    SCENE_REFUSED(cel_path_pack(scene->path, "  ", &scene_error), "scan it again");
    SCENE_REFUSED(cel_path_pack(scene->path, NULL, &scene_error), "scan it again");
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "photo after");
    SCENE_OK(cel_path_pack(scene->path, " B1 ", &scene_error));
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpstr(view->seal_no, ==, "B1");
}

static gboolean finish_by(Scene *scene, Who second, GError **error)
{
    const CelLabPerson other = scene_person(scene, MIN(second, SUN));
    const CelPathFinish finish = {.second = second < N_PEOPLE ? &other : NULL};
    return cel_path_finish(scene->path, &finish, NULL, NULL, error);
}

static void is_finished_by_two_different_persons(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    SCENE_REFUSED(finish_by(scene, LI, &scene_error), "This belongs to the step");
    scene_go_to(scene, CEL_PATH_STEP_SIGN);
    guint64 before = 0, after = 0;
    cel_ledger_size(cel_lab_ledger(scene->room.lab), &before, NULL);
    SCENE_REFUSED(finish_by(scene, N_PEOPLE, &scene_error), "second key");
    SCENE_REFUSED(finish_by(scene, WANG, &scene_error), "another person");
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "Not yet");
    cel_ledger_size(cel_lab_ledger(scene->room.lab), &after, NULL);
    g_assert_cmpuint(before, ==, after);
    SCENE_OK(finish_by(scene, LI, &scene_error));
    SCENE_REFUSED(cel_path_back(scene->path, &scene_error), "over");
    SCENE_REFUSED(finish_by(scene, LI, &scene_error), "over");
}

static void hands_the_exhibit_over_when_somebody_takes_it(Scene *scene, gconstpointer data)
{
    (void)data;
    const CelLabPerson other = scene_person(scene, LI);
    const CelParty to = {"物证室", "孙丽", "P0001"};
    const CelPathFinish finish = {.second = &other, .to = &to, .storage = "3号柜"};
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_SIGN);
    SCENE_OK(cel_path_finish(scene->path, &finish, NULL, NULL, &scene_error));
    g_autoptr(JsonObject) row = room_exhibit(&scene->room, "1");
    g_assert_cmpstr(cel_row_text(row, "holder_person"), ==, "孙丽");
}

static void marks_work_whose_recipe_changed_after_an_answer(Scene *scene, gconstpointer data)
{
    (void)data;
    const char *const libraries[] = {scene->desk.library, NULL};
    const CelBenchOptions options = {
        .library_paths = libraries, .only_paths = TRUE, .recipe_text = "celadon-recipe 1 other\n"};
    g_autoptr(GError) error = NULL;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_RESULT);
    SCENE_OK(cel_path_identify(scene->path, scene->desk.bench, NULL, &scene_error));
    SCENE_OK(cel_path_identify(scene->path, scene->desk.bench, NULL, &scene_error));
    g_autoptr(CelPathView) same = scene_view(scene);
    g_assert_null(same->exploratory);
    CelBench *bench = cel_bench_open(&options, NULL, &error);
    g_assert_no_error(error);
    SCENE_OK(cel_path_identify(scene->path, bench, NULL, &scene_error));
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_nonnull(view->exploratory);
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    scene_pack(scene, "B1");
    g_autofree char *fid = scene_finish(scene, LI);
    g_autofree char *ids = gate_ids(scene, fid);
    g_assert_nonnull(strstr(ids, "exploratory"));
    cel_path_close(g_steal_pointer(&scene->path));
    cel_bench_close(bench);
}

static void refuses_a_setup_that_breaks_the_rules(Scene *scene, gconstpointer data)
{
    (void)data;
    CelPathSetup bad[] = {scene_setup(CEL_PATH_FIELD), scene_setup(CEL_PATH_FIELD),
                          scene_setup(CEL_PATH_FIELD), scene_setup(CEL_PATH_FIELD),
                          scene_setup(CEL_PATH_FIELD), scene_setup(CEL_PATH_FIELD)};
    static const char *const words[] = {"case is open first", "Three to five",    "Three to five",
                                        "three frames",       "no such standard", "not readable"};
    bad[0].case_id = NULL;
    bad[1].spots = 2;
    bad[2].spots = 6;
    bad[3].frames = 2;
    bad[4].standard = "neon";
    bad[5].place = "a\nb";
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        SCENE_REFUSED(cel_path_begin(scene->room.lab, &bad[i], &scene_error), words[i]);
    room_sign_in(&scene->room, LI); /* a reviewer does not measure */
    const CelPathSetup good = scene_setup(CEL_PATH_FIELD);
    SCENE_REFUSED(cel_path_begin(scene->room.lab, &good, &scene_error), "may not do");
}

static void lets_an_officer_go_the_field_way(Scene *scene, gconstpointer data)
{
    (void)data;
    room_sign_in(&scene->room, ZHAO);
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_SIGN);
    g_autofree char *fid = scene_finish(scene, WANG);
    g_assert_nonnull(fid);
}

static void takes_no_simulated_instrument_in_a_true_lab(Scene *scene, gconstpointer data)
{
    Room room;
    (void)data;
    room_set_up(&room, NULL);
    room_sign_in(&room, WANG);
    const CelPathSetup setup = scene_setup(CEL_PATH_FIELD);
    scene->path = cel_path_begin(room.lab, &setup, NULL);
    SCENE_REFUSED(scene_connect(scene, &scene_error), "training lab");
    cel_path_close(g_steal_pointer(&scene->path));
    room_tear_down(&room, NULL);
}

static void copies_a_snapshot_deeply(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_BLANK);
    CelPathView *view = scene_view(scene);
    g_autofree char *before = cel_path_view_json(view);
    g_autoptr(CelPathView) copy = cel_path_view_copy(view);
    cel_path_view_free(view);
    g_autofree char *after = cel_path_view_json(copy);
    g_assert_cmpstr(before, ==, after);
    g_assert_nonnull(strstr(after, "\"step\":\"blank\""));
    g_autoptr(JsonNode) node = json_from_string(after, NULL);
    g_assert_nonnull(node);
}

/* Exposures are no attended time. */
static void counts_attended_time_without_the_laser(Scene *scene, gconstpointer data)
{
    (void)data;
    CelAcquireOptions options;
    g_autoptr(CelMeasurement) m = simulated(NULL, 5);
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    SCENE_OK(scene_connect(scene, &scene_error));
    SCENE_OK(cel_path_hold(scene->path, CEL_PATH_SHOT_DUE, &all_held, &options, &scene_error));
    g_usleep(100000);
    m->ended_wall_us = m->started_wall_us + 80000;
    g_autoptr(GError) error = NULL;
    cel_path_take(scene->path, m, NULL, &error); /* no polystyrene: on record, not judged */
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpint(view->laser_us, ==, 80000);
    g_assert_cmpuint(view->shots->len, ==, 1);
    g_assert_cmpint(view->attended_us, >=, 20000);
    g_assert_cmpint(view->attended_us, <=,
                    cel_clock_wall_us(cel_clock_system()) - view->started_us - view->laser_us +
                        1000);
}

static void offers_what_was_said_of_the_surroundings_before(Scene *scene, gconstpointer data)
{
    (void)data;
    g_auto(CelPathSurroundings) none = {NULL, NULL}, said = {NULL, NULL}, later = {NULL, NULL};
    const gint64 day_us = 24 * (gint64)G_TIME_SPAN_HOUR;
    CelLab *lab = scene->room.lab;
    SCENE_OK(cel_path_surroundings(lab, cel_clock_system(), &none, &scene_error));
    g_assert_cmpuint(none.places->len, ==, 0);
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    scene_check(scene);
    scene_blank(scene);
    SCENE_OK(cel_path_surroundings(lab, cel_clock_system(), &said, &scene_error));
    g_assert_cmpuint(said.places->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(said.places, 0), ==, "某河段3号排口");
    g_assert_cmpuint(said.environments->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(said.environments, 0), ==, "22 C, 45 %");
    const CelClock tomorrow = cel_clock_fixed(g_get_real_time() + day_us);
    SCENE_OK(cel_path_surroundings(lab, tomorrow, &later, &scene_error));
    g_assert_cmpuint(later.places->len, ==, 1);
    g_assert_cmpuint(later.environments->len, ==, 0); /* another day, another air */
}

/* ---- the camera's folder ---- */

static void write_file(const char *folder, const char *name, const char *text, gsize n)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, (gssize)n, NULL));
}

static void finds_the_newest_whole_picture(Scene *scene, gconstpointer data)
{
    (void)data;
    const char *folder = scene->desk.folder;
    static const char half[] = "\x89PNG\r\n\x1a\n and then nothing more for now";
    static const char jpeg[] = "\xff\xd8\xff\xe0 0123456789 \xff\xd9";
    g_autoptr(GError) error = NULL;
    g_autofree char *none = cel_path_newest_photo(folder, 0, &error);
    g_assert_null(none);
    g_assert_no_error(error);
    g_autofree char *first = scene_picture(scene, folder);
    g_autofree char *found = cel_path_newest_photo(folder, 0, &error);
    g_assert_cmpstr(found, ==, first);
    const gint64 since_us = g_get_real_time();
    g_assert_null(cel_path_newest_photo(folder, since_us, &error));
    g_usleep(20000);
    write_file(folder, "b.txt", "no picture at all, whatever its name", 30);
    write_file(folder, "c.png", half, sizeof half - 1);
    g_assert_null(cel_path_newest_photo(folder, since_us, &error));
    write_file(folder, "d.jpg", jpeg, sizeof jpeg - 1);
    g_autofree char *second = cel_path_newest_photo(folder, since_us, &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_suffix(second, "d.jpg"));
    g_assert_null(cel_path_newest_photo("/nowhere", 0, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_picture_of_a_time_to_come_is_not_the_newest(Scene *scene, gconstpointer data)
{
    struct utimbuf tomorrow = {.actime = time(NULL) + 86400, .modtime = time(NULL) + 86400};
    const char *folder = scene->desk.folder;
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *picture = scene_picture(scene, folder);
    g_assert_cmpint(g_utime(picture, &tomorrow), ==, 0);
    g_assert_null(cel_path_newest_photo(folder, 0, &error));
    g_assert_no_error(error);
}

static void follows_no_link_to_a_picture(Scene *scene, gconstpointer data)
{
    (void)data;
    g_autofree char *outside = scene_picture(scene, scene->room.folder);
    g_autofree char *link = g_build_filename(scene->desk.folder, "link.png", NULL);
    g_assert_cmpint(symlink(outside, link), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_path_newest_photo(scene->desk.folder, 0, &error));
    g_assert_no_error(error);
}

static void takes_only_pictures_for_photos(Scene *scene, gconstpointer data)
{
    (void)data;
    g_autofree char *text = g_build_filename(scene->desk.folder, "a.png", NULL);
    write_file(scene->desk.folder, "a.png", "hello hello hello", 17);
    scene_begin(scene, CEL_PATH_FIELD);
    SCENE_REFUSED(cel_path_photo(scene->path, text, NULL, &scene_error), "neither PNG nor JPEG");
    SCENE_REFUSED(cel_path_photo(scene->path, "/nowhere.png", NULL, &scene_error), "nowhere");
    g_autofree char *good = scene_picture(scene, scene->desk.folder);
    SCENE_REFUSED(cel_path_photo(scene->path, good, "holiday", &scene_error), "holiday");
    SCENE_OK(cel_path_photo(scene->path, good, NULL, &scene_error));
    SCENE_OK(cel_path_photo(scene->path, good, "scene", &scene_error));
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpuint(view->photos->len, ==, 1); /* the same one is one */
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *path;
        void (*run)(Scene *, gconstpointer);
    } tests[] = {
        {"/path/goes-the-field-way-with-six-touches", goes_the_field_way_with_six_touches},
        {"/path/leaves-to-the-gate-only-what-comes-later",
         leaves_to_the_gate_only_what_comes_later},
        {"/path/signs-the-bag-by-two-and-keeps-the-photos",
         signs_the_bag_by_two_and_keeps_the_photos},
        {"/path/names-everything-the-scan-screen-misses", names_everything_the_scan_screen_misses},
        {"/path/asks-for-a-witness-when-none-was-named-before",
         asks_for_a_witness_when_none_was_named_before},
        {"/path/gives-no-light-out-of-order", gives_no_light_out_of_order},
        {"/path/takes-one-shot-a-hold", takes_one_shot_a_hold},
        {"/path/needs-no-second-check-on-the-same-day", needs_no_second_check_on_the_same_day},
        {"/path/goes-on-only-with-a-check-that-passed", goes_on_only_with_a_check_that_passed},
        {"/path/measures-through-a-bag-only-with-its-blank",
         measures_through_a_bag_only_with_its_blank},
        {"/path/refuses-codes-that-are-wrong-or-foreign", refuses_codes_that_are_wrong_or_foreign},
        {"/path/works-on-an-exhibit-in-one-place-only", works_on_an_exhibit_in_one_place_only},
        {"/path/takes-no-answer-that-is-none", takes_no_answer_that_is_none},
        {"/path/keeps-an-answer-that-was-acted-upon", keeps_an_answer_that_was_acted_upon},
        {"/path/counts-a-failed-shot-as-planned", counts_a_failed_shot_as_planned},
        {"/path/counts-good-spots-that-were-not-set-aside",
         counts_good_spots_that_were_not_set_aside},
        {"/path/lists-a-shot-that-the-computer-slept-through-with-the-reason",
         lists_a_shot_that_the_computer_slept_through_with_the_reason},
        {"/path/goes-on-with-too-few-spots-only-by-word", goes_on_with_too_few_spots_only_by_word},
        {"/path/sets-a-shot-aside-with-a-reason-and-two-persons",
         sets_a_shot_aside_with_a_reason_and_two_persons},
        {"/path/lets-an-officer-set-their-own-shot-aside",
         lets_an_officer_set_their_own_shot_aside},
        {"/path/hands-the-hazard-to-the-laser", hands_the_hazard_to_the_laser},
        {"/path/caps-the-power-once-a-shot-points-to-an-explosive",
         caps_the_power_once_a_shot_points_to_an_explosive},
        {"/path/shows-how-the-spots-agree", shows_how_the_spots_agree},
        {"/path/gives-every-bag-its-own-number", gives_every_bag_its_own_number},
        {"/path/is-finished-by-two-different-persons", is_finished_by_two_different_persons},
        {"/path/hands-the-exhibit-over-when-somebody-takes-it",
         hands_the_exhibit_over_when_somebody_takes_it},
        {"/path/marks-work-whose-recipe-changed-after-an-answer",
         marks_work_whose_recipe_changed_after_an_answer},
        {"/path/refuses-a-setup-that-breaks-the-rules", refuses_a_setup_that_breaks_the_rules},
        {"/path/lets-an-officer-go-the-field-way", lets_an_officer_go_the_field_way},
        {"/path/takes-no-simulated-instrument-in-a-true-lab",
         takes_no_simulated_instrument_in_a_true_lab},
        {"/path/copies-a-snapshot-deeply", copies_a_snapshot_deeply},
        {"/path/offers-surroundings", offers_what_was_said_of_the_surroundings_before},
        {"/path/counts-attended-time-without-the-laser", counts_attended_time_without_the_laser},
        {"/path/finds-the-newest-whole-picture", finds_the_newest_whole_picture},
        {"/path/newest-picture/of-a-time-to-come", a_picture_of_a_time_to_come_is_not_the_newest},
        {"/path/follows-no-link-to-a-picture", follows_no_link_to_a_picture},
        {"/path/takes-only-pictures-for-photos", takes_only_pictures_for_photos},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Scene, NULL, scene_set_up, tests[i].run, scene_tear_down);
    return g_test_run();
}
