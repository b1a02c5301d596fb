/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-stability.h"

#include "base/cel-number.h"
#include "match/cel-outcome.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* ---- what is disturbed ---- */

/* Scales the stiffness of one step's parameters. Returns: FALSE when it has none. */
static gboolean scale_stiffness(const CelStepDef *step, CelParams *params, double factor)
{
    for (gsize i = 0; i < step->n_params; i++) {
        const CelParamDef *def = &step->params[i];
        if (strcmp(def->key, "lambda") != 0)
            continue;
        const double value = CLAMP(cel_params_get(params, i) * factor, def->min, def->max);
        g_autofree char *text = cel_number_format(value);
        return cel_params_set_text(params, def->key, text, NULL);
    }
    return FALSE;
}

/* @recipe, its background @factor times stiffer; NULL when none of its steps has a stiffness. */
static CelRecipe *stiffer(const CelRecipe *recipe, double factor)
{
    g_autoptr(CelRecipe) out = cel_recipe_new(cel_recipe_name(recipe));
    gboolean scaled = FALSE;
    for (gsize i = 0; i < cel_recipe_length(recipe); i++) {
        const CelStepDef *step = cel_recipe_step(recipe, i);
        CelParams *params = cel_params_copy(cel_recipe_params(recipe, i));
        if (g_str_has_prefix(step->id, "baseline."))
            scaled = scale_stiffness(step, params, factor) || scaled;
        cel_recipe_append(out, step, params);
    }
    return scaled ? g_steal_pointer(&out) : NULL;
}

GPtrArray *cel_stability_bases(const CelRecipe *recipe, const CelSample *sample,
                               const CelSpectrum *done)
{
    const double by = cel_disturbance_sizes[CEL_DISTURB_BASELINE].size;
    const double factors[] = {by, 1 / by};
    GPtrArray *bases = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free);
    g_ptr_array_add(bases, cel_spectrum_copy(done));
    for (gsize f = 0; f < G_N_ELEMENTS(factors); f++) {
        g_autoptr(CelRecipe) other = stiffer(recipe, factors[f]);
        CelSpectrum *base =
            other != NULL ? cel_recipe_run(other, sample->raw, sample->inputs, NULL, NULL, NULL)
                          : NULL;
        if (base != NULL && cel_spectrum_length(base) == cel_spectrum_length(done))
            g_ptr_array_add(bases, base);
        else
            cel_spectrum_free(base);
    }
    return bases;
}

static CelRecipe *only_smoothing(const CelRecipe *recipe)
{
    CelRecipe *out = cel_recipe_new(cel_recipe_name(recipe));
    for (gsize i = 0; i < cel_recipe_length(recipe); i++)
        if (g_str_has_prefix(cel_recipe_step(recipe, i)->id, "smooth."))
            cel_recipe_append(out, cel_recipe_step(recipe, i),
                              cel_params_copy(cel_recipe_params(recipe, i)));
    return out;
}

double *cel_stability_smoothing(const CelRecipe *recipe, guint *out_reach)
{
    enum { REACH = 16, N = 8 * REACH + 1, MIDDLE = 4 * REACH };
    double x[N], y[N] = {0}, sum = 0;
    for (gsize i = 0; i < N; i++)
        x[i] = 1000.0 + CEL_VIEW_STEP_CM1 * (double)i;
    y[MIDDLE] = 1;
    g_autoptr(CelRecipe) smooth = only_smoothing(recipe);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    g_autoptr(CelSpectrum) single = cel_spectrum_new(axis, y, NULL);
    g_autoptr(CelSpectrum) done = cel_recipe_length(smooth) > 0
                                      ? cel_recipe_run(smooth, single, NULL, NULL, NULL, NULL)
                                      : NULL;
    *out_reach = 0;
    if (done == NULL || cel_spectrum_length(done) != N)
        return NULL;
    const double *found = cel_spectrum_y(done) + MIDDLE - REACH;
    for (gsize i = 0; i <= 2 * REACH; i++)
        sum += found[i];
    if (!(fabs(sum - 1) < 0.1)) /* a median says nothing of a single sample */
        return NULL;
    *out_reach = REACH;
    while (*out_reach > 0 && fabs(found[REACH - *out_reach]) < 1e-12 &&
           fabs(found[REACH + *out_reach]) < 1e-12)
        (*out_reach)--;
    return g_memdup2(found + REACH - *out_reach, (2 * *out_reach + 1) * sizeof *found);
}

/* ---- the runs ---- */

/* Where a copy is the sharper one, the references are the ones that are broadened. */
static CelView *broadened(const CelView *view, double by_cm1)
{
    g_autofree double *x = g_new(double, view->n);
    g_autofree guint8 *mask = g_malloc0(view->n);
    for (guint k = 0; k < view->n; k++)
        x[k] = (view->first + k) * CEL_VIEW_STEP_CM1;
    for (guint m = 0; m < view->n_masked; m++)
        mask[view->masked[m]] = CEL_MASK_SATURATED;
    const CelCurve curve = {.x = x, .y_single = view->level, .mask = mask, .n = view->n};
    return cel_view_new_broadened(&curve, by_cm1);
}

typedef struct {
    const CelStabilityInput *in;
    GPtrArray *broad;       /* CelView of each candidate */
    CelSearch *whole_broad; /* (nullable) */
} Runs;

static CelSearch *broadened_search(const CelSearch *search, double by_cm1)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    for (guint i = 0; i < cel_search_size(search); i++) {
        const CelEntry broad = {cel_search_slot(search, i),
                                broadened(cel_search_view(search, i), by_cm1)};
        g_array_append_val(entries, broad);
    }
    return cel_search_new(entries);
}

static void prepare(Runs *runs, double by_cm1)
{
    const CelStabilityInput *in = runs->in;
    runs->broad = g_ptr_array_new_with_free_func((GDestroyNotify)cel_view_free);
    if (in->whole)
        runs->whole_broad = by_cm1 > 0 ? broadened_search(in->search, by_cm1) : NULL;
    for (guint i = 0; !in->whole && i < in->candidates->len; i++) {
        const CelCandidate *c = &g_array_index(in->candidates, CelCandidate, i);
        g_ptr_array_add(runs->broad, broadened(cel_search_view(in->search, c->entry), by_cm1));
    }
}

static GArray *ranked(const Runs *runs, const CelView *view, const CelDisturbance *how)
{
    const CelStabilityInput *in = runs->in;
    const gboolean sharper = how->width < 0;
    if (in->whole)
        return cel_search_run(sharper ? runs->whole_broad : in->search, view, &in->options);
    const CelSearchAgain again = {
        .known = (const CelCandidate *)in->candidates->data,
        .references = sharper ? (const CelView *const *)runs->broad->pdata : NULL,
        .n = in->candidates->len,
        .axis_cm1 = in->answer->quality.axis_shift_cm1,
        .shift_cm1 = how->shift_cm1,
    };
    return cel_search_again(in->search, view, &in->options, &again);
}

static const char *first_id(const CelIdentification *answer)
{
    return answer->hits->len > 0
               ? ((const CelHit *)g_ptr_array_index(answer->hits, 0))->substance->id
               : "";
}

static void run(const Runs *runs, CelDisturber *disturber, CelStability *out)
{
    const CelStabilityInput *in = runs->in;
    CelDisturbance how;
    g_autoptr(CelView) view = cel_disturber_next(disturber, &how);
    out->runs++;
    if (view == NULL)
        return;
    g_autoptr(GArray) found = ranked(runs, view, &how);
    g_autoptr(CelIdentification) answer = cel_identification_new();
    in->judge(in->data, view, found, answer);
    out->same +=
        answer->outcome == in->answer->outcome && strcmp(answer->ceiling, in->answer->ceiling) == 0;
    out->same_first += strcmp(first_id(answer), first_id(in->answer)) == 0;
}

gboolean cel_stability_run(const CelStabilityInput *input, CelStability *out, CelJob *job,
                           GError **error)
{
    gboolean going = TRUE;
    Runs runs = {.in = input};
    g_autoptr(CelDisturber) disturber = cel_disturber_new(&input->disturb);
    *out = (CelStability){0};
    prepare(&runs, cel_disturber_sharper_by(disturber));
    for (guint r = 0; going && r < input->runs; r++) {
        going = cel_job_step(job, N_("Recalculating"), r, input->runs, error);
        if (going)
            run(&runs, disturber, out);
    }
    if (!going)
        *out = (CelStability){0};
    g_ptr_array_unref(runs.broad);
    cel_search_free(runs.whole_broad);
    return going;
}
