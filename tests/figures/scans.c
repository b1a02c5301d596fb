/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scans.h"

#include "base/cel-error.h"
#include "formats/cel-reader.h"
#include "process/cel-recipe.h"

enum { N_ENDS = 5 };

CelSpectrum *scan_load(const char *shared, const char *path, double laser_nm)
{
    g_autofree char *whole = g_build_filename(shared, path, NULL);
    const CelReadOptions options = {.laser_nm = laser_nm};
    g_autoptr(GError) error = NULL;
    if (!g_file_test(whole, G_FILE_TEST_EXISTS))
        return NULL;
    g_autoptr(CelMeasurement) m = cel_reader_load(whole, &options, NULL, &error);
    g_autoptr(CelSpectrum) raw = m != NULL ? cel_measurement_spectrum(m, -1, &error) : NULL;
    g_autoptr(CelSpectrum) dark = m != NULL ? cel_measurement_dark(m, &error) : NULL;
    g_autoptr(CelRecipe) recipe = cel_recipe_new("light");
    const CelStepInputs inputs = {.dark = dark};
    cel_recipe_append_text(recipe, "dark.subtract:when_absent=pass", NULL);
    CelSpectrum *out =
        raw != NULL ? cel_recipe_run(recipe, raw, &inputs, NULL, NULL, &error) : NULL;
    if (out == NULL)
        g_error("%s", error->message);
    return out;
}

CelResponse *scan_curve(const CelSpectrum *scan, const char *certificate, const CelResponse *second,
                        GError **error)
{
    g_autoptr(CelIntensityCertificate) c = cel_intensity_certificate_load(certificate, error);
    if (c == NULL)
        return NULL;
    const CelIntensityOptions options = {
        .certificate = c, .lot = c->lot, .celsius = 22.0, .second = second, .unconfirmed = TRUE};
    return cel_intensity_derive(scan, &options, error);
}

/* The line runs between the means of the N_ENDS samples at either end. */
static double area(const CelSpectrum *spectrum, const double range[2])
{
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    const gsize first = cel_axis_nearest(cel_spectrum_axis(spectrum), range[0]);
    const gsize last = cel_axis_nearest(cel_spectrum_axis(spectrum), range[1]);
    double low = 0.0, high = 0.0, sum = 0.0;
    for (gsize k = 0; k < N_ENDS; k++) {
        low += y[first + k] / N_ENDS;
        high += y[last - k] / N_ENDS;
    }
    for (gsize i = first; i < last; i++)
        sum += 0.5 * (y[i] + y[i + 1]) * (x[i + 1] - x[i]);
    return sum - 0.5 * (low + high) * (x[last] - x[first]);
}

void scan_area_ratios(const CelSpectrum *raw, const CelResponse *curve,
                      const double (*ranges_cm1)[2], gsize n, double *out)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new("areas");
    cel_recipe_append_text(recipe, "crop.range:from=250,to=3180", NULL);
    if (curve != NULL)
        cel_recipe_append_text(recipe, "correct.intensity:max_u=1", NULL);
    const CelStepInputs inputs = {.response = curve};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) done = cel_recipe_run(recipe, raw, &inputs, NULL, NULL, &error);
    if (done == NULL)
        g_error("%s", error->message);
    const double first = area(done, ranges_cm1[0]);
    for (gsize b = 0; b < n; b++)
        out[b] = area(done, ranges_cm1[b]) / first;
}
