/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-surroundings.h"

#include "path/cel-path-parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { PLACE, ENVIRONMENT, N_FIELDS };
enum { TYPED_MS = 700 }; /* without another key: then the text is whole */

static const char *const answers[N_FIELDS] = {"place", "environment"};

/** Field: one text. */
typedef struct {
    CelSurroundings *card;
    guint which;
    GtkWidget *entry, *picks;
    guint waiting_id; /* a text that is not handed over yet */
} Field;

struct _CelSurroundings {
    AdwBin parent;
    CelPathSession *session; /* (transfer none): outlives its screens */
    Field fields[N_FIELDS];
    char *sample;         /* whose texts these are */
    gconstpointer picked; /* the list from which the buttons are */
    gboolean filling;
};

G_DEFINE_FINAL_TYPE(CelSurroundings, cel_surroundings, ADW_TYPE_BIN)

/* ---- handing over ---- */

static gboolean hand_over(gpointer data);

static void wait_for_more(Field *field)
{
    g_clear_handle_id(&field->waiting_id, g_source_remove);
    field->waiting_id = g_timeout_add(TYPED_MS, hand_over, field);
}

/* Nothing is said of another sample than the one that was in view. */
static gboolean hand_over(gpointer data)
{
    Field *field = data;
    CelSurroundings *card = field->card;
    const CelPathView *view = cel_path_session_view(card->session);
    g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(field->entry))));
    field->waiting_id = 0;
    if (view == NULL || view->over || g_strcmp0(view->id, card->sample) != 0 || *text == '\0')
        return G_SOURCE_REMOVE;
    if (cel_path_session_phase(card->session) != CEL_PATH_PHASE_IDLE)
        wait_for_more(field);
    else if (strcmp(text, field->which == PLACE ? view->place : view->environment) != 0)
        cel_path_session_answer(card->session, answers[field->which], text);
    return G_SOURCE_REMOVE;
}

static void typed(Field *field)
{
    if (!field->card->filling)
        wait_for_more(field);
}

static void entered(Field *field)
{
    g_clear_handle_id(&field->waiting_id, g_source_remove);
    hand_over(field);
}

/* ---- what was said before ---- */

static void pick(GtkWidget *button, Field *field)
{
    gtk_editable_set_text(GTK_EDITABLE(field->entry), gtk_widget_get_name(button));
    entered(field);
}

static void add_pick(Field *field, const char *text)
{
    GtkWidget *button = cel_part_button(text, NULL, NULL);
    gtk_widget_set_name(button, text);
    g_signal_connect(button, "clicked", G_CALLBACK(pick), field);
    cel_part_row_add(field->picks, button);
    gtk_widget_set_visible(field->picks, TRUE);
}

static void fill_picks(CelSurroundings *card, const CelPathView *view)
{
    const CelPathStart *start = cel_path_session_start(card->session);
    const GPtrArray *said[N_FIELDS] = {NULL, NULL};
    const char *lab = cel_desk_facts(cel_path_session_desk(card->session))->lab_name;
    if (start == NULL || start->surroundings.places == card->picked)
        return;
    card->picked = said[PLACE] = start->surroundings.places;
    said[ENVIRONMENT] = start->surroundings.environments;
    for (guint i = 0; i < N_FIELDS; i++) {
        cel_part_row_clear(card->fields[i].picks);
        gtk_widget_set_visible(card->fields[i].picks, FALSE);
        for (guint k = 0; said[i] != NULL && k < said[i]->len; k++)
            add_pick(&card->fields[i], g_ptr_array_index(said[i], k));
    }
    if (view->way == CEL_PATH_LAB && *lab != '\0' &&
        (said[PLACE] == NULL ||
         !g_ptr_array_find_with_equal_func((GPtrArray *)said[PLACE], lab, g_str_equal, NULL)))
        add_pick(&card->fields[PLACE], lab);
}

void cel_surroundings_show(CelSurroundings *card, const CelPathView *view)
{
    const gboolean another = g_strcmp0(view->id, card->sample) != 0;
    fill_picks(card, view);
    if (another) {
        g_free(card->sample);
        card->sample = g_strdup(view->id);
    }
    card->filling = TRUE;
    for (guint i = 0; i < N_FIELDS; i++) {
        Field *field = &card->fields[i];
        const char *text = i == PLACE ? view->place : view->environment;
        if (another)
            g_clear_handle_id(&field->waiting_id, g_source_remove);
        if (another || (field->waiting_id == 0 && gtk_widget_get_focus_child(field->entry) == NULL))
            gtk_editable_set_text(GTK_EDITABLE(field->entry), text);
    }
    card->filling = FALSE;
}

/* ---- the widget ---- */

static void cel_surroundings_dispose(GObject *object)
{
    CelSurroundings *card = CEL_SURROUNDINGS(object);
    for (guint i = 0; i < N_FIELDS; i++)
        g_clear_handle_id(&card->fields[i].waiting_id, g_source_remove);
    G_OBJECT_CLASS(cel_surroundings_parent_class)->dispose(object);
}

static void cel_surroundings_finalize(GObject *object)
{
    g_free(CEL_SURROUNDINGS(object)->sample);
    G_OBJECT_CLASS(cel_surroundings_parent_class)->finalize(object);
}

static void cel_surroundings_class_init(CelSurroundingsClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_surroundings_dispose;
    G_OBJECT_CLASS(klass)->finalize = cel_surroundings_finalize;
}

static void add_field(CelSurroundings *card, guint which, GtkWidget *box, const char *name)
{
    Field *field = &card->fields[which];
    *field = (Field){.card = card, .which = which, .picks = cel_part_row()};
    field->entry = cel_part_text_entry(name);
    gtk_widget_set_visible(field->picks, FALSE);
    gtk_box_append(GTK_BOX(box), field->picks);
    gtk_box_append(GTK_BOX(box), field->entry);
    g_signal_connect_swapped(field->entry, "changed", G_CALLBACK(typed), field);
    g_signal_connect_swapped(field->entry, "activate", G_CALLBACK(entered), field);
}

static void cel_surroundings_init(CelSurroundings *card)
{
    GtkWidget *inside = NULL;
    adw_bin_set_child(ADW_BIN(card), cel_part_card(_("Place and surroundings"), &inside));
    gtk_box_append(GTK_BOX(inside),
                   cel_part_label(_("A court page names both, as they were when the measurements "
                                    "began."),
                                  NULL));
    add_field(card, PLACE, inside, _("Where the work is done"));
    add_field(card, ENVIRONMENT, inside, _("Temperature, humidity, light"));
}

GtkWidget *cel_surroundings_new(CelPathSession *session)
{
    CelSurroundings *card = g_object_new(CEL_TYPE_SURROUNDINGS, NULL);
    card->session = session;
    return GTK_WIDGET(card);
}
