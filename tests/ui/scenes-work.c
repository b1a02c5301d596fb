/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenes.h"
#include "work-fixture.h"
#include "work/cel-compare-panel.h"
#include "work/cel-measure-panel.h"
#include "work/cel-mixture-panel.h"
#include "work/cel-peaks-panel.h"
#include "work/cel-recipe-panel.h"
#include "work/cel-work-page.h"

enum { PATIENCE_MS = 60000 };

static CelWorkPage *bench(CelWindow *window)
{
    cel_window_show(window, "workbench", NULL, NULL);
    CelWorkPage *page = CEL_WORK_PAGE(cel_window_page(window, NULL));
    cel_measure_panel_stop(CEL_MEASURE_PANEL(cel_work_page_tool(page, "measure")));
    ui_pump_idle(window, 100);
    return page;
}

static guint n_items(CelWorkPage *page)
{
    return g_list_model_get_n_items(cel_work_session_items(cel_work_page_session(page)));
}

static CelMeasurePanel *measure_panel(CelWorkPage *page)
{
    return CEL_MEASURE_PANEL(cel_work_page_tool(page, "measure"));
}

/* Two measurements, once a program. */
static CelWorkPage *filled(CelWindow *window)
{
    CelWorkPage *page = bench(window);
    if (n_items(page) == 0) {
        work_take(window, page, "sample=calcite,seed=7");
        work_take(window, page, "sample=polystyrene,seed=3");
    }
    return page;
}

static void empty(CelWindow *window, const char *folder)
{
    (void)folder;
    CelWorkPage *page = bench(window);
    cel_work_page_show_tool(page, "compare");
    ui_pump_idle(window, 100);
}

static gboolean sees_frames(gpointer page)
{
    return cel_measure_panel_seen(measure_panel(page)) > 5;
}

static void live(CelWindow *window, const char *folder)
{
    (void)folder;
    CelWorkPage *page = bench(window);
    cel_work_page_show_tool(page, "measure");
    ui_open_instrument(window, "simulated:785", "sample=polystyrene,seed=3,fluorescence=4,speed=2");
    ui_pump_idle(window, 100);
    cel_measure_panel_toggle_live(measure_panel(page));
    g_assert_true(ui_pump(sees_frames, page, PATIENCE_MS));
}

static void measured(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_work_page_show_tool(filled(window), "measure");
    ui_pump_idle(window, 200);
}

static void recipe(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_work_page_show_tool(filled(window), "recipe");
    ui_pump(NULL, NULL, 600);
    ui_pump_idle(window, 200);
}

static gboolean is_baseline(CelStepRow *row)
{
    return g_str_has_prefix(cel_step_row_step(row)->id, "baseline.");
}

static void recipe_step(CelWindow *window, const char *folder)
{
    recipe(window, folder);
    CelWorkPage *page = CEL_WORK_PAGE(cel_window_page(window, NULL));
    CelRecipePanel *panel = CEL_RECIPE_PANEL(cel_work_page_tool(page, "recipe"));
    for (guint i = 0; cel_recipe_panel_row(panel, i) != NULL; i++) {
        CelStepRow *row = cel_recipe_panel_row(panel, i);
        if (!is_baseline(row))
            continue;
        cel_param_editor_type(cel_step_row_editor(row, 0), "1e4");
        adw_expander_row_set_expanded(ADW_EXPANDER_ROW(row), TRUE);
    }
    ui_pump(NULL, NULL, 800);
    ui_pump_idle(window, 200);
}

static void compare(CelWindow *window, const char *folder)
{
    (void)folder;
    CelWorkPage *page = filled(window);
    CelComparePanel *panel = CEL_COMPARE_PANEL(cel_work_page_tool(page, "compare"));
    cel_work_page_show_tool(page, "compare");
    cel_compare_panel_set_spread(panel, 0.5, TRUE);
    cel_compare_panel_search(panel, "calc");
    ui_pump(NULL, NULL, 500);
    ui_pump_idle(window, 200);
}

static gboolean has_peaks(gpointer panel)
{
    return cel_peaks_panel_peaks(panel) != NULL;
}

static void peaks(CelWindow *window, const char *folder)
{
    (void)folder;
    CelWorkPage *page = filled(window);
    CelPeaksPanel *panel = CEL_PEAKS_PANEL(cel_work_page_tool(page, "peaks"));
    cel_work_page_show_tool(page, "peaks");
    cel_peaks_panel_set_range(panel, 950.0, 1250.0);
    g_assert_true(ui_pump(has_peaks, panel, PATIENCE_MS));
    ui_pump_idle(window, 200);
}

static gboolean has_answer(gpointer panel)
{
    return cel_mixture_panel_answer(panel) != NULL;
}

static void identify(CelWindow *window, CelWorkPage *page)
{
    CelMixturePanel *panel = CEL_MIXTURE_PANEL(cel_work_page_tool(page, "mixture"));
    cel_work_page_show_tool(page, "mixture");
    cel_mixture_panel_identify(panel);
    g_assert_true(ui_pump(has_answer, panel, PATIENCE_MS));
    ui_pump_idle(window, 200);
}

static void one_substance(CelWindow *window, const char *folder)
{
    (void)folder;
    identify(window, filled(window));
}

static void mixture(CelWindow *window, const char *folder)
{
    static CelWorkItem *sum;
    CelWorkPage *page = filled(window);
    if (sum == NULL)
        sum = work_put_mixture(window, page, folder);
    cel_work_session_set_current(cel_work_page_session(page), sum);
    identify(window, page);
}

/* On a small screen the panel lies over the plot. */
static void over_the_plot(CelWindow *window, const char *tool)
{
    CelWorkPage *page = filled(window);
    gtk_window_set_default_size(GTK_WINDOW(window), 800, 480);
    ui_pump_idle(window, 400);
    cel_work_page_show_tool(page, tool);
    ui_pump_idle(window, 400);
}

static void small_measure(CelWindow *window, const char *folder)
{
    (void)folder;
    over_the_plot(window, "measure");
}

static void small_recipe(CelWindow *window, const char *folder)
{
    recipe_step(window, folder);
    over_the_plot(window, "recipe");
}

const UiScene ui_scenes_work[] = {
    {"work-empty", empty, FALSE},
    {"work-live", live, FALSE},
    {"work-measured", measured, FALSE},
    {"work-recipe", recipe, FALSE},
    {"work-recipe-step", recipe_step, FALSE},
    {"work-compare", compare, FALSE},
    {"work-peaks", peaks, FALSE},
    {"work-one-substance", one_substance, FALSE},
    {"work-mixture", mixture, FALSE},
    {"work-small-measure", small_measure, FALSE},
    {"work-small-recipe", small_recipe, FALSE},
    {NULL, NULL, FALSE},
};
