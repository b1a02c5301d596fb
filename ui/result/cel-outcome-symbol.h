/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-identify.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The sign of an outcome: an outline and a colour of its own, so that it is told by shape alone. No
 * colour speaks of guilt or innocence: none is red or green (style/result.css). */

/** CelOutcomeLook: how an outcome is shown. */
typedef struct {
    const char *style;         /* class of style/result.css: its colour */
    void (*draw)(cairo_t *cr); /* strokes and fills of a square of 100 x 100 units */
} CelOutcomeLook;

/** cel_outcome_look: @is_lead: a substance is only pointed to: a sign of its own. Returns:
 * (transfer none). Thread-safe: yes. */
const CelOutcomeLook *cel_outcome_look(CelOutcome outcome, gboolean is_lead);

/** cel_outcome_symbol_new: @px: its size. Returns: (transfer floating): in the colour of its class;
 * decoration only, the outcome is said in words beside it. */
GtkWidget *cel_outcome_symbol_new(const CelOutcomeLook *look, int px);

G_END_DECLS
