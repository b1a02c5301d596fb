/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-file.h"
#include "bench/cel-lab.h"
#include "desk/cel-archive-page.h"
#include "desk/cel-bundle-panel.h"
#include "desk/cel-desk-act.h"
#include "desk/cel-paper-window.h"
#include "desk/cel-queue-list.h"
#include "desk/cel-queue-page.h"
#include "desk/cel-queue-row.h"
#include "evidence/cel-custody.h"
#include "scene-lab.h"
#include "ui-test.h"

#include <string.h>

/* From an exhibit that is handed in to a report with two keys, as people press it. The tests share
 * one lab and follow one another. */

enum { PATIENCE_MS = 30000 };

static char *folder;
static CelWindow *window;

/* ---- what is seen ---- */

static void collect(GtkWidget *widget, GString *out)
{
    if (!gtk_widget_get_mapped(widget))
        return;
    if (GTK_IS_LABEL(widget))
        g_string_append_printf(out, "%s\n", gtk_label_get_text(GTK_LABEL(widget)));
    const char *tooltip = gtk_widget_get_tooltip_text(widget);
    if (tooltip != NULL)
        g_string_append_printf(out, "%s\n", tooltip);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        collect(child, out);
}

static gboolean sees(const char *text)
{
    g_autoptr(GString) all = g_string_new(NULL);
    collect(GTK_WIDGET(window), all);
    return strstr(all->str, text) != NULL;
}

static gboolean sees_it(gpointer text)
{
    return sees(text);
}

static void await_text(const char *text)
{
    if (!ui_pump(sees_it, (gpointer)text, PATIENCE_MS))
        g_error("\"%s\" did not come into view", text);
}

/* The first mapped widget of @type whose title is @title. */
static GtkWidget *row_of(GtkWidget *root, GType type, const char *title)
{
    if (!gtk_widget_get_mapped(root))
        return NULL;
    if (g_type_is_a(G_OBJECT_TYPE(root), type) &&
        (title == NULL ||
         g_strcmp0(adw_preferences_row_get_title(ADW_PREFERENCES_ROW(root)), title) == 0))
        return root;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *found = row_of(child, type, title);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static void fill_row(GtkWidget *root, const char *title, const char *text)
{
    GtkWidget *row = row_of(root, ADW_TYPE_ENTRY_ROW, title);
    if (row == NULL)
        g_error("no row \"%s\" is in view", title);
    gtk_editable_set_text(GTK_EDITABLE(row), text);
}

/* ---- dialogs ---- */

static GtkWidget *dialog(const char *type)
{
    GListModel *all = gtk_window_get_toplevels();
    for (guint i = 0; i < g_list_model_get_n_items(all); i++) {
        g_autoptr(GtkWidget) top = g_list_model_get_item(all, i);
        if (strcmp(G_OBJECT_TYPE_NAME(top), type) == 0 && gtk_widget_get_mapped(top))
            return top;
    }
    return NULL;
}

static gboolean has_dialog(gpointer type)
{
    return dialog(type) != NULL;
}

static gboolean has_no_dialog(gpointer type)
{
    return dialog(type) == NULL;
}

static GtkWidget *await_dialog(const char *type)
{
    g_assert_true(ui_pump(has_dialog, (gpointer)type, PATIENCE_MS));
    ui_pump_idle(window, 100);
    return dialog(type);
}

static void agree_as(const char *person)
{
    GtkWidget *second = await_dialog("CelSecondPerson");
    GtkWidget *row = row_of(second, ADW_TYPE_ACTION_ROW, person);
    g_assert_nonnull(row);
    g_signal_emit_by_name(gtk_widget_get_parent(row), "row-activated", row);
    GtkWidget *passphrase = row_of(second, ADW_TYPE_PASSWORD_ENTRY_ROW, NULL);
    gtk_editable_set_text(GTK_EDITABLE(passphrase), "practice");
    ui_click(second, "Agree");
    g_assert_true(ui_pump(has_no_dialog, (gpointer) "CelSecondPerson", PATIENCE_MS));
    ui_pump_idle(window, 100);
}

/* ---- the queue ---- */

static CelQueuePage *queue(const char *search)
{
    cel_window_show(window, "queue", search, NULL);
    ui_pump_idle(window, 300);
    return CEL_QUEUE_PAGE(cel_window_page(window, NULL));
}

static void press_act(const char *exhibit, const char *act)
{
    CelQueuePage *page = queue(exhibit);
    GtkWidget *list = ui_find(GTK_WIDGET(page), CEL_TYPE_QUEUE_LIST, NULL);
    g_autoptr(GtkBitset) first = gtk_bitset_new_range(0, 1);
    g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(cel_queue_page_model(page))), ==, 1);
    cel_queue_list_select(CEL_QUEUE_LIST(list), first);
    ui_click(GTK_WIDGET(page), act);
}

static CelExhibitState state_of(const char *exhibit)
{
    CelQueuePage *page = queue(exhibit);
    return cel_exhibit_model_facts(cel_queue_page_model(page), 0)->state;
}

static void another_number_on_the_bag_is_not_received_without_a_word(void)
{
    ui_sign_in(window, folder, "technician");
    press_act("2026-0104/1", "Receive");
    GtkWidget *form = await_dialog("CelActForm");
    fill_row(form, "2026-0104/1  疑似象牙手镯一只", "A9999");
    fill_row(form, "Condition of packaging and exhibit", "完好");
    g_assert_false(gtk_widget_get_sensitive(ui_find(form, GTK_TYPE_BUTTON, "Record")));
    fill_row(form, "Name", "赵六");
    ui_click(form, "Record");
    ui_pump_idle(window, 300);
    g_assert_true(ui_find(form, GTK_TYPE_CHECK_BUTTON, NULL) != NULL);
    g_assert_nonnull(dialog("CelActForm"));
    fill_row(form, "2026-0104/1  疑似象牙手镯一只", "A1041");
    ui_click(form, "Record");
    g_assert_true(ui_pump(has_no_dialog, (gpointer) "CelActForm", PATIENCE_MS));
    g_assert_cmpint(state_of("2026-0104/1"), ==, CEL_EXHIBIT_RECEIVED);
}

static void a_seal_is_opened_by_two_persons(void)
{
    press_act("2026-0104/1", "Open the seal");
    GtkWidget *form = await_dialog("CelActForm");
    fill_row(form, "2026-0104/1  疑似象牙手镯一只", "A1041");
    ui_click(form, "Record");
    agree_as("Practice reviewer");
    g_assert_true(ui_pump(has_no_dialog, (gpointer) "CelActForm", PATIENCE_MS));
    g_assert_cmpint(state_of("2026-0104/1"), ==, CEL_EXHIBIT_OPEN);
}

static void what_the_state_or_the_role_forbids_is_not_offered(void)
{
    CelQueuePage *page = queue("2026-0121/2");
    GtkWidget *list = ui_find(GTK_WIDGET(page), CEL_TYPE_QUEUE_LIST, NULL);
    g_autoptr(GtkBitset) first = gtk_bitset_new_range(0, 1);
    cel_queue_list_select(CEL_QUEUE_LIST(list), first);
    g_assert_true(sees("Hand over"));
    g_assert_false(sees("Dispose of"));    /* it is on hold */
    g_assert_false(sees("Lift the hold")); /* that is the head's */
}

/* The list's rows are places: after another order others stand there. */
static void the_selection_stays_with_its_exhibit_in_another_order(void)
{
    CelQueuePage *page = queue("");
    CelExhibitModel *model = cel_queue_page_model(page);
    CelQueueList *list = CEL_QUEUE_LIST(ui_find(GTK_WIDGET(page), CEL_TYPE_QUEUE_LIST, NULL));
    const guint n = cel_exhibit_model_size(model);
    g_assert_cmpuint(n, >, 2);
    gtk_widget_activate_action(GTK_WIDGET(page), "queue.sort", "s", "0-up");
    ui_pump_idle(window, 200);
    g_autoptr(GtkBitset) first = gtk_bitset_new_range(0, 1);
    GtkWidget *row = ui_find(GTK_WIDGET(page), CEL_TYPE_QUEUE_ROW, NULL);
    g_autofree char *lowest = g_strdup(cel_exhibit_model_facts(model, 0)->item_id);
    cel_queue_list_select(list, first);
    gtk_widget_activate_action(GTK_WIDGET(page), "queue.sort", "s", "0-down");
    ui_pump_idle(window, 200);
    g_autoptr(GtkBitset) selected = cel_queue_list_selected(list);
    g_assert_cmpuint(gtk_bitset_get_size(selected), ==, 1);
    g_assert_cmpuint(gtk_bitset_get_minimum(selected), ==, n - 1);
    g_assert_cmpstr(cel_exhibit_model_facts(model, n - 1)->item_id, ==, lowest);
    const CelExhibitFacts *facts = cel_exhibit_model_facts(model, 0);
    g_autofree char *words = g_strdup_printf("%s/%s, %s, %s", facts->case_id, facts->item_id,
                                             facts->description, cel_state_words(facts->state));
    gtk_test_accessible_assert_property(row, GTK_ACCESSIBLE_PROPERTY_LABEL, words);
}

enum { MANY = 200, WANTED = 150 };

/* Rows come in steps, as quick as the machine is. */
static gboolean all_came(gpointer page)
{
    return g_list_model_get_n_items(G_LIST_MODEL(cel_queue_page_model(page))) == MANY;
}

static CelQueuePage *show_many(void)
{
    CelQueuePage *page = queue("");
    CelExhibitIndex *index = cel_exhibit_index_new();
    for (guint i = 0; i < MANY; i++) {
        g_autofree char *case_id = g_strdup_printf("L-%04u", i);
        cel_exhibit_index_add(index, &(CelExhibitFacts){.case_id = case_id, .item_id = "1"});
    }
    cel_exhibit_index_finish(index);
    gtk_widget_activate_action(GTK_WIDGET(page), "queue.sort", "s", "0-up");
    cel_queue_page_show(page, index);
    cel_exhibit_index_unref(index);
    g_assert_true(ui_pump(all_came, page, 20000));
    return page;
}

static void search(CelQueuePage *page, const char *text)
{
    GtkWidget *entry = ui_find(GTK_WIDGET(page), GTK_TYPE_SEARCH_ENTRY, NULL);
    gtk_editable_set_text(GTK_EDITABLE(entry), text);
    ui_pump_idle(window, 1000);
}

static void assert_selected(CelQueuePage *page, guint place)
{
    CelQueueList *list = CEL_QUEUE_LIST(ui_find(GTK_WIDGET(page), CEL_TYPE_QUEUE_LIST, NULL));
    g_autoptr(GtkBitset) selected = cel_queue_list_selected(list);
    g_assert_cmpuint(gtk_bitset_get_size(selected), ==, 1);
    g_assert_cmpuint(gtk_bitset_get_minimum(selected), ==, place);
}

/* Many rows come in steps: none beside the chosen one is selected with them. */
static void the_selection_is_one_exhibit_when_many_come_back(void)
{
    CelQueuePage *page = show_many();
    CelQueueList *list = CEL_QUEUE_LIST(ui_find(GTK_WIDGET(page), CEL_TYPE_QUEUE_LIST, NULL));
    g_autoptr(GtkBitset) first = gtk_bitset_new_range(0, 1);
    search(page, "L-0150");
    g_assert_cmpuint(cel_exhibit_model_size(cel_queue_page_model(page)), ==, 1);
    cel_queue_list_select(list, first);
    search(page, "");
    g_assert_true(ui_pump(all_came, page, 20000));
    assert_selected(page, WANTED);
}

/* Chosen while the answer to a search is on its way. */
static void the_selection_is_the_latest_one(void)
{
    CelQueuePage *page = show_many();
    GtkWidget *view = ui_find(GTK_WIDGET(page), GTK_TYPE_LIST_VIEW, NULL);
    GtkSelectionModel *model = gtk_list_view_get_model(GTK_LIST_VIEW(view));
    gtk_selection_model_select_item(model, 3, TRUE);
    gtk_widget_activate_action(GTK_WIDGET(page), "queue.sort", "s", "0-down");
    gtk_selection_model_select_item(model, 7, TRUE);
    ui_pump_idle(window, 500);
    assert_selected(page, MANY - 1 - 7);
}

/* ---- review and release ---- */

static char *fid_of(const char *item)
{
    g_autoptr(CelLab) lab = cel_lab_open(folder, NULL);
    const CelRowQuery query = {.match = {{"case_id", SCENE_CASE, 0}, {"item_id", item, 0}}};
    g_autoptr(JsonObject) row = cel_register_row(cel_lab_register(lab), CEL_ROW_FILE, &query, NULL);
    return g_strdup(cel_row_text(row, "fid"));
}

static void choose_claim(GtkWidget *root, const char *name)
{
    GtkWidget *drop = ui_find(root, GTK_TYPE_DROP_DOWN, NULL);
    GListModel *names = gtk_drop_down_get_model(GTK_DROP_DOWN(drop));
    for (guint i = 0; i < g_list_model_get_n_items(names); i++) {
        g_autoptr(GtkStringObject) one = g_list_model_get_item(names, i);
        if (strcmp(gtk_string_object_get_string(one), name) == 0)
            gtk_drop_down_set_selected(GTK_DROP_DOWN(drop), i);
    }
    g_assert_cmpuint(gtk_drop_down_get_selected(GTK_DROP_DOWN(drop)), >, 0);
}

static void the_claim_is_hidden_until_the_verdict_is_on_record(void)
{
    g_autofree char *fid = fid_of(SCENE_WAITING);
    ui_sign_in(window, folder, "reviewer");
    cel_window_show(window, "review", fid, NULL);
    await_text("Your own verdict");
    GtkWidget *page = GTK_WIDGET(cel_window_page(window, NULL));
    g_assert_false(sees("Polystyrene"));
    g_assert_false(sees(cel_outcome_label(CEL_OUTCOME_INCONCLUSIVE, FALSE)));
    g_assert_false(sees("Sealed result"));
    GtkWidget *outcome = row_of(page, ADW_TYPE_COMBO_ROW, "Outcome");
    choose_claim(page, "Polystyrene");
    adw_combo_row_set_selected(ADW_COMBO_ROW(outcome), CEL_OUTCOME_INCONCLUSIVE);
    ui_click(page, "Record my verdict");
    await_text("Both found the same");
    g_assert_true(sees("Polystyrene"));
}

static void two_keys_release_the_report(void)
{
    GtkWidget *page = GTK_WIDGET(cel_window_page(window, NULL));
    await_text("Nothing blocks the release");
    static const char *const known[] = {"lab/address", "instrument/asset", "Closing check"};
    g_assert_false(sees("Court page"));
    g_assert_true(sees("sampling/population")); /* nobody gave it at the receipt */
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert_false(sees(known[i]));
    fill_row(page, "Number of the report", "R-2026-0113-2");
    ui_click(page, "Release the report…");
    agree_as("Practice lab head");
    await_text("Parts of a sealed file");
    g_autoptr(CelLab) lab = cel_lab_open(folder, NULL);
    const CelRowQuery query = {.match = {{"report", "R-2026-0113-2", 0}}};
    guint64 n = 0;
    g_assert_true(cel_register_count(cel_lab_register(lab), CEL_ROW_RELEASE, &query, &n, NULL));
    g_assert_cmpuint(n, ==, 1);
}

/* ---- the archive ---- */

static void every_question_about_a_file_has_its_own_line(void)
{
    g_autofree char *fid = fid_of("1");
    ui_sign_in(window, folder, "technician");
    cel_window_show(window, "archive", fid, NULL);
    await_text("Parts of a sealed file");
    static const char *const lines[] = {
        "Content, SHA-256",    "Content, SM3",         "Nothing added", "Manifest",
        "Signature, SM2",      "Who signed",           "Training",      "Time of the seal",
        "Place in the ledger", "Result computed again"};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        g_assert_true(sees(lines[i]));
    g_assert_false(sees("contradicted"));
    g_assert_false(sees("seals this exhibit again")); /* its bag does, and that is no file */
}

static void a_file_with_something_added_is_contradicted_and_makes_no_paper(void)
{
    g_autofree char *fid = fid_of("1");
    g_autofree char *name = g_strconcat(fid, ".cel.h5", NULL);
    g_autofree char *from = g_build_filename(folder, "archive", name, NULL);
    g_autofree char *to = g_build_filename(folder, "..", "copy.cel.h5", NULL);
    g_autoptr(CelH5Node) root = cel_h5_read(from, CEL_SEAL_MAX_BYTES, NULL, NULL);
    cel_h5_put_text(root, "note", "added later");
    g_autoptr(GBytes) bytes = cel_h5_to_bytes(root, NULL);
    g_assert_true(cel_file_write(to, bytes, 0644, NULL));
    cel_window_show(window, "archive", to, NULL);
    await_text("This file is not what was sealed");
    g_assert_true(sees("contradicted"));
    g_assert_false(sees("Court page"));
}

static gboolean has_pages(gpointer paper)
{
    return cel_paper_window_pages(CEL_PAPER_WINDOW(paper)) > 0;
}

static void a_paper_is_shown_as_its_pages(void)
{
    g_autofree char *fid = fid_of("1");
    cel_window_show(window, "archive", fid, NULL);
    await_text("Court page");
    ui_click(GTK_WIDGET(cel_window_page(window, NULL)), "English");
    GtkWidget *paper = await_dialog("CelPaperWindow");
    g_assert_true(ui_pump(has_pages, paper, PATIENCE_MS));
    gtk_window_destroy(GTK_WINDOW(paper));
}

static gboolean is_there(gpointer path)
{
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void a_case_goes_out_as_a_bundle_and_comes_in_again(void)
{
    g_autofree char *path = g_build_filename(folder, "..", "bundle.zip", NULL);
    CelPage *page = cel_window_page(window, NULL);
    cel_bundle_export_start(page, SCENE_CASE, "检察院", path);
    g_assert_true(ui_pump(is_there, path, PATIENCE_MS));
    ui_pump_idle(window, 100);
    g_autoptr(GPtrArray) dropped = g_ptr_array_new();
    g_ptr_array_add(dropped, path);
    cel_archive_page_drop(CEL_ARCHIVE_PAGE(page), dropped);
    await_text("Events and signatures");
    g_assert_true(sees("Bundle of case " SCENE_CASE));
    g_assert_false(sees("contradicted"));
}

static void five_hundred_files_are_answered_in_one_sentence(void)
{
    g_autoptr(GPtrArray) dropped = g_ptr_array_new();
    for (guint i = 0; i < 500; i++)
        g_ptr_array_add(dropped, (gpointer) "/x/a.csv");
    cel_archive_page_drop(CEL_ARCHIVE_PAGE(cel_window_page(window, NULL)), dropped);
    await_text("500 files were dropped");
}

int main(int argc, char **argv)
{
    g_setenv("GTK_A11Y", "test", TRUE); /* names are kept without a bus */
    ui_test_init(&argc, &argv);
    folder = scene_lab();
    window = ui_window(&folder);
    g_test_add_func("/queue/receive/other-number",
                    another_number_on_the_bag_is_not_received_without_a_word);
    g_test_add_func("/queue/open-seal/two-persons", a_seal_is_opened_by_two_persons);
    g_test_add_func("/queue/acts/offered", what_the_state_or_the_role_forbids_is_not_offered);
    g_test_add_func("/queue/order/selection",
                    the_selection_stays_with_its_exhibit_in_another_order);
    g_test_add_func("/queue/rows/selection", the_selection_is_one_exhibit_when_many_come_back);
    g_test_add_func("/queue/asked/selection", the_selection_is_the_latest_one);
    g_test_add_func("/review/blind/hidden", the_claim_is_hidden_until_the_verdict_is_on_record);
    g_test_add_func("/review/release/two-keys", two_keys_release_the_report);
    g_test_add_func("/archive/verify/lines", every_question_about_a_file_has_its_own_line);
    g_test_add_func("/archive/verify/contradicted",
                    a_file_with_something_added_is_contradicted_and_makes_no_paper);
    g_test_add_func("/archive/paper/pages", a_paper_is_shown_as_its_pages);
    g_test_add_func("/archive/bundle/out-and-in", a_case_goes_out_as_a_bundle_and_comes_in_again);
    g_test_add_func("/archive/drop/many", five_hundred_files_are_answered_in_one_sentence);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
