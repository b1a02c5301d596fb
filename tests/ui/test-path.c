/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path-hands.h"

#include "bench/cel-case-paper.h"
#include "bench/cel-lab-seal.h"
#include "cel-settings.h"
#include "path/cel-hold-button.h"
#include "path/cel-laser-sign.h"
#include "path/cel-path-page.h"
#include "path/cel-photo-box.h"
#include "plot/cel-plot-view.h"
#include "report/cel-report-items.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

/* The path of an exhibit in the window, with the simulated instrument. */

#define FAST "seed=3,speed=1e6"

enum { PATIENCE_MS = 60000 };

static char *folder;
static CelWindow *window;

/* Each test in a case of its own. */
static void officer_begins(const char *settings)
{
    static guint number;
    g_autofree char *case_id = g_strdup_printf("C-2026-%02u", ++number);
    ui_sign_in(window, folder, "officer");
    if (settings != NULL)
        ui_open_instrument(window, "simulated:785", settings);
    cel_window_show(window, "path", NULL, NULL);
    hands_settle(window);
    hands_close(window);
    hands_start_delay(0);
    hands_begin(window, case_id, "Zhang San");
}

static void ends_without_a_result(void)
{
    const CelPathOrder order = {.act = CEL_PATH_ACT_ABANDON, .why = "test"};
    if (hands_view(window) != NULL && !hands_view(window)->over)
        cel_path_session_do(hands_session(window), &order);
    hands_settle(window);
    hands_close(window);
}

static GtkWidget *button(const char *text)
{
    return ui_find(GTK_WIDGET(cel_window_page(window, NULL)), GTK_TYPE_BUTTON, text);
}

/* ---- the button that is held ---- */

static void count(gpointer counter)
{
    (*(guint *)counter)++;
}

static void letting_go_early_measures_nothing(void)
{
    guint held = 0;
    const char *const none[] = {NULL};
    g_autoptr(GtkWidget) hold = g_object_ref_sink(cel_hold_button_new("x", none));
    g_signal_connect_swapped(hold, "held", G_CALLBACK(count), &held);
    cel_hold_button_press(CEL_HOLD_BUTTON(hold));
    ui_pump(NULL, NULL, CEL_HOLD_MS / 2);
    cel_hold_button_release(CEL_HOLD_BUTTON(hold));
    ui_pump(NULL, NULL, CEL_HOLD_MS);
    g_assert_cmpuint(held, ==, 0);
}

static void a_key_that_repeats_measures_once(void)
{
    guint held = 0;
    const char *const none[] = {NULL};
    g_autoptr(GtkWidget) hold = g_object_ref_sink(cel_hold_button_new("x", none));
    g_signal_connect_swapped(hold, "held", G_CALLBACK(count), &held);
    for (guint ms = 0; ms < 3 * CEL_HOLD_MS; ms += 100) {
        cel_hold_button_hold(CEL_HOLD_BUTTON(hold));
        ui_pump(NULL, NULL, 100);
    }
    g_assert_cmpuint(held, ==, 1);
}

static void a_trigger_that_is_let_go_measures_nothing(void)
{
    guint held = 0;
    const char *const none[] = {NULL};
    g_autoptr(GtkWidget) hold = g_object_ref_sink(cel_hold_button_new("x", none));
    g_signal_connect_swapped(hold, "held", G_CALLBACK(count), &held);
    cel_hold_button_hold(CEL_HOLD_BUTTON(hold));
    ui_pump(NULL, NULL, 2 * CEL_HOLD_MS);
    g_assert_cmpuint(held, ==, 0);
}

/* ---- the sign ---- */

static void an_external_laser_is_never_shown_as_off(void)
{
    g_autoptr(GtkWidget) sign = g_object_ref_sink(cel_laser_sign_new());
    cel_laser_sign_set_state(CEL_LASER_SIGN(sign), CEL_LASER_EXTERNAL, CEL_LASER_OFF_READ_BACK,
                             FALSE);
    g_assert_nonnull(strstr(cel_laser_sign_words(CEL_LASER_SIGN(sign)), "unknown"));
    g_assert_true(gtk_widget_has_css_class(sign, "bright"));
}

static void off_that_was_only_commanded_says_so(void)
{
    g_autoptr(GtkWidget) sign = g_object_ref_sink(cel_laser_sign_new());
    cel_laser_sign_set_state(CEL_LASER_SIGN(sign), CEL_LASER_BUILT_IN, CEL_LASER_OFF_COMMANDED,
                             FALSE);
    g_assert_nonnull(strstr(cel_laser_sign_words(CEL_LASER_SIGN(sign)), "cannot confirm"));
}

/* ---- the field way ---- */

/* In a bar that has targets anyway. */
static void assert_menu_is_at(const char *bar)
{
    GtkWidget *page = GTK_WIDGET(cel_window_page(window, NULL));
    GtkWidget *at = ui_find(page, GTK_TYPE_MENU_BUTTON, "This exhibit");
    while (at != NULL && !gtk_widget_has_css_class(at, bar))
        at = gtk_widget_get_parent(at);
    g_assert_nonnull(at);
}

static void the_officer_goes_from_the_scene_to_the_sealed_record(void)
{
    officer_begins(FAST);
    hands_field_until(window, folder, CEL_PATH_STEP_RESULT);
    assert_menu_is_at("result-actions");
    hands_field_until(window, folder, CEL_PATH_STEP_SIGN);
    assert_menu_is_at("path-bottom");
    hands_sign(window, "technician");
    hands_click(window, "Sign and seal");
    const CelPathView *view = hands_view(window);
    g_assert_no_error(cel_path_session_problem(hands_session(window)));
    g_assert_true(view->over);
    g_assert_cmpstr(view->fid, !=, "");
    g_assert_cmpuint(view->touches[CEL_PATH_TOUCH_NAVIGATION], <=, 6);
    g_assert_cmpuint(view->touches[CEL_PATH_TOUCH_PHOTO], ==, 3);
    g_autofree char *name = g_strconcat(view->fid, ".cel.h5", NULL);
    g_autofree char *sealed = g_build_filename(folder, "archive", name, NULL);
    g_assert_true(g_file_test(sealed, G_FILE_TEST_IS_REGULAR));
    hands_click(window, "Next exhibit");
    g_assert_null(hands_view(window));
}

static void a_spot_is_set_aside_by_two_with_a_reason(void)
{
    officer_begins(FAST);
    hands_field_until(window, folder, CEL_PATH_STEP_MEASURE);
    hands_click(window, "No, none of these");
    hands_click(window, "4"); /* spots, before the first one is measured */
    g_assert_cmpuint(hands_view(window)->planned, ==, 4);
    hands_shoot(window);
    g_assert_cmpuint(hands_view(window)->valid, ==, 1);
    g_assert_null(ui_find(GTK_WIDGET(window), GTK_TYPE_BUTTON, "4"));
    hands_click(window, "Set a spot aside…");
    g_assert_null(ui_find(GTK_WIDGET(window), CEL_TYPE_PLOT_VIEW, NULL)); /* makes room */
    hands_click(window, "Keep all of them");
    g_assert_nonnull(ui_find(GTK_WIDGET(window), CEL_TYPE_PLOT_VIEW, NULL));
    hands_click(window, "Set a spot aside…");
    GtkWidget *agree = button("Set it aside together");
    g_assert_false(gtk_widget_is_sensitive(agree));
    hands_sign(window, "reviewer");
    ui_click(GTK_WIDGET(window), "Spot 1");
    g_assert_false(gtk_widget_is_sensitive(agree)); /* no reason yet */
    ui_click(GTK_WIDGET(window), "The beam missed the exhibit");
    g_assert_true(gtk_widget_is_sensitive(agree));
    hands_click(window, "Set it aside together");
    g_assert_no_error(cel_path_session_problem(hands_session(window)));
    g_assert_cmpuint(hands_view(window)->valid, ==, 0);
    const CelPathShot *shot = NULL;
    for (guint i = 0; i < hands_view(window)->shots->len; i++) {
        const CelPathShot *one = g_ptr_array_index(hands_view(window)->shots, i);
        shot = one->kind == CEL_PATH_SHOT_SPOT ? one : shot;
    }
    g_assert_cmpstr(shot->set_aside, ==, "The beam missed the exhibit");
    ends_without_a_result();
}

static gboolean place_is_said(gpointer text)
{
    return strcmp(hands_view(window)->place, text) == 0;
}

/* Nobody presses Return behind the last word. */
static void place_and_surroundings_are_typed_and_go_into_the_record(void)
{
    officer_begins(FAST);
    hands_type(window, "Where the work is done", "Outfall 3");
    g_assert_true(ui_pump(place_is_said, (gpointer) "Outfall 3", PATIENCE_MS));
    hands_settle(window);
    hands_scan(window, "Temperature, humidity, light", "22 C, 45 %");
    g_assert_no_error(cel_path_session_problem(hands_session(window)));
    g_assert_cmpstr(hands_view(window)->environment, ==, "22 C, 45 %");
    g_assert_cmpuint(hands_view(window)->touches[CEL_PATH_TOUCH_NAVIGATION], ==, 0);
    hands_field_until(window, folder, CEL_PATH_STEP_MEASURE);
    hands_click(window, "No, none of these");
    hands_shoot(window);
    g_autoptr(CelLab) lab = cel_lab_open(folder, NULL);
    const CelRowQuery query = {.match = {{"kind", "replicate", 0}}, .newest_first = TRUE};
    g_autoptr(JsonObject) shot =
        cel_register_row(cel_lab_register(lab), CEL_ROW_ACQUISITION, &query, NULL);
    g_assert_cmpstr(cel_row_text(shot, "place"), ==, "Outfall 3");
    g_assert_cmpstr(cel_row_text(shot, "environment"), ==, "22 C, 45 %");
    ends_without_a_result();
}

/* The next exhibit of the day: a touch. */
static void what_was_said_before_is_chosen_with_a_touch(void)
{
    officer_begins(FAST);
    g_assert_cmpstr(hands_view(window)->place, ==, "");
    hands_click(window, "Outfall 3");
    hands_click(window, "22 C, 45 %");
    g_assert_cmpstr(hands_view(window)->place, ==, "Outfall 3");
    g_assert_cmpstr(hands_view(window)->environment, ==, "22 C, 45 %");
    ends_without_a_result();
}

static void next_waits_for_everything_and_says_for_what(void)
{
    officer_begins(FAST);
    g_assert_false(gtk_widget_get_sensitive(button("Next step")));
    g_assert_nonnull(
        ui_find(GTK_WIDGET(window), GTK_TYPE_LABEL,
                "Confirm that the place is safe to work in. Take a photo of the scene. Scan the "
                "number of the exhibit. Take a photo of the exhibit with a scale, before it is "
                "moved."));
    ends_without_a_result();
}

static void a_number_that_is_none_is_said_and_nothing_is_lost(void)
{
    officer_begins(FAST);
    hands_click(window, "The place is safe to work in");
    hands_scan(window, "Scan or type the number", "C-OTHER/9");
    g_assert_nonnull(cel_path_session_problem(hands_session(window)));
    g_assert_nonnull(ui_find_class(GTK_WIDGET(window), "problem"));
    hands_click(window, "Understood");
    g_assert_false(cel_path_session_needs(hands_session(window), "safety"));
    ends_without_a_result();
}

/* The same as GTK tells of what another program drags here. */
static gboolean drop_photo(GtkWidget *box, const char *path)
{
    g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(box);
    for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
        g_autoptr(GObject) target = g_list_model_get_item(controllers, i);
        gboolean taken = FALSE;
        if (!GTK_IS_DROP_TARGET(target))
            continue;
        g_auto(GValue) value = G_VALUE_INIT;
        g_value_init(&value, G_TYPE_FILE);
        g_value_take_object(&value, g_file_new_for_path(path));
        g_signal_emit_by_name(target, "drop", &value, 10.0, 10.0, &taken);
        return taken;
    }
    return FALSE;
}

static void a_photo_that_is_dropped_on_the_window_is_taken(void)
{
    officer_begins(FAST);
    g_autofree char *path = g_build_filename(folder, "..", "dropped.png", NULL);
    hands_picture(path);
    GtkWidget *page = GTK_WIDGET(cel_window_page(window, NULL));
    g_assert_true(cel_path_session_needs(hands_session(window), "scene-photo"));
    g_assert_true(drop_photo(ui_find(page, CEL_TYPE_PHOTO_BOX, NULL), path));
    hands_settle(window);
    g_assert_no_error(cel_path_session_problem(hands_session(window)));
    g_assert_false(cel_path_session_needs(hands_session(window), "scene-photo"));
    ends_without_a_result();
}

static void what_was_left_open_goes_on_with_one_touch(void)
{
    officer_begins(FAST);
    hands_field_until(window, folder, CEL_PATH_STEP_MEASURE);
    hands_click(window, "No, none of these");
    hands_shoot(window);
    const guint valid = hands_view(window)->valid;
    cel_desk_sign_out(cel_window_desk(window));
    ui_pump_idle(window, 100);
    ui_sign_in(window, folder, "officer");
    cel_window_show(window, "path", NULL, NULL);
    hands_settle(window);
    g_assert_null(hands_view(window));
    hands_click(window, "Go on");
    g_assert_cmpint(hands_step(window), ==, CEL_PATH_STEP_MEASURE);
    g_assert_cmpuint(hands_view(window)->valid, ==, valid);
    ends_without_a_result();
}

/* ---- in the laboratory ---- */

/* What is left for the review and the closing check. */
static void assert_court_page_lacks_only_what_comes_later(const char *fid)
{
    static const char *const later[] = {"persons/reviewer/", "checks/closing/"};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLab) lab = cel_lab_open(folder, &error);
    g_autoptr(JsonObject) facts = cel_case_facts(lab, fid, &error);
    g_autofree char *path = cel_lab_sealed_path(lab, fid);
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) missed = cel_report_facts_missed(facts, cel_sealed_record(sealed), FALSE);
    for (guint i = 0; i < missed->len; i++) {
        const CelReportItem *item = g_ptr_array_index(missed, i);
        gboolean comes = FALSE;
        for (gsize k = 0; k < G_N_ELEMENTS(later); k++)
            comes = comes || g_str_has_prefix(item->path, later[k]);
        if (!comes)
            g_error("the window cannot give %s", item->path);
    }
}

static void the_technician_goes_from_the_bag_to_the_review(void)
{
    officer_begins(NULL);
    g_autofree char *code = hands_collect(window, folder);
    ui_sign_in(window, folder, "technician");
    cel_window_show(window, "path", NULL, NULL);
    hands_begin(window, NULL, NULL);
    ui_open_instrument(window, "simulated:785", FAST);
    hands_lab_until(window, folder, code, "A1", CEL_PATH_STEP_REVIEW);
    g_assert_true(hands_view(window)->closing_later);
    hands_sign(window, "reviewer");
    hands_click(window, "Sign and seal");
    g_assert_no_error(cel_path_session_problem(hands_session(window)));
    g_assert_true(hands_view(window)->over);
    g_assert_cmpstr(hands_view(window)->fid, !=, "");
    assert_court_page_lacks_only_what_comes_later(hands_view(window)->fid);
    hands_close(window);
}

/* ---- what goes wrong ---- */

static gboolean lit(gpointer data)
{
    (void)data;
    return cel_path_session_phase(hands_session(window)) == CEL_PATH_PHASE_LIGHT &&
           cel_path_session_countdown(hands_session(window)) == 0;
}

static void officer_holds_a_slow_shot(void)
{
    officer_begins(FAST);
    hands_field_until(window, folder, CEL_PATH_STEP_BLANK);
    ui_open_instrument(window, "simulated:785", "seed=3,speed=0.5");
    hands_click(window, "No, directly");
    hands_hold(window);
    g_assert_true(ui_pump(lit, NULL, PATIENCE_MS));
}

static void a_stopped_shot_can_be_repeated(void)
{
    officer_holds_a_slow_shot();
    g_assert_false(cel_window_show(window, "sign-in", NULL, NULL));
    g_assert_nonnull(button("STOP"));
    ui_click(GTK_WIDGET(window), "STOP");
    hands_settle(window);
    g_assert_cmpint(hands_step(window), ==, CEL_PATH_STEP_BLANK);
    g_assert_nonnull(cel_path_session_problem(hands_session(window)));
    g_assert_cmpint(cel_path_session_laser(hands_session(window)), !=, CEL_LASER_ON);
    ends_without_a_result();
}

static gboolean is_the_stop_in_sight(void)
{
    GtkWidget *stop = button("STOP");
    graphene_rect_t at;
    return stop != NULL && gtk_widget_get_mapped(stop) &&
           gtk_widget_compute_bounds(stop, GTK_WIDGET(window), &at) && at.origin.y > 0 &&
           at.origin.y + at.size.height <= (float)gtk_widget_get_height(GTK_WIDGET(window));
}

static gboolean is_another_stop_in_sight(gpointer wanted)
{
    GtkWidget *other = ui_find(GTK_WIDGET(window), GTK_TYPE_BUTTON, "Stop");
    return (other != NULL && gtk_widget_get_mapped(other)) == GPOINTER_TO_INT(wanted);
}

/* With large targets a row of its own is high; it comes the moment that the large one goes. */
static void in_the_field_one_stop_is_in_sight_whatever_happens_to_the_other(void)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    g_settings_set_string(settings, "mode", "field");
    officer_holds_a_slow_shot();
    GtkWidget *bar = gtk_widget_get_parent(button("STOP"));
    g_assert_true(ui_pump(is_another_stop_in_sight, GINT_TO_POINTER(FALSE), PATIENCE_MS));
    g_assert_true(is_the_stop_in_sight());
    gtk_widget_set_child_visible(bar, FALSE);
    g_assert_true(ui_pump(is_another_stop_in_sight, GINT_TO_POINTER(TRUE), PATIENCE_MS));
    gtk_widget_set_child_visible(bar, TRUE);
    g_assert_true(ui_pump(is_another_stop_in_sight, GINT_TO_POINTER(FALSE), PATIENCE_MS));
    g_assert_true(is_the_stop_in_sight());
    ui_click(GTK_WIDGET(window), "STOP");
    hands_settle(window);
    g_assert_cmpint(cel_path_session_laser(hands_session(window)), !=, CEL_LASER_ON);
    ends_without_a_result();
    g_settings_reset(settings, "mode");
}

static void let_files_grow(gboolean allowed)
{
    struct rlimit limit;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = allowed ? limit.rlim_max : 0;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* As with a full disk: what was measured is only in memory. */
static void a_shot_that_could_not_be_written_is_not_left(void)
{
    officer_begins("");
    CelPathSession *session = hands_session(window);
    hands_field_until(window, folder, CEL_PATH_STEP_MEASURE);
    hands_click(window, "No, none of these");
    ui_open_instrument(window, "simulated:785", "seed=3,speed=2");
    hands_hold(window);
    g_assert_true(ui_pump(lit, NULL, PATIENCE_MS));
    let_files_grow(FALSE);
    hands_settle(window);
    g_assert_true(cel_path_session_has_unkept(session));
    gtk_widget_activate_action(ui_find(GTK_WIDGET(window), CEL_TYPE_PATH_PAGE, NULL),
                               "path.leave-open", NULL);
    g_assert_true(cel_path_session_has_unkept(session));
    cel_path_session_open_exhibit(session, "C-OTHER/9");
    g_assert_true(cel_path_session_has_unkept(session));
    let_files_grow(TRUE);
    hands_click(window, "Write it now");
    g_assert_false(cel_path_session_has_unkept(session));
    g_assert_cmpuint(hands_view(window)->valid, ==, 1);
    ends_without_a_result();
}

static gboolean gone(gpointer data)
{
    (void)data;
    return cel_desk_facts(cel_window_desk(window))->instrument_gone;
}

static gboolean back(gpointer data)
{
    return !gone(data);
}

static void an_unplugged_instrument_is_reconnected_and_the_work_goes_on(void)
{
    officer_begins("seed=3,speed=1e6,fault=unplug,fault_at=45");
    hands_field_until(window, folder, CEL_PATH_STEP_BLANK);
    for (guint i = 0; i < 8 && !gone(NULL); i++) {
        if (cel_path_session_needs(hands_session(window), "through"))
            hands_click(window, "No, directly");
        if (cel_path_session_needs(hands_session(window), "hazard"))
            hands_click(window, "No, none of these");
        hands_shoot(window);
        ui_pump(gone, NULL, 1500);
    }
    g_assert_true(gone(NULL));
    const guint taken = hands_view(window)->shots->len;
    hands_click(window, "Reconnect");
    g_assert_true(ui_pump(back, NULL, PATIENCE_MS));
    g_assert_cmpuint(hands_view(window)->shots->len, ==, taken);
    g_assert_no_error(cel_path_session_problem(hands_session(window)));
    ends_without_a_result();
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    signal(SIGXFSZ, SIG_IGN);
    window = ui_window(&folder);
    g_test_add_func("/hold/release/nothing", letting_go_early_measures_nothing);
    g_test_add_func("/hold/repeat/once", a_key_that_repeats_measures_once);
    g_test_add_func("/hold/trigger/let-go", a_trigger_that_is_let_go_measures_nothing);
    g_test_add_func("/sign/external/never-off", an_external_laser_is_never_shown_as_off);
    g_test_add_func("/sign/commanded/says-so", off_that_was_only_commanded_says_so);
    g_test_add_func("/path/next/missing", next_waits_for_everything_and_says_for_what);
    g_test_add_func("/path/surroundings/typed",
                    place_and_surroundings_are_typed_and_go_into_the_record);
    g_test_add_func("/path/surroundings/chosen", what_was_said_before_is_chosen_with_a_touch);
    g_test_add_func("/path/scan/refused", a_number_that_is_none_is_said_and_nothing_is_lost);
    g_test_add_func("/path/field/sealed", the_officer_goes_from_the_scene_to_the_sealed_record);
    g_test_add_func("/path/aside/two-persons", a_spot_is_set_aside_by_two_with_a_reason);
    g_test_add_func("/path/unkept/not-left", a_shot_that_could_not_be_written_is_not_left);
    g_test_add_func("/path/photo/dropped", a_photo_that_is_dropped_on_the_window_is_taken);
    g_test_add_func("/path/resume/one-touch", what_was_left_open_goes_on_with_one_touch);
    g_test_add_func("/path/lab/review", the_technician_goes_from_the_bag_to_the_review);
    g_test_add_func("/path/stop/repeated", a_stopped_shot_can_be_repeated);
    g_test_add_func("/path/stop/one-in-sight",
                    in_the_field_one_stop_is_in_sight_whatever_happens_to_the_other);
    g_test_add_func("/path/unplug/reconnected",
                    an_unplugged_instrument_is_reconnected_and_the_work_goes_on);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
