/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-shortcuts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const CelShortcut shortcuts[] = {
#define CEL_SHORTCUT(group, keys, title) {group, keys, title},
#include "cel-shortcuts.def"
#undef CEL_SHORTCUT
};

const CelShortcut *cel_shortcuts(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(shortcuts);
    return shortcuts;
}

static void add_row(GString *ui, const CelShortcut *row)
{
    g_autofree char *title = g_markup_escape_text(_(row->title), -1);
    g_autofree char *keys = g_markup_escape_text(row->keys, -1);
    g_string_append_printf(ui,
                           "<child><object class='GtkShortcutsShortcut'>"
                           "<property name='title'>%s</property>"
                           "<property name='accelerator'>%s</property></object></child>",
                           title, keys);
}

static void add_group(GString *ui, const char *group)
{
    g_autofree char *title = g_markup_escape_text(_(group), -1);
    g_string_append_printf(ui,
                           "<child><object class='GtkShortcutsGroup'>"
                           "<property name='title'>%s</property>",
                           title);
    for (gsize i = 0; i < G_N_ELEMENTS(shortcuts); i++)
        if (strcmp(shortcuts[i].group, group) == 0)
            add_row(ui, &shortcuts[i]);
    g_string_append(ui, "</object></child>");
}

/* This version of GTK fills such a window by a description only. */
GtkWidget *cel_shortcuts_window_new(GtkWindow *parent)
{
    GString *ui = g_string_new("<interface><object class='GtkShortcutsWindow' id='window'>"
                               "<property name='modal'>true</property>"
                               "<child><object class='GtkShortcutsSection'>"
                               "<property name='section-name'>keys</property>"
                               "<property name='max-height'>12</property>");
    for (gsize i = 0; i < G_N_ELEMENTS(shortcuts); i++)
        if (i == 0 || strcmp(shortcuts[i].group, shortcuts[i - 1].group) != 0)
            add_group(ui, shortcuts[i].group);
    g_string_append(ui, "</object></child></object></interface>");
    g_autoptr(GtkBuilder) builder = gtk_builder_new_from_string(ui->str, -1);
    g_string_free(ui, TRUE);
    GtkWidget *window = GTK_WIDGET(gtk_builder_get_object(builder, "window"));
    gtk_window_set_transient_for(GTK_WINDOW(window), parent);
    return window;
}
