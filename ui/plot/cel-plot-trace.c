/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/cel-plot-trace.h"

#include "process/cel-peaks.h"

#include <math.h>

static const double LEAST_PROMINENCE = 0.03, NOISE_FACTOR = 5.0;
enum { N_OVERLAYS = CEL_TRACE_OVERLAY_10 - CEL_TRACE_OVERLAY_1 + 1, MOST_SEARCHED = 65536 };

struct CelPlotTrace {
    CelPlotCurve curve; /* its pointers are owned */
    GArray *peaks;      /* (nullable): not looked for yet */
};

G_DEFINE_BOXED_TYPE(CelPlotTrace, cel_plot_trace, cel_plot_trace_ref, cel_plot_trace_unref)

CelPlotTrace *cel_plot_trace_new(const CelPlotCurve *curve)
{
    CelPlotTrace *trace = g_atomic_rc_box_new0(CelPlotTrace);
    trace->curve = *curve;
    trace->curve.x = g_memdup2(curve->x, curve->n * sizeof *curve->x);
    trace->curve.y = g_memdup2(curve->y, curve->n * sizeof *curve->y);
    trace->curve.mask = curve->mask != NULL ? g_memdup2(curve->mask, curve->n) : NULL;
    trace->curve.label = g_strdup(curve->label);
    return trace;
}

CelPlotTrace *cel_plot_trace_new_spectrum(const CelSpectrum *spectrum, const char *label,
                                          CelTraceRole role)
{
    return cel_plot_trace_new(&(CelPlotCurve){.x = cel_spectrum_x(spectrum),
                                              .y = cel_spectrum_y(spectrum),
                                              .mask = cel_spectrum_mask(spectrum),
                                              .n = cel_spectrum_length(spectrum),
                                              .unit = cel_axis_unit(cel_spectrum_axis(spectrum)),
                                              .role = role,
                                              .label = label});
}

CelPlotTrace *cel_plot_trace_ref(CelPlotTrace *trace)
{
    return g_atomic_rc_box_acquire(trace);
}

static void trace_clear(gpointer data)
{
    CelPlotTrace *trace = data;
    g_free((gpointer)trace->curve.x);
    g_free((gpointer)trace->curve.y);
    g_free((gpointer)trace->curve.mask);
    g_free((gpointer)trace->curve.label);
    if (trace->peaks != NULL)
        g_array_unref(trace->peaks);
}

void cel_plot_trace_unref(CelPlotTrace *trace)
{
    if (trace != NULL)
        g_atomic_rc_box_release_full(trace, trace_clear);
}

const CelPlotCurve *cel_plot_trace_curve(const CelPlotTrace *trace)
{
    return &trace->curve;
}

gsize cel_plot_trace_nearest(const CelPlotTrace *trace, double x)
{
    gsize low = 0, high = trace->curve.n;
    while (low < high) {
        const gsize middle = low + (high - low) / 2;
        if (trace->curve.x[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == trace->curve.n)
        return trace->curve.n > 0 ? trace->curve.n - 1 : 0;
    return low > 0 && x - trace->curve.x[low - 1] <= trace->curve.x[low] - x ? low - 1 : low;
}

/* Looking for bands takes too long in a window where a series has millions of samples: the highest
 * one stands for all. */
static GArray *highest_sample(const CelPlotCurve *curve)
{
    GArray *peaks = g_array_new(FALSE, FALSE, sizeof(CelPeak));
    CelPeak best = {.height = -INFINITY};
    for (gsize i = 0; i < curve->n; i++)
        if (isfinite(curve->y[i]) && curve->y[i] > best.height)
            best = (CelPeak){
                .index = i, .position = curve->x[i], .height = curve->y[i], .prominence = 1.0};
    if (isfinite(best.height))
        g_array_append_val(peaks, best);
    return peaks;
}

static GArray *find_peaks(const CelPlotCurve *curve)
{
    if (curve->n > MOST_SEARCHED)
        return highest_sample(curve);
    g_autoptr(CelAxis) axis =
        curve->n >= 2 ? cel_axis_new(curve->unit, curve->x, curve->n, NULL) : NULL;
    g_autoptr(CelSpectrum) spectrum = axis != NULL ? cel_spectrum_new(axis, curve->y, NULL) : NULL;
    if (spectrum == NULL)
        return g_array_new(FALSE, FALSE, sizeof(CelPeak));
    double low = INFINITY, high = -INFINITY;
    for (gsize i = 0; i < curve->n; i++) {
        low = fmin(low, curve->y[i]);
        high = fmax(high, curve->y[i]);
    }
    return cel_peaks_find(spectrum,
                          &(CelPeakOptions){.min_prominence = LEAST_PROMINENCE * (high - low),
                                            .noise_factor = NOISE_FACTOR});
}

const GArray *cel_plot_trace_peaks(CelPlotTrace *trace)
{
    if (trace->peaks == NULL)
        trace->peaks = find_peaks(&trace->curve);
    return trace->peaks;
}

CelTraceRole cel_plot_overlay_role(guint i)
{
    return (CelTraceRole)(CEL_TRACE_OVERLAY_1 + i % N_OVERLAYS);
}
