/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-application.h"

#include "cel-settings.h"
#include "cel-sleep.h"
#include "citizen/cel-citizen.h"

#include <glib/gi18n-lib.h>

struct _CelApplication {
    AdwApplication parent;
    CelDesk *desk;
    CelSleep *sleep;
    CelWindow *window;
    GSettings *settings;
};

G_DEFINE_FINAL_TYPE(CelApplication, cel_application, ADW_TYPE_APPLICATION)

CelDesk *cel_application_desk(CelApplication *application)
{
    return application->desk;
}

CelWindow *cel_application_window(CelApplication *application)
{
    return application->window;
}

/* ---- actions ---- */

static void act_labs(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    (void)action;
    (void)parameter;
    cel_window_show(CEL_APPLICATION(application)->window, "welcome", NULL, NULL);
}

static void act_quit(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    (void)action;
    (void)parameter;
    gtk_window_close(GTK_WINDOW(CEL_APPLICATION(application)->window));
}

static const GActionEntry actions[] = {
    {.name = "labs", .activate = act_labs},
    {.name = "quit", .activate = act_quit},
};

/** Accel: the keys of an action. */
typedef struct {
    const char *action;
    const char *keys[3];
} Accel;

static const Accel accels[] = {
    {"app.quit", {"<Control>q"}},
    {"app.help", {"F1"}},
    {"app.shortcuts", {"<Control>question"}},
    {"app.preferences", {"<Control>comma"}},
    {"window.back", {"<Alt>Left", "Escape"}},
    /* what the buttons of handheld instruments and presenters send */
    {"window.trigger", {"F8", "F12"}},
};

/* ---- starting ---- */

static void style_sheets(void)
{
    static const char *const sheets[] = {
        "base",
#define CEL_STYLE(name) name,
#include "cel-styles.def"
#undef CEL_STYLE
    };
    for (gsize i = 0; i < G_N_ELEMENTS(sheets); i++) {
        g_autoptr(GtkCssProvider) provider = gtk_css_provider_new();
        g_autofree char *path = g_strdup_printf("/org/celadon/Celadon/style/%s.css", sheets[i]);
        gtk_css_provider_load_from_resource(provider, path);
        gtk_style_context_add_provider_for_display(gdk_display_get_default(),
                                                   GTK_STYLE_PROVIDER(provider),
                                                   GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    }
    gtk_icon_theme_add_resource_path(gtk_icon_theme_get_for_display(gdk_display_get_default()),
                                     "/org/celadon/Celadon/icons");
}

static void startup(GApplication *base)
{
    CelApplication *application = CEL_APPLICATION(base);
    G_APPLICATION_CLASS(cel_application_parent_class)->startup(base);
    gtk_window_set_default_icon_name(CEL_APPLICATION_ID);
    g_action_map_add_action_entries(G_ACTION_MAP(base), actions, G_N_ELEMENTS(actions), base);
    for (gsize i = 0; i < G_N_ELEMENTS(accels); i++)
        gtk_application_set_accels_for_action(GTK_APPLICATION(base), accels[i].action,
                                              accels[i].keys);
    cel_citizen_install(application);
    style_sheets();
    application->settings = cel_settings_new();
    application->desk = cel_desk_new();
    application->sleep =
        cel_sleep_new(GTK_APPLICATION(base), cel_desk_lanes(application->desk), cel_clock_system());
    cel_desk_rescan(application->desk);
    g_autofree char *instrument = g_settings_get_string(application->settings, "instrument");
    if (*instrument != '\0')
        cel_desk_open_instrument(application->desk, instrument, NULL, NULL, NULL);
}

static void lab_opened(gpointer owner, const GError *error)
{
    CelApplication *application = owner;
    if (application->window == NULL)
        return;
    if (error != NULL)
        cel_window_fail(application->window, error);
    cel_window_home(application->window);
}

static void activate(GApplication *base)
{
    CelApplication *application = CEL_APPLICATION(base);
    if (application->window == NULL) {
        application->window = cel_window_new(GTK_APPLICATION(base), application->desk);
        cel_citizen_welcome(application->window);
        g_object_add_weak_pointer(G_OBJECT(application->window), (gpointer *)&application->window);
        g_autofree char *folder = g_settings_get_string(application->settings, "lab-folder");
        if (*folder != '\0')
            cel_desk_open_lab(application->desk, folder, G_OBJECT(application), lab_opened);
    }
    gtk_window_present(GTK_WINDOW(application->window));
}

/* A double click on a sealed file or a library. */
static void open_files(GApplication *base, GFile **files, int n, const char *hint)
{
    (void)hint;
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    activate(base);
    for (int i = 0; i < n; i++) {
        char *path = g_file_get_path(files[i]);
        if (path != NULL)
            g_ptr_array_add(paths, path);
    }
    cel_window_open_files(CEL_APPLICATION(base)->window, paths);
}

/* Also where the main loop was never run by the application: the workers' threads end. */
static void let_go(CelApplication *application)
{
    if (application->desk != NULL)
        cel_desk_stop(application->desk);
    if (application->sleep != NULL)
        g_object_run_dispose(G_OBJECT(application->sleep));
    g_clear_object(&application->sleep);
    g_clear_object(&application->desk);
    g_clear_object(&application->settings);
}

static void shutdown_application(GApplication *base)
{
    let_go(CEL_APPLICATION(base));
    G_APPLICATION_CLASS(cel_application_parent_class)->shutdown(base);
}

static void cel_application_dispose(GObject *object)
{
    let_go(CEL_APPLICATION(object));
    G_OBJECT_CLASS(cel_application_parent_class)->dispose(object);
}

static void cel_application_class_init(CelApplicationClass *klass)
{
    GApplicationClass *application_class = G_APPLICATION_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_application_dispose;
    application_class->startup = startup;
    application_class->activate = activate;
    application_class->open = open_files;
    application_class->shutdown = shutdown_application;
}

static void cel_application_init(CelApplication *application)
{
    (void)application;
}

CelApplication *cel_application_new(GApplicationFlags flags)
{
    return g_object_new(CEL_TYPE_APPLICATION, "application-id", CEL_APPLICATION_ID, "flags", flags,
                        "resource-base-path", "/org/celadon/Celadon", NULL);
}
