/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"

#include "device/cel-guard-ops.h"
#include "device/cel-laser.h"

static const CelLaserConfirmation clear = {.eyewear_on = TRUE,
                                           .beam_blocked = TRUE,
                                           .nobody_in_line = TRUE,
                                           .sample_hazard = CEL_HAZARD_NO};

/* ---- the machine ---- */

static const CelLaserStep path_to_light[] = {CEL_LASER_STEP_STOPPING, CEL_LASER_STEP_OFF,
                                             CEL_LASER_STEP_ARMED, CEL_LASER_STEP_WARMING,
                                             CEL_LASER_STEP_ON};

static void light_is_reached_by_one_path_only(void)
{
    for (guint from = 0; from < CEL_N_LASER_STEPS; from++) {
        g_assert_cmpint(cel_laser_step_may(from, CEL_LASER_STEP_ON), ==,
                        from == CEL_LASER_STEP_WARMING);
        g_assert_cmpint(cel_laser_step_may(from, CEL_LASER_STEP_WARMING), ==,
                        from == CEL_LASER_STEP_ARMED);
        g_assert_cmpint(cel_laser_step_may(from, CEL_LASER_STEP_ARMED), ==,
                        from == CEL_LASER_STEP_OFF);
        g_assert_cmpint(cel_laser_step_may(from, CEL_LASER_STEP_OFF), ==,
                        from == CEL_LASER_STEP_STOPPING);
    }
}

static void every_step_can_be_stopped(void)
{
    for (guint from = 0; from < CEL_N_LASER_STEPS; from++) {
        if (from != CEL_LASER_STEP_STOPPING)
            g_assert_true(cel_laser_step_may(from, CEL_LASER_STEP_STOPPING));
        g_assert_false(cel_laser_step_may(from, CEL_N_LASER_STEPS));
    }
    g_assert_true(cel_laser_step_may(CEL_LASER_STEP_STOPPING, CEL_LASER_STEP_UNKNOWN));
}

static void an_edge_that_is_not_in_the_table_changes_nothing(void)
{
    CelLaserMachine machine = {0};
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_laser_move(&machine, CEL_LASER_STEP_ON, "no", cel_clock_fixed(1), &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(error->message, "UNKNOWN"));
    g_assert_cmpint(machine.step, ==, CEL_LASER_STEP_UNKNOWN);
    g_assert_cmpuint(machine.n_edges, ==, 0);
}

static void every_edge_is_logged_with_its_times_and_cause(void)
{
    CelLaserMachine machine = {0};
    g_autoptr(CelMeasurement) m = cel_measurement_new(2, 1, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(path_to_light); i++)
        g_assert_true(
            cel_laser_move(&machine, path_to_light[i], "test", cel_clock_fixed(77), NULL));
    cel_laser_note_edges(&machine, m);
    g_assert_cmpstr(get_note(m, "laser.edge.001"), ==,
                    "UNKNOWN>STOPPING mono_us=0 wall_us=77 test");
    g_assert_cmpstr(get_note(m, "laser.edge.005"), ==, "WARMING>ON mono_us=0 wall_us=77 test");
    g_assert_null(get_note(m, "laser.edge.006"));
    g_assert_null(get_note(m, "laser.edges_lost"));
}

static void the_log_is_bounded_and_keeps_the_last_edge(void)
{
    CelLaserMachine machine = {0};
    g_autoptr(CelMeasurement) m = cel_measurement_new(2, 1, 0);
    for (guint i = 0; i < CEL_LASER_MAX_EDGES; i++) {
        cel_laser_move(&machine, CEL_LASER_STEP_STOPPING, "off", cel_clock_fixed(1), NULL);
        cel_laser_move(&machine, CEL_LASER_STEP_UNKNOWN, "silent", cel_clock_fixed(1), NULL);
    }
    cel_laser_move(&machine, CEL_LASER_STEP_FAULT, "the last", cel_clock_fixed(2), NULL);
    g_assert_cmpuint(machine.n_edges, ==, CEL_LASER_MAX_EDGES);
    g_assert_cmpstr(machine.edges[CEL_LASER_MAX_EDGES - 1].cause, ==, "the last");
    cel_laser_note_edges(&machine, m);
    g_assert_cmpfloat(get_number(m, "laser.edges_lost"), ==, CEL_LASER_MAX_EDGES + 1);
}

static void state_texts_never_promise_more_than_is_known(void)
{
    g_assert_cmpstr(cel_laser_state_text(CEL_LASER_ON), ==, "ON");
    g_assert_cmpstr(cel_laser_state_text(CEL_LASER_UNKNOWN), ==, "UNKNOWN: treat as on");
    g_assert_cmpstr(cel_laser_state_text((CelLaserState)99), ==, "UNKNOWN: treat as on");
    g_assert_false(cel_laser_is_off(CEL_LASER_UNKNOWN));
    g_assert_false(cel_laser_is_off((CelLaserState)99));
}

/* ---- may there be light ---- */

static const CelCapabilities settable = {.laser = CEL_LASER_BUILT_IN,
                                         .laser_mw_settable = TRUE,
                                         .laser_mw_min = 1,
                                         .laser_mw_max = 100,
                                         .laser_mw_default = 50};

static CelLaserPlan plan(const CelCapabilities *c, const CelLaserAsk *ask)
{
    CelLaserPlan out;
    g_autoptr(GError) error = NULL;
    cel_laser_plan(c, ask, &out, &error);
    g_assert_no_error(error);
    return out;
}

static void assert_refused(const CelCapabilities *c, const CelLaserAsk *ask, CelError code)
{
    CelLaserPlan out;
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_laser_plan(c, ask, &out, &error));
    g_assert_error(error, CEL_ERROR, (gint)code);
}

static void each_unanswered_question_is_named_and_keeps_the_laser_off(void)
{
    static const struct {
        CelLaserConfirmation answers;
        const char *named;
    } cases[] = {
        {{FALSE, TRUE, TRUE, CEL_HAZARD_NO}, "eyewear"},
        {{TRUE, FALSE, TRUE, CEL_HAZARD_NO}, "blocked"},
        {{TRUE, TRUE, FALSE, CEL_HAZARD_NO}, "nobody in line"},
        {{TRUE, TRUE, TRUE, CEL_HAZARD_UNANSWERED}, "explosive"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CelLaserPlan out;
        g_autoptr(GError) error = NULL;
        const CelLaserAsk ask = {.confirmation = cases[i].answers};
        g_assert_false(cel_laser_plan(&settable, &ask, &out, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
        for (gsize k = 0; k < G_N_ELEMENTS(cases); k++)
            g_assert_cmpint(strstr(error->message, cases[k].named) != NULL, ==, i == k);
    }
}

static void an_instrument_that_emits_nothing_asks_nothing(void)
{
    CelCapabilities c = settable;
    c.no_light = TRUE;
    plan(&c, &(CelLaserAsk){0});
    c = (CelCapabilities){.laser = CEL_LASER_NONE};
    plan(&c, &(CelLaserAsk){0});
}

static void a_dark_or_unknown_sample_gets_the_ramp_from_the_lowest_power(void)
{
    static const CelHazard hazards[] = {CEL_HAZARD_YES, CEL_HAZARD_UNKNOWN};
    for (gsize i = 0; i < G_N_ELEMENTS(hazards); i++) {
        CelLaserAsk ask = {.confirmation = clear};
        ask.confirmation.sample_hazard = hazards[i];
        const CelLaserPlan p = plan(&settable, &ask);
        g_assert_true(p.ramp);
        g_assert_cmpfloat(p.ramp_from_mw, ==, 1.0);
        ask.hazard_policy = CEL_HAZARD_REFUSE;
        assert_refused(&settable, &ask, CEL_ERROR_POLICY);
        ask.hazard_policy = CEL_HAZARD_RAMP;
        CelCapabilities fixed = settable;
        fixed.laser_mw_settable = FALSE;
        assert_refused(&fixed, &ask, CEL_ERROR_POLICY);
    }
    g_assert_false(plan(&settable, &(CelLaserAsk){.confirmation = clear}).ramp);
    g_assert_true(plan(&settable, &(CelLaserAsk){.confirmation = clear, .ramp = TRUE}).ramp);
}

static void power_is_never_above_the_least_of_its_limits(void)
{
    static const struct {
        double wish, cap, got;
    } cases[] = {{0, 0, 0}, {0, 60, 0}, {0, 20, 20}, {10, 20, 10}, {100, 0, 100}, {20, 20, 20}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const CelLaserAsk ask = {
            .confirmation = clear, .laser_mw = cases[i].wish, .cap_mw = cases[i].cap};
        g_assert_cmpfloat(plan(&settable, &ask).laser_mw, ==, cases[i].got);
    }
}

static void a_power_above_a_limit_is_refused_not_lowered_in_silence(void)
{
    assert_refused(&settable, &(CelLaserAsk){.confirmation = clear, .laser_mw = 30, .cap_mw = 20},
                   CEL_ERROR_POLICY);
    assert_refused(&settable, &(CelLaserAsk){.confirmation = clear, .cap_mw = 0.5},
                   CEL_ERROR_POLICY);
    assert_refused(&settable, &(CelLaserAsk){.confirmation = clear, .laser_mw = 101},
                   CEL_ERROR_USAGE);
    assert_refused(&settable, &(CelLaserAsk){.confirmation = clear, .laser_mw = NAN},
                   CEL_ERROR_USAGE);
    assert_refused(&settable, &(CelLaserAsk){.confirmation = clear, .cap_mw = NAN},
                   CEL_ERROR_USAGE);
}

static void a_fixed_power_must_be_known_and_below_the_cap(void)
{
    CelCapabilities fixed = {.laser = CEL_LASER_BUILT_IN, .laser_mw_max = 30};
    const CelLaserAsk capped = {.confirmation = clear, .cap_mw = 20};
    assert_refused(&fixed, &capped, CEL_ERROR_POLICY);
    fixed.laser_mw_max = 15;
    plan(&fixed, &capped);
    fixed.laser_mw_max = 0; /* not known */
    assert_refused(&fixed, &capped, CEL_ERROR_POLICY);
    assert_refused(&fixed, &(CelLaserAsk){.confirmation = clear, .laser_mw = 10}, CEL_ERROR_USAGE);
}

static void a_laser_that_is_not_ours_is_refused_where_a_limit_would_be_kept(void)
{
    CelLaserPlan out;
    const CelCapabilities c = {.laser = CEL_LASER_EXTERNAL};
    CelLaserAsk ask = {.cap_mw = 20};
    g_assert_false(cel_laser_plan(&c, &ask, &out, NULL));
    ask.cap_mw = 0.0;
    g_assert_true(cel_laser_plan(&c, &ask, &out, NULL));
    ask.confirmation.sample_hazard = CEL_HAZARD_UNKNOWN;
    g_assert_false(cel_laser_plan(&c, &ask, &out, NULL));
}

static void a_default_that_is_not_known_is_replaced_by_the_cap(void)
{
    CelCapabilities c = settable;
    c.laser_mw_default = 0;
    const CelLaserAsk ask = {.confirmation = clear, .cap_mw = 20};
    g_assert_cmpfloat(plan(&c, &ask).laser_mw, ==, 20.0);
}

/* ---- a guard that is none ---- */

typedef struct {
    gboolean refuses, dies_when_lit, will_not_permit;
    guint n_start, n_stop, permitted_ms, n_permit, n_help;
    gint alive; /* atomic: looked at by the watching thread */
    GPtrArray *log;
} FakeGuard;

static FakeGuard guard;

static gpointer guard_start(const CelGuardStart *what, GError **error)
{
    g_assert_cmpstr(what->program, ==, "/nowhere/guard");
    g_assert_cmpuint(what->gate->control.request, ==, 0xBE);
    g_assert_cmpuint(fake.n_on, ==, guard.n_start); /* before any light */
    guard.n_start++;
    g_atomic_int_set(&guard.alive, !guard.refuses);
    if (guard.refuses)
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, "no guard");
    return guard.refuses ? NULL : &guard;
}

static gboolean guard_permit(gpointer self, guint longest_ms, GError **error)
{
    g_assert_true(self == &guard);
    g_assert_false(longest_ms > 0 && fake.laser_on); /* first the permit, then light */
    guard.n_permit++;
    guard.permitted_ms = longest_ms;
    if (longest_ms > 0 && guard.will_not_permit) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE, "no permit");
        return FALSE;
    }
    if (longest_ms > 0 && guard.dies_when_lit)
        g_atomic_int_set(&guard.alive, FALSE);
    return TRUE;
}

static gboolean guard_is_alive(gpointer self)
{
    g_assert_true(self == &guard);
    return g_atomic_int_get(&guard.alive);
}

static void guard_stop(gpointer self)
{
    g_assert_true(self == &guard);
    g_assert_false(fake.laser_on && !fake.laser_stuck);
    guard.n_stop++;
}

static void guard_help(gpointer self)
{
    g_assert_true(self == &guard);
    guard.n_help++;
}

static const CelGuardOps guard_ops = {.start = guard_start,
                                      .permit = guard_permit,
                                      .is_alive = guard_is_alive,
                                      .help = guard_help,
                                      .stop = guard_stop};
static const CelDriverTable guarded_table = {
    .drivers = drivers, .n = 1, .guard_program = "/nowhere/guard", .guard = &guard_ops};

static void reset_real(void)
{
    reset();
    fake.real_light = TRUE;
    guard = (FakeGuard){0};
}

static CelDevice *open_guarded(void)
{
    g_autoptr(GError) error = NULL;
    CelDevice *device = cel_device_open(&guarded_table, "fake", NULL, &error);
    g_assert_no_error(error);
    return device;
}

static CelAcquireOptions confirmed(void)
{
    CelAcquireOptions options = quick;
    options.confirmation = clear;
    return options;
}

static void without_a_guard_there_is_no_light(void)
{
    reset_real();
    const CelAcquireOptions options = confirmed();
    g_autoptr(CelDevice) bare = open_fake();
    assert_fails(bare, &options, CEL_ERROR_POLICY);
    guard.refuses = TRUE;
    g_autoptr(CelDevice) device = open_guarded();
    assert_fails(device, &options, CEL_ERROR_SYSTEM);
    g_assert_cmpuint(fake.n_on, ==, 0);
    CelAcquireOptions dark = quick;
    dark.laser_off = TRUE;
    g_autoptr(CelMeasurement) m = acquire(bare, &dark); /* no light, no guard */
    g_assert_nonnull(m);
}

static void the_guard_stands_ready_before_the_first_light_and_knows_the_deadline(void)
{
    reset_real();
    const CelAcquireOptions options = confirmed();
    CelDevice *device = open_guarded();
    g_autoptr(CelMeasurement) first = acquire(device, &options);
    g_assert_nonnull(first);
    g_assert_cmpuint(guard.n_start, ==, 1);
    g_assert_cmpuint(guard.n_permit, ==, 2);
    g_assert_cmpuint(guard.permitted_ms, ==, 0); /* taken back after the light */
    g_assert_cmpuint(fake.longest_ms, >, 4 * 50);
    g_autoptr(CelMeasurement) second = acquire(device, &options);
    g_assert_nonnull(second);
    g_assert_cmpuint(guard.n_start, ==, 1); /* the same one */
    cel_device_close(device);
    g_assert_cmpuint(guard.n_stop, ==, 1);
}

static void a_laser_that_does_not_go_off_is_left_to_the_guard(void)
{
    reset_real();
    fake.laser_stuck = TRUE;
    CelAcquireOptions options = confirmed();
    options.no_dark = TRUE;
    CelDevice *device = open_guarded();
    g_autofree char *message = acquire_fails(device, &options, CEL_ERROR_DEVICE);
    g_assert_nonnull(message);
    g_assert_cmpuint(guard.n_help, ==, 1);
    g_assert_cmpuint(guard.permitted_ms, >, 0); /* not taken back */
    cel_device_close(device);
}

static void a_guard_that_does_not_permit_keeps_the_laser_off(void)
{
    reset_real();
    guard.will_not_permit = TRUE;
    const CelAcquireOptions options = confirmed();
    g_autoptr(CelDevice) device = open_guarded();
    g_autofree char *message = acquire_fails(device, &options, CEL_ERROR_DEVICE);
    g_assert_cmpstr(message, ==, "no permit");
    g_assert_cmpuint(fake.n_on, ==, 0);
}

static void a_lost_guard_turns_the_laser_off_and_is_an_error(void)
{
    reset_real();
    guard.dies_when_lit = TRUE;
    fake.wait_ms = 1000;
    CelAcquireOptions options = confirmed();
    options.no_dark = TRUE;
    g_autoptr(CelDevice) device = open_guarded();
    const gint64 before_us = g_get_monotonic_time();
    g_autofree char *message = acquire_fails(device, &options, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(message, "guard"));
    g_assert_false(fake.laser_on);
    g_assert_cmpint(g_get_monotonic_time() - before_us, <, 500000);
    guard.dies_when_lit = FALSE;
    fake.wait_ms = 0;
    g_autoptr(CelMeasurement) m = acquire(device, &options); /* with a new guard */
    g_assert_nonnull(m);
    g_assert_cmpuint(guard.n_start, ==, 2);
}

static void a_watchdog_of_the_unit_makes_the_guard_unnecessary(void)
{
    reset_real();
    fake.watchdog_s = 10;
    const CelAcquireOptions options = confirmed();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_nonnull(m);
    g_assert_cmpuint(fake.longest_ms, <=, 10000);
}

static void light_for_longer_than_the_watchdog_is_refused_beforehand(void)
{
    reset_real();
    fake.watchdog_s = 1;
    CelAcquireOptions options = confirmed();
    options.frames = 100;
    options.no_dark = TRUE;
    g_autoptr(CelDevice) device = open_fake();
    assert_fails(device, &options, CEL_ERROR_USAGE);
    g_assert_cmpuint(fake.n_on, ==, 0);
}

/* ---- the engine with the laser ---- */

static void no_answers_no_light(void)
{
    reset_real();
    g_autoptr(CelDevice) device = open_guarded();
    assert_fails(device, &quick, CEL_ERROR_POLICY);
    assert_fails(device, NULL, CEL_ERROR_POLICY);
    g_assert_cmpuint(fake.n_exposures + fake.n_arm + fake.n_on, ==, 0);
}

static void the_log_of_a_measurement_tells_every_step_and_the_answers(void)
{
    static const char *const steps[] = {"OFF>ARMED", "ARMED>WARMING", "WARMING>ON", "ON>STOPPING",
                                        "STOPPING>OFF"};
    reset_real();
    const CelAcquireOptions options = confirmed();
    g_autoptr(CelDevice) device = open_guarded();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree char *key = g_strdup_printf("laser.edge.%03u", i + 1);
        g_assert_true(g_str_has_prefix(get_note(m, key), steps[i]));
    }
    g_assert_null(get_note(m, "laser.edge.006"));
    g_assert_cmpstr(get_note(m, "laser.confirmation"), ==,
                    "eyewear on: yes; beam blocked: yes; nobody in line: yes; sample dark or "
                    "explosive: no");
    g_assert_cmpstr(m->instrument.driver_validation, ==, "unit tests");
    g_assert_cmpfloat(get_number(m, "laser.burn_ms"), >=, 0.0);
}

static void frames_with_light_are_taken_only_while_the_laser_is_on(void)
{
    reset_real();
    const CelAcquireOptions options = confirmed();
    g_autoptr(CelDevice) device = open_guarded();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_nonnull(m);
    g_assert_false(fake.light_without_laser);
    g_assert_false(fake.dark_with_laser);
}

static void a_laser_that_goes_off_by_itself_spoils_the_measurement(void)
{
    reset_real();
    fake.lose_light_at = 6;
    const CelAcquireOptions options = confirmed();
    g_autoptr(CelDevice) device = open_guarded();
    g_autofree char *message = acquire_fails(device, &options, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(message, "went off during a frame"));
}

static void what_keeps_the_laser_from_lighting_is_an_error_never_a_dark_frame(void)
{
    static const struct {
        gsize offset;
        const char *says;
    } cases[] = {{offsetof(Fake, interlock_open), "interlock"},
                 {offsetof(Fake, arm_fails), "cannot arm"},
                 {offsetof(Fake, on_fails), "cannot light"},
                 {offsetof(Fake, never_lights), "did not come on"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        reset_real();
        const gboolean yes = TRUE;
        memcpy((char *)&fake + cases[i].offset, &yes, sizeof yes);
        CelAcquireOptions options = confirmed();
        options.no_dark = TRUE;
        g_autoptr(CelDevice) device = open_guarded();
        g_autofree char *message = acquire_fails(device, &options, CEL_ERROR_DEVICE);
        g_assert_nonnull(strstr(message, cases[i].says));
        g_assert_cmpuint(fake.n_exposures, ==, 0);
        g_assert_false(fake.laser_on);
        g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_OFF_READ_BACK);
    }
}

static void delay_and_warm_up_pass_before_the_first_frame_with_light(void)
{
    reset_real();
    fake.delay_ms = 60;
    fake.warmup_ms = 40;
    CelAcquireOptions options = confirmed();
    options.start_delay_ms = 120;
    options.no_dark = TRUE;
    g_autoptr(CelDevice) device = open_guarded();
    const gint64 before_us = g_get_monotonic_time();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpint(g_get_monotonic_time() - before_us, >=, 220000);
    g_assert_cmpfloat(get_number(m, "laser.burn_ms"), >=, 100.0);
    g_assert_cmpfloat(get_number(m, "laser.burn_ms"), <, 220.0); /* the delay is before light */
}

typedef struct {
    GCancellable *cancel;
    const char *at;
} StopAt;

static void stop_at_stage(const char *stage, guint64 done, guint64 total, gpointer data)
{
    const StopAt *stop = data;
    (void)done;
    (void)total;
    if (strstr(stage, stop->at) != NULL)
        g_cancellable_cancel(stop->cancel);
}

static void a_cancel_in_any_stage_of_the_laser_leaves_it_off(void)
{
    static const char *const stages[] = {"after the delay", "Switching the laser", "warming up",
                                         "Measuring"};
    for (gsize i = 0; i < G_N_ELEMENTS(stages); i++) {
        reset_real();
        fake.warmup_ms = 1000;
        if (i == 3)
            fake.warmup_ms = 0;
        g_autoptr(GCancellable) cancel = g_cancellable_new();
        StopAt stop = {cancel, stages[i]};
        g_autoptr(CelJob) job = cel_job_new(cancel, stop_at_stage, &stop);
        CelAcquireOptions options = confirmed();
        options.start_delay_ms = i == 0 ? 5000 : 0;
        g_autoptr(CelDevice) device = open_guarded();
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_device_acquire(device, &options, job, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
        g_assert_false(fake.laser_on);
        g_assert_cmpuint(fake.n_on, ==, i >= 2 ? 1 : 0);
        g_assert_cmpuint(guard.permitted_ms, ==, 0);
    }
}

static void the_deadline_of_the_host_ends_light_that_burns_too_long(void)
{
    reset_real();
    fake.wait_ms = 3000;
    CelAcquireOptions options = confirmed();
    options.no_dark = TRUE;
    options.integration_ms = 10;
    options.longest_light_ms = 150;
    g_autoptr(CelDevice) device = open_guarded();
    const gint64 before_us = g_get_monotonic_time();
    g_autofree char *message = acquire_fails(device, &options, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(message, "burned for as long as it may"));
    g_assert_cmpint(g_get_monotonic_time() - before_us, <, 1000000);
    g_assert_false(fake.laser_on);
    fake.wait_ms = 0;
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_nonnull(m);
}

static void a_laser_not_known_to_be_off_is_never_armed(void)
{
    reset_real();
    fake.laser_on = fake.laser_stuck = TRUE;
    CelAcquireOptions options = confirmed();
    options.no_dark = TRUE;
    g_autoptr(CelDevice) device = open_guarded();
    assert_fails(device, &options, CEL_ERROR_DEVICE);
    g_assert_cmpuint(fake.n_arm, ==, 0);
}

static void an_off_that_was_not_heard_is_commanded_again_before_arming(void)
{
    reset_real();
    fake.n_mute = 1; /* when it is opened */
    CelAcquireOptions options = confirmed();
    options.no_dark = TRUE;
    g_autoptr(CelDevice) device = open_guarded();
    g_assert_cmpuint(fake.n_mute, ==, 0);
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_nonnull(strstr(get_note(m, "laser.edge.001"), "UNKNOWN>STOPPING"));
    g_assert_nonnull(strstr(get_note(m, "laser.edge.001"), "before arming"));
}

static void the_power_of_the_plan_reaches_the_instrument_and_the_record(void)
{
    reset_real();
    CelAcquireOptions options = confirmed();
    options.laser_cap_mw = 12.5;
    g_autoptr(CelDevice) device = open_guarded();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpfloat(fake.armed_mw, ==, 12.5);
    g_assert_cmpfloat(m->laser_mw, ==, 12.5);
    g_assert_cmpfloat(m->frames[8], ==, OFFSET + 125);
}

#define ADD(group, name) g_test_add_func("/laser/" group "/" #name, name)

static void add_pure(void)
{
    ADD("machine", light_is_reached_by_one_path_only);
    ADD("machine", every_step_can_be_stopped);
    ADD("machine", an_edge_that_is_not_in_the_table_changes_nothing);
    ADD("machine", every_edge_is_logged_with_its_times_and_cause);
    ADD("machine", the_log_is_bounded_and_keeps_the_last_edge);
    ADD("machine", state_texts_never_promise_more_than_is_known);
    ADD("plan", each_unanswered_question_is_named_and_keeps_the_laser_off);
    ADD("plan", an_instrument_that_emits_nothing_asks_nothing);
    ADD("plan", a_dark_or_unknown_sample_gets_the_ramp_from_the_lowest_power);
    ADD("plan", power_is_never_above_the_least_of_its_limits);
    ADD("plan", a_power_above_a_limit_is_refused_not_lowered_in_silence);
    ADD("plan", a_fixed_power_must_be_known_and_below_the_cap);
    ADD("plan", a_laser_that_is_not_ours_is_refused_where_a_limit_would_be_kept);
    ADD("plan", a_default_that_is_not_known_is_replaced_by_the_cap);
}

static void add_engine(void)
{
    ADD("guard", without_a_guard_there_is_no_light);
    ADD("guard", the_guard_stands_ready_before_the_first_light_and_knows_the_deadline);
    ADD("guard", a_laser_that_does_not_go_off_is_left_to_the_guard);
    ADD("guard", a_guard_that_does_not_permit_keeps_the_laser_off);
    ADD("guard", a_lost_guard_turns_the_laser_off_and_is_an_error);
    ADD("guard", a_watchdog_of_the_unit_makes_the_guard_unnecessary);
    ADD("guard", light_for_longer_than_the_watchdog_is_refused_beforehand);
    ADD("engine", no_answers_no_light);
    ADD("engine", the_log_of_a_measurement_tells_every_step_and_the_answers);
    ADD("engine", frames_with_light_are_taken_only_while_the_laser_is_on);
    ADD("engine", a_laser_that_goes_off_by_itself_spoils_the_measurement);
    ADD("engine", what_keeps_the_laser_from_lighting_is_an_error_never_a_dark_frame);
    ADD("engine", delay_and_warm_up_pass_before_the_first_frame_with_light);
    ADD("engine", a_cancel_in_any_stage_of_the_laser_leaves_it_off);
    ADD("engine", the_deadline_of_the_host_ends_light_that_burns_too_long);
    ADD("engine", a_laser_not_known_to_be_off_is_never_armed);
    ADD("engine", an_off_that_was_not_heard_is_commanded_again_before_arming);
    ADD("engine", the_power_of_the_plan_reaches_the_instrument_and_the_record);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    add_pure();
    add_engine();
    const int status = g_test_run();
    g_clear_pointer(&fake.log, g_ptr_array_unref);
    return status;
}
