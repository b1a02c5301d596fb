/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-done.h"

#include <glib/gi18n-lib.h>

struct _CelPathDone {
    CelPathScreen parent;
    GtkWidget *box, *title, *about, *facts, *card, *next;
};

G_DEFINE_FINAL_TYPE(CelPathDone, cel_path_done, CEL_TYPE_PATH_SCREEN)

static void card_made(gpointer owner, const char *path, const GError *error)
{
    CelPathDone *self = owner;
    if (error != NULL) {
        cel_path_session_tell_problem(cel_path_screen_session(self), error);
        return;
    }
    g_autofree char *uri = g_filename_to_uri(path, NULL, NULL);
    if (uri != NULL)
        gtk_show_uri(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))), uri, GDK_CURRENT_TIME);
}

static void make_card(CelPathDone *self)
{
    cel_path_session_card(cel_path_screen_session(self), G_OBJECT(self), card_made);
}

static void next_exhibit(CelPathDone *self)
{
    cel_path_session_close(cel_path_screen_session(self));
}

static void make(CelPathDone *self)
{
    GtkWidget *inside = NULL, *buttons = cel_part_row();
    GtkWidget *card = cel_part_card(NULL, &inside);
    self->title = cel_part_label("", "title-1");
    self->about = cel_part_label("", NULL);
    self->facts = cel_part_row();
    self->card = cel_part_button(_("Open the next-step card"), "x-office-document-symbolic", NULL);
    self->next =
        cel_part_button(_("Next exhibit"), "media-playback-start-symbolic", "suggested-action");
    gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(buttons), TRUE);
    cel_part_row_add(buttons, self->card);
    cel_part_row_add(buttons, self->next);
    gtk_box_append(GTK_BOX(inside), self->title);
    gtk_box_append(GTK_BOX(inside), self->about);
    gtk_box_append(GTK_BOX(inside), self->facts);
    gtk_box_append(GTK_BOX(self->box), card);
    gtk_box_append(GTK_BOX(self->box), buttons);
    g_signal_connect_swapped(self->card, "clicked", G_CALLBACK(make_card), self);
    g_signal_connect_swapped(self->next, "clicked", G_CALLBACK(next_exhibit), self);
}

static void add_fact(CelPathDone *self, const char *title, const char *value)
{
    if (value != NULL && *value != '\0')
        cel_part_row_add(self->facts, cel_part_fact(title, value));
}

static void show_facts(CelPathDone *self, const CelPathView *view)
{
    g_autofree char *exhibit = g_strdup_printf("%s / %s", view->case_id, view->measured_item);
    g_autofree char *spots = g_strdup_printf(_("%u good ones of %u"), view->valid, view->taken);
    g_autofree char *touches = g_strdup_printf(
        _("%u touches, %u presses, %u photos"), view->touches[CEL_PATH_TOUCH_NAVIGATION],
        view->touches[CEL_PATH_TOUCH_HOLD], view->touches[CEL_PATH_TOUCH_PHOTO]);
    cel_part_row_clear(self->facts);
    add_fact(self, _("Exhibit"), exhibit);
    add_fact(self, _("Seal of the bag"), view->seal_no);
    add_fact(self, _("Sealed record"), view->fid);
    add_fact(self, _("Spots"), spots);
    add_fact(self, _("Work"), touches);
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    CelPathDone *self = CEL_PATH_DONE(screen);
    if (self->title == NULL)
        make(self);
    const gboolean sealed = *view->fid != '\0';
    const gboolean lab = view->way == CEL_PATH_LAB;
    gtk_label_set_text(GTK_LABEL(self->title),
                       sealed ? _("It is sealed") : _("Ended without a result"));
    gtk_label_set_text(
        GTK_LABEL(self->about),
        !sealed ? _("What was recorded stays on record, with the reason.")
        : lab ? _("The record is sealed and never edited again. A reviewer now judges the spectra "
                  "without seeing this result.")
              : _("The record is sealed and never edited again. Hand bag and card over together."));
    show_facts(self, view);
    gtk_widget_set_visible(self->card, sealed);
}

static void enter(CelPathScreen *screen)
{
    gtk_widget_grab_focus(CEL_PATH_DONE(screen)->next);
}

static void cel_path_done_class_init(CelPathDoneClass *klass)
{
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->enter = enter;
}

static void cel_path_done_init(CelPathDone *self)
{
    self->box = cel_part_box(18);
    adw_bin_set_child(ADW_BIN(self), self->box);
}
