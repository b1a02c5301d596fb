/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-logind.h"
#include "path-hands.h"

#include "instruments/cel-calibrate-guide.h"
#include "work/cel-measure-panel.h"
#include "work/cel-work-page.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

/*
 * The cable pulled, and the computer put to sleep, in every state of the work: on a simulated USB
 * unit, whose simulator tells whether light really leaves it. What was measured before must be
 * there after, the window must say what happened and what to do, and the work must go on.
 *
 *   celadon-usb-sim wasatch-785:sample=polystyrene -- test-ui-faults
 */

enum { PATIENCE_MS = 30000, OFF_MS = 5000 };

/* For LeakSanitizer, which looks this name up. libusb 1.0.26 forgets a transfer that is submitted
 * while it learns that the device left (see dispose_forsaken() in drivers/transport-libusb.c); what
 * is ours of it is freed, the 56 bytes that it gave the kernel are libusb's own and stay. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libusb-1.0\n";
}

static char *folder;
static CelWindow *window;

/* ---- the simulator ---- */

static GSocketConnection *channel;
static GDataInputStream *answers;

static void open_channel(void)
{
    g_autoptr(GError) error = NULL;
    const char *path = g_getenv("CELADON_USB_SIM_CONTROL");
    if (path == NULL)
        g_error("this runs below celadon-usb-sim");
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    channel = g_socket_client_connect(client, G_SOCKET_CONNECTABLE(address), NULL, &error);
    g_assert_no_error(error);
    answers = g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(channel)));
}

static char *ask(const char *line)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(line, "\n", NULL);
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(channel));
    g_output_stream_write_all(out, text, strlen(text), NULL, NULL, &error);
    g_assert_no_error(error);
    char *answer = g_data_input_stream_read_line(answers, NULL, NULL, &error);
    if (answer == NULL || !g_str_has_prefix(answer, "ok"))
        g_error("%s: %s", line, answer != NULL ? answer : "no answer");
    return answer;
}

static void tell(const char *line)
{
    g_free(ask(line));
}

static gboolean shines(gpointer data)
{
    g_autofree char *answer = ask("get 1 laser");
    (void)data;
    return g_str_equal(answer, "ok 1");
}

/* ---- what the window shows ---- */

static CelDesk *desk(void)
{
    return cel_window_desk(window);
}

static gboolean gone(gpointer data)
{
    (void)data;
    return cel_desk_facts(desk())->instrument_gone;
}

static gboolean back(gpointer data)
{
    (void)data;
    return cel_desk_facts(desk())->has_instrument && !cel_desk_facts(desk())->instrument_gone;
}

static gboolean can_be_read(gpointer words)
{
    return ui_reads(words) != NULL;
}

static void assert_read(const char *words)
{
    if (!ui_pump(can_be_read, (gpointer)words, PATIENCE_MS))
        g_error("nobody can read \"%s\"", words);
}

/* ---- the states ---- */

/** State: where in the work it happens. */
typedef struct {
    const char *name;
    void (*begin)(void);
    gboolean (*is_there)(gpointer data);
    gboolean of_path, of_light;
} State;

static CelPathSession *session(void)
{
    return hands_session(window);
}

static void nothing(void)
{
}

static gboolean at_once(gpointer data)
{
    (void)data;
    return TRUE;
}

static void hold(void)
{
    hands_hold(window);
}

static gboolean counts_down(gpointer data)
{
    (void)data;
    return cel_path_session_countdown(session()) > 0;
}

static gboolean shines_on_path(gpointer data)
{
    (void)data;
    return cel_path_session_phase(session()) == CEL_PATH_PHASE_LIGHT && shines(NULL);
}

static CelWorkPage *work_page(void)
{
    return CEL_WORK_PAGE(cel_window_page(window, NULL));
}

static CelMeasurePanel *measure_panel(void)
{
    return CEL_MEASURE_PANEL(cel_work_page_tool(work_page(), "measure"));
}

/* Answers every question before the light that is asked in @root. */
static void answer_all(GtkWidget *root)
{
    if (GTK_IS_CHECK_BUTTON(root) && gtk_widget_get_mapped(root))
        gtk_check_button_set_active(GTK_CHECK_BUTTON(root), TRUE);
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        answer_all(child);
}

static void look_live(void)
{
    g_assert_true(cel_window_show(window, "workbench", NULL, NULL));
    ui_pump_idle(window, 100);
    cel_work_page_show_tool(work_page(), "measure");
    ui_pump_idle(window, 100);
    answer_all(GTK_WIDGET(measure_panel()));
    gtk_toggle_button_set_active(
        GTK_TOGGLE_BUTTON(ui_find(GTK_WIDGET(measure_panel()), GTK_TYPE_TOGGLE_BUTTON, "No")),
        TRUE);
    cel_measure_panel_toggle_live(measure_panel());
    g_assert_true(cel_measure_panel_is_live(measure_panel()));
}

static gboolean sees_frames(gpointer data)
{
    (void)data;
    return cel_measure_panel_seen(measure_panel()) > 2 && shines(NULL);
}

static GtkWidget *guide;

static void calibrate(void)
{
    g_assert_true(cel_window_show(window, "instruments", NULL, NULL));
    ui_pump_idle(window, 50);
    guide = cel_calibrate_guide_new(cel_window_page(window, NULL));
    gtk_window_present(GTK_WINDOW(guide));
    ui_pump_idle(window, 50);
    ui_click(guide, "It lies there");
    answer_all(guide);
    ui_click(guide, "Measure the standard");
}

static const State states[] = {
    {"aiming", nothing, at_once, TRUE, FALSE},
    {"countdown", hold, counts_down, TRUE, TRUE},
    {"exposure", hold, shines_on_path, TRUE, TRUE},
    {"live-view", look_live, sees_frames, FALSE, TRUE},
    {"calibration", calibrate, shines, FALSE, TRUE},
};

/* ---- around each ---- */

/* One good spot, so that there is something to lose; or goes on with the exhibit that has it. */
static guint at_the_second_spot(void)
{
    ui_sign_in(window, folder, "officer");
    cel_window_show(window, "path", NULL, NULL);
    hands_settle(window);
    if (cel_path_session_start(session())->open->len > 0) {
        hands_click(window, "Go on");
    } else {
        hands_start_delay(1);
        hands_begin(window, "C-2026-77", "Zhang San");
        hands_field_until(window, folder, CEL_PATH_STEP_MEASURE);
        hands_click(window, "No, none of these");
        hands_shoot(window);
    }
    g_assert_cmpint(hands_step(window), ==, CEL_PATH_STEP_MEASURE);
    return hands_view(window)->valid;
}

static guint go_to(const State *state)
{
    guint valid = 0;
    if (state->of_path)
        valid = at_the_second_spot();
    else
        ui_sign_in(window, folder, "technician");
    state->begin();
    g_assert_true(ui_pump(state->is_there, NULL, PATIENCE_MS));
    return valid;
}

static void leave(const State *state)
{
    if (guide != NULL)
        gtk_window_destroy(GTK_WINDOW(guide));
    guide = NULL;
    if (state->of_path)
        hands_settle(window);
    else
        ui_pump_idle(window, 50);
}

/* ---- the cable ---- */

static void the_cable_is_pulled(gconstpointer data)
{
    const State *state = data;
    const guint valid = go_to(state);
    tell("unplug 1");
    assert_read(state->of_light ? "unplugged or lost power" : "was unplugged or lost power");
    assert_read("unplugged");
    g_assert_true(ui_pump(gone, NULL, PATIENCE_MS));
    leave(state);
    tell("plug 1");
    g_assert_true(ui_pump(back, NULL, PATIENCE_MS)); /* by itself */
    if (!state->of_path)
        return;
    g_assert_cmpuint(hands_view(window)->valid, ==, valid);
    g_assert_cmpint(hands_step(window), ==, CEL_PATH_STEP_MEASURE);
}

/* ---- sleep ---- */

static gboolean may_sleep(gpointer data)
{
    (void)data;
    return fake_logind_locks("delay") == 0;
}

static gboolean is_awake(gpointer data)
{
    (void)data;
    return fake_logind_locks("delay") == 1;
}

static gboolean is_kept_awake(gpointer data)
{
    (void)data;
    return fake_logind_locks("block") == 1;
}

static void the_computer_sleeps(gconstpointer data)
{
    const State *state = data;
    const guint valid = go_to(state);
    g_assert_true(ui_pump(is_awake, NULL, PATIENCE_MS));
    if (state->of_light)
        g_assert_true(ui_pump(is_kept_awake, NULL, PATIENCE_MS));
    fake_logind_sleep(TRUE);
    g_assert_true(ui_pump(may_sleep, NULL, OFF_MS));
    g_assert_false(shines(NULL)); /* not before it is off */
    if (state->of_light)
        assert_read("The computer went to sleep, so the laser was turned off");
    leave(state);
    g_assert_cmpuint(fake_logind_locks("block"), ==, 0);
    fake_logind_sleep(FALSE);
    g_assert_true(ui_pump(is_awake, NULL, PATIENCE_MS));
    if (!state->of_path)
        return;
    g_assert_cmpuint(hands_view(window)->valid, ==, valid);
}

/* ---- another program has it ---- */

static void connect_it(void)
{
    g_autoptr(GArray) seen = cel_desk_scan(desk());
    for (guint i = 0; i < seen->len; i++) {
        const CelDeviceInfo *info = &g_array_index(seen, CelDeviceInfo, i);
        if (!g_str_has_prefix(info->id, "simulated"))
            cel_path_session_connect(session(), info->id);
    }
    hands_settle(window);
}

static void an_instrument_that_is_busy_says_who_must_let_it_go(void)
{
    const guint valid = at_the_second_spot();
    tell("set 1 busy 1000");
    connect_it();
    assert_read("another program");
    g_assert_false(cel_desk_facts(desk())->has_instrument);
    tell("set 1 busy 0");
    hands_click(window, "Understood");
    connect_it();
    g_assert_true(ui_pump(back, NULL, PATIENCE_MS));
    g_assert_no_error(cel_path_session_problem(session()));
    g_assert_cmpuint(hands_view(window)->valid, ==, valid);
}

/* Nothing lost, nothing counted that was disturbed: the way ends as if nothing had been. */
static void then_the_way_goes_to_its_end(void)
{
    at_the_second_spot();
    hands_start_delay(0);
    hands_field_until(window, folder, CEL_PATH_STEP_SIGN);
    hands_sign(window, "technician");
    hands_click(window, "Sign and seal");
    g_assert_no_error(cel_path_session_problem(session()));
    g_assert_cmpstr(hands_view(window)->fid, !=, "");
}

static void add(const char *fault, const State *state, GTestDataFunc test)
{
    g_autofree char *path = g_strdup_printf("/%s/%s", fault, state->name);
    g_test_add_data_func(path, state, test);
}

int main(int argc, char **argv)
{
    fake_logind_up();
    ui_test_init(&argc, &argv);
    open_channel();
    window = ui_window(&folder);
    g_assert_true(ui_pump(back, NULL, PATIENCE_MS));
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        add("unplug", &states[i], the_cable_is_pulled);
        add("sleep", &states[i], the_computer_sleeps);
    }
    g_test_add_func("/busy/on-the-path", an_instrument_that_is_busy_says_who_must_let_it_go);
    g_test_add_func("/then/sealed", then_the_way_goes_to_its_end);
    const int status = g_test_run();
    ui_window_end();
    fake_logind_down();
    g_free(folder);
    return status;
}
