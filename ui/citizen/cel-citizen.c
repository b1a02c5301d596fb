/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-citizen.h"

#include "cel-settings.h"
#include "cel-welcome-page.h"
#include "citizen/cel-card-dialog.h"
#include "citizen/cel-fit.h"
#include "citizen/cel-preferences.h"
#include "citizen/cel-shortcuts.h"
#include "citizen/cel-tour.h"
#include "config.h"
#include "help/cel-help-book.h"
#include "help/cel-help.h"

#include <glib/gi18n-lib.h>

#define HELP_KEY "cel-help"

static CelWindow *window_of(gpointer application)
{
    return cel_application_window(CEL_APPLICATION(application));
}

/* ---- help ---- */

static void forget_help(GObject *window)
{
    g_object_set_data(window, HELP_KEY, NULL);
}

/* One window of help; the next F1 turns its pages. */
static void act_help(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    CelWindow *window = window_of(application);
    const char *id = NULL;
    (void)action;
    (void)parameter;
    if (window == NULL)
        return;
    CelHelp *help = g_object_get_data(G_OBJECT(window), HELP_KEY);
    if (help == NULL) {
        help = cel_help_new(GTK_WINDOW(window));
        g_object_set_data(G_OBJECT(window), HELP_KEY, help);
        g_signal_connect_object(help, "destroy", G_CALLBACK(forget_help), window,
                                G_CONNECT_SWAPPED);
    }
    cel_window_page(window, &id);
    cel_help_show_page(help, cel_help_for(id)->id);
    gtk_window_present(GTK_WINDOW(help));
}

/* ---- windows ---- */

static void act_shortcuts(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    (void)action;
    (void)parameter;
    gtk_window_present(GTK_WINDOW(cel_shortcuts_window_new(GTK_WINDOW(window_of(application)))));
}

static void act_preferences(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    (void)action;
    (void)parameter;
    if (window_of(application) != NULL)
        gtk_window_present(GTK_WINDOW(cel_preferences_new(window_of(application))));
}

/* What somebody who helps asks first. */
static char *about_machine(CelWindow *window)
{
    const CelScreen screen = cel_touch_screen(GTK_WIDGET(window), 0.0);
    return g_strdup_printf("Celadon %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\n"
                           "screen %d px, %d mm\n",
                           CEL_VERSION, gtk_get_major_version(), gtk_get_minor_version(),
                           gtk_get_micro_version(), adw_get_major_version(),
                           adw_get_minor_version(), adw_get_micro_version(), glib_major_version,
                           glib_minor_version, glib_micro_version, screen.width_px,
                           screen.width_mm);
}

static void act_about(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    CelWindow *window = window_of(application);
    (void)action;
    (void)parameter;
    if (window == NULL)
        return;
    g_autofree char *machine = about_machine(window);
    adw_show_about_window(
        GTK_WINDOW(window), "application-name", "Celadon", "application-icon", CEL_APPLICATION_ID,
        "developer-name", _("The Celadon authors"), "version", CEL_VERSION, "license-type",
        GTK_LICENSE_GPL_3_0, "comments",
        _("Raman screening of exhibits, sealed as evidence. A result is a screening result and no "
          "expert opinion."),
        "debug-info", machine, "debug-info-filename", "celadon.txt", NULL);
}

/* ---- the tour ---- */

static void act_tour(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    CelWindow *window = window_of(application);
    (void)action;
    (void)parameter;
    if (window == NULL)
        return;
    g_autoptr(GSettings) settings = cel_settings_new();
    GtkWindow *help = g_object_get_data(G_OBJECT(window), HELP_KEY);
    if (help != NULL)
        gtk_window_close(help);
    gtk_window_present(GTK_WINDOW(window));
    cel_tour_start(window, settings);
}

/* Once somebody works in the practice lab of the welcome page: that is who starts for the first
 * time, and only then is there something to point at. */
static gboolean wants_tour(CelWindow *window, GSettings *settings)
{
    const CelDeskFacts *facts = cel_desk_facts(cel_window_desk(window));
    g_autofree char *practice = cel_welcome_practice_folder();
    return *facts->person != '\0' && g_strcmp0(facts->lab_folder, practice) == 0 &&
           cel_tour_of(window) == NULL && !g_settings_get_boolean(settings, "tour-seen");
}

static void desk_changed(CelWindow *window)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    const gboolean is_field = cel_window_mode(window) == CEL_MODE_FIELD;
    if (!gtk_widget_get_mapped(GTK_WIDGET(window)) ||
        *cel_desk_facts(cel_window_desk(window))->person == '\0' ||
        cel_card_ask_once(GTK_WINDOW(window), settings, is_field))
        return;
    if (wants_tour(window, settings))
        cel_tour_start(window, settings);
}

static const GActionEntry actions[] = {
    {.name = "help", .activate = act_help},
    {.name = "shortcuts", .activate = act_shortcuts},
    {.name = "preferences", .activate = act_preferences},
    {.name = "about", .activate = act_about},
    {.name = "tour", .activate = act_tour},
};

void cel_citizen_install(CelApplication *application)
{
    g_action_map_add_action_entries(G_ACTION_MAP(application), actions, G_N_ELEMENTS(actions),
                                    application);
    cel_citizen_dress_all(G_OBJECT(application));
}

void cel_citizen_welcome(CelWindow *window)
{
    g_signal_connect_object(cel_window_desk(window), "changed", G_CALLBACK(desk_changed), window,
                            G_CONNECT_SWAPPED);
}
