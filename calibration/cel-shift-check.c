/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-shift-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const double COVERAGE = 2.0; /* expanded uncertainties are k = 2 */

static CelShiftLine *line_at(const GArray *lines, guint i)
{
    return &g_array_index(lines, CelShiftLine, i);
}

static gboolean is_lamp(const CelShiftLine *line)
{
    return line->standard->kind == CEL_STANDARD_LAMP;
}

static double square(double x)
{
    return x * x;
}

void cel_shift_add_lines(GArray *out, guint scan, const CelStandard *standard,
                         const CelPairing *pairing)
{
    for (guint i = 0; i < pairing->pairs->len; i++) {
        const CelPair *p = &g_array_index(pairing->pairs, CelPair, i);
        const CelShiftLine line = {.scan = scan,
                                   .standard = standard,
                                   .line = p->line,
                                   .accepted_cm1 = p->accepted_cm1,
                                   .u_accepted_cm1 = p->u_accepted_cm1,
                                   .measured_cm1 = p->measured_cm1,
                                   .u_fit_cm1 = p->u_measured_cm1,
                                   .before_cm1 = p->measured_cm1 - p->accepted_cm1,
                                   .after_cm1 = p->measured_cm1 - p->accepted_cm1,
                                   .used = !p->saturated,
                                   .saturated = p->saturated};
        g_array_append_val(out, line);
    }
}

/* The shift that @fit makes of @measured. */
static double corrected(const CelShiftFit *fit, double measured, double *out_u)
{
    const CelCalibration *c = &fit->calibration;
    const gboolean own_laser = c->n_coefficients > 0;
    double correction = 0.0, u = 0.0;
    const double shift = measured + (own_laser ? fit->laser_cm1 : 0.0);
    cel_calibration_correction(c, shift, &correction, &u, NULL);
    *out_u = own_laser ? hypot(u, fit->u_laser_cm1) : u;
    return shift + correction;
}

static double beyond(const CelCalibration *c, double at)
{
    return fmax(0.0, fmax(c->supported_cm1[0] - at, at - c->supported_cm1[1]));
}

/* How far the correction could go on unseen: as cel_calibration_shift_axis() has it. */
static double u_beyond(const CelCalibration *c, double at, double u_end)
{
    double steepest = 0.0;
    for (guint i = 1; i < c->n_knots; i++)
        steepest = fmax(steepest, fabs(c->correction_cm1[i] - c->correction_cm1[i - 1]) /
                                      (c->knot_cm1[i] - c->knot_cm1[i - 1]));
    const double half = 0.5 * (c->supported_cm1[1] - c->supported_cm1[0]);
    return half > 0.0 ? hypot(u_end, beyond(c, at) * (steepest + u_end / half)) : u_end;
}

void cel_shift_evaluate(const CelShiftFit *fit, GArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        CelShiftLine *line = line_at(lines, i);
        line->after_cm1 = line->before_cm1;
        if (fit != NULL) {
            double u = 0.0;
            const double shift = corrected(fit, line->measured_cm1, &u);
            /* a lamp's place is that under the laser that was assumed */
            line->after_cm1 = shift - line->accepted_cm1 - (is_lamp(line) ? fit->laser_cm1 : 0.0);
            line->u_axis_cm1 = u_beyond(&fit->calibration, line->measured_cm1, u);
            line->supported = !(beyond(&fit->calibration, line->measured_cm1) > 0.0);
        }
        line->limit_cm1 = COVERAGE * sqrt(square(line->u_accepted_cm1) + square(line->u_fit_cm1) +
                                          square(line->u_axis_cm1));
    }
}

GArray *cel_shift_check(const CelShiftFit *fit, const CelShiftScan *scan,
                        const CelShiftOptions *options, CelJob *job, GError **error)
{
    const CelShiftOptions complete = cel_shift_options(options);
    CelShiftAxis axis;
    g_auto(CelPairing) pairing = {0};
    if (!cel_shift_axis_common(NULL, scan, 1, &axis, error) ||
        !cel_shift_scan_pairs(scan, &axis, &complete, &pairing, job, error))
        return NULL;
    GArray *lines = g_array_new(FALSE, TRUE, sizeof(CelShiftLine));
    cel_shift_add_lines(lines, 0, scan->standard, &pairing);
    for (guint i = 0; i < lines->len; i++)
        line_at(lines, i)->used = FALSE;
    cel_shift_evaluate(fit, lines);
    return lines;
}

CelShiftSummary cel_shift_summarise(const GArray *lines)
{
    CelShiftSummary s = {0};
    for (guint i = 0; i < lines->len; i++) {
        const CelShiftLine *line = line_at(lines, i);
        if (is_lamp(line) || line->saturated)
            continue;
        s.n++;
        s.n_outside += fabs(line->after_cm1) > line->limit_cm1 ? 1 : 0;
        s.mean_before_cm1 += fabs(line->before_cm1);
        s.mean_after_cm1 += fabs(line->after_cm1);
        s.rms_before_cm1 += square(line->before_cm1);
        s.rms_after_cm1 += square(line->after_cm1);
        s.worst_before_cm1 = fmax(s.worst_before_cm1, fabs(line->before_cm1));
        s.worst_after_cm1 = fmax(s.worst_after_cm1, fabs(line->after_cm1));
    }
    if (s.n == 0)
        return s;
    s.mean_before_cm1 /= s.n;
    s.mean_after_cm1 /= s.n;
    s.rms_before_cm1 = sqrt(s.rms_before_cm1 / s.n);
    s.rms_after_cm1 = sqrt(s.rms_after_cm1 / s.n);
    return s;
}

CelAxis *cel_shift_correct(const CelCalibration *correction, const CelAxis *recorded,
                           double *out_u_cm1, GError **error)
{
    const gsize n = cel_axis_length(recorded);
    const double *x = cel_axis_values(recorded);
    if (cel_axis_unit(recorded) != CEL_UNIT_SHIFT_CM1 || correction->n_coefficients > 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("This correction and this axis do not belong together: a correction of "
                      "recorded shifts needs an axis of shifts (this one is in %s), and a "
                      "calibration of pixels is applied to pixels"),
                    cel_unit_name(cel_axis_unit(recorded)));
        return NULL;
    }
    g_autofree double *out = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        double by = 0.0, u = 0.0;
        if (!cel_calibration_correction(correction, x[i], &by, &u, error))
            return NULL;
        out[i] = x[i] + by;
        if (out_u_cm1 != NULL)
            out_u_cm1[i] = u_beyond(correction, x[i], u);
    }
    return cel_axis_new(CEL_UNIT_SHIFT_CM1, out, n, error);
}
