/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-sign.h"

#include "path/cel-second-key.h"

#include <glib/gi18n-lib.h>

struct _CelPathSign {
    CelPathScreen parent;
    GtkWidget *box, *todo, *me, *second, *sign;
};

G_DEFINE_FINAL_TYPE(CelPathSign, cel_path_sign, CEL_TYPE_PATH_SCREEN)

static void refresh(CelPathSign *self)
{
    CelPathSession *session = cel_path_screen_session(self);
    CelPathOrder order = {.act = CEL_PATH_ACT_FINISH};
    const gboolean idle = cel_path_session_phase(session) == CEL_PATH_PHASE_IDLE;
    const gboolean there = cel_second_key_get(CEL_SECOND_KEY(self->second), &order);
    gtk_widget_set_sensitive(self->sign, idle && there);
    cel_part_button_set_text(self->sign, idle ? _("Sign and seal") : _("Sealing…"));
    gtk_widget_set_sensitive(self->second, idle);
}

static void sign(CelPathSign *self)
{
    CelPathOrder order = {.act = CEL_PATH_ACT_FINISH};
    if (!cel_second_key_get(CEL_SECOND_KEY(self->second), &order))
        return;
    cel_path_session_do(cel_path_screen_session(self), &order);
    cel_second_key_forget(CEL_SECOND_KEY(self->second));
}

static void make(CelPathSign *self)
{
    GtkWidget *inside = NULL;
    self->todo = cel_part_label("", NULL);
    GtkWidget *card = cel_part_card(_("The first person"), &inside);
    self->me = cel_part_label("", "heading");
    gtk_box_append(GTK_BOX(inside), self->me);
    self->second = cel_second_key_new(cel_path_screen_session(self));
    self->sign = cel_part_button(_("Sign and seal"), "channel-secure-symbolic", "suggested-action");
    gtk_box_append(GTK_BOX(self->box), self->todo);
    gtk_box_append(GTK_BOX(self->box), card);
    gtk_box_append(GTK_BOX(self->box), self->second);
    gtk_box_append(GTK_BOX(self->box), self->sign);
    g_signal_connect_swapped(self->second, "changed", G_CALLBACK(refresh), self);
    g_signal_connect_swapped(self->second, "ready", G_CALLBACK(sign), self);
    g_signal_connect_swapped(self->sign, "clicked", G_CALLBACK(sign), self);
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    CelPathSign *self = CEL_PATH_SIGN(screen);
    const CelDeskFacts *facts =
        cel_desk_facts(cel_path_session_desk(cel_path_screen_session(screen)));
    if (self->todo == NULL)
        make(self);
    g_autofree char *me =
        g_strdup_printf(_("✓ %s is signed in; the key is open"), facts->person);
    gtk_label_set_text(GTK_LABEL(self->todo), _(cel_path_step_def(view->step)->todo));
    gtk_label_set_text(GTK_LABEL(self->me), me);
    cel_second_key_show(CEL_SECOND_KEY(self->second));
    refresh(self);
}

static void cel_path_sign_class_init(CelPathSignClass *klass)
{
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
}

static void cel_path_sign_init(CelPathSign *self)
{
    self->box = cel_part_box(18);
    adw_bin_set_child(ADW_BIN(self), self->box);
}
