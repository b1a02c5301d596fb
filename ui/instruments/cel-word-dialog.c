/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-word-dialog.h"

#include "cel-heard.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/** Asked: what stands behind a dialog; freed with it. */
typedef struct {
    GtkWidget *entry;
    CelWordGiven given;
} Asked;

static Asked *asked_of(AdwMessageDialog *dialog)
{
    return g_object_get_data(G_OBJECT(dialog), "asked");
}

static char *typed(const Asked *asked)
{
    return g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(asked->entry))));
}

static void refresh(AdwMessageDialog *dialog)
{
    g_autofree char *word = typed(asked_of(dialog));
    adw_message_dialog_set_response_enabled(dialog, "accept", *word != '\0');
}

static void answered(AdwMessageDialog *dialog, const char *response, gpointer owner)
{
    const Asked *asked = asked_of(dialog);
    g_autofree char *word = typed(asked);
    if (strcmp(response, "accept") == 0 && *word != '\0')
        asked->given(owner, word);
}

static GtkWidget *make_entry(const char *title)
{
    GtkWidget *entry = adw_entry_row_new();
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(entry), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(entry), title);
    adw_entry_row_set_activates_default(ADW_ENTRY_ROW(entry), TRUE);
    return entry;
}

GtkWidget *cel_word_dialog(GtkWidget *owner, const CelWordAsk *ask)
{
    GtkWidget *dialog =
        adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(owner)), ask->heading, ask->body);
    AdwMessageDialog *message = ADW_MESSAGE_DIALOG(dialog);
    GtkWidget *group = adw_preferences_group_new();
    Asked *asked = g_new0(Asked, 1);
    asked->entry = make_entry(ask->title);
    asked->given = ask->given;
    g_object_set_data_full(G_OBJECT(dialog), "asked", asked, g_free);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), asked->entry);
    adw_message_dialog_set_extra_child(message, group);
    adw_message_dialog_add_response(message, "cancel", _("Cancel"));
    adw_message_dialog_add_response(message, "accept", ask->accept);
    adw_message_dialog_set_response_appearance(message, "accept", ADW_RESPONSE_SUGGESTED);
    adw_message_dialog_set_default_response(message, "accept");
    g_signal_connect_swapped(asked->entry, "changed", G_CALLBACK(refresh), dialog);
    g_signal_connect_object(dialog, "response", G_CALLBACK(answered), owner, 0);
    refresh(message);
    cel_heard_dialog(message);
    gtk_window_present(GTK_WINDOW(dialog));
    gtk_widget_grab_focus(asked->entry);
    return dialog;
}
