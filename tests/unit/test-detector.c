/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-detector.h"
#include "cel-linearity.h"
#include "process/step-util.h"

#include <math.h>
#include <string.h>

static double normal(GRand *rand)
{
    double sum = -6.0; /* Irwin, Hall */
    for (int k = 0; k < 12; k++)
        sum += g_rand_double(rand);
    return sum;
}

static void assert_says(const GError *error, int code, const char *says)
{
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, says) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, says);
}

/* ---- linearity ---- */

enum { PIXELS = 300, TIMES = 9 };

/* Counts that a detector with response light (1 - a light / full) gives. */
typedef struct {
    double bend;        /* a */
    double drift;       /* relative rise of the source over the series */
    double offset;      /* left of the dark */
    gsize saturated;    /* index of an exposure; TIMES: none */
    gboolean with_dark; /* dark still in */
    guint32 seed;
} Series;

static const double times_ms[TIMES] = {10, 20, 40, 80, 150, 220, 300, 360, 400};

static void make_series(const Series *s, CelExposure *out)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(s->seed);
    double x[PIXELS], y[PIXELS];
    for (gsize e = 0; e < TIMES; e++) {
        guint8 mask[PIXELS] = {0};
        for (gsize i = 0; i < PIXELS; i++) {
            x[i] = (double)i;
            const double rate = 140.0 * exp(-pow(((double)i - 150.0) / 90.0, 2.0));
            const double light = rate * times_ms[e] * (1.0 + s->drift * (double)e / TIMES);
            const double counts = light * (1.0 - s->bend * light / 60000.0);
            y[i] = MAX(counts + s->offset + sqrt(0.2 * counts + 9.0) * normal(rand), 1.0);
        }
        mask[150] = e == s->saturated ? CEL_MASK_SATURATED : 0;
        g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_PIXEL, x, PIXELS, NULL);
        CelSpectrum *light = cel_spectrum_new(axis, y, NULL);
        cel_spectrum_set_mask(light, mask);
        cel_spectrum_set_meta(light, CEL_META_DARK, s->with_dark ? "absent" : "subtracted");
        out[e] = (CelExposure){light, times_ms[e]};
    }
}

static void free_series(CelExposure *series)
{
    for (gsize e = 0; e < TIMES; e++)
        cel_spectrum_free((CelSpectrum *)series[e].light);
}

static gboolean fit(const Series *s, CelLinearity *out, GError **error)
{
    CelExposure series[TIMES];
    make_series(s, series);
    const gboolean ok = cel_linearity_fit(series, TIMES, out, error);
    free_series(series);
    return ok;
}

static double corrected(const CelLinearity *l, double counts)
{
    double divisor = 0.0;
    for (guint k = l->n_coefficients; k-- > 0;)
        divisor = divisor * counts + l->coefficients[k];
    return counts / divisor;
}

static void a_bent_detector_is_straightened(void)
{
    for (guint32 seed = 1; seed <= 8; seed++) {
        const Series s = {.bend = 0.06, .saturated = TIMES, .seed = seed};
        CelLinearity l;
        g_autoptr(GError) error = NULL;
        g_assert_true(fit(&s, &l, &error));
        g_assert_no_error(error);
        g_assert_cmpfloat(l.worst_before, >, 0.02);
        g_assert_cmpfloat(l.worst_after, <, 0.005);
        g_assert_cmpfloat_with_epsilon(l.coefficients[0], 1.0, 1e-12);
        for (double light = 2000.0; light <= 50000.0; light += 6000.0) {
            const double counts = light * (1.0 - 0.06 * light / 60000.0);
            const double scale = corrected(&l, 2000.0 * (1.0 - 0.06 / 30.0)) / 2000.0;
            g_assert_cmpfloat_with_epsilon(corrected(&l, counts) / light / scale, 1.0, 0.006);
        }
    }
}

static void a_straight_detector_is_left_nearly_alone(void)
{
    const Series s = {.saturated = TIMES, .seed = 3};
    CelLinearity l;
    g_assert_true(fit(&s, &l, NULL));
    g_assert_cmpfloat(l.worst_before, <, 0.005);
    g_assert_cmpfloat_with_epsilon(corrected(&l, 50000.0) / 50000.0, 1.0, 0.005);
}

static void saturated_drifting_or_dark_exposures_are_refused(void)
{
    static const struct {
        Series series;
        const char *says;
    } bad[] = {
        {{.bend = 0.05, .saturated = 7, .seed = 1}, "saturated at 1"},
        {{.bend = 0.05, .saturated = TIMES, .seed = 1, .with_dark = TRUE}, "was not subtracted"},
        {{.saturated = TIMES, .seed = 1, .offset = 300.0}, "not constant"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        CelLinearity l;
        g_autoptr(GError) error = NULL;
        g_assert_false(fit(&bad[i].series, &l, &error));
        assert_says(error, CEL_ERROR_INPUT, bad[i].says);
    }
}

static void too_few_times_are_refused(void)
{
    const Series s = {.saturated = TIMES, .seed = 1};
    CelExposure series[TIMES];
    CelLinearity l;
    make_series(&s, series);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_linearity_fit(series, 4, &l, &error));
    assert_says(error, CEL_ERROR_USAGE, "different integration times");
    g_clear_error(&error);
    g_assert_false(cel_linearity_fit(series + 3, 6, &l, &error)); /* 80 to 400 ms */
    assert_says(error, CEL_ERROR_USAGE, "8 times the shortest");
    free_series(series);
}

/* ---- pixels and noise ---- */

enum { N_MAP = 512, N_DARK = 12, N_LIGHT = 6 };

static CelMeasurement *detector(guint32 seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    CelMeasurement *m = cel_measurement_new(N_MAP, N_LIGHT, N_DARK);
    for (gsize f = 0; f < N_DARK; f++) {
        for (gsize p = 0; p < N_MAP; p++)
            m->dark_frames[f * N_MAP + p] = 800.0 + 0.05 * (double)p + 6.0 * normal(rand);
    }
    for (gsize f = 0; f < N_LIGHT; f++) {
        for (gsize p = 0; p < N_MAP; p++) {
            const double u = ((double)p - 200.0) / 4.0;
            const double light = 5000.0 + 4000.0 / (1.0 + u * u);
            m->frames[f * N_MAP + p] =
                800.0 + 0.05 * (double)p + light + 6.0 * normal(rand) + 20.0 * (double)f;
        }
    }
    m->calibration = (CelCalibration){.medium = CEL_UNIT_NM_VACUUM,
                                      .n_coefficients = 2,
                                      .coefficients = {800.0, 0.2},
                                      .laser_nm = 785.0};
    return m;
}

static void good_detectors_have_hardly_any_bad_pixels(void)
{
    guint bad = 0;
    for (guint32 seed = 1; seed <= 20; seed++) {
        g_autoptr(CelMeasurement) m = detector(seed);
        g_auto(CelPixelMap) map = {0};
        g_assert_true(cel_pixel_map_make(m, &map, NULL));
        g_assert_cmpfloat_with_epsilon(map.read_noise_counts, 6.0, 0.4);
        g_assert_cmpfloat_with_epsilon(map.dark_counts, 812.8, 2.0);
        bad += map.n_hot + map.n_noisy + map.n_dead;
    }
    g_assert_cmpuint(bad, <=, 2); /* of 10,240 */
}

static void hot_noisy_and_dead_pixels_are_found_and_no_others(void)
{
    g_autoptr(CelMeasurement) m = detector(5);
    for (gsize f = 0; f < N_DARK; f++) {
        m->dark_frames[f * N_MAP + 40] += 300.0;
        m->dark_frames[f * N_MAP + 41] += 90.0;
        m->dark_frames[f * N_MAP + 300] += f % 2 == 0 ? 40.0 : -40.0;
    }
    for (gsize f = 0; f < N_LIGHT; f++)
        m->frames[f * N_MAP + 411] = 821.0;
    g_auto(CelPixelMap) map = {0};
    g_assert_true(cel_pixel_map_make(m, &map, NULL));
    g_assert_cmpuint(map.n_hot, ==, 2);
    g_assert_cmpuint(map.n_noisy, ==, 1);
    g_assert_cmpuint(map.n_dead, ==, 1);
    g_assert_true(map.flags[40] && map.flags[41] && map.flags[300] && map.flags[411]);
    g_autoptr(CelMeasurement) few = cel_measurement_new(N_MAP, 1, 4);
    g_auto(CelPixelMap) none = {0};
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_pixel_map_make(few, &none, &error));
    assert_says(error, CEL_ERROR_INPUT, "more darks");
}

static void signal_to_noise_is_that_of_one_frame_whatever_the_drift(void)
{
    g_autoptr(CelMeasurement) m = detector(9);
    double snr = 0.0;
    g_autoptr(GError) error = NULL;
    /* pixel 200 stands at 840 nm: 1e7/785 - 1e7/840 = 834.1 cm-1; over 160 cm-1 the band falls to
     * 4 % of its 4000 counts */
    g_assert_true(cel_signal_to_noise(m, 760.0, 910.0, &snr, &error));
    g_assert_no_error(error);
    /* the drift of 20 counts a frame adds its half square to the variance: 36 + 200 */
    g_assert_cmpfloat(snr, >, 0.9 * 3850.0 / sqrt(236.0));
    g_assert_cmpfloat(snr, <, 1.1 * 3850.0 / sqrt(236.0) * 1.3);
    g_assert_false(cel_signal_to_noise(m, 9000.0, 9100.0, &snr, &error));
    assert_says(error, CEL_ERROR_INPUT, "Signal to noise");
}

/* ---- ripples ---- */

static CelSpectrum *broad(double amplitude, double period_cm1, guint32 seed)
{
    enum { N = 1024 };
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    double x[N], y[N];
    for (gsize i = 0; i < N; i++) {
        x[i] = 200.0 + 2.6 * (double)i - 2e-4 * (double)(i * i);
        const double light = 30000.0 * exp(-pow((x[i] - 1300.0) / 900.0, 2.0));
        y[i] = light * (1.0 + amplitude * sin(2.0 * G_PI * x[i] / period_cm1));
        y[i] += sqrt(light) * normal(rand);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

static void a_ripple_is_found_with_its_period_and_amplitude(void)
{
    static const struct {
        double amplitude, period_cm1;
    } made[] = {{0.02, 70.0}, {0.01, 33.0}, {0.005, 18.0}};
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++) {
        g_autoptr(CelSpectrum) s = broad(made[i].amplitude, made[i].period_cm1, 4);
        CelEtalon e;
        g_assert_true(cel_etalon_measure(s, &e, NULL));
        g_assert_true(e.present);
        g_assert_cmpfloat_with_epsilon(e.period_cm1 / made[i].period_cm1, 1.0, 0.03);
        g_assert_cmpfloat_with_epsilon(e.amplitude / made[i].amplitude, 1.0, 0.2);
        g_assert_cmpfloat_with_epsilon(e.thickness_um * 2.0 * e.period_cm1, 1e4, 1e-6);
    }
}

static void smooth_light_shows_no_ripple(void)
{
    guint seen = 0;
    for (guint32 seed = 1; seed <= 100; seed++) {
        g_autoptr(CelSpectrum) s = broad(0.0, 50.0, seed);
        CelEtalon e;
        g_assert_true(cel_etalon_measure(s, &e, NULL));
        seen += e.present ? 1 : 0;
    }
    g_assert_cmpuint(seen, ==, 0);
}

static const struct {
    const char *name;
    void (*run)(void);
} tests[] = {
    {"a-bent-detector-is-straightened", a_bent_detector_is_straightened},
    {"a-straight-detector-is-left-nearly-alone", a_straight_detector_is_left_nearly_alone},
    {"saturated-drifting-or-dark-exposures-are-refused",
     saturated_drifting_or_dark_exposures_are_refused},
    {"too-few-times-are-refused", too_few_times_are_refused},
    {"good-detectors-have-hardly-any-bad-pixels", good_detectors_have_hardly_any_bad_pixels},
    {"hot-noisy-and-dead-pixels-are-found-and-no-others",
     hot_noisy_and_dead_pixels_are_found_and_no_others},
    {"signal-to-noise-is-that-of-one-frame-whatever-the-drift",
     signal_to_noise_is_that_of_one_frame_whatever_the_drift},
    {"a-ripple-is-found-with-its-period-and-amplitude",
     a_ripple_is_found_with_its_period_and_amplitude},
    {"smooth-light-shows-no-ripple", smooth_light_shows_no_ripple},
};

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/detector/", tests[i].name, NULL);
        g_test_add_func(path, tests[i].run);
    }
    return g_test_run();
}
