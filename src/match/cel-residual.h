/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-interpolate.h"

G_BEGIN_DECLS

/** CelResidual: what a reference leaves of a sample where both have data. */
typedef struct {
    double *x, *y; /* @n points on the sample's own axis */
    gsize n;
    double scale; /* of the reference, by least squares */
    double rms;   /* of @y, in the sample's unit */
} CelResidual;

/**
 * cel_residual_init:
 * @sample, @reference: x strictly increasing, at least 4 points each
 * @shift_cm1: added to the sample's axis to lie on the reference's
 * The one residual of screen and paper: sample less scaled reference.
 * Returns: FALSE when they share less than two samples; @out is then empty. Thread-safe: yes.
 */
gboolean cel_residual_init(CelResidual *out, const CelSamples *sample, const CelSamples *reference,
                           double shift_cm1);

/** cel_residual_clear: frees what @residual holds. */
void cel_residual_clear(CelResidual *residual);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelResidual, cel_residual_clear)

G_END_DECLS
