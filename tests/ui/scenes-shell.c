/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenes.h"

#include "bench/cel-lab.h"
#include "cel-window.h"

/* What stands before the work, and what the shell itself shows. */

static void show_welcome(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_desk_sign_out(cel_window_desk(window));
    cel_window_show(window, "welcome", NULL, NULL);
}

static gboolean at_sign_in(gpointer window)
{
    const char *id = NULL;
    cel_window_page(window, &id);
    return g_strcmp0(id, "sign-in") == 0 && ui_find(window, ADW_TYPE_ACTION_ROW, NULL) != NULL;
}

static void show_sign_in(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_desk_sign_out(cel_window_desk(window));
    cel_window_home(window);
    g_assert_true(ui_pump(at_sign_in, window, 20000));
}

static gboolean problem_shown(gpointer window)
{
    return ui_find_class(window, "problem") != NULL;
}

/* The sentence after a wrong passphrase, typed and entered as a person does. */
static void show_sign_in_refused(CelWindow *window, const char *folder)
{
    show_sign_in(window, folder);
    GtkWidget *row = ui_find(GTK_WIDGET(window), ADW_TYPE_ACTION_ROW, NULL);
    GtkWidget *entry = ui_find(GTK_WIDGET(window), ADW_TYPE_PASSWORD_ENTRY_ROW, NULL);
    gtk_widget_activate(row);
    gtk_editable_set_text(GTK_EDITABLE(entry), "not the passphrase");
    g_signal_emit_by_name(entry, "entry-activated");
    g_assert_true(ui_pump(problem_shown, window, 20000));
}

static void show_failure(CelWindow *window, const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *no_lab = g_build_filename(folder, "people", NULL);
    g_assert_null(cel_lab_open(no_lab, &error));
    cel_window_fail(window, error);
    ui_pump(NULL, NULL, 200);
}

const UiScene ui_scenes_shell[] = {
    {.name = "welcome", .show = show_welcome},
    {.name = "sign-in", .show = show_sign_in},
    {.name = "sign-in-field", .show = show_sign_in, .field = TRUE},
    {.name = "sign-in-refused", .show = show_sign_in_refused},
    {.name = "failure", .show = show_failure},
    {.name = NULL},
};
