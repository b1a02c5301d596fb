/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-inquiry.h"
#include "match/cel-mixture.h"
#include "match/cel-weigh.h"
#include "process/cel-peaks.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define METHOD "celadon-identify 1"

/* What is left of a flat line after taking off its background is the rounding of the sums, far
 * below this part of the signal; no detector resolves that little, so it counts as noise. */
#define ROUNDING 1e-9

void cel_inquiry_clear(CelInquiry *sample)
{
    cel_view_free(sample->view);
    g_clear_pointer(&sample->carrying, cel_spectrum_free);
    for (gsize b = 0; b < sample->n_blanks; b++)
        cel_view_free(sample->blanks[b]);
    g_clear_pointer(&sample->lines, g_array_unref);
    g_clear_pointer(&sample->ranked, g_array_unref);
    g_clear_pointer(&sample->known_likeness, g_hash_table_unref);
}

/* ---- quality ---- */

static double highest(const double *y, const guint8 *mask, gsize n)
{
    double top = 0;
    for (gsize i = 0; i < n; i++)
        if (mask == NULL || mask[i] == 0)
            top = MAX(top, y[i]);
    return top;
}

/* Median over the processed range of what processing took away, above its own lowest value: the
 * detector's offset is in there and is no light. */
static double background(const CelSpectrum *raw, const CelSpectrum *processed)
{
    const gsize n = cel_spectrum_length(processed), n_raw = cel_spectrum_length(raw);
    const double *x = cel_spectrum_x(processed), *x_raw = cel_spectrum_x(raw);
    g_autofree double *values = g_new(double, n);
    double lowest = G_MAXDOUBLE;
    gsize r = 0;
    for (gsize i = 0; i < n; i++) {
        while (r + 1 < n_raw && x_raw[r] < x[i])
            r++;
        values[i] = cel_spectrum_y(raw)[r] - cel_spectrum_y(processed)[i];
        lowest = MIN(lowest, values[i]);
    }
    double sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += values[i] - lowest;
    return sum / (double)n;
}

static double largest(const double *y, gsize n)
{
    double out = 0;
    for (gsize i = 0; i < n; i++)
        out = MAX(out, fabs(y[i]));
    return out;
}

static void judge_quality(CelInquiry *s)
{
    const CelSpectrum *done = s->answer->processed;
    const guint8 *raw_mask = cel_spectrum_mask(s->raw), *mask = cel_spectrum_mask(done);
    CelQuality *q = &s->answer->quality;
    const double top = highest(cel_spectrum_y(done), mask, cel_spectrum_length(done));
    const gsize n_raw = cel_spectrum_length(s->raw);
    const double least = ROUNDING * largest(cel_spectrum_y(s->raw), n_raw);
    const double noise = MAX(cel_peaks_noise(cel_spectrum_y(s->raw), n_raw), least);
    q->snr = noise > 0 ? MIN(top / noise, 1e6) : top > 0 ? 1e6 : 0;
    q->fluorescence_ratio = top > 0 && !s->baseline_removed ? background(s->raw, done) / top : 0;
    for (gsize i = 0; raw_mask != NULL && i < cel_spectrum_length(s->raw); i++)
        q->saturated += (raw_mask[i] & CEL_MASK_SATURATED) != 0;
    for (gsize i = 0; mask != NULL && i < cel_spectrum_length(done); i++)
        q->cosmic_rays += (mask[i] & CEL_MASK_COSMIC) != 0;
    const char *check = s->state.axis_check;
    q->axis_check = g_strcmp0(check, "ok") == 0        ? "ok"
                    : g_strcmp0(check, "failed") == 0  ? "failed"
                    : g_strcmp0(check, "expired") == 0 ? "expired"
                                                       : "none";
    q->axis_u_cm1 = s->state.axis_u_cm1;
    q->resolution_cm1 = MAX(s->matcher->options.resolution_cm1, 0);
}

/* ---- the whole ---- */

static gboolean process(CelInquiry *s, const CelStepInputs *inputs, CelJob *job, GError **error)
{
    g_autoptr(CelRecipe) recipe = cel_matcher_recipe(s->matcher, s->laser_nm, s->baseline_removed);
    g_autoptr(GPtrArray) stages = NULL;
    s->answer->processed = cel_recipe_run(recipe, s->raw, inputs, &stages, job, error);
    if (s->answer->processed == NULL)
        return FALSE;
    if (!s->baseline_removed)
        s->carrying = cel_late_stage(recipe, s->raw, stages);
    if (!s->baseline_removed && s->carrying == NULL)
        s->carrying = cel_late_sample(recipe, s->raw, inputs, NULL);
    const CelPeakOptions options = {.noise_factor = 5};
    s->answer->peaks = cel_peaks_find(s->answer->processed, &options);
    s->view = cel_view_of(s->answer->processed);
    return TRUE;
}

static void weigh_first(const CelInquiry *s)
{
    if (s->answer->hits->len == 0)
        return;
    CelHit *first = g_ptr_array_index(s->answer->hits, 0);
    for (guint i = 0; i < first->extra->len; i++) {
        const double at = g_array_index(first->extra, double, i);
        for (guint k = 0; k < s->lines->len; k++) {
            const CelLine *line = &g_array_index(s->lines, CelLine, k);
            if (fabs(line->position_cm1 - at) < 1e-9 && line->height > s->answer->extra_height) {
                s->answer->extra_height = line->height;
                s->answer->extra_cm1 = at;
            }
        }
    }
    first->evidence = cel_weigh(s->answer);
}

static gboolean best_is_recalled(const CelInquiry *s)
{
    if (s->answer->hits->len == 0)
        return FALSE;
    const CelItem *item = cel_inquiry_item(s, g_array_index(s->ranked, CelCandidate, 0).entry);
    return item->reference == NULL && item->choice.recalled;
}

void cel_inquiry_decide(CelInquiry *s)
{
    CelDecisionInput input = {
        .state = s->state,
        .method = METHOD,
        .library_en = s->matcher->library_names,
        .baseline_removed = s->baseline_removed,
        .reader_unvalidated = cel_spectrum_meta(s->raw, CEL_META_UNVALIDATED) != NULL,
        .laser_known = s->laser_nm > 0,
        .recalled = best_is_recalled(s),
        .n_samples = cel_spectrum_length(s->raw),
        .n_lines = s->lines != NULL ? s->lines->len : 0,
        .libraries = s->matcher->options.libraries,
        .n_libraries = s->matcher->options.n_libraries,
    };
    weigh_first(s);
    cel_outcome_decide(s->answer, &input);
    if (s->again)
        return;
    if (s->behind != CEL_N_CLAIMS)
        cel_mixture_tell_blanks(s->answer, s->behind, s->left);
    cel_inquiry_fit_together(s, &input);
}

/* Is this what can be compared with Raman spectra at all? */
gboolean cel_inquiry_check(const CelSpectrum *raw, GError **error)
{
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(raw));
    if (unit != CEL_UNIT_SHIFT_CM1) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The spectrum is on an axis of %s, not of Raman shift, so it cannot be "
                      "compared with a library; give the laser wavelength"),
                    cel_unit_name(unit));
        return FALSE;
    }
    if (cel_spectrum_meta(raw, CEL_META_FOREIGN_KIND) == NULL)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("this is no Raman spectrum but \"%s\"; it cannot be compared with Raman spectra"),
                cel_spectrum_meta(raw, CEL_META_FOREIGN_KIND));
    return FALSE;
}

CelIdentification *cel_matcher_identify(const CelMatcher *matcher, const CelSample *sample,
                                        CelJob *job, GError **error)
{
    const gint64 start = g_get_monotonic_time();
    const CelSpectrum *raw = sample->raw;
    if (!cel_inquiry_check(raw, error))
        return NULL;
    g_autoptr(CelIdentification) answer = cel_identification_new();
    g_auto(CelInquiry) s = {.matcher = matcher,
                            .raw = raw,
                            .state = sample->state,
                            .exclude = sample->exclude,
                            .answer = answer};
    s.baseline_removed = g_strcmp0(cel_spectrum_meta(raw, CEL_META_BASELINE), "removed") == 0;
    cel_spectrum_meta_number(raw, CEL_META_LASER_NM, &s.laser_nm);
    answer->policy = matcher->options.policy;
    answer->simulated = cel_spectrum_is_simulated(raw);
    if (!process(&s, sample->inputs, job, error))
        return NULL;
    judge_quality(&s);
    s.behind = CEL_N_CLAIMS;
    if (!cel_inquiry_read_blanks(&s, sample, job, error))
        return NULL;
    if (s.view != NULL)
        cel_inquiry_search(&s);
    cel_inquiry_look_behind(&s);
    cel_inquiry_decide(&s);
    if (!cel_inquiry_recalculate(&s, sample, job, error))
        return NULL;
    cel_inquiry_trim(&s);
    answer->elapsed_us = g_get_monotonic_time() - start;
    return g_steal_pointer(&answer);
}
