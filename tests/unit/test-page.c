/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the printed page: how far they move on, and where their ink lands. */
#include "base/cel-error.h"
#include "report/cel-page.h"

#include <math.h>
#include <string.h>

typedef struct {
    cairo_surface_t *surface;
    CelPage page;
} Sheet;

/* A white sheet whose ink is black. */
static void sheet_open(Sheet *sheet, double width)
{
    sheet->surface = cairo_image_surface_create(CAIRO_FORMAT_A8, CEL_PAGE_WIDTH, CEL_PAGE_HEIGHT);
    sheet->page = (CelPage){.cr = cairo_create(sheet->surface),
                            .font = CEL_PAGE_FONT,
                            .left = CEL_PAGE_MARGIN,
                            .right = CEL_PAGE_MARGIN + width,
                            .y = 100.0};
}

static void sheet_close(Sheet *sheet)
{
    g_assert_cmpint(cairo_status(sheet->page.cr), ==, CAIRO_STATUS_SUCCESS);
    cairo_destroy(sheet->page.cr);
    cairo_surface_destroy(sheet->surface);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_close)

typedef struct {
    int left, top, right, bottom; /* of the ink; right < left: none */
} Box;

static guint8 ink_at(const Sheet *sheet, int column, int row)
{
    return cairo_image_surface_get_data(
        sheet->surface)[row * cairo_image_surface_get_stride(sheet->surface) + column];
}

static Box ink_box(const Sheet *sheet)
{
    Box box = {CEL_PAGE_WIDTH, CEL_PAGE_HEIGHT, -1, -1};
    cairo_surface_flush(sheet->surface);
    for (int row = 0; row < CEL_PAGE_HEIGHT; row++) {
        for (int column = 0; column < CEL_PAGE_WIDTH; column++) {
            if (ink_at(sheet, column, row) == 0)
                continue;
            box = (Box){MIN(box.left, column), MIN(box.top, row), MAX(box.right, column),
                        MAX(box.bottom, row)};
        }
    }
    return box;
}

static const char *const sentence =
    "The spectrum was compared with every view of the library, and none of them came near to it.";

static void a_paragraph_moves_on_below_its_ink(void)
{
    g_auto(Sheet) sheet = {0};
    sheet_open(&sheet, 400.0);
    cel_page_text(&sheet.page, sentence, 10.0, FALSE);
    const Box box = ink_box(&sheet);
    g_assert_cmpint(box.top, >=, 99);
    g_assert_cmpfloat(sheet.page.y, >=, box.bottom);
    g_assert_cmpfloat(sheet.page.y, <, box.bottom + 12.0);
}

static void a_paragraph_stays_between_the_margins_by_wrapping(void)
{
    double last = 0.0;
    for (double width = 500.0; width > 60.0; width /= 2.0) {
        g_auto(Sheet) sheet = {0};
        sheet_open(&sheet, width);
        cel_page_text(&sheet.page, sentence, 9.0, FALSE);
        const Box box = ink_box(&sheet);
        g_assert_cmpint(box.left, >=, CEL_PAGE_MARGIN - 1);
        g_assert_cmpfloat(box.right, <=, CEL_PAGE_MARGIN + width + 1.0);
        g_assert_cmpfloat(sheet.page.y, >=, last);
        last = sheet.page.y;
    }
    g_assert_cmpfloat(last, >, 150.0);
}

static void a_word_without_a_blank_is_broken_too(void)
{
    g_autofree char *word = g_strnfill(400, 'w');
    void (*const parts[])(CelPage *, const char *, double) = {cel_page_bullet, cel_page_mono};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_auto(Sheet) sheet = {0};
        sheet_open(&sheet, 200.0);
        parts[i](&sheet.page, word, i == 0 ? 8.0 : 200.0);
        g_assert_cmpint(ink_box(&sheet).right, <=, CEL_PAGE_MARGIN + 201);
        g_assert_cmpfloat(sheet.page.y, >, 120.0);
    }
}

static void larger_letters_take_more_room(void)
{
    double last = 100.0;
    for (double size = 5.0; size <= 20.0; size += 5.0) {
        g_auto(Sheet) sheet = {0};
        sheet_open(&sheet, 500.0);
        cel_page_text(&sheet.page, "Ag", size, FALSE);
        g_assert_cmpfloat(sheet.page.y, >, last + 2.0);
        last = sheet.page.y;
    }
}

static void a_heading_has_a_rule_over_the_whole_width(void)
{
    g_auto(Sheet) sheet = {0};
    sheet_open(&sheet, 300.0);
    cel_page_heading(&sheet.page, "A");
    const Box box = ink_box(&sheet);
    for (int x = 0; x < CEL_PAGE_WIDTH; x++) /* the lowest row is the rule's */
        g_assert_true((ink_at(&sheet, x, box.bottom) > 0) ==
                      (x >= CEL_PAGE_MARGIN && x < CEL_PAGE_MARGIN + 300));
    g_assert_cmpfloat(sheet.page.y, >, box.bottom);
}

static void a_pair_takes_its_taller_side_and_its_own_column(void)
{
    for (int column = 0; column <= 1; column++) {
        g_auto(Sheet) sheet = {0};
        sheet_open(&sheet, 400.0);
        const double one = cel_page_pair(&sheet.page, column, "Label", "x");
        const double tall = cel_page_pair(&sheet.page, column, "Label", sentence);
        const double label = cel_page_pair(&sheet.page, column, sentence, "x");
        g_assert_cmpfloat(tall, >, one + 5.0);
        g_assert_cmpfloat(label, >, one + 5.0);
        g_assert_cmpfloat(sheet.page.y, ==, 100.0); /* the caller moves on */
        const Box box = ink_box(&sheet);
        g_assert_cmpint(box.left, >=, column == 0 ? CEL_PAGE_MARGIN - 1 : CEL_PAGE_MARGIN + 206);
        g_assert_cmpint(box.right, <=, column == 0 ? CEL_PAGE_MARGIN + 194 : CEL_PAGE_MARGIN + 401);
    }
}

static void a_bullet_is_set_off_from_its_dash(void)
{
    g_auto(Sheet) sheet = {0};
    sheet_open(&sheet, 150.0);
    cel_page_bullet(&sheet.page, sentence, 8.0);
    const Box box = ink_box(&sheet);
    g_assert_cmpint(box.left, <, CEL_PAGE_MARGIN + 5);
    for (int row = 115; row < box.bottom; row++) /* below the first line: nothing under the dash */
        for (int x = CEL_PAGE_MARGIN; x < CEL_PAGE_MARGIN + 9; x++)
            g_assert_cmpuint(ink_at(&sheet, x, row), ==, 0);
}

static void a_watermark_lies_across_and_moves_nothing(void)
{
    g_auto(Sheet) sheet = {0};
    sheet_open(&sheet, 500.0);
    cel_page_watermark(&sheet.page, "SIMULATED DATA");
    const Box box = ink_box(&sheet);
    g_assert_cmpfloat(sheet.page.y, ==, 100.0);
    g_assert_cmpint(box.right - box.left, >, 150);
    g_assert_cmpint(box.bottom - box.top, >, 150);
    g_assert_cmpint(ABS((box.left + box.right) / 2 - CEL_PAGE_WIDTH / 2), <, 40);
    double x = 3.0, y = 4.0; /* the page's own coordinates are as before */
    cairo_user_to_device(sheet.page.cr, &x, &y);
    g_assert_cmpfloat(x, ==, 3.0);
    g_assert_cmpfloat(y, ==, 4.0);
}

/* ISO/IEC 18004: 21 modules a side at the least, and in three corners a ring of 7 modules around a
 * square of 3, with white between. */
static void a_code_shows_its_three_finders(void)
{
    enum { MODULE = 4, QUIET = 4 * MODULE, LEFT = 60 + QUIET, TOP = 200 + QUIET };
    g_auto(Sheet) sheet = {0};
    sheet_open(&sheet, 500.0);
    g_assert_true(cel_page_qr(&sheet.page, "abc", 60, 200, 29 * MODULE));
    const Box box = ink_box(&sheet);
    g_assert_cmpint(box.left, ==, LEFT);
    g_assert_cmpint(box.top, ==, TOP);
    g_assert_cmpint(box.right, ==, LEFT + 21 * MODULE - 1);
    static const int corners[][2] = {{0, 0}, {14, 0}, {0, 14}};
    for (gsize c = 0; c < G_N_ELEMENTS(corners); c++) {
        for (int row = 0; row < 7; row++) {
            for (int column = 0; column < 7; column++) {
                const int ring = MAX(ABS(row - 3), ABS(column - 3));
                const int x = LEFT + (corners[c][0] + column) * MODULE + MODULE / 2;
                const int y = TOP + (corners[c][1] + row) * MODULE + MODULE / 2;
                g_assert_cmpuint(ink_at(&sheet, x, y), ==, ring == 2 ? 0u : 255u);
            }
        }
    }
}

static void different_texts_have_different_codes(void)
{
    guint64 sums[2] = {0};
    for (gsize i = 0; i < 2; i++) {
        g_auto(Sheet) sheet = {0};
        sheet_open(&sheet, 500.0);
        g_assert_true(cel_page_qr(&sheet.page, i == 0 ? "0123abc" : "0123abd", 60, 200, 84));
        cairo_surface_flush(sheet.surface);
        for (int row = 200; row < 284; row++)
            for (int x = 60; x < 144; x++)
                sums[i] = sums[i] * 31 + ink_at(&sheet, x, row);
    }
    g_assert_cmpuint(sums[0], !=, sums[1]);
}

/* The largest code of level M holds 2331 bytes. */
static void a_text_that_no_code_holds_paints_nothing(void)
{
    g_autofree char *longest = g_strnfill(2331, 'a'), *longer = g_strnfill(2332, 'a');
    g_auto(Sheet) sheet = {0};
    sheet_open(&sheet, 500.0);
    g_assert_false(cel_page_qr(&sheet.page, longer, 60, 200, 100));
    g_assert_cmpint(ink_box(&sheet).right, ==, -1);
    g_assert_true(cel_page_qr(&sheet.page, longest, 60, 200, 100));
    g_assert_cmpint(ink_box(&sheet).right, >=, 156); /* 177 modules of 185 */
    g_assert_cmpint(ink_box(&sheet).right, <=, 158);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/page/" #name, name)
    ADD(a_paragraph_moves_on_below_its_ink);
    ADD(a_paragraph_stays_between_the_margins_by_wrapping);
    ADD(a_word_without_a_blank_is_broken_too);
    ADD(larger_letters_take_more_room);
    ADD(a_heading_has_a_rule_over_the_whole_width);
    ADD(a_pair_takes_its_taller_side_and_its_own_column);
    ADD(a_bullet_is_set_off_from_its_dash);
    ADD(a_watermark_lies_across_and_moves_nothing);
    ADD(a_code_shows_its_three_finders);
    ADD(different_texts_have_different_codes);
    ADD(a_text_that_no_code_holds_paints_nothing);
    return g_test_run();
}
