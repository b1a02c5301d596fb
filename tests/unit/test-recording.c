/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-bus.h"

#include "base/cel-error.h"
#include "recording.h"
#include "transport-record.h"
#include "transport-replay.h"

#include <string.h>

static const CelControl get_serial = {0xC0, 0xFF, 1, 0};
static const CelControl set_time = {0x40, 0xB2, 100, 0};
static const CelTransfer limits = {.timeout_ms = 1000};

static CelTransport *open_first(CelBus *bus, GError **error)
{
    g_autoptr(GArray) list = cel_bus_list(bus, NULL);
    g_assert_cmpuint(list->len, ==, 1);
    return cel_bus_open(bus, &g_array_index(list, CelUsbPresent, 0), TRUE, error);
}

static CelBus *play(const char *script)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("celadon-recording 1\ndevice 24aa:1000 high-speed\n%s", script);
    CelBus *bus = cel_bus_replay_new(text, strlen(text), &error);
    g_assert_no_error(error);
    return bus;
}

static void assert_refused(const char *script, const char *fragment)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("celadon-recording 1\ndevice 24aa:1000 high-speed\n%s", script);
    g_assert_null(cel_recording_parse(text, strlen(text), &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, fragment));
}

/* ---- the player ---- */

static void a_recorded_request_gets_its_recorded_answer(void)
{
    guint8 data[8] = {0};
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = play("> c0 ff 0001 0000 8 \n< 01 02*3\n< 05\n");
    g_autoptr(CelTransport) transport = open_first(bus, NULL);
    g_assert_true(cel_transport_control(transport, &get_serial, data, 8, &limits, &n, &error));
    g_assert_no_error(error);
    const guint8 wanted[] = {1, 2, 2, 2, 5};
    g_assert_cmpuint(n, ==, sizeof wanted);
    g_assert_true(memcmp(data, wanted, sizeof wanted) == 0);
    g_assert_cmpuint(cel_bus_replay_left(bus), ==, 0);
}

static void a_recorded_failure_is_played_with_the_bytes_that_came(void)
{
    guint8 data[8] = {0};
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = play("> in 82 8\n< timeout : aa bb\n> in 82 8\n< gone\n");
    g_autoptr(CelTransport) transport = open_first(bus, NULL);
    g_assert_false(cel_transport_bulk(transport, 0x82, data, 8, &limits, &n, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_TIMEOUT);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpuint(data[1], ==, 0xbb);
    g_clear_error(&error);
    g_assert_false(cel_transport_bulk(transport, 0x82, data, 8, &limits, &n, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE);
}

static void an_answer_longer_than_asked_for_overflows(void)
{
    guint8 data[2];
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = play("> in 82 2\n< 01 02 03\n");
    g_autoptr(CelTransport) transport = open_first(bus, NULL);
    g_assert_false(cel_transport_bulk(transport, 0x82, data, 2, &limits, &n, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OVERFLOW);
    g_assert_cmpuint(n, ==, 2);
}

static void another_request_leaves_the_script_for_good(void)
{
    guint8 data[8];
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = play("> 40 b2 0064 0000 : 00\n<\n");
    g_autoptr(CelTransport) transport = open_first(bus, NULL);
    data[0] = 1;
    g_assert_false(cel_transport_control(transport, &set_time, data, 1, &limits, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OFF_SCRIPT);
    g_clear_error(&error);
    data[0] = 0;
    g_assert_false(cel_transport_control(transport, &set_time, data, 1, &limits, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OFF_SCRIPT);
    g_autofree char *failure = cel_bus_replay_failure(bus);
    g_assert_cmpstr(failure, ==,
                    "line 3: expected \"> 40 b2 0064 0000 : 00\", got \"> 40 b2 0064 0000 : 01\"");
    g_assert_cmpuint(cel_bus_replay_left(bus), ==, 3);
}

static void a_request_beyond_the_end_is_off_script(void)
{
    guint8 data[8];
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = play("");
    g_autoptr(CelTransport) transport = open_first(bus, NULL);
    g_assert_false(cel_transport_bulk(transport, 0x82, data, 8, &limits, NULL, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OFF_SCRIPT);
    g_assert_nonnull(strstr(error->message, "the end"));
}

static void time_stands_at_the_recorded_times_and_waits_pass_at_once(void)
{
    guint8 data[8];
    g_autoptr(CelBus) bus = play("@ 0\n> in 82 8\n< 01\n@ 250000\nwait 100\n@ 350001\n"
                                 "@ 360000\nrandom 0000abcd\n> in 82 8\n<\n@ 400000\n");
    g_autoptr(CelTransport) transport = open_first(bus, NULL);
    const gint64 start_us = cel_transport_now_us(transport);
    g_assert_true(cel_transport_bulk(transport, 0x82, data, 8, &limits, NULL, NULL));
    g_assert_true(cel_transport_wait(transport, 100, NULL));
    g_assert_cmpint(cel_transport_now_us(transport) - start_us, ==, 360000);
    g_assert_cmpuint(cel_transport_random(transport), ==, 0xabcd);
    g_assert_cmpint(cel_transport_now_us(transport) - start_us, ==, 360000);
    g_assert_true(cel_transport_bulk(transport, 0x82, data, 8, &limits, NULL, NULL));
    g_assert_cmpint(cel_transport_now_us(transport) - start_us, ==, 400000);
}

static void a_recorded_open_can_fail(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelBus) bus = play("open busy\nopen\n");
    g_assert_null(open_first(bus, &error));
    g_assert_error(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_BUSY);
    g_autoptr(CelTransport) transport = open_first(bus, NULL);
    g_assert_nonnull(transport);
}

/* ---- the text ---- */

static void a_line_that_is_wrong_is_named(void)
{
    assert_refused("> c0 ff 0001 0000\n< 01\n", "Line 3");
    assert_refused("> c0 ff 0001 0000 8\n> in 82 8\n< 01\n", "Line 4");
    assert_refused("> in 02 8\n<\n", "Line 3");
    assert_refused("> in 82 8\n< 1\n", "hexadecimal");
    assert_refused("> in 82 8\n< 00*99999999\n", "Line 4");
    assert_refused("< 01\n", "no request");
    assert_refused(": 01\n", "no request");
    assert_refused("wait 100 later\n", "Line 3");
    assert_refused("what 100\n", "Line 3");
    assert_refused("> in 82 8\n", "no answer");
}

static void a_text_of_something_else_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_recording_parse("hello\n", 6, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_null(cel_recording_parse("celadon-recording 2\n", 20, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

/* ---- the recorder ---- */

static FakeAnswer answer(const FakeRequest *request, gpointer user_data)
{
    (void)user_data;
    if (request->is_bulk)
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL, .delay_ms = 7};
    if (request->in == NULL)
        return (FakeAnswer){.code = FAKE_OK, .n = request->n};
    for (gsize i = 0; i < request->n; i++)
        request->in[i] = i < 40 ? (guint8)(i + 'A') : 0;
    return (FakeAnswer){.code = FAKE_OK, .n = request->n};
}

/* What a driver may do to a device; the same over any bus. */
static char *talk(CelBus *bus)
{
    guint8 data[64] = {0};
    gsize n = 0;
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(CelTransport) transport = open_first(bus, NULL);
    const gint64 start_us = cel_transport_now_us(transport);
    g_assert_true(cel_transport_control(transport, &set_time, data, 8, &limits, &n, NULL));
    g_string_append_printf(seen, "set %zu; ", n);
    g_assert_true(cel_transport_control(transport, &get_serial, data, 64, &limits, &n, NULL));
    g_string_append_printf(seen, "get %zu %c; ", n, data[20]);
    g_assert_true(cel_transport_wait(transport, 20, NULL));
    g_assert_false(cel_transport_bulk(transport, 0x82, data, 64, &limits, &n, NULL));
    g_assert_true(cel_transport_clear_halt(transport, 0x82, NULL));
    g_assert_true(cel_transport_reset(transport, NULL));
    g_string_append_printf(seen, "packet %zu; random %u; ",
                           cel_transport_packet_bytes(transport, 0x82),
                           cel_transport_random(transport));
    g_string_append_printf(seen, "%d us", (int)(cel_transport_now_us(transport) - start_us));
    return g_strdup(seen->str);
}

static CelBus *fake_instrument(void)
{
    CelBus *bus = fake_bus_new();
    fake_bus_plug(bus, &(FakeDevice){.vendor = 0x24AA, .product = 0x1000, .answer = answer});
    return bus;
}

static void a_recording_plays_what_was_recorded(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new("# a comment before all\n");
    g_autoptr(CelBus) real = fake_instrument();
    g_autoptr(CelBus) recorder = cel_bus_record_new(real, &(CelRecordTo){.text = text});
    g_autofree char *then = talk(recorder);
    g_assert_cmpstr(then, ==, "set 8; get 64 U; packet 512; random 1; 27000 us");
    g_autoptr(CelBus) player = cel_bus_replay_new(text->str, text->len, &error);
    g_assert_no_error(error);
    g_autofree char *now = talk(player);
    g_autofree char *failure = cel_bus_replay_failure(player);
    g_assert_cmpstr(failure, ==, NULL);
    g_assert_cmpstr(now, ==, then);
    g_assert_cmpuint(cel_bus_replay_left(player), ==, 0);
}

static void blank_everything(const CelControl *setup, guint8 endpoint, guint8 *data, gsize n)
{
    g_assert_true(setup != NULL || endpoint == 0x82);
    memset(data, 'X', n);
}

static void a_recording_holds_no_serial_number_but_the_driver_gets_it(void)
{
    const CelDriver driver = {.blank_serial = blank_everything};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(CelBus) real = fake_instrument();
    g_autoptr(CelBus) recorder =
        cel_bus_record_new(real, &(CelRecordTo){.text = text, .driver = &driver});
    g_autofree char *seen = talk(recorder);
    g_assert_nonnull(strstr(seen, "get 64 U"));
    g_assert_nonnull(strstr(text->str, "< 58*64\n"));
    g_assert_null(strstr(text->str, " 55"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/replay/a-recorded-request-gets-its-recorded-answer",
                    a_recorded_request_gets_its_recorded_answer);
    g_test_add_func("/replay/a-recorded-failure-is-played-with-the-bytes-that-came",
                    a_recorded_failure_is_played_with_the_bytes_that_came);
    g_test_add_func("/replay/an-answer-longer-than-asked-for-overflows",
                    an_answer_longer_than_asked_for_overflows);
    g_test_add_func("/replay/another-request-leaves-the-script-for-good",
                    another_request_leaves_the_script_for_good);
    g_test_add_func("/replay/a-request-beyond-the-end-is-off-script",
                    a_request_beyond_the_end_is_off_script);
    g_test_add_func("/replay/time-stands-at-the-recorded-times-and-waits-pass-at-once",
                    time_stands_at_the_recorded_times_and_waits_pass_at_once);
    g_test_add_func("/replay/a-recorded-open-can-fail", a_recorded_open_can_fail);
    g_test_add_func("/recording/a-line-that-is-wrong-is-named", a_line_that_is_wrong_is_named);
    g_test_add_func("/recording/a-text-of-something-else-is-refused",
                    a_text_of_something_else_is_refused);
    g_test_add_func("/record/a-recording-plays-what-was-recorded",
                    a_recording_plays_what_was_recorded);
    g_test_add_func("/record/a-recording-holds-no-serial-number-but-the-driver-gets-it",
                    a_recording_holds_no_serial_number_but_the_driver_gets_it);
    return g_test_run();
}
