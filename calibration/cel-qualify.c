/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-qualify.h"

#include "base/cel-error.h"
#include "cel-lines.h"
#include "cel-shift.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const double MAX_OFFSET_CM1 = 40.0, HIGH_CM1 = 2000.0, LEAST_SNR = 5.0;

const char *cel_check_verdict_name(CelCheckVerdict verdict)
{
    static const char *const names[CEL_N_CHECK_VERDICTS] = {"pass", "fail", "not-checkable"};
    return verdict < CEL_N_CHECK_VERDICTS ? names[verdict] : names[CEL_CHECK_NOT_CHECKABLE];
}

CelCheckLimits cel_check_limits_default(void)
{
    return (CelCheckLimits){
        .deviation_cm1 = 3.0,
        .deviation_high_cm1 = 5.0,
        .coverage = 2.0,
        .min_lines = 4,
        .min_span_cm1 = 500.0,
        .min_snr = 10.0,
        .source = "Celadon's default; not a standard's limit",
    };
}

void cel_qualification_free(CelQualification *q)
{
    if (q == NULL)
        return;
    g_array_unref(q->lines);
    g_ptr_array_unref(q->reasons);
    g_free(q);
}

G_GNUC_PRINTF(2, 3)
static void because(CelQualification *q, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(q->reasons, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* ---- one line ---- */

static double limit_at(const CelCheckLimits *limits, double shift_cm1)
{
    return shift_cm1 > HIGH_CM1 ? limits->deviation_high_cm1 : limits->deviation_cm1;
}

static const char *unusable(const CelShiftLine *found, const CelCheckedLine *line)
{
    if (found == NULL)
        return N_("not found");
    if (found->saturated)
        return N_("saturated");
    return line->expanded_u >= line->limit ? N_("its uncertainty alone reaches the limit") : NULL;
}

static CelCheckedLine check_line(const CelQualification *q, const CelStandardLine *accepted,
                                 const CelShiftLine *found)
{
    CelCheckedLine line = {
        .accepted = accepted->value,
        .u_accepted = found != NULL ? found->u_accepted_cm1 : cel_standard_u(q->standard, accepted),
        .measured = found != NULL ? found->measured_cm1 : NAN,
        .u_measured = found != NULL ? found->u_fit_cm1 : NAN,
        .limit = limit_at(&q->limits, accepted->value),
    };
    line.deviation = line.measured - line.accepted;
    line.expanded_u = q->limits.coverage * hypot(line.u_accepted, line.u_measured);
    line.reason = unusable(found, &line);
    if (line.reason != NULL)
        line.verdict = CEL_CHECK_NOT_CHECKABLE;
    else
        line.verdict =
            fabs(line.deviation) + line.expanded_u <= line.limit ? CEL_CHECK_PASS : CEL_CHECK_FAIL;
    return line;
}

static const CelShiftLine *find_line(const GArray *found, const CelStandardLine *accepted)
{
    for (guint i = 0; i < found->len; i++) {
        const CelShiftLine *line = &g_array_index(found, CelShiftLine, i);
        if (line->line == accepted)
            return line;
    }
    return NULL;
}

static void check_lines(CelQualification *q, const GArray *found, const CelSpectrum *spectrum)
{
    const double *x = cel_spectrum_x(spectrum);
    const double first = x[0], last = x[cel_spectrum_length(spectrum) - 1];
    for (gsize k = 0; k < q->standard->n_lines; k++) {
        const CelStandardLine *accepted = &q->standard->lines[k];
        const CelShiftLine *match = find_line(found, accepted);
        if (!accepted->for_check ||
            (match == NULL && (accepted->value < first || accepted->value > last)))
            continue; /* outside the range it is not observable, which is no fault */
        const CelCheckedLine line = check_line(q, accepted, match);
        g_array_append_val(q->lines, line);
    }
}

/* ---- all lines together ---- */

static void sum_up(CelQualification *q, double *out_span_cm1)
{
    double sum = 0.0, squares = 0.0, first = NAN, last = NAN;
    for (guint i = 0; i < q->lines->len; i++) {
        const CelCheckedLine *line = &g_array_index(q->lines, CelCheckedLine, i);
        if (line->verdict == CEL_CHECK_NOT_CHECKABLE)
            continue;
        const double u = line->expanded_u / q->limits.coverage;
        first = isnan(first) ? line->accepted : first;
        last = line->accepted;
        sum += line->deviation;
        squares += line->deviation * line->deviation + u * u;
        if (fabs(line->deviation) > fabs(q->worst_deviation_cm1))
            q->worst_deviation_cm1 = line->deviation;
        q->n_checked++;
    }
    q->mean_deviation_cm1 = q->n_checked > 0 ? sum / q->n_checked : NAN;
    q->u_axis_cm1 = q->n_checked > 0 ? sqrt(squares / q->n_checked) : 0.0;
    *out_span_cm1 = q->n_checked > 0 ? last - first : 0.0;
}

static void note_failures(CelQualification *q)
{
    for (guint i = 0; i < q->lines->len; i++) {
        const CelCheckedLine *line = &g_array_index(q->lines, CelCheckedLine, i);
        if (line->verdict == CEL_CHECK_FAIL)
            because(q,
                    _("The line at %.1f cm-1 is %+.2f cm-1 off; with its uncertainty of %.2f "
                      "that is beyond the limit of %.1f"),
                    line->accepted, line->deviation, line->expanded_u, line->limit);
    }
}

/* What the standard itself can give: a standard of one line is checked on one. */
static guint lines_demanded(const CelQualification *q)
{
    guint offered = 0;
    for (gsize k = 0; k < q->standard->n_lines; k++)
        offered += q->standard->lines[k].for_check ? 1 : 0;
    return MIN(q->limits.min_lines, offered);
}

static gboolean enough(CelQualification *q, double span_cm1)
{
    const guint demanded = lines_demanded(q);
    if (q->n_checked < demanded)
        because(q, _("Only %u lines of %s could be checked, %u are needed"), q->n_checked,
                q->standard->name_en, demanded);
    const gboolean wide = demanded < 2 || span_cm1 >= q->limits.min_span_cm1;
    if (!wide)
        because(q, _("The checked lines span %.0f cm-1; %.0f are needed"), span_cm1,
                q->limits.min_span_cm1);
    return q->n_checked >= demanded && wide;
}

/* ---- width and intensity ---- */

static const CelMeasuredLine *fitted_at(const GArray *lines, double position)
{
    const CelMeasuredLine *best = NULL;
    for (guint i = 0; i < lines->len; i++) {
        const CelMeasuredLine *line = &g_array_index(lines, CelMeasuredLine, i);
        if (best == NULL || fabs(line->position - position) < fabs(best->position - position))
            best = line;
    }
    return best;
}

static void measure_state(CelQualification *q, const GArray *fitted, double exposure_ms_mw)
{
    double strongest = 0.0;
    for (guint i = 0; i < q->lines->len; i++) {
        const CelCheckedLine *checked = &g_array_index(q->lines, CelCheckedLine, i);
        const CelMeasuredLine *line = fitted_at(fitted, checked->measured);
        if (checked->verdict == CEL_CHECK_NOT_CHECKABLE || line == NULL)
            continue;
        if (!line->blended && (q->fwhm_cm1 == 0.0 || line->fwhm < q->fwhm_cm1)) {
            q->fwhm_cm1 = line->fwhm;
            q->u_fwhm_cm1 = line->u_fwhm;
        }
        if (line->height > strongest) {
            strongest = line->height;
            q->snr = line->snr;
        }
    }
    q->counts_per_ms_mw = exposure_ms_mw > 0.0 ? strongest / exposure_ms_mw : 0.0;
}

static gboolean state_is_good(CelQualification *q)
{
    const CelCheckLimits *limits = &q->limits;
    const gsize before = q->reasons->len;
    if (limits->max_fwhm_cm1 > 0.0 &&
        q->fwhm_cm1 + limits->coverage * q->u_fwhm_cm1 > limits->max_fwhm_cm1)
        because(q, _("The narrowest line is %.1f cm-1 wide; the limit is %.1f"), q->fwhm_cm1,
                limits->max_fwhm_cm1);
    if (q->snr < limits->min_snr)
        because(q, _("The signal-to-noise ratio is %.0f; at least %.0f is needed"), q->snr,
                limits->min_snr);
    const double reference = limits->reference_counts_per_ms_mw;
    if (limits->max_intensity_change > 0.0 && reference > 0.0 && q->counts_per_ms_mw > 0.0 &&
        fabs(q->counts_per_ms_mw / reference - 1.0) > limits->max_intensity_change)
        because(q, _("The strongest line has %.0f %% of its reference intensity"),
                100.0 * q->counts_per_ms_mw / reference);
    return q->reasons->len == before;
}

static void conclude(CelQualification *q)
{
    double span_cm1 = 0.0;
    sum_up(q, &span_cm1);
    note_failures(q);
    const gboolean on_axis = q->reasons->len == 0;
    const gboolean checkable = enough(q, span_cm1);
    const gboolean good = state_is_good(q);
    if (!on_axis)
        q->verdict = CEL_CHECK_FAIL;
    else if (!checkable)
        q->verdict = CEL_CHECK_NOT_CHECKABLE;
    else
        q->verdict = good ? CEL_CHECK_PASS : CEL_CHECK_FAIL;
}

static gboolean usable_request(const CelQualifyRequest *r, GError **error)
{
    if (r->standard->kind != CEL_STANDARD_SHIFT) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s has no accepted Raman shifts; a check needs a standard of shifts"),
                    r->standard->name_en);
        return FALSE;
    }
    if (cel_axis_unit(cel_spectrum_axis(r->spectrum)) == CEL_UNIT_SHIFT_CM1)
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("The check needs a Raman shift axis; this measurement has no laser "
                          "wavelength or no calibration"));
    return FALSE;
}

static CelQualification *qualification_new(const CelQualifyRequest *request)
{
    CelQualification *q = g_new0(CelQualification, 1);
    q->standard = request->standard;
    q->limits = request->limits != NULL ? *request->limits : cel_check_limits_default();
    q->lines = g_array_new(FALSE, FALSE, sizeof(CelCheckedLine));
    q->reasons = g_ptr_array_new_with_free_func(g_free);
    return q;
}

CelQualification *cel_qualify(const CelQualifyRequest *request, CelJob *job, GError **error)
{
    if (!usable_request(request, error))
        return NULL;
    const CelShiftScan scan = {request->standard, request->spectrum,
                               request->name != NULL ? request->name : request->standard->id};
    const CelShiftOptions options = {.max_offset_cm1 = MAX_OFFSET_CM1, .min_snr = LEAST_SNR};
    g_autoptr(GArray) found = cel_shift_check(NULL, &scan, &options, job, error);
    g_autoptr(GArray) fitted =
        found != NULL ? cel_lines_measure(request->spectrum, LEAST_SNR, job, error) : NULL;
    if (fitted == NULL)
        return NULL;
    g_autoptr(CelQualification) q = qualification_new(request);
    check_lines(q, found, request->spectrum);
    measure_state(q, fitted, request->exposure_ms_mw);
    conclude(q);
    return g_steal_pointer(&q);
}
