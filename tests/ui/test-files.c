/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-files-page.h"
#include "files/cel-library-page.h"
#include "files/cel-own-entry.h"
#include "ui-test.h"

#include <string.h>
#include <time.h>

enum { PATIENCE_MS = 30000, MANY = 500, FEW = 12 };

static char *folder, *place;
static CelWindow *window;

/* ---- files to drop ---- */

static char *write_spectrum(const char *name, double centre)
{
    char *path = g_build_filename(place, name, NULL);
    g_autoptr(GString) text = g_string_new("# Raman shift (cm-1), counts, laser 785 nm\n");
    for (int x = 200; x <= 1800; x += 2) {
        const double u = (x - centre) / 6.0;
        g_string_append_printf(text, "%d,%.3f\n", x, 10.0 + 1000.0 / (1.0 + u * u));
    }
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    return path;
}

static GtkStringList *many_files(guint n)
{
    GtkStringList *list = gtk_string_list_new(NULL);
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf("many-%03u.csv", i);
        g_autofree char *path = write_spectrum(name, 600.0 + i);
        gtk_string_list_append(list, path);
    }
    return list;
}

static gboolean is_shown(gpointer text)
{
    return ui_find(GTK_WIDGET(window), GTK_TYPE_WIDGET, text) != NULL;
}

static gboolean shows(const char *text)
{
    return is_shown((gpointer)text);
}

static gboolean will_show(const char *text)
{
    return ui_pump(is_shown, (gpointer)text, PATIENCE_MS);
}

static void begin(void)
{
    cel_window_show(window, "import", NULL, NULL);
    ui_pump_idle(window, 20);
    GtkWidget *clear = ui_find(GTK_WIDGET(window), GTK_TYPE_BUTTON, "Clear");
    if (gtk_widget_is_sensitive(clear))
        ui_click(GTK_WIDGET(window), "Clear");
    ui_pump_idle(window, 20);
}

/* ---- tests ---- */

static void a_file_is_shown_as_what_it_is_before_anything_is_done(void)
{
    g_autofree char *path = write_spectrum("one.csv", 1001.0);
    begin();
    cel_window_open_file(window, path);
    ui_pump_idle(window, 100);
    g_assert_true(will_show("Points"));
    GtkWidget *row = ui_find(GTK_WIDGET(window), ADW_TYPE_ACTION_ROW, "Points");
    g_assert_cmpstr(adw_action_row_get_subtitle(ADW_ACTION_ROW(row)), ==, "801");
    row = ui_find(GTK_WIDGET(window), ADW_TYPE_ACTION_ROW, "Axis");
    g_assert_nonnull(strstr(adw_action_row_get_subtitle(ADW_ACTION_ROW(row)), "cm-1"));
}

static void a_wrong_file_is_said_in_a_sentence_and_hurts_nothing(void)
{
    g_autofree char *path = g_build_filename(place, "letter.pdf", NULL);
    begin();
    g_assert_true(g_file_set_contents(path, "%PDF-1.4 not a spectrum at all", -1, NULL));
    cel_window_open_file(window, path);
    ui_pump_idle(window, 200);
    GtkWidget *problem = ui_find_class(GTK_WIDGET(window), "problem");
    g_assert_nonnull(problem);
    g_assert_cmpuint(strlen(gtk_label_get_text(GTK_LABEL(problem))), >, 20);
}

static void five_hundred_dropped_files_are_a_list_at_once(void)
{
    g_autoptr(GtkStringList) list = many_files(MANY);
    begin();
    const clock_t before = clock(); /* of this processor: others work here too */
    cel_window_show(window, "import", NULL, G_OBJECT(list));
    const double took_s = (double)(clock() - before) / CLOCKS_PER_SEC;
    g_assert_true(will_show("500 files"));
    g_assert_cmpfloat(took_s, <, 0.5);
    cel_window_show(window, "import", NULL, G_OBJECT(list));
    g_assert_true(shows("500 files"));
}

static void all_files_get_an_answer_and_a_bad_one_does_not_stop_the_others(void)
{
    g_autoptr(GtkStringList) list = many_files(FEW);
    g_autofree char *bad = g_build_filename(place, "bad.csv", NULL);
    begin();
    g_assert_true(g_file_set_contents(bad, "nothing", -1, NULL));
    gtk_string_list_splice(list, 3, 0, (const char *const[]){bad, NULL});
    cel_window_show(window, "import", NULL, G_OBJECT(list));
    ui_pump_idle(window, 50);
    ui_click(GTK_WIDGET(window), "Identify all");
    g_assert_true(will_show("13 files, 13 done, 1 of them could not be evaluated"));
}

static gboolean some_done(gpointer data)
{
    (void)data;
    return !shows("500 files") && !shows("500 files, 0 done, 0 of them could not be evaluated");
}

static void a_batch_that_is_stopped_keeps_what_is_done(void)
{
    g_autoptr(GtkStringList) list = many_files(MANY);
    begin();
    cel_window_show(window, "import", NULL, G_OBJECT(list));
    ui_pump_idle(window, 50);
    ui_click(GTK_WIDGET(window), "Identify all");
    g_assert_true(ui_pump(some_done, NULL, PATIENCE_MS));
    ui_click(GTK_WIDGET(window), "Stop");
    ui_pump_idle(window, 100);
    GtkWidget *save = ui_find(GTK_WIDGET(window), GTK_TYPE_BUTTON, "Save all…");
    g_assert_true(gtk_widget_is_sensitive(save));
    g_assert_false(shows("500 files, 500 done, 0 of them could not be evaluated"));
}

static void the_libraries_are_searched_by_name_in_both_languages(void)
{
    static const char *const wanted[] = {"聚苯乙烯", "polystyrene"};
    cel_window_show(window, "library", NULL, NULL);
    ui_pump_idle(window, 100);
    GtkWidget *search = ui_find(GTK_WIDGET(window), GTK_TYPE_SEARCH_ENTRY, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        gtk_editable_set_text(GTK_EDITABLE(search), wanted[i]);
        ui_pump_idle(window, 300);
        g_assert_true(shows("Polystyrene"));
    }
    gtk_editable_set_text(GTK_EDITABLE(search), "no such substance");
    ui_pump_idle(window, 300);
    g_assert_false(shows("Polystyrene"));
}

static GtkWidget *entry_row(GtkWidget *form, const char *title)
{
    GtkWidget *row = ui_find(form, ADW_TYPE_ENTRY_ROW, title);
    g_assert_nonnull(row);
    return row;
}

static gboolean in_library(gpointer data)
{
    gsize n = 0;
    const CelBench *bench = cel_desk_bench(cel_window_desk(window));
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n);
    (void)data;
    for (gsize i = 0; i < n; i++)
        if (cel_library_find(libraries[i], "our-foam") != NULL)
            return TRUE;
    return FALSE;
}

static void a_file_becomes_an_entry_of_the_own_library(void)
{
    g_autofree char *path = write_spectrum("own.csv", 777.0);
    begin();
    GtkWidget *form = cel_own_entry_new(cel_window_page(window, NULL), path, 785.0);
    gtk_window_present(GTK_WINDOW(form));
    gtk_editable_set_text(GTK_EDITABLE(entry_row(form, "Name in English")), "Our foam");
    gtk_editable_set_text(
        GTK_EDITABLE(entry_row(form, "Short name: a-z, 0-9, -")), "our-foam");
    ui_click(form, "Add to the library");
    g_assert_true(ui_pump(in_library, NULL, PATIENCE_MS));
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    place = g_dir_make_tmp("celadon-files-XXXXXX", NULL);
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    g_test_add_func("/files/preview/what-it-is",
                    a_file_is_shown_as_what_it_is_before_anything_is_done);
    g_test_add_func("/files/preview/wrong", a_wrong_file_is_said_in_a_sentence_and_hurts_nothing);
    g_test_add_func("/files/drop/500", five_hundred_dropped_files_are_a_list_at_once);
    g_test_add_func("/files/batch/all",
                    all_files_get_an_answer_and_a_bad_one_does_not_stop_the_others);
    g_test_add_func("/files/batch/stop", a_batch_that_is_stopped_keeps_what_is_done);
    g_test_add_func("/library/search/languages",
                    the_libraries_are_searched_by_name_in_both_languages);
    g_test_add_func("/library/own/added", a_file_becomes_an_entry_of_the_own_library);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    g_free(place);
    return status;
}
