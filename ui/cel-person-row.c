/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-person-row.h"

#include "cel-words.h"

GtkWidget *cel_person_row_new(const CelPersonCard *card)
{
    GtkWidget *row = adw_action_row_new();
    const char *role = cel_role_title(card->role, cel_ui_is_chinese());
    g_autofree char *about = *card->person_id != '\0'
                                 ? g_strdup_printf("%s · %s", role, card->person_id)
                                 : g_strdup(role);
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), card->person);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), about);
    adw_action_row_add_prefix(ADW_ACTION_ROW(row), adw_avatar_new(40, card->person, TRUE));
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
    gtk_widget_set_name(row, card->path);
    return row;
}
