/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-unseal.h"

#include "path/cel-photo-box.h"
#include "path/cel-second-key.h"
#include "path/cel-sides.h"

#include <glib/gi18n-lib.h>

enum { BESIDE_PX = 860 };

struct _CelPathUnseal {
    CelPathScreen parent;
    GtkWidget *box, *todo, *card, *record, *seal, *why, *second, *open, *opened, *photos;
};

G_DEFINE_FINAL_TYPE(CelPathUnseal, cel_path_unseal, CEL_TYPE_PATH_SCREEN)

static gboolean fill(CelPathUnseal *self, CelPathOrder *order)
{
    *order = (CelPathOrder){.act = CEL_PATH_ACT_OPEN_BAG,
                            .text = gtk_editable_get_text(GTK_EDITABLE(self->seal)),
                            .why = gtk_editable_get_text(GTK_EDITABLE(self->why))};
    return cel_second_key_get(CEL_SECOND_KEY(self->second), order);
}

static void refresh(CelPathUnseal *self)
{
    CelPathOrder order;
    const gboolean idle =
        cel_path_session_phase(cel_path_screen_session(self)) == CEL_PATH_PHASE_IDLE;
    gtk_widget_set_sensitive(self->open, fill(self, &order) && idle);
}

static void open_bag(CelPathUnseal *self)
{
    CelPathOrder order;
    if (!fill(self, &order))
        return;
    cel_path_session_do(cel_path_screen_session(self), &order);
    cel_second_key_forget(CEL_SECOND_KEY(self->second));
}

static void make(CelPathUnseal *self)
{
    GtkWidget *inside = NULL, *right = cel_part_box(18);
    self->todo = cel_part_label("", NULL);
    self->card = cel_part_card(_("Seal of the bag"), &inside);
    self->record = cel_part_label("", "heading");
    self->seal = cel_part_scan_entry(_("Number of its seal, as read"));
    self->why = cel_part_text_entry(_("Reason, when the number differs"));
    gtk_box_append(GTK_BOX(inside), self->record);
    gtk_box_append(GTK_BOX(inside), self->seal);
    gtk_box_append(GTK_BOX(inside), self->why);
    self->photos = cel_photo_box_new(cel_path_screen_session(self));
    self->second = cel_second_key_new(cel_path_screen_session(self));
    self->open = cel_part_button(_("Open the bag together"), NULL, "suggested-action");
    self->opened = cel_part_label(_("✓ Opened by two persons"), "heading");
    GtkWidget *left = cel_part_box(18);
    gtk_box_append(GTK_BOX(left), self->card);
    gtk_box_append(GTK_BOX(left), self->photos);
    gtk_box_append(GTK_BOX(right), self->second);
    gtk_box_append(GTK_BOX(right), self->open);
    gtk_box_append(GTK_BOX(right), self->opened);
    gtk_box_append(GTK_BOX(self->box), self->todo);
    gtk_box_append(GTK_BOX(self->box), cel_sides_new(left, right, 0.45, BESIDE_PX));
    g_signal_connect_swapped(self->second, "changed", G_CALLBACK(refresh), self);
    g_signal_connect_swapped(self->second, "ready", G_CALLBACK(open_bag), self);
    g_signal_connect_swapped(self->open, "clicked", G_CALLBACK(open_bag), self);
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    CelPathUnseal *self = CEL_PATH_UNSEAL(screen);
    if (self->todo == NULL)
        make(self);
    const gboolean closed = cel_path_session_needs(cel_path_screen_session(screen), "opened");
    g_autofree char *record =
        g_strdup_printf(_("On record: %s"), *view->old_seal_no != '\0' ? view->old_seal_no : "–");
    gtk_label_set_text(GTK_LABEL(self->todo), _(cel_path_step_def(view->step)->todo));
    gtk_label_set_text(GTK_LABEL(self->record), record);
    gtk_widget_set_visible(self->seal, closed);
    gtk_widget_set_visible(self->why, closed);
    gtk_widget_set_visible(self->second, closed);
    gtk_widget_set_visible(self->open, closed);
    gtk_widget_set_visible(self->opened, !closed);
    cel_second_key_show(CEL_SECOND_KEY(self->second));
    cel_photo_box_show(CEL_PHOTO_BOX(self->photos), view, NULL);
    refresh(self);
}

static void enter(CelPathScreen *screen)
{
    CelPathUnseal *self = CEL_PATH_UNSEAL(screen);
    gtk_editable_set_text(GTK_EDITABLE(self->seal), "");
    gtk_editable_set_text(GTK_EDITABLE(self->why), "");
    gtk_widget_grab_focus(self->seal);
}

static void cel_path_unseal_class_init(CelPathUnsealClass *klass)
{
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->enter = enter;
}

static void cel_path_unseal_init(CelPathUnseal *self)
{
    self->box = cel_part_box(18);
    adw_bin_set_child(ADW_BIN(self), self->box);
}
