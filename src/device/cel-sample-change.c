/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-sample-change.h"

#include <math.h>
#include <string.h>

enum {
    MEDIAN_HALF = 2,      /* five pixels: takes out spikes of two */
    TOP_HALF = 3,         /* seven pixels make the height of a band */
    MIN_BACKGROUND = 16,  /* half the window of the background, pixels ... */
    BACKGROUND_PART = 40, /* ... or this part of the frame */
};
static const double BAND_DRIFT = 0.10;   /* the rule of the work: more is an altered sample */
static const double SURE = 6.0;          /* standard deviations */
static const double VISIBLE = 10.0;      /* a band must stand so many above the noise */
static const double BAND_PART = 0.2;     /* and reach this part of the strongest */
static const double CENTRE_PIXELS = 0.5; /* half a pixel */
static const double SHAPE_NOISE = 3.0;   /* what is left, in units of the noise */
static const double MAD_TO_SIGMA = 1.4826;
/* What a median over five leaves of white noise: sqrt(pi / 2 / 5) = 0.56, and a little more. */
static const double MEDIAN_LEAVES = 0.6;

typedef struct {
    const CelSampleFrames *frames;
    gsize n;
    double *first, *later; /* bands above the background */
    double *scale;         /* shot noise of a pixel against that of the middle one */
    double sigma;          /* of the difference of one smoothed pixel */
    gsize top;             /* of the strongest band */
} Change;

static int compare(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median_of(double *values, gsize n)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

static void smooth(const double *in, gsize n, double *out)
{
    double window[2 * MEDIAN_HALF + 1];
    for (gsize i = 0; i < n; i++) {
        const gsize from = i > MEDIAN_HALF ? i - MEDIAN_HALF : 0;
        const gsize to = MIN(i + MEDIAN_HALF + 1, n);
        memcpy(window, in + from, (to - from) * sizeof *in);
        out[i] = median_of(window, to - from);
    }
}

/* Smallest (@sign 1) or largest (-1) value within @half pixels, in one pass: a series may be long
 * and fast. */
static void extreme(const double *in, gsize n, gsize half, double sign, double *out)
{
    g_autofree gsize *best = g_new(gsize, n); /* of the window, the later ones ever worse */
    gsize head = 0, tail = 0;
    for (gsize i = 0; i < n + half; i++) {
        while (i < n && tail > head && sign * in[best[tail - 1]] >= sign * in[i])
            tail--;
        if (i < n)
            best[tail++] = i;
        if (i < half)
            continue;
        while (best[head] + 2 * half < i)
            head++;
        out[i - half] = in[best[head]];
    }
}

/* The bands of a frame: what a window of the background's width does not reach under. */
static double *bands_of(const double *counts, gsize n)
{
    const gsize half = MIN(MAX(MIN_BACKGROUND, n / BACKGROUND_PART), n / 4);
    g_autofree double *smoothed = g_new(double, n);
    g_autofree double *low = g_new(double, n);
    double *bands = g_new(double, n);
    smooth(counts, n, smoothed);
    extreme(smoothed, n, half, 1.0, low);
    extreme(low, n, half, -1.0, bands);
    for (gsize i = 0; i < n; i++)
        bands[i] = smoothed[i] - bands[i];
    return bands;
}

/* From second differences, which bands and background hardly touch. */
static double noise_of_difference(const CelSampleFrames *f)
{
    const gsize n = f->n_pixels - 2;
    g_autofree double *size = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        const double *a = f->first + i, *b = f->later + i;
        size[i] = fabs((b[0] - a[0]) - 2.0 * (b[1] - a[1]) + (b[2] - a[2]));
    }
    /* variances 1 + 4 + 1; counts are whole numbers, so that less than one is none */
    return MEDIAN_LEAVES * MAX(MAD_TO_SIGMA * median_of(size, n) / sqrt(6.0), 1.0);
}

static double *shot_scale(const CelSampleFrames *f)
{
    g_autofree double *sorted = g_memdup2(f->first, f->n_pixels * sizeof *f->first);
    const double middle = MAX(median_of(sorted, f->n_pixels), 1.0);
    double *scale = g_new(double, f->n_pixels);
    for (gsize i = 0; i < f->n_pixels; i++)
        scale[i] = sqrt(MAX(f->first[i] / middle, 1.0));
    return scale;
}

static gboolean is_full(const Change *c, gsize i)
{
    const CelSampleFrames *f = c->frames;
    return f->full_counts > 0.0 && (f->first[i] >= f->full_counts || f->later[i] >= f->full_counts);
}

static gboolean is_band(const Change *c, gsize i)
{
    const double *b = c->first;
    return b[i] >= BAND_PART * b[c->top] && b[i] > VISIBLE * c->sigma * c->scale[i] &&
           b[i] >= b[i - 1] && b[i] > b[i + 1] && !is_full(c, i);
}

/* The mean over the top of a band: its highest pixel alone would be the one that noise raised. */
static double height_at(const Change *c, const double *bands, gsize i)
{
    const gsize from = i > TOP_HALF ? i - TOP_HALF : 0, to = MIN(i + TOP_HALF + 1, c->n);
    double sum = 0.0;
    for (gsize k = from; k < to; k++)
        sum += bands[k];
    return sum / (double)(to - from);
}

static char *find_drift(const Change *c)
{
    for (gsize i = 1; i + 1 < c->n; i++) {
        if (!is_band(c, i))
            continue;
        const double height = height_at(c, c->first, i);
        const double drift = height_at(c, c->later, i) - height;
        if (fabs(drift) > BAND_DRIFT * height && fabs(drift) > SURE * c->sigma * c->scale[i])
            return g_strdup_printf("the band at pixel %zu changed by %+.0f %%", i,
                                   100.0 * drift / height);
    }
    return NULL;
}

static double centre(const double *bands, gsize from, gsize to, double *out_sum)
{
    double sum = 0.0, moment = 0.0;
    for (gsize i = from; i < to; i++) {
        sum += bands[i];
        moment += bands[i] * (double)i;
    }
    *out_sum = sum;
    return moment / sum;
}

static char *find_shift(const Change *c)
{
    gsize from = c->top, to = c->top + 1;
    const double half = 0.5 * c->first[c->top];
    while (from > 0 && c->first[from - 1] > half)
        from--;
    while (to < c->n && c->first[to] > half)
        to++;
    double sum = 0.0, later_sum = 0.0;
    const double before = centre(c->first, from, to, &sum);
    const double after = centre(c->later, from, to, &later_sum);
    const double width = (double)(to - from);
    /* the centre's standard deviation: sqrt(sum of squared distances) sigma / sum */
    const double u = c->sigma * c->scale[c->top] * sqrt(width * width * width / 12.0 + 1.0) / sum;
    if (!(later_sum > 0.0) || fabs(after - before) <= MAX(CENTRE_PIXELS, SURE * u))
        return NULL;
    return g_strdup_printf("the strongest band moved by %+.2f pixels", after - before);
}

static char *find_shape(const Change *c)
{
    double cross = 0.0, square = 0.0, rest = 0.0, chi = 0.0;
    for (gsize i = 0; i < c->n; i++) {
        cross += c->first[i] * c->later[i];
        square += c->first[i] * c->first[i];
    }
    const double factor = cross / square;
    for (gsize i = 0; i < c->n; i++) {
        const double r = is_full(c, i) ? 0.0 : c->later[i] - factor * c->first[i];
        const double u = c->sigma * c->scale[i];
        rest += r * r;
        chi += r * r / (u * u);
    }
    const double part = sqrt(rest / square);
    if (sqrt(chi / (double)c->n) <= SHAPE_NOISE || part <= BAND_DRIFT)
        return NULL;
    return g_strdup_printf("the shape of the spectrum changed (%.0f %% of it)", 100.0 * part);
}

char *cel_sample_change(const CelSampleFrames *frames)
{
    g_return_val_if_fail(frames != NULL && frames->n_pixels >= 2, NULL);
    if (frames->n_pixels < 8)
        return NULL;
    g_autofree double *first = bands_of(frames->first, frames->n_pixels);
    g_autofree double *later = bands_of(frames->later, frames->n_pixels);
    g_autofree double *scale = shot_scale(frames);
    Change c = {.frames = frames,
                .n = frames->n_pixels,
                .first = first,
                .later = later,
                .scale = scale,
                .sigma = noise_of_difference(frames)};
    for (gsize i = 0; i < c.n; i++)
        c.top = first[i] > first[c.top] ? i : c.top;
    if (first[c.top] <= VISIBLE * c.sigma * scale[c.top])
        return NULL;
    char *what = find_drift(&c);
    if (what == NULL)
        what = find_shift(&c);
    return what != NULL ? what : find_shape(&c);
}
