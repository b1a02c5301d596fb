/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-resolution.h"
#include "formats/cel-reader.h"
#include "process/cel-band.h"
#include "process/cel-recipe.h"

#include <math.h>
#include <string.h>

enum { N = 900 };

/** A scan of calcite: the Voigt profile of its natural band behind a Gaussian slit. */
typedef struct {
    double slit_cm1, natural_cm1, step_cm1;
    double height, background, noise;
    double at_cm1;
    gboolean clipped;
    guint32 seed;
} Made;

static CelSpectrum *calcite(const Made *m)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(m->seed);
    double x[N], y[N];
    const double voigt[] = {1.0, m->at_cm1, m->slit_cm1 / (2.0 * sqrt(2.0 * M_LN2)),
                            m->natural_cm1 / 2.0};
    const double top = cel_band_value(CEL_BAND_VOIGT, voigt, m->at_cm1, NULL);
    for (gsize i = 0; i < N; i++) {
        x[i] = 700.0 + m->step_cm1 * (double)i;
        double noise = -6.0;
        for (int k = 0; k < 12; k++)
            noise += g_rand_double(rand);
        y[i] = m->background + m->noise * noise +
               m->height * cel_band_value(CEL_BAND_VOIGT, voigt, x[i], NULL) / top;
        if (m->clipped)
            y[i] = MIN(y[i], m->background + 0.6 * m->height);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

static const Made good = {.slit_cm1 = 7.0,
                          .natural_cm1 = 1.2,
                          .step_cm1 = 1.8,
                          .height = 8000.0,
                          .background = 300.0,
                          .noise = 10.0,
                          .at_cm1 = 1086.7,
                          .seed = 1};

static void the_slit_is_found_within_its_uncertainty(void)
{
    for (double slit = 4.0; slit < 15.0; slit += 2.5) {
        Made m = good;
        m.slit_cm1 = slit;
        m.step_cm1 = slit / 4.0;
        g_autoptr(CelSpectrum) s = calcite(&m);
        CelResolution r;
        g_autoptr(GError) error = NULL;
        g_assert_true(cel_resolution_from_calcite(s, &r, NULL, &error));
        g_assert_no_error(error);
        g_assert_cmpfloat(fabs(r.instrument_cm1 - slit), <, 2.0 * r.u_instrument_cm1);
        g_assert_cmpfloat(r.u_instrument_cm1, <, 0.4);
        g_assert_cmpfloat(r.fwhm_cm1, >, slit);
        g_assert_cmpfloat_with_epsilon(r.e2529_cm1, r.fwhm_cm1 / 0.684 - 1.029, 1e-9);
        g_assert_cmpfloat_with_epsilon(r.samples_per_fwhm, 4.0, 1.0);
    }
}

static void assert_refused(const Made *m, int code, const char *says)
{
    g_autoptr(CelSpectrum) s = calcite(m);
    CelResolution r;
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_resolution_from_calcite(s, &r, NULL, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, says) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, says);
}

static void a_scan_that_carries_no_resolution_is_refused(void)
{
    Made m = good;
    m.at_cm1 = 1050.0;
    assert_refused(&m, CEL_ERROR_INPUT, "no band within 15");
    m = good;
    m.background = 2400.0;
    assert_refused(&m, CEL_ERROR_INPUT, "a fifth");
    m = good;
    m.clipped = TRUE;
    assert_refused(&m, CEL_ERROR_INPUT, "saturated");
    m = good;
    m.noise = 1300.0;
    assert_refused(&m, CEL_ERROR_INPUT, "8 times the noise");
}

static void a_band_narrower_than_calcite_is_refused(void)
{
    Made m = good;
    m.slit_cm1 = 0.6;
    m.natural_cm1 = 0.3;
    m.step_cm1 = 0.15;
    m.at_cm1 = 780.0;
    g_autoptr(CelSpectrum) narrow = calcite(&m);
    double x[N];
    for (gsize i = 0; i < N; i++)
        x[i] = cel_spectrum_x(narrow)[i] + 306.0;
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    g_assert_true(cel_spectrum_set_axis(narrow, axis, NULL));
    CelResolution r;
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_resolution_from_calcite(narrow, &r, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_NUMERIC);
}

static void widths_with_and_without_the_slit_undo_one_another(void)
{
    for (double natural = 0.5; natural < 20.0; natural *= 1.7) {
        for (double slit = 0.5; slit < 20.0; slit *= 1.7) {
            const double fwhm = 0.5346 * natural + sqrt(0.2166 * natural * natural + slit * slit);
            g_assert_cmpfloat_with_epsilon(cel_width_without_slit(fwhm, slit), natural, 1e-9);
            g_assert_cmpfloat_with_epsilon(cel_width_of_slit(fwhm, natural), slit, 1e-9);
        }
    }
    g_assert_cmpfloat_with_epsilon(cel_width_without_slit(5.0, 5.5), 0.0, 1e-12);
    g_assert_true(isnan(cel_width_of_slit(1.0, 1.5)));
}

static CelSpectrum *real_scan(const char *leaf)
{
    const char *shared = g_getenv("CELADON_SHARED");
    g_autofree char *path =
        g_build_filename(shared != NULL ? shared : "", "data", "ramanchada2", leaf, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    const CelReadOptions options = {.laser_nm = strstr(path, "Ho785") != NULL ? 785.0 : 0.0};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMeasurement) m = cel_reader_load(path, &options, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelSpectrum) raw = cel_measurement_spectrum(m, -1, NULL);
    g_autoptr(CelSpectrum) dark = cel_measurement_dark(m, NULL);
    g_autoptr(CelRecipe) recipe = cel_recipe_new("light");
    g_assert_true(cel_recipe_append_text(recipe, "dark.subtract:when_absent=pass", NULL));
    const CelStepInputs inputs = {.dark = dark};
    return cel_recipe_run(recipe, raw, &inputs, NULL, NULL, NULL);
}

/* By hand, on the straight lines between samples 2 cm-1 apart: 1083.74 to 1088.26 at half of the
 * highest sample, 4.5 cm-1; the true top is higher and the sides are steeper, so somewhat less. */
static void an_i_raman_plus_has_one_resolution_through_each_objective(void)
{
    static const char *const scans[] = {"ICV_BW785/nCAL02_iRPlus785_Z020_100_1100ms.txt",
                                        "ICV_BW785/nCAL02_iRPlus785_Z050_100_2100ms.txt",
                                        "ICV_BW785/nCAL02_iRPlus785_Z100_100_6000ms.txt"};
    for (gsize i = 0; i < G_N_ELEMENTS(scans); i++) {
        g_autoptr(CelSpectrum) light = real_scan(scans[i]);
        CelResolution r;
        g_autoptr(GError) error = NULL;
        if (light == NULL) {
            g_test_skip("CELADON_SHARED does not name the folder with the scans");
            return;
        }
        g_assert_true(cel_resolution_from_calcite(light, &r, NULL, &error));
        g_assert_no_error(error);
        g_test_message("%s: at %.2f, width %.2f +- %.2f, instrument %.2f +- %.2f, VAMAS %.1f",
                       scans[i], r.position_cm1, r.fwhm_cm1, r.u_fwhm_cm1, r.instrument_cm1,
                       r.u_instrument_cm1, r.e2529_cm1);
        g_assert_cmpfloat(r.fwhm_cm1, >, 3.9);
        g_assert_cmpfloat(r.fwhm_cm1, <, 4.6);
    }
}

/* One is at the limit of its converter (65535), the other still has the offset of its detector. */
static void real_scans_that_are_clipped_or_not_dark_subtracted_are_refused(void)
{
    static const struct {
        const char *path, *says;
    } scans[] = {
        {"FMNT-M_BW532/nCAL10_iR532_Probe_100_2500msx3.txt", "saturated"},
        {"FMNT-M_BW532/sCAL10_iR532_Probe_100_3200msx4.txt", "saturated"},
        {"FMNT-M_Ho785/nCAL10_iR785_OP01_6000msx4.txt", "a fifth"},
        {"FMNT-M_Ho785/sCAL10_iR785_OP02_15000msx2.txt", "a fifth"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(scans); i++) {
        g_autoptr(CelSpectrum) light = real_scan(scans[i].path);
        CelResolution r;
        g_autoptr(GError) error = NULL;
        if (light == NULL) {
            g_test_skip("CELADON_SHARED does not name the folder with the scans");
            return;
        }
        g_assert_false(cel_resolution_from_calcite(light, &r, NULL, &error));
        if (strstr(error->message, scans[i].says) == NULL)
            g_error("%s: %s", scans[i].path, error->message);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/resolution/the-slit-is-found-within-its-uncertainty",
                    the_slit_is_found_within_its_uncertainty);
    g_test_add_func("/resolution/a-scan-that-carries-no-resolution-is-refused",
                    a_scan_that_carries_no_resolution_is_refused);
    g_test_add_func("/resolution/a-band-narrower-than-calcite-is-refused",
                    a_band_narrower_than_calcite_is_refused);
    g_test_add_func("/resolution/widths-with-and-without-the-slit-undo-one-another",
                    widths_with_and_without_the_slit_undo_one_another);
    g_test_add_func("/resolution/an-i-raman-plus-has-one-resolution-through-each-objective",
                    an_i_raman_plus_has_one_resolution_through_each_objective);
    g_test_add_func("/resolution/real-scans-that-are-clipped-or-not-dark-subtracted-are-refused",
                    real_scans_that_are_clipped_or_not_dark_subtracted_are_refused);
    return g_test_run();
}
