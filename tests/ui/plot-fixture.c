/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-fixture.h"

#include "cel-words.h"

#include <math.h>
#include <string.h>

static const double FIRST = 200.0, LAST = 2000.0, HEIGHT = 20000.0, HALF_WIDTH = 5.0;
static const double bands[][2] = {{620.9, 0.16}, {795.8, 0.10},  {1001.4, 1.0},  {1031.8, 0.27},
                                  {1155.3, 0.1}, {1450.5, 0.13}, {1583.1, 0.14}, {1602.3, 0.28}};

void plot_fixture_styles(void)
{
    static const char *const sheets[] = {"base", "plot"};
    for (gsize i = 0; i < G_N_ELEMENTS(sheets); i++) {
        g_autofree char *path = g_strdup_printf("/org/celadon/Celadon/style/%s.css", sheets[i]);
        g_autoptr(GtkCssProvider) provider = gtk_css_provider_new();
        gtk_css_provider_load_from_resource(provider, path);
        gtk_style_context_add_provider_for_display(gdk_display_get_default(),
                                                   GTK_STYLE_PROVIDER(provider),
                                                   GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    }
}

/* Shifts, or their wavelengths under 785 nm, or the pixels they fall on. */
static double axis_value(CelUnit unit, gsize i)
{
    const double shift = FIRST + (LAST - FIRST) * (double)i / (PLOT_FIXTURE_N - 1);
    if (unit == CEL_UNIT_SHIFT_CM1)
        return shift;
    return unit == CEL_UNIT_PIXEL ? (double)i : 1.0 / (1.0 / 785.0 - shift * 1e-7);
}

static double height_at(gsize i, guint variant)
{
    const double shift = FIRST + (LAST - FIRST) * (double)i / (PLOT_FIXTURE_N - 1);
    double y = 0.06 + 0.02 * sin(shift / 300.0 + variant);
    for (gsize b = 0; b < G_N_ELEMENTS(bands); b++) {
        const double weight = 1.0 - 0.08 * ((variant * ((guint)b + 3)) % 5);
        const double u = (shift - bands[b][0] - 8.0 * variant) / HALF_WIDTH;
        y += weight * bands[b][1] / (1.0 + u * u);
    }
    return HEIGHT * y;
}

static double noise_of(GRand *rand)
{
    return g_rand_double(rand) + g_rand_double(rand) + g_rand_double(rand) + g_rand_double(rand) -
           2.0;
}

/** Made: numbers of one curve. */
typedef struct {
    double x[PLOT_FIXTURE_N], y[PLOT_FIXTURE_N];
    guint8 mask[PLOT_FIXTURE_N];
} Made;

static Made *make(guint variant, double noise, guint32 seed, CelUnit unit)
{
    Made *made = g_new0(Made, 1);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (gsize i = 0; i < PLOT_FIXTURE_N; i++) {
        made->x[i] = axis_value(unit, i);
        made->y[i] = height_at(i, variant) + 1.7 * noise * noise_of(rand);
    }
    return made;
}

static CelPlotTrace *take(Made *made, CelUnit unit, CelTraceRole role, const char *label)
{
    CelPlotTrace *trace = cel_plot_trace_new(&(CelPlotCurve){.x = made->x,
                                                             .y = made->y,
                                                             .mask = made->mask,
                                                             .n = PLOT_FIXTURE_N,
                                                             .unit = unit,
                                                             .role = role,
                                                             .label = label});
    g_free(made);
    return trace;
}

CelPlotTrace *plot_fixture_trace(CelTraceRole role, guint variant, double noise, CelUnit unit)
{
    g_autofree char *label =
        g_strdup_printf(cel_ui_is_chinese() ? "检材 %u" : "exhibit %u", variant + 1);
    return take(make(variant, noise, variant + 1, unit), unit, role, label);
}

CelPlotTrace *plot_fixture_live(guint frame, double noise)
{
    return take(make(0, noise, frame + 100, CEL_UNIT_SHIFT_CM1), CEL_UNIT_SHIFT_CM1, CEL_TRACE_LIVE,
                cel_ui_is_chinese() ? "实时" : "live");
}

void plot_fixture_many(CelPlotView *view)
{
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    for (guint i = 0; i < 10; i++)
        g_ptr_array_add(traces,
                        plot_fixture_trace(cel_plot_overlay_role(i), i, 20.0, CEL_UNIT_SHIFT_CM1));
    cel_plot_view_set_traces(view, traces);
    cel_plot_view_set_axis_titles(view, NULL, cel_ui_is_chinese() ? "强度" : "Intensity");
}

static void set_marks(CelPlotView *view)
{
    const gboolean zh = cel_ui_is_chinese();
    const CelPlotMark marks[] = {
        {.x = 620.9, .kind = CEL_MARK_MATCHED},  {.x = 1001.4, .kind = CEL_MARK_MATCHED},
        {.x = 1031.8, .kind = CEL_MARK_MATCHED}, {.x = 1310.0, .kind = CEL_MARK_MISSING},
        {.x = 1602.3, .kind = CEL_MARK_MATCHED}, {.x = 1155.3, .kind = CEL_MARK_EXTRA},
    };
    cel_plot_view_set_marks(view, marks, G_N_ELEMENTS(marks));
    cel_plot_view_set_mark_label(view, CEL_MARK_MATCHED, zh ? "已对应" : "matched");
    cel_plot_view_set_mark_label(view, CEL_MARK_MISSING, zh ? "未见" : "missing");
    cel_plot_view_set_mark_label(view, CEL_MARK_EXTRA, zh ? "多出" : "further");
}

void plot_fixture_sample(CelPlotView *view)
{
    const gboolean zh = cel_ui_is_chinese();
    Made *sample = make(0, 60.0, 7, CEL_UNIT_SHIFT_CM1);
    for (gsize i = 0; i < PLOT_FIXTURE_N; i++)
        if (fabs(sample->x[i] - 1001.4) < 4.0)
            sample->mask[i] = CEL_MASK_SATURATED;
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    g_ptr_array_add(traces,
                    take(make(0, 0.0, 1, CEL_UNIT_SHIFT_CM1), CEL_UNIT_SHIFT_CM1,
                         CEL_TRACE_REFERENCE, zh ? "参考:聚苯乙烯" : "reference: polystyrene"));
    g_ptr_array_add(traces,
                    take(sample, CEL_UNIT_SHIFT_CM1, CEL_TRACE_SAMPLE, zh ? "检材" : "exhibit"));
    const CelPlotBand masked[] = {{.from = 1700.0, .to = 1790.0, .kind = CEL_BAND_MASKED}};
    cel_plot_view_set_traces(view, traces);
    cel_plot_view_set_bands(view, masked, G_N_ELEMENTS(masked));
    set_marks(view);
    cel_plot_view_highlight_mark(view, 4);
    cel_plot_view_set_title(view, zh ? "检材 7 的谱图" : "Spectrum of exhibit 7");
    cel_plot_view_set_axis_titles(view, NULL, zh ? "强度(计数)" : "Intensity (counts)");
}

GtkWidget *plot_fixture_pair(void)
{
    const gboolean zh = cel_ui_is_chinese();
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *upper = cel_plot_view_new(), *lower = cel_plot_view_new();
    Made *residual = make(0, 60.0, 7, CEL_UNIT_SHIFT_CM1);
    for (gsize i = 0; i < PLOT_FIXTURE_N; i++)
        residual->y[i] -= height_at(i, 0);
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    g_ptr_array_add(
        traces, take(residual, CEL_UNIT_SHIFT_CM1, CEL_TRACE_RESIDUAL, zh ? "残差" : "residual"));
    plot_fixture_sample(CEL_PLOT_VIEW(upper));
    cel_plot_view_set_traces(CEL_PLOT_VIEW(lower), traces);
    cel_plot_view_set_controls(CEL_PLOT_VIEW(lower), FALSE);
    gtk_widget_set_vexpand(lower, FALSE);
    gtk_widget_set_size_request(lower, -1, 150);
    cel_plot_view_link(CEL_PLOT_VIEW(upper), CEL_PLOT_VIEW(lower));
    gtk_box_append(GTK_BOX(box), upper);
    gtk_box_append(GTK_BOX(box), lower);
    return box;
}

GtkWidget *plot_fixture_view(GtkWidget *content)
{
    return CEL_IS_PLOT_VIEW(content) ? content : gtk_widget_get_first_child(content);
}
