/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-touch.h"
#include "page-check.h"
#include "path-hands.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The tablet is turned while somebody works: upright and back, on the screen of every step. */

enum { LONG_PX = 1280, SHORT_PX = 800, MOST_TRIES = 8, SETTLE_MS = 150 };

static char *folder;
static CelWindow *window;

/* Shadows take some pixels of what is asked for; nobody promises how many. */
static void turn(int width, int height)
{
    int ask_width = width, ask_height = height;
    for (int i = 0; i < MOST_TRIES; i++) {
        gtk_window_set_default_size(GTK_WINDOW(window), ask_width, ask_height);
        ui_pump(NULL, NULL, SETTLE_MS);
        const int more_width = width - gtk_widget_get_width(GTK_WIDGET(window));
        const int more_height = height - gtk_widget_get_height(GTK_WIDGET(window));
        if (more_width == 0 && more_height == 0)
            return;
        ask_width += more_width;
        ask_height += more_height;
    }
    g_assert_cmpint(gtk_widget_get_width(GTK_WIDGET(window)), ==, width);
    g_assert_cmpint(gtk_widget_get_height(GTK_WIDGET(window)), ==, height);
}

/* Nothing is cut, squeezed, pushed aside or too small to touch. */
static guint faults(const char *step, const char *way)
{
    const CelScreen screen = cel_touch_screen(GTK_WIDGET(window), 0.0);
    const PageRules rules = {.target_px = cel_touch_px(&screen)};
    g_autoptr(GPtrArray) findings = page_check(GTK_WIDGET(window), &rules);
    for (guint i = 0; i < findings->len; i++) {
        const PageFinding *finding = g_ptr_array_index(findings, i);
        g_test_message("%s, %s: %s %s: %s", step, way, finding->kind, finding->where,
                       finding->text);
    }
    return findings->len;
}

/* Everything that was typed and not sent, in the order of the page. */
static void add_typed(GtkWidget *root, GString *out)
{
    if (!gtk_widget_get_mapped(root))
        return;
    if (GTK_IS_EDITABLE(root))
        g_string_append_printf(out, "%s|", gtk_editable_get_text(GTK_EDITABLE(root)));
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        add_typed(child, out);
}

static char *typed(void)
{
    GString *out = g_string_new(NULL);
    add_typed(GTK_WIDGET(cel_window_page(window, NULL)), out);
    return g_string_free(out, FALSE);
}

static guint turn_and_look(const char *step)
{
    g_autofree char *before = typed();
    const guint n_shots = hands_view(window)->shots->len,
                n_photos = hands_view(window)->photos->len;
    turn(SHORT_PX, LONG_PX);
    guint n = faults(step, "upright");
    turn(LONG_PX, SHORT_PX);
    n += faults(step, "back");
    g_autofree char *after = typed();
    g_assert_cmpstr(after, ==, before);
    g_assert_cmpuint(hands_view(window)->shots->len, ==, n_shots);
    g_assert_cmpuint(hands_view(window)->photos->len, ==, n_photos);
    return n;
}

static void turned_on_every_step_nothing_is_lost_or_clipped(void)
{
    static const CelPathStep steps[] = {
        CEL_PATH_STEP_SCAN,   CEL_PATH_STEP_CHECK, CEL_PATH_STEP_BLANK, CEL_PATH_STEP_MEASURE,
        CEL_PATH_STEP_RESULT, CEL_PATH_STEP_PACK,  CEL_PATH_STEP_SIGN};
    guint n = 0;
    ui_sign_in(window, folder, "officer");
    ui_open_instrument(window, "simulated:785", "seed=3,speed=1e6");
    turn(LONG_PX, SHORT_PX);
    cel_window_show(window, "path", NULL, NULL);
    hands_settle(window);
    hands_start_delay(0);
    hands_begin(window, "C-2026-77", "Zhang San");
    hands_type(window, "Scan or type the number", "12"); /* half of a number */
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        hands_field_until(window, folder, steps[i]);
        n += turn_and_look(cel_path_step_def(steps[i])->id);
    }
    g_assert_cmpuint(n, ==, 0);
}

static gboolean is_lit(gpointer data)
{
    (void)data;
    return cel_path_session_phase(hands_session(window)) == CEL_PATH_PHASE_LIGHT;
}

static gboolean is_off(gpointer data)
{
    (void)data;
    return cel_path_session_laser(hands_session(window)) == CEL_LASER_OFF_READ_BACK;
}

static void turned_while_it_measures_the_stop_stays_in_view(void)
{
    hands_close(window);
    ui_open_instrument(window, "simulated:785", "seed=3,speed=2");
    hands_begin(window, "C-2026-78", "Zhang San");
    hands_field_until(window, folder, CEL_PATH_STEP_BLANK);
    hands_click(window, "No, directly");
    hands_hold(window);
    g_assert_true(ui_pump(is_lit, NULL, 20000));
    turn(SHORT_PX, LONG_PX);
    g_assert_cmpuint(faults("blank", "upright, measuring"), ==, 0);
    ui_click(GTK_WIDGET(window), _("STOP"));
    hands_settle(window);
    g_assert_true(ui_pump(is_off, NULL, 20000));
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    g_test_add_func("/rotate/every-step", turned_on_every_step_nothing_is_lost_or_clipped);
    g_test_add_func("/rotate/measuring", turned_while_it_measures_the_stop_stays_in_view);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
