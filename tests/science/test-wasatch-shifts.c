/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cyclohexane as three real units saw it, through the driver's own reading of memory and frames,
 * against the shifts of ASTM E1840. The frames (MIT, Wasatch.PY testSpectrometers, copyright 2018
 * Wasatch Photonics) are not in this tree. */
#include "base/cel-error.h"
#include "cel-shift.h"
#include "process/cel-peaks.h"
#include "spectrum/cel-measurement.h"
#include "wasatch/wasatch-eeprom.h"

#include <math.h>
#include <string.h>

enum { N_BANDS = 5 };

/* ASTM E1840, cyclohexane, cm-1. */
static const double reference_cm1[N_BANDS] = {801.3, 1028.3, 1157.6, 1266.4, 1444.4};

typedef struct {
    const char *unit;
    double found_cm1[N_BANDS]; /* by another program from the same frames */
    double offset_cm1;         /* of a laser that is not where the memory says */
    double most_cm1;           /* of the deviations that remain */
} Unit;

static const Unit units[] = {
    {"wp-00904", {801.1, 1027.5, 1156.8, 1266.0, 1443.3}, 0.0, 1.15},
    {"wp-00913", {800.9, 1027.5, 1157.3, 1265.8, 1443.1}, 0.0, 1.35},
    {"wp-00887", {797.1, 1024.5, 1153.0, 1262.4, 1440.1}, -4.2, 0.45},
};

static guint8 *load(const Unit *u, const char *what, gsize *out_n)
{
    const char *shared = g_getenv("CELADON_SHARED");
    g_autofree char *name = g_strdup_printf("%s-%s", u->unit, what);
    g_autofree char *path =
        g_build_filename(shared != NULL ? shared : "", "protocols", "fixtures", name, NULL);
    char *bytes = NULL;
    return g_file_get_contents(path, &bytes, out_n, NULL) ? (guint8 *)bytes : NULL;
}

static void load_frame(const Unit *u, const char *what, gsize n_pixels, double *out_counts)
{
    gsize n = 0;
    g_autofree guint8 *bytes = load(u, what, &n);
    g_assert_nonnull(bytes);
    g_assert_true(cel_wasatch_frame_decode(bytes, n, n_pixels, out_counts));
}

static CelSpectrum *cyclohexane(const Unit *u, const CelWasatchEeprom *e)
{
    g_autoptr(CelMeasurement) m = cel_measurement_new(e->n_pixels, 1, 0);
    g_autofree double *dark = g_new0(double, e->n_pixels);
    g_autoptr(GError) error = NULL;
    load_frame(u, "cyclohexane-100ms.u16le", e->n_pixels, m->frames);
    load_frame(u, "dark-100ms.u16le", e->n_pixels, dark);
    for (gsize i = 0; i < e->n_pixels; i++)
        m->frames[i] -= dark[i];
    m->calibration.medium = CEL_UNIT_NM_UNSTATED;
    m->calibration.laser_nm = e->excitation_nm;
    m->calibration.n_coefficients = e->n_wavelength;
    for (guint i = 0; i < e->n_wavelength; i++)
        m->calibration.coefficients[i] = e->wavelength[i];
    CelSpectrum *spectrum = cel_measurement_spectrum(m, 0, &error);
    g_assert_no_error(error);
    return spectrum;
}

static double nearest(const GArray *peaks, double cm1)
{
    double best = -1e9;
    for (guint i = 0; i < peaks->len; i++) {
        const double position = g_array_index(peaks, CelPeak, i).position;
        if (fabs(position - cm1) < fabs(best - cm1))
            best = position;
    }
    return best;
}

static void cyclohexane_lands_on_the_reference(gconstpointer data)
{
    const Unit *u = data;
    gsize n = 0;
    CelWasatchEeprom e;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autofree guint8 *pages = load(u, "eeprom.bin", &n);
    if (pages == NULL) {
        g_test_skip("CELADON_SHARED does not name the folder with the fixtures");
        return;
    }
    g_assert_true(cel_wasatch_eeprom_parse(pages, n, &e, notes, &error));
    g_autoptr(CelSpectrum) spectrum = cyclohexane(u, &e);
    g_autoptr(GArray) peaks = cel_peaks_find(spectrum, &(CelPeakOptions){.noise_factor = 5.0});
    for (guint i = 0; i < N_BANDS; i++) {
        const double position = nearest(peaks, u->found_cm1[i]);
        g_test_message("%s %.1f: %.2f", u->unit, reference_cm1[i], position);
        g_assert_cmpfloat_with_epsilon(position, u->found_cm1[i], 0.051); /* its last digit */
        g_assert_cmpfloat_with_epsilon(position - u->offset_cm1, reference_cm1[i], u->most_cm1);
    }
}

/* The same frames calibrated by the five and more bands they show: the laser of the third unit is
 * not where its memory says. What remains is of the same lines. */
static void the_laser_is_found_from_cyclohexane(gconstpointer data)
{
    const Unit *u = data;
    gsize n = 0;
    CelWasatchEeprom e;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autofree guint8 *pages = load(u, "eeprom.bin", &n);
    if (pages == NULL) {
        g_test_skip("CELADON_SHARED does not name the folder with the fixtures");
        return;
    }
    g_assert_true(cel_wasatch_eeprom_parse(pages, n, &e, notes, &error));
    g_autoptr(CelSpectrum) spectrum = cyclohexane(u, &e);
    CelCalibration base = {.medium = CEL_UNIT_NM_UNSTATED,
                           .laser_nm = e.excitation_nm,
                           .n_coefficients = e.n_wavelength};
    memcpy(base.coefficients, e.wavelength, e.n_wavelength * sizeof(double));
    const CelShiftScan scan = {cel_standard_find("cyclohexane"), spectrum, u->unit};
    g_autoptr(CelShiftFit) fit = cel_shift_fit(&base, &scan, 1, NULL, NULL, &error);
    g_assert_no_error(error);
    const CelShiftSummary s = cel_shift_summarise(fit->lines);
    g_test_message("shift-wasatch|%s|%u|%.2f|%.2f|%.2f|%.2f|%.2f|%.2f|%.3f|%.3f|%+.2f|%.2f",
                   u->unit, s.n, s.mean_before_cm1, s.rms_before_cm1, s.worst_before_cm1,
                   s.mean_after_cm1, s.rms_after_cm1, s.worst_after_cm1, e.excitation_nm,
                   fit->calibration.laser_nm, fit->laser_cm1, fit->u_laser_cm1);
    g_assert_cmpuint(s.n, >=, N_BANDS);
    g_assert_false(fit->laser_is_traced);
    g_assert_cmpfloat(s.mean_after_cm1, <=, 1.0);
    g_assert_cmpfloat(s.worst_after_cm1, <=, 2.0);
    g_assert_cmpfloat_with_epsilon(fit->laser_cm1, -u->offset_cm1, 1.35);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autofree char *path = g_strdup_printf("/science/wasatch/%s", units[i].unit);
        g_test_add_data_func(path, &units[i], cyclohexane_lands_on_the_reference);
        g_autofree char *laser = g_strdup_printf("/science/wasatch/laser/%s", units[i].unit);
        g_test_add_data_func(laser, &units[i], the_laser_is_found_from_cyclohexane);
    }
    return g_test_run();
}
