/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"

/* The computer sleeps during a measurement and no bus tells: the clocks do, afterwards. */

static const CelLaserConfirmation clear = {.eyewear_on = TRUE,
                                           .beam_blocked = TRUE,
                                           .nobody_in_line = TRUE,
                                           .sample_hazard = CEL_HAZARD_NO};

enum { A_NIGHT_MS = 8 * 3600 * 1000 };

static gint slept_ms; /* the machine, since it was started; atomic */

/* Light in an instrument with a watchdog of its own: it needs no guard. */
static CelAcquireOptions with_light(void)
{
    reset();
    fake.real_light = TRUE;
    fake.watchdog_s = 60;
    g_atomic_int_set(&slept_ms, 12345); /* before it: none of our business */
    CelAcquireOptions options = quick;
    options.no_dark = TRUE;
    options.confirmation = clear;
    options.clock.made_up_sleep_ms = &slept_ms;
    return options;
}

static void sleep_at_stage(const char *stage, guint64 done, guint64 total, gpointer at)
{
    (void)done;
    (void)total;
    if (strstr(stage, at) != NULL)
        g_atomic_int_set(&slept_ms, 12345 + A_NIGHT_MS);
}

/* Returns: (transfer full): why it gave no measurement. */
static char *sleep_during(const CelAcquireOptions *options, const char *stage)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelJob) job = cel_job_new(NULL, sleep_at_stage, (gpointer)stage);
    g_autoptr(CelDevice) device = open_fake();
    g_assert_null(cel_device_acquire(device, options, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_false(fake.laser_on);
    return g_strdup(error->message);
}

static void a_sleep_before_the_measurement_is_none_of_its_business(void)
{
    const CelAcquireOptions options = with_light();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_nonnull(m);
}

static void an_exposure_under_which_the_computer_slept_ends_soon_after_it(void)
{
    CelAcquireOptions options = with_light();
    fake.wait_ms = 20000;
    const gint64 before_us = g_get_monotonic_time();
    g_autofree char *why = sleep_during(&options, "Measuring");
    g_assert_cmpint(g_get_monotonic_time() - before_us, <, 2000000);
    g_assert_nonnull(strstr(why, "went to sleep, so the laser was turned off"));
    g_assert_nonnull(strstr(why, "Measure this again"));
    g_assert_cmpuint(fake.n_off, >, 0);
}

/* It was over before anybody looked at the clocks. */
static void a_frame_that_came_through_a_sleep_is_no_measurement(void)
{
    CelAcquireOptions options = with_light();
    g_autofree char *why = sleep_during(&options, "Measuring");
    g_assert_nonnull(strstr(why, "went to sleep"));
    g_assert_cmpuint(fake.n_exposures, <, options.frames);
}

static void no_light_comes_after_a_sleep_before_it(void)
{
    static const char *const stages[] = {"after the delay", "Switching the laser"};
    for (gsize i = 0; i < G_N_ELEMENTS(stages); i++) {
        CelAcquireOptions options = with_light();
        options.start_delay_ms = i == 0 ? 20000 : 0;
        g_autofree char *why = sleep_during(&options, stages[i]);
        g_assert_nonnull(strstr(why, "went to sleep"));
        g_assert_cmpuint(fake.n_on, ==, 0);
    }
}

static void a_sleep_while_the_laser_warms_up_turns_it_off(void)
{
    const CelAcquireOptions options = with_light();
    fake.warmup_ms = 20000;
    g_autofree char *why = sleep_during(&options, "warming up");
    g_assert_nonnull(strstr(why, "went to sleep"));
    g_assert_cmpuint(fake.n_on, ==, 1);
    g_assert_cmpuint(fake.n_exposures, ==, 0);
}

static void frames_without_light_do_not_count_either(void)
{
    CelAcquireOptions options = with_light();
    options.laser_off = TRUE;
    g_autofree char *why = sleep_during(&options, "Measuring");
    g_assert_nonnull(strstr(why, "went to sleep, so this measurement does not count"));
    g_assert_null(strstr(why, "laser"));
}

/* As a unit that the sleeping bus gave no current. */
static void what_the_sleep_broke_is_not_told_for_the_cause(void)
{
    CelAcquireOptions options = with_light();
    fake.fail_at = 1;
    g_autofree char *why = sleep_during(&options, "Measuring");
    g_assert_nonnull(strstr(why, "went to sleep"));
}

static void the_next_measurement_goes_on_as_if_nothing_had_been(void)
{
    const CelAcquireOptions options = with_light();
    g_autoptr(CelJob) job = cel_job_new(NULL, sleep_at_stage, (gpointer) "Measuring");
    g_autoptr(CelDevice) device = open_fake();
    g_assert_null(cel_device_acquire(device, &options, job, NULL));
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_nonnull(m);
}

#define ADD(name) g_test_add_func("/sleep/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    ADD(a_sleep_before_the_measurement_is_none_of_its_business);
    ADD(an_exposure_under_which_the_computer_slept_ends_soon_after_it);
    ADD(a_frame_that_came_through_a_sleep_is_no_measurement);
    ADD(no_light_comes_after_a_sleep_before_it);
    ADD(a_sleep_while_the_laser_warms_up_turns_it_off);
    ADD(frames_without_light_do_not_count_either);
    ADD(what_the_sleep_broke_is_not_told_for_the_cause);
    ADD(the_next_measurement_goes_on_as_if_nothing_had_been);
    const int status = g_test_run();
    g_clear_pointer(&fake.log, g_ptr_array_unref);
    return status;
}
