/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-axis.h"

G_BEGIN_DECLS

enum { CEL_CALIBRATION_MAX_COEFFICIENTS = 8, CEL_CALIBRATION_MAX_KNOTS = 32 };

/**
 * CelCalibration: how one instrument's pixels become wavelengths and shifts; a plain value.
 * wavelength(i) = sum of coefficients[k] * i^k, i = pixel index from 0 (the form instrument makers
 * store in EEPROM). shift(i) = 1e7 (1/laser - 1/wavelength), both in vacuum, plus the correction at
 * that shift: a cubic without overshoot (Steffen 1990, Astron. Astrophys. 239, 443; straight
 * between two knots) through the knots, constant outside them.
 * Laser and correction stay apart: a drifting laser and a drifting grating are different faults.
 */
typedef struct {
    char id[64];          /* names this calibration in records */
    char serial[64];      /* the instrument it belongs to */
    CelUnit medium;       /* CEL_UNIT_NM_AIR, _VACUUM or _UNSTATED */
    guint n_coefficients; /* 1..8; 0: no calibration */
    double coefficients[CEL_CALIBRATION_MAX_COEFFICIENTS]; /* nm per pixel^k */
    double covariance[CEL_CALIBRATION_MAX_COEFFICIENTS]
                     [CEL_CALIBRATION_MAX_COEFFICIENTS]; /* of them; all 0: not known */
    double laser_nm;                                     /* excitation in the same medium */
    double u_laser_nm;                                   /* standard uncertainty, 0: not known */
    guint n_knots;                                       /* 0: no correction */
    double knot_cm1[CEL_CALIBRATION_MAX_KNOTS];          /* strictly increasing shifts */
    double correction_cm1[CEL_CALIBRATION_MAX_KNOTS];    /* to be added there */
    double u_correction_cm1[CEL_CALIBRATION_MAX_KNOTS];  /* standard uncertainty of each */
    double supported_cm1[2]; /* shifts between which standards had lines; outside is extrapolated;
                                both 0: not known */
    double u_axis_cm1;   /* largest standard uncertainty of a shift inside supported_cm1, or as the
                            maker states it; 0: not known */
    gint64 made_wall_us; /* when it was derived, 0: not known */
    gint64 valid_until_wall_us; /* 0: not stated */
    char object_sha256[65];     /* of the calibration object it was taken from, "" when none */
} CelCalibration;

/**
 * cel_calibration_axis:
 * @n: number of pixels
 * Returns: (transfer full): the wavelength axis of @n pixels in the calibration's medium, or NULL
 *   with CEL_ERROR_INPUT (no coefficients, not increasing). Thread-safe: yes.
 */
CelAxis *cel_calibration_axis(const CelCalibration *calibration, gsize n, GError **error);

/**
 * cel_calibration_correction:
 * @shift_cm1: shift before the correction
 * @out_u_cm1: (out) (optional): standard uncertainty of the correction alone, straight between
 *   knots
 * @out_cm1: (out): what is to be added; 0 without knots
 * Returns: FALSE with CEL_ERROR_INPUT (knots that do not rise or are not finite, too many).
 *   Thread-safe: yes.
 */
gboolean cel_calibration_correction(const CelCalibration *calibration, double shift_cm1,
                                    double *out_cm1, double *out_u_cm1, GError **error);

/**
 * cel_calibration_shift_axis:
 * @n: number of pixels
 * @out_u_cm1: (out) (optional): @n standard uncertainties, combined in squares from the covariance,
 *   the laser's and the correction's uncertainty; u_axis_cm1 everywhere where none of them is
 *   known, and all 0 when nothing is. At d cm-1 outside supported_cm1 d times the sum of the
 *   correction's steepest slope and (uncertainty at that end / half the supported width) is added
 *   in squares: how far the correction could go on unseen
 * Returns: (transfer full): the corrected Raman shift axis, or NULL with CEL_ERROR_UNIT (no laser
 *   wavelength, no coefficients) or CEL_ERROR_INPUT (correction or axis not increasing).
 *   Thread-safe: yes.
 */
CelAxis *cel_calibration_shift_axis(const CelCalibration *calibration, gsize n, double *out_u_cm1,
                                    GError **error);

G_END_DECLS
