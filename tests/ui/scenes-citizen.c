/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-settings.h"
#include "citizen/cel-card-dialog.h"
#include "citizen/cel-preferences.h"
#include "citizen/cel-profile-form.h"
#include "citizen/cel-shortcuts.h"
#include "citizen/cel-tour.h"
#include "help/cel-help-book.h"
#include "help/cel-help.h"
#include "profile-fixture.h"
#include "scenes.h"

#include <glib/gi18n-lib.h>

/* Windows beside the main one: each scene opens its own; who makes the picture takes the newest. */

static void show_help(CelWindow *window, const char *page)
{
    CelHelp *help = cel_help_new(GTK_WINDOW(window));
    cel_help_show_page(help, page);
    gtk_window_present(GTK_WINDOW(help));
    ui_pump_idle(window, 300);
}

static void help_first_steps(CelWindow *window, const char *folder)
{
    (void)folder;
    show_help(window, "first-steps");
}

static void help_outcomes(CelWindow *window, const char *folder)
{
    (void)folder;
    show_help(window, "outcomes");
}

static void help_laser(CelWindow *window, const char *folder)
{
    (void)folder;
    show_help(window, "laser");
}

/* Contents and page one after the other. */
static void help_narrow(CelWindow *window, const char *folder)
{
    (void)folder;
    CelHelp *help = cel_help_new(GTK_WINDOW(window));
    gtk_window_set_default_size(GTK_WINDOW(help), 480, 440);
    gtk_window_present(GTK_WINDOW(help));
    ui_pump_idle(window, 300);
}

static void preferences(CelWindow *window, const char *folder)
{
    (void)folder;
    gtk_window_present(GTK_WINDOW(cel_preferences_new(window)));
    ui_pump_idle(window, 300);
}

static void profile(CelWindow *window, const char *folder)
{
    ui_sign_in(window, folder, "head");
    gtk_window_present(GTK_WINDOW(cel_profile_form_new(window, GTK_WINDOW(window))));
    ui_pump_idle(window, 300);
}

/* A draft that says everything, at @part: one of its groups. */
static void show_draft(CelWindow *window, const char *folder, GType type, const char *part)
{
    ui_sign_in(window, folder, "head");
    CelProfileForm *form = cel_profile_form_new(window, GTK_WINDOW(window));
    gtk_window_present(GTK_WINDOW(form));
    ui_pump_idle(window, 300);
    g_autofree char *path = profile_draft_write(folder);
    cel_profile_form_take_draft(form, path);
    ui_pump_idle(window, 300);
    GtkWidget *at = ui_find(GTK_WIDGET(form), type, _(part));
    GtkWidget *view = gtk_widget_get_ancestor(at, GTK_TYPE_VIEWPORT);
    GtkAdjustment *down = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(view));
    graphene_point_t place;
    if (gtk_widget_compute_point(at, gtk_widget_get_first_child(view), &GRAPHENE_POINT_INIT(0, 0),
                                 &place))
        gtk_adjustment_set_value(down, place.y);
    ui_pump_idle(window, 300);
}

static void profile_titles(CelWindow *window, const char *folder)
{
    show_draft(window, folder, GTK_TYPE_LABEL, "Titles");
}

static void profile_citations(CelWindow *window, const char *folder)
{
    show_draft(window, folder, GTK_TYPE_LABEL, "Citations");
}

static void profile_limits(CelWindow *window, const char *folder)
{
    show_draft(window, folder, GTK_TYPE_LABEL, "Limits of the checks");
    GtkWidget *form = ui_toplevel("CelProfileForm");
    GtkWidget *label = ui_find(form, GTK_TYPE_LABEL, _("Lines needed, at least"));
    gtk_editable_set_text(GTK_EDITABLE(gtk_widget_get_ancestor(label, ADW_TYPE_ENTRY_ROW)), "0");
    ui_pump_idle(window, 100);
}

static void profile_rest(CelWindow *window, const char *folder)
{
    show_draft(window, folder, GTK_TYPE_LABEL, "Shown only");
}

static void card(CelWindow *window, const char *folder)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    (void)folder;
    gtk_window_present(GTK_WINDOW(cel_card_dialog_new(GTK_WINDOW(window), settings)));
    ui_pump_idle(window, 300);
}

static void shortcuts(CelWindow *window, const char *folder)
{
    (void)folder;
    gtk_window_present(GTK_WINDOW(cel_shortcuts_window_new(GTK_WINDOW(window))));
    ui_pump_idle(window, 300);
}

static void about(CelWindow *window, const char *folder)
{
    (void)folder;
    g_action_group_activate_action(G_ACTION_GROUP(gtk_window_get_application(GTK_WINDOW(window))),
                                   "about", NULL);
    ui_pump_idle(window, 300);
}

static void tour(CelWindow *window, const char *folder)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    (void)folder;
    CelTour *cards = cel_tour_start(window, settings);
    gtk_widget_activate_action(GTK_WIDGET(cards), "tour.next", NULL);
    ui_pump_idle(window, 300);
}

const UiScene ui_scenes_citizen[] = {
    {"help-first-steps", help_first_steps, FALSE},
    {"help-outcomes", help_outcomes, FALSE},
    {"help-laser", help_laser, FALSE},
    {"help-narrow", help_narrow, FALSE},
    {"preferences", preferences, FALSE},
    {"preferences-field", preferences, TRUE},
    {"profile", profile, FALSE},
    {"profile-titles", profile_titles, FALSE},
    {"profile-titles-field", profile_titles, TRUE},
    {"profile-citations", profile_citations, FALSE},
    {"profile-limits", profile_limits, FALSE},
    {"profile-rest", profile_rest, FALSE},
    {"card-on-the-screen", card, FALSE},
    {"shortcuts", shortcuts, FALSE},
    {"about", about, FALSE},
    {"tour", tour, FALSE},
    {NULL, NULL, FALSE},
};
