/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/cel-draw-spectrum.h"

G_BEGIN_DECLS

/**
 * cel_draw_save:
 * @title: (nullable): a line above the plot
 * @path: ends in .pdf or .png (150 dots an inch); replaced when it is there
 * Writes @plot as one landscape page, 240 x 150 mm; a PDF carries no date, so that the same plot
 * gives the same bytes.
 * Returns: FALSE with CEL_ERROR_USAGE (another ending), CEL_ERROR_SYSTEM or CEL_ERROR_POLICY.
 *   Thread-safe: yes.
 */
gboolean cel_draw_save(const CelPlot *plot, const char *title, const char *path, GError **error);

G_END_DECLS
