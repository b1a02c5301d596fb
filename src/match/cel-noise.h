/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cel_noise_variance:
 * @y: @n values, evenly spaced
 * @mask: (nullable): not 0 where a value says nothing
 * @reach: standard deviation, in samples, of the bell over which the variance is averaged: it must
 *   be wide against a band
 * @out: @n variances of the noise, never below 3 % of their median
 * From squared second differences, whose expectation is six times the variance where neighbours err
 * independently. Bands add a little of their own bend, which does not matter for weights. All 1
 * when nothing varies. Thread-safe: yes.
 */
void cel_noise_variance(const double *y, const guint8 *mask, gsize n, double reach, double *out);

/**
 * cel_noise_smooth:
 * @y: (inout): @n values, evenly spaced; becomes their mean under a bell of standard deviation
 *   @sigma samples, renormalised at the ends
 * @sigma: below 0.1 changes nothing
 * Sample and reference smoothed alike keep their bands comparable. Thread-safe: yes.
 */
void cel_noise_smooth(double *y, gsize n, double sigma);

enum { CEL_NOISE_REACH = 32 }; /* samples that a bell reaches to either side, at most */

/** CelNoiseBell: the bell of cel_noise_smooth(). */
typedef struct {
    double weight[CEL_NOISE_REACH + 1]; /* from the middle outwards */
    double whole;                       /* their sum over both sides */
    gsize reach;
} CelNoiseBell;

/** cel_noise_bell: @sigma: from 0.1 samples on. */
CelNoiseBell cel_noise_bell(double sigma);

G_END_DECLS
