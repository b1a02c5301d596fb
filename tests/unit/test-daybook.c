/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The day-book: what an instrument's checks allow at a moment, what a failed one puts in doubt, and
 * its control charts. */
#include "bench/cel-daybook.h"
#include "ledger-fixture.h"

#include <math.h>

#define SERIAL "WP-1"

typedef struct {
    Desk desk;
    CelRegister *reg;
} Book;

static void book_set_up(Book *book, gconstpointer data)
{
    desk_set_up(&book->desk, data);
    cel_ledger_close(g_steal_pointer(&book->desk.ledger));
    g_autoptr(GError) error = NULL;
    book->reg = cel_register_open(book->desk.path, FALSE, &error);
    g_assert_no_error(error);
}

static void book_tear_down(Book *book, gconstpointer data)
{
    cel_register_close(book->reg);
    desk_tear_down(&book->desk, data);
}

static gint64 minute(gint64 minutes)
{
    return recorded_us() + minutes * 60 * G_USEC_PER_SEC;
}

/* @data: (transfer full) */
static guint64 record(Book *book, CelEventRequest request, JsonObject *data, gint64 minutes)
{
    g_autoptr(JsonObject) owned = data;
    g_autoptr(GError) error = NULL;
    CelLedgerPlace place;
    const CelEventSigners signers = {.operator_key = book->desk.wang};
    request.data = owned;
    request.clock = cel_clock_fixed(minute(minutes));
    cel_ledger_append(cel_register_ledger(book->reg), &request, &signers, &place, &error);
    g_assert_no_error(error);
    return place.seq;
}

/* What a check found, without measuring anything. */
static CelQualification *qualification(CelCheckVerdict verdict, double mean_cm1)
{
    CelQualification *q = g_new0(CelQualification, 1);
    q->verdict = verdict;
    q->standard = cel_standard_find("polystyrene");
    q->limits = cel_check_limits_default();
    q->lines = g_array_new(FALSE, FALSE, sizeof(CelCheckedLine));
    q->reasons = g_ptr_array_new_with_free_func(g_free);
    const CelCheckedLine line = {.accepted = 1001.4, .measured = 1001.4 + mean_cm1};
    g_array_append_val(q->lines, line);
    q->n_checked = 1;
    q->mean_deviation_cm1 = q->worst_deviation_cm1 = mean_cm1;
    q->u_axis_cm1 = 0.7;
    q->fwhm_cm1 = 8.0;
    return q;
}

typedef struct {
    const char *kind, *serial;
    CelCheckVerdict verdict;
    gint64 expires_minute; /* 0: does not */
    double mean_cm1;
    const CelCalibration *calibration;
} Check;

static guint64 check(Book *book, Check how, gint64 minutes)
{
    g_autoptr(CelQualification) q = qualification(how.verdict, how.mean_cm1);
    char calibration[CEL_DAYBOOK_CALIBRATION] = "";
    if (how.calibration != NULL)
        cel_daybook_calibration(how.calibration, calibration);
    const CelDaybookEntry entry = {.serial = how.serial != NULL ? how.serial : SERIAL,
                                   .calibration = calibration,
                                   .kind = how.kind != NULL ? how.kind : "performance",
                                   .expires_us =
                                       how.expires_minute > 0 ? minute(how.expires_minute) : 0};
    return record(book, (CelEventRequest){.act = CEL_ACT_CHECK}, cel_daybook_data(q, &entry),
                  minutes);
}

static CelDayState state_at(Book *book, gint64 minutes)
{
    CelDayVerdict verdict = {0};
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_daybook_judge(book->reg, SERIAL, minute(minutes), &verdict, &error));
    g_assert_no_error(error);
    return verdict.state;
}

static void test_without_a_check_nothing_is_verified(Book *book, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(state_at(book, 1), ==, CEL_DAY_UNCHECKED);
    check(book, (Check){.serial = "another one"}, 0);
    g_assert_cmpint(state_at(book, 1), ==, CEL_DAY_UNCHECKED);
}

static void test_a_passed_check_holds_until_it_expires(Book *book, gconstpointer data)
{
    (void)data;
    check(book, (Check){.expires_minute = 480}, 0);
    g_assert_cmpint(state_at(book, 480), ==, CEL_DAY_OK);
    g_assert_cmpint(state_at(book, 481), ==, CEL_DAY_EXPIRED);
    g_assert_cmpint(state_at(book, -1), ==, CEL_DAY_UNCHECKED);
}

static void test_what_did_not_pass_locks(Book *book, gconstpointer data)
{
    (void)data;
    check(book, (Check){.verdict = CEL_CHECK_PASS}, 0);
    check(book, (Check){.verdict = CEL_CHECK_FAIL}, 60);
    g_assert_cmpint(state_at(book, 30), ==, CEL_DAY_REFUTED);
    g_assert_cmpint(state_at(book, 61), ==, CEL_DAY_FAILED);
    check(book, (Check){.verdict = CEL_CHECK_NOT_CHECKABLE}, 70);
    g_assert_cmpint(state_at(book, 71), ==, CEL_DAY_FAILED);
    check(book, (Check){.verdict = CEL_CHECK_PASS}, 80);
    g_assert_cmpint(state_at(book, 81), ==, CEL_DAY_OK);
    g_assert_cmpint(state_at(book, 30), ==, CEL_DAY_REFUTED);
}

static void test_a_new_calibration_and_a_fall_need_a_new_check(Book *book, gconstpointer data)
{
    (void)data;
    check(book, (Check){.verdict = CEL_CHECK_PASS}, 0);
    record(book, (CelEventRequest){.act = CEL_ACT_CHECK}, cel_daybook_disturbance(SERIAL, "跌落"),
           10);
    g_assert_cmpint(state_at(book, 11), ==, CEL_DAY_DISTURBED);
    check(book, (Check){.verdict = CEL_CHECK_PASS}, 20);
    check(book, (Check){.kind = "calibration", .verdict = CEL_CHECK_PASS}, 30);
    g_assert_cmpint(state_at(book, 31), ==, CEL_DAY_UNCHECKED);
}

static void test_a_check_is_none_of_a_namesake_calibration(Book *book, gconstpointer data)
{
    (void)data;
    g_autoptr(CelDaybook) daybook = cel_daybook_new(book->reg, cel_clock_fixed(minute(5)));
    g_autoptr(CelMeasurement) m = cel_measurement_new(8, 1, 0);
    CelSampleState state = {0};
    g_strlcpy(m->instrument.serial, SERIAL, sizeof m->instrument.serial);
    g_strlcpy(m->calibration.id, "wavelength-1", sizeof m->calibration.id);
    g_strlcpy(m->calibration.object_sha256, "aa", sizeof m->calibration.object_sha256);
    check(book, (Check){.verdict = CEL_CHECK_PASS, .calibration = &m->calibration}, 0);
    g_assert_true(cel_daybook_ask(daybook, m, &state, NULL));
    g_assert_cmpstr(state.axis_check, ==, "ok");
    g_strlcpy(m->calibration.object_sha256, "ab", sizeof m->calibration.object_sha256);
    g_assert_true(cel_daybook_ask(daybook, m, &state, NULL));
    g_assert_null(state.axis_check); /* other coefficients under the same name */
}

static void test_identification_gets_the_verdict(Book *book, gconstpointer data)
{
    (void)data;
    g_autoptr(CelDaybook) daybook = cel_daybook_new(book->reg, cel_clock_fixed(minute(5)));
    g_autoptr(CelMeasurement) m = cel_measurement_new(8, 1, 0);
    g_strlcpy(m->instrument.serial, SERIAL, sizeof m->instrument.serial);
    CelSampleState state = {.axis_u_cm1 = 0.2};
    g_assert_true(cel_daybook_ask(daybook, m, &state, NULL));
    g_assert_null(state.axis_check);
    g_assert_cmpfloat(state.axis_u_cm1, ==, 0.2);
    check(book, (Check){.verdict = CEL_CHECK_PASS}, 0);
    g_assert_true(cel_daybook_ask(daybook, m, &state, NULL));
    g_assert_cmpstr(state.axis_check, ==, "ok");
    g_assert_cmpfloat_with_epsilon(state.axis_u_cm1, 0.7, 1e-9);
    g_strlcpy(m->calibration.id, "another", sizeof m->calibration.id);
    g_assert_true(cel_daybook_ask(daybook, m, &state, NULL));
    g_assert_null(state.axis_check); /* nobody checked that axis */
    m->calibration.id[0] = '\0';
    check(book, (Check){.verdict = CEL_CHECK_FAIL}, 4);
    g_assert_true(cel_daybook_ask(daybook, m, &state, NULL));
    g_assert_cmpstr(state.axis_check, ==, "failed");
    m->started_wall_us = minute(-10);
    state = (CelSampleState){0};
    g_assert_true(cel_daybook_ask(daybook, m, &state, NULL));
    g_assert_null(state.axis_check);
}

/* ---- recall ---- */

static guint64 shoot(Book *book, const char *item, gint64 minutes)
{
    const CelEventRequest request = {
        .act = CEL_ACT_ACQUIRE, .case_id = "2026-0113", .item_id = item};
    JsonObject *instrument = json_object_new(), *data = json_object_new();
    json_object_set_string_member(instrument, "serial", SERIAL);
    json_object_set_string_member(data, "kind", "sample");
    json_object_set_string_member(data, "state", "valid");
    json_object_set_object_member(data, "instrument", instrument);
    return record(book, request, data, minutes);
}

static void seal(Book *book, const char *fid, const char *item, guint64 shot, gint64 minutes)
{
    const CelDigestPair digests = cel_digest_pair(fid, strlen(fid));
    const CelEventRequest request = {.act = CEL_ACT_SEAL,
                                     .case_id = "2026-0113",
                                     .item_id = item,
                                     .fid = fid,
                                     .manifest = &digests};
    JsonObject *instrument = json_object_new(), *data = json_object_new();
    json_object_set_string_member(instrument, "serial", SERIAL);
    json_object_set_object_member(data, "instrument", instrument);
    json_object_set_string_member(data, "outcome", "nothing-claimed");
    if (shot > 0) {
        JsonArray *shots = json_array_new();
        json_array_add_int_element(shots, (gint64)shot);
        json_object_set_array_member(data, "acquisitions", shots);
    }
    record(book, request, data, minutes);
}

static char *recalled(Book *book, guint64 seq)
{
    g_autoptr(GPtrArray) files = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_daybook_recall(book->reg, seq, &files, &error));
    GString *items = g_string_new(NULL);
    for (guint i = 0; i < files->len; i++)
        g_string_append(items, cel_row_text(g_ptr_array_index(files, i), "item_id"));
    return g_string_free(items, FALSE);
}

static void test_a_failed_check_recalls_all_since_the_last_passed_one(Book *book,
                                                                      gconstpointer data)
{
    (void)data;
    static const char *const fids[] = {
        "00000000000000000000000000000001", "00000000000000000000000000000002",
        "00000000000000000000000000000003", "00000000000000000000000000000004",
        "00000000000000000000000000000005"};
    check(book, (Check){.verdict = CEL_CHECK_PASS}, 0);
    seal(book, fids[0], "A", shoot(book, "A", 1), 2);
    check(book, (Check){.verdict = CEL_CHECK_PASS}, 3);
    seal(book, fids[1], "B", shoot(book, "B", 4), 5);
    const guint64 late = shoot(book, "C", 6);
    check(book, (Check){.serial = "another one", .verdict = CEL_CHECK_PASS}, 7);
    const guint64 failed = check(book, (Check){.kind = "closing", .verdict = CEL_CHECK_FAIL}, 8);
    seal(book, fids[3], "D", 0, 9);
    const guint64 again = check(book, (Check){.verdict = CEL_CHECK_PASS}, 10);
    seal(book, fids[2], "C", late, 11); /* sealed later, measured in the doubtful time */
    seal(book, fids[4], "E", shoot(book, "E", 12), 13);
    g_autofree char *items = recalled(book, failed);
    g_assert_cmpstr(items, ==, "BDC");
    g_autoptr(GPtrArray) files = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_daybook_recall(book->reg, again, &files, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void test_only_a_failed_performance_check_recalls(Book *book, gconstpointer data)
{
    (void)data;
    const CelRowQuery all = {.newest_first = TRUE, .most = 10};
    g_autoptr(GError) error = NULL;
    check(book, (Check){.verdict = CEL_CHECK_PASS}, 0);
    const guint64 failed = check(book, (Check){.verdict = CEL_CHECK_FAIL}, 1);
    check(book, (Check){.kind = "calibration", .verdict = CEL_CHECK_FAIL}, 2);
    g_autoptr(GPtrArray) rows = cel_register_rows(book->reg, CEL_ROW_CHECK, &all, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(rows->len, ==, 3);
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        g_assert_cmpint(cel_daybook_is_failed(book->reg, row), ==,
                        (guint64)cel_row_number(row, "seq") == failed);
    }
}

/* ---- charts ---- */

static void test_a_chart_warns_of_drift_before_the_limit(Book *book, gconstpointer data)
{
    (void)data;
    for (gint64 i = 0; i < CEL_CHART_MIN_BASE; i++)
        check(book, (Check){.verdict = CEL_CHECK_PASS, .mean_cm1 = 0.1 * (double)(i % 3)}, i);
    check(book, (Check){.verdict = CEL_CHECK_PASS, .mean_cm1 = 0.1}, 20);
    check(book, (Check){.verdict = CEL_CHECK_PASS, .mean_cm1 = 0.6}, 21);
    const CelChartQuestion question = {.serial = SERIAL, .standard = "polystyrene"};
    g_auto(CelChart) chart = {0};
    g_assert_true(cel_daybook_chart(book->reg, &question, &chart, NULL));
    g_assert_cmpuint(chart.points->len, ==, CEL_CHART_MIN_BASE + 2);
    g_assert_cmphex(g_array_index(chart.points, CelChartPoint, CEL_CHART_MIN_BASE).broken, ==, 0);
    g_assert_true(cel_chart_rejects(
        g_array_index(chart.points, CelChartPoint, CEL_CHART_MIN_BASE + 1).broken));
    const CelChartQuestion nobody = {
        .serial = SERIAL, .standard = "polystyrene", .operator_id = "nobody"};
    g_auto(CelChart) empty = {0};
    g_assert_true(cel_daybook_chart(book->reg, &nobody, &empty, NULL));
    g_assert_cmpuint(empty.points->len, ==, 0);
    check(book, (Check){.kind = "calibration"}, 30);
    g_auto(CelChart) after = {0};
    g_assert_true(cel_daybook_chart(book->reg, &question, &after, NULL));
    g_assert_cmpuint(after.base.n, ==, 0);
}

#define ADD(path, test) g_test_add(path, Book, NULL, book_set_up, test, book_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/daybook/unchecked", test_without_a_check_nothing_is_verified);
    ADD("/daybook/expiry", test_a_passed_check_holds_until_it_expires);
    ADD("/daybook/lock", test_what_did_not_pass_locks);
    ADD("/daybook/namesake", test_a_check_is_none_of_a_namesake_calibration);
    ADD("/daybook/disturbed", test_a_new_calibration_and_a_fall_need_a_new_check);
    ADD("/daybook/ask", test_identification_gets_the_verdict);
    ADD("/daybook/recall", test_a_failed_check_recalls_all_since_the_last_passed_one);
    ADD("/daybook/is-failed", test_only_a_failed_performance_check_recalls);
    ADD("/daybook/chart", test_a_chart_warns_of_drift_before_the_limit);
    return g_test_run();
}
