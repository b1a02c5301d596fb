/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "ui-test.h"
#include "work-fixture.h"
#include "work/cel-exposure-box.h"
#include "work/cel-live-feed.h"
#include "work/cel-measure-panel.h"
#include "work/cel-param-words.h"
#include "work/cel-mixture-panel.h"
#include "work/cel-peaks-panel.h"
#include "work/cel-recipe-panel.h"
#include "work/cel-work-page.h"

#include "bench/cel-bench.h"
#include "formats/cel-reader.h"
#include "process/cel-peakfit.h"

#include <string.h>

enum { PATIENCE_MS = 30000 };

static char *folder;
static CelWindow *window;
static CelWorkPage *page;

static CelMeasurePanel *measure_panel(void)
{
    return CEL_MEASURE_PANEL(cel_work_page_tool(page, "measure"));
}

static CelRecipePanel *recipe_panel(void)
{
    return CEL_RECIPE_PANEL(cel_work_page_tool(page, "recipe"));
}

static CelRecipeDraft *draft(void)
{
    return cel_work_session_draft(cel_work_page_session(page));
}

static GListModel *items(void)
{
    return cel_work_session_items(cel_work_page_session(page));
}

static gboolean has_item(gpointer data)
{
    (void)data;
    return g_list_model_get_n_items(items()) > 0;
}

static void need_measurement(void)
{
    if (has_item(NULL))
        return;
    ui_open_instrument(window, "simulated:785", "sample=polystyrene,seed=3");
    ui_pump_idle(window, 50);
    cel_measure_panel_measure(measure_panel());
    g_assert_true(ui_pump(has_item, NULL, PATIENCE_MS));
    ui_pump_idle(window, 50);
}

/* ---- controls of parameters ---- */

/* Another value than the initial one, and a long one where there is room. */
static char *other_value(const CelParamDef *def)
{
    if (def->type == CEL_PARAM_BOOL || def->type == CEL_PARAM_CHOICE)
        return cel_param_value_text(def, def->initial > def->min ? def->min
                                         : def->max > def->min   ? def->min + 1.0
                                                                 : def->min);
    if (def->type == CEL_PARAM_INT)
        return cel_param_value_text(def, def->initial < def->max ? def->initial + 1.0 : def->min);
    return cel_param_value_text(def, def->min + (def->max - def->min) / 7.0);
}

static void assert_written_exactly(const CelParamDef *def)
{
    GtkWidget *widget = g_object_ref_sink(cel_param_editor_new(def));
    CelParamEditor *editor = CEL_PARAM_EDITOR(widget);
    g_autoptr(CelParams) params = cel_params_new(def, 1);
    g_autofree char *wanted = other_value(def);
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_param_editor_type(editor, wanted));
    g_autofree char *written = cel_param_editor_text(editor);
    g_assert_cmpstr(written, ==, wanted);
    g_assert_true(cel_params_set_text(params, def->key, written, &error));
    g_assert_no_error(error);
    g_autofree char *back = cel_params_to_text(params);
    g_assert_true(g_str_has_suffix(back, wanted));
    g_object_unref(widget);
}

static void every_parameter_of_every_step_has_a_control_that_writes_it_exactly(void)
{
    gsize n = 0, n_params = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    for (gsize i = 0; i < n; i++)
        for (gsize p = 0; p < steps[i]->n_params; p++, n_params++)
            assert_written_exactly(&steps[i]->params[p]);
    g_assert_cmpuint(n_params, >, 40);
}

static void every_step_opens_in_the_editor_with_all_its_controls(void)
{
    gsize n = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    cel_work_page_show_tool(page, "recipe");
    cel_recipe_draft_replace(draft(), cel_recipe_new("all"));
    cel_work_session_recipe_changed(cel_work_page_session(page));
    for (gsize i = 0; i < n; i++)
        cel_recipe_panel_insert(recipe_panel(), steps[i]);
    for (guint i = 0; i < n; i++) {
        CelStepRow *row = cel_recipe_panel_row(recipe_panel(), i);
        g_assert_true(cel_step_row_step(row) == steps[i]);
        for (guint p = 0; p < steps[i]->n_params; p++)
            g_assert_true(cel_param_editor_def(cel_step_row_editor(row, p)) ==
                          &steps[i]->params[p]);
    }
}

static void every_choice_and_unit_is_shown_in_words(void)
{
    gsize n = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    for (gsize i = 0; i < n; i++)
        for (gsize p = 0; p < steps[i]->n_params; p++) {
            const CelParamDef *def = &steps[i]->params[p];
            if (!cel_param_knows(def->unit))
                g_error("%s: no words for the unit \"%s\"", steps[i]->id, def->unit);
            for (gsize c = 0; def->choices != NULL && def->choices[c] != NULL; c++)
                if (!cel_param_knows(def->choices[c]))
                    g_error("%s: no words for \"%s\"", steps[i]->id, def->choices[c]);
        }
}

static void a_value_out_of_range_is_marked_and_changes_nothing(void)
{
    const CelParamDef *def = &cel_step_find("smooth.median", NULL)->params[0];
    GtkWidget *widget = g_object_ref_sink(cel_param_editor_new(def));
    g_assert_false(cel_param_editor_type(CEL_PARAM_EDITOR(widget), "-3"));
    g_assert_cmpfloat(cel_param_editor_value(CEL_PARAM_EDITOR(widget)), ==, def->initial);
    g_assert_true(gtk_widget_has_css_class(ui_find(widget, GTK_TYPE_ENTRY, NULL), "error"));
    g_object_unref(widget);
}

/* ---- the recipe ---- */

static char *recipe_text(void)
{
    return cel_recipe_to_text(cel_recipe_draft_get(draft()));
}

static void start_recipe(void)
{
    cel_work_page_show_tool(page, "recipe");
    cel_recipe_draft_replace(draft(), cel_recipe_default(785.0));
    cel_work_session_recipe_changed(cel_work_page_session(page));
}

static void what_is_typed_into_a_control_stands_in_the_recipe_and_goes_back(void)
{
    start_recipe();
    cel_recipe_panel_insert(recipe_panel(), cel_step_find("smooth.whittaker", NULL));
    const guint last = (guint)cel_recipe_length(cel_recipe_draft_get(draft())) - 1;
    g_autofree char *before = recipe_text();
    CelStepRow *row = cel_recipe_panel_row(recipe_panel(), last);
    g_autofree char *value = other_value(&cel_step_row_step(row)->params[0]);
    g_assert_true(cel_param_editor_type(cel_step_row_editor(row, 0), value));
    g_autofree char *after = recipe_text();
    g_assert_nonnull(strstr(after, value));
    gtk_widget_activate_action(GTK_WIDGET(page), "work.undo", NULL);
    g_autofree char *undone = recipe_text();
    g_assert_cmpstr(undone, ==, before);
    gtk_widget_activate_action(GTK_WIDGET(page), "work.redo", NULL);
    g_autofree char *redone = recipe_text();
    g_assert_cmpstr(redone, ==, after);
    row = cel_recipe_panel_row(recipe_panel(), last);
    g_autofree char *shown = cel_param_editor_text(cel_step_row_editor(row, 0));
    g_assert_cmpstr(shown, ==, value);
}

static gboolean bench_is_ready(gpointer data)
{
    (void)data;
    return cel_desk_bench(cel_window_desk(window)) != NULL;
}

static gboolean says_exploratory(void)
{
    return ui_find(GTK_WIDGET(recipe_panel()), GTK_TYPE_LABEL,
                   "Exploratory work: this recipe is not the method's. What it gives cannot be "
                   "released as the method's result.") != NULL;
}

static void a_recipe_that_departs_from_the_method_says_that_it_is_exploratory(void)
{
    need_measurement();
    g_assert_true(ui_pump(bench_is_ready, NULL, PATIENCE_MS));
    start_recipe();
    g_assert_false(says_exploratory());
    cel_recipe_panel_insert(recipe_panel(), cel_step_find("smooth.median", NULL));
    g_assert_true(says_exploratory());
    cel_recipe_panel_undo(recipe_panel());
    g_assert_false(says_exploratory());
}

static gboolean previews(gpointer data)
{
    (void)data;
    return cel_recipe_panel_preview(recipe_panel()) != NULL;
}

static gboolean previews_no_more(gpointer data)
{
    return !previews(data);
}

static const CelPlotCurve *after_curve(void)
{
    const GPtrArray *traces = cel_plot_model_traces(cel_plot_view_model(cel_work_page_plot(page)));
    return traces->len > 0 ? cel_plot_trace_curve(g_ptr_array_index(traces, 0)) : NULL;
}

/* Looks after every step of the main loop: what is short must not be missed. */
static gboolean step_until(UiDone done)
{
    const gint64 end_us = g_get_monotonic_time() + (gint64)PATIENCE_MS * 1000;
    while (!done(NULL) && g_get_monotonic_time() < end_us)
        g_main_context_iteration(NULL, TRUE);
    return done(NULL);
}

/* Its result would be at most 1 high. */
static CelRecipe *overtaken_recipe(void)
{
    CelRecipe *recipe = cel_recipe_new("overtaken");
    for (int i = 0; i < 5; i++)
        cel_recipe_append_text(recipe, "baseline.arpls", NULL);
    cel_recipe_append_text(recipe, "normalise.max", NULL);
    return recipe;
}

static void a_run_that_is_overtaken_is_cancelled_and_never_shown(void)
{
    need_measurement();
    start_recipe();
    ui_pump(NULL, NULL, 300);
    g_assert_true(ui_pump(previews_no_more, NULL, PATIENCE_MS));
    cel_recipe_draft_replace(draft(), overtaken_recipe());
    cel_work_session_recipe_changed(cel_work_page_session(page));
    g_assert_true(step_until(previews));
    g_autoptr(CelTask) first = g_object_ref(cel_recipe_panel_preview(recipe_panel()));
    cel_recipe_panel_undo(recipe_panel());
    ui_pump(NULL, NULL, 300);
    g_assert_true(ui_pump(previews_no_more, NULL, PATIENCE_MS));
    g_assert_false(cel_task_is_running(first));
    /* the undone recipe's numbers are counts, far above 1 */
    double highest = 0.0;
    for (gsize i = 0; i < after_curve()->n; i++)
        highest = MAX(highest, after_curve()->y[i]);
    g_assert_cmpfloat(highest, >, 10.0);
}

static gboolean has_median(gpointer data)
{
    g_autofree char *text = recipe_text();
    (void)data;
    return strstr(text, "smooth.median") != NULL;
}

static gboolean is_file(gpointer path)
{
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void a_recipe_comes_back_from_its_file_to_the_letter(void)
{
    start_recipe();
    cel_recipe_panel_insert(recipe_panel(), cel_step_find("smooth.median", NULL));
    g_autofree char *before = recipe_text();
    g_autofree char *path = g_build_filename(folder, "recipe.txt", NULL);
    cel_recipe_panel_save(recipe_panel(), path);
    g_assert_true(ui_pump(is_file, path, PATIENCE_MS));
    start_recipe();
    cel_recipe_panel_load(recipe_panel(), path);
    g_assert_true(ui_pump(has_median, NULL, PATIENCE_MS));
    g_autofree char *after = recipe_text();
    g_assert_cmpstr(after, ==, before);
}

/* ---- the live view ---- */

static gboolean sees_frames(gpointer least)
{
    return cel_measure_panel_seen(measure_panel()) >= GPOINTER_TO_UINT(least);
}

static gboolean is_quiet(gpointer data)
{
    (void)data;
    return !cel_measure_panel_is_live(measure_panel());
}

static void start_live(const char *settings)
{
    ui_open_instrument(window, "simulated:785", settings);
    cel_work_page_show_tool(page, "measure");
    ui_pump_idle(window, 100);
    cel_measure_panel_toggle_live(measure_panel());
    g_assert_true(cel_measure_panel_is_live(measure_panel()));
}

static void the_live_view_keeps_up_and_escape_ends_it(void)
{
    start_live("sample=polystyrene,seed=3,speed=50");
    g_assert_true(ui_pump(sees_frames, GUINT_TO_POINTER(30), PATIENCE_MS));
    const CelPlotTrace *live = cel_plot_model_live(cel_plot_view_model(cel_work_page_plot(page)));
    g_assert_nonnull(live);
    gtk_widget_activate_action(GTK_WIDGET(page), "window.back", NULL); /* what Escape is bound to */
    g_assert_true(ui_pump(is_quiet, NULL, 2000));
    const char *id = NULL;
    cel_window_page(window, &id);
    g_assert_cmpstr(id, ==, "workbench");
    const guint64 stopped_at = cel_measure_panel_seen(measure_panel());
    ui_pump(NULL, NULL, 200);
    g_assert_cmpuint(cel_measure_panel_seen(measure_panel()), ==, stopped_at);
}

static void leaving_the_page_ends_the_live_view(void)
{
    start_live("sample=polystyrene,seed=3,speed=50");
    g_assert_true(ui_pump(sees_frames, GUINT_TO_POINTER(3), PATIENCE_MS));
    cel_window_show(window, "welcome", NULL, NULL);
    g_assert_true(ui_pump(is_quiet, NULL, 2000));
    cel_window_show(window, "workbench", NULL, NULL);
    ui_pump(NULL, NULL, 50);
}

static void told(gpointer count)
{
    ++*(guint *)count;
}

static void only_the_newest_frame_waits(void)
{
    enum { N = 16, FRAMES = 100 };
    CelDeviceDescription description = {.n_pixels = N, .instrument.saturation_counts = 1000};
    double counts[N] = {0};
    guint n_told = 0;
    CelLiveFeed *feed = cel_live_feed_new(&description, told, &n_told);
    for (guint64 i = 1; i <= FRAMES; i++) {
        counts[3] = i == FRAMES ? 1000.0 : (double)i;
        cel_live_feed_put(&(CelLiveFrame){.counts = counts, .n = N, .number = i}, feed);
        if (i == 1)
            g_assert_cmpuint(n_told, <=, 1);
    }
    ui_pump(NULL, NULL, 20);
    CelLiveSeen seen;
    g_assert_true(cel_live_feed_take(feed, &seen));
    g_assert_cmpuint(seen.number, ==, FRAMES);
    g_assert_cmpuint(seen.saturated, ==, 1);
    g_assert_cmpuint(cel_plot_trace_curve(seen.trace)->mask[3], ==, CEL_MASK_SATURATED);
    g_assert_cmpuint(cel_plot_trace_curve(seen.trace)->mask[4], ==, 0);
    cel_plot_trace_unref(seen.trace);
    g_assert_false(cel_live_feed_take(feed, &seen));
    cel_live_feed_close(feed);
    cel_live_feed_unref(feed);
}

static void saturated_counts_are_marked_in_the_plot(void)
{
    start_live("sample=polystyrene,seed=3,signal=1000,fluorescence=1000,speed=50");
    cel_measure_panel_stop(measure_panel());
    g_assert_true(ui_pump(is_quiet, NULL, 2000));
    GtkWidget *row =
        ui_find(GTK_WIDGET(measure_panel()), ADW_TYPE_ACTION_ROW, "Choose the time automatically");
    gtk_switch_set_active(GTK_SWITCH(ui_find(row, GTK_TYPE_SWITCH, NULL)), FALSE);
    cel_measure_panel_toggle_live(measure_panel());
    g_assert_true(ui_pump(sees_frames, GUINT_TO_POINTER(2), PATIENCE_MS));
    const CelPlotCurve *curve =
        cel_plot_trace_curve(cel_plot_model_live(cel_plot_view_model(cel_work_page_plot(page))));
    gsize marked = 0;
    for (gsize i = 0; i < curve->n; i++)
        marked += curve->mask[i] == CEL_MASK_SATURATED ? 1 : 0;
    cel_measure_panel_stop(measure_panel());
    g_assert_true(ui_pump(is_quiet, NULL, 2000));
    g_assert_cmpuint(marked, >, 100);
}

/* ---- light ---- */

static void check_all(GtkWidget *root)
{
    if (GTK_IS_CHECK_BUTTON(root))
        gtk_check_button_set_active(GTK_CHECK_BUTTON(root), TRUE);
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        check_all(child);
}

static void no_light_without_answers_and_each_holds_for_one_light(void)
{
    CelDeviceDescription description = {.n_pixels = 16,
                                        .integration_min_ms = 1.0,
                                        .integration_max_ms = 1000.0,
                                        .instrument.saturation_counts = 1000,
                                        .capabilities = {.laser = CEL_LASER_BUILT_IN,
                                                         .laser_mw_settable = TRUE,
                                                         .laser_mw_min = 1.0,
                                                         .laser_mw_max = 100.0,
                                                         .laser_mw_default = 50.0}};
    GtkWidget *widget = g_object_ref_sink(cel_exposure_box_new());
    CelExposureBox *box = CEL_EXPOSURE_BOX(widget);
    g_autoptr(GError) error = NULL;
    cel_exposure_box_set_instrument(box, &description);
    g_assert_false(cel_exposure_box_may(box, FALSE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    check_all(widget);
    g_assert_false(cel_exposure_box_may(box, FALSE, NULL));
    ui_click(widget, "Not known");
    g_assert_true(cel_exposure_box_may(box, FALSE, NULL)); /* a ramp */
    g_assert_false(cel_exposure_box_may(box, TRUE, NULL)); /* never in the live view */
    cel_exposure_box_used(box);
    g_assert_false(cel_exposure_box_may(box, FALSE, NULL));
    g_object_unref(widget);
}

/* ---- bands ---- */

static gboolean has_peaks(gpointer data)
{
    (void)data;
    return cel_peaks_panel_peaks(CEL_PEAKS_PANEL(cel_work_page_tool(page, "peaks"))) != NULL;
}

/* As src/cli/cli-process.c does it. */
static GArray *peaks_of_the_command_line(const CelMeasurement *measurement)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_default(measurement->calibration.laser_nm);
    g_autoptr(CelSpectrum) spectrum = cel_bench_process(measurement, recipe, NULL, NULL, NULL);
    const CelPeakOptions options = cel_peakfit_usual(spectrum, CEL_PEAKFIT_SMALLEST_PERCENT);
    return cel_peakfit_spectrum(spectrum, &options, NULL, NULL, NULL);
}

static void the_bands_are_those_of_the_command_line(void)
{
    need_measurement();
    start_recipe();
    cel_work_page_show_tool(page, "peaks");
    CelPeaksPanel *panel = CEL_PEAKS_PANEL(cel_work_page_tool(page, "peaks"));
    cel_peaks_panel_fit(panel);
    g_assert_true(ui_pump(has_peaks, NULL, PATIENCE_MS));
    CelWorkItem *item = cel_work_session_current(cel_work_page_session(page));
    g_autoptr(GArray) wanted = peaks_of_the_command_line(cel_work_item_measurement(item));
    const GArray *shown = cel_peaks_panel_peaks(panel);
    g_assert_cmpuint(shown->len, ==, wanted->len);
    g_assert_cmpuint(shown->len, >, 3);
    g_assert_true(memcmp(shown->data, wanted->data, shown->len * sizeof(CelPeak)) == 0);
}

static void the_copied_table_has_a_line_a_band(void)
{
    CelPeaksPanel *panel = CEL_PEAKS_PANEL(cel_work_page_tool(page, "peaks"));
    g_autofree char *table = cel_peaks_panel_table(panel);
    g_auto(GStrv) lines = g_strsplit(g_strstrip(table), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, cel_peaks_panel_peaks(panel)->len + 1);
    g_auto(GStrv) cells = g_strsplit(lines[1], "\t", -1);
    g_assert_cmpuint(g_strv_length(cells), ==, 8);
}

/* ---- mixtures ---- */

static gboolean has_answer(gpointer data)
{
    (void)data;
    return cel_mixture_panel_answer(CEL_MIXTURE_PANEL(cel_work_page_tool(page, "mixture"))) != NULL;
}

static void both_substances_of_a_mixture_are_shown_without_any_share(void)
{
    work_put_mixture(window, page, folder);
    cel_work_page_show_tool(page, "mixture");
    GtkWidget *panel = GTK_WIDGET(cel_work_page_tool(page, "mixture"));
    cel_mixture_panel_identify(CEL_MIXTURE_PANEL(panel));
    g_assert_true(ui_pump(has_answer, NULL, PATIENCE_MS));
    ui_pump_idle(window, 50);
    g_assert_nonnull(ui_find(panel, ADW_TYPE_ACTION_ROW, "Calcite"));
    g_assert_nonnull(ui_find(panel, ADW_TYPE_ACTION_ROW, "Sulfur"));
    /* the sample, two components, what is left */
    const GPtrArray *traces = cel_plot_model_traces(cel_plot_view_model(cel_work_page_plot(page)));
    g_assert_cmpuint(traces->len, ==, 4);
    GtkWidget *row = ui_find(panel, ADW_TYPE_ACTION_ROW, "Calcite");
    g_assert_null(strchr(adw_action_row_get_subtitle(ADW_ACTION_ROW(row)), '%'));
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    cel_window_show(window, "workbench", NULL, NULL);
    ui_pump_idle(window, 50);
    page = CEL_WORK_PAGE(cel_window_page(window, NULL));
#define ADD(path, function) g_test_add_func("/work/" path, function)
    ADD("editor/exact", every_parameter_of_every_step_has_a_control_that_writes_it_exactly);
    ADD("editor/all", every_step_opens_in_the_editor_with_all_its_controls);
    ADD("editor/words", every_choice_and_unit_is_shown_in_words);
    ADD("editor/range", a_value_out_of_range_is_marked_and_changes_nothing);
    ADD("recipe/undo", what_is_typed_into_a_control_stands_in_the_recipe_and_goes_back);
    ADD("recipe/exploratory", a_recipe_that_departs_from_the_method_says_that_it_is_exploratory);
    ADD("recipe/overtaken", a_run_that_is_overtaken_is_cancelled_and_never_shown);
    ADD("recipe/file", a_recipe_comes_back_from_its_file_to_the_letter);
    ADD("live/keeps-up", the_live_view_keeps_up_and_escape_ends_it);
    ADD("live/leave", leaving_the_page_ends_the_live_view);
    ADD("live/newest", only_the_newest_frame_waits);
    ADD("live/saturated", saturated_counts_are_marked_in_the_plot);
    ADD("light/answers", no_light_without_answers_and_each_holds_for_one_light);
    ADD("peaks/command-line", the_bands_are_those_of_the_command_line);
    ADD("peaks/table", the_copied_table_has_a_line_a_band);
    ADD("mixture/both", both_substances_of_a_mixture_are_shown_without_any_share);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
