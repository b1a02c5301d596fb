/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-bytes.h"

#include <math.h>
#include <string.h>

static const guint8 COUNT[] = {1, 2, 3, 4, 5, 6, 7, 8};

static void same(const void *a, const void *b, gsize n)
{
    g_assert_true(memcmp(a, b, n) == 0);
}

static void reads_both_orders(void)
{
    CelBytes little = cel_bytes_of(COUNT, sizeof COUNT, CEL_LITTLE_ENDIAN), big = little;
    big.order = CEL_BIG_ENDIAN;
    g_assert_cmphex(cel_bytes_u16(&little), ==, 0x0201);
    g_assert_cmphex(cel_bytes_u16(&big), ==, 0x0102);
    g_assert_cmphex(cel_bytes_u32(&little), ==, 0x06050403);
    g_assert_cmphex(cel_bytes_u32(&big), ==, 0x03040506);
    g_assert_true(cel_bytes_seek(&little, 0) && cel_bytes_seek(&big, 0));
    g_assert_cmphex(cel_bytes_u64(&little), ==, G_GUINT64_CONSTANT(0x0807060504030201));
    g_assert_cmphex(cel_bytes_u64(&big), ==, G_GUINT64_CONSTANT(0x0102030405060708));
    g_assert_cmpuint(cel_bytes_left(&big), ==, 0);
    g_assert_false(little.failed || big.failed);
}

static void reads_signed_numbers(void)
{
    const guint8 data[] = {0xfe, 0xff, 0xfd, 0xff, 0xff, 0xff, 0xfc,
                           0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    CelBytes bytes = cel_bytes_of(data, sizeof data, CEL_LITTLE_ENDIAN);
    g_assert_cmpint(cel_bytes_i16(&bytes), ==, -2);
    g_assert_cmpint(cel_bytes_i32(&bytes), ==, -3);
    g_assert_cmpint(cel_bytes_i64(&bytes), ==, -4);
}

/* IEEE 754: 1.5 is 3FC00000 and 3FF8000000000000. */
static void reads_floating_point(void)
{
    const guint8 data[] = {0x3f, 0xc0, 0, 0, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x7f, 0xc0, 0, 0};
    CelBytes bytes = cel_bytes_of(data, sizeof data, CEL_BIG_ENDIAN);
    g_assert_cmpfloat(cel_bytes_f32(&bytes), ==, 1.5F);
    g_assert_cmpfloat(cel_bytes_f64(&bytes), ==, 1.5);
    g_assert_true(isnan(cel_bytes_f32(&bytes)));
}

static void fails_for_good_at_the_first_access_that_does_not_fit(void)
{
    CelBytes bytes = cel_bytes_of(COUNT, sizeof COUNT, CEL_LITTLE_ENDIAN);
    g_assert_true(cel_bytes_skip(&bytes, 6));
    g_assert_cmpuint(cel_bytes_u32(&bytes), ==, 0);
    g_assert_true(bytes.failed);
    g_assert_cmpuint(bytes.failed_at, ==, 6);
    g_assert_cmpuint(cel_bytes_u8(&bytes), ==, 0); /* two bytes are left, yet it stays failed */
    g_assert_false(cel_bytes_seek(&bytes, 0));
    g_assert_cmpuint(cel_bytes_left(&bytes), ==, 0);
    g_assert_cmpuint(bytes.failed_at, ==, 6);
}

static void never_steps_over_the_end(void)
{
    CelBytes bytes = cel_bytes_of(COUNT, sizeof COUNT, CEL_LITTLE_ENDIAN), huge = bytes,
             far = bytes;
    g_assert_true(cel_bytes_seek(&bytes, sizeof COUNT)); /* the end itself is a place */
    g_assert_null(cel_bytes_take(&huge, G_MAXSIZE));
    g_assert_false(cel_bytes_seek(&far, sizeof COUNT + 1));
    CelBytes nothing = cel_bytes_of(NULL, 100, CEL_LITTLE_ENDIAN);
    g_assert_cmpuint(cel_bytes_left(&nothing), ==, 0);
    g_assert_cmpuint(cel_bytes_u8(&nothing), ==, 0);
    g_assert_true(nothing.failed);
}

static void cuts_out_a_part_that_knows_its_own_end(void)
{
    const CelBytes bytes = cel_bytes_of(COUNT, sizeof COUNT, CEL_BIG_ENDIAN);
    CelBytes part = cel_bytes_part(&bytes, 2, 4);
    g_assert_cmphex(cel_bytes_u32(&part), ==, 0x03040506);
    cel_bytes_u8(&part);
    g_assert_true(part.failed);
    g_assert_true(cel_bytes_part(&bytes, 2, 7).failed);
    g_assert_true(cel_bytes_part(&bytes, 9, 0).failed);
    g_assert_true(cel_bytes_part(&bytes, 1, G_MAXSIZE).failed);
    g_assert_false(cel_bytes_part(&bytes, 8, 0).failed);
}

static void asks_for_a_count_without_overflow(void)
{
    CelBytes bytes = cel_bytes_of(COUNT, sizeof COUNT, CEL_LITTLE_ENDIAN);
    g_assert_true(cel_bytes_has(&bytes, 2, 4));
    g_assert_false(cel_bytes_has(&bytes, 3, 4));
    g_assert_false(cel_bytes_has(&bytes, G_MAXUINT64 / 4 + 2, 8)); /* would be 8 when it wraps */
    cel_bytes_skip(&bytes, 9);
    g_assert_false(cel_bytes_has(&bytes, 0, 4));
}

static void reads_text_fields(void)
{
    static const char data[] = "abc  \0zz0123456789";
    CelBytes bytes = cel_bytes_of(data, sizeof data - 1, CEL_LITTLE_ENDIAN);
    char text[6];
    g_assert_true(cel_bytes_text(&bytes, 8, text, sizeof text));
    g_assert_cmpstr(text, ==, "abc");
    g_assert_cmpuint(bytes.at, ==, 8);
    g_assert_true(cel_bytes_text(&bytes, 10, text, sizeof text)); /* cut to the room there is */
    g_assert_cmpstr(text, ==, "01234");
    g_assert_true(cel_bytes_text(&bytes, 0, text, sizeof text));
    g_assert_cmpstr(text, ==, "");
    g_assert_false(cel_bytes_text(&bytes, 1, text, sizeof text));
    g_assert_cmpstr(text, ==, "");
}

static void writes_what_reads_back(void)
{
    for (int order = CEL_LITTLE_ENDIAN; order <= CEL_BIG_ENDIAN; order++) {
        guint8 buffer[64];
        CelBytesOut out = cel_bytes_out(buffer, sizeof buffer, (CelByteOrder)order);
        cel_bytes_put_u8(&out, 0x12);
        cel_bytes_put_u16(&out, 0x1234);
        cel_bytes_put_u32(&out, 0x12345678);
        cel_bytes_put_u64(&out, G_GUINT64_CONSTANT(0x123456789abcdef0));
        cel_bytes_put_f32(&out, -0.1F);
        cel_bytes_put_f64(&out, 1.0 / 3.0);
        cel_bytes_put_text(&out, "name", 6);
        cel_bytes_put(&out, COUNT, 2);
        cel_bytes_put_zeros(&out, 3);
        g_assert_false(out.failed);
        CelBytes bytes = cel_bytes_of(buffer, out.used, (CelByteOrder)order);
        char name[8];
        g_assert_cmphex(cel_bytes_u8(&bytes), ==, 0x12);
        g_assert_cmphex(cel_bytes_u16(&bytes), ==, 0x1234);
        g_assert_cmphex(cel_bytes_u32(&bytes), ==, 0x12345678);
        g_assert_cmphex(cel_bytes_u64(&bytes), ==, G_GUINT64_CONSTANT(0x123456789abcdef0));
        g_assert_cmpfloat(cel_bytes_f32(&bytes), ==, -0.1F);
        g_assert_cmpfloat(cel_bytes_f64(&bytes), ==, 1.0 / 3.0);
        g_assert_true(cel_bytes_text(&bytes, 6, name, sizeof name));
        g_assert_cmpstr(name, ==, "name");
        same(cel_bytes_take(&bytes, 5), "\1\2\0\0\0", 5);
        g_assert_cmpuint(cel_bytes_left(&bytes), ==, 0);
    }
}

static void writes_nothing_more_once_something_did_not_fit(void)
{
    guint8 buffer[4] = {0xee, 0xee, 0xee, 0xee};
    CelBytesOut out = cel_bytes_out(buffer, 3, CEL_LITTLE_ENDIAN);
    cel_bytes_put_u16(&out, 0x0201);
    cel_bytes_put_u16(&out, 0x0403);
    g_assert_true(out.failed);
    cel_bytes_put_u8(&out, 9); /* would fit */
    g_assert_cmpuint(out.used, ==, 2);
    same(buffer, "\1\2\xee\xee", sizeof buffer);
    CelBytesOut narrow = cel_bytes_out(buffer, 4, CEL_LITTLE_ENDIAN);
    cel_bytes_put_text(&narrow, "abc", 2);
    g_assert_true(narrow.failed);
    g_assert_cmpuint(narrow.used, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bytes/reads-both-orders", reads_both_orders);
    g_test_add_func("/bytes/reads-signed-numbers", reads_signed_numbers);
    g_test_add_func("/bytes/reads-floating-point", reads_floating_point);
    g_test_add_func("/bytes/fails-for-good-at-the-first-access-that-does-not-fit",
                    fails_for_good_at_the_first_access_that_does_not_fit);
    g_test_add_func("/bytes/never-steps-over-the-end", never_steps_over_the_end);
    g_test_add_func("/bytes/cuts-out-a-part-that-knows-its-own-end",
                    cuts_out_a_part_that_knows_its_own_end);
    g_test_add_func("/bytes/asks-for-a-count-without-overflow", asks_for_a_count_without_overflow);
    g_test_add_func("/bytes/reads-text-fields", reads_text_fields);
    g_test_add_func("/bytes/writes-what-reads-back", writes_what_reads_back);
    g_test_add_func("/bytes/writes-nothing-more-once-something-did-not-fit",
                    writes_nothing_more_once_something_did_not_fit);
    return g_test_run();
}
