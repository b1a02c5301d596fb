/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/cel-draw-palette.h"
#include "spectrum/cel-spectrum.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define CEL_TYPE_PLOT_TRACE (cel_plot_trace_get_type())
/** CelPlotTrace: one curve of a plot: a copy of its numbers that never changes and is counted, so
 * that a worker may make it and the window keep it. */
typedef struct CelPlotTrace CelPlotTrace;

/** CelPlotCurve: what a curve is made from; borrowed. */
typedef struct {
    const double *x, *y; /* @n values, x increasing; NaN in y breaks the line */
    const guint8 *mask;  /* (nullable): bits of CelMask */
    gsize n;
    CelUnit unit; /* of x */
    CelTraceRole role;
    const char *label; /* (nullable): translated */
} CelPlotCurve;

/** cel_plot_trace_get_type: Returns: the boxed type. Thread-safe: yes. */
GType cel_plot_trace_get_type(void);

/** cel_plot_trace_new: Returns: (transfer full): a copy of @curve. Thread-safe: yes. */
CelPlotTrace *cel_plot_trace_new(const CelPlotCurve *curve);

/** cel_plot_trace_new_spectrum: @label: (nullable). Returns: (transfer full): a copy of the
 * spectrum's samples and mask, on its own axis. Thread-safe: yes. */
CelPlotTrace *cel_plot_trace_new_spectrum(const CelSpectrum *spectrum, const char *label,
                                          CelTraceRole role);

/** cel_plot_trace_ref, cel_plot_trace_unref: @trace: (nullable) for unref. Thread-safe: yes. */
CelPlotTrace *cel_plot_trace_ref(CelPlotTrace *trace);
void cel_plot_trace_unref(CelPlotTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPlotTrace, cel_plot_trace_unref)

/** cel_plot_trace_curve: Returns: (transfer none): what it holds. Thread-safe: yes. */
const CelPlotCurve *cel_plot_trace_curve(const CelPlotTrace *trace);

/** cel_plot_trace_nearest: Returns: the index of the sample nearest to @x; 0 when it has none. */
gsize cel_plot_trace_nearest(const CelPlotTrace *trace, double x);

/** cel_plot_trace_peaks: (element-type CelPeak): Returns: (transfer none): bands that rise above
 * noise and 3 % of the height, by position; found once, when first asked for. Of more than 65,536
 * samples only the highest one. Thread-safe: no. */
const GArray *cel_plot_trace_peaks(CelPlotTrace *trace);

/** cel_plot_overlay_role: Returns: the role of the @i-th of many curves; from the eleventh on they
 * repeat. Thread-safe: yes. */
CelTraceRole cel_plot_overlay_role(guint i);

G_END_DECLS
