/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scans of NIST glasses and LEDs of three laboratories (ramanchada2, MIT), not in this tree: a
 * correction that is right must make two sources agree, and two instruments. */
#include "base/cel-error.h"
#include "cel-detector.h"
#include "scans.h"

#include <math.h>
#include <string.h>

#define DATA "data/ramanchada2/"

/* Areas of polystyrene: 1001 with 1032, 621, 1583 with 1602. */
static const double groups_cm1[][2] = {{965.0, 1060.0}, {590.0, 650.0}, {1555.0, 1635.0}};
enum { N_GROUPS = G_N_ELEMENTS(groups_cm1) };

static CelSpectrum *load(const char *path, double laser_nm)
{
    const char *shared = g_getenv("CELADON_SHARED");
    CelSpectrum *scan = shared != NULL ? scan_load(shared, path, laser_nm) : NULL;
    if (scan == NULL)
        g_test_skip("CELADON_SHARED does not name the folder with the scans");
    return scan;
}

static char *led(const char *leaf)
{
    return g_build_filename(g_getenv("CELADON_SOURCE"), "tests", "data", "calibration", leaf, NULL);
}

static void glass_and_led_give_one_curve_on_the_i_raman(void)
{
    g_autoptr(CelSpectrum) glass = load(DATA "FMNT-M_BW532/NIST532_Probe_3000msx8_1.txt", 0);
    g_autoptr(CelSpectrum) lamp = load(DATA "FMNT-M_BW532/LED532_Probe_40msx3_1.txt", 0);
    g_autofree char *certificate = led("theya-led-532.certificate");
    if (glass == NULL || lamp == NULL)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelResponse) first = scan_curve(glass, "nist-srm-2242a", NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelResponse) second = scan_curve(lamp, certificate, first, &error);
    g_assert_no_error(error);
    g_assert_true(second->confirmed);
    g_assert_cmpfloat(cel_intensity_disagreement(first, second), <, 0.05);
}

static void glass_and_led_that_contradict_one_another_are_refused(void)
{
    g_autoptr(CelSpectrum) glass = load(DATA "FMNT-M_Ho785/NIST785_Lens_80000x5_2.txt", 785.0);
    g_autoptr(CelSpectrum) lamp = load(DATA "FMNT-M_Ho785/LED785_Lens_1000x10_2.txt", 785.0);
    g_autofree char *certificate = led("theya-led-785.certificate");
    if (glass == NULL || lamp == NULL)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelResponse) first = scan_curve(glass, "nist-srm-2241", NULL, &error);
    g_assert_no_error(error);
    g_assert_null(scan_curve(lamp, certificate, first, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void scans_of_samples_are_no_glass(void)
{
    static const char *const scans[] = {DATA "FMNT-M_BW532/PST10_iR532_Probe_100_3000msx7.txt",
                                        DATA "FMNT-M_BW532/Sil10_iR532_Probe_100_60000msx2.txt",
                                        DATA "FMNT-M_BW532/NeonSNQ043_iR532_Probe_5msx2.txt"};
    for (gsize i = 0; i < G_N_ELEMENTS(scans); i++) {
        g_autoptr(CelSpectrum) scan = load(scans[i], 0);
        g_autoptr(GError) error = NULL;
        if (scan == NULL)
            return;
        g_assert_null(scan_curve(scan, "nist-srm-2242a", NULL, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_test_message("%s: %s", scans[i], error->message);
    }
}

/* 532 nm and a fibre probe there, 785 nm and a microscope here. */
static void polystyrene_has_the_same_band_ratios_on_two_instruments_after_correction(void)
{
    g_autoptr(CelSpectrum) glass_a = load(DATA "FMNT-M_BW532/NIST532_Probe_3000msx8_1.txt", 0);
    g_autoptr(CelSpectrum) glass_b = load(DATA "ICV_BW785/NISTSRM2241_BW785_100x_25sx5.txt", 0);
    g_autoptr(CelSpectrum) a = load(DATA "FMNT-M_BW532/PST10_iR532_Probe_100_3000msx7.txt", 0);
    g_autoptr(CelSpectrum) b = load(DATA "ICV_BW785/PST02_iRPlus785_Z100_100_9000ms.txt", 0);
    if (glass_a == NULL || glass_b == NULL || a == NULL || b == NULL)
        return;
    g_autoptr(CelResponse) curve_a = scan_curve(glass_a, "nist-srm-2242a", NULL, NULL);
    g_autoptr(CelResponse) curve_b = scan_curve(glass_b, "nist-srm-2241", NULL, NULL);
    double raw_a[N_GROUPS], raw_b[N_GROUPS], after_a[N_GROUPS], after_b[N_GROUPS];
    scan_area_ratios(a, NULL, groups_cm1, N_GROUPS, raw_a);
    scan_area_ratios(b, NULL, groups_cm1, N_GROUPS, raw_b);
    scan_area_ratios(a, curve_a, groups_cm1, N_GROUPS, after_a);
    scan_area_ratios(b, curve_b, groups_cm1, N_GROUPS, after_b);
    for (gsize g = 1; g < N_GROUPS; g++) {
        const double before = fabs(log(raw_a[g] / raw_b[g]));
        const double after = fabs(log(after_a[g] / after_b[g]));
        g_test_message("group %zu: apart by %.0f %% before, %.0f %% after", g,
                       100.0 * expm1(before), 100.0 * expm1(after));
        g_assert_cmpfloat(before, >, 0.4);
        /* two certificates of 5 % each in a ratio of two places: 2 sigma of 14 % */
        g_assert_cmpfloat(after, <, 0.2);
    }
}

static void the_lens_before_the_led_shows_a_ripple_and_the_glasses_none(void)
{
    g_autoptr(CelSpectrum) lamp = load(DATA "FMNT-M_Ho785/LED785_Lens_1000x10_2.txt", 785.0);
    g_autoptr(CelSpectrum) glass = load(DATA "FMNT-M_BW532/NIST532_Probe_3000msx8_1.txt", 0);
    CelEtalon e;
    if (lamp == NULL || glass == NULL)
        return;
    g_assert_true(cel_etalon_measure(lamp, &e, NULL));
    g_assert_true(e.present);
    g_assert_cmpfloat_with_epsilon(e.period_cm1, 43.0, 2.0);
    g_assert_true(cel_etalon_measure(glass, &e, NULL));
    g_assert_false(e.present);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/intensity-scans/glass-and-led-give-one-curve-on-the-i-raman",
                    glass_and_led_give_one_curve_on_the_i_raman);
    g_test_add_func("/intensity-scans/glass-and-led-that-contradict-one-another-are-refused",
                    glass_and_led_that_contradict_one_another_are_refused);
    g_test_add_func("/intensity-scans/scans-of-samples-are-no-glass",
                    scans_of_samples_are_no_glass);
    g_test_add_func(
        "/intensity-scans/polystyrene-has-the-same-band-ratios-on-two-instruments-after-correction",
        polystyrene_has_the_same_band_ratios_on_two_instruments_after_correction);
    g_test_add_func("/intensity-scans/the-lens-before-the-led-shows-a-ripple-and-the-glasses-none",
                    the_lens_before_the_led_shows_a_ripple_and_the_glasses_none);
    return g_test_run();
}
