/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** cel_path_hints_new: how to hold the probe, and what the beam must never meet: skin, eyes,
 * solvent bottles: own pictograms, each with its words. Returns: (transfer floating). */
GtkWidget *cel_path_hints_new(void);

G_END_DECLS
