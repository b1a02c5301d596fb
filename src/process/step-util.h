/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-step.h"

G_BEGIN_DECLS

/* What the steps of this room share. Thread-safe throughout: no shared state. */

/* Metadata that steps write about what they did. */
#define CEL_META_DARK    "dark"    /* "subtracted" or "absent" */
#define CEL_META_DESPIKE "despike" /* what the last spike filter found, in words */

#define CEL_META_NONLINEARITY "nonlinearity" /* "corrected" or "absent" */
/* "SHA-256 of the curve, its standard and lot" once counts were weighed with it, or "absent" */
#define CEL_META_INTENSITY "intensity"
/* largest relative standard uncertainty of the weights that were used */
#define CEL_META_INTENSITY_U "intensity_u_relative"

/** cel_step_mask: Returns: (transfer full) (nullable): a copy of the mask of @in. */
guint8 *cel_step_mask(const CelSpectrum *in);

/** cel_step_mask_new: Returns: (transfer full): a copy of the mask of @in, or an empty one. */
guint8 *cel_step_mask_new(const CelSpectrum *in);

/** cel_step_variance: Returns: (transfer full) (nullable): a copy of the variance of @in. */
double *cel_step_variance(const CelSpectrum *in);

/** cel_step_y: Returns: (transfer full): a copy of the samples of @in. */
double *cel_step_y(const CelSpectrum *in);

/**
 * cel_step_mask_spread:
 * @mask: (nullable): @n bytes
 * @half: samples
 * What a mask becomes under a moving window of 2 @half + 1 samples: a result is marked when a
 * marked sample took part in it. CEL_MASK_COSMIC is not spread: there the value is a replacement
 * already.
 * Returns: (transfer full) (nullable): @n bytes.
 */
guint8 *cel_step_mask_spread(const guint8 *mask, gsize n, gsize half);

/** cel_step_window_fits: Returns: FALSE with CEL_ERROR_INPUT when @n samples are fewer than the
 * @window a step wants. */
gboolean cel_step_window_fits(gsize n, gsize window, GError **error);

/** cel_step_require_odd: Returns: FALSE with CEL_ERROR_USAGE when @window is even. */
gboolean cel_step_require_odd(gsize window, GError **error);

G_END_DECLS
