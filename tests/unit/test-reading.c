/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remove-folder.h"

#include "base/cel-error.h"
#include "formats/cel-preview.h"
#include "formats/cel-read-out.h"
#include "formats/cel-reader-pack.h"
#include "formats/cel-writer.h"
#include "jail/cel-jail.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* What every reader shares: how it says what it found, how that leaves the jail, what a preview and
 * a writer make of it. */

static const double X[] = {100.0, 200.5, 301.0, 402.0}, Y[] = {1.0, 5.0, 2.0, 1.5};
enum { N = G_N_ELEMENTS(X), CAPACITY = 1 << 20 };

static const CelReadOptions no_options = {0};

static CelReadInput input(const CelReadOptions *options)
{
    return (CelReadInput){.name = "made.bin", .options = options != NULL ? options : &no_options};
}

static CelReadPoints points(void)
{
    return (CelReadPoints){.unit = CEL_UNIT_SHIFT_CM1, .x = X, .y = Y, .n = N};
}

static const char *note(const CelReadOut *out, const char *key)
{
    return g_tree_lookup(out->measurement->notes, key);
}

static void finish_fails(const CelReadPoints *p, const CelReadOptions *options, int code,
                         const char *part)
{
    g_autoptr(GError) error = NULL;
    g_auto(CelReadOut) out = {0};
    const CelReadInput in = input(options);
    g_assert_false(cel_read_finish(&in, p, &out, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, part);
}

/* ---- numbers to a measurement ---- */

static void bad_numbers_are_named_by_their_point(void)
{
    const double nan_y[] = {1.0, 2.0, (double)NAN, 4.0}, turns[] = {1.0, 2.0, 1.5, 3.0};
    CelReadPoints p = points();
    p.y = nan_y;
    finish_fails(&p, NULL, CEL_ERROR_INPUT, "point 3 holds no number");
    p = points();
    p.x = turns;
    finish_fails(&p, NULL, CEL_ERROR_INPUT, "turns at point 3");
    p = points();
    p.n = 1;
    finish_fails(&p, NULL, CEL_ERROR_INPUT, "this one has 1");
}

static void a_unit_is_checked_against_the_numbers(void)
{
    const double far[] = {100.0, 200.0, 300.0, 9000.0};
    CelReadPoints p = points();
    p.x = far;
    finish_fails(&p, NULL, CEL_ERROR_UNIT, "no Raman shifts");
    p = points();
    p.absolute = TRUE;
    finish_fails(&p, NULL, CEL_ERROR_UNIT, "absolute wavenumbers");
    finish_fails(&p, &(CelReadOptions){.axis_unit = "furlong"}, CEL_ERROR_USAGE, "furlong");
    finish_fails(&p, &(CelReadOptions){.column = 2}, CEL_ERROR_USAGE, "no columns");
}

static void the_person_overrules_the_file_and_that_is_noted(void)
{
    const CelReadOptions options = {.axis_unit = "pixel", .laser_nm = 532.0};
    const CelReadInput in = input(&options);
    CelReadPoints p = points();
    g_auto(CelReadOut) out = {0};
    p.laser_nm = 785.0;
    g_assert_true(cel_read_finish(&in, &p, &out, NULL));
    g_assert_cmpstr(note(&out, "axis_unit"), ==, "given on import: pixel (the file says \"cm-1\")");
    g_assert_cmpstr(note(&out, "laser_in_file"), ==, "785");
    g_assert_cmpfloat(out.measurement->calibration.laser_nm, ==, 532.0);
}

static void a_header_line_cannot_set_what_the_engine_says(void)
{
    const CelReadInput in = input(NULL);
    const CelReadPoints p = points();
    g_auto(CelReadOut) out = {0};
    const CelReadHeader lines[] = {{.key = CEL_META_AXIS_CHECK, .value = "ok"},
                                   {.key = "a\xff", .value = "b\xfe"},
                                   {.key = "Exposure (ms)", .value = "12,5", .decimal = ','}};
    g_assert_true(cel_read_finish(&in, &p, &out, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        cel_read_header(out.measurement, &lines[i]);
    g_assert_null(note(&out, CEL_META_AXIS_CHECK));
    g_assert_cmpstr(note(&out, "file." CEL_META_AXIS_CHECK), ==, "ok");
    g_assert_cmpstr(note(&out, "file.a\xef\xbf\xbd"), ==, "b\xef\xbf\xbd");
    g_assert_cmpfloat(out.measurement->integration_ms, ==, 12.5);
}

static void more_warnings_than_the_limit_are_dropped(void)
{
    g_auto(CelReadOut) out = {0};
    for (guint i = 0; i < 2 * CEL_READER_MAX_WARNINGS; i++)
        cel_read_warn(&out, CEL_PLACE_BYTE, i, "odd %u", i);
    g_assert_cmpuint(out.warnings->len, ==, CEL_READER_MAX_WARNINGS);
    const CelReadWarning *last = g_ptr_array_index(out.warnings, CEL_READER_MAX_WARNINGS - 1);
    g_assert_cmpstr(last->text, ==, "odd 99");
    g_assert_cmpuint(last->at, ==, 99);
}

static void other_kinds_are_refused_unless_they_are_only_looked_at(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(GError) error = NULL;
    const CelReadOptions any = {.any_kind = TRUE};
    const CelReadInput strict = input(NULL), loose = input(&any);
    g_assert_false(cel_read_set_kind(&strict, &out, CEL_KIND_OTHER, "MASS SPECTRUM", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "MASS SPECTRUM"));
    g_assert_true(cel_read_set_kind(&loose, &out, CEL_KIND_OTHER, "MASS SPECTRUM", NULL));
    g_assert_cmpstr(out.kind_text, ==, "MASS SPECTRUM");
    g_assert_true(cel_read_set_kind(&strict, &out, CEL_KIND_RAMAN, NULL, NULL));
}

static void a_spectrum_that_is_not_there_is_a_wrong_call(void)
{
    const CelReadOptions third = {.spectrum = 3};
    const CelReadInput in = input(&third), first = input(NULL);
    g_auto(CelReadOut) out = {0};
    guint index = 9;
    g_autoptr(GError) usage = NULL;
    g_autoptr(GError) none = NULL;
    g_autoptr(GError) many = NULL;
    g_assert_false(cel_read_choose(&in, &out, 2, &index, &usage));
    g_assert_error(usage, CEL_ERROR, CEL_ERROR_USAGE);
    g_assert_false(cel_read_choose(&first, &out, 0, &index, &none));
    g_assert_error(none, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_false(cel_read_choose(&first, &out, G_MAXUINT64, &index, &many));
    g_assert_error(many, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_true(cel_read_choose(&in, &out, 3, &index, NULL));
    g_assert_cmpuint(index, ==, 2);
}

/* ---- out of the jail ---- */

static void make_out(CelReadOut *out)
{
    const CelReadInput in = input(NULL);
    const CelReadPoints p = points();
    const double variance[] = {1.0, 4.0, 9.0, 0.25};
    const guint8 mask[] = {0, 1, 0, 2};
    g_assert_true(cel_read_finish(&in, &p, out, NULL));
    out->variance = g_memdup2(variance, sizeof variance);
    out->mask = g_memdup2(mask, sizeof mask);
    out->kind = CEL_KIND_RAMAN;
    out->kind_text = g_strdup("拉曼");
    out->n_spectra = 5;
    out->spectrum = 2;
    cel_read_add_title(out, "one");
    cel_read_warn(out, CEL_PLACE_LINE, 7, "odd");
    g_strlcpy(out->measurement->instrument.model, "M", sizeof out->measurement->instrument.model);
    out->measurement->integration_ms = 12.5;
}

static void what_is_packed_comes_out_equal(void)
{
    g_auto(CelReadOut) a = {0}, b = {0};
    guint reader = 0;
    make_out(&a);
    g_autofree guint8 *block = g_malloc0(CAPACITY);
    const gsize used = cel_read_pack(block, CAPACITY, &a, 1, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new(block, used);
    g_assert_true(cel_read_unpack(bytes, "x", &b, &reader, NULL));
    g_assert_cmpuint(reader, ==, 1);
    g_assert_cmpuint(b.measurement->n_pixels, ==, N);
    g_assert_true(memcmp(b.measurement->frames, Y, sizeof Y) == 0);
    g_assert_true(cel_axis_equal(a.measurement->imported_axis, b.measurement->imported_axis));
    g_assert_true(memcmp(a.variance, b.variance, sizeof X) == 0);
    g_assert_true(memcmp(a.mask, b.mask, N) == 0);
    g_assert_cmpstr(b.kind_text, ==, "拉曼");
    g_assert_cmpuint(b.n_spectra, ==, 5);
    g_assert_cmpstr(g_ptr_array_index(b.titles, 0), ==, "one");
    const CelReadWarning *warning = g_ptr_array_index(b.warnings, 0);
    g_assert_cmpuint(warning->at, ==, 7);
    g_assert_cmpstr(b.measurement->instrument.model, ==, "M");
    g_assert_cmpfloat(b.measurement->integration_ms, ==, 12.5);
    g_assert_cmpint(g_tree_nnodes(b.measurement->notes), ==, g_tree_nnodes(a.measurement->notes));
}

static void a_calibration_comes_through_the_jail_whole(void)
{
    g_auto(CelReadOut) a = {0}, b = {0};
    g_autofree guint8 *block = g_malloc0(CAPACITY);
    guint reader = 0;
    make_out(&a);
    const CelCalibration sent = {.id = "cal",
                                 .serial = "S",
                                 .medium = CEL_UNIT_NM_AIR,
                                 .n_coefficients = 2,
                                 .coefficients = {790.0, 0.25},
                                 .covariance = {{1e-4, -1e-7}, {-1e-7, 1e-9}},
                                 .laser_nm = 785.0,
                                 .u_laser_nm = 0.01,
                                 .n_knots = 2,
                                 .knot_cm1 = {300.0, 900.0},
                                 .correction_cm1 = {0.5, -0.5},
                                 .u_correction_cm1 = {0.1, 0.2},
                                 .supported_cm1 = {300.0, 900.0},
                                 .u_axis_cm1 = 0.25,
                                 .made_wall_us = 5,
                                 .valid_until_wall_us = 7,
                                 .object_sha256 = "00ff"};
    a.measurement->calibration = sent;
    g_autoptr(GBytes) bytes = g_bytes_new(block, cel_read_pack(block, CAPACITY, &a, 1, NULL));
    g_assert_true(cel_read_unpack(bytes, "x", &b, &reader, NULL));
    g_assert_true(memcmp(&b.measurement->calibration, &sent, sizeof sent) == 0);
}

static void a_calibration_with_a_number_that_is_none_is_refused(void)
{
    g_auto(CelReadOut) a = {0}, b = {0};
    g_autofree guint8 *block = g_malloc0(CAPACITY);
    guint reader = 0;
    make_out(&a);
    a.measurement->calibration.n_knots = 1;
    a.measurement->calibration.correction_cm1[0] = NAN;
    g_autoptr(GBytes) bytes = g_bytes_new(block, cel_read_pack(block, CAPACITY, &a, 1, NULL));
    g_assert_false(cel_read_unpack(bytes, "x", &b, &reader, NULL));
}

static void an_error_comes_out_with_its_code_and_text(void)
{
    g_auto(CelReadOut) none = {0}, out = {0};
    guint8 block[256];
    guint reader = 0;
    g_autoptr(GError) in = g_error_new(CEL_ERROR, CEL_ERROR_UNIT, "which unit");
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(block, cel_read_pack(block, sizeof block, &none, 0, in));
    g_assert_false(cel_read_unpack(bytes, "x", &out, &reader, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
    g_assert_cmpstr(error->message, ==, "which unit");
}

static void what_does_not_fit_is_a_refusal(void)
{
    g_auto(CelReadOut) a = {0}, b = {0};
    guint8 block[700];
    guint reader = 0;
    g_autoptr(GError) error = NULL;
    make_out(&a);
    g_autoptr(GBytes) bytes = g_bytes_new(block, cel_read_pack(block, sizeof block, &a, 1, NULL));
    g_assert_false(cel_read_unpack(bytes, "x", &b, &reader, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

/* A child that was taken over can hand back anything. */
static void a_forged_result_is_refused_or_sound(void)
{
    enum { TRIALS = 20000 };
    g_auto(CelReadOut) a = {0};
    g_autofree guint8 *block = g_malloc0(CAPACITY);
    make_out(&a);
    const gsize size = cel_read_pack(block, CAPACITY, &a, 1, NULL);
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    guint refused = 0;
    for (guint i = 0; i < TRIALS; i++) {
        guint8 *forged = g_memdup2(block, size);
        for (gint32 k = g_rand_int_range(random, 1, 4); k > 0; k--)
            forged[g_rand_int_range(random, 0, (gint32)size)] =
                g_rand_boolean(random) ? (guint8)g_rand_int(random) : 0xff;
        g_autoptr(GBytes) bytes = g_bytes_new_take(
            forged, i % 8 == 0 ? (gsize)g_rand_int_range(random, 0, (gint32)size) : size);
        g_auto(CelReadOut) out = {0};
        g_autoptr(GError) error = NULL;
        guint reader = 0;
        if (!cel_read_unpack(bytes, "forged", &out, &reader, &error)) {
            g_assert_true(error->domain == CEL_ERROR);
            refused++;
            continue;
        }
        for (gsize p = 0; p < out.measurement->n_pixels; p++)
            g_assert_true(isfinite(out.measurement->frames[p]));
        g_assert_true(g_utf8_validate(out.measurement->instrument.model, -1, NULL));
    }
    g_assert_cmpuint(refused, >, TRIALS / 4);
    g_assert_cmpuint(refused, <, TRIALS);
}

/* ---- preview and writers ---- */

static char *folder;

static char *write_file(const char *name, const char *text)
{
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void a_preview_holds_what_a_person_must_know(void)
{
    g_autofree char *path =
        write_file("p.csv", "Laser Wavelength,785 nm\nRaman shift cm-1,Counts\n100,1\n200,5\n");
    g_autoptr(CelPreview) p = cel_reader_preview(path, NULL, NULL, NULL);
    g_assert_cmpstr(p->out.reader->id, ==, "text");
    g_assert_cmpstr(p->axis_unit, ==, "cm-1");
    g_assert_true(p->unit_known && cel_preview_validated(p));
    g_assert_cmpuint(p->n_points, ==, 2);
    g_assert_cmpfloat(p->y[1], ==, 5.0);
    g_assert_cmpfloat(p->laser_nm, ==, 785.0);
    g_assert_cmpuint(strlen(p->sha256), ==, 64);
    g_assert_null(p->out.warnings);
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_preview_json(p, 5, json);
    cel_json_close(json);
    g_autofree char *text = cel_json_finish(json);
    g_assert_nonnull(strstr(text, "\"rows\":[[100,1],[200,5]]"));
}

static void a_preview_of_an_unknown_unit_warns_instead(void)
{
    g_autofree char *path = write_file("u.txt", "800.5 1\n850 2\n900 3\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(CelPreview) p = cel_reader_preview(path, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_false(p->unit_known);
    g_assert_cmpfloat(p->x[0], ==, 800.5);
    const CelReadWarning *warning = g_ptr_array_index(p->out.warnings, 0);
    g_assert_nonnull(strstr(warning->text, "--axis-unit"));
}

static void a_preview_of_no_spectrum_is_an_error(void)
{
    g_autofree char *path = write_file("n.txt", "nothing\n");
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_reader_preview(path, NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static CelSpectrum *small_spectrum(void)
{
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, X, N, NULL);
    return cel_spectrum_new(axis, Y, NULL);
}

static guint lose(const CelWriteInput *in)
{
    (void)in;
    return CEL_LOSS_MASK | CEL_LOSS_AXIS;
}

static guint lose_nothing(const CelWriteInput *in)
{
    (void)in;
    return 0;
}

/* Writes another intensity than it was given. */
static GBytes *write_wrongly(const CelWriteInput *in, GError **error)
{
    (void)in;
    (void)error;
    static const char text[] = "Raman shift cm-1,I\n100,1\n200.5,5\n301,2\n402,99\n";
    return g_bytes_new_static(text, sizeof text - 1);
}

static void a_loss_is_refused_with_everything_that_would_be_lost(void)
{
    static const char *const endings[] = {"x", NULL};
    const CelWriter writer = {.id = "x",
                              .title = "X",
                              .endings = endings,
                              .max_spectra = 1,
                              .losses = lose,
                              .write = write_wrongly};
    g_autoptr(CelSpectrum) spectrum = small_spectrum();
    const CelWriteItem item = {.spectrum = spectrum};
    const CelWriteInput in = {&item, 1};
    g_autofree char *path = g_build_filename(folder, "lost.x", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_writer_save(&writer, &in, path, FALSE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_nonnull(strstr(error->message, cel_loss_text(CEL_LOSS_MASK)));
    g_assert_nonnull(strstr(error->message, cel_loss_text(CEL_LOSS_AXIS)));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void what_does_not_read_back_equal_is_not_written(void)
{
    static const char *const endings[] = {"x", NULL};
    const CelWriter writer = {.id = "x",
                              .title = "X",
                              .endings = endings,
                              .max_spectra = 1,
                              .losses = lose_nothing,
                              .write = write_wrongly};
    g_autoptr(CelSpectrum) spectrum = small_spectrum();
    const CelWriteItem item = {.spectrum = spectrum};
    const CelWriteInput in = {&item, 1};
    g_autofree char *path = g_build_filename(folder, "wrong.x", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_writer_save(&writer, &in, path, TRUE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* Random spectra, extremes among them: each writer gives back what it promises. */
static void every_writer_keeps_its_precision(void)
{
    enum { TRIALS = 12, POINTS = 200 };
    gsize n = 0;
    const CelWriter *const *writers = cel_writers(&n);
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    for (guint trial = 0; trial < TRIALS; trial++) {
        double x[POINTS], y[POINTS];
        const double scale = pow(10.0, trial - 4.0);
        for (gsize i = 0; i < POINTS; i++) {
            x[i] = -100.0 + (double)i * 20.0 + (trial % 2) * g_rand_double(random);
            y[i] = scale * g_rand_double_range(random, -1.0, 1.0);
        }
        g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, POINTS, NULL);
        g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
        cel_spectrum_set_meta(spectrum, CEL_META_TITLE, "检材 100% = \"a\"\nb");
        cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, 785.0);
        const CelWriteItem item = {.spectrum = spectrum};
        const CelWriteInput in = {&item, 1};
        for (gsize w = 0; w < n; w++) {
            g_autofree char *name = g_strconcat("t.", writers[w]->endings[0], NULL);
            g_autofree char *path = g_build_filename(folder, name, NULL);
            g_autoptr(GError) error = NULL;
            cel_writer_save(writers[w], &in, path, TRUE, &error);
            g_assert_no_error(error);
        }
    }
}

static void readers_and_writers_have_unique_names(void)
{
    gsize n = 0, n_writers = 0;
    const CelReader *const *readers = cel_readers(&n);
    const CelWriter *const *writers = cel_writers(&n_writers);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize i = 0; i < n; i++) {
        g_assert_true(g_hash_table_add(seen, (gpointer)(guintptr)readers[i]->id));
        g_assert_cmpuint(strlen(readers[i]->validated_on), >, 0);
    }
    for (gsize i = 0; i < n_writers; i++) {
        g_autofree char *name = g_strconcat("A.", writers[i]->endings[0], NULL);
        g_assert_true(cel_writer_for(name) == writers[i]);
    }
    g_assert_null(cel_writer_for("a.unknown"));
}

int main(int argc, char **argv)
{
    cel_init();
    cel_jail_start();
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("celadon-reading-XXXXXX", NULL);
    g_test_add_func("/reading/bad-numbers", bad_numbers_are_named_by_their_point);
    g_test_add_func("/reading/unit", a_unit_is_checked_against_the_numbers);
    g_test_add_func("/reading/overruled", the_person_overrules_the_file_and_that_is_noted);
    g_test_add_func("/reading/header", a_header_line_cannot_set_what_the_engine_says);
    g_test_add_func("/reading/warnings", more_warnings_than_the_limit_are_dropped);
    g_test_add_func("/reading/kind", other_kinds_are_refused_unless_they_are_only_looked_at);
    g_test_add_func("/reading/choose", a_spectrum_that_is_not_there_is_a_wrong_call);
    g_test_add_func("/reading/pack", what_is_packed_comes_out_equal);
    g_test_add_func("/reading/pack-error", an_error_comes_out_with_its_code_and_text);
    g_test_add_func("/pack/calibration", a_calibration_comes_through_the_jail_whole);
    g_test_add_func("/pack/calibration-nan", a_calibration_with_a_number_that_is_none_is_refused);
    g_test_add_func("/reading/pack-full", what_does_not_fit_is_a_refusal);
    g_test_add_func("/reading/forged", a_forged_result_is_refused_or_sound);
    g_test_add_func("/preview/all", a_preview_holds_what_a_person_must_know);
    g_test_add_func("/preview/unit", a_preview_of_an_unknown_unit_warns_instead);
    g_test_add_func("/preview/error", a_preview_of_no_spectrum_is_an_error);
    g_test_add_func("/writing/loss", a_loss_is_refused_with_everything_that_would_be_lost);
    g_test_add_func("/writing/read-back", what_does_not_read_back_equal_is_not_written);
    g_test_add_func("/writing/precision", every_writer_keeps_its_precision);
    g_test_add_func("/writing/names", readers_and_writers_have_unique_names);
    const int status = g_test_run();
    remove_folder(folder);
    g_free(folder);
    return status;
}
