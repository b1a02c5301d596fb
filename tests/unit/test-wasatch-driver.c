/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch-session.h"

#include "device/cel-acquire.h"

#include <math.h>

/* ---- open ---- */

/* The first three exchanges of all: off, and read back. */
static void the_laser_is_commanded_off_before_anything_is_asked(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    g_auto(Bench) bench = bench_new(fake);
    fake->laser = TRUE; /* whoever had it before died */
    bench_open(&bench);
    g_autofree char *log = fake_bus_take_log(bench.bus);
    g_assert_true(g_str_has_prefix(log, "open\n"
                                        "control 40 be 0000 0000 n 0\n"
                                        "control c0 e2 0000 0000 n 1\n"
                                        "control 40 dd 0000 0000 n 0\n"
                                        "control 40 bd 0000 0000 n 0\n"));
    g_assert_false(fake->laser);
    g_assert_false(fake->was_full_power);
}

static void a_laser_that_stays_on_is_not_given_full_power_at_opening(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    g_auto(Bench) bench = bench_new(fake);
    fake->laser = fake->laser_stuck = fake->modulated = TRUE;
    bench_open(&bench);
    g_assert_true(fake->modulated);
    g_assert_cmpint(cel_driver_wasatch.laser(bench.session), ==, CEL_LASER_ON);
}

static void an_opened_unit_says_who_it_is(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    CelInstrument instrument;
    CelCalibration calibration;
    cel_driver_wasatch.describe(bench.session, &instrument, &calibration);
    g_assert_cmpstr(instrument.vendor, ==, "Wasatch Photonics");
    g_assert_cmpstr(instrument.model, ==, "WP-785-TEST");
    g_assert_cmpstr(instrument.serial, ==, "WP-00001");
    g_assert_cmpstr(instrument.firmware, ==, "10.1.0.7, FPGA 026-007");
    g_assert_false(instrument.simulated);
    g_assert_cmpuint(instrument.saturation_counts, ==, 65535);
    g_assert_cmpuint(calibration.n_coefficients, ==, 5);
    g_assert_cmpfloat_with_epsilon(calibration.laser_nm, 785.0, 1e-9);
    g_assert_cmpstr(calibration.serial, ==, "WP-00001");
    const double nm = 800.0 + 100 * (double)0.15f + 1e4 * (double)-1e-5f;
    g_assert_cmpfloat_with_epsilon(instrument.range_cm1[0], 1e7 / 785.0 - 1e7 / nm, 1e-9);
    g_assert_cmpuint(cel_driver_wasatch.n_pixels(bench.session), ==, 1024);
}

static void a_simulated_unit_is_marked_by_its_model(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    CelInstrument instrument;
    CelCalibration calibration;
    fake_wasatch_put_text(fake, 0, 0, "CELADON-SIM 785", 16);
    g_auto(Bench) bench = bench_opened(fake);
    cel_driver_wasatch.describe(bench.session, &instrument, &calibration);
    g_assert_true(instrument.simulated);
}

static void a_unit_that_is_still_booting_is_asked_again(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake->mute_pages = 7; /* three tries of a page, twice, and one */
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_nonnull(bench.session);
    g_assert_cmpuint(fake->mute_pages, ==, 0);
}

static void a_unit_that_never_answers_ends_within_its_time(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    g_auto(Bench) bench = bench_new(fake);
    g_autoptr(GError) error = NULL;
    fake->stall_opcode = 0x101;
    g_assert_false(bench_open_with(&bench, NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_cmpuint(fake_bus_n_open(bench.bus), ==, 0);
    g_assert_cmpuint(fake_bus_n_transfers(bench.bus), <, 400);
    g_assert_cmpuint(fake->n_off, >, 1);
}

static void opening_can_be_cancelled(void)
{
    g_auto(Bench) bench = bench_new(fake_wasatch_new());
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    bench.fake->stall_opcode = 0x101;
    g_cancellable_cancel(cancel);
    g_assert_false(bench_open_with(&bench, NULL, cancel, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

static void a_memory_that_is_no_memory_closes_the_unit_again(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    g_auto(Bench) bench = bench_new(fake);
    g_autoptr(GError) error = NULL;
    memset(fake->pages, 0xff, sizeof fake->pages);
    g_assert_false(bench_open_with(&bench, NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(error->message, "never written"));
    g_assert_cmpuint(fake_bus_n_open(bench.bus), ==, 0);
}

static void a_memory_that_reads_differently_twice_is_read_again(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    CelInstrument instrument;
    CelCalibration calibration;
    fake->garble_pages = 1;
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_cmpuint(fake->garble_pages, ==, 0);
    cel_driver_wasatch.describe(bench.session, &instrument, &calibration);
    g_assert_cmpfloat_with_epsilon(calibration.coefficients[0], 800.0, 1e-9);
}

static void a_board_without_a_detector_is_no_spectrometer(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    g_auto(Bench) bench = bench_new(fake);
    g_autoptr(GError) error = NULL;
    fake_wasatch_put_text(fake, 2, 0, "none", 16);
    g_assert_false(bench_open_with(&bench, NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void a_unit_that_another_program_has_is_told_so(void)
{
    g_autoptr(FakeWasatch) fake = fake_wasatch_new();
    g_autoptr(CelBus) bus = fake_bus_new();
    g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    g_autoptr(GError) error = NULL;
    g_autoptr(CelParams) params =
        cel_params_new(cel_driver_wasatch.params, cel_driver_wasatch.n_params);
    FakeDevice device = fake_wasatch_device(fake);
    device.n_busy = 100;
    fake_bus_plug(bus, &device);
    cel_usb_scan(&cel_driver_wasatch, bus, infos);
    const CelOpening opening = {
        .info = &g_array_index(infos, CelDeviceInfo, 0), .params = params, .bus = bus};
    g_assert_null(cel_driver_wasatch.open(&opening, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(error->message, "another program"));
}

static void the_cooler_gets_its_set_point_before_it_is_switched_on(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autofree char *log = fake_bus_take_log(bench.bus);
    const char *set_point = strstr(log, "control 40 d8");
    const char *enable = strstr(log, "control 40 d6 0001");
    g_assert_true(set_point != NULL && enable != NULL && set_point < enable);
    /* 3000 - 50 * 12 + 0.1 * 144 */
    g_assert_cmpuint(bench.fake->registers[0xd8], ==, 2414);
}

static void a_start_up_temperature_that_cannot_be_gives_way_to_the_detectors(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_put_u16(fake, 0, 45, 700);
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_nonnull(bench.session);
    g_assert_cmpuint(fake->registers[0xd8], ==, 2510); /* 10 degrees, for S16011 */
}

static void a_cooler_without_calibration_stays_off(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_put_f32(fake, 1, 16, 2700.0f);
    fake_wasatch_put_f32(fake, 1, 20, 0.0f);
    fake_wasatch_put_f32(fake, 1, 24, 0.0f);
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_cmpuint(fake->registers[0xd6], ==, 0);
    g_assert_true(has_note(bench.session, "cooler"));
}

static void settings_take_the_place_of_what_is_stored(void)
{
    g_auto(Bench) bench = bench_new(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    g_assert_true(bench_open_with(&bench, "gain=1.5,offset=-7,detector_celsius=15", NULL, &error));
    g_assert_cmphex(bench.fake->registers[0xb7], ==, 0x0180);
    g_assert_cmphex(bench.fake->registers[0xb6], ==, 0xfff9);
    g_assert_cmpuint(bench.fake->registers[0xd8], ==, 2273); /* 3000 - 750 + 22.5, to even */
}

static void an_ingaas_board_is_put_into_high_gain_and_no_other(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake->product = 0x2000;
    fake_wasatch_put_text(fake, 2, 0, "G9214", 16);
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_nonnull(bench.session);
    g_assert_cmpuint(fake->registers[0xeb], ==, 1);
    g_assert_cmphex(fake->registers[0x9d], ==, 0x01e6);
    g_auto(Bench) silicon = bench_opened(fake_wasatch_new());
    g_assert_cmpuint(silicon.fake->registers[0xeb], ==, 0);
}

static void what_a_unit_does_not_take_is_noted(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake->stall_opcode = 0xb7;
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_true(has_note(bench.session, "did not take its gain"));
}

static void the_temperature_is_asked_for_at_most_ten_times_a_second(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    double celsius = 0.0;
    g_assert_true(cel_driver_wasatch.temperature(bench.session, NULL, &celsius));
    g_assert_cmpfloat_with_epsilon(celsius, 60.0 - 0.02 * 2400, 1e-3);
    bench.fake->adc = 2500;
    g_assert_true(cel_driver_wasatch.temperature(bench.session, NULL, &celsius));
    g_assert_cmpfloat_with_epsilon(celsius, 12.0, 1e-3);
    fake_bus_advance(bench.bus, 100);
    g_assert_true(cel_driver_wasatch.temperature(bench.session, NULL, &celsius));
    g_assert_cmpfloat_with_epsilon(celsius, 10.0, 1e-3);
}

static void left_overs_of_the_program_before_are_thrown_away(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_leave(fake, 3000);
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_cmpuint(fake->fifo[0]->len, ==, 0);
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 1, 1024);
}

/* ---- frames ---- */

static void a_frame_comes_as_it_was_read(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_assert_true(bench_expose(&bench, 100, NULL));
    assert_frame(&bench, 1, 1024);
    g_assert_cmpuint(bench.fake->integration_ms, ==, 100);
    g_assert_true(bench_expose(&bench, 100, NULL));
    assert_frame(&bench, 2, 1024);
}

static void a_frame_in_pieces_is_put_together(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    bench.fake->pieces = 333;
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 1, 1024);
}

static void the_halves_of_2048_pixels_are_put_together(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_put_u16(fake, 2, 16, 2048);
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 1, 2048);
}

static void an_xs_frame_comes_from_one_endpoint(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_make_xs(fake);
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 1, 1952);
}

static void a_lost_acquire_is_sent_again(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    bench.fake->lose_acquire = 2;
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 1, 1024);
    g_assert_cmpuint(bench.fake->n_acquire, ==, 3);
}

static void a_third_lost_acquire_is_an_error_and_the_laser_off(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    bench.fake->lose_acquire = 3;
    const guint n_off = bench.fake->n_off;
    g_assert_false(bench_expose(&bench, 10, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_cmpuint(bench.fake->n_off, >, n_off);
    g_assert_true(cel_driver_wasatch.drain(bench.session, NULL, NULL));
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 1, 1024);
}

/* The ACQUIRE was not lost but slow: two frames come, and the second must not be taken for the next
 * exposure's. */
static void a_late_frame_does_not_shift_the_ones_after_it(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    bench.fake->late_ms = 1200;
    g_assert_true(bench_expose(&bench, 100, NULL));
    for (guint i = 0; i < 3; i++) {
        const guint n_before = bench.fake->n_frames;
        g_assert_true(bench_expose(&bench, 100, NULL));
        g_assert_cmpuint(bench.fake->n_frames, >, n_before);
        assert_frame(&bench, bench.fake->n_frames, 1024);
    }
}

static void a_torn_frame_is_dropped_and_never_shifted(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    const guint cuts[] = {1, 2, 1000, 2047};
    for (gsize i = 0; i < G_N_ELEMENTS(cuts); i++) {
        bench.fake->cut_bytes = cuts[i];
        g_assert_true(bench_expose(&bench, 10, NULL));
        assert_frame(&bench, bench.fake->n_frames, 1024);
    }
    g_assert_cmpuint(bench.fake->n_frames, ==, 2 * G_N_ELEMENTS(cuts));
}

static void a_frame_with_a_surplus_is_dropped(void)
{
    FakeWasatch *xs = fake_wasatch_new();
    fake_wasatch_make_xs(xs);
    g_auto(Bench) whole_packets = bench_opened(fake_wasatch_new());
    g_auto(Bench) part_packets = bench_opened(xs);
    Bench *benches[] = {&whole_packets, &part_packets};
    for (gsize i = 0; i < G_N_ELEMENTS(benches); i++) {
        benches[i]->fake->extra_bytes = 2;
        g_assert_true(bench_expose(benches[i], 10, NULL));
        assert_frame(benches[i], 2, i == 0 ? 1024 : 1952);
    }
}

static void what_lies_in_the_endpoint_is_not_taken_for_the_frame(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    fake_wasatch_leave(bench.fake, 2048);
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 1, 1024);
}

static void a_stalled_endpoint_is_cleared(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    bench.fake->stall_bulk = 1;
    g_free(fake_bus_take_log(bench.bus));
    g_assert_true(bench_expose(&bench, 10, NULL));
    g_autofree char *log = fake_bus_take_log(bench.bus);
    g_assert_nonnull(strstr(log, "clear 82\n"));
}

static void equal_pixels_of_an_xs_unit_are_taken_again(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_make_xs(fake);
    g_auto(Bench) bench = bench_opened(fake);
    g_autoptr(GError) error = NULL;
    fake->flat_frames = 2;
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 3, 1952);
    fake->flat_frames = 3;
    g_assert_false(bench_expose(&bench, 10, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

/* Each time is waited for 10 s longer: a third would be half a minute without an answer. */
static void a_sleeping_xs_unit_is_asked_twice_and_no_more(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_make_xs(fake);
    g_auto(Bench) bench = bench_opened(fake);
    fake->lose_acquire = 1;
    g_assert_true(bench_expose(&bench, 10, NULL));
    fake_bus_advance(bench.bus, 60000);
    fake->lose_acquire = 2;
    g_assert_false(bench_expose(&bench, 10, NULL));
    g_assert_cmpuint(fake->n_acquire, ==, 4);
}

static void an_integration_time_that_is_not_taken_is_an_error(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    bench.fake->odd_opcode = 0xbf;
    bench.fake->odd_value = 0;
    g_assert_false(bench_expose(&bench, 10, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_cmpuint(bench.fake->n_acquire, ==, 0);
    bench.fake->odd_opcode = 0;
    g_assert_true(bench_expose(&bench, 10, NULL));
}

static void a_time_outside_the_units_limits_is_refused(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    const double wrong[] = {2.9, 60001, -1, (double)NAN};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(bench_expose(&bench, wrong[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    }
    g_assert_cmpuint(bench.fake->n_acquire, ==, 0);
}

static void an_acquire_that_was_refused_is_not_repeated_blindly(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    g_assert_true(bench_expose(&bench, 10, NULL));
    bench.fake->stall_opcode = 0xad;
    g_free(fake_bus_take_log(bench.bus));
    g_assert_false(bench_expose(&bench, 10, &error));
    g_autofree char *log = fake_bus_take_log(bench.bus);
    const char *first = strstr(log, "control 40 ad");
    g_assert_nonnull(first);
    g_assert_null(strstr(first + 1, "control 40 ad"));
    g_assert_nonnull(strstr(first, "control 40 be 0000"));
}

/* On ARM a setter that reports failure may have been obeyed: the getter or the frame decides. */
static void an_arm_board_whose_setters_report_failure_still_measures(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_make_xs(fake);
    fake->stall_setters = TRUE;
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 1, 1952);
}

static void an_unplugged_unit_is_gone_and_its_laser_unknown(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_driver_wasatch.is_gone(bench.session));
    fake_bus_unplug(bench.bus, bench.address);
    g_assert_false(bench_expose(&bench, 10, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_true(cel_driver_wasatch.is_gone(bench.session));
    g_assert_cmpint(cel_driver_wasatch.laser_off(bench.session, NULL), ==, CEL_LASER_UNKNOWN);
    g_assert_cmpint(cel_driver_wasatch.laser(bench.session), ==, CEL_LASER_UNKNOWN);
}

/* ---- cancel ---- */

typedef struct {
    GCancellable *cancel;
    gint64 at_us;
} Canceller;

static gpointer cancel_soon(gpointer data)
{
    Canceller *canceller = data;
    g_usleep(60000);
    canceller->at_us = g_get_monotonic_time();
    g_cancellable_cancel(canceller->cancel);
    return NULL;
}

static void a_cancel_gives_back_control_with_the_laser_off(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    Canceller canceller = {cancel, 0};
    guint64 number = 0;
    fake_bus_use_real_time(bench.bus);
    const guint n_off = bench.fake->n_off;
    GThread *thread = g_thread_new("canceller", cancel_soon, &canceller);
    g_assert_false(cel_driver_wasatch.expose(bench.session, &(CelExposure){.integration_ms = 1000},
                                             bench.counts, &number, cancel, &error));
    const gint64 back_us = g_get_monotonic_time();
    g_thread_join(thread);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpuint(bench.fake->n_off, >, n_off);
    g_assert_cmpint(back_us - canceller.at_us, <, 50000);
    /* the frame that is still owed is thrown away, the next one is new */
    g_assert_true(cel_driver_wasatch.drain(bench.session, NULL, &error));
    g_assert_cmpuint(bench.fake->n_frames, ==, 1);
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 2, 1024);
}

static void a_late_frame_is_waited_for_even_without_a_drain(void)
{
    g_auto(Bench) bench = bench_opened(fake_wasatch_new());
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    Canceller canceller = {cancel, 0};
    guint64 number = 0;
    fake_bus_use_real_time(bench.bus);
    GThread *thread = g_thread_new("canceller", cancel_soon, &canceller);
    g_assert_false(cel_driver_wasatch.expose(bench.session, &(CelExposure){.integration_ms = 300},
                                             bench.counts, &number, cancel, &error));
    g_thread_join(thread);
    g_assert_true(bench_expose(&bench, 10, NULL));
    assert_frame(&bench, 2, 1024);
}

/* ---- what it can do ---- */

static void garbage_and_bad_pixels_are_declared_and_left_in_the_frame(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    CelCapabilities c;
    fake_wasatch_make_xs(fake);
    fake_wasatch_put_text(fake, 2, 0, "IMX392", 16);
    fake_wasatch_put_u16(fake, 5, 0, 900);
    fake_wasatch_put_u16(fake, 0, 39, 0x0002); /* binning */
    g_auto(Bench) bench = bench_opened(fake);
    cel_driver_wasatch.capabilities(bench.session, &c);
    /* 3 + 17 + 1, and the left neighbours of the last block and of 900 */
    g_assert_cmpuint(c.n_bad_pixels, ==, 23);
    g_assert_cmpuint(c.discard_after_idle, ==, 2);
    g_assert_cmpuint(c.first_frame_extra_ms, ==, 10000);
    g_assert_true(has_note(bench.session, "mean with its right neighbour"));
}

static void an_inverted_detector_gives_its_frame_the_right_way_round(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_put_u16(fake, 0, 39, 0x0001);
    g_auto(Bench) bench = bench_opened(fake);
    g_assert_true(bench_expose(&bench, 10, NULL));
    g_assert_cmpuint((guint)bench.counts[0], ==, fake_wasatch_pixel(1, 1023));
    g_assert_cmpuint((guint)bench.counts[1023], ==, fake_wasatch_pixel(1, 0));
    g_assert_true(has_note(bench.session, "reversed"));
}

static void a_recording_loses_serial_numbers_in_either_place(void)
{
    guint8 page[64] = "MODEL-TEXT......WP-00001";
    guint8 chip[12] = {1, 2, 3};
    const CelControl read_page = {0xc0, 0xff, 0x01, 0}, read_chip = {0xc0, 0xff, 0x2c, 0};
    cel_driver_wasatch.blank_serial(&read_page, 0, page, sizeof page);
    g_assert_cmpstr((const char *)page, ==, "MODEL-TEXT......XXXXXXXX");
    cel_driver_wasatch.blank_serial(&read_chip, 0, chip, sizeof chip);
    g_assert_cmpint(chip[0] | chip[1] | chip[2], ==, 0);
    cel_driver_wasatch.blank_serial(NULL, 0x82, page, sizeof page);
    g_assert_cmpuint(page[0], ==, 'M');
}

/* ---- under the engine ---- */

static void a_measurement_carries_what_was_repaired(void)
{
    FakeWasatch *fake = fake_wasatch_new();
    fake_wasatch_put_u16(fake, 2, 29, 5000);
    fake_wasatch_put_u16(fake, 5, 0, 17);
    g_auto(Bench) bench = bench_new(fake);
    const CelDriver *const drivers[] = {&cel_driver_wasatch};
    const CelDriverTable table = {.drivers = drivers, .n = 1, .bus = bench.bus};
    const CelAcquireOptions options = {.integration_ms = 20, .frames = 3, .laser_off = TRUE};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelDevice) device = cel_device_open(&table, "wasatch", NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelMeasurement) m = cel_device_acquire(device, &options, NULL, &error);
    g_assert_no_error(error);
    const char *note = g_tree_lookup(m->notes, "instrument.1");
    g_assert_nonnull(note);
    g_assert_nonnull(strstr(note, "region of interest"));
    g_assert_cmpuint(m->n_frames, ==, 3);
    g_assert_cmpuint((guint)m->frames[0], ==, fake_wasatch_pixel(2, 0)); /* one was discarded */
    g_assert_true((m->pixel_flags[17] & CEL_PIXEL_BAD) != 0);
    g_assert_true(m->has_temperature);
}

static void a_time_between_the_units_steps_is_refused(void)
{
    g_auto(Bench) bench = bench_new(fake_wasatch_new());
    const CelDriver *const drivers[] = {&cel_driver_wasatch};
    const CelDriverTable table = {.drivers = drivers, .n = 1, .bus = bench.bus};
    const CelAcquireOptions options = {.integration_ms = 20.4, .laser_off = TRUE};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelDevice) device = cel_device_open(&table, "wasatch", NULL, NULL);
    g_assert_null(cel_device_acquire(device, &options, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "20 or 21 ms"));
}

#define ADD(name) g_test_add_func("/wasatch/driver/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(the_laser_is_commanded_off_before_anything_is_asked);
    ADD(a_laser_that_stays_on_is_not_given_full_power_at_opening);
    ADD(an_opened_unit_says_who_it_is);
    ADD(a_simulated_unit_is_marked_by_its_model);
    ADD(a_unit_that_is_still_booting_is_asked_again);
    ADD(a_unit_that_never_answers_ends_within_its_time);
    ADD(opening_can_be_cancelled);
    ADD(a_memory_that_is_no_memory_closes_the_unit_again);
    ADD(a_memory_that_reads_differently_twice_is_read_again);
    ADD(a_board_without_a_detector_is_no_spectrometer);
    ADD(a_unit_that_another_program_has_is_told_so);
    ADD(the_cooler_gets_its_set_point_before_it_is_switched_on);
    ADD(a_start_up_temperature_that_cannot_be_gives_way_to_the_detectors);
    ADD(a_cooler_without_calibration_stays_off);
    ADD(settings_take_the_place_of_what_is_stored);
    ADD(an_ingaas_board_is_put_into_high_gain_and_no_other);
    ADD(what_a_unit_does_not_take_is_noted);
    ADD(the_temperature_is_asked_for_at_most_ten_times_a_second);
    ADD(left_overs_of_the_program_before_are_thrown_away);
    ADD(a_frame_comes_as_it_was_read);
    ADD(a_frame_in_pieces_is_put_together);
    ADD(the_halves_of_2048_pixels_are_put_together);
    ADD(an_xs_frame_comes_from_one_endpoint);
    ADD(a_lost_acquire_is_sent_again);
    ADD(a_third_lost_acquire_is_an_error_and_the_laser_off);
    ADD(a_late_frame_does_not_shift_the_ones_after_it);
    ADD(a_torn_frame_is_dropped_and_never_shifted);
    ADD(a_frame_with_a_surplus_is_dropped);
    ADD(what_lies_in_the_endpoint_is_not_taken_for_the_frame);
    ADD(a_stalled_endpoint_is_cleared);
    ADD(equal_pixels_of_an_xs_unit_are_taken_again);
    ADD(a_sleeping_xs_unit_is_asked_twice_and_no_more);
    ADD(an_integration_time_that_is_not_taken_is_an_error);
    ADD(a_time_outside_the_units_limits_is_refused);
    ADD(an_acquire_that_was_refused_is_not_repeated_blindly);
    ADD(an_arm_board_whose_setters_report_failure_still_measures);
    ADD(an_unplugged_unit_is_gone_and_its_laser_unknown);
    ADD(a_cancel_gives_back_control_with_the_laser_off);
    ADD(a_late_frame_is_waited_for_even_without_a_drain);
    ADD(garbage_and_bad_pixels_are_declared_and_left_in_the_frame);
    ADD(an_inverted_detector_gives_its_frame_the_right_way_round);
    ADD(a_recording_loses_serial_numbers_in_either_place);
    ADD(a_measurement_carries_what_was_repaired);
    ADD(a_time_between_the_units_steps_is_refused);
    return g_test_run();
}
