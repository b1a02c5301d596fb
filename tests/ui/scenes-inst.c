/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-book-entry.h"
#include "instruments/cel-calibrate-guide.h"
#include "instruments/cel-check-guide.h"
#include "instruments/cel-check-shot.h"
#include "scenes.h"

enum { READ_BACK_MS = 5000 };

static gboolean laser_is_known(gpointer window)
{
    return cel_desk_facts(cel_window_desk(window))->laser != CEL_LASER_UNKNOWN;
}

static void instruments(CelWindow *window, const char *folder)
{
    (void)folder;
    ui_open_instrument(window, "simulated:785", "sample=polystyrene,seed=3");
    cel_window_show(window, "instruments", NULL, NULL);
    ui_pump(laser_is_known, window, READ_BACK_MS);
    ui_pump_idle(window, 100);
}

static void asset_number(CelWindow *window, const char *folder)
{
    instruments(window, folder);
    cel_book_ask_asset(cel_window_page(window, NULL));
    ui_pump_idle(window, 300);
}

static void way_back(CelWindow *window, const char *folder)
{
    instruments(window, folder);
    cel_book_ask_way_back(cel_window_page(window, NULL));
    ui_pump_idle(window, 300);
}

/* Checks by the dozen, so that the chart has a base, and one of a laser that moved. */
static void make_checks(CelWindow *window)
{
    enum { CHECKS = 24 };
    CelDesk *desk = cel_window_desk(window);
    for (int i = 0; i < CHECKS; i++) {
        g_autofree char *settings = g_strdup_printf("sample=polystyrene,seed=%d,laser_drift_nm=%s",
                                                    i + 10, i == CHECKS - 2 ? "0.25" : "0");
        ui_open_instrument(window, "simulated:785", settings);
        CelCheckShot *shot = cel_check_shot_new(desk, cel_standard_find("polystyrene"));
        for (gsize step = 0; step < 2; step++) {
            const CelTaskOrder order = {.lane = step == 0 ? CEL_LANE_INSTRUMENT : CEL_LANE_LAB,
                                        .run = step == 0 ? cel_check_shot_measure
                                                         : cel_check_shot_judge,
                                        .title = "check",
                                        .data = cel_check_shot_ref(shot),
                                        .free = cel_check_shot_unref};
            cel_task_start(cel_desk_lanes(desk), &order);
            ui_pump_idle(window, 10);
        }
        cel_check_shot_unref(shot);
    }
}

static void daybook_empty(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_window_show(window, "daybook", NULL, NULL);
    ui_pump_idle(window, 100);
}

static void daybook(CelWindow *window, const char *folder)
{
    static gboolean made;
    (void)folder;
    if (!made)
        make_checks(window);
    made = TRUE;
    cel_window_show(window, "daybook", NULL, NULL);
    ui_pump_idle(window, 100);
}

static void check_guide(CelWindow *window, const char *folder)
{
    instruments(window, folder);
    gtk_window_present(GTK_WINDOW(cel_check_guide_new(cel_window_page(window, NULL), FALSE)));
    ui_pump_idle(window, 300);
}

/* The words are in two languages: the button is the one that the step suggests. */
static void press(GtkWidget *dialog)
{
    GtkStack *steps = GTK_STACK(ui_find(dialog, GTK_TYPE_STACK, NULL));
    GtkWidget *button = ui_find_class(gtk_stack_get_visible_child(steps), "suggested-action");
    g_signal_emit_by_name(button, "clicked");
}

static void tick_all(GtkWidget *widget)
{
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        if (GTK_IS_CHECK_BUTTON(child))
            gtk_check_button_set_active(GTK_CHECK_BUTTON(child), TRUE);
        else
            tick_all(child);
    }
}

/* To the scans, and @further steps on. */
static void calibrate(CelWindow *window, guint further)
{
    ui_open_instrument(window, "simulated:785", "sample=polystyrene,seed=3,laser_drift_nm=0.2");
    cel_window_show(window, "instruments", NULL, NULL);
    ui_pump_idle(window, 100);
    GtkWidget *dialog = cel_calibrate_guide_new(cel_window_page(window, NULL));
    gtk_window_present(GTK_WINDOW(dialog));
    ui_pump_idle(window, 100);
    for (guint i = 0; i < further; i++) {
        press(dialog);
        ui_pump_idle(window, 300);
        GtkWidget *questions = ui_find_class(dialog, "laser-questions");
        if (questions != NULL && further > 1)
            tick_all(questions);
    }
}

static void calibrate_standard(CelWindow *window, const char *folder)
{
    (void)folder;
    calibrate(window, 0);
}

static void calibrate_questions(CelWindow *window, const char *folder)
{
    (void)folder;
    calibrate(window, 1);
}

static void calibrate_scans(CelWindow *window, const char *folder)
{
    (void)folder;
    calibrate(window, 2);
}

static void calibrate_derived(CelWindow *window, const char *folder)
{
    (void)folder;
    calibrate(window, 3);
}

static void calibrate_sealed(CelWindow *window, const char *folder)
{
    (void)folder;
    calibrate(window, 4);
}

const UiScene ui_scenes_inst[] = {
    {"instruments", instruments, FALSE},
    {"asset-number", asset_number, FALSE},
    {"way-back", way_back, FALSE},
    {"daybook-empty", daybook_empty, FALSE},
    {"daybook", daybook, FALSE},
    {"check-guide", check_guide, FALSE},
    {"calibrate-standard", calibrate_standard, FALSE},
    {"calibrate-questions", calibrate_questions, FALSE},
    {"calibrate-scans", calibrate_scans, FALSE},
    {"calibrate-derived", calibrate_derived, FALSE},
    {"calibrate-sealed", calibrate_sealed, FALSE},
    {NULL, NULL, FALSE},
};
