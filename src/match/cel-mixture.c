/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-mixture.h"

#include "base/cel-number.h"
#include "match/cel-barrier.h"

#include <math.h>
#include <string.h>

/* Rule 1.9 gives the bands; the others were chosen on development mixtures and on minerals taken
 * out of the library, which must not be explained by two others (README). */
static const CelMixtureLimits limits = {
    .max_parts = 4,
    .min_unshared = 2,
    .min_height = 0.03,
    .min_precision = 5,
    .max_residual = 0.05,
    .min_score = 0.85,
    .max_unexplained = 0.15,
};

/* A shift above this many standard uncertainties of the axis allows a lead at most (rule 1.5). */
#define SHIFT_LIMIT_U 3.0
/* A fit that leaves this many times the noise has met what its references do not draw: another
 * piece, another instrument, or another substance. */
#define TO_NOISE 1.5
/* From here on a residual's best entry is worth being named as a lead. */
#define RESIDUAL_LEAD 0.5

const CelMixtureLimits *cel_mixture_limits(void)
{
    return &limits;
}

static const CelMixturePart *part_at(const CelMixture *mixture, guint i)
{
    return &g_array_index(mixture->parts, CelMixturePart, i);
}

static gboolean part_holds(const CelMixturePart *part)
{
    if (part->kind == CEL_COMPONENT_BLANK)
        return TRUE;
    if (part->score > 0 && part->score < limits.min_score)
        return FALSE;
    return part->unshared >= limits.min_unshared && part->height >= limits.min_height &&
           part->spectral_weight >= limits.min_precision * part->spectral_weight_se;
}

gboolean cel_mixture_explains(const CelMixture *mixture)
{
    return mixture->residual <= TO_NOISE * mixture->noise + 0.01;
}

gboolean cel_mixture_holds(const CelMixture *mixture)
{
    guint substances = 0;
    if (mixture->parts->len < 2 || mixture->parts->len > limits.max_parts ||
        mixture->residual - mixture->noise > limits.max_residual ||
        mixture->unexplained > limits.max_unexplained)
        return FALSE;
    for (guint i = 0; i < mixture->parts->len; i++) {
        if (!part_holds(part_at(mixture, i)))
            return FALSE;
        substances += part_at(mixture, i)->kind == CEL_COMPONENT_SUBSTANCE;
    }
    return substances > 0;
}

/* ---- the fit ---- */

static gboolean is_same(const CelEntryName *a, const CelEntryName *b)
{
    return cel_outcome_alike(a->substance, b->substance);
}

CelMixture *cel_mixture_fit(const CelUnmixInput *asked)
{
    CelUnmixInput input = *asked;
    input.is_same = is_same;
    CelMixture *mixture = cel_unmix(&input);
    for (guint i = 0; mixture != NULL && i < mixture->parts->len; i++) {
        CelMixturePart *part = &g_array_index(mixture->parts, CelMixturePart, i);
        if (input.n_blanks == 0 && part->substance != NULL &&
            cel_barrier_is_packaging(part->substance))
            part->kind = CEL_COMPONENT_PACKAGING;
    }
    return mixture;
}

gboolean cel_mixture_has(const CelMixture *mixture, CelMixtureKind kind)
{
    for (guint i = 0; mixture != NULL && i < mixture->parts->len; i++)
        if (part_at(mixture, i)->kind == kind)
            return TRUE;
    return FALSE;
}

/* The best measured candidate that is not among @packaging, or NULL. */
static const CelCandidate *best_behind(const CelUnmixInput *input, const GArray *behind,
                                       const guint *packaging, gsize n_packaging)
{
    for (guint i = 0; i < behind->len; i++) {
        const CelCandidate *c = &g_array_index(behind, CelCandidate, i);
        gboolean is_known = !input->is_usable[c->entry];
        for (gsize k = 0; k < n_packaging && !is_known; k++) {
            const CelEntryName a = input->name(c->entry, input->user_data);
            const CelEntryName b = input->name(packaging[k], input->user_data);
            is_known = cel_outcome_alike(a.substance, b.substance);
        }
        if (!is_known)
            return c;
    }
    return NULL;
}

CelMixture *cel_mixture_rename(const CelUnmixInput *input, CelMixture *free, const GArray *behind)
{
    guint only[CEL_UNMIX_MAX_PARTS + 1];
    CelUnmixInput again = *input;
    again.ranked = NULL; /* @only is all that is asked for */
    if (cel_mixture_holds(free) || cel_mixture_explains(free))
        return free;
    for (guint i = 0; i < free->parts->len; i++)
        if (part_at(free, i)->kind == CEL_COMPONENT_PACKAGING)
            only[again.n_only++] = part_at(free, i)->entry;
    const CelCandidate *best = best_behind(input, behind, only, again.n_only);
    if (best == NULL)
        return free;
    only[again.n_only++] = best->entry;
    again.only = only;
    CelMixture *fit = cel_mixture_fit(&again);
    for (guint i = 0; fit != NULL && i < fit->parts->len; i++) {
        CelMixturePart *part = &g_array_index(fit->parts, CelMixturePart, i);
        if (part->kind == CEL_COMPONENT_BLANK || part->entry != best->entry)
            continue;
        part->score = best->score;
        cel_mixture_free(free);
        return fit;
    }
    cel_mixture_free(fit);
    return free;
}

/* ---- the claim ---- */

typedef struct {
    CelIdentification *answer;
    const CelDecisionInput *input;
} Case;

static const CelLibraryKind *kind_of(const Case *c, const CelSubstance *x)
{
    const CelLibraryKind *kind = NULL;
    for (gsize l = 0; kind == NULL && l < c->input->n_libraries; l++) {
        const CelLibrary *library = c->input->libraries[l];
        kind = *x->group_id != '\0' && !g_str_has_prefix(x->ceiling, "class:")
                   ? cel_library_group(library, x->group_id)
                   : cel_library_class(library, x->class_id);
    }
    return kind;
}

/* What may be named of a part: the substance, or its group where its ceiling is that. */
static const char *name_of(const Case *c, const CelSubstance *x, gboolean chinese)
{
    const gboolean is_capped =
        g_str_has_prefix(x->ceiling, "group:") || g_str_has_prefix(x->ceiling, "class:");
    const CelLibraryKind *kind = is_capped ? kind_of(c, x) : NULL;
    if (kind != NULL)
        return chinese ? kind->name_zh : kind->name_en;
    if (is_capped)
        return x->class_id;
    const char *name = chinese && *x->name_zh != '\0' ? x->name_zh : x->name_en;
    return *name != '\0' ? name : x->id;
}

static char *names_of(const Case *c, gboolean chinese)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < c->answer->mixture->parts->len; i++) {
        const CelMixturePart *part = part_at(c->answer->mixture, i);
        if (part->substance == NULL)
            continue;
        g_string_append(out, out->len == 0 ? "" : chinese ? "、" : " and ");
        g_string_append(out, name_of(c, part->substance, chinese));
    }
    return g_string_free(out, FALSE);
}

static char *hundredth(double value)
{
    return cel_number_format(round(value * 100) / 100);
}

void cel_mixture_tell_blanks(CelIdentification *answer, CelClaimId id, double left)
{
    const CelSentence *row = cel_claim(id);
    g_autofree char *v = hundredth(left);
    cel_outcome_why(answer, cel_claim_fill(row->en, "V", v, NULL),
                    cel_claim_fill(row->zh, "V", v, NULL));
}

static void because(const Case *c, CelClaimId id, const CelSubstance *x, double value)
{
    const CelSentence *row = cel_claim(id);
    g_autofree char *v = hundredth(value);
    g_autofree char *all_en = names_of(c, FALSE), *all_zh = names_of(c, TRUE);
    const char *en = x != NULL ? name_of(c, x, FALSE) : "-";
    const char *zh = x != NULL ? name_of(c, x, TRUE) : "-";
    cel_outcome_why(c->answer, cel_claim_fill(row->en, "X", en, "P", all_en, "V", v, NULL),
                    cel_claim_fill(row->zh, "X", zh, "P", all_zh, "V", v, NULL));
}

/* What a name of one substance would need of its reference, its own ceiling and the axis, every
 * part of a fit needs too. */
static gboolean may_name(const Case *c)
{
    const CelSampleState *state = &c->input->state;
    const double u = state->axis_u_cm1 > 0 ? state->axis_u_cm1 : 1.0;
    const gboolean is_development = c->answer->policy == CEL_POLICY_DEVELOPMENT;
    if (fabs(c->answer->mixture->shift_cm1) > SHIFT_LIMIT_U * u || c->input->reader_unvalidated ||
        (!is_development && g_strcmp0(state->axis_check, "ok") != 0))
        return FALSE;
    for (guint i = 0; i < c->answer->mixture->parts->len; i++) {
        const CelMixturePart *part = part_at(c->answer->mixture, i);
        if (part->substance != NULL && (strcmp(part->substance->ceiling, "lead") == 0 ||
                                        (part->reference->grade != CEL_GRADE_A && !is_development)))
            return FALSE;
    }
    return TRUE;
}

static void say_sentence(const Case *c)
{
    const CelSentence *row = cel_claim(CEL_CLAIM_MIXTURE);
    g_autofree char *en = names_of(c, FALSE), *zh = names_of(c, TRUE);
    g_free(c->answer->claim_en);
    g_free(c->answer->claim_zh);
    c->answer->claim_en = cel_claim_fill(row->en, "X", en, NULL);
    c->answer->claim_zh = cel_claim_fill(row->zh, "X", zh, NULL);
}

static void add_residual_lead(const Case *c)
{
    const CelMixture *mixture = c->answer->mixture;
    if (mixture->residual_hits->len == 0 || !(mixture->unexplained > 0))
        return;
    const CelResidualHit *hit = &g_array_index(mixture->residual_hits, CelResidualHit, 0);
    if (hit->score >= RESIDUAL_LEAD)
        because(c, CEL_WHY_RESIDUAL, hit->substance, hit->score);
}

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "mixture:calcite+pe": replicates agree when it is the same for all of them. */
static char *ceiling_of(const CelMixture *mixture)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (guint i = 0; i < mixture->parts->len; i++)
        if (part_at(mixture, i)->substance != NULL)
            g_ptr_array_add(ids, (gpointer)part_at(mixture, i)->substance->id);
    g_ptr_array_sort(ids, by_text);
    g_ptr_array_add(ids, NULL);
    g_autofree char *list = g_strjoinv("+", (char **)ids->pdata);
    return g_strconcat("mixture:", list, NULL);
}

/* A band of this height, 0..1 of the strongest, beside a name takes the name back when several
 * substances explain the spectrum: lower ones are often the same mineral's other piece. On the
 * development halves 0.1 takes 1.5 of a hundred right names of single minerals more, and none
 * leaves every fifth mixture with the name of one part. */
#define NOT_ALONE 0.2

gboolean cel_mixture_outweighs(const CelIdentification *answer)
{
    guint substances = 0;
    for (guint i = 0; answer->mixture != NULL && i < answer->mixture->parts->len; i++)
        substances += part_at(answer->mixture, i)->kind == CEL_COMPONENT_SUBSTANCE;
    return substances > 1 && answer->extra_height >= NOT_ALONE &&
           cel_mixture_explains(answer->mixture);
}

void cel_mixture_claim(CelIdentification *answer, const CelDecisionInput *input)
{
    const Case c = {answer, input};
    guint named = 0, substances = 0;
    for (guint i = 0; i < answer->mixture->parts->len; i++) {
        named += part_at(answer->mixture, i)->substance != NULL;
        substances += part_at(answer->mixture, i)->kind == CEL_COMPONENT_SUBSTANCE;
    }
    /* where references do not draw the sample to its noise, a second one may stand for what the
     * first draws otherwise */
    if (named < 2 || !cel_mixture_holds(answer->mixture) ||
        (substances > 1 && !cel_mixture_explains(answer->mixture))) {
        const gboolean claimed =
            answer->outcome == CEL_OUTCOME_FOUND || answer->outcome == CEL_OUTCOME_CLASS_ONLY;
        if (!claimed)
            add_residual_lead(&c);
        else if (cel_mixture_outweighs(answer))
            cel_outcome_not_alone(answer, input);
        return;
    }
    if (!may_name(&c)) {
        because(&c, CEL_WHY_MIXTURE_CEILING, NULL, 0);
        return;
    }
    g_autofree char *ceiling = ceiling_of(answer->mixture);
    cel_outcome_set(answer, CEL_OUTCOME_MIXTURE, ceiling, NULL);
    say_sentence(&c);
    because(&c, CEL_WHY_MIXTURE_BASIS, NULL, answer->mixture->residual);
    answer->basis = answer->why_en->len;
    for (guint i = 0; i < answer->mixture->parts->len; i++) {
        const CelMixturePart *part = part_at(answer->mixture, i);
        if (part->substance != NULL)
            cel_outcome_append_limits(answer, input, part->substance);
        if (part->kind == CEL_COMPONENT_PACKAGING)
            because(&c, CEL_WHY_PACKAGING, part->substance, 0);
    }
    add_residual_lead(&c);
    cel_outcome_finish(answer, input);
}

/* ---- JSON ---- */

enum { WEIGHT_DIGITS = 3, POSITION_DIGITS = 5 };

static void write_part(CelJsonWriter *json, const CelMixturePart *part)
{
    static const char *const kinds[] = {"substance", "packaging", "blank"};
    const CelSubstance *x = part->substance;
    g_autofree char *blank = g_strdup_printf("blank-%u", part->entry + 1);
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "id", x != NULL ? x->id : blank);
    cel_json_text(json, "name_en", x != NULL ? x->name_en : "recorded blank");
    cel_json_text(json, "name_zh", x != NULL ? x->name_zh : "包装空白");
    cel_json_text(json, "kind", kinds[part->kind]);
    cel_json_text(json, "reference", part->reference != NULL ? part->reference->name : "");
    cel_json_number(json, "spectral_weight", part->spectral_weight, WEIGHT_DIGITS);
    cel_json_number(json, "spectral_weight_se", part->spectral_weight_se, 2);
    cel_json_number(json, "shift_applied_cm1", part->shift_cm1, 2);
    cel_json_int(json, "unshared_bands", part->unshared);
    cel_json_close(json);
}

static void write_residual(CelJsonWriter *json, const CelMixture *mixture)
{
    cel_json_number(json, "residual", mixture->residual, WEIGHT_DIGITS);
    cel_json_number(json, "residual_noise", mixture->noise, WEIGHT_DIGITS);
    cel_json_number(json, "unexplained_cm1", mixture->unexplained_cm1, POSITION_DIGITS);
    cel_json_number(json, "unexplained_height", mixture->unexplained, WEIGHT_DIGITS);
    cel_json_open(json, "residual_hits", '[');
    for (guint i = 0; i < mixture->residual_hits->len; i++) {
        const CelResidualHit *hit = &g_array_index(mixture->residual_hits, CelResidualHit, i);
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "id", hit->substance->id);
        cel_json_text(json, "name_en", hit->substance->name_en);
        cel_json_text(json, "name_zh", hit->substance->name_zh);
        cel_json_number(json, "score", hit->score, WEIGHT_DIGITS);
        cel_json_close(json);
    }
    cel_json_close(json);
    cel_json_number(json, "residual_first_cm1", mixture->first_cm1, POSITION_DIGITS);
    cel_json_number(json, "residual_step_cm1", CEL_VIEW_STEP_CM1, POSITION_DIGITS);
    cel_json_open(json, "residual_curve", '[');
    for (guint k = 0; k < mixture->curve->len; k++)
        cel_json_number(json, NULL, (double)g_array_index(mixture->curve, float, k), 3);
    cel_json_close(json);
}

void cel_mixture_write(CelJsonWriter *json, const CelMixture *mixture)
{
    if (mixture == NULL) {
        cel_json_text(json, "mixture", NULL);
        return;
    }
    cel_json_open(json, "mixture", '{');
    cel_json_open(json, "components", '[');
    for (guint i = 0; i < mixture->parts->len; i++)
        write_part(json, part_at(mixture, i));
    cel_json_close(json);
    cel_json_bool(json, "holds", cel_mixture_holds(mixture));
    cel_json_number(json, "shift_applied_cm1", mixture->shift_cm1, 2);
    write_residual(json, mixture);
    cel_json_close(json);
}
