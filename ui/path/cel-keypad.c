/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-keypad.h"

#include <glib/gi18n-lib.h>

struct _CelKeypad {
    GtkWidget parent;
    GtkWidget *grid;
    GtkEditable *into;
};

G_DEFINE_FINAL_TYPE(CelKeypad, cel_keypad, GTK_TYPE_WIDGET)

/* Two rows, so that all of it fits beside what it types into on a low screen. */
enum { COLUMNS = 6 };
static const char keys[] = "1234567890<C";

static void typed(GtkButton *button, CelKeypad *keypad)
{
    const char *key = g_object_get_data(G_OBJECT(button), "key");
    const int end = (int)g_utf8_strlen(gtk_editable_get_text(keypad->into), -1);
    int at = end;
    if (*key == 'C')
        gtk_editable_set_text(keypad->into, "");
    else if (*key == '<')
        gtk_editable_delete_text(keypad->into, MAX(end - 1, 0), end);
    else
        gtk_editable_insert_text(keypad->into, key, 1, &at);
    gtk_editable_set_position(keypad->into, -1);
}

static GtkWidget *key_button(CelKeypad *keypad, gsize i)
{
    const char *name = keys[i] == 'C'   ? _("Clear")
                       : keys[i] == '<' ? _("Delete the last one")
                                        : NULL;
    g_autofree char *digit = g_strndup(&keys[i], 1);
    GtkWidget *button = keys[i] == '<'   ? gtk_button_new_from_icon_name("edit-clear-symbolic")
                        : keys[i] == 'C' ? gtk_button_new_from_icon_name("edit-clear-all-symbolic")
                                         : gtk_button_new_with_label(digit);
    g_object_set_data(G_OBJECT(button), "key", (gpointer)&keys[i]);
    gtk_widget_set_hexpand(button, TRUE);
    gtk_widget_add_css_class(button, "title-3");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   name != NULL ? name : digit, -1);
    if (name != NULL)
        gtk_widget_set_tooltip_text(button, name);
    g_signal_connect(button, "clicked", G_CALLBACK(typed), keypad);
    return button;
}

static void cel_keypad_dispose(GObject *object)
{
    g_clear_pointer(&CEL_KEYPAD(object)->grid, gtk_widget_unparent);
    G_OBJECT_CLASS(cel_keypad_parent_class)->dispose(object);
}

static void cel_keypad_class_init(CelKeypadClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_keypad_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void cel_keypad_init(CelKeypad *keypad)
{
    keypad->grid = gtk_grid_new();
    gtk_widget_set_parent(keypad->grid, GTK_WIDGET(keypad));
    gtk_grid_set_row_spacing(GTK_GRID(keypad->grid), 6);
    gtk_grid_set_column_spacing(GTK_GRID(keypad->grid), 6);
    gtk_grid_set_column_homogeneous(GTK_GRID(keypad->grid), TRUE);
    for (gsize i = 0; keys[i] != '\0'; i++)
        gtk_grid_attach(GTK_GRID(keypad->grid), key_button(keypad, i), (int)i % COLUMNS,
                        (int)i / COLUMNS, 1, 1);
}

GtkWidget *cel_keypad_new(GtkEditable *into)
{
    CelKeypad *keypad = g_object_new(CEL_TYPE_KEYPAD, NULL);
    keypad->into = into;
    gtk_accessible_update_property(GTK_ACCESSIBLE(keypad), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Digits"), -1);
    return GTK_WIDGET(keypad);
}
