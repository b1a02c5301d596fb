/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "instruments/cel-check-shot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_SHOT_BOX (cel_shot_box_get_type())
/** CelShotBox: measuring a standard: the questions before laser light, the button, progress, laser
 * off, and why nothing was measured. Signals: "asked": the button was pressed with every question
 * answered: cel_shot_box_measure() is to follow; "measured"(CelCheckShot): it was. */
G_DECLARE_FINAL_TYPE(CelShotBox, cel_shot_box, CEL, SHOT_BOX, GtkBox)

/** cel_shot_box_measure: @shot: (transfer full): measured on the instrument's lane with what was
 * answered. */
void cel_shot_box_measure(CelShotBox *box, CelCheckShot *shot);

/** cel_shot_box_follow: shows @task (nullable) as what runs now, and lets it be stopped. */
void cel_shot_box_follow(CelShotBox *box, CelTask *task);

/** cel_shot_box_stop: laser off; what runs ends. */
void cel_shot_box_stop(CelShotBox *box);

/** cel_shot_box_fail: @error: (nullable): shows why it did not go well; NULL: it did. */
void cel_shot_box_fail(CelShotBox *box, const GError *error);

/** cel_shot_box_clear: for the next light: unanswered, no complaint. */
void cel_shot_box_clear(CelShotBox *box);

G_END_DECLS
