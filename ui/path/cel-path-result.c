/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-result.h"

#include "result/cel-result-view.h"

#include <glib/gi18n-lib.h>

struct _CelPathResult {
    CelPathScreen parent;
    GtkWidget *box, *result, *waiting, *words, *again;
    CelAnswer *shown;
};

G_DEFINE_FINAL_TYPE(CelPathResult, cel_path_result, CEL_TYPE_PATH_SCREEN)

static void show_why(CelPathResult *self)
{
    CelPage *page = cel_path_screen_page(self);
    if (page != NULL && self->shown != NULL)
        cel_page_show(page, "why", NULL, G_OBJECT(self->shown));
}

static void go_on(CelPathResult *self)
{
    cel_path_session_just(cel_path_screen_session(self), CEL_PATH_ACT_NEXT);
}

static void evaluate(CelPathResult *self)
{
    cel_path_session_evaluate(cel_path_screen_session(self));
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    CelPathResult *self = CEL_PATH_RESULT(screen);
    CelPathSession *session = cel_path_screen_session(screen);
    CelAnswer *answer = cel_path_session_result(session);
    const gboolean busy = cel_path_session_phase(session) != CEL_PATH_PHASE_IDLE;
    (void)view;
    if (answer != NULL && answer != self->shown) {
        g_set_object(&self->shown, answer);
        cel_result_view_show(CEL_RESULT_VIEW(self->result), answer);
    }
    gtk_widget_set_visible(self->result, answer != NULL);
    gtk_widget_set_visible(self->waiting, answer == NULL);
    gtk_widget_set_visible(self->again, !busy);
    gtk_label_set_text(GTK_LABEL(self->words),
                       busy ? _("The measurements are being compared with the references…")
                            : _("There is no result yet."));
}

static GtkBox *actions(CelPathScreen *screen)
{
    CelPathResult *self = CEL_PATH_RESULT(screen);
    return gtk_widget_get_visible(self->result)
               ? cel_result_view_actions(CEL_RESULT_VIEW(self->result))
               : NULL;
}

static void cel_path_result_dispose(GObject *object)
{
    g_clear_object(&CEL_PATH_RESULT(object)->shown);
    G_OBJECT_CLASS(cel_path_result_parent_class)->dispose(object);
}

static void cel_path_result_class_init(CelPathResultClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_path_result_dispose;
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->fills = TRUE;
    CEL_PATH_SCREEN_CLASS(klass)->actions = actions;
}

static void cel_path_result_init(CelPathResult *self)
{
    self->box = cel_part_box(0);
    self->result = cel_result_view_new();
    cel_result_view_set_next(CEL_RESULT_VIEW(self->result), _("Pack and seal"));
    gtk_widget_set_vexpand(self->result, TRUE);
    self->waiting = cel_part_box(18);
    gtk_widget_set_valign(self->waiting, GTK_ALIGN_CENTER);
    gtk_widget_set_vexpand(self->waiting, TRUE);
    self->words = cel_part_label("", "title-3");
    gtk_label_set_xalign(GTK_LABEL(self->words), 0.5F);
    self->again = cel_part_button(_("Evaluate again"), "view-refresh-symbolic", "suggested-action");
    gtk_widget_set_halign(self->again, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(self->waiting), self->words);
    gtk_box_append(GTK_BOX(self->waiting), self->again);
    gtk_box_append(GTK_BOX(self->box), self->result);
    gtk_box_append(GTK_BOX(self->box), self->waiting);
    adw_bin_set_child(ADW_BIN(self), self->box);
    g_signal_connect_swapped(self->result, "next", G_CALLBACK(go_on), self);
    g_signal_connect_swapped(self->result, "why", G_CALLBACK(show_why), self);
    g_signal_connect_swapped(self->again, "clicked", G_CALLBACK(evaluate), self);
}
