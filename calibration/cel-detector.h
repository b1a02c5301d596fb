/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/* The state of a detector, from measurements alone. */

/** CelPixelMap: which pixels not to believe. */
typedef struct {
    guint8 *flags; /* one a pixel: CEL_PIXEL_BAD where it is hot, noisy or dead, else 0 */
    gsize n_pixels;
    guint n_hot, n_noisy, n_dead;
    double dark_counts;       /* median over pixels of the mean dark */
    double read_noise_counts; /* median over pixels of a dark frame's standard deviation */
} CelPixelMap;

/** cel_pixel_map_clear: frees what is in it. */
void cel_pixel_map_clear(CelPixelMap *map);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelPixelMap, cel_pixel_map_clear)

/**
 * cel_pixel_map_make:
 * @measurement: with at least five dark frames; frames with light tell dead pixels
 * Hot: the mean dark stands above the median of the 31 pixels around it by more than six robust
 * standard deviations (1.4826 median absolute deviation) of all such differences, and by more than
 * twice the read noise. Noisy: a dark frame's variance above the median of all by a factor that an
 * ordinary pixel of n frames exceeds once in 10 million (Wilson, Hilferty 1931, chi square). Dead:
 * less than a tenth of the light around it, where that is above 50 times the read noise.
 * Returns: FALSE with CEL_ERROR_INPUT (too few frames, fewer than 64 pixels). Thread-safe: yes.
 */
gboolean cel_pixel_map_make(const CelMeasurement *measurement, CelPixelMap *out, GError **error);

/**
 * cel_signal_to_noise:
 * @low_cm1, @high_cm1: where the band is
 * The highest sample of the mean there, above the straight line between the range's ends, over the
 * standard deviation of one frame in that sample and its four neighbours, from the differences of
 * successive frames (von Neumann 1941), which a slow drift of the laser does not enter.
 * Returns: FALSE with CEL_ERROR_INPUT: fewer than three frames, nothing measured there, saturated.
 *   Thread-safe: yes.
 */
gboolean cel_signal_to_noise(const CelMeasurement *measurement, double low_cm1, double high_cm1,
                             double *out_snr, GError **error);

/** CelEtalon: a ripple on broad light, as interference in a thin layer makes it. */
typedef struct {
    double amplitude; /* relative */
    double period_cm1;
    double thickness_um; /* optical: 1 / (2 period) */
    double false_alarm;  /* probability that noise alone shows as much somewhere */
    gboolean present;    /* false_alarm < 1e-4 and amplitude >= 0.2 % */
} CelEtalon;

/**
 * cel_etalon_measure:
 * @broad: light without bands (glass, lamp, fluorescence), dark off, on Raman shifts
 * Fourier transform (FFTW) of the logarithm less what is smooth beyond 300 cm-1, over the samples
 * beyond 100 cm-1 above a tenth of the highest, evenly spaced in wavenumber, Hann window; the
 * strongest period from 4 samples to 150 cm-1 against the median of its octave.
 * Returns: FALSE with CEL_ERROR_UNIT (no shifts), CEL_ERROR_INPUT (fewer than 128 samples of
 * light).
 *   Thread-safe: yes.
 */
gboolean cel_etalon_measure(const CelSpectrum *broad, CelEtalon *out, GError **error);

G_END_DECLS
