/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spc-fixture.h"

#include "long-check.h"

/* Every shape of SPC, from files made field by field, and what is refused at which byte. */

enum { CAPACITY = 64 * 1024, MAX_POINTS = 1000 };

typedef struct {
    guint8 data[CAPACITY];
    CelBytesOut out;
    CelSpcFile file;
    CelSpcData sub;
    CelSpcRemark remark;
} Case;

static Case *case_new(const SpcHead *head)
{
    Case *c = g_new0(Case, 1);
    c->out = cel_bytes_out(c->data, CAPACITY, CEL_LITTLE_ENDIAN);
    spc_put_head(&c->out, head);
    return c;
}

static void case_free(Case *c)
{
    cel_spc_file_clear(&c->file);
    cel_spc_data_clear(&c->sub);
    g_free(c);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)

/* Reads subfile @index of what was put so far; the bytes lie alone, so that an overrun shows. */
static gboolean case_read(Case *c, guint32 index)
{
    g_assert_false(c->out.failed);
    g_autofree guint8 *exact = g_memdup2(c->data, c->out.used);
    cel_spc_file_clear(&c->file);
    cel_spc_data_clear(&c->sub);
    return cel_spc_open(exact, c->out.used, MAX_POINTS, &c->file, &c->remark) &&
           cel_spc_seek(&c->file, index, &c->remark) &&
           cel_spc_read(&c->file, MAX_POINTS, &c->sub, &c->remark);
}

static void case_holds(Case *c, guint32 index, const double *x, const double *y, gsize n)
{
    if (!case_read(c, index))
        g_error("refused with %d at byte %" G_GSIZE_FORMAT " (%g)", (int)c->remark.code,
                c->remark.offset, c->remark.found);
    g_assert_cmpuint(c->sub.n, ==, n);
    for (gsize i = 0; i < n; i++) {
        g_assert_cmpfloat(c->sub.x[i], ==, x[i]);
        g_assert_cmpfloat(c->sub.y[i], ==, y[i]);
    }
}

static void case_refused(Case *c, guint32 index, CelSpcCode code, gsize offset)
{
    g_assert_false(case_read(c, index));
    g_assert_cmpint(c->remark.code, ==, code);
    g_assert_cmpuint(c->remark.offset, ==, offset);
}

static const double EVEN[] = {100, 150, 200, 250, 300}, UNEVEN[] = {100, 101, 200, 222.5, 300},
                    FALLING[] = {300, 250, 200, 150, 100}, Y[] = {1, -2, 0.5, 1000, 0},
                    Y2[] = {5, 6, 7, 8, 9};

enum { N = G_N_ELEMENTS(EVEN) };

static const SpcHead PLAIN = {.version = CEL_SPC_NEW_LITTLE,
                              .technique = CEL_SPC_RAMAN,
                              .exponent = SPC_FLOATING,
                              .x_type = CEL_SPC_X_RAMAN_CM1,
                              .y_type = CEL_SPC_Y_COUNTS,
                              .n_points = N,
                              .n_subfiles = 1,
                              .first = 100,
                              .last = 300};

/* ---- shapes ---- */

static void floats_on_even_steps_are_read(void)
{
    g_autoptr(Case) c = case_new(&PLAIN);
    spc_put_subheader(&c->out, SPC_FLOATING, 2.5F, 0);
    spc_put_floats(&c->out, Y, N);
    case_holds(c, 0, EVEN, Y, N);
    g_assert_cmpfloat(c->sub.z, ==, 2.5);
    g_assert_cmpuint(c->sub.scans, ==, 7);
    g_assert_cmpstr(c->file.comment, ==, "a comment");
    g_assert_cmpstr(c->file.source, ==, "maker");
    g_assert_cmpstr(c->file.x_label, ==, "shift");
    g_assert_cmpuint(c->file.year, ==, 2024);
    g_assert_cmpuint(c->file.month, ==, 3);
    g_assert_cmpuint(c->file.day, ==, 21);
    g_assert_cmpuint(c->file.hour, ==, 14);
    g_assert_cmpuint(c->file.minute, ==, 59);
}

static void axes_may_fall(void)
{
    SpcHead head = PLAIN;
    head.first = 300;
    head.last = 100;
    g_autoptr(Case) c = case_new(&head);
    spc_put_subheader(&c->out, 0, 0, 0);
    spc_put_floats(&c->out, Y, N);
    case_holds(c, 0, FALLING, Y, N);
}

static void integers_are_fractions_of_a_power_of_two(void)
{
    static const CelSpcVersion versions[] = {CEL_SPC_NEW_LITTLE, CEL_SPC_NEW_BIG, CEL_SPC_OLD};
    for (gsize i = 0; i < G_N_ELEMENTS(versions); i++) {
        for (int narrow = 0; narrow <= 1; narrow++) {
            SpcHead head = PLAIN;
            head.version = versions[i];
            head.flags = narrow ? CEL_SPC_16_BIT : 0;
            head.exponent = 12;
            g_autoptr(Case) c = case_new(&head);
            spc_put_subheader(&c->out, 0, 0, 0);
            spc_put_fixed(&c->out, &head, Y, N);
            case_holds(c, 0, EVEN, Y, N);
        }
    }
}

static void exponents_may_be_negative(void)
{
    static const double small[] = {0x1p-20, -0x1p-21, 0, 0x1p-12, 0x1p-13};
    SpcHead head = PLAIN;
    head.exponent = (guint8)-10;
    g_autoptr(Case) c = case_new(&head);
    spc_put_subheader(&c->out, 0, 0, 0);
    spc_put_fixed(&c->out, &head, small, N);
    case_holds(c, 0, EVEN, small, N);
}

static void big_endian_floats_are_read(void)
{
    SpcHead head = PLAIN;
    head.version = CEL_SPC_NEW_BIG;
    g_autoptr(Case) c = case_new(&head);
    spc_put_subheader(&c->out, 0, 0, 0);
    spc_put_floats(&c->out, Y, N);
    case_holds(c, 0, EVEN, Y, N);
    g_assert_cmpuint(c->file.year, ==, 2024);
}

static void stored_abscissas_are_read(void)
{
    SpcHead head = PLAIN;
    head.flags = CEL_SPC_X_VALUES;
    g_autoptr(Case) c = case_new(&head);
    spc_put_floats(&c->out, UNEVEN, N);
    spc_put_subheader(&c->out, SPC_FLOATING, 0, 0);
    spc_put_floats(&c->out, Y, N);
    case_holds(c, 0, UNEVEN, Y, N);
}

static void several_subfiles_share_one_axis(void)
{
    for (int stored = 0; stored <= 1; stored++) {
        SpcHead head = PLAIN;
        head.flags = (guint8)(CEL_SPC_MULTI | (stored ? CEL_SPC_X_VALUES : 0));
        head.n_subfiles = 2;
        g_autoptr(Case) c = case_new(&head);
        if (stored)
            spc_put_floats(&c->out, UNEVEN, N);
        spc_put_subheader(&c->out, SPC_FLOATING, 1, 0);
        spc_put_floats(&c->out, Y, N);
        spc_put_subheader(&c->out, 5, 2, 0); /* with an exponent of its own */
        SpcHead second = head;
        second.exponent = 5;
        spc_put_fixed(&c->out, &second, Y2, N);
        case_holds(c, 1, stored ? UNEVEN : EVEN, Y2, N);
        case_holds(c, 0, stored ? UNEVEN : EVEN, Y, N);
        g_assert_cmpuint(c->file.n_subfiles, ==, 2);
    }
}

static Case *with_own_axes(gboolean directory)
{
    SpcHead head = PLAIN;
    const guint32 one = SPC_SUBHEADER + 8 * N, two = SPC_SUBHEADER + 8 * 3;
    head.flags = CEL_SPC_MULTI | CEL_SPC_X_VALUES | CEL_SPC_OWN_X;
    head.n_subfiles = 2;
    head.n_points = directory ? SPC_HEADER + one + two : 0;
    Case *c = case_new(&head);
    spc_put_subheader(&c->out, SPC_FLOATING, 1, N);
    spc_put_floats(&c->out, UNEVEN, N);
    spc_put_floats(&c->out, Y, N);
    spc_put_subheader(&c->out, SPC_FLOATING, 2, 3);
    spc_put_floats(&c->out, FALLING, 3);
    spc_put_floats(&c->out, Y2, 3);
    if (directory) {
        cel_bytes_put_u32(&c->out, SPC_HEADER); /* in the other order */
        cel_bytes_put_u32(&c->out, one);
        cel_bytes_put_f32(&c->out, 1);
        cel_bytes_put_u32(&c->out, SPC_HEADER + one);
        cel_bytes_put_u32(&c->out, two);
        cel_bytes_put_f32(&c->out, 2);
    }
    return c;
}

static void subfiles_may_have_axes_of_their_own(void)
{
    for (int directory = 0; directory <= 1; directory++) {
        g_autoptr(Case) c = with_own_axes(directory == 1);
        case_holds(c, 0, UNEVEN, Y, N);
        case_holds(c, 1, FALLING, Y2, 3);
        g_assert_cmpfloat(c->sub.z, ==, 2);
    }
}

static void the_old_format_counts_its_subfiles_by_size(void)
{
    SpcHead head = PLAIN;
    head.version = CEL_SPC_OLD;
    head.flags = CEL_SPC_MULTI;
    head.exponent = 12;
    g_autoptr(Case) c = case_new(&head);
    for (int i = 0; i < 3; i++) {
        spc_put_subheader(&c->out, 0, (float)i, 0);
        spc_put_fixed(&c->out, &head, i == 2 ? Y2 : Y, N);
    }
    case_holds(c, 2, EVEN, Y2, N);
    g_assert_cmpuint(c->file.n_subfiles, ==, 3);
    g_assert_cmpfloat(c->sub.z, ==, 2);
    g_assert_cmpstr(c->file.comment, ==, "an old comment");
    g_assert_cmpuint(c->file.year, ==, 1993);
    g_assert_cmpuint(c->file.month, ==, 2);
    g_assert_cmpuint(c->file.day, ==, 12);
    g_assert_cmpuint(c->file.minute, ==, 30);
}

static void one_point_is_a_spectrum(void)
{
    SpcHead head = PLAIN;
    head.n_points = 1;
    g_autoptr(Case) c = case_new(&head);
    spc_put_subheader(&c->out, 0, 0, 0);
    spc_put_floats(&c->out, Y, 1);
    case_holds(c, 0, EVEN, Y, 1);
}

/* ---- the log ---- */

static Case *with_log(const char *text, guint32 at)
{
    SpcHead head = PLAIN;
    head.log = at;
    Case *c = case_new(&head);
    spc_put_subheader(&c->out, 0, 0, 0);
    spc_put_floats(&c->out, Y, N);
    if (text != NULL)
        spc_put_log(&c->out, text);
    return c;
}

enum { LOG_AT = SPC_HEADER + SPC_SUBHEADER + 4 * N };

static void the_log_is_found(void)
{
    g_autoptr(Case) c = with_log("Laser=532\r\n", LOG_AT);
    case_holds(c, 0, EVEN, Y, N);
    g_assert_false(c->file.log_damaged);
    g_assert_cmpuint(c->file.log_start, ==, LOG_AT + 64);
    g_assert_cmpuint(c->file.log_length, ==, 11);
}

static void a_damaged_log_is_left_aside(void)
{
    static const guint32 places[] = {LOG_AT + 1, LOG_AT + 60, 1, 0xffffffff, 0x7fffffff};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(Case) c = with_log(i < 2 ? "x" : NULL, places[i]);
        case_holds(c, 0, EVEN, Y, N);
        g_assert_true(c->file.log_damaged);
        g_assert_cmpuint(c->file.log_length, ==, 0);
    }
}

/* ---- refusals ---- */

static void every_cut_is_refused(void)
{
    static const gboolean multi[] = {FALSE, TRUE};
    for (gsize k = 0; k < G_N_ELEMENTS(multi); k++) {
        g_autoptr(Case) c = multi[k] ? with_own_axes(FALSE) : with_log(NULL, 0);
        const gsize whole = c->out.used;
        for (gsize n = 0; n < whole; n++) {
            c->out.used = n;
            g_assert_false(case_read(c, multi[k] ? 1 : 0));
            g_assert_cmpint(c->remark.code, ==, n < 2 ? CEL_SPC_NOT_SPC : CEL_SPC_SHORT);
            g_assert_cmpuint(c->remark.offset, <=, whole);
        }
    }
}

static void refused_head(SpcHead head, CelSpcCode code, gsize offset)
{
    g_autoptr(Case) c = case_new(&head);
    spc_put_subheader(&c->out, 0, 0, 0);
    spc_put_floats(&c->out, Y, N);
    case_refused(c, 0, code, offset);
}

static void impossible_headers_are_refused_at_their_byte(void)
{
    SpcHead head = PLAIN;
    head.n_points = 0;
    refused_head(head, CEL_SPC_POINTS, 4);
    head.n_points = MAX_POINTS + 1;
    refused_head(head, CEL_SPC_TOO_MANY, 4);
    head.n_points = 200;
    refused_head(head, CEL_SPC_SHORT, 4);
    head.n_points = 100;
    refused_head(head, CEL_SPC_SHORT, SPC_HEADER + SPC_SUBHEADER);
    head = PLAIN;
    head.n_subfiles = 2;
    refused_head(head, CEL_SPC_SUBFILES, 24);
    head.flags = CEL_SPC_MULTI;
    head.n_subfiles = 0xffffffff;
    refused_head(head, CEL_SPC_SUBFILES, 24);
    head = PLAIN;
    head.flags = CEL_SPC_OWN_X;
    refused_head(head, CEL_SPC_FLAGS, 0);
    head.flags = CEL_SPC_OWN_X | CEL_SPC_X_VALUES;
    refused_head(head, CEL_SPC_FLAGS, 0);
    head.flags = CEL_SPC_16_BIT;
    refused_head(head, CEL_SPC_EXPONENT, 3);
    head = PLAIN;
    head.last = head.first;
    refused_head(head, CEL_SPC_AXIS, 8);
    head.last = NAN;
    refused_head(head, CEL_SPC_AXIS, 8);
    head.last = INFINITY;
    refused_head(head, CEL_SPC_AXIS, 8);
    head = PLAIN;
    head.version = (CelSpcVersion)0x4e;
    refused_head(head, CEL_SPC_NOT_SPC, 1);
}

static void impossible_old_headers_are_refused_too(void)
{
    SpcHead head = PLAIN;
    head.version = CEL_SPC_OLD;
    refused_head(head, CEL_SPC_EXPONENT, 2); /* no floating point in the old format */
    head.exponent = 10;
    head.n_points = 0;
    refused_head(head, CEL_SPC_POINTS, 4);
    head.n_points = N;
    head.flags = CEL_SPC_X_VALUES;
    refused_head(head, CEL_SPC_FLAGS, 0);
    head.flags = 0;
    g_autoptr(Case) c = case_new(&head);
    spc_put_subheader(&c->out, 0, 0, 0);
    spc_put_floats(&c->out, Y, N);
    static const float bad[] = {1.5F, -3.0F, NAN, INFINITY, 1e30F};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        memcpy(c->data + 4, &bad[i], sizeof bad[i]);
        case_refused(c, 0, CEL_SPC_POINTS, 4);
    }
}

static void headers_that_disagree_about_the_kind_of_numbers_are_refused(void)
{
    const guint8 exponents[][2] = {{SPC_FLOATING, 5}, {5, SPC_FLOATING}, {0, SPC_FLOATING}};
    for (gsize i = 0; i < G_N_ELEMENTS(exponents); i++) {
        SpcHead head = PLAIN;
        head.exponent = exponents[i][0];
        g_autoptr(Case) c = case_new(&head);
        spc_put_subheader(&c->out, exponents[i][1], 0, 0);
        spc_put_floats(&c->out, Y, N);
        case_refused(c, 0, CEL_SPC_EXPONENT, SPC_HEADER + 1);
    }
}

static void values_that_are_no_numbers_are_refused_at_their_byte(void)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(Case) c = case_new(&PLAIN);
        spc_put_subheader(&c->out, 0, 0, 0);
        spc_put_floats(&c->out, Y, 3);
        spc_put_floats(&c->out, &bad[i], 1);
        spc_put_floats(&c->out, Y, 1);
        case_refused(c, 0, CEL_SPC_NOT_FINITE, SPC_HEADER + SPC_SUBHEADER + 12);
        g_assert_cmpfloat(c->remark.found, ==, 4);
    }
}

static void an_axis_that_repeats_or_turns_is_refused(void)
{
    static const double axes[][3] = {{1, 1, 2}, {1, 3, 2}, {3, 2, 2}, {1, 2, NAN}, {NAN, 1, 2}};
    for (gsize i = 0; i < G_N_ELEMENTS(axes); i++) {
        SpcHead head = PLAIN;
        head.flags = CEL_SPC_X_VALUES;
        head.n_points = 3;
        g_autoptr(Case) c = case_new(&head);
        spc_put_floats(&c->out, axes[i], 3);
        spc_put_subheader(&c->out, 0, 0, 0);
        spc_put_floats(&c->out, Y, 3);
        case_refused(c, 0, CEL_SPC_ORDER, SPC_HEADER + 12);
    }
}

static void a_directory_that_points_nowhere_is_refused(void)
{
    g_autoptr(Case) c = with_own_axes(TRUE);
    const gsize entry = c->out.used - 24;
    c->data[entry + 3] = 0xff;
    case_refused(c, 0, CEL_SPC_SHORT, 0xff000000U + SPC_HEADER);
    c->data[entry + 3] = 0;
    c->data[7] = 0x7f; /* the place of the directory itself */
    case_refused(c, 0, CEL_SPC_SHORT, 4);
}

static void a_subfile_of_too_many_points_is_refused(void)
{
    g_autoptr(Case) c = with_own_axes(FALSE);
    c->data[SPC_HEADER + 19] = 0xff;
    case_refused(c, 0, CEL_SPC_TOO_MANY, SPC_HEADER + SPC_SUBHEADER);
    case_refused(c, 1, CEL_SPC_SHORT, SPC_HEADER);
    memset(c->data + SPC_HEADER + 16, 0, 4);
    case_refused(c, 0, CEL_SPC_POINTS, SPC_HEADER + 16);
}

/* ---- at random ---- */

static void random_spectra_survive_every_shape(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(4711);
    static const CelSpcVersion versions[] = {CEL_SPC_NEW_LITTLE, CEL_SPC_NEW_BIG, CEL_SPC_OLD};
    const guint rounds = long_count(3000);
    for (guint round = 0; round < rounds; round++) {
        double y[50], x[50];
        SpcHead head = PLAIN;
        head.version = versions[g_rand_int_range(rand, 0, 3)];
        const gboolean floating = head.version != CEL_SPC_OLD && g_rand_boolean(rand);
        const gboolean narrow = !floating && g_rand_boolean(rand);
        const int exponent = g_rand_int_range(rand, -60, 60);
        head.n_points = (guint32)g_rand_int_range(rand, 2, 50);
        head.flags = narrow ? CEL_SPC_16_BIT : 0;
        head.exponent = floating ? SPC_FLOATING : (guint8)(gint8)exponent;
        head.last = head.first + (double)(head.n_points - 1) * 0.5;
        for (guint32 i = 0; i < head.n_points; i++) {
            const double word =
                narrow ? g_rand_int_range(rand, G_MININT16, G_MAXINT16) : (gint32)g_rand_int(rand);
            y[i] = floating ? (double)(float)g_rand_double_range(rand, -1e30, 1e30)
                            : ldexp(word, exponent - (narrow ? 16 : 32));
            x[i] = head.first + 0.5 * i;
        }
        g_autoptr(Case) c = case_new(&head);
        spc_put_subheader(&c->out, 0, 0, 0);
        if (floating)
            spc_put_floats(&c->out, y, head.n_points);
        else
            spc_put_fixed(&c->out, &head, y, head.n_points);
        case_holds(c, 0, x, y, head.n_points);
    }
}

#define TEST(path, function) g_test_add_func("/spc/" path, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("shapes/floats", floats_on_even_steps_are_read);
    TEST("shapes/falling", axes_may_fall);
    TEST("shapes/integers", integers_are_fractions_of_a_power_of_two);
    TEST("shapes/negative-exponents", exponents_may_be_negative);
    TEST("shapes/big-endian", big_endian_floats_are_read);
    TEST("shapes/stored-x", stored_abscissas_are_read);
    TEST("shapes/subfiles", several_subfiles_share_one_axis);
    TEST("shapes/own-x", subfiles_may_have_axes_of_their_own);
    TEST("shapes/old", the_old_format_counts_its_subfiles_by_size);
    TEST("shapes/one-point", one_point_is_a_spectrum);
    TEST("log/found", the_log_is_found);
    TEST("log/damaged", a_damaged_log_is_left_aside);
    TEST("refused/cut", every_cut_is_refused);
    TEST("refused/headers", impossible_headers_are_refused_at_their_byte);
    TEST("refused/old-headers", impossible_old_headers_are_refused_too);
    TEST("refused/disagreement", headers_that_disagree_about_the_kind_of_numbers_are_refused);
    TEST("refused/no-numbers", values_that_are_no_numbers_are_refused_at_their_byte);
    TEST("refused/order", an_axis_that_repeats_or_turns_is_refused);
    TEST("refused/directory", a_directory_that_points_nowhere_is_refused);
    TEST("refused/points", a_subfile_of_too_many_points_is_refused);
    TEST("random", random_spectra_survive_every_shape);
    return g_test_run();
}
