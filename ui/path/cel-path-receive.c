/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-receive.h"

#include "path/cel-photo-box.h"
#include "path/cel-sides.h"

#include <glib/gi18n-lib.h>

enum { BESIDE_PX = 860 };

enum { DEPARTMENT, CONTACT, REQUEST, POPULATION, SAMPLING, UNITS, N_COURT };

/* What a court page names of who submits it and of the sample. */
static const char *const court_words[N_COURT] = {
    [DEPARTMENT] = N_("Submitting department"),
    [CONTACT] = N_("Telephone or address"),
    [REQUEST] = N_("What is asked for"),
    [POPULATION] = N_("Population that the exhibit stands for"),
    [SAMPLING] = N_("How it was sampled"),
    [UNITS] = N_("Units examined"),
};

struct _CelPathReceive {
    CelPathScreen parent;
    GtkWidget *box, *scan_card, *code, *record, *compare, *photos;
    GtkWidget *seal, *condition, *from, *differs, *why, *accept, *refuse;
    GtkWidget *taken, *court_card, *court[N_COURT];
    char *shown;
};

G_DEFINE_FINAL_TYPE(CelPathReceive, cel_path_receive, CEL_TYPE_PATH_SCREEN)

static const char *const wanted[] = {"package-photo", "package", NULL};

static const char *const conditions[] = {
    N_("Bag and seal intact"),
    N_("Seal intact, bag damaged"),
    N_("Seal damaged"),
    N_("No seal"),
};

static const char *text_of(GtkWidget *entry)
{
    return gtk_editable_get_text(GTK_EDITABLE(entry));
}

static void scan(CelPathReceive *self)
{
    const CelPathOrder order = {.act = CEL_PATH_ACT_SCAN, .text = text_of(self->code)};
    if (*order.text != '\0')
        cel_path_session_do(cel_path_screen_session(self), &order);
}

static void order_receipt(CelPathReceive *self, gboolean accepted)
{
    const CelPathOrder order = {
        .act = CEL_PATH_ACT_RECEIVE,
        .text = text_of(self->seal),
        .more = text_of(self->condition),
        .why = text_of(self->why),
        .from_person = text_of(self->from),
        .from_department = text_of(self->court[DEPARTMENT]),
        .submission = {.request = text_of(self->court[REQUEST]),
                       .contact = text_of(self->court[CONTACT]),
                       .population = text_of(self->court[POPULATION]),
                       .sampling = text_of(self->court[SAMPLING]),
                       .units_tested = text_of(self->court[UNITS])},
        .accepted = accepted,
        .differs = gtk_check_button_get_active(GTK_CHECK_BUTTON(self->differs)),
    };
    cel_path_session_do(cel_path_screen_session(self), &order);
}

static void accept(CelPathReceive *self)
{
    order_receipt(self, TRUE);
}

static void refuse(CelPathReceive *self)
{
    order_receipt(self, FALSE);
}

/* The bench refuses what is incomplete; here only what cannot be sent at all is greyed. */
static void refresh(CelPathReceive *self)
{
    const gboolean idle =
        cel_path_session_phase(cel_path_screen_session(self)) == CEL_PATH_PHASE_IDLE;
    gtk_widget_set_sensitive(self->accept, idle && *text_of(self->condition) != '\0');
    gtk_widget_set_sensitive(self->refuse, idle && *text_of(self->why) != '\0');
}

/* ---- the parts ---- */

static void fill_condition(GtkWidget *button, CelPathReceive *self)
{
    gtk_editable_set_text(GTK_EDITABLE(self->condition), gtk_widget_get_name(button));
}

static GtkWidget *condition_row(CelPathReceive *self)
{
    GtkWidget *row = cel_part_row();
    for (gsize i = 0; i < G_N_ELEMENTS(conditions); i++) {
        GtkWidget *button = cel_part_button(_(conditions[i]), NULL, NULL);
        gtk_widget_set_name(button, _(conditions[i]));
        g_signal_connect(button, "clicked", G_CALLBACK(fill_condition), self);
        cel_part_row_add(row, button);
    }
    return row;
}

static GtkWidget *make_compare(CelPathReceive *self)
{
    GtkWidget *inside = NULL, *buttons = cel_part_row();
    self->compare = cel_part_card(_("What the bag shows"), &inside);
    self->seal = cel_part_scan_entry(_("Number of its seal, as read"));
    self->condition = cel_part_text_entry(_("Condition of bag and seal"));
    self->from = cel_part_text_entry(_("Handed over by"));
    self->why = cel_part_text_entry(_("Reason, when refused or different"));
    self->differs = gtk_check_button_new_with_label(_("Number or photo differ from the record"));
    self->accept = cel_part_button(_("Accept"), "object-select-symbolic", "suggested-action");
    self->refuse = cel_part_button(_("Refuse, with the reason"), "window-close-symbolic", NULL);
    gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(buttons), TRUE);
    cel_part_row_add(buttons, self->refuse);
    cel_part_row_add(buttons, self->accept);
    GtkWidget *const parts[] = {self->seal, self->condition, condition_row(self),
                                self->from, self->differs,   self->why,
                                buttons};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        gtk_box_append(GTK_BOX(inside), parts[i]);
    return self->compare;
}

static GtkWidget *make_court(CelPathReceive *self)
{
    GtkWidget *inside = NULL;
    self->court_card = cel_part_card(_("For the court page"), &inside);
    gtk_box_append(
        GTK_BOX(inside),
        cel_part_label(_("It needs all of this; without it the bag is accepted all the same."),
                       NULL));
    for (gsize i = 0; i < N_COURT; i++) {
        self->court[i] = cel_part_text_entry(_(court_words[i]));
        gtk_box_append(GTK_BOX(inside), self->court[i]);
    }
    return self->court_card;
}

static void make(CelPathReceive *self)
{
    GtkWidget *inside = NULL, *left = cel_part_box(18), *right = cel_part_box(18);
    self->scan_card = cel_part_card(_("Number of the exhibit"), &inside);
    self->code = cel_part_scan_entry(_("Scan the bag or type CASE/ITEM"));
    gtk_box_append(GTK_BOX(inside), self->code);
    self->record = cel_part_card(_("On record"), &inside);
    self->taken = cel_part_box(8);
    gtk_box_append(GTK_BOX(inside), self->taken);
    self->photos = cel_photo_box_new(cel_path_screen_session(self));
    gtk_box_append(GTK_BOX(left), self->scan_card);
    gtk_box_append(GTK_BOX(left), self->record);
    gtk_box_append(GTK_BOX(left), self->photos);
    gtk_box_append(GTK_BOX(left), make_court(self));
    gtk_box_append(GTK_BOX(right), make_compare(self));
    gtk_box_append(GTK_BOX(self->box), cel_sides_new(left, right, 0.5, BESIDE_PX));
    g_signal_connect_swapped(self->code, "activate", G_CALLBACK(scan), self);
    g_signal_connect_swapped(self->accept, "clicked", G_CALLBACK(accept), self);
    g_signal_connect_swapped(self->refuse, "clicked", G_CALLBACK(refuse), self);
    g_signal_connect_swapped(self->condition, "changed", G_CALLBACK(refresh), self);
    g_signal_connect_swapped(self->why, "changed", G_CALLBACK(refresh), self);
}

/* ---- showing ---- */

static void show_record(CelPathReceive *self, const CelPathView *view)
{
    g_autofree char *now =
        g_strdup_printf("%s/%s/%s", view->case_id, view->item_id, view->exhibit_state);
    if (g_strcmp0(now, self->shown) == 0)
        return;
    g_free(self->shown);
    self->shown = g_steal_pointer(&now);
    g_autofree char *exhibit = g_strdup_printf("%s / %s", view->case_id, view->item_id);
    cel_part_clear(self->taken);
    gtk_box_append(GTK_BOX(self->taken), cel_part_fact(_("Exhibit"), exhibit));
    gtk_box_append(GTK_BOX(self->taken), cel_part_fact(_("Seal of the bag"), view->old_seal_no));
    gtk_box_append(GTK_BOX(self->taken), cel_part_fact(_("Description"), view->description));
    gtk_box_append(GTK_BOX(self->taken), cel_part_fact(_("Held until now by"), view->holder));
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    CelPathReceive *self = CEL_PATH_RECEIVE(screen);
    if (self->code == NULL)
        make(self);
    const gboolean scanned = *view->item_id != '\0';
    gtk_widget_set_visible(self->scan_card, !scanned);
    gtk_widget_set_visible(self->record, scanned);
    gtk_widget_set_visible(self->photos, scanned);
    const gboolean due =
        scanned && cel_path_session_needs(cel_path_screen_session(screen), "receipt");
    gtk_widget_set_visible(self->compare, due);
    gtk_widget_set_visible(self->court_card, due);
    show_record(self, view);
    cel_photo_box_show(CEL_PHOTO_BOX(self->photos), view, wanted);
    refresh(self);
}

static void enter(CelPathScreen *screen)
{
    CelPathReceive *self = CEL_PATH_RECEIVE(screen);
    GtkWidget *const entries[] = {self->code, self->seal, self->condition, self->from, self->why};
    for (gsize i = 0; i < G_N_ELEMENTS(entries); i++)
        gtk_editable_set_text(GTK_EDITABLE(entries[i]), "");
    for (gsize i = 0; i < N_COURT; i++)
        gtk_editable_set_text(GTK_EDITABLE(self->court[i]), "");
    gtk_check_button_set_active(GTK_CHECK_BUTTON(self->differs), FALSE);
    gtk_widget_grab_focus(self->code);
}

static void cel_path_receive_finalize(GObject *object)
{
    g_free(CEL_PATH_RECEIVE(object)->shown);
    G_OBJECT_CLASS(cel_path_receive_parent_class)->finalize(object);
}

static void cel_path_receive_class_init(CelPathReceiveClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_path_receive_finalize;
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->enter = enter;
}

static void cel_path_receive_init(CelPathReceive *self)
{
    self->box = cel_part_box(18);
    adw_bin_set_child(ADW_BIN(self), self->box);
}
