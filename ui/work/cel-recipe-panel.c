/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-recipe-panel.h"

#include "work/cel-recipe-file.h"
#include "work/cel-recipe-preview.h"
#include "work/cel-work-parts.h"
#include "work/cel-work-picker.h"

#include "base/cel-error.h"
#include "bench/cel-bench.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A slide gives many values a second; the last of a moment is run. */
enum { DEBOUNCE_MS = 120 };
/* From here on two curves on one scale would hide one of them. */
static const double OTHER_SCALE = 8.0;

struct _CelRecipePanel {
    CelWorkTool parent;
    GtkListBox *list;
    GtkWidget *name, *exploratory, *problem, *undo, *redo, *empty;
    guint wait_id;
    CelTask *task;             /* (nullable): the latest preview */
    CelRecipePreview *running; /* (nullable): its */
    CelPlotTrace *before, *after, *baseline;
    gboolean other_scale;
    int stage;        /* the opened step, -1: none */
    gboolean opening; /* rows are opened and closed by the program */
};

G_DEFINE_FINAL_TYPE(CelRecipePanel, cel_recipe_panel, CEL_TYPE_WORK_TOOL)

static CelRecipeDraft *draft_of(CelRecipePanel *panel)
{
    return cel_work_session_draft(cel_work_tool_session(CEL_WORK_TOOL(panel)));
}

static const CelRecipe *recipe_of(CelRecipePanel *panel)
{
    return cel_recipe_draft_get(draft_of(panel));
}

CelTask *cel_recipe_panel_preview(CelRecipePanel *panel)
{
    return panel->task;
}

/* ---- the preview ---- */

static double span(const CelSpectrum *spectrum)
{
    const double *y = cel_spectrum_y(spectrum);
    double low = y[0], high = y[0];
    for (gsize i = 1; i < cel_spectrum_length(spectrum); i++) {
        low = MIN(low, y[i]);
        high = MAX(high, y[i]);
    }
    return high - low;
}

/* What a step of background took away, where it left the axis alone. */
static CelPlotTrace *baseline_of(const CelRecipePreview *preview)
{
    const gsize n = cel_spectrum_length(preview->after);
    const CelAxis *axis = cel_spectrum_axis(preview->after);
    if (preview->stage < 0 || (gsize)preview->stage >= cel_recipe_length(preview->recipe) ||
        !g_str_has_prefix(cel_recipe_step(preview->recipe, (gsize)preview->stage)->id,
                          "baseline.") ||
        !cel_axis_equal(cel_spectrum_axis(preview->before), axis))
        return NULL;
    g_autofree double *y = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        y[i] = cel_spectrum_y(preview->before)[i] - cel_spectrum_y(preview->after)[i];
    const CelPlotCurve curve = {.x = cel_axis_values(axis),
                                .y = y,
                                .n = n,
                                .unit = cel_axis_unit(axis),
                                .role = CEL_TRACE_BASELINE,
                                .label = _("Background")};
    return cel_plot_trace_new(&curve);
}

static void forget_curves(CelRecipePanel *panel)
{
    g_clear_pointer(&panel->before, cel_plot_trace_unref);
    g_clear_pointer(&panel->after, cel_plot_trace_unref);
    g_clear_pointer(&panel->baseline, cel_plot_trace_unref);
}

static void keep_curves(CelRecipePanel *panel, const CelRecipePreview *preview)
{
    const double ratio = span(preview->before) / span(preview->after);
    forget_curves(panel);
    panel->before = cel_plot_trace_new_spectrum(preview->before, _("Before"), CEL_TRACE_RAW);
    panel->after = cel_plot_trace_new_spectrum(preview->after, _("After"), CEL_TRACE_SAMPLE);
    panel->baseline = baseline_of(preview);
    panel->other_scale =
        panel->baseline == NULL && !(ratio < OTHER_SCALE && ratio > 1.0 / OTHER_SCALE);
}

static void show_problem(CelRecipePanel *panel, const char *text)
{
    gtk_label_set_text(GTK_LABEL(panel->problem), text != NULL ? text : "");
    gtk_widget_set_visible(panel->problem, text != NULL);
}

static void previewed(gpointer owner, gpointer data, const GError *error)
{
    CelRecipePanel *panel = owner;
    CelRecipePreview *preview = data;
    if (panel->running != preview)
        return; /* another one is under way already */
    panel->running = NULL;
    g_clear_object(&panel->task);
    if (error != NULL) {
        if (!g_error_matches(error, CEL_ERROR, CEL_ERROR_CANCELLED))
            show_problem(panel, error->message);
        return;
    }
    show_problem(panel, NULL);
    keep_curves(panel, preview);
    cel_work_tool_repaint(CEL_WORK_TOOL(panel));
}

static gboolean start_preview(gpointer data)
{
    CelRecipePanel *panel = data;
    CelWorkSession *session = cel_work_tool_session(CEL_WORK_TOOL(panel));
    CelWorkItem *item = cel_work_session_current(session);
    panel->wait_id = 0;
    cel_recipe_draft_settle(draft_of(panel));
    if (item == NULL) {
        forget_curves(panel);
        cel_work_tool_repaint(CEL_WORK_TOOL(panel));
        return G_SOURCE_REMOVE;
    }
    CelRecipePreview *preview =
        cel_recipe_preview_new(item, cel_work_session_recipe(session), panel->stage);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .run = cel_recipe_preview_run,
                                .done = previewed,
                                .data = preview,
                                .free = cel_recipe_preview_free};
    cel_task_cancel(panel->task);
    g_set_object(&panel->task, cel_work_tool_start(CEL_WORK_TOOL(panel), &order));
    panel->running = preview;
    return G_SOURCE_REMOVE;
}

static void preview_soon(CelRecipePanel *panel)
{
    if (!cel_work_tool_is_active(CEL_WORK_TOOL(panel)))
        return;
    cel_task_cancel(panel->task); /* its numbers are old already */
    g_clear_handle_id(&panel->wait_id, g_source_remove);
    panel->wait_id = g_timeout_add(DEBOUNCE_MS, start_preview, panel);
}

/* ---- the list of steps ---- */

CelStepRow *cel_recipe_panel_row(CelRecipePanel *panel, guint index)
{
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(panel->list, (int)index);
    return CEL_IS_STEP_ROW(row) ? CEL_STEP_ROW(row) : NULL;
}

static void tell(CelRecipePanel *panel)
{
    cel_work_session_recipe_changed(cel_work_tool_session(CEL_WORK_TOOL(panel)));
}

static guint index_of(CelStepRow *row)
{
    return (guint)gtk_list_box_row_get_index(GTK_LIST_BOX_ROW(row));
}

static void row_value(CelStepRow *row, guint param, const char *text, CelRecipePanel *panel)
{
    const char *key = cel_step_row_step(row)->params[param].key;
    if (cel_recipe_draft_set(draft_of(panel), index_of(row), key, text, NULL))
        tell(panel);
}

static void row_settled(CelRecipePanel *panel)
{
    cel_recipe_draft_settle(draft_of(panel));
}

static void row_move(CelStepRow *row, guint from, guint to, CelRecipePanel *panel)
{
    (void)row;
    if (panel->stage == (int)from)
        panel->stage = (int)to;
    cel_recipe_draft_move(draft_of(panel), from, to);
    tell(panel);
}

static void row_remove(CelStepRow *row, CelRecipePanel *panel)
{
    panel->stage = -1;
    cel_recipe_draft_remove(draft_of(panel), index_of(row));
    tell(panel);
}

/* One step is open at a time: it is the one that is looked at. */
static void row_opened(CelStepRow *row, GParamSpec *spec, CelRecipePanel *panel)
{
    (void)spec;
    if (panel->opening)
        return;
    const gboolean open = adw_expander_row_get_expanded(ADW_EXPANDER_ROW(row));
    const int index = (int)index_of(row);
    if (!open && panel->stage != index)
        return;
    panel->stage = open ? index : -1;
    panel->opening = TRUE;
    for (guint i = 0; cel_recipe_panel_row(panel, i) != NULL; i++)
        if ((int)i != index)
            adw_expander_row_set_expanded(ADW_EXPANDER_ROW(cel_recipe_panel_row(panel, i)), FALSE);
    panel->opening = FALSE;
    preview_soon(panel);
}

static void add_row(CelRecipePanel *panel, const CelRecipe *recipe, guint index)
{
    GtkWidget *row =
        cel_step_row_new(cel_recipe_step(recipe, index), index, (guint)cel_recipe_length(recipe));
    adw_expander_row_set_expanded(ADW_EXPANDER_ROW(row), panel->stage == (int)index);
    g_signal_connect_object(row, "value", G_CALLBACK(row_value), panel, 0);
    g_signal_connect_object(row, "settled", G_CALLBACK(row_settled), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(row, "move", G_CALLBACK(row_move), panel, 0);
    g_signal_connect_object(row, "remove", G_CALLBACK(row_remove), panel, 0);
    g_signal_connect_object(row, "notify::expanded", G_CALLBACK(row_opened), panel, 0);
    gtk_list_box_append(panel->list, row);
}

static gboolean same_steps(CelRecipePanel *panel, const CelRecipe *recipe)
{
    const gsize n = cel_recipe_length(recipe);
    for (guint i = 0; i < n; i++) {
        CelStepRow *row = cel_recipe_panel_row(panel, i);
        if (row == NULL || cel_step_row_step(row) != cel_recipe_step(recipe, i))
            return FALSE;
    }
    return cel_recipe_panel_row(panel, (guint)n) == NULL;
}

static void show_steps(CelRecipePanel *panel)
{
    const CelRecipe *recipe = recipe_of(panel);
    const guint n = (guint)cel_recipe_length(recipe);
    if (!same_steps(panel, recipe)) {
        panel->stage = panel->stage < (int)n ? panel->stage : -1;
        panel->opening = TRUE;
        cel_work_list_clear(panel->list);
        for (guint i = 0; i < n; i++)
            add_row(panel, recipe, i);
        panel->opening = FALSE;
    }
    for (guint i = 0; i < n; i++)
        cel_step_row_set_values(cel_recipe_panel_row(panel, i), cel_recipe_params(recipe, i));
    gtk_widget_set_visible(GTK_WIDGET(panel->list), n > 0);
    gtk_widget_set_visible(panel->empty, n == 0);
}

static void show_standing(CelRecipePanel *panel)
{
    CelWorkSession *session = cel_work_tool_session(CEL_WORK_TOOL(panel));
    CelWorkItem *item = cel_work_session_current(session);
    CelDesk *desk = cel_work_tool_desk(CEL_WORK_TOOL(panel));
    const CelBench *bench = desk != NULL ? cel_desk_bench(desk) : NULL;
    g_autofree char *digest = cel_recipe_sha256(recipe_of(panel));
    g_autofree char *text =
        g_strdup_printf("%s\nSHA-256 %.16s…", cel_recipe_name(recipe_of(panel)), digest);
    gtk_label_set_text(GTK_LABEL(panel->name), text);
    gtk_widget_set_sensitive(panel->undo, cel_recipe_draft_can_undo(draft_of(panel)));
    gtk_widget_set_sensitive(panel->redo, cel_recipe_draft_can_redo(draft_of(panel)));
    gtk_widget_set_visible(panel->exploratory,
                           bench != NULL && cel_bench_recipe_departs(
                                                bench, recipe_of(panel),
                                                item != NULL ? cel_work_item_laser_nm(item) : 0.0));
}

static void recipe_changed(CelRecipePanel *panel)
{
    show_steps(panel);
    show_standing(panel);
    preview_soon(panel);
}

static void session_changed(CelRecipePanel *panel)
{
    show_standing(panel);
    preview_soon(panel);
}

/* ---- whole recipes ---- */

void cel_recipe_panel_undo(CelRecipePanel *panel)
{
    if (cel_recipe_draft_undo(draft_of(panel)))
        tell(panel);
}

void cel_recipe_panel_redo(CelRecipePanel *panel)
{
    if (cel_recipe_draft_redo(draft_of(panel)))
        tell(panel);
}

void cel_recipe_panel_insert(CelRecipePanel *panel, const CelStepDef *step)
{
    const gsize n = cel_recipe_length(recipe_of(panel));
    const gsize at = panel->stage >= 0 ? (gsize)panel->stage + 1 : n;
    panel->stage = (int)at;
    cel_recipe_draft_insert(draft_of(panel), at, step);
    tell(panel);
}

static void step_picked(gpointer owner, guint index)
{
    gsize n = 0;
    cel_recipe_panel_insert(owner, cel_steps(&n)[index]);
}

/* @recipe: (transfer full) */
static void take_recipe(CelRecipePanel *panel, CelRecipe *recipe)
{
    panel->stage = -1;
    cel_recipe_draft_replace(draft_of(panel), recipe);
    tell(panel);
}

static void shipped_picked(gpointer owner, guint index)
{
    gsize n = 0;
    CelRecipe *recipe = cel_recipe_shipped(cel_recipes(&n)[index].name, NULL);
    if (recipe != NULL)
        take_recipe(owner, recipe);
}

static void file_done(gpointer owner, gpointer data, const GError *error)
{
    CelRecipePanel *panel = owner;
    CelRecipeFile *file = data;
    CelPage *page = cel_work_tool_place(CEL_WORK_TOOL(panel))->page;
    if (error != NULL)
        cel_page_fail(page, error);
    else if (file->recipe != NULL)
        take_recipe(panel, g_steal_pointer(&file->recipe));
    else
        cel_page_say(page, _("The recipe was saved."));
}

static void start_file(CelRecipePanel *panel, CelRecipeFile *file)
{
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .run = cel_recipe_file_run,
                                .done = file_done,
                                .data = file,
                                .free = cel_recipe_file_free};
    cel_work_tool_start(CEL_WORK_TOOL(panel), &order);
}

void cel_recipe_panel_load(CelRecipePanel *panel, const char *path)
{
    start_file(panel, cel_recipe_file_new(path, NULL));
}

void cel_recipe_panel_save(CelRecipePanel *panel, const char *path)
{
    g_autofree char *text = cel_recipe_to_text(recipe_of(panel));
    start_file(panel, cel_recipe_file_new(path, text));
}

static void open_clicked(CelRecipePanel *panel)
{
    cel_work_choose_file(GTK_WIDGET(panel), FALSE, NULL, (CelWorkChosen)cel_recipe_panel_load);
}

static void save_clicked(CelRecipePanel *panel)
{
    cel_work_choose_file(GTK_WIDGET(panel), TRUE, "recipe.txt",
                         (CelWorkChosen)cel_recipe_panel_save);
}

/* ---- the plot ---- */

static void paint(CelWorkTool *tool, CelPlotView *plot)
{
    CelRecipePanel *panel = CEL_RECIPE_PANEL(tool);
    CelWorkItem *item = cel_work_session_current(cel_work_tool_session(tool));
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    CelPlotTrace *const curves[] = {panel->after, panel->before, panel->baseline};
    for (gsize i = 0; i < G_N_ELEMENTS(curves); i++)
        if (curves[i] != NULL)
            g_ptr_array_add(traces, cel_plot_trace_ref(curves[i]));
    cel_plot_view_set_title(plot, _("Before and after the recipe"));
    cel_plot_view_set_axis_titles(plot, NULL, _("Intensity"));
    cel_plot_view_set_spread(plot, 0.0, panel->other_scale);
    cel_plot_view_set_traces(plot, traces);
    g_autoptr(GString) caption = g_string_new(NULL);
    if (item == NULL)
        g_string_append(caption, _("Measure, or open a file, to see what the recipe does."));
    else if (cel_work_item_is_simulated(item))
        g_string_append(caption, _("Simulated data"));
    if (panel->other_scale && item != NULL)
        g_string_append_printf(caption, "%s%s", caption->len > 0 ? " · " : "",
                               _("each curve brought to the same height, for display only"));
    cel_work_tool_caption(tool, caption->str);
}

static void activated(CelWorkTool *tool, gboolean active)
{
    if (active)
        session_changed(CEL_RECIPE_PANEL(tool));
}

static void ready(CelWorkTool *tool)
{
    CelWorkSession *session = cel_work_tool_session(tool);
    g_signal_connect_object(session, "changed", G_CALLBACK(session_changed), tool,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(session, "recipe-changed", G_CALLBACK(recipe_changed), tool,
                            G_CONNECT_SWAPPED);
    show_steps(CEL_RECIPE_PANEL(tool));
}

/* ---- the widget ---- */

static GtkWidget *make_step_picker(CelRecipePanel *panel)
{
    gsize n = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    GtkWidget *picker =
        cel_work_picker_new(_("Add a step"), "list-add-symbolic", step_picked, G_OBJECT(panel));
    for (gsize i = 0; i < n; i++)
        cel_work_picker_add(CEL_WORK_PICKER(picker), _(steps[i]->title), steps[i]->id);
    return picker;
}

static GtkWidget *make_recipe_picker(CelRecipePanel *panel)
{
    gsize n = 0;
    const CelRecipeDef *recipes = cel_recipes(&n);
    GtkWidget *picker =
        cel_work_picker_new(_("Recipes that ship"), NULL, shipped_picked, G_OBJECT(panel));
    for (gsize i = 0; i < n; i++)
        cel_work_picker_add(CEL_WORK_PICKER(picker), _(recipes[i].title), recipes[i].name);
    return picker;
}

static GtkWidget *clicked_button(CelRecipePanel *panel, const char *icon, const char *name,
                                 void (*clicked)(CelRecipePanel *))
{
    GtkWidget *button = cel_work_icon_button(icon, name);
    g_signal_connect_swapped(button, "clicked", G_CALLBACK(clicked), panel);
    return button;
}

static GtkWidget *make_head(CelRecipePanel *panel)
{
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *space = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_set_hexpand(space, TRUE);
    panel->undo =
        clicked_button(panel, "edit-undo-symbolic", _("Undo (Ctrl+Z)"), cel_recipe_panel_undo);
    panel->redo = clicked_button(panel, "edit-redo-symbolic", _("Redo (Ctrl+Shift+Z)"),
                                 cel_recipe_panel_redo);
    gtk_box_append(GTK_BOX(line), panel->undo);
    gtk_box_append(GTK_BOX(line), panel->redo);
    gtk_box_append(GTK_BOX(line), space);
    gtk_box_append(GTK_BOX(line), clicked_button(panel, "document-open-symbolic",
                                                 _("Open a recipe"), open_clicked));
    gtk_box_append(GTK_BOX(line), clicked_button(panel, "document-save-symbolic",
                                                 _("Save the recipe"), save_clicked));
    return line;
}

static void cel_recipe_panel_dispose(GObject *object)
{
    CelRecipePanel *panel = CEL_RECIPE_PANEL(object);
    g_clear_handle_id(&panel->wait_id, g_source_remove);
    cel_task_cancel(panel->task);
    g_clear_object(&panel->task);
    panel->running = NULL;
    forget_curves(panel);
    G_OBJECT_CLASS(cel_recipe_panel_parent_class)->dispose(object);
}

static void cel_recipe_panel_class_init(CelRecipePanelClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_recipe_panel_dispose;
    CEL_WORK_TOOL_CLASS(klass)->ready = ready;
    CEL_WORK_TOOL_CLASS(klass)->paint = paint;
    CEL_WORK_TOOL_CLASS(klass)->activated = activated;
}

static void cel_recipe_panel_init(CelRecipePanel *panel)
{
    GtkBox *box = NULL;
    panel->stage = -1;
    adw_bin_set_child(ADW_BIN(panel), cel_work_panel(&box));
    panel->name = cel_work_text("", "dim-label");
    panel->exploratory = cel_work_text(_("Exploratory work: this recipe is not the method's. What "
                                         "it gives cannot be released as the method's result."),
                                       "problem");
    panel->problem = cel_work_text("", "problem");
    panel->empty =
        cel_work_text(_("No steps: the spectrum stays as it was measured."), "dim-label");
    panel->list = GTK_LIST_BOX(cel_work_list(_("Steps of the recipe")));
    gtk_widget_set_visible(panel->exploratory, FALSE);
    gtk_widget_set_visible(panel->problem, FALSE);
    gtk_box_append(box, make_head(panel));
    gtk_box_append(box, make_recipe_picker(panel));
    gtk_box_append(box, panel->name);
    gtk_box_append(box, panel->exploratory);
    gtk_box_append(box, panel->problem);
    gtk_box_append(box, panel->empty);
    gtk_box_append(box, GTK_WIDGET(panel->list));
    gtk_box_append(box, make_step_picker(panel));
}
