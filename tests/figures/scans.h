/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-intensity.h"

/* Scans of other laboratories, for the figures of intensity and the test of them. */

/* (nullable) (transfer full): the scan @path below @shared with its dark taken off; NULL where it
 * is not there. @laser_nm: of files that do not state it, else 0. */
CelSpectrum *scan_load(const char *shared, const char *path, double laser_nm);

/* (nullable) (transfer full): the curve by @certificate (id or path), at 22 degrees C and of the
 * lot that it names: neither is stated in the scans. */
CelResponse *scan_curve(const CelSpectrum *scan, const char *certificate, const CelResponse *second,
                        GError **error);

/* Area of the bands of @raw over the straight line between the ends of each range, over that of the
 * first; @curve: (nullable): corrects the intensities before. */
void scan_area_ratios(const CelSpectrum *raw, const CelResponse *curve,
                      const double (*ranges_cm1)[2], gsize n, double *out);
