/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-laser-questions.h"

#include <glib/gi18n-lib.h>

enum { EYEWEAR, BEAM, NOBODY, N_CHECKS };

struct _CelLaserQuestions {
    GtkBox parent;
    GtkWidget *label;
    GtkWidget *checks[N_CHECKS];
    GtkWidget *words[N_CHECKS];
    GtkWidget *hazards[3]; /* no, yes, unknown */
    GtkWidget *hazard_question, *hazard_line;
    gboolean clearing, of_standard;
};

static const CelHazard hazard_of[] = {CEL_HAZARD_NO, CEL_HAZARD_YES, CEL_HAZARD_UNKNOWN};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelLaserQuestions, cel_laser_questions, GTK_TYPE_BOX)

static void changed(CelLaserQuestions *questions)
{
    if (!questions->clearing)
        g_signal_emit(questions, signals[CHANGED], 0);
}

static gboolean is_on(GtkWidget *check)
{
    return gtk_check_button_get_active(GTK_CHECK_BUTTON(check));
}

CelLaserConfirmation cel_laser_questions_answers(CelLaserQuestions *questions)
{
    CelLaserConfirmation answers = {.eyewear_on = is_on(questions->checks[EYEWEAR]),
                                    .beam_blocked = is_on(questions->checks[BEAM]),
                                    .nobody_in_line = is_on(questions->checks[NOBODY])};
    for (gsize i = 0; i < G_N_ELEMENTS(hazard_of); i++)
        if (gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(questions->hazards[i])))
            answers.sample_hazard = hazard_of[i];
    if (questions->of_standard)
        answers.sample_hazard = CEL_HAZARD_NO;
    return answers;
}

void cel_laser_questions_clear(CelLaserQuestions *questions)
{
    questions->clearing = TRUE;
    for (gsize i = 0; i < N_CHECKS; i++)
        gtk_check_button_set_active(GTK_CHECK_BUTTON(questions->checks[i]), FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(hazard_of); i++)
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(questions->hazards[i]), FALSE);
    questions->clearing = FALSE;
    changed(questions);
}

void cel_laser_questions_set_label(CelLaserQuestions *questions, const char *laser_class,
                                   const char *eyewear)
{
    g_autofree char *text =
        g_strdup_printf("%s %s %s", _("Laser class:"),
                        *laser_class != '\0' ? laser_class : _("not known"), eyewear);
    gtk_label_set_text(GTK_LABEL(questions->label), text);
}

/* ---- making ---- */

static GtkWidget *wrapped(const char *text)
{
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    gtk_widget_set_hexpand(label, TRUE);
    return label;
}

static void add_check(CelLaserQuestions *questions, gsize i, const char *text)
{
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *check = gtk_check_button_new();
    GtkWidget *label = wrapped(text);
    gtk_widget_set_size_request(check, 44, 44);
    gtk_accessible_update_property(GTK_ACCESSIBLE(check), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    GtkGesture *press = gtk_gesture_click_new();
    gtk_widget_add_controller(label, GTK_EVENT_CONTROLLER(press));
    g_signal_connect_swapped(press, "released", G_CALLBACK(gtk_widget_activate), check);
    g_signal_connect_swapped(check, "toggled", G_CALLBACK(changed), questions);
    gtk_box_append(GTK_BOX(line), check);
    gtk_box_append(GTK_BOX(line), label);
    gtk_box_append(GTK_BOX(questions), line);
    questions->checks[i] = check;
    questions->words[i] = label;
}

static void add_hazard(CelLaserQuestions *questions)
{
    const char *const words[] = {_("No"), _("Yes"), _("Not known")};
    const char *question = _("Is the sample dark, black, flammable or possibly explosive?");
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_add_css_class(line, "linked");
    gtk_box_set_homogeneous(GTK_BOX(line), TRUE);
    questions->hazard_question = wrapped(question);
    questions->hazard_line = line;
    gtk_box_append(GTK_BOX(questions), questions->hazard_question);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        GtkWidget *button = gtk_toggle_button_new_with_label(words[i]);
        g_autofree char *name = g_strdup_printf("%s %s", question, words[i]);
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                       -1);
        if (i > 0)
            gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button),
                                        GTK_TOGGLE_BUTTON(questions->hazards[0]));
        g_signal_connect_swapped(button, "toggled", G_CALLBACK(changed), questions);
        gtk_box_append(GTK_BOX(line), button);
        questions->hazards[i] = button;
    }
    gtk_box_append(GTK_BOX(questions), line);
}

static void cel_laser_questions_class_init(CelLaserQuestionsClass *klass)
{
    (void)klass;
    signals[CHANGED] = g_signal_new("changed", CEL_TYPE_LASER_QUESTIONS, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static void cel_laser_questions_init(CelLaserQuestions *questions)
{
    gtk_orientable_set_orientation(GTK_ORIENTABLE(questions), GTK_ORIENTATION_VERTICAL);
    gtk_box_set_spacing(GTK_BOX(questions), 6);
    gtk_widget_add_css_class(GTK_WIDGET(questions), "card");
    gtk_widget_add_css_class(GTK_WIDGET(questions), "laser-questions");
    questions->label = wrapped("");
    gtk_widget_add_css_class(questions->label, "heading");
    gtk_box_append(GTK_BOX(questions), questions->label);
    add_check(questions, EYEWEAR, _("Everybody in the room wears the eyewear"));
    add_check(questions, BEAM, _("The sample or the cap blocks the beam"));
    add_check(questions, NOBODY, _("Nobody is in line with the beam"));
    add_hazard(questions);
}

GtkWidget *cel_laser_questions_new(void)
{
    return g_object_new(CEL_TYPE_LASER_QUESTIONS, NULL);
}

GtkWidget *cel_laser_questions_new_standard(void)
{
    CelLaserQuestions *questions = g_object_new(CEL_TYPE_LASER_QUESTIONS, NULL);
    const char *beam = _("The standard or the cap blocks the beam");
    questions->of_standard = TRUE;
    gtk_label_set_text(GTK_LABEL(questions->words[BEAM]), beam);
    gtk_accessible_update_property(GTK_ACCESSIBLE(questions->checks[BEAM]),
                                   GTK_ACCESSIBLE_PROPERTY_LABEL, beam, -1);
    gtk_widget_set_visible(questions->label, FALSE);
    gtk_widget_set_visible(questions->hazard_question, FALSE);
    gtk_widget_set_visible(questions->hazard_line, FALSE);
    return GTK_WIDGET(questions);
}
