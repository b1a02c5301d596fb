/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/** CelPeak: one band. Positions and widths in the spectrum's axis unit, heights in its intensity
 * unit; every u_ is a standard uncertainty (0: not known). */
typedef struct {
    gsize index; /* sample of the maximum */
    double position, u_position;
    double height, u_height; /* above the local baseline */
    double fwhm, u_fwhm;
    double area, u_area; /* 0 from detection alone; set by fitting */
    double prominence;
    double noise; /* standard deviation of the samples around it that was assumed */
} CelPeak;

/** CelPeakOptions: zero means "not asked for" except noise_factor. */
typedef struct {
    double min_prominence; /* intensity units */
    double noise_factor;   /* or: this many standard deviations of the noise; 0: not used */
    double min_height;
    double min_width, max_width; /* full width at half prominence, samples */
    gsize min_distance;          /* samples between maxima, the higher wins; 0, 1: off */
    gsize window;                /* samples, odd, in which prominence is looked for; 0: all */
} CelPeakOptions;

/**
 * cel_peaks_find:
 * Local maxima (a plateau counts once, at the floor of its middle; ends never), filtered in the
 * order height, distance, prominence, width. Masked samples are no maxima.
 * @spectrum: baseline-corrected
 * Height is the sample's value, fwhm is measured at half prominence, noise is the square root of
 * the sample's variance where that is known, else cel_peaks_noise() of the whole spectrum;
 * u_position, u_fwhm and the area stay 0: fitting tells them. Returns: (transfer full)
 * (element-type CelPeak): in order of position, position refined by a parabola through three
 * samples; may be empty. Thread-safe: yes.
 */
GArray *cel_peaks_find(const CelSpectrum *spectrum, const CelPeakOptions *options);

/**
 * cel_peaks_find_cwt:
 * Ridge lines of the continuous wavelet transform with the Mexican hat (Du, Kibbe, Lin 2006,
 * Bioinformatics 22, 2059), computed through FFTW.
 * @min_width, @max_width: full widths at half maximum to look for, in samples, 2..length
 * @min_snr: ridge coefficient over the local noise
 * A constant or sloping background gives no coefficient, so the spectrum need not be corrected.
 * Position and fwhm are those of the best scale, fwhm and prominence as of a Gaussian band (of a
 * Lorentzian the width comes out larger); height is the sample's value, background included.
 * Thread-safe: yes.
 * Returns: (transfer full) (element-type CelPeak), or NULL with CEL_ERROR_USAGE.
 */
GArray *cel_peaks_find_cwt(const CelSpectrum *spectrum, double min_width, double max_width,
                           double min_snr, GError **error);

/** cel_peaks_noise: Returns: the standard deviation of the noise, from the median absolute second
 * difference (robust against bands); where more than half of these are exactly 0 (padding, coarse
 * quantisation), from the others. > 0 unless the spectrum is exactly one straight line. It takes
 * the noise of neighbouring samples as independent: of a smoothed spectrum it says too little. */
double cel_peaks_noise(const double *y, gsize n);

G_END_DECLS
