/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-bus.h"

#include "base/cel-error.h"
#include "device/cel-driver.h"

#include <string.h>

/* The contract of a transport, as the bus in memory keeps it; the driver's tests stand on it. */

static const CelControl get = {.request_type = 0xC0, .request = 0xFF};

/* Answers every "get" with 1 2 3 and every bulk transfer late, by as many ms as user_data says. */
static FakeAnswer answer(const FakeRequest *request, gpointer user_data)
{
    static const guint8 bytes[] = {1, 2, 3};
    if (request->is_bulk)
        return (FakeAnswer){.code = FAKE_OK, .n = 2, .delay_ms = *(const guint *)user_data};
    if (request->in == NULL)
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL};
    memcpy(request->in, bytes, MIN(request->n, sizeof bytes));
    return (FakeAnswer){.code = FAKE_OK, .n = sizeof bytes};
}

static CelTransport *open_fake(CelBus *bus, guint *delay_ms)
{
    const FakeDevice device = {
        .vendor = 0x24AA, .product = 0x1000, .answer = answer, .user_data = delay_ms};
    const CelUsbPresent present = {.address = fake_bus_plug(bus, &device)};
    CelTransport *transport = cel_bus_open(bus, &present, TRUE, NULL);
    g_assert_nonnull(transport);
    return transport;
}

static void a_shorter_answer_is_success_and_a_longer_one_overflows(void)
{
    guint delay_ms = 0;
    guint8 data[8];
    gsize n = 99;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = fake_bus_new();
    g_autoptr(CelTransport) transport = open_fake(bus, &delay_ms);
    const CelTransfer limits = {.timeout_ms = 100};
    g_assert_true(cel_transport_control(transport, &get, data, 8, &limits, &n, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(n, ==, 3);
    g_assert_false(cel_transport_control(transport, &get, data, 2, &limits, &n, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OVERFLOW);
}

static void an_answer_beyond_the_timeout_moves_the_clock_by_the_timeout(void)
{
    guint delay_ms = 5000;
    guint8 data[8];
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = fake_bus_new();
    g_autoptr(CelTransport) transport = open_fake(bus, &delay_ms);
    const gint64 before_us = cel_transport_now_us(transport);
    const CelTransfer limits = {.timeout_ms = 100};
    g_assert_false(cel_transport_bulk(transport, 0x82, data, 8, &limits, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_TIMEOUT);
    g_assert_cmpint(cel_transport_now_us(transport) - before_us, ==, 100000);
}

static gpointer cancel_later(gpointer data)
{
    g_usleep(10000);
    g_cancellable_cancel(data);
    return NULL;
}

static void a_cancel_ends_a_transfer_that_waits(void)
{
    guint delay_ms = 5000;
    guint8 data[8];
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelBus) bus = fake_bus_new();
    fake_bus_use_real_time(bus);
    g_autoptr(CelTransport) transport = open_fake(bus, &delay_ms);
    GThread *thread = g_thread_new("cancel", cancel_later, cancel);
    const CelTransfer limits = {.timeout_ms = 5000, .cancel = cancel};
    g_assert_false(cel_transport_bulk(transport, 0x82, data, 8, &limits, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED);
    g_thread_join(thread);
}

static void a_sleep_takes_its_time_and_a_cancel_ends_it(void)
{
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    gint64 start_us = g_get_monotonic_time();
    g_assert_true(cel_transport_sleep(5, cancel));
    g_assert_cmpint(g_get_monotonic_time() - start_us, >=, 5000);
    GThread *thread = g_thread_new("cancel", cancel_later, cancel);
    start_us = g_get_monotonic_time();
    g_assert_false(cel_transport_sleep(60000, cancel));
    g_assert_cmpint(g_get_monotonic_time() - start_us, <, 30 * G_USEC_PER_SEC);
    g_thread_join(thread);
    g_assert_false(cel_transport_sleep(60000, cancel)); /* it stays cancelled */
}

static void an_ordered_failure_hits_the_transfers_it_was_ordered_for(void)
{
    guint delay_ms = 0;
    guint8 data[8];
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = fake_bus_new();
    g_autoptr(CelTransport) transport = open_fake(bus, &delay_ms);
    const CelTransfer limits = {.timeout_ms = 100};
    fake_bus_fail(bus, 2, 1, CEL_TRANSPORT_ERROR_IO);
    g_assert_true(cel_transport_control(transport, &get, data, 8, &limits, NULL, NULL));
    g_assert_false(cel_transport_control(transport, &get, data, 8, &limits, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_IO);
    g_assert_true(cel_transport_control(transport, &get, data, 8, &limits, NULL, NULL));
}

static void count_events(CelBusEvent event, const CelUsbPresent *present, gpointer user_data)
{
    guint *counts = user_data;
    g_assert_cmpuint(present->vendor, ==, 0x24AA);
    counts[event]++;
}

static void an_unplugged_device_is_gone_and_its_watchers_know(void)
{
    guint delay_ms = 0, counts[2] = {0};
    guint8 data[8];
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = fake_bus_new();
    const guint id = cel_bus_watch(bus, count_events, counts);
    g_autoptr(CelTransport) transport = open_fake(bus, &delay_ms);
    fake_bus_unplug(bus, 1);
    const CelTransfer limits = {.timeout_ms = 100};
    g_assert_false(cel_transport_control(transport, &get, data, 8, &limits, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE);
    cel_bus_unwatch(bus, id);
    fake_bus_plug(bus, &(FakeDevice){.vendor = 0x24AA});
    g_assert_cmpuint(counts[CEL_BUS_ARRIVED], ==, 1);
    g_assert_cmpuint(counts[CEL_BUS_LEFT], ==, 1);
}

static void the_log_tells_what_was_asked(void)
{
    guint delay_ms = 0;
    guint8 data[8] = {0};
    g_autoptr(CelBus) bus = fake_bus_new();
    g_autoptr(CelTransport) transport = open_fake(bus, &delay_ms);
    const CelControl set = {0x40, 0xB2, 0x64, 0};
    const CelTransfer limits = {.timeout_ms = 100};
    g_assert_false(cel_transport_control(transport, &set, data, 8, &limits, NULL, NULL));
    g_autofree char *log = fake_bus_take_log(bus);
    g_assert_cmpstr(log, ==, "open\ncontrol 40 b2 0064 0000 n 8 -> stall\n");
}

/* ---- what a driver tells people ---- */

static void a_failure_on_the_bus_becomes_an_error_with_advice(void)
{
    g_autoptr(GError) error = NULL;
    GError *failure = g_error_new(CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE, "raw");
    g_assert_false(cel_transport_explain(failure, "Reading the spectrum", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_true(g_str_has_prefix(error->message, "Reading the spectrum: "));
    g_assert_nonnull(strstr(error->message, "unplugged"));
}

static void a_cancel_stays_a_cancel_and_foreign_errors_stay_as_they_are(void)
{
    g_autoptr(GError) error = NULL;
    GError *failure = g_error_new(CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED, "raw");
    g_assert_false(cel_transport_explain(failure, "Reading", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_clear_error(&error);
    failure = g_error_new(CEL_ERROR, CEL_ERROR_INPUT, "as it is");
    g_assert_false(cel_transport_explain(failure, "Reading", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, "as it is");
}

static void a_scan_names_the_rule_file_where_permission_is_missing(void)
{
    static const CelUsbId ids[] = {{0x24AA, 0x1000, "Test instrument"}};
    const CelDriver driver = {.id = "test", .usb_ids = ids, .n_usb_ids = 1};
    g_autoptr(CelBus) bus = fake_bus_new();
    fake_bus_plug(bus, &(FakeDevice){.vendor = 0x24AA, .product = 0x1000});
    fake_bus_plug(bus, &(FakeDevice){.vendor = 0x24AA, .product = 0x2000});
    fake_bus_plug(bus, &(FakeDevice){.vendor = 0x24AA, .product = 0x1000, .no_permission = TRUE});
    g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    cel_usb_scan(&driver, bus, infos);
    g_assert_cmpuint(infos->len, ==, 2);
    const CelDeviceInfo *first = &g_array_index(infos, CelDeviceInfo, 0);
    const CelDeviceInfo *second = &g_array_index(infos, CelDeviceInfo, 1);
    g_assert_cmpstr(first->id, ==, "test:1-1");
    g_assert_true(first->may_open);
    g_assert_false(second->may_open);
    g_assert_nonnull(strstr(second->why_not, "70-celadon.rules"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/transport/a-shorter-answer-is-success-and-a-longer-one-overflows",
                    a_shorter_answer_is_success_and_a_longer_one_overflows);
    g_test_add_func("/transport/an-answer-beyond-the-timeout-moves-the-clock-by-the-timeout",
                    an_answer_beyond_the_timeout_moves_the_clock_by_the_timeout);
    g_test_add_func("/transport/a-cancel-ends-a-transfer-that-waits",
                    a_cancel_ends_a_transfer_that_waits);
    g_test_add_func("/transport/a-sleep-takes-its-time-and-a-cancel-ends-it",
                    a_sleep_takes_its_time_and_a_cancel_ends_it);
    g_test_add_func("/transport/an-ordered-failure-hits-the-transfers-it-was-ordered-for",
                    an_ordered_failure_hits_the_transfers_it_was_ordered_for);
    g_test_add_func("/transport/an-unplugged-device-is-gone-and-its-watchers-know",
                    an_unplugged_device_is_gone_and_its_watchers_know);
    g_test_add_func("/transport/the-log-tells-what-was-asked", the_log_tells_what_was_asked);
    g_test_add_func("/transport/explain/a-failure-on-the-bus-becomes-an-error-with-advice",
                    a_failure_on_the_bus_becomes_an_error_with_advice);
    g_test_add_func(
        "/transport/explain/a-cancel-stays-a-cancel-and-foreign-errors-stay-as-they-are",
        a_cancel_stays_a_cancel_and_foreign_errors_stay_as_they_are);
    g_test_add_func("/transport/scan/names-the-rule-file-where-permission-is-missing",
                    a_scan_names_the_rule_file_where_permission_is_missing);
    return g_test_run();
}
