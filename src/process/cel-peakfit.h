/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "process/cel-band.h"
#include "process/cel-peaks.h"

G_BEGIN_DECLS

/** CelPeakfitProblem: bands of one shape on a straight line offset + slope (x - x0); borrowed. */
typedef struct {
    const double *x, *y;
    const double *variance; /* (nullable): of each sample, > 0; NULL: all alike */
    gsize n;
    CelBandShape shape;
    gsize n_bands; /* 0 or more: none fits the line alone */
    double x0;
    const guint8 *fixed; /* (nullable): one byte a parameter, not 0: stays at its start */
    gsize max_iter;      /* 0: 200 */
} CelPeakfitProblem;

/** CelPeakfit: the optimum. */
typedef struct {
    gsize n_params;      /* those of each band in turn, then offset, slope */
    double *p;           /* widths positive */
    double *u;           /* standard uncertainties; 0 for fixed parameters */
    double *covariance;  /* n_params rows of n_params, scaled by the reduced chi2 */
    double chi2;         /* sum of squared residuals, over the variance where that was given */
    double reduced_chi2; /* chi2 / (samples - free parameters) */
    gsize iterations;
} CelPeakfit;

/** cel_peakfit_free: @fit: (nullable) */
void cel_peakfit_free(CelPeakfit *fit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPeakfit, cel_peakfit_free)

/** cel_peakfit_n_params: Returns: the length of the parameter vectors of @problem. */
gsize cel_peakfit_n_params(const CelPeakfitProblem *problem);

/**
 * cel_peakfit:
 * @start: cel_peakfit_n_params() values; widths not 0
 * @job: (nullable): polled once an iteration
 * Least squares without bounds (Levenberg-Marquardt, More 1978) with the analytic Jacobian. The
 * covariance (J'J)^-1 is always scaled by the reduced chi2, so it holds when the variance is known
 * only up to a factor.
 * Returns: (transfer full): the optimum, or NULL with CEL_ERROR_USAGE (a start that is not finite,
 * a variance that is not above 0), CEL_ERROR_NUMERIC (fewer samples than needed, no convergence,
 * parameters the data do not determine) or CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
CelPeakfit *cel_peakfit(const CelPeakfitProblem *problem, const double *start, CelJob *job,
                        GError **error);

/** cel_peakfit_value: @p: as of @problem. Returns: the model at @x. Thread-safe: yes. */
double cel_peakfit_value(const CelPeakfitProblem *problem, const double *p, double x);

/**
 * cel_peakfit_spectrum:
 * @spectrum: baseline-corrected
 * @options: for cel_peaks_find()
 * @out_n_unfitted: (optional): peaks that no fit describes
 * Finds peaks and fits those whose flanks overlap together, each as a pseudo-Voigt on a common
 * local line, weighted by the spectrum's variance where it has one everywhere; masked samples are
 * left out. A Lorentzian share that would leave 0..1 is held at the limit. Position, height, fwhm
 * and area then come from the fit, with their standard uncertainties; these tell the noise's part
 * only, not that of the baseline or of the axis. A peak whose fit does not converge or lands
 * outside its surroundings stays as detected: every u_ and the area are 0. Returns: (transfer full)
 * (element-type CelPeak): in order of position, or NULL with CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
GArray *cel_peakfit_spectrum(const CelSpectrum *spectrum, const CelPeakOptions *options,
                             gsize *out_n_unfitted, CelJob *job, GError **error);

/* A band is listed when it stands this many standard deviations above the noise, and this part of
 * the strongest band's height (smoothing makes noise look quieter than it is). */
#define CEL_PEAKFIT_NOISE_FACTOR     5.0
#define CEL_PEAKFIT_SMALLEST_PERCENT 1.0

/** cel_peakfit_usual: @smallest_percent: of the strongest sample's height. Returns: what the lists
 * of bands for people are found with. Thread-safe: yes. */
CelPeakOptions cel_peakfit_usual(const CelSpectrum *spectrum, double smallest_percent);

/** cel_peakfit_peak_value: Returns: what the fitted @peak adds at @x, as the pseudo-Voigt that has
 * its height, width and area; 0 for one that no fit describes. Thread-safe: yes. */
double cel_peakfit_peak_value(const CelPeak *peak, double x);

G_END_DECLS
