/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-views.h"

#include "match/cel-score.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/*
 * Exponents, windows and weights were chosen on the development half of the minerals, see README;
 * the figures there change by a few tenths of a point over a wide range of each.
 */
enum {
    SLOPE_HALF = 5,     /* 22 cm-1 */
    CONTRAST_HALF = 10, /* 42 cm-1: noise weighs less, at the cost of narrow bands */
    NEAR_HALF = 40,     /* about 160 cm-1 either way: a few bands */
};
#define SLOPE_POWER 0.35

/* Weak bands count too, and strong ones depend less on the crystal's orientation. */
static void make_root(const double *level, gsize n, double *out)
{
    for (gsize k = 0; k < n; k++)
        out[k] = sqrt(level[k]);
}

/* Blind to a background that was left. */
static void make_slope(const double *level, gsize n, double *out)
{
    g_autofree double *values = g_new(double, n);
    for (gsize k = 0; k < n; k++)
        values[k] = pow(level[k], SLOPE_POWER);
    cel_score_slope(values, n, SLOPE_HALF, out);
}

/* The slope in units of what is usual nearby: a region with weak bands says as much as one with
 * strong bands, as long as it is not far below the mean of the whole, where only noise is left. */
static void make_contrast(const double *level, gsize n, double *out)
{
    g_autofree double *values = g_new(double, n);
    double whole = 0;
    make_root(level, n, values);
    cel_score_slope(values, n, CONTRAST_HALF, out);
    for (gsize k = 0; k < n; k++) {
        values[k] = out[k] * out[k];
        whole += values[k] / (double)n;
    }
    cel_score_local_mean(values, n, NEAR_HALF);
    for (gsize k = 0; k < n && whole > 0; k++)
        out[k] /= sqrt(values[k] + whole);
}

const CelViewDef cel_views[CEL_N_VIEWS] = {
    [CEL_VIEW_ROOT] = {.id = "root",
                       .zh = "平方根",
                       .title = N_("square root of the intensity"),
                       .stage = CEL_STAGE_EARLY,
                       .weight = 0.25,
                       .make = make_root},
    [CEL_VIEW_SLOPE] = {.id = "slope",
                        .zh = "斜率",
                        .title = N_("slope of the compressed intensity"),
                        .stage = CEL_STAGE_EARLY,
                        .weight = 0.25,
                        .make = make_slope},
    [CEL_VIEW_CONTRAST] = {.id = "contrast",
                           .zh = "局部对比",
                           .title = N_("slope against what is usual nearby"),
                           .stage = CEL_STAGE_EARLY,
                           .weight = 0.5,
                           .make = make_contrast},
    /* only of samples that carry their background: there it is worth as much as the others */
    [CEL_VIEW_JOINT] = {.id = "joint",
                        .zh = "与背景联合拟合",
                        .title = N_("reference and background fitted together"),
                        .stage = CEL_STAGE_LATE,
                        .weight = 1.0},
};

guint cel_views_find(const char *id)
{
    guint v = 0;
    while (v < CEL_N_VIEWS && strcmp(cel_views[v].id, id) != 0)
        v++;
    return v;
}

double cel_views_fuse(const double scores[CEL_N_VIEWS], CelViewSet without)
{
    double sum = 0, weights = 0;
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        if (isnan(scores[v]) || (without & (1u << v)) != 0)
            continue;
        sum += cel_views[v].weight * scores[v];
        weights += cel_views[v].weight;
    }
    return weights > 0 ? sum / weights : 0;
}
