/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lamp-sim.h"

#include <math.h>
#include <string.h>

enum { MAX_LIGHTS = 512 };
static const double FULL_COUNTS = 65535.0;

/** Light: one line as this lamp shows it. */
typedef struct {
    double nm, brightness;
    guint lamp; /* index into the lamps that are used */
} Light;

/** Optics: the spectrograph. */
typedef struct {
    gsize n;
    double groove_nm, sin_in, beta; /* lambda = groove (sin in + sin(beta + angle at the pixel)) */
    double half_u, tilt;            /* half detector over focal length; its tilt, radian */
    double wobble_px[3];            /* imaging errors, Legendre orders 4 to 6 */
    double fwhm_px, fwhm_slope;
    double centre_nm, span_nm;
    double blaze_at, blaze_width, filter_nm; /* response */
} Optics;

static double uniform(GRand *r, double low, double high)
{
    return g_rand_double_range(r, low, high);
}

static double deviate(GRand *r)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += g_rand_double(r);
    return sum;
}

/* ---- optics ---- */

/* A grating that gives @span_nm around @centre_nm with a passable angle of incidence. */
static gboolean choose_grating(Optics *o, GRand *r)
{
    o->half_u = uniform(r, 0.04, 0.24);
    o->tilt = uniform(r, -0.15, 0.15);
    o->beta = uniform(r, -0.5, 0.6);
    const double angle = atan(o->half_u);
    o->groove_nm = o->span_nm / (2.0 * cos(o->beta) * sin(angle));
    o->sin_in = o->centre_nm / o->groove_nm - sin(o->beta);
    return o->groove_nm > 400.0 && o->groove_nm < 7000.0 && fabs(o->sin_in) < 0.92;
}

/* Handheld and bench Raman instruments at 532, 633 and 785 nm, and general ones. */
static void choose_optics(Optics *o, GRand *r)
{
    static const gsize pixels[] = {1024, 1044, 2048, 2048, 3648};
    static const double first_nm[] = {530.0, 535.0, 640.0, 785.0, 790.0, 500.0};
    static const double low_span[] = {60.0, 130.0, 80.0, 90.0, 150.0, 250.0};
    static const double high_span[] = {130.0, 200.0, 200.0, 150.0, 300.0, 600.0};
    do {
        const gint32 k = g_rand_int_range(r, 0, G_N_ELEMENTS(first_nm));
        const double from_nm = first_nm[k] + uniform(r, -10.0, 20.0);
        o->n = pixels[g_rand_int_range(r, 0, G_N_ELEMENTS(pixels))];
        o->span_nm = MIN(uniform(r, low_span[k], high_span[k]), 1095.0 - from_nm);
        o->centre_nm = from_nm + 0.5 * o->span_nm;
    } while (!choose_grating(o, r));
    for (int k = 0; k < 3; k++)
        o->wobble_px[k] = 0.03 * deviate(r);
    o->fwhm_px = uniform(r, 1.8, 5.0) * (double)o->n / 2048.0 + 0.6;
    o->fwhm_slope = uniform(r, -0.2, 0.2);
    o->blaze_at = uniform(r, -0.6, 0.6);
    o->blaze_width = uniform(r, 0.9, 2.0);
    o->filter_nm = o->centre_nm - o->span_nm * uniform(r, 0.40, 0.55);
}

static double wavelength(const Optics *o, double pixel)
{
    const double half = 0.5 * (double)(o->n - 1), t = pixel / half - 1.0, t2 = t * t;
    const double p4 = (35.0 * t2 * t2 - 30.0 * t2 + 3.0) / 8.0;
    const double p5 = t * (63.0 * t2 * t2 - 70.0 * t2 + 15.0) / 8.0;
    const double p6 = (231.0 * t2 * t2 * t2 - 315.0 * t2 * t2 + 105.0 * t2 - 5.0) / 16.0;
    const double off = o->wobble_px[0] * p4 + o->wobble_px[1] * p5 + o->wobble_px[2] * p6;
    const double x = o->half_u * (t + off / half); /* in focal lengths */
    const double angle = atan2(x * cos(o->tilt), 1.0 + x * sin(o->tilt));
    return o->groove_nm * (o->sin_in + sin(o->beta + angle));
}

/* The pixel of a wavelength by halving; the axis rises. */
static double pixel_of(const Optics *o, double nm)
{
    double low = -20.0, high = (double)o->n + 19.0;
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high);
        if (wavelength(o, middle) < nm)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

static double response(const Optics *o, double pixel, double nm)
{
    const double t = 2.0 * pixel / (double)(o->n - 1) - 1.0;
    const double blaze = exp(-pow((t - o->blaze_at) / o->blaze_width, 2.0));
    const double detector = nm < 950.0 ? 1.0 : exp(-(nm - 950.0) / 60.0); /* silicon's end */
    return blaze * detector / (1.0 + exp(-(nm - o->filter_nm) / 1.5));
}

/* ---- light ---- */

/* Tables' weights are rough: compressed, and a factor of two and a half up or down. */
static guint light_lamp(const CelStandard *lamp, guint index, guint damage, GRand *r, Light *out)
{
    const double gone = (damage & LAMP_MISSING) != 0 ? uniform(r, 0.10, 0.35) : 0.0;
    guint n = 0;
    for (gsize i = 0; i < lamp->n_lines; i++) {
        const double weight = lamp->lines[i].weight > 0.0 ? lamp->lines[i].weight : 0.02;
        const double brightness = pow(weight, 0.7) * exp(0.9 * deviate(r));
        const double u = lamp->lines[i].u > 0.0 ? lamp->lines[i].u : lamp->u_default;
        const double nm = lamp->lines[i].value + u * deviate(r); /* tables err by what they say */
        if (g_rand_double(r) < gone)
            continue;
        out[n++] = (Light){nm, brightness, index};
    }
    return n;
}

static guint light_extra(const Optics *o, guint damage, guint n_lamps, GRand *r, Light *out)
{
    const gboolean many = (damage & LAMP_EXTRA) != 0;
    const guint n = (guint)(many ? g_rand_int_range(r, 2, 11) : g_rand_int_range(r, 0, 3));
    for (guint i = 0; i < n; i++) {
        const double nm = o->centre_nm + o->span_nm * uniform(r, -0.5, 0.5);
        const double brightness = (many ? 0.2 : 0.004) * exp(deviate(r));
        out[i] = (Light){nm, brightness, (guint)g_rand_int_range(r, 0, (gint32)n_lamps)};
    }
    return n;
}

/* ---- recording ---- */

/* What falls into each pixel: a Gaussian integrated over its width. */
static void add_line(const Optics *o, double pixel, double counts, double *y)
{
    const double t = 2.0 * pixel / (double)(o->n - 1) - 1.0;
    const double sd = o->fwhm_px * (1.0 + o->fwhm_slope * t) / 2.3548;
    const gssize first = MAX(0, (gssize)(pixel - 6.0 * sd - 1.0));
    const gssize last = MIN((gssize)o->n - 1, (gssize)(pixel + 6.0 * sd + 2.0));
    for (gssize i = first; i <= last; i++) {
        const double low = ((double)i - 0.5 - pixel) / (sd * G_SQRT2);
        const double high = ((double)i + 0.5 - pixel) / (sd * G_SQRT2);
        y[i] += counts * 0.5 * (erf(high) - erf(low)) * sd * sqrt(2.0 * G_PI);
    }
}

/** Exposure: of one scan. */
typedef struct {
    const Light *light;
    guint n_light, lamp;
    double shift_px, scale; /* counts at a line's top for a brightness of 1 */
    double read_noise, electrons;
    gboolean masks; /* whether full pixels are marked */
} Exposure;

static double brightest(const Optics *o, const Light *light, guint n, guint lamp)
{
    double most = 1e-12;
    for (guint i = 0; i < n; i++) {
        const double pixel = pixel_of(o, light[i].nm);
        if (light[i].lamp == lamp && pixel > 0.0 && pixel < (double)o->n - 1.0)
            most = MAX(most, light[i].brightness * response(o, pixel, light[i].nm));
    }
    return most;
}

static CelSpectrum *record(const Optics *o, const Exposure *e, GRand *r)
{
    const double dark = 900.0;
    g_autofree double *y = g_new0(double, o->n);
    g_autofree guint8 *mask = g_new0(guint8, o->n);
    for (guint i = 0; i < e->n_light; i++) {
        const double pixel = pixel_of(o, e->light[i].nm);
        const double counts =
            e->scale * e->light[i].brightness * response(o, pixel, e->light[i].nm);
        if (e->light[i].lamp == e->lamp && pixel > -10.0 && pixel < (double)o->n + 9.0)
            add_line(o, pixel + e->shift_px, counts, y);
    }
    for (gsize i = 0; i < o->n; i++) {
        const double noise = sqrt(e->read_noise * e->read_noise + y[i] / e->electrons);
        const double raw = floor(MIN(FULL_COUNTS, dark + y[i] + noise * deviate(r)) + 0.5);
        mask[i] = raw >= FULL_COUNTS && e->masks ? CEL_MASK_SATURATED : 0;
        y[i] = raw - dark - e->read_noise * 0.3 * deviate(r);
    }
    g_autoptr(CelAxis) axis = cel_axis_new_pixels(o->n, NULL);
    CelSpectrum *spectrum = cel_spectrum_new(axis, y, NULL);
    if (e->masks)
        cel_spectrum_set_mask(spectrum, mask);
    return spectrum;
}

/* A person takes a lamp that has lines where the instrument looks. */
static guint choose_lamps(const Optics *o, GRand *r, const CelStandard **out, guint *out_lines)
{
    static const char *const names[] = {"neon", "neon", "neon", "argon", "krypton", "xenon"};
    enum { ENOUGH = 12 };
    guint n = 0;
    *out_lines = 0;
    for (int tries = 0; tries < 40 && *out_lines < ENOUGH && n < LAMP_MAX_LAMPS; tries++) {
        const char *name = names[g_rand_int_range(r, 0, G_N_ELEMENTS(names))];
        const CelStandard *lamp = cel_standard_find(name);
        guint here = 0;
        for (gsize i = 0; i < lamp->n_lines; i++) {
            const double pixel = pixel_of(o, lamp->lines[i].value);
            here += pixel > 0.0 && pixel < (double)o->n - 1.0 &&
                    response(o, pixel, lamp->lines[i].value) > 0.05;
        }
        if (here < ENOUGH / 2 || (n > 0 && out[0] == lamp))
            continue;
        out[n++] = lamp;
        *out_lines += here;
    }
    return n;
}

static guint choose_damage(GRand *r)
{
    guint damage = 0;
    for (gint32 n = g_rand_int_range(r, 1, 4); n > 0; n--)
        damage |= 1u << g_rand_int_range(r, 0, LAMP_N_DAMAGES);
    return damage & (guint)((damage & LAMP_SATURATED) != 0 ? ~LAMP_DIM : ~0);
}

static double full_scale(guint damage, GRand *r)
{
    if ((damage & LAMP_SATURATED) != 0)
        return FULL_COUNTS * uniform(r, 3.0, 20.0);
    return FULL_COUNTS * ((damage & LAMP_DIM) != 0 ? uniform(r, 0.01, 0.05) : uniform(r, 0.5, 0.9));
}

LampSim *lamp_sim_new(guint32 seed, gboolean damaged)
{
    g_autoptr(GRand) r = g_rand_new_with_seed(seed);
    LampSim *sim = g_new0(LampSim, 1);
    const CelStandard *lamps[LAMP_MAX_LAMPS];
    Light light[MAX_LIGHTS];
    Optics o = {0};
    guint n_lamps = 0, n_light = 0;
    do {
        choose_optics(&o, r);
        n_lamps = choose_lamps(&o, r, lamps, &sim->n_in_range);
    } while (n_lamps == 0);
    sim->damage = damaged ? choose_damage(r) : 0;
    sim->n_pixels = o.n;
    for (gsize i = 0; i < o.n; i++)
        sim->true_nm[i] = wavelength(&o, (double)i);
    for (guint l = 0; l < n_lamps; l++)
        n_light += light_lamp(lamps[l], l, sim->damage, r, light + n_light);
    n_light += light_extra(&o, sim->damage, n_lamps, r, light + n_light);
    sim->drift_px = (sim->damage & LAMP_DRIFT) != 0 ? 0.12 * deviate(r) : 0.0;
    const guint repeats = (sim->damage & LAMP_DRIFT) != 0 || g_rand_double(r) < 0.3 ? 2 : 1;
    const gboolean masks = g_rand_boolean(r);
    for (guint k = 0; k < repeats * n_lamps; k++) {
        const guint l = k % n_lamps;
        const double most = brightest(&o, light, n_light, l);
        const Exposure e = {.light = light,
                            .n_light = n_light,
                            .lamp = l,
                            .shift_px = k >= n_lamps ? sim->drift_px : 0.0,
                            .scale = full_scale(sim->damage, r) / most,
                            .read_noise = uniform(r, 4.0, 30.0),
                            .electrons = uniform(r, 0.8, 4.0),
                            .masks = masks};
        sim->lamp[sim->n_scans] = lamps[l];
        sim->scan[sim->n_scans++] = record(&o, &e, r);
    }
    return sim;
}

void lamp_sim_free(LampSim *sim)
{
    if (sim == NULL)
        return;
    for (guint i = 0; i < sim->n_scans; i++)
        cel_spectrum_free(sim->scan[i]);
    g_free(sim);
}
