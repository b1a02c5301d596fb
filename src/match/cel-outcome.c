/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-outcome.h"

#include "base/cel-number.h"
#include "match/cel-lookalikes.h"
#include "match/cel-weigh.h"

#include <math.h>
#include <string.h>

/*
 * Evidence and its level come from tools/fit-decision (development samples only). max_absent of 0.5
 * cost 4 of 76 right names in a hundred there, and 0.9 no more wrong names than 0.8 at the same
 * share of right ones; crystals lose strong bands by their orientation. The floor of the score is
 * for small libraries, where every margin is wide; a higher one would cost right names. The limits
 * of signal to noise, saturation and fluorescence are judgement, not measured.
 */
static const CelDecisionLimits measured = {
    .min_score = 0.76,
    .min_margin = 0.02,
    .min_alike = 0.01,
    .min_bands = 3,
    .max_absent = 0.9,
    .min_snr = 8,
    .max_fluorescence = 100,
    .max_saturated = 0.01,
};

/* Band tables only ever give a lead; chosen so that a lead on the sets without their own rows is
 * right more often than not (see README). */
static const CelDecisionLimits band_table = {
    .min_score = 0.50,
    .min_margin = 0.02,
    .min_alike = 0.0,
    .min_evidence = 0.90,
    .min_bands = 3,
    .max_absent = 0.8,
    .min_snr = 8,
    .max_fluorescence = 100,
    .max_saturated = 0.01,
};

/* Look-alikes that a claim lists by name; with more of them only the class is named. */
enum { MAX_LISTED = 12 };

const CelDecisionLimits *cel_outcome_limits(gboolean of_band_table)
{
    return of_band_table ? &band_table : &measured;
}

static const CelHit *hit_at(const GPtrArray *hits, guint i)
{
    return g_ptr_array_index(hits, i);
}

CelClaimId cel_outcome_quality_reason(const CelQuality *quality, gsize n_samples)
{
    if (!(quality->snr >= measured.min_snr))
        return CEL_WHY_WEAK;
    if (quality->saturated > measured.max_saturated * (double)n_samples)
        return CEL_WHY_SATURATED;
    if (quality->fluorescence_ratio > measured.max_fluorescence)
        return CEL_WHY_FLUORESCENCE;
    return CEL_N_CLAIMS;
}

void cel_outcome_why(CelIdentification *answer, char *en, char *zh)
{
    g_ptr_array_add(answer->why_en, en);
    g_ptr_array_add(answer->why_zh, zh);
}

void cel_outcome_drop_basis(CelIdentification *answer)
{
    const guint at = answer->basis;
    answer->basis = 0;
    if (at == 0 || at > answer->why_en->len)
        return;
    g_ptr_array_remove_index(answer->why_en, at - 1);
    g_ptr_array_remove_index(answer->why_zh, at - 1);
}

void cel_outcome_set(CelIdentification *answer, CelOutcome outcome, const char *ceiling,
                     const char *lead_id)
{
    char *new_ceiling = g_strdup(ceiling), *new_lead = g_strdup(lead_id);
    answer->outcome = outcome;
    g_free(answer->ceiling);
    g_free(answer->lead_id);
    answer->ceiling = new_ceiling;
    answer->lead_id = new_lead;
}

static const char *name_of(const CelSubstance *substance, gboolean chinese)
{
    const char *name =
        chinese && *substance->name_zh != '\0' ? substance->name_zh : substance->name_en;
    return *name != '\0' ? name : substance->id;
}

/* Everything a reason may have to say. */
typedef struct {
    const CelSubstance *x, *y;
    char *v, *n, *p;
} Values;

static void values_clear(Values *values)
{
    g_free(values->v);
    g_free(values->n);
    g_free(values->p);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Values, values_clear)

static char *reason(CelClaimId id, const Values *values, gboolean chinese)
{
    const CelSentence *row = cel_claim(id);
    return cel_claim_fill(
        chinese ? row->zh : row->en, "X", values->x != NULL ? name_of(values->x, chinese) : "-",
        "Y", values->y != NULL ? name_of(values->y, chinese) : "-", "V",
        values->v != NULL ? values->v : "-", "N", values->n != NULL ? values->n : "-", "P",
        values->p != NULL ? values->p : "-", NULL);
}

static void because(CelIdentification *answer, CelClaimId id, const Values *values)
{
    cel_outcome_why(answer, reason(id, values, FALSE), reason(id, values, TRUE));
}

static char *rounded(double value, int digits)
{
    const double scale = pow(10, digits);
    return cel_number_format(round(value * scale) / scale);
}

static char *count(guint n)
{
    return g_strdup_printf("%u", n);
}

/* Strong bands of the reference that the sample lacks; NULL when there are none. */
static char *strong_missing(const CelHit *hit, double from)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < hit->missing->len; i++) {
        const CelPeakPair *pair = &g_array_index(hit->missing, CelPeakPair, i);
        if (pair->reference_intensity >= from && hit->grade != CEL_GRADE_D) {
            g_autofree char *text = rounded(pair->reference_cm1, 0);
            g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", text);
        }
    }
    return g_string_free(out, out->len == 0);
}

/* One paragraph a reason, joined for the sentence. */
static char *joined(const GPtrArray *texts, const char *comma)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < texts->len; i++) {
        if (i > 0)
            g_string_append(out, comma);
        g_string_append(out, g_ptr_array_index(texts, i));
    }
    return g_string_free(out, FALSE);
}

void cel_outcome_inconclusive(CelIdentification *answer, CelClaimId advice, const char *lead_en,
                              const char *lead_zh)
{
    const CelSentence *row = cel_claim(CEL_CLAIM_INCONCLUSIVE), *lead = cel_claim(CEL_CLAIM_LEAD);
    g_autofree char *why_en = joined(answer->why_en, "; ");
    g_autofree char *why_zh = joined(answer->why_zh, ";");
    g_autofree char *advice_en = cel_claim_fill(cel_claim(advice)->en, "X",
                                                lead_en != NULL ? lead_en : "the substance", NULL);
    g_autofree char *advice_zh =
        cel_claim_fill(cel_claim(advice)->zh, "X", lead_zh != NULL ? lead_zh : "该物质", NULL);
    g_autofree char *en = cel_claim_fill(row->en, "W", why_en, "R", advice_en, NULL);
    g_autofree char *zh = cel_claim_fill(row->zh, "W", why_zh, "R", advice_zh, NULL);
    g_autofree char *tail_en =
        lead_en != NULL ? cel_claim_fill(lead->en, "X", lead_en, NULL) : NULL;
    g_autofree char *tail_zh =
        lead_zh != NULL ? cel_claim_fill(lead->zh, "X", lead_zh, NULL) : NULL;
    g_free(answer->claim_en);
    g_free(answer->claim_zh);
    answer->claim_en = tail_en != NULL ? g_strconcat(en, " ", tail_en, NULL) : g_strdup(en);
    answer->claim_zh = tail_zh != NULL ? g_strconcat(zh, tail_zh, NULL) : g_strdup(zh);
}

typedef struct {
    CelIdentification *answer;
    const CelDecisionInput *input;
    const CelHit *first;
    const CelDecisionLimits *limits;
    const GPtrArray *others; /* CelLookalike */
} Case;

static void add_notes(const Case *c)
{
    const Values none = {0};
    if (c->input->baseline_removed)
        because(c->answer, CEL_WHY_BASELINE_BY_SOURCE, &none);
    if (!c->input->laser_known)
        because(c->answer, CEL_WHY_LASER_UNKNOWN, &none);
    if (c->answer->simulated)
        because(c->answer, CEL_WHY_SIMULATED, &none);
}

/* A sentence of the outcome itself, whatever its placeholders. */
static void say(CelIdentification *answer, char *en, char *zh)
{
    g_free(answer->claim_en);
    g_free(answer->claim_zh);
    answer->claim_en = en;
    answer->claim_zh = zh;
}

static void append_claim(CelIdentification *answer, CelClaimId id)
{
    const CelSentence *row = cel_claim(id);
    say(answer, g_strconcat(answer->claim_en, " ", row->en, NULL),
        g_strconcat(answer->claim_zh, row->zh, NULL));
}

/* The row of the look-alike group or class @id in the first library that has one. */
static const CelLibraryKind *kind_of(const Case *c, const char *id, gboolean is_class)
{
    const CelLibraryKind *kind = NULL;
    for (gsize l = 0; kind == NULL && *id != '\0' && l < c->input->n_libraries; l++)
        kind = is_class ? cel_library_class(c->input->libraries[l], id)
                        : cel_library_group(c->input->libraries[l], id);
    return kind;
}

static void append_kind(const Case *c, const CelLibraryKind *kind)
{
    const CelSentence *row = cel_claim(CEL_CLAIM_SEND_TO);
    if (kind == NULL || *kind->limit_en == '\0')
        return;
    g_autofree char *to_en = cel_claim_fill(row->en, "V", kind->send_to_en, NULL);
    g_autofree char *to_zh = cel_claim_fill(row->zh, "V", kind->send_to_zh, NULL);
    const gboolean send = *kind->send_to_en != '\0';
    say(c->answer,
        g_strconcat(c->answer->claim_en, " ", kind->limit_en, send ? " " : NULL, to_en, NULL),
        g_strconcat(c->answer->claim_zh, kind->limit_zh, send ? to_zh : NULL, NULL));
}

/* Limits of the group, of the class, and of the substance itself. */
static void append_limits(const Case *c)
{
    const CelSubstance *x = c->first->substance;
    CelClaimId notes[CEL_CLAIM_MAX_NOTES];
    append_kind(c, kind_of(c, x->group_id, FALSE));
    append_kind(c, kind_of(c, x->class_id, TRUE));
    const guint n = cel_claim_notes(x->id, notes);
    for (guint i = 0; i < n; i++)
        append_claim(c->answer, notes[i]);
}

static void finish(const Case *c)
{
    const CelOutcome outcome = c->answer->outcome;
    if (outcome == CEL_OUTCOME_FOUND || outcome == CEL_OUTCOME_CLASS_ONLY ||
        outcome == CEL_OUTCOME_MIXTURE)
        append_claim(c->answer, CEL_CLAIM_NOT_VALIDATED);
    if (c->answer->policy == CEL_POLICY_DEVELOPMENT)
        append_claim(c->answer, CEL_CLAIM_DEVELOPMENT);
    if (c->answer->simulated)
        append_claim(c->answer, CEL_CLAIM_TRAINING);
}

static gboolean quality_carries(const Case *c)
{
    const CelQuality *q = &c->answer->quality;
    const CelClaimId id = cel_outcome_quality_reason(q, c->input->n_samples);
    if (id == CEL_N_CLAIMS)
        return TRUE;
    g_auto(Values) values = {0};
    CelClaimId advice = CEL_ADVICE_REMEASURE;
    if (id == CEL_WHY_WEAK) {
        values.v = rounded(q->snr, 1);
        values.n = rounded(c->limits->min_snr, 0);
    } else if (id == CEL_WHY_SATURATED) {
        values.n = count(q->saturated);
        advice = CEL_ADVICE_LESS_LIGHT;
    } else {
        values.v = rounded(q->fluorescence_ratio, 0);
        advice = CEL_ADVICE_OTHER_LASER;
    }
    because(c->answer, id, &values);
    cel_outcome_set(c->answer, CEL_OUTCOME_INCONCLUSIVE, "none", NULL);
    cel_outcome_inconclusive(c->answer, advice, NULL, NULL);
    return FALSE;
}

/* The best hit that fits almost equally well and is no look-alike by the tables; 0: none. That its
 * reference merely resembles the first one's is no reason to speak for both: it may be of another
 * class. */
static guint close_second(const Case *c)
{
    const GPtrArray *hits = c->answer->hits;
    for (guint i = 1; i < hits->len; i++)
        if (!cel_outcome_alike(c->first->substance, hit_at(hits, i)->substance))
            return c->first->score - hit_at(hits, i)->score < c->limits->min_margin ? i : 0;
    return 0;
}

/* Adds what the evidence lacks. Returns: how many conditions fail. */
static guint lacking(const Case *c)
{
    const CelHit *x = c->first;
    const guint before = c->answer->why_en->len;
    const double level = x->reference != NULL ? cel_weigh_level() : c->limits->min_evidence;
    const double evidence = cel_weigh(c->answer);
    const guint next = close_second(c);
    g_autofree char *missing = strong_missing(x, c->limits->max_absent);
    if (x->score < c->limits->min_score) {
        g_auto(Values)
            v = {x->substance, NULL, rounded(x->score, 2), rounded(c->limits->min_score, 2), NULL};
        because(c->answer, CEL_WHY_LOW_SCORE, &v);
    }
    if (next > 0) {
        const double margin = x->score - hit_at(c->answer->hits, next)->score;
        g_auto(Values) v = {x->substance, hit_at(c->answer->hits, next)->substance,
                            rounded(margin, 3), NULL, NULL};
        because(c->answer, CEL_WHY_CLOSE_SECOND, &v);
    }
    if (x->matched->len < c->limits->min_bands) {
        g_auto(Values) v = {x->substance, NULL, NULL, count(x->matched->len), NULL};
        because(c->answer, CEL_WHY_FEW_BANDS, &v);
    }
    if (missing != NULL) {
        g_auto(Values) v = {x->substance, NULL, NULL, NULL, g_steal_pointer(&missing)};
        because(c->answer, CEL_WHY_MISSING_BANDS, &v);
    }
    if (c->answer->extra_height >= c->limits->max_absent) {
        g_auto(Values) v = {x->substance, NULL, NULL, NULL, rounded(c->answer->extra_cm1, 0)};
        because(c->answer, CEL_WHY_EXTRA_BANDS, &v);
    }
    if (c->answer->why_en->len == before && evidence < level) {
        g_auto(Values) v = {x->substance, NULL, rounded(evidence, 2), rounded(level, 2), NULL};
        because(c->answer, CEL_WHY_LITTLE_EVIDENCE, &v);
    }
    return c->answer->why_en->len - before;
}

typedef enum { MAY_FIND, MAY_CLASS, MAY_LEAD } Cap;

static Cap cap_by_reference(const Case *c)
{
    static const CelClaimId why[] = {[CEL_GRADE_B] = CEL_WHY_GRADE_B,
                                     [CEL_GRADE_C] = CEL_WHY_GRADE_C,
                                     [CEL_GRADE_D] = CEL_WHY_GRADE_D};
    const CelGrade grade = c->first->grade;
    const Values v = {.x = c->first->substance};
    if (c->input->recalled)
        because(c->answer, CEL_WHY_RECALLED, &v);
    if (c->input->recalled)
        return MAY_LEAD;
    if (grade == CEL_GRADE_A ||
        (c->answer->policy == CEL_POLICY_DEVELOPMENT && grade != CEL_GRADE_D))
        return MAY_FIND;
    because(c->answer, why[grade], &v);
    return grade == CEL_GRADE_B ? MAY_CLASS : MAY_LEAD;
}

/* Whether the axis had to move further than its uncertainty explains. */
static gboolean is_shifted(const Case *c, double *out_cm1)
{
    const CelQuality *q = &c->answer->quality;
    const double u = c->input->state.axis_u_cm1 > 0 ? c->input->state.axis_u_cm1 : 1.0;
    *out_cm1 = q->axis_fault ? q->axis_shift_cm1 : c->first->shift_applied_cm1;
    return fabs(*out_cm1) > CEL_AXIS_LIMIT_U * u;
}

static Cap cap_by_axis(const Case *c)
{
    const gboolean ok = g_strcmp0(c->input->state.axis_check, "ok") == 0;
    const Values none = {0};
    double shift = 0.0;
    if (is_shifted(c, &shift)) {
        g_auto(Values) v = {.v = rounded(shift, 1)};
        because(c->answer, CEL_WHY_AXIS_SHIFT, &v);
        return MAY_LEAD;
    }
    if (ok || c->answer->policy == CEL_POLICY_DEVELOPMENT)
        return MAY_FIND;
    because(c->answer, CEL_WHY_AXIS_NONE, &none);
    return MAY_LEAD;
}

/* Under any policy: what was misread is right in no validation either. */
static Cap cap_by_reader(const Case *c)
{
    const Values none = {0};
    if (!c->input->reader_unvalidated)
        return MAY_FIND;
    because(c->answer, CEL_WHY_READER_UNVALIDATED, &none);
    return MAY_LEAD;
}

static Cap cap_by_substance(const Case *c)
{
    const char *ceiling = c->first->substance->ceiling;
    const Values v = {.x = c->first->substance};
    if (strcmp(ceiling, "lead") == 0) {
        because(c->answer, CEL_WHY_CEILING_LEAD, &v);
        return MAY_LEAD;
    }
    return g_str_has_prefix(ceiling, "group:") || g_str_has_prefix(ceiling, "class:") ? MAY_CLASS
                                                                                      : MAY_FIND;
}

/* A look-alike that fits as well is no other answer, but then the name is not ours to give; nor is
 * a name worth much beside a long list of others. */
static Cap cap_by_look_alikes(const Case *c)
{
    const gboolean close = cel_weigh_margin(c->answer->hits, TRUE) < c->limits->min_alike;
    return close || cel_lookalikes_listed(c->others) > MAX_LISTED ? MAY_CLASS : MAY_FIND;
}

static char *look_alikes(const Case *c, gboolean chinese)
{
    const CelSentence *none = cel_claim(CEL_CLAIM_NO_LOOKALIKES);
    char *text = cel_lookalikes_text(c->others, chinese);
    if (*text != '\0')
        return text;
    g_free(text);
    return g_strdup(chinese ? none->zh : none->en);
}

static void claim_found(const Case *c)
{
    const CelSubstance *x = c->first->substance;
    const CelSentence *row = cel_claim(CEL_CLAIM_FOUND);
    g_autofree char *a_en = look_alikes(c, FALSE), *a_zh = look_alikes(c, TRUE);
    g_autofree char *ceiling = g_strconcat("substance:", x->id, NULL);
    const guint next = cel_weigh_next(c->answer->hits, FALSE);
    g_auto(Values) v = {x, next > 0 ? hit_at(c->answer->hits, next)->substance : NULL,
                        rounded(c->first->score, 2), count(c->first->matched->len),
                        rounded(cel_weigh_margin(c->answer->hits, FALSE), 2)};
    because(c->answer, CEL_WHY_FOUND_BASIS, &v);
    c->answer->basis = c->answer->why_en->len;
    cel_outcome_set(c->answer, CEL_OUTCOME_FOUND, ceiling, NULL);
    say(c->answer,
        cel_claim_fill(row->en, "X", name_of(x, FALSE), "M", c->input->method, "L",
                       c->input->library_en, "A", a_en, NULL),
        cel_claim_fill(row->zh, "X", name_of(x, TRUE), "M", c->input->method, "L",
                       c->input->library_en, "A", a_zh, NULL));
    append_limits(c);
}

/* "硝酸盐类" + "类物质" would double the word. */
static char *without_kind_word(const char *name_zh)
{
    return g_str_has_suffix(name_zh, "类") ? g_strndup(name_zh, strlen(name_zh) - strlen("类"))
                                           : g_strdup(name_zh);
}

/* The group where there is one, else the class; a class unknown to every library has no name that
 * could be printed. */
static void claim_class(const Case *c)
{
    const CelSubstance *x = c->first->substance;
    const CelLibraryKind *group = kind_of(c, x->group_id, FALSE);
    const CelLibraryKind *kind = group != NULL && !g_str_has_prefix(x->ceiling, "class:")
                                     ? group
                                     : kind_of(c, x->class_id, TRUE);
    const CelSentence *row = cel_claim(CEL_CLAIM_CLASS_ONLY);
    const char *en = kind != NULL ? kind->name_en : x->class_id;
    g_autofree char *zh = without_kind_word(kind != NULL ? kind->name_zh : x->class_id);
    g_autofree char *ceiling = g_strconcat(kind == group && group != NULL ? "group:" : "class:",
                                           kind != NULL ? kind->id : x->class_id, NULL);
    cel_outcome_set(c->answer, CEL_OUTCOME_CLASS_ONLY, ceiling, NULL);
    say(c->answer, cel_claim_fill(row->en, "C", en, NULL), cel_claim_fill(row->zh, "C", zh, NULL));
    append_limits(c);
}

static void claim_lead(const Case *c)
{
    const CelSubstance *x = c->first->substance;
    g_autofree char *ceiling = g_strconcat("lead:", x->id, NULL);
    cel_outcome_set(c->answer, CEL_OUTCOME_INCONCLUSIVE, ceiling, x->id);
    double shift = 0.0; /* first of all: nothing measured on that axis helps */
    const CelClaimId advice =
        is_shifted(c, &shift) ? CEL_ADVICE_CHECK_AXIS : CEL_ADVICE_OWN_REFERENCE;
    cel_outcome_inconclusive(c->answer, advice, name_of(x, FALSE), name_of(x, TRUE));
    append_limits(c);
}

static void claim_nothing(const Case *c)
{
    const CelSentence *row = cel_claim(CEL_CLAIM_NOTHING_CLAIMED);
    cel_outcome_set(c->answer, CEL_OUTCOME_NOTHING_CLAIMED, "none", NULL);
    say(c->answer, g_strdup(row->en), g_strdup(row->zh));
}

/* Whether the instrument's own check stands against any result: then nothing is said, not even a
 * lead, whatever the spectrum shows. */
static gboolean is_locked(const Case *c, CelClaimId *out_why)
{
    const char *check = c->input->state.axis_check;
    *out_why = g_strcmp0(check, "expired") == 0 ? CEL_WHY_AXIS_EXPIRED : CEL_WHY_AXIS_FAILED;
    return c->answer->policy == CEL_POLICY_EVIDENCE &&
           (g_strcmp0(check, "failed") == 0 || g_strcmp0(check, "expired") == 0);
}

static void claim_refused(const Case *c, CelClaimId why)
{
    const CelSentence *row = cel_claim(CEL_CLAIM_REFUSED), *reason = cel_claim(why);
    const Values none = {0};
    because(c->answer, why, &none);
    cel_outcome_set(c->answer, CEL_OUTCOME_REFUSED, "none", NULL);
    say(c->answer, cel_claim_fill(row->en, "W", reason->en, NULL),
        cel_claim_fill(row->zh, "W", reason->zh, NULL));
}

static void decide(const Case *c)
{
    CelClaimId lock;
    if (is_locked(c, &lock)) {
        claim_refused(c, lock);
        return;
    }
    if (!quality_carries(c))
        return;
    if (c->first == NULL || c->input->n_lines < c->limits->min_bands) {
        g_auto(Values)
            v = {.x = c->first != NULL ? c->first->substance : NULL, .n = count(c->input->n_lines)};
        because(c->answer, c->first == NULL ? CEL_WHY_NO_REFERENCE : CEL_WHY_FEW_LINES, &v);
        cel_outcome_set(c->answer, CEL_OUTCOME_INCONCLUSIVE, "none", NULL);
        cel_outcome_inconclusive(c->answer, CEL_ADVICE_OTHER_METHOD, NULL, NULL);
        return;
    }
    if (lacking(c) > 0) {
        claim_nothing(c);
        return;
    }
    const Cap reference = cap_by_reference(c), axis = cap_by_axis(c), own = cap_by_substance(c),
              reader = cap_by_reader(c);
    const Cap cap = MAX(MAX(MAX(reference, axis), MAX(own, cap_by_look_alikes(c))), reader);
    if (cap == MAY_LEAD)
        claim_lead(c);
    else if (cap == MAY_CLASS)
        claim_class(c);
    else
        claim_found(c);
}

void cel_outcome_decide(CelIdentification *answer, const CelDecisionInput *input)
{
    const CelHit *first = answer->hits->len > 0 ? hit_at(answer->hits, 0) : NULL;
    const CelLibraries libraries = {input->libraries, input->n_libraries};
    g_autoptr(GPtrArray) others = cel_lookalikes_of(answer, &libraries);
    const Case c = {answer, input, first,
                    cel_outcome_limits(first != NULL && first->reference == NULL), others};
    decide(&c);
    add_notes(&c);
    finish(&c);
}

void cel_outcome_append_limits(CelIdentification *answer, const CelDecisionInput *input,
                               const CelSubstance *substance)
{
    const CelHit as_hit = {.substance = substance};
    const Case c = {.answer = answer, .input = input, .first = &as_hit};
    append_limits(&c);
}

void cel_outcome_finish(CelIdentification *answer, const CelDecisionInput *input)
{
    const Case c = {.answer = answer, .input = input};
    finish(&c);
}

void cel_outcome_not_alone(CelIdentification *answer, const CelDecisionInput *input)
{
    const CelSubstance *x = hit_at(answer->hits, 0)->substance;
    const Case c = {.answer = answer, .input = input, .first = hit_at(answer->hits, 0)};
    const Values v = {.x = x};
    g_autofree char *ceiling = g_strconcat("lead:", x->id, NULL);
    g_ptr_array_set_size(answer->why_en, 0);
    g_ptr_array_set_size(answer->why_zh, 0);
    answer->basis = 0;
    because(answer, CEL_WHY_NOT_ALONE, &v);
    cel_outcome_set(answer, CEL_OUTCOME_INCONCLUSIVE, ceiling, x->id);
    cel_outcome_inconclusive(answer, CEL_ADVICE_MORE_REPLICATES, name_of(x, FALSE),
                             name_of(x, TRUE));
    append_limits(&c);
    add_notes(&c);
    finish(&c);
}
