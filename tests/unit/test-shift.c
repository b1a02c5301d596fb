/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "long-check.h"
#include "shift-fixture.h"

#include <gio/gio.h>
#include <string.h>

enum { MAX_SCANS = 4 };

/** Set: simulated scans, ready to be calibrated with. */
typedef struct {
    CelShiftScan scan[MAX_SCANS];
    CelSpectrum *spectra[MAX_SCANS];
    gsize n;
} Set;

static void set_clear(Set *set)
{
    for (gsize i = 0; i < set->n; i++)
        cel_spectrum_free(set->spectra[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Set, set_clear)

static void set_add(Set *set, const SimScan *sim, const char *name)
{
    set->spectra[set->n] = sim_scan(sim);
    set->scan[set->n] = (CelShiftScan){cel_standard_find(sim->id), set->spectra[set->n], name};
    set->n++;
}

static CelShiftFit *fit_of(const Set *set)
{
    g_autoptr(GError) error = NULL;
    CelShiftFit *fit = cel_shift_fit(NULL, set->scan, set->n, NULL, NULL, &error);
    g_assert_no_error(error);
    return fit;
}

static void assert_refused(const Set *set, CelError code, const char *word)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelShiftFit) fit = cel_shift_fit(NULL, set->scan, set->n, NULL, NULL, &error);
    g_assert_null(fit);
    g_assert_error(error, CEL_ERROR, (int)code);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, word));
}

static double true_laser_nm(double recorded_nm, double off_cm1)
{
    return cel_vacuum_to_air_nm(1e7 / (1e7 / cel_air_to_vacuum_nm(recorded_nm) + off_cm1));
}

/* ---- what it finds ---- */

static void a_laser_that_moved_is_found_with_its_uncertainty(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene", .laser_off_cm1 = -4.2}, "ps");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    const double truth = true_laser_nm(785.0, -4.2);
    g_assert_cmpfloat_with_epsilon(fit->laser_cm1, -4.2, 0.15);
    g_assert_cmpfloat_with_epsilon(fit->calibration.laser_nm, truth, 0.01);
    g_assert_cmpfloat(fabs(fit->calibration.laser_nm - truth), <, fit->calibration.u_laser_nm);
    g_assert_cmpfloat_with_epsilon(fit->assumed_laser_nm, 785.0, 1e-9);
}

static void without_a_lamp_the_laser_is_only_as_good_as_the_axis(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene", .offset_cm1 = 3.0}, "ps");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    g_assert_false(fit->laser_is_traced);
    g_assert_cmpuint(fit->n_lamp_lines, ==, 0);
}

static void a_lamp_tells_wavelengths_that_moved_from_a_laser_that_moved(void)
{
    const double off = 2.5, axis = 6.0, slope = 1.0;
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "neon", .offset_cm1 = axis, .slope = slope, .last = 2500}, "ne");
    set_add(
        &set,
        &(SimScan){
            .id = "silicon", .offset_cm1 = axis, .slope = slope, .laser_off_cm1 = off, .seed = 1},
        "si");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    g_assert_true(fit->laser_is_traced);
    g_assert_cmpuint(fit->n_lamp_lines, >=, 15);
    g_assert_cmpfloat_with_epsilon(fit->laser_cm1, off, 3.0 * fit->u_laser_cm1);
    double correction = 0.0;
    g_assert_true(cel_calibration_correction(&fit->calibration, 1500.0, &correction, NULL, NULL));
    g_assert_cmpfloat_with_epsilon(correction - fit->laser_cm1, -axis - slope * 1.493, 0.15);
}

static void the_silicon_value_that_was_used_is_stated(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "silicon", .offset_cm1 = 1.5}, "si");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    g_assert_cmpfloat_with_epsilon(fit->silicon_cm1, 520.45, 1e-9);
    g_assert_true(isnan(cel_standard_find("silicon")->celsius));
}

static void every_line_has_a_limit_of_its_own_and_keeps_it(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "cyclohexane", .offset_cm1 = -3.0}, "ch");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    g_assert_cmpuint(fit->lines->len, >=, 9);
    for (guint i = 0; i < fit->lines->len; i++) {
        const CelShiftLine *line = &g_array_index(fit->lines, CelShiftLine, i);
        const double own = hypot(hypot(line->u_accepted_cm1, line->u_fit_cm1), line->u_axis_cm1);
        g_assert_cmpfloat_with_epsilon(line->limit_cm1, 2.0 * own, 1e-9);
        g_assert_cmpfloat(fabs(line->after_cm1), <=, line->limit_cm1);
        g_assert_cmpfloat_with_epsilon(line->before_cm1, -3.0, 0.5);
    }
    const CelShiftSummary summary = cel_shift_summarise(fit->lines);
    g_assert_cmpuint(summary.n_outside, ==, 0);
    g_assert_cmpfloat(summary.rms_after_cm1, <, 0.3);
    g_assert_cmpfloat_with_epsilon(summary.rms_before_cm1, 3.0, 0.3);
}

static void a_standard_of_many_lines_does_not_outvote_one_of_few(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "cyclohexane"}, "ch");
    set_add(&set, &(SimScan){.id = "silicon", .offset_cm1 = 2.5, .seed = 3}, "si");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    g_assert_cmpuint(fit->standards->len, ==, 2);
    g_assert_cmpfloat(fit->between_cm1, >, 1.0);
    g_assert_cmpfloat_with_epsilon(fit->laser_cm1, -1.25, 0.3); /* the middle, not the eleven */
    g_assert_cmpfloat(fit->u_laser_cm1, >, 0.8);
}

static void a_bent_axis_is_bent_back_without_a_wiggle(void)
{
    const SimScan sim = {.id = "polystyrene", .offset_cm1 = 1.0, .slope = -4.0, .curve = 1.5};
    g_auto(Set) set = {0};
    set_add(&set, &sim, "ps");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    g_assert_cmpuint(fit->residual_order, >=, 1);
    double last = -HUGE_VAL, last_slope = 0.0;
    guint turns = 0;
    for (double x = 100.0; x < 3300.0; x += 5.0) {
        double correction = 0.0;
        g_assert_true(cel_calibration_correction(&fit->calibration, x, &correction, NULL, NULL));
        const double slope = correction - last;
        g_assert_cmpfloat(slope, >, -5.0); /* the axis keeps rising */
        turns += isfinite(last) && slope * last_slope < -1e-12 ? 1 : 0;
        last_slope = isfinite(last) ? slope : 0.0;
        last = correction;
    }
    g_assert_cmpuint(turns, <=, 1); /* a curve of second order turns once */
    g_assert_cmpfloat(cel_shift_summarise(fit->lines).worst_after_cm1, <, 0.7);
}

static void what_no_standard_reaches_is_marked_and_less_certain(void)
{
    g_auto(Set) set = {0}, other = {0};
    set_add(&set, &(SimScan){.id = "naphthalene", .last = 2000.0}, "naphthalene");
    set_add(&other, &(SimScan){.id = "cyclohexane", .seed = 4}, "cyclohexane");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    g_autoptr(GArray) lines = cel_shift_check(fit, &other.scan[0], NULL, NULL, NULL);
    double inside = 0.0, outside = 0.0;
    for (guint i = 0; i < lines->len; i++) {
        const CelShiftLine *line = &g_array_index(lines, CelShiftLine, i);
        g_assert_cmpint(line->supported, ==,
                        line->measured_cm1 > fit->calibration.supported_cm1[0] &&
                            line->measured_cm1 < fit->calibration.supported_cm1[1]);
        inside = line->supported ? fmax(inside, line->u_axis_cm1) : inside;
        outside = line->supported ? outside : fmax(outside, line->u_axis_cm1);
    }
    g_assert_cmpfloat(outside, >, 1.5 * inside);
}

static void an_instruments_own_calibration_gets_the_laser(void)
{
    CelCalibration base = {.id = "maker",
                           .medium = CEL_UNIT_NM_AIR,
                           .n_coefficients = 3,
                           .coefficients = {790.0, 0.15, -1e-6},
                           .laser_nm = 785.0};
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene", .laser_off_cm1 = 3.0}, "ps");
    g_autoptr(CelShiftFit) fit = cel_shift_fit(&base, set.scan, 1, NULL, NULL, NULL);
    g_assert_nonnull(fit);
    g_assert_cmpuint(fit->calibration.n_coefficients, ==, 3);
    g_assert_cmpfloat_with_epsilon(fit->calibration.laser_nm, true_laser_nm(785.0, 3.0), 0.01);
    double correction = 1.0, u = 0.0; /* nothing is left to correct, within its uncertainty */
    g_assert_true(cel_calibration_correction(&fit->calibration, 3000.0, &correction, &u, NULL));
    g_assert_cmpfloat_with_epsilon(correction, 0.0, 1e-9);
    g_assert_cmpfloat(u, >, 0.1);
    g_assert_cmpfloat(cel_shift_summarise(fit->lines).worst_after_cm1, <, 0.5);
}

static void the_corrected_axis_rises_and_carries_its_uncertainty(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene", .offset_cm1 = 5.0, .slope = 1.0}, "ps");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    const CelAxis *recorded = cel_spectrum_axis(set.spectra[0]);
    const gsize n = cel_axis_length(recorded);
    g_autofree double *u = g_new(double, n);
    g_autoptr(CelAxis) axis = cel_shift_correct(&fit->calibration, recorded, u, NULL);
    g_assert_nonnull(axis);
    for (gsize i = 0; i < n; i++)
        g_assert_cmpfloat(u[i], >, 0.0);
    g_autoptr(CelAxis) pixels = cel_axis_new_pixels(100, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_shift_correct(&fit->calibration, pixels, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
}

/* Reference values drawn within their own uncertainty, axis and laser at random: how often is the
 * truth within two standard uncertainties of the corrected axis? */
static void the_intervals_cover_what_they_claim(void)
{
    const guint runs = long_count(60);
    guint covered = 0, all = 0;
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261);
    for (guint k = 0; k < runs; k++) {
        const SimScan sim = {.id = "polystyrene",
                             .offset_cm1 = 8.0 * g_rand_double(rand) - 4.0,
                             .slope = 2.0 * g_rand_double(rand) - 1.0,
                             .noise = 60.0,
                             .reference_u = 1.0,
                             .seed = k};
        g_auto(Set) set = {0};
        set_add(&set, &sim, "ps");
        g_autoptr(CelShiftFit) fit = fit_of(&set);
        for (double x = 650.0; x < 3050.0; x += 200.0) {
            const double recorded = x + sim_error(&sim, x);
            double correction = 0.0, u = 0.0;
            cel_calibration_correction(&fit->calibration, recorded, &correction, &u, NULL);
            covered += fabs(recorded + correction - x) <= 2.0 * u ? 1 : 0;
            all++;
        }
    }
    g_test_message("%u places covered of %u: two standard uncertainties", covered, all);
    g_assert_cmpuint(covered, >=, all * 93 / 100);
}

/* ---- what it refuses ---- */

static void another_substance_is_named_and_refused(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene"}, "a.txt");
    set.scan[0].standard = cel_standard_find("cyclohexane");
    assert_refused(&set, CEL_ERROR_INPUT, "polystyrene");
}

static void polystyrene_is_not_taken_for_silicon(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene"}, "a.txt");
    set.scan[0].standard = cel_standard_find("silicon");
    assert_refused(&set, CEL_ERROR_INPUT, "silicon");
}

static void noise_alone_is_no_standard(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene", .height = 1.0}, "a.txt");
    assert_refused(&set, CEL_ERROR_INPUT, "polystyrene");
}

static void saturated_lines_are_refused(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "silicon", .full = 3000.0}, "a.txt");
    assert_refused(&set, CEL_ERROR_INPUT, "saturated");
}

static void a_saturated_line_among_good_ones_has_no_part(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene", .full = 8000.0}, "a.txt");
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    guint full = 0;
    for (guint i = 0; i < fit->lines->len; i++) {
        const CelShiftLine *line = &g_array_index(fit->lines, CelShiftLine, i);
        full += line->saturated ? 1 : 0;
        g_assert_false(line->saturated && line->used);
    }
    g_assert_cmpuint(full, ==, 1);
}

static void too_few_lines_of_a_lamp_are_refused(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "neon", .first = 780.0, .last = 1000.0}, "ne");
    set_add(&set, &(SimScan){.id = "silicon"}, "si");
    assert_refused(&set, CEL_ERROR_INPUT, "lines of the lamp");
}

static void a_lamp_alone_places_no_laser(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "neon", .last = 2500.0}, "ne");
    assert_refused(&set, CEL_ERROR_INPUT, "shift standard");
}

static void two_lasers_are_not_mixed(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "silicon"}, "a.txt");
    set_add(&set, &(SimScan){.id = "polystyrene", .laser_nm = 532.0}, "b.txt");
    assert_refused(&set, CEL_ERROR_UNIT, "Two lasers");
}

static void two_instruments_are_not_mixed(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "silicon"}, "a.txt");
    set_add(&set, &(SimScan){.id = "polystyrene"}, "b.txt");
    cel_spectrum_set_meta(set.spectra[0], CEL_META_SERIAL, "WP-1");
    cel_spectrum_set_meta(set.spectra[1], CEL_META_SERIAL, "WP-2");
    assert_refused(&set, CEL_ERROR_UNIT, "Two instruments");
}

static void a_laser_that_drifted_during_the_run_is_refused(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene"}, "first.txt");
    set_add(&set, &(SimScan){.id = "polystyrene", .laser_off_cm1 = 2.5, .seed = 5}, "last.txt");
    assert_refused(&set, CEL_ERROR_NUMERIC, "drifted");
}

static void standards_that_contradict_one_another_are_refused(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene"}, "a.txt");
    set_add(&set, &(SimScan){.id = "silicon", .laser_off_cm1 = 7.0, .seed = 5}, "b.txt");
    assert_refused(&set, CEL_ERROR_NUMERIC, "contradict");
}

static void an_axis_of_pieces_is_refused(void)
{
    const SimScan lamp = {.id = "neon", .step_at_cm1 = 1300.0, .step_cm1 = 4.0, .last = 2500.0};
    g_auto(Set) set = {0};
    set_add(&set, &lamp, "ne");
    set_add(&set, &(SimScan){.id = "silicon"}, "si");
    assert_refused(&set, CEL_ERROR_NUMERIC, "jumps");
}

static void a_lamp_of_which_only_a_part_fits_is_refused(void)
{
    const SimScan lamp = {.id = "neon", .step_at_cm1 = 900.0, .step_cm1 = 9.0, .last = 2500.0};
    g_auto(Set) set = {0};
    set_add(&set, &lamp, "ne");
    set_add(&set, &(SimScan){.id = "silicon"}, "si");
    assert_refused(&set, CEL_ERROR_NUMERIC, "jumps");
}

static CelSpectrum *with_axis(const CelSpectrum *spectrum, CelUnit unit, const double *values)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelAxis) axis = cel_axis_new(unit, values, cel_spectrum_length(spectrum), &error);
    g_assert_no_error(error);
    CelSpectrum *out = cel_spectrum_copy(spectrum);
    g_assert_true(cel_spectrum_set_axis(out, axis, NULL));
    return out;
}

/* Wavelengths in air of the scan's shifts. */
static double *wavelengths(const CelSpectrum *spectrum)
{
    const gsize n = cel_spectrum_length(spectrum);
    const double *x = cel_spectrum_x(spectrum), laser = cel_air_to_vacuum_nm(785.0);
    double *nm = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        nm[i] = cel_vacuum_to_air_nm(1e7 / (1e7 / laser - x[i]));
    return nm;
}

static void replace(Set *set, gsize i, CelSpectrum *spectrum)
{
    cel_spectrum_free(set->spectra[i]);
    set->scan[i].spectrum = set->spectra[i] = spectrum;
}

static void wavelengths_are_taken_with_their_laser(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene", .offset_cm1 = 2.0}, "a.txt");
    g_autofree double *nm = wavelengths(set.spectra[0]);
    replace(&set, 0, with_axis(set.spectra[0], CEL_UNIT_NM_AIR, nm));
    g_autoptr(CelShiftFit) fit = fit_of(&set);
    g_assert_cmpfloat_with_epsilon(fit->laser_cm1, -2.0, 0.2);
}

static void wavelengths_given_as_shifts_are_refused(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene"}, "a.txt");
    g_autofree double *nm = wavelengths(set.spectra[0]);
    replace(&set, 0, with_axis(set.spectra[0], CEL_UNIT_SHIFT_CM1, nm));
    assert_refused(&set, CEL_ERROR_UNIT, "only when its numbers are nm");
}

static void shifts_given_as_wavelengths_are_refused(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene", .first = 200.0}, "a.txt");
    replace(&set, 0, with_axis(set.spectra[0], CEL_UNIT_NM_AIR, cel_spectrum_x(set.spectra[0])));
    assert_refused(&set, CEL_ERROR_UNIT, "only when its numbers are cm-1");
}

static void air_and_vacuum_are_not_mixed(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene"}, "a.txt");
    set_add(&set, &(SimScan){.id = "silicon"}, "b.txt");
    g_autofree double *one = wavelengths(set.spectra[0]), *two = wavelengths(set.spectra[1]);
    replace(&set, 0, with_axis(set.spectra[0], CEL_UNIT_NM_AIR, one));
    replace(&set, 1, with_axis(set.spectra[1], CEL_UNIT_NM_VACUUM, two));
    assert_refused(&set, CEL_ERROR_UNIT, "Air and vacuum");
}

static void a_base_in_another_medium_is_refused(void)
{
    const CelCalibration base = {.medium = CEL_UNIT_NM_VACUUM, .laser_nm = 785.0};
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene"}, "a.txt");
    g_autofree double *nm = wavelengths(set.spectra[0]);
    replace(&set, 0, with_axis(set.spectra[0], CEL_UNIT_NM_AIR, nm));
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_shift_fit(&base, set.scan, 1, NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
}

static void pixels_have_no_shift(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene"}, "a.txt");
    g_autoptr(CelAxis) pixels = cel_axis_new_pixels(cel_spectrum_length(set.spectra[0]), NULL);
    replace(&set, 0, with_axis(set.spectra[0], CEL_UNIT_PIXEL, cel_axis_values(pixels)));
    assert_refused(&set, CEL_ERROR_UNIT, "pixels");
}

static void a_cancel_is_told(void)
{
    g_auto(Set) set = {0};
    set_add(&set, &(SimScan){.id = "polystyrene"}, "a.txt");
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_cancellable_cancel(cancel);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_shift_fit(NULL, set.scan, 1, NULL, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

static void add_findings(void)
{
    g_test_add_func("/shift/laser/moved", a_laser_that_moved_is_found_with_its_uncertainty);
    g_test_add_func("/shift/laser/untraced", without_a_lamp_the_laser_is_only_as_good_as_the_axis);
    g_test_add_func("/shift/laser/traced",
                    a_lamp_tells_wavelengths_that_moved_from_a_laser_that_moved);
    g_test_add_func("/shift/silicon/stated", the_silicon_value_that_was_used_is_stated);
    g_test_add_func("/shift/lines/limits", every_line_has_a_limit_of_its_own_and_keeps_it);
    g_test_add_func("/shift/standards/not_pooled",
                    a_standard_of_many_lines_does_not_outvote_one_of_few);
    g_test_add_func("/shift/correction/no_wiggle", a_bent_axis_is_bent_back_without_a_wiggle);
    g_test_add_func("/shift/correction/extrapolated",
                    what_no_standard_reaches_is_marked_and_less_certain);
    g_test_add_func("/shift/correction/base", an_instruments_own_calibration_gets_the_laser);
    g_test_add_func("/shift/correction/axis", the_corrected_axis_rises_and_carries_its_uncertainty);
    g_test_add_func("/shift/correction/coverage", the_intervals_cover_what_they_claim);
    g_test_add_func("/shift/unit/nm", wavelengths_are_taken_with_their_laser);
}

static void add_refusals(void)
{
    g_test_add_func("/shift/refuses/other_substance", another_substance_is_named_and_refused);
    g_test_add_func("/shift/refuses/not_silicon", polystyrene_is_not_taken_for_silicon);
    g_test_add_func("/shift/refuses/noise", noise_alone_is_no_standard);
    g_test_add_func("/shift/refuses/saturated", saturated_lines_are_refused);
    g_test_add_func("/shift/lines/saturated", a_saturated_line_among_good_ones_has_no_part);
    g_test_add_func("/shift/refuses/few_lamp_lines", too_few_lines_of_a_lamp_are_refused);
    g_test_add_func("/shift/refuses/lamp_alone", a_lamp_alone_places_no_laser);
    g_test_add_func("/shift/refuses/two_lasers", two_lasers_are_not_mixed);
    g_test_add_func("/shift/refuses/two_instruments", two_instruments_are_not_mixed);
    g_test_add_func("/shift/refuses/drift", a_laser_that_drifted_during_the_run_is_refused);
    g_test_add_func("/shift/refuses/contradiction",
                    standards_that_contradict_one_another_are_refused);
    g_test_add_func("/shift/refuses/pieces", an_axis_of_pieces_is_refused);
    g_test_add_func("/shift/refuses/half_a_lamp", a_lamp_of_which_only_a_part_fits_is_refused);
    g_test_add_func("/shift/refuses/nm_as_cm1", wavelengths_given_as_shifts_are_refused);
    g_test_add_func("/shift/refuses/cm1_as_nm", shifts_given_as_wavelengths_are_refused);
    g_test_add_func("/shift/refuses/media", air_and_vacuum_are_not_mixed);
    g_test_add_func("/shift/refuses/base_medium", a_base_in_another_medium_is_refused);
    g_test_add_func("/shift/refuses/pixels", pixels_have_no_shift);
    g_test_add_func("/shift/refuses/cancelled", a_cancel_is_told);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    add_findings();
    add_refusals();
    return g_test_run();
}
