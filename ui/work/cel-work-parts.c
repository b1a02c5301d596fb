/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-work-parts.h"

enum { SPACE = 12 };

GtkWidget *cel_work_panel(GtkBox **out_box)
{
    GtkWidget *scrolled = gtk_scrolled_window_new();
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, SPACE);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_widget_set_margin_start(box, SPACE);
    gtk_widget_set_margin_end(box, SPACE);
    gtk_widget_set_margin_top(box, SPACE);
    gtk_widget_set_margin_bottom(box, 2 * SPACE);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), box);
    gtk_widget_set_vexpand(scrolled, TRUE);
    *out_box = GTK_BOX(box);
    return scrolled;
}

GtkWidget *cel_work_text(const char *text, const char *css)
{
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    if (css != NULL)
        gtk_widget_add_css_class(label, css);
    return label;
}

GtkWidget *cel_work_heading(const char *text)
{
    return cel_work_text(text, "heading");
}

GtkWidget *cel_work_list(const char *name)
{
    GtkWidget *list = gtk_list_box_new();
    gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
    gtk_widget_add_css_class(list, "boxed-list");
    gtk_widget_set_valign(list, GTK_ALIGN_START);
    gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    return list;
}

void cel_work_list_clear(GtkListBox *list)
{
    GtkListBoxRow *row = NULL;
    while ((row = gtk_list_box_get_row_at_index(list, 0)) != NULL)
        gtk_list_box_remove(list, GTK_WIDGET(row));
}

GtkWidget *cel_work_row(const char *title, const char *subtitle)
{
    GtkWidget *row = adw_action_row_new();
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    if (subtitle != NULL)
        adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
    return row;
}

GtkWidget *cel_work_switch_row(const char *title, const char *subtitle, GtkSwitch **out_toggle)
{
    GtkWidget *row = cel_work_row(title, subtitle);
    GtkWidget *toggle = gtk_switch_new();
    gtk_widget_set_valign(toggle, GTK_ALIGN_CENTER);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), toggle);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), toggle); /* and named by it */
    *out_toggle = GTK_SWITCH(toggle);
    return row;
}

GtkWidget *cel_work_button(const char *label, const char *action, const char *keys)
{
    GtkWidget *button = gtk_button_new_with_label(label);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
    guint key = 0;
    GdkModifierType modifiers = 0;
    if (keys != NULL && gtk_accelerator_parse(keys, &key, &modifiers)) {
        g_autofree char *shown = gtk_accelerator_get_label(key, modifiers);
        g_autofree char *tooltip = g_strdup_printf("%s (%s)", label, shown);
        gtk_widget_set_tooltip_text(button, tooltip);
    }
    return button;
}

GtkWidget *cel_work_icon_button(const char *icon, const char *name)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_widget_add_css_class(button, "flat");
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(button, name);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    return button;
}
