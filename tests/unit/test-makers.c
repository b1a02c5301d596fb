/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-decoders.h"
#include "formats/cel-layout-read.h"
#include "formats/cel-reader.h"
#include "maker-files.h"

#include <math.h>

/* Makers' binary formats on files made by hand: what is read, and each refusal with its byte. */

static GBytes *bytes_of(GByteArray *file)
{
    return g_byte_array_free_to_bytes(file);
}

/* Reads through the whole loader, so that detection and notes take part. */
static gboolean load(GByteArray *file, const CelReadOptions *options, CelReadOut *out,
                     GError **error)
{
    g_autoptr(GBytes) bytes = bytes_of(file);
    return cel_reader_load_bytes(bytes, "made.bin", options, NULL, out, error);
}

static CelSpectrum *good(GByteArray *file, const CelReadOptions *options, CelReadOut *out)
{
    GError *error = NULL;
    load(file, options, out, &error);
    g_assert_no_error(error);
    CelSpectrum *spectrum = cel_read_out_spectrum(out, &error);
    g_assert_no_error(error);
    return spectrum;
}

static void refused(GByteArray *file, const CelReadOptions *options, int code, const char *words)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(GError) error = NULL;
    g_assert_false(load(file, options, &out, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, words) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, words);
}

static void points_are(const CelSpectrum *s, const double *x, const double *y, gsize n)
{
    g_assert_cmpuint(cel_spectrum_length(s), ==, n);
    for (gsize i = 0; i < n; i++) {
        g_assert_cmpfloat_with_epsilon(cel_spectrum_x(s)[i], x[i], 1e-9);
        g_assert_cmpfloat_with_epsilon(cel_spectrum_y(s)[i], y[i], 1e-9);
    }
}

static void meta_is(const CelSpectrum *s, const char *key, const char *value)
{
    g_assert_cmpstr(cel_spectrum_meta(s, key), ==, value);
}

static void laser_is(const CelSpectrum *s, double nm)
{
    const char *text = cel_spectrum_meta(s, CEL_META_LASER_NM);
    g_assert_nonnull(text);
    g_assert_cmpfloat_with_epsilon(g_ascii_strtod(text, NULL), nm, 1e-3);
}

static CelUnit unit_of(const CelSpectrum *s)
{
    return cel_axis_unit(cel_spectrum_axis(s));
}

/* --- refusals --- */

/* One change to a good file: @width bytes at @at become @value (a float32 with width 0, cut off at
 * @at with width -1). */
typedef struct {
    const char *name;
    gsize at;
    int width;
    double value;
    CelRefusalCode code;
    gsize code_at;
} Damage;

typedef struct {
    const Damage *damage;
    CelLayoutOpen decode;
    GByteArray *(*make)(void);
} Case;

static void apply(GByteArray *file, const Damage *damage)
{
    if (damage->width < 0)
        g_byte_array_set_size(file, (guint)damage->at);
    else if (damage->width == 0)
        poke_f32(file, damage->at, damage->value);
    else if (damage->width == 64)
        poke_f64(file, damage->at, damage->value);
    else
        poke(file, damage->at, (guint64)damage->value, (guint)damage->width);
}

static CelRefusal decode_all(const Case *test, const GByteArray *file)
{
    CelLayout layout;
    const CelBytes bytes = cel_bytes_of(file->data, file->len, CEL_LITTLE_ENDIAN);
    CelRefusal refusal = test->decode(bytes, 0, &layout);
    if (refusal.code != CEL_REFUSE_NOTHING)
        return refusal;
    g_autofree double *room = g_new(double, layout.n_points);
    refusal = cel_layout_axis(&layout, bytes, room);
    return refusal.code == CEL_REFUSE_NOTHING ? cel_layout_values(&layout, bytes, room) : refusal;
}

static void refuses(gconstpointer data)
{
    const Case *test = data;
    g_autoptr(GByteArray) file = test->make();
    g_assert_cmpint((int)decode_all(test, file).code, ==, CEL_REFUSE_NOTHING);
    apply(file, test->damage);
    const CelRefusal refusal = decode_all(test, file);
    g_assert_cmpint((int)refusal.code, ==, (int)test->damage->code);
    g_assert_cmpuint(refusal.at, ==, test->damage->code_at);
}

static const Damage wdf_damage[] = {
    {"other-letters", 0, 1, 'X', CEL_REFUSE_FORMAT, 0},
    {"header-cut", 511, -1, 0, CEL_REFUSE_TRUNCATED, 511},
    {"other-version", 4, 4, 2, CEL_REFUSE_VERSION, 4},
    {"other-header", 8, 8, 1024, CEL_REFUSE_VERSION, 8},
    {"own-axes", 0x10, 8, 1, CEL_REFUSE_OTHER_AXES, 0x10},
    {"multitrack", 0x10, 8, 8, CEL_REFUSE_OTHER_AXES, 0x10},
    {"one-point", 0x3c, 4, 1, CEL_REFUSE_POINTS, 0x3c},
    {"four-milliard-points", 0x3c, 4, 4294967295.0, CEL_REFUSE_POINTS, 0x3c},
    {"endless-room", 0x40, 8, 1e18, CEL_REFUSE_SPECTRA, 0x40},
    {"more-than-room", 0x48, 8, 4, CEL_REFUSE_CONTRADICTION, 0x48},
    {"nothing-measured", 0x48, 8, 0, CEL_REFUSE_EMPTY, 0x48},
    {"picture", 0x54, 4, 7, CEL_REFUSE_IMAGE, 0x54},
    {"other-list", 0x58, 4, 6, CEL_REFUSE_CONTRADICTION, 0x58},
    {"many-origins", 0x5c, 4, 65, CEL_REFUSE_CONTRADICTION, 0x5c},
    {"other-origins", 0x5c, 4, 2, CEL_REFUSE_CONTRADICTION, WDF_ORIGIN + 16},
    {"no-data", WDF_DATA, 1, 'X', CEL_REFUSE_NO_DATA, 512},
    {"no-axis", WDF_XLIST, 1, 'Y', CEL_REFUSE_NO_AXIS, 512},
    {"data-twice", WDF_XLIST, 4, 0x41544144, CEL_REFUSE_TWICE, WDF_XLIST},
    {"block-too-long", WDF_TEXT + 8, 8, 1e15, CEL_REFUSE_TRUNCATED, WDF_TEXT},
    {"block-too-short", WDF_DATA + 8, 8, 15, CEL_REFUSE_CONTRADICTION, WDF_DATA},
    {"cut-in-a-block", WDF_BYTES - 1, -1, 0, CEL_REFUSE_TRUNCATED, WDF_TEXT},
    {"cut-in-a-block-header", WDF_TEXT + 9, -1, 0, CEL_REFUSE_TRUNCATED, WDF_TEXT},
    {"points-beside-data", 0x58, 4, 5, CEL_REFUSE_NOTHING, 0},
    {"electron-volts", WDF_XLIST + 20, 4, 4, CEL_REFUSE_AXIS_UNIT, WDF_XLIST + 20},
    {"wavenumber-or-nm", WDF_XLIST + 20, 4, 2, CEL_REFUSE_AXIS_UNIT, WDF_XLIST + 20},
    {"axis-not-finite", WDF_XLIST + 28, 0, INFINITY, CEL_REFUSE_NOT_FINITE, WDF_XLIST + 28},
    {"value-not-finite", WDF_DATA + 24, 0, NAN, CEL_REFUSE_NOT_FINITE, WDF_DATA + 24},
};

static const Damage opus_damage[] = {
    {"other-magic", 1, 1, 0, CEL_REFUSE_FORMAT, 0},
    {"header-cut", 20, -1, 0, CEL_REFUSE_TRUNCATED, 20},
    {"more-than-room", 20, 4, 9, CEL_REFUSE_CONTRADICTION, 16},
    {"endless-room", 16, 4, 4294967295.0, CEL_REFUSE_CONTRADICTION, 16},
    {"directory-outside", 12, 4, 660, CEL_REFUSE_TRUNCATED, 12},
    {"no-status", 48, 4, 0x282f, CEL_REFUSE_NO_AXIS, OPUS_DATA},
    {"raman-twice", 48, 4, OPUS_KIND_RAMAN, CEL_REFUSE_TWICE, OPUS_STATUS},
    {"status-twice", 60, 4, OPUS_KIND_STATUS, CEL_REFUSE_TWICE, OPUS_DATA},
    {"status-outside", 52, 4, 1e9, CEL_REFUSE_TRUNCATED, OPUS_STATUS},
    {"nothing", 36, 4, 0, CEL_REFUSE_NO_DATA, 24},
    {"single-channel", 36, 4, 0x40f, CEL_REFUSE_NOT_RAMAN, 24},
    {"interferogram", 36, 4, 0x807, CEL_REFUSE_INTERFEROGRAM, 24},
    {"series", 36, 4, 0x10280f, CEL_REFUSE_SERIES, 24},
    {"derivative", 36, 4, 0x2280f, CEL_REFUSE_DERIVATIVE, 24},
    {"one-point", OPUS_STATUS + 20, 4, 1, CEL_REFUSE_POINTS, OPUS_STATUS},
    {"too-few-bytes", OPUS_STATUS + 20, 4, 5, CEL_REFUSE_TRUNCATED, OPUS_DATA},
    {"data-outside", 44, 4, 698, CEL_REFUSE_TRUNCATED, 698},
    {"endless-parameter", OPUS_STATUS + 6, 2, 0xffff, CEL_REFUSE_TRUNCATED, OPUS_STATUS + 8},
    {"no-first-point", OPUS_STATUS + 24, 1, 'X', CEL_REFUSE_NO_AXIS, OPUS_STATUS},
    {"other-kind-of-number", OPUS_STATUS + 8, 4, 3, CEL_REFUSE_VALUE_KIND, OPUS_STATUS},
    {"no-scale", OPUS_STATUS + 56, 1, 'X', CEL_REFUSE_VALUE_KIND, OPUS_STATUS},
    {"microns", OPUS_STATUS + 112, 2, 'M', CEL_REFUSE_AXIS_UNIT, OPUS_STATUS},
    {"other-maximum", OPUS_STATUS + 80, 64, 9.0, CEL_REFUSE_CHECK, OPUS_DATA},
    {"longer-without-range", OPUS_STATUS + 88, 1, 'X', CEL_REFUSE_NOTHING, 0},
    {"value-not-finite", OPUS_DATA + 4, 0, NAN, CEL_REFUSE_NOT_FINITE, OPUS_DATA + 4},
};

static const Damage spa_damage[] = {
    {"other-signature", 0, 1, 's', CEL_REFUSE_FORMAT, 0},
    {"series", 9, 1, 'E', CEL_REFUSE_FORMAT, 0},
    {"header-cut", 290, -1, 0, CEL_REFUSE_TRUNCATED, 294},
    {"endless-table", 294, 2, 0xffff, CEL_REFUSE_TRUNCATED, 294},
    {"no-header", SPA_TABLE, 1, 5, CEL_REFUSE_NO_AXIS, SPA_TABLE},
    {"no-values", SPA_TABLE + 16, 1, 5, CEL_REFUSE_NO_DATA, SPA_TABLE},
    {"values-twice", SPA_TABLE + 32, 1, 3, CEL_REFUSE_CONTRADICTION, SPA_TABLE},
    {"header-outside", SPA_TABLE + 2, 4, 1400, CEL_REFUSE_TRUNCATED, 1400},
    {"header-short", SPA_TABLE + 6, 4, 99, CEL_REFUSE_TRUNCATED, SPA_HEADER},
    {"one-point", SPA_HEADER + 4, 4, 1, CEL_REFUSE_POINTS, SPA_HEADER + 4},
    {"other-count", SPA_HEADER + 4, 4, 5, CEL_REFUSE_CONTRADICTION, SPA_VALUES},
    {"values-outside", SPA_TABLE + 18, 4, 1410, CEL_REFUSE_TRUNCATED, 1410},
    {"interferogram", SPA_HEADER + 8, 1, 2, CEL_REFUSE_INTERFEROGRAM, SPA_HEADER + 8},
    {"volts", SPA_HEADER + 12, 1, 0x16, CEL_REFUSE_INTERFEROGRAM, SPA_HEADER + 8},
    {"unknown-value", SPA_HEADER + 12, 1, 0x63, CEL_REFUSE_NOT_RAMAN, SPA_HEADER + 12},
    {"raman-over-wavenumber", SPA_HEADER + 8, 1, 1, CEL_REFUSE_AXIS_UNIT, SPA_HEADER + 8},
    {"micrometres", SPA_HEADER + 8, 1, 4, CEL_REFUSE_AXIS_UNIT, SPA_HEADER + 8},
    {"axis-not-finite", SPA_HEADER + 20, 0, NAN, CEL_REFUSE_NOT_FINITE, SPA_HEADER + 16},
    {"value-not-finite", SPA_VALUES, 0, INFINITY, CEL_REFUSE_NOT_FINITE, SPA_VALUES},
};

static const Damage spe_damage[] = {
    {"header-cut", 4099, -1, 0, CEL_REFUSE_TRUNCATED, 4099},
    {"data-cut", SPE_XML - 1, -1, 0, CEL_REFUSE_TRUNCATED, 4100},
    {"longer", SPE_XML, 1, 0, CEL_REFUSE_CONTRADICTION, 4100},
    {"version-0", 1992, 0, 0.5, CEL_REFUSE_VERSION, 1992},
    {"version-4", 1992, 0, 4.0, CEL_REFUSE_VERSION, 1992},
    {"version-not-a-number", 1992, 0, NAN, CEL_REFUSE_VERSION, 1992},
    {"no-pixels", 42, 2, 0, CEL_REFUSE_POINTS, 42},
    {"other-kind-of-number", 108, 2, 6, CEL_REFUSE_VALUE_KIND, 108},
    {"no-rows", 656, 2, 0, CEL_REFUSE_EMPTY, 1446},
    {"negative-frames", 1446, 4, 4294967295.0, CEL_REFUSE_CONTRADICTION, 1446},
    {"endless-frames", 1446, 4, 2147483647.0, CEL_REFUSE_SPECTRA, 1446},
    {"more-frames", 1446, 4, 3, CEL_REFUSE_TRUNCATED, 4100},
    {"two-regions", 1510, 2, 2, CEL_REFUSE_REGIONS, 1510},
    {"part-of-the-detector", 1512, 2, 2, CEL_REFUSE_REGIONS, 1512},
    {"binned", 1516, 2, 2, CEL_REFUSE_REGIONS, 1512},
    {"user-unit", 3100, 1, 3, CEL_REFUSE_AXIS_UNIT, 3100},
    {"order-0", 3101, 1, 0, CEL_REFUSE_CONTRADICTION, 3101},
    {"order-6", 3101, 1, 6, CEL_REFUSE_CONTRADICTION, 3101},
    {"coefficient-not-finite", 3271, 64, NAN, CEL_REFUSE_NOT_FINITE, 3263},
};

static GByteArray *make_spe3_good(void)
{
    return make_spe3(SPE_FOOTER);
}

static const Damage spe3_damage[] = {
    {"footer-in-the-header", 678, 8, 100, CEL_REFUSE_TRUNCATED, 678},
    {"footer-outside", 678, 8, 1e15, CEL_REFUSE_TRUNCATED, 678},
    {"footer-in-the-frames", 678, 8, SPE_XML - 1, CEL_REFUSE_XML, SPE_XML - 1},
    {"footer-cut", SPE_XML + 300, -1, 0, CEL_REFUSE_XML, SPE_XML + 300},
};

static void add_cases(const char *format, const Damage *damage, gsize n, Case base)
{
    for (gsize i = 0; i < n; i++) {
        Case *test = g_memdup2(&base, sizeof base);
        test->damage = &damage[i];
        g_autofree char *path = g_strdup_printf("/makers/%s/refuses/%s", format, damage[i].name);
        g_test_add_data_func_full(path, test, refuses, g_free);
    }
}

static void every_refusal_has_a_sentence(void)
{
    for (int code = CEL_REFUSE_NOTHING + 1; code < CEL_N_REFUSALS; code++)
        g_assert_cmpuint(strlen(cel_refusal_text((CelRefusalCode)code)), >, 10);
}

static void a_refusal_names_file_byte_reason_and_remedy(void)
{
    GByteArray *file = make_wdf();
    poke(file, WDF_XLIST + 20, 4, 4);
    g_autofree char *place = g_strdup_printf("made.bin: byte %d: ", WDF_XLIST + 20);
    refused(file, NULL, CEL_ERROR_INPUT, place);
    file = make_wdf();
    poke(file, WDF_XLIST + 20, 4, 4);
    refused(file, NULL, CEL_ERROR_INPUT, "export");
}

/* --- WDF --- */

static void wdf_gives_axis_and_intensities_in_rising_order(void)
{
    const double x[] = {960, 970, 980, 990, 1000}, y[] = {104, 103, 102, 101, 100};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(make_wdf(), NULL, &out);
    points_are(s, x, y, 5);
    g_assert_cmpint((int)unit_of(s), ==, CEL_UNIT_SHIFT_CM1);
    meta_is(s, CEL_META_FORMAT, "wdf");
    meta_is(s, CEL_META_TITLE, "map of a bead");
    meta_is(s, CEL_META_FRAMES, "4");
    meta_is(s, "file.comment", "comment");
    meta_is(s, "axis_order", "falling in the file, reversed");
    laser_is(s, 785.0);
}

/* Of WDF one spectrum over Raman shift was met in a real file, nothing else. */
static void wdf_beyond_what_was_tried_is_a_lead_at_most(void)
{
    g_auto(CelReadOut) map = {0}, one = {0}, nm = {0};
    GByteArray *single = make_wdf(), *wavelengths = make_wdf();
    poke(single, 0x48, 1, 8);
    poke(wavelengths, 0x48, 1, 8);
    poke(wavelengths, WDF_XLIST + 20, 3, 4);
    g_autoptr(CelSpectrum) a = good(make_wdf(), NULL, &map);
    g_autoptr(CelSpectrum) b = good(single, NULL, &one);
    g_autoptr(CelSpectrum) c = good(wavelengths, NULL, &nm);
    meta_is(a, CEL_META_UNVALIDATED, "wdf");
    meta_is(b, CEL_META_UNVALIDATED, NULL);
    meta_is(c, CEL_META_UNVALIDATED, "wdf");
}

static void wdf_reads_the_spectrum_that_is_asked_for(void)
{
    const double x[] = {960, 970, 980, 990, 1000}, y[] = {204, 203, 202, 201, 200};
    g_auto(CelReadOut) out = {0};
    const CelReadOptions second = {.spectrum = 2};
    g_autoptr(CelSpectrum) s = good(make_wdf(), &second, &out);
    points_are(s, x, y, 5);
    meta_is(s, "file.place", "x 1 um, y 11 um");
}

static void wdf_of_a_stopped_scan_lists_only_what_was_measured(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(make_wdf(), NULL, &out);
    g_assert_cmpuint(out.n_spectra, ==, WDF_MEASURED);
    g_assert_cmpuint(out.titles->len, ==, WDF_MEASURED);
    g_assert_cmpstr(g_ptr_array_index(out.titles, 1), ==, "x 1 um, y 11 um");
    g_assert_cmpuint(out.warnings->len, ==, 1);
    meta_is(s, "incomplete", "stopped before its end");
    refused(make_wdf(), &(CelReadOptions){.spectrum = 3}, CEL_ERROR_USAGE, "no spectrum 3");
}

static void wdf_may_hold_room_for_less_than_its_capacity(void)
{
    GByteArray *file = make_wdf();
    poke(file, 0x40, 2, 8); /* room for two only, but data of three: contradiction */
    refused(file, NULL, CEL_ERROR_INPUT, "exclude one another");
}

static void wdf_tells_units_of_its_axis(void)
{
    static const struct {
        guint unit;
        CelUnit read;
    } rows[] = {{1, CEL_UNIT_SHIFT_CM1}, {3, CEL_UNIT_NM_UNSTATED}, {16, CEL_UNIT_PIXEL}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(CelReadOut) out = {0};
        GByteArray *file = make_wdf();
        poke(file, WDF_XLIST + 20, rows[i].unit, 4);
        g_autoptr(CelSpectrum) s = good(file, &(CelReadOptions){0}, &out);
        g_assert_nonnull(s);
        g_assert_cmpint((int)cel_axis_unit(out.measurement->imported_axis), ==, (int)rows[i].read);
    }
}

static void wdf_of_arbitrary_unit_needs_to_be_told(void)
{
    GByteArray *file = make_wdf();
    poke(file, WDF_XLIST + 20, 0, 4);
    refused(file, NULL, CEL_ERROR_UNIT, "--axis-unit");
}

static void wdf_warns_of_a_full_detector(void)
{
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_wdf();
    poke(file, WDF_ORIGIN + 20 + 2 * (24 + 8 * WDF_ROOM) + 24, 1, 8);
    g_autoptr(CelSpectrum) s = good(file, NULL, &out);
    meta_is(s, "saturated", "said so by the instrument");
    g_assert_cmpuint(out.warnings->len, ==, 2);
}

static void wdf_says_that_a_record_of_processing_is_there(void)
{
    g_auto(CelReadOut) plain = {0}, processed = {0};
    GByteArray *file = make_wdf();
    poke_block(file, WDF_BYTES, "WARP", 16);
    g_autoptr(CelSpectrum) a = good(make_wdf(), NULL, &plain);
    g_autoptr(CelSpectrum) b = good(file, NULL, &processed);
    g_assert_null(cel_spectrum_meta(a, "processing"));
    g_assert_nonnull(cel_spectrum_meta(b, "processing"));
}

static void wdf_without_laser_states_none(void)
{
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_wdf();
    poke(file, WDF_ORIGIN, 'X', 1); /* nor any place */
    poke_f32(file, 0x9c, 0.0);
    g_autoptr(CelSpectrum) s = good(file, NULL, &out);
    g_assert_null(cel_spectrum_meta(s, CEL_META_LASER_NM));
    g_assert_cmpstr(g_ptr_array_index(out.titles, 1), ==, "map of a bead");
    g_assert_cmpint((int)out.kind, ==, CEL_KIND_RAMAN);
}

static void wdf_times_are_counted_from_1970(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(make_wdf(), NULL, &out);
    g_assert_nonnull(s);
    g_assert_cmpint(out.measurement->started_wall_us, ==,
                    G_GINT64_CONSTANT(1577836800) * G_USEC_PER_SEC); /* date -u -d 2020-01-01 +%s */
    g_assert_cmpint(out.measurement->ended_wall_us, ==, 0);
}

static void an_axis_that_turns_is_refused(void)
{
    GByteArray *file = make_wdf();
    poke_f32(file, WDF_XLIST + 24 + 8, 2000.0);
    refused(file, NULL, CEL_ERROR_INPUT, "point 3");
}

static void shifts_that_are_absolute_are_refused(void)
{
    GByteArray *file = make_wdf();
    for (guint i = 0; i < WDF_POINTS; i++)
        poke_f32(file, WDF_XLIST + 24 + 4 * i, 12000.0 - i);
    refused(file, NULL, CEL_ERROR_UNIT, "absolute");
}

/* --- OPUS --- */

static void opus_scales_and_says_that_nobody_checked_the_reader(void)
{
    const double x[] = {100, 200, 300, 400}, y[] = {8, 6, 4, 2};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(make_opus(), NULL, &out);
    points_are(s, x, y, 4);
    g_assert_cmpint((int)out.kind, ==, CEL_KIND_RAMAN);
    meta_is(s, CEL_META_UNVALIDATED, "opus");
    meta_is(s, CEL_META_TITLE, "ivory");
    meta_is(s, "axis_unit", "cm-1 (the file says \"WN\")");
    laser_is(s, 1064.0);
}

static void opus_reads_whole_numbers(void)
{
    const double x[] = {100, 200, 300, 400}, y[] = {8, 6, 4, 2};
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_opus();
    poke(file, OPUS_STATUS + 8, 2, 4);
    for (guint i = 0; i < OPUS_POINTS; i++)
        poke(file, OPUS_DATA + 4 * i, 1 + i, 4);
    g_autoptr(CelSpectrum) s = good(file, NULL, &out);
    points_are(s, x, y, 4);
}

static void opus_in_absolute_wavenumbers_is_refused(void)
{
    GByteArray *file = make_opus();
    poke_f64(file, OPUS_STATUS + 32, 9300.0);
    poke_f64(file, OPUS_STATUS + 48, 5900.0);
    refused(file, NULL, CEL_ERROR_UNIT, "absolute");
}

static void opus_absorbance_is_said_to_be_infrared(void)
{
    GByteArray *file = make_opus();
    poke(file, 36, 0x100f, 4);
    poke(file, 48, 0x101f, 4);
    refused(g_byte_array_ref(file), NULL, CEL_ERROR_INPUT, "infrared");
}

static void opus_prefers_raman_to_infrared_data(void)
{
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_opus();
    poke_opus_entry(file, 5, 0x100f, OPUS_OPTICS, 16);
    g_autoptr(CelSpectrum) s = good(file, NULL, &out);
    g_assert_cmpint((int)out.kind, ==, CEL_KIND_RAMAN);
    g_assert_cmpuint(cel_spectrum_length(s), ==, OPUS_POINTS);
}

static void opus_laser_in_another_unit_is_not_taken(void)
{
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_opus();
    poke_f64(file, OPUS_OPTICS + 8, 785.0); /* as a wavenumber this would be 12.7 um */
    g_autoptr(CelSpectrum) s = good(file, NULL, &out);
    g_assert_null(cel_spectrum_meta(s, CEL_META_LASER_NM));
}

/* --- SPA --- */

static void spa_gives_axis_laser_title_and_comment(void)
{
    const double x[] = {100, 200, 300, 400}, y[] = {4.5, 3.0, 1.5, 0.0};
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(make_spa(), NULL, &out);
    points_are(s, x, y, 4);
    meta_is(s, CEL_META_TITLE, "turtle shell");
    meta_is(s, "file.comment", "by hand");
    meta_is(s, CEL_META_FRAMES, "16");
    meta_is(s, CEL_META_UNVALIDATED, "spa");
    laser_is(s, 780.0);
}

static void spa_absorbance_is_said_to_be_infrared_and_can_be_looked_at(void)
{
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_spa();
    poke(file, SPA_HEADER + 8, 1, 1);
    poke(file, SPA_HEADER + 12, 0x11, 1);
    refused(g_byte_array_append(g_byte_array_new(), file->data, file->len), NULL, CEL_ERROR_INPUT,
            "infrared");
    g_autoptr(CelSpectrum) s = good(file, &(CelReadOptions){.any_kind = TRUE}, &out);
    g_assert_cmpint((int)out.kind, ==, CEL_KIND_INFRARED);
    g_assert_cmpstr(out.kind_text, ==, "absorbance");
    g_assert_cmpuint(cel_spectrum_length(s), ==, SPA_POINTS);
}

static void spa_series_in_time_are_refused(void)
{
    GByteArray *file = make_spa();
    poke_text(file, 0, "Spectral Exte File");
    refused(file, NULL, CEL_ERROR_INPUT, "series");
}

static void spa_group_lists_its_spectra(void)
{
    const double x[] = {100, 200, 300, 400}, y[] = {40, 30, 20, 10};
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_spa();
    poke(file, 294, 6, 2);
    poke_spa_record(file, 3, 2, SPA_HEADER, 256);
    poke_spa_record(file, 4, 3, SPA_VALUES + 32, 4 * SPA_POINTS);
    poke_spa_record(file, 5, 0x6b, SPA_COMMENT, 16);
    for (guint i = 0; i < SPA_POINTS; i++)
        poke_f32(file, SPA_VALUES + 32 + 4 * i, 10.0 * (i + 1));
    g_autoptr(CelSpectrum) s = good(file, &(CelReadOptions){.spectrum = 2}, &out);
    points_are(s, x, y, 4);
    g_assert_cmpuint(out.n_spectra, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(out.titles, 0), ==, "by hand");
    meta_is(s, "spectrum", "2 of 2");
}

/* --- SPE --- */

/* 800 + p / 2 + p^2 / 4 for the pixels 1 to 4 */
static void spe2_evaluates_the_polynomial_from_pixel_1(void)
{
    const double nm[] = {800.75, 802.0, 803.75, 806.0}, y[] = {1000, 1001, 1002, 1003};
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_spe2();
    poke_f64(file, 3311, 0.0); /* without laser it stays in nm */
    g_autoptr(CelSpectrum) s = good(file, NULL, &out);
    points_are(s, nm, y, 4);
    g_assert_cmpint((int)unit_of(s), ==, CEL_UNIT_NM_UNSTATED);
    meta_is(s, CEL_META_UNVALIDATED, "spe");
    meta_is(s, CEL_META_INTEGRATION_MS, "250");
    meta_is(s, CEL_META_FRAMES, "5");
    meta_is(s, "file.comment", "first comment");
}

static void spe2_takes_the_laser_in_nm_or_as_a_wavenumber(void)
{
    static const double stated[] = {785.0, 1e7 / 785.0};
    for (gsize i = 0; i < G_N_ELEMENTS(stated); i++) {
        CelLayout layout;
        g_autoptr(GByteArray) file = make_spe2();
        poke_f64(file, 3311, stated[i]);
        const CelBytes bytes = cel_bytes_of(file->data, file->len, CEL_LITTLE_ENDIAN);
        g_assert_cmpint((int)cel_decode_spe(bytes, 0, &layout).code, ==, CEL_REFUSE_NOTHING);
        g_assert_cmpfloat_with_epsilon(layout.laser_nm, 785.0, 1e-9);
    }
}

static void spe2_lists_frames_and_rows(void)
{
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_spe2();
    poke(file, 656, 2, 2);
    poke(file, 1446, 1, 4);
    g_autoptr(CelSpectrum) s = good(file, &(CelReadOptions){.spectrum = 2}, &out);
    g_assert_cmpuint(out.n_spectra, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(out.titles, 1), ==, "frame 1, row 2");
    g_assert_cmpfloat(cel_spectrum_y(s)[0], ==, 1004.0);
}

static void spe2_reads_every_kind_of_number(void)
{
    static const struct {
        guint kind, width, negative;
    } rows[] = {{0, 4, 0}, {1, 4, 1}, {2, 2, 1}, {3, 2, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(CelReadOut) out = {0};
        GByteArray *file = make_spe2();
        poke(file, 108, rows[i].kind, 2);
        g_byte_array_set_size(file, SPE_DATA);
        for (guint k = 0; k < SPE_POINTS * SPE_FRAMES; k++)
            poke(file, SPE_DATA + rows[i].width * k, (guint64)(-7 + (int)k), rows[i].width);
        if (rows[i].kind == 0)
            poke_f32(file, SPE_DATA, -7.0);
        for (guint k = 1; rows[i].kind == 0 && k < SPE_POINTS * SPE_FRAMES; k++)
            poke_f32(file, SPE_DATA + 4 * k, k);
        g_autoptr(CelSpectrum) s = good(file, &(CelReadOptions){0}, &out);
        g_assert_cmpfloat(out.measurement->frames[0], ==, rows[i].kind == 3 ? 65529.0 : -7.0);
        (void)s;
    }
}

static void spe2_without_calibration_is_on_pixels(void)
{
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_spe2();
    poke(file, 3098, 0, 1);
    g_autoptr(CelSpectrum) s = good(file, NULL, &out);
    g_assert_cmpint((int)unit_of(s), ==, CEL_UNIT_PIXEL);
    meta_is(s, "calibration", "the file holds none");
}

static void spe2_notes_what_the_program_did(void)
{
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_spe2();
    poke(file, 150, 1, 2);
    poke(file, 706, 1, 2);
    poke(file, 1438, 1, 2);
    g_autoptr(CelSpectrum) s = good(file, NULL, &out);
    meta_is(s, "background", "subtracted by the maker's program");
    meta_is(s, "flat_field", "applied by the maker's program");
    meta_is(s, "cosmic_rays", "removed by the maker's program");
}

static void spe2_absorbance_is_said_not_to_be_raman(void)
{
    GByteArray *file = make_spe2();
    poke(file, 52, 1, 2);
    refused(file, NULL, CEL_ERROR_INPUT, "not Raman");
}

static void spe3_reads_wavelengths_laser_and_frames_from_its_footer(void)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(CelSpectrum) s = good(make_spe3(SPE_FOOTER), &(CelReadOptions){.spectrum = 2}, &out);
    const double *nm = cel_axis_values(out.measurement->imported_axis);
    g_assert_cmpfloat(nm[0], ==, 534.25);
    g_assert_cmpfloat(nm[3], ==, 535.5);
    g_assert_cmpfloat(cel_spectrum_y(s)[0], ==, 1004.0);
    g_assert_cmpuint(out.n_spectra, ==, 2);
    meta_is(s, CEL_META_INTEGRATION_MS, "100");
    meta_is(s, CEL_META_INSTRUMENT, "a > b");
    meta_is(s, CEL_META_SERIAL, "7");
    laser_is(s, 532.0);
}

typedef struct {
    const char *name, *from, *to;
    CelRefusalCode code;
} FooterCase;

static const FooterCase footer_cases[] = {
    {"mirrored", "\"Normal\"", "\"FlippedHorizontally\"", CEL_REFUSE_ORIENTATION},
    {"two-regions", "count=\"1\"", "count=\"2\"", CEL_REFUSE_REGIONS},
    {"unknown-numbers", "MonochromeUnsigned16", "Rgb24", CEL_REFUSE_VALUE_KIND},
    {"one-pixel", "width=\"4\"", "width=\"1\"", CEL_REFUSE_POINTS},
    {"no-width", "width=\"4\"", "", CEL_REFUSE_POINTS},
    {"negative-width", "width=\"4\"", "width=\"-4\"", CEL_REFUSE_POINTS},
    {"other-width", "width=\"4\"", "width=\"3\"", CEL_REFUSE_CONTRADICTION},
    {"more-frames", "count=\"2\"", "count=\"3\"", CEL_REFUSE_TRUNCATED},
    {"endless-frames", "count=\"2\"", "count=\"999999999999999\"", CEL_REFUSE_SPECTRA},
    {"no-frames", "count=\"2\"", "count=\"0\"", CEL_REFUSE_EMPTY},
    {"endless-stride", "size=\"8\" stride=\"8\" cal", "size=\"8\" stride=\"99999999\" cal",
     CEL_REFUSE_CONTRADICTION},
    {"no-wavelengths", "534.25,534.5,534.75,535.5", "", CEL_REFUSE_NO_AXIS},
    {"too-few-wavelengths", ",535.5", "", CEL_REFUSE_CONTRADICTION},
    {"too-many-wavelengths", ",535.5", ",535.5,536", CEL_REFUSE_CONTRADICTION},
    {"text-for-a-wavelength", "534.5", "x", CEL_REFUSE_CONTRADICTION},
    {"other-root", "SpeFormat", "OtherRoot", CEL_REFUSE_XML},
    {"crossed-tags", "</Calibrations>", "</DataFormat>", CEL_REFUSE_XML},
    {"entity", "<!-- a -- > comment -->", "<!ENTITY a \"b\">", CEL_REFUSE_XML},
    {"open-comment", "comment -->", "comment", CEL_REFUSE_XML},
    {"open-quote", "id=\"1\"", "id=\"1", CEL_REFUSE_XML},
};

static char *replaced(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, -1);
    g_assert_nonnull(parts[1]);
    return g_strjoinv(to, parts);
}

static void refuses_footer(gconstpointer data)
{
    const FooterCase *test = data;
    g_autofree char *footer = replaced(SPE_FOOTER, test->from, test->to);
    g_autoptr(GByteArray) file = make_spe3(footer);
    const Case decode = {.decode = cel_decode_spe};
    g_assert_cmpint((int)decode_all(&decode, file).code, ==, (int)test->code);
}

static void spe3_is_told_without_the_old_marks(void)
{
    g_auto(CelReadOut) out = {0};
    GByteArray *file = make_spe3(SPE_FOOTER);
    poke(file, 4098, 0, 2);
    g_autoptr(CelSpectrum) s = good(file, NULL, &out);
    meta_is(s, CEL_META_FORMAT, "spe");
    file = make_spe3(SPE_FOOTER);
    poke(file, 4098, 0, 2);
    poke_f32(file, 1992, 2.5);
    refused(file, NULL, CEL_ERROR_INPUT, "not a text spectrum");
}

static void spe3_without_mapping_is_on_pixels(void)
{
    g_auto(CelReadOut) out = {0};
    g_autofree char *footer = replaced(SPE_FOOTER, "WavelengthMapping", "OtherMapping");
    g_autoptr(CelSpectrum) s = good(make_spe3(footer), NULL, &out);
    g_assert_cmpint((int)unit_of(s), ==, CEL_UNIT_PIXEL);
}

static void spe3_footer_of_endless_depth_is_refused(void)
{
    g_autoptr(GString) footer = g_string_new("<SpeFormat>");
    for (int i = 0; i < 100; i++)
        g_string_append(footer, "<a>");
    g_autoptr(GByteArray) file = make_spe3(footer->str);
    const Case decode = {.decode = cel_decode_spe};
    g_assert_cmpint((int)decode_all(&decode, file).code, ==, CEL_REFUSE_XML);
}

/* --- a real file --- */

static GBytes *shared_file(const char *name)
{
    const char *shared = g_getenv("CELADON_SHARED");
    char *content = NULL;
    gsize n = 0;
    if (shared == NULL) {
        g_test_skip("CELADON_SHARED does not name the folder with measured spectra");
        return NULL;
    }
    g_autofree char *path = g_build_filename(shared, "data/formats/Renishaw", name, NULL);
    if (!g_file_get_contents(path, &content, &n, NULL)) {
        g_test_skip("the file of WiRE is not there");
        return NULL;
    }
    return g_bytes_new_take(content, n);
}

/* The maker's program wrote both; its text has six decimals. */
static void wdf_of_wire_agrees_with_its_text(void)
{
    static const char stem[] = "nCal_Qontor785_z005H12_100_1x3s";
    g_autofree char *wdf = g_strconcat(stem, ".wdf", NULL), *txt = g_strconcat(stem, ".txt", NULL);
    g_autoptr(GBytes) a_bytes = shared_file(wdf), b_bytes = shared_file(txt);
    if (a_bytes == NULL || b_bytes == NULL)
        return;
    g_auto(CelReadOut) a = {0}, b = {0};
    g_autoptr(GError) error = NULL;
    cel_reader_load_bytes(a_bytes, wdf, NULL, NULL, &a, &error);
    g_assert_no_error(error);
    cel_reader_load_bytes(b_bytes, txt, &(CelReadOptions){.axis_unit = "cm-1"}, NULL, &b, &error);
    g_assert_no_error(error);
    const gsize n = a.measurement->n_pixels;
    g_assert_cmpuint(n, ==, b.measurement->n_pixels);
    double worst_x = 0.0, worst_y = 0.0;
    for (gsize i = 0; i < n; i++) {
        worst_x = fmax(worst_x, fabs(cel_axis_values(a.measurement->imported_axis)[i] -
                                     cel_axis_values(b.measurement->imported_axis)[i]));
        worst_y = fmax(worst_y, fabs(a.measurement->frames[i] - b.measurement->frames[i]));
    }
    g_test_message("%" G_GSIZE_FORMAT " points; largest deviation %g cm-1, %g counts", n, worst_x,
                   worst_y);
    g_assert_cmpfloat(worst_x, <=, 5.01e-7);
    g_assert_cmpfloat(worst_y, <=, 5.01e-7);
    g_assert_cmpuint(a.n_spectra, ==, 1);
    g_assert_cmpfloat_with_epsilon(a.measurement->calibration.laser_nm, 785.0, 0.1);
    g_assert_null(g_tree_lookup(a.measurement->notes, CEL_META_UNVALIDATED));
}

#define ADD(name) g_test_add_func("/makers/" #name, name)

static void add_refusals(void)
{
    add_cases("wdf", wdf_damage, G_N_ELEMENTS(wdf_damage), (Case){NULL, cel_decode_wdf, make_wdf});
    add_cases("opus", opus_damage, G_N_ELEMENTS(opus_damage),
              (Case){NULL, cel_decode_opus, make_opus});
    add_cases("spa", spa_damage, G_N_ELEMENTS(spa_damage), (Case){NULL, cel_decode_spa, make_spa});
    add_cases("spe", spe_damage, G_N_ELEMENTS(spe_damage), (Case){NULL, cel_decode_spe, make_spe2});
    add_cases("spe3", spe3_damage, G_N_ELEMENTS(spe3_damage),
              (Case){NULL, cel_decode_spe, make_spe3_good});
    for (gsize i = 0; i < G_N_ELEMENTS(footer_cases); i++) {
        g_autofree char *path = g_strdup_printf("/makers/spe3/footer/%s", footer_cases[i].name);
        g_test_add_data_func(path, &footer_cases[i], refuses_footer);
    }
    ADD(every_refusal_has_a_sentence);
    ADD(a_refusal_names_file_byte_reason_and_remedy);
}

static void add_wdf(void)
{
    ADD(wdf_gives_axis_and_intensities_in_rising_order);
    ADD(wdf_beyond_what_was_tried_is_a_lead_at_most);
    ADD(wdf_reads_the_spectrum_that_is_asked_for);
    ADD(wdf_of_a_stopped_scan_lists_only_what_was_measured);
    ADD(wdf_may_hold_room_for_less_than_its_capacity);
    ADD(wdf_tells_units_of_its_axis);
    ADD(wdf_of_arbitrary_unit_needs_to_be_told);
    ADD(wdf_warns_of_a_full_detector);
    ADD(wdf_says_that_a_record_of_processing_is_there);
    ADD(wdf_without_laser_states_none);
    ADD(wdf_times_are_counted_from_1970);
    ADD(wdf_of_wire_agrees_with_its_text);
    ADD(an_axis_that_turns_is_refused);
    ADD(shifts_that_are_absolute_are_refused);
}

static void add_fourier(void)
{
    ADD(opus_scales_and_says_that_nobody_checked_the_reader);
    ADD(opus_reads_whole_numbers);
    ADD(opus_in_absolute_wavenumbers_is_refused);
    ADD(opus_absorbance_is_said_to_be_infrared);
    ADD(opus_prefers_raman_to_infrared_data);
    ADD(opus_laser_in_another_unit_is_not_taken);
    ADD(spa_gives_axis_laser_title_and_comment);
    ADD(spa_absorbance_is_said_to_be_infrared_and_can_be_looked_at);
    ADD(spa_series_in_time_are_refused);
    ADD(spa_group_lists_its_spectra);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    add_refusals();
    add_wdf();
    add_fourier();
    ADD(spe2_evaluates_the_polynomial_from_pixel_1);
    ADD(spe2_takes_the_laser_in_nm_or_as_a_wavenumber);
    ADD(spe2_lists_frames_and_rows);
    ADD(spe2_reads_every_kind_of_number);
    ADD(spe2_without_calibration_is_on_pixels);
    ADD(spe2_notes_what_the_program_did);
    ADD(spe2_absorbance_is_said_not_to_be_raman);
    ADD(spe3_reads_wavelengths_laser_and_frames_from_its_footer);
    ADD(spe3_is_told_without_the_old_marks);
    ADD(spe3_without_mapping_is_on_pixels);
    ADD(spe3_footer_of_endless_depth_is_refused);
    return g_test_run();
}
