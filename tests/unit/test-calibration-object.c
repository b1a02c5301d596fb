/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-calibration-object.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static CelCalibrationObject *make_object(void)
{
    CelCalibrationObject *o = cel_calibration_object_new(CEL_CALIBRATION_WAVELENGTH);
    g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
    g_strlcpy(o->author, "李 明", sizeof o->author);
    o->calibration = (CelCalibration){.id = "cal-1",
                                      .serial = "S1",
                                      .medium = CEL_UNIT_NM_AIR,
                                      .n_coefficients = 3,
                                      .coefficients = {790.125, 0.1, -1.0 / 3e6},
                                      .covariance = {{1e-4, 0.0, 0.0}, {0.0, 1e-9, 0.0}},
                                      .laser_nm = 785.0,
                                      .n_knots = 2,
                                      .knot_cm1 = {300.0, 1600.0},
                                      .correction_cm1 = {0.25, -0.5},
                                      .u_correction_cm1 = {0.1, 0.1},
                                      .supported_cm1 = {300.0, 1600.0},
                                      .u_axis_cm1 = 0.3,
                                      .made_wall_us = 1790000000123456};
    cel_calibration_object_input(o, "/somewhere/ne.txt", bytes, "neon");
    const CelCalibrationResidual residual = {.standard = "neon",
                                             .reference = 837.7608,
                                             .u_reference = 0.0005,
                                             .measured = 459.36,
                                             .u_measured = 0.01,
                                             .deviation = -0.002,
                                             .u_deviation = 0.003,
                                             .used = TRUE};
    g_array_append_val(o->residuals, residual);
    cel_calibration_object_note(o, "%d lines", 12);
    return o;
}

static CelCalibrationObject *read_text(const char *text, GError **error)
{
    return cel_calibration_object_from_text(text, strlen(text), "cal.json", error);
}

static void an_object_comes_back_unchanged(void)
{
    g_autoptr(CelCalibrationObject) a = make_object();
    g_autofree char *text = cel_calibration_object_to_text(a, NULL);
    g_autoptr(CelCalibrationObject) b = read_text(text, NULL);
    g_assert_nonnull(b);
    g_assert_cmpint(b->kind, ==, CEL_CALIBRATION_WAVELENGTH);
    g_assert_cmpstr(b->author, ==, "李 明");
    g_assert_cmpstr(b->calibration.serial, ==, "S1");
    g_assert_true(memcmp(b->calibration.covariance, a->calibration.covariance,
                         sizeof a->calibration.covariance) == 0);
    g_assert_cmpuint(b->inputs->len, ==, 1);
    g_assert_cmpuint(b->residuals->len, ==, 1);
    const CelCalibrationResidual *r = &g_array_index(b->residuals, CelCalibrationResidual, 0);
    g_assert_cmpfloat(r->reference, ==, 837.7608);
    g_assert_true(r->used);
    g_assert_cmpstr(g_ptr_array_index(b->notes, 0), ==, "12 lines");
    g_autofree char *again = cel_calibration_object_to_text(b, NULL);
    g_assert_cmpstr(again, ==, text);
}

static void an_input_is_named_without_its_folder_and_with_its_digest(void)
{
    g_autoptr(CelCalibrationObject) o = make_object();
    const CelCalibrationInput *input = &g_array_index(o->inputs, CelCalibrationInput, 0);
    g_assert_cmpstr(input->name, ==, "ne.txt");
    /* FIPS 180-4's example: SHA-256 of "abc" */
    g_assert_cmpstr(input->sha256, ==,
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void what_is_read_knows_the_digest_of_its_text(void)
{
    g_autoptr(CelCalibrationObject) a = make_object();
    g_autofree char *text = cel_calibration_object_to_text(a, NULL);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_autoptr(CelCalibrationObject) b = read_text(text, NULL);
    g_assert_cmpstr(b->calibration.object_sha256, ==, digest);
}

static void a_number_that_is_none_is_not_written(void)
{
    g_autoptr(CelCalibrationObject) o = make_object();
    g_autoptr(GError) error = NULL;
    o->calibration.coefficients[1] = NAN;
    g_assert_null(cel_calibration_object_to_text(o, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "coefficients"));
}

/* A text with one part replaced is refused, by the name of what is wrong. */
static void assert_refused(const char *from, const char *to, const char *named)
{
    g_autoptr(CelCalibrationObject) o = make_object();
    g_autofree char *text = cel_calibration_object_to_text(o, NULL);
    g_auto(GStrv) parts = g_strsplit(text, from, 2);
    g_autoptr(GError) error = NULL;
    g_assert_nonnull(parts[1]);
    g_autofree char *changed = g_strconcat(parts[0], to, parts[1], NULL);
    g_assert_null(read_text(changed, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, named));
}

static void what_is_wrong_is_named(void)
{
    assert_refused("\"n_coefficients\":3", "\"n_coefficients\":9", "n_coefficients");
    assert_refused("\"n_coefficients\":3", "\"n_coefficients\":2", "coefficients");
    assert_refused("\"n_knots\":2", "\"n_knots\":-1", "n_knots");
    assert_refused("\"790.125\"", "\"790.1250\"", "coefficients");
    assert_refused("\"790.125\"", "\"nan\"", "coefficients");
    assert_refused("\"790.125\"", "790", "coefficients");
    assert_refused("\"nm_air\"", "\"nm_water\"", "medium");
    assert_refused("\"wavelength\"", "\"wavelengths\"", "kind");
    assert_refused("celadon.calibration/1", "celadon.calibration/2", "schema");
    assert_refused("\"used\":true", "\"used\":1", "used");
    assert_refused("\"simulated\":false", "\"simulated\":false,\"sure\":true", "members");
    assert_refused("\"laser_nm\"", "\"laser_n\"", "laser_nm");
}

static void a_text_that_is_not_canonical_is_refused(void)
{
    g_autoptr(CelCalibrationObject) o = make_object();
    g_autofree char *text = cel_calibration_object_to_text(o, NULL);
    g_autofree char *spaced = g_strconcat(text, "\n", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(read_text(spaced, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_null(read_text("[]", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_file_is_not_written_over_unasked(void)
{
    g_autoptr(CelCalibrationObject) o = make_object();
    g_autofree char *folder = g_dir_make_tmp("celadon-calibration-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "cal.json", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_calibration_object_save(o, path, FALSE, &error));
    g_assert_no_error(error);
    g_assert_false(cel_calibration_object_save(o, path, FALSE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_true(cel_calibration_object_save(o, path, TRUE, NULL));
    g_autoptr(CelCalibrationObject) back = cel_calibration_object_load(path, NULL);
    g_assert_cmpstr(back->calibration.id, ==, "cal-1");
    g_unlink(path);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/calibration-object/round-trip", an_object_comes_back_unchanged);
    g_test_add_func("/calibration-object/input",
                    an_input_is_named_without_its_folder_and_with_its_digest);
    g_test_add_func("/calibration-object/digest", what_is_read_knows_the_digest_of_its_text);
    g_test_add_func("/calibration-object/nan", a_number_that_is_none_is_not_written);
    g_test_add_func("/calibration-object/wrong", what_is_wrong_is_named);
    g_test_add_func("/calibration-object/canonical", a_text_that_is_not_canonical_is_refused);
    g_test_add_func("/calibration-object/file", a_file_is_not_written_over_unasked);
    return g_test_run();
}
