/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "h5/cel-h5.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/* Inside of NXraman: the table that writer and reader share, for the files of this folder only. */

/** CelNxramanField: where one member of CelMeasurement stands below the entry. */
typedef struct {
    const char *path;
    enum {
        CEL_FIELD_TEXT,          /* char array of .size bytes */
        CEL_FIELD_OPTIONAL_TEXT, /* likewise; "" is absent in the file */
        CEL_FIELD_REAL,          /* double */
        CEL_FIELD_KNOWN,         /* double whose 0 means "not known": NaN in the file */
        CEL_FIELD_OPTIONAL,      /* double whose 0 means "not known": absent in the file */
        CEL_FIELD_FLAG,          /* gboolean */
        CEL_FIELD_COUNT32,       /* guint or guint32 */
        CEL_FIELD_INT64,         /* gint64 */
        CEL_FIELD_UINT64,        /* guint64 */
    } kind;
    gsize offset, size;
    const char *units; /* attribute of numbers; NULL: none */
} CelNxramanField;

/** cel_nxraman_fields: THE table. @out_n: rows. */
const CelNxramanField *cel_nxraman_fields(gsize *out_n);

#define CEL_NXRAMAN_RAW          "instrument/detector_1/raw_data/raw"
#define CEL_NXRAMAN_DARK         "instrument/detector_1/dark_data/dark"
#define CEL_NXRAMAN_CALIBRATION  "measurement_data_calibration_1/wavelength_calibration"
#define CEL_NXRAMAN_COEFFICIENTS CEL_NXRAMAN_CALIBRATION "/coefficients"
#define CEL_NXRAMAN_MEDIUM       CEL_NXRAMAN_CALIBRATION "/medium"
#define CEL_NXRAMAN_COVARIANCE   CEL_NXRAMAN_CALIBRATION "/covariance"
#define CEL_NXRAMAN_VALID_UNTIL  CEL_NXRAMAN_CALIBRATION "/valid_until_wall_us"
#define CEL_NXRAMAN_KNOTS        CEL_NXRAMAN_CALIBRATION "/shift_correction"
#define CEL_NXRAMAN_SUPPORTED    CEL_NXRAMAN_CALIBRATION "/supported_range"
#define CEL_NXRAMAN_IMPORTED     "celadon_measurement/imported_axis"
#define CEL_NXRAMAN_FRAME_TIME   "celadon_measurement/frame_time"
#define CEL_NXRAMAN_PIXEL_FLAGS  "celadon_measurement/pixel_flags"
#define CEL_NXRAMAN_NONLINEARITY "celadon_measurement/nonlinearity"
#define CEL_NXRAMAN_RESPONSE     "celadon_measurement/response"
#define CEL_NXRAMAN_RANGE        "celadon_measurement/range"
#define CEL_NXRAMAN_NOTES        "celadon_measurement/notes"
#define CEL_NXRAMAN_TEMPERATURE  "instrument/temperature_sensor/value"

/** cel_nxraman_wrong: Returns: FALSE with CEL_ERROR_INPUT: @path does not hold what we write. */
gboolean cel_nxraman_wrong(const char *path, GError **error);

/** cel_nxraman_put_calibration: what of the calibration the table does not hold, and the axis in nm
 * for other programs. Returns: FALSE with CEL_ERROR_INPUT or CEL_ERROR_UNIT (no usable axis). */
gboolean cel_nxraman_put_calibration(CelH5Node *entry, const CelMeasurement *measurement,
                                     GError **error);

/** cel_nxraman_read_calibration: after the fields, which tell how many coefficients there are.
 * Returns: FALSE with CEL_ERROR_INPUT. */
gboolean cel_nxraman_read_calibration(const CelH5Node *entry, CelCalibration *calibration,
                                      GError **error);

G_END_DECLS
