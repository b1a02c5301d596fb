/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-pack.h"

#include "path/cel-photo-box.h"
#include "path/cel-sides.h"

#include <glib/gi18n-lib.h>

enum { BESIDE_PX = 860 };

struct _CelPathPack {
    CelPathScreen parent;
    GtkWidget *box, *todo, *old, *number, *packed, *photos;
};

G_DEFINE_FINAL_TYPE(CelPathPack, cel_path_pack, CEL_TYPE_PATH_SCREEN)

static const char *const wanted[] = {"after-photo", "after", NULL};

static void pack(CelPathPack *self)
{
    const CelPathOrder order = {.act = CEL_PATH_ACT_PACK,
                                .text = gtk_editable_get_text(GTK_EDITABLE(self->number))};
    if (*order.text != '\0')
        cel_path_session_do(cel_path_screen_session(self), &order);
}

static void make(CelPathPack *self)
{
    GtkWidget *inside = NULL, *left = cel_part_box(18);
    self->todo = cel_part_label("", NULL);
    GtkWidget *card = cel_part_card(_("Number of the new seal"), &inside);
    self->old = cel_part_label("", "dim-label");
    self->number = cel_part_scan_entry(_("Scan or type the number of the seal"));
    self->packed = cel_part_label("", "title-2");
    gtk_box_append(GTK_BOX(inside), self->old);
    gtk_box_append(GTK_BOX(inside), self->number);
    gtk_box_append(GTK_BOX(inside), self->packed);
    self->photos = cel_photo_box_new(cel_path_screen_session(self));
    gtk_box_append(GTK_BOX(left), self->todo);
    gtk_box_append(GTK_BOX(left), card);
    gtk_box_append(GTK_BOX(self->box), cel_sides_new(left, self->photos, 0.5, BESIDE_PX));
    g_signal_connect_swapped(self->number, "activate", G_CALLBACK(pack), self);
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    CelPathPack *self = CEL_PATH_PACK(screen);
    if (self->number == NULL)
        make(self);
    g_autofree char *old = g_strdup_printf(_("Seal until now: %s"), view->old_seal_no);
    gtk_label_set_text(GTK_LABEL(self->todo), _(cel_path_step_def(view->step)->todo));
    gtk_label_set_text(GTK_LABEL(self->old), old);
    gtk_widget_set_visible(self->old, *view->old_seal_no != '\0');
    gtk_widget_set_visible(self->number, *view->seal_no == '\0');
    gtk_label_set_text(GTK_LABEL(self->packed), view->seal_no);
    gtk_widget_set_visible(self->packed, *view->seal_no != '\0');
    cel_photo_box_show(CEL_PHOTO_BOX(self->photos), view, wanted);
}

static void enter(CelPathScreen *screen)
{
    CelPathPack *self = CEL_PATH_PACK(screen);
    gtk_editable_set_text(GTK_EDITABLE(self->number), "");
    gtk_widget_grab_focus(self->number);
}

static void cel_path_pack_class_init(CelPathPackClass *klass)
{
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->enter = enter;
}

static void cel_path_pack_init(CelPathPack *self)
{
    self->box = cel_part_box(18);
    adw_bin_set_child(ADW_BIN(self), self->box);
}
