/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/** CelLightCheck: the largest difference of the mean frame with light to the mean dark frame. */
typedef struct {
    gboolean is_known;   /* FALSE: no dark frames, too few frames for a noise, or no usable pixel */
    gboolean differs;    /* a pixel is above its noise */
    gsize n_pixels;      /* looked at: neither bad nor covered */
    double largest_in_u; /* in standard uncertainties of the difference */
} CelLightCheck;

/**
 * cel_light_check: can the frames with light be told from those without?
 * A pixel's difference of means has the variance s2 (1/n_light + 1/n_dark). s2 is the larger of the
 * pixel's own pooled variance (ISO 5725-2: sums of squares over degrees of freedom) and that of all
 * pixels together, and at least 1/12 count2, which reading out whole counts adds (GUM F.2.2.1). It
 * is above its noise when its one-sided normal probability is below 0.01 shared among the pixels
 * (Dunn 1961, J. Am. Stat. Assoc. 56, 52). Light from the room or a drift of the dark level counts
 * as a difference: this finds light that is missing, it does not prove the laser's.
 * Returns: what was found. Pure.
 */
CelLightCheck cel_light_check(const CelMeasurement *measurement);

G_END_DECLS
