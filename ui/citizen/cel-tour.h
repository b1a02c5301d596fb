/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-window.h"

G_BEGIN_DECLS

#define CEL_TYPE_TOUR (cel_tour_get_type())
/** CelTour: a few cards that point at parts of the real window, one after the other. */
G_DECLARE_FINAL_TYPE(CelTour, cel_tour, CEL, TOUR, GtkPopover)

/** cel_tour_start: shows the first card over @window; one that runs begins again. Returns:
 * (transfer none): gone when the last card was seen or the tour was skipped. Main loop only. */
CelTour *cel_tour_start(CelWindow *window, GSettings *settings);

/** cel_tour_of: Returns: (transfer none) (nullable): the tour that runs over @window. */
CelTour *cel_tour_of(CelWindow *window);

/** cel_tour_step: Returns: the card in view, from 0; @out_n: (optional): how many there are. */
guint cel_tour_step(CelTour *tour, guint *out_n);

G_END_DECLS
