/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-examine.h"

#include "path/cel-photo-box.h"
#include "path/cel-sides.h"
#include "path/cel-surroundings.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { BESIDE_PX = 860, MOST_CHOICES = 6 };

/** Field: a text of the examination, with choices so that nothing need be typed. */
typedef struct {
    const char *answer, *title;
    const char *choices[MOST_CHOICES];
} Field;

static const Field fields[] = {
    {"condition",
     N_("Condition"),
     {N_("solid"), N_("powder"), N_("liquid"), N_("film"), N_("fibres"), N_("moist")}},
    {"colour",
     N_("Colour"),
     {N_("colourless"), N_("white"), N_("yellow"), N_("brown"), N_("black"), N_("green")}},
    {"amount",
     N_("Amount"),
     {N_("traces"), N_("under 1 g"), N_("1 to 10 g"), N_("over 10 g"), N_("one piece"), NULL}},
};

struct _CelPathExamine {
    CelPathScreen parent;
    GtkWidget *box, *todo, *entries[G_N_ELEMENTS(fields)], *photos, *surroundings;
    GtkWidget *part, *part_about, *take, *parts;
};

G_DEFINE_FINAL_TYPE(CelPathExamine, cel_path_examine, CEL_TYPE_PATH_SCREEN)

static void answer(GtkWidget *entry, CelPathExamine *self)
{
    cel_path_session_answer(cel_path_screen_session(self), gtk_widget_get_name(entry),
                            gtk_editable_get_text(GTK_EDITABLE(entry)));
}

static void choose(GtkWidget *button, GtkWidget *entry)
{
    CelPathExamine *self = CEL_PATH_EXAMINE(gtk_widget_get_ancestor(button, CEL_TYPE_PATH_EXAMINE));
    gtk_editable_set_text(GTK_EDITABLE(entry), gtk_widget_get_name(button));
    answer(entry, self);
}

static GtkWidget *make_field(CelPathExamine *self, gsize i)
{
    GtkWidget *box = cel_part_box(6), *row = cel_part_row();
    self->entries[i] = cel_part_text_entry(_(fields[i].title));
    gtk_widget_set_name(self->entries[i], fields[i].answer);
    g_signal_connect(self->entries[i], "activate", G_CALLBACK(answer), self);
    for (gsize k = 0; k < MOST_CHOICES && fields[i].choices[k] != NULL; k++) {
        GtkWidget *button = cel_part_button(_(fields[i].choices[k]), NULL, NULL);
        gtk_widget_set_name(button, _(fields[i].choices[k]));
        g_signal_connect(button, "clicked", G_CALLBACK(choose), self->entries[i]);
        cel_part_row_add(row, button);
    }
    gtk_box_append(GTK_BOX(box), cel_part_label(_(fields[i].title), "heading"));
    gtk_box_append(GTK_BOX(box), row);
    gtk_box_append(GTK_BOX(box), self->entries[i]);
    return box;
}

static void take_part(CelPathExamine *self)
{
    const CelPathOrder order = {.act = CEL_PATH_ACT_TAKE_PART,
                                .text = gtk_editable_get_text(GTK_EDITABLE(self->part)),
                                .more = gtk_editable_get_text(GTK_EDITABLE(self->part_about))};
    if (*order.text != '\0')
        cel_path_session_do(cel_path_screen_session(self), &order);
}

static GtkWidget *make_part(CelPathExamine *self)
{
    GtkWidget *inside = NULL, *card = cel_part_card(_("Take a part of it"), &inside);
    self->parts = cel_part_label("", "heading");
    self->part = cel_part_text_entry(_("Number of the part"));
    self->part_about = cel_part_text_entry(_("What it is"));
    self->take = cel_part_button(_("Take this part"), NULL, NULL);
    gtk_widget_set_halign(self->take, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(inside), self->parts);
    gtk_box_append(GTK_BOX(inside), self->part);
    gtk_box_append(GTK_BOX(inside), self->part_about);
    gtk_box_append(GTK_BOX(inside), self->take);
    g_signal_connect_swapped(self->take, "clicked", G_CALLBACK(take_part), self);
    return card;
}

static void make(CelPathExamine *self)
{
    GtkWidget *inside = NULL, *right = cel_part_box(18);
    self->todo = cel_part_label("", NULL);
    GtkWidget *card = cel_part_card(NULL, &inside);
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        gtk_box_append(GTK_BOX(inside), make_field(self, i));
    self->photos = cel_photo_box_new(cel_path_screen_session(self));
    self->surroundings = cel_surroundings_new(cel_path_screen_session(self));
    gtk_box_append(GTK_BOX(right), self->photos);
    gtk_box_append(GTK_BOX(right), self->surroundings);
    gtk_box_append(GTK_BOX(right), make_part(self));
    gtk_box_append(GTK_BOX(self->box), self->todo);
    gtk_box_append(GTK_BOX(self->box), cel_sides_new(card, right, 0.5, BESIDE_PX));
}

static void set_unless_typed_in(GtkWidget *entry, const char *text)
{
    if (gtk_widget_get_focus_child(entry) == NULL)
        gtk_editable_set_text(GTK_EDITABLE(entry), text);
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    static const char *const wanted[] = {"item-photo", "item", NULL};
    CelPathExamine *self = CEL_PATH_EXAMINE(screen);
    if (self->todo == NULL)
        make(self);
    const char *const texts[] = {view->condition, view->colour, view->amount};
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        set_unless_typed_in(self->entries[i], texts[i]);
    const gboolean apart = strcmp(view->measured_item, view->item_id) != 0;
    g_autofree char *next = g_strdup_printf("%s-1", view->item_id);
    g_autofree char *part = g_strdup_printf(_("✓ Measured is the part %s"), view->measured_item);
    gtk_label_set_text(GTK_LABEL(self->todo), _(cel_path_step_def(view->step)->todo));
    gtk_label_set_text(GTK_LABEL(self->parts), part);
    gtk_widget_set_visible(self->parts, apart);
    gtk_widget_set_visible(self->take, !apart);
    gtk_widget_set_visible(self->part, !apart);
    gtk_widget_set_visible(self->part_about, !apart);
    if (*gtk_editable_get_text(GTK_EDITABLE(self->part)) == '\0')
        gtk_editable_set_text(GTK_EDITABLE(self->part), next);
    cel_surroundings_show(CEL_SURROUNDINGS(self->surroundings), view);
    cel_photo_box_show(CEL_PHOTO_BOX(self->photos), view, wanted);
}

static void enter(CelPathScreen *screen)
{
    gtk_editable_set_text(GTK_EDITABLE(CEL_PATH_EXAMINE(screen)->part), "");
}

static void cel_path_examine_class_init(CelPathExamineClass *klass)
{
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->enter = enter;
}

static void cel_path_examine_init(CelPathExamine *self)
{
    self->box = cel_part_box(18);
    adw_bin_set_child(ADW_BIN(self), self->box);
}
