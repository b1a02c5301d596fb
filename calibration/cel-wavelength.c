/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-wavelength.h"

#include "base/cel-error.h"
#include "cel-axis-fit.h"
#include "cel-line-match.h"
#include "cel-lines.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const double MIN_SNR = 10.0;
/* Scans of one run that stand further apart than this are of two states of the instrument. */
static const double DRIFT_LIMIT_PX = 0.25;
/* An accepted line this much weaker may still pull its neighbour; tables' weights are rough. */
static const double FAINT = 0.02;
/* Where a line alone holds the axis, nothing confirms it. */
static const double CONFIRMED_LEVERAGE = 0.6;
/* Lines scatter by hundredths of a pixel; strange ones taken for the lamp's scatter more. */
static const double SCATTER_LIMIT_PX = 0.12;
enum { MIN_LINES = 6 };

void cel_wavelength_fit_free(CelWavelengthFit *fit)
{
    if (fit == NULL)
        return;
    g_array_unref(fit->lines);
    g_free(fit);
}

/* ---- what is given ---- */

static gboolean is_pixels(const CelSpectrum *spectrum)
{
    const double *x = cel_spectrum_x(spectrum);
    gboolean whole = cel_axis_unit(cel_spectrum_axis(spectrum)) == CEL_UNIT_PIXEL;
    for (gsize i = 0; whole && i < cel_spectrum_length(spectrum); i++)
        whole = fabs(x[i] - (double)i) < 1e-6;
    return whole;
}

static gboolean check_scan(const CelWavelengthScan *scan, const CelWavelengthScan *first,
                           GError **error)
{
    if (scan->lamp->kind != CEL_STANDARD_LAMP) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_UNIT,
            _("%s: \"%s\" is no lamp; it has shifts, not wavelengths. Name the lamp, or use "
              "\"calibrate shift\""),
            scan->name, scan->lamp->id);
        return FALSE;
    }
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(scan->spectrum));
    if (unit != CEL_UNIT_PIXEL) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_UNIT,
            _("%s: the axis is calibrated already (%s); calibrating it again would hide what "
              "was done to it. Give the scan on pixels (--axis-unit pixel, if the file "
              "holds them), or use \"calibrate shift\""),
            scan->name, cel_unit_name(unit));
        return FALSE;
    }
    if (!is_pixels(scan->spectrum)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("%s: the numbers of the axis are not pixels 0, 1, 2, ...: it holds another "
                      "unit, or a part of the detector. Nothing was derived; give the whole scan "
                      "on pixels"),
                    scan->name);
        return FALSE;
    }
    if (cel_spectrum_length(scan->spectrum) != cel_spectrum_length(first->spectrum)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("%s: %zu pixels, %s: %zu: these are scans of two instruments; give those of "
                      "one"),
                    scan->name, cel_spectrum_length(scan->spectrum), first->name,
                    cel_spectrum_length(first->spectrum));
        return FALSE;
    }
    return TRUE;
}

/* ---- lines of all scans ---- */

/* Lines of one scan. Bad pixels and covered ones are no saturation, but what they touch is not used
 * either. */
static GArray *measure_scan(const CelWavelengthScan *scan, CelJob *job, GError **error)
{
    g_autoptr(GArray) found = cel_lines_measure(scan->spectrum, MIN_SNR, job, error);
    if (found == NULL) {
        g_prefix_error(error, "%s: ", scan->name);
        return NULL;
    }
    GArray *out = g_array_new(FALSE, TRUE, sizeof(CelWavelengthLine));
    for (guint i = 0; i < found->len; i++) {
        const CelMeasuredLine *m = &g_array_index(found, CelMeasuredLine, i);
        const CelWavelengthLine line = {.lamp = scan->lamp,
                                        .pixel = m->position,
                                        .u_pixel = m->u_position,
                                        .fwhm_px = m->fwhm,
                                        .height = m->height,
                                        .saturated = m->saturated,
                                        .blended = m->blended};
        g_array_append_val(out, line);
    }
    return out;
}

/* The line of @lines nearest to @line within one width; NULL: none. */
static CelWavelengthLine *counterpart(const GArray *lines, const CelWavelengthLine *line)
{
    CelWavelengthLine *best = NULL;
    double least = MAX(1.0, 0.5 * line->fwhm_px);
    for (guint i = 0; i < lines->len; i++) {
        CelWavelengthLine *other = &g_array_index(lines, CelWavelengthLine, i);
        const double off = fabs(other->pixel - line->pixel);
        if (off < least) {
            least = off;
            best = other;
        }
    }
    return best;
}

/** Shift: of one scan against another of the same lamp. */
typedef struct {
    double px, u_px;
    guint n;
} Shift;

/* @coarse: take saturated lines too, known to a fraction of a pixel only. */
static Shift shift_of(const GArray *a, const GArray *b, gboolean coarse)
{
    double sum = 0.0, weights = 0.0, squares = 0.0;
    guint n = 0;
    for (guint i = 0; i < b->len; i++) {
        const CelWavelengthLine *line = &g_array_index(b, CelWavelengthLine, i);
        const CelWavelengthLine *other = counterpart(a, line);
        if (other == NULL || (!coarse && (other->saturated || line->saturated)))
            continue;
        const double least_px = coarse ? 0.3 : 0.02;
        const double u = hypot(hypot(line->u_pixel, other->u_pixel), least_px), w = 1.0 / (u * u);
        const double d = line->pixel - other->pixel;
        sum += w * d;
        squares += w * d * d;
        weights += w;
        n++;
    }
    if (n == 0)
        return (Shift){0};
    const double mean = sum / weights;
    const double chi2 = fmax(squares - weights * mean * mean, 0.0) / MAX(n - 1.0, 1.0);
    return (Shift){mean, sqrt(fmax(chi2, 1.0) / weights), n};
}

static Shift shift_between(const GArray *a, const GArray *b)
{
    const Shift shift = shift_of(a, b, FALSE);
    return shift.n >= MIN_LINES / 2 ? shift : shift_of(a, b, TRUE);
}

static gboolean check_drift(const CelWavelengthScan *first, const CelWavelengthScan *scan,
                            const Shift *shift, GError **error)
{
    if (shift->n >= MIN_LINES / 2 &&
        (fabs(shift->px) < DRIFT_LIMIT_PX || fabs(shift->px) < 3.0 * shift->u_px))
        return TRUE;
    if (shift->n >= MIN_LINES / 2)
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("%s stands %.2f pixels (+- %.2f) from %s, more than %.2f: the instrument "
                      "drifted between them. No axis fits both; let it warm up and record "
                      "again"),
                    scan->name, shift->px, shift->u_px, first->name, DRIFT_LIMIT_PX);
    else
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("%s and %s have hardly a line in common although both are said to show "
                      "\"%s\"; name the lamp of each scan"),
                    first->name, scan->name, scan->lamp->id);
    return FALSE;
}

/* Lines that both scans have become their mean; a line of one scan alone stays. */
static void merge(GArray *into, const GArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        const CelWavelengthLine *line = &g_array_index(lines, CelWavelengthLine, i);
        CelWavelengthLine *other = counterpart(into, line);
        if (other == NULL) {
            g_array_append_vals(into, line, 1);
            continue;
        }
        if (other->saturated != line->saturated) { /* the shorter exposure knows it better */
            if (other->saturated)
                *other = *line;
            continue;
        }
        const double a = 1.0 / (other->u_pixel * other->u_pixel);
        const double b = 1.0 / (line->u_pixel * line->u_pixel);
        other->pixel = (a * other->pixel + b * line->pixel) / (a + b);
        other->u_pixel = 1.0 / sqrt(a + b);
        other->blended = other->blended || line->blended;
    }
}

static gint compare_lines(gconstpointer a, gconstpointer b)
{
    const CelWavelengthLine *x = a, *y = b;
    return x->pixel < y->pixel ? -1 : x->pixel > y->pixel;
}

/* Lines of all scans, by pixel; scans of one lamp merged. */
static GArray *collect(const CelWavelengthScan *scans, gsize n, double *out_drift_px, CelJob *job,
                       GError **error)
{
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(CelWavelengthLine));
    g_autoptr(GPtrArray) each = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (gsize i = 0; i < n; i++) {
        GArray *lines = measure_scan(&scans[i], job, error);
        gsize same = 0;
        if (lines == NULL)
            return NULL;
        g_ptr_array_add(each, lines);
        while (same < i && scans[same].lamp != scans[i].lamp)
            same++;
        if (same < i) {
            const Shift shift = shift_between(g_ptr_array_index(each, same), lines);
            if (!check_drift(&scans[same], &scans[i], &shift, error))
                return NULL;
            *out_drift_px = fmax(*out_drift_px, fabs(shift.px));
        }
    }
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GArray) own = g_array_new(FALSE, TRUE, sizeof(CelWavelengthLine));
        gsize earlier = 0;
        while (earlier < i && scans[earlier].lamp != scans[i].lamp)
            earlier++;
        for (gsize k = i; earlier == i && k < n; k++) {
            if (scans[k].lamp == scans[i].lamp)
                merge(own, g_ptr_array_index(each, k));
        }
        g_array_append_vals(all, own->data, own->len);
    }
    g_array_sort(all, compare_lines);
    return g_steal_pointer(&all);
}

/* ---- which line is which ---- */

static guint lamp_index(const CelStandard *const *lamps, guint n, const CelStandard *lamp)
{
    guint i = 0;
    while (i < n && lamps[i] != lamp)
        i++;
    return i;
}

/** Pattern: lines as the matching wants them. */
typedef struct {
    CelMatchLine line[CEL_LINE_MATCH_MAX_LINES];
    guint at[CEL_LINE_MATCH_MAX_LINES]; /* index among all lines */
    guint n;
    const CelStandard *lamps[CEL_WAVELENGTH_MAX_SCANS];
    guint n_lamps;
} Pattern;

static double weakest_kept(const GArray *lines)
{
    g_autofree double *height = g_new(double, lines->len + 1);
    for (guint i = 0; i < lines->len; i++)
        height[i] = g_array_index(lines, CelWavelengthLine, i).height;
    for (guint i = 1; i < lines->len; i++) { /* falling; there are few */
        for (guint k = i; k > 0 && height[k] > height[k - 1]; k--) {
            const double swap = height[k];
            height[k] = height[k - 1];
            height[k - 1] = swap;
        }
    }
    return lines->len > CEL_LINE_MATCH_MAX_LINES ? height[CEL_LINE_MATCH_MAX_LINES - 1] : 0.0;
}

/* @as: (nullable): every line as of this lamp, to see whether it is the one that was measured. */
static void pattern_of(const GArray *lines, const CelStandard *as, Pattern *out)
{
    const double least = weakest_kept(lines);
    *out = (Pattern){0};
    for (guint i = 0; i < lines->len && out->n < CEL_LINE_MATCH_MAX_LINES; i++) {
        const CelWavelengthLine *line = &g_array_index(lines, CelWavelengthLine, i);
        const CelStandard *lamp = as != NULL ? as : line->lamp;
        const guint l = lamp_index(out->lamps, out->n_lamps, lamp);
        if (line->height < least)
            continue;
        if (l == out->n_lamps)
            out->lamps[out->n_lamps++] = lamp;
        out->at[out->n] = i;
        out->line[out->n++] = (CelMatchLine){
            .pixel = line->pixel, .strength = line->height, .lamp = l, .coarse = line->saturated};
    }
}

static CelMatch *match_pattern(const Pattern *pattern, gsize n_pixels, gboolean quick, CelJob *job,
                               GError **error)
{
    const CelMatchProblem problem = {.lines = pattern->line,
                                     .n_lines = pattern->n,
                                     .lamps = pattern->lamps,
                                     .n_lamps = pattern->n_lamps,
                                     .n_pixels = n_pixels,
                                     .quick = quick};
    return cel_line_match(&problem, job, error);
}

/* Tells what may be the matter with lines that agree with no curve. */
static void explain(const GArray *lines, const CelWavelengthScan *scan, const CelMatch *match,
                    gsize n_pixels, GError **error)
{
    gsize n = 0;
    const CelStandard *const *all = cel_standard_list(&n);
    Pattern pattern;
    for (gsize i = 0; i < n; i++) {
        if (all[i]->kind != CEL_STANDARD_LAMP || all[i] == scan->lamp)
            continue;
        pattern_of(lines, all[i], &pattern);
        g_autoptr(CelMatch) other = match_pattern(&pattern, n_pixels, TRUE, NULL, NULL);
        if (other != NULL && other->certain) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("%s: the lines are not those of \"%s\" but those of \"%s\"; nothing was "
                          "derived. Name the lamp that was measured"),
                        scan->name, scan->lamp->id, all[i]->id);
            return;
        }
    }
    if (match != NULL && match->false_alarms_log10 < -3.0)
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("%s: the %u lines fit the lamp in more than one way, so that none can be "
                      "believed; record with more light, so that more lines show"),
                    scan->name, lines->len);
    else
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("%s: the %u lines do not show the pattern of \"%s\" beyond what chance can "
                      "do; nothing was derived. Name the right lamp, or record with more light and "
                      "without other light"),
                    scan->name, lines->len, scan->lamp->id);
}

static gboolean enough_lines(const GArray *lines, const CelWavelengthScan *scan, GError **error)
{
    guint usable = 0, saturated = 0;
    for (guint i = 0; i < lines->len; i++) {
        const CelWavelengthLine *line = &g_array_index(lines, CelWavelengthLine, i);
        usable += !line->saturated;
        saturated += line->saturated ? 1 : 0;
    }
    if (usable >= MIN_LINES)
        return TRUE;
    if (saturated > 0)
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: %u lines are saturated, only %u are not; a saturated line has no place. "
                      "Record with a shorter integration time"),
                    scan->name, saturated, usable);
    else
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: only %u lines, at least %d are needed; record longer, or add a scan of "
                      "another lamp"),
                    scan->name, usable, MIN_LINES);
    return FALSE;
}

/* ---- the axis ---- */

/* Whether another accepted line stands within the measured line's width. */
static gboolean is_blend(const CelStandard *lamp, gint at, double width_nm)
{
    const CelStandardLine *line = &lamp->lines[at];
    for (gsize i = 0; i < lamp->n_lines; i++) {
        const CelStandardLine *other = &lamp->lines[i];
        if (i != (gsize)at && fabs(other->value - line->value) < width_nm &&
            (!(other->weight > 0.0) || other->weight >= FAINT * line->weight))
            return TRUE;
    }
    return FALSE;
}

static void take_references(CelWavelengthFit *fit, const Pattern *pattern, const CelMatch *match)
{
    for (guint k = 0; k < pattern->n; k++) {
        CelWavelengthLine *line = &g_array_index(fit->lines, CelWavelengthLine, pattern->at[k]);
        const gint at = match->reference[k];
        if (at < 0)
            continue;
        const CelStandardLine *accepted = &line->lamp->lines[at];
        const double px_nm =
            0.5 * (cel_match_nm(match, line->pixel + 1.0) - cel_match_nm(match, line->pixel - 1.0));
        line->nm = accepted->value;
        line->u_nm = accepted->u > 0.0 ? accepted->u : line->lamp->u_default;
        line->blended = line->blended || is_blend(line->lamp, at, px_nm * line->fwhm_px);
        line->used = !line->saturated && !line->blended;
        fit->n_assigned++;
    }
}

static guint to_points(const CelWavelengthFit *fit, CelAxisPoint *out, guint *out_at)
{
    guint n = 0;
    for (guint i = 0; i < fit->lines->len; i++) {
        const CelWavelengthLine *line = &g_array_index(fit->lines, CelWavelengthLine, i);
        if (!(line->nm > 0.0))
            continue;
        out_at[n] = i;
        out[n++] = (CelAxisPoint){.pixel = line->pixel,
                                  .u_pixel = line->u_pixel,
                                  .nm = line->nm,
                                  .u_nm = line->u_nm,
                                  .used = line->used};
    }
    return n;
}

/* Whether the other lines leave it open which accepted line this one is. */
static gboolean is_open(const CelWavelengthLine *line, const CelAxisPoint *point)
{
    const double reach_nm = 4.0 * hypot(point->u_others_nm, point->u_deviation_nm);
    for (gsize i = 0; i < line->lamp->n_lines; i++) {
        const double nm = line->lamp->lines[i].value;
        if (fabs(nm - point->nm) > 1e-9 && fabs(nm - point->others_nm) < reach_nm)
            return TRUE;
    }
    return FALSE;
}

/* Takes the most open line out of use. Returns: whether there was one. */
static gboolean drop_open(const CelWavelengthFit *fit, CelAxisPoint *points, const guint *at,
                          guint n)
{
    gint worst = -1;
    for (guint i = 0; i < n; i++) {
        const CelWavelengthLine *line = &g_array_index(fit->lines, CelWavelengthLine, at[i]);
        if (points[i].used && is_open(line, &points[i]) &&
            (worst < 0 || points[i].leverage > points[worst].leverage))
            worst = (gint)i;
    }
    if (worst >= 0)
        points[worst].used = FALSE;
    return worst >= 0;
}

static void take_points(CelWavelengthFit *fit, const CelAxisPoint *points, const guint *at, guint n)
{
    fit->supported_px[0] = INFINITY;
    for (guint i = 0; i < n; i++) {
        CelWavelengthLine *line = &g_array_index(fit->lines, CelWavelengthLine, at[i]);
        line->used = points[i].used;
        line->deviation_nm = points[i].deviation_nm;
        line->u_deviation_nm = points[i].u_deviation_nm;
        if (!line->used || points[i].leverage > CONFIRMED_LEVERAGE)
            continue;
        fit->supported_px[0] = fmin(fit->supported_px[0], line->pixel);
        fit->supported_px[1] = fmax(fit->supported_px[1], line->pixel);
    }
}

/* Drift between scans that stayed below the limit: the axis lies somewhere between them. */
static void add_drift(CelWavelengthFit *fit)
{
    const double u_nm = fit->calibration.coefficients[1] * fit->drift_px / sqrt(12.0);
    fit->calibration.covariance[0][0] += u_nm * u_nm;
}

static gboolean fit_axis(CelWavelengthFit *fit, gsize n_pixels, const char *name, GError **error)
{
    CelAxisPoint points[CEL_LINE_MATCH_MAX_LINES];
    guint at[CEL_LINE_MATCH_MAX_LINES];
    CelAxisFit axis;
    const guint n = to_points(fit, points, at);
    do {
        if (!cel_axis_fit(points, n, n_pixels, &axis, error)) {
            g_prefix_error(error, "%s: ", name);
            return FALSE;
        }
    } while (drop_open(fit, points, at, n));
    take_points(fit, points, at, n);
    if (!(fit->supported_px[1] > fit->supported_px[0])) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("%s: %u lines are too few to confirm one another; record longer, or add a "
                      "scan of another lamp"),
                    name, axis.n_used);
        return FALSE;
    }
    if (axis.scatter_px > SCATTER_LIMIT_PX) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_NUMERIC,
            _("%s: the lines scatter by %.2f pixels about the best axis, more than %.2f: some "
              "are not the lamp's. Nothing was derived; keep other light out and record "
              "again"),
            name, axis.scatter_px, SCATTER_LIMIT_PX);
        return FALSE;
    }
    CelCalibration *c = &fit->calibration;
    c->medium = CEL_UNIT_NM_AIR;
    c->n_coefficients = axis.degree + 1;
    memcpy(c->coefficients, axis.coefficients, sizeof c->coefficients);
    memcpy(c->covariance, axis.covariance, sizeof c->covariance);
    fit->n_used = axis.n_used;
    fit->degree = axis.degree;
    fit->held = axis.held;
    fit->rms_nm = axis.rms_nm;
    fit->worst_nm = axis.worst_nm;
    fit->cross_validated_nm = axis.cross_validated_nm;
    fit->scatter_px = axis.scatter_px;
    add_drift(fit);
    g_autoptr(CelAxis) rising = cel_calibration_axis(c, n_pixels, error);
    return rising != NULL;
}

CelWavelengthFit *cel_wavelength_fit(const CelWavelengthScan *scans, gsize n, CelJob *job,
                                     GError **error)
{
    g_return_val_if_fail(n >= 1 && n <= CEL_WAVELENGTH_MAX_SCANS, NULL);
    for (gsize i = 0; i < n; i++) {
        if (!check_scan(&scans[i], &scans[0], error))
            return NULL;
    }
    const gsize n_pixels = cel_spectrum_length(scans[0].spectrum);
    g_autoptr(CelWavelengthFit) fit = g_new0(CelWavelengthFit, 1);
    GArray *lines = collect(scans, n, &fit->drift_px, job, error);
    fit->lines = lines != NULL ? lines : g_array_new(FALSE, TRUE, sizeof(CelWavelengthLine));
    if (lines == NULL || !enough_lines(lines, &scans[0], error))
        return NULL;
    Pattern pattern;
    g_autoptr(GError) failed = NULL;
    pattern_of(lines, NULL, &pattern);
    g_autoptr(CelMatch) match = match_pattern(&pattern, n_pixels, FALSE, job, &failed);
    if (g_error_matches(failed, CEL_ERROR, CEL_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    if (match == NULL || !match->certain) {
        explain(lines, &scans[0], match, n_pixels, error);
        return NULL;
    }
    fit->n_found = lines->len;
    fit->false_alarms_log10 = match->false_alarms_log10;
    fit->runner_up_log10 = match->runner_up_log10;
    take_references(fit, &pattern, match);
    return fit_axis(fit, n_pixels, scans[0].name, error) ? g_steal_pointer(&fit) : NULL;
}
