/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper-cases.h"
#include "pdf-tools.h"
#include "seal-fixture.h"

#include "report/cel-forms.h"
#include "report/cel-page.h"
#include "report/cel-report-text.h"
#include "report/cel-report.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

static int development_marker;
#define DEVELOPMENT (&development_marker)

/* ---- helpers ---- */

static GBytes *card(const char *file, gboolean chinese)
{
    g_autoptr(GError) error = NULL;
    g_auto(Opened) opened = opened_read(file);
    const PaperOrder order = {.file = &opened, .form = CEL_REPORT_CARD, .chinese = chinese};
    GBytes *pdf = paper_of(&order, &error);
    g_assert_no_error(error);
    return pdf;
}

static void seal_desk(Desk *desk, gboolean training)
{
    g_autoptr(GError) error = NULL;
    desk_identify(desk);
    desk_seal(desk, training, &error);
    g_assert_no_error(error);
}

static void seal_real(Desk *desk)
{
    for (guint32 i = 0; i < 3; i++)
        cel_work_add(desk->work, imported(&alpha, 10 + i));
    seal_desk(desk, FALSE);
}

static void seal_training(Desk *desk)
{
    for (int i = 0; i < 3; i++)
        cel_work_add(desk->work, simulated(&alpha, 1 + i));
    seal_desk(desk, TRUE);
}

/* ---- the page ---- */

static void the_same_file_gives_the_same_bytes(Desk *desk, gconstpointer data)
{
    (void)data;
    seal_real(desk);
    g_autoptr(GBytes) first = card(desk->path, TRUE);
    g_autoptr(GBytes) english = card(desk->path, FALSE);
    g_usleep(1100000); /* another second on the clock */
    g_autoptr(GBytes) again = card(desk->path, TRUE);
    g_assert_true(g_bytes_equal(first, again));
    g_assert_false(g_bytes_equal(first, english));
}

static const CelReportWord always[] = {
    CEL_WORD_TITLE,          CEL_WORD_CASE,
    CEL_WORD_EXHIBIT,        CEL_WORD_OPERATOR,
    CEL_WORD_TIME,           CEL_WORD_INSTRUMENT,
    CEL_WORD_LASER,          CEL_WORD_ACQUISITION,
    CEL_WORD_METHOD,         CEL_WORD_LIBRARY,
    CEL_WORD_REPLICATES,     CEL_WORD_SECTION_SPECTRUM,
    CEL_WORD_SECTION_RESULT, CEL_WORD_SECTION_REASONS,
    CEL_WORD_SECTION_LIMITS, CEL_WORD_SECTION_DEVIATIONS,
    CEL_WORD_SAMPLE,         CEL_WORD_SECTION_INTEGRITY,
    CEL_WORD_REFERENCE,      CEL_WORD_AXIS_SHIFT,
    CEL_WORD_MATCHED,        CEL_WORD_SCOPE,
    CEL_WORD_ENDING,         CEL_WORD_END,
    CEL_WORD_NOT_VALIDATED,  CEL_WORD_PROVEN,
    CEL_WORD_NOT_PROVEN,     CEL_WORD_SIGNATURES,
};

static void expect_answer(const Desk *desk, const char *page, gboolean chinese)
{
    const CelIdentification *answer = cel_work_answer(desk->work);
    const GPtrArray *why = chinese ? answer->why_zh : answer->why_en;
    const GPtrArray *list = cel_work_deviations(desk->work);
    expect_words(page, cel_outcome_label(answer->outcome, chinese));
    expect_words(page, chinese ? answer->claim_zh : answer->claim_en);
    for (guint i = 0; i < why->len; i++)
        expect_words(page, g_ptr_array_index(why, i));
    for (guint i = 0; i < list->len; i++) {
        const CelDeviation *deviation = g_ptr_array_index(list, i);
        expect_words(page, chinese ? deviation->zh : deviation->en);
    }
}

static void the_page_says_who_what_when_and_what_it_rests_on(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    seal_real(desk);
    for (int chinese = 0; chinese < 2; chinese++) {
        g_autoptr(GBytes) pdf = card(desk->path, chinese);
        g_autofree char *page = page_text(pdf);
        for (gsize i = 0; i < G_N_ELEMENTS(always); i++)
            expect_words(page, cel_report_word(always[i], chinese));
        expect_words(page, "2026-0042");
        expect_words(page, "Wang Fang");
        expect_words(page, "3 / 3 / 3");
        expect_words(page, "785 nm");
        expect_words(page, "2026-11-18T");
        expect_words(page, chinese ? alpha.name_zh : "reference: alpha");
        expect_answer(desk, page, chinese);
    }
}

static void the_page_shows_the_digests_of_the_file(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    seal_real(desk);
    g_autoptr(GBytes) bytes = cel_file_read(desk->path, CEL_SEAL_MAX_BYTES, NULL);
    gsize n = 0;
    const void *content = g_bytes_get_data(bytes, &n);
    g_autofree char *sha256 = cel_digest_hex("sha256", content, n);
    g_autofree char *sm3 = cel_digest_hex("sm3", content, n);
    g_autoptr(GBytes) pdf = card(desk->path, TRUE);
    g_autofree char *page = page_text(pdf);
    expect_words(page, sha256);
    expect_words(page, sm3);
    expect_words(page, "signature.sm2");
}

static void every_font_is_embedded(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdffonts"))
        return;
    seal_training(desk);
    for (int chinese = 0; chinese < 2; chinese++) {
        const char *argv[] = {"pdffonts", NULL, NULL};
        g_autoptr(GBytes) pdf = card(desk->path, chinese);
        g_autofree char *out = run_on(pdf, argv, 1);
        g_auto(GStrv) rows = g_strsplit(g_strchomp(out), "\n", -1);
        g_assert_cmpuint(g_strv_length(rows), >, 2); /* two lines of heading */
        for (guint i = 2; rows[i] != NULL; i++) {
            /* name, type, encoding, emb, sub, uni, object: the last six have no blanks inside */
            g_autoptr(GRegex) row =
                g_regex_new(" (yes|no) +(yes|no) +(yes|no) +[0-9]+ +[0-9]+$", 0, 0, NULL);
            g_autoptr(GMatchInfo) match = NULL;
            g_assert_true(g_regex_match(row, rows[i], 0, &match));
            g_autofree char *embedded = g_match_info_fetch(match, 1);
            g_assert_cmpstr(embedded, ==, "yes");
        }
        g_assert_nonnull(strstr(out, "WenQuanYi"));
    }
}

static void a_training_record_says_so_twice_and_in_both_languages(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    seal_training(desk);
    for (int chinese = 0; chinese < 2; chinese++) {
        g_autoptr(GBytes) pdf = card(desk->path, chinese);
        g_autofree char *page = page_text(pdf);
        const CelIdentification *answer = cel_work_answer(desk->work);
        g_autofree char *claim = squeeze(chinese ? answer->claim_zh : answer->claim_en);
        const char *mark = cel_report_word(CEL_WORD_TRAINING, chinese);
        /* across the page, under the title, and where the claim itself says it */
        g_assert_cmpuint(count(page, mark), ==, 2 + count(claim, mark));
    }
}

static void a_record_of_real_data_has_no_training_mark(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    seal_real(desk);
    for (int chinese = 0; chinese < 2; chinese++) {
        g_autoptr(GBytes) pdf = card(desk->path, chinese);
        g_autofree char *page = page_text(pdf);
        g_autofree char *lower = g_utf8_strdown(page, -1);
        g_assert_null(strstr(lower, "training"));
        g_assert_null(strstr(lower, "simulated"));
        g_assert_null(strstr(page, "培训"));
        g_assert_null(strstr(page, "模拟"));
    }
}

static void expect_on_both_pages(const Desk *desk, CelReportWord driver, CelReportWord laser)
{
    for (int chinese = 0; chinese < 2; chinese++) {
        g_autoptr(GBytes) pdf = card(desk->path, chinese);
        g_autofree char *page = page_text(pdf);
        expect_words(page, cel_report_word(driver, chinese));
        expect_words(page, cel_report_word(laser, chinese));
    }
}

static void
the_paper_says_what_the_driver_was_proven_on_and_how_the_laser_was_left(Desk *desk,
                                                                        gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    for (int i = 0; i < 3; i++) {
        CelMeasurement *m = simulated(&alpha, 1 + i);
        g_strlcpy(m->instrument.driver_validation, "replay-only",
                  sizeof m->instrument.driver_validation);
        cel_work_add(desk->work, m);
    }
    seal_desk(desk, TRUE);
    expect_on_both_pages(desk, CEL_WORD_REPLAY_ONLY, CEL_WORD_OFF_READ_BACK);
}

static void a_laser_that_the_record_does_not_call_off_is_not_called_off(Desk *desk,
                                                                        gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    for (int i = 0; i < 3; i++) {
        CelMeasurement *m = simulated(&alpha, 1 + i);
        cel_measurement_note(m, "laser.after", "UNKNOWN: treat as on");
        cel_work_add(desk->work, m);
    }
    seal_desk(desk, TRUE);
    expect_on_both_pages(desk, CEL_WORD_SIMULATION, CEL_WORD_LASER_UNKNOWN);
}

/* ---- what no page may say ---- */

static void expect_nothing_forbidden(const char *path)
{
    for (int chinese = 0; chinese < 2; chinese++) {
        g_autoptr(GBytes) pdf = card(path, chinese);
        g_autofree char *raw = raw_text(pdf);
        g_autofree char *page = squeeze(raw);
        g_assert_cmpstr(cel_claim_forbidden(page), ==, NULL);
        g_strdelimit(raw, "\n\r\f", ' '); /* English words keep their blanks */
        g_assert_cmpstr(cel_claim_forbidden(raw), ==, NULL);
    }
}

/* Three measurements each, the third with another substance, and what the blank shows. */
static const struct {
    const Made *first, *third, *blank;
    double noise;
    const char *outcome;
} pages[] = {
    {&alpha, &alpha, NULL, 5, "found"},
    {&alpha, &beta, NULL, 5, "inconclusive"},
    {&alpha, &alpha, &alpha, 5, "inconclusive"},
    {&stranger, &stranger, NULL, 5, "nothing-claimed"},
    {&alpha, &alpha, NULL, 2000, "inconclusive"},
};

static void no_page_says_a_forbidden_word(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autoptr(CelWork) work = cel_work_new(desk->bench);
        g_autofree char *path = g_strdup_printf("%s/%zu.cel.h5", desk->folder, i);
        Desk one = {.bench = desk->bench, .work = work, .path = path};
        for (guint32 k = 0; k < 3; k++)
            cel_work_add(work, record(&(Recording){.made = k < 2 ? pages[i].first : pages[i].third,
                                                   .height = 1000,
                                                   .noise = pages[i].noise,
                                                   .seed = k}));
        if (pages[i].blank != NULL)
            cel_work_add_blank(work, CEL_BLANK_PACKAGING, imported(pages[i].blank, 9));
        seal_desk(&one, FALSE);
        g_assert_cmpstr(cel_outcome_name(cel_work_answer(work)->outcome), ==, pages[i].outcome);
        expect_nothing_forbidden(path);
    }
}

static void no_training_page_says_a_forbidden_word(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    seal_training(desk);
    expect_nothing_forbidden(desk->path);
}

/* ---- too long ---- */

static char *reason(guint i)
{
    return g_strdup_printf("reason %u of many, as long as reasons tend to be, so that a page of "
                           "them cannot hold what else must stand there",
                           i + 1);
}

static void set_reasons(Bag *bag, guint n)
{
    g_autoptr(GString) json = g_string_new("{\"file\":\"\",\"outcome\":\"inconclusive\",\"why\":[");
    for (guint i = 0; i < n; i++) {
        g_autofree char *text = reason(i);
        g_string_append_printf(json, "%s\"%s\"", i > 0 ? "," : "", text);
    }
    g_string_append(json, "]}");
    bag->request.answer_json = g_string_free(g_steal_pointer(&json), FALSE);
}

static void a_record_too_long_for_the_page_is_refused_and_never_cut(Bag *bag, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftotext"))
        return;
    guint printed = 0, refused = 0;
    for (guint n = 4; n <= 64; n *= 2) {
        g_autofree char *path = g_strdup_printf("%s/%u.cel.h5", bag->folder, n);
        set_reasons(bag, n);
        g_autoptr(GError) error = NULL;
        cel_seal_write(&bag->request, bag->key, path, NULL, &error);
        g_assert_no_error(error);
        g_free((char *)bag->request.answer_json);
        g_auto(Opened) opened = opened_read(path);
        const PaperOrder order = {.file = &opened, .form = CEL_REPORT_CARD};
        g_autoptr(GBytes) pdf = paper_of(&order, &error);
        if (pdf == NULL) {
            g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
            refused++;
            continue;
        }
        g_autofree char *page = page_text(pdf);
        for (guint i = 0; i < n; i++) {
            g_autofree char *text = reason(i);
            expect_words(page, text);
        }
        expect_words(page, cel_report_word(CEL_WORD_END, FALSE));
        printed++;
    }
    g_assert_cmpuint(printed, >, 0);
    g_assert_cmpuint(refused, >, 0);
}

/* ---- ink ---- */

enum { CELL = 24, COLUMNS = 24, ROWS = 34, DOTS = 2 /* a point */, DARK = 200 };

static void collect(GHashTable *set, const char *text)
{
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        if (!g_unichar_isspace(g_utf8_get_char(at)))
            g_hash_table_add(set, GUINT_TO_POINTER(g_utf8_get_char(at)));
}

static void collect_kind(GHashTable *set, const CelLibraryKind *kind)
{
    if (kind == NULL)
        return;
    collect(set, kind->name_zh);
    collect(set, kind->limit_zh);
    collect(set, kind->send_to_zh);
}

static void collect_library(GHashTable *set)
{
    const char *source = g_getenv("CELADON_SOURCE");
    g_assert_nonnull(source); /* set by meson test */
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_build_filename(source, "spectra_db", NULL);
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("celadon", "test");
    cel_library_builder_add_folder(builder, folder, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelLibrary) library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    for (gsize i = 0; i < cel_library_size(library); i++) {
        const CelSubstance *substance = cel_library_substance(library, i);
        collect(set, substance->name_zh);
        collect(set, substance->raman_caveat_zh);
        collect_kind(set, cel_library_group(library, substance->group_id));
        collect_kind(set, cel_library_class(library, substance->class_id));
    }
}

static void collect_tables(GHashTable *set)
{
    gsize n = 0;
    const CelReportItem *items = cel_report_items(&n);
    for (gsize i = 0; i < n; i++)
        collect(set, items[i].zh);
    for (guint form = 0; form < CEL_N_FORMS; form++) {
        const CelFormDef *def = cel_form_def((CelForm)form);
        const CelFormField *const lists[] = {def->fields, def->columns, def->signatures};
        collect(set, def->title_zh);
        for (gsize l = 0; l < G_N_ELEMENTS(lists); l++)
            for (const CelFormField *field = lists[l]; field->path != NULL; field++)
                collect(set, field->zh);
    }
}

/* Every character that a page in Chinese may show, in order. */
static GArray *all_characters(void)
{
    g_autoptr(GHashTable) set = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < CEL_N_WORDS; i++) {
        collect(set, cel_report_word((CelReportWord)i, TRUE));
        collect(set, cel_report_word((CelReportWord)i, FALSE));
    }
    for (guint i = 0; i < CEL_N_CLAIMS; i++)
        collect(set, cel_claim((CelClaimId)i)->zh);
    for (guint i = 0; i < CEL_N_OUTCOMES; i++)
        collect(set, cel_outcome_label((CelOutcome)i, TRUE));
    collect_library(set);
    collect_tables(set);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(gunichar));
    for (gunichar c = 1; c < 0x30000; c++)
        if (g_hash_table_contains(set, GUINT_TO_POINTER(c)))
            g_array_append_val(out, c);
    return out;
}

static PangoLayout *layout_of(cairo_t *cr, gunichar c, const char *face, gboolean fallback)
{
    char text[8] = "";
    text[g_unichar_to_utf8(c, text)] = '\0';
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string(face);
    pango_font_description_set_absolute_size(font, 14.0 * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_fallback_new(fallback));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned int n)
{
    g_byte_array_append(closure, data, n);
    return CAIRO_STATUS_SUCCESS;
}

/* A grid of the characters, the last cell of each page empty. @missing: what the font lacks. */
static GBytes *draw_grid(const GArray *characters, const char *face, GString *missing)
{
    g_autoptr(GByteArray) pdf = g_byte_array_new();
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append_bytes, pdf, COLUMNS * CELL, ROWS * CELL);
    cairo_t *cr = cairo_create(surface);
    const guint a_page = COLUMNS * ROWS - 1;
    for (guint i = 0; i < characters->len; i++) {
        const gunichar c = g_array_index(characters, gunichar, i);
        const guint cell = i % a_page;
        g_autoptr(PangoLayout) strict = layout_of(cr, c, face, FALSE);
        if (pango_layout_get_unknown_glyphs_count(strict) > 0)
            g_string_append_unichar(missing, c);
        g_autoptr(PangoLayout) layout = layout_of(cr, c, face, TRUE); /* as the page draws it */
        cairo_move_to(cr, cell % COLUMNS * CELL + 4.0, (double)(cell / COLUMNS * CELL) + 2.0);
        pango_cairo_show_layout(cr, layout);
        if (cell + 1 == a_page)
            cairo_show_page(cr);
    }
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    g_assert_cmpint(cairo_surface_status(surface), ==, CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
    return g_byte_array_free_to_bytes(g_steal_pointer(&pdf));
}

/** Picture: one page in grey. */
typedef struct {
    char *data;
    const guint8 *pixels;
    guint width, height;
} Picture;

/* One page: "P5 WIDTH HEIGHT 255" and a byte a pixel. */
static Picture rasterise(GBytes *pdf, const char *folder, guint page)
{
    g_autofree char *number = g_strdup_printf("%u", page + 1);
    g_autofree char *root = g_build_filename(folder, "page", NULL);
    g_autofree char *out = g_strconcat(root, ".pgm", NULL);
    const char *argv[] = {"pdftoppm", "-gray", "-singlefile", "-r", "144", "-f",
                          number,     "-l",    number,        NULL, root,  NULL};
    g_free(run_on(pdf, argv, 9));
    Picture picture = {NULL, NULL, COLUMNS * CELL * DOTS, ROWS * CELL * DOTS};
    gsize n = 0;
    g_assert_true(g_file_get_contents(out, &picture.data, &n, NULL));
    g_autofree char *head = g_strdup_printf("P5\n%u %u\n255\n", picture.width, picture.height);
    g_assert_true(g_str_has_prefix(picture.data, head));
    g_assert_cmpuint(n, ==, strlen(head) + (gsize)picture.width * picture.height);
    picture.pixels = (const guint8 *)picture.data + strlen(head);
    return picture;
}

static guint ink(const Picture *picture, guint cell)
{
    const guint left = cell % COLUMNS * CELL * DOTS, top = cell / COLUMNS * CELL * DOTS;
    guint n = 0;
    for (guint y = top; y < top + CELL * DOTS; y++)
        for (guint x = left; x < left + CELL * DOTS; x++)
            n += picture->pixels[(gsize)y * picture->width + x] < DARK;
    return n;
}

static void expect_ink(const Desk *desk, const GArray *characters, const char *face)
{
    g_autoptr(GString) missing = g_string_new(NULL);
    g_autoptr(GString) empty = g_string_new(NULL);
    g_autoptr(GBytes) pdf = draw_grid(characters, face, missing);
    const guint a_page = COLUMNS * ROWS - 1;
    for (guint first = 0; first < characters->len; first += a_page) {
        Picture picture = rasterise(pdf, desk->folder, first / a_page);
        const guint n = MIN(a_page, characters->len - first);
        for (guint i = 0; i < n; i++)
            if (ink(&picture, i) == 0)
                g_string_append_unichar(empty, g_array_index(characters, gunichar, first + i));
        g_assert_cmpuint(ink(&picture, a_page), ==, 0); /* an empty cell is seen as empty */
        g_free(picture.data);
    }
    g_test_message("%u characters; not in %s: \"%s\"", characters->len, face, missing->str);
    g_assert_cmpuint(characters->len, >, 500);
    g_assert_cmpstr(empty->str, ==, "");
    g_assert_cmpstr(missing->str, ==, "");
}

/* A sentence of law with a character missing is another sentence. */
static void every_character_of_the_papers_leaves_ink(Desk *desk, gconstpointer data)
{
    (void)data;
    if (!have_tool("pdftoppm"))
        return;
    g_autoptr(GArray) characters = all_characters();
    expect_ink(desk, characters, CEL_PAGE_FONT);
    expect_ink(desk, characters, CEL_PAGE_FONT " bold");
}

#define WITH_DESK(path, kind, test) g_test_add(path, Desk, kind, desk_set_up, test, desk_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    WITH_DESK("/report/driver-and-laser", NULL,
              the_paper_says_what_the_driver_was_proven_on_and_how_the_laser_was_left);
    WITH_DESK("/report/laser-unknown", NULL,
              a_laser_that_the_record_does_not_call_off_is_not_called_off);
    WITH_DESK("/report/same-bytes", NULL, the_same_file_gives_the_same_bytes);
    WITH_DESK("/report/words", NULL, the_page_says_who_what_when_and_what_it_rests_on);
    WITH_DESK("/report/words/found", DEVELOPMENT, the_page_says_who_what_when_and_what_it_rests_on);
    WITH_DESK("/report/digests", NULL, the_page_shows_the_digests_of_the_file);
    WITH_DESK("/report/fonts", NULL, every_font_is_embedded);
    WITH_DESK("/report/training/marked", NULL,
              a_training_record_says_so_twice_and_in_both_languages);
    WITH_DESK("/report/training/not-marked", NULL, a_record_of_real_data_has_no_training_mark);
    WITH_DESK("/report/forbidden/real", DEVELOPMENT, no_page_says_a_forbidden_word);
    WITH_DESK("/report/forbidden/training", NULL, no_training_page_says_a_forbidden_word);
    g_test_add("/report/too-long", Bag, NULL, bag_set_up,
               a_record_too_long_for_the_page_is_refused_and_never_cut, bag_tear_down);
    WITH_DESK("/report/ink", NULL, every_character_of_the_papers_leaves_ink);
    return g_test_run();
}
