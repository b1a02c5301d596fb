/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-mixture.h"

#include "match/cel-record-card.h"
#include "match/cel-why.h"

#include <string.h>

static const char *const outcome_names[CEL_N_OUTCOMES] = {
    [CEL_OUTCOME_FOUND] = "found",
    [CEL_OUTCOME_MIXTURE] = "mixture",
    [CEL_OUTCOME_CLASS_ONLY] = "class-only",
    [CEL_OUTCOME_INCONCLUSIVE] = "inconclusive",
    [CEL_OUTCOME_NOTHING_CLAIMED] = "nothing-claimed",
    [CEL_OUTCOME_REFUSED] = "refused",
};

const char *cel_outcome_name(CelOutcome outcome)
{
    g_return_val_if_fail((guint)outcome < CEL_N_OUTCOMES, NULL);
    return outcome_names[outcome];
}

const char *cel_outcome_label(CelOutcome outcome, gboolean chinese)
{
    g_return_val_if_fail((guint)outcome < CEL_N_OUTCOMES, NULL);
    const CelSentence *row = cel_claim((CelClaimId)(CEL_CLAIM_LABEL_FOUND + (guint)outcome));
    return chinese ? row->zh : row->en;
}

const char *cel_policy_name(CelPolicy policy)
{
    return policy == CEL_POLICY_DEVELOPMENT ? "development" : "evidence";
}

CelIdentification *cel_identification_new(void)
{
    CelIdentification *out = g_new0(CelIdentification, 1);
    out->outcome = CEL_OUTCOME_INCONCLUSIVE;
    out->ceiling = g_strdup("none");
    out->claim_en = g_strdup("");
    out->claim_zh = g_strdup("");
    out->hits = g_ptr_array_new_with_free_func((GDestroyNotify)cel_hit_free);
    out->quality.axis_check = "none";
    out->replicates = (CelReplicates){.planned = 1,
                                      .valid = 1,
                                      .agree = 1,
                                      .reasons = g_ptr_array_new_with_free_func(g_free),
                                      .reasons_zh = g_ptr_array_new_with_free_func(g_free)};
    out->why_en = g_ptr_array_new_with_free_func(g_free);
    out->why_zh = g_ptr_array_new_with_free_func(g_free);
    return out;
}

CelHit *cel_hit_copy(const CelHit *hit)
{
    CelHit *out = g_new0(CelHit, 1);
    *out = *hit;
    g_array_ref(out->matched);
    g_array_ref(out->missing);
    g_array_ref(out->extra);
    if (out->unexplained != NULL)
        g_array_ref(out->unexplained);
    if (out->outside != NULL)
        g_array_ref(out->outside);
    return out;
}

void cel_hit_free(CelHit *hit)
{
    g_array_unref(hit->matched);
    g_array_unref(hit->missing);
    g_array_unref(hit->extra);
    g_clear_pointer(&hit->unexplained, g_array_unref);
    g_clear_pointer(&hit->outside, g_array_unref);
    g_free(hit);
}

void cel_identification_free(CelIdentification *identification)
{
    if (identification == NULL)
        return;
    g_free(identification->claim_en);
    g_free(identification->claim_zh);
    g_free(identification->ceiling);
    g_free(identification->lead_id);
    g_ptr_array_unref(identification->hits);
    g_ptr_array_unref(identification->replicates.reasons);
    g_ptr_array_unref(identification->replicates.reasons_zh);
    g_ptr_array_unref(identification->why_en);
    g_ptr_array_unref(identification->why_zh);
    cel_rates_free(identification->rates);
    cel_mixture_free(identification->mixture);
    cel_spectrum_free(identification->processed);
    g_clear_pointer(&identification->peaks, g_array_unref);
    g_free(identification);
}

/* ---- JSON, as the command line contract shows it ---- */

/* Digits: a score to 1e-4, a position to 0.1 cm-1; more would pretend a precision that is not
 * there. */
enum { SCORE_DIGITS = 4, POSITION_DIGITS = 5, QUALITY_DIGITS = 4 };

static void write_positions(CelJsonWriter *json, const char *key, const GArray *pairs,
                            gboolean of_sample)
{
    cel_json_open(json, key, '[');
    for (guint i = 0; i < pairs->len; i++) {
        const CelPeakPair *pair = &g_array_index(pairs, CelPeakPair, i);
        cel_json_number(json, NULL, of_sample ? pair->sample_cm1 : pair->reference_cm1,
                        POSITION_DIGITS);
    }
    cel_json_close(json);
}

static void write_hit(CelJsonWriter *json, const CelHit *hit)
{
    static const char *const grades[] = {"A", "B", "C", "D"};
    const CelSubstance *substance = hit->substance;
    cel_json_open(json, NULL, '{');
    cel_json_int(json, "rank", hit->rank);
    cel_json_text(json, "id", substance->id);
    cel_json_text(json, "name_en", substance->name_en);
    cel_json_text(json, "name_zh", substance->name_zh);
    cel_json_text(json, "class", substance->class_id);
    cel_json_text(json, "group", substance->group_id);
    cel_json_text(json, "library", substance->library);
    cel_json_text(json, "reference", hit->reference != NULL ? hit->reference->name : "");
    cel_json_number(json, "score", hit->score, SCORE_DIGITS);
    cel_json_number(json, "hqi", hit->hqi, SCORE_DIGITS);
    cel_json_number(json, "peak_score", hit->peak_score, SCORE_DIGITS);
    cel_json_number(json, "shift_applied_cm1", hit->shift_applied_cm1, 2);
    cel_json_open(json, "common_cm1", '[');
    cel_json_number(json, NULL, hit->common_cm1[0], POSITION_DIGITS);
    cel_json_number(json, NULL, hit->common_cm1[1], POSITION_DIGITS);
    cel_json_close(json);
    write_positions(json, "matched_cm1", hit->matched, TRUE);
    write_positions(json, "missing_cm1", hit->missing, FALSE);
    cel_json_open(json, "extra_cm1", '[');
    for (guint i = 0; i < hit->extra->len; i++)
        cel_json_number(json, NULL, g_array_index(hit->extra, double, i), POSITION_DIGITS);
    cel_json_close(json);
    cel_why_write_peaks(json, hit);
    cel_json_text(json, "kind", hit->reference != NULL ? "measured" : "band-table");
    cel_json_text(json, "grade", grades[hit->grade]);
    cel_json_close(json);
}

static void write_texts(CelJsonWriter *json, const char *key, const GPtrArray *texts)
{
    cel_json_open(json, key, '[');
    for (guint i = 0; i < texts->len; i++)
        cel_json_text(json, NULL, g_ptr_array_index(texts, i));
    cel_json_close(json);
}

static void write_claim(CelJsonWriter *json, const CelIdentification *answer)
{
    cel_json_open(json, "label", '{');
    cel_json_text(json, "en", cel_outcome_label(answer->outcome, FALSE));
    cel_json_text(json, "zh_CN", cel_outcome_label(answer->outcome, TRUE));
    cel_json_close(json);
    cel_json_open(json, "claim", '{');
    cel_json_text(json, "en", answer->claim_en);
    cel_json_text(json, "zh_CN", answer->claim_zh);
    cel_json_text(json, "ceiling", answer->ceiling);
    cel_json_close(json);
    if (answer->lead_id != NULL)
        cel_json_text(json, "lead", answer->lead_id);
}

static void write_replicates(CelJsonWriter *json, const CelReplicates *replicates)
{
    cel_json_open(json, "replicates", '{');
    cel_json_int(json, "planned", replicates->planned);
    cel_json_int(json, "valid", replicates->valid);
    cel_json_int(json, "agree", replicates->agree);
    write_texts(json, "reasons", replicates->reasons);
    write_texts(json, "reasons_zh_CN", replicates->reasons_zh);
    cel_json_close(json);
}

static void write_quality(CelJsonWriter *json, const CelQuality *quality)
{
    cel_json_open(json, "quality", '{');
    cel_json_number(json, "snr", quality->snr, QUALITY_DIGITS);
    cel_json_int(json, "saturated", quality->saturated);
    cel_json_int(json, "cosmic_rays", quality->cosmic_rays);
    cel_json_number(json, "fluorescence_ratio", quality->fluorescence_ratio, QUALITY_DIGITS);
    cel_json_text(json, "axis_check", quality->axis_check);
    cel_json_number(json, "axis_u_cm1", quality->axis_u_cm1, 0);
    cel_json_number(json, "axis_shift_cm1", quality->axis_shift_cm1, QUALITY_DIGITS);
    if (quality->resolution_cm1 > 0) /* it changes scores, so it must be known to repeat them */
        cel_json_number(json, "resolution_cm1", quality->resolution_cm1, 0);
    cel_json_close(json);
}

static void write_stability(CelJsonWriter *json, const CelStability *stability)
{
    if (stability->runs == 0) {
        cel_json_text(json, "stability", NULL);
        return;
    }
    cel_json_open(json, "stability", '{');
    cel_json_int(json, "runs", stability->runs);
    cel_json_number(json, "same_answer", (double)stability->same / stability->runs, SCORE_DIGITS);
    cel_json_number(json, "same_first", (double)stability->same_first / stability->runs,
                    SCORE_DIGITS);
    cel_json_close(json);
}

char *cel_identification_to_json(const CelIdentification *identification, const char *file)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file);
    cel_json_text(json, "outcome", cel_outcome_name(identification->outcome));
    write_claim(json, identification);
    cel_json_open(json, "hits", '[');
    for (guint i = 0; i < identification->hits->len; i++)
        write_hit(json, g_ptr_array_index(identification->hits, i));
    cel_json_close(json);
    cel_mixture_write(json, identification->mixture);
    write_stability(json, &identification->stability);
    write_replicates(json, &identification->replicates);
    cel_json_text(json, "policy", cel_policy_name(identification->policy));
    cel_json_bool(json, "simulated", identification->simulated);
    write_quality(json, &identification->quality);
    write_texts(json, "why", identification->why_en);
    write_texts(json, "why_zh_CN", identification->why_zh);
    cel_why_write(json, identification);
    cel_rates_write(json, identification->rates);
    cel_json_number(json, "elapsed_ms", (double)identification->elapsed_us / 1000.0, 4);
    cel_json_close(json);
    return cel_json_finish(json);
}
