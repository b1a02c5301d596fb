/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-answer.h"
#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_STABILITY_BOX (cel_stability_box_get_type())
/** CelStabilityBox: "try to break it": recalculates the measurement, slightly disturbed, when asked
 * to; says how often the answer stayed, in the one sentence that the rules allow. Never beside a
 * result, only among its reasons. */
G_DECLARE_FINAL_TYPE(CelStabilityBox, cel_stability_box, CEL, STABILITY_BOX, AdwBin)

/** cel_stability_box_new: Returns: (transfer floating) */
GtkWidget *cel_stability_box_new(void);

/** cel_stability_box_show: @page: whose lanes compute; @answer: (nullable): NULL: a sealed file,
 * there is nothing to start; @known: the sentence that is known already, "" for none. */
void cel_stability_box_show(CelStabilityBox *box, CelPage *page, CelAnswer *answer,
                            const char *known);

G_END_DECLS
