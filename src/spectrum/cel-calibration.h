/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-axis.h"

G_BEGIN_DECLS

enum { CEL_CALIBRATION_MAX_COEFFICIENTS = 8 };

/**
 * CelCalibration: how one instrument's pixels become wavelengths and shifts; a plain value.
 * wavelength(i) = sum of coefficients[k] * i^k, i = pixel index from 0 (the form instrument makers
 * store in EEPROM).
 */
typedef struct {
    char id[64];          /* names this calibration in records */
    char serial[64];      /* the instrument it belongs to */
    CelUnit medium;       /* CEL_UNIT_NM_AIR, _VACUUM or _UNSTATED */
    guint n_coefficients; /* 1..8; 0: no calibration */
    double coefficients[CEL_CALIBRATION_MAX_COEFFICIENTS]; /* nm per pixel^k */
    double laser_nm;                                       /* excitation in the same medium */
    double u_axis_cm1;   /* standard uncertainty of a shift; 0: not known */
    gint64 made_wall_us; /* when it was derived, 0: not known */
} CelCalibration;

/**
 * cel_calibration_axis:
 * @n: number of pixels
 * Returns: (transfer full): the wavelength axis of @n pixels in the calibration's medium, or NULL
 *   with CEL_ERROR_INPUT (no coefficients, not increasing). Thread-safe: yes.
 */
CelAxis *cel_calibration_axis(const CelCalibration *calibration, gsize n, GError **error);

G_END_DECLS
