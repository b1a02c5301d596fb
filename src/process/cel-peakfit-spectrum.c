/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-peakfit.h"

#include "base/cel-error.h"

#include <math.h>

enum { HEIGHT, CENTRE, HWHM, SHARE, PER_BAND };
enum { MAX_GROUP = 6 }; /* bands fitted together: the cost grows with the cube */
/* Half the range that is fitted around a band: at two full widths a Lorentzian has fallen to 1/17.
 */
static const double REACH_FWHM = 2.0;
static const double START_SHARE = 0.5;

typedef struct {
    double *x, *y, *variance; /* unmasked samples only; variance NULL without weights */
    gsize n;
} Samples;

static void samples_clear(Samples *samples)
{
    g_free(samples->x);
    g_free(samples->y);
    g_free(samples->variance);
}

static Samples samples_between(const CelSpectrum *spectrum, double low, double high, gboolean weigh)
{
    const gsize n = cel_spectrum_length(spectrum);
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    const guint8 *mask = cel_spectrum_mask(spectrum);
    Samples out = {.x = g_new(double, n), .y = g_new(double, n)};
    out.variance = weigh ? g_new(double, n) : NULL;
    for (gsize i = 0; i < n; i++) {
        if (x[i] < low || x[i] > high || (mask != NULL && mask[i] != 0))
            continue;
        out.x[out.n] = x[i];
        out.y[out.n] = y[i];
        if (weigh)
            out.variance[out.n] = cel_spectrum_variance(spectrum)[i];
        out.n++;
    }
    return out;
}

static gboolean has_weights(const CelSpectrum *spectrum)
{
    const double *variance = cel_spectrum_variance(spectrum);
    gboolean all = variance != NULL;
    for (gsize i = 0; all && i < cel_spectrum_length(spectrum); i++)
        all = variance[i] > 0.0;
    return all;
}

static double low_end(const CelPeak *peak)
{
    return peak->position - REACH_FWHM * peak->fwhm;
}

static double high_end(const CelPeak *peak)
{
    return peak->position + REACH_FWHM * peak->fwhm;
}

typedef struct {
    const CelPeak *peaks;
    gsize n;
    double low, high; /* the range that is fitted */
} Group;

/* Peaks from @first on whose ranges overlap. */
static Group take_group(const GArray *peaks, guint first)
{
    const CelPeak *p = &g_array_index(peaks, CelPeak, first);
    Group group = {.peaks = p, .n = 1, .low = low_end(p), .high = high_end(p)};
    while (first + group.n < peaks->len && group.n < MAX_GROUP &&
           low_end(&p[group.n]) < group.high) {
        group.low = MIN(group.low, low_end(&p[group.n]));
        group.high = MAX(group.high, high_end(&p[group.n]));
        group.n++;
    }
    return group;
}

static double *start_values(const Group *group)
{
    double *start = g_new0(double, group->n *PER_BAND + 2);
    for (gsize b = 0; b < group->n; b++) {
        const CelPeak *peak = &group->peaks[b];
        start[b * PER_BAND + HEIGHT] = peak->height;
        start[b * PER_BAND + CENTRE] = peak->position;
        start[b * PER_BAND + HWHM] = 0.5 * peak->fwhm;
        start[b * PER_BAND + SHARE] = START_SHARE;
    }
    return start;
}

/* Holds every share that left 0..1 at the limit it crossed. Returns: whether there was one. */
static gboolean hold_shares(const CelPeakfit *fit, gsize n_bands, double *start, guint8 *fixed)
{
    gboolean held = FALSE;
    for (gsize k = SHARE; k < n_bands * PER_BAND; k += PER_BAND) {
        if (fixed[k] != 0 || (fit->p[k] >= 0.0 && fit->p[k] <= 1.0))
            continue;
        start[k] = fit->p[k] < 0.0 ? 0.0 : 1.0;
        fixed[k] = 1;
        held = TRUE;
    }
    return held;
}

static CelPeakfit *fit_group(const CelSpectrum *spectrum, const Group *group, gboolean weigh,
                             CelJob *job, GError **error)
{
    Samples samples = samples_between(spectrum, group->low, group->high, weigh);
    g_autofree double *start = start_values(group);
    g_autofree guint8 *fixed = g_new0(guint8, group->n * PER_BAND + 2);
    const CelPeakfitProblem problem = {.x = samples.x,
                                       .y = samples.y,
                                       .variance = samples.variance,
                                       .n = samples.n,
                                       .shape = CEL_BAND_PSEUDO_VOIGT,
                                       .n_bands = group->n,
                                       .x0 = 0.5 * (group->low + group->high),
                                       .fixed = fixed};
    CelPeakfit *fit = cel_peakfit(&problem, start, job, error);
    while (fit != NULL && hold_shares(fit, group->n, start, fixed)) {
        cel_peakfit_free(fit);
        fit = cel_peakfit(&problem, start, job, error);
    }
    samples_clear(&samples);
    return fit;
}

/* Area of a pseudo-Voigt: height hwhm (share pi + (1 - share) sqrt(pi / ln 2)). */
static void set_area(const CelPeakfit *fit, gsize at, CelPeak *peak)
{
    const double *p = fit->p + at;
    const double gauss = sqrt(G_PI / G_LN2);
    const double form = p[SHARE] * G_PI + (1.0 - p[SHARE]) * gauss;
    const double gradient[PER_BAND] = {[HEIGHT] = p[HWHM] * form,
                                       [HWHM] = p[HEIGHT] * form,
                                       [SHARE] = p[HEIGHT] * p[HWHM] * (G_PI - gauss)};
    double variance = 0.0;
    for (gsize a = 0; a < PER_BAND; a++) {
        for (gsize b = 0; b < PER_BAND; b++)
            variance +=
                gradient[a] * gradient[b] * fit->covariance[(at + a) * fit->n_params + at + b];
    }
    peak->area = p[HEIGHT] * p[HWHM] * form;
    peak->u_area = sqrt(fmax(variance, 0.0));
}

/* A band that wandered off describes something else than the peak it started from. */
static gboolean is_plausible(const CelPeakfit *fit, gsize at, const Group *group,
                             const CelPeak *detected)
{
    const double *p = fit->p + at;
    return p[HEIGHT] > 0.0 && fabs(p[CENTRE] - detected->position) <= detected->fwhm &&
           2.0 * p[HWHM] < group->high - group->low;
}

static void take_over(const CelPeakfit *fit, gsize at, const CelSpectrum *spectrum, CelPeak *peak)
{
    peak->position = fit->p[at + CENTRE];
    peak->u_position = fit->u[at + CENTRE];
    peak->height = fit->p[at + HEIGHT];
    peak->u_height = fit->u[at + HEIGHT];
    peak->fwhm = 2.0 * fit->p[at + HWHM];
    peak->u_fwhm = 2.0 * fit->u[at + HWHM];
    peak->index = cel_axis_nearest(cel_spectrum_axis(spectrum), peak->position);
    set_area(fit, at, peak);
}

static void leave_as_detected(CelPeak *peak)
{
    peak->u_position = peak->u_height = peak->u_fwhm = peak->u_area = peak->area = 0.0;
}

static gint compare_positions(gconstpointer left, gconstpointer right)
{
    const CelPeak *a = left, *b = right;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* Appends the group's peaks, fitted where the fit describes them. Returns: how many it does not. */
static gsize describe_group(const CelPeakfit *fit, const Group *group, const CelSpectrum *spectrum,
                            GArray *out)
{
    gsize unfitted = 0;
    for (gsize b = 0; b < group->n; b++) {
        CelPeak peak = group->peaks[b];
        if (fit != NULL && is_plausible(fit, b * PER_BAND, group, &peak)) {
            take_over(fit, b * PER_BAND, spectrum, &peak);
        } else {
            leave_as_detected(&peak);
            unfitted++;
        }
        g_array_append_val(out, peak);
    }
    return unfitted;
}

GArray *cel_peakfit_spectrum(const CelSpectrum *spectrum, const CelPeakOptions *options,
                             gsize *out_n_unfitted, CelJob *job, GError **error)
{
    g_autoptr(GArray) found = cel_peaks_find(spectrum, options);
    g_autoptr(GArray) out = g_array_new(FALSE, TRUE, sizeof(CelPeak));
    const gboolean weigh = has_weights(spectrum);
    gsize unfitted = 0;
    for (guint first = 0; first < found->len;) {
        const Group group = take_group(found, first);
        g_autoptr(GError) failed = NULL;
        g_autoptr(CelPeakfit) fit = fit_group(spectrum, &group, weigh, job, &failed);
        if (g_error_matches(failed, CEL_ERROR, CEL_ERROR_CANCELLED)) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return NULL;
        }
        unfitted += describe_group(fit, &group, spectrum, out);
        first += (guint)group.n;
    }
    g_array_sort(out, compare_positions);
    if (out_n_unfitted != NULL)
        *out_n_unfitted = unfitted;
    return g_steal_pointer(&out);
}

/* ---- for people ---- */

CelPeakOptions cel_peakfit_usual(const CelSpectrum *spectrum, double smallest_percent)
{
    const double *y = cel_spectrum_y(spectrum);
    double strongest = 0.0;
    for (gsize i = 0; i < cel_spectrum_length(spectrum); i++)
        strongest = fmax(strongest, y[i]);
    return (CelPeakOptions){.noise_factor = CEL_PEAKFIT_NOISE_FACTOR,
                            .min_prominence = strongest * smallest_percent / 100.0};
}

double cel_peakfit_peak_value(const CelPeak *peak, double x)
{
    const double gauss = sqrt(G_PI / G_LN2), hwhm = peak->fwhm / 2.0;
    if (!(peak->u_position > 0.0) || !(hwhm > 0.0) || !(peak->height > 0.0))
        return 0.0;
    const double form = peak->area / (peak->height * hwhm);
    const double p[PER_BAND] = {[HEIGHT] = peak->height,
                                [CENTRE] = peak->position,
                                [HWHM] = hwhm,
                                [SHARE] = CLAMP((form - gauss) / (G_PI - gauss), 0.0, 1.0)};
    return cel_band_value(CEL_BAND_PSEUDO_VOIGT, p, x, NULL);
}
