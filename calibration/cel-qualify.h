/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "cel-standard.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/* The performance check: a measured standard against its accepted values. It judges the axis as the
 * instrument gives it today; it changes nothing. */

typedef enum {
    CEL_CHECK_PASS,          /* |deviation| + U <= limit */
    CEL_CHECK_FAIL,          /* otherwise */
    CEL_CHECK_NOT_CHECKABLE, /* no measurement good enough to say either: counts as not passed */
    CEL_N_CHECK_VERDICTS,
} CelCheckVerdict;

/** cel_check_verdict_name: Returns: "pass", "fail" or "not-checkable". */
const char *cel_check_verdict_name(CelCheckVerdict verdict);

/** CelCheckLimits: what the lab demands; from its signed profile, else cel_check_limits_default().
 * A limit of 0 is not checked. */
typedef struct {
    double deviation_cm1;        /* of a line below 2000 cm-1 */
    double deviation_high_cm1;   /* of a line above it: accepted values there are known less well */
    double coverage;             /* U = coverage * standard uncertainty */
    guint min_lines;             /* fewer checkable lines: not checkable */
    double min_span_cm1;         /* between the first and the last of them, where the standard and
                                  the instrument's range allow it; 0 for standards of one line */
    double max_fwhm_cm1;         /* of the standard's narrowest line */
    double min_snr;              /* of the standard's strongest line */
    double max_intensity_change; /* of the strongest line against the reference, relative */
    double reference_counts_per_ms_mw; /* that reference: counts per ms and mW; 0: none yet */
    char source[128];                  /* where the limits come from, for the record */
} CelCheckLimits;

/** cel_check_limits_default: Returns: Celadon's own limits, said so in their source: 3 cm-1 below
 * 2000 cm-1 (a handheld's stated axis accuracy is about 1 to 2, polystyrene's accepted values are
 * known to about 1.1 at k = 2), 5 above; k = 2; four lines over 500 cm-1; SNR 10. No limit for
 * width and intensity: these need the instrument's own reference. */
CelCheckLimits cel_check_limits_default(void);

/** CelCheckedLine: one accepted line and what was found of it. */
typedef struct {
    double accepted, u_accepted; /* cm-1, k = 1 */
    double measured, u_measured; /* as the axis gives it; NAN when it was not found */
    double deviation;            /* measured - accepted */
    double expanded_u, limit;
    CelCheckVerdict verdict;
    const char *reason; /* (nullable): N_(), why it is not checkable */
} CelCheckedLine;

/** CelQualification: the outcome of one check. */
typedef struct {
    CelCheckVerdict verdict;
    const CelStandard *standard;
    CelCheckLimits limits;
    GArray *lines; /* CelCheckedLine: every line of the standard that is for the check */
    guint n_checked;
    double mean_deviation_cm1, worst_deviation_cm1; /* of the checked lines; worst by size */
    double u_axis_cm1; /* standard uncertainty that this check supports: deviation and U together */
    double fwhm_cm1, u_fwhm_cm1; /* of the narrowest line */
    double snr;                  /* of the strongest line */
    double counts_per_ms_mw;     /* of the strongest line; 0: not known */
    GPtrArray *reasons;          /* translated texts: why it did not pass */
} CelQualification;

/** cel_qualification_free: @qualification: (nullable) */
void cel_qualification_free(CelQualification *qualification);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelQualification, cel_qualification_free)

/** CelQualifyRequest: all borrowed. */
typedef struct {
    const CelStandard *standard;  /* of kind CEL_STANDARD_SHIFT */
    const CelSpectrum *spectrum;  /* dark-subtracted, on the Raman shift axis in use */
    const CelCheckLimits *limits; /* (nullable): the default ones */
    const char *name;             /* (nullable): for messages: the file it came from */
    double exposure_ms_mw;        /* integration time times power, 0: not known */
} CelQualifyRequest;

/**
 * cel_qualify:
 * Finds the standard's lines under one common offset of at most 40 cm-1, so that a badly drifted
 * axis is measured and failed instead of not recognised.
 * Returns: (transfer full), or NULL with CEL_ERROR_INPUT when the spectrum is not of that standard
 *   (most of its strong lines are nowhere), saturated throughout, or not on a shift axis;
 *   CEL_ERROR_USAGE for a standard of another kind; CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
CelQualification *cel_qualify(const CelQualifyRequest *request, CelJob *job, GError **error);

G_END_DECLS
