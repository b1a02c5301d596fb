/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-standard-scan.h"
#include "cli/cli-sign.h"

G_BEGIN_DECLS

/* "celadon calibrate KIND": what all kinds share stands in cli-calibrate.c, with THE table of them;
 * a kind is a file of its own that turns scans into an object. */

/** CliCalibrateWords: the options; a kind looks at those it knows. A text not given is NULL. */
typedef struct {
    char *standard; /* id, of inputs that do not name theirs */
    char *out, *author, *serial, *axis_unit, *plot;
    char *base; /* calibration file that the scans' axes were made with */
    /* intensity: lot of the standard as engraved on it; calibration file that must agree */
    char *lot, *second;
    char *sealed; /* where to seal it with its recordings */
    char *from;   /* sealed calibration whose recordings are taken */
    CliSignWords sign;
    double celsius;         /* of the standard; NAN: not given */
    gboolean unconfirmed;   /* go without a second curve */
    double laser_nm;        /* 0: not given */
    int valid_days, column; /* 0: not given */
    gboolean replace, in_force;
} CliCalibrateWords;

/** CliCalibrateKind: one kind of calibration. */
typedef struct {
    CelCalibrationKind kind;
    /** derive: @scans: (element-type CelStandardScan), one or more. Sets the calibration's
     * numbers, residuals, notes and response; id, serial, times, author, inputs and the simulated
     * mark are set by the caller. May print what people want to see.
     * Returns: (transfer full): the object, or NULL with the error. */
    CelCalibrationObject *(*derive)(const Cli *cli, const CliCalibrateWords *words,
                                    const GPtrArray *scans, GError **error);
} CliCalibrateKind;

/** The kinds, one a file; cli-calibrate.c lists them. */
extern const CliCalibrateKind cli_calibrate_wavelength, cli_calibrate_shift,
    cli_calibrate_intensity;

G_END_DECLS
