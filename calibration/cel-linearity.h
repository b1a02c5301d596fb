/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

enum { CEL_LINEARITY_MIN_EXPOSURES = 5, CEL_LINEARITY_MAX_EXPOSURES = 64 };

/** CelExposure: a constant source seen for one integration time. */
typedef struct {
    const CelSpectrum *light; /* counts, the dark of the same integration time subtracted */
    double integration_ms;
} CelExposure;

/** CelLinearity: how counts follow the light of a detector. */
typedef struct {
    double coefficients[CEL_MEASUREMENT_MAX_NONLINEARITY]; /* true = counts / sum of c[k] counts^k;
                                                              c[0] = 1 */
    guint n_coefficients;
    double counts[2];    /* between which they were measured */
    double worst_before; /* largest relative deviation of an exposure (median over samples) from
                            light = counts */
    double worst_after;  /* the same after correction */
    double
        cross_validated; /* relative deviation of exposures left out of the fit, RMS of medians */
    guint n_samples;     /* of the detector that took part */
} CelLinearity;

/**
 * cel_linearity_fit:
 * @exposures: @n of them, in any order, at least five different integration times, the longest at
 *   least eight times the shortest; same axis
 * Finds the polynomial Q with counts Q(counts) = rate x time for all samples at once, each with its
 * own rate (least squares; the rates drop out by projection), of the order up to 5 that predicts
 * exposures left out best, and writes 1/Q as the polynomial that instruments store. Samples below a
 * tenth of the strongest do not take part.
 * Returns: FALSE with CEL_ERROR_USAGE (too few times), CEL_ERROR_INPUT (saturated; dark not
 *   subtracted; light that was not constant: an exposure is off by more than 1 % after correction),
 *   CEL_ERROR_UNIT (unequal axes) or CEL_ERROR_NUMERIC. Thread-safe: yes.
 */
gboolean cel_linearity_fit(const CelExposure *exposures, gsize n, CelLinearity *out,
                           GError **error);

G_END_DECLS
