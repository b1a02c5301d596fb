/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-daybook-plot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CEL_TYPE_CHART_VIEW (cel_chart_view_get_type())
/** CelChartView: a control chart of the day-book, painted by the painter of all plots. */
G_DECLARE_FINAL_TYPE(CelChartView, cel_chart_view, CEL, CHART_VIEW, GtkWidget)

/** cel_chart_view_new: Returns: (transfer floating): without a chart. */
GtkWidget *cel_chart_view_new(void);

/** cel_chart_view_show: @picture: (transfer full) (nullable); @spoken: (nullable): what it shows in
 * words. */
void cel_chart_view_show(CelChartView *view, CelChartPicture *picture, const char *spoken);

G_END_DECLS
