/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "spectrum/cel-measurement.h"

#include <math.h>

static void rejects_bad_axes(void)
{
    const double nan_axis[] = {1.0, NAN, 3.0}, falling[] = {540.0, 539.0}, twice[] = {1.0, 1.0},
                 shifts[] = {50.0, 100.0};
    const struct {
        CelUnit unit;
        const double *values;
        gsize n;
        int code;
    } rows[] = {
        {CEL_UNIT_SHIFT_CM1, nan_axis, 3, CEL_ERROR_INPUT},
        {CEL_UNIT_NM_AIR, falling, 2, CEL_ERROR_INPUT},
        {CEL_UNIT_SHIFT_CM1, twice, 2, CEL_ERROR_INPUT},
        {CEL_UNIT_NM_VACUUM, shifts, 2, CEL_ERROR_UNIT},
        {CEL_UNIT_SHIFT_CM1, shifts, 1, CEL_ERROR_INPUT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_axis_new(rows[i].unit, rows[i].values, rows[i].n, &error));
        g_assert_error(error, CEL_ERROR, rows[i].code);
    }
}

static void air_and_vacuum_invert_one_another(void)
{
    for (double nm = 250.0; nm < 1900.0; nm += 50.0) {
        const double vacuum = cel_air_to_vacuum_nm(nm);
        g_assert_cmpfloat_with_epsilon(cel_vacuum_to_air_nm(vacuum), nm, 1e-9);
    }
    /* The sodium D2 line stands at 16973.36616 cm-1 and, in air, at 588.9950954 nm (NIST ASD, whose
     * index of air is Peck and Reeder's: the two formulas differ by 2e-8). */
    g_assert_cmpfloat_with_epsilon(cel_vacuum_to_air_nm(1e7 / 16973.36616), 588.9950954,
                                   2e-8 * 589.0);
}

static void shift_is_computed_in_vacuum(void)
{
    /* 520.45 cm-1 (silicon) above a 785 nm laser in vacuum, then both taken to air */
    const double line = 1e7 / (1e7 / 785.0 - 520.45);
    const double vacuum[] = {line, line + 10.0};
    const double air[] = {cel_vacuum_to_air_nm(vacuum[0]), cel_vacuum_to_air_nm(vacuum[1])};
    g_autoptr(CelAxis) in_vacuum = cel_axis_new(CEL_UNIT_NM_VACUUM, vacuum, 2, NULL);
    g_autoptr(CelAxis) in_air = cel_axis_new(CEL_UNIT_NM_AIR, air, 2, NULL);
    g_autoptr(CelAxis) a = cel_axis_raman_shift(in_vacuum, 785.0, NULL);
    g_autoptr(CelAxis) b = cel_axis_raman_shift(in_air, cel_vacuum_to_air_nm(785.0), NULL);
    g_assert_cmpfloat_with_epsilon(cel_axis_values(a)[0], 520.45, 1e-8);
    g_assert_cmpfloat_with_epsilon(cel_axis_values(b)[0], 520.45, 1e-6);
}

static void no_shift_without_a_laser(void)
{
    const double nm[] = {540.0, 541.0}, y[] = {1.0, 2.0};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_NM_UNSTATED, nm, 2, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_spectrum_to_shift(spectrum, 0.0, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
    g_autoptr(CelSpectrum) shifted = cel_spectrum_to_shift(spectrum, 532.0, NULL);
    g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(shifted)), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_cmpstr(cel_spectrum_meta(shifted, CEL_META_MEDIUM_NOTE), ==, "unstated");
    g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(spectrum)), ==, CEL_UNIT_NM_UNSTATED);
}

static void nearest_finds_the_nearest(void)
{
    const double x[] = {0.0, 1.0, 4.0, 9.0};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 4, NULL);
    g_assert_cmpuint(cel_axis_nearest(axis, -5.0), ==, 0);
    g_assert_cmpuint(cel_axis_nearest(axis, 0.5), ==, 0);
    g_assert_cmpuint(cel_axis_nearest(axis, 2.6), ==, 2);
    g_assert_cmpuint(cel_axis_nearest(axis, 99.0), ==, 3);
    g_assert_cmpfloat(cel_axis_step(axis), ==, 3.0);
}

static void the_simulated_mark_is_carried_on(void)
{
    const double x[] = {1.0, 2.0}, y[] = {1.0, 2.0};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 2, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_mark_simulated(spectrum);
    g_autoptr(CelSpectrum) copy = cel_spectrum_copy(spectrum);
    g_autoptr(CelSpectrum) derived =
        cel_spectrum_derive(copy, axis, g_memdup2(y, sizeof y), NULL, NULL, NULL);
    g_autoptr(CelMeasurement) measurement = cel_measurement_from_spectrum(derived);
    g_autoptr(CelSpectrum) again = cel_measurement_spectrum(measurement, -1, NULL);
    g_assert_true(cel_spectrum_is_simulated(again));
}

static void measurement_averages_with_variance(void)
{
    g_autoptr(CelMeasurement) m = cel_measurement_new(2, 3, 2);
    const double counts[] = {1, 10, 2, 20, 3, 60};
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
        m->frames[i] = counts[i];
    m->instrument.saturation_counts = 60;
    g_autoptr(CelSpectrum) mean = cel_measurement_spectrum(m, -1, NULL);
    g_assert_cmpfloat(cel_spectrum_y(mean)[1], ==, 30.0);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_variance(mean)[0], 1.0 / 3.0, 1e-15);
    g_assert_cmpuint(cel_spectrum_mask(mean)[0], ==, 0);
    g_assert_cmpuint(cel_spectrum_mask(mean)[1], ==, CEL_MASK_SATURATED);
    g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(mean)), ==, CEL_UNIT_PIXEL);
    g_autoptr(CelSpectrum) dark = cel_measurement_dark(m, NULL);
    g_assert_nonnull(dark);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_measurement_spectrum(m, 3, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void samples_outside_the_stated_range_are_masked(void)
{
    g_autoptr(CelMeasurement) m = cel_measurement_new(100, 1, 0);
    m->calibration = (CelCalibration){.medium = CEL_UNIT_NM_UNSTATED,
                                      .n_coefficients = 2,
                                      .coefficients = {800.0, 0.5},
                                      .laser_nm = 785.0};
    m->instrument.range_cm1[0] = 300.0;
    m->instrument.range_cm1[1] = 700.0;
    g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(m, 0, NULL);
    for (gsize i = 0; i < 100; i++) {
        const double x = cel_spectrum_x(spectrum)[i];
        const gboolean outside = x < 300.0 || x > 700.0;
        g_assert_cmpuint(cel_spectrum_mask(spectrum)[i], ==, outside ? CEL_MASK_OUT_OF_RANGE : 0);
    }
}

static void calibration_gives_shifts(void)
{
    g_autoptr(CelMeasurement) m = cel_measurement_new(100, 1, 0);
    m->calibration = (CelCalibration){.medium = CEL_UNIT_NM_UNSTATED,
                                      .n_coefficients = 2,
                                      .coefficients = {800.0, 0.5},
                                      .laser_nm = 785.0};
    g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(m, 0, NULL);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_x(spectrum)[10], 1e7 / 785.0 - 1e7 / 805.0, 1e-9);
    m->calibration.coefficients[1] = -0.5;
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_measurement_spectrum(m, 0, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void refuses_values_that_are_not_finite(void)
{
    const double x[] = {1.0, 2.0}, y[] = {1.0, INFINITY}, variance[] = {1.0, -1.0};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 2, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_spectrum_new(axis, y, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_autoptr(CelSpectrum) good = cel_spectrum_new(axis, x, NULL);
    g_assert_false(cel_spectrum_set_variance(good, variance, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spectrum/axis/rejects-bad-axes", rejects_bad_axes);
    g_test_add_func("/spectrum/axis/air-vacuum-invert", air_and_vacuum_invert_one_another);
    g_test_add_func("/spectrum/axis/shift-in-vacuum", shift_is_computed_in_vacuum);
    g_test_add_func("/spectrum/axis/no-shift-without-laser", no_shift_without_a_laser);
    g_test_add_func("/spectrum/axis/nearest", nearest_finds_the_nearest);
    g_test_add_func("/spectrum/simulated-mark", the_simulated_mark_is_carried_on);
    g_test_add_func("/spectrum/refuses-not-finite", refuses_values_that_are_not_finite);
    g_test_add_func("/spectrum/measurement/averages", measurement_averages_with_variance);
    g_test_add_func("/spectrum/measurement/out-of-range",
                    samples_outside_the_stated_range_are_masked);
    g_test_add_func("/spectrum/measurement/calibrated", calibration_gives_shifts);
    return g_test_run();
}
