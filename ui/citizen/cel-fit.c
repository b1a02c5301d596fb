/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-fit.h"

static void dress(GtkWidget *parent, GParamSpec *spec, GtkWidget *window)
{
    static const char *const classes[] = {"field", "day"};
    (void)spec;
    for (gsize i = 0; i < G_N_ELEMENTS(classes); i++) {
        if (gtk_widget_has_css_class(parent, classes[i]))
            gtk_widget_add_css_class(window, classes[i]);
        else
            gtk_widget_remove_css_class(window, classes[i]);
    }
}

static void follow(GtkWindow *window, GtkWindow *parent)
{
    dress(GTK_WIDGET(parent), NULL, GTK_WIDGET(window));
    g_signal_connect_object(parent, "notify::css-classes", G_CALLBACK(dress), window, 0);
}

void cel_citizen_fit(GtkWindow *window, GtkWindow *parent, int width, int height)
{
    const int most_width = parent != NULL ? gtk_widget_get_width(GTK_WIDGET(parent)) : 0;
    const int most_height = parent != NULL ? gtk_widget_get_height(GTK_WIDGET(parent)) : 0;
    gtk_window_set_default_size(window, most_width > 0 ? MIN(width, most_width) : width,
                                most_height > 0 ? MIN(height, most_height) : height);
    if (parent == NULL)
        return;
    gtk_window_set_application(window, gtk_window_get_application(parent));
    gtk_window_set_destroy_with_parent(window, TRUE);
    follow(window, parent);
}

/* ---- every window that stands before another ---- */

static void stands_before(GtkWindow *window)
{
    GtkWindow *parent = gtk_window_get_transient_for(window);
    if (parent != NULL)
        follow(window, parent);
}

static void windows_changed(GListModel *windows, guint at, guint removed, guint added,
                            gpointer owner)
{
    (void)removed;
    (void)owner;
    for (guint i = 0; i < added; i++) {
        g_autoptr(GObject) window = g_list_model_get_item(windows, at + i);
        g_signal_connect(window, "notify::transient-for", G_CALLBACK(stands_before), NULL);
    }
}

void cel_citizen_dress_all(GObject *owner)
{
    g_signal_connect_object(gtk_window_get_toplevels(), "items-changed",
                            G_CALLBACK(windows_changed), owner, 0);
}
