/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/cel-plot-model.h"

G_BEGIN_DECLS

/** CelPlotExport: what is written; both owned. */
typedef struct {
    CelPlotModel *model;
    CelPlotModel *below; /* (nullable): the panel under it */
} CelPlotExport;

/** cel_plot_export_table: the numbers of the curves as shown, in full: a line of names, then a line
 * a sample. Curves on one axis share its column; a curve with saturated samples has a column that
 * tells them. @separator: ',' or '\t'. Returns: (transfer full). Thread-safe: yes. */
char *cel_plot_export_table(const CelPlotModel *model, char separator);

/** cel_plot_export_png: Returns: (transfer full): the picture on white, or NULL with
 * CEL_ERROR_SYSTEM. Thread-safe: yes. */
GBytes *cel_plot_export_png(const CelPlotExport *what, GError **error);

/** cel_plot_export_save: @path: its ending says what is written: .png, .svg, .pdf, or .csv for the
 * numbers. Replaced when it is there. Returns: FALSE with CEL_ERROR_USAGE (another ending),
 * CEL_ERROR_SYSTEM or CEL_ERROR_POLICY. Thread-safe: yes. */
gboolean cel_plot_export_save(const CelPlotExport *what, const char *path, GError **error);

/** cel_plot_export_free: @what: (nullable) */
void cel_plot_export_free(CelPlotExport *what);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPlotExport, cel_plot_export_free)

G_END_DECLS
