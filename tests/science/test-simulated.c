/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-drivers.h"
#include "device/cel-acquire.h"
#include "simulated/cel-sim.h"
#include "simulated/sim-physics.h"

#include <math.h>
#include <string.h>

static const CelSimConditions quiet = {.seed = 1, .ambient_celsius = 22, .signal = 1};

static CelSimPhysics *make(const char *model, const char *sample,
                           const CelSimConditions *conditions)
{
    gsize n = 0;
    const CelSimSample *samples = cel_sim_samples(&n);
    CelSimPhysics *physics = cel_sim_physics_new(cel_sim_model(model), conditions);
    gboolean found = FALSE;
    for (gsize i = 0; i < n; i++) {
        if (strcmp(samples[i].id, sample) != 0)
            continue;
        cel_sim_physics_set_sample(physics, &samples[i]);
        found = TRUE;
    }
    g_assert_true(found);
    return physics;
}

static double *mean_of(const char *model, const char *sample, const CelSimConditions *conditions,
                       const CelSimShot *shot)
{
    g_autoptr(CelSimPhysics) physics = make(model, sample, conditions);
    double *mean = g_new(double, cel_sim_model(model)->n_pixels);
    cel_sim_physics_mean(physics, shot, mean);
    return mean;
}

/* The same without dark current and hot pixels. */
static double *light_of(const char *model, const char *sample, const CelSimConditions *conditions)
{
    const CelSimShot shot = {.seconds = 1, .laser_mw = 50, .light = 1};
    double *light = mean_of(model, sample, conditions, &shot);
    g_autofree double *dark = mean_of(model, "empty", conditions, &shot);
    for (gsize i = 0; i < cel_sim_model(model)->n_pixels; i++)
        light[i] -= dark[i];
    return light;
}

/* The stored calibration, as the engine turns it into shifts. */
static CelAxis *stored_axis(const CelSimModel *model)
{
    CelCalibration calibration = {.medium = model->medium, .n_coefficients = 4};
    memcpy(calibration.coefficients, model->coefficients, sizeof model->coefficients);
    g_autoptr(CelAxis) nm = cel_calibration_axis(&calibration, model->n_pixels, NULL);
    return cel_axis_raman_shift(nm, model->laser_nm, NULL);
}

/* Offset in pixels of the middle of the peak at @best: a Gaussian by least squares through its
 * upper half. Three pixels would do without the pixels' fixed pattern, which moves such a figure by
 * 0.05. */
static double peak_offset(const double *y, gsize best)
{
    gint half = 1;
    while (half < 4 && MIN(y[best - (gsize)half - 1], y[best + (gsize)half + 1]) > 0.5 * y[best])
        half++;
    double n = 0, s2 = 0, s4 = 0, sum = 0, sum1 = 0, sum2 = 0;
    for (gint k = -half; k <= half; k++) {
        const double level = log(y[(gssize)best + k]), k2 = (double)k * k;
        n += 1;
        s2 += k2;
        s4 += k2 * k2;
        sum += level;
        sum1 += k * level;
        sum2 += k2 * level;
    }
    const double curvature = (n * sum2 - s2 * sum) / (n * s4 - s2 * s2);
    return -0.5 * (sum1 / s2) / curvature;
}

/* Shift of the highest peak within 15 cm-1 of @near_cm1; @out_pixel_cm1: the pixel's width there.
 */
static double peak_cm1(const CelAxis *axis, const double *y, double near_cm1, double *out_pixel_cm1)
{
    const double *x = cel_axis_values(axis);
    gsize best = 0;
    for (gsize i = 5; i + 5 < cel_axis_length(axis); i++) {
        if (fabs(x[i] - near_cm1) < 15.0 && (best == 0 || y[i] > y[best]))
            best = i;
    }
    g_assert_cmpuint(best, >, 0);
    *out_pixel_cm1 = 0.5 * (x[best + 1] - x[best - 1]);
    return x[best] + peak_offset(y, best) * *out_pixel_cm1;
}

/* ---- lines ---- */

static const CelSimShot one_second = {.seconds = 1, .laser_mw = 50, .light = 1};

static void assert_lands(const char *model, const char *sample, double band_cm1)
{
    g_autoptr(CelAxis) axis = stored_axis(cel_sim_model(model));
    g_autofree double *mean = light_of(model, sample, &quiet);
    double pixel_cm1 = 0.0;
    const double found = peak_cm1(axis, mean, band_cm1, &pixel_cm1);
    g_test_message("%s %s %g: %.3f pixels off", model, sample, band_cm1,
                   (found - band_cm1) / pixel_cm1);
    g_assert_cmpfloat(fabs(found - band_cm1), <, 0.15 * pixel_cm1);
}

static void lines_land_on_the_bands_of_the_sample(void)
{
    static const char *const names[] = {"785", "532", "1064"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        assert_lands(names[i], "polystyrene", 1001.4);
        assert_lands(names[i], "calcite", 1086.5);
        assert_lands(names[i], "silicon", 520.45);
        assert_lands(names[i], "naphthalene", 1382.2);
        assert_lands(names[i], "cyclohexane", 801.3);
    }
    assert_lands("532", "polystyrene", 3054.3);
}

static void lamp_lines_need_no_laser_and_land_in_air(void)
{
    const CelSimShot dark = {.seconds = 1, .light = 1};
    const CelSimModel *model = cel_sim_model("785");
    g_autofree double *mean = mean_of("785", "neon", &quiet, &dark);
    g_autoptr(CelAxis) axis = stored_axis(model);
    /* Ne 837.7608 and 878.3753 nm in air: NIST Atomic Spectra Database */
    static const double lines_nm[] = {837.7608};
    for (gsize i = 0; i < G_N_ELEMENTS(lines_nm); i++) {
        const double wanted =
            1e7 / cel_air_to_vacuum_nm(785.0) - 1e7 / cel_air_to_vacuum_nm(lines_nm[i]);
        double pixel_cm1 = 0.0;
        const double found = peak_cm1(axis, mean, wanted, &pixel_cm1);
        g_assert_cmpfloat(fabs(found - wanted), <, 0.15 * pixel_cm1);
    }
}

static void laser_drift_moves_every_band_by_the_drift(void)
{
    CelSimConditions drifted = quiet;
    drifted.laser_drift_nm = 0.2;
    g_autoptr(CelAxis) axis = stored_axis(cel_sim_model("785"));
    g_autofree double *at_rest = light_of("785", "calcite", &quiet);
    g_autofree double *moved = light_of("785", "calcite", &drifted);
    double pixel_cm1 = 0.0;
    const double before = peak_cm1(axis, at_rest, 1086.5, &pixel_cm1);
    const double after = peak_cm1(axis, moved, 1086.5, &pixel_cm1);
    const double wanted = 1e7 / cel_air_to_vacuum_nm(785.0) - 1e7 / cel_air_to_vacuum_nm(785.2);
    g_assert_cmpfloat_with_epsilon(after - before, wanted, 0.1 * pixel_cm1);
}

static void warmth_moves_the_spectrum_by_fiftieths_of_a_pixel_a_degree(void)
{
    CelSimConditions warm = quiet;
    warm.ambient_celsius = 47;
    g_autoptr(CelAxis) axis = stored_axis(cel_sim_model("785"));
    g_autofree double *at_rest = light_of("785", "calcite", &quiet);
    g_autofree double *moved = light_of("785", "calcite", &warm);
    double pixel_cm1 = 0.0;
    const double before = peak_cm1(axis, at_rest, 1086.5, &pixel_cm1);
    const double after = peak_cm1(axis, moved, 1086.5, &pixel_cm1);
    g_assert_cmpfloat_with_epsilon((before - after) / pixel_cm1, 25 * 0.02, 0.05);
}

static void a_line_is_as_wide_as_instrument_and_band_together(void)
{
    /* a band without width shows the instrument line shape alone */
    static const CelSimBand narrow[] = {{1000, 1, 0}};
    const CelSimSample sample = {.bands = narrow, .n_bands = 1, .brightness = 1};
    const CelSimModel *model = cel_sim_model("785");
    g_autoptr(CelSimPhysics) physics = cel_sim_physics_new(model, &quiet);
    cel_sim_physics_set_sample(physics, &sample);
    g_autofree double *mean = g_new(double, model->n_pixels);
    cel_sim_physics_mean(physics, &one_second, mean);
    double sum = 0.0, first = 0.0, second = 0.0;
    const double at_nm = cel_vacuum_to_air_nm(1e7 / (1e7 / cel_air_to_vacuum_nm(785.0) - 1000.0));
    g_autofree double *dark = mean_of("785", "empty", &quiet, &one_second);
    for (gsize i = 0; i < model->n_pixels; i++) {
        const double nm = cel_sim_physics_pixel_nm(physics, (double)i) - at_nm;
        const double light = mean[i] - dark[i];
        if (fabs(nm) > 2.0)
            continue;
        sum += light;
        first += light * nm;
        second += light * nm * nm;
    }
    /* the pixel itself widens: variance of a box is width^2 / 12 */
    const double pixel_nm = 0.116;
    const double variance = second / sum - (first / sum) * (first / sum) - pixel_nm * pixel_nm / 12;
    g_assert_cmpfloat_with_epsilon(sqrt(8.0 * G_LN2 * variance), model->fwhm_nm, 0.01);
    g_assert_cmpfloat_with_epsilon(first / sum, 0.0, 0.01);
}

static void light_follows_laser_power_and_time(void)
{
    const CelSimShot four_times = {.seconds = 2, .laser_mw = 100, .light = 1};
    const CelSimShot one_dark = {.seconds = 1, .light = 1}, two_dark = {.seconds = 2, .light = 1};
    g_autofree double *one = mean_of("785", "calcite", &quiet, &one_second);
    g_autofree double *four = mean_of("785", "calcite", &quiet, &four_times);
    g_autofree double *dark = mean_of("785", "calcite", &quiet, &one_dark);
    g_autofree double *dark2 = mean_of("785", "calcite", &quiet, &two_dark);
    for (gsize i = 0; i < 2048; i++) {
        g_assert_cmpfloat_with_epsilon(dark2[i], 2.0 * dark[i], 1e-9 * dark2[i]);
        g_assert_cmpfloat_with_epsilon(four[i] - dark2[i], 4.0 * (one[i] - dark[i]),
                                       1e-6 * four[i]);
    }
}

static void fluorescence_is_a_broad_background_of_the_stated_height(void)
{
    static const CelSimBand narrow[] = {{1200, 1, 0}};
    const CelSimSample sample = {.bands = narrow, .n_bands = 1, .brightness = 1, .fluorescence = 1};
    CelSimConditions glowing = quiet;
    glowing.fluorescence = 1.0;
    const CelSimModel *model = cel_sim_model("785");
    g_autoptr(CelSimPhysics) with = cel_sim_physics_new(model, &glowing);
    g_autoptr(CelSimPhysics) without = cel_sim_physics_new(model, &quiet);
    cel_sim_physics_set_sample(with, &sample);
    cel_sim_physics_set_sample(without, &sample);
    g_autofree double *a = g_new(double, model->n_pixels);
    g_autofree double *b = g_new(double, model->n_pixels);
    cel_sim_physics_mean(with, &one_second, a);
    cel_sim_physics_mean(without, &one_second, b);
    g_autofree double *dark = mean_of("785", "empty", &quiet, &one_second);
    g_autoptr(CelAxis) axis = stored_axis(model);
    const gsize i = cel_axis_nearest(axis, 1200.0);
    /* a band at 1200 cm-1 is weaker than one at 1000, by the cube of the frequency; the pixel may
     * lie half a pixel off its middle */
    const double laser_cm1 = 1e7 / cel_air_to_vacuum_nm(785.0);
    const double weaker = pow((laser_cm1 - 1200.0) / (laser_cm1 - 1000.0), 3);
    g_assert_cmpfloat_with_epsilon(weaker * (a[i] - b[i]) / (b[i] - dark[i]), 1.0, 0.03);
    const gsize away = cel_axis_nearest(axis, 1500.0);
    g_assert_cmpfloat((a[away] - b[away]) / (a[i] - b[i]), >, 0.7);
}

/* ---- noise ---- */

enum { N_FRAMES = 300 };

typedef struct {
    double *mean, *variance; /* by pixel, counts */
} Moments;

static Moments moments(CelSimPhysics *physics, const CelSimModel *model, const CelSimShot *shot)
{
    const gsize n = model->n_pixels;
    g_autofree double *frame = g_new(double, n);
    Moments m = {g_new0(double, n), g_new0(double, n)};
    for (guint f = 1; f <= N_FRAMES; f++) {
        cel_sim_physics_frame(physics, shot, frame);
        for (gsize i = 0; i < n; i++) { /* Welford 1962 */
            const double d = frame[i] - m.mean[i];
            m.mean[i] += d / f;
            m.variance[i] += d * (frame[i] - m.mean[i]) / (N_FRAMES - 1);
        }
    }
    return m;
}

static void clear_moments(Moments *m)
{
    g_free(m->mean);
    g_free(m->variance);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Moments, clear_moments)

static void shot_noise_is_the_square_root_of_the_electrons(void)
{
    const CelSimModel *model = cel_sim_model("785");
    CelSimConditions glowing = quiet;
    glowing.fluorescence = 1.0;
    const CelSimShot shot = {.seconds = 0.5, .laser_mw = 50, .light = 1};
    g_autoptr(CelSimPhysics) physics = make("785", "polystyrene", &glowing);
    g_autofree double *electrons = g_new(double, model->n_pixels);
    cel_sim_physics_mean(physics, &shot, electrons);
    g_auto(Moments) m = moments(physics, model, &shot);
    double wanted = 0.0, found = 0.0, mean_e = 0.0;
    for (gsize i = 0; i < model->n_pixels; i++) {
        /* slope of the nonlinear read-out at this level */
        const double slope = 1.0 - 2.0 * model->nonlinearity * electrons[i] / model->full_well_e;
        wanted += electrons[i] * slope * slope / pow(model->gain_e_per_count, 2) +
                  pow(model->read_noise_counts, 2) + 1.0 / 12.0;
        found += m.variance[i];
        mean_e += electrons[i] / (double)model->n_pixels;
    }
    g_assert_cmpfloat(mean_e, >, 3000.0); /* shot noise rules here, read noise does not */
    /* 2048 x 299 degrees of freedom, weights uneven: a standard error of about 0.3 % */
    g_assert_cmpfloat_with_epsilon(found / wanted, 1.0, 0.012);
}

static void read_noise_and_offset_are_as_stated(void)
{
    static const char *const names[] = {"785", "532", "1064"};
    for (gsize k = 0; k < G_N_ELEMENTS(names); k++) {
        const CelSimModel *model = cel_sim_model(names[k]);
        const CelSimShot short_dark = {.seconds = 1e-6, .light = 1};
        g_autoptr(CelSimPhysics) physics = make(names[k], "empty", &quiet);
        g_auto(Moments) m = moments(physics, model, &short_dark);
        double variance = 0.0, mean = 0.0;
        for (gsize i = 0; i < model->n_pixels; i++) {
            variance += m.variance[i] / (double)model->n_pixels;
            mean += m.mean[i] / (double)model->n_pixels;
        }
        const double wanted = hypot(model->read_noise_counts, sqrt(1.0 / 12.0));
        g_assert_cmpfloat_with_epsilon(sqrt(variance) / wanted, 1.0, 0.01);
        g_assert_cmpfloat_with_epsilon(mean, model->bias_counts, 0.1);
    }
}

static void the_gain_is_found_by_photon_transfer(void)
{
    const CelSimModel *model = cel_sim_model("1064");
    const CelSimShot shot = {.seconds = 0.2, .laser_mw = 300, .light = 1};
    CelSimConditions glowing = quiet;
    glowing.fluorescence = 20.0;
    g_autoptr(CelSimPhysics) physics = make("1064", "polyethylene", &glowing);
    g_auto(Moments) m = moments(physics, model, &shot);
    double signal = 0.0, noise = 0.0;
    for (gsize i = 0; i < model->n_pixels; i++) {
        signal += m.mean[i] - model->bias_counts;
        noise += m.variance[i] - pow(model->read_noise_counts, 2) - 1.0 / 12.0;
    }
    g_assert_cmpfloat_with_epsilon(signal / noise / model->gain_e_per_count, 1.0, 0.03);
}

static double median_dark_e(const char *name, double ambient_celsius)
{
    CelSimConditions conditions = quiet;
    conditions.ambient_celsius = ambient_celsius;
    const CelSimShot dark = {.seconds = 1, .light = 1};
    g_autofree double *mean = mean_of(name, "empty", &conditions, &dark);
    double sum = 0.0;
    for (gsize i = 0; i < 50; i++)
        sum += mean[i] / 50;
    return sum;
}

static void dark_current_doubles_in_seven_degrees_unless_cooled(void)
{
    g_assert_cmpfloat_with_epsilon(median_dark_e("532", 27) / median_dark_e("532", 20), 2.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(median_dark_e("785", 27), median_dark_e("785", 20), 1e-9);
    /* above its reach the cooler gives way: 40 K below 37 degrees is -3, not -10 */
    g_assert_cmpfloat_with_epsilon(median_dark_e("785", 37) / median_dark_e("785", 20), 2.0, 1e-9);
}

static void hot_pixels_are_the_units_own(void)
{
    const CelSimModel *model = cel_sim_model("785");
    CelSimConditions other = quiet;
    other.seed = 77;
    g_autoptr(CelSimPhysics) a = make("785", "empty", &quiet);
    g_autoptr(CelSimPhysics) b = make("785", "empty", &other);
    const CelSimShot dark = {.seconds = 10, .light = 1};
    g_autofree double *frame = g_new(double, model->n_pixels);
    cel_sim_physics_frame(a, &dark, frame);
    const double usual = median_dark_e("785", 22) * 10 / model->gain_e_per_count;
    guint n_hot = 0, n_seen = 0;
    for (gsize i = 0; i < model->n_pixels; i++) {
        g_assert_cmpint(cel_sim_physics_is_hot(a, i), ==, cel_sim_physics_is_hot(b, i));
        const gboolean bright = frame[i] - model->bias_counts > 15.0 * usual;
        g_assert_cmpint(bright, ==, cel_sim_physics_is_hot(a, i));
        n_hot += cel_sim_physics_is_hot(a, i) ? 1 : 0;
        n_seen += bright ? 1 : 0;
    }
    g_assert_cmpuint(n_hot, ==, model->n_hot_pixels);
    g_assert_cmpuint(n_seen, ==, n_hot);
}

static guint count_hits(const double *frame, const CelSimPhysics *p, const CelSimModel *model)
{
    guint n = 0;
    for (gsize i = 0, quiet_for = 9; i < model->n_pixels; i++) {
        const gboolean high = frame[i] > model->bias_counts + 150 && !cel_sim_physics_is_hot(p, i);
        n += high && quiet_for > 0;
        quiet_for = high ? 0 : quiet_for + 1;
    }
    return n;
}

static void cosmic_rays_come_at_the_stated_rate(void)
{
    const CelSimModel *model = cel_sim_model("785");
    CelSimConditions raining = quiet;
    raining.cosmic_rate_hz = 2.0;
    const CelSimShot dark = {.seconds = 1, .light = 1};
    g_autoptr(CelSimPhysics) wet = make("785", "empty", &raining);
    g_autoptr(CelSimPhysics) dry = make("785", "empty", &quiet);
    g_autofree double *frame = g_new(double, model->n_pixels);
    guint hits = 0, none = 0;
    for (guint f = 0; f < 500; f++) {
        cel_sim_physics_frame(wet, &dark, frame);
        hits += count_hits(frame, wet, model);
        cel_sim_physics_frame(dry, &dark, frame);
        none += count_hits(frame, dry, model);
    }
    g_assert_cmpuint(none, ==, 0);
    /* Poisson around 1000: four standard deviations, and a few hits that touch */
    g_assert_cmpfloat(fabs(hits - 1000.0), <, 4.0 * sqrt(1000.0) + 5.0);
}

/* ---- the converter ---- */

static void counts_are_whole_and_clip_at_saturation(void)
{
    static const char *const names[] = {"785", "532", "1064"};
    for (gsize k = 0; k < G_N_ELEMENTS(names); k++) {
        const CelSimModel *model = cel_sim_model(names[k]);
        const CelSimShot blinding = {.seconds = 1, .laser_mw = 50, .light = 1e6};
        g_autoptr(CelSimPhysics) physics = make(names[k], "polystyrene", &quiet);
        g_autofree double *frame = g_new(double, model->n_pixels);
        cel_sim_physics_frame(physics, &blinding, frame);
        gsize n_full = 0;
        for (gsize i = 0; i < model->n_pixels; i++) {
            g_assert_cmpfloat(frame[i], ==, rint(frame[i]));
            g_assert_cmpfloat(frame[i], <=, model->saturation_counts);
            n_full += frame[i] >= model->saturation_counts ? 1 : 0;
        }
        g_assert_cmpuint(n_full, >, model->n_pixels / 20);
    }
}

static void the_response_bends_by_the_stated_part(void)
{
    const CelSimModel *model = cel_sim_model("1064");
    CelSimConditions glowing = quiet;
    glowing.fluorescence = 100.0;
    const CelSimShot shot = {.seconds = 0.5, .laser_mw = 300, .light = 1};
    g_autoptr(CelSimPhysics) physics = make("1064", "polystyrene", &glowing);
    g_autofree double *electrons = g_new(double, model->n_pixels);
    cel_sim_physics_mean(physics, &shot, electrons);
    g_auto(Moments) m = moments(physics, model, &shot);
    gsize n_checked = 0;
    for (gsize i = 0; i < model->n_pixels; i++) {
        const double part = electrons[i] / model->full_well_e;
        if (part < 0.1 || part > 0.8)
            continue;
        const double loss =
            1.0 - (m.mean[i] - model->bias_counts) * model->gain_e_per_count / electrons[i];
        g_assert_cmpfloat_with_epsilon(loss, model->nonlinearity * part, 4e-4);
        n_checked++;
    }
    g_assert_cmpuint(n_checked, >, 50);
}

/* ---- models and samples ---- */

static void every_model_states_its_true_range_and_resolution(void)
{
    gsize n = 0;
    const CelSimModel *models = cel_sim_models(&n);
    g_assert_cmpuint(n, >=, 3);
    for (gsize k = 0; k < n; k++) {
        g_autoptr(CelAxis) axis = stored_axis(&models[k]);
        g_assert_nonnull(axis); /* increasing */
        const double *x = cel_axis_values(axis);
        g_assert_cmpfloat(fabs(x[0] - models[k].range_cm1[0]), <, 1.0);
        g_assert_cmpfloat(fabs(x[models[k].n_pixels - 1] - models[k].range_cm1[1]), <, 1.0);
        const double nm = 1e7 / (1e7 / models[k].laser_nm - 1000.0);
        const double resolution = 1e7 * models[k].fwhm_nm / (nm * nm);
        g_assert_cmpfloat(fabs(resolution - models[k].resolution_cm1), <, 0.3);
        g_assert_cmpfloat(models[k].laser_mw[0], <=, models[k].laser_mw[2]);
        g_assert_cmpfloat(models[k].laser_mw[2], <=, models[k].laser_mw[1]);
    }
}

static void every_sample_is_a_choice_of_the_same_name(void)
{
    gsize n = 0;
    const CelSimSample *samples = cel_sim_samples(&n);
    for (gsize i = 0; i < n; i++) {
        g_assert_cmpstr(samples[i].id, ==, cel_sim_sample_ids[i]);
        for (gsize j = 0; j < samples[i].n_bands; j++) {
            g_assert_cmpfloat(samples[i].bands[j].intensity, >, 0.0);
            g_assert_true(j == 0 ||
                          samples[i].bands[j].position > samples[i].bands[j - 1].position);
        }
    }
    g_assert_null(cel_sim_sample_ids[n]);
}

static void every_setting_has_unit_range_and_initial_value(void)
{
    const CelDriverTable table = cel_drivers(NULL);
    for (gsize d = 0; d < table.n; d++) {
        for (gsize i = 0; i < table.drivers[d]->n_params; i++) {
            const CelParamDef *def = &table.drivers[d]->params[i];
            g_assert_nonnull(def->label);
            g_assert_cmpuint(strlen(def->unit), >, 0);
            g_assert_cmpfloat(def->min, <=, def->initial);
            g_assert_cmpfloat(def->initial, <=, def->max);
            if (def->type != CEL_PARAM_CHOICE)
                continue;
            g_assert_cmpuint(g_strv_length((char **)def->choices), ==, (guint)def->max + 1);
        }
        g_autoptr(CelParams) params =
            cel_params_new(table.drivers[d]->params, table.drivers[d]->n_params);
        g_autofree char *text = cel_params_to_text(params);
        g_assert_true(cel_params_parse(params, text, NULL));
    }
}

/* ---- the driver ---- */

static CelDevice *open_sim(const char *id, const char *settings)
{
    const CelDriverTable table = cel_drivers(NULL);
    g_autoptr(GError) error = NULL;
    CelDevice *device = cel_device_open(&table, id, settings, &error);
    g_assert_no_error(error);
    return device;
}

static const CelAcquireOptions quick = {.integration_ms = 100, .frames = 3};

static CelMeasurement *acquire(const char *id, const char *settings,
                               const CelAcquireOptions *options)
{
    g_autoptr(CelDevice) device = open_sim(id, settings);
    g_autoptr(GError) error = NULL;
    CelMeasurement *m = cel_device_acquire(device, options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_OFF_READ_BACK);
    return m;
}

static gboolean equal_counts(const CelMeasurement *a, const CelMeasurement *b)
{
    const gsize size = a->n_pixels * sizeof(double);
    return memcmp(a->frames, b->frames, a->n_frames * size) == 0 &&
           memcmp(a->dark_frames, b->dark_frames, a->n_dark_frames * size) == 0;
}

static void equal_seeds_give_equal_counts_and_others_do_not(void)
{
    g_autoptr(CelMeasurement) a = acquire("simulated:785", "seed=5", &quick);
    g_autoptr(CelMeasurement) b = acquire("simulated:785", "seed=5,speed=1e5", &quick);
    g_autoptr(CelMeasurement) c = acquire("simulated:785", "seed=6", &quick);
    g_assert_true(equal_counts(a, b));
    g_assert_false(equal_counts(a, c));
}

static void each_instrument_measures_polystyrene_at_its_place(void)
{
    static const char *const ids[] = {"simulated:785", "simulated:532", "simulated:1064"};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(CelMeasurement) m = acquire(ids[i], NULL, NULL);
        g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(m, -1, NULL);
        const CelAxis *axis = cel_spectrum_axis(spectrum);
        g_assert_cmpint(cel_axis_unit(axis), ==, CEL_UNIT_SHIFT_CM1);
        double pixel_cm1 = 0.0;
        const double found = peak_cm1(axis, cel_spectrum_y(spectrum), 1001.4, &pixel_cm1);
        g_assert_cmpfloat(fabs(found - 1001.4), <, 0.3 * pixel_cm1);
        g_assert_cmpuint(m->n_frames, ==, 5);
        g_assert_cmpuint(m->n_dark_frames, ==, 5);
        g_assert_null(g_tree_lookup(m->notes, "saturated.light"));
    }
}

static void auto_fills_the_detector_to_the_target(void)
{
    const CelAcquireOptions options = {.target_fill = 0.6, .frames = 2, .auto_max_ms = 20000};
    g_autoptr(CelMeasurement) m = acquire("simulated:785", "sample=sulfur,cosmic_rate=0", &options);
    double most = 0.0;
    for (gsize i = 1; i + 1 < m->n_pixels; i++)
        most = MAX(most, MIN(m->frames[i], MAX(m->frames[i - 1], m->frames[i + 1])));
    g_assert_cmpfloat_with_epsilon(most / 65535.0, 0.6, 0.06);
}

static void dark_frames_hold_no_light_of_the_sample(void)
{
    const CelAcquireOptions options = {.integration_ms = 100, .frames = 20};
    g_autoptr(CelMeasurement) lit = acquire("simulated:785", "cosmic_rate=0", &options);
    g_autoptr(CelMeasurement) empty =
        acquire("simulated:785", "cosmic_rate=0,sample=empty", &options);
    g_autoptr(CelSpectrum) a = cel_measurement_dark(lit, NULL);
    g_autoptr(CelSpectrum) b = cel_measurement_dark(empty, NULL);
    double worst = 0.0;
    for (gsize i = 0; i < lit->n_pixels; i++) {
        const double variance = cel_spectrum_variance(a)[i] + cel_spectrum_variance(b)[i];
        const double d = cel_spectrum_y(a)[i] - cel_spectrum_y(b)[i];
        worst = MAX(worst, d * d / variance);
    }
    g_assert_cmpfloat(worst, <, 36.0); /* six sigma in 2048 pixels of 38 degrees of freedom */
}

static void the_mark_cannot_be_lost(void)
{
    g_autoptr(CelMeasurement) m = acquire("simulated:785", NULL, &quick);
    g_assert_true(m->simulated);
    g_assert_true(m->instrument.simulated);
    g_assert_cmpstr(m->instrument.driver, ==, "simulated");
    g_autoptr(CelMeasurement) copy = cel_measurement_copy(m);
    g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(copy, -1, NULL);
    g_autoptr(CelSpectrum) again = cel_spectrum_copy(spectrum);
    g_assert_true(copy->simulated && cel_spectrum_is_simulated(again));
    static const char *const tries[] = {"simulated=no", "mark=no", "real=yes"};
    const CelDriverTable table = cel_drivers(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_device_open(&table, "simulated:785", tries[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    }
}

static void every_scanned_instrument_is_marked_and_opens(void)
{
    const CelDriverTable table = cel_drivers(NULL);
    g_autoptr(GArray) infos = cel_device_scan(&table);
    g_assert_cmpuint(infos->len, >=, 3);
    for (guint i = 0; i < infos->len; i++) {
        const CelDeviceInfo *info = &g_array_index(infos, CelDeviceInfo, i);
        g_assert_true(info->instrument.simulated);
        g_autoptr(CelDevice) device = open_sim(info->id, NULL);
        const CelDeviceDescription *d = cel_device_describe(device);
        g_assert_cmpstr(d->calibration_refused, ==, "");
        g_assert_cmpfloat(d->calibration.u_axis_cm1, ==, 0.5);
        g_assert_cmpstr(d->capabilities.laser_class, ==, "3B");
        g_assert_cmpfloat(d->capabilities.laser_mw_max, >, 0.0);
    }
}

static void a_caller_may_lay_its_own_bands_before_the_instrument(void)
{
    static const CelSimBand bands[] = {{700, 5, 6}, {1700, 10, 6}};
    static const CelSimBand bad[] = {{700, NAN, 6}};
    g_autoptr(CelDevice) device = open_sim("simulated:785", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_sim_set_bands(device, bands, 2, 0.1, &error));
    g_autoptr(CelMeasurement) m = cel_device_acquire(device, &quick, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(m->simulated);
    g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(m, -1, NULL);
    double pixel_cm1 = 0.0;
    const double found =
        peak_cm1(cel_spectrum_axis(spectrum), cel_spectrum_y(spectrum), 1700, &pixel_cm1);
    g_assert_cmpfloat(fabs(found - 1700), <, pixel_cm1);
    g_assert_false(cel_sim_set_bands(device, bad, 1, 0.1, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static CelSession *open_session(const char *settings)
{
    const CelDriver *driver = &cel_driver_simulated;
    const CelDeviceInfo info = {.id = "simulated:785"};
    g_autoptr(CelParams) params = cel_params_new(driver->params, driver->n_params);
    g_assert_true(cel_params_parse(params, settings, NULL));
    return driver->open(&(CelOpening){.info = &info, .params = params}, NULL);
}

static void switch_laser(CelSession *session, gboolean on)
{
    const CelDriver *driver = &cel_driver_simulated;
    if (!on) {
        driver->laser_off(session, NULL);
        return;
    }
    g_assert_true(driver->laser_arm(session, &(CelLaserRequest){.longest_ms = 1000}, NULL));
    g_assert_true(driver->laser_on(session, NULL, NULL));
}

static void the_frame_after_a_change_still_holds_the_one_before(void)
{
    const CelSimModel *model = cel_sim_model("785");
    const CelDriver *driver = &cel_driver_simulated;
    CelSession *session = open_session("");
    g_autofree double *counts = g_new(double, model->n_pixels);
    double sums[3] = {0, 0, 0};
    const CelExposure lit = {.integration_ms = 100, .laser_on = TRUE};
    const CelExposure dark = {.integration_ms = 100};
    guint64 number = 0;
    for (guint f = 0; f < 3; f++) { /* light, the dark after it, the next dark */
        switch_laser(session, f == 0);
        g_assert_true(driver->expose(session, f == 0 ? &lit : &dark, counts, &number, NULL, NULL));
        for (gsize i = 0; i < model->n_pixels; i++)
            sums[f] += counts[i] - model->bias_counts;
        g_assert_cmpuint(number, ==, f + 1);
    }
    driver->close(session);
    g_assert_cmpfloat(sums[1] - sums[2], >, 0.2 * (sums[0] - sums[2]));
}

/* ---- faults ---- */

typedef struct {
    const char *settings;
    int code; /* -1: a measurement all the same */
    CelLaserState after;
    guint discarded; /* 2 without a fault */
} FaultCase;

/* exposures: 1 discarded, 2-4 dark, 5 discarded, 6-8 light */
static const FaultCase fault_cases[] = {
    {"fault=none,fault_at=7", -1, CEL_LASER_OFF_READ_BACK, 2},
    {"fault=unplug,fault_at=7", CEL_ERROR_DEVICE, CEL_LASER_UNKNOWN, 0},
    {"fault=unplug,fault_at=2", CEL_ERROR_DEVICE, CEL_LASER_UNKNOWN, 0},
    {"fault=stall,fault_at=7", CEL_ERROR_DEVICE, CEL_LASER_OFF_READ_BACK, 0},
    {"fault=short-frame,fault_at=7", CEL_ERROR_DEVICE, CEL_LASER_OFF_READ_BACK, 0},
    {"fault=garbage,fault_at=7", CEL_ERROR_DEVICE, CEL_LASER_OFF_READ_BACK, 0},
    {"fault=stale-frame,fault_at=7", -1, CEL_LASER_OFF_READ_BACK, 3},
    {"fault=identical,fault_at=7", -1, CEL_LASER_OFF_READ_BACK, 3},
    {"fault=frozen,fault_at=7", CEL_ERROR_DEVICE, CEL_LASER_OFF_READ_BACK, 0},
    {"fault=saturate,fault_at=7", -1, CEL_LASER_OFF_READ_BACK, 2},
    {"fault=interlock,fault_at=2", CEL_ERROR_DEVICE, CEL_LASER_OFF_READ_BACK, 0},
    {"fault=laser-stuck,fault_at=2", CEL_ERROR_DEVICE, CEL_LASER_ON, 0},
    {"fault=laser-dead", CEL_ERROR_DEVICE, CEL_LASER_OFF_READ_BACK, 0},
    {"fault=laser-drops,fault_at=7", CEL_ERROR_DEVICE, CEL_LASER_OFF_READ_BACK, 0},
    {"fault=laser-silent", -1, CEL_LASER_OFF_COMMANDED, 2},
};

static void every_fault_gives_its_error_and_the_laser_off_as_far_as_known(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fault_cases); i++) {
        const FaultCase *c = &fault_cases[i];
        g_test_message("%s", c->settings);
        g_autoptr(CelDevice) device = open_sim("simulated:785", c->settings);
        g_autoptr(GError) error = NULL;
        g_autoptr(CelMeasurement) m = cel_device_acquire(device, &quick, NULL, &error);
        if (c->code >= 0) {
            g_assert_error(error, CEL_ERROR, c->code);
            g_assert_null(m);
        } else {
            g_assert_no_error(error);
            g_assert_cmpuint(m->discarded_frames, ==, c->discarded);
        }
        g_assert_cmpint(cel_device_laser(device), ==, (gint)c->after);
    }
}

/* The engine would see to it as well; a driver must not count on that. */
static void the_driver_itself_turns_the_laser_off_when_an_exposure_fails(void)
{
    static const char *const settings[] = {
        "fault=stall,fault_at=2", "fault=short-frame,fault_at=2", "fault=interlock,fault_at=2",
        "fault=none", /* stopped instead */
    };
    const CelDriver *driver = &cel_driver_simulated;
    const CelExposure lit = {.integration_ms = 100, .laser_on = TRUE};
    g_autofree double *counts = g_new(double, cel_sim_model("785")->n_pixels);
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        guint64 number = 0;
        g_autoptr(GError) error = NULL;
        g_autoptr(GCancellable) cancel = g_cancellable_new();
        CelSession *session = open_session(settings[i]);
        switch_laser(session, TRUE);
        g_assert_true(driver->expose(session, &lit, counts, &number, cancel, NULL));
        g_assert_cmpint(driver->laser(session), ==, CEL_LASER_ON);
        if (strcmp(settings[i], "fault=none") == 0)
            g_cancellable_cancel(cancel);
        g_assert_false(driver->expose(session, &lit, counts, &number, cancel, &error));
        g_assert_nonnull(error);
        g_assert_cmpint(driver->laser(session), ==, CEL_LASER_OFF_READ_BACK);
        driver->close(session);
    }
}

static void a_unit_that_was_unplugged_is_found_again_and_measures(void)
{
    g_autoptr(CelDevice) device = open_sim("simulated:785", "fault=unplug,fault_at=7");
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_device_acquire(device, &quick, NULL, NULL));
    g_assert_cmpint(cel_device_state(device), ==, CEL_DEVICE_GONE);
    g_assert_true(cel_device_reopen(device, 0, NULL, &error));
    g_assert_no_error(error);
    const CelAcquireOptions short_one = {.integration_ms = 100, .frames = 1, .no_dark = TRUE};
    g_autoptr(CelMeasurement) m = cel_device_acquire(device, &short_one, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(m->simulated);
    g_assert_cmpstr(m->instrument.driver_validation, ==, "simulation");
}

static void every_fault_of_the_table_has_a_case(void)
{
    const CelParamDef *fault = NULL;
    for (gsize i = 0; i < cel_driver_simulated.n_params; i++) {
        if (strcmp(cel_driver_simulated.params[i].key, "fault") == 0)
            fault = &cel_driver_simulated.params[i];
    }
    g_assert_nonnull(fault);
    for (gsize f = 0; fault->choices[f] != NULL; f++) {
        g_autofree char *wanted = g_strdup_printf("fault=%s", fault->choices[f]);
        gboolean found = FALSE;
        for (gsize i = 0; i < G_N_ELEMENTS(fault_cases); i++)
            found = found || g_str_has_prefix(fault_cases[i].settings, wanted);
        if (!found)
            g_error("no case for %s", wanted);
    }
}

static void saturation_by_a_fault_is_noted(void)
{
    g_autoptr(CelMeasurement) m = acquire("simulated:785", "fault=saturate,fault_at=7", &quick);
    const char *text = g_tree_lookup(m->notes, "saturated.light");
    g_assert_nonnull(text);
    g_assert_nonnull(strstr(text, "in 2 of 3 frames"));
    g_autoptr(CelMeasurement) none = acquire("simulated:785", NULL, &quick);
    g_assert_null(g_tree_lookup(none->notes, "saturated.light"));
}

static gpointer cancel_later(gpointer data)
{
    g_usleep(40000);
    gint64 *at = g_new(gint64, 1);
    *at = g_get_monotonic_time();
    g_cancellable_cancel(data);
    return at;
}

static void cancel_comes_back_within_fifty_milliseconds(void)
{
    static const char *const settings[] = {"speed=1", "speed=1,fault=stall"};
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autoptr(CelDevice) device = open_sim("simulated:785", settings[i]);
        g_autoptr(GCancellable) cancel = g_cancellable_new();
        g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
        const CelAcquireOptions slow = {.integration_ms = 30000, .no_dark = TRUE};
        GThread *thread = g_thread_new("cancel", cancel_later, cancel);
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_device_acquire(device, &slow, job, &error));
        const gint64 back_at = g_get_monotonic_time();
        g_autofree gint64 *cancelled_at = g_thread_join(thread);
        g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
        g_assert_cmpint(back_at - *cancelled_at, <=, 50000);
        g_assert_cmpint(cel_device_laser(device), ==, CEL_LASER_OFF_READ_BACK);
    }
}

#define ADD(group, name) g_test_add_func("/simulated/" group "/" #name, name)

static void add_physics(void)
{
    ADD("lines", lines_land_on_the_bands_of_the_sample);
    ADD("lines", lamp_lines_need_no_laser_and_land_in_air);
    ADD("lines", laser_drift_moves_every_band_by_the_drift);
    ADD("lines", warmth_moves_the_spectrum_by_fiftieths_of_a_pixel_a_degree);
    ADD("lines", a_line_is_as_wide_as_instrument_and_band_together);
    ADD("light", light_follows_laser_power_and_time);
    ADD("light", fluorescence_is_a_broad_background_of_the_stated_height);
    ADD("noise", shot_noise_is_the_square_root_of_the_electrons);
    ADD("noise", read_noise_and_offset_are_as_stated);
    ADD("noise", the_gain_is_found_by_photon_transfer);
    ADD("noise", dark_current_doubles_in_seven_degrees_unless_cooled);
    ADD("noise", hot_pixels_are_the_units_own);
    ADD("noise", cosmic_rays_come_at_the_stated_rate);
    ADD("counts", counts_are_whole_and_clip_at_saturation);
    ADD("counts", the_response_bends_by_the_stated_part);
}

static void add_driver(void)
{
    ADD("tables", every_model_states_its_true_range_and_resolution);
    ADD("tables", every_sample_is_a_choice_of_the_same_name);
    ADD("tables", every_setting_has_unit_range_and_initial_value);
    ADD("driver", equal_seeds_give_equal_counts_and_others_do_not);
    ADD("driver", each_instrument_measures_polystyrene_at_its_place);
    ADD("driver", auto_fills_the_detector_to_the_target);
    ADD("driver", dark_frames_hold_no_light_of_the_sample);
    ADD("driver", the_mark_cannot_be_lost);
    ADD("driver", every_scanned_instrument_is_marked_and_opens);
    ADD("driver", a_caller_may_lay_its_own_bands_before_the_instrument);
    ADD("driver", the_frame_after_a_change_still_holds_the_one_before);
    ADD("faults", every_fault_gives_its_error_and_the_laser_off_as_far_as_known);
    ADD("faults", the_driver_itself_turns_the_laser_off_when_an_exposure_fails);
    ADD("faults", every_fault_of_the_table_has_a_case);
    ADD("faults", a_unit_that_was_unplugged_is_found_again_and_measures);
    ADD("faults", saturation_by_a_fault_is_noted);
    ADD("faults", cancel_comes_back_within_fifty_milliseconds);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    add_physics();
    add_driver();
    return g_test_run();
}
