/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "spectrum/cel-measurement.h"

#include <math.h>
#include <string.h>

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

static void bad_axes_are_told_by_the_place_of_their_fault(void)
{
    const double equal[] = {1, 2, 2, 3}, infinite[] = {1, 2, INFINITY}, shift[] = {532, 50000};
    const struct {
        CelUnit unit;
        const double *values;
        gsize n;
        const char *words;
    } rows[] = {{CEL_UNIT_SHIFT_CM1, equal, 4, "value 3 (2)"},
                {CEL_UNIT_PIXEL, infinite, 3, "value 3 is not"},
                {CEL_UNIT_NM_AIR, shift, 2, "value 2 (50000)"},
                {CEL_UNIT_PIXEL, equal, 1, "2 to 16777216 points, this one 1"},
                {CEL_UNIT_PIXEL, equal, 0, "this one 0"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_axis_new(rows[i].unit, rows[i].values, rows[i].n, &error));
        g_assert_nonnull(strstr(error->message, rows[i].words));
    }
}

static void wavelengths_have_bounds_and_shifts_have_none(void)
{
    const double limits[] = {100.0, 20000.0}, low[] = {99.9, 500.0}, high[] = {500.0, 20000.1};
    for (guint u = CEL_UNIT_PIXEL; u < CEL_N_UNITS; u++) {
        const gboolean nm = u != CEL_UNIT_PIXEL && u != CEL_UNIT_SHIFT_CM1;
        g_autoptr(CelAxis) a = cel_axis_new((CelUnit)u, limits, 2, NULL);
        g_autoptr(CelAxis) b = cel_axis_new((CelUnit)u, low, 2, NULL);
        g_autoptr(CelAxis) c = cel_axis_new((CelUnit)u, high, 2, NULL);
        g_assert_nonnull(a);
        g_assert_true((b == NULL) == nm && (c == NULL) == nm);
    }
}

static void units_are_found_by_their_names(void)
{
    for (guint u = 0; u < CEL_N_UNITS; u++) {
        CelUnit found = CEL_N_UNITS;
        g_assert_true(cel_unit_from_name(cel_unit_name((CelUnit)u), &found));
        g_assert_cmpuint(found, ==, u);
    }
    CelUnit untouched = CEL_UNIT_PIXEL;
    g_assert_false(cel_unit_from_name("nm", &untouched));
    g_assert_false(cel_unit_from_name("", &untouched));
    g_assert_cmpuint(untouched, ==, CEL_UNIT_PIXEL);
}

static void the_nearest_point_is_that_of_a_full_search(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    double x[17];
    for (gsize n = 2; n <= 17; n++) {
        x[0] = -5.0;
        for (gsize i = 1; i < n; i++)
            x[i] = x[i - 1] + g_rand_double_range(random, 0.01, 2.0);
        g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, n, NULL);
        for (double at = -8.0; at < 35.0; at += 0.37) {
            gsize best = 0;
            for (gsize i = 1; i < n; i++)
                best = fabs(x[i] - at) < fabs(x[best] - at) ? i : best;
            g_assert_cmpuint(cel_axis_nearest(axis, at), ==, best);
        }
    }
}

static void the_step_of_an_axis_is_the_upper_median_a_spacing_that_occurs(void)
{
    const double x[] = {0, 1, 3, 6, 10}; /* steps 1, 2, 3, 4 */
    static const double expected[] = {1, 2, 2, 3};
    for (gsize n = 2; n <= 5; n++) {
        g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, n, NULL);
        g_assert_cmpfloat(cel_axis_step(axis), ==, expected[n - 2]);
    }
}

static void axes_are_equal_when_every_value_and_the_unit_are(void)
{
    const double x[] = {500, 501, 502}, y[] = {500, 501, 502.0000001};
    g_autoptr(CelAxis) a = cel_axis_new(CEL_UNIT_NM_AIR, x, 3, NULL);
    g_autoptr(CelAxis) same = cel_axis_new(CEL_UNIT_NM_AIR, x, 3, NULL);
    g_autoptr(CelAxis) other_unit = cel_axis_new(CEL_UNIT_NM_VACUUM, x, 3, NULL);
    g_autoptr(CelAxis) other_value = cel_axis_new(CEL_UNIT_NM_AIR, y, 3, NULL);
    g_autoptr(CelAxis) shorter = cel_axis_crop(a, 0, 2, NULL);
    g_assert_true(cel_axis_equal(a, a) && cel_axis_equal(a, same));
    g_assert_false(cel_axis_equal(a, other_unit));
    g_assert_false(cel_axis_equal(a, other_value));
    g_assert_false(cel_axis_equal(a, shorter));
}

static void an_axis_is_cropped_to_the_points_asked_for(void)
{
    g_autoptr(CelAxis) axis = cel_axis_new_pixels(10, NULL);
    g_autoptr(CelAxis) part = cel_axis_crop(axis, 3, 4, NULL);
    g_assert_cmpuint(cel_axis_length(part), ==, 4);
    g_assert_cmpfloat(cel_axis_values(part)[0], ==, 3.0);
    g_assert_cmpfloat(cel_axis_values(part)[3], ==, 6.0);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_axis_crop(axis, 3, 1, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

/* The index of standard air at the lines for which Ciddor and Edlen agree to 1e-8 (Edlen 1966):
 * n - 1 = 1e-8 (8342.13 + 2406030 / (130 - s^2) + 15997 / (38.9 - s^2)), s in um^-1. */
static void the_index_of_air_is_that_of_edlen_within_its_error(void)
{
    for (double nm = 400.0; nm <= 1100.0; nm += 50.0) {
        const double s2 = 1e6 / (nm * nm);
        const double edlen = 1e-8 * (8342.13 + 2406030.0 / (130.0 - s2) + 15997.0 / (38.9 - s2));
        g_assert_cmpfloat_with_epsilon(nm / cel_vacuum_to_air_nm(nm) - 1.0, edlen, 3e-8);
    }
}

static void a_laser_outside_its_bounds_gives_no_shift(void)
{
    static const double bad[] = {0.0, -785.0, 199.9, 2000.1, NAN, INFINITY};
    const double nm[] = {800.0, 810.0};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_NM_AIR, nm, 2, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_axis_raman_shift(axis, bad[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
        g_assert_nonnull(strstr(error->message, "200..2000 nm"));
    }
    g_autoptr(CelAxis) shift = cel_axis_raman_shift(axis, 785.0, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_axis_raman_shift(shift, 785.0, &error)); /* no shift of a shift */
    g_assert_nonnull(strstr(error->message, "cm-1"));
}

static void shift_is_zero_at_the_laser_and_negative_below(void)
{
    const double nm[] = {775.0, 785.0, 795.0};
    static const CelUnit units[] = {CEL_UNIT_NM_AIR, CEL_UNIT_NM_VACUUM, CEL_UNIT_NM_UNSTATED};
    for (gsize u = 0; u < G_N_ELEMENTS(units); u++) {
        g_autoptr(CelAxis) axis = cel_axis_new(units[u], nm, 3, NULL);
        g_autoptr(CelAxis) shift = cel_axis_raman_shift(axis, 785.0, NULL);
        g_assert_cmpfloat(cel_axis_values(shift)[0], <, -160.0);
        g_assert_cmpfloat_with_epsilon(cel_axis_values(shift)[1], 0.0, 1e-9);
        g_assert_cmpfloat(cel_axis_values(shift)[2], >, 160.0);
    }
}

static CelSpectrum *three(void)
{
    const double x[] = {1, 2, 3}, y[] = {4, 5, 6};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 3, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

static void a_copy_of_a_spectrum_is_independent(void)
{
    const double variance[] = {1, 2, 3}, other[] = {9, 9, 9};
    const guint8 mask[] = {0, CEL_MASK_COSMIC, 0};
    g_autoptr(CelSpectrum) a = three();
    g_assert_true(cel_spectrum_set_variance(a, variance, NULL));
    cel_spectrum_set_mask(a, mask);
    cel_spectrum_set_meta(a, "title", "one");
    g_autoptr(CelSpectrum) b = cel_spectrum_copy(a);
    g_assert_true(cel_spectrum_set_variance(a, other, NULL));
    cel_spectrum_set_mask(a, NULL);
    cel_spectrum_set_meta(a, "title", NULL);
    g_assert_cmpfloat(cel_spectrum_variance(b)[2], ==, 3.0);
    g_assert_cmpuint(cel_spectrum_mask(b)[1], ==, CEL_MASK_COSMIC);
    g_assert_cmpstr(cel_spectrum_meta(b, "title"), ==, "one");
    g_assert_null(cel_spectrum_meta(a, "title"));
    g_assert_null(cel_spectrum_mask(a));
}

static void a_refused_variance_leaves_the_old_one(void)
{
    static const double bad[][3] = {{1, -1e-300, 1}, {1, 1, NAN}, {INFINITY, 1, 1}};
    static const char *const words[] = {"value 2", "value 3", "value 1"};
    const double good[] = {0, 2, 3};
    g_autoptr(CelSpectrum) spectrum = three();
    g_assert_true(cel_spectrum_set_variance(spectrum, good, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(cel_spectrum_set_variance(spectrum, bad[i], &error));
        g_assert_nonnull(strstr(error->message, words[i]));
        g_assert_cmpfloat(cel_spectrum_variance(spectrum)[1], ==, 2.0);
    }
    g_assert_true(cel_spectrum_set_variance(spectrum, NULL, NULL));
    g_assert_null(cel_spectrum_variance(spectrum));
}

static void what_a_step_makes_must_be_finite(void)
{
    g_autoptr(CelSpectrum) from = three();
    const double good[] = {1, 2, 3}, bad[] = {1, NAN, 3};
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_spectrum_derive(from, cel_spectrum_axis(from), g_memdup2(bad, sizeof bad),
                                      NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_NUMERIC);
    g_clear_error(&error);
    g_assert_null(cel_spectrum_derive(from, cel_spectrum_axis(from), g_memdup2(good, sizeof good),
                                      g_memdup2(bad, sizeof bad), NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_NUMERIC);
}

static void another_axis_must_be_as_long(void)
{
    g_autoptr(CelSpectrum) spectrum = three();
    g_autoptr(CelAxis) longer = cel_axis_new_pixels(4, NULL), fits = cel_axis_new_pixels(3, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_spectrum_set_axis(spectrum, longer, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
    g_assert_nonnull(strstr(error->message, "4 points, the spectrum 3"));
    g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(spectrum)), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_true(cel_spectrum_set_axis(spectrum, fits, NULL));
    g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(spectrum)), ==, CEL_UNIT_PIXEL);
    g_assert_true(cel_spectrum_set_axis(spectrum, cel_spectrum_axis(spectrum), NULL));
    g_assert_cmpfloat(cel_spectrum_x(spectrum)[2], ==, 2.0);
}

static void metadata_are_sorted_and_numbers_read_back(void)
{
    g_autoptr(CelSpectrum) spectrum = three();
    cel_spectrum_set_meta(spectrum, "b", "text");
    cel_spectrum_set_meta_number(spectrum, "a", 1.0 / 3.0);
    cel_spectrum_set_meta(spectrum, "c", "inf");
    cel_spectrum_set_meta(spectrum, "B", "1,5");
    g_autofree const char **keys = cel_spectrum_meta_keys(spectrum);
    g_autofree char *joined = g_strjoinv(" ", (char **)keys);
    g_assert_cmpstr(joined, ==, "B a b c");
    double value = 7.0;
    g_assert_false(cel_spectrum_meta_number(spectrum, "b", &value));
    g_assert_false(cel_spectrum_meta_number(spectrum, "c", &value));
    g_assert_false(cel_spectrum_meta_number(spectrum, "B", &value));
    g_assert_false(cel_spectrum_meta_number(spectrum, "absent", &value));
    g_assert_cmpfloat(value, ==, 7.0);
    g_assert_true(cel_spectrum_meta_number(spectrum, "a", &value));
    g_assert_cmpfloat(value, ==, 1.0 / 3.0);
}

static void the_laser_of_the_metadata_serves_when_none_is_given(void)
{
    const double nm[] = {800.0, 810.0}, y[] = {1, 2};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_NM_VACUUM, nm, 2, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, 785.0);
    g_autoptr(CelSpectrum) own = cel_spectrum_to_shift(spectrum, 0.0, NULL);
    g_autoptr(CelSpectrum) given = cel_spectrum_to_shift(spectrum, 780.0, NULL);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_x(own)[0], 1e7 / 785.0 - 1e7 / 800.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_x(given)[0], 1e7 / 780.0 - 1e7 / 800.0, 1e-9);
    g_assert_cmpstr(cel_spectrum_meta(given, CEL_META_LASER_NM), ==, "780");
    g_assert_null(cel_spectrum_meta(own, CEL_META_MEDIUM_NOTE)); /* the medium is stated */
    g_autoptr(CelSpectrum) again = cel_spectrum_to_shift(own, 0.0, NULL);
    g_assert_true(cel_axis_equal(cel_spectrum_axis(again), cel_spectrum_axis(own)));
}

static void one_frame_has_no_variance_and_only_its_own_marks(void)
{
    g_autoptr(CelMeasurement) m = cel_measurement_new(2, 2, 0);
    const double counts[] = {100, 5, 7, 6};
    memcpy(m->frames, counts, sizeof counts);
    m->instrument.saturation_counts = 100;
    g_autoptr(CelSpectrum) first = cel_measurement_spectrum(m, 0, NULL);
    g_autoptr(CelSpectrum) second = cel_measurement_spectrum(m, 1, NULL);
    g_autoptr(CelSpectrum) mean = cel_measurement_spectrum(m, -1, NULL);
    g_assert_null(cel_spectrum_variance(first));
    g_assert_cmpuint(cel_spectrum_mask(first)[0], ==, CEL_MASK_SATURATED);
    g_assert_cmpuint(cel_spectrum_mask(second)[0], ==, 0);
    g_assert_cmpuint(cel_spectrum_mask(mean)[0], ==, CEL_MASK_SATURATED);
    g_assert_cmpfloat(cel_spectrum_y(second)[1], ==, 6.0);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_variance(mean)[1], 0.25, 1e-15); /* 0.5 / 2 */
    g_assert_cmpstr(cel_spectrum_meta(first, CEL_META_FRAMES), ==, "1");
    g_assert_cmpstr(cel_spectrum_meta(mean, CEL_META_FRAMES), ==, "2");
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_measurement_spectrum(m, 2, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_dark_is_the_mean_of_its_frames_or_absent(void)
{
    g_autoptr(CelMeasurement) without = cel_measurement_new(3, 1, 0);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_measurement_dark(without, &error));
    g_assert_no_error(error);
    g_autoptr(CelMeasurement) m = cel_measurement_new(2, 1, 3);
    const double dark[] = {1, 10, 2, 10, 6, 10};
    memcpy(m->dark_frames, dark, sizeof dark);
    m->simulated = TRUE;
    g_autoptr(CelSpectrum) mean = cel_measurement_dark(m, NULL);
    g_assert_cmpfloat(cel_spectrum_y(mean)[0], ==, 3.0);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_variance(mean)[0], 7.0 / 3.0, 1e-15);
    g_assert_cmpfloat(cel_spectrum_variance(mean)[1], ==, 0.0);
    g_assert_true(cel_spectrum_is_simulated(mean));
}

static void a_copy_of_a_measurement_is_independent(void)
{
    g_autoptr(CelMeasurement) m = cel_measurement_new(2, 1, 1);
    m->frames[1] = 5.0;
    m->dark_frames[0] = 2.0;
    m->integration_ms = 30.0;
    cel_measurement_note(m, "who", "A");
    g_autoptr(CelMeasurement) copy = cel_measurement_copy(m);
    m->frames[1] = m->dark_frames[0] = 9.0;
    cel_measurement_note(m, "who", "B");
    g_assert_cmpfloat(copy->frames[1], ==, 5.0);
    g_assert_cmpfloat(copy->dark_frames[0], ==, 2.0);
    g_assert_cmpfloat(copy->integration_ms, ==, 30.0);
    g_assert_cmpstr(g_tree_lookup(copy->notes, "who"), ==, "A");
}

static void a_calibration_is_its_polynomial(void)
{
    const CelCalibration c = {.medium = CEL_UNIT_NM_AIR,
                              .n_coefficients = 3,
                              .coefficients = {780.0, 0.25, 1e-5, 99.0}}; /* 99: not counted */
    g_autoptr(CelAxis) axis = cel_calibration_axis(&c, 2048, NULL);
    g_assert_cmpint(cel_axis_unit(axis), ==, CEL_UNIT_NM_AIR);
    for (gsize i = 0; i < 2048; i += 341) {
        const double pixel = (double)i;
        g_assert_cmpfloat_with_epsilon(cel_axis_values(axis)[i],
                                       780.0 + 0.25 * pixel + 1e-5 * pixel * pixel, 1e-10);
    }
}

static void calibrations_that_cannot_be_used_are_refused(void)
{
    CelCalibration c = {.medium = CEL_UNIT_NM_AIR, .coefficients = {780.0, 0.25}};
    static const guint counts[] = {0, CEL_CALIBRATION_MAX_COEFFICIENTS + 1, G_MAXUINT};
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_autoptr(GError) error = NULL;
        c.n_coefficients = counts[i];
        g_assert_null(cel_calibration_axis(&c, 10, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
        g_assert_nonnull(strstr(error->message, "no wavelength calibration"));
    }
    c.n_coefficients = 1; /* every pixel at one wavelength */
    g_assert_null(cel_calibration_axis(&c, 10, NULL));
    c.n_coefficients = 2;
    c.coefficients[1] = NAN;
    g_assert_null(cel_calibration_axis(&c, 10, NULL));
}

static CelCalibration corrected_calibration(void)
{
    return (CelCalibration){.medium = CEL_UNIT_NM_AIR,
                            .n_coefficients = 2,
                            .coefficients = {790.0, 0.25},
                            .laser_nm = 785.0,
                            .n_knots = 3,
                            .knot_cm1 = {300.0, 800.0, 1500.0},
                            .correction_cm1 = {1.0, 2.0, 0.0},
                            .u_correction_cm1 = {0.3, 0.1, 0.5},
                            .supported_cm1 = {300.0, 1500.0}};
}

static void the_correction_goes_through_its_knots_and_stays_constant_outside(void)
{
    const CelCalibration c = corrected_calibration();
    static const double at[] = {-50.0, 300.0, 800.0, 1500.0, 3000.0};
    static const double expected[] = {1.0, 1.0, 2.0, 0.0, 0.0};
    static const double u[] = {0.3, 0.3, 0.1, 0.5, 0.5};
    for (gsize i = 0; i < G_N_ELEMENTS(at); i++) {
        double correction = NAN, u_correction = NAN;
        g_assert_true(cel_calibration_correction(&c, at[i], &correction, &u_correction, NULL));
        g_assert_cmpfloat_with_epsilon(correction, expected[i], 1e-12);
        g_assert_cmpfloat_with_epsilon(u_correction, u[i], 1e-12);
    }
}

static void the_correction_never_overshoots_its_knots(void)
{
    const CelCalibration c = corrected_calibration();
    for (double at = 300.0; at <= 1500.0; at += 1.0) {
        double correction = NAN;
        g_assert_true(cel_calibration_correction(&c, at, &correction, NULL, NULL));
        g_assert_cmpfloat(correction, >=, (at < 800.0 ? 1.0 : 0.0) - 1e-12);
        g_assert_cmpfloat(correction, <=, 2.0 + 1e-12);
    }
}

static void a_shift_axis_is_that_of_the_laser_plus_the_correction(void)
{
    CelCalibration c = corrected_calibration();
    g_autoptr(CelAxis) with = cel_calibration_shift_axis(&c, 700, NULL, NULL);
    c.n_knots = 0;
    g_autoptr(CelAxis) without = cel_calibration_shift_axis(&c, 700, NULL, NULL);
    g_autoptr(CelAxis) nm = cel_calibration_axis(&c, 700, NULL);
    g_autoptr(CelAxis) expected = cel_axis_raman_shift(nm, 785.0, NULL);
    g_assert_true(cel_axis_equal(without, expected));
    c = corrected_calibration();
    for (gsize i = 0; i < 700; i += 50) {
        double correction = NAN;
        const double plain = cel_axis_values(without)[i];
        g_assert_true(cel_calibration_correction(&c, plain, &correction, NULL, NULL));
        g_assert_cmpfloat_with_epsilon(cel_axis_values(with)[i], plain + correction, 1e-9);
    }
}

/* The covariance of a straight line known at its ends: u^2(i) = (1 - t)^2 u0^2 + t^2 u1^2. */
static void uncertainties_of_axis_laser_and_correction_add_in_squares(void)
{
    enum { N = 401 };
    const double u0_nm = 0.02, u1_nm = 0.05, length = N - 1.0;
    CelCalibration c = corrected_calibration();
    c.supported_cm1[0] = c.supported_cm1[1] = 0.0;
    c.covariance[0][0] = u0_nm * u0_nm;
    c.covariance[0][1] = c.covariance[1][0] = -u0_nm * u0_nm / length;
    c.covariance[1][1] = (u0_nm * u0_nm + u1_nm * u1_nm) / (length * length);
    c.u_laser_nm = 0.01;
    double u[N];
    g_autoptr(CelAxis) axis = cel_calibration_shift_axis(&c, N, u, NULL);
    g_assert_nonnull(axis);
    for (gsize i = 0; i < N; i += 100) {
        const double t = (double)i / length, nm = 790.0 + 0.25 * (double)i;
        const double axis_cm1 = 1e7 / (nm * nm) * hypot((1.0 - t) * u0_nm, t * u1_nm);
        const double laser_cm1 = 1e7 / (785.0 * 785.0) * 0.01;
        double correction = NAN, u_correction = NAN;
        const double plain = 1e7 / 785.0 - 1e7 / nm;
        g_assert_true(cel_calibration_correction(&c, plain, &correction, &u_correction, NULL));
        const double expected = hypot(hypot(axis_cm1, laser_cm1), u_correction);
        g_assert_cmpfloat_with_epsilon(u[i], expected, 1e-3);
    }
}

static void uncertainty_grows_outside_what_standards_support(void)
{
    enum { N = 900 };
    const CelCalibration c = corrected_calibration();
    double u[N];
    g_autoptr(CelAxis) axis = cel_calibration_shift_axis(&c, N, u, NULL);
    const gsize end = cel_axis_nearest(axis, 1500.0);
    g_assert_cmpfloat_with_epsilon(u[end], 0.5, 0.05);
    for (gsize i = end + 1; i + 1 < N; i++)
        g_assert_cmpfloat(u[i + 1], >, u[i]);
    g_assert_cmpfloat(u[N - 1], >, 1.0);
}

static void what_is_not_known_has_no_uncertainty_but_the_makers(void)
{
    CelCalibration c = corrected_calibration();
    double u[100];
    c.n_knots = 0;
    g_autoptr(CelAxis) unknown = cel_calibration_shift_axis(&c, 100, u, NULL);
    g_assert_nonnull(unknown);
    g_assert_cmpfloat(u[50], ==, 0.0);
    c.u_axis_cm1 = 0.7;
    c.supported_cm1[1] = 0.0;
    g_autoptr(CelAxis) stated = cel_calibration_shift_axis(&c, 100, u, NULL);
    g_assert_nonnull(stated);
    g_assert_cmpfloat(u[50], ==, 0.7);
}

static void a_correction_that_turns_the_axis_back_is_refused(void)
{
    CelCalibration c = corrected_calibration();
    g_autoptr(GError) error = NULL;
    c.correction_cm1[2] = -900.0;
    g_assert_null(cel_calibration_shift_axis(&c, 700, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    c = corrected_calibration();
    c.knot_cm1[1] = 300.0;
    g_assert_null(cel_calibration_shift_axis(&c, 700, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    c = corrected_calibration();
    c.laser_nm = 0.0;
    g_assert_null(cel_calibration_shift_axis(&c, 700, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
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
#define ADD(name) g_test_add_func("/spectrum/" #name, name)
    ADD(bad_axes_are_told_by_the_place_of_their_fault);
    ADD(wavelengths_have_bounds_and_shifts_have_none);
    ADD(units_are_found_by_their_names);
    ADD(the_nearest_point_is_that_of_a_full_search);
    ADD(the_step_of_an_axis_is_the_upper_median_a_spacing_that_occurs);
    ADD(axes_are_equal_when_every_value_and_the_unit_are);
    ADD(an_axis_is_cropped_to_the_points_asked_for);
    ADD(the_index_of_air_is_that_of_edlen_within_its_error);
    ADD(a_laser_outside_its_bounds_gives_no_shift);
    ADD(shift_is_zero_at_the_laser_and_negative_below);
    ADD(a_copy_of_a_spectrum_is_independent);
    ADD(a_refused_variance_leaves_the_old_one);
    ADD(what_a_step_makes_must_be_finite);
    ADD(another_axis_must_be_as_long);
    ADD(metadata_are_sorted_and_numbers_read_back);
    ADD(the_laser_of_the_metadata_serves_when_none_is_given);
    ADD(one_frame_has_no_variance_and_only_its_own_marks);
    ADD(a_dark_is_the_mean_of_its_frames_or_absent);
    ADD(a_copy_of_a_measurement_is_independent);
    ADD(a_calibration_is_its_polynomial);
    ADD(calibrations_that_cannot_be_used_are_refused);
    g_test_add_func("/calibration/knots",
                    the_correction_goes_through_its_knots_and_stays_constant_outside);
    g_test_add_func("/calibration/overshoot", the_correction_never_overshoots_its_knots);
    g_test_add_func("/calibration/shift", a_shift_axis_is_that_of_the_laser_plus_the_correction);
    g_test_add_func("/calibration/uncertainty",
                    uncertainties_of_axis_laser_and_correction_add_in_squares);
    g_test_add_func("/calibration/outside", uncertainty_grows_outside_what_standards_support);
    g_test_add_func("/calibration/unknown", what_is_not_known_has_no_uncertainty_but_the_makers);
    g_test_add_func("/calibration/turned-back", a_correction_that_turns_the_axis_back_is_refused);
    return g_test_run();
}
