/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path-hands.h"

#include "bench/cel-practice.h"

#include <string.h>

/* A second window: on the lab of the first one, and on a lab of its own. A second start in the same
 * session only shows the first one; this is another session, or another person's. */

enum { PATIENCE_MS = 30000 };

static char *folder;
static CelWindow *window;

/** Other: what a second window works with. */
typedef struct {
    CelDesk *desk;
    CelPathSession *session;
} Other;

static gboolean somebody(gpointer desk)
{
    return *cel_desk_facts(desk)->person != '\0';
}

static Other other_window(const char *lab)
{
    Other other = {.desk = cel_desk_new()};
    g_autofree char *key = g_build_filename(lab, "people", "officer.key", NULL);
    cel_desk_open_lab(other.desk, lab, NULL, NULL);
    cel_desk_sign_in(other.desk, key, "practice", NULL, NULL);
    g_assert_true(ui_pump(somebody, other.desk, PATIENCE_MS));
    other.session = cel_path_session_new(other.desk);
    return other;
}

static void close_other(Other *other)
{
    g_clear_object(&other->session);
    cel_desk_stop(other->desk);
    g_clear_object(&other->desk);
}

static gboolean answered(gpointer session)
{
    return cel_path_session_phase(session) == CEL_PATH_PHASE_IDLE &&
           (cel_path_session_view(session) != NULL || cel_path_session_problem(session) != NULL);
}

static void begin(const char *case_id)
{
    ui_sign_in(window, folder, "officer");
    cel_window_show(window, "path", NULL, NULL);
    hands_settle(window);
    hands_close(window);
    hands_begin(window, case_id, "Zhang San");
}

static void an_exhibit_is_worked_on_in_one_window_at_a_time(void)
{
    begin("C-2026-77");
    Other other = other_window(folder);
    cel_path_session_resume(other.session, hands_view(window)->id);
    g_assert_true(ui_pump(answered, other.session, PATIENCE_MS));
    g_assert_null(cel_path_session_view(other.session));
    g_test_message("%s", cel_path_session_problem(other.session)->message);
    g_assert_nonnull(strstr(cel_path_session_problem(other.session)->message, "another window"));
    hands_click(window, "The place is safe to work in"); /* the first one goes on */
    g_assert_no_error(cel_path_session_problem(hands_session(window)));
    hands_close(window);
    close_other(&other);
}

/* Both put events into one ledger, in turn. */
static void two_windows_on_one_lab_work_on_two_exhibits(void)
{
    begin("C-2026-78");
    Other other = other_window(folder);
    const CelPathSetup setup = {.way = CEL_PATH_FIELD, .case_id = "C-2026-79", .witness = "Li Si"};
    cel_path_session_begin(other.session, &setup);
    g_assert_true(ui_pump(answered, other.session, PATIENCE_MS));
    g_assert_no_error(cel_path_session_problem(other.session));
    hands_field_until(window, folder, CEL_PATH_STEP_CHECK); /* put on record meanwhile */
    cel_path_session_answer(other.session, "safety", "yes");
    g_assert_true(ui_pump(answered, other.session, PATIENCE_MS));
    g_assert_no_error(cel_path_session_problem(other.session));
    g_assert_false(cel_path_session_needs(other.session, "safety"));
    close_other(&other);
}

static void two_windows_on_two_labs_know_nothing_of_each_other(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *lab = g_build_filename(folder, "..", "second-lab", NULL);
    const CelPractice practice = {
        .folder = lab, .passphrase = "practice", .clock = cel_clock_system()};
    g_assert_true(cel_practice_found(&practice, NULL, &error));
    g_assert_no_error(error);
    begin("C-2026-80");
    Other other = other_window(lab);
    cel_path_session_look(other.session);
    const CelPathSetup setup = {.way = CEL_PATH_FIELD, .case_id = "C-2026-80", .witness = "Li Si"};
    cel_path_session_begin(other.session, &setup);
    g_assert_true(ui_pump(answered, other.session, PATIENCE_MS));
    g_assert_no_error(cel_path_session_problem(other.session));
    g_assert_cmpstr(cel_path_session_view(other.session)->id, !=, hands_view(window)->id);
    close_other(&other);
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    ui_open_instrument(window, "simulated:785", "seed=3,speed=1e6");
    g_test_add_func("/second/same-exhibit", an_exhibit_is_worked_on_in_one_window_at_a_time);
    g_test_add_func("/second/same-lab", two_windows_on_one_lab_work_on_two_exhibits);
    g_test_add_func("/second/other-lab", two_windows_on_two_labs_know_nothing_of_each_other);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
