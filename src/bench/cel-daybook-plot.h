/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-daybook.h"

G_BEGIN_DECLS

/**
 * cel_daybook_plot:
 * @path: ends in .pdf or .png; replaced when it is there
 * Draws @chart: the checks in their order; open circles made the base, triangles fit it, crosses
 * break a rule; lines at the centre and at one, two and three standard deviations.
 * Returns: FALSE with CEL_ERROR_INPUT (no check to show) or the errors of cel_draw_save().
 */
gboolean cel_daybook_plot(const CelChart *chart, const CelChartQuestion *question, const char *path,
                          GError **error);

G_END_DECLS
