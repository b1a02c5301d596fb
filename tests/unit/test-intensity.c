/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-intensity.h"
#include "process/step-util.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define G_SQRT3 1.7320508075688772

enum { N = 1200 };

#define CERTIFICATE                                                                                \
    "celadon-intensity-certificate: 1\nid: own\nname_en: own glass\nname_zh: 自有玻璃\n"       \
    "source_kind: glass\nlot: A-17\nlaser_nm: 785\nform: polynomial\n"                             \
    "coefficients: 0.1 3e-4\nrange_cm1: 200 2400\ncelsius: 20 25\nu_relative: 0.02\n"              \
    "source: made up for this test\n"

static CelIntensityCertificate *read_text(const char *text, GError **error)
{
    return cel_intensity_certificate_read(text, strlen(text), "own.certificate", error);
}

static CelIntensityCertificate *own(void)
{
    g_autoptr(GError) error = NULL;
    CelIntensityCertificate *c = read_text(CERTIFICATE, &error);
    g_assert_no_error(error);
    return c;
}

static CelIntensityCertificate *lamp_of(const char *values)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strconcat("celadon-intensity-certificate: 1\nid: lamp\nname_en: lamp\nname_zh: 灯\n"
                    "source_kind: lamp\nlot: S-1\nform: table\nu_relative: 0.01\nsource: test\n"
                    "rows:\n",
                    values, NULL);
    CelIntensityCertificate *c = read_text(text, &error);
    g_assert_no_error(error);
    return c;
}

/* What a detector makes of light: falling towards red, a filter edge at 260 cm-1. */
static double sensitivity(double x)
{
    return (1.0 / (1.0 + exp(-(x - 260.0) / 25.0))) / (1.0 + exp((x - 1900.0) / 160.0));
}

typedef struct {
    const CelIntensityCertificate *light;
    double counts;      /* at full sensitivity and light 1 */
    double laser_line;  /* height at 0 cm-1 */
    double band_cm1;    /* 0: no band */
    gboolean saturated; /* one sample */
    double off_cm1;     /* by which the axis is wrong */
    double offset;      /* of the dark, by which it is wrong */
    guint32 seed;
} Made;

static CelSpectrum *scan_of(const Made *made)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(made->seed);
    double x[N], y[N], variance[N];
    for (gsize i = 0; i < N; i++) {
        x[i] = -60.0 + 2.2 * (double)i + 1e-5 * (double)(i * i);
        double light = 0.0;
        const double truly = x[i] + made->off_cm1;
        if (!cel_intensity_certificate_value(made->light, truly, 785.0, &light))
            light = 0.2;
        const double u = (x[i] - made->band_cm1) / 6.0;
        y[i] = made->counts * light * sensitivity(truly) + made->offset;
        y[i] += made->band_cm1 > 0.0 ? 0.3 * y[i] / (1.0 + u * u) : 0.0;
        y[i] += made->laser_line * exp(-x[i] * x[i] / 20.0);
        variance[i] = MAX(y[i], 0.0) + 25.0;
        double noise = -6.0; /* Irwin, Hall: twelve uniform numbers are nearly normal */
        for (int k = 0; k < 12; k++)
            noise += g_rand_double(rand);
        y[i] += sqrt(variance[i]) * noise;
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    CelSpectrum *scan = cel_spectrum_new(axis, y, NULL);
    g_assert_true(cel_spectrum_set_variance(scan, variance, NULL));
    cel_spectrum_set_meta_number(scan, CEL_META_LASER_NM, 785.2);
    cel_spectrum_set_meta(scan, CEL_META_SERIAL, "S-9");
    guint8 mask[N] = {0};
    mask[600] = made->saturated ? CEL_MASK_SATURATED : 0;
    cel_spectrum_set_mask(scan, mask);
    return scan;
}

static CelIntensityOptions stated(const CelIntensityCertificate *c)
{
    return (CelIntensityOptions){
        .certificate = c, .lot = c->lot, .celsius = 22.0, .unconfirmed = TRUE};
}

static void assert_refused(const CelSpectrum *scan, const CelIntensityOptions *o, int code,
                           const char *says)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_intensity_derive(scan, o, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, says) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, says);
}

/* Points whose deviation from the truth is within two of their standard uncertainties, the
 * certificate's part left out; the common scale, which means nothing, is that of the middle. */
static void count_points(const CelResponse *r, guint *inside, guint *total)
{
    double scale = 0.0, n = 0.0;
    for (gsize i = 0; i < r->n; i++) {
        const gboolean middle = r->shift_cm1[i] > 600.0 && r->shift_cm1[i] < 1600.0;
        scale += middle ? r->factor[i] * sensitivity(r->shift_cm1[i]) : 0.0;
        n += middle ? 1.0 : 0.0;
    }
    scale /= n;
    for (gsize i = 10; i < r->n; i += 40, (*total)++) {
        const double off = r->factor[i] * sensitivity(r->shift_cm1[i]) / scale - 1.0;
        const double u = sqrt(pow(r->u_relative[i], 2) - pow(r->u_common, 2));
        *inside += fabs(off) <= 2.0 * u ? 1 : 0;
    }
}

/* Noise, an axis and a dark that are wrong by what is stated of them. */
static void the_curve_is_that_of_the_instrument_within_its_uncertainty(void)
{
    g_autoptr(CelIntensityCertificate) c = own();
    g_autoptr(GRand) rand = g_rand_new_with_seed(77);
    guint inside = 0, total = 0;
    for (guint32 seed = 1; seed <= 60; seed++) {
        const double off = g_rand_double_range(rand, -G_SQRT3, G_SQRT3); /* deviation 1 */
        const Made made = {.light = c,
                           .counts = 4e4,
                           .seed = seed,
                           .off_cm1 = off,
                           .offset = 5.0 * g_rand_double_range(rand, -G_SQRT3, G_SQRT3)};
        g_autoptr(CelSpectrum) scan = scan_of(&made);
        CelIntensityOptions o = stated(c);
        o.u_axis_cm1 = 1.0;
        o.u_offset_counts = 5.0;
        g_autoptr(GError) error = NULL;
        g_autoptr(CelResponse) r = cel_intensity_derive(scan, &o, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(r->serial, ==, "S-9");
        g_assert_false(r->confirmed);
        count_points(r, &inside, &total);
    }
    g_test_message("%u of %u points within two standard uncertainties", inside, total);
    g_assert_cmpuint(inside * 100, >=, 93 * total);
    g_assert_cmpuint(inside * 100, <=, 99 * total);
}

static void uncertainty_grows_towards_the_edges(void)
{
    g_autoptr(CelIntensityCertificate) c = own();
    const Made made = {.light = c, .counts = 2e5, .seed = 3};
    g_autoptr(CelSpectrum) scan = scan_of(&made);
    const CelIntensityOptions o = stated(c);
    g_autoptr(CelResponse) r = cel_intensity_derive(scan, &o, NULL);
    double factor = 0.0, middle = 0.0, filter = 0.0;
    g_assert_true(cel_response_at(r, 1200.0, &factor, &middle));
    g_assert_true(cel_response_at(r, 215.0, &factor, &filter));
    g_assert_cmpfloat(middle, <, 0.0225);
    g_assert_cmpfloat(filter, >, 1.5 * middle); /* steep: the axis counts */
    const Made dim = {.light = c, .counts = 1.2e3, .seed = 3};
    g_autoptr(CelSpectrum) few = scan_of(&dim);
    g_autoptr(CelResponse) poor = cel_intensity_derive(few, &o, NULL);
    g_assert_cmpfloat(poor->u_relative[poor->n - 1], >, 0.05);
    g_assert_cmpfloat(poor->shift_cm1[poor->n - 1], <, r->shift_cm1[r->n - 1]);
    for (gsize i = 0; i < poor->n; i++)
        g_assert_cmpfloat(poor->u_relative[i], <, 0.15);
}

static void band_ratios_of_two_instruments_agree_after_correction(void)
{
    g_autoptr(CelIntensityCertificate) c = own();
    const Made made = {.light = c, .counts = 2e5, .seed = 5};
    g_autoptr(CelSpectrum) scan = scan_of(&made);
    const CelIntensityOptions o = stated(c);
    g_autoptr(CelResponse) r = cel_intensity_derive(scan, &o, NULL);
    double low = 0.0, high = 0.0, u = 0.0;
    g_assert_true(cel_response_at(r, 620.0, &low, &u));
    g_assert_true(cel_response_at(r, 1900.0, &high, &u));
    const double measured = sensitivity(620.0) / sensitivity(1900.0);
    g_assert_cmpfloat(measured, >, 1.9);
    g_assert_cmpfloat_with_epsilon(measured * low / high, 1.0, 0.02);
}

static void another_lot_laser_or_temperature_is_refused(void)
{
    g_autoptr(CelIntensityCertificate) c = own();
    const Made made = {.light = c, .counts = 2e5, .seed = 1};
    g_autoptr(CelSpectrum) scan = scan_of(&made);
    CelIntensityOptions o = stated(c);
    o.lot = "A-18";
    assert_refused(scan, &o, CEL_ERROR_INPUT, "A-18");
    o.lot = NULL;
    assert_refused(scan, &o, CEL_ERROR_INPUT, "another lot");
    o = stated(c);
    o.laser_nm = 532.0;
    assert_refused(scan, &o, CEL_ERROR_UNIT, "532");
    o = stated(c);
    o.celsius = 31.0;
    assert_refused(scan, &o, CEL_ERROR_INPUT, "31");
    o.celsius = NAN;
    assert_refused(scan, &o, CEL_ERROR_USAGE, "state the temperature");
}

static void what_is_beyond_its_range_or_its_day_is_refused(void)
{
    g_autoptr(CelIntensityCertificate) c = own();
    const Made made = {.light = c, .counts = 2e5, .seed = 1};
    g_autoptr(CelSpectrum) scan = scan_of(&made);
    CelIntensityOptions o = stated(c);
    c->range[0] = 2100.0;
    assert_refused(scan, &o, CEL_ERROR_INPUT, "covers less");
    c->range[0] = 200.0;
    c->expires_wall_us = 1000;
    o.now_wall_us = 1001;
    assert_refused(scan, &o, CEL_ERROR_POLICY, "expired");
}

static void a_saturated_or_corrected_scan_is_refused(void)
{
    g_autoptr(CelIntensityCertificate) c = own();
    const Made full = {.light = c, .counts = 2e5, .seed = 1, .saturated = TRUE};
    g_autoptr(CelSpectrum) scan = scan_of(&full);
    const CelIntensityOptions o = stated(c);
    assert_refused(scan, &o, CEL_ERROR_INPUT, "saturated");
    const Made made = {.light = c, .counts = 2e5, .seed = 1};
    g_autoptr(CelSpectrum) again = scan_of(&made);
    cel_spectrum_set_meta(again, CEL_META_INTENSITY, "abc");
    assert_refused(again, &o, CEL_ERROR_INPUT, "already");
}

static void a_scan_with_bands_is_no_glass(void)
{
    g_autoptr(CelIntensityCertificate) c = own();
    const Made made = {.light = c, .counts = 2e5, .seed = 1, .band_cm1 = 1001.4};
    g_autoptr(CelSpectrum) scan = scan_of(&made);
    const CelIntensityOptions o = stated(c);
    assert_refused(scan, &o, CEL_ERROR_INPUT, "band at 100");
}

#define WARM "800 2.3\n850 2.2\n900 2.0\n950 1.6\n1000 1\n"

static void a_lamp_scanned_with_the_laser_on_is_refused(void)
{
    g_autoptr(CelIntensityCertificate) lamp = lamp_of(WARM);
    const Made off = {.light = lamp, .counts = 1e5, .seed = 1};
    const Made on = {.light = lamp, .counts = 1e5, .seed = 1, .laser_line = 30000.0};
    g_autoptr(CelSpectrum) good = scan_of(&off), bad = scan_of(&on);
    const CelIntensityOptions o = stated(lamp);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelResponse) r = cel_intensity_derive(good, &o, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(r->standard, ==, "lamp");
    assert_refused(bad, &o, CEL_ERROR_INPUT, "laser was on");
}

/* The scan is of the lamp, but the glass is named; the other way round likewise. */
static void a_source_named_as_another_contradicts_the_second_one(void)
{
    g_autoptr(CelIntensityCertificate) glass = own(), lamp = lamp_of(WARM);
    const Made of_glass = {.light = glass, .counts = 2e5, .seed = 1};
    const Made of_lamp = {.light = lamp, .counts = 5e4, .seed = 2};
    g_autoptr(CelSpectrum) a = scan_of(&of_glass), b = scan_of(&of_lamp);
    CelIntensityOptions as_glass = stated(glass), as_lamp = stated(lamp);
    g_autoptr(CelResponse) by_glass = cel_intensity_derive(a, &as_glass, NULL);
    g_autoptr(CelResponse) by_lamp = cel_intensity_derive(b, &as_lamp, NULL);
    as_glass.second = by_lamp;
    as_lamp.second = by_glass;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelResponse) agreed = cel_intensity_derive(a, &as_glass, &error);
    g_assert_no_error(error);
    g_assert_true(agreed->confirmed);
    assert_refused(b, &as_glass, CEL_ERROR_INPUT, "not of the standard");
    assert_refused(a, &as_lamp, CEL_ERROR_INPUT, "not of the standard");
    as_glass.second = NULL;
    as_glass.unconfirmed = FALSE;
    assert_refused(b, &as_glass, CEL_ERROR_POLICY, "Nothing shows");
}

static void a_table_in_nm_becomes_photons_per_wavenumber(void)
{
    g_autoptr(CelIntensityCertificate) lamp = lamp_of("700 1\n800 1\n900 1\n1000 1\n");
    double a = 0.0, b = 0.0;
    /* 785 nm: 1e7/785 - 1e7/870 = 1244.6 and 1e7/785 - 1e7/950 = 2212.5, in vacuum 0.34 and 0.6
     * less */
    g_assert_true(cel_intensity_certificate_value(lamp, 1244.28, 785.0, &a));
    g_assert_true(cel_intensity_certificate_value(lamp, 2211.93, 785.0, &b));
    g_assert_cmpfloat_with_epsilon(b / a, pow(950.0 / 870.0, 3.0), 1e-4);
    g_assert_false(cel_intensity_certificate_value(lamp, 3500.0, 785.0, &b));
}

static void certificates_that_ship_are_whole(void)
{
    const char *const *ids = cel_intensity_certificate_ids();
    g_assert_cmpuint(g_strv_length((char **)ids), >=, 4);
    for (gsize i = 0; ids[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CelIntensityCertificate) c = cel_intensity_certificate_load(ids[i], &error);
        g_assert_no_error(error);
        g_assert_cmpstr(c->id, ==, ids[i]);
        g_assert_nonnull(strstr(c->source, "not seen"));
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_intensity_certificate_find("nist-srm-9", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

/* By hand, from the printed coefficients. */
static void certified_curves_have_the_values_of_their_formulas(void)
{
    static const struct {
        const char *id;
        double x, value;
    } probes[] = {
        {"nist-srm-2241", 1000.0,
         0.0971937 + 0.228325 - 0.0586762 + 0.216023 - 0.0977171 + 0.0115596},
        /* the maximum of the log-normal part is H at x0, to which the line is added */
        {"nist-srm-2242a", 2972.1, 0.99747 - 3.7168e-06 * 2972.1 + 0.012864},
        /* half of H at x0 + w rho^2 / (rho + 1) and x0 - w / (rho + 1) */
        {"nist-srm-2242a", 2972.1 - 3100.6 / 2.1573,
         0.5 * 0.99747 - 3.7168e-06 * (2972.1 - 3100.6 / 2.1573) + 0.012864},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(probes); i++) {
        g_autoptr(CelIntensityCertificate) c = cel_intensity_certificate_find(probes[i].id, NULL);
        double value = 0.0;
        g_assert_true(cel_intensity_certificate_value(c, probes[i].x, c->laser_nm, &value));
        g_assert_cmpfloat_with_epsilon(value, probes[i].value, 1e-6);
    }
}

static void replaced(const char *from, const char *to, const char *says)
{
    g_auto(GStrv) parts = g_strsplit(CERTIFICATE, from, 2);
    g_assert_cmpuint(g_strv_length(parts), ==, 2);
    g_autofree char *text = g_strconcat(parts[0], to, parts[1], NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(read_text(text, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    if (strstr(error->message, says) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, says);
}

static void a_bad_certificate_is_refused_with_its_place(void)
{
    replaced("certificate: 1", "certificate: 2", "line 1");
    replaced("lot: A-17\n", "", "\"lot\"");
    replaced("lot: A-17", "lot:", "line 6");
    replaced("lot: A-17", "lot: A-17\nlot: A-18", "line 7");
    replaced("laser_nm: 785", "laser_nm: -785", "line 7");
    replaced("coefficients: 0.1 3e-4", "coefficients: 0.1 nan", "line 9");
    replaced("coefficients: 0.1 3e-4", "coefficients: 0.1 -3e-4", "\"coefficients\"");
    replaced("coefficients: 0.1 3e-4", "coefficients: 1 2 3 4 5 6 7 8 9", "line 9");
    replaced("form: polynomial", "form: lognormal", "\"coefficients\"");
    replaced("form: polynomial", "form: table", "\"rows\"");
    replaced("range_cm1: 200 2400", "range_cm1: 2400 200", "line 10");
    replaced("u_relative: 0.02", "u_relative: 0", "line 12");
    replaced("u_relative: 0.02", "u_relative: 0.02\nexpires: 2026-13-01", "line 13");
    replaced("source: made", "colour: made", "line 13");
}

static void a_certificate_of_the_lab_is_read_from_its_file(void)
{
    g_autofree char *folder = g_dir_make_tmp("celadon-certificate-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "own.certificate", NULL);
    g_assert_true(g_file_set_contents(path, CERTIFICATE "expires: 2027-03-01\n", -1, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(CelIntensityCertificate) c = cel_intensity_certificate_load(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(c->lot, ==, "A-17");
    g_assert_cmpint(c->expires_wall_us, ==, G_GINT64_CONSTANT(1803945599000000));
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static const struct {
    const char *name;
    void (*run)(void);
} tests[] = {
    {"the-curve-is-that-of-the-instrument-within-its-uncertainty",
     the_curve_is_that_of_the_instrument_within_its_uncertainty},
    {"uncertainty-grows-towards-the-edges", uncertainty_grows_towards_the_edges},
    {"band-ratios-of-two-instruments-agree-after-correction",
     band_ratios_of_two_instruments_agree_after_correction},
    {"another-lot-laser-or-temperature-is-refused", another_lot_laser_or_temperature_is_refused},
    {"what-is-beyond-its-range-or-its-day-is-refused",
     what_is_beyond_its_range_or_its_day_is_refused},
    {"a-saturated-or-corrected-scan-is-refused", a_saturated_or_corrected_scan_is_refused},
    {"a-scan-with-bands-is-no-glass", a_scan_with_bands_is_no_glass},
    {"a-lamp-scanned-with-the-laser-on-is-refused", a_lamp_scanned_with_the_laser_on_is_refused},
    {"a-source-named-as-another-contradicts-the-second-one",
     a_source_named_as_another_contradicts_the_second_one},
    {"a-table-in-nm-becomes-photons-per-wavenumber", a_table_in_nm_becomes_photons_per_wavenumber},
    {"certificates-that-ship-are-whole", certificates_that_ship_are_whole},
    {"certified-curves-have-the-values-of-their-formulas",
     certified_curves_have_the_values_of_their_formulas},
    {"a-bad-certificate-is-refused-with-its-place", a_bad_certificate_is_refused_with_its_place},
    {"a-certificate-of-the-lab-is-read-from-its-file",
     a_certificate_of_the_lab_is_read_from_its_file},
};

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/intensity/", tests[i].name, NULL);
        g_test_add_func(path, tests[i].run);
    }
    return g_test_run();
}
