/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "ocean/ocean-ooi.h"

#include <string.h>

/* The older Ocean protocol as bytes: transcripts and rules of the makers' public programs. */

enum { OCEAN = 0x2457 };

static const CelOceanModel *model_of(guint16 product)
{
    const CelOceanModel *model = cel_ocean_model(OCEAN, product);
    g_assert_nonnull(model);
    return model;
}

static void check_bytes(const void *bytes, gsize n, const void *expected, gsize n_expected)
{
    g_assert_cmpuint(n, ==, n_expected);
    g_assert_cmpint(memcmp(bytes, expected, n), ==, 0);
}

/* ---- the table ---- */

static void every_row_of_the_table_is_complete(void)
{
    for (gsize i = 0; i < CEL_OCEAN_N_MODELS; i++) {
        const CelUsbId *id = &cel_ocean_usb_ids[i];
        const CelOceanModel *m = cel_ocean_model(id->vendor, id->product);
        g_test_message("%s", id->title);
        g_assert_nonnull(m);
        g_assert_nonnull(m->name);
        g_assert_nonnull(strstr(id->title, m->name));
        g_assert_nonnull(m->endpoints);
        g_assert_cmpuint(m->endpoints->out & 0x80, ==, 0);
        g_assert_cmpuint(m->endpoints->in & 0x80, ==, 0x80);
        g_assert_cmpuint(m->endpoints->spectra & 0x80, ==, 0x80);
        g_assert_cmpuint(m->n_pixels, >=, 2);
        g_assert_cmpuint(m->n_pixels, <=, m->n_sent);
        g_assert_true(m->bytes_per_pixel == 2 || m->bytes_per_pixel == 4);
        g_assert_true(m->unit_us == 1 || m->unit_us == 1000);
        g_assert_cmpfloat(m->integration_us[0], >, 1e-12);
        g_assert_cmpfloat(m->integration_us[0], <, m->integration_us[1]);
        g_assert_cmpfloat(m->integration_us[1], <=, G_MAXUINT32);
        g_assert_cmpuint(m->full_scale, >, 0);
        g_assert_true(m->protocol == CEL_OCEAN_OOI || m->spectrum_message != 0);
        g_assert_true(!m->is_split || m->endpoints->first_part != 0);
        for (guint k = 0; k < m->n_dark_ranges; k++) {
            g_assert_cmpuint(m->dark_pixels[k][0], <, m->dark_pixels[k][1]);
            g_assert_cmpuint(m->dark_pixels[k][1], <=, m->n_pixels);
        }
    }
}

static void no_two_rows_share_an_id(void)
{
    for (gsize i = 0; i < CEL_OCEAN_N_MODELS; i++)
        for (gsize k = 0; k < i; k++)
            g_assert_false(cel_ocean_usb_ids[i].vendor == cel_ocean_usb_ids[k].vendor &&
                           cel_ocean_usb_ids[i].product == cel_ocean_usb_ids[k].product);
}

static void frames_are_as_long_as_the_makers_programs_say(void)
{
    static const struct {
        guint16 product;
        gsize n;
    } known[] = {
        {0x1002, 4097}, {0x1012, 7681}, {0x1018, 2561}, {0x101E, 4097}, {0x1022, 7681},
        {0x1026, 1025}, {0x1028, 513},  {0x102A, 4609}, {0x102C, 4609}, {0x104B, 256},
        {0x2000, 4096}, {0x2001, 4272}, {0x2003, 4136}, {0x4000, 2048}, {0x4004, 4208},
        {0x4200, 2048}, {0x5000, 2048},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert_cmpuint(cel_ocean_frame_bytes(model_of(known[i].product)), ==, known[i].n);
}

static void another_makers_device_is_no_model(void)
{
    g_assert_null(cel_ocean_model(0x24AA, 0x1000));
    g_assert_null(cel_ocean_model(OCEAN, 0x1003));
}

/* ---- commands ---- */

static void check_command(CelOoiOpcode opcode, guint32 argument, const char *expected, gsize n)
{
    const CelOoiCommand command = cel_ooi_command(opcode, argument);
    check_bytes(command.bytes, command.n, expected, n);
}

static void commands_are_the_bytes_of_the_transcripts(void)
{
    check_command(CEL_OOI_INITIALISE, 0, "\x01", 1);
    check_command(CEL_OOI_SLOT, 1, "\x05\x01", 2);
    check_command(CEL_OOI_INTEGRATION, 1000, "\x02\xe8\x03\x00\x00", 5);
    check_command(CEL_OOI_SPECTRUM, 0, "\x09", 1);
    check_command(CEL_OOI_LAMP, 1, "\x03\x01\x00", 3);
    check_command(CEL_OOI_LAMP, 0, "\x03\x00\x00", 3);
    check_command(CEL_OOI_TRIGGER, 0, "\x0a\x00\x00", 3);
    check_command(CEL_OOI_REGISTER, 4, "\x6b\x04", 2);
    check_command(CEL_OOI_TEMPERATURE, 0, "\x72", 1);
    check_command(CEL_OOI_STATUS, 0, "\xfe", 1);
    check_command(CEL_OOI_INTEGRATION, 0xFFFFFFFFu, "\x02\xff\xff\xff\xff", 5);
}

/* ---- stored texts ---- */

static const guint8 coefficient_answer[] = {0x05, 0x01, '7', '.', '8', '5', '1', 'e', '+',
                                            '0',  '2',  0,   0,   0,   0,   0,   0};

static void a_stored_coefficient_is_read(void)
{
    char text[16];
    double value = 0.0;
    g_assert_true(cel_ooi_slot_text(coefficient_answer, sizeof coefficient_answer, 1, text));
    g_assert_cmpstr(text, ==, "7.851e+02");
    g_assert_true(cel_ooi_number(text, 1e6, &value));
    g_assert_cmpfloat_with_epsilon(value, 785.1, 1e-12);
}

static void an_answer_for_another_slot_is_stale(void)
{
    char text[16];
    g_assert_false(cel_ooi_slot_text(coefficient_answer, sizeof coefficient_answer, 2, text));
    g_assert_cmpstr(text, ==, "");
}

static void an_answer_that_is_cut_off_or_too_long_is_refused(void)
{
    char text[16];
    guint8 longer[18] = {0x05, 0x01, '7'};
    for (gsize n = 0; n < sizeof coefficient_answer; n++)
        g_assert_false(cel_ooi_slot_text(coefficient_answer, n, 1, text));
    g_assert_false(cel_ooi_slot_text(longer, sizeof longer, 1, text));
}

static void check_text(const char *content, const char *expected)
{
    guint8 answer[CEL_OOI_SLOT_BYTES] = {0x05, 0x00};
    char text[16];
    memcpy(answer + 2, content, 15);
    g_assert_true(cel_ooi_slot_text(answer, sizeof answer, 0, text));
    g_assert_cmpstr(text, ==, expected);
}

static void blanks_nuls_and_leftovers_around_a_text_are_dropped(void)
{
    check_text("USB4C00123\0\0\0\0\0", "USB4C00123");
    check_text("\0 \0 1.5e-2  \0\0\0\0", "1.5e-2");
    check_text("1.5\0leftover+12", "1.5");
    check_text("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "");
    check_text("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "");
    check_text("ABC\x80\xC3(DEFGHIJKL", "ABC");
    check_text("fifteen letters", "fifteen letters");
}

static void a_decimal_comma_is_a_decimal_point(void)
{
    double value = 0.0;
    g_assert_true(cel_ooi_number("1,180e-01", 1e6, &value));
    g_assert_cmpfloat_with_epsilon(value, 0.118, 1e-15);
}

static void what_is_no_finite_number_in_range_is_refused(void)
{
    static const char *const bad[] = {"",      "nan", "-inf", "1e308", "1.5 2",  "0x10",
                                      "1,5.2", "abc", "1e+",  "--1",   "1000001"};
    double value = 42.0;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(cel_ooi_number(bad[i], 1e6, &value));
    }
    g_assert_cmpfloat_with_epsilon(value, 42.0, 1e-12);
}

/* ---- saturation ---- */

static double scale_of(guint16 product, const char *content)
{
    guint8 answer[CEL_OOI_SLOT_BYTES] = {0x05, 17};
    double scale = 0.0;
    memcpy(answer + 2, content, 15);
    g_assert_true(cel_ooi_saturation(answer, sizeof answer, model_of(product), &scale));
    return scale;
}

static void counts_are_scaled_by_the_stored_saturation(void)
{
    const char at_6[15] = {0, 0, 0, 0, (char)0x50, (char)0xC3};            /* 50000 */
    const char at_6_long[15] = {0, 0, 0, 0, (char)0x50, (char)0xC3, 0, 0}; /* 50000 */
    const char at_2[15] = {(char)0x40, (char)0x9C};                        /* 40000 */
    g_assert_cmpfloat_with_epsilon(scale_of(0x101E, at_6), 65535.0 / 50000.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(scale_of(0x1022, at_6), 65535.0 / 50000.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(scale_of(0x1026, at_6_long), 65535.0 / 50000.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(scale_of(0x102A, at_2), 64000.0 / 40000.0, 1e-12);
}

static void a_saturation_that_was_not_programmed_scales_nothing(void)
{
    const char zero[15] = {0};
    const char half[15] = {0, (char)0x80};           /* 32768 */
    const char above[15] = {(char)0x01, (char)0xFA}; /* 64001 */
    const char hides[15] = {0, 0, 0, 0, 0, 0, 1, 0}; /* 65536 */
    const guint16 all[] = {0x101E, 0x1022, 0x1026, 0x102A, 0x1040};
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        g_assert_cmpfloat_with_epsilon(scale_of(all[i], zero), 1.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(scale_of(0x102A, half), 1.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(scale_of(0x102A, above), 1.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(scale_of(0x1026, hides), 1.0, 1e-12);
}

static void a_stale_answer_is_no_saturation(void)
{
    double scale = 0.0;
    g_assert_false(cel_ooi_saturation(coefficient_answer, sizeof coefficient_answer,
                                      model_of(0x101E), &scale));
}

/* ---- other answers ---- */

static void the_status_tells_pixels_integration_and_speed(void)
{
    guint8 answer[16] = {0x00, 0x0F, 0x10, 0x27, 0, 0, 1, [14] = 0x80};
    CelOoiStatus status;
    g_assert_true(cel_ooi_status(answer, sizeof answer, &status));
    g_assert_cmpuint(status.n_pixels, ==, 3840);
    g_assert_cmpuint(status.integration, ==, 10000);
    g_assert_true(status.lamp_on);
    g_assert_true(status.is_high_speed);
    answer[14] = 0x00;
    g_assert_true(cel_ooi_status(answer, sizeof answer, &status));
    g_assert_false(status.is_high_speed);
}

static void a_status_of_another_length_or_speed_is_none(void)
{
    guint8 answer[17] = {[14] = 0x80};
    CelOoiStatus status;
    for (gsize n = 0; n <= sizeof answer; n++)
        g_assert_true(cel_ooi_status(answer, n, &status) == (n == 16));
    answer[14] = 0x40;
    g_assert_false(cel_ooi_status(answer, 16, &status));
}

static void the_fpga_version_is_three_numbers(void)
{
    const guint8 answer[] = {0x04, 0x25, 0x31};
    guint16 value = 0;
    g_assert_true(cel_ooi_register(answer, sizeof answer, CEL_OOI_REGISTER_VERSION, &value));
    const CelOoiVersion version = cel_ooi_version(value);
    g_assert_cmpuint(version.major, ==, 3);
    g_assert_cmpuint(version.minor, ==, 0x12);
    g_assert_cmpuint(version.patch, ==, 5);
    g_assert_false(cel_ooi_register(answer, sizeof answer, 0x05, &value));
    g_assert_false(cel_ooi_register(answer, 2, CEL_OOI_REGISTER_VERSION, &value));
}

static void the_temperature_is_signed_tenths(void)
{
    const guint8 cold[] = {0x9C, 0xFF}, impossible[] = {0xFF, 0x7F};
    double celsius = 0.0;
    g_assert_true(cel_ooi_temperature(cold, sizeof cold, &celsius));
    g_assert_cmpfloat_with_epsilon(celsius, -10.0, 1e-12);
    g_assert_false(cel_ooi_temperature(impossible, sizeof impossible, &celsius));
    g_assert_false(cel_ooi_temperature(cold, 1, &celsius));
}

/* ---- frames ---- */

typedef struct {
    const CelOceanModel *model;
    guint8 *bytes;
    gsize n;
    double *counts;
} Frame;

static Frame frame_new(guint16 product)
{
    Frame frame = {.model = model_of(product)};
    frame.n = cel_ocean_frame_bytes(frame.model);
    frame.bytes = g_malloc0(frame.n);
    frame.counts = g_new0(double, frame.model->n_pixels);
    if (!frame.model->no_sync)
        frame.bytes[frame.n - 1] = 0x69;
    return frame;
}

static void frame_clear(Frame *frame)
{
    g_free(frame->bytes);
    g_free(frame->counts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Frame, frame_clear)

static void frame_put(Frame *frame, gsize pixel, guint16 wire)
{
    frame->bytes[2 * pixel] = (guint8)wire;
    frame->bytes[2 * pixel + 1] = (guint8)(wire >> 8);
}

static void decode(Frame *frame, double scale)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(
        cel_ooi_frame(frame->bytes, frame->n, frame->model, scale, frame->counts, &error));
    g_assert_no_error(error);
}

static void check_count(const Frame *frame, gsize pixel, double expected)
{
    g_assert_cmpfloat_with_epsilon(frame->counts[pixel], expected, 1e-9);
}

static void pixels_are_little_endian(void)
{
    g_auto(Frame) frame = frame_new(0x101E);
    frame_put(&frame, 0, 0x0102);
    frame_put(&frame, 2047, 0xFFFF);
    decode(&frame, 1.0);
    check_count(&frame, 0, 258.0);
    check_count(&frame, 1, 1e-12);
    check_count(&frame, 2047, 65535.0);
}

static void zero_counts_of_a_qe65000_arrive_with_the_top_bit_set(void)
{
    g_auto(Frame) frame = frame_new(0x1018);
    frame_put(&frame, 0, 0x8000);
    frame_put(&frame, 1043, 0x8000 ^ 1234);
    decode(&frame, 1.0);
    check_count(&frame, 0, 1e-12);
    check_count(&frame, 1, 32768.0);
    check_count(&frame, 1043, 1234.0);
}

static void a_hr4000_turns_bit_13_over(void)
{
    g_auto(Frame) frame = frame_new(0x1012);
    frame_put(&frame, 0, 0x2000);
    frame_put(&frame, 1, 0x2000 ^ 16383);
    decode(&frame, 1.0);
    check_count(&frame, 0, 1e-12);
    check_count(&frame, 1, 16383.0);
}

static void shuffled_frames_are_sorted_and_floating_bits_ignored(void)
{
    g_auto(Frame) frame = frame_new(0x1002);
    frame.bytes[128 + 5] = 0x34;      /* low byte of pixel 69 */
    frame.bytes[128 + 64 + 5] = 0xF2; /* its high one; the upper bits float */
    frame.bytes[63] = 0xFF;           /* pixel 63 */
    frame.bytes[127] = 0x0F;
    decode(&frame, 1.0);
    check_count(&frame, 69, 0x234);
    check_count(&frame, 63, 4095.0);
    check_count(&frame, 0, 1e-12);
}

static void scaled_counts_are_clipped_at_full_scale(void)
{
    g_auto(Frame) frame = frame_new(0x1022);
    frame_put(&frame, 0, 25000);
    frame_put(&frame, 1, 50000);
    frame_put(&frame, 2, 60000);
    decode(&frame, 65535.0 / 50000.0);
    check_count(&frame, 0, 32767.5);
    check_count(&frame, 1, 65535.0);
    check_count(&frame, 2, 65535.0);
}

static void a_frame_that_does_not_end_in_the_sync_byte_is_refused(void)
{
    g_auto(Frame) frame = frame_new(0x101E);
    g_autoptr(GError) error = NULL;
    frame.bytes[frame.n - 1] = 0x68;
    g_assert_false(cel_ooi_frame(frame.bytes, frame.n, frame.model, 1.0, frame.counts, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void a_jaz_and_a_flame_nir_send_no_sync_byte(void)
{
    g_auto(Frame) jaz = frame_new(0x2000);
    g_auto(Frame) nir = frame_new(0x104B);
    frame_put(&jaz, 2047, 7);
    frame_put(&nir, 127, 8);
    decode(&jaz, 1.0);
    decode(&nir, 1.0);
    check_count(&jaz, 2047, 7.0);
    check_count(&nir, 127, 8.0);
}

static void short_and_long_frames_are_refused(void)
{
    g_auto(Frame) frame = frame_new(0x1028);
    g_autofree guint8 *longer = g_malloc0(frame.n + 1);
    memset(longer, 0x69, frame.n + 1);
    for (gsize n = 0; n <= frame.n + 1; n++) {
        g_autoptr(GError) error = NULL;
        const gboolean ok = cel_ooi_frame(longer, n, frame.model, 1.0, frame.counts, &error);
        g_assert_true(ok == (n == frame.n));
        g_assert_true(ok || g_error_matches(error, CEL_ERROR, CEL_ERROR_DEVICE));
    }
}

/* ---- recordings that leave the lab ---- */

static void only_the_serial_number_is_blanked(void)
{
    guint8 serial[CEL_OOI_SLOT_BYTES] = {0x05, 0x00, 'U', 'S', 'B', '4', '1'};
    guint8 other[CEL_OOI_SLOT_BYTES];
    memcpy(other, coefficient_answer, sizeof other);
    cel_ooi_blank_serial(serial, sizeof serial);
    check_bytes(serial, 8, "\x05\x00XXXXX", 8);
    cel_ooi_blank_serial(other, sizeof other);
    check_bytes(other, sizeof other, coefficient_answer, sizeof coefficient_answer);
}

#define ADD(test) g_test_add_func("/ocean-ooi/" #test, test)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(every_row_of_the_table_is_complete);
    ADD(no_two_rows_share_an_id);
    ADD(frames_are_as_long_as_the_makers_programs_say);
    ADD(another_makers_device_is_no_model);
    ADD(commands_are_the_bytes_of_the_transcripts);
    ADD(a_stored_coefficient_is_read);
    ADD(an_answer_for_another_slot_is_stale);
    ADD(an_answer_that_is_cut_off_or_too_long_is_refused);
    ADD(blanks_nuls_and_leftovers_around_a_text_are_dropped);
    ADD(a_decimal_comma_is_a_decimal_point);
    ADD(what_is_no_finite_number_in_range_is_refused);
    ADD(counts_are_scaled_by_the_stored_saturation);
    ADD(a_saturation_that_was_not_programmed_scales_nothing);
    ADD(a_stale_answer_is_no_saturation);
    ADD(the_status_tells_pixels_integration_and_speed);
    ADD(a_status_of_another_length_or_speed_is_none);
    ADD(the_fpga_version_is_three_numbers);
    ADD(the_temperature_is_signed_tenths);
    ADD(pixels_are_little_endian);
    ADD(zero_counts_of_a_qe65000_arrive_with_the_top_bit_set);
    ADD(a_hr4000_turns_bit_13_over);
    ADD(shuffled_frames_are_sorted_and_floating_bits_ignored);
    ADD(scaled_counts_are_clipped_at_full_scale);
    ADD(a_frame_that_does_not_end_in_the_sync_byte_is_refused);
    ADD(a_jaz_and_a_flame_nir_send_no_sync_byte);
    ADD(short_and_long_frames_are_refused);
    ADD(only_the_serial_number_is_blanked);
    return g_test_run();
}
