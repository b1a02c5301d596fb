/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulated/sim-physics.h"

#include <gsl/gsl_poly.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <string.h>

/* The stored calibration was made at this temperature; from there on the spectrum moves. */
static const double CALIBRATED_AT_CELSIUS = 22.0;
static const double DRIFT_PIXEL_PER_K = 0.02;
/* Dark current doubles every 5 to 9 K in silicon (Widenhorn et al. 2002, Proc. SPIE 4669, 193). */
static const double DARK_DOUBLING_K = 7.0;
static const double GHOST_PART = 0.25;     /* of the frame before, in the one after a change */
static const double FIXED_PATTERN = 0.005; /* relative, pixel to pixel */
static const double EDGE_WIDTH_CM1 = 8.0;
static const double COSMIC_MEAN_E = 20000.0, COSMIC_LEAST_E = 2000.0;
static const double BACKGROUND_CM1 = 1200.0, BACKGROUND_WIDTH_CM1 = 1100.0;
/* A lamp's strongest line, photons/s in one frame of reference; a lamp needs no laser. */
static const double LAMP_PHOTONS_S = 3e6;
enum { N_COEFFICIENTS = 4 };

struct CelSimPhysics {
    const CelSimModel *model;
    CelSimConditions conditions;
    gsl_rng *rng;
    double *throughput; /* electrons a photon, by pixel */
    double *dark_e_s;   /* by pixel */
    gboolean *hot;
    double *raman_e_s_mw; /* by pixel */
    double *lamp_e_s;     /* by pixel, without laser */
    double *scratch;
};

double cel_sim_detector_celsius(const CelSimModel *model, double ambient_celsius)
{
    return MAX(model->setpoint_celsius, ambient_celsius - model->max_cooling_k);
}

double cel_sim_physics_pixel_nm(const CelSimPhysics *p, double i)
{
    const double drift =
        DRIFT_PIXEL_PER_K * (p->conditions.ambient_celsius - CALIBRATED_AT_CELSIUS);
    return gsl_poly_eval(p->model->coefficients, N_COEFFICIENTS, i + drift);
}

gboolean cel_sim_physics_is_hot(const CelSimPhysics *physics, gsize i)
{
    return physics->hot[i];
}

/* ---- the optics ---- */

static double to_vacuum(const CelSimModel *model, double nm)
{
    return model->medium == CEL_UNIT_NM_AIR ? cel_air_to_vacuum_nm(nm) : nm;
}

static double from_vacuum(const CelSimModel *model, double nm)
{
    return model->medium == CEL_UNIT_NM_AIR ? cel_vacuum_to_air_nm(nm) : nm;
}

static double laser_vacuum_cm1(const CelSimPhysics *p)
{
    return 1e7 / to_vacuum(p->model, p->model->laser_nm + p->conditions.laser_drift_nm);
}

static double shift_of_nm(const CelSimPhysics *p, double nm)
{
    return laser_vacuum_cm1(p) - 1e7 / to_vacuum(p->model, nm);
}

static double quantum_efficiency(const CelSimModel *model, double nm)
{
    const CelSimQe *qe = model->qe;
    if (nm <= qe[0].nm)
        return qe[0].electrons_per_photon;
    for (gsize i = 1; i < model->n_qe; i++) {
        const double part = (nm - qe[i - 1].nm) / (qe[i].nm - qe[i - 1].nm);
        if (part <= 1.0)
            return qe[i - 1].electrons_per_photon +
                   part * (qe[i].electrons_per_photon - qe[i - 1].electrons_per_photon);
    }
    return qe[model->n_qe - 1].electrons_per_photon;
}

static double throughput(const CelSimPhysics *p, double nm)
{
    const CelSimModel *model = p->model;
    const double off_blaze = (nm - model->blaze_nm) / model->blaze_width_nm;
    const double grating = model->peak_throughput * exp(-0.5 * off_blaze * off_blaze);
    const double beyond_edge = (shift_of_nm(p, nm) - model->edge_cm1) / EDGE_WIDTH_CM1;
    return grating * quantum_efficiency(model, nm) / (1.0 + exp(-beyond_edge));
}

/* ---- the unit: its own, whatever the seed of a run ---- */

static void make_detector(CelSimPhysics *p)
{
    const CelSimModel *model = p->model;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 1 + g_str_hash(model->serial) % 1000000);
    const double celsius = cel_sim_detector_celsius(model, p->conditions.ambient_celsius);
    const double dark = model->dark_e_s * exp2((celsius - 20.0) / DARK_DOUBLING_K);
    for (gsize i = 0; i < model->n_pixels; i++) {
        const double pattern = 1.0 + gsl_ran_gaussian(rng, FIXED_PATTERN);
        p->throughput[i] = pattern * throughput(p, cel_sim_physics_pixel_nm(p, (double)i));
        p->dark_e_s[i] = dark * (0.9 + 0.2 * gsl_rng_uniform(rng));
    }
    for (guint n = 0; n < model->n_hot_pixels;) {
        const gsize i = gsl_rng_uniform_int(rng, model->n_pixels);
        if (p->hot[i])
            continue;
        p->hot[i] = TRUE;
        p->dark_e_s[i] *= 30.0 + 300.0 * gsl_rng_uniform(rng);
        n++;
    }
    gsl_rng_free(rng);
}

CelSimPhysics *cel_sim_physics_new(const CelSimModel *model, const CelSimConditions *conditions)
{
    CelSimPhysics *p = g_new0(CelSimPhysics, 1);
    p->model = model;
    p->conditions = *conditions;
    p->rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(p->rng, conditions->seed);
    p->throughput = g_new0(double, model->n_pixels);
    p->dark_e_s = g_new0(double, model->n_pixels);
    p->hot = g_new0(gboolean, model->n_pixels);
    p->raman_e_s_mw = g_new0(double, model->n_pixels);
    p->lamp_e_s = g_new0(double, model->n_pixels);
    p->scratch = g_new0(double, model->n_pixels);
    make_detector(p);
    return p;
}

void cel_sim_physics_free(CelSimPhysics *p)
{
    if (p == NULL)
        return;
    gsl_rng_free(p->rng);
    g_free(p->throughput);
    g_free(p->dark_e_s);
    g_free(p->hot);
    g_free(p->raman_e_s_mw);
    g_free(p->lamp_e_s);
    g_free(p->scratch);
    g_free(p);
}

/* ---- the light ---- */

/* A line on the detector: pseudo-Voigt of a Gaussian instrument and a Lorentzian band. */
typedef struct {
    double centre_nm, fwhm_nm, lorentzian; /* part of it */
    double photons_s;
} Line;

/* Width and mixing that imitate a Voigt profile: Thompson, Cox & Hastings 1987, J. Appl. Cryst. 20,
 * 79. */
static void set_shape(Line *line, double gauss, double lorentz)
{
    const double g = gauss, l = lorentz;
    const double fifth = pow(g, 5) + 2.69269 * pow(g, 4) * l + 2.42843 * pow(g, 3) * l * l +
                         4.47163 * g * g * pow(l, 3) + 0.07842 * g * pow(l, 4) + pow(l, 5);
    const double part = l / pow(fifth, 0.2);
    line->fwhm_nm = pow(fifth, 0.2);
    line->lorentzian = 1.36603 * part - 0.47719 * part * part + 0.11116 * part * part * part;
}

/* The part of the line below @nm. */
static double below(const Line *line, double nm)
{
    const double x = 2.0 * (nm - line->centre_nm) / line->fwhm_nm;
    const double lorentz = 0.5 + atan(x) / G_PI;
    const double gauss = 0.5 * erfc(-x * sqrt(G_LN2));
    return line->lorentzian * lorentz + (1.0 - line->lorentzian) * gauss;
}

static void add_line(const CelSimPhysics *p, const Line *line, double *rates)
{
    double left = below(line, cel_sim_physics_pixel_nm(p, -0.5));
    for (gsize i = 0; i < p->model->n_pixels; i++) {
        const double right = below(line, cel_sim_physics_pixel_nm(p, (double)i + 0.5));
        rates[i] += line->photons_s * (right - left) * p->throughput[i];
        left = right;
    }
}

static void add_raman_band(CelSimPhysics *p, const CelSimBand *band, double photons_s_mw)
{
    const double laser = laser_vacuum_cm1(p);
    const double vacuum_nm = 1e7 / (laser - band->position);
    /* Photons scale with nu_laser * nu_scattered^3 (McCreery 2000, Raman Spectroscopy for Chemical
     * Analysis, chapter 2); 1 at 1000 cm-1, the laser's part is in the model. */
    const double cube = pow((laser - band->position) / (laser - 1000.0), 3);
    Line line = {.centre_nm = from_vacuum(p->model, vacuum_nm), .photons_s = photons_s_mw * cube};
    set_shape(&line, p->model->fwhm_nm, band->fwhm_cm1 * vacuum_nm * vacuum_nm / 1e7);
    add_line(p, &line, p->raman_e_s_mw);
}

static void add_lamp_line(CelSimPhysics *p, const CelSimBand *band, double photons_s)
{
    Line line = {.centre_nm = from_vacuum(p->model, cel_air_to_vacuum_nm(band->position)),
                 .photons_s = photons_s};
    set_shape(&line, p->model->fwhm_nm, 0.0);
    add_line(p, &line, p->lamp_e_s);
}

/* A broad hump whose height is @level times the strongest band's. */
static void add_fluorescence(CelSimPhysics *p, double level)
{
    /* height of a Gaussian line of unit area */
    const double band_height = 2.0 * sqrt(G_LN2 / G_PI) / p->model->fwhm_nm;
    const double photons = level * p->model->fluorescence * p->model->signal * band_height;
    for (gsize i = 0; i < p->model->n_pixels; i++) {
        const double nm = cel_sim_physics_pixel_nm(p, (double)i);
        const double width_nm = cel_sim_physics_pixel_nm(p, (double)i + 0.5) -
                                cel_sim_physics_pixel_nm(p, (double)i - 0.5);
        const double x = (shift_of_nm(p, nm) - BACKGROUND_CM1) / BACKGROUND_WIDTH_CM1;
        p->raman_e_s_mw[i] += photons * width_nm * exp(-0.5 * x * x) * p->throughput[i];
    }
}

static double strongest(const CelSimSample *sample)
{
    double most = 0.0;
    for (gsize i = 0; i < sample->n_bands; i++)
        most = MAX(most, sample->bands[i].intensity);
    return most > 0.0 ? most : 1.0;
}

void cel_sim_physics_set_sample(CelSimPhysics *p, const CelSimSample *sample)
{
    const gsize size = p->model->n_pixels * sizeof(double);
    memset(p->raman_e_s_mw, 0, size);
    memset(p->lamp_e_s, 0, size);
    if (sample == NULL)
        return;
    const double unit = sample->brightness * p->conditions.signal / strongest(sample);
    for (gsize i = 0; i < sample->n_bands; i++) {
        const CelSimBand *band = &sample->bands[i];
        if (sample->kind == CEL_SIM_LAMP)
            add_lamp_line(p, band, LAMP_PHOTONS_S * unit * band->intensity);
        else
            add_raman_band(p, band, p->model->signal * unit * band->intensity);
    }
    add_fluorescence(p, p->conditions.fluorescence * p->conditions.signal * sample->fluorescence);
}

/* ---- the detector ---- */

static double mean_of(const CelSimPhysics *p, gsize i, double seconds, double laser_mw,
                      double light)
{
    const double through_slit = p->lamp_e_s[i] + p->raman_e_s_mw[i] * laser_mw;
    return seconds * (light * through_slit + p->dark_e_s[i]);
}

void cel_sim_physics_mean(const CelSimPhysics *p, const CelSimShot *shot, double *out_electrons)
{
    for (gsize i = 0; i < p->model->n_pixels; i++)
        out_electrons[i] =
            mean_of(p, i, shot->seconds, shot->laser_mw, shot->light) +
            GHOST_PART * mean_of(p, i, shot->ghost_seconds, shot->ghost_laser_mw, shot->light);
}

static void add_cosmic_rays(CelSimPhysics *p, double seconds, double *electrons)
{
    const gsize n = p->model->n_pixels;
    const guint hits = gsl_ran_poisson(p->rng, p->conditions.cosmic_rate_hz * seconds);
    for (guint hit = 0; hit < hits; hit++) {
        const gsize first = gsl_rng_uniform_int(p->rng, n);
        const gsize width = 1 + gsl_rng_uniform_int(p->rng, 3);
        const double deposit = COSMIC_LEAST_E + gsl_ran_exponential(p->rng, COSMIC_MEAN_E);
        for (gsize i = first; i < MIN(first + width, n); i++)
            electrons[i] += deposit / (double)width;
    }
}

static double to_counts(CelSimPhysics *p, double electrons)
{
    const CelSimModel *model = p->model;
    const double in_well = MIN(electrons, model->full_well_e);
    const double read = in_well * (1.0 - model->nonlinearity * in_well / model->full_well_e);
    const double noise = gsl_ran_gaussian(p->rng, model->read_noise_counts);
    const double counts = model->bias_counts + read / model->gain_e_per_count + noise;
    return CLAMP(rint(counts), 0.0, (double)model->saturation_counts);
}

void cel_sim_physics_frame(CelSimPhysics *p, const CelSimShot *shot, double *out_counts)
{
    const gsize n = p->model->n_pixels;
    double *electrons = p->scratch;
    cel_sim_physics_mean(p, shot, electrons);
    /* far above the well the exact number no longer matters, and the draw stays in its range */
    for (gsize i = 0; i < n; i++)
        electrons[i] = gsl_ran_poisson(p->rng, MIN(electrons[i], 4.0 * p->model->full_well_e));
    add_cosmic_rays(p, shot->seconds, electrons);
    for (gsize i = 0; i < n; i++)
        out_counts[i] = to_counts(p, electrons[i]);
}
