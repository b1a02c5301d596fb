/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-bus.h"

#include "base/cel-lock.h"
#include "transport-libusb.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

/* The transport over the real libusb and the simulated bus. How soon control comes back is printed;
 * the bounds asserted are those that a loaded machine still keeps. */

enum { FRAME_BYTES = 2048, SOON_MS = 100, N_CANCELS = 20 };

static const CelControl get_page = {0xC0, 0xFF, 1, 0};
static const CelControl acquire = {0x40, 0xAD, 0, 0};
static const CelTransfer limits = {.timeout_ms = 2000};

typedef struct {
    SimUsbBus *sim;
    CelBus *bus;
    guint unit;
    CelTransport *transport; /* (nullable) */
} Bench;

static gint64 now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* The one unit, as soon as libusb has heard of it. */
static CelUsbPresent await_present(Bench *bench)
{
    const gint64 end_ms = now_ms() + 2000;
    const guint address = (guint)simusb_bus_value(bench->sim, bench->unit, "address");
    while (now_ms() < end_ms) {
        g_autoptr(GArray) list = cel_bus_list(bench->bus, NULL);
        for (guint i = 0; i < list->len; i++)
            if (g_array_index(list, CelUsbPresent, i).address == address)
                return g_array_index(list, CelUsbPresent, i);
        g_usleep(2000);
    }
    g_error("the unit does not show up");
}

static gboolean bench_begin(Bench *bench, const char *spec)
{
    g_autoptr(GError) error = NULL;
    *bench = (Bench){.sim = simusb_bus_new(&error)};
    if (bench->sim == NULL) {
        g_test_skip(error->message);
        return FALSE;
    }
    bench->bus = cel_bus_libusb_new(&error);
    g_assert_no_error(error);
    bench->unit = simusb_bus_add(bench->sim, spec, NULL, NULL, &error);
    g_assert_no_error(error);
    return TRUE;
}

static gboolean bench_open(Bench *bench, const char *spec)
{
    g_autoptr(GError) error = NULL;
    if (!bench_begin(bench, spec))
        return FALSE;
    const CelUsbPresent present = await_present(bench);
    bench->transport = cel_bus_open(bench->bus, &present, TRUE, &error);
    g_assert_no_error(error);
    return TRUE;
}

static void bench_end(Bench *bench)
{
    cel_transport_close(bench->transport);
    g_assert_cmpfloat(simusb_bus_value(bench->sim, bench->unit, "pending"), <, 0.5);
    cel_bus_free(bench->bus);
    simusb_bus_free(bench->sim);
}

static void arm(Bench *bench, const char *fault)
{
    g_autoptr(GError) error = NULL;
    simusb_bus_arm(bench->sim, bench->unit, fault, &error);
    g_assert_no_error(error);
}

static gboolean get(Bench *bench, guint8 *data, gsize n, gsize *out_n, GError **error)
{
    return cel_transport_control(bench->transport, &get_page, data, n, &limits, out_n, error);
}

static void command(Bench *bench, const CelControl *setup)
{
    g_autoptr(GError) error = NULL;
    cel_transport_control(bench->transport, setup, NULL, 0, &limits, NULL, &error);
    g_assert_no_error(error);
}

static gboolean read_frame(Bench *bench, guint timeout_ms, GCancellable *cancel, gsize *out_n,
                           GError **error)
{
    guint8 frame[FRAME_BYTES];
    const CelTransfer own = {.timeout_ms = timeout_ms, .cancel = cancel};
    return cel_transport_bulk(bench->transport, 0x82, frame, sizeof frame, &own, out_n, error);
}

/* The first frame after it is still of the time before: it is thrown away. */
static void set_integration(Bench *bench, guint16 ms)
{
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    command(bench, &(CelControl){0x40, 0xB2, ms, 0});
    command(bench, &acquire);
    g_assert_true(read_frame(bench, 2000, NULL, &n, &error));
    g_assert_no_error(error);
}

/* ---- what goes well ---- */

static void a_unit_is_listed_opened_and_asked(void)
{
    Bench bench;
    guint8 page[64] = {0};
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    const CelUsbPresent present = await_present(&bench);
    g_assert_cmphex(present.vendor, ==, 0x24AA);
    g_assert_true(present.may_open);
    g_assert_true(get(&bench, page, sizeof page, &n, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(n, ==, 64);
    g_assert_cmpstr((const char *)page, ==, "CELADON-SIM");
    g_assert_true(cel_transport_is_high_speed(bench.transport));
    g_assert_cmpuint(cel_transport_packet_bytes(bench.transport, 0x82), ==, 512);
    g_assert_cmpuint(cel_transport_packet_bytes(bench.transport, 0x8F), ==, 0);
    bench_end(&bench);
}

static void a_frame_arrives_when_it_is_exposed(void)
{
    Bench bench;
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    set_integration(&bench, 50);
    for (guint i = 0; i < 3; i++) {
        command(&bench, &acquire);
        g_assert_true(read_frame(&bench, 2000, NULL, &n, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(n, ==, FRAME_BYTES);
    }
    bench_end(&bench);
}

static void a_process_may_look_beside_the_one_that_has_the_interface(void)
{
    Bench bench;
    guint8 page[64] = {0};
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    const CelUsbPresent present = await_present(&bench);
    g_autoptr(CelBus) other = cel_bus_libusb_new(NULL);
    CelTransport *look = cel_bus_open(other, &present, FALSE, &error);
    g_assert_no_error(error);
    g_assert_true(cel_transport_control(look, &get_page, page, 64, &limits, NULL, &error));
    g_assert_cmpuint(cel_transport_n_open(look), ==, 1);
    cel_transport_close(look);
    bench_end(&bench);
}

/* ---- deadlines and cancels ---- */

static void a_deadline_takes_the_transfer_back_and_the_late_frame_is_still_there(void)
{
    Bench bench;
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    set_integration(&bench, 300);
    command(&bench, &acquire);
    const gint64 start_ms = now_ms();
    g_assert_false(read_frame(&bench, 100, NULL, &n, &error));
    const gint64 took_ms = now_ms() - start_ms;
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_TIMEOUT);
    g_clear_error(&error);
    g_test_message("a deadline of 100 ms took %" G_GINT64_FORMAT " ms", took_ms);
    g_assert_cmpint(took_ms, >=, 100);
    g_assert_cmpint(took_ms, <, 100 + SOON_MS);
    g_assert_cmpfloat(simusb_bus_value(bench.sim, bench.unit, "pending"), <, 0.5);
    g_assert_true(read_frame(&bench, 2000, NULL, &n, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(n, ==, FRAME_BYTES);
    bench_end(&bench);
}

static void a_control_request_without_answer_ends_at_its_deadline(void)
{
    Bench bench;
    guint8 page[64];
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    arm(&bench, "timeout opcode=ff01");
    const CelTransfer own = {.timeout_ms = 50};
    const gint64 start_ms = now_ms();
    g_assert_false(cel_transport_control(bench.transport, &get_page, page, 64, &own, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_TIMEOUT);
    g_assert_cmpint(now_ms() - start_ms, <, 50 + SOON_MS);
    g_clear_error(&error);
    g_assert_true(get(&bench, page, sizeof page, NULL, &error));
    bench_end(&bench);
}

typedef struct {
    GCancellable *cancel;
    gint64 at_us; /* when; read after the thread is joined */
} Cancel;

static gpointer cancel_soon(gpointer data)
{
    Cancel *cancel = data;
    g_usleep(20000);
    cancel->at_us = g_get_monotonic_time();
    g_cancellable_cancel(cancel->cancel);
    return NULL;
}

static double time_one_cancel(Bench *bench)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    Cancel cancel = {.cancel = cancellable};
    gsize n = 0;
    GThread *thread = g_thread_new("cancel", cancel_soon, &cancel);
    g_assert_false(read_frame(bench, 5000, cancellable, &n, &error));
    const gint64 back_us = g_get_monotonic_time();
    g_thread_join(thread);
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED);
    g_assert_cmpfloat(simusb_bus_value(bench->sim, bench->unit, "pending"), <, 0.5);
    return (double)(back_us - cancel.at_us) / 1000.0;
}

static void a_cancel_takes_the_transfer_back_before_control_returns(void)
{
    Bench bench;
    double worst_ms = 0.0, sum_ms = 0.0;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    for (guint i = 0; i < N_CANCELS; i++) {
        const double ms = time_one_cancel(&bench);
        worst_ms = MAX(worst_ms, ms);
        sum_ms += ms;
    }
    g_test_message("%d cancels: control back after %.2f ms on average, %.2f ms at worst", N_CANCELS,
                   sum_ms / N_CANCELS, worst_ms);
    g_assert_cmpfloat(worst_ms, <, SOON_MS);
    bench_end(&bench);
}

static void a_cancelled_cancellable_sends_nothing(void)
{
    Bench bench;
    guint8 page[64];
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    if (!bench_open(&bench, "wasatch-785"))
        return;
    g_cancellable_cancel(cancel);
    const double before = simusb_bus_value(bench.sim, bench.unit, "controls");
    const CelTransfer own = {.timeout_ms = 1000, .cancel = cancel};
    g_assert_false(cel_transport_control(bench.transport, &get_page, page, 64, &own, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED);
    g_assert_cmpfloat(simusb_bus_value(bench.sim, bench.unit, "controls") - before, <, 0.5);
    bench_end(&bench);
}

/* ---- faults ---- */

static void a_stalled_request_is_a_stall_and_the_next_one_is_answered(void)
{
    Bench bench;
    guint8 page[64];
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    arm(&bench, "stall opcode=ff01");
    g_assert_false(get(&bench, page, sizeof page, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL);
    g_clear_error(&error);
    g_assert_true(get(&bench, page, sizeof page, NULL, &error));
    bench_end(&bench);
}

static void a_halted_pipe_is_cleared(void)
{
    Bench bench;
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    set_integration(&bench, 10);
    arm(&bench, "stall dir=in ep=82");
    command(&bench, &acquire);
    g_assert_false(read_frame(&bench, 1000, NULL, &n, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL);
    g_clear_error(&error);
    g_assert_true(cel_transport_clear_halt(bench.transport, 0x82, &error));
    g_assert_no_error(error);
    command(&bench, &acquire);
    g_assert_true(read_frame(&bench, 1000, NULL, &n, &error));
    bench_end(&bench);
}

static void a_short_frame_is_success_with_fewer_bytes(void)
{
    Bench bench;
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    set_integration(&bench, 10);
    arm(&bench, "short state=frame bytes=100");
    command(&bench, &acquire);
    g_assert_true(read_frame(&bench, 1000, NULL, &n, &error));
    g_assert_cmpuint(n, ==, 100);
    bench_end(&bench);
}

static void an_answer_that_is_too_long_overflows(void)
{
    Bench bench;
    guint8 page[64];
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    arm(&bench, "long opcode=ff01");
    g_assert_false(get(&bench, page, sizeof page, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OVERFLOW);
    bench_end(&bench);
}

static void an_endpoint_that_is_not_there_is_refused(void)
{
    Bench bench;
    guint8 data[8];
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    g_assert_false(cel_transport_bulk(bench.transport, 0x8F, data, 8, &limits, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_IO);
    bench_end(&bench);
}

/* ---- coming and going ---- */

typedef struct {
    CelLock lock;
    CelSignal news;
    guint n[2];
} Events;

static void count_event(CelBusEvent event, const CelUsbPresent *present, gpointer user_data)
{
    Events *events = user_data;
    g_assert_cmphex(present->vendor, ==, 0x24AA);
    g_autoptr(CelLocker) locker = cel_locker_new(&events->lock);
    events->n[event]++;
    cel_signal_send(&events->news);
}

static gboolean await_event(Events *events, CelBusEvent event, guint n)
{
    const gint64 end_us = g_get_monotonic_time() + 2 * G_USEC_PER_SEC;
    g_autoptr(CelLocker) locker = cel_locker_new(&events->lock);
    gboolean in_time = TRUE;
    while (events->n[event] < n && in_time)
        in_time = cel_signal_wait_until(&events->news, &events->lock, end_us);
    return events->n[event] == n;
}

static void an_unplugged_unit_ends_the_transfer_that_waits_and_comes_back(void)
{
    Bench bench;
    Events events = {0};
    guint8 page[64];
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    if (!bench_begin(&bench, "wasatch-785:plugged=0"))
        return;
    const guint id = cel_bus_watch(bench.bus, count_event, &events);
    g_assert_true(simusb_bus_plug(bench.sim, bench.unit, 0, NULL));
    g_assert_true(await_event(&events, CEL_BUS_ARRIVED, 1));
    const CelUsbPresent first = await_present(&bench);
    bench.transport = cel_bus_open(bench.bus, &first, TRUE, &error);
    set_integration(&bench, 5000);
    arm(&bench, "unplug state=acquire ms=50");
    command(&bench, &acquire);
    const gint64 start_ms = now_ms();
    g_assert_false(read_frame(&bench, 10000, NULL, &n, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE);
    g_assert_cmpint(now_ms() - start_ms, <, 50 + SOON_MS);
    g_clear_error(&error);
    g_assert_true(await_event(&events, CEL_BUS_LEFT, 1));
    g_assert_false(get(&bench, page, sizeof page, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE);
    g_clear_error(&error);
    cel_transport_close(g_steal_pointer(&bench.transport));
    g_assert_true(simusb_bus_plug(bench.sim, bench.unit, 0, NULL));
    g_assert_true(await_event(&events, CEL_BUS_ARRIVED, 2));
    g_assert_null(cel_bus_open(bench.bus, &first, TRUE, &error)); /* its address is another's now */
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE);
    g_clear_error(&error);
    const CelUsbPresent second = await_present(&bench);
    bench.transport = cel_bus_open(bench.bus, &second, TRUE, &error);
    g_assert_true(get(&bench, page, sizeof page, NULL, &error));
    cel_bus_unwatch(bench.bus, id);
    bench_end(&bench);
}

static void a_suspended_bus_is_an_error_and_the_unit_comes_back(void)
{
    Bench bench;
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    if (!bench_open(&bench, "wasatch-785"))
        return;
    set_integration(&bench, 1000);
    arm(&bench, "suspend state=acquire ms=50");
    cel_transport_control(bench.transport, &acquire, NULL, 0, &limits, NULL, NULL);
    g_assert_false(read_frame(&bench, 3000, NULL, &n, &error));
    g_assert_true(g_error_matches(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_IO) ||
                  g_error_matches(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE));
    bench_end(&bench);
}

static void a_busy_interface_is_waited_for_but_not_for_ever(void)
{
    Bench bench;
    g_autoptr(GError) error = NULL;
    if (!bench_begin(&bench, "wasatch-785"))
        return;
    const CelUsbPresent present = await_present(&bench);
    simusb_bus_set(bench.sim, bench.unit, "busy", "2", NULL);
    bench.transport = cel_bus_open(bench.bus, &present, TRUE, &error);
    g_assert_no_error(error);
    cel_transport_close(g_steal_pointer(&bench.transport));
    simusb_bus_set(bench.sim, bench.unit, "busy", "1000", NULL);
    const gint64 start_ms = now_ms();
    g_assert_null(cel_bus_open(bench.bus, &present, TRUE, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_BUSY);
    g_assert_cmpint(now_ms() - start_ms, <, 2000);
    g_assert_cmpfloat(simusb_bus_value(bench.sim, bench.unit, "resets"), <, 0.5);
    bench_end(&bench);
}

static void a_node_without_permission_is_listed_and_not_opened(void)
{
    Bench bench;
    g_autoptr(GError) error = NULL;
    if (!bench_begin(&bench, "wasatch-785"))
        return;
    simusb_bus_set(bench.sim, bench.unit, "permission", "0", NULL);
    const CelUsbPresent present = await_present(&bench);
    if (geteuid() != 0) /* whoever is root may by the mode of the node */
        g_assert_false(present.may_open);
    g_assert_null(cel_bus_open(bench.bus, &present, TRUE, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_ACCESS);
    bench_end(&bench);
}

static guint count_descriptors(void)
{
    guint n = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (readdir(folder) != NULL)
        n++;
    closedir(folder);
    return n;
}

static void opening_and_closing_leaves_no_descriptor(void)
{
    Bench bench;
    if (!bench_begin(&bench, "wasatch-785"))
        return;
    const CelUsbPresent present = await_present(&bench);
    cel_transport_close(cel_bus_open(bench.bus, &present, TRUE, NULL));
    g_assert_true(simusb_bus_wait(bench.sim, bench.unit, "clients=0", 2000, NULL));
    const guint before = count_descriptors();
    for (guint i = 0; i < 10; i++)
        cel_transport_close(cel_bus_open(bench.bus, &present, TRUE, NULL));
    g_assert_true(simusb_bus_wait(bench.sim, bench.unit, "clients=0", 2000, NULL));
    g_assert_cmpuint(count_descriptors(), ==, before);
    bench_end(&bench);
}

#define ADD(path, func) g_test_add_func("/libusb/" path, func)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("a-unit-is-listed-opened-and-asked", a_unit_is_listed_opened_and_asked);
    ADD("a-frame-arrives-when-it-is-exposed", a_frame_arrives_when_it_is_exposed);
    ADD("a-process-may-look-beside-the-one-that-has-the-interface",
        a_process_may_look_beside_the_one_that_has_the_interface);
    ADD("a-deadline-takes-the-transfer-back-and-the-late-frame-is-still-there",
        a_deadline_takes_the_transfer_back_and_the_late_frame_is_still_there);
    ADD("a-control-request-without-answer-ends-at-its-deadline",
        a_control_request_without_answer_ends_at_its_deadline);
    ADD("a-cancel-takes-the-transfer-back-before-control-returns",
        a_cancel_takes_the_transfer_back_before_control_returns);
    ADD("a-cancelled-cancellable-sends-nothing", a_cancelled_cancellable_sends_nothing);
    ADD("a-stalled-request-is-a-stall-and-the-next-one-is-answered",
        a_stalled_request_is_a_stall_and_the_next_one_is_answered);
    ADD("a-halted-pipe-is-cleared", a_halted_pipe_is_cleared);
    ADD("a-short-frame-is-success-with-fewer-bytes", a_short_frame_is_success_with_fewer_bytes);
    ADD("an-answer-that-is-too-long-overflows", an_answer_that_is_too_long_overflows);
    ADD("an-endpoint-that-is-not-there-is-refused", an_endpoint_that_is_not_there_is_refused);
    ADD("an-unplugged-unit-ends-the-transfer-that-waits-and-comes-back",
        an_unplugged_unit_ends_the_transfer_that_waits_and_comes_back);
    ADD("a-suspended-bus-is-an-error-and-the-unit-comes-back",
        a_suspended_bus_is_an_error_and_the_unit_comes_back);
    ADD("a-busy-interface-is-waited-for-but-not-for-ever",
        a_busy_interface_is_waited_for_but_not_for_ever);
    ADD("a-node-without-permission-is-listed-and-not-opened",
        a_node_without_permission_is_listed_and_not_opened);
    ADD("opening-and-closing-leaves-no-descriptor", opening_and_closing_leaves_no_descriptor);
    return g_test_run();
}
