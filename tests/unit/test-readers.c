/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-reader.h"
#include "formats/cel-writer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* The branches of each reader, at their limits; test-formats.c has the files as a whole. */

static char *folder; /* of this run's files */

static CelSpectrum *load(const char *name, const char *text, const CelReadOptions *options,
                         GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return cel_reader_load_spectrum(path, options, NULL, error);
}

static CelSpectrum *good(const char *text, const CelReadOptions *options)
{
    g_autoptr(GError) error = NULL;
    CelSpectrum *spectrum = load("good.txt", text, options, &error);
    g_assert_no_error(error);
    return spectrum;
}

static void refused(const char *text, const CelReadOptions *options, int code, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(load("bad.txt", text, options, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, part);
}

static void meta_is(const CelSpectrum *spectrum, const char *key, const char *value)
{
    g_assert_cmpstr(cel_spectrum_meta(spectrum, key), ==, value);
}

static double y_at(const CelSpectrum *spectrum, gsize i)
{
    return cel_spectrum_y(spectrum)[i];
}

static CelUnit unit_of(const CelSpectrum *spectrum)
{
    return cel_axis_unit(cel_spectrum_axis(spectrum));
}

/* ---- B&W Tek ---- */

#define BW_HEAD "File Version;BWSpec4.11_1\nmodel;BTC1\nlaser_wavelength;785\n"

static void bwtek_needs_its_laser_line_to_be_recognised(void)
{
    static const char columns[] = "Raman Shift;Raw data #1\n243.5;10\n245.1;20\n";
    g_autofree char *ours = g_strconcat(BW_HEAD, columns, NULL);
    g_autofree char *other = g_strconcat("File Version;BWSpec4.11_1\n", columns, NULL);
    g_autoptr(CelSpectrum) a = good(ours, NULL), b = good(other, NULL);
    meta_is(a, CEL_META_FORMAT, "bwtek");
    meta_is(b, CEL_META_FORMAT, "text");
}

static void bwtek_marks_only_full_pixels_as_saturated(void)
{
    g_autoptr(CelSpectrum) s =
        good(BW_HEAD "Raman Shift;Raw data #1\n243.5;65534\n245.1;65535\n246.2;1\n", NULL);
    const guint8 *mask = cel_spectrum_mask(s);
    g_assert_cmpint(mask[0], ==, 0);
    g_assert_cmpint(mask[1], ==, CEL_MASK_SATURATED);
    g_assert_cmpint(mask[2], ==, 0);
}

static void bwtek_without_a_count_of_frames_states_none(void)
{
    g_autoptr(CelSpectrum) s = good(BW_HEAD "Raman Shift;Raw data #1\n243.5;1\n245.1;2\n", NULL);
    g_assert_cmpstr(cel_spectrum_meta(s, CEL_META_FRAMES), !=, "0");
    meta_is(s, CEL_META_INSTRUMENT, "BTC1");
    g_assert_null(cel_spectrum_meta(s, "dark"));
}

/* ---- ENLIGHTEN ---- */

#define EN_HEAD "ENLIGHTEN Version,4.1.6\nLaser Wavelength,785.041\n"

static void enlighten_prefers_the_processed_column(void)
{
    g_autoptr(CelSpectrum) s = good(EN_HEAD "Pixel,Wavenumber,Processed,Raw,Dark\n"
                                            "0,200,5,100,10\n1,201,6,200,20\n",
                                    NULL);
    g_assert_cmpfloat(y_at(s, 0), ==, 5);
    g_assert_null(cel_spectrum_meta(s, "dark"));
    g_assert_null(cel_spectrum_meta(s, CEL_META_BASELINE));
}

static void enlighten_subtracts_the_dark_without_a_processed_column(void)
{
    g_autoptr(CelSpectrum) s =
        good(EN_HEAD "Pixel,Wavenumber,Raw,Dark\n0,200,100,10\n1,201,200,20\n2,202,7,9\n", NULL);
    g_assert_cmpfloat(y_at(s, 0), ==, 90);
    g_assert_cmpfloat(y_at(s, 1), ==, 180);
    g_assert_cmpfloat(y_at(s, 2), ==, -2);
    meta_is(s, "dark", "subtracted");
}

static void enlighten_notes_what_its_lines_say(void)
{
    g_autoptr(CelSpectrum) s =
        good(EN_HEAD "Label,PS 1\nScan Averaging,4\nIntegration Time,250\nTemperature,-9.5\n"
                     "Technique,Raman\nBaseline Correction Algo,\n"
                     "Pixel,Wavenumber,Processed\n0,200,5\n1,201,6\n",
             NULL);
    double value = 0;
    meta_is(s, CEL_META_TITLE, "PS 1");
    meta_is(s, CEL_META_FRAMES, "4");
    meta_is(s, CEL_META_LASER_NM, "785.041");
    g_assert_null(cel_spectrum_meta(s, CEL_META_BASELINE)); /* the line is there but empty */
    g_assert_true(cel_spectrum_meta_number(s, CEL_META_INTEGRATION_MS, &value));
    g_assert_cmpfloat(value, ==, 250);
    g_assert_true(cel_spectrum_meta_number(s, CEL_META_TEMPERATURE_C, &value));
    g_assert_cmpfloat(value, ==, -9.5);
}

static void enlighten_reads_the_shift_not_the_wavelength(void)
{
    g_autoptr(CelSpectrum) s =
        good(EN_HEAD "Pixel,Wavelength,Wavenumber,Processed\n0,800,238,5\n1,801,254,6\n", NULL);
    g_assert_cmpint(unit_of(s), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_cmpfloat(cel_spectrum_x(s)[0], ==, 238);
}

/* ---- RRUFF ---- */

static void rruff_believes_its_file_type_before_its_name(void)
{
    static const char raw[] = "##NAMES=A\n##FILETYPE=Raman RAW\n500, 1\n501, 2\n##END=\n";
    static const char done[] = "##NAMES=A\n##FILETYPE=Raman Processed\n500, 1\n501, 2\n##END=\n";
    g_autoptr(CelSpectrum) a = load("x_Processed.txt", raw, NULL, NULL);
    g_autoptr(CelSpectrum) b = load("x_RAW.txt", done, NULL, NULL);
    g_assert_null(cel_spectrum_meta(a, CEL_META_BASELINE));
    meta_is(b, CEL_META_BASELINE, "removed");
}

static void rruff_is_known_by_its_id_line_too(void)
{
    g_autoptr(CelSpectrum) s = good("##LOCALITY=X\n##RRUFFID=R1\n500, 1\n501, 2\n##END=\n", NULL);
    meta_is(s, CEL_META_FORMAT, "rruff");
    meta_is(s, CEL_META_TITLE, "? R1");
}

static void rruff_takes_its_laser_from_the_header(void)
{
    g_autoptr(CelSpectrum) s =
        good("##NAMES=A\n##RAMAN WAVELENGTH=780\n500, 1\n501, 2\n##END=\n", NULL);
    meta_is(s, CEL_META_LASER_NM, "780");
}

/* ---- columns ---- */

static void lasers_that_differ_are_none(void)
{
    g_autoptr(CelSpectrum) two =
        good("Laser: 532 nm\nExcitation: 785 nm\nRaman shift,I\n100,1\n200,2\n", NULL);
    g_autoptr(CelSpectrum) same =
        good("Laser: 785 nm\nExcitation: 784.5 nm\nRaman shift,I\n100,1\n200,2\n", NULL);
    g_assert_null(cel_spectrum_meta(two, CEL_META_LASER_NM));
    g_assert_nonnull(strstr(cel_spectrum_meta(two, "laser_in_file"), "different lasers"));
    meta_is(same, CEL_META_LASER_NM, "785");
}

static void the_persons_laser_settles_a_conflict(void)
{
    const CelReadOptions options = {.laser_nm = 633};
    g_autoptr(CelSpectrum) s =
        good("Laser: 532 nm\nExcitation: 785 nm\nRaman shift,I\n100,1\n200,2\n", &options);
    meta_is(s, CEL_META_LASER_NM, "633");
    meta_is(s, "laser_from", "given on import");
}

static void deviations_become_variances_and_marks_a_mask(void)
{
    g_autoptr(CelSpectrum) s = good("Raman shift (cm-1),intensity,standard deviation,mask\n"
                                    "100,1,3,0\n200,2,0,4\n300,5,0.5,300\n",
                                    NULL);
    g_assert_cmpfloat(cel_spectrum_variance(s)[0], ==, 9);
    g_assert_cmpfloat(cel_spectrum_variance(s)[2], ==, 0.25);
    g_assert_cmpint(cel_spectrum_mask(s)[1], ==, 4);
    g_assert_cmpint(cel_spectrum_mask(s)[2], ==, 255);
}

static void everything_is_reversed_together(void)
{
    g_autoptr(CelSpectrum) s = good("Raman shift (cm-1),intensity,standard deviation,mask\n"
                                    "300,5,1,0\n200,2,2,0\n100,1,3,8\n",
                                    NULL);
    g_assert_cmpfloat(cel_spectrum_x(s)[0], ==, 100);
    g_assert_cmpfloat(y_at(s, 0), ==, 1);
    g_assert_cmpfloat(cel_spectrum_variance(s)[0], ==, 9);
    g_assert_cmpint(cel_spectrum_mask(s)[0], ==, 8);
    g_assert_cmpint(cel_spectrum_mask(s)[2], ==, 0);
}

static void a_processed_column_wins_over_raw_without_dark(void)
{
    g_autoptr(CelSpectrum) s =
        good("Raman shift,Raw,Intensity,Processed\n100,1,2,3\n200,4,5,6\n", NULL);
    g_assert_cmpfloat(y_at(s, 0), ==, 3);
    const CelReadOptions first = {.column = 1};
    g_autoptr(CelSpectrum) raw =
        good("Raman shift,Raw,Intensity,Processed\n100,1,2,3\n200,4,5,6\n", &first);
    g_assert_cmpfloat(y_at(raw, 0), ==, 1);
}

static void absorbance_under_another_word_is_refused(void)
{
    refused("Wavenumber (cm-1),Baseline corrected absorbance\n400,1\n500,2\n", NULL,
            CEL_ERROR_INPUT, "infrared");
    refused("Wavenumber (cm-1),Raw absorbance\n400,1\n500,2\n", NULL, CEL_ERROR_INPUT, "infrared");
}

static void other_measurements_are_refused_by_what_they_say(void)
{
    static const char *const texts[] = {
        "m/z\tabundance\n100\t1\n200\t2\n",
        "ppm\tintensity\n2\t1\n3.5\t2\n",
        "2theta,counts\n5,1\n85,2\n",
        "化学位移（ppm）\t强度\n2\t1\n3.5\t2\n",
        "LIBS emission spectrum\nWavelength (nm)\tI\n200\t1\n800\t2\n",
        "光谱类型：荧光光谱\n波长(nm)\t强度\n400\t1\n800\t2\n",
        "Technique: NMR\nRaman shift\tI\n100\t1\n200\t2\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        refused(texts[i], NULL, CEL_ERROR_INPUT, "no Raman spectrum");
    refused("Wavelength (nm)\tAbs\n300\t1\n800\t2\n", NULL, CEL_ERROR_INPUT, "infrared");
    refused("Mode: ATR\ncm-1,A\n400,1\n4000,2\n", NULL, CEL_ERROR_INPUT, "infrared");
}

static void what_is_only_looked_at_is_never_written(void)
{
    static const char *const texts[] = {"Wavenumber,Absorbance\n400,1\n500,2\n",
                                        "m/z,abundance\n100,1\n500,2\n"};
    static const char *const endings[] = {"csv", "jdx", "spc", "h5"};
    const CelReadOptions any = {.any_kind = TRUE, .axis_unit = "cm-1"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts) * G_N_ELEMENTS(endings); i++) {
        g_autoptr(GError) error = NULL;
        const char *ending = endings[i % G_N_ELEMENTS(endings)];
        g_autofree char *path = g_strdup_printf("%s/foreign.%s", folder, ending);
        g_autoptr(CelSpectrum) s = good(texts[i / G_N_ELEMENTS(endings)], &any);
        const CelWriteItem item = {.spectrum = s};
        const CelWriteInput in = {&item, 1};
        g_assert_false(cel_writer_save(cel_writer_for(path), &in, path, TRUE, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    }
}

static void a_unit_that_is_none_of_ours_is_refused(void)
{
    static const char *const titles[] = {"Raman shift (eV)", "Shift (meV)", "Raman shift / THz",
                                         "Raman shift (m-1)"};
    for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
        g_autofree char *text = g_strconcat(titles[i], "\tI\n25\t1\n240\t2\n", NULL);
        refused(text, NULL, CEL_ERROR_UNIT, "a unit that is not read");
    }
    const CelReadOptions said = {.axis_unit = "cm-1"};
    g_autoptr(CelSpectrum) s = good("Raman shift (eV)\tI\n25\t1\n240\t2\n", &said);
    g_assert_cmpint(unit_of(s), ==, CEL_UNIT_SHIFT_CM1);
}

/* 100 rows of a position from @first on and the intensity @y. */
static char *rows_of(const char *title, double first, double step, const char *y)
{
    GString *text = g_string_new(title);
    for (int i = 0; i < 100; i++)
        g_string_append_printf(text, "%.3f\t%s\n", first + step * i, y);
    return g_string_free(text, FALSE);
}

static void an_axis_too_near_to_the_laser_is_refused(void)
{
    g_autofree char *thousands = rows_of("Raman shift\tI\n", 1.000, 0.002, "5");
    g_autofree char *coarse = rows_of("Raman shift\tI\n", -5, 0.1, "5");
    g_autofree char *far = rows_of("Raman shift\tI\n", 519, 0.002, "5");
    refused(thousands, NULL, CEL_ERROR_UNIT, "so near to its laser");
    g_autoptr(CelSpectrum) low = good(coarse, NULL);
    g_autoptr(CelSpectrum) line = good(far, NULL);
    g_assert_cmpuint(cel_spectrum_length(low), ==, 100);
    g_assert_cmpuint(cel_spectrum_length(line), ==, 100);
}

static void signs_between_thousands_are_not_read_as_decimal(void)
{
    const char *why = "stands between thousands";
    refused("Raman shift\tI\n100\t950\n200\t1,020\n", NULL, CEL_ERROR_INPUT, why);
    refused("Raman shift\tI\n100\t950\n200\t1.020\n", NULL, CEL_ERROR_INPUT, why);
    refused("\"Raman shift\",\"I\"\n\"100\",\"-950\"\n\"200\",\"-1,020\"\n", NULL, CEL_ERROR_INPUT,
            why);
    static const struct {
        const char *text;
        double last;
    } rows[] = {{"Raman shift\tI\n100\t950\n200\t1,02\n", 1.02},
                {"Raman shift\tI\n100\t950\n200\t0,125\n", 0.125},
                {"Raman shift\tI\n100\t0\n200\t1.125\n", 1.125},
                {"Raman shift\tI\n100\t1200\n150\t5\n200\t1.125\n", 1.125},
                {"Raman shift\tI\n100\t950\n150\t1.020\n200\t1234.125\n", 1234.125},
                {"Raman shift\tI\n100\t950.500\n200\t1.020\n", 1.02}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(CelSpectrum) s = good(rows[i].text, NULL);
        g_assert_cmpfloat(y_at(s, cel_spectrum_length(s) - 1), ==, rows[i].last);
    }
}

static void a_blank_within_a_cell_parts_no_columns(void)
{
    refused("Raman shift\tI\n100\t30 067\n200\t30 118\n", NULL, CEL_ERROR_INPUT,
            "no columns of numbers");
}

static void a_colon_of_any_make_parts_key_and_value(void)
{
    static const char *const lines[] = {"激光波长：785 nm", "激光波长:785nm",
                                        "Laser wavelength:785", "Laser wavelength: 785"};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *text = g_strconcat(lines[i], "\nRaman shift\tI\n100\t1\n200\t2\n", NULL);
        g_autoptr(CelSpectrum) s = good(text, NULL);
        meta_is(s, CEL_META_LASER_NM, "785");
    }
    g_autoptr(CelSpectrum) s =
        good("12:30:05\nC:\\data\\x.txt\nRaman shift\tI\n100\t1\n200\t2\n", NULL);
    meta_is(s, "file.line 1", "12:30:05");
    meta_is(s, "file.line 2", "C:\\data\\x.txt");
}

static void the_first_of_several_intensities_is_taken_with_a_warning(void)
{
    static const char text[] = "Raman shift,A1,A2\n100,1,2\n200,3,4\n";
    const CelReadOptions second = {.column = 2};
    for (int asked = 0; asked < 2; asked++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(text, sizeof text - 1);
        g_auto(CelReadOut) out = {0};
        g_assert_true(
            cel_reader_load_bytes(bytes, "a.csv", asked ? &second : NULL, NULL, &out, NULL));
        g_assert_cmpuint(out.warnings != NULL ? out.warnings->len : 0, ==, asked ? 0 : 1);
    }
}

static void header_lines_keep_their_values_under_their_own_keys(void)
{
    g_autoptr(CelSpectrum) s = good("# Operator: Wang\n# Model: X1\n# Acq. time (s): 2,5\n"
                                    "# Operator: Li\nRaman shift;I\n100,5;1,5\n200,5;2,5\n",
                                    NULL);
    double ms = 0;
    meta_is(s, "file.Operator", "Wang");
    meta_is(s, "file.Operator line 4", "Li");
    meta_is(s, CEL_META_INSTRUMENT, "X1");
    g_assert_true(cel_spectrum_meta_number(s, CEL_META_INTEGRATION_MS, &ms));
    g_assert_cmpfloat(ms, ==, 2500);
}

/* ---- units ---- */

static void wavelengths_end_at_180_and_2800_nm(void)
{
    g_autoptr(CelSpectrum) low = good("nm\tcounts\n180\t1\n181\t2\n", NULL);
    g_autoptr(CelSpectrum) high = good("nm\tcounts\n2700\t1\n2800\t2\n", NULL);
    g_assert_cmpint(unit_of(low), ==, CEL_UNIT_NM_UNSTATED);
    g_assert_cmpint(unit_of(high), ==, CEL_UNIT_NM_UNSTATED);
    refused("nm\tcounts\n179.9\t1\n181\t2\n", NULL, CEL_ERROR_UNIT, "no wavelengths");
    refused("nm\tcounts\n2700\t1\n2800.1\t2\n", NULL, CEL_ERROR_UNIT, "no wavelengths");
}

static void shifts_end_at_6000_on_either_side(void)
{
    g_autoptr(CelSpectrum) edge = good("Raman shift\tI\n-6000\t1\n6000\t2\n", NULL);
    g_assert_cmpfloat(cel_spectrum_x(edge)[1], ==, 6000);
    refused("Raman shift\tI\n100\t1\n6000.1\t2\n", NULL, CEL_ERROR_UNIT, "absolute");
    refused("Raman shift\tI\n-6000.1\t1\n100\t2\n", NULL, CEL_ERROR_UNIT, "absolute");
}

static void an_unstated_unit_is_guessed_only_where_one_is_possible(void)
{
    /* 1e7/500 - 1e7/x: 7000 at 769.23 */
    refused("500\t1\n769.2\t2\n", NULL, CEL_ERROR_UNIT, "nothing in the file says");
    g_autoptr(CelSpectrum) wide = good("500\t1\n769.3\t2\n", NULL);
    g_autoptr(CelSpectrum) below = good("179\t1\n300\t2\n", NULL);
    meta_is(wide, "axis_unit", "guessed cm-1");
    g_assert_cmpint(unit_of(below), ==, CEL_UNIT_SHIFT_CM1);
}

static void numbers_that_count_up_may_be_pixels(void)
{
    refused("1\t5\n2\t6\n3\t7\n", NULL, CEL_ERROR_UNIT, "pixel");
    g_autoptr(CelSpectrum) from_two = good("2\t5\n3\t6\n4\t7\n", NULL);
    g_autoptr(CelSpectrum) gap = good("0\t5\n1\t6\n3\t7\n", NULL);
    g_assert_cmpint(unit_of(from_two), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_cmpint(unit_of(gap), ==, CEL_UNIT_SHIFT_CM1);
}

static void the_medium_is_read_from_title_or_header(void)
{
    static const struct {
        const char *text;
        CelUnit unit;
    } rows[] = {
        {"wavelength in air (nm),I\n500,1\n600,2\n", CEL_UNIT_NM_AIR},
        {"wavelength, vacuum (nm);I\n500;1\n600;2\n", CEL_UNIT_NM_VACUUM},
        {"波长(真空)nm\tI\n500\t1\n600\t2\n", CEL_UNIT_NM_VACUUM},
        {"wavelength (nm),I\n500,1\n600,2\n", CEL_UNIT_NM_UNSTATED},
        {"XUNITS=nm in air\nwavelength (nm),I\n500,1\n600,2\n", CEL_UNIT_NM_AIR},
        {"AxisUnit: nm_vacuum\na,b\n500,1\n600,2\n", CEL_UNIT_NM_VACUUM},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].text);
        g_autoptr(CelSpectrum) s = good(rows[i].text, NULL);
        g_assert_cmpint(unit_of(s), ==, rows[i].unit);
    }
}

static void one_column_is_read_as_pixels_only_when_asked_for(void)
{
    const CelReadOptions pixel = {.axis_unit = "pixel"}, shift = {.axis_unit = "cm-1"};
    g_autoptr(CelSpectrum) s = good("5.5\n6.5\n7.5\n", &pixel);
    g_assert_cmpint(unit_of(s), ==, CEL_UNIT_PIXEL);
    g_assert_cmpfloat(y_at(s, 2), ==, 7.5);
    refused("5.5\n6.5\n7.5\n", &shift, CEL_ERROR_INPUT, "one column only");
}

/* ---- writing ---- */

static char *written(const CelSpectrum *spectrum)
{
    g_autofree char *path = g_build_filename(folder, "out.csv", NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    cel_spectrum_write_csv(spectrum, path, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static CelSpectrum *two_points(CelUnit unit)
{
    static const double x[] = {400, 500.25}, y[] = {-1.5, 1e-7};
    g_autoptr(CelAxis) axis = cel_axis_new(unit, x, 2, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

static void csv_has_the_columns_it_needs_and_no_more(void)
{
    static const double variance[] = {4, 0.25};
    static const guint8 none[] = {0, 0}, some[] = {0, 8};
    g_autoptr(CelSpectrum) s = two_points(CEL_UNIT_SHIFT_CM1);
    g_autofree char *plain = written(s);
    g_assert_cmpstr(plain, ==,
                    "# Celadon spectrum 1\n# unit: cm-1\nRaman shift (cm-1),intensity\n"
                    "400,-1.5\n500.25,1e-07\n");
    cel_spectrum_set_mask(s, none);
    g_autofree char *unmarked = written(s);
    g_assert_cmpstr(unmarked, ==, plain);
    cel_spectrum_set_variance(s, variance, NULL);
    cel_spectrum_set_mask(s, some);
    g_autofree char *full = written(s);
    g_assert_true(g_str_has_suffix(full, "Raman shift (cm-1),intensity,standard deviation,mask\n"
                                         "400,-1.5,2,0\n500.25,1e-07,0.5,8\n"));
}

static void csv_names_each_unit(void)
{
    static const char *const titles[CEL_N_UNITS] = {
        [CEL_UNIT_NM_AIR] = "\nwavelength in air (nm),",
        [CEL_UNIT_NM_VACUUM] = "\nwavelength in vacuum (nm),",
        [CEL_UNIT_NM_UNSTATED] = "\nwavelength (nm),",
        [CEL_UNIT_SHIFT_CM1] = "\nRaman shift (cm-1),",
    };
    for (guint u = 0; u < CEL_N_UNITS; u++) {
        if (titles[u] == NULL)
            continue;
        g_autoptr(CelSpectrum) s = two_points((CelUnit)u);
        g_autofree char *text = written(s);
        g_assert_nonnull(strstr(text, titles[u]));
    }
}

static void csv_of_simulated_data_says_so_in_its_second_line(void)
{
    g_autoptr(CelSpectrum) s = two_points(CEL_UNIT_SHIFT_CM1);
    cel_spectrum_mark_simulated(s);
    g_autofree char *text = written(s);
    g_assert_true(g_str_has_prefix(text, "# Celadon spectrum 1\n# simulated: yes\n"));
}

static void csv_metadata_cannot_forge_a_line(void)
{
    g_autoptr(CelSpectrum) s = two_points(CEL_UNIT_SHIFT_CM1);
    cel_spectrum_set_meta(s, "a", "x\n999,1");
    cel_spectrum_set_meta(s, "unit", "nm_air");
    g_autofree char *text = written(s);
    g_assert_null(strstr(text, "\n999,1"));
    g_assert_nonnull(strstr(text, "# a: x%0A999,1\n"));
    g_assert_null(strstr(text, "nm_air"));
}

#define ADD(test) g_test_add_func("/readers/" #test, test)

static void add_readers(void)
{
    ADD(bwtek_needs_its_laser_line_to_be_recognised);
    ADD(bwtek_marks_only_full_pixels_as_saturated);
    ADD(bwtek_without_a_count_of_frames_states_none);
    ADD(enlighten_prefers_the_processed_column);
    ADD(enlighten_subtracts_the_dark_without_a_processed_column);
    ADD(enlighten_notes_what_its_lines_say);
    ADD(enlighten_reads_the_shift_not_the_wavelength);
    ADD(rruff_believes_its_file_type_before_its_name);
    ADD(rruff_is_known_by_its_id_line_too);
    ADD(rruff_takes_its_laser_from_the_header);
    ADD(lasers_that_differ_are_none);
    ADD(the_persons_laser_settles_a_conflict);
    ADD(deviations_become_variances_and_marks_a_mask);
    ADD(everything_is_reversed_together);
    ADD(a_processed_column_wins_over_raw_without_dark);
    ADD(absorbance_under_another_word_is_refused);
    ADD(other_measurements_are_refused_by_what_they_say);
    ADD(what_is_only_looked_at_is_never_written);
    ADD(a_unit_that_is_none_of_ours_is_refused);
    ADD(an_axis_too_near_to_the_laser_is_refused);
    ADD(signs_between_thousands_are_not_read_as_decimal);
    ADD(a_blank_within_a_cell_parts_no_columns);
    ADD(a_colon_of_any_make_parts_key_and_value);
    ADD(the_first_of_several_intensities_is_taken_with_a_warning);
    ADD(header_lines_keep_their_values_under_their_own_keys);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    folder = g_dir_make_tmp("celadon-readers-XXXXXX", NULL);
    add_readers();
    ADD(wavelengths_end_at_180_and_2800_nm);
    ADD(shifts_end_at_6000_on_either_side);
    ADD(an_unstated_unit_is_guessed_only_where_one_is_possible);
    ADD(numbers_that_count_up_may_be_pixels);
    ADD(the_medium_is_read_from_title_or_header);
    ADD(one_column_is_read_as_pixels_only_when_asked_for);
    ADD(csv_has_the_columns_it_needs_and_no_more);
    ADD(csv_names_each_unit);
    ADD(csv_of_simulated_data_says_so_in_its_second_line);
    ADD(csv_metadata_cannot_forge_a_line);
    const int status = g_test_run();
    static const char *const names[] = {"good.txt", "bad.txt", "x_Processed.txt", "x_RAW.txt",
                                        "out.csv"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
    return status;
}
