/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-barrier.h"
#include "match/cel-inquiry.h"
#include "match/cel-mixture.h"

/* What recorded blanks leave must stand this high, 0..1 of the sample's strongest band: below, it
 * is as likely what two measurements of one bag differ by. */
#define LEAST_LEFT 0.05
/* A band of this height, 0..1 of the strongest, that the substance found does not explain asks for
 * a second one. */
#define LEAST_EXTRA 0.1

static CelEntryName entry_name(guint entry, gpointer user_data)
{
    const CelItem *item = cel_inquiry_item(user_data, entry);
    return (CelEntryName){item->substance, item->reference};
}

/* Calls @use with everything that a fit of the sample needs. */
static void with_fit_input(CelInquiry *s, void (*use)(CelInquiry *s, const CelUnmixInput *input))
{
    g_autoptr(CelView) raw = s->carrying != NULL ? cel_view_of(s->carrying) : NULL;
    const CelUnmixInput input = {
        .sample = s->view,
        .raw = raw,
        .search = s->matcher->search,
        .is_usable = s->matcher->is_measured,
        .ranked = s->ranked,
        .blanks = (const CelView *const *)s->blanks,
        .n_blanks = s->n_blanks,
        .axis_u_cm1 = s->state.axis_u_cm1,
        .name = entry_name,
        .user_data = s,
    };
    use(s, &input);
}

/* Where the free fit has no packaging but the best hit is what packaging is made of, that. */
static void try_packaging(CelInquiry *s, const CelUnmixInput *input)
{
    const guint best = g_array_index(s->ranked, CelCandidate, 0).entry;
    if (cel_mixture_has(s->answer->mixture, CEL_COMPONENT_PACKAGING) || !input->is_usable[best])
        return;
    CelUnmixInput alone = *input;
    alone.only = &best;
    alone.n_only = 1;
    CelMixture *fit = cel_mixture_fit(&alone);
    if (!cel_mixture_has(fit, CEL_COMPONENT_PACKAGING)) {
        cel_mixture_free(fit);
        return;
    }
    cel_mixture_free(s->answer->mixture);
    s->answer->mixture = fit;
}

/* Several references without a blank; what packaging of the library explains is looked behind. */
static void fit_together(CelInquiry *s, const CelUnmixInput *input)
{
    double left = 0;
    s->answer->mixture = cel_mixture_fit(input);
    if (s->answer->mixture == NULL || cel_mixture_explains(s->answer->mixture))
        return;
    try_packaging(s, input);
    g_autoptr(CelView) view = cel_mixture_has(s->answer->mixture, CEL_COMPONENT_PACKAGING)
                                  ? cel_barrier_remove(input, s->answer->mixture, &left)
                                  : NULL;
    const CelSearchOptions options = {.axis_u_cm1 = input->axis_u_cm1,
                                      .without = s->matcher->options.without};
    g_autoptr(GArray) behind = view != NULL && left >= LEAST_LEFT
                                   ? cel_search_run(s->matcher->search, view, &options)
                                   : g_array_ref(s->ranked);
    s->answer->mixture = cel_mixture_rename(input, s->answer->mixture, behind);
}

gboolean cel_inquiry_read_blanks(CelInquiry *s, const CelSample *sample, CelJob *job,
                                 GError **error)
{
    for (gsize b = 0; b < MIN(sample->n_barriers, CEL_UNMIX_MAX_BLANKS); b++) {
        const CelSpectrum *raw = sample->barriers[b];
        if (!cel_inquiry_check(raw, error))
            return FALSE;
        const gboolean is_removed =
            g_strcmp0(cel_spectrum_meta(raw, CEL_META_BASELINE), "removed") == 0;
        g_autoptr(CelRecipe) recipe = cel_matcher_recipe(s->matcher, s->laser_nm, is_removed);
        g_autoptr(CelSpectrum) done = cel_recipe_run(recipe, raw, NULL, NULL, job, error);
        if (done == NULL)
            return FALSE;
        s->blanks[s->n_blanks] = cel_view_of(done);
        s->n_blanks += s->blanks[s->n_blanks] != NULL;
    }
    return TRUE;
}

static void forget_search(CelInquiry *s)
{
    g_clear_pointer(&s->lines, g_array_unref);
    g_clear_pointer(&s->ranked, g_array_unref);
    g_ptr_array_set_size(s->answer->hits, 0);
}

/* The recorded blanks explain what they can; the hits are made anew on what they leave, and its
 * strongest band is what stands over the noise. */
static void search_behind_blanks(CelInquiry *s, const CelUnmixInput *input)
{
    s->answer->mixture = cel_mixture_fit(input);
    if (!cel_mixture_has(s->answer->mixture, CEL_COMPONENT_BLANK))
        return;
    CelView *left = cel_barrier_remove(input, s->answer->mixture, &s->left);
    s->answer->quality.snr *= s->left;
    s->behind = left != NULL && s->left >= LEAST_LEFT ? CEL_WHY_BARRIER : CEL_WHY_BARRIER_ONLY;
    CelView *whole = s->view;
    s->view = left;
    forget_search(s);
    if (s->behind == CEL_WHY_BARRIER) {
        cel_inquiry_search(s);
        s->answer->mixture = cel_mixture_rename(input, s->answer->mixture, s->ranked);
    } else {
        g_clear_pointer(&s->view, cel_view_free);
    }
    cel_view_free(whole);
}

void cel_inquiry_look_behind(CelInquiry *s)
{
    if (s->view != NULL && s->n_blanks > 0)
        with_fit_input(s, search_behind_blanks);
}

/* Whether a second substance is worth a look: none was named, or bands are left over beside what
 * was, be it only as a lead. A measurement that carries nothing has no parts either. */
static gboolean asks_for_more(const CelIdentification *answer)
{
    switch (answer->outcome) {
    case CEL_OUTCOME_NOTHING_CLAIMED:
        return TRUE;
    case CEL_OUTCOME_FOUND:
    case CEL_OUTCOME_CLASS_ONLY:
        return answer->extra_height >= LEAST_EXTRA;
    case CEL_OUTCOME_INCONCLUSIVE:
        return answer->lead_id != NULL && answer->extra_height >= LEAST_EXTRA;
    case CEL_OUTCOME_MIXTURE:
    case CEL_OUTCOME_REFUSED:
    case CEL_N_OUTCOMES:
    default:
        return FALSE;
    }
}

void cel_inquiry_fit_together(CelInquiry *s, const CelDecisionInput *input)
{
    if (s->answer->mixture == NULL && s->view != NULL && asks_for_more(s->answer))
        with_fit_input(s, fit_together);
    if (s->answer->mixture != NULL && asks_for_more(s->answer))
        cel_mixture_claim(s->answer, input);
}
