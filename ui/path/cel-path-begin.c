/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-begin.h"

#include "path/cel-sides.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { BESIDE_PX = 900 };

struct _CelPathBegin {
    CelPathScreen parent;
    GtkWidget *open_card, *open_list, *field_part, *case_id, *cases, *witness, *people, *begin;
    gconstpointer shown;
};

G_DEFINE_FINAL_TYPE(CelPathBegin, cel_path_begin, CEL_TYPE_PATH_SCREEN)

/* ---- what is still open ---- */

static void resume(GtkWidget *button, CelPathBegin *self)
{
    cel_path_session_resume(cel_path_screen_session(self), gtk_widget_get_name(button));
}

static char *about_open(const CelPathOpen *open)
{
    if (open->problem != NULL)
        return g_strdup(open->problem);
    g_autofree char *age = cel_ui_age(g_get_real_time() - open->last_us);
    return g_strdup_printf("%s · %s · %s", _(cel_path_way_def(open->way)->title),
                           _(cel_path_step_def(open->step)->title), age);
}

static GtkWidget *open_row(CelPathBegin *self, const CelPathOpen *open)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *words = cel_part_box(2);
    g_autofree char *title = *open->item_id != '\0'
                                 ? g_strdup_printf("%s / %s", open->case_id, open->item_id)
                                 : g_strdup_printf(_("%s, nothing scanned yet"), open->case_id);
    g_autofree char *about = about_open(open);
    gtk_box_append(GTK_BOX(words), cel_part_label(title, "heading"));
    gtk_box_append(GTK_BOX(words), cel_part_label(about, NULL));
    gtk_widget_set_hexpand(words, TRUE);
    gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(row), words);
    if (open->problem == NULL) {
        GtkWidget *button = cel_part_button(open->busy ? _("Open elsewhere") : _("Go on"), NULL,
                                            "suggested-action");
        gtk_widget_set_sensitive(button, !open->busy);
        gtk_widget_set_name(button, open->id);
        gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
        g_signal_connect(button, "clicked", G_CALLBACK(resume), self);
        gtk_box_append(GTK_BOX(row), button);
    }
    return row;
}

/* ---- a new one ---- */

static void begin(CelPathBegin *self)
{
    CelPage *page = cel_path_screen_page(self);
    const gboolean field = page != NULL && cel_page_is_field(page);
    const char *case_id = gtk_editable_get_text(GTK_EDITABLE(self->case_id));
    const char *witness = gtk_editable_get_text(GTK_EDITABLE(self->witness));
    const CelPathSetup setup = {.way = field ? CEL_PATH_FIELD : CEL_PATH_LAB,
                                .case_id = field && *case_id != '\0' ? case_id : NULL,
                                .witness = *witness != '\0' ? witness : NULL};
    cel_path_session_begin(cel_path_screen_session(self), &setup);
}

static void refresh_begin(CelPathBegin *self)
{
    CelPage *page = cel_path_screen_page(self);
    const gboolean field = page != NULL && cel_page_is_field(page);
    const gboolean named = *gtk_editable_get_text(GTK_EDITABLE(self->case_id)) != '\0';
    const gboolean idle =
        cel_path_session_phase(cel_path_screen_session(self)) == CEL_PATH_PHASE_IDLE;
    gtk_widget_set_visible(self->field_part, field);
    gtk_widget_set_sensitive(self->begin, idle && (named || !field));
}

static void fill_entry(GtkWidget *button, GtkEditable *entry)
{
    gtk_editable_set_text(entry, gtk_widget_get_name(button));
}

/* A button that fills an entry, so that nothing need be typed. */
static void add_pick(GtkWidget *row, const char *text, GtkWidget *entry)
{
    GtkWidget *button = cel_part_button(text, NULL, NULL);
    gtk_widget_set_name(button, text);
    g_signal_connect(button, "clicked", G_CALLBACK(fill_entry), entry);
    cel_part_row_add(row, button);
}

static void fill_picks(CelPathBegin *self, const CelPathStart *start)
{
    enum { MOST_PICKS = 4 };
    const char *me = cel_desk_facts(cel_path_session_desk(cel_path_screen_session(self)))->person;
    cel_part_row_clear(self->cases);
    for (guint i = 0; i < MIN(start->cases->len, MOST_PICKS); i++)
        add_pick(self->cases, g_ptr_array_index(start->cases, i), self->case_id);
    gtk_widget_set_visible(self->cases, start->cases->len > 0);
    cel_part_row_clear(self->people);
    for (guint i = 0, n = 0; i < start->people->len && n < MOST_PICKS; i++) {
        const CelPersonCard *card = g_ptr_array_index(start->people, i);
        if (strcmp(card->person, me) == 0)
            continue;
        add_pick(self->people, card->person, self->witness);
        n++;
    }
    if (start->cases->len > 0 && *gtk_editable_get_text(GTK_EDITABLE(self->case_id)) == '\0')
        gtk_editable_set_text(GTK_EDITABLE(self->case_id), g_ptr_array_index(start->cases, 0));
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    CelPathBegin *self = CEL_PATH_BEGIN(screen);
    const CelPathStart *start = cel_path_session_start(cel_path_screen_session(screen));
    (void)view;
    refresh_begin(self);
    if (start == NULL || start->open == self->shown)
        return;
    self->shown = start->open;
    cel_part_clear(self->open_list);
    for (guint i = 0; i < start->open->len; i++)
        gtk_box_append(GTK_BOX(self->open_list), open_row(self, g_ptr_array_index(start->open, i)));
    gtk_widget_set_visible(self->open_card, start->open->len > 0);
    fill_picks(self, start);
}

static void enter(CelPathScreen *screen)
{
    CelPathBegin *self = CEL_PATH_BEGIN(screen);
    if (gtk_widget_get_visible(self->field_part))
        gtk_widget_grab_focus(self->case_id);
    else
        gtk_widget_grab_focus(self->begin);
}

static void cel_path_begin_class_init(CelPathBeginClass *klass)
{
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->enter = enter;
}

static void add_question(GtkWidget *box, const char *title, GtkWidget *entry, GtkWidget *picks)
{
    gtk_box_append(GTK_BOX(box), cel_part_label(title, "heading"));
    gtk_box_append(GTK_BOX(box), entry);
    gtk_box_append(GTK_BOX(box), picks);
}

static void cel_path_begin_init(CelPathBegin *self)
{
    GtkWidget *inside = NULL, *fresh = NULL, *box = cel_part_box(18), *left = cel_part_box(8);
    GtkWidget *right = cel_part_box(8);
    self->open_card = cel_part_card(_("Still open"), &inside);
    self->open_list = cel_part_box(12);
    gtk_box_append(GTK_BOX(inside), self->open_list);
    gtk_widget_set_visible(self->open_card, FALSE);
    GtkWidget *card = cel_part_card(_("A new exhibit"), &fresh);
    self->case_id = cel_part_scan_entry(_("Number of the case"));
    self->cases = cel_part_row();
    self->witness = cel_part_text_entry(_("Witness, holder or second officer"));
    self->people = cel_part_row();
    add_question(left, _("Which case is it of?"), self->case_id, self->cases);
    add_question(right, _("Who is the witness or the second officer?"), self->witness,
                 self->people);
    self->field_part = cel_sides_new(left, right, 0.5, BESIDE_PX);
    self->begin = cel_part_button(_("Begin"), "media-playback-start-symbolic", "suggested-action");
    gtk_widget_set_halign(self->begin, GTK_ALIGN_END);
    gtk_box_append(GTK_BOX(fresh), self->field_part);
    gtk_box_append(GTK_BOX(fresh), self->begin);
    gtk_box_append(GTK_BOX(box), self->open_card);
    gtk_box_append(GTK_BOX(box), card);
    adw_bin_set_child(ADW_BIN(self), box);
    g_signal_connect_swapped(self->case_id, "changed", G_CALLBACK(refresh_begin), self);
    g_signal_connect_swapped(self->begin, "clicked", G_CALLBACK(begin), self);
}
