/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-noise.h"
#include "process/cel-lanes.h"

G_BEGIN_DECLS

/* What the files of the joint fit share. */

enum {
    CEL_JOINT_MAX_N =
        800,              /* channels of the fit from one end of its range to the other, and some */
    CEL_JOINT_MAX_K = 32, /* splines over that range */
    CEL_JOINT_TILTS = 3,
};

/** CelJointRange: the background over one range. */
typedef struct {
    double chol[CEL_JOINT_MAX_K][4];           /* L of B'WWB: [j][d] is L(j, j - d) */
    double left[CEL_JOINT_MAX_N];              /* w times (sample less its background) */
    double norm;                               /* length of it */
    float u[CEL_JOINT_TILTS][CEL_JOINT_MAX_N]; /* @left times the weights of a tilt, of length
                                                  @norm */
    gboolean has_u[CEL_JOINT_TILTS];
    guint from, n; /* channels of the sample */
} CelJointRange;

/** CelJointBackground: what a reference is freed of under one tilt. */
typedef struct {
    const CelJointRange *range;
    const double *weight;      /* of each channel of the range, times the tilt */
    const double (*spline)[4]; /* the four splines that are not 0 there, times the weight */
    const guint8 *cell;        /* the first of them */
    guint n_splines;
} CelJointBackground;

/** CelJointBeside: as many references side by side as the processor adds at a time: channel by
 * channel, the values of all. */
typedef struct {
    guint n; /* channels */
    double raw[CEL_JOINT_MAX_N * CEL_LANES] CEL_LANES_ALIGNED;
    double y[CEL_JOINT_MAX_N * CEL_LANES] CEL_LANES_ALIGNED; /* smoothed */
    double whole[CEL_LANES] CEL_LANES_ALIGNED;               /* squares under the weights */
    double explained[CEL_LANES] CEL_LANES_ALIGNED;           /* what the background takes of them */
} CelJointBeside;

/** cel_joint_smooth_beside: y from raw, of each what cel_noise_smooth() makes of it alone, to the
 * bit. */
void cel_joint_smooth_beside(CelJointBeside *beside, const CelNoiseBell *bell);

/** cel_joint_explain_beside: whole and explained from y. */
void cel_joint_explain_beside(CelJointBeside *beside, const CelJointBackground *background);

G_END_DECLS
