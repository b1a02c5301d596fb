/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-baseline.h"
#include "process/cel-step.h"

G_BEGIN_DECLS

/* What all baseline steps share. Not for use outside this folder. */

/** cel_baseline_data: Returns: what the kernels read of @in; borrowed from it. */
CelBaselineData cel_baseline_data(const CelSpectrum *in);

/**
 * cel_baseline_subtract:
 * @in: the spectrum the background belongs to
 * @baseline: (transfer full): g_malloc'ed background, one value a sample; overwritten by the result
 * Axis, variance and mask are those of @in: the background is taken as known.
 * Returns: (transfer full), or NULL with CEL_ERROR_NUMERIC when a value is not finite.
 */
CelSpectrum *cel_baseline_subtract(const CelSpectrum *in, double *baseline, GError **error);

G_END_DECLS
