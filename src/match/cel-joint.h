/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The late view "joint" of a spectrum that still carries its background: reference and background
 * are fitted together,
 *
 *     sample(x) = a * exp(-t (x - 1000 cm-1)) * broadened(reference)(x + shift) + background(x),
 *
 * the background being cubic B-splines with knots 150 cm-1 apart. Nothing is taken off beforehand
 * that a reference would have needed. Weights fall with the square root of the measured noise: a
 * strong background errs by more than its noise (etaloning, its own shape), so the full weight
 * would trust regions without light too much.
 *
 * What is no property of the substance is shared by all references: how much broader the sample's
 * instrument draws a band, and how its response falls along the axis (t: at 785 nm the silicon of a
 * detector hardly sees the C-H stretches). Only the shift is each reference's own, at a price.
 *
 * Carotenoids of a biofilm, in resonance at green lasers, may stand above every band of what they
 * grow on. Where both of their strong bands stand out (near 1156 and 1520 cm-1, see Withnall et al.
 * 2003, Spectrochim. Acta A 59, 2207), their places carry no weight in this view, for any
 * reference.
 *
 * Knots, widths, tilts and weights were chosen on development samples, see README.
 */

#define CEL_JOINT_GRID_CM1 2.0 /* of the curves that come in: channel k stands at k times this */

/** CelJointCurve: values on the grid, borrowed. */
typedef struct {
    guint first, n;  /* channels */
    const double *y; /* (nullable): NULL: @y_single */
    const float *y_single;
    const guint8 *mask; /* (nullable): n values, not 0: no weight (of the sample only) */
} CelJointCurve;

/** CelJointFit: what the references have in common. */
typedef struct {
    double broadened_cm1; /* standard deviation by which references were broadened */
    double tilt;          /* t, per 1000 cm-1 */
    gboolean carotenoid;  /* bands of a carotenoid were left out */
} CelJointFit;

/**
 * cel_joint_scores:
 * @sample: background included
 * @references: @n of them, the most promising first; level 0 or background, it does not matter
 * @out_scores: @n: correlation of what the background leaves of both, less the price of the shift,
 *   -1..1; NAN where less than 250 cm-1 between 250 and 3200 cm-1 is common
 * @out_fit: (out) (nullable)
 * Returns: FALSE when the sample has too little range; then all scores are NAN. Those of a sample
 * in which the background leaves nothing are 0.
 * Thread-safe: yes.
 */
gboolean cel_joint_scores(const CelJointCurve *sample, const CelJointCurve *references, guint n,
                          double *out_scores, CelJointFit *out_fit);

G_END_DECLS
