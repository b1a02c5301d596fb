/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"

#include "long-check.h"

#include <stdio.h>
#include <unistd.h>

/* Cancel, late frames, instruments that leave and come back, and a day's run. */

static void await_ready(CelDevice *device)
{
    for (guint i = 0; i < 2000 && cel_device_state(device) != CEL_DEVICE_READY; i++)
        g_usleep(1000);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_READY);
}

/* ---- cancel ---- */

typedef struct {
    GCancellable *cancel;
    guint after_us;
    gint64 at_us;
} Canceller;

static gpointer cancel_then(gpointer data)
{
    Canceller *c = data;
    g_usleep(c->after_us);
    c->at_us = g_get_monotonic_time();
    g_cancellable_cancel(c->cancel);
    return NULL;
}

/* Returns: how long after the cancel the caller had control, in us; -1: it was over before. */
static gint64 cancel_once(CelDevice *device, const CelAcquireOptions *options, guint after_us)
{
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    Canceller canceller = {.cancel = cancel, .after_us = after_us};
    GThread *thread = g_thread_new("cancel", cancel_then, &canceller);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMeasurement) m = cel_device_acquire(device, options, job, &error);
    const gint64 back_us = g_get_monotonic_time();
    g_assert_false(fake.laser_on);
    g_assert_cmpint(fake.off_at_us, <=, back_us);
    g_thread_join(thread);
    if (m != NULL)
        return -1;
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    return back_us - canceller.at_us;
}

static void every_cancel_gives_control_back_within_50_ms_with_the_laser_off(void)
{
    reset();
    fake.wait_ms = 30;
    fake.late_ms = 5;
    const guint n = long_count(60);
    guint n_cancelled = 0;
    gint64 worst_us = 0;
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    g_autoptr(CelDevice) device = open_fake();
    for (guint i = 0; i < n; i++) {
        const gint64 took_us =
            cancel_once(device, &quick, (guint)g_rand_int_range(rand, 0, 260000));
        n_cancelled += took_us >= 0;
        worst_us = MAX(worst_us, took_us);
    }
    g_test_message("%u cancels at random: control back after at most %.1f ms", n_cancelled,
                   (double)worst_us / 1000.0);
    g_assert_cmpuint(n_cancelled, >, n / 2);
    g_assert_cmpint(worst_us, <=, 50000);
}

static void after_a_cancel_the_instrument_drains_and_the_next_measurement_waits(void)
{
    reset();
    fake.wait_ms = 20;
    fake.late_ms = 200;
    g_autoptr(CelDevice) device = open_fake();
    g_assert_cmpint(cancel_once(device, &quick, 30000), >=, 0);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_DRAINING);
    g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_OFF_READ_BACK); /* does not wait */
    fake.wait_ms = 0;
    g_autoptr(CelMeasurement) m = acquire(device, &quick); /* asserts that no frame is late */
    g_assert_cmpuint(m->n_frames, ==, 3);
    g_assert_cmpuint(fake.n_drain, ==, 1);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_READY);
}

static void a_measurement_that_waits_for_a_late_frame_can_be_cancelled(void)
{
    reset();
    fake.wait_ms = 20;
    fake.late_ms = 400;
    g_autoptr(CelDevice) device = open_fake();
    g_assert_cmpint(cancel_once(device, &quick, 30000), >=, 0);
    const gint64 took_us = cancel_once(device, &quick, 40000);
    g_assert_cmpint(took_us, >=, 0);
    g_assert_cmpint(took_us, <=, 50000);
    await_ready(device);
}

static void closing_does_not_wait_for_a_late_frame(void)
{
    reset();
    fake.wait_ms = 20;
    fake.late_ms = 60000;
    CelDevice *device = open_fake();
    g_assert_cmpint(cancel_once(device, &quick, 30000), >=, 0);
    const gint64 before_us = g_get_monotonic_time();
    cel_device_close(device);
    g_assert_cmpint(g_get_monotonic_time() - before_us, <, 200000);
    g_assert_cmpuint(fake.n_close, ==, 1);
}

static void a_failed_exposure_drains_as_well(void)
{
    reset();
    fake.fail_at = 5;
    g_autoptr(CelDevice) device = open_fake();
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    await_ready(device);
    g_assert_cmpuint(fake.n_drain, ==, 1);
}

static void a_good_measurement_has_nothing_to_drain(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_nonnull(m);
    g_assert_cmpuint(fake.n_drain, ==, 0);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_READY);
}

static gpointer measure_quick(gpointer device)
{
    return acquire(device, &quick);
}

static void the_instrument_is_busy_while_it_measures(void)
{
    reset();
    fake.wait_ms = 30; /* 210 ms in all */
    g_autoptr(CelDevice) device = open_fake();
    GThread *thread = g_thread_new("measure", measure_quick, device);
    gboolean seen_busy = FALSE;
    for (guint i = 0; i < 200 && !seen_busy; i++) {
        seen_busy = cel_device_state(device) == CEL_DEVICE_BUSY;
        g_usleep(1000);
    }
    g_assert_true(seen_busy);
    g_autoptr(CelMeasurement) m = g_thread_join(thread);
    g_assert_nonnull(m);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_READY);
}

/* ---- gone and back ---- */

static CelDevice *open_with_serials(const char *first, const char *second)
{
    reset();
    fake.serials[0] = first;
    fake.serials[1] = second;
    fake.leave_at = 6;
    return open_fake();
}

static void assert_reopen_fails(CelDevice *device, guint timeout_ms, CelError code)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_device_reopen(device, timeout_ms, NULL, &error));
    g_assert_error(error, CEL_ERROR, (gint)code);
}

static void a_unit_that_left_is_gone_and_its_laser_unknown(void)
{
    g_autoptr(CelDevice) device = open_with_serials("A-1", NULL);
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_GONE);
    g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_UNKNOWN);
    const guint before = fake.n_exposures;
    g_autofree char *message = acquire_fails(device, &quick, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(message, "no longer there"));
    g_assert_cmpuint(fake.n_exposures, ==, before);
}

static void the_same_unit_is_found_again_and_measures(void)
{
    g_autoptr(CelDevice) device = open_with_serials("A-1", NULL);
    const CelDeviceDescription *description = cel_device_describe(device);
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    fake.n_instruments = 2; /* it is the second one now */
    fake.serials[0] = "B-2";
    fake.serials[1] = "A-1";
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_device_reopen(device, 0, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_READY);
    g_assert_true(cel_device_describe(device) == description);
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_cmpstr(m->instrument.serial, ==, "A-1");
    g_assert_cmpuint(fake.n_open, ==, 3);
    g_assert_cmpuint(fake.n_close, ==, 2); /* the lost one, and the one of another number */
}

static void another_unit_is_never_taken_for_it(void)
{
    g_autoptr(CelDevice) device = open_with_serials("A-1", NULL);
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    fake.serials[0] = "B-2";
    assert_reopen_fails(device, 0, CEL_ERROR_DEVICE);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_GONE);
    g_assert_cmpuint(fake.n_open, ==, fake.n_close);
    fake.serials[0] = "A-1";
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_device_reopen(device, 0, NULL, &error)); /* it can be tried again */
}

static void a_unit_that_says_other_things_of_itself_is_refused(void)
{
    g_autoptr(CelDevice) device = open_with_serials("A-1", NULL);
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    fake.calibration_shift = 0.5;
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_device_reopen(device, 1000, NULL, &error));
    g_assert_nonnull(strstr(error->message, "otherwise than before"));
}

static void a_unit_without_a_number_cannot_be_known_again(void)
{
    g_autoptr(CelDevice) device = open_with_serials("", NULL);
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    assert_reopen_fails(device, 0, CEL_ERROR_POLICY);
}

static gpointer plug_in_later(gpointer data)
{
    (void)data;
    g_usleep(100000);
    g_atomic_int_set(&fake.n_instruments, 1);
    return NULL;
}

static void a_unit_that_comes_back_later_is_waited_for(void)
{
    g_autoptr(CelDevice) device = open_with_serials("A-1", NULL);
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    g_atomic_int_set(&fake.n_instruments, 0);
    GThread *thread = g_thread_new("plug", plug_in_later, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_device_reopen(device, 5000, NULL, &error));
    g_assert_no_error(error);
    g_thread_join(thread);
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_nonnull(m);
}

static void waiting_for_the_unit_ends_at_its_time_or_with_a_cancel(void)
{
    g_autoptr(CelDevice) device = open_with_serials("A-1", NULL);
    assert_fails(device, &quick, CEL_ERROR_DEVICE);
    fake.n_instruments = 0;
    const gint64 before_us = g_get_monotonic_time();
    assert_reopen_fails(device, 300, CEL_ERROR_DEVICE);
    g_assert_cmpint(g_get_monotonic_time() - before_us, >=, 300000);
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    Canceller canceller = {.cancel = cancel, .after_us = 30000};
    GThread *thread = g_thread_new("cancel", cancel_then, &canceller);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_device_reopen(device, 60000, job, &error));
    const gint64 back_us = g_get_monotonic_time();
    g_thread_join(thread);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpint(back_us - canceller.at_us, <, 100000);
}

/* ---- the bus tells ---- */

/* A bus that does nothing but tell who leaves. */
typedef struct {
    CelBus bus;
    CelBusFunc func;
    gpointer data;
    guint n_watchers;
} TellingBus;

static guint bus_watch(CelBus *self, CelBusFunc func, gpointer data)
{
    TellingBus *bus = (TellingBus *)self;
    bus->func = func;
    bus->data = data;
    return ++bus->n_watchers;
}

static void bus_unwatch(CelBus *self, guint id)
{
    TellingBus *bus = (TellingBus *)self;
    g_assert_cmpuint(id, ==, bus->n_watchers);
    bus->func = NULL;
}

static const CelBusOps telling_ops = {.watch = bus_watch, .unwatch = bus_unwatch};

static void a_departure_that_the_bus_tells_is_seen_at_once(void)
{
    reset();
    TellingBus bus = {.bus = {&telling_ops}};
    const CelDriverTable with_bus = {.drivers = drivers, .n = 1, .bus = &bus.bus};
    CelDevice *device = cel_device_open(&with_bus, "fake", NULL, NULL);
    const CelUsbPresent mine = {.bus = 0, .address = 0}, another = {.bus = 0, .address = 7};
    g_assert_nonnull(bus.func);
    bus.func(CEL_BUS_LEFT, &another, bus.data);
    bus.func(CEL_BUS_ARRIVED, &mine, bus.data);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_READY);
    bus.func(CEL_BUS_LEFT, &mine, bus.data);
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_GONE);
    g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_UNKNOWN);
    cel_device_close(device);
    g_assert_null(bus.func); /* nobody is told any more */
}

/* ---- a day's run ---- */

static gsize resident_pages(void)
{
    gsize total = 0, resident = 0;
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
        return 0;
    g_auto(GStrv) words = g_strsplit(text, " ", 3);
    total = (gsize)g_ascii_strtoull(words[0], NULL, 10);
    resident = (gsize)g_ascii_strtoull(words[1], NULL, 10);
    return total > 0 ? resident : 0;
}

static guint open_descriptors(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    while (dir != NULL && g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

typedef struct {
    guint n_good, n_failed, n_reopened, n_acknowledged;
} Day;

static void count_kept(const double *counts, gsize n, gboolean dark, gpointer data)
{
    (void)counts;
    (void)n;
    Day *day = data;
    day->n_acknowledged += dark ? 0 : 1;
}

/* One fault in a hundred: a failure, a stale frame, equal counts, a departure. */
static void strike(GRand *rand)
{
    const guint next = fake.n_exposures + 1 + (guint)g_rand_int_range(rand, 0, 7);
    const gint kind = g_rand_int_range(rand, 0, 400);
    fake.fail_at = kind == 0 ? next : 0;
    fake.stale_at = fake.n_stale = 0;
    fake.equal_at = fake.n_equal = 0;
    fake.leave_at = kind == 3 ? next : 0;
    if (kind == 1) {
        fake.stale_at = next;
        fake.n_stale = 1;
    } else if (kind == 2) {
        fake.equal_at = next;
        fake.n_equal = 1;
    }
}

static void run_one(CelDevice *device, Day *day)
{
    CelAcquireOptions options = quick;
    options.on_frame = count_kept;
    options.on_frame_data = day;
    const guint before = day->n_acknowledged;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMeasurement) m = cel_device_acquire(device, &options, NULL, &error);
    g_assert_false(fake.laser_on);
    if (m != NULL) { /* every frame that was told of is in the record */
        day->n_good++;
        g_assert_cmpuint(day->n_acknowledged - before, ==, m->n_frames);
        g_assert_cmpuint(m->n_frames, ==, 3);
        return;
    }
    day->n_failed++;
    if (cel_device_state(device) != CEL_DEVICE_GONE)
        return;
    fake.leave_at = 0;
    day->n_reopened++;
    g_assert_true(cel_device_reopen(device, 1000, NULL, NULL));
}

static void a_days_run_with_faults_loses_no_frame_and_does_not_grow(void)
{
    const guint n = long_count(3000);
    Day day = {0};
    reset();
    fake.serials[0] = "A-1";
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    g_autoptr(CelDevice) device = open_fake();
    gsize pages = 0;
    guint descriptors = 0;
    for (guint i = 0; i < n; i++) {
        strike(rand);
        run_one(device, &day);
        g_ptr_array_set_size(fake.log, 0);
        if (i == n / 4) {
            pages = resident_pages();
            descriptors = open_descriptors();
        }
    }
    const gsize grown = resident_pages() > pages ? resident_pages() - pages : 0;
    g_test_message("%u acquisitions: %u good, %u failed, %u reconnected, %zu kB grown", n,
                   day.n_good, day.n_failed, day.n_reopened,
                   grown * (gsize)sysconf(_SC_PAGESIZE) / 1024);
    g_assert_cmpuint(day.n_good + day.n_failed, ==, n);
    g_assert_cmpuint(day.n_failed, >, 0);
    g_assert_cmpuint(day.n_failed, <, n / 50);
    g_assert_cmpuint(open_descriptors(), <=, descriptors);
#if !defined(__SANITIZE_ADDRESS__)    /* which keeps freed memory for a while */
    g_assert_cmpuint(grown, <=, 256); /* 1 MiB of a heap that breathes */
#endif
}

#define ADD(group, name) g_test_add_func("/hotplug/" group "/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    ADD("cancel", every_cancel_gives_control_back_within_50_ms_with_the_laser_off);
    ADD("cancel", after_a_cancel_the_instrument_drains_and_the_next_measurement_waits);
    ADD("cancel", a_measurement_that_waits_for_a_late_frame_can_be_cancelled);
    ADD("cancel", closing_does_not_wait_for_a_late_frame);
    ADD("cancel", a_failed_exposure_drains_as_well);
    ADD("cancel", a_good_measurement_has_nothing_to_drain);
    ADD("cancel", the_instrument_is_busy_while_it_measures);
    ADD("gone", a_unit_that_left_is_gone_and_its_laser_unknown);
    ADD("gone", the_same_unit_is_found_again_and_measures);
    ADD("gone", another_unit_is_never_taken_for_it);
    ADD("gone", a_unit_that_says_other_things_of_itself_is_refused);
    ADD("gone", a_unit_without_a_number_cannot_be_known_again);
    ADD("gone", a_unit_that_comes_back_later_is_waited_for);
    ADD("gone", waiting_for_the_unit_ends_at_its_time_or_with_a_cancel);
    ADD("gone", a_departure_that_the_bus_tells_is_seen_at_once);
    ADD("day", a_days_run_with_faults_loses_no_frame_and_does_not_grow);
    const int status = g_test_run();
    g_clear_pointer(&fake.log, g_ptr_array_unref);
    return status;
}
