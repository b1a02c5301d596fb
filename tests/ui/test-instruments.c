/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-check-guide.h"
#include "instruments/cel-daybook-page.h"
#include "instruments/cel-expected.h"
#include "instruments/cel-instruments-page.h"
#include "ui-test.h"

#include <string.h>

enum { PATIENCE_MS = 60000 };

static char *folder;
static CelWindow *window;

static const CelDeskFacts *facts(void)
{
    return cel_desk_facts(cel_window_desk(window));
}

static GtkWidget *guide(gboolean closing)
{
    cel_window_show(window, "instruments", NULL, NULL);
    ui_pump_idle(window, 50);
    GtkWidget *dialog = cel_check_guide_new(cel_window_page(window, NULL), closing);
    gtk_window_present(GTK_WINDOW(dialog));
    ui_pump_idle(window, 50);
    return dialog;
}

static void answer_all(GtkWidget *dialog)
{
    static const char *const rows[] = {"Everybody in the room wears the eyewear",
                                       "The standard or the cap blocks the beam",
                                       "Nobody is in line with the beam"};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        GtkWidget *words = ui_find(dialog, GTK_TYPE_LABEL, rows[i]);
        g_assert_nonnull(words);
        GtkWidget *check = ui_find(gtk_widget_get_parent(words), GTK_TYPE_CHECK_BUTTON, NULL);
        gtk_check_button_set_active(GTK_CHECK_BUTTON(check), TRUE);
    }
}

static gboolean has_verdict(gpointer dialog)
{
    return ui_find(dialog, GTK_TYPE_LABEL, "Check passed") != NULL ||
           ui_find(dialog, GTK_TYPE_LABEL, "Check not passed") != NULL;
}

/* What lies before the simulated instrument, and the check made of it. Returns: the dialog. */
static GtkWidget *check(const char *settings)
{
    ui_open_instrument(window, "simulated:785", settings);
    GtkWidget *dialog = guide(FALSE);
    ui_click(dialog, "It lies there");
    answer_all(dialog);
    ui_click(dialog, "Measure the standard");
    g_assert_true(ui_pump(has_verdict, dialog, PATIENCE_MS));
    ui_pump_idle(window, 100);
    return dialog;
}

static void no_light_before_every_question_is_answered(void)
{
    ui_open_instrument(window, "simulated:785", "sample=polystyrene,seed=3");
    GtkWidget *dialog = guide(FALSE);
    ui_click(dialog, "It lies there");
    GtkWidget *measure = ui_find(dialog, GTK_TYPE_BUTTON, "Measure the standard");
    g_assert_false(gtk_widget_is_sensitive(measure));
    answer_all(dialog);
    g_assert_true(gtk_widget_is_sensitive(measure));
    gtk_window_destroy(GTK_WINDOW(dialog));
}

static void a_passed_check_lets_the_instrument_be_used(void)
{
    GtkWidget *dialog = check("sample=polystyrene,seed=3");
    g_assert_nonnull(ui_find(dialog, GTK_TYPE_LABEL, "Check passed"));
    gtk_window_destroy(GTK_WINDOW(dialog));
    ui_pump_idle(window, 100);
    g_assert_cmpint(facts()->check, ==, CEL_DAY_OK);
    g_assert_cmpint(facts()->check_us, >, 0);
}

static void a_drifted_laser_does_not_pass_and_says_what_it_touches(void)
{
    GtkWidget *dialog = check("sample=polystyrene,seed=4,laser_drift_nm=0.6");
    g_assert_nonnull(ui_find(dialog, GTK_TYPE_LABEL, "Check not passed"));
    gtk_window_destroy(GTK_WINDOW(dialog));
    ui_pump_idle(window, 100);
    g_assert_cmpint(facts()->check, !=, CEL_DAY_OK);
    cel_window_show(window, "daybook", NULL, NULL);
    ui_pump_idle(window, 100);
    g_autofree char *title = g_strdup_printf("%s: check not passed", facts()->serial);
    GtkWidget *row = ui_find(GTK_WIDGET(window), ADW_TYPE_ACTION_ROW, title);
    g_assert_nonnull(row);
    g_assert_true(gtk_list_box_row_get_activatable(GTK_LIST_BOX_ROW(row)));
    g_assert_null(ui_find(GTK_WIDGET(window), GTK_TYPE_LABEL, "What this check puts in doubt"));
    g_signal_emit_by_name(gtk_widget_get_parent(row), "row-activated", row);
    g_assert_nonnull(ui_find(GTK_WIDGET(window), GTK_TYPE_LABEL, "What this check puts in doubt"));
}

static gboolean shows_text(GtkWidget *root, const char *text)
{
    if (GTK_IS_LABEL(root) && gtk_widget_get_mapped(root) &&
        strstr(gtk_label_get_text(GTK_LABEL(root)), text) != NULL)
        return TRUE;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        if (shows_text(child, text))
            return TRUE;
    return FALSE;
}

static void the_daybook_calls_a_standard_by_its_name(void)
{
    const CelStandard *standard = cel_standard_find("polystyrene");
    cel_window_show(window, "daybook", NULL, NULL);
    ui_pump_idle(window, 100);
    GtkWidget *page = GTK_WIDGET(cel_window_page(window, NULL));
    g_assert_cmpstr(standard->name_en, !=, standard->id);
    g_assert_nonnull(ui_find(page, GTK_TYPE_LABEL, standard->name_en)); /* what is chosen */
    g_autofree char *in_a_row = g_strdup_printf("· %s ·", standard->name_en);
    g_assert_true(shows_text(page, in_a_row));
    g_assert_false(shows_text(page, standard->id));
}

static void another_sample_than_the_standard_is_no_check(void)
{
    ui_open_instrument(window, "simulated:785", "sample=empty,seed=5");
    const gint64 before_us = facts()->check_us;
    GtkWidget *dialog = guide(FALSE);
    ui_click(dialog, "It lies there");
    answer_all(dialog);
    ui_click(dialog, "Measure the standard");
    ui_pump_idle(window, 200);
    g_assert_false(has_verdict(dialog));
    ui_pump_idle(window, 100);
    gtk_window_destroy(GTK_WINDOW(dialog));
    g_assert_cmpint(facts()->check_us, ==, before_us);
}

static void a_fall_takes_the_check_away(void)
{
    gtk_window_destroy(GTK_WINDOW(check("sample=polystyrene,seed=6")));
    ui_pump_idle(window, 100);
    g_assert_cmpint(facts()->check, ==, CEL_DAY_OK);
    cel_window_show(window, "instruments", NULL, NULL);
    ui_pump_idle(window, 50);
    ui_click(GTK_WIDGET(window), "Something happened to it…");
    g_autoptr(GListModel) windows = gtk_window_get_toplevels();
    (void)g_object_ref(windows);
    for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
        g_autoptr(GtkWidget) dialog = g_list_model_get_item(windows, i);
        if (ADW_IS_MESSAGE_DIALOG(dialog))
            adw_message_dialog_response(ADW_MESSAGE_DIALOG(dialog), "dropped or knocked");
    }
    ui_pump_idle(window, 200);
    g_assert_cmpint(facts()->check, ==, CEL_DAY_DISTURBED);
}

static void the_picture_of_a_good_scan_peaks_at_the_accepted_values(void)
{
    const CelStandard *standard = cel_standard_find("silicon");
    g_autoptr(CelPlotTrace) trace = cel_expected_trace(standard);
    const CelPlotCurve *curve = cel_plot_trace_curve(trace);
    gsize highest = 0;
    for (gsize i = 0; i < curve->n; i++)
        if (curve->y[i] > curve->y[highest])
            highest = i;
    g_assert_cmpfloat_with_epsilon(curve->x[highest], standard->lines[0].value, 0.2);
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    g_test_add_func("/instruments/expected/accepted-values",
                    the_picture_of_a_good_scan_peaks_at_the_accepted_values);
    g_test_add_func("/instruments/guide/questions", no_light_before_every_question_is_answered);
    g_test_add_func("/instruments/guide/passed", a_passed_check_lets_the_instrument_be_used);
    g_test_add_func("/instruments/guide/drifted",
                    a_drifted_laser_does_not_pass_and_says_what_it_touches);
    g_test_add_func("/instruments/daybook/standard", the_daybook_calls_a_standard_by_its_name);
    g_test_add_func("/instruments/guide/other-sample",
                    another_sample_than_the_standard_is_no_check);
    g_test_add_func("/instruments/disturbed/check-gone", a_fall_takes_the_check_away);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
