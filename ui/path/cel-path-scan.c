/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-scan.h"

#include "path/cel-photo-box.h"
#include "path/cel-sides.h"
#include "path/cel-surroundings.h"

#include <glib/gi18n-lib.h>

enum { BESIDE_PX = 860 };

struct _CelPathScan {
    CelPathScreen parent;
    GtkWidget *box, *safety, *safe, *number, *scanned, *witness_card, *witness, *photos;
    GtkWidget *surroundings;
};

G_DEFINE_FINAL_TYPE(CelPathScan, cel_path_scan, CEL_TYPE_PATH_SCREEN)

static const char *const wanted[] = {"scene-photo", "scene", "item-photo", "item", NULL};

static void scan(CelPathScan *self)
{
    const CelPathOrder order = {.act = CEL_PATH_ACT_SCAN,
                                .text = gtk_editable_get_text(GTK_EDITABLE(self->number))};
    if (*order.text != '\0')
        cel_path_session_do(cel_path_screen_session(self), &order);
}

static void name_witness(CelPathScan *self)
{
    cel_path_session_answer(cel_path_screen_session(self), "witness",
                            gtk_editable_get_text(GTK_EDITABLE(self->witness)));
}

static void make(CelPathScan *self)
{
    GtkWidget *inside = NULL, *left = cel_part_box(18);
    self->safety = cel_part_card(NULL, &inside);
    gtk_box_append(GTK_BOX(inside), cel_path_screen_choice(self, "safety"));
    self->safe = cel_part_label(_("✓ The place is safe to work in"), "heading");
    GtkWidget *card = cel_part_card(_("Number of the exhibit"), &inside);
    self->number = cel_part_scan_entry(_("Scan or type the number"));
    self->scanned = cel_part_label("", "title-2");
    gtk_box_append(GTK_BOX(inside), self->number);
    gtk_box_append(GTK_BOX(inside), self->scanned);
    self->witness_card = cel_part_card(_("Witness, holder or second officer"), &inside);
    self->witness = cel_part_text_entry(_("Name, then Return"));
    gtk_box_append(GTK_BOX(inside), self->witness);
    self->photos = cel_photo_box_new(cel_path_screen_session(self));
    gtk_box_append(GTK_BOX(left), self->safety);
    gtk_box_append(GTK_BOX(left), self->safe);
    gtk_box_append(GTK_BOX(left), card);
    gtk_box_append(GTK_BOX(left), self->witness_card);
    self->surroundings = cel_surroundings_new(cel_path_screen_session(self));
    gtk_box_append(GTK_BOX(left), self->surroundings);
    gtk_box_append(GTK_BOX(self->box), cel_sides_new(left, self->photos, 0.5, BESIDE_PX));
    g_signal_connect_swapped(self->number, "activate", G_CALLBACK(scan), self);
    g_signal_connect_swapped(self->witness, "activate", G_CALLBACK(name_witness), self);
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    CelPathScan *self = CEL_PATH_SCAN(screen);
    CelPathSession *session = cel_path_screen_session(screen);
    if (self->number == NULL)
        make(self);
    const gboolean unsafe = cel_path_session_needs(session, "safety");
    gtk_widget_set_visible(self->safety, unsafe);
    gtk_widget_set_visible(self->safe, !unsafe);
    gtk_widget_set_visible(self->number, *view->item_id == '\0');
    gtk_widget_set_visible(self->scanned, *view->item_id != '\0');
    gtk_label_set_text(GTK_LABEL(self->scanned), view->item_id);
    gtk_widget_set_visible(self->witness_card, cel_path_session_needs(session, "witness"));
    cel_surroundings_show(CEL_SURROUNDINGS(self->surroundings), view);
    cel_photo_box_show(CEL_PHOTO_BOX(self->photos), view, wanted);
}

static void enter(CelPathScreen *screen)
{
    CelPathScan *self = CEL_PATH_SCAN(screen);
    gtk_editable_set_text(GTK_EDITABLE(self->number), "");
    gtk_editable_set_text(GTK_EDITABLE(self->witness), "");
    gtk_widget_grab_focus(self->number);
}

static void cel_path_scan_class_init(CelPathScanClass *klass)
{
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->enter = enter;
}

static void cel_path_scan_init(CelPathScan *self)
{
    self->box = cel_part_box(18);
    adw_bin_set_child(ADW_BIN(self), self->box);
}
