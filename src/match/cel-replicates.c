/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-outcome.h"
#include "match/cel-record-card.h"

#include <math.h>
#include <string.h>

/* "found needs all valid replicates to name the same claim, or 4 of 5" (rule 1.1). */
enum { LEAST_VALID = 3, MANY = 5 };

/* Copies agree to the digits that an export keeps; the shot noise of the strongest signal (256 of
 * 65535 electrons) is more than a hundred times this part of it. */
#define COPY_PART     1e-5
#define COPY_AXIS_CM1 0.01

static const CelIdentification *single_at(const GPtrArray *singles, guint i)
{
    return g_ptr_array_index(singles, i);
}

static double highest(const CelSpectrum *spectrum)
{
    double out = 0;
    for (gsize i = 0; i < cel_spectrum_length(spectrum); i++)
        out = MAX(out, fabs(cel_spectrum_y(spectrum)[i]));
    return out;
}

/* The noise of two measurements never agrees in every sample; in a copy it does, also after a
 * change of format, of digits or of scale. */
static gboolean is_copy(const CelSpectrum *a, const CelSpectrum *b)
{
    const gsize n = cel_spectrum_length(a);
    const double top_a = highest(a), top_b = highest(b);
    if (n != cel_spectrum_length(b) || !(top_a > 0) || !(top_b > 0))
        return FALSE;
    gboolean same = TRUE;
    for (gsize i = 0; same && i < n; i++)
        same = fabs(cel_spectrum_x(a)[i] - cel_spectrum_x(b)[i]) <= COPY_AXIS_CM1 &&
               fabs(cel_spectrum_y(a)[i] / top_a - cel_spectrum_y(b)[i] / top_b) <= COPY_PART;
    return same;
}

/* Index of the earlier replicate whose data @i repeats; @i itself when there is none. */
static guint original_of(const GPtrArray *singles, guint i)
{
    const CelIdentification *single = single_at(singles, i);
    for (guint k = 0; single != NULL && k < i; k++)
        if (single_at(singles, k) != NULL &&
            is_copy(single_at(singles, k)->processed, single->processed))
            return k;
    return i;
}

static gboolean carries(const CelIdentification *single)
{
    return single != NULL &&
           cel_outcome_quality_reason(&single->quality, cel_spectrum_length(single->processed)) ==
               CEL_N_CLAIMS;
}

static gboolean *find_valid(const GPtrArray *singles)
{
    gboolean *valid = g_new0(gboolean, singles->len);
    for (guint i = 0; i < singles->len; i++)
        valid[i] = carries(single_at(singles, i)) && original_of(singles, i) == i;
    return valid;
}

static gboolean same_claim(const CelIdentification *a, const CelIdentification *b)
{
    return a->outcome == b->outcome && strcmp(a->ceiling, b->ceiling) == 0;
}

typedef struct {
    guint valid, agree, best; /* index of the replicate that stands for the majority */
} Vote;

static double best_score(const CelIdentification *single)
{
    return single->hits->len > 0 ? ((const CelHit *)g_ptr_array_index(single->hits, 0))->score : 0;
}

static guint count_agreeing(const GPtrArray *singles, const gboolean *valid, guint with)
{
    guint n = 0;
    for (guint i = 0; i < singles->len; i++)
        n += valid[i] && same_claim(single_at(singles, i), single_at(singles, with));
    return n;
}

/* The first replicate that was refused: one locked measurement locks the exhibit. */
static guint refused(const GPtrArray *singles)
{
    for (guint i = 0; i < singles->len; i++)
        if (single_at(singles, i) != NULL && single_at(singles, i)->outcome == CEL_OUTCOME_REFUSED)
            return i;
    return singles->len;
}

/* Most agreeing replicate, then the one with the best score; without a valid one, the first that
 * could be evaluated. */
static Vote vote(const GPtrArray *singles, const gboolean *valid)
{
    Vote out = {0, 0, singles->len};
    for (guint i = 0; i < singles->len; i++) {
        if (!valid[i])
            continue;
        const guint agree = count_agreeing(singles, valid, i);
        out.valid++;
        if (agree > out.agree ||
            (agree == out.agree &&
             best_score(single_at(singles, i)) > best_score(single_at(singles, out.best)))) {
            out.agree = agree;
            out.best = i;
        }
    }
    for (guint i = 0; out.best == singles->len && i < singles->len; i++)
        if (single_at(singles, i) != NULL)
            out.best = i;
    return out;
}

static void copy_texts(const GPtrArray *from, GPtrArray *to)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, g_strdup(g_ptr_array_index(from, i)));
}

static CelIdentification *copy(const CelIdentification *single)
{
    CelIdentification *out = cel_identification_new();
    cel_outcome_set(out, single->outcome, single->ceiling, single->lead_id);
    g_free(out->claim_en);
    g_free(out->claim_zh);
    out->claim_en = g_strdup(single->claim_en);
    out->claim_zh = g_strdup(single->claim_zh);
    for (guint i = 0; i < single->hits->len; i++)
        g_ptr_array_add(out->hits, cel_hit_copy(g_ptr_array_index(single->hits, i)));
    out->quality = single->quality;
    out->rates = cel_rates_copy(single->rates);
    out->stability = single->stability; /* of the replicate that stands for the others */
    out->policy = single->policy;
    out->simulated = single->simulated;
    copy_texts(single->why_en, out->why_en);
    copy_texts(single->why_zh, out->why_zh);
    out->basis = single->basis;
    out->mixture = cel_mixture_copy(single->mixture);
    out->processed = cel_spectrum_copy(single->processed);
    out->peaks = single->peaks != NULL ? g_array_ref(single->peaks) : NULL;
    return out;
}

static char *number(guint n)
{
    return g_strdup_printf("%u", n);
}

static void note(CelReplicates *replicates, CelClaimId id, guint index, const char *en,
                 const char *zh)
{
    g_autofree char *n = number(index + 1);
    g_ptr_array_add(replicates->reasons, cel_claim_fill(cel_claim(id)->en, "N", n, "V", en, NULL));
    g_ptr_array_add(replicates->reasons_zh,
                    cel_claim_fill(cel_claim(id)->zh, "N", n, "V", zh, NULL));
}

static const char *first_of(const GPtrArray *texts)
{
    return texts->len > 0 ? g_ptr_array_index(texts, 0) : "?";
}

static void note_copy(CelReplicates *out, guint i, guint original)
{
    const CelSentence *row = cel_claim(CEL_WHY_REPLICATE_COPY);
    g_autofree char *n = number(original + 1);
    g_autofree char *en = cel_claim_fill(row->en, "N", n, NULL);
    g_autofree char *zh = cel_claim_fill(row->zh, "N", n, NULL);
    note(out, CEL_WHY_REPLICATE_INVALID, i, en, zh);
}

static void note_other(CelReplicates *out, guint i, const CelIdentification *single)
{
    g_autofree char *en =
        g_strconcat(cel_outcome_name(single->outcome), " ", single->ceiling, NULL);
    g_autofree char *zh =
        g_strconcat(cel_outcome_label(single->outcome, TRUE), " ", single->ceiling, NULL);
    note(out, CEL_WHY_REPLICATE_OTHER, i, en, zh);
}

static void list_reasons(const GPtrArray *singles, const GPtrArray *problems, guint best,
                         CelReplicates *out)
{
    for (guint i = 0; i < singles->len; i++) {
        const CelIdentification *single = single_at(singles, i);
        const char *problem =
            problems != NULL && i < problems->len ? g_ptr_array_index(problems, i) : NULL;
        if (single == NULL) {
            const char *why = problem != NULL ? problem : "?"; /* in the user's language */
            note(out, CEL_WHY_REPLICATE_INVALID, i, why, why);
        } else if (original_of(singles, i) != i) {
            note_copy(out, i, original_of(singles, i));
        } else if (!carries(single)) {
            note(out, CEL_WHY_REPLICATE_INVALID, i, first_of(single->why_en),
                 first_of(single->why_zh));
        } else if (!same_claim(single, single_at(singles, best))) {
            note_other(out, i, single);
        }
    }
}

static void because(CelIdentification *answer, CelClaimId id, guint v, guint n)
{
    const CelSentence *row = cel_claim(id);
    g_autofree char *value = number(v), *of = number(n);
    cel_outcome_why(answer, cel_claim_fill(row->en, "V", value, "N", of, NULL),
                    cel_claim_fill(row->zh, "V", value, "N", of, NULL));
}

static void append_mark(CelIdentification *answer, CelClaimId id)
{
    const CelSentence *row = cel_claim(id);
    char *en = g_strconcat(answer->claim_en, " ", row->en, NULL);
    char *zh = g_strconcat(answer->claim_zh, row->zh, NULL);
    g_free(answer->claim_en);
    g_free(answer->claim_zh);
    answer->claim_en = en;
    answer->claim_zh = zh;
}

/* Whatever was claimed falls to "inconclusive"; a substance that was named stays as a lead. */
static void fall_back(CelIdentification *answer, CelClaimId advice, gboolean keep_lead)
{
    const CelHit *first = answer->hits->len > 0 ? g_ptr_array_index(answer->hits, 0) : NULL;
    const gboolean lead = keep_lead && first != NULL &&
                          (answer->outcome == CEL_OUTCOME_FOUND || answer->lead_id != NULL);
    const CelSubstance *x = lead ? first->substance : NULL;
    g_autofree char *ceiling = lead ? g_strconcat("lead:", x->id, NULL) : g_strdup("none");
    const char *en = lead && *x->name_en != '\0' ? x->name_en : lead ? x->id : NULL;
    const char *zh = lead && *x->name_zh != '\0' ? x->name_zh : en;
    cel_outcome_drop_basis(answer);
    cel_outcome_set(answer, CEL_OUTCOME_INCONCLUSIVE, ceiling, lead ? x->id : NULL);
    cel_outcome_inconclusive(answer, advice, en, zh);
    if (answer->policy == CEL_POLICY_DEVELOPMENT)
        append_mark(answer, CEL_CLAIM_DEVELOPMENT);
    if (answer->simulated)
        append_mark(answer, CEL_CLAIM_TRAINING);
}

static CelIdentification *nothing_usable(const GPtrArray *singles, const GPtrArray *problems)
{
    CelIdentification *answer = cel_identification_new();
    answer->replicates.planned = singles->len;
    answer->replicates.valid = answer->replicates.agree = 0;
    list_reasons(singles, problems, 0, &answer->replicates);
    because(answer, CEL_WHY_REPLICATE_FEW, 0, singles->len);
    cel_outcome_inconclusive(answer, CEL_ADVICE_REMEASURE, NULL, NULL);
    return answer;
}

/* One simulated replicate makes training data of the whole, also when the answer stands on a
 * measured one. */
static void spread_simulated(const GPtrArray *singles, CelIdentification *answer)
{
    for (guint i = 0; !answer->simulated && i < singles->len; i++) {
        const CelIdentification *single = single_at(singles, i);
        if (single == NULL || !single->simulated)
            continue;
        answer->simulated = TRUE;
        append_mark(answer, CEL_CLAIM_TRAINING);
    }
}

CelIdentification *cel_identification_combine(GPtrArray *singles, GPtrArray *problems)
{
    g_return_val_if_fail(singles != NULL && singles->len > 0, NULL);
    g_autofree gboolean *valid = find_valid(singles);
    Vote votes = vote(singles, valid);
    if (refused(singles) < singles->len)
        votes.best = refused(singles);
    if (votes.best == singles->len)
        return nothing_usable(singles, problems);

    CelIdentification *answer = copy(single_at(singles, votes.best));
    answer->replicates.planned = singles->len;
    answer->replicates.valid = votes.valid;
    answer->replicates.agree = votes.agree;
    answer->replicates.best = votes.best;
    list_reasons(singles, problems, votes.best, &answer->replicates);
    for (guint i = 0; i < singles->len; i++) {
        const CelIdentification *single = single_at(singles, i);
        answer->elapsed_us += single != NULL ? single->elapsed_us : 0;
    }
    spread_simulated(singles, answer);

    if (answer->outcome == CEL_OUTCOME_REFUSED)
        return answer;
    const gboolean agreed =
        votes.agree == votes.valid || (votes.valid >= MANY && votes.agree + 1 == votes.valid);
    const gboolean names = answer->outcome == CEL_OUTCOME_FOUND ||
                           answer->outcome == CEL_OUTCOME_CLASS_ONLY ||
                           answer->outcome == CEL_OUTCOME_MIXTURE;
    if (!agreed) {
        because(answer, CEL_WHY_REPLICATE_DISAGREE, votes.agree, votes.valid);
        fall_back(answer, CEL_ADVICE_MORE_REPLICATES, FALSE);
    } else if (names && votes.valid < LEAST_VALID) {
        because(answer, CEL_WHY_REPLICATE_FEW, votes.valid, singles->len);
        fall_back(answer, CEL_ADVICE_MORE_REPLICATES, TRUE);
    }
    return answer;
}

void cel_identification_cap_for_blank(CelIdentification *identification)
{
    if (identification->hits->len == 0)
        return;
    const CelHit *first = g_ptr_array_index(identification->hits, 0);
    const CelSubstance *x = first->substance;
    const CelSentence *row = cel_claim(CEL_WHY_BLANK);
    const char *name_en = *x->name_en != '\0' ? x->name_en : x->id;
    const char *name_zh = *x->name_zh != '\0' ? x->name_zh : name_en;
    g_autofree char *en = cel_claim_fill(row->en, "X", name_en, NULL);
    if (g_ptr_array_find_with_equal_func(identification->why_en, en, g_str_equal, NULL))
        return;
    cel_outcome_why(identification, g_steal_pointer(&en),
                    cel_claim_fill(row->zh, "X", name_zh, NULL));
    fall_back(identification, CEL_ADVICE_CLEAN, FALSE);
}
