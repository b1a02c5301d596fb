/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-shift-private.h"
#include "cel-trend.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { LEAST_LAMP_LINES = 6, LEAST_RESIDUAL_LINES = 5, LAMP_ORDER = 4, RESIDUAL_ORDER = 2 };
static const double SINGLE_REACH_CM1 = 100.0; /* what one line supports on either side */
static const double STEP_CM1 = 2.0, SURE = 5.0;
static const double CONTRADICTION_CM1 = 3.0, CONTRADICTION_U = 4.0, DRIFT_U = 3.0;

/** Run: one calibration on its way. */
typedef struct {
    const CelCalibration *base;
    const CelShiftScan *scans;
    gsize n;
    CelShiftOptions options;
    CelShiftAxis axis;
    GArray *lines;                 /* of CelShiftLine, as they will be returned */
    double *scan_cm1, *scan_u_cm1; /* laser as each scan of a shift standard has it */
    gboolean has_lamp, has_residual;
    CelTrend lamp, residual; /* accepted minus measured; over the axis as it came */
    CelShiftFit *out;
} Run;

static void run_clear(Run *run)
{
    g_free(run->scan_cm1);
    g_free(run->scan_u_cm1);
    cel_shift_fit_free(run->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

void cel_shift_fit_free(CelShiftFit *fit)
{
    if (fit == NULL)
        return;
    if (fit->lines != NULL)
        g_array_unref(fit->lines);
    if (fit->standards != NULL)
        g_array_unref(fit->standards);
    g_free(fit);
}

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

/* ---- lines ---- */

static gboolean measure_scans(Run *run, CelJob *job, GError **error)
{
    for (gsize i = 0; i < run->n; i++) {
        g_auto(CelPairing) pairing = {0};
        if (!cel_shift_scan_pairs(&run->scans[i], &run->axis, &run->options, &pairing, job, error))
            return FALSE;
        cel_shift_add_lines(run->lines, (guint)i, run->scans[i].standard, &pairing);
    }
    return TRUE;
}

/* ---- the lamp: wavelengths ---- */

static gint compare_points(gconstpointer left, gconstpointer right)
{
    const CelTrendPoint *a = left, *b = right;
    return a->x < b->x ? -1 : a->x > b->x;
}

/* Straight line through @n points, at @x. */
static double line_through(const CelTrendPoint *points, gsize n, double x, double *out_u)
{
    gboolean used[8];
    CelTrend t;
    cel_trend_fit(points, n, 1, used, &t);
    return cel_trend_value(&t, x, out_u);
}

/* An axis put together of windows of a turning grating jumps where they meet: two neighbours whose
 * surroundings, carried on to the middle between them, disagree. */
static gboolean check_step(const CelTrendPoint *points, gsize n, GError **error)
{
    enum { SIDE = 3 };
    for (gsize i = SIDE; i + SIDE <= n; i++) {
        const double middle = 0.5 * (points[i - 1].x + points[i].x);
        double u_left = 0.0, u_right = 0.0;
        const double left = line_through(points + i - SIDE, SIDE, middle, &u_left);
        const double right = line_through(points + i, SIDE, middle, &u_right);
        if (fabs(right - left) < STEP_CM1 || fabs(right - left) < SURE * hypot(u_left, u_right))
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("The axis jumps by %.1f cm-1 between %.0f and %.0f cm-1: it was put together "
                      "of pieces. No smooth correction follows it, and none was made; calibrate "
                      "each piece as a spectrum of its own"),
                    right - left, points[i - 1].x, points[i].x);
        return FALSE;
    }
    return TRUE;
}

static GArray *lamp_points(const Run *run)
{
    GArray *points = g_array_new(FALSE, TRUE, sizeof(CelTrendPoint));
    for (guint i = 0; i < run->lines->len; i++) {
        const CelShiftLine *line = line_at(run->lines, i);
        const CelTrendPoint point = {line->measured_cm1, -line->before_cm1,
                                     hypot(line->u_accepted_cm1, line->u_fit_cm1)};
        if (is_lamp(line) && line->used)
            g_array_append_val(points, point);
    }
    return points;
}

/* Marks the lamp's lines that the curve left out; the points are in order of position. */
static void mark_unused(Run *run, const CelTrendPoint *points, const gboolean *used, gsize n)
{
    for (guint i = 0; i < run->lines->len; i++) {
        CelShiftLine *line = line_at(run->lines, i);
        for (gsize k = 0; is_lamp(line) && k < n; k++)
            if (!used[k] && fabs(points[k].x - line->measured_cm1) < 1e-12 &&
                fabs(points[k].y + line->before_cm1) < 1e-12)
                line->used = FALSE;
    }
}

static gboolean fit_lamp(Run *run, GError **error)
{
    for (gsize i = 0; i < run->n; i++)
        run->has_lamp = run->has_lamp || run->scans[i].standard->kind == CEL_STANDARD_LAMP;
    if (!run->has_lamp)
        return TRUE;
    g_autoptr(GArray) points = lamp_points(run);
    if (points->len < LEAST_LAMP_LINES) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("Only %u lines of the lamp are usable (not saturated, resolved); %d are "
                      "needed to follow the axis. Measure the lamp with another integration time"),
                    points->len, LEAST_LAMP_LINES);
        return FALSE;
    }
    g_array_sort(points, compare_points);
    const CelTrendPoint *p = (const CelTrendPoint *)(void *)points->data;
    g_autofree gboolean *used = g_new(gboolean, points->len);
    if (!check_step(p, points->len, error))
        return FALSE;
    cel_trend_fit(p, points->len, LAMP_ORDER, used, &run->lamp);
    mark_unused(run, p, used, points->len);
    run->out->n_lamp_lines = (guint)run->lamp.n_used;
    run->out->lamp_order = run->lamp.order;
    run->out->lamp_rms_cm1 = run->lamp.rms;
    return TRUE;
}

static double lamp_correction(const Run *run, double at, double *out_u)
{
    *out_u = 0.0;
    return run->has_lamp ? cel_trend_value(&run->lamp, at, out_u) : 0.0;
}

/* ---- the laser ---- */

/* What one line says about the laser: accepted shift minus the shift by the lamp's wavelengths. */
static CelTrendPoint laser_point(const Run *run, const CelShiftLine *line)
{
    double u_lamp = 0.0;
    const double correction = lamp_correction(run, line->measured_cm1, &u_lamp);
    return (CelTrendPoint){
        .x = line->measured_cm1,
        .y = -line->before_cm1 - correction,
        .u = sqrt(square(line->u_accepted_cm1) + square(line->u_fit_cm1) + square(u_lamp))};
}

/** Mean: weighted, its uncertainty scaled up by the scatter. */
typedef struct {
    double value, u;
    guint n;
} Mean;

static Mean mean_of(const Run *run, const CelStandard *standard, gssize scan)
{
    double weights = 0.0, sum = 0.0, squares = 0.0;
    Mean mean = {0};
    for (guint i = 0; i < run->lines->len; i++) {
        const CelShiftLine *line = line_at(run->lines, i);
        if (line->standard != standard || !line->used || (scan >= 0 && line->scan != (guint)scan))
            continue;
        const CelTrendPoint p = laser_point(run, line);
        const double w = 1.0 / square(p.u);
        weights += w;
        sum += w * p.y;
        squares += w * p.y * p.y;
        mean.n++;
    }
    if (mean.n == 0)
        return mean;
    mean.value = sum / weights;
    const double chi2 = fmax(0.0, squares - sum * mean.value);
    const double birge = mean.n > 1 ? fmax(1.0, chi2 / (mean.n - 1.0)) : 1.0;
    mean.u = sqrt(birge / weights);
    return mean;
}

/* Two scans of one standard that put the axis at different places: it moved in between. */
static gboolean check_drift(const Run *run, gsize one, gsize other, GError **error)
{
    const CelStandard *standard = run->scans[one].standard;
    const Mean a = mean_of(run, standard, (gssize)one), b = mean_of(run, standard, (gssize)other);
    const double moved = a.value - b.value;
    if (standard != run->scans[other].standard || a.n == 0 || b.n == 0 ||
        fabs(moved) <= run->options.drift_limit_cm1 || fabs(moved) <= DRIFT_U * hypot(a.u, b.u))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("The laser or the grating drifted: between %s and %s the lines of %s moved by "
                  "%.2f cm-1. A calibration from both would fit neither; let the instrument warm "
                  "up and measure again"),
                run->scans[one].name, run->scans[other].name, standard->id, moved);
    return FALSE;
}

static gboolean check_drifts(const Run *run, GError **error)
{
    for (gsize i = 0; i < run->n; i++)
        for (gsize k = 0; k < i; k++)
            if (!check_drift(run, k, i, error))
                return FALSE;
    return TRUE;
}

static void collect_standards(Run *run)
{
    for (gsize i = 0; i < run->n; i++) {
        const CelStandard *standard = run->scans[i].standard;
        guint known = 0, at = 0;
        for (; at < run->out->standards->len; at++) {
            CelShiftStandard *s = &g_array_index(run->out->standards, CelShiftStandard, at);
            if (s->standard == standard) {
                s->n_scans++;
                known++;
            }
        }
        if (standard->kind != CEL_STANDARD_SHIFT || known > 0)
            continue;
        const Mean mean = mean_of(run, standard, -1);
        const CelShiftStandard s = {standard, 1, mean.n, mean.value, mean.u};
        g_array_append_val(run->out->standards, s);
        if (g_str_equal(standard->id, "silicon"))
            run->out->silicon_cm1 = standard->lines[0].value;
    }
}

static gboolean check_agreement(const GArray *standards, GError **error)
{
    for (guint i = 0; i < standards->len; i++) {
        for (guint k = 0; k < i; k++) {
            const CelShiftStandard *a = &g_array_index(standards, CelShiftStandard, k),
                                   *b = &g_array_index(standards, CelShiftStandard, i);
            const double apart = fabs(a->laser_cm1 - b->laser_cm1);
            if (apart <= CONTRADICTION_CM1 ||
                apart <= CONTRADICTION_U * hypot(a->u_laser_cm1, b->u_laser_cm1))
                continue;
            g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                        _("%s and %s contradict one another by %.1f cm-1: they were measured with "
                          "two lasers, in two states of the instrument, or one is not what it is "
                          "said to be. Nothing was calibrated; measure both again, one after the "
                          "other"),
                        a->standard->id, b->standard->id, apart);
            return FALSE;
        }
    }
    return TRUE;
}

/* Scatter between standards beyond their own uncertainties (DerSimonian, Laird 1986, Control. Clin.
 * Trials 7, 177), so that one of many lines does not outvote one of few. */
static double between_variance(const GArray *standards)
{
    double w = 0.0, w2 = 0.0, wy = 0.0, wyy = 0.0;
    for (guint i = 0; i < standards->len; i++) {
        const CelShiftStandard *s = &g_array_index(standards, CelShiftStandard, i);
        const double weight = 1.0 / square(s->u_laser_cm1);
        w += weight;
        w2 += weight * weight;
        wy += weight * s->laser_cm1;
        wyy += weight * square(s->laser_cm1);
    }
    const double q = wyy - wy * wy / w, scale = w - w2 / w;
    return scale > 0.0 ? fmax(0.0, (q - (standards->len - 1.0)) / scale) : 0.0;
}

static gboolean find_laser(Run *run, GError **error)
{
    CelShiftFit *out = run->out;
    collect_standards(run);
    guint n_lines = 0;
    for (guint i = 0; i < out->standards->len; i++)
        n_lines += g_array_index(out->standards, CelShiftStandard, i).n_lines;
    if (n_lines == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("There is no usable line of a shift standard, so the laser has no place; "
                      "measure silicon, polystyrene or another shift standard beside the lamp"));
        return FALSE;
    }
    if (!check_drifts(run, error) || !check_agreement(out->standards, error))
        return FALSE;
    const double between = between_variance(out->standards);
    double weights = 0.0, sum = 0.0;
    for (guint i = 0; i < out->standards->len; i++) {
        const CelShiftStandard *s = &g_array_index(out->standards, CelShiftStandard, i);
        const double w = 1.0 / (square(s->u_laser_cm1) + between);
        weights += w;
        sum += w * s->laser_cm1;
    }
    out->laser_cm1 = sum / weights;
    out->u_laser_cm1 = sqrt(1.0 / weights);
    out->between_cm1 = sqrt(between);
    return TRUE;
}

/* ---- what is left ---- */

static void fit_residual(Run *run)
{
    const gboolean several = run->out->standards->len > 1;
    gsize n = 0;
    g_autofree CelTrendPoint *points = g_new(CelTrendPoint, run->lines->len);
    g_autofree gboolean *used = g_new(gboolean, run->lines->len);
    for (guint i = 0; i < run->lines->len; i++) {
        const CelShiftLine *line = line_at(run->lines, i);
        if (is_lamp(line) || !line->used)
            continue;
        points[n] = laser_point(run, line);
        points[n].y -= run->out->laser_cm1;
        points[n].u = hypot(points[n].u, several ? run->out->between_cm1 : 0.0);
        n++;
    }
    if (n < LEAST_RESIDUAL_LINES)
        return;
    CelTrend t;
    if (!cel_trend_fit(points, n, run->has_lamp ? 1 : RESIDUAL_ORDER, used, &t) ||
        (run->has_lamp && t.order == 0))
        return;
    /* without a lamp even a correction of nothing has an uncertainty: the bend that was not seen */
    if (t.order == 0)
        t.covariance[0][0] = t.c[0] = 0.0; /* the laser has that part */
    run->has_residual = TRUE;
    run->residual = t;
    run->out->residual_order = t.order;
}

/* ---- the calibration ---- */

static void set_supported(Run *run)
{
    CelCalibration *c = &run->out->calibration;
    if (run->has_lamp) {
        c->supported_cm1[0] = run->lamp.x_min;
        c->supported_cm1[1] = run->lamp.x_max;
        return;
    }
    if (run->base != NULL && run->base->supported_cm1[1] > run->base->supported_cm1[0]) {
        memcpy(c->supported_cm1, run->base->supported_cm1, sizeof c->supported_cm1);
        return;
    }
    double low = HUGE_VAL, high = -HUGE_VAL;
    guint n = 0;
    for (guint i = 0; i < run->lines->len; i++) {
        const CelShiftLine *line = line_at(run->lines, i);
        low = line->used ? fmin(low, line->measured_cm1) : low;
        high = line->used ? fmax(high, line->measured_cm1) : high;
        n += line->used ? 1 : 0;
    }
    c->supported_cm1[0] = n > 1 ? low : low - SINGLE_REACH_CM1;
    c->supported_cm1[1] = n > 1 ? high : high + SINGLE_REACH_CM1;
}

/* The correction at @at of the axis as it came, without the laser's part. */
static double bend(const Run *run, double at, double *out_u)
{
    double u_lamp = 0.0, u_residual = 0.0;
    double sum = lamp_correction(run, at, &u_lamp);
    if (run->has_residual)
        sum += cel_trend_value(&run->residual, at, &u_residual);
    *out_u = hypot(u_lamp, u_residual);
    return sum;
}

static void set_knots(Run *run)
{
    enum { STRAIGHT = 2, CURVED = 17 };
    CelShiftFit *out = run->out;
    CelCalibration *c = &out->calibration;
    const gboolean own_laser = run->base != NULL && run->base->n_coefficients > 0;
    const guint order = MAX(out->lamp_order, out->residual_order);
    if (own_laser && !run->has_lamp && !run->has_residual) {
        c->n_knots = 0;
        return;
    }
    c->n_knots = order > 1 ? CURVED : STRAIGHT;
    for (guint i = 0; i < c->n_knots; i++) {
        double u = 0.0;
        const double t = i / (c->n_knots - 1.0);
        const double at = c->supported_cm1[0] + t * (c->supported_cm1[1] - c->supported_cm1[0]);
        c->knot_cm1[i] = at + (own_laser ? out->laser_cm1 : 0.0);
        c->correction_cm1[i] = bend(run, at, &u) + (own_laser ? 0.0 : out->laser_cm1);
        c->u_correction_cm1[i] = own_laser ? u : hypot(u, out->u_laser_cm1);
        c->u_axis_cm1 = fmax(c->u_axis_cm1, hypot(u, out->u_laser_cm1));
    }
}

static void set_laser(Run *run)
{
    CelShiftFit *out = run->out;
    CelCalibration *c = &out->calibration;
    c->medium = run->axis.medium;
    out->assumed_laser_nm = run->axis.laser_nm;
    out->laser_is_traced =
        run->has_lamp || (run->base != NULL && run->base->covariance[0][0] > 0.0);
    if (!(run->axis.laser_vacuum_nm > 0.0))
        return;
    const double vacuum_nm = 1e7 / (1e7 / run->axis.laser_vacuum_nm + out->laser_cm1);
    c->laser_nm = c->medium == CEL_UNIT_NM_VACUUM ? vacuum_nm : cel_vacuum_to_air_nm(vacuum_nm);
    c->u_laser_nm = square(vacuum_nm) * 1e-7 * out->u_laser_cm1;
}

static void make_calibration(Run *run)
{
    CelCalibration *c = &run->out->calibration;
    if (run->base != NULL)
        *c = *run->base;
    c->n_knots = 0;
    c->u_axis_cm1 = run->base != NULL ? run->base->u_axis_cm1 : 0.0;
    c->object_sha256[0] = '\0';
    c->made_wall_us = c->valid_until_wall_us = 0;
    set_supported(run);
    set_laser(run);
    set_knots(run);
    c->u_axis_cm1 = fmax(c->u_axis_cm1, run->out->u_laser_cm1);
}

CelShiftFit *cel_shift_fit(const CelCalibration *base, const CelShiftScan *scans, gsize n,
                           const CelShiftOptions *options, CelJob *job, GError **error)
{
    g_return_val_if_fail(n > 0 && (base == NULL || base->n_knots == 0), NULL);
    g_auto(Run) run = {.base = base, .scans = scans, .n = n};
    run.options = cel_shift_options(options);
    run.out = g_new0(CelShiftFit, 1);
    run.out->standards = g_array_new(FALSE, TRUE, sizeof(CelShiftStandard));
    run.lines = run.out->lines = g_array_new(FALSE, TRUE, sizeof(CelShiftLine));
    if (!cel_shift_axis_common(base, scans, n, &run.axis, error) ||
        !measure_scans(&run, job, error) || !fit_lamp(&run, error) || !find_laser(&run, error))
        return NULL;
    fit_residual(&run);
    make_calibration(&run);
    cel_shift_evaluate(run.out, run.lines);
    return g_steal_pointer(&run.out);
}
