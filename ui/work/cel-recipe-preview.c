/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-recipe-preview.h"

#include "bench/cel-bench.h"

CelRecipePreview *cel_recipe_preview_new(CelWorkItem *item, CelRecipe *recipe, int stage)
{
    CelRecipePreview *preview = g_new0(CelRecipePreview, 1);
    preview->item = g_object_ref(item);
    preview->recipe = recipe;
    preview->stage = stage;
    return preview;
}

void cel_recipe_preview_free(gpointer data)
{
    CelRecipePreview *preview = data;
    if (preview == NULL)
        return;
    g_object_unref(preview->item);
    cel_recipe_free(preview->recipe);
    cel_spectrum_free(preview->before);
    cel_spectrum_free(preview->after);
    g_free(preview);
}

CelSpectrum *cel_recipe_process_item(CelWorkItem *item, const CelRecipe *recipe,
                                     GPtrArray **out_stages, CelJob *job, GError **error)
{
    const CelMeasurement *measurement = cel_work_item_measurement(item);
    return measurement != NULL
               ? cel_bench_process(measurement, recipe, out_stages, job, error)
               : cel_recipe_run(recipe, cel_work_item_spectrum(item), NULL, out_stages, job, error);
}

gboolean cel_recipe_preview_run(gpointer data, CelJob *job, GError **error)
{
    CelRecipePreview *preview = data;
    g_autoptr(GPtrArray) stages = NULL;
    g_autoptr(CelRecipe) nothing = cel_recipe_new("");
    g_autoptr(CelSpectrum) last =
        cel_recipe_process_item(preview->item, preview->recipe, &stages, job, error);
    if (last == NULL)
        return FALSE;
    const int stage = MIN(preview->stage, (int)stages->len - 1);
    preview->before = stage > 0 ? cel_spectrum_copy(g_ptr_array_index(stages, stage - 1))
                                : cel_recipe_process_item(preview->item, nothing, NULL, job, error);
    preview->after =
        stage >= 0 ? cel_spectrum_copy(g_ptr_array_index(stages, stage)) : g_steal_pointer(&last);
    return preview->before != NULL;
}
