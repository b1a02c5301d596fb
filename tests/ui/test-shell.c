/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-sleep.h"
#include "cel-touch.h"
#include "ui-test.h"

#include "base/cel-error.h"

#include <string.h>

static char *folder;
static CelWindow *window;

/* ---- sizes of targets ---- */

static void a_target_is_nineteen_millimetres_on_every_screen(void)
{
    static const struct {
        int width_mm, width_px, px;
    } screens[] = {
        {339, 1280, 72},  /* 96 dots an inch */
        {218, 1280, 112}, /* 149 */
        {222, 1920, 165}, /* 220 */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(screens); i++) {
        const CelScreen screen = {.width_mm = screens[i].width_mm, .width_px = screens[i].width_px};
        g_assert_cmpint(ABS(cel_touch_px(&screen) - screens[i].px), <=, 1);
    }
}

static void a_monitor_that_lies_about_its_size_is_not_believed(void)
{
    const CelScreen none = {.width_px = 1280}, tiny = {.width_mm = 16, .width_px = 1280};
    const CelScreen measured = {.width_mm = 16, .width_px = 1280, .measured_per_mm = 4.0};
    g_assert_cmpfloat_with_epsilon(cel_touch_per_mm(&none), 0.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(cel_touch_per_mm(&tiny), 0.0, 1e-9);
    g_assert_cmpint(cel_touch_px(&measured), ==, 76);
    g_assert_cmpint(cel_touch_px(&none), ==, cel_touch_px(&tiny));
}

/* ---- the window ---- */

static const char *page_id(void)
{
    const char *id = NULL;
    cel_window_page(window, &id);
    return id;
}

static void nobody_works_before_signing_in(void)
{
    g_assert_cmpstr(page_id(), ==, "sign-in");
    g_assert_cmpint(cel_desk_facts(cel_window_desk(window))->role, ==, CEL_ROLE_NONE);
}

static void failed(gpointer owner, const GError *error)
{
    (void)owner;
    g_object_set_data(G_OBJECT(window), "answer",
                      GINT_TO_POINTER(error != NULL ? error->code : -1));
}

static gboolean answered(gpointer data)
{
    (void)data;
    return g_object_get_data(G_OBJECT(window), "answer") != NULL;
}

static void a_wrong_passphrase_signs_nobody_in(void)
{
    g_autofree char *path = g_build_filename(folder, "people", "technician.key", NULL);
    g_object_set_data(G_OBJECT(window), "answer", NULL);
    cel_desk_sign_in(cel_window_desk(window), path, "not this one", G_OBJECT(window), failed);
    g_assert_true(ui_pump(answered, NULL, 20000));
    g_assert_cmpint(GPOINTER_TO_INT(g_object_get_data(G_OBJECT(window), "answer")), ==,
                    CEL_ERROR_POLICY);
    g_assert_cmpstr(cel_desk_facts(cel_window_desk(window))->person, ==, "");
}

static void the_officer_works_in_field_mode_and_the_technician_in_the_lab(void)
{
    ui_sign_in(window, folder, "officer");
    g_assert_cmpint(cel_window_mode(window), ==, CEL_MODE_FIELD);
    ui_sign_in(window, folder, "technician");
    g_assert_cmpint(cel_window_mode(window), ==, CEL_MODE_LAB);
}

static gboolean signed_out(gpointer data)
{
    (void)data;
    return g_strcmp0(page_id(), "sign-in") == 0;
}

static void signing_out_leads_back_to_the_sign_in_page(void)
{
    cel_desk_sign_out(cel_window_desk(window));
    g_assert_true(ui_pump(signed_out, NULL, 5000));
}

/* ---- work off the main loop ---- */

/** Slow: work that waits until it is stopped. */
static gboolean wait_for_stop(gpointer data, CelJob *job, GError **error)
{
    (void)data;
    while (cel_job_step(job, "", 0, 0, error))
        g_usleep(2000);
    return FALSE;
}

static void ended(gpointer owner, gpointer data, const GError *error)
{
    (void)owner;
    *(int *)data = error != NULL ? error->code : -1;
}

static gboolean has_code(gpointer code)
{
    return *(int *)code != 0;
}

static void work_that_is_stopped_says_so(void)
{
    int code = 0;
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = "slow",
                                .run = wait_for_stop,
                                .done = ended,
                                .data = &code,
                                .owner = window};
    CelLanes *lanes = cel_desk_lanes(cel_window_desk(window));
    CelTask *task = cel_task_start(lanes, &order);
    g_assert_cmpuint(g_list_model_get_n_items(cel_lanes_visible(lanes)), ==, 1);
    cel_task_cancel(task);
    g_assert_true(ui_pump(has_code, &code, 5000));
    g_assert_cmpint(code, ==, CEL_ERROR_CANCELLED);
    g_assert_cmpuint(g_list_model_get_n_items(cel_lanes_visible(lanes)), ==, 0);
}

static void heard_why(gpointer owner, gpointer data, const GError *error)
{
    (void)owner;
    *(char **)data = g_strdup(error != NULL ? error->message : "none");
}

static gboolean has_heard(gpointer why)
{
    return *(char **)why != NULL;
}

/* One is under way and the other waits for the instrument: nobody may stand there any more. */
static void a_sleep_that_no_bus_told_ends_the_orders_with_light(void)
{
    gint slept_ms = 5000;
    char *whys[2] = {NULL, NULL};
    CelLanes *lanes = cel_desk_lanes(cel_window_desk(window));
    G_GNUC_UNUSED g_autoptr(CelSleep) sleep =
        cel_sleep_new(gtk_window_get_application(GTK_WINDOW(window)), lanes,
                      (CelClock){.made_up_sleep_ms = &slept_ms});
    for (gsize i = 0; i < G_N_ELEMENTS(whys); i++) {
        const CelTaskOrder order = {.lane = CEL_LANE_INSTRUMENT,
                                    .run = wait_for_stop,
                                    .done = heard_why,
                                    .data = &whys[i],
                                    .owner = window,
                                    .light = TRUE};
        cel_task_start(lanes, &order);
    }
    ui_pump(NULL, NULL, 500);
    g_assert_null(whys[0]); /* the sleep before it is none of its business */
    slept_ms += 8 * 3600 * 1000;
    for (gsize i = 0; i < G_N_ELEMENTS(whys); i++) {
        g_assert_true(ui_pump(has_heard, &whys[i], 5000));
        g_assert_nonnull(
            strstr(whys[i], "The computer went to sleep, so the laser was turned off"));
        g_free(whys[i]);
    }
    g_assert_false(cel_lanes_has_light(lanes));
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    g_test_add_func("/touch/px/nineteen-millimetres",
                    a_target_is_nineteen_millimetres_on_every_screen);
    g_test_add_func("/touch/per-mm/lying-monitor",
                    a_monitor_that_lies_about_its_size_is_not_believed);
    g_test_add_func("/window/start/nobody", nobody_works_before_signing_in);
    g_test_add_func("/desk/sign-in/wrong-passphrase", a_wrong_passphrase_signs_nobody_in);
    g_test_add_func("/window/mode/by-role",
                    the_officer_works_in_field_mode_and_the_technician_in_the_lab);
    g_test_add_func("/window/sign-out/page", signing_out_leads_back_to_the_sign_in_page);
    g_test_add_func("/task/cancel/says-so", work_that_is_stopped_says_so);
    g_test_add_func("/sleep/clocks/ends-light",
                    a_sleep_that_no_bus_told_ends_the_orders_with_light);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
