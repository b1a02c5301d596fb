/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-screen.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/** Private: the session that all screens of a page share. */
typedef struct {
    CelPathSession *session;
} CelPathScreenPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(CelPathScreen, cel_path_screen, ADW_TYPE_BIN)

static CelPathScreenPrivate *private(gpointer screen)
{
    return cel_path_screen_get_instance_private(CEL_PATH_SCREEN(screen));
}

static void cel_path_screen_finalize(GObject *object)
{
    g_clear_object(&private(object)->session);
    G_OBJECT_CLASS(cel_path_screen_parent_class)->finalize(object);
}

static void cel_path_screen_class_init(CelPathScreenClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_path_screen_finalize;
}

static void cel_path_screen_init(CelPathScreen *screen)
{
    (void)screen;
}

CelPathScreen *cel_path_screen_new(GType type, CelPathSession *session)
{
    CelPathScreen *screen = g_object_new(type, NULL);
    private(screen)->session = g_object_ref(session);
    return screen;
}

CelPathSession *cel_path_screen_session(gpointer screen)
{
    return private(screen)->session;
}

CelPage *cel_path_screen_page(gpointer screen)
{
    return (CelPage *)gtk_widget_get_ancestor(GTK_WIDGET(screen), CEL_TYPE_PAGE);
}

void cel_path_screen_show(CelPathScreen *screen)
{
    CEL_PATH_SCREEN_GET_CLASS(screen)->show(screen,
                                            cel_path_session_view(cel_path_screen_session(screen)));
}

void cel_path_screen_enter(CelPathScreen *screen)
{
    if (CEL_PATH_SCREEN_GET_CLASS(screen)->enter != NULL)
        CEL_PATH_SCREEN_GET_CLASS(screen)->enter(screen);
}

void cel_path_screen_frame(CelPathScreen *screen)
{
    if (CEL_PATH_SCREEN_GET_CLASS(screen)->frame != NULL)
        CEL_PATH_SCREEN_GET_CLASS(screen)->frame(screen);
}

gboolean cel_path_screen_trigger(CelPathScreen *screen)
{
    return CEL_PATH_SCREEN_GET_CLASS(screen)->trigger != NULL &&
           CEL_PATH_SCREEN_GET_CLASS(screen)->trigger(screen);
}

/* ---- questions ---- */

/** Words: how a value of a question reads on its button. */
typedef struct {
    const char *question, *value, *words;
} Words;

static const Words words[] = {
    {"safety", "yes", N_("The place is safe to work in")},
    {"through", "yes", N_("Yes, through its clear bag")},
    {"through", "no", N_("No, directly")},
    {"hazard", "no", N_("No, none of these")},
    {"hazard", "yes", N_("Yes, one of these")},
    {"hazard", "unknown", N_("Not known")},
    {"enough", "yes", N_("Go on with the good spots there are")},
    {"closing", "later", N_("It follows at the end of the series")},
};

static const char *words_of(const char *question, const char *value)
{
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].question, question) == 0 && strcmp(words[i].value, value) == 0)
            return _(words[i].words);
    return value;
}

static void chosen(GtkWidget *button, CelPathScreen *screen)
{
    const char *question = g_object_get_data(G_OBJECT(button), "question");
    cel_path_session_answer(cel_path_screen_session(screen), question,
                            g_object_get_data(G_OBJECT(button), "value"));
}

GtkWidget *cel_path_screen_choice(gpointer screen, const char *question)
{
    const CelPathAnswerDef *def = cel_path_answer_def(question);
    GtkWidget *box = cel_part_box(12), *row = cel_part_row();
    gtk_box_append(GTK_BOX(box), cel_part_label(_(def->question), "title-4"));
    gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(row), TRUE);
    for (gsize i = 0; def->values[i] != NULL; i++) {
        GtkWidget *button = cel_part_button(words_of(question, def->values[i]), NULL, "choice");
        g_object_set_data(G_OBJECT(button), "question", (gpointer)def->id);
        g_object_set_data(G_OBJECT(button), "value", (gpointer)def->values[i]);
        g_signal_connect(button, "clicked", G_CALLBACK(chosen), screen);
        cel_part_row_add(row, button);
    }
    gtk_box_append(GTK_BOX(box), row);
    return box;
}
