/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-calibration-object.h"
#include "cel-standard.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/* Recordings of standards that a calibration is derived from, and what every kind of calibration
 * states of them. */

/** CelStandardScan: one of them, read; one owner. */
typedef struct {
    char *path;                  /* for messages; its last part names it in the calibration */
    const CelStandard *standard; /* NULL: none was named, or the name is no standard's */
    char *standard_name;         /* (nullable): as given */
    GBytes *bytes;               /* of the file */
    CelMeasurement *measurement;
    CelSpectrum *spectrum; /* mean, dark taken off, on the file's axis */
} CelStandardScan;

/**
 * cel_standard_scan_new:
 * @measurement: (transfer full): just made
 * @name: of the file it would be, for messages and the calibration
 * Returns: (transfer full): with bytes that read back as @measurement; NULL with the errors of
 *   cel_nxraman_bytes() and cel_read_out_spectrum().
 */
CelStandardScan *cel_standard_scan_new(CelMeasurement *measurement, const CelStandard *standard,
                                       const char *name, GError **error);

/** cel_standard_scan_free: @recording: a CelStandardScan (nullable) */
void cel_standard_scan_free(gpointer recording);

/**
 * cel_standard_scans_serial:
 * Recordings of two instruments make no calibration of either.
 * @recordings: (element-type CelStandardScan)
 * @serial: (nullable): of the instrument, of recordings that do not name it
 * @out: of @size bytes: that of all of them, "" when none says
 * Returns: FALSE with CEL_ERROR_INPUT naming the recording of another instrument.
 */
gboolean cel_standard_scans_serial(const GPtrArray *recordings, const char *serial, char *out,
                                   gsize size, GError **error);

/** CelCalibrationFacts: of a calibration, besides what was derived; all borrowed. */
typedef struct {
    const char *serial; /* as cel_standard_scans_serial() gives it */
    const char *author; /* (nullable) */
    int valid_days;     /* after the last recording, or from now when its time is not known; 0: no
                           end stated */
    gint64 now_us;
} CelCalibrationFacts;

/** cel_calibration_complete: sets what all kinds have in common: id, serial, times, author, inputs
 * and the simulated mark. @recordings: (element-type CelStandardScan): in the inputs' order. */
void cel_calibration_complete(CelCalibrationObject *object, const GPtrArray *recordings,
                              const CelCalibrationFacts *facts);

G_END_DECLS
