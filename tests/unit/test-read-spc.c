/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-reader.h"
#include "long-check.h"
#include "spc-fixture.h"
#include "write-fixture.h"

#include <float.h>

/* What SPC files mean to the engine, in words and notes, and what is written comes back; the shapes
 * of the numbers are in test-spc.c. */

static const double X[] = {100, 110, 130}, Y[] = {1, 2, 3};

static const SpcHead PLAIN = {.version = CEL_SPC_NEW_LITTLE,
                              .technique = CEL_SPC_RAMAN,
                              .exponent = SPC_FLOATING,
                              .x_type = CEL_SPC_X_RAMAN_CM1,
                              .y_type = CEL_SPC_Y_COUNTS,
                              .n_points = 3,
                              .n_subfiles = 1,
                              .first = 100,
                              .last = 130};

enum { LOG_AT = SPC_HEADER + SPC_SUBHEADER + 12 };

/* A file of three points with @log. */
static GBytes *make(SpcHead head, const char *log)
{
    guint8 data[4096];
    CelBytesOut out = cel_bytes_out(data, sizeof data, CEL_LITTLE_ENDIAN);
    head.log = log != NULL ? LOG_AT : 0;
    spc_put_head(&out, &head);
    if ((head.flags & CEL_SPC_X_VALUES) != 0)
        spc_put_floats(&out, X, 3);
    for (guint32 i = 0; i < head.n_subfiles; i++) {
        spc_put_subheader(&out, head.exponent, (float)i, 0);
        if (head.exponent == SPC_FLOATING)
            spc_put_floats(&out, Y, 3);
        else
            spc_put_fixed(&out, &head, Y, 3);
    }
    if (log != NULL)
        spc_put_log(&out, log);
    return g_bytes_new(data, out.used);
}

static void read_spc(SpcHead head, const char *log, const CelReadOptions *options, CelReadOut *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = make(head, log);
    cel_reader_load_bytes(bytes, "a.spc", options, NULL, out, &error);
    g_assert_no_error(error);
}

static void refused(SpcHead head, const CelReadOptions *options, int code, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_auto(CelReadOut) out = {0};
    g_autoptr(GBytes) bytes = make(head, NULL);
    g_assert_false(cel_reader_load_bytes(bytes, "a.spc", options, NULL, &out, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, part);
}

static const char *reader_of(const void *data, gsize n)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, n);
    const CelReader *reader = cel_reader_find(bytes, "a");
    return reader != NULL ? reader->id : "none";
}

static const char *reader_of_head(SpcHead head)
{
    gsize n = 0;
    g_autoptr(GBytes) bytes = make(head, NULL);
    const guint8 *data = g_bytes_get_data(bytes, &n);
    return reader_of(data, n);
}

/* ---- detection ---- */

static void the_usual_shape_has_a_reader_that_met_real_files(void)
{
    SpcHead head = PLAIN;
    g_assert_cmpstr(reader_of_head(head), ==, "spc");
    head.flags = CEL_SPC_LABELS;
    g_assert_cmpstr(reader_of_head(head), ==, "spc");
}

static void every_other_shape_has_one_that_has_not(void)
{
    SpcHead heads[] = {PLAIN, PLAIN, PLAIN, PLAIN, PLAIN};
    heads[0].version = CEL_SPC_NEW_BIG;
    heads[1].version = CEL_SPC_OLD;
    heads[1].exponent = 10;
    heads[2].exponent = 10;
    heads[3].flags = CEL_SPC_MULTI;
    heads[3].n_subfiles = 2;
    heads[4].flags = CEL_SPC_X_VALUES;
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
        g_auto(CelReadOut) out = {0};
        g_assert_cmpstr(reader_of_head(heads[i]), ==, "spc-other");
        read_spc(heads[i], NULL, NULL, &out);
        g_assert_cmpstr(note_of(&out, CEL_META_UNVALIDATED), ==, "spc-other");
        g_assert_cmpfloat(out.measurement->frames[2], ==, 3);
    }
}

static void text_and_archives_are_not_taken_for_spc(void)
{
    static const char text[] =
        "OK, this is a text with a K as its second letter: 1 2 3 4 5 6\n1 2\n",
                      letter[] = "AMPLITUDE of 4 and more letters and numbers 10 20 30\n1 2\n3 4\n",
                      zip[] = "PK\3\4\24\0\0\0\10\0abcdefgh\20\0\0\0\20\0\0\0\10\0\0\0name.txt";
    g_assert_cmpstr(reader_of(text, sizeof text - 1), ==, "text");
    g_assert_cmpstr(reader_of(letter, sizeof letter - 1), ==, "text");
    g_assert_cmpstr(reader_of(zip, sizeof zip - 1), ==, "text");
    g_assert_cmpstr(reader_of("\0K", 2), ==, "text");
}

/* ---- kinds and units ---- */

static void the_codes_say_what_was_measured(void)
{
    static const struct {
        guint8 technique, x_type, y_type;
        CelSpectrumKind kind;
    } rows[] = {
        {CEL_SPC_GENERAL, CEL_SPC_X_RAMAN_CM1, CEL_SPC_Y_INTENSITY, CEL_KIND_RAMAN},
        {CEL_SPC_FT_IR, CEL_SPC_X_RAMAN_CM1, CEL_SPC_Y_COUNTS, CEL_KIND_RAMAN},
        {CEL_SPC_RAMAN, CEL_SPC_X_CM1, CEL_SPC_Y_COUNTS, CEL_KIND_RAMAN},
        {CEL_SPC_GENERAL, CEL_SPC_X_CM1, CEL_SPC_Y_COUNTS, CEL_KIND_UNKNOWN},
        {CEL_SPC_FT_IR, CEL_SPC_X_CM1, CEL_SPC_Y_COUNTS, CEL_KIND_INFRARED},
        {CEL_SPC_GENERAL, CEL_SPC_X_CM1, CEL_SPC_Y_ABSORBANCE, CEL_KIND_INFRARED},
        {CEL_SPC_GENERAL, CEL_SPC_X_CM1, CEL_SPC_Y_TRANSMISSION, CEL_KIND_INFRARED},
        {9 /* mass spectrum */, 9 /* m/z */, CEL_SPC_Y_COUNTS, CEL_KIND_OTHER},
        {10 /* NMR */, 10 /* ppm */, CEL_SPC_Y_COUNTS, CEL_KIND_OTHER},
        {12 /* fluorescence */, CEL_SPC_X_CM1, CEL_SPC_Y_COUNTS, CEL_KIND_OTHER},
        {CEL_SPC_GENERAL, 5 /* minutes */, CEL_SPC_Y_COUNTS, CEL_KIND_OTHER},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const CelReadOptions looking = {.any_kind = TRUE};
        SpcHead head = PLAIN;
        head.technique = rows[i].technique;
        head.x_type = rows[i].x_type;
        head.y_type = rows[i].y_type;
        g_auto(CelReadOut) out = {0};
        read_spc(head, NULL, &looking, &out);
        g_assert_cmpint(out.kind, ==, rows[i].kind);
        if (rows[i].kind > CEL_KIND_RAMAN)
            refused(head, NULL, CEL_ERROR_INPUT, "Raman");
    }
}

static void units_follow_their_codes(void)
{
    SpcHead head = PLAIN;
    g_auto(CelReadOut) shift = {0}, nm = {0}, um = {0};
    read_spc(head, NULL, NULL, &shift);
    g_assert_cmpint(cel_axis_unit(shift.measurement->imported_axis), ==, CEL_UNIT_SHIFT_CM1);
    head.x_type = CEL_SPC_X_NM;
    head.first = 540;
    head.last = 560;
    read_spc(head, NULL, NULL, &nm);
    g_assert_cmpint(cel_axis_unit(nm.measurement->imported_axis), ==, CEL_UNIT_NM_UNSTATED);
    head.x_type = CEL_SPC_X_UM;
    head.first = 0.5;
    head.last = 0.75;
    read_spc(head, NULL, NULL, &um);
    g_assert_cmpfloat(cel_axis_values(um.measurement->imported_axis)[1], ==, 625);
    head.x_type = CEL_SPC_X_ARBITRARY;
    head.first = 500;
    head.last = 600;
    refused(head, NULL, CEL_ERROR_UNIT, "nm or cm-1");
    head.x_type = CEL_SPC_X_CM1;
    head.first = 9000;
    head.last = 9400;
    refused(head, NULL, CEL_ERROR_UNIT, "absolute");
}

/* ---- log and notes ---- */

static double laser_of(const char *log)
{
    g_auto(CelReadOut) out = {0};
    read_spc(PLAIN, log, NULL, &out);
    return out.measurement->calibration.laser_nm;
}

static void the_laser_comes_from_the_log(void)
{
    g_assert_cmpfloat(laser_of("Laser=Laser: 785 nm edge\r\n"), ==, 785);
    g_assert_cmpfloat(laser_of("Laser=Laser: 632.8nm\r\n"), ==, 632.8);
    g_assert_cmpfloat(laser_of("a=b\nlaser_nm=531.9\n"), ==, 531.9);
    g_assert_cmpfloat(laser_of("Laser=on, nm\r\nLaser_power=Laser power: 100%\r\n"), ==, 0);
    g_assert_cmpfloat(laser_of("Laser=785 nm\r\nlaser_nm=532\r\n"), ==, 0);
    g_assert_cmpfloat(laser_of("Grating=1200 l/mm (633/780)\r\n"), ==, 0);
    g_assert_cmpfloat(laser_of(NULL), ==, 0);
}

static void header_and_log_become_notes(void)
{
    g_auto(CelReadOut) out = {0};
    read_spc(PLAIN, "Serial_number=S1\r\nSlit=65\xb5m\r\naxis_check=ok\r\nno pair\r\n=x\r\n", NULL,
             &out);
    g_assert_cmpstr(note_of(&out, "file.Serial_number"), ==, "S1");
    g_assert_cmpstr(out.measurement->instrument.serial, ==, "S1");
    g_assert_cmpstr(note_of(&out, "file.Slit"), ==, "65µm");
    g_assert_cmpstr(note_of(&out, "file.axis_check"), ==, "ok");
    g_assert_null(note_of(&out, CEL_META_AXIS_CHECK));
    g_assert_cmpstr(note_of(&out, "file.comment"), ==, "a comment");
    g_assert_cmpstr(note_of(&out, CEL_META_TITLE), ==, "a comment");
    g_assert_cmpstr(note_of(&out, "file.date"), ==, "2024-03-21 14:59");
    g_assert_cmpstr(note_of(&out, "file.technique"), ==, "Raman");
    g_assert_nonnull(note_of(&out, "axis_spacing"));
}

static void the_mark_of_simulated_data_is_taken_from_the_log(void)
{
    g_auto(CelReadOut) yes = {0}, no = {0};
    read_spc(PLAIN, "simulated=yes\r\n", NULL, &yes);
    read_spc(PLAIN, "simulated=no\r\n", NULL, &no);
    g_assert_true(yes.measurement->simulated);
    g_assert_false(no.measurement->simulated);
}

static void a_log_that_is_no_text_is_a_warning(void)
{
    g_auto(CelReadOut) out = {0};
    read_spc(PLAIN, "a=\1\2\3", NULL, &out);
    g_assert_cmpuint(out.warnings->len, ==, 1);
    const CelReadWarning *warning = g_ptr_array_index(out.warnings, 0);
    g_assert_cmpint(warning->place, ==, CEL_PLACE_BYTE);
    g_assert_cmpuint(warning->at, ==, LOG_AT + 64);
}

/* ---- several ---- */

static void one_of_several_spectra_is_chosen(void)
{
    const CelReadOptions second = {.spectrum = 2}, third = {.spectrum = 3};
    SpcHead head = PLAIN;
    head.flags = CEL_SPC_MULTI;
    head.n_subfiles = 2;
    g_auto(CelReadOut) a = {0}, b = {0};
    read_spc(head, NULL, NULL, &a);
    read_spc(head, NULL, &second, &b);
    g_assert_cmpuint(a.n_spectra, ==, 2);
    g_assert_cmpuint(b.spectrum, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(b.titles, 1), ==, "z = 1");
    refused(head, &third, CEL_ERROR_USAGE, "no spectrum 3");
}

static void refusals_name_the_byte(void)
{
    SpcHead head = PLAIN;
    head.n_points = 100;
    refused(head, NULL, CEL_ERROR_INPUT, "byte 544: the file ends");
    head = PLAIN;
    head.last = 100;
    refused(head, NULL, CEL_ERROR_INPUT, "byte 8: the axis runs from 100 to 100");
}

/* ---- round trips ---- */

static gboolean counts_evenly(const double *x, gsize n, gboolean down)
{
    const double start = x[down ? n - 1 : 0], end = x[down ? 0 : n - 1];
    gboolean even = TRUE;
    for (gsize i = 0; i + 1 < n; i++)
        even &= x[down ? n - 1 - i : i] == start + (end - start) / (double)(n - 1) * (double)i;
    return even;
}

static guint expected_losses(const CelSpectrum *spectrum)
{
    const gsize n = cel_spectrum_length(spectrum);
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    const gboolean even = counts_evenly(x, n, FALSE) || counts_evenly(x, n, TRUE);
    guint lost = 0;
    for (gsize i = 0; i < n; i++) {
        if (!even && (double)(float)x[i] != x[i])
            lost |= CEL_LOSS_AXIS;
        if ((double)(float)y[i] != y[i])
            lost |= CEL_LOSS_INTENSITY;
    }
    return lost;
}

static void what_is_written_reads_back_within_32_bits(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(99);
    const guint rounds = long_count(300);
    for (guint round = 0; round < rounds; round++) {
        g_autoptr(CelSpectrum) spectrum = random_spectrum(rand, FALSE);
        const guint lost = expected_losses(spectrum);
        g_auto(CelReadOut) out = {0};
        write_and_read("spc", spectrum, lost, &out);
        g_autoptr(CelSpectrum) back = cel_read_out_spectrum(&out, NULL);
        same_numbers(spectrum, back, (lost & CEL_LOSS_AXIS) != 0 ? FLT_EPSILON / 2.0 : 0.0,
                     (lost & CEL_LOSS_INTENSITY) != 0 ? FLT_EPSILON / 2.0 : 0.0);
        g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(back)), ==,
                        cel_axis_unit(cel_spectrum_axis(spectrum)));
    }
}

static void an_axis_that_falls_evenly_keeps_every_digit(void)
{
    g_autoptr(CelSpectrum) spectrum = falling_spectrum();
    g_auto(CelReadOut) out = {0};
    write_and_read("spc", spectrum, 0, &out);
    g_autoptr(CelSpectrum) back = cel_read_out_spectrum(&out, NULL);
    same_numbers(spectrum, back, 0.0, 0.0);
    g_assert_nonnull(note_of(&out, "axis_order"));
    g_assert_cmpstr(note_of(&out, CEL_META_FORMAT), ==, "spc");
}

static void marks_and_digest_survive_writing(void)
{
    g_autoptr(CelSpectrum) spectrum = marked_spectrum();
    g_auto(CelReadOut) out = {0};
    write_and_read("spc", spectrum, 0, &out);
    g_assert_true(out.measurement->simulated);
    g_assert_nonnull(note_of(&out, CEL_META_UNVALIDATED));
    g_assert_cmpstr(note_of(&out, "file." CEL_META_SOURCE_SHA256), ==, DIGEST);
    g_assert_cmpstr(note_of(&out, "file." CEL_META_UNVALIDATED), ==, "some-reader");
    g_assert_cmpstr(note_of(&out, CEL_META_TITLE), ==, "碳酸钙 A=B");
    g_assert_cmpfloat(out.measurement->calibration.laser_nm, ==, 784.9);
}

static void a_long_title_is_cut_between_characters(void)
{
    g_autoptr(CelSpectrum) spectrum = marked_spectrum();
    g_autoptr(GString) title = g_string_new(NULL);
    for (int i = 0; i < 60; i++)
        g_string_append(title, "骨");
    cel_spectrum_set_meta(spectrum, CEL_META_TITLE, title->str);
    g_auto(CelReadOut) out = {0};
    write_and_read("spc", spectrum, 0, &out);
    g_assert_cmpstr(note_of(&out, CEL_META_TITLE), ==, title->str); /* from the log */
    g_assert_true(g_str_has_prefix(title->str, note_of(&out, "file.comment")));
    g_assert_cmpuint(strlen(note_of(&out, "file.comment")), ==, 129);
}

static void what_32_bits_cannot_hold_is_refused(void)
{
    static const double near_x[] = {1000, 1000.00001, 1000.5}, x[] = {1, 2, 4},
                        huge[] = {1, 2, 1e39}, tiny[] = {1e-300, 0, 1e-39}, plain[] = {1, 2, 3};
    const struct {
        const double *x, *y;
        const char *part;
    } rows[] = {{near_x, plain, "positions"}, {x, huge, "intensities"}, {x, tiny, "intensities"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, rows[i].x, 3, NULL);
        g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, rows[i].y, NULL);
        const CelWriteItem item = {.spectrum = spectrum};
        g_assert_null(cel_writer_for("x.spc")->write(&(CelWriteInput){&item, 1}, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, rows[i].part));
    }
}

static void even_axes_keep_every_digit(void)
{
    static const double y[] = {1, 2, 3, 4};
    const double x[] = {0.1, 0.1 + 1e-9, 0.1 + 2e-9, 0.1 + 3e-9};
    double exact[4];
    for (int i = 0; i < 4; i++)
        exact[i] = i < 3 ? x[0] + (x[3] - x[0]) / 3.0 * i : x[3];
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, exact, 4, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    g_auto(CelReadOut) out = {0};
    write_and_read("spc", spectrum, 0, &out);
    g_autoptr(CelSpectrum) back = cel_read_out_spectrum(&out, NULL);
    same_numbers(spectrum, back, 0.0, 0.0);
    g_assert_cmpstr(note_of(&out, CEL_META_FORMAT), ==, "spc");
}

/* ---- the samples, each against its text export ---- */

static CelSpectrum *load_sample(const char *maker, const char *name)
{
    const char *shared = g_getenv("CELADON_SHARED");
    g_autofree char *path =
        g_build_filename(shared != NULL ? shared : "", "data", "formats", maker, name, NULL);
    if (shared == NULL || !g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_test_skip("the samples are not here");
        return NULL;
    }
    g_autoptr(GError) error = NULL;
    CelSpectrum *spectrum = cel_reader_load_spectrum(path, NULL, NULL, &error);
    g_assert_no_error(error);
    return spectrum;
}

/* The text export between its points in a straight line; *@out_slope is that of the line. */
static double line_at(const CelSpectrum *text, double x, double *out_slope)
{
    const double *tx = cel_spectrum_x(text), *ty = cel_spectrum_y(text);
    gsize k = 1;
    while (k + 1 < cel_spectrum_length(text) && tx[k] < x)
        k++;
    *out_slope = (ty[k] - ty[k - 1]) / (tx[k] - tx[k - 1]);
    return ty[k] + *out_slope * (x - tx[k]);
}

/* WiRE puts the points on even steps by a straight line between the measured ones. The text gives
 * those with @x_rounding and @y_rounding, which a slope makes larger. */
static void agrees_with_text(const char *maker, const char *name, double x_rounding,
                             double y_rounding)
{
    g_autofree char *binary = g_strconcat(name, ".spc", NULL);
    g_autofree char *plain = g_strconcat(name, ".txt", NULL);
    g_autoptr(CelSpectrum) spc = load_sample(maker, binary);
    g_autoptr(CelSpectrum) text = spc != NULL ? load_sample(maker, plain) : NULL;
    double worst = 0.0;
    if (text == NULL)
        return;
    g_assert_cmpuint(cel_spectrum_length(spc), ==, cel_spectrum_length(text));
    for (gsize i = 0; i < cel_spectrum_length(spc); i++) {
        double slope = 0.0;
        const double want = line_at(text, cel_spectrum_x(spc)[i], &slope);
        const double off = fabs(cel_spectrum_y(spc)[i] - want);
        worst = fmax(worst, off);
        g_assert_cmpfloat(off, <=, 2.0 * fabs(slope) * x_rounding + y_rounding);
    }
    g_test_message("%s: at most %.3g counts of %.6g from its text", binary, worst,
                   largest_of(cel_spectrum_y(spc), cel_spectrum_length(spc)));
}

static void renishaw_samples_agree_with_their_text(void)
{
    /* 32-bit positions near 1111 differ by 1.2e-4; six digits of 3501.06 and of 28970.1 */
    agrees_with_text("Renishaw", "nCal_Qontor785_z005H12_100_1x3s", 1.3e-4, 0.01);
    agrees_with_text("InViaReflex", "PST_Reflex532_Z050_010_10000msx2", 0.006, 0.06);
}

/* BWRam resamples to 1 cm-1 in a way it does not tell; the text gives the pixels. */
static void the_bwtek_sample_has_the_bands_of_its_text(void)
{
    g_autoptr(CelSpectrum) spc = load_sample("BWTEK", "PST10_iR532_Probe_100_3000msx7.spc");
    g_autoptr(CelSpectrum) text =
        spc != NULL ? load_sample("BWTEK", "PST10_iR532_Probe_100_3000msx7.txt") : NULL;
    if (text == NULL)
        return;
    const gsize n = cel_spectrum_length(spc);
    const double *x = cel_spectrum_x(spc), *y = cel_spectrum_y(spc);
    const double largest = largest_of(y, n);
    gsize n_near = 0, top = 0;
    double worst = 0.0, slope = 0.0;
    for (gsize i = 0; i < n; i++) {
        const double off = fabs(y[i] - line_at(text, x[i], &slope));
        worst = fmax(worst, off);
        n_near += off <= 1e-3 * largest;
        top = y[i] > y[top] ? i : top;
    }
    g_test_message(
        "PST10 .spc: at most %.3g of %.6g from straight lines between the pixels; %.1f %% "
        "within a thousandth",
        worst, largest, 100.0 * (double)n_near / (double)n);
    g_assert_cmpfloat((double)n_near, >, 0.93 * (double)n);
    g_assert_cmpfloat(fabs(x[top] - 1001.4), <=, 2.0); /* polystyrene, ASTM E1840 */
}

#define TEST(path, function) g_test_add_func("/read-spc/" path, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("detection/usual", the_usual_shape_has_a_reader_that_met_real_files);
    TEST("detection/other", every_other_shape_has_one_that_has_not);
    TEST("detection/foreign", text_and_archives_are_not_taken_for_spc);
    TEST("kind", the_codes_say_what_was_measured);
    TEST("unit", units_follow_their_codes);
    TEST("notes/laser", the_laser_comes_from_the_log);
    TEST("notes/log", header_and_log_become_notes);
    TEST("notes/simulated", the_mark_of_simulated_data_is_taken_from_the_log);
    TEST("notes/no-text", a_log_that_is_no_text_is_a_warning);
    TEST("several", one_of_several_spectra_is_chosen);
    TEST("refused/byte", refusals_name_the_byte);
    TEST("round-trip/random", what_is_written_reads_back_within_32_bits);
    TEST("round-trip/falling", an_axis_that_falls_evenly_keeps_every_digit);
    TEST("round-trip/marks", marks_and_digest_survive_writing);
    TEST("round-trip/title", a_long_title_is_cut_between_characters);
    TEST("round-trip/refused", what_32_bits_cannot_hold_is_refused);
    TEST("round-trip/even", even_axes_keep_every_digit);
    TEST("samples/renishaw", renishaw_samples_agree_with_their_text);
    TEST("samples/bwtek", the_bwtek_sample_has_the_bands_of_its_text);
    return g_test_run();
}
