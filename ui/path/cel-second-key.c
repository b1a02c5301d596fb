/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-second-key.h"

#include "path/cel-keypad.h"
#include "path/cel-path-parts.h"
#include "path/cel-sides.h"
#include "cel-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { BESIDE_PX = 700, PASSPHRASE_CHARS = 28 };

struct _CelSecondKey {
    AdwBin parent;
    CelPathSession *session;
    GtkWidget *people, *nobody, *passphrase;
    char *key_path;
    gconstpointer shown; /* the list the tiles were made from */
};

G_DEFINE_FINAL_TYPE(CelSecondKey, cel_second_key, ADW_TYPE_BIN)

enum { READY, CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void changed(CelSecondKey *second)
{
    g_signal_emit(second, signals[CHANGED], 0);
}

static void ready(CelSecondKey *second)
{
    g_signal_emit(second, signals[READY], 0);
}

static void chosen(GtkToggleButton *tile, CelSecondKey *second)
{
    if (!gtk_toggle_button_get_active(tile))
        return;
    g_free(second->key_path);
    second->key_path = g_strdup(gtk_widget_get_name(GTK_WIDGET(tile)));
    gtk_widget_grab_focus(second->passphrase);
    changed(second);
}

static GtkWidget *tile(CelSecondKey *second, const CelPersonCard *card, GtkWidget *group)
{
    GtkWidget *button = gtk_toggle_button_new();
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *words = cel_part_box(0);
    g_autofree char *name =
        g_strdup_printf(_("%s, %s"), card->person, cel_role_title(card->role, cel_ui_is_chinese()));
    gtk_box_append(GTK_BOX(words), cel_part_label(card->person, "heading"));
    gtk_box_append(GTK_BOX(words),
                   cel_part_label(cel_role_title(card->role, cel_ui_is_chinese()), "caption"));
    gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(box), adw_avatar_new(40, card->person, TRUE));
    gtk_box_append(GTK_BOX(box), words);
    gtk_button_set_child(GTK_BUTTON(button), box);
    gtk_widget_set_name(button, card->path);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    if (group != NULL)
        gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button), GTK_TOGGLE_BUTTON(group));
    g_signal_connect(button, "toggled", G_CALLBACK(chosen), second);
    return button;
}

void cel_second_key_show(CelSecondKey *second)
{
    const CelPathStart *start = cel_path_session_start(second->session);
    const char *me = cel_desk_facts(cel_path_session_desk(second->session))->person_id;
    if (start == NULL) {
        cel_path_session_look(second->session);
        return;
    }
    if (second->shown == start->people)
        return;
    second->shown = start->people;
    cel_part_row_clear(second->people);
    g_clear_pointer(&second->key_path, g_free);
    GtkWidget *group = NULL;
    for (guint i = 0; i < start->people->len; i++) {
        const CelPersonCard *card = g_ptr_array_index(start->people, i);
        if (strcmp(card->person_id, me) == 0)
            continue;
        GtkWidget *button = tile(second, card, group);
        group = group != NULL ? group : button;
        cel_part_row_add(second->people, button);
    }
    gtk_widget_set_visible(second->nobody, group == NULL);
}

gboolean cel_second_key_get(CelSecondKey *second, CelPathOrder *order)
{
    order->key_path = second->key_path;
    order->passphrase = gtk_editable_get_text(GTK_EDITABLE(second->passphrase));
    return second->key_path != NULL && *order->passphrase != '\0';
}

void cel_second_key_forget(CelSecondKey *second)
{
    gtk_editable_set_text(GTK_EDITABLE(second->passphrase), "");
}

/* ---- the widget ---- */

static void cel_second_key_dispose(GObject *object)
{
    CelSecondKey *second = CEL_SECOND_KEY(object);
    g_clear_object(&second->session);
    g_clear_pointer(&second->key_path, g_free);
    G_OBJECT_CLASS(cel_second_key_parent_class)->dispose(object);
}

static void cel_second_key_class_init(CelSecondKeyClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_second_key_dispose;
    signals[READY] = g_signal_new("ready", CEL_TYPE_SECOND_KEY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
    signals[CHANGED] = g_signal_new("changed", CEL_TYPE_SECOND_KEY, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *make_passphrase(void)
{
    GtkWidget *entry = gtk_password_entry_new();
    gtk_password_entry_set_show_peek_icon(GTK_PASSWORD_ENTRY(entry), TRUE);
    g_object_set(entry, "placeholder-text", _("Passphrase of the second person"), "width-chars",
                 PASSPHRASE_CHARS, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Passphrase of the second person"), -1);
    return entry;
}

static void cel_second_key_init(CelSecondKey *second)
{
    GtkWidget *inside = NULL, *left = cel_part_box(12);
    adw_bin_set_child(ADW_BIN(second), cel_part_card(_("The second person"), &inside));
    second->people = cel_part_row();
    second->nobody = cel_part_label(
        _("No other person's key lies on this machine. Two persons are needed; the head of the lab "
          "puts the key file into the lab's folder “people”."),
        NULL);
    second->passphrase = make_passphrase();
    gtk_widget_set_visible(second->nobody, FALSE);
    gtk_box_append(GTK_BOX(left), second->people);
    gtk_box_append(GTK_BOX(left), second->nobody);
    gtk_box_append(GTK_BOX(left), second->passphrase);
    GtkWidget *keypad = cel_keypad_new(GTK_EDITABLE(second->passphrase));
    gtk_box_append(GTK_BOX(inside), cel_sides_new(left, keypad, 0.6, BESIDE_PX));
    g_signal_connect_swapped(second->passphrase, "changed", G_CALLBACK(changed), second);
    g_signal_connect_swapped(second->passphrase, "activate", G_CALLBACK(ready), second);
}

GtkWidget *cel_second_key_new(CelPathSession *session)
{
    CelSecondKey *second = g_object_new(CEL_TYPE_SECOND_KEY, NULL);
    second->session = g_object_ref(session);
    return GTK_WIDGET(second);
}
