/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-views.h"

#include "match/cel-score.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Weak bands count too, and strong ones depend less on the crystal's orientation. */
static void make_root(const double *level, gsize n, double *out)
{
    for (gsize k = 0; k < n; k++)
        out[k] = sqrt(level[k]);
}

/* Blind to a background that was left. */
static void make_slope(const double *level, gsize n, double *out)
{
    g_autofree double *root = g_new(double, n);
    make_root(level, n, root);
    cel_score_slope(root, n, out);
}

const CelViewDef cel_views[CEL_N_VIEWS] = {
    [CEL_VIEW_ROOT] = {.id = "root",
                       .title = N_("square root of the intensity"),
                       .stage = CEL_STAGE_EARLY,
                       .weight = 0.5,
                       .make = make_root},
    [CEL_VIEW_SLOPE] = {.id = "slope",
                        .title = N_("slope of the square root"),
                        .stage = CEL_STAGE_EARLY,
                        .weight = 0.5,
                        .make = make_slope},
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
