/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-stop.h"

#include "path/cel-path-parts.h"

#include <glib/gi18n-lib.h>

struct _CelPathStop {
    GtkBox parent;
    CelPathSession *session; /* weak, (nullable) */
    GtkWidget *countdown, *stage, *stop;
    CelTask *covered; /* (nullable): whose other stop is not shown */
    guint counted;
};

G_DEFINE_FINAL_TYPE(CelPathStop, cel_path_stop, GTK_TYPE_BOX)

static gboolean is_field(CelPathStop *bar)
{
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(bar));
    return root != NULL && gtk_widget_has_css_class(GTK_WIDGET(root), "field");
}

/* Whatever happens to bar, page or shot: a task is covered only while the button that stops this
 * very task is mapped. */
static void cover(CelPathStop *bar)
{
    CelTask *shot = bar->session != NULL && is_field(bar) && gtk_widget_get_mapped(bar->stop)
                        ? cel_path_session_shot(bar->session)
                        : NULL;
    if (shot == bar->covered)
        return;
    if (bar->covered != NULL)
        cel_task_cover(bar->covered, FALSE);
    g_set_object(&bar->covered, shot);
    if (shot != NULL)
        cel_task_cover(shot, TRUE);
}

static void stop(CelPathStop *bar)
{
    if (bar->session != NULL)
        cel_path_session_stop(bar->session);
}

void cel_path_stop_show(CelPathStop *bar, CelPathSession *session)
{
    const guint left = cel_path_session_countdown(session);
    g_autofree char *seconds = g_strdup_printf("%u", left);
    g_set_weak_pointer(&bar->session, session);
    gtk_widget_set_visible(GTK_WIDGET(bar), cel_path_session_is_dangerous(session));
    gtk_widget_set_visible(bar->countdown, left > 0);
    gtk_label_set_text(GTK_LABEL(bar->countdown), seconds);
    gtk_label_set_text(GTK_LABEL(bar->stage), cel_path_session_stage(session));
    if (left > 0 && left != bar->counted)
        gdk_display_beep(gtk_widget_get_display(GTK_WIDGET(bar)));
    bar->counted = left;
    cover(bar);
}

static void cel_path_stop_dispose(GObject *object)
{
    CelPathStop *bar = CEL_PATH_STOP(object);
    if (bar->covered != NULL)
        cel_task_cover(bar->covered, FALSE);
    g_clear_object(&bar->covered);
    g_clear_weak_pointer(&bar->session);
    G_OBJECT_CLASS(cel_path_stop_parent_class)->dispose(object);
}

static void cel_path_stop_class_init(CelPathStopClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_path_stop_dispose;
}

static void cel_path_stop_init(CelPathStop *bar)
{
    gtk_box_set_spacing(GTK_BOX(bar), 18);
    gtk_widget_add_css_class(GTK_WIDGET(bar), "path-bottom");
    gtk_widget_add_css_class(GTK_WIDGET(bar), "with-stop");
    gtk_widget_set_visible(GTK_WIDGET(bar), FALSE);
    bar->stop = cel_part_button(_("STOP"), "process-stop-symbolic", "path-stop");
    gtk_widget_set_hexpand(bar->stop, TRUE);
    gtk_widget_set_focus_on_click(bar->stop, FALSE);
    bar->countdown = gtk_label_new(NULL);
    gtk_widget_add_css_class(bar->countdown, "path-countdown");
    bar->stage = cel_part_label("", "title-4");
    gtk_widget_set_hexpand(bar->stage, TRUE);
    gtk_box_append(GTK_BOX(bar), bar->countdown);
    gtk_box_append(GTK_BOX(bar), bar->stage);
    gtk_box_append(GTK_BOX(bar), bar->stop);
    g_signal_connect_swapped(bar->stop, "clicked", G_CALLBACK(stop), bar);
    g_signal_connect_swapped(bar->stop, "map", G_CALLBACK(cover), bar);
    g_signal_connect_swapped(bar->stop, "unmap", G_CALLBACK(cover), bar);
}

GtkWidget *cel_path_stop_new(void)
{
    return g_object_new(CEL_TYPE_PATH_STOP, NULL);
}
