/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

GtkWidget *cel_part_label(const char *text, const char *css)
{
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_natural_wrap_mode(GTK_LABEL(label), GTK_NATURAL_WRAP_NONE);
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    if (css != NULL)
        gtk_widget_add_css_class(label, css);
    return label;
}

/* More than a line of text, whose height GTK rounds in two ways. */
enum { LINE_PX = 22 };

static GtkWidget *words_of(GtkWidget *button)
{
    return g_object_get_data(G_OBJECT(button), "words");
}

void cel_part_button_set_text(GtkWidget *button, const char *text)
{
    gtk_label_set_text(GTK_LABEL(words_of(button)), text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    gtk_widget_set_tooltip_text(button, text);
}

GtkWidget *cel_part_button(const char *text, const char *icon, const char *css)
{
    GtkWidget *button = gtk_button_new();
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_natural_wrap_mode(GTK_LABEL(label), GTK_NATURAL_WRAP_NONE);
    gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
    gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
    gtk_widget_set_size_request(box, -1, LINE_PX);
    if (icon != NULL)
        gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name(icon));
    gtk_box_append(GTK_BOX(box), label);
    gtk_button_set_child(GTK_BUTTON(button), box);
    g_object_set_data(G_OBJECT(button), "words", label);
    if (css != NULL)
        gtk_widget_add_css_class(button, css);
    cel_part_button_set_text(button, text);
    return button;
}

GtkWidget *cel_part_box(int spacing)
{
    return gtk_box_new(GTK_ORIENTATION_VERTICAL, spacing);
}

GtkWidget *cel_part_row(void)
{
    GtkWidget *row = gtk_flow_box_new();
    gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(row), GTK_SELECTION_NONE);
    gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(row), 12);
    gtk_flow_box_set_row_spacing(GTK_FLOW_BOX(row), 12);
    gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(row), 12);
    gtk_widget_set_focusable(row, FALSE);
    return row;
}

void cel_part_row_add(GtkWidget *row, GtkWidget *child)
{
    GtkWidget *cell = gtk_flow_box_child_new();
    gtk_flow_box_child_set_child(GTK_FLOW_BOX_CHILD(cell), child);
    gtk_widget_set_focusable(cell, FALSE);
    gtk_widget_add_css_class(cell, "plain-cell");
    gtk_flow_box_insert(GTK_FLOW_BOX(row), cell, -1);
}

void cel_part_row_clear(GtkWidget *row)
{
    GtkFlowBoxChild *child = NULL;
    while ((child = gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(row), 0)) != NULL)
        gtk_flow_box_remove(GTK_FLOW_BOX(row), GTK_WIDGET(child));
}

GtkWidget *cel_part_card(const char *title, GtkWidget **out_box)
{
    GtkWidget *box = cel_part_box(12);
    gtk_widget_add_css_class(box, "card");
    gtk_widget_add_css_class(box, "path-card");
    if (title != NULL)
        gtk_box_append(GTK_BOX(box), cel_part_label(title, "heading"));
    *out_box = box;
    return box;
}

GtkWidget *cel_part_text_entry(const char *name)
{
    GtkWidget *entry = gtk_entry_new();
    gtk_entry_set_placeholder_text(GTK_ENTRY(entry), name);
    gtk_widget_set_tooltip_text(entry, name); /* the whole of it where the entry is narrow */
    gtk_entry_set_max_length(GTK_ENTRY(entry), 200);
    gtk_widget_set_hexpand(entry, TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    return entry;
}

GtkWidget *cel_part_scan_entry(const char *name)
{
    GtkWidget *entry = cel_part_text_entry(name);
    gtk_entry_set_icon_from_icon_name(GTK_ENTRY(entry), GTK_ENTRY_ICON_PRIMARY,
                                      "edit-find-symbolic");
    gtk_entry_set_icon_sensitive(GTK_ENTRY(entry), GTK_ENTRY_ICON_PRIMARY, FALSE);
    gtk_entry_set_icon_activatable(GTK_ENTRY(entry), GTK_ENTRY_ICON_PRIMARY, FALSE);
    return entry;
}

GtkWidget *cel_part_fact(const char *title, const char *value)
{
    GtkWidget *box = cel_part_box(0);
    gtk_box_append(GTK_BOX(box), cel_part_label(title, "caption"));
    gtk_box_append(GTK_BOX(box),
                   cel_part_label(value != NULL && *value != '\0' ? value : "–", "heading"));
    return box;
}

void cel_part_clear(GtkWidget *box)
{
    GtkWidget *child = NULL;
    while ((child = gtk_widget_get_first_child(box)) != NULL)
        gtk_box_remove(GTK_BOX(box), child);
}

/** Moment: a photo's moment and the word for it. */
typedef struct {
    const char *id, *word;
} Moment;

static const Moment moments[] = {
    {"scene", N_("Scene")},
    {"item", N_("Exhibit with scale")},
    {"package", N_("Bag as it came")},
    {"seal", N_("Seal")},
    {"before", N_("Before the measurement")},
    {"after", N_("After the measurement")},
};

const char *cel_part_moment(const char *moment)
{
    for (gsize i = 0; i < G_N_ELEMENTS(moments); i++)
        if (strcmp(moments[i].id, moment) == 0)
            return _(moments[i].word);
    return moment;
}
