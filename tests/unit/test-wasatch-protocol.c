/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch/wasatch-models.h"
#include "wasatch/wasatch-protocol.h"

#include <math.h>

static void assert_setup(const CelWasatchRequest *r, guint8 type, guint8 request, guint16 value,
                         guint16 index)
{
    g_assert_cmphex(r->setup.request_type, ==, type);
    g_assert_cmphex(r->setup.request, ==, request);
    g_assert_cmphex(r->setup.value, ==, value);
    g_assert_cmphex(r->setup.index, ==, index);
}

static void an_arm_board_gets_eight_bytes_where_fx2_gets_none(void)
{
    const CelWasatchRequest fx2 = cel_wasatch_set(FALSE, CEL_WASATCH_SET_LASER_ENABLE, 0);
    const CelWasatchRequest arm = cel_wasatch_set(TRUE, CEL_WASATCH_SET_LASER_ENABLE, 0);
    assert_setup(&fx2, 0x40, 0xbe, 0, 0);
    assert_setup(&arm, 0x40, 0xbe, 0, 0);
    g_assert_cmpuint(fx2.n, ==, 0);
    g_assert_cmpuint(arm.n, ==, 8);
    g_assert_cmpuint(cel_wasatch_get(FALSE, CEL_WASATCH_GET_LASER_ENABLE).n, ==, 1);
    g_assert_cmpuint(cel_wasatch_get(TRUE, CEL_WASATCH_GET_LASER_ENABLE).n, ==, 8);
}

static void second_tier_opcodes_carry_their_argument_in_the_index(void)
{
    const CelWasatchRequest page = cel_wasatch_get_page(3);
    const CelWasatchRequest watchdog =
        cel_wasatch_set(TRUE, CEL_WASATCH_SET_LASER_WATCHDOG_SEC, 10);
    assert_setup(&page, 0xc0, 0xff, 0x01, 3);
    g_assert_cmpuint(page.n, ==, 64);
    assert_setup(&watchdog, 0x40, 0xff, 0x18, 10);
}

static void an_integration_time_is_spread_over_value_and_index(void)
{
    const CelWasatchRequest r = cel_wasatch_set_integration(FALSE, 0x123456);
    assert_setup(&r, 0x40, 0xb2, 0x3456, 0x12);
}

static void microseconds_are_forty_bits_and_always_come_with_data(void)
{
    const CelWasatchRequest r = cel_wasatch_set_us(CEL_WASATCH_SET_MOD_PERIOD, 0x1234567890);
    assert_setup(&r, 0x40, 0xc7, 0x7890, 0x3456);
    g_assert_cmpuint(r.n, ==, 8);
    g_assert_cmphex(r.data[0], ==, 0x12);
    for (guint i = 1; i < 8; i++)
        g_assert_cmphex(r.data[i], ==, 0);
}

static void each_answer_has_its_own_width_and_byte_order(void)
{
    const guint8 data[] = {0x12, 0x34, 0x56, 0x78, 0x9a};
    guint64 value = 0;
    g_assert_true(cel_wasatch_answer(CEL_WASATCH_GET_DETECTOR_TEMPERATURE, data, 2, &value));
    g_assert_cmphex(value, ==, 0x1234);
    g_assert_true(cel_wasatch_answer(CEL_WASATCH_GET_DETECTOR_GAIN, data, 2, &value));
    g_assert_cmphex(value, ==, 0x3412);
    g_assert_true(cel_wasatch_answer(CEL_WASATCH_GET_INTEGRATION_TIME, data, 3, &value));
    g_assert_cmphex(value, ==, 0x563412);
    g_assert_true(cel_wasatch_answer(CEL_WASATCH_GET_MOD_WIDTH, data, 5, &value));
    g_assert_cmphex(value, ==, 0x9a78563412);
    g_assert_true(cel_wasatch_answer(CEL_WASATCH_GET_LASER_ENABLE, data, 1, &value));
    g_assert_cmphex(value, ==, 0x12);
}

static void a_short_answer_is_none(void)
{
    const guint8 data[] = {1, 2, 3, 4};
    guint64 value = 0;
    char text[32];
    g_assert_false(cel_wasatch_answer(CEL_WASATCH_GET_LASER_ENABLE, data, 0, &value));
    g_assert_false(cel_wasatch_answer(CEL_WASATCH_GET_DETECTOR_TEMPERATURE, data, 1, &value));
    g_assert_false(cel_wasatch_answer(CEL_WASATCH_GET_INTEGRATION_TIME, data, 2, &value));
    g_assert_false(cel_wasatch_answer(CEL_WASATCH_GET_MOD_PERIOD, data, 4, &value));
    g_assert_false(cel_wasatch_firmware_text(data, 3, text, sizeof text));
}

static void versions_become_text(void)
{
    char text[32];
    g_assert_true(
        cel_wasatch_firmware_text((const guint8 *)"\x07\x00\x01\x0a", 4, text, sizeof text));
    g_assert_cmpstr(text, ==, "10.1.0.7");
    cel_wasatch_fpga_text((const guint8 *)"026-007", 7, text, sizeof text);
    g_assert_cmpstr(text, ==, "026-007");
    cel_wasatch_fpga_text((const guint8 *)"\x01"
                                          "a\xff"
                                          "b\0\0\0more",
                          11, text, sizeof text);
    g_assert_cmpstr(text, ==, "ab");
}

static void a_gain_is_eight_point_eight_fixed_point(void)
{
    g_assert_cmphex(cel_wasatch_gain_code(1.9), ==, 0x01e6);
    g_assert_cmphex(cel_wasatch_gain_code(0.0), ==, 0);
    g_assert_cmphex(cel_wasatch_gain_code(1e9), ==, 0xffff);
    g_assert_cmpfloat_with_epsilon(cel_wasatch_gain_of(0x01e6), 1.9, 1.0 / 512.0);
    for (guint code = 0; code <= 0xffff; code += 13)
        g_assert_cmphex(cel_wasatch_gain_code(cel_wasatch_gain_of((guint16)code)), ==, code);
}

static void the_coolers_set_point_stays_within_twelve_bits(void)
{
    guint16 raw = 0;
    g_assert_true(cel_wasatch_tec_raw((const double[]){3000, -50, 0.1}, 10.0, &raw));
    g_assert_cmpuint(raw, ==, 2510);
    g_assert_true(cel_wasatch_tec_raw((const double[]){3000, -50, 0}, -100.0, &raw));
    g_assert_cmpuint(raw, ==, 4095);
    g_assert_true(cel_wasatch_tec_raw((const double[]){3000, -50, 0}, 100.0, &raw));
    g_assert_cmpuint(raw, ==, 0);
}

static void a_board_without_calibration_is_not_cooled(void)
{
    guint16 raw = 0;
    g_assert_false(cel_wasatch_tec_raw((const double[]){2700, 0, 0}, 10.0, &raw));
    g_assert_false(cel_wasatch_tec_raw((const double[]){0, 0, 0}, 10.0, &raw));
    g_assert_false(cel_wasatch_tec_raw((const double[]){(double)NAN, 1, 0}, 10.0, &raw));
}

static void no_width_is_never_full_power(void)
{
    CelWasatchModulation m = {0};
    g_assert_false(cel_wasatch_modulation(0.0, &m));
    g_assert_false(cel_wasatch_modulation(0.04, &m));
    g_assert_true(m.modulated);
    g_assert_false(cel_wasatch_modulation(-5.0, &m));
    g_assert_false(cel_wasatch_modulation((double)NAN, &m));
    g_assert_true(m.modulated);
}

static void a_power_is_a_part_of_the_period(void)
{
    CelWasatchModulation m = {0};
    g_assert_true(cel_wasatch_modulation(12.34, &m));
    g_assert_cmpuint(m.width_us, ==, 123);
    g_assert_true(m.modulated);
    g_assert_true(cel_wasatch_modulation(100.0, &m));
    g_assert_false(m.modulated);
    g_assert_cmpuint(m.width_us, ==, 1000);
}

/* Read in the other byte order the seconds must not be fewer than asked for. */
static void a_watchdog_never_barks_early_in_either_byte_order(void)
{
    for (guint ms = 0; ms < 60000000; ms += 977) {
        const guint16 s = cel_wasatch_watchdog_s(ms);
        const guint16 other = GUINT16_SWAP_LE_BE(s);
        g_assert_cmpuint(1000u * s, >, ms);
        g_assert_cmpuint(1000u * other, >, ms);
    }
}

static void a_watchdog_is_believed_in_either_byte_order_only(void)
{
    g_assert_true(cel_wasatch_watchdog_agrees(10, (const guint8[]){0, 10}, 2));
    g_assert_true(cel_wasatch_watchdog_agrees(10, (const guint8[]){10, 0}, 2));
    g_assert_true(cel_wasatch_watchdog_agrees(10, (const guint8[]){10, 0, 9, 9}, 4));
    g_assert_false(cel_wasatch_watchdog_agrees(10, (const guint8[]){0, 0}, 2));
    g_assert_false(cel_wasatch_watchdog_agrees(10, (const guint8[]){10, 10}, 2));
    g_assert_false(cel_wasatch_watchdog_agrees(10, (const guint8[]){10}, 1));
}

static void only_an_fx2_frame_of_2048_pixels_comes_in_two_halves(void)
{
    const CelWasatchLayout half = cel_wasatch_layout(2048, FALSE);
    g_assert_cmpuint(half.n_parts, ==, 2);
    g_assert_cmphex(half.parts[0].endpoint, ==, 0x82);
    g_assert_cmphex(half.parts[1].endpoint, ==, 0x86);
    g_assert_cmpuint(half.parts[0].n_bytes, ==, 2048);
    g_assert_cmpuint(half.parts[1].n_bytes, ==, 2048);
    g_assert_cmpuint(cel_wasatch_layout(2048, TRUE).n_parts, ==, 1);
    g_assert_cmpuint(cel_wasatch_layout(2048, TRUE).parts[0].n_bytes, ==, 4096);
    g_assert_cmpuint(cel_wasatch_layout(1024, FALSE).n_parts, ==, 1);
}

static void a_frame_of_any_other_length_is_no_frame(void)
{
    const guint8 data[] = {0x6d, 0x03, 0x70, 0x03, 0x65};
    double counts[3] = {0};
    g_assert_true(cel_wasatch_frame_decode(data, 4, 2, counts));
    g_assert_cmpuint((guint)counts[0], ==, 0x036d);
    g_assert_cmpuint((guint)counts[1], ==, 0x0370);
    g_assert_false(cel_wasatch_frame_decode(data, 3, 2, counts));
    g_assert_false(cel_wasatch_frame_decode(data, 5, 2, counts));
    g_assert_false(cel_wasatch_frame_decode(data, 2, 2, counts));
}

static void odd_pixels_are_told_by_their_own_amplifier(void)
{
    const CelWasatchCorrection c = {.even_odd = TRUE,
                                    .gain = 2.0,
                                    .offset = 10,
                                    .gain_odd = 3.0,
                                    .offset_odd = 4,
                                    .saturation_counts = 65535};
    double counts[] = {110, 110, 65535, 65535, 0, 0};
    cel_wasatch_frame_correct(&c, counts, G_N_ELEMENTS(counts));
    g_assert_cmpfloat_with_epsilon(counts[0], 110, 1e-12);
    g_assert_cmpfloat_with_epsilon(counts[1], 154, 1e-12);
    g_assert_cmpfloat_with_epsilon(counts[3], 65535, 1e-12); /* full stays full */
    g_assert_cmpfloat_with_epsilon(counts[5], 0, 1e-12);
}

static void what_was_done_to_a_frame_can_be_undone(void)
{
    const CelWasatchCorrection c = {.even_odd = TRUE,
                                    .gain = 1.9,
                                    .offset = -3,
                                    .gain_odd = 2.1,
                                    .offset_odd = 6,
                                    .invert = TRUE,
                                    .bin = TRUE,
                                    .saturation_counts = 65535};
    double counts[64], raw[64];
    for (gsize i = 0; i < 64; i++)
        counts[i] = raw[i] = 900.0 + (double)(i * 7919 % 1000);
    cel_wasatch_frame_correct(&c, counts, 64);
    for (gsize i = 63; i-- > 0;)
        counts[i] = 2.0 * counts[i] - counts[i + 1];
    for (gsize i = 0; i < 64; i++) {
        const double v = counts[63 - i];
        const double back = i % 2 == 1 ? (v - c.offset_odd) / c.gain_odd * c.gain + c.offset : v;
        g_assert_cmpfloat_with_epsilon(back, raw[i], 1e-9);
    }
}

static void a_full_pixel_stays_full_beside_a_neighbour(void)
{
    const CelWasatchCorrection c = {.bin = TRUE, .saturation_counts = 65535};
    double counts[] = {10, 20, 65535, 30, 40};
    cel_wasatch_frame_correct(&c, counts, 5);
    g_assert_cmpfloat_with_epsilon(counts[0], 15, 1e-12);
    g_assert_cmpfloat_with_epsilon(counts[1], 65535, 1e-12);
    g_assert_cmpfloat_with_epsilon(counts[2], 65535, 1e-12);
    g_assert_cmpfloat_with_epsilon(counts[3], 35, 1e-12);
    g_assert_cmpfloat_with_epsilon(counts[4], 40, 1e-12);
}

static void equal_pixels_are_no_frame_unless_full(void)
{
    g_assert_true(cel_wasatch_frame_is_flat((const double[]){7, 7, 7}, 3, 65535));
    g_assert_true(cel_wasatch_frame_is_flat((const double[]){0, 0, 0}, 3, 65535));
    g_assert_false(cel_wasatch_frame_is_flat((const double[]){7, 7, 8}, 3, 65535));
    g_assert_false(cel_wasatch_frame_is_flat((const double[]){65535, 65535}, 2, 65535));
}

static void the_wait_grows_with_time_devices_and_sleep(void)
{
    CelWasatchWait w = {.integration_ms = 100, .previous_ms = 100, .n_open = 1};
    g_assert_cmpuint(cel_wasatch_frame_timeout_ms(&w), ==, 1200);
    w.previous_ms = 400;
    w.n_open = 3;
    g_assert_cmpuint(cel_wasatch_frame_timeout_ms(&w), ==, 3800);
    w.is_imx = TRUE;
    g_assert_cmpuint(cel_wasatch_frame_timeout_ms(&w), ==, 4720);
    w.is_first = TRUE;
    g_assert_cmpuint(cel_wasatch_frame_timeout_ms(&w), ==, 14720);
    w.integration_ms = CEL_WASATCH_MAX_INTEGRATION_MS;
    w.n_open = G_MAXUINT;
    g_assert_cmpuint(cel_wasatch_frame_timeout_ms(&w), >, 8u * CEL_WASATCH_MAX_INTEGRATION_MS);
}

/* The exchange that the facts of the protocol print: the start of a spectrum of an FX2 unit with
 * 1024 pixels and 100 ms. */
static void the_printed_exchange_is_spoken(void)
{
    const CelWasatchRequest fpga = cel_wasatch_get(FALSE, CEL_WASATCH_GET_FPGA_VERSION);
    const CelWasatchRequest page = cel_wasatch_get_page(0);
    const CelWasatchRequest off = cel_wasatch_set(FALSE, CEL_WASATCH_SET_LASER_ENABLE, 0);
    const CelWasatchRequest time = cel_wasatch_set_integration(FALSE, 100);
    const CelWasatchRequest acquire = cel_wasatch_set(FALSE, CEL_WASATCH_ACQUIRE_SPECTRUM, 0);
    const CelWasatchRequest requests[] = {fpga, page, off, time, acquire};
    const guint8 bytes[] = {0xc0, 0xb4, 0,    0,    7,    0xc0, 0xff, 1,    0,    64, 0x40, 0xbe, 0,
                            0,    0,    0x40, 0xb2, 0x64, 0,    0,    0x40, 0xad, 0,  0,    0};
    for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
        const guint8 *b = bytes + 5 * i;
        assert_setup(&requests[i], b[0], b[1], b[2], b[3]);
        g_assert_cmpuint(requests[i].n, ==, b[4]);
    }
    const CelWasatchWait wait = {.integration_ms = 100, .previous_ms = 100, .n_open = 1};
    g_assert_cmpuint(cel_wasatch_layout(1024, FALSE).parts[0].n_bytes, ==, 2048);
    g_assert_cmpuint(cel_wasatch_frame_timeout_ms(&wait), >=, 1200);
}

static void detectors_are_known_by_part_of_their_name(void)
{
    g_assert_true(cel_wasatch_detector("IMX385")->is_imx);
    g_assert_cmpint(cel_wasatch_detector("S16011-1006")->startup_celsius, ==, 10);
    g_assert_cmpint(cel_wasatch_detector("S10141-1107S")->startup_celsius, ==, -15);
    g_assert_true(cel_wasatch_detector("G9214-512")->is_ingaas);
    g_assert_false(cel_wasatch_detector("XG9214")->is_ingaas);
    g_assert_false(cel_wasatch_detector("nobody knows")->has_startup);
}

static void xs_firmware_is_told_by_text(void)
{
    g_assert_true(cel_wasatch_is_xs("IMX385LQR", "WP"));
    g_assert_true(cel_wasatch_is_xs("", "WP-785XS-C"));
    g_assert_true(cel_wasatch_is_xs("", "SiG-785"));
    g_assert_false(cel_wasatch_is_xs("S16011-1006", "WP-785-R-SR-S-50"));
}

static void the_boards_are_told_by_their_usb_ids(void)
{
    for (gsize i = 0; i < CEL_WASATCH_N_BOARDS; i++) {
        const CelUsbId *id = &cel_wasatch_usb_ids[i];
        const CelWasatchBoard *board = cel_wasatch_board(id->vendor, id->product);
        g_assert_nonnull(board);
        g_assert_cmpstr(board->usb.title, ==, id->title);
    }
    g_assert_true(cel_wasatch_board(0x24aa, 0x4000)->is_arm);
    g_assert_true(cel_wasatch_board(0x24aa, 0x2000)->has_high_gain);
    g_assert_null(cel_wasatch_board(0x24aa, 0x3000));
}

static void a_class_is_named_only_where_the_power_is_known(void)
{
    g_assert_cmpstr(cel_wasatch_laser_class(450), ==, "3B");
    g_assert_cmpstr(cel_wasatch_laser_class(501), ==, "4");
    g_assert_cmpstr(cel_wasatch_laser_class(0), ==, "");
    g_assert_cmpstr(cel_wasatch_laser_class((double)NAN), ==, "");
}

#define ADD(name) g_test_add_func("/wasatch/protocol/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(an_arm_board_gets_eight_bytes_where_fx2_gets_none);
    ADD(second_tier_opcodes_carry_their_argument_in_the_index);
    ADD(an_integration_time_is_spread_over_value_and_index);
    ADD(microseconds_are_forty_bits_and_always_come_with_data);
    ADD(each_answer_has_its_own_width_and_byte_order);
    ADD(a_short_answer_is_none);
    ADD(versions_become_text);
    ADD(a_gain_is_eight_point_eight_fixed_point);
    ADD(the_coolers_set_point_stays_within_twelve_bits);
    ADD(a_board_without_calibration_is_not_cooled);
    ADD(no_width_is_never_full_power);
    ADD(a_power_is_a_part_of_the_period);
    ADD(a_watchdog_never_barks_early_in_either_byte_order);
    ADD(a_watchdog_is_believed_in_either_byte_order_only);
    ADD(only_an_fx2_frame_of_2048_pixels_comes_in_two_halves);
    ADD(a_frame_of_any_other_length_is_no_frame);
    ADD(odd_pixels_are_told_by_their_own_amplifier);
    ADD(what_was_done_to_a_frame_can_be_undone);
    ADD(a_full_pixel_stays_full_beside_a_neighbour);
    ADD(equal_pixels_are_no_frame_unless_full);
    ADD(the_wait_grows_with_time_devices_and_sleep);
    ADD(the_printed_exchange_is_spoken);
    ADD(detectors_are_known_by_part_of_their_name);
    ADD(xs_firmware_is_told_by_text);
    ADD(the_boards_are_told_by_their_usb_ids);
    ADD(a_class_is_named_only_where_the_power_is_known);
    return g_test_run();
}
