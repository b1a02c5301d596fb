/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-inquiry.h"
#include "match/cel-mixture.h"

static void judge_again(gpointer data, CelView *view, GArray *ranked, CelIdentification *answer)
{
    CelInquiry again = *(const CelInquiry *)data;
    const double u = again.state.axis_u_cm1 > 0 ? again.state.axis_u_cm1 : 1.0;
    answer->quality = again.answer->quality;
    answer->policy = again.answer->policy;
    answer->simulated = again.answer->simulated;
    again.answer = answer;
    again.again = TRUE;
    again.view = view;
    again.ranked = ranked;
    again.lines = cel_lines_of_view(view, u);
    cel_inquiry_rerank(&again);
    cel_inquiry_judge_axis(&again);
    cel_inquiry_decide(&again);
    g_array_unref(again.lines);
}

/* The best, and those behind them that the first is not told from. */
static GArray *candidates(const CelInquiry *s)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(CelCandidate));
    const CelSubstance *first =
        cel_inquiry_item(s, g_array_index(s->ranked, CelCandidate, 0).entry)->substance;
    const double best = g_array_index(s->ranked, CelCandidate, 0).score;
    for (guint i = 0; i < s->ranked->len; i++) {
        const CelCandidate *c = &g_array_index(s->ranked, CelCandidate, i);
        const gboolean room = out->len < CEL_STABILITY_CANDIDATES + CEL_STABILITY_ALIKE;
        const gboolean near = i < CEL_STABILITY_LEAST || c->score >= best - CEL_STABILITY_BEHIND;
        if ((near && i < CEL_STABILITY_CANDIDATES) ||
            (room && cel_outcome_alike(first, cel_inquiry_item(s, c->entry)->substance)))
            g_array_append_vals(out, c, 1);
    }
    return out;
}

/* Fits of several references are not made again in a recalculation, so what one of them claimed or
 * took back cannot be compared. */
static gboolean hangs_on_a_fit(const CelIdentification *answer)
{
    return answer->outcome == CEL_OUTCOME_MIXTURE ||
           (answer->outcome == CEL_OUTCOME_INCONCLUSIVE && cel_mixture_outweighs(answer));
}

gboolean cel_inquiry_recalculate(CelInquiry *s, const CelSample *sample, CelJob *job,
                                 GError **error)
{
    const CelIdentifyOptions *options = &s->matcher->options;
    const guint runs =
        sample->stability_runs != 0 ? sample->stability_runs : options->stability_runs;
    if (runs == 0 || s->view == NULL || s->answer->hits->len == 0 || s->behind != CEL_N_CLAIMS ||
        hangs_on_a_fit(s->answer))
        return TRUE;
    guint reach = 0;
    g_autoptr(CelRecipe) recipe = cel_matcher_recipe(s->matcher, s->laser_nm, s->baseline_removed);
    g_autoptr(GPtrArray) bases = cel_stability_bases(recipe, sample, s->answer->processed);
    g_autofree double *smoothing = cel_stability_smoothing(recipe, &reach);
    g_autoptr(GArray) known = candidates(s);
    const double u = s->state.axis_u_cm1 > 0 ? s->state.axis_u_cm1 : 1.0;
    s->known_likeness = cel_alike_known_new();
    const CelStabilityInput input = {
        .search = s->matcher->search,
        .options = {.axis_u_cm1 = u, .without = options->without, .threads = options->threads},
        .disturb = {.raw = s->raw,
                    .bases = (const CelSpectrum *const *)bases->pdata,
                    .n_bases = bases->len,
                    .peaks = s->answer->peaks,
                    .smoothing = smoothing,
                    .reach = reach,
                    .axis_u_cm1 = u,
                    .resolution_cm1 = MAX(options->resolution_cm1, 0)},
        .candidates = known,
        .whole = options->stability_whole,
        .answer = s->answer,
        .runs = runs,
        .judge = judge_again,
        .data = s,
    };
    return cel_stability_run(&input, &s->answer->stability, job, error);
}
