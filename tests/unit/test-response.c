/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-reader.h"
#include "h5/cel-nxraman.h"
#include "process/cel-recipe.h"
#include "process/step-util.h"
#include "spectrum/cel-measurement.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum { N = 3000 };

static CelResponse *curve(void)
{
    CelResponse *r = cel_response_new(N);
    g_strlcpy(r->standard, "nist-srm-2241", sizeof r->standard);
    g_strlcpy(r->lot, "2241", sizeof r->lot);
    g_strlcpy(r->serial, "WP-01990", sizeof r->serial);
    r->laser_nm = 785.0;
    r->u_common = 0.025;
    r->confirmed = TRUE;
    for (gsize i = 0; i < N; i++) {
        r->shift_cm1[i] = 200.0 + 0.746 * (double)i;
        r->factor[i] = 1.0 + 4e-6 * (double)(i * i) / 3.0;
        r->u_relative[i] = 0.025 + 2e-6 * (double)i;
    }
    return r;
}

static CelMeasurement *measured(void)
{
    CelMeasurement *m = cel_measurement_new(512, 2, 1);
    for (gsize i = 0; i < 2 * 512; i++)
        m->frames[i] = 1000.0 + 40.0 * sin(0.05 * (double)(i % 512)) + (double)(i / 512);
    for (gsize i = 0; i < 512; i++)
        m->dark_frames[i] = 90.0;
    g_strlcpy(m->instrument.serial, "WP-01990", sizeof m->instrument.serial);
    m->calibration = (CelCalibration){.medium = CEL_UNIT_NM_VACUUM,
                                      .n_coefficients = 2,
                                      .coefficients = {795.0, 0.25},
                                      .laser_nm = 785.1};
    m->nonlinearity[0] = 1.0;
    m->nonlinearity[1] = -1e-5;
    m->n_nonlinearity = 2;
    m->response = curve();
    return m;
}

static CelSpectrum *corrected(const CelMeasurement *m, const char *const *steps, GError **error)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new("corrected");
    for (gsize i = 0; steps[i] != NULL; i++)
        g_assert_true(cel_recipe_append_text(recipe, steps[i], NULL));
    g_autoptr(CelSpectrum) raw = cel_measurement_spectrum(m, -1, error);
    g_autoptr(CelSpectrum) dark = cel_measurement_dark(m, error);
    g_assert_true(raw != NULL && dark != NULL);
    const CelStepInputs inputs = {.dark = dark,
                                  .response = m->response,
                                  .nonlinearity = m->nonlinearity,
                                  .n_nonlinearity = m->n_nonlinearity};
    return cel_recipe_run(recipe, raw, &inputs, NULL, NULL, error);
}

static const char *const all_steps[] = {"dark.subtract", "correct.nonlinearity",
                                        "correct.intensity", NULL};

static void text_reads_back_to_the_same_digest(void)
{
    g_autoptr(CelResponse) r = curve();
    g_autofree char *text = cel_response_to_text(r);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelResponse) back = cel_response_from_text(text, strlen(text), &error);
    g_assert_no_error(error);
    g_autofree char *a = cel_response_sha256(r), *b = cel_response_sha256(back);
    g_assert_cmpstr(a, ==, b);
    g_assert_cmpstr(back->lot, ==, "2241");
    g_assert_true(back->confirmed);
    back->u_relative[17] = nextafter(back->u_relative[17], 1.0);
    g_autofree char *other = cel_response_sha256(back);
    g_assert_cmpstr(a, !=, other);
}

static void what_is_no_curve_is_refused_with_its_line(void)
{
#define HEAD "celadon-response 1\nstandard s\nlot \nserial \nlaser_nm 785\nu_common 0\n"
    static const char *const bad[] = {
        "",
        "celadon-response 2\n",
        HEAD "confirmed maybe\nn 4\n",
        HEAD "confirmed no\nn 3\n1 1 0\n2 1 0\n3 1 0\n",
        HEAD "confirmed no\nn 4.5\n1 1 0\n2 1 0\n3 1 0\n4 1 0\n",
        HEAD "confirmed no\nn 1000000\n",
        HEAD "confirmed no\nn 4\n1 1 0\n2 1 0\n3 1 0\n",
        HEAD "confirmed no\nn 4\n1 1 0\n2 1 0\n2 1 0\n4 1 0\n",
        HEAD "confirmed no\nn 4\n1 1 0\n2 1 0\n3 0 0\n4 1 0\n",
        HEAD "confirmed no\nn 4\n1 1 0\n2 1 0\n3 nan 0\n4 1 0\n",
        HEAD "confirmed no\nn 4\n1 1 0\n2 1 0\n3 1 -1\n4 1 0\n",
        HEAD "confirmed no\nn 4\n1 1 0\n2 1 0\n3 1\n4 1 0\n",
        HEAD "confirmed no\nn 4\n1 1 0\n2 1 0\n3 1 0\n4 1 0\n5 1 0\n",
        HEAD "confirmed no\nn 4\n1 1 0\n2 1 0\n3 1 0\n4 1 0",
    };
#undef HEAD
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_response_from_text(bad[i], strlen(bad[i]), &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, "line"));
    }
}

static void nothing_is_known_outside_the_points(void)
{
    g_autoptr(CelResponse) r = curve();
    double factor = 0.0, u = 0.0;
    g_assert_false(cel_response_at(r, 199.99, &factor, &u));
    g_assert_false(cel_response_at(r, NAN, &factor, &u));
    g_assert_false(cel_response_at(r, r->shift_cm1[N - 1] + 0.01, &factor, &u));
    g_assert_true(cel_response_at(r, r->shift_cm1[N - 1], &factor, &u));
    g_assert_cmpfloat_with_epsilon(factor, r->factor[N - 1], 1e-12);
    g_assert_true(cel_response_at(r, 0.5 * (r->shift_cm1[4] + r->shift_cm1[5]), &factor, &u));
    g_assert_cmpfloat_with_epsilon(factor, 0.5 * (r->factor[4] + r->factor[5]), 1e-12);
}

static void a_corrected_spectrum_names_the_curve_it_was_weighed_with(void)
{
    g_autoptr(CelMeasurement) m = measured();
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) out = corrected(m, all_steps, &error);
    g_assert_no_error(error);
    g_autofree char *digest = cel_response_sha256(m->response);
    const char *note = cel_spectrum_meta(out, CEL_META_INTENSITY);
    g_assert_true(g_str_has_prefix(note, digest));
    g_assert_nonnull(strstr(note, "nist-srm-2241 2241 confirmed"));
    double u = 0.0;
    g_assert_true(cel_spectrum_meta_number(out, CEL_META_INTENSITY_U, &u));
    g_assert_cmpfloat(u, >, 0.025);
    g_assert_cmpfloat(u, <, 0.032);
}

static void intensities_are_not_corrected_twice(void)
{
    static const char *const twice[] = {"dark.subtract", "correct.intensity", "correct.intensity",
                                        NULL};
    static const char *const again[] = {"dark.subtract", "correct.nonlinearity",
                                        "correct.nonlinearity", NULL};
    g_autoptr(CelMeasurement) m = measured();
    g_autoptr(GError) error = NULL;
    g_assert_null(corrected(m, twice, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_clear_error(&error);
    g_assert_null(corrected(m, again, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void the_curve_of_another_instrument_is_refused(void)
{
    g_autoptr(CelMeasurement) m = measured();
    g_strlcpy(m->response->serial, "WP-00001", sizeof m->response->serial);
    g_autoptr(GError) error = NULL;
    g_assert_null(corrected(m, all_steps, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "WP-00001"));
}

static void replay_from_a_written_measurement_gives_the_same_bits(void)
{
    g_autoptr(CelMeasurement) m = measured();
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("celadon-response-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(folder, "measurement.h5", NULL);
    g_assert_true(cel_nxraman_save(m, path, FALSE, &error));
    g_assert_no_error(error);
    const CelReadOptions options = {.column = 0};
    g_autoptr(CelMeasurement) back = cel_reader_load(path, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_autoptr(CelSpectrum) a = corrected(m, all_steps, &error),
                           b = corrected(back, all_steps, &error);
    g_assert_no_error(error);
    const gsize n = cel_spectrum_length(a);
    g_assert_cmpuint(n, ==, cel_spectrum_length(b));
    g_assert_true(memcmp(cel_spectrum_y(a), cel_spectrum_y(b), n * sizeof(double)) == 0);
    g_assert_cmpstr(cel_spectrum_meta(a, CEL_META_INTENSITY), ==,
                    cel_spectrum_meta(b, CEL_META_INTENSITY));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/response/text-reads-back-to-the-same-digest",
                    text_reads_back_to_the_same_digest);
    g_test_add_func("/response/what-is-no-curve-is-refused-with-its-line",
                    what_is_no_curve_is_refused_with_its_line);
    g_test_add_func("/response/nothing-is-known-outside-the-points",
                    nothing_is_known_outside_the_points);
    g_test_add_func("/response/a-corrected-spectrum-names-the-curve-it-was-weighed-with",
                    a_corrected_spectrum_names_the_curve_it_was_weighed_with);
    g_test_add_func("/response/intensities-are-not-corrected-twice",
                    intensities_are_not_corrected_twice);
    g_test_add_func("/response/the-curve-of-another-instrument-is-refused",
                    the_curve_of_another_instrument_is_refused);
    g_test_add_func("/response/replay-from-a-written-measurement-gives-the-same-bits",
                    replay_from_a_written_measurement_gives_the_same_bits);
    return g_test_run();
}
