/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-second-person.h"

#include "cel-person-row.h"
#include "cel-task.h"
#include "cel-words.h"

#include "base/cel-secret.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _CelSecondPerson {
    AdwWindow parent;
    GtkListBox *people;
    GtkWidget *act, *what, *empty, *problem, *cancel, *agree;
    AdwPasswordEntryRow *passphrase;
    CelSecondPersonAsk ask; /* without the borrowed texts */
    GWeakRef owner;
    char *key_path;
};

G_DEFINE_FINAL_TYPE(CelSecondPerson, cel_second_person, ADW_TYPE_WINDOW)

static void start(CelSecondPerson *self, CelTaskOrder *order)
{
    order->owner = self;
    cel_task_start(cel_desk_lanes(self->ask.desk), order);
}

/* ---- who may agree ---- */

typedef struct {
    CelDesk *desk;
    GPtrArray *people;
} Asking;

static void asking_free(gpointer data)
{
    Asking *asking = data;
    g_object_unref(asking->desk);
    g_clear_pointer(&asking->people, g_ptr_array_unref);
    g_free(asking);
}

static gboolean ask_people(gpointer data, CelJob *job, GError **error)
{
    Asking *asking = data;
    (void)job;
    (void)error;
    asking->people = cel_desk_people(asking->desk);
    return TRUE;
}

static gboolean may_agree(const CelSecondPerson *self, const CelPersonCard *card)
{
    const CelDeskFacts *facts = cel_desk_facts(self->ask.desk);
    return (cel_right(self->ask.act)->second & (1U << card->role)) != 0 &&
           !(strcmp(card->person_id, facts->person_id) == 0 &&
             strcmp(card->person, facts->person) == 0);
}

static void people_known(gpointer owner, gpointer data, const GError *error)
{
    CelSecondPerson *self = owner;
    const Asking *asking = data;
    guint n = 0;
    (void)error;
    for (guint i = 0; asking->people != NULL && i < asking->people->len; i++) {
        const CelPersonCard *card = g_ptr_array_index(asking->people, i);
        if (!may_agree(self, card))
            continue;
        gtk_list_box_append(self->people, cel_person_row_new(card));
        n++;
    }
    gtk_widget_set_visible(GTK_WIDGET(self->people), n > 0);
    gtk_widget_set_visible(self->empty, n == 0);
}

static void ask_who(CelSecondPerson *self)
{
    Asking *asking = g_new0(Asking, 1);
    asking->desk = g_object_ref(self->ask.desk);
    CelTaskOrder order = {.lane = CEL_LANE_LAB,
                          .run = ask_people,
                          .done = people_known,
                          .data = asking,
                          .free = asking_free};
    start(self, &order);
}

/* ---- opening the key ---- */

typedef struct {
    char *path, *secret;
    CelKey *key;
} Opening;

static void opening_free(gpointer data)
{
    Opening *opening = data;
    g_free(opening->path);
    cel_secret_free(opening->secret);
    cel_key_free(opening->key);
    g_free(opening);
}

static gboolean open_key(gpointer data, CelJob *job, GError **error)
{
    Opening *opening = data;
    (void)job;
    opening->key = cel_key_load(opening->path, opening->secret, error);
    return opening->key != NULL;
}

static void refresh(CelSecondPerson *self)
{
    const gboolean typed = *gtk_editable_get_text(GTK_EDITABLE(self->passphrase)) != '\0';
    gtk_widget_set_sensitive(self->agree, typed && self->key_path != NULL);
}

static void set_busy(CelSecondPerson *self, gboolean busy)
{
    gtk_widget_set_sensitive(GTK_WIDGET(self->passphrase), !busy && self->key_path != NULL);
    gtk_widget_set_sensitive(GTK_WIDGET(self->people), !busy);
    if (busy)
        gtk_widget_set_sensitive(self->agree, FALSE);
    else
        refresh(self);
}

static void hand_over(CelSecondPerson *self, Opening *opening)
{
    g_autoptr(GObject) owner = g_weak_ref_get(&self->owner);
    if (owner != NULL)
        self->ask.done(owner, g_steal_pointer(&opening->key), self->ask.data);
    gtk_window_destroy(GTK_WINDOW(self));
}

static void key_open(gpointer owner, gpointer data, const GError *error)
{
    CelSecondPerson *self = owner;
    gtk_editable_set_text(GTK_EDITABLE(self->passphrase), "");
    set_busy(self, FALSE);
    gtk_widget_set_visible(self->problem, error != NULL);
    if (error == NULL) {
        hand_over(self, data);
        return;
    }
    gtk_label_set_text(GTK_LABEL(self->problem), error->message);
    gtk_widget_grab_focus(GTK_WIDGET(self->passphrase));
}

static void agree(CelSecondPerson *self)
{
    if (!gtk_widget_get_sensitive(self->agree))
        return;
    Opening *opening = g_new0(Opening, 1);
    opening->path = g_strdup(self->key_path);
    opening->secret = cel_secret_new();
    g_strlcpy(opening->secret, gtk_editable_get_text(GTK_EDITABLE(self->passphrase)),
              CEL_SECRET_MAX);
    set_busy(self, TRUE);
    CelTaskOrder order = {.lane = CEL_LANE_LAB,
                          .title = _("Opening the key"),
                          .run = open_key,
                          .done = key_open,
                          .data = opening,
                          .free = opening_free};
    start(self, &order);
}

static void person_chosen(GtkListBox *list, GtkListBoxRow *row, CelSecondPerson *self)
{
    (void)list;
    g_free(self->key_path);
    self->key_path = g_strdup(gtk_widget_get_name(GTK_WIDGET(row)));
    gtk_list_box_select_row(self->people, row);
    gtk_widget_set_sensitive(GTK_WIDGET(self->passphrase), TRUE);
    gtk_widget_grab_focus(GTK_WIDGET(self->passphrase));
    refresh(self);
}

/* ---- the widget ---- */

static void cel_second_person_finalize(GObject *object)
{
    CelSecondPerson *self = CEL_SECOND_PERSON(object);
    if (self->ask.free != NULL)
        self->ask.free(self->ask.data);
    g_clear_object(&self->ask.desk);
    g_weak_ref_clear(&self->owner);
    g_free(self->key_path);
    G_OBJECT_CLASS(cel_second_person_parent_class)->finalize(object);
}

static void cel_second_person_class_init(CelSecondPersonClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->finalize = cel_second_person_finalize;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/cel-second-person.ui");
    gtk_widget_class_bind_template_child(widget_class, CelSecondPerson, people);
    gtk_widget_class_bind_template_child(widget_class, CelSecondPerson, act);
    gtk_widget_class_bind_template_child(widget_class, CelSecondPerson, what);
    gtk_widget_class_bind_template_child(widget_class, CelSecondPerson, empty);
    gtk_widget_class_bind_template_child(widget_class, CelSecondPerson, problem);
    gtk_widget_class_bind_template_child(widget_class, CelSecondPerson, cancel);
    gtk_widget_class_bind_template_child(widget_class, CelSecondPerson, agree);
    gtk_widget_class_bind_template_child(widget_class, CelSecondPerson, passphrase);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void cel_second_person_init(CelSecondPerson *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    g_weak_ref_init(&self->owner, NULL);
    g_signal_connect(self->people, "row-activated", G_CALLBACK(person_chosen), self);
    g_signal_connect_swapped(self->passphrase, "changed", G_CALLBACK(refresh), self);
    g_signal_connect_swapped(self->passphrase, "entry-activated", G_CALLBACK(agree), self);
    g_signal_connect_swapped(self->agree, "clicked", G_CALLBACK(agree), self);
    g_signal_connect_swapped(self->cancel, "clicked", G_CALLBACK(gtk_window_close), self);
}

CelSecondPerson *cel_second_person_ask(const CelSecondPersonAsk *ask)
{
    CelSecondPerson *self = g_object_new(CEL_TYPE_SECOND_PERSON, NULL);
    const CelActDef *def = cel_act_def(ask->act);
    g_autofree char *title = g_strdup_printf(
        _("“%s” needs a second person"), cel_ui_is_chinese() ? def->title_zh : _(def->title_en));
    self->ask = *ask;
    self->ask.parent = NULL;
    self->ask.what = NULL;
    self->ask.desk = g_object_ref(ask->desk);
    g_weak_ref_set(&self->owner, ask->owner);
    gtk_label_set_text(GTK_LABEL(self->act), title);
    gtk_label_set_text(GTK_LABEL(self->what), ask->what != NULL ? ask->what : "");
    gtk_widget_set_visible(self->what, ask->what != NULL);
    GtkRoot *root = gtk_widget_get_root(ask->parent);
    if (GTK_IS_WINDOW(root))
        gtk_window_set_transient_for(GTK_WINDOW(self), GTK_WINDOW(root));
    ask_who(self);
    gtk_window_present(GTK_WINDOW(self));
    return self;
}
