/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "cel-standard.h"
#include "spectrum/cel-calibration.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/* Laser wavelength and residual correction of a Raman shift axis from accepted shifts (ASTM E1840,
 * CEN CWA 18133), where there are scans of a lamp also of the wavelengths that the axis was
 * recorded with. The two are stated apart: a shift standard alone cannot tell a laser that moved
 * from a grating that moved. */

/** CelShiftScan: one scan of one standard; borrowed. */
typedef struct {
    const CelStandard *standard; /* CEL_STANDARD_LAMP or CEL_STANDARD_SHIFT */
    const CelSpectrum *spectrum; /* dark-subtracted, on a shift axis or in nm with its laser */
    const char *name;            /* for messages: the file it came from */
} CelShiftScan;

/** CelShiftOptions: 0 takes what stands behind. */
typedef struct {
    double max_offset_cm1;  /* how far the axis may be off at first: 20 */
    double min_snr;         /* of a line: 8 */
    double drift_limit_cm1; /* between two scans of one standard: 1 */
} CelShiftOptions;

/** CelShiftLine: one accepted line in one scan. */
typedef struct {
    guint scan;
    const CelStandard *standard;
    const CelStandardLine *line;
    double accepted_cm1, u_accepted_cm1; /* with unresolved neighbours of the table */
    double measured_cm1, u_fit_cm1;      /* on the axis as it came */
    double before_cm1, after_cm1;        /* corrected minus accepted, without and with */
    double u_axis_cm1;                   /* of the corrected axis there */
    double limit_cm1;   /* 2 u of the deviation: accepted value, fit and axis combined in squares */
    gboolean used;      /* has part in the calibration */
    gboolean saturated; /* then never used */
    gboolean supported; /* inside supported_cm1 of the calibration */
} CelShiftLine;

/** CelShiftStandard: what one standard says by itself; standards are never pooled as equal. */
typedef struct {
    const CelStandard *standard;
    guint n_scans, n_lines;        /* lines that count */
    double laser_cm1, u_laser_cm1; /* where it alone puts the laser: move of 1e7 / laser */
} CelShiftStandard;

/** CelShiftFit: the result. */
typedef struct {
    /* Without coefficients it corrects a shift axis as it was recorded (the maker's calibration
     * stays in force, this is the rest); with those of @base it is the instrument's own. */
    CelCalibration calibration;
    double assumed_laser_nm;       /* what the axis was computed with; 0: not stated */
    double laser_cm1, u_laser_cm1; /* move of 1e7 / laser from there: the laser */
    double between_cm1;            /* scatter between standards beyond their own uncertainties */
    gboolean laser_is_traced; /* a lamp carries the wavelengths; else the laser is only as good as
                                 the wavelengths of the axis */
    guint n_lamp_lines, lamp_order; /* 0: no lamp */
    double lamp_rms_cm1;            /* of the lamp's lines about the smooth curve */
    guint residual_order;           /* of the correction that shift standards asked for; 0: none */
    double silicon_cm1;             /* accepted value used; 0: no silicon among the standards */
    GArray *lines;                  /* of CelShiftLine */
    GArray *standards;              /* of CelShiftStandard, the lamps left out */
} CelShiftFit;

/** cel_shift_fit_free: @fit: (nullable) */
void cel_shift_fit_free(CelShiftFit *fit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelShiftFit, cel_shift_fit_free)

/**
 * cel_shift_fit:
 * @base: (nullable): the calibration, without knots, that the scans' axes were made with: the laser
 *   goes into it. NULL: the axes are as some other program recorded them
 * @scans: @n of them, of one instrument, one laser and one medium; at least one shift standard
 * @options: (nullable)
 * Lamp scans give a smooth correction of the wavelengths (order cross-validated), each shift
 * standard then a laser; these are combined with the scatter between them, and what is left of five
 * and more lines may bend the axis by a curve of low order, if cross-validation asks for it.
 * Returns: (transfer full): the result, or NULL with CEL_ERROR_INPUT (wrong standard named,
 *   saturated or too few lines), CEL_ERROR_UNIT (axes of pixels, numbers of another unit, two
 *   lasers, instruments or media mixed), CEL_ERROR_NUMERIC (the laser drifted between scans,
 *   standards contradict one another, the axis is put together of pieces and no smooth correction
 *   follows it) or CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
CelShiftFit *cel_shift_fit(const CelCalibration *base, const CelShiftScan *scans, gsize n,
                           const CelShiftOptions *options, CelJob *job, GError **error);

/**
 * cel_shift_check:
 * @fit: (nullable): NULL looks at the axis as it is: before and after are the same
 * @scan: of a shift standard that had no part in @fit, on the same kind of axis
 * Returns: (transfer full) (element-type CelShiftLine): the lines found with their deviations, or
 *   NULL with the errors of cel_shift_fit(). Thread-safe: yes.
 */
GArray *cel_shift_check(const CelShiftFit *fit, const CelShiftScan *scan,
                        const CelShiftOptions *options, CelJob *job, GError **error);

/** CelShiftSummary: of some lines. */
typedef struct {
    guint n, n_outside;                     /* lines, those beyond their own limit after */
    double mean_before_cm1, mean_after_cm1; /* of the magnitudes */
    double rms_before_cm1, rms_after_cm1;
    double worst_before_cm1, worst_after_cm1; /* magnitudes */
} CelShiftSummary;

/** cel_shift_summarise: @lines: of CelShiftLine; lamps and saturated lines do not count.
 * Thread-safe: yes. */
CelShiftSummary cel_shift_summarise(const GArray *lines);

/**
 * cel_shift_correct:
 * @correction: a calibration without coefficients, as cel_shift_fit() makes of recorded axes
 * @recorded: a shift axis as those scans had it
 * @out_u_cm1: (out caller-allocates) (optional): standard uncertainty of each point, grown outside
 *   supported_cm1
 * Returns: (transfer full): the corrected axis, or NULL with CEL_ERROR_UNIT (no shifts; a
 *   calibration of an instrument's own pixels) or CEL_ERROR_INPUT (it would no longer rise).
 *   Thread-safe: yes.
 */
CelAxis *cel_shift_correct(const CelCalibration *correction, const CelAxis *recorded,
                           double *out_u_cm1, GError **error);

G_END_DECLS
