/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-shortcuts.h"

#include "citizen/cel-fit.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

enum { WIDTH = 600, HEIGHT = 680 };

static const CelShortcut shortcuts[] = {
#define CEL_SHORTCUT(group, keys, title) {group, keys, title},
#include "cel-shortcuts.def"
#undef CEL_SHORTCUT
};

const CelShortcut *cel_shortcuts(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(shortcuts);
    return shortcuts;
}

/* The key as a cap, in the words of the desktop. */
static GtkWidget *cap(const char *accelerator)
{
    guint key = 0;
    GdkModifierType with = 0;
    gtk_accelerator_parse(accelerator, &key, &with);
    g_autofree char *text = gtk_accelerator_get_label(key, with);
    GtkWidget *label = gtk_label_new(text);
    gtk_widget_add_css_class(label, "key-cap");
    gtk_widget_set_valign(label, GTK_ALIGN_CENTER);
    return label;
}

static GtkWidget *key_row(const CelShortcut *shortcut)
{
    GtkWidget *row = adw_action_row_new();
    g_auto(GStrv) keys = g_strsplit(shortcut->keys, " ", -1);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _(shortcut->title));
    for (char **key = keys; *key != NULL; key++)
        adw_action_row_add_suffix(ADW_ACTION_ROW(row), cap(*key));
    return row;
}

static void add_groups(AdwPreferencesPage *page)
{
    GtkWidget *group = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(shortcuts); i++) {
        if (i == 0 || strcmp(shortcuts[i].group, shortcuts[i - 1].group) != 0) {
            group = adw_preferences_group_new();
            adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _(shortcuts[i].group));
            adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(group));
        }
        adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), key_row(&shortcuts[i]));
    }
}

static GtkShortcut *close_by_escape(void)
{
    return gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_Escape, 0),
                            gtk_named_action_new("window.close"));
}

GtkWidget *cel_shortcuts_window_new(GtkWindow *parent)
{
    GtkWidget *window = adw_preferences_window_new(), *page = adw_preferences_page_new();
    GtkEventController *keys = gtk_shortcut_controller_new();
    gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys), close_by_escape());
    gtk_widget_add_controller(window, keys);
    adw_preferences_window_set_search_enabled(ADW_PREFERENCES_WINDOW(window), FALSE);
    adw_preferences_page_set_title(ADW_PREFERENCES_PAGE(page), _("Keyboard shortcuts"));
    add_groups(ADW_PREFERENCES_PAGE(page));
    adw_preferences_window_add(ADW_PREFERENCES_WINDOW(window), ADW_PREFERENCES_PAGE(page));
    gtk_window_set_title(GTK_WINDOW(window), _("Keyboard shortcuts"));
    gtk_window_set_transient_for(GTK_WINDOW(window), parent);
    cel_citizen_fit(GTK_WINDOW(window), parent, WIDTH, HEIGHT);
    return window;
}
