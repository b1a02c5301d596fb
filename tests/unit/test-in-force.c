/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calibration that a lab's instrument measures with: who puts it in force, what holds. */
#include "bench/cel-lab-calibration.h"
#include "bench/cel-lab-check.h"
#include "cel-standard.h"
#include "lab-fixture.h"

#define SERIAL "WP-1"

/* @coefficients: 0: it corrects recorded shifts. */
static CelCalibrationObject *calibration(const char *id, guint coefficients)
{
    CelCalibrationObject *object = cel_calibration_object_new(CEL_CALIBRATION_SHIFT);
    CelCalibration *c = &object->calibration;
    g_autoptr(GBytes) recording = g_bytes_new_static("recorded", 8);
    g_strlcpy(c->id, id, sizeof c->id);
    g_strlcpy(c->serial, SERIAL, sizeof c->serial);
    c->medium = CEL_UNIT_NM_AIR;
    c->laser_nm = 785.1;
    c->n_coefficients = coefficients;
    c->coefficients[0] = 800.0;
    c->coefficients[1] = 0.2;
    cel_calibration_object_input(object, "1.h5", recording, "polystyrene");
    return object;
}

static char *put(Room *room, Who who, CelCalibrationObject *object, gboolean in_force,
                 GError **error)
{
    g_autoptr(GBytes) recording = g_bytes_new_static("recorded", 8);
    GBytes *const recordings[] = {recording};
    room->now_us += 60 * G_USEC_PER_SEC;
    const CelCalibrationSeal seal = {.object = object,
                                     .recordings = recordings,
                                     .in_force = in_force,
                                     .clock = cel_clock_fixed(room->now_us)};
    char *path = NULL;
    room_sign_in(room, who);
    return cel_lab_calibrate(room->lab, &seal, &path, NULL, error) ? path : NULL;
}

static char *must_put(Room *room, const char *id)
{
    g_autoptr(CelCalibrationObject) object = calibration(id, 2);
    g_autoptr(GError) error = NULL;
    char *path = put(room, WANG, object, TRUE, &error);
    g_assert_no_error(error);
    return path;
}

static void assert_holds(Room *room, CelInForce *in_force, const char *id)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_lab_in_force(room->lab, SERIAL, room->now_us, in_force, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(in_force->calibration.id, ==, id);
    g_assert_true((in_force->seq == 0) == (*id == '\0'));
}

static void holds_the_newest_that_was_put_in_force(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(CelCalibrationObject) aside = calibration("aside", 2);
    CelInForce in_force = {0};
    assert_holds(room, &in_force, "");
    g_autofree char *first = must_put(room, "first");
    assert_holds(room, &in_force, "first");
    g_assert_cmpfloat_with_epsilon(in_force.calibration.laser_nm, 785.1, 1e-12);
    g_autofree char *sealed_only = put(room, WANG, aside, FALSE, NULL);
    g_assert_nonnull(sealed_only);
    assert_holds(room, &in_force, "first");
    g_autofree char *second = must_put(room, "second");
    assert_holds(room, &in_force, "second");
    g_assert_cmpstr(first, !=, second);
    CelInForce other = {0};
    g_assert_true(cel_lab_in_force(room->lab, "WP-2", room->now_us, &other, NULL, NULL));
    g_assert_cmpuint(other.seq, ==, 0);
}

static void is_no_officers_word(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(CelCalibrationObject) object = calibration("first", 2);
    g_autoptr(GError) error = NULL;
    g_assert_null(put(room, ZHAO, object, TRUE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    CelInForce in_force = {0};
    assert_holds(room, &in_force, "");
    g_autofree char *archive = g_build_filename(room->folder, "archive", NULL);
    g_autoptr(GDir) dir = g_dir_open(archive, 0, NULL);
    g_assert_true(dir == NULL || g_dir_read_name(dir) == NULL); /* no file without an event */
}

static void needs_wavelengths_of_pixels(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(CelCalibrationObject) object = calibration("shifts", 0);
    g_autoptr(GError) error = NULL;
    g_assert_null(put(room, WANG, object, TRUE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_autofree char *sealed = put(room, WANG, object, FALSE, NULL);
    g_assert_nonnull(sealed);
}

static void holds_no_longer_than_it_is_valid(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(CelCalibrationObject) object = calibration("short", 2);
    object->calibration.valid_until_wall_us = room->now_us + 120 * G_USEC_PER_SEC;
    g_autofree char *path = put(room, WANG, object, TRUE, NULL);
    g_assert_nonnull(path);
    CelInForce in_force = {0};
    assert_holds(room, &in_force, "short");
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_lab_in_force(room->lab, SERIAL, room->now_us + G_TIME_SPAN_HOUR, &in_force,
                                    NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_cmpuint(in_force.seq, ==, 0);
}

static void takes_no_other_file_for_it(Room *room, gconstpointer data)
{
    (void)data;
    g_autofree char *first = must_put(room, "first");
    g_autofree char *second = must_put(room, "second");
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(g_unlink(second), ==, 0);
    g_assert_cmpint(g_rename(first, second), ==, 0);
    CelInForce in_force = {0};
    g_assert_false(cel_lab_in_force(room->lab, SERIAL, room->now_us, &in_force, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_cmpuint(in_force.seq, ==, 0);
}

static gboolean way_back(Room *room, Who who, const char *why, GError **error)
{
    room->now_us += 60 * G_USEC_PER_SEC;
    const CelWayBack back = {SERIAL, why, cel_clock_fixed(room->now_us)};
    room_sign_in(room, who);
    return cel_lab_way_back(room->lab, &back, error);
}

static void assert_refused(Room *room, Who who, const char *why, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(way_back(room, who, why, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_nonnull(strstr(error->message, words));
}

static void gives_way_to_the_instruments_own(Room *room, gconstpointer data)
{
    (void)data;
    CelInForce in_force = {0};
    g_autoptr(GError) error = NULL;
    g_free(must_put(room, "first"));
    assert_holds(room, &in_force, "first");
    g_assert_true(way_back(room, WANG, "lamp was scanned out of focus", &error));
    g_assert_no_error(error);
    assert_holds(room, &in_force, "");
    const CelRowQuery newest = {.newest_first = TRUE, .most = 1};
    g_autoptr(JsonObject) row =
        cel_register_row(cel_lab_register(room->lab), CEL_ROW_CHECK, &newest, NULL);
    g_assert_cmpstr(cel_row_text(row, "why"), ==, "lamp was scanned out of focus");
    g_assert_cmpstr(cel_row_text(row, "op_id"), ==, "P0017");
    g_free(must_put(room, "second")); /* and it may be left again */
    assert_holds(room, &in_force, "second");
}

static void gives_way_also_when_its_file_is_gone(Room *room, gconstpointer data)
{
    (void)data;
    CelInForce in_force = {0};
    g_autofree char *first = must_put(room, "first");
    g_assert_cmpint(g_unlink(first), ==, 0);
    g_assert_false(cel_lab_in_force(room->lab, SERIAL, room->now_us, &in_force, NULL, NULL));
    g_assert_true(way_back(room, SUN, "file lost", NULL));
    assert_holds(room, &in_force, "");
}

static void gives_way_for_a_reason_and_by_whoever_may(Room *room, gconstpointer data)
{
    (void)data;
    CelInForce in_force = {0};
    assert_refused(room, WANG, "no need", "its own calibration"); /* nothing was put in force */
    g_free(must_put(room, "first"));
    assert_refused(room, WANG, NULL, "reason");
    assert_refused(room, ZHAO, "in the field", "may not put a calibration in force");
    assert_holds(room, &in_force, "first");
    g_assert_true(way_back(room, LI, "found wrong", NULL));
    assert_refused(room, LI, "again", "its own calibration");
}

/* What was checked with the lab's calibration does not speak for the instrument's own. */
static void asks_for_a_new_check_after_the_way_back(Room *room, gconstpointer data)
{
    (void)data;
    CelDayVerdict verdict;
    g_free(must_put(room, "first"));
    room->now_us += 60 * G_USEC_PER_SEC;
    const CelDaybookEntry entry = {.serial = SERIAL, .kind = "performance", .calibration = "first"};
    CelQualification q = {.standard = cel_standard_find("silicon"), .verdict = CEL_CHECK_PASS};
    q.lines = g_array_new(FALSE, TRUE, sizeof(CelCheckedLine));
    q.reasons = g_ptr_array_new();
    g_strlcpy(q.limits.source, "made", sizeof q.limits.source);
    g_autoptr(JsonObject) facts = cel_daybook_data(&q, &entry);
    const CelDigestPair digests = cel_digest_pair("x", 1);
    const CelEventRequest request = {.act = CEL_ACT_CHECK,
                                     .file = &digests,
                                     .data = facts,
                                     .clock = cel_clock_fixed(room->now_us)};
    g_autoptr(GError) error = NULL;
    cel_lab_record(room->lab, &request, NULL, NULL, &error);
    g_assert_no_error(error);
    CelRegister *reg = cel_lab_register(room->lab);
    g_assert_true(cel_daybook_judge(reg, SERIAL, room->now_us + 1, &verdict, NULL));
    g_assert_cmpint(verdict.state, ==, CEL_DAY_OK);
    g_assert_true(way_back(room, WANG, "drift", NULL));
    g_assert_true(cel_daybook_judge(reg, SERIAL, room->now_us + 1, &verdict, NULL));
    g_assert_cmpint(verdict.state, ==, CEL_DAY_UNCHECKED);
    g_array_unref(q.lines);
    g_ptr_array_unref(q.reasons);
}

static void has_the_number_of_the_inventory(Room *room, gconstpointer data)
{
    (void)data;
    const CelDaybookUnit unit = {SERIAL, cel_ledger_id(cel_lab_ledger(room->lab))};
    const CelClock clock = cel_clock_fixed(room->now_us);
    g_autoptr(GError) error = NULL;
    room_sign_in(room, WANG);
    g_autofree char *none = cel_daybook_asset(cel_lab_register(room->lab), &unit, NULL);
    g_assert_cmpstr(none, ==, "");
    g_assert_false(cel_lab_inventory(room->lab, SERIAL, "  ", clock, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_assert_true(cel_lab_inventory(room->lab, SERIAL, " YQ-07 ", clock, NULL));
    g_assert_true(cel_lab_inventory(room->lab, "WP-2", "YQ-08", clock, NULL));
    g_autofree char *number = cel_daybook_asset(cel_lab_register(room->lab), &unit, NULL);
    g_assert_cmpstr(number, ==, "YQ-07");
}

#define T(name) g_test_add("/in-force/" #name, Room, NULL, room_set_up, name, room_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    T(holds_the_newest_that_was_put_in_force);
    T(is_no_officers_word);
    T(needs_wavelengths_of_pixels);
    T(holds_no_longer_than_it_is_valid);
    T(takes_no_other_file_for_it);
    T(gives_way_to_the_instruments_own);
    T(gives_way_also_when_its_file_is_gone);
    T(gives_way_for_a_reason_and_by_whoever_may);
    T(asks_for_a_new_check_after_the_way_back);
    T(has_the_number_of_the_inventory);
    return g_test_run();
}
