/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-wavelength.h"
#include "lamp-sim.h"

#include <math.h>
#include <string.h>

enum { N = 2048 };

/* A sound recording to spoil: neon, 2048 pixels, one scan; seeds are tried until one is that. */
static LampSim *sound_neon(void)
{
    for (guint32 seed = 4000000;; seed++) {
        LampSim *sim = lamp_sim_new(seed, FALSE);
        if (sim->n_pixels == N && sim->n_scans == 1 && strcmp(sim->lamp[0]->id, "neon") == 0 &&
            sim->n_in_range > 40)
            return sim;
        lamp_sim_free(sim);
    }
}

static CelSpectrum *with_y(const CelSpectrum *from, const double *y)
{
    CelSpectrum *spectrum = cel_spectrum_new(cel_spectrum_axis(from), y, NULL);
    return spectrum;
}

static CelSpectrum *with_axis(const CelSpectrum *from, CelUnit unit, double start, double step)
{
    g_autofree double *x = g_new(double, cel_spectrum_length(from));
    for (gsize i = 0; i < cel_spectrum_length(from); i++)
        x[i] = start + step * (double)i;
    g_autoptr(CelAxis) axis = cel_axis_new(unit, x, cel_spectrum_length(from), NULL);
    return cel_spectrum_new(axis, cel_spectrum_y(from), NULL);
}

static void assert_refused(const CelWavelengthScan *scans, gsize n, CelError code, const char *word)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_wavelength_fit(scans, n, NULL, &error));
    g_assert_error(error, CEL_ERROR, (int)code);
    if (strstr(error->message, word) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, word);
}

static void assert_one_refused(const char *lamp, const CelSpectrum *spectrum, CelError code,
                               const char *word)
{
    const CelWavelengthScan scan = {cel_standard_find(lamp), spectrum, "scan"};
    assert_refused(&scan, 1, code, word);
}

static void a_sound_recording_is_taken(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    const CelWavelengthScan scan = {sim->lamp[0], sim->scan[0], "scan"};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelWavelengthFit) fit = cel_wavelength_fit(&scan, 1, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(fit->n_used, >, 20);
    g_assert_cmpint(fit->calibration.medium, ==, CEL_UNIT_NM_AIR);
}

static void the_wrong_lamp_is_refused_and_the_right_one_named(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    assert_one_refused("argon", sim->scan[0], CEL_ERROR_INPUT, "neon");
    assert_one_refused("krypton", sim->scan[0], CEL_ERROR_INPUT, "neon");
}

static void a_shift_standard_is_no_lamp(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    assert_one_refused("polystyrene", sim->scan[0], CEL_ERROR_UNIT, "no lamp");
}

static void saturated_lines_are_refused(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    double y[N];
    for (gsize i = 0; i < N; i++)
        y[i] = fmin(3000.0 * cel_spectrum_y(sim->scan[0])[i], 60000.0);
    for (gsize i = 0; i < N; i++) /* what is clipped is flat; the rest keeps a little noise */
        y[i] += y[i] < 60000.0 ? 0.0 : 0.3 * sin((double)i);
    g_autoptr(CelSpectrum) spectrum = with_y(sim->scan[0], y);
    const CelWavelengthScan scan = {sim->lamp[0], spectrum, "scan"};
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_wavelength_fit(&scan, 1, NULL, &error));
    g_assert_true(error->domain == CEL_ERROR);
}

static void too_few_lines_are_refused(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    double y[N];
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    for (gsize i = 0; i < N; i++)
        y[i] = g_rand_double_range(random, -10.0, 10.0);
    for (gsize k = 0; k < 4; k++) {
        for (int d = -8; d <= 8; d++)
            y[(gsize)(200 + 400 * (int)k + d)] += 5000.0 * exp(-0.2 * d * d);
    }
    g_autoptr(CelSpectrum) spectrum = with_y(sim->scan[0], y);
    assert_one_refused("neon", spectrum, CEL_ERROR_INPUT, "only 4 lines");
}

static void lines_that_are_no_lamps_are_refused(void)
{
    double y[N];
    g_autoptr(LampSim) sim = sound_neon();
    g_autoptr(GRand) random = g_rand_new_with_seed(9);
    for (gsize i = 0; i < N; i++)
        y[i] = g_rand_double_range(random, -10.0, 10.0);
    for (gsize k = 0; k < 25; k++) {
        const int at = g_rand_int_range(random, 20, N - 20);
        for (int d = -8; d <= 8; d++)
            y[at + d] += 5000.0 * exp(-0.2 * d * d);
    }
    g_autoptr(CelSpectrum) spectrum = with_y(sim->scan[0], y);
    assert_one_refused("neon", spectrum, CEL_ERROR_NUMERIC, "chance");
}

static void an_axis_that_is_calibrated_already_is_refused(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    g_autoptr(CelSpectrum) nm = with_axis(sim->scan[0], CEL_UNIT_NM_AIR, 780.0, 0.1);
    g_autoptr(CelSpectrum) shift = with_axis(sim->scan[0], CEL_UNIT_SHIFT_CM1, 100.0, 2.0);
    assert_one_refused("neon", nm, CEL_ERROR_UNIT, "calibrated already");
    assert_one_refused("neon", shift, CEL_ERROR_UNIT, "calibrated already");
}

static void numbers_of_another_unit_are_no_pixels(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    g_autoptr(CelSpectrum) shifts = with_axis(sim->scan[0], CEL_UNIT_PIXEL, 120.387, 4.1);
    g_autoptr(CelSpectrum) part = with_axis(sim->scan[0], CEL_UNIT_PIXEL, 5.0, 1.0);
    assert_one_refused("neon", shifts, CEL_ERROR_UNIT, "not pixels");
    assert_one_refused("neon", part, CEL_ERROR_UNIT, "not pixels");
}

static CelSpectrum *moved(const CelSpectrum *from, double pixels)
{
    double y[N];
    const gssize whole = (gssize)floor(pixels);
    const double part = pixels - (double)whole;
    const double *old = cel_spectrum_y(from);
    for (gssize i = 0; i < N; i++) {
        const gssize a = CLAMP(i - whole, 0, N - 1), b = CLAMP(i - whole - 1, 0, N - 1);
        y[i] = (1.0 - part) * old[a] + part * old[b];
    }
    return with_y(from, y);
}

static void scans_that_drifted_apart_are_refused(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    g_autoptr(CelSpectrum) later = moved(sim->scan[0], 0.5);
    const CelWavelengthScan scans[] = {{sim->lamp[0], sim->scan[0], "first"},
                                       {sim->lamp[0], later, "later"}};
    assert_refused(scans, 2, CEL_ERROR_NUMERIC, "drifted");
}

static void scans_of_two_instruments_are_refused(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    g_autoptr(CelAxis) axis = cel_axis_new_pixels(1024, NULL);
    g_autoptr(CelSpectrum) other = cel_spectrum_new(axis, cel_spectrum_y(sim->scan[0]), NULL);
    const CelWavelengthScan scans[] = {{sim->lamp[0], sim->scan[0], "first"},
                                       {sim->lamp[0], other, "other"}};
    assert_refused(scans, 2, CEL_ERROR_UNIT, "two instruments");
}

static void a_cancelled_job_stops(void)
{
    g_autoptr(LampSim) sim = sound_neon();
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    const CelWavelengthScan scan = {sim->lamp[0], sim->scan[0], "scan"};
    g_autoptr(GError) error = NULL;
    g_cancellable_cancel(cancel);
    g_assert_null(cel_wavelength_fit(&scan, 1, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/wavelength/sound", a_sound_recording_is_taken);
    g_test_add_func("/wavelength/wrong-lamp", the_wrong_lamp_is_refused_and_the_right_one_named);
    g_test_add_func("/wavelength/no-lamp", a_shift_standard_is_no_lamp);
    g_test_add_func("/wavelength/saturated", saturated_lines_are_refused);
    g_test_add_func("/wavelength/few", too_few_lines_are_refused);
    g_test_add_func("/wavelength/chance", lines_that_are_no_lamps_are_refused);
    g_test_add_func("/wavelength/calibrated", an_axis_that_is_calibrated_already_is_refused);
    g_test_add_func("/wavelength/units", numbers_of_another_unit_are_no_pixels);
    g_test_add_func("/wavelength/drift", scans_that_drifted_apart_are_refused);
    g_test_add_func("/wavelength/two", scans_of_two_instruments_are_refused);
    g_test_add_func("/wavelength/cancel", a_cancelled_job_stops);
    return g_test_run();
}
