/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-lines.h"

#include "base/cel-error.h"
#include "process/cel-filter.h"
#include "process/cel-peakfit.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

enum { HEIGHT, CENTRE, HWHM, SHARE, MAX_PER_BAND };
enum { MIN_SAMPLES = 16, MAX_GROUP = 6 }; /* the cost of a joint fit grows with the cube */
enum { MIN_DEGREES = 2 };                 /* samples a fit must have beyond its parameters */
/* Half the range that is fitted: at 1.5 full widths a Gaussian has vanished and a Lorentzian has
 * fallen to a tenth; further out a neighbour that was not found would bend the background. */
static const double REACH_FWHM = 1.5;
/* All clipped lines end at the level of the highest sample. A top that is flat within this many
 * standard deviations of the noise, where its width says that it should fall by more than twice as
 * many, was clipped. */
static const double FULL_LEVEL = 0.98, FLAT_SIGMA = 6.0;

typedef struct {
    const CelSpectrum *spectrum;
    const double *x, *y;
    const guint8 *mask; /* NULL: none */
    double *variance;   /* > 0 everywhere */
    guint8 *skip;       /* not 0: masked or clipped, no part of a fit */
    gsize n;
    double highest, noise;
} Samples;

typedef struct {
    const CelPeak *peaks;
    gsize n;
    gsize first, last; /* samples of the range that is fitted, @last excluded */
} Group;

static void samples_clear(Samples *s)
{
    g_free(s->variance);
    g_free(s->skip);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Samples, samples_clear)

static gboolean samples_init(Samples *s, const CelSpectrum *spectrum, GError **error)
{
    *s = (Samples){.spectrum = spectrum,
                   .x = cel_spectrum_x(spectrum),
                   .y = cel_spectrum_y(spectrum),
                   .mask = cel_spectrum_mask(spectrum),
                   .n = cel_spectrum_length(spectrum)};
    const double noise = s->n >= MIN_SAMPLES ? cel_peaks_noise(s->y, s->n) : 0.0;
    if (!(noise > 0.0)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("No lines can be measured: the spectrum has fewer than %d points or no noise "
                      "from which an uncertainty could follow; use the recording as it was made"),
                    MIN_SAMPLES);
        return FALSE;
    }
    const double *given = cel_spectrum_variance(spectrum);
    s->variance = g_new(double, s->n);
    s->skip = s->mask != NULL ? g_memdup2(s->mask, s->n) : g_new0(guint8, s->n);
    s->noise = noise;
    s->highest = s->y[0];
    for (gsize i = 0; i < s->n; i++) {
        s->variance[i] = given != NULL && given[i] > 0.0 ? given[i] : noise * noise;
        s->highest = MAX(s->highest, s->y[i]);
    }
    return TRUE;
}

/* ---- finding ---- */

static double median_width(const GArray *peaks)
{
    g_autofree double *widths = g_new(double, peaks->len + 1);
    for (guint i = 0; i < peaks->len; i++)
        widths[i] = g_array_index(peaks, CelPeak, i).fwhm;
    return gsl_stats_median(widths, 1, peaks->len);
}

/* Of densely sampled bands noise makes several maxima; a moving parabola as wide as the typical
 * strong line takes them away and keeps the line. Returns: NULL when lines are narrow. */
static CelSpectrum *smoothed(const CelSpectrum *spectrum, const GArray *strong)
{
    enum { WORTH_SAMPLES = 6 };
    if (strong->len == 0)
        return NULL;
    const double width = median_width(strong) / cel_axis_step(cel_spectrum_axis(spectrum));
    const gsize n = cel_spectrum_length(spectrum), half = (gsize)(0.4 * width);
    if (width < WORTH_SAMPLES || n < 2 * half + 1)
        return NULL;
    const CelFilter filter = {.half = half, .polynomial = 2, .edges = CEL_EDGES_INTERP};
    const guint8 *mask = cel_spectrum_mask(spectrum);
    double *y = g_new(double, n);
    cel_filter_apply(&filter, cel_spectrum_y(spectrum), NULL, n, y, NULL);
    return cel_spectrum_derive(spectrum, cel_spectrum_axis(spectrum), y, NULL,
                               mask != NULL ? g_memdup2(mask, n) : NULL, NULL);
}

/* Where the flank through sample @i, going by @step, crosses @level. */
static double crossing(const Samples *s, gsize i, int step, double level)
{
    while ((step < 0 ? i > 0 : i + 1 < s->n) && s->y[i] > level)
        i = step < 0 ? i - 1 : i + 1;
    const gsize inner = step < 0 ? i + 1 : i - 1;
    if (s->y[i] > level || inner >= s->n || !(s->y[inner] > s->y[i]))
        return s->x[i];
    return s->x[i] + (level - s->y[i]) / (s->y[inner] - s->y[i]) * (s->x[inner] - s->x[i]);
}

/* The lowest sample on either side before the spectrum rises again, near by. */
static double foot(const Samples *s, gsize first, gsize last)
{
    enum { FAR = 60 };
    double left = s->y[first], right = s->y[last];
    for (gsize k = 1; k < FAR && k <= first; k++)
        left = MIN(left, s->y[first - k]);
    for (gsize k = 1; k < FAR && last + k < s->n; k++)
        right = MIN(right, s->y[last + k]);
    return MAX(left, right);
}

/* A line whose top is clipped from @first to @last, as a peak. */
static CelPeak clipped_peak(const Samples *s, gsize first, gsize last)
{
    const gsize middle = (first + last) / 2;
    const double base = foot(s, first, last), half = 0.5 * (s->y[middle] + base);
    const double left = crossing(s, first, -1, half), right = crossing(s, last, 1, half);
    return (CelPeak){.index = middle,
                     .position = 0.5 * (left + right),
                     .height = s->y[middle],
                     .prominence = s->y[middle] - base,
                     .fwhm = right - left};
}

/* Of a Gaussian as wide as the peak the samples from @first to @last would fall by
 * 4 ln 2 (half their distance / width)^2 of its height. */
static gboolean is_flat(const Samples *s, gsize first, gsize last)
{
    const CelPeak peak = clipped_peak(s, first, last);
    const double reach = 0.5 * (s->x[last] - s->x[first]) / peak.fwhm;
    return peak.fwhm > 0.0 &&
           4.0 * G_LN2 * reach * reach * peak.prominence > 2.0 * FLAT_SIGMA * s->noise;
}

static gboolean is_full(const Samples *s, gsize i)
{
    return s->mask != NULL && (s->mask[i] & CEL_MASK_SATURATED) != 0;
}

/* The end of the run of clipped samples that begins at @first; @first itself: there is none. */
static gsize clipped_end(const Samples *s, gsize first)
{
    enum { FEWEST = 3 };
    gsize end = first;
    while (end < s->n && is_full(s, end))
        end++;
    if (end > first || s->y[first] < FULL_LEVEL * s->highest)
        return end;
    double low = s->y[first], high = s->y[first];
    for (end = first + 1; end < s->n; end++) {
        low = MIN(low, s->y[end]);
        high = MAX(high, s->y[end]);
        if (high - low > FLAT_SIGMA * s->noise)
            break;
    }
    return end - first >= FEWEST && is_flat(s, first, end - 1) ? end : first;
}

static gint compare_peaks(gconstpointer left, gconstpointer right)
{
    const CelPeak *a = left, *b = right;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* A clipped top gives maxima where there are none: one peak takes the place of all of them. */
static GArray *with_clipped(Samples *s, const GArray *peaks)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(CelPeak));
    g_autofree guint8 *clipped = g_new0(guint8, s->n);
    for (gsize i = 0; i < s->n; i++) {
        const gsize end = clipped_end(s, i);
        if (end == i)
            continue;
        const CelPeak peak = clipped_peak(s, i, end - 1);
        for (gsize k = i; k < end; k++)
            s->skip[k] = CEL_MASK_SATURATED;
        for (gsize k = i > 1 ? i - 2 : 0; k < MIN(end + 2, s->n); k++)
            clipped[k] = 1;
        if (peak.fwhm > 0.0)
            g_array_append_val(out, peak);
        i = end - 1;
    }
    for (guint k = 0; k < peaks->len; k++) {
        const CelPeak *peak = &g_array_index(peaks, CelPeak, k);
        if (clipped[peak->index] == 0)
            g_array_append_vals(out, peak, 1);
    }
    g_array_sort(out, compare_peaks);
    return out;
}

/* Masked samples stay candidates: a saturated line must be listed as one, not missed. */
static GArray *find(Samples *s, double min_snr)
{
    const CelPeakOptions strong = {.min_prominence = MAX(20.0, 4.0 * min_snr) * s->noise};
    const CelPeakOptions all = {.min_prominence = min_snr * s->noise};
    g_autoptr(CelSpectrum) plain = cel_spectrum_copy(s->spectrum);
    cel_spectrum_set_mask(plain, NULL);
    g_autoptr(GArray) first = cel_peaks_find(plain, &strong);
    g_autoptr(CelSpectrum) smooth = smoothed(plain, first);
    g_autoptr(GArray) peaks = cel_peaks_find(smooth != NULL ? smooth : plain, &all);
    return with_clipped(s, peaks);
}

/* ---- fitting ---- */

static gsize sample_below(const Samples *s, double x)
{
    const gsize i = cel_axis_nearest(cel_spectrum_axis(s->spectrum), x);
    return i > 0 && s->x[i] > x ? i - 1 : i;
}

static double reach(const CelPeak *peak)
{
    return REACH_FWHM * peak->fwhm;
}

/* Peaks from @at on whose ranges overlap, with at least enough samples for a Gaussian. */
static Group take_group(const Samples *s, const GArray *peaks, guint at)
{
    const CelPeak *p = &g_array_index(peaks, CelPeak, at);
    Group group = {.peaks = p, .n = 1};
    double low = p->position - reach(p), high = p->position + reach(p);
    while (at + group.n < peaks->len && group.n < MAX_GROUP &&
           p[group.n].position - reach(&p[group.n]) < high) {
        low = MIN(low, p[group.n].position - reach(&p[group.n]));
        high = MAX(high, p[group.n].position + reach(&p[group.n]));
        group.n++;
    }
    const gsize left = MIN(p[0].index, 4), right = 5;
    group.first = MIN(sample_below(s, low), p[0].index - left);
    group.last = MIN(s->n, MAX(sample_below(s, high) + 2, p[group.n - 1].index + right));
    return group;
}

typedef struct {
    double *x, *y, *variance;
    gsize n;
} Window;

static void window_clear(Window *window)
{
    g_free(window->x);
    g_free(window->y);
    g_free(window->variance);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Window, window_clear)

static Window unmasked(const Samples *s, gsize first, gsize last)
{
    const gsize room = last - first;
    Window out = {g_new(double, room), g_new(double, room), g_new(double, room), 0};
    for (gsize i = first; i < last; i++) {
        if (s->skip[i] != 0)
            continue;
        out.x[out.n] = s->x[i];
        out.y[out.n] = s->y[i];
        out.variance[out.n++] = s->variance[i];
    }
    return out;
}

static double *start_values(const Group *group, gsize per_band, double background)
{
    double *start = g_new0(double, group->n *per_band + 2);
    for (gsize b = 0; b < group->n; b++) {
        const CelPeak *peak = &group->peaks[b];
        double *p = start + b * per_band;
        p[HEIGHT] = MAX(peak->height - background, peak->prominence);
        p[CENTRE] = peak->position;
        p[HWHM] = 0.5 * peak->fwhm;
        if (per_band > SHARE)
            p[SHARE] = 0.2;
    }
    start[group->n * per_band] = background;
    return start;
}

/* Holds every share that left 0..1 at the limit it crossed. Returns: whether there was one. */
static gboolean hold_shares(const CelPeakfit *fit, const CelPeakfitProblem *problem, double *start,
                            guint8 *fixed)
{
    const gsize per_band = cel_band_n_params(problem->shape);
    gboolean held = FALSE;
    for (gsize k = SHARE; per_band > SHARE && k < problem->n_bands * per_band; k += per_band) {
        if (fixed[k] != 0 || (fit->p[k] >= 0.0 && fit->p[k] <= 1.0))
            continue;
        start[k] = fit->p[k] < 0.0 ? 0.0 : 1.0;
        fixed[k] = 1;
        held = TRUE;
    }
    return held;
}

static gboolean is_plausible(const CelPeakfit *fit, const Group *group, gsize per_band)
{
    gboolean good = isfinite(fit->reduced_chi2);
    for (gsize b = 0; b < group->n; b++) {
        const CelPeak *peak = &group->peaks[b];
        const double *p = fit->p + b * per_band, *u = fit->u + b * per_band;
        good = good && p[HEIGHT] > 0.0 && fabs(p[CENTRE] - peak->position) <= peak->fwhm &&
               p[HWHM] < 2.0 * peak->fwhm && u[CENTRE] > 0.0 && u[CENTRE] < peak->fwhm;
    }
    return good;
}

/* Returns: (nullable): NULL when this shape does not describe the group; @error only for a cancel.
 */
static CelPeakfit *fit_shape(const Window *window, const Group *group, CelBandShape shape,
                             CelJob *job, GError **error)
{
    const gsize per_band = cel_band_n_params(shape), n_params = group->n * per_band + 2;
    if (window->n < n_params + MIN_DEGREES)
        return NULL;
    g_autofree double *start =
        start_values(group, per_band, MIN(window->y[0], window->y[window->n - 1]));
    g_autofree guint8 *fixed = g_new0(guint8, n_params);
    const CelPeakfitProblem problem = {.x = window->x,
                                       .y = window->y,
                                       .variance = window->variance,
                                       .n = window->n,
                                       .shape = shape,
                                       .n_bands = group->n,
                                       .x0 = group->peaks[0].position,
                                       .fixed = fixed};
    g_autoptr(GError) failed = NULL;
    g_autoptr(CelPeakfit) fit = cel_peakfit(&problem, start, job, &failed);
    while (fit != NULL && hold_shares(fit, &problem, start, fixed)) {
        cel_peakfit_free(fit);
        fit = cel_peakfit(&problem, start, job, &failed);
    }
    if (g_error_matches(failed, CEL_ERROR, CEL_ERROR_CANCELLED))
        g_propagate_error(error, g_steal_pointer(&failed));
    return fit != NULL && is_plausible(fit, group, per_band) ? g_steal_pointer(&fit) : NULL;
}

/* ---- describing ---- */

static gboolean touches_skipped(const Samples *s, const CelPeak *peak)
{
    const double half = 0.5 * peak->fwhm;
    gboolean skipped = FALSE;
    for (gsize i = sample_below(s, peak->position - half);
         i < s->n && s->x[i] <= peak->position + half; i++)
        skipped = skipped || s->skip[i] != 0;
    return skipped;
}

/* Areas above a straight line between the ends of the range, by trapezia between the samples. */
static double asymmetry_of(const Samples *s, const CelMeasuredLine *line)
{
    const double low = line->position - line->fwhm, high = line->position + line->fwhm;
    const gsize first = sample_below(s, low), last = MIN(sample_below(s, high) + 1, s->n - 1);
    const double base = MIN(s->y[first], s->y[last]);
    double left = 0.0, right = 0.0;
    for (gsize i = first; i < last; i++) {
        const double area = (0.5 * (s->y[i] + s->y[i + 1]) - base) * (s->x[i + 1] - s->x[i]);
        const double at = (line->position - s->x[i]) / (s->x[i + 1] - s->x[i]);
        const double share = CLAMP(at, 0.0, 1.0);
        left += share * area;
        right += (1.0 - share) * area;
    }
    return left + right > 0.0 ? (right - left) / (left + right) : 0.0;
}

static CelMeasuredLine from_fit(const CelPeakfit *fit, gsize at)
{
    /* the covariance is scaled by the reduced chi square; one below 1 is luck, not knowledge */
    const double scale = fit->reduced_chi2 < 1.0 ? 1.0 / sqrt(fit->reduced_chi2) : 1.0;
    return (CelMeasuredLine){.position = fit->p[at + CENTRE],
                             .u_position = scale * fit->u[at + CENTRE],
                             .fwhm = 2.0 * fit->p[at + HWHM],
                             .u_fwhm = 2.0 * scale * fit->u[at + HWHM],
                             .height = fit->p[at + HEIGHT]};
}

/* What no fit describes lies somewhere within its width: a rectangular distribution. */
static CelMeasuredLine from_detection(const CelPeak *peak)
{
    return (CelMeasuredLine){.position = peak->position,
                             .u_position = peak->fwhm / sqrt(12.0),
                             .fwhm = peak->fwhm,
                             .u_fwhm = peak->fwhm,
                             .height = peak->prominence,
                             .blended = TRUE};
}

static gboolean is_crowded(const Group *group, gsize b, double fwhm)
{
    const double at = group->peaks[b].position;
    return (b > 0 && at - group->peaks[b - 1].position < fwhm) ||
           (b + 1 < group->n && group->peaks[b + 1].position - at < fwhm);
}

static void describe_group(const Samples *s, const Group *group, const CelPeakfit *fit,
                           gsize per_band, GArray *out)
{
    for (gsize b = 0; b < group->n; b++) {
        const CelPeak *peak = &group->peaks[b];
        CelMeasuredLine line = fit != NULL ? from_fit(fit, b * per_band) : from_detection(peak);
        line.snr = line.height / sqrt(s->variance[peak->index]);
        line.blended = line.blended || is_crowded(group, b, line.fwhm);
        line.saturated = touches_skipped(s, peak);
        line.asymmetry = asymmetry_of(s, &line);
        g_array_append_val(out, line);
    }
}

static gboolean measure_group(const Samples *s, const Group *group, GArray *out, CelJob *job,
                              GError **error)
{
    static const CelBandShape shapes[] = {CEL_BAND_PSEUDO_VOIGT, CEL_BAND_GAUSS};
    g_auto(Window) window = unmasked(s, group->first, group->last);
    g_autoptr(CelPeakfit) fit = NULL;
    g_autoptr(GError) cancelled = NULL;
    gsize per_band = 0;
    for (gsize i = 0; fit == NULL && cancelled == NULL && i < G_N_ELEMENTS(shapes); i++) {
        per_band = cel_band_n_params(shapes[i]);
        fit = fit_shape(&window, group, shapes[i], job, &cancelled);
    }
    if (cancelled != NULL) {
        g_propagate_error(error, g_steal_pointer(&cancelled));
        return FALSE;
    }
    if (fit == NULL && group->n > 1) {
        /* together they are not determined: each alone, between its neighbours' halves */
        for (gsize b = 0; b < group->n; b++) {
            const CelPeak *peak = &group->peaks[b];
            const double half = 0.75 * peak->fwhm;
            const Group alone = {.peaks = peak,
                                 .n = 1,
                                 .first = sample_below(s, peak->position - half),
                                 .last = MIN(s->n, sample_below(s, peak->position + half) + 2)};
            if (!measure_group(s, &alone, out, job, error))
                return FALSE;
        }
        return TRUE;
    }
    describe_group(s, group, fit, per_band, out);
    return TRUE;
}

static gint compare_positions(gconstpointer left, gconstpointer right)
{
    const CelMeasuredLine *a = left, *b = right;
    return a->position < b->position ? -1 : a->position > b->position;
}

static GArray *worth_listing(const GArray *lines, double min_snr)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(CelMeasuredLine));
    for (guint i = 0; i < lines->len; i++) {
        const CelMeasuredLine *line = &g_array_index(lines, CelMeasuredLine, i);
        if (line->snr >= min_snr || line->saturated)
            g_array_append_vals(out, line, 1);
    }
    g_array_sort(out, compare_positions);
    return out;
}

GArray *cel_lines_measure(const CelSpectrum *spectrum, double min_snr, CelJob *job, GError **error)
{
    g_auto(Samples) s = {0};
    if (!samples_init(&s, spectrum, error))
        return NULL;
    g_autoptr(GArray) peaks = find(&s, min_snr);
    g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(CelMeasuredLine));
    for (guint at = 0; at < peaks->len;) {
        const Group group = take_group(&s, peaks, at);
        if (!cel_job_step(job, N_("Measuring lines"), at, peaks->len, error) ||
            !measure_group(&s, &group, lines, job, error))
            return NULL;
        at += (guint)group.n;
    }
    return worth_listing(lines, min_snr);
}
