/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-live.h"
#include "device-fixture.h"

/* The live view: how it ends, and when there is no light. The fake's time costs nothing. */

typedef struct {
    guint n, stop_after; /* 0: not stopped */
    double first_peak, first_dark, integration_ms;
    GCancellable *cancel;
} Seen;

static void see(const CelLiveFrame *frame, gpointer data)
{
    Seen *seen = data;
    seen->n++;
    seen->integration_ms = frame->integration_ms;
    if (seen->n == 1) {
        seen->first_peak = frame->counts[N_PIXELS / 2];
        seen->first_dark = frame->dark != NULL ? frame->dark[N_PIXELS / 2] : -1.0;
    }
    if (seen->n == seen->stop_after)
        g_cancellable_cancel(seen->cancel);
}

static gboolean look(const CelLiveOptions *wanted, Seen *seen, GError **error)
{
    CelLiveOptions options = *wanted;
    options.on_frame = see;
    options.on_frame_data = seen;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    seen->cancel = cancel;
    return cel_live_run(device, &options, job, error);
}

static void it_goes_on_until_it_is_stopped(void)
{
    reset();
    g_autoptr(GError) error = NULL;
    Seen seen = {.stop_after = 2500}; /* more than one acquisition holds */
    const CelLiveOptions options = {.integration_ms = 50, .laser_off = TRUE};
    g_assert_false(look(&options, &seen, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpuint(seen.n, ==, 2500);
    g_assert_false(fake.light_without_laser);
    g_assert_cmpuint(fake.n_on, ==, 0);
}

static void the_light_goes_off_by_itself(void)
{
    reset();
    fake.real_light = TRUE;
    fake.watchdog_s = 600;
    g_autoptr(GError) error = NULL;
    Seen seen = {.n = 0};
    const CelLiveOptions options = {.integration_ms = 500,
                                    .confirmation = {.eyewear_on = TRUE,
                                                     .beam_blocked = TRUE,
                                                     .nobody_in_line = TRUE,
                                                     .sample_hazard = CEL_HAZARD_NO}};
    g_assert_true(look(&options, &seen, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(seen.n, ==, CEL_LIVE_LIGHT_MS / 500);
    g_assert_false(fake.laser_on);
}

static void what_emits_nothing_may_be_looked_at_for_as_long_as_one_likes(void)
{
    reset();
    g_autoptr(GError) error = NULL;
    Seen seen = {.stop_after = CEL_LIVE_LIGHT_MS / 500 + 50};
    const CelLiveOptions options = {.integration_ms = 500};
    g_assert_false(look(&options, &seen, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpuint(seen.n, ==, seen.stop_after);
}

static void a_stop_turns_the_laser_off(void)
{
    reset();
    g_autoptr(GError) error = NULL;
    Seen seen = {.stop_after = 3};
    const CelLiveOptions options = {.integration_ms = 50};
    g_assert_false(look(&options, &seen, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpuint(seen.n, ==, 3);
    g_assert_false(fake.laser_on);
}

static void dark_frames_are_handed_over_as_their_mean(void)
{
    reset();
    g_autoptr(GError) error = NULL;
    Seen seen = {.stop_after = 1};
    const CelLiveOptions options = {.integration_ms = 50, .dark_frames = 4};
    g_assert_false(look(&options, &seen, &error));
    g_assert_cmpfloat(seen.first_dark, ==, OFFSET);
    g_assert_cmpfloat(seen.first_peak, >, OFFSET);
    g_assert_false(fake.dark_with_laser);
}

static void the_time_is_chosen_once(void)
{
    reset();
    g_autoptr(GError) error = NULL;
    Seen seen = {.stop_after = 5};
    const CelLiveOptions options = {.laser_off = FALSE};
    g_assert_false(look(&options, &seen, &error));
    g_assert_cmpuint(seen.n, ==, 5);
    g_assert_cmpfloat(seen.integration_ms, >, 0.0);
}

static void a_sample_that_may_be_dark_gets_no_light(void)
{
    static const CelHazard hazards[] = {CEL_HAZARD_YES, CEL_HAZARD_UNKNOWN, CEL_HAZARD_UNANSWERED};
    for (gsize i = 0; i < G_N_ELEMENTS(hazards); i++) {
        reset();
        fake.real_light = TRUE;
        fake.watchdog_s = 10;
        g_autoptr(GError) error = NULL;
        Seen seen = {.n = 0};
        const CelLiveOptions options = {.integration_ms = 50,
                                        .confirmation = {.eyewear_on = TRUE,
                                                         .beam_blocked = TRUE,
                                                         .nobody_in_line = TRUE,
                                                         .sample_hazard = hazards[i]}};
        g_assert_false(look(&options, &seen, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
        g_assert_cmpuint(seen.n + fake.n_on, ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/live/run/until-stopped", it_goes_on_until_it_is_stopped);
    g_test_add_func("/live/light/ends", the_light_goes_off_by_itself);
    g_test_add_func("/live/light/none",
                    what_emits_nothing_may_be_looked_at_for_as_long_as_one_likes);
    g_test_add_func("/live/light/stop", a_stop_turns_the_laser_off);
    g_test_add_func("/live/dark/mean", dark_frames_are_handed_over_as_their_mean);
    g_test_add_func("/live/time/once", the_time_is_chosen_once);
    g_test_add_func("/live/light/hazard", a_sample_that_may_be_dark_gets_no_light);
    return g_test_run();
}
