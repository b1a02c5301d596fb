/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-profile-field.h"

static const char UNDER[] = "cel-profile-under"; /* the row that says what is wrong */

static GtkWidget *label_of(GtkWidget *field)
{
    GtkWidget *under = g_object_get_data(G_OBJECT(field), UNDER);
    return gtk_list_box_row_get_child(GTK_LIST_BOX_ROW(under));
}

/* A field that is not in sight says nothing. */
static void show_under(GtkWidget *field)
{
    const char *why = gtk_label_get_text(GTK_LABEL(label_of(field)));
    gtk_widget_set_visible(g_object_get_data(G_OBJECT(field), UNDER),
                           *why != '\0' && gtk_widget_get_visible(field));
}

GtkWidget *cel_profile_field_add(AdwPreferencesGroup *group, const char *title)
{
    GtkWidget *field = adw_entry_row_new(), *under = adw_preferences_row_new();
    GtkWidget *label = gtk_label_new("");
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(field), title);
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_widget_add_css_class(label, "profile-fault");
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(under), label);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(under), FALSE);
    gtk_widget_set_focusable(under, FALSE);
    gtk_widget_set_visible(under, FALSE);
    g_object_set_data(G_OBJECT(field), UNDER, under);
    adw_preferences_group_add(group, field);
    adw_preferences_group_add(group, under);
    g_signal_connect(field, "notify::visible", G_CALLBACK(show_under), NULL);
    return field;
}

void cel_profile_field_tell(GtkWidget *field, const char *why)
{
    gtk_label_set_text(GTK_LABEL(label_of(field)), why != NULL ? why : "");
    show_under(field);
    if (why != NULL)
        gtk_widget_add_css_class(field, "error");
    else
        gtk_widget_remove_css_class(field, "error");
    gtk_accessible_update_property(GTK_ACCESSIBLE(field), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   why != NULL ? why : "", -1);
}

const char *cel_profile_field_text(GtkWidget *field)
{
    return gtk_editable_get_text(GTK_EDITABLE(field));
}
