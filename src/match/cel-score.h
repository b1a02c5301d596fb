/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Similarity of two curves that stand on the same evenly spaced grid: pure numbers, no files. */

/**
 * cel_score_cosine:
 * @a, @b: @n values each
 * Returns: a.b / (|a| |b|), -1..1; 0 when one of them is zero everywhere. Thread-safe: yes.
 */
double cel_score_cosine(const double *a, const double *b, gsize n);

/**
 * cel_score_pearson:
 * Returns: the cosine of @a and @b after taking off their means, -1..1; 0 when one is constant.
 * Its square is what the field calls HQI. Thread-safe: yes.
 */
double cel_score_pearson(const double *a, const double *b, gsize n);

enum { CEL_SCORE_SLOPE_MOST = 15 }; /* largest @half of cel_score_slope() */

/**
 * cel_score_slope:
 * @y: @n values, @n > 2 * @half, one sample apart
 * @half: samples on either side that the slope is fitted to, 2..CEL_SCORE_SLOPE_MOST
 * @out: @n slopes per sample: first derivative of the cubic that fits 2 * @half + 1 samples best
 *   (Savitzky, Golay 1964, Anal. Chem. 36, 1627); the first and last @half come from the cubic of
 *   the outermost samples, so nothing is invented beyond the ends.
 * Thread-safe: yes.
 */
void cel_score_slope(const double *y, gsize n, guint half, double *out);

/**
 * cel_score_local_mean:
 * @y: @n values, replaced by their weighted means
 * @half: half width in samples: three running means over 2 * @half + 1 samples in turn, nearly a
 *   Gaussian of standard deviation @half + 0.5; beyond the ends nothing is counted
 * Thread-safe: yes.
 */
void cel_score_local_mean(double *y, gsize n, guint half);

/**
 * cel_score_dot:
 * @a, @b: @n values each, any alignment
 * Returns: the sum of a*b. The inner loop of the search: single precision, fixed order of
 *   summation, so the same build gives the same bits with any number of threads.
 */
double cel_score_dot(const float *a, const float *b, gsize n);

G_END_DECLS
