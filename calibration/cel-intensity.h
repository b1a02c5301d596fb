/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-intensity-certificate.h"

#include "spectrum/cel-response.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/* Relative intensity after ASTM E2911: I = S I_standard / S_standard, so an instrument's response
 * curve is the certified light of a standard over the counts that it gave. */

/** CelIntensityOptions: what is stated about the scan; all borrowed. */
typedef struct {
    const CelIntensityCertificate *certificate;
    const char *lot;        /* as engraved on the standard or written on its box */
    double laser_nm;        /* of the instrument; 0: as the scan's metadata say */
    double celsius;         /* of the standard; NAN: not known, refused where the certificate has
                               limits */
    gint64 now_wall_us;     /* for its expiry; 0: not looked at */
    double u_axis_cm1;      /* standard uncertainty of the scan's axis; 0: 1 cm-1 */
    double u_offset_counts; /* of the dark that was taken off; 0: noise of one sample */
    /* (nullable): the same instrument's curve by another source, or an earlier one: the shapes must
     * agree within @max_disagreement (relative, 0: 0.10) where both are good */
    const CelResponse *second;
    double max_disagreement;
    gboolean unconfirmed; /* go without @second: recorded in the curve */
} CelIntensityOptions;

/**
 * cel_intensity_derive:
 * @scan: of the standard, dark taken off, on Raman shifts
 * Smooths the scan (structure of 60 cm-1 is halved: the light of standards is broad), divides and
 * scales to 1 at the most sensitive place. The relative standard uncertainty of a point combines
 * the certificate's, the scan's noise, what smoothing may have taken, that of the offset over the
 * counts (which grows where the detector sees little) and that of the axis times the slope of light
 * or scan (which grows at the edges of filter and detector). The curve ends where the certificate
 * ends or where the counts are not 10 times their own uncertainty.
 * A lamp, LED or glass in another's place is not told by its broad light alone: that takes @second.
 * Returns: (transfer full): the curve; NULL with CEL_ERROR_USAGE (temperature not stated),
 *   CEL_ERROR_UNIT (no shifts, another laser), CEL_ERROR_INPUT (another lot, out of its temperature
 *   or range, saturated, corrected before, bands or lines in the scan, the laser's line in that of
 *   a lamp, contradicted by @second), CEL_ERROR_POLICY (expired; nothing confirms it).
 *   Thread-safe: yes.
 */
CelResponse *cel_intensity_derive(const CelSpectrum *scan, const CelIntensityOptions *options,
                                  GError **error);

/**
 * cel_intensity_disagreement:
 * Returns: the largest relative difference of the two shapes over the range that both know to 3 %
 *   (certificates apart), after the best common scale; NAN when that range is shorter than 200
 *   cm-1. Thread-safe: yes.
 */
double cel_intensity_disagreement(const CelResponse *a, const CelResponse *b);

G_END_DECLS
