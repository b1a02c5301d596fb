/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-shot-box.h"

#include "work/cel-laser-questions.h"

#include <glib/gi18n-lib.h>

struct _CelShotBox {
    GtkBox parent;
    CelLaserQuestions *questions;
    GtkWidget *measure, *stop, *progress;
    GtkLabel *problem;
    CelTask *task;
};

enum { ASKED, MEASURED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelShotBox, cel_shot_box, GTK_TYPE_BOX)

static gboolean all_answered(CelShotBox *box)
{
    const CelLaserConfirmation answers = cel_laser_questions_answers(box->questions);
    return answers.eyewear_on && answers.beam_blocked && answers.nobody_in_line;
}

static void answered(CelShotBox *box)
{
    gtk_widget_set_sensitive(box->measure, all_answered(box) && box->task == NULL);
}

void cel_shot_box_follow(CelShotBox *box, CelTask *task)
{
    g_set_object(&box->task, task);
    if (task != NULL)
        g_object_bind_property(task, "fraction", box->progress, "fraction", G_BINDING_SYNC_CREATE);
    gtk_widget_set_visible(box->stop, task != NULL);
    gtk_widget_set_visible(box->progress, task != NULL);
    answered(box);
}

void cel_shot_box_fail(CelShotBox *box, const GError *error)
{
    gtk_label_set_text(box->problem, error != NULL ? error->message : "");
    gtk_widget_set_visible(GTK_WIDGET(box->problem), error != NULL);
}

static void measured(gpointer owner, gpointer data, const GError *error)
{
    CelShotBox *box = owner;
    cel_shot_box_follow(box, NULL);
    cel_shot_box_fail(box, error);
    if (error == NULL)
        g_signal_emit(box, signals[MEASURED], 0, data);
}

void cel_shot_box_measure(CelShotBox *box, CelCheckShot *shot)
{
    shot->confirmation = cel_laser_questions_answers(box->questions);
    const CelTaskOrder order = {.lane = CEL_LANE_INSTRUMENT,
                                .title = _("Measuring the standard"),
                                .run = cel_check_shot_measure,
                                .done = measured,
                                .data = shot,
                                .free = cel_check_shot_unref,
                                .owner = box,
                                .light = TRUE};
    cel_shot_box_fail(box, NULL);
    cel_shot_box_follow(box, cel_task_start(cel_desk_lanes(shot->desk), &order));
}

void cel_shot_box_stop(CelShotBox *box)
{
    cel_task_cancel(box->task);
}

void cel_shot_box_clear(CelShotBox *box)
{
    cel_laser_questions_clear(box->questions);
    cel_shot_box_fail(box, NULL);
}

static void asked(CelShotBox *box)
{
    if (all_answered(box) && box->task == NULL)
        g_signal_emit(box, signals[ASKED], 0);
}

/* ---- making ---- */

static void cel_shot_box_dispose(GObject *object)
{
    CelShotBox *box = CEL_SHOT_BOX(object);
    cel_shot_box_stop(box);
    g_clear_object(&box->task);
    G_OBJECT_CLASS(cel_shot_box_parent_class)->dispose(object);
}

static void cel_shot_box_class_init(CelShotBoxClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_shot_box_dispose;
    signals[ASKED] = g_signal_new("asked", CEL_TYPE_SHOT_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
    signals[MEASURED] = g_signal_new("measured", CEL_TYPE_SHOT_BOX, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static GtkWidget *add_pill(CelShotBox *box, const char *label, GCallback pressed)
{
    GtkWidget *button = gtk_button_new_with_label(label);
    gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(button, "pill");
    g_signal_connect_swapped(button, "clicked", pressed, box);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

static void cel_shot_box_init(CelShotBox *box)
{
    gtk_orientable_set_orientation(GTK_ORIENTABLE(box), GTK_ORIENTATION_VERTICAL);
    gtk_box_set_spacing(GTK_BOX(box), 18);
    box->questions = CEL_LASER_QUESTIONS(cel_laser_questions_new_standard());
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(box->questions));
    g_signal_connect_swapped(box->questions, "changed", G_CALLBACK(answered), box);
    box->measure = add_pill(box, _("Measure the standard"), G_CALLBACK(asked));
    gtk_widget_add_css_class(box->measure, "suggested-action");
    box->progress = gtk_progress_bar_new();
    gtk_accessible_update_property(GTK_ACCESSIBLE(box->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Measuring the standard"), -1);
    gtk_widget_set_visible(box->progress, FALSE);
    gtk_box_append(GTK_BOX(box), box->progress);
    box->stop = add_pill(box, _("Stop, laser off"), G_CALLBACK(cel_shot_box_stop));
    gtk_widget_set_visible(box->stop, FALSE);
    box->problem = GTK_LABEL(gtk_label_new(NULL));
    gtk_label_set_wrap(box->problem, TRUE);
    gtk_label_set_xalign(box->problem, 0.0F);
    gtk_widget_add_css_class(GTK_WIDGET(box->problem), "problem");
    gtk_widget_set_visible(GTK_WIDGET(box->problem), FALSE);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(box->problem));
    answered(box);
}
