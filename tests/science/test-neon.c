/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-wavelength.h"
#include "formats/cel-reader.h"

#include <gsl/gsl_poly.h>
#include <math.h>
#include <string.h>

/** Scan: a recorded neon lamp on pixels. */
typedef struct {
    const char *file;
    guint least_used;
} Scan;

static const Scan scans[] = {
    {"ramanchada2/FMNT-M_BW532/NeonSNQ043_iR532_Probe_5msx2.txt", 18},
    {"ramanchada2/FMNT-M_BW532/NeonSNQ043_iR532_Probe_100msx2.txt", 18},
    {"ramanchada2/ICV_BW785/Ne_785nm_x20_50ms.txt", 12},
};

/* The polynomial that the maker's program stored in the file, found another way than ours:
 * coefs_aK;VALUE with a point or a comma. */
static gboolean read_maker(const char *path, double *out)
{
    g_autofree char *text = NULL;
    gsize n = 0;
    if (!g_file_get_contents(path, &text, &n, NULL))
        return FALSE;
    for (int k = 0; k < 4; k++) {
        g_autofree char *key = g_strdup_printf("coefs_a%d;", k);
        const char *at = g_strstr_len(text, (gssize)n, key);
        g_assert_nonnull(at);
        g_auto(GStrv) line = g_strsplit(at + strlen(key), "\n", 2);
        g_strdelimit(line[0], ",", '.');
        out[k] = g_ascii_strtod(line[0], NULL);
    }
    return TRUE;
}

static void check_scan(const Scan *scan, const char *shared)
{
    g_autofree char *path = g_build_filename(shared, "data", scan->file, NULL);
    const CelReadOptions options = {.axis_unit = "pixel"};
    double maker[4];
    g_autoptr(GError) error = NULL;
    g_assert_true(read_maker(path, maker));
    g_autoptr(CelSpectrum) spectrum = cel_reader_load_spectrum(path, &options, NULL, &error);
    g_assert_no_error(error);
    const CelWavelengthScan one = {cel_standard_find("neon"), spectrum, scan->file};
    g_autoptr(CelWavelengthFit) fit = cel_wavelength_fit(&one, 1, NULL, &error);
    g_assert_no_error(error);
    double worst = 0.0;
    for (double at = ceil(fit->supported_px[0]); at <= fit->supported_px[1]; at += 1.0) {
        const double ours =
            gsl_poly_eval(fit->calibration.coefficients, (int)fit->calibration.n_coefficients, at);
        worst = fmax(worst, fabs(ours - gsl_poly_eval(maker, 4, at)));
    }
    g_test_message("%s: %u lines found, %u assigned, %u used, RMS %.4f nm, left out in turn %.4f "
                   "nm, chance 1e%.0f; from the maker's axis at most %.3f nm",
                   scan->file, fit->n_found, fit->n_assigned, fit->n_used, fit->rms_nm,
                   fit->cross_validated_nm, fit->false_alarms_log10, worst);
    g_assert_cmpuint(fit->n_used, >=, scan->least_used);
    g_assert_cmpfloat(worst, <, 0.10);
    g_assert_cmpfloat(fit->rms_nm, <, 0.02);
}

static void a_neon_scan_on_pixels_is_assigned_without_a_starting_guess(void)
{
    const char *shared = g_getenv("CELADON_SHARED");
    g_autofree char *folder = g_build_filename(shared != NULL ? shared : "", "data", NULL);
    if (shared == NULL || *shared == '\0' || !g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_test_skip("CELADON_SHARED names no folder with measured data");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(scans); i++)
        check_scan(&scans[i], shared);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/neon/pixels", a_neon_scan_on_pixels_is_assigned_without_a_starting_guess);
    return g_test_run();
}
