/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Moving-window filters as kernels: numbers in, numbers out. Thread-safe: yes, no shared state. */

/** CelEdges: what a window sees beyond the ends. INTERP: the first (last) full window's own curve
 * is evaluated there; NEAREST: the end sample repeated; MIRROR: reflected about the end sample,
 * which is not repeated. */
typedef enum { CEL_EDGES_INTERP, CEL_EDGES_NEAREST, CEL_EDGES_MIRROR } CelEdges;

/** CelFilter: a linear moving window. Each output is a weighted sum of up to 2 half + 1 inputs. */
typedef struct {
    gsize half;       /* >= 1 */
    guint polynomial; /* Savgol: degree <= 2 half; 0 makes it the moving mean */
    guint derivative; /* Savgol: 0..polynomial, per sample */
    CelEdges edges;
} CelFilter;

/**
 * cel_savgol_weights:
 * @half: samples on either side; @polynomial: degree, 0..2 @half; @derivative: 0..@polynomial, at
 *   most 16
 * @at: where the fitted polynomial is evaluated, -@half..@half samples from the middle
 * @out_weights: (out caller-allocates): 2 @half + 1 numbers
 * Least squares through discrete orthogonal polynomials (Savitzky, Golay 1964, Anal. Chem. 36,
 * 1627; Gorry 1990, Anal. Chem. 62, 570). The derivative is per sample.
 */
void cel_savgol_weights(gsize half, guint polynomial, guint derivative, double at,
                        double *out_weights);

/**
 * cel_filter_apply:
 * @y: @n samples, @n >= 2 half + 1
 * @variance: (nullable): of independent samples
 * @out_y: (out caller-allocates): @n samples
 * @out_variance: (out caller-allocates) (nullable): the sum of squared weights times variances, at
 *   the ends with the weights of repeated samples added first; NULL exactly when @variance is
 */
void cel_filter_apply(const CelFilter *filter, const double *y, const double *variance, gsize n,
                      double *out_y, double *out_variance);

/**
 * cel_filter_median:
 * @half: samples on either side
 * @zero_pad: beyond the ends stand zeros; otherwise the end sample repeated
 * Medians of moving windows. @out_y: (out caller-allocates): @n samples.
 */
void cel_filter_median(const double *y, gsize n, gsize half, gboolean zero_pad, double *out_y);

G_END_DECLS
