/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-peaks-panel.h"

#include "work/cel-peaks-run.h"
#include "work/cel-work-parts.h"

#include "base/cel-number.h"
#include "plot/cel-plot-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _CelPeaksPanel {
    CelWorkTool parent;
    GtkWidget *fit, *copy, *range_title, *from, *to, *everywhere, *problem, *note;
    GtkListBox *list;
    CelTask *task;        /* (nullable) */
    CelPeaksRun *running; /* (nullable): its */
    CelPeaksRun *result;  /* (nullable): what is shown */
    double range[2];      /* equal: everywhere */
    gboolean showing;
};

G_DEFINE_FINAL_TYPE(CelPeaksPanel, cel_peaks_panel, CEL_TYPE_WORK_TOOL)

const GArray *cel_peaks_panel_peaks(CelPeaksPanel *panel)
{
    return panel->result != NULL ? panel->result->peaks : NULL;
}

/* ---- numbers ---- */

/* As many decimals as the uncertainty bears, two digits of it. */
static char *value_text(double value, double u)
{
    if (!(u > 0.0))
        return g_strdup_printf("%.5g", value);
    const int decimals = CLAMP(1 - (int)floor(log10(u)), 0, 6);
    return g_strdup_printf("%.*f ± %.*f", decimals, value, decimals, u);
}

static GtkWidget *peak_row(const CelPeak *peak, CelUnit unit)
{
    g_autofree char *position = value_text(peak->position, peak->u_position);
    g_autofree char *height = value_text(peak->height, peak->u_height);
    g_autofree char *width = value_text(peak->fwhm, peak->u_fwhm);
    g_autofree char *fwhm = g_strdup_printf("%s %s", width, cel_plot_unit_short(unit));
    g_autofree char *area = value_text(peak->area, peak->u_area);
    g_autofree char *title = g_strdup_printf("%s %s", position, cel_plot_unit_short(unit));
    g_autofree char *detail =
        peak->u_position > 0.0
            ? g_strdup_printf(_("Height %s\nFWHM %s\nArea %s"), height, fwhm, area)
            : g_strdup_printf(_("Height %s\nFWHM %s\nno fit describes it: as detected"), height,
                              fwhm);
    GtkWidget *row = cel_work_row(title, detail);
    gtk_widget_add_css_class(row, "peak-row");
    adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 3);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
    return row;
}

static void append_number(GString *out, double value, gboolean known)
{
    g_string_append_c(out, '\t');
    if (known)
        cel_number_append(out, value);
}

char *cel_peaks_panel_table(CelPeaksPanel *panel)
{
    GString *out = g_string_new("position\tu\theight\tu\tFWHM\tu\tarea\tu\n");
    const GArray *peaks = cel_peaks_panel_peaks(panel);
    for (guint i = 0; peaks != NULL && i < peaks->len; i++) {
        const CelPeak *peak = &g_array_index(peaks, CelPeak, i);
        const gboolean fitted = peak->u_position > 0.0;
        cel_number_append(out, peak->position);
        append_number(out, peak->u_position, fitted);
        append_number(out, peak->height, TRUE);
        append_number(out, peak->u_height, fitted);
        append_number(out, peak->fwhm, TRUE);
        append_number(out, peak->u_fwhm, fitted);
        append_number(out, peak->area, fitted);
        append_number(out, peak->u_area, fitted);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void copy_table(CelPeaksPanel *panel)
{
    g_autofree char *table = cel_peaks_panel_table(panel);
    gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(panel)), table);
    cel_page_say(cel_work_tool_place(CEL_WORK_TOOL(panel))->page, _("The table was copied."));
}

/* ---- showing ---- */

static void show_range(CelPeaksPanel *panel)
{
    const gboolean whole = !(panel->range[1] > panel->range[0]);
    GtkWidget *const entries[] = {panel->from, panel->to};
    panel->showing = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
        g_autofree char *text = whole ? g_strdup("") : g_strdup_printf("%.1f", panel->range[i]);
        gtk_editable_set_text(GTK_EDITABLE(entries[i]), text);
    }
    gtk_widget_set_sensitive(panel->everywhere, !whole);
    panel->showing = FALSE;
}

static void show_result(CelPeaksPanel *panel)
{
    const GArray *peaks = cel_peaks_panel_peaks(panel);
    const guint n = peaks != NULL ? peaks->len : 0;
    cel_work_list_clear(panel->list);
    for (guint i = 0; i < n; i++)
        gtk_list_box_append(panel->list,
                            peak_row(&g_array_index(peaks, CelPeak, i),
                                     cel_axis_unit(cel_spectrum_axis(panel->result->corrected))));
    gtk_widget_set_visible(GTK_WIDGET(panel->list), n > 0);
    gtk_widget_set_sensitive(panel->copy, n > 0);
    g_autofree char *note =
        peaks == NULL ? g_strdup("") : g_strdup_printf(ngettext("%u band", "%u bands", n), n);
    gtk_label_set_text(GTK_LABEL(panel->note), note);
    cel_work_tool_repaint(CEL_WORK_TOOL(panel));
}

static void show_problem(CelPeaksPanel *panel, const char *text)
{
    gtk_label_set_text(GTK_LABEL(panel->problem), text != NULL ? text : "");
    gtk_widget_set_visible(panel->problem, text != NULL);
}

/* ---- fitting ---- */

static void fitted(gpointer owner, gpointer data, const GError *error)
{
    CelPeaksPanel *panel = owner;
    CelPeaksRun *run = data;
    if (panel->running != run)
        return;
    panel->running = NULL;
    g_clear_pointer(&panel->result, cel_peaks_run_free);
    if (error == NULL) {
        panel->result =
            cel_peaks_run_new(run->item, g_steal_pointer(&run->recipe), run->from, run->to);
        panel->result->corrected = g_steal_pointer(&run->corrected);
        panel->result->peaks = g_steal_pointer(&run->peaks);
        panel->result->model = g_steal_pointer(&run->model);
        panel->result->unfitted = run->unfitted;
    }
    g_clear_object(&panel->task);
    show_problem(panel, error != NULL ? error->message : NULL);
    show_result(panel);
}

void cel_peaks_panel_fit(CelPeaksPanel *panel)
{
    CelWorkSession *session = cel_work_tool_session(CEL_WORK_TOOL(panel));
    CelWorkItem *item = cel_work_session_current(session);
    if (item == NULL)
        return;
    CelPeaksRun *run =
        cel_peaks_run_new(item, cel_work_session_recipe(session), panel->range[0], panel->range[1]);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Fitting bands"),
                                .run = cel_peaks_run,
                                .done = fitted,
                                .data = run,
                                .free = cel_peaks_run_free};
    cel_task_cancel(panel->task);
    g_set_object(&panel->task, cel_work_tool_start(CEL_WORK_TOOL(panel), &order));
    panel->running = run;
}

void cel_peaks_panel_set_range(CelPeaksPanel *panel, double from, double to)
{
    panel->range[0] = from;
    panel->range[1] = to;
    show_range(panel);
    cel_peaks_panel_fit(panel);
}

static void everywhere(CelPeaksPanel *panel)
{
    cel_peaks_panel_set_range(panel, 0.0, 0.0);
}

static void range_typed(CelPeaksPanel *panel)
{
    double range[2];
    GtkWidget *const entries[] = {panel->from, panel->to};
    for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
        const char *text = gtk_editable_get_text(GTK_EDITABLE(entries[i]));
        if (!cel_number_parse(text, strlen(text), '.', &range[i]))
            return;
    }
    if (range[1] > range[0])
        cel_peaks_panel_set_range(panel, range[0], range[1]);
}

/* What is typed into the range is in the unit of the axis in view. */
static void show_unit(CelPeaksPanel *panel, CelWorkItem *item)
{
    if (item == NULL) {
        gtk_label_set_text(GTK_LABEL(panel->range_title), _("Range"));
        return;
    }
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(cel_work_item_spectrum(item)));
    g_autofree char *title = g_strdup_printf(_("%s (%s)"), _("Range"), cel_plot_unit_short(unit));
    gtk_label_set_text(GTK_LABEL(panel->range_title), title);
}

static void session_changed(CelPeaksPanel *panel)
{
    CelWorkItem *item = cel_work_session_current(cel_work_tool_session(CEL_WORK_TOOL(panel)));
    gtk_widget_set_sensitive(panel->fit, item != NULL);
    show_unit(panel, item);
    if (panel->result != NULL && panel->result->item != item) {
        g_clear_pointer(&panel->result, cel_peaks_run_free);
        show_result(panel);
    }
    cel_work_tool_repaint(CEL_WORK_TOOL(panel));
}

/* A recipe that changed gives other bands: old numbers must not stand beside the new curve. */
static void recipe_changed(CelPeaksPanel *panel)
{
    if (panel->result == NULL)
        return;
    g_clear_pointer(&panel->result, cel_peaks_run_free);
    show_result(panel);
}

/* ---- the plot ---- */

static void add_curve(GPtrArray *traces, const CelPeaksRun *run, gboolean residual)
{
    const CelAxis *axis = cel_spectrum_axis(run->corrected);
    const gsize n = cel_axis_length(axis);
    g_autofree double *y = g_memdup2(run->model, n * sizeof *y);
    for (gsize i = 0; residual && i < n; i++)
        y[i] = cel_spectrum_y(run->corrected)[i] - run->model[i];
    const CelPlotCurve curve = {.x = cel_axis_values(axis),
                                .y = y,
                                .n = n,
                                .unit = cel_axis_unit(axis),
                                .role = residual ? CEL_TRACE_RESIDUAL : CEL_TRACE_REFERENCE,
                                .label = residual ? _("Left over") : _("Fitted bands")};
    g_ptr_array_add(traces, cel_plot_trace_new(&curve));
}

static void set_marks(CelPlotView *plot, const GArray *peaks)
{
    g_autoptr(GArray) marks = g_array_new(FALSE, TRUE, sizeof(CelPlotMark));
    for (guint i = 0; peaks != NULL && i < peaks->len; i++) {
        const CelPlotMark mark = {.x = g_array_index(peaks, CelPeak, i).position,
                                  .kind = CEL_MARK_PEAK};
        g_array_append_val(marks, mark);
    }
    cel_plot_view_set_mark_label(plot, CEL_MARK_PEAK, _("Band"));
    cel_plot_view_set_marks(plot, (const CelPlotMark *)(gpointer)marks->data, marks->len);
}

static void set_band(CelPeaksPanel *panel, CelPlotView *plot)
{
    const CelPlotBand band = {
        .from = panel->range[0], .to = panel->range[1], .kind = CEL_BAND_SELECTED};
    cel_plot_view_set_bands(plot, &band, band.to > band.from ? 1 : 0);
}

static void paint(CelWorkTool *tool, CelPlotView *plot)
{
    CelPeaksPanel *panel = CEL_PEAKS_PANEL(tool);
    CelWorkItem *item = cel_work_session_current(cel_work_tool_session(tool));
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    if (panel->result != NULL) {
        g_ptr_array_add(traces,
                        cel_plot_trace_new_spectrum(panel->result->corrected, _("After the recipe"),
                                                    CEL_TRACE_SAMPLE));
        add_curve(traces, panel->result, FALSE);
        add_curve(traces, panel->result, TRUE);
    } else if (item != NULL) {
        g_ptr_array_add(traces,
                        cel_plot_trace_new_spectrum(cel_work_item_spectrum(item),
                                                    cel_work_item_title(item), CEL_TRACE_SAMPLE));
    }
    cel_plot_view_set_title(plot, _("Fitted bands"));
    cel_plot_view_set_axis_titles(plot, NULL, _("Intensity"));
    cel_plot_view_set_selecting(plot, TRUE);
    cel_plot_view_set_traces(plot, traces);
    set_marks(plot, cel_peaks_panel_peaks(panel));
    set_band(panel, plot);
    cel_work_tool_caption(tool, item == NULL ? _("Measure, or open a file, to fit its bands.")
                                : cel_work_item_is_simulated(item)
                                    ? _("Simulated data · drag over the plot to choose a range")
                                    : _("Drag over the plot to choose a range"));
}

static void mark_activated(CelWorkTool *tool, guint index)
{
    CelPeaksPanel *panel = CEL_PEAKS_PANEL(tool);
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(panel->list, (int)index);
    cel_plot_view_highlight_mark(cel_work_tool_place(tool)->plot, (int)index);
    if (row != NULL)
        gtk_widget_grab_focus(GTK_WIDGET(row));
}

static void row_activated(GtkListBox *list, GtkListBoxRow *row, CelWorkTool *tool)
{
    (void)list;
    cel_plot_view_highlight_mark(cel_work_tool_place(tool)->plot, gtk_list_box_row_get_index(row));
}

static void range_selected(CelWorkTool *tool, double from, double to)
{
    cel_peaks_panel_set_range(CEL_PEAKS_PANEL(tool), from, to);
}

static void ready(CelWorkTool *tool)
{
    CelWorkSession *session = cel_work_tool_session(tool);
    g_signal_connect_object(session, "changed", G_CALLBACK(session_changed), tool,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(session, "recipe-changed", G_CALLBACK(recipe_changed), tool,
                            G_CONNECT_SWAPPED);
    session_changed(CEL_PEAKS_PANEL(tool));
}

/* ---- the widget ---- */

static void cel_peaks_panel_dispose(GObject *object)
{
    CelPeaksPanel *panel = CEL_PEAKS_PANEL(object);
    cel_task_cancel(panel->task);
    panel->running = NULL;
    g_clear_object(&panel->task);
    g_clear_pointer(&panel->result, cel_peaks_run_free);
    G_OBJECT_CLASS(cel_peaks_panel_parent_class)->dispose(object);
}

static void cel_peaks_panel_class_init(CelPeaksPanelClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_peaks_panel_dispose;
    CEL_WORK_TOOL_CLASS(klass)->ready = ready;
    CEL_WORK_TOOL_CLASS(klass)->paint = paint;
    CEL_WORK_TOOL_CLASS(klass)->range_selected = range_selected;
    CEL_WORK_TOOL_CLASS(klass)->mark_activated = mark_activated;
}

static GtkWidget *range_entry(CelPeaksPanel *panel, const char *name)
{
    GtkWidget *entry = gtk_entry_new();
    gtk_editable_set_width_chars(GTK_EDITABLE(entry), 6);
    gtk_editable_set_max_width_chars(GTK_EDITABLE(entry), 6);
    gtk_widget_set_hexpand(entry, TRUE);
    gtk_entry_set_placeholder_text(GTK_ENTRY(entry), name);
    gtk_entry_set_input_purpose(GTK_ENTRY(entry), GTK_INPUT_PURPOSE_NUMBER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_signal_connect_swapped(entry, "activate", G_CALLBACK(range_typed), panel);
    return entry;
}

static GtkWidget *make_range(CelPeaksPanel *panel)
{
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    panel->from = range_entry(panel, _("From"));
    panel->to = range_entry(panel, _("To"));
    panel->everywhere = cel_work_icon_button("edit-clear-symbolic", _("The whole spectrum"));
    g_signal_connect_swapped(panel->everywhere, "clicked", G_CALLBACK(everywhere), panel);
    gtk_box_append(GTK_BOX(line), panel->from);
    gtk_box_append(GTK_BOX(line), gtk_label_new("–"));
    gtk_box_append(GTK_BOX(line), panel->to);
    gtk_box_append(GTK_BOX(line), panel->everywhere);
    return line;
}

static void cel_peaks_panel_init(CelPeaksPanel *panel)
{
    GtkBox *box = NULL;
    adw_bin_set_child(ADW_BIN(panel), cel_work_panel(&box));
    panel->fit = cel_work_button(_("Fit the bands"), "work.fit", "<Control>f");
    panel->copy = cel_work_button(_("Copy the table"), NULL, NULL);
    panel->problem = cel_work_text("", "problem");
    panel->note = cel_work_text("", "heading");
    panel->list = GTK_LIST_BOX(cel_work_list(_("Bands")));
    gtk_widget_add_css_class(panel->fit, "suggested-action");
    gtk_widget_set_visible(panel->problem, FALSE);
    gtk_widget_set_visible(GTK_WIDGET(panel->list), FALSE);
    gtk_widget_set_sensitive(panel->copy, FALSE);
    g_signal_connect_swapped(panel->copy, "clicked", G_CALLBACK(copy_table), panel);
    g_signal_connect(panel->list, "row-activated", G_CALLBACK(row_activated), panel);
    panel->range_title = cel_work_heading(_("Range"));
    gtk_box_append(box, panel->range_title);
    gtk_box_append(box, make_range(panel));
    gtk_box_append(box, panel->fit);
    gtk_box_append(box, panel->problem);
    gtk_box_append(box, panel->note);
    gtk_box_append(box, GTK_WIDGET(panel->list));
    gtk_box_append(box, panel->copy);
    gtk_box_append(box, cel_work_text(_("± is the standard uncertainty of the fit alone: the part "
                                        "of the noise, not of background or axis. Left over holds "
                                        "the straight lines under the bands."),
                                      "dim-label"));
    show_range(panel);
}
