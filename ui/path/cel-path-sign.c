/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-sign.h"

#include "path/cel-second-key.h"

#include <glib/gi18n-lib.h>

struct _CelPathSign {
    CelPathScreen parent;
    GtkWidget *box, *me, *second;
};

G_DEFINE_FINAL_TYPE(CelPathSign, cel_path_sign, CEL_TYPE_PATH_SCREEN)

static gboolean is_idle(CelPathSign *self)
{
    return cel_path_session_phase(cel_path_screen_session(self)) == CEL_PATH_PHASE_IDLE;
}

static const char *primary(CelPathScreen *screen, gboolean *out_ready)
{
    CelPathSign *self = CEL_PATH_SIGN(screen);
    CelPathOrder order = {.act = CEL_PATH_ACT_FINISH};
    *out_ready = cel_second_key_get(CEL_SECOND_KEY(self->second), &order);
    return is_idle(self) ? _("Sign and seal") : _("Sealing…");
}

static void person_changed(CelPathSign *self)
{
    cel_path_session_changed(cel_path_screen_session(self));
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
    self->me = cel_part_label("", "heading");
    self->second = cel_second_key_new(cel_path_screen_session(self));
    gtk_box_append(GTK_BOX(self->box), self->me);
    gtk_box_append(GTK_BOX(self->box), self->second);
    g_signal_connect_swapped(self->second, "changed", G_CALLBACK(person_changed), self);
    g_signal_connect_swapped(self->second, "ready", G_CALLBACK(sign), self);
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    (void)view;
    CelPathSign *self = CEL_PATH_SIGN(screen);
    const CelDeskFacts *facts =
        cel_desk_facts(cel_path_session_desk(cel_path_screen_session(screen)));
    if (self->me == NULL)
        make(self);
    g_autofree char *me = g_strdup_printf(_("✓ %s is signed in; the key is open"), facts->person);
    gtk_label_set_text(GTK_LABEL(self->me), me);
    cel_second_key_show(CEL_SECOND_KEY(self->second));
    gtk_widget_set_sensitive(self->second, is_idle(self));
}

static void press(CelPathScreen *screen)
{
    sign(CEL_PATH_SIGN(screen));
}

static void cel_path_sign_class_init(CelPathSignClass *klass)
{
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->primary = primary;
    CEL_PATH_SCREEN_CLASS(klass)->press = press;
}

static void cel_path_sign_init(CelPathSign *self)
{
    self->box = cel_part_box(12);
    adw_bin_set_child(ADW_BIN(self), self->box);
}
