/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-light-check.h"

#include <math.h>

static const double FAMILY_P = 0.01, COUNT_VARIANCE = 1.0 / 12.0;

/* Column @pixel of @n rows. */
typedef struct {
    const double *rows;
    gsize n, n_pixels;
} Block;

static double column_mean(const Block *block, gsize pixel)
{
    double sum = 0.0;
    for (gsize i = 0; i < block->n; i++)
        sum += block->rows[i * block->n_pixels + pixel];
    return sum / (double)block->n;
}

static double column_squares(const Block *block, gsize pixel)
{
    const double mean = column_mean(block, pixel);
    double sum = 0.0;
    for (gsize i = 0; i < block->n; i++) {
        const double off = block->rows[i * block->n_pixels + pixel] - mean;
        sum += off * off;
    }
    return sum;
}

static gboolean is_usable(const CelMeasurement *m, gsize pixel)
{
    const guint8 unusable = CEL_PIXEL_BAD | CEL_PIXEL_COVERED;
    return m->pixel_flags == NULL || (m->pixel_flags[pixel] & unusable) == 0;
}

/* Returns: the variance of one value, of all usable pixels together. */
static double pooled_variance(const CelMeasurement *m, const Block *light, const Block *dark,
                              gsize *out_n)
{
    double sum = 0.0;
    *out_n = 0;
    for (gsize p = 0; p < m->n_pixels; p++) {
        if (!is_usable(m, p))
            continue;
        sum += column_squares(light, p) + column_squares(dark, p);
        (*out_n)++;
    }
    return sum / ((double)MAX(*out_n, 1) * (double)(light->n + dark->n - 2));
}

CelLightCheck cel_light_check(const CelMeasurement *m)
{
    CelLightCheck check = {.largest_in_u = -INFINITY};
    const Block light = {m->frames, m->n_frames, m->n_pixels};
    const Block dark = {m->dark_frames, m->n_dark_frames, m->n_pixels};
    if (light.n == 0 || dark.n == 0 || light.n + dark.n < 3)
        return check;
    const double freedom = (double)(light.n + dark.n - 2);
    const double least = MAX(pooled_variance(m, &light, &dark, &check.n_pixels), COUNT_VARIANCE);
    const double share = 1.0 / (double)light.n + 1.0 / (double)dark.n;
    for (gsize p = 0; p < m->n_pixels; p++) {
        if (!is_usable(m, p))
            continue;
        const double own = (column_squares(&light, p) + column_squares(&dark, p)) / freedom;
        const double u = sqrt(MAX(own, least) * share);
        check.largest_in_u =
            MAX(check.largest_in_u, (column_mean(&light, p) - column_mean(&dark, p)) / u);
    }
    const double p_single = 0.5 * erfc(check.largest_in_u / sqrt(2.0));
    check.is_known = check.n_pixels > 0;
    check.differs = p_single * (double)check.n_pixels < FAMILY_P;
    return check;
}
