/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-daybook.h"
#include "draw/cel-draw-spectrum.h"

G_BEGIN_DECLS

/** CelChartPicture: a chart as something to paint, with what it borrows. */
typedef struct CelChartPicture CelChartPicture;

/**
 * cel_chart_picture_new:
 * Draws @chart: the checks in their order; open circles made the base, triangles fit it, crosses
 * break a rule; lines at the centre and at one, two and three standard deviations.
 * Returns: (transfer full), or NULL with CEL_ERROR_INPUT (no check to show).
 */
CelChartPicture *cel_chart_picture_new(const CelChart *chart, const CelChartQuestion *question,
                                       GError **error);
/** cel_chart_picture_free: @picture: (nullable) */
void cel_chart_picture_free(CelChartPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelChartPicture, cel_chart_picture_free)

/** cel_chart_picture_plot: Returns: (transfer none): for the painter; the caller may set colours
 * and font of a copy. */
const CelPlot *cel_chart_picture_plot(const CelChartPicture *picture);

/**
 * cel_daybook_plot:
 * @chinese: the standard is called by its Chinese name
 * @path: ends in .pdf, .png or .svg; replaced when it is there
 * Writes the picture of @chart; its title names instrument, standard and operator.
 * Returns: FALSE with CEL_ERROR_INPUT (no check to show) or the errors of cel_draw_save().
 */
gboolean cel_daybook_plot(const CelChart *chart, const CelChartQuestion *question, gboolean chinese,
                          const char *path, GError **error);

G_END_DECLS
