/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-reader.h"

#include <math.h>
#include <string.h>

/* Makers' texts: what their headers say and how several spectra of one file are told apart. */

static gboolean load(const char *text, const CelReadOptions *options, CelReadOut *out,
                     GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    return cel_reader_load_bytes(bytes, "made.txt", options, NULL, out, error);
}

static CelSpectrum *good(const char *text, const CelReadOptions *options, CelReadOut *out)
{
    GError *error = NULL;
    load(text, options, out, &error);
    g_assert_no_error(error);
    CelSpectrum *spectrum = cel_read_out_spectrum(out, &error);
    g_assert_no_error(error);
    return spectrum;
}

static void refused(const char *text, const CelReadOptions *options, int code, const char *words)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(GError) error = NULL;
    g_assert_false(load(text, options, &out, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, words) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, words);
}

static void meta_is(const CelSpectrum *s, const char *key, const char *value)
{
    g_assert_cmpstr(cel_spectrum_meta(s, key), ==, value);
}

static void points_are(const CelSpectrum *s, const double *x, const double *y, gsize n)
{
    g_assert_cmpuint(cel_spectrum_length(s), ==, n);
    for (gsize i = 0; i < n; i++) {
        g_assert_cmpfloat(cel_spectrum_x(s)[i], ==, x[i]);
        g_assert_cmpfloat(cel_spectrum_y(s)[i], ==, y[i]);
    }
}

static CelUnit unit_of(const CelReadOut *out)
{
    return cel_axis_unit(out->measurement->imported_axis);
}

/* --- Ocean --- */

#define OCEAN(mode)                                                                                \
    "Data from x.txt Node\n\nDate: Sun Aug 18 13:57:21 MDT 2019\nUser: a\n"                        \
    "Spectrometer: QEP01234\nTrigger mode: 0\nIntegration Time (sec): 2.500000E-1\n"               \
    "Scans to average: 10\nElectric dark correction enabled: true\nBoxcar width: 0\n" mode         \
    "Number of Pixels in Spectrum: 3\n>>>>>Begin Spectral Data<<<<<\n"                             \
    "200.5\t271.43\n201.5\t272\n203\t-1\n"

static void ocean_raman_shifts_are_read_with_their_settings(void)
{
    const double x[] = {200.5, 201.5, 203}, y[] = {271.43, 272, -1};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(OCEAN("XAxis mode: Raman Shifts\n"), NULL, &out);
    points_are(s, x, y, 3);
    meta_is(s, CEL_META_FORMAT, "ocean");
    meta_is(s, CEL_META_UNVALIDATED, "ocean");
    meta_is(s, CEL_META_INTEGRATION_MS, "250");
    meta_is(s, CEL_META_FRAMES, "10");
    meta_is(s, CEL_META_SERIAL, "QEP01234");
    meta_is(s, "axis_unit", "cm-1");
}

static void ocean_wavelengths_are_nm(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(OCEAN("XAxis mode: Wavelengths\n"), NULL, &out);
    g_assert_cmpint((int)unit_of(&out), ==, CEL_UNIT_NM_UNSTATED);
    g_assert_nonnull(s);
}

static void ocean_without_mode_is_not_guessed(void)
{
    refused(OCEAN(""), NULL, CEL_ERROR_UNIT, "--axis-unit");
}

#define SPECTRASUITE                                                                               \
    "SpectraSuite Data File\n++++++++++++++++++++\nDate: Mon Jun 11 14:59:44 JST 2018\n"           \
    "Spectrometers: USB4F06998\nIntegration Time (usec): 60000 (USB4F06998)\n"                     \
    "Spectra Averaged: 5 (USB4F06998)\n>>>>>Begin Processed Spectral Data<<<<<\n"                  \
    "785,5\t1,5\n786,0\t2,5\n787,0\t3,5\n>>>>>End Processed Spectral Data<<<<<\n"

static void spectrasuite_ends_at_its_mark(void)
{
    const double x[] = {785.5, 786, 787}, y[] = {1.5, 2.5, 3.5};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s =
        good(SPECTRASUITE, &(CelReadOptions){.axis_unit = "nm_unstated"}, &out);
    points_are(s, x, y, 3);
    meta_is(s, CEL_META_INTEGRATION_MS, "60");
    meta_is(s, CEL_META_FRAMES, "5");
    meta_is(s, CEL_META_SERIAL, "USB4F06998");
}

static void text_without_ocean_marks_keeps_refusing_words_among_numbers(void)
{
    refused("Raman shift (cm-1)\tI\n100\t1\n200\t2\n>>>>>End\n300\t3\n", NULL, CEL_ERROR_INPUT,
            "line 4");
}

/* --- WITec --- */

#define WITEC(unit, sizes)                                                                         \
    "//Exported ASCII-File\n[Header]\nFileName = D:\\a.wip\nGraphName = bead\n" sizes              \
    "SizeGraph = 3\nXAxisUnit = " unit "\nDataUnit = CCD cts\n\n[Data]\n"                          \
    "X-Axis\tSpec.Data 1\tSpec.Data 2\n 5.0E+02\t1\t10\n 6.0E+02\t2\t20\n 7.5E+02\t3\t30\n"

static void witec_lists_its_spectra_and_reads_the_one_asked_for(void)
{
    const double x[] = {500, 600, 750}, y[] = {10, 20, 30};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s =
        good(WITEC("rel. 1/cm", "SizeX = 2\nSizeY = 1\n"), &(CelReadOptions){.spectrum = 2}, &out);
    points_are(s, x, y, 3);
    g_assert_cmpuint(out.n_spectra, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(out.titles, 1), ==, "Spec.Data 2");
    meta_is(s, "spectrum", "2 of 2");
    meta_is(s, "axis_unit", "cm-1");
    meta_is(s, CEL_META_UNVALIDATED, "witec");
}

static void witec_notes_that_nobody_chose_among_its_spectra(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(WITEC("rel. 1/cm", ""), NULL, &out);
    g_assert_cmpfloat(cel_spectrum_y(s)[0], ==, 1.0);
    meta_is(s, "spectrum", "1 of 2 (the first; no other was asked for)");
}

static void witec_in_nm_stays_in_nm(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(WITEC("nm", ""), NULL, &out);
    g_assert_cmpint((int)unit_of(&out), ==, CEL_UNIT_NM_UNSTATED);
    g_assert_nonnull(s);
}

static void witec_with_other_sizes_than_stated_is_refused(void)
{
    refused(WITEC("rel. 1/cm", "SizeX = 3\nSizeY = 1\n"), NULL, CEL_ERROR_INPUT, "3 x 1 spectra");
}

/* --- Renishaw WiRE --- */

#define WIRE                                                                                       \
    "#X\t\t#Y\t\t#Wave\t\t#Intensity\n"                                                            \
    "1\t5\t3100\t7\n1\t5\t3000\t8\n1\t5\t100\t9\n2\t5\t3100\t17\n2\t5\t3000\t18\n2\t5\t100\t19\n"

static void wire_splits_the_spectra_by_place(void)
{
    const double x[] = {100, 3000, 3100}, y[] = {19, 18, 17};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(WIRE, &(CelReadOptions){.spectrum = 2}, &out);
    points_are(s, x, y, 3);
    g_assert_cmpuint(out.n_spectra, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(out.titles, 0), ==, "X 1, Y 5");
    meta_is(s, "file.place", "X 2, Y 5");
    meta_is(s, CEL_META_FORMAT, "wire");
}

static void wire_does_not_guess_what_wave_is(void)
{
    refused("#X\t\t#Wave\t\t#Intensity\n1\t800\t7\n1\t900\t8\n2\t800\t7\n2\t900\t8\n", NULL,
            CEL_ERROR_UNIT, "--axis-unit");
}

static void wire_of_one_point_a_place_is_refused(void)
{
    refused("#X\t\t#Wave\t\t#Intensity\n1\t100\t7\n2\t3000\t8\n", NULL, CEL_ERROR_INPUT, "2 to");
}

static void wire_of_one_spectrum_is_plain_text(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good("#Wave\t\t#Intensity\n3100\t7\n100\t8\n", NULL, &out);
    meta_is(s, CEL_META_FORMAT, "text");
}

/* --- Horiba LabSpec --- */

#define LABSPEC                                                                                    \
    "#Acq. time (s)=\t2\n#Accumulations=\t3\n#Laser (nm)=\t785 \n#AxisType[0]=Intens\n"            \
    "#AxisUnit[0]=Cnt\n#AxisType[1]=Spectr\n#AxisUnit[1]=1/cm\n#AxisType[2]=X\n"                   \
    "#AxisUnit[2]=\xb5m\n"

static void labspec_maps_have_a_line_a_spectrum(void)
{
    const double x[] = {100.5, 200, 300}, y[] = {5, 6, 7.5};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s =
        good(LABSPEC "\t\t300\t200\t100.5\n-1\t2\t3\t4\t5\n-1\t3\t7.5\t6\t5\t\n\n",
             &(CelReadOptions){.spectrum = 2}, &out);
    points_are(s, x, y, 3);
    g_assert_cmpuint(out.n_spectra, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(out.titles, 0), ==, "-1, 2");
    meta_is(s, CEL_META_FORMAT, "labspec");
    meta_is(s, CEL_META_LASER_NM, "785");
    meta_is(s, CEL_META_INTEGRATION_MS, "2000");
    meta_is(s, CEL_META_FRAMES, "3");
    meta_is(s, "axis_unit", "cm-1");
}

static void labspec_takes_the_unit_of_the_spectral_axis_alone(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s =
        good("#AxisType[0]=Spectr\n#AxisUnit[0]=nm\n#AxisType[1]=X\n#AxisUnit[1]=1/cm\n"
             "\t800\t900\n1\t5\t6\n",
             NULL, &out);
    g_assert_cmpint((int)unit_of(&out), ==, CEL_UNIT_NM_UNSTATED);
    g_assert_nonnull(s);
    refused("#AxisType[1]=X\n#AxisUnit[1]=1/cm\n\t800\t900\n1\t5\t6\n", NULL, CEL_ERROR_UNIT,
            "--axis-unit");
}

static void labspec_series_have_one_coordinate(void)
{
    const double x[] = {100.5, 200.5}, y[] = {1.5, 2.5};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(LABSPEC "\t100,5\t200,5\n0\t1,5\t2,5\n60\t3\t4\n", NULL, &out);
    points_are(s, x, y, 2);
    g_assert_cmpstr(g_ptr_array_index(out.titles, 1), ==, "60");
}

static void labspec_of_a_stopped_map_warns_of_zeros(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(LABSPEC "\t\t100\t200\n1\t1\t5\t6\n1\t2\t0\t0\n",
                                    &(CelReadOptions){.spectrum = 2}, &out);
    g_assert_nonnull(s);
    g_assert_cmpuint(out.warnings->len, ==, 1);
}

static void labspec_lines_of_another_length_are_refused(void)
{
    static const char *const bad[] = {
        LABSPEC "\t\t100\t200\n1\t1\t5\n",
        LABSPEC "\t\t100\t200\n1\t1\t5\t6\t7\n",
        LABSPEC "\t\t100\t200\n1\t1\t5\tx\n",
        LABSPEC "\t\t100\t2x\n1\t1\t5\t6\n",
        LABSPEC "\t\t\t\t\t100\t200\n1\t5\t6\n",
        LABSPEC "\t100\n1\t5\n",
        LABSPEC "\t\t100\t200\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        refused(bad[i], NULL, CEL_ERROR_INPUT, "made.txt: ");
}

/* --- Neegala and LightNovo --- */

static void neegala_subtracts_its_background_and_knows_its_unit_of_time(void)
{
    const double x[] = {-5, 5, 15}, y[] = {90, 180, -2};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s =
        good("id,59de\nname,PST\ndevice,EZI860\ninteg_time,9\ninteg_unit,s\naverages,20\n"
             "laserPower,100\nwl,532nm\nPixels,Wavelength,Wavenumbers,Raman_Shift,Raw_Data,"
             "Background_Data,Processed_Data\n0,531.8,18803,-5,100,10,90\n1,532.1,18793,5,200,20,"
             "180\n2,532.4,18783,15,7,9,-2\n",
             NULL, &out);
    points_are(s, x, y, 3);
    g_assert_cmpint((int)out.kind, ==, CEL_KIND_RAMAN);
    meta_is(s, CEL_META_FORMAT, "neegala");
    meta_is(s, CEL_META_INTEGRATION_MS, "9000");
    meta_is(s, CEL_META_FRAMES, "20");
    meta_is(s, CEL_META_TITLE, "PST");
    meta_is(s, CEL_META_INSTRUMENT, "EZI860");
    meta_is(s, CEL_META_LASER_NM, "532");
    g_assert_null(cel_spectrum_meta(s, CEL_META_LASER_MW)); /* 100 of what? */
}

static void neegala_without_unit_of_time_states_none(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s =
        good("id,1\ninteg_time,9\nPixels,Raman_Shift,Raw_Data,Background_Data\n"
             "0,-5,100,10\n1,5,200,20\n",
             NULL, &out);
    g_assert_null(cel_spectrum_meta(s, CEL_META_INTEGRATION_MS));
}

static void counts_of_frames_are_taken_only_when_whole(void)
{
    static const struct {
        const char *line, *frames;
    } rows[] = {{"RepetitionCount\t5\n", "5"},         {"#Accumulations=\t12\n", "12"},
                {"RepetitionCount\t2.5\n", "1"},       {"RepetitionCount\t-3\n", "1"},
                {"RepetitionCount\tmany\n", "1"},      {"Accumulations: 1e9\n", "1"},
                {"Number Of Accumulations:\t7\n", "7"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(CelReadOut) out = {0};
        g_autofree char *text =
            g_strconcat(rows[i].line, "Raman shift (cm-1)\tI\n100\t4.53\n102\t4.48\n", NULL);
        g_autoptr(CelSpectrum) s = good(text, NULL, &out);
        meta_is(s, CEL_META_FRAMES, rows[i].frames);
    }
}

/* A file that was made from such a text holds its marks among the notes. */
static void the_mark_of_a_text_within_a_line_is_none(void)
{
    static const char jcamp[] =
        "##TITLE= a\n##JCAMP-DX= 5.01\n##DATA TYPE= RAMAN SPECTRUM\n##ORIGIN= \n##OWNER= \n"
        "##$file.line 14= >>>>>Begin Spectral Data<<<<<\n##XUNITS= 1/CM\n##YUNITS= COUNTS\n"
        "##NPOINTS= 2\n##XYDATA= (XY..XY)\n100, 1\n200, 2\n##END=\n";
    g_autoptr(GBytes) bytes = g_bytes_new_static(jcamp, sizeof jcamp - 1);
    g_autoptr(GBytes) ocean =
        g_bytes_new_static(OCEAN("Raman Shifts"), sizeof OCEAN("Raman Shifts") - 1);
    g_assert_cmpstr(cel_reader_find(bytes, "a.jdx")->id, ==, "jcamp");
    g_assert_cmpstr(cel_reader_find(ocean, "a.txt")->id, ==, "ocean");
}

static void times_of_makers_are_in_ms(void)
{
    static const struct {
        const char *line, *ms;
    } rows[] = {{"Integration Time [s]:\t45.5\n", "45500"},
                {"Integration Time (ms): 45.5\n", "45.5"},
                {"Exposure time (s)=2\n", "2000"},
                {"积分时间(s)：2\n", "2000"}, /* a full-width colon */
                {"积分时间(s): 2\n", "2000"},
                {"曝光时间（ms）: 2\n", "2"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(CelReadOut) out = {0};
        g_autofree char *text =
            g_strconcat(rows[i].line, "Raman shift (cm-1)\tI\n100\t4.53\n102\t4.48\n", NULL);
        g_autoptr(CelSpectrum) s = good(text, NULL, &out);
        meta_is(s, CEL_META_INTEGRATION_MS, rows[i].ms);
    }
}

/* --- Open Specy --- */

#define SPECY(type)                                                                                \
    "{\"wavenumber\":[300.5,310,320],\"spectra\":{\"a\":[1,2,3],\"b\":[4,5.5,6]},"                 \
    "\"metadata\":{\"spectrum_identity\":[\"HDPE\",\"PET\"],\"spectrum_type\":[" type "]}}"

static void openspecy_json_holds_several_spectra(void)
{
    const double x[] = {300.5, 310, 320}, y[] = {4, 5.5, 6};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s =
        good(SPECY("\"Raman\",\"Raman\""), &(CelReadOptions){.spectrum = 2}, &out);
    points_are(s, x, y, 3);
    g_assert_cmpint((int)out.kind, ==, CEL_KIND_RAMAN);
    g_assert_cmpstr(g_ptr_array_index(out.titles, 1), ==, "b");
    meta_is(s, CEL_META_TITLE, "PET");
    meta_is(s, CEL_META_FORMAT, "openspecy");
}

static void openspecy_infrared_is_said(void)
{
    refused(SPECY("\"FTIR\""), NULL, CEL_ERROR_INPUT, "infrared");
    refused(SPECY("\"other\""), NULL, CEL_ERROR_INPUT, "no Raman spectrum");
}

static void openspecy_that_is_not_whole_is_refused(void)
{
    static const char *const bad[] = {
        "{\"wavenumber\":[1,2,3]}",
        "{\"wavenumber\":[1,2,3],\"spectra\":[1,2,3]}",
        "{\"wavenumber\":[1,2,3],\"spectra\":{}}",
        "{\"wavenumber\":[1,2,3],\"spectra\":{\"a\":[1,2]}}",
        "{\"wavenumber\":[1,2,3],\"spectra\":{\"a\":[1,2,\"3\"]}}",
        "{\"wavenumber\":[1,2,null],\"spectra\":{\"a\":[1,2,3]}}",
        "{\"wavenumber\":[1,2,3],\"spectra\":{\"a\":{\"b\":1}}}",
        "{\"wavenumber\":3,\"spectra\":{\"a\":[1,2,3]}}",
        "{\"wavenumber\":[1,2,3],\"spectra\":{\"a\":[1,2,3]}",
        "{\"wavenumber\":[],\"spectra\":{\"a\":[]}}",
        "{\"wavenumber\":[1,1,3],\"spectra\":{\"a\":[1,2,3]}}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        refused(bad[i], NULL, CEL_ERROR_INPUT, "made.txt: ");
    }
}

/* --- measured files --- */

static char *shared_file(const char *name, gsize *out_n)
{
    const char *shared = g_getenv("CELADON_SHARED");
    char *content = NULL;
    g_autofree char *path = g_build_filename(shared != NULL ? shared : "/", "data", name, NULL);
    if (shared == NULL || !g_file_get_contents(path, &content, out_n, NULL))
        g_test_skip("CELADON_SHARED does not name the folder with measured spectra");
    return content;
}

typedef struct {
    const char *file, *format, *axis_unit, *laser, *ms, *frames;
    gsize n;
    double first, last; /* position as an editor shows it in the file, the lower one first */
    double y_first;     /* intensity there; raw less dark where the file has both */
} Sample;

static const Sample samples[] = {
    {"formats/InViaReflex/PST_Reflex532_Z050_010_10000msx2.txt", "text", "guessed cm-1", NULL, NULL,
     "1", 2578, 100.265, 3501.06, 4307},
    {"formats/Zolix/PST02_Zolix785_Probe_070_190ms.txt", "text", "guessed cm-1", NULL, NULL, "1",
     2095, -241.82188966676, 3245.8072956866135, 0},
    {"formats/LightNovo/polystyrene_aritficially_worsened.tsv", "text", "guessed cm-1", "785",
     "111", "5", 2290, 100, 2389, 4.53},
    {"formats/Neegala/PST_532_SEX139.txt", "neegala", "cm-1", "532", "9000", "20", 2048,
     -1118.2901370987172, 4751.536933410046, 24458 - 27668},
    {"formats/openspecy/raman_hdpe.csv", "text", "cm-1", NULL, NULL, "1", 964, 301.04, 3198.12, 26},
    {"formats/openspecy/raman_hdpe.json", "openspecy", "cm-1 (the file says \"wavenumber\")", NULL,
     NULL, "1", 964, 301.04, 3198.12, 26},
    {"arcadia_acetonitrile/Horiba_MacroRAM/acetonitrile.txt", "text", "cm-1", "785", "10000", "5",
     2048, 87.8957, 3513.15, 1349},
    {"arcadia_acetonitrile/Wasatch_WP785X/acetonitrile.csv", "enlighten", "cm-1", "785.041", "1000",
     "2", 2038, 260.19, 3653.54, 38.5},
    {"ramanchada2/FMNT-M_Ho785/PST10_iR785_OP03_8000msx2.txt", "text", "guessed cm-1", NULL, NULL,
     "1", 10257, 120.111, 2499.98, 1354.36},
};

static void reads_as_it_stands(gconstpointer data)
{
    const Sample *row = data;
    gsize n = 0;
    g_autofree char *content = shared_file(row->file, &n);
    if (content == NULL)
        return;
    g_auto(CelReadOut) out = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(content, n);
    cel_reader_load_bytes(bytes, row->file, NULL, NULL, &out, &error);
    g_assert_no_error(error);
    g_autoptr(CelSpectrum) s = cel_read_out_spectrum(&out, &error);
    g_assert_no_error(error);
    meta_is(s, CEL_META_FORMAT, row->format);
    meta_is(s, "axis_unit", row->axis_unit);
    meta_is(s, CEL_META_LASER_NM, row->laser);
    meta_is(s, CEL_META_INTEGRATION_MS, row->ms);
    meta_is(s, CEL_META_FRAMES, row->frames);
    g_assert_cmpuint(cel_spectrum_length(s), ==, row->n);
    g_assert_cmpfloat(cel_spectrum_x(s)[0], ==, row->first);
    g_assert_cmpfloat(cel_spectrum_x(s)[row->n - 1], ==, row->last);
    g_assert_cmpfloat(cel_spectrum_y(s)[0], ==, row->y_first);
    g_assert_null(cel_spectrum_meta(s, CEL_META_UNVALIDATED));
}

#define ADD(name) g_test_add_func("/maker-texts/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    ADD(ocean_raman_shifts_are_read_with_their_settings);
    ADD(ocean_wavelengths_are_nm);
    ADD(ocean_without_mode_is_not_guessed);
    ADD(spectrasuite_ends_at_its_mark);
    ADD(text_without_ocean_marks_keeps_refusing_words_among_numbers);
    ADD(witec_lists_its_spectra_and_reads_the_one_asked_for);
    ADD(witec_notes_that_nobody_chose_among_its_spectra);
    ADD(witec_in_nm_stays_in_nm);
    ADD(witec_with_other_sizes_than_stated_is_refused);
    ADD(wire_splits_the_spectra_by_place);
    ADD(wire_does_not_guess_what_wave_is);
    ADD(wire_of_one_point_a_place_is_refused);
    ADD(wire_of_one_spectrum_is_plain_text);
    ADD(labspec_maps_have_a_line_a_spectrum);
    ADD(labspec_takes_the_unit_of_the_spectral_axis_alone);
    ADD(labspec_series_have_one_coordinate);
    ADD(labspec_of_a_stopped_map_warns_of_zeros);
    ADD(labspec_lines_of_another_length_are_refused);
    ADD(neegala_subtracts_its_background_and_knows_its_unit_of_time);
    ADD(neegala_without_unit_of_time_states_none);
    ADD(counts_of_frames_are_taken_only_when_whole);
    ADD(the_mark_of_a_text_within_a_line_is_none);
    ADD(times_of_makers_are_in_ms);
    ADD(openspecy_json_holds_several_spectra);
    ADD(openspecy_infrared_is_said);
    ADD(openspecy_that_is_not_whole_is_refused);
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autofree char *path = g_strdup_printf("/maker-texts/measured/%s", samples[i].file);
        g_test_add_data_func(path, &samples[i], reads_as_it_stands);
    }
    return g_test_run();
}
