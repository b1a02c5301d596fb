/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path-hands.h"
#include "scenes.h"

#include "base/cel-error.h"
#include "cel-settings.h"
#include "path/cel-hold-button.h"

/* The path of an exhibit, step by step, and what can go wrong on it. Each scene begins a new
 * exhibit in a case of its own. */

enum { PATIENCE_MS = 60000 };

#define FAST "seed=3,speed=1e6"

static void begin(CelWindow *window, const char *folder, const char *who, const char *settings)
{
    static guint number;
    g_autofree char *case_id = g_strdup_printf("2026-%04u", 17 + number++);
    ui_sign_in(window, folder, who);
    if (settings != NULL)
        ui_open_instrument(window, "simulated:785", settings);
    cel_window_show(window, "path", NULL, NULL);
    hands_settle(window);
    hands_close(window);
    hands_begin(window, case_id, "Zhang San");
    hands_start_delay(0);
}

static void field_until(CelWindow *window, const char *folder, CelPathStep step)
{
    begin(window, folder, "officer", FAST);
    hands_field_until(window, folder, step);
}

static void show_begin(CelWindow *window, const char *folder)
{
    begin(window, folder, "officer", FAST);
    hands_close(window);
}

static void show_scan(CelWindow *window, const char *folder)
{
    begin(window, folder, "officer", FAST);
}

static void show_scanned(CelWindow *window, const char *folder)
{
    begin(window, folder, "officer", FAST);
    hands_click(window, "The place is safe to work in");
    hands_photo(window, folder);
    hands_scan(window, "Scan or type the number", "12");
}

static void show_refused(CelWindow *window, const char *folder)
{
    begin(window, folder, "officer", FAST);
    hands_scan(window, "Scan or type the number", "OTHER-CASE/9");
}

static void show_blank(CelWindow *window, const char *folder)
{
    field_until(window, folder, CEL_PATH_STEP_BLANK);
}

static void show_hold_blank(CelWindow *window, const char *folder)
{
    field_until(window, folder, CEL_PATH_STEP_BLANK);
    hands_click(window, "No, directly");
}

static void show_hazard(CelWindow *window, const char *folder)
{
    field_until(window, folder, CEL_PATH_STEP_MEASURE);
}

static void show_spots(CelWindow *window, const char *folder)
{
    field_until(window, folder, CEL_PATH_STEP_MEASURE);
    hands_click(window, "No, none of these");
    hands_shoot(window);
    hands_shoot(window);
}

static void show_aside(CelWindow *window, const char *folder)
{
    show_spots(window, folder);
    hands_click(window, "Set a spot aside…");
}

static gboolean counting(gpointer window)
{
    return cel_path_session_countdown(hands_session(window)) > 0;
}

static void stop(CelWindow *window)
{
    cel_path_session_stop(hands_session(window));
    hands_settle(window);
}

static void show_countdown(CelWindow *window, const char *folder)
{
    hands_start_delay(2);
    field_until(window, folder, CEL_PATH_STEP_MEASURE);
    ui_open_instrument(window, "simulated:785", "seed=3,speed=0.02");
    hands_settle(window);
    hands_click(window, "No, none of these");
    hands_hold(window);
    g_assert_true(ui_pump(counting, window, PATIENCE_MS));
}

static void show_stopped(CelWindow *window, const char *folder)
{
    show_countdown(window, folder);
    stop(window);
}

static gboolean gone(gpointer window)
{
    return cel_desk_facts(cel_window_desk(window))->instrument_gone;
}

static void show_unplugged(CelWindow *window, const char *folder)
{
    field_until(window, folder, CEL_PATH_STEP_MEASURE);
    ui_open_instrument(window, "simulated:785", "seed=3,speed=1e6,fault=unplug,fault_at=2");
    hands_settle(window);
    hands_click(window, "No, none of these");
    hands_hold(window);
    g_assert_true(ui_pump(gone, window, PATIENCE_MS));
    hands_settle(window);
}

/* What the bench says when the disk is full, word for word. */
static void show_disk_full(CelWindow *window, const char *folder)
{
    begin(window, folder, "officer", FAST);
    g_autoptr(GError) error = g_error_new_literal(
        CEL_ERROR, CEL_ERROR_SYSTEM,
        "The journal of this exhibit cannot be written: no space left on the device. Nothing of "
        "what was acknowledged is lost. Free some space, then press again.");
    cel_path_session_tell_problem(hands_session(window), error);
}

static void show_result(CelWindow *window, const char *folder)
{
    field_until(window, folder, CEL_PATH_STEP_RESULT);
}

static void show_pack(CelWindow *window, const char *folder)
{
    field_until(window, folder, CEL_PATH_STEP_PACK);
    hands_photo(window, folder);
}

static void show_sign(CelWindow *window, const char *folder)
{
    field_until(window, folder, CEL_PATH_STEP_SIGN);
    hands_sign(window, "technician");
}

static void show_done(CelWindow *window, const char *folder)
{
    show_sign(window, folder);
    hands_click(window, "Sign and seal");
}

/* ---- in the laboratory ---- */

static void lab_until(CelWindow *window, const char *folder, CelPathStep step)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    g_settings_set_string(settings, "mode", "field");
    begin(window, folder, "officer", FAST);
    g_autofree char *code = hands_collect(window, folder);
    g_settings_set_string(settings, "mode", "lab");
    begin(window, folder, "technician", FAST);
    if (step == CEL_PATH_STEP_RECEIVE)
        hands_scan(window, "Scan the bag or type CASE/ITEM", code);
    hands_lab_until(window, folder, code, "A1", step);
}

static void show_lab_receive(CelWindow *window, const char *folder)
{
    lab_until(window, folder, CEL_PATH_STEP_RECEIVE);
}

static void show_lab_open(CelWindow *window, const char *folder)
{
    lab_until(window, folder, CEL_PATH_STEP_OPEN);
}

static void show_lab_examine(CelWindow *window, const char *folder)
{
    lab_until(window, folder, CEL_PATH_STEP_EXAMINE);
}

static void show_lab_measure(CelWindow *window, const char *folder)
{
    lab_until(window, folder, CEL_PATH_STEP_MEASURE);
}

static void show_lab_closing(CelWindow *window, const char *folder)
{
    lab_until(window, folder, CEL_PATH_STEP_CLOSING);
}

static void show_lab_review(CelWindow *window, const char *folder)
{
    lab_until(window, folder, CEL_PATH_STEP_REVIEW);
}

const UiScene ui_scenes_field[] = {
    {.name = "path-begin", .show = show_begin, .field = TRUE},
    {.name = "path-scan", .show = show_scan, .field = TRUE},
    {.name = "path-scanned", .show = show_scanned, .field = TRUE},
    {.name = "path-refused", .show = show_refused, .field = TRUE},
    {.name = "path-blank", .show = show_blank, .field = TRUE},
    {.name = "path-hold", .show = show_hold_blank, .field = TRUE},
    {.name = "path-hazard", .show = show_hazard, .field = TRUE},
    {.name = "path-spots", .show = show_spots, .field = TRUE},
    {.name = "path-aside", .show = show_aside, .field = TRUE},
    {.name = "path-stopped", .show = show_stopped, .field = TRUE},
    {.name = "path-unplugged", .show = show_unplugged, .field = TRUE},
    {.name = "path-disk-full", .show = show_disk_full, .field = TRUE},
    {.name = "path-result", .show = show_result, .field = TRUE},
    {.name = "path-pack", .show = show_pack, .field = TRUE},
    {.name = "path-sign", .show = show_sign, .field = TRUE},
    {.name = "path-done", .show = show_done, .field = TRUE},
    {.name = "path-countdown", .show = show_countdown, .field = TRUE},
    {.name = "lab-receive", .show = show_lab_receive},
    {.name = "lab-open", .show = show_lab_open},
    {.name = "lab-examine", .show = show_lab_examine},
    {.name = "lab-measure", .show = show_lab_measure},
    {.name = "lab-closing", .show = show_lab_closing},
    {.name = "lab-review", .show = show_lab_review},
    {.name = NULL},
};
