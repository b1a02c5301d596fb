/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "cel-standard.h"
#include "spectrum/cel-calibration.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/* Pixel to wavelength from lamp lines, without a starting guess: lines are measured, assigned by
 * their pattern, and a polynomial with its covariance goes through them. */

enum { CEL_WAVELENGTH_MAX_SCANS = 16 };

/** CelWavelengthScan: one scan of one lamp; borrowed. */
typedef struct {
    const CelStandard *lamp;     /* CEL_STANDARD_LAMP */
    const CelSpectrum *spectrum; /* dark-subtracted, on pixels 0, 1, 2, ... */
    const char *name;            /* for messages: the file it came from */
} CelWavelengthScan;

/** CelWavelengthLine: one line that was found. */
typedef struct {
    const CelStandard *lamp;
    double pixel, u_pixel; /* mean of the lamp's scans; fit alone */
    double fwhm_px, height;
    double nm, u_nm;                     /* accepted, in air; 0: not assigned */
    double deviation_nm, u_deviation_nm; /* axis minus accepted, with everything known of both */
    gboolean saturated, blended;         /* then not used; blended also by another accepted line */
    gboolean used;                       /* had part in the axis */
} CelWavelengthLine;

/** CelWavelengthFit: the result. */
typedef struct {
    /* Coefficients, covariance and medium (air) only. The covariance is scaled so that +- 1.96
     * standard uncertainties hold 95 %, few lines or many (GUM G.3, Student's t). */
    CelCalibration calibration;
    GArray *lines; /* of CelWavelengthLine, by lamp and pixel */
    guint n_found, n_assigned, n_used;
    guint degree;              /* of the polynomial */
    gboolean held;             /* orders above 3 are held back by what optics allow */
    double rms_nm, worst_nm;   /* of the used lines */
    double cross_validated_nm; /* RMS of every used line left out in turn */
    double supported_px[2];    /* outermost used lines that others confirm; outside
                                  is extrapolated */
    double scatter_px;         /* of lines beyond their fits' uncertainty: undersampling, the
                                        table, unseen neighbours */
    double drift_px;           /* largest shift between two scans of one lamp */
    double false_alarms_log10; /* expected number of chance patterns as good as this */
    double runner_up_log10;    /* the same of the best other solution; +INFINITY: none */
} CelWavelengthFit;

/** cel_wavelength_fit_free: @fit: (nullable) */
void cel_wavelength_fit_free(CelWavelengthFit *fit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelWavelengthFit, cel_wavelength_fit_free)

/**
 * cel_wavelength_fit:
 * @scans: @n of them, 1..CEL_WAVELENGTH_MAX_SCANS, of one instrument in one state
 * Axes lie within 200..1100 nm and rise by 30 to 900 nm. A solution is taken only when a pattern as
 * good is not to be expected by chance (1 in 1000) and no other solution comes near it.
 * Returns: (transfer full): the result, or NULL with CEL_ERROR_UNIT (axis calibrated already, or
 *   its numbers are no pixels; a standard that is no lamp), CEL_ERROR_INPUT (too few lines,
 *   saturated lines, the lines are those of another lamp, which is named), CEL_ERROR_NUMERIC (no
 *   assignment, or more than one; scans of one lamp disagree) or CEL_ERROR_CANCELLED.
 *   Thread-safe: yes.
 */
CelWavelengthFit *cel_wavelength_fit(const CelWavelengthScan *scans, gsize n, CelJob *job,
                                     GError **error);

G_END_DECLS
