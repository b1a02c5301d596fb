/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "h5/cel-nxraman.h"

#include <math.h>
#include <string.h>

static CelMeasurement *make_measurement(void)
{
    CelMeasurement *m = cel_measurement_new(64, 3, 2);
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (gsize i = 0; i < 3 * 64; i++)
        m->frames[i] = g_rand_int_range(random, 900, 65000);
    for (gsize i = 0; i < 2 * 64; i++)
        m->dark_frames[i] = 800.0 + g_rand_double(random);
    m->instrument = (CelInstrument){
        .vendor = "示例厂",
        .model = "R-1",
        .serial = "S/№ 7",
        .firmware = "1.2.3",
        .driver = "sim",
        .driver_validation = "replay-only",
        .detector = "CCD 1024",
        .simulated = TRUE,
        .range_cm1 = {100.5, 2000.25},
        .resolution_cm1 = 8.1,
        .read_noise_counts = 6.5,
        .gain_e_per_count = 2.2,
        .saturation_counts = 65535,
    };
    m->calibration = (CelCalibration){
        .id = "cal-1",
        .serial = "S/№ 7",
        .medium = CEL_UNIT_NM_AIR,
        .n_coefficients = 4,
        .coefficients = {791.0 / 3.0 + 527.0, 0.5, -1e-5, 1e-9},
        .laser_nm = 784.93,
        .u_axis_cm1 = 0.4,
        .made_wall_us = 1790000000123456,
        .covariance = {{4e-4, -1e-7, 0.0, 0.0}, {-1e-7, 1.0 / 3e10, 0.0, 0.0}},
        .u_laser_nm = 0.003,
        .n_knots = 3,
        .knot_cm1 = {200.5, 900.0, 1602.25},
        .correction_cm1 = {-0.75, 1.0 / 3.0, 0.5},
        .u_correction_cm1 = {0.25, 0.125, 0.3},
        .supported_cm1 = {200.5, 1602.25},
        .valid_until_wall_us = 1797000000000000,
        .object_sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    };
    m->integration_ms = 250.125;
    m->laser_mw = 31.5;
    m->laser_mw_nominal = TRUE;
    m->detector_celsius = -10.25;
    m->has_temperature = TRUE;
    m->started_wall_us = 1795000000000001;
    m->ended_wall_us = 1795000001000002;
    m->first_frame_number = G_MAXUINT64 - 5;
    m->discarded_frames = 2;
    m->simulated = TRUE;
    m->frame_us = g_new0(gint64, 3);
    for (gsize i = 0; i < 3; i++)
        m->frame_us[i] = (gint64)i * 250125 + 17;
    m->pixel_flags = g_new0(guint8, 64);
    m->pixel_flags[3] = CEL_PIXEL_BAD | CEL_PIXEL_NONLINEAR;
    m->pixel_flags[63] = CEL_PIXEL_COVERED;
    m->nonlinearity[0] = 1.0;
    m->nonlinearity[1] = -1.0 / 3e5;
    m->n_nonlinearity = 2;
    m->response = cel_response_new(5);
    for (gsize i = 0; i < 5; i++)
        m->response->shift_cm1[i] = 100.0 * (double)i;
    m->linear_max_counts = 60000.0;
    cel_measurement_note(m, "送检单位", "某某支队\n第二行");
    cel_measurement_note(m, "a/b key", "");
    cel_measurement_note(m, "discarded", "frame 3: saturated");
    return m;
}

static gboolean note_is_in(gpointer key, gpointer value, gpointer other)
{
    g_assert_cmpstr(g_tree_lookup(other, key), ==, value);
    return FALSE;
}

static void assert_same_double(double a, double b)
{
    g_assert_true(memcmp(&a, &b, sizeof a) == 0);
}

static void assert_same_calibration(const CelCalibration *a, const CelCalibration *b)
{
    g_assert_cmpstr(a->id, ==, b->id);
    g_assert_cmpstr(a->serial, ==, b->serial);
    g_assert_cmpint(a->medium, ==, b->medium);
    g_assert_cmpuint(a->n_coefficients, ==, b->n_coefficients);
    for (guint i = 0; i < a->n_coefficients; i++)
        assert_same_double(a->coefficients[i], b->coefficients[i]);
    assert_same_double(a->laser_nm, b->laser_nm);
    assert_same_double(a->u_axis_cm1, b->u_axis_cm1);
    g_assert_cmpint(a->made_wall_us, ==, b->made_wall_us);
    assert_same_double(a->u_laser_nm, b->u_laser_nm);
    g_assert_true(memcmp(a->covariance, b->covariance, sizeof a->covariance) == 0);
    g_assert_cmpuint(a->n_knots, ==, b->n_knots);
    g_assert_true(memcmp(a->knot_cm1, b->knot_cm1, sizeof a->knot_cm1) == 0);
    g_assert_true(memcmp(a->correction_cm1, b->correction_cm1, sizeof a->correction_cm1) == 0);
    g_assert_true(memcmp(a->u_correction_cm1, b->u_correction_cm1, sizeof a->correction_cm1) == 0);
    g_assert_true(memcmp(a->supported_cm1, b->supported_cm1, sizeof a->supported_cm1) == 0);
    g_assert_cmpint(a->valid_until_wall_us, ==, b->valid_until_wall_us);
    g_assert_cmpstr(a->object_sha256, ==, b->object_sha256);
}

static void assert_same_instrument(const CelInstrument *a, const CelInstrument *b)
{
    g_assert_cmpstr(a->vendor, ==, b->vendor);
    g_assert_cmpstr(a->model, ==, b->model);
    g_assert_cmpstr(a->serial, ==, b->serial);
    g_assert_cmpstr(a->firmware, ==, b->firmware);
    g_assert_cmpstr(a->driver, ==, b->driver);
    g_assert_cmpstr(a->detector, ==, b->detector);
    g_assert_cmpstr(a->driver_validation, ==, b->driver_validation);
    g_assert_cmpint(a->simulated, ==, b->simulated);
    assert_same_double(a->range_cm1[0], b->range_cm1[0]);
    assert_same_double(a->range_cm1[1], b->range_cm1[1]);
    assert_same_double(a->resolution_cm1, b->resolution_cm1);
    assert_same_double(a->read_noise_counts, b->read_noise_counts);
    assert_same_double(a->gain_e_per_count, b->gain_e_per_count);
    g_assert_cmpuint(a->saturation_counts, ==, b->saturation_counts);
}

static void assert_same_details(const CelMeasurement *a, const CelMeasurement *b)
{
    g_assert_cmpint(a->frame_us != NULL, ==, b->frame_us != NULL);
    for (gsize i = 0; a->frame_us != NULL && i < a->n_frames; i++)
        g_assert_cmpint(a->frame_us[i], ==, b->frame_us[i]);
    g_assert_cmpint(a->pixel_flags != NULL, ==, b->pixel_flags != NULL);
    for (gsize i = 0; a->pixel_flags != NULL && i < a->n_pixels; i++)
        g_assert_cmpuint(a->pixel_flags[i], ==, b->pixel_flags[i]);
    g_assert_cmpuint(a->n_nonlinearity, ==, b->n_nonlinearity);
    for (guint i = 0; i < a->n_nonlinearity; i++)
        assert_same_double(a->nonlinearity[i], b->nonlinearity[i]);
    assert_same_double(a->linear_max_counts, b->linear_max_counts);
    g_assert_true((a->response != NULL) == (b->response != NULL));
    g_autofree char *a_curve = a->response != NULL ? cel_response_sha256(a->response) : NULL;
    g_autofree char *b_curve = b->response != NULL ? cel_response_sha256(b->response) : NULL;
    g_assert_cmpstr(a_curve, ==, b_curve);
}

static void assert_same_measurement(const CelMeasurement *a, const CelMeasurement *b)
{
    assert_same_instrument(&a->instrument, &b->instrument);
    assert_same_calibration(&a->calibration, &b->calibration);
    g_assert_cmpuint(a->n_pixels, ==, b->n_pixels);
    g_assert_cmpuint(a->n_frames, ==, b->n_frames);
    g_assert_cmpuint(a->n_dark_frames, ==, b->n_dark_frames);
    for (gsize i = 0; i < a->n_frames * a->n_pixels; i++)
        assert_same_double(a->frames[i], b->frames[i]);
    for (gsize i = 0; i < a->n_dark_frames * a->n_pixels; i++)
        assert_same_double(a->dark_frames[i], b->dark_frames[i]);
    g_assert_cmpint(a->imported_axis != NULL, ==, b->imported_axis != NULL);
    if (a->imported_axis != NULL)
        g_assert_true(cel_axis_equal(a->imported_axis, b->imported_axis));
    assert_same_double(a->integration_ms, b->integration_ms);
    assert_same_double(a->laser_mw, b->laser_mw);
    g_assert_cmpint(a->laser_mw_nominal, ==, b->laser_mw_nominal);
    assert_same_double(a->detector_celsius, b->detector_celsius);
    g_assert_cmpint(a->has_temperature, ==, b->has_temperature);
    g_assert_cmpint(a->started_wall_us, ==, b->started_wall_us);
    g_assert_cmpint(a->ended_wall_us, ==, b->ended_wall_us);
    g_assert_cmpuint(a->first_frame_number, ==, b->first_frame_number);
    g_assert_cmpuint(a->discarded_frames, ==, b->discarded_frames);
    g_assert_cmpint(a->simulated, ==, b->simulated);
    assert_same_details(a, b);
    g_assert_cmpint(g_tree_nnodes(a->notes), ==, g_tree_nnodes(b->notes));
    g_tree_foreach(a->notes, note_is_in, b->notes);
}

/* Through the file, not only through the tree. */
static CelH5Node *through_file(const CelMeasurement *m)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_nxraman_write(root, m, "A title 标题", "1-1", &error));
    g_assert_no_error(error);
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, &error);
    g_assert_no_error(error);
    CelH5Node *back = cel_h5_read_bytes(image, "nxraman", &error);
    g_assert_no_error(error);
    return back;
}

static void a_measurement_comes_back_unchanged(void)
{
    g_autoptr(CelMeasurement) m = make_measurement();
    g_autoptr(CelH5Node) root = through_file(m);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMeasurement) back = cel_nxraman_read(root, &error);
    g_assert_no_error(error);
    assert_same_measurement(m, back);
}

static void a_copy_has_the_details_of_frames_and_pixels(void)
{
    g_autoptr(CelMeasurement) m = make_measurement();
    g_autoptr(CelMeasurement) copy = cel_measurement_copy(m);
    assert_same_measurement(m, copy);
    g_assert_true(copy->frame_us != m->frame_us && copy->pixel_flags != m->pixel_flags);
}

/* A record made before these existed, or another program's: nothing is known then. */
static void details_that_are_absent_are_not_known(void)
{
    g_autoptr(CelMeasurement) m = make_measurement();
    g_autoptr(CelH5Node) root = through_file(m);
    static const char *const names[] = {"frame_time", "pixel_flags", "nonlinearity", "linear_max",
                                        "response"};
    CelH5Node *own = cel_h5_group(root, "entry/celadon_measurement", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        cel_h5_remove(own, names[i]);
    cel_h5_remove(cel_h5_group(root, "entry/instrument/device_information", NULL),
                  "driver_validation");
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMeasurement) back = cel_nxraman_read(root, &error);
    g_assert_no_error(error);
    g_assert_null(back->frame_us);
    g_assert_null(back->pixel_flags);
    g_assert_null(back->response);
    g_assert_cmpuint(back->n_nonlinearity, ==, 0);
    g_assert_cmpstr(back->instrument.driver_validation, ==, "");
}

static void assert_detail_refused(const char *name, CelH5Type type, gsize n, const void *data)
{
    g_autoptr(CelMeasurement) m = make_measurement();
    g_autoptr(CelH5Node) root = through_file(m);
    CelH5Node *own = cel_h5_group(root, "entry/celadon_measurement", NULL);
    cel_h5_remove(own, name);
    cel_h5_put(own, name, type, 1, &n, data, FALSE);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_nxraman_read(root, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, name));
}

static void details_of_another_shape_are_refused(void)
{
    const gint64 backwards[] = {5, 4, 6}, four[] = {1, 2, 3, 4}, before[] = {-1, 2, 3};
    const guint8 unknown[64] = {16}, short_list[63] = {0};
    const double nine[9] = {1.0}, bad[] = {1.0, NAN};
    assert_detail_refused("frame_time", CEL_H5_I64, 3, backwards);
    assert_detail_refused("frame_time", CEL_H5_I64, 3, before);
    assert_detail_refused("frame_time", CEL_H5_I64, 4, four);
    assert_detail_refused("frame_time", CEL_H5_U64, 3, four);
    assert_detail_refused("pixel_flags", CEL_H5_U8, 64, unknown);
    assert_detail_refused("pixel_flags", CEL_H5_U8, 63, short_list);
    assert_detail_refused("nonlinearity", CEL_H5_F64, 9, nine);
    assert_detail_refused("nonlinearity", CEL_H5_F64, 2, bad);
}

static CelMeasurement *make_import(CelUnit unit, double laser_nm)
{
    const double x[] = {200.5, 201.25, 203.0}, y[] = {1e-7, -4.5, 1e9};
    g_autoptr(CelAxis) axis = cel_axis_new(unit, x, 3, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta(spectrum, CEL_META_TITLE, "导入的谱");
    if (laser_nm > 0.0)
        cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, laser_nm);
    return cel_measurement_from_spectrum(spectrum);
}

static void an_imported_spectrum_comes_back_on_its_axis(void)
{
    const CelUnit units[] = {CEL_UNIT_SHIFT_CM1, CEL_UNIT_NM_UNSTATED, CEL_UNIT_NM_VACUUM,
                             CEL_UNIT_PIXEL};
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autoptr(CelMeasurement) m = make_import(units[i], i == 0 ? 785.0 : 0.0);
        g_autoptr(CelH5Node) root = through_file(m);
        g_autoptr(GError) error = NULL;
        g_autoptr(CelMeasurement) back = cel_nxraman_read(root, &error);
        g_assert_no_error(error);
        assert_same_measurement(m, back);
    }
}

static void an_unknown_laser_is_not_a_number_in_the_file(void)
{
    g_autoptr(CelMeasurement) m = make_import(CEL_UNIT_SHIFT_CM1, 0.0);
    g_autoptr(CelH5Node) root = through_file(m);
    gsize n = 0;
    g_autofree double *nm =
        cel_h5_get_f64(root, "/entry/instrument/beam_incident/wavelength", &n, NULL);
    g_assert_cmpuint(n, ==, 1);
    g_assert_true(isnan(nm[0]));
}

/* NeXus NXraman (extends NXoptical_spectroscopy), NXDL v2026.01: what is required. */
static void every_required_field_is_there(void)
{
    static const struct {
        const char *path, *text, *nx_class;
    } required[] = {
        {"/entry", NULL, "NXentry"},
        {"/entry/definition", "NXraman", NULL},
        {"/entry/experiment_type", "Raman spectroscopy", NULL},
        {"/entry/raman_experiment_type", "non-resonant Raman spectroscopy", NULL},
        {"/entry/instrument", NULL, "NXinstrument"},
        {"/entry/instrument/scattering_configuration", "z(..)-z", NULL},
        {"/entry/instrument/beam_incident", NULL, "NXbeam"},
        {"/entry/instrument/beam_incident/wavelength", NULL, NULL},
        {"/entry/instrument/beam_incident/parameter_reliability", "nominal", NULL},
        {"/entry/instrument/detector_1", NULL, "NXdetector"},
        {"/entry/instrument/detector_1/detector_channel_type", "multichannel", NULL},
        {"/entry/sample", NULL, "NXsample"},
        {"/entry/sample/name", "1-1", NULL},
        {"/entry/data", NULL, "NXdata"},
    };
    g_autoptr(CelMeasurement) m = make_measurement();
    g_autoptr(CelH5Node) root = through_file(m);
    for (gsize i = 0; i < G_N_ELEMENTS(required); i++) {
        const CelH5Node *node = cel_h5_find(root, required[i].path);
        g_assert_nonnull(node);
        if (required[i].nx_class != NULL)
            g_assert_cmpstr(cel_h5_attr(node, "NX_class"), ==, required[i].nx_class);
        if (required[i].text == NULL)
            continue;
        g_autofree char *text = cel_h5_get_text(root, required[i].path, NULL);
        g_assert_cmpstr(text, ==, required[i].text);
    }
    const CelH5Node *definition = cel_h5_find(root, "/entry/definition");
    g_assert_cmpstr(cel_h5_attr(definition, "version"), ==, "v2026.01");
    g_assert_nonnull(cel_h5_attr(definition, "URL"));
    const CelH5Node *beam = cel_h5_find(root, "/entry/instrument/beam_incident/wavelength");
    g_assert_cmpstr(cel_h5_attr(beam, "units"), ==, "nm");
}

/* What h5web follows: @default from the root to an NXdata, its signal and axes direct children of
 * one shape. */
static const CelH5Node *follow_default(const CelH5Node *root)
{
    const CelH5Node *entry = cel_h5_find(root, cel_h5_attr(root, "default"));
    g_assert_nonnull(entry);
    const CelH5Node *data = cel_h5_find(entry, cel_h5_attr(entry, "default"));
    g_assert_nonnull(data);
    g_assert_cmpstr(cel_h5_attr(data, "NX_class"), ==, "NXdata");
    return data;
}

static void check_plot(const CelH5Node *data, const char *axis, gboolean errors)
{
    gsize shape_x[CEL_H5_MAX_RANK], shape_y[CEL_H5_MAX_RANK];
    g_assert_cmpstr(cel_h5_attr(data, "signal"), ==, "intensity");
    g_assert_cmpstr(cel_h5_attr(data, "axes"), ==, axis);
    const CelH5Node *y = cel_h5_find(data, "intensity"), *x = cel_h5_find(data, axis);
    g_assert_nonnull(x);
    g_assert_nonnull(y);
    g_assert_cmpuint(cel_h5_shape(x, shape_x), ==, 1);
    g_assert_cmpuint(cel_h5_shape(y, shape_y), ==, 1);
    g_assert_cmpuint(shape_x[0], ==, shape_y[0]);
    const CelH5Node *sigma = cel_h5_find(data, "intensity_errors");
    g_assert_cmpint(sigma != NULL, ==, errors);
    if (sigma != NULL)
        g_assert_cmpuint(cel_h5_shape(sigma, shape_x), ==, 1);
    g_assert_cmpuint(shape_x[0], ==, shape_y[0]);
}

static void viewers_find_the_plot(void)
{
    g_autoptr(CelMeasurement) m = make_measurement();
    g_autoptr(CelH5Node) root = through_file(m);
    const CelH5Node *data = follow_default(root);
    check_plot(data, "raman_shift", TRUE);
    g_assert_cmpstr(cel_h5_attr(cel_h5_find(data, "raman_shift"), "units"), ==, "1/cm");
    gsize n = 0;
    g_autofree double *y = cel_h5_get_f64(data, "intensity", &n, NULL);
    const double light = (m->frames[0] + m->frames[64] + m->frames[128]) / 3.0;
    const double dark = (m->dark_frames[0] + m->dark_frames[64]) / 2.0;
    g_assert_cmpuint(n, ==, 64);
    g_assert_cmpfloat_with_epsilon(y[0], light - dark, 1e-9);
}

static void a_simulated_plot_says_so(void)
{
    g_autoptr(CelMeasurement) m = make_measurement();
    g_autoptr(CelH5Node) root = through_file(m);
    g_autofree char *title = cel_h5_get_text(root, "/entry/data/title", NULL);
    g_assert_true(g_str_has_prefix(title, "SIMULATED 模拟数据"));
}

static void the_plot_can_be_replaced(void)
{
    const double x[] = {10.0, 20.0}, y[] = {1.0, 2.0};
    g_autoptr(CelMeasurement) m = make_measurement();
    g_autoptr(CelH5Node) root = through_file(m);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 2, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    cel_nxraman_set_plot(root, spectrum, "corrected");
    const CelH5Node *data = follow_default(root);
    check_plot(data, "raman_shift", FALSE);
    gsize n = 0;
    g_autofree double *shown = cel_h5_get_f64(data, "intensity", &n, NULL);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpfloat(shown[1], ==, 2.0);
    g_assert_null(cel_h5_attr(cel_h5_find(data, "intensity"), "units"));
    g_autoptr(CelMeasurement) back = cel_nxraman_read(root, NULL);
    assert_same_measurement(m, back); /* raw is untouched */
}

static void replicates_stand_beside_the_first(void)
{
    g_autoptr(CelMeasurement) a = make_measurement(), b = make_import(CEL_UNIT_SHIFT_CM1, 532.0);
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    const CelNxramanLabels second = {"entry_2", "again", "1-1"};
    g_assert_true(cel_nxraman_write(root, a, NULL, NULL, NULL));
    g_assert_true(cel_nxraman_write_entry(root, b, &second, NULL));
    g_autoptr(CelMeasurement) back = cel_nxraman_read_entry(root, "entry_2", NULL);
    assert_same_measurement(b, back);
    check_plot(follow_default(root), "raman_shift", TRUE);
    g_autofree char *name = cel_h5_get_text(root, "/entry/sample/name", NULL);
    g_assert_cmpstr(name, ==, "not stated");
}

static void a_missing_piece_is_named(void)
{
    static const struct {
        const char *group, *name;
    } pieces[] = {
        {"entry/instrument/detector_1/raw_data", "raw"},
        {"entry/instrument/beam_incident", "wavelength"},
        {"entry/celadon_measurement", "simulated"},
        {"entry/celadon_measurement", "first_frame_number"},
        {"entry/celadon_measurement", "range"},
        {"entry/celadon_measurement", "notes"},
        {"entry/measurement_data_calibration_1/wavelength_calibration", "medium"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(CelMeasurement) m = make_measurement();
        g_autoptr(CelH5Node) root = through_file(m);
        g_autoptr(GError) error = NULL;
        cel_h5_remove(cel_h5_group(root, pieces[i].group, NULL), pieces[i].name);
        g_assert_null(cel_nxraman_read(root, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, pieces[i].name));
    }
}

static void wrong_pieces_are_refused(void)
{
    const double none[] = {1.0, NAN};
    static const struct {
        const char *group, *name;
    } pieces[] = {
        {"entry/celadon_measurement", "range"},
        {"entry/celadon_measurement", "resolution"},
        {"entry/celadon_measurement", "simulated"},
        {"entry/celadon_measurement", "driver"},
        {"entry/instrument/detector_1/raw_data", "raw"},
        {"entry/instrument/detector_1/dark_data", "dark"},
        {"entry/instrument/temperature_sensor", "value"},
        {"entry/measurement_data_calibration_1/wavelength_calibration", "coefficients"},
        {"entry/measurement_data_calibration_1/wavelength_calibration", "covariance"},
        {"entry/measurement_data_calibration_1/wavelength_calibration", "shift_correction"},
        {"entry/measurement_data_calibration_1/wavelength_calibration", "supported_range"},
        {"entry/measurement_data_calibration_1/wavelength_calibration", "valid_until_wall_us"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(CelMeasurement) m = make_measurement();
        g_autoptr(CelH5Node) root = through_file(m);
        g_autoptr(GError) error = NULL;
        CelH5Node *group = cel_h5_group(root, pieces[i].group, NULL);
        cel_h5_remove(group, pieces[i].name);
        cel_h5_put_f64(group, pieces[i].name, none, 2);
        g_assert_null(cel_nxraman_read(root, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

static void a_text_that_is_not_utf8_is_not_stored(void)
{
    g_autoptr(CelMeasurement) m = make_measurement();
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    g_autoptr(GError) error = NULL;
    m->instrument.model[0] = (char)0xff;
    g_assert_false(cel_nxraman_write(root, m, NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nxraman/round-trip", a_measurement_comes_back_unchanged);
    g_test_add_func("/nxraman/copy", a_copy_has_the_details_of_frames_and_pixels);
    g_test_add_func("/nxraman/absent", details_that_are_absent_are_not_known);
    g_test_add_func("/nxraman/details", details_of_another_shape_are_refused);
    g_test_add_func("/nxraman/imported", an_imported_spectrum_comes_back_on_its_axis);
    g_test_add_func("/nxraman/unknown-laser", an_unknown_laser_is_not_a_number_in_the_file);
    g_test_add_func("/nxraman/required", every_required_field_is_there);
    g_test_add_func("/nxraman/plot", viewers_find_the_plot);
    g_test_add_func("/nxraman/plot-simulated", a_simulated_plot_says_so);
    g_test_add_func("/nxraman/plot-replaced", the_plot_can_be_replaced);
    g_test_add_func("/nxraman/replicates", replicates_stand_beside_the_first);
    g_test_add_func("/nxraman/missing", a_missing_piece_is_named);
    g_test_add_func("/nxraman/wrong", wrong_pieces_are_refused);
    g_test_add_func("/nxraman/not-utf8", a_text_that_is_not_utf8_is_not_stored);
    return g_test_run();
}
