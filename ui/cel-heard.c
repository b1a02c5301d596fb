/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-heard.h"

void cel_heard_name(GtkWidget *widget, const char *name)
{
    gtk_accessible_reset_relation(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void set_heard(GtkWidget *widget, gboolean heard)
{
    gtk_accessible_update_state(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_STATE_HIDDEN, !heard, -1);
}

static void stack_changed(GtkStack *stack)
{
    GtkWidget *visible = gtk_stack_get_visible_child(stack);
    for (GtkWidget *page = gtk_widget_get_first_child(GTK_WIDGET(stack)); page != NULL;
         page = gtk_widget_get_next_sibling(page))
        set_heard(page, page == visible);
}

void cel_heard_stack(GtkStack *stack)
{
    GtkSelectionModel *pages = gtk_stack_get_pages(stack);
    g_signal_connect(stack, "notify::visible-child", G_CALLBACK(stack_changed), NULL);
    g_signal_connect_swapped(pages, "items-changed", G_CALLBACK(stack_changed), stack);
    g_object_set_data_full(G_OBJECT(stack), "cel-heard-pages", pages, g_object_unref);
    stack_changed(stack);
}

static void flap_changed(AdwFlap *flap)
{
    GtkWidget *widget = adw_flap_get_flap(flap);
    if (widget != NULL)
        set_heard(widget, adw_flap_get_reveal_flap(flap));
}

void cel_heard_flap(AdwFlap *flap)
{
    g_signal_connect(flap, "notify::reveal-flap", G_CALLBACK(flap_changed), NULL);
    flap_changed(flap);
}

void cel_heard_drop_down(GtkWidget *drop_down, const char *name)
{
    GtkWidget *const parts[] = {drop_down, gtk_widget_get_first_child(drop_down)};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        gtk_accessible_update_property(GTK_ACCESSIBLE(parts[i]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       name, -1);
}

void cel_heard_row(GtkWidget *child, const char *name)
{
    GtkWidget *row = gtk_widget_get_parent(child);
    if (row != NULL)
        gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                       -1);
}

/* libadwaita makes the buttons with mnemonics, wide ones and narrow ones. */
static void name_answers(GtkWidget *widget)
{
    const char *label = GTK_IS_BUTTON(widget) ? gtk_button_get_label(GTK_BUTTON(widget)) : NULL;
    if (label != NULL && *label != '\0')
        cel_heard_name(widget, label);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        name_answers(child);
}

void cel_heard_dialog(AdwMessageDialog *dialog)
{
    name_answers(GTK_WIDGET(dialog));
}
