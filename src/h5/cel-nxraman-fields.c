/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "h5/cel-nxraman-fields.h"

#include <stddef.h>

#define FIELD(path, kind, member, units)                                                           \
    {                                                                                              \
        path, CEL_FIELD_##kind, offsetof(CelMeasurement, member),                                  \
            sizeof(((CelMeasurement *)NULL)->member), units                                        \
    }

#define OWN         "celadon_measurement/"
#define CALIBRATION CEL_NXRAMAN_CALIBRATION "/"

/* What NXraman or its base classes name stands where they put it; the rest in a collection of ours.
 * Nothing stands twice. */
static const CelNxramanField fields[] = {
    FIELD("instrument/device_information/vendor", TEXT, instrument.vendor, NULL),
    FIELD("instrument/device_information/model", TEXT, instrument.model, NULL),
    FIELD("instrument/device_information/identifier", TEXT, instrument.serial, NULL),
    FIELD("instrument/detector_1/description", TEXT, instrument.detector, NULL),
    FIELD("instrument/detector_1/count_time", REAL, integration_ms, "ms"),
    FIELD("instrument/beam_incident/wavelength", KNOWN, calibration.laser_nm, "nm"),
    FIELD("instrument/beam_incident/average_power", OPTIONAL, laser_mw, "mW"),
    FIELD(CALIBRATION "identifier", TEXT, calibration.id, NULL),
    FIELD(CALIBRATION "serial", TEXT, calibration.serial, NULL),
    FIELD(CALIBRATION "n_coefficients", COUNT32, calibration.n_coefficients, NULL),
    FIELD(CALIBRATION "u_axis", REAL, calibration.u_axis_cm1, "1/cm"),
    FIELD(CALIBRATION "u_laser", OPTIONAL, calibration.u_laser_nm, "nm"),
    FIELD(CALIBRATION "object_sha256", OPTIONAL_TEXT, calibration.object_sha256, NULL),
    FIELD(CALIBRATION "made_wall_us", INT64, calibration.made_wall_us, "us"),
    FIELD(OWN "firmware", TEXT, instrument.firmware, NULL),
    FIELD(OWN "driver", TEXT, instrument.driver, NULL),
    FIELD("instrument/device_information/driver_validation", OPTIONAL_TEXT,
          instrument.driver_validation, NULL),
    FIELD(OWN "linear_max", OPTIONAL, linear_max_counts, "counts"),
    FIELD(OWN "instrument_simulated", FLAG, instrument.simulated, NULL),
    FIELD(OWN "resolution", REAL, instrument.resolution_cm1, "1/cm"),
    FIELD(OWN "read_noise", REAL, instrument.read_noise_counts, "counts"),
    FIELD(OWN "gain", REAL, instrument.gain_e_per_count, "1/counts"),
    FIELD(OWN "saturation", COUNT32, instrument.saturation_counts, "counts"),
    FIELD(OWN "laser_mw_nominal", FLAG, laser_mw_nominal, NULL),
    FIELD(OWN "started_wall_us", INT64, started_wall_us, "us"),
    FIELD(OWN "ended_wall_us", INT64, ended_wall_us, "us"),
    FIELD(OWN "first_frame_number", UINT64, first_frame_number, NULL),
    FIELD(OWN "discarded_frames", COUNT32, discarded_frames, NULL),
    FIELD(OWN "simulated", FLAG, simulated, NULL),
};

const CelNxramanField *cel_nxraman_fields(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(fields);
    return fields;
}
