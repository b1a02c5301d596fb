/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "result/cel-why-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The parts of the page of reasons that only show; each (transfer floating), invisible when the
 * model has nothing for it. */

/** cel_why_lines_group: why the first hit stands first. */
GtkWidget *cel_why_lines_group(const CelWhyModel *model);
/** cel_why_quality_group: a row a flag: value, what it means, its limit, whether it holds. */
GtkWidget *cel_why_quality_group(const CelWhyModel *model);
/** cel_why_rates_group: what the laboratory's own records say. */
GtkWidget *cel_why_rates_group(const CelWhyModel *model);
/** cel_why_parts_group: components of the fit of several; weights only behind "for experts". */
GtkWidget *cel_why_parts_group(const CelWhyModel *model);
/** cel_why_background_group: what was taken off, over what was measured. */
GtkWidget *cel_why_background_group(const CelWhyModel *model);
/** cel_why_band_box: the numbers of one band. */
GtkWidget *cel_why_band_box(const CelWhyBand *band);

G_END_DECLS
