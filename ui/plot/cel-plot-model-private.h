/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the two files of the model; nobody else includes it. */
#pragma once

#include "plot/cel-plot-model.h"

struct CelPlotModel {
    GPtrArray *traces;  /* of CelPlotTrace, all in the same unit */
    CelPlotTrace *live; /* (nullable) */
    GArray *marks;      /* of CelPlotMark, owning its texts */
    GArray *bands;      /* of CelPlotBand, owning its texts */
    char *title, *x_title, *y_title;
    char *mark_labels[CEL_N_MARKS];
    guint n_left_out;
    double spread;
    gboolean normalised, y_ticks;
    int highlighted;
    CelPlotRange whole, shown;
    gboolean zoomed;
    GArray *history; /* of CelPlotRange */
    double cursor_x; /* NaN: none */
};

/** cel_plot_model_look_again: the data changed: finds the whole range anew. */
void cel_plot_model_look_again(CelPlotModel *model);
/** cel_plot_model_scale: Returns: how curve @i is scaled and, at @out_offset, how far it is raised.
 */
double cel_plot_model_scale(const CelPlotModel *model, guint i, double *out_offset);
