/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-why-model.h"

#include "cel-words.h"
#include "match/cel-claims.h"
#include "match/cel-residual.h"
#include "match/cel-view.h"
#include "report/cel-report-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MAX_STICK_POINTS = 20000 };

/* ---- memory ---- */

static void band_clear(gpointer band)
{
    g_free(((CelWhyBand *)band)->assignment);
}

static void hit_free(gpointer data)
{
    CelWhyHit *hit = data;
    g_free(hit->id);
    g_free(hit->name);
    g_free(hit->about);
    g_free(hit->residual_note);
    g_array_unref(hit->bands);
    cel_plot_trace_unref(hit->reference);
    cel_plot_trace_unref(hit->residual);
    g_free(hit);
}

static void part_free(gpointer data)
{
    CelWhyPart *part = data;
    g_free(part->name);
    g_free(part->about);
    g_free(part);
}

CelWhyHit *cel_why_hit_new(void)
{
    CelWhyHit *hit = g_new0(CelWhyHit, 1);
    hit->bands = g_array_new(FALSE, FALSE, sizeof(CelWhyBand));
    g_array_set_clear_func(hit->bands, band_clear);
    return hit;
}

CelWhyModel *cel_why_model_new(CelResultFacts *facts)
{
    CelWhyModel *model = g_new0(CelWhyModel, 1);
    model->facts = facts;
    model->hits = g_ptr_array_new_with_free_func(hit_free);
    model->parts = g_ptr_array_new_with_free_func(part_free);
    model->left_hits = g_ptr_array_new_with_free_func(part_free);
    model->lines = g_ptr_array_new_with_free_func(g_free);
    model->stability = g_strdup("");
    return model;
}

void cel_why_model_free(CelWhyModel *model)
{
    if (model == NULL)
        return;
    cel_result_facts_free(model->facts);
    CelPlotTrace *const traces[] = {model->sample, model->raw, model->baseline, model->left};
    for (gsize i = 0; i < G_N_ELEMENTS(traces); i++)
        cel_plot_trace_unref(traces[i]);
    g_ptr_array_unref(model->hits);
    g_ptr_array_unref(model->parts);
    g_ptr_array_unref(model->left_hits);
    g_ptr_array_unref(model->lines);
    g_free(model->stability);
    g_free(model);
}

void cel_why_curve_clear(CelWhyCurve *curve)
{
    g_clear_pointer(&curve->x, g_free);
    g_clear_pointer(&curve->y, g_free);
}

/* ---- curves ---- */

void cel_why_scale(CelWhyCurve *curve)
{
    double highest = 0.0;
    for (gsize i = 0; i < curve->n; i++)
        highest = fmax(highest, curve->y[i]);
    for (gsize i = 0; highest > 0.0 && i < curve->n; i++)
        curve->y[i] /= highest;
}

static const char *word(CelReportWord which)
{
    return cel_report_word(which, cel_ui_is_chinese());
}

static CelPlotTrace *trace_of(const CelWhyCurve *curve, CelTraceRole role, const char *label)
{
    return cel_plot_trace_new(&(CelPlotCurve){.x = curve->x,
                                              .y = curve->y,
                                              .n = curve->n,
                                              .unit = CEL_UNIT_SHIFT_CM1,
                                              .role = role,
                                              .label = label});
}

gboolean cel_why_set_sample(CelWhyModel *model, const CelWhyCurve *sample)
{
    if (sample->n < 4)
        return FALSE;
    model->sample = trace_of(sample, CEL_TRACE_SAMPLE, word(CEL_WORD_SAMPLE));
    return TRUE;
}

static char *reference_label(const CelWhyHit *hit)
{
    return cel_ui_said_of(word(CEL_WORD_REFERENCE), hit->name);
}

/* Only what lies under the sample is drawn: the plot shows what was measured. */
static CelWhyCurve under(const CelWhyCurve *curve, const CelWhyCurve *sample)
{
    gsize first = 0, last = curve->n;
    while (first < last && curve->x[first] < sample->x[0])
        first++;
    while (last > first && curve->x[last - 1] > sample->x[sample->n - 1])
        last--;
    return (CelWhyCurve){curve->x + first, curve->y + first, last - first};
}

static char *residual_note(const CelResidual *residual, double shift_cm1)
{
    g_autofree char *scale = g_strdup_printf("%.3f", residual->scale);
    g_autofree char *moved = g_strdup_printf("%.2f", shift_cm1);
    g_autofree char *range =
        g_strdup_printf("%.0f\u2013%.0f", residual->x[0], residual->x[residual->n - 1]);
    g_autofree char *rms = g_strdup_printf("%.3f", residual->rms);
    return cel_claim_fill(word(CEL_WORD_RESIDUAL_NOTE), "A", scale, "S", moved, "R", range, "E",
                          rms, NULL);
}

/* With the sample's ends, without values: it stands under the sample on the same axis. */
static CelPlotTrace *whole_range(const CelResidual *residual, const CelWhyCurve *sample)
{
    const gsize n = residual->n;
    g_auto(CelWhyCurve) whole = {g_new(double, n + 2), g_new(double, n + 2), 0};
    if (sample->x[0] < residual->x[0]) {
        whole.x[whole.n] = sample->x[0];
        whole.y[whole.n++] = NAN;
    }
    memcpy(whole.x + whole.n, residual->x, n * sizeof *whole.x);
    memcpy(whole.y + whole.n, residual->y, n * sizeof *whole.y);
    whole.n += n;
    if (sample->x[sample->n - 1] > residual->x[n - 1]) {
        whole.x[whole.n] = sample->x[sample->n - 1];
        whole.y[whole.n++] = NAN;
    }
    return trace_of(&whole, CEL_TRACE_RESIDUAL, word(CEL_WORD_RESIDUAL));
}

void cel_why_hit_lay(CelWhyHit *hit, const CelWhyCurve *sample, const CelWhyCurve *reference,
                     double shift_cm1)
{
    g_auto(CelResidual) residual = {0};
    const CelSamples ours = {.x = sample->x, .y = sample->y, .n = sample->n};
    const CelSamples theirs = {.x = reference->x, .y = reference->y, .n = reference->n};
    const CelWhyCurve shown = under(reference, sample);
    g_autofree char *label = reference_label(hit);
    if (shown.n > 0)
        hit->reference = trace_of(&shown, CEL_TRACE_REFERENCE, label);
    if (sample->n < 4 || reference->n < 4 ||
        !cel_residual_init(&residual, &ours, &theirs, shift_cm1))
        return;
    hit->residual = whole_range(&residual, sample);
    hit->residual_note = residual_note(&residual, shift_cm1);
}

/* A table has positions and heights, no curve: sticks, so that nobody takes it for one. They stand
 * on a fine ground, as the painter joins the points of a curve. */
void cel_why_hit_sticks(CelWhyHit *hit, const CelWhyCurve *sample, const CelWhyCurve *table)
{
    hit->residual_note = g_strdup(word(CEL_WORD_NO_RESIDUAL));
    if (sample->n < 2 || table->n == 0)
        return;
    const double from = floor(sample->x[0]), to = ceil(sample->x[sample->n - 1]);
    const gsize n = (gsize)CLAMP(to - from, 2, MAX_STICK_POINTS);
    g_auto(CelWhyCurve) sticks = {g_new(double, n), g_new0(double, n), n};
    for (gsize i = 0; i < n; i++)
        sticks.x[i] = from + (double)i;
    for (gsize b = 0; b < table->n; b++) {
        const double at = round(table->x[b] - from);
        if (at >= 0 && at < (double)n)
            sticks.y[(gsize)at] = table->y[b];
    }
    cel_why_scale(&sticks);
    g_autofree char *label = reference_label(hit);
    hit->reference = trace_of(&sticks, CEL_TRACE_REFERENCE, label);
}

/* ---- bands ---- */

void cel_why_hit_add(CelWhyHit *hit, const CelWhyBand *band)
{
    g_array_append_val(hit->bands, *band);
}

static int by_position(gconstpointer a, gconstpointer b)
{
    const double x = ((const CelWhyBand *)a)->at_cm1, y = ((const CelWhyBand *)b)->at_cm1;
    return (x > y) - (x < y);
}

void cel_why_hit_sort(CelWhyHit *hit)
{
    g_array_sort(hit->bands, by_position);
}

/* ---- before the correction ---- */

static gssize baseline_step(const CelRecipe *recipe)
{
    for (gsize i = 0; i < cel_recipe_length(recipe); i++)
        if (g_str_has_prefix(cel_recipe_step(recipe, i)->id, "baseline."))
            return (gssize)i;
    return -1;
}

/* What a step took off: its input less its output, on the same samples. */
static CelPlotTrace *taken_off(const CelSpectrum *before, const CelSpectrum *after)
{
    const gsize n = cel_spectrum_length(before);
    if (cel_spectrum_length(after) != n)
        return NULL;
    CelWhyCurve curve = {g_memdup2(cel_spectrum_x(before), n * sizeof(double)), g_new(double, n),
                         n};
    for (gsize i = 0; i < n; i++)
        curve.y[i] = cel_spectrum_y(before)[i] - cel_spectrum_y(after)[i];
    CelPlotTrace *trace = trace_of(&curve, CEL_TRACE_BASELINE, _("background, taken off"));
    cel_why_curve_clear(&curve);
    return trace;
}

gboolean cel_why_set_stages(CelWhyModel *model, const CelMeasurement *measurement,
                            const CelRecipe *recipe, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) stages = NULL;
    const gssize step = baseline_step(recipe);
    g_autoptr(CelSpectrum) done = cel_bench_process(measurement, recipe, &stages, job, error);
    if (done == NULL)
        return FALSE;
    model->n_samples = measurement->n_pixels;
    if (step < 1 || (gsize)step >= stages->len)
        return TRUE;
    const CelSpectrum *before = g_ptr_array_index(stages, (guint)step - 1);
    model->raw = cel_plot_trace_new_spectrum(before, _("before the background was taken off"),
                                             CEL_TRACE_RAW);
    model->baseline = taken_off(before, g_ptr_array_index(stages, (guint)step));
    return TRUE;
}

/* ---- assignments ---- */

static const char *assignment_at(const CelSubstance *substance, double cm1)
{
    static const double same_cm1 = 3.0; /* as bands of a table and a reference agree */
    const CelBand *best = NULL;
    for (gsize i = 0; i < substance->n_bands; i++) {
        const CelBand *band = &substance->bands[i];
        if (fabs(band->shift_cm1 - cm1) <= same_cm1 && *band->assignment != '\0' &&
            (best == NULL || fabs(band->shift_cm1 - cm1) < fabs(best->shift_cm1 - cm1)))
            best = band;
    }
    return best != NULL ? best->assignment : NULL;
}

static const char *assignment_in(const CelLibrary *const *libraries, gsize n, const char *id,
                                 double cm1)
{
    const char *found = NULL;
    for (gsize i = 0; found == NULL && i < n; i++) {
        const CelSubstance *substance = cel_library_find(libraries[i], id);
        found = substance != NULL ? assignment_at(substance, cm1) : NULL;
    }
    return found;
}

/* What a reference does not explain is no band of its substance. */
static void assign(CelWhyHit *hit, const CelLibrary *const *libraries, gsize n)
{
    for (guint i = 0; hit->id != NULL && i < hit->bands->len; i++) {
        CelWhyBand *band = &g_array_index(hit->bands, CelWhyBand, i);
        if (band->kind == CEL_MARK_EXTRA || band->assignment != NULL ||
            !isfinite(band->reference_cm1))
            continue;
        band->assignment = g_strdup(assignment_in(libraries, n, hit->id, band->reference_cm1));
    }
}

void cel_why_model_assign(CelWhyModel *model, const CelLibrary *const *libraries, gsize n)
{
    for (guint i = 0; i < model->hits->len; i++)
        assign(g_ptr_array_index(model->hits, i), libraries, n);
}

/* ---- what a fit of several leaves ---- */

void cel_why_set_left(CelWhyModel *model, double first_cm1, const float *values, gsize n)
{
    if (n < 2)
        return;
    g_auto(CelWhyCurve) left = {g_new(double, n), g_new(double, n), n};
    for (gsize i = 0; i < n; i++) {
        left.x[i] = first_cm1 + CEL_VIEW_STEP_CM1 * (double)i;
        left.y[i] = values[i];
    }
    g_clear_pointer(&model->left, cel_plot_trace_unref);
    model->left = cel_plot_trace_new(
        &(CelPlotCurve){.x = left.x,
                        .y = left.y,
                        .n = n,
                        .unit = CEL_UNIT_SHIFT_CM1,
                        .role = CEL_TRACE_RESIDUAL,
                        .label = cel_report_word(CEL_WORD_SECTION_RESIDUAL, cel_ui_is_chinese())});
}

void cel_why_add_left_hit(CelWhyModel *model, const char *name, double cosine)
{
    CelWhyPart *part = g_new0(CelWhyPart, 1);
    part->name = g_strdup(name);
    part->weight = cosine;
    g_ptr_array_add(model->left_hits, part);
}
