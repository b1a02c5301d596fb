/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "citizen/cel-card.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_CARD_DIALOG (cel_card_dialog_get_type())
/** CelCardDialog: a card is held to the screen and its edge drawn to the card's; what was measured
 * goes into the settings. */
G_DECLARE_FINAL_TYPE(CelCardDialog, cel_card_dialog, CEL, CARD_DIALOG, AdwWindow)

/** cel_card_dialog_new: @parent: the window on the screen to be measured; @settings: (transfer
 * none). Returns: (transfer floating). Main loop only. */
CelCardDialog *cel_card_dialog_new(GtkWindow *parent, GSettings *settings);

/** cel_card_dialog_set_width: moves the edge, as a drag does. */
void cel_card_dialog_set_width(CelCardDialog *dialog, double width_px);

/** cel_card_dialog_width: Returns: of the drawn card, logical pixels. */
double cel_card_dialog_width(CelCardDialog *dialog);

/** cel_card_ask_once: opens the dialog when the size of the screen is needed, not known, and was
 * not asked for before. Returns: whether it opened. */
gboolean cel_card_ask_once(GtkWindow *parent, GSettings *settings, gboolean is_field);

G_END_DECLS
