/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch-session.h"

static const CelLaserRequest modest = {.laser_mw = 100.0, .longest_ms = 8000};

static gboolean arm(Bench *bench, const CelLaserRequest *request, GError **error)
{
    return cel_driver_wasatch.laser_arm(bench->session, request, error);
}

static gboolean on(Bench *bench, GError **error)
{
    return cel_driver_wasatch.laser_on(bench->session, NULL, error);
}

static CelLaserState off(Bench *bench)
{
    return cel_driver_wasatch.laser_off(bench->session, NULL);
}

static Bench opened_xs(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_make_xs(fake);
    return bench_opened(fake);
}

static gboolean expose_lit(Bench *bench, GError **error)
{
    guint64 number = 0;
    const CelExposure lit = {.integration_ms = 20, .laser_on = TRUE};
    return cel_driver_wasatch.expose(bench->session, &lit, bench->counts, &number, NULL, error);
}

/* ---- power ---- */

static void the_power_is_programmed_dark_in_the_safe_order(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_free(fake_bus_take_log(bench.bus));
    g_assert_true(arm(&bench, &modest, NULL));
    g_autofree char *log = fake_bus_take_log(bench.bus);
    const char *off_at = strstr(log, "control 40 be 0000");
    const char *period = strstr(log, "control 40 c7 03e8 0000 n 8");
    const char *width = strstr(log, "control 40 db 0104 0000 n 8"); /* 26 % of 1000 us */
    const char *modulation = strstr(log, "control 40 bd 0001");
    g_assert_nonnull(off_at);
    g_assert_true(off_at < period && period < width && width < modulation);
    g_assert_null(strstr(log, "control 40 be 0001"));
    g_assert_false(bench.fake->laser);
    g_assert_true(on(&bench, NULL));
    g_assert_true(bench.fake->laser);
    g_assert_false(bench.fake->was_full_power || bench.fake->was_set_while_lit);
}

static void arming_with_the_laser_on_switches_it_off_first(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    g_assert_true(arm(&bench, &(CelLaserRequest){.laser_mw = 50, .longest_ms = 8000}, NULL));
    g_assert_false(bench.fake->laser || bench.fake->was_set_while_lit);
}

static void no_power_asked_for_is_a_tenth_of_full(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    CelCapabilities c;
    cel_driver_wasatch.capabilities(bench.session, &c);
    g_assert_cmpfloat_with_epsilon(c.laser_mw_default, 40.0, 1e-6);
    g_assert_true(arm(&bench, &(CelLaserRequest){.longest_ms = 8000}, NULL));
    g_assert_cmpuint(bench.fake->width_us, ==, 116); /* 2 + 0.24 * 40 % */
}

static void a_power_outside_the_limits_is_refused(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    const double wrong_mw[] = {1.0, 401.0, 30000.0};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong_mw); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(arm(&bench, &(CelLaserRequest){.laser_mw = wrong_mw[i]}, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    }
    g_assert_false(on(&bench, NULL));
    g_assert_false(bench.fake->laser);
}

static void a_unit_without_calibration_gets_the_part_that_was_set(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    CelCapabilities c;
    fake_wasatch_put_f32(fake, 3, 28, 30000.0f);
    g_auto(Bench) bench = bench_new(fake);
    g_assert_true(bench_open_with(&bench, "laser_percent=5", NULL, NULL));
    cel_driver_wasatch.capabilities(bench.session, &c);
    g_assert_false(c.laser_mw_settable);
    g_assert_cmpfloat_with_epsilon(c.laser_mw_default, 0.0, 1e-12);
    g_assert_cmpstr(c.laser_class, ==, "");
    g_assert_false(arm(&bench, &modest, NULL));
    g_assert_true(arm(&bench, &(CelLaserRequest){.longest_ms = 8000}, NULL));
    g_assert_cmpuint(fake->width_us, ==, 50);
    g_assert_true(fake->modulated);
}

static void a_width_that_is_not_taken_keeps_the_laser_off(void)
{
    const int getters[] = {0xcb, 0xdc, 0xe3};
    for (gsize i = 0; i < G_N_ELEMENTS(getters); i++) {
        g_auto(Bench) bench = bench_opened(fake_wasatch_new());
        g_autoptr(GError) error = NULL;
        bench.fake->odd_opcode = getters[i];
        bench.fake->odd_value = 0;
        g_assert_false(arm(&bench, &modest, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
        g_assert_false(on(&bench, NULL));
        g_assert_false(bench.fake->laser);
    }
}

static void what_was_not_armed_does_not_go_on(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    g_assert_false(on(&bench, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_false(bench.fake->laser);
}

/* ---- interlock ---- */

static void an_open_interlock_is_an_error_when_arming(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    bench.fake->can_fire = 0;
    g_assert_false(arm(&bench, &modest, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(error->message, "interlock"));
}

static void an_interlock_opened_later_is_no_dark_frame(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    g_assert_true(expose_lit(&bench, NULL));
    bench.fake->can_fire = 0;
    g_assert_false(expose_lit(&bench, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_false(bench.fake->laser);
}

static void an_xs_unit_says_8_when_it_can_fire(void)
{
    g_auto(Bench) bench = opened_xs();
    bench.fake->can_fire = 1;
    g_assert_false(arm(&bench, &modest, NULL));
    bench.fake->can_fire = 8;
    g_assert_true(arm(&bench, &modest, NULL));
}

static void an_excluded_interlock_is_not_believed(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    CelCapabilities c;
    fake_wasatch_put_u16(fake, 0, 39, 0x0440);
    g_auto(Bench) bench = bench_opened(fake);
    cel_driver_wasatch.capabilities(bench.session, &c);
    g_assert_false(c.interlock_readable);
    fake->can_fire = 0;
    g_assert_true(arm(&bench, &modest, NULL));
}

static void an_interlock_that_does_not_answer_is_not_closed(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    bench.fake->stall_opcode = 0xef;
    g_assert_false(arm(&bench, &modest, NULL));
}

/* ---- watchdog ---- */

static void an_xs_watchdog_is_set_and_believed_in_either_order(void)
{
    for (guint swap = 0; swap < 2; swap++) {
        g_auto(Bench) bench = opened_xs();
        bench.fake->swap_watchdog = swap != 0;
        g_assert_true(arm(&bench, &modest, NULL));
        g_assert_cmpuint(bench.fake->watchdog_s, ==, 10);
    }
}

static void a_watchdog_that_says_something_else_keeps_the_laser_off(void)
{
    g_auto(Bench) bench = opened_xs();
    g_autoptr(GError) error = NULL;
    bench.fake->odd_opcode = 0x117;
    bench.fake->odd_value = 3;
    g_assert_false(arm(&bench, &modest, &error));
    g_assert_nonnull(strstr(error->message, "watchdog"));
}

static void a_watchdog_is_never_relied_on(void)
{
    CelCapabilities c;
    g_auto(Bench) xs = opened_xs();
    g_auto(Bench) fx2 = bench_opened(fake_wasatch_new());
    cel_driver_wasatch.capabilities(xs.session, &c);
    g_assert_cmpuint(c.watchdog_max_s, ==, 0);
    cel_driver_wasatch.capabilities(fx2.session, &c);
    g_assert_cmpuint(c.watchdog_max_s, ==, 0);
    g_free(fake_bus_take_log(fx2.bus));
    g_assert_true(arm(&fx2, &modest, NULL));
    g_autofree char *log = fake_bus_take_log(fx2.bus);
    g_assert_null(strstr(log, "control 40 ff 0018")); /* means something else there */
}

/* ---- on ---- */

static void a_lost_command_is_repeated_until_it_reads_on(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_assert_true(arm(&bench, &modest, NULL));
    bench.fake->drop_enable = 3;
    g_assert_true(on(&bench, NULL));
    g_assert_cmpint(cel_driver_wasatch.laser(bench.session), ==, CEL_LASER_ON);
}

static void a_laser_that_does_not_go_on_is_an_error_and_off(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    g_assert_true(arm(&bench, &modest, NULL));
    bench.fake->drop_enable = 4;
    const guint n_off = bench.fake->n_off;
    g_assert_false(on(&bench, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_cmpuint(bench.fake->n_off, >, n_off);
}

static void a_laser_that_goes_off_by_itself_spoils_the_frame(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    bench.fake->laser = FALSE;
    g_assert_false(expose_lit(&bench, &error));
    g_assert_nonnull(strstr(error->message, "by itself"));
}

static void a_failed_frame_leaves_the_laser_off(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    bench.fake->lose_acquire = 3;
    g_assert_false(expose_lit(&bench, NULL));
    g_assert_false(bench.fake->laser);
}

/* ---- off, and what is said of it ---- */

static void off_is_repeated_until_it_reads_off(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    bench.fake->drop_enable = 2;
    g_assert_cmpint(off(&bench), ==, CEL_LASER_OFF_READ_BACK);
    g_assert_false(bench.fake->laser);
}

static void a_laser_that_stays_on_is_said_to_be_on(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    bench.fake->laser_stuck = TRUE;
    g_assert_cmpint(off(&bench), ==, CEL_LASER_ON);
    bench.fake->laser_stuck = FALSE;
}

static void a_laser_that_cannot_be_read_is_unknown(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    bench.fake->stall_opcode = 0xe2;
    g_assert_cmpint(off(&bench), ==, CEL_LASER_UNKNOWN);
    bench.fake->stall_opcode = 0;
    bench.fake->odd_opcode = 0xe2;
    bench.fake->odd_value = 0x5a;
    g_assert_cmpint(off(&bench), ==, CEL_LASER_UNKNOWN);
    g_assert_cmpint(cel_driver_wasatch.laser(bench.session), ==, CEL_LASER_UNKNOWN);
}

static void off_takes_its_time_and_no_more_on_a_dead_bus(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    fake_bus_fail(bench.bus, 1, 100, CEL_TRANSPORT_ERROR_TIMEOUT);
    g_assert_cmpint(off(&bench), ==, CEL_LASER_UNKNOWN);
    g_assert_cmpuint(fake_bus_n_transfers(bench.bus), <, 100);
}

static void an_xs_unit_is_never_better_than_commanded(void)
{
    g_auto(Bench) bench = opened_xs();
    g_assert_cmpint(off(&bench), ==, CEL_LASER_OFF_COMMANDED);
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    g_assert_cmpint(cel_driver_wasatch.laser(bench.session), ==, CEL_LASER_ON);
    g_assert_cmpint(off(&bench), ==, CEL_LASER_OFF_COMMANDED);
}

static void an_xs_unit_that_says_it_fires_is_on(void)
{
    g_auto(Bench) bench = opened_xs();
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    bench.fake->laser_stuck = TRUE;
    g_assert_cmpint(off(&bench), ==, CEL_LASER_ON);
    bench.fake->laser_stuck = FALSE;
}

static void an_off_that_an_arm_board_reports_as_failed_is_looked_at(void)
{
    g_auto(Bench) bench = opened_xs();
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    bench.fake->stall_setters = TRUE;
    g_assert_cmpint(off(&bench), ==, CEL_LASER_OFF_COMMANDED);
    bench.fake->stall_opcode = 0xe2;
    g_assert_cmpint(off(&bench), ==, CEL_LASER_UNKNOWN);
}

static void an_arm_board_that_reports_on_as_failed_counts_as_on(void)
{
    g_auto(Bench) bench = opened_xs();
    bench.fake->stall_setters = TRUE;
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    g_assert_cmpint(cel_driver_wasatch.laser(bench.session), ==, CEL_LASER_ON);
}

static void closing_switches_the_laser_off(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_true(arm(&bench, &modest, NULL) && on(&bench, NULL));
    cel_driver_wasatch.close(g_steal_pointer(&bench.session));
    g_assert_false(fake->laser);
}

static void a_laser_of_another_device_is_never_said_to_be_off(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    CelCapabilities c;
    fake_wasatch_put_u8(fake, 0, 38, 0);
    g_auto(Bench) bench = bench_opened(fake);
    cel_driver_wasatch.capabilities(bench.session, &c);
    g_assert_cmpint(c.laser, ==, CEL_LASER_EXTERNAL);
    g_assert_cmpint(off(&bench), ==, CEL_LASER_UNKNOWN);
    g_assert_false(arm(&bench, &modest, NULL));
}

static void a_unit_made_for_no_wavelength_has_no_laser(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    CelCapabilities c;
    fake_wasatch_put_u8(fake, 0, 38, 0);
    fake_wasatch_put_f32(fake, 3, 36, 0.0f);
    g_auto(Bench) bench = bench_opened(fake);
    cel_driver_wasatch.capabilities(bench.session, &c);
    g_assert_cmpint(c.laser, ==, CEL_LASER_NONE);
}

static void the_warning_lamp_and_the_warm_up_are_told(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    CelCapabilities c;
    fake_wasatch_make_xs(fake);
    fake->warning_delay_s = 3;
    fake_wasatch_put_u8(fake, 2, 18, 12);
    g_auto(Bench) bench = bench_opened(fake);
    cel_driver_wasatch.capabilities(bench.session, &c);
    g_assert_cmpuint(c.laser_delay_ms, ==, 3000);
    g_assert_cmpuint(c.laser_warmup_ms, ==, 12000);
    g_assert_cmpstr(c.laser_class, ==, "3B");
    g_assert_nonnull(strstr(c.eyewear, "785 nm"));
}

static void the_gate_is_the_off_command_of_that_board(void)
{
    CelLaserGate gate;
    g_auto(Bench) fx2 = bench_opened(fake_wasatch_new());
    g_auto(Bench) xs = opened_xs();
    cel_driver_wasatch.laser_gate(fx2.session, &gate);
    g_assert_cmphex(gate.control.request_type, ==, 0x40);
    g_assert_cmphex(gate.control.request, ==, 0xbe);
    g_assert_cmphex(gate.control.value, ==, 0);
    g_assert_cmpuint(gate.n, ==, 0);
    g_assert_cmphex(gate.read_back.request, ==, 0xe2);
    cel_driver_wasatch.laser_gate(xs.session, &gate);
    g_assert_cmpuint(gate.n, ==, 8);
    g_assert_cmphex(gate.read_back.request_type, ==, 0);
}

#define ADD(name) g_test_add_func("/wasatch/laser/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(the_power_is_programmed_dark_in_the_safe_order);
    ADD(arming_with_the_laser_on_switches_it_off_first);
    ADD(no_power_asked_for_is_a_tenth_of_full);
    ADD(a_power_outside_the_limits_is_refused);
    ADD(a_unit_without_calibration_gets_the_part_that_was_set);
    ADD(a_width_that_is_not_taken_keeps_the_laser_off);
    ADD(what_was_not_armed_does_not_go_on);
    ADD(an_open_interlock_is_an_error_when_arming);
    ADD(an_interlock_opened_later_is_no_dark_frame);
    ADD(an_xs_unit_says_8_when_it_can_fire);
    ADD(an_excluded_interlock_is_not_believed);
    ADD(an_interlock_that_does_not_answer_is_not_closed);
    ADD(an_xs_watchdog_is_set_and_believed_in_either_order);
    ADD(a_watchdog_that_says_something_else_keeps_the_laser_off);
    ADD(a_watchdog_is_never_relied_on);
    ADD(a_lost_command_is_repeated_until_it_reads_on);
    ADD(a_laser_that_does_not_go_on_is_an_error_and_off);
    ADD(a_laser_that_goes_off_by_itself_spoils_the_frame);
    ADD(a_failed_frame_leaves_the_laser_off);
    ADD(off_is_repeated_until_it_reads_off);
    ADD(a_laser_that_stays_on_is_said_to_be_on);
    ADD(a_laser_that_cannot_be_read_is_unknown);
    ADD(off_takes_its_time_and_no_more_on_a_dead_bus);
    ADD(an_xs_unit_is_never_better_than_commanded);
    ADD(an_xs_unit_that_says_it_fires_is_on);
    ADD(an_off_that_an_arm_board_reports_as_failed_is_looked_at);
    ADD(an_arm_board_that_reports_on_as_failed_counts_as_on);
    ADD(closing_switches_the_laser_off);
    ADD(a_laser_of_another_device_is_never_said_to_be_off);
    ADD(a_unit_made_for_no_wavelength_has_no_laser);
    ADD(the_warning_lamp_and_the_warm_up_are_told);
    ADD(the_gate_is_the_off_command_of_that_board);
    return g_test_run();
}
