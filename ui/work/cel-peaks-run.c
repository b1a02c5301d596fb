/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-peaks-run.h"

#include "work/cel-recipe-preview.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { FEWEST_POINTS = 8 };

CelPeaksRun *cel_peaks_run_new(CelWorkItem *item, CelRecipe *recipe, double from, double to)
{
    CelPeaksRun *run = g_new0(CelPeaksRun, 1);
    run->item = g_object_ref(item);
    run->recipe = recipe;
    run->from = from;
    run->to = to;
    return run;
}

void cel_peaks_run_free(gpointer data)
{
    CelPeaksRun *run = data;
    if (run == NULL)
        return;
    g_object_unref(run->item);
    cel_recipe_free(run->recipe);
    cel_spectrum_free(run->corrected);
    g_clear_pointer(&run->peaks, g_array_unref);
    g_free(run->model);
    g_free(run);
}

/* Returns: (transfer full): the samples @first to @first + @n of @whole. */
static CelSpectrum *part_of(const CelSpectrum *whole, gsize first, gsize n, GError **error)
{
    g_autoptr(CelAxis) axis = cel_axis_crop(cel_spectrum_axis(whole), first, n, error);
    if (axis == NULL)
        return NULL;
    CelSpectrum *part = cel_spectrum_new(axis, cel_spectrum_y(whole) + first, error);
    if (part != NULL && cel_spectrum_variance(whole) != NULL)
        cel_spectrum_set_variance(part, cel_spectrum_variance(whole) + first, NULL);
    if (part != NULL && cel_spectrum_mask(whole) != NULL)
        cel_spectrum_set_mask(part, cel_spectrum_mask(whole) + first);
    return part;
}

static CelSpectrum *chosen_part(const CelPeaksRun *run, gsize *out_first, GError **error)
{
    const CelAxis *axis = cel_spectrum_axis(run->corrected);
    if (!(run->to > run->from))
        return cel_spectrum_copy(run->corrected);
    const gsize first = cel_axis_nearest(axis, run->from), last = cel_axis_nearest(axis, run->to);
    *out_first = first;
    if (last - first + 1 >= FEWEST_POINTS)
        return part_of(run->corrected, first, last - first + 1, error);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The range holds %zu samples; a band cannot be fitted to so few. Choose a wider "
                  "one."),
                last - first + 1);
    return NULL;
}

static void add_model(CelPeaksRun *run, const CelSpectrum *part, gsize first)
{
    const gsize n = cel_spectrum_length(run->corrected);
    const double *x = cel_axis_values(cel_spectrum_axis(run->corrected));
    run->model = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        const gboolean inside = i >= first && i < first + cel_spectrum_length(part);
        run->model[i] = inside ? 0.0 : NAN;
        for (guint p = 0; inside && p < run->peaks->len; p++)
            run->model[i] += cel_peakfit_peak_value(&g_array_index(run->peaks, CelPeak, p), x[i]);
    }
}

gboolean cel_peaks_run(gpointer data, CelJob *job, GError **error)
{
    CelPeaksRun *run = data;
    gsize first = 0;
    run->corrected = cel_recipe_process_item(run->item, run->recipe, NULL, job, error);
    if (run->corrected == NULL)
        return FALSE;
    g_autoptr(CelSpectrum) part = chosen_part(run, &first, error);
    if (part == NULL)
        return FALSE;
    const CelPeakOptions options = cel_peakfit_usual(part, CEL_PEAKFIT_SMALLEST_PERCENT);
    run->peaks = cel_peakfit_spectrum(part, &options, &run->unfitted, job, error);
    if (run->peaks == NULL)
        return FALSE;
    add_model(run, part, first);
    return TRUE;
}
