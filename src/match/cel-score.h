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

enum { CEL_SCORE_SLOPE_HALF = 5 }; /* samples on either side that the slope is fitted to */

/**
 * cel_score_slope:
 * @y: @n values, @n > 2 * CEL_SCORE_SLOPE_HALF, one sample apart
 * @out: @n slopes per sample: first derivative of the cubic that fits 11 samples best (Savitzky,
 *   Golay 1964, Anal. Chem. 36, 1627); the first and last five come from the cubic of the outermost
 *   11 samples, so nothing is invented beyond the ends.
 * Thread-safe: yes.
 */
void cel_score_slope(const double *y, gsize n, double *out);

/**
 * cel_score_dot:
 * @a, @b: @n values each, any alignment
 * @out_ab: sum of a*b; @out_bb: sum of b*b
 * The inner loop of the search: single precision, fixed order of summation, so the same build gives
 * the same bits with any number of threads.
 */
void cel_score_dot(const float *a, const float *b, gsize n, double *out_ab, double *out_bb);

G_END_DECLS
