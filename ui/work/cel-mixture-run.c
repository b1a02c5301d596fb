/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-mixture-run.h"

#include "cel-words.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* As the fit hands over what is left. */
static const double CURVE_STEP_CM1 = 2.0;

CelMixtureRun *cel_mixture_run_new(CelDesk *desk, CelWorkItem *item)
{
    CelMixtureRun *run = g_new0(CelMixtureRun, 1);
    run->desk = g_object_ref(desk);
    run->item = g_object_ref(item);
    run->traces = g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    return run;
}

void cel_mixture_run_free(gpointer data)
{
    CelMixtureRun *run = data;
    if (run == NULL)
        return;
    g_object_unref(run->desk);
    g_object_unref(run->item);
    g_clear_object(&run->answer);
    g_ptr_array_unref(run->traces);
    g_free(run);
}

char *cel_mixture_part_name(const CelMixturePart *part)
{
    if (part->substance == NULL)
        return g_strdup(_("Recorded blank of the packaging"));
    const char *name = cel_ui_pick(part->substance->name_zh, part->substance->name_en);
    if (*name == '\0')
        name = part->substance->id;
    return part->kind == CEL_COMPONENT_PACKAGING ? g_strdup_printf(_("Packaging: %s"), name)
                                                 : g_strdup(name);
}

/* ---- curves ---- */

static double strongest(const double *y, gsize n)
{
    double highest = 0.0;
    for (gsize i = 0; i < n; i++)
        highest = fmax(highest, y[i]);
    return highest;
}

/* The reference without its background, where it still has one. */
static CelSpectrum *flat_reference(const CelReference *reference)
{
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, reference->x, reference->n, NULL);
    g_autofree double *y = g_new(double, reference->n);
    g_autoptr(CelRecipe) recipe = cel_recipe_new("");
    for (gsize i = 0; i < reference->n; i++)
        y[i] = (double)reference->y[i];
    g_autoptr(CelSpectrum) raw = axis != NULL ? cel_spectrum_new(axis, y, NULL) : NULL;
    if (raw == NULL)
        return NULL;
    if (!reference->baseline_removed)
        cel_recipe_append_text(recipe, "baseline.arpls", NULL);
    return cel_recipe_run(recipe, raw, NULL, NULL, NULL, NULL);
}

/* A component as high as the fit has it, where the sample's axis has it. */
static void add_part(GPtrArray *traces, const CelMixturePart *part, double scale, guint index)
{
    g_autoptr(CelSpectrum) flat = part->reference != NULL ? flat_reference(part->reference) : NULL;
    if (flat == NULL)
        return;
    const gsize n = cel_spectrum_length(flat);
    const double *flat_x = cel_axis_values(cel_spectrum_axis(flat));
    const double highest = strongest(cel_spectrum_y(flat), n);
    g_autofree double *x = g_new(double, n), *y = g_new(double, n);
    g_autofree char *name = cel_mixture_part_name(part);
    for (gsize i = 0; i < n; i++) {
        x[i] = flat_x[i] - part->shift_cm1;
        y[i] = highest > 0.0 ? cel_spectrum_y(flat)[i] / highest * part->height * scale : 0.0;
    }
    const CelPlotCurve curve = {.x = x,
                                .y = y,
                                .n = n,
                                .unit = CEL_UNIT_SHIFT_CM1,
                                .role = cel_plot_overlay_role(index),
                                .label = name};
    g_ptr_array_add(traces, cel_plot_trace_new(&curve));
}

static void add_rest(GPtrArray *traces, const CelMixture *mixture, double scale)
{
    const gsize n = mixture->curve != NULL ? mixture->curve->len : 0;
    if (n < 2)
        return;
    g_autofree double *x = g_new(double, n), *y = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        x[i] = mixture->first_cm1 + CURVE_STEP_CM1 * (double)i;
        y[i] = (double)g_array_index(mixture->curve, float, i) * scale;
    }
    const CelPlotCurve curve = {.x = x,
                                .y = y,
                                .n = n,
                                .unit = CEL_UNIT_SHIFT_CM1,
                                .role = CEL_TRACE_RESIDUAL,
                                .label = _("Left over")};
    g_ptr_array_add(traces, cel_plot_trace_new(&curve));
}

static void add_curves(CelMixtureRun *run, const CelIdentification *answer)
{
    if (answer->processed == NULL)
        return;
    const double scale =
        strongest(cel_spectrum_y(answer->processed), cel_spectrum_length(answer->processed));
    g_ptr_array_add(run->traces,
                    cel_plot_trace_new_spectrum(answer->processed, cel_work_item_title(run->item),
                                                CEL_TRACE_SAMPLE));
    if (answer->mixture == NULL)
        return;
    for (guint i = 0; i < answer->mixture->parts->len; i++)
        add_part(run->traces, &g_array_index(answer->mixture->parts, CelMixturePart, i), scale, i);
    add_rest(run->traces, answer->mixture, scale);
}

/* ---- running ---- */

gboolean cel_mixture_run(gpointer data, CelJob *job, GError **error)
{
    CelMixtureRun *run = data;
    const CelMeasurement *measurement = cel_work_item_measurement(run->item);
    const CelBench *bench = cel_desk_wait_bench(run->desk, job, error);
    if (bench == NULL)
        return FALSE;
    if (measurement == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("A reference of a library is not identified: it is what others are compared "
                      "with. Choose a measurement or a file."));
        return FALSE;
    }
    g_autoptr(CelWork) work = cel_work_new(bench);
    cel_work_add(work, cel_measurement_copy(measurement));
    if (!cel_work_identify(work, job, error))
        return FALSE;
    run->answer = cel_answer_new(g_steal_pointer(&work), cel_work_item_title(run->item));
    add_curves(run, cel_answer_get(run->answer));
    return TRUE;
}
