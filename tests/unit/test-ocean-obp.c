/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "ocean/ocean-obp.h"

#include <string.h>

/* The Ocean Binary Protocol as bytes: transcripts of its layout, and every way a message can be
 * wrong. */

enum { OCEAN = 0x2457, QE_PRO = 0x4004, STS = 0x4000, LEAST = 64, AT_REMAINING = 40, AT_MD5 = 44 };

static void check_bytes(const void *bytes, gsize n, const void *expected, gsize n_expected)
{
    g_assert_cmpuint(n, ==, n_expected);
    g_assert_cmpint(memcmp(bytes, expected, n), ==, 0);
}

static void check_hex(const guint8 *bytes, gsize n, const char *hex)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    g_assert_cmpstr(text->str, ==, hex);
}

#define ZERO_4  "00000000"
#define ZERO_16 ZERO_4 ZERO_4 ZERO_4 ZERO_4
#define END     "14000000" ZERO_16 "c5c4c3c2"

static const char get_serial[] = "c1c0001100000000"
                                 "00010000" ZERO_4 ZERO_4 "00000000" ZERO_16 END;
static const char reply_serial[] = "c1c0001101000000"
                                   "00010000" ZERO_4 ZERO_4 "00000008"
                                   "5145503031323334" ZERO_4 ZERO_4 END;
static const char set_100_ms[] = "c1c0001104000000"
                                 "10001100" ZERO_4 ZERO_4 "00000004"
                                 "a0860100" ZERO_4 ZERO_4 ZERO_4 END;
static const char its_ack[] = "c1c0001103000000"
                              "10001100" ZERO_4 ZERO_4 "00000000" ZERO_16 END;
static const char get_coefficient[] = "c1c0001100000000"
                                      "01011800" ZERO_4 ZERO_4 "00000001"
                                      "01000000" ZERO_4 ZERO_4 ZERO_4 END;

static void from_hex(const char *hex, guint8 *out, gsize n)
{
    g_assert_cmpuint(strlen(hex), ==, 2 * n);
    for (gsize i = 0; i < n; i++)
        out[i] =
            (guint8)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
}

/* ---- writing ---- */

static void check_written(const CelObpMessage *message, const char *hex)
{
    guint8 bytes[LEAST];
    g_assert_cmpuint(cel_obp_write(message, bytes, sizeof bytes), ==, LEAST);
    check_hex(bytes, sizeof bytes, hex);
}

static void questions_are_the_bytes_of_the_transcripts(void)
{
    const guint8 time[] = {0xA0, 0x86, 0x01, 0x00}, one[] = {1};
    check_written(&(CelObpMessage){.type = CEL_OBP_SERIAL}, get_serial);
    check_written(
        &(CelObpMessage){
            .flags = CEL_OBP_ACK_REQUESTED, .type = CEL_OBP_SET_INTEGRATION, .data = time, .n = 4},
        set_100_ms);
    check_written(&(CelObpMessage){.type = CEL_OBP_WAVELENGTH, .data = one, .n = 1},
                  get_coefficient);
}

static void the_number_of_the_question_is_written(void)
{
    guint8 bytes[LEAST];
    cel_obp_write(&(CelObpMessage){.type = CEL_OBP_SERIAL, .regarding = 0x01020304}, bytes, LEAST);
    check_hex(bytes + 12, 4, "04030201");
}

static void more_than_16_bytes_go_as_payload(void)
{
    guint8 data[17] = {1, 2, 3}, bytes[LEAST + sizeof data];
    const CelObpMessage message = {.type = 1, .data = data, .n = sizeof data};
    CelObpMessage read;
    g_assert_cmpuint(cel_obp_write(&message, bytes, sizeof bytes), ==, sizeof bytes);
    g_assert_true(cel_obp_read(bytes, sizeof bytes, &read, NULL));
    check_bytes(read.data, read.n, data, sizeof data);
    g_assert_true(read.data == bytes + CEL_OBP_HEADER_BYTES);
}

static void what_does_not_fit_is_not_written(void)
{
    guint8 bytes[LEAST];
    const guint8 data[17] = {0};
    g_assert_cmpuint(cel_obp_write(&(CelObpMessage){.type = 1}, bytes, LEAST - 1), ==, 0);
    g_assert_cmpuint(cel_obp_write(&(CelObpMessage){.data = data, .n = 17}, bytes, LEAST), ==, 0);
}

/* ---- reading ---- */

static void answers_of_the_transcripts_are_read(void)
{
    guint8 bytes[LEAST];
    CelObpMessage message;
    char serial[16];
    from_hex(reply_serial, bytes, LEAST);
    g_assert_true(cel_obp_read(bytes, LEAST, &message, NULL));
    g_assert_cmpuint(message.type, ==, CEL_OBP_SERIAL);
    g_assert_cmpuint(message.flags, ==, CEL_OBP_RESPONSE);
    cel_obp_text(&message, serial, sizeof serial);
    g_assert_cmpstr(serial, ==, "QEP01234");
    from_hex(its_ack, bytes, LEAST);
    g_assert_true(cel_obp_read(bytes, LEAST, &message, NULL));
    g_assert_cmpuint(message.flags, ==, CEL_OBP_RESPONSE | CEL_OBP_ACK);
    g_assert_cmpuint(message.n, ==, 0);
    g_assert_false(cel_obp_is_refusal(&message));
}

static void check_refused(const guint8 *bytes, gsize n)
{
    g_autoptr(GError) error = NULL;
    CelObpMessage message;
    g_assert_false(cel_obp_read(bytes, n, &message, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void a_message_cut_anywhere_is_refused(void)
{
    guint8 bytes[LEAST + 1] = {0};
    from_hex(reply_serial, bytes, LEAST);
    for (gsize n = 0; n < LEAST; n++)
        check_refused(bytes, n);
    check_refused(bytes, LEAST + 1);
}

/* One byte of a good message is another one. */
static void check_spoilt(gsize at, guint8 value)
{
    guint8 bytes[LEAST];
    from_hex(reply_serial, bytes, LEAST);
    bytes[at] = value;
    check_refused(bytes, LEAST);
}

static void wrong_start_footer_and_lengths_are_refused(void)
{
    check_spoilt(0, 0xC0);
    check_spoilt(1, 0xC1);
    check_spoilt(LEAST - 1, 0xC5);
    check_spoilt(LEAST - 4, 0xC2);
    check_spoilt(AT_REMAINING, 0x13);     /* shorter than a trailer */
    check_spoilt(AT_REMAINING, 0x15);     /* longer than it is */
    check_spoilt(AT_REMAINING + 3, 0xFF); /* 4 GiB */
    check_spoilt(23, 17);                 /* immediate data of 17 bytes */
    check_spoilt(22, 2);                  /* unknown checksum */
}

static void data_in_two_places_are_refused(void)
{
    guint8 data[17] = {0}, bytes[LEAST + sizeof data];
    cel_obp_write(&(CelObpMessage){.type = 1, .data = data, .n = sizeof data}, bytes, sizeof bytes);
    bytes[23] = 1;
    check_refused(bytes, sizeof bytes);
}

static void a_md5_checksum_is_checked(void)
{
    guint8 bytes[LEAST];
    gsize n = 16;
    CelObpMessage message;
    from_hex(reply_serial, bytes, LEAST);
    bytes[22] = 1;
    g_autoptr(GChecksum) md5 = g_checksum_new(G_CHECKSUM_MD5);
    g_checksum_update(md5, bytes, AT_MD5);
    g_checksum_get_digest(md5, bytes + AT_MD5, &n);
    g_assert_true(cel_obp_read(bytes, LEAST, &message, NULL));
    bytes[30] ^= 1;
    check_refused(bytes, LEAST);
}

static void the_header_tells_how_long_the_message_is(void)
{
    guint8 header[CEL_OBP_HEADER_BYTES] = {0xC1, 0xC0, 0x00, 0x11};
    gsize total = 0;
    g_autoptr(GError) error = NULL;
    header[40] = 0x84; /* 4228: a frame of a QE Pro */
    header[41] = 0x10;
    g_assert_true(cel_obp_total(header, sizeof header, 5000, &total, NULL));
    g_assert_cmpuint(total, ==, 4272);
    g_assert_false(cel_obp_total(header, sizeof header, 4271, &total, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_false(cel_obp_total(header, sizeof header - 1, 5000, &total, NULL));
}

static void refusals_are_told_from_what_comes_later(void)
{
    g_assert_true(cel_obp_is_refusal(&(CelObpMessage){.flags = CEL_OBP_NACK}));
    g_assert_true(cel_obp_is_refusal(&(CelObpMessage){.flags = CEL_OBP_EXCEPTION}));
    g_assert_true(cel_obp_is_refusal(&(CelObpMessage){.flags = CEL_OBP_ACK, .error = 6}));
    g_assert_false(cel_obp_is_refusal(&(CelObpMessage){.error = CEL_OBP_DEFERRED}));
    g_assert_false(cel_obp_is_refusal(&(CelObpMessage){.flags = CEL_OBP_DEPRECATED}));
}

static void every_error_code_has_words(void)
{
    for (guint code = 0; code <= 256; code++)
        g_assert_cmpuint(strlen(cel_obp_error_text((guint16)code)), >, 0);
    g_assert_cmpstr(cel_obp_error_text(7), ==, "not ready");
    g_assert_cmpstr(cel_obp_error_text(50), ==, "unknown error code");
}

/* ---- values ---- */

static void values_of_another_length_are_none(void)
{
    const guint8 data[] = {0x00, 0x00, 0x80, 0x3F, 0x00};
    for (gsize n = 0; n <= sizeof data; n++) {
        const CelObpMessage message = {.data = data, .n = n};
        guint8 u8 = 0;
        guint16 u16 = 0;
        guint32 u32 = 0;
        double f32 = 0.0;
        g_assert_true(cel_obp_u8(&message, &u8) == (n == 1));
        g_assert_true(cel_obp_u16(&message, &u16) == (n == 2));
        g_assert_true(cel_obp_u32(&message, &u32) == (n == 4));
        g_assert_true(cel_obp_f32(&message, &f32) == (n == 4));
        g_assert_cmpfloat_with_epsilon(f32, n == 4 ? 1.0 : 0.0, 1e-12);
        g_assert_cmpuint(u32, ==, n == 4 ? 0x3F800000 : 0);
    }
}

static void a_coefficient_that_is_not_finite_is_none(void)
{
    const guint8 nan[] = {0x00, 0x00, 0xC0, 0x7F}, inf[] = {0x00, 0x00, 0x80, 0x7F};
    double value = 1.0;
    g_assert_false(cel_obp_f32(&(CelObpMessage){.data = nan, .n = 4}, &value));
    g_assert_cmpfloat_with_epsilon(value, 0.0, 1e-12);
    g_assert_false(cel_obp_f32(&(CelObpMessage){.data = inf, .n = 4}, &value));
}

static void texts_are_printable_and_cut_to_their_room(void)
{
    const guint8 text[] = " ABC\x80XYZ";
    char out[4];
    const CelObpMessage message = {.data = text, .n = 8};
    cel_obp_text(&message, out, sizeof out);
    g_assert_cmpstr(out, ==, "AB");
}

/* ---- frames ---- */

static void check_frame_refused(const CelOceanModel *model, const guint8 *data, gsize n)
{
    g_autofree double *counts = g_new0(double, model->n_pixels);
    g_autoptr(GError) error = NULL;
    CelObpMetadata metadata;
    g_assert_false(
        cel_obp_frame(&(CelObpMessage){.data = data, .n = n}, model, counts, &metadata, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void a_frame_of_a_qe_pro_has_metadata_and_32_bit_pixels(void)
{
    const CelOceanModel *model = cel_ocean_model(OCEAN, QE_PRO);
    const gsize n = cel_ocean_frame_bytes(model);
    g_autofree guint8 *data = g_malloc0(n + 1);
    g_autofree double *counts = g_new0(double, model->n_pixels);
    CelObpMetadata metadata;
    g_assert_cmpuint(n + LEAST, ==, 4272);
    data[0] = 5;                                       /* count */
    data[4] = 6;                                       /* ticks */
    data[12] = 0xA0, data[13] = 0x86, data[14] = 1;    /* 100000 us */
    data[32] = 0x01, data[33] = 0x02, data[34] = 0x03; /* pixel 0 */
    data[n - 4] = 0xFF, data[n - 1] = 0x01;            /* above full scale */
    g_assert_true(
        cel_obp_frame(&(CelObpMessage){.data = data, .n = n}, model, counts, &metadata, NULL));
    g_assert_cmpuint(metadata.count, ==, 5);
    g_assert_cmpuint(metadata.ticks_us, ==, 6);
    g_assert_cmpuint(metadata.integration_us, ==, 100000);
    g_assert_cmpfloat_with_epsilon(counts[0], 0x030201, 1e-12);
    g_assert_cmpfloat_with_epsilon(counts[1043], 262143.0, 1e-12);
    check_frame_refused(model, data, n - 1);
    check_frame_refused(model, data, n + 1);
    check_frame_refused(model, data, n - 4 * 522); /* as if it had 16 bits a pixel */
}

static void a_frame_of_a_sts_has_16_bit_pixels(void)
{
    const CelOceanModel *model = cel_ocean_model(OCEAN, STS);
    guint8 data[2048] = {0x34, 0x12, [2046] = 0xFF, [2047] = 0xFF};
    double counts[1024];
    CelObpMetadata metadata;
    g_assert_true(cel_obp_frame(&(CelObpMessage){.data = data, .n = sizeof data}, model, counts,
                                &metadata, NULL));
    g_assert_cmpfloat_with_epsilon(counts[0], 0x1234, 1e-12);
    g_assert_cmpfloat_with_epsilon(counts[1023], 16383.0, 1e-12);
    check_frame_refused(model, data, 0);
}

/* ---- recordings that leave the lab ---- */

static void the_serial_number_is_blanked(void)
{
    guint8 bytes[LEAST], ack[LEAST], before[LEAST];
    CelObpMessage message;
    from_hex(reply_serial, bytes, LEAST);
    cel_obp_blank_serial(bytes, LEAST);
    g_assert_true(cel_obp_read(bytes, LEAST, &message, NULL));
    check_bytes(message.data, message.n, "XXXXXXXX", 8);
    from_hex(its_ack, ack, LEAST);
    memcpy(before, ack, LEAST);
    cel_obp_blank_serial(ack, LEAST);
    check_bytes(ack, LEAST, before, LEAST);
}

static void a_long_serial_number_is_blanked_in_both_packets(void)
{
    const char serial[] = "QEP01234-0123456789-ABCDEFGHIJ";
    guint8 bytes[LEAST + sizeof serial - 1];
    CelObpMessage message = {.flags = CEL_OBP_RESPONSE,
                             .type = CEL_OBP_SERIAL,
                             .data = (const guint8 *)serial,
                             .n = sizeof serial - 1};
    g_assert_cmpuint(cel_obp_write(&message, bytes, sizeof bytes), ==, sizeof bytes);
    cel_obp_blank_serial(bytes, LEAST);
    cel_obp_blank_serial(bytes + LEAST, sizeof bytes - LEAST);
    g_assert_true(cel_obp_read(bytes, sizeof bytes, &message, NULL));
    g_assert_cmpuint(message.n, ==, sizeof serial - 1);
    for (gsize i = 0; i < message.n; i++)
        g_assert_cmpint(message.data[i], ==, 'X');
}

#define ADD(test) g_test_add_func("/ocean-obp/" #test, test)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(questions_are_the_bytes_of_the_transcripts);
    ADD(the_number_of_the_question_is_written);
    ADD(more_than_16_bytes_go_as_payload);
    ADD(what_does_not_fit_is_not_written);
    ADD(answers_of_the_transcripts_are_read);
    ADD(a_message_cut_anywhere_is_refused);
    ADD(wrong_start_footer_and_lengths_are_refused);
    ADD(data_in_two_places_are_refused);
    ADD(a_md5_checksum_is_checked);
    ADD(the_header_tells_how_long_the_message_is);
    ADD(refusals_are_told_from_what_comes_later);
    ADD(every_error_code_has_words);
    ADD(values_of_another_length_are_none);
    ADD(a_coefficient_that_is_not_finite_is_none);
    ADD(texts_are_printable_and_cut_to_their_room);
    ADD(a_frame_of_a_qe_pro_has_metadata_and_32_bit_pixels);
    ADD(a_frame_of_a_sts_has_16_bit_pixels);
    ADD(the_serial_number_is_blanked);
    ADD(a_long_serial_number_is_blanked_in_both_packets);
    return g_test_run();
}
