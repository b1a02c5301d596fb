/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/jcamp.h"

#include "base/cel-number.h"
#include "long-check.h"

#include <math.h>
#include <string.h>

/* The forms of JCAMP-DX, from hand-made files after McDonald & Wilks 1988 (table VII, section 5)
 * and what is refused where. */

enum { MAX_POINTS = 2 * 1000 * 1000, DATA_LINE = 12 /* of the first line of numbers below */ };

#define LABELS(first, last, n)                                                                     \
    "##TITLE= t\n##JCAMP-DX= 4.24\n##DATA TYPE= RAMAN SPECTRUM\n##XUNITS= 1/CM\n##YUNITS= "        \
    "COUNTS\n"                                                                                     \
    "##XFACTOR= 1\n##YFACTOR= 1\n##FIRSTX= " first "\n##LASTX= " last "\n##NPOINTS= " n "\n"
#define TABLE(first, last, n, data)                                                                \
    LABELS(first, last, n) "##XYDATA= (X++(Y..Y))\n" data "\n##END=\n"

/* Reads the table of the first block that has one. */
static gboolean decode(const char *text, CelJcampData *data, CelJcampRemark *remark)
{
    g_auto(CelJcampFile) file = {0};
    *data = (CelJcampData){0};
    if (!cel_jcamp_split(text, strlen(text), &file, remark))
        return FALSE;
    guint block = 0;
    while (block + 1 < file.n_blocks && !cel_jcamp_has_table(&file, block))
        block++;
    return cel_jcamp_decode(&file, block, MAX_POINTS, data, remark);
}

static void good(const char *text, CelJcampData *data)
{
    CelJcampRemark remark;
    if (!decode(text, data, &remark))
        g_error("refused with %d in line %" G_GUINT64_FORMAT " (%g, %g):\n%.600s", (int)remark.code,
                remark.line, remark.expected, remark.found, text);
}

static void refused(const char *text, CelJcampCode code, guint64 line)
{
    g_auto(CelJcampData) data = {0};
    CelJcampRemark remark = {0};
    if (decode(text, &data, &remark) || remark.code != code || remark.line != line)
        g_error("got %d in line %" G_GUINT64_FORMAT ", not %d in %" G_GUINT64_FORMAT ":\n%.600s",
                (int)remark.code, remark.line, (int)code, line, text);
}

static void reads(const char *text, gsize n, const double *y)
{
    g_auto(CelJcampData) data = {0};
    good(text, &data);
    g_assert_cmpuint(data.n, ==, n);
    for (gsize i = 0; i < n; i++)
        g_assert_cmpfloat(data.y[i], ==, y[i]);
    g_assert_cmpuint(data.n_warnings, ==, 0);
}

static void same(const double *a, const double *b, gsize n)
{
    g_assert_cmpint(memcmp(a, b, n * sizeof *a), ==, 0);
}

static void warned(const char *text, CelJcampCode code, guint64 line)
{
    g_auto(CelJcampData) data = {0};
    good(text, &data);
    g_assert_cmpuint(data.n_warnings, ==, 1);
    g_assert_cmpint(data.warnings[0].code, ==, code);
    g_assert_cmpuint(data.warnings[0].line, ==, line);
}

/* ---- the forms ---- */

static const double EXAMPLE[] = {1, 2, 3, 3, 2, 1, 0, -1, -2, -3};

static void the_five_forms_of_the_standards_example_are_the_same_numbers(void)
{
    static const char *const forms[] = {
        TABLE("0", "9", "10", "0 1 2 3 3 2 1 0 -1 -2 -3"),
        TABLE("0", "9", "10", "0,1,2,3,3,2,1,0,-1,-2,-3"),
        TABLE("0", "9", "10", "0+1+2+3+3+2+1+0-1-2-3"),
        TABLE("0", "9", "10", "0ABCCBA@abc"),
        TABLE("0", "9", "10", "0A B C C B A @ a b c"),
        TABLE("0", "9", "10", "0AJJ%jjjjjj\n9c"),
        TABLE("0", "9", "10", "0AJJ%jX\n9c"),
        TABLE("0", "9", "10", "0ABCTBA@abc"),
        TABLE("0", "9", "10", "0ABCCB\n5A@abc"),
        TABLE("0", "9", "10", "0AJJ%j\n4Bjjjjj\n9c"),
        TABLE("0", "9", "10", "0+1+2JS%S-2jkj2+1+1\n"),
    };
    for (gsize i = 0; i + 1 < G_N_ELEMENTS(forms); i++)
        reads(forms[i], G_N_ELEMENTS(EXAMPLE), EXAMPLE);
}

static void every_pseudo_digit_has_its_value(void)
{
    static const double values[] = {0,  1,  2,  3,  4,  5,  6,  7,  8, 9,
                                    -1, -2, -3, -4, -5, -6, -7, -8, -9};
    reads(TABLE("0", "18", "19", "0@ABCDEFGHIabcdefghi"), 19, values);
    double sums[20] = {100};
    for (int i = 0; i < 19; i++)
        sums[i + 1] = sums[i] + values[i];
    reads(TABLE("0", "19", "20", "0A00%JKLMNOPQRjklmnopqr\n19A00"), 20, sums);
    double runs[45];
    gsize n = 0;
    for (int count = 1; count <= 9; count++) {
        for (int i = 0; i < count; i++)
            runs[n++] = count;
    }
    reads(TABLE("0", "44", "45", "0ASBTCUDVEWFXGYHZIs"), n, runs);
}

static void digits_after_a_pseudo_digit_belong_to_it(void)
{
    static const double y[] = {1042, -57, -57, -57, -45, 0, 0, 123456789012345};
    reads(TABLE("0", "7", "8", "0A042e7UJ2M5@A23456789012345"), 8, y);
    reads(TABLE("0", "3", "4", "0GKK3T\n3E5"), 4, (const double[]){7, 9, 32, 55});
}

static void a_repetition_repeats_the_difference_not_the_sum(void)
{
    double y[25];
    for (int i = 0; i < 25; i++)
        y[i] = 7 + 2 * i;
    reads(TABLE("0", "24", "25", "0GKT4\n24E5"), 25, y);
}

static void an_exponent_needs_its_sign_in_a_table_of_lines(void)
{
    static const double y[] = {1.5e5, -2.25e-7, 3};
    reads(TABLE("0", "2", "3", "0 1.5E+05 -2.25e-07 3"), 3, y);
    refused(TABLE("0", "2", "3", "0 1.5E5 2 3"), CEL_JCAMP_EXPONENT, DATA_LINE);
    reads(TABLE("0", "2", "3", "0E1F@"), 3, (const double[]){51, 6, 0});
}

static void pairs_take_any_exponent(void)
{
    g_auto(CelJcampData) data = {0};
    good(LABELS("1", "3", "3") "##XYPOINTS= (XY..XY)\n1,1E5; 2.5,-2e-3\n3e0 7\n##END=\n", &data);
    g_assert_true(data.pairs);
    g_assert_cmpuint(data.n, ==, 3);
    g_assert_cmpfloat(data.x[1], ==, 2.5);
    g_assert_cmpfloat(data.x[2], ==, 3);
    g_assert_cmpfloat(data.y[0], ==, 1e5);
    g_assert_cmpfloat(data.y[1], ==, -2e-3);
}

static void factors_scale_both_axes(void)
{
    g_auto(CelJcampData) data = {0};
    good("##TITLE=t\n##FIRSTX=400\n##LASTX=404\n##NPOINTS=3\n##XFACTOR=0.5\n##YFACTOR=0.25\n"
         "##XYDATA=(X++(Y..Y))\n800 4 8\n808 -2\n##END=\n",
         &data);
    g_assert_cmpfloat(data.x[0], ==, 400);
    g_assert_cmpfloat(data.x[1], ==, 402);
    g_assert_cmpfloat(data.x[2], ==, 404);
    g_assert_cmpfloat(data.y[0], ==, 1);
    g_assert_cmpfloat(data.y[2], ==, -0.5);
    g_assert_cmpuint(data.n_warnings, ==, 0);
}

static void an_axis_may_fall(void)
{
    g_auto(CelJcampData) data = {0};
    good(TABLE("4000", "3998", "3", "4000 1 2 3"), &data);
    g_assert_cmpfloat(data.x[0], ==, 4000);
    g_assert_cmpfloat(data.x[2], ==, 3998);
}

static void one_point_is_a_table(void)
{
    reads(TABLE("5", "5", "1", "5 1e+300"), 1, (const double[]){1e300});
}

static void ends_of_line_and_comments_do_not_matter(void)
{
    const char *text = TABLE("0", "9", "10", "$$ before\n0 1 2 3 3 2 $$ 99\n\n 5 1 0 -1 -2 -3 $$");
    g_autoptr(GString) crlf = g_string_new(text), cr = g_string_new(text);
    g_string_replace(crlf, "\n", "\r\n", 0);
    g_string_replace(cr, "\n", "\r", 0);
    reads(text, 10, EXAMPLE);
    reads(crlf->str, 10, EXAMPLE);
    reads(cr->str, 10, EXAMPLE);
    g_autofree char *marked = g_strconcat("\xef\xbb\xbf", "$$ note\n", text, NULL);
    reads(marked, 10, EXAMPLE);
}

static void labels_are_compared_without_blanks_signs_and_case(void)
{
    reads(" ##Title= t\n ##first x=0\n##Last_X= 9\n##N-POINTS=10 $$ ten\n##xydata=( X++( Y..Y ) )\n"
          "0 1 2 3 3 2 1 0 -1 -2 -3\n##END=",
          10, EXAMPLE);
}

static void the_step_comes_from_deltax_when_lastx_is_missing(void)
{
    g_auto(CelJcampData) data = {0};
    good("##TITLE=t\n##FIRSTX=100\n##DELTAX=2\n##NPOINTS=3\n##XYDATA=(X++(Y..Y))\n100 1 2 3\n",
         &data);
    g_assert_cmpfloat(data.x[2], ==, 104);
}

/* ---- blocks ---- */

static void a_link_file_holds_its_blocks_in_order(void)
{
    static const char text[] =
        "##TITLE=outer\n##DATA TYPE=LINK\n##BLOCKS=3\n"
        "##TITLE=one\n##DATA TYPE=RAMAN SPECTRUM\n##FIRSTX=1\n##LASTX=2\n##NPOINTS=2\n"
        "##XYDATA=(X++(Y..Y))\n1 10 20\n##END=\n"
        "##TITLE=two\n##DATA TYPE=INFRARED SPECTRUM\n##NPOINTS=2\n##FIRSTX=5\n"
        "##XYPOINTS=(XY..XY)\n5,50 6,60\n##END=\n##END=\n";
    g_auto(CelJcampFile) file = {0};
    CelJcampRemark remark;
    g_assert_true(cel_jcamp_split(text, strlen(text), &file, &remark));
    g_assert_cmpuint(file.n_blocks, ==, 3);
    g_assert_false(cel_jcamp_has_table(&file, 0));
    g_assert_cmpint(cel_jcamp_kind(&file, 0), ==, CEL_JCAMP_KIND_LINK);
    g_assert_cmpint(cel_jcamp_kind(&file, 1), ==, CEL_JCAMP_KIND_RAMAN);
    g_assert_cmpint(cel_jcamp_kind(&file, 2), ==, CEL_JCAMP_KIND_INFRARED);
    g_assert_cmpuint(file.blocks[1].depth, ==, 1);
    g_assert_true(file.blocks[0].closed);
    for (guint block = 1; block < 3; block++) {
        g_auto(CelJcampData) data = {0};
        g_assert_true(cel_jcamp_decode(&file, block, 10, &data, &remark));
        g_assert_cmpfloat(data.x[0], ==, block == 1 ? 1 : 5);
        g_assert_cmpfloat(data.y[1], ==, block == 1 ? 20 : 60);
    }
}

static void blocks_nest_eight_deep_and_no_deeper(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < CEL_JCAMP_MAX_DEPTH; i++)
        g_string_append(text, "##TITLE=t\n");
    g_auto(CelJcampFile) file = {0};
    CelJcampRemark remark;
    g_assert_true(cel_jcamp_split(text->str, text->len, &file, &remark));
    g_assert_false(file.blocks[0].closed);
    g_string_append(text, "##TITLE=t\n");
    refused(text->str, CEL_JCAMP_DEPTH, CEL_JCAMP_MAX_DEPTH + 1);
}

static void too_many_blocks_or_labels_are_refused(void)
{
    g_autoptr(GString) blocks = g_string_new(NULL), labels = g_string_new("##TITLE=t\n");
    for (int i = 0; i <= CEL_JCAMP_MAX_BLOCKS; i++)
        g_string_append(blocks, "##TITLE=t\n##END=\n");
    for (int i = 0; i < CEL_JCAMP_MAX_RECORDS; i++)
        g_string_append(labels, "##A=\n");
    refused(blocks->str, CEL_JCAMP_BLOCKS, 2 * CEL_JCAMP_MAX_BLOCKS + 1);
    refused(labels->str, CEL_JCAMP_RECORDS, CEL_JCAMP_MAX_RECORDS + 1);
}

static CelJcampXUnit unit_of(const char *units)
{
    g_autofree char *text = g_strdup_printf("##TITLE=t\n##XUNITS=%s\n", units);
    g_auto(CelJcampFile) file = {0};
    CelJcampRemark remark;
    g_assert_true(cel_jcamp_split(text, strlen(text), &file, &remark));
    return cel_jcamp_x_unit(&file, 0);
}

static void units_are_known_in_their_usual_spellings(void)
{
    static const char *const cm1[] = {
        "1/CM", "1/cm", "cm-1", "cm^-1", "CM**-1", "Raman Shift (cm-1)", "WAVENUMBERS (1/CM)"};
    for (gsize i = 0; i < G_N_ELEMENTS(cm1); i++)
        g_assert_cmpint(unit_of(cm1[i]), ==, i == 4 ? CEL_JCAMP_X_OTHER : CEL_JCAMP_X_CM1);
    g_assert_cmpint(unit_of("NANOMETERS"), ==, CEL_JCAMP_X_NM);
    g_assert_cmpint(unit_of("nm"), ==, CEL_JCAMP_X_NM);
    g_assert_cmpint(unit_of("MICROMETERS"), ==, CEL_JCAMP_X_UM);
    g_assert_cmpint(unit_of("HZ"), ==, CEL_JCAMP_X_OTHER);
    g_assert_cmpint(unit_of(""), ==, CEL_JCAMP_X_UNSTATED);
}

/* ---- checks ---- */

static void a_failed_y_check_is_refused_in_its_line(void)
{
    refused(TABLE("0", "9", "10", "0AJJ%j\n4Cjjjjj\n9b"), CEL_JCAMP_Y_CHECK, DATA_LINE + 1);
    refused(TABLE("0", "9", "10", "0AJJ%j\n4C\n4Bjjjjj\n9c"), CEL_JCAMP_Y_CHECK, DATA_LINE + 1);
}

static void a_failed_check_behind_the_last_point_is_a_warning(void)
{
    warned(TABLE("0", "9", "10", "0AJJ%jX\n9@"), CEL_JCAMP_Y_CHECK, DATA_LINE + 1);
}

static void a_lost_line_is_refused_by_count_or_abscissa(void)
{
    refused(TABLE("0", "9", "10", "0 1 2 3\n6 0 -1 -2 -3"), CEL_JCAMP_COUNT, DATA_LINE + 1);
    refused(TABLE("0", "9", "7", "0 1 2 3\n6 0 -1 -2 -3"), CEL_JCAMP_X_CHECK, DATA_LINE + 1);
    refused(TABLE("0", "9", "9", "0 1 2 3 4 5 6 7 8 9 10"), CEL_JCAMP_COUNT, DATA_LINE);
}

static void an_abscissa_may_be_rounded_but_not_by_a_step(void)
{
    static const double y[] = {1, 2, 3, 4};
    reads(TABLE("0.25", "1.75", "4", "0 1 2\n1 3 4"), 4, y);
    warned(TABLE("0.0", "30.0", "4", "0 1 2\n14.0 3 4"), CEL_JCAMP_X_CHECK, 0 + DATA_LINE + 1);
    refused(TABLE("0.0", "30.0", "4", "0 1 2\n9.0 3 4"), CEL_JCAMP_X_CHECK, DATA_LINE + 1);
}

static void abscissas_without_their_factor_are_a_warning(void)
{
    warned("##TITLE=t\n##FIRSTX=400\n##LASTX=404\n##NPOINTS=3\n##XFACTOR=0.5\n"
           "##XYDATA=(X++(Y..Y))\n400 4 8\n404 -2\n##END=\n",
           CEL_JCAMP_X_UNSCALED, 8);
}

static void labels_that_contradict_the_table_are_refused(void)
{
    refused("##TITLE=t\n##FIRSTX=0\n##LASTX=9\n##NPOINTS=4\n##DELTAX=2\n##XYDATA=(X++(Y..Y))\n"
            "0 1 2 3 4\n",
            CEL_JCAMP_DELTA_X, 6);
    refused("##TITLE=t\n##FIRSTX=0\n##LASTX=0\n##NPOINTS=2\n##XYDATA=(X++(Y..Y))\n0 1 2\n",
            CEL_JCAMP_ORDER, 5);
    warned(LABELS("0", "1", "2") "##FIRSTY=7\n##XYDATA=(X++(Y..Y))\n0 1 2\n", CEL_JCAMP_FIRST_Y,
           12);
}

static void missing_labels_are_named(void)
{
    static const char *const texts[] = {
        [CEL_JCAMP_FIRSTX] = "##TITLE=t\n##LASTX=1\n##NPOINTS=2\n##XYDATA=(X++(Y..Y))\n0 1 2\n",
        [CEL_JCAMP_LASTX] = "##TITLE=t\n##FIRSTX=0\n##NPOINTS=2\n##XYDATA=(X++(Y..Y))\n0 1 2\n",
        [CEL_JCAMP_NPOINTS] = "##TITLE=t\n##FIRSTX=0\n##LASTX=1\n##XYDATA=(X++(Y..Y))\n0 1 2\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(CelJcampData) data = {0};
        CelJcampRemark remark = {0};
        if (texts[i] == NULL)
            continue;
        g_assert_false(decode(texts[i], &data, &remark));
        g_assert_cmpint(remark.code, ==, CEL_JCAMP_LABEL_MISSING);
        g_assert_cmpuint(remark.label, ==, i);
    }
}

static void labels_without_a_usable_number_are_refused(void)
{
    static const char *const bad[] = {"##NPOINTS= 1.5", "##NPOINTS= 0",    "##NPOINTS= -2",
                                      "##YFACTOR= 0",   "##YFACTOR= -1",   "##XFACTOR= 0",
                                      "##LASTX= nan",   "##FIRSTX= 400,5", "##DELTAX= two"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *text =
            g_strconcat("##TITLE=t\n", bad[i], "\n##XYDATA=(X++(Y..Y))\n0 1 2\n", NULL);
        refused(text, CEL_JCAMP_LABEL_VALUE, 2);
    }
    refused(LABELS("0", "1", "2") "##FIRSTX= 3\n##XYDATA=(X++(Y..Y))\n0 1 2\n",
            CEL_JCAMP_LABEL_TWICE, 11);
}

/* ---- what else is refused ---- */

static void bad_tokens_are_refused_in_their_line(void)
{
    refused(TABLE("0", "1", "2", "0 1\n1 #"), CEL_JCAMP_BAD_CHARACTER, DATA_LINE + 1);
    refused(TABLE("0", "1", "2", "0 1 \xff"), CEL_JCAMP_BAD_CHARACTER, DATA_LINE);
    refused(TABLE("0", "1", "2", "0 1 1.2.3"), CEL_JCAMP_BAD_NUMBER, DATA_LINE);
    refused(TABLE("0", "1", "2", "0 1 +"), CEL_JCAMP_BAD_NUMBER, DATA_LINE);
    refused(TABLE("0", "1", "2", "0 1 1e+999"), CEL_JCAMP_BAD_NUMBER, DATA_LINE);
    refused(TABLE("0", "1", "2", "0 1 A1234567890123456"), CEL_JCAMP_BAD_NUMBER, DATA_LINE);
    refused(TABLE("0", "1", "2", "0 1 A1.5"), CEL_JCAMP_BAD_NUMBER, DATA_LINE);
    refused(TABLE("0", "1", "2", "A1 1 2"), CEL_JCAMP_NO_X, DATA_LINE);
}

static void differences_and_repetitions_need_something_before_them(void)
{
    refused(TABLE("0", "1", "2", "0J1"), CEL_JCAMP_DIF_WITHOUT, DATA_LINE);
    refused(TABLE("0", "1", "2", "0 1 2\n2J1"), CEL_JCAMP_DIF_WITHOUT, DATA_LINE + 1);
    refused(TABLE("0", "3", "4", "0AJ\n1JJ"), CEL_JCAMP_DIF_WITHOUT, DATA_LINE + 1);
    refused(TABLE("0", "3", "4", "0T"), CEL_JCAMP_DUP_WITHOUT, DATA_LINE);
    refused(TABLE("0", "3", "4", "0 1 2\n2T"), CEL_JCAMP_DUP_WITHOUT, DATA_LINE + 1);
}

static void a_sum_beyond_exact_integers_is_refused(void)
{
    refused(TABLE("0", "99", "100", "0I00000000000000R00000000000000s9"), CEL_JCAMP_BAD_NUMBER,
            DATA_LINE);
}

static void a_huge_repetition_ends_at_the_count(void)
{
    refused(TABLE("0", "9", "10", "0AZ99999999999999"), CEL_JCAMP_COUNT, DATA_LINE);
    refused(TABLE("0", "9", "999999999999", "0AZ99999999999999"), CEL_JCAMP_TOO_MANY, DATA_LINE);
    refused(TABLE("0", "9", "1900000", "0AZ99999999999999"), CEL_JCAMP_TOO_MANY, DATA_LINE);
    g_auto(CelJcampData) data = {0};
    good(TABLE("0", "99999", "100000", "0AA000@s9998"), &data);
}

static void points_without_value_are_left_out_at_the_ends_only(void)
{
    g_auto(CelJcampData) data = {0};
    good(TABLE("0", "5", "6", "0 ? ? 7\n3 8 ? ?"), &data);
    g_assert_cmpuint(data.n, ==, 2);
    g_assert_cmpuint(data.n_without, ==, 4);
    g_assert_cmpfloat(data.x[0], ==, 2);
    g_assert_cmpfloat(data.y[1], ==, 8);
    refused(TABLE("0", "3", "4", "0 1 ?\n2 ? 4"), CEL_JCAMP_MISSING_INSIDE, DATA_LINE);
    refused(TABLE("0", "3", "4", "0 ?U ?"), CEL_JCAMP_NO_DATA, DATA_LINE - 1);
    refused(TABLE("0", "3", "4", "0 1 ?J"), CEL_JCAMP_DIF_WITHOUT, DATA_LINE);
}

static void broken_pairs_are_refused(void)
{
#define PAIRS(data) LABELS("1", "2", "2") "##XYPOINTS= (XY..XY)\n" data "\n##END=\n"
    refused(PAIRS("1,10\n2"), CEL_JCAMP_NO_X, DATA_LINE + 1);
    refused(PAIRS("1,10; 2; 20"), CEL_JCAMP_NO_X, DATA_LINE);
    refused(PAIRS("1,10 ?,20"), CEL_JCAMP_NO_X, DATA_LINE);
    refused(PAIRS("1,10 2,A"), CEL_JCAMP_BAD_CHARACTER, DATA_LINE);
    refused(PAIRS("1,10 1,20"), CEL_JCAMP_ORDER, DATA_LINE - 1);
    refused(PAIRS("7,10 8,20"), CEL_JCAMP_X_CHECK, DATA_LINE);
    refused(PAIRS("1,10"), CEL_JCAMP_COUNT, DATA_LINE);
    refused(PAIRS("1,10 2,20 3,30"), CEL_JCAMP_COUNT, DATA_LINE);
}

static void other_tables_are_named_not_read(void)
{
    refused("##TITLE=t\n##PEAK TABLE=(XY..XY)\n1,2\n", CEL_JCAMP_PEAKS, 2);
    refused("##TITLE=t\n##NTUPLES=RAMAN\n##PAGE=N=1\n", CEL_JCAMP_NTUPLES, 2);
    refused("##TITLE=t\n##RADATA=(R++(A..A))\n1 2\n", CEL_JCAMP_TABLE_FORM, 2);
    refused("##TITLE=t\n##XYDATA=(XYW..XYW)\n1 2\n", CEL_JCAMP_TABLE_FORM, 2);
    refused("##TITLE=t\n##OWNER=x\n", CEL_JCAMP_NO_DATA, 1);
    refused(LABELS("0", "1", "2") "##XYDATA=(X++(Y..Y))\n0 1 2\n##XYPOINTS=(XY..XY)\n0 1\n",
            CEL_JCAMP_TWO_TABLES, 13);
    refused(LABELS("0", "1", "2") "##XYDATA=(X++(Y..Y))\n0 1 2\n##XYDATA=(X++(Y..Y))\n0 1 2\n",
            CEL_JCAMP_TWO_TABLES, 13);
    reads(LABELS("0", "9", "10") "##XYDATA=(X++(Y..Y))\n0AJJ%jX\n9c\n##PEAK TABLE=(XY..XY)\n0,1\n",
          10, EXAMPLE);
}

static void other_text_is_not_jcamp(void)
{
    refused("x\n##TITLE=t\n", CEL_JCAMP_NOT_JCAMP, 1);
    refused("\n\n", CEL_JCAMP_NOT_JCAMP, 2);
    refused("", CEL_JCAMP_NOT_JCAMP, 1);
}

/* ---- round trips ---- */

/* A number led by a pseudo-digit of "@A..Ia..i" or "%J..Rj..r". */
static void append_pseudo(GString *out, gint64 value, char zero, char plus, char minus)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, ABS(value));
    const char lead = (char)(value == 0 ? zero : (value > 0 ? plus : minus) + digits[0] - '1');
    if (lead == 'E' || lead == 'e') /* or it could be an exponent */
        g_string_append_c(out, ' ');
    g_string_append_c(out, lead);
    g_string_append(out, digits + 1);
}

static void append_value(GString *out, GRand *rand, gint64 value)
{
    switch (g_rand_int_range(rand, 0, 3)) {
    case 0:
        g_string_append_printf(out, " %" G_GINT64_FORMAT, value);
        break;
    case 1:
        g_string_append_printf(out, "%+" G_GINT64_FORMAT, value);
        break;
    default:
        append_pseudo(out, value, '@', 'A', 'a');
        break;
    }
}

static void append_count(GString *out, int count)
{
    g_autofree char *digits = g_strdup_printf("%d", count);
    g_string_append_c(out, digits[0] == '9' ? 's' : (char)('R' + digits[0] - '0'));
    g_string_append(out, digits + 1);
}

/* Writes @y with the forms mixed at random. */
static GString *encode(GRand *rand, const gint64 *y, int n)
{
    GString *out = g_string_new(NULL);
    gboolean differs = FALSE;
    int i = 0;
    while (i < n || differs) {
        const int first = i - (differs ? 1 : 0);
        g_string_append_printf(out, "%d", first);
        append_value(out, rand, y[first]);
        const int length = g_rand_int_range(rand, 1, 12), stop = MIN(n, first + length);
        differs = FALSE;
        for (i = first + 1; i < stop; i++) {
            differs = g_rand_boolean(rand);
            if (differs)
                append_pseudo(out, y[i] - y[i - 1], '%', 'J', 'j');
            else
                append_value(out, rand, y[i]);
            int same = 1;
            while (i + same < stop &&
                   y[i + same] - y[i + same - 1] == (differs ? y[i] - y[i - 1] : 0))
                same++;
            if (same > 1 || g_rand_int_range(rand, 0, 9) == 0)
                append_count(out, same);
            i += same - 1;
        }
        g_string_append_c(out, '\n');
    }
    return out;
}

static void random_numbers_survive_every_mixture_of_forms(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261126);
    const guint rounds = long_count(3000);
    for (guint round = 0; round < rounds; round++) {
        const int n = g_rand_int_range(rand, 2, 60);
        const double scale = pow(10.0, g_rand_int_range(rand, 0, 13));
        gint64 y[60];
        for (int i = 0; i < n; i++)
            y[i] = i > 0 && g_rand_int_range(rand, 0, 3) == 0
                       ? y[i - 1]
                       : (gint64)(scale * g_rand_double_range(rand, -9.0, 9.0));
        g_autoptr(GString) table = encode(rand, y, n);
        g_autofree char *text = g_strdup_printf("##TITLE=t\n##FIRSTX=0\n##LASTX=%d\n##NPOINTS=%d\n"
                                                "##XYDATA=(X++(Y..Y))\n%s##END=\n",
                                                n - 1, n, table->str);
        g_auto(CelJcampData) data = {0};
        good(text, &data);
        g_assert_cmpuint(data.n, ==, (gsize)n);
        g_assert_cmpuint(data.n_warnings, ==, 0);
        for (int i = 0; i < n; i++)
            g_assert_cmpfloat(data.y[i], ==, (double)y[i]);
    }
}

static double any_double(GRand *rand)
{
    static const double extremes[] = {
        5e-324, -5e-324, 1e300, -1e300, 0.0, 1.7976931348623157e308, 2.2250738585072014e-308, 0.1};
    if (g_rand_int_range(rand, 0, 8) == 0)
        return extremes[g_rand_int_range(rand, 0, G_N_ELEMENTS(extremes))];
    return ldexp(g_rand_double_range(rand, -1, 1), g_rand_int_range(rand, -1000, 1000));
}

static void a_million_points_of_any_size_survive_plain_digits(void)
{
    enum { A_LINE = 5 };
    const int n = 1000 * 1000;
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    g_autofree double *y = g_new(double, (gsize)n);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text,
                           "##TITLE=t\n##FIRSTX=0\n##LASTX=%d\n##NPOINTS=%d\n"
                           "##XYDATA=(X++(Y..Y))",
                           n - 1, n);
    for (int i = 0; i < n; i++) {
        y[i] = any_double(rand);
        if (i % A_LINE == 0)
            g_string_append_printf(text, "\n%d", i);
        g_string_append_c(text, ' ');
        cel_number_append(text, y[i]);
    }
    g_auto(CelJcampData) data = {0};
    good(text->str, &data);
    g_assert_cmpuint(data.n, ==, (gsize)n);
    same(data.y, y, data.n);
}

/* ---- the official test files ---- */

static gboolean load_sample(const char *name, CelJcampData *data)
{
    const char *shared = g_getenv("CELADON_SHARED");
    g_autofree char *path =
        g_build_filename(shared != NULL ? shared : "", "data", "formats", "jdx", name, NULL);
    g_autofree char *text = NULL;
    if (shared == NULL || !g_file_get_contents(path, &text, NULL, NULL)) {
        g_test_skip("the official test files are not here");
        return FALSE;
    }
    good(text, data);
    return TRUE;
}

static void the_official_affn_pac_and_sqz_files_are_the_same_numbers(void)
{
    g_auto(CelJcampData) affn = {0}, pac = {0}, sqz = {0};
    if (!load_sample("BRUKAFFN.DX", &affn) || !load_sample("BRUKPAC.DX", &pac) ||
        !load_sample("BRUKSQZ.DX", &sqz))
        return;
    g_assert_cmpuint(affn.n, ==, 16384);
    g_assert_cmpuint(pac.n, ==, affn.n);
    g_assert_cmpuint(sqz.n, ==, affn.n);
    same(affn.y, pac.y, affn.n);
    same(affn.y, sqz.y, affn.n);
    same(affn.x, sqz.x, affn.n);
    g_assert_false(affn.compressed);
    g_assert_true(sqz.compressed);
}

/* BRUKDIF was made from 16-bit ordinates of 29670.15 each, which TESTSPEC holds; the others
 * from the full ones. */
static void the_official_dif_files_are_those_numbers_in_16_bits(void)
{
    g_auto(CelJcampData) affn = {0}, dif = {0}, test = {0};
    if (!load_sample("BRUKAFFN.DX", &affn) || !load_sample("BRUKDIF.DX", &dif) ||
        !load_sample("TESTSPEC.DX", &test))
        return;
    double to_test = 0.0, to_affn = 0.0;
    g_assert_cmpuint(dif.n, ==, 16384);
    g_assert_cmpuint(test.n, ==, 16384);
    for (gsize i = 0; i < dif.n; i++) {
        to_test = fmax(to_test, fabs(dif.y[i] - test.y[i]));
        to_affn = fmax(to_affn, fabs(dif.y[i] - affn.y[i]));
    }
    g_test_message("BRUKDIF to TESTSPEC at most %g, to BRUKAFFN %g", to_test, to_affn);
    g_assert_cmpfloat(to_test, <=, 1.0);
    g_assert_cmpfloat(to_affn, <=, 29670.15003);
}

static void the_other_official_files_agree_with_their_own_labels(void)
{
    static const struct {
        const char *name;
        gsize n;
        double first, last, highest, lowest, within;
        guint n_warnings;
    } rows[] = {
        {"BRUKAFFN.DX", 16384, 24038.5, 0, 972201806, -27593530, 0.0, 0},
        {"BRUKDIF.DX", 16384, 24038.5, 0, 972201806, -27593239, 0.0, 0},
        {"TESTSPEC.DX", 16384, 24038.5, 0, 972201806, -27593240, 0.6, 0},
        {"PE1800.DX", 3301, 4000, 700, 1.0189, 0.8631, 1e-12, 0},
        {"LABCALC.DX", 3435, 249.741, 3699.742, 1, 0, 1e-6, 0},
        /* Its last check is "@" and its abscissas drift by 0.94 steps. */
        {"SPECFILE.DX", 1801, 400, 4000, 99.99975, 0.99999680, 0.004, 2},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(CelJcampData) data = {0};
        if (!load_sample(rows[i].name, &data))
            return;
        double highest = data.y[0], lowest = data.y[0];
        for (gsize k = 0; k < data.n; k++) {
            highest = fmax(highest, data.y[k]);
            lowest = fmin(lowest, data.y[k]);
        }
        g_assert_cmpuint(data.n, ==, rows[i].n);
        g_assert_cmpfloat(data.x[0], ==, rows[i].first);
        g_assert_cmpfloat(data.x[data.n - 1], ==, rows[i].last);
        g_assert_cmpfloat(fabs(highest - rows[i].highest), <=, rows[i].within);
        g_assert_cmpfloat(fabs(lowest - rows[i].lowest), <=, rows[i].within);
        g_assert_cmpuint(data.n_warnings, ==, rows[i].n_warnings);
    }
}

#define TEST(path, function) g_test_add_func("/jcamp/" path, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("forms/example", the_five_forms_of_the_standards_example_are_the_same_numbers);
    TEST("forms/pseudo-digits", every_pseudo_digit_has_its_value);
    TEST("forms/digits", digits_after_a_pseudo_digit_belong_to_it);
    TEST("forms/repetition", a_repetition_repeats_the_difference_not_the_sum);
    TEST("forms/exponent", an_exponent_needs_its_sign_in_a_table_of_lines);
    TEST("forms/pairs", pairs_take_any_exponent);
    TEST("forms/factors", factors_scale_both_axes);
    TEST("forms/falling", an_axis_may_fall);
    TEST("forms/one-point", one_point_is_a_table);
    TEST("forms/line-ends", ends_of_line_and_comments_do_not_matter);
    TEST("forms/labels", labels_are_compared_without_blanks_signs_and_case);
    TEST("forms/deltax", the_step_comes_from_deltax_when_lastx_is_missing);
    TEST("blocks/link", a_link_file_holds_its_blocks_in_order);
    TEST("blocks/depth", blocks_nest_eight_deep_and_no_deeper);
    TEST("blocks/many", too_many_blocks_or_labels_are_refused);
    TEST("units", units_are_known_in_their_usual_spellings);
    TEST("checks/y", a_failed_y_check_is_refused_in_its_line);
    TEST("checks/last-y", a_failed_check_behind_the_last_point_is_a_warning);
    TEST("checks/lost-line", a_lost_line_is_refused_by_count_or_abscissa);
    TEST("checks/rounded-x", an_abscissa_may_be_rounded_but_not_by_a_step);
    TEST("checks/unscaled-x", abscissas_without_their_factor_are_a_warning);
    TEST("checks/labels", labels_that_contradict_the_table_are_refused);
    TEST("checks/missing-labels", missing_labels_are_named);
    TEST("checks/label-values", labels_without_a_usable_number_are_refused);
    TEST("refused/tokens", bad_tokens_are_refused_in_their_line);
    TEST("refused/without", differences_and_repetitions_need_something_before_them);
    TEST("refused/sum", a_sum_beyond_exact_integers_is_refused);
    TEST("refused/repetition", a_huge_repetition_ends_at_the_count);
    TEST("refused/missing", points_without_value_are_left_out_at_the_ends_only);
    TEST("refused/pairs", broken_pairs_are_refused);
    TEST("refused/tables", other_tables_are_named_not_read);
    TEST("refused/text", other_text_is_not_jcamp);
    TEST("round-trip/mixtures", random_numbers_survive_every_mixture_of_forms);
    TEST("round-trip/million", a_million_points_of_any_size_survive_plain_digits);
    TEST("official/same", the_official_affn_pac_and_sqz_files_are_the_same_numbers);
    TEST("official/dif", the_official_dif_files_are_those_numbers_in_16_bits);
    TEST("official/labels", the_other_official_files_agree_with_their_own_labels);
    return g_test_run();
}
