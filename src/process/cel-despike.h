/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Kernels of the spike filters. Thread-safe throughout: no shared state. */

/** CelSpikeData: what a filter works on; both arrays are changed where a spike was found. */
typedef struct {
    double *y;
    double *variance; /* (nullable) */
    guint8 *flags;    /* @n bytes, zeroed before; becomes 1 where a spike was found */
    gsize n;
} CelSpikeData;

/**
 * cel_despike_whitaker_hayes:
 * @threshold: of the modified z score of the first difference
 * @reach: samples on either side that a replacement is the mean of
 * Whitaker, Hayes 2018, Chemom. Intell. Lab. Syst. 179, 82. Flags the left sample of every jump.
 * Returns: FALSE when the median absolute deviation is zero or a sample has no good neighbour.
 */
gboolean cel_despike_whitaker_hayes(CelSpikeData *data, double threshold, gsize reach);

/** CelSpikeOptions: what tells a cosmic ray from a band in one frame. */
typedef struct {
    double threshold; /* excess over the neighbours' curve, standard deviations of the noise */
    double band_fwhm; /* narrowest band that the instrument can show, samples: >= 2 */
    gsize max_width;  /* widest spike, samples: 1..3 */
} CelSpikeOptions;

/**
 * cel_despike_single:
 * Our own single-frame filter. A run of at most max_width samples is a spike when
 * 1. every one of its samples exceeds the parabola through the three samples on either side by
 *    threshold standard deviations of the local noise, and
 * 2. it is steeper than any band: with p the height of its highest sample above the chord between
 *    the samples next to it, and f the fall from the first to the second sample outside on the side
 *    where it is larger (less the median difference of the neighbourhood, its slope),
 *    p > K max(f, 0) + 3 standard deviations, where K is 1.25 times the largest p / f that a
 *    Gaussian or Lorentzian of the narrowest width shows at any place between samples.
 * Two bands of less than 1.1 times the narrowest width that stand closer than twice their width can
 * still be taken for a spike: state the width that the instrument has.
 * The narrowest run that qualifies is taken; then the search is repeated, where a flagged sample
 * may join a run. Replaced values are the parabola; their variance is that of a prediction by it.
 * The first and last two samples are never touched.
 * @data: .n >= 8
 * Returns: how many samples were flagged. More than 5 % are no cosmic rays but bands narrower than
 * stated: then nothing is changed and flags stay empty, and the number is returned all the same.
 */
gsize cel_despike_single(CelSpikeData *data, const CelSpikeOptions *options);

/** cel_despike_limit: Returns: how many of @n samples may be spikes at most. */
gsize cel_despike_limit(gsize n);

/**
 * cel_noise_local:
 * @out_sd: (out caller-allocates): @n standard deviations of the noise, from the median absolute
 *   second difference within 32 samples on either side; where that is less than half of the whole
 *   spectrum's or 1e-5 of its range, those instead. @n >= 3.
 */
void cel_noise_local(const double *y, gsize n, double *out_sd);

/** CelFrames: single frames of one measurement; rows of equal length, all borrowed. */
typedef struct {
    const double *const *rows;
    gsize n_rows;             /* >= 3 */
    gsize n;                  /* samples of a row */
    double read_noise_counts; /* 0: not known */
    double gain_e_per_count;  /* 0: not known */
} CelFrames;

/**
 * cel_despike_frames:
 * @threshold: standard deviations of one frame's noise
 * @reach: samples on either side in which the foot of a peak is looked for
 * @out_shift: (out caller-allocates): @n numbers to add to the mean of the frames: what leaving out
 *   the spikes changes, 0 where there is none
 * @out_left_out: (out caller-allocates): @n counts of frames left out
 * A sample of one frame is left out when it exceeds the median of all frames there (after the slow
 * drift between frames was taken off) by @threshold, the next highest frame does not, and not two
 * frames or more have a peak there: a peak is what stands out of the straight line between the
 * lowest samples on either side by @threshold.
 * Returns: how many such samples were left as they are because of such a peak.
 */
gsize cel_despike_frames(const CelFrames *frames, double threshold, gsize reach, double *out_shift,
                         guint *out_left_out);

G_END_DECLS
