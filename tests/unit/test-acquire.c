/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"

#include "device/cel-light-check.h"
#include "device/cel-sample-change.h"

/* What one acquisition does beyond taking frames: discards, darks, pixels, series, changes. */

/* ---- discards ---- */

static void as_many_frames_are_discarded_after_a_change_as_the_instrument_needs(void)
{
    reset();
    fake.discard_after_change = 3;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_cmpuint(m->discarded_frames, ==, 6);
    g_assert_cmpuint(fake.n_exposures, ==, 11);
    g_assert_cmpstr(get_note(m, "discarded.6"), ==,
                    "light frame 1: among the first after a change of settings");
}

static void frames_are_discarded_after_a_rest_and_only_then(void)
{
    reset();
    fake.discard_after_idle = 4;
    fake.idle_ms = 60;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) first = acquire(device, &quick);
    g_assert_cmpuint(first->discarded_frames, ==, 5); /* rested since it was opened */
    g_assert_cmpstr(get_note(first, "discarded.4"), ==,
                    "dark frame 1: after a rest of the detector");
    g_autoptr(CelMeasurement) at_once = acquire(device, &quick);
    g_assert_cmpuint(at_once->discarded_frames, ==, 2);
    g_usleep(80000);
    g_autoptr(CelMeasurement) rested = acquire(device, &quick);
    g_assert_cmpuint(rested->discarded_frames, ==, 5);
}

/* ---- dark ---- */

static void dark_frames_are_taken_before_and_after_when_asked(void)
{
    reset();
    CelAcquireOptions options = quick;
    options.dark_after = TRUE;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpuint(m->n_dark_frames, ==, 4);
    g_assert_cmpfloat(get_number(m, "dark.after_frames"), ==, 2);
    for (guint f = 0; f < 4; f++)
        g_assert_cmpfloat(m->dark_frames[f * N_PIXELS + 8], ==, OFFSET);
    g_assert_cmpstr(g_ptr_array_index(fake.log, fake.log->len - 1), ==, "dark 50");
    g_assert_false(fake.dark_with_laser);
}

static void a_detector_that_warmed_up_gets_its_dark_again_and_a_note(void)
{
    reset();
    fake.warm_at = 5; /* with the light */
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_cmpstr(get_note(m, "detector.drift"), ==,
                    "+1.00 degrees C since the dark frames, more than 0.5");
    g_assert_cmpfloat(get_number(m, "detector.dark_celsius"), ==, -10.0);
    g_assert_cmpfloat(get_number(m, "detector.light_celsius"), ==, -9.0);
    g_assert_cmpuint(m->n_dark_frames, ==, 4);
    g_autoptr(CelMeasurement) steady = acquire(device, &quick);
    g_assert_null(get_note(steady, "detector.drift"));
    g_assert_cmpuint(steady->n_dark_frames, ==, 2);
}

static void frames_without_laser_get_no_dark_after_them(void)
{
    reset();
    const CelAcquireOptions options = {
        .integration_ms = 50, .frames = 2, .laser_off = TRUE, .dark_after = TRUE};
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpuint(m->n_dark_frames, ==, 0);
}

/* ---- pixels ---- */

static void pixels_carry_what_is_known_of_them_into_record_and_spectrum(void)
{
    reset();
    fake.flagged = TRUE;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_cmpuint(m->pixel_flags[3], ==, CEL_PIXEL_BAD);
    g_assert_cmpuint(m->pixel_flags[15], ==, CEL_PIXEL_COVERED);
    g_assert_cmpuint(m->pixel_flags[8], ==, CEL_PIXEL_NONLINEAR); /* 600 counts, linear to 500 */
    g_assert_cmpuint(m->pixel_flags[4], ==, 0);
    g_assert_cmpuint(m->n_nonlinearity, ==, 2);
    g_assert_cmpfloat(m->nonlinearity[1], ==, 1e-6);
    g_assert_cmpfloat(m->linear_max_counts, ==, 500.0);
    g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(m, -1, NULL);
    const guint8 *mask = cel_spectrum_mask(spectrum);
    g_assert_cmpuint(mask[3], ==, CEL_MASK_BAD_PIXEL);
    g_assert_cmpuint(mask[15], ==, CEL_MASK_OUT_OF_RANGE);
    g_assert_cmpuint(mask[8], ==, CEL_MASK_NONLINEAR);
    g_assert_cmpuint(mask[4], ==, 0);
}

static void a_saturated_pixel_is_flagged_but_masked_in_its_frame_alone(void)
{
    reset();
    fake.hot_rate = 1e6;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    g_assert_cmpuint(m->pixel_flags[2], ==, CEL_PIXEL_SATURATED);
    for (gsize i = 0; i < N_PIXELS; i++)
        m->frames[N_PIXELS + i] = OFFSET; /* frame 2 as if it had not been full */
    g_autoptr(CelSpectrum) full = cel_measurement_spectrum(m, 0, NULL);
    g_assert_cmpuint(cel_spectrum_mask(full)[2] & CEL_MASK_SATURATED, !=, 0);
    g_autoptr(CelSpectrum) free = cel_measurement_spectrum(m, 1, NULL);
    g_assert_true(cel_spectrum_mask(free) == NULL ||
                  (cel_spectrum_mask(free)[2] & CEL_MASK_SATURATED) == 0);
}

static void the_mean_carries_the_variance_of_the_mean(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    for (guint f = 0; f < 3; f++)
        m->frames[f * N_PIXELS + 5] = 10.0 * (f + 1);
    g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(m, -1, NULL);
    g_assert_cmpfloat(cel_spectrum_y(spectrum)[5], ==, 20.0);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_variance(spectrum)[5], 100.0 / 3.0, 1e-9);
}

/* ---- series ---- */

static void every_frame_has_its_time_since_the_start(void)
{
    reset();
    fake.wait_ms = 5;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &quick);
    gint64 before_us = 4 * 5000; /* the dark frames */
    for (gsize f = 0; f < m->n_frames; f++) {
        g_assert_cmpint(m->frame_us[f], >=, before_us + 5000);
        before_us = m->frame_us[f];
    }
    CelAcquireOptions fixed = quick;
    fixed.clock = cel_clock_fixed(1795000000000000);
    g_autoptr(CelMeasurement) still = acquire(device, &fixed);
    g_assert_cmpint(still->frame_us[2], ==, 0); /* a clock that stands still tells no times */
}

static void a_burst_takes_frames_at_its_interval_with_nothing_between(void)
{
    reset();
    const CelAcquireOptions options = {
        .integration_ms = 5, .frames = 5, .no_dark = TRUE, .burst = TRUE, .interval_ms = 20};
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpuint(m->n_frames, ==, 5);
    g_assert_cmpuint(fake.n_exposures, ==, 6); /* one discarded before the series */
    g_assert_cmpuint(fake.n_on, ==, 1);
    g_assert_cmpint(m->frame_us[4] - m->frame_us[0], >=, 79000);
}

static void a_burst_goes_on_over_a_change_that_stops_a_measurement(void)
{
    reset();
    fake.alter_at = 4;
    CelAcquireOptions options = {.integration_ms = 50, .frames = 5, .no_dark = TRUE, .burst = TRUE};
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) series = acquire(device, &options);
    g_assert_cmpuint(series->n_frames, ==, 5);
    g_assert_true(g_str_has_prefix(get_note(series, "sample.altered"), "frame 5 against frame 1"));
    reset();
    fake.alter_at = 4;
    options.burst = FALSE;
    g_autoptr(CelDevice) again = open_fake();
    g_autoptr(CelMeasurement) stopped = acquire(again, &options);
    g_assert_cmpuint(stopped->n_frames, ==, 3);
    g_assert_nonnull(get_note(stopped, "sample.altered"));
    g_assert_false(fake.laser_on);
}

/* ---- the watch on the sample ---- */

enum { N_LONG = 512 };

/* Three bands over a fluorescence, noise, and the changes of a case. */
typedef struct {
    double scale, moved, background,
        second; /* of the bands; pixels; of the background; of band 2 */
    gboolean ray;
} Look;

static const Look same = {1.0, 0.0, 1.0, 1.0, FALSE};

static double noise(GRand *rand)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += g_rand_double(rand);
    return sum;
}

static void draw(const Look *look, guint32 seed, double *out)
{
    static const double place[] = {120, 260, 390}, height[] = {4000, 2500, 1500};
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (int i = 0; i < N_LONG; i++) {
        double y = 500 + look->background * 3000 * exp(-(i - 200.0) * (i - 200.0) / 60000.0);
        for (int b = 0; b < 3; b++) {
            const double u = (i - place[b] - (b == 0 ? look->moved : 0.0)) / 4.0;
            y += height[b] * look->scale * (b == 1 ? look->second : 1.0) * exp(-0.5 * u * u);
        }
        out[i] = round(y + sqrt(y) * noise(rand));
    }
    if (look->ray)
        out[121] += 30000;
}

static char *compare_looks(const Look *first, const Look *later, guint32 seed)
{
    double a[N_LONG], b[N_LONG];
    draw(first, seed, a);
    draw(later, seed + 1000, b);
    return cel_sample_change(&(CelSampleFrames){N_LONG, a, b, 65535.0});
}

static void an_unchanged_sample_is_never_called_altered(void)
{
    static const Look bleached = {1.0, 0.0, 0.4, 1.0, FALSE}, hit = {1.0, 0.0, 1.0, 1.0, TRUE},
                      weaker = {0.95, 0.0, 1.0, 1.0, FALSE};
    for (guint32 seed = 1; seed <= 300; seed++) {
        g_autofree char *nothing = compare_looks(&same, &same, seed);
        g_assert_cmpstr(nothing, ==, NULL);
        g_autofree char *fluorescence = compare_looks(&same, &bleached, seed);
        g_assert_cmpstr(fluorescence, ==, NULL);
        g_autofree char *ray = compare_looks(&same, &hit, seed);
        g_assert_cmpstr(ray, ==, NULL);
        g_autofree char *five_percent = compare_looks(&same, &weaker, seed);
        g_assert_cmpstr(five_percent, ==, NULL);
    }
}

static void a_changed_sample_is_always_called_altered(void)
{
    static const Look weaker = {0.8, 0.0, 1.0, 1.0, FALSE}, moved = {1.0, 2.0, 1.0, 1.0, FALSE},
                      one_band = {1.0, 0.0, 1.0, 0.7, FALSE};
    for (guint32 seed = 1; seed <= 100; seed++) {
        g_autofree char *drift = compare_looks(&same, &weaker, seed);
        g_assert_nonnull(drift);
        g_autofree char *shift = compare_looks(&same, &moved, seed);
        g_assert_nonnull(shift);
        g_autofree char *second = compare_looks(&same, &one_band, seed);
        g_assert_nonnull(strstr(second, "band at pixel 2"));
    }
}

static void a_spectrum_without_bands_shows_no_change(void)
{
    static const Look none = {0.0, 0.0, 1.0, 1.0, FALSE}, less = {0.0, 0.0, 0.5, 1.0, FALSE};
    for (guint32 seed = 1; seed <= 100; seed++) {
        g_autofree char *what = compare_looks(&none, &less, seed);
        g_assert_cmpstr(what, ==, NULL);
    }
}

static void frames_of_a_lamp_are_not_watched(void)
{
    reset();
    fake.alter_at = 3;
    fake.external = TRUE;
    const CelAcquireOptions options = {.integration_ms = 50, .frames = 4, .laser_off = TRUE};
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpuint(m->n_frames, ==, 4);
    g_assert_null(get_note(m, "sample.altered"));
}

/* ---- the ramp ---- */

static CelAcquireOptions ramp(void)
{
    CelAcquireOptions options = {.integration_ms = 100, .frames = 3, .no_dark = TRUE};
    options.confirmation.sample_hazard = CEL_HAZARD_YES;
    return options;
}

static void a_ramp_rises_from_the_lowest_power_until_the_counts_suffice(void)
{
    reset();
    fake.rate = 125.0; /* 12500 counts at 50 mW; 3500 are enough */
    const CelAcquireOptions options = ramp();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_true(g_str_has_prefix(get_note(m, "ramp.1"), "1 mW, 100 ms: "));
    g_assert_true(g_str_has_prefix(get_note(m, "ramp.5"), "16 mW, 100 ms: "));
    g_assert_null(get_note(m, "ramp.6"));
    g_assert_cmpfloat(m->laser_mw, ==, 16.0);
    g_assert_cmpuint(m->n_frames, ==, 3);
}

static void a_ramp_ends_at_the_highest_power_that_is_allowed(void)
{
    reset();
    fake.rate = 0.01;
    CelAcquireOptions options = ramp();
    options.laser_cap_mw = 5;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpfloat(m->laser_mw, ==, 5.0);
    g_assert_cmpfloat(fake.armed_mw, ==, 5.0);
}

static void a_ramp_stops_when_the_sample_changes_and_keeps_what_shows_it(void)
{
    reset();
    fake.rate = 60.0;
    fake.alter_mw = 4.0;
    const CelAcquireOptions options = ramp();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_nonnull(strstr(get_note(m, "ramp.3"), "the sample changed"));
    g_assert_null(get_note(m, "ramp.4"));
    g_assert_nonnull(get_note(m, "sample.altered"));
    g_assert_cmpuint(m->n_frames, ==, 2);
    g_assert_cmpfloat(m->laser_mw, ==, 4.0);
    g_assert_cmpfloat(fake.armed_mw, ==, 4.0); /* nothing brighter came after it */
    g_assert_false(fake.laser_on);
}

static void a_ramp_chooses_its_time_at_each_power_when_none_is_given(void)
{
    reset();
    fake.rate = 50.0;
    CelAcquireOptions options = ramp();
    options.integration_ms = 0;
    options.auto_max_ms = 200;
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) m = acquire(device, &options);
    g_assert_cmpfloat(m->laser_mw, <, 50.0);
    g_assert_cmpfloat(m->frames[8], >=, 0.5 * 0.7 * FULL);
}

/* ---- light that nobody sees ---- */

static void frames_like_the_dark_ones_are_noted_as_such_and_others_are_not(void)
{
    reset();
    g_autoptr(CelDevice) device = open_fake();
    g_autoptr(CelMeasurement) lit = acquire(device, &quick);
    g_assert_null(get_note(lit, "laser.no_difference"));
    fake.rate = 0.0;
    g_autoptr(CelMeasurement) unlit = acquire(device, &quick);
    g_assert_nonnull(get_note(unlit, "laser.no_difference"));
    CelAcquireOptions no_dark = quick;
    no_dark.no_dark = TRUE;
    g_autoptr(CelMeasurement) unknown = acquire(device, &no_dark);
    g_assert_null(get_note(unknown, "laser.no_difference"));
}

/* Gaussian frames, 5 with light and 10 dark; @step standard deviations more light at one pixel. */
static CelMeasurement *draw_frames(GRand *random, double step)
{
    enum { PIXELS = 512, LIGHT = 5, DARK = 10 };
    CelMeasurement *m = cel_measurement_new(PIXELS, LIGHT, DARK);
    for (gsize i = 0; i < (LIGHT + DARK) * PIXELS; i++) {
        const double radius = sqrt(-2.0 * log(1.0 - g_rand_double(random)));
        const double value = 900.0 + 20.0 * radius * cos(2.0 * G_PI * g_rand_double(random));
        double *row = i < LIGHT * PIXELS ? m->frames + i : m->dark_frames + i - LIGHT * PIXELS;
        *row = value + (i < LIGHT * PIXELS && i % PIXELS == 200 ? step * 20.0 : 0.0);
    }
    return m;
}

/* By chance alone a difference is seen in about 1 of 100 measurements, by construction. */
static void a_difference_is_rarely_seen_where_none_is_and_seen_where_one_is(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(20261126);
    guint n_false = 0, n_true = 0;
    for (guint i = 0; i < 300; i++) {
        g_autoptr(CelMeasurement) none = draw_frames(random, 0.0);
        g_autoptr(CelMeasurement) some = draw_frames(random, 6.0);
        n_false += cel_light_check(none).differs ? 1 : 0;
        n_true += cel_light_check(some).differs ? 1 : 0;
    }
    g_assert_cmpuint(n_false, <=, 9); /* of 300 at 0.01: more in 0.1 % of seeds */
    g_assert_cmpuint(n_true, ==, 300);
}

static void two_frames_tell_nothing_and_a_bad_pixel_is_not_asked(void)
{
    g_autoptr(CelMeasurement) two = cel_measurement_new(4, 1, 1);
    g_assert_false(cel_light_check(two).is_known);
    g_autoptr(CelMeasurement) m = cel_measurement_new(2, 2, 2);
    m->frames[1] = m->frames[3] = 1000.0; /* pixel 1 */
    g_assert_true(cel_light_check(m).differs);
    m->pixel_flags = g_new0(guint8, 2);
    m->pixel_flags[1] = CEL_PIXEL_BAD;
    g_assert_false(cel_light_check(m).differs);
    g_assert_true(cel_light_check(m).is_known);
}

#define ADD(group, name) g_test_add_func("/acquire/" group "/" #name, name)

static void add_frames(void)
{
    ADD("discards", as_many_frames_are_discarded_after_a_change_as_the_instrument_needs);
    ADD("discards", frames_are_discarded_after_a_rest_and_only_then);
    ADD("dark", dark_frames_are_taken_before_and_after_when_asked);
    ADD("dark", a_detector_that_warmed_up_gets_its_dark_again_and_a_note);
    ADD("dark", frames_without_laser_get_no_dark_after_them);
    ADD("pixels", pixels_carry_what_is_known_of_them_into_record_and_spectrum);
    ADD("pixels", a_saturated_pixel_is_flagged_but_masked_in_its_frame_alone);
    ADD("pixels", the_mean_carries_the_variance_of_the_mean);
    ADD("series", every_frame_has_its_time_since_the_start);
    ADD("series", a_burst_takes_frames_at_its_interval_with_nothing_between);
    ADD("series", a_burst_goes_on_over_a_change_that_stops_a_measurement);
}

static void add_sample(void)
{
    ADD("sample", an_unchanged_sample_is_never_called_altered);
    ADD("sample", a_changed_sample_is_always_called_altered);
    ADD("sample", a_spectrum_without_bands_shows_no_change);
    ADD("sample", frames_of_a_lamp_are_not_watched);
    ADD("light", frames_like_the_dark_ones_are_noted_as_such_and_others_are_not);
    ADD("light", a_difference_is_rarely_seen_where_none_is_and_seen_where_one_is);
    ADD("light", two_frames_tell_nothing_and_a_bad_pixel_is_not_asked);
    ADD("ramp", a_ramp_rises_from_the_lowest_power_until_the_counts_suffice);
    ADD("ramp", a_ramp_ends_at_the_highest_power_that_is_allowed);
    ADD("ramp", a_ramp_stops_when_the_sample_changes_and_keeps_what_shows_it);
    ADD("ramp", a_ramp_chooses_its_time_at_each_power_when_none_is_given);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    add_frames();
    add_sample();
    const int status = g_test_run();
    g_clear_pointer(&fake.log, g_ptr_array_unref);
    return status;
}
