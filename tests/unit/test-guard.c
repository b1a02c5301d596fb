/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-bus.h"

#include "base/cel-error.h"
#include "base/cel-lock.h"
#include "device/cel-guard-protocol.h"
#include "device/cel-guard.h"
#include "guard-rules.h"
#include "guard-run.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- when the guard does what ---- */

enum { T0_US = 1000000000 };

static const GuardState lit = {.heard_us = T0_US, .deadline_us = T0_US + 10000000};

static GuardDeed decide(GuardState state, gint64 after_ms)
{
    const char *cause = NULL;
    return guard_decide(&state, T0_US + after_ms * 1000, &cause);
}

static void a_beating_application_within_its_time_is_left_alone(void)
{
    g_assert_cmpint(decide(lit, 400), ==, GUARD_WAIT);
}

static void a_silent_one_with_light_is_switched_off_and_one_without_is_not(void)
{
    GuardState dark = lit;
    dark.deadline_us = 0;
    g_assert_cmpint(decide(lit, 501), ==, GUARD_SWITCH_OFF);
    g_assert_cmpint(decide(dark, 60000), ==, GUARD_WAIT);
}

static void light_beyond_its_deadline_is_switched_off_though_hearts_beat(void)
{
    GuardState state = lit;
    state.deadline_us = T0_US;
    g_assert_cmpint(decide(state, 200), ==, GUARD_WAIT);
    g_assert_cmpint(decide(state, 251), ==, GUARD_SWITCH_OFF);
}

static void a_death_switches_off_whatever_was_said_before(void)
{
    GuardState state = {.heard_us = T0_US, .parent_gone = TRUE};
    g_assert_cmpint(decide(state, 0), ==, GUARD_SWITCH_OFF);
    state.acted = state.is_off = TRUE; /* it may have been lit since */
    g_assert_cmpint(decide(state, 0), ==, GUARD_SWITCH_OFF);
    state.is_final = TRUE;
    g_assert_cmpint(decide(state, 0), ==, GUARD_LEAVE);
}

static void an_end_lets_the_guard_leave_even_when_the_socket_closes_with_it(void)
{
    const GuardState state = {.heard_us = T0_US, .ended = TRUE, .parent_gone = TRUE};
    g_assert_cmpint(decide(state, 0), ==, GUARD_LEAVE);
}

static void light_after_the_guard_has_acted_is_switched_off_at_once(void)
{
    GuardState state = lit;
    state.acted = TRUE;
    g_assert_cmpint(decide(state, 10), ==, GUARD_SWITCH_OFF);
}

static void a_silent_application_that_has_the_interface_is_killed_at_its_deadline_only(void)
{
    GuardState state = lit;
    state.needs_claim = TRUE;
    g_assert_cmpint(decide(state, 5000), ==, GUARD_WAIT);
    g_assert_cmpint(decide(state, 10700), ==, GUARD_WAIT);
    g_assert_cmpint(decide(state, 10751), ==, GUARD_KILL_PARENT);
}

static void a_call_of_the_application_is_answered_at_once_where_nothing_is_in_the_way(void)
{
    GuardState state = lit;
    state.called = TRUE;
    g_assert_cmpint(decide(state, 10), ==, GUARD_SWITCH_OFF);
    state.needs_claim = TRUE;
    g_assert_cmpint(decide(state, 10), ==, GUARD_WAIT);
}

static void a_unit_is_sought_until_the_time_is_over_also_after_a_death(void)
{
    GuardState state = lit;
    state.seek_until_us = T0_US + 1000000;
    state.acted = state.is_off = state.is_final = state.parent_gone = TRUE;
    g_assert_cmpint(decide(state, 999), ==, GUARD_SEEK);
    g_assert_cmpint(decide(state, 1001), ==, GUARD_LEAVE);
}

/* ---- the words ---- */

static gboolean parse(const char *text, CelGuardOrder *order, CelGuardLine *line)
{
    return cel_guard_parse(text, strlen(text), order, line);
}

static void an_order_is_read_as_it_was_printed(void)
{
    const CelGuardOrder order = {
        .usb = {.vendor = 0x24AA, .product = 0x1000, .bus = 3, .address = 117},
        .gate = {.control = {0x40, 0xBE, 1, 2}, .n = 8, .read_back = {0xC0, 0xE2, 3, 4}},
    };
    CelGuardOrder seen = {0};
    CelGuardLine line;
    g_autofree char *text = cel_guard_print_order(&order);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i][0] != '\0'; i++)
        g_assert_true(parse(lines[i], &seen, &line));
    g_assert_cmpint(line.word, ==, CEL_GUARD_WATCH);
    g_assert_cmpuint(seen.usb.vendor, ==, 0x24AA);
    g_assert_cmpuint(seen.usb.bus, ==, 3);
    g_assert_cmpuint(seen.usb.address, ==, 117);
    g_assert_cmpuint(seen.gate.control.request, ==, 0xBE);
    g_assert_cmpuint(seen.gate.control.index, ==, 2);
    g_assert_cmpuint(seen.gate.n, ==, 8);
    g_assert_cmpuint(seen.gate.read_back.value, ==, 3);
}

static void a_bulk_gate_is_read_as_it_was_printed(void)
{
    CelGuardOrder order = {.gate = {.is_bulk = TRUE, .endpoint = 1, .data = {3, 0xAB}, .n = 2}};
    CelGuardOrder seen = {0};
    CelGuardLine line;
    g_autofree char *text = cel_guard_print_order(&order);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_true(parse(lines[1], &seen, &line));
    g_assert_true(seen.gate.is_bulk);
    g_assert_cmpuint(seen.gate.n, ==, 2);
    g_assert_cmpuint(seen.gate.data[1], ==, 0xAB);
}

static void what_is_no_line_is_refused(void)
{
    static const char *const wrong[] = {
        "",
        "beat",
        "beat 1",
        "beat x 1",
        "beat 1 2 3",
        "beats 1 2",
        "unit 24aa 1000",
        "unit 24aa 1000 1 999",
        "unit 10000 1000 1 1",
        "gate",
        "gate light",
        "gate control c0 be 0000 0000 0",
        "gate control 40 be 0000 0000 65",
        "gate bulk 82 00",
        "gate bulk 01 ",
        "gate bulk 01 0",
        "read 40 e2 0000 0000",
        "ready now",
        "ok -1",
        "ok 99999999999999999999",
        "failed",
    };
    CelGuardLine line;
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_test_message("%s", wrong[i]);
        g_assert_false(parse(wrong[i], NULL, &line));
    }
}

/* ---- the guard over a unit in memory ---- */

/* The unit: how often its laser was commanded off, and how often it still reads on. */
typedef struct {
    CelLock lock;
    guint n_off, n_packets, stuck_reads;
} Unit;

static FakeAnswer answer(const FakeRequest *request, gpointer user_data)
{
    Unit *unit = user_data;
    g_autoptr(CelLocker) locker = cel_locker_new(&unit->lock);
    if (request->is_bulk) {
        unit->n_packets++;
    } else if (request->in == NULL) {
        unit->n_off++;
    } else {
        request->in[0] = unit->n_off == 0 || unit->stuck_reads > 0;
        unit->stuck_reads -= unit->n_off > 0 && unit->stuck_reads > 0;
        return (FakeAnswer){.code = FAKE_OK, .n = 1};
    }
    return (FakeAnswer){.code = FAKE_OK, .n = request->n};
}

enum { SEEK_MS = 400 };

typedef struct {
    Unit unit;
    CelBus *bus;
    GThread *thread;
    int app, guard; /* the two ends of the socket */
    int status;
    char heard[512]; /* all that the guard said */
} Scene;

static gpointer run_guard(gpointer data)
{
    Scene *scene = data;
    scene->status = guard_run(
        &(GuardPlace){.bus = scene->bus, .fd = scene->guard, .parent_fd = -1, .seek_ms = SEEK_MS});
    close(scene->guard);
    return NULL;
}

static void plug(Scene *scene, Unit *unit)
{
    fake_bus_plug(
        scene->bus,
        &(FakeDevice){.vendor = 0x24AA, .product = 0x1000, .answer = answer, .user_data = unit});
}

static void scene_begin(Scene *scene, const char *order)
{
    int ends[2];
    *scene = (Scene){0};
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
    scene->app = ends[0];
    scene->guard = ends[1];
    scene->bus = fake_bus_new();
    plug(scene, &scene->unit);
    g_assert_true(cel_guard_send(scene->app, order));
    scene->thread = g_thread_new("guard", run_guard, scene);
}

/* Waits until the guard has said @text. */
static void scene_await(Scene *scene, const char *text)
{
    const gint64 end_us = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
    while (strstr(scene->heard, text) == NULL) {
        const gsize n = strlen(scene->heard);
        const gssize got =
            recv(scene->app, scene->heard + n, sizeof scene->heard - n - 1, MSG_DONTWAIT);
        if (got <= 0)
            g_usleep(1000);
        g_assert_cmpint(g_get_monotonic_time(), <, end_us);
    }
}

static void scene_light(Scene *scene, gint64 for_ms)
{
    g_autofree char *line =
        g_strdup_printf("beat 1 %" G_GINT64_FORMAT "\n", g_get_monotonic_time() + for_ms * 1000);
    g_assert_true(cel_guard_send(scene->app, line));
    scene_await(scene, "ok 1\n");
}

/* The application's end closes when it still stands; then the guard has to leave. */
static void scene_end(Scene *scene)
{
    if (scene->app >= 0)
        close(scene->app);
    g_thread_join(scene->thread);
    cel_bus_free(scene->bus); /* asserts that nothing is left open */
    cel_lock_clear(&scene->unit.lock);
}

static const char order_text[] = "unit 24aa 1000 1 1\ngate control 40 be 0000 0000 0\n"
                                 "read c0 e2 0000 0000\nwatch\n";

static void an_end_leaves_the_laser_untouched(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10000);
    g_assert_true(cel_guard_send(scene.app, "beat 2 0\nend\n"));
    scene_end(&scene);
    g_assert_cmpint(scene.status, ==, 0);
    g_assert_cmpuint(scene.unit.n_off, ==, 0);
}

static void a_closed_socket_turns_the_laser_off(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10000);
    scene_end(&scene);
    g_assert_cmpint(scene.status, ==, 0);
    g_assert_cmpuint(scene.unit.n_off, ==, 1);
}

static void silence_turns_the_laser_off_and_the_application_is_told(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    const gint64 start_us = g_get_monotonic_time();
    scene_light(&scene, 10000);
    scene_await(&scene, "lost silence\n");
    g_assert_cmpint(g_get_monotonic_time() - start_us, <, 1000000);
    scene_end(&scene);
    g_assert_cmpuint(scene.unit.n_off, >=, 1);
}

static void a_passed_deadline_turns_the_laser_off(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10);
    scene_await(&scene, "lost deadline\n");
    scene_end(&scene);
    g_assert_cmpuint(scene.unit.n_off, >=, 1);
}

static void light_after_it_has_acted_is_turned_off_again(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10);
    scene_await(&scene, "lost deadline\n");
    g_autofree char *line =
        g_strdup_printf("beat 2 %" G_GINT64_FORMAT "\n", g_get_monotonic_time() + 10000000);
    g_assert_true(cel_guard_send(scene.app, line));
    scene_await(&scene, "lost the guard has acted\n");
    g_assert_true(cel_guard_send(scene.app, "end\n"));
    scene_end(&scene);
    g_assert_cmpuint(scene.unit.n_off, ==, 2);
}

static void a_laser_that_still_reads_on_is_turned_off_again(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    cel_lock_take(&scene.unit.lock);
    scene.unit.stuck_reads = 3;
    cel_lock_give(&scene.unit.lock);
    scene_light(&scene, 10000);
    scene_end(&scene);
    g_assert_cmpint(scene.status, ==, 0);
    g_assert_cmpuint(scene.unit.n_off, ==, 4);
}

static void failures_on_the_way_are_overcome(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10000);
    fake_bus_fail(scene.bus, 1, 5, CEL_TRANSPORT_ERROR_STALL);
    scene_end(&scene);
    g_assert_cmpint(scene.status, ==, 0);
    g_assert_cmpuint(scene.unit.n_off, ==, 1);
}

static void a_unit_that_left_the_bus_ends_the_guard(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10000);
    fake_bus_unplug(scene.bus, 1);
    scene_end(&scene);
    g_assert_cmpint(scene.status, ==, 0);
}

/* Waits until @unit was commanded off; by a packet or otherwise. */
static void await_unit_off(Unit *unit)
{
    const gint64 end_us = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
    for (guint n = 0; n == 0; g_usleep(1000)) {
        cel_lock_take(&unit->lock);
        n = unit->n_off + unit->n_packets;
        cel_lock_give(&unit->lock);
        g_assert_cmpint(g_get_monotonic_time(), <, end_us);
    }
}

static void a_unit_that_comes_back_with_its_light_on_is_turned_off_though_nobody_lives(void)
{
    Scene scene;
    Unit back = {0};
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10000);
    fake_bus_unplug(scene.bus, 1);
    close(scene.app);
    scene.app = -1;
    g_usleep(50000);
    plug(&scene, &back);
    await_unit_off(&back);
    scene_end(&scene);
    g_assert_cmpint(scene.status, ==, 0);
    g_assert_cmpuint(back.n_off, ==, 1); /* once; it was read back */
    cel_lock_clear(&back.lock);
}

static void a_call_about_a_unit_that_left_has_it_turned_off_when_it_is_back(void)
{
    static const char *const orders[] = {order_text,
                                         "unit 24aa 1000 1 1\ngate bulk 01 0300\nwatch\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
        Scene scene;
        Unit back = {0};
        scene_begin(&scene, orders[i]);
        scene_await(&scene, "ready\n");
        scene_light(&scene, 10000);
        fake_bus_unplug(scene.bus, 1);
        g_assert_true(cel_guard_send(scene.app, "help\n"));
        scene_await(&scene, "lost call of the application\n");
        plug(&scene, &back);
        await_unit_off(&back);
        scene_end(&scene);
        g_assert_cmpint(scene.status, ==, 0);
        cel_lock_clear(&back.lock);
    }
}

static void a_unit_that_was_there_before_is_not_taken_for_the_one_that_left(void)
{
    Scene scene;
    Unit other = {0};
    scene_begin(&scene, "");
    plug(&scene, &other);
    g_assert_true(cel_guard_send(scene.app, order_text));
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10000);
    fake_bus_unplug(scene.bus, 1);
    scene_end(&scene);
    g_assert_cmpuint(other.n_off, ==, 0);
    cel_lock_clear(&other.lock);
}

static void nothing_is_sought_when_no_light_was_permitted(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    fake_bus_unplug(scene.bus, 1);
    const gint64 start_us = g_get_monotonic_time();
    scene_end(&scene);
    g_assert_cmpint(g_get_monotonic_time() - start_us, <, SEEK_MS * 1000);
    g_assert_cmpint(scene.status, ==, 0);
}

static void a_bulk_gate_is_sent_with_the_interface_claimed(void)
{
    Scene scene;
    scene_begin(&scene, "unit 24aa 1000 1 1\ngate bulk 01 0300\nwatch\n");
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10000);
    g_autofree char *before = fake_bus_take_log(scene.bus);
    g_assert_cmpstr(before, ==, "look\n");
    close(scene.app);
    scene.app = -1;
    g_thread_join(scene.thread);
    g_autofree char *log = fake_bus_take_log(scene.bus);
    g_assert_cmpstr(log, ==, "close\nopen\nbulk 01 n 2\nbulk 01 n 2\nclose\n");
    cel_bus_free(scene.bus);
}

static void a_unit_that_may_not_be_opened_is_said_to_be(void)
{
    Scene scene;
    scene_begin(&scene, "unit 24aa 1000 1 9\ngate control 40 be 0000 0000 0\nwatch\n");
    scene_await(&scene, "failed ");
    scene_end(&scene);
    g_assert_cmpint(scene.status, ==, 2);
}

static void nonsense_from_the_application_turns_the_laser_off(void)
{
    Scene scene;
    scene_begin(&scene, order_text);
    scene_await(&scene, "ready\n");
    scene_light(&scene, 10000);
    g_assert_true(cel_guard_send(scene.app, "gate control 40 00 0000 0000 0\n"));
    g_thread_join(scene.thread);
    g_assert_cmpuint(scene.unit.n_off, ==, 1);
    scene.thread = g_thread_new("none", (GThreadFunc)g_strdup, NULL);
    scene_end(&scene);
}

/* ---- the application's end, with a process ---- */

static const CelUsbPresent usb = {.vendor = 0x24AA, .product = 0x1000, .bus = 1, .address = 1};
static const CelLaserGate gate = {.control = {0x40, 0xBE, 0, 0}, .read_back = {0xC0, 0xE2, 0, 0}};

/* A copy of the fake guard under the name that makes it behave. */
static char *make_program(const char *manner)
{
    const char *self = g_getenv("CELADON_FAKE_GUARD");
    g_assert_nonnull(self);
    g_autofree char *folder = g_dir_make_tmp("celadon-guard-XXXXXX", NULL);
    char *path = g_strdup_printf("%s/fake-guard%s", folder, manner);
    g_assert_cmpint(symlink(self, path), ==, 0);
    return path;
}

static char *take_program_log(char *path)
{
    g_autofree char *log = g_strconcat(path, ".log", NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    char *text = NULL;
    if (!g_file_get_contents(log, &text, NULL, NULL))
        text = g_strdup("");
    g_unlink(log);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    return text;
}

static gpointer start(const char *program, GError **error)
{
    return cel_guard_process.start(&(CelGuardStart){.program = program, .usb = &usb, .gate = &gate},
                                   error);
}

static gboolean await_loss(gpointer guard, guint for_ms)
{
    const gint64 end_us = g_get_monotonic_time() + (gint64)for_ms * 1000;
    while (cel_guard_process.is_alive(guard) && g_get_monotonic_time() < end_us)
        g_usleep(5000);
    return !cel_guard_process.is_alive(guard);
}

static void a_guard_that_is_stopped_leaves_a_dark_laser_alone(void)
{
    g_autoptr(GError) error = NULL;
    char *program = make_program("");
    gpointer guard = start(program, &error);
    g_assert_no_error(error);
    g_assert_true(cel_guard_process.permit(guard, 10000, &error));
    g_assert_no_error(error);
    g_assert_false(await_loss(guard, 800)); /* hearts beat */
    g_assert_true(cel_guard_process.permit(guard, 0, &error));
    cel_guard_process.stop(guard);
    g_autofree char *log = take_program_log(program);
    g_assert_null(strstr(log, "off"));
    g_assert_nonnull(strstr(log, "left"));
}

static void a_guard_stopped_while_light_is_permitted_turns_it_off(void)
{
    g_autoptr(GError) error = NULL;
    char *program = make_program("");
    gpointer guard = start(program, &error);
    g_assert_true(cel_guard_process.permit(guard, 10000, &error));
    cel_guard_process.stop(guard);
    g_autofree char *log = take_program_log(program);
    g_assert_nonnull(strstr(log, "off"));
}

static void a_guard_that_dies_is_noticed(void)
{
    g_autoptr(GError) error = NULL;
    char *program = make_program("-mortal");
    gpointer guard = start(program, &error);
    g_assert_no_error(error);
    g_assert_true(cel_guard_process.permit(guard, 10000, &error));
    g_assert_true(await_loss(guard, 2000));
    g_assert_false(cel_guard_process.permit(guard, 10000, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    cel_guard_process.stop(guard);
    g_free(take_program_log(program));
}

static void a_guard_that_hangs_is_noticed(void)
{
    g_autofree char *text = NULL;
    char *program = make_program("");
    g_autofree char *log = g_strconcat(program, ".log", NULL);
    gpointer guard = start(program, NULL);
    g_assert_true(cel_guard_process.permit(guard, 10000, NULL));
    g_assert_true(g_file_get_contents(log, &text, NULL, NULL));
    const int pid = (int)g_ascii_strtoll(strstr(text, "pid ") + 4, NULL, 10);
    kill(pid, SIGSTOP);
    g_assert_true(await_loss(guard, 2500));
    kill(pid, SIGCONT);
    cel_guard_process.stop(guard);
    g_autofree char *whole = take_program_log(program);
    g_assert_nonnull(strstr(whole, "off")); /* it woke up to a silent application */
}

static void taking_the_permit_back_does_not_wait_for_a_guard_that_hangs(void)
{
    g_autofree char *text = NULL;
    char *program = make_program("");
    g_autofree char *log = g_strconcat(program, ".log", NULL);
    gpointer guard = start(program, NULL);
    g_assert_true(cel_guard_process.permit(guard, 10000, NULL));
    g_assert_true(g_file_get_contents(log, &text, NULL, NULL));
    const int pid = (int)g_ascii_strtoll(strstr(text, "pid ") + 4, NULL, 10);
    kill(pid, SIGSTOP);
    const gint64 start_us = g_get_monotonic_time();
    g_assert_true(cel_guard_process.permit(guard, 0, NULL));
    g_assert_cmpint(g_get_monotonic_time() - start_us, <, 50000);
    kill(pid, SIGCONT);
    cel_guard_process.stop(guard);
    g_free(take_program_log(program));
}

static void a_guard_that_is_called_turns_the_laser_off_and_is_lost(void)
{
    char *program = make_program("");
    gpointer guard = start(program, NULL);
    g_assert_true(cel_guard_process.permit(guard, 10000, NULL));
    cel_guard_process.help(guard);
    g_assert_true(await_loss(guard, 2000));
    cel_guard_process.stop(guard);
    g_autofree char *log = take_program_log(program);
    g_assert_nonnull(strstr(log, "off"));
}

static void a_deadline_that_passes_is_told_by_the_guard(void)
{
    g_autoptr(GError) error = NULL;
    char *program = make_program("");
    gpointer guard = start(program, &error);
    g_assert_true(cel_guard_process.permit(guard, 50, &error));
    g_assert_true(await_loss(guard, 2000));
    cel_guard_process.stop(guard);
    g_autofree char *log = take_program_log(program);
    g_assert_nonnull(strstr(log, "off"));
}

static void what_is_no_guard_is_no_start(void)
{
    g_autoptr(GError) error = NULL;
    char *program = make_program("-rude");
    g_assert_null(start(program, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_clear_error(&error);
    g_free(take_program_log(program));
    g_assert_null(start("/nowhere/celadon-laserguard", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_clear_error(&error);
    g_assert_null(start(NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
}

/* This program as an application: lights the laser and goes on for ever. */
static int be_an_application(const char *program)
{
    gpointer guard = start(program, NULL);
    if (guard == NULL || !cel_guard_process.permit(guard, 60000, NULL))
        return 1;
    if (write(STDOUT_FILENO, "lit\n", 4) != 4)
        return 1;
    for (;;)
        pause();
}

static GPid start_application(const char *program)
{
    GPid pid = 0;
    int out = -1;
    char word[4];
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    const char *const argv[] = {self, "--application", program, NULL};
    g_assert_true(g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                           NULL, NULL, &pid, NULL, &out, NULL, NULL));
    g_assert_cmpint(read(out, word, sizeof word), ==, 4);
    close(out);
    return pid;
}

/* Returns: ms from @since_us until the guard's unit was commanded off, -1: not within 5 s. */
static double await_off(const char *program, gint64 since_us)
{
    g_autofree char *log = g_strconcat(program, ".log", NULL);
    const gint64 end_us = since_us + 5 * G_USEC_PER_SEC;
    while (g_get_monotonic_time() < end_us) {
        g_autofree char *text = NULL;
        const char *off = NULL;
        if (g_file_get_contents(log, &text, NULL, NULL))
            off = strstr(text, "off ");
        if (off != NULL)
            return (double)(g_ascii_strtoll(off + 4, NULL, 10) - since_us) / 1000.0;
        g_usleep(1000);
    }
    return -1.0;
}

static void an_application_that_is_killed_leaves_no_light(void)
{
    char *program = make_program("");
    const GPid pid = start_application(program);
    const gint64 since_us = g_get_monotonic_time();
    kill(pid, SIGKILL);
    const double ms = await_off(program, since_us);
    waitpid(pid, NULL, 0);
    g_test_message("off after %.1f ms", ms);
    g_assert_cmpfloat(ms, >=, 0.0);
    g_assert_cmpfloat(ms, <, 1000.0);
    g_free(take_program_log(program));
}

static void an_application_that_is_stopped_leaves_no_light(void)
{
    char *program = make_program("");
    const GPid pid = start_application(program);
    const gint64 since_us = g_get_monotonic_time();
    kill(pid, SIGSTOP);
    const double ms = await_off(program, since_us);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    g_test_message("off after %.1f ms", ms);
    g_assert_cmpfloat(ms, >=, 0.0);
    g_assert_cmpfloat(ms, <, 1000.0);
    g_usleep(300000); /* the guard leaves once the application is gone */
    g_free(take_program_log(program));
}

#define ADD(path, func) g_test_add_func("/guard/" path, func)

static void add_rules_and_words(void)
{
    ADD("rules/a-beating-application-within-its-time-is-left-alone",
        a_beating_application_within_its_time_is_left_alone);
    ADD("rules/a-silent-one-with-light-is-switched-off-and-one-without-is-not",
        a_silent_one_with_light_is_switched_off_and_one_without_is_not);
    ADD("rules/light-beyond-its-deadline-is-switched-off-though-hearts-beat",
        light_beyond_its_deadline_is_switched_off_though_hearts_beat);
    ADD("rules/a-death-switches-off-whatever-was-said-before",
        a_death_switches_off_whatever_was_said_before);
    ADD("rules/an-end-lets-the-guard-leave-even-when-the-socket-closes-with-it",
        an_end_lets_the_guard_leave_even_when_the_socket_closes_with_it);
    ADD("rules/light-after-the-guard-has-acted-is-switched-off-at-once",
        light_after_the_guard_has_acted_is_switched_off_at_once);
    ADD("rules/a-silent-application-that-has-the-interface-is-killed-at-its-deadline-only",
        a_silent_application_that_has_the_interface_is_killed_at_its_deadline_only);
    ADD("rules/a-call-of-the-application-is-answered-at-once-where-nothing-is-in-the-way",
        a_call_of_the_application_is_answered_at_once_where_nothing_is_in_the_way);
    ADD("rules/a-unit-is-sought-until-the-time-is-over-also-after-a-death",
        a_unit_is_sought_until_the_time_is_over_also_after_a_death);
    ADD("words/an-order-is-read-as-it-was-printed", an_order_is_read_as_it_was_printed);
    ADD("words/a-bulk-gate-is-read-as-it-was-printed", a_bulk_gate_is_read_as_it_was_printed);
    ADD("words/what-is-no-line-is-refused", what_is_no_line_is_refused);
}

static void add_runs(void)
{
    ADD("run/an-end-leaves-the-laser-untouched", an_end_leaves_the_laser_untouched);
    ADD("run/a-closed-socket-turns-the-laser-off", a_closed_socket_turns_the_laser_off);
    ADD("run/silence-turns-the-laser-off-and-the-application-is-told",
        silence_turns_the_laser_off_and_the_application_is_told);
    ADD("run/a-passed-deadline-turns-the-laser-off", a_passed_deadline_turns_the_laser_off);
    ADD("run/light-after-it-has-acted-is-turned-off-again",
        light_after_it_has_acted_is_turned_off_again);
    ADD("run/a-laser-that-still-reads-on-is-turned-off-again",
        a_laser_that_still_reads_on_is_turned_off_again);
    ADD("run/failures-on-the-way-are-overcome", failures_on_the_way_are_overcome);
    ADD("run/a-unit-that-left-the-bus-ends-the-guard", a_unit_that_left_the_bus_ends_the_guard);
    ADD("run/a-unit-that-comes-back-with-its-light-on-is-turned-off-though-nobody-lives",
        a_unit_that_comes_back_with_its_light_on_is_turned_off_though_nobody_lives);
    ADD("run/a-call-about-a-unit-that-left-has-it-turned-off-when-it-is-back",
        a_call_about_a_unit_that_left_has_it_turned_off_when_it_is_back);
    ADD("run/a-unit-that-was-there-before-is-not-taken-for-the-one-that-left",
        a_unit_that_was_there_before_is_not_taken_for_the_one_that_left);
    ADD("run/nothing-is-sought-when-no-light-was-permitted",
        nothing_is_sought_when_no_light_was_permitted);
    ADD("run/a-bulk-gate-is-sent-with-the-interface-claimed",
        a_bulk_gate_is_sent_with_the_interface_claimed);
    ADD("run/a-unit-that-may-not-be-opened-is-said-to-be",
        a_unit_that_may_not_be_opened_is_said_to_be);
    ADD("run/nonsense-from-the-application-turns-the-laser-off",
        nonsense_from_the_application_turns_the_laser_off);
}

static void add_processes(void)
{
    ADD("process/a-guard-that-is-stopped-leaves-a-dark-laser-alone",
        a_guard_that_is_stopped_leaves_a_dark_laser_alone);
    ADD("process/a-guard-stopped-while-light-is-permitted-turns-it-off",
        a_guard_stopped_while_light_is_permitted_turns_it_off);
    ADD("process/taking-the-permit-back-does-not-wait-for-a-guard-that-hangs",
        taking_the_permit_back_does_not_wait_for_a_guard_that_hangs);
    ADD("process/a-guard-that-is-called-turns-the-laser-off-and-is-lost",
        a_guard_that_is_called_turns_the_laser_off_and_is_lost);
    ADD("process/a-guard-that-dies-is-noticed", a_guard_that_dies_is_noticed);
    ADD("process/a-guard-that-hangs-is-noticed", a_guard_that_hangs_is_noticed);
    ADD("process/a-deadline-that-passes-is-told-by-the-guard",
        a_deadline_that_passes_is_told_by_the_guard);
    ADD("process/what-is-no-guard-is-no-start", what_is_no_guard_is_no_start);
    ADD("process/an-application-that-is-killed-leaves-no-light",
        an_application_that_is_killed_leaves_no_light);
    ADD("process/an-application-that-is-stopped-leaves-no-light",
        an_application_that_is_stopped_leaves_no_light);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--application") == 0)
        return be_an_application(argv[2]);
    g_test_init(&argc, &argv, NULL);
    add_rules_and_words();
    add_runs();
    add_processes();
    return g_test_run();
}
