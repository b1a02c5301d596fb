/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    CEL_UNIT_PIXEL,
    CEL_UNIT_NM_AIR,
    CEL_UNIT_NM_VACUUM,
    CEL_UNIT_NM_UNSTATED, /* the source does not say air or vacuum */
    CEL_UNIT_SHIFT_CM1,   /* Raman shift */
    CEL_N_UNITS,
} CelUnit;

/** CelAxis: strictly increasing, finite abscissa values in one unit; need not be evenly spaced.
 * Immutable and reference-counted (atomic), so spectra share it across threads. */
typedef struct CelAxis CelAxis;

enum { CEL_AXIS_MAX_POINTS = 16 * 1024 * 1024 };

/**
 * cel_axis_new:
 * @unit: what the numbers are
 * @values: @n finite, strictly increasing values (copied); shifts may be negative (anti-Stokes),
 *   wavelengths are 100..20000 nm
 * @n: 2..CEL_AXIS_MAX_POINTS
 * Returns: (transfer full): the axis, or NULL with CEL_ERROR_INPUT that names the first bad index.
 *   Thread-safe: yes.
 */
CelAxis *cel_axis_new(CelUnit unit, const double *values, gsize n, GError **error);

/** cel_axis_new_pixels: Returns: (transfer full): 0, 1, .. @n-1. */
CelAxis *cel_axis_new_pixels(gsize n, GError **error);

/**
 * cel_axis_raman_shift:
 * @wavelengths: an axis in nm of any medium
 * @laser_nm: excitation wavelength in the same medium as @wavelengths, 200..2000
 * Shift = 1e7 (1/laser - 1/wavelength), both converted to vacuum first when they are in air (Ciddor
 * 1996); for an unstated medium the numbers are used as they are, which the caller records.
 * Returns: (transfer full): a new axis in cm-1, or NULL with CEL_ERROR_UNIT. Thread-safe: yes.
 */
CelAxis *cel_axis_raman_shift(const CelAxis *wavelengths, double laser_nm, GError **error);

/**
 * cel_air_to_vacuum_nm, cel_vacuum_to_air_nm:
 * @nm: 200..2000
 * Refractive index of standard air (15 degrees C, 101325 Pa, 450 ppm CO2): Ciddor 1996, Appl. Opt.
 * 35, 1566, equation 1. Returns: the wavelength in the other medium; the two invert one another
 * within 1e-9 nm.
 */
double cel_air_to_vacuum_nm(double nm);
double cel_vacuum_to_air_nm(double nm);

/** cel_axis_ref: Returns: (transfer full): @axis itself. Thread-safe: yes. */
CelAxis *cel_axis_ref(const CelAxis *axis);
/** cel_axis_unref: @axis: (nullable) */
void cel_axis_unref(CelAxis *axis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelAxis, cel_axis_unref)

/** cel_axis_unit, cel_axis_length, cel_axis_values: what it holds; the values live as long as it.
 * */
CelUnit cel_axis_unit(const CelAxis *axis);
gsize cel_axis_length(const CelAxis *axis);
const double *cel_axis_values(const CelAxis *axis);

/** cel_axis_equal: Returns: TRUE when unit and every value are the same. */
gboolean cel_axis_equal(const CelAxis *a, const CelAxis *b);

/** cel_axis_crop: @first: index, @n: points. Returns: (transfer full): that part as a new axis. */
CelAxis *cel_axis_crop(const CelAxis *axis, gsize first, gsize n, GError **error);

/** cel_axis_nearest: Returns: the index whose value is nearest to @value (lower one on a tie). */
gsize cel_axis_nearest(const CelAxis *axis, double value);

/** cel_axis_step: Returns: the median spacing, in the axis's unit. */
double cel_axis_step(const CelAxis *axis);

/** cel_unit_name: Returns: the stable name in files: "pixel", "nm_air", "nm_vacuum",
 * "nm_unstated", "cm-1". */
const char *cel_unit_name(CelUnit unit);

/** cel_unit_from_name: Returns: FALSE when @name is none of the names. */
gboolean cel_unit_from_name(const char *name, CelUnit *out_unit);

G_END_DECLS
