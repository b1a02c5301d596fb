/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-reader.h"
#include "formats/cel-writer.h"
#include "h5/cel-h5.h"
#include "jail/cel-jail.h"

#include <math.h>
#include <string.h>

/* HDF5 files of ours, of NeXus and of CHARISMA: made here, read through the jail. */

static const double X[] = {100.0, 200.5, 301.0, 402.0}, Y[] = {1.0, 5.0, 2.0, 1.5};
enum { N = G_N_ELEMENTS(X) };

static void same(const void *a, const void *b, gsize n)
{
    g_assert_true(memcmp(a, b, n) == 0);
}

static gboolean load(const CelH5Node *root, const CelReadOptions *options, CelReadOut *out,
                     GError **error)
{
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, NULL);
    g_assert_nonnull(image);
    return cel_reader_load_bytes(image, "made.h5", options, NULL, out, error);
}

static void good(const CelH5Node *root, const CelReadOptions *options, CelReadOut *out)
{
    g_autoptr(GError) error = NULL;
    load(root, options, out, &error);
    g_assert_no_error(error);
}

static void refused(const CelH5Node *root, const CelReadOptions *options, int code,
                    const char *part)
{
    g_autoptr(GError) error = NULL;
    g_auto(CelReadOut) out = {0};
    g_assert_false(load(root, options, &out, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, part);
}

static const char *note(const CelReadOut *out, const char *key)
{
    return g_tree_lookup(out->measurement->notes, key);
}

static void holds(const CelReadOut *out, const double *x, const double *y, gsize n)
{
    const CelMeasurement *m = out->measurement;
    g_assert_cmpuint(m->n_pixels, ==, n);
    same(cel_axis_values(m->imported_axis), x, n * sizeof *x);
    same(m->frames, y, n * sizeof *y);
}

/* ---- NeXus ---- */

/* An NXdata group "@path" with the axis "shift". */
static CelH5Node *put_plot(CelH5Node *root, const char *path, const char *units, const double *y)
{
    static const char *const axes[] = {"shift", NULL};
    CelH5Node *data = cel_h5_group(root, path, "NXdata");
    cel_h5_attr_text(data, "signal", "counts");
    cel_h5_attr_texts(data, "axes", axes);
    cel_h5_attr_text(cel_h5_put_f64(data, "shift", X, N), "units", units);
    cel_h5_put_f64(data, "counts", y, N);
    return data;
}

static void nexus_takes_signal_axis_unit_laser_and_kind(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    put_plot(root, "e/data", "1/cm", Y);
    CelH5Node *entry = cel_h5_group(root, "e", "NXentry");
    cel_h5_put_text(entry, "definition", "NXraman");
    cel_h5_put_number(cel_h5_group(entry, "instrument/beam_incident", NULL), "wavelength", 532.0,
                      "nm");
    cel_h5_put_text(cel_h5_group(entry, "instrument/device_information", NULL), "model", "M 1");
    good(root, NULL, &out);
    holds(&out, X, Y, N);
    g_assert_cmpstr(out.reader->id, ==, "nexus");
    g_assert_cmpint(out.kind, ==, CEL_KIND_RAMAN);
    g_assert_cmpint(cel_axis_unit(out.measurement->imported_axis), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_cmpfloat(out.measurement->calibration.laser_nm, ==, 532.0);
    g_assert_cmpstr(out.measurement->instrument.model, ==, "M 1");
    g_assert_cmpstr(note(&out, "file.definition"), ==, "NXraman");
    g_assert_cmpstr(note(&out, CEL_META_FORMAT), ==, "nexus");
    g_assert_cmpuint(out.n_spectra, ==, 1);
}

static void nexus_begins_where_the_default_attributes_lead(void)
{
    const double other[] = {9.0, 8.0, 7.0, 6.0};
    g_auto(CelReadOut) first = {0}, second = {0};
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    put_plot(root, "a/data", "1/cm", other);
    put_plot(root, "b/one", "1/cm", other);
    put_plot(root, "b/two", "1/cm", Y);
    cel_h5_attr_text(root, "default", "b");
    cel_h5_attr_text(cel_h5_group(root, "b", NULL), "default", "two");
    good(root, NULL, &first);
    holds(&first, X, Y, N);
    g_assert_cmpuint(first.n_spectra, ==, 3);
    g_assert_cmpstr(g_ptr_array_index(first.titles, 0), ==, "b/two");
    g_assert_cmpstr(note(&first, "spectrum"), ==, "1 of 3 (the first; no other was asked for)");
    good(root, &(CelReadOptions){.spectrum = 2}, &second);
    holds(&second, X, other, N);
    g_assert_cmpstr(note(&second, "spectrum"), ==, "2 of 3");
    refused(root, &(CelReadOptions){.spectrum = 4}, CEL_ERROR_USAGE, "no spectrum 4");
}

static void nexus_reads_the_rows_of_a_table_and_falling_axes(void)
{
    const double falling[] = {402.0, 301.0, 200.5, 100.0}, reversed[] = {1.5, 2.0, 5.0, 1.0};
    const double rows[] = {0, 0, 0, 0, 1.5, 2.0, 5.0, 1.0};
    const gsize shape[] = {2, N};
    static const char *const axes[] = {".", "shift", NULL};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    CelH5Node *data = cel_h5_group(root, "map", "NXdata");
    cel_h5_attr_text(data, "signal", "counts");
    cel_h5_attr_texts(data, "axes", axes);
    cel_h5_attr_text(cel_h5_put_f64(data, "shift", falling, N), "units", "cm^-1");
    cel_h5_put(data, "counts", CEL_H5_F64, 2, shape, rows, FALSE);
    same(rows + N, reversed, sizeof reversed);
    good(root, &(CelReadOptions){.spectrum = 2}, &out);
    holds(&out, X, Y, N);
    g_assert_cmpuint(out.n_spectra, ==, 2);
    g_assert_cmpstr(note(&out, "axis_order"), ==, "falling in the file, reversed");
    g_assert_cmpstr(g_ptr_array_index(out.titles, 1), ==, "map [2]");
}

static void nexus_takes_errors_as_variance_in_the_order_of_the_axis(void)
{
    const double errors[] = {1.0, 2.0, 3.0, 0.5};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_put_f64(put_plot(root, "data", "1/cm", Y), "counts_errors", errors, N);
    good(root, NULL, &out);
    for (gsize i = 0; i < N; i++)
        g_assert_cmpfloat(out.variance[i], ==, errors[i] * errors[i]);
}

static void nexus_of_infrared_is_shown_and_not_loaded(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    put_plot(root, "e/data", "1/cm", Y);
    cel_h5_put_text(cel_h5_group(root, "e", NULL), "experiment_type", "FTIR");
    refused(root, NULL, CEL_ERROR_INPUT, "infrared");
    good(root, &(CelReadOptions){.any_kind = TRUE}, &out);
    g_assert_cmpint(out.kind, ==, CEL_KIND_INFRARED);
}

static void nexus_without_a_unit_is_not_guessed_where_nm_is_possible(void)
{
    const double nm[] = {540.0, 545.0, 550.0, 560.0};
    static const char *const axes[] = {"x", NULL};
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    CelH5Node *data = cel_h5_group(root, "data", "NXdata");
    cel_h5_attr_text(data, "signal", "y");
    cel_h5_attr_texts(data, "axes", axes);
    cel_h5_put_f64(data, "x", nm, N);
    cel_h5_put_f64(data, "y", Y, N);
    refused(root, NULL, CEL_ERROR_UNIT, "--axis-unit");
    g_auto(CelReadOut) out = {0};
    good(root, &(CelReadOptions){.axis_unit = "nm_air"}, &out);
    g_assert_cmpint(cel_axis_unit(out.measurement->imported_axis), ==, CEL_UNIT_NM_AIR);
}

static void hdf5_without_a_plot_is_refused(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_put_f64(root, "lonely", Y, N);
    refused(root, NULL, CEL_ERROR_INPUT, "no NeXus data");
    refused(root, &(CelReadOptions){.column = 1}, CEL_ERROR_INPUT, "no NeXus data");
}

static void a_name_that_leads_nowhere_is_no_plot(void)
{
    static const char *const axes[] = {"a/b", NULL};
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    CelH5Node *data = cel_h5_group(root, "data", "NXdata");
    cel_h5_attr_text(data, "signal", "../data/y");
    cel_h5_attr_texts(data, "axes", axes);
    cel_h5_put_f64(data, "y", Y, N);
    refused(root, NULL, CEL_ERROR_INPUT, "no NeXus data");
}

/* ---- CHARISMA ---- */

static void charisma_reads_each_stage_and_stays_unvalidated(void)
{
    double stage[2 * N];
    const gsize shape[] = {2, N};
    memcpy(stage, X, sizeof X);
    memcpy(stage + N, Y, sizeof Y);
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    CelH5Node *raw = cel_h5_put(root, "raw", CEL_H5_F64, 2, shape, stage, FALSE);
    cel_h5_attr_f64(raw, "laser_wavelength", 785.0);
    cel_h5_attr_text(raw, "sample", "PST");
    cel_h5_put(root, "baseline", CEL_H5_F64, 2, shape, stage, FALSE);
    good(root, &(CelReadOptions){.spectrum = 2}, &out);
    holds(&out, X, Y, N);
    g_assert_cmpstr(out.reader->id, ==, "cha");
    g_assert_cmpstr(g_ptr_array_index(out.titles, 0), ==, "baseline");
    g_assert_cmpstr(note(&out, "axis_unit"), ==, "guessed cm-1");
    g_assert_cmpstr(note(&out, "file.sample"), ==, "PST");
    g_assert_cmpstr(note(&out, CEL_META_UNVALIDATED), ==, "cha");
    g_assert_cmpfloat(out.measurement->calibration.laser_nm, ==, 785.0);
}

/* ---- ours ---- */

static CelSpectrum *small_spectrum(void)
{
    const double variance[] = {1.0, 4.0, 9.0, 0.25};
    const guint8 mask[] = {0, CEL_MASK_COSMIC, 0, CEL_MASK_SATURATED};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, X, N, NULL);
    CelSpectrum *spectrum = cel_spectrum_new(axis, Y, NULL);
    cel_spectrum_set_variance(spectrum, variance, NULL);
    cel_spectrum_set_mask(spectrum, mask);
    cel_spectrum_set_meta(spectrum, CEL_META_TITLE, "检材 1-1");
    cel_spectrum_set_meta(spectrum, CEL_META_UNVALIDATED, "opus");
    cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, 785.0);
    return spectrum;
}

static GBytes *write_nxraman(const CelWriteItem *items, gsize n)
{
    g_autoptr(GError) error = NULL;
    const CelWriteInput in = {items, n};
    const CelWriter *writer = cel_writer_for("out.NXS");
    g_assert_cmpstr(writer->id, ==, "celadon");
    g_assert_cmpuint(writer->losses(&in), ==, 0);
    GBytes *bytes = writer->write(&in, &error);
    g_assert_no_error(error);
    return bytes;
}

static void nxraman_gives_back_variance_mask_and_marks(void)
{
    g_autoptr(CelSpectrum) a = small_spectrum();
    cel_spectrum_mark_simulated(a);
    const CelWriteItem item = {.spectrum = a, .source_sha256 = "00ff"};
    g_autoptr(GBytes) bytes = write_nxraman(&item, 1);
    g_auto(CelReadOut) out = {0};
    g_assert_true(cel_reader_load_bytes(bytes, "o.nxs", NULL, NULL, &out, NULL));
    g_autoptr(CelSpectrum) b = cel_read_out_spectrum(&out, NULL);
    holds(&out, X, Y, N);
    same(cel_spectrum_variance(b), cel_spectrum_variance(a), sizeof X);
    same(cel_spectrum_mask(b), cel_spectrum_mask(a), N);
    g_assert_true(cel_spectrum_is_simulated(b));
    g_assert_cmpstr(note(&out, CEL_META_SOURCE_SHA256), ==, "00ff");
    g_assert_cmpstr(note(&out, CEL_META_UNVALIDATED), ==, "opus");
}

static void nxraman_opens_with_a_plot(void)
{
    g_autoptr(CelSpectrum) a = small_spectrum();
    const CelWriteItem item = {.spectrum = a};
    g_autoptr(GBytes) bytes = write_nxraman(&item, 1);
    g_autoptr(CelH5Node) root = cel_h5_read_bytes(bytes, "o.nxs", NULL);
    gsize n = 0;
    g_assert_cmpstr(cel_h5_attr(root, "default"), ==, "entry");
    const CelH5Node *entry = cel_h5_find(root, "entry");
    g_assert_cmpstr(cel_h5_attr(entry, "default"), ==, "data");
    const CelH5Node *data = cel_h5_find(entry, "data");
    g_assert_cmpstr(cel_h5_attr(data, "signal"), ==, "intensity");
    g_assert_cmpstr(cel_h5_attr_at(data, "axes", 0), ==, "raman_shift");
    g_assert_null(cel_h5_attr_at(data, "axes", 1));
    g_autofree double *x = cel_h5_get_f64(data, "raman_shift", &n, NULL);
    same(x, X, n * sizeof *x);
    g_assert_cmpstr(cel_h5_attr(cel_h5_find(data, "raman_shift"), "units"), ==, "1/cm");
}

static void entries_of_one_file_are_listed_and_read_one_by_one(void)
{
    const double other[] = {9.0, 8.0, 7.0, 6.0};
    g_autoptr(CelSpectrum) a = small_spectrum();
    g_autoptr(CelSpectrum) b = cel_spectrum_new(cel_spectrum_axis(a), other, NULL);
    const CelWriteItem items[] = {{.spectrum = a}, {.spectrum = b}};
    g_autoptr(GBytes) bytes = write_nxraman(items, 2);
    g_auto(CelReadOut) first = {0}, second = {0};
    const CelReadOptions options = {.spectrum = 2};
    g_assert_true(cel_reader_load_bytes(bytes, "o.nxs", NULL, NULL, &first, NULL));
    g_assert_true(cel_reader_load_bytes(bytes, "o.nxs", &options, NULL, &second, NULL));
    holds(&first, X, Y, N);
    holds(&second, X, other, N);
    g_assert_cmpuint(first.n_spectra, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(first.titles, 1), ==, "entry_2");
    g_assert_nonnull(strstr(note(&first, "spectrum"), "no other was asked for"));
}

static void raw_frames_and_darks_are_kept(void)
{
    g_autoptr(CelMeasurement) m = cel_measurement_new(N, 2, 1);
    g_autoptr(CelSpectrum) a = small_spectrum();
    m->imported_axis = cel_axis_ref(cel_spectrum_axis(a));
    for (gsize i = 0; i < 2 * N; i++)
        m->frames[i] = (double)i;
    m->dark_frames[1] = 3.0;
    const CelWriteItem item = {.spectrum = a, .measurement = m};
    const CelWriteInput in = {&item, 1};
    g_assert_cmpuint(cel_writer_for("x.csv")->losses(&in), ==, CEL_LOSS_FRAMES);
    g_autoptr(GBytes) bytes = write_nxraman(&item, 1);
    g_auto(CelReadOut) out = {0};
    g_assert_true(cel_reader_load_bytes(bytes, "o.h5", NULL, NULL, &out, NULL));
    g_assert_cmpuint(out.measurement->n_frames, ==, 2);
    same(out.measurement->frames, m->frames, 2 * sizeof X);
    same(out.measurement->dark_frames, m->dark_frames, sizeof X);
}

int main(int argc, char **argv)
{
    cel_init();
    cel_jail_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nexus/plot", nexus_takes_signal_axis_unit_laser_and_kind);
    g_test_add_func("/nexus/default", nexus_begins_where_the_default_attributes_lead);
    g_test_add_func("/nexus/rows", nexus_reads_the_rows_of_a_table_and_falling_axes);
    g_test_add_func("/nexus/errors", nexus_takes_errors_as_variance_in_the_order_of_the_axis);
    g_test_add_func("/nexus/infrared", nexus_of_infrared_is_shown_and_not_loaded);
    g_test_add_func("/nexus/no-unit", nexus_without_a_unit_is_not_guessed_where_nm_is_possible);
    g_test_add_func("/nexus/no-plot", hdf5_without_a_plot_is_refused);
    g_test_add_func("/nexus/names", a_name_that_leads_nowhere_is_no_plot);
    g_test_add_func("/charisma/stages", charisma_reads_each_stage_and_stays_unvalidated);
    g_test_add_func("/nxraman/round-trip", nxraman_gives_back_variance_mask_and_marks);
    g_test_add_func("/nxraman/plot", nxraman_opens_with_a_plot);
    g_test_add_func("/nxraman/entries", entries_of_one_file_are_listed_and_read_one_by_one);
    g_test_add_func("/nxraman/frames", raw_frames_and_darks_are_kept);
    return g_test_run();
}
