/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-expected.h"

#include <glib/gi18n-lib.h>

enum { N_SAMPLES = 2000 };

static const double MARGIN_CM1 = 120.0, NOT_STATED = 0.3; /* height of a line without a weight */

static double height_at(const CelExpectedBand *bands, gsize n, double x)
{
    double y = 0.0;
    for (gsize i = 0; i < n; i++) {
        const double u = 2.0 * (x - bands[i].shift_cm1) / CEL_EXPECTED_FWHM_CM1;
        y += bands[i].height / (1.0 + u * u);
    }
    return y;
}

CelPlotTrace *cel_expected_curve(const CelExpectedBand *bands, gsize n, const char *label)
{
    g_autofree double *x = g_new(double, N_SAMPLES);
    g_autofree double *y = g_new(double, N_SAMPLES);
    const double from = MAX(0.0, bands[0].shift_cm1 - MARGIN_CM1);
    const double to = bands[n - 1].shift_cm1 + MARGIN_CM1;
    for (int i = 0; i < N_SAMPLES; i++) {
        x[i] = from + (to - from) * i / (N_SAMPLES - 1);
        y[i] = height_at(bands, n, x[i]);
    }
    return cel_plot_trace_new(&(CelPlotCurve){.x = x,
                                              .y = y,
                                              .n = N_SAMPLES,
                                              .unit = CEL_UNIT_SHIFT_CM1,
                                              .role = CEL_TRACE_REFERENCE,
                                              .label = label});
}

CelPlotTrace *cel_expected_trace(const CelStandard *standard)
{
    g_autofree CelExpectedBand *bands = g_new0(CelExpectedBand, standard->n_lines);
    for (gsize i = 0; i < standard->n_lines; i++) {
        const CelStandardLine *line = &standard->lines[i];
        bands[i] = (CelExpectedBand){.shift_cm1 = line->value,
                                     .height = line->weight > 0.0 ? line->weight : NOT_STATED};
    }
    return cel_expected_curve(bands, standard->n_lines, _("a good scan"));
}

void cel_expected_show(CelPlotView *view, const CelStandard *standard, CelPlotTrace *scan)
{
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    g_autoptr(GArray) marks = g_array_new(FALSE, TRUE, sizeof(CelPlotMark));
    if (scan != NULL)
        g_ptr_array_add(traces, cel_plot_trace_ref(scan));
    g_ptr_array_add(traces, cel_expected_trace(standard));
    for (gsize i = 0; i < standard->n_lines; i++) {
        const CelPlotMark mark = {.x = standard->lines[i].value, .kind = CEL_MARK_LINE};
        if (standard->lines[i].for_check)
            g_array_append_val(marks, mark);
    }
    cel_plot_view_set_mark_label(view, CEL_MARK_LINE, _("accepted value"));
    cel_plot_view_set_spread(view, 0.0, TRUE);
    cel_plot_view_set_traces(view, traces);
    cel_plot_view_set_marks(view, (const CelPlotMark *)(gpointer)marks->data, marks->len);
}
