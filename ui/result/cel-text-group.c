/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-text-group.h"

#include "cel-heard.h"
#include "cel-words.h"

GtkWidget *cel_text_row(const char *title, const char *subtitle)
{
    GtkWidget *row = adw_action_row_new();
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
    adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
    if (subtitle != NULL)
        adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
    return row;
}

GtkWidget *cel_text_group_new(const char *title, const char *description)
{
    GtkWidget *group = adw_preferences_group_new();
    if (title != NULL)
        adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), title);
    if (description != NULL)
        adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(group), description);
    return group;
}

GtkWidget *cel_text_group(const char *title, const GPtrArray *texts)
{
    GtkWidget *group = cel_text_group_new(title, NULL);
    for (guint i = 0; i < texts->len; i++)
        adw_preferences_group_add(ADW_PREFERENCES_GROUP(group),
                                  cel_text_row(g_ptr_array_index(texts, i), NULL));
    gtk_widget_set_visible(group, texts->len > 0);
    return group;
}

GtkWidget *cel_text_group_add(GtkWidget *group, const char *title, const char *value,
                              const char *meaning)
{
    GtkWidget *row = cel_text_row(title, meaning);
    if (value != NULL) {
        GtkWidget *label = gtk_label_new(value);
        g_autofree char *spoken = cel_ui_said_of(title, value);
        gtk_widget_add_css_class(label, "numeric");
        adw_action_row_add_suffix(ADW_ACTION_ROW(row), label);
        cel_heard_name(row, spoken);
    }
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
    return row;
}

GtkWidget *cel_text_label(const char *text, const char *style)
{
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    if (style != NULL)
        gtk_widget_add_css_class(label, style);
    return label;
}

void cel_box_clear(GtkWidget *box)
{
    GtkWidget *child = NULL;
    while ((child = gtk_widget_get_first_child(box)) != NULL)
        gtk_box_remove(GTK_BOX(box), child);
}
