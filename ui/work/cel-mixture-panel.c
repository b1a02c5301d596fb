/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-mixture-panel.h"

#include "work/cel-mixture-run.h"
#include "work/cel-work-parts.h"

#include "match/cel-mixture.h"

#include <glib/gi18n-lib.h>

struct _CelMixturePanel {
    CelWorkTool parent;
    GtkWidget *identify, *said, *outcome, *claim, *components, *rest, *problem, *pages;
    GtkListBox *parts, *hits, *why;
    CelTask *task;          /* (nullable) */
    CelMixtureRun *running; /* (nullable): its */
    CelAnswer *answer;      /* (nullable) */
    CelWorkItem *item;      /* (nullable): what it is of */
    GPtrArray *traces;      /* (nullable): CelPlotTrace */
};

G_DEFINE_FINAL_TYPE(CelMixturePanel, cel_mixture_panel, CEL_TYPE_WORK_TOOL)

CelAnswer *cel_mixture_panel_answer(CelMixturePanel *panel)
{
    return panel->answer;
}

/* ---- what may be said ---- */

static void add_part(CelMixturePanel *panel, const CelMixturePart *part)
{
    g_autofree char *name = cel_mixture_part_name(part);
    g_autofree char *detail = g_strdup_printf(
        _("strongest band %.2f of the sample's; bands of its own: %u"), part->height,
        part->unshared);
    gtk_list_box_append(panel->parts, cel_work_row(name, detail));
}

static void add_hit(CelMixturePanel *panel, const CelResidualHit *hit)
{
    const char *name = cel_ui_pick(hit->substance->name_zh, hit->substance->name_en);
    gtk_list_box_append(panel->hits, cel_work_row(*name != '\0' ? name : hit->substance->id, NULL));
}

static char *rest_text(const CelMixture *mixture)
{
    if (mixture == NULL)
        return g_strdup(_("One reference was enough, or none: no fit of several was made."));
    if (mixture->unexplained > cel_mixture_limits()->max_unexplained)
        return g_strdup_printf(_("No component has the band at %.0f cm⁻¹, %.2f of the strongest."),
                               mixture->unexplained_cm1, mixture->unexplained);
    return g_strdup(cel_mixture_explains(mixture)
                        ? _("What is left over is hardly more than noise.")
                        : _("No band stands out of what is left over."));
}

static void show_mixture(CelMixturePanel *panel, const CelMixture *mixture)
{
    const guint n_parts = mixture != NULL ? mixture->parts->len : 0;
    /* what resembles mere noise is no lead */
    const gboolean is_noise = mixture != NULL && cel_mixture_explains(mixture);
    const guint n_hits = mixture != NULL && mixture->residual_hits != NULL && !is_noise
                             ? mixture->residual_hits->len
                             : 0;
    for (guint i = 0; i < n_parts; i++)
        add_part(panel, &g_array_index(mixture->parts, CelMixturePart, i));
    for (guint i = 0; i < n_hits; i++)
        add_hit(panel, &g_array_index(mixture->residual_hits, CelResidualHit, i));
    g_autofree char *rest = rest_text(mixture);
    gtk_label_set_text(GTK_LABEL(panel->rest), rest);
    gtk_widget_set_visible(GTK_WIDGET(panel->parts), n_parts > 0);
    gtk_widget_set_visible(panel->components, n_parts > 0);
    gtk_widget_set_visible(GTK_WIDGET(panel->hits), n_hits > 0);
}

static void show_why(CelMixturePanel *panel, const CelIdentification *answer)
{
    const GPtrArray *lines = cel_ui_is_chinese() ? answer->why_zh : answer->why_en;
    for (guint i = 0; lines != NULL && i < lines->len; i++)
        gtk_list_box_append(panel->why, cel_work_row(g_ptr_array_index(lines, i), NULL));
    gtk_widget_set_visible(GTK_WIDGET(panel->why), lines != NULL && lines->len > 0);
}

static void show_answer(CelMixturePanel *panel)
{
    cel_work_list_clear(panel->parts);
    cel_work_list_clear(panel->hits);
    cel_work_list_clear(panel->why);
    gtk_widget_set_visible(panel->said, panel->answer != NULL);
    if (panel->answer == NULL)
        return;
    const CelIdentification *answer = cel_answer_get(panel->answer);
    gtk_label_set_text(GTK_LABEL(panel->outcome),
                       cel_outcome_label(answer->outcome, cel_ui_is_chinese()));
    gtk_label_set_text(GTK_LABEL(panel->claim), cel_ui_pick(answer->claim_zh, answer->claim_en));
    show_mixture(panel, answer->mixture);
    show_why(panel, answer);
}

static void show_problem(CelMixturePanel *panel, const char *text)
{
    gtk_label_set_text(GTK_LABEL(panel->problem), text != NULL ? text : "");
    gtk_widget_set_visible(panel->problem, text != NULL);
}

static void forget(CelMixturePanel *panel)
{
    g_clear_object(&panel->answer);
    g_clear_object(&panel->item);
    g_clear_pointer(&panel->traces, g_ptr_array_unref);
}

/* ---- identifying ---- */

static void identified(gpointer owner, gpointer data, const GError *error)
{
    CelMixturePanel *panel = owner;
    CelMixtureRun *run = data;
    if (panel->running != run)
        return;
    panel->running = NULL;
    forget(panel);
    if (error == NULL) {
        panel->answer = g_object_ref(run->answer);
        panel->item = g_object_ref(run->item);
        panel->traces = g_ptr_array_ref(run->traces);
    }
    g_clear_object(&panel->task);
    show_problem(panel, error != NULL ? error->message : NULL);
    show_answer(panel);
    cel_work_tool_repaint(CEL_WORK_TOOL(panel));
}

void cel_mixture_panel_identify(CelMixturePanel *panel)
{
    CelWorkItem *item = cel_work_session_current(cel_work_tool_session(CEL_WORK_TOOL(panel)));
    if (item == NULL)
        return;
    CelMixtureRun *run = cel_mixture_run_new(cel_work_tool_desk(CEL_WORK_TOOL(panel)), item);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Identifying"),
                                .run = cel_mixture_run,
                                .done = identified,
                                .data = run,
                                .free = cel_mixture_run_free};
    cel_task_cancel(panel->task);
    g_set_object(&panel->task, cel_work_tool_start(CEL_WORK_TOOL(panel), &order));
    panel->running = run;
}

static void session_changed(CelMixturePanel *panel)
{
    CelWorkItem *item = cel_work_session_current(cel_work_tool_session(CEL_WORK_TOOL(panel)));
    gtk_widget_set_sensitive(panel->identify, item != NULL);
    if (panel->item != NULL && panel->item != item) {
        forget(panel);
        show_answer(panel);
    }
    cel_work_tool_repaint(CEL_WORK_TOOL(panel));
}

static void show_page(CelMixturePanel *panel, const char *id)
{
    if (panel->answer != NULL)
        cel_page_show(cel_work_tool_place(CEL_WORK_TOOL(panel))->page, id,
                      cel_answer_title(panel->answer), G_OBJECT(panel->answer));
}

static void show_result(CelMixturePanel *panel)
{
    show_page(panel, "result");
}

static void show_reasons(CelMixturePanel *panel)
{
    show_page(panel, "why");
}

/* ---- the plot ---- */

static void paint(CelWorkTool *tool, CelPlotView *plot)
{
    CelMixturePanel *panel = CEL_MIXTURE_PANEL(tool);
    CelWorkItem *item = cel_work_session_current(cel_work_tool_session(tool));
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    for (guint i = 0; panel->traces != NULL && i < panel->traces->len; i++)
        g_ptr_array_add(traces, cel_plot_trace_ref(g_ptr_array_index(panel->traces, i)));
    if (panel->traces == NULL && item != NULL)
        g_ptr_array_add(traces,
                        cel_plot_trace_new_spectrum(cel_work_item_spectrum(item),
                                                    cel_work_item_title(item), CEL_TRACE_SAMPLE));
    cel_plot_view_set_title(plot, _("Components"));
    cel_plot_view_set_axis_titles(plot, NULL, _("Intensity"));
    cel_plot_view_set_traces(plot, traces);
    cel_work_tool_caption(
        tool, item == NULL ? _("Measure, or open a file, to identify it.")
              : cel_work_item_is_simulated(item)
                  ? _("Simulated data · with the method's own recipe")
                  : _("With the method's own recipe, whatever the recipe editor holds"));
}

static void ready(CelWorkTool *tool)
{
    g_signal_connect_object(cel_work_tool_session(tool), "changed", G_CALLBACK(session_changed),
                            tool, G_CONNECT_SWAPPED);
    session_changed(CEL_MIXTURE_PANEL(tool));
}

/* ---- the widget ---- */

static void cel_mixture_panel_dispose(GObject *object)
{
    CelMixturePanel *panel = CEL_MIXTURE_PANEL(object);
    cel_task_cancel(panel->task);
    panel->running = NULL;
    g_clear_object(&panel->task);
    forget(panel);
    G_OBJECT_CLASS(cel_mixture_panel_parent_class)->dispose(object);
}

static void cel_mixture_panel_class_init(CelMixturePanelClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_mixture_panel_dispose;
    CEL_WORK_TOOL_CLASS(klass)->ready = ready;
    CEL_WORK_TOOL_CLASS(klass)->paint = paint;
}

static void add_page_button(CelMixturePanel *panel, const char *label, const char *id,
                            void (*clicked)(CelMixturePanel *))
{
    GtkWidget *button = gtk_button_new_with_label(label);
    gtk_widget_set_visible(button, cel_page_def(id) != NULL);
    g_signal_connect_swapped(button, "clicked", G_CALLBACK(clicked), panel);
    gtk_box_append(GTK_BOX(panel->pages), button);
}

static GtkWidget *make_said(CelMixturePanel *panel)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    panel->outcome = cel_work_text("", "title-3");
    panel->claim = cel_work_text("", NULL);
    panel->components = cel_work_heading(_("Components of the fit"));
    panel->parts = GTK_LIST_BOX(cel_work_list(_("Components of the fit")));
    panel->rest = cel_work_text("", NULL);
    panel->hits = GTK_LIST_BOX(cel_work_list(_("What the rest resembles: leads")));
    panel->why = GTK_LIST_BOX(cel_work_list(_("Why")));
    panel->pages = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_box_set_homogeneous(GTK_BOX(panel->pages), TRUE);
    add_page_button(panel, _("Result page"), "result", show_result);
    add_page_button(panel, _("Why page"), "why", show_reasons);
    GtkWidget *leads = cel_work_heading(_("What the rest resembles: leads"));
    GtkWidget *reasons = cel_work_heading(_("Why"));
    g_object_bind_property(panel->hits, "visible", leads, "visible", G_BINDING_SYNC_CREATE);
    g_object_bind_property(panel->why, "visible", reasons, "visible", G_BINDING_SYNC_CREATE);
    GtkWidget *const parts[] = {panel->outcome,
                                panel->claim,
                                panel->pages,
                                panel->components,
                                GTK_WIDGET(panel->parts),
                                panel->rest,
                                leads,
                                GTK_WIDGET(panel->hits),
                                reasons,
                                GTK_WIDGET(panel->why)};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        gtk_box_append(GTK_BOX(box), parts[i]);
    gtk_box_append(GTK_BOX(box),
                   cel_work_text(_("The components are a fit of curves, no contents and no "
                                   "proportions. Minor components may be missed."),
                                 "dim-label"));
    return box;
}

static void cel_mixture_panel_init(CelMixturePanel *panel)
{
    GtkBox *box = NULL;
    adw_bin_set_child(ADW_BIN(panel), cel_work_panel(&box));
    panel->identify = cel_work_button(_("Identify"), "work.identify", "<Control>i");
    panel->problem = cel_work_text("", "problem");
    panel->said = make_said(panel);
    gtk_widget_add_css_class(panel->identify, "suggested-action");
    gtk_widget_set_visible(panel->problem, FALSE);
    gtk_widget_set_visible(panel->said, FALSE);
    gtk_box_append(box, panel->identify);
    gtk_box_append(box, panel->problem);
    gtk_box_append(box, panel->said);
}
