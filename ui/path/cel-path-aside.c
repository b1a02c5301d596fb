/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-aside.h"

#include "cel-words.h"
#include "path/cel-path-parts.h"
#include "path/cel-second-key.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _CelPathAside {
    AdwBin parent;
    CelPathSession *session;
    GtkWidget *open, *inside, *shots, *reasons, *second, *last, *agree;
    char *shown;        /* the spots that the tiles were made from */
    guint64 seq;        /* of the chosen one; 0: none */
    const char *reason; /* (nullable): id of the chosen one */
};

static guint folded_signal;

G_DEFINE_FINAL_TYPE(CelPathAside, cel_path_aside, ADW_TYPE_BIN)

static gboolean is_idle(CelPathAside *aside)
{
    return cel_path_session_phase(aside->session) == CEL_PATH_PHASE_IDLE;
}

static gboolean fill(CelPathAside *aside, CelPathOrder *order)
{
    *order = (CelPathOrder){.act = CEL_PATH_ACT_SET_ASIDE, .seq = aside->seq, .why = aside->reason};
    return cel_second_key_get(CEL_SECOND_KEY(aside->second), order) && aside->seq > 0 &&
           aside->reason != NULL;
}

static void refresh(CelPathAside *aside)
{
    CelPathOrder order;
    gtk_widget_set_sensitive(aside->agree, fill(aside, &order) && is_idle(aside));
}

static void set_aside(CelPathAside *aside)
{
    CelPathOrder order;
    if (!fill(aside, &order))
        return;
    cel_path_session_do(aside->session, &order);
    cel_second_key_forget(CEL_SECOND_KEY(aside->second));
}

/* ---- tiles ---- */

static GtkWidget *add_tile(GtkWidget *row, GtkWidget **group, const char *text)
{
    GtkWidget *tile = gtk_toggle_button_new_with_label(text);
    gtk_label_set_wrap(GTK_LABEL(gtk_button_get_child(GTK_BUTTON(tile))), TRUE);
    if (*group != NULL)
        gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(tile), GTK_TOGGLE_BUTTON(*group));
    else
        *group = tile;
    cel_part_row_add(row, tile);
    return tile;
}

static void shot_chosen(GtkToggleButton *tile, CelPathAside *aside)
{
    if (!gtk_toggle_button_get_active(tile))
        return;
    aside->seq = g_ascii_strtoull(gtk_widget_get_name(GTK_WIDGET(tile)), NULL, 10);
    refresh(aside);
}

static void reason_chosen(GtkToggleButton *tile, CelPathAside *aside)
{
    if (!gtk_toggle_button_get_active(tile))
        return;
    aside->reason = g_object_get_data(G_OBJECT(tile), "reason");
    refresh(aside);
}

static void add_reasons(CelPathAside *aside)
{
    gsize n = 0;
    GtkWidget *group = NULL;
    const CelPathReasonDef *reasons = cel_path_reasons(&n);
    for (gsize i = 0; i < n; i++) {
        GtkWidget *tile = add_tile(aside->reasons, &group, _(reasons[i].words));
        g_object_set_data(G_OBJECT(tile), "reason", (gpointer)reasons[i].id);
        g_signal_connect(tile, "toggled", G_CALLBACK(reason_chosen), aside);
    }
}

static char *list_of(const CelPathView *view)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < view->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(view->shots, i);
        if (cel_path_shot_counts(shot))
            g_string_append_printf(list, "%" G_GUINT64_FORMAT " ", shot->seq);
    }
    return g_strdup(list->str);
}

/* One of both: the button that unfolds it, or what it unfolds. */
static void fold(CelPathAside *aside, gboolean folded)
{
    gtk_widget_set_visible(aside->inside, !folded);
    gtk_widget_set_visible(aside->open, folded);
}

static void show_shots(CelPathAside *aside, const CelPathView *view)
{
    g_autofree char *list = list_of(view);
    if (g_strcmp0(aside->shown, list) == 0)
        return;
    g_free(aside->shown);
    aside->shown = g_steal_pointer(&list);
    aside->seq = 0;
    cel_part_row_clear(aside->shots);
    fold(aside, TRUE); /* what was wanted is done */
    GtkWidget *group = NULL;
    for (guint i = 0; i < view->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(view->shots, i);
        if (!cel_path_shot_counts(shot))
            continue;
        g_autofree char *text = g_strdup_printf(_("Spot %u"), shot->spot);
        g_autofree char *seq = g_strdup_printf("%" G_GUINT64_FORMAT, shot->seq);
        GtkWidget *tile = add_tile(aside->shots, &group, text);
        gtk_widget_set_name(tile, seq);
        g_signal_connect(tile, "toggled", G_CALLBACK(shot_chosen), aside);
    }
}

/* ---- the widget ---- */

/* After it has its place: the page scrolls to what has the focus. */
static gboolean look_at_shots(gpointer data)
{
    CelPathAside *aside = data;
    gtk_widget_child_focus(aside->shots, GTK_DIR_TAB_FORWARD);
    return G_SOURCE_REMOVE;
}

static void unfold(CelPathAside *aside)
{
    fold(aside, FALSE);
    g_signal_emit(aside, folded_signal, 0);
    g_idle_add_full(G_PRIORITY_LOW, look_at_shots, g_object_ref(aside), g_object_unref);
}

static void keep_all(CelPathAside *aside)
{
    fold(aside, TRUE);
    g_signal_emit(aside, folded_signal, 0);
    gtk_widget_grab_focus(aside->open);
}

gboolean cel_path_aside_is_open(CelPathAside *aside)
{
    return gtk_widget_get_visible(GTK_WIDGET(aside)) && gtk_widget_get_visible(aside->inside);
}

void cel_path_aside_show(CelPathAside *aside, const CelPathView *view)
{
    const gboolean wanted = view->step == CEL_PATH_STEP_MEASURE && view->valid > 0 &&
                            *view->fid == '\0' && !cel_path_session_is_dangerous(aside->session);
    gtk_widget_set_visible(GTK_WIDGET(aside), wanted);
    if (!wanted)
        return;
    show_shots(aside, view);
    cel_second_key_show(CEL_SECOND_KEY(aside->second));
    gtk_widget_set_sensitive(aside->open, is_idle(aside));
    refresh(aside);
}

static void cel_path_aside_dispose(GObject *object)
{
    CelPathAside *aside = CEL_PATH_ASIDE(object);
    g_clear_object(&aside->session);
    g_clear_pointer(&aside->shown, g_free);
    G_OBJECT_CLASS(cel_path_aside_parent_class)->dispose(object);
}

static void cel_path_aside_class_init(CelPathAsideClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_path_aside_dispose;
    folded_signal = g_signal_new("folded", CEL_TYPE_PATH_ASIDE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void cel_path_aside_init(CelPathAside *aside)
{
    GtkWidget *box = cel_part_box(12);
    aside->open = cel_part_button(_("Set a spot aside…"), NULL, NULL);
    aside->inside = cel_part_box(12);
    aside->shots = cel_part_row();
    aside->reasons = cel_part_row();
    aside->agree = cel_part_button(_("Set it aside together"), NULL, "suggested-action");
    aside->last = cel_part_row();
    GtkWidget *keep = cel_part_button(_("Keep all of them"), NULL, NULL);
    cel_part_row_add(aside->last, aside->agree);
    cel_part_row_add(aside->last, keep);
    gtk_widget_set_halign(aside->open, GTK_ALIGN_START);
    gtk_widget_set_visible(aside->inside, FALSE);
    gtk_box_append(GTK_BOX(aside->inside),
                   cel_part_label(_("Which spot does not count?"), "title-4"));
    gtk_box_append(GTK_BOX(aside->inside), aside->shots);
    gtk_box_append(GTK_BOX(aside->inside), cel_part_label(_("Why does it not count?"), "title-4"));
    gtk_box_append(GTK_BOX(aside->inside), aside->reasons);
    gtk_box_append(GTK_BOX(aside->inside),
                   cel_part_label(_("Nothing is deleted: the measurement stays on record with the "
                                    "reason and both names."),
                                  NULL));
    gtk_box_append(GTK_BOX(box), aside->open);
    gtk_box_append(GTK_BOX(box), aside->inside);
    adw_bin_set_child(ADW_BIN(aside), box);
    add_reasons(aside);
    g_signal_connect_swapped(aside->open, "clicked", G_CALLBACK(unfold), aside);
    g_signal_connect_swapped(keep, "clicked", G_CALLBACK(keep_all), aside);
    g_signal_connect_swapped(aside->agree, "clicked", G_CALLBACK(set_aside), aside);
}

GtkWidget *cel_path_aside_new(CelPathSession *session)
{
    CelPathAside *aside = g_object_new(CEL_TYPE_PATH_ASIDE, NULL);
    aside->session = g_object_ref(session);
    aside->second = cel_second_key_new(session);
    gtk_box_append(GTK_BOX(aside->inside), aside->second);
    gtk_box_append(GTK_BOX(aside->inside), aside->last);
    g_signal_connect_swapped(aside->second, "changed", G_CALLBACK(refresh), aside);
    g_signal_connect_swapped(aside->second, "ready", G_CALLBACK(set_aside), aside);
    return GTK_WIDGET(aside);
}
