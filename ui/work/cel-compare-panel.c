/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-compare-panel.h"

#include "work/cel-reference-search.h"
#include "work/cel-work-parts.h"
#include "work/cel-work-picker.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

enum { SEARCH_MOST = 30 };

struct _CelComparePanel {
    CelWorkTool parent;
    GtkListBox *list, *found;
    GtkWidget *empty, *search, *spread, *searched;
    GtkSwitch *normalised;
    CelTask *task; /* (nullable): the latest search */
    CelReferenceSearch *searching;
    GPtrArray *hits; /* CelReferenceFound */
};

G_DEFINE_FINAL_TYPE(CelComparePanel, cel_compare_panel, CEL_TYPE_WORK_TOOL)

/* ---- files ---- */

/** Loading: files on their way to the bench. */
typedef struct {
    char **paths;
    GPtrArray *items;    /* CelWorkItem */
    GPtrArray *problems; /* texts */
} Loading;

static void loading_free(gpointer data)
{
    Loading *loading = data;
    g_strfreev(loading->paths);
    g_ptr_array_unref(loading->items);
    g_ptr_array_unref(loading->problems);
    g_free(loading);
}

static gboolean load_run(gpointer data, CelJob *job, GError **error)
{
    Loading *loading = data;
    const guint n = g_strv_length(loading->paths);
    for (guint i = 0; i < n; i++) {
        g_autoptr(GError) problem = NULL;
        if (!cel_job_step(job, N_("Reading files"), i, n, error))
            return FALSE;
        CelWorkItem *item = cel_work_item_load(loading->paths[i], job, &problem);
        if (item != NULL)
            g_ptr_array_add(loading->items, item);
        else
            g_ptr_array_add(loading->problems, g_strdup(problem->message));
    }
    return TRUE;
}

static void loaded(gpointer owner, gpointer data, const GError *error)
{
    CelComparePanel *panel = owner;
    Loading *loading = data;
    CelPage *page = cel_work_tool_place(CEL_WORK_TOOL(panel))->page;
    for (guint i = 0; i < loading->items->len; i++)
        cel_work_session_add(cel_work_tool_session(CEL_WORK_TOOL(panel)),
                             g_ptr_array_index(loading->items, i));
    cel_page_fail(page, error);
    if (loading->problems->len == 0)
        return;
    g_ptr_array_add(loading->problems, NULL);
    g_autofree char *text = g_strjoinv("\n", (char **)loading->problems->pdata);
    g_autoptr(GError) problem = g_error_new_literal(CEL_ERROR, CEL_ERROR_INPUT, text);
    cel_page_fail(page, problem);
}

void cel_compare_panel_load(CelComparePanel *panel, const char *const *paths)
{
    Loading *loading = g_new0(Loading, 1);
    loading->paths = g_strdupv((char **)paths);
    loading->items = g_ptr_array_new_with_free_func(g_object_unref);
    loading->problems = g_ptr_array_new_with_free_func(g_free);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Reading files"),
                                .run = load_run,
                                .done = loaded,
                                .data = loading,
                                .free = loading_free};
    cel_work_tool_start(CEL_WORK_TOOL(panel), &order);
}

static void load_one(gpointer panel, const char *path)
{
    const char *const paths[] = {path, NULL};
    cel_compare_panel_load(panel, paths);
}

static void add_file(CelComparePanel *panel)
{
    cel_work_choose_file(GTK_WIDGET(panel), FALSE, NULL, load_one);
}

/* ---- references ---- */

static void show_found(CelComparePanel *panel)
{
    cel_work_list_clear(panel->found);
    for (guint i = 0; panel->hits != NULL && i < panel->hits->len; i++) {
        const CelReferenceFound *hit = g_ptr_array_index(panel->hits, i);
        GtkWidget *row = cel_work_row(hit->title, hit->detail);
        gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
        adw_action_row_add_suffix(ADW_ACTION_ROW(row),
                                  gtk_image_new_from_icon_name("list-add-symbolic"));
        gtk_list_box_append(panel->found, row);
    }
    gtk_widget_set_visible(GTK_WIDGET(panel->found), panel->hits != NULL && panel->hits->len > 0);
}

static void searched(gpointer owner, gpointer data, const GError *error)
{
    CelComparePanel *panel = owner;
    CelReferenceSearch *search = data;
    if (panel->searching != search)
        return;
    panel->searching = NULL;
    g_clear_object(&panel->task);
    g_clear_pointer(&panel->hits, g_ptr_array_unref);
    if (error == NULL)
        panel->hits = g_ptr_array_ref(search->found);
    gtk_label_set_text(GTK_LABEL(panel->searched),
                       error != NULL           ? error->message
                       : panel->hits->len == 0 ? _("No substance of the libraries has that name.")
                       : panel->hits->len == SEARCH_MOST
                           ? _("There are more: type more of the name.")
                           : "");
    gtk_widget_set_visible(panel->searched,
                           *gtk_label_get_text(GTK_LABEL(panel->searched)) != '\0');
    show_found(panel);
}

void cel_compare_panel_search(CelComparePanel *panel, const char *text)
{
    cel_task_cancel(panel->task);
    panel->searching = NULL;
    if (*text == '\0') {
        g_clear_pointer(&panel->hits, g_ptr_array_unref);
        gtk_widget_set_visible(panel->searched, FALSE);
        show_found(panel);
        return;
    }
    CelReferenceSearch *search =
        cel_reference_search_new(cel_work_tool_desk(CEL_WORK_TOOL(panel)), text, SEARCH_MOST);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .run = cel_reference_search_run,
                                .done = searched,
                                .data = search,
                                .free = cel_reference_search_free};
    g_set_object(&panel->task, cel_work_tool_start(CEL_WORK_TOOL(panel), &order));
    panel->searching = search;
}

static void search_changed(CelComparePanel *panel)
{
    cel_compare_panel_search(panel, gtk_editable_get_text(GTK_EDITABLE(panel->search)));
}

static void found_activated(GtkListBox *list, GtkListBoxRow *row, CelComparePanel *panel)
{
    const guint index = (guint)gtk_list_box_row_get_index(row);
    (void)list;
    if (panel->hits == NULL || index >= panel->hits->len)
        return;
    const CelReferenceFound *hit = g_ptr_array_index(panel->hits, index);
    g_autoptr(GError) error = NULL;
    g_autofree char *drawn = g_strdup_printf(_("%s (band table)"), hit->title);
    g_autoptr(CelWorkItem) item =
        hit->reference != NULL ? cel_work_item_new_reference(hit->title, hit->reference, &error)
                               : cel_work_item_new_bands(drawn, hit->substance, &error);
    if (item != NULL)
        cel_work_session_add(cel_work_tool_session(CEL_WORK_TOOL(panel)), item);
    cel_page_fail(cel_work_tool_place(CEL_WORK_TOOL(panel))->page, error);
}

/* ---- the list ---- */

static const char *kind_text(CelWorkItem *item)
{
    static const char *const texts[] = {
        [CEL_WORK_MEASURED] = N_("Measured here"),
        [CEL_WORK_FILE] = N_("File"),
        [CEL_WORK_REFERENCE] = N_("Reference of a library"),
    };
    return _(texts[cel_work_item_kind(item)]);
}

static void remove_clicked(GtkWidget *button, CelWorkItem *item)
{
    GtkWidget *panel = gtk_widget_get_ancestor(button, CEL_TYPE_COMPARE_PANEL);
    g_autoptr(CelWorkItem) kept = g_object_ref(item);
    cel_work_session_remove(cel_work_tool_session(CEL_WORK_TOOL(panel)), kept);
}

static GtkWidget *item_row(CelWorkItem *item)
{
    GtkWidget *row = cel_work_row(cel_work_item_title(item), NULL);
    GtkWidget *check = gtk_check_button_new();
    g_autofree char *detail =
        g_strdup_printf("%s%s%s", kind_text(item), cel_work_item_is_simulated(item) ? " · " : "",
                        cel_work_item_is_simulated(item) ? _("Simulated data") : "");
    g_autofree char *take = g_strdup_printf(_("Remove %s"), cel_work_item_title(item));
    GtkWidget *bin = cel_work_icon_button("window-close-symbolic", take);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), detail);
    gtk_widget_set_size_request(check, 44, 44);
    g_object_bind_property(item, "shown", check, "active",
                           G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
    g_signal_connect_object(bin, "clicked", G_CALLBACK(remove_clicked), item, 0);
    adw_action_row_add_prefix(ADW_ACTION_ROW(row), check);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), check);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), bin);
    return row;
}

static void items_changed(CelComparePanel *panel)
{
    GListModel *items = cel_work_session_items(cel_work_tool_session(CEL_WORK_TOOL(panel)));
    const guint n = g_list_model_get_n_items(items);
    cel_work_list_clear(panel->list);
    for (guint i = 0; i < n; i++) {
        g_autoptr(CelWorkItem) item = g_list_model_get_item(items, i);
        gtk_list_box_append(panel->list, item_row(item));
    }
    gtk_widget_set_visible(GTK_WIDGET(panel->list), n > 0);
    gtk_widget_set_visible(panel->empty, n == 0);
}

/* ---- the plot ---- */

static void say_caption(CelWorkTool *tool, guint n, gboolean normalised, gboolean simulated)
{
    g_autoptr(GString) caption = g_string_new(NULL);
    g_string_append_printf(caption, ngettext("%u spectrum", "%u spectra", n), n);
    if (normalised)
        g_string_append_printf(caption, " · %s",
                               _("each brought to the same height, for display only"));
    if (simulated)
        g_string_append_printf(caption, " · %s", _("with simulated data"));
    cel_work_tool_caption(tool, caption->str);
}

static void paint(CelWorkTool *tool, CelPlotView *plot)
{
    CelComparePanel *panel = CEL_COMPARE_PANEL(tool);
    GListModel *items = cel_work_session_items(cel_work_tool_session(tool));
    const gboolean normalised = gtk_switch_get_active(panel->normalised);
    gboolean simulated = FALSE;
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    for (guint i = 0; i < g_list_model_get_n_items(items); i++) {
        g_autoptr(CelWorkItem) item = g_list_model_get_item(items, i);
        if (!cel_work_item_is_shown(item))
            continue;
        simulated = simulated || cel_work_item_is_simulated(item);
        g_ptr_array_add(traces, cel_plot_trace_new_spectrum(cel_work_item_spectrum(item),
                                                            cel_work_item_title(item),
                                                            cel_plot_overlay_role(i)));
    }
    cel_plot_view_set_title(plot, _("Comparison"));
    cel_plot_view_set_axis_titles(
        plot, NULL, normalised ? _("Intensity, each to the same height") : _("Intensity"));
    cel_plot_view_set_spread(plot, gtk_range_get_value(GTK_RANGE(panel->spread)), normalised);
    cel_plot_view_set_traces(plot, traces);
    say_caption(tool, traces->len, normalised, simulated);
}

void cel_compare_panel_set_spread(CelComparePanel *panel, double spread, gboolean normalised)
{
    gtk_range_set_value(GTK_RANGE(panel->spread), spread);
    gtk_switch_set_active(panel->normalised, normalised);
}

static void ready(CelWorkTool *tool)
{
    CelWorkSession *session = cel_work_tool_session(tool);
    g_signal_connect_object(cel_work_session_items(session), "items-changed",
                            G_CALLBACK(items_changed), tool, G_CONNECT_SWAPPED);
    g_signal_connect_object(session, "changed", G_CALLBACK(cel_work_tool_repaint), tool,
                            G_CONNECT_SWAPPED);
    items_changed(CEL_COMPARE_PANEL(tool));
}

/* ---- the widget ---- */

static void cel_compare_panel_dispose(GObject *object)
{
    CelComparePanel *panel = CEL_COMPARE_PANEL(object);
    cel_task_cancel(panel->task);
    panel->searching = NULL;
    g_clear_object(&panel->task);
    g_clear_pointer(&panel->hits, g_ptr_array_unref);
    G_OBJECT_CLASS(cel_compare_panel_parent_class)->dispose(object);
}

static void cel_compare_panel_class_init(CelComparePanelClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_compare_panel_dispose;
    CEL_WORK_TOOL_CLASS(klass)->ready = ready;
    CEL_WORK_TOOL_CLASS(klass)->paint = paint;
}

static GtkWidget *make_view(CelComparePanel *panel)
{
    GtkWidget *list = cel_work_list(_("Display"));
    GtkWidget *row = cel_work_row(_("Distance"), NULL);
    GtkWidget *toggle =
        cel_work_switch_row(_("Same height"), _("For display only"), &panel->normalised);
    panel->spread = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0.0, 1.0, 0.05);
    gtk_scale_set_draw_value(GTK_SCALE(panel->spread), FALSE);
    gtk_widget_set_size_request(panel->spread, 150, 44);
    gtk_accessible_update_property(GTK_ACCESSIBLE(panel->spread), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Distance between the curves"), -1);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), panel->spread);
    g_signal_connect_swapped(panel->spread, "value-changed", G_CALLBACK(cel_work_tool_repaint),
                             panel);
    g_signal_connect_swapped(panel->normalised, "notify::active", G_CALLBACK(cel_work_tool_repaint),
                             panel);
    gtk_list_box_append(GTK_LIST_BOX(list), row);
    gtk_list_box_append(GTK_LIST_BOX(list), toggle);
    return list;
}

static void cel_compare_panel_init(CelComparePanel *panel)
{
    GtkBox *box = NULL;
    adw_bin_set_child(ADW_BIN(panel), cel_work_panel(&box));
    panel->empty = cel_work_text(
        _("Nothing to compare yet. Measure, add a file, or look for a reference."), "dim-label");
    panel->list = GTK_LIST_BOX(cel_work_list(_("Spectra")));
    panel->found = GTK_LIST_BOX(cel_work_list(_("References found")));
    panel->searched = cel_work_text("", "dim-label");
    panel->search = gtk_search_entry_new();
    g_object_set(panel->search, "placeholder-text", _("Name of a substance"), NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(panel->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Look for a reference"), -1);
    GtkWidget *add = cel_work_button(_("Add a file"), NULL, NULL);
    g_signal_connect_swapped(add, "clicked", G_CALLBACK(add_file), panel);
    g_signal_connect_swapped(panel->search, "search-changed", G_CALLBACK(search_changed), panel);
    g_signal_connect(panel->found, "row-activated", G_CALLBACK(found_activated), panel);
    gtk_widget_set_visible(GTK_WIDGET(panel->found), FALSE);
    gtk_widget_set_visible(panel->searched, FALSE);
    gtk_box_append(box, panel->empty);
    gtk_box_append(box, GTK_WIDGET(panel->list));
    gtk_box_append(box, add);
    gtk_box_append(box, make_view(panel));
    gtk_box_append(box, cel_work_heading(_("References of the libraries")));
    gtk_box_append(box, panel->search);
    gtk_box_append(box, panel->searched);
    gtk_box_append(box, GTK_WIDGET(panel->found));
}
