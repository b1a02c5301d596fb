/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remove-folder.h"

#include "base/cel-error.h"
#include "base/cel-number.h"
#include "formats/cel-reader.h"
#include "formats/cel-writer.h"
#include "formats/cel-text.h"
#include "h5/cel-nxraman.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *folder; /* of this run's files */

static char *put(const char *name, const void *data, gsize n)
{
    char *path = g_build_filename(folder, name, NULL);
    GError *error = NULL;
    g_file_set_contents(path, data, (gssize)n, &error);
    g_assert_no_error(error);
    return path;
}

static CelSpectrum *load(const char *name, const char *text, const CelReadOptions *options,
                         GError **error)
{
    g_autofree char *path = put(name, text, strlen(text));
    return cel_reader_load_spectrum(path, options, NULL, error);
}

static CelSpectrum *load_good(const char *text, const CelReadOptions *options)
{
    GError *error = NULL;
    CelSpectrum *spectrum = load("good.txt", text, options, &error);
    g_assert_no_error(error);
    return spectrum;
}

static void assert_contains(const char *text, const char *part)
{
    if (text == NULL || strstr(text, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", text, part);
}

static CelUnit unit_of(const CelSpectrum *spectrum)
{
    return cel_axis_unit(cel_spectrum_axis(spectrum));
}

static void assert_points(const CelSpectrum *spectrum, gsize n, const double *x, const double *y)
{
    g_assert_cmpuint(cel_spectrum_length(spectrum), ==, n);
    for (gsize i = 0; i < n; i++) {
        g_assert_cmpfloat(cel_spectrum_x(spectrum)[i], ==, x[i]);
        g_assert_cmpfloat(cel_spectrum_y(spectrum)[i], ==, y[i]);
    }
}

/* --- files that must be refused, with file name, line and reason -------------------------------
 */

#define TITLE "Raman shift (cm-1)\tIntensity\n"

typedef struct {
    const char *name, *text;
    gsize length; /* 0: the text ends in NUL */
    const char *axis_unit;
    int column, code;
    const char *line, *reason;
} Bad;

static const Bad bad[] = {
    {"nan-in-the-axis", TITLE "100\t1\nnan\t2\n300\t3\n", 0, NULL, 0, CEL_ERROR_INPUT, "line 3",
     "finite"},
    {"infinite-intensity", TITLE "100\t1\n200\t2\n300\t-inf\n", 0, NULL, 0, CEL_ERROR_INPUT,
     "line 4", "finite"},
    {"number-too-large-for-a-double", TITLE "100\t1\n200\t1e999\n", 0, NULL, 0, CEL_ERROR_INPUT,
     "line 3", "finite"},
    {"same-position-twice", TITLE "100\t1\n200\t2\n\n200\t3\n", 0, NULL, 0, CEL_ERROR_INPUT,
     "lines 3 and 5", "only once"},
    {"axis-turns-round", TITLE "100\t1\n200\t2\n300\t2\n250\t3\n", 0, NULL, 0, CEL_ERROR_INPUT,
     "lines 4 and 5", "rise or fall"},
    {"falling-axis-turns-round", TITLE "300\t1\n200\t2\n250\t2\n", 0, NULL, 0, CEL_ERROR_INPUT,
     "lines 3 and 4", "rise or fall"},
    {"text-after-numbers", TITLE "100\t1\n200\t2 counts\n", 0, NULL, 0, CEL_ERROR_INPUT, "line 3",
     "counts"},
    {"text-before-all-good-rows", "100\tbad\n200\t2\n300\t3\n", 0, "cm-1", 0, CEL_ERROR_INPUT,
     "line 1", "among the numbers"},
    {"not-measured-in-the-middle", TITLE "100\t1\n200\tNA\n300\t3\n", 0, NULL, 0, CEL_ERROR_INPUT,
     "line 3", "NA"},
    {"short-row", TITLE "100\t1\n200\n300\t3\n", 0, NULL, 0, CEL_ERROR_INPUT, "line 3", "columns"},
    {"long-row", TITLE "100\t1\n200\t2\t3\n300\t3\n", 0, NULL, 0, CEL_ERROR_INPUT, "line 3",
     "columns"},
    {"one-column", "1.5\n2.5\n3.5\n", 0, NULL, 0, CEL_ERROR_INPUT, "line 1", "--axis-unit pixel"},
    {"one-point", TITLE "100\t1\n", 0, NULL, 0, CEL_ERROR_INPUT, "line 2", "two points"},
    {"header-only", "Instrument\tX\n" TITLE, 0, NULL, 0, CEL_ERROR_INPUT, "lines 1 to 2",
     "not a text spectrum"},
    {"only-a-byte-order-mark", "\xef\xbb\xbf", 0, NULL, 0, CEL_ERROR_INPUT, "line", "not a text"},
    {"zero-byte",
     TITLE "100\t1\n200\t\0"
           "2\n",
     sizeof TITLE + 12, NULL, 0, CEL_ERROR_INPUT, "line 3", "not a text spectrum"},
    {"binary", "\x4d\x4b\x01\x02\x03\x04\x05\x06\xff\x10\x11", 0, NULL, 0, CEL_ERROR_INPUT,
     "line 1", "not a text spectrum"},
    {"half-a-utf16-character",
     "\xff\xfe"
     "1\0"
     "0",
     5, NULL, 0, CEL_ERROR_INPUT, "line 1", "not a text spectrum"},
    {"unit-can-be-nm-or-shift", "800.5\t1\n1000.5\t2\n", 0, NULL, 0, CEL_ERROR_UNIT, "line 1",
     "--axis-unit"},
    {"may-be-pixels", "0\t1\n1\t2\n2\t3\n", 0, NULL, 0, CEL_ERROR_UNIT, "line 1", "pixel"},
    {"nm-that-cannot-be-nm", "nm\tcounts\n100\t1\n3500\t2\n", 0, NULL, 0, CEL_ERROR_UNIT, "line 2",
     "no wavelengths"},
    {"forced-nm-that-cannot-be-nm", "100\t1\n3500\t2\n", 0, "nm_air", 0, CEL_ERROR_UNIT, "line 1",
     "no wavelengths"},
    {"absolute-wavenumbers", "Wavenumber\tcounts\n9000\t1\n9400\t2\n", 0, NULL, 0, CEL_ERROR_UNIT,
     "line 2", "absolute wavenumbers"},
    {"nm-and-shift-in-one-title", "wavelength (cm-1)\tcounts\n400\t1\n900\t2\n", 0, NULL, 0,
     CEL_ERROR_UNIT, "line 1", "both"},
    {"header-names-two-units", "#XUNITS=nm\n#AxisUnit[1]=1/cm\n400\t1\n900\t2\n", 0, NULL, 0,
     CEL_ERROR_UNIT, "line 2", "both"},
    {"commas-for-everything", "500,1,1200,5\n501,1,1300,7\n", 0, "cm-1", 0, CEL_ERROR_INPUT,
     "line 1", "decimal commas"},
    {"no-such-column", TITLE "100\t1\n200\t2\n", 0, NULL, 2, CEL_ERROR_USAGE, "line 2", "column 2"},
    {"no-such-unit", TITLE "100\t1\n200\t2\n", 0, "furlong", 0, CEL_ERROR_USAGE, "", "furlong"},
    {"absorbance", "Wavenumber (cm-1),Absorbance\n400,0.1\n500,0.2\n", 0, NULL, 0, CEL_ERROR_INPUT,
     "line 1", "infrared"},
    {"declared-infrared", "# Technique: FT-IR (ATR)\ncm-1,Intensity\n400,0.1\n500,0.2\n", 0, NULL,
     0, CEL_ERROR_INPUT, "line 1", "infrared"},
    {"jcamp", "##TITLE=x\n##JCAMP-DX=4.24\n##XYDATA=(X++(Y..Y))\n400 1 2\n402 3 4\n", 0, "cm-1", 0,
     CEL_ERROR_INPUT, "line 3", "positions of the points"},
    {"negative-deviation", "cm-1,Intensity,Standard deviation\n400,1,1\n500,1,-2\n", 0, NULL, 0,
     CEL_ERROR_INPUT, "line 2", "standard deviation"},
};

static void refuses(gconstpointer data)
{
    const Bad *row = data;
    g_autofree char *name = g_strconcat(row->name, ".txt", NULL);
    g_autofree char *path = put(name, row->text, row->length > 0 ? row->length : strlen(row->text));
    const CelReadOptions options = {.axis_unit = row->axis_unit, .column = row->column};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) spectrum = cel_reader_load_spectrum(path, &options, NULL, &error);
    g_assert_null(spectrum);
    g_assert_error(error, CEL_ERROR, row->code);
    assert_contains(error->message, row->line[0] != '\0' ? name : "");
    assert_contains(error->message, row->line);
    assert_contains(error->message, row->reason);
}

static void refuses_an_empty_file(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(load("empty.txt", "", NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    assert_contains(error->message, "empty.txt");
}

static void refuses_a_missing_file(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_reader_load("/nowhere/at all.txt", NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void refuses_a_huge_line(void)
{
    g_autoptr(GString) text = g_string_new(TITLE "100\t1\n200\t");
    for (int i = 0; i <= CEL_TEXT_MAX_LINE; i++)
        g_string_append_c(text, '2');
    g_autoptr(GError) error = NULL;
    g_assert_null(load("huge.txt", text->str, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    assert_contains(error->message, "huge.txt: line 3 ");
}

static void refuses_an_endless_header(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 3000; i++)
        g_string_append(text, "key: value\n");
    g_string_append(text, "100\t1\n200\t2\n");
    g_autoptr(GError) error = NULL;
    g_assert_null(load("endless.txt", text->str, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    assert_contains(error->message, "endless.txt");
}

/* --- how numbers are written -------------------------------------------------------------------
 */

static void reads_every_delimiter_and_decimal_sign(void)
{
    static const char *const texts[] = {
        "cm-1\tI\n100.5\t-1.25\n200.5\t2e3\n300.5\t7\n",
        "cm-1;I\n100.5;-1.25\n200.5;2e3\n300.5;7\n",
        "cm-1,I\n100.5,-1.25\n200.5,2e3\n300.5,7\n",
        "cm-1 I\n100.5 -1.25\n200.5   2e3\n300.5 7\n",
        "cm-1\tI\n100,5\t-1,25\n200,5\t2e3\n300,5\t7\n",
        "cm-1;I\n100,5;-1,25\n200,5;2e3\n300,5;7\n",
        "cm-1 I\n100,5 -1,25\n200,5 2e3\n300,5 7\n",
        "cm-1;I;\n100,5;-1,25;\n200,5;2e3;\n300,5;7;\n",
        "cm-1,I\n100.5, -1.25\n200.5, 2e3\n300.5, 7\n",
        "\"cm-1\",\"I\"\n\"100,5\",\"-1,25\"\n\"200,5\",\"2e3\"\n\"300,5\",\"7\"\n",
        "cm-1\tI\r\n100.5\t-1.25\r\n200.5\t2e3\r\n300.5\t7",
        "cm-1\tI\r100.5\t-1.25\r200.5\t2e3\r300.5\t7",
        "  cm-1   I \n  100.5  -1.25 \n  200.5  2000\n  300.5   7  \n",
    };
    static const double x[] = {100.5, 200.5, 300.5}, y[] = {-1.25, 2000.0, 7.0};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(CelSpectrum) spectrum = load_good(texts[i], NULL);
        assert_points(spectrum, 3, x, y);
        g_assert_cmpint(unit_of(spectrum), ==, CEL_UNIT_SHIFT_CM1);
    }
}

static void notes_a_guessed_decimal_comma(void)
{
    g_autoptr(CelSpectrum) spectrum = load_good("cm-1;I\n100,5;1\n200,5;2\n", NULL);
    assert_contains(cel_spectrum_meta(spectrum, "columns"),
                    "semicolon between columns, decimal comma");
}

static void fast_numbers_equal_slow_numbers(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(20260101);
    for (int i = 0; i < 200000; i++) {
        char text[64];
        const double value =
            (g_rand_double(random) - 0.5) * pow(10.0, g_rand_int_range(random, -30, 31));
        static const char *const forms[] = {"%.3f", "%.10f", "%.6e", "%.17g", "%.0f", "%.15g"};
        g_ascii_formatd(text, sizeof text, forms[i % 6], value);
        double fast = 0.0, slow = 0.0;
        const gsize n = strlen(text);
        const gboolean a = cel_text_number(text, n, '.', &fast);
        const gboolean b = cel_number_parse(text, n, '.', &slow);
        g_assert_cmpint(a, ==, b);
        g_assert_true(!a || memcmp(&fast, &slow, sizeof fast) == 0);
    }
}

static void odd_numbers_are_judged_like_the_slow_parser(void)
{
    static const char *const texts[] = {"",
                                        "-",
                                        "+1",
                                        ".5",
                                        "5.",
                                        ".",
                                        "1e",
                                        "1e+",
                                        "e5",
                                        "1e5",
                                        "0x10",
                                        "--1",
                                        "1.2.3",
                                        "1,2",
                                        "-0",
                                        "1e400",
                                        "1 2",
                                        " 7 ",
                                        "1e-400",
                                        "+-1",
                                        "00012",
                                        "1e22",
                                        "1e23",
                                        "9007199254740993",
                                        "123456789012345678901234567890"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        double fast = 42.0, slow = 42.0;
        const gsize n = strlen(texts[i]);
        g_assert_cmpint(cel_text_number(texts[i], n, '.', &fast), ==,
                        cel_number_parse(texts[i], n, '.', &slow));
        g_assert_true(memcmp(&fast, &slow, sizeof fast) == 0);
    }
}

/* --- encodings ---------------------------------------------------------------------------------
 */

static void reads_a_chinese_header_in_every_encoding(void)
{
    static const char text[] =
        "样品名称: 样品一号\n激光波长: 785 nm\n拉曼位移\t强度\n100\t-1.5\n300\t2\n";
    static const struct {
        const char *code, *mark, *noted;
        gsize mark_bytes;
    } rows[] = {
        {"UTF-8", "", NULL, 0},
        {"UTF-8", "\xef\xbb\xbf", NULL, 3},
        {"GB18030", "", "gb18030", 0},
        {"UTF-16LE", "\xff\xfe", "utf-16le", 2},
        {"UTF-16BE", "\xfe\xff", "utf-16be", 2},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gsize n = 0;
        g_autofree char *coded = g_convert(text, -1, rows[i].code, "UTF-8", NULL, &n, NULL);
        g_assert_nonnull(coded);
        g_autoptr(GByteArray) file = g_byte_array_new();
        g_byte_array_append(file, (const guint8 *)rows[i].mark, (guint)rows[i].mark_bytes);
        g_byte_array_append(file, (const guint8 *)coded, (guint)n);
        g_autofree char *path = put("chinese.txt", file->data, file->len);
        g_autoptr(GError) error = NULL;
        g_autoptr(CelSpectrum) spectrum = cel_reader_load_spectrum(path, NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpint(unit_of(spectrum), ==, CEL_UNIT_SHIFT_CM1);
        g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_LASER_NM), ==, "785");
        g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_TITLE), ==, "样品一号");
        g_assert_cmpstr(cel_spectrum_meta(spectrum, "encoding"), ==, rows[i].noted);
        g_assert_cmpfloat(cel_spectrum_y(spectrum)[0], ==, -1.5);
    }
}

static void recognises_utf16_without_a_mark(void)
{
    gsize n = 0;
    g_autofree char *coded =
        g_convert(TITLE "100\t1\n200\t2\n", -1, "UTF-16LE", "UTF-8", NULL, &n, NULL);
    g_autofree char *path = put("unmarked.txt", coded, n);
    g_autoptr(CelSpectrum) spectrum = cel_reader_load_spectrum(path, NULL, NULL, NULL);
    g_assert_nonnull(spectrum);
}

static void falls_back_to_latin1(void)
{
    g_autoptr(CelSpectrum) spectrum =
        load_good("Temperatur (\xb0"
                  "C): -50\nRaman shift (cm-\xb9)\tCounts\n100\t1\n200\t2\n",
                  NULL);
    g_assert_cmpstr(cel_spectrum_meta(spectrum, "file.Temperatur (°C)"), ==, "-50");
    g_assert_cmpint(unit_of(spectrum), ==, CEL_UNIT_SHIFT_CM1);
}

/* --- units -------------------------------------------------------------------------------------
 */

static void titles_tell_the_unit(void)
{
    static const struct {
        const char *title;
        CelUnit unit;
    } rows[] = {
        {"Raman shift (cm-1)", CEL_UNIT_SHIFT_CM1},
        {"Raman_Shift", CEL_UNIT_SHIFT_CM1},
        {"cm^-1", CEL_UNIT_SHIFT_CM1},
        {"Wavenumber [cm⁻¹]", CEL_UNIT_SHIFT_CM1},
        {"1/cm", CEL_UNIT_SHIFT_CM1},
        {"WN", CEL_UNIT_SHIFT_CM1},
        {"拉曼位移", CEL_UNIT_SHIFT_CM1},
        {"nm", CEL_UNIT_NM_UNSTATED},
        {"Wavelength", CEL_UNIT_NM_UNSTATED},
        {"波长(nm)", CEL_UNIT_NM_UNSTATED},
        {"Wavelength in air (nm)", CEL_UNIT_NM_AIR},
        {"Wavelength (nm, vacuum)", CEL_UNIT_NM_VACUUM},
        {"Pixel", CEL_UNIT_PIXEL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strconcat(rows[i].title, "\tIntensity\n600\t1\n601.5\t2\n", NULL);
        g_autoptr(CelSpectrum) spectrum = load_good(text, NULL);
        g_assert_cmpint(unit_of(spectrum), ==, rows[i].unit);
        g_assert_cmpstr(cel_spectrum_meta(spectrum, "axis_unit"), ==, cel_unit_name(rows[i].unit));
    }
}

static void a_guessed_unit_is_noted_as_a_guess(void)
{
    g_autoptr(CelSpectrum) spectrum = load_good("100.5\t1\n3200.5\t2\n", NULL);
    g_assert_cmpint(unit_of(spectrum), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_cmpstr(cel_spectrum_meta(spectrum, "axis_unit"), ==, "guessed cm-1");
}

static void a_span_too_wide_for_wavelengths_is_taken_for_shifts(void)
{
    g_autoptr(CelSpectrum) spectrum = load_good("200.5\t1\n1000.5\t3\n1800.5\t2\n", NULL);
    g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(spectrum)), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_cmpstr(cel_spectrum_meta(spectrum, "axis_unit"), ==, "guessed cm-1");
}

static void numbers_far_from_the_laser_are_taken_for_shifts(void)
{
    const CelReadOptions options = {.laser_nm = 532.0};
    g_autoptr(CelSpectrum) spectrum = load_good("1187.5\t1\n1696.5\t2\n", &options);
    g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(spectrum)), ==, CEL_UNIT_SHIFT_CM1);
    const CelReadOptions near = {.laser_nm = 1064.0};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) unsure = load("near", "1187.5\t1\n1696.5\t2\n", &near, &error);
    g_assert_null(unsure);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
}

static void the_person_says_the_unit(void)
{
    const CelReadOptions nm = {.axis_unit = "nm_vacuum"}, pixel = {.axis_unit = "pixel"};
    g_autoptr(CelSpectrum) a = load_good("800.5\t1\n1000.5\t2\n", &nm);
    g_assert_cmpint(unit_of(a), ==, CEL_UNIT_NM_VACUUM);
    g_autoptr(CelSpectrum) b = load_good("1.5\n-2.5\n3.5\n", &pixel);
    static const double x[] = {0.0, 1.0, 2.0}, y[] = {1.5, -2.5, 3.5};
    assert_points(b, 3, x, y);
    g_assert_cmpint(unit_of(b), ==, CEL_UNIT_PIXEL);
}

static void an_overruled_unit_is_noted(void)
{
    const CelReadOptions shift = {.axis_unit = "cm-1"};
    g_autoptr(CelSpectrum) spectrum = load_good("nm\tIntensity\n400\t1\n900\t2\n", &shift);
    assert_contains(cel_spectrum_meta(spectrum, "axis_unit"), "the file says \"nm\"");
}

static void nm_without_a_laser_stays_nm(void)
{
    g_autoptr(CelSpectrum) spectrum = load_good("nm,Intensity\n540,1\n560,2\n", NULL);
    g_assert_cmpint(unit_of(spectrum), ==, CEL_UNIT_NM_UNSTATED);
    g_assert_null(cel_spectrum_meta(spectrum, CEL_META_LASER_NM));
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_spectrum_to_shift(spectrum, 0.0, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
}

static void a_falling_axis_is_reversed_with_a_note(void)
{
    g_autoptr(CelSpectrum) spectrum = load_good(TITLE "300\t3\n200\t2\n100\t1\n", NULL);
    static const double x[] = {100.0, 200.0, 300.0}, y[] = {1.0, 2.0, 3.0};
    assert_points(spectrum, 3, x, y);
    assert_contains(cel_spectrum_meta(spectrum, "axis_order"), "reversed");
}

/* --- columns and header ------------------------------------------------------------------------
 */

static void chooses_shift_and_intensity_by_title(void)
{
    static const char text[] = "Pixel,Wavelength,Raman Shift,Processed,Raw,Reference\n"
                               "0,800,100,5,50,9\n1,801,120,6,60,9\n";
    static const double x[] = {100.0, 120.0}, processed[] = {5.0, 6.0}, raw[] = {50.0, 60.0};
    const CelReadOptions second = {.column = 2};
    g_autoptr(CelSpectrum) a = load_good(text, NULL);
    assert_points(a, 2, x, processed);
    g_autoptr(CelSpectrum) b = load_good(text, &second);
    assert_points(b, 2, x, raw);
}

static void subtracts_the_dark_that_stands_beside_raw(void)
{
    static const char text[] = "Raman shift,Raw,Dark\n100,50,10\n120,60,15\n";
    static const double x[] = {100.0, 120.0}, y[] = {40.0, 45.0};
    g_autoptr(CelSpectrum) spectrum = load_good(text, NULL);
    assert_points(spectrum, 2, x, y);
    g_autofree char *path = put("dark.csv", text, strlen(text));
    g_autoptr(CelMeasurement) m = cel_reader_load(path, NULL, NULL, NULL);
    g_assert_cmpfloat(m->frames[1], ==, 60.0); /* raw stays raw */
    g_assert_cmpfloat(m->dark_frames[1], ==, 15.0);
}

static void the_laser_is_found_only_where_the_header_says_so(void)
{
    static const struct {
        const char *line, *laser;
    } rows[] = {
        {"Laser Wavelength,784.896", "784.896"},
        {"#Laser (nm)=\t785 ", "785"},
        {"##RAMAN WAVELENGTH=514", "514"},
        {"laser_wavelength;784,9", "784.9"},
        {"wl,532nm", "532"},
        {"excitation: 633 nm", "633"},
        {"激光波长: 785", "785"},
        {"##$Laser Wavelength=1064", "1064"},
        {"laser: 785", "785"},
        {"laser: 300", NULL}, /* perhaps mW */
        {"Laser power: 532", NULL},
        {"Laser Wavelength,0", NULL},
        {"Spectro (cm-1)=785", NULL},
        {"sample: 532nm green dye", NULL},
        {"Laser=532\nLaser wavelength=785", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strconcat(rows[i].line, "\n", TITLE, "100\t1\n200\t2\n", NULL);
        g_autoptr(CelSpectrum) spectrum = load_good(text, NULL);
        g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_LASER_NM), ==, rows[i].laser);
    }
}

static void the_persons_laser_wins_and_the_files_is_noted(void)
{
    const CelReadOptions options = {.laser_nm = 532.2};
    g_autoptr(CelSpectrum) spectrum =
        load_good("Laser Wavelength,532\n" TITLE "1\t1\n2\t2\n", &options);
    g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_LASER_NM), ==, "532.2");
    g_assert_cmpstr(cel_spectrum_meta(spectrum, "laser_in_file"), ==, "532");
}

static void a_file_cannot_set_what_only_the_engine_says(void)
{
    static const char *const marks[] = {"", "# Celadon spectrum 1\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        g_autofree char *text = g_strconcat(marks[i], "# axis_check: ok\n# format: celadon\n",
                                            TITLE, "100\t1\n200\t2\n", NULL);
        g_autoptr(CelSpectrum) spectrum = load_good(text, NULL);
        g_assert_null(cel_spectrum_meta(spectrum, CEL_META_AXIS_CHECK));
        g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_FORMAT), ==, "text");
    }
}

static void simulated_once_stays_simulated(void)
{
    static const char *const texts[] = {
        "# simulated: yes\n" TITLE "100\t1\n200\t2\n",
        "# simulated: yes\n# simulated: no\n" TITLE "100\t1\n200\t2\n",
        "simulated = YES\n" TITLE "100\t1\n200\t2\n",
        TITLE "100\t1\n# Simulated: yes\n200\t2\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(CelSpectrum) spectrum = load_good(texts[i], NULL);
        g_assert_true(cel_spectrum_is_simulated(spectrum));
    }
    g_autoptr(CelSpectrum) real = load_good("# simulated: no\n" TITLE "100\t1\n200\t2\n", NULL);
    g_assert_false(cel_spectrum_is_simulated(real));
}

/* --- makers' files -----------------------------------------------------------------------------
 */

static void bwtek_gives_raw_dark_and_saturation(void)
{
    static const char text[] =
        "File Version;BWSpec4.11_1\r\nmodel;BTC162E\r\naverage number;7\r\nintigration "
        "times(ms);3000\r\n"
        "laser_wavelength;784,82\r\n"
        "Pixel;Wavelength;Wavenumber;Raman Shift;Dark;Reference;Raw data #1;Dark Subtracted #1;\r\n"
        "0;   ;   ;   ;900,0000;65535,0000;800,0000;-100,0000;\r\n"
        "1;800,10;1,0;243,50;900,0000;65535,0000;1000,5000;77,0000;\r\n"
        "2;800,20;1,0;245,10;900,0000;65535,0000;65535,0000;77,0000;\r\n";
    g_autoptr(CelSpectrum) spectrum = load_good(text, NULL);
    static const double x[] = {243.5, 245.1}, y[] = {100.5, 64635.0};
    assert_points(spectrum, 2, x, y);
    g_assert_cmpint(cel_spectrum_mask(spectrum)[0], ==, 0);
    g_assert_cmpint(cel_spectrum_mask(spectrum)[1], ==, CEL_MASK_SATURATED);
    g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_FORMAT), ==, "bwtek");
    g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_LASER_NM), ==, "784.82");
    g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_FRAMES), ==, "7");
    double ms = 0.0;
    g_assert_true(cel_spectrum_meta_number(spectrum, CEL_META_INTEGRATION_MS, &ms));
    g_assert_cmpfloat(ms, ==, 3000.0);
    g_assert_cmpstr(cel_spectrum_meta(spectrum, "rows_without_value"), ==, "1");
}

static void enlighten_leaves_out_what_was_not_measured_at_the_ends_only(void)
{
    static const char head[] =
        "ENLIGHTEN Version,4.1.6\nLaser Wavelength,785.041\nIntegration Time,3000\n"
        "Baseline Correction Algo,AirPLS\n\nPixel,Wavelength,Wavenumber,Processed\n"
        "0,799.84,235.71,NA\n1,800.00,238.16,7.50\n";
    g_autofree char *good = g_strconcat(head, "2,800.1,240.1,8\n3,800.2,242.0,NA\n", NULL);
    g_autofree char *bad_text = g_strconcat(head, "2,800.1,240.1,NA\n3,800.2,242.0,5\n", NULL);
    g_autoptr(CelSpectrum) spectrum = load_good(good, NULL);
    static const double x[] = {238.16, 240.1}, y[] = {7.5, 8.0};
    assert_points(spectrum, 2, x, y);
    g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_FORMAT), ==, "enlighten");
    g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_BASELINE), ==, "removed");
    g_autoptr(GError) error = NULL;
    g_assert_null(load("hole.csv", bad_text, NULL, &error));
    assert_contains(error->message, "hole.csv: line 9 ");
}

static void rruff_is_in_cm1_and_processed_has_no_baseline(void)
{
    static const char text[] =
        "##NAMES=Anatase\n##RRUFFID=R060277\n500.5, 1.0\n501.0, 2.0\n##END=\n\n\n";
    g_autoptr(CelSpectrum) raw = load("Anatase__RAW.txt", text, NULL, NULL);
    g_autoptr(CelSpectrum) processed = load("Anatase__Raman__532__Processed.txt", text, NULL, NULL);
    g_assert_cmpint(unit_of(raw), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_null(cel_spectrum_meta(raw, CEL_META_BASELINE));
    g_assert_cmpstr(cel_spectrum_meta(processed, CEL_META_BASELINE), ==, "removed");
    g_assert_null(cel_spectrum_meta(processed, CEL_META_LASER_NM)); /* the file name is no header */
    g_assert_cmpstr(cel_spectrum_meta(raw, CEL_META_TITLE), ==, "Anatase R060277");
}

static char *write_own(const char *name, gboolean with_laser)
{
    g_autoptr(CelMeasurement) m = cel_measurement_new(8, 2, 2);
    for (gsize i = 0; i < 16; i++) {
        m->frames[i] = 1000.0 + (double)i;
        m->dark_frames[i] = 100.0;
    }
    m->calibration = (CelCalibration){.medium = CEL_UNIT_NM_AIR,
                                      .n_coefficients = 2,
                                      .coefficients = {800.0, 0.5},
                                      .laser_nm = with_laser ? 785.0 : 0.0};
    cel_measurement_note(m, CEL_META_AXIS_CHECK, "ok");
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    GError *error = NULL;
    cel_nxraman_write(root, m, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, &error);
    g_assert_no_error(error);
    gsize n = 0;
    const void *data = g_bytes_get_data(image, &n);
    return put(name, data, n);
}

static void own_measurements_come_back_with_frames_and_dark(void)
{
    g_autofree char *path = write_own("own.cel.h5", TRUE);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMeasurement) m = cel_reader_load(path, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(m->n_frames, ==, 2);
    g_assert_cmpfloat(m->frames[9], ==, 1009.0);
    g_autoptr(CelSpectrum) spectrum = cel_reader_load_spectrum(path, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(unit_of(spectrum), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_cmpfloat(cel_spectrum_y(spectrum)[0], ==, 904.0); /* mean of 1000 and 1008, less 100 */
    g_assert_cmpfloat(cel_spectrum_variance(spectrum)[0], ==,
                      16.0); /* 32 of one frame, of two half */
    g_assert_cmpstr(cel_spectrum_meta(spectrum, CEL_META_FORMAT), ==, "celadon");
    g_assert_null(cel_spectrum_meta(spectrum, CEL_META_AXIS_CHECK));
}

static void damaged_hdf5_is_refused_by_name(void)
{
    g_autofree char *path = write_own("damaged.cel.h5", FALSE);
    g_autofree char *content = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents(path, &content, &n, NULL));
    g_free(put("damaged.cel.h5", content, n / 2));
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_reader_load(path, NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    assert_contains(error->message, "damaged.cel.h5");
}

static void own_measurements_take_no_other_unit(void)
{
    g_autofree char *path = write_own("unit.cel.h5", TRUE);
    const CelReadOptions options = {.axis_unit = "pixel"};
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_reader_load(path, &options, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void every_reader_has_a_name_and_a_detector(void)
{
    gsize n = 0;
    const CelReader *const *table = cel_readers(&n);
    g_assert_cmpuint(n, >=, 4);
    for (gsize i = 0; i < n; i++) {
        g_assert_nonnull(table[i]->detect);
        g_assert_nonnull(table[i]->read);
        for (gsize j = 0; j < i; j++)
            g_assert_cmpstr(table[i]->id, !=, table[j]->id);
    }
}

static void a_cancelled_read_stops(void)
{
    g_autoptr(GString) text = g_string_new(TITLE);
    for (int i = 0; i < 100000; i++)
        g_string_append_printf(text, "%d\t%d\n", i - 50000, i % 7);
    g_autofree char *path = put("long.txt", text->str, text->len);
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_cancellable_cancel(cancel);
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_reader_load(path, NULL, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

/* --- round trips -------------------------------------------------------------------------------
 */

static double any_double(GRand *random)
{
    return (g_rand_double(random) - 0.3) * pow(10.0, g_rand_int_range(random, -12, 13));
}

static CelSpectrum *random_spectrum(GRand *random, CelUnit unit, gboolean full)
{
    const gsize n = (gsize)g_rand_int_range(random, 2, 400);
    g_autofree double *x = g_new(double, n), *y = g_new(double, n), *variance = g_new(double, n);
    g_autofree guint8 *mask = g_new0(guint8, n);
    double at = unit == CEL_UNIT_SHIFT_CM1 ? -300.0 : 400.0;
    for (gsize i = 0; i < n; i++) {
        at += g_rand_double_range(random, 1e-3, 2.0);
        x[i] = at;
        y[i] = any_double(random);
        variance[i] = fabs(any_double(random));
        mask[i] = (guint8)g_rand_int_range(random, 0, 32);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(unit, x, n, NULL);
    CelSpectrum *spectrum = cel_spectrum_new(axis, y, NULL);
    if (full) {
        cel_spectrum_set_variance(spectrum, variance, NULL);
        cel_spectrum_set_mask(spectrum, mask);
        cel_spectrum_mark_simulated(spectrum);
    }
    return spectrum;
}

static void csv_reads_back_equal(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (int round = 0; round < 100; round++) {
        const gboolean full = round % 2 == 1;
        g_autoptr(CelSpectrum) a = random_spectrum(random, (CelUnit)(round % CEL_N_UNITS), full);
        g_autofree char *path = g_build_filename(folder, "trip.csv", NULL);
        g_autoptr(GError) error = NULL;
        cel_spectrum_write_csv(a, path, &error);
        g_assert_no_error(error);
        g_autoptr(CelSpectrum) b = cel_reader_load_spectrum(path, NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_true(cel_axis_equal(cel_spectrum_axis(a), cel_spectrum_axis(b)));
        const gsize n = cel_spectrum_length(a);
        g_assert_true(memcmp(cel_spectrum_y(a), cel_spectrum_y(b), n * sizeof(double)) == 0);
        g_assert_cmpint(cel_spectrum_is_simulated(b), ==, full);
        g_assert_cmpint(cel_spectrum_variance(b) != NULL, ==, full);
        for (gsize i = 0; full && i < n; i++) {
            const double v = cel_spectrum_variance(a)[i], back = cel_spectrum_variance(b)[i];
            g_assert_cmpfloat(fabs(back - v), <=, 2.3e-16 * v); /* one unit in the last place */
            g_assert_cmpint(cel_spectrum_mask(a)[i], ==, cel_spectrum_mask(b)[i]);
        }
    }
}

static void csv_keeps_metadata_whatever_stands_in_it(void)
{
    static const char *const keys[] = {
        CEL_META_TITLE, CEL_META_LASER_NM, CEL_META_FRAMES, CEL_META_BASELINE, "file.a: b=c",
        "odd",          "comma, key",      "中文"};
    static const char *const values[] = {"two\nlines, \"quoted\": 100% # 中文",
                                         "784.896",
                                         "5",
                                         "removed",
                                         "x",
                                         "  blanks  ",
                                         "1,2;3\t4",
                                         "样品"};
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    g_autoptr(CelSpectrum) a = random_spectrum(random, CEL_UNIT_SHIFT_CM1, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        cel_spectrum_set_meta(a, keys[i], values[i]);
    g_autofree char *path = g_build_filename(folder, "meta.csv", NULL);
    g_assert_true(cel_spectrum_write_csv(a, path, NULL));
    g_autoptr(CelSpectrum) b = cel_reader_load_spectrum(path, NULL, NULL, NULL);
    g_assert_nonnull(b);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        g_assert_cmpstr(cel_spectrum_meta(b, keys[i]), ==, values[i]);
}

static void csv_keeps_a_guess_a_guess(void)
{
    g_autoptr(CelSpectrum) a = load_good("100.5\t1\n3200.5\t2\n", NULL);
    g_autofree char *path = g_build_filename(folder, "guess.csv", NULL);
    g_assert_true(cel_spectrum_write_csv(a, path, NULL));
    g_autoptr(CelSpectrum) b = cel_reader_load_spectrum(path, NULL, NULL, NULL);
    g_assert_cmpstr(cel_spectrum_meta(b, "axis_unit"), ==, "guessed cm-1");
}

/* --- size --------------------------------------------------------------------------------------
 */

/* printf would take longer than the reading that is tested. */
static void append_digits(GString *text, guint value, int digits)
{
    char buffer[12];
    int n = 0;
    for (; value > 0 || n < digits; value /= 10)
        buffer[n++] = (char)('0' + value % 10);
    while (n > 0)
        g_string_append_c(text, buffer[--n]);
}

static void ten_million_points_are_read(void)
{
    enum { POINTS = 10 * 1000 * 1000 };
    GString *text = g_string_sized_new((gsize)POINTS * 22);
    g_string_append(text, TITLE);
    for (guint i = 0; i < POINTS; i++) {
        append_digits(text, 100 + i / 4000, 1);
        g_string_append_c(text, '.');
        append_digits(text, i % 4000 * 250, 6);
        g_string_append_c(text, '\t');
        append_digits(text, (i * 2654435761u) % 60000u, 1);
        g_string_append_c(text, '.');
        append_digits(text, i % 1000, 3);
        g_string_append_c(text, '\n');
    }
    g_autofree char *path = put("large.txt", text->str, text->len);
    g_string_free(text, TRUE);
    const gint64 start = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) spectrum = cel_reader_load_spectrum(path, NULL, NULL, &error);
    const double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    g_unlink(path);
    g_assert_no_error(error);
    g_assert_cmpuint(cel_spectrum_length(spectrum), ==, POINTS);
    g_assert_cmpfloat(cel_spectrum_x(spectrum)[4001], ==, 101.00025);
    g_test_message("10 million points in %.2f s", seconds);
    g_assert_cmpfloat(seconds, <, 60.0); /* loose: sanitizers and busy machines */
}

static void more_points_than_the_limit_are_refused(void)
{
    GString *text = g_string_sized_new((gsize)CEL_READER_MAX_POINTS * 12);
    for (guint i = 0; i <= CEL_READER_MAX_POINTS; i++) {
        append_digits(text, i, 1);
        g_string_append(text, " 1\n");
    }
    g_autofree char *path = put("toolarge.txt", text->str, text->len);
    g_string_free(text, TRUE);
    const CelReadOptions options = {.axis_unit = "pixel"};
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_reader_load(path, &options, NULL, &error));
    g_unlink(path);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    assert_contains(error->message, "line 16000001");
}

/* --- every measured file of the shared sets ----------------------------------------------------
 */

typedef struct {
    const char *folder;   /* below data/ */
    guint files, spectra; /* how many there are, how many must be read */
    CelUnit unit;         /* of all; CEL_N_UNITS: several */
    const char *refusal;  /* what stands in every refusal */
} Set;

static void walk(const Set *set, const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    g_assert_nonnull(dir);
    guint files = 0, spectra = 0;
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        if (g_file_test(file, G_FILE_TEST_IS_DIR) || g_str_has_prefix(name, "LICENSE"))
            continue;
        g_autoptr(GError) error = NULL;
        g_autoptr(CelSpectrum) spectrum = cel_reader_load_spectrum(file, NULL, NULL, &error);
        files++;
        spectra += spectrum != NULL;
        if (spectrum != NULL) {
            g_assert_cmpuint(cel_spectrum_length(spectrum), >=, 300);
            g_assert_true(set->unit == CEL_N_UNITS || unit_of(spectrum) == set->unit);
        } else {
            assert_contains(error->message, name);
            assert_contains(error->message, "line");
            assert_contains(error->message, set->refusal);
        }
    }
    g_test_message("%s: %u files, %u read, %u refused", set->folder, files, spectra,
                   files - spectra);
    g_assert_cmpuint(files, ==, set->files);
    g_assert_cmpuint(spectra, ==, set->spectra);
}

static void reads_or_rightly_refuses_every_measured_file(void)
{
    static const Set sets[] = {
        {"wasatch_enlighten_785", 80, 80, CEL_UNIT_SHIFT_CM1, ""},
        {"rruff/original_txt", 89, 89, CEL_UNIT_SHIFT_CM1, ""},
        {"rruff_raw_processed_pairs_514", 60, 60, CEL_UNIT_SHIFT_CM1, ""},
        {"mpx_weathered_plastics/spectra", 481, 481, CEL_N_UNITS, ""},
        {"ramanchada2/FNMT-B_BW785", 1, 1, CEL_UNIT_SHIFT_CM1, ""},
        {"ramanchada2/FNMT-B_BW785/twinning", 5, 5, CEL_UNIT_SHIFT_CM1, ""},
        {"ramanchada2/FMNT-M_BW532", 12, 12, CEL_UNIT_SHIFT_CM1, ""},
        {"ramanchada2/ICV_BW785", 9, 9, CEL_UNIT_SHIFT_CM1, ""},
        {"ramanchada2/ICV_BW785/twinning", 5, 5, CEL_UNIT_SHIFT_CM1, ""},
        {"ramanchada2/FMNT-M_Ho785", 29, 29, CEL_UNIT_SHIFT_CM1, ""},
        {"arcadia_acetonitrile/Horiba_MacroRAM", 2, 2, CEL_UNIT_SHIFT_CM1, ""},
        {"arcadia_acetonitrile/Wasatch_WP785X", 2, 2, CEL_UNIT_SHIFT_CM1, ""},
        {"bone_uwolfram", 20, 0, CEL_N_UNITS, "one column only"},
        {"formats/Zolix", 2, 2, CEL_UNIT_SHIFT_CM1, ""},
        {"formats/LightNovo", 1, 1, CEL_UNIT_SHIFT_CM1, ""},
        {"formats/Neegala", 1, 1, CEL_UNIT_SHIFT_CM1, ""},
        {"formats/rruff", 1, 1, CEL_UNIT_SHIFT_CM1, ""},
        {"formats/openspecy", 2, 2, CEL_UNIT_SHIFT_CM1, ""},
        {"calibration", 1, 0, CEL_N_UNITS, "no columns of numbers"},
    };
    const char *shared = g_getenv("CELADON_SHARED");
    if (shared == NULL || *shared == '\0' || !g_file_test(shared, G_FILE_TEST_IS_DIR)) {
        g_test_skip("CELADON_SHARED does not name the folder with measured spectra");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(sets); i++) {
        g_autofree char *path = g_build_filename(shared, "data", sets[i].folder, NULL);
        walk(&sets[i], path);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    folder = g_dir_make_tmp("celadon-formats-XXXXXX", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *path = g_strconcat("/formats/refuses/", bad[i].name, NULL);
        g_test_add_data_func(path, &bad[i], refuses);
    }
#define ADD(test) g_test_add_func("/formats/" #test, test)
    ADD(refuses_an_empty_file);
    ADD(refuses_a_missing_file);
    ADD(refuses_a_huge_line);
    ADD(refuses_an_endless_header);
    ADD(reads_every_delimiter_and_decimal_sign);
    ADD(notes_a_guessed_decimal_comma);
    ADD(fast_numbers_equal_slow_numbers);
    ADD(odd_numbers_are_judged_like_the_slow_parser);
    ADD(reads_a_chinese_header_in_every_encoding);
    ADD(recognises_utf16_without_a_mark);
    ADD(falls_back_to_latin1);
    ADD(titles_tell_the_unit);
    ADD(a_guessed_unit_is_noted_as_a_guess);
    ADD(a_span_too_wide_for_wavelengths_is_taken_for_shifts);
    ADD(numbers_far_from_the_laser_are_taken_for_shifts);
    ADD(the_person_says_the_unit);
    ADD(an_overruled_unit_is_noted);
    ADD(nm_without_a_laser_stays_nm);
    ADD(a_falling_axis_is_reversed_with_a_note);
    ADD(chooses_shift_and_intensity_by_title);
    ADD(subtracts_the_dark_that_stands_beside_raw);
    ADD(the_laser_is_found_only_where_the_header_says_so);
    ADD(the_persons_laser_wins_and_the_files_is_noted);
    ADD(a_file_cannot_set_what_only_the_engine_says);
    ADD(simulated_once_stays_simulated);
    ADD(bwtek_gives_raw_dark_and_saturation);
    ADD(enlighten_leaves_out_what_was_not_measured_at_the_ends_only);
    ADD(rruff_is_in_cm1_and_processed_has_no_baseline);
    ADD(own_measurements_come_back_with_frames_and_dark);
    ADD(damaged_hdf5_is_refused_by_name);
    ADD(own_measurements_take_no_other_unit);
    ADD(every_reader_has_a_name_and_a_detector);
    ADD(a_cancelled_read_stops);
    ADD(csv_reads_back_equal);
    ADD(csv_keeps_metadata_whatever_stands_in_it);
    ADD(csv_keeps_a_guess_a_guess);
    ADD(ten_million_points_are_read);
    ADD(more_points_than_the_limit_are_refused);
    ADD(reads_or_rightly_refuses_every_measured_file);
    const int status = g_test_run();
    remove_folder(folder);
    g_free(folder);
    return status;
}
