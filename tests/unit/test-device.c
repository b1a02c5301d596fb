/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"

#include "device/cel-auto-integration.h"

/* ---- opening ---- */

static void opens_by_full_id_or_by_the_only_one_of_a_driver(void)
{
    reset();
    g_autoptr(CelDevice) by_driver = open_fake();
    g_assert_cmpstr(cel_device_describe(by_driver)->info.id, ==, "fake:0");
    g_autoptr(GError) error = NULL;
    fake.n_instruments = 2;
    g_autoptr(CelDevice) by_id = cel_device_open(&table, "fake:1", "gain=1.5", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_device_describe(by_id)->info.id, ==, "fake:1");
}

static void assert_open_fails(const char *id, const char *settings, CelError code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_device_open(&table, id, settings, &error));
    g_assert_error(error, CEL_ERROR, (gint)code);
    g_assert_cmpuint(fake.n_open, ==, fake.n_close);
}

static void refuses_what_cannot_be_opened(void)
{
    reset();
    assert_open_fails("fake:7", NULL, CEL_ERROR_DEVICE);
    assert_open_fails("fake", "gain=3", CEL_ERROR_USAGE);
    assert_open_fails("fake", "loss=1", CEL_ERROR_USAGE);
    fake.n_instruments = 2;
    assert_open_fails("fake", NULL, CEL_ERROR_USAGE);
    fake.n_instruments = 1;
    fake.not_permitted = TRUE;
    assert_open_fails("fake", NULL, CEL_ERROR_DEVICE);
    fake.not_permitted = FALSE;
    fake.bad_pixels = TRUE;
    assert_open_fails("fake", NULL, CEL_ERROR_DEVICE);
}

static void an_unusable_stored_calibration_leaves_pixels_and_says_so(void)
{
    reset();
    fake.bad_calibration = TRUE;
    g_autoptr(CelDevice) device = open_fake();
    g_assert_cmpuint(cel_device_describe(device)->calibration.n_coefficients, ==, 0);
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_nonnull(get_note(m, "calibration.refused"));
    g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(m, -1, NULL);
    g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(spectrum)), ==, CEL_UNIT_PIXEL);
}

static void texts_and_figures_of_the_instrument_are_made_safe(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    const CelInstrument *instrument = &cel_device_describe(device)->instrument;
    g_assert_cmpuint(strlen(instrument->serial), ==, sizeof instrument->serial - 1);
    g_assert_cmpfloat(instrument->resolution_cm1, ==, 0.0);
}

/* ---- frames ---- */

static void keeps_all_frames_raw_and_in_order(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    static const char *const wanted[] = {"dark 50",  "dark 50",  "dark 50", "light 50",
                                         "light 50", "light 50", "light 50"};
    g_assert_cmpuint(fake.log->len, ==, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < fake.log->len; i++)
        g_assert_cmpstr(g_ptr_array_index(fake.log, i), ==, wanted[i]);
    g_assert_cmpuint(m->n_frames, ==, 3);
    g_assert_cmpuint(m->n_dark_frames, ==, 2);
    for (guint f = 0; f < 3; f++)
        g_assert_cmpfloat(m->frames[f * N_PIXELS + 8], ==, OFFSET + 500);
    g_assert_cmpfloat(m->dark_frames[8], ==, OFFSET);
    g_assert_cmpfloat(m->integration_ms, ==, 50);
    g_assert_cmpfloat(m->laser_mw, ==, 50);
    g_assert_true(m->laser_mw_nominal);
    g_assert_false(m->simulated);
}

static void discards_the_first_frame_after_each_change_and_notes_it(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_cmpuint(m->discarded_frames, ==, 2);
    g_assert_cmpstr(get_note(m, "discarded.1"), ==,
                    "dark frame 1: the first after a change of settings");
    g_assert_cmpstr(get_note(m, "discarded.2"), ==,
                    "light frame 1: the first after a change of settings");
    g_assert_cmpuint(m->first_frame_number, ==, 5);
}

static void takes_a_stale_frame_again(void)
{
    reset();
    fake.stale_at = 6;
    fake.n_stale = 2;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_cmpuint(m->discarded_frames, ==, 4);
    g_assert_cmpstr(get_note(m, "discarded.3"), ==,
                    "light frame 2: stale, has the number of the frame before");
    g_assert_cmpuint(fake.n_exposures, ==, 9);
}

static void takes_a_frame_of_equal_counts_again(void)
{
    reset();
    fake.unnumbered = TRUE;
    fake.equal_at = 2;
    fake.n_equal = 1;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_cmpstr(get_note(m, "discarded.2"), ==,
                    "dark frame 1: equal in every count to the frame before");
    g_assert_true(memcmp(m->dark_frames, m->dark_frames + N_PIXELS, N_PIXELS * sizeof(double)) !=
                  0);
}

static void gives_up_when_no_new_frame_comes(void)
{
    reset();
    fake.stale_at = 6;
    fake.n_stale = 1000;
    g_autoptr(CelDevice) device = open_fake();
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    g_assert_cmpuint(fake.n_exposures, ==, 9); /* 5 good ones, then 4 attempts */
    g_assert_false(fake.laser_on);
}

static void remembers_the_last_frame_of_the_measurement_before(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) first = acquire(device, &quick);
    g_assert_cmpuint(first->discarded_frames, ==, 2);
    fake.stale_at = fake.n_exposures + 2;
    fake.n_stale = 1;
    g_autoptr(CelMeasurement) second = acquire(device, &quick);
    g_assert_cmpuint(second->discarded_frames, ==, 3);
}

static void a_detector_full_everywhere_is_saturated_not_stale(void)
{
    reset();
    fake.flood = TRUE;
    g_autoptr(CelDevice) device = open_fake();
    const CelAcquireOptions options = {.integration_ms = 50, .frames = 3, .no_dark = TRUE};
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpstr(get_note(m, "saturated.light"), ==, "48 values in 3 of 3 frames");
    g_assert_cmpuint(m->discarded_frames, ==, 1);
    g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(m, -1, NULL);
    g_assert_cmpuint(cel_spectrum_mask(spectrum)[8] & CEL_MASK_SATURATED, !=, 0);
}

static void frames_that_no_detector_gives_are_an_error(void)
{
    reset();
    fake.nan_at = 6;
    g_autoptr(CelDevice) device = open_fake();
    g_autofree char *message = acquire_fails(device, &quick, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(message, "pixel 3"));
    g_assert_false(fake.laser_on);
}

static void count_frames(const double *counts, gsize n, gboolean dark, gpointer data)
{
    g_assert_cmpuint(n, ==, N_PIXELS);
    g_assert_cmpfloat(counts[8], ==, dark ? OFFSET : OFFSET + 500);
    ((guint *)data)[dark]++;
}

static void the_live_view_sees_every_kept_frame(void)
{
    reset();
    guint seen[2] = {0, 0};
    CelAcquireOptions options = quick;
    options.on_frame = count_frames;
    options.on_frame_data = seen;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_nonnull(m);
    g_assert_cmpuint(seen[0], ==, 3);
    g_assert_cmpuint(seen[1], ==, 2);
}

static void temperature_is_recorded_where_there_is_one(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) with = acquire(device, &quick);
    g_assert_true(with->has_temperature);
    g_assert_cmpfloat(with->detector_celsius, ==, -10.0);
    fake.no_temperature = TRUE;
    g_autoptr(CelMeasurement) without = acquire(device, &quick);
    g_assert_false(without->has_temperature);
}

/* ---- integration time ---- */

static void auto_reaches_the_fill(void)
{
    static const double rates[] = {0.9, 10.0, 2000.0};
    for (gsize i = 0; i < G_N_ELEMENTS(rates); i++) {
        reset();
        fake.rate = rates[i];
        g_autoptr(CelDevice) device = open_fake();
        const CelAcquireOptions options = {.target_fill = 0.4};
        g_autoptr(CelMeasurement) m = acquire(device, &options);
        const double fill_reached = m->frames[8] / FULL;
        g_assert_cmpfloat(fill_reached, >=, 0.4 * 0.93);
        g_assert_cmpfloat(fill_reached, <=, 0.4 * 1.07);
        g_assert_cmpfloat_with_epsilon(get_number(m, "integration.fill"), fill_reached, 1e-6);
        g_assert_null(get_note(m, "saturated.light"));
        g_assert_nonnull(get_note(m, "probe.1"));
        g_assert_cmpuint(m->n_frames, ==, 5);
    }
}

static void auto_does_not_look_at_one_hot_pixel(void)
{
    reset();
    fake.hot_rate = 1e6;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, NULL);
    g_assert_cmpfloat(m->frames[8] / FULL, >=, 0.7 * 0.93);
    g_assert_nonnull(get_note(m, "saturated.dark"));
}

static void the_level_of_a_frame_needs_two_neighbours(void)
{
    static const double hot[] = {100, 9000, 110, 9000, 120, 500, 510, 130, 8000};
    static const double line[] = {100, 100, 700, 1000, 690, 100};
    double floor_counts = 0.0;
    g_assert_cmpfloat(cel_auto_integration_level(hot, 9, &floor_counts), ==, 500.0);
    g_assert_cmpfloat(floor_counts, ==, 100.0);
    g_assert_cmpfloat(cel_auto_integration_level(line, 6, &floor_counts), ==, 700.0);
}

static void auto_takes_the_longest_time_for_weak_light(void)
{
    reset();
    fake.rate = 0.001;
    g_autoptr(CelDevice) device = open_fake();
    const CelAcquireOptions options = {.auto_max_ms = 700};
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpfloat(m->integration_ms, ==, 700);
}

static void auto_refuses_light_that_fits_no_time(void)
{
    reset();
    fake.rate = 1e6;
    g_autoptr(CelDevice) device = open_fake();
    assert_fails(device, NULL, CEL_ERROR_DEVICE);
    g_assert_cmpuint(fake.n_exposures, <=, 2 * CEL_AUTO_MAX_PROBES);
    g_assert_false(fake.laser_on);
}

static void auto_ends_after_a_bounded_number_of_probes_whatever_comes(void)
{
    for (guint32 seed = 1; seed <= 200; seed++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        CelAutoIntegration s = {.target_counts = 7000,
                                .saturation_counts = 10000,
                                .min_ms = 1,
                                .max_ms = 5000,
                                .next_ms = 100};
        CelAutoVerdict verdict = CEL_AUTO_PROBE;
        guint n = 0;
        for (; verdict == CEL_AUTO_PROBE; n++) {
            verdict = cel_auto_integration_next(&s, g_rand_double_range(rand, 0, 12000), 100);
            g_assert_cmpfloat(s.next_ms, >=, s.min_ms);
            g_assert_cmpfloat(s.next_ms, <=, s.max_ms);
        }
        g_assert_cmpuint(n, <=, CEL_AUTO_MAX_PROBES);
    }
}

/* ---- laser ---- */

static void laser_is_off_after_success(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_false(fake.laser_on);
    g_assert_false(fake.dark_with_laser);
    g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_OFF_READ_BACK);
    g_assert_cmpstr(get_note(m, "laser.after"), ==, "off (read back)");
    g_assert_cmpfloat(get_number(m, "laser.on_ms"), ==, 200.0);
}

static void laser_is_off_after_a_failure_at_any_frame(void)
{
    for (guint at = 1; at <= 7; at++) {
        reset();
        fake.fail_at = at;
        g_autoptr(CelDevice) device = open_fake();
        g_autofree char *message = acquire_fails(device, &quick, CEL_ERROR_DEVICE);
        g_assert_cmpstr(message, ==, "unplugged");
        g_assert_false(fake.laser_on);
        g_autoptr(CelMeasurement) again = acquire(device, &quick); /* the device is still of use */
        g_assert_nonnull(again);
    }
}

static void a_failure_without_a_reason_is_a_failure(void)
{
    reset();
    fake.fail_at = 5;
    fake.silent_failure = TRUE;
    g_autoptr(CelDevice) device = open_fake();
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    g_assert_false(fake.laser_on);
}

static void a_laser_that_stays_on_is_an_error_even_after_success(void)
{
    reset();
    fake.laser_stuck = TRUE;
    const CelAcquireOptions options = {.integration_ms = 50, .frames = 3, .no_dark = TRUE};
    g_autoptr(CelDevice) device = open_fake();
    g_autofree char *message = acquire_fails(device, &options, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(message, "ON"));
    g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_ON);
    g_autofree char *no_dark_frames = acquire_fails(device, &quick, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(no_dark_frames, "did not go off for the frames without it"));
    g_assert_cmpuint(fake.n_exposures, ==, 4); /* no "dark" frame was taken in laser light */
}

static void off_that_cannot_be_confirmed_is_told_as_such(void)
{
    reset();
    fake.cannot_confirm = TRUE;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_cmpstr(get_note(m, "laser.after"), ==,
                    "off (commanded, this instrument cannot confirm)");
}

static void an_external_laser_is_never_off_and_gives_no_dark(void)
{
    reset();
    fake.external = TRUE;
    g_autoptr(CelDevice) device = open_fake();
    assert_fails(device, &quick, CEL_ERROR_USAGE);
    g_assert_cmpuint(fake.n_exposures, ==, 0);
    const CelAcquireOptions options = {.integration_ms = 50, .no_dark = TRUE};
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpstr(get_note(m, "laser.after"), ==, "UNKNOWN: treat as on");
    g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_UNKNOWN);
}

static void frames_without_laser_never_switch_it_on(void)
{
    reset();
    const CelAcquireOptions options = {.integration_ms = 50, .frames = 2, .laser_off = TRUE};
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    for (guint i = 0; i < fake.log->len; i++)
        g_assert_cmpstr(g_ptr_array_index(fake.log, i), ==, "dark 50");
    g_assert_cmpuint(m->n_dark_frames, ==, 0);
    g_assert_cmpfloat(m->laser_mw, ==, 0.0);
    g_assert_cmpfloat(get_number(m, "laser.on_ms"), ==, 0.0);
}

static void closing_turns_the_laser_off_and_closes_once(void)
{
    reset();
    CelDevice *device = open_fake();
    fake.laser_on = TRUE;
    cel_device_close(device);
    g_assert_false(fake.laser_on);
    g_assert_cmpuint(fake.n_close, ==, 1);
    cel_device_close(NULL);
}

/* ---- options ---- */

static void options_out_of_range_are_refused_before_any_light(void)
{
    static const CelAcquireOptions bad[] = {
        {.integration_ms = 0.5},     {.integration_ms = 6000}, {.integration_ms = NAN},
        {.integration_ms = -1},      {.target_fill = 0.99},    {.laser_mw = 101},
        {.frames = 10001},           {.auto_max_ms = 0.1},     {.laser_mw = NAN},
        {.dark_frames = 4000000000},
    };
    reset();
    g_autoptr(CelDevice) device = open_fake();
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *message = acquire_fails(device, &bad[i], CEL_ERROR_USAGE);
        g_assert_nonnull(message);
    }
    g_assert_cmpuint(fake.n_exposures, ==, 0);
}

/* ---- cancel and threads ---- */

static gpointer cancel_later(gpointer data)
{
    g_usleep(60000);
    gint64 *cancelled_at = g_new(gint64, 1);
    *cancelled_at = g_get_monotonic_time();
    g_cancellable_cancel(data);
    return cancelled_at;
}

static void cancel_comes_back_at_once_with_the_laser_off(void)
{
    reset();
    fake.wait_ms = 20000;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    const CelAcquireOptions options = {.integration_ms = 50, .no_dark = TRUE};
    GThread *thread = g_thread_new("cancel", cancel_later, cancel);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_device_acquire(device, &options, job, &error));
    const gint64 back_at = g_get_monotonic_time();
    g_autofree gint64 *cancelled_at = g_thread_join(thread);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpint(back_at - *cancelled_at, <=, 50000);
    g_assert_false(fake.laser_on);
    fake.wait_ms = 0;
    g_autoptr(CelMeasurement) next = acquire(device, &quick); /* and it can go on */
    g_assert_cmpuint(next->n_frames, ==, 3);
}

static void cancelled_before_the_start_gives_no_light(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_cancellable_cancel(cancel);
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_device_acquire(device, &quick, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpuint(fake.n_exposures, ==, 0);
}

static gpointer acquire_quick(gpointer device)
{
    return acquire(device, &quick);
}

static void two_acquisitions_wait_for_one_another(void)
{
    reset();
    fake.wait_ms = 2;
    g_autoptr(CelDevice) device = open_fake();
    GThread *thread = g_thread_new("other", acquire_quick, device);
    g_autoptr(CelMeasurement) mine = acquire(device, &quick);
    g_autoptr(CelMeasurement) other = g_thread_join(thread);
    g_assert_cmpuint(fake.log->len, ==, 14);
    for (guint i = 0; i < 7; i++) /* one whole measurement, then the other */
        g_assert_cmpstr(g_ptr_array_index(fake.log, i), ==, g_ptr_array_index(fake.log, i + 7));
    g_assert_cmpuint(mine->discarded_frames + other->discarded_frames, ==, 4);
}

static void a_waiting_acquisition_can_be_cancelled(void)
{
    reset();
    fake.wait_ms = 80;
    g_autoptr(CelDevice) device = open_fake();
    GThread *first = g_thread_new("first", acquire_quick, device);
    while (cel_device_laser(device) != CEL_LASER_ON) /* then it has the instrument for 200 ms yet */
        g_usleep(1000);
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    GThread *thread = g_thread_new("cancel", cancel_later, cancel);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_device_acquire(device, &quick, job, &error));
    const gint64 back_at = g_get_monotonic_time();
    g_autofree gint64 *cancelled_at = g_thread_join(thread);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpint(back_at - *cancelled_at, <=, 50000);
    g_autoptr(CelMeasurement) m = g_thread_join(first);
    g_assert_nonnull(m);
    g_assert_cmpuint(fake.n_exposures, ==, 7);
}

static void the_laser_can_be_asked_while_measuring(void)
{
    reset();
    fake.wait_ms = 40; /* the whole measurement takes 280 ms */
    g_autoptr(CelDevice) device = open_fake();
    GThread *thread = g_thread_new("first", acquire_quick, device);
    gboolean seen_on = FALSE;
    for (guint i = 0; i < 400 && !seen_on; i++) {
        const gint64 before = g_get_monotonic_time();
        seen_on = cel_device_laser(device) == CEL_LASER_ON;
        g_assert_cmpint(g_get_monotonic_time() - before, <, 120000);
        g_usleep(1000);
    }
    g_assert_true(seen_on);
    g_autoptr(CelMeasurement) m = g_thread_join(thread);
    g_assert_nonnull(m);
    g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_OFF_READ_BACK);
}

static void remember_progress(const char *stage, guint64 done, guint64 total, gpointer data)
{
    g_assert_nonnull(stage);
    g_assert_cmpuint(done, <=, total);
    g_assert_cmpuint(total, ==, 5);
    *(guint64 *)data = done;
}

static void progress_ends_at_the_total(void)
{
    reset();
    guint64 done = 0;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelJob) job = cel_job_new(NULL, remember_progress, &done);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMeasurement) m = cel_device_acquire(device, &quick, job, &error);
    g_assert_no_error(error);
    g_assert_nonnull(m);
    g_assert_cmpuint(done, ==, 5);
}

static void read_number(const CelDriver *driver, CelSession *session, gpointer data)
{
    g_assert_true(driver == &fake_driver);
    g_assert_nonnull(session);
    *(gpointer *)data = g_thread_self();
}

static void calls_run_in_the_worker(void)
{
    reset();
    gpointer thread = NULL;
    g_autoptr(CelDevice) device = open_fake();
    cel_device_call(device, read_number, &thread);
    g_assert_nonnull(thread);
    g_assert_true(thread != g_thread_self());
}

#define ADD(group, name) g_test_add_func("/device/" group "/" #name, name)

static void add_opening_and_frames(void)
{
    ADD("open", opens_by_full_id_or_by_the_only_one_of_a_driver);
    ADD("open", refuses_what_cannot_be_opened);
    ADD("open", an_unusable_stored_calibration_leaves_pixels_and_says_so);
    ADD("open", texts_and_figures_of_the_instrument_are_made_safe);
    ADD("frames", keeps_all_frames_raw_and_in_order);
    ADD("frames", discards_the_first_frame_after_each_change_and_notes_it);
    ADD("frames", takes_a_stale_frame_again);
    ADD("frames", takes_a_frame_of_equal_counts_again);
    ADD("frames", gives_up_when_no_new_frame_comes);
    ADD("frames", remembers_the_last_frame_of_the_measurement_before);
    ADD("frames", a_detector_full_everywhere_is_saturated_not_stale);
    ADD("frames", frames_that_no_detector_gives_are_an_error);
    ADD("frames", the_live_view_sees_every_kept_frame);
    ADD("frames", temperature_is_recorded_where_there_is_one);
    ADD("auto", auto_reaches_the_fill);
    ADD("auto", auto_does_not_look_at_one_hot_pixel);
    ADD("auto", the_level_of_a_frame_needs_two_neighbours);
    ADD("auto", auto_takes_the_longest_time_for_weak_light);
    ADD("auto", auto_refuses_light_that_fits_no_time);
    ADD("auto", auto_ends_after_a_bounded_number_of_probes_whatever_comes);
}

static void add_laser_and_threads(void)
{
    ADD("laser", laser_is_off_after_success);
    ADD("laser", laser_is_off_after_a_failure_at_any_frame);
    ADD("laser", a_failure_without_a_reason_is_a_failure);
    ADD("laser", a_laser_that_stays_on_is_an_error_even_after_success);
    ADD("laser", off_that_cannot_be_confirmed_is_told_as_such);
    ADD("laser", an_external_laser_is_never_off_and_gives_no_dark);
    ADD("laser", frames_without_laser_never_switch_it_on);
    ADD("laser", closing_turns_the_laser_off_and_closes_once);
    ADD("options", options_out_of_range_are_refused_before_any_light);
    ADD("cancel", cancel_comes_back_at_once_with_the_laser_off);
    ADD("cancel", cancelled_before_the_start_gives_no_light);
    ADD("cancel", a_waiting_acquisition_can_be_cancelled);
    ADD("threads", two_acquisitions_wait_for_one_another);
    ADD("threads", the_laser_can_be_asked_while_measuring);
    ADD("threads", progress_ends_at_the_total);
    ADD("threads", calls_run_in_the_worker);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    add_opening_and_frames();
    add_laser_and_threads();
    const int status = g_test_run();
    g_clear_pointer(&fake.log, g_ptr_array_unref);
    return status;
}
