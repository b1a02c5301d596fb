/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-laser-plan.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_LASER_QUESTIONS (cel_laser_questions_get_type())
/** CelLaserQuestions: what must be answered before laser light, as a strip. The answers hold for
 * one light: whoever uses them takes them away. Signal "changed". */
G_DECLARE_FINAL_TYPE(CelLaserQuestions, cel_laser_questions, CEL, LASER_QUESTIONS, GtkBox)

/** cel_laser_questions_new: Returns: (transfer floating): unanswered. */
GtkWidget *cel_laser_questions_new(void);

/** cel_laser_questions_set_label: what stands on the unit: @laser_class, @eyewear: "" when not
 * known. */
void cel_laser_questions_set_label(CelLaserQuestions *questions, const char *laser_class,
                                   const char *eyewear);

/** cel_laser_questions_answers: Returns: what was answered so far; cel_laser_plan() judges it. */
CelLaserConfirmation cel_laser_questions_answers(CelLaserQuestions *questions);

/** cel_laser_questions_clear: unanswered again. */
void cel_laser_questions_clear(CelLaserQuestions *questions);

G_END_DECLS
