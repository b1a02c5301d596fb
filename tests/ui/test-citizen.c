/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-settings.h"
#include "citizen/cel-card-dialog.h"
#include "citizen/cel-language.h"
#include "citizen/cel-preferences.h"
#include "citizen/cel-shortcuts.h"
#include "citizen/cel-tour.h"
#include "help/cel-help-book.h"
#include "help/cel-help.h"
#include "ui-test.h"

#include <string.h>

static char *folder;
static CelWindow *window;

static const char *const languages[] = {"zh_CN", "en"};

/* ---- markup of the help ---- */

static const CelHelpBlock *nth(GPtrArray *blocks, guint i)
{
    g_assert_cmpuint(i, <, blocks->len);
    return g_ptr_array_index(blocks, i);
}

static void blocks_are_told_by_how_they_begin(void)
{
    g_autoptr(GPtrArray) blocks =
        cel_help_text_parse("# Title\n\nfirst\nsecond\n\n- item\n- item\n\n1. step\n2. step\n\n> "
                            "note\n\n![what](a.svg)");
    static const CelHelpKind kinds[] = {CEL_HELP_TITLE, CEL_HELP_PARAGRAPH, CEL_HELP_ITEM,
                                        CEL_HELP_ITEM,  CEL_HELP_STEP,      CEL_HELP_STEP,
                                        CEL_HELP_NOTE,  CEL_HELP_PICTURE};
    g_assert_cmpuint(blocks->len, ==, G_N_ELEMENTS(kinds));
    for (guint i = 0; i < blocks->len; i++)
        g_assert_cmpint((int)nth(blocks, i)->kind, ==, (int)kinds[i]);
    g_assert_cmpstr(nth(blocks, 1)->plain, ==, "first second");
    g_assert_cmpuint(nth(blocks, 5)->number, ==, 2);
    g_assert_cmpstr(nth(blocks, 7)->file, ==, "a.svg");
}

static void chinese_is_joined_without_a_blank(void)
{
    g_autoptr(GPtrArray) blocks = cel_help_text_parse("松手\n即灭");
    g_assert_cmpstr(nth(blocks, 0)->plain, ==, "松手即灭");
}

static void words_of_a_line_are_marked_and_escaped(void)
{
    g_autoptr(GPtrArray) blocks =
        cel_help_text_parse("**a<b** `F1` [see](laser) 2 * 3 ** [x] `open");
    g_assert_cmpstr(nth(blocks, 0)->markup, ==,
                    "<b>a&lt;b</b> <tt>F1</tt> <a href=\"laser\">see</a> 2 * 3 ** [x] `open");
    g_assert_cmpstr(nth(blocks, 0)->plain, ==, "a<b F1 see 2 * 3 ** [x] `open");
}

static void a_search_finds_every_word_in_any_case(void)
{
    g_assert_true(cel_help_text_matches("The Laser is dark", "LASER dark"));
    g_assert_false(cel_help_text_matches("The Laser is dark", "laser light"));
    g_assert_true(cel_help_text_matches("激光安全", "激光"));
    g_assert_true(cel_help_text_matches("anything", ""));
}

/* ---- the book ---- */

static void every_page_is_there_in_both_languages(void)
{
    for (gsize l = 0; l < G_N_ELEMENTS(languages); l++) {
        g_autoptr(GPtrArray) book = cel_help_book_read(languages[l]);
        for (guint i = 0; i < book->len; i++) {
            const CelHelpPage *page = g_ptr_array_index(book, i);
            g_test_message("%s %s", languages[l], page->def->id);
            g_assert_cmpint((int)nth(page->blocks, 0)->kind, ==, CEL_HELP_TITLE);
            g_assert_cmpuint(page->blocks->len, >, 5);
        }
    }
}

static gboolean is_page(const char *id)
{
    gsize n = 0;
    const CelHelpDef *defs = cel_help_defs(&n);
    for (gsize i = 0; i < n; i++)
        if (strcmp(defs[i].id, id) == 0)
            return TRUE;
    return FALSE;
}

static void check_block(const CelHelpBlock *block)
{
    g_autofree char *path = g_strdup_printf("/org/celadon/Celadon/help/pictures/%s", block->file);
    if (block->file != NULL)
        g_assert_true(g_resources_get_info(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL));
    g_assert_true(pango_parse_markup(block->markup, -1, 0, NULL, NULL, NULL, NULL) ||
                  strstr(block->markup, "<a href") != NULL);
    for (const char *at = block->markup; (at = strstr(at, "<a href=\"")) != NULL;) {
        at += strlen("<a href=\"");
        g_autofree char *id = g_strndup(at, strcspn(at, "\""));
        g_assert_true(is_page(id));
    }
}

static void links_and_pictures_lead_somewhere(void)
{
    for (gsize l = 0; l < G_N_ELEMENTS(languages); l++) {
        g_autoptr(GPtrArray) book = cel_help_book_read(languages[l]);
        for (guint i = 0; i < book->len; i++) {
            const CelHelpPage *page = g_ptr_array_index(book, i);
            for (guint k = 0; k < page->blocks->len; k++)
                check_block(nth(page->blocks, k));
        }
    }
}

/* The words that no result may say stand in no help either: it would teach them. */
static void the_help_keeps_to_the_words_of_the_law(void)
{
    static const char *const never[] = {"检出", "阳性", "阴性",   "排除了", "鉴定为",
                                        "认定", "纯度", "置信度", "匹配度"};
    g_autoptr(GPtrArray) book = cel_help_book_read("zh_CN");
    for (guint i = 0; i < book->len; i++) {
        const CelHelpPage *page = g_ptr_array_index(book, i);
        for (gsize k = 0; k < G_N_ELEMENTS(never); k++)
            g_assert_null(strstr(page->plain, never[k]));
    }
}

static void f1_opens_the_page_for_what_is_in_view(void)
{
    g_assert_cmpstr(cel_help_for("why")->id, ==, "why");
    g_assert_cmpstr(cel_help_for("daybook")->id, ==, "checks");
    g_assert_cmpstr(cel_help_for("no such page")->id, ==, "first-steps");
    g_assert_cmpstr(cel_help_for(NULL)->id, ==, "first-steps");
}

static void every_page_of_the_window_has_its_help(void)
{
    gsize n = 0;
    const CelPageDef *defs = cel_page_defs(&n);
    for (gsize i = 0; i < n; i++) {
        const gboolean is_first =
            strcmp(defs[i].id, "welcome") == 0 || strcmp(defs[i].id, "sign-in") == 0;
        g_test_message("%s", defs[i].id);
        g_assert_true(is_first == (strcmp(cel_help_for(defs[i].id)->id, "first-steps") == 0));
    }
}

/* ---- the window of the help ---- */

static CelHelp *open_help(void)
{
    CelHelp *help = cel_help_new(GTK_WINDOW(window));
    gtk_window_present(GTK_WINDOW(help));
    ui_pump_idle(window, 50);
    return help;
}

static void a_link_is_followed_and_back_returns(void)
{
    CelHelp *help = open_help();
    cel_help_show_page(help, "laser");
    cel_help_show_page(help, "no such page");
    g_assert_cmpstr(cel_help_page_id(help), ==, "laser");
    gtk_widget_activate_action(GTK_WIDGET(help), "help.back", NULL);
    g_assert_cmpstr(cel_help_page_id(help), ==, "first-steps");
    gtk_widget_activate_action(GTK_WIDGET(help), "help.back", NULL);
    g_assert_cmpstr(cel_help_page_id(help), ==, "first-steps");
    gtk_window_destroy(GTK_WINDOW(help));
}

static void the_search_lists_the_pages_that_have_the_words(void)
{
    gsize n = 0;
    cel_help_defs(&n);
    CelHelp *help = open_help();
    g_assert_cmpuint(cel_help_n_found(help), ==, n);
    cel_help_search(help, "eyewear");
    g_assert_cmpuint(cel_help_n_found(help), ==, 1);
    cel_help_search(help, "laser qwertz");
    g_assert_cmpuint(cel_help_n_found(help), ==, 0);
    cel_help_search(help, "");
    g_assert_cmpuint(cel_help_n_found(help), ==, n);
    gtk_window_destroy(GTK_WINDOW(help));
}

/* ---- keys ---- */

static gboolean is_shown(const char *key)
{
    gsize n = 0;
    const CelShortcut *rows = cel_shortcuts(&n);
    for (gsize i = 0; i < n; i++) {
        g_auto(GStrv) keys = g_strsplit(rows[i].keys, " ", -1);
        for (char **at = keys; *at != NULL; at++) {
            guint shown = 0, wanted = 0;
            GdkModifierType shown_with = 0, wanted_with = 0;
            g_assert_true(gtk_accelerator_parse(*at, &shown, &shown_with));
            g_assert_true(gtk_accelerator_parse(key, &wanted, &wanted_with));
            if (shown == wanted && shown_with == wanted_with)
                return TRUE;
        }
    }
    return FALSE;
}

static void every_key_of_the_program_is_shown(void)
{
    GtkApplication *application = gtk_window_get_application(GTK_WINDOW(window));
    g_auto(GStrv) actions = gtk_application_list_action_descriptions(application);
    guint n_keys = 0;
    for (char **action = actions; *action != NULL; action++) {
        g_auto(GStrv) keys = gtk_application_get_accels_for_action(application, *action);
        for (char **key = keys; *key != NULL; key++) {
            g_test_message("%s: %s", *action, *key);
            g_assert_true(is_shown(*key));
            n_keys++;
        }
    }
    g_assert_cmpuint(n_keys, >, 4);
}

/* ---- the card ---- */

static void a_card_gives_the_size_of_any_screen(void)
{
    static const double dpi[] = {96.0, 149.0, 220.0};
    static const int px[] = {72, 112, 165};
    for (gsize i = 0; i < G_N_ELEMENTS(dpi); i++) {
        const double width = dpi[i] / 25.4 * CEL_CARD_WIDTH_MM;
        const CelScreen screen = {.measured_per_mm = cel_card_per_mm(width)};
        g_assert_cmpfloat_with_epsilon(cel_card_dpi(width), dpi[i], 1e-6);
        g_assert_cmpint(ABS(cel_touch_px(&screen) - px[i]), <=, 1);
        g_assert_cmpfloat_with_epsilon(cel_card_clamp(width, 4000.0), width, 1e-9);
    }
}

static void a_card_is_never_wider_than_its_room_or_any_screen(void)
{
    g_assert_cmpfloat_with_epsilon(cel_card_clamp(900.0, 700.0), 700.0, 1e-9);
    g_assert_cmpfloat(cel_card_dpi(cel_card_clamp(1.0, 700.0)), >=, 59.9);
    g_assert_cmpfloat(cel_card_dpi(cel_card_clamp(1e6, 1e6)), <=, 400.1);
}

static void a_screen_is_measured_only_where_its_size_is_needed_and_not_known(void)
{
    const CelScreen unknown = {.width_px = 1280}, lying = {.width_px = 1280, .width_mm = 16};
    const CelScreen known = {.width_px = 1280, .width_mm = 218};
    g_assert_true(cel_card_must_ask(&unknown, FALSE, TRUE));
    g_assert_true(cel_card_must_ask(&lying, FALSE, TRUE));
    g_assert_false(cel_card_must_ask(&known, FALSE, TRUE));
    g_assert_false(cel_card_must_ask(&unknown, TRUE, TRUE));
    g_assert_false(cel_card_must_ask(&unknown, FALSE, FALSE));
}

static void what_was_measured_is_kept_and_makes_the_targets_larger(void)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    CelCardDialog *dialog = cel_card_dialog_new(GTK_WINDOW(window), settings);
    gtk_window_present(GTK_WINDOW(dialog));
    ui_pump_idle(window, 100);
    cel_card_dialog_set_width(dialog, 502.0);
    gtk_widget_activate_action(GTK_WIDGET(dialog), "card.wider", NULL);
    g_assert_cmpfloat_with_epsilon(cel_card_dialog_width(dialog), 503.0, 1e-9);
    gtk_widget_activate_action(GTK_WIDGET(dialog), "card.save", NULL);
    ui_pump_idle(window, 50);
    g_assert_cmpfloat_with_epsilon(g_settings_get_double(settings, "touch-dots-per-mm"),
                                   503.0 / CEL_CARD_WIDTH_MM, 1e-9);
    g_settings_reset(settings, "touch-dots-per-mm");
}

/* ---- preferences ---- */

static AdwComboRow *combo(GtkWidget *root, const char *title)
{
    GtkWidget *row = ui_find(root, ADW_TYPE_COMBO_ROW, title);
    g_assert_nonnull(row);
    return ADW_COMBO_ROW(row);
}

static void a_choice_holds_at_once(void)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    CelPreferences *p = cel_preferences_new(window);
    gtk_window_present(GTK_WINDOW(p));
    ui_pump_idle(window, 50);
    adw_combo_row_set_selected(combo(GTK_WIDGET(p), "Appearance"), 3);
    g_assert_true(gtk_widget_has_css_class(GTK_WIDGET(window), "day"));
    adw_combo_row_set_selected(combo(GTK_WIDGET(p), "Way of working"), 1);
    g_assert_cmpint((int)cel_window_mode(window), ==, CEL_MODE_FIELD);
    g_settings_reset(settings, "mode");
    g_settings_reset(settings, "appearance");
    gtk_window_destroy(GTK_WINDOW(p));
    ui_pump_idle(window, 50);
}

static void a_dialog_of_anybody_looks_as_its_window(void)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(window), "?", NULL);
    g_assert_false(gtk_widget_has_css_class(dialog, "day"));
    g_settings_set_string(settings, "appearance", "day");
    g_assert_true(gtk_widget_has_css_class(dialog, "day"));
    gtk_window_destroy(GTK_WINDOW(dialog));
    dialog = adw_message_dialog_new(GTK_WINDOW(window), "?", NULL);
    g_assert_true(gtk_widget_has_css_class(dialog, "day"));
    gtk_window_destroy(GTK_WINDOW(dialog));
    g_settings_reset(settings, "appearance");
}

static void a_language_is_kept_for_the_next_start(void)
{
    CelPreferences *p = cel_preferences_new(window);
    gtk_window_present(GTK_WINDOW(p));
    ui_pump_idle(window, 50);
    g_assert_cmpint((int)cel_language_chosen(), ==, CEL_LANGUAGE_SYSTEM);
    adw_combo_row_set_selected(combo(GTK_WIDGET(p), "Language"), CEL_LANGUAGE_CHINESE);
    g_assert_cmpint((int)cel_language_chosen(), ==, CEL_LANGUAGE_CHINESE);
    g_autofree char *before = g_strdup(g_getenv("LANGUAGE"));
    cel_language_apply();
    g_assert_cmpstr(g_getenv("LANGUAGE"), ==, "zh_CN");
    g_setenv("LANGUAGE", before != NULL ? before : "en", TRUE);
    adw_combo_row_set_selected(combo(GTK_WIDGET(p), "Language"), CEL_LANGUAGE_SYSTEM);
    g_assert_cmpint((int)cel_language_chosen(), ==, CEL_LANGUAGE_SYSTEM);
    gtk_window_destroy(GTK_WINDOW(p));
    ui_pump_idle(window, 50);
}

/* ---- the tour ---- */

static void the_tour_ends_after_its_last_card_and_is_remembered(void)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    guint n = 0;
    g_settings_set_boolean(settings, "tour-seen", FALSE);
    CelTour *tour = cel_tour_start(window, settings);
    cel_tour_step(tour, &n);
    for (guint i = 0; i < n; i++) {
        g_assert_cmpuint(cel_tour_step(tour, NULL), ==, i);
        g_assert_true(gtk_widget_get_visible(GTK_WIDGET(tour)));
        ui_pump_idle(window, 30);
        ui_click(GTK_WIDGET(tour), i + 1 < n ? "Next" : "Begin");
    }
    g_assert_null(cel_tour_of(window));
    g_assert_true(g_settings_get_boolean(settings, "tour-seen"));
}

static void the_tour_can_be_skipped_and_taken_again(void)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    CelTour *tour = cel_tour_start(window, settings);
    gtk_widget_activate_action(GTK_WIDGET(tour), "tour.next", NULL);
    gtk_widget_activate_action(GTK_WIDGET(tour), "tour.back", NULL);
    g_assert_cmpuint(cel_tour_step(tour, NULL), ==, 0);
    gtk_widget_activate_action(GTK_WIDGET(tour), "tour.skip", NULL);
    g_assert_null(cel_tour_of(window));
    g_action_group_activate_action(G_ACTION_GROUP(gtk_window_get_application(GTK_WINDOW(window))),
                                   "tour", NULL);
    g_assert_nonnull(cel_tour_of(window));
    gtk_widget_activate_action(GTK_WIDGET(cel_tour_of(window)), "tour.skip", NULL);
}

/* ---- who was here last ---- */

static gboolean is_chosen(gpointer row)
{
    return *(GtkWidget **)row != NULL && gtk_list_box_row_is_selected(*(GtkListBoxRow **)row);
}

static gboolean finds_the_chosen(gpointer row)
{
    *(GtkWidget **)row = ui_find(GTK_WIDGET(window), ADW_TYPE_ACTION_ROW, "Practice reviewer");
    return is_chosen(row);
}

static void who_signed_in_last_is_chosen_already(void)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    g_autofree char *path = g_build_filename(folder, "people", "reviewer.key", NULL);
    GtkWidget *row = NULL;
    g_settings_set_string(settings, "last-person", path);
    cel_desk_sign_out(cel_window_desk(window));
    g_assert_true(ui_pump(finds_the_chosen, &row, 10000));
    g_settings_reset(settings, "last-person");
    ui_sign_in(window, folder, "technician");
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    g_test_add_func("/help/text/blocks", blocks_are_told_by_how_they_begin);
    g_test_add_func("/help/text/chinese", chinese_is_joined_without_a_blank);
    g_test_add_func("/help/text/marks", words_of_a_line_are_marked_and_escaped);
    g_test_add_func("/help/text/search", a_search_finds_every_word_in_any_case);
    g_test_add_func("/help/book/languages", every_page_is_there_in_both_languages);
    g_test_add_func("/help/book/links", links_and_pictures_lead_somewhere);
    g_test_add_func("/help/book/words", the_help_keeps_to_the_words_of_the_law);
    g_test_add_func("/help/book/for", f1_opens_the_page_for_what_is_in_view);
    g_test_add_func("/help/book/every-page", every_page_of_the_window_has_its_help);
    g_test_add_func("/help/window/back", a_link_is_followed_and_back_returns);
    g_test_add_func("/help/window/search", the_search_lists_the_pages_that_have_the_words);
    g_test_add_func("/shortcuts/complete", every_key_of_the_program_is_shown);
    g_test_add_func("/card/dpi", a_card_gives_the_size_of_any_screen);
    g_test_add_func("/card/clamp", a_card_is_never_wider_than_its_room_or_any_screen);
    g_test_add_func("/card/ask", a_screen_is_measured_only_where_its_size_is_needed_and_not_known);
    g_test_add_func("/card/save", what_was_measured_is_kept_and_makes_the_targets_larger);
    g_test_add_func("/preferences/at-once", a_choice_holds_at_once);
    g_test_add_func("/preferences/dialogs", a_dialog_of_anybody_looks_as_its_window);
    g_test_add_func("/preferences/language", a_language_is_kept_for_the_next_start);
    g_test_add_func("/sign-in/last", who_signed_in_last_is_chosen_already);
    g_test_add_func("/tour/end", the_tour_ends_after_its_last_card_and_is_remembered);
    g_test_add_func("/tour/skip", the_tour_can_be_skipped_and_taken_again);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
