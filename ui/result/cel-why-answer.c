/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-why-model.h"

#include "base/cel-error.h"
#include "cel-words.h"
#include "match/cel-claims.h"
#include "match/cel-weigh.h"
#include "match/cel-why.h"
#include "process/cel-peaks.h"
#include "report/cel-report-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The reasons behind an answer that is at hand. */

static const char *substance_name(const CelSubstance *x)
{
    const char *name = cel_ui_pick(x->name_zh, x->name_en);
    return *name != '\0' ? name : x->id;
}

static char *about_hit(const CelHit *hit)
{
    static const char *const grades[] = {"A", "B", "C", "D"};
    const gboolean measured = hit->reference != NULL;
    return g_strdup_printf(
        _("grade %s · %s · %s"), grades[hit->grade],
        cel_report_word(measured ? CEL_WORD_MEASURED : CEL_WORD_BAND_TABLE, cel_ui_is_chinese()),
        measured ? hit->reference->name : hit->substance->library);
}

/* ---- bands ---- */

static double width_at(const CelIdentification *answer, double cm1, double within)
{
    double best = within, width = NAN;
    for (guint i = 0; answer->peaks != NULL && i < answer->peaks->len; i++) {
        const CelPeak *peak = &g_array_index(answer->peaks, CelPeak, i);
        const double off = fabs(peak->position - cm1);
        if (off > best || !(peak->fwhm > 0))
            continue;
        best = off;
        width = peak->fwhm;
    }
    return width;
}

static void add_pairs(CelWhyHit *out, const CelHit *hit, const CelIdentification *answer,
                      gboolean matched)
{
    static const double near_cm1 = 4.0;
    const GArray *pairs = matched ? hit->matched : hit->missing;
    for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
        const CelPeakPair *pair = &g_array_index(pairs, CelPeakPair, i);
        const CelWhyBand band = {
            .kind = matched ? CEL_MARK_MATCHED : CEL_MARK_MISSING,
            .at_cm1 = matched ? pair->sample_cm1 : pair->reference_cm1,
            .reference_cm1 = pair->reference_cm1,
            .sample_cm1 = matched ? pair->sample_cm1 : NAN,
            .difference_cm1 =
                matched ? pair->sample_cm1 + hit->shift_applied_cm1 - pair->reference_cm1 : NAN,
            .tolerance_cm1 = matched ? pair->tolerance_cm1 : NAN,
            .reference_intensity = pair->unweighed ? NAN : pair->reference_intensity,
            .sample_intensity = pair->sample_height,
            .fwhm_cm1 = matched ? width_at(answer, pair->sample_cm1, near_cm1) : NAN,
        };
        cel_why_hit_add(out, &band);
    }
}

static void add_extra(CelWhyHit *out, const CelHit *hit, const CelIdentification *answer)
{
    static const double near_cm1 = 4.0;
    for (guint i = 0; hit->unexplained != NULL && i < hit->unexplained->len; i++) {
        const CelPeakExtra *extra = &g_array_index(hit->unexplained, CelPeakExtra, i);
        const CelWhyBand band = {.kind = CEL_MARK_EXTRA,
                                 .at_cm1 = extra->sample_cm1,
                                 .reference_cm1 = NAN,
                                 .sample_cm1 = extra->sample_cm1,
                                 .difference_cm1 = NAN,
                                 .tolerance_cm1 = NAN,
                                 .reference_intensity = NAN,
                                 .sample_intensity = extra->sample_height,
                                 .fwhm_cm1 = width_at(answer, extra->sample_cm1, near_cm1)};
        cel_why_hit_add(out, &band);
    }
}

/* ---- hits ---- */

static void lay_reference(CelWhyHit *out, const CelHit *hit, const CelWhyCurve *sample)
{
    const CelReference *reference = hit->reference;
    g_auto(CelWhyCurve) curve = {g_memdup2(reference->x, reference->n * sizeof(double)),
                                 g_new(double, reference->n), reference->n};
    for (gsize i = 0; i < reference->n; i++)
        curve.y[i] = reference->y[i];
    cel_why_scale(&curve);
    cel_why_hit_lay(out, sample, &curve, hit->shift_applied_cm1);
}

/* The bands of the table as they were asked for: those that matched and those that are missing;
 * without heights of one source all are drawn alike. */
static void lay_table(CelWhyHit *out, const CelWhyCurve *sample)
{
    g_auto(CelWhyCurve)
        table = {g_new(double, out->bands->len + 1), g_new(double, out->bands->len + 1), 0};
    for (guint i = 0; i < out->bands->len; i++) {
        const CelWhyBand *band = &g_array_index(out->bands, CelWhyBand, i);
        if (band->kind == CEL_MARK_EXTRA)
            continue;
        table.x[table.n] = band->reference_cm1;
        table.y[table.n++] = isfinite(band->reference_intensity) ? band->reference_intensity : 1.0;
    }
    cel_why_hit_sticks(out, sample, &table);
}

static CelWhyHit *hit_of(const CelIdentification *answer, guint i, const CelWhyCurve *sample)
{
    const CelHit *hit = g_ptr_array_index(answer->hits, i);
    CelWhyHit *out = cel_why_hit_new();
    out->id = g_strdup(hit->substance->id);
    out->name = g_strdup(substance_name(hit->substance));
    out->about = about_hit(hit);
    out->score = hit->score;
    out->is_alike = i > 0 && cel_weigh_alike(answer->hits, i);
    add_pairs(out, hit, answer, TRUE);
    add_pairs(out, hit, answer, FALSE);
    add_extra(out, hit, answer);
    cel_why_hit_sort(out);
    if (hit->reference != NULL && hit->reference->n > 0)
        lay_reference(out, hit, sample);
    else
        lay_table(out, sample);
    return out;
}

/* ---- several substances ---- */

static CelWhyPart *part_of(const CelMixturePart *given)
{
    CelWhyPart *part = g_new0(CelWhyPart, 1);
    const char *const kinds[] = {_("substance"), _("packaging"), _("recorded blank")};
    part->name = given->substance != NULL
                     ? g_strdup(substance_name(given->substance))
                     : g_strdup_printf(_("recorded blank %u"), given->entry + 1);
    part->about =
        g_strdup_printf(_("%s · bands of its own: %u"), kinds[given->kind], given->unshared);
    part->weight = given->spectral_weight;
    part->weight_u = given->spectral_weight_se;
    return part;
}

static void take_mixture(CelWhyModel *model, const CelMixture *mixture)
{
    if (mixture == NULL)
        return;
    for (guint i = 0; i < mixture->parts->len; i++)
        g_ptr_array_add(model->parts, part_of(&g_array_index(mixture->parts, CelMixturePart, i)));
    model->left_part = mixture->residual;
    if (mixture->curve != NULL)
        cel_why_set_left(model, mixture->first_cm1, (const float *)(void *)mixture->curve->data,
                         mixture->curve->len);
    for (guint i = 0; i < mixture->residual_hits->len; i++) {
        const CelResidualHit *hit = &g_array_index(mixture->residual_hits, CelResidualHit, i);
        cel_why_add_left_hit(model, substance_name(hit->substance), hit->score);
    }
}

/* ---- all of it ---- */

static gboolean take_stages(CelWhyModel *model, CelAnswer *answer, CelJob *job, GError **error)
{
    const CelWork *work = cel_answer_work(answer);
    const CelMeasurement *best =
        cel_work_measurement(work, cel_answer_get(answer)->replicates.best);
    if (best == NULL)
        return TRUE;
    g_autoptr(CelRecipe) recipe =
        cel_bench_recipe(cel_work_bench(work), best->calibration.laser_nm);
    g_autoptr(GError) failure = NULL;
    if (cel_why_set_stages(model, best, recipe, job, &failure))
        return TRUE;
    /* An answer that could not be evaluated has no stages either; its reasons are shown. */
    if (!g_error_matches(failure, CEL_ERROR, CEL_ERROR_CANCELLED))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

CelWhyModel *cel_why_model_of_answer(CelAnswer *answer, CelJob *job, GError **error)
{
    const CelIdentification *given = cel_answer_get(answer);
    g_autoptr(CelWhyModel) model = cel_why_model_new(cel_result_facts_of_answer(answer));
    g_auto(CelWhyCurve) sample = {0};
    model->quality = given->quality;
    if (given->processed != NULL) {
        const gsize n = cel_spectrum_length(given->processed);
        sample = (CelWhyCurve){g_memdup2(cel_spectrum_x(given->processed), n * sizeof(double)),
                               g_memdup2(cel_spectrum_y(given->processed), n * sizeof(double)), n};
        cel_why_scale(&sample);
        cel_why_set_sample(model, &sample);
    }
    for (guint i = 0; i < given->hits->len && model->sample != NULL; i++)
        g_ptr_array_add(model->hits, hit_of(given, i, &sample));
    g_ptr_array_unref(model->lines);
    model->lines = cel_why_lines(given, cel_ui_is_chinese());
    take_mixture(model, given->mixture);
    if (given->stability.runs > 0) {
        g_free(model->stability);
        model->stability =
            cel_claim_stability(given->stability.same, given->stability.runs, cel_ui_is_chinese());
    }
    gsize n = 0;
    const CelLibrary *const *libraries =
        cel_bench_libraries(cel_work_bench(cel_answer_work(answer)), &n);
    cel_why_model_assign(model, libraries, n);
    if (!take_stages(model, answer, job, error))
        return NULL;
    return g_steal_pointer(&model);
}
