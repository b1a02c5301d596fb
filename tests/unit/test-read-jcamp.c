/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-reader.h"
#include "long-check.h"
#include "write-fixture.h"

#include <math.h>
#include <string.h>

/* What JCAMP-DX files mean to the engine, in words and notes, and what is written comes back; the
 * forms of the numbers are in test-jcamp.c. */

#define RAMAN  "##TITLE= CaCO3\n##JCAMP-DX= 4.24\n##DATA TYPE= RAMAN SPECTRUM\n"
#define AXIS   "##XUNITS= 1/CM\n##FIRSTX= 400\n##LASTX= 404\n##NPOINTS= 3\n"
#define POINTS "##XYDATA= (X++(Y..Y))\n400 1 2 3\n##END=\n"

/* Reads by either row of the table. */
static void read_text(const char *text, const CelReadOptions *options, CelReadOut *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    cel_reader_load_bytes(bytes, "a.jdx", options, NULL, out, &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(note_of(out, CEL_META_FORMAT), "jcamp"));
}

static void refused(const char *text, const CelReadOptions *options, int code, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_auto(CelReadOut) out = {0};
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_assert_false(cel_reader_load_bytes(bytes, "a.jdx", options, NULL, &out, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, part);
}

static const char *reader_of(const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    const CelReader *reader = cel_reader_find(bytes, "a.txt");
    return reader != NULL ? reader->id : "none";
}

/* ---- detection ---- */

static void it_is_known_by_its_first_labels(void)
{
    g_assert_cmpstr(reader_of(RAMAN AXIS POINTS), ==, "jcamp");
    g_assert_cmpstr(reader_of("$$ note\n\n  ##Title=x\n##JCAMPDX=5.0\n"), ==, "jcamp");
    g_assert_cmpstr(reader_of("##TITLE=x\n##FIRSTX=1\n##XYDATA=(X++(Y..Y))\n"), ==, "jcamp");
    g_assert_cmpstr(reader_of("##TITLE=x\n##OTHER=y\n1 2\n3 4\n"), ==, "text");
    g_assert_cmpstr(reader_of("##NAMES=Calcite\n##RRUFFID=R1\n1, 2\n3, 4\n"), ==, "rruff");
    g_assert_cmpstr(reader_of("x\n##TITLE=x\n##JCAMP-DX=4.24\n"), ==, "text");
}

/* ---- kinds and units ---- */

static void raman_in_inverse_centimetres_is_a_shift(void)
{
    g_auto(CelReadOut) out = {0};
    read_text(RAMAN AXIS POINTS, NULL, &out);
    g_assert_cmpint(out.kind, ==, CEL_KIND_RAMAN);
    g_assert_cmpint(cel_axis_unit(out.measurement->imported_axis), ==, CEL_UNIT_SHIFT_CM1);
    g_assert_cmpfloat(out.measurement->frames[2], ==, 3);
    g_assert_cmpstr(note_of(&out, CEL_META_TITLE), ==, "CaCO3");
    g_assert_null(note_of(&out, CEL_META_UNVALIDATED));
    g_assert_null(out.warnings);
}

static void other_kinds_are_said_and_read_for_looking_only(void)
{
    static const struct {
        const char *type, *said;
        CelSpectrumKind kind;
    } rows[] = {
        {"##DATA TYPE= INFRARED SPECTRUM\n", "infrared", CEL_KIND_INFRARED},
        {"##DATA TYPE= UV/VIS SPECTRUM\n", "absorption", CEL_KIND_INFRARED},
        {"##DATA TYPE= NMR SPECTRUM\n", "NMR SPECTRUM", CEL_KIND_OTHER},
        {"##DATA TYPE= MASS SPECTRUM\n", "MASS SPECTRUM", CEL_KIND_OTHER},
        {"##DATA TYPE= CHROMATOGRAM\n", "CHROMATOGRAM", CEL_KIND_OTHER},
        {"##YUNITS= TRANSMITTANCE\n", "infrared", CEL_KIND_INFRARED},
    };
    const CelReadOptions looking = {.any_kind = TRUE};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strconcat("##TITLE= t\n##JCAMP-DX= 5.01\n", rows[i].type, AXIS POINTS, NULL);
        g_auto(CelReadOut) out = {0};
        refused(text, NULL, CEL_ERROR_INPUT, rows[i].said);
        read_text(text, &looking, &out);
        g_assert_cmpint(out.kind, ==, rows[i].kind);
    }
}

static void without_a_data_type_the_kind_is_unknown(void)
{
    g_auto(CelReadOut) out = {0};
    read_text("##TITLE= t\n##JCAMP-DX= 4.24\n" AXIS POINTS, NULL, &out);
    g_assert_cmpint(out.kind, ==, CEL_KIND_UNKNOWN);
}

#define UNITS(units, first, last)                                                                  \
    RAMAN units "##FIRSTX= " first "\n##LASTX= " last                                              \
                "\n##NPOINTS= 2\n##XYDATA= (X++(Y..Y))\n" first " 1 2\n##END=\n"

static void wavelengths_are_taken_in_nanometres(void)
{
    g_auto(CelReadOut) nm = {0}, um = {0};
    read_text(UNITS("##XUNITS= NANOMETERS\n", "540", "600"), NULL, &nm);
    read_text(UNITS("##XUNITS= MICROMETERS\n", "0.54", "0.6"), NULL, &um);
    g_assert_cmpint(cel_axis_unit(nm.measurement->imported_axis), ==, CEL_UNIT_NM_UNSTATED);
    g_assert_cmpint(cel_axis_unit(um.measurement->imported_axis), ==, CEL_UNIT_NM_UNSTATED);
    g_assert_cmpfloat(cel_axis_values(nm.measurement->imported_axis)[1], ==, 600);
    g_assert_cmpfloat(cel_axis_values(um.measurement->imported_axis)[1], ==, 600);
}

static void units_that_cannot_be_are_refused(void)
{
    refused(UNITS("##XUNITS= 1/CM\n", "9000", "9400"), NULL, CEL_ERROR_UNIT, "absolute");
    refused(UNITS("##XUNITS= HZ\n", "400", "2400"), NULL, CEL_ERROR_UNIT, "in \"HZ\"");
    refused(UNITS("", "500", "600"), NULL, CEL_ERROR_UNIT, "nm or cm-1");
    refused(UNITS("##XUNITS= ARBITRARY UNITS\n", "500", "600"), NULL, CEL_ERROR_UNIT, "nm or cm-1");
    refused(UNITS("##XUNITS= NANOMETERS\n", "1", "2"), NULL, CEL_ERROR_UNIT, "wavelengths");
}

/* ---- notes ---- */

static void the_laser_comes_from_labels_of_the_maker(void)
{
    static const char *const labels[] = {"##$LASER WAVELENGTH= 785\n", "##$Laser= 785 nm\n",
                                         "##.EXCITATION= 785 nm\n", "##$Excitation_nm= 785\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
        g_autofree char *text = g_strconcat(RAMAN, labels[i], AXIS POINTS, NULL);
        g_auto(CelReadOut) out = {0};
        read_text(text, NULL, &out);
        g_assert_cmpfloat(out.measurement->calibration.laser_nm, ==, 785);
    }
    g_auto(CelReadOut) none = {0}, two = {0};
    read_text(RAMAN AXIS POINTS, NULL, &none);
    g_assert_cmpfloat(none.measurement->calibration.laser_nm, ==, 0);
    read_text(RAMAN "##$LASER NM= 785\n##$LASER WAVELENGTH= 532\n" AXIS POINTS, NULL, &two);
    g_assert_cmpfloat(two.measurement->calibration.laser_nm, ==, 0);
    g_assert_nonnull(strstr(note_of(&two, "laser_in_file"), "different"));
}

static void labels_are_notes_with_their_comments_taken_off(void)
{
    g_auto(CelReadOut) out = {0};
    read_text(RAMAN "##OWNER= a lab $$ secret\n##SPECTROMETER/DATA SYSTEM= X-100\n"
                    "##SAMPLE DESCRIPTION= first\n  second $$ note\n\n third\n"
                    "##axis_check= ok\n" AXIS POINTS,
              NULL, &out);
    g_assert_cmpstr(note_of(&out, "file.OWNER"), ==, "a lab");
    g_assert_cmpstr(note_of(&out, "file.SAMPLE DESCRIPTION"), ==, "first second third");
    g_assert_cmpstr(out.measurement->instrument.model, ==, "X-100");
    g_assert_null(note_of(&out, CEL_META_AXIS_CHECK));
    g_assert_null(note_of(&out, "file.XYDATA"));
}

static void latin_1_is_understood(void)
{
    g_auto(CelReadOut) out = {0};
    read_text("##TITLE= Stra\xdf"
              "e\n##JCAMP-DX= 4.24\n##DATA TYPE= RAMAN SPECTRUM\n" AXIS POINTS,
              NULL, &out);
    g_assert_cmpstr(note_of(&out, CEL_META_TITLE), ==, "Straße");
    g_assert_cmpstr(note_of(&out, "encoding"), ==, "latin-1");
}

static void simulated_data_are_known_by_label_and_comment(void)
{
    static const char *const marks[] = {"##$SIMULATED= yes\n", "$$ simulated: yes\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        g_autofree char *text = g_strconcat(RAMAN, marks[i], AXIS POINTS, NULL);
        g_auto(CelReadOut) out = {0};
        read_text(text, NULL, &out);
        g_assert_true(out.measurement->simulated);
    }
}

static void warnings_carry_their_line(void)
{
    g_auto(CelReadOut) out = {0};
    read_text(RAMAN AXIS "##FIRSTY= 9\n" POINTS, NULL, &out);
    g_assert_cmpuint(out.warnings->len, ==, 1);
    const CelReadWarning *warning = g_ptr_array_index(out.warnings, 0);
    g_assert_cmpint(warning->place, ==, CEL_PLACE_LINE);
    g_assert_cmpuint(warning->at, ==, 9);
}

static void a_file_that_stops_behind_its_points_is_read_with_a_warning(void)
{
    g_auto(CelReadOut) out = {0};
    read_text(RAMAN AXIS "##XYDATA= (X++(Y..Y))\n400 1 2 3\n", NULL, &out);
    g_assert_cmpuint(out.warnings->len, ==, 1);
    refused(RAMAN AXIS "##XYDATA= (X++(Y..Y))\n400 1 2\n", NULL, CEL_ERROR_INPUT, "##NPOINTS=");
}

static void points_without_value_are_counted(void)
{
    g_auto(CelReadOut) out = {0};
    read_text(RAMAN AXIS "##XYDATA= (X++(Y..Y))\n400 ? 2 3\n##END=\n", NULL, &out);
    g_assert_cmpuint(out.measurement->n_pixels, ==, 2);
    g_assert_cmpstr(note_of(&out, "rows_without_value"), ==, "1");
}

/* ---- several ---- */

#define LINK                                                                                       \
    "##TITLE= all\n##JCAMP-DX= 5.01\n##DATA TYPE= LINK\n##BLOCKS= 3\n" RAMAN AXIS POINTS           \
    "##TITLE= bands\n##DATA TYPE= RAMAN PEAK TABLE\n##PEAK TABLE= (XY..XY)\n1,2\n##END=\n"         \
    "##TITLE= second\n##DATA TYPE= RAMAN SPECTRUM\n" AXIS                                          \
    "##XYDATA= (X++(Y..Y))\n400 7 8 9\n##END=\n##END=\n"

static void a_compound_file_offers_its_spectra(void)
{
    const CelReadOptions second = {.spectrum = 2}, third = {.spectrum = 3};
    g_auto(CelReadOut) a = {0}, b = {0};
    read_text(LINK, NULL, &a);
    read_text(LINK, &second, &b);
    g_assert_cmpuint(a.n_spectra, ==, 2);
    g_assert_cmpfloat(a.measurement->frames[0], ==, 1);
    g_assert_cmpfloat(b.measurement->frames[0], ==, 7);
    g_assert_cmpstr(g_ptr_array_index(a.titles, 0), ==, "CaCO3");
    g_assert_cmpstr(g_ptr_array_index(a.titles, 1), ==, "second");
    g_assert_nonnull(strstr(note_of(&a, "spectrum"), "no other was asked for"));
    g_assert_nonnull(note_of(&a, CEL_META_UNVALIDATED));
    refused(LINK, &third, CEL_ERROR_USAGE, "no spectrum 3");
}

static void tables_that_are_no_spectrum_are_refused_with_reason_and_line(void)
{
    refused(RAMAN "##PEAK TABLE= (XY..XY)\n1,2\n##END=\n", NULL, CEL_ERROR_INPUT,
            "line 4: this is a table of bands");
    refused(RAMAN "##NTUPLES= RAMAN\n##END=\n", NULL, CEL_ERROR_INPUT, "line 4: the spectrum is");
    refused(RAMAN "##END=\n", NULL, CEL_ERROR_INPUT, "line 1: there is no table");
    refused(RAMAN AXIS "##XYDATA= (X++(Y..Y))\n400 1 2 x\n##END=\n", NULL, CEL_ERROR_INPUT,
            "line 9: byte 0x78");
}

static void pairs_of_others_are_marked_as_never_met(void)
{
    g_auto(CelReadOut) out = {0};
    read_text(RAMAN AXIS "##XYPOINTS= (XY..XY)\n400,1 402,2 404,3\n##END=\n", NULL, &out);
    g_assert_cmpstr(note_of(&out, CEL_META_UNVALIDATED), ==, "jcamp-other");
}

/* ---- round trips ---- */

static void what_is_written_reads_back_equal(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(99);
    const guint rounds = long_count(300);
    for (guint round = 0; round < rounds; round++) {
        g_autoptr(CelSpectrum) spectrum = random_spectrum(rand, TRUE);
        g_auto(CelReadOut) out = {0};
        write_and_read("jdx", spectrum, 0, &out);
        g_autoptr(CelSpectrum) back = cel_read_out_spectrum(&out, NULL);
        same_numbers(spectrum, back, 0.0, 0.0);
        g_assert_cmpint(cel_axis_unit(cel_spectrum_axis(back)), ==,
                        cel_axis_unit(cel_spectrum_axis(spectrum)));
    }
}

static void an_axis_that_falls_evenly_keeps_every_digit(void)
{
    g_autoptr(CelSpectrum) spectrum = falling_spectrum();
    g_auto(CelReadOut) out = {0};
    write_and_read("jdx", spectrum, 0, &out);
    g_autoptr(CelSpectrum) back = cel_read_out_spectrum(&out, NULL);
    same_numbers(spectrum, back, 0.0, 0.0);
    g_assert_nonnull(note_of(&out, "axis_order"));
    g_assert_cmpstr(note_of(&out, CEL_META_FORMAT), ==, "jcamp");
}

static void marks_and_digest_survive_writing(void)
{
    g_autoptr(CelSpectrum) spectrum = marked_spectrum();
    g_auto(CelReadOut) out = {0};
    write_and_read("jdx", spectrum, 0, &out);
    g_assert_true(out.measurement->simulated);
    g_assert_cmpstr(note_of(&out, CEL_META_UNVALIDATED), ==, "some-reader");
    g_assert_cmpstr(note_of(&out, "file.$" CEL_META_SOURCE_SHA256), ==, DIGEST);
    g_assert_cmpstr(note_of(&out, CEL_META_TITLE), ==, "碳酸钙 A=B");
    g_assert_cmpfloat(out.measurement->calibration.laser_nm, ==, 784.9);
}

static void several_spectra_are_written_as_one_file(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    g_autoptr(CelSpectrum) a = random_spectrum(rand, TRUE), b = random_spectrum(rand, TRUE);
    const CelWriteItem items[] = {{.spectrum = a}, {.spectrum = b}};
    const CelWriteInput in = {items, 2};
    g_autoptr(GBytes) bytes = cel_writer_for("x.dx")->write(&in, NULL);
    for (guint i = 0; i < 2; i++) {
        const CelReadOptions options = {.spectrum = i + 1};
        g_auto(CelReadOut) out = {0};
        g_assert_true(cel_reader_load_bytes(bytes, "x.dx", &options, NULL, &out, NULL));
        g_assert_cmpuint(out.n_spectra, ==, 2);
        g_autoptr(CelSpectrum) back = cel_read_out_spectrum(&out, NULL);
        same_numbers(items[i].spectrum, back, 0.0, 0.0);
    }
}

static void notes_that_do_not_fit_are_a_loss(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    g_autoptr(CelSpectrum) spectrum = random_spectrum(rand, TRUE);
    g_assert_cmpuint(losses_of("jdx", spectrum), ==, 0);
    cel_spectrum_set_meta(spectrum, "remark", "two\nlines");
    g_assert_cmpuint(losses_of("jdx", spectrum), ==, CEL_LOSS_NOTES);
    cel_spectrum_set_meta(spectrum, "remark", "##END= $$ not the end");
    g_assert_cmpuint(losses_of("jdx", spectrum), ==, CEL_LOSS_NOTES);
    g_auto(CelReadOut) out = {0};
    write_and_read("jdx", spectrum, CEL_LOSS_NOTES, &out);
}

#define TEST(path, function) g_test_add_func("/read-jcamp/" path, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("detection", it_is_known_by_its_first_labels);
    TEST("kind/raman", raman_in_inverse_centimetres_is_a_shift);
    TEST("kind/others", other_kinds_are_said_and_read_for_looking_only);
    TEST("kind/unknown", without_a_data_type_the_kind_is_unknown);
    TEST("unit/nm", wavelengths_are_taken_in_nanometres);
    TEST("unit/impossible", units_that_cannot_be_are_refused);
    TEST("notes/laser", the_laser_comes_from_labels_of_the_maker);
    TEST("notes/labels", labels_are_notes_with_their_comments_taken_off);
    TEST("notes/latin-1", latin_1_is_understood);
    TEST("notes/simulated", simulated_data_are_known_by_label_and_comment);
    TEST("notes/warnings", warnings_carry_their_line);
    TEST("notes/no-end", a_file_that_stops_behind_its_points_is_read_with_a_warning);
    TEST("notes/without-value", points_without_value_are_counted);
    TEST("several/compound", a_compound_file_offers_its_spectra);
    TEST("several/pairs", pairs_of_others_are_marked_as_never_met);
    TEST("refused/tables", tables_that_are_no_spectrum_are_refused_with_reason_and_line);
    TEST("round-trip/random", what_is_written_reads_back_equal);
    TEST("round-trip/falling", an_axis_that_falls_evenly_keeps_every_digit);
    TEST("round-trip/marks", marks_and_digest_survive_writing);
    TEST("round-trip/several", several_spectra_are_written_as_one_file);
    TEST("round-trip/losses", notes_that_do_not_fit_are_a_loss);
    return g_test_run();
}
