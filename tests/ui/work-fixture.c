/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work-fixture.h"

#include "match/cel-library.h"
#include "work/cel-measure-panel.h"
#include "work/cel-recipe-preview.h"

#include <glib/gstdio.h>

enum { PATIENCE_MS = 60000 };

/** Wait: for so many spectra on the bench. */
typedef struct {
    CelWorkPage *page;
    guint n;
} Wait;

static guint n_items(CelWorkPage *page)
{
    return g_list_model_get_n_items(cel_work_session_items(cel_work_page_session(page)));
}

static gboolean has_items(gpointer data)
{
    const Wait *wait = data;
    return n_items(wait->page) >= wait->n;
}

CelWorkItem *work_take(CelWindow *window, CelWorkPage *page, const char *settings)
{
    CelMeasurePanel *panel = CEL_MEASURE_PANEL(cel_work_page_tool(page, "measure"));
    Wait wait = {page, n_items(page) + 1};
    cel_measure_panel_stop(panel);
    ui_open_instrument(window, "simulated:785", settings);
    ui_pump_idle(window, 100);
    cel_measure_panel_measure(panel);
    g_assert_true(ui_pump(has_items, &wait, PATIENCE_MS));
    ui_pump_idle(window, 50);
    return cel_work_session_current(cel_work_page_session(page));
}

static void add_reference(CelLibraryBuilder *builder, CelWorkItem *item, const char *const names[3])
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelRecipe) recipe = cel_recipe_default(785.0);
    g_autoptr(CelSpectrum) flat = cel_recipe_process_item(item, recipe, NULL, NULL, &error);
    g_assert_no_error(error);
    const gsize n = cel_spectrum_length(flat);
    g_autofree float *y = g_new(float, n);
    for (gsize i = 0; i < n; i++)
        y[i] = (float)cel_spectrum_y(flat)[i];
    const CelSubstance substance = {.id = names[0],
                                    .name_en = names[1],
                                    .name_zh = names[2],
                                    .class_id = "mineral",
                                    .ceiling = "substance",
                                    .usable = "yes"};
    const CelReference reference = {.name = names[0],
                                    .laser_nm = 785.0,
                                    .grade = CEL_GRADE_A,
                                    .source = "made",
                                    .licence = "none",
                                    .extra = "",
                                    .baseline_removed = TRUE,
                                    .n = n,
                                    .x = cel_axis_values(cel_spectrum_axis(flat)),
                                    .y = y};
    cel_library_builder_add_reference(builder, &substance, &reference, &error);
    g_assert_no_error(error);
}

static gboolean libraries_ready(gpointer desk)
{
    return cel_desk_facts(desk)->libraries_ready && *cel_desk_facts(desk)->lab_folder != '\0';
}

static gboolean has_library(gpointer desk)
{
    const CelBench *bench = cel_desk_bench(desk);
    gsize n = 0;
    if (bench != NULL)
        cel_bench_libraries(bench, &n);
    return n > 1 && libraries_ready(desk);
}

static void write_library(CelLibraryBuilder *builder, const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *libraries = g_build_filename(folder, "libraries", NULL);
    g_autofree char *path = g_build_filename(libraries, "made.library.h5", NULL);
    g_mkdir_with_parents(libraries, 0755);
    cel_library_builder_write(builder, path, &error);
    g_assert_no_error(error);
}

/* The light of both, each without its dark, on the dark of the first. */
static CelMeasurement *sum_of(const CelMeasurement *a, const CelMeasurement *b)
{
    CelMeasurement *sum = cel_measurement_copy(a);
    for (gsize i = 0; i < a->n_pixels; i++) {
        double dark = 0.0;
        for (gsize f = 0; f < b->n_dark_frames; f++)
            dark += b->dark_frames[f * b->n_pixels + i] / (double)b->n_dark_frames;
        for (gsize f = 0; f < a->n_frames; f++) {
            const gsize at = f * a->n_pixels + i;
            sum->frames[at] =
                0.5 * (a->frames[at] + b->frames[at] - dark) + 0.5 * a->dark_frames[i];
        }
    }
    return sum;
}

CelWorkItem *work_put_mixture(CelWindow *window, CelWorkPage *page, const char *folder)
{
    static const char *const calcite[] = {"made-calcite", "Calcite", "方解石"};
    static const char *const sulfur[] = {"made-sulfur", "Sulfur", "硫磺"};
    CelWorkItem *first = work_take(window, page, "sample=calcite,seed=7,cosmic_rate=0");
    CelWorkItem *second = work_take(window, page, "sample=sulfur,seed=8,cosmic_rate=0");
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    add_reference(builder, first, calcite);
    add_reference(builder, second, sulfur);
    write_library(builder, folder);
    cel_desk_open_lab(cel_window_desk(window), folder, NULL, NULL);
    g_assert_true(ui_pump(has_library, cel_window_desk(window), PATIENCE_MS));
    ui_sign_in(window, folder, "technician");
    cel_window_show(window, "workbench", NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelWorkItem) sum = cel_work_item_new_measured(
        CEL_WORK_MEASURED, "Calcite + sulfur",
        sum_of(cel_work_item_measurement(first), cel_work_item_measurement(second)), &error);
    g_assert_no_error(error);
    cel_work_session_add(cel_work_page_session(page), sum);
    return sum;
}
