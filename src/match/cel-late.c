/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-late.h"

#include <math.h>

enum {
    N_SIBLINGS = 8, /* references of one substance at most */
};

static gboolean bends(const CelStepDef *step)
{
    return g_str_has_prefix(step->id, "baseline.") || g_str_has_prefix(step->id, "smooth.");
}

CelSpectrum *cel_late_stage(const CelRecipe *recipe, const CelSpectrum *raw,
                            const GPtrArray *stages)
{
    gsize before = 0;
    while (before < cel_recipe_length(recipe) && !bends(cel_recipe_step(recipe, before)))
        before++;
    for (gsize i = before; i < cel_recipe_length(recipe); i++)
        if (!bends(cel_recipe_step(recipe, i)))
            return NULL;
    return cel_spectrum_copy(before > 0 ? g_ptr_array_index(stages, before - 1) : raw);
}

CelSpectrum *cel_late_sample(const CelRecipe *recipe, const CelSpectrum *raw,
                             const CelStepInputs *inputs, GError **error)
{
    g_autoptr(CelRecipe) rest = cel_recipe_new(cel_recipe_name(recipe));
    for (gsize i = 0; i < cel_recipe_length(recipe); i++) {
        const CelStepDef *step = cel_recipe_step(recipe, i);
        if (!bends(step))
            cel_recipe_append(rest, step, cel_params_copy(cel_recipe_params(recipe, i)));
    }
    return cel_recipe_run(rest, raw, inputs, NULL, NULL, error);
}

double cel_late_floor(double early, CelViewSet without)
{
    double scores[CEL_N_VIEWS];
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        scores[v] = cel_views[v].stage == CEL_STAGE_EARLY ? early : 0;
    return cel_views_fuse(scores, without);
}

/* The reference that the search liked best comes first, then its siblings. */
static void add_curves(const CelSearch *search, guint entry, guint rank, GArray *curves,
                       GArray *ranks)
{
    guint n = 0;
    const guint from = cel_search_siblings(search, entry, &n);
    for (guint i = 0; i <= MIN(n, N_SIBLINGS); i++) {
        const guint at = i == 0 ? entry : from + i - 1;
        if (i > 0 && at == entry)
            continue;
        const CelView *view = cel_search_view(search, at);
        const CelJointCurve curve = {.first = view->first, .n = view->n, .y_single = view->level};
        g_array_append_val(curves, curve);
        g_array_append_val(ranks, rank);
    }
}

/* Best score of each candidate; NAN where none of its references could be compared. */
static void pool(GArray *candidates, const GArray *ranks, const double *scores)
{
    for (guint i = 0; i < ranks->len; i++) {
        CelCandidate *c = &g_array_index(candidates, CelCandidate, g_array_index(ranks, guint, i));
        double *best = &c->views[CEL_VIEW_JOINT];
        if (!isnan(scores[i]) && (isnan(*best) || scores[i] > *best))
            *best = scores[i];
    }
}

gboolean cel_late_score(GArray *candidates, const CelSearch *search, const CelSpectrum *raw,
                        CelViewSet without, CelJointFit *out_fit)
{
    const CelCurve curve = {.x = cel_spectrum_x(raw),
                            .y = cel_spectrum_y(raw),
                            .mask = cel_spectrum_mask(raw),
                            .n = cel_spectrum_length(raw)};
    g_auto(CelGrid) grid = {0};
    if ((without & (1u << CEL_VIEW_JOINT)) != 0 || !cel_grid_init(&grid, &curve))
        return FALSE;
    g_autoptr(GArray) curves = g_array_new(FALSE, FALSE, sizeof(CelJointCurve));
    g_autoptr(GArray) ranks = g_array_new(FALSE, FALSE, sizeof(guint));
    const guint n = MIN(candidates->len, CEL_LATE_N);
    for (guint i = 0; i < n; i++)
        add_curves(search, g_array_index(candidates, CelCandidate, i).entry, i, curves, ranks);

    const CelJointCurve sample = {.first = grid.first, .n = grid.n, .y = grid.y, .mask = grid.mask};
    g_autofree double *scores = g_new(double, curves->len + 1);
    if (!cel_joint_scores(&sample, (const CelJointCurve *)(void *)curves->data, curves->len, scores,
                          out_fit))
        return FALSE;
    for (guint i = 0; i < candidates->len; i++)
        g_array_index(candidates, CelCandidate, i).views[CEL_VIEW_JOINT] = i < n ? NAN : 0;
    pool(candidates, ranks, scores);
    for (guint i = 0; i < candidates->len; i++)
        cel_candidate_rescore(&g_array_index(candidates, CelCandidate, i), without);
    cel_search_sort(candidates);
    return TRUE;
}
