/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-text.h"
#include "formats/cel-words.h"
#include "spectrum/cel-spectrum.h"

#include <string.h>

/* What titles and header lines mean, and how lines are taken from bytes. */

/* ---- words ---- */

typedef struct {
    const char *text;
    int word;
} Said;

static void check_titles(const Said *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_test_message("%s", rows[i].text);
        g_assert_cmpint((int)cel_word_classify(rows[i].text), ==, rows[i].word);
    }
}

static void plain_text_has_no_signs_of_decoration(void)
{
    static const struct {
        const char *text, *plain;
    } rows[] = {{"Raman Shift [cm^-1]", "ramanshiftcm-1"},
                {"cm⁻¹", "cm-1"},
                {"cm−1", "cm-1"},
                {"cm–1", "cm-1"},
                {" \t_^*#()[]{}.\"'", ""},
                {"ÄB", "äb"},
                {"", ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *plain = cel_word_plain(rows[i].text);
        g_assert_cmpstr(plain, ==, rows[i].plain);
    }
}

static void axes_are_told_by_their_titles(void)
{
    static const Said rows[] = {{"Raman shift (cm-1)", CEL_WORD_SHIFT},
                                {"Raman-Shift", CEL_WORD_SHIFT},
                                {"Shift", CEL_WORD_SHIFT},
                                {"拉曼位移", CEL_WORD_SHIFT},
                                {"Stokes shift", CEL_WORD_SHIFT},
                                {"Wavenumber", CEL_WORD_WAVENUMBER},
                                {"1/cm", CEL_WORD_WAVENUMBER},
                                {"wn", CEL_WORD_WAVENUMBER},
                                {"波数", CEL_WORD_WAVENUMBER},
                                {"Wavelength", CEL_WORD_NM},
                                {"nm", CEL_WORD_NM},
                                {"x nm", CEL_WORD_NM},
                                {"nm (air)", CEL_WORD_NM},
                                {"nm in vacuum", CEL_WORD_NM},
                                {"Lambda", CEL_WORD_NM},
                                {"波长", CEL_WORD_NM},
                                {"Pixel", CEL_WORD_PIXEL},
                                {"像素", CEL_WORD_PIXEL},
                                {"Wavelength (cm-1)", CEL_WORD_CONFLICT},
                                {"Raman shift (nm)", CEL_WORD_CONFLICT},
                                {"time", CEL_WORD_UNKNOWN},
                                {"", CEL_WORD_UNKNOWN}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].text);
        g_assert_cmpint((int)cel_word_axis(rows[i].text), ==, rows[i].word);
    }
}

static void intensities_are_told_by_their_titles(void)
{
    static const Said rows[] = {{"Intensity (a.u.)", CEL_WORD_INTENSITY},
                                {"Counts", CEL_WORD_INTENSITY},
                                {"光强", CEL_WORD_INTENSITY},
                                {"Signal", CEL_WORD_INTENSITY},
                                {"Raw data #1", CEL_WORD_RAW},
                                {"原始数据", CEL_WORD_RAW},
                                {"Dark", CEL_WORD_DARK},
                                {"Background", CEL_WORD_DARK},
                                {"暗背景", CEL_WORD_DARK},
                                {"Dark Subtracted #1", CEL_WORD_PROCESSED},
                                {"Processed", CEL_WORD_PROCESSED},
                                {"Background corrected", CEL_WORD_PROCESSED},
                                {"扣背景", CEL_WORD_PROCESSED},
                                {"Standard deviation", CEL_WORD_DEVIATION},
                                {"std", CEL_WORD_DEVIATION},
                                {"SD", CEL_WORD_DEVIATION},
                                {"mask", CEL_WORD_MASK},
                                {"Reference", CEL_WORD_REFERENCE},
                                {"Sample", CEL_WORD_UNKNOWN}};
    check_titles(rows, G_N_ELEMENTS(rows));
}

static void an_axis_title_with_a_word_of_intensities_stays_an_axis(void)
{
    static const Said rows[] = {{"Wavenumber corrected", CEL_WORD_WAVENUMBER},
                                {"Raman shift, corrected", CEL_WORD_SHIFT},
                                {"波数(校正, corrected)", CEL_WORD_WAVENUMBER},
                                {"Irradiance (W/cm^2/nm)", CEL_WORD_REFERENCE},
                                {"Counts per nm", CEL_WORD_INTENSITY}};
    check_titles(rows, G_N_ELEMENTS(rows));
}

static void absorption_is_never_taken_for_raman(void)
{
    static const Said rows[] = {{"Absorbance", CEL_WORD_INFRARED},
                                {"Absorbance intensity", CEL_WORD_INFRARED},
                                {"Transmittance", CEL_WORD_INFRARED},
                                {"%T", CEL_WORD_INFRARED},
                                {"吸光度", CEL_WORD_INFRARED},
                                {"Reflectance", CEL_WORD_INFRARED},
                                {"Baseline corrected absorbance", CEL_WORD_INFRARED},
                                {"Raw absorbance", CEL_WORD_INFRARED},
                                {"Absorbance (background subtracted)", CEL_WORD_INFRARED}};
    check_titles(rows, G_N_ELEMENTS(rows));
}

static void keys_of_the_axis_unit_are_known(void)
{
    g_assert_true(cel_word_is_axis_key("XUNITS"));
    g_assert_true(cel_word_is_axis_key("AxisUnit[1]"));
    g_assert_true(cel_word_is_axis_key("X-Axis") == cel_word_is_axis_key("x-axis"));
    g_assert_true(cel_word_is_axis_key("横坐标"));
    g_assert_false(cel_word_is_axis_key("YUNITS"));
    g_assert_false(cel_word_is_axis_key("unit"));
}

static void keys_have_their_meaning_and_unit(void)
{
    static const struct {
        const char *key, *meta;
        double factor;
    } rows[] = {{"Title", CEL_META_TITLE, 0},
                {"Sample name", CEL_META_TITLE, 0},
                {"Model", CEL_META_INSTRUMENT, 0},
                {"Serial Number", CEL_META_SERIAL, 0},
                {"Integration time (ms)", CEL_META_INTEGRATION_MS, 1},
                {"intigration times(ms)", CEL_META_INTEGRATION_MS, 1},
                {"Acq. time (s)", CEL_META_INTEGRATION_MS, 1000},
                {"Laser power (mW)", CEL_META_LASER_MW, 1},
                {"Detector temperature (°C)", CEL_META_TEMPERATURE_C, 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const CelMetaKey *row = cel_word_meta(rows[i].key);
        g_test_message("%s", rows[i].key);
        g_assert_nonnull(row);
        g_assert_cmpstr(row->meta, ==, rows[i].meta);
        g_assert_cmpfloat(row->factor, ==, rows[i].factor);
    }
    g_assert_null(cel_word_meta("Integration time")); /* in what? */
    g_assert_null(cel_word_meta(""));
}

static double laser(const char *key, const char *value)
{
    double nm = 0;
    return cel_word_laser(key, value, &nm) ? nm : 0;
}

static void a_sure_key_takes_any_wavelength_of_a_laser(void)
{
    g_assert_cmpfloat(laser("Laser Wavelength", "784.5"), ==, 784.5);
    g_assert_cmpfloat(laser("Excitation wavelength (nm)", "700 nm"), ==, 700);
    g_assert_cmpfloat(laser("##RAMAN WAVELENGTH", "532"), ==, 532);
    g_assert_cmpfloat(laser("激发波长", "784,9"), ==, 784.9);
    g_assert_cmpfloat(laser("$laser_wl", "638nm"), ==, 638);
}

static void a_wavelength_lies_between_200_and_2000_nm(void)
{
    g_assert_cmpfloat(laser("Laser Wavelength", "200"), ==, 200);
    g_assert_cmpfloat(laser("Laser Wavelength", "199.9"), ==, 0);
    g_assert_cmpfloat(laser("Laser Wavelength", "2000"), ==, 2000);
    g_assert_cmpfloat(laser("Laser Wavelength", "2000.5"), ==, 0);
    g_assert_cmpfloat(laser("Laser Wavelength", "-785"), ==, 0);
}

static void a_bare_key_needs_nm_or_a_customary_laser(void)
{
    g_assert_cmpfloat(laser("Laser", "785"), ==, 785);
    g_assert_cmpfloat(laser("Laser", "783.5"), ==, 783.5);
    g_assert_cmpfloat(laser("Laser", "783.4"), ==, 0);
    g_assert_cmpfloat(laser("Laser", "300"), ==, 0); /* perhaps mW */
    g_assert_cmpfloat(laser("Laser", "300 nm"), ==, 300);
    g_assert_cmpfloat(laser("Excitation", "514"), ==, 514);
}

static void what_is_no_wavelength_is_no_laser(void)
{
    static const char *const values[] = {"785 mW", "785 nm edge", "785 nmx", "red",
                                         "",       "nan",         "785/532", "785 nm 532 nm"};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_test_message("%s", values[i]);
        g_assert_cmpfloat(laser("Laser Wavelength", values[i]), ==, 0);
    }
    g_assert_cmpfloat(laser("Laser Power", "785"), ==, 0);
    g_assert_cmpfloat(laser("Wavelength", "785"), ==, 0);
    g_assert_cmpfloat(laser("", "785"), ==, 0);
}

static void infrared_is_declared_only_by_lines_about_the_kind(void)
{
    g_assert_true(cel_word_is_infrared("Technique", "FT-IR (ATR)"));
    g_assert_true(cel_word_is_infrared("DATA TYPE", "INFRARED SPECTRUM"));
    g_assert_true(cel_word_is_infrared("YUNITS", "ABSORBANCE"));
    g_assert_true(cel_word_is_infrared("", "红外光谱"));
    g_assert_false(cel_word_is_infrared("Comment", "see infrared"));
    g_assert_false(cel_word_is_infrared("Sample", "transmission oil"));
    g_assert_false(cel_word_is_infrared("Technique", "FT-Raman, not infrared"));
    g_assert_false(cel_word_is_infrared("", "红外激光拉曼"));
    g_assert_false(cel_word_is_infrared("Technique", "Raman"));
}

/* ---- lines ---- */

static CelText *open_text(const char *data, gsize n)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, n);
    g_autoptr(GError) error = NULL;
    CelText *text = cel_text_open(bytes, "made.txt", &error);
    g_assert_no_error(error);
    return text;
}

static void next_is(CelText *text, const char *line, guint64 number)
{
    CelLine out;
    g_assert_true(cel_text_next(text, &out, NULL));
    g_autofree char *got = g_strndup(out.start, out.length);
    g_assert_cmpstr(got, ==, line);
    g_assert_cmpuint(out.number, ==, number);
}

static void nothing_is_left(CelText *text)
{
    CelLine out;
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_text_next(text, &out, &error));
    g_assert_no_error(error);
}

static void every_end_of_line_counts_once(void)
{
    static const char data[] = "a\nb\r\nc\rd\n\r\ne";
    g_autoptr(CelText) text = open_text(data, sizeof data - 1);
    next_is(text, "a", 1);
    next_is(text, "b", 2);
    next_is(text, "c", 3);
    next_is(text, "d", 4);
    next_is(text, "", 5);
    next_is(text, "e", 6);
    nothing_is_left(text);
}

static void an_end_at_the_end_makes_no_further_line(void)
{
    static const char *const data[] = {"a\n", "a\r\n", "a\r", "a"};
    for (gsize i = 0; i < G_N_ELEMENTS(data); i++) {
        g_autoptr(CelText) text = open_text(data[i], strlen(data[i]));
        next_is(text, "a", 1);
        nothing_is_left(text);
    }
}

static void a_line_can_be_taken_again(void)
{
    static const char data[] = "\xef\xbb\xbf"
                               "one\r\ntwo\nthree";
    g_autoptr(CelText) text = open_text(data, sizeof data - 1);
    CelLine second;
    next_is(text, "one", 1);
    g_assert_true(cel_text_next(text, &second, NULL));
    next_is(text, "three", 3);
    cel_text_seek(text, &second);
    next_is(text, "two", 2);
    cel_text_rewind(text);
    next_is(text, "one", 1);
    g_assert_cmpuint(cel_text_size(text), ==, sizeof data - 1 - 3);
}

static void a_line_of_the_greatest_length_is_taken(void)
{
    g_autofree char *data = g_malloc(CEL_TEXT_MAX_LINE + 2);
    memset(data, '1', CEL_TEXT_MAX_LINE + 2);
    data[CEL_TEXT_MAX_LINE] = '\n';
    g_autoptr(CelText) good = open_text(data, CEL_TEXT_MAX_LINE + 2);
    CelLine line;
    g_assert_true(cel_text_next(good, &line, NULL));
    g_assert_cmpuint(line.length, ==, CEL_TEXT_MAX_LINE);
    data[CEL_TEXT_MAX_LINE] = '1';
    g_autoptr(CelText) bad = open_text(data, CEL_TEXT_MAX_LINE + 1);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_text_next(bad, &line, &error));
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, "made.txt: line 1"));
}

static void encoding_is(const char *data, gsize n, const char *encoding, const char *line)
{
    g_autoptr(CelText) text = open_text(data, n);
    g_assert_cmpstr(cel_text_encoding(text), ==, encoding);
    next_is(text, line, 1);
}

static void each_encoding_gives_the_same_line(void)
{
    encoding_is("\xe5\xbc\xba", 3, "utf-8", "强");
    encoding_is("\xff\xfe\x3a\x5f", 4, "utf-16le", "强");
    encoding_is("\xfe\xff\x5f\x3a", 4, "utf-16be", "强");
    encoding_is("\xc7\xbf\xb6\xc8", 4, "gb18030", "强度");
    encoding_is("m\xfc"
                "de",
                4, "latin-1", "müde");
    encoding_is("1\0"
                "2\0"
                "3\0"
                "4\0",
                8, "utf-16le", "1234");
    encoding_is("\0"
                "1\0"
                "2\0"
                "3\0"
                "4",
                8, "utf-16be", "1234");
}

static void control_bytes_are_named_with_line_and_position(void)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static("1 2\n3 \x07"
                                                 "4\n",
                                                 9);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_text_open(bytes, "made.txt", &error));
    g_assert_nonnull(strstr(error->message, "made.txt: line 2"));
    g_assert_nonnull(strstr(error->message, "0x07"));
    g_assert_nonnull(strstr(error->message, "position 7"));
}

static void tab_and_end_of_file_marks_are_no_control_bytes(void)
{
    g_autoptr(CelText) text = open_text("1\t2\f\v\x1a", 6);
    next_is(text, "1\t2\f\v\x1a", 1);
}

#define ADD(test) g_test_add_func("/words/" #test, test)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(plain_text_has_no_signs_of_decoration);
    ADD(axes_are_told_by_their_titles);
    ADD(intensities_are_told_by_their_titles);
    ADD(an_axis_title_with_a_word_of_intensities_stays_an_axis);
    ADD(absorption_is_never_taken_for_raman);
    ADD(keys_of_the_axis_unit_are_known);
    ADD(keys_have_their_meaning_and_unit);
    ADD(a_sure_key_takes_any_wavelength_of_a_laser);
    ADD(a_wavelength_lies_between_200_and_2000_nm);
    ADD(a_bare_key_needs_nm_or_a_customary_laser);
    ADD(what_is_no_wavelength_is_no_laser);
    ADD(infrared_is_declared_only_by_lines_about_the_kind);
    ADD(every_end_of_line_counts_once);
    ADD(an_end_at_the_end_makes_no_further_line);
    ADD(a_line_can_be_taken_again);
    ADD(a_line_of_the_greatest_length_is_taken);
    ADD(each_encoding_gives_the_same_line);
    ADD(control_bytes_are_named_with_line_and_position);
    ADD(tab_and_end_of_file_marks_are_no_control_bytes);
    return g_test_run();
}
