/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-calibration.h"
#include "instruments/cel-calibrate-guide.h"
#include "instruments/cel-calibrate-run.h"
#include "ui-test.h"

#include <string.h>

enum { PATIENCE_MS = 60000 };

static char *folder;
static CelWindow *window;

static CelDesk *desk(void)
{
    return cel_window_desk(window);
}

static GtkWidget *guide(void)
{
    cel_window_show(window, "instruments", NULL, NULL);
    ui_pump_idle(window, 50);
    GtkWidget *dialog = cel_calibrate_guide_new(cel_window_page(window, NULL));
    gtk_window_present(GTK_WINDOW(dialog));
    ui_pump_idle(window, 50);
    return dialog;
}

static GtkWidget *named_check(GtkWidget *root, const char *text)
{
    GtkWidget *line = gtk_widget_get_parent(ui_find(root, GTK_TYPE_LABEL, text));
    return ui_find(line, GTK_TYPE_CHECK_BUTTON, NULL);
}

static void answer_all(GtkWidget *dialog)
{
    static const char *const rows[] = {"Everybody in the room wears the eyewear",
                                       "The standard or the cap blocks the beam",
                                       "Nobody is in line with the beam"};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        gtk_check_button_set_active(GTK_CHECK_BUTTON(named_check(dialog, rows[i])), TRUE);
}

static gboolean shows(gpointer dialog, const char *title)
{
    return ui_find(dialog, GTK_TYPE_LABEL, title) != NULL;
}

static gboolean is_at(gpointer dialog, const char *step)
{
    GtkStack *steps = GTK_STACK(ui_find(dialog, GTK_TYPE_STACK, NULL));
    return strcmp(gtk_stack_get_visible_child_name(steps), step) == 0;
}

static gboolean has_scans(gpointer dialog)
{
    return is_at(dialog, "scans");
}

static gboolean has_outcome(gpointer dialog)
{
    return is_at(dialog, "derived");
}

static gboolean is_sealed(gpointer dialog)
{
    return is_at(dialog, "sealed");
}

static void measure(GtkWidget *dialog)
{
    ui_click(dialog, "It lies there");
    answer_all(dialog);
    ui_click(dialog, "Measure the standard");
    g_assert_true(ui_pump(has_scans, dialog, PATIENCE_MS));
}

/* ---- what the archive holds ---- */

static CelCalibrationObject *newest_calibration(void)
{
    g_autofree char *archive = g_build_filename(folder, "archive", NULL);
    g_autoptr(GDir) dir = g_dir_open(archive, 0, NULL);
    g_assert_nonnull(dir);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(archive, name, NULL);
        g_autoptr(GPtrArray) recordings = NULL;
        CelCalibrationObject *object = cel_calibration_unseal(path, &recordings, NULL, NULL);
        if (object != NULL)
            return object;
    }
    return NULL;
}

/* ---- work without the guide ---- */

static gboolean ran;

static void has_run(gpointer owner, gpointer data, const GError *error)
{
    (void)owner;
    (void)data;
    g_assert_no_error(error);
    ran = TRUE;
}

static gboolean has_ended(gpointer data)
{
    (void)data;
    return ran;
}

static void run(CelLane lane, CelTaskRun work, gpointer data)
{
    const CelTaskOrder order = {.lane = lane, .run = work, .done = has_run, .data = data};
    ran = FALSE;
    cel_task_start(cel_desk_lanes(desk()), &order);
    g_assert_true(ui_pump(has_ended, NULL, PATIENCE_MS));
}

static CelCheckShot *shoot(const char *settings)
{
    ui_open_instrument(window, "simulated:785", settings);
    CelCheckShot *shot = cel_check_shot_new(desk(), cel_standard_find("polystyrene"));
    shot->confirmation = (CelLaserConfirmation){TRUE, TRUE, TRUE, CEL_HAZARD_NO};
    run(CEL_LANE_INSTRUMENT, cel_check_shot_measure, shot);
    return shot;
}

static void check_passes(void)
{
    CelCheckShot *shot = shoot("sample=polystyrene,seed=3");
    run(CEL_LANE_LAB, cel_check_shot_judge, shot);
    cel_check_shot_unref(shot);
    cel_desk_lab_changed(desk());
    ui_pump_idle(window, 100);
    g_assert_cmpint(cel_desk_facts(desk())->check, ==, CEL_DAY_OK);
}

static gboolean is_unchecked(gpointer data)
{
    (void)data;
    return cel_desk_facts(desk())->check == CEL_DAY_UNCHECKED;
}

static gboolean is_in_force(gpointer id)
{
    return strcmp(cel_desk_facts(desk())->calibration, id) == 0;
}

/* ---- the tests ---- */

static void a_drifted_laser_is_found_sealed_and_recorded(void)
{
    check_passes();
    ui_open_instrument(window, "simulated:785", "sample=polystyrene,seed=4,laser_drift_nm=0.2");
    GtkWidget *dialog = guide();
    measure(dialog);
    ui_click(dialog, "Derive the calibration");
    g_assert_true(ui_pump(has_outcome, dialog, PATIENCE_MS));
    ui_click(dialog, "Seal and record");
    g_assert_true(ui_pump(is_sealed, dialog, PATIENCE_MS));
    gtk_window_destroy(GTK_WINDOW(dialog));
    g_assert_true(ui_pump(is_unchecked, NULL, PATIENCE_MS)); /* again */
    g_autoptr(CelCalibrationObject) object = newest_calibration();
    g_assert_nonnull(object);
    g_assert_cmpstr(object->calibration.serial, ==, cel_desk_facts(desk())->serial);
    g_assert_cmpuint(object->inputs->len, ==, 1);
    g_assert_true(object->simulated);
    g_assert_cmpfloat_with_epsilon(object->calibration.laser_nm, 785.2, 0.1);
}

static void the_sealed_calibration_is_in_force_also_after_a_restart(void)
{
    const char *const drifted = "sample=polystyrene,seed=9,laser_drift_nm=0.2";
    g_autoptr(CelCalibrationObject) object = newest_calibration();
    g_assert_true(ui_pump(is_in_force, object->calibration.id, PATIENCE_MS));
    ui_open_instrument(window, "simulated:785", drifted);
    g_assert_true(ui_pump(is_in_force, object->calibration.id, PATIENCE_MS));
    CelCheckShot *shot = cel_check_shot_new(desk(), cel_standard_find("polystyrene"));
    shot->confirmation = (CelLaserConfirmation){TRUE, TRUE, TRUE, CEL_HAZARD_NO};
    run(CEL_LANE_INSTRUMENT, cel_check_shot_measure, shot);
    g_assert_cmpstr(shot->measurement->calibration.id, ==, object->calibration.id);
    run(CEL_LANE_LAB, cel_check_shot_judge, shot);
    g_assert_cmpint(shot->qualification->verdict, ==, CEL_CHECK_PASS);
    cel_check_shot_unref(shot);
    cel_window_show(window, "instruments", NULL, NULL);
    ui_pump_idle(window, 300);
    GtkWidget *root = GTK_WIDGET(window);
    g_assert_nonnull(ui_find(root, GTK_TYPE_LABEL, "Calibrated by the laboratory, just now"));
    g_assert_nonnull(ui_find(root, GTK_TYPE_LABEL, "Calibration"));
}

static gboolean shows_word_dialog(gpointer data)
{
    (void)data;
    return ui_toplevel("AdwMessageDialog") != NULL;
}

static void answer_dialog(const char *word)
{
    g_assert_true(ui_pump(shows_word_dialog, NULL, PATIENCE_MS));
    GtkWidget *dialog = ui_toplevel("AdwMessageDialog");
    g_assert_false(adw_message_dialog_get_response_enabled(ADW_MESSAGE_DIALOG(dialog), "accept"));
    GtkWidget *entry = ui_find(dialog, ADW_TYPE_ENTRY_ROW, NULL);
    gtk_editable_set_text(GTK_EDITABLE(entry), word);
    g_assert_true(adw_message_dialog_get_response_enabled(ADW_MESSAGE_DIALOG(dialog), "accept"));
    adw_message_dialog_response(ADW_MESSAGE_DIALOG(dialog), "accept");
    ui_pump_idle(window, 300);
}

static JsonObject *newest_check(void)
{
    g_autoptr(CelLab) lab = cel_lab_open(folder, NULL);
    const CelRowQuery newest = {.newest_first = TRUE, .most = 1};
    return cel_register_row(cel_lab_register(lab), CEL_ROW_CHECK, &newest, NULL);
}

static void the_instrument_goes_back_to_its_own_calibration(void)
{
    cel_window_show(window, "instruments", NULL, NULL);
    ui_pump_idle(window, 100);
    g_autofree char *before = g_strdup(cel_desk_facts(desk())->calibration);
    g_assert_cmpstr(before, !=, "");
    ui_click(GTK_WIDGET(window), "Back to its own…");
    answer_dialog("the standard was dirty");
    g_assert_true(ui_pump(is_in_force, (gpointer) "", PATIENCE_MS));
    g_assert_true(ui_pump(is_unchecked, NULL, PATIENCE_MS));
    g_assert_null(ui_find(GTK_WIDGET(window), GTK_TYPE_BUTTON, "Back to its own…"));
    g_autoptr(JsonObject) event = newest_check();
    g_assert_cmpstr(cel_row_text(event, "why"), ==, "the standard was dirty");
    CelCheckShot *shot = shoot("sample=polystyrene,seed=3");
    g_assert_cmpstr(shot->measurement->calibration.id, !=, before);
    cel_check_shot_unref(shot);
    check_passes(); /* with its own */
    cel_window_show(window, "daybook", NULL, NULL);
    ui_pump_idle(window, 200);
    g_autofree char *title =
        g_strdup_printf("%s: back to its own calibration", cel_desk_facts(desk())->serial);
    g_assert_nonnull(ui_find(GTK_WIDGET(window), ADW_TYPE_ACTION_ROW, title));
}

static gboolean has_asset(gpointer number)
{
    return strcmp(cel_desk_facts(desk())->asset, number) == 0;
}

static void the_asset_number_is_given_on_the_page(void)
{
    cel_window_show(window, "instruments", NULL, NULL);
    g_assert_true(ui_pump(has_asset, (gpointer) "S-785", PATIENCE_MS)); /* of the practice lab */
    ui_pump_idle(window, 100);
    ui_click(GTK_WIDGET(window), "Change…");
    answer_dialog("YQ-2026-07");
    g_assert_true(ui_pump(has_asset, (gpointer) "YQ-2026-07", PATIENCE_MS));
    g_autoptr(JsonObject) event = newest_check();
    g_assert_cmpstr(cel_row_text(event, "asset"), ==, "YQ-2026-07");
    g_assert_cmpstr(cel_row_text(event, "kind"), ==, "inventory");
}

static void residuals_shrink(void)
{
    CelCheckShot *shot = shoot("sample=polystyrene,seed=5,laser_drift_nm=0.2");
    g_autoptr(GPtrArray) shots = g_ptr_array_new();
    g_ptr_array_add(shots, shot);
    CelCalibrateRun *one = cel_calibrate_run_new(desk(), shots);
    run(CEL_LANE_COMPUTE, cel_calibrate_run_derive, one);
    const CelShiftSummary s = cel_shift_summarise(one->fit->lines);
    g_assert_cmpfloat(s.mean_before_cm1, >, 2.0);
    g_assert_cmpfloat(s.mean_after_cm1, <, 0.25 * s.mean_before_cm1);
    cel_calibrate_run_unref(one);
    cel_check_shot_unref(shot);
}

static void another_substance_is_refused_with_the_reason(void)
{
    ui_open_instrument(window, "simulated:785", "sample=empty,seed=6");
    GtkWidget *dialog = guide();
    measure(dialog);
    ui_click(dialog, "Derive the calibration");
    g_assert_true(ui_pump(has_outcome, dialog, PATIENCE_MS));
    g_assert_true(shows(dialog, "No calibration came of it, because:"));
    g_assert_null(ui_find(dialog, GTK_TYPE_BUTTON, "Seal and record"));
    g_assert_nonnull(ui_find_class(dialog, "problem"));
    gtk_window_destroy(GTK_WINDOW(dialog));
}

static void without_a_scan_nothing_is_derived(void)
{
    ui_open_instrument(window, "simulated:785", "sample=polystyrene,seed=7");
    GtkWidget *dialog = guide();
    measure(dialog);
    GtkWidget *button = ui_find(dialog, GTK_TYPE_BUTTON, "Derive the calibration");
    g_assert_true(gtk_widget_is_sensitive(button));
    ui_click(dialog, "Take away");
    ui_pump_idle(window, 50);
    g_assert_false(gtk_widget_is_sensitive(button));
    gtk_window_destroy(GTK_WINDOW(dialog));
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    g_test_add_func("/calibrate/residuals", residuals_shrink); /* with the instrument's own */
    g_test_add_func("/calibrate/sealed", a_drifted_laser_is_found_sealed_and_recorded);
    g_test_add_func("/calibrate/in-force", the_sealed_calibration_is_in_force_also_after_a_restart);
    g_test_add_func("/calibrate/own-again", the_instrument_goes_back_to_its_own_calibration);
    g_test_add_func("/instruments/asset", the_asset_number_is_given_on_the_page);
    g_test_add_func("/calibrate/refused", another_substance_is_refused_with_the_reason);
    g_test_add_func("/calibrate/taken-away", without_a_scan_nothing_is_derived);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
